/**
 * Functional block B of OCPP 2.1, Provisioning: boot, heartbeat, device model, network profiles and reset.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  APNAuthenticationEnumType,
  AttributeEnumType,
  BootNotificationRequest,
  ComponentCriterionEnumType,
  DataEnumType,
  GetBaseReportRequest,
  GetVariableStatusEnumType,
  NotifyReportResponse,
  OCPPTransportEnumType,
  RegistrationStatusEnumType,
  ResetStatusEnumType,
  SetNetworkProfileStatusEnumType,
  SetVariableStatusEnumType,
  VPNEnumType,
  VariableAttributeType
} from "../v201/Provisioning.ts"
import {
  ComponentType,
  ComponentVariableType,
  CustomDataType,
  GenericDeviceModelStatusEnumType,
  StatusInfoType,
  VariableType
} from "./DataTypes.ts"

// As in 2.0.1.
export {
  APNAuthenticationEnumType,
  AttributeEnumType,
  BootNotificationRequest,
  BootReasonEnumType,
  ChargingStationType,
  ComponentCriterionEnumType,
  DataEnumType,
  GetBaseReportRequest,
  GetVariableStatusEnumType,
  Heartbeat,
  HeartbeatRequest,
  HeartbeatResponse,
  ModemType,
  MutabilityEnumType,
  NotifyReportResponse,
  OCPPTransportEnumType,
  RegistrationStatusEnumType,
  ReportBaseEnumType,
  ResetStatusEnumType,
  SetNetworkProfileStatusEnumType,
  SetVariableStatusEnumType,
  VPNEnumType,
  VariableAttributeType
} from "../v201/Provisioning.ts"

/**
 * Whether the station may work with this CSMS, the time, and when to send the next message.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 B01, B02, B03
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationResponse extends Schema.Opaque<BootNotificationResponse>()(
  Schema.Struct({
    currentTime: Timestamp,
    /** Seconds between heartbeats if `Accepted`, else until the next BootNotification; 0: the station chooses. */
    interval: Wire.Integer,
    status: RegistrationStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "BootNotificationResponse" })
) {}

/**
 * Presents the station after its start.
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
 * A variable to write.
 *
 * **Changed in 2.1**: longer `attributeValue` (1000 → 2500).
 *
 * @category models
 * @since 0.1.0
 */
