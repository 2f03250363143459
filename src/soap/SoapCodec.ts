/**
 * The codec of OCPP-S: the requests, responses and faults of a version as envelopes, derived from its actions and the table
 * of what XML needs.
 *
 * Payloads are given as the JSON that they stand for; checking them is the engine's task.
 *
 * @see S16
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Action from "../Action.ts"
import type { Numbers } from "../ExactNumber.ts"
import type { Violation } from "../OcppError.ts"
import type { SoapCarriage } from "../Protocol.ts"
import type { Digits } from "../Tolerance.ts"
import * as Envelope from "./Envelope.ts"
import * as Fault from "./Fault.ts"
import * as XmlType from "./internal/XmlType.ts"
import type { XmlElement } from "./internal/XmlReader.ts"

/**
 * The end of a connection that a codec is for, and how it gives numbers that JavaScript cannot hold: by default the
 * `nearest` one.
 *
 * @category options
 * @since 0.1.0
 */
export interface SoapCodecOptions {
  readonly side: Action.Side
  readonly numbers?: Numbers | undefined
}

/**
 * What came as a request: the name of its action, which need not be one of the version, and its payload; or a flaw.
 *
 * @category models
 * @since 0.1.0
 */
export type SoapRequest =
  | {
      readonly _tag: "Request"
      readonly action: string
      readonly payload: unknown
      readonly digits: Digits | undefined
    }
  | { readonly _tag: "Flaw"; readonly flaw: string }

/**
 * What came as an answer: a response, a fault, or neither.
 *
 * @category models
 * @since 0.1.0
 */
export type SoapAnswer =
  | { readonly _tag: "Response"; readonly payload: unknown; readonly digits: Digits }
  | { readonly _tag: "Fault"; readonly fault: Fault.Fault }
  | { readonly _tag: "Flaw"; readonly flaw: string }

/**
 * The codec of one side of a version.
 *
 * **Details**
 *
 * - `namespace`: that of the requests that this side gets.
 * - `request`, `answer`: what an envelope says; what answers a request of this side is read for its action.
 * - `writeRequest`, `writeResponse`: fail with what has no form in XML, or is no action of the version over SOAP.
 * - `writeFault`: a refusal of a request of the peer.
 *
 * @category models
 * @since 0.1.0
 */
export interface SoapCodec {
  readonly carriage: SoapCarriage
  readonly namespace: string
  readonly request: (envelope: Extract<Envelope.Envelope, { readonly _tag: "Envelope" }>) => SoapRequest
  readonly answer: (envelope: Envelope.Envelope, action: string) => SoapAnswer
  readonly writeRequest: Write
  readonly writeResponse: Write
  readonly writeFault: (fault: Fault.Fault, header: Partial<Envelope.Header>) => string
}

type Write = (
  action: string,
  payload: unknown,
  header: Partial<Envelope.Header>
) => Result.Result<string, ReadonlyArray<Violation>>

/**
 * Makes the codec of a side.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (carriage: SoapCarriage, { numbers, side }: SoapCodecOptions): SoapCodec => {
  const { actions, namespaces, protocol } = carriage
  const other: Action.Side = side === "csms" ? "station" : "csms"
  const typeOf = XmlType.of(carriage)
  const isExact = numbers === "exact"
  const byName = new Map(actions.map((action) => [action.name, action]))
  const byElement = new Map(actions.map((action) => [elementOf(action, "Request"), action]))
  const read = (schema: Action.MessageSchema, element: XmlElement) => {
    const type = typeOf(schema)
    return { payload: type.read(element, XmlType.nearest), digits: XmlType.digitsOf(type, element, isExact) }
  }
  const writer =
    (kind: "Request" | "Response", namespace: string): Write =>
    (name, payload, header) => {
      const action = byName.get(name)
      const schema = kind === "Request" ? action?.request : action?.response
      if (action === undefined || schema === undefined) {
        const rule = `OCPP ${protocol.version} over SOAP has no ${name}`
        return Result.fail([{ path: "", rule, code: "NotSupported" }])
      }
      const flaws: XmlType.Flaws = { path: [], found: [] }
      const body = typeOf(schema).write(elementOf(action, kind), payload, flaws)
      if (flaws.found.length > 0) return Result.fail(flaws.found)
      return Result.succeed(
        Envelope.write({
          namespace,
          header: { action: kind === "Request" ? `/${name}` : `/${name}Response`, ...header },
          body
        })
      )
    }

  return {
    carriage,
    namespace: namespaces[side],
    request: ({ body, header }) => {
      if (body.namespace !== namespaces[side]) return { _tag: "Flaw", flaw: "the body is in another namespace" }
      const action = byElement.get(body.name)
      const name = action?.name ?? actionOf(body.name)
      if (name === undefined) return { _tag: "Flaw", flaw: "the body is no request" }
      if (action !== undefined && contradicts(header.action, action, actions)) {
        return { _tag: "Flaw", flaw: "the header names another action than the body" }
      }
      return action === undefined
        ? { _tag: "Request", action: name, payload: {}, digits: undefined }
        : { _tag: "Request", action: name, ...read(action.request, body) }
    },
    answer: (envelope, name) => {
      if (envelope._tag === "NoEnvelope") return { _tag: "Flaw", flaw: envelope.flaw }
      const { body } = envelope
      const fault = Envelope.faultOf(body)
      if (fault !== undefined) return { _tag: "Fault", fault }
      const action = byName.get(name)
      if (action?.response === undefined || body.name !== elementOf(action, "Response")) {
        return { _tag: "Flaw", flaw: "the body is not the response that is due" }
      }
      return body.namespace === namespaces[other]
        ? { _tag: "Response", ...read(action.response, body) }
        : { _tag: "Flaw", flaw: "the body is in another namespace" }
    },
    writeRequest: writer("Request", namespaces[other]),
    writeResponse: writer("Response", namespaces[side]),
    writeFault: (fault, header) =>
      Envelope.write({
        namespace: namespaces[side],
        header: { action: Envelope.faultAction, ...header },
        body: Envelope.writeFault(fault)
      })
  }
}

const elementOf = (action: Action.Action, kind: "Request" | "Response"): string => `${Action.method(action)}${kind}`

/** The action that an element is named after, whether there is one or not. */
const actionOf = (element: string): string | undefined => {
  const name = /^([a-z]\w{0,63})Request$/.exec(element)?.[1]
  return name === undefined ? undefined : name.charAt(0).toUpperCase() + name.slice(1)
}

/** Whether the header names an action of the version, and another one. Peers write more in front of the name. */
const contradicts = (
  header: string | undefined,
  { name }: Action.Action,
  actions: ReadonlyArray<Action.Action>
): boolean => {
  const said = header?.slice(header.lastIndexOf("/") + 1).replace(/Request$/, "")
  return said !== undefined && said !== name && actions.some((action) => action.name === said)
}
