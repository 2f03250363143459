/**
 * The data types of OCPP 2.0.1 that messages of more than one functional block share.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * Data of a vendor, the one open object of OCPP 2.x: beside `vendorId` it may hold any fields, and they are kept.
 *
 * @category models
 * @since 0.1.0
 */
export class CustomDataType extends Schema.Opaque<CustomDataType>()(
  Schema.StructWithRest(
    Schema.Struct({
      vendorId: Wire.text(255)
    }),
    [Schema.Record(Schema.String, Schema.Json)]
  ).annotate({ identifier: "CustomDataType" })
) {}

/**
 * Why a request was answered as it was.
 *
 * @category models
 * @since 0.1.0
 */
export class StatusInfoType extends Schema.Opaque<StatusInfoType>()(
  Schema.Struct({
    /** A code of the standard list or of the vendor; upper and lower case are the same. */
    reasonCode: Wire.text(20),
    additionalInfo: Schema.optionalKey(Wire.text(512)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "StatusInfoType" })
) {}

/**
 * Yes or no.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GenericStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "GenericStatusEnumType"
})
/**
 * A value of {@link GenericStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GenericStatusEnumType = typeof GenericStatusEnumType.Type

/**
 * Whether a request about the device model will be followed by reports.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GenericDeviceModelStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "NotSupported",
  "EmptyResultSet"
]).annotate({ identifier: "GenericDeviceModelStatusEnumType" })
/**
 * A value of {@link GenericDeviceModelStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GenericDeviceModelStatusEnumType = typeof GenericDeviceModelStatusEnumType.Type

/**
 * An EVSE, or one connector of it.
 *
 * @category models
 * @since 0.1.0
 */
export class EVSEType extends Schema.Opaque<EVSEType>()(
  Schema.Struct({
    /** Counted from 1. */
    id: Wire.Integer,
    /** Counted from 1 within the EVSE. */
    connectorId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVSEType" })
) {}

/**
 * A further identifier that goes along with an `IdTokenType`; both sides must agree on its types.
 *
 * @category models
 * @since 0.1.0
 */
export class AdditionalInfoType extends Schema.Opaque<AdditionalInfoType>()(
  Schema.Struct({
    additionalIdToken: Wire.text(36),
    type: Wire.text(50),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AdditionalInfoType" })
) {}

/**
 * What an identifier is.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdTokenEnumType = Schema.Literals([
  "Central",
  "eMAID",
  "ISO14443",
  "ISO15693",
  "KeyCode",
  "Local",
  "MacAddress",
  "NoAuthorization"
]).annotate({ identifier: "IdTokenEnumType" })
/**
 * A value of {@link IdTokenEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type IdTokenEnumType = typeof IdTokenEnumType.Type

/**
 * The identifier that a driver or a vehicle presents. Upper and lower case are the same.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTokenType extends Schema.Opaque<IdTokenType>()(
  Schema.Struct({
    additionalInfo: Schema.optionalKey(Schema.Array(AdditionalInfoType).check(Schema.isMinLength(1))),
    /** Empty when `type` is `NoAuthorization`. */
    idToken: Wire.text(36),
    type: IdTokenEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "IdTokenType" })
) {}

/**
 * How the content of a message is written.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageFormatEnumType = Schema.Literals(["ASCII", "HTML", "URI", "UTF8"]).annotate({
  identifier: "MessageFormatEnumType"
})
/**
 * A value of {@link MessageFormatEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageFormatEnumType = typeof MessageFormatEnumType.Type

/**
 * A text for the driver.
 *
 * @category models
 * @since 0.1.0
 */
export class MessageContentType extends Schema.Opaque<MessageContentType>()(
  Schema.Struct({
    format: MessageFormatEnumType,
    /** As in RFC 5646. */
    language: Schema.optionalKey(Wire.text(8)),
    content: Wire.text(512),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MessageContentType" })
) {}

/**
 * Whether an identifier may charge. Everything but `Accepted` means no; `ConcurrentTx` says that it is charging
 * already.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizationStatusEnumType = Schema.Literals([
  "Accepted",
  "Blocked",
  "ConcurrentTx",
  "Expired",
  "Invalid",
  "NoCredit",
  "NotAllowedTypeEVSE",
  "NotAtThisLocation",
  "NotAtThisTime",
  "Unknown"
]).annotate({ identifier: "AuthorizationStatusEnumType" })
/**
 * A value of {@link AuthorizationStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationStatusEnumType = typeof AuthorizationStatusEnumType.Type

/**
 * What the CSMS knows of an identifier: whether it may charge, until when, where, and the group it belongs to.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTokenInfoType extends Schema.Opaque<IdTokenInfoType>()(
  Schema.Struct({
    status: AuthorizationStatusEnumType,
    /** When the authorization cache must forget the identifier; absent: never. */
    cacheExpiryDateTime: Schema.optionalKey(Timestamp),
    /** From -9 to 9, the higher the more important; absent means 0. */
    chargingPriority: Schema.optionalKey(Wire.Integer),
    /** Preferred language of the driver, as in RFC 5646. */
    language1: Schema.optionalKey(Wire.text(8)),
    /** The EVSEs where the identifier may charge; absent: all. */
    evseId: Schema.optionalKey(Schema.Array(Wire.Integer).check(Schema.isMinLength(1))),
    /** Identifiers of one group may stop each other's transactions. */
    groupIdToken: Schema.optionalKey(IdTokenType),
    /** Second choice; only beside `language1`. */
    language2: Schema.optionalKey(Wire.text(8)),
    personalMessage: Schema.optionalKey(MessageContentType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "IdTokenInfoType" })
) {}

/**
 * A component of the device model, such as `EVSE` or `SecurityCtrlr`.
 *
 * @category models
 * @since 0.1.0
 */
export class ComponentType extends Schema.Opaque<ComponentType>()(
  Schema.Struct({
    /** Absent: of the station. */
    evse: Schema.optionalKey(EVSEType),
    /** From the standard list where possible; upper and lower case are the same. */
    name: Wire.text(50),
    /** Which one, where the component exists several times. */
    instance: Schema.optionalKey(Wire.text(50)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ComponentType" })
) {}

/**
 * A variable of a component of the device model.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableType extends Schema.Opaque<VariableType>()(
  Schema.Struct({
    /** From the standard list where possible; upper and lower case are the same. */
    name: Wire.text(50),
    /** Which one, where the variable exists several times. */
    instance: Schema.optionalKey(Wire.text(50)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VariableType" })
) {}

/**
 * A component, or one variable of it.
 *
 * @category models
 * @since 0.1.0
 */
export class ComponentVariableType extends Schema.Opaque<ComponentVariableType>()(
  Schema.Struct({
    component: ComponentType,
    variable: Schema.optionalKey(VariableType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ComponentVariableType" })
) {}

/**
 * On what occasion a value was measured. Absent means `Sample.Periodic`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReadingContextEnumType = Schema.Literals([
  "Interruption.Begin",
  "Interruption.End",
  "Other",
  "Sample.Clock",
  "Sample.Periodic",
  "Transaction.Begin",
  "Transaction.End",
  "Trigger"
]).annotate({ identifier: "ReadingContextEnumType" })
/**
 * A value of {@link ReadingContextEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReadingContextEnumType = typeof ReadingContextEnumType.Type

/**
 * What was measured. Absent means `Energy.Active.Import.Register`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MeasurandEnumType = Schema.Literals([
  "Current.Export",
  "Current.Import",
  "Current.Offered",
  "Energy.Active.Export.Register",
  "Energy.Active.Import.Register",
  "Energy.Reactive.Export.Register",
  "Energy.Reactive.Import.Register",
  "Energy.Active.Export.Interval",
  "Energy.Active.Import.Interval",
  "Energy.Active.Net",
  "Energy.Reactive.Export.Interval",
  "Energy.Reactive.Import.Interval",
  "Energy.Reactive.Net",
  "Energy.Apparent.Net",
  "Energy.Apparent.Import",
  "Energy.Apparent.Export",
  "Frequency",
  "Power.Active.Export",
  "Power.Active.Import",
  "Power.Factor",
  "Power.Offered",
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "SoC",
  "Voltage"
]).annotate({ identifier: "MeasurandEnumType" })
/**
 * A value of {@link MeasurandEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MeasurandEnumType = typeof MeasurandEnumType.Type

/**
 * The phases that a value belongs to. Absent means all together.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PhaseEnumType = Schema.Literals([
  "L1",
  "L2",
  "L3",
  "N",
  "L1-N",
  "L2-N",
  "L3-N",
  "L1-L2",
  "L2-L3",
  "L3-L1"
]).annotate({ identifier: "PhaseEnumType" })
/**
 * A value of {@link PhaseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type PhaseEnumType = typeof PhaseEnumType.Type

/**
 * Where a value was measured. Absent means `Outlet`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LocationEnumType = Schema.Literals(["Body", "Cable", "EV", "Inlet", "Outlet"]).annotate({
  identifier: "LocationEnumType"
})
/**
 * A value of {@link LocationEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type LocationEnumType = typeof LocationEnumType.Type

/**
 * A reading as the meter signed it.
 *
 * @category models
 * @since 0.1.0
 */
export class SignedMeterValueType extends Schema.Opaque<SignedMeterValueType>()(
  Schema.Struct({
    /** Base64. */
    signedMeterData: Wire.text(2500),
    signingMethod: Wire.text(50),
    encodingMethod: Wire.text(50),
    /** Base64; sent as `PublicKeyWithSignedMeterValue` says. */
    publicKey: Wire.text(2500),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SignedMeterValueType" })
) {}

/**
 * The unit of a measured value, and a power of ten.
 *
 * @category models
 * @since 0.1.0
 */
export class UnitOfMeasureType extends Schema.Opaque<UnitOfMeasureType>()(
  Schema.Struct({
    /** Absent means Wh for energies. */
    unit: Schema.optionalKey(Wire.text(20)),
    /** Power of ten; absent means 0. */
    multiplier: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UnitOfMeasureType" })
) {}

/**
 * A measured value. Without further fields it is the imported active energy in Wh at the outlet.
 *
 * @category models
 * @since 0.1.0
 */
export class SampledValueType extends Schema.Opaque<SampledValueType>()(
  Schema.Struct({
    /** In the unit and power of ten of `unitOfMeasure`. */
    value: Wire.Decimal,
    /** Absent means `Sample.Periodic`. */
    context: Schema.optionalKey(ReadingContextEnumType),
    /** Absent means `Energy.Active.Import.Register`. */
    measurand: Schema.optionalKey(MeasurandEnumType),
    /** Absent: all phases together. */
    phase: Schema.optionalKey(PhaseEnumType),
    /** Absent means `Outlet`. */
    location: Schema.optionalKey(LocationEnumType),
    signedMeterValue: Schema.optionalKey(SignedMeterValueType),
    unitOfMeasure: Schema.optionalKey(UnitOfMeasureType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SampledValueType" })
) {}

/**
 * Values that were measured at one time.
 *
 * @category models
 * @since 0.1.0
 */
export class MeterValueType extends Schema.Opaque<MeterValueType>()(
  Schema.Struct({
    sampledValue: Schema.Array(SampledValueType).check(Schema.isMinLength(1)),
    timestamp: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MeterValueType" })
) {}

/**
 * Whether limits are power in W or current in A.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingRateUnitEnumType = Schema.Literals(["W", "A"]).annotate({ identifier: "ChargingRateUnitEnumType" })
/**
 * A value of {@link ChargingRateUnitEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingRateUnitEnumType = typeof ChargingRateUnitEnumType.Type

/**
 * What a charging profile limits: the whole station, every transaction, or one.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfilePurposeEnumType = Schema.Literals([
  "ChargingStationExternalConstraints",
  "ChargingStationMaxProfile",
  "TxDefaultProfile",
  "TxProfile"
]).annotate({ identifier: "ChargingProfilePurposeEnumType" })
/**
 * A value of {@link ChargingProfilePurposeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfilePurposeEnumType = typeof ChargingProfilePurposeEnumType.Type

/**
 * When the schedules of a profile start: at a given time, every day or week, or with the transaction.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileKindEnumType = Schema.Literals(["Absolute", "Recurring", "Relative"]).annotate({
  identifier: "ChargingProfileKindEnumType"
})
/**
 * A value of {@link ChargingProfileKindEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfileKindEnumType = typeof ChargingProfileKindEnumType.Type

/**
 * How often a profile of kind `Recurring` starts again.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RecurrencyKindEnumType = Schema.Literals(["Daily", "Weekly"]).annotate({
  identifier: "RecurrencyKindEnumType"
})
/**
 * A value of {@link RecurrencyKindEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type RecurrencyKindEnumType = typeof RecurrencyKindEnumType.Type

/**
 * A limit, from its start to the start of the next period.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingSchedulePeriodType extends Schema.Opaque<ChargingSchedulePeriodType>()(
  Schema.Struct({
    /** Seconds from the start of the schedule. */
    startPeriod: Wire.Integer,
    /** A or W, as `chargingRateUnit` says; at most one decimal. */
    limit: Wire.Decimal,
    /** Absent means 3. */
    numberPhases: Schema.optionalKey(Wire.Integer),
    /** 1, 2 or 3; only with one phase, and where the EVSE can switch it. */
    phaseToUse: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingSchedulePeriodType" })
) {}

/**
 * A span of time that starts some seconds from now.
 *
 * @category models
 * @since 0.1.0
 */
export class RelativeTimeIntervalType extends Schema.Opaque<RelativeTimeIntervalType>()(
  Schema.Struct({
    /** Seconds from now. */
    start: Wire.Integer,
    /** Seconds. */
    duration: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RelativeTimeIntervalType" })
) {}

/**
 * What the amount of a cost counts.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CostKindEnumType = Schema.Literals([
  "CarbonDioxideEmission",
  "RelativePricePercentage",
  "RenewableGenerationPercentage"
]).annotate({ identifier: "CostKindEnumType" })
/**
 * A value of {@link CostKindEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CostKindEnumType = typeof CostKindEnumType.Type

/**
 * A cost per kWh (ISO 15118-2).
 *
 * @category models
 * @since 0.1.0
 */
export class CostType extends Schema.Opaque<CostType>()(
  Schema.Struct({
    costKind: CostKindEnumType,
    /** Per kWh. */
    amount: Wire.Integer,
    /** Power of ten, -3 to 3. */
    amountMultiplier: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CostType" })
) {}

/**
 * The cost from an amount of consumption on (ISO 15118-2).
 *
 * @category models
 * @since 0.1.0
 */
export class ConsumptionCostType extends Schema.Opaque<ConsumptionCostType>()(
  Schema.Struct({
    /** The lowest consumption of this block. */
    startValue: Wire.Decimal,
    cost: Schema.Array(CostType).check(Schema.isMinLength(1), Schema.isMaxLength(3)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ConsumptionCostType" })
) {}

/**
 * The price level during a span of time (ISO 15118-2).
 *
 * @category models
 * @since 0.1.0
 */
export class SalesTariffEntryType extends Schema.Opaque<SalesTariffEntryType>()(
  Schema.Struct({
    relativeTimeInterval: RelativeTimeIntervalType,
    /** The lower the cheaper. */
    ePriceLevel: Schema.optionalKey(Wire.Natural),
    consumptionCost: Schema.optionalKey(
      Schema.Array(ConsumptionCostType).check(Schema.isMinLength(1), Schema.isMaxLength(3))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SalesTariffEntryType" })
) {}

/**
 * The price levels that a vehicle plans by (ISO 15118-2).
 *
 * @category models
 * @since 0.1.0
 */
export class SalesTariffType extends Schema.Opaque<SalesTariffType>()(
  Schema.Struct({
    id: Wire.Integer,
    salesTariffDescription: Schema.optionalKey(Wire.text(32)),
    numEPriceLevels: Schema.optionalKey(Wire.Integer),
    salesTariffEntry: Schema.Array(SalesTariffEntryType).check(Schema.isMinLength(1), Schema.isMaxLength(1024)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SalesTariffType" })
) {}

/**
 * Limits over a time.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingScheduleType extends Schema.Opaque<ChargingScheduleType>()(
  Schema.Struct({
    id: Wire.Integer,
    /** Absent: with the start of charging. */
    startSchedule: Schema.optionalKey(Timestamp),
    /** Seconds; absent: the last period goes on. */
    duration: Schema.optionalKey(Wire.Integer),
    chargingRateUnit: ChargingRateUnitEnumType,
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriodType).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(1024)
    ),
    /** A or W, as `chargingRateUnit` says; at most one decimal. */
    minChargingRate: Schema.optionalKey(Wire.Decimal),
    salesTariff: Schema.optionalKey(SalesTariffType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingScheduleType" })
) {}

/**
 * A charging profile: limits over time for the station, an EVSE or a transaction. Among profiles of one purpose the
 * highest stack level wins.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingProfileType extends Schema.Opaque<ChargingProfileType>()(
  Schema.Struct({
    id: Wire.Integer,
    /** The higher wins; the lowest is 0. */
    stackLevel: Wire.Integer,
    chargingProfilePurpose: ChargingProfilePurposeEnumType,
    chargingProfileKind: ChargingProfileKindEnumType,
    /** Only with `Recurring`. */
    recurrencyKind: Schema.optionalKey(RecurrencyKindEnumType),
    /** Absent: from now on. */
    validFrom: Schema.optionalKey(Timestamp),
    /** Absent: until it is replaced. */
    validTo: Schema.optionalKey(Timestamp),
    chargingSchedule: Schema.Array(ChargingScheduleType).check(Schema.isMinLength(1), Schema.isMaxLength(3)),
    /** Only with `TxProfile`. */
    transactionId: Schema.optionalKey(Wire.text(36)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingProfileType" })
) {}

/**
 * The algorithm of the hashes that identify a certificate.
 *
 * @category schemas
 * @since 0.1.0
 */
export const HashAlgorithmEnumType = Schema.Literals(["SHA256", "SHA384", "SHA512"]).annotate({
  identifier: "HashAlgorithmEnumType"
})
/**
 * A value of {@link HashAlgorithmEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type HashAlgorithmEnumType = typeof HashAlgorithmEnumType.Type

/**
 * The hashes that identify a certificate.
 *
 * @category models
 * @since 0.1.0
 */
export class CertificateHashDataType extends Schema.Opaque<CertificateHashDataType>()(
  Schema.Struct({
    hashAlgorithm: HashAlgorithmEnumType,
    issuerNameHash: Wire.text(128),
    issuerKeyHash: Wire.text(128),
    /** Hexadecimal, without `0x` and leading zeros. */
    serialNumber: Wire.text(40),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateHashDataType" })
) {}

/**
 * What is needed to ask for the OCSP status of a certificate.
 *
 * @category models
 * @since 0.1.0
 */
export class OCSPRequestDataType extends Schema.Opaque<OCSPRequestDataType>()(
  Schema.Struct({
    hashAlgorithm: HashAlgorithmEnumType,
    issuerNameHash: Wire.text(128),
    issuerKeyHash: Wire.text(128),
    /** Hexadecimal, without `0x` and leading zeros. */
    serialNumber: Wire.text(40),
    responderURL: Wire.text(512),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "OCSPRequestDataType" })
) {}
