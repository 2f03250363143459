/**
 * What a simulated station of 1.6 claims, and that it does no less: each profile, and each key that can be written; and what
 * one of 1.5 has of it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import { MemoryNetwork, Simulation, VirtualCsms, VirtualStation } from "../../src/simulation/index.ts"
import { Storage, StorageError } from "../../src/Storage.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import type * as V16 from "../../src/v16/index.ts"
import { Network } from "../support/station.ts"
import { settled, start } from "../support/time.ts"
import { actionsOf, callsOf, simulate } from "../support/virtual.ts"

type Simulated = Effect.Success<ReturnType<typeof simulate>>

const accepted = { status: "Accepted" }
const rejected = { status: "Rejected" }

/** The payloads of the calls of an action. */
const told = ({ csms }: Simulated, action: string) =>
  Effect.map(callsOf(csms), (calls) => calls.filter((call) => call.action === action).map(({ payload }) => payload))

/** The status that a connector has told last. */
const statusOf = (simulated: Simulated, connectorId: number) =>
  Effect.map(
    told(simulated, "StatusNotification"),
    (all) => all.findLast((payload) => payload["connectorId"] === connectorId)?.["status"]
  )

const configure = ({ call }: Simulated, key: string, value: string) => call("ChangeConfiguration", { key, value })

const configuration = ({ call }: Simulated, key?: ReadonlyArray<string>) =>
  // What the station answers has passed its schema.
  Effect.map(
    call("GetConfiguration", key === undefined ? {} : { key }),
    (answer) => answer as V16.GetConfigurationResponse
  )

/** The time so many seconds from now. */
const after = (seconds: number) =>
  Effect.map(Timestamp.now, (now) => Timestamp.fromMillis((Timestamp.toMillis(now) ?? 0) + seconds * 1000))

const reserve = (simulated: Simulated, more: object = {}) =>
  Effect.flatMap(after(600), (expiryDate) =>
    simulated.call("ReserveNow", { connectorId: 1, expiryDate, idTag: "Abc", reservationId: 7, ...more })
  )

const refusal = <A>(starting: Effect.Effect<A, { readonly _tag: string; readonly reason?: unknown }>) =>
  Effect.map(Effect.flip(starting), ({ _tag, reason }) => `${_tag} ${String(reason)}`)

const statusesOf = (simulated: Simulated, action: string) =>
  Effect.map(told(simulated, action), (all) => all.map(({ status }) => status))

describe("A simulated station of 1.6", () => {
  it.effect("[FIELD-K8] [BLK-07] lets be written what it has an effect for, and nothing else", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { configurationKey = [] } = yield* configuration(simulated)
      const writable = configurationKey.filter(({ readonly }) => !readonly).map(({ key }) => key)
      // A test below has each of these in its title or its body.
      assert.deepStrictEqual(writable, [
        "AuthorizeRemoteTxRequests",
        "HeartbeatInterval",
        "LocalAuthorizeOffline",
        "LocalPreAuthorize",
        "MeterValuesSampledData",
        "MeterValueSampleInterval",
        "StopTransactionOnInvalidId",
        "TransactionMessageAttempts",
        "TransactionMessageRetryInterval",
        "LocalAuthListEnabled"
      ])
      for (const { key, readonly, value = "" } of configurationKey) {
        assert.deepStrictEqual(yield* configure(simulated, key, value), readonly ? rejected : accepted, key)
      }
      for (const key of writable) {
        assert.deepStrictEqual(yield* configure(simulated, key, "nonsense"), rejected, key)
      }
      assert.deepStrictEqual(yield* configuration(simulated), { configurationKey })
      assert.deepStrictEqual(yield* configure(simulated, "AuthorizationKey", "00112233"), { status: "NotSupported" })
    })
  )

  it.effect("[FIELD-K8] [BLK-01] compares the names of keys without case, and tells its own", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      assert.deepStrictEqual(yield* configure(simulated, "heartbeatINTERVAL", "10"), accepted)
      assert.deepStrictEqual(yield* configuration(simulated, ["HEARTBEATinterval", "nothing"]), {
        configurationKey: [{ key: "HeartbeatInterval", readonly: false, value: "10" }],
        unknownKey: ["nothing"]
      })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* told(simulated, "Heartbeat")).length, 6)
    })
  )

  it.effect("[FIELD-K8] tells the heartbeat interval that its CSMS has given it", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, csms } = simulated
      yield* csms.answerBoot("CP001", { status: "Accepted", interval: 20 })
      assert.deepStrictEqual(yield* call("TriggerMessage", { requestedMessage: "BootNotification" }), accepted)
      yield* settled
      const interval = Effect.map(
        configuration(simulated, ["HeartbeatInterval"]),
        ({ configurationKey = [] }) => configurationKey[0]?.value
      )
      assert.strictEqual(yield* interval, "20")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* told(simulated, "Heartbeat")).length, 3)
      yield* configure(simulated, "HeartbeatInterval", "30")
      assert.strictEqual(yield* interval, "30")
    })
  )

  it.effect("[FIELD-K8] does not claim what it cannot do, and says so when it is asked", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { configurationKey = [] } = yield* configuration(simulated, ["SupportedFeatureProfiles"])
      assert.strictEqual(
        configurationKey[0]?.value,
        "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"
      )
      const requestedMessage = "SignChargePointCertificate"
      assert.deepStrictEqual(yield* simulated.call("ExtendedTriggerMessage", { requestedMessage }), {
        status: "NotImplemented"
      })
      assert.deepStrictEqual(yield* simulated.call("ClearCache", {}), rejected)
    })
  )

  it.effect(
    "[FIELD-K8] [BLK-09] tells how an update of its firmware goes, or fails, between its transactions, and boots with it",
    () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const { call, csms, station } = simulated
        const trigger = call("TriggerMessage", { requestedMessage: "FirmwareStatusNotification" })
        const statuses = statusesOf(simulated, "FirmwareStatusNotification")
        const retrieveDate = yield* after(60)
        yield* station.start(1, "321")
        assert.deepStrictEqual(
          yield* call("UpdateFirmware", { location: "https://csms.example/1.bin", retrieveDate }),
          {}
        )
        yield* TestClock.adjust("59 seconds")
        assert.deepStrictEqual(yield* statuses, [])
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual(yield* statuses, ["Downloading", "Downloaded"])
        assert.deepStrictEqual(yield* trigger, accepted)
        yield* station.stop(1)
        yield* TestClock.adjust("2 minutes")
        assert.deepStrictEqual(yield* trigger, accepted)
        yield* settled
        assert.deepStrictEqual((yield* statuses).slice(2), ["Downloaded", "Installing", "Installed", "Idle"])
        assert.strictEqual((yield* actionsOf(csms)).filter((action) => action === "BootNotification").length, 2)
        yield* call("UpdateFirmware", { location: "file:///etc/passwd", retrieveDate })
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual((yield* statuses).slice(6), ["Downloading", "DownloadFailed"])
      })
  )

  it.effect("[FIELD-K8] tells how an upload of its log goes, of which the later one ends the earlier", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call } = simulated
      const location = "https://csms.example/logs"
      assert.deepStrictEqual(yield* call("GetDiagnostics", { location }), { fileName: "log.txt" })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* statusesOf(simulated, "DiagnosticsStatusNotification"), ["Uploading", "Uploaded"])
      const log = { log: { remoteLocation: location }, logType: "SecurityLog" }
      assert.deepInclude(yield* call("GetLog", { ...log, requestId: 1 }), accepted)
      yield* settled
      assert.deepInclude(yield* call("GetLog", { ...log, requestId: 2 }), { status: "AcceptedCanceled" })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* told(simulated, "LogStatusNotification"), [
        { status: "Uploading", requestId: 1 },
        { status: "Uploading", requestId: 2 },
        { status: "Uploaded", requestId: 2 }
      ])
    })
  )
})

