/**
 * Reads XML into elements: well-formed, with its namespaces resolved, without a DTD, and bounded.
 */
import * as Result from "effect/Result"
import { type SaxesOptions, SaxesParser } from "saxes"

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
  const reading = new Reading(limits)
  return Result.mapError(
    Result.try(() => reading.read(text)),
    (cause) => (cause instanceof Refusal ? cause.flaw : "it is not well-formed XML")
  )
}

// What stops the parser has to be thrown.
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

const withNamespaces = { xmlns: true } as const satisfies SaxesOptions

class Reading {
  private readonly limits: XmlLimits
  private readonly parser = new SaxesParser(withNamespaces)
  private readonly open: Array<Open> = []
  private root: XmlElement | undefined = undefined
  private nodes = 0

  constructor(limits: XmlLimits) {
    this.limits = limits
    const { parser } = this
    parser.on("error", (error) => {
      throw error
    })
    parser.on("doctype", () => {
      throw new Refusal("it has a document type declaration")
    })
    // Before a name is resolved, whose cost grows with the depth.
    parser.on("opentagstart", () => {
      if (this.open.length >= limits.maxDepth)
        throw new Refusal(`it is nested more than ${limits.maxDepth} levels deep`)
      this.count()
    })
    parser.on("attribute", () => this.count())
    parser.on("opentag", ({ attributes, local, uri }) => {
      const element: Open = { name: local, namespace: uri, attributes: own(attributes), children: [], text: "" }
      this.open.at(-1)?.children.push(element)
      this.root ??= element
      this.open.push(element)
    })
    parser.on("closetag", () => void this.open.pop())
    const append = (text: string): void => {
      const element = this.open.at(-1)
      if (element !== undefined) element.text += text
    }
    parser.on("text", append)
    parser.on("cdata", append)
  }

  read(text: string): XmlElement {
    this.parser.write(text).close()
    if (this.root === undefined) throw new Refusal("it is empty")
    return this.root
  }

  private count(): void {
    if (++this.nodes > this.limits.maxNodes) {
      throw new Refusal(`it has more than ${this.limits.maxNodes} elements and attributes`)
    }
  }
}

const own = (
  attributes: Readonly<
    Record<string, { readonly local: string; readonly uri: string; readonly prefix: string; readonly value: string }>
  >
): ReadonlyArray<XmlAttribute> => {
  const found: Array<XmlAttribute> = []
  for (const key in attributes) {
    const { local, prefix, uri, value } = attributes[key]!
    if (prefix !== "xmlns" && key !== "xmlns") found.push({ name: local, namespace: uri, value })
  }
  return found
}
