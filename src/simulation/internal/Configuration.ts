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
export class Configuration {
  private readonly keys: Map<string, { readonly access: Access; value: string }>

  constructor(options: { readonly connectors: number; readonly sampleInterval: number }) {
    this.keys = new Map(
      Object.entries<{ readonly access: Access; value: string }>({
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
        MeterValueSampleInterval: { access: seconds, value: String(options.sampleInterval) },
        NumberOfConnectors: { access: "read", value: String(options.connectors) },
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
  }

  /** A setting in whole numbers. */
  number(key: string): number {
    return Number(this.keys.get(key)?.value ?? 0)
  }

  /** A setting that is true or false. */
  is(key: string): boolean {
    return this.keys.get(key)?.value.toLowerCase() === "true"
  }

  set(key: string, value: string): ConfigurationStatus {
    const known = this.keys.get(key)
    if (known === undefined) return "NotSupported"
    if (known.access === "read" || (typeof known.access === "function" && !known.access(value))) return "Rejected"
    known.value = value
    return "Accepted"
  }

  get(asked: ReadonlyArray<string> | undefined): GetConfigurationResponse {
    const names = asked === undefined || asked.length === 0 ? Array.from(this.keys.keys()) : asked
    const configurationKey: Array<KeyValue> = []
    const unknownKey: Array<string> = []
    for (const key of names) {
      const known = this.keys.get(key)
      if (known === undefined) unknownKey.push(key)
      else if (known.access === "write") configurationKey.push({ key, readonly: false })
      else configurationKey.push({ key, readonly: known.access === "read", value: known.value })
    }
    return unknownKey.length === 0 ? { configurationKey } : { configurationKey, unknownKey }
  }
}
