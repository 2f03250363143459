/**
 * Device model: the variables of a station, read, written and reported.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { GenericDeviceModelStatus, StatusInfo } from "./DataTypes.ts"
import * as Variable from "./Variable.ts"

/**
 * A variable to read.
 *
 * @category models
 * @since 0.1.0
 */
export class GetVariableData extends Schema.Opaque<GetVariableData>()(
  Schema.Struct({
    address: Variable.Address,
    /** Absent: the actual value. 2.x tells characteristics in reports only. */
    aspect: Schema.optionalKey(Variable.Aspect)
  }).annotate({ identifier: "GetVariableData" })
) {}

/**
 * Reads variables, at least one.
 *
 * **Gotchas**
 *
 * A station may limit how many it tells at once: `DeviceDataCtrlr.ItemsPerMessage["GetVariables"]`, which is
 * `GetConfigurationMaxKeys` of 1.6.
 *
 * @see P2 B06
 * @category messages
 * @since 0.1.0
 */
export class GetVariablesRequest extends Schema.Opaque<GetVariablesRequest>()(
  Schema.Struct({
    variables: Schema.Array(GetVariableData)
  }).annotate({ identifier: "GetVariablesRequest" })
) {}

/**
 * Whether a variable was read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetVariableStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "UnknownComponent",
  "UnknownVariable",
  "NotSupportedAttributeType"
]).annotate({ identifier: "GetVariableStatus" })
/**
 * A value of {@link GetVariableStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetVariableStatus = typeof GetVariableStatus.Type

/**
 * What was read of one variable.
 *
 * @category models
 * @since 0.1.0
 */
export class GetVariableResult extends Schema.Opaque<GetVariableResult>()(
  Schema.Struct({
    address: Variable.Address,
    /** As in the request. */
    aspect: Schema.optionalKey(Variable.Aspect),
    status: GetVariableStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** Absent only if not `Accepted`; empty if the variable has no value. */
    value: Schema.optionalKey(Schema.String),
    /** Whether a CSMS cannot write it. Absent: it is not told, which 2.x does in reports only. */
    isReadOnly: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "GetVariableResult" })
) {}

/**
 * A result for every variable of the request.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetVariablesResponse extends Schema.Opaque<GetVariablesResponse>()(
  Schema.Struct({
    results: Schema.Array(GetVariableResult)
  }).annotate({ identifier: "GetVariablesResponse" })
) {}

/**
 * Reads variables of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetVariables = Action.make("GetVariables", {
  from: "csms",
  block: "DeviceModel",
  request: GetVariablesRequest,
  response: GetVariablesResponse
})

/**
 * A variable to write.
 *
 * @category models
 * @since 0.1.0
 */
export class SetVariableData extends Schema.Opaque<SetVariableData>()(
  Schema.Struct({
    address: Variable.Address,
    /** Absent: the actual value. */
    aspect: Schema.optionalKey(Variable.Attribute),
    value: Schema.String
  }).annotate({ identifier: "SetVariableData" })
) {}

/**
 * Writes variables, at least one.
 *
 * **Gotchas**
 *
 * A station of 1.x gets a call for each, in order. If one of them fails, the whole fails as it did, and those before it have
 * been answered: read them to know. A timeout or a `retry` is that of each call, and each has a message id of its own.
 *
 * @see P2 B05
 * @category messages
 * @since 0.1.0
 */
export class SetVariablesRequest extends Schema.Opaque<SetVariablesRequest>()(
  Schema.Struct({
    variables: Schema.Array(SetVariableData)
  }).annotate({ identifier: "SetVariablesRequest" })
) {}

/**
 * Whether a variable was written; `RebootRequired`: it was, and it takes effect after a reboot.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SetVariableStatus = Schema.Literals([...GetVariableStatus.literals, "RebootRequired"]).annotate({
  identifier: "SetVariableStatus"
})
/**
 * A value of {@link SetVariableStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type SetVariableStatus = typeof SetVariableStatus.Type

/**
 * What became of one variable.
 *
 * @category models
 * @since 0.1.0
 */
