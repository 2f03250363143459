/**
 * Remote trigger: the station sends a message because it is asked to.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Evse, StatusInfo } from "./DataTypes.ts"

/**
 * The message that a station is to send. `SignV2G20Certificate` and `CustomTrigger` are of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageTrigger = Schema.Literals([
  "BootNotification",
  "LogStatusNotification",
  "FirmwareStatusNotification",
  "Heartbeat",
  "MeterValues",
  "SignChargingStationCertificate",
  "SignV2GCertificate",
  "StatusNotification",
  "TransactionEvent",
  "SignCombinedCertificate",
  "SignV2G20Certificate",
  "PublishFirmwareStatusNotification",
  "CustomTrigger"
]).annotate({ identifier: "MessageTrigger" })
/**
 * A value of {@link MessageTrigger}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageTrigger = typeof MessageTrigger.Type

/**
 * Asks the station to send a message once it has answered.
 *
 * **Gotchas**
 *
 * A station of 1.6 tells by `LogStatusNotification` and `FirmwareStatusNotification` of an upload and of an update without
 * `requestId` only.
 *
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageRequest extends Schema.Opaque<TriggerMessageRequest>()(
  Schema.Struct({
    requestedMessage: MessageTrigger,
    /** What to send, with `CustomTrigger`: a word that both sides have agreed on. */
    customTrigger: Schema.optionalKey(Schema.String),
    /** What the message is to be about; EVSE 0 is the station itself. Absent: all that it can be about. */
    evse: Schema.optionalKey(Evse)
  }).annotate({ identifier: "TriggerMessageRequest" })
) {}

/**
 * Whether the message will be sent; `NotImplemented`: the station does not know it.
 *
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
 * Whether the message will be sent.
 *
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageResponse extends Schema.Opaque<TriggerMessageResponse>()(
  Schema.Struct({
    status: TriggerMessageStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "TriggerMessageResponse" })
) {}

/**
 * Asks the station to send a message.
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
