/**
 * Display messages: texts that a station shows to drivers.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { MessageContent, StatusInfo } from "./DataTypes.ts"
import * as Variable from "./Variable.ts"

/**
 * How much a message is to be seen.
 *
 * **Details**
 *
 * - `AlwaysFront`: it is always shown; it replaces another one of this priority.
 * - `InFront`: it is shown whenever there is room for it; several take turns.
 * - `NormalCycle`: it takes turns with all others.
 *
 * @see P2 O01
 * @category schemas
 * @since 0.1.0
 */
export const MessagePriority = Schema.Literals(["AlwaysFront", "InFront", "NormalCycle"]).annotate({
  identifier: "MessagePriority"
})
/**
 * A value of {@link MessagePriority}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessagePriority = typeof MessagePriority.Type

/**
 * What the station does while a message is shown. `Discharging` and `Suspended` are of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageState = Schema.Literals([
  "Charging",
  "Discharging",
  "Faulted",
  "Idle",
  "Suspended",
  "Unavailable"
]).annotate({ identifier: "MessageState" })
/**
 * A value of {@link MessageState}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageState = typeof MessageState.Type

/**
 * A text with where and when it is shown.
 *
 * @category models
 * @since 0.1.0
 */
export class MessageInfo extends Schema.Opaque<MessageInfo>()(
  Schema.Struct({
    /** The CSMS chooses it. */
    id: Schema.Int,
    priority: MessagePriority,
    message: MessageContent,
    /** Of 2.1. The same in further languages, one to four, if there is a list. */
    messageExtra: Schema.optionalKey(Schema.Array(MessageContent)),
    /** Absent: whatever the station does. */
    state: Schema.optionalKey(MessageState),
    /** Absent: from now on. */
    startDateTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** When it is removed; absent: it is not. */
    endDateTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** It is shown during this transaction only, and removed at the end of it. */
    transactionId: Schema.optionalKey(Schema.String),
    /** The component that shows it, where there are several; absent: the main display. */
    display: Schema.optionalKey(Variable.Component)
  }).annotate({ identifier: "MessageInfo" })
) {}

/**
 * Has the station show a message. It replaces the one with the same id.
 *
 * @see P2 O01, O02, O06
 * @category messages
 * @since 0.1.0
 */
export class SetDisplayMessageRequest extends Schema.Opaque<SetDisplayMessageRequest>()(
  Schema.Struct({
    message: MessageInfo
  }).annotate({ identifier: "SetDisplayMessageRequest" })
) {}

/**
 * Whether a message is taken, or what the station cannot do with it. `LanguageNotSupported` is of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DisplayMessageStatus = Schema.Literals([
  "Accepted",
  "NotSupportedMessageFormat",
  "Rejected",
  "NotSupportedPriority",
  "NotSupportedState",
  "UnknownTransaction",
  "LanguageNotSupported"
]).annotate({ identifier: "DisplayMessageStatus" })
/**
 * A value of {@link DisplayMessageStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type DisplayMessageStatus = typeof DisplayMessageStatus.Type

/**
 * Whether the message is taken, or what the station cannot do with it.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetDisplayMessageResponse extends Schema.Opaque<SetDisplayMessageResponse>()(
  Schema.Struct({
    status: DisplayMessageStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetDisplayMessageResponse" })
) {}

/**
 * Has the station show a message.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetDisplayMessage = Action.make("SetDisplayMessage", {
  from: "csms",
  block: "DisplayMessage",
  request: SetDisplayMessageRequest,
  response: SetDisplayMessageResponse
})

/**
 * Asks for messages of the station, which follow in `NotifyDisplayMessages`. A criterion that is left out does not filter.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class GetDisplayMessagesRequest extends Schema.Opaque<GetDisplayMessagesRequest>()(
  Schema.Struct({
    /** Comes back in `NotifyDisplayMessages`. */
    requestId: Schema.Int,
    /** Those of the messages, one at least, if there is a list. */
    id: Schema.optionalKey(Schema.Array(Schema.Int)),
    priority: Schema.optionalKey(MessagePriority),
    state: Schema.optionalKey(MessageState)
  }).annotate({ identifier: "GetDisplayMessagesRequest" })
) {}

/**
 * Whether messages follow; `Unknown`: none matches.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetDisplayMessagesStatus = Schema.Literals(["Accepted", "Unknown"]).annotate({
  identifier: "GetDisplayMessagesStatus"
})
/**
 * A value of {@link GetDisplayMessagesStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetDisplayMessagesStatus = typeof GetDisplayMessagesStatus.Type

/**
 * Whether messages follow.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetDisplayMessagesResponse extends Schema.Opaque<GetDisplayMessagesResponse>()(
  Schema.Struct({
    status: GetDisplayMessagesStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "GetDisplayMessagesResponse" })
) {}

/**
 * Asks for messages of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetDisplayMessages = Action.make("GetDisplayMessages", {
  from: "csms",
  block: "DisplayMessage",
  request: GetDisplayMessagesRequest,
  response: GetDisplayMessagesResponse
})

/**
 * Messages of the station, or a part of them.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDisplayMessagesRequest extends Schema.Opaque<NotifyDisplayMessagesRequest>()(
  Schema.Struct({
    /** That of `GetDisplayMessages`. */
    requestId: Schema.Int,
    /** Whether more parts follow; absent: this is the last. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** One at least, if there is a list. */
    messageInfo: Schema.optionalKey(Schema.Array(MessageInfo))
  }).annotate({ identifier: "NotifyDisplayMessagesRequest" })
) {}

/**
 * The part was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyDisplayMessagesResponse extends Schema.Opaque<NotifyDisplayMessagesResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyDisplayMessagesResponse" })
) {}

/**
 * Delivers messages of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyDisplayMessages = Action.make("NotifyDisplayMessages", {
  from: "station",
  block: "DisplayMessage",
  request: NotifyDisplayMessagesRequest,
  response: NotifyDisplayMessagesResponse
})

/**
 * Removes a message.
 *
 * @see P2 O05
 * @category messages
 * @since 0.1.0
 */
export class ClearDisplayMessageRequest extends Schema.Opaque<ClearDisplayMessageRequest>()(
  Schema.Struct({
    id: Schema.Int
  }).annotate({ identifier: "ClearDisplayMessageRequest" })
) {}

/**
 * Whether a message was removed. `Unknown`: there is none; `Rejected`, of 2.1 only: it cannot be removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearMessageStatus = Schema.Literals(["Accepted", "Unknown", "Rejected"]).annotate({
  identifier: "ClearMessageStatus"
})
/**
 * A value of {@link ClearMessageStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearMessageStatus = typeof ClearMessageStatus.Type

/**
 * Whether the message was removed.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearDisplayMessageResponse extends Schema.Opaque<ClearDisplayMessageResponse>()(
  Schema.Struct({
    status: ClearMessageStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ClearDisplayMessageResponse" })
) {}

/**
 * Removes a message.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearDisplayMessage = Action.make("ClearDisplayMessage", {
  from: "csms",
  block: "DisplayMessage",
  request: ClearDisplayMessageRequest,
  response: ClearDisplayMessageResponse
})
