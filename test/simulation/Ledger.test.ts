/**
 * The ledger of a simulated CSMS over restarts: what it keeps, and which numbers it hands out.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { Ledger } from "../../src/simulation/index.ts"
import { Storage } from "../../src/Storage.ts"
import * as Seeded from "../support/seeded.ts"
import { faulty } from "../support/storage.ts"
import { start } from "../support/time.ts"

const time = "2026-11-28T06:00:00.000Z"

const begin = (ledger: Ledger.Ledger, stationId = "CP001") =>
  ledger.start({ stationId, connectorId: 1, idTag: "A", startTimestamp: time, meterStart: 0 })

const event = { transactionId: "T1", connectorId: 1, idTag: "", timestamp: time, stopReason: "Local" }

const stop = { stopTimestamp: time, meterStop: 10, stopReason: "Local" }

/** The ledger of the next run. */
const next = ({ storage }: { readonly storage: Storage["Service"] }, options?: Ledger.LedgerOptions) =>
  Effect.provideService(Ledger.make(options), Storage, storage)

/** One of the changes there are, at random. */
const change = (ledger: Ledger.Ledger, { integer, pick }: Seeded.Seeded): Effect.Effect<unknown> => {
  const stationId = pick(["CP001", "CP002"])
  switch (integer(0, 4)) {
    case 0:
      return begin(ledger, stationId)
    case 1:
      return ledger.stop(stationId, pick([-1, integer(1, 20)]), { ...stop, meterStop: integer(0, 9) })
    case 2:
      return ledger.closeStale(stationId)
    case 3:
      return ledger.setIdTags({ default: pick(["Accepted", "Invalid"]), tags: [{ idTag: "A", parentIdTag: "P" }] })
    default:
      return ledger.record({
        stationId,
        transactionId: pick(["T1", "T2", "7"]),
        eventType: pick(["Started", "Updated", "Ended"]),
        connectorId: integer(0, 2),
        idTag: pick(["", "A"]),
        timestamp: time,
        begin: pick([null, integer(0, 5)]),
        last: pick([null, integer(6, 9)]),
        stopReason: "Remote"
      })
  }
}

describe("A ledger with a storage", () => {
  const seed = "ledger"
  it.effect(`[FIELD-K14] goes on as one that was never stopped, seed "${seed}"`, () =>
    Effect.gen(function* () {
      const random = Seeded.make(seed)
      for (let round = 0; round < 50; round++) {
        const stored = yield* faulty("")
        const whole = yield* Ledger.make({ firstTransactionId: 1 })
        let piece = yield* next(stored, { firstTransactionId: 1 })
        for (let step = 0; step < 40; step++) {
          const choices = `${seed} ${round} ${step}`
          const [one, other] = [
            yield* change(whole, Seeded.make(choices)),
            yield* change(piece, Seeded.make(choices))
          ] as const
          assert.deepStrictEqual(other, one, choices)
          if (random.integer(0, 4) === 0) piece = yield* next(stored, { firstTransactionId: 1 })
        }
        piece = yield* next(stored)
        assert.deepStrictEqual(yield* piece.transactions(), yield* whole.transactions())
        assert.isAbove((yield* whole.transactions()).length, 5)
        for (const idTag of ["A", "B"]) {
          assert.deepStrictEqual(yield* piece.authorize(idTag), yield* whole.authorize(idTag))
        }
      }
    })
  )

  it.effect("makes one change after the other, however slow the storage is", () =>
    Effect.gen(function* () {
      const stored = yield* faulty("")
      const ledger = yield* next(stored, { firstTransactionId: 1 })
      const gate = yield* Deferred.make<void>()
      stored.state.gate = Deferred.await(gate)
      const tell = (eventType: "Started" | "Updated" | "Ended", register: number) =>
        ledger.record({ ...event, stationId: "CP001", eventType, begin: register, last: register })
      const fibers = yield* Effect.forEach(
        [begin(ledger), tell("Started", 1), begin(ledger), tell("Updated", 2), tell("Ended", 3), begin(ledger)],
        (each) => start(Effect.asVoid(each))
      )
      assert.lengthOf(yield* ledger.transactions(), 0)
      yield* Deferred.succeed(gate, undefined)
      yield* Effect.forEach(fibers, Fiber.join)
      const transactions = yield* ledger.transactions()
      assert.deepStrictEqual(
        transactions.map(({ id, meterStart, meterStop, transactionId }) => [id, transactionId, meterStart, meterStop]),
        [
          [1, 1, 0, null],
          [2, "T1", 1, 3],
          [3, 2, 0, null],
          [4, 3, 0, null]
        ]
      )
      assert.deepStrictEqual(yield* (yield* next(stored)).transactions(), transactions)
    })
  )

  it.effect("[FIELD-K14] is as it was if a change cannot be stored", () =>
    Effect.gen(function* () {
      const stored = yield* faulty("")
      const ledger = yield* next(stored, { firstTransactionId: 1 })
      yield* begin(ledger)
      const before = yield* ledger.transactions()
      for (let number = 0; number < 20; number++) {
        stored.state.failCommits = true
        const random = Seeded.make(`failing ${number}`)
        const exit = yield* Effect.exit(change(ledger, random))
        // A stop of what is not open changes nothing.
        if (Exit.isSuccess(exit)) assert.isTrue(Option.isOption(exit.value) && Option.isNone(exit.value))
        assert.deepStrictEqual(yield* ledger.transactions(), before)
        assert.strictEqual((yield* ledger.authorize("A")).status, "Accepted")
      }
      stored.state.failCommits = false
      assert.strictEqual((yield* begin(ledger)).id, 2)
    })
  )

  it.effect("fails if what is stored is no ledger, and says what is wrong", () =>
    Effect.gen(function* () {
      const stored = yield* faulty("ledger")
      const ledger = yield* next(stored, { firstTransactionId: 1 })
      yield* begin(ledger)
      yield* begin(ledger)
      yield* ledger.setIdTags({ default: "Accepted", tags: [] })
      const entries = yield* Effect.forEach(stored.spaces, (space) =>
        Effect.map(stored.storage.read(space), (found) => found.map((entry) => ({ space, ...entry })))
      )
      for (const { key, space, value } of entries.flat()) {
        for (const damaged of ["{", "{}", "null", undefined]) {
          yield* stored.storage.commit([{ space, key, value: damaged }])
          const exit = yield* Effect.exit(next(stored))
          const isTail = damaged === undefined && !key.endsWith("1")
          if (isTail) assert.isTrue(Exit.isSuccess(exit), `${space} ${key}`)
          else {
            assert.deepInclude(yield* Effect.flip(next(stored)), { _tag: "StorageError", reason: "Corrupt" })
            assert.include((yield* Effect.flip(next(stored))).message, space)
          }
        }
        yield* stored.storage.commit([{ space, key, value }])
      }
      assert.lengthOf(yield* (yield* next(stored)).transactions(), 2)
    })
  )
})

