/**
 * Transactions: what is billed, from start to end.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import type * as Transaction from "../Transaction.ts"
import { Evse, IdToken, IdTokenInfo, MessageContent, StatusInfo } from "./DataTypes.ts"
import { MeterValue, type ReadingContext } from "./Metering.ts"
import { ChargingProfile, OperationMode } from "./SmartCharging.ts"
import { CostDetails } from "./TariffAndCost.ts"

/**
 * The place of an event in its transaction: the first, the last, or one between.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TransactionEventType = Schema.Literals(["Started", "Updated", "Ended"]).annotate({
  identifier: "TransactionEventType"
})
/**
 * A value of {@link TransactionEventType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TransactionEventType = typeof TransactionEventType.Type

/**
 * What made the station send an event. What is about costs, tariffs, limits of a transaction, modes of operation or a
 * transaction that goes on after a reset is of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TriggerReason = Schema.Literals([
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
]).annotate({ identifier: "TriggerReason" })
/**
 * A value of {@link TriggerReason}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerReason = typeof TriggerReason.Type

/**
 * What charging in a transaction is doing.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingState = Schema.Literals([
  "Charging",
  "EVConnected",
  "Idle",
  "SuspendedEV",
  "SuspendedEVSE"
]).annotate({
  identifier: "ChargingState"
})
/**
 * A value of {@link ChargingState}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingState = typeof ChargingState.Type

/**
 * Why a transaction has ended. `HardReset`, `SoftReset` and `UnlockCommand` are of 1.6 only, `ReqEnergyTransferRejected` of
 * 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StoppedReason = Schema.Literals([
  "DeAuthorized",
  "EmergencyStop",
  "EnergyLimitReached",
  "EVDisconnected",
  "GroundFault",
  "HardReset",
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
  "ReqEnergyTransferRejected",
  "SOCLimitReached",
  "SoftReset",
  "StoppedByEV",
  "TimeLimitReached",
  "Timeout",
  "UnlockCommand"
]).annotate({ identifier: "StoppedReason" })
/**
 * A value of {@link StoppedReason}.
 *
 * @category models
 * @since 0.1.0
 */
export type StoppedReason = typeof StoppedReason.Type

/**
 * Whether the battery of a vehicle is as warm as charging needs it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PreconditioningStatus = Schema.Literals(["NotReady", "Preconditioning", "Ready", "Unknown"]).annotate({
  identifier: "PreconditioningStatus"
})
/**
 * A value of {@link PreconditioningStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type PreconditioningStatus = typeof PreconditioningStatus.Type

/**
 * What a transaction may cost, deliver, last or charge up to. What is left out has no limit.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TransactionLimit extends Schema.Opaque<TransactionLimit>()(
  Schema.Struct({
    /** In the currency of the tariff. */
    maxCost: Schema.optionalKey(Schema.Finite),
    /** In Wh. */
    maxEnergy: Schema.optionalKey(Schema.Finite),
    /** In whole seconds. */
    maxTime: Schema.optionalKey(Schema.Duration),
    /** A state of charge in percent. */
    maxSoC: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "TransactionLimit" })
) {}

/**
 * The station reports what happens to a transaction.
 *
 * **Details**
 *
 * From a station of 1.x the first event has the meter's register at the start, the last one that at the end, as readings
 * in Wh of the context `Transaction.Begin` and `Transaction.End`.
 *
 * @category messages
 * @since 0.1.0
 */
export class TransactionEventRequest extends Schema.Opaque<TransactionEventRequest>()(
  Schema.Struct({
    eventType: TransactionEventType,
    timestamp: Schema.DateTimeUtc,
    /** What CSMS and station call it: of 1.x the digits of its number, which the CSMS gives before `Started`. */
    transactionId: Schema.String,
    /** Absent: it is not told, as by 1.x. */
    triggerReason: Schema.optionalKey(TriggerReason),
    /** Counted from 0 within the transaction; absent: the version does not count, as 1.x does not. */
    seqNo: Schema.optionalKey(Schema.Int),
    /** Whether it happened while the station was offline; absent: it is not told. */
    offline: Schema.optionalKey(Schema.Boolean),
    /** Absent: as in an earlier event. */
    evse: Schema.optionalKey(Evse),
    idToken: Schema.optionalKey(IdToken),
    meterValue: Schema.optionalKey(Schema.Array(MeterValue)),
    chargingState: Schema.optionalKey(ChargingState),
    stoppedReason: Schema.optionalKey(StoppedReason),
    remoteStartId: Schema.optionalKey(Schema.Int),
    reservationId: Schema.optionalKey(Schema.Int),
    timeSpentCharging: Schema.optionalKey(Schema.Duration),
    numberOfPhasesUsed: Schema.optionalKey(Schema.Int),
    /** In amperes. */
    cableMaxCurrent: Schema.optionalKey(Schema.Int),
    /** Of 2.1. Absent: `ChargingOnly`. */
    operationMode: Schema.optionalKey(OperationMode),
    /** Of 2.1. What limits the transaction now, told when it was set or changed. */
    transactionLimit: Schema.optionalKey(TransactionLimit),
    /** Of 2.1. Absent: it is not known. */
    preconditioningStatus: Schema.optionalKey(PreconditioningStatus),
    /** Of 2.1. Whether the power electronics are off; absent: they are not. */
    evseSleep: Schema.optionalKey(Schema.Boolean),
    /** Of 2.1. The tariff by which the station computes the cost; absent: it has not changed, or there is none. */
    tariffId: Schema.optionalKey(Schema.String),
    /** Of 2.1. What it costs as the station has computed it. */
    costDetails: Schema.optionalKey(CostDetails)
  }).annotate({ identifier: "TransactionEventRequest" })
) {}

