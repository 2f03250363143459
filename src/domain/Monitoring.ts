/**
 * Monitoring: a station watches its variables, and tells what happens to them.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { GenericDeviceModelStatus, GenericStatus, StatusInfo } from "./DataTypes.ts"
import { ComponentVariable } from "./DeviceModel.ts"
import * as Variable from "./Variable.ts"

/**
 * A predefined set of monitors.
 *
 * **Details**
 *
 * - `All`: all that are preconfigured, beside those that a CSMS has set.
 * - `FactoryDefault`: those that the maker recommends; those that a CSMS has set are removed.
 * - `HardWiredOnly`: those that cannot be switched off; those that a CSMS has set are removed.
 *
 * @see P2 N03
 * @category schemas
 * @since 0.1.0
 */
export const MonitoringBase = Schema.Literals(["All", "FactoryDefault", "HardWiredOnly"]).annotate({
  identifier: "MonitoringBase"
})
/**
 * A value of {@link MonitoringBase}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitoringBase = typeof MonitoringBase.Type

/**
 * Has the station use a predefined set of monitors.
 *
 * @see P2 N03
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringBaseRequest extends Schema.Opaque<SetMonitoringBaseRequest>()(
  Schema.Struct({
    monitoringBase: MonitoringBase
  }).annotate({ identifier: "SetMonitoringBaseRequest" })
) {}

/**
 * Whether the set is used now.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringBaseResponse extends Schema.Opaque<SetMonitoringBaseResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetMonitoringBaseResponse" })
) {}

/**
 * Has the station use a predefined set of monitors.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetMonitoringBase = Action.make("SetMonitoringBase", {
  from: "csms",
  block: "Monitoring",
  request: SetMonitoringBaseRequest,
  response: SetMonitoringBaseResponse
})

const thresholds = ["UpperThreshold", "LowerThreshold", "Delta", "TargetDelta", "TargetDeltaRelative"] as const
const periods = ["Periodic", "PeriodicClockAligned"] as const

/**
 * A monitor that looks at the value of its variable.
 *
 * **Details**
 *
 * - `UpperThreshold`, `LowerThreshold`: it fires when the variable goes above, or below, `value`, and when it comes back.
 * - `Delta`: it fires when the variable has changed by more than `value` since it last fired, or was set; at every change if
 *   the variable is no number.
 * - `TargetDelta`, `TargetDeltaRelative`: it fires when the variable is off its target by more than `value`, or by more than
 *   that part of the target, and when it comes back; of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ThresholdTrigger extends Schema.Opaque<ThresholdTrigger>()(
  Schema.Struct({
    type: Schema.Literals(thresholds),
    /** In the unit of the variable; for `TargetDeltaRelative` a part of the target, such as 0.1 for 10 %. */
    value: Schema.BigDecimal
  }).annotate({ identifier: "ThresholdTrigger" })
) {}

/**
 * A monitor that looks at the clock.
 *
 * **Details**
 *
 * - `Periodic`: it fires again and again, from when it was set on.
 * - `PeriodicClockAligned`: it fires at multiples of the interval on the clock: with 15 minutes, at each quarter of an hour.
 *
 * @category schemas
 * @since 0.1.0
 */
export class PeriodicTrigger extends Schema.Opaque<PeriodicTrigger>()(
  Schema.Struct({
    type: Schema.Literals(periods),
    interval: Schema.Duration
  }).annotate({ identifier: "PeriodicTrigger" })
) {}

/**
 * When a monitor fires.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitorTrigger = Schema.Union([ThresholdTrigger, PeriodicTrigger]).annotate({
  identifier: "MonitorTrigger"
})
/**
 * A value of {@link MonitorTrigger}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitorTrigger = typeof MonitorTrigger.Type

/**
 * The type of a monitor, which is that of its {@link MonitorTrigger}.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitorType = Schema.Literals([...thresholds, ...periods]).annotate({ identifier: "MonitorType" })
/**
 * A value of {@link MonitorType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitorType = typeof MonitorType.Type

/**
 * How often, and how many at a time, the values of a monitor are told in a stream.
 *
 * @see P2 N11
 * @category schemas
 * @since 0.1.0
 */
