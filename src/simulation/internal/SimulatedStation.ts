/**
 * How a simulated station works, whatever version it speaks: its EVSEs, its meters, and who may charge.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Domain from "../../domain/index.ts"
import type { CallFailure } from "../../OcppError.ts"
import type { Evses } from "../../station/blocks/index.ts"
import type { Outbox } from "../../station/Outbox.ts"
import type { StationConnection } from "../../station/StationConnection.ts"
import * as Timestamp from "../../Timestamp.ts"
import { NotStarted } from "../NotStarted.ts"
import { ChargingProfiles } from "./ChargingProfiles.ts"
import { isSameToken, LocalList } from "./LocalList.ts"
import type { Meters } from "./Meters.ts"
import { type Metered, Power } from "./Power.ts"
import { type Name, StationVariables } from "./StationVariables.ts"

export interface Settings {
  readonly connectors: number
  readonly power: number
  readonly sampleInterval: number
}

/** What the station works with. */
export interface Site {
  readonly csms: Domain.CsmsClient
  readonly transactions: Domain.StationTransactions
  readonly evses: Evses.Evses
  readonly station: StationConnection
  readonly outbox: Outbox["Service"]
  readonly meters: Meters
  readonly scope: Scope.Scope
}

interface Charge {
  readonly stored: Evses.EvseTransaction
  /** What the CSMS calls it, once it does. */
  name: string | undefined
  readonly idToken: Domain.IdToken
  metering: Fiber.Fiber<unknown, unknown> | undefined
}

interface Reservation {
  readonly request: Domain.ReserveNowRequest
  readonly expiry: Fiber.Fiber<unknown, unknown>
}

/** An EVSE with what the simulation adds to it. */
export interface Outlet extends Metered {
  readonly evse: Evses.Evse
  /** What is about to start a transaction here; nothing else can until it has, or has given up. */
  starting: object | undefined
  charge: Charge | undefined
  reservation: Reservation | undefined
}

/** What a transaction is to be started by. */
export interface Start extends Evses.EvseAuthorization {
  readonly profile?: Domain.ChargingProfile | undefined
}

/**
 * A station that charges nothing but time.
 *
 * Where its tolerance lets them through, the words of enumerations may be none that there are: nothing is done then.
 */
export class SimulatedStation {
  readonly site: Site
  readonly variables: StationVariables
  readonly outlets: ReadonlyArray<Outlet>
  readonly list = new LocalList()
  readonly profiles = new ChargingProfiles()
  readonly power: Power
  private isResetDue = false

  constructor(settings: Settings, site: Site) {
    this.site = site
    this.variables = new StationVariables(settings)
    this.outlets = site.evses.all.map((evse) => ({
      id: evse.id,
      evse,
      energy: 0,
      readAt: 0,
      begun: undefined,
      starting: undefined,
      charge: undefined,
      reservation: undefined
    }))
    this.power = new Power(settings.power, this.profiles, this.outlets)
  }

