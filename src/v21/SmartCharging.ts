/**
 * Functional block K of OCPP 2.1, Smart Charging: limits and setpoints of power and current over time.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  ChargingProfileStatusEnumType,
  ClearChargingProfileStatusEnumType,
  ClearedChargingLimitResponse,
  GetChargingProfileStatusEnumType,
  NotifyChargingLimitResponse,
  ReportChargingProfilesResponse
} from "../v201/SmartCharging.ts"
import {
  ChargingProfilePurposeEnumType,
  ChargingProfileType,
  ChargingRateUnitEnumType,
  ChargingSchedulePeriodType,
  ChargingScheduleType,
  CustomDataType,
  DERControlEnumType,
  EnergyTransferModeEnumType,
  GenericStatusEnumType,
  StatusInfoType
} from "./DataTypes.ts"

// As in 2.0.1.
export {
  ChargingProfileStatusEnumType,
  ClearChargingProfileStatusEnumType,
  ClearedChargingLimitResponse,
  GetChargingProfileStatusEnumType,
  NotifyChargingLimitResponse,
  ReportChargingProfilesResponse
} from "../v201/SmartCharging.ts"

/**
 * The CSMS installs a charging profile. One with the same id is replaced.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @see P2 K01
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileRequest extends Schema.Opaque<SetChargingProfileRequest>()(
  Schema.Struct({
    /** 0: the station as a whole, or each EVSE for a `TxDefaultProfile`. */
    evseId: Wire.Natural,
    chargingProfile: ChargingProfileType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetChargingProfileRequest" })
) {}

/**
 * Whether the profile is installed. `Accepted` does not promise that it is followed to the letter: other limits may
 * be lower.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 K01
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileResponse extends Schema.Opaque<SetChargingProfileResponse>()(
  Schema.Struct({
    status: ChargingProfileStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetChargingProfileResponse" })
) {}

/**
 * Installs a charging profile.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetChargingProfile = Action.make("SetChargingProfile", {
  from: "csms",
  block: "SmartCharging",
  request: SetChargingProfileRequest,
  response: SetChargingProfileResponse
})

/**
 * The CSMS asks for the limits that follow from all installed profiles together.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @see P2 K08
 * @category messages
 * @since 0.1.0
 */
export class GetCompositeScheduleRequest extends Schema.Opaque<GetCompositeScheduleRequest>()(
  Schema.Struct({
    /** Seconds. */
    duration: Wire.Integer,
    chargingRateUnit: Schema.optionalKey(ChargingRateUnitEnumType),
    /** 0: the grid connection. */
    evseId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCompositeScheduleRequest" })
) {}

/**
 * The limits and setpoints that follow from all installed charging profiles together.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class CompositeScheduleType extends Schema.Opaque<CompositeScheduleType>()(
  Schema.Struct({
    /** 0: the grid connection. */
    evseId: Wire.Natural,
    /** Seconds. */
    duration: Wire.Integer,
    /** The periods count from here. */
    scheduleStart: Timestamp,
    chargingRateUnit: ChargingRateUnitEnumType,
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriodType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CompositeScheduleType" })
) {}

/**
 * The limits over the time asked for.
 *
 * **Changed in 2.1**: only through `StatusInfoType`, `CompositeScheduleType`.
 *
 * @see P2 K08
 * @category messages
 * @since 0.1.0
 */
export class GetCompositeScheduleResponse extends Schema.Opaque<GetCompositeScheduleResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    schedule: Schema.optionalKey(CompositeScheduleType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCompositeScheduleResponse" })
) {}

/**
 * Asks which limits the station will keep.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetCompositeSchedule = Action.make("GetCompositeSchedule", {
  from: "csms",
  block: "SmartCharging",
  request: GetCompositeScheduleRequest,
  response: GetCompositeScheduleResponse
})

/**
 * Who set a limit: an open string. Standard values: EMS, Other, SO, CSO.
 *
 * **Changed in 2.1**: was the enumeration `ChargingLimitSourceEnumType`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingLimitSourceEnumStringType = Wire.text(20).annotate({
  identifier: "ChargingLimitSourceEnumStringType"
})
/**
 * The text of {@link ChargingLimitSourceEnumStringType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingLimitSourceEnumStringType = typeof ChargingLimitSourceEnumStringType.Type

/**
 * Which charging profiles to report. A criterion that is left out does not filter.
 *
 * **Changed in 2.1**: `chargingLimitSource` is an open string; `stackLevel` is not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingProfileCriterionType extends Schema.Opaque<ChargingProfileCriterionType>()(
  Schema.Struct({
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurposeEnumType),
    stackLevel: Schema.optionalKey(Wire.Natural),
    chargingProfileId: Schema.optionalKey(Schema.Array(Wire.Integer).check(Schema.isMinLength(1))),
    chargingLimitSource: Schema.optionalKey(
      Schema.Array(ChargingLimitSourceEnumStringType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingProfileCriterionType" })
) {}

/**
 * The CSMS asks which charging profiles are installed; they follow in `ReportChargingProfiles`.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class GetChargingProfilesRequest extends Schema.Opaque<GetChargingProfilesRequest>()(
  Schema.Struct({
    /** Comes back in `ReportChargingProfiles`. */
    requestId: Wire.Integer,
    /** 0: only profiles of the station as a whole; absent: all. */
    evseId: Schema.optionalKey(Wire.Natural),
    chargingProfile: ChargingProfileCriterionType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetChargingProfilesRequest" })
) {}