export class PeriodicEventStreamParams extends Schema.Opaque<PeriodicEventStreamParams>()(
  Schema.Struct({
    /** In whole seconds. */
    interval: Schema.optionalKey(Schema.Duration),
    /** How many in one message. */
    values: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "PeriodicEventStreamParams" })
) {}

/**
 * A monitor to set.
 *
 * @category models
 * @since 0.1.0
 */
export class SetMonitoringData extends Schema.Opaque<SetMonitoringData>()(
  Schema.Struct({
    address: Variable.Address,
    trigger: MonitorTrigger,
    /** From 0 (danger) to 9 (debug). */
    severity: Schema.Int,
    /** That of a monitor to replace; absent: the station makes one. */
    id: Schema.optionalKey(Schema.Int),
    /** Whether it looks only while a transaction goes on; absent: always. */
    transaction: Schema.optionalKey(Schema.Boolean),
    /** Of 2.1. What it tells goes into a stream that the station opens; absent: it is told by `NotifyEvent`. */
    periodicEventStream: Schema.optionalKey(PeriodicEventStreamParams)
  }).annotate({ identifier: "SetMonitoringData" })
) {}

/**
 * Sets monitors on variables, at least one.
 *
 * **Gotchas**
 *
 * A station may limit how many it takes at once: `MonitoringCtrlr.ItemsPerMessage["SetVariableMonitoring"]`.
 *
 * @see P2 N04
 * @category messages
 * @since 0.1.0
 */
export class SetVariableMonitoringRequest extends Schema.Opaque<SetVariableMonitoringRequest>()(
  Schema.Struct({
    monitors: Schema.Array(SetMonitoringData)
  }).annotate({ identifier: "SetVariableMonitoringRequest" })
) {}

/**
 * Whether a monitor was set. `Duplicate`: the variable has one of this type and severity.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SetMonitoringStatus = Schema.Literals([
  "Accepted",
  "UnknownComponent",
  "UnknownVariable",
  "UnsupportedMonitorType",
  "Rejected",
  "Duplicate"
]).annotate({ identifier: "SetMonitoringStatus" })
/**
 * A value of {@link SetMonitoringStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type SetMonitoringStatus = typeof SetMonitoringStatus.Type

/**
 * What became of one monitor.
 *
 * @category models
 * @since 0.1.0
 */
export class SetMonitoringResult extends Schema.Opaque<SetMonitoringResult>()(
  Schema.Struct({
    address: Variable.Address,
    /** As in the request. */
    type: MonitorType,
    /** As in the request. */
    severity: Schema.Int,
    status: SetMonitoringStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** By which the monitor is known from now on; only if `Accepted`. */
    id: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "SetMonitoringResult" })
) {}

/**
 * A result for every monitor of the request.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetVariableMonitoringResponse extends Schema.Opaque<SetVariableMonitoringResponse>()(
  Schema.Struct({
    results: Schema.Array(SetMonitoringResult)
  }).annotate({ identifier: "SetVariableMonitoringResponse" })
) {}

/**
 * Sets monitors on variables.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetVariableMonitoring = Action.make("SetVariableMonitoring", {
  from: "csms",
  block: "Monitoring",
  request: SetVariableMonitoringRequest,
  response: SetVariableMonitoringResponse
})

/**
 * Says which events the station is to tell: those up to a severity.
 *
 * @see P2 N05
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringLevelRequest extends Schema.Opaque<SetMonitoringLevelRequest>()(
  Schema.Struct({
    /** From 0 (danger) to 9 (debug); the higher, the more is told. */
    severity: Schema.Int
  }).annotate({ identifier: "SetMonitoringLevelRequest" })
) {}

/**
 * Whether the station does so.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringLevelResponse extends Schema.Opaque<SetMonitoringLevelResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetMonitoringLevelResponse" })
) {}

/**
 * Says which events the station is to tell.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetMonitoringLevel = Action.make("SetMonitoringLevel", {
  from: "csms",
  block: "Monitoring",
  request: SetMonitoringLevelRequest,
  response: SetMonitoringLevelResponse
})

/**
 * Removes monitors.
 *
 * @see P2 N06
 * @category messages
 * @since 0.1.0
 */
