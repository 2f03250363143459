/**
 * Functional block F of OCPP 2.1, Remote Control: remote start and stop, unlocking and triggered messages.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import {
  RequestStartStopStatusEnumType,
  RequestStopTransactionRequest,
  TriggerMessageStatusEnumType,
  UnlockStatusEnumType
} from "../v201/RemoteControl.ts"
import { ChargingProfileType, CustomDataType, EVSEType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  RequestStartStopStatusEnumType,
  RequestStopTransactionRequest,
  TriggerMessageStatusEnumType,
  UnlockStatusEnumType
} from "../v201/RemoteControl.ts"

/**
 * The CSMS starts a transaction for a driver who uses, say, an app.
 *
 * **Changed in 2.1**: `evseId` is at least 1.
 *
 * @see P2 F01, F02
 * @category messages
 * @since 0.1.0
 */
export class RequestStartTransactionRequest extends Schema.Opaque<RequestStartTransactionRequest>()(
  Schema.Struct({
    /** Never 0; absent: the station chooses. */
    evseId: Schema.optionalKey(Wire.Integer.check(Schema.isGreaterThanOrEqualTo(1))),
    groupIdToken: Schema.optionalKey(IdTokenType),
    idToken: IdTokenType,
    /** Comes back in `TransactionEvent`. */
    remoteStartId: Wire.Integer,
    /** A `TxProfile` without transaction id. */
    chargingProfile: Schema.optionalKey(ChargingProfileType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RequestStartTransactionRequest" })
) {}

/**
 * Whether the station tries to start. The transaction itself shows in `TransactionEvent`.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 F01, F02
 * @category messages
 * @since 0.1.0
 */
export class RequestStartTransactionResponse extends Schema.Opaque<RequestStartTransactionResponse>()(
  Schema.Struct({
    status: RequestStartStopStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    /** Of a transaction that had started already. */
    transactionId: Schema.optionalKey(Wire.text(36)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RequestStartTransactionResponse" })
) {}

/**
 * Starts a transaction from the CSMS.
 *
 * @category actions
 * @since 0.1.0
 */
export const RequestStartTransaction = Action.make("RequestStartTransaction", {
  from: "csms",
  block: "RemoteControl",
  request: RequestStartTransactionRequest,
  response: RequestStartTransactionResponse
})

/**
 * Whether the station stops the transaction; `Rejected` when it does not know it.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 F03
 * @category messages
 * @since 0.1.0
 */
export class RequestStopTransactionResponse extends Schema.Opaque<RequestStopTransactionResponse>()(
  Schema.Struct({
    status: RequestStartStopStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RequestStopTransactionResponse" })
) {}

/**
 * Stops a transaction from the CSMS.
 *
 * @category actions
 * @since 0.1.0
 */
export const RequestStopTransaction = Action.make("RequestStopTransaction", {
  from: "csms",
  block: "RemoteControl",
  request: RequestStopTransactionRequest,
  response: RequestStopTransactionResponse
})

/**
 * The CSMS unlocks a connector, to help a driver whose cable is stuck. While an authorized transaction runs, the
 * station refuses.
 *
 * **Changed in 2.1**: `evseId`, `connectorId` are not negative.
 *
 * @see P2 F05
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorRequest extends Schema.Opaque<UnlockConnectorRequest>()(
  Schema.Struct({
    evseId: Wire.Natural,
    connectorId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UnlockConnectorRequest" })
) {}

/**
 * What became of the lock.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 F05
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorResponse extends Schema.Opaque<UnlockConnectorResponse>()(
  Schema.Struct({
    status: UnlockStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UnlockConnectorResponse" })
) {}

/**
 * Unlocks a connector.
 *
 * @category actions
 * @since 0.1.0
 */
export const UnlockConnector = Action.make("UnlockConnector", {
  from: "csms",
  block: "RemoteControl",
  request: UnlockConnectorRequest,
  response: UnlockConnectorResponse
})

/**
 * The message to send.
 *
 * **Changed in 2.1**: adds `SignV2G20Certificate`, `CustomTrigger`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageTriggerEnumType = Schema.Literals([
  "BootNotification",
  "LogStatusNotification",
  "FirmwareStatusNotification",
  "Heartbeat",
  "MeterValues",
  "SignChargingStationCertificate",
  "SignV2GCertificate",
  "SignV2G20Certificate",
  "StatusNotification",
  "TransactionEvent",
  "SignCombinedCertificate",
  "PublishFirmwareStatusNotification",
  "CustomTrigger"
]).annotate({ identifier: "MessageTriggerEnumType" })
/**
 * A value of {@link MessageTriggerEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageTriggerEnumType = typeof MessageTriggerEnumType.Type

/**
 * The CSMS asks the station to send a message now.
 *
 * **Changed in 2.1**: adds `customTrigger`.
 *
 * @see P2 F06
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageRequest extends Schema.Opaque<TriggerMessageRequest>()(
  Schema.Struct({
    /** Ignored for messages that belong to no EVSE. */
    evse: Schema.optionalKey(EVSEType),
    requestedMessage: MessageTriggerEnumType,
    /** What to send with `CustomTrigger`. */
    customTrigger: Schema.optionalKey(Wire.text(50)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TriggerMessageRequest" })
) {}

/**
 * Whether the message will follow; `NotImplemented` when the station does not know it.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 F06
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageResponse extends Schema.Opaque<TriggerMessageResponse>()(
  Schema.Struct({
    status: TriggerMessageStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TriggerMessageResponse" })
) {}

/**
 * Asks for a message.
 *
 * @category actions
 * @since 0.1.0
 */
export const TriggerMessage = Action.make("TriggerMessage", {
  from: "csms",
  block: "RemoteControl",
  request: TriggerMessageRequest,
  response: TriggerMessageResponse
})
