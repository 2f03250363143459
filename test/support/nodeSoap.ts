/**
 * Peers that are not ours: clients and servers of `soap` (node-soap), made of the official WSDLs.
 */
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import * as Soap from "soap"
import type { Side } from "../../src/Action.ts"
import { listening } from "./http.ts"
import * as Wsdl from "./wsdl.ts"

const addressing = "http://www.w3.org/2005/08/addressing"

/** What a message of 1.5 has in attributes, in the form of node-soap; all else is as in JSON. */
export const toTheirs = (version: Wsdl.Soap1x, value: unknown): unknown => {
  if (version === "1.6") return value
  if (Array.isArray(value)) return value.map((item) => toTheirs(version, item))
  if (typeof value !== "object" || value === null) return value
  const fields = Object.entries(value)
  if ("timestamp" in value && "values" in value && Array.isArray(value.values)) {
    const samples: ReadonlyArray<{ readonly value: string }> = value.values
    return {
      timestamp: value.timestamp,
      value: samples.map(({ value: $value, ...attributes }) => ({ attributes, $value }))
    }
  }
  return Object.fromEntries(fields.map(([name, field]) => [name, toTheirs(version, field)]))
}

/** What node-soap gives, with its dates as texts, and without what it makes of nothing. */
export const fromTheirs = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(fromTheirs)
  if (value === null || value === undefined) return {}
  if (typeof value !== "object") return value
  if ("$value" in value && "attributes" in value) {
    return { value: value.$value, ...(value.attributes as object) }
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      // It takes a restriction of a type for text.
      if (name === "limit" || name === "minChargingRate") return [name, Number(field)]
      const isSamples = name === "value" && Array.isArray(field)
      if (!isSamples) return [name, fromTheirs(field)]
      return [
        "values",
        field.map((sample: unknown) => (typeof sample === "string" ? { value: sample } : fromTheirs(sample)))
      ]
    })
  )
}

/** A client of the service of a side; `call` is given the name of an operation and its request. */
export const client = Effect.fnUntraced(function* (
  version: Wsdl.Soap1x,
  side: Side,
  url: string,
  options: { readonly identity?: string; readonly from?: string; readonly authorization?: string } = {}
) {
  const { authorization, from, identity = "CP001" } = options
  const made = yield* Effect.promise(() =>
    Soap.createClientAsync(Wsdl.fileOf(version, side), { forceSoap12Headers: true, endpoint: url })
  )
  const address = from === undefined ? "" : `<w:From><w:Address>${from}</w:Address></w:From>`
  return {
    call: (operation: string, request: unknown): Effect.Effect<unknown, Error> =>
      Effect.callback((resume) => {
        made.clearSoapHeaders()
        made.addSoapHeader(
          `<tns:chargeBoxIdentity>${identity}</tns:chargeBoxIdentity><w:Action xmlns:w="${addressing}">/${operation}</w:Action><w:MessageID xmlns:w="${addressing}">urn:uuid:${operation}</w:MessageID>${address.replace("<w:From>", `<w:From xmlns:w="${addressing}">`)}`
        )
        made[operation](
          request,
          (error: Error | null, result: unknown) =>
            resume(error === null ? Effect.succeed(fromTheirs(result)) : Effect.fail(error)),
          authorization === undefined ? {} : { headers: { authorization } }
        )
      })
  }
})

/** A server of the service of a side, on a free port, until the scope closes. */
export const server = Effect.fnUntraced(function* (
  version: Wsdl.Soap1x,
  side: Side,
  answer: (operation: string, request: unknown, from: string | undefined) => unknown
) {
  const http = yield* listening((_, response) => response.writeHead(404).end())
  const file = Wsdl.fileOf(version, side)
  const xml = readFileSync(file, "utf8")
  const name = /<wsdl:service name="(\w+)"/.exec(xml)![1]!
  const port = /<wsdl:port name="(\w+)"/.exec(xml)![1]!
  const operations = Array.from(
    new Set(Array.from(xml.matchAll(/<wsdl:operation name="(\w+)"/g), ([, operation]) => operation!))
  )
  const methods = Object.fromEntries(
    operations.map((operation) => [
      operation,
      (request: unknown, _: unknown, headers?: { readonly From?: { readonly Address?: string } }) =>
        toTheirs(version, answer(operation, fromTheirs(request), headers?.From?.Address))
    ])
  )
  Soap.listen(http, { path: "/service", xml, forceSoap12Headers: true, services: { [name]: { [port]: methods } } })
  // A TCP server that listens has an address of this kind.
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/service`
})
