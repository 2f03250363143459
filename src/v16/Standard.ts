/**
 * The standard names of OCPP 1.6: configuration keys, those of the security extension included, and security events.
 *
 * They help to complete and to document names; keys and events of a vendor's own are as legal on the wire.
 *
 * @since 0.1.0
 */

/**
 * What the specification says of a configuration key.
 *
 * @category models
 * @since 0.1.0
 */
export interface StandardConfigurationKey {
  /** The feature profile that it belongs to, named like the blocks of actions. */
  readonly profile:
    | "Core"
    | "FirmwareManagement"
    | "LocalAuthListManagement"
    | "Reservation"
    | "Security"
    | "SmartCharging"
  /** Whether every station that has the profile has the key. */
  readonly required: boolean
  /** Whether it can be read and written; `R or RW`: the station decides. */
  readonly access: "R" | "RW" | "W" | "R or RW"
  /** What its value is, which travels as text; `CSL`: a comma-separated list. */
  readonly type: "boolean" | "integer" | "string" | "CSL"
  readonly unit?: "seconds" | "times" | "%" | "Wh"
}

/**
 * The standard configuration keys, by name.
 *
 * @see OCPP 1.6 §9, errata sheet 4.0 §3; Security Whitepaper edition 3 §7
 * @category standard names
 * @since 0.1.0
 */
export const configurationKeys = {
  AllowOfflineTxForUnknownId: { profile: "Core", required: false, access: "RW", type: "boolean" },
  AuthorizationCacheEnabled: { profile: "Core", required: false, access: "RW", type: "boolean" },
  AuthorizeRemoteTxRequests: { profile: "Core", required: true, access: "R or RW", type: "boolean" },
  BlinkRepeat: { profile: "Core", required: false, access: "RW", type: "integer", unit: "times" },
  ClockAlignedDataInterval: { profile: "Core", required: true, access: "RW", type: "integer", unit: "seconds" },
  ConnectionTimeOut: { profile: "Core", required: true, access: "RW", type: "integer", unit: "seconds" },
  ConnectorPhaseRotation: { profile: "Core", required: true, access: "RW", type: "CSL" },
  ConnectorPhaseRotationMaxLength: { profile: "Core", required: false, access: "R", type: "integer" },
  GetConfigurationMaxKeys: { profile: "Core", required: true, access: "R", type: "integer" },
  HeartbeatInterval: { profile: "Core", required: true, access: "RW", type: "integer", unit: "seconds" },
  LightIntensity: { profile: "Core", required: false, access: "RW", type: "integer", unit: "%" },
  LocalAuthorizeOffline: { profile: "Core", required: true, access: "RW", type: "boolean" },
  LocalPreAuthorize: { profile: "Core", required: true, access: "RW", type: "boolean" },
  MaxEnergyOnInvalidId: { profile: "Core", required: false, access: "RW", type: "integer", unit: "Wh" },
  MeterValuesAlignedData: { profile: "Core", required: true, access: "RW", type: "CSL" },
  MeterValuesAlignedDataMaxLength: { profile: "Core", required: false, access: "R", type: "integer" },
  MeterValuesSampledData: { profile: "Core", required: true, access: "RW", type: "CSL" },
  MeterValuesSampledDataMaxLength: { profile: "Core", required: false, access: "R", type: "integer" },
  MeterValueSampleInterval: { profile: "Core", required: true, access: "RW", type: "integer", unit: "seconds" },
  MinimumStatusDuration: { profile: "Core", required: false, access: "RW", type: "integer", unit: "seconds" },
  NumberOfConnectors: { profile: "Core", required: true, access: "R", type: "integer" },
  ResetRetries: { profile: "Core", required: true, access: "RW", type: "integer", unit: "times" },
  StopTransactionOnEVSideDisconnect: { profile: "Core", required: false, access: "R or RW", type: "boolean" },
  StopTransactionOnInvalidId: { profile: "Core", required: true, access: "RW", type: "boolean" },
  StopTxnAlignedData: { profile: "Core", required: true, access: "RW", type: "CSL" },
  StopTxnAlignedDataMaxLength: { profile: "Core", required: false, access: "R", type: "integer" },
  StopTxnSampledData: { profile: "Core", required: true, access: "RW", type: "CSL" },
  StopTxnSampledDataMaxLength: { profile: "Core", required: false, access: "R", type: "integer" },
  SupportedFeatureProfiles: { profile: "Core", required: true, access: "R", type: "CSL" },
  SupportedFeatureProfilesMaxLength: { profile: "Core", required: false, access: "R", type: "integer" },
  TransactionMessageAttempts: { profile: "Core", required: true, access: "RW", type: "integer", unit: "times" },
  TransactionMessageRetryInterval: { profile: "Core", required: true, access: "RW", type: "integer", unit: "seconds" },
  UnlockConnectorOnEVSideDisconnect: { profile: "Core", required: true, access: "R or RW", type: "boolean" },
  WebSocketPingInterval: { profile: "Core", required: false, access: "RW", type: "integer", unit: "seconds" },
  LocalAuthListEnabled: { profile: "LocalAuthListManagement", required: true, access: "RW", type: "boolean" },
  LocalAuthListMaxLength: { profile: "LocalAuthListManagement", required: true, access: "R", type: "integer" },
  SendLocalListMaxLength: { profile: "LocalAuthListManagement", required: true, access: "R", type: "integer" },
  ReserveConnectorZeroSupported: { profile: "Reservation", required: false, access: "R", type: "boolean" },
  ChargeProfileMaxStackLevel: { profile: "SmartCharging", required: true, access: "R", type: "integer" },
  ChargingScheduleAllowedChargingRateUnit: { profile: "SmartCharging", required: true, access: "R", type: "CSL" },
  ChargingScheduleMaxPeriods: { profile: "SmartCharging", required: true, access: "R", type: "integer" },
  ConnectorSwitch3to1PhaseSupported: { profile: "SmartCharging", required: false, access: "R", type: "boolean" },
  MaxChargingProfilesInstalled: { profile: "SmartCharging", required: true, access: "R", type: "integer" },
  MessageTimeout: { profile: "Core", required: false, access: "RW", type: "integer", unit: "seconds" },
  StopTransactionMaxMeterValues: { profile: "Core", required: false, access: "R", type: "integer" },
  SupportedFileTransferProtocols: { profile: "FirmwareManagement", required: false, access: "R", type: "CSL" },
  AdditionalRootCertificateCheck: { profile: "Security", required: false, access: "R", type: "boolean" },
  // Required of a station that is not bound to security profile 3.
  AuthorizationKey: { profile: "Security", required: false, access: "W", type: "string" },
  CertificateSignedMaxChainSize: { profile: "Security", required: false, access: "R", type: "integer" },
  CertificateStoreMaxLength: { profile: "Security", required: false, access: "R", type: "integer" },
  CpoName: { profile: "Security", required: false, access: "RW", type: "string" },
  SecurityProfile: { profile: "Security", required: false, access: "RW", type: "integer" }
} as const satisfies { readonly [key: string]: StandardConfigurationKey }
/**
 * The name of a standard configuration key.
 *
 * @category models
 * @since 0.1.0
 */
