/**
 * Options that several commands share.
 */
import * as Option from "effect/Option"
import { Flag } from "effect/cli"

/** A text. An empty one is refused, which is what a variable gives that a script has not set. */
export const text = (name: string): Flag.Flag<string> =>
  Flag.String(name).pipe(
    Flag.filterMap(
      Option.liftPredicate((given) => given !== ""),
      () => "a text that is not empty"
    )
  )

/** A whole number of a range, which both ends belong to. */
export const whole = (name: string, minimum: number, maximum: number): Flag.Flag<number> =>
  Flag.String(name).pipe(
    Flag.filterMap(
      (given) => {
        const number = /^\d+$/.test(given) ? Number(given) : NaN
        return number >= minimum && number <= maximum ? Option.some(number) : Option.none()
      },
      () => `a whole number from ${minimum} to ${maximum}`
    )
  )

export const highestPort = 65_535

/** A TCP port. */
export const port = (name: string): Flag.Flag<number> => whole(name, 0, highestPort).pipe(Flag.withMetavar("port"))

/** The parts of a text that are separated by commas, with or without blanks. */
export const list = (given: string): ReadonlyArray<string> => given.split(",").map((part) => part.trim())

/** Output for machines. */
export const json: Flag.Flag<boolean> = Flag.Boolean("json").pipe(
  Flag.withDescription("one JSON object per line on stdout; by default readable lines"),
  Flag.withDefault(false)
)

/** A flag whose default is shown in the help. */
export const defaulted =
  (description: string, value: string | number) =>
  <A extends string | number>(flag: Flag.Flag<A>): Flag.Flag<A> =>
    // A flag of numbers is given one, and a flag of texts a text.
    flag.pipe(Flag.withDescription(`${description}; by default ${value}`), Flag.withDefault(value as A))

/** A switch, which is off by default. */
export const switched = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(`${description}; by default off`), Flag.withDefault(false))
