/**
 * Functional block N of OCPP 2.1, Diagnostics: logs, monitors, event streams and customer data.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  ClearMonitoringStatusEnumType,
  CustomerInformationStatusEnumType,
  LogStatusEnumType,
  LogStatusNotificationResponse,
  MonitoringCriterionEnumType,
  NotifyCustomerInformationResponse,
  NotifyMonitoringReportResponse,
  SetMonitoringBaseRequest,
  SetMonitoringStatusEnumType,
  UploadLogStatusEnumType
} from "../v201/Diagnostics.ts"
import {
  CertificateHashDataType,
  ComponentType,
  ComponentVariableType,
  CustomDataType,
  EventNotificationEnumType,
  GenericDeviceModelStatusEnumType,
  GenericStatusEnumType,
  IdTokenType,
  StatusInfoType,
  VariableType
} from "./DataTypes.ts"

// As in 2.0.1.
export {
  ClearMonitoringStatusEnumType,
  CustomerInformationStatusEnumType,
  LogStatusEnumType,
  LogStatusNotificationResponse,
  MonitoringBaseEnumType,
  MonitoringCriterionEnumType,
  NotifyCustomerInformationResponse,
  NotifyMonitoringReportResponse,
  SetMonitoringBaseRequest,
  SetMonitoringStatusEnumType,
  UploadLogStatusEnumType
} from "../v201/Diagnostics.ts"

/**
 * Where a log goes and which time it covers.
 *
 * **Changed in 2.1**: longer `remoteLocation` (512 → 2000).
 *
 * @category models
 * @since 0.1.0
 */
