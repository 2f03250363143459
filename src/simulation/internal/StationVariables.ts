/**
 * The variables of a simulated station, which are its configuration keys in 1.6.
 */
import * as Domain from "../../domain/index.ts"
import { limits } from "./limits.ts"

const { Variable } = Domain

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

interface Setting {
  readonly address: Domain.Variable.Address
  readonly aspect: Domain.Variable.Aspect
  readonly access: Access
  readonly value: string
}

/** A variable, as `Component.Variable` or `Component.Variable[instance]`, of a connector if one is named. */
const setting = (
  name: string,
  access: Access,
  value: string | number,
  { aspect = "Actual", evse }: { readonly aspect?: Setting["aspect"]; readonly evse?: Domain.Variable.Evse } = {}
): Setting => {
  const [, component = "", variable = "", instance] = /^(\w+)\.(\w+)(?:\[(\w+)\])?$/.exec(name) ?? []
  const address = {
    component: evse === undefined ? { name: component } : { name: component, evse },
    variable: instance === undefined ? { name: variable } : { name: variable, instance }
  }
  return { address, aspect, access, value: String(value) }
}

/** The settings by which the station works, by the names that the code has for them. */
const working = {
  authorizeRemoteStart: setting("AuthCtrlr.AuthorizeRemoteStart", boolean, "false"),
  localAuthorizeOffline: setting("AuthCtrlr.LocalAuthorizeOffline", boolean, "true"),
  localPreAuthorize: setting("AuthCtrlr.LocalPreAuthorize", boolean, "false"),
  stopTxOnInvalidId: setting("TxCtrlr.StopTxOnInvalidId", boolean, "true"),
  heartbeatInterval: setting("OCPPCommCtrlr.HeartbeatInterval", seconds, 300),
  messageAttempts: setting("OCPPCommCtrlr.MessageAttempts[TransactionEvent]", attempts, 3),
  messageAttemptInterval: setting("OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]", retrySeconds, 60),
  sampledMeasurands: setting("SampledDataCtrlr.TxUpdatedMeasurands", sampled, measurands.join(",")),
  sampleInterval: setting("SampledDataCtrlr.TxUpdatedInterval", seconds, 60),
  localListEnabled: setting("LocalAuthListCtrlr.Enabled", boolean, "true")
}

/** A setting by which the station works. */
export type Name = keyof typeof working

/** What changes nothing, and cannot be written: what the station is, and what it has to have. */
const fixed: ReadonlyArray<Setting> = [
  setting("AlignedDataCtrlr.Interval", "read", 0),
  setting("AlignedDataCtrlr.Measurands", "read", ""),
  setting("AlignedDataCtrlr.TxEndedMeasurands", "read", ""),
  setting("SampledDataCtrlr.TxEndedMeasurands", "read", ""),
  setting("TxCtrlr.EVConnectionTimeOut", "read", 60),
  setting("TxCtrlr.TxStartPoint", "read", "PowerPathClosed"),
  setting("TxCtrlr.TxStopPoint", "read", "PowerPathClosed"),
  setting("DeviceDataCtrlr.ItemsPerMessage[GetVariables]", "read", limits.variables),
  setting("DeviceDataCtrlr.ItemsPerMessage[SetVariables]", "read", limits.variables),
  setting("OCPPCommCtrlr.ResetRetries", "read", 0),
  setting("OCPPCommCtrlr.UnlockOnEVSideDisconnect", "read", "true"),
  setting("OCPPCommCtrlr.FileTransferProtocols", "read", limits.fileTransferProtocols.join(",")),
  setting("LocalAuthListCtrlr.Available", "read", "true"),
  setting("LocalAuthListCtrlr.Entries", "read", limits.listLength, { aspect: "maxLimit" }),
  setting("LocalAuthListCtrlr.ItemsPerMessage", "read", limits.listUpdateLength),
  setting("ReservationCtrlr.Available", "read", "true"),
  setting("ReservationCtrlr.NonEvseSpecific", "read", "false"),
  setting("SmartChargingCtrlr.Available", "read", "true"),
  setting("SmartChargingCtrlr.ProfileStackLevel", "read", limits.stackLevel),
  setting("SmartChargingCtrlr.RateUnit", "read", "A,W"),
  setting("SmartChargingCtrlr.PeriodsPerSchedule", "read", limits.schedulePeriods),
  setting("SmartChargingCtrlr.Entries[ChargingProfiles]", "read", limits.chargingProfiles, { aspect: "maxLimit" })
]

