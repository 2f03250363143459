/**
 * What a CSMS knows of a station, as a fold of what the station tells: its own data, the status of its EVSEs, its
 * transactions and its charging sessions. `ReadModel` keeps it for all stations; use this module by itself for a storage
 * or a projection of your own.
 *
 * **Details**
 *
 * The fold is pure. An event that comes again changes nothing, and events of a transaction may come in any order: they count
 * by their `seqNo` or, where there is none, by their time. A status counts by its time or, where it has none or one that is
 * yet to come, by when it was received. One that 2.x tells by NotifyEvent, as the variable `AvailabilityState` of a component
 * `Connector`, counts like one of a StatusNotification; that of an EVSE or of the whole station is not taken, for `status`
 * finds it from those of the connectors.
 *
 * A station may have lost its clock. A time that cannot be true by `Timestamp.isPlausible`, such as one of 1970, counts as
 * the time of arrival, so that such an event counts as a later one each time that it comes; only a start and an end keep
 * the time of their first arrival. Where the time of arrival itself cannot be true, as in a simulation that begins in 1970,
 * all times count as they are told.
 *
 * @since 0.1.0
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Timestamp from "../Timestamp.ts"
import type { StatusNotificationRequest } from "./Availability.ts"
import { Activity, Condition, ErrorInfo, Occupancy } from "./Availability.ts"
import { Evse, IdToken } from "./DataTypes.ts"
import * as Sessions from "./internal/sessions.ts"
import { type MeterValue, type MeterValuesRequest, SampledValue } from "./Metering.ts"
import type { NotifyEventRequest } from "./Monitoring.ts"
import { type BootNotificationRequest, BootReason, ChargingStation } from "./Provisioning.ts"
import { ChargingState, StoppedReason, type TransactionEventRequest } from "./Transactions.ts"
import * as Variable from "./Variable.ts"

// ---- what is known

/**
 * One reading and when it was taken.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Reading extends Schema.Opaque<Reading>()(
  Schema.Struct({ timestamp: Schema.DateTimeUtc, sampledValue: SampledValue }).annotate({ identifier: "Reading" })
) {}

/**
 * What a station says of itself.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Station extends Schema.Opaque<Station>()(
  Schema.Struct({
    /** The version of OCPP that it spoke last. */
    version: Schema.String,
    /** Absent, as the next two: no BootNotification has come. */
    chargingStation: Schema.optionalKey(ChargingStation),
    /** When its last BootNotification was received. */
    bootedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** Absent also: it does not tell. */
    bootReason: Schema.optionalKey(BootReason)
  }).annotate({ identifier: "Station" })
) {}

/**
 * The status of a connector, by its axes, as it was told last.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ConnectorStatus extends Schema.Opaque<ConnectorStatus>()(
  Schema.Struct({
    /** `0`: all connectors of the EVSE. */
    connectorId: Schema.Int,
    /** Since when. */
    timestamp: Schema.DateTimeUtc,
    condition: Condition,
    /** Absent: it is not told, as of a connector that does not work. */
    occupancy: Schema.optionalKey(Occupancy),
    /** Absent: it is not told, as by 2.x. */
    activity: Schema.optionalKey(Activity),
    error: Schema.optionalKey(ErrorInfo)
  }).annotate({ identifier: "ConnectorStatus" })
) {}

/**
 * The status of an EVSE, of all its connectors together.
 *
 * **Details**
 *
 * - `condition`: `Operative` if one of the connectors is.
 * - `occupancy`: `Occupied` if one of the connectors is; absent if none tells.
 * - `activity`: as the status tells it or, where it does not, as the transaction does. Absent: neither tells.
 * - `transactionId`: of the transaction that runs there, the one that holds the session open; one of which the start has not
 *   come only if no other one does. Absent: none runs.
 * - `connectors`: the status of each.
 * - `readings`: the last ones that belong to no transaction.
 *
 * @category models
 * @since 0.1.0
 */
export interface EvseStatus {
  /** `0`: the whole station. */
  readonly evseId: number
  /** Absent: no status has come. */
  readonly condition?: Condition
  readonly occupancy?: Occupancy
  readonly activity?: Activity
  readonly transactionId?: string
  readonly connectors: ReadonlyArray<ConnectorStatus>
  readonly readings: ReadonlyArray<Reading>
}

