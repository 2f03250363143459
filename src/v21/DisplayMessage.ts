/**
 * Functional block O of OCPP 2.1, Display Message: messages on the display of the station.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  GetDisplayMessagesStatusEnumType,
  MessagePriorityEnumType,
  NotifyDisplayMessagesResponse
} from "../v201/DisplayMessage.ts"
import { ComponentType, CustomDataType, MessageContentType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  GetDisplayMessagesStatusEnumType,
  MessagePriorityEnumType,
  NotifyDisplayMessagesResponse
} from "../v201/DisplayMessage.ts"

/**
 * The state of the station in which a message is shown.
 *
 * **Changed in 2.1**: adds `Suspended`, `Discharging`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageStateEnumType = Schema.Literals([
  "Charging",
  "Faulted",
  "Idle",
  "Unavailable",
  "Suspended",
  "Discharging"
]).annotate({ identifier: "MessageStateEnumType" })
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
 * **Changed in 2.1**: adds `messageExtra`; `id` is not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class MessageInfoType extends Schema.Opaque<MessageInfoType>()(
  Schema.Struct({
    /** Which display, where there are several. */
    display: Schema.optionalKey(ComponentType),
    /** Chosen by the CSMS. */
    id: Wire.Natural,
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
    /** The same in further languages. */
    messageExtra: Schema.optionalKey(
      Schema.Array(MessageContentType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MessageInfoType" })
) {}

/**
 * The CSMS puts a message on the display. One with the same id is replaced.
 *
 * **Changed in 2.1**: only through `MessageInfoType`.
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
 * **Changed in 2.1**: adds `LanguageNotSupported`.
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
  "UnknownTransaction",
  "LanguageNotSupported"
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
 * **Changed in 2.1**: only through `DisplayMessageStatusEnumType`, `StatusInfoType`.
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
 * **Changed in 2.1**: `id` is not negative.
 *
 * @see P2 O03, O04
 * @category messages
 * @since 0.1.0
 */
export class GetDisplayMessagesRequest extends Schema.Opaque<GetDisplayMessagesRequest>()(
  Schema.Struct({
    id: Schema.optionalKey(Schema.Array(Wire.Natural).check(Schema.isMinLength(1))),
    /** Comes back in `NotifyDisplayMessages`. */
    requestId: Wire.Integer,
    priority: Schema.optionalKey(MessagePriorityEnumType),
    state: Schema.optionalKey(MessageStateEnumType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetDisplayMessagesRequest" })
) {}

/**
 * Whether messages will follow; `Unknown` when nothing matches.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * **Changed in 2.1**: only through `MessageInfoType`.
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
 * **Changed in 2.1**: `id` is not negative.
 *
 * @see P2 O05
 * @category messages
 * @since 0.1.0
 */
export class ClearDisplayMessageRequest extends Schema.Opaque<ClearDisplayMessageRequest>()(
  Schema.Struct({
    id: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearDisplayMessageRequest" })
) {}

/**
 * Whether a display message was removed.
 *
 * **Changed in 2.1**: adds `Rejected`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearMessageStatusEnumType = Schema.Literals(["Accepted", "Unknown", "Rejected"]).annotate({
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
 * **Changed in 2.1**: only through `ClearMessageStatusEnumType`, `StatusInfoType`.
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
