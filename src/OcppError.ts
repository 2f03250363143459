/**
 * The ways in which a call can fail, as a closed union: `NotSent`, `Uncertain`, `CallError`, `InvalidResponse`.
 *
 * They tell a caller what is safe to repeat: after `NotSent` nothing has left this side, after `Uncertain` the peer may
 * have acted, after `CallError` it has refused, after `InvalidResponse` it has answered something that is no answer.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { escape } from "./Escape.ts"

/**
 * The error codes of OCPP in the spelling of 2.x.
 *
 * **Details**
 *
 * One spelling is used throughout the library; each protocol writes its own to the wire (`FormationViolation` and
 * `OccurenceConstraintViolation` in 1.6) and reads both.
 *
 * @see J16 §4.2.3, P4 §4.3
 * @category schemas
 * @since 0.1.0
 */
export const ErrorCode = Schema.Literals([
  "NotImplemented",
  "NotSupported",
  "InternalError",
  "ProtocolError",
  "SecurityError",
  "FormatViolation",
  "PropertyConstraintViolation",
  "OccurrenceConstraintViolation",
  "TypeConstraintViolation",
  "GenericError",
  "MessageTypeNotSupported",
  "RpcFrameworkError"
])

/**
 * An error code of OCPP.
 *
 * @category models
 * @since 0.1.0
 */
export type ErrorCode = typeof ErrorCode.Type

/**
 * One way in which a value breaks its schema.
 *
 * **Details**
 *
 * `path` points into the message (`connectorId`, `meterValue[0].timestamp`; empty for the message itself), `rule` says
 * what was expected there, and `code` is the error code that OCPP has for it. The value at fault is never part of it.
 *
 * @category models
 * @since 0.1.0
 */
export class Violation extends Schema.Opaque<Violation>()(
  Schema.Struct({
    path: Schema.String,
    rule: Schema.String,
    code: ErrorCode
  }).annotate({ identifier: "Violation" })
) {}

/** Violations in one line. @internal */
export const inWords = (violations: ReadonlyArray<Violation>): string =>
  violations.map(({ path, rule }) => (path === "" ? rule : `${escape(path)}: ${rule}`)).join("; ")

const explanations = {
  NotConnected: "there is no connection",
  QueueFull: "too many calls are waiting",
  Timeout: "its turn did not come in time",
  NotSupported: "this side has no such action",
  NotAccepted: "the station is not accepted by its CSMS",
  NotStored: "it could not be stored",
  NotExpressible: "the version of the connection cannot say it"
}

/**
 * Nothing has left this side: the call can be repeated without risk.
 *
 * **Details**
 *
 * - `NotConnected`: there is no connection to the peer, or it closed before the call's turn came.
 * - `QueueFull`: too many calls are waiting for theirs.
 * - `Timeout`: its turn did not come within its `timeout`.
 * - `InvalidRequest`: the request breaks its schema; `violations` says where.
 * - `NotSupported`: the action does not exist in the protocol of the connection, or is not this side's to start;
 *   `violations` says which version the connection speaks.
 * - `NotAccepted`: the CSMS has not accepted the station, so that this may not be sent yet.
 * - `NotStored`: the storage has failed that a station puts the message in before it sends it, or the scope of the station
 *   has closed.
 * - `NotExpressible`: a generic request says something that the version of the connection cannot carry; `violations` names
 *   the fields and why.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotSent extends Schema.TaggedError<NotSent>()("NotSent", {
  action: Schema.String,
  reason: Schema.Literals([
    "NotConnected",
    "QueueFull",
    "Timeout",
    "InvalidRequest",
    "NotSupported",
    "NotAccepted",
    "NotStored",
    "NotExpressible"
  ]),
  violations: Schema.Array(Violation).pipe(Schema.withConstructorDefault(Effect.succeed([])))
}) {
  override get message(): string {
    const isExplained = this.violations.length > 0 || this.reason === "InvalidRequest"
    return `${this.action} was not sent: ${isExplained ? inWords(this.violations) : explanations[this.reason]}`
  }
}

/**
 * The call was sent and no answer came: the peer may or may not have acted on it.
 *
 * @category errors
 * @since 0.1.0
 */
export class Uncertain extends Schema.TaggedError<Uncertain>()("Uncertain", {
  action: Schema.String,
  messageId: Schema.String,
  reason: Schema.Literals(["Timeout", "ConnectionLost"])
}) {
  override get message(): string {
    return `${this.action} (${this.messageId}) was sent and not answered: ${this.reason}`
  }
}

/**
 * The peer answered with an error, or a handler wants to.
 *
 * **When to use**
 *
 * Fail a handler with it to answer a request with an error: `new CallError({ code: "NotSupported" })`.
 *
 * **Details**
 *
 * - `code`: an {@link ErrorCode} or, when a peer sent one that OCPP does not know, the text that came.
 * - `action`: what was called; absent where a handler makes the error.
 *
 * `message` is escaped, `code`, `description` and `details` are as they came.
 *
 * @category errors
 * @since 0.1.0
 */
export class CallError extends Schema.TaggedError<CallError>()("CallError", {
  code: Schema.Union([ErrorCode, Schema.String]),
  action: Schema.optionalKey(Schema.String),
  description: Schema.String.pipe(Schema.withConstructorDefault(Effect.succeed(""))),
  details: Schema.Record(Schema.String, Schema.Unknown).pipe(Schema.withConstructorDefault(Effect.succeed({})))
}) {
  override get message(): string {
    const said = this.description === "" ? this.code : `${this.code}: ${this.description}`
    return escape(this.action === undefined ? said : `${this.action} was refused: ${said}`)
  }
}

/**
 * The peer answered with a payload that breaks the schema of the response; `payload` is what it sent. Of an answer that
 * is no frame, but whose id can be read, it is the beginning of the text, at most 4,096 characters as they came: escape
 * them before they are shown.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>()("InvalidResponse", {
  action: Schema.String,
  messageId: Schema.String,
  payload: Schema.Unknown,
  violations: Schema.Array(Violation)
}) {
  override get message(): string {
    return `the answer to ${this.action} (${this.messageId}) is invalid: ${inWords(this.violations)}`
  }
}

/**
 * Everything that a call can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type CallFailure = NotSent | Uncertain | CallError | InvalidResponse

/** Whether it is what a call has failed with. @internal */
export const isCallFailure = (failure: unknown): failure is CallFailure =>
  failure instanceof NotSent ||
  failure instanceof Uncertain ||
  failure instanceof CallError ||
  failure instanceof InvalidResponse
