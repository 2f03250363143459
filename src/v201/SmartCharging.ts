/**
 * Functional block K of OCPP 2.0.1, Smart Charging: limits on power and current over time.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  ChargingProfilePurposeEnumType,
  ChargingProfileType,
  ChargingRateUnitEnumType,
  ChargingSchedulePeriodType,
  ChargingScheduleType,
  CustomDataType,
  GenericStatusEnumType,
  StatusInfoType
} from "./DataTypes.ts"

/**
 * The CSMS installs a charging profile. One with the same id is replaced.
 *
 * @see P2 K01
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileRequest extends Schema.Opaque<SetChargingProfileRequest>()(
  Schema.Struct({
    /** 0: the station as a whole, or each EVSE for a `TxDefaultProfile`. */
    evseId: Wire.Integer,
    chargingProfile: ChargingProfileType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetChargingProfileRequest" })
) {}

/**
 * Whether a charging profile was taken over.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "ChargingProfileStatusEnumType"
})
/**
 * A value of {@link ChargingProfileStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfileStatusEnumType = typeof ChargingProfileStatusEnumType.Type

/**
 * Whether the profile is installed. `Accepted` does not promise that it is followed to the letter: other limits may
 * be lower.
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
    evseId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCompositeScheduleRequest" })
) {}

/**
 * The limits that follow from all installed charging profiles together.
 *
 * @category models
 * @since 0.1.0
 */
