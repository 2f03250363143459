import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { Csms } from "../../src/csms/Csms.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { Simulation, SimulationError } from "../../src/simulation/Simulation.ts"
import * as Transport from "../../src/Transport.ts"
import { Station } from "../../src/station/Station.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as V16 from "../../src/v16/index.ts"
import { boot, core } from "../support/messages.ts"

/** The virtual time, in milliseconds. */
const now = Clock.currentTimeMillis

const hops = (count: number): Effect.Effect<void> =>
  Effect.forEach(Array.from({ length: count }), () => Effect.yieldNow, { discard: true })

/** Waits for a timer of the machine. */
const realTimer = (millis: number): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    const timer = setTimeout(() => resume(Effect.void), millis)
    return Effect.sync(() => clearTimeout(timer))
  })

const reasonOf = <A, E>(exit: Exit.Exit<A, E>): unknown => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  return error instanceof SimulationError ? `${error.reason} at ${error.at}` : exit
}

const simulated = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Simulation>> =>
  Effect.provide(effect, Simulation.layer())

const failureOf = <A, E, R>(program: Effect.Effect<A, E, R>, maxSteps?: number) =>
  Effect.map(Effect.exit(Simulation.run(program, { maxSteps })), reasonOf)

describe("Time that a test moves", () => {
  it.effect("begins at 0 and moves exactly as far as it is told", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* now, 0)
      yield* TestClock.adjust("90 seconds")
      assert.strictEqual(yield* now, 90_000)
      assert.strictEqual(yield* Clock.currentTimeNanos, 90_000_000_000n)
      yield* TestClock.setTime(Date.UTC(2026, 0, 1))
      assert.strictEqual(yield* now, Date.UTC(2026, 0, 1))
    }).pipe(simulated)
  )

  it.effect("can be set back, which the monotonic clock does not follow", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10_000)
      yield* TestClock.setTime(4_000)
      assert.strictEqual(yield* now, 4_000)
      assert.strictEqual(yield* Clock.monotonicTimeNanos, 10_000_000_000n)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Clock.monotonicTimeNanos, 11_000_000_000n)
    }).pipe(simulated)
  )

  it.effect("does not pass before everything that is under way has arrived", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.andThen(hops(10_000), now))
      yield* TestClock.adjust("24 hours")
      assert.strictEqual(yield* Fiber.join(fiber), 0)
    }).pipe(simulated)
  )

  it.effect("a station that was only just started boots at once and sends all its 288 heartbeats of a day", () =>
    Effect.gen(function* () {
      const beats: Array<number> = []
      const CsmsLive = Csms.layer({
        accept: () => Effect.void,
        handlers: [
          V16.csmsHandlers({
            ...core,
            bootNotification: () =>
              Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }) as const),
            heartbeat: Effect.fnUntraced(function* () {
              beats.push(yield* now)
              return { currentTime: yield* Timestamp.now }
            })
          })
        ]
      })
      const StationLive = Station.layer(V16.protocol, { url: "ws://csms", identity: "CP001" }).pipe(
        Layer.provide(MemoryNetwork.layer),
        Layer.provide(CsmsLive)
      )
      const fiber = yield* Effect.gen(function* () {
        const csms = yield* V16.Csms
        const { interval } = yield* csms.bootNotification(boot)
        yield* Effect.repeat(Effect.delay(csms.heartbeat({}), `${interval} seconds`), Schedule.forever)
      }).pipe(Effect.provide(StationLive), Effect.forkChild)
      yield* TestClock.adjust("24 hours")
      assert.deepStrictEqual(
        beats,
        Array.from({ length: 288 }, (_, index) => (index + 1) * 300_000)
      )
      yield* Fiber.interrupt(fiber)
    }).pipe(simulated)
  )

  it.effect("sleeps end in the order in which they began, each when all that the one before set off is over", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const sleeper = (name: string): Effect.Effect<void> =>
        Effect.gen(function* () {
          yield* Effect.sleep("1 second")
          seen.push(`${name} wakes`)
          yield* hops(100)
          seen.push(`${name} is done`)
        })
      yield* Effect.all([sleeper("a"), sleeper("b")], { concurrency: 2 }).pipe(Effect.forkChild)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(seen, ["a wakes", "a is done", "b wakes", "b is done"])
    }).pipe(simulated)
  )

  it.effect("what sleeps until exactly then is woken, and no more", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const beat = Effect.andThen(
        Effect.sleep("1 second"),
        Effect.map(now, (time) => seen.push(time))
      )
      yield* Effect.forkChild(Effect.forever(beat))
      yield* TestClock.adjust(2_999)
      assert.deepStrictEqual(seen, [1_000, 2_000])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(seen, [1_000, 2_000, 3_000])
    }).pipe(simulated)
  )

  it.effect("is moved by one at a time: who asks while it moves waits", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Effect.gen(function* () {
          yield* Effect.sleep("30 minutes")
          yield* TestClock.adjust("1 hour")
          return yield* now
        })
      )
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* now, 3_600_000)
      assert.strictEqual(yield* Fiber.join(fiber), 7_200_000)
    }).pipe(simulated)
  )

  it.effect("stays where it is if the wish to move it is withdrawn", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Effect.gen(function* () {
          yield* Effect.sleep("1 minute")
          yield* TestClock.adjust("1 hour")
        })
      )
      yield* Effect.forkChild(
        Effect.andThen(
          Effect.sleep("2 minutes"),
          Effect.sync(() => fiber.interruptUnsafe())
        )
      )
      yield* TestClock.adjust("10 minutes")
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* now, 600_000)
    }).pipe(simulated)
  )

  it.effect("whoever provides the simulation may wait for the outside and go on", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.andThen(Effect.sleep("1 hour"), now))
      assert.strictEqual(yield* Effect.promise(() => Promise.resolve(1)), 1)
      yield* TestClock.withLive(Effect.sleep(5))
      yield* realTimer(5)
      assert.strictEqual(yield* now, 0)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* Fiber.join(fiber), 3_600_000)
    }).pipe(simulated)
  )

  it.effect("a child that starts immediately does so", () =>
    Effect.gen(function* () {
      let started = false
      yield* Effect.forkChild(
        Effect.sync(() => {
          started = true
        }),
        { startImmediately: true }
      )
      assert.isTrue(started)
    }).pipe(simulated)
  )

  it.effect("a fiber that outlives the simulation can still be interrupted", () =>
    Effect.gen(function* () {
      let closed = false
      const fiber = yield* Effect.never.pipe(
        Effect.onInterrupt(() =>
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => (closed = true))
          )
        ),
        Effect.forkDetach({ startImmediately: true }),
        Effect.provide(Simulation.layer())
      )
      yield* Fiber.interrupt(fiber)
      assert.isTrue(closed)
    })
  )

  it.effect("a fiber that outlives the simulation does not go on", () =>
    Effect.gen(function* () {
      let laps = 0
      yield* Effect.forever(
        Effect.andThen(
          Effect.sync(() => laps++),
          Effect.yieldNow
        )
      ).pipe(Effect.forkDetach, Effect.andThen(hops(100)), Effect.provide(Simulation.layer()))
      const before = laps
      assert.isAbove(before, 0)
      yield* TestClock.withLive(Effect.sleep(10))
      assert.strictEqual(laps, before)
    })
  )

  it.effect("simulations keep their times apart", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      const inner = TestClock.adjust("1 minute").pipe(Effect.andThen(now), simulated)
      assert.deepStrictEqual([yield* inner, yield* inner, yield* now], [60_000, 60_000, 3_600_000])
    }).pipe(simulated)
  )

  it.effect("moving it dies of a loop in which no time passes", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 second")
      yield* Effect.forkChild(Effect.forever(Effect.yieldNow))
      assert.strictEqual(reasonOf(yield* Effect.exit(TestClock.adjust("1 hour"))), "BusyLoop at 1000")
    }).pipe(Effect.provide(Simulation.layer({ maxSteps: 1000 })))
  )

  it.effect("moving it dies of a fiber that was woken from outside", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 second")
      const fiber = yield* Effect.forkChild(realTimer(1), { startImmediately: true })
      yield* TestClock.withLive(Effect.sleep(20))
      assert.strictEqual(reasonOf(yield* Effect.exit(TestClock.adjust("1 hour"))), "RealIo at 1000")
      assert.strictEqual(yield* now, 1000)
      yield* Fiber.interrupt(fiber)
    }).pipe(simulated)
  )

  it("needs no event loop", () => {
    const program = Effect.andThen(TestClock.adjust("24 hours"), now)
    assert.strictEqual(Effect.runSync(simulated(program)), 86_400_000)
  })
})

