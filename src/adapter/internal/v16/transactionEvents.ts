/**
 * The events of a transaction in the words of 1.6: a start, readings in between, and an end.
 */
import * as BigDecimal from "effect/BigDecimal"
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import { list, type Losses, words } from "../BothWays.ts"
import { decimalOf, shifted, unitOf, usualMeasurand } from "../decimals.ts"
import type { TransactionWords } from "../stationTransactions.ts"
import { type Row, type Rows, table } from "../Table.ts"
import { instant } from "../values.ts"
import { connectorOf, evseOf, idToken, noPlace, oneConnectorOnly } from "./common.ts"
import { idTokenInfo } from "./idTokenInfo.ts"
import { meterValue } from "./metering.ts"

type Event = Domain.TransactionEventInput

/** What no message of 1.6 tells of a transaction, and what nothing depends on there. */
const untold = <Wire>({ dropped, omissible }: Rows<Wire, Event>): ReadonlyArray<Row> => [
  dropped({ generic: "triggerReason" }, "1.6 does not tell what made the station send it"),
  dropped({ generic: "chargingState" }, "the status of the connector tells it"),
  dropped({ generic: "remoteStartId" }, "a start of 1.6 does not tell what it was asked for by"),
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

const ofStart = "1.6 tells it at the start only"

const ofEnd = "only the end of a transaction has a reason"

/** A register as it was read, falling or not. */
const register = (
  wattHours: number,
  timestamp: Domain.MeterValue["timestamp"],
  context: Domain.ReadingContext
): Domain.MeterValue => ({
  timestamp,
  sampledValue: [
    {
      measurand: usualMeasurand,
      context,
      location: "Outlet",
      // A number that a message has is one.
      reading: { _tag: "Measured", value: decimalOf(String(wattHours))!, unit: "Wh" }
    }
  ]
})

const readings = list(meterValue)

const decoded = (values: ReadonlyArray<V16.MeterValue>, losses: Losses): ReadonlyArray<Domain.MeterValue> =>
  losses.below("meterValue", () => readings.decode(values, losses))

const encoded = (values: ReadonlyArray<Domain.MeterValue>, losses: Losses): ReadonlyArray<V16.MeterValue> =>
  losses.below("meterValue", () => readings.encode(values, losses))

const isRegister = (sample: Domain.SampledValue): boolean =>
  sample.measurand === usualMeasurand && sample.location === "Outlet" && sample.phase === undefined

/** The register in whole Wh, which the version asks for. */
const wattHoursOf = (sample: Domain.SampledValue | undefined, losses: Losses): number => {
  if (sample?.signedMeterValue !== undefined) losses.leaveOut("1.6 has no place for how it was signed", "meterValue")
  if (sample === undefined) losses.add("1.6 asks what the register of energy reads", "meterValue")
  else {
    const { reading } = sample
    const [unit, exponent] = unitOf(reading.unit)
    if (reading._tag === "Measured" && unit === "Wh") {
      const { scale, value } = BigDecimal.normalize(shifted(reading.value, exponent))
      const wattHours = scale > 0 || scale < -mostZeros ? NaN : Number(value) * 10 ** -scale
      if (Number.isSafeInteger(wattHours)) return wattHours
      losses.add("1.6 has whole watt-hours", "meterValue")
    } else losses.add("1.6 has the register in Wh", "meterValue")
  }
  return 0
}

/** A safe integer has no more. */
const mostZeros = 15

export const start = table<V16.StartTransactionRequest, Event>((rows) => [
  rows.field("timestamp", "timestamp", instant),
  rows.together({
    wire: ["connectorId"],
    generic: ["evse"],
    decode: ({ connectorId }) => evseOf(connectorId),
    notes: [{ path: "evse", fate: "refused", why: "1.6 asks at which connector it starts" }, oneConnectorOnly],
    encode: ({ evse }, losses) => {
      if (evse !== undefined) return connectorOf(evse, losses)
      losses.add("1.6 asks at which connector it starts", "evse")
      return {}
    }
  }),
  rows.field("idTag", "idToken", idToken, { needed: "1.6 asks whom it is for" }),
  rows.together({
    wire: ["meterStart"],
    generic: ["meterValue"],
    decode: ({ meterStart, timestamp }, losses) => ({
      meterValue: [register(meterStart, instant.decode(timestamp, losses), "Transaction.Begin")]
    }),
    notes: [
      { path: "meterValue", fate: "refused", why: "1.6 asks for a register in whole Wh" },
      { path: "meterValue", fate: "refused or left out", why: "1.6 tells nothing but the register" }
    ],
    encode: ({ meterValue: values = [] }, losses) => {
      const all = values.flatMap(({ sampledValue }) => sampledValue)
      if (all.length > 1) losses.leaveOut("1.6 tells the register at a start, and nothing else", "meterValue")
      return { meterStart: wattHoursOf(all.find(isRegister), losses) }
    }
  }),
  rows.field("reservationId", "reservationId"),
  rows.omissible("stoppedReason", ofEnd),
  ...untold(rows)
])

export const update = table<Omit<V16.MeterValuesRequest, "connectorId" | "transactionId">, Event>((rows) => [
  rows.dropped({ generic: "timestamp" }, "each reading has its own"),
  rows.dropped({ generic: "evse" }, "it is that of the start"),
  rows.omissible("idToken", "1.6 tells it at the start and at the end only"),
  rows.omissible("reservationId", ofStart),
  rows.omissible("stoppedReason", ofEnd),
  rows.together({
    wire: ["meterValue"],
    generic: ["meterValue"],
    decode: ({ meterValue: values }, losses) => ({ meterValue: decoded(values, losses) }),
    notes: [{ path: "meterValue", fate: "dropped", why: "without readings there is no message" }],
    encode: ({ meterValue: values = [] }, losses) => ({ meterValue: encoded(values, losses) })
  }),
  ...untold(rows)
])

const reason = words<V16.Reason, Domain.StoppedReason>({
  encoded: {
    EnergyLimitReached: "Other",
    GroundFault: "Other",
    ImmediateReset: "HardReset",
    LocalOutOfCredit: "DeAuthorized",
    MasterPass: "Other",
    OvercurrentFault: "Other",
    PowerQuality: "Other",
    ReqEnergyTransferRejected: "Other",
    SOCLimitReached: "Other",
    StoppedByEV: "Other",
    TimeLimitReached: "Other",
    Timeout: "Other"
  },
  decoded: {}
})

/** The readings of an end, of which one is the register. */
const readingsAtEnd = (values: ReadonlyArray<Domain.MeterValue>) => {
  const all = values.flatMap(({ sampledValue }) => sampledValue)
  const last = all.findLast((sample) => isRegister(sample) && sample.context === "Transaction.End")
  const rest = values.flatMap((value) => {
    if (last === undefined || !value.sampledValue.includes(last)) return [value]
    const sampledValue = value.sampledValue.filter((one) => one !== last)
    return sampledValue.length === 0 ? [] : [{ ...value, sampledValue }]
  })
  return { last, rest }
}

export const stop = table<Omit<V16.StopTransactionRequest, "transactionId">, Event>((rows) => [
  rows.field("timestamp", "timestamp", instant),
  rows.dropped({ generic: "evse" }, "it is that of the start"),
  rows.field("idTag", "idToken", idToken),
  rows.omissible("reservationId", ofStart),
  rows.together({
    wire: ["meterStop", "transactionData"],
    generic: ["meterValue"],
    decode: ({ meterStop, timestamp, transactionData = [] }, losses) => ({
      meterValue: [
        ...decoded(transactionData, losses),
        register(meterStop, instant.decode(timestamp, losses), "Transaction.End")
      ]
    }),
    notes: [{ path: "meterValue", fate: "refused", why: "1.6 asks for a register of `Transaction.End` in whole Wh" }],
    encode: ({ meterValue: values = [] }, losses) => {
      const { last, rest } = readingsAtEnd(values)
      const meterStop = wattHoursOf(last, losses)
      return rest.length === 0 ? { meterStop } : { meterStop, transactionData: encoded(rest, losses) }
    }
  }),
  rows.together({
    wire: ["reason"],
    generic: ["stoppedReason"],
    notes: reason.notes?.map((note) => ({ ...note, path: "stoppedReason" })) ?? [],
    decode: ({ reason: told = "Local" }, losses) => ({ stoppedReason: reason.decode(told, losses) }),
    encode: ({ stoppedReason = "Local" }, losses) =>
      stoppedReason === "Local" ? {} : { reason: reason.encode(stoppedReason, losses) }
  }),
  ...untold(rows)
])

/** What a station tells, and what the CSMS answers. */
export const transactionWords: TransactionWords<V16.TransactionKind> = {
  start: {
    request: start,
    response: { decode: ({ idTagInfo }, losses) => ({ idTokenInfo: idTokenInfo.decode(idTagInfo, losses) }) }
  },
  update: {
    request: update,
    response: { decode: () => ({}) },
    isTold: ({ meterValue: values = [] }) => values.length > 0
  },
  stop: {
    request: stop,
    response: {
      decode: ({ idTagInfo }, losses) =>
        idTagInfo === undefined ? {} : { idTokenInfo: idTokenInfo.decode(idTagInfo, losses) }
    }
  }
}
