/**
 * Transactions of stations of 1.5, 1.6 and 2.0.1, as the events that a CSMS gets that names no version.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { Csms, Endpoint, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { CallError } from "../../src/OcppError.ts"
import { Storage } from "../../src/Storage.ts"
import { connectTo } from "../support/csms.ts"
import { faulty } from "../support/storage.ts"
import { settled } from "../support/time.ts"

/** An event in short: what it is, whose, where, and each reading with its unit. */
const inShort = (event: Domain.TransactionEventRequest): string =>
  [
    event.eventType,
    event.transactionId,
    event.evse === undefined ? "?" : `${event.evse.id}/${event.evse.connectorId ?? "-"}`,
    event.idToken?.idToken ?? "-",
    ...(event.meterValue ?? []).flatMap(({ sampledValue }) =>
      sampledValue.map(({ context, reading }) =>
        reading._tag === "Measured" ? `${BigDecimal.format(reading.value)} ${reading.unit} ${context}` : reading._tag
      )
    ),
    ...(event.stoppedReason === undefined ? [] : [event.stoppedReason])
  ].join(" ")

/** Numbers from 1 on. */
const ids = (last = { value: 0 }) =>
  TransactionIds.layer({ lease: (count) => Effect.sync(() => (last.value += count) - count + 1), block: 1 })

/** A CSMS of all versions, with stations by hand. */
const open = Effect.fnUntraced(function* (
  storage?: Storage["Service"],
  answer: (event: Domain.TransactionEventRequest) => Effect.Effect<Domain.TransactionEventResponse, CallError> = () =>
    Effect.succeed({}),
  numbers: ReturnType<typeof ids> = ids()
) {
  const events: Array<Domain.TransactionEventRequest> = []
  const readings: Array<Domain.MeterValuesRequest> = []
  const handlers = Domain.csmsHandlersPartial({
    transactionEvent: (event) =>
      Effect.suspend(() => {
        events.push(event)
        return answer(event)
      }),
    meterValues: (request) => Effect.sync(() => (readings.push(request), {}))
  })
  const csmsLayer = Csms.layer({
    accept: () => Effect.succeed({ registration: "Accepted" }),
    handlers: [Adapter.handlers(v15, handlers), Adapter.handlers(v16, handlers), Adapter.handlers(v201, handlers)]
  }).pipe(Layer.provide(numbers))
  const context = yield* Layer.build(
    storage === undefined ? csmsLayer : Layer.provide(csmsLayer, Layer.succeed(Storage, storage))
  )
  const connect = connectTo(Context.get(context, Endpoint))
  let messages = 0
  const ask = Effect.fnUntraced(function* (identity: string, subprotocol: string) {
    const { raw } = yield* connect(identity, subprotocol)
    return Effect.fnUntraced(function* (action: string, payload: object) {
      yield* raw.send([2, `m${++messages}`, action, payload])
      yield* settled
      const [type, , ...rest] = yield* raw.next
      return type === 3 || type === 4 ? rest[0] : undefined
    })
  })
  return { ask, events, readings }
})

const at = "2026-11-22T06:00:00.000Z"
const start = { connectorId: 2, idTag: "TAG", meterStart: 1000, timestamp: at }

/** The fields of a version for readings of one value, at one time or more. */
const sampledIn = {
  "1.5": (value: string, unit?: string, times = [at]) => ({
    values: times.map((timestamp) => ({ timestamp, values: [{ value, ...(unit ? { unit } : {}) }] }))
  }),
  "1.6": (value: string, unit?: string, times = [at]) => ({
    meterValue: times.map((timestamp) => ({ timestamp, sampledValue: [{ value, ...(unit ? { unit } : {}) }] }))
  })
}

/** The fields of a version for the end of a transaction, with a reason if there is a place for it. */
const endIn = {
  "1.5": { transactionData: [sampledIn["1.5"]("1250.50")] },
  "1.6": { transactionData: sampledIn["1.6"]("1250.50").meterValue, reason: "EVDisconnected" }
}

