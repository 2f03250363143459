/**
 * A small CSMS that names no version: a register of stations, a ledger, a board of statuses, and what was told of firmware,
 * logs, security, displays and monitors. It has certificates signed, and vehicles get theirs. What it knows lies in a
 * `Database`, which outlives the process of the CSMS.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Adapter } from "../../src/adapter/index.ts"
import { Csms, type StationDeviation, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { Reply } from "../../src/Reply.ts"
import { signed } from "./equipment.ts"

/** A transaction as it is billed; energies are in Wh. */
export interface Billed {
  readonly transactionId: string
  readonly evseId: number | undefined
  readonly idToken: string | undefined
  readonly remoteStartId: number | undefined
  readonly reservationId: number | undefined
  readonly startedAt: DateTime.Utc
  readonly endedAt: DateTime.Utc | undefined
  readonly stoppedReason: Domain.StoppedReason | undefined
  readonly begin: BigDecimal.BigDecimal | undefined
  readonly end: BigDecimal.BigDecimal | undefined
  /** What was charged. */
  readonly charged: BigDecimal.BigDecimal | undefined
  /** All readings, each by when it was taken and what it is of. */
  readonly readings: ReadonlyMap<string, Domain.SampledValue>
}

/** What was charged, in Wh. */
export const energyOf = ({ charged }: Billed): BigDecimal.BigDecimal | undefined => charged

/** What the register of energy read in a transaction, in Wh and in the order in which it was told. */
export const registersOf = ({ readings }: Billed): ReadonlyArray<number> =>
  Array.from(readings.values())
    .filter(({ measurand }) => measurand === "Energy.Active.Import.Register")
    .map(({ reading }) => (reading._tag === "Measured" ? BigDecimal.toNumberUnsafe(reading.value) : NaN))

/** An EVSE as the board shows it: does it work, is it free, and does energy flow or who holds it back. */
export interface Shown {
  readonly condition: Domain.Condition
  readonly occupancy: Domain.Occupancy | undefined
  readonly flow: Flow | undefined
}

/** What a status can tell of it, and an event of the transaction. */
export type Flow = Extract<Domain.Activity, Domain.ChargingState>

export const flowOf = (told: Domain.Activity | Domain.ChargingState | undefined): Flow | undefined =>
  told === "Charging" || told === "SuspendedEV" || told === "SuspendedEVSE" ? told : undefined

/** What is told of something that takes its time. */
export interface Progress {
  readonly identity: string
  readonly status: string
  readonly requestId?: number | undefined
}

/** All that the CSMS knows, whatever becomes of its process. */
export class Database {
  readonly stations = new Map<string, Domain.BootNotificationRequest>()
  readonly boots: Array<{ readonly identity: string; readonly reason: Domain.BootReason | undefined }> = []
  /** Who may not charge, and why. */
  readonly blocked = new Map<string, Domain.AuthorizationStatus>()
  readonly firmware: Array<Progress> = []
  readonly logs: Array<Progress> = []
  readonly security: Array<string> = []
  /** What stations have said of the certificates that they were handed. */
  readonly renewals: Array<string> = []
  /** The transactions after which vehicles were unplugged. */
  readonly unplugged: Array<string> = []
  /** The parts of what stations tell of their displays and monitors. */
  readonly displays: Array<Domain.NotifyDisplayMessagesRequest> = []
  readonly monitors: Array<Domain.NotifyMonitoringReportRequest> = []
  readonly events: Array<Domain.EventData> = []
  /** Readings that belong to no transaction, by where they were taken. */
  readonly readings: Array<{ readonly identity: string; readonly evseId: number | undefined }> = []
  /** What stations got wrong. */
  readonly deviations: Array<StationDeviation> = []
  private readonly states = new Map<string, Domain.StationState.StationState>()
  /** By transaction, and then by when each was taken and what it is of. */
  private readonly readingsOf = new Map<string, Map<string, Domain.SampledValue>>()

  /** The transactions of a station, the oldest first. */
  transactions(identity: string): ReadonlyArray<Billed> {
    return Domain.StationState.transactions(this.stateOf(identity)).map((known) => ({
      transactionId: known.transactionId,
      evseId: known.evse?.id,
      idToken: known.idToken?.idToken,
      remoteStartId: known.remoteStartId,
      reservationId: known.reservationId,
      // No start is lost.
      startedAt: known.startedAt!,
      endedAt: known.endedAt,
      stoppedReason: known.stoppedReason,
      begin: known.energy?.begin,
      end: known.energy?.end,
      charged: known.energy?.charged,
      readings: this.readingsOf.get(`${identity} ${known.transactionId}`) ?? new Map<string, Domain.SampledValue>()
    }))
  }

  /** What the board shows of an EVSE. */
  shown(identity: string, evseId: number): Shown | undefined {
    const found = Domain.StationState.status(this.stateOf(identity)).find((status) => status.evseId === evseId)
    if (found?.condition === undefined) return undefined
    return { condition: found.condition, occupancy: found.occupancy, flow: flowOf(found.activity) }
  }

  authorize({ idToken }: Domain.IdToken): Domain.IdTokenInfo {
    return { status: this.blocked.get(idToken) ?? "Accepted" }
  }

