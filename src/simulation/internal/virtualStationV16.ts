/**
 * How a simulated station of OCPP 1.6 works: its connectors, its meter, and its answers to the CSMS.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CallFailure } from "../../OcppError.ts"
import { Reply } from "../../Reply.ts"
import type { Outbox } from "../../station/Outbox.ts"
import type { StationConnection } from "../../station/StationConnection.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { Transaction as StoredTransaction } from "../../Transaction.ts"
import type * as V16 from "../../v16/index.ts"
import { Configuration } from "./Configuration.ts"
import type { Meters } from "./Meters.ts"
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
  readonly meterStart: number
  readonly startedAt: number
  /** When energy stopped to flow, if it has. */
  suspendedAt: number | undefined
  metering: Fiber.Fiber<unknown, unknown> | undefined
}

interface Connector {
  readonly id: number
  status: V16.ChargePointStatus
  isOperative: boolean
  /** What the meter read when the last transaction ended, in watt-hours. */
  energy: number
  transaction: Transaction | undefined
  reservation: V16.ReserveNowRequest | undefined
}

interface InstalledProfile {
  readonly connectorId: number
  readonly profile: V16.ChargingProfile
}

/** A station of OCPP 1.6 that charges nothing but time. */
export class ChargePoint {
  readonly accepted = Deferred.makeUnsafe<void>()
  private readonly site = Deferred.makeUnsafe<Site>()
  private readonly settings: ChargePointSettings
  private readonly boot: V16.BootNotificationRequest
  private readonly scope: Scope.Scope
  private readonly configuration: Configuration
  private readonly connectors: ReadonlyArray<Connector>
  private localListVersion = 0
  private profiles: Array<InstalledProfile> = []

  constructor(settings: ChargePointSettings, boot: V16.BootNotificationRequest, scope: Scope.Scope) {
    this.settings = settings
    this.boot = boot
    this.scope = scope
    this.configuration = new Configuration(settings)
    this.connectors = Array.from({ length: settings.connectors }, (_, index) => ({
      id: index + 1,
      status: "Available",
      isOperative: true,
      energy: 0,
      transaction: undefined,
      reservation: undefined
    }))
  }

  // ---- what the station does by itself

