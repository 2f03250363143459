/**
 * Bytes on a socket: HTTP heads and WebSocket frames that are almost what they should be, in pieces of any size. Bytes
 * are texts of latin1 here, so that JSON can hold them.
 */
/* oxlint-disable no-await-in-loop -- one piece goes after the other */
import { setImmediate, setTimeout } from "node:timers/promises"
import type { Socket } from "node:net"
import { deflateRawSync } from "node:zlib"
import { frame as frameOf, opcode, readFrame } from "../node/support.ts"
import type { Seeded } from "../support/seeded.ts"
import { must, simplerText, type Simpler, within } from "./fuzz.ts"
import { mutate, nasty } from "./mutate.ts"

/** What one end sends, where it is cut into pieces, and what it does then: end, break off, or wait for the other. */
export interface Stream {
  readonly bytes: string
  readonly cuts: ReadonlyArray<number>
  readonly last: "end" | "break" | "wait"
}

export const stream = (random: Seeded, bytes: string): Stream => ({
  bytes,
  cuts: Array.from({ length: random.pick([0, 0, 1, 2, 5]) }, () => random.integer(0, bytes.length)).sort(
    (a, b) => a - b
  ),
  last: random.pick(["end", "end", "end", "break", "wait"])
})

export const simplerStream = function* (failing: Stream): Simpler<Stream> {
  if (failing.cuts.length > 0) yield { ...failing, cuts: [] }
  yield* within(simplerText(failing.bytes), (bytes) => ({ ...failing, bytes }))
}

/** Sends a stream piece by piece, as far as the socket lives. */
export const write = async (socket: Socket, { bytes, cuts, last }: Stream): Promise<void> => {
  const all = Buffer.from(bytes, "latin1")
  let at = 0
  for (const cut of [...cuts, all.length]) {
    if (socket.destroyed || !socket.writable) return
    socket.write(all.subarray(at, cut))
    at = Math.max(at, cut)
    await setImmediate()
  }
  if (last === "end") socket.end()
  if (last === "break") socket.resetAndDestroy()
}

export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")

// ---- HTTP

/** The head of an HTTP message that may be odd: lines that are missing, doubled, folded or huge, or bytes changed. */
export const head = (random: Seeded, start: string, headers: ReadonlyArray<readonly [string, string]>): string => {
  const lines = headers.flatMap(([name, value]): ReadonlyArray<string> => {
    const line = `${name}: ${value}`
    const kind = random.next()
    if (kind < 0.9) return [line]
    return random.pick([
      () => [],
      () => [line, line],
      () => [line, `${name}: ${random.pick(oddValues)}`],
      () => [`${name}: ${random.pick(oddValues)}`],
      () => [`${name.toUpperCase()}:\t ${value} `],
      () => [`${name} : ${value}`],
      () => [`${name}:`, ` ${value}`],
      () => [line, `x-${name}: ${"x".repeat(random.pick([100, 8000, 20_000, 100_000]))}`],
      () => Array.from({ length: random.pick([50, 3000]) }, (_, index) => `x-${index}: y`),
      () => [`: ${value}`, line],
      () => [name]
    ])()
  })
  const text = `${[start, ...lines].join(random.next() < 0.97 ? "\r\n" : "\n")}\r\n\r\n`
  const kind = random.next()
  if (kind < 0.7) return text
  if (kind < 0.75) return text.slice(0, random.integer(0, text.length))
  if (kind < 0.8) return `${random.pick(["\r\n", "\u0000", "\u0016\u0003\u0001\u0002", "x", text])}${text}`
  return mutate(random, text)
}

const oddValues = (
  "|13|8|-1|websocket, h2c|Upgrade, keep-alive|close|ocpp1.6|,|, ,ocpp2.0.1,,|a b|chunked|5|0|99999999999999999999|" +
  "permessage-deflate|permessage-deflate; client_max_window_bits=8|permessage-deflate; server_max_window_bits=8, x|" +
  'x; y="|Basic|Basic !!!|Basic Q1AwMDE6eA==|Basic Og==|\u0000|\u00ff\u00fe|127.0.0.1|[::1]:1, x|100-continue|short'
).split("|")

// ---- WebSocket

/** Frames, most of them right, some not; `text` makes what they carry. */
export const frames = (random: Seeded, text: () => string, masked: boolean): string =>
  Array.from({ length: random.pick([0, 1, 1, 2, 4]) }, () => oddFrame(random, text, masked)).join("")

