/**
 * What a simulated station answers to its CSMS, whatever version they speak.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Domain from "../../domain/index.ts"
import { CallError, type CallFailure } from "../../OcppError.ts"
import { Reply } from "../../Reply.ts"
import { limits } from "./limits.ts"
import { isFree, isIdle, mayUse, type Outlet, release, type SimulatedStation } from "./SimulatedStation.ts"
import type { Transfers } from "./Transfers.ts"
import type { Name } from "./StationVariables.ts"

/** What the handlers need beside the station. */
export interface Parts {
  readonly station: SimulatedStation
  readonly transfers: Transfers
  /** Whether the version is one of 2.x, which asks for other behaviour in some points. */
  readonly is2x: boolean
  /** What the station presents itself as when it is asked to. */
  readonly boot: Domain.BootNotificationRequest
  /** Starts the station anew. */
  readonly reboot: Effect.Effect<void>
}

/**
 * What the handlers of a station work with, once it is made. They get it as a service, so that all stations of a version
 * share their handlers.
 */
export class Simulated extends Context.Service<Simulated, Deferred.Deferred<Parts>>()(
  "effect-ocpp/simulation/internal/Simulated"
) {}

/** The parts of the station that is asked. */
const asked = Effect.flatMap(Simulated, Deferred.await)

type SomeHandlers = Partial<Domain.StationHandlers<Simulated>>

/** What is done with EVSEs. */
const ofOutlets = {
  changeAvailability: Effect.fnUntraced(function* ({ evse, operationalStatus }) {
    const { station } = yield* asked
    if (!Domain.OperationalStatus.literals.includes(operationalStatus)) return { status: "Rejected" }
    const outlets = evse === undefined ? station.outlets : station.outlets.filter(({ id }) => id === evse.id)
    if (outlets.length === 0 || (evse?.connectorId ?? 1) !== 1) return { status: "Rejected" }
    const isOperative = operationalStatus === "Operative"
    const changing = outlets.filter((outlet) => outlet.evse.state.isOperative !== isOperative)
    const { evses } = station.site
    if (evse === undefined) yield* evses.availabilityChanged(isOperative, { tell: false })
    for (const outlet of changing) yield* outlet.evse.availabilityChanged(isOperative, { tell: false })
    const resting = changing.filter(isIdle).map(({ id }) => id)
    return yield* Reply.then(
      { status: resting.length < changing.length ? "Scheduled" : "Accepted" },
      Effect.forEach(evse === undefined ? [0, ...resting] : resting, evses.notify)
    )
  }),
  requestStartTransaction: Effect.fnUntraced(function* ({ chargingProfile: profile, evseId, idToken, remoteStartId }) {
    const { station } = yield* asked
    const isAuthorizing = station.variables.is("authorizeRemoteStart")
    const usable = station.outlets.filter(
      (known) => (evseId === undefined || known.id === evseId) && isFree(known) && mayUse(known, idToken, isAuthorizing)
    )
    // The one that is reserved for this token is meant, if there is one.
    const outlet = usable.find(({ reservation }) => reservation !== undefined) ?? usable[0]
    if (outlet === undefined) return { status: "Rejected" }
    const { now } = yield* station.read
    if (profile !== undefined && !station.profiles.isForStart(outlet.id, profile, now)) return { status: "Rejected" }
    const start = { idToken, remoteStartId, profile }
    const starting = isAuthorizing ? station.authorizeAndBegin(outlet, start) : station.beginCharge(outlet, start)
    return yield* Reply.thenDetached({ status: "Accepted" }, Effect.ignore(station.claiming(outlet, starting)))
  }),
  requestStopTransaction: Effect.fnUntraced(function* ({ transactionId }) {
    const { station } = yield* asked
    const outlet = station.outlets.find(({ charge }) => charge?.name === transactionId)
    if (outlet === undefined) return { status: "Rejected" }
    return yield* Reply.thenDetached({ status: "Accepted" }, station.stop(outlet.id, "Remote"))
  }),
  reset: Effect.fnUntraced(function* ({ evseId, type }) {
    const { is2x, reboot, station } = yield* asked
    if (!Domain.ResetType.literals.includes(type) || evseId !== undefined) return { status: "Rejected" }
    // A reset here ends the transactions, so that none could be resumed.
    if (type === "ImmediateAndResume") return { status: "Rejected" }
    // In 2.x it waits until all is idle (P2 B12), in 1.6 the transactions are ended in good order (J16 §5.14).
    if (type === "OnIdle" && is2x && station.outlets.some((outlet) => !isIdle(outlet))) {
      return yield* Reply.thenDetached({ status: "Scheduled" }, station.resetOnceIdle(reboot))
    }
    const reason = type === "Immediate" ? "ImmediateReset" : "SoftReset"
    const ending = Effect.forEach(station.outlets, ({ id }) => Effect.ignore(station.stop(id, reason)))
    return yield* Reply.thenDetached({ status: "Accepted" }, Effect.andThen(ending, reboot))
  }),
  unlockConnector: Effect.fnUntraced(function* ({ connectorId, evseId }) {
    const { is2x, station } = yield* asked
    const outlet = station.outlet(evseId)
    if (outlet === undefined || connectorId !== 1) return { status: is2x ? "UnknownConnector" : "NotSupported" }
    // In 2.x the vehicle stays (P2 F05.FR.02), in 1.6 its transaction is ended first (J16 §5.18).
    if (is2x && !isIdle(outlet)) return { status: "OngoingAuthorizedTransaction" }
    return yield* Reply.thenDetached({ status: "Unlocked" }, station.stop(evseId, "UnlockCommand"))
  })
} satisfies SomeHandlers

