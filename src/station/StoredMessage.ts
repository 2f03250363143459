/**
 * Messages that a station has stored, as the application sees them, and what becomes of them.
 *
 * @since 0.1.0
 */
import type { CallFailure } from "../OcppError.ts"
import type { Phase } from "../Transaction.ts"

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
 * A message that is set aside: connections break when it is sent, so it waits apart and holds nothing up.
 *
 * **Details**
 *
 * - `request`: what is sent, in 1.x without the transactionId that the CSMS has given.
 * - `reason`: why it was set aside last. It can have text of the CSMS in it, which is escaped.
 * - `setAsideAt`: when, in milliseconds since 1970, by the clock of the station.
 *
 * @category models
 * @since 0.1.0
 */
export interface SetAsideMessage extends StoredMessage {
  readonly request: unknown
  readonly reason: string
  readonly setAsideAt: number
}

/**
 * What became of a message.
 *
 * **Details**
 *
 * - `Stored`: it survives from now on.
 * - `Delivered`: the CSMS has answered it.
 * - `Failed`: the CSMS has answered with an error or not at all, or has closed the connection because of its size or
 *   content; it is sent again in `nextAttempt` milliseconds.
 * - `Discarded`: the CSMS has failed to process it as often as the station tries.
 * - `Dropped`: there was no room for all; an update gave way.
 * - `Shortened`: it was too large for the CSMS, and is sent again without what it may do without: a StopTransaction of 1.x
 *   without its transactionData, a TransactionEvent `Ended` of 2.x without every second one of its meter values between the
 *   first and the last one, again and again if it has to be (P2 J02.FR.20).
 * - `SetAside`: connections break when it is sent, or the start of its transaction is set aside. It is kept, and sent
 *   again later.
 * - `TakenOut`: it was set aside, and the application has taken it out.
 * - `Full`: there was no room for it, although all has gone that may be dropped. It is stored nevertheless if only the
 *   `limit` is exceeded, and refused if the storage has no room.
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
  | { readonly _tag: "Shortened"; readonly message: StoredMessage }
  | { readonly _tag: "SetAside"; readonly message: StoredMessage; readonly reason: string }
  | { readonly _tag: "TakenOut"; readonly message: StoredMessage }
  | { readonly _tag: "Full"; readonly message: StoredMessage }