describe("[FIELD-K8] A simulated station of 1.6 meters", () => {
  it.effect("[BLK-05] by a MeterValueSampleInterval that changes in the middle, from then on", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const samples = Effect.map(told(simulated, "MeterValues"), ({ length }) => length)
      yield* simulated.station.start(1, "321")
      yield* TestClock.adjust("90 seconds")
      assert.strictEqual(yield* samples, 1)
      yield* configure(simulated, "MeterValueSampleInterval", "10")
      yield* TestClock.adjust("25 seconds")
      assert.strictEqual(yield* samples, 3)
      yield* configure(simulated, "MeterValueSampleInterval", "0")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* samples, 3)
      yield* configure(simulated, "metervaluesampleinterval", "60")
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* samples, 5)
      yield* simulated.station.stop(1)
      yield* configure(simulated, "MeterValueSampleInterval", "1")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* samples, 5)
    })
  )

  it.effect("[BLK-05] until the stop, and not a moment longer", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(
        VirtualStation.layer({ url: "ws://csms.example", identity: "CP001", sampleInterval: 1 }).pipe(
          Layer.provideMerge(MemoryNetwork.layerWith({ latency: "4 seconds" })),
          Layer.provideMerge(VirtualCsms.layer())
        )
      )
      const csms = Context.get(context, VirtualCsms)
      const station = Context.get(context, VirtualStation)
      yield* station.accepted
      const transactionId = Number(yield* station.start(1, "321"))
      yield* Effect.sleep("3 minutes")
      yield* station.stop(1)
      yield* Effect.sleep("1 hour")
      const calls = yield* callsOf(csms)
      const samples = calls.filter(({ action }) => action === "MeterValues")
      assert.isAbove(samples.length, 180)
      for (const { payload } of samples) assert.strictEqual(payload["transactionId"], transactionId)
      const stop = calls.findIndex(({ action }) => action === "StopTransaction")
      assert.isAbove(
        stop,
        calls.findLastIndex(({ action }) => action === "MeterValues")
      )
    }).pipe(Simulation.run)
  )

  it.effect("what MeterValuesSampledData names", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      assert.deepStrictEqual(yield* configure(simulated, "MeterValuesSampledData", "Power.Active.Import"), accepted)
      for (const value of ["", "Voltage", "Power.Active.Import,SoC"]) {
        assert.deepStrictEqual(yield* configure(simulated, "MeterValuesSampledData", value), rejected, value)
      }
      yield* simulated.call("TriggerMessage", { requestedMessage: "MeterValues" })
      yield* settled
      const [sent] = yield* told(simulated, "MeterValues")
      assert.include(JSON.stringify(sent), "Power.Active.Import")
      assert.notInclude(JSON.stringify(sent), "Energy")
    })
  )
})

const entry = (idTag: string, status?: string) => ({
  idTag,
  ...(status === undefined ? {} : { idTagInfo: { status } })
})

const entries = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => entry(`T${from + index}`, "Accepted"))

