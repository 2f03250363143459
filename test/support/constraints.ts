/**
 * A normal form of JSON Schemas, in which two of them are deeply equal when they ask the same of a value.
 *
 * References are resolved, `allOf` is merged, annotations and keywords that change nothing are dropped, and sets are
 * sorted. What cannot be brought into this form throws: nothing is passed over.
 */
import * as Schema from "effect/Schema"

export type JsonObject = { readonly [key: string]: unknown }

/** What a schema asks of a value. */
export interface Constraints {
  readonly type?: ReadonlyArray<string>
  readonly enum?: ReadonlyArray<unknown>
  readonly properties?: { readonly [name: string]: Constraints }
  readonly required?: ReadonlyArray<string>
  /** `false`: closed. Absent: open. */
  readonly additionalProperties?: false | Constraints
  readonly items?: Constraints
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: true
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly anyOf?: ReadonlyArray<Constraints>
}

/** The constraints of one of our schemas. */
export const ofSchema = (schema: Schema.Top): Constraints => {
  const document = Schema.toJsonSchemaDocument(schema, { onExcessProperty: "error" })
  return normalize(document.schema, { $defs: document.definitions })
}

/** The constraints of a JSON Schema document of any draft. */
export const ofJsonSchema = (document: JsonObject): Constraints => normalize(document, document)

const isObject = (u: unknown): u is JsonObject => typeof u === "object" && u !== null && !Array.isArray(u)

const annotations = new Set([
  "$schema",
  "$id",
  "id",
  "$comment",
  "comment",
  "title",
  "description",
  "examples",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
  "javaType",
  "definitions",
  "$defs"
])

/** The types that a keyword says something about. */
const scopes: { readonly [keyword: string]: ReadonlyArray<string> } = {
  properties: ["object"],
  required: ["object"],
  additionalProperties: ["object"],
  propertyNames: ["object"],
  items: ["array"],
  additionalItems: ["array"],
  minItems: ["array"],
  maxItems: ["array"],
  uniqueItems: ["array"],
  minLength: ["string"],
  maxLength: ["string"],
  pattern: ["string"],
  format: ["string"],
  minimum: ["number", "integer"],
  maximum: ["number", "integer"],
  exclusiveMinimum: ["number", "integer"],
  exclusiveMaximum: ["number", "integer"],
  multipleOf: ["number", "integer"]
}

const normalize = (schema: unknown, root: JsonObject, open: ReadonlyArray<string> = []): Constraints => {
  if (schema === true) return {}
  if (!isObject(schema)) throw new Error(`Not a schema: ${JSON.stringify(schema)}`)
  const { $ref, allOf, anyOf, oneOf, ...keywords } = schema
  const parts: Array<Constraints> = [own(keywords, root, open)]
  if ($ref !== undefined) {
    const reference = String($ref)
    if (open.includes(reference)) throw new Error(`Recursive schema: ${reference}`)
    parts.push(normalize(resolve(reference, root), root, [...open, reference]))
  }
  for (const part of list(allOf)) parts.push(normalize(part, root, open))
  for (const union of [anyOf, oneOf]) {
    if (union !== undefined) parts.push(alternatives(list(union).map((member) => normalize(member, root, open))))
  }
  return parts.reduce(merge)
}

const list = (u: unknown): ReadonlyArray<unknown> => {
  if (u === undefined) return []
  if (Array.isArray(u)) return u
  throw new Error(`Not a list: ${JSON.stringify(u)}`)
}

const resolve = (reference: string, root: JsonObject): unknown => {
  if (!reference.startsWith("#/")) throw new Error(`Not a local reference: ${reference}`)
  const target = reference
    .slice(2)
    .split("/")
    .reduce<unknown>(
      (at, key) => (isObject(at) ? at[decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~")] : undefined),
      root
    )
  if (target === undefined) throw new Error(`No such definition: ${reference}`)
  return target
}

const own = (keywords: JsonObject, root: JsonObject, open: ReadonlyArray<string>): Constraints => {
  const out: { -readonly [K in keyof Constraints]: Constraints[K] } = {}
  const values = keywords["const"] !== undefined ? [keywords["const"]] : keywords["enum"]
  if (values !== undefined) out.enum = [...new Set(list(values))].sort(compare)
  const type = keywords["type"] ?? (out.enum === undefined ? undefined : [...new Set(out.enum.map(typeOf))])
  if (type !== undefined) out.type = [...(Array.isArray(type) ? type : [type])].sort()
  const matters = (keyword: string): boolean => {
    const types = scopes[keyword]
    if (types === undefined) throw new Error(`Unknown keyword: ${keyword}`)
    return out.type === undefined || out.type.some((name) => types.includes(name))
  }
  for (const [keyword, value] of Object.entries(keywords)) {
    if (annotations.has(keyword) || keyword === "type" || keyword === "enum" || keyword === "const") continue
    if (!matters(keyword)) continue
    switch (keyword) {
      case "properties": {
        const properties = Object.entries(value as JsonObject).map(
          ([name, property]) => [name, normalize(property, root, open)] as const
        )
        if (properties.length > 0) out.properties = Object.fromEntries(properties)
        break
      }
      case "required": {
        if (list(value).length > 0) out.required = (list(value) as ReadonlyArray<string>).toSorted()
        break
      }
      case "additionalProperties": {
        const others = value === false ? false : normalize(value, root, open)
        if (others === false || !isVacuous(others)) out.additionalProperties = others
        break
      }
      // In JSON every name is a string.
      case "propertyNames": {
        const { type: types, ...rest } = normalize(value, root, open)
        if (!isVacuous(rest) || types?.includes("string") === false) {
          throw new Error(`Not supported: propertyNames ${JSON.stringify(value)}`)
        }
        break
      }
      case "items": {
        const items = normalize(value, root, open)
        if (!isVacuous(items)) out.items = items
        break
      }
      // Says nothing where `items` is a schema and not a list of schemas.
      case "additionalItems": {
        if (Array.isArray(keywords["items"])) throw new Error("Not supported: tuples")
        break
      }
      case "minItems":
      case "minLength": {
        if (value !== 0) out[keyword] = value as number
        break
      }
      case "uniqueItems": {
        if (value === true) out.uniqueItems = true
        break
      }
      case "exclusiveMinimum":
      case "exclusiveMaximum": {
        if (typeof value === "boolean") throw new Error(`Not supported: ${keyword} of draft 4`)
        out[keyword] = value as number
        break
      }
      case "maxItems":
      case "maxLength":
      case "minimum":
      case "maximum":
      case "multipleOf": {
        out[keyword] = value as number
        break
      }
      case "pattern":
      case "format": {
        out[keyword] = value as string
        break
      }
      default:
        throw new Error(`Unknown keyword: ${keyword}`)
    }
  }
  return out
}

const isVacuous = (constraints: Constraints): boolean => Object.keys(constraints).length === 0

const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)

const compare = (a: unknown, b: unknown): number => {
  const left = JSON.stringify(a)
  const right = JSON.stringify(b)
  return left < right ? -1 : left > right ? 1 : 0
}

/** Alternatives that are all enumerations are one enumeration. */
const alternatives = (members: ReadonlyArray<Constraints>): Constraints => {
  const [only] = members
  if (only !== undefined && members.length === 1) return only
  if (members.every((member) => Object.keys(member).every((key) => key === "enum" || key === "type") && member.enum)) {
    const values = members.flatMap((member) => member.enum ?? [])
    return own({ enum: values }, {}, [])
  }
  return { anyOf: members.toSorted(compare) }
}

/** Whether values of a type are among those of some types: an integer is a number too. */
const hasType = (types: ReadonlyArray<string>, name: string): boolean =>
  types.includes(name) || (name === "integer" && types.includes("number"))

const commonTypes = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set([...a, ...b])].filter((name) => hasType(a, name) && hasType(b, name)).sort()

