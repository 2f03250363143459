import { assert, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Validation from "../../src/Validation.ts"
import { accepts } from "./accepts.ts"
import * as Constraints from "./constraints.ts"
import * as Mutate from "./mutate.ts"
import { type Message, sent } from "./proof.ts"

/** Every place in the messages, without telling the items of a list apart. */
const places = (
  constraints: Constraints.Constraints,
  path: string
): ReadonlyArray<readonly [path: string, Constraints.Constraints]> => [
  [path, constraints],
  ...Object.entries(constraints.properties ?? {}).flatMap(([name, property]) => places(property, `${path}/${name}`)),
  ...(constraints.items === undefined ? [] : places(constraints.items, `${path}/*`))
]

/** The value with other customData at every place that has some. */
const having = (value: unknown, customData: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => having(item, customData))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, name === "customData" ? customData : having(field, customData)])
  )
}

const full = {
  vendorId: "com.example",
  number: -1.5,
  nothing: null,
  list: [{ customData: 1 }, [], "text"],
  __proto: { extra: true },
  "": ""
}

const bad = [
  null,
  [],
  "com.example",
  {},
  { vendor: "x" },
  { vendorId: 1 },
  { vendorId: null },
  { vendorId: "x".repeat(256) }
]

/** Declares the tests of [RPC-14] for a version of 2.x. */
export const customDataIsTheOneExtension = (
  messages: ReadonlyMap<string, Message>,
  expected: {
    /** How many objects may have customData. */
    readonly objects: number
    /** Where anything at all may be. */
    readonly anything: ReadonlyArray<string>
  }
): void => {
  it("[RPC-14] every object may have customData and is closed otherwise; customData is open and needs a vendorId", () => {
    const anything: Array<string> = []
    let objects = 0
    for (const [id, { schema }] of messages) {
      for (const [path, place] of places(Constraints.ofSchema(schema), id)) {
        if (place.type === undefined && place.anyOf === undefined) anything.push(path)
        if (place.type?.includes("object") !== true) continue
        if (path.endsWith("/customData")) {
          assert.deepStrictEqual(place, {
            type: ["object"],
            properties: { vendorId: { type: ["string"], maxLength: 255 } },
            required: ["vendorId"]
          })
        } else {
          objects++
          assert.strictEqual(place.additionalProperties, false, path)
          assert.property(place.properties, "customData", path)
          assert.notInclude(place.required ?? [], "customData", path)
        }
      }
    }
    assert.strictEqual(objects, expected.objects)
    assert.sameMembers(anything, [...expected.anything])
  })

  it("[RPC-14] whatever customData holds passes through, at every depth of every message", () => {
    for (const [id, { official, schema }] of messages) {
      const value = having(Mutate.example(official, { seed: id, fields: "all" }), full)
      const received = sent(value)
      assert.isTrue(accepts(schema, received), id)
      assert.deepStrictEqual(Result.getOrThrow(Validation.decode(schema)(received)), value, id)
      for (const customData of bad) assert.isFalse(accepts(schema, sent(having(value, customData))), id)
    }
  })
}
