/**
 * Names that nobody else gives.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A UUID of version 4, as the transactionId of 2.x should be. */
export const random: Effect.Effect<string> = Effect.map(
  Effect.all(Array.from({ length: 8 }, () => Random.nextIntBetween(0, 0xffff))),
  (words) => {
    const [a, b, c, d, e, f, g, h] = words.map((word) => word.toString(16).padStart(4, "0"))
    return `${a}${b}-${c}-4${d?.slice(1)}-a${e?.slice(1)}-${f}${g}${h}`
  }
)