export class SetVariableResult extends Schema.Opaque<SetVariableResult>()(
  Schema.Struct({
    address: Variable.Address,
    /** As in the request. */
    aspect: Schema.optionalKey(Variable.Attribute),
    status: SetVariableStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetVariableResult" })
) {}

/**
 * A result for every variable of the request.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetVariablesResponse extends Schema.Opaque<SetVariablesResponse>()(
  Schema.Struct({
    results: Schema.Array(SetVariableResult)
  }).annotate({ identifier: "SetVariablesResponse" })
) {}

/**
 * Writes variables of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetVariables = Action.make("SetVariables", {
  from: "csms",
  block: "DeviceModel",
  request: SetVariablesRequest,
  response: SetVariablesResponse
})

/**
 * A predefined report.
 *
 * **Details**
 *
 * - `ConfigurationInventory`: all variables that a CSMS can write.
 * - `FullInventory`: all variables.
 * - `SummaryInventory`: what tells whether the station can charge, and what is wrong with it.
 *
 * @see P2 B07
 * @category schemas
 * @since 0.1.0
 */
export const ReportBase = Schema.Literals(["ConfigurationInventory", "FullInventory", "SummaryInventory"]).annotate({
  identifier: "ReportBase"
})
/**
 * A value of {@link ReportBase}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReportBase = typeof ReportBase.Type

/**
 * Asks for a predefined report of the device model, which follows in `NotifyReport`.
 *
 * @see P2 B07
 * @category messages
 * @since 0.1.0
 */
export class GetBaseReportRequest extends Schema.Opaque<GetBaseReportRequest>()(
  Schema.Struct({
    /** Comes back in `NotifyReport`. */
    requestId: Schema.Int,
    reportBase: ReportBase
  }).annotate({ identifier: "GetBaseReportRequest" })
) {}

/**
 * Whether the report follows.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetBaseReportResponse extends Schema.Opaque<GetBaseReportResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "GetBaseReportResponse" })
) {}

/**
 * Asks for a predefined report of the device model.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetBaseReport = Action.make("GetBaseReport", {
  from: "csms",
  block: "DeviceModel",
  request: GetBaseReportRequest,
  response: GetBaseReportResponse
})

/**
 * A component, or one variable of it.
 *
 * @category models
 * @since 0.1.0
 */
export class ComponentVariable extends Schema.Opaque<ComponentVariable>()(
  Schema.Struct({
    component: Variable.Component,
    /** Absent: all variables of the component. */
    variable: Schema.optionalKey(Variable.VariableName)
  }).annotate({ identifier: "ComponentVariable" })
) {}

/**
 * What components to report are like: their variable of this name is true or, but for `Problem`, they have none of the name.
 *
 * @see P2 B08
 * @category schemas
 * @since 0.1.0
 */
export const ComponentCriterion = Schema.Literals(["Active", "Available", "Enabled", "Problem"]).annotate({
  identifier: "ComponentCriterion"
})
/**
 * A value of {@link ComponentCriterion}.
 *
 * @category models
 * @since 0.1.0
 */
export type ComponentCriterion = typeof ComponentCriterion.Type

/**
 * Asks for a report on components and variables, which follows in `NotifyReport`. A list that is left out does not filter.
 *
 * @see P2 B08
 * @category messages
 * @since 0.1.0
 */
export class GetReportRequest extends Schema.Opaque<GetReportRequest>()(
  Schema.Struct({
    /** Comes back in `NotifyReport`. */
    requestId: Schema.Int,
    /** One at least, if there is a list. */
    componentVariable: Schema.optionalKey(Schema.Array(ComponentVariable)),
    /** One to four, of which a component meets one, if there is a list. */
    componentCriteria: Schema.optionalKey(Schema.Array(ComponentCriterion))
  }).annotate({ identifier: "GetReportRequest" })
) {}

/**
 * Whether the report follows.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetReportResponse extends Schema.Opaque<GetReportResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "GetReportResponse" })
) {}

/**
 * Asks for a report on components and variables.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetReport = Action.make("GetReport", {
  from: "csms",
  block: "DeviceModel",
  request: GetReportRequest,
  response: GetReportResponse
})

/**
 * Whether a CSMS can read and write a value of a variable.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Mutability = Schema.Literals(["ReadOnly", "WriteOnly", "ReadWrite"]).annotate({
  identifier: "Mutability"
})
/**
 * A value of {@link Mutability}.
 *
 * @category models
 * @since 0.1.0
 */
export type Mutability = typeof Mutability.Type

/**
 * One value of a variable, and what may be done with it.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableAttribute extends Schema.Opaque<VariableAttribute>()(
  Schema.Struct({
    /** Absent: the actual value. */
    aspect: Schema.optionalKey(Variable.Attribute),
    /** Absent only if it is `WriteOnly`; empty if the variable has no value. */
    value: Schema.optionalKey(Schema.String),
    /** Absent: `ReadWrite`. */
    mutability: Schema.optionalKey(Mutability),
    /** Whether it survives a reboot; absent: it does not. */
    persistent: Schema.optionalKey(Schema.Boolean),
    /** Whether the station never changes it; absent: it may. */
    constant: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "VariableAttribute" })
) {}