describe("The numbers of transactions", () => {
  it.effect("[FIELD-K14] begin above those of all ledgers before, however many these have handed out", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 28))
      const numbers: Array<number> = []
      for (let run = 0; run < 20; run++) {
        const ledger = yield* Ledger.make()
        for (let each = 0; each < 100; each++) numbers.push((yield* begin(ledger)).transactionId)
        yield* TestClock.adjust("150 millis")
      }
      assert.deepStrictEqual(
        numbers,
        numbers.toSorted((a, b) => a - b)
      )
      assert.strictEqual(new Set(numbers).size, numbers.length)
      assert.isAbove(numbers[0]!, 1)
    })
  )

  it.effect("fit into 32 bits, and go round to 1", () =>
    Effect.gen(function* () {
      for (const day of [0, 1, 24, 25, 10_000, 20_000, 99_999]) {
        yield* TestClock.setTime(day * 86_400_000 + 1)
        const { transactionId } = yield* begin(yield* Ledger.make())
        assert.isTrue(Number.isInteger(transactionId) && transactionId > 0 && transactionId <= 0x7fffffff, `${day}`)
      }
      const ledger = yield* Ledger.make({ firstTransactionId: 0x7fffffff })
      const two = [yield* begin(ledger), yield* begin(ledger)]
      assert.deepStrictEqual(
        two.map(({ transactionId }) => transactionId),
        [0x7fffffff, 1]
      )
    })
  )

  it.effect("begin where they are told to, or go on after those that are stored", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* begin(yield* Ledger.make({ firstTransactionId: 42 }))).transactionId, 42)
      const stored = yield* faulty("")
      const before = yield* next(stored, { firstTransactionId: 5 })
      yield* begin(before)
      // Neither of them is a number that was handed out.
      yield* before.stop("CP001", -1, stop)
      const other = { ...event, transactionId: "99", begin: null, last: null }
      yield* before.record({ ...other, stationId: "CP001", eventType: "Started" })
      assert.strictEqual((yield* begin(yield* next(stored, { firstTransactionId: 1 }))).transactionId, 6)
      for (const firstTransactionId of [0, -1, 1.5, Number.NaN, 0x8000_0000]) {
        assert.isTrue(Exit.isFailure(yield* Effect.exit(Ledger.make({ firstTransactionId }))), `${firstTransactionId}`)
      }
    })
  )

  it.effect("[TX-08] are valid for the station that got them only", () =>
    Effect.gen(function* () {
      const ledger = yield* Ledger.make()
      const { transactionId } = yield* begin(ledger, "CP001")
      assert.strictEqual((yield* ledger.stop("CP002", transactionId, stop))._tag, "None")
      assert.deepInclude((yield* ledger.transactions())[0], { stopTimestamp: null })
      assert.strictEqual((yield* ledger.stop("CP001", transactionId, stop))._tag, "Some")
      assert.strictEqual((yield* ledger.stop("CP001", transactionId, stop))._tag, "None")
    })
  )

  it.effect("are known as long as their transactions are not forgotten", () =>
    Effect.gen(function* () {
      const ledger = yield* Ledger.make({ maxTransactions: 2 })
      const [one, two, three] = [yield* begin(ledger), yield* begin(ledger), yield* begin(ledger)]
      assert.strictEqual((yield* ledger.stop("CP001", two.transactionId, stop))._tag, "Some")
      assert.strictEqual((yield* ledger.stop("CP001", one.transactionId, stop))._tag, "None")
      assert.strictEqual((yield* ledger.stop("CP001", three.transactionId, stop))._tag, "Some")
      const known = (yield* ledger.transactions()).map(({ transactionId }) => transactionId)
      assert.deepStrictEqual(known, [two.transactionId, three.transactionId])
    })
  )
})
