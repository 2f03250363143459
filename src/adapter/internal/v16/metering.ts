/**
 * What meters read, in the words of 1.6.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { list, type Losses, refused, words } from "../BothWays.ts"
import { decimalOf, isPlain, needsUnit, shifted, textOf, unitOf, usualMeasurand, usualUnit } from "../decimals.ts"
import { table } from "../Table.ts"
import { aroundOf, sampleOf } from "../samples.ts"
import * as since21 from "../since21.ts"
import { instant } from "../values.ts"
import { byNumber } from "./common.ts"

const unknown = refused("1.6 does not know this measurand")

const measurand = words<V16.Measurand, Domain.Measurand>({
  encoded: {
    ...since21.measurands("1.6 does not know this measurand"),
    "Energy.Active.Net": unknown,
    "Energy.Apparent.Export": unknown,
    "Energy.Apparent.Import": unknown,
    "Energy.Apparent.Net": unknown,
    "Energy.Reactive.Net": unknown
  },
  decoded: {}
})

const location = words<V16.Location, Domain.Location>({
  encoded: { Upstream: refused("1.6 does not know this location") },
  decoded: {}
})

const told = { measurand, location }

/** The units of 1.6, which has none for what has no unit, such as a power factor. */
const units: ReadonlySet<string> = new Set(V16.UnitOfMeasure.literals)

const readingOf = ({
  format,
  measurand: measured = usualMeasurand,
  unit,
  value
}: V16.SampledValue): Domain.SampledValue["reading"] => {
  const [base, exponent] = unitOf(unit === "Celcius" ? "Celsius" : (unit ?? usualUnit(measured)))
  if (format === "SignedData") return { _tag: "SignedData", data: value, unit: unit ?? "" }
  const number = decimalOf(value.trim())
  if (number === undefined) return { _tag: "Unreadable", text: value, unit: unit ?? "" }
  return { _tag: "Measured", value: shifted(number, exponent), unit: base }
}

/** The unit as 1.6 writes it: it is left out where it is told by the measurand, or was not told. */
const unitTold = (
  { reading, measurand: measured }: Domain.SampledValue,
  losses: Losses
): { readonly unit?: V16.UnitOfMeasure } => {
  const { unit } = reading
  if (unit === "" && reading._tag === "Measured" && usualUnit(measured) !== "") losses.add(needsUnit, "reading.unit")
  if (unit === "" || (reading._tag === "Measured" && unit === usualUnit(measured))) return {}
  const isKnown = units.has(unit) || reading._tag !== "Measured"
  if (!isKnown) losses.add(`1.6 has no unit ${unit}`, "reading.unit")
  // It is one of them.
  return { unit: unit as V16.UnitOfMeasure }
}

const valueTold = ({ reading }: Domain.SampledValue, losses: Losses): Pick<V16.SampledValue, "value" | "format"> => {
  if (reading._tag === "SignedData") return { value: reading.data, format: "SignedData" }
  if (reading._tag === "Unreadable") return { value: reading.text }
  if (isPlain(reading.value)) return { value: textOf(reading.value) }
  losses.add("it has too many digits", "reading.value")
  return { value: "" }
}

const sampledValue = table<V16.SampledValue, Domain.SampledValue>(({ omissible, together }) => [
  together({
    wire: ["value", "format", "unit", "measurand", "context", "location", "phase"],
    generic: ["reading", "measurand", "context", "location", "phase"],
    decode: (sample, losses) => sampleOf(sample, told, readingOf(sample), losses),
    encode: (sample, losses) => ({
      ...valueTold(sample, losses),
      ...unitTold(sample, losses),
      ...aroundOf(sample, told, losses)
    }),
    notes: [
      { path: "measurand", fate: "refused", why: "1.6 knows neither the net nor the apparent energies" },
      { path: "measurand", fate: "refused", why: "1.6 does not know those that came with 2.1" },
      { path: "location", fate: "refused", why: "1.6 does not know Upstream" },
      { path: "reading.unit", fate: "refused", why: "1.6 has a list of units" }
    ]
  }),
  omissible("signedMeterValue", "1.6 has no place for how a reading was signed")
])

export const meterValue = table<V16.MeterValue, Domain.MeterValue>(({ field }) => [
  field("timestamp", "timestamp", instant),
  field("sampledValue", "sampledValue", list(sampledValue))
])

/** Readings of a connector; 0 is the main meter. */
export const meterValuesRequest = table<V16.MeterValuesRequest, Domain.MeterValuesRequest>(
  ({ dropped, field, together }) => [
    together(byNumber),
    dropped({ wire: "transactionId" }, "what belongs to a transaction is an event of it"),
    field("meterValue", "meterValue", list(meterValue))
  ]
)
