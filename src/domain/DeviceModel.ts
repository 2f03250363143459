/**
 * Device model: the variables of a station, read and written.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { StatusInfo } from "./DataTypes.ts"
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
