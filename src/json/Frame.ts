/**
 * The frames of OCPP-J: text to message and back. CALL is `[2, id, action, payload]`, CALLRESULT `[3, id, payload]`,
 * CALLERROR `[4, id, code, description, details]`, CALLRESULTERROR the same with 5, SEND `[6, id, action, payload]`.
 *
 * Reading is total: whatever the text, the outcome is a message or says why it is none. Payloads are left as they came;
 * checking them is the engine's task.
 *
 * @see J16 §4.2, P4 §4.2
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import { isObject } from "../internal/Check.ts"
import { beginning } from "../internal/OwnText.ts"
import type { Message } from "../engine/Message.ts"
import type { ErrorCode } from "../OcppError.ts"
import { strict, type Tolerance, type Tolerated } from "../Tolerance.ts"
import * as Head from "./internal/Head.ts"
import { excessOf, type Limits } from "./internal/Limits.ts"
import * as Mend from "./internal/Mend.ts"

/**
 * The most characters a message id may have.
 *
 * @see J16 §4.1.4, P4 table 4
 * @category constants
 * @since 0.1.0
 */
export const maxMessageId = 36

const maxEchoedId = 255

/**
 * The most characters an error description may have.
 *
 * @category constants
 * @since 0.1.0
 */
export const maxDescription = 255

/**
 * How deep a frame may be nested unless told otherwise; the deepest message of OCPP needs a dozen levels.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultMaxDepth = 64

/**
 * How many fields one object of a frame may have unless told otherwise; no message of OCPP has more than a few dozen.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultMaxFields = 10_000

/**
 * A request whose type and id can be read and whose other parts cannot. `isInPayload` tells where its text is no JSON:
 * in its payload, or before.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadCall {
  readonly _tag: "BadCall"
  readonly messageId: string
  readonly isNumericId: boolean
  readonly isInPayload: boolean
  readonly flaw: string
}

/**
 * A CALLRESULT (3) or CALLERROR (4) whose id can be read and whose other parts cannot. `text` is the beginning of what
 * came.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadAnswer {
  readonly _tag: "BadAnswer"
  readonly type: 3 | 4
  readonly messageId: string
  readonly flaw: string
  readonly text: string
}

/**
 * A frame with a message type number that the version does not have.
 *
 * @category models
 * @since 0.1.0
 */
export interface UnknownMessageType {
  readonly _tag: "UnknownMessageType"
  readonly messageId: string | undefined
}

/**
 * Text that is no frame. Nobody waits for what becomes of an answer or a SEND, so only `other` can be answered.
 *
 * @category models
 * @since 0.1.0
 */
export interface Malformed {
  readonly _tag: "Malformed"
  readonly kind: "unanswerable" | "other"
  readonly flaw: string
}

/**
 * A message whose frame has faults that were let through.
 *
 * **Details**
 *
 * - `isNumericId`: whether its id came as a number, as which it has to go back.
 * - `json`: the frame as text, without the faults for which it was no JSON.
 * - `payloadAt`: which element of `json` the payload is, if the message has one.
 *
 * @category models
 * @since 0.1.0
 */
export interface Mended {
  readonly _tag: "Mended"
  readonly message: Message
  readonly isNumericId: boolean
  readonly faults: ReadonlyArray<Tolerated>
  readonly json: string
  readonly payloadAt: number
}

/**
 * What a text turned out to be.
 *
 * @category models
 * @since 0.1.0
 */
export type Frame = Message | Mended | BadCall | BadAnswer | UnknownMessageType | Malformed

/**
 * How frames are read.
 *
 * **Details**
 *
 * - `messageTypes`: the message type numbers of the version.
 * - `maxDepth`: how deep it may be nested, by default 64 levels.
 * - `maxFields`: how many fields one object may have, by default 10,000.
 * - `tolerance`: which faults are let through, by default none.
 *
 * @category options
 * @since 0.1.0
 */
export interface ParseOptions {
  readonly messageTypes: ReadonlySet<number>
  readonly maxDepth?: number | undefined
  readonly maxFields?: number | undefined
  readonly tolerance?: Tolerance | undefined
}

