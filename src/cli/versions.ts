/**
 * The versions of OCPP that the commands know.
 */
import * as Effect from "effect/Effect"
import { UsageError } from "./errors.ts"

export const ofCsms: ReadonlyArray<string> = ["1.5", "1.6", "2.0.1", "2.1"]

export const ofStation: ReadonlyArray<string> = ["1.6"]

/** Fails unless a version is one of those known. */
export const check = (version: string, known: ReadonlyArray<string>): Effect.Effect<void, UsageError> =>
  known.includes(version)
    ? Effect.void
    : Effect.fail(
        new UsageError({
          message: `OCPP version ${JSON.stringify(version)} is not supported here; known: ${known.join(", ")}`
        })
      )
