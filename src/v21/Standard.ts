/**
 * The standard names of OCPP 2.1: components and variables of the device model, units, reason codes, security events,
 * and the values of what are open strings since 2.1.
 *
 * They help to complete and to document names; other names are as legal on the wire. A component or variable of a
 * vendor's own has a name of its own, and upper and lower case are the same.
 *
 * **Details**
 *
 * The lists are those of the appendices, version 2.0. Where the list of the variables and the list of what components
 * have contradict each other, the latter is the more exact, but for two data types that it leaves out
 * (`SignStartedReadings`, `SignUpdatedReadings`), the threshold in mHz that it calls a boolean
 * (`LocalFrequencyUpdateThreshold`), the current that it gives in volt (`ConnectedEV.DCCurrent`) and the susceptance
 * that it gives in seconds (`ReactiveSusceptance`).
 *
 * @see OCPP 2.1 Part 2, Appendices
 * @since 0.1.0
 */
import type { AttributeEnumType, DataEnumType } from "./Provisioning.ts"

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
  "mHz",
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
  /** The attributes that are meant; absent: all of them. */
  readonly attributes?: ReadonlyArray<AttributeEnumType>
  /** Whether every station that has the component has the variable; `"V2X"`: every one that supports V2X. */
  readonly required?: true | "V2X"
}

/**
 * The standard components of the device model.
 *
 * @category standard names
 * @since 0.1.0
 */
