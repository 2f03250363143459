/**
 * What becomes of a connection with an identity that is connected already.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { AnySession } from "./AnySession.ts"
import type { Handshake } from "./Handshake.ts"

/**
 * What becomes of a connection with an identity that is connected already.
 *
 * @category options
 * @since 0.1.0
 */
export type Takeover = "replace" | "reject"

/**
 * How that is decided: always the same, or by an effect that knows the session that is there and the handshake.
 *
 * @category options
 * @since 0.1.0
 */
export type TakeoverPolicy<R = never> =
  | Takeover
  | ((owner: AnySession, handshake: Handshake) => Effect.Effect<Takeover, never, R>)

/**
 * When connections of one identity take over from each other too often, as two stations with the same identity do, which
 * both connect again at once.
 *
 * **Details**
 *
 * The newest connection always wins, and as a rule at once. Beyond so many takeovers within a while, the handshake of the
 * next one waits before it is decided.
 *
 * - `swaps`: how many takeovers within `within` are made at once, by default 5.
 * - `within`: by default 1 minute.
 * - `delay`: how long the next one waits, by default 5 seconds; less than the `handshakeTimeout` of the server.
 *
 * @category options
 * @since 0.1.0
 */
export interface SwapSettings {
  readonly swaps?: number | undefined
  readonly within?: Duration.Input | undefined
  readonly delay?: Duration.Input | undefined
}

/** Decides over a handshake. @internal */
export const decide = <R>(
  policy: TakeoverPolicy<R>,
  owner: AnySession,
  handshake: Handshake
): Effect.Effect<Takeover, never, R> =>
  typeof policy === "function" ? policy(owner, handshake) : Effect.succeed(policy)