/**
 * What the station should know. With a status other than `Accepted` it ends or holds the transaction, as it is configured.
 *
 * @category messages
 * @since 0.1.0
 */
export class TransactionEventResponse extends Schema.Opaque<TransactionEventResponse>()(
  Schema.Struct({
    /** Absent: nothing is known against it. */
    idTokenInfo: Schema.optionalKey(IdTokenInfo),
    /** In the currency of the CSMS, taxes included. */
    totalCost: Schema.optionalKey(Schema.Finite),
    /** From -9 to 9, the higher the more important. */
    chargingPriority: Schema.optionalKey(Schema.Int),
    updatedPersonalMessage: Schema.optionalKey(MessageContent),
    /** Of 2.1. The same message in further languages. */
    updatedPersonalMessageExtra: Schema.optionalKey(Schema.Array(MessageContent)),
    /** Of 2.1. What the transaction is limited to from now on. */
    transactionLimit: Schema.optionalKey(TransactionLimit)
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
 * An event of a transaction as a station tells it, without what its place in the transaction gives it.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface TransactionEventInput extends Omit<
  TransactionEventRequest,
  "eventType" | "transactionId" | "seqNo" | "offline"
> {}

const reasonsOfEnd: { readonly [Reason in StoppedReason]: TriggerReason } = {
  DeAuthorized: "Deauthorized",
  EmergencyStop: "AbnormalCondition",
  EnergyLimitReached: "EnergyLimitReached",
  EVDisconnected: "EVDeparted",
  GroundFault: "AbnormalCondition",
  HardReset: "ResetCommand",
  ImmediateReset: "ResetCommand",
  Local: "StopAuthorized",
  LocalOutOfCredit: "Deauthorized",
  MasterPass: "StopAuthorized",
  Other: "AbnormalCondition",
  OvercurrentFault: "AbnormalCondition",
  PowerLoss: "AbnormalCondition",
  PowerQuality: "AbnormalCondition",
  Reboot: "ResetCommand",
  Remote: "RemoteStop",
  ReqEnergyTransferRejected: "Deauthorized",
  SOCLimitReached: "EnergyLimitReached",
  SoftReset: "ResetCommand",
  StoppedByEV: "ChargingStateChanged",
  TimeLimitReached: "TimeLimitReached",
  Timeout: "EVConnectTimeout",
  UnlockCommand: "UnlockCommand"
}

const reasonsOfReading: { readonly [Context in ReadingContext]: TriggerReason } = {
  "Interruption.Begin": "ChargingStateChanged",
  "Interruption.End": "ChargingStateChanged",
  Other: "MeterValuePeriodic",
  "Sample.Clock": "MeterValueClock",
  "Sample.Periodic": "MeterValuePeriodic",
  "Transaction.Begin": "MeterValuePeriodic",
  "Transaction.End": "MeterValuePeriodic",
  Trigger: "Trigger"
}

/**
 * What made a station send an event: what the event says of it or, if it does not, what follows from the rest of it. Use it
 * where an event comes from 1.x, which does not tell, and has to be told in 2.x, which asks for it.
 *
 * @category transactions
 * @since 0.1.0
 */
export const triggerReasonOf = ({
  chargingState,
  eventType,
  idToken,
  meterValue = [],
  remoteStartId,
  stoppedReason = "Local",
  triggerReason
}: Omit<TransactionEventRequest, "timestamp" | "transactionId">): TriggerReason => {
  if (triggerReason !== undefined) return triggerReason
  if (eventType === "Ended") return reasonsOfEnd[stoppedReason]
  if (remoteStartId !== undefined) return "RemoteStart"
  if (idToken !== undefined) return "Authorized"
  if (eventType === "Started") return "CablePluggedIn"
  const [sample] = meterValue.flatMap(({ sampledValue }) => sampledValue)
  if (sample !== undefined) return reasonsOfReading[sample.context]
  return chargingState === undefined ? "Trigger" : "ChargingStateChanged"
}

/**
 * What generic transactions of a station are made of.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface TransactionKind extends Transaction.Kind {
  readonly Start: TransactionEventInput
  readonly Started: TransactionEventResponse
  readonly Update: TransactionEventInput
  readonly Updated: TransactionEventResponse
  readonly Stop: TransactionEventInput
  readonly Stopped: TransactionEventResponse
  readonly Id: string
}

/**
 * The transactions of a station whose version does not matter. Their messages survive whatever happens.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface StationTransactions extends Transaction.Transactions<TransactionKind> {}

/**
 * The transactions of a station whose version does not matter; the `layer` of an adapter makes them.
 *
 * **Details**
 *
 * For 1.x, a start needs `evse`, `idToken` and one reading, the energy register in whole watt-hours; an end needs that
 * register as a reading of the context `Transaction.End`. For 2.x, each event needs a `triggerReason`. An event that the
 * version cannot tell fails as `NotSent` with the reason `NotExpressible`, and nothing of it is stored.
 *
 * **Example** (Charging)
 *
 * ```ts
 * const transactions = yield* Domain.Transactions
 * const transaction = yield* transactions.start({ ... })
 * yield* transaction.update({ ... })
 * yield* transaction.stop({ ... })
 * ```
 *
 * @category transactions
 * @since 0.1.0
 */
export class Transactions extends Context.Service<Transactions, StationTransactions>()(
  "effect-ocpp/domain/Transactions"
) {}

/**
 * Asks whether a transaction goes on, and whether messages of it are still to come.
 *
 * @see P2 E14
 * @category messages
 * @since 0.1.0
 */
export class GetTransactionStatusRequest extends Schema.Opaque<GetTransactionStatusRequest>()(
  Schema.Struct({
    /** Absent: messages of any transaction are asked for. */
    transactionId: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "GetTransactionStatusRequest" })
) {}

/**
 * Whether the transaction goes on, and whether messages are still to come.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetTransactionStatusResponse extends Schema.Opaque<GetTransactionStatusResponse>()(
  Schema.Struct({
    /** Whether the transaction goes on; absent if none was named. */
    ongoingIndicator: Schema.optionalKey(Schema.Boolean),
    /** Whether messages wait at the station that have not been delivered. */
    messagesInQueue: Schema.Boolean
  }).annotate({ identifier: "GetTransactionStatusResponse" })
) {}

