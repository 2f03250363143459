/**
 * Stations of 1.6 at a CSMS of 2.0.1, both by hand.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import { settled } from "../support/time.ts"
import { adapters, arrived, Side, world } from "./support.ts"

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes)).toISOString()

const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const start = { connectorId: 2, idTag: "AABBCCDD", meterStart: 1000, timestamp: at(0) }

/** A station and a CSMS, with a transaction under way, of which the station has the number. */
const charging = Effect.fnUntraced(function* (more: object = {}) {
  const { connect, kill, network } = yield* world("1.6", "2.0.1")
  const { csms, station } = yield* connect()
  yield* station.send("StartTransaction", { ...start, ...more })
  const started = yield* csms.asked("TransactionEvent")
  yield* started.answer({ idTokenInfo: { status: "Accepted" } })
  const { transactionId } = yield* station.got("StartTransaction")
  return { connect, kill, network, csms, station, transactionId: transactionId as number, started: started.payload }
})

/** Answers what comes to a CSMS with nothing, as long as something comes, and gives what that was. */
const answerAll = Effect.fnUntraced(function* (csms: Side) {
  const payloads: Array<any> = []
  for (let frames = yield* csms.raw.news; frames.length > 0; frames = yield* csms.raw.news) {
    for (const [, id, , payload] of frames) {
      payloads.push(payload)
      yield* csms.raw.send([3, id, {}])
    }
    yield* arrived
  }
  return payloads
})

