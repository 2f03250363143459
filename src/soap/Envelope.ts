/**
 * The envelopes of SOAP 1.2: text to header and body and back, with the header of WS-Addressing. What the body means is not
 * looked at.
 *
 * Reading is total and liberal: headers are found in every version of WS-Addressing and, but for those, in any namespace
 * and case; all of them may be missing, and there may be others. Sending is exact.
 *
 * @see S16 §3
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { Fault } from "./Fault.ts"
import type { XmlElement } from "./internal/XmlReader.ts"
import * as XmlReader from "./internal/XmlReader.ts"
import * as XmlWriter from "./internal/XmlWriter.ts"

/**
 * The namespace of SOAP 1.2.
 *
 * @category constants
 * @since 0.1.0
 */
export const soapNamespace = "http://www.w3.org/2003/05/soap-envelope"

const addressing = "http://www.w3.org/2005/08/addressing"

/**
 * The address of who can only be answered where the request came from.
 *
 * @category constants
 * @since 0.1.0
 */
export const anonymous = `${addressing}/anonymous`

/**
 * The action of a fault.
 *
 * @category constants
 * @since 0.1.0
 */
export const faultAction = `${addressing}/soap/fault`

/** Stands in an answer for the id of its request where that had none. */
const unspecified = `${addressing}/unspecified`

/**
 * How large an envelope may be.
 *
 * **Details**
 *
 * - `maxDepth`: how deep it may be nested, by default 32 levels; the deepest message of 1.x needs a dozen.
 * - `maxNodes`: how many elements and attributes it may have, by default 100,000.
 *
 * @category options
 * @since 0.1.0
 */
export interface EnvelopeLimits {
  readonly maxDepth?: number | undefined
  readonly maxNodes?: number | undefined
}

/**
 * The header of an envelope; what is missing is `undefined`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Header {
  readonly identity: string | undefined
  readonly action: string | undefined
  readonly messageId: string | undefined
  readonly relatesTo: string | undefined
  readonly from: string | undefined
  readonly replyTo: string | undefined
  readonly to: string | undefined
}

/**
 * What a text turned out to be: an envelope, or why it is none.
 *
 * @category models
 * @since 0.1.0
 */
export type Envelope =
  | { readonly _tag: "Envelope"; readonly header: Header; readonly body: XmlElement }
  | {
      readonly _tag: "NoEnvelope"
      readonly header: Header
      readonly fault: "ProtocolError" | "VersionMismatch"
      readonly flaw: string
    }

/**
 * Reads an envelope. Never fails.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string, { maxDepth = 32, maxNodes = 100_000 }: EnvelopeLimits = {}): Envelope => {
  const root = XmlReader.read(text, { maxDepth, maxNodes })
  if (Result.isFailure(root)) return none(root.failure)
  const { children, name, namespace } = root.success
  if (name !== "Envelope") return none("the root is no SOAP envelope")
  if (namespace !== soapNamespace) return { ...none("the envelope is not one of SOAP 1.2"), fault: "VersionMismatch" }
  const headers: Array<XmlElement> = []
  const bodies: Array<XmlElement> = []
  for (const child of children) {
    if (child.namespace !== soapNamespace) continue
    if (child.name === "Header") headers.push(child)
    else if (child.name === "Body") bodies.push(child)
  }
  const header = headerOf(headers.flatMap((one) => one.children))
  const [body] = bodies
  if (body === undefined || bodies.length > 1) return none("the envelope does not have one body", header)
  const [content] = body.children
  return content === undefined || body.children.length > 1
    ? none("the body does not hold one element", header)
    : { _tag: "Envelope", header, body: content }
}

const none = (flaw: string, header: Header = headerOf([])) =>
  ({ _tag: "NoEnvelope", header, fault: "ProtocolError", flaw }) as const

/** The fields of the header that are of WS-Addressing, by their names in lower case. */
const fields: ReadonlyMap<string, keyof Header> = new Map(
  (["action", "messageId", "relatesTo", "from", "replyTo", "to"] as const).map((field) => [field.toLowerCase(), field])
)

/** The versions of WS-Addressing. */
const addressings: ReadonlySet<string> = new Set([
  addressing,
  "http://schemas.xmlsoap.org/ws/2004/08/addressing",
  "http://schemas.xmlsoap.org/ws/2004/03/addressing",
  "http://schemas.xmlsoap.org/ws/2003/03/addressing"
])

const headerOf = (blocks: ReadonlyArray<XmlElement>): Header => {
  const header: { -readonly [Name in keyof Header]: Header[Name] } = {
    identity: undefined,
    action: undefined,
    messageId: undefined,
    relatesTo: undefined,
    from: undefined,
    replyTo: undefined,
    to: undefined
  }
  // From the last to the first, so that of several the first counts.
  for (const block of blocks.toReversed()) {
    const name = block.name.toLowerCase()
    if (name === "chargeboxidentity") header.identity = textOf(block)
    else if (addressings.has(block.namespace)) {
      const field = fields.get(name)
      if (field === "from" || field === "replyTo") header[field] = textOf(find(block.children, "Address"))
      else if (field !== undefined) header[field] = textOf(block)
    }
  }
  return header
}