  /** Begins to work: ends what a loss of power has interrupted, and tells its status whenever it is accepted. */
  readonly work = (site: Site): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      for (const connector of this.connectors) connector.energy = (yield* site.meters.load(connector.id)).energy
      for (const interrupted of yield* site.transactions.ongoing) yield* this.finish(site, interrupted)
      yield* Deferred.succeed(this.site, site)
      yield* Stream.runForEach(site.station.registration, (status) =>
        status === "Accepted" ? this.introduce(site.csms) : Effect.void
      )
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
      yield* Effect.ignore(this.notify(csms, 0))
      for (const { id } of this.connectors) yield* Effect.ignore(this.notify(csms, id))
      yield* Deferred.succeed(this.accepted, undefined)
    })
  }

  // ---- charging

  /** Authorizes and starts a transaction, as a driver with a card does; waits for its number. */
  readonly start = (connectorId: number, idTag: string): Effect.Effect<number, CallFailure | NotStarted> =>
    Effect.gen({ self: this }, function* () {
      const { csms } = yield* Deferred.await(this.site)
      const connector = yield* this.free(connectorId)
      const { idTagInfo } = yield* csms.authorize({ idTag })
      if (idTagInfo.status !== "Accepted") return yield* new NotStarted({ reason: idTagInfo.status })
      return yield* this.begin(connector, idTag)
    })

  /** Ends the transaction of a connector. */
  readonly stop = (connectorId: number, reason: V16.Reason): Effect.Effect<void, CallFailure> =>
    Effect.gen({ self: this }, function* () {
      const { csms, meters } = yield* Deferred.await(this.site)
      const connector = this.connectors[connectorId - 1]
      const transaction = connector?.transaction
      if (connector === undefined || transaction === undefined) return
      const timestamp = yield* this.time
      connector.energy = this.meter(connector, yield* Clock.currentTimeMillis)
      connector.transaction = undefined
      yield* meters.save(connectorId, { timestamp, energy: connector.energy })
      yield* transaction.stored.stop({
        idTag: transaction.idTag,
        meterStop: connector.energy,
        timestamp,
        reason
      })
      yield* this.become(csms, connector, "Finishing")
      yield* this.become(csms, connector, connector.isOperative ? "Available" : "Unavailable")
      // Last, for it may be what stops the transaction.
      if (transaction.metering !== undefined) yield* Fiber.interrupt(transaction.metering)
    })

  // ---- what the CSMS asks

  readonly handlers = (): V16.StationHandlers => ({ ...this.ofConnectors(), ...this.ofSettings(), ...ofNothing })

  /** What is done with connectors. */
  private readonly ofConnectors = () =>
    ({
      cancelReservation: Effect.fnUntraced({ self: this }, function* ({ reservationId }, csms) {
        const connector = this.connectors.find((known) => known.reservation?.reservationId === reservationId)
        if (connector === undefined) return { status: "Rejected" }
        connector.reservation = undefined
        return yield* Reply.then({ status: "Accepted" }, this.become(csms, connector, "Available"))
      }),
      changeAvailability: Effect.fnUntraced({ self: this }, function* ({ connectorId, type }, csms) {
        const connectors = connectorId === 0 ? this.connectors : this.connectors.filter(({ id }) => id === connectorId)
        if (connectors.length === 0) return { status: "Rejected" }
        const isOperative = type === "Operative"
        const changing = connectors.filter((connector) => connector.isOperative !== isOperative)
        for (const connector of changing) connector.isOperative = isOperative
        const idle = changing.filter(({ transaction }) => transaction === undefined)
        return yield* Reply.then(
          { status: idle.length < changing.length ? "Scheduled" : "Accepted" },
          Effect.forEach(idle, (connector) => this.become(csms, connector, isOperative ? "Available" : "Unavailable"))
        )
      }),
      remoteStartTransaction: Effect.fnUntraced({ self: this }, function* ({ connectorId, idTag }) {
        const connector = this.connectors.find(
          (known) => (connectorId === undefined || known.id === connectorId) && isFree(known)
        )
        if (connector === undefined) return { status: "Rejected" }
        return yield* Reply.thenDetached({ status: "Accepted" }, Effect.ignore(this.begin(connector, idTag)))
      }),
      remoteStopTransaction: Effect.fnUntraced({ self: this }, function* ({ transactionId }) {
        const connector = this.connectors.find((known) => known.transaction?.number === transactionId)
        if (connector === undefined) return { status: "Rejected" }
        return yield* Reply.thenDetached({ status: "Accepted" }, this.stop(connector.id, "Remote"))
      }),
      reserveNow: Effect.fnUntraced({ self: this }, function* (request, csms) {
        const connector = this.connectors[request.connectorId - 1]
        if (connector === undefined) return { status: "Rejected" }
        if (!connector.isOperative) return { status: "Unavailable" }
        const isSame = connector.reservation?.reservationId === request.reservationId
        if (!isSame && !isFree(connector)) return { status: "Occupied" }
        connector.reservation = request
        return yield* Reply.then({ status: "Accepted" }, this.become(csms, connector, "Reserved"))
      }),
      reset: ({ type }) =>
        Reply.thenDetached(
          { status: "Accepted" },
          Effect.andThen(
            Effect.forEach(this.connectors, ({ id }) =>
              Effect.ignore(this.stop(id, type === "Hard" ? "HardReset" : "SoftReset"))
            ),
            Effect.flatMap(Deferred.await(this.site), ({ station }) => station.reboot)
          )
        ),
      unlockConnector: Effect.fnUntraced({ self: this }, function* ({ connectorId }) {
        if (this.connectors[connectorId - 1] === undefined) return { status: "NotSupported" }
        return yield* Reply.thenDetached({ status: "Unlocked" }, this.stop(connectorId, "UnlockCommand"))
      })
    }) satisfies Partial<V16.StationHandlers>

  /** What is set, asked and triggered. */
  private readonly ofSettings = () =>
    ({
      changeConfiguration: Effect.fnUntraced({ self: this }, function* ({ key, value }) {
        const { outbox, station } = yield* Deferred.await(this.site)
        const status = this.configuration.set(key, value)
        if (status === "Accepted") {
          const seconds = this.configuration.number(key)
          if (key === "HeartbeatInterval") yield* station.setHeartbeatInterval(Duration.seconds(seconds))
          if (key === "TransactionMessageAttempts") yield* outbox.configure({ attempts: Math.max(1, seconds) })
          if (key === "TransactionMessageRetryInterval") {
            yield* outbox.configure({ retryInterval: Duration.seconds(seconds) })
          }
        }
        return { status }
      }),
      clearChargingProfile: (filter) =>
        Effect.sync(() => {
          const kept = this.profiles.filter((installed) => !isCleared(installed, filter))
          const status = kept.length < this.profiles.length ? "Accepted" : "Unknown"
          this.profiles = kept
          return { status }
        }),
      extendedTriggerMessage: ({ connectorId, requestedMessage }, csms) =>
        this.trigger(csms, requestedMessage, connectorId),
      getConfiguration: ({ key }) => Effect.sync(() => this.configuration.get(key)),
      getLocalListVersion: () => Effect.sync(() => ({ listVersion: this.localListVersion })),
      sendLocalList: ({ listVersion, updateType }) =>
        Effect.sync(() => {
          if (updateType === "Differential" && listVersion <= this.localListVersion)
            return { status: "VersionMismatch" }
          this.localListVersion = listVersion
          return { status: "Accepted" }
        }),
      setChargingProfile: ({ connectorId, csChargingProfiles: profile }) =>
        Effect.sync(() => {
          if (connectorId > this.connectors.length) return { status: "Rejected" }
          this.profiles = this.profiles.filter(
            (installed) => installed.profile.chargingProfileId !== profile.chargingProfileId
          )
          this.profiles.push({ connectorId, profile })
          return { status: "Accepted" }
        }),
      triggerMessage: ({ connectorId, requestedMessage }, csms) => this.trigger(csms, requestedMessage, connectorId)
    }) satisfies Partial<V16.StationHandlers>

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
      case "DiagnosticsStatusNotification":
        return csms.diagnosticsStatusNotification({ status: "Idle" })
      case "FirmwareStatusNotification":
        return csms.firmwareStatusNotification({ status: "Idle" })
      case "Heartbeat":
        return csms.heartbeat({})
      case "LogStatusNotification":
        return csms.logStatusNotification({ status: "Idle" })
      case "MeterValues":
        return Effect.forEach(connectors, (connector) => this.sample(csms, connector, "Trigger"))
      case "StatusNotification":
        return Effect.forEach(connectors, ({ id }) => this.notify(csms, id))
      case "SignChargePointCertificate":
        return undefined
    }
  }

  private readonly free = Effect.fnUntraced({ self: this }, function* (connectorId: number) {
    const connector = this.connectors[connectorId - 1]
    if (connector === undefined) return yield* new NotStarted({ reason: "UnknownConnector" })
    if (!isFree(connector)) return yield* new NotStarted({ reason: "Occupied" })
    return connector
  })

  private begin(connector: Connector, idTag: string): Effect.Effect<number, CallFailure | NotStarted> {
    return Effect.gen({ self: this }, function* () {
      const { csms, transactions } = yield* Deferred.await(this.site)
      yield* Effect.ignore(this.become(csms, connector, "Preparing"))
      const meterStart = connector.energy
      const timestamp = yield* this.time
      const stored = yield* transactions
        .start({ connectorId: connector.id, idTag, meterStart, timestamp })
        .pipe(Effect.tapError(() => Effect.ignore(this.become(csms, connector, "Available"))))
      const startedAt = yield* Clock.currentTimeMillis
      const transaction: Transaction = {
        stored,
        number: undefined,
        idTag,
        meterStart,
        startedAt,
        suspendedAt: undefined,
        metering: undefined
      }
      connector.transaction = transaction
      transaction.metering = yield* Effect.forkIn(this.metering(csms, connector), this.scope)
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
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      transaction.suspendedAt = now
      return this.become(csms, connector, "SuspendedEVSE")
    })
  }

  private metering(csms: V16.CsmsClient, connector: Connector): Effect.Effect<never> {
    return Effect.suspend(() => {
      const interval = this.configuration.number("MeterValueSampleInterval")
      return interval > 0 ? Effect.sleep(Duration.seconds(interval)) : Effect.never
    }).pipe(
      Effect.andThen(Effect.suspend(() => Effect.ignore(this.sample(csms, connector, "Sample.Periodic")))),
      Effect.forever
    )
  }

  private sample(
    csms: V16.CsmsClient,
    connector: Connector,
    context: V16.ReadingContext
  ): Effect.Effect<unknown, CallFailure> {
    return Effect.gen({ self: this }, function* () {
      const { meters } = yield* Deferred.await(this.site)
      const { transaction } = connector
      const timestamp = yield* this.time
      const energy = this.meter(connector, yield* Clock.currentTimeMillis)
      const isCharging = transaction !== undefined && transaction.suspendedAt === undefined
      const meterValue = [
        {
          timestamp,
          sampledValue: [
            { value: String(energy), context, measurand: "Energy.Active.Import.Register", unit: "Wh" },
            {
              value: String(isCharging ? this.settings.power : 0),
              context,
              measurand: "Power.Active.Import",
              unit: "W"
            }
          ]
        }
      ] as const
      if (transaction === undefined) return yield* csms.meterValues({ connectorId: connector.id, meterValue })
      yield* meters.save(connector.id, { timestamp, energy })
      return yield* transaction.stored.update({ meterValue })
    })
  }

  private meter({ energy, transaction }: Connector, now: number): number {
    if (transaction === undefined) return energy
    const { meterStart, startedAt, suspendedAt = now } = transaction
    return meterStart + Math.round((this.settings.power * (suspendedAt - startedAt)) / 3_600_000)
  }

  /** The time for messages. */
  private get time(): Effect.Effect<Timestamp.Timestamp> {
    return Effect.flatMap(Deferred.await(this.site), ({ station }) => station.now)
  }

  private become(
    csms: V16.CsmsClient,
    connector: Connector,
    status: V16.ChargePointStatus
  ): Effect.Effect<void, CallFailure> {
    connector.status = status
    return this.notify(csms, connector.id)
  }

  private notify(csms: V16.CsmsClient, connectorId: number): Effect.Effect<void, CallFailure> {
    return Effect.flatMap(this.time, (timestamp) =>
      csms.statusNotification({
        connectorId,
        errorCode: "NoError",
        status: this.connectors[connectorId - 1]?.status ?? "Available",
        timestamp
      })
    ).pipe(Effect.asVoid)
  }
}

