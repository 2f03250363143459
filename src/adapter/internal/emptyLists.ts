/**
 * Lists that a version never writes empty, and can do without: such a list is left out where it is empty. Which these are
 * says the schema of the message.
 */
import * as SchemaAST from "effect/SchemaAST"
import type { MessageSchema } from "../../Action.ts"
import { filtersOf, idOf } from "../../internal/Check.ts"
import type { Table } from "./Table.ts"

/** The fields of an object that are such lists, or have some below them. */
type Places = ReadonlyMap<string, Place>

interface Place {
  readonly isLeftOut: boolean
  readonly below: Places
}

/** A table whose messages have no empty list that the schema wants to be left out. */
export const withoutEmptyLists = <Wire, Generic>(
  table: Table<Wire, Generic>,
  schema: MessageSchema | undefined
): Table<Wire, Generic> => {
  if (schema === undefined) return table
  let places: Places | undefined
  return {
    ...table,
    encode: (generic, losses) => {
      places ??= placesOf(schema.ast)
      // A message without a field that it may lack is still one.
      return without(table.encode(generic, losses), places) as Wire
    }
  }
}

const placesOf = (ast: SchemaAST.AST): Places => {
  if (SchemaAST.isArrays(ast)) return new Map(ast.rest.flatMap((item) => [...placesOf(item)]))
  if (SchemaAST.isUnion(ast)) return new Map(ast.types.flatMap((member) => [...placesOf(member)]))
  if (!SchemaAST.isObjects(ast)) return new Map()
  return new Map(
    ast.propertySignatures.flatMap(({ name, type }): ReadonlyArray<readonly [string, Place]> => {
      const isLeftOut = SchemaAST.isOptional(type) && hasItems(type)
      const below = placesOf(type)
      return isLeftOut || below.size > 0 ? [[String(name), { isLeftOut, below }]] : []
    })
  )
}

/** Whether it is a list of one item at least. */
const hasItems = (ast: SchemaAST.AST): boolean =>
  SchemaAST.isArrays(ast) && filtersOf(ast).some((filter) => idOf(filter) === "effect/schema/isMinLength")

/** The value itself, or a copy of it if something is left out. */
const without = (value: unknown, places: Places): unknown => {
  if (places.size === 0 || typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => without(item, places))
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  let copy: Record<string, unknown> | undefined
  for (const [name, { below, isLeftOut }] of places) {
    const field: unknown = Reflect.get(value, name)
    if (isLeftOut && Array.isArray(field) && field.length === 0) {
      copy ??= { ...value }
      delete copy[name]
    } else {
      const inner = without(field, below)
      if (inner !== field) (copy ??= { ...value })[name] = inner
    }
  }
  return copy ?? value
}
