/**
 * What a text of JSON would cost to parse, looked at before it is parsed.
 */
import { endOfText, isClosing, isOpening, quotationMark } from "../../internal/JsonText.ts"

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
    if (code === quotationMark) {
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

const colon = 0x3a
