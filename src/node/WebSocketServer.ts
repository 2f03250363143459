/**
 * The WebSocket server of a CSMS.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Endpoint } from "../csms/Endpoint.ts"
import * as Attachment from "./internal/Attachment.ts"
import type { AttachOptions } from "./internal/Attachment.ts"
import * as HttpListener from "./internal/HttpListener.ts"
import type { ServerTls } from "./internal/HttpListener.ts"
import * as Strangers from "./internal/Strangers.ts"
import * as UpgradeRoutes from "./internal/UpgradeRoutes.ts"
import { ListenError } from "./ListenError.ts"

export type { AttachOptions } from "./internal/Attachment.ts"
export type { ServerTls } from "./internal/HttpListener.ts"
export { ListenError } from "./ListenError.ts"
export type { SocketOptions } from "./SocketOptions.ts"
export type { StationRequest } from "./internal/UpgradeRequest.ts"

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
  readonly tls?: ServerTls | undefined
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
  const {
    port: listening,
    server,
    urlOf
  } = yield* HttpListener.listen({
    host,
    port,
    tls,
    handler: notFound,
    settings: {
      headersTimeout: timeout,
      requestTimeout: timeout,
      connectionsCheckingInterval: Math.ceil(timeout / 10)
    },
    handshakeTimeout: timeout
  })
  yield* Strangers.watch(server)
  yield* attach(server, options)
  const url = urlOf("ws", UpgradeRoutes.prefixOf(path))
  yield* Effect.logInfo(`listening on ${url}`)
  return { port: listening, url }
})

const notFound = (request: Http.IncomingMessage, response: Http.ServerResponse): void => {
  const text = request.method === "POST" ? speaksWebSocket : "OCPP stations connect here"
  response.writeHead(426, { "content-type": "text/plain", upgrade: "websocket" }).end(`${text}\n`)
}

/** What a SOAP station is told. */
const speaksWebSocket =
  "OCPP over WebSocket is spoken here; a station that posts envelopes over SOAP has a port of its own"