describe("Time that jumps by itself", () => {
  it.effect("gives a program what it would see after hours", () =>
    Effect.gen(function* () {
      const seen = yield* Simulation.run(
        Effect.gen(function* () {
          const times: Array<number> = []
          yield* Effect.forkChild(
            Effect.repeat(
              Effect.map(now, (time) => times.push(time)),
              Schedule.spaced("6 hours")
            )
          )
          yield* Effect.sleep("23 hours")
          return { times, end: yield* now }
        })
      )
      assert.deepStrictEqual(seen, { times: [0, 21_600_000, 43_200_000, 64_800_000], end: 82_800_000 })
    })
  )

  it.effect("does not pass while anything is under way", () =>
    Effect.gen(function* () {
      const deferred = yield* Deferred.make<number>()
      yield* Effect.forkChild(
        Effect.gen(function* () {
          yield* hops(10_000)
          yield* Deferred.succeed(deferred, yield* now)
        })
      )
      const reply = yield* Effect.timeoutOption(Deferred.await(deferred), "1 milli")
      assert.deepStrictEqual(Option.getOrUndefined(reply), 0)
    }).pipe(Simulation.run)
  )

  it.effect("a sleep lasts whole milliseconds, rounded up", () =>
    Effect.gen(function* () {
      yield* Effect.sleep("1500 micros")
      assert.strictEqual(yield* now, 2)
      yield* Effect.sleep("1 nanos")
      assert.strictEqual(yield* now, 3)
      yield* Effect.sleep(0)
      assert.strictEqual(yield* now, 3)
    }).pipe(Simulation.run)
  )

  it.effect("can be moved too", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.andThen(Effect.sleep("1 hour"), now))
      yield* TestClock.setTime(Date.UTC(2026, 0, 1))
      assert.strictEqual(yield* Fiber.join(fiber), 3_600_000)
      yield* TestClock.adjust("1 day")
      assert.strictEqual(yield* now, Date.UTC(2026, 0, 2))
    }).pipe(Simulation.run)
  )

  it.effect("ends with the failure of the program", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.sleep("1 hour").pipe(Effect.andThen(Effect.fail("no")), Simulation.run, Effect.flip)
      assert.strictEqual(failure, "no")
    })
  )

  it.effect("passes while the program's scope closes, even if it is interrupted", () =>
    Effect.gen(function* () {
      const closed: Array<number> = []
      const program = Effect.addFinalizer(() =>
        Effect.andThen(
          Effect.sleep("1 minute"),
          Effect.map(now, (time) => closed.push(time))
        )
      )
      yield* Simulation.run(program)
      assert.deepStrictEqual(closed, [60_000])

      const started = yield* Deferred.make<void>()
      const endless = program.pipe(
        Effect.andThen(Effect.sleep("1 hour")),
        Effect.andThen(Deferred.succeed(started, undefined)),
        Effect.andThen(Effect.forever(Effect.sleep("1 second")))
      )
      const fiber = yield* Effect.forkChild(Simulation.run(endless))
      yield* Deferred.await(started)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(closed.slice(1), [3_660_000])
    })
  )

  it.effect("can be interrupted even if what the program does then never ends", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const program = Effect.sleep("1 hour").pipe(
        Effect.andThen(Deferred.succeed(started, undefined)),
        Effect.andThen(Effect.forever(Effect.sleep("1 second"))),
        Effect.onInterrupt(() => Effect.never)
      )
      const fiber = yield* Effect.forkChild(Simulation.run(program))
      yield* Deferred.await(started)
      yield* Fiber.interrupt(fiber)
    })
  )

  it("needs no event loop", () => {
    assert.strictEqual(Effect.runSync(Simulation.run(Effect.andThen(Effect.sleep("24 hours"), now))), 86_400_000)
  })

  it.effect("tells what it did", () =>
    Effect.gen(function* () {
      const { stats } = yield* Simulation
      yield* Effect.repeat(Effect.sleep("1 second"), Schedule.recurs(9))
      const before = yield* stats
      assert.strictEqual(before.events, 10)
      yield* hops(100)
      assert.strictEqual((yield* stats).steps, before.steps + 100)
    }).pipe(Simulation.run)
  )
})

