/**
 * Exact decimals, and the units that have a prefix for thousands.
 */
import * as BigDecimal from "effect/BigDecimal"

const pattern = /^[+-]?(\d{1,400})(?:\.(\d{1,400}))?(?:[Ee]([+-]?\d{1,3}))?$/

/**
 * The number that a text says, with all its digits; `undefined` if it is no decimal number, or one with so many digits
 * that to compute with it would take long.
 */
export const decimalOf = (text: string): BigDecimal.BigDecimal | undefined => short(text) ?? long(text)

/** Nearly all numbers have few digits and nothing but these and a point. */
const short = (text: string): BigDecimal.BigDecimal | undefined => {
  const { length } = text
  if (length === 0 || length > 15) return undefined
  let number = 0
  let point = length
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit >= 0 && digit <= 9) number = number * 10 + digit
    else if (digit === -2 && point === length && at > 0 && at < length - 1) point = at
    else return undefined
  }
  return BigDecimal.make(BigInt(number), point === length ? 0 : length - 1 - point)
}

const long = (text: string): BigDecimal.BigDecimal | undefined => {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, whole = "", fraction = "", exponent = "0"] = match
  const digits = BigInt(whole + fraction)
  return BigDecimal.make(text.startsWith("-") ? -digits : digits, fraction.length - Number(exponent))
}

/** The text of a number, with all its digits and without an exponent. */
export const textOf = ({ scale, value }: BigDecimal.BigDecimal): string => {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale))
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0")
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Whether a number is one that `textOf` writes in at most 400 digits, so that `decimalOf` reads it again. */
export const isPlain = ({ scale, value }: BigDecimal.BigDecimal): boolean => {
  if (scale <= -mostDigits || scale >= mostDigits) return false
  const bound = scale < 0 ? 10n ** BigInt(mostDigits + scale) : largest
  return value < bound && value > -bound
}

const mostDigits = 400
const largest = 10n ** BigInt(mostDigits)

/** A number that is so many times larger, as a power of ten. */
export const shifted = (number: BigDecimal.BigDecimal, exponent: number): BigDecimal.BigDecimal =>
  exponent === 0 ? number : BigDecimal.make(number.value, number.scale - exponent)

/** The units of thousands, and what they are thousands of. */
const thousands = new Map([
  ["kWh", "Wh"],
  ["kW", "W"],
  ["kvarh", "varh"],
  ["kvar", "var"],
  ["kVAh", "VAh"],
  ["kVA", "VA"],
  ["kV", "V"],
  ["kA", "A"]
])

/** A unit without a prefix, and which power of ten the prefix was. */
export const unitOf = (unit: string): readonly [unit: string, exponent: number] => {
  const base = thousands.get(unit)
  return base === undefined ? [unit, 0] : [base, 3]
}

/** The unit of a measurand for which none is told. */
export const usualUnit = (measurand: string): string => (measurand.startsWith("Energy.") ? "Wh" : "")

/** The measurand where none is told. */
export const usualMeasurand = "Energy.Active.Import.Register"

/** Why an energy has to have a unit. */
export const needsUnit = "an energy without a unit would be taken for Wh"