/**
 * What a register of energy has read in a transaction, in Wh.
 *
 * @category models
 * @since 0.1.0
 */
export interface Energy {
  /** At the start or, where the start does not tell, the first time afterwards. Absent: only the end tells. */
  readonly begin?: BigDecimal.BigDecimal
  /** At the end or, where the end has not come or does not tell, the last time before. */
  readonly end: BigDecimal.BigDecimal
  /** The difference: what was charged. */
  readonly charged?: BigDecimal.BigDecimal
}

/**
 * What was measured of one thing in a transaction: the first reading, and the last one.
 *
 * @category models
 * @since 0.1.0
 */
export interface Series {
  readonly first: Reading
  readonly last: Reading
}

/**
 * A transaction.
 *
 * **Details**
 *
 * - `transactionId`: as told first; one that differs only in case is the same.
 * - `evse`: as told last; `idToken`, `remoteStartId`, `reservationId`: as told first. Absent: not told yet.
 * - `startedAt`: absent: its first event has not come.
 * - `endedAt`: absent: its last event has not come.
 * - `stoppedReason`: absent: it was not told, which means `Local` once it has ended.
 * - `chargingState`: as told last; absent: not told yet, or the transaction has ended, and nothing charges in it any more.
 * - `lastEventAt`: the time of its latest event.
 * - `energy`: by the register `Energy.Active.Import.Register` of all phases together, of the outlet or, where that is not
 *   measured, of another place. Absent: not told.
 * - `readings`: the first and the last of each measurand, phase and location.
 *
 * @category models
 * @since 0.1.0
 */
export interface TransactionRecord {
  readonly transactionId: string
  readonly evse?: Evse
  readonly idToken?: IdToken
  readonly remoteStartId?: number
  readonly reservationId?: number
  readonly startedAt?: DateTime.Utc
  readonly endedAt?: DateTime.Utc
  readonly stoppedReason?: StoppedReason
  readonly chargingState?: ChargingState
  readonly lastEventAt: DateTime.Utc
  readonly energy?: Energy
  readonly readings: ReadonlyArray<Series>
}

/**
 * A charging session: an EVSE is in use, from the first sign of it, by its status or a transaction, until it is available
 * again and its transactions have ended.
 *
 * **Details**
 *
 * - `id`: of the EVSE and the start. An earlier sign that comes late moves the start, and so the id.
 * - `endedAt`: absent: it goes on.
 * - `transactionIds`: the transactions in it, the earliest first; there may be none.
 *
 * @category models
 * @since 0.1.0
 */
export interface ChargingSession {
  readonly id: string
  readonly evseId: number
  readonly startedAt: DateTime.Utc
  readonly endedAt?: DateTime.Utc
  readonly transactionIds: ReadonlyArray<string>
}

// ---- the state

/** What decides which of two comes first: they are compared number by number, and the first two that differ decide. */
const Order = Schema.Array(Schema.Finite)
type Order = typeof Order.Type

const Sample = Schema.Struct({ order: Order, ...Reading.fields })
type Sample = typeof Sample.Type

const SampleSeries = Schema.Struct({ first: Sample, last: Sample })
type SampleSeries = typeof SampleSeries.Type

const fact = <S extends Schema.Top>(value: S) => Schema.optionalKey(Schema.Struct({ order: Order, value }))

/** Something that an event tells, and the place of the event in its transaction. */
interface Fact<out A> {
  readonly order: Order
  readonly value: A
}

const StationEntry = Schema.TaggedStruct("Station", { station: Station })

const ConnectorEntry = Schema.TaggedStruct("Connector", {
  evseId: Schema.Int,
  status: ConnectorStatus,
  /** When it was found in use, or not. Of equal ones that follow each other, only the first and the last are kept. */
  uses: Schema.Array(Schema.Struct({ at: Schema.Int, isInUse: Schema.Boolean }))
})
type ConnectorEntry = typeof ConnectorEntry.Type

const MeterEntry = Schema.TaggedStruct("Meter", { evseId: Schema.Int, samples: Schema.Array(Sample) })
type MeterEntry = typeof MeterEntry.Type

