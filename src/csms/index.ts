/**
 * The side of the CSMS.
 *
 * @since 0.1.0
 */
export type { AnySession } from "./AnySession.ts"
export * from "./Csms.ts"
export type { DeduplicationSettings } from "./Deduplication.ts"
export * from "./Endpoint.ts"
export * from "./Handshake.ts"
export type { PasswordAttemptSettings } from "./PasswordAttempts.ts"
export type { RegistrationSettings } from "./Registrations.ts"
export type { SessionEvent } from "./Sessions.ts"
export type { SwapSettings, Takeover, TakeoverPolicy } from "./Takeover.ts"
export * from "../TransactionIds.ts"
