/**
 * Stations of 2.0.1 at a CSMS of 1.6, both by hand.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { world } from "./support.ts"

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes)).toISOString()

const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const idToken = { idToken: "AABBCCDD", type: "ISO14443" }

const register = (minutes: number, value: number, more: object = {}) => [
  { timestamp: at(minutes), sampledValue: [{ value, ...more }] }
]

/** An event of transaction T1. */
const event = (eventType: string, seqNo: number, minutes: number, { info = {}, ...more }: any = {}) => ({
  eventType,
  seqNo,
  timestamp: at(minutes),
  triggerReason: "Trigger",
  transactionInfo: { transactionId: "T1", ...info },
  ...more
})

const accepted = { idTagInfo: { status: "Accepted" } }

/** A station and a CSMS, with transaction T1 under way, which has number 7 at the CSMS. */
const charging = Effect.fnUntraced(function* () {
  const made = yield* world("2.0.1", "1.6")
  const { csms, station } = yield* made.connect()
  yield* station.send(
    "TransactionEvent",
    event("Started", 0, 0, {
      evse: { id: 2, connectorId: 1 },
      idToken,
      reservationId: 5,
      meterValue: register(0, 1, { unitOfMeasure: { unit: "kWh" }, context: "Transaction.Begin" })
    })
  )
  const started = yield* csms.asked("StartTransaction")
  yield* started.answer({ transactionId: 7, ...accepted })
  assert.deepStrictEqual(yield* station.got("TransactionEvent"), { idTokenInfo: { status: "Accepted" } })
  return { ...made, csms, station, started: started.payload }
})

