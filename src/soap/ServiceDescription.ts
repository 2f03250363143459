/**
 * The description of a service of OCPP-S, as WSDL, derived from the actions of a version and the table of what XML needs.
 *
 * @see S16 §8
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import type { SoapCarriage, XmlRules } from "../Protocol.ts"
import * as XmlWriter from "./internal/XmlWriter.ts"

/**
 * Writes the WSDL of the service of a side, which is at this address.
 *
 * @category encoding
 * @since 0.1.0
 */
export const write = (carriage: SoapCarriage, side: Action.Side, address: string): string => {
  const name = side === "csms" ? "CentralSystemService" : "ChargePointService"
  const namespace = carriage.namespaces[side]
  const actions = carriage.actions.filter(({ from }) => from !== side)
  const types = new Types(carriage)
  const messages = actions.flatMap((action) =>
    kinds.map(([kind]) => {
      const element = `${Action.method(action)}${kind}`
      // Each of 1.x is answered.
      const type = types.of((kind === "Request" ? action.request : action.response)!)
      return { element, type, message: `${action.name}${kind}` }
    })
  )
  const header = `<d:message name="Header"><d:part name="ChargeBoxIdentity" element="t:chargeBoxIdentity"/></d:message>`
  const asked = `<b:header use="literal" message="t:Header" part="ChargeBoxIdentity"/>`
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:b="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:w="http://www.w3.org/2006/05/addressing/wsdl" xmlns:t="${namespace}" targetNamespace="${namespace}">` +
    `<d:types><x:schema targetNamespace="${namespace}" elementFormDefault="qualified">${types.declared}` +
    `<x:element name="chargeBoxIdentity" type="x:string"/>` +
    each(messages, ({ element, type }) => `<x:element name="${element}" type="${type}"/>`) +
    `</x:schema></d:types>${header}` +
    each(
      messages,
      ({ element, message }) =>
        `<d:message name="${message}"><d:part name="parameters" element="t:${element}"/></d:message>`
    ) +
    `<d:portType name="${name}">` +
    each(actions, (action) =>
      operation(
        action,
        ([kind, tag, suffix]) => `<d:${tag} message="t:${action.name}${kind}" w:Action="/${action.name}${suffix}"/>`
      )
    ) +
    `</d:portType><d:binding name="${name}Soap" type="t:${name}"><b:binding transport="http://schemas.xmlsoap.org/soap/http"/>` +
    each(actions, (action) =>
      operation(
        action,
        ([kind, tag]) => `<d:${tag}>${kind === "Request" ? asked : ""}<b:body use="literal"/></d:${tag}>`,
        `<b:operation soapAction="/${action.name}" style="document"/>`
      )
    ) +
    `</d:binding><d:service name="${name}"><d:port name="${name}Soap12" binding="t:${name}Soap"><b:address location="${XmlWriter.escaped(address)}"/></d:port></d:service></d:definitions>\n`
  )
}

const each = <A>(values: ReadonlyArray<A>, one: (value: A) => string): string => values.map(one).join("")

type Kind = readonly [kind: "Request" | "Response", tag: "input" | "output", suffix: string]

const kinds: ReadonlyArray<Kind> = [
  ["Request", "input", ""],
  ["Response", "output", "Response"]
]

const operation = ({ name }: Action.Action, one: (kind: Kind) => string, before = ""): string =>
  `<d:operation name="${name}">${before}${kinds.map(one).join("")}</d:operation>`

/** What JSON Schema says of a type, as far as those of 1.x use it. */
interface JsonType {
  readonly $ref?: string
  readonly allOf?: ReadonlyArray<JsonType>
  readonly type?: string
  readonly format?: string
  readonly enum?: ReadonlyArray<string>
  readonly maxLength?: number
  readonly minItems?: number
  readonly items?: JsonType
  readonly properties?: Readonly<Record<string, JsonType>>
  readonly required?: ReadonlyArray<string>
}

/** The types of a service, each declared once. */
class Types {
  private readonly rules: SoapCarriage["types"]
  private readonly written = new Map<string, string>()

  constructor({ types }: SoapCarriage) {
    this.rules = types
  }

  get declared(): string {
    return Array.from(this.written.values()).join("")
  }

