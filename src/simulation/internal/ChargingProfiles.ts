/**
 * The charging profiles of a simulated station, and the limits that result from them.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Domain from "../../domain/index.ts"
import { limits } from "./limits.ts"

/** What profiles are looked at for: an EVSE, and when it began to charge, in milliseconds. */
export interface Charging {
  readonly evseId: number
  readonly begun: number
}

/** A transaction that a profile can be for; its name is unknown until the CSMS has given it. */
export interface Running {
  readonly name: string | undefined
}

/** A profile with its one schedule, in milliseconds by the clock of messages, and in seconds from its start. */
interface Profile extends Omit<Domain.ChargingProfile, "validFrom" | "validTo" | "chargingSchedule"> {
  readonly validFrom: number | undefined
  readonly validTo: number | undefined
  readonly startSchedule: number | undefined
  readonly duration: number
  readonly unit: Domain.ChargingRateUnit
  readonly periods: ReadonlyArray<Period>
}

interface Period {
  readonly startPeriod: number
  readonly limit: number
  readonly numberPhases: number
}

const volts = 230
const phases = 3

/**
 * One that has a single schedule of nothing but limits; a choice of several is for vehicles that choose, of which there are
 * none here.
 */
const profileOf = (given: Domain.ChargingProfile): Profile | undefined => {
  const { validFrom, validTo, chargingSchedule, ...rest } = given
  const [schedule, ...others] = chargingSchedule
  if (schedule === undefined || others.length > 0 || !hasLimitsOnly(given, schedule)) return undefined
  const { chargingRateUnit, chargingSchedulePeriod, duration, startSchedule } = schedule
  return {
    ...rest,
    validFrom: validFrom && DateTime.toEpochMillis(validFrom),
    validTo: validTo && DateTime.toEpochMillis(validTo),
    startSchedule: startSchedule && DateTime.toEpochMillis(startSchedule),
    duration: duration === undefined ? Infinity : Duration.toSeconds(duration),
    unit: chargingRateUnit,
    periods: chargingSchedulePeriod.map(({ limit = Infinity, numberPhases = phases, startPeriod }) => ({
      startPeriod: Duration.toSeconds(startPeriod),
      limit,
      numberPhases
    }))
  }
}

/** Whether a profile asks for limits in time, and for nothing else, as it can in 2.1. */
const hasLimitsOnly = (profile: Domain.ChargingProfile, schedule: Domain.ChargingSchedule): boolean =>
  [profile, schedule, ...schedule.chargingSchedulePeriod].every((part) =>
    Object.keys(part).every((name) => limiting.has(name))
  ) && schedule.chargingSchedulePeriod.every(({ limit }) => limit !== undefined)

/** The fields of profiles, schedules and periods that are about limits in time, or that a limit can do without. */
const limiting: ReadonlySet<string> = new Set<
  keyof Domain.ChargingProfile | keyof Domain.ChargingSchedule | keyof Domain.ChargingSchedulePeriod
>([
  "id",
  "stackLevel",
  "chargingProfilePurpose",
  "chargingProfileKind",
  "recurrencyKind",
  "validFrom",
  "validTo",
  "chargingSchedule",
  "transactionId",
  "startSchedule",
  "duration",
  "chargingRateUnit",
  "chargingSchedulePeriod",
  "minChargingRate",
  "powerTolerance",
  "salesTariff",
  "startPeriod",
  "limit",
  "numberPhases",
  "phaseToUse"
])

interface Installed {
  readonly evseId: number
  readonly profile: Profile
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
   * Installs a profile in place of that with the same id, or of the same rank; `false` if it is none for this EVSE.
   * `running` is the transaction there.
   */
  set(evseId: number, given: Domain.ChargingProfile, running: Running | undefined, at: number): boolean {
    const profile = profileOf(given)
    if (profile === undefined || !this.isUsable(profile, at) || !isFor(evseId, profile, running)) return false
    const others = this.besides(evseId, profile)
    if (others.length >= limits.chargingProfiles) return false
    this.installed = [...others, { evseId, profile, at }]
    return true
  }

