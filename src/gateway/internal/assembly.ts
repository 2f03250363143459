/**
 * A transaction of 2.x in the order of 1.x: the events may tell piece by piece whose it is, where, and what the meter reads,
 * while 1.x has it all in the start. A pure step from an event to what is told.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Domain from "../../domain/index.ts"

/**
 * What is known of a transaction so far.
 *
 * - `startedAt`: the time of its first event, in milliseconds.
 * - `first`, `last`: what the register of energy has read, in whole Wh.
 */
export class Assembled extends Schema.Opaque<Assembled>()(
  Schema.Struct({
    startedAt: Schema.Number,
    evseId: Schema.optionalKey(Schema.Int),
    idToken: Schema.optionalKey(Domain.IdToken),
    reservationId: Schema.optionalKey(Schema.Int),
    first: Schema.optionalKey(Schema.Number),
    last: Schema.optionalKey(Schema.Number)
  })
) {}

/**
 * What is told.
 *
 * - `Start`, `Update`, `Stop`: of the transaction.
 * - `Readings`: of a connector, before there is a transaction in 1.x.
 * - `Untold`: it is over, and 1.x has no transaction without what was `missing`.
 */
export type Telling =
  | { readonly _tag: "Start" | "Update" | "Stop"; readonly input: Domain.TransactionEventInput }
  | { readonly _tag: "Readings"; readonly request: Domain.MeterValuesRequest }
  | { readonly _tag: "Untold"; readonly missing: ReadonlyArray<string> }

/** What is known after an event, and what is told then. `isStarted` says whether the start is stored already. */
export const assemble = (
  before: Assembled | undefined,
  event: Domain.TransactionEventRequest,
  isStarted: boolean
): { readonly known: Assembled; readonly told: ReadonlyArray<Telling> } => {
  const known = merged(before, event)
  const { meterValue = [] } = event
  const starting = startOf(known)
  if (isStarted && event.eventType === "Ended") return { known, told: [ending(known, event)] }
  if (isStarted) {
    // Its first event comes again, and the start has told the register.
    const isAgain = event.eventType === "Started"
    return { known, told: readings(isAgain ? besides(meterValue, known.first) : meterValue) }
  }
  if (event.eventType !== "Ended") {
    if (starting === undefined) return { known, told: ofConnector(known, meterValue) }
    return { known, told: [starting, ...readings(besides(meterValue, known.first))] }
  }
  if (starting !== undefined) return { known, told: [starting, ending(known, event)] }
  return { known, told: [...ofConnector(known, meterValue), { _tag: "Untold", missing: missing(known) }] }
}

const merged = (before: Assembled | undefined, event: Domain.TransactionEventRequest): Assembled => {
  const { evse, meterValue = [], reservationId, timestamp } = event
  const idToken = idTagOf(event)
  const samples = meterValue.flatMap(({ sampledValue }) => sampledValue).filter(isRegister)
  const begin = samples.find(({ context }) => context === "Transaction.Begin") ?? samples[0]
  const end = samples.findLast(({ context }) => context === "Transaction.End") ?? samples.at(-1)
  const known = before ?? { startedAt: DateTime.toEpochMillis(timestamp) }
  return {
    ...known,
    ...(known.evseId === undefined && evse !== undefined ? { evseId: evse.id } : {}),
    ...(known.idToken === undefined && idToken !== undefined ? { idToken } : {}),
    ...(known.reservationId === undefined && reservationId !== undefined ? { reservationId } : {}),
    ...(known.first === undefined && begin !== undefined ? { first: wattHours(begin) } : {}),
    ...(end === undefined ? {} : { last: wattHours(end) })
  }
}

/** The token that 1.x can tell: it has none for charging without authorization. */
const idTagOf = ({ idToken }: Domain.TransactionEventRequest): Domain.IdToken | undefined =>
  idToken?.type === "NoAuthorization" ? undefined : idToken

/** Whether it is the register that is billed, and can be told in Wh. */
const isRegister = (sample: Domain.SampledValue): boolean =>
  Domain.isEnergyRegister(sample) && sample.reading._tag === "Measured" && sample.reading.unit === "Wh"

/** 1.x has whole watt-hours: the nearest ones. */
const wattHours = ({ reading }: Domain.SampledValue): number =>
  reading._tag === "Measured" ? BigDecimal.toNumberUnsafe(BigDecimal.round(reading.value, { scale: 0 })) : 0

const register = (
  value: number,
  timestamp: DateTime.Utc,
  context: Domain.ReadingContext
): ReadonlyArray<Domain.MeterValue> => [Domain.energyRegister(timestamp, BigDecimal.fromNumberUnsafe(value), context)]

const startOf = ({ evseId, first, idToken, reservationId, startedAt }: Assembled): Telling | undefined => {
  if (evseId === undefined || first === undefined || idToken === undefined) return undefined
  const timestamp = DateTime.makeUnsafe(startedAt)
  return {
    _tag: "Start",
    input: {
      timestamp,
      evse: { id: evseId },
      idToken,
      meterValue: register(first, timestamp, "Transaction.Begin"),
      ...(reservationId === undefined ? {} : { reservationId })
    }
  }
}

const missing = ({ evseId, first, idToken }: Assembled): ReadonlyArray<string> => [
  ...(evseId === undefined ? ["its EVSE"] : []),
  ...(idToken === undefined ? ["an idToken"] : []),
  ...(first === undefined ? ["a register of energy"] : [])
]

const ending = ({ first = 0, last = first }: Assembled, event: Domain.TransactionEventRequest): Telling => {
  const { meterValue = [], stoppedReason, timestamp } = event
  const idToken = idTagOf(event)
  const rest = selected(meterValue, (sample) => !(isRegister(sample) && sample.context === "Transaction.End"))
  return {
    _tag: "Stop",
    input: {
      timestamp,
      meterValue: [...rest, ...register(last, timestamp, "Transaction.End")],
      ...(idToken === undefined ? {} : { idToken }),
      ...(stoppedReason === undefined ? {} : { stoppedReason })
    }
  }
}

const readings = (meterValue: ReadonlyArray<Domain.MeterValue>): ReadonlyArray<Telling> => {
  const [newest] = meterValue.slice(-1)
  return newest === undefined ? [] : [{ _tag: "Update", input: { timestamp: newest.timestamp, meterValue } }]
}

const ofConnector = ({ evseId }: Assembled, meterValue: ReadonlyArray<Domain.MeterValue>): ReadonlyArray<Telling> =>
  meterValue.length === 0
    ? []
    : [{ _tag: "Readings", request: { ...(evseId === undefined ? {} : { evseId }), meterValue } }]

/** What the start does not tell. */
const besides = (
  meterValue: ReadonlyArray<Domain.MeterValue>,
  first: number | undefined
): ReadonlyArray<Domain.MeterValue> =>
  selected(meterValue, (sample) => !(isRegister(sample) && wattHours(sample) === first))

/** The readings with those samples only. */
const selected = (
  meterValue: ReadonlyArray<Domain.MeterValue>,
  isKept: (sample: Domain.SampledValue) => boolean
): ReadonlyArray<Domain.MeterValue> =>
  meterValue.flatMap(({ sampledValue, timestamp }) => {
    const kept = sampledValue.filter(isKept)
    return kept.length === 0 ? [] : [{ timestamp, sampledValue: kept }]
  })