const isFree = ({ isOperative, status, transaction }: Connector): boolean =>
  isOperative && transaction === undefined && status === "Available"

const isCleared = ({ connectorId, profile }: InstalledProfile, filter: V16.ClearChargingProfileRequest): boolean =>
  filter.id === undefined
    ? (filter.connectorId === undefined || filter.connectorId === connectorId) &&
      (filter.chargingProfilePurpose === undefined ||
        filter.chargingProfilePurpose === profile.chargingProfilePurpose) &&
      (filter.stackLevel === undefined || filter.stackLevel === profile.stackLevel)
    : filter.id === profile.chargingProfileId

/** What is answered without doing anything. */
const ofNothing = {
  certificateSigned: () => Effect.succeed({ status: "Rejected" }),
  clearCache: () => Effect.succeed({ status: "Accepted" }),
  dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
  deleteCertificate: () => Effect.succeed({ status: "NotFound" }),
  getCompositeSchedule: () => Effect.succeed({ status: "Rejected" }),
  getDiagnostics: () => Effect.succeed({}),
  getInstalledCertificateIds: () => Effect.succeed({ status: "NotFound" }),
  getLog: () => Effect.succeed({ status: "Rejected" }),
  installCertificate: () => Effect.succeed({ status: "Rejected" }),
  signedUpdateFirmware: () => Effect.succeed({ status: "Rejected" }),
  updateFirmware: () => Effect.succeed({})
} satisfies Partial<V16.StationHandlers>
