/**
 * Writes the JSON Schema of every message beside this file: `npm run schemas`.
 *
 * One file is one message, in draft 7, the newest draft that the tools of all languages read, and refers to no other
 * file. What is in a file follows from the message's schema alone.
 */
import * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type * as Action from "../src/Action.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"

/** The files of all versions with their text, by their path in this folder. */
export const files = (): ReadonlyMap<string, string> =>
  new Map(
    [V15.protocol, V16.protocol, V201.protocol, V21.protocol].flatMap(({ actions, version }) =>
      actions.flatMap((action) =>
        messages(version, action).map(([file, schema]) => [`v${version}/${file}.json`, text(version, schema)] as const)
      )
    )
  )

/** The messages of an action under the names that the official files have; 1.5 has none and is named like 1.6. */
const messages = (
  version: string,
  action: Action.Action
): ReadonlyArray<readonly [file: string, Action.MessageSchema]> => {
  const { name, request, response } = action
  if (response === undefined) return [[name, request]]
  const requestFile = version.startsWith("1.") ? name : `${name}Request`
  return [
    [requestFile, request],
    [`${name}Response`, response]
  ]
}

type Json = { readonly [keyword: string]: unknown }

const text = (version: string, message: Action.MessageSchema): string => {
  // What is sent: 1.5 reads other spellings beside it.
  const schema = Schema.toType(message)
  const document = JsonSchema.toDocumentDraft07(Schema.toJsonSchemaDocument(schema, { onExcessProperty: "error" }))
  const title = String(document.schema["$ref"]).slice("#/definitions/".length)
  const { [title]: root, ...others } = document.definitions
  if (root === undefined) throw new Error(`A message without a name: ${JSON.stringify(document.schema)}`)
  const definitions = Object.entries(others)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, definition]) => [name, plain(definition)] as const)
  const file = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `urn:effect-ocpp:${version}:${title}`,
    title,
    ...plain(root),
    ...(definitions.length > 0 && { definitions: Object.fromEntries(definitions) })
  }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

const order = ["$ref", "type", "enum", "format", "properties", "required", "additionalProperties", "items"]

const rank = (keyword: string): number => (order.includes(keyword) ? order.indexOf(keyword) : order.length)

// The casts below say what the value of a keyword is in every JSON Schema.

/** The same schema in a stable order, without keywords that ask nothing. */
const plain = (schema: Json): Json => {
  const entries = Object.entries(schema).flatMap(([keyword, value]): ReadonlyArray<readonly [string, unknown]> => {
    switch (keyword) {
      case "properties":
        return [
          [keyword, Object.fromEntries(Object.entries(value as Json).map(([name, of]) => [name, plain(of as Json)]))]
        ]
      case "items":
        return [[keyword, plain(value as Json)]]
      case "propertyNames":
        return isVacuous(value as Json, "string") ? [] : [[keyword, value]]
      case "allOf":
        return (value as ReadonlyArray<Json>).every((part) => isVacuous(part, schema["type"])) ? [] : [[keyword, value]]
      default:
        return [[keyword, value]]
    }
  })
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)))
}

/** Whether a schema asks nothing of a value of this type. */
const isVacuous = (schema: Json, type: unknown): boolean =>
  Object.entries(schema).every(
    ([keyword, value]) =>
      (keyword === "type" && value === type) ||
      (keyword === "additionalProperties" && typeof value === "object" && Object.keys(value ?? {}).length === 0)
  )

/** Writes all files and removes those that are no longer. */
const write = (): void => {
  const folder = import.meta.dirname
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    rmSync(join(folder, name), { recursive: true })
  }
  for (const [path, content] of files()) {
    mkdirSync(join(folder, path, ".."), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

if (import.meta.main) write()
