/**
 * Reads XML into elements: well-formed, with its namespaces resolved, without a DTD, and bounded.
 */
import * as Result from "effect/Result"
import { SaxesParser } from "saxes"
import { ownText } from "../../internal/OwnText.ts"

/** An element; names are without their prefixes. What a namespace is declared by is no attribute. */
export interface XmlElement {
  readonly name: string
  readonly namespace: string
  readonly attributes: ReadonlyArray<XmlAttribute>
  readonly children: ReadonlyArray<XmlElement>
  /** The text directly in it, that of CDATA sections included. */
  readonly text: string
}

export interface XmlAttribute {
  readonly name: string
  /** Empty for one without a prefix. */
  readonly namespace: string
  readonly value: string
}

/** How large a document may be: `maxDepth` levels of elements, and `maxNodes` elements and attributes. */
export interface XmlLimits {
  readonly maxDepth: number
  readonly maxNodes: number
}

/** The root of a document, or what is wrong with it, in words that are not the peer's. */
export const read = (text: string, limits: XmlLimits): Result.Result<XmlElement, string> => {
  const reader = (idle ??= new Reader())
  const root = Result.try(() => reader.read(text, limits))
  if (Result.isSuccess(root)) return Result.succeed(root.success)
  // The parser has stopped in the midst of a document, and cannot begin another one.
  idle = undefined
  return Result.fail(root.failure instanceof Refusal ? root.failure.flaw : "it is not well-formed XML")
}

/** Made once, for to make a parser costs more than to read a short document. */
let idle: Reader | undefined

/** Why a document is refused. It is thrown, for nothing else stops the parser. */
class Refusal {
  readonly flaw: string
  constructor(flaw: string) {
    this.flaw = flaw
  }
}

interface Open extends XmlElement {
  readonly children: Array<XmlElement>
  text: string
}

const none: XmlLimits = { maxDepth: 0, maxNodes: 0 }

class Reader {
  private readonly parser = new SaxesParser({ xmlns: true })
  private readonly open: Array<Open> = []
  private limits = none
  private isLong = false
  private root: XmlElement | undefined = undefined
  private nodes = 0

  constructor() {
    const { open, parser } = this
    // The parser gets few listeners, for with many it becomes an object that V8 is ten times slower with.
    parser.on("error", (error) => {
      throw error
    })
    parser.on("doctype", () => {
      throw new Refusal("it has a document type declaration")
    })
    parser.on("opentag", ({ attributes, local, uri }) => {
      const { maxDepth, maxNodes } = this.limits
      if (open.length >= maxDepth) throw new Refusal(`it is nested more than ${maxDepth} levels deep`)
      const element: Open = { name: local, namespace: uri, attributes: this.those(attributes), children: [], text: "" }
      if (++this.nodes > maxNodes) throw new Refusal(`it has more than ${maxNodes} elements and attributes`)
      open.at(-1)?.children.push(element)
      this.root ??= element
      open.push(element)
    })
    parser.on("closetag", () => {
      const element = open.pop()
      if (this.isLong && element !== undefined) element.text = this.own(element.text)
    })
    const append = (text: string): void => {
      const element = open.at(-1)
      if (element !== undefined) element.text += text
    }
    parser.on("text", append)
    parser.on("cdata", append)
  }

  read(text: string, limits: XmlLimits): XmlElement {
    this.limits = limits
    this.isLong = text.length > longText
    this.nodes = 0
    this.root = undefined
    this.parser.write(text).close()
    const { root } = this
    this.root = undefined
    if (root === undefined) throw new Refusal("it is empty")
    return root
  }

  /** A text that does not keep the document in memory. A long text is given as it is. */
  private own(text: string): string {
    return text.length < longText ? ownText(text) : text
  }

  private those(
    attributes: Readonly<
      Record<string, { readonly local: string; readonly uri: string; readonly prefix: string; readonly value: string }>
    >
  ): ReadonlyArray<XmlAttribute> {
    let found: Array<XmlAttribute> | undefined
    for (const key in attributes) {
      this.nodes++
      const { local, prefix, uri, value } = attributes[key]!
      if (prefix !== "xmlns" && key !== "xmlns") {
        ;(found ??= []).push({ name: local, namespace: uri, value: this.isLong ? this.own(value) : value })
      }
    }
    return found ?? noAttributes
  }
}

/** In characters. What a shorter document keeps is not worth a copy. */
const longText = 32_768

const noAttributes: ReadonlyArray<XmlAttribute> = []
