/**
 * The official JSON Schemas, of which `ocpp-rpc` carries a copy.
 */
import { createRequire } from "node:module"
import { Ajv, type ValidateFunction } from "ajv"
import ajvFormats from "ajv-formats"
import type * as Action from "../../src/Action.ts"
import type { JsonObject } from "./constraints.ts"

export type Version = "1.6" | "2.0.1" | "2.1"

const files = { "1.6": "ocpp1_6", "2.0.1": "ocpp2_0_1", "2.1": "ocpp2_1" } as const

/** Whether there are any: of 1.5 there are none. */
export const hasDocuments = (version: string): version is Version => Object.hasOwn(files, version)

/** The documents of a version. */
export const documents = (version: Version): ReadonlyArray<JsonObject & { readonly $id: string }> =>
  createRequire(import.meta.url)(`ocpp-rpc/lib/schemas/${files[version]}.json`)

/** The id of the document of a message. */
export const id = (version: Version, action: Action.Action, part: "request" | "response"): string => {
  if (version !== "2.1") return `urn:${action.name}.${part === "request" ? "req" : "conf"}`
  if (action.response === undefined) return `urn:${action.name}`
  return `urn:${action.name}${part === "request" ? "Request" : "Response"}`
}

/** Whether a number written in decimal has at most one digit behind the point; ajv divides, and refuses 0.3. */
const hasOneDecimal = (_: number, n: number): boolean => /^-?\d+(?:\.\d)?(?:e\+\d+)?$|^-?\d\.\d+e\+\d+$/.test(String(n))

const ajv = new Ajv({ strict: false })
ajvFormats.default(ajv)
ajv.removeKeyword("multipleOf")
ajv.addKeyword({ keyword: "multipleOf", type: "number", schemaType: "number", validate: hasOneDecimal })
const isUri = ajvFormats.default.get("uri") as (text: string) => boolean
// A path may be empty (RFC 3986 §3.3), which ajv does not know.
ajv.addFormat("uri", (text: string) => isUri(text) || isUri(text.replace(/^[^:/?#]+:(?=[?#]|$)/, "$&/")))

const compiled: { readonly [V in Version]: Map<string, ValidateFunction> } = {
  "1.6": new Map(),
  "2.0.1": new Map(),
  "2.1": new Map()
}

/** Who says whether a message is valid, by the id of its document, if there is one. It is compiled when first asked for. */
export const validator = (version: Version, idOfMessage: string): ValidateFunction | undefined => {
  const known = compiled[version].get(idOfMessage)
  if (known !== undefined) return known
  const found = documents(version).find(({ $id }) => $id === idOfMessage)
  if (found === undefined) return undefined
  // ajv takes none of the ids for a URN, so the documents go without.
  const { $id: _, ...document } = found
  const validate = ajv.compile<unknown>(document)
  compiled[version].set(idOfMessage, validate)
  return validate
}