/**
 * Whether a report will follow; `NoProfiles` when nothing matches.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class GetChargingProfilesResponse extends Schema.Opaque<GetChargingProfilesResponse>()(
  Schema.Struct({
    status: GetChargingProfileStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetChargingProfilesResponse" })
) {}

/**
 * Asks which charging profiles are installed.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetChargingProfiles = Action.make("GetChargingProfiles", {
  from: "csms",
  block: "SmartCharging",
  request: GetChargingProfilesRequest,
  response: GetChargingProfilesResponse
})

/**
 * The station delivers installed charging profiles: one message for each EVSE and source, several if need be.
 *
 * **Changed in 2.1**: `chargingLimitSource` is an open string; `evseId` is not negative.
 *
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class ReportChargingProfilesRequest extends Schema.Opaque<ReportChargingProfilesRequest>()(
  Schema.Struct({
    requestId: Wire.Integer,
    chargingLimitSource: ChargingLimitSourceEnumStringType,
    chargingProfile: Schema.Array(ChargingProfileType).check(Schema.isMinLength(1)),
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** 0: the station as a whole. */
    evseId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReportChargingProfilesRequest" })
) {}

/**
 * Delivers installed charging profiles.
 *
 * @category actions
 * @since 0.1.0
 */
export const ReportChargingProfiles = Action.make("ReportChargingProfiles", {
  from: "station",
  block: "SmartCharging",
  request: ReportChargingProfilesRequest,
  response: ReportChargingProfilesResponse
})

/**
 * Which charging profiles to remove. A criterion that is left out does not filter.
 *
 * **Changed in 2.1**: `evseId`, `stackLevel` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class ClearChargingProfileType extends Schema.Opaque<ClearChargingProfileType>()(
  Schema.Struct({
    /** 0: profiles of the station as a whole; absent: of any EVSE. */
    evseId: Schema.optionalKey(Wire.Natural),
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurposeEnumType),
    stackLevel: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearChargingProfileType" })
) {}

/**
 * The CSMS removes the charging profile with an id, or all that match the criteria.
 *
 * **Changed in 2.1**: only through `ClearChargingProfileType`.
 *
 * @see P2 K10
 * @category messages
 * @since 0.1.0
 */
