/**
 * An answer with something to do once it is on its way.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/**
 * A response, and an effect that starts once the response is on the wire.
 *
 * **Details**
 *
 * - `isDetached`: whether the effect outlives the connection.
 *
 * @category models
 * @since 0.1.0
 */
export class Reply<out Response> {
  readonly response: Response
  readonly afterwards: Effect.Effect<unknown, unknown>
  readonly isDetached: boolean

  constructor(response: Response, afterwards: Effect.Effect<unknown, unknown>, isDetached = false) {
    this.response = response
    this.afterwards = afterwards
    this.isDetached = isDetached
  }

  /**
   * Answers a request and then goes on.
   *
   * **When to use**
   *
   * Use in a handler whose answer must reach the peer before the messages that follow from it: a station accepts a
   * GetReport first and sends its NotifyReport afterwards.
   *
   * **Details**
   *
   * The second effect has the handler's services, may call the peer, and is interrupted when the connection goes. Its
   * failures are logged.
   *
   * **Example** (Accepting, then reporting)
   *
   * ```ts
   * getReport: ({ requestId }, csms) => Reply.then({ status: "Accepted" }, report(csms, requestId))
   * ```
   *
   * @see P2 FR.05
   */
  // oxlint-disable-next-line unicorn/no-thenable -- nothing awaits a class
  static readonly then = <const A, E, R>(
    response: A,
    afterwards: Effect.Effect<unknown, E, R>
  ): Effect.Effect<Reply<A>, never, R> => reply(response, afterwards, false)

  /**
   * Answers a request and then goes on, whatever becomes of the connection: the second effect is interrupted only when
   * the layer of the station or the CSMS is closed.
   *
   * **When to use**
   *
   * Use for what the peer counts on once it has the answer: the transaction that a station has agreed to start, the
   * expiry of a reservation.
   *
   * **Gotchas**
   *
   * The effect does not start if the connection is lost before the answer is sent. It can find the peer not connected.
   *
   * **Example** (Accepting, then charging)
   *
   * ```ts
   * remoteStartTransaction: ({ idTag }) => Reply.thenDetached({ status: "Accepted" }, charge(idTag))
   * ```
   */
  static readonly thenDetached = <const A, E, R>(
    response: A,
    afterwards: Effect.Effect<unknown, E, R>
  ): Effect.Effect<Reply<A>, never, R> => reply(response, afterwards, true)
}

const reply = <A, E, R>(
  response: A,
  afterwards: Effect.Effect<unknown, E, R>,
  isDetached: boolean
): Effect.Effect<Reply<A>, never, R> =>
  Effect.map(
    Effect.context<R>(),
    (context) => new Reply(response, Effect.provideContext(afterwards, context), isDetached)
  )

/** The response in what a handler gave. @internal */
export const responseOf = (answer: unknown): unknown => (answer instanceof Reply ? answer.response : answer)

/** What a handler gave, with this response. @internal */
export const withResponse = (answer: unknown, response: unknown): unknown => {
  if (!(answer instanceof Reply)) return response
  return answer.response === response ? answer : new Reply(response, answer.afterwards, answer.isDetached)
}

/** Goes on with the answer of a handler. One that is there already needs no fiber. @internal */
export const afterAnswer = <E, R>(
  answer: Effect.Effect<unknown, E, R>,
  then: (value: unknown) => Effect.Effect<unknown, E>
): Effect.Effect<unknown, E, R> =>
  Exit.isExit(answer) && Exit.isSuccess(answer) ? then(answer.value) : Effect.flatMap(answer, then)