/**
 * Reads a text frame. Never fails. Of what is over a limit, no payload is given.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string, options: ParseOptions): Frame => {
  if (text.length > longText) {
    const excess = excessOf(text, limitsOf(options))
    if (excess !== undefined) return tooMuch(Head.read(text), text, options, excess)
  }
  const json = parseJson(text)
  if (Result.isSuccess(json)) return ofJson(json.success, text, options)
  const { tolerance = strict } = options
  const repaired = tolerance.size === 0 ? undefined : Mend.text(text, tolerance)
  const second = repaired === undefined ? json : parseJson(repaired.value)
  return repaired === undefined || Result.isFailure(second)
    ? unreadable(Head.read(text), text, options, "the frame is not JSON")
    : withFaults(ofJson(second.success, text, options), repaired)
}

const limitsOf = ({ maxDepth = defaultMaxDepth, maxFields = defaultMaxFields }: ParseOptions): Limits => ({
  maxDepth,
  maxFields
})

/**
 * In characters. What is over a limit in a longer text is seen before it is parsed, for brackets without end cost much; in
 * a shorter one afterwards, which costs less.
 */
const longText = 32_768

const parseJson = (text: string): Result.Result<unknown, unknown> => Result.try((): unknown => JSON.parse(text))

/** Adds faults of the text to those of the elements. */
const withFaults = (frame: Frame, { faults, value: json }: Mend.Repaired<string>): Frame => {
  if (isMessage(frame)) return mended(frame, json, faults)
  return frame._tag === "Mended" ? { ...frame, json, faults: [...faults, ...frame.faults] } : frame
}

const mended = (message: Message, json: string, faults: ReadonlyArray<Tolerated>): Mended => ({
  _tag: "Mended",
  message,
  isNumericId: false,
  faults,
  json,
  payloadAt: "action" in message ? 3 : 2
})

/**
 * Whether a frame is a message without a fault.
 *
 * @category guards
 * @since 0.1.0
 */
export const isMessage = (frame: Frame): frame is Message => {
  switch (frame._tag) {
    case "Mended":
    case "BadCall":
    case "BadAnswer":
    case "UnknownMessageType":
    case "Malformed":
      return false
    default:
      return true
  }
}

const ofJson = (json: unknown, text: string, options: ParseOptions): Frame => {
  const { maxDepth = defaultMaxDepth, tolerance = strict } = options
  if (!Array.isArray(json)) return { _tag: "Malformed", kind: "other", flaw: "the frame is not a JSON array" }
  // Each level takes two brackets, so a short frame needs no look.
  if (text.length > 2 * maxDepth && text.length <= longText && isDeeper(json, maxDepth)) {
    return tooMuch(Head.of(json, text), text, options, "maxDepth")
  }
  if (tolerance.size === 0 || Mend.isWhole(json)) return ofParts(json, json, text, options)
  const { faults, payloadAt, value } = Mend.elements(json, () => Head.of(json, text), tolerance)
  const frame = ofParts(value, json, text, options)
  if (faults.length === 0) return frame
  const isNumericId = typeof json[1] === "number"
  if (frame._tag === "Mended") return { ...frame, isNumericId, faults: [...faults, ...frame.faults], payloadAt }
  return isMessage(frame) ? { ...mended(frame, text, faults), isNumericId, payloadAt } : frame
}

/** Whether a value of JSON is nested deeper than this. */
const isDeeper = (value: object, levels: number): boolean => {
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (const item of value) if (isNested(item) && isDeeper(item, levels - 1)) return true
    return false
  }
  for (const key in value) {
    const field: unknown = value[key as keyof typeof value]
    if (isNested(field) && isDeeper(field, levels - 1)) return true
  }
  return false
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null

const tooMuch = (head: Head.Head, text: string, options: ParseOptions, excess: keyof Limits): Frame => {
  const { maxDepth, maxFields } = limitsOf(options)
  const flaw =
    excess === "maxDepth"
      ? `the frame is nested more than ${maxDepth} levels deep`
      : `an object has more than ${maxFields} fields`
  return unreadable({ ...head, isInPayload: false }, text, options, flaw)
}

// ---- the elements

/** The message that the elements of a frame make; `given` are those that came. */
const ofParts = (
  parts: ReadonlyArray<unknown>,
  given: ReadonlyArray<unknown>,
  text: string,
  options: ParseOptions
): Frame => {
  const refused = (flaw: string): Frame => unreadable(Head.of(given, text), text, options, flaw)
  const [type, messageId, third, fourth, fifth] = parts
  if (typeof type !== "number") return refused("the message type is not a number")
  if (!options.messageTypes.has(type)) {
    return { _tag: "UnknownMessageType", messageId: isMessageId(messageId) ? messageId : undefined }
  }
  if (!isText(messageId)) return refused("the message id is not a text")
  if (type === 2 || type === 6) {
    const isLong = !isShort(messageId)
    if (isLong && (messageId.length > maxEchoedId || options.tolerance?.has("TooLongText") !== true)) {
      return refused(`the message id is longer than ${maxMessageId} characters`)
    }
    if (parts.length !== 4) return refused("a request has four elements")
    if (typeof third !== "string") return refused("the action is not a text")
    const _tag = type === 2 ? "Call" : "Send"
    const message: Message = { _tag, messageId, action: third, payload: fourth }
    return isLong ? mended(message, text, [Mend.faultOf("TooLongText")]) : message
  }
  if (type === 3) {
    return parts.length === 3
      ? { _tag: "CallResult", messageId, payload: third }
      : refused("a CALLRESULT has three elements")
  }
  const code = typeof third === "string" ? (canonical.get(third) ?? third) : "GenericError"
  const description = typeof fourth === "string" ? fourth : ""
  const details = isObject(fifth) ? fifth : {}
  if (type === 5) return { _tag: "CallResultError", messageId, code, description, details }
  const flawless = parts.length === 5 && typeof third === "string" && typeof fourth === "string" && isObject(fifth)
  const flaw = flawless ? undefined : "a CALLERROR has a code, a description and details"
  return { _tag: "CallError", messageId, code, description, details, flaw }
}

