/**
 * Transactions of a station, whose messages are stored before they are sent and delivered whatever happens.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Action } from "./Action.ts"
import type { CallFailure, NotSent } from "./OcppError.ts"

/**
 * Waits for the answer to a message that is stored.
 *
 * **Details**
 *
 * The message is delivered whether anybody waits or not. It fails with the last failure if the CSMS has refused the
 * message as often as the station tries or if the message is set aside, and as `NotSent` with reason `QueueFull` if the
 * message was dropped for want of room. It is interrupted when the station is closed.
 *
 * @category models
 * @since 0.1.0
 */
export type Delivery<A> = Effect.Effect<A, CallFailure>

/**
 * What a version's transactions are made of: what the application gives at the start, for an update and at the end, and
 * what the CSMS answers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Kind {
  readonly Start: unknown
  readonly Started: unknown
  readonly Update: unknown
  readonly Updated: unknown
  readonly Stop: unknown
  readonly Stopped: unknown
  readonly Id: number | string
}

/**
 * A transaction of a station.
 *
 * **Details**
 *
 * - `id`: its name at the station, from the start on and across restarts; in 2.x also its transactionId.
 * - `transactionId`: its name at the CSMS. In 1.x it waits for the CSMS to give it, and is -1 if the CSMS never did.
 * - `request`: with what it was started.
 * - `started`: the answer to its start, which says whether the idToken is accepted; it waits as long as there can be one,
 *   also while the start is set aside.
 * - `update`, `stop`: store a message; they have done so when they return.
 *
 * @see J16 §4.8, §4.10, P2 E01 to E07
 * @category models
 * @since 0.1.0
 */
export interface Transaction<in out K extends Kind> {
  readonly id: string
  readonly transactionId: Effect.Effect<K["Id"]>
  readonly request: K["Start"]
  readonly started: Delivery<K["Started"]>
  readonly update: (request: K["Update"]) => Effect.Effect<Delivery<K["Updated"]>, NotSent>
  readonly stop: (request: K["Stop"]) => Effect.Effect<Delivery<K["Stopped"]>, NotSent>
}

/**
 * The transactions of a station.
 *
 * **Details**
 *
 * - `start`: stores the start of a transaction; the transaction exists once it returns, connected or not. Its `id` is the
 *   one that is given, or a new one; one that is in use is refused (`NotSent` with reason `InvalidRequest`).
 * - `ongoing`: those that have not been stopped, the oldest first; after a restart, those that the station was in the
 *   middle of.
 * - `find`: the ongoing one that the CSMS calls so, in upper or lower case, as when it asks to stop a transaction. It does
 *   not wait: one to which the CSMS of 1.x has given no name yet is not found.
 *
 * **Example** (Stopping what the CSMS names)
 *
 * ```ts
 * remoteStopTransaction: ({ transactionId }) =>
 *   Effect.flatMap(transactions.find(transactionId), (found) =>
 *     Option.isNone(found)
 *       ? Effect.succeed({ status: "Rejected" as const })
 *       : Reply.thenDetached({ status: "Accepted" }, end(found.value))
 *   )
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export interface Transactions<in out K extends Kind> {
  readonly start: (
    request: K["Start"],
    options?: { readonly id?: string | undefined }
  ) => Effect.Effect<Transaction<K>, NotSent>
  readonly ongoing: Effect.Effect<ReadonlyArray<Transaction<K>>>
  readonly find: (transactionId: K["Id"]) => Effect.Effect<Option.Option<Transaction<K>>>
}

/**
 * What a message is to its transaction.
 *
 * @category models
 * @since 0.1.0
 */
export type Phase = "Started" | "Updated" | "Ended"

/**
 * Where a message stands in its transaction: the station's name of it, its number among the messages of the transaction,
 * and what the transaction was started with.
 *
 * @category models
 * @since 0.1.0
 */
export interface Place {
  readonly id: string
  readonly seqNo: number
  readonly start: unknown
}

/**
 * A message that may come again: when it was made, and all else that is in it.
 *
 * @category models
 * @since 0.1.0
 */
export interface RepeatableMessage {
  readonly timestamp: string
}

/**
 * What a version of OCPP says of the messages that a station must not lose.
 *
 * **Details**
 *
 * - `phases`: the action of each phase of a transaction.
 * - `phaseOf`: what a request is to its transaction; `undefined` if it belongs to none.
 * - `idOf`: the station's name of the transaction that a request belongs to, if the request has it.
 * - `request`: makes the request of a phase from what the application gave.
 * - `complete`: completes a request when it is sent: with the transaction id that the CSMS has given, and with whether
 *   the connection was lost since it was stored.
 * - `transactionIdOf`: the transaction id in the answer to a start, which gives `undefined` if there is none; absent if
 *   the station names its transactions itself.
 * - `missingTransactionId`: the transaction id if there was no such answer.
 * - `transactionId`: the transaction id that CSMS and station use. In 1.x the response to a start has it, which need not
 *   be valid here, and after that each request; in 2.x each request has it. `undefined` if it is not there.
 * - `shortened`: a request without what it may do without, for a CSMS to which it is too large; `undefined` if there is
 *   nothing like that in it.
 * - `events`: other actions that are stored and delivered: security events.
 * - `repeatable`: a request that a CSMS has to know again when it is repeated, without what may differ from one time to
 *   the next; `undefined` for those that it need not.
 *
 * @category models
 * @since 0.1.0
 */
export interface TransactionRules {
  readonly phases: Readonly<Record<Phase, Action>>
  readonly phaseOf: (action: string, request: unknown) => Phase | undefined
  readonly idOf: (request: unknown) => string | undefined
  readonly request: (phase: Phase, given: unknown, place: Place) => unknown
  readonly complete: (request: unknown, at: { readonly name: number | undefined; readonly offline: boolean }) => unknown
  readonly transactionIdOf: ((answer: unknown) => number | undefined) | undefined
  readonly missingTransactionId: number
  readonly transactionId: (phase: Phase, request: unknown, response?: unknown) => number | string | undefined
  readonly shortened: (phase: Phase, request: unknown) => unknown
  readonly events: ReadonlySet<string>
  readonly repeatable: (action: string, request: unknown) => RepeatableMessage | undefined
}
