/**
 * How a station delivers what it has stored.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Options from "../internal/Options.ts"

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

/** The same with nothing left out; the interval in milliseconds. @internal */
export interface OutboxSettings {
  readonly attempts: number
  readonly retryInterval: number
  readonly limit: number
  readonly queueAll: boolean
}

/** @internal */
export const defaults: OutboxSettings = { attempts: 3, retryInterval: 60_000, limit: 10_000, queueAll: false }

/** Settings with some of them changed; throws a `RangeError` that names an option out of its range. @internal */
export const changed = (changes: OutboxOptions, from: OutboxSettings): OutboxSettings => ({
  attempts: Options.count("attempts", changes.attempts ?? from.attempts, 1),
  retryInterval: Options.millis("retryInterval", changes.retryInterval ?? from.retryInterval, 0),
  limit: Options.count("limit", changes.limit ?? from.limit, 1),
  queueAll: changes.queueAll ?? from.queueAll
})
