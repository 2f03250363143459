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
 * - `DuplicateMessageId`: a request with the id of one that is still being handled; it gets that one's answer.
 * - `TooManyRequests`: more requests at a time than this side takes; the one too many is refused.
 * - `UnknownAction`: a request with an action that the protocol lacks.
 * - `InvalidRequest`: a request that breaks its schema.
 * - `InvalidResponse`: an answer that breaks its schema.
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
  "UnknownAction",
  "InvalidRequest",
  "InvalidResponse"
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