/** What is left of a frame that cannot be read: who waits for an answer, or for whose answer it is. */
const unreadable = (head: Head.Head, text: string, options: ParseOptions, flaw: string): Frame => {
  const { messageTypes, tolerance = strict } = options
  const { id, isInPayload, isNumericId, isTextType, type } = head
  if (type !== undefined && !messageTypes.has(type)) {
    if (isTextType) return { _tag: "Malformed", kind: "other", flaw }
    return { _tag: "UnknownMessageType", messageId: !isNumericId && isMessageId(id) ? id : undefined }
  }
  switch (type) {
    case 3:
    case 4:
      // Whoever waits for it learns that it came, in whatever form its type and its id are.
      return id === undefined || id === "" || id.length > maxEchoedId
        ? { _tag: "Malformed", kind: "unanswerable", flaw }
        : { _tag: "BadAnswer", type, messageId: id, flaw, text: beginning(text) }
    case 5:
    case 6:
      return { _tag: "Malformed", kind: "unanswerable", flaw }
    case 2: {
      const isRead =
        (!isTextType || tolerance.has("TextMessageType")) && (!isNumericId || tolerance.has("NumericMessageId"))
      if (!isRead || !isText(id)) return { _tag: "Malformed", kind: "other", flaw }
      // An id that is too long is still answered, for its sender waits; one that is absurdly long is not sent back.
      if (id.length <= maxEchoedId) return { _tag: "BadCall", messageId: id, isNumericId, isInPayload, flaw }
      return { _tag: "Malformed", kind: "other", flaw: `the message id is longer than ${maxEchoedId} characters` }
    }
    default:
      return { _tag: "Malformed", kind: "other", flaw }
  }
}

// Every version's spelling is read, whatever the version of the connection.
const canonical = new Map<string, ErrorCode>([
  ["FormationViolation", "FormatViolation"],
  ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"]
])

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const isMessageId = (value: unknown): value is string => isText(value) && isShort(value)

const isShort = (text: string): boolean => text.length <= maxMessageId || Array.from(text).length <= maxMessageId

/**
 * Writes a request; fails if JSON has no form for the payload.
 *
 * @category encoding
 * @since 0.1.0
 */
export const call = (messageId: string, action: string, payload: unknown): Result.Result<string, unknown> =>
  write([2, messageId, action, payload])

/**
 * Writes an answer; fails if JSON has no form for the payload.
 *
 * @category encoding
 * @since 0.1.0
 */
export const callResult = (messageId: string, payload: unknown): Result.Result<string, unknown> =>
  write([3, messageId, payload])

/**
 * Writes a message that is not answered; fails if JSON has no form for the payload.
 *
 * @category encoding
 * @since 0.1.0
 */
export const send = (messageId: string, action: string, payload: unknown): Result.Result<string, unknown> =>
  write([6, messageId, action, payload])

/**
 * Writes the refusal of a request (4) or of an answer (5), with the code in the spelling of the wire; fails if JSON has
 * no form for the details.
 *
 * @category encoding
 * @since 0.1.0
 */
export const error = (
  type: 4 | 5,
  messageId: string,
  code: string,
  description: string,
  details: Record<string, unknown>
): Result.Result<string, unknown> => write([type, messageId, code, description.slice(0, maxDescription), details])

/**
 * Puts the id of a frame that was written as a number, whose digits it is.
 *
 * @category encoding
 * @since 0.1.0
 */
export const withNumericId = (frame: string): string => frame.replace(/"([^"]*)"/, "$1")

const write = (frame: ReadonlyArray<unknown>): Result.Result<string, unknown> =>
  Result.try({ try: () => JSON.stringify(frame), catch: (cause) => cause })
