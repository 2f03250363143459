/**
 * One scenario, written once on the generic operations: a CSMS that names no version and its stations, by which everything is
 * done that 1.6 can do, and what is done with displays and monitors, as far as the version of the station can do it, too;
 * `operations.test.ts` does what else only 2.x has. It is played without a gateway and through one from version to version. In
 * the end the CSMS has of each transaction what the meters have, and all frames were valid.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Scope } from "effect/Scope"
import type { Action } from "../../src/Action.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import { Equipment } from "../support/equipment.ts"
import { type Billed, type Database, energyOf, type Progress, type Shown } from "../support/genericCsms.ts"
import { noHardware, open, virtual } from "../support/genericWorld.ts"
import * as Metered from "../support/meteredStation.ts"
import { simulate } from "../support/outbox.ts"
import { check } from "../support/recorder.ts"
import { CostMessages, PlugAndCharge } from "../../src/v16/index.ts"

/** What a version tells as a whole, unless its row says otherwise. */
const all = {
  charging: { condition: "Operative", occupancy: "Occupied", flow: "Charging" } as Shown,
  hasReasons: true,
  hasPhases: true,
  /** Operations that both sides have, and that do not pass between them: costs of 1.6 need their prices, which 2.x lacks. */
  lost: [] as ReadonlyArray<Action>,
  firmware: ["Downloading", "Downloaded", "Installing", "Installed", "DownloadFailed"],
  log: { logType: "SecurityLog", told: ["Uploading 6", "Uploaded 6"] }
} as const

const of1x = {
  ...all,
  /** The transaction is ended first (J16 §5.18). */
  unlockWhileCharging: { status: "Unlocked", stoppedReason: "UnlockCommand" },
  /** Transactions are ended in good order (J16 §5.14). */
  resetOnIdle: { status: "Accepted", stoppedReason: "SoftReset" },
  resetImmediate: { status: "Accepted", stoppedReason: "HardReset" },
  /** A station that is accepted boots when it is asked to (J16 §5.17). */
  triggerBoot: "Accepted",
  /** Readings that were asked for are in the transaction (J16 §5.17). */
  isTriggeredInTransaction: true,
  /** Updates without a signature have no id (J16 §6.19). */
  firmwareId: undefined,
  /** One type of certificate is asked for at a time. */
  severalTypes: { _tag: "NotSent", reason: "NotExpressible" }
} as const

const of2x = {
  ...all,
  bootReasons: ["PowerUp", "RemoteReset", "RemoteReset", "FirmwareUpdate", "PowerUp"],
  /** It stays locked (P2 F05.FR.02). */
  unlockWhileCharging: { status: "OngoingAuthorizedTransaction", stoppedReason: "Local" },
  /** It waits until the driver has ended the transaction (P2 B12.FR.01). */
  resetOnIdle: { status: "Scheduled", stoppedReason: "Local" },
  resetImmediate: { status: "Accepted", stoppedReason: "ImmediateReset" },
  /** A station that is accepted does not boot again (P2 F06.FR.17). */
  triggerBoot: "Rejected",
  /** MeterValues belong to no transaction (P2 F06.FR.06). */
  isTriggeredInTransaction: false,
  firmwareId: 5,
  severalTypes: undefined
} as const

const adapters = { "1.5": v15, "1.6": v16, "2.0.1": v201, "2.1": v21 }

type Version = keyof typeof adapters

const unsaid = [undefined, undefined, undefined, undefined, undefined]

/** What a station of 1.5 does not tell: what happens at a connector, why a transaction has ended, and phases. */
const of15 = {
  ...of1x,
  charging: { condition: "Operative", occupancy: "Occupied", flow: undefined } as Shown,
  hasReasons: false,
  hasPhases: false,
  /** It tells how something has ended, and asks for diagnostics only. */
  firmware: ["Downloaded", "Installed", "DownloadFailed"]
} as const

/** A station of 1.x at a CSMS of 2.x, which asks for what 1.x does not tell. */
const upTo2x = {
  bootReasons: ["Unknown", "Unknown", "Unknown", "Unknown", "Unknown", "Unknown"],
  /** The command is told as the trigger of the event. */
  unlockWhileCharging: { status: "Unlocked", stoppedReason: "Other" },
  resetOnIdle: { status: "Accepted", stoppedReason: "ImmediateReset" },
  resetImmediate: { status: "Accepted", stoppedReason: "ImmediateReset" },
  severalTypes: { _tag: "CallError", code: "NotSupported" },
  firmwareId: 5,
  lost: [Domain.CostUpdated]
} as const

/** A station of 2.x at a CSMS of 1.6. */
const downTo16 = {
  ...of2x,
  bootReasons: unsaid,
  /** 1.6 has a word for neither answer. */
  unlockWhileCharging: { status: "UnlockFailed", stoppedReason: "Local" },
  resetOnIdle: { status: "Accepted", stoppedReason: "Local" },
  resetImmediate: { status: "Accepted", stoppedReason: "HardReset" },
  firmwareId: undefined,
  severalTypes: { _tag: "NotSent", reason: "NotExpressible" },
  lost: [Domain.CostUpdated]
} as const

/** The versions of the stations and of the CSMS, between which there is a gateway if they differ, and what is so with them. */
const sides = [
  {
    ...of15,
    front: "1.5",
    upstream: "1.5",
    bootReasons: unsaid,
    log: { logType: "DiagnosticsLog", told: ["Uploaded undefined"] }
  },
  /** Why a station boots is not told (J16 §4.2). */
  { ...of1x, front: "1.6", upstream: "1.6", bootReasons: [...unsaid, undefined] },
  { ...of2x, front: "2.0.1", upstream: "2.0.1" },
  { ...of2x, front: "2.1", upstream: "2.1" },
  { ...of2x, front: "2.0.1", upstream: "2.1" },
  { ...of2x, front: "2.1", upstream: "2.0.1" },
  { ...of1x, ...upTo2x, front: "1.6", upstream: "2.0.1" },
  { ...of1x, ...upTo2x, front: "1.6", upstream: "2.1" },
  { ...downTo16, front: "2.0.1", upstream: "1.6" },
  { ...downTo16, front: "2.1", upstream: "1.6" },
  {
    ...of15,
    ...upTo2x,
    front: "1.5",
    upstream: "2.0.1",
    bootReasons: ["Unknown", "Unknown", "Unknown", "Unknown", "Unknown"],
    /** All its readings are of transactions: nothing asks it for others. */
    lost: [Domain.MeterValues],
    log: { logType: "DiagnosticsLog", told: ["Uploaded 6"] }
  }
] as const