describe("What a simulation cannot do", () => {
  it.effect("a loop in which no time passes is found, and when", () =>
    Effect.gen(function* () {
      const loops = [Effect.forever(Effect.yieldNow), Effect.forever(Effect.void), Effect.forever(Effect.sleep(0))]
      for (const loop of loops) {
        const inBackground = Effect.gen(function* () {
          yield* Effect.sleep("1 minute")
          yield* Effect.forkChild(loop)
          yield* Effect.sleep("1 minute")
        })
        assert.strictEqual(yield* failureOf(inBackground, 10_000), "BusyLoop at 60000")
      }
    })
  )

  it.effect("much work at one time is no such loop, and work at many times is none either", () =>
    Effect.gen(function* () {
      const work = Effect.repeat(Effect.andThen(hops(900), Effect.sleep(1)), Schedule.recurs(20))
      assert.isTrue(Exit.isSuccess(yield* Effect.exit(Simulation.run(work, { maxSteps: 1000 }))))
      assert.strictEqual(yield* failureOf(hops(1100), 1000), "BusyLoop at 0")
    })
  )

  it.effect("a deadlock is found, and when", () =>
    Effect.gen(function* () {
      const deadlock = Effect.gen(function* () {
        const deferred = yield* Deferred.make<void>()
        yield* Effect.sleep("1 hour")
        yield* Deferred.await(deferred)
      })
      assert.strictEqual(yield* failureOf(deadlock), "Stalled at 3600000")
      assert.strictEqual(yield* failureOf(Effect.never), "Stalled at 0")
      const afterTimeout = Effect.andThen(Effect.timeout(Effect.yieldNow, "1 day"), Effect.never)
      assert.strictEqual(yield* failureOf(afterTimeout), "Stalled at 0")
      assert.strictEqual(yield* failureOf(Effect.sleep(Infinity)), "Stalled at 0")
    })
  )

  it.effect("a promise is noticed, even one that is settled", () =>
    Effect.gen(function* () {
      const settled = Effect.promise(() => Promise.resolve())
      assert.strictEqual(yield* failureOf(Effect.andThen(Effect.sleep("1 hour"), settled)), "RealIo at 3600000")
      assert.strictEqual(yield* failureOf(Effect.promise(async () => await Promise.resolve())), "RealIo at 0")
    })
  )

  it.effect("a real timer is noticed while time goes on, and is a deadlock when nothing else is left", () =>
    Effect.gen(function* () {
      const behindHeartbeats = Effect.gen(function* () {
        yield* Effect.forkChild(Effect.forever(Effect.sleep("5 minutes")))
        yield* realTimer(5)
      })
      assert.match(String(yield* failureOf(behindHeartbeats)), /^RealIo at/)
      assert.strictEqual(yield* failureOf(realTimer(60_000)), "Stalled at 0")
      assert.strictEqual(yield* failureOf(TestClock.withLive(Effect.sleep("1 minute"))), "Stalled at 0")
    })
  )

  it.effect("a fiber that the outside wakes or starts is noticed before it does anything", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const endless = Effect.forever(Effect.sleep("5 minutes"))
      const woken = Effect.gen(function* () {
        const deferred = yield* Deferred.make<void>()
        yield* Effect.forkChild(
          Effect.andThen(
            Deferred.await(deferred),
            Effect.sync(() => seen.push("woken"))
          )
        )
        setTimeout(() => Deferred.doneUnsafe(deferred, Effect.void), 1)
        yield* endless
      })
      assert.match(String(yield* failureOf(woken)), /^RealIo at/)
      const begun = Effect.gen(function* () {
        const run = Effect.runForkWith(yield* Effect.context<never>())
        setTimeout(() => run(Effect.sync(() => seen.push("begun"))), 1)
        yield* endless
      })
      assert.match(String(yield* failureOf(begun)), /^RealIo at/)
      const sent = Effect.gen(function* () {
        const [here, there] = yield* Transport.makePair
        there.listen({ frame: (text) => seen.push(text), dropped: () => {}, closed: () => {} })
        setTimeout(() => here.send("sent"), 1)
        yield* endless
      })
      assert.match(String(yield* failureOf(sent)), /^RealIo at/)
      assert.deepStrictEqual(seen, [])
    })
  )

  it.effect("a program that cannot go on is interrupted", () =>
    Effect.gen(function* () {
      let closed = false
      const program = Effect.onInterrupt(Effect.never, () => Effect.sync(() => (closed = true)))
      assert.strictEqual(yield* failureOf(program), "Stalled at 0")
      assert.isTrue(closed)
    })
  )

  it.effect("the failure says what to look for, and when", () =>
    Effect.gen(function* () {
      const error = yield* Effect.sleep("1 second").pipe(
        Effect.andThen(Effect.never),
        Simulation.run,
        Effect.catchTag("SimulationError", Effect.succeed)
      )
      assert.include(error.message, "1000 ms")
    })
  )
})

