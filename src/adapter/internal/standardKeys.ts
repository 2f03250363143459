/**
 * What the standard configuration keys of 1.6 and of 1.5 are in the device model of 2.x.
 *
 * The names are checked by the compiler, and no version is loaded for them.
 */
import * as Result from "effect/Result"
import type * as Variable from "../../domain/Variable.ts"
import type { ConfigurationKey } from "../../v16/Standard.ts"
import type { StandardComponentName, StandardVariableName as Variable201 } from "../../v201/Standard.ts"
import type { NetworkConnectionProfileType } from "../../v201/Provisioning.ts"
import type { StandardVariableName as Variable21 } from "../../v21/Standard.ts"
import {
  boolean,
  fileTransferProtocols,
  integer,
  itemsOf,
  list,
  measurands,
  measurands15,
  password,
  phaseRotation,
  rateUnits,
  text
} from "./conversions.ts"
import type {
  ConnectionMapping,
  Conversion,
  DerivedMapping,
  KeyMapping,
  Known,
  Mapping,
  Target,
  VendorOnlyMapping
} from "./KeyMapping.ts"

type Row = Without<KeyMapping> | Without<ConnectionMapping> | Without<DerivedMapping> | Without<VendorOnlyMapping>
type Without<M extends Mapping> = Omit<M, "key">

type StandardVariableName = Variable201 | Variable21

const of = (
  component: StandardComponentName,
  variable: StandardVariableName,
  { aspect = "Actual", instance }: { readonly aspect?: Variable.Aspect; readonly instance?: string } = {}
): Target => ({
  address: {
    component: { name: component },
    variable: instance === undefined ? { name: variable } : { name: variable, instance }
  },
  aspect
})

const ofEachConnector = (variable: StandardVariableName): Target => ({
  ...of("Connector", variable),
  each: "Connector"
})

const backed = (
  target: Target,
  conversion: Conversion,
  more: Partial<Omit<KeyMapping, "_tag">> = {}
): Without<KeyMapping> => ({ _tag: "Key", target, conversion, ...more })

const connection = (
  target: Target,
  conversion: Conversion,
  more: Partial<Omit<ConnectionMapping, "_tag">>
): Without<ConnectionMapping> => ({ _tag: "Connection", target, conversion, ...more })

const setBy = (field: keyof NetworkConnectionProfileType): { readonly field: string; readonly note: string } => ({
  field,
  note: `read-only in 2.x; \`${field}\` of the network connection profile sets it`
})

const none = (note: string): Without<VendorOnlyMapping> => ({ _tag: "VendorOnly", note })

const derived = (
  sources: DerivedMapping["sources"],
  note: string,
  compute: DerivedMapping["compute"]
): Without<DerivedMapping> => ({ _tag: "Derived", sources, note, compute })

/**
 * How many items a list may have whose length 2.x limits in characters: as many as fit if they are the longest of those
 * that the station supports.
 */
const itemsThatFit = (target: Target): Without<DerivedMapping> => {
  const maxLimit: Target = { ...target, aspect: "maxLimit" }
  const valuesList: Target = { ...target, aspect: "valuesList" }
  return derived(
    [valuesList, maxLimit],
    "1.6 limits the items, 2.x the characters: as many of the longest measurands as fit, at most all that there are",
    ({ read }) => {
      const names = itemsOf(written(measurands, read(valuesList)) ?? "").toSorted((a, b) => b.length - a.length)
      const limit = read(maxLimit) === undefined ? Infinity : Number(written(integer, read(maxLimit)))
      if (names.length === 0 || Number.isNaN(limit)) return undefined
      let fitting = 0
      for (let characters = -1; fitting < names.length; fitting++) {
        characters += (names[fitting]?.length ?? 0) + 1
        if (characters > limit) break
      }
      return String(fitting)
    }
  )
}

/** The value of a variable as 1.6 writes it. */
const written = ({ toKey }: Conversion, value: string | undefined): string | undefined =>
  value === undefined ? undefined : Result.getOrUndefined(toKey(value))?.value

const profiles: ReadonlyArray<readonly [profile: string, available: Target | undefined]> = [
  ["Core", undefined],
  ["FirmwareManagement", undefined],
  ["LocalAuthListManagement", of("LocalAuthListCtrlr", "Available")],
  ["Reservation", of("ReservationCtrlr", "Available")],
  ["SmartCharging", of("SmartChargingCtrlr", "Available")],
  ["RemoteTrigger", undefined]
]