/** A row of the table. */
type Sides = (typeof sides)[number]

const token = (idToken: string): Domain.IdToken => ({ idToken, type: "Central" })

const accepted = { status: "Accepted" } as const
const rejected = { status: "Rejected" } as const
const free: Shown = { condition: "Operative", occupancy: "Available", flow: undefined }
const reserved: Shown = { condition: "Operative", occupancy: "Reserved", flow: undefined }
const unavailable: Shown = { condition: "Unavailable", occupancy: undefined, flow: undefined }

const has = (version: Version, operation: Action) =>
  adapters[version].translations.some(({ generic }) => generic === operation)

/** The CSMS, a simulated station, which charges with 11 kW, and one of another maker with all that there is. */
const openAt = Effect.fnUntraced(function* (asked: Sides) {
  const { front, upstream } = asked
  const gateway = { upstream: adapters[upstream], versions: [adapters[front]], idTokenType: () => "Central" } as const
  const world = yield* open({ gateway: front === upstream ? undefined : gateway })
  world.database.blocked.set("STOLEN", "Blocked")
  const powered = yield* world.power("CP", noHardware, () => virtual(front, "CP"))
  yield* powered.process!.introduced
  const equipment = new Equipment()
  const launch = Metered.launch[front]
  const other = yield* world.power("METERED", new Metered.Hardware(), (hardware) =>
    launch({ identity: "METERED", hardware, hasLeft: () => false, handlers: equipment.handlers })
  )
  const metered = other.process!
  yield* metered.connection.accepted
  const { database } = world
  return {
    ...world,
    asked,
    /** Whether the versions of both sides have an operation. */
    can: (operation: Action) =>
      has(front, operation) && has(upstream, operation) && !asked.lost.some((lost) => lost === operation),
    powered,
    station: world.station("CP"),
    /** The station of another maker, as it is and as the CSMS sees it. */
    metered,
    other: world.station("METERED"),
    equipment,
    get simulated() {
      return powered.process!.simulated
    },
    shown: (evseId: number) => database.shown("CP", evseId),
    /** The transactions of the station, the oldest first. */
    get ledger() {
      return database.transactions("CP")
    },
    get last() {
      const last = database.transactions("CP").at(-1)
      assert(last !== undefined)
      return last
    },
    charge: Effect.fnUntraced(function* (evseId: number, time: Duration.Input, idToken = "GOOD") {
      yield* powered.process!.simulated.start(evseId, token(idToken))
      yield* Effect.sleep(time)
    })
  }
})

/** What the CSMS is told of why a transaction has ended. */
const reasonIn = (scene: Scene, reason: Domain.StoppedReason) => (scene.asked.hasReasons ? reason : undefined)

type Scene = Effect.Success<ReturnType<typeof openAt>>

const wattHours = (value: BigDecimal.BigDecimal | undefined): string =>
  value === undefined ? "none" : BigDecimal.format(value)

/** What a reading says, in short. */
const inShort = ({ measurand, phase, reading }: Domain.SampledValue): string =>
  reading._tag === "Measured"
    ? `${measurand} ${phase ?? ""} ${BigDecimal.format(reading.value)} ${reading.unit}`
    : reading._tag

/** The energy is that of a power over the whole transaction; both registers are rounded to Wh. */
const isCharged = (billed: Billed, watts: number): void => {
  const { endedAt, startedAt } = billed
  assert(endedAt !== undefined)
  const hours = Duration.toHours(DateTime.distance(startedAt, endedAt))
  assert.isAbove(hours, 0)
  assert.approximately(BigDecimal.toNumberUnsafe(energyOf(billed)!), watts * hours, 1)
}

/** Lets what is under way arrive. */
const arrive = Effect.sleep("2 seconds")

const soon = (time: Duration.Input) => Effect.map(DateTime.now, DateTime.addDuration(time))

const boots = ({ database, shown }: Scene): Effect.Effect<void> =>
  Effect.sync(() => {
    assert.deepStrictEqual(database.stations.get("CP")?.chargingStation, {
      vendorName: "effect-ocpp",
      model: "Virtual"
    })
    for (const evseId of [1, 2]) assert.deepStrictEqual(shown(evseId), free)
  })

const authorises = Effect.fnUntraced(function* (scene: Scene) {
  const refused = yield* Effect.flip(scene.charge(1, "1 minute", "STOLEN"))
  assert.deepInclude(refused, { _tag: "NotStarted", reason: "Blocked" })
  yield* arrive
  assert.deepStrictEqual(scene.shown(1), free)
  assert.deepStrictEqual(scene.ledger, [])
  assert.deepStrictEqual(scene.simulated.outlet(1)?.energy, 0)
})

const charges = Effect.fnUntraced(function* (scene: Scene) {
  yield* scene.charge(1, "30 minutes")
  assert.deepStrictEqual(scene.shown(1), scene.asked.charging)
  yield* scene.simulated.stop(1, "Local")
  yield* arrive
  assert.deepStrictEqual(scene.shown(1), free)
  const { evseId, idToken, readings, stoppedReason } = scene.last
  assert.deepStrictEqual([evseId, idToken, stoppedReason], [1, "GOOD", reasonIn(scene, "Local")])
  isCharged(scene.last, 11_000)
  const inTheMiddle = Array.from(readings.values(), inShort).filter((one) => one.includes("Power"))
  assert.isAtLeast(inTheMiddle.length, 29)
  assert.deepStrictEqual([...new Set(inTheMiddle)], ["Power.Active.Import  11000 W"])
})

