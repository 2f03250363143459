/**
 * What is reported when a peer breaks the protocol.
 *
 * A deviation never ends a connection and never disturbs another message; it is how nothing is dropped silently.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Violation } from "./OcppError.ts"

/**
 * The kinds of fault in a frame of OCPP-J that a tolerance may let through; `FrameRules` of `effect-ocpp/json` has every
 * rule of a frame, and why the other faults have no kind.
 *
 * **Details**
 *
 * - `ByteOrderMark`: a byte order mark (U+FEFF) before the frame, which is left out.
 * - `ControlCharacter`: a control character (U+0000 to U+001F) as it is within a text, where JSON asks for its escape,
 *   which is read as that escape (`\u0000`); before or between the parts of a frame, where it counts as a space.
 * - `TrailingText`: text behind the end of the frame that holds no other frame, such as NUL, which is left out.
 * - `BinaryForText`: a binary WebSocket message that is UTF-8, which is read as text.
 * - `TextMessageType`: a message type number as text (`"2"`), which becomes a number.
 * - `NumericMessageId`: a number where the text of a message id is due. It is read as its digits, as they came, and the
 *   answer has it in the form in which it came: `[2,17,…]` gets `[3,17,…]`.
 * - `ExtraElement`: more elements than a frame has, which are left out: those at the end, or in an answer the action.
 * - `MissingElement`: a payload that is absent, `null`, `[]` or `""`, which becomes `{}`; details of an error, likewise;
 *   a description that is absent or `null`, which becomes `""`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ToleratedFrameKind = Schema.Literals([
  "ByteOrderMark",
  "ControlCharacter",
  "TrailingText",
  "BinaryForText",
  "TextMessageType",
  "NumericMessageId",
  "ExtraElement",
  "MissingElement"
])

/**
 * A kind of fault in a frame that a tolerance may let through.
 *
 * @category models
 * @since 0.1.0
 */
export type ToleratedFrameKind = typeof ToleratedFrameKind.Type

/**
 * The kinds of fault in a message that a tolerance may let through, those of {@link ToleratedFrameKind} among them.
 *
 * **Details**
 *
 * - `NullForAbsent`: null in an optional field, which is left out.
 * - `EmptyForAbsent`: `""`, `[]` or `{}` where an optional field must not be empty, which is left out.
 * - `EmptyList`: an empty list that must have items, which is kept.
 * - `ExtraField`: a field that the message does not have, which is left out.
 * - `WrongCase`: the name of a field or of an action or a value of an enumeration in another case, which gets the right
 *   one, if there is only one and no such field is there already.
 * - `UnknownValue`: a text that an enumeration does not have, which is kept.
 * - `TooLongText`: a text above its greatest length, which is kept; a message id of at most 255 characters too.
 * - `TooLongList`: a list with more items than it may have, which is kept.
 * - `InvalidUri`: a text that is no absolute URI, which is kept.
 * - `OutOfRange`: a number below its least or above its greatest value, which is kept.
 * - `FractionForInteger`: a number with decimals where a whole one is due, which is kept and never rounded.
 * - `TooManyDecimals`: a limit with more than one decimal, which is kept.
 * - `NumberTooLarge`: a whole number beyond 2^53, which is kept if a number of JavaScript is exactly it; otherwise, as
 *   one of 1.8e308 or more, it is left out of an optional field. With `numbers: "exact"` such a number is no fault.
 * - `TextForNumber`: a decimal number as text (`"12"`), which becomes a number, if that holds all its digits.
 * - `TextForBoolean`: `"true"` or `"false"` in any case, which becomes a boolean.
 * - `NumberForBoolean`: 1 or 0, which becomes `true` or `false`.
 * - `NumberForText`: a number where text is due, which becomes the text with the digits that came: `1.10` becomes
 *   `"1.10"`.
 * - `BooleanForText`: a boolean where text is due, which becomes `"true"` or `"false"`.
 * - `ObjectForText`: an object or a list for the text that is the `data` of DataTransfer in 1.x, which becomes its JSON,
 *   with the digits that came.
 * - `LocalTime`: a time stamp without an offset, which is read as UTC; one in another form of ISO 8601 (an offset `+02`
 *   or `+0200`, a space for the `T`, a comma for the point, no seconds, neither hyphens nor colons) or between blanks,
 *   which gets the right form. Fractions of any length are no fault.
 * - `MissingWrapper`: an object where a list of objects is due, which becomes the only one of a list; or the fields of a
 *   required object in the place of that object, which are put into one.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ToleratedKind = Schema.Literals([
  "NullForAbsent",
  "EmptyForAbsent",
  "EmptyList",
  "ExtraField",
  "WrongCase",
  "UnknownValue",
  "TooLongText",
  "TooLongList",
  "InvalidUri",
  "OutOfRange",
  "FractionForInteger",
  "TooManyDecimals",
  "NumberTooLarge",
  "TextForNumber",
  "TextForBoolean",
  "NumberForBoolean",
  "NumberForText",
  "BooleanForText",
  "ObjectForText",
  "LocalTime",
  "MissingWrapper",
  ...ToleratedFrameKind.literals
])

/**
 * A kind of fault that a tolerance may let through.
 *
 * @category models
 * @since 0.1.0
 */