/**
 * The type of the values of a variable.
 *
 * **Details**
 *
 * - `OptionList`: one word of a list; `MemberList`: any of them; `SequenceList`: any of them, in an order that matters.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataType = Schema.Literals([
  "string",
  "decimal",
  "integer",
  "dateTime",
  "boolean",
  "OptionList",
  "SequenceList",
  "MemberList"
]).annotate({ identifier: "DataType" })
/**
 * A value of {@link DataType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DataType = typeof DataType.Type

/**
 * Which values a variable can have.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableCharacteristics extends Schema.Opaque<VariableCharacteristics>()(
  Schema.Struct({
    dataType: DataType,
    unit: Schema.optionalKey(Schema.String),
    /** The least number. */
    minLimit: Schema.optionalKey(Schema.BigDecimal),
    /** The greatest number; of a text or a list the greatest length in characters. */
    maxLimit: Schema.optionalKey(Schema.BigDecimal),
    /** Of 2.1. How many items a list may have. */
    maxElements: Schema.optionalKey(Schema.Int),
    /** The words that may be in it, with commas between them. */
    valuesList: Schema.optionalKey(Schema.String),
    /** Whether monitors can be set on it. */
    supportsMonitoring: Schema.Boolean
  }).annotate({ identifier: "VariableCharacteristics" })
) {}

/**
 * A variable with its values and its characteristics.
 *
 * @category models
 * @since 0.1.0
 */
export class ReportData extends Schema.Opaque<ReportData>()(
  Schema.Struct({
    address: Variable.Address,
    /** One to four. */
    variableAttribute: Schema.Array(VariableAttribute),
    variableCharacteristics: Schema.optionalKey(VariableCharacteristics)
  }).annotate({ identifier: "ReportData" })
) {}

/**
 * A part of a report of the device model.
 *
 * @see P2 B07, B08
 * @category messages
 * @since 0.1.0
 */
export class NotifyReportRequest extends Schema.Opaque<NotifyReportRequest>()(
  Schema.Struct({
    /** That of `GetBaseReport` or `GetReport`. */
    requestId: Schema.Int,
    /** When the station has made this part. */
    generatedAt: Schema.DateTimeUtc,
    /** Of the parts of the report, counted from 0. */
    seqNo: Schema.Int,
    /** Whether more parts follow; absent: this is the last. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** One at least, if there is a list. */
    reportData: Schema.optionalKey(Schema.Array(ReportData))
  }).annotate({ identifier: "NotifyReportRequest" })
) {}

/**
 * The part was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyReportResponse extends Schema.Opaque<NotifyReportResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyReportResponse" })
) {}

/**
 * Delivers a part of a report.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyReport = Action.make("NotifyReport", {
  from: "station",
  block: "DeviceModel",
  request: NotifyReportRequest,
  response: NotifyReportResponse
})
