/**
 * Virtual time: programs that wait for hours run in milliseconds, the same way each time.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Scheduler from "effect/Scheduler"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as TestClock from "effect/testing/TestClock"
import * as Alarms from "../internal/Alarms.ts"
import { Timers } from "../internal/Timers.ts"

/**
 * A simulation cannot go on; `at` is the virtual time in milliseconds.
 *
 * **Details**
 *
 * - `BusyLoop`: more than `maxSteps` tasks ran while no time passed.
 * - `Stalled`: the program is not done, but nothing is scheduled and nothing sleeps: a deadlock, or it waits for
 *   something outside of the simulation.
 * - `RealIo`: something outside of the simulation, such as a promise, a socket or a real timer, woke or started a fiber
 *   of it, or sent a frame in it.
 *
 * @category errors
 * @since 0.1.0
 */
export class SimulationError extends Schema.TaggedError<SimulationError>()("SimulationError", {
  reason: Schema.Literals(["BusyLoop", "Stalled", "RealIo"]),
  at: Schema.Finite
}) {
  override get message(): string {
    return `${reasons[this.reason]} at ${this.at} ms of virtual time`
  }
}

const reasons = {
  BusyLoop: "the simulation is in a loop in which no time passes",
  Stalled: "the program is not done, but nothing in the simulation can go on",
  RealIo: "something outside of the simulation, such as a promise, a socket or a real timer, woke a fiber of it"
}

/**
 * Options of a simulation.
 *
 * **Details**
 *
 * - `maxSteps`: how many tasks may run while no time passes, by default 1,000,000.
 *
 * @category options
 * @since 0.1.0
 */
export interface SimulationOptions {
  readonly maxSteps?: number | undefined
}

/**
 * What a simulation has done so far.
 *
 * **Details**
 *
 * - `events`: sleeps that ended, and time-outs and the like of the library that came due.
 * - `steps`: tasks that ran.
 * - `timers`: what is yet to come of these, interrupted ones among them; those are dropped once they are the greater
 *   part.
 *
 * @category models
 * @since 0.1.0
 */
export interface SimulationStats {
  readonly events: number
  readonly steps: number
  readonly timers: number
}

/**
 * A world of its own, in which time passes only when nothing else is left to do.
 *
 * **When to use**
 *
 * Use for tests of everything that waits: heartbeats, time-outs, reconnects, fleets over days. `run` gives a program
 * that is a simulation from beginning to end; `layer` takes the place of `TestClock.layer()` in tests that move time
 * themselves.
 *
 * **Details**
 *
 * The simulation is a `Clock` and a `Scheduler`. Fibers take turns in the order in which they became ready; when none
 * is ready, time jumps to the end of the next sleep. Sleeps that end at the same time end in the order in which they
 * began, each when everything that the one before has set off is over. Nothing depends on how fast the machine is, so
 * that the same program and the same random numbers give the same run. Time begins at 0, the Unix epoch; a sleep lasts
 * whole milliseconds, rounded up.
 *
 * `TestClock.adjust`, `setTime` and `withLive` work in it. `adjust` returns when nothing is left to do at the new time;
 * `TestClock.adjust(0)` waits until everything that is under way has arrived.
 *
 * **Gotchas**
 *
 * - Real I/O has no place in a simulation: virtual time does not wait for it. A fiber that something outside wakes or
 *   starts is noticed at its first step, and the simulation fails. What leaves no trace in a fiber is not noticed:
 *   reading the real time, `Math.random`, blocking calls, a real timer that only changes a variable. A fiber with
 *   `PreventSchedulerYield` is not noticed either.
 * - Queues and the like that were made outside wake fibers from outside: make them inside.
 *
 * @category services
 * @since 0.1.0
 */
export class Simulation extends Context.Service<
  Simulation,
  {
    readonly stats: Effect.Effect<SimulationStats>
  }
