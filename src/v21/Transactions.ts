/**
 * Functional block E of OCPP 2.1, Transactions: charging sessions from start to end.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { ChargingStateEnumType, TransactionEventEnumType } from "../v201/Transactions.ts"
import {
  CustomDataType,
  EVSEType,
  IdTokenInfoType,
  IdTokenType,
  MessageContentType,
  MeterValueType,
  OperationModeEnumType,
  PriceType
} from "./DataTypes.ts"

// As in 2.0.1.
export {
  ChargingStateEnumType,
  GetTransactionStatus,
  GetTransactionStatusRequest,
  GetTransactionStatusResponse,
  TransactionEventEnumType
} from "../v201/Transactions.ts"

/**
 * What was used. `IdleTIme` is spelt so. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CostDimensionEnumType = Schema.Literals([
  "Energy",
  "MaxCurrent",
  "MinCurrent",
  "MaxPower",
  "MinPower",
  "IdleTIme",
  "ChargingTime"
]).annotate({ identifier: "CostDimensionEnumType" })
/**
 * A value of {@link CostDimensionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CostDimensionEnumType = typeof CostDimensionEnumType.Type

/**
 * How much was used of what. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class CostDimensionType extends Schema.Opaque<CostDimensionType>()(
  Schema.Struct({
    type: CostDimensionEnumType,
    /** Wh, A, W or seconds, as the type says; negative when fed back. */
    volume: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CostDimensionType" })
) {}

/**
 * A part of a transaction with one tariff, and what was used in it. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingPeriodType extends Schema.Opaque<ChargingPeriodType>()(
  Schema.Struct({
    dimensions: Schema.optionalKey(Schema.Array(CostDimensionType).check(Schema.isMinLength(1))),
    /** Absent when the cost was not computed by a tariff. */
    tariffId: Schema.optionalKey(Wire.text(60)),
    /** The period ends where the next starts. */
    startPeriod: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingPeriodType" })
) {}

/**
 * Whether a cost is computed, or the least or the most that a tariff allows. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffCostEnumType = Schema.Literals(["NormalCost", "MinCost", "MaxCost"]).annotate({
  identifier: "TariffCostEnumType"
})
/**
 * A value of {@link TariffCostEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffCostEnumType = typeof TariffCostEnumType.Type

/**
 * A total without tax, with tax, or both. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TotalPriceType extends Schema.Opaque<TotalPriceType>()(
  Schema.Struct({
    exclTax: Schema.optionalKey(Wire.Decimal),
    inclTax: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TotalPriceType" })
) {}

/**
 * The cost of a transaction, by what it is for. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TotalCostType extends Schema.Opaque<TotalCostType>()(
  Schema.Struct({
    /** ISO 4217. */
    currency: Wire.text(3),
    typeOfCost: TariffCostEnumType,
    fixed: Schema.optionalKey(PriceType),
    energy: Schema.optionalKey(PriceType),
    chargingTime: Schema.optionalKey(PriceType),
    idleTime: Schema.optionalKey(PriceType),
    reservationTime: Schema.optionalKey(PriceType),
    reservationFixed: Schema.optionalKey(PriceType),
    total: TotalPriceType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TotalCostType" })
) {}

/**
 * What a transaction used. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TotalUsageType extends Schema.Opaque<TotalUsageType>()(
  Schema.Struct({
    /** The schema names no unit; tariffs count in Wh. */
    energy: Wire.Decimal,
    /** Seconds of the whole session, idle ones included. */
    chargingTime: Wire.Integer,
    /** Seconds. */
    idleTime: Wire.Integer,
    /** Seconds. */
    reservationTime: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TotalUsageType" })
) {}

