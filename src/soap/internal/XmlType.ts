/**
 * A type of a message as XML, made once from its schema and the table of its version.
 *
 * What is read is given as the JSON that it stands for, whether it is right or not: what breaks the schema is found by the
 * same check as in JSON.
 */
import * as SchemaAST from "effect/SchemaAST"
import type { MessageSchema } from "../../Action.ts"
import * as Digits from "../../internal/Digits.ts"
import { filtersOf, idOf, isInteger, isObject } from "../../internal/Check.ts"
import { append } from "../../internal/Explain.ts"
import type { Violation } from "../../OcppError.ts"
import type { SoapCarriage, XmlRules } from "../../Protocol.ts"
import * as Timestamp from "../../Timestamp.ts"
import * as Numerals from "./Numerals.ts"
import type { XmlElement } from "./XmlReader.ts"
import * as XmlWriter from "./XmlWriter.ts"

/** What a number becomes that was written with these digits. */
export type NumberOf = (text: string) => unknown

/** Where a value has no form in XML. */
export interface Flaws {
  readonly path: Array<string | number>
  readonly found: Array<Violation>
}

export interface XmlType {
  readonly read: (element: XmlElement, numberOf: NumberOf) => unknown
  /** The value as an element of this name; one for each of a list. What has no form is told, and what is written then is of no use. */
  readonly write: (name: string, value: unknown, flaws: Flaws) => string
}

/** The types of a version. */
export const of = ({ types }: Pick<SoapCarriage, "types">): ((schema: MessageSchema) => XmlType) => {
  const made = new WeakMap<SchemaAST.AST, XmlType>()
  const typeOf = (ast: SchemaAST.AST): XmlType => {
    const known = made.get(ast)
    if (known !== undefined) return known
    const name = SchemaAST.resolveIdentifier(ast) ?? ""
    const type = make(ast, Object.hasOwn(types, name) ? types[name]! : {}, typeOf)
    made.set(ast, type)
    return type
  }
  return (schema) => typeOf(SchemaAST.toType(schema.ast))
}

type TypeOf = (ast: SchemaAST.AST) => XmlType

const make = (ast: SchemaAST.AST, table: XmlRules, typeOf: TypeOf): XmlType => {
  switch (ast._tag) {
    case "Suspend":
      return typeOf(ast.thunk())
    case "Objects":
      return new ObjectType(ast, table, typeOf)
    case "Arrays":
      // All lists of 1.x are of one type.
      return new ListType(typeOf(ast.rest[0]!))
    case "Number":
      return isInteger(ast) ? whole : fraction
    case "Boolean":
      return truth
    case "Union":
    case "Literal":
      return new WordType(table.words ?? {})
    case "String": {
      const ids = new Set(filtersOf(ast).map(idOf))
      return ids.has("effect-ocpp/isTimestamp") ? instant : ids.has("effect-ocpp/isUri") ? word : text
    }
    default:
      return text
  }
}

// ---- reading

const xsi = "http://www.w3.org/2001/XMLSchema-instance"

const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text)

const trimmed = (text: string): string =>
  isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1))
    ? text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")
    : text

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

const isNil = ({ attributes }: XmlElement): boolean =>
  attributes.some(
    ({ name, namespace, value }) => namespace === xsi && name === "nil" && /^(?:true|1)$/.test(trimmed(value))
  )

/** What an element says of which no schema knows anything. */
const untyped = (element: XmlElement): unknown => {
  if (isNil(element)) return null
  return element.children.length === 0
    ? element.text
    : fieldsOf(element.children.map((child) => [child.name, untyped(child)]))
}

/** Fields by their names; several of one name are a list. */
const fieldsOf = (entries: ReadonlyArray<readonly [name: string, value: unknown]>): Record<string, unknown> => {
  const fields = new Map<string, unknown>()
  const repeated = new Map<string, Array<unknown>>()
  for (const [name, value] of entries) {
    if (!fields.has(name)) {
      fields.set(name, value)
      continue
    }
    const values = repeated.get(name) ?? [fields.get(name)]
    values.push(value)
    repeated.set(name, values)
    fields.set(name, values)
  }
  // `Object.fromEntries` makes own fields of all names, `__proto__` among them.
  return Object.fromEntries(fields)
}