const supportedProfiles = ({ read }: Known): string =>
  profiles
    .filter(([, available]) => available === undefined || read(available)?.trim().toLowerCase() === "true")
    .map(([profile]) => profile)
    .join(",")

const items = (
  component: "AlignedDataCtrlr" | "SampledDataCtrlr",
  variable: StandardVariableName
): Without<KeyMapping> => backed(of(component, variable), measurands)

/** @see OCPP 1.6 §9, errata sheet 4.0 §3; Security Whitepaper edition 3 §7; P2 Referenced Components and Variables */
const rows: { readonly [Key in ConfigurationKey]: Row } = {
  AllowOfflineTxForUnknownId: backed(of("AuthCtrlr", "OfflineTxForUnknownIdEnabled"), boolean),
  AuthorizationCacheEnabled: backed(of("AuthCacheCtrlr", "Enabled"), boolean),
  AuthorizeRemoteTxRequests: backed(of("AuthCtrlr", "AuthorizeRemoteStart"), boolean),
  BlinkRepeat: none("2.x has lighting with colour and level, and no number of blinks"),
  ClockAlignedDataInterval: backed(of("AlignedDataCtrlr", "Interval"), integer, {
    note: "1.x has one interval; 2.x has another for the end of a transaction, `AlignedDataCtrlr.TxEndedInterval`, which is left as it is"
  }),
  ConnectionTimeOut: backed(of("TxCtrlr", "EVConnectionTimeOut"), integer),
  ConnectorPhaseRotation: {
    _tag: "Key",
    target: ofEachConnector("PhaseRotation"),
    zero: of("ChargingStation", "PhaseRotation"),
    conversion: phaseRotation,
    note: "item 0, between grid and main meter, is the station, item n connector n"
  },
  ConnectorPhaseRotationMaxLength: derived(
    [ofEachConnector("Available")],
    "one item for each connector and one for the station",
    ({ connectors }) => (connectors === undefined ? undefined : String(connectors + 1))
  ),
  GetConfigurationMaxKeys: backed(of("DeviceDataCtrlr", "ItemsPerMessage", { instance: "GetVariables" }), integer, {
    note: "a key that is several variables counts as several in 2.x"
  }),
  HeartbeatInterval: backed(of("OCPPCommCtrlr", "HeartbeatInterval"), integer),
  LightIntensity: backed(of("EnvironmentalLighting", "Percent"), integer, {
    note: "a level with decimals is refused, not rounded"
  }),
  LocalAuthorizeOffline: backed(of("AuthCtrlr", "LocalAuthorizeOffline"), boolean),
  LocalPreAuthorize: backed(of("AuthCtrlr", "LocalPreAuthorize"), boolean, {
    aliases: ["LocalPreAuthorization"],
    note: "§9.1.13 and the device model have this name, the text of 2.0.1 the other"
  }),
  MaxEnergyOnInvalidId: backed(of("TxCtrlr", "MaxEnergyOnInvalidId"), integer),
  MeterValuesAlignedData: items("AlignedDataCtrlr", "Measurands"),
  MeterValuesAlignedDataMaxLength: itemsThatFit(of("AlignedDataCtrlr", "Measurands")),
  MeterValuesSampledData: items("SampledDataCtrlr", "TxUpdatedMeasurands"),
  MeterValuesSampledDataMaxLength: itemsThatFit(of("SampledDataCtrlr", "TxUpdatedMeasurands")),
  MeterValueSampleInterval: backed(of("SampledDataCtrlr", "TxUpdatedInterval"), integer, {
    note: "1.x has one interval; 2.x has another for the end of a transaction, `SampledDataCtrlr.TxEndedInterval`, which is left as it is"
  }),
  MinimumStatusDuration: backed(of("ChargingStation", "MinimumStatusDuration"), integer),
  NumberOfConnectors: derived(
    [ofEachConnector("Available")],
    "the number of connectors of all EVSEs",
    ({ connectors }) => (connectors === undefined ? undefined : String(connectors))
  ),
  ResetRetries: backed(of("OCPPCommCtrlr", "ResetRetries"), integer),
  StopTransactionOnEVSideDisconnect: backed(of("TxCtrlr", "StopTxOnEVSideDisconnect"), boolean, {
    note: "2.x ends the authorization, and `TxCtrlr.TxStopPoint` says whether that ends the transaction"
  }),
  StopTransactionOnInvalidId: backed(of("TxCtrlr", "StopTxOnInvalidId"), boolean, {
    note: "2.x ends the authorization, and `TxCtrlr.TxStopPoint` says whether that ends the transaction"
  }),
  StopTxnAlignedData: items("AlignedDataCtrlr", "TxEndedMeasurands"),
  StopTxnAlignedDataMaxLength: itemsThatFit(of("AlignedDataCtrlr", "TxEndedMeasurands")),
  StopTxnSampledData: items("SampledDataCtrlr", "TxEndedMeasurands"),
  StopTxnSampledDataMaxLength: itemsThatFit(of("SampledDataCtrlr", "TxEndedMeasurands")),
  SupportedFeatureProfiles: derived(
    [of("LocalAuthListCtrlr", "Available"), of("ReservationCtrlr", "Available"), of("SmartChargingCtrlr", "Available")],
    "every station of 2.x has what is in `Core`, `FirmwareManagement` and `RemoteTrigger` (Part 5, profile Core)",
    supportedProfiles
  ),
  SupportedFeatureProfilesMaxLength: none(
    "nobody writes the list that it limits; the errata sheet §3.81 calls it unneeded"
  ),
  TransactionMessageAttempts: backed(of("OCPPCommCtrlr", "MessageAttempts", { instance: "TransactionEvent" }), integer),
  TransactionMessageRetryInterval: backed(
    of("OCPPCommCtrlr", "MessageAttemptInterval", { instance: "TransactionEvent" }),
    integer
  ),
  UnlockConnectorOnEVSideDisconnect: backed(of("OCPPCommCtrlr", "UnlockOnEVSideDisconnect"), boolean),
  WebSocketPingInterval: backed(of("OCPPCommCtrlr", "WebSocketPingInterval"), integer),
  LocalAuthListEnabled: backed(of("LocalAuthListCtrlr", "Enabled"), boolean),
  LocalAuthListMaxLength: backed(of("LocalAuthListCtrlr", "Entries", { aspect: "maxLimit" }), integer),
  SendLocalListMaxLength: backed(of("LocalAuthListCtrlr", "ItemsPerMessage"), integer),
  ReserveConnectorZeroSupported: backed(of("ReservationCtrlr", "NonEvseSpecific"), boolean),
  ChargeProfileMaxStackLevel: backed(of("SmartChargingCtrlr", "ProfileStackLevel"), integer),
  ChargingScheduleAllowedChargingRateUnit: backed(of("SmartChargingCtrlr", "RateUnit"), rateUnits),
  ChargingScheduleMaxPeriods: backed(of("SmartChargingCtrlr", "PeriodsPerSchedule"), integer),
  ConnectorSwitch3to1PhaseSupported: backed(of("SmartChargingCtrlr", "Phases3to1"), boolean),
  MaxChargingProfilesInstalled: backed(
    of("SmartChargingCtrlr", "Entries", { instance: "ChargingProfiles", aspect: "maxLimit" }),
    integer
  ),
  MessageTimeout: connection(
    of("OCPPCommCtrlr", "MessageTimeout", { instance: "Default" }),
    integer,
    setBy("messageTimeout")
  ),
  StopTransactionMaxMeterValues: none(
    "a station of 2.x does not tell how many samples it can send at the end (J02.FR.20)"
  ),
  SupportedFileTransferProtocols: backed(of("OCPPCommCtrlr", "FileTransferProtocols"), fileTransferProtocols),
  AdditionalRootCertificateCheck: backed(of("SecurityCtrlr", "AdditionalRootCertificateCheck"), boolean),
  AuthorizationKey: connection(of("SecurityCtrlr", "BasicAuthPassword"), password, {
    secret: true,
    note: "write-only in both; what is no UTF-8 or has more than 20 bytes cannot be carried"
  }),
  CertificateSignedMaxChainSize: backed(of("SecurityCtrlr", "MaxCertificateChainSize"), integer),
  CertificateStoreMaxLength: backed(of("SecurityCtrlr", "CertificateEntries", { aspect: "maxLimit" }), integer, {
    note: "1.6 counts root certificates, 2.x all"
  }),
  CpoName: backed(of("SecurityCtrlr", "OrganizationName"), text),
  SecurityProfile: connection(of("SecurityCtrlr", "SecurityProfile"), integer, setBy("securityProfile"))
}

