/**
 * How a simulated station of OCPP 1.6 works: its connectors, its meter, and its answers to the CSMS.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { CallError, type CallFailure } from "../../OcppError.ts"
import { Reply } from "../../Reply.ts"
import type { Outbox } from "../../station/Outbox.ts"
import type { StationConnection } from "../../station/StationConnection.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { Transaction as StoredTransaction } from "../../Transaction.ts"
import { AvailabilityType, ResetType } from "../../v16/Core.ts"
import { ChargingRateUnitType } from "../../v16/DataTypes.ts"
import type * as V16 from "../../v16/index.ts"
import { ChargingProfiles } from "./ChargingProfiles.ts"
import { Configuration, limits } from "./Configuration.ts"
import { isSameTag, LocalList } from "./LocalList.ts"
import type { Meters } from "./Meters.ts"
import { type Metered, Power } from "./Power.ts"
import { NotStarted } from "../NotStarted.ts"

export interface ChargePointSettings {
  readonly connectors: number
  readonly power: number
  readonly sampleInterval: number
}

/** What the station works with once it is set up. */
export interface Site {
  readonly csms: V16.CsmsClient
  readonly transactions: V16.StationTransactions
  readonly station: StationConnection
  readonly outbox: Outbox["Service"]
  readonly meters: Meters
}

interface Transaction {
  readonly stored: StoredTransaction<V16.TransactionKind>
  /** What the CSMS calls it, once it does. */
  number: number | undefined
  readonly idTag: string
  metering: Fiber.Fiber<unknown, unknown> | undefined
}

interface Reservation {
  readonly request: V16.ReserveNowRequest
  expiry: Fiber.Fiber<unknown, unknown> | undefined
}

/** A connector, or the station as a whole, whose number is 0, as the CSMS knows it. */
interface Place {
  readonly id: number
  status: V16.ChargePointStatus
  /** When its status has changed last; empty before. */
  changedAt: Timestamp.Timestamp | ""
  /** The status that the CSMS knows; absent since it was told nothing. */
  told: V16.ChargePointStatus | undefined
}

interface Connector extends Metered, Place {
  isOperative: boolean
  /** What is about to start a transaction here; nothing else can until it has, or has given up. */
  starting: object | undefined
  transaction: Transaction | undefined
  reservation: Reservation | undefined
}

/**
 * A station of OCPP 1.6 that charges nothing but time.
 *
 * Where its tolerance lets them through, the words of enumerations may be none that there are: nothing is done then.
 */
export class ChargePoint {
  readonly accepted = Deferred.makeUnsafe<void>()
  private readonly site = Deferred.makeUnsafe<Site>()
  private readonly boot: V16.BootNotificationRequest
  private readonly scope: Scope.Scope
  private readonly configuration: Configuration
  private readonly connectors: ReadonlyArray<Connector>
  private readonly list = new LocalList()
  private readonly profiles = new ChargingProfiles()
  private readonly power: Power
  private readonly whole: Place = { id: 0, ...untold }
  private isAccepted = false

  constructor(settings: ChargePointSettings, boot: V16.BootNotificationRequest, scope: Scope.Scope) {
    this.boot = boot
    this.scope = scope
    this.configuration = new Configuration(settings)
    this.connectors = Array.from({ length: settings.connectors }, (_, index) => ({
      id: index + 1,
      ...untold,
      isOperative: true,
      energy: 0,
      readAt: 0,
      begun: undefined,
      starting: undefined,
      transaction: undefined,
      reservation: undefined
    }))
    this.power = new Power(settings.power, this.profiles, this.connectors)
  }

  // ---- what the station does by itself

