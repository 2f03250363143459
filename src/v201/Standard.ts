/**
 * The standard names of OCPP 2.0.1: components and variables of the device model, units, reason codes, security events.
 *
 * They help to complete and to document names; other names are as legal on the wire. A component or variable of a
 * vendor's own has a name of its own, and upper and lower case are the same.
 *
 * **Details**
 *
 * The lists are those of the appendices, version 1.4. Where the list of the variables and the list of what components
 * have contradict each other, the latter is the more exact.
 *
 * @see OCPP 2.0.1 Part 2, Appendices
 * @since 0.1.0
 */
import type { DataEnumType } from "./Provisioning.ts"

/**
 * The standard units of measure.
 *
 * @category standard names
 * @since 0.1.0
 */
export const unitsOfMeasure = [
  "A",
  "ASU",
  "B",
  "Celsius",
  "dB",
  "dBm",
  "Deg",
  "Fahrenheit",
  "Hz",
  "K",
  "lx",
  "m",
  "ms2",
  "N",
  "Ohm",
  "kPa",
  "Percent",
  "RH",
  "RPM",
  "s",
  "V",
  "VA",
  "kVA",
  "VAh",
  "kVAh",
  "var",
  "kvar",
  "varh",
  "kvarh",
  "W",
  "kW",
  "Wh",
  "kWh"
] as const
/**
 * The name of a standard unit of measure.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardUnitOfMeasure = (typeof unitsOfMeasure)[number]

/**
 * What a variable holds.
 *
 * @category models
 * @since 0.1.0
 */
export interface StandardVariable {
  /** An `identifierString` or `passwordString` is reported as a `string`. */
  readonly dataType: DataEnumType | "identifierString" | "passwordString"
  /** The units that it may be in; absent: it has none. */
  readonly units?: ReadonlyArray<StandardUnitOfMeasure>
}

/**
 * A variable as part of a component.
 *
 * @category models
 * @since 0.1.0
 */
export interface StandardComponentVariable extends StandardVariable {
  readonly variable: string
  /** Which one, where there are several; what stands in angle brackets is a placeholder. */
  readonly instance?: string
  /** Whether every station that has the component has the variable. */
  readonly required?: true
}

/**
 * The standard components of the device model.
 *
 * @category standard names
 * @since 0.1.0
 */
export const components = [
  "AlignedDataCtrlr",
  "AuthCtrlr",
  "AuthCacheCtrlr",
  "CHAdeMOCtrlr",
  "ClockCtrlr",
  "DeviceDataCtrlr",
  "DisplayMessageCtrlr",
  "ISO15118Ctrlr",
  "LocalAuthListCtrlr",
  "MonitoringCtrlr",
  "OCPPCommCtrlr",
  "ReservationCtrlr",
  "SampledDataCtrlr",
  "SecurityCtrlr",
  "SmartChargingCtrlr",
  "TariffCostCtrlr",
  "TxCtrlr",
  "AccessBarrier",
  "AcDcConverter",
  "AcPhaseSelector",
  "Actuator",
  "AirCoolingSystem",
  "AreaVentilation",
  "BayOccupancySensor",
  "BeaconLighting",
  "CableBreakawaySensor",
  "CaseAccessSensor",
  "ChargingStation",
  "ChargingStatusIndicator",
  "ConnectedEV",
  "Connector",
  "ConnectorHolsterRelease",
  "ConnectorHolsterSensor",
  "ConnectorPlugRetentionLock",
  "ConnectorProtectionRelease",
  "Controller",
  "ControlMetering",
  "CPPWMController",
  "DataLink",
  "Display",
  "DistributionPanel",
  "ElectricalFeed",
  "ELVSupply",
  "EmergencyStopSensor",
  "EnvironmentalLighting",
  "EVRetentionLock",
  "EVSE",
  "ExternalTemperatureSensor",
  "FiscalMetering",
  "FloodSensor",
  "GroundIsolationProtection",
  "Heater",
  "HumiditySensor",
  "LightSensor",
  "LiquidCoolingSystem",
  "LocalAvailabilitySensor",
  "LocalController",
  "LocalEnergyStorage",
  "OverCurrentProtection",
  "OverCurrentProtectionRecloser",
  "PowerContactor",
  "RCD",
  "RCDRecloser",
  "RealTimeClock",
  "ShockSensor",
  "SpacesCountSignage",
  "Switch",
  "TemperatureSensor",
  "TiltSensor",
  "TokenReader",
  "UpstreamProtectionTrigger",
  "UIInput",
  "VehicleIdSensor",
  // Named only where their variables are listed.
  "CustomizationCtrlr"
] as const
/**
 * The name of a standard component.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardComponentName = (typeof components)[number]

/**
 * The standard variables, by name.
 *
 * @category standard names
 * @since 0.1.0
 */
