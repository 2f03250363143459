/**
 * The check of a message, shared by all who need it and compiled on first use, so that where only heartbeats are asked
 * only those are compiled.
 */
import * as Result from "effect/Result"
import type { MessageSchema } from "./Action.ts"
import * as Memo from "./internal/Memo.ts"
import { present } from "./internal/Reader.ts"
import type { Violation } from "./OcppError.ts"
import * as Tolerance from "./Tolerance.ts"
import * as Validation from "./Validation.ts"

export interface MessageCheck {
  /** Reads what has come. */
  readonly read: ReturnType<typeof Tolerance.decode>
  /** What is to leave, without the fields that are `undefined`, or in which ways it breaks the schema. */
  readonly write: (value: unknown) => Result.Result<unknown, ReadonlyArray<Violation>>
}

export const of = Memo.perObject((schema: MessageSchema): MessageCheck => {
  let read: MessageCheck["read"] | undefined
  let violations: ReturnType<typeof Validation.violations> | undefined
  return {
    read: (value, tolerance, digits) => (read ??= Tolerance.decode(schema))(value, tolerance, digits),
    write: (value) => {
      violations ??= Validation.violations(schema)
      if (violations(value).length === 0) return Result.succeed(value)
      // Most have none, so it is looked for only where something is wrong.
      const sent = present(value)
      const found = violations(sent)
      return found.length === 0 ? Result.succeed(sent) : Result.fail(found)
    }
  }
})