const textOf = (element: XmlElement | undefined): string | undefined => element?.text.trim() || undefined

/**
 * The fault that a body holds, if it is one.
 *
 * @category decoding
 * @since 0.1.0
 */
export const faultOf = ({ children, name, namespace }: XmlElement): Fault | undefined => {
  if (name !== "Fault" || namespace !== soapNamespace) return undefined
  const code = find(children, "Code")
  const value = localName(textOf(find(code?.children, "Value")))
  const subcode = find(code?.children, "Subcode")
  return {
    code: isFaultCode(value) ? value : "Receiver",
    subcode: localName(textOf(find(subcode?.children, "Value"))),
    reason: textOf(find(find(children, "Reason")?.children, "Text")) ?? "",
    details: detailsOf(find(find(children, "Detail")?.children, "details"))
  }
}

const find = (elements: ReadonlyArray<XmlElement> | undefined, wanted: string): XmlElement | undefined =>
  elements?.find(({ name }) => name === wanted)

const localName = (text = ""): string => text.slice(text.lastIndexOf(":") + 1)

const faultCodes: ReadonlySet<string> = new Set<Fault["code"]>([
  "Sender",
  "Receiver",
  "VersionMismatch",
  "MustUnderstand",
  "DataEncodingUnknown"
])

const isFaultCode = (code: string): code is Fault["code"] => faultCodes.has(code)

const detailsOf = (element: XmlElement | undefined): Fault["details"] => {
  if (element === undefined) return {}
  const read = Result.try((): unknown => JSON.parse(element.text))
  const details = Result.getOrUndefined(read)
  return typeof details === "object" && details !== null && !Array.isArray(details)
    ? // It has the fields of an object, whichever they are.
      (details as Fault["details"])
    : {}
}

/**
 * What an envelope that is sent consists of. The body is XML already, in the given namespace. `from` is left out of answers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Outgoing {
  readonly namespace: string
  readonly header: Partial<Header>
  readonly body: string
}

/**
 * Writes an envelope, with the declaration of XML before it.
 *
 * @category encoding
 * @since 0.1.0
 */
export const write = ({ body, header, namespace }: Outgoing): string => {
  const blocks =
    text("chargeBoxIdentity", header.identity, must) +
    text("a:Action", header.action, must) +
    text("a:MessageID", header.messageId) +
    text("a:RelatesTo", header.relatesTo) +
    address("a:From", header.from) +
    address("a:ReplyTo", header.replyTo) +
    text("a:To", header.to)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="${soapNamespace}" xmlns:a="${addressing}" xmlns="${namespace}"><s:Header>${blocks}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
}

const must = ' s:mustUnderstand="true"'

/** A block of the header, if there is one. */
const text = (name: string, value: string | undefined, attributes = ""): string =>
  value === undefined ? "" : XmlWriter.element(name, printed(value), attributes)

const address = (name: string, value: string | undefined): string =>
  value === undefined ? "" : XmlWriter.element(name, text("a:Address", value))

/** A text as XML, in which characters that XML has no form for are replaced. */
const printed = (given: string): string => XmlWriter.escaped(XmlWriter.fitted(given))

/**
 * The header of the answer to a request.
 *
 * @see S16 §3.4 to §3.9
 * @category encoding
 * @since 0.1.0
 */
export const answering = ({ messageId, replyTo }: Header, action: string, ownId: string): Partial<Header> => ({
  action,
  messageId: ownId,
  relatesTo: messageId ?? unspecified,
  to: replyTo ?? anonymous
})

/**
 * Writes the body of a fault.
 *
 * @see S16 §4
 * @category encoding
 * @since 0.1.0
 */
export const writeFault = ({ code, details, reason, subcode }: Fault): string => {
  const { element } = XmlWriter
  const sub = /^[A-Za-z_][\w.-]*$/.test(subcode) ? element("s:Subcode", element("s:Value", subcode)) : ""
  const detail = Object.keys(details).length === 0 ? "" : jsonOf(details)
  return element(
    "s:Fault",
    element("s:Code", element("s:Value", `s:${code}`) + sub) +
      element("s:Reason", element("s:Text", printed(reason), ' xml:lang="en"')) +
      (detail === "" ? "" : element("s:Detail", element("details", printed(detail))))
  )
}

const jsonOf = (details: Fault["details"]): string =>
  Result.getOrElse(
    Result.try(() => JSON.stringify(details)),
    () => ""
  )
