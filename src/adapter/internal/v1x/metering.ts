/**
 * What meters read, in the words of 1.x.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import type { BothWays, Losses } from "../BothWays.ts"
import { decimalOf, isPlain, needsUnit, shifted, textOf, unitOf, usualMeasurand, usualUnit } from "../decimals.ts"
import { aroundOf, sampleOf, type SampleWords } from "../samples.ts"
import type { Dialect1x } from "./common.ts"

/** Why readings that arrive as those of an EVSE or of the station have no transaction. */
export const ofNoTransaction =
  "what belongs to a transaction is an event of it; connector 0 has none, and a number below 1 is that of none"

/** A sample with the measurands, the locations and the units of a version. */
type Sample<Measurand extends string, Location extends string, Unit extends string> = Omit<
  V16.SampledValue,
  "measurand" | "location" | "unit"
> & {
  readonly measurand?: Measurand
  readonly location?: Location
  readonly unit?: Unit
}

/**
 * The words of a version.
 *
 * - `units`: its units, with and without a prefix. None is for what has no unit, such as a power factor.
 * - `spellings`: how the domain writes units that the version writes in another way.
 */
export interface Words<
  in out Measurand extends string,
  in out Location extends string,
  in out Unit extends string
> extends SampleWords<Measurand, Location> {
  readonly units: ReadonlyArray<Unit>
  readonly spellings: ReadonlyArray<readonly [written: NoInfer<Unit>, generic: string]>
}

export const sample = <Measurand extends string, Location extends string, Unit extends string>(
  { version }: Dialect1x,
  { units, spellings, ...words }: Words<Measurand, Location, Unit>
): Required<Omit<BothWays<Sample<Measurand, Location, Unit>, Domain.SampledValue>, "notes">> => {
  const read = new Map<string, string>(spellings)
  // The unit that is sent, by that of the domain. A spelling that only the version has wins over its list of units.
  const written = new Map<string, Unit>([
    ...units.map((unit) => [unit, unit] as const),
    ...spellings.map(([unit, generic]) => [generic, unit] as const)
  ])
  return {
    decode: (told, losses) => sampleOf(told, words, readingOf(told, read), losses),
    encode: (generic, losses) => ({
      ...valueTold(generic, losses),
      ...unitTold(generic, version, written, losses),
      ...aroundOf(generic, words, losses)
    })
  }
}

const readingOf = (
  { format, measurand = usualMeasurand, unit: told, value }: Sample<string, string, string>,
  spellings: ReadonlyMap<string, string>
): Domain.SampledValue["reading"] => {
  const unit = told === undefined ? undefined : (spellings.get(told) ?? told)
  if (format === "SignedData") return { _tag: "SignedData", data: value, unit: unit ?? "" }
  const number = decimalOf(value.trim())
  if (number === undefined) return { _tag: "Unreadable", text: value, unit: unit ?? "" }
  const [base, exponent] = unitOf(unit ?? impliedUnit(measurand))
  return { _tag: "Measured", value: shifted(number, exponent), unit: base }
}

/** The units that a measurand of 1.x is always in. The last is the only one that 1.x has a word for. */
const fixedUnits: ReadonlyMap<string, string> = new Map([
  ["Frequency", "Hz"],
  ["RPM", "RPM"],
  ["SoC", "Percent"]
])

/** The unit of a number for which none is told. */
const impliedUnit = (measurand: string): string => fixedUnits.get(measurand) ?? usualUnit(measurand)

/** The unit as 1.x writes it: it is left out where Wh is usual, where 1.x has no word for it, or where it was not told. */
const unitTold = <Unit extends string>(
  { reading, measurand: measured }: Domain.SampledValue,
  version: string,
  units: ReadonlyMap<string, Unit>,
  losses: Losses
): { readonly unit?: Unit } => {
  // What is not measured keeps the prefix of its unit.
  if (reading._tag !== "Measured")
    return reading.unit === "" ? {} : { unit: units.get(reading.unit) ?? (reading.unit as Unit) }
  const usual = usualUnit(measured)
  if (reading.unit === "" && usual !== "") losses.add(needsUnit, "reading.unit")
  const unit = reading.unit === "" ? impliedUnit(measured) : reading.unit
  if (unit === usual) return {}
  const told = units.get(unit)
  if (told !== undefined) return { unit: told }
  if (unit !== fixedUnits.get(measured)) losses.add(`${version} has no unit ${unit}`, "reading.unit")
  return {}
}

const valueTold = ({ reading }: Domain.SampledValue, losses: Losses): Pick<V16.SampledValue, "value" | "format"> => {
  if (reading._tag === "SignedData") return { value: reading.data, format: "SignedData" }
  if (reading._tag === "Unreadable") return { value: reading.text }
  if (isPlain(reading.value)) return { value: textOf(reading.value) }
  losses.add("it has too many digits", "reading.value")
  return { value: "" }
}