describe("[FIELD-K8] A simulated station of 1.6 authorizes", () => {
  it.effect("[BLK-06] a remote start first, if AuthorizeRemoteTxRequests says so", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, csms } = simulated
      yield* csms.ledger.setIdTags({ default: "Accepted", tags: [{ idTag: "BAD", status: "Blocked" }] })
      yield* configure(simulated, "AuthorizeRemoteTxRequests", "TRUE")
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "BAD" }), accepted)
      yield* settled
      assert.deepStrictEqual(yield* csms.ledger.transactions(), [])
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "321" }), accepted)
      yield* settled
      assert.deepInclude((yield* csms.ledger.transactions())[0], { idTag: "321", stopTimestamp: null })
      assert.strictEqual((yield* told(simulated, "Authorize")).length, 2)
    })
  )

  it.effect("and lets a refused transaction go on without energy, if StopTransactionOnInvalidId is false", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, csms, station } = simulated
      yield* csms.ledger.setIdTags({ default: "Invalid", tags: [] })
      yield* configure(simulated, "StopTransactionOnInvalidId", "false")
      yield* call("RemoteStartTransaction", { idTag: "321" })
      yield* settled
      assert.strictEqual(yield* statusOf(simulated, 1), "SuspendedEVSE")
      yield* TestClock.adjust("1 hour")
      yield* station.stop(1)
      assert.deepInclude((yield* csms.ledger.transactions())[0], { meterStop: 0, stopReason: "Local" })
    })
  )

  it.effect(
    "[BLK-08] by its list first with LocalPreAuthorize, and without a connection with LocalAuthorizeOffline",
    () =>
      Effect.gen(function* () {
        const simulated = yield* simulate({ connectors: 4 })
        const { call, network, station } = simulated
        const localAuthorizationList = [
          { idTag: "Listed", idTagInfo: { status: "Accepted" } },
          { idTag: "Old", idTagInfo: { status: "Accepted", expiryDate: yield* after(60) } },
          { idTag: "Bad", idTagInfo: { status: "Blocked" } }
        ]
        yield* call("SendLocalList", { listVersion: 1, updateType: "Full", localAuthorizationList })
        const asked = Effect.map(told(simulated, "Authorize"), (all) => all.map(({ idTag }) => idTag))
        yield* station.start(1, "LISTED")
        assert.deepStrictEqual(yield* asked, ["LISTED"])
        yield* configure(simulated, "LocalPreAuthorize", "true")
        yield* station.start(2, "listed")
        yield* TestClock.adjust("1 minute")
        yield* station.start(3, "Old")
        assert.deepStrictEqual(yield* asked, ["LISTED", "Old"])

        yield* network.setReachable(false)
        yield* network.cut()
        yield* settled
        assert.strictEqual(yield* refusal(station.start(4, "Bad")), "NotStarted Blocked")
        assert.strictEqual(yield* refusal(station.start(4, "Old")), "NotStarted Expired")
        assert.strictEqual(yield* refusal(station.start(4, "Other")), "NotSent NotConnected")
        yield* start(station.start(4, "Listed"))
        yield* network.setReachable(true)
        yield* TestClock.adjust("10 minutes")
        assert.deepInclude((yield* simulated.csms.ledger.transactions())[3], { connectorId: 4, idTag: "Listed" })

        yield* station.stop(4)
        yield* configure(simulated, "LocalPreAuthorize", "false")
        yield* configure(simulated, "LocalAuthorizeOffline", "false")
        yield* network.setReachable(false)
        yield* network.cut()
        yield* settled
        assert.strictEqual(yield* refusal(station.start(4, "Listed")), "NotSent NotConnected")
      })
  )

  it.effect("[BLK-08] by a list that it takes as a whole or not at all", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call } = simulated
      const update = (updateType: string, listVersion: number, ...localAuthorizationList: ReadonlyArray<object>) =>
        Effect.map(
          call("SendLocalList", { updateType, listVersion, localAuthorizationList }),
          (answer) =>
            // What the station answers has passed its schema.
            (answer as V16.SendLocalListResponse).status
        )
      const version = Effect.map(
        call("GetLocalListVersion", {}),
        (answer) => (answer as V16.GetLocalListVersionResponse).listVersion
      )
      assert.strictEqual(yield* version, 0)
      assert.strictEqual(yield* update("Full", 1, entry("A", "Accepted"), entry("B")), "Failed")
      assert.strictEqual(yield* update("Full", 1, entry("A", "Accepted"), entry("a", "Blocked")), "Failed")
      assert.strictEqual(yield* update("Full", 0, entry("A", "Accepted")), "Failed")
      assert.strictEqual(yield* update("Full", -1, entry("A", "Accepted")), "Failed")
      assert.strictEqual(yield* update("Full", 1, ...entries(0, 101)), "Failed")
      assert.strictEqual(yield* version, 0)
      assert.strictEqual(yield* update("Full", 1, ...entries(0, 100)), "Accepted")
      assert.strictEqual(yield* update("Differential", 1, entry("A", "Accepted")), "VersionMismatch")
      for (let part = 1; part < 10; part++) {
        assert.strictEqual(yield* update("Differential", part + 1, ...entries(part * 100, 100)), "Accepted")
      }
      assert.strictEqual(yield* update("Differential", 11, entry("A", "Accepted")), "Failed")
      assert.strictEqual(yield* update("Differential", 11, entry("A", "Accepted"), entry("t5")), "Accepted")
      assert.strictEqual(yield* version, 11)
      yield* configure(simulated, "LocalAuthListEnabled", "false")
      assert.strictEqual(yield* update("Full", 12, entry("A", "Accepted")), "NotSupported")
      assert.strictEqual(yield* version, -1)
      yield* configure(simulated, "LocalAuthListEnabled", "true")
      assert.strictEqual(yield* update("Full", 2), "Accepted")
      assert.strictEqual(yield* version, 0)
      // The next one begins anew, as the version that was told says.
      assert.strictEqual(yield* update("Differential", 1, entry("A", "Accepted")), "Accepted")
      assert.strictEqual(yield* update("Differential", 1, entry("B", "Accepted")), "VersionMismatch")
    })
  )
})

describe("[FIELD-K8] A simulated station of 1.6 that lets through what its CSMS gets wrong", () => {
  it.effect("does nothing for a word that there is not", () =>
    Effect.gen(function* () {
      const network = new Network()
      const url = "ws://csms.example"
      yield* Layer.build(
        VirtualStation.layer({ url, identity: "CP001", tolerance: Tolerance.lenient }).pipe(
          Layer.provide(network.layer)
        )
      )
      yield* settled
      const { raw } = network
      const currentTime = yield* Timestamp.now
      yield* raw.send([3, yield* raw.nextCall("BootNotification"), { status: "Accepted", currentTime, interval: 0 }])
      const ask = Effect.fnUntraced(function* (action: string, payload: object) {
        yield* raw.send([2, "1", action, payload])
        const answer = (yield* raw.news).find(([type, id]) => type === 3 && id === "1")
        return answer?.[2]
      })
      const given = profile("TxDefaultProfile")
      const of = (more: object) => ({ chargingSchedule: { ...given.chargingSchedule, ...more } })
      for (const [action, payload, answer] of [
        ["Reset", { type: "Soft, please" }, rejected],
        ["ChangeAvailability", { connectorId: 1, type: "Closed" }, rejected],
        ["SendLocalList", { listVersion: 1, updateType: "Partial" }, { status: "Failed" }],
        ["SetChargingProfile", { ...given, ...of({ chargingRateUnit: "kW" }) }, rejected],
        ["SetChargingProfile", { ...given, chargingProfileKind: "Eternal" }, rejected],
        ["SetChargingProfile", { ...given, chargingProfilePurpose: "Any" }, rejected],
        ["SetChargingProfile", { ...given, chargingProfileKind: "Recurring", recurrencyKind: "Yearly" }, rejected],
        ["SetChargingProfile", given, accepted],
        ["GetCompositeSchedule", { connectorId: 1, duration: 60, chargingRateUnit: "kW" }, rejected],
        ["TriggerMessage", { requestedMessage: "Everything" }, { status: "NotImplemented" }]
      ] as const) {
        const asked = action === "SetChargingProfile" ? { connectorId: 1, csChargingProfiles: payload } : payload
        assert.deepStrictEqual(yield* ask(action, asked), answer, JSON.stringify(payload))
      }
      assert.isUndefined(raw.end)
    })
  )
})