const isControlledRemotely = Effect.fnUntraced(function* (scene: Scene) {
  const { station } = scene
  const start = { idToken: token("REMOTE"), remoteStartId: 7, evseId: 2 }
  assert.deepInclude(yield* station.requestStartTransaction(start), accepted)
  yield* Effect.sleep("6 minutes")
  assert.deepStrictEqual(scene.shown(2), scene.asked.charging)
  assert.deepInclude(yield* station.requestStartTransaction(start), rejected)
  assert.deepInclude(yield* station.requestStopTransaction({ transactionId: "999999999" }), rejected)
  const { transactionId } = scene.last
  assert.deepInclude(yield* station.requestStopTransaction({ transactionId }), accepted)
  yield* arrive
  const { evseId, idToken, remoteStartId, stoppedReason } = scene.last
  assert.deepStrictEqual([evseId, idToken, stoppedReason], [2, "REMOTE", reasonIn(scene, "Remote")])
  assert.strictEqual(remoteStartId, 7)
  assert.deepStrictEqual(scene.shown(2), free)
})

const isReserved = Effect.fnUntraced(function* (scene: Scene) {
  const { station } = scene
  const reserve = Effect.fnUntraced(function* (id: number) {
    const expiryDateTime = yield* soon("10 minutes")
    const request = { id, evseId: 1, idToken: token("GUEST"), expiryDateTime }
    assert.deepInclude(yield* station.reserveNow(request), accepted)
    yield* arrive
    assert.deepStrictEqual(scene.shown(1), reserved)
  })
  yield* reserve(1)
  assert.deepInclude(yield* Effect.flip(scene.charge(1, 0)), { reason: "Reserved" })
  assert.deepInclude(yield* station.cancelReservation({ reservationId: 1 }), accepted)
  yield* arrive
  assert.deepStrictEqual(scene.shown(1), free)
  assert.deepInclude(yield* station.cancelReservation({ reservationId: 1 }), rejected)
  yield* reserve(2)
  yield* Effect.sleep("10 minutes")
  assert.deepStrictEqual(scene.shown(1), free)
  yield* reserve(3)
  yield* scene.charge(1, "6 minutes", "GUEST")
  yield* scene.simulated.stop(1, "Local")
  yield* arrive
  assert.strictEqual(scene.last.reservationId, 3)
  assert.deepStrictEqual(scene.shown(1), free)
})

const isLimited = Effect.fnUntraced(function* (scene: Scene) {
  const { station } = scene
  const chargingProfile: Domain.ChargingProfile = {
    id: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Relative",
    chargingSchedule: [
      { id: 1, chargingRateUnit: "W", chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: 5500 }] }
    ]
  }
  const schedule = Effect.fnUntraced(function* () {
    const composite = yield* station.getCompositeSchedule({ evseId: 1, duration: Duration.hours(1) })
    assert.deepInclude(composite, { status: "Accepted", evseId: 1 })
    return composite.schedule?.chargingSchedulePeriod.map(({ limit }) => limit)
  })
  assert.deepInclude(yield* station.setChargingProfile({ evseId: 1, chargingProfile }), accepted)
  assert.deepInclude(yield* station.setChargingProfile({ evseId: 9, chargingProfile }), rejected)
  assert.deepStrictEqual(yield* schedule(), [5500])
  yield* scene.charge(1, "1 hour")
  assert.deepInclude(yield* station.clearChargingProfile({ chargingProfileId: 1 }), accepted)
  yield* Effect.sleep("1 hour")
  assert.deepStrictEqual(yield* schedule(), [11_000])
  yield* scene.simulated.stop(1, "Local")
  yield* arrive
  const energy = BigDecimal.toNumberUnsafe(energyOf(scene.last)!)
  // The calls are under way for a moment.
  assert.approximately(energy, 16_500, 3)
  const powers = Array.from(scene.last.readings.values(), inShort).filter((one) => one.includes("Power"))
  assert.deepStrictEqual([...new Set(powers)], ["Power.Active.Import  5500 W", "Power.Active.Import  11000 W"])
  assert.deepInclude(yield* station.clearChargingProfile({ chargingProfileId: 1 }), { status: "Unknown" })
})

const variable = (text: string): Domain.Variable.Address => {
  const [component = "", name = ""] = text.split(".")
  return { component: { name: component }, variable: { name } }
}

const isConfigured = Effect.fnUntraced(function* (scene: Scene) {
  const { station } = scene
  const get = (...names: ReadonlyArray<string>) =>
    Effect.map(station.getVariables({ variables: names.map((name) => ({ address: variable(name) })) }), ({ results }) =>
      results.map(({ status, value = "" }) => `${status} ${value}`)
    )
  const set = (values: Readonly<Record<string, string>>) =>
    Effect.map(
      station.setVariables({
        variables: Object.entries(values).map(([name, value]) => ({ address: variable(name), value }))
      }),
      ({ results }) => results.map(({ status }) => status)
    )
  const interval = "SampledDataCtrlr.TxUpdatedInterval"
  const measurands = "SampledDataCtrlr.TxUpdatedMeasurands"
  const known = ["TxCtrlr.EVConnectionTimeOut", interval, measurands]
  assert.deepStrictEqual(yield* get(...known, "Teapot.Lid"), [
    "Accepted 60",
    "Accepted 60",
    "Accepted Energy.Active.Import.Register,Power.Active.Import",
    "UnknownComponent "
  ])
  const changes = { "Teapot.Lid": "1", "TxCtrlr.EVConnectionTimeOut": "9", [interval]: "soon" }
  assert.deepStrictEqual(yield* set(changes), ["UnknownComponent", "Rejected", "Rejected"])
  const listed = "Energy.Active.Import.Register"
  assert.deepStrictEqual(yield* set({ [interval]: "30", [measurands]: listed }), ["Accepted", "Accepted"])
  assert.deepStrictEqual(yield* get(interval, measurands), ["Accepted 30", `Accepted ${listed}`])
  yield* scene.charge(2, "10 minutes")
  yield* scene.simulated.stop(2, "Local")
  yield* arrive
  const readings = Array.from(scene.last.readings.values(), inShort)
  assert.isAtLeast(readings.length, 20)
  assert.isTrue(readings.every((one) => one.startsWith(listed)))
  yield* set({ [interval]: "60", [measurands]: `${listed},Power.Active.Import` })
})

