/**
 * Functional block F of OCPP 2.0.1, Remote Control: remote start and stop, unlocking and triggered messages.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { ChargingProfileType, CustomDataType, EVSEType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

/**
 * The CSMS starts a transaction for a driver who uses, say, an app.
 *
 * @see P2 F01, F02
 * @category messages
 * @since 0.1.0
 */
export class RequestStartTransactionRequest extends Schema.Opaque<RequestStartTransactionRequest>()(
  Schema.Struct({
    /** Never 0; absent: the station chooses. */
    evseId: Schema.optionalKey(Wire.Integer),
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
 * Whether a remote start or stop is taken up.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestStartStopStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "RequestStartStopStatusEnumType"
})
/**
 * A value of {@link RequestStartStopStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type RequestStartStopStatusEnumType = typeof RequestStartStopStatusEnumType.Type

/**
 * Whether the station tries to start. The transaction itself shows in `TransactionEvent`.
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
 * The CSMS stops a transaction.
 *
 * @see P2 F03
 * @category messages
 * @since 0.1.0
 */
export class RequestStopTransactionRequest extends Schema.Opaque<RequestStopTransactionRequest>()(
  Schema.Struct({
    transactionId: Wire.text(36),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RequestStopTransactionRequest" })
) {}

/**
 * Whether the station stops the transaction; `Rejected` when it does not know it.
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
 * @see P2 F05
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorRequest extends Schema.Opaque<UnlockConnectorRequest>()(
  Schema.Struct({
    evseId: Wire.Integer,
    connectorId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UnlockConnectorRequest" })
) {}

/**
 * What became of the lock of a connector.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UnlockStatusEnumType = Schema.Literals([
  "Unlocked",
  "UnlockFailed",
  "OngoingAuthorizedTransaction",
  "UnknownConnector"
]).annotate({ identifier: "UnlockStatusEnumType" })
/**
 * A value of {@link UnlockStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnlockStatusEnumType = typeof UnlockStatusEnumType.Type

/**
 * What became of the lock.
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
  "StatusNotification",
  "TransactionEvent",
  "SignCombinedCertificate",
  "PublishFirmwareStatusNotification"
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
 * @see P2 F06
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageRequest extends Schema.Opaque<TriggerMessageRequest>()(
  Schema.Struct({
    /** Ignored for messages that belong to no EVSE. */
    evse: Schema.optionalKey(EVSEType),
    requestedMessage: MessageTriggerEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TriggerMessageRequest" })
) {}

/**
 * Whether the message will follow.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TriggerMessageStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NotImplemented"]).annotate({
  identifier: "TriggerMessageStatusEnumType"
})
/**
 * A value of {@link TriggerMessageStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerMessageStatusEnumType = typeof TriggerMessageStatusEnumType.Type

/**
 * Whether the message will follow; `NotImplemented` when the station does not know it.
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
