/**
 * The data types of OCPP 2.1 that messages of more than one functional block share.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  AuthorizationStatusEnumType,
  ChargingRateUnitEnumType,
  CustomDataType,
  HashAlgorithmEnumType,
  PhaseEnumType,
  ReadingContextEnumType,
  RecurrencyKindEnumType,
  SalesTariffEntryType,
  UnitOfMeasureType,
  VariableType
} from "../v201/DataTypes.ts"

// As in 2.0.1.
export { EventNotificationEnumType } from "../v201/Availability.ts"
export {
  AuthorizationStatusEnumType,
  CertificateHashDataType,
  ChargingRateUnitEnumType,
  ConsumptionCostType,
  CostKindEnumType,
  CostType,
  CustomDataType,
  GenericDeviceModelStatusEnumType,
  GenericStatusEnumType,
  HashAlgorithmEnumType,
  PhaseEnumType,
  ReadingContextEnumType,
  RecurrencyKindEnumType,
  RelativeTimeIntervalType,
  SalesTariffEntryType,
  UnitOfMeasureType,
  VariableType
} from "../v201/DataTypes.ts"

/**
 * Why a request was answered as it was.
 *
 * **Changed in 2.1**: longer `additionalInfo` (512 → 1024).
 *
 * @category models
 * @since 0.1.0
 */
export class StatusInfoType extends Schema.Opaque<StatusInfoType>()(
  Schema.Struct({
    /** A code of the standard list or of the vendor; upper and lower case are the same. */
    reasonCode: Wire.text(20),
    additionalInfo: Schema.optionalKey(Wire.text(1024)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "StatusInfoType" })
) {}

/**
 * An EVSE, or one connector of it.
 *
 * **Changed in 2.1**: `id`, `connectorId` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class EVSEType extends Schema.Opaque<EVSEType>()(
  Schema.Struct({
    /** Counted from 1. */
    id: Wire.Natural,
    /** Counted from 1 within the EVSE. */
    connectorId: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVSEType" })
) {}

/**
 * A further identifier that goes along with an `IdTokenType`; both sides must agree on its types.
 *
 * **Changed in 2.1**: longer `additionalIdToken` (36 → 255).
 *
 * @category models
 * @since 0.1.0
 */
export class AdditionalInfoType extends Schema.Opaque<AdditionalInfoType>()(
  Schema.Struct({
    additionalIdToken: Wire.text(255),
    type: Wire.text(50),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AdditionalInfoType" })
) {}

/**
 * What an identifier is: an open string. Standard values: Central, DirectPayment, eMAID, EVCCID, ISO14443, ISO15693,
 * KeyCode, Local, MacAddress, NoAuthorization, VIN.
 *
 * **Changed in 2.1**: was the enumeration `IdTokenEnumType`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdTokenEnumStringType = Wire.text(20).annotate({ identifier: "IdTokenEnumStringType" })
/**
 * The text of {@link IdTokenEnumStringType}.
 *
 * @category models
 * @since 0.1.0
 */
export type IdTokenEnumStringType = typeof IdTokenEnumStringType.Type

/**
 * The identifier that a driver or a vehicle presents. Upper and lower case are the same.
 *
 * **Changed in 2.1**: longer `idToken` (36 → 255); `type` is an open string.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTokenType extends Schema.Opaque<IdTokenType>()(
  Schema.Struct({
    additionalInfo: Schema.optionalKey(Schema.Array(AdditionalInfoType).check(Schema.isMinLength(1))),
    /** Empty when `type` is `NoAuthorization`. */
    idToken: Wire.text(255),
    type: IdTokenEnumStringType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "IdTokenType" })
) {}

/**
 * How the content of a message is written.
 *
 * **Changed in 2.1**: adds `QRCODE`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageFormatEnumType = Schema.Literals(["ASCII", "HTML", "URI", "UTF8", "QRCODE"]).annotate({
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
 * **Changed in 2.1**: longer `content` (512 → 1024).
 *
 * @category models
 * @since 0.1.0
 */
