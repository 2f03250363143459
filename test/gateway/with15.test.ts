/**
 * Stations and CSMS of which one speaks 1.5 and the other a later version, both by hand.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { world } from "./support.ts"

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes)).toISOString()

const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const idToken = { idToken: "AABBCCDD", type: "ISO14443" }

const start = { connectorId: 1, idTag: "AABBCCDD", meterStart: 5, timestamp: at(0) }

describe("a gateway", () => {
  for (const upstream of ["2.0.1", "2.1"] as const) {
    it.effect(`lets a station of 1.5 charge at a CSMS of ${upstream}`, () =>
      Effect.gen(function* () {
        const { connect } = yield* world("1.5", upstream)
        const { csms, station } = yield* connect()
        yield* station.send("StartTransaction", start)
        const started = yield* csms.asked("TransactionEvent")
        yield* started.answer({ idTokenInfo: { status: "Accepted" } })
        const { transactionId } = yield* station.got("StartTransaction")
        assert.deepInclude(started.payload, { eventType: "Started", seqNo: 0, triggerReason: "Authorized", idToken })
        const values = [{ timestamp: at(1), values: [{ value: "16", measurand: "Current.Import", unit: "Amp" }] }]
        yield* station.send("MeterValues", { connectorId: 1, transactionId, values })
        const updated = yield* csms.asked("TransactionEvent")
        yield* updated.answer({})
        assert.deepStrictEqual(updated.payload.meterValue, [
          {
            timestamp: at(1),
            sampledValue: [{ value: 16, measurand: "Current.Import", unitOfMeasure: { unit: "A" } }]
          }
        ])
        assert.deepStrictEqual(yield* station.got("MeterValues"), {})
        yield* station.send("StopTransaction", { transactionId, meterStop: 7, timestamp: at(2) })
        const ended = yield* csms.asked("TransactionEvent")
        yield* ended.answer({})
        assert.deepInclude(ended.payload, { eventType: "Ended", seqNo: 2 })
        assert.isUndefined(ended.payload.transactionInfo.stoppedReason)
        assert.deepStrictEqual(yield* station.got("StopTransaction"), {})
      })
    )
  }

  it.effect("lets a station of 1.5 charge at a CSMS of 1.6", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.5", "1.6")
      const { csms, station } = yield* connect()
      yield* station.send("StartTransaction", start)
      const started = yield* csms.asked("StartTransaction")
      yield* started.answer({ transactionId: 77, idTagInfo: { status: "Accepted" } })
      assert.deepStrictEqual(started.payload, start)
      const { transactionId } = yield* station.got("StartTransaction")
      yield* station.send("StopTransaction", { transactionId, meterStop: 7, timestamp: at(2) })
      const ended = yield* csms.asked("StopTransaction")
      yield* ended.answer({})
      assert.deepInclude(ended.payload, { transactionId: 77, meterStop: 7, timestamp: at(2) })
      assert.deepStrictEqual(yield* station.got("StopTransaction"), {})
    })
  )

  it.effect("tells a CSMS of 1.5 what it can of a transaction of 2.0.1: no phases, and no reason of its end", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.5")
      const { csms, station } = yield* connect()
      const event = (eventType: string, seqNo: number, value: number, more: object = {}) => ({
        eventType,
        seqNo,
        timestamp: at(seqNo),
        triggerReason: "Authorized",
        transactionInfo: { transactionId: "T1" },
        meterValue: [
          {
            timestamp: at(seqNo),
            sampledValue: [
              { value, ...(eventType === "Ended" ? { context: "Transaction.End" } : {}) },
              { value: 16, measurand: "Current.Import", phase: "L1", unitOfMeasure: { unit: "A" } }
            ]
          }
        ],
        ...more
      })
      yield* station.send("TransactionEvent", event("Started", 0, 5, { evse: { id: 1, connectorId: 1 }, idToken }))
      const started = yield* csms.asked("StartTransaction")
      assert.deepStrictEqual(started.payload, start)
      yield* started.answer({ transactionId: 77, idTagInfo: { status: "Accepted" } })
      yield* station.got("TransactionEvent")
      yield* station.send("TransactionEvent", event("Updated", 1, 6))
      const updated = yield* csms.asked("MeterValues")
      assert.deepStrictEqual(updated.payload, {
        connectorId: 1,
        transactionId: 77,
        values: [{ timestamp: at(1), values: [{ value: "6" }] }]
      })
      yield* updated.answer({})
      yield* station.got("TransactionEvent")
      const transactionInfo = { transactionId: "T1", stoppedReason: "EVDisconnected" }
      yield* station.send("TransactionEvent", event("Ended", 2, 7, { triggerReason: "EVDeparted", transactionInfo }))
      const ended = yield* csms.asked("StopTransaction")
      assert.deepStrictEqual(ended.payload, { transactionId: 77, meterStop: 7, timestamp: at(2) })
      yield* ended.answer({})
      yield* station.got("TransactionEvent")
    }).pipe(quiet)
  )
})
