/**
 * The WebSocket client of a station.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocket } from "ws"
import * as Identity from "../Identity.ts"
import { publicUrl, urlFlaw } from "../internal/EndpointUrl.ts"
import {
  type ConnectError,
  type ConnectOptions,
  Connector,
  NoCommonProtocol,
  ConnectRefused,
  ConnectUnreachable,
  InvalidUrl
} from "../station/Connector.ts"
import { basic, tlsOf } from "./internal/clientCredentials.ts"
import * as Compression from "./internal/Compression.ts"
import { type SocketOptions, type SocketSettings, makeSettings } from "./SocketOptions.ts"
import { SocketTransport } from "./internal/SocketTransport.ts"

/**
 * Options of the connections that stations make.
 *
 * **Details**
 *
 * - `compression`: whether compression is offered to the CSMS; by default not.
 * - `ca`: the certificates, in PEM, that may have signed the CSMS's; by default those that Node.js trusts. A station can
 *   have its own (`credentials` of `Station.layer`).
 *
 * @category options
 * @since 0.1.0
 */
export interface ClientOptions extends SocketOptions {
  readonly compression?: boolean | undefined
  readonly ca?: string | Uint8Array | undefined
}

/**
 * Connects stations over WebSocket, `ws:` and `wss:`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: ClientOptions = {}): Layer.Layer<Connector> =>
  Layer.effect(
    Connector,
    Effect.map(makeSettings(options), (made) =>
      Connector.of({
        connect: Effect.fnUntraced(function* (to) {
          const opened = Effect.map(open(to, options, made), (socket) => new SocketTransport(socket, made))
          const transport = yield* Effect.acquireRelease(opened, close, { interruptible: true })
          made.keepAlive?.add(transport)
          return { subprotocol: transport.subprotocol, transport }
        })
      })
    )
  )

const open = (
  to: ConnectOptions,
  options: ClientOptions,
  { maxFrameBytes }: SocketSettings
): Effect.Effect<WebSocket, ConnectError> => {
  const rule = urlFlaw(to.url)
  if (rule !== undefined) return Effect.fail(new InvalidUrl({ url: publicUrl(to.url), rule }))
  const target = Identity.toUrl(to.url, to.identity)
  // Errors are logged.
  const url = publicUrl(target)
  return Effect.callback<WebSocket, ConnectError>((resume) => {
    const socket = new WebSocket(target, [...to.subprotocols], {
      handshakeTimeout: Duration.toMillis(to.timeout),
      maxPayload: maxFrameBytes,
      autoPong: false,
      perMessageDeflate: options.compression === true ? Compression.settings : false,
      ...tlsOf({ ca: options.ca, ...to.tls }),
      ...(to.password === undefined ? {} : { headers: { authorization: basic(to.identity, to.password) } })
    })
    socket.on("unexpected-response", (request, response) => {
      request.destroy()
      resume(Effect.fail(new ConnectRefused({ url, status: response.statusCode ?? 0 })))
    })
    socket.on("error", (error: NodeJS.ErrnoException) => {
      resume(
        Effect.fail(
          /subprotocol/.test(error.message)
            ? new NoCommonProtocol({ url, offered: to.subprotocols })
            : new ConnectUnreachable({ url, code: error.code ?? error.message })
        )
      )
    })
    socket.once("open", () => {
      // Frames wait until the transport is listened to.
      socket.pause()
      resume(Effect.succeed(socket))
    })
    return Effect.sync(() => socket.terminate())
  })
}

const close = (transport: SocketTransport): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    transport.onceClosed(() => resume(Effect.void))
    transport.close(1000, "")
  }).pipe(Effect.timeoutOrElse({ duration: closeTimeout, orElse: () => Effect.sync(() => transport.terminate()) }))

/** How long a closing station waits for the CSMS to answer the close. */
const closeTimeout = Duration.seconds(1)