  /**
   * Begins to work: ends what a loss of power has interrupted, and tells its status whenever it is accepted, and what has
   * changed of it whenever it is connected again.
   */
  readonly work = (site: Site): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      for (const connector of this.connectors) connector.energy = (yield* site.meters.load(connector.id)).energy
      for (const interrupted of yield* site.transactions.ongoing) yield* this.finish(site, interrupted)
      yield* Deferred.succeed(this.site, site)
      const reporting = Semaphore.makeUnsafe(1)
      const connected = Stream.runForEach(site.station.status, ({ _tag }) =>
        _tag === "Connected" && this.isAccepted ? reporting.withPermit(this.report(site.csms)) : Effect.void
      )
      yield* Effect.forkIn(connected, this.scope)
      yield* Stream.runForEach(site.station.registration, (status) => {
        this.isAccepted = status === "Accepted"
        return this.isAccepted ? reporting.withPermit(this.introduce(site.csms)) : Effect.void
      })
    })

  private readonly finish = Effect.fnUntraced(
    { self: this },
    function* ({ meters }: Site, { request, stop }: StoredTransaction<V16.TransactionKind>) {
      const { energy, timestamp } = yield* meters.load(request.connectorId)
      yield* Effect.ignore(
        stop({
          idTag: request.idTag,
          meterStop: Math.max(energy, request.meterStart),
          // Both are in the one form of `Timestamp.now`.
          timestamp: timestamp > request.timestamp ? timestamp : request.timestamp,
          reason: "PowerLoss"
        })
      )
    }
  )

  private introduce(csms: V16.CsmsClient): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (const place of this.places) place.told = undefined
      yield* this.report(csms)
      yield* Deferred.succeed(this.accepted, undefined)
    })
  }

  /** Tells each status that the CSMS does not know, in the order in which they have changed (J16 §4.9). */
  private report(csms: V16.CsmsClient): Effect.Effect<void> {
    return Effect.suspend(() => {
      const due = this.places
        .filter(({ status, told }) => told !== status)
        // They are in the one form of `Timestamp.now`.
        .sort((one, other) => (one.changedAt < other.changedAt ? -1 : Number(one.changedAt > other.changedAt)))
      return Effect.forEach(due, (place) => Effect.ignore(this.notify(csms, place)), { discard: true })
    })
  }

  private get places(): ReadonlyArray<Place> {
    return [this.whole, ...this.connectors]
  }

  // ---- charging

  /** Authorizes and starts a transaction, as a driver with a card does; waits for its number. */
  readonly start = (connectorId: number, idTag: string): Effect.Effect<number, CallFailure | NotStarted> =>
    Effect.gen({ self: this }, function* () {
      yield* Deferred.await(this.site)
      const connector = this.connectors[connectorId - 1]
      if (connector === undefined) return yield* new NotStarted({ reason: "UnknownConnector" })
      return yield* this.claiming(connector, this.beginAuthorized(connector, idTag, undefined))
    })

  /** Runs what starts a transaction, if nothing else does on that connector. */
  private claiming<A, E>(connector: Connector, starting: Effect.Effect<A, E>): Effect.Effect<A, E | NotStarted> {
    return Effect.suspend((): Effect.Effect<A, E | NotStarted> => {
      if (!isFree(connector)) return Effect.fail(new NotStarted({ reason: "Occupied" }))
      const claim = {}
      connector.starting = claim
      return Effect.ensuring(starting, this.giveUp(connector, claim))
    })
  }

  /** Gives a connector back at which no transaction has started. */
  private giveUp(connector: Connector, claim: object): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      if (connector.starting !== claim) return
      connector.starting = undefined
      const { csms } = yield* Deferred.await(this.site)
      if (connector.status !== idle(connector)) yield* Effect.ignore(this.become(csms, connector, idle(connector)))
    })
  }

  private beginAuthorized(
    connector: Connector,
    idTag: string,
    profile: V16.ChargingProfile | undefined
  ): Effect.Effect<number, CallFailure | NotStarted> {
    return Effect.gen({ self: this }, function* () {
      if (!mayUse(connector, idTag, true)) return yield* new NotStarted({ reason: "Reserved" })
      const { parentIdTag, status } = yield* this.authorize(idTag)
      if (status !== "Accepted") return yield* new NotStarted({ reason: status })
      const reserved = connector.reservation?.request
      if (!mayUse(connector, idTag, false) && !isSameTag(parentIdTag, reserved?.parentIdTag)) {
        return yield* new NotStarted({ reason: "Reserved" })
      }
      return yield* this.begin(connector, idTag, profile)
    })
  }

  /** Asks the CSMS, or the local list where the configuration says so. */
  private authorize(idTag: string): Effect.Effect<V16.IdTagInfo, CallFailure> {
    return Effect.gen({ self: this }, function* () {
      const { csms } = yield* Deferred.await(this.site)
      const listed = this.configuration.is("LocalAuthListEnabled")
        ? this.list.find(idTag, yield* this.wallTime)
        : undefined
      if (listed?.status === "Accepted" && this.configuration.is("LocalPreAuthorize")) return listed
      const asked = Effect.map(csms.authorize({ idTag }), ({ idTagInfo }) => idTagInfo)
      if (listed === undefined || !this.configuration.is("LocalAuthorizeOffline")) return yield* asked
      return yield* Effect.catchTags(asked, {
        NotSent: () => Effect.succeed(listed),
        Uncertain: () => Effect.succeed(listed)
      })
    })
  }

  /** Ends the transaction of a connector. */
  readonly stop = (connectorId: number, reason: V16.Reason): Effect.Effect<void, CallFailure> =>
    Effect.gen({ self: this }, function* () {
      const { csms } = yield* Deferred.await(this.site)
      const connector = this.connectors[connectorId - 1]
      if (connector === undefined || !(yield* this.end(connector, reason))) return
      // Without a connection nobody can be told.
      yield* Effect.ignore(this.become(csms, connector, "Finishing"))
      yield* Effect.ignore(this.become(csms, connector, idle(connector)))
    })

  /**
   * Stores the end of a transaction, and of what belongs to it, as a whole; `false` if there is none. One whose end cannot be
   * stored goes on.
   */
  private end(connector: Connector, reason: V16.Reason): Effect.Effect<boolean, CallFailure> {
    return Effect.uninterruptible(
      Effect.gen({ self: this }, function* () {
        const { begun, transaction } = connector
        if (transaction === undefined) return false
        connector.transaction = undefined
        // No sample leaves after the stop.
        if (transaction.metering !== undefined) yield* Fiber.interrupt(transaction.metering)
        const { csms, meters } = yield* Deferred.await(this.site)
        const timestamp = yield* this.time
        yield* this.read
        connector.begun = undefined
        const energy = Math.round(connector.energy)
        yield* meters.save(connector.id, { timestamp, energy })
        const stop = { idTag: transaction.idTag, meterStop: energy, timestamp, reason }
        yield* Effect.tapError(transaction.stored.stop(stop), () => {
          connector.transaction = transaction
          connector.begun = begun
          return this.meter(csms, connector, transaction)
        })
        this.profiles.endTransaction(connector.id)
        return true
      })
    )
  }

  // ---- what the CSMS asks

  readonly handlers = () => ({
    ...this.ofConnectors(),
    ...this.ofReservations(),
    ...this.ofSettings(),
    ...this.ofProfiles(),
    ...ofNothing
  })

  /** What is done with connectors. */
  private readonly ofConnectors = () =>
    ({
      changeAvailability: Effect.fnUntraced({ self: this }, function* ({ connectorId, type }, csms) {
        if (!AvailabilityType.literals.includes(type)) return { status: "Rejected" }
        const connectors = connectorId === 0 ? this.connectors : this.connectors.filter(({ id }) => id === connectorId)
        if (connectors.length === 0) return { status: "Rejected" }
        const isOperative = type === "Operative"
        const changing = connectors.filter((connector) => connector.isOperative !== isOperative)
        for (const connector of changing) connector.isOperative = isOperative
        if (connectorId === 0) yield* this.change(this.whole, isOperative ? "Available" : "Unavailable")
        const resting = changing.filter(isIdle)
        for (const connector of resting) yield* this.change(connector, idle(connector))
        return yield* Reply.then(
          { status: resting.length < changing.length ? "Scheduled" : "Accepted" },
          Effect.forEach(connectorId === 0 ? [this.whole, ...resting] : resting, (place) => this.notify(csms, place))
        )
      }),
      remoteStartTransaction: Effect.fnUntraced({ self: this }, function* ({ chargingProfile, connectorId, idTag }) {
        const isAuthorizing = this.configuration.is("AuthorizeRemoteTxRequests")
        const usable = this.connectors.filter(
          (known) =>
            (connectorId === undefined || known.id === connectorId) &&
            isFree(known) &&
            mayUse(known, idTag, isAuthorizing)
        )
        // The one that is reserved for this idTag is meant, if there is one.
        const connector = usable.find(({ reservation }) => reservation !== undefined) ?? usable[0]
        if (connector === undefined) return { status: "Rejected" }
        const now = yield* this.read
        if (chargingProfile !== undefined && !this.profiles.isForStart(connector.id, chargingProfile, now)) {
          return { status: "Rejected" }
        }
        const starting = isAuthorizing
          ? this.beginAuthorized(connector, idTag, chargingProfile)
          : this.begin(connector, idTag, chargingProfile)
        return yield* Reply.thenDetached({ status: "Accepted" }, Effect.ignore(this.claiming(connector, starting)))
      }),
      remoteStopTransaction: Effect.fnUntraced({ self: this }, function* ({ transactionId }) {
        const connector = this.connectors.find((known) => known.transaction?.number === transactionId)
        if (connector === undefined) return { status: "Rejected" }
        return yield* Reply.thenDetached({ status: "Accepted" }, this.stop(connector.id, "Remote"))
      }),
      reset: Effect.fnUntraced({ self: this }, function* ({ type }) {
        if (!ResetType.literals.includes(type)) return { status: "Rejected" }
        return yield* Reply.thenDetached(
          { status: "Accepted" },
          Effect.andThen(
            Effect.forEach(this.connectors, ({ id }) =>
              Effect.ignore(this.stop(id, type === "Hard" ? "HardReset" : "SoftReset"))
            ),
            Effect.flatMap(Deferred.await(this.site), ({ station }) => station.reboot)
          )
        )
      }),
      unlockConnector: Effect.fnUntraced({ self: this }, function* ({ connectorId }) {
        if (this.connectors[connectorId - 1] === undefined) return { status: "NotSupported" }
        return yield* Reply.thenDetached({ status: "Unlocked" }, this.stop(connectorId, "UnlockCommand"))
      })
    }) satisfies Partial<V16.StationHandlers>

  /** What is reserved. */
  private readonly ofReservations = () =>
    ({
      cancelReservation: Effect.fnUntraced({ self: this }, function* ({ reservationId }, csms) {
        const connector = this.reservedBy(reservationId)
        if (connector === undefined) return { status: "Rejected" }
        release(connector)
        yield* this.change(connector, idle(connector))
        return yield* Reply.then({ status: "Accepted" }, this.notify(csms, connector))
      }),
      reserveNow: Effect.fnUntraced({ self: this }, function* (request, csms) {
        const connector = this.connectors[request.connectorId - 1]
        const expiry = Timestamp.toMillis(request.expiryDate)
        if (connector === undefined || expiry === undefined || expiry <= (yield* this.wallTime)) {
          return { status: "Rejected" }
        }
        if (!connector.isOperative) return { status: "Unavailable" }
        const earlier = this.reservedBy(request.reservationId)
        const isTaken = connector.reservation !== undefined && connector !== earlier
        if (isTaken || !isFree(connector)) return { status: "Occupied" }
        if (earlier !== undefined) release(earlier)
        const reservation: Reservation = { request, expiry: undefined }
        connector.reservation = reservation
        reservation.expiry = yield* Effect.forkIn(this.expire(csms, connector, expiry), this.scope)
        const changed = earlier === undefined || earlier === connector ? [connector] : [earlier, connector]
        for (const each of changed) yield* this.change(each, idle(each))
        return yield* Reply.then(
          { status: "Accepted" },
          Effect.forEach(changed, (each) => this.notify(csms, each))
        )
      })
    }) satisfies Partial<V16.StationHandlers>

  private reservedBy(reservationId: number): Connector | undefined {
    return this.connectors.find(({ reservation }) => reservation?.request.reservationId === reservationId)
  }

  /** Ends a reservation at a time in milliseconds. */
  private expire(csms: V16.CsmsClient, connector: Connector, at: number): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (let left = at - (yield* this.wallTime); left > 0; left = at - (yield* this.wallTime)) {
        // Timers go up to 24 days.
        yield* Effect.sleep(Math.min(left, 86_400_000))
      }
      connector.reservation = undefined
      if (isIdle(connector)) yield* Effect.ignore(this.become(csms, connector, idle(connector)))
    })
  }

  /** What is set, asked and triggered. */
  private readonly ofSettings = () =>
    ({
      changeConfiguration: Effect.fnUntraced({ self: this }, function* (asked) {
        const { key, status } = this.configuration.set(asked.key, asked.value)
        if (status === "Accepted") yield* this.adopt(key)
        return { status }
      }),
      extendedTriggerMessage: ({ connectorId, requestedMessage }, csms) =>
        this.trigger(csms, requestedMessage, connectorId),
      getConfiguration: Effect.fnUntraced({ self: this }, function* ({ key }) {
        if (key !== undefined && key.length > limits.keysAsked) {
          const description = `at most ${limits.keysAsked} keys can be asked for`
          return yield* new CallError({ code: "OccurrenceConstraintViolation", description })
        }
        const { station } = yield* Deferred.await(this.site)
        const interval = Duration.toSeconds(yield* station.heartbeatInterval)
        this.configuration.keep("HeartbeatInterval", String(interval))
        return this.configuration.get(key)
      }),
      getLocalListVersion: () =>
        Effect.sync(() => ({
          listVersion: this.configuration.is("LocalAuthListEnabled") ? this.list.version : notSupported
        })),
      sendLocalList: (request) =>
        Effect.sync(() => ({
          status: this.configuration.is("LocalAuthListEnabled") ? this.list.update(request) : "NotSupported"
        })),
      triggerMessage: ({ connectorId, requestedMessage }, csms) => this.trigger(csms, requestedMessage, connectorId)
    }) satisfies Partial<V16.StationHandlers>

  /** Works by a setting from now on; the others are looked up when they are needed. */
  private readonly adopt = Effect.fnUntraced({ self: this }, function* (key: string) {
    const { csms, outbox, station } = yield* Deferred.await(this.site)
    const number = this.configuration.number(key)
    if (key === "HeartbeatInterval") yield* station.setHeartbeatInterval(Duration.seconds(number))
    if (key === "TransactionMessageAttempts") yield* outbox.configure({ attempts: number })
    if (key === "TransactionMessageRetryInterval") yield* outbox.configure({ retryInterval: Duration.seconds(number) })
    if (key !== "MeterValueSampleInterval") return
    for (const connector of this.connectors) {
      if (connector.transaction !== undefined) yield* this.meter(csms, connector, connector.transaction)
    }
  })

  /** What limits the power. */
  private readonly ofProfiles = () =>
    ({
      clearChargingProfile: Effect.fnUntraced({ self: this }, function* (filter) {
        yield* this.read
        return { status: this.profiles.clear(filter) ? "Accepted" : "Unknown" }
      }),
      getCompositeSchedule: Effect.fnUntraced({ self: this }, function* ({ chargingRateUnit, connectorId, duration }) {
        const isUnit = chargingRateUnit === undefined || ChargingRateUnitType.literals.includes(chargingRateUnit)
        if (!this.has(connectorId) || duration <= 0 || !isUnit) return { status: "Rejected" }
        const scheduleStart = yield* this.time
        const chargingSchedule = this.power.schedule(connectorId, yield* this.read, duration, chargingRateUnit)
        return { status: "Accepted", connectorId, scheduleStart, chargingSchedule }
      }),
      setChargingProfile: Effect.fnUntraced({ self: this }, function* ({ connectorId, csChargingProfiles: profile }) {
        if (!this.has(connectorId)) return { status: "Rejected" }
        const now = yield* this.read
        const running = this.connectors[connectorId - 1]?.transaction
        return { status: this.profiles.set(connectorId, profile, running, now) ? "Accepted" : "Rejected" }
      })
    }) satisfies Partial<V16.StationHandlers>

  /** Whether there is such a connector; 0 is the station as a whole. */
  private has(connectorId: number): boolean {
    return connectorId === 0 || this.connectors[connectorId - 1] !== undefined
  }

  private trigger(
    csms: V16.CsmsClient,
    message: V16.MessageTrigger | V16.MessageTriggerEnumType,
    connectorId: number | undefined
  ) {
    const connectors = this.connectors.filter(({ id }) => connectorId === undefined || id === connectorId)
    if (connectors.length === 0) return Effect.succeed({ status: "Rejected" as const })
    const send = this.triggered(csms, message, connectors)
    return send === undefined
      ? Effect.succeed({ status: "NotImplemented" as const })
      : Reply.then({ status: "Accepted" }, send)
  }

  private triggered(
    csms: V16.CsmsClient,
    message: V16.MessageTrigger | V16.MessageTriggerEnumType,
    connectors: ReadonlyArray<Connector>
  ): Effect.Effect<unknown, CallFailure> | undefined {
    switch (message) {
      case "BootNotification":
        return csms.bootNotification(this.boot)
      case "Heartbeat":
        return csms.heartbeat({})
      case "MeterValues":
        return Effect.forEach(connectors, (connector) => this.sample(csms, connector, "Trigger"))
      case "StatusNotification":
        return Effect.forEach(connectors, (connector) => this.notify(csms, connector))
      case "DiagnosticsStatusNotification":
      case "FirmwareStatusNotification":
      case "LogStatusNotification":
      case "SignChargePointCertificate":
        return undefined
    }
  }

  private begin(
    connector: Connector,
    idTag: string,
    profile: V16.ChargingProfile | undefined
  ): Effect.Effect<number, CallFailure | NotStarted> {
    return Effect.gen({ self: this }, function* () {
      const { csms, transactions } = yield* Deferred.await(this.site)
      const reservationId = connector.reservation?.request.reservationId
      yield* Effect.ignore(this.become(csms, connector, "Preparing"))
      yield* this.read
      const stored = yield* transactions.start({
        connectorId: connector.id,
        idTag,
        meterStart: Math.round(connector.energy),
        timestamp: yield* this.time,
        ...(reservationId === undefined ? {} : { reservationId })
      })
      const transaction: Transaction = { stored, number: undefined, idTag, metering: undefined }
      connector.transaction = transaction
      connector.starting = undefined
      release(connector)
      connector.begun = yield* this.read
      if (profile !== undefined) this.profiles.set(connector.id, profile, transaction, connector.begun)
      yield* this.meter(csms, connector, transaction)
      yield* Effect.forkIn(Effect.ignore(this.become(csms, connector, "Charging")), this.scope)
      transaction.number = yield* stored.transactionId
      const refused = yield* Effect.match(stored.started, {
        onSuccess: ({ idTagInfo }) => (idTagInfo.status === "Accepted" ? undefined : idTagInfo.status),
        // What the CSMS never answered it has not refused.
        onFailure: () => undefined
      })
      if (refused === undefined) return transaction.number
      yield* this.deny(csms, connector, transaction)
      return yield* new NotStarted({ reason: refused })
    })
  }

  /** The CSMS does not accept who has started: the transaction ends, or no more energy flows (J16 §3.5.4). */
  private deny(csms: V16.CsmsClient, connector: Connector, transaction: Transaction): Effect.Effect<void, CallFailure> {
    if (connector.transaction !== transaction) return Effect.void
    if (this.configuration.is("StopTransactionOnInvalidId")) return this.stop(connector.id, "DeAuthorized")
    return Effect.flatMap(this.read, () => {
      connector.begun = undefined
      return this.become(csms, connector, "SuspendedEVSE")
    })
  }

  /** Sends the samples of a transaction from now on, as often as the configuration says. */
  private readonly meter = Effect.fnUntraced(
    { self: this },
    function* (csms: V16.CsmsClient, connector: Connector, transaction: Transaction) {
      const earlier = transaction.metering
      transaction.metering = undefined
      if (earlier !== undefined) yield* Fiber.interrupt(earlier)
      const interval = this.configuration.number("MeterValueSampleInterval")
      const sample = Effect.ignore(Effect.uninterruptible(this.sample(csms, connector, "Sample.Periodic")))
      transaction.metering =
        interval === 0 || connector.transaction !== transaction
          ? undefined
          : yield* Effect.forkIn(Effect.forever(Effect.delay(sample, Duration.seconds(interval))), this.scope)
    }
  )

  private sample(
    csms: V16.CsmsClient,
    connector: Connector,
    context: V16.ReadingContext
  ): Effect.Effect<unknown, CallFailure> {
    return Effect.gen({ self: this }, function* () {
      const { meters } = yield* Deferred.await(this.site)
      const timestamp = yield* this.time
      const now = yield* this.read
      const { begun, id: connectorId, transaction } = connector
      const energy = Math.round(connector.energy)
      const power = begun === undefined ? 0 : Math.round(this.power.of({ connectorId, begun }, now))
      const readings = [
        { value: String(energy), context, measurand: "Energy.Active.Import.Register", unit: "Wh" },
        { value: String(power), context, measurand: "Power.Active.Import", unit: "W" }
      ] as const
      const { sampled } = this.configuration
      const meterValue = [{ timestamp, sampledValue: readings.filter(({ measurand }) => sampled.has(measurand)) }]
      if (transaction === undefined) return yield* csms.meterValues({ connectorId, meterValue })
      yield* transaction.stored.update({ meterValue })
      yield* meters.save(connectorId, { timestamp, energy })
    })
  }

  /** Reads the meters; gives the time of that by the station's own clock, in milliseconds. */
  private readonly read = Effect.gen({ self: this }, function* () {
    const now = yield* Clock.currentTimeMillis
    this.power.read(now, yield* this.wallTime)
    return now
  })

  /** The time for messages, in milliseconds. */
  private get wallTime(): Effect.Effect<number> {
    return Effect.map(this.time, (time) => Timestamp.toMillis(time) ?? 0)
  }

  /** The time for messages. */
  private get time(): Effect.Effect<Timestamp.Timestamp> {
    return Effect.flatMap(Deferred.await(this.site), ({ station }) => station.now)
  }

  /** Takes on a status, and tells the CSMS. */
  private become(
    csms: V16.CsmsClient,
    connector: Connector,
    status: V16.ChargePointStatus
  ): Effect.Effect<void, CallFailure> {
    return Effect.andThen(this.change(connector, status), this.notify(csms, connector))
  }

  private change(place: Place, status: V16.ChargePointStatus): Effect.Effect<void> {
    return Effect.map(this.time, (time) => {
      if (place.status !== status) place.changedAt = time
      place.status = status
    })
  }

  /** Tells the status of a place. What had not reached the CSMS is told as of when it was. */
  private notify(csms: V16.CsmsClient, place: Place): Effect.Effect<void, CallFailure> {
    return Effect.flatMap(this.time, (now) => {
      const { changedAt, id, status, told } = place
      const timestamp = told === undefined || told === status || changedAt === "" ? now : changedAt
      const known = Effect.sync(() => {
        place.told = status
      })
      return csms.statusNotification({ connectorId: id, errorCode: "NoError", status, timestamp }).pipe(
        Effect.asVoid,
        Effect.tap(known),
        // Who refuses it has been told.
        Effect.tapErrorTag("CallError", () => known)
      )
    })
  }
}