// ---- texts

interface Simple {
  readonly parse: (text: string, numberOf: NumberOf) => unknown
  /** What is written, or why that cannot be. */
  readonly print: (value: unknown) => string | { readonly flaw: string }
}

/** A type that is a text in XML, and so can be an attribute. */
class SimpleType implements XmlType {
  readonly parse: Simple["parse"]
  readonly print: Simple["print"]

  constructor({ parse, print }: Simple) {
    this.parse = parse
    this.print = print
  }

  read(element: XmlElement, numberOf: NumberOf): unknown {
    if (element.children.length > 0 || isNil(element)) return untyped(element)
    return this.parse(element.text, numberOf)
  }

  write(name: string, value: unknown, flaws: Flaws): string {
    return XmlWriter.element(name, this.printed(value, flaws))
  }

  /** The value as it stands in an element or an attribute. */
  printed(value: unknown, flaws: Flaws): string {
    const printed = this.print(value)
    if (typeof printed === "string" && XmlWriter.isFit(printed)) return XmlWriter.escaped(printed)
    tell(flaws, typeof printed === "string" ? "has a character that XML cannot carry" : printed.flaw)
    return ""
  }
}

const tell = ({ found, path }: Flaws, rule: string): void => {
  found.push({ path: path.reduce<string>(append, ""), rule, code: "PropertyConstraintViolation" })
}

const text = new SimpleType({ parse: (given) => given, print: String })
const word = new SimpleType({ parse: trimmed, print: String })

const truth = new SimpleType({
  parse: (given) => {
    const value = trimmed(given)
    return value === "true" || value === "1" ? true : value === "false" || value === "0" ? false : given
  },
  print: String
})

const number: Simple["parse"] = (given, numberOf) => {
  const digits = Numerals.fromXml(trimmed(given))
  return digits === undefined ? given : numberOf(digits)
}

/** `xs:int` has 32 bits. */
const whole = new SimpleType({
  parse: number,
  print: (value) =>
    Math.abs(Number(value) + 0.5) < 2 ** 31 ? String(value) : { flaw: "expected an integer of at most 32 bits" }
})

const fraction = new SimpleType({ parse: number, print: (value) => Numerals.toXml(String(value)) })

/** Sent in UTC with at most three decimals (S16 §3, P2 §3.1). One that needs another year than four digits stays as it is. */
const instant = new SimpleType({
  parse: trimmed,
  print: (value) => {
    const given = String(value)
    if (sent.test(given)) return given
    const millis = Timestamp.toMillis(given)
    return millis === undefined || !Timestamp.canTell(millis)
      ? { flaw: "expected an instant of the years 0 to 9999" }
      : Timestamp.fromMillis(millis)
  }
})

const sent = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z$/

class WordType extends SimpleType {
  constructor(words: Readonly<Record<string, string>>) {
    super({
      parse: trimmed,
      print: (value) => {
        const given = String(value)
        return Object.hasOwn(words, given) ? words[given]! : given
      }
    })
  }
}

// ---- lists and objects

class ListType implements XmlType {
  private readonly element: XmlType

  constructor(element: XmlType) {
    this.element = element
  }

  read(element: XmlElement, numberOf: NumberOf): unknown {
    return this.element.read(element, numberOf)
  }

  write(name: string, value: unknown, flaws: Flaws): string {
    if (!Array.isArray(value)) return ""
    return value
      .map((item: unknown, index) => {
        flaws.path.push(index)
        const written = this.element.write(name, item, flaws)
        flaws.path.pop()
        return written
      })
      .join("")
  }
}

interface Field {
  readonly name: string
  readonly element: string
  readonly type: XmlType
  readonly isList: boolean
  readonly isRequired: boolean
  /** Whether a list has to have an element. */
  readonly isFilled: boolean
}