  /** Writes down what a station tells; an event that comes again, because its answer was lost, changes nothing. */
  write(identity: string, event: Domain.StationState.Event): void {
    const options = { ended: 1_000_000 }
    this.states.set(identity, Domain.StationState.apply(this.stateOf(identity), event, options))
    if (event._tag !== "TransactionEvent") return
    const { meterValue = [], transactionId } = event.request
    const key = `${identity} ${transactionId}`
    const readings = this.readingsOf.get(key) ?? new Map<string, Domain.SampledValue>()
    this.readingsOf.set(key, readings)
    for (const { sampledValue, timestamp } of meterValue) {
      for (const one of sampledValue) {
        readings.set(`${DateTime.formatIso(timestamp)} ${one.context} ${one.measurand} ${one.phase}`, one)
      }
    }
  }

  private stateOf(identity: string): Domain.StationState.StationState {
    return this.states.get(identity) ?? Domain.StationState.empty
  }
}

const handlersOf = (database: Database, answerTime: Effect.Effect<void>) => {
  /** Writes first and answers a little later, as a database lets it. */
  const written = <A>(write: () => A): Effect.Effect<A> => Effect.tap(Effect.sync(write), () => answerTime)
  const noted = (write: () => void) => written(() => (write(), {}))
  return Domain.csmsHandlers({
    bootNotification: (request, { identity }) =>
      Effect.gen(function* () {
        database.stations.set(identity, request)
        database.boots.push({ identity, reason: request.reason })
        return { status: "Accepted", currentTime: yield* DateTime.now, interval: Duration.hours(1) } as const
      }),
    heartbeat: () => Effect.map(DateTime.now, (currentTime) => ({ currentTime })),
    authorize: ({ idToken, iso15118CertificateHashData: contract }) =>
      written(() => ({
        idTokenInfo: database.authorize(idToken),
        ...(contract === undefined ? {} : { certificateStatus: "Accepted" })
      })),
    get15118EVCertificate: ({ exiRequest }) => Effect.succeed({ status: "Accepted", exiResponse: `to ${exiRequest}` }),
    getCertificateStatus: () => Effect.succeed({ status: "Accepted", ocspResult: "good" }),
    connectorUnplugged: ({ transactionId }) => noted(() => database.unplugged.push(transactionId)),
    statusNotification: (request, { identity, version }, { receivedAt }) =>
      noted(() =>
        database.write(identity, {
          _tag: "StatusNotification",
          request,
          version,
          receivedAt: DateTime.makeUnsafe(receivedAt)
        })
      ),
    transactionEvent: (request, { identity, version }, { receivedAt }) =>
      written(() => {
        database.write(identity, {
          _tag: "TransactionEvent",
          request,
          version,
          receivedAt: DateTime.makeUnsafe(receivedAt)
        })
        return request.idToken === undefined ? {} : { idTokenInfo: database.authorize(request.idToken) }
      }),
    meterValues: ({ evseId }, { identity }) => noted(() => database.readings.push({ identity, evseId })),
    firmwareStatusNotification: (told, { identity }) => noted(() => database.firmware.push({ identity, ...told })),
    logStatusNotification: (told, { identity }) => noted(() => database.logs.push({ identity, ...told })),
    securityEventNotification: ({ type }, { identity }) => noted(() => database.security.push(`${identity} ${type}`)),
    dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
    signCertificate: ({ csr, ...asked }, { identity, station }) => {
      if (!csr.startsWith("-----BEGIN CERTIFICATE REQUEST-----")) return Effect.succeed({ status: "Rejected" })
      const { hashRootCertificate: _, ...purpose } = asked
      const handOver = Effect.map(
        station.certificateSigned({ certificateChain: signed(csr), ...purpose }),
        ({ status }) => database.renewals.push(`${identity} ${status}`)
      )
      // The authority takes its time.
      return Reply.thenDetached({ status: "Accepted" }, Effect.delay(handOver, "1 minute"))
    },
    notifyDisplayMessages: (part) => noted(() => database.displays.push(part)),
    notifyMonitoringReport: (part) => noted(() => database.monitors.push(part)),
    notifyEvent: ({ eventData }) => noted(() => database.events.push(...eventData))
  })
}

/**
 * The CSMS for stations of the versions that there are adapters for. `answerTime` is how long it takes to answer what it has
 * written.
 */
export const layer = (
  adapters: ReadonlyArray<Adapter.Adapter<string, TransactionIds>>,
  database: Database,
  answerTime: Effect.Effect<void> = Effect.void
) => {
  const handlers = handlersOf(database, answerTime)
  const watched = Layer.effectDiscard(
    Effect.gen(function* () {
      const { deviations } = yield* Csms
      yield* Effect.forkScoped(Stream.runForEach(deviations, (one) => Effect.sync(() => database.deviations.push(one))))
    })
  )
  const csms = Csms.layer({
    accept: () => Effect.void,
    handlers: adapters.map((adapter) => Adapter.handlers(adapter, handlers))
  })
  return Layer.provideMerge(watched, csms).pipe(Layer.provide(TransactionIds.layer()), Layer.orDie)
}
