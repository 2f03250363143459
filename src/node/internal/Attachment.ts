/**
 * A CSMS on an HTTP server: from an upgrade request to a session or a refusal.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import { type WebSocket, WebSocketServer as WsServer } from "ws"
import { type Admission, Endpoint } from "../../csms/Endpoint.ts"
import { type Handshake, HandshakeRefused } from "../../csms/Handshake.ts"
import type { AnySession } from "../../csms/AnySession.ts"
import * as Compression from "./Compression.ts"
import { ConnectionLimits } from "./ConnectionLimits.ts"
import { makeSettings, type SocketOptions, type SocketSettings } from "../SocketOptions.ts"
import * as LogLimit from "../../internal/LogLimit.ts"
import * as Options from "../../internal/Options.ts"
import { warnIfFew } from "./openFiles.ts"
import { SocketTransport } from "./SocketTransport.ts"
import * as TrustedProxies from "./TrustedProxies.ts"
import { byPath, type Identify, readHandshake, refuse, type StationRequest } from "./UpgradeRequest.ts"
import * as UpgradeRoutes from "./UpgradeRoutes.ts"

/**
 * Options of the WebSocket part of a server.
 *
 * **Details**
 *
 * - `path`: stations connect below this path, to `<path>/…/<identity>`; by default below `/`. Other upgrade requests
 *   are left to others, and get 404 if there are none.
 * - `identityOf`: which station a request at or below `path` is of, by its path, query, headers, user name or certificate;
 *   without a result the answer is 404. By default it is the last segment of what follows `path`, percent-decoded once,
 *   with or without a slash behind it (`Identity.fromPath`).
 * - `handshakeTimeout`: how long `accept` may take before the answer is 503; by default 10 seconds.
 * - `drainTimeout`: how long a server that shuts down waits for the calls and requests that are under way, by default
 *   5 seconds. Meanwhile nothing new begins, stations on whose connections nothing is under way are sent away, and who
 *   comes is refused with 503.
 * - `compression`: whether stations that offer compression get it; by default they do. Frames from 1 KiB on are
 *   compressed.
 * - `maxConnections`: one more is refused with 503; by default 65,536. Those that are being decided over count. Where the
 *   system lets the process have fewer files open than that, or than 10,000 if nothing is given, a warning is logged.
 * - `maxConnectionsPerAddress`: one more from the same address is refused with 429; by default 16,384.
 * - `trustedProxies`: addresses (`127.0.0.1`, `::1`) and blocks (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` and
 *   `X-Forwarded-Proto` are believed; by default none. Such a proxy must append to or replace both headers.
 *
 * **Gotchas**
 *
 * - What makes no sense, such as a block that is none, is a defect that names the option.
 * - All stations behind a proxy that is not trusted have its address, and count as from one.
 * - Stations that `identityOf` gives one identity are one station, and each of them ends the connection of the one before.
 *
 * **Example** (Stations that say in the query who they are, or else in the path)
 *
 * ```ts
 * WebSocketServer.layer({
 *   port: 9000,
 *   identityOf: ({ path, query }) => query.get("station") ?? Identity.fromPath(path)
 * })
 * ```
 *
 * @see P4 §3.3, P4-21 §3.4
 * @category options
 * @since 0.1.0
 */
export interface AttachOptions extends SocketOptions {
  readonly path?: string | undefined
  readonly identityOf?: ((request: StationRequest) => string | null | undefined) | undefined
  readonly handshakeTimeout?: Duration.Input | undefined
  readonly drainTimeout?: Duration.Input | undefined
  readonly compression?: boolean | undefined
  readonly maxConnections?: number | undefined
  readonly maxConnectionsPerAddress?: number | undefined
  readonly trustedProxies?: ReadonlyArray<string> | undefined
}

/** How long a handshake may take, in milliseconds. */
export const handshakeTimeoutOf = (options: AttachOptions): number =>
  Options.millis("handshakeTimeout", options.handshakeTimeout ?? "10 seconds", 1)

/** Takes the upgrade requests of a server until the scope closes. */
export const attach = Effect.fnUntraced(function* (server: Http.Server | Https.Server, options: AttachOptions) {
  const prefix = UpgradeRoutes.prefixOf(options.path ?? "/")
  const { identityOf } = options
  yield* warnIfFew(options.maxConnections ?? many)
  const attachment = new Attachment({
    options,
    identify: identityOf === undefined ? byPath(prefix) : (request) => identityOf(request) || 404,
    endpoint: yield* Endpoint,
    scope: yield* Effect.scope,
    run: Effect.runForkWith(yield* Effect.context<never>()),
    settings: yield* makeSettings(options)
  })
  const giveBack = UpgradeRoutes.add(server, prefix, {
    take: (...upgrade) => attachment.take(...upgrade),
    stray: (request, socket) => attachment.leave(request, socket)
  })
  yield* Effect.addFinalizer(() =>
    Effect.andThen(attachment.drain, Effect.andThen(Effect.sync(giveBack), attachment.shutDown))
  )
})

