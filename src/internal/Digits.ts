/**
 * The digits of the numbers in a frame, which its text has and the numbers of JavaScript may lack.
 *
 * Nearly no frame has a number with so many digits, so the text is only looked at quickly; where there may be one, the
 * number is put into quotes and the text is parsed again, beside the payload that is there.
 */
import * as Result from "effect/Result"
import { isObject } from "./Check.ts"
import { endOfText, quotationMark } from "./JsonText.ts"
import { ExactNumber, holds, isWritten, WrittenNumber } from "./WrittenNumber.ts"

/** What a text says, with all digits of its numbers. */
export const parse = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  // A list of one is a frame whose payload it is.
  return of(`[${text}]`, 0, true)(value, "lossy")
}

/** The digits of a payload, which is the element of this index in a frame. */
export const of =
  (text: string, index: number, isExact: boolean) =>
  (payload: unknown, which: "lossy" | "all"): unknown => {
    const loses = isExact ? isLost : hasRounded
    if (which === "lossy" && !mayLose(text, loses) && !(isExact && exponent.test(text))) return payload
    const quoted = quote(text, which === "lossy" ? loses : isOther)
    if (quoted === undefined) return payload
    const frame = Result.try((): unknown => JSON.parse(quoted))
    if (Result.isFailure(frame) || !Array.isArray(frame.success)) return payload
    return beside(payload, frame.success[index], isExact, which === "lossy" && !isExact ? true : undefined)
  }

/** The number of JavaScript that a text of JSON says, or what stands for it where that is not all of it. */
export const numberOf = (text: string, which: "lossy" | "all", isExact: boolean): unknown => {
  const isMeant = which === "all" ? isOther : isExact ? isLost : hasRounded
  return isMeant(text) ? withDigits(text, isExact, which === "lossy" && !isExact ? true : undefined) : Number(text)
}

const withDigits = (text: string, isExact: boolean, isRounded: boolean | undefined): WrittenNumber =>
  isExact && isLost(text) ? new ExactNumber(text) : new WrittenNumber(text, isRounded)

/** Whether a number of JavaScript lacks a digit of this one. */
const isLost = (text: string): boolean =>
  (text.length >= leastDigits || exponent.test(text)) && !holds(Number(text), text)

/** Whether this is another number than the one of JavaScript, for those who read doubles. */
const hasRounded = (text: string): boolean => text.length >= leastDigits && !isWritten(Number(text), text)

/** Whether JavaScript writes this number in another way, or may have read it from another. */
const isOther = (text: string): boolean => {
  const nearest = Number(text)
  return String(nearest) !== text || Math.abs(nearest) > Number.MAX_SAFE_INTEGER
}

// Beyond these a number may be infinite, or 0.
const exponent = /\d[Ee][+-]?\d{3}/

/** All numbers of JavaScript with fewer digits than this have them all. */
const leastDigits = 16

const isDigitOrPoint = (code: number): boolean => code >= 46 && code <= 57 && code !== 47

const minus = 45
const plus = 43

const isOfNumber = (code: number): boolean =>
  isDigitOrPoint(code) || code === minus || code === plus || (code | 32) === 101

/** The number that begins here, in a valid text. */
const numberAt = (text: string, at: number): string => {
  let end = at + 1
  while (end < text.length && isOfNumber(text.charCodeAt(end))) end++
  return text.slice(at, end)
}

/** Whether there is a run of digits that is long enough to lose some, and does: one of so many characters is in it. */
const mayLose = (text: string, loses: (number: string) => boolean): boolean => {
  for (let at = leastDigits - 1; at < text.length; at += leastDigits) {
    if (!isDigitOrPoint(text.charCodeAt(at))) continue
    // Half of the run is on one side of it or the other.
    if (!isDigitOrPoint(text.charCodeAt(at - 7)) && !isDigitOrPoint(text.charCodeAt(at + 8))) continue
    let start = at
    while (start > 0 && isDigitOrPoint(text.charCodeAt(start - 1))) start--
    let end = at + 1
    while (end < text.length && isDigitOrPoint(text.charCodeAt(end))) end++
    if (end - start < leastDigits) continue
    if (loses(numberAt(text, start))) return true
    at = end - 1
  }
  return false
}

/** The text of a valid frame with some of its numbers in quotes; `undefined` if there are none. */
const quote = (text: string, isMeant: (number: string) => boolean): string | undefined => {
  let quoted = ""
  let done = 0
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === quotationMark) {
      at = endOfText(text, at) + 1
    } else if (code === minus || (code >= 48 && code <= 57)) {
      const found = numberAt(text, at)
      if (isMeant(found)) {
        quoted += `${text.slice(done, at)}"${found}"`
        done = at + found.length
      }
      at += found.length
    } else {
      at++
    }
  }
  return done === 0 ? undefined : quoted + text.slice(done)
}

/** A value with its digits where it has a number and the other one, which has quotes, a text. */
const beside = (value: unknown, other: unknown, isExact: boolean, isRounded?: boolean): unknown => {
  if (typeof value === "number") {
    return typeof other === "string" ? withDigits(other, isExact, isRounded) : value
  }
  if (Array.isArray(value) && Array.isArray(other)) {
    return value.map((item, index) => beside(item, other[index], isExact, isRounded))
  }
  if (!isObject(value) || !isObject(other)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      beside(field, Object.hasOwn(other, name) ? other[name] : undefined, isExact, isRounded)
    ])
  )
}
