/**
 * How a simulated station of OCPP 1.6 works: its connectors, its meter, and its answers to the CSMS.
 *
 * @internal
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { CallFailure } from "../OcppError.ts"
import { Reply } from "../Reply.ts"
import * as Timestamp from "../Timestamp.ts"
import type * as V16 from "../v16/index.ts"
import { Configuration } from "./Configuration.ts"
import { NotStarted } from "./NotStarted.ts"

export interface Settings {
  readonly connectors: number
  readonly power: number
  readonly sampleInterval: number
  readonly boot: V16.BootNotificationRequest
}

interface Transaction {
  readonly transactionId: number
  readonly idTag: string
  readonly meterStart: number
  readonly startedAt: number
  readonly metering: Fiber.Fiber<unknown, unknown>
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
  private readonly settings: Settings
  private readonly scope: Scope.Scope
  private readonly configuration: Configuration
  private readonly connectors: ReadonlyArray<Connector>
  private localListVersion = 0
  private profiles: Array<InstalledProfile> = []

  constructor(settings: Settings, scope: Scope.Scope) {
    this.settings = settings
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

  /** Boots until the CSMS accepts, then says how every connector is. */
  readonly boot = (csms: V16.CsmsClient): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      while (true) {
        const answer = yield* Effect.exit(csms.bootNotification(this.settings.boot))
        if (Exit.isSuccess(answer)) {
          const { interval, status } = answer.value
          if (status === "Accepted") {
            if (interval > 0) this.configuration.set("HeartbeatInterval", String(interval))
            break
          }
          yield* Effect.sleep(Duration.seconds(interval > 0 ? interval : bootWait))
        } else {
          yield* Effect.sleep(Duration.seconds(bootWait))
        }
      }
      yield* Effect.ignore(this.notify(csms, 0))
      for (const { id } of this.connectors) yield* Effect.ignore(this.notify(csms, id))
      yield* Deferred.succeed(this.accepted, undefined)
    })

  readonly heartbeats = (csms: V16.CsmsClient): Effect.Effect<never> =>
    Effect.suspend(() =>
      Effect.sleep(Duration.seconds(this.configuration.number("HeartbeatInterval") || bootWait))
    ).pipe(Effect.andThen(Effect.ignore(csms.heartbeat({}))), Effect.forever)

  // ---- charging

  /** Authorizes and starts a transaction, as a driver with a card does. */
  readonly start = (csms: V16.CsmsClient, connectorId: number, idTag: string) =>
    Effect.gen({ self: this }, function* () {
      const connector = yield* this.free(connectorId)
      const { idTagInfo } = yield* csms.authorize({ idTag })
      if (idTagInfo.status !== "Accepted") return yield* new NotStarted({ reason: idTagInfo.status })
      return yield* this.begin(csms, connector, idTag)
    })

  /** Ends the transaction of a connector. */
  readonly stop = (csms: V16.CsmsClient, connectorId: number, reason: V16.Reason) =>
    Effect.gen({ self: this }, function* () {
      const connector = this.connectors[connectorId - 1]
      const transaction = connector?.transaction
      if (connector === undefined || transaction === undefined) return
      yield* Fiber.interrupt(transaction.metering)
      const now = yield* Clock.currentTimeMillis
      connector.energy = this.meter(connector, now)
      connector.transaction = undefined
      yield* csms.stopTransaction({
        transactionId: transaction.transactionId,
        idTag: transaction.idTag,
        meterStop: connector.energy,
        timestamp: Timestamp.fromMillis(now),
        reason
      })
      yield* this.become(csms, connector, "Finishing")
      yield* this.become(csms, connector, connector.isOperative ? "Available" : "Unavailable")
    })

  // ---- what the CSMS asks

  readonly handlers = (): V16.StationHandlers => ({
    cancelReservation: Effect.fnUntraced({ self: this }, function* ({ reservationId }, csms) {
      const connector = this.connectors.find((known) => known.reservation?.reservationId === reservationId)
      if (connector === undefined) return { status: "Rejected" }
      connector.reservation = undefined
      return yield* Reply.then({ status: "Accepted" }, this.become(csms, connector, "Available"))
    }),
    certificateSigned: () => Effect.succeed({ status: "Rejected" }),
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
    changeConfiguration: ({ key, value }) => Effect.sync(() => ({ status: this.configuration.set(key, value) })),
    clearCache: () => Effect.succeed({ status: "Accepted" }),
    clearChargingProfile: (filter) =>
      Effect.sync(() => {
        const kept = this.profiles.filter((installed) => !isCleared(installed, filter))
        const status = kept.length < this.profiles.length ? "Accepted" : "Unknown"
        this.profiles = kept
        return { status }
      }),
    dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
    deleteCertificate: () => Effect.succeed({ status: "NotFound" }),
    extendedTriggerMessage: ({ connectorId, requestedMessage }, csms) =>
      this.trigger(csms, requestedMessage, connectorId),
    getCompositeSchedule: () => Effect.succeed({ status: "Rejected" }),
    getConfiguration: ({ key }) => Effect.sync(() => this.configuration.get(key)),
    getDiagnostics: () => Effect.succeed({}),
    getInstalledCertificateIds: () => Effect.succeed({ status: "NotFound" }),
    getLocalListVersion: () => Effect.sync(() => ({ listVersion: this.localListVersion })),
    getLog: () => Effect.succeed({ status: "Rejected" }),
    installCertificate: () => Effect.succeed({ status: "Rejected" }),
    remoteStartTransaction: Effect.fnUntraced({ self: this }, function* ({ connectorId, idTag }, csms) {
      const connector = this.connectors.find(
        (known) => (connectorId === undefined || known.id === connectorId) && isFree(known)
      )
      if (connector === undefined) return { status: "Rejected" }
      return yield* Reply.then({ status: "Accepted" }, Effect.ignore(this.begin(csms, connector, idTag)))
    }),
    remoteStopTransaction: Effect.fnUntraced({ self: this }, function* ({ transactionId }, csms) {
      const connector = this.connectors.find((known) => known.transaction?.transactionId === transactionId)
      if (connector === undefined) return { status: "Rejected" }
      return yield* Reply.then({ status: "Accepted" }, this.stop(csms, connector.id, "Remote"))
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
    reset: ({ type }, csms) =>
      Reply.then(
        { status: "Accepted" },
        Effect.forEach(this.connectors, ({ id }) =>
          Effect.ignore(this.stop(csms, id, type === "Hard" ? "HardReset" : "SoftReset"))
        ).pipe(Effect.andThen(this.boot(csms)))
      ),
    sendLocalList: ({ listVersion, updateType }) =>
      Effect.sync(() => {
        if (updateType === "Differential" && listVersion <= this.localListVersion) return { status: "VersionMismatch" }
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
    signedUpdateFirmware: () => Effect.succeed({ status: "Rejected" }),
    triggerMessage: ({ connectorId, requestedMessage }, csms) => this.trigger(csms, requestedMessage, connectorId),
    unlockConnector: Effect.fnUntraced({ self: this }, function* ({ connectorId }, csms) {
      if (this.connectors[connectorId - 1] === undefined) return { status: "NotSupported" }
      return yield* Reply.then({ status: "Unlocked" }, this.stop(csms, connectorId, "UnlockCommand"))
    }),
    updateFirmware: () => Effect.succeed({})
  })

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
        return csms.bootNotification(this.settings.boot)
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

  private begin(
    csms: V16.CsmsClient,
    connector: Connector,
    idTag: string
  ): Effect.Effect<number, CallFailure | NotStarted> {
    return Effect.gen({ self: this }, function* () {
      yield* this.become(csms, connector, "Preparing")
      const startedAt = yield* Clock.currentTimeMillis
      const meterStart = connector.energy
      const { idTagInfo, transactionId } = yield* csms.startTransaction({
        connectorId: connector.id,
        idTag,
        meterStart,
        timestamp: Timestamp.fromMillis(startedAt)
      })
      const metering = yield* Effect.forkIn(this.metering(csms, connector), this.scope)
      connector.transaction = { transactionId, idTag, meterStart, startedAt, metering }
      if (idTagInfo.status !== "Accepted") {
        yield* this.stop(csms, connector.id, "DeAuthorized")
        return yield* new NotStarted({ reason: idTagInfo.status })
      }
      yield* this.become(csms, connector, "Charging")
      return transactionId
    }).pipe(Effect.tapError(() => (connector.transaction === undefined ? this.release(csms, connector) : Effect.void)))
  }

  private release(csms: V16.CsmsClient, connector: Connector): Effect.Effect<void> {
    return connector.status === "Available" ? Effect.void : Effect.ignore(this.become(csms, connector, "Available"))
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
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      csms.meterValues({
        connectorId: connector.id,
        ...(connector.transaction === undefined ? {} : { transactionId: connector.transaction.transactionId }),
        meterValue: [
          {
            timestamp: Timestamp.fromMillis(now),
            sampledValue: [
              {
                value: String(this.meter(connector, now)),
                context,
                measurand: "Energy.Active.Import.Register",
                unit: "Wh"
              },
              {
                value: String(connector.transaction === undefined ? 0 : this.settings.power),
                context,
                measurand: "Power.Active.Import",
                unit: "W"
              }
            ]
          }
        ]
      })
    )
  }

  private meter({ energy, transaction }: Connector, now: number): number {
    if (transaction === undefined) return energy
    return transaction.meterStart + Math.round((this.settings.power * (now - transaction.startedAt)) / 3_600_000)
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
    return Effect.flatMap(Timestamp.now, (timestamp) =>
      csms.statusNotification({
        connectorId,
        errorCode: "NoError",
        status: this.connectors[connectorId - 1]?.status ?? "Available",
        timestamp
      })
    ).pipe(Effect.asVoid)
  }
}

/** How long the station waits before it boots again when the CSMS names no interval, in seconds. */
const bootWait = 30

const isFree = ({ isOperative, status, transaction }: Connector): boolean =>
  isOperative && transaction === undefined && status === "Available"

const isCleared = ({ connectorId, profile }: InstalledProfile, filter: V16.ClearChargingProfileRequest): boolean =>
  filter.id === undefined
    ? (filter.connectorId === undefined || filter.connectorId === connectorId) &&
      (filter.chargingProfilePurpose === undefined ||
        filter.chargingProfilePurpose === profile.chargingProfilePurpose) &&
      (filter.stackLevel === undefined || filter.stackLevel === profile.stackLevel)
    : filter.id === profile.chargingProfileId
