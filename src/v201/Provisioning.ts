/**
 * Functional block B of OCPP 2.0.1, Provisioning: boot, heartbeat, device model, network profiles and reset.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  ComponentType,
  ComponentVariableType,
  CustomDataType,
  GenericDeviceModelStatusEnumType,
  StatusInfoType,
  VariableType
} from "./DataTypes.ts"

/**
 * The SIM card of the modem.
 *
 * @category models
 * @since 0.1.0
 */
export class ModemType extends Schema.Opaque<ModemType>()(
  Schema.Struct({
    iccid: Schema.optionalKey(Wire.text(20)),
    imsi: Schema.optionalKey(Wire.text(20)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ModemType" })
) {}

/**
 * Make, model and build of a station.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingStationType extends Schema.Opaque<ChargingStationType>()(
  Schema.Struct({
    serialNumber: Schema.optionalKey(Wire.text(25)),
    model: Wire.text(20),
    modem: Schema.optionalKey(ModemType),
    vendorName: Wire.text(50),
    firmwareVersion: Schema.optionalKey(Wire.text(50)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChargingStationType" })
) {}

/**
 * Why the station started.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BootReasonEnumType = Schema.Literals([
  "ApplicationReset",
  "FirmwareUpdate",
  "LocalReset",
  "PowerUp",
  "RemoteReset",
  "ScheduledReset",
  "Triggered",
  "Unknown",
  "Watchdog"
]).annotate({ identifier: "BootReasonEnumType" })
/**
 * A value of {@link BootReasonEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type BootReasonEnumType = typeof BootReasonEnumType.Type

/**
 * The station presents itself after a start and before any other message, and asks to be registered.
 *
 * @see P2 B01, B02, B03
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationRequest extends Schema.Opaque<BootNotificationRequest>()(
  Schema.Struct({
    chargingStation: ChargingStationType,
    reason: BootReasonEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "BootNotificationRequest" })
) {}

/**
 * Whether a station may work with this CSMS. While `Pending` it is configured and runs no transactions; while
 * `Rejected` it is silent until the interval is over.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RegistrationStatusEnumType = Schema.Literals(["Accepted", "Pending", "Rejected"]).annotate({
  identifier: "RegistrationStatusEnumType"
})
/**
 * A value of {@link RegistrationStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type RegistrationStatusEnumType = typeof RegistrationStatusEnumType.Type

/**
 * Whether the station may work with this CSMS, the time, and when to send the next message.
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
 * The station shows that it is alive when it had nothing else to say.
 *
 * @see P2 G02
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatRequest extends Schema.Opaque<HeartbeatRequest>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "HeartbeatRequest" })
) {}

/**
 * The time by which the station sets its clock.
 *
 * @see P2 G02
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatResponse extends Schema.Opaque<HeartbeatResponse>()(
  Schema.Struct({
    currentTime: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "HeartbeatResponse" })
) {}

/**
 * Shows that the station is alive, and fetches the time.
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
 * Which value of a variable: the actual one, the target, or the bounds set for it. Absent means `Actual`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AttributeEnumType = Schema.Literals(["Actual", "Target", "MinSet", "MaxSet"]).annotate({
  identifier: "AttributeEnumType"
})
/**
 * A value of {@link AttributeEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type AttributeEnumType = typeof AttributeEnumType.Type

/**
 * A variable to write.
 *
 * @category models
 * @since 0.1.0
 */
export class SetVariableDataType extends Schema.Opaque<SetVariableDataType>()(
  Schema.Struct({
    /** Absent means `Actual`. */
    attributeType: Schema.optionalKey(AttributeEnumType),
    attributeValue: Wire.text(1000),
    component: ComponentType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetVariableDataType" })
) {}

/**
 * The CSMS writes variables of the device model.
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
 * Whether a variable was written; `RebootRequired` says that it was and takes effect after a reboot.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SetVariableStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "UnknownComponent",
  "UnknownVariable",
  "NotSupportedAttributeType",
  "RebootRequired"
]).annotate({ identifier: "SetVariableStatusEnumType" })
/**
 * A value of {@link SetVariableStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type SetVariableStatusEnumType = typeof SetVariableStatusEnumType.Type

/**
 * What became of one variable of a `SetVariablesRequest`.
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
 * Whether a variable was read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetVariableStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "UnknownComponent",
  "UnknownVariable",
  "NotSupportedAttributeType"
]).annotate({ identifier: "GetVariableStatusEnumType" })
/**
 * A value of {@link GetVariableStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetVariableStatusEnumType = typeof GetVariableStatusEnumType.Type

/**
 * What was read of one variable.
 *
 * @category models
 * @since 0.1.0
 */
export class GetVariableResultType extends Schema.Opaque<GetVariableResultType>()(
  Schema.Struct({
    attributeStatusInfo: Schema.optionalKey(StatusInfoType),
    attributeStatus: GetVariableStatusEnumType,
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
 * The predefined reports: what can be configured, everything, or what hinders charging.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReportBaseEnumType = Schema.Literals([
  "ConfigurationInventory",
  "FullInventory",
  "SummaryInventory"
]).annotate({ identifier: "ReportBaseEnumType" })
/**
 * A value of {@link ReportBaseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReportBaseEnumType = typeof ReportBaseEnumType.Type

/**
 * The CSMS asks for a predefined report of the device model, which follows in `NotifyReport`.
 *
 * @see P2 B07
 * @category messages
 * @since 0.1.0
 */
export class GetBaseReportRequest extends Schema.Opaque<GetBaseReportRequest>()(
  Schema.Struct({
    /** Comes back in `NotifyReport`. */
    requestId: Wire.Integer,
    reportBase: ReportBaseEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetBaseReportRequest" })
) {}

/**
 * Whether the report will follow.
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
 * The condition of the components to report.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ComponentCriterionEnumType = Schema.Literals(["Active", "Available", "Enabled", "Problem"]).annotate({
  identifier: "ComponentCriterionEnumType"
})
/**
 * A value of {@link ComponentCriterionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ComponentCriterionEnumType = typeof ComponentCriterionEnumType.Type

/**
 * The CSMS asks for a report on components and variables of its choice, which follows in `NotifyReport`.
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
 * Whether a variable can be read and written. Absent means `ReadWrite`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MutabilityEnumType = Schema.Literals(["ReadOnly", "WriteOnly", "ReadWrite"]).annotate({
  identifier: "MutabilityEnumType"
})
/**
 * A value of {@link MutabilityEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MutabilityEnumType = typeof MutabilityEnumType.Type

/**
 * One value of a variable, and what may be done with it.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableAttributeType extends Schema.Opaque<VariableAttributeType>()(
  Schema.Struct({
    /** Absent means `Actual`. */
    type: Schema.optionalKey(AttributeEnumType),
    /** Absent only if `WriteOnly`. */
    value: Schema.optionalKey(Wire.text(2500)),
    /** Absent means `ReadWrite`. */
    mutability: Schema.optionalKey(MutabilityEnumType),
    /** Survives a reboot; absent means false. */
    persistent: Schema.optionalKey(Schema.Boolean),
    /** Never changed by the station; absent means false. */
    constant: Schema.optionalKey(Schema.Boolean),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VariableAttributeType" })
) {}

/**
 * The type of the values of a variable.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataEnumType = Schema.Literals([
  "string",
  "decimal",
  "integer",
  "dateTime",
  "boolean",
  "OptionList",
  "SequenceList",
  "MemberList"
]).annotate({ identifier: "DataEnumType" })
/**
 * A value of {@link DataEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DataEnumType = typeof DataEnumType.Type

/**
 * What values a variable can have.
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
    /** The choices of an option, member or sequence list, comma-separated. */
    valuesList: Schema.optionalKey(Wire.text(1000)),
    supportsMonitoring: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VariableCharacteristicsType" })
) {}

/**
 * A variable of the device model with its values and its characteristics.
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
    seqNo: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyReportRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 B07, B08
 * @category messages
 * @since 0.1.0
 */
export class NotifyReportResponse extends Schema.Opaque<NotifyReportResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyReportResponse" })
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
 * How to sign in to the mobile network.
 *
 * @category schemas
 * @since 0.1.0
 */
export const APNAuthenticationEnumType = Schema.Literals(["CHAP", "NONE", "PAP", "AUTO"]).annotate({
  identifier: "APNAuthenticationEnumType"
})
/**
 * A value of {@link APNAuthenticationEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type APNAuthenticationEnumType = typeof APNAuthenticationEnumType.Type

/**
 * How to get into the mobile network.
 *
 * @category models
 * @since 0.1.0
 */
export class APNType extends Schema.Opaque<APNType>()(
  Schema.Struct({
    apn: Wire.text(512),
    apnUserName: Schema.optionalKey(Wire.text(20)),
    /** Secret. */
    apnPassword: Schema.optionalKey(Wire.text(20)),
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
 * The version of OCPP to use. `OCPP20` stands for 2.0.1 as well.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OCPPVersionEnumType = Schema.Literals(["OCPP12", "OCPP15", "OCPP16", "OCPP20"]).annotate({
  identifier: "OCPPVersionEnumType"
})
/**
 * A value of {@link OCPPVersionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OCPPVersionEnumType = typeof OCPPVersionEnumType.Type

/**
 * The transport of OCPP. `SOAP` is not for OCPP 2.x.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OCPPTransportEnumType = Schema.Literals(["JSON", "SOAP"]).annotate({ identifier: "OCPPTransportEnumType" })
/**
 * A value of {@link OCPPTransportEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OCPPTransportEnumType = typeof OCPPTransportEnumType.Type

/**
 * The network interface to use.
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
  "Wireless3"
]).annotate({ identifier: "OCPPInterfaceEnumType" })
/**
 * A value of {@link OCPPInterfaceEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OCPPInterfaceEnumType = typeof OCPPInterfaceEnumType.Type

/**
 * The kind of a VPN.
 *
 * @category schemas
 * @since 0.1.0
 */
export const VPNEnumType = Schema.Literals(["IKEv2", "IPSec", "L2TP", "PPTP"]).annotate({ identifier: "VPNEnumType" })
/**
 * A value of {@link VPNEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type VPNEnumType = typeof VPNEnumType.Type

/**
 * How to get into a VPN.
 *
 * @category models
 * @since 0.1.0
 */
export class VPNType extends Schema.Opaque<VPNType>()(
  Schema.Struct({
    server: Wire.text(512),
    user: Wire.text(20),
    group: Schema.optionalKey(Wire.text(20)),
    /** Secret. */
    password: Wire.text(20),
    /** Secret. */
    key: Wire.text(255),
    type: VPNEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VPNType" })
) {}

/**
 * A way to reach a CSMS.
 *
 * @category models
 * @since 0.1.0
 */
export class NetworkConnectionProfileType extends Schema.Opaque<NetworkConnectionProfileType>()(
  Schema.Struct({
    apn: Schema.optionalKey(APNType),
    ocppVersion: OCPPVersionEnumType,
    ocppTransport: OCPPTransportEnumType,
    ocppCsmsUrl: Wire.text(512),
    /** Seconds. */
    messageTimeout: Wire.Integer,
    securityProfile: Wire.Integer,
    ocppInterface: OCPPInterfaceEnumType,
    vpn: Schema.optionalKey(VPNType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NetworkConnectionProfileType" })
) {}

/**
 * The CSMS stores a network connection profile in a slot of the station. It takes effect by its place in
 * `NetworkConfigurationPriority`, after a reboot.
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
 * Whether a network connection profile was stored.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SetNetworkProfileStatusEnumType = Schema.Literals(["Accepted", "Rejected", "Failed"]).annotate({
  identifier: "SetNetworkProfileStatusEnumType"
})
/**
 * A value of {@link SetNetworkProfileStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type SetNetworkProfileStatusEnumType = typeof SetNetworkProfileStatusEnumType.Type

/**
 * Whether the profile is stored.
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
 * When to restart.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResetEnumType = Schema.Literals(["Immediate", "OnIdle"]).annotate({ identifier: "ResetEnumType" })
/**
 * A value of {@link ResetEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetEnumType = typeof ResetEnumType.Type

/**
 * The CSMS restarts the station or one EVSE, at once or when no transaction runs.
 *
 * @see P2 B11, B12
 * @category messages
 * @since 0.1.0
 */
export class ResetRequest extends Schema.Opaque<ResetRequest>()(
  Schema.Struct({
    type: ResetEnumType,
    /** Absent: the whole station. */
    evseId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ResetRequest" })
) {}

/**
 * Whether a restart comes.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ResetStatusEnumType = Schema.Literals(["Accepted", "Rejected", "Scheduled"]).annotate({
  identifier: "ResetStatusEnumType"
})
/**
 * A value of {@link ResetStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetStatusEnumType = typeof ResetStatusEnumType.Type

/**
 * Whether the restart comes now (`Accepted`), later (`Scheduled`) or not at all.
 *
 * @see P2 B11, B12
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
