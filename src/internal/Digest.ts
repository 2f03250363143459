/**
 * A short text that stands for a JSON value, such as a message that is to be recognised when it comes again.
 */

/**
 * The digest of a JSON value: 28 characters, the same for equal values whatever the order of their fields.
 *
 * It has 128 bits, so that values which differ have different digests but for one case in 10^38. It is no cryptographic
 * one: whoever wants to can make two values with the same digest. So it is used only where these would harm nobody but
 * the one who made them. WebCrypto is no way out, because it answers later, when another message may have come.
 */
export const digest = (value: unknown): string => {
  const text = canonical(value)
  let a = 0x243f6a88
  let b = 0x85a308d3
  let c = 0x13198a2e
  let d = 0x03707344
  // Four lanes that differ in all their numbers, each one to one in what it has so far.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = turned(Math.imul(a ^ unit, 0x9e3779b1), 15)
    b = turned(Math.imul(b ^ unit, 0x85ebca77), 13)
    c = turned(Math.imul(c ^ unit, 0xc2b2ae3d), 17)
    d = turned(Math.imul(d ^ unit, 0x27d4eb2f), 11)
  }
  return [a, b, c, d].map((lane) => (mixed(lane ^ text.length) >>> 0).toString(36).padStart(7, "0")).join("")
}

/** JSON text with the fields of each object in one order. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? `${value}` : scalar(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  fields.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`
}

/** What JSON does not have counts as null, as it does in a list. */
const scalar = (value: unknown): string => JSON.stringify(value) ?? "null"

const turned = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** Lets each bit depend on all of them. */
const mixed = (word: number): number => {
  let mixing = word
  mixing = Math.imul(mixing ^ (mixing >>> 16), 0x21f0aaad)
  mixing = Math.imul(mixing ^ (mixing >>> 15), 0x735a2d97)
  return mixing ^ (mixing >>> 15)
}