const TransactionEntry = Schema.TaggedStruct("Transaction", {
  transactionId: Schema.String,
  /** When the last event that changed it was received. */
  changedAt: Schema.Int,
  firstAt: Schema.DateTimeUtc,
  lastAt: Schema.DateTimeUtc,
  startedAt: fact(Schema.DateTimeUtc),
  ended: fact(Schema.Struct({ at: Schema.DateTimeUtc, reason: Schema.optionalKey(StoppedReason) })),
  evse: fact(Evse),
  idToken: fact(IdToken),
  remoteStartId: fact(Schema.Int),
  reservationId: fact(Schema.Int),
  chargingState: fact(ChargingState),
  series: Schema.Array(SampleSeries)
})
type TransactionEntry = typeof TransactionEntry.Type

/**
 * A part of what is known of a station, with what the fold needs to go on. It can be stored as JSON under its key; read it
 * by the functions of this module.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Entry = Schema.Union([StationEntry, ConnectorEntry, MeterEntry, TransactionEntry])
/**
 * A value of {@link Entry}.
 *
 * @category models
 * @since 0.1.0
 */
export type Entry = typeof Entry.Type

/**
 * What is known of a station: entries by their keys. An event replaces those that it changes.
 *
 * @category models
 * @since 0.1.0
 */
export interface StationState extends ReadonlyMap<string, Entry> {}

/**
 * What is known of a station that has told nothing yet.
 *
 * @category constructors
 * @since 0.1.0
 */
export const empty: StationState = new Map()

/**
 * What a station has told: a request, when it came, and the version in which it came.
 *
 * @category models
 * @since 0.1.0
 */
export type Event = { readonly receivedAt: DateTime.Utc; readonly version: string } & (
  | { readonly _tag: "BootNotification"; readonly request: BootNotificationRequest }
  | { readonly _tag: "StatusNotification"; readonly request: StatusNotificationRequest }
  | { readonly _tag: "NotifyEvent"; readonly request: NotifyEventRequest }
  | { readonly _tag: "TransactionEvent"; readonly request: TransactionEventRequest }
  | { readonly _tag: "MeterValues"; readonly request: MeterValuesRequest }
)

/** A real station has a few connectors and meters. One that makes up more must not fill the storage. */
const mostPlaces = 256
const mostOpen = 64

/**
 * Takes in what a station tells. Gives the same state if there is nothing new in it.
 *
 * **Details**
 *
 * `ended`, by default 100, is how many transactions are kept that have ended, at least one: those that were heard of last,
 * whatever the clock of the station says. Of those that never end, 64 are kept, and of connectors and of meters 256 each.
 *
 * **Gotchas**
 *
 * A transaction that was forgotten begins anew if one of its events comes once more.
 *
 * @category combinators
 * @since 0.1.0
 */
export const apply = (state: StationState, event: Event, { ended = 100 }: { ended?: number } = {}): StationState => {
  const next = new Map(state)
  seen(next, event)
  switch (event._tag) {
    case "BootNotification":
      boot(next, event.request, event)
      break
    case "StatusNotification":
      takeStatus(next, event.request, event.receivedAt, ended)
      break
    case "NotifyEvent":
      for (const status of statusesIn(event.request)) takeStatus(next, status, event.receivedAt, ended)
      break
    case "MeterValues":
      takeReadings(next, event.request, event.receivedAt)
      break
    case "TransactionEvent":
      takeTransactionEvent(next, event.request, event.receivedAt, ended)
      break
  }
  const isSame = next.size === state.size && Array.from(next).every(([key, entry]) => state.get(key) === entry)
  return isSame ? state : next
}

type Draft = Map<string, Entry>

/** The key of the entry of the station itself. @internal */
export const stationKey = "station"

const stationIn = (state: StationState): Station | undefined => {
  const entry = state.get(stationKey)
  return entry?._tag === "Station" ? entry.station : undefined
}

const seen = (draft: Draft, { version }: Event): void => {
  const known = stationIn(draft)
  if (known?.version !== version) draft.set(stationKey, { _tag: "Station", station: { ...known, version } })
}

const boot = (
  draft: Draft,
  { chargingStation, reason }: BootNotificationRequest,
  { receivedAt, version }: Event
): void => {
  const known = stationIn(draft)
  if (known?.bootedAt !== undefined && DateTime.isGreaterThan(known.bootedAt, receivedAt)) return
  const told = reason === undefined ? {} : { bootReason: reason }
  const station: Station = { version, chargingStation, bootedAt: receivedAt, ...told }
  if (!Equal.equals(station, known)) draft.set(stationKey, { _tag: "Station", station })
}