describe("[FIELD-K8] A simulated station of 1.6 delivers", () => {
  it.effect("what the CSMS cannot answer as often and as late as it was told", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      assert.deepStrictEqual(yield* configure(simulated, "TransactionMessageAttempts", "0"), rejected)
      assert.deepStrictEqual(yield* configure(simulated, "transactionMessageAttempts", "2"), accepted)
      assert.deepStrictEqual(yield* configure(simulated, "transactionMessageRetryInterval", "100"), accepted)
      const { csms, station } = simulated
      yield* station.start(1, "321")
      yield* settled
      yield* csms.answer("CP001", "StopTransaction", { silent: true })
      yield* start(station.stop(1))
      const stops = Effect.map(told(simulated, "StopTransaction"), ({ length }) => length)
      yield* settled
      assert.strictEqual(yield* stops, 1)
      yield* TestClock.adjust("129 seconds")
      assert.strictEqual(yield* stops, 1)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* stops, 2)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* stops, 2)
    })
  )

  for (const when of ["while it repeats it", "before it repeats it on another connection"]) {
    it.effect(`[FIELD-K2] what its simulated CSMS left without an answer, once that is taken back ${when}`, () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        yield* configure(simulated, "TransactionMessageRetryInterval", "10")
        const { csms, network, station } = simulated
        yield* station.start(1, "321")
        yield* settled
        yield* csms.answer("CP001", "StopTransaction", { silent: true })
        const stopping = yield* start(station.stop(1))
        yield* settled
        if (when.startsWith("before")) yield* network.cut()
        else yield* TestClock.adjust("41 seconds")
        yield* csms.answer("CP001", "StopTransaction", undefined)
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(stopping)
        const [transaction, ...others] = yield* csms.ledger.transactions()
        assert.deepInclude(transaction, { stopReason: "Local" })
        assert.deepStrictEqual(others, [])
      })
    )
  }
})

it.effect(
  "[FIELD-K13] A simulated station of 1.6 whose storage is full goes on with its transaction, and ends it later",
  () =>
    Effect.gen(function* () {
      const disk = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      let isFull = false
      const full = new StorageError({ storage: "disk", reason: "Full", detail: "0 bytes" })
      const storage = Storage.of({ ...disk, commit: (changes) => (isFull ? Effect.fail(full) : disk.commit(changes)) })
      const simulated = yield* Effect.provideService(simulate(), Storage, storage)
      const { csms, station } = simulated
      yield* station.start(1, "321")
      yield* settled
      isFull = true
      assert.deepInclude(yield* Effect.flip(station.stop(1)), { _tag: "NotSent", reason: "NotStored" })
      assert.strictEqual(yield* statusOf(simulated, 1), "Charging")
      isFull = false
      yield* TestClock.adjust("1 hour")
      assert.isAbove((yield* told(simulated, "MeterValues")).length, 50)
      yield* station.stop(1)
      yield* settled
      assert.deepInclude((yield* csms.ledger.transactions())[0], { stopReason: "Local", meterStop: 11_000 })
      assert.strictEqual(yield* statusOf(simulated, 1), "Available")
      yield* station.start(1, "321")
    })
)

