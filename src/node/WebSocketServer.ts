/**
 * The WebSocket server of a CSMS.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Http from "node:http"
import * as Https from "node:https"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { type WebSocket, WebSocketServer as WsServer } from "ws"
import { type Admission, Endpoint } from "../csms/Endpoint.ts"
import { type Credentials, type Handshake, HandshakeRefused } from "../csms/Handshake.ts"
import * as Identity from "../Identity.ts"
import { SocketTransport } from "./SocketTransport.ts"

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
 * Options of the WebSocket part of a server.
 *
 * **Details**
 *
 * - `maxFrameBytes`: a larger frame closes the connection with code 1009; by default 1 MiB.
 * - `handshakeTimeout`: how long `accept` may take before the answer is 503; by default 10 seconds.
 * - `pingInterval`: a connection on which nothing came for a whole interval after a ping is cut; by default 1 minute,
 *   0 turns pings off.
 *
 * @category options
 * @since 0.1.0
 */
export interface AttachOptions {
  readonly maxFrameBytes?: number | undefined
  readonly handshakeTimeout?: Duration.Input | undefined
  readonly pingInterval?: Duration.Input | undefined
}

/**
 * Options of a server with a port of its own.
 *
 * **Details**
 *
 * - `port`: 0 picks a free one.
 * - `host`: by default all addresses.
 * - `tls`: certificate and key of the server in PEM; with `ca`, stations must present a certificate that it signed.
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
export class WebSocketServer extends Context.Service<
  WebSocketServer,
  {
    readonly port: number
    /** The endpoint's URL on this machine, without an identity. */
    readonly url: string
  }
>()("effect-ocpp/node/WebSocketServer") {
  /**
   * Serves the CSMS whose `Endpoint` is present, for any path `/…/<identity>`. When the layer closes, stations are told
   * so (close code 1001).
   */
  static readonly layer = (options: ServerOptions): Layer.Layer<WebSocketServer, ListenError, Endpoint> =>
    Layer.effect(WebSocketServer, serve(options))

  /**
   * Serves the CSMS on an HTTP server that exists: takes its upgrade requests until the scope closes, and leaves the
   * rest of it alone.
   */
  static readonly attach = (
    server: Http.Server | Https.Server,
    options: AttachOptions = {}
  ): Effect.Effect<void, never, Endpoint | Scope.Scope> => attach(server, options)
}

