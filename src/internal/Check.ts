/**
 * Schemas as checks: a tree of closures, made once from the AST of a schema, that calls the schema's own filters.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type { MessageSchema } from "../Action.ts"

/** Whether a value is of a type. */
export type Check = (value: unknown) => boolean

const compiled = new WeakMap<SchemaAST.AST, Check>()

/** The check of a type, made once. */
export const compile = (ast: SchemaAST.AST): Check => {
  const known = compiled.get(ast)
  if (known !== undefined) return known
  const check = noticing(ast, withFilters(ast, compileNode(ast)))
  compiled.set(ast, check)
  return check
}

let hasMet = false

/**
 * Whether a check since the last time has met a number that need not be whole, or anything. Only there can a number be
 * valid of which JavaScript has not all digits: a whole one must not be so large. A fraction that is nearer to a whole
 * number than JavaScript can tell is that one, for all that read JSON as doubles, and not worth a look at every message.
 */
export const takeMet = (): boolean => {
  const met = hasMet
  hasMet = false
  return met
}

const noticing = (ast: SchemaAST.AST, check: Check): Check =>
  mayLose(ast)
    ? (value) => {
        hasMet = true
        return check(value)
      }
    : check

/** Whether a type is such a place, or hides one from the checks. */
const mayLose = (ast: SchemaAST.AST): boolean => {
  if (ast.encoding !== undefined) return true
  switch (ast._tag) {
    case "Number":
      return !isInteger(ast)
    case "Suspend":
    case "Objects":
    case "String":
    case "Boolean":
    case "Null":
    case "Literal":
      return false
    case "Arrays":
      return ast.elements.length > 0 || ast.rest.length !== 1
    case "Union":
      return ast.options?.mode === "oneOf"
    default:
      return true
  }
}

/** Whether a type is that of whole numbers. */
export const isInteger = (ast: SchemaAST.AST): boolean => filtersOf(ast).some((filter) => idOf(filter) === isInt)

/** The id of the filter that numbers are whole. */
export const isInt = "effect/schema/isInt"

/** Whether a value is an object of JSON, which a list is not. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
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

/** Unknown keys are faults. */
export const closed = { onExcessProperty: "error" } as const

const bySchema = (ast: SchemaAST.AST): Check => {
  const read = Schema.decodeUnknownResult(Schema.make<MessageSchema>(ast), closed)
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
  return compileWords(literals) ?? ((value) => literals.has(value))
}

/** Texts of the same length are few, and to compare them takes less than the hash that a set asks for. */
const compileWords = (literals: ReadonlySet<unknown>): Check | undefined => {
  const ofLength: Array<Array<string> | undefined> = []
  for (const literal of literals) {
    if (typeof literal !== "string") return undefined
    while (ofLength.length <= literal.length) ofLength.push(undefined)
    ;(ofLength[literal.length] ??= []).push(literal)
  }
  return (value) => {
    if (typeof value !== "string" || value.length >= ofLength.length) return false
    const words = ofLength[value.length]
    if (words === undefined) return false
    for (let i = 0; i < words.length; i++) {
      if (words[i] === value) return true
    }
    return false
  }
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

/** Whether every name may be a field, or no name may. */
export const isOpen = ({ parameter, type }: SchemaAST.IndexSignature): boolean =>
  parameter._tag === "String" && (parameter.checks === undefined || type._tag === "Never")

interface Field {
  readonly name: string
  readonly check: Check
  readonly isRequired: boolean
  /** The field that came after this one the last time: messages of a kind mostly have their fields in one order. */
  next: Field | undefined
}

const compileObject = (ast: SchemaAST.Objects): Check => {
  const fields = new Map<string, Field>()
  const required: Array<string> = []
  for (const { name, type } of ast.propertySignatures) {
    if (typeof name !== "string") return bySchema(ast)
    const isRequired = type.context?.isOptional !== true
    fields.set(name, { name, check: compile(type), isRequired, next: undefined })
    if (isRequired) required.push(name)
  }
  const open = ast.indexSignatures[0]
  if (ast.indexSignatures.length > 1 || (open !== undefined && !isOpen(open))) return bySchema(ast)
  const other = open === undefined ? undefined : compile(open.type)
  const start: Field = { name: "", check: () => true, isRequired: false, next: undefined }
  return (value) => {
    if (!isObject(value)) return false
    let missing = required.length
    let last = start
    for (const key in value) {
      let field = last.next
      if (field === undefined || field.name !== key) {
        field = fields.get(key)
        if (field === undefined) {
          if (other === undefined || !other(value[key])) return false
          continue
        }
        last.next = field
      }
      if (!field.check(value[key])) return false
      if (field.isRequired) missing--
      last = field
    }
    if (missing !== 0) return false
    // Only an object of another prototype can have given fields that are not its own.
    return Object.getPrototypeOf(value) === Object.prototype || required.every((name) => Object.hasOwn(value, name))
  }
}

const withFilters = (ast: SchemaAST.AST, check: Check): Check => {
  // A node with a transformation is left whole to the schema, its filters included.
  if (ast.checks === undefined || ast.encoding !== undefined) return check
  const filters = ast.checks.map((filter) => compileFilter(filter, ast))
  const [first, second] = filters
  if (first !== undefined && filters.length === 1) {
    const isSure = ast._tag === "String" || ast._tag === "Number" ? sureOf(ast.checks[0]) : undefined
    if (isSure !== undefined) return (value) => isSure(value) || (check(value) && first(value))
    return (value) => check(value) && first(value)
  }
  if (first !== undefined && second !== undefined && filters.length === 2) {
    return (value) => check(value) && first(value) && second(value)
  }
  return (value) => check(value) && filters.every((filter) => filter(value))
}

/** The filters of a type, one by one. */
export const filtersOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.Filter<unknown>> =>
  (ast.checks ?? []).flatMap(flat)

/** The id by which a filter is known. */
export const idOf = (filter: SchemaAST.Filter<unknown>): string | undefined => filter.annotations?.representation?.id

const flat = (filter: SchemaAST.Check<unknown>): ReadonlyArray<SchemaAST.Filter<unknown>> =>
  filter._tag === "FilterGroup" ? filter.checks.flatMap(flat) : [filter]

/** Whether a value of a type passes one of its filters. */
export const compileFilter = (filter: SchemaAST.Check<unknown>, ast: SchemaAST.AST): Check => {
  if (filter._tag === "FilterGroup") {
    const group = filter.checks.map((member) => compileFilter(member, ast))
    return (value) => group.every((member) => member(value))
  }
  const passes: Check = (value) => filter.run(value, ast, noOptions) === undefined
  const isSure = sureOf(filter)
  return isSure === undefined ? passes : (value) => isSure(value) || passes(value)
}

const noOptions = {}

/** What needs no run of a filter to be known as a value of its type that passes it. */
const sureOf = (filter: SchemaAST.Check<unknown> | undefined): Check | undefined => {
  if (filter?._tag !== "Filter") return undefined
  const representation = filter.annotations?.representation
  switch (representation?.id) {
    case isInt:
      return Number.isSafeInteger
    case "effect/schema/isFinite":
      return Number.isFinite
    case "effect/schema/isMaxCodePoints": {
      const payload: unknown = representation.payload
      const most = isObject(payload) ? payload["maxCodePoints"] : undefined
      // A string has at least as many UTF-16 units as code points, so a short one needs no counting.
      return typeof most === "number" ? (value) => typeof value === "string" && value.length <= most : undefined
    }
    default:
      return undefined
  }
}
