/**
 * Validation of messages at full speed.
 *
 * A valid message passes through as it is, so to read one is to check it. The check is compiled once per schema from
 * its AST and calls the schema's own filters; only when it says no does the schema's own decoder run, to read another
 * spelling where the schema knows one, or to name what is wrong.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Message } from "./Action.ts"
import { closed, compile, isObject, isOpen } from "./Check.ts"
import type { ErrorCode, Violation } from "./OcppError.ts"

/**
 * Whether a value is of the type of a message, unknown keys included in the question.
 *
 * @category validation
 * @since 0.1.0
 */
export const is = (schema: Message): ((value: unknown) => boolean) => compile(SchemaAST.toType(schema.ast))

/**
 * Reads a value as a message, or says in which ways it breaks the schema: the first 32 of them.
 *
 * @category validation
 * @since 0.1.0
 */
export const decode = (schema: Message): ((value: unknown) => Result.Result<unknown, ReadonlyArray<Violation>>) => {
  const type = SchemaAST.toType(schema.ast)
  const accepts = compile(type)
  // Where the schema reads other spellings, only it can tell what is wrong.
  const hasSpellings = type !== schema.ast
  return (value) => {
    if (accepts(value)) return Result.succeed(value)
    if (!isObject(value)) return Result.fail([{ path: "", rule: "expected a JSON object", code: "FormatViolation" }])
    const found = hasSpellings ? [] : explain(type, value, "")
    return found.length > 0 ? Result.fail(found.slice(0, most)) : bySchemaAlone(schema.ast, value, "")
  }
}

/**
 * In which ways a value is not of the type of a message; empty if it is.
 *
 * @category validation
 * @since 0.1.0
 */
export const violations = (schema: Message): ((value: unknown) => ReadonlyArray<Violation>) => {
  const read = decode(Schema.toType(schema))
  return (value) => {
    const result = read(value)
    return Result.isFailure(result) ? result.failure : []
  }
}

// What a peer gets wrong is kept for a while, so a message that is all wrong must not be told in full.
const most = 32
const longestName = 255

/**
 * What is wrong with a value that a check has refused, at a path. What is right in it is not looked at again: only the
 * smallest parts at fault are left to the schema, which tells what it expected.
 */
const explain = (ast: SchemaAST.AST, value: unknown, path: string): ReadonlyArray<Violation> => {
  const parts = ast.encoding === undefined ? explainParts(ast, value, path) : []
  if (parts.length > 0) return parts
  const read = bySchemaAlone(ast, value, path)
  return Result.isFailure(read) ? read.failure : []
}

const explainParts = (ast: SchemaAST.AST, value: unknown, path: string): ReadonlyArray<Violation> => {
  switch (ast._tag) {
    case "Suspend":
      return explain(ast.thunk(), value, path)
    case "Objects":
      return isObject(value) ? explainObject(ast, value, path) : []
    case "Arrays":
      return Array.isArray(value) ? explainArray(ast, value, path) : []
    default:
      return []
  }
}

const explainObject = (
  ast: SchemaAST.Objects,
  value: Record<string, unknown>,
  path: string
): ReadonlyArray<Violation> => {
  const rest = ast.indexSignatures[0]
  if (ast.indexSignatures.length > 1 || (rest !== undefined && !isOpen(rest))) return []
  const known = new Set(ast.propertySignatures.map(({ name }) => name))
  const others = Object.keys(value).filter((name) => !known.has(name))
  const isClosed = rest === undefined || rest.type._tag === "Never"
  const out = isClosed ? others.map((name) => excess(append(path, name))) : []
  const look = (type: SchemaAST.AST, name: PropertyKey): void => {
    const field: unknown = Reflect.get(value, name)
    if (!compile(type)(field)) add(explain(type, field, append(path, name)), out)
  }
  for (const { name, type } of ast.propertySignatures) {
    if (Object.hasOwn(value, name)) look(type, name)
    else if (type.context?.isOptional !== true) out.push(absent(append(path, name)))
  }
  if (rest !== undefined && !isClosed) for (const name of others) look(rest.type, name)
  return out
}

