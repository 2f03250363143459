import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { ConnectUnreachable } from "../../src/station/Connector.ts"
import { Reconnect } from "../../src/station/index.ts"
import { station } from "../support/station.ts"

/** The first waits of a schedule, in seconds. */
const waitsOf = Effect.fnUntraced(function* (options: Reconnect.Options | undefined, seed: string, count: number) {
  return yield* Effect.gen(function* () {
    const step = yield* Schedule.toStep(Reconnect.schedule(options))
    const waits: Array<number> = []
    while (waits.length < count) {
      const [output, wait] = yield* step(0, undefined)
      assert.deepStrictEqual(output, wait)
      waits.push(Duration.toSeconds(wait))
    }
    return waits
  }).pipe(Random.withSeed(seed))
})

/** Fails unless every wait lies in the window that the formula leaves to chance. */
const follows = (
  waits: ReadonlyArray<number>,
  { minimum, range, times }: { readonly minimum: number; readonly range: number; readonly times: number }
): void => {
  for (const [index, wait] of waits.entries()) {
    const before = waits[index - 1]
    const least = before === undefined ? minimum : index <= times ? 2 * before : before
    const most = before === undefined || index <= times ? least + range : before
    // Waits are whole milliseconds, seconds are not.
    assert.isAtLeast(wait, least - 1e-9, `wait ${index} of ${waits.join()}`)
    assert.isAtMost(wait, most + 1e-9, `wait ${index} of ${waits.join()}`)
  }
}

const Whole = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

describe("The schedule of reconnects", () => {
  it.effect.prop(
    "[CON-09] waits the minimum and chance, doubles the wait before and adds chance, then keeps the last",
    [Whole(1, 3_600), Whole(0, 600), Whole(0, 10), Schema.String],
    ([minimum, range, times, seed]) =>
      Effect.gen(function* () {
        const options = {
          waitMinimum: Duration.seconds(minimum),
          randomRange: Duration.seconds(range),
          repeatTimes: times
        }
        const waits = yield* waitsOf(options, seed, times + 5)
        follows(waits, { minimum, range, times })
        const last = waits.at(-1) ?? 0
        assert.isAtLeast(last, minimum * 2 ** times)
        assert.isAtMost(last, (minimum + 2 * range) * 2 ** times - range)
      }),
    { arbitrary: { runs: 300 } }
  )

  it.effect("[CON-09] doubles without chance too: 5, 10, 20 and 20 for ever", () =>
    Effect.gen(function* () {
      const options = { waitMinimum: "5 seconds", randomRange: 0, repeatTimes: 2 } as const
      assert.deepStrictEqual(yield* waitsOf(options, "", 6), [5, 10, 20, 20, 20, 20])
    })
  )

  it.effect("[CON-09] takes the chance of every doubling from the whole range", () =>
    Effect.gen(function* () {
      const added: ReadonlyArray<Array<number>> = [[], [], [], []]
      for (let seed = 0; seed < 500; seed++) {
        const waits = yield* waitsOf(undefined, `seed ${seed}`, 4)
        for (const [index, wait] of waits.entries()) added[index]?.push(wait - 2 * (waits[index - 1] ?? 1.5))
      }
      for (const parts of added) {
        assert.isBelow(Math.min(...parts), 0.5)
        assert.isAbove(Math.max(...parts), 9.5)
        assert.closeTo(parts.reduce((sum, part) => sum + part, 0) / parts.length, 5, 0.5)
      }
    })
  )

  it.effect("[CON-09] waits 3 to 13 seconds first and 24 to 174 at last by default", () =>
    Effect.gen(function* () {
      for (let seed = 0; seed < 50; seed++) {
        const waits = yield* waitsOf(undefined, `seed ${seed}`, 12)
        follows(waits, { minimum: 3, range: 10, times: 3 })
        assert.strictEqual(new Set(waits).size, 4)
      }
    })
  )

  it.effect("gives the same waits for the same seed, and others for another", () =>
    Effect.gen(function* () {
      const waits = yield* waitsOf(undefined, "one", 8)
      assert.deepStrictEqual(yield* waitsOf(undefined, "one", 8), waits)
      assert.notDeepEqual(yield* waitsOf(undefined, "two", 8), waits)
    })
  )

  it.effect("[CON-07] never waits less than a second, whatever is asked", () =>
    Effect.gen(function* () {
      for (const options of [
        { waitMinimum: 0, randomRange: 0, repeatTimes: 0 },
        { waitMinimum: 0, randomRange: 0, repeatTimes: -1 },
        { waitMinimum: Duration.seconds(-5), randomRange: Duration.seconds(-5), repeatTimes: 0 },
        { waitMinimum: "1 milli", randomRange: 0, repeatTimes: 0 }
      ] as const) {
        assert.deepStrictEqual(yield* waitsOf(options, "", 3), [1, 1, 1])
      }
    })
  )
})

describe("A station that has lost its CSMS", () => {
  it.effect.prop(
    "[CON-09] tries again after the waits of the schedule, by default and for ever",
    [Schema.String],
    ([seed]) =>
      Effect.gen(function* () {
        const { network } = yield* station()
        network.failure = new ConnectUnreachable({ url: "ws://csms.example/ocpp", code: "ECONNREFUSED" })
        yield* network.raw.close()
        yield* TestClock.adjust("6 hours")
        const times = network.attempts.map(({ at }) => at / 1000)
        const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0))
        follows(waits, { minimum: 3, range: 10, times: 3 })
        assert.isAtLeast(waits.length, (6 * 3600) / 174)
      }).pipe(Random.withSeed(seed), Effect.scoped, Effect.provide(TestClock.layer(), { local: true })),
    { arbitrary: { runs: 10 } }
  )

  it.effect("[CON-09] starts with the minimum again after a success", () =>
    Effect.gen(function* () {
      const { network } = yield* station({
        reconnect: Reconnect.schedule({ waitMinimum: "10 seconds", randomRange: 0, repeatTimes: 2 })
      })
      const times = (): ReadonlyArray<number> => network.attempts.map(({ at }) => at / 1000)
      yield* network.raw.send([2, "1", "ClearCache", {}])
      yield* network.raw.close()
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(times(), [0, 10])
      yield* network.raw.send([2, "1", "ClearCache", {}])
      network.failure = new ConnectUnreachable({ url: "ws://csms.example/ocpp", code: "ECONNREFUSED" })
      yield* network.raw.close()
      yield* TestClock.adjust("110 seconds")
      assert.deepStrictEqual(times(), [0, 10, 20, 40, 80, 120])
      network.failure = undefined
      yield* TestClock.adjust("40 seconds")
      yield* network.raw.send([2, "1", "ClearCache", {}])
      yield* network.raw.close()
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(times(), [0, 10, 20, 40, 80, 120, 160, 170])
    })
  )
})
