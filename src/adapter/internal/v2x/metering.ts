/**
 * What meters read.
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as Domain from "../../../domain/index.ts"
import * as ExactNumber from "../../../ExactNumber.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { below, changes, list, type Losses, refused } from "../BothWays.ts"
import { decimalOf, isPlain, needsUnit, shifted, textOf, unitOf, usualMeasurand, usualUnit } from "../decimals.ts"
import { aroundOf, sampleOf } from "../samples.ts"
import * as since from "../since21.ts"
import { instant } from "../values.ts"
import { type Dialect, nothing, table } from "./common.ts"

const signedMeterValue = ({ version }: Dialect) =>
  table<V21.SignedMeterValueType, Domain.SignedMeterValue>(({ field, together }) => [
    field("signedMeterData", "signedMeterData"),
    field("encodingMethod", "encodingMethod"),
    ...(version === "2.1"
      ? [field("signingMethod", "signingMethod"), field("publicKey", "publicKey")]
      : (["signingMethod", "publicKey"] as const).map((name) =>
          // In 2.0.1 the field must be there; an empty text means that there is none.
          together({
            wire: [name],
            generic: [name],
            decode: ({ [name]: text }) => (text === undefined || text === "" ? {} : { [name]: text }),
            encode: ({ [name]: text = "" }) => ({ [name]: text })
          })
        ))
  ])

const readingOf = (
  { measurand: measured = usualMeasurand, unitOfMeasure = {}, value }: V21.SampledValueType,
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
): Pick<V21.SampledValueType, "value" | "unitOfMeasure"> => {
  if (reading._tag !== "Measured") {
    losses.add("2.x asks for a number", "reading")
    return { value: 0 }
  }
  const { unit } = reading
  if (unit === "" && usualUnit(measured) !== "") losses.add(needsUnit, "reading.unit")
  const value = numberTold(reading.value, losses)
  return unit === "" || unit === usualUnit(measured) ? { value } : { value, unitOfMeasure: { unit } }
}

export const meterValueOf = (dialect: Dialect) => {
  const { version, words } = dialect
  const unknown = refused("2.x does not know this measurand")
  const told = {
    measurand: words<V201.MeasurandEnumType, V21.MeasurandEnumType, Domain.Measurand>(
      since.measurands("2.0.1 does not know this measurand"),
      { RPM: unknown, Temperature: unknown }
    ),
    location: words<V201.LocationEnumType, V21.LocationEnumType, Domain.Location>({
      Upstream: refused("2.0.1 does not know this location")
    })
  }
  const sampledValue = table<V21.SampledValueType, Domain.SampledValue>(({ field, together }) => [
    together({
      wire: ["value", "unitOfMeasure", "measurand", "context", "location", "phase"],
      generic: ["reading", "measurand", "context", "location", "phase"],
      decode: (sample, losses) => sampleOf(sample, told, readingOf(sample, losses), losses),
      encode: (sample, losses) => ({ ...readingTold(sample, losses), ...aroundOf(sample, told, losses) }),
      notes: [
        { path: "measurand", fate: "refused", why: `${version} knows neither Temperature nor RPM` },
        ...below("measurand", changes(told.measurand)),
        { path: "reading", fate: "refused", why: `SignedData and Unreadable: ${version} asks for a number` },
        { path: "reading.unit", fate: "refused", why: needsUnit },
        ...(version === "2.1"
          ? []
          : [
              { path: "measurand", fate: "refused", why: "2.0.1 does not know those that came with 2.1" } as const,
              { path: "location", fate: "refused", why: "2.0.1 does not know Upstream" } as const
            ])
      ]
    }),
    field("signedMeterValue", "signedMeterValue", signedMeterValue(dialect))
  ])
  return table<V21.MeterValueType, Domain.MeterValue>(({ field }) => [
    field("timestamp", "timestamp", instant),
    field("sampledValue", "sampledValue", list(sampledValue))
  ])
}

export const metering = (dialect: Dialect) => ({
  MeterValues: {
    /** Readings of an EVSE; 0 is the main meter. */
    request: table<V21.MeterValuesRequest, Domain.MeterValuesRequest>(({ field, together }) => [
      together({
        wire: ["evseId"],
        generic: ["evseId"],
        decode: ({ evseId }) => (evseId === 0 ? {} : { evseId }),
        encode: ({ evseId = 0 }) => ({ evseId })
      }),
      field("meterValue", "meterValue", list(meterValueOf(dialect)))
    ]),
    response: nothing
  }
})