>()("effect-ocpp/simulation/Simulation") {
  /**
   * A simulation whose time is moved with `TestClock.adjust` and `TestClock.setTime`.
   *
   * **Details**
   *
   * The fiber that provides the layer may wait for the outside; no other may. `adjust` and `setTime` die with a
   * `SimulationError` of a busy loop or of real I/O. What still runs when the layer is gone never goes on.
   *
   * **Example** (A timeout)
   *
   * ```ts
   * const program = Effect.gen(function*() {
   *   const fiber = yield* Effect.forkChild(Effect.timeoutOption(Effect.never, "1 hour"))
   *   yield* TestClock.adjust("1 hour")
   *   return yield* Fiber.join(fiber)
   * }).pipe(Effect.provide(Simulation.layer()))
   * ```
   */
  static readonly layer = (options: SimulationOptions = {}): Layer.Layer<Simulation> =>
    Layer.effectContext(
      Effect.gen(function* () {
        const driver = yield* Effect.withFiber(Effect.succeed)
        const world = new World(driver, driver, options)
        yield* Effect.addFinalizer(() => Effect.sync(() => world.end()))
        return world.addTo(Context.empty())
      })
    )

  /**
   * Runs a program in a simulation of its own, in which time jumps by itself to the end of the next sleep until the
   * program is done.
   *
   * **Details**
   *
   * - `seed`: determines every random number of the program; without it, the random numbers are those that are present.
   * - The program's scope ends with it, in the simulation; what still runs then never goes on.
   * - A program that ends in a `SimulationError` is interrupted, but not waited for.
   *
   * **Example** (A day)
   *
   * ```ts
   * const hours = Effect.gen(function*() {
   *   yield* Effect.sleep("24 hours")
   *   return (yield* Clock.currentTimeMillis) / 3_600_000
   * }).pipe(Simulation.run) // 24, at once
   * ```
   */
  static readonly run = <A, E, R>(
    program: Effect.Effect<A, E, R>,
    options: SimulationOptions & { readonly seed?: string | number | undefined } = {}
  ): Effect.Effect<A, E | SimulationError, Exclude<R, Simulation | Scope.Scope>> =>
    Effect.withFiber((host) => {
      const world = new World(host, undefined, options)
      // The rest of what the program needs is present in the fiber that runs it.
      const context = world.addTo(host.context) as Context.Context<Exclude<R, Scope.Scope>>
      const scoped = Effect.scoped(options.seed === undefined ? program : Random.withSeed(program, options.seed))
      return Effect.callback<A, E | SimulationError>((resume) => {
        let main: Fiber.Fiber<A, E> | undefined
        let failure: Exit.Exit<never, SimulationError> | undefined
        const done = (exit: Exit.Exit<A, E>): void => {
          world.end()
          resume(failure ?? exit)
        }
        world.pilot = (error) => {
          failure = Exit.fail(error)
          world.end()
          main?.interruptUnsafe()
          resume(failure)
        }
        world.scheduleTask(() => {
          main = Effect.runForkWith(context)(scoped)
          main.addObserver(done)
        }, 0)
        return Effect.callback<void>((stopped) => {
          const stop = (): void => {
            world.end()
            stopped(Effect.void)
          }
          world.pilot = stop
          world.scheduleTask(() => {
            main?.addObserver(stop)
            main?.interruptUnsafe(host.id)
          }, 0)
        })
      })
    })
}

/** How many tasks run before the machine gets its turn, in which real I/O shows and a test can time out. */
const slice = 4096

/** A wish to move time; `at` is known once those before it are fulfilled. */
interface Goal {
  readonly target: (now: number) => number
  at: number | undefined
  readonly resume: (exit: Exit.Exit<void>) => void
}

class World implements TestClock.TestClock, Scheduler.Scheduler, Scheduler.SchedulerDispatcher {
  readonly executionMode = "sync"
  /** Is told why a program that runs by itself cannot go on. */
  pilot: ((error: SimulationError) => void) | undefined = undefined

  private readonly host: Scheduler.SchedulerDispatcher
  private readonly live: Clock.Clock
  private readonly driver: Fiber.Fiber<unknown, unknown> | undefined
  private readonly maxSteps: number
  private readonly timers = new Timers()
  private readonly goals: Array<Goal> = []
  private ready: Array<() => void> = []
  private taken = 0
  private next: Array<() => void> = []
  private now = 0
  private elapsed = 0
  private events = 0
  private steps = 0
  private stepsNow = 0
  private flaw: SimulationError | undefined = undefined
  private isKicked = false
  private isStepping = false
  private isOver = false

  constructor(
    host: Fiber.Fiber<unknown, unknown>,
    driver: Fiber.Fiber<unknown, unknown> | undefined,
    options: SimulationOptions
  ) {
    this.host = host.currentDispatcher
    this.live = host.getRef(Clock.Clock)
    this.driver = driver
    this.maxSteps = options.maxSteps ?? 1_000_000
    Alarms.provide(this, {
      now: () => this.elapsed,
      set: (at, ring) => this.timers.add(this.now + Math.max(0, Math.ceil(at - this.elapsed)), ring),
      cancel: (alarm) => this.timers.cancel(alarm)
    })
  }

  addTo<R>(context: Context.Context<R>): Context.Context<R | Simulation> {
    const stats = Effect.sync(() => ({ events: this.events, steps: this.steps, timers: this.timers.size }))
    return context.pipe(
      Context.add(Clock.Clock, this),
      Context.add(Scheduler.Scheduler, this),
      Context.add(Simulation, { stats })
    )
  }