export class MessageContentType extends Schema.Opaque<MessageContentType>()(
  Schema.Struct({
    format: MessageFormatEnumType,
    /** As in RFC 5646. */
    language: Schema.optionalKey(Wire.text(8)),
    content: Wire.text(1024),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MessageContentType" })
) {}

/**
 * What the CSMS knows of an identifier: whether it may charge, until when, where, and the group it belongs to.
 *
 * **Changed in 2.1**: `evseId` is not negative.
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
    /** Identifiers of one group may stop each other's transactions. */
    groupIdToken: Schema.optionalKey(IdTokenType),
    /** Preferred language of the driver, as in RFC 5646. */
    language1: Schema.optionalKey(Wire.text(8)),
    /** Second choice; only beside `language1`. */
    language2: Schema.optionalKey(Wire.text(8)),
    /** The EVSEs where the identifier may charge; absent: all. */
    evseId: Schema.optionalKey(Schema.Array(Wire.Natural).check(Schema.isMinLength(1))),
    personalMessage: Schema.optionalKey(MessageContentType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "IdTokenInfoType" })
) {}

/**
 * A tax. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TaxRateType extends Schema.Opaque<TaxRateType>()(
  Schema.Struct({
    /** Its name on the receipt. */
    type: Wire.text(20),
    /** Percent. */
    tax: Wire.Decimal,
    /** 0 (or absent): on the net price; 1: on that with the taxes of 0; and so on. */
    stack: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TaxRateType" })
) {}

/**
 * A price without tax, with tax, or both; at least one of the two. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class PriceType extends Schema.Opaque<PriceType>()(
  Schema.Struct({
    exclTax: Schema.optionalKey(Wire.Decimal),
    inclTax: Schema.optionalKey(Wire.Decimal),
    taxRates: Schema.optionalKey(Schema.Array(TaxRateType).check(Schema.isMinLength(1), Schema.isMaxLength(5))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PriceType" })
) {}

/**
 * A day of the week. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DayOfWeekEnumType = Schema.Literals([
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday"
]).annotate({ identifier: "DayOfWeekEnumType" })
/**
 * A value of {@link DayOfWeekEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DayOfWeekEnumType = typeof DayOfWeekEnumType.Type

/**
 * Whether a tariff is for AC or DC. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EvseKindEnumType = Schema.Literals(["AC", "DC"]).annotate({ identifier: "EvseKindEnumType" })
/**
 * A value of {@link EvseKindEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type EvseKindEnumType = typeof EvseKindEnumType.Type

/**
 * When a price applies. All conditions must hold. For energy that flows back, values are negative and `min…` is the
 * one closer to zero. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffConditionsType extends Schema.Opaque<TariffConditionsType>()(
  Schema.Struct({
    /** Local time, `hh:mm`. */
    startTimeOfDay: Schema.optionalKey(Schema.String),
    /** Local time, `hh:mm`; before the start: on the next day. */
    endTimeOfDay: Schema.optionalKey(Schema.String),
    dayOfWeek: Schema.optionalKey(Schema.Array(DayOfWeekEnumType).check(Schema.isMinLength(1), Schema.isMaxLength(7))),
    /** Local date, `yyyy-mm-dd`, inclusive. */
    validFromDate: Schema.optionalKey(Schema.String),
    /** Local date, `yyyy-mm-dd`, exclusive. */
    validToDate: Schema.optionalKey(Schema.String),
    evseKind: Schema.optionalKey(EvseKindEnumType),
    /** Wh, inclusive. */
    minEnergy: Schema.optionalKey(Wire.Decimal),
    /** Wh, exclusive. */
    maxEnergy: Schema.optionalKey(Wire.Decimal),
    /** A, all phases together, inclusive. */
    minCurrent: Schema.optionalKey(Wire.Decimal),
    /** A, all phases together, exclusive. */
    maxCurrent: Schema.optionalKey(Wire.Decimal),
    /** W, inclusive. */
    minPower: Schema.optionalKey(Wire.Decimal),
    /** W, exclusive. */
    maxPower: Schema.optionalKey(Wire.Decimal),
    /** Seconds since the start of the transaction, inclusive. */
    minTime: Schema.optionalKey(Wire.Integer),
    /** Seconds since the start of the transaction, exclusive. */
    maxTime: Schema.optionalKey(Wire.Integer),
    /** Seconds of charging, inclusive. */
    minChargingTime: Schema.optionalKey(Wire.Integer),
    /** Seconds of charging, exclusive. */
    maxChargingTime: Schema.optionalKey(Wire.Integer),
    /** Seconds of not charging, inclusive. */
    minIdleTime: Schema.optionalKey(Wire.Integer),
    /** Seconds of not charging, exclusive. */
    maxIdleTime: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffConditionsType" })
) {}

/**
 * A price of energy, and when it applies. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffEnergyPriceType extends Schema.Opaque<TariffEnergyPriceType>()(
  Schema.Struct({
    /** Per kWh, without tax. */
    priceKwh: Wire.Decimal,
    conditions: Schema.optionalKey(TariffConditionsType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffEnergyPriceType" })
) {}

