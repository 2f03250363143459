/**
 * The configuration keys of a simulated station of OCPP 1.6.
 */
import type { ConfigurationStatus, GetConfigurationResponse, KeyValue } from "../../v16/Core.ts"

/** Which values the CSMS may set: none, or those that are judged to be valid. */
type Access = "read" | ((value: string) => boolean)

const seconds = (value: string): boolean => /^\d{1,9}$/.test(value)
/** What a timer goes up to, in milliseconds. */
const retrySeconds = (value: string): boolean => seconds(value) && Number(value) * 1000 <= 0x7fffffff
const attempts = (value: string): boolean => seconds(value) && Number(value) > 0
const boolean = (value: string): boolean => /^(true|false)$/i.test(value)
const listOf = (value: string): ReadonlyArray<string> => value.split(",").map((item) => item.trim())

/** What the meters of the station can tell. */
const measurands = ["Energy.Active.Import.Register", "Power.Active.Import"] as const
const sampled = (value: string): boolean => {
  const asked = listOf(value)
  return new Set(asked).size === asked.length && asked.every((one) => measurands.some((known) => known === one))
}

const profiles = ["Core", "LocalAuthListManagement", "RemoteTrigger", "Reservation", "SmartCharging"]

/** What the station says of itself, and keeps to. */
export const limits = {
  keysAsked: 50,
  listLength: 1000,
  listUpdateLength: 100,
  stackLevel: 8,
  schedulePeriods: 24,
  chargingProfiles: 10
}

interface Known {
  readonly key: string
  readonly access: Access
  readonly value: string
}

/** The names of keys are compared without case. */
const nameOf = (key: string): string => key.toLowerCase()

/**
 * The keys of the profiles that the station has. It does what those say that can be written; those that it has to have
 * and that change nothing are read-only.
 */
const keys: ReadonlyMap<string, Known> = new Map(
  Object.entries<readonly [Access, string]>({
    AuthorizeRemoteTxRequests: [boolean, "false"],
    ClockAlignedDataInterval: ["read", "0"],
    ConnectionTimeOut: ["read", "60"],
    ConnectorPhaseRotation: ["read", "NotApplicable"],
    GetConfigurationMaxKeys: ["read", String(limits.keysAsked)],
    HeartbeatInterval: [seconds, "300"],
    LocalAuthorizeOffline: [boolean, "true"],
    LocalPreAuthorize: [boolean, "false"],
    MeterValuesAlignedData: ["read", ""],
    MeterValuesSampledData: [sampled, measurands.join(",")],
    MeterValueSampleInterval: [seconds, "60"],
    NumberOfConnectors: ["read", "1"],
    ResetRetries: ["read", "0"],
    StopTransactionOnInvalidId: [boolean, "true"],
    StopTxnAlignedData: ["read", ""],
    StopTxnSampledData: ["read", ""],
    SupportedFeatureProfiles: ["read", profiles.join(",")],
    TransactionMessageAttempts: [attempts, "3"],
    TransactionMessageRetryInterval: [retrySeconds, "60"],
    UnlockConnectorOnEVSideDisconnect: ["read", "true"],
    LocalAuthListEnabled: [boolean, "true"],
    LocalAuthListMaxLength: ["read", String(limits.listLength)],
    SendLocalListMaxLength: ["read", String(limits.listUpdateLength)],
    ReserveConnectorZeroSupported: ["read", "false"],
    ChargeProfileMaxStackLevel: ["read", String(limits.stackLevel)],
    ChargingScheduleAllowedChargingRateUnit: ["read", "Current,Power"],
    ChargingScheduleMaxPeriods: ["read", String(limits.schedulePeriods)],
    MaxChargingProfilesInstalled: ["read", String(limits.chargingProfiles)]
  }).map(([key, [access, value]]) => [nameOf(key), { key, access, value }])
)

export class Configuration {
  /** What is not as in the table, by the key's name there. */
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

  /** What samples tell. */
  get sampled(): ReadonlySet<string> {
    return new Set(listOf(this.value("MeterValuesSampledData") ?? ""))
  }

  private value(key: string): string | undefined {
    return this.values.get(key) ?? keys.get(nameOf(key))?.value
  }

  /** Sets a key; `key` is its name as the station writes it. */
  set(asked: string, value: string): { readonly key: string; readonly status: ConfigurationStatus } {
    const known = keys.get(nameOf(asked))
    if (known === undefined) return { key: asked, status: "NotSupported" }
    const { access, key } = known
    if (access === "read" || !access(value)) return { key, status: "Rejected" }
    this.values.set(key, value)
    return { key, status: "Accepted" }
  }

  /** Takes over a value that was decided elsewhere; the key is its name in the table. */
  keep(key: string, value: string): void {
    this.values.set(key, value)
  }

  get(asked: ReadonlyArray<string> | undefined): GetConfigurationResponse {
    const names = asked === undefined || asked.length === 0 ? Array.from(keys.keys()) : asked
    const configurationKey: Array<KeyValue> = []
    const unknownKey: Array<string> = []
    for (const name of names) {
      const known = keys.get(nameOf(name))
      if (known === undefined) unknownKey.push(name)
      else {
        const { access, key, value } = known
        configurationKey.push({ key, readonly: access === "read", value: this.value(key) ?? value })
      }
    }
    return unknownKey.length === 0 ? { configurationKey } : { configurationKey, unknownKey }
  }
}