/**
 * Asks whether a transaction goes on, and whether messages of it are still to come.
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

/**
 * Whether a station does what it was asked for.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequestStartStopStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "RequestStartStopStatus"
})
/**
 * A value of {@link RequestStartStopStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type RequestStartStopStatus = typeof RequestStartStopStatus.Type

/**
 * Asks the station to end a transaction.
 *
 * @category messages
 * @since 0.1.0
 */
export class RequestStopTransactionRequest extends Schema.Opaque<RequestStopTransactionRequest>()(
  Schema.Struct({
    transactionId: Schema.String
  }).annotate({ identifier: "RequestStopTransactionRequest" })
) {}

/**
 * Whether the station ends the transaction.
 *
 * @category messages
 * @since 0.1.0
 */
export class RequestStopTransactionResponse extends Schema.Opaque<RequestStopTransactionResponse>()(
  Schema.Struct({
    status: RequestStartStopStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "RequestStopTransactionResponse" })
) {}

/**
 * Asks the station to end a transaction.
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
 * Asks the station to charge for an identifier.
 *
 * @category messages
 * @since 0.1.0
 */
export class RequestStartTransactionRequest extends Schema.Opaque<RequestStartTransactionRequest>()(
  Schema.Struct({
    idToken: IdToken,
    /**
     * Comes back in the first event of the transaction, from a station of 1.x too, as far as its CSMS can tell. Absent: a
     * station is not told, as in 1.x.
     */
    remoteStartId: Schema.optionalKey(Schema.Int),
    /** Absent: the station chooses. */
    evseId: Schema.optionalKey(Schema.Int),
    groupIdToken: Schema.optionalKey(IdToken),
    /** A `TxProfile` without a transaction. */
    chargingProfile: Schema.optionalKey(ChargingProfile)
  }).annotate({ identifier: "RequestStartTransactionRequest" })
) {}

/**
 * Whether the station begins to charge.
 *
 * @category messages
 * @since 0.1.0
 */
export class RequestStartTransactionResponse extends Schema.Opaque<RequestStartTransactionResponse>()(
  Schema.Struct({
    status: RequestStartStopStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** Of a transaction that had started already. */
    transactionId: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "RequestStartTransactionResponse" })
) {}

/**
 * Asks the station to charge for an identifier.
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