/** What both ask. */
const merge = (a: Constraints, b: Constraints): Constraints => {
  const out: { [keyword: string]: unknown } = { ...a }
  const closed = (side: Constraints, other: Constraints): boolean =>
    side.additionalProperties !== undefined &&
    Object.keys(other.properties ?? {}).some((name) => !Object.hasOwn(side.properties ?? {}, name))
  if (closed(a, b) || closed(b, a)) throw new Error("Not supported: allOf that closes an object from outside")
  for (const [keyword, value] of Object.entries(b)) {
    const mine = out[keyword]
    if (mine === undefined) {
      out[keyword] = value
      continue
    }
    if (JSON.stringify(mine) === JSON.stringify(value)) continue
    switch (keyword) {
      case "type": {
        out[keyword] = commonTypes(mine as Array<string>, value)
        break
      }
      case "enum": {
        out[keyword] = (mine as Array<unknown>).filter((member) => value.includes(member))
        break
      }
      case "required": {
        out[keyword] = [...new Set([...(mine as Array<string>), ...value])].sort()
        break
      }
      case "properties": {
        const properties: { [name: string]: Constraints } = { ...(mine as Constraints["properties"]) }
        for (const [name, property] of Object.entries(value as Constraints["properties"] & {})) {
          const known = properties[name]
          properties[name] = known === undefined ? property : merge(known, property)
        }
        out[keyword] = properties
        break
      }
      case "items": {
        out[keyword] = merge(mine as Constraints, value)
        break
      }
      case "minItems":
      case "minLength":
      case "minimum":
      case "exclusiveMinimum": {
        out[keyword] = Math.max(mine as number, value)
        break
      }
      case "maxItems":
      case "maxLength":
      case "maximum":
      case "exclusiveMaximum": {
        out[keyword] = Math.min(mine as number, value)
        break
      }
      default:
        throw new Error(`Not supported: two of ${keyword}`)
    }
  }
  return out
}

/** A JSON Schema document with one constraint left out or changed, for every one that it has, and where. */
export const weakened = (schema: JsonObject): ReadonlyArray<readonly [pointer: string, weaker: JsonObject]> =>
  Object.entries(schema).flatMap(([keyword, value]) => {
    const having = (pointer: string, changed: unknown) =>
      [`/${keyword}${pointer}`, { ...schema, [keyword]: changed }] as const
    if (annotations.has(keyword) && keyword !== "definitions" && keyword !== "$defs") return []
    if ((keyword === "items" || keyword === "additionalProperties") && isObject(value)) {
      return weakened(value).map(([pointer, weaker]) => having(pointer, weaker))
    }
    if ((keyword === "properties" || keyword === "definitions" || keyword === "$defs") && isObject(value)) {
      return Object.entries(value).flatMap(([name, member]) =>
        isObject(member)
          ? weakened(member).map(([pointer, weaker]) => having(`/${name}${pointer}`, { ...value, [name]: weaker }))
          : []
      )
    }
    if (keyword === "required" || keyword === "enum") {
      return list(value).map((member) =>
        having(
          `/${String(member)}`,
          list(value).filter((other) => other !== member)
        )
      )
    }
    const types = list(typeof schema["type"] === "string" ? [schema["type"]] : schema["type"])
    const asks = types.some((type) => scopes[keyword]?.includes(String(type)) === true)
    // Says nothing where `items` is a schema, as it is everywhere.
    if (!asks || keyword === "additionalItems") return []
    const { [keyword]: _, ...weaker } = schema
    return [[`/${keyword}`, weaker] as const]
  })
