/**
 * The events of a transaction in the words of 1.x: a start, readings in between, and an end.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Domain from "../../../domain/index.ts"
import type { Kind } from "../../../Transaction.ts"
import type * as V16 from "../../../v16/index.ts"
import type { BothWays, Losses } from "../BothWays.ts"
import { decimalOf, shifted, unitOf } from "../decimals.ts"
import type { TransactionWords } from "../stationTransactions.ts"
import { type Row, type Rows, type Table, table } from "../Table.ts"
import { instant } from "../values.ts"
import { type Dialect1x, evseOf, type Version } from "./common.ts"
import type { EventResponses } from "./transactions.ts"

type Event = Domain.TransactionEventInput

/** What no message tells of a transaction, and what nothing depends on there. */
const untold = <Wire>(
  { dropped, omissible }: Rows<Wire, Event>,
  { noPlace, version }: Dialect1x
): ReadonlyArray<Row> => [
  dropped({ generic: "triggerReason" }, `${version} does not tell what made the station send it`),
  dropped({ generic: "chargingState" }, "the status of the connector tells it"),
  dropped({ generic: "remoteStartId" }, `a start of ${version} does not tell what it was asked for by`),
  dropped({ generic: "timeSpentCharging" }, noPlace),
  dropped({ generic: "numberOfPhasesUsed" }, noPlace),
  dropped({ generic: "cableMaxCurrent" }, noPlace),
  omissible("operationMode", noPlace),
  omissible("transactionLimit", noPlace),
  omissible("preconditioningStatus", noPlace),
  omissible("evseSleep", noPlace),
  omissible("tariffId", noPlace),
  omissible("costDetails", noPlace)
]

const ofEnd = "only the end of a transaction has a reason"

/** A register as it was read, falling or not. */
const register = (
  wattHours: number,
  timestamp: Domain.MeterValue["timestamp"],
  context: Domain.ReadingContext
): Domain.MeterValue =>
  // A number of a checked message is finite, and its text is therefore a decimal.
  Domain.energyRegister(timestamp, decimalOf(String(wattHours))!, context)

/** The register in whole Wh, which the version asks for. */
const wattHoursOf = (version: Version, sample: Domain.SampledValue | undefined, losses: Losses): number => {
  if (sample?.signedMeterValue !== undefined) {
    losses.leaveOut(`${version} has no place for how it was signed`, "meterValue")
  }
  if (sample === undefined) losses.add(`${version} asks what the register of energy reads`, "meterValue")
  else {
    const { reading } = sample
    const [unit, exponent] = unitOf(reading.unit)
    if (reading._tag === "Measured" && unit === "Wh") {
      const { scale, value } = BigDecimal.normalize(shifted(reading.value, exponent))
      const wattHours = scale > 0 || scale < -mostZeros ? NaN : Number(value) * 10 ** -scale
      if (Number.isSafeInteger(wattHours)) return wattHours
      losses.add(`${version} has whole watt-hours`, "meterValue")
    } else losses.add(`${version} has the register in Wh`, "meterValue")
  }
  return 0
}

/** A safe integer has no more. */
const mostZeros = 15

export const startOf = (dialect: Dialect1x): Table<V16.StartTransactionRequest, Event> => {
  const { connectorOf, idToken, oneConnectorOnly, version } = dialect
  const asked = `${version} asks at which connector it starts`
  return table((rows) => [
    rows.field("timestamp", "timestamp", instant),
    rows.together({
      wire: ["connectorId"],
      generic: ["evse"],
      decode: ({ connectorId }) => evseOf(connectorId),
      notes: [{ path: "evse", fate: "refused", why: asked }, oneConnectorOnly],
      encode: ({ evse }, losses) => {
        if (evse !== undefined) return connectorOf(evse, losses)
        losses.add(asked, "evse")
        return {}
      }
    }),
    rows.field("idTag", "idToken", idToken, { needed: `${version} asks whom it is for` }),
    rows.together({
      wire: ["meterStart"],
      generic: ["meterValue"],
      decode: ({ meterStart, timestamp }, losses) => ({
        meterValue: [register(meterStart, instant.decode(timestamp, losses), "Transaction.Begin")]
      }),
      notes: [
        { path: "meterValue", fate: "refused", why: `${version} asks for a register in whole Wh` },
        { path: "meterValue", fate: "refused or left out", why: `${version} tells nothing but the register` }
      ],
      encode: ({ meterValue: values = [] }, losses) => {
        const all = values.flatMap(({ sampledValue }) => sampledValue)
        if (all.length > 1) losses.leaveOut(`${version} tells the register at a start, and nothing else`, "meterValue")
        const registers = all.filter(Domain.isEnergyRegister)
        const first = registers.find(({ context }) => context === "Transaction.Begin") ?? registers[0]
        return { meterStart: wattHoursOf(version, first, losses) }
      }
    }),
    rows.field("reservationId", "reservationId"),
    rows.omissible("stoppedReason", ofEnd),
    ...untold(rows, dialect)
  ])
}