export class SetVariableDataType extends Schema.Opaque<SetVariableDataType>()(
  Schema.Struct({
    /** Absent means `Actual`. */
    attributeType: Schema.optionalKey(AttributeEnumType),
    /** May be empty. */
    attributeValue: Wire.text(2500),
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariableDataType" })
) {}

/**
 * The CSMS writes variables of the device model.
 *
 * **Changed in 2.1**: only through `SetVariableDataType`.
 *
 * @see P2 B05
 * @category messages
 * @since 0.1.0
 */
export class SetVariablesRequest extends Schema.Opaque<SetVariablesRequest>()(
  Schema.Struct({
    setVariableData: Schema.Array(SetVariableDataType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariablesRequest" })
) {}

/**
 * What became of one variable of a `SetVariablesRequest`.
 *
 * **Changed in 2.1**: only through `StatusInfoType`, `ComponentType`.
 *
 * @category models
 * @since 0.1.0
 */
export class SetVariableResultType extends Schema.Opaque<SetVariableResultType>()(
  Schema.Struct({
    /** Absent means `Actual`. */
    attributeType: Schema.optionalKey(AttributeEnumType),
    attributeStatus: SetVariableStatusEnumType,
    attributeStatusInfo: Schema.optionalKey(StatusInfoType),
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariableResultType" })
) {}

/**
 * A result for every variable of the request.
 *
 * **Changed in 2.1**: only through `SetVariableResultType`.
 *
 * @see P2 B05
 * @category messages
 * @since 0.1.0
 */
export class SetVariablesResponse extends Schema.Opaque<SetVariablesResponse>()(
  Schema.Struct({
    setVariableResult: Schema.Array(SetVariableResultType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariablesResponse" })
) {}

/**
 * Writes variables of the device model.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetVariables = Action.make("SetVariables", {
  from: "csms",
  block: "Provisioning",
  request: SetVariablesRequest,
  response: SetVariablesResponse
})

/**
 * A variable to read.
 *
 * **Changed in 2.1**: only through `ComponentType`.
 *
 * @category models
 * @since 0.1.0
 */
export class GetVariableDataType extends Schema.Opaque<GetVariableDataType>()(
  Schema.Struct({
    /** Absent means `Actual`. */
    attributeType: Schema.optionalKey(AttributeEnumType),
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetVariableDataType" })
) {}

/**
 * The CSMS reads variables of the device model.
 *
 * **Changed in 2.1**: only through `GetVariableDataType`.
 *
 * @see P2 B06
 * @category messages
 * @since 0.1.0
 */
export class GetVariablesRequest extends Schema.Opaque<GetVariablesRequest>()(
  Schema.Struct({
    getVariableData: Schema.Array(GetVariableDataType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetVariablesRequest" })
) {}

/**
 * What was read of one variable.
 *
 * **Changed in 2.1**: only through `StatusInfoType`, `ComponentType`.
 *
 * @category models
 * @since 0.1.0
 */
export class GetVariableResultType extends Schema.Opaque<GetVariableResultType>()(
  Schema.Struct({
    attributeStatus: GetVariableStatusEnumType,
    attributeStatusInfo: Schema.optionalKey(StatusInfoType),
    /** Absent means `Actual`. */
    attributeType: Schema.optionalKey(AttributeEnumType),
    /** Absent only if not `Accepted`. */
    attributeValue: Schema.optionalKey(Wire.text(2500)),
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetVariableResultType" })
) {}

/**
 * A result for every variable of the request.
 *
 * **Changed in 2.1**: only through `GetVariableResultType`.
 *
 * @see P2 B06
 * @category messages
 * @since 0.1.0
 */
export class GetVariablesResponse extends Schema.Opaque<GetVariablesResponse>()(
  Schema.Struct({
    getVariableResult: Schema.Array(GetVariableResultType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetVariablesResponse" })
) {}

/**
 * Reads variables of the device model.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetVariables = Action.make("GetVariables", {
  from: "csms",
  block: "Provisioning",
  request: GetVariablesRequest,
  response: GetVariablesResponse
})

/**
 * Whether the report will follow.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 B07
 * @category messages
 * @since 0.1.0
 */
export class GetBaseReportResponse extends Schema.Opaque<GetBaseReportResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
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
  block: "Provisioning",
  request: GetBaseReportRequest,
  response: GetBaseReportResponse
})

/**
 * The CSMS asks for a report on components and variables of its choice, which follows in `NotifyReport`.
 *
 * **Changed in 2.1**: only through `ComponentVariableType`.
 *
 * @see P2 B08
 * @category messages
 * @since 0.1.0
 */
export class GetReportRequest extends Schema.Opaque<GetReportRequest>()(
  Schema.Struct({
    componentVariable: Schema.optionalKey(Schema.Array(ComponentVariableType).check(Schema.isMinLength(1))),
    /** Comes back in `NotifyReport`. */
    requestId: Wire.Integer,
    componentCriteria: Schema.optionalKey(
      Schema.Array(ComponentCriterionEnumType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetReportRequest" })
) {}

/**
 * Whether the report will follow; `EmptyResultSet` when nothing matches.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 B08
 * @category messages
 * @since 0.1.0
 */
export class GetReportResponse extends Schema.Opaque<GetReportResponse>()(
  Schema.Struct({
    status: GenericDeviceModelStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetReportResponse" })
) {}

/**
 * Asks for a report on chosen components and variables.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetReport = Action.make("GetReport", {
  from: "csms",
  block: "Provisioning",
  request: GetReportRequest,
  response: GetReportResponse
})

/**
 * What values a variable can have.
 *
 * **Changed in 2.1**: adds `maxElements`.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableCharacteristicsType extends Schema.Opaque<VariableCharacteristicsType>()(
  Schema.Struct({
    unit: Schema.optionalKey(Wire.text(16)),
    dataType: DataEnumType,
    minLimit: Schema.optionalKey(Wire.Decimal),
    /** The greatest value, or the greatest length of strings and lists. */
    maxLimit: Schema.optionalKey(Wire.Decimal),
    /** How many of `valuesList` a value may hold. */
    maxElements: Schema.optionalKey(Wire.Integer.check(Schema.isGreaterThanOrEqualTo(1))),
    /** The choices of an option, member or sequence list, comma-separated. */
    valuesList: Schema.optionalKey(Wire.text(1000)),
    supportsMonitoring: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VariableCharacteristicsType" })
) {}

/**
 * A variable of the device model with its values and its characteristics.
 *
 * **Changed in 2.1**: only through `ComponentType`, `VariableCharacteristicsType`.
 *
 * @category models
 * @since 0.1.0
 */
export class ReportDataType extends Schema.Opaque<ReportDataType>()(
  Schema.Struct({
    component: ComponentType,
    variable: VariableType,
    variableAttribute: Schema.Array(VariableAttributeType).check(Schema.isMinLength(1), Schema.isMaxLength(4)),
    variableCharacteristics: Schema.optionalKey(VariableCharacteristicsType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReportDataType" })
) {}

/**
 * The station delivers a report of the device model, in as many parts as it needs.
 *
 * **Changed in 2.1**: `seqNo` is not negative.
 *
 * @see P2 B07, B08
 * @category messages
 * @since 0.1.0
 */
export class NotifyReportRequest extends Schema.Opaque<NotifyReportRequest>()(
  Schema.Struct({
    requestId: Wire.Integer,
    generatedAt: Timestamp,
    reportData: Schema.optionalKey(Schema.Array(ReportDataType).check(Schema.isMinLength(1))),
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** Counted from 0. */
    seqNo: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyReportRequest" })
) {}

/**
 * Delivers a part of a report.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyReport = Action.make("NotifyReport", {
  from: "station",
  block: "Provisioning",
  request: NotifyReportRequest,
  response: NotifyReportResponse
})

/**
 * How to get into the mobile network.
 *
 * **Changed in 2.1**: longer `apn` (512 → 2000), `apnUserName` (20 → 50), `apnPassword` (20 → 64).
 *
 * @category models
 * @since 0.1.0
 */
export class APNType extends Schema.Opaque<APNType>()(
  Schema.Struct({
    apn: Wire.text(2000),
    apnUserName: Schema.optionalKey(Wire.text(50)),
    /** Secret. */
    apnPassword: Schema.optionalKey(Wire.text(64)),
    /** Secret. */
    simPin: Schema.optionalKey(Wire.Integer),
    /** MCC and MNC. */
    preferredNetwork: Schema.optionalKey(Wire.text(6)),
    /** Absent means false. */
    useOnlyPreferredNetwork: Schema.optionalKey(Schema.Boolean),
    apnAuthentication: APNAuthenticationEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "APNType" })
) {}

/**
 * The version of OCPP to use. Receivers ignore it: the handshake decides.
 *
 * **Changed in 2.1**: adds `OCPP201`, `OCPP21`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OCPPVersionEnumType = Schema.Literals([
  "OCPP12",
  "OCPP15",
  "OCPP16",
  "OCPP20",
  "OCPP201",
  "OCPP21"
]).annotate({ identifier: "OCPPVersionEnumType" })
/**
 * A value of {@link OCPPVersionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OCPPVersionEnumType = typeof OCPPVersionEnumType.Type

/**
 * The network interface to use.
 *
 * **Changed in 2.1**: adds `Any`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OCPPInterfaceEnumType = Schema.Literals([
  "Wired0",
  "Wired1",
  "Wired2",
  "Wired3",
  "Wireless0",
  "Wireless1",
  "Wireless2",
  "Wireless3",
  "Any"
]).annotate({ identifier: "OCPPInterfaceEnumType" })
/**
 * A value of {@link OCPPInterfaceEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OCPPInterfaceEnumType = typeof OCPPInterfaceEnumType.Type

/**
 * How to get into a VPN.
 *
 * **Changed in 2.1**: longer `server` (512 → 2000), `user` (20 → 50), `group` (20 → 50), `password` (20 → 64).
 *
 * @category models
 * @since 0.1.0
 */
export class VPNType extends Schema.Opaque<VPNType>()(
  Schema.Struct({
    server: Wire.text(2000),
    user: Wire.text(50),
    group: Schema.optionalKey(Wire.text(50)),
    /** Secret. */
    password: Wire.text(64),
    /** Secret. */
    key: Wire.text(255),
    type: VPNEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VPNType" })
) {}

/**
 * A way to reach a CSMS, and with which identity.
 *
 * **Changed in 2.1**: adds `identity`, `basicAuthPassword`; longer `ocppCsmsUrl` (512 → 2000); `ocppVersion` is
 * optional; `securityProfile` is not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class NetworkConnectionProfileType extends Schema.Opaque<NetworkConnectionProfileType>()(
  Schema.Struct({
    apn: Schema.optionalKey(APNType),
    /** Ignored: the handshake decides. */
    ocppVersion: Schema.optionalKey(OCPPVersionEnumType),
    ocppInterface: OCPPInterfaceEnumType,
    ocppTransport: OCPPTransportEnumType,
    /** Seconds. */
    messageTimeout: Wire.Integer,
    /** Without the identity of the station, which is appended. */
    ocppCsmsUrl: Wire.text(2000),
    securityProfile: Wire.Natural,
    /** User name for Basic authentication; absent: as configured. */
    identity: Schema.optionalKey(Wire.text(48)),
    /** Secret. */
    basicAuthPassword: Schema.optionalKey(Wire.text(64)),
    vpn: Schema.optionalKey(VPNType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NetworkConnectionProfileType" })
) {}

/**
 * The CSMS stores a network connection profile in a slot of the station. It takes effect by its place in
 * `NetworkConfigurationPriority`, after a reboot.
 *
 * **Changed in 2.1**: only through `NetworkConnectionProfileType`.
 *
 * @see P2 B09
 * @category messages
 * @since 0.1.0
 */
export class SetNetworkProfileRequest extends Schema.Opaque<SetNetworkProfileRequest>()(
  Schema.Struct({
    /** A value of the list of `NetworkConfigurationPriority`. */
    configurationSlot: Wire.Integer,
    connectionData: NetworkConnectionProfileType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetNetworkProfileRequest" })
) {}

/**
 * Whether the profile is stored.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 B09
 * @category messages
 * @since 0.1.0
 */
export class SetNetworkProfileResponse extends Schema.Opaque<SetNetworkProfileResponse>()(
  Schema.Struct({
    status: SetNetworkProfileStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetNetworkProfileResponse" })
) {}

/**
 * Stores a way to reach a CSMS.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetNetworkProfile = Action.make("SetNetworkProfile", {
  from: "csms",
  block: "Provisioning",
  request: SetNetworkProfileRequest,
  response: SetNetworkProfileResponse
})

/**
 * When to restart; `ImmediateAndResume` goes on with the transactions afterwards.
 *
 * **Changed in 2.1**: adds `ImmediateAndResume`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResetEnumType = Schema.Literals(["Immediate", "OnIdle", "ImmediateAndResume"]).annotate({
  identifier: "ResetEnumType"
})
/**
 * A value of {@link ResetEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetEnumType = typeof ResetEnumType.Type

/**
 * The CSMS restarts the station or one EVSE: at once, when no transaction runs, or at once with transactions resumed.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @see P2 B11, B12, B13
 * @category messages
 * @since 0.1.0
 */
export class ResetRequest extends Schema.Opaque<ResetRequest>()(
  Schema.Struct({
    type: ResetEnumType,
    /** Absent: the whole station. */
    evseId: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ResetRequest" })
) {}

/**
 * Whether the restart comes now (`Accepted`), later (`Scheduled`) or not at all.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 B11, B12, B13
 * @category messages
 * @since 0.1.0
 */
export class ResetResponse extends Schema.Opaque<ResetResponse>()(
  Schema.Struct({
    status: ResetStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ResetResponse" })
) {}

/**
 * Restarts the station or one EVSE.
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
