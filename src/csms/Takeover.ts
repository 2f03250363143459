/**
 * What becomes of a connection with an identity that is connected already.
 *
 * @since 0.1.0
 */
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

/** Decides over a handshake. @internal */
export const decide = <R>(
  policy: TakeoverPolicy<R>,
  owner: AnySession,
  handshake: Handshake
): Effect.Effect<Takeover, never, R> =>
  typeof policy === "function" ? policy(owner, handshake) : Effect.succeed(policy)
