/**
 * The configuration keys of a simulated station of OCPP 1.6.
 */
import type { ConfigurationStatus, GetConfigurationResponse, KeyValue } from "../../v16/Core.ts"

/** How a value that the CSMS sets is judged. */
type Access = "read" | "write" | ((value: string) => boolean)

const seconds = (value: string): boolean => /^\d{1,9}$/.test(value)
/** What a timer goes up to, in milliseconds. */
const retrySeconds = (value: string): boolean => seconds(value) && Number(value) * 1000 <= 0x7fffffff
const boolean = (value: string): boolean => /^(true|false)$/i.test(value)
const list = (): boolean => true

/** The keys of the Core profile and of those other profiles that the simulated station plays along with. */
const keys: ReadonlyMap<string, { readonly access: Access; readonly value: string }> = new Map(
  Object.entries<{ readonly access: Access; readonly value: string }>({
    AuthorizeRemoteTxRequests: { access: boolean, value: "false" },
    ClockAlignedDataInterval: { access: seconds, value: "0" },
    ConnectionTimeOut: { access: seconds, value: "60" },
    ConnectorPhaseRotation: { access: list, value: "NotApplicable" },
    GetConfigurationMaxKeys: { access: "read", value: "50" },
    HeartbeatInterval: { access: seconds, value: "300" },
    LocalAuthorizeOffline: { access: boolean, value: "true" },
    LocalPreAuthorize: { access: boolean, value: "false" },
    MeterValuesAlignedData: { access: list, value: "" },
    MeterValuesSampledData: { access: list, value: "Energy.Active.Import.Register,Power.Active.Import" },
    MeterValueSampleInterval: { access: seconds, value: "60" },
    NumberOfConnectors: { access: "read", value: "1" },
    ResetRetries: { access: seconds, value: "1" },
    StopTransactionOnInvalidId: { access: boolean, value: "true" },
    StopTxnAlignedData: { access: list, value: "" },
    StopTxnSampledData: { access: list, value: "" },
    SupportedFeatureProfiles: {
      access: "read",
      value: "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"
    },
    TransactionMessageAttempts: { access: seconds, value: "3" },
    TransactionMessageRetryInterval: { access: retrySeconds, value: "60" },
    UnlockConnectorOnEVSideDisconnect: { access: boolean, value: "true" },
    WebSocketPingInterval: { access: seconds, value: "60" },
    LocalAuthListEnabled: { access: boolean, value: "true" },
    LocalAuthListMaxLength: { access: "read", value: "1000" },
    SendLocalListMaxLength: { access: "read", value: "100" },
    ReserveConnectorZeroSupported: { access: "read", value: "false" },
    ChargeProfileMaxStackLevel: { access: "read", value: "8" },
    ChargingScheduleAllowedChargingRateUnit: { access: "read", value: "Current,Power" },
    ChargingScheduleMaxPeriods: { access: "read", value: "24" },
    MaxChargingProfilesInstalled: { access: "read", value: "10" },
    AuthorizationKey: { access: "write", value: "" }
  })
)

export class Configuration {
  /** What is not as in the table. */
  private readonly values: Map<string, string>

  constructor({ connectors, sampleInterval }: { readonly connectors: number; readonly sampleInterval: number }) {
    this.values = new Map([
      ["MeterValueSampleInterval", String(sampleInterval)],
      ["NumberOfConnectors", String(connectors)]
    ])
  }

  /** A setting in whole numbers. */
  number(key: string): number {
    return Number(this.value(key) ?? 0)
  }

  /** A setting that is true or false. */
  is(key: string): boolean {
    return this.value(key)?.toLowerCase() === "true"
  }

  private value(key: string): string | undefined {
    return this.values.get(key) ?? keys.get(key)?.value
  }

  set(key: string, value: string): ConfigurationStatus {
    const known = keys.get(key)
    if (known === undefined) return "NotSupported"
    if (known.access === "read" || (typeof known.access === "function" && !known.access(value))) return "Rejected"
    this.values.set(key, value)
    return "Accepted"
  }

  get(asked: ReadonlyArray<string> | undefined): GetConfigurationResponse {
    const names = asked === undefined || asked.length === 0 ? Array.from(keys.keys()) : asked
    const configurationKey: Array<KeyValue> = []
    const unknownKey: Array<string> = []
    for (const key of names) {
      const known = keys.get(key)
      if (known === undefined) unknownKey.push(key)
      else if (known.access === "write") configurationKey.push({ key, readonly: false })
      else configurationKey.push({ key, readonly: known.access === "read", value: this.value(key) ?? known.value })
    }
    return unknownKey.length === 0 ? { configurationKey } : { configurationKey, unknownKey }
  }
}
