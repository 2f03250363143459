/**
 * Generic handlers behind the actions of a version: they get what was asked in generic form, and their answer is put into
 * the words of the version.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { UntypedHandler } from "../../Handlers.ts"
import { CallError, inWords, type Violation } from "../../OcppError.ts"
import { Reply, responseOf } from "../../Reply.ts"
import { Losses } from "./BothWays.ts"
import type { Translation } from "./Translation.ts"

/** The answer to a request that has no generic form. */
export const refusal = (violations: ReadonlyArray<Violation>): Effect.Effect<never, CallError> =>
  Effect.fail(new CallError({ code: "PropertyConstraintViolation", description: inWords(violations) }))

/** Puts what a handler of a generic action answers into the words of a version. */
export const answering = <R>(
  name: string,
  answer: Effect.Effect<unknown, CallError, R>,
  encode: (response: unknown, losses: Losses) => unknown
): Effect.Effect<unknown, CallError, R> => {
  const given = (value: unknown): Effect.Effect<unknown, CallError> => {
    const losses = new Losses()
    const response = encode(responseOf(value), losses)
    const { violations } = losses
    if (violations.length > 0) {
      return Effect.andThen(
        Effect.logError(`the handler of ${name} gave what the version cannot say: ${inWords(violations)}`),
        Effect.fail(new CallError({ code: "InternalError" }))
      )
    }
    return Effect.succeed(value instanceof Reply ? new Reply(response, value.afterwards, value.isDetached) : response)
  }
  return Exit.isExit(answer) && Exit.isSuccess(answer) ? given(answer.value) : Effect.flatMap(answer, given)
}

/** The handler of an action that means a generic one. */
export const adapted =
  <R>(
    { generic, request: asked, response }: Translation,
    handler: UntypedHandler<R>,
    peerOf: (peer: object) => unknown
  ): UntypedHandler<R> =>
  (request, peer, exchange) => {
    const losses = new Losses()
    const decoded = asked.decode(request, losses)
    if (losses.violations.length > 0) return refusal(losses.violations)
    // The engine gives sessions and clients.
    return answering(generic.name, handler(decoded, peerOf(peer as object), exchange), response.encode)
  }
