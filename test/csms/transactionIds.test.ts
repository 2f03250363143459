/**
 * The transaction ids of 1.x: none is given twice.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { type TransactionIdOptions, TransactionIds } from "../../src/csms/index.ts"
import { Storage } from "../../src/Storage.ts"
import { faulty } from "../support/storage.ts"

/** A run of a CSMS, which ends with the scope. */
const run = <E = never>(options?: TransactionIdOptions<E>, storage?: Storage["Service"]) => {
  const live = TransactionIds.layer(options)
  return Layer.build(storage === undefined ? live : Layer.provide(live, Layer.succeed(Storage, storage))).pipe(
    Effect.map((context) => Context.get(context, TransactionIds).next)
  )
}

const some = (next: Effect.Effect<number, unknown>, count: number) =>
  Effect.forEach(Array.from({ length: count }), () => next)

describe("transaction ids", () => {
  it.effect("count up from the time, so that a later run without a storage gives others", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      const first = yield* some(yield* run(), 250)
      assert.deepStrictEqual(
        first,
        Array.from({ length: 250 }, (_, index) => 1_000_001 + index)
      )
      yield* TestClock.adjust("1 second")
      assert.isAbove(yield* yield* run(), Math.max(...first))
    })
  )

  it.effect("begin again at 1 behind the greatest", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(2_147_483_646)
      assert.deepStrictEqual(yield* some(yield* run(), 3), [2_147_483_647, 1, 2])
    })
  )

  const small = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 }))
  it.effect.prop(
    "are each given once at most, whenever the CSMS is restarted, and fail when none is left",
    [small, small, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 })), Schema.Array(small)],
    ([greatest, block, time, runs]) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(time)
        const { storage } = yield* faulty("")
        const options = { greatest, block: Math.min(block, greatest) }
        const given: Array<number> = []
        for (const count of runs) {
          const scope = yield* Scope.make()
          const next = yield* Scope.provide(run(options, storage), scope)
          for (let times = 0; times < count; times++) {
            const exit = yield* Effect.exit(next)
            if (Exit.isSuccess(exit)) given.push(exit.value)
          }
          yield* Scope.close(scope, Exit.void)
        }
        assert.strictEqual(new Set(given).size, given.length)
        for (const number of given) assert.isTrue(number >= 1 && number <= greatest)
        const rest = yield* run(options, storage)
        yield* some(Effect.exit(rest) as Effect.Effect<never>, greatest)
        assert.deepInclude({ ...(yield* Effect.flip(rest)) }, { _tag: "TransactionIdsSpent", greatest })
      })
  )

  it.effect("are given to many at once", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const next = yield* run({ block: 7 }, storage)
      const given = yield* Effect.forEach(Array.from({ length: 100 }), () => Effect.andThen(Effect.yieldNow, next), {
        concurrency: "unbounded"
      })
      assert.strictEqual(new Set(given).size, 100)
    })
  )

  it.effect("are not given before their block is stored, and go on once that succeeds", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const next = yield* run({ block: 2 }, storage)
      const [one, two] = yield* some(next, 2)
      state.failCommits = true
      assert.strictEqual((yield* Effect.flip(next))._tag, "StorageError")
      state.failCommits = false
      assert.deepStrictEqual([one, two, yield* next], [one, one! + 1, one! + 2])
    })
  )

  it.effect("come from a lease, a block at a time", () =>
    Effect.gen(function* () {
      let last = 0
      const lease = (count: number) =>
        last >= 20
          ? Effect.fail("the database is away")
          : Effect.sync(() => {
              const first = last + 1
              last += count
              return first
            })
      const [one, two] = [yield* run({ lease, block: 10 }), yield* run({ lease, block: 10 })]
      assert.deepStrictEqual([yield* one, yield* two, yield* one, yield* two], [1, 11, 2, 12])
      yield* some(one, 8)
      assert.include((yield* Effect.flip(one)).message, "the database is away")
    })
  )
})