const serve = Effect.fnUntraced(function* (options: ServerOptions) {
  const { host, port, tls } = options
  const server =
    tls === undefined
      ? Http.createServer(notFound)
      : Https.createServer(
          {
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
  yield* attach(server, options)
  // A TCP server that listens has an address of this kind.
  const address = server.address() as AddressInfo
  const name = host === undefined || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  const authority = name.includes(":") ? `[${name}]` : name
  return { port: address.port, url: `${tls === undefined ? "ws" : "wss"}://${authority}:${address.port}` }
})

const notFound = (_: Http.IncomingMessage, response: Http.ServerResponse): void => {
  response.writeHead(426, { "content-type": "text/plain", upgrade: "websocket" }).end("OCPP stations connect here\n")
}

const asBuffer = (bytes: string | Uint8Array): Buffer =>
  typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from(bytes)

const attach = Effect.fnUntraced(function* (server: Http.Server | Https.Server, options: AttachOptions) {
  const endpoint = yield* Endpoint
  const scope = yield* Effect.scope
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const handshakeTimeout = Duration.fromInputUnsafe(options.handshakeTimeout ?? "10 seconds")
  const deciding = new Set<Duplex>()
  const open = new Set<SocketTransport>()
  let agreed: string | false = false
  let onEmpty: (() => void) | undefined

  const ws = new WsServer({
    noServer: true,
    clientTracking: false,
    maxPayload: options.maxFrameBytes ?? 1 << 20,
    perMessageDeflate: false,
    // `ws` asks during `handleUpgrade`, which is synchronous.
    handleProtocols: () => agreed
  })

  const closed = (transport: SocketTransport): void => {
    open.delete(transport)
    if (open.size === 0) onEmpty?.()
  }

  const connect = (socket: WebSocket, admission: Admission): void => {
    const transport = new SocketTransport(socket, closed)
    open.add(transport)
    if (admission.agreed === undefined) transport.close(1002, "no common sub-protocol")
    else admission.agreed.connect(transport)
  }

  const decide = (request: Http.IncomingMessage): Effect.Effect<Admission, HandshakeRefused> => {
    const handshake = readHandshake(request)
    if (handshake === undefined) return Effect.fail(new HandshakeRefused({ status: 404 }))
    return endpoint
      .accept(handshake)
      .pipe(
        Effect.catchDefect((defect) =>
          Effect.andThen(
            Effect.logError("a handshake could not be decided", defect),
            Effect.fail(new HandshakeRefused({ status: 503 }))
          )
        )
      )
  }

  const onUpgrade = (request: Http.IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", leave)
    const fiber = run(
      Effect.match(decide(request), {
        onFailure: ({ status }) => refuse(socket, status),
        onSuccess: (admission) => {
          if (socket.destroyed) return
          agreed = admission.agreed?.subprotocol ?? false
          // `ws` refuses a list with an empty element, so it is shown the outcome only.
          if (agreed === false) delete request.headers["sec-websocket-protocol"]
          else request.headers["sec-websocket-protocol"] = agreed
          ws.handleUpgrade(request, socket, head, (webSocket) => connect(webSocket, admission))
        }
      })
    )
    if (fiber.pollUnsafe() !== undefined) return
    deciding.add(socket)
    socket.once("end", leave)
    const interrupt = (): void => fiber.interruptUnsafe()
    socket.once("close", interrupt)
    const timer = run(
      Effect.andThen(
        Effect.sleep(handshakeTimeout),
        Effect.sync(() => {
          refuse(socket, 503)
          interrupt()
        })
      )
    )
    fiber.addObserver(() => {
      timer.interruptUnsafe()
      deciding.delete(socket)
      socket.off("end", leave)
      socket.off("close", interrupt)
    })
    Fiber.runIn(fiber, scope)
  }

  server.on("upgrade", onUpgrade)
  yield* Effect.addFinalizer(() =>
    Effect.callback<void>((resume) => {
      server.off("upgrade", onUpgrade)
      for (const socket of deciding) socket.destroy()
      if (open.size === 0) return resume(Effect.void)
      onEmpty = () => resume(Effect.void)
      for (const transport of open) transport.close(1001, "the server is shutting down")
    }).pipe(
      Effect.timeoutOrElse({ duration: closeTimeout, orElse: () => Effect.void }),
      Effect.andThen(
        Effect.sync(() => {
          for (const transport of open) transport.terminate()
        })
      )
    )
  )

  const pingInterval = Duration.fromInputUnsafe(options.pingInterval ?? "1 minute")
  if (Duration.isZero(pingInterval)) return
  yield* Effect.sync(() => {
    for (const transport of open) transport.keepAlive()
  }).pipe(Effect.schedule(Schedule.spaced(pingInterval)), Effect.forkScoped)
})

// On its own, for a listener made in `onUpgrade` would keep the request for as long as the socket lives.
function leave(this: Duplex): void {
  this.destroy()
}

/** How long a closing server waits for its stations to answer the close. */
const closeTimeout = Duration.seconds(1)

const refuse = (socket: Duplex, status: HandshakeRefused["status"]): void => {
  if (socket.destroyed) return
  const headers = [
    `HTTP/1.1 ${status} ${Http.STATUS_CODES[status]}`,
    "connection: close",
    "content-length: 0",
    ...(status === 401 ? ['www-authenticate: Basic realm="ocpp"'] : [])
  ]
  socket.end(`${headers.join("\r\n")}\r\n\r\n`, () => socket.destroy())
}

const readHandshake = (request: Http.IncomingMessage): Handshake | undefined => {
  const path = request.url?.split("?", 1)[0] ?? ""
  const identity = Identity.fromPath(path)
  if (identity === undefined) return undefined
  const { authorization, ...headers } = request.headers
  return {
    identity,
    path,
    subprotocols: (headers["sec-websocket-protocol"] ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
    credentials: Option.fromUndefinedOr(readBasic(authorization, identity)),
    remoteAddress: request.socket.remoteAddress,
    isSecure: "encrypted" in request.socket,
    headers: new Map(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")])
    )
  }
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
