/**
 * What a station has stored for its CSMS: messages that must arrive, in their order, whatever happens to the connection
 * or to the station itself.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CallFailure } from "../OcppError.ts"
import type { Phase } from "../Transaction.ts"

/**
 * How a station delivers what it has stored.
 *
 * **Details**
 *
 * - `attempts`: how often a message is sent that the CSMS answers with an error or not at all, by default 3
 *   (`TransactionMessageAttempts`, `MessageAttempts`). Then it is discarded, so that the next ones get through.
 * - `retryInterval`: the wait before a message is sent again, times the number of failures, by default 60 seconds
 *   (`TransactionMessageRetryInterval`, `MessageAttemptInterval`).
 * - `limit`: how many messages may be stored before room is made, by default 10,000. Then every second update of each
 *   transaction is dropped; starts, ends and security events never are.
 * - `queueAll`: whether other messages are stored too while they cannot be sent, by default not (`QueueAllMessages`).
 *   BootNotification and Heartbeat never are.
 *
 * **Gotchas**
 *
 * The intervals of OCPP are in seconds, a bare number is in milliseconds here, as everywhere in Effect.
 *
 * @see J16 §3.7.1, P2 E13
 * @category options
 * @since 0.1.0
 */
export interface OutboxOptions {
  readonly attempts?: number | undefined
  readonly retryInterval?: Duration.Input | undefined
  readonly limit?: number | undefined
  readonly queueAll?: boolean | undefined
}

/**
 * A message that is stored.
 *
 * **Details**
 *
 * - `transaction`, `phase`: the station's name of its transaction, and what it is to it.
 * - `storedAt`: in milliseconds since 1970, by the clock of the station.
 * - `attempts`: how often the CSMS has failed to process it.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredMessage {
  readonly messageId: string
  readonly action: string
  readonly transaction?: string | undefined
  readonly phase?: Phase | undefined
  readonly storedAt: number
  readonly attempts: number
}

/**
 * What became of a message.
 *
 * **Details**
 *
 * - `Stored`: it survives from now on.
 * - `Delivered`: the CSMS has answered it.
 * - `Failed`: the CSMS has answered with an error, or not at all; it is sent again in `nextAttempt` milliseconds.
 * - `Discarded`: the CSMS has failed to process it as often as the station tries.
 * - `Dropped`: there was no room for all; an update gave way.
 *
 * A connection that is lost is no event: the message is sent again on the next one.
 *
 * @category models
 * @since 0.1.0
 */
export type OutboxEvent =
  | { readonly _tag: "Stored"; readonly message: StoredMessage }
  | { readonly _tag: "Delivered"; readonly message: StoredMessage }
  | {
      readonly _tag: "Failed"
      readonly message: StoredMessage
      readonly failure: CallFailure
      readonly nextAttempt: number
    }
  | { readonly _tag: "Discarded"; readonly message: StoredMessage; readonly failure: CallFailure }
  | { readonly _tag: "Dropped"; readonly message: StoredMessage }

/**
 * What a station has stored for its CSMS.
 *
 * **Details**
 *
 * Messages of transactions are delivered in the order in which they were stored, one after the other. Security events
 * and, with `queueAll`, other messages have an order of their own. What is not stored overtakes both.
 *
 * A message is stored before it is sent and forgotten once it is answered, so each arrives at least once. A repetition
 * carries the same message id. A connection that is lost, before the answer or instead of it, is no failure of the
 * message; and a message that waits for its next attempt waits from its failure on, also across restarts.
 *
 * If the storage fails while messages are delivered, the delivery goes on; what could not be written is written with the
 * next change. Until then a restart may repeat messages.
 *
 * @see J16 §3.7, P2 E04, E12, E13
 * @category services
 * @since 0.1.0
 */
export class Outbox extends Context.Service<
  Outbox,
  {
    /** How many messages are stored: of a transaction, by the station's name or the CSMS's number of it, or in all. */
    readonly waiting: (transaction?: string | number) => Effect.Effect<number>
    /** What becomes of messages from now on; a slow reader misses the oldest beyond 1,024. */
    readonly events: Stream.Stream<OutboxEvent>
    /** Changes how messages are delivered from now on, as the CSMS can ask. */
    readonly configure: (options: OutboxOptions) => Effect.Effect<void>
  }
>()("effect-ocpp/station/Outbox") {}
