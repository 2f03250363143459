/**
 * What a CSMS asks of a station of another version.
 */
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import { CallError, type CallFailure, inWords } from "../../OcppError.ts"
import * as Validation from "../../Validation.ts"
import { isLost, refusalOf } from "./failures.ts"
import { isInexpressible } from "./Translated.ts"

/** The words by which the answers to requests of a CSMS say no. */
const refusals = ["Rejected", "NotSupported", "NotImplemented", "Failed", "UnlockFailed"]

/** Says no in the words of the action, and why; a CALLERROR where it has none. */
const refused = ({ response }: Action.Action, why: string): Effect.Effect<unknown, CallError> => {
  const statusInfo = { reasonCode: "UnsupportedParam", additionalInfo: why.slice(0, longest) }
  const words = refusals.flatMap((status) => [{ status, statusInfo }, { status }])
  const answer = response === undefined ? undefined : words.find(Validation.is(response))
  return answer === undefined
    ? Effect.fail(new CallError({ code: "NotSupported", description: why }))
    : Effect.succeed(answer)
}

/** What `additionalInfo` of 2.0.1 has room for. */
const longest = 512

/** The answer to a request of a CSMS: that of the station, or a refusal if its version cannot say what is asked. */
export const answered = (
  action: Action.Action,
  call: Effect.Effect<unknown, CallFailure>
): Effect.Effect<unknown, CallError> =>
  Effect.catch(call, (failure) => {
    if (isInexpressible(failure)) return refused(action, inWords(failure.violations))
    // The station is gone, and with it the connection to its CSMS.
    return isLost(failure) ? Effect.never : refusalOf(failure)
  })