describe("a transaction of a station of 1.6 at a CSMS of 2.0.1", () => {
  it.effect("is events that are counted without a gap, with times, units and reasons of their own", () =>
    Effect.gen(function* () {
      const { csms, started, station, transactionId } = yield* charging({ reservationId: 5 })
      const name = String(transactionId)
      assert.deepStrictEqual(started, {
        eventType: "Started",
        seqNo: 0,
        timestamp: at(0),
        triggerReason: "Authorized",
        transactionInfo: { transactionId: name },
        evse: { id: 2, connectorId: 1 },
        idToken: { idToken: "AABBCCDD", type: "ISO14443" },
        reservationId: 5,
        meterValue: [{ timestamp: at(0), sampledValue: [{ value: 1000, context: "Transaction.Begin" }] }]
      })
      yield* station.send("MeterValues", {
        connectorId: 2,
        transactionId,
        meterValue: [
          {
            timestamp: at(5),
            sampledValue: [
              { value: "1.5", unit: "kWh", context: "Sample.Clock" },
              { value: "16.1", unit: "A", measurand: "Current.Import", phase: "L1" }
            ]
          }
        ]
      })
      const updated = yield* csms.asked("TransactionEvent")
      // It is stored, so that the station need not wait.
      assert.deepStrictEqual(yield* station.got("MeterValues"), {})
      yield* updated.answer({})
      assert.deepStrictEqual(updated.payload, {
        eventType: "Updated",
        seqNo: 1,
        timestamp: at(5),
        triggerReason: "MeterValueClock",
        transactionInfo: { transactionId: name },
        evse: { id: 2, connectorId: 1 },
        meterValue: [
          {
            timestamp: at(5),
            sampledValue: [
              { value: 1500, context: "Sample.Clock" },
              { value: 16.1, measurand: "Current.Import", phase: "L1", unitOfMeasure: { unit: "A" } }
            ]
          }
        ]
      })
      yield* station.send("StopTransaction", {
        transactionId,
        idTag: "aabbccdd",
        meterStop: 2000,
        timestamp: at(9),
        reason: "EVDisconnected"
      })
      const ended = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual(yield* station.raw.news, [])
      yield* ended.answer({ idTokenInfo: { status: "NoCredit" } })
      assert.deepStrictEqual(yield* station.got("StopTransaction"), { idTagInfo: { status: "Blocked" } })
      assert.deepStrictEqual(ended.payload, {
        eventType: "Ended",
        seqNo: 2,
        timestamp: at(9),
        triggerReason: "EVDeparted",
        transactionInfo: { transactionId: name, stoppedReason: "EVDisconnected" },
        evse: { id: 2, connectorId: 1 },
        idToken: { idToken: "aabbccdd", type: "ISO14443" },
        meterValue: [{ timestamp: at(9), sampledValue: [{ value: 2000, context: "Transaction.End" }] }]
      })
    })
  )

  it.effect("has the charging state that the status of its connector tells", () =>
    Effect.gen(function* () {
      const { csms, station, transactionId } = yield* charging()
      const becomes = Effect.fnUntraced(function* (minutes: number, status: string) {
        yield* station.send("StatusNotification", {
          connectorId: 2,
          errorCode: "NoError",
          status,
          timestamp: at(minutes)
        })
        const frames = yield* answerAll(csms)
        yield* station.got("StatusNotification")
        return frames.map(({ connectorStatus, transactionInfo }) => transactionInfo?.chargingState ?? connectorStatus)
      })
      assert.sameMembers(yield* becomes(1, "Charging"), ["Charging", "Occupied"])
      assert.sameMembers(yield* becomes(2, "Charging"), ["Occupied"])
      assert.sameMembers(yield* becomes(3, "SuspendedEV"), ["SuspendedEV", "Occupied"])
      assert.sameMembers(yield* becomes(4, "Finishing"), ["Occupied"])
      yield* station.send("StopTransaction", { transactionId, meterStop: 1, timestamp: at(5) })
      const ended = yield* csms.asked("TransactionEvent")
      assert.strictEqual(ended.payload.seqNo, 3)
      yield* ended.answer({})
      yield* station.got("StopTransaction")
      // One that charges before it is told to have begun.
      assert.sameMembers(yield* becomes(6, "Charging"), ["Occupied"])
      yield* station.send("StartTransaction", { ...start, timestamp: at(6) })
      const started = yield* csms.asked("TransactionEvent")
      assert.strictEqual(started.payload.transactionInfo.chargingState, "Charging")
    }).pipe(quiet)
  )

  it.effect("that is one of two at the same time has a name and a count of its own", () =>
    Effect.gen(function* () {
      const { csms, station, transactionId } = yield* charging()
      yield* station.send("StartTransaction", { ...start, connectorId: 1 })
      const other = yield* csms.asked("TransactionEvent")
      yield* other.answer({})
      const second = (yield* station.got("StartTransaction")).transactionId
      assert.notStrictEqual(second, transactionId)
      for (const [id, seqNo] of [
        [transactionId, 1],
        [second, 1],
        [transactionId, 2]
      ] as const) {
        yield* station.send("MeterValues", {
          connectorId: 1,
          transactionId: id,
          meterValue: [{ timestamp: at(1), sampledValue: [{ value: "1" }] }]
        })
        const event = yield* csms.asked("TransactionEvent")
        yield* event.answer({})
        yield* station.got("MeterValues")
        assert.deepStrictEqual([event.payload.transactionInfo.transactionId, event.payload.seqNo], [String(id), seqNo])
      }
    })
  )

  it.effect("[TX-08] survives kills of the gateway at any step, and what comes again is told once", () =>
    Effect.gen(function* () {
      const { connect, kill } = yield* world("1.6", "2.0.1")
      let { csms, station } = yield* connect()
      yield* station.send("StartTransaction", start)
      const name = (yield* csms.asked("TransactionEvent")).payload.transactionInfo.transactionId
      // Before the CSMS has answered: it is sent again, by the gateway, and by the station.
      yield* kill
      ;({ csms, station } = yield* connect())
      const again = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual([again.payload.transactionInfo.transactionId, again.payload.seqNo], [name, 0])
      yield* again.answer({})
      yield* station.send("StartTransaction", start)
      const { transactionId } = yield* station.got("StartTransaction")
      assert.strictEqual(String(transactionId), name)
      assert.deepStrictEqual(yield* csms.raw.news, [])

      yield* kill
      ;({ csms, station } = yield* connect())
      const stop = { transactionId, meterStop: 2000, timestamp: at(9) }
      yield* station.send("StopTransaction", stop)
      const ended = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual([ended.payload.eventType, ended.payload.seqNo], ["Ended", 1])
      yield* kill
      ;({ csms, station } = yield* connect())
      const endedAgain = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual({ ...endedAgain.payload, offline: undefined }, { ...ended.payload, offline: undefined })
      yield* endedAgain.answer({})
      yield* station.send("StopTransaction", stop)
      assert.deepStrictEqual(yield* station.got("StopTransaction"), {})
      assert.deepStrictEqual(yield* csms.raw.news, [])
    }).pipe(quiet)
  )

  it.effect("that the gateway knows nothing of is told by its end", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      yield* station.send("StopTransaction", { transactionId: -1, meterStop: 5, timestamp: at(0) })
      const ended = yield* csms.asked("TransactionEvent")
      assert.deepInclude(ended.payload, {
        eventType: "Ended",
        seqNo: 0,
        transactionInfo: { transactionId: "-1", stoppedReason: "Local" }
      })
      yield* ended.answer({})
      assert.deepStrictEqual(yield* station.got("StopTransaction"), {})
      // Its readings are those of a connector.
      yield* station.send("MeterValues", {
        connectorId: 2,
        transactionId: 77,
        meterValue: [{ timestamp: at(1), sampledValue: [{ value: "1" }] }]
      })
      const readings = yield* csms.asked("MeterValues")
      assert.strictEqual(readings.payload.evseId, 2)
      yield* readings.answer({})
      assert.deepStrictEqual(yield* station.got("MeterValues"), {})
    }).pipe(quiet)
  )

  it.effect("is told without what 2.0.1 has no word for, and nothing else of it is lost", () =>
    Effect.gen(function* () {
      const { csms, station, transactionId } = yield* charging()
      yield* station.send("MeterValues", {
        connectorId: 2,
        transactionId,
        meterValue: [
          { timestamp: at(1), sampledValue: [{ value: "1200", measurand: "RPM" }] },
          {
            timestamp: at(2),
            sampledValue: [
              { value: "20", measurand: "Temperature", unit: "Celsius" },
              { value: "1250" },
              { value: "n/a" }
            ]
          }
        ]
      })
      const updated = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual(updated.payload.meterValue, [{ timestamp: at(2), sampledValue: [{ value: 1250 }] }])
      yield* updated.answer({})
      yield* station.got("MeterValues")
      yield* station.send("StopTransaction", { transactionId, meterStop: 3, timestamp: at(3), reason: "UnlockCommand" })
      const ended = yield* csms.asked("TransactionEvent")
      assert.deepInclude(ended.payload, { triggerReason: "UnlockCommand", seqNo: 2 })
      assert.strictEqual(ended.payload.transactionInfo.stoppedReason, "Other")
    }).pipe(quiet)
  )

  it.effect("[TX-03] that the CSMS refuses is told again, and told once although the station repeats it, too", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      yield* station.send("StartTransaction", start)
      const first = yield* csms.asked("TransactionEvent")
      yield* first.refuse("InternalError")
      assert.deepStrictEqual(yield* station.raw.news, [])
      yield* TestClock.adjust("60 seconds")
      const second = yield* csms.asked("TransactionEvent")
      assert.deepStrictEqual(second.payload, first.payload)
      yield* second.answer({})
      // Nobody waits for so long.
      yield* station.raw.news
      yield* station.send("StartTransaction", start)
      const { transactionId } = yield* station.got("StartTransaction")
      assert.strictEqual(String(transactionId), first.payload.transactionInfo.transactionId)
      assert.deepStrictEqual(yield* csms.raw.news, [])
    }).pipe(quiet)
  )
})