/**
 * The prices of energy. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffEnergyType extends Schema.Opaque<TariffEnergyType>()(
  Schema.Struct({
    prices: Schema.Array(TariffEnergyPriceType).check(Schema.isMinLength(1)),
    taxRates: Schema.optionalKey(Schema.Array(TaxRateType).check(Schema.isMinLength(1), Schema.isMaxLength(5))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffEnergyType" })
) {}

/**
 * A price of time, and when it applies. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffTimePriceType extends Schema.Opaque<TariffTimePriceType>()(
  Schema.Struct({
    /** Per minute, without tax. */
    priceMinute: Wire.Decimal,
    conditions: Schema.optionalKey(TariffConditionsType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffTimePriceType" })
) {}

/**
 * The prices of time. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffTimeType extends Schema.Opaque<TariffTimeType>()(
  Schema.Struct({
    prices: Schema.Array(TariffTimePriceType).check(Schema.isMinLength(1)),
    taxRates: Schema.optionalKey(Schema.Array(TaxRateType).check(Schema.isMinLength(1), Schema.isMaxLength(5))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffTimeType" })
) {}

/**
 * When a fixed price applies, looked at as the transaction starts. All conditions must hold. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffConditionsFixedType extends Schema.Opaque<TariffConditionsFixedType>()(
  Schema.Struct({
    /** Local time, `hh:mm`. */
    startTimeOfDay: Schema.optionalKey(Schema.String),
    /** Local time, `hh:mm`; before the start: on the next day. */
    endTimeOfDay: Schema.optionalKey(Schema.String),
    dayOfWeek: Schema.optionalKey(Schema.Array(DayOfWeekEnumType).check(Schema.isMinLength(1), Schema.isMaxLength(7))),
    /** Local date, `yyyy-mm-dd`, inclusive. */
    validFromDate: Schema.optionalKey(Schema.String),
    /** Local date, `yyyy-mm-dd`, exclusive. */
    validToDate: Schema.optionalKey(Schema.String),
    evseKind: Schema.optionalKey(EvseKindEnumType),
    /** An open string of the standard list of card brands. */
    paymentBrand: Schema.optionalKey(Wire.text(20)),
    /** An open string of the standard list, such as `CC` or `Debit`. */
    paymentRecognition: Schema.optionalKey(Wire.text(20)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffConditionsFixedType" })
) {}

/**
 * A price that is paid once, and when it applies. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffFixedPriceType extends Schema.Opaque<TariffFixedPriceType>()(
  Schema.Struct({
    conditions: Schema.optionalKey(TariffConditionsFixedType),
    /** Without tax. */
    priceFixed: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffFixedPriceType" })
) {}

/**
 * The prices that are paid once. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffFixedType extends Schema.Opaque<TariffFixedType>()(
  Schema.Struct({
    prices: Schema.Array(TariffFixedPriceType).check(Schema.isMinLength(1)),
    taxRates: Schema.optionalKey(Schema.Array(TaxRateType).check(Schema.isMinLength(1), Schema.isMaxLength(5))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffFixedType" })
) {}

/**
 * A tariff that the station computes with. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffType extends Schema.Opaque<TariffType>()(
  Schema.Struct({
    tariffId: Wire.text(60),
    /** In one or more languages. */
    description: Schema.optionalKey(
      Schema.Array(MessageContentType).check(Schema.isMinLength(1), Schema.isMaxLength(10))
    ),
    /** ISO 4217. */
    currency: Wire.text(3),
    energy: Schema.optionalKey(TariffEnergyType),
    /** Absent: from now on. */
    validFrom: Schema.optionalKey(Timestamp),
    chargingTime: Schema.optionalKey(TariffTimeType),
    idleTime: Schema.optionalKey(TariffTimeType),
    fixedFee: Schema.optionalKey(TariffFixedType),
    reservationTime: Schema.optionalKey(TariffTimeType),
    reservationFixed: Schema.optionalKey(TariffFixedType),
    minCost: Schema.optionalKey(PriceType),
    maxCost: Schema.optionalKey(PriceType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TariffType" })
) {}

