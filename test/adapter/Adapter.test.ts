/**
 * Generic handlers and calls at work: a CSMS and stations of all versions that name no version.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import { Adapter } from "../../src/adapter/index.ts"
import * as AdapterV15 from "../../src/adapter/V15.ts"
import * as AdapterV16 from "../../src/adapter/V16.ts"
import * as AdapterV201 from "../../src/adapter/V201.ts"
import * as AdapterV21 from "../../src/adapter/V21.ts"
import { Csms, Endpoint, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import * as Handlers from "../../src/Handlers.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import { Reply } from "../../src/Reply.ts"
import { MemoryNetwork } from "../../src/simulation/index.ts"
import { Station } from "../../src/station/index.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { connectTo } from "../support/csms.ts"
import { settled } from "../support/time.ts"

const { adapter: v15 } = AdapterV15
const { adapter: v16 } = AdapterV16
const { adapter: v201 } = AdapterV201
const { adapter: v21 } = AdapterV21

class Tenant extends Context.Service<Tenant, { readonly name: string }>()("test/Tenant") {}

/** What came to the CSMS, in the words of the domain. */
interface Seen {
  readonly action: string
  readonly request: unknown
  readonly by: string
}

const now = DateTime.makeUnsafe("2026-11-22T06:00:00.000Z")

const csmsHandlers = (seen: Array<Seen>) => {
  const note = (action: string, request: unknown, { identity, version }: Domain.StationSession): void =>
    void seen.push({ action, request, by: `${identity} ${version}` })
  return Domain.csmsHandlers({
    bootNotification: (request, session) =>
      Effect.sync(() => {
        note("BootNotification", request, session)
        return { status: "Accepted", currentTime: now, interval: Duration.minutes(5) }
      }),
    heartbeat: () => Effect.succeed({ currentTime: now }),
    authorize: ({ idToken }, session) =>
      Effect.gen(function* () {
        note("Authorize", idToken, session)
        const { name } = yield* Tenant
        return {
          idTokenInfo: {
            status: "NoCredit",
            groupIdToken: { idToken: name, type: "Central" },
            cacheExpiryDateTime: now
          }
        }
      }),
    statusNotification: (request, session) => Effect.sync(() => (note("StatusNotification", request, session), {})),
    transactionEvent: (request, session) =>
      Effect.sync(() => {
        note("TransactionEvent", request, session)
        return request.idToken === undefined ? {} : { idTokenInfo: { status: "Accepted" } }
      }),
    meterValues: (request, session) => Effect.sync(() => (note("MeterValues", request, session), {})),
    firmwareStatusNotification: (request, session, { action }) =>
      Effect.sync(() => (note(action, request, session), {})),
    logStatusNotification: (request, session, { action }) => Effect.sync(() => (note(action, request, session), {})),
    dataTransfer: (_, session) => Reply.then({ status: "Accepted", data: "answered" }, session.station.clearCache({}))
  })
}

const boot16: V16.BootNotificationRequest = { chargePointVendor: "ACME", chargePointModel: "One", iccid: "89" }
const boot2x: V201.BootNotificationRequest = {
  reason: "PowerUp",
  chargingStation: { vendorName: "ACME", model: "Two" }
}

