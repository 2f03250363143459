/**
 * How long a station waits before it connects again.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import { longest, millis } from "../internal/Options.ts"

/**
 * The waits between attempts to connect, named after the variables of `OCPPCommCtrlr` in OCPP 2.x.
 *
 * **Details**
 *
 * - `waitMinimum`: `RetryBackOffWaitMinimum`, the fixed part of the first wait; by default 3 seconds, and never less
 *   than 1 second.
 * - `randomRange`: `RetryBackOffRandomRange`, the most that chance adds to the first wait and to each doubled one; by
 *   default 10 seconds.
 * - `repeatTimes`: `RetryBackOffRepeatTimes`, how many times the wait is doubled; by default 3.
 *
 * **Gotchas**
 *
 * The variables are in seconds, but a bare number is milliseconds here, as everywhere in Effect: `Duration.seconds(n)`.
 *
 * @see P4 §8.1, P4 §8.2, P4 §8.3
 * @category options
 * @since 0.1.0
 */
export interface Options {
  readonly waitMinimum?: Duration.Input | undefined
  readonly randomRange?: Duration.Input | undefined
  readonly repeatTimes?: number | undefined
}

/**
 * The waits that OCPP 2.x asks for, which suit a station of any version. It never ends; its output is the wait.
 *
 * **Details**
 *
 * The first wait is `waitMinimum` and a random part. Each further one is the one before, its random part included,
 * doubled, and a new random part. After `repeatTimes` doublings the last wait is kept as it is.
 *
 * By default the first wait takes 3 to 13 seconds, and all from the fourth on the same 24 to 174. The 10 seconds of
 * chance spread ten thousand stations that lost their CSMS at once to a thousand attempts a second; the longest wait
 * is short enough for nobody to drive out and restart a station. In general the last wait lies between
 * `waitMinimum * 2 ** repeatTimes` and `(waitMinimum + 2 * randomRange) * 2 ** repeatTimes - randomRange`.
 *
 * Chance comes from Effect's `Random`, so `Random.withSeed` makes the waits reproducible.
 *
 * **Gotchas**
 *
 * The wait before is doubled as it was, as the specification says; some stations double the minimum alone.
 *
 * @see P4 §5.3, P4-21 §5.4
 * @category constructors
 * @since 0.1.0
 */
export const schedule = (options: Options = {}): Schedule.Schedule<Duration.Duration> => {
  // With neither a minimum nor chance, a station would try without a pause.
  // Less than nothing is nothing.
  const minimum = Math.max(1000, millis("waitMinimum", options.waitMinimum ?? "3 seconds", -longest))
  const range = Math.max(0, millis("randomRange", options.randomRange ?? "10 seconds", -longest))
  const repeatTimes = Math.max(0, options.repeatTimes ?? 3)
  return Schedule.fromStep(
    Effect.sync(() => {
      let waits = 0
      let wait = 0
      return () =>
        Effect.map(Random.next, (random): [Duration.Duration, Duration.Duration] => {
          if (waits <= repeatTimes) wait = (waits === 0 ? minimum : 2 * wait) + Math.round(random * range)
          waits++
          const duration = Duration.millis(wait)
          return [duration, duration]
        })
    })
  )
}