  /** Whether a profile can be installed for a transaction that has yet to start. */
  isForStart(evseId: number, given: Domain.ChargingProfile, at: number): boolean {
    const profile = profileOf(given)
    const isItsOwn = profile?.chargingProfilePurpose === "TxProfile" && profile.transactionId === undefined
    return isItsOwn && this.isUsable(profile, at) && this.besides(evseId, profile).length < limits.chargingProfiles
  }

  /** Whether a profile can be installed anywhere, and limits something at this time or later. */
  private isUsable(profile: Profile, at: number): boolean {
    const { from, start, to } = this.spanOf(profile, at)
    const { chargingProfileKind, duration } = profile
    const end = chargingProfileKind === "Recurring" && duration > 0 ? Infinity : start + duration * 1000
    return isValid(profile) && Math.min(to, end) > Math.max(from, start, at)
  }

  private besides(evseId: number, profile: Profile): ReadonlyArray<Installed> {
    return this.installed.filter((one) => !isReplaced(one, evseId, profile))
  }

  /** Removes what matches; `false` if there is none. */
  clear(filter: Domain.ClearChargingProfileRequest): boolean {
    return this.keep((one) => !isCleared(one, filter))
  }

  /** Removes the profiles of the transaction of an EVSE. */
  endTransaction(evseId: number): void {
    this.keep((one) => one.evseId !== evseId || one.profile.chargingProfilePurpose !== "TxProfile")
  }

  private keep(isKept: (one: Installed) => boolean): boolean {
    const kept = this.installed.filter(isKept)
    const isFewer = kept.length < this.installed.length
    this.installed = kept
    return isFewer
  }

  /** The limit of the station as a whole at a time, in watts. */
  ofStation(at: number): number {
    return this.highest("ChargingStationMaxProfile", 0, undefined, at) ?? Infinity
  }

  /** The limit of an EVSE at a time, in watts; that of the whole station is not in it. */
  ofEvse({ begun, evseId }: Charging, at: number): number {
    return (
      this.highest("TxProfile", evseId, begun, at) ??
      this.highest("TxDefaultProfile", evseId, begun, at) ??
      this.highest("TxDefaultProfile", 0, begun, at) ??
      Infinity
    )
  }

  private highest(
    purpose: Domain.ChargingProfilePurpose,
    evseId: number,
    begun: number | undefined,
    at: number
  ): number | undefined {
    return this.installed
      .filter((one) => one.evseId === evseId && one.profile.chargingProfilePurpose === purpose)
      .toSorted((one, other) => other.profile.stackLevel - one.profile.stackLevel)
      .map((one) => limitAt(one.profile, this.spanOf(one.profile, begun ?? one.at), at))
      .find((limit) => limit !== undefined)
  }

  private spanOf({ chargingProfileKind, startSchedule, validFrom, validTo }: Profile, begun: number): Span {
    const start = chargingProfileKind === "Relative" || startSchedule === undefined ? begun : startSchedule - this.ahead
    return {
      start,
      from: validFrom === undefined ? -Infinity : validFrom - this.ahead,
      to: validTo === undefined ? Infinity : validTo - this.ahead
    }
  }