describe("a transaction of a station of 2.0.1 at a CSMS of 1.6", () => {
  it.effect("is told as a whole, also if its station waits for no answer", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      const events = [
        event("Started", 0, 0, { idToken }),
        event("Updated", 1, 0, { evse: { id: 2 } }),
        event("Updated", 2, 1, { meterValue: register(1, 1000) }),
        event("Ended", 3, 5, { meterValue: register(5, 1500) })
      ]
      yield* Effect.forEach(events, (one) => station.raw.send([2, String(one.seqNo), "TransactionEvent", one]), {
        concurrency: "unbounded"
      })
      const start = yield* csms.asked("StartTransaction")
      assert.deepStrictEqual(start.payload, { connectorId: 2, idTag: "AABBCCDD", meterStart: 1000, timestamp: at(0) })
      yield* start.answer({ transactionId: 7, ...accepted })
      const stop = yield* csms.asked("StopTransaction")
      assert.deepInclude(stop.payload, { transactionId: 7, meterStop: 1500 })
      yield* stop.answer({})
      const answers = yield* station.news
      assert.sameMembers(
        answers.map(([type, id]) => `${type} ${id}`),
        ["3 0", "3 1", "3 2", "3 3"]
      )
    })
  )

  it.effect("has a start, readings and an end, with whole watt-hours", () =>
    Effect.gen(function* () {
      const { csms, started, station } = yield* charging()
      assert.deepStrictEqual(started, {
        connectorId: 2,
        idTag: "AABBCCDD",
        meterStart: 1000,
        timestamp: at(0),
        reservationId: 5
      })
      yield* station.send(
        "TransactionEvent",
        event("Updated", 1, 5, {
          meterValue: [
            {
              timestamp: at(5),
              sampledValue: [
                { value: 1250.6 },
                { value: 3, measurand: "Energy.Active.Net" },
                { value: 1.61, measurand: "Current.Import", phase: "L1", unitOfMeasure: { unit: "A", multiplier: 1 } }
              ]
            }
          ]
        })
      )
      const readings = yield* csms.asked("MeterValues")
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
      assert.deepStrictEqual(readings.payload, {
        connectorId: 2,
        transactionId: 7,
        meterValue: [
          {
            timestamp: at(5),
            sampledValue: [{ value: "1250.6" }, { value: "16.1", measurand: "Current.Import", phase: "L1", unit: "A" }]
          }
        ]
      })
      yield* readings.answer({})
      yield* station.send(
        "TransactionEvent",
        event("Ended", 2, 9, { info: { stoppedReason: "EVDisconnected" }, idToken, meterValue: register(9, 2000.5) })
      )
      const ended = yield* csms.asked("StopTransaction")
      assert.deepStrictEqual(ended.payload, {
        transactionId: 7,
        idTag: "AABBCCDD",
        meterStop: 2001,
        timestamp: at(9),
        reason: "EVDisconnected",
        transactionData: [{ timestamp: at(9), sampledValue: [{ value: "2000.5" }] }]
      })
      yield* ended.answer({})
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
    })
  )

  it.effect("begins when all is known that a start of 1.6 has, with the readings until then at their connector", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      yield* station.send("TransactionEvent", event("Started", 0, 0, { evse: { id: 1 } }))
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
      yield* station.send("TransactionEvent", event("Updated", 1, 1, { meterValue: register(1, 100) }))
      const readings = yield* csms.asked("MeterValues")
      assert.deepStrictEqual(readings.payload, {
        connectorId: 1,
        meterValue: [{ timestamp: at(1), sampledValue: [{ value: "100" }] }]
      })
      yield* readings.answer({})
      yield* station.got("TransactionEvent")
      yield* station.send("TransactionEvent", event("Updated", 2, 2, { idToken, meterValue: register(2, 110) }))
      const started = yield* csms.asked("StartTransaction")
      assert.deepStrictEqual(started.payload, { connectorId: 1, idTag: "AABBCCDD", meterStart: 100, timestamp: at(0) })
      yield* started.answer({ transactionId: 7, idTagInfo: { status: "Blocked" } })
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), { idTokenInfo: { status: "Blocked" } })
      const updated = yield* csms.asked("MeterValues")
      assert.deepInclude(updated.payload, { transactionId: 7 })
      yield* updated.answer({})
      // What the meter has read last is how it ends, if the end tells nothing of it.
      yield* station.send("TransactionEvent", event("Ended", 3, 3))
      const ended = yield* csms.asked("StopTransaction")
      assert.deepInclude(ended.payload, { transactionId: 7, meterStop: 110, timestamp: at(3) })
    }).pipe(quiet)
  )

  it.effect("that has only one event is told by a start and an end", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      yield* station.send(
        "TransactionEvent",
        event("Ended", 0, 0, { evse: { id: 1 }, idToken, meterValue: register(0, 5) })
      )
      yield* (yield* csms.asked("StartTransaction")).answer({ transactionId: 7, ...accepted })
      yield* (yield* csms.asked("StopTransaction")).answer({})
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
    }).pipe(quiet)
  )

  it.effect("without an idToken is none in 1.6, but its readings are told", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      const free = { idToken: "", type: "NoAuthorization" }
      yield* station.send("TransactionEvent", event("Started", 0, 0, { evse: { id: 1 }, idToken: free }))
      yield* station.got("TransactionEvent")
      yield* station.send("TransactionEvent", event("Ended", 1, 1, { meterValue: register(1, 5) }))
      const readings = yield* csms.asked("MeterValues")
      assert.strictEqual(readings.payload.connectorId, 1)
      yield* readings.answer({})
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
    }).pipe(quiet)
  )

  it.effect("for an idToken that is too long in 1.6 is none either, and the station is told so", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      const long = { idToken: "x".repeat(21), type: "Central" }
      for (const one of [
        event("Started", 0, 0, { evse: { id: 1 }, idToken: long, meterValue: register(0, 5) }),
        event("Ended", 1, 1, { idToken: long, meterValue: register(1, 6) })
      ]) {
        yield* station.send("TransactionEvent", one)
        const readings = yield* csms.asked("MeterValues")
        assert.deepInclude(readings.payload, { connectorId: 1 })
        assert.notProperty(readings.payload, "transactionId")
        yield* readings.answer({})
        assert.deepStrictEqual(yield* station.got("TransactionEvent"), { idTokenInfo: { status: "Invalid" } })
      }
    }).pipe(quiet)
  )

  it.effect("[TX-05] [TX-08] survives kills of the gateway at any step, and has one number", () =>
    Effect.gen(function* () {
      const { connect, kill } = yield* world("2.0.1", "1.6")
      let { csms, station } = yield* connect()
      const begun = event("Started", 0, 0, { evse: { id: 1 }, idToken, meterValue: register(0, 100) })
      const restart = Effect.gen(function* () {
        yield* kill
        ;({ csms, station } = yield* connect())
      })
      yield* station.send("TransactionEvent", begun)
      yield* csms.asked("StartTransaction")
      yield* restart
      const again = yield* csms.asked("StartTransaction")
      yield* again.answer({ transactionId: 7, ...accepted })
      yield* station.send("TransactionEvent", begun)
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), { idTokenInfo: { status: "Accepted" } })
      assert.deepStrictEqual(yield* csms.raw.news, [])
      yield* restart
      const end = event("Ended", 1, 5)
      yield* station.send("TransactionEvent", end)
      const stop = yield* csms.asked("StopTransaction")
      assert.deepInclude(stop.payload, { transactionId: 7, meterStop: 100 })
      yield* restart
      const stopAgain = yield* csms.asked("StopTransaction")
      assert.deepStrictEqual(stopAgain.payload, stop.payload)
      yield* stopAgain.answer({})
      yield* station.send("TransactionEvent", end)
      assert.deepStrictEqual(yield* station.got("TransactionEvent"), {})
      assert.deepStrictEqual(yield* csms.raw.news, [])
    }).pipe(quiet)
  )

  it.effect("tells by statuses what happens at its connector", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* charging()
      const occupied = { timestamp: at(1), connectorStatus: "Occupied", evseId: 2, connectorId: 1 }
      yield* station.send("StatusNotification", occupied)
      const first = yield* csms.asked("StatusNotification")
      assert.deepInclude(first.payload, { connectorId: 2, status: "Preparing" })
      yield* first.answer({})
      yield* station.got("StatusNotification")
      yield* station.send("TransactionEvent", event("Updated", 1, 2, { info: { chargingState: "SuspendedEV" } }))
      const second = yield* csms.asked("StatusNotification")
      assert.deepInclude(second.payload, { connectorId: 2, status: "SuspendedEV", timestamp: at(2) })
      yield* second.answer({})
      yield* station.got("TransactionEvent")
      yield* station.send("StatusNotification", occupied)
      const third = yield* csms.asked("StatusNotification")
      assert.deepInclude(third.payload, { connectorId: 2, status: "SuspendedEV" })
    }).pipe(quiet)
  )

  it.effect("that went on while its station was offline leaves its connector as the station tells it", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      const started = (evseId: number, transactionId: string) =>
        event("Started", 0, 0, {
          info: { transactionId, chargingState: "Charging" },
          evse: { id: evseId },
          idToken,
          meterValue: register(0, 1),
          offline: true
        })
      for (const [evseId, transactionId] of [
        [1, "T1"],
        [2, "T2"]
      ] as const) {
        yield* station.send("TransactionEvent", started(evseId, transactionId))
        const start = yield* csms.asked("StartTransaction")
        yield* start.answer({ transactionId: evseId, ...accepted })
        yield* station.got("TransactionEvent")
      }
      yield* station.send("TransactionEvent", event("Ended", 1, 9, { meterValue: register(9, 5), offline: true }))
      yield* (yield* csms.asked("StopTransaction")).answer({})
      yield* station.got("TransactionEvent")
      // The other one goes on.
      yield* station.send("TransactionEvent", event("Updated", 1, 10, { info: { transactionId: "T2" } }))
      const status = yield* csms.asked("StatusNotification")
      assert.deepInclude(status.payload, { connectorId: 2, status: "Charging", timestamp: at(10) })
      yield* status.answer({})
      yield* station.got("TransactionEvent")
      assert.deepStrictEqual(yield* csms.raw.news, [])
    })
  )
})