const isTakenOutOfUse = Effect.fnUntraced(function* (scene: Scene) {
  const { station } = scene
  const change = (operationalStatus: Domain.OperationalStatus, evseId?: number) =>
    station.changeAvailability({ operationalStatus, ...(evseId === undefined ? {} : { evse: { id: evseId } }) })
  yield* scene.charge(1, "6 minutes")
  assert.deepInclude(yield* change("Inoperative", 1), { status: "Scheduled" })
  yield* Effect.sleep("6 minutes")
  assert.deepStrictEqual(scene.shown(1), scene.asked.charging)
  yield* scene.simulated.stop(1, "Local")
  yield* arrive
  assert.deepStrictEqual(scene.shown(1), unavailable)
  const start = { idToken: token("REMOTE"), remoteStartId: 8, evseId: 1 }
  assert.deepInclude(yield* station.requestStartTransaction(start), rejected)
  assert.deepInclude(yield* change("Inoperative"), accepted)
  yield* arrive
  assert.deepStrictEqual(scene.shown(2), unavailable)
  assert.deepInclude(yield* change("Operative"), accepted)
  yield* arrive
  for (const evseId of [1, 2]) assert.deepStrictEqual(scene.shown(evseId), free)
})

const isUnlocked = Effect.fnUntraced(function* (scene: Scene) {
  const { status, stoppedReason } = scene.asked.unlockWhileCharging
  const unlock = scene.station.unlockConnector({ evseId: 1, connectorId: 1 })
  assert.deepInclude(yield* unlock, { status: "Unlocked" })
  yield* scene.charge(1, "6 minutes")
  assert.deepInclude(yield* unlock, { status })
  yield* arrive
  yield* scene.simulated.stop(1, "Local")
  yield* arrive
  assert.strictEqual(scene.last.stoppedReason, reasonIn(scene, stoppedReason))
  assert.deepStrictEqual(scene.shown(1), free)
})

const knowsAList = Effect.fnUntraced(function* (scene: Scene) {
  const { database, network, station } = scene
  const version = Effect.map(station.getLocalListVersion({}), ({ versionNumber }) => versionNumber)
  assert.strictEqual(yield* version, 0)
  const list = {
    versionNumber: 4,
    updateType: "Full",
    localAuthorizationList: [{ idToken: token("LISTED"), idTokenInfo: { status: "Accepted" } }]
  } as const
  assert.deepInclude(yield* station.sendLocalList(list), accepted)
  assert.deepInclude(yield* station.sendLocalList({ ...list, updateType: "Differential" }), {
    status: "VersionMismatch"
  })
  assert.strictEqual(yield* version, 4)
  yield* network.setReachable(false)
  yield* network.cut("CP")
  yield* arrive
  const transactions = database.transactions("CP").length
  assert.deepInclude(yield* Effect.flip(scene.charge(1, 0)), { reason: "NotConnected" })
  // It has no name yet.
  yield* Effect.forkScoped(scene.simulated.start(1, token("LISTED")))
  yield* Effect.sleep("12 minutes")
  yield* scene.simulated.stop(1, "Local")
  assert.strictEqual(database.transactions("CP").length, transactions)
  yield* network.setReachable(true)
  yield* Effect.sleep("10 minutes")
  assert.strictEqual(database.transactions("CP").length, transactions + 1)
  assert.strictEqual(scene.last.idToken, "LISTED")
  isCharged(scene.last, 11_000)
  assert.deepStrictEqual(scene.shown(1), free)
})

const isTriggered = Effect.fnUntraced(function* (scene: Scene) {
  const { asked: expected, database, frames, station } = scene
  const trigger = (requestedMessage: Domain.MessageTrigger) =>
    station.triggerMessage({ requestedMessage, evse: { id: 1, connectorId: 1 } })
  const count = (action: string) =>
    frames.filter(({ from, text }) => from === "station" && text.startsWith("[2,") && text.includes(`"${action}"`))
      .length
  for (const action of ["Heartbeat", "StatusNotification", "FirmwareStatusNotification"] as const) {
    const before = count(action)
    assert.deepInclude(yield* trigger(action), accepted)
    yield* arrive
    assert.strictEqual(count(action), before + 1, action)
  }
  assert.deepInclude(yield* trigger("SignChargingStationCertificate"), { status: "NotImplemented" })
  assert.deepInclude(yield* trigger("BootNotification"), { status: expected.triggerBoot })
  yield* trigger("MeterValues")
  yield* arrive
  assert.deepStrictEqual(database.readings, [{ identity: "CP", evseId: 1 }])
  yield* scene.charge(1, "30 seconds")
  yield* trigger("MeterValues")
  yield* arrive
  const isInTransaction = Array.from(scene.last.readings.values()).some(({ context }) => context === "Trigger")
  assert.strictEqual(isInTransaction, expected.isTriggeredInTransaction)
  assert.lengthOf(database.readings, isInTransaction ? 1 : 2)
  yield* scene.simulated.stop(1, "Local")
})

const isReset = Effect.fnUntraced(function* (scene: Scene) {
  const { asked: expected, database, station } = scene
  for (const [type, { status, stoppedReason }] of [
    ["OnIdle", expected.resetOnIdle],
    ["Immediate", expected.resetImmediate]
  ] as const) {
    const before = database.boots.length
    yield* scene.charge(1, "6 minutes")
    assert.deepInclude(yield* station.reset({ type }), { status })
    yield* Effect.sleep("1 minute")
    yield* scene.simulated.stop(1, "Local")
    yield* Effect.sleep("5 minutes")
    assert.strictEqual(scene.last.stoppedReason, reasonIn(scene, stoppedReason))
    assert.strictEqual(database.boots.length, before + 1)
    assert.deepStrictEqual(scene.shown(1), free)
  }
})

const statusesOf = (progress: ReadonlyArray<Progress>) =>
  progress.map(({ requestId, status }) => `${status} ${requestId}`)