  /** How a power goes on over a time, if it depends on the limits of `charging` and of the station only. */
  steps(charging: ReadonlyArray<Charging>, from: number, to: number, powerAt: (at: number) => number): Array<Step> {
    const times = new Set([from])
    for (const { at, evseId, profile } of this.installed) {
      const begins =
        profile.chargingProfilePurpose === "ChargingStationMaxProfile"
          ? [at]
          : charging.filter((one) => evseId === 0 || one.evseId === evseId).map(({ begun }) => begun)
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
  unit: Domain.ChargingRateUnit
): Domain.CompositeSchedule => {
  const periods = new Map<number, Domain.ChargingSchedulePeriod>()
  for (const { at, power } of steps) {
    const startPeriod = Math.ceil((at - from) / 1000)
    const limit = Math.round((unit === "W" ? power : power / (volts * phases)) * 10) / 10
    if (startPeriod < duration) periods.set(startPeriod, { startPeriod: Duration.seconds(startPeriod), limit })
  }
  return {
    duration: Duration.seconds(duration),
    chargingRateUnit: unit,
    chargingSchedulePeriod: Array.from(periods.values())
  }
}

/** Whether a profile can be installed anywhere. */
const isValid = ({ chargingProfileKind, periods, recurrencyKind, stackLevel, unit }: Profile): boolean =>
  stackLevel >= 0 &&
  stackLevel <= limits.stackLevel &&
  Domain.ChargingProfileKind.literals.includes(chargingProfileKind) &&
  chargingProfileKind !== "Dynamic" &&
  Domain.ChargingRateUnit.literals.includes(unit) &&
  (recurrencyKind === undefined
    ? chargingProfileKind !== "Recurring"
    : Domain.RecurrencyKind.literals.includes(recurrencyKind)) &&
  periods.length > 0 &&
  periods.length <= limits.schedulePeriods &&
  periods.every(
    ({ limit, numberPhases, startPeriod }, index) =>
      limit >= 0 &&
      numberPhases >= 1 &&
      numberPhases <= phases &&
      (index === 0 ? startPeriod === 0 : startPeriod > (periods[index - 1]?.startPeriod ?? 0))
  )

const isFor = (
  evseId: number,
  { chargingProfilePurpose, transactionId }: Profile,
  running: Running | undefined
): boolean => {
  switch (chargingProfilePurpose) {
    case "ChargingStationMaxProfile":
      return evseId === 0 && transactionId === undefined
    case "TxDefaultProfile":
      return transactionId === undefined
    case "TxProfile":
      return evseId > 0 && running !== undefined && (transactionId === undefined || transactionId === running.name)
    default:
      // The constraints of others are not for a CSMS to set (P2 K01.FR.22).
      return false
  }
}

const isReplaced = (one: Installed, evseId: number, profile: Profile): boolean =>
  one.profile.id === profile.id ||
  (one.evseId === evseId &&
    one.profile.chargingProfilePurpose === profile.chargingProfilePurpose &&
    one.profile.stackLevel === profile.stackLevel)

const isCleared = (
  one: Installed,
  { chargingProfileCriteria = {}, chargingProfileId }: Domain.ClearChargingProfileRequest
): boolean => {
  if (chargingProfileId !== undefined) return chargingProfileId === one.profile.id
  const { chargingProfilePurpose: purpose, evseId, stackLevel } = chargingProfileCriteria
  return (
    (evseId === undefined || evseId === one.evseId) &&
    (purpose === undefined || purpose === one.profile.chargingProfilePurpose) &&
    (stackLevel === undefined || stackLevel === one.profile.stackLevel)
  )
}

/** When a schedule starts, and from when to when it is valid, by the clock of the meters. */
interface Span {
  readonly start: number
  readonly from: number
  readonly to: number
}

const day = 86_400_000

/** How long it takes until a schedule begins again. */
const recurrenceOf = ({ chargingProfileKind, recurrencyKind }: Profile): number =>
  chargingProfileKind === "Recurring" ? (recurrencyKind === "Weekly" ? 7 * day : day) : Infinity

/** The limit of a profile at a time, in watts; `undefined` if it has none then. */
const limitAt = (profile: Profile, { from, start, to }: Span, at: number): number | undefined => {
  const { duration, periods, unit } = profile
  if (at < from || at >= to || at < start) return undefined
  const seconds = ((at - start) % recurrenceOf(profile)) / 1000
  const period = seconds < duration ? periods.findLast(({ startPeriod }) => startPeriod <= seconds) : undefined
  if (period === undefined) return undefined
  return unit === "W" ? period.limit : period.limit * volts * period.numberPhases
}

/** The times between two at which the limit of a profile may change. */
const changesOf = (profile: Profile, span: Span, from: number, to: number): Array<number> => {
  const { duration, periods } = profile
  const recurrence = recurrenceOf(profile)
  const offsets = periods.map(({ startPeriod }) => startPeriod * 1000)
  if (duration < Infinity) offsets.push(duration * 1000)
  const times = [span.from, span.to]
  const past = recurrence === Infinity ? 0 : Math.max(0, Math.floor((from - span.start) / recurrence)) * recurrence
  for (let turn = span.start + past; turn < to; turn += recurrence) {
    for (const offset of offsets) if (offset < recurrence) times.push(turn + offset)
  }
  return times.filter((time) => time > from && time < to)
}
