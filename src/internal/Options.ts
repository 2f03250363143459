/**
 * What an option may be, and how one out of its range is told.
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/** The milliseconds of a duration; throws a `RangeError` that names the option if they are out of range. */
export const millis = (option: string, input: Duration.Input, least: number, most = longest): number => {
  // `Duration` takes what is no number for 0.
  const isNumber = !Number.isNaN(input)
  const value = isNumber ? Option.getOrUndefined(Option.map(Duration.fromInput(input), Duration.toMillis)) : undefined
  if (value !== undefined && value >= least && value <= most) return value
  throw new RangeError(`${option}: a duration of ${least} to ${most} ms is needed, not ${describe(input)}`)
}

/** A whole number; throws a `RangeError` that names the option if it is out of range. */
export const count = (option: string, value: number, least: number, most = longest): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${option}: a whole number of ${least} to ${most} is needed, not ${value}`)
}

/** What timers go up to, in milliseconds. */
export const longest = 0x7fffffff

const describe = (input: Duration.Input): string => (typeof input === "object" ? JSON.stringify(input) : `${input}`)