  // ---- scheduler

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return this
  }

  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    if (this.isStepping || this.isOver) return fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield
    // Who comes from outside waits for a step, as everyone does.
    if (fiber !== this.driver) this.flaw ??= this.error("RealIo")
    return true
  }

  scheduleTask(task: () => void, priority: number): void {
    if (this.isOver) return this.host.scheduleTask(task, priority)
    // A fiber from outside is noticed at its first step, and here who comes without one.
    if (!this.isStepping && Fiber.getCurrent() === undefined) this.flaw ??= this.error("RealIo")
    this.next.push(task)
    this.kick()
  }

  flush(): void {
    while (this.isKicked && !this.isStepping) this.turn()
  }

  /** What is left never runs; who is interrupted from now on ends as if there were no simulation. */
  end(): void {
    this.isOver = true
    this.timers.clear()
    this.goals.length = 0
    this.ready = []
    this.taken = 0
    this.next = []
  }

  private kick(): void {
    if (this.isKicked || this.isStepping) return
    this.isKicked = true
    this.host.scheduleTask(() => this.turn(), 0)
  }

  private turn(): void {
    if (!this.isKicked) return
    this.isKicked = false
    this.isStepping = true
    let left = slice
    while (left > 0 && this.step()) left--
    this.isStepping = false
    if (left === 0) return this.kick()
    if (this.pilot === undefined || this.isOver) return
    if (left === slice) return this.pilot(this.error("Stalled"))
    // A promise that is settled already wakes its fiber before the next turn.
    this.kick()
  }

  /** Does the one thing that is next; `false` if there is none. */
  private step(): boolean {
    if (this.isOver) return false
    const goal = this.goals[0]
    if (this.pilot !== undefined || goal !== undefined) {
      const flaw = this.flaw ?? (this.stepsNow > this.maxSteps ? this.error("BusyLoop") : undefined)
      if (flaw !== undefined) return this.fail(flaw)
    }
    const task = this.take()
    if (task !== undefined) {
      this.steps++
      this.stepsNow++
      task()
      return true
    }
    if (goal === undefined) return this.pilot !== undefined && this.wake(Infinity)
    goal.at ??= goal.target(this.now)
    if (this.wake(goal.at)) return true
    this.moveTo(goal.at)
    this.goals.shift()
    goal.resume(Exit.void)
    return true
  }

  private take(): (() => void) | undefined {
    if (this.taken === this.ready.length) {
      if (this.next.length === 0) return undefined
      this.ready = this.next
      this.taken = 0
      this.next = []
    }
    return this.ready[this.taken++]
  }

  private wake(until: number): boolean {
    const at = this.timers.next
    const ring = this.timers.take(until)
    if (ring === undefined) return false
    this.moveTo(at)
    this.stepsNow++
    this.events++
    Result.try(ring)
    return true
  }

  private moveTo(time: number): void {
    if (time > this.now) {
      this.elapsed += time - this.now
      this.stepsNow = 0
    }
    this.now = time
  }

  private fail(error: SimulationError): boolean {
    this.flaw = undefined
    this.stepsNow = 0
    if (this.pilot === undefined) this.goals.shift()?.resume(Exit.die(error))
    else this.pilot(error)
    return true
  }

  private error(reason: SimulationError["reason"]): SimulationError {
    return new SimulationError({ reason, at: this.now })
  }

  // ---- clock

  currentTimeMillisUnsafe(): number {
    return this.now
  }

  currentTimeNanosUnsafe(): bigint {
    return toNanos(this.now)
  }

  monotonicTimeNanosUnsafe(): bigint {
    return toNanos(this.elapsed)
  }

  readonly currentTimeMillis = Effect.sync(() => this.now)
  readonly currentTimeNanos = Effect.sync(() => toNanos(this.now))
  readonly monotonicTimeNanos = Effect.sync(() => toNanos(this.elapsed))

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    const millis = Math.ceil(Duration.toMillis(duration))
    if (millis <= 0) return Effect.yieldNow
    if (millis === Infinity) return Effect.never
    return Effect.callback<void>((resume) => {
      const timer = this.timers.add(this.now + millis, () => resume(Effect.void))
      return Effect.sync(() => this.timers.cancel(timer))
    })
  }

  adjust(duration: Duration.Input): Effect.Effect<void> {
    const millis = Duration.toMillis(duration)
    return this.advance((now) => now + millis)
  }

  setTime(timestamp: number): Effect.Effect<void> {
    return this.advance(() => timestamp)
  }

  withLive<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return isTestClock(this.live) ? this.live.withLive(effect) : Effect.provideService(effect, Clock.Clock, this.live)
  }

  private advance(target: Goal["target"]): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      const goal: Goal = { target, at: undefined, resume }
      this.goals.push(goal)
      this.kick()
      return Effect.sync(() => {
        const index = this.goals.indexOf(goal)
        if (index >= 0) this.goals.splice(index, 1)
      })
    })
  }
}

const isTestClock = (clock: Clock.Clock): clock is TestClock.TestClock => "withLive" in clock

// By way of microseconds, which a double holds exactly for 285 years.
const toNanos = (millis: number): bigint => BigInt(Math.round(millis * 1000)) * 1000n
