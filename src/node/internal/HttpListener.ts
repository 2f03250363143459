/**
 * An HTTP server on a port of its own, until the scope closes.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Http from "node:http"
import * as Https from "node:https"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { ListenError } from "../ListenError.ts"
import { http } from "./http.ts"

/**
 * The TLS of a server: its certificate and key in PEM; with `ca`, stations must present a certificate that it signed.
 *
 * @category options
 * @since 0.1.0
 */
export interface ServerTls {
  readonly cert: string | Uint8Array
  readonly key: Redacted.Redacted<string | Uint8Array>
  readonly ca?: string | Uint8Array | undefined
}

interface ListenOptions {
  readonly host: string | undefined
  readonly port: number
  readonly tls: ServerTls | undefined
  readonly handler: Http.RequestListener
  readonly settings: Http.ServerOptions
  /** How long the TLS handshake may take, in milliseconds. */
  readonly handshakeTimeout: number
}

interface Listening {
  readonly server: Http.Server | Https.Server
  readonly port: number
  /** The URL on this machine of a path, in a scheme without and with TLS: `ws` or `http`. */
  readonly urlOf: (scheme: "ws" | "http", path: string) => string
}

export const listen = Effect.fnUntraced(function* (options: ListenOptions) {
  const { handler, handshakeTimeout, host, port, settings, tls } = options
  const server =
    tls === undefined
      ? http.createServer(settings, handler)
      : Https.createServer(
          {
            ...settings,
            handshakeTimeout,
            cert: Buffer.from(tls.cert),
            key: Buffer.from(Redacted.value(tls.key)),
            minVersion: "TLSv1.2",
            ...(tls.ca === undefined ? {} : { ca: Buffer.from(tls.ca), requestCert: true, rejectUnauthorized: true })
          },
          handler
        )
  // `server.close` waits for every socket, those that are no HTTP connection yet or no longer included.
  const sockets = new Set<Duplex>()
  const gone = function (this: Duplex): void {
    sockets.delete(this)
  }
  server.on("connection", (socket: Duplex) => {
    sockets.add(socket)
    socket.on("close", gone)
  })
  yield* Effect.acquireRelease(
    Effect.callback<void, ListenError>((resume) => {
      const failed = (error: NodeJS.ErrnoException): void =>
        resume(Effect.fail(new ListenError({ host: host ?? "*", port, code: error.code ?? error.message })))
      server.once("error", failed)
      server.listen(port, host, () => {
        server.off("error", failed)
        resume(Effect.void)
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      })
  )
  // A TCP server that listens has an address of this kind.
  const address = server.address() as AddressInfo
  // Node.js takes an empty one for all addresses, too.
  const name = host === undefined || ["", "0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host
  const authority = name.includes(":") ? `[${name}]` : name
  const listening: Listening = {
    server,
    port: address.port,
    urlOf: (scheme, path) => `${scheme}${tls === undefined ? "" : "s"}://${authority}:${address.port}${path}`
  }
  return listening
})