// ---- times

/** When something was: as it is told or, if that cannot be true, as it stands instead. */
const credible = (told: DateTime.Utc, receivedAt: DateTime.Utc, instead = receivedAt): DateTime.Utc => {
  const now = millis(receivedAt)
  return !Timestamp.isPlausible(now) || Timestamp.isPlausible(millis(told), now) ? told : instead
}

/** When something was that is over. A time that is yet to come would keep out all that is told later until then. */
const pastOf = (told: DateTime.Utc, receivedAt: DateTime.Utc): DateTime.Utc =>
  DateTime.min(credible(told, receivedAt), receivedAt)

const millis = DateTime.toEpochMillis

// ---- statuses

const takeStatus = (
  draft: Draft,
  { evse, timestamp, ...axes }: StatusNotificationRequest,
  receivedAt: DateTime.Utc,
  ended: number
): void => {
  const { connectorId = 0, id: evseId = 0 } = evse ?? {}
  const key = `connector ${evseId} ${connectorId}`
  const found = draft.get(key)
  const known = found?._tag === "Connector" ? found : undefined
  const at = pastOf(timestamp ?? receivedAt, receivedAt)
  const isOlder = known !== undefined && DateTime.isLessThan(at, known.status.timestamp)
  const told: ConnectorStatus = { connectorId, timestamp: at, ...axes }
  const status = isOlder ? known.status : told
  const uses = usesWith(known?.uses ?? [], millis(at), axes.occupancy, 4 * Math.max(1, ended))
  if (known !== undefined && Equal.equals(status, known.status) && Equal.equals(uses, known.uses)) return
  draft.set(key, { _tag: "Connector", evseId, status, uses })
  trim(draft, isConnector, mostPlaces, (one) => millis(one.status.timestamp))
}

/** The statuses of connectors that are told as events of their variable. */
const statusesIn = ({ eventData }: NotifyEventRequest): ReadonlyArray<StatusNotificationRequest> =>
  eventData.flatMap(({ actualValue, address: { component, variable }, timestamp }) => {
    const { evse, name } = component
    const axes = availabilities.get(actualValue)
    if (axes === undefined || evse?.connectorId === undefined) return []
    return Variable.equals({ component: { name }, variable }, availabilityState) ? [{ timestamp, evse, ...axes }] : []
  })

const availabilityState: Variable.Address = {
  component: { name: "Connector" },
  variable: { name: "AvailabilityState" }
}

/** 2.x has one word for two questions. Of a connector that does not work, it tells only that. */
const availabilities = new Map<string, Pick<StatusNotificationRequest, "condition" | "occupancy">>([
  ...Occupancy.literals.map((occupancy) => [occupancy, { condition: "Operative", occupancy }] as const),
  ["Unavailable", { condition: "Unavailable" }],
  ["Faulted", { condition: "Faulted" }]
])

const isConnector = (entry: Entry): entry is ConnectorEntry => entry._tag === "Connector"

type Uses = ConnectorEntry["uses"]

/** With one more report of whether a connector is in use, in its place. */
const usesWith = (uses: Uses, at: number, occupancy: Occupancy | undefined, most: number): Uses => {
  if (occupancy === undefined) return uses
  const isInUse = occupancy === "Occupied"
  if (uses.some((one) => one.at === at && one.isInUse === isInUse)) return uses
  const all = uses.toSpliced(uses.findLastIndex((one) => one.at <= at) + 1, 0, { at, isInUse })
  const isLike = (one: Uses[number], index: number): boolean => all[index]?.isInUse === one.isInUse
  const ends = all.filter((one, index) => !(isLike(one, index - 1) && isLike(one, index + 1)))
  if (ends.length <= most) return ends
  const kept = ends.slice(-most)
  // The list must not begin in the middle of a use, for that would make the use start too late.
  return kept.slice(
    Math.max(
      0,
      kept.findIndex((one) => !one.isInUse)
    )
  )
}

// ---- readings