export const components = [
  "AlignedDataCtrlr",
  "AuthCacheCtrlr",
  "AuthCtrlr",
  "CHAdeMOCtrlr",
  "ClockCtrlr",
  "CustomizationCtrlr",
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
  "V2XChargingCtrlr",
  "DCDERCtrlr",
  "ACDERCtrlr",
  "BatterySwapCtrlr",
  "WebPaymentsCtrlr",
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
  "FrequencySimulator",
  "DataCollector",
  "BatteryCartridge",
  "NetworkConfiguration",
  "PaymentCtrlr"
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
  ACPhaseSwitchingSupported: { dataType: "boolean" },
  ACVoltage: { dataType: "decimal", units: ["V"] },
  Active: { dataType: "boolean" },
  ActiveMonitoringBase: { dataType: "OptionList" },
  ActiveMonitoringLevel: { dataType: "integer" },
  ActiveNetworkProfile: { dataType: "boolean" },
  ActiveTransactionId: { dataType: "string" },
  AdditionalInfoItemsPerMessage: { dataType: "integer" },
  AdditionalRootCertificateCheck: { dataType: "boolean" },
  AllowEnergyTransferResumption: { dataType: "boolean" },
  AllowNewSessionsPendingFirmwareUpdate: { dataType: "boolean" },
  AllowReset: { dataType: "boolean" },
  AllowSecurityProfileDowngrade: { dataType: "boolean" },
  Angle: { dataType: "decimal", units: ["Deg"] },
  Attempts: { dataType: "integer" },
  AuthorizeRemoteStart: { dataType: "boolean" },
  AvailabilityState: { dataType: "OptionList" },
  Available: { dataType: "boolean" },
  BasicAuthPassword: { dataType: "string" },
  BytesPerMessage: { dataType: "integer" },
  CentralContractValidationAllowed: { dataType: "boolean" },
  CertSigningRepeatTimes: { dataType: "integer" },
  CertSigningWaitMinimum: { dataType: "integer" },
  Certificate: { dataType: "string" },
  CertificateEntries: { dataType: "integer" },
  CertificateStatusSource: { dataType: "string" },
  ChargeProtocol: { dataType: "string" },
  ChargingCompleteBulk: { dataType: "boolean" },
  ChargingCompleteFull: { dataType: "boolean" },
  ChargingProfilePersistence: { dataType: "boolean" },
  ChargingState: { dataType: "OptionList" },
  ChargingTime: { dataType: "decimal", units: ["s"] },
  Color: { dataType: "string" },
  CommunicationParent: { dataType: "string" },
  Complete: { dataType: "boolean" },
  ConditionsSupported: { dataType: "boolean" },
  ConfigurationValueSize: { dataType: "integer" },
  ConnectedTime: { dataType: "decimal", units: ["s"] },
  ConnectorType: { dataType: "OptionList" },
  ContractCertificateInstallationEnabled: { dataType: "boolean" },
  ContractValidationOffline: { dataType: "boolean" },
  Count: { dataType: "integer" },
  CountryName: { dataType: "string" },
  Currency: { dataType: "string" },
  CurrentImbalance: { dataType: "decimal", units: ["Percent"] },
  CustomImplementationEnabled: { dataType: "boolean" },
  CustomTriggers: { dataType: "MemberList" },
  DCCurrent: { dataType: "decimal", units: ["A"] },
  DCInputPhaseControl: { dataType: "boolean" },
  DCVoltage: { dataType: "decimal", units: ["V"] },
  DataText: { dataType: "string" },
  DateTime: { dataType: "dateTime" },
  DepartureTime: { dataType: "dateTime" },
  DisablePostAuthorize: { dataType: "boolean" },
  DisableRemoteAuthorization: { dataType: "boolean" },
  DischargePower: { dataType: "decimal" },
  DisplayMessages: { dataType: "integer" },
  ECVariant: { dataType: "string" },
  EVConnectionTimeOut: { dataType: "integer", units: ["s"] },
  ElectricalParent: { dataType: "string" },
  Enabled: { dataType: "boolean" },
  Energy: { dataType: "decimal", units: ["Wh"] },
  EnergyCapacity: { dataType: "decimal", units: ["Wh"] },
  EnergyExport: { dataType: "decimal", units: ["Wh"] },
  EnergyExportRegister: { dataType: "decimal", units: ["Wh"] },
  EnergyImport: { dataType: "decimal", units: ["Wh"] },
  EnergyImportRegister: { dataType: "decimal", units: ["Wh"] },
  Entries: { dataType: "integer" },
  ExternalConfigChangeDate: { dataType: "dateTime" },
  ExternalConstraintsProfileDisallowed: { dataType: "boolean" },
  ExternalControlSignalsEnabled: { dataType: "boolean" },
  Fallback: { dataType: "boolean" },
  FanSpeed: { dataType: "decimal", units: ["RPM"] },
  FieldLength: { dataType: "integer" },
  FileTransferProtocols: { dataType: "MemberList" },
  FirmwareVersion: { dataType: "string" },
  Force: { dataType: "decimal", units: ["N"] },
  Formats: { dataType: "MemberList" },
  Frequency: { dataType: "decimal", units: ["Hz"] },
  FrequencySchedule: { dataType: "string" },
  FuseRating: { dataType: "decimal", units: ["A"] },
  HandleFailedTariff: { dataType: "OptionList" },
  HeartbeatInterval: { dataType: "integer", units: ["s"] },
  Height: { dataType: "decimal", units: ["m"] },
  Humidity: { dataType: "decimal", units: ["RH"] },
  Hysteresis: { dataType: "decimal", units: ["Percent"] },
  ICCID: { dataType: "string" },
  IMSI: { dataType: "string" },
  ISO15118EvseId: { dataType: "string" },
  IdToken: { dataType: "string" },
  Identity: { dataType: "string" },
  Impedance: { dataType: "decimal", units: ["Ohm"] },
  Interval: { dataType: "integer", units: ["s"] },
  ItemsPerMessage: { dataType: "integer" },
  Label: { dataType: "string" },
  Language: { dataType: "OptionList" },
  Length: { dataType: "decimal", units: ["m"] },
  LifeTime: { dataType: "integer", units: ["s"] },
  Light: { dataType: "decimal", units: ["lx"] },
  LimitChangeSignificance: { dataType: "decimal" },
  LocalAuthorizeOffline: { dataType: "boolean" },
  LocalFrequencyUpdateThreshold: { dataType: "integer", units: ["mHz"] },
  LocalLoadBalancing: { dataType: "decimal" },
  LocalPreAuthorize: { dataType: "boolean" },
  LogicalParent: { dataType: "string" },
  Manufacturer: { dataType: "string" },
  MasterPassGroupId: { dataType: "string" },
  MaxCertificateChainSize: { dataType: "integer" },
  MaxElements: { dataType: "integer" },
  MaxEnergyOnInvalidId: { dataType: "integer", units: ["Wh"] },
  MaxExternalConstraintsId: { dataType: "integer" },
  MaxPeriodicEventStreams: { dataType: "integer" },
  MaxPriceElements: { dataType: "integer" },
  MaxSoc: { dataType: "integer" },
  Measurands: { dataType: "MemberList" },
  Message: { dataType: "string" },
  MessageAttemptInterval: { dataType: "integer", units: ["s"] },
  MessageAttempts: { dataType: "integer" },
  MessageTimeout: { dataType: "integer", units: ["s"] },
  MinimumStatusDuration: { dataType: "integer", units: ["s"] },
  Mode: { dataType: "string" },
  Model: { dataType: "string" },
  NetworkAddress: { dataType: "string" },
  NetworkConfigurationPriority: { dataType: "SequenceList" },
  NetworkProfileConnectionAttempts: { dataType: "integer" },
  NextTimeOffsetTransitionDateTime: { dataType: "dateTime" },
  NonEvseSpecific: { dataType: "boolean" },
  NotificationMaxDelay: { dataType: "integer", units: ["s"] },
  NotifyChargingLimitWithSchedules: { dataType: "boolean" },
  NtpServerUri: { dataType: "string" },
  NtpSource: { dataType: "OptionList" },
  OfflineQueuingSeverity: { dataType: "integer" },
  OfflineTariffFallbackMessage: { dataType: "string" },
  OfflineThreshold: { dataType: "integer", units: ["s"] },
  OfflineTxForUnknownIdEnabled: { dataType: "boolean" },
  Operated: { dataType: "boolean" },
  OperatingTimes: { dataType: "string" },
  OrganizationName: { dataType: "string" },
  Overload: { dataType: "boolean" },
  Percent: { dataType: "decimal", units: ["Percent"] },
  PeriodsPerSchedule: { dataType: "integer" },
  PhaseRotation: { dataType: "string" },
  Phases3to1: { dataType: "boolean" },
  PhysicalParent: { dataType: "string" },
  PnCEnabled: { dataType: "boolean" },
  Policy: { dataType: "OptionList" },
  PostChargingTime: { dataType: "decimal", units: ["s"] },
  Power: { dataType: "decimal", units: ["W", "kW"] },
  Present: { dataType: "boolean" },
  Problem: { dataType: "boolean" },
  ProfileStackLevel: { dataType: "integer" },
  Protecting: { dataType: "boolean" },
  ProtocolAgreed: { dataType: "string" },
  ProtocolSupported: { dataType: "string" },
  ProtocolSupportedByEV: { dataType: "string" },
  PublicKey: { dataType: "string" },
  PublicKeyWithSignedMeterValue: { dataType: "boolean" },
  QueueAllMessages: { dataType: "boolean" },
  RateUnit: { dataType: "string" },
  RegisterValuesWithoutPhases: { dataType: "boolean" },
  RemainingTimeBulk: { dataType: "integer", units: ["s"] },
  RemainingTimeFull: { dataType: "integer", units: ["s"] },
  ReportingValueSize: { dataType: "integer" },
  RequestMeteringReceipt: { dataType: "boolean" },
  ResetRetries: { dataType: "integer" },
  ResumptionTimeout: { dataType: "integer", units: ["s"] },
  SampledMeasurands: { dataType: "MemberList" },
  SamplingInterval: { dataType: "decimal", units: ["s"] },
  SeccId: { dataType: "string" },
  SecurityProfile: { dataType: "integer" },
  SendDuringIdle: { dataType: "boolean" },
  SerialNumber: { dataType: "string" },
  ServiceRenegotiationSupport: { dataType: "boolean" },
  SetpointPriority: { dataType: "OptionList" },
  SignReadings: { dataType: "boolean" },
  SignStartedReadings: { dataType: "boolean" },
  SignUpdatedReadings: { dataType: "boolean" },
  SignalStrength: { dataType: "decimal", units: ["dBm"] },
  SlotStatus: { dataType: "OptionList" },
  SoC: { dataType: "integer", units: ["Percent"] },
  SoH: { dataType: "integer", units: ["Percent"] },
  State: { dataType: "string" },
  StateOfCharge: { dataType: "decimal", units: ["Percent"] },
  StateOfChargeBulk: { dataType: "decimal", units: ["Percent"] },
  StopTxOnEVSideDisconnect: { dataType: "boolean" },
  StopTxOnInvalidId: { dataType: "boolean" },
  Storage: { dataType: "integer", units: ["B"] },
  SupplyPhases: { dataType: "integer" },
  SupportedAdditionalPurposes: { dataType: "MemberList" },
  SupportedEnergyTransferModes: { dataType: "MemberList" },
  SupportedFormats: { dataType: "MemberList" },
  SupportedIdTokenTypes: { dataType: "MemberList" },
  SupportedLimits: { dataType: "MemberList" },
  SupportedOperationModes: { dataType: "MemberList" },
  SupportedPriorities: { dataType: "MemberList" },
  SupportedProviders: { dataType: "string" },
  SupportedStates: { dataType: "MemberList" },
  SupportsDynamicProfiles: { dataType: "boolean" },
  SupportsEvseSleep: { dataType: "boolean" },
  SupportsExpiryDateTime: { dataType: "boolean" },
  SupportsLimitAtSoC: { dataType: "boolean" },
  SupportsMaxOfflineDuration: { dataType: "boolean" },
  SupportsRandomizedDelay: { dataType: "boolean" },
  SupportsUseLocalTime: { dataType: "boolean" },
  Suspending: { dataType: "boolean" },
  Suspension: { dataType: "boolean" },
  TargetSoc: { dataType: "integer", units: ["Percent"] },
  TariffFallbackMessage: { dataType: "string" },
  Temperature: { dataType: "decimal", units: ["Celsius", "Fahrenheit"] },
  Time: { dataType: "dateTime" },
  TimeAdjustmentReportingThreshold: { dataType: "integer", units: ["s"] },
  TimeOffset: { dataType: "string" },
  TimeSource: { dataType: "SequenceList" },
  TimeZone: { dataType: "string" },
  Timeout: { dataType: "decimal", units: ["s"] },
  Token: { dataType: "string" },
  TokenType: { dataType: "OptionList" },
  TotalCostFallbackMessage: { dataType: "string" },
  Tries: { dataType: "integer" },
  Tripped: { dataType: "boolean" },
  TxBeforeAcceptedEnabled: { dataType: "boolean" },
  TxEndedInterval: { dataType: "integer", units: ["s"] },
  TxEndedMeasurands: { dataType: "MemberList" },
  TxStartPoint: { dataType: "MemberList" },
  TxStartedMeasurands: { dataType: "MemberList" },
  TxStopPoint: { dataType: "MemberList" },
  TxUpdatedInterval: { dataType: "integer", units: ["s"] },
  TxUpdatedMeasurands: { dataType: "MemberList" },
  UnlockOnEVSideDisconnect: { dataType: "boolean" },
  UpstreamInterval: { dataType: "integer", units: ["s"] },
  UpstreamMeasurands: { dataType: "MemberList" },
  V2GCertificateInstallationEnabled: { dataType: "boolean" },
  VehicleCertificate: { dataType: "string" },
  VehicleId: { dataType: "string" },
  VersionDate: { dataType: "dateTime" },
  VersionNumber: { dataType: "string" },
  VoltageImbalance: { dataType: "decimal", units: ["Percent"] },
  WorkingMode: { dataType: "OptionList" }
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
  { variable: "VoltageImbalance", dataType: "decimal", units: ["Percent"] },
  { variable: "CommunicationParent", dataType: "string" },
  { variable: "ElectricalParent", dataType: "string" },
  { variable: "LogicalParent", dataType: "string" },
  { variable: "PhysicalParent", dataType: "string" },
  { variable: "Label", dataType: "string" }
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
    { variable: "SignUpdatedReadings", dataType: "boolean" },
    { variable: "TxEndedInterval", dataType: "integer", units: ["s"], required: true },
    { variable: "TxEndedMeasurands", dataType: "MemberList", required: true },
    { variable: "UpstreamInterval", dataType: "integer", units: ["s"] },
    { variable: "UpstreamMeasurands", dataType: "MemberList" }
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
    { variable: "DisableRemoteAuthorization", dataType: "boolean" },
    { variable: "SupportedIdTokenType", dataType: "MemberList" }
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
    { variable: "VendorName", dataType: "string" },
    { variable: "ActiveTransactionId", dataType: "string" }
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
    { variable: "ProtocolAgreed", dataType: "string", required: "V2X" },
    { variable: "ProtocolSupportedByEV", instance: "<Priority>", dataType: "string", required: "V2X" },
    { variable: "VehicleID", dataType: "string", required: "V2X" },
    { variable: "VehicleCertificate", instance: "Leaf", dataType: "string", required: "V2X" },
    { variable: "VehicleCertificate", instance: "SubCA1", dataType: "string", required: "V2X" },
    { variable: "VehicleCertificate", instance: "SubCA2", dataType: "string", required: "V2X" },
    { variable: "VehicleCertificate", instance: "Root", dataType: "string", required: "V2X" },
    { variable: "ACCurrent", attributes: ["MinSet", "MaxSet"], dataType: "decimal", units: ["A"] },
    { variable: "DCCurrent", attributes: ["MinSet", "MaxSet"], dataType: "decimal", units: ["A"] },
    { variable: "DCCurrent", attributes: ["Target"], dataType: "decimal", units: ["A"] },
    { variable: "DCVoltage", attributes: ["MinSet", "MaxSet"], dataType: "decimal", units: ["V"] },
    { variable: "DCVoltage", attributes: ["Target"], dataType: "decimal", units: ["V"] },
    { variable: "Power", attributes: ["MaxSet"], dataType: "decimal", units: ["W"] },
    { variable: "DischargePower", attributes: ["MaxSet"], dataType: "decimal", units: ["W"] },
    { variable: "EnergyImport", attributes: ["MaxSet"], dataType: "decimal", units: ["Wh"] },
    { variable: "EnergyImport", attributes: ["MinSet"], dataType: "decimal", units: ["Wh"] },
    { variable: "EnergyImport", attributes: ["Target"], dataType: "decimal", units: ["Wh"] },
    { variable: "BatteryCapacity", dataType: "decimal", units: ["Wh"] },
    { variable: "DepartureTime", dataType: "dateTime" },
    { variable: "RemainingTimeBulk", dataType: "integer", units: ["s"] },
    { variable: "RemainingTimeFull", dataType: "integer", units: ["s"] },
    { variable: "StateOfChargeBulk", dataType: "integer", units: ["Percent"] },
    { variable: "StateOfCharge", attributes: ["MaxSet"], dataType: "integer", units: ["Percent"] },
    { variable: "StateOfCharge", attributes: ["Actual"], dataType: "integer", units: ["Percent"] },
    { variable: "ChargingCompleteBulk", dataType: "boolean" },
    { variable: "ChargingCompleteFull", dataType: "boolean" },
    { variable: "ChargingState", dataType: "OptionList" }
  ],
  Connector: [
    { variable: "AvailabilityState", dataType: "OptionList" },
    { variable: "Available", dataType: "boolean", required: true },
    { variable: "ChargeProtocol", dataType: "string" },
    { variable: "ConnectorType", dataType: "string", required: true },
    { variable: "SupplyPhases", dataType: "integer", required: true },
    { variable: "SlotStatus", dataType: "OptionList" }
  ],
  CPPWMController: [{ variable: "State", dataType: "string" }],
  CustomizationCtrlr: [
    { variable: "CustomImplementationEnabled", instance: "<vendorId>", dataType: "boolean" },
    { variable: "CustomTriggers", dataType: "MemberList" }
  ],
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
    { variable: "SupportedStates", dataType: "MemberList", required: true },
    { variable: "SupportedFormats", dataType: "MemberList", required: true },
    { variable: "SupportedPriorities", dataType: "MemberList", required: true },
    { variable: "Language", dataType: "OptionList", required: true }
  ],
  EVSE: [
    { variable: "AllowReset", dataType: "boolean" },
    { variable: "AvailabilityState", dataType: "OptionList", required: true },
    { variable: "Available", dataType: "boolean", required: true },
    { variable: "EvseId", dataType: "string" },
    { variable: "Power", dataType: "decimal", units: ["W", "kW"], required: true },
    { variable: "DischargePower", dataType: "decimal", units: ["W", "kW"], required: "V2X" },
    { variable: "SupplyPhases", dataType: "integer", required: true },
    { variable: "DCInputPhaseControl", dataType: "boolean" },
    { variable: "ISO15118EvseId", dataType: "string" },
    { variable: "ChargingState", dataType: "OptionList" },
    { variable: "ActiveTransactionId", dataType: "string" }
  ],
  FiscalMetering: [
    { variable: "EnergyExport", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "EnergyExportRegister", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "EnergyImport", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "EnergyImportRegister", dataType: "decimal", units: ["Wh", "kWh"] },
    { variable: "PublicKey", dataType: "string" }
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
    { variable: "ContractCertificateInstallationEnabled", dataType: "boolean" },
    { variable: "CertificateStatusSource", dataType: "MemberList" },
    { variable: "NotificationDelay", dataType: "integer", units: ["s"] },
    { variable: "ServiceRenegotiationSupport", dataType: "boolean" },
    { variable: "SupportedProviders", dataType: "string" },
    { variable: "MaxPriceElements", dataType: "integer" },
    { variable: "ProtocolSupported", instance: "<1..20>", dataType: "string" }
  ],
  LocalAuthListCtrlr: [
    { variable: "Available", dataType: "boolean" },
    { variable: "BytesPerMessage", dataType: "integer", required: true },
    { variable: "Enabled", dataType: "boolean" },
    { variable: "Entries", dataType: "integer", required: true },
    { variable: "ItemsPerMessage", dataType: "integer", required: true },
    { variable: "Storage", dataType: "integer", units: ["B"] },
    { variable: "DisablePostAuthorize", dataType: "boolean" },
    { variable: "SupportsExpiryDateTime", dataType: "boolean" }
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
    { variable: "ActiveMonitoringLevel", dataType: "integer" },
    { variable: "MaxPeriodicEventStreams", dataType: "integer" }
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
    { variable: "FieldLength", dataType: "integer" },
    { variable: "ExternalConfigChangeDate", dataType: "dateTime" }
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
    { variable: "SignStartedReadings", dataType: "boolean" },
    { variable: "SignUpdatedReadings", dataType: "boolean" },
    { variable: "TxEndedInterval", dataType: "integer", units: ["s"], required: true },
    { variable: "TxEndedMeasurands", dataType: "MemberList", required: true },
    { variable: "TxStartedMeasurands", dataType: "MemberList", required: true },
    { variable: "TxUpdatedInterval", dataType: "integer", units: ["s"], required: true },
    { variable: "TxUpdatedMeasurands", dataType: "MemberList", required: true },
    { variable: "RegisterValuesWithoutPhases", dataType: "boolean" },
    { variable: "UpstreamInterval", dataType: "integer", units: ["s"] },
    { variable: "UpstreamMeasurands", dataType: "MemberList" }
  ],
  SecurityCtrlr: [
    { variable: "AllowSecurityProfileDowngrade", dataType: "boolean" },
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
    { variable: "RateUnit", dataType: "MemberList", required: true },
    { variable: "ExternalConstraintsProfileDisallowed", dataType: "boolean" },
    { variable: "ChargingProfilePersistence", instance: "TxProfile", dataType: "boolean" },
    { variable: "ChargingProfilePersistence", instance: "LocalGeneration", dataType: "boolean" },
    { variable: "ChargingProfilePersistence", instance: "ChargingStationExternalConstraints", dataType: "boolean" },
    { variable: "SetpointPriority", dataType: "OptionList" },
    { variable: "MaxExternalConstraintsId", dataType: "integer" },
    { variable: "SupportedAdditionalPurposes", dataType: "MemberList" },
    { variable: "SupportsDynamicProfiles", dataType: "boolean" },
    { variable: "SupportsMaxOfflineDuration", dataType: "boolean" },
    { variable: "SupportsUseLocalTime", dataType: "boolean" },
    { variable: "SupportsRandomizedDelay", dataType: "boolean" },
    { variable: "SupportsLimitAtSoC", dataType: "boolean" },
    { variable: "SupportsEvseSleep", dataType: "boolean" }
  ],
  TariffCostCtrlr: [
    { variable: "Available", instance: "Tariff", dataType: "boolean" },
    { variable: "Available", instance: "Cost", dataType: "boolean" },
    { variable: "Currency", dataType: "string", required: true },
    { variable: "Enabled", instance: "Tariff", dataType: "boolean" },
    { variable: "Enabled", instance: "Cost", dataType: "boolean" },
    { variable: "Enabled", instance: "RunningCost", dataType: "boolean" },
    { variable: "TariffFallbackMessage", instance: "<language>", dataType: "string", required: true },
    { variable: "TotalCostFallbackMessage", instance: "<language>", dataType: "string", required: true },
    { variable: "OfflineTariffFallbackMessage", instance: "<language>", dataType: "string" },
    { variable: "Interval", instance: "Tariff", dataType: "integer", units: ["s"] },
    { variable: "Interval", instance: "Cost", dataType: "integer", units: ["s"] },
    { variable: "MaxElements", instance: "Tariff", dataType: "integer" },
    { variable: "ConditionsSupported", instance: "Tariff", dataType: "boolean" },
    { variable: "HandleFailedTariff", instance: "Tariff", dataType: "OptionList" }
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
    { variable: "TxStopPoint", dataType: "MemberList", required: true },
    { variable: "ResumptionTimeout", dataType: "integer", units: ["s"] },
    { variable: "AllowEnergyTransferResumption", dataType: "boolean" },
    { variable: "SupportedLimits", dataType: "MemberList" }
  ],
  V2XChargingCtrlr: [
    { variable: "Enabled", dataType: "boolean", required: true },
    { variable: "SupportedEnergyTransferModes", dataType: "MemberList", required: true },
    { variable: "SupportedOperationModes", dataType: "MemberList", required: true },
    { variable: "LocalFrequencyUpdateThreshold", dataType: "integer", units: ["mHz"] },
    { variable: "TxStartedMeasurands", instance: "<OperationMode>", dataType: "MemberList" },
    { variable: "TxEndedMeasurands", instance: "<OperationMode>", dataType: "MemberList" },
    { variable: "TxUpdatedMeasurands", instance: "<OperationMode>", dataType: "MemberList" },
    { variable: "TxEndedInterval", instance: "<OperationMode>", dataType: "integer", units: ["s"] },
    { variable: "TxUpdatedInterval", instance: "<OperationMode>", dataType: "integer", units: ["s"] },
    { variable: "LocalLoadBalancing", instance: "UpperThreshold", dataType: "decimal", units: ["W"] },
    { variable: "LocalLoadBalancing", instance: "LowerThreshold", dataType: "decimal", units: ["W"] },
    { variable: "LocalLoadBalancing", instance: "UpperOffset", dataType: "decimal", units: ["W"] },
    { variable: "LocalLoadBalancing", instance: "LowerOffset", dataType: "decimal", units: ["W"] }
  ],
  FrequencySimulator: [
    { variable: "Enabled", dataType: "boolean" },
    { variable: "DateTime", instance: "Start", dataType: "dateTime" },
    { variable: "DateTime", instance: "End", dataType: "dateTime" },
    { variable: "FrequencySchedule", dataType: "string" }
  ],
  DataCollector: [
    { variable: "Enabled", dataType: "boolean" },
    { variable: "DateTime", instance: "Start", dataType: "dateTime" },
    { variable: "DateTime", instance: "End", dataType: "dateTime" },
    { variable: "SamplingInterval", dataType: "decimal", units: ["s"] },
    { variable: "SampledMeasurands", dataType: "MemberList" }
  ],
  DCDERCtrlr: [
    { variable: "Enabled", dataType: "boolean" },
    { variable: "MaxW", dataType: "decimal", units: ["W"], required: true },
    { variable: "OverExcitedW", dataType: "decimal", units: ["W"], required: true },
    { variable: "OverExcitedPF", dataType: "decimal", required: true },
    { variable: "UnderExcitedW", dataType: "decimal", units: ["W"], required: true },
    { variable: "UnderExcitedPF", dataType: "decimal", required: true },
    { variable: "MaxVA", dataType: "decimal", units: ["VA"], required: true },
    { variable: "MaxVar", dataType: "decimal", units: ["var"], required: true },
    { variable: "MaxVarNeg", dataType: "decimal", units: ["var"], required: true },
    { variable: "MaxChargeRateW", dataType: "decimal", units: ["W"], required: true },
    { variable: "MaxChargeRateVA", dataType: "decimal", units: ["VA"], required: true },
    { variable: "VNom", dataType: "decimal", units: ["V"] },
    { variable: "MaxV", dataType: "decimal", units: ["V"] },
    { variable: "MinV", dataType: "decimal", units: ["V"] },
    { variable: "ModesSupported", dataType: "MemberList", required: true },
    { variable: "InverterManufacturer", dataType: "string", required: true },
    { variable: "InverterModel", dataType: "string", required: true },
    { variable: "InverterSerialNumber", dataType: "string" },
    { variable: "InverterSwVersion", dataType: "string", required: true },
    { variable: "InverterHwVersion", dataType: "string", required: true },
    { variable: "IslandingDetectionMethod", dataType: "OptionList" },
    { variable: "IslandingDetectionTripTime", dataType: "decimal", units: ["s"] },
    { variable: "ReactiveSusceptance", dataType: "decimal", required: true }
  ],
  ACDERCtrlr: [{ variable: "ModesSupported", dataType: "MemberList", required: true }],
  BatterySwapCtrlr: [
    { variable: "TargetSoC", dataType: "integer", units: ["Percent"] },
    { variable: "MaxSoc", dataType: "integer", units: ["Percent"] },
    { variable: "IdToken", dataType: "string" },
    { variable: "Timeout", instance: "In", dataType: "integer", units: ["s"] },
    { variable: "Timeout", instance: "Out", dataType: "integer", units: ["s"] }
  ],
  BatteryCartridge: [
    { variable: "SoC", dataType: "integer", units: ["Percent"] },
    { variable: "SoH", dataType: "integer", units: ["Percent"] },
    { variable: "WorkingMode", dataType: "OptionList" }
  ],
  NetworkConfiguration: [
    { variable: "OcppCsmsUrl", dataType: "string", required: true },
    { variable: "OcppInterface", dataType: "OptionList", required: true },
    { variable: "OcppTransport", dataType: "OptionList", required: true },
    { variable: "OcppVersion", dataType: "OptionList", required: true },
    { variable: "MessageTimeout", dataType: "integer", required: true },
    { variable: "SecurityProfile", dataType: "integer", required: true },
    { variable: "Identity", dataType: "string" },
    { variable: "BasicAuthPassword", dataType: "string", required: true },
    { variable: "CsmsRootCertificateHashAlgorithm", dataType: "string" },
    { variable: "CsmsRootCertificateIssuerKeyHash", dataType: "string" },
    { variable: "CsmsRootCertificateIssuerNameHash", dataType: "string" },
    { variable: "CsmsRootCertificateSerialNumber", dataType: "string" },
    { variable: "VpnEnabled", dataType: "boolean", required: true },
    { variable: "VpnType", dataType: "string" },
    { variable: "VpnServer", dataType: "string" },
    { variable: "VpnUser", dataType: "string" },
    { variable: "VpnGroup", dataType: "string" },
    { variable: "VpnPassword", dataType: "string" },
    { variable: "VpnKey", dataType: "string" },
    { variable: "ApnEnabled", dataType: "boolean", required: true },
    { variable: "Apn", dataType: "string" },
    { variable: "ApnUserName", dataType: "string" },
    { variable: "ApnPassword", dataType: "string" },
    { variable: "SimPin", dataType: "string" },
    { variable: "PreferredNetwork", dataType: "string" },
    { variable: "UseOnlyPreferredNetwork", dataType: "boolean" },
    { variable: "ApnAuthentication", dataType: "string" }
  ],
  PaymentCtrlr: [
    { variable: "Enabled", dataType: "boolean", required: true },
    { variable: "Problem", dataType: "boolean", required: true },
    { variable: "AuthorizeDirectPayment", dataType: "boolean", required: true },
    { variable: "AuthorizationAmount", dataType: "decimal", required: true },
    { variable: "IncrementalAuthorizationAmount", dataType: "decimal" },
    { variable: "IncrementalAuthorizationThreshold", dataType: "decimal" },
    { variable: "PaymentDetails", dataType: "MemberList", required: true },
    { variable: "SettlementByCSMS", dataType: "boolean", required: true },
    { variable: "ReceiptServerUrl", dataType: "string", required: true },
    { variable: "ReceiptByCSMS", dataType: "boolean", required: true },
    { variable: "Merchant", instance: "Id", dataType: "string", required: true },
    { variable: "Merchant", instance: "TaxId", dataType: "string", required: true },
    { variable: "Merchant", instance: "Name", dataType: "string", required: true },
    { variable: "Merchant", instance: "Address", dataType: "string", required: true },
    { variable: "Merchant", instance: "City", dataType: "string", required: true },
    { variable: "TerminalID", dataType: "string", required: true },
    { variable: "PaymentServiceProvider", dataType: "string", required: true },
    { variable: "VendorName", dataType: "string", required: true },
    { variable: "Model", dataType: "string", required: true },
    { variable: "SerialNumber", dataType: "string", required: true },
    { variable: "FirmwareVersion", dataType: "string", required: true },
    { variable: "IMSI", dataType: "string", required: true },
    { variable: "ICCID", dataType: "string", required: true },
    { variable: "Connected", dataType: "boolean", required: true }
  ],
  WebPaymentsCtrlr: [
    { variable: "URLTemplate", dataType: "string", required: true },
    { variable: "URLParameters", dataType: "MemberList" },
    { variable: "TOTPVersion", dataType: "string", required: true },
    { variable: "ChargingStationId", dataType: "string" },
    { variable: "ValidityTime", dataType: "integer", units: ["s"], required: true },
    { variable: "SharedSecret", dataType: "string", required: true },
    { variable: "Length", dataType: "integer", required: true },
    { variable: "QRCodeQuality", dataType: "OptionList" }
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
  "DuplicateProfile",
  "InvalidProfile",
  "InvalidProfileId",
  "InvalidSchedule",
  "InvalidStackLevel",
  "NoFreqWattCurve",
  "NoPhaseForDC",
  "NoSignalWattCurve",
  "RateLimitExceeded",
  "UnsupportedKind",
  "UnsupportedPurpose",
  "UnsupportedRateUnit",
  "CSNotAccepted",
  "FixedCable",
  "NoCable",
  "UnknownConnectorId",
  "UnknownConnectorType",
  "UnknownEvse",
  "BatterySoHLow",
  "BatterySoC",
  "BatteryDamaged",
  "BatteryUnknown",
  "BatteryType",
  "NoBatteryAvailable",
  "DuplicateRequestId",
  "InvalidMessageSeq",
  "MissingDevModelInfo",
  "NoError",
  "NotFound",
  "Unspecified",
  "UnsupportedRequest",
  "FwUpdateInProgress",
  "NotEnabled",
  "ReadOnly",
  "WriteOnly",
  "InvalidCSR",
  "InvalidCertificate",
  "InvalidURL",
  "RedirectNotAllowed",
  "InternalError",
  "OutOfMemory",
  "OutOfStorage",
  "InvalidIdToken",
  "TxInProgress",
  "TxNotFound",
  "TxStarted",
  "InvalidValue",
  "MissingParam",
  "TooLargeElement",
  "TooManyElements",
  "UnsupportedParam",
  "ValueOutOfRange",
  "ValuePositiveOnly",
  "ValueTooHigh",
  "ValueTooLow",
  "ValueZeroNotAllowed"
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
  DiscardedRenewedClientCertificate: { critical: true },
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

/**
 * The standard types of connectors: `c` with a captive cable, `s` a socket, `w` wireless.
 *
 * @category standard names
 * @since 0.1.0
 */
export const connectorTypes = [
  "cCCS1",
  "cCCS2",
  "cChaoJi",
  "cG105",
  "cGBT-DC",
  "cLECCS",
  "cMCS",
  "cNACS",
  "cNACS-CCS1",
  "cCCS1-NACS",
  "cTesla",
  "cType1",
  "cType2",
  "cUltraChaoJi",
  "s309-1P-16A",
  "s309-1P-32A",
  "s309-3P-16A",
  "s309-3P-32A",
  "sBS1361",
  "sCEE-7-7",
  "sType1",
  "sType2",
  "sType3",
  "wInductive",
  "wResonant",
  "Other1PhMax16A",
  "Other1PhOver16A",
  "Other3Ph",
  "Pan",
  "Undetermined",
  "Unknown"
] as const
/**
 * The name of a standard type of connector.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardConnectorType = (typeof connectorTypes)[number]

/**
 * The standard types of identifiers.
 *
 * @category standard names
 * @since 0.1.0
 */
export const idTokenTypes = [
  "Central",
  "DirectPayment",
  "eMAID",
  "EVCCID",
  "ISO14443",
  "ISO15693",
  "KeyCode",
  "Local",
  "MacAddress",
  "NoAuthorization",
  "VIN"
] as const
/**
 * The name of a standard type of identifier.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardIdTokenType = (typeof idTokenTypes)[number]

/**
 * The standard types of what goes along with an identifier.
 *
 * @category standard names
 * @since 0.1.0
 */
export const additionalInfoTypes = ["EVCCID", "ISO14443SubType"] as const
/**
 * The name of a standard type of additional information.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardAdditionalInfoType = (typeof additionalInfoTypes)[number]

/**
 * The standard types of what goes along with the identifier of an ad hoc payment.
 *
 * @category standard names
 * @since 0.1.0
 */
export const adHocAdditionalInfoTypes = [
  "PspRef",
  "SessionRef",
  "MerchantRef",
  "PaymentBrand",
  "ReadingMethod",
  "PaymentRecognition",
  "CardBin",
  "CardLast4Digits",
  "CardExpiryDate",
  "HashedCardNr",
  "WalletUserId"
] as const
/**
 * The name of a standard type of additional information on an ad hoc payment.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardAdHocAdditionalInfoType = (typeof adHocAdditionalInfoTypes)[number]

/**
 * The standard values of the additional information `PaymentBrand`.
 *
 * @category standard names
 * @since 0.1.0
 */
export const paymentBrands = [
  "AMEX",
  "ApplePay",
  "Bancontact",
  "BankAxept",
  "Carnet",
  "CartesBancaires",
  "Dankort",
  "Diners",
  "Discover",
  "EftposAustralia",
  "Elo",
  "Girocard",
  "GooglePay",
  "Hipercard",
  "Interac",
  "JCB",
  "Maestro",
  "Mastercard",
  "SamsungPay",
  "UnionPay",
  "VPay",
  "Visa"
] as const
/**
 * The name of a standard brand of payment.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardPaymentBrand = (typeof paymentBrands)[number]

/**
 * The standard values of the additional information `PaymentRecognition`.
 *
 * @category standard names
 * @since 0.1.0
 */
export const paymentRecognitions = [
  "CC",
  "Debit",
  "Alipay",
  "ApplePay",
  "GooglePay",
  "GrabPay",
  "PayPal",
  "SamsungPay",
  "WeChatPay"
] as const
/**
 * The name of a standard kind of card or wallet.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardPaymentRecognition = (typeof paymentRecognitions)[number]

/**
 * The standard sources of a charging limit: an energy management system, the system operator, the operator of the
 * station, or another.
 *
 * @category standard names
 * @since 0.1.0
 */
export const chargingLimitSources = ["EMS", "Other", "SO", "CSO"] as const
/**
 * The name of a standard source of a charging limit.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardChargingLimitSource = (typeof chargingLimitSources)[number]

/**
 * The standard methods to sign meter values.
 *
 * @category standard names
 * @since 0.1.0
 */
export const signingMethods = {
  "ECDSA-secp192k1-SHA256": { algorithm: "ECDSA", curve: "secp192k1", keyBits: 192, hash: "SHA-256" },
  "ECDSA-secp256k1-SHA256": { algorithm: "ECDSA", curve: "secp256k1", keyBits: 256, hash: "SHA-256" },
  "ECDSA-secp192r1-SHA256": { algorithm: "ECDSA", curve: "secp192r1", keyBits: 192, hash: "SHA-256" },
  "ECDSA-secp256r1-SHA256": { algorithm: "ECDSA", curve: "secp256r1", keyBits: 256, hash: "SHA-256" },
  "ECDSA-brainpool256r1-SHA256": { algorithm: "ECDSA", curve: "brainpool256r1", keyBits: 256, hash: "SHA-256" },
  "ECDSA-secp384r1-SHA256": { algorithm: "ECDSA", curve: "secp384r1", keyBits: 384, hash: "SHA-256" },
  "ECDSA-brainpool384r1-SHA256": { algorithm: "ECDSA", curve: "brainpool384r1", keyBits: 384, hash: "SHA-256" }
} as const
/**
 * The name of a standard method to sign meter values.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardSigningMethod = keyof typeof signingMethods
