/**
 * Functional block O of OCPP 2.0.1, Display Message: messages on the display of the station.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { ComponentType, CustomDataType, MessageContentType, StatusInfoType } from "./DataTypes.ts"

/**
 * How insistently a message is shown: always in front, in front, or in turn with others.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessagePriorityEnumType = Schema.Literals(["AlwaysFront", "InFront", "NormalCycle"]).annotate({
  identifier: "MessagePriorityEnumType"
})
/**
 * A value of {@link MessagePriorityEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessagePriorityEnumType = typeof MessagePriorityEnumType.Type

/**
 * The state of the station in which a message is shown.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageStateEnumType = Schema.Literals(["Charging", "Faulted", "Idle", "Unavailable"]).annotate({
  identifier: "MessageStateEnumType"
})
/**
 * A value of {@link MessageStateEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageStateEnumType = typeof MessageStateEnumType.Type

/**
 * A message on the display: what it says, when it is shown, and how insistently.
 *
 * @category models
 * @since 0.1.0
 */
export class MessageInfoType extends Schema.Opaque<MessageInfoType>()(
  Schema.Struct({
    /** Which display, where there are several. */
    display: Schema.optionalKey(ComponentType),
    /** Chosen by the CSMS. */
    id: Wire.Integer,
    priority: MessagePriorityEnumType,
    /** Absent: in every state. */
    state: Schema.optionalKey(MessageStateEnumType),
    /** Absent: from now on. */
    startDateTime: Schema.optionalKey(Timestamp),
    /** When the message is removed. */
    endDateTime: Schema.optionalKey(Timestamp),
    /** The message is removed when this transaction ends. */
    transactionId: Schema.optionalKey(Wire.text(36)),
    message: MessageContentType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MessageInfoType" })
) {}

/**
 * The CSMS puts a message on the display. One with the same id is replaced.
 *
 * @see P2 O01, O02, O06
 * @category messages
 * @since 0.1.0
 */
export class SetDisplayMessageRequest extends Schema.Opaque<SetDisplayMessageRequest>()(
  Schema.Struct({
    message: MessageInfoType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetDisplayMessageRequest" })
) {}

/**
 * Whether a message will be shown, or why not.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DisplayMessageStatusEnumType = Schema.Literals([
  "Accepted",
  "NotSupportedMessageFormat",
  "Rejected",
  "NotSupportedPriority",
  "NotSupportedState",
  "UnknownTransaction"
]).annotate({ identifier: "DisplayMessageStatusEnumType" })
/**
 * A value of {@link DisplayMessageStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DisplayMessageStatusEnumType = typeof DisplayMessageStatusEnumType.Type

/**
 * Whether the message will be shown, or why not.
 *
 * @see P2 O01, O02, O06
 * @category messages
 * @since 0.1.0
 */
export class SetDisplayMessageResponse extends Schema.Opaque<SetDisplayMessageResponse>()(
  Schema.Struct({
    status: DisplayMessageStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetDisplayMessageResponse" })
) {}

/**
 * Puts a message on the display.
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
 * The CSMS asks which display messages are set; they follow in `NotifyDisplayMessages`. Filters that are left out do
 * not filter.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class GetDisplayMessagesRequest extends Schema.Opaque<GetDisplayMessagesRequest>()(
  Schema.Struct({
    id: Schema.optionalKey(Schema.Array(Wire.Integer).check(Schema.isMinLength(1))),
    /** Comes back in `NotifyDisplayMessages`. */
    requestId: Wire.Integer,
    priority: Schema.optionalKey(MessagePriorityEnumType),
    state: Schema.optionalKey(MessageStateEnumType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetDisplayMessagesRequest" })
) {}

/**
 * Whether display messages will be reported.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetDisplayMessagesStatusEnumType = Schema.Literals(["Accepted", "Unknown"]).annotate({
  identifier: "GetDisplayMessagesStatusEnumType"
})
/**
 * A value of {@link GetDisplayMessagesStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetDisplayMessagesStatusEnumType = typeof GetDisplayMessagesStatusEnumType.Type

/**
 * Whether messages will follow; `Unknown` when nothing matches.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class GetDisplayMessagesResponse extends Schema.Opaque<GetDisplayMessagesResponse>()(
  Schema.Struct({
    status: GetDisplayMessagesStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetDisplayMessagesResponse" })
) {}

/**
 * Asks which display messages are set.
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
 * The station delivers the display messages that are set, in as many parts as it needs.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDisplayMessagesRequest extends Schema.Opaque<NotifyDisplayMessagesRequest>()(
  Schema.Struct({
    messageInfo: Schema.optionalKey(Schema.Array(MessageInfoType).check(Schema.isMinLength(1))),
    requestId: Wire.Integer,
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyDisplayMessagesRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDisplayMessagesResponse extends Schema.Opaque<NotifyDisplayMessagesResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyDisplayMessagesResponse" })
) {}

/**
 * Delivers a part of the display messages.
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
 * The CSMS removes a display message.
 *
 * @see P2 O05
 * @category messages
 * @since 0.1.0
 */
export class ClearDisplayMessageRequest extends Schema.Opaque<ClearDisplayMessageRequest>()(
  Schema.Struct({
    id: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearDisplayMessageRequest" })
) {}

/**
 * Whether a display message was removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearMessageStatusEnumType = Schema.Literals(["Accepted", "Unknown"]).annotate({
  identifier: "ClearMessageStatusEnumType"
})
/**
 * A value of {@link ClearMessageStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearMessageStatusEnumType = typeof ClearMessageStatusEnumType.Type

/**
 * Whether the message is gone; `Unknown` when there is none with this id.
 *
 * @see P2 O05
 * @category messages
 * @since 0.1.0
 */
export class ClearDisplayMessageResponse extends Schema.Opaque<ClearDisplayMessageResponse>()(
  Schema.Struct({
    status: ClearMessageStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearDisplayMessageResponse" })
) {}

/**
 * Removes a display message.
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