/**
 * A component of the device model, such as `EVSE` or `SecurityCtrlr`.
 *
 * **Changed in 2.1**: only through `EVSEType`.
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
 * A component, or one variable of it.
 *
 * **Changed in 2.1**: only through `ComponentType`.
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
 * What was measured. Absent means `Energy.Active.Import.Register`.
 *
 * **Changed in 2.1**: 31 more values.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MeasurandEnumType = Schema.Literals([
  "Current.Export",
  "Current.Export.Offered",
  "Current.Export.Minimum",
  "Current.Import",
  "Current.Import.Offered",
  "Current.Import.Minimum",
  "Current.Offered",
  "Display.PresentSOC",
  "Display.MinimumSOC",
  "Display.TargetSOC",
  "Display.MaximumSOC",
  "Display.RemainingTimeToMinimumSOC",
  "Display.RemainingTimeToTargetSOC",
  "Display.RemainingTimeToMaximumSOC",
  "Display.ChargingComplete",
  "Display.BatteryEnergyCapacity",
  "Display.InletHot",
  "Energy.Active.Export.Interval",
  "Energy.Active.Export.Register",
  "Energy.Active.Import.Interval",
  "Energy.Active.Import.Register",
  "Energy.Active.Import.CableLoss",
  "Energy.Active.Import.LocalGeneration.Register",
  "Energy.Active.Net",
  "Energy.Active.Setpoint.Interval",
  "Energy.Apparent.Export",
  "Energy.Apparent.Import",
  "Energy.Apparent.Net",
  "Energy.Reactive.Export.Interval",
  "Energy.Reactive.Export.Register",
  "Energy.Reactive.Import.Interval",
  "Energy.Reactive.Import.Register",
  "Energy.Reactive.Net",
  "EnergyRequest.Target",
  "EnergyRequest.Minimum",
  "EnergyRequest.Maximum",
  "EnergyRequest.Minimum.V2X",
  "EnergyRequest.Maximum.V2X",
  "EnergyRequest.Bulk",
  "Frequency",
  "Power.Active.Export",
  "Power.Active.Import",
  "Power.Active.Setpoint",
  "Power.Active.Residual",
  "Power.Export.Minimum",
  "Power.Export.Offered",
  "Power.Factor",
  "Power.Import.Offered",
  "Power.Import.Minimum",
  "Power.Offered",
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "SoC",
  "Voltage",
  "Voltage.Minimum",
  "Voltage.Maximum"
]).annotate({ identifier: "MeasurandEnumType" })
/**
 * A value of {@link MeasurandEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MeasurandEnumType = typeof MeasurandEnumType.Type

/**
 * Where a value was measured. Absent means `Outlet`.
 *
 * **Changed in 2.1**: adds `Upstream`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LocationEnumType = Schema.Literals(["Body", "Cable", "EV", "Inlet", "Outlet", "Upstream"]).annotate({
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
 * How a reading was signed: an open string, such as `ECDSA-secp256r1-SHA256`.
 *
 * **Changed in 2.1**: named, with a list of standard values.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SigningMethodEnumStringType = Wire.text(50).annotate({ identifier: "SigningMethodEnumStringType" })
/**
 * The text of {@link SigningMethodEnumStringType}.
 *
 * @category models
 * @since 0.1.0
 */
export type SigningMethodEnumStringType = typeof SigningMethodEnumStringType.Type

/**
 * A reading as the meter signed it.
 *
 * **Changed in 2.1**: longer `signedMeterData` (2500 → 32768); `signingMethod`, `publicKey` are optional.
 *
 * @category models
 * @since 0.1.0
 */