/** A CSMS, and a station of each version, whose handlers name none. */
const world = Effect.fnUntraced(function* (asked: Array<unknown> = []) {
  const seen: Array<Seen> = []
  const handlers = csmsHandlers(seen)
  const csmsLayer = Csms.layer({
    accept: () => Effect.succeed({ data: Context.make(Tenant, { name: "north" }) }),
    handlers: [Adapter.handlers(v16, handlers), Adapter.handlers(v201, handlers), Adapter.handlers(v21, handlers)]
  }).pipe(Layer.provide(TransactionIds.layer()))
  const context = yield* Layer.build(Layer.provideMerge(MemoryNetwork.layer, csmsLayer))
  const stationHandlers = Domain.stationHandlers({
    reset: (request) => Effect.sync(() => (asked.push(request), { status: "Scheduled" })),
    unlockConnector: () => Effect.succeed({ status: "OngoingAuthorizedTransaction" }),
    requestStartTransaction: (request) => Effect.sync(() => (asked.push(request), { status: "Accepted" })),
    requestStopTransaction: (request) => Effect.sync(() => (asked.push(request), { status: "Rejected" })),
    changeAvailability: (request) => Effect.sync(() => (asked.push(request), { status: "Accepted" })),
    clearCache: () => Effect.sync(() => (asked.push("ClearCache"), { status: "Accepted" })),
    reserveNow: (request) => Effect.sync(() => (asked.push(request), { status: "Accepted" })),
    getLocalListVersion: () => Effect.succeed({}),
    triggerMessage: (request, _, { action }) =>
      Effect.sync(() => (asked.push([action, request]), { status: "NotImplemented" })),
    updateFirmware: (request, _, { action }) =>
      Effect.sync(() => (asked.push([action, request]), { status: "AcceptedCanceled" })),
    getCompositeSchedule: ({ duration, evseId }) =>
      Effect.succeed({
        status: "Accepted",
        evseId,
        schedule: {
          startSchedule: now,
          duration,
          chargingRateUnit: "W",
          chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: 11_000 }],
          minChargingRate: 1380.5
        }
      }),
    setChargingProfile: (request) => Effect.sync(() => (asked.push(request), { status: "NotSupported" })),
    getLog: (request, _, { action }) =>
      Effect.sync(() => (asked.push([action, request]), { status: "AcceptedCanceled", filename: "log" })),
    dataTransfer: (_, csms) => Effect.as(Effect.orDie(csms.heartbeat({})), { status: "Accepted", data: "beaten" })
  })
  const connector = Layer.succeedContext(context)
  const stationOf = <C, E>(
    live: Layer.Layer<C, E, Layer.Success<typeof MemoryNetwork.layer>>,
    generic: Layer.Layer<Domain.Csms, never, C>
  ) =>
    Effect.map(Layer.build(generic.pipe(Layer.provide(live), Layer.provide(connector))), (built) =>
      Context.get(built, Domain.Csms)
    )
  const one = yield* stationOf(
    Station.layer(V16.protocol, {
      url: "ws://csms",
      identity: "ONE",
      boot: boot16,
      handlers: Adapter.handlers(v16, stationHandlers)
    }),
    AdapterV16.layer
  )
  const two = yield* stationOf(
    Station.layer(V201.protocol, {
      url: "ws://csms",
      identity: "TWO",
      boot: boot2x,
      handlers: Adapter.handlers(v201, stationHandlers)
    }),
    AdapterV201.layer
  )
  const three = yield* stationOf(
    Station.layer(V21.protocol, {
      url: "ws://csms",
      identity: "THREE",
      boot: boot2x,
      handlers: Adapter.handlers(v21, stationHandlers)
    }),
    AdapterV21.layer
  )
  yield* settled
  const csms = Context.get(context, Csms)
  return { csms, seen, one, two, three, at: (identity: string) => Adapter.station([v16, v201, v21], csms, identity) }
})

/** How a call fails. */
const failure = <A>(call: Effect.Effect<A, CallFailure>) =>
  Effect.map(Effect.flip(call), (error) =>
    error._tag === "NotSent"
      ? [error.reason, ...error.violations.map(({ path, rule }) => `${path}: ${rule}`)]
      : [error._tag]
  )