describe("[FIELD-K8] A simulated station of 1.6 reserves", () => {
  it.effect("[BLK-02] until the reservation expires, and not for the past", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 29))
      const simulated = yield* simulate()
      assert.deepStrictEqual(yield* reserve(simulated, { expiryDate: yield* after(0) }), rejected)
      assert.deepStrictEqual(yield* reserve(simulated, { connectorId: 0 }), rejected)
      assert.deepStrictEqual(yield* reserve(simulated, { connectorId: -3 }), rejected)
      assert.deepStrictEqual(yield* reserve(simulated), accepted)
      yield* settled
      assert.strictEqual(yield* statusOf(simulated, 1), "Reserved")
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual(yield* refusal(simulated.station.start(1, "other")), "NotStarted Reserved")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* statusOf(simulated, 1), "Available")
      yield* simulated.station.start(1, "other")
      assert.notProperty((yield* told(simulated, "StartTransaction"))[0], "reservationId")
    })
  )

  it.effect("[BLK-02] for the months that a timer has not", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      yield* configure(simulated, "HeartbeatInterval", "0")
      yield* reserve(simulated, { expiryDate: yield* after(90 * 86_400) })
      yield* TestClock.adjust(Duration.days(89))
      yield* settled
      assert.strictEqual(yield* statusOf(simulated, 1), "Reserved")
      yield* TestClock.adjust(Duration.days(1))
      assert.strictEqual(yield* statusOf(simulated, 1), "Available")
    })
  )

  for (const how of ["at the station", "remotely"]) {
    it.effect(`[BLK-01] [BLK-02] for an idTag, whatever its case, that starts ${how}`, () =>
      Effect.gen(function* () {
        const simulated = yield* simulate({ connectors: 2 })
        const { call, csms, station } = simulated
        assert.deepStrictEqual(yield* reserve(simulated, { connectorId: 2 }), accepted)
        if (how === "remotely") {
          assert.deepStrictEqual(yield* call("RemoteStartTransaction", { connectorId: 2, idTag: "other" }), rejected)
          assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "aBC" }), accepted)
          yield* settled
        } else yield* station.start(2, "aBC")
        assert.deepInclude((yield* told(simulated, "StartTransaction"))[0], { connectorId: 2, reservationId: 7 })
        assert.deepInclude((yield* csms.ledger.transactions())[0], { connectorId: 2, idTag: "aBC" })
        assert.deepStrictEqual(yield* call("CancelReservation", { reservationId: 7 }), rejected)
        yield* TestClock.adjust("20 minutes")
        assert.strictEqual(yield* statusOf(simulated, 2), "Charging")
        yield* station.stop(2)
        assert.strictEqual(yield* statusOf(simulated, 2), "Available")
      })
    )
  }

  it.effect("[BLK-02] for a group, which the CSMS tells the members of", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, csms, station } = simulated
      yield* csms.ledger.setIdTags({ default: "Accepted", tags: [{ idTag: "member", parentIdTag: "GROUP" }] })
      yield* reserve(simulated, { parentIdTag: "Group" })
      assert.strictEqual(yield* refusal(station.start(1, "other")), "NotStarted Reserved")
      // Without asking, the station cannot know.
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "member" }), rejected)
      yield* station.start(1, "member")
      assert.deepInclude((yield* told(simulated, "StartTransaction"))[0], { idTag: "member", reservationId: 7 })
    })
  )

  it.effect("one connector by one reservation, which can be moved and cancelled", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 2 })
      const { call } = simulated
      const at = (connectorId: number) => statusOf(simulated, connectorId)
      assert.deepStrictEqual(yield* reserve(simulated), accepted)
      assert.deepStrictEqual(yield* reserve(simulated, { reservationId: 8 }), { status: "Occupied" })
      assert.deepStrictEqual(yield* reserve(simulated, { idTag: "new" }), accepted)
      assert.deepStrictEqual(yield* reserve(simulated, { connectorId: 2 }), accepted)
      yield* settled
      assert.deepStrictEqual([yield* at(1), yield* at(2)], ["Available", "Reserved"])
      yield* call("ChangeAvailability", { connectorId: 2, type: "Inoperative" })
      yield* settled
      assert.strictEqual(yield* at(2), "Unavailable")
      assert.deepStrictEqual(yield* reserve(simulated, { connectorId: 2 }), { status: "Unavailable" })
      yield* call("ChangeAvailability", { connectorId: 2, type: "Operative" })
      yield* settled
      assert.strictEqual(yield* at(2), "Reserved")
      assert.deepStrictEqual(yield* call("CancelReservation", { reservationId: 7 }), accepted)
      yield* settled
      assert.strictEqual(yield* at(2), "Available")
      const before = (yield* actionsOf(simulated.csms)).length
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual((yield* actionsOf(simulated.csms)).slice(before), ["Heartbeat", "Heartbeat"])
    })
  )
})

describe("[BLK-11] A simulated station of 1.6 starts", () => {
  it.effect("one transaction per connector, whatever comes together", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { csms, station } = simulated
      const both = yield* Effect.forEach(["one", "two"], (idTag) => start(Effect.result(station.start(1, idTag))))
      const results = yield* Effect.forEach(both, Fiber.join)
      assert.deepStrictEqual(
        results.map(({ _tag }) => _tag),
        ["Success", "Failure"]
      )
      assert.strictEqual((yield* csms.ledger.transactions()).length, 1)
    })
  )

  it.effect("starts and stops as a whole, although who asks for it goes away meanwhile", () =>
    Effect.gen(function* () {
      const disk = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const free = yield* Latch.make(true)
      const storage = Storage.of({ ...disk, commit: (changes) => Effect.andThen(free.await, disk.commit(changes)) })
      const simulated = yield* Effect.provideService(simulate(), Storage, storage)
      const { csms, station } = simulated
      const leaving = Effect.fnUntraced(function* <A, E>(asked: Effect.Effect<A, E>) {
        yield* free.close
        const asking = yield* start(asked)
        yield* settled
        const left = yield* start(Fiber.interrupt(asking))
        yield* settled
        yield* free.open
        yield* Fiber.join(left)
        yield* settled
      })
      const stopped = Effect.map(csms.ledger.transactions(), (all) => all.map(({ stopReason }) => stopReason))
      yield* leaving(station.start(1, "TAG"))
      assert.deepStrictEqual(yield* stopped, [null])
      assert.strictEqual(yield* refusal(station.start(1, "TAG")), "NotStarted Occupied")
      yield* leaving(station.stop(1))
      assert.deepStrictEqual(yield* stopped, ["Local"])
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* statusOf(simulated, 1), "Available")
      yield* station.start(1, "TAG")
      assert.deepStrictEqual(yield* stopped, ["Local", null])
    })
  )

  it.effect("takes down what the CSMS calls a transaction, although who has started it does not wait for that", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, csms, station } = simulated
      yield* csms.answer("CP001", "StartTransaction", {
        payload: { transactionId: 7, idTagInfo: accepted },
        delayMs: 5000
      })
      const asking = yield* start(station.start(1, "TAG"))
      yield* settled
      assert.lengthOf(yield* told(simulated, "StartTransaction"), 1)
      yield* Fiber.interrupt(asking)
      yield* TestClock.adjust("10 seconds")
      yield* settled
      assert.deepStrictEqual(yield* call("RemoteStopTransaction", { transactionId: 7 }), accepted)
      yield* settled
      assert.lengthOf(yield* told(simulated, "StopTransaction"), 1)
    })
  )

  it.effect("nothing where a start was refused, and tells what became of the connector meanwhile", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, csms, network, station } = simulated
      yield* csms.ledger.setIdTags({ default: "Invalid", tags: [] })
      yield* network.halfOpen("CP001", "toStation")
      const starting = yield* start(Effect.flip(station.start(1, "321")))
      yield* settled
      // The answer is lost, and so is the connection in the end.
      yield* network.cut()
      assert.deepInclude(yield* Fiber.join(starting), { _tag: "Uncertain" })
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(yield* refusal(station.start(1, "321")), "NotStarted Invalid")
      assert.deepStrictEqual(yield* call("ChangeAvailability", { connectorId: 0, type: "Inoperative" }), accepted)
      yield* settled
      assert.deepStrictEqual(
        [yield* statusOf(simulated, 0), yield* statusOf(simulated, 1)],
        ["Unavailable", "Unavailable"]
      )
      assert.strictEqual(yield* refusal(station.start(1, "321")), "NotStarted Occupied")
    })
  )
})