const takeReadings = (draft: Draft, { evseId = 0, meterValue }: MeterValuesRequest, receivedAt: DateTime.Utc): void => {
  const key = `meter ${evseId}`
  const found = draft.get(key)
  const known = found?._tag === "Meter" ? found.samples : []
  const values = meterValue.map(({ sampledValue, timestamp }) => ({
    sampledValue,
    timestamp: pastOf(timestamp, receivedAt)
  }))
  const told = samplesOf(values, [], () => 0)
  const bySeries = new Map(known.map((sample) => [seriesOf(sample), sample]))
  for (const sample of told) {
    const series = seriesOf(sample)
    bySeries.set(series, latest(bySeries.get(series), sample))
  }
  const samples = sortedByKey(bySeries)
  if (samples.length === known.length && samples.every((sample, index) => sample === known[index])) return
  draft.set(key, { _tag: "Meter", evseId, samples })
  trim(draft, isMeter, mostPlaces, (one) => Math.max(...one.samples.map(({ timestamp }) => millis(timestamp))))
}

const isMeter = (entry: Entry): entry is MeterEntry => entry._tag === "Meter"

/** Readings in their order: that of their contexts first, then that of their events, their times and their places. */
const samplesOf = (
  meterValue: ReadonlyArray<MeterValue>,
  order: Order,
  rankOf: (sample: SampledValue) => number
): ReadonlyArray<Sample> =>
  meterValue
    .flatMap(({ sampledValue, timestamp }) => sampledValue.map((one) => ({ timestamp, sampledValue: one })))
    .map(({ sampledValue, timestamp }, index) => ({
      timestamp,
      sampledValue,
      order: [rankOf(sampledValue), ...order, millis(timestamp), index]
    }))

/** The key of the series that a reading belongs to. */
const seriesOf = ({ sampledValue: { location, measurand, phase, reading } }: Reading): string =>
  [measurand, phase, location, reading._tag].join(" ")

const sortedByKey = <A>(map: ReadonlyMap<string, A>): ReadonlyArray<A> =>
  Array.from(map)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, value]) => value)

// ---- transactions

const places = { Started: 0, Updated: 1, Ended: 2 }

/** Where a reading stands in its transaction, whichever event brings it. */
const contextRank = ({ context }: SampledValue): number =>
  context === "Transaction.Begin" ? 0 : context === "Transaction.End" ? 2 : 1

const takeTransactionEvent = (
  draft: Draft,
  request: TransactionEventRequest,
  receivedAt: DateTime.Utc,
  ended: number
): void => {
  const event = timed(request, receivedAt)
  const key = transactionKey(event.transactionId)
  const found = draft.get(key)
  const known = found?._tag === "Transaction" ? found : undefined
  // The time of its arrival differs when it comes again.
  const isAgain = event.eventType === "Ended" && event.timestamp !== request.timestamp && known?.ended !== undefined
  if (isAgain) return
  const entry = withEvent(known, event, known?.changedAt ?? millis(receivedAt))
  if (known !== undefined && Equal.equals(known, entry)) return
  // The entry moves to the end, so that `trim` takes it for the newest of those that came within the same millisecond.
  draft.delete(key)
  draft.set(key, { ...entry, changedAt: millis(receivedAt) })
  trim(draft, hasEnded, Math.max(1, ended), ({ changedAt }) => changedAt)
  trim(draft, isOpen, mostOpen, ({ changedAt }) => changedAt)
}

/** An event whose times, and those of its readings, can be true. */
const timed = (event: TransactionEventRequest, receivedAt: DateTime.Utc): TransactionEventRequest => {
  const { meterValue, ...rest } = event
  const timestamp = credible(event.timestamp, receivedAt)
  if (meterValue === undefined) return { ...rest, timestamp }
  const values = meterValue.map(({ sampledValue, timestamp: at }) => ({
    sampledValue,
    timestamp: credible(at, receivedAt, timestamp)
  }))
  return { ...rest, timestamp, meterValue: values }
}

/** The key of the entry of a transaction. Upper and lower case are the same in an id of 2.x. @internal */
export const transactionKey = (transactionId: string): string =>
  `transaction ${JSON.stringify(transactionId.toLowerCase())}`

const isTransaction = (entry: Entry): entry is TransactionEntry => entry._tag === "Transaction"

