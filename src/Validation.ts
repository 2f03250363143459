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
import type { ErrorCode, Violation } from "./OcppError.ts"

/**
 * Whether a value is of the type of a message, unknown keys included in the question.
 *
 * @category validation
 * @since 0.1.0
 */
export const is = (schema: Message): ((value: unknown) => boolean) => compile(SchemaAST.toType(schema.ast))

/**
 * Reads a value as a message, or says in which ways it breaks the schema.
 *
 * @category validation
 * @since 0.1.0
 */
export const decode = (schema: Message): ((value: unknown) => Result.Result<unknown, ReadonlyArray<Violation>>) => {
  const accepts = is(schema)
  const read = Schema.decodeUnknownResult(schema, { ...closed, errors: "all" })
  return (value) => {
    if (accepts(value)) return Result.succeed(value)
    if (!isObject(value)) return Result.fail([{ path: "", rule: "expected a JSON object", code: "FormatViolation" }])
    return Result.mapError(read(value), ({ issue }) => fromIssue(issue, "", value))
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

const closed = { onExcessProperty: "error" } as const

type Check = (value: unknown) => boolean

const compiled = new WeakMap<SchemaAST.AST, Check>()

const compile = (ast: SchemaAST.AST): Check => {
  const known = compiled.get(ast)
  if (known !== undefined) return known
  const check = withFilters(ast, compileNode(ast))
  compiled.set(ast, check)
  return check
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const compileNode = (ast: SchemaAST.AST): Check => {
  if (ast.encoding !== undefined) return bySchema(ast)
  switch (ast._tag) {
    case "String":
      return (value) => typeof value === "string"
    case "Number":
      return (value) => typeof value === "number"
    case "Boolean":
      return (value) => typeof value === "boolean"
    case "Null":
      return (value) => value === null
    case "Literal":
      return (value) => value === ast.literal
    case "Unknown":
    case "Any":
      return () => true
    case "Suspend": {
      let target: Check | undefined
      return (value) => (target ??= compile(ast.thunk()))(value)
    }
    case "Union":
      return compileUnion(ast)
    case "Arrays":
      return compileArray(ast)
    case "Objects":
      return compileObject(ast)
    default:
      return bySchema(ast)
  }
}

const bySchema = (ast: SchemaAST.AST): Check => {
  const read = Schema.decodeUnknownResult(Schema.make<Message>(ast), closed)
  return (value) => Result.isSuccess(read(value))
}

const compileUnion = (ast: SchemaAST.Union): Check => {
  if (ast.options?.mode === "oneOf") return bySchema(ast)
  const literals = new Set<unknown>()
  for (const type of ast.types) {
    if (type._tag !== "Literal" || type.checks !== undefined) {
      const members = ast.types.map(compile)
      return (value) => members.some((member) => member(value))
    }
    literals.add(type.literal)
  }
  return (value) => literals.has(value)
}

const compileArray = (ast: SchemaAST.Arrays): Check => {
  const [rest, ...others] = ast.rest
  if (ast.elements.length > 0 || rest === undefined || others.length > 0) return bySchema(ast)
  const element = compile(rest)
  return (value) => {
    if (!Array.isArray(value)) return false
    for (let i = 0; i < value.length; i++) {
      if (!element(value[i])) return false
    }
    return true
  }
}

const compileObject = (ast: SchemaAST.Objects): Check => {
  const fields = new Map<string, Check>()
  const required: Array<string> = []
  for (const { name, type } of ast.propertySignatures) {
    if (typeof name !== "string") return bySchema(ast)
    fields.set(name, compile(type))
    if (type.context?.isOptional !== true) required.push(name)
  }
  const open = ast.indexSignatures[0]
  if (ast.indexSignatures.length > 1 || (open !== undefined && open.parameter._tag !== "String")) return bySchema(ast)
  const other = open === undefined ? undefined : compile(open.type)
  return (value) => {
    if (!isObject(value)) return false
    for (let i = 0; i < required.length; i++) {
      if (!Object.hasOwn(value, required[i]!)) return false
    }
    for (const key in value) {
      const check = fields.get(key)
      if (check !== undefined) {
        if (!check(value[key])) return false
      } else if (other === undefined || !other(value[key])) {
        return false
      }
    }
    return true
  }
}

const withFilters = (ast: SchemaAST.AST, check: Check): Check => {
  // A node with a transformation is left whole to the schema, its filters included.
  if (ast.checks === undefined || ast.encoding !== undefined) return check
  const filters = ast.checks.map((filter) => compileFilter(filter, ast))
  const [first, second] = filters
  if (first !== undefined && filters.length === 1) return (value) => check(value) && first(value)
  if (first !== undefined && second !== undefined && filters.length === 2) {
    return (value) => check(value) && first(value) && second(value)
  }
  return (value) => check(value) && filters.every((filter) => filter(value))
}

const compileFilter = (filter: SchemaAST.Check<unknown>, ast: SchemaAST.AST): Check => {
  if (filter._tag === "FilterGroup") {
    const group = filter.checks.map((member) => compileFilter(member, ast))
    return (value) => group.every((member) => member(value))
  }
  const passes: Check = (value) => filter.run(value, ast, {}) === undefined
  const most = maxCodePoints(filter)
  // A string has at least as many UTF-16 units as code points, so a short one needs no counting.
  return most === undefined ? passes : (value) => (typeof value === "string" && value.length <= most) || passes(value)
}

const maxCodePoints = (filter: SchemaAST.Filter<unknown>): number | undefined => {
  const representation = filter.annotations?.representation
  if (representation?.id !== "effect/schema/isMaxCodePoints") return undefined
  const payload: unknown = representation.payload
  return isObject(payload) && typeof payload["maxCodePoints"] === "number" ? payload["maxCodePoints"] : undefined
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
      return [{ path, rule: "is required", code: "OccurrenceConstraintViolation" }]
    case "UnexpectedKey":
      return [{ path, rule: "is not a field here", code: "FormatViolation" }]
    case "InvalidType":
      return [{ path, rule: lowered(SchemaIssue.defaultLeafHook(issue)), code: "TypeConstraintViolation" }]
    default:
      return [{ path, rule: lowered(SchemaIssue.defaultLeafHook(issue)), code: "PropertyConstraintViolation" }]
  }
}

const isTextLiteral = (ast: SchemaAST.AST): boolean => ast._tag === "Literal" && typeof ast.literal === "string"

const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const format = SchemaIssue.makeFormatterDefault()

const append = (path: string, key: PropertyKey): string =>
  typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`

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
