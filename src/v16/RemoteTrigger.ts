/**
 * The Remote Trigger profile of OCPP 1.6: messages of the station on request.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"

/**
 * The message that the station is to send.
 *
 * @see OCPP 1.6 §7.32
 * @category schemas
 * @since 0.1.0
 */
export const MessageTrigger = Schema.Literals([
  "BootNotification",
  "DiagnosticsStatusNotification",
  "FirmwareStatusNotification",
  "Heartbeat",
  "MeterValues",
  "StatusNotification"
]).annotate({ identifier: "MessageTrigger" })
/**
 * A value of {@link MessageTrigger}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageTrigger = typeof MessageTrigger.Type

/**
 * Whether the message will be sent; `NotImplemented`: the station does not know it.
 *
 * @see OCPP 1.6 §7.44
 * @category schemas
 * @since 0.1.0
 */
export const TriggerMessageStatus = Schema.Literals(["Accepted", "Rejected", "NotImplemented"]).annotate({
  identifier: "TriggerMessageStatus"
})
/**
 * A value of {@link TriggerMessageStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerMessageStatus = typeof TriggerMessageStatus.Type

/**
 * The central system asks for a message with the current state. The station answers first and sends it then.
 *
 * @see OCPP 1.6 §5.17, §6.51
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageRequest extends Schema.Opaque<TriggerMessageRequest>()(
  Schema.Struct({
    requestedMessage: MessageTrigger,
    /** 0: the station itself; absent: the station and all its connectors. Some messages are about neither. */
    connectorId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "TriggerMessageRequest" })
) {}

/**
 * Whether the message will be sent.
 *
 * @see OCPP 1.6 §5.17, §6.52
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageResponse extends Schema.Opaque<TriggerMessageResponse>()(
  Schema.Struct({
    status: TriggerMessageStatus
  }).annotate({ identifier: "TriggerMessageResponse" })
) {}

/**
 * Asks the station for a message.
 *
 * @category actions
 * @since 0.1.0
 */
export const TriggerMessage = Action.make("TriggerMessage", {
  from: "csms",
  block: "RemoteTrigger",
  request: TriggerMessageRequest,
  response: TriggerMessageResponse
})
