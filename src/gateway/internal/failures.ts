/**
 * What is answered to a request that could not be passed on, or to which the other side has answered with an error.
 */
import * as Effect from "effect/Effect"
import { CallError, type CallFailure, inWords } from "../../OcppError.ts"

/**
 * Whether the connection to the other side is gone. There is no answer then: a CALLERROR would count as a failure of the
 * message, and what its sender has not had an answer to it sends again on its next connection.
 */
export const isLost = (failure: CallFailure): boolean =>
  (failure._tag === "NotSent" && failure.reason === "NotConnected") ||
  (failure._tag === "Uncertain" && failure.reason === "ConnectionLost")

/** The answer that a failure becomes; none if the other side has given none in time, as nobody waits for it any more. */
export const refusalOf = (failure: CallFailure): Effect.Effect<never, CallError> => {
  switch (failure._tag) {
    case "CallError": {
      const { code, description, details } = failure
      return Effect.fail(new CallError({ code, description, details }))
    }
    case "InvalidResponse":
      return Effect.fail(new CallError({ code: "InternalError", description: "the answer to it was invalid" }))
    case "Uncertain":
      return Effect.never
    case "NotSent":
      return failure.reason === "Timeout"
        ? Effect.never
        : Effect.fail(new CallError({ code: codes[failure.reason], description: inWords(failure.violations) }))
  }
}

const codes = {
  InvalidRequest: "PropertyConstraintViolation",
  NotAccepted: "SecurityError",
  NotConnected: "GenericError",
  NotExpressible: "NotSupported",
  NotStored: "InternalError",
  NotSupported: "NotSupported",
  QueueFull: "GenericError"
} as const
