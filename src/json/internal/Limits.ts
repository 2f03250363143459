/**
 * What a text of JSON would cost to parse, looked at before it is parsed.
 */

/** Bounds of what is parsed. */
export interface Limits {
  /** How deep lists and objects may be nested. */
  readonly maxDepth: number
  /** How many fields one object may have. */
  readonly maxFields: number
}

/**
 * What of a text is over a limit, up to the end of its first list or object; `undefined` if nothing is. What is no JSON
 * may be found to be either.
 */
export const excessOf = (text: string, { maxDepth, maxFields }: Limits): keyof Limits | undefined => {
  const fields = new Uint32Array(maxDepth + 1)
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfText(text, at)
    } else if (code === colon) {
      if (++fields[depth]! > maxFields) return "maxFields"
    } else if (isOpening(code)) {
      if (++depth > maxDepth) return "maxDepth"
      fields[depth] = 0
    } else if (isClosing(code) && --depth <= 0) {
      return undefined
    }
  }
  return undefined
}

/** Where the text ends that begins here with a quote. */
export const endOfText = (text: string, start: number): number => {
  // Mostly the next quote ends it, and to find that takes little.
  const next = text.indexOf('"', start + 1)
  if (next < 0 || text.charCodeAt(next - 1) !== backslash) return next < 0 ? text.length : next
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote) break
  }
  return at
}

export const quote = 0x22
export const backslash = 0x5c
const colon = 0x3a

// Brackets and braces differ in one bit.
export const isOpening = (code: number): boolean => (code & ~0x20) === 0x5b
export const isClosing = (code: number): boolean => (code & ~0x20) === 0x5d