const hasEnded = (entry: Entry): entry is TransactionEntry => isTransaction(entry) && entry.ended !== undefined

const isOpen = (entry: Entry): entry is TransactionEntry => isTransaction(entry) && entry.ended === undefined

const withEvent = (
  known: TransactionEntry | undefined,
  event: TransactionEventRequest,
  changedAt: number
): TransactionEntry => {
  const { eventType, seqNo = -1, timestamp } = event
  const order = [places[eventType], seqNo, millis(timestamp)]
  const told = <A>(value: A | undefined): Fact<A> | undefined => (value === undefined ? undefined : { order, value })
  const reason = event.stoppedReason === undefined ? {} : { reason: event.stoppedReason }
  const facts = {
    startedAt: earliestTold(known?.startedAt, told(eventType === "Started" ? timestamp : undefined)),
    ended: latestTold(known?.ended, told(eventType === "Ended" ? { at: timestamp, ...reason } : undefined)),
    evse: latestTold(known?.evse, told(event.evse)),
    idToken: earliestTold(known?.idToken, told(event.idToken)),
    remoteStartId: earliestTold(known?.remoteStartId, told(event.remoteStartId)),
    reservationId: earliestTold(known?.reservationId, told(event.reservationId)),
    chargingState: latestTold(known?.chargingState, told(event.chargingState))
  }
  return {
    _tag: "Transaction",
    transactionId: known?.transactionId ?? event.transactionId,
    changedAt,
    firstAt: known !== undefined && DateTime.isLessThan(known.firstAt, timestamp) ? known.firstAt : timestamp,
    lastAt: known !== undefined && DateTime.isGreaterThan(known.lastAt, timestamp) ? known.lastAt : timestamp,
    ...defined(facts),
    series: seriesWith(known?.series ?? [], samplesOf(event.meterValue ?? [], order, contextRank))
  }
}

const seriesWith = (
  known: ReadonlyArray<SampleSeries>,
  samples: ReadonlyArray<Sample>
): ReadonlyArray<SampleSeries> => {
  const byKey = new Map(known.map((one) => [seriesOf(one.first), one]))
  for (const sample of samples) {
    const key = seriesOf(sample)
    const { first, last } = byKey.get(key) ?? {}
    byKey.set(key, { first: earliest(first, sample), last: latest(last, sample) })
  }
  return sortedByKey(byKey)
}

/** Which of two comes first; where nothing else decides, their texts do, so that it is the same one whichever came first. */
const compare = (one: { readonly order: Order }, other: { readonly order: Order }): number => {
  const index = one.order.findIndex((number, place) => number !== other.order[place])
  if (index >= 0) return one.order[index]! - other.order[index]!
  const [text, otherText] = [textOf(one), textOf(other)]
  return text === otherText ? 0 : text < otherText ? -1 : 1
}

const earliest = <A extends { readonly order: Order }>(known: A | undefined, told: A): A =>
  known === undefined || compare(told, known) < 0 ? told : known

const latest = <A extends { readonly order: Order }>(known: A | undefined, told: A): A =>
  known === undefined || compare(told, known) > 0 ? told : known

const earliestTold = <A>(known: Fact<A> | undefined, told: Fact<A> | undefined): Fact<A> | undefined =>
  told === undefined ? known : earliest(known, told)

const latestTold = <A>(known: Fact<A> | undefined, told: Fact<A> | undefined): Fact<A> | undefined =>
  told === undefined ? known : latest(known, told)

// ---- helpers

/** Without the keys that have no value. */
const defined = <A extends object>(record: A): { [K in keyof A]?: Exclude<A[K], undefined> } =>
  // What is left out was undefined.
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never

/** A text that is the same for values that are equal. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    Predicate.isObject(part) ? Object.fromEntries(Object.entries(part).toSorted()) : part
  )

/** Leaves only as many entries of a kind, the newest. */
const trim = <E extends Entry>(
  draft: Draft,
  isKind: (entry: Entry) => entry is E,
  most: number,
  timeOf: (entry: E) => number
): void => {
  const all = Array.from(draft).flatMap(([key, entry]) => (isKind(entry) ? [{ key, time: timeOf(entry) }] : []))
  if (all.length <= most) return
  for (const { key } of all.toSorted((one, other) => one.time - other.time).slice(0, all.length - most)) {
    draft.delete(key)
  }
}