/** The outlet that is reserved by this number. */
const reservedBy = ({ outlets }: SimulatedStation, id: number): Outlet | undefined =>
  outlets.find(({ reservation }) => reservation?.request.id === id)

/** Ends a reservation at a time. */
const expire = Effect.fnUntraced(function* (station: SimulatedStation, outlet: Outlet, at: DateTime.Utc) {
  yield* station.until(at)
  outlet.reservation = undefined
  yield* outlet.evse.reserved(undefined)
})

/** What is reserved. */
const ofReservations = {
  cancelReservation: Effect.fnUntraced(function* ({ reservationId }) {
    const { station } = yield* asked
    const outlet = reservedBy(station, reservationId)
    if (outlet === undefined) return { status: "Rejected" }
    release(outlet)
    yield* outlet.evse.reserved(undefined, { tell: false })
    return yield* Reply.then({ status: "Accepted" }, station.site.evses.notify(outlet.id))
  }),
  reserveNow: Effect.fnUntraced(function* (request) {
    const { station } = yield* asked
    const { evses, scope } = station.site
    const outlet = station.outlet(request.evseId)
    const { expiryDateTime } = request
    const isOver = DateTime.toEpochMillis(expiryDateTime) <= (yield* station.wallTime)
    if (outlet === undefined || isOver) return { status: "Rejected" }
    if (!outlet.evse.state.isOperative) return { status: "Unavailable" }
    const earlier = reservedBy(station, request.id)
    const isTaken = outlet.reservation !== undefined && outlet !== earlier
    if (isTaken || !isFree(outlet)) return { status: "Occupied" }
    if (earlier !== undefined) {
      release(earlier)
      yield* earlier.evse.reserved(undefined, { tell: false })
    }
    outlet.reservation = { request, expiry: yield* Effect.forkIn(expire(station, outlet, expiryDateTime), scope) }
    yield* outlet.evse.reserved(request.id, { tell: false })
    const changed = earlier === undefined || earlier === outlet ? [outlet] : [earlier, outlet]
    return yield* Reply.then(
      { status: "Accepted" },
      Effect.forEach(changed, ({ id }) => evses.notify(id))
    )
  })
} satisfies SomeHandlers

/** Refuses a request for more variables than the station takes at a time. */
const notMore = (items: ReadonlyArray<unknown>): Effect.Effect<void, CallError> =>
  items.length <= limits.variables
    ? Effect.void
    : Effect.fail(
        new CallError({
          code: "OccurrenceConstraintViolation",
          description: `at most ${limits.variables} variables can be asked for`
        })
      )

/** What is set and asked. */
const ofSettings = {
  getVariables: Effect.fnUntraced(function* (request) {
    const { station } = yield* asked
    yield* notMore(request.variables)
    const interval = yield* station.site.station.heartbeatInterval
    station.variables.keep("heartbeatInterval", Duration.toSeconds(interval))
    return { results: request.variables.map((one) => station.variables.get(one)) }
  }),
  setVariables: Effect.fnUntraced(function* (request) {
    const { station } = yield* asked
    yield* notMore(request.variables)
    const changes = request.variables.map((one) => station.variables.set(one))
    for (const name of new Set(
      changes.flatMap((change): ReadonlyArray<Name> => (change.name === undefined ? [] : [change.name]))
    )) {
      yield* station.adopt(name)
    }
    return { results: changes.map(({ result }) => result) }
  }),
  getLocalListVersion: () =>
    Effect.map(asked, ({ station: { list, variables } }) =>
      variables.is("localListEnabled") ? { versionNumber: list.version } : {}
    ),
  sendLocalList: (request) =>
    Effect.map(asked, ({ station: { list, variables } }) => ({
      status: variables.is("localListEnabled") ? list.update(request) : "NotSupported"
    }))
} satisfies SomeHandlers

