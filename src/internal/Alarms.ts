/**
 * Alarms by a clock: they ring at a time, and one that waits takes no fiber.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"
import { type Timer, Timers } from "./Timers.ts"

export type Alarm = Timer

export interface Alarms {
  /** The monotonic clock, in milliseconds. */
  readonly now: () => number
  /** Calls `ring` once, at a time of the monotonic clock; never before `set` returns. What it throws is dropped. */
  readonly set: (at: number, ring: () => void) => Alarm
  /** Does nothing if the alarm has rung. */
  readonly cancel: (alarm: Alarm) => void
}

/** The longest sleep, in milliseconds, for a timer of a platform has a limit. */
const longest = 86_400_000

/** Those of any clock share the fiber that sleeps until the next of them. */
class SharedSleep implements Alarms {
  private readonly clock: Clock.Clock
  private readonly run: (effect: Effect.Effect<void>) => Fiber.Fiber<void>
  private readonly timers = new Timers()
  private live = 0
  /** Those who sleep; each later one wakes up earlier. */
  private readonly sleepers: Array<Sleeper> = []

  constructor(clock: Clock.Clock, scheduler: Scheduler.Scheduler) {
    this.clock = clock
    this.run = Effect.runForkWith(Context.make(Clock.Clock, clock).pipe(Context.add(Scheduler.Scheduler, scheduler)))
  }

  now(): number {
    return Number(this.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  set(at: number, ring: () => void): Alarm {
    const alarm = this.timers.add(at, ring)
    this.live++
    this.watch()
    return alarm
  }

  cancel(alarm: Alarm): void {
    if (alarm.ring === undefined) return
    this.timers.cancel(alarm)
    // A sleep that is for nothing would keep the process from ending.
    if (--this.live === 0) for (const { fiber } of this.sleepers.splice(0)) fiber?.interruptUnsafe()
  }

  /** Sees to it that somebody wakes up for the next alarm. */
  private watch(): void {
    const { next } = this.timers
    if (next === Infinity || (this.sleepers.at(-1)?.at ?? Infinity) <= next) return
    const now = this.now()
    const at = Math.min(next, now + longest)
    const sleeper: Sleeper = { at, fiber: undefined }
    this.sleepers.push(sleeper)
    // In whole milliseconds, for what is less many a clock takes for nothing. It never rings within `set`.
    const wait = Math.ceil(at - now)
    sleeper.fiber = this.run(
      Effect.andThen(
        wait > 0 ? this.clock.sleep(Duration.millis(wait)) : Effect.yieldNow,
        Effect.suspend(() => {
          this.sleepers.splice(this.sleepers.indexOf(sleeper), 1)
          return this.ring
        })
      )
    )
  }

  /** Rings all that is due. What one of them gets wrong is none of the others' business. */
  private readonly ring: Effect.Effect<void> = Effect.suspend(() => {
    const ring = this.timers.take(this.now())
    if (ring === undefined) return Effect.sync(() => this.watch())
    this.live--
    return Effect.andThen(Effect.exit(Effect.sync(ring)), this.ring)
  })
}

interface Sleeper {
  readonly at: number
  fiber: Fiber.Fiber<void> | undefined
}

/** Calls `late` if a fiber has not ended after so many milliseconds; for `Infinity` it never does. */
export const limit = (alarms: Alarms, fiber: Fiber.Fiber<unknown, unknown>, millis: number, late: () => void): void => {
  if (millis === Infinity) return
  const alarm = alarms.set(alarms.now() + millis, late)
  fiber.addObserver(() => alarms.cancel(alarm))
}

const byClock = new WeakMap<Clock.Clock, Alarms>()

/** Takes the alarms of a clock that has its own. */
export const provide = (clock: Clock.Clock, alarms: Alarms): void => {
  byClock.set(clock, alarms)
}

/** The alarms of the clock that is present. */
export const of = (context: Context.Context<never>): Alarms => {
  const clock = Context.get(context, Clock.Clock)
  const known = byClock.get(clock)
  if (known !== undefined) return known
  const alarms = new SharedSleep(clock, Context.get(context, Scheduler.Scheduler))
  byClock.set(clock, alarms)
  return alarms
}