const schedule = (...limits: ReadonlyArray<readonly [number, number]>) => ({
  chargingRateUnit: "W",
  chargingSchedulePeriod: limits.map(([startPeriod, limit]) => ({ startPeriod, limit }))
})

let ids = 0

const profile = (chargingProfilePurpose: string, more: object = {}) => ({
  chargingProfileId: ++ids,
  stackLevel: 0,
  chargingProfilePurpose,
  chargingProfileKind: "Absolute",
  chargingSchedule: schedule([0, 3000]),
  ...more
})

const set = ({ call }: Simulated, connectorId: number, csChargingProfiles: object) =>
  call("SetChargingProfile", { connectorId, csChargingProfiles })

const composite = (simulated: Simulated, connectorId: number, duration: number, more: object = {}) =>
  Effect.map(simulated.call("GetCompositeSchedule", { connectorId, duration, ...more }), (answer) => {
    // What the station answers has passed its schema.
    const { chargingSchedule, status } = answer as V16.GetCompositeScheduleResponse
    return status === "Rejected"
      ? status
      : chargingSchedule?.chargingSchedulePeriod.map(({ limit, startPeriod }) => [startPeriod, limit])
  })

describe("[FIELD-K8] A simulated station of 1.6 limits its power", () => {
  it.effect("[BLK-03] by profiles for what it has, within what it claims", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 2 })
      const transactionId = Number(yield* simulated.station.start(1, "321"))
      const limit = { startPeriod: 0, limit: 1 }
      const periods = (count: number) => ({
        chargingSchedule: schedule(...Array.from({ length: count }, (_, index) => [index, 1] as const))
      })
      const tx = (more: object = {}) => profile("TxDefaultProfile", more)
      const of = (more: object) => tx({ chargingSchedule: { ...schedule(), ...more } })
      const at = (startSchedule: string, more: object = {}) => ({
        chargingSchedule: { ...schedule([0, 1]), startSchedule, ...more }
      })
      const cases: ReadonlyArray<readonly [string, number, object, boolean]> = [
        ["TxProfile of the transaction", 1, profile("TxProfile", { transactionId }), true],
        ["TxProfile without a number", 1, profile("TxProfile"), true],
        ["TxProfile of another", 1, profile("TxProfile", { transactionId: transactionId + 1 }), false],
        ["TxProfile without a transaction", 2, profile("TxProfile"), false],
        ["TxProfile of the station", 0, profile("TxProfile"), false],
        ["ChargePointMaxProfile of the station", 0, profile("ChargePointMaxProfile"), true],
        ["ChargePointMaxProfile of a connector", 1, profile("ChargePointMaxProfile"), false],
        ["TxDefaultProfile of the station", 0, tx(), true],
        ["TxDefaultProfile of a connector", 2, tx(), true],
        ["TxDefaultProfile of a transaction", 1, tx({ transactionId }), false],
        ["ChargePointMaxProfile of a transaction", 0, profile("ChargePointMaxProfile", { transactionId }), false],
        ["valid until a second from now", 2, tx({ validTo: yield* after(1) }), true],
        ["valid until now", 2, tx({ validTo: yield* after(0) }), false],
        ["valid until before it is", 2, tx({ validFrom: yield* after(60), validTo: yield* after(59) }), false],
        ["a schedule that is over", 2, tx(at(yield* after(-60), { duration: 60 })), false],
        ["a schedule that is nearly over", 2, tx(at(yield* after(-59), { duration: 60 })), true],
        ["a schedule that begins too late", 2, tx({ ...at(yield* after(60)), validTo: yield* after(60) }), false],
        ["no such connector", 3, tx(), false],
        ["no connector at all", -3, tx(), false],
        ["the highest level", 2, tx({ stackLevel: 8 }), true],
        ["a level above", 2, tx({ stackLevel: 9 }), false],
        ["a level of 99", 2, tx({ stackLevel: 99 }), false],
        ["a level below", 2, tx({ stackLevel: -1 }), false],
        ["all periods", 2, tx(periods(24)), true],
        ["a period more", 2, tx(periods(25)), false],
        ["no period", 2, tx(periods(0)), false],
        ["a late first period", 2, tx({ chargingSchedule: schedule([1, 1]) }), false],
        ["periods out of order", 2, tx({ chargingSchedule: schedule([0, 1], [9, 1], [8, 1]) }), false],
        ["a negative limit", 2, tx({ chargingSchedule: schedule([0, -1]) }), false],
        ["four phases", 2, of({ chargingSchedulePeriod: [{ ...limit, numberPhases: 4 }] }), false],
        ["a duration of nothing", 2, of({ chargingSchedulePeriod: [limit], duration: 0 }), false],
        ["a negative duration", 2, of({ chargingSchedulePeriod: [limit], duration: -1 }), false],
        ["a recurrence of no kind", 2, tx({ chargingProfileKind: "Recurring" }), false],
        ["a daily one", 2, tx({ chargingProfileKind: "Recurring", recurrencyKind: "Daily" }), true]
      ]
      for (const [name, connectorId, given, isAccepted] of cases) {
        assert.deepStrictEqual(yield* set(simulated, connectorId, given), isAccepted ? accepted : rejected, name)
      }
    })
  )

  it.effect("[BLK-03] by at most ten profiles, of which one takes the place of its like", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 2 })
      for (let stackLevel = 0; stackLevel < 9; stackLevel++) {
        assert.deepStrictEqual(yield* set(simulated, 1, profile("TxDefaultProfile", { stackLevel })), accepted)
      }
      const tenth = profile("TxDefaultProfile")
      assert.deepStrictEqual(yield* set(simulated, 2, tenth), accepted)
      assert.deepStrictEqual(yield* set(simulated, 2, profile("TxDefaultProfile", { stackLevel: 1 })), rejected)
      assert.deepStrictEqual(yield* set(simulated, 1, profile("TxDefaultProfile", { stackLevel: 8 })), accepted)
      assert.deepStrictEqual(yield* set(simulated, 2, { ...tenth, stackLevel: 5 }), accepted)
      const clear = (filter: object) => simulated.call("ClearChargingProfile", filter)
      assert.deepStrictEqual(yield* clear({ connectorId: 2, stackLevel: 0 }), { status: "Unknown" })
      assert.deepStrictEqual(yield* clear({ id: tenth.chargingProfileId }), accepted)
      assert.deepStrictEqual(yield* clear({ connectorId: 2 }), { status: "Unknown" })
      assert.deepStrictEqual(yield* clear({}), accepted)
      assert.deepStrictEqual(yield* clear({}), { status: "Unknown" })
    })
  )

  it.effect("[BLK-04] and tells the limits that result", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 29, 12))
      const simulated = yield* simulate({ connectors: 2 })
      assert.strictEqual(yield* composite(simulated, 3, 60), "Rejected")
      assert.strictEqual(yield* composite(simulated, -1, 60), "Rejected")
      assert.strictEqual(yield* composite(simulated, 1, 0), "Rejected")
      assert.deepStrictEqual(yield* composite(simulated, 1, 60), [[0, 11_000]])
      assert.deepStrictEqual(yield* composite(simulated, 0, 60), [[0, 22_000]])
      const inAmperes = yield* simulated.call("GetCompositeSchedule", {
        connectorId: 1,
        duration: 60,
        chargingRateUnit: "A"
      })
      assert.deepInclude(inAmperes, {
        connectorId: 1,
        scheduleStart: yield* Timestamp.now,
        chargingSchedule: {
          duration: 60,
          chargingRateUnit: "A",
          chargingSchedulePeriod: [{ startPeriod: 0, limit: 15.9 }]
        }
      })

      const amperes = { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] }
      yield* set(simulated, 0, profile("TxDefaultProfile", { chargingSchedule: { ...amperes, duration: 300 } }))
      assert.deepStrictEqual(yield* composite(simulated, 1, 600), [
        [0, 4140],
        [300, 11_000]
      ])
      // Its own goes before that of the station, and a higher level before a lower one.
      const from = { validFrom: yield* after(60), validTo: yield* after(120) }
      yield* set(simulated, 1, profile("TxDefaultProfile", { ...from, chargingSchedule: schedule([0, 2000]) }))
      const higher = { stackLevel: 3, chargingSchedule: schedule([0, 500]), validFrom: yield* after(100) }
      yield* set(simulated, 1, profile("TxDefaultProfile", { ...higher, validTo: yield* after(110) }))
      assert.deepStrictEqual(yield* composite(simulated, 1, 130), [
        [0, 4140],
        [60, 2000],
        [100, 500],
        [110, 2000],
        [120, 4140]
      ])
      // The limit of the station is shared.
      yield* set(simulated, 0, profile("ChargePointMaxProfile", { chargingSchedule: schedule([0, 3000]) }))
      assert.deepStrictEqual(yield* composite(simulated, 0, 50), [[0, 3000]])
      assert.deepStrictEqual(yield* composite(simulated, 2, 50), [[0, 3000]])
      yield* simulated.station.start(1, "321")
      assert.deepStrictEqual(yield* composite(simulated, 2, 50), [[0, 1500]])
    })
  )

  it.effect("[BLK-04] day by day, for a week at most", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 29, 12))
      const simulated = yield* simulate()
      const night = {
        chargingProfileKind: "Recurring",
        recurrencyKind: "Daily",
        chargingSchedule: {
          ...schedule([0, 1000], [3600, 2000]),
          duration: 7200,
          startSchedule: "2026-11-01T22:00:00Z"
        }
      }
      yield* set(simulated, 1, profile("TxDefaultProfile", night))
      assert.deepStrictEqual(yield* composite(simulated, 1, 86_400), [
        [0, 11_000],
        [36_000, 1000],
        [39_600, 2000],
        [43_200, 11_000]
      ])
      assert.strictEqual((yield* composite(simulated, 1, 2_147_483_647))?.length, 1 + 7 * 3)
    })
  )

  it.effect("and charges no more than that", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 2, sampleInterval: 0 })
      const { csms, station } = simulated
      const relative = (...limits: ReadonlyArray<readonly [number, number]>) => ({
        chargingProfileKind: "Relative",
        chargingSchedule: schedule(...limits)
      })
      const transactionId = Number(yield* station.start(1, "321"))
      yield* TestClock.adjust("1 hour") // 11,000 Wh
      // Counted from the start of the transaction: 4,000 W now, 2,000 W in an hour.
      yield* set(simulated, 1, profile("TxProfile", { transactionId, ...relative([0, 1], [3600, 4000], [7200, 2000]) }))
      yield* TestClock.adjust("2 hours") // 6,000 Wh
      yield* simulated.call("TriggerMessage", { requestedMessage: "MeterValues", connectorId: 1 })
      yield* settled
      assert.include(JSON.stringify((yield* told(simulated, "MeterValues")).at(-1)), '"value":"2000"')
      yield* simulated.call("ClearChargingProfile", {})
      yield* set(simulated, 0, profile("ChargePointMaxProfile", { chargingSchedule: schedule([0, 6000]) }))
      yield* TestClock.adjust("1 hour") // 6,000 Wh
      yield* station.start(2, "321")
      yield* TestClock.adjust("1 hour") // 3,000 Wh each
      yield* station.stop(2)
      yield* TestClock.adjust("1 hour") // 6,000 Wh
      yield* station.stop(1)
      const met = (yield* csms.ledger.transactions()).map(({ meterStop }) => meterStop)
      assert.deepStrictEqual(met, [32_000, 3000])
    })
  )

  it.effect("[BLK-03] by the profile of a remote start, until its transaction ends", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, station } = simulated
      const begin = (chargingProfile: object) => call("RemoteStartTransaction", { idTag: "321", chargingProfile })
      assert.deepStrictEqual(yield* begin(profile("TxDefaultProfile")), rejected)
      assert.deepStrictEqual(yield* begin(profile("TxProfile", { transactionId: 1 })), rejected)
      assert.deepStrictEqual(yield* begin(profile("TxProfile", { stackLevel: 9 })), rejected)
      assert.deepStrictEqual(yield* begin(profile("TxProfile")), accepted)
      yield* settled
      assert.deepStrictEqual(yield* composite(simulated, 1, 60), [[0, 3000]])
      yield* station.stop(1)
      assert.deepStrictEqual(yield* composite(simulated, 1, 60), [[0, 11_000]])
    })
  )
})

