/**
 * Why a server cannot be started.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The port cannot be listened on; `code` is the system's error code, such as `EADDRINUSE`.
 *
 * @category errors
 * @since 0.1.0
 */
export class ListenError extends Schema.TaggedError<ListenError>()("ListenError", {
  host: Schema.String,
  port: Schema.Int,
  code: Schema.String
}) {
  override get message(): string {
    return `cannot listen on ${this.host}:${this.port}: ${this.code}`
  }
}