const oddFrame = (random: Seeded, text: () => string, masked: boolean): string => {
  const good = (): string => latin1(frameOf("text", text(), { masked }))
  const kind = random.next()
  if (kind < 0.4) return good()
  return random.pick([
    () => mutate(random, good()),
    // A byte of the header is another.
    () => good().replace(/^./s, () => String.fromCharCode(random.integer(0, 255))),
    () => good().replace(/^(.)./s, (_, first) => `${first}${String.fromCharCode(random.integer(0, 255))}`),
    () => latin1(frameOf("text", text(), { masked: !masked })),
    () => latin1(frameOf("text", random.pick(["", "\u00ff"]) + text(), { masked, compressed: true })),
    () => latin1(frameOf("text", deflateRawSync(text()), { masked, compressed: true })),
    () => latin1(frameOf("text", bomb, { masked, compressed: true })),
    () => latin1(frameOf("text", Buffer.from([0x5b, ...random.pick(badUtf8), 0x5d]), { masked })),
    () => latin1(frameOf("text", "x".repeat(random.pick([125, 126, 65_535, 65_536, 70_000])), { masked })),
    () => latin1(frameOf("binary", text(), { masked })),
    () => latin1(frameOf(random.pick(["ping", "pong"]), "x".repeat(random.pick([0, 5, 125, 126])), { masked })),
    () => latin1(frameOf(random.pick(["ping", "close"]), "x", { masked, fin: false })),
    () => latin1(frameOf("close", closePayload(random), { masked })),
    () => fragments(random, text(), masked),
    () => latin1(frameOf("continuation", nasty(random), { masked })),
    // More is announced than there is.
    () => good().slice(0, -1),
    () => latin1(Uint8Array.from([0x81, (masked ? 0x80 : 0) | 127, 0x7f, ...Array.from({ length: 11 }, () => 0xff)]))
  ])()
}

const bomb = deflateRawSync(Buffer.alloc(4_000_000))

const badUtf8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80]]

const closePayload = (random: Seeded): Uint8Array => {
  const code = random.pick([0, 999, 1000, 1001, 1004, 1005, 1006, 1011, 1015, 2999, 3000, 4999, 5000, 65_535])
  const payload = Uint8Array.from([code >> 8, code & 0xff, ...Buffer.from("x".repeat(random.pick([0, 10, 123, 124])))])
  return payload.subarray(0, random.pick([0, 1, 2, payload.length]))
}

const fragments = (random: Seeded, text: string, masked: boolean): string => {
  const at = random.integer(0, text.length)
  const between = random.pick(["", latin1(frameOf("ping", "x", { masked })), latin1(frameOf("text", "[]", { masked }))])
  const first = latin1(frameOf("text", text.slice(0, at), { masked, fin: false }))
  return first + between + latin1(frameOf("continuation", text.slice(at), { masked, fin: random.next() < 0.8 }))
}

/** The text frames among these bytes, of which all must be frames; nothing may come after a close. */
export const textsIn = (bytes: Buffer): ReadonlyArray<string> => {
  const texts: Array<string> = []
  let isClosed = false
  for (let next = readFrame(bytes); next !== undefined; next = readFrame(next.rest)) {
    const { isCompressed, opcode: kind, payload } = next.frame
    must(!isClosed, "nothing comes after a close")
    must(Object.values<number>(opcode).includes(kind), "what is sent is a WebSocket frame", () => kind)
    must(kind < 8 || payload.length <= 125, "control frames are short", () => payload.length)
    isClosed = kind === opcode.close
    if (kind === opcode.text && !isCompressed) texts.push(payload.toString())
  }
  return texts
}

// ---- time

/** Everything that has to happen, happens within this time, however busy the machine is. */
const limit = 10_000

export const within10s = <A>(promise: Promise<A>, rule: string): Promise<A> => {
  const abort = new AbortController()
  const late = setTimeout(limit, undefined, { signal: abort.signal }).then(() => must(false, rule))
  late.catch(() => undefined)
  return Promise.race([promise, late]).finally(() => abort.abort()) as Promise<A>
}

/** Waits until something holds. */
export const until = async (holds: () => boolean | Promise<boolean>, rule: string, detail?: () => unknown) => {
  const end = performance.now() + limit
  while (!(await holds())) {
    must(performance.now() < end, rule, detail)
    await setTimeout(2)
  }
}

/** How many sockets this process has. */
export const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length
