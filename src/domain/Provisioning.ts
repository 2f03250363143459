/**
 * Provisioning: a station presents itself, shows that it is there, and is started anew.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * Why a station has started.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BootReason = Schema.Literals([
  "ApplicationReset",
  "FirmwareUpdate",
  "LocalReset",
  "PowerUp",
  "RemoteReset",
  "ScheduledReset",
  "Triggered",
  "Unknown",
  "Watchdog"
]).annotate({ identifier: "BootReason" })
/**
 * A value of {@link BootReason}.
 *
 * @category models
 * @since 0.1.0
 */
export type BootReason = typeof BootReason.Type

/**
 * What a station is.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingStation extends Schema.Opaque<ChargingStation>()(
  Schema.Struct({
    vendorName: Schema.String,
    model: Schema.String,
    serialNumber: Schema.optionalKey(Schema.String),
    firmwareVersion: Schema.optionalKey(Schema.String),
    /** The SIM card of its modem. */
    modem: Schema.optionalKey(
      Schema.Struct({ iccid: Schema.optionalKey(Schema.String), imsi: Schema.optionalKey(Schema.String) })
    ),
    /** Of its main meter. */
    meter: Schema.optionalKey(
      Schema.Struct({ type: Schema.optionalKey(Schema.String), serialNumber: Schema.optionalKey(Schema.String) })
    ),
    /** A second serial number, which 1.x has from its beginnings. */
    chargeBoxSerialNumber: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "ChargingStation" })
) {}

/**
 * The station presents itself, once after every start, before any other message.
 *
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationRequest extends Schema.Opaque<BootNotificationRequest>()(
  Schema.Struct({
    chargingStation: ChargingStation,
    /** Absent: it does not tell. */
    reason: Schema.optionalKey(BootReason)
  }).annotate({ identifier: "BootNotificationRequest" })
) {}

/**
 * Whether a station may work with this CSMS.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RegistrationStatus = Schema.Literals(["Accepted", "Pending", "Rejected"]).annotate({
  identifier: "RegistrationStatus"
})
/**
 * A value of {@link RegistrationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type RegistrationStatus = typeof RegistrationStatus.Type

/**
 * Whether the station may work with this CSMS, and when it is to be heard of again.
 *
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationResponse extends Schema.Opaque<BootNotificationResponse>()(
  Schema.Struct({
    currentTime: Schema.DateTimeUtc,
    /** Between heartbeats if `Accepted`, else until the next BootNotification, in whole seconds; 0: the station chooses. */
    interval: Schema.Duration,
    status: RegistrationStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "BootNotificationResponse" })
) {}

/**
 * The station presents itself.
 *
 * @category actions
 * @since 0.1.0
 */
export const BootNotification = Action.make("BootNotification", {
  from: "station",
  block: "Provisioning",
  request: BootNotificationRequest,
  response: BootNotificationResponse
})

/**
 * The station shows that it is there.
 *
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatRequest extends Schema.Opaque<HeartbeatRequest>()(
  Wire.Empty.annotate({ identifier: "HeartbeatRequest" })
) {}

/**
 * The time of the CSMS.
 *
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatResponse extends Schema.Opaque<HeartbeatResponse>()(
  Schema.Struct({
    currentTime: Schema.DateTimeUtc
  }).annotate({ identifier: "HeartbeatResponse" })
) {}

/**
 * The station shows that it is there, and gets the time.
 *
 * @category actions
 * @since 0.1.0
 */
export const Heartbeat = Action.make("Heartbeat", {
  from: "station",
  block: "Provisioning",
  request: HeartbeatRequest,
  response: HeartbeatResponse
})

/**
 * When a station is to start anew.
 *
 * **Details**
 *
 * - `Immediate`: at once; it ends its transactions before.
 * - `OnIdle`: when no transaction is left.
 * - `ImmediateAndResume`: at once, and its transactions go on afterwards; of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResetType = Schema.Literals(["Immediate", "OnIdle", "ImmediateAndResume"]).annotate({
  identifier: "ResetType"
})
/**
 * A value of {@link ResetType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetType = typeof ResetType.Type

/**
 * Asks the station, or one of its EVSEs, to start anew.
 *
 * @category messages
 * @since 0.1.0
 */
export class ResetRequest extends Schema.Opaque<ResetRequest>()(
  Schema.Struct({
    type: ResetType,
    /** Absent: the whole station. */
    evseId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "ResetRequest" })
) {}

/**
 * Whether a station starts anew.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResetStatus = Schema.Literals(["Accepted", "Rejected", "Scheduled"]).annotate({
  identifier: "ResetStatus"
})
/**
 * A value of {@link ResetStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetStatus = typeof ResetStatus.Type

/**
 * Whether the station starts anew.
 *
 * @category messages
 * @since 0.1.0
 */
export class ResetResponse extends Schema.Opaque<ResetResponse>()(
  Schema.Struct({
    status: ResetStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ResetResponse" })
) {}

/**
 * Asks the station, or one of its EVSEs, to start anew.
 *
 * @category actions
 * @since 0.1.0
 */
export const Reset = Action.make("Reset", {
  from: "csms",
  block: "Provisioning",
  request: ResetRequest,
  response: ResetResponse
})
