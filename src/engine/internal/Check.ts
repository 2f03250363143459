/**
 * The check of a message, shared by all who need it and compiled on first use, so that where only heartbeats are asked
 * only those are compiled.
 */
import type { MessageSchema } from "../../Action.ts"
import * as Memo from "../../internal/Memo.ts"
import type { Violation } from "../../OcppError.ts"
import * as Tolerance from "../../Tolerance.ts"
import * as Validation from "../../Validation.ts"

export interface Check {
  /** Reads what has come. */
  readonly read: ReturnType<typeof Tolerance.decode>
  /** In which ways what is to leave breaks the schema. */
  readonly violations: (value: unknown) => ReadonlyArray<Violation>
}

export const of = Memo.perObject((schema: MessageSchema): Check => {
  let read: Check["read"] | undefined
  let violations: Check["violations"] | undefined
  return {
    read: (value, tolerance, digits) => (read ??= Tolerance.decode(schema))(value, tolerance, digits),
    violations: (value) => (violations ??= Validation.violations(schema))(value)
  }
})