export const variables = {
  ACCurrent: { dataType: "decimal", units: ["A"] },
  Active: { dataType: "boolean" },
  ACVoltage: { dataType: "decimal", units: ["V"] },
  AllowReset: { dataType: "boolean" },
  Angle: { dataType: "decimal", units: ["Deg"] },
  Attempts: { dataType: "integer" },
  AvailabilityState: { dataType: "OptionList" },
  Available: { dataType: "boolean" },
  Certificate: { dataType: "string" },
  ChargeProtocol: { dataType: "string" },
  ChargingCompleteBulk: { dataType: "boolean" },
  ChargingCompleteFull: { dataType: "boolean" },
  ChargingTime: { dataType: "decimal", units: ["s"] },
  Color: { dataType: "string" },
  Complete: { dataType: "boolean" },
  ConnectedTime: { dataType: "decimal", units: ["s"] },
  ConnectorType: { dataType: "OptionList" },
  Count: { dataType: "integer" },
  Currency: { dataType: "string" },
  CurrentImbalance: { dataType: "decimal", units: ["Percent"] },
  DataText: { dataType: "string" },
  DateTime: { dataType: "dateTime" },
  DCCurrent: { dataType: "decimal", units: ["A"] },
  DCVoltage: { dataType: "decimal", units: ["V"] },
  DepartureTime: { dataType: "dateTime" },
  ECVariant: { dataType: "string" },
  Enabled: { dataType: "boolean" },
  Energy: { dataType: "decimal", units: ["Wh"] },
  EnergyCapacity: { dataType: "decimal", units: ["Wh"] },
  EnergyExport: { dataType: "decimal", units: ["Wh"] },
  EnergyExportRegister: { dataType: "decimal", units: ["Wh"] },
  EnergyImport: { dataType: "decimal", units: ["Wh"] },
  EnergyImportRegister: { dataType: "decimal", units: ["Wh"] },
  Entries: { dataType: "integer" },
  Fallback: { dataType: "boolean" },
  FanSpeed: { dataType: "decimal", units: ["RPM"] },
  FirmwareVersion: { dataType: "string" },
  Force: { dataType: "decimal", units: ["N"] },
  Formats: { dataType: "MemberList" },
  Frequency: { dataType: "decimal", units: ["Hz"] },
  FuseRating: { dataType: "decimal", units: ["A"] },
  Height: { dataType: "decimal", units: ["m"] },
  Humidity: { dataType: "decimal", units: ["RH"] },
  Hysteresis: { dataType: "decimal", units: ["Percent"] },
  ICCID: { dataType: "string" },
  Impedance: { dataType: "decimal", units: ["Ohm"] },
  IMSI: { dataType: "string" },
  Interval: { dataType: "integer", units: ["s"] },
  ISO15118EvseId: { dataType: "string" },
  Length: { dataType: "decimal", units: ["m"] },
  Light: { dataType: "decimal", units: ["lx"] },
  Manufacturer: { dataType: "string" },
  Message: { dataType: "string" },
  MinimumStatusDuration: { dataType: "integer", units: ["s"] },
  Mode: { dataType: "string" },
  Model: { dataType: "string" },
  NetworkAddress: { dataType: "string" },
  Operated: { dataType: "boolean" },
  OperatingTimes: { dataType: "string" },
  Overload: { dataType: "boolean" },
  Percent: { dataType: "decimal", units: ["Percent"] },
  PhaseRotation: { dataType: "OptionList" },
  PostChargingTime: { dataType: "decimal", units: ["s"] },
  Power: { dataType: "decimal", units: ["W", "kW"] },
  Problem: { dataType: "boolean" },
  Protecting: { dataType: "boolean" },
  RemainingTimeBulk: { dataType: "integer", units: ["s"] },
  RemainingTimeFull: { dataType: "integer", units: ["s"] },
  SeccId: { dataType: "string" },
  SerialNumber: { dataType: "string" },
  SignalStrength: { dataType: "decimal", units: ["dBm"] },
  State: { dataType: "string" },
  StateOfCharge: { dataType: "decimal", units: ["Percent"] },
  StateOfChargeBulk: { dataType: "decimal", units: ["Percent"] },
  Storage: { dataType: "integer", units: ["B"] },
  SupplyPhases: { dataType: "integer" },
  Suspending: { dataType: "boolean" },
  Suspension: { dataType: "boolean" },
  Temperature: { dataType: "decimal", units: ["Celsius", "Fahrenheit"] },
  Time: { dataType: "dateTime" },
  TimeOffset: { dataType: "string" },
  Timeout: { dataType: "decimal", units: ["s"] },
  Token: { dataType: "string" },
  TokenType: { dataType: "OptionList" },
  Tries: { dataType: "integer" },
  Tripped: { dataType: "boolean" },
  VehicleId: { dataType: "string" },
  VersionDate: { dataType: "dateTime" },
  VersionNumber: { dataType: "string" },
  VoltageImbalance: { dataType: "decimal", units: ["Percent"] }
} as const satisfies { readonly [variable: string]: StandardVariable }

