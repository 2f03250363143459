/**
 * The check of a message, shared by all who need it and compiled on first use, so that where only heartbeats are asked
 * only those are compiled.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Action, MessageSchema } from "./Action.ts"
import type { UntypedHandler } from "./Handlers.ts"
import * as Memo from "./internal/Memo.ts"
import { present } from "./internal/Reader.ts"
import { CallError, inWords, type Violation } from "./OcppError.ts"
import { afterAnswer, responseOf, withResponse } from "./Reply.ts"
import * as Tolerance from "./Tolerance.ts"
import * as Validation from "./Validation.ts"

export interface MessageCheck {
  /** Reads what has come. */
  readonly read: ReturnType<typeof Tolerance.decode>
  /** What is to leave, without the fields that are `undefined`, or in which ways it breaks the schema. */
  readonly write: (value: unknown) => Result.Result<unknown, ReadonlyArray<Violation>>
}

export const of = Memo.perObject((schema: MessageSchema): MessageCheck => {
  let read: MessageCheck["read"] | undefined
  let violations: ReturnType<typeof Validation.violations> | undefined
  return {
    read: (value, tolerance, digits) => (read ??= Tolerance.decode(schema))(value, tolerance, digits),
    write: (value) => {
      violations ??= Validation.violations(schema)
      if (violations(value).length === 0) return Result.succeed(value)
      // Most have none, so it is looked for only where something is wrong.
      const sent = present(value)
      const found = violations(sent)
      return found.length === 0 ? Result.succeed(sent) : Result.fail(found)
    }
  }
})

/** Checks what a handler answers: an answer that breaks its schema is logged, and becomes an `InternalError`. */
export const answerOf = (
  name: string,
  response: MessageSchema
): ((value: unknown) => Effect.Effect<unknown, CallError>) => {
  const { write } = of(response)
  return (value) => {
    const written = write(responseOf(value))
    if (Result.isSuccess(written)) return Effect.succeed(withResponse(value, written.success))
    return Effect.andThen(
      Effect.logError(`the handler of ${name} gave an invalid response: ${inWords(written.failure)}`),
      Effect.fail(new CallError({ code: "InternalError" }))
    )
  }
}

/** The same handler, whose answers are checked. A SEND has no answer, so its handler stays as it is. */
export const handlerOf = <R>(handle: UntypedHandler<R>, { name, response }: Action): UntypedHandler<R> => {
  if (response === undefined) return handle
  const check = answerOf(name, response)
  return (request, peer, exchange) => afterAnswer(handle(request, peer, exchange), check)
}
