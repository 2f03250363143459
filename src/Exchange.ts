/**
 * The facts of an exchange: under which message id a request and its answer passed, when, and between whom.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * A request that the peer has sent.
 *
 * **Details**
 *
 * - `version`: the version of OCPP that the connection speaks, such as `"1.6"`.
 * - `identity`: the station at one end of the connection.
 * - `messageId`: under which the peer sent the request; it sends one again under the same id or under another.
 * - `receivedAt`: when the request arrived, in milliseconds since 1970-01-01T00:00:00Z.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReceivedRequest {
  readonly version: string
  readonly identity: string
  readonly action: string
  readonly messageId: string
  readonly receivedAt: number
}

/**
 * A call of this side.
 *
 * **Details**
 *
 * Times are in milliseconds since 1970-01-01T00:00:00Z. Of a call that was tried several times they are those of the last
 * try.
 *
 * - `sentAt`: when the request was given to the connection.
 * - `answeredAt`: when its answer arrived; `undefined` if none came, and for a SEND, which is never answered.
 * - `tries`: how often the request was sent under this message id.
 *
 * @category models
 * @since 0.1.0
 */
export interface Exchange {
  readonly version: string
  readonly identity: string
  readonly action: string
  readonly messageId: string
  readonly sentAt: number
  readonly answeredAt: number | undefined
  readonly tries: number
}

/** Is told of each request that the calls of an effect have sent, once that is over. @internal */
export const Recorder: Context.Reference<((exchange: Exchange) => void) | undefined> = Context.Reference<
  ((exchange: Exchange) => void) | undefined
>("effect-ocpp/Exchange/Recorder", { defaultValue: () => undefined })

/**
 * Gives, beside the result of an effect, the exchanges of the calls that it made, in the order in which they ended.
 *
 * **When to use**
 *
 * Use it around a call whose message id or times are needed, such as for an audit or to measure a station.
 *
 * **Details**
 *
 * A call that was repeated is one exchange. One that never left, and so failed as `NotSent`, is none.
 *
 * **Example** (How long a station takes to answer)
 *
 * ```ts
 * const [{ status }, exchanges] = yield* Exchange.record(station.reset({ type: "Soft" }))
 * for (const { messageId, sentAt, answeredAt = sentAt } of exchanges) {
 *   yield* Effect.log(`${messageId} took ${answeredAt - sentAt} ms`)
 * }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const record = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<readonly [result: A, exchanges: ReadonlyArray<Exchange>], E, R> =>
  Effect.suspend(() => {
    const exchanges = new Map<string, Exchange>()
    const recorder = (exchange: Exchange): void => {
      const tries = (exchanges.get(exchange.messageId)?.tries ?? 0) + exchange.tries
      exchanges.set(exchange.messageId, { ...exchange, tries })
    }
    return Effect.map(
      Effect.provideService(effect, Recorder, recorder),
      (result) => [result, Array.from(exchanges.values())] as const
    )
  })