export class SignedMeterValueType extends Schema.Opaque<SignedMeterValueType>()(
  Schema.Struct({
    /** Base64. */
    signedMeterData: Wire.text(32768),
    signingMethod: Schema.optionalKey(SigningMethodEnumStringType),
    encodingMethod: Wire.text(50),
    /** Base64; sent as `PublicKeyWithSignedMeterValue` says. */
    publicKey: Schema.optionalKey(Wire.text(2500)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SignedMeterValueType" })
) {}

/**
 * A measured value. Without further fields it is the imported active energy in Wh at the outlet.
 *
 * **Changed in 2.1**: only through `MeasurandEnumType`, `LocationEnumType`, `SignedMeterValueType`.
 *
 * @category models
 * @since 0.1.0
 */
export class SampledValueType extends Schema.Opaque<SampledValueType>()(
  Schema.Struct({
    /** In the unit and power of ten of `unitOfMeasure`. */
    value: Wire.Decimal,
    /** Absent means `Energy.Active.Import.Register`. */
    measurand: Schema.optionalKey(MeasurandEnumType),
    /** Absent means `Sample.Periodic`. */
    context: Schema.optionalKey(ReadingContextEnumType),
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
 * **Changed in 2.1**: only through `SampledValueType`.
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
 * What a charging profile limits: the whole station, every transaction, one, or one with priority; `LocalGeneration`
 * adds capacity.
 *
 * **Changed in 2.1**: adds `PriorityCharging`, `LocalGeneration`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfilePurposeEnumType = Schema.Literals([
  "ChargingStationExternalConstraints",
  "ChargingStationMaxProfile",
  "TxDefaultProfile",
  "TxProfile",
  "PriorityCharging",
  "LocalGeneration"
]).annotate({ identifier: "ChargingProfilePurposeEnumType" })
/**
 * A value of {@link ChargingProfilePurposeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfilePurposeEnumType = typeof ChargingProfilePurposeEnumType.Type

/**
 * When the schedules of a profile start: at a given time, every day or week, or with the transaction; `Dynamic` ones
 * get their values as they go.
 *
 * **Changed in 2.1**: adds `Dynamic`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileKindEnumType = Schema.Literals(["Absolute", "Recurring", "Relative", "Dynamic"]).annotate({
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
 * A limit that holds above a state of charge. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class LimitAtSoCType extends Schema.Opaque<LimitAtSoCType>()(
  Schema.Struct({
    /** Percent. */
    soc: Wire.Natural.check(Schema.isLessThanOrEqualTo(100)),
    /** A or W, as `chargingRateUnit` says. */
    limit: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LimitAtSoCType" })
) {}

/**
 * Who steers charging and discharging, and by what. Absent means `ChargingOnly`. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OperationModeEnumType = Schema.Literals([
  "Idle",
  "ChargingOnly",
  "CentralSetpoint",
  "ExternalSetpoint",
  "ExternalLimits",
  "CentralFrequency",
  "LocalFrequency",
  "LocalLoadBalancing"
]).annotate({ identifier: "OperationModeEnumType" })
/**
 * A value of {@link OperationModeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OperationModeEnumType = typeof OperationModeEnumType.Type

/**
 * A point of a curve of power over frequency. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class V2XFreqWattPointType extends Schema.Opaque<V2XFreqWattPointType>()(
  Schema.Struct({
    /** Hz. */
    frequency: Wire.Decimal,
    /** W; negative to discharge. */
    power: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "V2XFreqWattPointType" })
) {}

/**
 * A point of a curve of power over the aFRR signal. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class V2XSignalWattPointType extends Schema.Opaque<V2XSignalWattPointType>()(
  Schema.Struct({
    /** Of `AFRRSignal`. */
    signal: Wire.Integer,
    /** W; negative to discharge. */
    power: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "V2XSignalWattPointType" })
) {}

/**
 * Limits and setpoints, from their start to the start of the next period. Which of them apply depends on
 * `operationMode`. Values of AC without `_L2` and `_L3` are for all phases together, otherwise for L1.
 *
 * **Changed in 2.1**: adds `limit_L2`, `limit_L3`, `dischargeLimit`, `dischargeLimit_L2`, `dischargeLimit_L3`,
 * `setpoint`, `setpoint_L2`, `setpoint_L3`, `setpointReactive`, `setpointReactive_L2`, `setpointReactive_L3`,
 * `preconditioningRequest`, `evseSleep`, `v2xBaseline`, `operationMode`, `v2xFreqWattCurve`, `v2xSignalWattCurve`;
 * `limit` is optional; `numberPhases` is 0 to 3; `phaseToUse` is 0 to 3.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingSchedulePeriodType extends Schema.Opaque<ChargingSchedulePeriodType>()(
  Schema.Struct({
    /** Seconds from the start of the schedule. */
    startPeriod: Wire.Integer,
    /** A or W, as `chargingRateUnit` says; not negative but for old receivers. */
    limit: Schema.optionalKey(Wire.Decimal),
    limit_L2: Schema.optionalKey(Wire.Decimal),
    limit_L3: Schema.optionalKey(Wire.Decimal),
    /** Absent means 3 for AC; left out for DC. */
    numberPhases: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(3))),
    /** 1, 2 or 3; only with one phase, and where the EVSE can switch it. */
    phaseToUse: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(3))),
    /** A or W, zero or negative. */
    dischargeLimit: Schema.optionalKey(Wire.Decimal.check(Schema.isLessThanOrEqualTo(0))),
    /** A or W, zero or negative. */
    dischargeLimit_L2: Schema.optionalKey(Wire.Decimal.check(Schema.isLessThanOrEqualTo(0))),
    /** A or W, zero or negative. */
    dischargeLimit_L3: Schema.optionalKey(Wire.Decimal.check(Schema.isLessThanOrEqualTo(0))),
    /** A or W to keep to; negative to discharge. */
    setpoint: Schema.optionalKey(Wire.Decimal),
    setpoint_L2: Schema.optionalKey(Wire.Decimal),
    setpoint_L3: Schema.optionalKey(Wire.Decimal),
    /** Reactive power (var) or current (A); positive is inductive. */
    setpointReactive: Schema.optionalKey(Wire.Decimal),
    setpointReactive_L2: Schema.optionalKey(Wire.Decimal),
    setpointReactive_L3: Schema.optionalKey(Wire.Decimal),
    /** Keep the battery ready. */
    preconditioningRequest: Schema.optionalKey(Schema.Boolean),
    /** Turn the power electronics off; absent means false. */
    evseSleep: Schema.optionalKey(Schema.Boolean),
    /** W that the two curves are added to. */
    v2xBaseline: Schema.optionalKey(Wire.Decimal),
    /** Absent means `ChargingOnly`. */
    operationMode: Schema.optionalKey(OperationModeEnumType),
    v2xFreqWattCurve: Schema.optionalKey(
      Schema.Array(V2XFreqWattPointType).check(Schema.isMinLength(1), Schema.isMaxLength(20))
    ),
    v2xSignalWattCurve: Schema.optionalKey(
      Schema.Array(V2XSignalWattPointType).check(Schema.isMinLength(1), Schema.isMaxLength(20))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingSchedulePeriodType" })
) {}

