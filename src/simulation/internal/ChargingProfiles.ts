/**
 * The charging profiles of a simulated station of OCPP 1.6, and the limits that result from them.
 */
import * as Timestamp from "../../Timestamp.ts"
import {
  ChargingProfileKindType,
  type ChargingProfile,
  ChargingRateUnitType,
  type ChargingSchedule,
  type ChargingSchedulePeriod,
  RecurrencyKindType
} from "../../v16/DataTypes.ts"
import type { ClearChargingProfileRequest } from "../../v16/SmartCharging.ts"
import { limits } from "./Configuration.ts"

/** What profiles are looked at for: a connector, and when it began to charge, in milliseconds. */
export interface Charging {
  readonly connectorId: number
  readonly begun: number
}

/** A transaction that a profile can be for; its number is unknown until the CSMS has given it. */
export interface Running {
  readonly number: number | undefined
}

interface Installed {
  readonly connectorId: number
  readonly profile: ChargingProfile
  readonly at: number
}

/** A power in watts from a time in milliseconds on. */
interface Step {
  readonly at: number
  readonly power: number
}

export class ChargingProfiles {
  /** How far the time that profiles are in is ahead of that of the meters, in milliseconds. */
  ahead = 0
  private installed: ReadonlyArray<Installed> = []

  /**
   * Installs a profile in place of that with the same id, or of the same rank; `false` if it is none for this connector.
   * `running` is the transaction there.
   */
  set(connectorId: number, profile: ChargingProfile, running: Running | undefined, at: number): boolean {
    if (!this.isUsable(profile, at) || !isFor(connectorId, profile, running)) return false
    const others = this.besides(connectorId, profile)
    if (others.length >= limits.chargingProfiles) return false
    this.installed = [...others, { connectorId, profile, at }]
    return true
  }

  /** Whether a profile can be installed for a transaction that has yet to start. */
  isForStart(connectorId: number, profile: ChargingProfile, at: number): boolean {
    const { chargingProfilePurpose, transactionId } = profile
    const isItsOwn = chargingProfilePurpose === "TxProfile" && transactionId === undefined
    const others = this.besides(connectorId, profile)
    return isItsOwn && this.isUsable(profile, at) && others.length < limits.chargingProfiles
  }

  /** Whether a profile can be installed anywhere, and limits something at this time or later. */
  private isUsable(profile: ChargingProfile, at: number): boolean {
    const { from, start, to } = this.spanOf(profile, at)
    const { duration = Infinity } = profile.chargingSchedule
    const end = profile.chargingProfileKind === "Recurring" && duration > 0 ? Infinity : start + duration * 1000
    return isValid(profile) && Math.min(to, end) > Math.max(from, start, at)
  }

  private besides(connectorId: number, profile: ChargingProfile): ReadonlyArray<Installed> {
    return this.installed.filter((one) => !isReplaced(one, connectorId, profile))
  }

  /** Removes what matches; `false` if there is none. */
  clear(filter: ClearChargingProfileRequest): boolean {
    return this.keep((one) => !isCleared(one, filter))
  }

  /** Removes the profiles of the transaction of a connector. */
  endTransaction(connectorId: number): void {
    this.keep((one) => one.connectorId !== connectorId || one.profile.chargingProfilePurpose !== "TxProfile")
  }

  private keep(isKept: (one: Installed) => boolean): boolean {
    const kept = this.installed.filter(isKept)
    const isFewer = kept.length < this.installed.length
    this.installed = kept
    return isFewer
  }

  /** The limit of the station as a whole at a time, in watts. */
  ofStation(at: number): number {
    return this.highest("ChargePointMaxProfile", 0, undefined, at) ?? Infinity
  }

  /** The limit of a connector at a time, in watts; that of the whole station is not in it. */
  ofConnector({ begun, connectorId }: Charging, at: number): number {
    return (
      this.highest("TxProfile", connectorId, begun, at) ??
      this.highest("TxDefaultProfile", connectorId, begun, at) ??
      this.highest("TxDefaultProfile", 0, begun, at) ??
      Infinity
    )
  }

  private highest(
    purpose: ChargingProfile["chargingProfilePurpose"],
    connectorId: number,
    begun: number | undefined,
    at: number
  ): number | undefined {
    return this.installed
      .filter((one) => one.connectorId === connectorId && one.profile.chargingProfilePurpose === purpose)
      .toSorted((one, other) => other.profile.stackLevel - one.profile.stackLevel)
      .map((one) => limitAt(one.profile, this.spanOf(one.profile, begun ?? one.at), at))
      .find((limit) => limit !== undefined)
  }

  private spanOf(profile: ChargingProfile, begun: number): Span {
    const { chargingProfileKind, chargingSchedule, validFrom, validTo } = profile
    const at = (time: string | undefined): number | undefined => {
      const millis = time === undefined ? undefined : Timestamp.toMillis(time)
      return millis === undefined ? undefined : millis - this.ahead
    }
    return {
      start: (chargingProfileKind === "Relative" ? undefined : at(chargingSchedule.startSchedule)) ?? begun,
      from: at(validFrom) ?? -Infinity,
      to: at(validTo) ?? Infinity
    }
  }

  /** How a power goes on over a time, if it depends on the limits of `charging` and of the station only. */
  steps(charging: ReadonlyArray<Charging>, from: number, to: number, powerAt: (at: number) => number): Array<Step> {
    const times = new Set([from])
    for (const { at, connectorId, profile } of this.installed) {
      const begins =
        profile.chargingProfilePurpose === "ChargePointMaxProfile"
          ? [at]
          : charging.filter((one) => connectorId === 0 || one.connectorId === connectorId).map(({ begun }) => begun)
      for (const begun of begins)
        for (const time of changesOf(profile, this.spanOf(profile, begun), from, to)) times.add(time)
    }
    const steps: Array<Step> = []
    for (const time of Array.from(times).toSorted((a, b) => a - b)) {
      const power = powerAt(time)
      if (power !== steps.at(-1)?.power) steps.push({ at: time, power })
    }
    return steps
  }
}