describe("a station of 2.0.1 that begins more transactions than it ends", () => {
  it.effect("is remembered with those of which it told last", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* charging()
      const begin = (number: number) => {
        // It is not known where it is, so that the CSMS is not told yet.
        const begun = event("Started", 0, 1, { info: { transactionId: `T${number}` } })
        return Effect.andThen(station.send("TransactionEvent", begun), station.got("TransactionEvent"))
      }
      for (let number = 2; number <= 64; number++) yield* begin(number)
      yield* station.send("TransactionEvent", event("Updated", 1, 2, { meterValue: register(2, 1500) }))
      yield* (yield* csms.asked("MeterValues")).answer({})
      yield* station.got("TransactionEvent")
      yield* begin(65)
      yield* station.send("TransactionEvent", event("Ended", 2, 3))
      const stop = yield* csms.asked("StopTransaction")
      assert.deepInclude(stop.payload, { transactionId: 7, meterStop: 1500 })
    }).pipe(quiet)
  )
})

describe("a station of 2.0.1 with more EVSEs than any has", () => {
  it.effect("[FIELD-K12] is not remembered with all of them", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      for (let id = 1; id <= 257; id++) {
        const info = { transactionId: `T${id}`, chargingState: "Charging" }
        yield* station.raw.send([
          2,
          `${id}`,
          "TransactionEvent",
          event("Started", 0, 0, { info, evse: { id }, offline: true })
        ])
      }
      for (const [evseId, status] of [
        [257, "Charging"],
        [2, "Charging"],
        [1, "Preparing"]
      ] as const) {
        const occupied = { timestamp: at(1), connectorStatus: "Occupied", evseId, connectorId: 1 }
        yield* station.send("StatusNotification", occupied)
        const told = yield* csms.asked("StatusNotification")
        assert.deepInclude(told.payload, { connectorId: evseId, status })
        yield* told.answer({})
      }
    }).pipe(quiet)
  )
})