/**
 * The price levels that a vehicle plans by (ISO 15118-2).
 *
 * **Changed in 2.1**: `id`, `numEPriceLevels` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class SalesTariffType extends Schema.Opaque<SalesTariffType>()(
  Schema.Struct({
    id: Wire.Natural,
    salesTariffDescription: Schema.optionalKey(Wire.text(32)),
    numEPriceLevels: Schema.optionalKey(Wire.Natural),
    salesTariffEntry: Schema.Array(SalesTariffEntryType).check(Schema.isMinLength(1), Schema.isMaxLength(1024)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SalesTariffType" })
) {}

/**
 * A number as `value` times ten to the power of `exponent` (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class RationalNumberType extends Schema.Opaque<RationalNumberType>()(
  Schema.Struct({
    exponent: Wire.Integer,
    value: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RationalNumberType" })
) {}

/**
 * The prices from a power on (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class PriceRuleType extends Schema.Opaque<PriceRuleType>()(
  Schema.Struct({
    /** Seconds. */
    parkingFeePeriod: Schema.optionalKey(Wire.Integer),
    /** Grams for each kWh. */
    carbonDioxideEmission: Schema.optionalKey(Wire.Natural),
    /** Percent. */
    renewableGenerationPercentage: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    energyFee: RationalNumberType,
    parkingFee: Schema.optionalKey(RationalNumberType),
    powerRangeStart: RationalNumberType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PriceRuleType" })
) {}

/**
 * The prices for a time, by power (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class PriceRuleStackType extends Schema.Opaque<PriceRuleStackType>()(
  Schema.Struct({
    /** Seconds. */
    duration: Wire.Integer,
    priceRule: Schema.Array(PriceRuleType).check(Schema.isMinLength(1), Schema.isMaxLength(8)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PriceRuleStackType" })
) {}

/**
 * A tax and what it is on (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class TaxRuleType extends Schema.Opaque<TaxRuleType>()(
  Schema.Struct({
    taxRuleID: Wire.Natural,
    taxRuleName: Schema.optionalKey(Wire.text(100)),
    taxIncludedInPrice: Schema.optionalKey(Schema.Boolean),
    appliesToEnergyFee: Schema.Boolean,
    appliesToParkingFee: Schema.Boolean,
    appliesToOverstayFee: Schema.Boolean,
    appliesToMinimumMaximumCost: Schema.Boolean,
    taxRate: RationalNumberType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "TaxRuleType" })
) {}

/**
 * A fee for staying after charging (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class OverstayRuleType extends Schema.Opaque<OverstayRuleType>()(
  Schema.Struct({
    overstayFee: RationalNumberType,
    overstayRuleDescription: Schema.optionalKey(Wire.text(32)),
    /** Seconds after staying began to count. */
    startTime: Wire.Integer,
    /** Seconds after which the fee is due again. */
    overstayFeePeriod: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "OverstayRuleType" })
) {}

