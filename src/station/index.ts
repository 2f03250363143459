/**
 * The side of the charging station.
 *
 * @since 0.1.0
 */
export * from "./Connector.ts"
export * from "./Station.ts"