export class LogParametersType extends Schema.Opaque<LogParametersType>()(
  Schema.Struct({
    /** URL to upload to. */
    remoteLocation: Wire.text(2000),
    oldestTimestamp: Schema.optionalKey(Timestamp),
    latestTimestamp: Schema.optionalKey(Timestamp),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LogParametersType" })
) {}

/**
 * Which log.
 *
 * **Changed in 2.1**: adds `DataCollectorLog`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LogEnumType = Schema.Literals(["DiagnosticsLog", "SecurityLog", "DataCollectorLog"]).annotate({
  identifier: "LogEnumType"
})
/**
 * A value of {@link LogEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type LogEnumType = typeof LogEnumType.Type

/**
 * The CSMS asks for a log to be uploaded. A new request replaces an upload under way.
 *
 * **Changed in 2.1**: `retries` is not negative.
 *
 * @see P2 N01
 * @category messages
 * @since 0.1.0
 */
export class GetLogRequest extends Schema.Opaque<GetLogRequest>()(
  Schema.Struct({
    log: LogParametersType,
    logType: LogEnumType,
    /** Comes back in `LogStatusNotification`. */
    requestId: Wire.Integer,
    /** How often to try again; 0: never; absent: the station decides. */
    retries: Schema.optionalKey(Wire.Natural),
    /** Seconds; absent: the station decides. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetLogRequest" })
) {}

/**
 * Whether the upload will start, and the name of the file.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 N01
 * @category messages
 * @since 0.1.0
 */
export class GetLogResponse extends Schema.Opaque<GetLogResponse>()(
  Schema.Struct({
    status: LogStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    /** Absent when there is nothing to upload. */
    filename: Schema.optionalKey(Wire.text(255)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetLogResponse" })
) {}

/**
 * Asks for a log to be uploaded.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetLog = Action.make("GetLog", {
  from: "csms",
  block: "Diagnostics",
  request: GetLogRequest,
  response: GetLogResponse
})

/**
 * The station reports how the upload of a log goes on.
 *
 * **Changed in 2.1**: adds `statusInfo`.
 *
 * @see P2 N01
 * @category messages
 * @since 0.1.0
 */
export class LogStatusNotificationRequest extends Schema.Opaque<LogStatusNotificationRequest>()(
  Schema.Struct({
    status: UploadLogStatusEnumType,
    /** Absent only when triggered while no upload is under way. */
    requestId: Schema.optionalKey(Wire.Integer),
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LogStatusNotificationRequest" })
) {}

/**
 * Reports the progress of a log upload.
 *
 * @category actions
 * @since 0.1.0
 */
export const LogStatusNotification = Action.make("LogStatusNotification", {
  from: "station",
  block: "Diagnostics",
  request: LogStatusNotificationRequest,
  response: LogStatusNotificationResponse
})

/**
 * Whether the set is active now.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 N03
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringBaseResponse extends Schema.Opaque<SetMonitoringBaseResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringBaseResponse" })
) {}

/**
 * Chooses a predefined set of monitors.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetMonitoringBase = Action.make("SetMonitoringBase", {
  from: "csms",
  block: "Diagnostics",
  request: SetMonitoringBaseRequest,
  response: SetMonitoringBaseResponse
})

/**
 * How often, and how many at a time, readings of a stream are sent. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class PeriodicEventStreamParamsType extends Schema.Opaque<PeriodicEventStreamParamsType>()(
  Schema.Struct({
    /** Seconds. */
    interval: Schema.optionalKey(Wire.Natural),
    /** Readings in one message. */
    values: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PeriodicEventStreamParamsType" })
) {}

/**
 * When a monitor fires: beyond a threshold, on a change, away from the target, or by the clock.
 *
 * **Changed in 2.1**: adds `TargetDelta`, `TargetDeltaRelative`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitorEnumType = Schema.Literals([
  "UpperThreshold",
  "LowerThreshold",
  "Delta",
  "Periodic",
  "PeriodicClockAligned",
  "TargetDelta",
  "TargetDeltaRelative"
]).annotate({ identifier: "MonitorEnumType" })
/**
 * A value of {@link MonitorEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitorEnumType = typeof MonitorEnumType.Type

/**
 * A monitor to set.
 *
 * **Changed in 2.1**: adds `periodicEventStream`; `id`, `severity` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class SetMonitoringDataType extends Schema.Opaque<SetMonitoringDataType>()(
  Schema.Struct({
    /** Only to replace a monitor. */
    id: Schema.optionalKey(Wire.Natural),
    periodicEventStream: Schema.optionalKey(PeriodicEventStreamParamsType),
    /** Only while a transaction runs; absent means false. */
    transaction: Schema.optionalKey(Schema.Boolean),
    /** A threshold or a change in the unit of the variable, or an interval in seconds. */
    value: Wire.Decimal,
    type: MonitorEnumType,
    /** 0 (danger) to 9 (debug). */
    severity: Wire.Natural,
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringDataType" })
) {}

/**
 * The CSMS sets monitors on variables.
 *
 * **Changed in 2.1**: only through `SetMonitoringDataType`.
 *
 * @see P2 N04
 * @category messages
 * @since 0.1.0
 */
export class SetVariableMonitoringRequest extends Schema.Opaque<SetVariableMonitoringRequest>()(
  Schema.Struct({
    setMonitoringData: Schema.Array(SetMonitoringDataType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariableMonitoringRequest" })
) {}

/**
 * What became of one monitor of a `SetVariableMonitoringRequest`.
 *
 * **Changed in 2.1**: `id`, `severity` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class SetMonitoringResultType extends Schema.Opaque<SetMonitoringResultType>()(
  Schema.Struct({
    /** Only if `Accepted`. */
    id: Schema.optionalKey(Wire.Natural),
    statusInfo: Schema.optionalKey(StatusInfoType),
    status: SetMonitoringStatusEnumType,
    type: MonitorEnumType,
    component: ComponentType,
    variable: VariableType,
    /** 0 (danger) to 9 (debug). */
    severity: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringResultType" })
) {}

/**
 * A result for every monitor of the request.
 *
 * **Changed in 2.1**: only through `SetMonitoringResultType`.
 *
 * @see P2 N04
 * @category messages
 * @since 0.1.0
 */
export class SetVariableMonitoringResponse extends Schema.Opaque<SetVariableMonitoringResponse>()(
  Schema.Struct({
    setMonitoringResult: Schema.Array(SetMonitoringResultType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariableMonitoringResponse" })
) {}

/**
 * Sets monitors.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetVariableMonitoring = Action.make("SetVariableMonitoring", {
  from: "csms",
  block: "Diagnostics",
  request: SetVariableMonitoringRequest,
  response: SetVariableMonitoringResponse
})

/**
 * The CSMS sets up to which severity events are reported.
 *
 * **Changed in 2.1**: `severity` is not negative.
 *
 * @see P2 N05
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringLevelRequest extends Schema.Opaque<SetMonitoringLevelRequest>()(
  Schema.Struct({
    /** 0 (danger) to 9 (debug); events up to this number are reported. */
    severity: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringLevelRequest" })
) {}

/**
 * Whether the level is set.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 N05
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringLevelResponse extends Schema.Opaque<SetMonitoringLevelResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringLevelResponse" })
) {}

/**
 * Chooses which events are reported.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetMonitoringLevel = Action.make("SetMonitoringLevel", {
  from: "csms",
  block: "Diagnostics",
  request: SetMonitoringLevelRequest,
  response: SetMonitoringLevelResponse
})

/**
 * The CSMS removes monitors.
 *
 * **Changed in 2.1**: `id` is not negative.
 *
 * @see P2 N06
 * @category messages
 * @since 0.1.0
 */
export class ClearVariableMonitoringRequest extends Schema.Opaque<ClearVariableMonitoringRequest>()(
  Schema.Struct({
    id: Schema.Array(Wire.Natural).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearVariableMonitoringRequest" })
) {}

/**
 * What became of one monitor of a `ClearVariableMonitoringRequest`.
 *
 * **Changed in 2.1**: `id` is not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class ClearMonitoringResultType extends Schema.Opaque<ClearMonitoringResultType>()(
  Schema.Struct({
    status: ClearMonitoringStatusEnumType,
    id: Wire.Natural,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearMonitoringResultType" })
) {}

/**
 * A result for every monitor of the request.
 *
 * **Changed in 2.1**: only through `ClearMonitoringResultType`.
 *
 * @see P2 N06
 * @category messages
 * @since 0.1.0
 */
export class ClearVariableMonitoringResponse extends Schema.Opaque<ClearVariableMonitoringResponse>()(
  Schema.Struct({
    clearMonitoringResult: Schema.Array(ClearMonitoringResultType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
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
  block: "Diagnostics",
  request: ClearVariableMonitoringRequest,
  response: ClearVariableMonitoringResponse
})

/**
 * The CSMS asks which monitors are set; they follow in `NotifyMonitoringReport`. Criteria and components that are
 * left out do not filter.
 *
 * **Changed in 2.1**: only through `ComponentVariableType`.
 *
 * @see P2 N02
 * @category messages
 * @since 0.1.0
 */
export class GetMonitoringReportRequest extends Schema.Opaque<GetMonitoringReportRequest>()(
  Schema.Struct({
    componentVariable: Schema.optionalKey(Schema.Array(ComponentVariableType).check(Schema.isMinLength(1))),
    /** Comes back in `NotifyMonitoringReport`. */
    requestId: Wire.Integer,
    monitoringCriteria: Schema.optionalKey(
      Schema.Array(MonitoringCriterionEnumType).check(Schema.isMinLength(1), Schema.isMaxLength(3))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetMonitoringReportRequest" })
) {}

/**
 * Whether the report will follow; `EmptyResultSet` when nothing matches.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 N02
 * @category messages
 * @since 0.1.0
 */
export class GetMonitoringReportResponse extends Schema.Opaque<GetMonitoringReportResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
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
  block: "Diagnostics",
  request: GetMonitoringReportRequest,
  response: GetMonitoringReportResponse
})

/**
 * A monitor that is set.
 *
 * **Changed in 2.1**: adds `eventNotificationType`; `id`, `severity` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableMonitoringType extends Schema.Opaque<VariableMonitoringType>()(
  Schema.Struct({
    id: Wire.Natural,
    /** Only while a transaction runs. */
    transaction: Schema.Boolean,
    /** A threshold or a change in the unit of the variable, or an interval in seconds. */
    value: Wire.Decimal,
    type: MonitorEnumType,
    /** 0 (danger) to 9 (debug). */
    severity: Wire.Natural,
    eventNotificationType: EventNotificationEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VariableMonitoringType" })
) {}

/**
 * The monitors of one variable.
 *
 * **Changed in 2.1**: only through `ComponentType`, `VariableMonitoringType`.
 *
 * @category models
 * @since 0.1.0
 */
export class MonitoringDataType extends Schema.Opaque<MonitoringDataType>()(
  Schema.Struct({
    component: ComponentType,
    variable: VariableType,
    variableMonitoring: Schema.Array(VariableMonitoringType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MonitoringDataType" })
) {}

/**
 * The station delivers the monitors that are set, in as many parts as it needs.
 *
 * **Changed in 2.1**: `seqNo` is not negative.
 *
 * @see P2 N02
 * @category messages
 * @since 0.1.0
 */
export class NotifyMonitoringReportRequest extends Schema.Opaque<NotifyMonitoringReportRequest>()(
  Schema.Struct({
    monitor: Schema.optionalKey(Schema.Array(MonitoringDataType).check(Schema.isMinLength(1))),
    requestId: Wire.Integer,
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** Counted from 0. */
    seqNo: Wire.Natural,
    generatedAt: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyMonitoringReportRequest" })
) {}

/**
 * Delivers a part of a report of monitors.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyMonitoringReport = Action.make("NotifyMonitoringReport", {
  from: "station",
  block: "Diagnostics",
  request: NotifyMonitoringReportRequest,
  response: NotifyMonitoringReportResponse
})

/**
 * The CSMS asks for what the station stores about a customer, has it removed, or both. One of `idToken`,
 * `customerCertificate` and `customerIdentifier` names the customer.
 *
 * **Changed in 2.1**: `requestId` is not negative.
 *
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class CustomerInformationRequest extends Schema.Opaque<CustomerInformationRequest>()(
  Schema.Struct({
    customerCertificate: Schema.optionalKey(CertificateHashDataType),
    idToken: Schema.optionalKey(IdTokenType),
    /** Comes back in `NotifyCustomerInformation`. */
    requestId: Wire.Natural,
    /** Send what is stored. */
    report: Schema.Boolean,
    /** Remove what is stored. */
    clear: Schema.Boolean,
    customerIdentifier: Schema.optionalKey(Wire.text(64)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CustomerInformationRequest" })
) {}

/**
 * Whether the station does so; `Invalid` when the request names no customer.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class CustomerInformationResponse extends Schema.Opaque<CustomerInformationResponse>()(
  Schema.Struct({
    status: CustomerInformationStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CustomerInformationResponse" })
) {}

/**
 * Asks for, or removes, what is stored about a customer.
 *
 * @category actions
 * @since 0.1.0
 */
export const CustomerInformation = Action.make("CustomerInformation", {
  from: "csms",
  block: "Diagnostics",
  request: CustomerInformationRequest,
  response: CustomerInformationResponse
})

/**
 * The station delivers what it stores about a customer, in as many parts as it needs.
 *
 * **Changed in 2.1**: `seqNo`, `requestId` are not negative.
 *
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class NotifyCustomerInformationRequest extends Schema.Opaque<NotifyCustomerInformationRequest>()(
  Schema.Struct({
    /** For human readers. */
    data: Wire.text(512),
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** Counted from 0. */
    seqNo: Wire.Natural,
    generatedAt: Timestamp,
    requestId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyCustomerInformationRequest" })
) {}

/**
 * Delivers a part of what is stored about a customer.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyCustomerInformation = Action.make("NotifyCustomerInformation", {
  from: "station",
  block: "Diagnostics",
  request: NotifyCustomerInformationRequest,
  response: NotifyCustomerInformationResponse
})

/**
 * A stream of readings. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class ConstantStreamDataType extends Schema.Opaque<ConstantStreamDataType>()(
  Schema.Struct({
    id: Wire.Natural,
    params: PeriodicEventStreamParamsType,
    variableMonitoringId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ConstantStreamDataType" })
) {}

/**
 * The station opens a stream for a monitor that fires often. New in 2.1.
 *
 * @see P2 N11
 * @category messages
 * @since 0.1.0
 */
export class OpenPeriodicEventStreamRequest extends Schema.Opaque<OpenPeriodicEventStreamRequest>()(
  Schema.Struct({
    constantStreamData: ConstantStreamDataType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "OpenPeriodicEventStreamRequest" })
) {}

/**
 * Whether the CSMS takes the stream. New in 2.1.
 *
 * @see P2 N11
 * @category messages
 * @since 0.1.0
 */
export class OpenPeriodicEventStreamResponse extends Schema.Opaque<OpenPeriodicEventStreamResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "OpenPeriodicEventStreamResponse" })
) {}

/**
 * Opens a stream of frequent readings. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const OpenPeriodicEventStream = Action.make("OpenPeriodicEventStream", {
  from: "station",
  block: "Diagnostics",
  request: OpenPeriodicEventStreamRequest,
  response: OpenPeriodicEventStreamResponse
})

/**
 * A reading of a stream. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class StreamDataElementType extends Schema.Opaque<StreamDataElementType>()(
  Schema.Struct({
    /** Offset from `basetime`. */
    t: Wire.Decimal,
    v: Wire.text(2500),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "StreamDataElementType" })
) {}

/**
 * The station sends readings of an open stream. It is a SEND: there is no answer, and it may go at any time. New in
 * 2.1.
 *
 * @see P2 N15
 * @category messages
 * @since 0.1.0
 */
export class NotifyPeriodicEventStreamRequest extends Schema.Opaque<NotifyPeriodicEventStreamRequest>()(
  Schema.Struct({
    data: Schema.Array(StreamDataElementType).check(Schema.isMinLength(1)),
    id: Wire.Natural,
    /** Readings that still wait to be sent. */
    pending: Wire.Natural,
    basetime: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyPeriodicEventStreamRequest" })
) {}

/**
 * Sends values of a monitored variable, as a SEND that is never answered. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyPeriodicEventStream = Action.makeSend("NotifyPeriodicEventStream", {
  from: "station",
  block: "Diagnostics",
  request: NotifyPeriodicEventStreamRequest
})

/**
 * The CSMS asks which streams are open. New in 2.1.
 *
 * @see P2 N12
 * @category messages
 * @since 0.1.0
 */
export class GetPeriodicEventStreamRequest extends Schema.Opaque<GetPeriodicEventStreamRequest>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetPeriodicEventStreamRequest" })
) {}

/**
 * The streams that are open; absent when there are none. New in 2.1.
 *
 * @see P2 N12
 * @category messages
 * @since 0.1.0
 */
export class GetPeriodicEventStreamResponse extends Schema.Opaque<GetPeriodicEventStreamResponse>()(
  Schema.Struct({
    constantStreamData: Schema.optionalKey(Schema.Array(ConstantStreamDataType).check(Schema.isMinLength(1))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetPeriodicEventStreamResponse" })
) {}

/**
 * Asks which streams are open. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetPeriodicEventStream = Action.make("GetPeriodicEventStream", {
  from: "csms",
  block: "Diagnostics",
  request: GetPeriodicEventStreamRequest,
  response: GetPeriodicEventStreamResponse
})

/**
 * The station closes a stream. New in 2.1.
 *
 * @see P2 N13
 * @category messages
 * @since 0.1.0
 */
export class ClosePeriodicEventStreamRequest extends Schema.Opaque<ClosePeriodicEventStreamRequest>()(
  Schema.Struct({
    id: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClosePeriodicEventStreamRequest" })
) {}

/**
 * The CSMS has seen it. New in 2.1.
 *
 * @see P2 N13
 * @category messages
 * @since 0.1.0
 */
export class ClosePeriodicEventStreamResponse extends Schema.Opaque<ClosePeriodicEventStreamResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClosePeriodicEventStreamResponse" })
) {}

/**
 * Closes a stream. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClosePeriodicEventStream = Action.make("ClosePeriodicEventStream", {
  from: "station",
  block: "Diagnostics",
  request: ClosePeriodicEventStreamRequest,
  response: ClosePeriodicEventStreamResponse
})

/**
 * The CSMS changes how often, and how many at a time, readings of a stream are sent. New in 2.1.
 *
 * @see P2 N14
 * @category messages
 * @since 0.1.0
 */
export class AdjustPeriodicEventStreamRequest extends Schema.Opaque<AdjustPeriodicEventStreamRequest>()(
  Schema.Struct({
    id: Wire.Natural,
    params: PeriodicEventStreamParamsType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AdjustPeriodicEventStreamRequest" })
) {}

/**
 * Whether the pace is changed. New in 2.1.
 *
 * @see P2 N14
 * @category messages
 * @since 0.1.0
 */
export class AdjustPeriodicEventStreamResponse extends Schema.Opaque<AdjustPeriodicEventStreamResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AdjustPeriodicEventStreamResponse" })
) {}

/**
 * Changes the pace of a stream. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const AdjustPeriodicEventStream = Action.make("AdjustPeriodicEventStream", {
  from: "csms",
  block: "Diagnostics",
  request: AdjustPeriodicEventStreamRequest,
  response: AdjustPeriodicEventStreamResponse
})