/**
 * What it costs to stay after charging (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class OverstayRuleListType extends Schema.Opaque<OverstayRuleListType>()(
  Schema.Struct({
    overstayPowerThreshold: Schema.optionalKey(RationalNumberType),
    overstayRule: Schema.Array(OverstayRuleType).check(Schema.isMinLength(1), Schema.isMaxLength(5)),
    /** Seconds until staying counts. */
    overstayTimeThreshold: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "OverstayRuleListType" })
) {}

/**
 * The fee of an additional service (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class AdditionalSelectedServicesType extends Schema.Opaque<AdditionalSelectedServicesType>()(
  Schema.Struct({
    serviceFee: RationalNumberType,
    serviceName: Wire.text(80),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AdditionalSelectedServicesType" })
) {}

/**
 * Prices over time for a vehicle (ISO 15118-20). Field for field as there, so that a signature stays valid. New in
 * 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class AbsolutePriceScheduleType extends Schema.Opaque<AbsolutePriceScheduleType>()(
  Schema.Struct({
    timeAnchor: Timestamp,
    priceScheduleID: Wire.Natural,
    priceScheduleDescription: Schema.optionalKey(Wire.text(160)),
    /** ISO 4217. */
    currency: Wire.text(3),
    /** ISO 639. */
    language: Wire.text(8),
    /** URN of the way to compute the price. */
    priceAlgorithm: Wire.text(2000),
    minimumCost: Schema.optionalKey(RationalNumberType),
    maximumCost: Schema.optionalKey(RationalNumberType),
    priceRuleStacks: Schema.Array(PriceRuleStackType).check(Schema.isMinLength(1), Schema.isMaxLength(1024)),
    taxRules: Schema.optionalKey(Schema.Array(TaxRuleType).check(Schema.isMinLength(1), Schema.isMaxLength(10))),
    overstayRuleList: Schema.optionalKey(OverstayRuleListType),
    additionalSelectedServices: Schema.optionalKey(
      Schema.Array(AdditionalSelectedServicesType).check(Schema.isMinLength(1), Schema.isMaxLength(5))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AbsolutePriceScheduleType" })
) {}

/**
 * The price level for a time (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class PriceLevelScheduleEntryType extends Schema.Opaque<PriceLevelScheduleEntryType>()(
  Schema.Struct({
    /** Seconds. */
    duration: Wire.Integer,
    /** The lower the cheaper. */
    priceLevel: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PriceLevelScheduleEntryType" })
) {}

/**
 * Price levels over time for a vehicle (ISO 15118-20). New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class PriceLevelScheduleType extends Schema.Opaque<PriceLevelScheduleType>()(
  Schema.Struct({
    priceLevelScheduleEntries: Schema.Array(PriceLevelScheduleEntryType).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(100)
    ),
    timeAnchor: Timestamp,
    priceScheduleId: Wire.Natural,
    priceScheduleDescription: Schema.optionalKey(Wire.text(32)),
    numberOfPriceLevels: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PriceLevelScheduleType" })
) {}

/**
 * Limits and setpoints over a time.
 *
 * **Changed in 2.1**: adds `limitAtSoC`, `powerTolerance`, `signatureId`, `digestValue`, `useLocalTime`,
 * `randomizedDelay`, `absolutePriceSchedule`, `priceLevelSchedule`.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingScheduleType extends Schema.Opaque<ChargingScheduleType>()(
  Schema.Struct({
    id: Wire.Integer,
    limitAtSoC: Schema.optionalKey(LimitAtSoCType),
    /** Absent: with the start of charging, or on receipt for a dynamic profile. */
    startSchedule: Schema.optionalKey(Timestamp),
    /** Seconds; absent: the last period goes on. */
    duration: Schema.optionalKey(Wire.Integer),
    chargingRateUnit: ChargingRateUnitEnumType,
    /** A or W, as `chargingRateUnit` says. */
    minChargingRate: Schema.optionalKey(Wire.Decimal),
    /** W that the vehicle may be off its power profile. */
    powerTolerance: Schema.optionalKey(Wire.Decimal),
    signatureId: Schema.optionalKey(Wire.Natural),
    /** Hash of the EXI price schedule in Base64, for its signature. */
    digestValue: Schema.optionalKey(Wire.text(88)),
    /** Times are those of the station's clock on the wall, offsets ignored; absent means false. */
    useLocalTime: Schema.optionalKey(Schema.Boolean),
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriodType).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(1024)
    ),
    /** Seconds by which starts of periods are delayed at random at most; absent means 0. */
    randomizedDelay: Schema.optionalKey(Wire.Natural),
    salesTariff: Schema.optionalKey(SalesTariffType),
    absolutePriceSchedule: Schema.optionalKey(AbsolutePriceScheduleType),
    priceLevelSchedule: Schema.optionalKey(PriceLevelScheduleType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingScheduleType" })
) {}

