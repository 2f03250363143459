/**
 * Stations and CSMS of which one speaks 2.1 and the other 1.6 or 2.0.1, both by hand.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { world } from "./support.ts"

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes)).toISOString()

const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const idToken = { idToken: "AABBCCDD", type: "ISO14443" }

const event = (eventType: string, seqNo: number, more: object = {}) => ({
  eventType,
  seqNo,
  timestamp: at(seqNo),
  triggerReason: "Authorized",
  transactionInfo: { transactionId: "T1" },
  ...more
})

const readings = (value: number, more: object = {}) => [{ timestamp: at(0), sampledValue: [{ value, ...more }] }]

describe("a gateway", () => {
  for (const [front, upstream] of [
    ["2.0.1", "2.1"],
    ["2.1", "2.0.1"]
  ] as const) {
    it.effect(`tells the events of a transaction of ${front} to a CSMS of ${upstream} as they came`, () =>
      Effect.gen(function* () {
        const { connect } = yield* world(front, upstream)
        const { csms, station } = yield* connect()
        const started = event("Started", 0, { evse: { id: 1, connectorId: 1 }, idToken, meterValue: readings(5) })
        const updated = event("Updated", 1, { meterValue: readings(6) })
        const ended = event("Ended", 2, {
          triggerReason: "EVDeparted",
          transactionInfo: { transactionId: "T1", stoppedReason: "EVDisconnected" },
          meterValue: readings(7, { context: "Transaction.End" })
        })
        for (const told of [started, updated, ended]) {
          yield* station.send("TransactionEvent", told)
          const asked = yield* csms.asked("TransactionEvent")
          assert.deepStrictEqual(asked.payload, told)
          yield* asked.answer({})
          assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
        }
      })
    )
  }

  it.effect("tells a CSMS of 2.0.1 what it can of an event of 2.1, and does not lose the event", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.1", "2.0.1")
      const { csms, station } = yield* connect()
      yield* station.send(
        "TransactionEvent",
        event("Started", 0, {
          triggerReason: "TxResumed",
          evse: { id: 1, connectorId: 1 },
          idToken,
          evseSleep: true,
          preconditioningStatus: "Ready",
          transactionInfo: { transactionId: "T1", operationMode: "CentralSetpoint", tariffId: "N1" },
          meterValue: [
            {
              timestamp: at(0),
              sampledValue: [{ value: 40, measurand: "Display.PresentSOC", location: "EV" }, { value: 5 }]
            }
          ]
        })
      )
      const asked = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual(
        asked.payload,
        event("Started", 0, {
          triggerReason: "ChargingStateChanged",
          evse: { id: 1, connectorId: 1 },
          idToken,
          meterValue: readings(5)
        })
      )
      yield* asked.answer({})
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
    }).pipe(quiet)
  )

  it.effect("lets a station of 1.6 charge at a CSMS of 2.1", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.1")
      const { csms, station } = yield* connect()
      yield* station.send("StartTransaction", { connectorId: 1, idTag: "AABBCCDD", meterStart: 5, timestamp: at(0) })
      const started = yield* csms.asked("TransactionEvent")
      yield* started.answer({ idTokenInfo: { status: "Accepted" } })
      const { transactionId } = yield* station.got("StartTransaction")
      assert.deepInclude(started.payload, { triggerReason: "Authorized", idToken })
      yield* station.send("StopTransaction", { transactionId, meterStop: 7, timestamp: at(2) })
      const ended = yield* csms.asked("TransactionEvent")
      assert.deepInclude(ended.payload, { eventType: "Ended", seqNo: 1 })
      yield* ended.answer({})
      assert.deepStrictEqual(yield* station.got("StopTransaction"), {})
    })
  )

  for (const upstream of ["1.6", "2.0.1"] as const) {
    it.effect(
      `[BLK-12] gives a station of 2.1 its certificate with its number, which ${upstream} has no place for`,
      () =>
        Effect.gen(function* () {
          const { connect, kill } = yield* world("2.1", upstream)
          let { csms, station } = yield* connect()
          /** The station asks for a certificate; gives what the CSMS is asked. */
          const asks = Effect.fnUntraced(function* (request: object, status: string) {
            yield* station.send("SignCertificate", request)
            const asked = yield* csms.asked("SignCertificate")
            yield* asked.answer({ status })
            assert.deepStrictEqual(yield* station.got("SignCertificate"), { status })
            return asked.payload
          })
          /** The station asks for a certificate, and the CSMS has it signed later; gives what both are asked. */
          const renews = Effect.fnUntraced(function* (request: object) {
            const asked = yield* asks(request, "Accepted")
            // What is refused changes nothing.
            yield* asks({ csr: "OTHER", requestId: 99 }, "Rejected")
            yield* kill
            ;({ csms, station } = yield* connect())
            yield* csms.send("CertificateSigned", { certificateChain: "PEM" })
            const signed = yield* station.asked("CertificateSigned")
            yield* signed.answer({ status: "Accepted" })
            assert.deepStrictEqual(yield* csms.got("CertificateSigned"), { status: "Accepted" })
            return { asked, requestId: signed.payload.requestId }
          })
          assert.deepStrictEqual(yield* renews({ csr: "CSR", requestId: 7 }), { asked: { csr: "CSR" }, requestId: 7 })
          assert.deepStrictEqual(yield* renews({ csr: "CSR", requestId: 8 }), { asked: { csr: "CSR" }, requestId: 8 })
          assert.deepStrictEqual(yield* renews({ csr: "CSR" }), { asked: { csr: "CSR" }, requestId: undefined })
        }).pipe(quiet)
    )
  }

  it.effect("rejects what a CSMS of 2.1 asks for and a station of 2.0.1 cannot do", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "2.1")
      const { csms, station } = yield* connect()
      const period = { startPeriod: 0, operationMode: "CentralSetpoint", setpoint: -3500 }
      yield* csms.send("SetChargingProfile", {
        evseId: 1,
        chargingProfile: {
          id: 1,
          stackLevel: 0,
          chargingProfilePurpose: "TxDefaultProfile",
          chargingProfileKind: "Absolute",
          chargingSchedule: [{ id: 1, chargingRateUnit: "W", chargingSchedulePeriod: [period] }]
        }
      })
      assert.deepInclude(yield* csms.got("SetChargingProfile"), { status: "Rejected" })
      assert.deepStrictEqual(yield* station.raw.news, [])
    }).pipe(quiet)
  )

  it.effect(
    "[BLK-12] says to a CSMS of 2.1 of the monitors of 2.0.1, which does not tell it, that a CSMS has set them",
    () =>
      Effect.gen(function* () {
        const { connect } = yield* world("2.0.1", "2.1")
        const { csms, station } = yield* connect()
        const temperature = { component: { name: "EVSE" }, variable: { name: "Temperature" } }
        const monitor = { id: 3, transaction: false, value: 80.5, type: "UpperThreshold", severity: 4 }
        const report = { requestId: 1, generatedAt: at(0), seqNo: 0, tbc: true }
        yield* station.send("NotifyMonitoringReport", {
          ...report,
          monitor: [{ ...temperature, variableMonitoring: [monitor] }]
        })
        const told = yield* csms.asked("NotifyMonitoringReport")
        assert.deepStrictEqual(told.payload, {
          ...report,
          monitor: [{ ...temperature, variableMonitoring: [{ ...monitor, eventNotificationType: "CustomMonitor" }] }]
        })
        yield* told.answer({})
        assert.deepStrictEqual(yield* station.got("NotifyMonitoringReport"), {})
        // A part can be empty.
        const last = { ...report, seqNo: 1, tbc: false }
        yield* station.send("NotifyMonitoringReport", last)
        assert.deepStrictEqual((yield* csms.asked("NotifyMonitoringReport")).payload, last)
      })
  )
})
