/**
 * What a simulated CSMS keeps has a bound, whatever stations send and however many come.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import { Ledger, type LogEntry, VirtualCsms, type VirtualCsmsOptions } from "../../src/simulation/index.ts"
import { Storage } from "../../src/Storage.ts"
import { connectTo } from "../support/csms.ts"
import { faulty } from "../support/storage.ts"

const make = (options: VirtualCsmsOptions) =>
  Effect.map(Layer.build(VirtualCsms.layer(options)), (context) => ({
    csms: Context.get(context, VirtualCsms),
    connect: connectTo(Context.get(context, Endpoint))
  }))

const time = "2026-11-28T06:00:00.000Z"

const begin = (ledger: Ledger.Ledger) =>
  ledger.start({ stationId: "CP001", connectorId: 1, idTag: "A", startTimestamp: time, meterStart: 0 })

const stop = { stopTimestamp: time, meterStop: 10, stopReason: "Local" }

const idsOf = (ledger: Ledger.Ledger) => Effect.map(ledger.transactions(), (all) => all.map(({ id }) => id))

describe("[FIELD-K12] The memory of a simulated CSMS", () => {
  it.effect("has the latest frames that there is room for, and always the newest", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* make({ maxLogBytes: 100_000 })
      const { raw } = yield* connect("CP001")
      for (let number = 0; number < 40; number++) {
        yield* raw.send([2, String(number), "DataTransfer", { vendorId: "x", data: "x".repeat(5_000) }])
      }
      const log = yield* csms.log()
      assert.isAtLeast(log.length, 5)
      assert.isAtMost(
        log.reduce((sum, { frame }) => sum + 2 * frame.length, 0),
        100_000
      )
      assert.match(log.at(-1)?.frame ?? "", /^\[3,"39"/)
      yield* raw.send([2, "big", "Heartbeat", { data: "x".repeat(200_000) }])
      yield* raw.send("x".repeat(200_000))
      assert.lengthOf(yield* csms.log(), 1)
    })
  )

  it.effect("has its frames in order, however many come, and however many go at once", () =>
    Effect.gen(function* () {
      const all: Array<LogEntry> = []
      const { connect, csms } = yield* make({ maxLogBytes: 100_000, onFrame: (entry) => all.push(entry) })
      const { raw } = yield* connect("CP001")
      for (let number = 0; number < 600; number++) {
        const length = number % 200 === 199 ? 40_000 : (number * 37) % 1000
        yield* raw.send([2, String(number), "DataTransfer", { vendorId: "x", data: "x".repeat(length) }])
        const log = yield* csms.log()
        assert.isAtLeast(log.length, 2)
        assert.deepStrictEqual(log, all.slice(-log.length))
      }
    })
  )

  it.effect("has the latest breaches of the protocol that there is room for", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* make({ maxLogBytes: 20_000 })
      const { raw } = yield* connect("CP001")
      for (let number = 0; number < 200; number++) yield* raw.send([2, String(number), "Nonsense", {}])
      const deviations = yield* csms.deviations("CP001")
      assert.isAbove(deviations.length, 10)
      assert.isBelow(deviations.length, 100)
      assert.deepInclude(deviations.at(-1), { kind: "UnknownAction", messageId: "199", violations: [] })
    })
  )

  it.effect("lists no more stations than it is told to, and all that are connected", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* make({ maxStations: 3 })
      const { raw: first } = yield* connect("CP0")
      for (let number = 1; number < 10; number++) {
        const { raw } = yield* connect(`CP${number}`)
        yield* raw.close()
      }
      const stations = yield* csms.stations
      assert.deepStrictEqual(
        stations.map(({ connected, id }) => [id, connected]),
        [
          ["CP0", true],
          ["CP8", false],
          ["CP9", false]
        ]
      )
      yield* first.close()
    })
  )

  for (const option of ["maxLogBytes", "maxStations", "maxTransactions"] as const) {
    it.effect(`is refused if ${option} is no number of them`, () =>
      Effect.gen(function* () {
        for (const value of [0, -1, 1.5, NaN]) {
          const exit = yield* Effect.exit(make({ [option]: value }))
          assert.isTrue(Exit.isFailure(exit) && String(exit.cause).includes(`${option}: `), `${value}`)
        }
      })
    )
  }
})

describe("[FIELD-K12] A ledger with more transactions than it keeps", () => {
  it.effect("forgets the oldest, here and in the storage, and goes on after a restart", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const next = (maxTransactions: number) =>
        Effect.provideService(Ledger.make({ firstTransactionId: 1, maxTransactions }), Storage, storage)
      const ledger = yield* next(3)
      for (let count = 0; count < 5; count++) yield* begin(ledger)
      assert.deepStrictEqual(yield* idsOf(ledger), [3, 4, 5])
      assert.isTrue((yield* ledger.stop("CP001", 2, stop))._tag === "None")
      assert.isTrue((yield* ledger.stop("CP001", 3, stop))._tag === "Some")
      const restarted = yield* next(3)
      assert.deepStrictEqual(yield* restarted.transactions(), yield* ledger.transactions())
      assert.strictEqual((yield* begin(restarted)).transactionId, 6)
      assert.deepStrictEqual(yield* idsOf(restarted), [4, 5, 6])
      assert.strictEqual(yield* restarted.closeStale("CP001"), 3)
      const smaller = yield* next(1)
      assert.deepStrictEqual(yield* idsOf(smaller), [4, 5, 6])
      yield* begin(smaller)
      assert.deepStrictEqual(yield* idsOf(smaller), [7])
      assert.deepStrictEqual(yield* idsOf(yield* next(3)), [7])
    })
  )
})