const implementation = (vendorId: string): Without<KeyMapping> =>
  backed(of("CustomizationCtrlr", "CustomImplementationEnabled", { instance: vendorId }), boolean)

const language = { note: "2.0.1 has no such variable of its own: a station has it with the extension for languages" }

/**
 * The keys of the extensions of 1.6.
 *
 * @see Application notes "Using ISO 15118 Plug & Charge with OCPP 1.6", "OCPP & California Pricing Requirements" §3
 */
const rowsOfExtensions: Readonly<Record<string, Row>> = {
  ISO15118PnCEnabled: backed(of("ISO15118Ctrlr", "PnCEnabled"), boolean),
  CentralContractValidationAllowed: backed(of("ISO15118Ctrlr", "CentralContractValidationAllowed"), boolean),
  ContractValidationOffline: backed(of("ISO15118Ctrlr", "ContractValidationOffline"), boolean),
  CertSigningWaitMinimum: backed(of("SecurityCtrlr", "CertSigningWaitMinimum"), integer),
  CertSigningRepeatTimes: backed(of("SecurityCtrlr", "CertSigningRepeatTimes"), integer),
  CustomDisplayCostAndPrice: implementation("org.openchargealliance.costmsg"),
  DefaultPrice: none(
    "JSON with a text, another one for a station that is offline, and prices; only the first text has a variable in both 2.0.1 and 2.1, `TariffCostCtrlr.TariffFallbackMessage`"
  ),
  CustomMultiLanguageMessages: implementation("org.openchargealliance.multilanguage"),
  SupportedLanguages: backed(of("DisplayMessageCtrlr", "Language", { aspect: "valuesList" }), list, language),
  Language: backed(of("DisplayMessageCtrlr", "Language"), text, language),
  DefaultPriceText: none(
    "one key for each further language, such as `DefaultPriceText,nl`, which is JSON with two texts; 2.1 has a variable for each text and language"
  ),
  TimeOffset: backed(of("ClockCtrlr", "TimeOffset"), text),
  NextTimeOffsetTransitionDateTime: backed(of("ClockCtrlr", "NextTimeOffsetTransitionDateTime"), text),
  TimeOffsetNextTransition: backed(of("ClockCtrlr", "TimeOffset", { instance: "NextTransition" }), text),
  CustomIdleFeeAfterStop: none(
    "2.x has no variable for it: `TxCtrlr.TxStopPoint` says whether a transaction lasts until the vehicle is unplugged"
  )
}