/**
 * A charging profile: limits and setpoints over time for the station, an EVSE or a transaction. Among profiles of one
 * purpose the highest stack level wins.
 *
 * **Changed in 2.1**: adds `maxOfflineDuration`, `invalidAfterOfflineDuration`, `dynUpdateInterval`, `dynUpdateTime`,
 * `priceScheduleSignature`; `stackLevel` is not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingProfileType extends Schema.Opaque<ChargingProfileType>()(
  Schema.Struct({
    /** Negative ones are of external sources. */
    id: Wire.Integer,
    /** The higher wins; the lowest is 0. */
    stackLevel: Wire.Natural,
    chargingProfilePurpose: ChargingProfilePurposeEnumType,
    chargingProfileKind: ChargingProfileKindEnumType,
    /** Only with `Recurring`. */
    recurrencyKind: Schema.optionalKey(RecurrencyKindEnumType),
    /** Absent: from now on. */
    validFrom: Schema.optionalKey(Timestamp),
    /** Absent: until it is replaced. */
    validTo: Schema.optionalKey(Timestamp),
    /** Only with `TxProfile`. */
    transactionId: Schema.optionalKey(Wire.text(36)),
    /** Seconds offline after which the profile does not hold; 0: at once; absent: it holds. */
    maxOfflineDuration: Schema.optionalKey(Wire.Integer),
    chargingSchedule: Schema.Array(ChargingScheduleType).check(Schema.isMinLength(1), Schema.isMaxLength(3)),
    /** It then stays invalid; absent means false. */
    invalidAfterOfflineDuration: Schema.optionalKey(Schema.Boolean),
    /** Seconds after which the station fetches new values; 0 or absent: never. */
    dynUpdateInterval: Schema.optionalKey(Wire.Integer),
    /** When its values last changed. */
    dynUpdateTime: Schema.optionalKey(Timestamp),
    /** Of all its price schedules (ISO 15118-20). */
    priceScheduleSignature: Schema.optionalKey(Wire.text(256)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingProfileType" })
) {}

/**
 * What is needed to ask for the OCSP status of a certificate.
 *
 * **Changed in 2.1**: longer `responderURL` (512 → 2000).
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
    responderURL: Wire.text(2000),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "OCSPRequestDataType" })
) {}

/**
 * How energy gets into the vehicle.
 *
 * **Changed in 2.1**: adds `AC_BPT`, `AC_BPT_DER`, `AC_DER`, `DC_BPT`, `DC_ACDP`, `DC_ACDP_BPT`, `WPT`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EnergyTransferModeEnumType = Schema.Literals([
  "AC_single_phase",
  "AC_two_phase",
  "AC_three_phase",
  "DC",
  "AC_BPT",
  "AC_BPT_DER",
  "AC_DER",
  "DC_BPT",
  "DC_ACDP",
  "DC_ACDP_BPT",
  "WPT"
]).annotate({ identifier: "EnergyTransferModeEnumType" })
/**
 * A value of {@link EnergyTransferModeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type EnergyTransferModeEnumType = typeof EnergyTransferModeEnumType.Type

/**
 * The DER controls: curves, fixed values, limits and ramps. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DERControlEnumType = Schema.Literals([
  "EnterService",
  "FreqDroop",
  "FreqWatt",
  "FixedPFAbsorb",
  "FixedPFInject",
  "FixedVar",
  "Gradients",
  "HFMustTrip",
  "HFMayTrip",
  "HVMustTrip",
  "HVMomCess",
  "HVMayTrip",
  "LimitMaxDischarge",
  "LFMustTrip",
  "LVMustTrip",
  "LVMomCess",
  "LVMayTrip",
  "PowerMonitoringMustTrip",
  "VoltVar",
  "VoltWatt",
  "WattPF",
  "WattVar"
]).annotate({ identifier: "DERControlEnumType" })
/**
 * A value of {@link DERControlEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DERControlEnumType = typeof DERControlEnumType.Type