describe("[FIELD-K8] A simulated station of 1.5", () => {
  it.effect("has the keys of 1.5, and works by those that can be written", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ version: "1.5" })
      const { configurationKey = [] } = yield* configuration(simulated)
      assert.deepStrictEqual(
        configurationKey.map(({ key, readonly }) => (readonly ? `${key} read-only` : key)),
        [
          "HeartBeatInterval",
          "ConnectionTimeOut read-only",
          "ResetRetries read-only",
          "MeterValueSampleInterval",
          "ClockAlignedDataInterval read-only",
          "MeterValuesAlignedData read-only",
          "MeterValuesSampledData",
          "StopTxnAlignedData read-only",
          "StopTxnSampledData read-only"
        ]
      )
      assert.deepStrictEqual(yield* configure(simulated, "HeartBeatInterval", "10"), accepted)
      assert.deepStrictEqual(yield* configure(simulated, "MeterValueSampleInterval", "20"), accepted)
      assert.deepStrictEqual(yield* configure(simulated, "MeterValuesSampledData", "SoC"), rejected)
      assert.deepStrictEqual(yield* configure(simulated, "LocalAuthListEnabled", "false"), { status: "NotSupported" })
      yield* simulated.station.start(1, "321")
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(yield* told(simulated, "MeterValues"), 3)
      assert.isAbove((yield* told(simulated, "Heartbeat")).length, 0)
      assert.deepStrictEqual(yield* simulated.csms.deviations(), [])
    })
  )

  it.effect("tells of an update of its firmware, and of an upload, only how they end", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ version: "1.5" })
      const { call, csms } = simulated
      const location = "https://csms.example/file"
      assert.deepStrictEqual(yield* call("GetDiagnostics", { location }), { fileName: "log.txt" })
      assert.deepStrictEqual(yield* call("UpdateFirmware", { location, retrieveDate: yield* after(60) }), {})
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* statusesOf(simulated, "DiagnosticsStatusNotification"), ["Uploaded"])
      assert.deepStrictEqual(yield* statusesOf(simulated, "FirmwareStatusNotification"), ["Downloaded", "Installed"])
      assert.lengthOf(yield* told(simulated, "BootNotification"), 2)
      assert.deepStrictEqual(yield* csms.deviations(), [])
    })
  )

  it.effect("keeps a connector free, unlocks it, and takes a list in the words of 1.5", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ version: "1.5" })
      const { call, station } = simulated
      assert.deepStrictEqual(yield* reserve(simulated), accepted)
      yield* settled
      assert.strictEqual(yield* statusOf(simulated, 1), "Reserved")
      assert.strictEqual(yield* refusal(station.start(1, "other")), "NotStarted Reserved")
      yield* station.start(1, "abc")
      assert.strictEqual(yield* statusOf(simulated, 1), "Occupied")
      assert.deepStrictEqual(yield* call("UnlockConnector", { connectorId: 2 }), rejected)
      assert.deepStrictEqual(yield* call("UnlockConnector", { connectorId: 1 }), accepted)
      yield* settled
      assert.strictEqual(yield* statusOf(simulated, 1), "Available")
      const list = [{ idTag: "321", idTagInfo: { status: "Blocked" } }]
      const update = { listVersion: 5, updateType: "Full", localAuthorisationList: list, hash: "any" }
      assert.deepStrictEqual(yield* call("SendLocalList", update), accepted)
      assert.deepStrictEqual(yield* call("GetLocalListVersion", {}), { listVersion: 5 })
      assert.deepStrictEqual(yield* call("Reset", { type: "Soft" }), accepted)
    })
  )
})