describe("generic handlers", () => {
  it.effect("get the messages of all versions in one form, with the services of the session", () =>
    Effect.gen(function* () {
      const { one, seen, three, two } = yield* world()
      assert.deepStrictEqual(
        (yield* Effect.forEach([one, two, three], (csms) =>
          csms.authorize({ idToken: { idToken: "A1", type: "ISO14443" } })
        )).map(({ idTokenInfo }) => idTokenInfo),
        [
          // 1.6 says neither why an idTag is blocked nor what type it is of.
          { status: "Blocked", groupIdToken: { idToken: "north", type: "Unknown" }, cacheExpiryDateTime: now },
          { status: "NoCredit", groupIdToken: { idToken: "north", type: "Central" }, cacheExpiryDateTime: now },
          { status: "NoCredit", groupIdToken: { idToken: "north", type: "Central" }, cacheExpiryDateTime: now }
        ]
      )
      const charging = {
        timestamp: now,
        evse: { id: 2, connectorId: 1 },
        condition: "Operative",
        occupancy: "Occupied",
        activity: "Charging"
      } as const
      yield* one.statusNotification({ ...charging, error: { info: "warm" } })
      yield* two.statusNotification(charging)
      yield* three.statusNotification(charging)
      assert.deepStrictEqual(seen, [
        {
          action: "BootNotification",
          request: { chargingStation: { vendorName: "ACME", model: "One", modem: { iccid: "89" } } },
          by: "ONE 1.6"
        },
        {
          action: "BootNotification",
          request: { chargingStation: { vendorName: "ACME", model: "Two" }, reason: "PowerUp" },
          by: "TWO 2.0.1"
        },
        {
          action: "BootNotification",
          request: { chargingStation: { vendorName: "ACME", model: "Two" }, reason: "PowerUp" },
          by: "THREE 2.1"
        },
        { action: "Authorize", request: { idToken: "A1", type: "Unknown" }, by: "ONE 1.6" },
        { action: "Authorize", request: { idToken: "A1", type: "ISO14443" }, by: "TWO 2.0.1" },
        { action: "Authorize", request: { idToken: "A1", type: "ISO14443" }, by: "THREE 2.1" },
        { action: "StatusNotification", request: { ...charging, error: { info: "warm" } }, by: "ONE 1.6" },
        {
          action: "StatusNotification",
          request: { timestamp: now, evse: charging.evse, condition: "Operative", occupancy: "Occupied" },
          by: "TWO 2.0.1"
        },
        {
          action: "StatusNotification",
          request: { timestamp: now, evse: charging.evse, condition: "Operative", occupancy: "Occupied" },
          by: "THREE 2.1"
        }
      ])
      assert.deepStrictEqual(yield* two.heartbeat({}), { currentTime: now })
    })
  )

  it.effect("may go on after their answer, and call the other side", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { at, one, three, two } = yield* world(asked)
      for (const station of [one, two, three]) {
        assert.deepStrictEqual(yield* station.dataTransfer({ vendorId: "v" }), { status: "Accepted", data: "answered" })
      }
      yield* settled
      assert.deepStrictEqual(asked, ["ClearCache", "ClearCache", "ClearCache"])
      for (const identity of ["ONE", "TWO", "THREE"]) {
        assert.deepStrictEqual(yield* at(identity).dataTransfer({ vendorId: "v" }), {
          status: "Accepted",
          data: "beaten"
        })
      }
    })
  )

  it("stand beside those of a version", () => {
    const { handlers, protocol } = Handlers.override(
      Adapter.handlers(v16, csmsHandlers([])),
      V16.csmsHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: "2001-01-01T00:00:00Z" }) })
    )
    assert.strictEqual(protocol.version, "1.6")
    assert.isFalse(handlers.has("SignCertificate"))
    assert.isTrue(handlers.has("Authorize"))
  })

  it.effect("that say what the version cannot say answer InternalError", () =>
    Effect.gen(function* () {
      const limited = Domain.csmsHandlersPartial({
        authorize: () => Effect.succeed({ idTokenInfo: { status: "Accepted", evseId: [1] } })
      })
      const context = yield* Layer.build(
        Layer.provideMerge(
          MemoryNetwork.layer,
          Csms.layer({
            accept: () => Effect.succeed({ registration: "Accepted" }),
            handlers: [Adapter.handlers(v16, limited)]
          }).pipe(Layer.provide(TransactionIds.layer()))
        )
      )
      const csms = yield* Layer.build(
        Station.layer(V16.protocol, { url: "ws://csms", identity: "ONE" }).pipe(
          Layer.provide(Layer.succeedContext(context))
        )
      )
      const error = yield* Effect.flip(Context.get(csms, V16.Csms).authorize({ idTag: "A" }))
      assert.include({ ...error }, { _tag: "CallError", code: "InternalError" })
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
  )
})