/** The energy of a power over time, in watt-hours. */
export const energyOf = (steps: ReadonlyArray<Step>, to: number): number =>
  steps.reduce((sum, { at, power }, index) => sum + (power * ((steps[index + 1]?.at ?? to) - at)) / 3_600_000, 0)

/** A power over time, as a schedule tells it. */
export const toSchedule = (
  steps: ReadonlyArray<Step>,
  from: number,
  duration: number,
  unit: ChargingRateUnitType
): ChargingSchedule => {
  const periods = new Map<number, ChargingSchedulePeriod>()
  for (const { at, power } of steps) {
    const startPeriod = Math.ceil((at - from) / 1000)
    const limit = Math.round((unit === "W" ? power : power / (volts * phases)) * 10) / 10
    if (startPeriod < duration) periods.set(startPeriod, { startPeriod, limit })
  }
  return { duration, chargingRateUnit: unit, chargingSchedulePeriod: Array.from(periods.values()) }
}

const volts = 230
const phases = 3

/** Whether a profile can be installed anywhere. */
const isValid = ({ chargingProfileKind, chargingSchedule, recurrencyKind, stackLevel }: ChargingProfile): boolean => {
  const { chargingRateUnit, chargingSchedulePeriod: periods } = chargingSchedule
  return (
    stackLevel >= 0 &&
    stackLevel <= limits.stackLevel &&
    ChargingProfileKindType.literals.includes(chargingProfileKind) &&
    ChargingRateUnitType.literals.includes(chargingRateUnit) &&
    (recurrencyKind === undefined
      ? chargingProfileKind !== "Recurring"
      : RecurrencyKindType.literals.includes(recurrencyKind)) &&
    periods.length > 0 &&
    periods.length <= limits.schedulePeriods &&
    periods.every(
      ({ limit, numberPhases = phases, startPeriod }, index) =>
        limit >= 0 &&
        numberPhases >= 1 &&
        numberPhases <= phases &&
        (index === 0 ? startPeriod === 0 : startPeriod > (periods[index - 1]?.startPeriod ?? 0))
    )
  )
}

const isFor = (
  connectorId: number,
  { chargingProfilePurpose, transactionId }: ChargingProfile,
  running: Running | undefined
): boolean => {
  switch (chargingProfilePurpose) {
    case "ChargePointMaxProfile":
      return connectorId === 0 && transactionId === undefined
    case "TxDefaultProfile":
      return transactionId === undefined
    case "TxProfile":
      return (
        connectorId > 0 && running !== undefined && (transactionId === undefined || transactionId === running.number)
      )
  }
}

const isReplaced = (one: Installed, connectorId: number, profile: ChargingProfile): boolean =>
  one.profile.chargingProfileId === profile.chargingProfileId ||
  (one.connectorId === connectorId &&
    one.profile.chargingProfilePurpose === profile.chargingProfilePurpose &&
    one.profile.stackLevel === profile.stackLevel)

const isCleared = ({ connectorId, profile }: Installed, filter: ClearChargingProfileRequest): boolean =>
  filter.id === undefined
    ? (filter.connectorId === undefined || filter.connectorId === connectorId) &&
      (filter.chargingProfilePurpose === undefined ||
        filter.chargingProfilePurpose === profile.chargingProfilePurpose) &&
      (filter.stackLevel === undefined || filter.stackLevel === profile.stackLevel)
    : filter.id === profile.chargingProfileId

/** When a schedule starts, and from when to when it is valid, by the clock of the meters. */
interface Span {
  readonly start: number
  readonly from: number
  readonly to: number
}

const day = 86_400_000

/** How long it takes until a schedule begins again. */
const recurrenceOf = ({ chargingProfileKind, recurrencyKind }: ChargingProfile): number =>
  chargingProfileKind === "Recurring" ? (recurrencyKind === "Weekly" ? 7 * day : day) : Infinity

/** The limit of a profile at a time, in watts; `undefined` if it has none then. */
const limitAt = (profile: ChargingProfile, { from, start, to }: Span, at: number): number | undefined => {
  const { chargingRateUnit, chargingSchedulePeriod: periods, duration = Infinity } = profile.chargingSchedule
  if (at < from || at >= to || at < start) return undefined
  const seconds = ((at - start) % recurrenceOf(profile)) / 1000
  const period = seconds < duration ? periods.findLast(({ startPeriod }) => startPeriod <= seconds) : undefined
  if (period === undefined) return undefined
  return chargingRateUnit === "W" ? period.limit : period.limit * volts * (period.numberPhases ?? phases)
}

/** The times between two at which the limit of a profile may change. */
const changesOf = (profile: ChargingProfile, span: Span, from: number, to: number): Array<number> => {
  const { chargingSchedulePeriod: periods, duration } = profile.chargingSchedule
  const recurrence = recurrenceOf(profile)
  const offsets = periods.map(({ startPeriod }) => startPeriod * 1000)
  if (duration !== undefined) offsets.push(duration * 1000)
  const times = [span.from, span.to]
  const past = recurrence === Infinity ? 0 : Math.max(0, Math.floor((from - span.start) / recurrence)) * recurrence
  for (let turn = span.start + past; turn < to; turn += recurrence) {
    for (const offset of offsets) if (offset < recurrence) times.push(turn + offset)
  }
  return times.filter((time) => time > from && time < to)
}