/** What limits the power. */
const ofProfiles = {
  clearChargingProfile: Effect.fnUntraced(function* (filter) {
    const { station } = yield* asked
    yield* station.read
    return { status: station.profiles.clear(filter) ? "Accepted" : "Unknown" }
  }),
  getCompositeSchedule: Effect.fnUntraced(function* ({ chargingRateUnit, duration, evseId }) {
    const { station } = yield* asked
    const isUnit = chargingRateUnit === undefined || Domain.ChargingRateUnit.literals.includes(chargingRateUnit)
    const seconds = Duration.toSeconds(duration)
    if (!station.has(evseId) || seconds <= 0 || !isUnit) return { status: "Rejected" }
    const { now, time } = yield* station.read
    const schedule = station.power.schedule(evseId, now, seconds, chargingRateUnit)
    return { status: "Accepted", evseId, scheduleStart: time, schedule }
  }),
  setChargingProfile: Effect.fnUntraced(function* ({ chargingProfile, evseId }) {
    const { station } = yield* asked
    if (!station.has(evseId)) return { status: "Rejected" }
    const { now } = yield* station.read
    const running = station.outlet(evseId)?.charge
    return { status: station.profiles.set(evseId, chargingProfile, running, now) ? "Accepted" : "Rejected" }
  })
} satisfies SomeHandlers

/** What is told of transfers, and what the CSMS asks to be told again. */
const ofMessages = {
  updateFirmware: (request) => Effect.flatMap(asked, ({ transfers }) => transfers.updateFirmware(request)),
  getLog: (request) => Effect.flatMap(asked, ({ transfers }) => transfers.getLog(request)),
  triggerMessage: Effect.fnUntraced(function* ({ evse, requestedMessage }, csms) {
    const parts = yield* asked
    const outlets = parts.station.outlets.filter(({ id }) => evse === undefined || evse.id === id)
    if (outlets.length === 0) return { status: "Rejected" }
    const send = triggered(parts, csms, requestedMessage, outlets)
    if (send === "NotImplemented" || send === "Rejected") return { status: send }
    return yield* Reply.then({ status: "Accepted" }, send)
  })
} satisfies SomeHandlers

const triggered = (
  { boot, is2x, station, transfers }: Parts,
  csms: Domain.CsmsClient,
  message: Domain.MessageTrigger,
  outlets: ReadonlyArray<Outlet>
): Effect.Effect<unknown, CallFailure> | "NotImplemented" | "Rejected" => {
  switch (message) {
    case "BootNotification":
      // Who is accepted does not boot again in 2.x (P2 F06.FR.17).
      return is2x ? "Rejected" : csms.bootNotification(boot)
    case "Heartbeat":
      return csms.heartbeat({})
    case "MeterValues":
      // In 2.x MeterValues are what belongs to no transaction (P2 F06.FR.06).
      return Effect.forEach(outlets, (outlet) => station.sample(outlet, "Trigger", is2x))
    case "TransactionEvent": {
      const charging = outlets.filter(({ charge }) => charge !== undefined)
      if (charging.length === 0) return "Rejected"
      return Effect.forEach(charging, (outlet) => station.sample(outlet, "Trigger"))
    }
    case "StatusNotification":
      return Effect.forEach(outlets, ({ id }) => station.site.evses.notify(id))
    case "FirmwareStatusNotification":
      return transfers.tellFirmware
    case "LogStatusNotification":
      return transfers.tellLog
    default:
      return "NotImplemented"
  }
}

/** What is answered without doing anything; what is not there is answered `NotSupported`. */
const ofNothing = {
  certificateSigned: () => Effect.succeed({ status: "Rejected" }),
  // There is no cache.
  clearCache: () => Effect.succeed({ status: "Rejected" }),
  dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
  deleteCertificate: () => Effect.succeed({ status: "NotFound" }),
  getInstalledCertificateIds: () => Effect.succeed({ status: "NotFound" }),
  installCertificate: () => Effect.succeed({ status: "Rejected" })
} satisfies SomeHandlers

/** What a simulated station answers, in generic form. */
export const stationHandlers = Domain.stationHandlers({
  ...ofOutlets,
  ...ofReservations,
  ...ofSettings,
  ...ofProfiles,
  ...ofMessages,
  ...ofNothing
})
