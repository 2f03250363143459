/**
 * A small CSMS that names no version: a register of stations, a ledger, a board of statuses, and what was told of firmware,
 * logs and security. What it knows lies in a `Database`, which outlives the process of the CSMS.
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

/** A transaction as it is billed; energies are in Wh. */
export interface Billed {
  readonly identity: string
  readonly transactionId: string
  readonly evseId: number | undefined
  readonly idToken: string | undefined
  readonly remoteStartId: number | undefined
  readonly reservationId: number | undefined
  readonly startedAt: DateTime.Utc
  readonly begin: BigDecimal.BigDecimal | undefined
  /** All readings, each by when it was taken and what it is of. */
  readonly readings: ReadonlyMap<string, Domain.SampledValue>
  readonly endedAt?: DateTime.Utc
  readonly end?: BigDecimal.BigDecimal | undefined
  readonly stoppedReason?: Domain.StoppedReason | undefined
}

/** What was charged, in Wh. */
export const energyOf = ({ begin, end }: Billed): BigDecimal.BigDecimal | undefined =>
  begin && end && BigDecimal.subtract(end, begin)

/** What the register of energy read in a transaction, in Wh and in the order in which it was told. */
export const registersOf = ({ readings }: Billed): ReadonlyArray<number> =>
  Array.from(readings.values())
    .filter(({ measurand }) => measurand === "Energy.Active.Import.Register")
    .map(({ reading }) => (reading._tag === "Measured" ? BigDecimal.toNumberUnsafe(reading.value) : NaN))

/** What the register of energy reads at the end of an event. */
const registerIn = ({ meterValue = [] }: Domain.TransactionEventRequest): BigDecimal.BigDecimal | undefined => {
  const reading = meterValue
    .flatMap(({ sampledValue }) => sampledValue)
    .findLast(({ measurand, phase }) => measurand === "Energy.Active.Import.Register" && phase === undefined)?.reading
  return reading?._tag === "Measured" && reading.unit === "Wh" ? reading.value : undefined
}

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

interface Row {
  status?: Domain.StatusNotificationRequest
  /** What the transaction does; `undefined` if none runs, or if the version tells it by the status. */
  charging?: Domain.ChargingState | undefined
}

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
  /** Readings that belong to no transaction, by where they were taken. */
  readonly readings: Array<{ readonly identity: string; readonly evseId: number | undefined }> = []
  /** What stations got wrong. */
  readonly deviations: Array<StationDeviation> = []
  private readonly ledger = new Map<string, Billed>()
  private readonly board = new Map<string, Row>()

  /** The transactions of a station, the oldest first. */
  transactions(identity: string): ReadonlyArray<Billed> {
    return Array.from(this.ledger.values())
      .filter((one) => one.identity === identity)
      .toSorted((one, other) => DateTime.Order(one.startedAt, other.startedAt))
  }

  /** What the board shows of an EVSE. */
  shown(identity: string, evseId: number): Shown | undefined {
    const { charging, status } = this.board.get(`${identity} ${evseId}`) ?? {}
    if (status === undefined) return undefined
    const { activity, condition, occupancy } = status
    return { condition, occupancy, flow: flowOf(activity ?? (occupancy === "Occupied" ? charging : undefined)) }
  }

  authorize({ idToken }: Domain.IdToken): Domain.IdTokenInfo {
    return { status: this.blocked.get(idToken) ?? "Accepted" }
  }

  writeStatus(identity: string, status: Domain.StatusNotificationRequest): void {
    this.row(identity, status.evse?.id ?? 0).status = status
  }

  /** Writes an event down; one that comes again, because its answer was lost, changes nothing. */
  writeEvent(identity: string, event: Domain.TransactionEventRequest): void {
    const { evse, idToken, meterValue = [], remoteStartId, reservationId, timestamp, transactionId } = event
    const key = `${identity} ${transactionId}`
    const known = this.ledger.get(key) ?? {
      identity,
      transactionId,
      evseId: evse?.id,
      idToken: idToken?.idToken,
      remoteStartId,
      reservationId,
      startedAt: timestamp,
      begin: registerIn(event),
      readings: new Map<string, Domain.SampledValue>()
    }
    const read = meterValue.flatMap((value) =>
      value.sampledValue.map(
        (one) => [`${DateTime.formatIso(value.timestamp)} ${one.context} ${one.measurand} ${one.phase}`, one] as const
      )
    )
    const readings = new Map([...known.readings, ...read])
    const ended =
      event.eventType === "Ended"
        ? { endedAt: timestamp, end: registerIn(event), stoppedReason: event.stoppedReason }
        : {}
    this.ledger.set(key, { ...known, readings, ...ended })
    if (known.evseId === undefined) return
    const row = this.row(identity, known.evseId)
    row.charging = event.eventType === "Ended" ? undefined : (event.chargingState ?? row.charging)
  }

  private row(identity: string, evseId: number): Row {
    const key = `${identity} ${evseId}`
    const row = this.board.get(key) ?? {}
    this.board.set(key, row)
    return row
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
    authorize: ({ idToken }) => written(() => ({ idTokenInfo: database.authorize(idToken) })),
    statusNotification: (status, { identity }) => noted(() => database.writeStatus(identity, status)),
    transactionEvent: (event, { identity }) =>
      written(() => {
        database.writeEvent(identity, event)
        return event.idToken === undefined ? {} : { idTokenInfo: database.authorize(event.idToken) }
      }),
    meterValues: ({ evseId }, { identity }) => noted(() => database.readings.push({ identity, evseId })),
    firmwareStatusNotification: (told, { identity }) => noted(() => database.firmware.push({ identity, ...told })),
    logStatusNotification: (told, { identity }) => noted(() => database.logs.push({ identity, ...told })),
    securityEventNotification: ({ type }, { identity }) => noted(() => database.security.push(`${identity} ${type}`)),
    dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
    signCertificate: () => Effect.succeed({ status: "Rejected" })
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
