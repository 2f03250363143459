/**
 * What came into the domain with 2.1, in lists: the versions before it refuse or leave out all of it alike.
 */
import type * as Domain from "../../domain/index.ts"
import { type Refused, refused } from "./BothWays.ts"

/** Measurands of 2.1 only, each refused but for those that {@link synonyms} has a word for. */
export const measurands = (why: string) => ({ ...eachRefused(measurandNames, why), ...synonyms })

/** Measurands that 2.1 has by two names, of which the versions before it that have them know the second. */
export const synonyms = {
  "Current.Import.Offered": "Current.Offered",
  "Power.Import.Offered": "Power.Offered"
} as const

/** Uses of profiles of 2.1 only, each refused. */
export const purposes = (why: string) => eachRefused(["LocalGeneration", "PriorityCharging"], why)

const eachRefused = <const Word extends string>(
  words: ReadonlyArray<Word>,
  why: string
): { readonly [W in Word]: Refused } =>
  // The object has an entry for each of the words.
  Object.fromEntries(words.map((word) => [word, refused(why)])) as { readonly [W in Word]: Refused }

const measurandNames = [
  "Current.Export.Minimum",
  "Current.Export.Offered",
  "Current.Import.Minimum",
  "Display.BatteryEnergyCapacity",
  "Display.ChargingComplete",
  "Display.InletHot",
  "Display.MaximumSOC",
  "Display.MinimumSOC",
  "Display.PresentSOC",
  "Display.RemainingTimeToMaximumSOC",
  "Display.RemainingTimeToMinimumSOC",
  "Display.RemainingTimeToTargetSOC",
  "Display.TargetSOC",
  "Energy.Active.Import.CableLoss",
  "Energy.Active.Import.LocalGeneration.Register",
  "Energy.Active.Setpoint.Interval",
  "EnergyRequest.Bulk",
  "EnergyRequest.Maximum",
  "EnergyRequest.Maximum.V2X",
  "EnergyRequest.Minimum",
  "EnergyRequest.Minimum.V2X",
  "EnergyRequest.Target",
  "Power.Active.Residual",
  "Power.Active.Setpoint",
  "Power.Export.Minimum",
  "Power.Export.Offered",
  "Power.Import.Minimum",
  "Voltage.Maximum",
  "Voltage.Minimum"
] as const satisfies ReadonlyArray<Domain.Measurand>

/** The values of a period beside the limit of all phases together. */
export const periodValues = [
  "limit_L2",
  "limit_L3",
  "dischargeLimit",
  "dischargeLimit_L2",
  "dischargeLimit_L3",
  "setpoint",
  "setpoint_L2",
  "setpoint_L3",
  "setpointReactive",
  "setpointReactive_L2",
  "setpointReactive_L3",
  "preconditioningRequest",
  "evseSleep",
  "v2xBaseline",
  "operationMode"
] as const satisfies ReadonlyArray<keyof Domain.ChargingSchedulePeriod>

/** The curves of a period. */
export const periodCurves = ["v2xFreqWattCurve", "v2xSignalWattCurve"] as const satisfies ReadonlyArray<
  keyof Domain.ChargingSchedulePeriod
>
