/**
 * The check of a message, compiled on first use, so that a connection of which only heartbeats are asked compiles only
 * those.
 *
 * @internal
 */
import type { Message } from "../Action.ts"
import type { Violation } from "../OcppError.ts"
import * as Tolerance from "../Tolerance.ts"
import * as Validation from "../Validation.ts"

export interface Check {
  readonly accepts: (value: unknown) => boolean
  readonly decode: ReturnType<typeof Tolerance.decode>
  readonly violations: (value: unknown) => ReadonlyArray<Violation>
}

export const lazy = (schema: Message): Check => {
  let accepts: Check["accepts"] | undefined
  let decode: Check["decode"] | undefined
  let violations: Check["violations"] | undefined
  return {
    accepts: (value) => (accepts ??= Validation.is(schema))(value),
    decode: (value, tolerance) => (decode ??= Tolerance.decode(schema))(value, tolerance),
    violations: (value) => (violations ??= Validation.violations(schema))(value)
  }
}