/** A place of which the CSMS knows nothing. */
const untold: Omit<Place, "id"> = { status: "Available", changedAt: "", told: undefined }

/** Ends a reservation. */
const release = (connector: Connector): void => {
  connector.reservation?.expiry?.interruptUnsafe()
  connector.reservation = undefined
}

/** Whether nothing charges at a connector, nor is about to. */
const isIdle = ({ starting, transaction }: Connector): boolean => starting === undefined && transaction === undefined

/** Whether a connector can charge somebody, if only the one that it is reserved for. */
const isFree = (connector: Connector): boolean =>
  isIdle(connector) && connector.isOperative && connector.status === idle(connector)

/** The status of a connector at which nothing happens. */
const idle = ({ isOperative, reservation }: Connector): V16.ChargePointStatus => {
  if (!isOperative) return "Unavailable"
  return reservation === undefined ? "Available" : "Reserved"
}

/** Whether an idTag may use a connector, as far as it is reserved; `isGroup` if the group it is in has yet to be asked. */
const mayUse = ({ reservation }: Connector, idTag: string, isGroup: boolean): boolean =>
  reservation === undefined ||
  isSameTag(reservation.request.idTag, idTag) ||
  (isGroup && reservation.request.parentIdTag !== undefined)

/** The version of a local list that the station does not have. */
const notSupported = -1

/** What is answered without doing anything; what is not there is answered `NotSupported`. */
const ofNothing = {
  certificateSigned: () => Effect.succeed({ status: "Rejected" }),
  // There is no cache.
  clearCache: () => Effect.succeed({ status: "Rejected" }),
  dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
  deleteCertificate: () => Effect.succeed({ status: "NotFound" }),
  getInstalledCertificateIds: () => Effect.succeed({ status: "NotFound" }),
  getLog: () => Effect.succeed({ status: "Rejected" }),
  installCertificate: () => Effect.succeed({ status: "Rejected" }),
  signedUpdateFirmware: () => Effect.succeed({ status: "Rejected" })
} satisfies Partial<V16.StationHandlers>
