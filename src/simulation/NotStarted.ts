/**
 * Why a simulated station started no transaction.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The station started no transaction: the connector is unknown or occupied, or the CSMS does not accept the idTag, in
 * which case `reason` is its status.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotStarted extends Schema.TaggedError<NotStarted>()("NotStarted", {
  reason: Schema.String
}) {
  override get message(): string {
    return `no transaction was started: ${this.reason}`
  }
}