  /** Reads its meters, and ends what a loss of power has interrupted. */
  get begin(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { meters, transactions } = this.site
      for (const outlet of this.outlets) outlet.energy = (yield* meters.load(outlet.id)).energy
      for (const interrupted of yield* transactions.ongoing) yield* this.finish(interrupted)
    })
  }

  private finish({ request, stop }: Evses.EvseTransaction): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { energy, time } = yield* this.site.meters.load(request.evse?.id ?? 1)
      const started = registerIn(request.meterValue)
      const timestamp = DateTime.max(time, request.timestamp)
      const stopped = stop({
        timestamp,
        triggerReason: "AbnormalCondition",
        stoppedReason: "PowerLoss",
        ...(request.idToken === undefined ? {} : { idToken: request.idToken }),
        meterValue: register(timestamp, Math.max(energy, started), "Transaction.End")
      })
      yield* Effect.ignore(stopped)
    })
  }

  outlet(id: number | undefined): Outlet | undefined {
    return id === undefined ? undefined : this.outlets[id - 1]
  }

  /** Whether there is such an EVSE; 0 is the station as a whole. */
  has(id: number): boolean {
    return id === 0 || this.outlet(id) !== undefined
  }

  // ---- charging

  /** Authorizes and starts a transaction, as a driver with a card does; waits for its name. */
  start(id: number, idToken: Domain.IdToken): Effect.Effect<string, CallFailure | NotStarted> {
    return Effect.suspend(() => {
      const outlet = this.outlet(id)
      return outlet === undefined
        ? Effect.fail(new NotStarted({ reason: "UnknownConnector" }))
        : this.claiming(outlet, this.authorizeAndBegin(outlet, { idToken }))
    })
  }

  /** Runs what starts a transaction, if nothing else does at that outlet. */
  claiming<A, E>(outlet: Outlet, starting: Effect.Effect<A, E>): Effect.Effect<A, E | NotStarted> {
    return Effect.suspend((): Effect.Effect<A, E | NotStarted> => {
      if (!isFree(outlet)) return Effect.fail(new NotStarted({ reason: "Occupied" }))
      const claim = {}
      outlet.starting = claim
      const giveUp = Effect.suspend(() => {
        // A transaction has taken the place of the claim.
        if (outlet.starting !== claim) return Effect.void
        outlet.starting = undefined
        return Effect.ignore(outlet.evse.unplugged)
      })
      return Effect.ensuring(starting, giveUp)
    })
  }

  authorizeAndBegin(outlet: Outlet, start: Start): Effect.Effect<string, CallFailure | NotStarted> {
    return Effect.gen({ self: this }, function* () {
      if (!mayUse(outlet, start.idToken, true)) return yield* new NotStarted({ reason: "Reserved" })
      const { groupIdToken, status } = yield* this.authorize(start.idToken)
      if (status !== "Accepted") return yield* new NotStarted({ reason: status })
      const isOfGroup = isSameToken(groupIdToken, outlet.reservation?.request.groupIdToken)
      if (!mayUse(outlet, start.idToken, false) && !isOfGroup) return yield* new NotStarted({ reason: "Reserved" })
      return yield* this.beginCharge(outlet, start)
    })
  }

  /** Asks the CSMS, or the local list where the variables say so. */
  private authorize(idToken: Domain.IdToken): Effect.Effect<Domain.IdTokenInfo, CallFailure> {
    return Effect.gen({ self: this }, function* () {
      const listed = this.variables.is("localListEnabled") ? this.list.find(idToken, yield* this.wallTime) : undefined
      if (listed?.status === "Accepted" && this.variables.is("localPreAuthorize")) return listed
      const asked = Effect.map(this.site.csms.authorize({ idToken }), ({ idTokenInfo }) => idTokenInfo)
      if (listed === undefined || !this.variables.is("localAuthorizeOffline")) return yield* asked
      return yield* Effect.catchTags(asked, {
        NotSent: () => Effect.succeed(listed),
        Uncertain: () => Effect.succeed(listed)
      })
    })
  }

  /** Starts a transaction, as a whole; waits for its name. */
  beginCharge(
    outlet: Outlet,
    { idToken, profile, remoteStartId }: Start
  ): Effect.Effect<string, CallFailure | NotStarted> {
    const begun = Effect.gen({ self: this }, function* () {
      const { evse } = outlet
      yield* evse.pluggedIn
      yield* evse.authorized({ idToken, remoteStartId })
      const timestamp = (yield* this.read).time
      const meterValue = register(timestamp, outlet.energy, "Transaction.Begin")
      const stored = yield* Effect.catchTag(evse.started({ timestamp, meterValue }), "CannotBe", Effect.die)
      const charge: Charge = { stored, name: undefined, idToken, metering: undefined }
      outlet.charge = charge
      outlet.starting = undefined
      release(outlet)
      outlet.begun = (yield* this.read).now
      if (profile !== undefined) this.profiles.set(outlet.id, profile, charge, outlet.begun)
      yield* this.meter(outlet, charge)
      return yield* Effect.forkIn(this.answered(outlet, charge), this.site.scope, { startImmediately: true })
    })
    return Effect.flatMap(Effect.uninterruptible(begun), Fiber.join)
  }

  /** Takes in what the CSMS answers to a start, whoever waits for it: what it calls the transaction, and whether it accepts. */
  private answered(outlet: Outlet, charge: Charge): Effect.Effect<string, CallFailure | NotStarted> {
    return Effect.gen({ self: this }, function* () {
      charge.name = yield* charge.stored.transactionId
      const refused = yield* Effect.match(charge.stored.started, {
        onSuccess: ({ idTokenInfo: { status } = { status: "Accepted" } }) =>
          status === "Accepted" ? undefined : status,
        // What the CSMS never answered it has not refused.
        onFailure: () => undefined
      })
      if (refused === undefined) return charge.name
      yield* this.deny(outlet, charge)
      return yield* new NotStarted({ reason: refused })
    })
  }

  /** The CSMS does not accept who has started: the transaction ends, or no more energy flows (J16 §3.5.4, P2 E05). */
  private deny(outlet: Outlet, charge: Charge): Effect.Effect<void, CallFailure> {
    if (outlet.charge !== charge) return Effect.void
    if (this.variables.is("stopTxOnInvalidId")) return this.stop(outlet.id, "DeAuthorized")
    return Effect.flatMap(this.read, () => {
      outlet.begun = undefined
      const suspended = outlet.evse.chargingStateChanged("SuspendedEVSE", { triggerReason: "Deauthorized" })
      return Effect.catchTag(suspended, "CannotBe", Effect.die)
    })
  }

  /** Ends the transaction of an outlet, and unplugs the vehicle. */
  stop(id: number, stoppedReason: Domain.StoppedReason): Effect.Effect<void, CallFailure> {
    return Effect.suspend(() => {
      const outlet = this.outlet(id)
      if (outlet === undefined) return Effect.void
      const ended = Effect.tap(this.end(outlet, stoppedReason), (isEnded) =>
        isEnded ? outlet.evse.unplugged : Effect.void
      )
      return Effect.flatMap(Effect.uninterruptible(ended), (isEnded) => (isEnded ? outlet.evse.told : Effect.void))
    })
  }

  /**
   * Stores the end of a transaction, and of what belongs to it, as a whole; `false` if there is none. One whose end cannot be
   * stored goes on.
   */
  private end(outlet: Outlet, stoppedReason: Domain.StoppedReason): Effect.Effect<boolean, CallFailure> {
    return Effect.uninterruptible(
      Effect.gen({ self: this }, function* () {
        const { begun, charge } = outlet
        if (charge === undefined) return false
        outlet.charge = undefined
        // No sample leaves after the stop.
        if (charge.metering !== undefined) yield* Fiber.interrupt(charge.metering)
        const timestamp = (yield* this.read).time
        outlet.begun = undefined
        const energy = Math.round(outlet.energy)
        yield* this.site.meters.save(outlet.id, energy, timestamp)
        const { idToken } = charge
        const meterValue = register(timestamp, energy, "Transaction.End")
        const ended = outlet.evse.ended({ timestamp, idToken, stoppedReason, meterValue })
        yield* Effect.tapError(Effect.catchTag(ended, "CannotBe", Effect.die), () => {
          outlet.charge = charge
          outlet.begun = begun
          return this.meter(outlet, charge)
        })
        this.profiles.endTransaction(outlet.id)
        return true
      })
    )
  }

  /** Waits for a time of the clock of messages. */
  until(time: DateTime.Utc): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const at = DateTime.toEpochMillis(time)
      for (let left = at - (yield* this.wallTime); left > 0; left = at - (yield* this.wallTime)) {
        // Timers go up to 24 days.
        yield* Effect.sleep(Math.min(left, 86_400_000))
      }
    })
  }

  /** Waits until no transaction runs; looks every 10 seconds. */
  get idle(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      while (!this.outlets.every(isIdle)) yield* Effect.sleep("10 seconds")
    })
  }

  /** Resets once no transaction runs; nothing if such a reset is due already. */
  resetOnceIdle(reboot: Effect.Effect<void>): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.isResetDue) return Effect.void
      this.isResetDue = true
      const over = Effect.sync(() => {
        this.isResetDue = false
      })
      return Effect.andThen(Effect.ensuring(this.idle, over), reboot)
    })
  }

  // ---- meters and clock

  /** Sends the samples of a transaction from now on, as often as the variables say. */
  private meter(outlet: Outlet, charge: Charge): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const earlier = charge.metering
      charge.metering = undefined
      if (earlier !== undefined) yield* Fiber.interrupt(earlier)
      const interval = this.variables.number("sampleInterval")
      const sample = Effect.ignore(Effect.uninterruptible(this.sample(outlet, "Sample.Periodic")))
      charge.metering =
        interval === 0 || outlet.charge !== charge
          ? undefined
          : yield* Effect.forkIn(Effect.forever(Effect.delay(sample, Duration.seconds(interval))), this.site.scope)
    })
  }

  /** Tells what the meter of an outlet reads: in its transaction, if one runs, unless `isApart`. */
  sample(outlet: Outlet, context: Domain.ReadingContext, isApart = false): Effect.Effect<void, CallFailure> {
    return Effect.gen({ self: this }, function* () {
      const { now, time } = yield* this.read
      const { begun, charge, evse, id } = outlet
      const energy = Math.round(outlet.energy)
      const power = begun === undefined ? 0 : Math.round(this.power.of({ evseId: id, begun }, now))
      const readings = [
        sampled("Energy.Active.Import.Register", context, energy, "Wh"),
        sampled("Power.Active.Import", context, power, "W")
      ]
      const told = this.variables.sampled
      const meterValue = [{ timestamp: time, sampledValue: readings.filter(({ measurand }) => told.has(measurand)) }]
      if (charge === undefined || isApart) {
        yield* this.site.csms.meterValues({ evseId: id, meterValue })
        return
      }
      // Before it is told, so that no transaction ends below what it has told.
      yield* this.site.meters.save(id, energy, time)
      yield* Effect.catchTag(evse.metered({ timestamp: time, meterValue }), "CannotBe", Effect.die)
    })
  }

  /** Works by a setting from now on; the others are looked up when they are needed. */
  adopt(name: Name): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { outbox, station } = this.site
      const number = this.variables.number(name)
      if (name === "heartbeatInterval") yield* station.setHeartbeatInterval(Duration.seconds(number))
      if (name === "messageAttempts") yield* outbox.configure({ attempts: number })
      if (name === "messageAttemptInterval") yield* outbox.configure({ retryInterval: Duration.seconds(number) })
      if (name !== "sampleInterval") return
      for (const outlet of this.outlets) if (outlet.charge !== undefined) yield* this.meter(outlet, outlet.charge)
    })
  }

  /**
   * Reads the meters. Gives the time of that, the same for all that is told of the reading: as `now` by the station's own
   * clock, in milliseconds, and as `time` for messages.
   */
  get read(): Effect.Effect<{ readonly now: number; readonly time: DateTime.Utc }> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const wallTime = yield* this.wallTime
      this.power.read(now, wallTime)
      return { now, time: DateTime.makeUnsafe(wallTime) }
    })
  }

  /** The time for messages, in milliseconds. */
  get wallTime(): Effect.Effect<number> {
    return Effect.map(this.site.station.now, (time) => Timestamp.toMillis(time) ?? 0)
  }
}