const idOf = ({ address, aspect }: Pick<Setting, "address" | "aspect">): string => Variable.key(address, aspect)

const common: ReadonlyMap<string, Setting> = new Map(
  [...Object.values(working), ...fixed].map((one) => [idOf(one), one])
)

const ofConnector = (id: number): ReadonlyArray<Setting> => {
  const evse = { id, connectorId: 1 }
  return [
    setting("Connector.Available", "read", "true", { evse }),
    setting("Connector.PhaseRotation", "read", "", { evse })
  ]
}

type Found = Setting | Exclude<Domain.GetVariableStatus, "Accepted" | "Rejected">

export class StationVariables {
  /** What is not as in the table. */
  private readonly values = new Map<string, string>()
  private readonly connectors: ReadonlyMap<string, Setting>

  constructor(options: { readonly connectors: number; readonly sampleInterval: number }) {
    const numbers = Array.from({ length: options.connectors }, (_, index) => index + 1)
    this.connectors = new Map(numbers.flatMap(ofConnector).map((one) => [idOf(one), one]))
    this.keep("sampleInterval", options.sampleInterval)
  }

  /** A setting in whole numbers. */
  number(name: Name): number {
    return Number(this.valueOf(working[name]))
  }

  /** A setting that is true or false. */
  is(name: Name): boolean {
    return this.valueOf(working[name]).toLowerCase() === "true"
  }

  /** What samples tell. */
  get sampled(): ReadonlySet<string> {
    return new Set(listOf(this.valueOf(working.sampledMeasurands)))
  }

  /** Takes over a value that was decided elsewhere. */
  keep(name: Name, value: string | number): void {
    this.values.set(idOf(working[name]), String(value))
  }

  get({ address, aspect }: Domain.GetVariableData): Domain.GetVariableResult {
    const found = this.find(address, aspect ?? "Actual")
    const asked = aspect === undefined ? { address } : { address, aspect }
    return typeof found === "string"
      ? { ...asked, status: found }
      : { ...asked, status: "Accepted", value: this.valueOf(found), isReadOnly: found.access === "read" }
  }

  /** Sets a variable; `name` is that of the setting which has changed, if the station works by it. */
  set({ address, aspect, value }: Domain.SetVariableData): {
    readonly result: Domain.SetVariableResult
    readonly name?: Name | undefined
  } {
    const found = this.find(address, aspect ?? "Actual")
    const asked = aspect === undefined ? { address } : { address, aspect }
    if (typeof found === "string") return { result: { ...asked, status: found } }
    const { access } = found
    if (access === "read" || !access(value)) return { result: { ...asked, status: "Rejected" } }
    this.values.set(idOf(found), value)
    return { result: { ...asked, status: "Accepted" }, name: names.get(found) }
  }

  private find(address: Domain.Variable.Address, aspect: Domain.Variable.Aspect): Found {
    const id = Variable.key(address, aspect)
    const found = common.get(id) ?? this.connectors.get(id)
    if (found !== undefined) return found
    const others = [...common.values(), ...this.connectors.values()].map((one) => one.address)
    if (others.some((other) => Variable.equals(other, address))) return "NotSupportedAttributeType"
    const isComponent = others.some(({ component }) => isSame(component, address.component))
    return isComponent ? "UnknownVariable" : "UnknownComponent"
  }

  private valueOf(one: Setting): string {
    return this.values.get(idOf(one)) ?? one.value
  }
}

// The keys of the object are those of its type.
const names = new Map(Object.entries(working).map(([name, one]) => [one, name as Name]))

const isSame = (one: Domain.Variable.Component, other: Domain.Variable.Component): boolean => {
  const variable = { name: "any" }
  return Variable.equals({ component: one, variable }, { component: other, variable })
}
