/**
 * What all versions and both sides share. Each version, each side and each platform is a sub-path of its own:
 * `effect-ocpp/v16`, `/station`, `/csms`, `/engine`, `/json`, `/node`, `/simulation`, `/domain`, `/adapter`.
 *
 * @since 0.1.0
 */
export * as Action from "./Action.ts"
export * as Client from "./Client.ts"
export * from "./Deviation.ts"
export * as ExactNumber from "./ExactNumber.ts"
export * as Exchange from "./Exchange.ts"
export * as Handlers from "./Handlers.ts"
export * as Identity from "./Identity.ts"
export * from "./OcppError.ts"
export * as Protocol from "./Protocol.ts"
export type { BootAnswer, Lifecycle, RegistrationStatus } from "./Registration.ts"
export { Reply } from "./Reply.ts"
export type { Session } from "./Session.ts"
export { Storage, type StorageChange, type StorageEntry, StorageError } from "./Storage.ts"
export * as Timestamp from "./Timestamp.ts"
export * as Tolerance from "./Tolerance.ts"
export type * as Transaction from "./Transaction.ts"
export * as Transport from "./Transport.ts"
export * as Validation from "./Validation.ts"
export * as Wire from "./Wire.ts"