describe("The same seed", () => {
  const trace = Effect.gen(function* () {
    const seen: Array<readonly [string, number]> = []
    const walker = (name: string): Effect.Effect<void> =>
      Effect.gen(function* () {
        for (let i = 0; i < 20; i++) {
          yield* Effect.sleep(yield* Random.nextIntBetween(0, 1000))
          seen.push([name, yield* now])
        }
      })
    yield* Effect.all(["a", "b", "c"].map(walker), { concurrency: 3 })
    return seen
  })

  it.effect("gives the same run, another seed another one", () =>
    Effect.gen(function* () {
      const first = yield* Simulation.run(trace, { seed: "one" })
      assert.strictEqual(first.length, 60)
      assert.deepStrictEqual(yield* Simulation.run(trace, { seed: "one" }), first)
      assert.notDeepEqual(yield* Simulation.run(trace, { seed: "two" }), first)
      assert.deepStrictEqual(yield* Random.withSeed(Simulation.run(trace), "one"), first)
    })
  )
})

describe("Sleeps", () => {
  const Sleep = Schema.Struct({
    millis: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 })),
    interruptedAfter: Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 })))
  })

  it.effect.prop(
    "end in the order of their times, those of the same time in the order in which they began",
    [Arbitrary.array(Arbitrary.schema(Sleep), { maxLength: 200 })],
    ([sleeps]) =>
      Effect.gen(function* () {
        const seen: Array<string> = []
        const fibers = yield* Effect.forEach(sleeps, ({ millis }, index) =>
          Effect.sleep(millis).pipe(
            Effect.andThen(Effect.map(now, (time) => seen.push(`${index} at ${time}`))),
            Effect.forkChild({ startImmediately: true })
          )
        )
        const interruptions = sleeps.map(({ interruptedAfter }, index) =>
          interruptedAfter === null
            ? Effect.void
            : Effect.delay(Fiber.interrupt(fibers[index]!), `${interruptedAfter} millis`)
        )
        yield* Effect.all(interruptions, { concurrency: "unbounded" })
        yield* Effect.sleep(60)
        const expected = sleeps
          .map(({ interruptedAfter, millis }, index) => ({ index, millis, gone: (interruptedAfter ?? 99) < millis }))
          .filter(({ gone }) => !gone)
          .sort((a, b) => a.millis - b.millis || a.index - b.index)
        assert.deepStrictEqual(
          seen,
          expected.map(({ index, millis }) => `${index} at ${millis}`)
        )
      }).pipe(Simulation.run),
    { arbitrary: { runs: 100, seed: 1 } }
  )

  it.effect("that were interrupted are not kept", () =>
    Effect.gen(function* () {
      const { stats } = yield* Simulation
      const others = yield* Effect.forEach(Array.from({ length: 100 }), () =>
        Effect.forkChild(Effect.sleep("10 days"), { startImmediately: true })
      )
      let most = 0
      for (let i = 0; i < 5_000; i++) {
        yield* Effect.timeout(Effect.yieldNow, "1 day")
        most = Math.max(most, (yield* stats).timers)
      }
      assert.isAtMost(most, 202)
      yield* Fiber.interruptAll(others)
      assert.isAtMost((yield* stats).timers, 64)
    }).pipe(Simulation.run)
  )
})