const startOnly = (version: Version): string => `${version} tells it at the start only`

/** The rows of readings in between, but for the readings. */
export const updateRows = (dialect: Dialect1x): ReadonlyArray<Row> =>
  table<{}, Event>((rows) => [
    rows.dropped({ generic: "timestamp" }, "each reading has its own"),
    rows.dropped({ generic: "evse" }, "it is that of the start"),
    rows.omissible("idToken", `${dialect.version} tells it at the start and at the end only`),
    rows.omissible("reservationId", startOnly(dialect.version)),
    rows.omissible("stoppedReason", ofEnd),
    ...untold(rows, dialect)
  ]).rows

/** What becomes of an event in between without readings. */
export const withoutReadings = {
  path: "meterValue",
  fate: "dropped",
  why: "without readings there is no message"
} as const

/** The readings of an end, of which one is the register. */
const apart = (values: ReadonlyArray<Domain.MeterValue>) => {
  const all = values.flatMap(({ sampledValue }) => sampledValue)
  const last = all.findLast((sample) => Domain.isEnergyRegister(sample) && sample.context === "Transaction.End")
  const rest = values.flatMap((value) => {
    if (last === undefined || !value.sampledValue.includes(last)) return [value]
    const sampledValue = value.sampledValue.filter((one) => one !== last)
    return sampledValue.length === 0 ? [] : [{ ...value, sampledValue }]
  })
  return { last, rest }
}

type StopRequest = Pick<V16.StopTransactionRequest, "timestamp" | "idTag" | "meterStop">

/** The rows of an end, but for its readings and its reason. */
export const stopRows = (dialect: Dialect1x): ReadonlyArray<Row> =>
  table<StopRequest, Event>((rows) => [
    rows.field("timestamp", "timestamp", instant),
    rows.dropped({ generic: "evse" }, "it is that of the start"),
    rows.field("idTag", "idToken", dialect.idToken),
    rows.omissible("reservationId", startOnly(dialect.version)),
    ...untold(rows, dialect)
  ]).rows

/** The readings of an end; `data` says how those beside the register are told. */
export const readingsAtEnd = <Data>(
  { version }: Dialect1x,
  data: BothWays<ReadonlyArray<Data>, ReadonlyArray<Domain.MeterValue>>
) =>
  ({
    wire: ["meterStop", "transactionData"],
    generic: ["meterValue"],
    decode: (
      { meterStop, timestamp, transactionData = [] }: StopRequest & { readonly transactionData?: ReadonlyArray<Data> },
      losses: Losses
    ) => ({
      meterValue: [
        ...data.decode(transactionData, losses),
        register(meterStop, instant.decode(timestamp, losses), "Transaction.End")
      ]
    }),
    notes: [
      { path: "meterValue", fate: "refused", why: `${version} asks for a register of \`Transaction.End\` in whole Wh` },
      ...(data.notes ?? [])
    ],
    encode: ({ meterValue: values = [] }: Event, losses: Losses) => {
      const { last, rest } = apart(values)
      const meterStop = wattHoursOf(version, last, losses)
      return rest.length === 0 ? { meterStop } : { meterStop, transactionData: data.encode(rest, losses) }
    }
  }) as const

/** The messages of the transactions of a version; `update` and `stop` are its own. */
export interface Kind1x extends Kind {
  readonly Start: V16.StartTransactionRequest
  readonly Started: V16.StartTransactionResponse
  readonly Updated: {}
  readonly Stopped: V16.StopTransactionResponse
  readonly Id: number
}

/** What a station tells, and what the CSMS answers. */
export const transactionWords = <K extends Kind1x>(
  { withIdTag: response, withoutIdTag }: EventResponses,
  requests: {
    readonly start: BothWays<K["Start"], Event>
    readonly update: BothWays<K["Update"], Event>
    readonly stop: BothWays<K["Stop"], Event>
  }
): TransactionWords<K> => ({
  start: { request: requests.start, response },
  update: {
    request: requests.update,
    response: withoutIdTag,
    isTold: ({ meterValue: values = [] }) => values.length > 0
  },
  stop: { request: requests.stop, response }
})
