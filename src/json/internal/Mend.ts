/**
 * Puts right what a tolerance lets through in a frame.
 */
import type { ToleratedFrameKind } from "../../Deviation.ts"
import { isObject } from "../../internal/Check.ts"
import { backslash, endOfText, isClosing, isOpening, quotationMark } from "../../internal/JsonText.ts"
import type { Violation } from "../../OcppError.ts"
import type { Tolerance, Tolerated } from "../../Tolerance.ts"
import type { Head } from "./Head.ts"

/** What was put right, and the faults that were in it. */
export interface Repaired<out A> {
  readonly value: A
  readonly faults: ReadonlyArray<Tolerated>
}

const ofElement = (path: string, rule: string): Violation => ({ path, rule, code: "ProtocolError" })
const ofWhole = (rule: string): Violation => ({ path: "", rule, code: "FormatViolation" })

const violations: { readonly [Kind in ToleratedFrameKind | "TooLongText"]: Violation } = {
  BinaryForText: ofWhole("expected a text message"),
  ByteOrderMark: ofWhole("expected no byte order mark"),
  ControlCharacter: ofWhole("expected no control characters as they are"),
  TrailingText: ofWhole("expected nothing behind the last bracket"),
  TextMessageType: ofElement("[0]", "expected a number as message type"),
  NumericMessageId: ofElement("[1]", "expected a text as message id"),
  TooLongText: ofElement("[1]", "expected a message id of at most 36 characters"),
  ExtraElement: ofElement("", "expected no more elements"),
  MissingElement: ofElement("", "expected a payload, or the description and details of an error")
}

/**
 * A fault in a frame that was let through. The path of its violation is that of the element in the frame, such as `[1]`
 * for the message id, or empty.
 */
export const faultOf = (kind: keyof typeof violations, path?: string): Tolerated => ({
  kind,
  violation: path === undefined ? violations[kind] : { ...violations[kind], path }
})

// ---- as text

/** Makes JSON of a text that is none, or gives back `undefined` where it has no fault that is tolerated. */
export const text = (given: string, tolerance: Tolerance): Repaired<string> | undefined => {
  const faults: Array<Tolerated> = []
  let frame = given
  if (tolerance.has("ByteOrderMark") && frame.startsWith(byteOrderMark)) {
    frame = frame.slice(byteOrderMark.length)
    faults.push(faultOf("ByteOrderMark"))
  }
  const end = endOfFrame(frame)
  let rest = frame.slice(end)
  frame = frame.slice(0, end)
  if (tolerance.has("TrailingText") && !/^[ \t\r\n]*$/.test(rest) && !anotherFrame.test(rest)) {
    rest = ""
    faults.push(faultOf("TrailingText"))
  }
  if (tolerance.has("ControlCharacter")) {
    const escaped = escapeControls(frame)
    if (escaped !== frame) faults.push(faultOf("ControlCharacter"))
    frame = escaped
  }
  return faults.length > 0 ? { value: frame + rest, faults } : undefined
}

const byteOrderMark = "\ufeff"

/** The type and the id of what may be another frame. */
const anotherFrame = /\[\s*"?[2-6]"?\s*,\s*["\d-]/

/** Where the first list or object of a text is over. */
const endOfFrame = (frame: string): number => {
  let depth = 0
  for (let at = 0; at < frame.length; at++) {
    const code = frame.charCodeAt(at)
    if (code === quotationMark) at = endOfText(frame, at)
    else if (isOpening(code)) depth++
    else if (isClosing(code) && --depth <= 0) return at + 1
  }
  return frame.length
}

/** Puts escapes in the place of control characters within texts, and spaces elsewhere, where no token is made one with another. */
const escapeControls = (frame: string): string => {
  const parts: Array<string> = []
  let done = 0
  let isText = false
  for (let at = 0; at < frame.length; at++) {
    const code = frame.charCodeAt(at)
    if (code === quotationMark) {
      isText = !isText
    } else if (code === backslash && isText) {
      // What it escapes is not looked at: a control character there is no escape of JSON.
      at++
    } else if (code < 0x20 && (isText || !isSpace(code))) {
      if (parts.length >= mostParts) return frame
      parts.push(frame.slice(done, at), isText ? `\\u${code.toString(16).padStart(4, "0")}` : " ")
      done = at + 1
    }
  }
  return parts.length === 0 ? frame : parts.join("") + frame.slice(done)
}

/** Of a frame with more control characters than half of this, none is read. */
const mostParts = 20_000

const isSpace = (code: number): boolean => code === 0x09 || code === 0x0a || code === 0x0d

// ---- as elements

/** The elements of a frame; `payloadAt` tells which of those that came the last of these was, if it came at all. */
export interface RepairedElements extends Repaired<ReadonlyArray<unknown>> {
  readonly payloadAt: number
}

/** How many elements a frame of each type has. */
const lengths: ReadonlyMap<unknown, number> = new Map([
  [2, 4],
  [3, 3],
  [4, 5],
  [5, 5],
  [6, 4]
])

/** Puts right what is tolerated in the elements of a frame. Those of a frame without a fault are given back as they are. */
export const elements = (given: ReadonlyArray<unknown>, head: () => Head, tolerance: Tolerance): RepairedElements => {
  const faults: Array<Tolerated> = []
  let parts = given
  if (typeof parts[0] === "string" && tolerance.has("TextMessageType")) {
    const { isTextType, type } = head()
    if (isTextType) {
      parts = parts.with(0, type)
      faults.push(faultOf("TextMessageType"))
    }
  }
  const [type, messageId] = parts
  const due = lengths.get(type)
  if (due === undefined) return { value: given, faults: [], payloadAt: -1 }
  let payloadAt = due - 1
  if (typeof messageId === "number" && tolerance.has("NumericMessageId")) {
    parts = parts.with(1, head().id)
    faults.push(faultOf("NumericMessageId"))
  }
  if (parts.length > due && tolerance.has("ExtraElement")) {
    const at = type === 3 && typeof parts[2] === "string" && isObject(parts[3]) ? 2 : due
    parts = at === due ? parts.slice(0, due) : parts.toSpliced(at, 1).slice(0, due)
    if (at < due) payloadAt++
    faults.push(faultOf("ExtraElement", `[${at}]`))
  }
  if (tolerance.has("MissingElement")) {
    // What goes before the last elements must be there.
    const least = due === 3 ? 2 : 3
    for (let at = least; at < due && parts.length >= at; at++) {
      const filled = fill(type, at, parts[at])
      if (filled === undefined) continue
      parts = [...parts.slice(0, at), filled, ...parts.slice(at + 1)]
      faults.push(faultOf("MissingElement", `[${at}]`))
    }
  }
  return { value: parts, faults, payloadAt }
}

/** Whether a request or a CALLRESULT has all that it should. */
export const isWhole = (parts: ReadonlyArray<unknown>): boolean => {
  const { length } = parts
  const due = parts[0] === 3 ? 3 : parts[0] === 2 || parts[0] === 6 ? 4 : 0
  return length === due && typeof parts[1] === "string" && isObject(parts[length - 1])
}

/** What belongs in the place of an element that is not there. */
const fill = (type: unknown, at: number, element: unknown): unknown => {
  if (at === 3 && (type === 4 || type === 5)) return isAbsent(element) ? "" : undefined
  return isAbsent(element) || element === "" || (Array.isArray(element) && element.length === 0) ? {} : undefined
}

const isAbsent = (element: unknown): boolean => element === undefined || element === null