export class ClearVariableMonitoringRequest extends Schema.Opaque<ClearVariableMonitoringRequest>()(
  Schema.Struct({
    /** Those of the monitors, one at least. */
    id: Schema.Array(Schema.Int)
  }).annotate({ identifier: "ClearVariableMonitoringRequest" })
) {}

/**
 * Whether a monitor was removed. `Rejected`: it cannot be; `NotFound`: there is none.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearMonitoringStatus = Schema.Literals(["Accepted", "Rejected", "NotFound"]).annotate({
  identifier: "ClearMonitoringStatus"
})
/**
 * A value of {@link ClearMonitoringStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearMonitoringStatus = typeof ClearMonitoringStatus.Type

/**
 * What became of one monitor.
 *
 * @category models
 * @since 0.1.0
 */
export class ClearMonitoringResult extends Schema.Opaque<ClearMonitoringResult>()(
  Schema.Struct({
    id: Schema.Int,
    status: ClearMonitoringStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ClearMonitoringResult" })
) {}

/**
 * A result for every monitor of the request.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearVariableMonitoringResponse extends Schema.Opaque<ClearVariableMonitoringResponse>()(
  Schema.Struct({
    results: Schema.Array(ClearMonitoringResult)
  }).annotate({ identifier: "ClearVariableMonitoringResponse" })
) {}

/**
 * Removes monitors.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearVariableMonitoring = Action.make("ClearVariableMonitoring", {
  from: "csms",
  block: "Monitoring",
  request: ClearVariableMonitoringRequest,
  response: ClearVariableMonitoringResponse
})

/**
 * A kind of monitors to report: those of a threshold, of a delta, or of a period.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitoringCriterion = Schema.Literals([
  "ThresholdMonitoring",
  "DeltaMonitoring",
  "PeriodicMonitoring"
]).annotate({ identifier: "MonitoringCriterion" })
/**
 * A value of {@link MonitoringCriterion}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitoringCriterion = typeof MonitoringCriterion.Type

/**
 * Asks which monitors are set; they follow in `NotifyMonitoringReport`. A list that is left out does not filter.
 *
 * @see P2 N02
 * @category messages
 * @since 0.1.0
 */
export class GetMonitoringReportRequest extends Schema.Opaque<GetMonitoringReportRequest>()(
  Schema.Struct({
    /** Comes back in `NotifyMonitoringReport`. */
    requestId: Schema.Int,
    /** One at least, if there is a list. */
    componentVariable: Schema.optionalKey(Schema.Array(ComponentVariable)),
    /** One to three, if there is a list. */
    monitoringCriteria: Schema.optionalKey(Schema.Array(MonitoringCriterion))
  }).annotate({ identifier: "GetMonitoringReportRequest" })
) {}

/**
 * Whether the report follows.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetMonitoringReportResponse extends Schema.Opaque<GetMonitoringReportResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "GetMonitoringReportResponse" })
) {}

/**
 * Asks which monitors are set.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetMonitoringReport = Action.make("GetMonitoringReport", {
  from: "csms",
  block: "Monitoring",
  request: GetMonitoringReportRequest,
  response: GetMonitoringReportResponse
})

/**
 * Why the station tells an event.
 *
 * **Details**
 *
 * - `HardWiredNotification`: it always does, without a monitor.
 * - `HardWiredMonitor`, `PreconfiguredMonitor`: the maker has set a monitor, which cannot, or can, be switched off.
 * - `CustomMonitor`: a CSMS has set a monitor.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventNotificationType = Schema.Literals([
  "HardWiredNotification",
  "HardWiredMonitor",
  "PreconfiguredMonitor",
  "CustomMonitor"
]).annotate({ identifier: "EventNotificationType" })
/**
 * A value of {@link EventNotificationType}.
 *
 * @category models
 * @since 0.1.0
 */
export type EventNotificationType = typeof EventNotificationType.Type

/**
 * A monitor that is set.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableMonitoring extends Schema.Opaque<VariableMonitoring>()(
  Schema.Struct({
    id: Schema.Int,
    trigger: MonitorTrigger,
    /** From 0 (danger) to 9 (debug). */
    severity: Schema.Int,
    /** Whether it looks only while a transaction goes on. */
    transaction: Schema.Boolean,
    /** Who has set it, as its events tell; 2.0.1 does not say it here. */
    eventNotificationType: Schema.optionalKey(EventNotificationType)
  }).annotate({ identifier: "VariableMonitoring" })
) {}

