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
import type {
  CallErrorMessage,
  CallMessage,
  CallResultErrorMessage,
  CallResultMessage,
  Message,
  SendMessage
} from "../engine/Message.ts"
import type { ErrorCode } from "../OcppError.ts"

/**
 * The most characters a message id may have.
 *
 * @see J16 §4.1.4, P4 table 4
 * @category constants
 * @since 0.1.0
 */
export const maxMessageId = 36

// An id that is too long is still answered, for its sender waits; one that is absurdly long is not sent back.
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
 * What a text turned out to be.
 *
 * @category models
 * @since 0.1.0
 */
export type Frame = Message | BadCall | UnknownMessageType | Malformed

/**
 * Reads a text frame of a version that has these message type numbers. Never fails. Of what is nested more
 * than `maxDepth` levels deep, no payload is given.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string, messageTypes: ReadonlySet<number>, maxDepth: number = defaultMaxDepth): Frame => {
  const json = Result.try((): unknown => JSON.parse(text))
  if (Result.isFailure(json)) return { _tag: "Malformed", kind: "other", flaw: "the frame is not JSON" }
  const frame = json.success
  if (!Array.isArray(frame)) return { _tag: "Malformed", kind: "other", flaw: "the frame is not a JSON array" }
  const read = parseParts(frame, messageTypes)
  // Each level takes two brackets, so a short frame needs no look.
  if (text.length <= 2 * maxDepth || !isDeeper(frame, maxDepth)) return read
  return tooDeep(read, `the frame is nested more than ${maxDepth} levels deep`)
}

const parseParts = (parts: ReadonlyArray<unknown>, messageTypes: ReadonlySet<number>): Frame => {
  const type = parts[0]
  if (typeof type !== "number") {
    return { _tag: "Malformed", kind: "other", flaw: "the message type is not a number" }
  }
  if (!messageTypes.has(type)) {
    return { _tag: "UnknownMessageType", messageId: isMessageId(parts[1]) ? parts[1] : undefined }
  }
  switch (type) {
    case 2:
      return parseCall(parts)
    case 6:
      return parseSend(parts)
    default:
      return parseAnswer(parts)
  }
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

/** What is left of a frame that is nested too deeply: who waits for an answer, or for whose answer it is. */
const tooDeep = (frame: Frame, flaw: string): Frame => {
  switch (frame._tag) {
    case "Call":
      return { _tag: "BadCall", messageId: frame.messageId, flaw }
    case "CallResult":
      return { ...frame, payload: undefined, flaw }
    case "CallError":
      return { ...frame, details: {}, flaw }
    case "CallResultError":
    case "Send":
      return { _tag: "Malformed", kind: "unanswerable", flaw }
    default:
      return frame
  }
}

const parseCall = (parts: ReadonlyArray<unknown>): CallMessage | BadCall | Malformed => {
  const [, messageId, action, payload] = parts
  if (!isText(messageId)) return { _tag: "Malformed", kind: "other", flaw: "the message id is not a text" }
  if (messageId.length > maxEchoedId) {
    return { _tag: "Malformed", kind: "other", flaw: `the message id is longer than ${maxEchoedId} characters` }
  }
  if (!isMessageId(messageId)) {
    return { _tag: "BadCall", messageId, flaw: `the message id is longer than ${maxMessageId} characters` }
  }
  if (parts.length !== 4) return { _tag: "BadCall", messageId, flaw: "a CALL has four elements" }
  if (typeof action !== "string") return { _tag: "BadCall", messageId, flaw: "the action is not a text" }
  return { _tag: "Call", messageId, action, payload }
}

const parseSend = (parts: ReadonlyArray<unknown>): SendMessage | Malformed => {
  const [, messageId, action, payload] = parts
  return isMessageId(messageId) && typeof action === "string" && parts.length === 4
    ? { _tag: "Send", messageId, action, payload }
    : { _tag: "Malformed", kind: "unanswerable", flaw: "a SEND has an id, an action and a payload" }
}

const parseAnswer = (
  parts: ReadonlyArray<unknown>
): CallResultMessage | CallErrorMessage | CallResultErrorMessage | Malformed => {
  const [type, messageId, third, fourth, fifth] = parts
  if (!isText(messageId)) return { _tag: "Malformed", kind: "unanswerable", flaw: "the message id is not a text" }
  if (type === 3) {
    const flaw = parts.length === 3 ? undefined : "a CALLRESULT has three elements"
    return { _tag: "CallResult", messageId, payload: third, flaw }
  }
  const code = typeof third === "string" ? (canonical.get(third) ?? third) : "GenericError"
  const description = typeof fourth === "string" ? fourth : ""
  const details = isObject(fifth) ? fifth : {}
  if (type === 5) return { _tag: "CallResultError", messageId, code, description, details }
  const flawless = parts.length === 5 && typeof third === "string" && typeof fourth === "string" && isObject(fifth)
  return {
    _tag: "CallError",
    messageId,
    code,
    description,
    details,
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

const write = (frame: ReadonlyArray<unknown>): Result.Result<string, unknown> =>
  Result.try({ try: () => JSON.stringify(frame), catch: (cause) => cause })