/**
 * The variables that any component may have.
 *
 * @category standard names
 * @since 0.1.0
 */
export const genericVariables = [
  { variable: "ACCurrent", dataType: "decimal", units: ["A"] },
  { variable: "Active", dataType: "boolean" },
  { variable: "ACVoltage", dataType: "decimal", units: ["V"] },
  { variable: "AllowReset", dataType: "boolean" },
  { variable: "Angle", dataType: "decimal", units: ["Deg"] },
  { variable: "Attempts", dataType: "integer" },
  { variable: "Available", dataType: "boolean" },
  { variable: "Certificate", dataType: "string" },
  { variable: "Color", dataType: "string" },
  { variable: "Complete", dataType: "boolean" },
  { variable: "ConnectedTime", dataType: "decimal", units: ["s"] },
  { variable: "Count", dataType: "integer" },
  { variable: "CurrentImbalance", dataType: "decimal", units: ["Percent"] },
  { variable: "DataText", dataType: "string" },
  { variable: "DateTime", dataType: "dateTime" },
  { variable: "DCCurrent", dataType: "decimal", units: ["A"] },
  { variable: "DCVoltage", dataType: "decimal", units: ["V"] },
  { variable: "ECVariant", dataType: "string" },
  { variable: "Enabled", dataType: "boolean" },
  { variable: "Energy", dataType: "decimal", units: ["Wh", "kWh"] },
  { variable: "Entries", dataType: "integer" },
  { variable: "Fallback", dataType: "boolean" },
  { variable: "FanSpeed", dataType: "decimal", units: ["RPM"] },
  { variable: "FirmwareVersion", dataType: "string" },
  { variable: "Force", dataType: "decimal", units: ["N"] },
  { variable: "Formats", dataType: "MemberList" },
  { variable: "Frequency", dataType: "decimal", units: ["Hz"] },
  { variable: "FuseRating", dataType: "decimal", units: ["A"] },
  { variable: "Height", dataType: "decimal", units: ["m"] },
  { variable: "Humidity", dataType: "decimal", units: ["RH"] },
  { variable: "Hysteresis", dataType: "decimal", units: ["Percent"] },
  { variable: "ICCID", dataType: "string" },
  { variable: "Impedance", dataType: "decimal", units: ["Ohm"] },
  { variable: "IMSI", dataType: "string" },
  { variable: "Interval", dataType: "integer", units: ["s"] },
  { variable: "Length", dataType: "decimal", units: ["m"] },
  { variable: "Light", dataType: "decimal", units: ["lx"] },
  { variable: "Manufacturer", dataType: "string" },
  { variable: "Message", dataType: "string" },
  { variable: "MinimumStatusDuration", dataType: "integer", units: ["s"] },
  { variable: "Mode", dataType: "string" },
  { variable: "Model", dataType: "string" },
  { variable: "NetworkAddress", dataType: "string" },
  { variable: "Operated", dataType: "boolean" },
  { variable: "OperatingTimes", dataType: "string" },
  { variable: "Overload", dataType: "boolean" },
  { variable: "Percent", dataType: "decimal", units: ["Percent"] },
  { variable: "PhaseRotation", dataType: "OptionList" },
  { variable: "PostChargingTime", dataType: "decimal", units: ["s"] },
  { variable: "Power", dataType: "decimal", units: ["W", "kW"] },
  { variable: "Problem", dataType: "boolean" },
  { variable: "Protecting", dataType: "boolean" },
  { variable: "SerialNumber", dataType: "string" },
  { variable: "SignalStrength", dataType: "decimal", units: ["dBm"] },
  { variable: "State", dataType: "string" },
  { variable: "StateOfCharge", dataType: "decimal", units: ["Percent"] },
  { variable: "Storage", dataType: "integer", units: ["B"] },
  { variable: "SupplyPhases", dataType: "integer" },
  { variable: "Suspending", dataType: "boolean" },
  { variable: "Suspension", dataType: "boolean" },
  { variable: "Temperature", dataType: "decimal", units: ["Celsius", "Fahrenheit"] },
  { variable: "Time", dataType: "dateTime" },
  { variable: "Timeout", dataType: "decimal", units: ["s"] },
  { variable: "Tries", dataType: "integer" },
  { variable: "Tripped", dataType: "boolean" },
  { variable: "VendorName", dataType: "string" },
  { variable: "VersionDate", dataType: "dateTime" },
  { variable: "VersionNumber", dataType: "string" },
  { variable: "VoltageImbalance", dataType: "decimal", units: ["Percent"] }
] as const satisfies ReadonlyArray<StandardComponentVariable>

