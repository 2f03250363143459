/**
 * The Smart Charging profile of OCPP 1.6: limits on power or current over time.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { ChargingProfile, ChargingProfilePurposeType, ChargingRateUnitType, ChargingSchedule } from "./DataTypes.ts"

/**
 * Whether profiles were removed; `Unknown`: none matched.
 *
 * @see OCPP 1.6 §7.21
 * @category schemas
 * @since 0.1.0
 */
export const ClearChargingProfileStatus = Schema.Literals(["Accepted", "Unknown"]).annotate({
  identifier: "ClearChargingProfileStatus"
})
/**
 * A value of {@link ClearChargingProfileStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearChargingProfileStatus = typeof ClearChargingProfileStatus.Type

/**
 * The central system removes the profile with an id, or all that match the other fields.
 *
 * @see OCPP 1.6 §5.5, §6.13
 * @category messages
 * @since 0.1.0
 */
export class ClearChargingProfileRequest extends Schema.Opaque<ClearChargingProfileRequest>()(
  Schema.Struct({
    /** The `chargingProfileId`. */
    id: Schema.optionalKey(Wire.Integer),
    /** 0: the profiles of the station as a whole; absent: of all. */
    connectorId: Schema.optionalKey(Wire.Integer),
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurposeType),
    stackLevel: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "ClearChargingProfileRequest" })
) {}

/**
 * Whether profiles were removed.
 *
 * @see OCPP 1.6 §5.5, §6.14
 * @category messages
 * @since 0.1.0
 */
export class ClearChargingProfileResponse extends Schema.Opaque<ClearChargingProfileResponse>()(
  Schema.Struct({
    status: ClearChargingProfileStatus
  }).annotate({ identifier: "ClearChargingProfileResponse" })
) {}

/**
 * Removes profiles.
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
 * Whether the station could work out its schedule.
 *
 * @see OCPP 1.6 §7.26
 * @category schemas
 * @since 0.1.0
 */
export const GetCompositeScheduleStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "GetCompositeScheduleStatus"
})
/**
 * A value of {@link GetCompositeScheduleStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetCompositeScheduleStatus = typeof GetCompositeScheduleStatus.Type

/**
 * The central system asks what limits result from all profiles together.
 *
 * @see OCPP 1.6 §5.7, §6.21
 * @category messages
 * @since 0.1.0
 */
export class GetCompositeScheduleRequest extends Schema.Opaque<GetCompositeScheduleRequest>()(
  Schema.Struct({
    /** 0: the grid connection. */
    connectorId: Wire.Integer,
    /** Seconds from now. */
    duration: Wire.Integer,
    /** The unit to answer in; absent: the station chooses. */
    chargingRateUnit: Schema.optionalKey(ChargingRateUnitType)
  }).annotate({ identifier: "GetCompositeScheduleRequest" })
) {}

/**
 * The limits that result from all profiles at the time of the answer.
 *
 * @see OCPP 1.6 §5.7, §6.22
 * @category messages
 * @since 0.1.0
 */
export class GetCompositeScheduleResponse extends Schema.Opaque<GetCompositeScheduleResponse>()(
  Schema.Struct({
    status: GetCompositeScheduleStatus,
    connectorId: Schema.optionalKey(Wire.Integer),
    /** What the periods of the schedule count from. */
    scheduleStart: Schema.optionalKey(Timestamp),
    /** Without `startSchedule`. */
    chargingSchedule: Schema.optionalKey(ChargingSchedule)
  }).annotate({ identifier: "GetCompositeScheduleResponse" })
) {}

/**
 * Asks what limits result from all profiles.
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
 * Whether the station took a profile.
 *
 * @see OCPP 1.6 §7.11
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileStatus = Schema.Literals(["Accepted", "Rejected", "NotSupported"]).annotate({
  identifier: "ChargingProfileStatus"
})
/**
 * A value of {@link ChargingProfileStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfileStatus = typeof ChargingProfileStatus.Type

/**
 * The central system gives the station a profile. It replaces the one with the same id, or with the same stack level
 * and purpose.
 *
 * @see OCPP 1.6 §5.16, §6.43
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileRequest extends Schema.Opaque<SetChargingProfileRequest>()(
  Schema.Struct({
    /** 0: the station as a whole, or every connector for a `TxDefaultProfile`. */
    connectorId: Wire.Integer,
    /** One profile, in spite of its name. */
    csChargingProfiles: ChargingProfile
  }).annotate({ identifier: "SetChargingProfileRequest" })
) {}

/**
 * Whether the station took the profile.
 *
 * @see OCPP 1.6 §5.16, §6.44
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileResponse extends Schema.Opaque<SetChargingProfileResponse>()(
  Schema.Struct({
    status: ChargingProfileStatus
  }).annotate({ identifier: "SetChargingProfileResponse" })
) {}

/**
 * Gives the station a profile.
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