describe("generic calls", () => {
  it.effect("reach stations of all versions", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { at } = yield* world(asked)
      const outcomes = yield* Effect.forEach(["ONE", "TWO", "THREE"], (identity) =>
        Effect.gen(function* () {
          const station = at(identity)
          const reset = yield* station.reset({ type: "OnIdle" })
          const unlock = yield* station.unlockConnector({ evseId: 1, connectorId: 1 })
          yield* station.changeAvailability({ operationalStatus: "Inoperative" })
          yield* station.changeAvailability({ operationalStatus: "Operative", evse: { id: 2 } })
          return [reset.status, unlock.status, (yield* station.getLocalListVersion({})).versionNumber]
        })
      )
      assert.deepStrictEqual(outcomes, [
        ["Accepted", "UnlockFailed", undefined],
        ["Scheduled", "OngoingAuthorizedTransaction", 0],
        ["Scheduled", "OngoingAuthorizedTransaction", 0]
      ])
      const common = [{ type: "OnIdle" }, { operationalStatus: "Inoperative" }]
      assert.deepStrictEqual(asked, [
        ...common,
        // An EVSE of 1.6 has one connector.
        { operationalStatus: "Operative", evse: { id: 2, connectorId: 1 } },
        ...common,
        { operationalStatus: "Operative", evse: { id: 2 } },
        ...common,
        { operationalStatus: "Operative", evse: { id: 2 } }
      ])
    })
  )

  it.effect("go by the action of the version that can say them, and each of these is handled", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { at, one, seen, two } = yield* world(asked)
      const log = { log: { remoteLocation: "ftp://logs" }, logType: "DiagnosticsLog" } as const
      const firmware = { location: "ftp://firmware", retrieveDateTime: now }
      const signed = { ...firmware, signature: "c2ln", signingCertificate: "PEM" }
      const heartbeat = { requestedMessage: "Heartbeat", evse: { id: 0 } } as const
      const sign = { requestedMessage: "SignChargingStationCertificate" } as const

      const station = at("ONE")
      const outcomes = [
        yield* station.triggerMessage(heartbeat),
        yield* station.triggerMessage(sign),
        yield* station.updateFirmware({ requestId: 1, firmware }),
        yield* station.updateFirmware({ requestId: 2, firmware: signed }),
        yield* station.getLog(log),
        yield* station.getLog({ ...log, requestId: 3 })
      ]
      assert.deepStrictEqual(
        outcomes.map(({ status }) => status),
        ["NotImplemented", "NotImplemented", "Accepted", "AcceptedCanceled", "Accepted", "AcceptedCanceled"]
      )
      assert.deepStrictEqual(asked, [
        ["TriggerMessage", heartbeat],
        ["ExtendedTriggerMessage", sign],
        // 1.6 has no id for an update of unsigned firmware.
        ["UpdateFirmware", { firmware }],
        ["SignedUpdateFirmware", { requestId: 2, firmware: signed }],
        ["GetDiagnostics", log],
        ["GetLog", { ...log, requestId: 3 }]
      ])

      asked.length = 0
      yield* at("TWO").triggerMessage(sign)
      yield* at("TWO").updateFirmware({ requestId: 1, firmware })
      assert.deepStrictEqual(asked, [
        ["TriggerMessage", sign],
        ["UpdateFirmware", { requestId: 1, firmware }]
      ])

      seen.length = 0
      for (const csms of [one, two]) {
        yield* csms.firmwareStatusNotification({ status: "Installing" })
        yield* csms.firmwareStatusNotification({ status: "InstallRebooting", requestId: 2 })
        yield* csms.logStatusNotification({ status: "PermissionDenied" })
        yield* csms.logStatusNotification({ status: "PermissionDenied", requestId: 3 })
      }
      const installing = { status: "Installing" }
      const rebooting = { status: "InstallRebooting", requestId: 2 }
      const denied = { status: "PermissionDenied" }
      assert.deepStrictEqual(seen, [
        { action: "FirmwareStatusNotification", request: installing, by: "ONE 1.6" },
        { action: "SignedFirmwareStatusNotification", request: rebooting, by: "ONE 1.6" },
        { action: "DiagnosticsStatusNotification", request: { status: "UploadFailure" }, by: "ONE 1.6" },
        { action: "LogStatusNotification", request: { ...denied, requestId: 3 }, by: "ONE 1.6" },
        { action: "FirmwareStatusNotification", request: installing, by: "TWO 2.0.1" },
        { action: "FirmwareStatusNotification", request: rebooting, by: "TWO 2.0.1" },
        { action: "LogStatusNotification", request: denied, by: "TWO 2.0.1" },
        { action: "LogStatusNotification", request: { ...denied, requestId: 3 }, by: "TWO 2.0.1" }
      ])
    })
  )

  it.effect("fail before anything is sent where the version cannot say it", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { at, one, two } = yield* world(asked)
      assert.deepStrictEqual(yield* failure(at("ONE").reset({ type: "OnIdle", evseId: 1 })), [
        "NotExpressible",
        "evseId: 1.6 resets the whole station"
      ])
      const reservation = { id: 1, expiryDateTime: now, idToken: { idToken: "A", type: "Unknown" } } as const
      assert.deepStrictEqual(yield* failure(at("TWO").reserveNow(reservation)), [
        "NotExpressible",
        "idToken.type: 2.0.1 asks for the type of an idToken"
      ])
      assert.deepStrictEqual(
        yield* failure(
          at("ONE").sendLocalList({
            versionNumber: 1,
            updateType: "Full",
            localAuthorizationList: [
              { idToken: { idToken: "A", type: "Local" } },
              { idToken: { idToken: "A".repeat(21), type: "Local" }, idTokenInfo: { status: "Accepted", evseId: [1] } }
            ]
          })
        ),
        [
          "NotExpressible",
          "localAuthorizationList[1].idToken: an idTag of 1.6 has at most 20 characters",
          "localAuthorizationList[1].idTokenInfo.evseId: 1.6 cannot restrict an idTag to some connectors"
        ]
      )
      assert.deepStrictEqual(yield* failure(one.dataTransfer({ vendorId: "v", data: { a: 1 } })), [
        "NotExpressible",
        "data: 1.6 carries text only"
      ])
      assert.deepStrictEqual(yield* failure(one.firmwareStatusNotification({ status: "SignatureVerified" })), [
        "NotExpressible",
        "status: 1.6 has it for signed firmware only"
      ])
      assert.deepStrictEqual(yield* failure(at("ONE").triggerMessage({ requestedMessage: "SignV2G20Certificate" })), [
        "NotExpressible",
        "requestedMessage: 1.6 has nothing of ISO 15118-20"
      ])
      assert.deepStrictEqual(
        yield* failure(at("TWO").getLog({ log: { remoteLocation: "ftp://logs" }, logType: "SecurityLog" })),
        ["NotExpressible", "requestId: 2.0.1 asks for the id of an upload"]
      )
      assert.deepStrictEqual(yield* failure(two.statusNotification({ condition: "Faulted" })), [
        "NotExpressible",
        "timestamp: 2.0.1 asks when it came to be so",
        "evse.id: 2.0.1 tells the status of connectors only",
        "evse.connectorId: 2.0.1 tells the status of connectors only"
      ])
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect("carry a charging profile that both versions can say, and refuse what only the other can", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { at } = yield* world(asked)
      const schedule = {
        duration: Duration.hours(1),
        chargingRateUnit: "A",
        chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: 16.1 }]
      } as const
      const profile = {
        id: 1,
        stackLevel: 0,
        chargingProfilePurpose: "TxProfile",
        chargingProfileKind: "Relative",
        transactionId: "42"
      } as const
      const ofBoth = { evseId: 1, chargingProfile: { ...profile, chargingSchedule: [{ id: 7, ...schedule }] } }
      assert.deepStrictEqual(
        yield* Effect.forEach(["ONE", "TWO"], (identity) => at(identity).setChargingProfile(ofBoth)),
        [{ status: "NotSupported" }, { status: "Rejected" }]
      )
      // 1.6 has no id for a schedule.
      const ofOne = { evseId: 1, chargingProfile: { ...profile, chargingSchedule: [schedule] } }
      assert.deepStrictEqual(asked, [ofOne, ofBoth])

      const tariff = { ...schedule, salesTariff: { id: 1, salesTariffEntry: [] } }
      const fine = {
        ...schedule,
        chargingSchedulePeriod: [{ startPeriod: Duration.millis(500), limit: 16.11, numberPhases: 1, phaseToUse: 2 }]
      }
      const refused = { ...profile, transactionId: "042", chargingSchedule: [tariff, fine] }
      assert.deepStrictEqual(yield* failure(at("ONE").setChargingProfile({ evseId: 1, chargingProfile: refused })), [
        "NotExpressible",
        "chargingProfile.chargingSchedule: a profile of 1.6 has one schedule",
        "chargingProfile.chargingSchedule[0].salesTariff: 1.6 tells a vehicle no prices",
        "chargingProfile.chargingSchedule[1].chargingSchedulePeriod[0].startPeriod: a whole number of seconds is needed",
        "chargingProfile.chargingSchedule[1].chargingSchedulePeriod[0].limit: 1.6 has one decimal",
        "chargingProfile.chargingSchedule[1].chargingSchedulePeriod[0].phaseToUse: in 1.6 the station chooses the phase",
        "chargingProfile.transactionId: a transaction of 1.6 has a number"
      ])
      for (const transactionId of ["042", "1e3", "", "9007199254740993"]) {
        assert.deepStrictEqual(yield* failure(at("ONE").requestStopTransaction({ transactionId })), [
          "NotExpressible",
          "transactionId: a transaction of 1.6 has a number"
        ])
      }
      assert.deepStrictEqual(yield* failure(at("TWO").setChargingProfile(ofOne)), [
        "NotExpressible",
        "chargingProfile.chargingSchedule[0].id: 2.0.1 asks for the id of a schedule"
      ])
      assert.lengthOf(asked, 2)
    })
  )

  it.effect("carry what only 2.1 has, and refuse it in the versions before", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { at, one, seen, three, two } = yield* world(asked)
      seen.length = 0
      const discharging = {
        evseId: 1,
        chargingProfile: {
          id: 1,
          stackLevel: 0,
          chargingProfilePurpose: "TxProfile",
          chargingProfileKind: "Dynamic",
          dynUpdateInterval: Duration.seconds(10),
          chargingSchedule: [
            {
              id: 7,
              chargingRateUnit: "W",
              chargingSchedulePeriod: [
                {
                  startPeriod: Duration.zero,
                  operationMode: "CentralSetpoint",
                  setpoint: -3500.25,
                  v2xFreqWattCurve: [{ frequency: 49.8, power: -7000 }]
                }
              ]
            }
          ]
        }
      } as const
      yield* at("THREE").setChargingProfile(discharging)
      assert.deepStrictEqual(asked, [discharging])
      const below = "chargingProfile.chargingSchedule[0].chargingSchedulePeriod[0]"
      for (const [identity, version] of [
        ["ONE", "1.6"],
        ["TWO", "2.0.1"]
      ] as const) {
        const reasons = yield* failure(at(identity).setChargingProfile(discharging))
        assert.includeMembers(reasons, [
          "NotExpressible",
          `chargingProfile.chargingProfileKind: ${version} knows no profiles that change`,
          `chargingProfile.dynUpdateInterval: ${version} knows no profiles that change`,
          `${below}.limit: ${version} asks for a limit`
        ])
        assert.sameMembers(
          reasons.flatMap((reason) => (reason.startsWith(below) ? [reason.slice(below.length + 1).split(":")[0]] : [])),
          ["limit", "operationMode", "setpoint", "v2xFreqWattCurve"]
        )
      }
      const driver = { idToken: { idToken: "WVWZZZ1JZXW000001", type: "VIN" } }
      yield* three.authorize(driver)
      assert.deepStrictEqual(seen, [{ action: "Authorize", request: driver.idToken, by: "THREE 2.1" }])
      assert.deepStrictEqual(yield* failure(two.authorize(driver)), [
        "NotExpressible",
        "idToken.type: 2.0.1 has a list of types"
      ])
      // The case of a type is none of its meaning, which 2.0.1 does not know.
      yield* two.authorize({ idToken: { idToken: "A1", type: "iso14443" } })
      assert.deepInclude(seen.at(-1), { request: { idToken: "A1", type: "ISO14443" }, by: "TWO 2.0.1" })
      // 1.6 knows no types, so that nothing of it is lost there.
      yield* one.authorize(driver)
      for (const identity of ["ONE", "TWO"]) {
        assert.deepInclude(yield* Effect.flip(at(identity).reset({ type: "ImmediateAndResume" })), {
          reason: "NotExpressible"
        })
      }
      assert.lengthOf(asked, 1)
    })
  )

  it.effect("get a composite schedule, whose start 2.x says in one place only", () =>
    Effect.gen(function* () {
      const { at } = yield* world()
      const common = {
        duration: Duration.hours(2),
        chargingRateUnit: "W",
        chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: 11_000 }]
      } as const
      assert.deepStrictEqual(
        yield* Effect.forEach(["ONE", "TWO"], (identity) =>
          at(identity).getCompositeSchedule({ evseId: 1, duration: Duration.hours(2) })
        ),
        [
          { status: "Accepted", evseId: 1, schedule: { ...common, startSchedule: now, minChargingRate: 1380.5 } },
          { status: "Accepted", evseId: 1, scheduleStart: now, schedule: common }
        ]
      )
    })
  )

  it.effect("fail as NotSent to a station that is not there, or that speaks another version", () =>
    Effect.gen(function* () {
      const { at } = yield* world()
      assert.deepStrictEqual(yield* failure(at("NOBODY").clearCache({})), ["NotConnected"])
      const { csms } = yield* world()
      assert.deepStrictEqual(yield* failure(Adapter.station([v16], csms, "TWO").clearCache({})), [
        "NotSupported",
        ": there is no adapter for OCPP 2.0.1"
      ])
    })
  )
})

