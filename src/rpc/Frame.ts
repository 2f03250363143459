/**
 * The frames of OCPP-J: text to frame and back.
 *
 * Reading is total: whatever the text, the outcome is a frame or says why it is none. Payloads are left as they came;
 * checking them is the engine's task.
 *
 * @see J16 §4.2, P4 §4.2
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { ErrorCode } from "../OcppError.ts"

/**
 * The most characters a message id may have.
 *
 * @see J16 §4.1.4, P4 table 4
 * @category constants
 * @since 0.1.0
 */
export const maxMessageId = 36

/**
 * The most characters an error description may have.
 *
 * @category constants
 * @since 0.1.0
 */
export const maxDescription = 255

/**
 * A request: `[2, id, action, payload]`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Call {
  readonly _tag: "Call"
  readonly messageId: string
  readonly action: string
  readonly payload: unknown
}

/**
 * An answer: `[3, id, payload]`.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallResult {
  readonly _tag: "CallResult"
  readonly messageId: string
  readonly payload: unknown
}

/**
 * A refusal: `[4, id, code, description, details]`.
 *
 * **Details**
 *
 * `code` is in the library's spelling. `flaw` says what was wrong with the frame where a part had to be made up, so
 * that the caller who waits for this answer still gets one.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallError {
  readonly _tag: "CallError"
  readonly messageId: string
  readonly code: string
  readonly description: string
  readonly details: Record<string, unknown>
  readonly flaw: string | undefined
}

/**
 * A request whose id can be read and whose other parts cannot.
 *
 * @category models
 * @since 0.1.0
 */
export interface BadCall {
  readonly _tag: "BadCall"
  readonly messageId: string
  readonly flaw: string
}

/**
 * A frame with a message type number that OCPP-J does not have.
 *
 * @category models
 * @since 0.1.0
 */
export interface UnknownMessageType {
  readonly _tag: "UnknownMessageType"
  readonly messageId: string | undefined
}

/**
 * Text that is no frame. An `answer` has no one to tell of the flaw but this side.
 *
 * @category models
 * @since 0.1.0
 */
export interface Malformed {
  readonly _tag: "Malformed"
  readonly kind: "answer" | "other"
  readonly flaw: string
}

/**
 * What a text turned out to be.
 *
 * @category models
 * @since 0.1.0
 */
export type Frame = Call | CallResult | CallError | BadCall | UnknownMessageType | Malformed

/**
 * Reads a text frame. Never fails.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Frame => {
  const json = Result.try((): unknown => JSON.parse(text))
  if (Result.isFailure(json)) return { _tag: "Malformed", kind: "other", flaw: "the frame is not JSON" }
  const frame = json.success
  if (!Array.isArray(frame)) return { _tag: "Malformed", kind: "other", flaw: "the frame is not a JSON array" }
  const parts: ReadonlyArray<unknown> = frame
  switch (parts[0]) {
    case 2:
      return parseCall(parts)
    case 3:
    case 4:
      return parseAnswer(parts)
    default:
      return typeof parts[0] === "number"
        ? { _tag: "UnknownMessageType", messageId: isMessageId(parts[1]) ? parts[1] : undefined }
        : { _tag: "Malformed", kind: "other", flaw: "the message type is not a number" }
  }
}

const parseCall = (parts: ReadonlyArray<unknown>): Call | BadCall | Malformed => {
  const [, messageId, action, payload] = parts
  if (!isText(messageId)) return { _tag: "Malformed", kind: "other", flaw: "the message id is not a text" }
  if (!isMessageId(messageId)) {
    return { _tag: "BadCall", messageId, flaw: `the message id is longer than ${maxMessageId} characters` }
  }
  if (parts.length !== 4) return { _tag: "BadCall", messageId, flaw: "a CALL has four elements" }
  if (typeof action !== "string") return { _tag: "BadCall", messageId, flaw: "the action is not a text" }
  return { _tag: "Call", messageId, action, payload }
}

const parseAnswer = (parts: ReadonlyArray<unknown>): CallResult | CallError | Malformed => {
  const [type, messageId, third, description, details] = parts
  if (!isText(messageId)) return { _tag: "Malformed", kind: "answer", flaw: "the message id is not a text" }
  if (type === 3) {
    return parts.length === 3
      ? { _tag: "CallResult", messageId, payload: third }
      : { _tag: "Malformed", kind: "answer", flaw: "a CALLRESULT has three elements" }
  }
  const flawless =
    parts.length === 5 && typeof third === "string" && typeof description === "string" && isObject(details)
  return {
    _tag: "CallError",
    messageId,
    code: typeof third === "string" ? (canonical.get(third) ?? third) : "GenericError",
    description: typeof description === "string" ? description : "",
    details: isObject(details) ? details : {},
    flaw: flawless ? undefined : "a CALLERROR has a code, a description and details"
  }
}

// Every version's spelling is read, whatever the version of the connection.
const canonical = new Map<string, ErrorCode>([
  ["FormationViolation", "FormatViolation"],
  ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"]
])

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const isMessageId = (value: unknown): value is string =>
  isText(value) && (value.length <= maxMessageId || Array.from(value).length <= maxMessageId)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

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
 * Writes a refusal, with the code in the spelling of the wire; fails if JSON has no form for the details.
 *
 * @category encoding
 * @since 0.1.0
 */
export const callError = (
  messageId: string,
  code: string,
  description: string,
  details: Record<string, unknown>
): Result.Result<string, unknown> => write([4, messageId, code, description.slice(0, maxDescription), details])

const write = (frame: ReadonlyArray<unknown>): Result.Result<string, unknown> =>
  Result.try({ try: () => JSON.stringify(frame), catch: (cause) => cause })
