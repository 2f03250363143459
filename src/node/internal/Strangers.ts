/**
 * Tells why connections to a server end before they ask for an upgrade: a certificate that is not trusted, TLS where there
 * is none, no HTTP at all, or a handshake without `Connection: Upgrade`.
 */
import * as Effect from "effect/Effect"
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import { TLSSocket } from "node:tls"
import * as LogLimit from "../../internal/LogLimit.ts"
import { refuse } from "./UpgradeRequest.ts"

interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Uint8Array | undefined
}

interface Stranger extends Duplex {
  readonly remoteAddress?: string | undefined
}

/** What is wrong, and the HTTP status that says so; nobody hears a status before TLS. */
interface Flaw {
  readonly why: string
  readonly status?: number | undefined
}

/** Logs a line for each of them, and answers what is no HTTP as Node.js does. What else is asked for is not looked at. */
export const watch = Effect.fnUntraced(function* (server: Http.Server | Https.Server) {
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const warn = LogLimit.make()
  const tell = ({ remoteAddress = "an unknown address" }: Stranger, why: string): void => {
    run(warn(`a connection from ${remoteAddress} was refused: ${why}`))
  }
  server.on("request", ({ headers, socket }) => {
    if (headers.upgrade !== undefined || headers["sec-websocket-key"] !== undefined) tell(socket, noUpgrade)
  })
  // Errors of TLS come here too.
  server.on("clientError", (error: ClientError, socket: Stranger) => {
    const flaw = flawOf(error, socket)
    if (flaw !== undefined) tell(socket, flaw.why)
    if (flaw?.status !== undefined && socket.writable) refuse(socket, flaw.status)
    else socket.destroy()
  })
})

const noUpgrade = "its handshake has no header Connection: Upgrade, or no Upgrade"

/** `undefined` if the peer has just gone, as one does that looks whether the port is open. */
const flawOf = ({ code = "", message, rawPacket }: ClientError, socket: Stranger): Flaw | undefined => {
  // It is the code of an error, whatever its type says.
  const untrusted = socket instanceof TLSSocket && socket.authorizationError ? String(socket.authorizationError) : ""
  if (untrusted !== "") return { why: `its certificate is not trusted: ${untrusted}` }
  if (code === "ECONNRESET" || code === "EPIPE") return undefined
  if (/^ERR_(?:SSL|TLS)_/.test(code)) return { why: `the TLS handshake has failed: ${code}` }
  if (rawPacket?.[0] === tlsHandshake) return { why: "it speaks TLS, which this port does not", status: 400 }
  return known.get(code) ?? { why: `it is no HTTP: ${code || message}`, status: 400 }
}

/** The type of the first record of TLS (RFC 8446 §5.1). */
const tlsHandshake = 0x16

const known: ReadonlyMap<string, Flaw> = new Map([
  ["HPE_HEADER_OVERFLOW", { why: "its headers are too large", status: 431 }],
  ["ERR_HTTP_REQUEST_TIMEOUT", { why: "its request was not complete in time", status: 408 }]
])