  /** The name of the type of a message. */
  of(schema: Action.MessageSchema): string {
    // The document is of JSON Schema, of which this reads what it knows.
    const { definitions, schema: root } = Schema.toJsonSchemaDocument(Schema.toType(schema)) as {
      readonly definitions: Readonly<Record<string, JsonType>>
      readonly schema: JsonType
    }
    return this.reference(root, definitions)
  }

  private reference(type: JsonType, known: Readonly<Record<string, JsonType>>): string {
    const name = type.$ref?.slice(type.$ref.lastIndexOf("/") + 1)
    if (name === undefined) return this.simple(type)
    if (!this.written.has(name)) {
      this.written.set(name, "")
      const declared = known[name] ?? {}
      const rules = Object.hasOwn(this.rules, name) ? this.rules[name]! : {}
      this.written.set(name, this.declaration(name, declared, rules, known))
    }
    return `t:${name}`
  }

  private declaration(
    name: string,
    type: JsonType,
    { filled = [], names = {}, order, text, words = {} }: XmlRules,
    known: Readonly<Record<string, JsonType>>
  ): string {
    if (type.type !== "object") return `<x:simpleType name="${name}">${restriction(type, words)}</x:simpleType>`
    const { properties = {}, required = [] } = type
    const isRequired = (field: string): boolean => required.includes(field)
    const fields = order ?? Object.keys(properties)
    if (text !== undefined) {
      const attributes = fields
        .filter((field) => field !== text)
        .map((field) => `<x:attribute name="${field}" type="${this.reference(properties[field]!, known)}"/>`)
      const base = this.reference(properties[text]!, known)
      return `<x:complexType name="${name}"><x:simpleContent><x:extension base="${base}">${attributes.join("")}</x:extension></x:simpleContent></x:complexType>`
    }
    const elements = fields.map((field) => {
      const given = properties[field]!
      const isList = given.items !== undefined
      const least = isList
        ? filled.includes(field) || (given.minItems ?? given.allOf?.[0]?.minItems ?? 0) > 0
        : isRequired(field)
      const occurs = `minOccurs="${least ? 1 : 0}" maxOccurs="${isList ? "unbounded" : 1}"`
      const element = Object.hasOwn(names, field) ? names[field]! : field
      return `<x:element name="${element}" type="${this.reference(given.items ?? given, known)}" ${occurs}/>`
    })
    const content = elements.length === 0 ? "" : `<x:sequence>${elements.join("")}</x:sequence>`
    return `<x:complexType name="${name}">${content}</x:complexType>`
  }

  /** A type without a name gets one, by what it asks. */
  private simple(type: JsonType): string {
    const most = maxLengthOf(type)
    if (most === undefined) return baseOf(type)
    const name = `String${most}`
    this.written.set(name, `<x:simpleType name="${name}">${restriction(type, {})}</x:simpleType>`)
    return `t:${name}`
  }
}

const maxLengthOf = ({ allOf, maxLength }: JsonType): number | undefined =>
  maxLength ?? allOf?.find((part) => part.maxLength !== undefined)?.maxLength

const baseOf = ({
  allOf = [],
  format = allOf.find((part) => part.format !== undefined)?.format,
  type
}: JsonType): string => {
  switch (type ?? allOf.find((part) => part.type !== undefined)?.type) {
    case "integer":
      return "x:int"
    case "number":
      return allOf.some((part) => part.type === "integer") ? "x:int" : "x:decimal"
    case "boolean":
      return "x:boolean"
    default:
      return format === "date-time" ? "x:dateTime" : format === "uri" ? "x:anyURI" : "x:string"
  }
}

const restriction = (type: JsonType, words: NonNullable<XmlRules["words"]>): string => {
  const most = maxLengthOf(type)
  const values = new Set((type.enum ?? []).map((word) => (Object.hasOwn(words, word) ? words[word]! : word)))
  const facets = Array.from(values, (value) => `<x:enumeration value="${XmlWriter.escaped(value)}"/>`)
  if (most !== undefined) facets.push(`<x:maxLength value="${most}"/>`)
  return `<x:restriction base="${baseOf(type)}">${facets.join("")}</x:restriction>`
}
