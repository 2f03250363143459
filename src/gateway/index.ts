/**
 * A gateway between stations and a CSMS, of one version of OCPP or of different ones.
 *
 * @since 0.1.0
 */
export * as Gateway from "./Gateway.ts"
