/**
 * Options that several commands share.
 */
import * as Schema from "effect/Schema"
import { Flag } from "effect/cli"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))

/** A TCP port. */
export const port = (name: string): Flag.Flag<number> =>
  Flag.Int(name).pipe(Flag.withSchema(Port), Flag.withMetavar("port"))

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
