/**
 * Functional block I of OCPP 2.1, Tariff and Cost: tariffs that the station computes with, and the running cost of a
 * transaction.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, StatusInfoType, TariffType } from "./DataTypes.ts"

// As in 2.0.1.
export { CostUpdated, CostUpdatedRequest, CostUpdatedResponse } from "../v201/TariffAndCost.ts"

/**
 * The CSMS sets the tariff that holds for drivers who have none of their own. New in 2.1.
 *
 * @see P2 I07
 * @category messages
 * @since 0.1.0
 */
export class SetDefaultTariffRequest extends Schema.Opaque<SetDefaultTariffRequest>()(
  Schema.Struct({
    /** 0: all EVSEs. */
    evseId: Wire.Natural,
    tariff: TariffType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetDefaultTariffRequest" })
) {}

/**
 * Whether a tariff was set. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffSetStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "TooManyElements",
  "ConditionNotSupported",
  "DuplicateTariffId"
]).annotate({ identifier: "TariffSetStatusEnumType" })
/**
 * A value of {@link TariffSetStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffSetStatusEnumType = typeof TariffSetStatusEnumType.Type

/**
 * Whether the tariff is set, or what the station cannot handle in it. New in 2.1.
 *
 * @see P2 I07
 * @category messages
 * @since 0.1.0
 */
export class SetDefaultTariffResponse extends Schema.Opaque<SetDefaultTariffResponse>()(
  Schema.Struct({
    status: TariffSetStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetDefaultTariffResponse" })
) {}

/**
 * Sets the tariff for everybody. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetDefaultTariff = Action.make("SetDefaultTariff", {
  from: "csms",
  block: "TariffAndCost",
  request: SetDefaultTariffRequest,
  response: SetDefaultTariffResponse
})

/**
 * The CSMS asks which tariffs are set, default ones and those of drivers. New in 2.1.
 *
 * @see P2 I09
 * @category messages
 * @since 0.1.0
 */
export class GetTariffsRequest extends Schema.Opaque<GetTariffsRequest>()(
  Schema.Struct({
    /** 0: of all EVSEs. */
    evseId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetTariffsRequest" })
) {}

/**
 * Whether tariffs are set. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffGetStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NoTariff"]).annotate({
  identifier: "TariffGetStatusEnumType"
})
/**
 * A value of {@link TariffGetStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffGetStatusEnumType = typeof TariffGetStatusEnumType.Type

/**
 * Whether a tariff is for everybody or for a driver. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffKindEnumType = Schema.Literals(["DefaultTariff", "DriverTariff"]).annotate({
  identifier: "TariffKindEnumType"
})
/**
 * A value of {@link TariffKindEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffKindEnumType = typeof TariffKindEnumType.Type

/**
 * Where, or for whom, a tariff is set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffAssignmentType extends Schema.Opaque<TariffAssignmentType>()(
  Schema.Struct({
    tariffId: Wire.text(60),
    tariffKind: TariffKindEnumType,
    validFrom: Schema.optionalKey(Timestamp),
    evseIds: Schema.optionalKey(Schema.Array(Wire.Natural).check(Schema.isMinLength(1))),
    /** The drivers whose tariff it is. */
    idTokens: Schema.optionalKey(Schema.Array(Wire.text(255)).check(Schema.isMinLength(1))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffAssignmentType" })
) {}

/**
 * The tariffs that are set. New in 2.1.
 *
 * @see P2 I09
 * @category messages
 * @since 0.1.0
 */
export class GetTariffsResponse extends Schema.Opaque<GetTariffsResponse>()(
  Schema.Struct({
    status: TariffGetStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    tariffAssignments: Schema.optionalKey(Schema.Array(TariffAssignmentType).check(Schema.isMinLength(1))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetTariffsResponse" })
) {}

/**
 * Asks which tariffs are set. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetTariffs = Action.make("GetTariffs", {
  from: "csms",
  block: "TariffAndCost",
  request: GetTariffsRequest,
  response: GetTariffsResponse
})

/**
 * The CSMS removes tariffs: those named, those of an EVSE, or all. New in 2.1.
 *
 * @see P2 I10
 * @category messages
 * @since 0.1.0
 */
export class ClearTariffsRequest extends Schema.Opaque<ClearTariffsRequest>()(
  Schema.Struct({
    /** Absent: all. */
    tariffIds: Schema.optionalKey(Schema.Array(Wire.text(60)).check(Schema.isMinLength(1))),
    /** Absent: of any EVSE. */
    evseId: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearTariffsRequest" })
) {}

/**
 * Whether a tariff was removed. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffClearStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NoTariff"]).annotate({
  identifier: "TariffClearStatusEnumType"
})
/**
 * A value of {@link TariffClearStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffClearStatusEnumType = typeof TariffClearStatusEnumType.Type

/**
 * What became of one tariff of a `ClearTariffsRequest`. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class ClearTariffsResultType extends Schema.Opaque<ClearTariffsResultType>()(
  Schema.Struct({
    statusInfo: Schema.optionalKey(StatusInfoType),
    /** Absent when there was no tariff at all. */
    tariffId: Schema.optionalKey(Wire.text(60)),
    status: TariffClearStatusEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearTariffsResultType" })
) {}

/**
 * A result for every tariff. New in 2.1.
 *
 * @see P2 I10
 * @category messages
 * @since 0.1.0
 */
export class ClearTariffsResponse extends Schema.Opaque<ClearTariffsResponse>()(
  Schema.Struct({
    clearTariffsResult: Schema.Array(ClearTariffsResultType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearTariffsResponse" })
) {}

/**
 * Removes tariffs. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearTariffs = Action.make("ClearTariffs", {
  from: "csms",
  block: "TariffAndCost",
  request: ClearTariffsRequest,
  response: ClearTariffsResponse
})

/**
 * The CSMS changes the tariff of a running transaction, from now on. New in 2.1.
 *
 * @see P2 I11
 * @category messages
 * @since 0.1.0
 */
export class ChangeTransactionTariffRequest extends Schema.Opaque<ChangeTransactionTariffRequest>()(
  Schema.Struct({
    tariff: TariffType,
    transactionId: Wire.text(36),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChangeTransactionTariffRequest" })
) {}

/**
 * Whether the tariff of a transaction was changed. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffChangeStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "TooManyElements",
  "ConditionNotSupported",
  "TxNotFound",
  "NoCurrencyChange"
]).annotate({ identifier: "TariffChangeStatusEnumType" })
/**
 * A value of {@link TariffChangeStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffChangeStatusEnumType = typeof TariffChangeStatusEnumType.Type

/**
 * Whether the tariff is changed; `NoCurrencyChange` because the currency must stay. New in 2.1.
 *
 * @see P2 I11
 * @category messages
 * @since 0.1.0
 */
export class ChangeTransactionTariffResponse extends Schema.Opaque<ChangeTransactionTariffResponse>()(
  Schema.Struct({
    status: TariffChangeStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChangeTransactionTariffResponse" })
) {}

/**
 * Changes the tariff of a running transaction. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ChangeTransactionTariff = Action.make("ChangeTransactionTariff", {
  from: "csms",
  block: "TariffAndCost",
  request: ChangeTransactionTariffRequest,
  response: ChangeTransactionTariffResponse
})