const absent = (path: string): Violation => ({
  path,
  rule: "is required",
  code: "OccurrenceConstraintViolation"
})

const excess = (path: string): Violation => ({
  path,
  rule: "is not a field here",
  code: "FormatViolation"
})

// They can be more than a function takes arguments.
const add = (found: ReadonlyArray<Violation>, to: Array<Violation>): void => {
  for (const violation of found) to.push(violation)
}

const explainArray = (ast: SchemaAST.Arrays, value: ReadonlyArray<unknown>, path: string): ReadonlyArray<Violation> => {
  const [rest] = ast.rest
  if (rest === undefined || ast.rest.length > 1 || ast.elements.length > 0) return []
  const check = compile(rest)
  return value.flatMap((item, index) => (check(item) ? [] : explain(rest, item, append(path, index))))
}

const decoders = new WeakMap<SchemaAST.AST, (value: unknown) => Result.Result<unknown, Schema.SchemaError>>()

const bySchemaAlone = (
  ast: SchemaAST.AST,
  value: unknown,
  path: string
): Result.Result<unknown, ReadonlyArray<Violation>> => {
  let read = decoders.get(ast)
  if (read === undefined) {
    read = Schema.decodeUnknownResult(Schema.make<Message>(ast), { ...closed, errors: "all" })
    decoders.set(ast, read)
  }
  return Result.mapError(read(value), ({ issue }) => fromIssue(issue, path, value))
}

const fromIssue = (issue: SchemaIssue.Issue, path: string, value: unknown): ReadonlyArray<Violation> => {
  switch (issue._tag) {
    case "Pointer":
      return fromIssue(issue.issue, issue.path.reduce<string>(append, path), issue.path.reduce(at, value))
    case "Composite":
      return issue.issues.flatMap((member) => fromIssue(member, path, value))
    case "Filter":
      return [
        {
          path,
          rule: `expected ${issue.filter.annotations?.expected ?? "a valid value"}`,
          code: filterCode(issue.filter)
        }
      ]
    case "Encoding":
      return fromIssue(issue.issue, path, value)
    case "AnyOf": {
      // An enumeration is of texts; what is none has the wrong type, and a text that it lacks the wrong value.
      const isWrongType = typeof value !== "string" && issue.ast.types.every(isTextLiteral)
      const code = isWrongType ? "TypeConstraintViolation" : "PropertyConstraintViolation"
      return [{ path, rule: lowered(format(issue)), code }]
    }
    case "MissingKey":
      return [absent(path)]
    case "UnexpectedKey":
      return [excess(path)]
    case "InvalidType":
      return [
        {
          path,
          rule: lowered(SchemaIssue.defaultLeafHook(issue)),
          code: "TypeConstraintViolation"
        }
      ]
    default:
      return [
        {
          path,
          rule: lowered(SchemaIssue.defaultLeafHook(issue)),
          code: "PropertyConstraintViolation"
        }
      ]
  }
}

const isTextLiteral = (ast: SchemaAST.AST): boolean => ast._tag === "Literal" && typeof ast.literal === "string"

const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const format = SchemaIssue.makeFormatterDefault()

const append = (path: string, key: PropertyKey): string => {
  if (typeof key === "number") return `${path}[${key}]`
  const name = String(key).slice(0, longestName)
  return path === "" ? name : `${path}.${name}`
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

// JSON has one type of number and lists carry their own cardinality, so these filters check what OCPP counts as type
// and as occurrence.
const filterCode = (filter: SchemaAST.Check<never>): ErrorCode => {
  switch (filter.annotations?.representation?.id) {
    case "effect/schema/isInt":
      return "TypeConstraintViolation"
    case "effect/schema/isMinLength":
    case "effect/schema/isMaxLength":
    case "effect/schema/isBetweenLength":
      return "OccurrenceConstraintViolation"
    default:
      return "PropertyConstraintViolation"
  }
}
