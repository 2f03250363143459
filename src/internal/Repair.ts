/**
 * How a text, a number or a boolean that is not as its type asks is taken nevertheless: put right, or kept as it came.
 */
import * as Result from "effect/Result"
import type * as SchemaAST from "effect/SchemaAST"
import { compileFilter, filtersOf, idOf, isInt, isObject } from "./Check.ts"
import type { ToleratedKind } from "../Deviation.ts"
import { filters as rules } from "./Rules.ts"
import { isData } from "../Wire.ts"
import { decimalsOf, holds, isDecimal, isWhole, WrittenNumber } from "./WrittenNumber.ts"

/** A way to put right a value that is not of a type: another value, or `undefined` where this is not the way. */
export interface Repair {
  readonly kind: ToleratedKind
  readonly of: (value: unknown) => unknown
}

/** The ways for a type, the best one first. What comes of one remains to be checked. */
export const repairsOf = (ast: SchemaAST.AST): ReadonlyArray<Repair> => {
  switch (ast._tag) {
    case "String":
      return textRepairs(ast)
    case "Number":
      return [{ kind: "TextForNumber", of: (value) => (typeof value === "string" ? numberOf(value) : undefined) }]
    case "Boolean":
      return [
        {
          kind: "TextForBoolean",
          of: (value) => (typeof value === "string" ? booleans.get(value.toLowerCase()) : undefined)
        },
        { kind: "NumberForBoolean", of: (value) => (value === 1 ? true : value === 0 ? false : undefined) }
      ]
    case "Literal":
    case "Union": {
      const words = wordsOf(ast)
      if (words === undefined) return []
      const rightCase = inRightCase(words)
      return [{ kind: "WrongCase", of: (value) => (typeof value === "string" ? rightCase(value) : undefined) }]
    }
    default:
      return []
  }
}

const numberOf = (text: string): number | undefined => {
  if (!isDecimal(text)) return undefined
  const number = Number(text)
  return holds(number, text) ? number : undefined
}

const booleans = new Map([
  ["true", true],
  ["false", false]
])

const textRepairs = (ast: SchemaAST.String): ReadonlyArray<Repair> => {
  const filters = filtersOf(ast)
  const repairs: Array<Repair> = [
    { kind: "NumberForText", of: digitsOf },
    { kind: "BooleanForText", of: (value) => (typeof value === "boolean" ? String(value) : undefined) }
  ]
  if (filters.some((filter) => idOf(filter) === "effect-ocpp/isTimestamp")) {
    repairs.push({ kind: "LocalTime", of: (value) => (typeof value === "string" ? timeOf(value) : undefined) })
  }
  if (isData(ast)) {
    repairs.push({
      kind: "ObjectForText",
      of: (value) => (isObject(value) || Array.isArray(value) ? jsonOf(value) : undefined)
    })
  }
  return repairs
}

/** The digits of a number, if they are known: those of one that came as a value and is too large are not. */
const digitsOf = (value: unknown): string | undefined => {
  if (value instanceof WrittenNumber) return value.text
  if (typeof value !== "number" || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return undefined
  return Object.is(value, -0) ? "-0" : String(value)
}

// What is passed as a value and not as text may have no form in JSON.
const jsonOf = (value: object): string | undefined =>
  value instanceof WrittenNumber
    ? undefined
    : Result.getOrUndefined(Result.try((): string | undefined => JSON.stringify(value)))

const extended =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? ?(?:[Zz]|([+-]\d{2})(?::?(\d{2}))?)?$/
const basic = /^(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(?:(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+-]\d{2})(?::?(\d{2}))?)?$/

/** The time that a text of ISO 8601 means, in the form of RFC 3339, or another text that is no time there either. */
const timeOf = (text: string): string | undefined => {
  const trimmed = text.trim()
  const match = extended.exec(trimmed) ?? basic.exec(trimmed)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second = "00", fraction, offsetHour, offsetMinute = "00"] = match
  const offset = offsetHour === undefined ? "Z" : `${offsetHour}:${offsetMinute}`
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === undefined ? "" : `.${fraction}`}${offset}`
}

/** The words of an enumeration; `undefined` for what is none. */
export const wordsOf = (ast: SchemaAST.AST): ReadonlyArray<string> | undefined => {
  if (ast.checks !== undefined) return undefined
  const types = ast._tag === "Union" ? ast.types : [ast]
  const words = types.flatMap((type) =>
    type._tag === "Literal" && type.checks === undefined && typeof type.literal === "string" ? [type.literal] : []
  )
  return words.length === 0 || words.length < types.length ? undefined : words
}

/** Finds the one word that a text is in upper or lower case. */
export const inRightCase = (words: ReadonlyArray<string>): ((text: string) => string | undefined) => {
  const alike = Map.groupBy(words, (word) => word.toLowerCase())
  return (text) => {
    const [word, ...others] = alike.get(text.toLowerCase()) ?? []
    return others.length > 0 ? undefined : word
  }
}

/** A rule that a value breaks, and the kind by which it is kept nevertheless, if there is one. */
export interface Breach {
  readonly filter: SchemaAST.Filter<unknown>
  readonly kind: ToleratedKind | undefined
}

/** Finds the filters of a type that a value of it does not pass. */
export const breaching = (ast: SchemaAST.AST): ((value: unknown) => ReadonlyArray<Breach>) => {
  const filters = filtersOf(ast).map((filter) => ({
    filter,
    passes: compileFilter(filter, ast),
    keeps: rules.get(`${ast._tag} ${idOf(filter)}`)?.keeps
  }))
  return (value) => {
    const passesExactly = value instanceof WrittenNumber ? exactly(value) : undefined
    const nearest = value instanceof WrittenNumber ? value.nearest : value
    return filters.flatMap(({ filter, keeps, passes }) => {
      if (passesExactly?.(filter) ?? passes(nearest)) return []
      return [{ filter, kind: passesExactly !== undefined && idOf(filter) === isInt ? fraction : keeps?.(nearest) }]
    })
  }
}

const fraction = "FractionForInteger"

/** Whether a number passes a filter for which its digits count, and not only the nearest number of JavaScript. */
const exactly =
  ({ nearest, text }: WrittenNumber) =>
  (filter: SchemaAST.Filter<unknown>): boolean | undefined => {
    switch (idOf(filter)) {
      case isInt:
        return isWhole(text)
      case "effect/schema/isFinite":
        return true
      case "effect/schema/isMultipleOf": {
        if (isWhole(text)) return true
        const payload: unknown = filter.annotations?.representation?.payload
        const divisor = isObject(payload) ? payload["divisor"] : undefined
        // Only then does the nearest number say it.
        return decimalsOf(text) <= decimalsOf(String(divisor)) && Number.isFinite(nearest) ? undefined : false
      }
      default:
        return undefined
    }
  }