describe("a CSMS of 2.0.1", () => {
  it.effect("starts and stops a transaction at a station of 1.6, also if the gateway is killed in between", () =>
    Effect.gen(function* () {
      const { connect, kill } = yield* world("1.6", "2.0.1")
      let { csms, station } = yield* connect()
      const idToken = { idToken: "from-app", type: "Central" }
      yield* csms.send("RequestStartTransaction", { remoteStartId: 42, evseId: 1, idToken })
      const asked = yield* station.asked("RemoteStartTransaction")
      assert.deepStrictEqual(asked.payload, { connectorId: 1, idTag: "from-app" })
      yield* asked.answer({ status: "Accepted" })
      assert.deepStrictEqual(yield* csms.got("RequestStartTransaction"), { status: "Accepted" })
      yield* kill
      ;({ csms, station } = yield* connect())
      // It is not asked again.
      assert.deepStrictEqual(yield* station.raw.news, [])
      const timestamp = new Date(0).toISOString()
      yield* station.send("StartTransaction", { ...start, timestamp, connectorId: 1, idTag: "FROM-APP" })
      const started = yield* csms.asked("TransactionEvent")
      const { transactionInfo, ...event } = started.payload
      assert.deepInclude(event, { triggerReason: "RemoteStart", idToken: { idToken: "FROM-APP", type: "Central" } })
      assert.strictEqual(transactionInfo.remoteStartId, 42)
      yield* started.answer({ idTokenInfo: { status: "Accepted" } })
      const { transactionId } = yield* station.got("StartTransaction")

      yield* csms.send("RequestStopTransaction", { transactionId: transactionInfo.transactionId })
      const stop = yield* station.asked("RemoteStopTransaction")
      assert.deepStrictEqual(stop.payload, { transactionId })
      yield* stop.answer({ status: "Accepted" })
      assert.deepStrictEqual(yield* csms.got("RequestStopTransaction"), { status: "Accepted" })
      // What is the name of no transaction of 1.6 is refused.
      yield* csms.send("RequestStopTransaction", { transactionId: "no number" })
      assert.strictEqual((yield* csms.got("RequestStopTransaction")).status, "Rejected")
    }).pipe(quiet)
  )

  it.effect("asks in its words, and is answered in them", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      const passes = Effect.fnUntraced(function* (
        [action, request, answer]: readonly [string, object, unknown],
        [name, asked, answered]: readonly [string, object, object]
      ) {
        yield* csms.send(action, request)
        const came = yield* station.asked(name)
        assert.deepStrictEqual(came.payload, asked)
        yield* came.answer(answered)
        assert.deepStrictEqual(yield* csms.got(action), answer)
      })
      const accepted = { status: "Accepted" }
      yield* passes(["Reset", { type: "Immediate" }, accepted], ["Reset", { type: "Hard" }, accepted])
      yield* passes(["Reset", { type: "OnIdle" }, accepted], ["Reset", { type: "Soft" }, accepted])
      yield* passes(
        ["ChangeAvailability", { operationalStatus: "Inoperative" }, { status: "Scheduled" }],
        ["ChangeAvailability", { connectorId: 0, type: "Inoperative" }, { status: "Scheduled" }]
      )
      yield* passes(
        ["UnlockConnector", { evseId: 2, connectorId: 1 }, { status: "Unlocked" }],
        ["UnlockConnector", { connectorId: 2 }, { status: "Unlocked" }]
      )
      const component = { name: "OCPPCommCtrlr" }
      const variable = { name: "HeartbeatInterval" }
      yield* passes(
        [
          "GetVariables",
          { getVariableData: [{ component, variable }] },
          { getVariableResult: [{ component, variable, attributeStatus: "Accepted", attributeValue: "300" }] }
        ],
        [
          "GetConfiguration",
          { key: ["HeartbeatInterval"] },
          { configurationKey: [{ key: "HeartbeatInterval", readonly: false, value: "300" }] }
        ]
      )
    })
  )

  it.effect("is told of what type a certificate is that is installed, which 1.6 does not repeat", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      const certificate = { hashAlgorithm: "SHA256", issuerNameHash: "aa", issuerKeyHash: "bb", serialNumber: "1f" }
      yield* csms.send("GetInstalledCertificateIds", { certificateType: ["CSMSRootCertificate"] })
      const asked = yield* station.asked("GetInstalledCertificateIds")
      assert.deepStrictEqual(asked.payload, { certificateType: "CentralSystemRootCertificate" })
      yield* asked.answer({ status: "Accepted", certificateHashData: [certificate] })
      assert.deepStrictEqual(yield* csms.got("GetInstalledCertificateIds"), {
        status: "Accepted",
        certificateHashDataChain: [{ certificateType: "CSMSRootCertificate", certificateHashData: certificate }]
      })
      yield* csms.send("GetInstalledCertificateIds", { certificateType: ["ManufacturerRootCertificate"] })
      yield* (yield* station.asked("GetInstalledCertificateIds")).answer({ status: "NotFound" })
      assert.deepStrictEqual(yield* csms.got("GetInstalledCertificateIds"), { status: "NotFound" })
    })
  )

  it.effect("is told of an update and of diagnostics with the number that it has given, also after a kill", () =>
    Effect.gen(function* () {
      const { connect, kill } = yield* world("1.6", "2.0.1")
      let { csms, station } = yield* connect()
      /** The station tells; gives what the CSMS gets. */
      const tells = Effect.fnUntraced(function* (name: string, status: string, action: string) {
        yield* station.send(name, { status })
        const told = yield* csms.asked(action)
        yield* told.answer({})
        yield* station.got(name)
        return told.payload
      })
      const firmware = { location: "ftp://f", retrieveDateTime: at(50) }
      yield* csms.send("UpdateFirmware", { requestId: 9, firmware })
      yield* (yield* station.asked("UpdateFirmware")).answer({})
      assert.deepStrictEqual(yield* csms.got("UpdateFirmware"), { status: "Accepted" })

      // It lacks the security extension.
      const log = { remoteLocation: "ftp://f" }
      yield* csms.send("GetLog", { requestId: 8, logType: "DiagnosticsLog", log })
      yield* (yield* station.asked("GetLog")).refuse("NotImplemented")
      const asked = yield* station.asked("GetDiagnostics")
      assert.deepStrictEqual(asked.payload, { location: "ftp://f" })
      yield* asked.answer({ fileName: "log.txt" })
      assert.deepStrictEqual(yield* csms.got("GetLog"), { status: "Accepted", filename: "log.txt" })

      yield* kill
      ;({ csms, station } = yield* connect())
      const firmwareStatus = (status: string) =>
        tells("FirmwareStatusNotification", status, "FirmwareStatusNotification")
      const logStatus = (status: string) => tells("DiagnosticsStatusNotification", status, "LogStatusNotification")
      assert.deepStrictEqual(yield* firmwareStatus("Downloading"), { status: "Downloading", requestId: 9 })
      assert.deepStrictEqual(yield* logStatus("UploadFailed"), { status: "UploadFailure", requestId: 8 })
      // It does nothing.
      assert.deepStrictEqual(yield* firmwareStatus("Idle"), { status: "Idle" })
      assert.deepStrictEqual(yield* logStatus("Idle"), { status: "Idle" })
    }).pipe(quiet)
  )

  it.effect("is told of diagnostics with their number, whatever it has asked for since then in vain", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      const log = { remoteLocation: "ftp://f" }
      yield* csms.send("GetLog", { requestId: 8, logType: "DiagnosticsLog", log })
      yield* (yield* station.asked("GetLog")).refuse("NotImplemented")
      yield* (yield* station.asked("GetDiagnostics")).answer({ fileName: "log.txt" })
      yield* csms.got("GetLog")
      // The station has no such log, or is busy.
      for (const says of ["NotImplemented", "Rejected"]) {
        yield* csms.send("GetLog", { requestId: 9, logType: "SecurityLog", log })
        const asked = yield* station.asked("GetLog")
        yield* says === "Rejected" ? asked.answer({ status: says }) : asked.refuse(says)
        yield* csms.got("GetLog")
        yield* station.send("DiagnosticsStatusNotification", { status: "Uploading" })
        const told = yield* csms.asked("LogStatusNotification")
        assert.deepStrictEqual(told.payload, { status: "Uploading", requestId: 8 })
        yield* told.answer({})
        yield* station.got("DiagnosticsStatusNotification")
      }
    }).pipe(quiet)
  )

  it.effect(
    "is told of an upload with its number, also if the station has not answered, or a request has crossed it",
    () =>
      Effect.gen(function* () {
        const { connect } = yield* world("1.6", "2.0.1", { calls: { timeout: "30 seconds" } })
        const { csms, station } = yield* connect()
        const log = { remoteLocation: "ftp://f" }
        const asks = (requestId: number) => csms.send("GetLog", { requestId, logType: "DiagnosticsLog", log })
        /** The station lacks the security extension. */
        const asked = Effect.gen(function* () {
          yield* (yield* station.asked("GetLog")).refuse("NotImplemented")
          return yield* station.asked("GetDiagnostics")
        })
        const told = Effect.gen(function* () {
          yield* station.send("DiagnosticsStatusNotification", { status: "Uploading" })
          const { answer, payload } = yield* csms.asked("LogStatusNotification")
          yield* answer({})
          yield* station.got("DiagnosticsStatusNotification")
          return payload.requestId
        })
        yield* asks(8)
        yield* asked
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(yield* csms.got("GetLog"), "InternalError")
        assert.strictEqual(yield* told, 8)
        yield* asks(9)
        yield* asks(10)
        yield* (yield* station.asked("GetLog")).refuse("NotImplemented")
        yield* (yield* asked).refuse("GenericError")
        assert.strictEqual(yield* csms.got("GetLog"), "GenericError")
        yield* (yield* station.asked("GetDiagnostics")).answer({ fileName: "log.txt" })
        yield* csms.got("GetLog")
        assert.strictEqual(yield* told, 10)
      }).pipe(quiet)
  )

  it.effect("is refused what a station of 1.6 cannot be asked, in its words", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      const refuses = Effect.fnUntraced(function* (action: string, request: object) {
        yield* csms.send(action, request)
        return yield* csms.got(action)
      })
      assert.deepStrictEqual(yield* refuses("Reset", { type: "OnIdle", evseId: 1 }), {
        status: "Rejected",
        statusInfo: { reasonCode: "UnsupportedParam", additionalInfo: "evseId: 1.6 resets the whole station" }
      })
      assert.strictEqual((yield* refuses("UnlockConnector", { evseId: 1, connectorId: 2 })).status, "UnlockFailed")
      assert.strictEqual(yield* refuses("SetMonitoringLevel", { severity: 1 }), "NotSupported")
      assert.strictEqual(yield* refuses("ClearDisplayMessage", { id: 1 }), "NotSupported")
      assert.deepStrictEqual(yield* station.raw.news, [])
    }).pipe(quiet)
  )
})