/**
 * The monitors of a variable.
 *
 * @category models
 * @since 0.1.0
 */
export class MonitoringData extends Schema.Opaque<MonitoringData>()(
  Schema.Struct({
    address: Variable.Address,
    /** One at least. */
    variableMonitoring: Schema.Array(VariableMonitoring)
  }).annotate({ identifier: "MonitoringData" })
) {}

/**
 * A part of a report of the monitors that are set.
 *
 * @see P2 N02
 * @category messages
 * @since 0.1.0
 */
export class NotifyMonitoringReportRequest extends Schema.Opaque<NotifyMonitoringReportRequest>()(
  Schema.Struct({
    /** That of `GetMonitoringReport`. */
    requestId: Schema.Int,
    /** When the station has made this part. */
    generatedAt: Schema.DateTimeUtc,
    /** Of the parts of the report, counted from 0. */
    seqNo: Schema.Int,
    /** Whether more parts follow; absent: this is the last. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** One at least, if there is a list. */
    monitors: Schema.optionalKey(Schema.Array(MonitoringData))
  }).annotate({ identifier: "NotifyMonitoringReportRequest" })
) {}

/**
 * The part was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyMonitoringReportResponse extends Schema.Opaque<NotifyMonitoringReportResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyMonitoringReportResponse" })
) {}

/**
 * Delivers a part of a report of monitors.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyMonitoringReport = Action.make("NotifyMonitoringReport", {
  from: "station",
  block: "Monitoring",
  request: NotifyMonitoringReportRequest,
  response: NotifyMonitoringReportResponse
})

/**
 * What made an event: a threshold was crossed, a value has changed, or time has come.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventTrigger = Schema.Literals(["Alerting", "Delta", "Periodic"]).annotate({ identifier: "EventTrigger" })
/**
 * A value of {@link EventTrigger}.
 *
 * @category models
 * @since 0.1.0
 */
export type EventTrigger = typeof EventTrigger.Type

/**
 * What has happened to a variable.
 *
 * @category models
 * @since 0.1.0
 */
export class EventData extends Schema.Opaque<EventData>()(
  Schema.Struct({
    eventId: Schema.Int,
    timestamp: Schema.DateTimeUtc,
    trigger: EventTrigger,
    /** The id of the event that led to this one. */
    cause: Schema.optionalKey(Schema.Int),
    address: Variable.Address,
    actualValue: Schema.String,
    /** An error code of the component's own. */
    techCode: Schema.optionalKey(Schema.String),
    techInfo: Schema.optionalKey(Schema.String),
    /** Whether what a monitor had told is over; absent: it is not. */
    cleared: Schema.optionalKey(Schema.Boolean),
    /** The transaction that it matters for. */
    transactionId: Schema.optionalKey(Schema.String),
    /** Of the monitor that has fired. */
    variableMonitoringId: Schema.optionalKey(Schema.Int),
    eventNotificationType: EventNotificationType,
    /** Of 2.1. That of the monitor that has fired, from 0 (danger) to 9 (debug). */
    severity: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "EventData" })
) {}

/**
 * Events, or a part of them.
 *
 * @see P2 G01, N07
 * @category messages
 * @since 0.1.0
 */
export class NotifyEventRequest extends Schema.Opaque<NotifyEventRequest>()(
  Schema.Struct({
    /** When the station has made this part. */
    generatedAt: Schema.DateTimeUtc,
    /** Of the parts, counted from 0. */
    seqNo: Schema.Int,
    /** Whether more parts follow; absent: this is the last. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** One at least. */
    eventData: Schema.Array(EventData)
  }).annotate({ identifier: "NotifyEventRequest" })
) {}

/**
 * The events were taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyEventResponse extends Schema.Opaque<NotifyEventResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyEventResponse" })
) {}

/**
 * Tells what has happened to variables.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyEvent = Action.make("NotifyEvent", {
  from: "station",
  block: "Monitoring",
  request: NotifyEventRequest,
  response: NotifyEventResponse
})
