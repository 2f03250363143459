/**
 * How a text, a number or a boolean that is not as its type asks is taken nevertheless.
 */
import type * as SchemaAST from "effect/SchemaAST"
import { compileFilter, filtersOf } from "./Check.ts"
import type { ToleratedKind } from "../Deviation.ts"

/** A way to take a value that is not of a type: the value to take, or `undefined` where this is not the way. */
export interface Repair {
  readonly kind: ToleratedKind
  readonly of: (value: unknown) => unknown
}

/** The ways for a type, the best one first. Where another value comes of one, it remains to be checked. */
export const repairsOf = (ast: SchemaAST.AST): ReadonlyArray<Repair> => {
  switch (ast._tag) {
    case "String":
      return textRepairs(ast)
    case "Number":
      return [{ kind: "TextForNumber", of: (value) => (isDecimal(value) ? Number(value) : undefined) }]
    case "Boolean":
      return [
        {
          kind: "TextForBoolean",
          of: (value) => (typeof value === "string" ? booleans.get(value.toLowerCase()) : undefined)
        },
        { kind: "NumberForBoolean", of: (value) => (value === 1 ? true : value === 0 ? false : undefined) }
      ]
    case "Literal":
      return wordRepairs([ast])
    case "Union":
      return ast.checks === undefined ? wordRepairs(ast.types) : []
    default:
      return []
  }
}

const decimal = /^[+-]?\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?$/

const isDecimal = (value: unknown): value is string => typeof value === "string" && decimal.test(value)

const booleans = new Map([
  ["true", true],
  ["false", false]
])

const textRepairs = (ast: SchemaAST.String): ReadonlyArray<Repair> => {
  const filters = filtersOf(ast)
  const others = filters.filter((filter) => !isGreatestLength(filter)).map((filter) => compileFilter(filter, ast))
  const repairs: Array<Repair> = [
    { kind: "NumberForText", of: (value) => (typeof value === "number" ? String(value) : undefined) },
    { kind: "BooleanForText", of: (value) => (typeof value === "boolean" ? String(value) : undefined) }
  ]
  if (filters.some((filter) => filter.annotations?.representation?.id === "effect-ocpp/isTimestamp")) {
    repairs.push({ kind: "LocalTime", of: (value) => (typeof value === "string" ? withOffset(value) : undefined) })
  }
  if (others.length < filters.length) {
    repairs.push({
      kind: "TooLongText",
      of: (value) => (typeof value === "string" && others.every((passes) => passes(value)) ? value : undefined)
    })
  }
  return repairs
}

const isGreatestLength = (filter: SchemaAST.Filter<unknown>): boolean => {
  const id = filter.annotations?.representation?.id
  return id === "effect/schema/isMaxCodePoints" || id === "effect/schema/isMaxLength"
}

/** Whether a filter asks for a number of items. */
export const isLeastLength = (filter: SchemaAST.Filter<unknown>): boolean => {
  const id = filter.annotations?.representation?.id
  return id === "effect/schema/isMinLength" || id === "effect/schema/isBetweenLength"
}

const time = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:[Zz]|([+-]\d{2})(?::?(\d{2}))?)?$/

const withOffset = (text: string): string | undefined => {
  const match = time.exec(text)
  if (match === null) return undefined
  const [, date, clock, hours, minutes = "00"] = match
  return `${date}T${clock}${hours === undefined ? "Z" : `${hours}:${minutes}`}`
}

const wordRepairs = (types: ReadonlyArray<SchemaAST.AST>): ReadonlyArray<Repair> => {
  const words = types.flatMap((type) =>
    type._tag === "Literal" && type.checks === undefined && typeof type.literal === "string" ? [type.literal] : []
  )
  if (words.length === 0 || words.length < types.length) return []
  const rightCase = inRightCase(words)
  return [
    { kind: "WrongCase", of: (value) => (typeof value === "string" ? rightCase(value) : undefined) },
    { kind: "UnknownValue", of: (value) => (typeof value === "string" ? value : undefined) }
  ]
}

/** Finds the one word that a text is in upper or lower case. */
export const inRightCase = (words: ReadonlyArray<string>): ((text: string) => string | undefined) => {
  const alike = Map.groupBy(words, (word) => word.toLowerCase())
  return (text) => {
    const [word, ...others] = alike.get(text.toLowerCase()) ?? []
    return others.length > 0 ? undefined : word
  }
}
