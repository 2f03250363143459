/**
 * Why a simulated station started no transaction.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The station started no transaction. `reason` is `UnknownConnector`, `Occupied`, `Reserved` if the connector is
 * reserved for somebody else, or the status of an idTag that the CSMS, or the local list, does not accept.
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