export type ConfigurationKey = keyof typeof configurationKeys

/**
 * The standard security events. A station must deliver those that are critical to the central system, the others it
 * may only log.
 *
 * @see Security Whitepaper edition 3 §8
 * @category standard names
 * @since 0.1.0
 */
export const securityEvents = {
  FirmwareUpdated: { critical: true },
  FailedToAuthenticateAtCentralSystem: { critical: false },
  CentralSystemFailedToAuthenticate: { critical: false },
  SettingSystemTime: { critical: true },
  StartupOfTheDevice: { critical: true },
  ResetOrReboot: { critical: true },
  SecurityLogWasCleared: { critical: true },
  ReconfigurationOfSecurityParameters: { critical: false },
  MemoryExhaustion: { critical: true },
  InvalidMessages: { critical: false },
  AttemptedReplayAttacks: { critical: false },
  TamperDetectionActivated: { critical: true },
  InvalidFirmwareSignature: { critical: false },
  InvalidFirmwareSigningCertificate: { critical: false },
  InvalidCentralSystemCertificate: { critical: false },
  InvalidChargePointCertificate: { critical: false },
  InvalidTLSVersion: { critical: false },
  InvalidTLSCipherSuite: { critical: false }
} as const satisfies { readonly [name: string]: { readonly critical: boolean } }
/**
 * The name of a standard security event.
 *
 * @category models
 * @since 0.1.0
 */
export type StandardSecurityEvent = keyof typeof securityEvents
