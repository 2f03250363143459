/**
 * The HTTP request that a station connects with: what it presents, and how it is refused.
 *
 * @internal
 */
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Http from "node:http"
import type { Duplex } from "node:stream"
import type { Credentials, Handshake, HandshakeRefused } from "../csms/Handshake.ts"
import * as Identity from "../Identity.ts"
import type { Origin } from "./TrustedProxies.ts"

type Status = HandshakeRefused["status"]

/** The path as it came, without the query, and without the authority that a proxy may put before it. */
export const pathOf = ({ url = "" }: Http.IncomingMessage): string => {
  const target = url.startsWith("/") ? url : url.replace(/^\w+:\/\/[^/?]*/, "")
  const query = target.indexOf("?")
  return query < 0 ? target : target.slice(0, query)
}

/** What a station presents, or the status to refuse it with if its path names none. */
export const readHandshake = (
  request: Http.IncomingMessage,
  { isSecure, remoteAddress }: Origin
): Handshake | Status => {
  const path = pathOf(request)
  const identity = Identity.fromPath(path)
  if (identity === undefined) return path.endsWith("/") ? 404 : 400
  const { authorization, ...headers } = request.headers
  return {
    identity,
    path,
    subprotocols: (headers["sec-websocket-protocol"] ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
    credentials: Option.fromUndefinedOr(readBasic(authorization, identity)),
    remoteAddress,
    isSecure,
    headers: new Map(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")])
    )
  }
}

/** Refuses a handshake before the upgrade. */
export const refuse = (socket: Duplex, status: Status): void => {
  if (socket.destroyed) return
  const headers = [
    `HTTP/1.1 ${status} ${Http.STATUS_CODES[status]}`,
    "connection: close",
    "content-length: 0",
    ...(status === 401 ? ['www-authenticate: Basic realm="ocpp"'] : [])
  ]
  socket.end(`${headers.join("\r\n")}\r\n\r\n`, () => socket.destroy())
}

// The identity of a 1.6 station may hold a colon, so it is looked for as a whole before the first colon is.
const readBasic = (authorization: string | undefined, identity: string): Credentials | undefined => {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "")?.[1]
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, "base64")
  const own = Buffer.from(`${identity}:`)
  const colon = bytes.subarray(0, own.length).equals(own) ? own.length - 1 : bytes.indexOf(":")
  return colon < 0
    ? undefined
    : {
        username: bytes.toString("utf8", 0, colon),
        password: Redacted.make(new Uint8Array(bytes.subarray(colon + 1)))
      }
}