// ---- queries

/**
 * What a station says of itself; none if it has told nothing.
 *
 * @category getters
 * @since 0.1.0
 */
export const station = (state: StationState): Option.Option<Station> => Option.fromUndefinedOr(stationIn(state))

const transactionsIn = (state: StationState): ReadonlyArray<TransactionEntry> =>
  Array.from(state.values())
    .filter(isTransaction)
    .toSorted((one, other) => beginOf(one) - beginOf(other) || (keyOf(one) < keyOf(other) ? -1 : 1))

const beginOf = ({ firstAt, startedAt }: TransactionEntry): number => millis(startedAt?.value ?? firstAt)

const keyOf = ({ transactionId }: TransactionEntry): string => transactionKey(transactionId)

/**
 * The transactions of a station, the earliest first.
 *
 * @category getters
 * @since 0.1.0
 */
export const transactions = (state: StationState): ReadonlyArray<TransactionRecord> =>
  transactionsIn(state).map(recordOf)

const recordOf = (entry: TransactionEntry): TransactionRecord => ({
  transactionId: entry.transactionId,
  ...defined({
    evse: entry.evse?.value,
    idToken: entry.idToken?.value,
    remoteStartId: entry.remoteStartId?.value,
    reservationId: entry.reservationId?.value,
    startedAt: entry.startedAt?.value,
    endedAt: entry.ended?.value.at,
    stoppedReason: entry.ended?.value.reason,
    chargingState: entry.ended === undefined ? entry.chargingState?.value : undefined,
    energy: energyOf(entry.series)
  }),
  lastEventAt: entry.lastAt,
  readings: entry.series.map(({ first, last }) => ({ first: readingOf(first), last: readingOf(last) }))
})

const readingOf = ({ sampledValue, timestamp }: Sample): Reading => ({ timestamp, sampledValue })

/** Where a register is looked for: where the vehicle is, or the nearest that is measured. */
const locations = ["Outlet", "Cable", "Inlet", "EV", "Body", "Upstream"]

const energyOf = (series: ReadonlyArray<SampleSeries>): Energy | undefined => {
  const registers = series.filter(({ last: { sampledValue } }) => wattHoursOf(sampledValue) !== undefined)
  const [register] = registers.toSorted(
    (one, other) =>
      locations.indexOf(one.last.sampledValue.location) - locations.indexOf(other.last.sampledValue.location)
  )
  if (register === undefined) return undefined
  const end = wattHoursOf(register.last.sampledValue)!
  const { sampledValue } = register.first
  const begin = sampledValue.context === "Transaction.End" ? undefined : wattHoursOf(sampledValue)
  return begin === undefined ? { end } : { begin, end, charged: BigDecimal.subtract(end, begin) }
}

const wattHoursOf = ({ measurand, phase, reading }: SampledValue): BigDecimal.BigDecimal | undefined => {
  if (measurand !== "Energy.Active.Import.Register" || phase !== undefined) return undefined
  if (reading._tag !== "Measured" || reading.unit !== "Wh") return undefined
  return Math.abs(reading.value.scale) > mostPowers ? undefined : reading.value
}

/** To compute with more powers of ten would take long, and nothing charges so much or so little. */
const mostPowers = 2000

/**
 * One transaction of a station, whatever the case of its id; none if it is not known.
 *
 * @category getters
 * @since 0.1.0
 */
export const transaction = (state: StationState, transactionId: string): Option.Option<TransactionRecord> => {
  const entry = state.get(transactionKey(transactionId))
  return entry?._tag === "Transaction" ? Option.some(recordOf(entry)) : Option.none()
}

/** The first of some words that is among those that are told. */
const firstToldOf = <A>(told: ReadonlyArray<A | undefined>, words: ReadonlyArray<A>): A | undefined =>
  words.find((word) => told.includes(word))

/**
 * The status of each EVSE of a station, by its number; the whole station is `0`, and comes first if it has told one.
 *
 * @category getters
 * @since 0.1.0
 */