const isUpdated = Effect.fnUntraced(function* (scene: Scene) {
  const { asked: expected, database, station } = scene
  database.firmware.length = 0
  const before = database.boots.length
  const update = (location: string) =>
    Effect.flatMap(soon("1 minute"), (retrieveDateTime) =>
      station.updateFirmware({ requestId: 5, firmware: { location, retrieveDateTime } })
    )
  yield* scene.charge(1, "1 minute")
  assert.deepInclude(yield* update("https://csms.example/firmware.bin"), accepted)
  yield* Effect.sleep("10 minutes")
  const known = new Set<string>(expected.firmware)
  const told = (...statuses: ReadonlyArray<Domain.FirmwareStatus>) => statuses.filter((status) => known.has(status))
  // It waits for the end of the transaction.
  assert.deepStrictEqual(
    database.firmware.map(({ status }) => status),
    told("Downloading", "Downloaded")
  )
  yield* scene.simulated.stop(1, "Local")
  yield* Effect.sleep("5 minutes")
  const statuses = told("Downloading", "Downloaded", "Installing", "Installed")
  assert.deepStrictEqual(
    statusesOf(database.firmware),
    statuses.map((status) => `${status} ${expected.firmwareId}`)
  )
  assert.strictEqual(database.boots.length, before + 1)
  yield* update("gopher://csms.example/firmware.bin")
  yield* Effect.sleep("5 minutes")
  assert.deepStrictEqual(
    database.firmware.slice(statuses.length).map(({ status }) => status),
    told("Downloading", "DownloadFailed")
  )
})

const sendsItsLog = Effect.fnUntraced(function* ({ asked: { log: expected }, database, station }: Scene) {
  const log = { remoteLocation: "https://csms.example/logs" }
  const answer = yield* station.getLog({ log, logType: expected.logType, requestId: 6 })
  assert.deepInclude(answer, { status: "Accepted", filename: "log.txt" })
  yield* Effect.sleep("1 minute")
  assert.deepStrictEqual(statusesOf(database.logs), [...expected.told])
})

const refusesWhatItHasNot = Effect.fnUntraced(function* ({ station }: Scene) {
  const request = { vendorId: "teapot", messageId: "boil", data: "water" }
  assert.deepInclude(yield* station.dataTransfer(request), { status: "UnknownVendorId" })
  assert.deepInclude(yield* station.clearCache({}), rejected)
})

const hasNoCertificates = Effect.fnUntraced(function* ({ station }: Scene) {
  assert.deepInclude(yield* station.certificateSigned({ certificateChain: "none" }), rejected)
  const certificateType = "CSMSRootCertificate"
  assert.deepInclude(yield* station.installCertificate({ certificateType, certificate: "none" }), rejected)
  const installed = yield* station.getInstalledCertificateIds({ certificateType: [certificateType] })
  assert.deepInclude(installed, { status: "NotFound" })
  const certificateHashData = {
    hashAlgorithm: "SHA256",
    issuerNameHash: "a".repeat(64),
    issuerKeyHash: "b".repeat(64),
    serialNumber: "1"
  } as const
  assert.deepInclude(yield* station.deleteCertificate({ certificateHashData }), { status: "NotFound" })
})

/** The meters of another maker tell kWh, kW, A and V with decimals. */
const isJoined = Effect.fnUntraced(function* (scene: Scene) {
  const { database, metered } = scene
  yield* metered.start(1, { idToken: token("GOOD") })
  metered.charge(1, 1234)
  yield* Effect.sleep("1 minute")
  yield* metered.sample(1)
  metered.charge(1, 1)
  yield* Effect.sleep("1 minute")
  yield* metered.stop(1, "EVDisconnected")
  assert.deepInclude(yield* metered.csms.dataTransfer({ vendorId: "teapot" }), { status: "UnknownVendorId" })
  if (scene.can(Domain.SignCertificate)) {
    assert.deepInclude(yield* metered.csms.signCertificate({ csr: "none" }), rejected)
  }
  if (scene.can(Domain.SecurityEventNotification)) {
    yield* metered.csms.securityEventNotification({ type: "TamperDetectionActivated", timestamp: yield* DateTime.now })
    yield* arrive
    assert.deepStrictEqual(database.security, ["METERED TamperDetectionActivated"])
  }
  yield* arrive
  const [billed] = database.transactions("METERED")
  assert.deepStrictEqual(
    [wattHours(energyOf(billed!)), billed?.stoppedReason],
    ["1235", reasonIn(scene, "EVDisconnected")]
  )
  const { hasPhases } = scene.asked
  assert.deepStrictEqual(Array.from(billed!.readings.values(), inShort), [
    "Energy.Active.Import.Register  0 Wh",
    "Energy.Active.Import.Register  1234 Wh",
    `Current.Import ${hasPhases ? "L1" : ""} 15.75 A`,
    `Voltage ${hasPhases ? "L1-N" : ""} 229.8 V`,
    "Power.Active.Import  3619.35 W",
    "Energy.Active.Import.Register  1235 Wh"
  ])
  assert.deepStrictEqual(database.shown("METERED", 1), free)
})

type Calls = ReadonlyArray<Effect.Effect<unknown, CallFailure>>

/** The vendor and the name of the messages that DataTransfer carries. */
const carried = new Map<Action, string>(
  [CostMessages.extension, PlugAndCharge.extension].flatMap(({ actions, version: vendorId }) =>
    actions.map((action) => [action, `${vendorId} ${action.name}`] as const)
  )
)

/** How a call fails that the version has no words for, or that a gateway cannot put into those of the other side. */
const failure = (version: Version, operation: Action) => {
  const known = adapters[version].translations.find(({ generic }) => generic === operation)
  if (known === undefined) return { _tag: "NotSent", reason: "NotSupported" } as const
  return { _tag: "CallError", code: carried.has(known.action) ? "NotImplemented" : "NotSupported" } as const
}

/** A version has no such operation: what the CSMS asks and the station tells fails, and does not reach the other side. */
const cannot = Effect.fnUntraced(function* (
  scene: Scene,
  operation: Action,
  { asks, tells }: { readonly asks: Calls; readonly tells: Calls }
) {
  for (const [calls, version, arrived] of [
    [asks, scene.asked.upstream, scene.frames],
    [tells, scene.asked.front, scene.framesOfCsms]
  ] as const) {
    const before = arrived.length
    for (const call of calls) assert.deepInclude(yield* Effect.flip(call), failure(version, operation))
    assert.lengthOf(arrived, before)
  }
})