/**
 * The variables of each component, in addition to the generic ones.
 *
 * @category standard names
 * @since 0.1.0
 */
export const componentVariables = {
  AlignedDataCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "Interval", dataType: "integer", units: ["s"], required: true },
    { variable: "Measurands", dataType: "MemberList", required: true },
    { variable: "SendDuringIdle", dataType: "boolean" },
    { variable: "SignReadings", dataType: "boolean" },
    { variable: "TxEndedInterval", dataType: "integer", units: ["s"], required: true },
    { variable: "TxEndedMeasurands", dataType: "MemberList", required: true }
  ],
  AuthCacheCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "LifeTime", dataType: "integer" },
    { variable: "Policy", dataType: "OptionList" },
    { variable: "Storage", dataType: "integer", units: ["B"] },
    { variable: "DisablePostAuthorize", dataType: "boolean" }
  ],
  AuthCtrlr: [
    { variable: "AdditionalInfoItemsPerMessage", dataType: "integer" },
    { variable: "AuthorizeRemoteStart", dataType: "boolean", required: true },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "LocalAuthorizeOffline", dataType: "boolean", required: true },
    { variable: "LocalPreAuthorize", dataType: "boolean", required: true },
    { variable: "MasterPassGroupId", dataType: "string" },
    { variable: "OfflineTxForUnknownIdEnabled", dataType: "boolean" },
    { variable: "DisableRemoteAuthorization", dataType: "boolean" }
  ],
  CHAdeMOCtrlr: [
    { variable: "SelftestActive", dataType: "boolean" },
    { variable: "CHAdeMOProtocolNumber", dataType: "integer" },
    { variable: "VehicleStatus", dataType: "boolean" },
    { variable: "DynamicControl", dataType: "boolean" },
    { variable: "HighCurrentControl", dataType: "boolean" },
    { variable: "HighVoltageControl", dataType: "boolean" },
    { variable: "AutoManufacturerCode", dataType: "integer" }
  ],
  ChargingStation: [
    { variable: "AllowNewSessionsPendingFirmwareUpdate", dataType: "boolean" },
    { variable: "AvailabilityState", dataType: "OptionList", required: true },
    { variable: "Available", dataType: "boolean", required: true },
    { variable: "Model", dataType: "string" },
    { variable: "SupplyPhases", dataType: "integer", required: true },
    { variable: "VendorName", dataType: "string" }
  ],
  ClockCtrlr: [
    { variable: "DateTime", dataType: "dateTime", required: true },
    { variable: "NextTimeOffsetTransitionDateTime", dataType: "dateTime" },
    { variable: "NtpServerUri", dataType: "string" },
    { variable: "NtpSource", dataType: "OptionList" },
    { variable: "TimeAdjustmentReportingThreshold", dataType: "integer" },
    { variable: "TimeOffset", dataType: "string" },
    { variable: "TimeSource", dataType: "SequenceList", required: true },
    { variable: "TimeZone", dataType: "string" }
  ],
  ConnectedEV: [
    { variable: "ProtocolAgreed", dataType: "string" },
    { variable: "ProtocolSupportedByEV", instance: "<Priority>", dataType: "string" },
    { variable: "VehicleID", dataType: "string" }
  ],
  Connector: [
    { variable: "AvailabilityState", dataType: "OptionList" },
    { variable: "Available", dataType: "boolean", required: true },
    { variable: "ChargeProtocol", dataType: "string" },
    { variable: "ConnectorType", dataType: "string", required: true },
    { variable: "SupplyPhases", dataType: "integer", required: true }
  ],
  Controller: [{ variable: "MaxMsgElements", dataType: "integer" }],
  CPPWMController: [{ variable: "State", dataType: "string" }],
  CustomizationCtrlr: [{ variable: "CustomImplementationEnabled", instance: "<vendorId>", dataType: "boolean" }],
  DeviceDataCtrlr: [
    { variable: "BytesPerMessage", instance: "GetReport", dataType: "integer", required: true },
    { variable: "BytesPerMessage", instance: "GetVariables", dataType: "integer", required: true },
    { variable: "BytesPerMessage", instance: "SetVariables", dataType: "integer", required: true },
    { variable: "ConfigurationValueSize", dataType: "integer" },
    { variable: "ItemsPerMessage", instance: "GetReport", dataType: "integer", required: true },
    { variable: "ItemsPerMessage", instance: "GetVariables", dataType: "integer", required: true },
    { variable: "ItemsPerMessage", instance: "SetVariables", dataType: "integer", required: true },
    { variable: "ReportingValueSize", dataType: "integer" },
    { variable: "ValueSize", dataType: "integer" }
  ],
  DisplayMessageCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "DisplayMessages", dataType: "integer", required: true },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "PersonalMessageSize", dataType: "integer" },
    { variable: "SupportedFormats", dataType: "MemberList", required: true },
    { variable: "SupportedPriorities", dataType: "MemberList", required: true }
  ],
  DistributionPanel: [
    { variable: "ChargingStation", dataType: "string" },
    { variable: "DistributionPanel", dataType: "string" },
    { variable: "Fuse", instance: "<n>", dataType: "integer", units: ["A"] }
  ],
  EVSE: [
    { variable: "AllowReset", dataType: "boolean" },
    { variable: "AvailabilityState", dataType: "OptionList", required: true },
    { variable: "Available", dataType: "boolean", required: true },
    { variable: "EvseId", dataType: "string" },
    { variable: "Power", dataType: "decimal", units: ["W", "kW"], required: true },
    { variable: "SupplyPhases", dataType: "integer", required: true },
    { variable: "ISO15118EvseId", dataType: "string" }
  ],
  FiscalMetering: [
    { variable: "EnergyExport", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "EnergyExportRegister", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "EnergyImport", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "EnergyImportRegister", dataType: "decimal", units: ["Wh", "kWh"] }
  ],
  ISO15118Ctrlr: [
    { variable: "CentralContractValidationAllowed", dataType: "boolean" },
    { variable: "ContractValidationOffline", dataType: "boolean", required: true },
    { variable: "SeccId", dataType: "string" },
    { variable: "MaxScheduleEntries", dataType: "integer" },
    { variable: "RequestedEnergyTransferMode", dataType: "OptionList" },
    { variable: "RequestMeteringReceipt", dataType: "boolean" },
    { variable: "CountryName", dataType: "string" },
    { variable: "OrganizationName", dataType: "string" },
    { variable: "PnCEnabled", dataType: "boolean" },
    { variable: "V2GCertificateInstallationEnabled", dataType: "boolean" },
    { variable: "ContractCertificateInstallationEnabled", dataType: "boolean" }
  ],
  LocalAuthListCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "BytesPerMessage", dataType: "integer", required: true },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "Entries", dataType: "integer", required: true },
    { variable: "ItemsPerMessage", dataType: "integer", required: true },
    { variable: "Storage", dataType: "integer", units: ["B"] },
    { variable: "DisablePostAuthorize", dataType: "boolean" }
  ],
  LocalEnergyStorage: [{ variable: "Capacity", dataType: "decimal", units: ["Wh"] }],
  MonitoringCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "BytesPerMessage", instance: "ClearVariableMonitoring", dataType: "integer" },
    { variable: "BytesPerMessage", instance: "SetVariableMonitoring", dataType: "integer", required: true },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "ItemsPerMessage", instance: "ClearVariableMonitoring", dataType: "integer" },
    { variable: "ItemsPerMessage", instance: "SetVariableMonitoring", dataType: "integer", required: true },
    { variable: "OfflineQueuingSeverity", dataType: "integer" },
    { variable: "MonitoringBase", dataType: "OptionList" },
    { variable: "MonitoringLevel", dataType: "integer" },
    { variable: "ActiveMonitoringBase", dataType: "OptionList" },
    { variable: "ActiveMonitoringLevel", dataType: "integer" }
  ],
  OCPPCommCtrlr: [
    { variable: "ActiveNetworkProfile", dataType: "string" },
    { variable: "FileTransferProtocols", dataType: "MemberList", required: true },
    { variable: "HeartbeatInterval", dataType: "integer", units: ["s"] },
    { variable: "MessageTimeout", instance: "Default", dataType: "integer", units: ["s"], required: true },
    { variable: "MessageAttemptInterval", instance: "TransactionEvent", dataType: "integer", required: true },
    { variable: "MessageAttempts", instance: "TransactionEvent", dataType: "integer", required: true },
    { variable: "NetworkConfigurationPriority", dataType: "string", required: true },
    { variable: "NetworkProfileConnectionAttempts", dataType: "integer", required: true },
    { variable: "OfflineThreshold", dataType: "integer", units: ["s"], required: true },
    { variable: "PublicKeyWithSignedMeterValue", dataType: "OptionList" },
    { variable: "QueueAllMessages", dataType: "boolean" },
    { variable: "ResetRetries", dataType: "integer", required: true },
    { variable: "RetryBackOffRandomRange", dataType: "integer" },
    { variable: "RetryBackOffRepeatTimes", dataType: "integer" },
    { variable: "RetryBackOffWaitMinimum", dataType: "integer" },
    { variable: "UnlockOnEVSideDisconnect", dataType: "boolean", required: true },
    { variable: "WebSocketPingInterval", dataType: "integer", units: ["s"] },
    { variable: "FieldLength", dataType: "integer" }
  ],
  ReservationCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "NonEvseSpecific", dataType: "boolean" }
  ],
  SampledDataCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "SignReadings", dataType: "boolean" },
    { variable: "TxEndedInterval", dataType: "integer", units: ["s"], required: true },
    { variable: "TxEndedMeasurands", dataType: "MemberList", required: true },
    { variable: "TxStartedMeasurands", dataType: "MemberList", required: true },
    { variable: "TxUpdatedInterval", dataType: "integer", units: ["s"], required: true },
    { variable: "TxUpdatedMeasurands", dataType: "MemberList", required: true },
    { variable: "RegisterValuesWithoutPhases", dataType: "boolean" }
  ],
  SecurityCtrlr: [
    { variable: "AdditionalRootCertificateCheck", dataType: "boolean" },
    { variable: "BasicAuthPassword", dataType: "passwordString" },
    { variable: "CertificateEntries", dataType: "integer", required: true },
    { variable: "CertSigningRepeatTimes", dataType: "integer" },
    { variable: "CertSigningWaitMinimum", dataType: "integer", units: ["s"] },
    { variable: "Identity", dataType: "identifierString" },
    { variable: "MaxCertificateChainSize", dataType: "integer" },
    { variable: "OrganizationName", dataType: "string", required: true },
    { variable: "SecurityProfile", dataType: "integer", required: true }
  ],
  SmartChargingCtrlr: [
    { variable: "ACPhaseSwitchingSupported", dataType: "boolean" },
    { variable: "Available", dataType: "boolean" },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "Entries", instance: "ChargingProfiles", dataType: "integer", required: true },
    { variable: "ExternalControlSignalsEnabled", dataType: "boolean" },
    { variable: "LimitChangeSignificance", dataType: "decimal", units: ["Percent"], required: true },
    { variable: "NotifyChargingLimitWithSchedules", dataType: "boolean" },
    { variable: "PeriodsPerSchedule", dataType: "integer", required: true },
    { variable: "Phases3to1", dataType: "boolean" },
    { variable: "ProfileStackLevel", dataType: "integer", required: true },
    { variable: "RateUnit", dataType: "MemberList", required: true }
  ],
  TariffCostCtrlr: [
    { variable: "Available", instance: "Tariff", dataType: "boolean" },
    { variable: "Available", instance: "Cost", dataType: "boolean" },
    { variable: "Currency", dataType: "string", required: true },
    { variable: "Enabled", instance: "Tariff", dataType: "boolean" },
    { variable: "Enabled", instance: "Cost", dataType: "boolean" },
    { variable: "TariffFallbackMessage", dataType: "string", required: true },
    { variable: "TotalCostFallbackMessage", dataType: "string", required: true }
  ],
  TokenReader: [
    { variable: "Token", dataType: "string" },
    { variable: "TokenType", dataType: "OptionList" }
  ],
  TxCtrlr: [
    { variable: "ChargingTime", dataType: "decimal", units: ["s"] },
    { variable: "EVConnectionTimeOut", dataType: "integer", units: ["s"], required: true },
    { variable: "MaxEnergyOnInvalidId", dataType: "integer" },
    { variable: "StopTxOnEVSideDisconnect", dataType: "boolean", required: true },
    { variable: "StopTxOnInvalidId", dataType: "boolean", required: true },
    { variable: "TxBeforeAcceptedEnabled", dataType: "boolean" },
    { variable: "TxStartPoint", dataType: "MemberList", required: true },
    { variable: "TxStopPoint", dataType: "MemberList", required: true }
  ]
} as const satisfies { readonly [C in StandardComponentName]?: ReadonlyArray<StandardComponentVariable> }

