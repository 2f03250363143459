/**
 * The versions of OCPP that the commands know.
 */
import * as Effect from "effect/Effect"
import { UsageError } from "./errors.ts"

export const ofCsms = ["1.5", "1.6", "2.0.1", "2.1"] as const

export const ofStation = ["1.6", "2.0.1", "2.1"] as const

/** The version that a flag names; fails unless it is one of those known. */
export const check = <const Version extends string>(
  flag: string,
  version: string,
  known: ReadonlyArray<Version>
): Effect.Effect<Version, UsageError> => {
  const found = known.find((one) => one === version)
  return found === undefined
    ? Effect.fail(new UsageError({ message: `${flag}: ${JSON.stringify(version)} is none of ${known.join(", ")}` }))
    : Effect.succeed(found)
}