export type ToleratedKind = typeof ToleratedKind.Type

/**
 * The kinds of deviation.
 *
 * **Details**
 *
 * - `MalformedFrame`: text that is no frame of OCPP-J.
 * - `BinaryFrame`: a binary WebSocket message; OCPP-J is text.
 * - `OversizedFrame`: a frame above the size limit, which closes the connection.
 * - `InvalidFrame`: a frame that is no valid WebSocket frame or no UTF-8, which closes the connection.
 * - `UnknownMessageType`: a frame with a message type number that the protocol lacks.
 * - `RefusedAnswer`: the peer says that an answer of this side is invalid (2.1).
 * - `UnexpectedAnswer`: an answer to nothing: a late one, a repeated one, or one with an unknown id.
 * - `DuplicateMessageId`: a request under the id of another one that is still being handled; it is handled as any. The
 *   same request again is none: both get one answer.
 * - `TooManyRequests`: more requests at a time than this side takes; the one too many is refused.
 * - `NotAccepted`: a request that may not be sent before the CSMS has accepted the station; it is not handled. Where the
 *   message says that no registration is on record, the fault may be that of this side, which has forgotten the station.
 * - `UnknownAction`: a request with an action that the protocol lacks.
 * - `InvalidRequest`: a request that breaks its schema.
 * - `InvalidResponse`: an answer that breaks its schema.
 * - `ImpossibleTime`: a time that cannot be true, by `Timestamp.isPlausible`: in the answer of a CSMS, whose clock the
 *   station does not take over then, or as the time stamp of a transaction message, which is handled as it is.
 * - `RoundedNumber`: a number with more digits than a number of JavaScript holds, where one is due that need not be
 *   whole, or anything; the nearest one was taken. No tolerance is needed, for the message breaks no rule.
 * - `LeftOut`: no fault of the peer: a generic message was sent without what the version of the peer has no place for, as
 *   `Adapter.leavingOut` says.
 * - The kinds of {@link ToleratedKind}: a fault in a request or an answer that the tolerance of the connection lets
 *   through. One message gives one deviation of each kind that it has.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeviationKind = Schema.Literals([
  "MalformedFrame",
  "BinaryFrame",
  "OversizedFrame",
  "InvalidFrame",
  "UnknownMessageType",
  "RefusedAnswer",
  "UnexpectedAnswer",
  "DuplicateMessageId",
  "TooManyRequests",
  "NotAccepted",
  "UnknownAction",
  "InvalidRequest",
  "InvalidResponse",
  "ImpossibleTime",
  "RoundedNumber",
  "LeftOut",
  ...ToleratedKind.literals
])

/**
 * A kind of deviation.
 *
 * @category models
 * @since 0.1.0
 */
export type DeviationKind = typeof DeviationKind.Type

/**
 * One breach of the protocol by a peer.
 *
 * **Details**
 *
 * `message` says in one line what was wrong, without the values at fault; `violations` is empty unless a payload broke
 * its schema.
 *
 * **Gotchas**
 *
 * `messageId`, `action` and the paths of `violations` are as the peer wrote them; escape them before they are shown.
 *
 * @category models
 * @since 0.1.0
 */
export class Deviation extends Schema.Opaque<Deviation>()(
  Schema.Struct({
    kind: DeviationKind,
    message: Schema.String,
    messageId: Schema.optionalKey(Schema.String),
    action: Schema.optionalKey(Schema.String),
    violations: Schema.Array(Violation)
  }).annotate({ identifier: "Deviation" })
) {}