/**
 * The name of a standard variable.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardVariableName =
  | keyof typeof variables
  | (typeof genericVariables)[number]["variable"]
  | (typeof componentVariables)[keyof typeof componentVariables][number]["variable"]

/**
 * The standard reason codes of a `StatusInfoType`.
 *
 * @category standard names
 * @since 0.1.0
 */
export const reasonCodes = [
  "CSNotAccepted",
  "DuplicateProfile",
  "DuplicateRequestId",
  "FixedCable",
  "FwUpdateInProgress",
  "InternalError",
  "InvalidCertificate",
  "InvalidCSR",
  "InvalidIdToken",
  "InvalidMessageSeq",
  "InvalidProfile",
  "InvalidSchedule",
  "InvalidStackLevel",
  "InvalidURL",
  "InvalidValue",
  "MissingDevModelInfo",
  "MissingParam",
  "NoCable",
  "NoError",
  "NotEnabled",
  "NotFound",
  "OutOfMemory",
  "OutOfStorage",
  "ReadOnly",
  "TooLargeElement",
  "TooManyElements",
  "TxInProgress",
  "TxNotFound",
  "TxStarted",
  "UnknownConnectorId",
  "UnknownConnectorType",
  "UnknownEvse",
  "UnknownTxId",
  "Unspecified",
  "UnsupportedParam",
  "UnsupportedRateUnit",
  "UnsupportedRequest",
  "ValueOutOfRange",
  "ValuePositiveOnly",
  "ValueTooHigh",
  "ValueTooLow",
  "ValueZeroNotAllowed",
  "WriteOnly"
] as const
/**
 * The name of a standard reason code.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardReasonCode = (typeof reasonCodes)[number]

/**
 * The standard security events. A station must deliver those that are critical to the CSMS, the others it may only
 * log.
 *
 * @category standard names
 * @since 0.1.0
 */
export const securityEvents = {
  FirmwareUpdated: { critical: true },
  FailedToAuthenticateAtCsms: { critical: false },
  CsmsFailedToAuthenticate: { critical: false },
  SettingSystemTime: { critical: true },
  StartupOfTheDevice: { critical: true },
  ResetOrReboot: { critical: true },
  SecurityLogWasCleared: { critical: true },
  ReconfigurationOfSecurityParameters: { critical: false },
  MemoryExhaustion: { critical: true },
  InvalidMessages: { critical: false },
  AttemptedReplayAttacks: { critical: false },
  TamperDetectionActivated: { critical: true },
  InvalidFirmwareSignature: { critical: true },
  InvalidFirmwareSigningCertificate: { critical: true },
  InvalidCsmsCertificate: { critical: true },
  InvalidChargingStationCertificate: { critical: true },
  InvalidTLSVersion: { critical: true },
  InvalidTLSCipherSuite: { critical: true },
  MaintenanceLoginAccepted: { critical: true },
  MaintenanceLoginFailed: { critical: true }
} as const satisfies { readonly [name: string]: { readonly critical: boolean } }
/**
 * The name of a standard security event.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardSecurityEvent = keyof typeof securityEvents
