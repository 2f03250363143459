/**
 * Functional block N of OCPP 2.0.1, Diagnostics: logs, monitors, events and customer data.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  CertificateHashDataType,
  ComponentType,
  ComponentVariableType,
  CustomDataType,
  GenericDeviceModelStatusEnumType,
  GenericStatusEnumType,
  IdTokenType,
  StatusInfoType,
  VariableType
} from "./DataTypes.ts"

/**
 * Where a log goes and which time it covers.
 *
 * @category models
 * @since 0.1.0
 */
export class LogParametersType extends Schema.Opaque<LogParametersType>()(
  Schema.Struct({
    /** URL to upload to. */
    remoteLocation: Wire.text(512),
    oldestTimestamp: Schema.optionalKey(Timestamp),
    latestTimestamp: Schema.optionalKey(Timestamp),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LogParametersType" })
) {}

/**
 * Which log.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LogEnumType = Schema.Literals(["DiagnosticsLog", "SecurityLog"]).annotate({ identifier: "LogEnumType" })
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
    /** How often to try again; absent: the station decides. */
    retries: Schema.optionalKey(Wire.Integer),
    /** Seconds; absent: the station decides. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetLogRequest" })
) {}

/**
 * Whether a log will be uploaded.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LogStatusEnumType = Schema.Literals(["Accepted", "Rejected", "AcceptedCanceled"]).annotate({
  identifier: "LogStatusEnumType"
})
/**
 * A value of {@link LogStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type LogStatusEnumType = typeof LogStatusEnumType.Type

/**
 * Whether the upload will start, and the name of the file.
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
 * How far the upload of a log is.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UploadLogStatusEnumType = Schema.Literals([
  "BadMessage",
  "Idle",
  "NotSupportedOperation",
  "PermissionDenied",
  "Uploaded",
  "UploadFailure",
  "Uploading",
  "AcceptedCanceled"
]).annotate({ identifier: "UploadLogStatusEnumType" })
/**
 * A value of {@link UploadLogStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UploadLogStatusEnumType = typeof UploadLogStatusEnumType.Type

/**
 * The station reports how the upload of a log goes on.
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
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LogStatusNotificationRequest" })
) {}

/**
 * The CSMS has seen the progress.
 *
 * @see P2 N01
 * @category messages
 * @since 0.1.0
 */
export class LogStatusNotificationResponse extends Schema.Opaque<LogStatusNotificationResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LogStatusNotificationResponse" })
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
 * The predefined sets of monitors.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitoringBaseEnumType = Schema.Literals(["All", "FactoryDefault", "HardWiredOnly"]).annotate({
  identifier: "MonitoringBaseEnumType"
})
/**
 * A value of {@link MonitoringBaseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitoringBaseEnumType = typeof MonitoringBaseEnumType.Type

/**
 * The CSMS activates a predefined set of monitors.
 *
 * @see P2 N03
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringBaseRequest extends Schema.Opaque<SetMonitoringBaseRequest>()(
  Schema.Struct({
    monitoringBase: MonitoringBaseEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringBaseRequest" })
) {}

/**
 * Whether the set is active now.
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
 * When a monitor fires: beyond a threshold, on a change, or by the clock.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitorEnumType = Schema.Literals([
  "UpperThreshold",
  "LowerThreshold",
  "Delta",
  "Periodic",
  "PeriodicClockAligned"
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
 * @category models
 * @since 0.1.0
 */
export class SetMonitoringDataType extends Schema.Opaque<SetMonitoringDataType>()(
  Schema.Struct({
    /** Only to replace a monitor. */
    id: Schema.optionalKey(Wire.Integer),
    /** Only while a transaction runs; absent means false. */
    transaction: Schema.optionalKey(Schema.Boolean),
    /** A threshold or a change in the unit of the variable, or an interval in seconds. */
    value: Wire.Decimal,
    type: MonitorEnumType,
    /** 0 (danger) to 9 (debug). */
    severity: Wire.Integer,
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringDataType" })
) {}

/**
 * The CSMS sets monitors on variables.
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
 * Whether a monitor was set.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SetMonitoringStatusEnumType = Schema.Literals([
  "Accepted",
  "UnknownComponent",
  "UnknownVariable",
  "UnsupportedMonitorType",
  "Rejected",
  "Duplicate"
]).annotate({ identifier: "SetMonitoringStatusEnumType" })
/**
 * A value of {@link SetMonitoringStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type SetMonitoringStatusEnumType = typeof SetMonitoringStatusEnumType.Type

/**
 * What became of one monitor of a `SetVariableMonitoringRequest`.
 *
 * @category models
 * @since 0.1.0
 */
export class SetMonitoringResultType extends Schema.Opaque<SetMonitoringResultType>()(
  Schema.Struct({
    /** Only if `Accepted`. */
    id: Schema.optionalKey(Wire.Integer),
    statusInfo: Schema.optionalKey(StatusInfoType),
    status: SetMonitoringStatusEnumType,
    type: MonitorEnumType,
    component: ComponentType,
    variable: VariableType,
    /** 0 (danger) to 9 (debug). */
    severity: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringResultType" })
) {}

/**
 * A result for every monitor of the request.
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
 * @see P2 N05
 * @category messages
 * @since 0.1.0
 */
export class SetMonitoringLevelRequest extends Schema.Opaque<SetMonitoringLevelRequest>()(
  Schema.Struct({
    /** 0 (danger) to 9 (debug); events up to this number are reported. */
    severity: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetMonitoringLevelRequest" })
) {}

/**
 * Whether the level is set.
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
 * @see P2 N06
 * @category messages
 * @since 0.1.0
 */
export class ClearVariableMonitoringRequest extends Schema.Opaque<ClearVariableMonitoringRequest>()(
  Schema.Struct({
    id: Schema.Array(Wire.Integer).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearVariableMonitoringRequest" })
) {}

/**
 * Whether a monitor was removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearMonitoringStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NotFound"]).annotate({
  identifier: "ClearMonitoringStatusEnumType"
})
/**
 * A value of {@link ClearMonitoringStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearMonitoringStatusEnumType = typeof ClearMonitoringStatusEnumType.Type

/**
 * What became of one monitor of a `ClearVariableMonitoringRequest`.
 *
 * @category models
 * @since 0.1.0
 */
export class ClearMonitoringResultType extends Schema.Opaque<ClearMonitoringResultType>()(
  Schema.Struct({
    status: ClearMonitoringStatusEnumType,
    id: Wire.Integer,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearMonitoringResultType" })
) {}

/**
 * A result for every monitor of the request.
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
 * Which kinds of monitors to report.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MonitoringCriterionEnumType = Schema.Literals([
  "ThresholdMonitoring",
  "DeltaMonitoring",
  "PeriodicMonitoring"
]).annotate({ identifier: "MonitoringCriterionEnumType" })
/**
 * A value of {@link MonitoringCriterionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MonitoringCriterionEnumType = typeof MonitoringCriterionEnumType.Type

/**
 * The CSMS asks which monitors are set; they follow in `NotifyMonitoringReport`. Criteria and components that are
 * left out do not filter.
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
 * @category models
 * @since 0.1.0
 */
export class VariableMonitoringType extends Schema.Opaque<VariableMonitoringType>()(
  Schema.Struct({
    id: Wire.Integer,
    /** Only while a transaction runs. */
    transaction: Schema.Boolean,
    /** A threshold or a change in the unit of the variable, or an interval in seconds. */
    value: Wire.Decimal,
    type: MonitorEnumType,
    /** 0 (danger) to 9 (debug). */
    severity: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VariableMonitoringType" })
) {}

/**
 * The monitors of one variable.
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
    seqNo: Wire.Integer,
    generatedAt: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyMonitoringReportRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 N02
 * @category messages
 * @since 0.1.0
 */
export class NotifyMonitoringReportResponse extends Schema.Opaque<NotifyMonitoringReportResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyMonitoringReportResponse" })
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
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class CustomerInformationRequest extends Schema.Opaque<CustomerInformationRequest>()(
  Schema.Struct({
    customerCertificate: Schema.optionalKey(CertificateHashDataType),
    idToken: Schema.optionalKey(IdTokenType),
    /** Comes back in `NotifyCustomerInformation`. */
    requestId: Wire.Integer,
    /** Send what is stored. */
    report: Schema.Boolean,
    /** Remove what is stored. */
    clear: Schema.Boolean,
    customerIdentifier: Schema.optionalKey(Wire.text(64)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CustomerInformationRequest" })
) {}

/**
 * Whether a request for customer information is taken up.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CustomerInformationStatusEnumType = Schema.Literals(["Accepted", "Rejected", "Invalid"]).annotate({
  identifier: "CustomerInformationStatusEnumType"
})
/**
 * A value of {@link CustomerInformationStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CustomerInformationStatusEnumType = typeof CustomerInformationStatusEnumType.Type

/**
 * Whether the station does so; `Invalid` when the request names no customer.
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
    seqNo: Wire.Integer,
    generatedAt: Timestamp,
    requestId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyCustomerInformationRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class NotifyCustomerInformationResponse extends Schema.Opaque<NotifyCustomerInformationResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyCustomerInformationResponse" })
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
