/**
 * How the connection of a station stands.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { escape } from "../Escape.ts"
import type { ConnectError } from "./Connector.ts"

/**
 * A connection ended, with the WebSocket close code and reason.
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectionLost extends Schema.TaggedError<ConnectionLost>()("ConnectionLost", {
  url: Schema.String,
  code: Schema.Int,
  reason: Schema.String
}) {
  override get message(): string {
    return `the connection to ${this.url} was lost: ${this.code}${this.reason === "" ? "" : ` ${escape(this.reason)}`}`
  }
}

/**
 * How the connection of a station stands.
 *
 * **Details**
 *
 * - `Connecting`: an attempt is under way, the `attempt`-th since a connection held.
 * - `Connected`: calls go out.
 * - `Disconnected`: the attempt failed or the connection was lost, as `error` says; the next attempt comes in
 *   `nextAttempt` milliseconds, which is 0 if another endpoint is to be tried at once, or if the station restarts.
 * - `GaveUp`: the schedule of the waits has ended, so no attempt follows until the station is rebooted.
 *
 * `url` is the endpoint, without a password that may stand in it.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectionStatus =
  | { readonly _tag: "Connecting"; readonly url: string; readonly attempt: number }
  | { readonly _tag: "Connected"; readonly url: string; readonly subprotocol: string }
  | { readonly _tag: "Disconnected"; readonly error: ConnectError | ConnectionLost; readonly nextAttempt: number }
  | { readonly _tag: "GaveUp"; readonly error: ConnectError | ConnectionLost }
