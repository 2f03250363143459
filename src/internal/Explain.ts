/**
 * What is wrong with a value that a check has refused.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import type { MessageSchema } from "../Action.ts"
import { closed, filtersOf } from "./Check.ts"
import type { ErrorCode, Violation } from "../OcppError.ts"

/** How many violations are told: what a peer gets wrong is kept for a while, and a message may be all wrong. */
export const most = 32

const longestName = 255

/** The path of a part. */
export const append = (path: string, key: PropertyKey): string => {
  if (typeof key === "number") return `${path}[${key}]`
  const name = String(key).slice(0, longestName)
  return path === "" ? name : `${path}.${name}`
}

/** That a field is missing. */
export const absent = (path: string): Violation => ({
  path,
  rule: "is required",
  code: "OccurrenceConstraintViolation"
})

/** That there is no field of this name. */
export const excess = (path: string): Violation => ({
  path,
  rule: "is not a field here",
  code: "FormatViolation"
})

/** That a number has lost digits. */
export const rounded = (path: string): Violation => ({
  path,
  rule: "has more digits than a number of JavaScript",
  code: "PropertyConstraintViolation"
})

/** That a message is no object. */
export const noObject: Violation = { path: "", rule: "expected a JSON object", code: "FormatViolation" }

/** That a value does not pass a filter. */
export const filtered = (filter: SchemaAST.Filter<never>, path: string): Violation => ({
  path,
  rule: `expected ${filter.annotations?.expected ?? "a valid value"}`,
  code: filterCode(filter)
})

const decoders = new WeakMap<SchemaAST.AST, (value: unknown) => Result.Result<unknown, Schema.SchemaError>>()

/** What is wrong with a value that a check has refused, in the words of the schema's own decoder. */
export const explain = (ast: SchemaAST.AST, value: unknown, path: string): ReadonlyArray<Violation> => {
  let read = decoders.get(ast)
  if (read === undefined) {
    read = Schema.decodeUnknownResult(Schema.make<MessageSchema>(ast), { ...closed, errors: "all" })
    decoders.set(ast, read)
  }
  const result = read(value)
  return Result.isFailure(result) ? fromIssue(result.failure.issue, path, value) : []
}

const fromIssue = (issue: SchemaIssue.Issue, path: string, value: unknown): ReadonlyArray<Violation> => {
  switch (issue._tag) {
    case "Pointer":
      return fromIssue(issue.issue, issue.path.reduce<string>(append, path), issue.path.reduce(at, value))
    case "Composite":
      return issue.issues.flatMap((member) => fromIssue(member, path, value))
    case "Filter":
      return [filtered(issue.filter, path)]
    case "Encoding":
      return fromIssue(issue.issue, path, value)
    case "AnyOf": {
      // An enumeration is of texts; what is none has the wrong type, and a text that it lacks the wrong value.
      const isWrongType = typeof value !== "string" && issue.ast.types.every(isTextLiteral)
      const code = isWrongType ? "TypeConstraintViolation" : "PropertyConstraintViolation"
      return [{ path, rule: expectedOf(issue.ast) ?? lowered(format(issue)), code }]
    }
    case "MissingKey":
      return [absent(path)]
    case "UnexpectedKey":
      return [excess(path)]
    case "InvalidType":
      return [
        {
          path,
          rule: expectedOf(issue.ast) ?? lowered(SchemaIssue.defaultLeafHook(issue)),
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

/** What a value of a type is, with all that its filters ask of it; `undefined` if there are no words for the type. */
const expectedOf = (ast: SchemaAST.AST): string | undefined => {
  const name = nameOf(ast)
  if (name === undefined) return undefined
  const asked = filtersOf(ast).map((filter) => filter.annotations?.expected ?? "a valid value")
  // Most filters say of what type a value is too.
  const isNamed = asked.some((words) => !words.startsWith("a value"))
  return `expected ${[...(isNamed ? [] : [name]), ...asked].join(", ")}`
}

const nameOf = (ast: SchemaAST.AST): string | undefined => {
  switch (ast._tag) {
    case "String":
      return "a string"
    case "Number":
      return "a number"
    case "Boolean":
      return "a boolean"
    case "Objects":
      return "an object"
    case "Arrays":
      return "an array"
    case "Union":
      return ast.types.every(isTextLiteral) ? `one of ${wordsOf(ast.types)}` : undefined
    default:
      return undefined
  }
}

const mostWords = 12

const wordsOf = (types: ReadonlyArray<SchemaAST.AST>): string => {
  const words = types.slice(0, mostWords).map((type) => (type._tag === "Literal" ? String(type.literal) : ""))
  return `${words.join(", ")}${types.length > mostWords ? ", …" : ""}`
}

const isTextLiteral = (ast: SchemaAST.AST): boolean => ast._tag === "Literal" && typeof ast.literal === "string"

const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const format = SchemaIssue.makeFormatterDefault()

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

// JSON has one type of number and lists carry their own cardinality, so these filters check what OCPP counts as type
// and as occurrence.
const filterCode = (filter: SchemaAST.Filter<never>): ErrorCode => {
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