/**
 * The cost of a transaction as the station computed it. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class CostDetailsType extends Schema.Opaque<CostDetailsType>()(
  Schema.Struct({
    chargingPeriods: Schema.optionalKey(Schema.Array(ChargingPeriodType).check(Schema.isMinLength(1))),
    totalCost: TotalCostType,
    totalUsage: TotalUsageType,
    failureToCalculate: Schema.optionalKey(Schema.Boolean),
    failureReason: Schema.optionalKey(Wire.text(500)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CostDetailsType" })
) {}

/**
 * What made the station send an event.
 *
 * **Changed in 2.1**: adds `CostLimitReached`, `LimitSet`, `OperationModeChanged`, `RunningCost`, `SoCLimitReached`,
 * `TariffChanged`, `TariffNotAccepted`, `TxResumed`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TriggerReasonEnumType = Schema.Literals([
  "AbnormalCondition",
  "Authorized",
  "CablePluggedIn",
  "ChargingRateChanged",
  "ChargingStateChanged",
  "CostLimitReached",
  "Deauthorized",
  "EnergyLimitReached",
  "EVCommunicationLost",
  "EVConnectTimeout",
  "EVDeparted",
  "EVDetected",
  "LimitSet",
  "MeterValueClock",
  "MeterValuePeriodic",
  "OperationModeChanged",
  "RemoteStart",
  "RemoteStop",
  "ResetCommand",
  "RunningCost",
  "SignedDataReceived",
  "SoCLimitReached",
  "StopAuthorized",
  "TariffChanged",
  "TariffNotAccepted",
  "TimeLimitReached",
  "Trigger",
  "TxResumed",
  "UnlockCommand"
]).annotate({ identifier: "TriggerReasonEnumType" })
/**
 * A value of {@link TriggerReasonEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerReasonEnumType = typeof TriggerReasonEnumType.Type

/**
 * Whether the battery is warm or cool enough. Absent means `Unknown`. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PreconditioningStatusEnumType = Schema.Literals([
  "Unknown",
  "Ready",
  "NotReady",
  "Preconditioning"
]).annotate({ identifier: "PreconditioningStatusEnumType" })
/**
 * A value of {@link PreconditioningStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type PreconditioningStatusEnumType = typeof PreconditioningStatusEnumType.Type

/**
 * Why a transaction ended. Absent means `Local`.
 *
 * **Changed in 2.1**: adds `ReqEnergyTransferRejected`.
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
  "MasterPass",
  "Local",
  "LocalOutOfCredit",
  "Other",
  "OvercurrentFault",
  "PowerLoss",
  "PowerQuality",
  "Reboot",
  "Remote",
  "SOCLimitReached",
  "StoppedByEV",
  "TimeLimitReached",
  "Timeout",
  "ReqEnergyTransferRejected"
]).annotate({ identifier: "ReasonEnumType" })
/**
 * A value of {@link ReasonEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReasonEnumType = typeof ReasonEnumType.Type

/**
 * What a transaction may cost, deliver or last at most. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TransactionLimitType extends Schema.Opaque<TransactionLimitType>()(
  Schema.Struct({
    /** In the currency of the tariff. */
    maxCost: Schema.optionalKey(Wire.Decimal),
    /** Wh. */
    maxEnergy: Schema.optionalKey(Wire.Decimal),
    /** Seconds. */
    maxTime: Schema.optionalKey(Wire.Integer),
    /** Percent. */
    maxSoC: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TransactionLimitType" })
) {}

/**
 * A transaction as it stands.
 *
 * **Changed in 2.1**: adds `operationMode`, `tariffId`, `transactionLimit`.
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
    /** Absent means `ChargingOnly`. */
    operationMode: Schema.optionalKey(OperationModeEnumType),
    tariffId: Schema.optionalKey(Wire.text(60)),
    transactionLimit: Schema.optionalKey(TransactionLimitType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TransactionType" })
) {}

/**
 * The station reports what happens to a transaction. `Started` is the first event and `Ended` the last; events of an
 * offline time are sent later with `offline` set.
 *
 * **Changed in 2.1**: adds `costDetails`, `preconditioningStatus`, `evseSleep`; `seqNo`, `reservationId` are not
 * negative; `numberOfPhasesUsed` is 0 to 3.
 *
 * @see P2 E01, E06
 * @category messages
 * @since 0.1.0
 */
export class TransactionEventRequest extends Schema.Opaque<TransactionEventRequest>()(
  Schema.Struct({
    costDetails: Schema.optionalKey(CostDetailsType),
    eventType: TransactionEventEnumType,
    meterValue: Schema.optionalKey(Schema.Array(MeterValueType).check(Schema.isMinLength(1))),
    timestamp: Timestamp,
    triggerReason: TriggerReasonEnumType,
    /** Counted up within the transaction, so that gaps show. */
    seqNo: Wire.Natural,
    /** Absent means false. */
    offline: Schema.optionalKey(Schema.Boolean),
    numberOfPhasesUsed: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(3))),
    /** A. */
    cableMaxCurrent: Schema.optionalKey(Wire.Integer),
    /** The reservation that this transaction used. */
    reservationId: Schema.optionalKey(Wire.Natural),
    preconditioningStatus: Schema.optionalKey(PreconditioningStatusEnumType),
    /** The power electronics are off; absent means false. */
    evseSleep: Schema.optionalKey(Schema.Boolean),
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
 * **Changed in 2.1**: adds `transactionLimit`, `updatedPersonalMessageExtra`.
 *
 * @see P2 E01, E06
 * @category messages
 * @since 0.1.0
 */
export class TransactionEventResponse extends Schema.Opaque<TransactionEventResponse>()(
  Schema.Struct({
    /** The running or, at the end, the final cost, taxes included, in the configured currency; absent is not free. */
    totalCost: Schema.optionalKey(Wire.Decimal),
    /** From -9 to 9, for this transaction; overrules that of the identifier. */
    chargingPriority: Schema.optionalKey(Wire.Integer),
    idTokenInfo: Schema.optionalKey(IdTokenInfoType),
    transactionLimit: Schema.optionalKey(TransactionLimitType),
    updatedPersonalMessage: Schema.optionalKey(MessageContentType),
    /** The same in further languages. */
    updatedPersonalMessageExtra: Schema.optionalKey(
      Schema.Array(MessageContentType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
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