class ObjectType implements XmlType {
  /** In the order in which they are sent. */
  private readonly fields: ReadonlyArray<Field>
  private readonly byElement: ReadonlyMap<string, Field>
  /** The lists that are there even if they are empty. */
  private readonly lists: ReadonlyArray<string>
  /** The field that is the text of the element, where the others are attributes. */
  private readonly content: string | undefined

  constructor(ast: SchemaAST.Objects, { filled = [], names = {}, order, text: content }: XmlRules, typeOf: TypeOf) {
    const fields = ast.propertySignatures.map(({ name: key, type }): Field => {
      const name = String(key)
      return {
        name,
        element: Object.hasOwn(names, name) ? names[name]! : name,
        type: typeOf(type),
        isList: type._tag === "Arrays",
        isRequired: type.context?.isOptional !== true,
        isFilled: filled.includes(name)
      }
    })
    const places = order ?? fields.map(({ name }) => name)
    this.fields = fields.toSorted((one, other) => places.indexOf(one.name) - places.indexOf(other.name))
    this.byElement = new Map(fields.map((field) => [field.element, field]))
    this.lists = fields.flatMap(({ isList, isRequired, name }) => (isList && isRequired ? [name] : []))
    this.content = content
  }

  read(element: XmlElement, numberOf: NumberOf): unknown {
    if (isNil(element)) return null
    if (this.content !== undefined) return this.readContent(element, this.content, numberOf)
    // What has a text where there should be elements is none of these objects.
    if (!isBlank(element.text)) return element.children.length === 0 ? element.text : [element.text, untyped(element)]
    const object: Record<string, unknown> = {}
    let strange: Array<readonly [string, unknown]> | undefined
    for (const child of element.children) {
      const field = this.byElement.get(child.name)
      if (field === undefined) {
        ;(strange ??= []).push([child.name, untyped(child)])
        continue
      }
      const { isList, name, type } = field
      const value = type.read(child, numberOf)
      const known = object[name]
      if (known === undefined) object[name] = isList ? [value] : value
      // Where the field is a list, its first value was put there as one.
      else if (isList) (known as Array<unknown>).push(value)
      else (strange ??= []).push([name, value])
    }
    // An empty list has no elements in XML, so a list that is required and did not come is an empty one.
    for (const name of this.lists) object[name] ??= []
    return strange === undefined ? object : fieldsOf([...Object.entries(object), ...strange])
  }

  private readContent(element: XmlElement, content: string, numberOf: NumberOf): unknown {
    const own = element.attributes.filter(({ namespace }) => namespace === "")
    return fieldsOf([
      [content, text.read({ ...element, attributes: [] }, numberOf)],
      ...own.map(({ name, value }) => {
        const type = this.byElement.get(name)?.type
        return [name, type instanceof SimpleType ? type.parse(value, numberOf) : value] as const
      })
    ])
  }

  write(name: string, value: unknown, flaws: Flaws): string {
    if (!isObject(value)) return XmlWriter.element(name, "")
    let inner = ""
    let attributes = ""
    for (const field of this.fields) {
      const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined
      if (given === undefined) continue
      flaws.path.push(field.name)
      if (field.isFilled && Array.isArray(given) && given.length === 0) tell(flaws, "expected at least one")
      if (this.content === undefined) inner += field.type.write(field.element, given, flaws)
      else if (!(field.type instanceof SimpleType)) tell(flaws, "has no form in XML")
      else if (field.name === this.content) inner = field.type.printed(given, flaws)
      else attributes += ` ${field.element}="${field.type.printed(given, flaws)}"`
      flaws.path.pop()
    }
    return XmlWriter.element(name, inner, attributes)
  }
}

/** The numbers of JavaScript that are nearest. */
export const nearest: NumberOf = Number

/** The digits of what a type reads in an element, with the numbers of JavaScript in place where they hold them. */
export const digitsOf =
  (type: XmlType, element: XmlElement, isExact: boolean) =>
  (payload: unknown, which: "lossy" | "all"): unknown => {
    let isOther = false
    const given = type.read(element, (digits) => {
      const found = Digits.numberOf(digits, which, isExact)
      isOther ||= typeof found !== "number"
      return found
    })
    return isOther ? given : payload
  }
