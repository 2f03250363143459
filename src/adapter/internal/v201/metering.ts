/**
 * What meters read, in the words of 2.0.1.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as Domain from "../../../domain/index.ts"
import * as ExactNumber from "../../../ExactNumber.ts"
import type * as V201 from "../../../v201/index.ts"
import { list, type Losses, refused, words } from "../BothWays.ts"
import { decimalOf, isPlain, needsUnit, shifted, textOf, unitOf, usualMeasurand, usualUnit } from "../decimals.ts"
import { aroundOf, sampleOf } from "../samples.ts"
import { instant } from "../values.ts"
import { table } from "./common.ts"

const unknown = refused("2.0.1 does not know this measurand")

const measurand = words<V201.MeasurandEnumType, Domain.Measurand>({
  encoded: { RPM: unknown, Temperature: unknown },
  decoded: {}
})

const signedMeterValue = table<V201.SignedMeterValueType, Domain.SignedMeterValue>(({ field }) => [
  field("signedMeterData", "signedMeterData"),
  field("signingMethod", "signingMethod"),
  field("encodingMethod", "encodingMethod"),
  field("publicKey", "publicKey")
])

const readingOf = (
  { measurand: measured = usualMeasurand, unitOfMeasure = {}, value }: V201.SampledValueType,
  losses: Losses
): Domain.SampledValue["reading"] => {
  const { multiplier = 0, unit: told = "" } = unitOfMeasure
  const unit = told === "" ? usualUnit(measured) : told
  const [base, exponent] = unitOf(unit)
  const text = String(value)
  const number = decimalOf(text)
  const shown = number === undefined ? undefined : shifted(number, exponent + multiplier)
  if (shown !== undefined && isPlain(shown)) return { _tag: "Measured", value: shown, unit: base }
  losses.add("the number has too many digits", "reading.value")
  return { _tag: "Unreadable", text, unit }
}

const numberTold = (value: BigDecimal.BigDecimal, losses: Losses): number => {
  if (isPlain(value)) return ExactNumber.make(textOf(value))
  losses.add("it has too many digits", "reading.value")
  return 0
}

const readingTold = (
  { measurand: measured, reading }: Domain.SampledValue,
  losses: Losses
): Pick<V201.SampledValueType, "value" | "unitOfMeasure"> => {
  if (reading._tag !== "Measured") {
    losses.add("2.0.1 asks for a number", "reading")
    return { value: 0 }
  }
  const { unit } = reading
  if (unit === "" && usualUnit(measured) !== "") losses.add(needsUnit, "reading.unit")
  const value = numberTold(reading.value, losses)
  return unit === "" || unit === usualUnit(measured) ? { value } : { value, unitOfMeasure: { unit } }
}

const sampledValue = table<V201.SampledValueType, Domain.SampledValue>(({ field, together }) => [
  together({
    wire: ["value", "unitOfMeasure", "measurand", "context", "location", "phase"],
    generic: ["reading", "measurand", "context", "location", "phase"],
    decode: (sample, losses) => sampleOf(sample, measurand, readingOf(sample, losses), losses),
    encode: (sample, losses) => ({ ...readingTold(sample, losses), ...aroundOf(sample, measurand, losses) }),
    notes: [
      { path: "measurand", fate: "refused", why: "2.0.1 knows neither Temperature nor RPM" },
      { path: "reading", fate: "refused", why: "SignedData and Unreadable: 2.0.1 asks for a number" }
    ]
  }),
  field("signedMeterValue", "signedMeterValue", signedMeterValue)
])

export const meterValue = table<V201.MeterValueType, Domain.MeterValue>(({ field }) => [
  field("timestamp", "timestamp", instant),
  field("sampledValue", "sampledValue", list(sampledValue))
])

/** Readings of an EVSE; 0 is the main meter. */
export const meterValuesRequest = table<V201.MeterValuesRequest, Domain.MeterValuesRequest>(({ field, together }) => [
  together({
    wire: ["evseId"],
    generic: ["evseId"],
    decode: ({ evseId }) => (evseId === 0 ? {} : { evseId }),
    encode: ({ evseId = 0 }) => ({ evseId })
  }),
  field("meterValue", "meterValue", list(meterValue))
])