describe("a CSMS of 1.6", () => {
  it.effect(
    "starts a transaction at a station of 2.0.1, and stops it by the number that it gave, also after a kill",
    () =>
      Effect.gen(function* () {
        const { connect, kill } = yield* world("2.0.1", "1.6")
        let { csms, station } = yield* connect()
        yield* csms.send("RemoteStartTransaction", { idTag: "AABBCCDD", connectorId: 2 })
        const asked = yield* station.asked("RequestStartTransaction")
        const { remoteStartId, ...rest } = asked.payload
        assert.deepStrictEqual(rest, { evseId: 2, idToken })
        assert.isNumber(remoteStartId)
        yield* asked.answer({ status: "Accepted" })
        assert.deepStrictEqual(yield* csms.got("RemoteStartTransaction"), { status: "Accepted" })
        yield* station.send(
          "TransactionEvent",
          event("Started", 0, 0, { info: { remoteStartId }, evse: { id: 2 }, idToken, meterValue: register(0, 1) })
        )
        yield* (yield* csms.asked("StartTransaction")).answer({ transactionId: 7, ...accepted })
        yield* station.got("TransactionEvent")
        yield* kill
        ;({ csms, station } = yield* connect())
        yield* csms.send("RemoteStopTransaction", { transactionId: 7 })
        const stop = yield* station.asked("RequestStopTransaction")
        assert.deepStrictEqual(stop.payload, { transactionId: "T1" })
        yield* stop.answer({ status: "Accepted" })
        assert.deepStrictEqual(yield* csms.got("RemoteStopTransaction"), { status: "Accepted" })
        yield* csms.send("RemoteStopTransaction", { transactionId: 8 })
        assert.deepStrictEqual(yield* csms.got("RemoteStopTransaction"), { status: "Rejected" })
      }).pipe(quiet)
  )

  it.effect("asks in its words, and is answered in them", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* charging()
      const passes = Effect.fnUntraced(function* (
        [action, request, answer]: readonly [string, object, unknown],
        [name, asked, answered]: readonly [string, object, object]
      ) {
        yield* csms.send(action, request)
        const came = yield* station.asked(name)
        assert.deepNestedInclude(came.payload, asked)
        yield* came.answer(answered)
        assert.deepStrictEqual(yield* csms.got(action), answer)
      })
      const yes = { status: "Accepted" }
      yield* passes(["Reset", { type: "Hard" }, yes], ["Reset", { type: "Immediate" }, yes])
      yield* passes(["Reset", { type: "Soft" }, yes], ["Reset", { type: "OnIdle" }, yes])
      yield* passes(
        ["ChangeAvailability", { connectorId: 0, type: "Operative" }, yes],
        ["ChangeAvailability", { operationalStatus: "Operative" }, yes]
      )
      yield* passes(
        ["UnlockConnector", { connectorId: 2 }, { status: "Unlocked" }],
        ["UnlockConnector", { evseId: 2, connectorId: 1 }, { status: "Unlocked" }]
      )
      yield* passes(
        [
          "ReserveNow",
          { connectorId: 1, expiryDate: at(50), idTag: "X", reservationId: 3, parentIdTag: "GROUP" },
          { status: "Occupied" }
        ],
        ["ReserveNow", { id: 3, evseId: 1, idToken: { idToken: "X", type: "ISO14443" } }, { status: "Occupied" }]
      )
      const chargingSchedule = {
        chargingRateUnit: "A",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }]
      }
      const profile = {
        stackLevel: 0,
        chargingProfilePurpose: "TxProfile",
        chargingProfileKind: "Relative"
      }
      yield* passes(
        [
          "SetChargingProfile",
          {
            connectorId: 2,
            csChargingProfiles: { chargingProfileId: 4, transactionId: 7, ...profile, chargingSchedule }
          },
          yes
        ],
        [
          "SetChargingProfile",
          {
            evseId: 2,
            "chargingProfile.id": 4,
            "chargingProfile.transactionId": "T1",
            "chargingProfile.chargingSchedule[0].id": 4
          },
          yes
        ]
      )
      yield* passes(
        ["UpdateFirmware", { location: "ftp://f", retrieveDate: at(50) }, {}],
        ["UpdateFirmware", { "firmware.location": "ftp://f" }, yes]
      )
      const component = { name: "OCPPCommCtrlr" }
      const variable = { name: "HeartbeatInterval" }
      yield* passes(
        ["ChangeConfiguration", { key: "HeartbeatInterval", value: "60" }, yes],
        [
          "SetVariables",
          { "setVariableData[0].attributeValue": "60" },
          { setVariableResult: [{ component, variable, attributeStatus: "Accepted" }] }
        ]
      )
    }).pipe(quiet)
  )

  it.effect("that has numbers beyond 2^53 for transactions stops them", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      const started = event("Started", 0, 0, { evse: { id: 1 }, idToken, meterValue: register(0, 1) })
      yield* station.send("TransactionEvent", started)
      const [, start] = yield* csms.raw.next
      const number = "9007199254740993"
      yield* csms.raw.send(`[3,"${start}",{"transactionId":${number},"idTagInfo":{"status":"Accepted"}}]`)
      yield* station.got("TransactionEvent")
      yield* csms.raw.send(`[2,"m1","RemoteStopTransaction",{"transactionId":${number}}]`)
      const stop = yield* station.asked("RequestStopTransaction")
      assert.deepStrictEqual(stop.payload, { transactionId: "T1" })
      yield* stop.answer({ status: "Accepted" })
      assert.deepStrictEqual(yield* csms.got("RemoteStopTransaction"), { status: "Accepted" })
    })
  )

  it.effect("that asks without a number is told without one, also after a kill, and with its own if it has one", () =>
    Effect.gen(function* () {
      const { connect, kill } = yield* world("2.0.1", "1.6")
      let { csms, station } = yield* connect()
      /** The CSMS asks; gives the number that the station gets. */
      const asks = Effect.fnUntraced(function* (action: string, request: object, name: string) {
        yield* csms.send(action, request)
        const asked = yield* station.asked(name)
        yield* asked.answer({ status: "Accepted" })
        yield* csms.got(action)
        return asked.payload.requestId
      })
      /** The station tells; gives what the CSMS gets. */
      const tells = Effect.fnUntraced(function* (name: string, told: object, action: string) {
        yield* station.send(name, told)
        const came = yield* csms.asked(action)
        yield* came.answer({})
        yield* station.got(name)
        return came.payload
      })
      const update = { location: "ftp://f", retrieveDate: at(50) }
      const requestId = yield* asks("UpdateFirmware", update, "UpdateFirmware")
      const upload = yield* asks("GetDiagnostics", { location: "ftp://f" }, "GetLog")
      yield* kill
      ;({ csms, station } = yield* connect())
      const downloaded = { status: "Downloaded", requestId }
      const status = yield* tells("FirmwareStatusNotification", downloaded, "FirmwareStatusNotification")
      assert.deepStrictEqual(status, { status: "Downloaded" })
      const uploaded = { status: "Uploaded", requestId: upload }
      assert.deepStrictEqual(yield* tells("LogStatusNotification", uploaded, "DiagnosticsStatusNotification"), {
        status: "Uploaded"
      })
      // The CSMS may choose the same number.
      const firmware = { location: "ftp://f", retrieveDateTime: at(50), signingCertificate: "PEM", signature: "c2ln" }
      yield* asks("SignedUpdateFirmware", { requestId, firmware }, "UpdateFirmware")
      const signed = yield* tells("FirmwareStatusNotification", downloaded, "SignedFirmwareStatusNotification")
      assert.deepStrictEqual(signed, downloaded)
    }).pipe(quiet)
  )
})

