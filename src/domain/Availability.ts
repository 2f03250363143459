/**
 * Availability: what the connectors of a station do, and whether they may be used.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { Evse, StatusInfo } from "./DataTypes.ts"

/**
 * Whether a connector is free.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Occupancy = Schema.Literals(["Available", "Occupied", "Reserved"]).annotate({ identifier: "Occupancy" })
/**
 * A value of {@link Occupancy}.
 *
 * @category models
 * @since 0.1.0
 */
export type Occupancy = typeof Occupancy.Type

/**
 * Whether something works.
 *
 * **Details**
 *
 * - `Operative`: it does.
 * - `Unavailable`: it was taken out of service, or is being updated.
 * - `Faulted`: it is out of order.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Condition = Schema.Literals(["Operative", "Unavailable", "Faulted"]).annotate({ identifier: "Condition" })
/**
 * A value of {@link Condition}.
 *
 * @category models
 * @since 0.1.0
 */
export type Condition = typeof Condition.Type

/**
 * What happens at a connector that is occupied.
 *
 * **Details**
 *
 * - `Preparing`: a driver has come, and charging has not begun.
 * - `Charging`: energy may flow.
 * - `SuspendedEV`, `SuspendedEVSE`: the vehicle, or the station, takes a break.
 * - `Finishing`: charging is over, and the driver has not gone.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Activity = Schema.Literals([
  "Preparing",
  "Charging",
  "SuspendedEV",
  "SuspendedEVSE",
  "Finishing"
]).annotate({ identifier: "Activity" })
/**
 * A value of {@link Activity}.
 *
 * @category models
 * @since 0.1.0
 */
export type Activity = typeof Activity.Type

/**
 * What is wrong at a connector or a station.
 *
 * @see J16 §7.6
 * @category schemas
 * @since 0.1.0
 */
export const ErrorCode = Schema.Literals([
  "ConnectorLockFailure",
  "EVCommunicationError",
  "GroundFailure",
  "HighTemperature",
  "InternalError",
  "LocalListConflict",
  "OtherError",
  "OverCurrentFailure",
  "OverVoltage",
  "PowerMeterFailure",
  "PowerSwitchFailure",
  "ReaderFailure",
  "ResetFailure",
  "UnderVoltage",
  "WeakSignal"
]).annotate({ identifier: "ErrorCode" })
/**
 * A value of {@link ErrorCode}.
 *
 * @category models
 * @since 0.1.0
 */
export type ErrorCode = typeof ErrorCode.Type

/**
 * What is wrong, or worth to know, at a connector or a station.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ErrorInfo extends Schema.Opaque<ErrorInfo>()(
  Schema.Struct({
    /** Absent: there is no error. */
    code: Schema.optionalKey(ErrorCode),
    info: Schema.optionalKey(Schema.String),
    vendorId: Schema.optionalKey(Schema.String),
    vendorErrorCode: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "ErrorInfo" })
) {}

/**
 * The station tells how a connector, or all of it, stands.
 *
 * **Details**
 *
 * Three questions have an answer each, as far as the version of the station tells it: is it free, does it work, and what
 * happens there. 1.x tells one of the three at a time. Only 1.6 tells what happens; in 2.x transactions do.
 *
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationRequest extends Schema.Opaque<StatusNotificationRequest>()(
  Schema.Struct({
    /** When it came to be so; absent: when the message came. */
    timestamp: Schema.optionalKey(Schema.DateTimeUtc),
    /** Absent: the whole station. */
    evse: Schema.optionalKey(Evse),
    condition: Condition,
    /** Absent: it is not told. */
    occupancy: Schema.optionalKey(Occupancy),
    /** Absent: it is not told. */
    activity: Schema.optionalKey(Activity),
    error: Schema.optionalKey(ErrorInfo)
  }).annotate({ identifier: "StatusNotificationRequest" })
) {}

/**
 * The status was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationResponse extends Schema.Opaque<StatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "StatusNotificationResponse" })
) {}

/**
 * Tells how a connector, or the whole station, stands.
 *
 * @category actions
 * @since 0.1.0
 */
export const StatusNotification = Action.make("StatusNotification", {
  from: "station",
  block: "Availability",
  request: StatusNotificationRequest,
  response: StatusNotificationResponse
})

/**
 * Whether something is to be in service.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OperationalStatus = Schema.Literals(["Inoperative", "Operative"]).annotate({
  identifier: "OperationalStatus"
})
/**
 * A value of {@link OperationalStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type OperationalStatus = typeof OperationalStatus.Type

/**
 * Takes a station, an EVSE or a connector out of service, or back into it.
 *
 * @category messages
 * @since 0.1.0
 */
export class ChangeAvailabilityRequest extends Schema.Opaque<ChangeAvailabilityRequest>()(
  Schema.Struct({
    /** Absent: the whole station. */
    evse: Schema.optionalKey(Evse),
    operationalStatus: OperationalStatus
  }).annotate({ identifier: "ChangeAvailabilityRequest" })
) {}

/**
 * Whether it is done; `Scheduled`: when the transactions under way have ended.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChangeAvailabilityStatus = Schema.Literals(["Accepted", "Rejected", "Scheduled"]).annotate({
  identifier: "ChangeAvailabilityStatus"
})
/**
 * A value of {@link ChangeAvailabilityStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChangeAvailabilityStatus = typeof ChangeAvailabilityStatus.Type

/**
 * Whether it is done.
 *
 * @category messages
 * @since 0.1.0
 */
export class ChangeAvailabilityResponse extends Schema.Opaque<ChangeAvailabilityResponse>()(
  Schema.Struct({
    status: ChangeAvailabilityStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ChangeAvailabilityResponse" })
) {}

/**
 * Takes a station, an EVSE or a connector out of service, or back into it.
 *
 * @category actions
 * @since 0.1.0
 */
export const ChangeAvailability = Action.make("ChangeAvailability", {
  from: "csms",
  block: "Availability",
  request: ChangeAvailabilityRequest,
  response: ChangeAvailabilityResponse
})