describe.each(["1.5", "1.6"] as const)("a transaction of %s", (version) => {
  const sampled = sampledIn[version]
  const subprotocol = `ocpp${version}`
  /** Why it has ended where no reason is told: 1.6 has a usual one. */
  const usual = version === "1.5" ? "" : " Local"

  it.effect("is accepted by an answer to its start that says nothing of its idTag", () =>
    Effect.gen(function* () {
      // Those who compile without exactOptionalPropertyTypes write it so.
      for (const answer of [{}, { idTokenInfo: undefined } as {}]) {
        const { ask } = yield* open(undefined, () => Effect.succeed(answer))
        const said = yield* ask("ONE", subprotocol)
        const started: any = yield* said("StartTransaction", start)
        assert.deepStrictEqual(started.idTagInfo, { status: "Accepted" })
      }
    })
  )

  it.effect(
    "is refused by the answer to its start and its end; one to readings in between is not told, but logged",
    () => {
      const warnings: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => {
        if (logLevel === "Warn") warnings.push(message)
      })
      return Effect.gen(function* () {
        const answers: Array<Domain.TransactionEventResponse> = [
          { idTokenInfo: { status: "Expired" }, totalCost: 0 },
          { idTokenInfo: { status: "Accepted" }, totalCost: 1, chargingPriority: 3 },
          { idTokenInfo: { status: "Blocked" }, transactionLimit: { maxCost: 1 } },
          {}
        ]
        const { ask } = yield* open(undefined, () => Effect.sync(() => answers.shift()!))
        const said = yield* ask("ONE", subprotocol)
        const started: any = yield* said("StartTransaction", start)
        const { idTagInfo, transactionId } = started
        assert.deepStrictEqual(idTagInfo, { status: "Expired" })
        const middle = { connectorId: 2, transactionId, ...sampled("1100") }
        assert.deepStrictEqual(yield* said("MeterValues", middle), {})
        assert.deepStrictEqual(yield* said("MeterValues", middle), {})
        assert.deepStrictEqual(warnings.flat(), [
          `TransactionEvent goes without what the version has no place for: idTokenInfo.status: ${version} says only at the start and at the end who may not charge; transactionLimit: ${version} does not limit a transaction`
        ])
        assert.deepStrictEqual(yield* said("StopTransaction", { transactionId, meterStop: 1250, timestamp: at }), {})
      }).pipe(Effect.provide(Logger.layer([logger])))
    }
  )

  it.effect("is events with its readings in Wh, each at its connector", () =>
    Effect.gen(function* () {
      const { ask, events, readings } = yield* open()
      const call = yield* ask("ONE", subprotocol)
      assert.deepStrictEqual(yield* call("StartTransaction", start), {
        transactionId: 1,
        idTagInfo: { status: "Accepted" }
      })
      assert.deepStrictEqual(
        yield* call("MeterValues", { connectorId: 2, transactionId: 1, ...sampled("1.0025", "kWh") }),
        {}
      )
      assert.deepStrictEqual(
        yield* call("StopTransaction", {
          transactionId: 1,
          meterStop: 1500,
          timestamp: at,
          ...endIn[version]
        }),
        {}
      )
      assert.deepStrictEqual(events.map(inShort), [
        "Started 1 2/1 TAG 1000 Wh Transaction.Begin",
        "Updated 1 2/1 - 1002.5 Wh Sample.Periodic",
        `Ended 1 2/1 - 1250.5 Wh Sample.Periodic 1500 Wh Transaction.End${version === "1.5" ? "" : " EVDisconnected"}`
      ])
      for (const event of events) {
        assert.strictEqual(DateTime.toEpochMillis(event.timestamp), Date.UTC(2026, 10, 22, 6))
      }
      // Of no transaction.
      yield* call("MeterValues", { connectorId: 0, ...sampled("7") })
      assert.deepStrictEqual(
        readings.map(({ evseId }) => evseId),
        [undefined]
      )
      assert.lengthOf(events, 3)
    })
  )

  it.effect("has readings as of the latest of them, in whatever order they come", () =>
    Effect.gen(function* () {
      const { ask, events } = yield* open()
      const call = yield* ask("ONE", subprotocol)
      const times = ["2026-11-22T06:10:00.000Z", "2026-11-22T06:20:00.000Z", "2026-11-22T06:15:00.000Z"]
      yield* call("MeterValues", { connectorId: 2, transactionId: 1, ...sampled("7", "Wh", times) })
      assert.deepStrictEqual(
        events.map(({ timestamp }) => DateTime.formatIso(timestamp)),
        [times[1]]
      )
    })
  )

  it.effect("has no readings that name a number which no CSMS gives; one that is not known may have been given", () =>
    Effect.gen(function* () {
      const { ask, events, readings } = yield* open()
      const call = yield* ask("ONE", subprotocol)
      for (const transactionId of [0, -1, 7]) {
        assert.deepStrictEqual(yield* call("MeterValues", { connectorId: 2, transactionId, ...sampled("7") }), {})
      }
      assert.deepStrictEqual(
        readings.map(({ evseId, meterValue }) => [evseId, meterValue.length]),
        [
          [2, 1],
          [2, 1]
        ]
      )
      assert.deepStrictEqual(events.map(inShort), ["Updated 7 2/1 - 7 Wh Sample.Periodic"])
    })
  )

  it.effect("has no readings of the main meter, and stays at its connector when those of another one name it", () =>
    Effect.gen(function* () {
      const { ask, events, readings } = yield* open()
      const call = yield* ask("ONE", subprotocol)
      yield* call("StartTransaction", start)
      for (const connectorId of [0, 1]) {
        assert.deepStrictEqual(yield* call("MeterValues", { connectorId, transactionId: 1, ...sampled("7") }), {})
      }
      yield* call("MeterValues", { connectorId: 1, transactionId: 7, ...sampled("8") })
      assert.deepStrictEqual(
        readings.map(({ evseId, meterValue }) => [evseId, meterValue.length]),
        [[undefined, 1]]
      )
      assert.deepStrictEqual(events.slice(1).map(inShort), [
        "Updated 1 2/1 - 7 Wh Sample.Periodic",
        // Where it began is not known.
        "Updated 7 1/1 - 8 Wh Sample.Periodic"
      ])
    })
  )

  it.effect("gets a number of its own, and the word of the handler on its idTag", () =>
    Effect.gen(function* () {
      const { ask } = yield* open(undefined, ({ idToken }) =>
        Effect.succeed({ idTokenInfo: { status: idToken?.idToken === "TAG" ? "NoCredit" : "Accepted" } })
      )
      const call = yield* ask("ONE", subprotocol)
      assert.deepStrictEqual(yield* call("StartTransaction", start), {
        transactionId: 1,
        idTagInfo: { status: "Blocked" }
      })
      assert.deepStrictEqual(yield* call("StartTransaction", { ...start, idTag: "OTHER" }), {
        transactionId: 2,
        idTagInfo: { status: "Accepted" }
      })
      // The same start again is no other transaction.
      assert.deepStrictEqual(yield* call("StartTransaction", start), {
        transactionId: 1,
        idTagInfo: { status: "Blocked" }
      })
      assert.deepStrictEqual(
        yield* call("StopTransaction", { transactionId: 1, idTag: "TAG", meterStop: 5, timestamp: at }),
        { idTagInfo: { status: "Blocked" } }
      )
    })
  )

  for (const isStored of [true, false]) {
    it.effect(
      `has its connector in its end ${isStored ? "after" : "but not after"} a restart${isStored ? " with a storage" : ""}`,
      () =>
        Effect.gen(function* () {
          const { storage } = yield* faulty("")
          const last = { value: 0 }
          const scope = yield* Scope.make()
          const first = yield* Scope.provide(open(isStored ? storage : undefined, undefined, ids(last)), scope)
          const call = yield* first.ask("ONE", subprotocol)
          yield* call("StartTransaction", start)
          yield* Scope.close(scope, Exit.void)
          const { ask, events } = yield* open(isStored ? storage : undefined, undefined, ids(last))
          const again = yield* ask("ONE", subprotocol)
          const other = yield* ask("TWO", subprotocol)
          const stop = { transactionId: 1, meterStop: 1500, timestamp: at }
          // A number is that of one station only.
          yield* other("StopTransaction", stop)
          yield* again("StopTransaction", stop)
          assert.deepStrictEqual(events.map(inShort), [
            `Ended 1 ? - 1500 Wh Transaction.End${usual}`,
            `Ended 1 ${isStored ? "2/1" : "?"} - 1500 Wh Transaction.End${usual}`
          ])
        })
    )
  }

  it.effect("keeps its number if its CSMS is killed before it could answer", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const last = { value: 0 }
      const scope = yield* Scope.make()
      const first = yield* Scope.provide(
        open(storage, () => Effect.never, ids(last)),
        scope
      )
      const call = yield* first.ask("ONE", subprotocol)
      yield* Effect.forkChild(call("StartTransaction", start))
      yield* settled
      yield* Scope.close(scope, Exit.void)
      const { ask, events } = yield* open(storage, undefined, ids(last))
      const other = yield* ask("TWO", subprotocol)
      const again = yield* ask("ONE", subprotocol)
      assert.deepInclude(yield* other("StartTransaction", start), { transactionId: 2 })
      assert.deepInclude(yield* again("StartTransaction", start), { transactionId: 1 })
      assert.deepInclude(yield* again("StartTransaction", { ...start, meterStart: 1001 }), { transactionId: 3 })
      assert.deepStrictEqual([...first.events, ...events].map(inShort), [
        "Started 1 2/1 TAG 1000 Wh Transaction.Begin",
        "Started 2 2/1 TAG 1000 Wh Transaction.Begin",
        "Started 1 2/1 TAG 1000 Wh Transaction.Begin",
        "Started 3 2/1 TAG 1001 Wh Transaction.Begin"
      ])
    })
  )

  it.effect("is another one after its end, though a station without a clock starts it with the same message", () =>
    Effect.gen(function* () {
      const { ask } = yield* open()
      const call = yield* ask("ONE", subprotocol)
      const unset = { ...start, timestamp: "1970-01-01T00:00:07Z" }
      assert.deepInclude(yield* call("StartTransaction", unset), { transactionId: 1 })
      yield* call("StopTransaction", { transactionId: 1, meterStop: 5, timestamp: "1970-01-01T01:00:00Z" })
      assert.deepInclude(yield* call("StartTransaction", unset), { transactionId: 2 })
    })
  )

  for (const isStored of [true, false]) {
    it.effect(`is one of 64 that are remembered of a station ${isStored ? "in a storage" : "in memory"}`, () =>
      Effect.gen(function* () {
        const { entries, storage } = yield* faulty("transactions ")
        const { ask, events } = yield* open(isStored ? storage : undefined)
        const call = yield* ask("ONE", subprotocol)
        const startAt = (meterStart: number) => call("StartTransaction", { ...start, meterStart })
        const stop = (transactionId: number) => call("StopTransaction", { transactionId, meterStop: 5, timestamp: at })
        for (let number = 1; number <= 65; number++) {
          yield* startAt(number)
          yield* TestClock.adjust(1)
        }
        for (const number of [1, 2, 65]) yield* stop(number)
        assert.deepStrictEqual(
          events.slice(-3).map(({ evse, transactionId }) => [transactionId, evse?.id]),
          [
            ["1", undefined],
            ["2", 2],
            ["65", 2]
          ]
        )
        // Those that have ended make room.
        yield* startAt(66)
        yield* stop(3)
        assert.strictEqual(events.at(-1)?.evse?.id, 2)
        if (isStored) assert.lengthOf(yield* entries, 63)
      })
    )
  }

  it.effect("that a handler refuses is refused, and what is no number is told as it is", () =>
    Effect.gen(function* () {
      const { ask, events } = yield* open(undefined, ({ eventType }) =>
        eventType === "Started" ? Effect.fail(new CallError({ code: "GenericError" })) : Effect.succeed({})
      )
      const call = yield* ask("ONE", subprotocol)
      assert.strictEqual(yield* call("StartTransaction", start), "GenericError")
      yield* call("MeterValues", { connectorId: 1, transactionId: 7, ...sampled("n/a") })
      assert.deepStrictEqual(events.slice(1).map(inShort), ["Updated 7 1/1 - Unreadable"])
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
  )

  it.effect("is told of although the storage fails", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const { ask, events } = yield* open(storage)
      const call = yield* ask("ONE", subprotocol)
      state.failCommits = true
      assert.deepInclude(yield* call("StartTransaction", start), { transactionId: 1 })
      yield* call("StopTransaction", { transactionId: 1, meterStop: 1500, timestamp: at })
      assert.lengthOf(events, 2)
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
  )
})