/** So many connections should be possible where nobody has said how many. */
const many = 10_000

/** The stations that connect to a server: those that are being decided over, and those that are connected. */
class Attachment {
  private readonly endpoint: Endpoint["Service"]
  private readonly scope: Scope.Scope
  private readonly run: <A>(effect: Effect.Effect<A>) => Fiber.Fiber<A>
  private readonly settings: SocketSettings
  private readonly identify: Identify
  private readonly originOf: ReturnType<typeof TrustedProxies.make>
  private readonly limits: ConnectionLimits
  private readonly handshakeTimeout: number
  private readonly ws: WsServer
  private readonly warn = LogLimit.make()
  private readonly deciding = new Set<Duplex>()
  /** The connections, and what the CSMS has of them. */
  private readonly open = new Map<SocketTransport, AnySession | undefined>()
  private readonly drainTimeout: number
  private isDraining = false
  private agreed: string | false = false
  private onEmpty: (() => void) | undefined = undefined

  constructor(of: {
    readonly options: AttachOptions
    readonly identify: Identify
    readonly endpoint: Endpoint["Service"]
    readonly scope: Scope.Scope
    readonly run: <A>(effect: Effect.Effect<A>) => Fiber.Fiber<A>
    readonly settings: SocketSettings
  }) {
    const { options, settings } = of
    this.endpoint = of.endpoint
    this.scope = of.scope
    this.run = of.run
    this.settings = settings
    this.identify = of.identify
    this.originOf = TrustedProxies.make(options.trustedProxies ?? [])
    this.limits = new ConnectionLimits(options)
    this.handshakeTimeout = handshakeTimeoutOf(options)
    this.drainTimeout = Options.millis("drainTimeout", options.drainTimeout ?? "5 seconds", 0)
    this.ws = new WsServer({
      noServer: true,
      clientTracking: false,
      maxPayload: settings.maxFrameBytes,
      // It ends a connection over pings that come faster than they are answered.
      autoPong: false,
      perMessageDeflate: options.compression === false ? false : Compression.settings,
      // `ws` asks during `handleUpgrade`, which is synchronous.
      handleProtocols: () => this.agreed
    })
    this.ws.on("wsClientError", ({ message }, socket, { method, socket: { remoteAddress } }) =>
      this.turnAway(socket, method === "GET" ? 400 : 405, remoteAddress, message)
    )
  }

  /** Takes an upgrade request: it ends as a session or as a refusal. */
  take(request: Http.IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", socket.destroy)
    if (this.isDraining) return refuse(socket, 503)
    const handshake = this.read(request)
    // That is told where it is found.
    if (handshake === 503) return refuse(socket, handshake)
    if (typeof handshake === "number") {
      return this.turnAway(socket, handshake, request.socket.remoteAddress, "nothing in it says which station it is of")
    }
    const excess = this.limits.enter(handshake.remoteAddress)
    if (excess !== undefined) {
      return this.turnAway(socket, excess, handshake.remoteAddress, "there are too many connections")
    }
    leaveWith(socket, this.limits, handshake.remoteAddress)
    const fiber = this.run(
      Effect.match(decide(this.endpoint, handshake), {
        onFailure: ({ status }) => refuse(socket, status),
        onSuccess: (admission) => this.upgrade(request, socket, head, handshake, admission)
      })
    )
    if (fiber.pollUnsafe() === undefined) this.waitFor(fiber, socket)
  }

  /** Refuses an upgrade request at a path where nothing is. */
  leave(request: Http.IncomingMessage, socket: Duplex): void {
    socket.on("error", socket.destroy)
    this.turnAway(socket, 404, request.socket.remoteAddress, "no station connects at its path")
  }

  private turnAway(socket: Duplex, status: number, address = "an unknown address", why: string) {
    this.run(this.warn(`a request from ${address} was refused with HTTP status ${status}: ${why}`))
    refuse(socket, status)
  }

  private read(request: Http.IncomingMessage): ReturnType<typeof readHandshake> {
    try {
      return readHandshake(request, this.originOf(request), this.identify)
    } catch (defect) {
      this.run(Effect.logError("which station a request is of could not be decided", defect))
      return 503
    }
  }

