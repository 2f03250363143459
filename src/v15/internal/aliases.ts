/**
 * Reading messages that are spelt in another way than we send them.
 *
 * OCPP 1.5 over JSON has no official schema, so its implementations write some lists in different ways. A rewrite turns
 * such a value into the one that we send; all else it leaves to the schema, which refuses what it does not know.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { isObject } from "../../internal/Check.ts"

/**
 * Turns one form of a JSON value into another. It takes every value, and gives back the same one where there is nothing
 * to do.
 *
 * @category models
 * @since 0.1.0
 */
export type Rewrite = (value: unknown) => unknown

/**
 * A schema that applies the rewrites, one after the other, to what it reads. What it writes is what the given schema
 * writes.
 *
 * @category schemas
 * @since 0.1.0
 */
export const readingAliases = <S extends Schema.Top>(schema: S, ...rewrites: ReadonlyArray<Rewrite>) =>
  Schema.Unknown.pipe(
    Schema.decode({ decode: SchemaGetter.transform(inTurn(rewrites)), encode: SchemaGetter.passthrough() }),
    Schema.decodeTo(schema, SchemaTransformation.passthrough({ strict: false }))
  )

/**
 * Gives a field another name, unless there is a field of that name.
 *
 * @category rewrites
 * @since 0.1.0
 */
export const rename = (from: string, to: string, isMeant: (value: unknown) => boolean = () => true): Rewrite =>
  onObjects((object) =>
    Object.hasOwn(object, from) && !Object.hasOwn(object, to) && isMeant(object[from])
      ? Object.entries(object).map(([key, value]) => [key === from ? to : key, value])
      : undefined
  )

/**
 * Gives a field another name if it holds a list, unless there is a field of that name.
 *
 * @category rewrites
 * @since 0.1.0
 */
export const renameList = (from: string, to: string): Rewrite => rename(from, to, Array.isArray)

/**
 * Puts the fields of the object under `key` in its place, unless one of them is there already.
 *
 * @category rewrites
 * @since 0.1.0
 */
export const hoist = (key: string): Rewrite =>
  onObjects((object) => {
    const inner = Object.hasOwn(object, key) ? object[key] : undefined
    if (!isObject(inner) || Object.keys(inner).some((name) => Object.hasOwn(object, name))) {
      return undefined
    }
    return Object.entries(object).flatMap(([name, value]) => (name === key ? Object.entries(inner) : [[name, value]]))
  })

/**
 * Moves the fields of an object that has `marker` into the only element of the list `into`, but for some.
 *
 * @category rewrites
 * @since 0.1.0
 */
export const gather = (
  marker: string,
  options: { readonly into: string; readonly except?: ReadonlyArray<string> }
): Rewrite =>
  onObjects((object) => {
    if (!Object.hasOwn(object, marker)) return undefined
    const stays = ([name]: Field): boolean => options.except?.includes(name) === true
    const fields = Object.entries(object)
    const element = Object.fromEntries(fields.filter((field) => !stays(field)))
    return [...fields.filter(stays), [options.into, [element]]]
  })

/**
 * Applies rewrites, one after the other, to each element of the list under `key`.
 *
 * @category rewrites
 * @since 0.1.0
 */
export const inEach = (key: string, ...rewrites: ReadonlyArray<Rewrite>): Rewrite => {
  const rewrite = inTurn(rewrites)
  return onObjects((object) => {
    const list: unknown = Object.hasOwn(object, key) ? object[key] : undefined
    if (!Array.isArray(list)) return undefined
    const rewritten = list.map(rewrite)
    return rewritten.some((element, index) => element !== list[index])
      ? Object.entries(object).map(([name, value]) => [name, name === key ? rewritten : value])
      : undefined
  })
}

type Field = readonly [name: string, value: unknown]

// `Object.fromEntries` makes own fields of all names, `__proto__` among them.
const onObjects =
  (change: (object: Record<string, unknown>) => ReadonlyArray<Field> | undefined): Rewrite =>
  (value) => {
    const fields = isObject(value) ? change(value) : undefined
    return fields === undefined ? value : Object.fromEntries(fields)
  }

const inTurn =
  (rewrites: ReadonlyArray<Rewrite>): Rewrite =>
  (value) =>
    rewrites.reduce((rewritten, rewrite) => rewrite(rewritten), value)
