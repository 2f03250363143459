/**
 * A connected station, as the CSMS sees it.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Caller, Protocol } from "./Protocol.ts"
import type { RegistrationStatus } from "./Registration.ts"

/**
 * A connected station.
 *
 * **Details**
 *
 * - `registration`: how it stands now, as its last BootNotification was answered. It is `assumed` if the CSMS has no
 *   record of that and takes the station as accepted until it boots.
 * - `station`: the typed calls to it, those of the version that it speaks.
 * - `call`: the same by action.
 * - `close`: closes the connection with a WebSocket close code, by default 1000.
 * - `scope`: closes with the connection; fork into it what should end with it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Session<out Client = unknown> extends Caller {
  readonly identity: string
  readonly protocol: Protocol
  readonly registration: Effect.Effect<RegistrationStatus | "assumed">
  readonly station: Client
  readonly close: (code?: number, reason?: string) => Effect.Effect<void>
  readonly scope: Scope.Scope
}