describe("A simulated station of 2.1", () => {
  it.effect("[FIELD-K8] charges by limits, and rejects what asks for more than these", () =>
    Effect.gen(function* () {
      const { call, csms, station } = yield* simulate({ version: "2.1" })
      yield* station.start(1, "TAG")
      const asked = (period: object, ofSchedule: object = {}, ofProfile: object = {}) =>
        Effect.map(
          call("SetChargingProfile", {
            evseId: 1,
            chargingProfile: {
              id: 1,
              stackLevel: 0,
              chargingProfilePurpose: "TxProfile",
              chargingProfileKind: "Relative",
              chargingSchedule: [
                { id: 1, chargingRateUnit: "W", chargingSchedulePeriod: [{ startPeriod: 0, ...period }], ...ofSchedule }
              ],
              ...ofProfile
            }
          }),
          // What it answers has passed its schema.
          (answer) => (answer as { readonly status: string }).status
        )
      assert.strictEqual(yield* asked({ limit: 6000 }, { powerTolerance: 10 }), "Accepted")
      for (const [period, ofSchedule, ofProfile] of [
        [{}],
        [{ setpoint: -3500 }],
        [{ limit: 6000, dischargeLimit: -6000 }],
        [{ limit: 6000, operationMode: "LocalFrequency" }],
        [{ limit: 6000 }, { limitAtSoC: { soc: 80, limit: 3000 } }],
        [{ limit: 6000 }, { useLocalTime: true }],
        [{ limit: 6000 }, {}, { chargingProfileKind: "Dynamic" }],
        [{ limit: 6000 }, {}, { chargingProfilePurpose: "PriorityCharging" }],
        [{ limit: 6000 }, {}, { maxOfflineDuration: 60 }]
      ] as ReadonlyArray<readonly [object, object?, object?]>) {
        assert.strictEqual(
          yield* asked(period, ofSchedule, ofProfile),
          "Rejected",
          JSON.stringify([period, ofSchedule, ofProfile])
        )
      }
      assert.deepInclude(yield* call("Reset", { type: "ImmediateAndResume" }), rejected)
      yield* TestClock.adjust("1 hour")
      yield* station.stop(1)
      const [transaction] = yield* csms.ledger.transactions()
      assert.deepInclude(transaction, { meterStart: 0, meterStop: 6000, stopReason: "Local" })
      assert.deepStrictEqual(yield* csms.deviations(), [])
    })
  )
})
