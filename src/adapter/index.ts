/**
 * Adapters between the generic operations of `effect-ocpp/domain` and the versions of OCPP. Those of the versions have
 * sub-paths of their own, so that one pays for the versions that one imports: `effect-ocpp/adapter/v16`,
 * `effect-ocpp/adapter/v201` and `effect-ocpp/adapter/v21`.
 *
 * @since 0.1.0
 */
export * as Adapter from "./Adapter.ts"
