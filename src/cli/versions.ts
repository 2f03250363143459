/**
 * The versions of OCPP that the commands know.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import { UsageError } from "./errors.ts"

const known: ReadonlyArray<string> = ["1.6"]

/** Fails unless a version is known. */
export const check = (version: string): Effect.Effect<void, UsageError> =>
  known.includes(version)
    ? Effect.void
    : Effect.fail(
        new UsageError({
          message: `OCPP version ${JSON.stringify(version)} is not supported; known: ${known.join(", ")}`
        })
      )