const sampled = (
  measurand: Domain.Measurand,
  context: Domain.ReadingContext,
  value: number,
  unit: string
): Domain.SampledValue => ({
  measurand,
  context,
  location: "Outlet",
  reading: { _tag: "Measured", value: BigDecimal.fromBigInt(BigInt(value)), unit }
})

/** What the register of energy reads at the beginning or the end of a transaction. */
const register = (
  timestamp: DateTime.Utc,
  wattHours: number,
  context: Domain.ReadingContext
): ReadonlyArray<Domain.MeterValue> => [
  Domain.energyRegister(timestamp, BigDecimal.fromBigInt(BigInt(Math.round(wattHours))), context)
]

/** What a register told, in watt-hours; 0 if it did not. */
const registerIn = (values: ReadonlyArray<Domain.MeterValue> = []): number => {
  const [sample] = values.flatMap(({ sampledValue }) => sampledValue)
  return sample?.reading._tag === "Measured" ? BigDecimal.toNumberUnsafe(sample.reading.value) : 0
}

/** Ends a reservation. */
export const release = (outlet: Outlet): void => {
  outlet.reservation?.expiry.interruptUnsafe()
  outlet.reservation = undefined
}

/** Whether nothing charges at an outlet, nor is about to. */
export const isIdle = ({ charge, starting }: Outlet): boolean => starting === undefined && charge === undefined

/** Whether an outlet can charge somebody, if only the one that it is reserved for. */
export const isFree = (outlet: Outlet): boolean => {
  const { error, isOperative, session } = outlet.evse.state
  return isIdle(outlet) && isOperative && error === undefined && session === undefined
}

/** Whether a token may use an outlet, as far as it is reserved; `isGroup` if the group it is in has yet to be asked. */
export const mayUse = ({ reservation }: Outlet, idToken: Domain.IdToken, isGroup: boolean): boolean =>
  reservation === undefined ||
  isSameToken(reservation.request.idToken, idToken) ||
  (isGroup && reservation.request.groupIdToken !== undefined)
