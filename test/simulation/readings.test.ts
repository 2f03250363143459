/**
 * What a simulated station tells of one reading of its meter has one time, on a clock that goes on between two looks at it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { MemoryNetwork, VirtualCsms, VirtualStation } from "../../src/simulation/index.ts"
import { Storage } from "../../src/Storage.ts"
import { settled } from "../support/time.ts"
import { callsOf, type Made } from "../support/virtual.ts"

/** The clock of the test, but a millisecond later at each look. */
const ticking = Effect.map(Clock.Clock, (clock): Clock.Clock => {
  let looks = 0
  const look = () => clock.currentTimeMillisUnsafe() + ++looks
  return Object.create(clock, {
    currentTimeMillis: { value: Effect.sync(look) },
    currentTimeMillisUnsafe: { value: look }
  })
})

/** The calls of a station that has charged for 25 seconds, told a sample each 10, lost its power and come back. */
const interrupted = Effect.fnUntraced(function* (version: "1.6" | "2.0.1", isKilled: boolean) {
  const csms = yield* Layer.build(
    Layer.mergeAll(MemoryNetwork.layerWith().pipe(Layer.provideMerge(VirtualCsms.layer())), Storage.layerMemory)
  )
  const options = { url: "ws://csms.example", identity: "CP001", version, sampleInterval: 10 } as const
  const powered = Effect.fnUntraced(function* (scope: Scope.Scope) {
    const context = yield* Effect.provideContext(Layer.buildWithScope(VirtualStation.layer(options), scope), csms)
    const station = Context.get(context, VirtualStation)
    yield* station.accepted
    return station
  })
  const power = yield* Scope.make()
  const station = yield* powered(power)
  yield* station.start(1, "TAG")
  yield* TestClock.adjust("25 seconds")
  yield* isKilled ? Scope.close(power, Exit.void) : station.stop(1)
  yield* TestClock.adjust("1 minute")
  if (isKilled) yield* powered(yield* Effect.scope)
  yield* settled
  return yield* callsOf(Context.get(csms, VirtualCsms))
})

/** The time stamp of each call of an action, and that of the reading in it. */
const timesOf = (calls: ReadonlyArray<Made>, action: string): ReadonlyArray<readonly [unknown, unknown]> =>
  calls
    .filter((call) => call.action === action)
    .map(({ payload: { meterValue, timestamp } }) => {
      // As both versions have it in their schemas, which it has passed.
      const [reading] = (meterValue ?? []) as ReadonlyArray<{ readonly timestamp: string }>
      return [timestamp, reading?.timestamp]
    })

describe("What a simulated station tells of one reading of its meter", () => {
  for (const isKilled of [false, true]) {
    const how = isKilled ? "by a loss of power" : "by its driver"
    it.effect(`has one time, in a transaction of 2.0.1 that is ended ${how}`, () =>
      Effect.gen(function* () {
        const calls = yield* Effect.provideService(interrupted("2.0.1", isKilled), Clock.Clock, yield* ticking)
        const times = timesOf(calls, "TransactionEvent").filter(([, reading]) => reading !== undefined)
        assert.isAtLeast(times.length, 4)
        for (const [event, reading] of times) assert.strictEqual(reading, event)
      })
    )
  }

  it.effect("has one time, where the last reading of 1.6 ends a transaction after a loss of power", () =>
    Effect.gen(function* () {
      const calls = yield* Effect.provideService(interrupted("1.6", true), Clock.Clock, yield* ticking)
      const [, told] = timesOf(calls, "MeterValues").at(-1)!
      const [stopped] = timesOf(calls, "StopTransaction")[0]!
      assert.isDefined(told)
      assert.strictEqual(stopped, told)
    })
  )
})