describe("a transaction of 2.0.1", () => {
  it.effect("is the same events", () =>
    Effect.gen(function* () {
      const { ask, events } = yield* open()
      const call = yield* ask("TWO", "ocpp2.0.1")
      const event = (eventType: string, seqNo: number, value: number, unitOfMeasure: object, more: object = {}) =>
        call("TransactionEvent", {
          eventType,
          seqNo,
          timestamp: at,
          triggerReason: "Trigger",
          transactionInfo: { transactionId: "T1", ...more },
          evse: { id: 2, connectorId: 1 },
          meterValue: [{ timestamp: at, sampledValue: [{ value, unitOfMeasure }] }]
        })
      yield* event("Started", 0, 1, { unit: "kWh" })
      yield* event("Updated", 1, 100.25, { unit: "Wh", multiplier: 1 })
      yield* event("Ended", 2, 1500, {}, { stoppedReason: "EVDisconnected", timeSpentCharging: 60 })
      assert.deepStrictEqual(events.map(inShort), [
        "Started T1 2/1 - 1000 Wh Sample.Periodic",
        "Updated T1 2/1 - 1002.5 Wh Sample.Periodic",
        "Ended T1 2/1 - 1500 Wh Sample.Periodic EVDisconnected"
      ])
    })
  )
})