export const status = (state: StationState): ReadonlyArray<EvseStatus> => {
  const parts = Map.groupBy(
    Array.from(state.values()).filter((entry) => isConnector(entry) || isMeter(entry)),
    ({ evseId }) => evseId
  )
  const all = Map.groupBy(transactionsIn(state), ({ evse }) => evse?.value.id)
  const ids = new Set([...parts.keys(), ...Array.from(all.keys()).filter((id) => id !== undefined)])
  return Array.from(ids)
    .toSorted((one, other) => one - other)
    .flatMap((evseId) => {
      const there = parts.get(evseId) ?? []
      const connectors = there.filter(isConnector)
      const its = all.get(evseId) ?? []
      const id = Sessions.running(connectors.map(usesAt), its.map(timesOf))
      const running = its.find(({ transactionId }) => transactionId === id)
      if (there.length === 0 && running === undefined) return []
      return [statusOf(evseId, connectors, there.find(isMeter), running)]
    })
}

const statusOf = (
  evseId: number,
  entries: ReadonlyArray<ConnectorEntry>,
  meter: MeterEntry | undefined,
  running: TransactionEntry | undefined
): EvseStatus => {
  const statuses = entries.map((entry) => entry.status).toSorted((one, other) => one.connectorId - other.connectorId)
  const told = <Axis extends "condition" | "occupancy">(axis: Axis) => statuses.map((one) => one[axis])
  const occupancy = firstToldOf<Occupancy>(told("occupancy"), ["Occupied", "Available", "Reserved"])
  const activity = statuses.find((one) => one.activity !== undefined)?.activity
  const isInUse = occupancy === "Occupied" || statuses.length === 0
  return {
    evseId,
    ...defined({
      condition: firstToldOf<Condition>(told("condition"), ["Operative", "Faulted", "Unavailable"]),
      occupancy,
      activity: activity ?? (isInUse ? activityOf(running?.chargingState?.value) : undefined),
      transactionId: running?.transactionId
    }),
    connectors: statuses,
    readings: meter?.samples.map(readingOf) ?? []
  }
}

/** The activity of a connector that a state of charging stands for, if there is one. */
const activityOf = (state: ChargingState | undefined): Activity | undefined =>
  state === "Charging" || state === "SuspendedEV" || state === "SuspendedEVSE" ? state : undefined

// ---- sessions

/**
 * The charging sessions of a station, the earliest first, as far back as its statuses and transactions are kept. A
 * transaction of which no event tells the EVSE is in none of them, nor is one that has only readings, the first of them
 * from a connector that was available.
 *
 * **Details**
 *
 * A transaction of which the end never comes holds a session open only until its connector is told to be available after its
 * last event, or until the next transaction begins there. One of which the start has not come either is no next one for one
 * that has started, and holds a session open only until its connector is told to be available after its first event.
 *
 * @category getters
 * @since 0.1.0
 */
export const sessions = (state: StationState): ReadonlyArray<ChargingSession> => {
  const connectors = Map.groupBy(Array.from(state.values()).filter(isConnector), ({ evseId }) => evseId)
  const all = Map.groupBy(transactionsIn(state), ({ evse }) => evse?.value.id ?? 0)
  const ids = new Set([...connectors.keys(), ...all.keys()].filter((id) => id !== 0))
  return Array.from(ids)
    .flatMap((evseId) => {
      const found = Sessions.at((connectors.get(evseId) ?? []).map(usesAt), (all.get(evseId) ?? []).map(timesOf))
      return found.map((session) => sessionOf(evseId, session))
    })
    .toSorted((one, other) => millis(one.startedAt) - millis(other.startedAt) || one.evseId - other.evseId)
}

const usesAt = ({ status: { connectorId }, uses }: ConnectorEntry): Sessions.Connector => ({ connectorId, uses })

const timesOf = (entry: TransactionEntry): Sessions.Times => ({
  transactionId: entry.transactionId,
  isStarted: entry.startedAt !== undefined,
  connectorId: entry.evse?.value.connectorId,
  from: beginOf(entry),
  to: entry.ended && millis(entry.ended.value.at),
  lastAt: millis(entry.lastAt)
})

const sessionOf = (evseId: number, { from, to, transactionIds }: Sessions.Found): ChargingSession => {
  const session = { id: `${evseId}-${from}`, evseId, startedAt: DateTime.makeUnsafe(from), transactionIds }
  return to === Infinity ? session : { ...session, endedAt: DateTime.makeUnsafe(to) }
}