describe("a station of 2.0.1", () => {
  it.effect("boots, authorises and beats at a CSMS of 1.6, and is refused what 1.6 cannot say", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      yield* station.send("BootNotification", {
        reason: "PowerUp",
        chargingStation: { vendorName: "ACME Charging Stations", model: "Two", serialNumber: "S" }
      })
      const boot = yield* csms.asked("BootNotification")
      assert.deepStrictEqual(boot.payload, {
        chargePointVendor: "ACME Charging Statio",
        chargePointModel: "Two",
        chargePointSerialNumber: "S"
      })
      const answer = { status: "Accepted", currentTime: at(0), interval: 300 }
      yield* boot.answer(answer)
      assert.deepStrictEqual(yield* station.got("BootNotification"), answer)
      yield* station.send("Authorize", { idToken })
      const asked = yield* csms.asked("Authorize")
      assert.deepStrictEqual(asked.payload, { idTag: "AABBCCDD" })
      yield* asked.answer({ idTagInfo: { status: "Accepted", parentIdTag: "GROUP" } })
      assert.deepStrictEqual(yield* station.got("Authorize"), {
        idTokenInfo: { status: "Accepted", groupIdToken: { idToken: "GROUP", type: "ISO14443" } }
      })
      yield* station.send("Authorize", { idToken: { idToken: "x".repeat(21), type: "Central" } })
      assert.strictEqual(yield* station.got("Authorize"), "NotSupported")
      yield* station.send("NotifyEVChargingSchedule", {
        timeBase: at(0),
        evseId: 1,
        chargingSchedule: { id: 1, chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 1 }] }
      })
      assert.strictEqual(yield* station.got("NotifyEVChargingSchedule"), "NotSupported")
      // The second connector of an EVSE has no number there.
      yield* station.send("StatusNotification", {
        timestamp: at(0),
        connectorStatus: "Available",
        evseId: 1,
        connectorId: 2
      })
      assert.deepStrictEqual(yield* station.got("StatusNotification"), {})
      assert.deepStrictEqual(yield* csms.raw.news, [])
    }).pipe(quiet)
  )
})

