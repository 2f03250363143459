/**
 * Numbers as their sender has written them, and what JavaScript can hold of them.
 */

/** A number whose text is not the one that JavaScript writes for it; a codec of texts puts it where it stands. */
export class WrittenNumber {
  readonly text: string
  /** The number of JavaScript that is nearest to it. */
  readonly nearest: number
  private readonly rounded: boolean | undefined

  constructor(text: string, isRounded?: boolean) {
    this.text = text
    this.nearest = Number(text)
    this.rounded = isRounded
  }

  /** Whether it is not the nearest number of JavaScript written out. */
  get isRounded(): boolean {
    return this.rounded ?? !isWritten(this.nearest, this.text)
  }

  /** Its own digits. */
  toJSON(): unknown {
    return rawJson(this.text)
  }

  valueOf(): number {
    return this.nearest
  }

  toString(): string {
    return this.text
  }
}

/**
 * A number with all the digits that were written.
 *
 * **Gotchas**
 *
 * It stands in fields whose type is `number`, but is an object: `typeof` and `===` show it. Arithmetic and `<` take the
 * nearest number of JavaScript. `JSON.stringify` writes its digits.
 *
 * @category models
 * @since 0.1.0
 */
export class ExactNumber extends WrittenNumber {}

/** What `JSON.stringify` writes as it is. */
const rawJson = (text: string): unknown => {
  // Node 22 has it; the types of TypeScript's library do not.
  const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }
  return rawJSON(text)
}

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?(?:[Ee]([+-]?\d+))?$/

/** Whether a text is a decimal number; more than JSON takes, for a plus and leading zeros are no fault in a text. */
export const isDecimal = (text: string): boolean => decimal.test(text)

interface Decimal {
  readonly sign: string
  /** Without zeros at the ends; empty for 0. */
  readonly digits: string
  /** That of ten, by which the digits as a whole number are multiplied. */
  readonly exponent: number
}

const read = (text: string): Decimal | undefined => {
  const match = decimal.exec(text)
  if (match === null) return undefined
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match
  const all = whole + fraction
  let start = 0
  while (all[start] === "0") start++
  let end = all.length
  while (end > start && all[end - 1] === "0") end--
  return {
    sign: sign === "-" ? "-" : "",
    digits: all.slice(start, end),
    exponent: Number(exponent) - fraction.length + all.length - end
  }
}

/** One text for all that denote the same number; of 0 there is only one. */
const normal = (text: string): string | undefined => {
  const number = read(text)
  return number === undefined || number.digits === ""
    ? number?.digits
    : `${number.sign}${number.digits}e${number.exponent}`
}

/** Whether a number of JavaScript is what a text says, to the last digit, so that no other text is read as it. */
export const holds = (number: number, text: string): boolean =>
  String(number) === text ||
  (text.length <= longest && Number.isFinite(number) && normal(String(number)) === normal(text))

/** No number of JavaScript has more characters, however it is written; what is longer is not looked at. */
const longest = 1100

// As many digits as `toPrecision` gives.
const mostDigits = 100

/**
 * Whether a text can be a number of JavaScript written out: the same to the last digit, or a fraction with more of its
 * digits than tell it from its neighbours, as programs write it that always write 17.
 */
export const isWritten = (number: number, text: string): boolean => {
  if (holds(number, text)) return true
  if (text.length > longest || !(Math.abs(number) < Number.MAX_SAFE_INTEGER)) return false
  const digits = read(text)?.digits.length ?? 0
  if (digits === 0 || digits > mostDigits) return false
  return normal(number.toPrecision(digits)) === normal(text)
}

/** Whether a text says a whole number, however large. */
export const isWhole = (text: string): boolean => decimalsOf(text) === 0

/** How many digits a number has behind the point. */
export const decimalsOf = (text: string): number => {
  const number = read(text)
  return number === undefined || number.digits === "" ? 0 : Math.max(0, -number.exponent)
}
