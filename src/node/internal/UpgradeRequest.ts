/**
 * The HTTP request that a station connects with: what it presents, and how it is refused.
 */
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { X509Certificate } from "node:crypto"
import type * as Http from "node:http"
import type { Duplex } from "node:stream"
import { TLSSocket } from "node:tls"
import type { Credentials, Handshake, HandshakeRefused, PeerCertificate } from "../../csms/Handshake.ts"
import * as Identity from "../../Identity.ts"
import { http } from "./http.ts"
import type { Origin } from "./TrustedProxies.ts"

type Status = HandshakeRefused["status"]

/** The path as it came, without the query, and without the authority that a proxy may put before it. */
export const pathOf = ({ url = "" }: Http.IncomingMessage): string => {
  const target = url.startsWith("/") ? url : url.replace(/^\w+:\/\/[^/?]*/, "")
  const query = target.indexOf("?")
  return query < 0 ? target : target.slice(0, query)
}

/**
 * What a station presents before it is known which one it is.
 *
 * **Gotchas**
 *
 * The user name of `credentials` ends at the first colon. Once the identity is known, it may hold more of them.
 *
 * @category models
 * @since 0.1.0
 */
export interface StationRequest extends Omit<Handshake, "identity"> {}

/** Says which station a request is of, or the status to refuse it with. */
export type Identify = (request: StationRequest) => string | Status

/** What the last segment of the path below a prefix says. */
export const byPath =
  (prefix: string): Identify =>
  ({ path }) => {
    const below = path.slice(prefix.length)
    return Identity.fromPath(below) ?? (/[^/]/.test(below) ? 400 : 404)
  }

/** What a station presents, or the status to refuse it with if nothing says which one it is. */
export const readHandshake = (
  request: Http.IncomingMessage,
  origin: Origin,
  identify: Identify
): Handshake | Status => {
  const { authorization } = request.headers
  const presented = readRequest(request, origin)
  const identity = identify(presented)
  if (typeof identity === "number") return identity
  return { ...presented, identity, credentials: readBasic(authorization, identity) }
}

const readRequest = (request: Http.IncomingMessage, { isSecure, remoteAddress }: Origin): StationRequest => {
  const { authorization, ...headers } = request.headers
  const query = request.url?.indexOf("?") ?? -1
  return {
    path: pathOf(request),
    query: new URLSearchParams(query < 0 ? "" : request.url?.slice(query)),
    credentials: readBasic(authorization, ""),
    subprotocols: (headers["sec-websocket-protocol"] ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
    remoteAddress,
    isSecure,
    tls: tlsOf(request),
    headers: new Map(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")])
    )
  }
}

/** What was negotiated, if TLS ends here. */
const tlsOf = ({ socket }: Http.IncomingMessage): Handshake["tls"] => {
  if (!(socket instanceof TLSSocket)) return undefined
  const der = socket.authorized ? socket.getPeerX509Certificate() : undefined
  return {
    version: socket.getProtocol() ?? "",
    cipher: socket.getCipher().standardName,
    certificate: der === undefined ? undefined : certificateOf(der)
  }
}

const certificateOf = (certificate: X509Certificate): PeerCertificate => {
  const subject = new Map(certificate.subject.split("\n").map((line) => split(line)))
  return {
    commonName: subject.get("CN"),
    organization: subject.get("O"),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    validFrom: certificate.validFromDate.getTime(),
    validTo: certificate.validToDate.getTime(),
    der: new Uint8Array(certificate.raw)
  }
}

const split = (line: string): readonly [name: string, value: string] => {
  const at = line.indexOf("=")
  return [line.slice(0, at), line.slice(at + 1)]
}

/** Refuses a handshake before the upgrade, with the version that there is of WebSocket if that may be what is wrong. */
export const refuse = (socket: Duplex, status: number): void => {
  if (socket.destroyed) return
  const headers = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    "connection: close",
    "content-length: 0",
    ...(status === 400 ? ["sec-websocket-version: 13"] : []),
    ...(status === 401 ? ['www-authenticate: Basic realm="ocpp"'] : [])
  ]
  socket.end(`${headers.join("\r\n")}\r\n\r\n`, () => socket.destroy())
}

/**
 * The credentials in a header. The identity of a 1.6 station may hold a colon, so it is looked for as a whole before the
 * first colon is.
 */
export const readBasic = (authorization: string | undefined, identity: string): Option.Option<Credentials> => {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "")?.[1]
  if (encoded === undefined) return Option.none()
  const bytes = Buffer.from(encoded, "base64")
  const own = Buffer.from(`${identity}:`)
  const colon = bytes.subarray(0, own.length).equals(own) ? own.length - 1 : bytes.indexOf(":")
  if (colon < 0) return Option.none()
  return Option.some({
    username: bytes.toString("utf8", 0, colon),
    password: Redacted.make(new Uint8Array(bytes.subarray(colon + 1)))
  })
}
