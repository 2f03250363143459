/**
 * How a command says what went wrong.
 */
import * as Schema from "effect/Schema"

/** Something that the person at the command line can mend; `message` is one line. */
export class UsageError extends Schema.TaggedError<UsageError>()("UsageError", { message: Schema.String }) {}