describe("a station of 1.6", () => {
  it.effect("boots, and tells of itself, as far as 2.0.1 has words for it", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      yield* station.send("BootNotification", {
        chargePointVendor: "ACME",
        chargePointModel: "One",
        meterType: "M",
        chargeBoxSerialNumber: "X"
      })
      const boot = yield* csms.asked("BootNotification")
      assert.deepStrictEqual(boot.payload, {
        reason: "Unknown",
        chargingStation: { vendorName: "ACME", model: "One" }
      })
      const answer = { status: "Accepted", currentTime: at(0), interval: 300 }
      yield* boot.answer(answer)
      assert.deepStrictEqual(yield* station.got("BootNotification"), answer)

      yield* station.send("StatusNotification", {
        connectorId: 1,
        errorCode: "HighTemperature",
        status: "Charging"
      })
      const status = yield* csms.asked("StatusNotification")
      assert.deepInclude(status.payload, { evseId: 1, connectorId: 1, connectorStatus: "Occupied" })
      yield* status.answer({})
      assert.deepStrictEqual(yield* station.got("StatusNotification"), {})

      // 2.0.1 has no status of a whole station; that is in the log.
      yield* station.send("StatusNotification", { connectorId: 0, errorCode: "NoError", status: "Available" })
      assert.deepStrictEqual(yield* station.got("StatusNotification"), {})
      assert.deepStrictEqual(yield* csms.raw.news, [])

      yield* station.send("MeterValues", {
        connectorId: 0,
        meterValue: [{ timestamp: at(1), sampledValue: [{ value: "7", unit: "kWh" }] }]
      })
      const readings = yield* csms.asked("MeterValues")
      assert.deepStrictEqual(readings.payload, {
        evseId: 0,
        meterValue: [{ timestamp: at(1), sampledValue: [{ value: 7000 }] }]
      })
      yield* readings.answer({})
      yield* station.got("MeterValues")
    }).pipe(quiet)
  )

  it.effect("has idTags of the type that is said, and gets groups as idTags", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1", {
        idTokenType: (idTag) => (idTag.startsWith("app") ? "Central" : "ISO14443")
      })
      const { csms, station } = yield* connect()
      for (const [idTag, type] of [
        ["app-1", "Central"],
        ["AABBCCDD", "ISO14443"]
      ] as const) {
        yield* station.send("Authorize", { idTag })
        const asked = yield* csms.asked("Authorize")
        assert.deepStrictEqual(asked.payload, { idToken: { idToken: idTag, type } })
        yield* asked.answer({
          idTokenInfo: { status: "Accepted", groupIdToken: { idToken: "GROUP", type: "Central" }, chargingPriority: 3 }
        })
        assert.deepStrictEqual(yield* station.got("Authorize"), {
          idTagInfo: { status: "Accepted", parentIdTag: "GROUP" }
        })
      }
    })
  )

  it.effect("[LC-03] is offline when its CSMS is, so that it does what it does then", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* charging()
      yield* station.send("Authorize", { idTag: "TAG" })
      yield* csms.asked("Authorize")
      yield* csms.raw.close(1012, "")
      yield* settled
      assert.strictEqual(station.raw.end?.code, 1012)
      // It was not told anything that the CSMS has not said.
      assert.deepStrictEqual(yield* station.raw.news, [])
    }).pipe(quiet)
  )

  it.effect("[LC-01] that goes takes its connection to the CSMS along, once all is told that is stored", () =>
    Effect.gen(function* () {
      const { csms, station, transactionId } = yield* charging()
      yield* station.send("MeterValues", {
        connectorId: 2,
        transactionId,
        meterValue: [{ timestamp: at(1), sampledValue: [{ value: "1" }] }]
      })
      yield* station.raw.close(1000)
      yield* settled
      assert.isUndefined(csms.raw.end)
      yield* (yield* csms.asked("TransactionEvent")).answer({})
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(csms.raw.end, { code: 1000, reason: "" })
    }).pipe(quiet)
  )

  it.effect("that comes again with the version of the CSMS is relayed from then on", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* world("1.6", "2.0.1", { versions: [adapters["1.6"], adapters["2.0.1"]] })
      const { csms, station } = yield* connect()
      yield* station.send("Heartbeat", {})
      yield* csms.asked("Heartbeat")
      const newer = yield* connect.alone("CP001", "2.0.1")
      assert.isDefined(csms.raw.end)
      assert.isDefined(station.raw.end)
      yield* newer.send("NotifyReport", { requestId: 1, generatedAt: at(0), seqNo: 0 })
      const now = new Side(network.raw, "2.0.1")
      yield* (yield* now.asked("NotifyReport")).answer({})
      assert.deepStrictEqual(yield* newer.got("NotifyReport"), {})
    }).pipe(quiet)
  )

  it.effect("is told of in the log, once for each kind, where something of it is left out", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        if (logLevel === "Warn") lines.push(String(message))
      })
      yield* Effect.gen(function* () {
        const { csms, station, transactionId } = yield* charging()
        for (const minutes of [1, 2]) {
          const sampledValue = [{ value: "1" }, { value: "900", measurand: "RPM" }]
          yield* station.send("MeterValues", {
            connectorId: 2,
            transactionId,
            meterValue: [{ timestamp: at(minutes), sampledValue }]
          })
          yield* (yield* csms.asked("TransactionEvent")).answer({})
          yield* station.got("MeterValues")
        }
        yield* station.send("StatusNotification", { connectorId: 0, errorCode: "NoError", status: "Available" })
        yield* station.got("StatusNotification")
      }).pipe(Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(lines, [
        "the CSMS is told a TransactionEvent without some of it: meterValue.sampledValue.measurand: 2.x does not know this measurand",
        "the CSMS is not told a StatusNotification: evse.id: 2.0.1 tells the status of connectors only; evse.connectorId: 2.0.1 tells the status of connectors only; occupancy: 2.0.1 tells of what works whether it is free"
      ])
    })
  )
})
