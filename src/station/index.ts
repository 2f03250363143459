/**
 * The side of the charging station.
 *
 * @since 0.1.0
 */
export * from "./ConnectionStatus.ts"
export * from "./Connector.ts"
export * from "./NetworkProfiles.ts"
export { Outbox } from "./Outbox.ts"
export type { OutboxOptions } from "./OutboxOptions.ts"
export * as Reconnect from "./Reconnect.ts"
export * from "./Station.ts"
export * from "./StationConnection.ts"
export * from "./StoredMessage.ts"
