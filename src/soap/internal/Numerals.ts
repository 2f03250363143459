/**
 * Numbers as XML writes them.
 */

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[Ee]([+-]?\d{1,4}))?$/

/** A number of XML in the form of JSON, which has no plus, no zeros in front, and a digit before and behind the point. */
export const fromXml = (text: string): string | undefined => {
  const match = decimal.exec(text)
  if (match === null) return undefined
  const [, sign, whole = "", fraction = "", exponent] = match
  if (whole === "" && fraction === "") return undefined
  const digits = whole.replace(/^0+(?=.)/, "") || "0"
  const power = exponent === undefined ? "" : `e${exponent}`
  return `${sign === "-" ? "-" : ""}${digits}${fraction === "" ? "" : `.${fraction}`}${power}`
}

/** A number as `xs:decimal`, which has no exponent. */
export const toXml = (text: string): string => {
  const match = decimal.exec(text)
  const exponent = Number(match?.[4] ?? 0)
  if (match === null || exponent === 0) return text
  const [, sign = "", whole = "", fraction = ""] = match
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}
