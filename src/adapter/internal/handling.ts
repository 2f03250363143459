/**
 * What goes over a connection, between its generic form and that of the version: calls and their answers; and generic
 * handlers behind the actions of a version, which get what was asked in generic form and whose answer is put into the words
 * of the version.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Action from "../../Action.ts"
import type { UntypedHandler } from "../../Handlers.ts"
import type * as Client from "../../Client.ts"
import * as MessageCheck from "../../MessageCheck.ts"
import { CallError, type CallFailure, InvalidResponse, inWords, NotSent, type Violation } from "../../OcppError.ts"
import { afterAnswer, responseOf, withResponse } from "../../Reply.ts"
import { type Losses, whole } from "./BothWays.ts"
import type { Report, Translation } from "./Translation.ts"

/** Reports by a warning. */
export const logged: Report = ({ message }) => Effect.logWarning(message)

/** Reports what was left out of a message, if anything was. */
export const reported = (
  action: string,
  leftOut: ReadonlyArray<Violation>,
  report: Report | undefined
): Effect.Effect<void> =>
  report === undefined || leftOut.length === 0
    ? Effect.void
    : report({
        kind: "LeftOut",
        action,
        message: `${action} goes without what the version has no place for: ${inWords(leftOut)}`,
        violations: leftOut
      })

/** A generic request as its schema has it, without the fields that are `undefined`; what breaks the schema is not sent. */
export const checked = ({ name, request: schema }: Action.Action, request: unknown): Result.Result<unknown, NotSent> =>
  Result.mapError(
    MessageCheck.of(schema).write(request),
    (violations) => new NotSent({ action: name, reason: "InvalidRequest", violations })
  )

/** A mistake of this side: the log says what it is, and the peer does not get it. */
export const failing = (mistake: string): Effect.Effect<never, CallError> =>
  Effect.andThen(Effect.logError(mistake), Effect.fail(new CallError({ code: "InternalError" })))

/** How a generic call fails whose operation a version does not have. */
export const notSupported = (action: string, rule: string): NotSent =>
  new NotSent({ action, reason: "NotSupported", violations: [{ path: "", rule, code: "NotSupported" }] })

/** How a generic call fails that the version cannot carry. */
export const notExpressible = (action: string, violations: ReadonlyArray<Violation>): NotSent =>
  new NotSent({ action, reason: "NotExpressible", violations })

/**
 * A generic request in the words of a version.
 *
 * **Details**
 *
 * - `action`: the action of the version by which it is sent.
 * - `request`: what is sent.
 * - `leftOut`: what it goes without, if the adapter is one of `Adapter.leavingOut`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Encoded {
  readonly action: Action.Action
  readonly request: unknown
  readonly leftOut: ReadonlyArray<Violation>
}

/** Puts a request into the words of a version, as a translation says. */
export const encodedBy = (
  { action, generic, request: asked }: Translation,
  request: unknown,
  canLeaveOut: boolean
): Result.Result<Encoded, NotSent> => {
  const leftOut: Array<Violation> = []
  const sent = whole(asked.encode, request, canLeaveOut ? leftOut : undefined)
  return Result.isSuccess(sent)
    ? Result.succeed({ action, request: sent.success, leftOut })
    : Result.fail(notExpressible(generic.name, sent.failure))
}

/** Makes a generic call by the action of a version that means it. */
export const calling = <S extends Action.Side>(
  translation: Translation,
  request: unknown,
  versioned: Client.Caller<S>,
  options: Client.CallOptions | undefined,
  report: Report | undefined
): Effect.Effect<unknown, CallFailure> => {
  const encoded = encodedBy(translation, request, report !== undefined)
  if (Result.isFailure(encoded)) return Effect.fail(encoded.failure)
  const { action, leftOut, request: sent } = encoded.success
  // It is of the same side as the generic one, and the request is its own.
  const call = versioned.call(action as Action.OfSide<S>, sent as never, options)
  const called = Effect.flatMap(call, (response) => understood(action.name, translation.response.decode, response))
  return leftOut.length === 0 ? called : Effect.andThen(reported(translation.generic.name, leftOut, report), called)
}

/** Makes another call instead if the peer does not know the action of the first one. */
export const unlessKnown = <A>(
  first: Effect.Effect<A, CallFailure>,
  instead: () => Effect.Effect<A, CallFailure>
): Effect.Effect<A, CallFailure> =>
  Effect.catchTag(first, "CallError", (error) =>
    error.code === "NotImplemented" || error.code === "NotSupported" ? instead() : Effect.fail(error)
  )

/** The options of a further call for the same request: a message id is for one call. */
export const withoutMessageId = (options: Client.CallOptions = {}): Client.CallOptions => {
  const { messageId: _, ...rest } = options
  return rest
}

/** The answer to a call in generic form. */
export const understood = <Wire, Generic>(
  action: string,
  decode: (response: Wire, losses: Losses) => Generic,
  payload: Wire
): Effect.Effect<Generic, InvalidResponse> => {
  const read = whole(decode, payload)
  return Result.isSuccess(read)
    ? Effect.succeed(read.success)
    : Effect.fail(new InvalidResponse({ action, messageId: "", payload, violations: read.failure }))
}

/** The answer to a request that has no generic form. */
export const refusal = (violations: ReadonlyArray<Violation>): Effect.Effect<never, CallError> =>
  Effect.fail(new CallError({ code: "PropertyConstraintViolation", description: inWords(violations) }))

/** Puts what a handler of a generic action answers into the words of a version. */
export const answering = <R>(
  name: string,
  answer: Effect.Effect<unknown, CallError, R>,
  encode: (response: unknown, losses: Losses) => unknown,
  report?: Report
): Effect.Effect<unknown, CallError, R> =>
  afterAnswer(answer, (value) => {
    const leftOut: Array<Violation> | undefined = report && []
    const told = whole(encode, responseOf(value), leftOut)
    if (Result.isSuccess(told)) {
      const response = Effect.succeed(withResponse(value, told.success))
      return leftOut === undefined || leftOut.length === 0
        ? response
        : Effect.andThen(reported(name, leftOut, report), response)
    }
    return failing(`the handler of ${name} gave what the version cannot say: ${inWords(told.failure)}`)
  })

/** The handler of an action that means a generic one. */
export const adapted =
  <R>(
    { generic, request: asked, response }: Translation,
    handler: UntypedHandler<R>,
    peerOf: (peer: object) => unknown,
    report?: Report
  ): UntypedHandler<R> =>
  (request, peer, exchange) => {
    const read = whole(asked.decode, request)
    if (Result.isFailure(read)) return refusal(read.failure)
    // The engine gives sessions and clients.
    return answering(generic.name, handler(read.success, peerOf(peer as object), exchange), response.encode, report)
  }
