/**
 * The JSON Schema files in `schemas/`: that they are those of the messages, and ask the same as the official ones.
 */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Ajv } from "ajv"
import ajvFormats from "ajv-formats"
import * as Schema from "effect/Schema"
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import * as Generated from "../schemas/generate.ts"
import type * as Action from "../src/Action.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"
import * as Constraints from "./support/constraints.ts"
import * as Oracle from "./support/oracle.ts"

const folder = resolve(import.meta.dirname, "../schemas")

const written = new Map(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".json"))
    .map((path) => [path, readFileSync(join(folder, path), "utf8")])
)

const read = (path: string): Constraints.JsonObject => JSON.parse(written.get(path)!)

/** The file of a message, named as the official one is. */
const fileOf = (version: string, action: Action.Action, part: "request" | "response"): string => {
  const request = version === "1.5" || version === "1.6" || action.response === undefined ? "" : "Request"
  return `v${version}/${action.name}${part === "request" ? request : "Response"}.json`
}

const partsOf = ({ response }: Action.Action): ReadonlyArray<"request" | "response"> =>
  response === undefined ? ["request"] : ["request", "response"]

describe("the files", () => {
  it("are those of the messages: none is missing, stale or one too many (`npm run schemas` writes them)", () => {
    const generated = Generated.files()
    assert.sameMembers([...written.keys()], [...generated.keys()])
    for (const [path, text] of generated) assert.strictEqual(written.get(path), text, path)
  })

  it("are JSON Schemas of draft 7 that a plain validator takes, each with a title and an id of its own", () => {
    const ajv = new Ajv({ strict: true, allErrors: true })
    ajvFormats.default(ajv)
    const ids = new Set<unknown>()
    for (const path of written.keys()) {
      const { $id, $schema, title } = read(path)
      assert.strictEqual($schema, "http://json-schema.org/draft-07/schema#", path)
      const [version, name] = path.slice(1, -".json".length).split("/")
      assert.include([name, `${name}Request`], title, path)
      assert.strictEqual($id, `urn:effect-ocpp:${version}:${title}`, path)
      ids.add($id)
      assert.doesNotThrow(() => ajv.compile(read(path)), path)
    }
    assert.strictEqual(ids.size, written.size)
  })

  it("refer to nothing but their own definitions, and use each of them", () => {
    for (const [path, text] of written) {
      const names = Object.keys((read(path)["definitions"] ?? {}) as object)
      const used = Array.from(text.matchAll(/"\$ref": "([^"]*)"/g), ([, reference]) => reference)
      assert.sameMembers(
        [...new Set(used)],
        names.map((name) => `#/definitions/${name}`),
        path
      )
    }
  })
})

describe("constraints of the files", () => {
  const counts: Array<string> = []
  let total = 0

  for (const [version, actions] of [
    ["1.6", V16.actions],
    ["2.0.1", V201.actions],
    ["2.1", V21.actions]
  ] as const) {
    it(`every file of ${version} asks the same as the official schema`, () => {
      const official = new Map(Oracle.documents(version).map((document) => [document.$id, document]))
      let equal = 0
      for (const action of actions) {
        for (const part of partsOf(action)) {
          const file = fileOf(version, action, part)
          const document = official.get(Oracle.id(version, action, part))
          assert.isDefined(document, file)
          assert.deepStrictEqual(Constraints.ofJsonSchema(read(file)), Constraints.ofJsonSchema(document!), file)
          equal++
        }
      }
      assert.strictEqual(equal, official.size)
      assert.strictEqual(equal, [...written.keys()].filter((path) => path.startsWith(`v${version}/`)).length)
      counts.push(`${version} ${equal}`)
      total += equal
    })
  }

  it("every file of 1.5, which has no official schema, asks the same as the message that is sent", () => {
    for (const { name, request, response } of V15.actions) {
      for (const [file, schema] of [
        [`v1.5/${name}.json`, request],
        [`v1.5/${name}Response.json`, response]
      ] as const) {
        const sent = Constraints.ofSchema(Schema.toType<Schema.Top>(schema))
        assert.deepStrictEqual(Constraints.ofJsonSchema(read(file)), sent, file)
      }
    }
  })

  afterAll(() => console.log(`files: ${total} equal to the official schemas (${counts.join(", ")})`))
})