  /** Lets nothing new begin, closes each connection once nothing is under way there, and waits for that for a while. */
  readonly drain = Effect.suspend(() => {
    this.isDraining = true
    for (const socket of this.deciding) socket.destroy()
    const draining = Array.from(this.open, ([transport, session]) =>
      this.run(
        Effect.andThen(
          session?.drain ?? Effect.void,
          Effect.sync(() => transport.close(1001, shuttingDown))
        )
      )
    )
    const busy = draining.filter((fiber) => fiber.pollUnsafe() === undefined)
    return Effect.timeoutOrElse(Fiber.awaitAll(busy), {
      duration: this.drainTimeout,
      orElse: () => Fiber.interruptAll(busy)
    })
  })

  /** Closes all connections, and waits for the stations to answer that. */
  readonly shutDown = Effect.callback<void>((resume) => {
    if (this.open.size === 0) return resume(Effect.void)
    this.onEmpty = () => resume(Effect.void)
    for (const transport of this.open.keys()) transport.close(1001, shuttingDown)
  }).pipe(
    Effect.timeoutOrElse({ duration: closeTimeout, orElse: () => Effect.void }),
    Effect.andThen(
      Effect.sync(() => {
        for (const transport of this.open.keys()) transport.terminate()
      })
    )
  )

  /** A decision takes its time, which ends with the socket and with the time-out. */
  private waitFor(fiber: Fiber.Fiber<void>, socket: Duplex): void {
    this.deciding.add(socket)
    socket.once("end", socket.destroy)
    const interrupt = (): void => fiber.interruptUnsafe()
    socket.once("close", interrupt)
    const timer = this.run(
      Effect.andThen(
        Effect.sleep(this.handshakeTimeout),
        Effect.sync(() => {
          refuse(socket, 503)
          interrupt()
        })
      )
    )
    fiber.addObserver(() => {
      timer.interruptUnsafe()
      this.deciding.delete(socket)
      socket.off("end", socket.destroy)
      socket.off("close", interrupt)
    })
    Fiber.runIn(fiber, this.scope)
  }

  private upgrade(
    request: Http.IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { subprotocols }: Handshake,
    admission: Admission
  ): void {
    if (socket.destroyed) return
    // A station that offers none must not be told one.
    this.agreed = subprotocols.length === 0 ? false : (admission.agreed?.subprotocol ?? false)
    // `ws` refuses lists with odd elements, so it is shown the outcome only.
    show(request, "sec-websocket-protocol", this.agreed === false ? undefined : this.agreed)
    show(request, "sec-websocket-extensions", Compression.acceptable(request.headers["sec-websocket-extensions"]))
    this.ws.handleUpgrade(request, socket, head, (webSocket) => this.connect(webSocket, admission))
  }

  private connect(socket: WebSocket, { agreed }: Admission): void {
    const transport = new SocketTransport(socket, this.settings, this.closed)
    this.open.set(transport, undefined)
    if (agreed === undefined) return transport.close(1002, "no common sub-protocol")
    const session = agreed.connect(transport)
    // It may be over already.
    if (this.open.has(transport)) this.open.set(transport, session)
    if (agreed.keepAlive) this.settings.keepAlive?.add(transport)
  }

  private readonly closed = (transport: SocketTransport): void => {
    this.open.delete(transport)
    if (this.open.size === 0) this.onEmpty?.()
  }
}

/** Decides over a handshake; what the CSMS gets wrong is its own fault. */
export const decide = (
  endpoint: Endpoint["Service"],
  handshake: Handshake
): Effect.Effect<Admission, HandshakeRefused> =>
  endpoint
    .accept(handshake)
    .pipe(
      Effect.catchDefect((defect) =>
        Effect.andThen(
          Effect.logError("a handshake could not be decided", defect),
          Effect.fail(new HandshakeRefused({ status: 503 }))
        )
      )
    )

const shuttingDown = "the server is shutting down"

/** How long a closing server waits for its stations to answer the close. */
const closeTimeout = 1000

const show = (request: Http.IncomingMessage, header: string, value: string | undefined): void => {
  if (value === undefined) delete request.headers[header]
  else request.headers[header] = value
}

// On its own, for a listener made in `onUpgrade` would keep the request for as long as the socket lives.
const leaveWith = (socket: Duplex, limits: ConnectionLimits, address: string | undefined): void => {
  // Not `once`, which would keep more, for as long as the socket lives.
  socket.on("close", () => limits.leave(address))
}
