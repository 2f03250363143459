/**
 * Functional block E of OCPP 2.0.1, Transactions: charging sessions from start to end.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  CustomDataType,
  EVSEType,
  IdTokenInfoType,
  IdTokenType,
  MessageContentType,
  MeterValueType
} from "./DataTypes.ts"

/**
 * The place of an event in its transaction: the first, the last, or one between.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TransactionEventEnumType = Schema.Literals(["Ended", "Started", "Updated"]).annotate({
  identifier: "TransactionEventEnumType"
})
/**
 * A value of {@link TransactionEventEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TransactionEventEnumType = typeof TransactionEventEnumType.Type

/**
 * What made the station send an event.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TriggerReasonEnumType = Schema.Literals([
  "Authorized",
  "CablePluggedIn",
  "ChargingRateChanged",
  "ChargingStateChanged",
  "Deauthorized",
  "EnergyLimitReached",
  "EVCommunicationLost",
  "EVConnectTimeout",
  "MeterValueClock",
  "MeterValuePeriodic",
  "TimeLimitReached",
  "Trigger",
  "UnlockCommand",
  "StopAuthorized",
  "EVDeparted",
  "EVDetected",
  "RemoteStop",
  "RemoteStart",
  "AbnormalCondition",
  "SignedDataReceived",
  "ResetCommand"
]).annotate({ identifier: "TriggerReasonEnumType" })
/**
 * A value of {@link TriggerReasonEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerReasonEnumType = typeof TriggerReasonEnumType.Type

/**
 * What charging in a transaction is doing.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingStateEnumType = Schema.Literals([
  "Charging",
  "EVConnected",
  "SuspendedEV",
  "SuspendedEVSE",
  "Idle"
]).annotate({ identifier: "ChargingStateEnumType" })
/**
 * A value of {@link ChargingStateEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingStateEnumType = typeof ChargingStateEnumType.Type

/**
 * Why a transaction ended. Absent means `Local`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReasonEnumType = Schema.Literals([
  "DeAuthorized",
  "EmergencyStop",
  "EnergyLimitReached",
  "EVDisconnected",
  "GroundFault",
  "ImmediateReset",
  "Local",
  "LocalOutOfCredit",
  "MasterPass",
  "Other",
  "OvercurrentFault",
  "PowerLoss",
  "PowerQuality",
  "Reboot",
  "Remote",
  "SOCLimitReached",
  "StoppedByEV",
  "TimeLimitReached",
  "Timeout"
]).annotate({ identifier: "ReasonEnumType" })
/**
 * A value of {@link ReasonEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReasonEnumType = typeof ReasonEnumType.Type

/**
 * A transaction as it stands.
 *
 * @category models
 * @since 0.1.0
 */
export class TransactionType extends Schema.Opaque<TransactionType>()(
  Schema.Struct({
    transactionId: Wire.text(36),
    chargingState: Schema.optionalKey(ChargingStateEnumType),
    /** Seconds in which energy flowed. */
    timeSpentCharging: Schema.optionalKey(Wire.Integer),
    /** Absent in the last event means `Local`. */
    stoppedReason: Schema.optionalKey(ReasonEnumType),
    /** The id of the `RequestStartTransaction` that led to it. */
    remoteStartId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TransactionType" })
) {}

/**
 * The station reports what happens to a transaction. `Started` is the first event and `Ended` the last; events of an
 * offline time are sent later with `offline` set.
 *
 * @see P2 E01, E06
 * @category messages
 * @since 0.1.0
 */
export class TransactionEventRequest extends Schema.Opaque<TransactionEventRequest>()(
  Schema.Struct({
    eventType: TransactionEventEnumType,
    meterValue: Schema.optionalKey(Schema.Array(MeterValueType).check(Schema.isMinLength(1))),
    timestamp: Timestamp,
    triggerReason: TriggerReasonEnumType,
    /** Counted up within the transaction, so that gaps show. */
    seqNo: Wire.Integer,
    /** Absent means false. */
    offline: Schema.optionalKey(Schema.Boolean),
    numberOfPhasesUsed: Schema.optionalKey(Wire.Integer),
    /** A. */
    cableMaxCurrent: Schema.optionalKey(Wire.Integer),
    /** The reservation that this transaction used. */
    reservationId: Schema.optionalKey(Wire.Integer),
    transactionInfo: TransactionType,
    /** Once known, needed in one event only. */
    evse: Schema.optionalKey(EVSEType),
    /** When it was presented, needed in one event only. */
    idToken: Schema.optionalKey(IdTokenType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TransactionEventRequest" })
) {}

/**
 * The cost and what the driver should know. A status other than `Accepted` in `idTokenInfo` ends or blocks the
 * transaction as the station is configured.
 *
 * @see P2 E01, E06
 * @category messages
 * @since 0.1.0
 */
export class TransactionEventResponse extends Schema.Opaque<TransactionEventResponse>()(
  Schema.Struct({
    /** Only at the end. Taxes included, in the configured currency; 0 is free, absent is not. */
    totalCost: Schema.optionalKey(Wire.Decimal),
    /** From -9 to 9, for this transaction; overrules that of the identifier. */
    chargingPriority: Schema.optionalKey(Wire.Integer),
    idTokenInfo: Schema.optionalKey(IdTokenInfoType),
    updatedPersonalMessage: Schema.optionalKey(MessageContentType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TransactionEventResponse" })
) {}

/**
 * Reports the start, progress or end of a transaction.
 *
 * @category actions
 * @since 0.1.0
 */
export const TransactionEvent = Action.make("TransactionEvent", {
  from: "station",
  block: "Transactions",
  request: TransactionEventRequest,
  response: TransactionEventResponse
})

/**
 * The CSMS asks whether a transaction goes on and whether messages about it wait. Without an id it asks for waiting
 * messages of any transaction.
 *
 * @see P2 E14
 * @category messages
 * @since 0.1.0
 */
export class GetTransactionStatusRequest extends Schema.Opaque<GetTransactionStatusRequest>()(
  Schema.Struct({
    transactionId: Schema.optionalKey(Wire.text(36)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetTransactionStatusRequest" })
) {}

/**
 * Whether the transaction goes on, and whether messages wait in the queue.
 *
 * @see P2 E14
 * @category messages
 * @since 0.1.0
 */
export class GetTransactionStatusResponse extends Schema.Opaque<GetTransactionStatusResponse>()(
  Schema.Struct({
    /** Absent when the request named no transaction. */
    ongoingIndicator: Schema.optionalKey(Schema.Boolean),
    messagesInQueue: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetTransactionStatusResponse" })
) {}

/**
 * Asks whether messages of a transaction are still to come.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetTransactionStatus = Action.make("GetTransactionStatus", {
  from: "csms",
  block: "Transactions",
  request: GetTransactionStatusRequest,
  response: GetTransactionStatusResponse
})
