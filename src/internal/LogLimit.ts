/**
 * Warnings of what strangers can bring about as often as they like.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { escape } from "../Escape.ts"

/** How many lines there are in a second. */
const most = 20

/**
 * Logs each text, escaped, as a warning unless `log` says otherwise; beyond 20 in a second they are only counted, and the
 * next one tells how many.
 */
export const make = (): ((text: string, log?: (line: string) => Effect.Effect<void>) => Effect.Effect<void>) => {
  let second = 0
  let told = 0
  let untold = 0
  return (text, log = Effect.logWarning) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const current = Math.floor(now / 1000)
      if (current !== second) told = 0
      second = current
      if (told >= most) {
        untold++
        return Effect.void
      }
      told++
      const before = untold === 0 ? "" : ` (${untold} more like it were left out before)`
      untold = 0
      return log(`${escape(text)}${before}`)
    })
}