export class ClearChargingProfileRequest extends Schema.Opaque<ClearChargingProfileRequest>()(
  Schema.Struct({
    chargingProfileId: Schema.optionalKey(Wire.Integer),
    chargingProfileCriteria: Schema.optionalKey(ClearChargingProfileType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearChargingProfileRequest" })
) {}

/**
 * Whether anything was removed; `Unknown` when nothing matched.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 K10
 * @category messages
 * @since 0.1.0
 */
export class ClearChargingProfileResponse extends Schema.Opaque<ClearChargingProfileResponse>()(
  Schema.Struct({
    status: ClearChargingProfileStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearChargingProfileResponse" })
) {}

/**
 * Removes charging profiles.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearChargingProfile = Action.make("ClearChargingProfile", {
  from: "csms",
  block: "SmartCharging",
  request: ClearChargingProfileRequest,
  response: ClearChargingProfileResponse
})

/**
 * Who set a limit, and whether the grid depends on it or it adds capacity.
 *
 * **Changed in 2.1**: adds `isLocalGeneration`; `chargingLimitSource` is an open string.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingLimitType extends Schema.Opaque<ChargingLimitType>()(
  Schema.Struct({
    chargingLimitSource: ChargingLimitSourceEnumStringType,
    /** It adds capacity instead of taking some. */
    isLocalGeneration: Schema.optionalKey(Schema.Boolean),
    isGridCritical: Schema.optionalKey(Schema.Boolean),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingLimitType" })
) {}

/**
 * The station reports a limit that somebody else than the CSMS has set, such as an energy management system.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @see P2 K11, K12
 * @category messages
 * @since 0.1.0
 */
export class NotifyChargingLimitRequest extends Schema.Opaque<NotifyChargingLimitRequest>()(
  Schema.Struct({
    chargingSchedule: Schema.optionalKey(Schema.Array(ChargingScheduleType).check(Schema.isMinLength(1))),
    /** Absent or 0: the whole station. */
    evseId: Schema.optionalKey(Wire.Natural),
    chargingLimit: ChargingLimitType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyChargingLimitRequest" })
) {}

/**
 * Reports a limit that came from elsewhere.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyChargingLimit = Action.make("NotifyChargingLimit", {
  from: "station",
  block: "SmartCharging",
  request: NotifyChargingLimitRequest,
  response: NotifyChargingLimitResponse
})

/**
 * The station reports that the limit of an external source is lifted.
 *
 * **Changed in 2.1**: `chargingLimitSource` is an open string; `evseId` is not negative.
 *
 * @see P2 K13
 * @category messages
 * @since 0.1.0
 */
export class ClearedChargingLimitRequest extends Schema.Opaque<ClearedChargingLimitRequest>()(
  Schema.Struct({
    chargingLimitSource: ChargingLimitSourceEnumStringType,
    evseId: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearedChargingLimitRequest" })
) {}

/**
 * Reports that an external limit is gone.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearedChargingLimit = Action.make("ClearedChargingLimit", {
  from: "station",
  block: "SmartCharging",
  request: ClearedChargingLimitRequest,
  response: ClearedChargingLimitResponse
})

/**
 * What a vehicle needs and can take when it charges with AC (ISO 15118-2).
 *
 * **Changed in 2.1**: `energyAmount`, `evMinCurrent`, `evMaxCurrent`, `evMaxVoltage` may have decimals.
 *
 * @category models
 * @since 0.1.0
 */
export class ACChargingParametersType extends Schema.Opaque<ACChargingParametersType>()(
  Schema.Struct({
    /** Wh, preconditioning included. */
    energyAmount: Wire.Decimal,
    /** A for each phase. */
    evMinCurrent: Wire.Decimal,
    /** A for each phase, cable included. */
    evMaxCurrent: Wire.Decimal,
    /** V. */
    evMaxVoltage: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ACChargingParametersType" })
) {}

/**
 * How a vehicle finds out that the grid is gone. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IslandingDetectionEnumType = Schema.Literals([
  "NoAntiIslandingSupport",
  "RoCoF",
  "UVP_OVP",
  "UFP_OFP",
  "VoltageVectorShift",
  "ZeroCrossingDetection",
  "OtherPassive",
  "ImpedanceMeasurement",
  "ImpedanceAtFrequency",
  "SlipModeFrequencyShift",
  "SandiaFrequencyShift",
  "SandiaVoltageShift",
  "FrequencyJump",
  "RCLQFactor",
  "OtherActive"
]).annotate({ identifier: "IslandingDetectionEnumType" })
/**
 * A value of {@link IslandingDetectionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type IslandingDetectionEnumType = typeof IslandingDetectionEnumType.Type

/**
 * What EVSE and vehicle agreed on for grid support (ISO 15118-20). Fields that start with `ev` are the vehicle's;
 * others are what both can do. Values without `_L2` and `_L3` are for all phases together, otherwise for L1. New in
 * 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class DERChargingParametersType extends Schema.Opaque<DERChargingParametersType>()(
  Schema.Struct({
    evSupportedDERControl: Schema.optionalKey(Schema.Array(DERControlEnumType).check(Schema.isMinLength(1))),
    evOverExcitedMaxDischargePower: Schema.optionalKey(Wire.Decimal),
    evOverExcitedPowerFactor: Schema.optionalKey(Wire.Decimal),
    evUnderExcitedMaxDischargePower: Schema.optionalKey(Wire.Decimal),
    evUnderExcitedPowerFactor: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxApparentPower: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxChargeApparentPower: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxChargeApparentPower_L2: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxChargeApparentPower_L3: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxDischargeApparentPower: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxDischargeApparentPower_L2: Schema.optionalKey(Wire.Decimal),
    /** VA. */
    maxDischargeApparentPower_L3: Schema.optionalKey(Wire.Decimal),
    /** var. */
    maxChargeReactivePower: Schema.optionalKey(Wire.Decimal),
    /** var. */
    maxChargeReactivePower_L2: Schema.optionalKey(Wire.Decimal),
    /** var. */
    maxChargeReactivePower_L3: Schema.optionalKey(Wire.Decimal),
    /** var. */
    minChargeReactivePower: Schema.optionalKey(Wire.Decimal),
    /** var. */
    minChargeReactivePower_L2: Schema.optionalKey(Wire.Decimal),
    /** var. */
    minChargeReactivePower_L3: Schema.optionalKey(Wire.Decimal),
    /** var. */
    maxDischargeReactivePower: Schema.optionalKey(Wire.Decimal),
    /** var. */
    maxDischargeReactivePower_L2: Schema.optionalKey(Wire.Decimal),
    /** var. */
    maxDischargeReactivePower_L3: Schema.optionalKey(Wire.Decimal),
    /** var. */
    minDischargeReactivePower: Schema.optionalKey(Wire.Decimal),
    /** var. */
    minDischargeReactivePower_L2: Schema.optionalKey(Wire.Decimal),
    /** var. */
    minDischargeReactivePower_L3: Schema.optionalKey(Wire.Decimal),
    /** V. */
    nominalVoltage: Schema.optionalKey(Wire.Decimal),
    /** V. */
    nominalVoltageOffset: Schema.optionalKey(Wire.Decimal),
    /** V. */
    maxNominalVoltage: Schema.optionalKey(Wire.Decimal),
    /** V. */
    minNominalVoltage: Schema.optionalKey(Wire.Decimal),
    evInverterManufacturer: Schema.optionalKey(Wire.text(50)),
    evInverterModel: Schema.optionalKey(Wire.text(50)),
    evInverterSerialNumber: Schema.optionalKey(Wire.text(50)),
    evInverterSwVersion: Schema.optionalKey(Wire.text(50)),
    evInverterHwVersion: Schema.optionalKey(Wire.text(50)),
    evIslandingDetectionMethod: Schema.optionalKey(
      Schema.Array(IslandingDetectionEnumType).check(Schema.isMinLength(1))
    ),
    evIslandingTripTime: Schema.optionalKey(Wire.Decimal),
    evMaximumLevel1DCInjection: Schema.optionalKey(Wire.Decimal),
    evDurationLevel1DCInjection: Schema.optionalKey(Wire.Decimal),
    evMaximumLevel2DCInjection: Schema.optionalKey(Wire.Decimal),
    evDurationLevel2DCInjection: Schema.optionalKey(Wire.Decimal),
    /** S. */
    evReactiveSusceptance: Schema.optionalKey(Wire.Decimal),
    /** Wh for the whole session. */
    evSessionTotalDischargeEnergyAvailable: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DERChargingParametersType" })
) {}

/**
 * The price at which a vehicle would discharge, from a power on. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EVPriceRuleType extends Schema.Opaque<EVPriceRuleType>()(
  Schema.Struct({
    /** Per kWh. */
    energyFee: Wire.Decimal,
    /** W; negative to discharge. */
    powerRangeStart: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVPriceRuleType" })
) {}

/**
 * The prices at which a vehicle would discharge, for a time. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EVAbsolutePriceScheduleEntryType extends Schema.Opaque<EVAbsolutePriceScheduleEntryType>()(
  Schema.Struct({
    /** Seconds. */
    duration: Wire.Integer,
    evPriceRule: Schema.Array(EVPriceRuleType).check(Schema.isMinLength(1), Schema.isMaxLength(8)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVAbsolutePriceScheduleEntryType" })
) {}

/**
 * The prices at which a vehicle would discharge, over time. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EVAbsolutePriceScheduleType extends Schema.Opaque<EVAbsolutePriceScheduleType>()(
  Schema.Struct({
    timeAnchor: Timestamp,
    /** ISO 4217. */
    currency: Wire.text(3),
    evAbsolutePriceScheduleEntries: Schema.Array(EVAbsolutePriceScheduleEntryType).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(1024)
    ),
    /** URN of the way to compute the price. */
    priceAlgorithm: Wire.text(2000),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVAbsolutePriceScheduleType" })
) {}

/**
 * The power that a vehicle would give back, for a time. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EVPowerScheduleEntryType extends Schema.Opaque<EVPowerScheduleEntryType>()(
  Schema.Struct({
    /** Seconds. */
    duration: Wire.Integer,
    /** W; negative to discharge. */
    power: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVPowerScheduleEntryType" })
) {}

/**
 * The power that a vehicle would give back, over time. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EVPowerScheduleType extends Schema.Opaque<EVPowerScheduleType>()(
  Schema.Struct({
    evPowerScheduleEntries: Schema.Array(EVPowerScheduleEntryType).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(1024)
    ),
    timeAnchor: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVPowerScheduleType" })
) {}

/**
 * What energy a vehicle would give back, and at what price. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EVEnergyOfferType extends Schema.Opaque<EVEnergyOfferType>()(
  Schema.Struct({
    evAbsolutePriceSchedule: Schema.optionalKey(EVAbsolutePriceScheduleType),
    evPowerSchedule: EVPowerScheduleType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EVEnergyOfferType" })
) {}

/**
 * What a vehicle needs and can take when it charges with DC (ISO 15118-2).
 *
 * **Changed in 2.1**: `evMaxCurrent`, `evMaxVoltage`, `evMaxPower`, `evEnergyCapacity`, `energyAmount` may have
 * decimals.
 *
 * @category models
 * @since 0.1.0
 */
export class DCChargingParametersType extends Schema.Opaque<DCChargingParametersType>()(
  Schema.Struct({
    /** A, cable included. */
    evMaxCurrent: Wire.Decimal,
    /** V. */
    evMaxVoltage: Wire.Decimal,
    /** W. */
    evMaxPower: Schema.optionalKey(Wire.Decimal),
    /** Wh. */
    evEnergyCapacity: Schema.optionalKey(Wire.Decimal),
    /** Wh, preconditioning included. */
    energyAmount: Schema.optionalKey(Wire.Decimal),
    /** Percent. */
    stateOfCharge: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    /** Percent at which the battery counts as full. */
    fullSoC: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    /** Percent at which fast charging ends. */
    bulkSoC: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DCChargingParametersType" })
) {}

/**
 * What EVSE and vehicle can take and give back (ISO 15118-20). Values without `_L2` and `_L3` are for all phases
 * together, otherwise for L1. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class V2XChargingParametersType extends Schema.Opaque<V2XChargingParametersType>()(
  Schema.Struct({
    /** W. */
    minChargePower: Schema.optionalKey(Wire.Decimal),
    /** W. */
    minChargePower_L2: Schema.optionalKey(Wire.Decimal),
    /** W. */
    minChargePower_L3: Schema.optionalKey(Wire.Decimal),
    /** W. */
    maxChargePower: Schema.optionalKey(Wire.Decimal),
    /** W. */
    maxChargePower_L2: Schema.optionalKey(Wire.Decimal),
    /** W. */
    maxChargePower_L3: Schema.optionalKey(Wire.Decimal),
    /** W. */
    minDischargePower: Schema.optionalKey(Wire.Decimal),
    /** W. */
    minDischargePower_L2: Schema.optionalKey(Wire.Decimal),
    /** W. */
    minDischargePower_L3: Schema.optionalKey(Wire.Decimal),
    /** W. */
    maxDischargePower: Schema.optionalKey(Wire.Decimal),
    /** W. */
    maxDischargePower_L2: Schema.optionalKey(Wire.Decimal),
    /** W. */
    maxDischargePower_L3: Schema.optionalKey(Wire.Decimal),
    /** A. */
    minChargeCurrent: Schema.optionalKey(Wire.Decimal),
    /** A. */
    maxChargeCurrent: Schema.optionalKey(Wire.Decimal),
    /** A. */
    minDischargeCurrent: Schema.optionalKey(Wire.Decimal),
    /** A. */
    maxDischargeCurrent: Schema.optionalKey(Wire.Decimal),
    /** V. */
    minVoltage: Schema.optionalKey(Wire.Decimal),
    /** V. */
    maxVoltage: Schema.optionalKey(Wire.Decimal),
    /** Wh. */
    evTargetEnergyRequest: Schema.optionalKey(Wire.Decimal),
    /** Wh. */
    evMinEnergyRequest: Schema.optionalKey(Wire.Decimal),
    /** Wh. */
    evMaxEnergyRequest: Schema.optionalKey(Wire.Decimal),
    /** Wh; positive: below the range for discharging. */
    evMinV2XEnergyRequest: Schema.optionalKey(Wire.Decimal),
    /** Wh; negative: above the range for discharging. */
    evMaxV2XEnergyRequest: Schema.optionalKey(Wire.Decimal),
    /** Percent at departure. */
    targetSoC: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "V2XChargingParametersType" })
) {}

/**
 * Whether the vehicle follows a schedule or setpoints. Absent means `ScheduledControl`. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ControlModeEnumType = Schema.Literals(["ScheduledControl", "DynamicControl"]).annotate({
  identifier: "ControlModeEnumType"
})
/**
 * A value of {@link ControlModeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ControlModeEnumType = typeof ControlModeEnumType.Type

/**
 * Who may change target charge and departure: the vehicle alone (`EVCC`), or the station and the CSMS too. New in
 * 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MobilityNeedsModeEnumType = Schema.Literals(["EVCC", "EVCC_SECC"]).annotate({
  identifier: "MobilityNeedsModeEnumType"
})
/**
 * A value of {@link MobilityNeedsModeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MobilityNeedsModeEnumType = typeof MobilityNeedsModeEnumType.Type

/**
 * What a vehicle needs until it departs, and what it could give back.
 *
 * **Changed in 2.1**: adds `derChargingParameters`, `evEnergyOffer`, `v2xChargingParameters`,
 * `availableEnergyTransfer`, `controlMode`, `mobilityNeedsMode`.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingNeedsType extends Schema.Opaque<ChargingNeedsType>()(
  Schema.Struct({
    acChargingParameters: Schema.optionalKey(ACChargingParametersType),
    derChargingParameters: Schema.optionalKey(DERChargingParametersType),
    evEnergyOffer: Schema.optionalKey(EVEnergyOfferType),
    requestedEnergyTransfer: EnergyTransferModeEnumType,
    dcChargingParameters: Schema.optionalKey(DCChargingParametersType),
    v2xChargingParameters: Schema.optionalKey(V2XChargingParametersType),
    /** What the vehicle can do. */
    availableEnergyTransfer: Schema.optionalKey(Schema.Array(EnergyTransferModeEnumType).check(Schema.isMinLength(1))),
    /** Absent means `ScheduledControl`. */
    controlMode: Schema.optionalKey(ControlModeEnumType),
    mobilityNeedsMode: Schema.optionalKey(MobilityNeedsModeEnumType),
    departureTime: Schema.optionalKey(Timestamp),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingNeedsType" })
) {}

/**
 * The station passes on what the vehicle asks for over ISO 15118; the CSMS answers it with a charging profile.
 *
 * **Changed in 2.1**: adds `timestamp`; `maxScheduleTuples` is not negative; `evseId` is at least 1.
 *
 * @see P2 K15, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingNeedsRequest extends Schema.Opaque<NotifyEVChargingNeedsRequest>()(
  Schema.Struct({
    /** Never 0. */
    evseId: Wire.Integer.check(Schema.isGreaterThanOrEqualTo(1)),
    /** How many periods the vehicle can take. */
    maxScheduleTuples: Schema.optionalKey(Wire.Natural),
    chargingNeeds: ChargingNeedsType,
    /** When the vehicle told, if the station was offline. */
    timestamp: Schema.optionalKey(Timestamp),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEVChargingNeedsRequest" })
) {}

/**
 * Whether charging needs are taken up; with `Processing` a charging profile will follow later.
 *
 * **Changed in 2.1**: adds `NoChargingProfile`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotifyEVChargingNeedsStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "Processing",
  "NoChargingProfile"
]).annotate({ identifier: "NotifyEVChargingNeedsStatusEnumType" })
/**
 * A value of {@link NotifyEVChargingNeedsStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type NotifyEVChargingNeedsStatusEnumType = typeof NotifyEVChargingNeedsStatusEnumType.Type

/**
 * Whether the needs are taken up. It does not say that they can be met.
 *
 * **Changed in 2.1**: only through `NotifyEVChargingNeedsStatusEnumType`, `StatusInfoType`.
 *
 * @see P2 K15, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingNeedsResponse extends Schema.Opaque<NotifyEVChargingNeedsResponse>()(
  Schema.Struct({
    status: NotifyEVChargingNeedsStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEVChargingNeedsResponse" })
) {}

/**
 * Reports what the vehicle needs.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyEVChargingNeeds = Action.make("NotifyEVChargingNeeds", {
  from: "station",
  block: "SmartCharging",
  request: NotifyEVChargingNeedsRequest,
  response: NotifyEVChargingNeedsResponse
})

/**
 * The station passes on the schedule that the vehicle has chosen over ISO 15118.
 *
 * **Changed in 2.1**: adds `selectedChargingScheduleId`, `powerToleranceAcceptance`; `evseId` is at least 1.
 *
 * @see P2 K15, K16, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingScheduleRequest extends Schema.Opaque<NotifyEVChargingScheduleRequest>()(
  Schema.Struct({
    /** The periods count from here. */
    timeBase: Timestamp,
    chargingSchedule: ChargingScheduleType,
    /** Never 0. */
    evseId: Wire.Integer.check(Schema.isGreaterThanOrEqualTo(1)),
    /** Which schedule of the profile the vehicle chose. */
    selectedChargingScheduleId: Schema.optionalKey(Wire.Natural),
    powerToleranceAcceptance: Schema.optionalKey(Schema.Boolean),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEVChargingScheduleRequest" })
) {}

/**
 * Whether the schedule could be read; it says nothing of whether it is approved.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 K15, K16, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingScheduleResponse extends Schema.Opaque<NotifyEVChargingScheduleResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEVChargingScheduleResponse" })
) {}

/**
 * Reports how the vehicle means to charge.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyEVChargingSchedule = Action.make("NotifyEVChargingSchedule", {
  from: "station",
  block: "SmartCharging",
  request: NotifyEVChargingScheduleRequest,
  response: NotifyEVChargingScheduleResponse
})

/**
 * The CSMS switches priority charging of a transaction on or off. New in 2.1.
 *
 * @see P2 K21
 * @category messages
 * @since 0.1.0
 */
export class UsePriorityChargingRequest extends Schema.Opaque<UsePriorityChargingRequest>()(
  Schema.Struct({
    transactionId: Wire.text(36),
    /** Switch on, or else off. */
    activate: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UsePriorityChargingRequest" })
) {}

/**
 * Whether priority charging was switched. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PriorityChargingStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NoProfile"]).annotate({
  identifier: "PriorityChargingStatusEnumType"
})
/**
 * A value of {@link PriorityChargingStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type PriorityChargingStatusEnumType = typeof PriorityChargingStatusEnumType.Type

/**
 * Whether it is switched; `NoProfile` when no `PriorityCharging` profile is installed. New in 2.1.
 *
 * @see P2 K21
 * @category messages
 * @since 0.1.0
 */
export class UsePriorityChargingResponse extends Schema.Opaque<UsePriorityChargingResponse>()(
  Schema.Struct({
    status: PriorityChargingStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UsePriorityChargingResponse" })
) {}

/**
 * Switches priority charging of a transaction on or off. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const UsePriorityCharging = Action.make("UsePriorityCharging", {
  from: "csms",
  block: "SmartCharging",
  request: UsePriorityChargingRequest,
  response: UsePriorityChargingResponse
})

/**
 * The station reports that priority charging of a transaction was switched on or off, by the driver or by itself. New
 * in 2.1.
 *
 * @see P2 K21, K22
 * @category messages
 * @since 0.1.0
 */
export class NotifyPriorityChargingRequest extends Schema.Opaque<NotifyPriorityChargingRequest>()(
  Schema.Struct({
    transactionId: Wire.text(36),
    /** Switched on, or else off. */
    activated: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyPriorityChargingRequest" })
) {}

/**
 * The CSMS has seen it. New in 2.1.
 *
 * @see P2 K21, K22
 * @category messages
 * @since 0.1.0
 */
export class NotifyPriorityChargingResponse extends Schema.Opaque<NotifyPriorityChargingResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyPriorityChargingResponse" })
) {}

/**
 * Reports that priority charging was switched. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyPriorityCharging = Action.make("NotifyPriorityCharging", {
  from: "station",
  block: "SmartCharging",
  request: NotifyPriorityChargingRequest,
  response: NotifyPriorityChargingResponse
})

/**
 * The station fetches new limits or setpoints for a dynamic charging profile. New in 2.1.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class PullDynamicScheduleUpdateRequest extends Schema.Opaque<PullDynamicScheduleUpdateRequest>()(
  Schema.Struct({
    chargingProfileId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PullDynamicScheduleUpdateRequest" })
) {}

/**
 * New limits and setpoints of a dynamic charging profile. Values of AC without `_L2` and `_L3` are for all phases
 * together, otherwise for L1. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingScheduleUpdateType extends Schema.Opaque<ChargingScheduleUpdateType>()(
  Schema.Struct({
    /** A or W, as `chargingRateUnit` says; not negative but for old receivers. */
    limit: Schema.optionalKey(Wire.Decimal),
    limit_L2: Schema.optionalKey(Wire.Decimal),
    limit_L3: Schema.optionalKey(Wire.Decimal),
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
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingScheduleUpdateType" })
) {}

/**
 * The new values. New in 2.1.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class PullDynamicScheduleUpdateResponse extends Schema.Opaque<PullDynamicScheduleUpdateResponse>()(
  Schema.Struct({
    scheduleUpdate: Schema.optionalKey(ChargingScheduleUpdateType),
    status: ChargingProfileStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PullDynamicScheduleUpdateResponse" })
) {}

/**
 * Fetches new values of a dynamic profile. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const PullDynamicScheduleUpdate = Action.make("PullDynamicScheduleUpdate", {
  from: "station",
  block: "SmartCharging",
  request: PullDynamicScheduleUpdateRequest,
  response: PullDynamicScheduleUpdateResponse
})

/**
 * The CSMS sends new limits or setpoints for a dynamic charging profile. New in 2.1.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class UpdateDynamicScheduleRequest extends Schema.Opaque<UpdateDynamicScheduleRequest>()(
  Schema.Struct({
    chargingProfileId: Wire.Integer,
    scheduleUpdate: ChargingScheduleUpdateType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UpdateDynamicScheduleRequest" })
) {}

/**
 * Whether the values are taken over. New in 2.1.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class UpdateDynamicScheduleResponse extends Schema.Opaque<UpdateDynamicScheduleResponse>()(
  Schema.Struct({
    status: ChargingProfileStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UpdateDynamicScheduleResponse" })
) {}

/**
 * Sends new values of a dynamic profile. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const UpdateDynamicSchedule = Action.make("UpdateDynamicSchedule", {
  from: "csms",
  block: "SmartCharging",
  request: UpdateDynamicScheduleRequest,
  response: UpdateDynamicScheduleResponse
})
