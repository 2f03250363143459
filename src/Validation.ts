/**
 * Validation of messages at full speed.
 *
 * A valid message passes through as it is, so to read one is to check it. The check is compiled once per schema from
 * its AST and calls the schema's own filters; only when it says no is the message read part by part, to read another
 * spelling where the schema knows one, or to name what is wrong.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { MessageSchema } from "./Action.ts"
import { compile } from "./internal/Check.ts"
import type { Violation } from "./OcppError.ts"
import { read } from "./internal/Reader.ts"

/**
 * Whether a value is of the type of a message, unknown keys included in the question. An `ExactNumber` is a number.
 *
 * @category validation
 * @since 0.1.0
 */
export const is = (schema: MessageSchema): ((value: unknown) => boolean) => {
  const ast = SchemaAST.toType(schema.ast)
  const accepts = compile(ast)
  return (value) => accepts(value) || read(ast, value, strict).violations.length === 0
}

/**
 * Reads a value as a message, or says in which ways it breaks the schema: the first 32 of them.
 *
 * @category validation
 * @since 0.1.0
 */
export const decode = (
  schema: MessageSchema
): ((value: unknown) => Result.Result<unknown, ReadonlyArray<Violation>>) => {
  const accepts = compile(SchemaAST.toType(schema.ast))
  return (value) => {
    if (accepts(value)) return Result.succeed(value)
    const { violations, value: message } = read(schema.ast, value, strict)
    return violations.length > 0 ? Result.fail(violations) : Result.succeed(message)
  }
}

const strict: ReadonlySet<never> = new Set()

/**
 * In which ways a value is not of the type of a message; empty if it is.
 *
 * @category validation
 * @since 0.1.0
 */
export const violations = (schema: MessageSchema): ((value: unknown) => ReadonlyArray<Violation>) => {
  const { ast } = Schema.toType(schema)
  const accepts = compile(ast)
  return (value) => (accepts(value) ? none : read(ast, value, strict).violations)
}

const none: ReadonlyArray<Violation> = []
