/**
 * A connected station, as the CSMS sees it.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Caller } from "./Client.ts"
import type { Protocol } from "./Protocol.ts"
import type { RegistrationStatus } from "./Registration.ts"

/**
 * A connected station. The version modules name the sessions of their stations: `V16.StationSession`.
 *
 * **Details**
 *
 * - `version`: the version that it speaks, which also tells the type of `station`.
 * - `form`: how its messages are written: as JSON over a WebSocket (OCPP-J), or in SOAP envelopes (OCPP-S).
 * - `registration`: how it stands now, as its last BootNotification was answered. It is `assumed` if the CSMS has no
 *   record of that and takes the station as accepted until it boots.
 * - `station`: the typed calls to it.
 * - `call`: the same by action.
 * - `data`: what `accept` has attached to it, by service; `Context.getOption(session.data, Tenant)` reads it. Handlers
 *   find each of them as a service.
 * - `close`: closes the connection with a WebSocket close code, by default 1000.
 * - `drain`: begins nothing new on the connection and waits for what is under way: requests of the station are dropped,
 *   which it repeats on its next connection, and calls to it fail as `NotSent`. Close the connection afterwards.
 * - `scope`: closes with the connection; fork into it what should end with it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Session<out Version extends string = string, out Client = unknown> extends Caller<"csms"> {
  readonly identity: string
  readonly version: Version
  readonly protocol: Protocol
  readonly form: "json" | "soap"
  readonly registration: Effect.Effect<RegistrationStatus | "assumed">
  readonly station: Client
  readonly data: Context.Context<never>
  readonly close: (code?: number, reason?: string) => Effect.Effect<void>
  readonly drain: Effect.Effect<void>
  readonly scope: Scope.Scope
}