export class CompositeScheduleType extends Schema.Opaque<CompositeScheduleType>()(
  Schema.Struct({
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriodType).check(Schema.isMinLength(1)),
    /** 0: the grid connection. */
    evseId: Wire.Integer,
    /** Seconds. */
    duration: Wire.Integer,
    /** The periods count from here. */
    scheduleStart: Timestamp,
    chargingRateUnit: ChargingRateUnitEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CompositeScheduleType" })
) {}

/**
 * The limits over the time asked for.
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
 * Who set a limit: an energy management system, the charging station operator, a system operator, or another.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingLimitSourceEnumType = Schema.Literals(["EMS", "Other", "SO", "CSO"]).annotate({
  identifier: "ChargingLimitSourceEnumType"
})
/**
 * A value of {@link ChargingLimitSourceEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingLimitSourceEnumType = typeof ChargingLimitSourceEnumType.Type

/**
 * Which charging profiles to report. A criterion that is left out does not filter.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingProfileCriterionType extends Schema.Opaque<ChargingProfileCriterionType>()(
  Schema.Struct({
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurposeEnumType),
    stackLevel: Schema.optionalKey(Wire.Integer),
    chargingProfileId: Schema.optionalKey(Schema.Array(Wire.Integer).check(Schema.isMinLength(1))),
    chargingLimitSource: Schema.optionalKey(
      Schema.Array(ChargingLimitSourceEnumType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingProfileCriterionType" })
) {}

/**
 * The CSMS asks which charging profiles are installed; they follow in `ReportChargingProfiles`.
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
    evseId: Schema.optionalKey(Wire.Integer),
    chargingProfile: ChargingProfileCriterionType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetChargingProfilesRequest" })
) {}

/**
 * Whether charging profiles will be reported.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetChargingProfileStatusEnumType = Schema.Literals(["Accepted", "NoProfiles"]).annotate({
  identifier: "GetChargingProfileStatusEnumType"
})
/**
 * A value of {@link GetChargingProfileStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetChargingProfileStatusEnumType = typeof GetChargingProfileStatusEnumType.Type

/**
 * Whether a report will follow; `NoProfiles` when nothing matches.
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
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class ReportChargingProfilesRequest extends Schema.Opaque<ReportChargingProfilesRequest>()(
  Schema.Struct({
    requestId: Wire.Integer,
    chargingLimitSource: ChargingLimitSourceEnumType,
    chargingProfile: Schema.Array(ChargingProfileType).check(Schema.isMinLength(1)),
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** 0: the station as a whole. */
    evseId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReportChargingProfilesRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class ReportChargingProfilesResponse extends Schema.Opaque<ReportChargingProfilesResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReportChargingProfilesResponse" })
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
 * @category models
 * @since 0.1.0
 */
export class ClearChargingProfileType extends Schema.Opaque<ClearChargingProfileType>()(
  Schema.Struct({
    /** 0: profiles of the station as a whole; absent: of any EVSE. */
    evseId: Schema.optionalKey(Wire.Integer),
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurposeEnumType),
    stackLevel: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearChargingProfileType" })
) {}

/**
 * The CSMS removes the charging profile with an id, or all that match the criteria.
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
 * Whether charging profiles were removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearChargingProfileStatusEnumType = Schema.Literals(["Accepted", "Unknown"]).annotate({
  identifier: "ClearChargingProfileStatusEnumType"
})
/**
 * A value of {@link ClearChargingProfileStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearChargingProfileStatusEnumType = typeof ClearChargingProfileStatusEnumType.Type

/**
 * Whether anything was removed; `Unknown` when nothing matched.
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
 * Who set a limit, and whether the grid depends on it.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingLimitType extends Schema.Opaque<ChargingLimitType>()(
  Schema.Struct({
    chargingLimitSource: ChargingLimitSourceEnumType,
    isGridCritical: Schema.optionalKey(Schema.Boolean),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingLimitType" })
) {}

/**
 * The station reports a limit that somebody else than the CSMS has set, such as an energy management system.
 *
 * @see P2 K11, K12
 * @category messages
 * @since 0.1.0
 */
export class NotifyChargingLimitRequest extends Schema.Opaque<NotifyChargingLimitRequest>()(
  Schema.Struct({
    chargingSchedule: Schema.optionalKey(Schema.Array(ChargingScheduleType).check(Schema.isMinLength(1))),
    /** Absent: the whole station. */
    evseId: Schema.optionalKey(Wire.Integer),
    chargingLimit: ChargingLimitType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyChargingLimitRequest" })
) {}

/**
 * The CSMS has seen the limit.
 *
 * @see P2 K11, K12
 * @category messages
 * @since 0.1.0
 */
export class NotifyChargingLimitResponse extends Schema.Opaque<NotifyChargingLimitResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyChargingLimitResponse" })
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
 * @see P2 K13
 * @category messages
 * @since 0.1.0
 */
export class ClearedChargingLimitRequest extends Schema.Opaque<ClearedChargingLimitRequest>()(
  Schema.Struct({
    chargingLimitSource: ChargingLimitSourceEnumType,
    evseId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearedChargingLimitRequest" })
) {}

/**
 * The CSMS has seen it.
 *
 * @see P2 K13
 * @category messages
 * @since 0.1.0
 */
export class ClearedChargingLimitResponse extends Schema.Opaque<ClearedChargingLimitResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearedChargingLimitResponse" })
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
 * @category models
 * @since 0.1.0
 */
export class ACChargingParametersType extends Schema.Opaque<ACChargingParametersType>()(
  Schema.Struct({
    /** Wh, preconditioning included. */
    energyAmount: Wire.Integer,
    /** A for each phase. */
    evMinCurrent: Wire.Integer,
    /** A for each phase, cable included. */
    evMaxCurrent: Wire.Integer,
    /** V. */
    evMaxVoltage: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ACChargingParametersType" })
) {}

/**
 * What a vehicle needs and can take when it charges with DC (ISO 15118-2).
 *
 * @category models
 * @since 0.1.0
 */
export class DCChargingParametersType extends Schema.Opaque<DCChargingParametersType>()(
  Schema.Struct({
    /** A, cable included. */
    evMaxCurrent: Wire.Integer,
    /** V. */
    evMaxVoltage: Wire.Integer,
    /** Wh, preconditioning included. */
    energyAmount: Schema.optionalKey(Wire.Integer),
    /** W. */
    evMaxPower: Schema.optionalKey(Wire.Integer),
    /** Percent. */
    stateOfCharge: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    /** Wh. */
    evEnergyCapacity: Schema.optionalKey(Wire.Integer),
    /** Percent at which the battery counts as full. */
    fullSoC: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    /** Percent at which fast charging ends. */
    bulkSoC: Schema.optionalKey(Wire.Natural.check(Schema.isLessThanOrEqualTo(100))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DCChargingParametersType" })
) {}

/**
 * How energy gets into the vehicle.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EnergyTransferModeEnumType = Schema.Literals([
  "DC",
  "AC_single_phase",
  "AC_two_phase",
  "AC_three_phase"
]).annotate({ identifier: "EnergyTransferModeEnumType" })
/**
 * A value of {@link EnergyTransferModeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type EnergyTransferModeEnumType = typeof EnergyTransferModeEnumType.Type

/**
 * What a vehicle needs until it departs.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingNeedsType extends Schema.Opaque<ChargingNeedsType>()(
  Schema.Struct({
    acChargingParameters: Schema.optionalKey(ACChargingParametersType),
    dcChargingParameters: Schema.optionalKey(DCChargingParametersType),
    requestedEnergyTransfer: EnergyTransferModeEnumType,
    departureTime: Schema.optionalKey(Timestamp),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingNeedsType" })
) {}

/**
 * The station passes on what the vehicle asks for over ISO 15118; the CSMS answers it with a charging profile.
 *
 * @see P2 K15, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingNeedsRequest extends Schema.Opaque<NotifyEVChargingNeedsRequest>()(
  Schema.Struct({
    /** How many periods the vehicle can take. */
    maxScheduleTuples: Schema.optionalKey(Wire.Integer),
    chargingNeeds: ChargingNeedsType,
    /** Never 0. */
    evseId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEVChargingNeedsRequest" })
) {}

/**
 * Whether charging needs are taken up; with `Processing` a charging profile will follow later.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotifyEVChargingNeedsStatusEnumType = Schema.Literals(["Accepted", "Rejected", "Processing"]).annotate({
  identifier: "NotifyEVChargingNeedsStatusEnumType"
})
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
    evseId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEVChargingScheduleRequest" })
) {}

/**
 * Whether the schedule could be read; it says nothing of whether it is approved.
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