/** The CSMS has a root installed, has the station renew its own certificate, and takes the root back. */
const renewsItsCertificate = Effect.fnUntraced(function* (scene: Scene) {
  const { database, equipment, metered, other } = scene
  const certificateType = "CSMSRootCertificate"
  const install = other.installCertificate({ certificateType, certificate: "A ROOT" })
  const installed = (...types: ReadonlyArray<Domain.GetCertificateIdUse>) =>
    other.getInstalledCertificateIds({ certificateType: types })
  const trigger = other.triggerMessage({ requestedMessage: "SignChargingStationCertificate" })
  if (!scene.can(Domain.InstallCertificate)) {
    const sign = metered.csms.signCertificate({ csr: "none" })
    const asks = [install, installed(certificateType), trigger]
    return yield* cannot(scene, Domain.InstallCertificate, { asks, tells: [sign] })
  }
  assert.deepInclude(yield* installed(certificateType), { status: "NotFound" })
  assert.deepInclude(yield* install, accepted)
  const { certificateHashDataChain: [root, ...others] = [] } = yield* installed(certificateType)
  assert.deepStrictEqual(others, [])
  assert(root !== undefined)
  assert.deepInclude(yield* installed("ManufacturerRootCertificate"), { status: "NotFound" })
  const both = installed(certificateType, "ManufacturerRootCertificate")
  const { severalTypes } = scene.asked
  if (severalTypes === undefined) assert.deepStrictEqual((yield* both).certificateHashDataChain, [root])
  else assert.deepInclude(yield* Effect.flip(both), severalTypes)

  assert.deepInclude(yield* trigger, accepted)
  yield* arrive
  assert.strictEqual(equipment.certificates.own.size, 0)
  assert.deepStrictEqual(database.renewals, [])
  yield* Effect.sleep("1 minute")
  const own = equipment.certificates.own.get("ChargingStationCertificate")
  assert.match(own ?? "", /^-----BEGIN CERTIFICATE-----/)
  assert.deepStrictEqual(database.renewals, ["METERED Accepted"])
  assert.strictEqual(database.security.at(-1), "METERED ReconfigurationOfSecurityParameters")
  // It has not asked for another one.
  assert.deepInclude(yield* other.certificateSigned({ certificateChain: "of somebody else" }), rejected)

  const { certificateHashData } = root
  assert.deepInclude(yield* other.deleteCertificate({ certificateHashData }), accepted)
  assert.deepInclude(yield* installed(certificateType), { status: "NotFound" })
  assert.deepInclude(yield* other.deleteCertificate({ certificateHashData }), { status: "NotFound" })
})

/** A vehicle charges by its contract: the station has the roots and a certificate for it, and asks about the vehicle's. */
const knowsContracts = Effect.fnUntraced(function* (scene: Scene) {
  const { database, equipment, metered, other } = scene
  const install = (certificateType: Domain.InstallCertificateUse) =>
    other.installCertificate({ certificateType, certificate: `A ${certificateType}` })
  const trigger = other.triggerMessage({ requestedMessage: "SignV2GCertificate" })
  const vehicle = {
    iso15118SchemaVersion: "urn:iso:15118:2:2013:MsgDef",
    action: "Install",
    exiRequest: "EXI"
  } as const
  if (!scene.can(Domain.Get15118EVCertificate)) {
    const fetch = metered.csms.get15118EVCertificate(vehicle)
    return yield* cannot(scene, Domain.Get15118EVCertificate, { asks: [install("MORootCertificate")], tells: [fetch] })
  }
  assert.deepInclude(yield* install("V2GRootCertificate"), accepted)
  assert.deepInclude(yield* install("MORootCertificate"), accepted)
  const certificateType = ["V2GRootCertificate", "MORootCertificate"] as const
  const { certificateHashDataChain: roots = [] } = yield* other.getInstalledCertificateIds({ certificateType })
  assert.deepStrictEqual(
    roots.map((root) => root.certificateType),
    [...certificateType]
  )
  assert.deepInclude(yield* trigger, accepted)
  yield* Effect.sleep("2 minutes")
  assert.match(equipment.certificates.own.get("V2GCertificate") ?? "", /^-----BEGIN CERTIFICATE-----/)

  const { exiResponse } = yield* metered.csms.get15118EVCertificate(vehicle)
  assert.strictEqual(exiResponse, "to EXI")
  const ocspRequestData = { ...roots[1]!.certificateHashData, responderURL: "http://ocsp.example" }
  assert.deepInclude(yield* metered.csms.getCertificateStatus({ ocspRequestData }), { ocspResult: "good" })
  const idToken = { idToken: "DE8AA1A2B3C4D5", type: "eMAID" } as const
  const asked = metered.csms.authorize({ idToken, iso15118CertificateHashData: [ocspRequestData] })
  assert.deepInclude(yield* asked, { certificateStatus: "Accepted", idTokenInfo: accepted })
  yield* metered.start(2, { idToken })
  yield* metered.stop(2, "Local")
  yield* arrive
  assert.strictEqual(database.transactions("METERED").at(-1)!.idToken, "DE8AA1A2B3C4D5")
  for (const { certificateHashData } of roots) {
    assert.deepInclude(yield* other.deleteCertificate({ certificateHashData }), accepted)
  }
})

