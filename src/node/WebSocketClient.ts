/**
 * The WebSocket client of a station.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { WebSocket } from "ws"
import * as Identity from "../Identity.ts"
import {
  type ConnectError,
  type ConnectOptions,
  Connector,
  NoCommonProtocol,
  Refused,
  Unreachable
} from "../station/Connector.ts"
import { SocketTransport } from "./SocketTransport.ts"

/**
 * Options of the connections that stations make.
 *
 * **Details**
 *
 * - `maxFrameBytes`: a larger frame closes the connection with code 1009; by default 1 MiB.
 * - `pingInterval`: a connection on which nothing came for a whole interval after a ping is cut; by default 1 minute,
 *   0 turns pings off.
 * - `ca`: the certificates, in PEM, that may have signed the CSMS's; by default those that Node.js trusts.
 *
 * @category options
 * @since 0.1.0
 */
export interface ClientOptions {
  readonly maxFrameBytes?: number | undefined
  readonly pingInterval?: Duration.Input | undefined
  readonly ca?: string | Uint8Array | undefined
}

/**
 * Connects stations over WebSocket, `ws:` and `wss:`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: ClientOptions = {}): Layer.Layer<Connector> =>
  Layer.succeed(Connector, Connector.of({ connect: (to) => connect(to, options) }))

const connect = Effect.fnUntraced(function* (to: ConnectOptions, options: ClientOptions) {
  const socket = yield* Effect.acquireRelease(open(to, options), close, { interruptible: true })
  const transport = new SocketTransport(socket)
  const pingInterval = Duration.fromInputUnsafe(options.pingInterval ?? "1 minute")
  if (!Duration.isZero(pingInterval)) {
    yield* Effect.sync(() => transport.keepAlive()).pipe(
      Effect.schedule(Schedule.spaced(pingInterval)),
      Effect.forkScoped
    )
  }
  return { subprotocol: socket.protocol, transport }
})

const open = (to: ConnectOptions, options: ClientOptions): Effect.Effect<WebSocket, ConnectError> => {
  const target = Identity.toUrl(to.url, to.identity)
  // Errors are logged, so they name the URL without what may stand in it of a password.
  const url = target.replace(/\/\/[^/]*@/, "//")
  return Effect.callback<WebSocket, ConnectError>((resume) => {
    const socket = new WebSocket(target, [...to.subprotocols], {
      handshakeTimeout: Duration.toMillis(to.timeout),
      maxPayload: options.maxFrameBytes ?? 1 << 20,
      perMessageDeflate: false,
      ...(options.ca === undefined ? {} : { ca: Buffer.from(options.ca) }),
      ...(to.password === undefined ? {} : { headers: { authorization: basic(to.identity, to.password) } })
    })
    socket.on("unexpected-response", (request, response) => {
      request.destroy()
      resume(Effect.fail(new Refused({ url, status: response.statusCode ?? 0 })))
    })
    socket.on("error", (error: NodeJS.ErrnoException) => {
      resume(
        Effect.fail(
          /subprotocol/.test(error.message)
            ? new NoCommonProtocol({ url, offered: to.subprotocols })
            : new Unreachable({ url, code: error.code ?? error.message })
        )
      )
    })
    socket.once("open", () => {
      // Frames wait until the transport is listened to.
      socket.pause()
      resume(Effect.succeed(socket))
    })
    return Effect.sync(() => socket.terminate())
  }).pipe(Effect.catchDefect(() => Effect.fail(new Unreachable({ url, code: "it is not a valid ws: or wss: URL" }))))
}

// A paused socket would never see the peer's answer to the close.
const close = (socket: WebSocket): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    if (socket.readyState === socket.CLOSED) return resume(Effect.void)
    socket.once("close", () => resume(Effect.void))
    socket.resume()
    socket.close(1000)
  }).pipe(Effect.timeoutOrElse({ duration: closeTimeout, orElse: () => Effect.sync(() => socket.terminate()) }))

/** How long a closing station waits for the CSMS to answer the close. */
const closeTimeout = Duration.seconds(1)

const basic = (identity: string, password: Redacted.Redacted<string | Uint8Array>): string =>
  `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(Redacted.value(password))]).toString("base64")}`
