/**
 * The WebSocket server of a CSMS.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Http from "node:http"
import * as Https from "node:https"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import type { Endpoint } from "../csms/Endpoint.ts"
import * as Attachment from "./internal/Attachment.ts"
import type { AttachOptions } from "./internal/Attachment.ts"
import { http } from "./internal/http.ts"
import * as Strangers from "./internal/Strangers.ts"
import * as UpgradeRoutes from "./internal/UpgradeRoutes.ts"

export type { AttachOptions } from "./internal/Attachment.ts"
export type { SocketOptions } from "./SocketOptions.ts"
export type { StationRequest } from "./internal/UpgradeRequest.ts"

/**
 * The port cannot be listened on; `code` is the system's error code, such as `EADDRINUSE`.
 *
 * @category errors
 * @since 0.1.0
 */
export class ListenError extends Schema.TaggedError<ListenError>()("ListenError", {
  host: Schema.String,
  port: Schema.Int,
  code: Schema.String
}) {
  override get message(): string {
    return `cannot listen on ${this.host}:${this.port}: ${this.code}`
  }
}

/**
 * Options of a server with a port of its own.
 *
 * **Details**
 *
 * - `port`: 0 picks a free one.
 * - `host`: by default all addresses.
 * - `tls`: certificate and key of the server in PEM; with `ca`, stations must present a certificate that it signed.
 * - `handshakeTimeout`: here also how long the TLS handshake may take, and then the request until it is complete.
 *
 * @category options
 * @since 0.1.0
 */
export interface ServerOptions extends AttachOptions {
  readonly port: number
  readonly host?: string | undefined
  readonly tls?:
    | {
        readonly cert: string | Uint8Array
        readonly key: Redacted.Redacted<string | Uint8Array>
        readonly ca?: string | Uint8Array | undefined
      }
    | undefined
}

/**
 * A running server.
 *
 * @category services
 * @since 0.1.0
 */
export class Server extends Context.Service<
  Server,
  {
    readonly port: number
    /** The endpoint's URL on this machine, without an identity. */
    readonly url: string
  }
>()("effect-ocpp/node/WebSocketServer/Server") {}

/**
 * Serves the CSMS whose `Endpoint` is present, for any path `/…/<identity>` below that of the options. When the layer
 * closes, stations are told so (close code 1001).
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: ServerOptions): Layer.Layer<Server, ListenError, Endpoint> =>
  Layer.effect(Server, serve(options))

/**
 * Serves the CSMS on an HTTP server that exists: takes its upgrade requests, or those below a path, until the scope
 * closes, and leaves the rest of it alone. Several can share a server, each below a path of its own.
 *
 * **Details**
 *
 * No other listener of the server gets the upgrade requests that are taken, whoever listened first.
 *
 * **Gotchas**
 *
 * The CSMS has to live as long: `Effect.provide(CsmsLive)` would end it as soon as this effect has, and all stations
 * would get 503. Attach within a layer that stands on `CsmsLive`, or provide what `Layer.build(CsmsLive)` gives.
 *
 * @category constructors
 * @since 0.1.0
 */
export const attach = (
  server: Http.Server | Https.Server,
  options: AttachOptions = {}
): Effect.Effect<void, never, Endpoint | Scope.Scope> => Attachment.attach(server, options)

/**
 * Serves the CSMS on an HTTP server that exists, as {@link attach} does, for as long as the layer lives.
 *
 * **When to use**
 *
 * Use it for stations and an API on one port, above `HttpRouter.serve` on Effect's `NodeHttpServer`.
 *
 * **Gotchas**
 *
 * Put it above the layer that serves the API, so that it closes first: a request of the API that waits for a station is
 * then answered before the HTTP server closes. The other way around `NodeHttpServer` waits 20 seconds for the stations.
 *
 * **Example** (An API and stations on one port)
 *
 * ```ts
 * const server = createServer()
 * const Live = WebSocketServer.layerAttached(server, { path: "/ocpp" }).pipe(
 *   Layer.provideMerge(HttpRouter.serve(Api)),
 *   Layer.provide(NodeHttpServer.layer(() => server, { port: 9000 })),
 *   Layer.provide(CsmsLive)
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerAttached = (
  server: Http.Server | Https.Server,
  options: AttachOptions = {}
): Layer.Layer<never, never, Endpoint> => Layer.effectDiscard(attach(server, options))

const serve = Effect.fnUntraced(function* (options: ServerOptions) {
  const { host, path = "/", port, tls } = options
  const timeout = Attachment.handshakeTimeoutOf(options)
  const timeouts = {
    headersTimeout: timeout,
    requestTimeout: timeout,
    connectionsCheckingInterval: Math.ceil(timeout / 10)
  }
  const server =
    tls === undefined
      ? http.createServer(timeouts, notFound)
      : Https.createServer(
          {
            ...timeouts,
            handshakeTimeout: timeout,
            cert: asBuffer(tls.cert),
            key: asBuffer(Redacted.value(tls.key)),
            minVersion: "TLSv1.2",
            ...(tls.ca === undefined ? {} : { ca: asBuffer(tls.ca), requestCert: true, rejectUnauthorized: true })
          },
          notFound
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
  yield* Strangers.watch(server)
  yield* attach(server, options)
  // A TCP server that listens has an address of this kind.
  const address = server.address() as AddressInfo
  // Node.js takes an empty one for all addresses, too.
  const name = host === undefined || ["", "0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host
  const authority = name.includes(":") ? `[${name}]` : name
  const scheme = tls === undefined ? "ws" : "wss"
  const url = `${scheme}://${authority}:${address.port}${UpgradeRoutes.prefixOf(path)}`
  yield* Effect.logInfo(`listening on ${url}`)
  return { port: address.port, url }
})

const notFound = (_: Http.IncomingMessage, response: Http.ServerResponse): void => {
  response.writeHead(426, { "content-type": "text/plain", upgrade: "websocket" }).end("OCPP stations connect here\n")
}

const asBuffer = (bytes: string | Uint8Array): Buffer =>
  typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from(bytes)