/** The driver is shown what charging costs, before, during and after it, as far as both sides have words for it. */
const showsCosts = Effect.fnUntraced(function* (scene: Scene) {
  const { database, equipment, metered, other } = scene
  const texts = { priceText: "30 ct", priceTextExtra: [{ format: "UTF8", language: "nl", content: "€ 0,30" }] } as const
  const setPrice = other.setUserPrice({ idToken: token("GOOD"), ...texts })
  if (scene.can(Domain.SetUserPrice)) assert.deepStrictEqual(yield* setPrice, {})
  else yield* cannot(scene, Domain.SetUserPrice, { asks: [setPrice], tells: [] })
  yield* metered.start(2, { idToken: token("GOOD") })
  yield* arrive
  const { transactionId } = database.transactions("METERED").at(-1)!
  const timestamp = yield* DateTime.now
  const isPriced = scene.asked.upstream === "1.6"
  const price = { timestamp, meterValue: 1000, state: "Charging", chargingPrice: { kWhPrice: 0.3 } } as const
  const priced = { transactionId, totalCost: 0.5, ...(isPriced ? { price } : {}) }
  const update = other.costUpdated(priced)
  if (scene.can(Domain.CostUpdated)) assert.deepStrictEqual(yield* update, {})
  else yield* cannot(scene, Domain.CostUpdated, { asks: [update], tells: [] })
  yield* metered.stop(2, "Local")
  yield* arrive
  const final = other.finalCost({ transactionId, totalCost: 0.75, priceText: "75 ct" })
  const unplug = metered.csms.connectorUnplugged({ transactionId, timestamp })
  if (scene.can(Domain.FinalCost)) {
    assert.deepStrictEqual([yield* unplug, yield* final], [{}, {}])
    assert.deepStrictEqual(database.unplugged, [transactionId])
  } else yield* cannot(scene, Domain.FinalCost, { asks: [final], tells: [unplug] })
  assert.deepStrictEqual(equipment.costs.shown, [
    ...(scene.can(Domain.SetUserPrice) ? ["GOOD, 30 ct, € 0,30"] : []),
    ...(scene.can(Domain.CostUpdated) ? [`${transactionId}, 0.5${isPriced ? ", Charging, 0.3" : ""}`] : []),
    ...(scene.can(Domain.FinalCost) ? [`${transactionId}, 0.75, 75 ct`] : [])
  ])
})

/** What stations have told of their displays since then, part by part. */
const shownBy = ({ displays }: Database) =>
  displays.splice(0).map(({ messageInfo = [], requestId, tbc }) => ({
    part: [requestId, tbc],
    messages: messageInfo.map(({ id, message, transactionId }) => [id, message.content, transactionId])
  }))

/** The CSMS has drivers read two messages, one of them as long as a transaction goes on, and takes the other one back. */
const showsMessages = Effect.fnUntraced(function* (scene: Scene) {
  const { database, metered, other } = scene
  const set = (id: number, content: string, during: { readonly transactionId?: string } = {}) =>
    other.setDisplayMessage({
      message: { id, priority: "NormalCycle", message: { format: "UTF8", language: "en", content }, ...during }
    })
  const get = (requestId: number) => Effect.tap(other.getDisplayMessages({ requestId }), () => arrive)
  const clear = (id: number) => other.clearDisplayMessage({ id })
  if (!scene.can(Domain.SetDisplayMessage)) {
    const tell = metered.csms.notifyDisplayMessages({ requestId: 1 })
    const asks = [set(1, "Welcome"), get(1), clear(1)]
    return yield* cannot(scene, Domain.SetDisplayMessage, { asks, tells: [tell] })
  }
  assert.deepInclude(yield* get(1), { status: "Unknown" })
  const unknown = yield* set(2, "Half price", { transactionId: "none" })
  assert.deepInclude(unknown, { status: "UnknownTransaction" })
  yield* metered.start(2, { idToken: token("GOOD") })
  yield* arrive
  const { transactionId } = database.transactions("METERED").at(-1)!
  assert.deepInclude(yield* set(1, "Welcome"), accepted)
  assert.deepInclude(yield* set(2, "Half price", { transactionId }), accepted)
  assert.deepInclude(yield* get(2), accepted)
  assert.deepStrictEqual(shownBy(database), [
    { part: [2, true], messages: [[1, "Welcome", undefined]] },
    { part: [2, false], messages: [[2, "Half price", transactionId]] }
  ])

  assert.deepInclude(yield* clear(1), accepted)
  assert.deepInclude(yield* clear(1), { status: "Unknown" })
  assert.deepInclude(yield* get(3), accepted)
  assert.deepStrictEqual(shownBy(database), [{ part: [3, false], messages: [[2, "Half price", transactionId]] }])

  yield* metered.stop(2, "Local")
  yield* arrive
  assert.deepInclude(yield* get(4), { status: "Unknown" })
  assert.deepInclude(yield* clear(2), { status: "Unknown" })
  assert.deepStrictEqual(shownBy(database), [])
})

/** What stations have told of their monitors since then, part by part. */
const reportedBy = ({ monitors: parts }: Database) =>
  parts.splice(0).map(({ monitors = [], requestId, seqNo, tbc }) => ({
    part: [requestId, seqNo, tbc],
    monitors: monitors.flatMap(({ address, variableMonitoring }) =>
      variableMonitoring.map(({ id, severity, trigger }) => [address.component.name, id, trigger.type, severity])
    )
  }))

/** What monitors have told since then. */
const watchedBy = ({ events }: Database) =>
  events.splice(0).map(({ actualValue, cleared, variableMonitoringId }) => [variableMonitoringId, actualValue, cleared])

/** The CSMS has the station watch how warm it is, is told when it gets too hot, and then wants to know no more. */
const isMonitored = Effect.fnUntraced(function* (scene: Scene) {
  const { database, equipment, metered, other } = scene
  const warm = (celsius: number) => Effect.andThen(equipment.monitors.warm(celsius, metered.csms), arrive)
  const base = (monitoringBase: Domain.MonitoringBase) => other.setMonitoringBase({ monitoringBase })
  const level = (severity: number) => other.setMonitoringLevel({ severity })
  const watch = (name: string) => {
    const address = { component: { name: "PowerConverter" }, variable: { name } }
    const trigger = { type: "UpperThreshold", value: BigDecimal.fromStringUnsafe("80.5") } as const
    const set = other.setVariableMonitoring({ monitors: [{ address, trigger, severity: 4 }] })
    return Effect.map(set, ({ results }) => results[0]!)
  }
  const report = (requestId: number) => Effect.tap(other.getMonitoringReport({ requestId }), () => arrive)
  const clear = (id: number) => Effect.map(other.clearVariableMonitoring({ id: [id] }), ({ results }) => results[0]!)
  if (!scene.can(Domain.SetVariableMonitoring)) {
    const tell = metered.csms.notifyMonitoringReport({ requestId: 1, generatedAt: yield* DateTime.now, seqNo: 0 })
    const asks = [base("All"), level(5), watch("Temperature"), report(1), clear(1)]
    return yield* cannot(scene, Domain.SetVariableMonitoring, { asks, tells: [tell] })
  }
  assert.deepInclude(yield* base("All"), accepted)
  assert.deepInclude(yield* level(3), accepted)
  assert.deepInclude(yield* watch("Humour"), { status: "UnknownVariable" })
  const { id, status } = yield* watch("Temperature")
  assert.strictEqual(status, "Accepted")
  assert(id !== undefined)
  assert.deepInclude(yield* report(1), accepted)
  assert.deepStrictEqual(reportedBy(database), [
    { part: [1, 0, true], monitors: [["Controller", 1, "LowerThreshold", 2]] },
    { part: [1, 1, false], monitors: [["PowerConverter", id, "UpperThreshold", 4]] }
  ])

  // It is less severe than what is to be told.
  yield* warm(81)
  yield* warm(80)
  assert.deepStrictEqual(watchedBy(database), [])
  assert.deepInclude(yield* level(4), accepted)
  yield* warm(81)
  yield* warm(82)
  assert.deepStrictEqual(watchedBy(database), [[id, "81", false]])
  yield* warm(80)
  assert.deepStrictEqual(watchedBy(database), [[id, "80", true]])

  assert.deepInclude(yield* clear(id), accepted)
  assert.deepInclude(yield* clear(id), { status: "NotFound" })
  yield* warm(81)
  assert.deepStrictEqual(watchedBy(database), [])

  // The set of the factory has no monitors of a CSMS.
  yield* watch("Temperature")
  assert.deepInclude(yield* base("FactoryDefault"), accepted)
  assert.deepInclude(yield* report(2), accepted)
  assert.deepStrictEqual(reportedBy(database), [
    { part: [2, 0, false], monitors: [["Controller", 1, "LowerThreshold", 2]] }
  ])
})