describe("keys that a CSMS of 1.6 asks a station of 2.0.1 for", () => {
  it.effect("are told without those that 2.0.1 tells in reports only", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      yield* csms.send("GetConfiguration", { key: ["HeartbeatInterval", "LocalAuthListMaxLength"] })
      const read = yield* station.asked("GetVariables")
      const heartbeat = { component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" } }
      assert.deepStrictEqual(read.payload, { getVariableData: [heartbeat] })
      yield* read.answer({
        getVariableResult: [{ ...heartbeat, attributeStatus: "Accepted", attributeValue: "300" }]
      })
      assert.deepStrictEqual(yield* csms.got("GetConfiguration"), {
        configurationKey: [{ key: "HeartbeatInterval", readonly: false, value: "300" }],
        unknownKey: ["LocalAuthListMaxLength"]
      })
    })
  )
})

describe("the name of a vendor that is too long for 1.6", () => {
  it.effect("is told as far as there is room, and in the log as a whole", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
        if (logLevel === "Warn") lines.push(String(message))
      })
      yield* Effect.gen(function* () {
        const { connect } = yield* world("2.0.1", "1.6")
        const { csms, station } = yield* connect()
        for (let round = 0; round < 2; round++) {
          const chargingStation = { vendorName: "ACME Charging Stations", model: "Two" }
          yield* station.send("BootNotification", { reason: "PowerUp", chargingStation })
          yield* (yield* csms.asked("BootNotification")).answer({
            status: "Accepted",
            currentTime: at(0),
            interval: 300
          })
          yield* station.got("BootNotification")
        }
      }).pipe(Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(lines, ["the CSMS is told 20 characters of the name of a vendor: ACME Charging Stations"])
    })
  )
})