/** The keys of 1.5 that are as in 1.6. */
const alikeIn15 = [
  "ConnectionTimeOut",
  "ResetRetries",
  "BlinkRepeat",
  "LightIntensity",
  "MeterValueSampleInterval",
  "ClockAlignedDataInterval"
] satisfies ReadonlyArray<ConfigurationKey>

const items15 = (
  component: "AlignedDataCtrlr" | "SampledDataCtrlr",
  variable: StandardVariableName
): Without<KeyMapping> => backed(of(component, variable), measurands15)

/** What 1.5 has left over from 1.2. */
const of12 = none("1.5 keeps it for old stations, and 2.x has nothing like it")

/** @see OCPP 1.5 §3 on case sensitivity, §6 on ChangeConfiguration.req */
const rows15: Readonly<Record<string, Row>> = {
  // In 1.5 upper and lower case count.
  HeartBeatInterval: rows.HeartbeatInterval,
  ...Object.fromEntries(alikeIn15.map((key) => [key, rows[key]])),
  MeterValuesAlignedData: items15("AlignedDataCtrlr", "Measurands"),
  MeterValuesSampledData: items15("SampledDataCtrlr", "TxUpdatedMeasurands"),
  StopTxnAlignedData: items15("AlignedDataCtrlr", "TxEndedMeasurands"),
  StopTxnSampledData: items15("SampledDataCtrlr", "TxEndedMeasurands"),
  ChargePointId: of12,
  ProximityContactRetries: of12,
  ProximityLockRetries: of12
}

const mappingsOf = (table: Readonly<Record<string, Row>>): ReadonlyArray<Mapping> =>
  Object.entries(table).map(([key, row]) => Object.assign({ key }, row))

/** One for each standard key of a version. */
export const standardMappings = { "1.5": mappingsOf(rows15), "1.6": mappingsOf({ ...rows, ...rowsOfExtensions }) }