/** The CSMS dies, then the station does, in the middle of a transaction. */
const isKilled = Effect.fnUntraced(function* (scene: Scene) {
  const { csms, network, powered } = scene
  yield* scene.charge(1, "20 minutes")
  yield* network.cut()
  yield* csms.restart({ down: "10 minutes" })
  yield* Effect.sleep("10 minutes")
  assert.deepStrictEqual(scene.shown(1), scene.asked.charging)
  const { transactionId } = scene.last
  yield* powered.off
  yield* Effect.sleep("1 hour")
  yield* powered.on
  yield* Effect.sleep("10 minutes")
  assert.deepStrictEqual(
    [scene.last.transactionId, scene.last.stoppedReason],
    [transactionId, reasonIn(scene, "PowerLoss")]
  )
  // It counts up to the last sample.
  assert.isAtLeast(BigDecimal.toNumberUnsafe(energyOf(scene.last)!), 6500)
  assert.deepStrictEqual(scene.shown(1), free)
})

/** What each meter reads is what the transactions there have charged, without a gap between one and the next. */
const isBilled = ({ ledger, simulated }: Scene): void => {
  for (const outlet of simulated.outlets) {
    let register = BigDecimal.fromBigInt(0n)
    for (const { begin, end, evseId, transactionId } of ledger) {
      if (evseId !== outlet.id) continue
      assert(begin !== undefined && end !== undefined, transactionId)
      assert.isTrue(BigDecimal.equals(begin, register), `transaction ${transactionId} begins where the last one ended`)
      register = end
    }
    assert.strictEqual(BigDecimal.toNumberUnsafe(register), Math.round(outlet.energy), `EVSE ${outlet.id}`)
  }
}

/** The chapters, and the operation without which a version has nothing to do in one. */
const chapters: ReadonlyArray<
  readonly [chapter: (scene: Scene) => Effect.Effect<void, unknown, Scope>, needed?: Action]
> = [
  [boots],
  [authorises],
  [charges],
  [isControlledRemotely],
  [isReserved],
  [isLimited, Domain.SetChargingProfile],
  [isConfigured],
  [isTakenOutOfUse],
  [isUnlocked],
  [knowsAList],
  [isTriggered, Domain.TriggerMessage],
  [isReset],
  [isUpdated],
  [sendsItsLog],
  [refusesWhatItHasNot],
  [hasNoCertificates, Domain.CertificateSigned],
  [isJoined],
  [renewsItsCertificate],
  [knowsContracts],
  [showsCosts],
  [showsMessages],
  [isMonitored],
  [isKilled]
]

/** What 1.6 can do: by one of its actions each, or by several. */
const of16: ReadonlySet<Action> = new Set([
  ...v16.translations.map(({ generic }) => generic),
  Domain.GetVariables,
  Domain.SetVariables,
  Domain.TransactionEvent
])

/** Whether there is a chapter of an operation. */
const isPlayed = (operation: Action) =>
  of16.has(operation) || operation.block === "DisplayMessage" || operation.block === "Monitoring"

/** Plays all chapters. */
const play = (row: Sides) =>
  Effect.gen(function* () {
    const scene = yield* openAt(row)
    for (const [chapter, needed] of chapters) {
      if (needed === undefined || scene.can(needed)) yield* chapter(scene)
    }
    isBilled(scene)
    assert.deepStrictEqual(
      scene.database.boots.filter(({ identity }) => identity === "CP").map(({ reason }) => reason),
      [...scene.asked.bootReasons]
    )
    assert.deepStrictEqual([...scene.database.deviations, ...scene.deviations], [])
    for (const [version, frames] of [
      [row.front, scene.frames],
      [row.upstream, scene.framesOfCsms]
    ] as const) {
      const { protocol, translations } = adapters[version]
      const called = check(protocol, frames)
      const nameOf = (action: Action) => carried.get(action) ?? action.name
      const generic = new Set(translations.flatMap((one) => (called.has(nameOf(one.action)) ? [one.generic] : [])))
      // Nothing was left out of what the chapters are about.
      const played = translations.filter((one) => isPlayed(one.generic) && scene.can(one.generic))
      assert.deepStrictEqual(
        played.flatMap((one) => (generic.has(one.generic) ? [] : [one.generic.name])),
        []
      )
    }
  })

describe("a CSMS and stations that name no version", () => {
  for (const row of sides) {
    const { front, upstream } = row
    const words = front === upstream ? `in the words of ${front}` : `through a gateway from ${front} to ${upstream}`
    it.live(`do all that there is a chapter of, and bill what was charged, ${words}`, () => simulate(play(row), words))
  }
})
