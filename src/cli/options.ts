/**
 * Options that several commands share.
 */
import * as Schema from "effect/Schema"
import { Flag } from "effect/cli"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))

/** A TCP port. */
export const port = (name: string, description: string): Flag.Flag<number> =>
  Flag.Int(name).pipe(Flag.withSchema(Port), Flag.withMetavar("port"), Flag.withDescription(description))

/** Output for machines. */
export const json: Flag.Flag<boolean> = Flag.Boolean("json").pipe(
  Flag.withDescription("one JSON object per line"),
  Flag.withDefault(false)
)