describe("1.5", () => {
  /** A generic CSMS, and a station by hand that is to be answered. */
  const byHand = Effect.fnUntraced(function* (registration: Domain.RegistrationStatus = "Accepted") {
    const seen: Array<unknown> = []
    const handlers = Domain.csmsHandlersPartial({
      bootNotification: () => Effect.succeed({ status: registration, currentTime: now, interval: Duration.minutes(1) }),
      statusNotification: (request) => Effect.sync(() => (seen.push(request), {})),
      meterValues: ({ meterValue }) =>
        Effect.sync(() => (seen.push(...meterValue.flatMap(({ sampledValue }) => sampledValue)), {})),
      firmwareStatusNotification: (request) => Effect.sync(() => (seen.push(request), {})),
      logStatusNotification: (request) => Effect.sync(() => (seen.push(request), {}))
    })
    const layer = Csms.layer({ accept: () => Effect.void, handlers: [Adapter.handlers(v15, handlers)] })
    const context = yield* Layer.build(Layer.provide(layer, TransactionIds.layer()))
    const { raw } = yield* connectTo(Context.get(context, Endpoint))("OLD", "ocpp1.5")
    let messages = 0
    const tells = Effect.fnUntraced(function* (action: string, payload: object) {
      yield* raw.send([2, `m${++messages}`, action, payload])
      yield* settled
      return (yield* raw.next)[2]
    })
    yield* tells("BootNotification", { chargePointVendor: "ACME", chargePointModel: "Zero" })
    const station = Adapter.station([v15], Context.get(context, Csms), "OLD")
    return { raw, seen, station, tells }
  })

  it.effect("tells what happened in its own words, which arrive as those of all versions", () =>
    Effect.gen(function* () {
      const { seen, tells } = yield* byHand()
      const connector = { connectorId: 2, errorCode: "NoError" }
      yield* tells("StatusNotification", { ...connector, status: "Occupied" })
      yield* tells("StatusNotification", { ...connector, status: "Faulted", errorCode: "Mode3Error" })
      yield* tells("StatusNotification", { ...connector, connectorId: 0, status: "Available" })
      yield* tells("MeterValues", {
        connectorId: 1,
        values: [
          { timestamp: DateTime.formatIso(now), values: [{ value: "16", measurand: "Current.Import", unit: "Amp" }] }
        ]
      })
      yield* tells("DiagnosticsStatusNotification", { status: "UploadFailed" })
      yield* tells("FirmwareStatusNotification", { status: "Installed" })
      const evse = { id: 2, connectorId: 1 }
      assert.deepStrictEqual(seen.slice(0, 3), [
        { evse, condition: "Operative", occupancy: "Occupied" },
        { evse, condition: "Faulted", error: { code: "EVCommunicationError" } },
        { condition: "Operative" }
      ])
      assert.deepInclude(seen[3], { measurand: "Current.Import", context: "Sample.Periodic", location: "Outlet" })
      assert.deepInclude((seen[3] as Domain.SampledValue).reading, { _tag: "Measured", unit: "A" })
      assert.deepStrictEqual(seen.slice(4), [{ status: "UploadFailure" }, { status: "Installed" }])
    })
  )

  it.effect("has a heartbeatInterval, and no Pending", () =>
    Effect.gen(function* () {
      for (const [status, told] of [
        ["Accepted", "Accepted"],
        ["Pending", "Rejected"],
        ["Rejected", "Rejected"]
      ] as const) {
        const { tells } = yield* byHand(status)
        const answer = yield* tells("BootNotification", { chargePointVendor: "ACME", chargePointModel: "Zero" })
        assert.deepStrictEqual(answer, { status: told, currentTime: DateTime.formatIso(now), heartbeatInterval: 60 })
      }
    })
  )

  it.effect("is asked in its own words", () =>
    Effect.gen(function* () {
      const { raw, station } = yield* byHand()
      /** What is asked for, and what the answer means. */
      const asked = Effect.fnUntraced(function* <A>(call: Effect.Effect<A, CallFailure>, answer: object) {
        const calling = yield* Effect.forkChild(call, { startImmediately: true })
        const [, id, ...request] = yield* raw.next
        yield* raw.send([3, id, answer])
        return [...request, yield* Fiber.join(calling)]
      })
      const unlock = station.unlockConnector({ evseId: 2, connectorId: 1 })
      assert.deepStrictEqual(yield* asked(unlock, { status: "Accepted" }), [
        "UnlockConnector",
        { connectorId: 2 },
        { status: "Unlocked" }
      ])
      const log = { log: { remoteLocation: "ftp://logs" }, logType: "DiagnosticsLog", requestId: 7 } as const
      assert.deepStrictEqual(yield* asked(station.getLog(log), { fileName: "log" }), [
        "GetDiagnostics",
        { location: "ftp://logs" },
        { status: "Accepted", filename: "log" }
      ])
      const list = station.sendLocalList({
        versionNumber: 2,
        updateType: "Full",
        localAuthorizationList: [{ idToken: { idToken: "A", type: "ISO14443" }, idTokenInfo: { status: "NoCredit" } }]
      })
      assert.deepStrictEqual(yield* asked(list, { status: "HashError" }), [
        "SendLocalList",
        {
          listVersion: 2,
          updateType: "Full",
          localAuthorisationList: [{ idTag: "A", idTagInfo: { status: "Blocked" } }]
        },
        { status: "Failed" }
      ])
      assert.deepStrictEqual(
        yield* asked(station.requestStartTransaction({ idToken: { idToken: "A", type: "Local" }, remoteStartId: 1 }), {
          status: "Accepted"
        }),
        ["RemoteStartTransaction", { idTag: "A" }, { status: "Accepted" }]
      )
    })
  )

  it.effect("is not asked for what it does not have", () =>
    Effect.gen(function* () {
      const { raw, station } = yield* byHand()
      const schedule = {
        chargingRateUnit: "A",
        chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: 6 }]
      } as const
      const profile = {
        id: 1,
        stackLevel: 0,
        chargingProfilePurpose: "TxProfile",
        chargingProfileKind: "Relative",
        chargingSchedule: [schedule]
      } as const
      for (const call of [
        station.triggerMessage({ requestedMessage: "Heartbeat" }),
        station.setChargingProfile({ evseId: 1, chargingProfile: profile }),
        station.clearChargingProfile({ chargingProfileId: 1 }),
        station.getInstalledCertificateIds({}),
        station.certificateSigned({ certificateChain: "PEM", certificateType: "ChargingStationCertificate" })
      ]) {
        assert.deepStrictEqual(yield* failure<unknown>(call), ["NotSupported", ": OCPP 1.5 has no such operation"])
      }
      const idToken = { idToken: "A", type: "Local" } as const
      assert.deepStrictEqual(yield* failure(station.requestStartTransaction({ idToken, chargingProfile: profile })), [
        "NotExpressible",
        "chargingProfile: 1.5 knows no charging profiles"
      ])
      const firmware = { location: "ftp://f", retrieveDateTime: now, signature: "c2ln", signingCertificate: "PEM" }
      assert.deepStrictEqual(yield* failure(station.updateFirmware({ firmware })), [
        "NotExpressible",
        "firmware.signingCertificate: 1.5 knows neither signed firmware nor a time to install it",
        "firmware.signature: 1.5 knows neither signed firmware nor a time to install it"
      ])
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )

  it.effect("has a station that names no version tell what it can, and refuse what would mean something else", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const note = (request: unknown) => Effect.sync(() => (seen.push(request), {}))
      const csms = Csms.layer({
        accept: () => Effect.succeed({ registration: "Accepted" }),
        handlers: [
          V15.csmsHandlersPartial({
            statusNotification: note,
            meterValues: note,
            firmwareStatusNotification: note,
            diagnosticsStatusNotification: note
          })
        ]
      })
      const built = yield* Layer.build(
        AdapterV15.layer.pipe(
          Layer.provide(Station.layer(V15.protocol, { url: "ws://csms", identity: "OLD" })),
          Layer.provide(MemoryNetwork.layer),
          Layer.provide(csms)
        )
      )
      const station = Context.get(built, Domain.Csms)
      const evse = { id: 1, connectorId: 1 }
      yield* station.statusNotification({ evse, condition: "Operative", occupancy: "Occupied", activity: "Charging" })
      yield* station.statusNotification({ evse, condition: "Faulted", error: { code: "OverVoltage", info: "260 V" } })
      yield* station.logStatusNotification({ status: "PermissionDenied", requestId: 1 })
      yield* station.firmwareStatusNotification({ status: "InvalidSignature", requestId: 1 })
      const reading = { _tag: "Measured", value: BigDecimal.fromBigInt(230n), unit: "V" } as const
      const sample = { measurand: "Voltage", context: "Sample.Clock", location: "Inlet", reading } as const
      const readings = (...sampledValue: ReadonlyArray<Domain.SampledValue>) =>
        station.meterValues({ evseId: 1, meterValue: [{ timestamp: now, sampledValue }] })
      yield* readings(sample)
      const timestamp = DateTime.formatIso(now)
      assert.deepStrictEqual(seen, [
        { connectorId: 1, status: "Occupied", errorCode: "NoError" },
        { connectorId: 1, status: "Faulted", errorCode: "OtherError", info: "260 V" },
        { status: "UploadFailed" },
        { status: "InstallationFailed" },
        {
          connectorId: 1,
          values: [
            {
              timestamp,
              values: [{ value: "230", measurand: "Voltage", context: "Sample.Clock", location: "Inlet", unit: "Volt" }]
            }
          ]
        }
      ])
      const at = "meterValue[0].sampledValue[0]"
      assert.deepStrictEqual(
        yield* failure(
          readings({ ...sample, phase: "L1", context: "Trigger", location: "EV", reading: { ...reading, unit: "VA" } })
        ),
        [
          "NotExpressible",
          `${at}.reading.unit: 1.5 has no unit VA`,
          `${at}.location: 1.5 measures at the station only`,
          `${at}.phase: 1.5 has no phases, so that it would be taken for what all have together`,
          `${at}.context: 1.5 does not know this reason for a reading`
        ]
      )
      for (const [call, rule] of [
        [readings({ ...sample, measurand: "SoC" }), `${at}.measurand: 1.5 does not know this measurand`],
        [station.logStatusNotification({ status: "Uploading" }), "status: 1.5 tells only how an upload has ended"],
        [
          station.firmwareStatusNotification({ status: "Downloading" }),
          "status: 1.5 tells only how the download and the installation have ended"
        ],
        [
          station.statusNotification({ evse, condition: "Operative" }),
          "occupancy: 1.5 tells of a connector that works whether it is free"
        ]
      ] as const) {
        assert.deepStrictEqual(yield* failure<unknown>(call), ["NotExpressible", rule])
      }
      assert.deepStrictEqual(yield* failure(station.signCertificate({ csr: "PEM" })), [
        "NotSupported",
        ": OCPP 1.5 has no such operation"
      ])
      assert.lengthOf(seen, 5)
    })
  )
})
