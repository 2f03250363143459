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
