/**
 * The content of HTTP messages that carry XML: what it is, within which limits it is read, and how it is packed.
 */
import type * as Http from "node:http"
import { promisify } from "node:util"
import * as Zlib from "node:zlib"

/**
 * What is no content to go on with: an HTTP status, and why in words that are not the peer's. `type` is the media type where
 * that is what is wrong.
 */
interface Unfit {
  readonly status: 400 | 413 | 415
  readonly why: string
  readonly type?: string | undefined
}

/** The ways in which content can be packed. */
export type Coding = "gzip" | "deflate"

/** The media type of a message as it may be told, for it is the peer's. */
const typeOf = ({ headers }: Http.IncomingMessage): string => {
  const [type = ""] = (headers["content-type"] ?? "").split(";")
  const name = type.trim().toLowerCase()
  if (name === "") return "content of no type"
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(name) ? name : "content of an unreadable type"
}

const xml = /^\s*(?:application|text)\/(?:[\w.+-]{1,56}\+)?xml\s*(?:;|$)/i

/**
 * Reads a message to its end; `done` is told once, or never if the peer goes. The packed content and the text in it are each
 * of at most so many bytes.
 */
export const read = (
  message: Http.IncomingMessage,
  maxBytes: number,
  done: (content: string | Unfit) => void
): void => {
  const coding = codingOf(message)
  const flaw = flawOf(message, maxBytes, coding)
  if (flaw !== undefined) {
    message.resume()
    return done(flaw)
  }
  const chunks: Array<Uint8Array> = []
  let length = 0
  message.on("data", (chunk: Uint8Array) => {
    length += chunk.length
    if (length <= maxBytes) return void chunks.push(chunk)
    message.removeAllListeners("data").removeAllListeners("end").resume()
    done(tooLarge(maxBytes))
  })
  message.on("end", () => {
    const [only] = chunks
    const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
    if (typeof coding === "string") {
      unpack(coding, bytes, maxBytes, (unpacked) => done("status" in unpacked ? unpacked : textOf(message, unpacked)))
    } else {
      done(textOf(message, bytes))
    }
  })
}

const tooLarge = (maxBytes: number): Unfit => ({ status: 413, why: `its content is larger than ${maxBytes} bytes` })

const flawOf = (
  message: Http.IncomingMessage,
  maxBytes: number,
  coding: Coding | null | undefined
): Unfit | undefined => {
  const { "content-length": length = 0, "content-type": type } = message.headers
  if (Number(length) > maxBytes) return tooLarge(maxBytes)
  if (type !== undefined && !xml.test(type)) {
    const shown = typeOf(message)
    return { status: 415, why: `${shown}: no SOAP`, type: shown }
  }
  return coding === undefined ? { status: 415, why: "its content coding is neither gzip nor deflate" } : undefined
}

/** How the content is packed; `null` if it is not, `undefined` if nobody knows. */
const codingOf = ({ headers }: Http.IncomingMessage): Coding | null | undefined => {
  switch ((headers["content-encoding"] ?? "identity").trim().toLowerCase()) {
    case "identity":
    case "":
      return null
    case "gzip":
    case "x-gzip":
      return "gzip"
    case "deflate":
      return "deflate"
    default:
      return undefined
  }
}

const unpack = (
  coding: Coding,
  bytes: Uint8Array,
  maxOutputLength: number,
  done: (unpacked: Uint8Array | Unfit) => void
): void => {
  // Some send what they call deflate without the frame of zlib, whose first byte says 8 (RFC 1950 §2.2).
  const inflate = coding === "gzip" ? Zlib.gunzip : ((bytes[0] ?? 8) & 15) === 8 ? Zlib.inflate : Zlib.inflateRaw
  inflate(bytes, { maxOutputLength }, (error: NodeJS.ErrnoException | null, unpacked) => {
    if (error === null) return done(unpacked)
    done(
      error.code === "ERR_BUFFER_TOO_LARGE"
        ? { status: 413, why: `its unpacked content is larger than ${maxOutputLength} bytes` }
        : { status: 400, why: `its content is no ${coding}` }
    )
  })
}

const utf8 = new TextDecoder("utf-8", { fatal: true })

const textOf = (message: Http.IncomingMessage, bytes: Uint8Array): string | Unfit => {
  const charset = charsetOf(message.headers["content-type"], bytes)
  try {
    const decoder = /^utf-8$/i.test(charset) ? utf8 : new TextDecoder(charset, { fatal: true })
    return decoder.decode(bytes)
  } catch {
    return { status: 400, why: "its content is not in the encoding that it says, or in none that is known" }
  }
}

/** The header goes before the mark of the byte order, and that before the declaration of XML (RFC 7303 §3). */
const charsetOf = (type: string | undefined, bytes: Uint8Array): string => {
  const said = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type ?? "")?.[1]
  if (said !== undefined) return said
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be"
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le"
  const start = Buffer.from(bytes.subarray(0, 120)).toString("latin1")
  return /^(?:\xEF\xBB\xBF)?<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? "utf-8"
}

/** Below this, packing makes a message larger or takes longer than it saves. */
const worthPacking = 1024

/** How an answer may be packed, by what the one who asks accepts; gzip where both are. */
export const acceptedBy = (header: string | undefined): Coding | undefined => {
  const accepted = new Set<string>()
  for (const part of (header ?? "").toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim())
    if (!parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) accepted.add(name)
  }
  return accepted.has("gzip") ? "gzip" : accepted.has("deflate") ? "deflate" : undefined
}

const gzip = promisify<Uint8Array, Buffer>(Zlib.gzip)
const deflate = promisify<Uint8Array, Buffer>(Zlib.deflate)

/**
 * Packs a text, if that is worth it; `done` is given it with the headers that say how. One that is not packed stays a text,
 * which Node.js writes in one go with the headers.
 */
export const pack = (
  text: string,
  coding: Coding | undefined,
  done: (content: string | Uint8Array, headers: Readonly<Record<string, string | number>>) => void
): void => {
  const length = Buffer.byteLength(text)
  if (coding === undefined || length < worthPacking) return done(text, { "content-length": length })
  const bytes = Buffer.from(text)
  const pressed = coding === "gzip" ? gzip(bytes) : deflate(bytes)
  void pressed.then((packed) => done(packed, { "content-length": packed.length, "content-encoding": coding }))
}
