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
  const isExact = numbers === "exact"
  const typeOf = XmlType.of(carriage)
  const requests = messagesOf(actions, "Request", typeOf)
  const responses = messagesOf(actions, "Response", typeOf)
  const byElement = new Map(Array.from(requests.values(), (message) => [message.element, message]))
  const read = ({ type }: Message, element: XmlElement) => ({
    payload: type().read(element, XmlType.nearest),
    digits: XmlType.digitsOf(type(), element, isExact)
  })
  const writer =
    (messages: ReadonlyMap<string, Message>, namespace: string): Write =>
    (name, payload, header) => {
      const message = messages.get(name)
      if (message === undefined) {
        const rule = `OCPP ${protocol.version} over SOAP has no ${name}`
        return Result.fail([{ path: "", rule, code: "NotSupported" }])
      }
      const flaws: XmlType.Flaws = { path: [], found: [] }
      const body = message.type().write(message.element, payload, flaws)
      if (flaws.found.length > 0) return Result.fail(flaws.found)
      return Result.succeed(
        Envelope.write({
          namespace,
          header: { action: message.inHeader, ...header },
          body
        })
      )
    }

  return {
    carriage,
    namespace: namespaces[side],
    request: ({ body, header }) => {
      if (body.namespace !== namespaces[side]) return { _tag: "Flaw", flaw: "the body is in another namespace" }
      const message = byElement.get(body.name)
      const name = message?.action.name ?? actionOf(body.name)
      if (name === undefined) return { _tag: "Flaw", flaw: "the body is no request" }
      if (message !== undefined && contradicts(header.action, message.action, actions)) {
        return { _tag: "Flaw", flaw: "the header names another action than the body" }
      }
      return message === undefined
        ? { _tag: "Request", action: name, payload: {}, digits: undefined }
        : { _tag: "Request", action: name, ...read(message, body) }
    },
    answer: (envelope, name) => {
      if (envelope._tag === "NoEnvelope") return { _tag: "Flaw", flaw: envelope.flaw }
      const { body } = envelope
      const fault = Envelope.faultOf(body)
      if (fault !== undefined) return { _tag: "Fault", fault }
      const message = responses.get(name)
      if (message === undefined || body.name !== message.element) {
        return { _tag: "Flaw", flaw: "the body is not the response that is due" }
      }
      return body.namespace === namespaces[other]
        ? { _tag: "Response", ...read(message, body) }
        : { _tag: "Flaw", flaw: "the body is in another namespace" }
    },
    writeRequest: writer(requests, namespaces[other]),
    writeResponse: writer(responses, namespaces[side]),
    writeFault: (fault, header) =>
      Envelope.write({
        namespace: namespaces[side],
        header: { action: Envelope.faultAction, ...header },
        body: Envelope.writeFault(fault)
      })
  }
}

/** A message of an action: what it is called in the header, its element, and its type, which is made on first use. */
interface Message {
  readonly action: Action.Action
  readonly inHeader: string
  readonly element: string
  readonly type: () => XmlType.XmlType
}

const messagesOf = (
  actions: ReadonlyArray<Action.Action>,
  kind: "Request" | "Response",
  typeOf: (schema: Action.MessageSchema) => XmlType.XmlType
): ReadonlyMap<string, Message> => {
  const messages = new Map<string, Message>()
  for (const action of actions) {
    const schema = kind === "Request" ? action.request : action.response
    if (schema === undefined) continue
    let type: XmlType.XmlType | undefined
    messages.set(action.name, {
      action,
      inHeader: kind === "Request" ? `/${action.name}` : `/${action.name}Response`,
      element: `${Action.method(action)}${kind}`,
      type: () => (type ??= typeOf(schema))
    })
  }
  return messages
}

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
