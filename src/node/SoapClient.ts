/**
 * The SOAP connections of stations: their requests go to the CSMS over HTTP, and those of the CSMS come to an endpoint of
 * the station.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Net from "node:net"
import * as Tls from "node:tls"
import * as Peer from "../engine/Peer.ts"
import type { Numbers } from "../ExactNumber.ts"
import * as Identity from "../Identity.ts"
import { publicUrl, urlFlaw } from "../internal/EndpointUrl.ts"
import * as Options from "../internal/Options.ts"
import type { SoapCarriage } from "../Protocol.ts"
import { SoapCarrier } from "../soap/SoapCarrier.ts"
import * as SoapCodec from "../soap/SoapCodec.ts"
import {
  type ConnectError,
  type ConnectOptions,
  Connector,
  ConnectUnreachable,
  InvalidUrl,
  NoCommonProtocol
} from "../station/Connector.ts"
import { basic, tlsOf } from "./internal/clientCredentials.ts"
import type { ServerTls } from "./internal/HttpListener.ts"
import { SoapCallee } from "./internal/SoapCallee.ts"
import * as SoapEndpoint from "./internal/SoapEndpoint.ts"
import * as SoapPost from "./internal/SoapPost.ts"
import { addressOf } from "./internal/socketAddress.ts"
import type { ListenError } from "./ListenError.ts"

export type { ServerTls } from "./internal/HttpListener.ts"
export { ListenError } from "./ListenError.ts"

/**
 * The endpoint at which the CSMS calls stations.
 *
 * **Details**
 *
 * - `port`: 0 picks a free one. `host`: by default all addresses. `path`: by default `/`; each station is called at its
 *   identity below it.
 * - `callbackUrl`: the URL of the endpoint as the CSMS can reach it, without the identity, where that is another one than
 *   on this machine: behind NAT or a proxy.
 * - `tls`: certificate and key of the endpoint in PEM; with `ca`, the CSMS must present a certificate that it signed.
 * - `from`: the addresses and blocks that may call; by default all.
 * - `password`: asked for as HTTP Basic credentials; by default none.
 *
 * **Gotchas**
 *
 * Without `from`, `password` or `tls.ca` whoever reaches the endpoint can command the station.
 *
 * @see S16 §3.7
 * @category options
 * @since 0.1.0
 */
export interface SoapListenOptions {
  readonly port: number
  readonly host?: string | undefined
  readonly path?: string | undefined
  readonly callbackUrl?: string | undefined
  readonly tls?: ServerTls | undefined
  readonly from?: ReadonlyArray<string> | undefined
  readonly password?: Redacted.Redacted<string> | undefined
}

/**
 * Options of the SOAP connections that stations make.
 *
 * **Details**
 *
 * - `versions`: the versions that are spoken (`carriage` of `effect-ocpp/v15/soap` and `effect-ocpp/v16/soap`). Nothing is
 *   negotiated: the first version that a station offers, of these, is the one that it speaks.
 * - `listen`: where the CSMS calls stations; without it they only send.
 * - `ca`: the certificates, in PEM, that may have signed the CSMS's; by default those that Node.js trusts.
 * - `timeout`: how long an exchange may take before the connection counts as lost, by default 2 minutes.
 * - `maxBytes`: how large a message may be, packed and unpacked; by default 1 MiB.
 * - `compression`: how requests are packed; by default not. Answers are packed as the CSMS asks.
 * - `numbers`: what a number becomes that JavaScript cannot hold, by default the `nearest` one.
 *
 * @see S16 §6
 * @category options
 * @since 0.1.0
 */
export interface SoapClientOptions {
  readonly versions: ReadonlyArray<SoapCarriage>
  readonly listen?: SoapListenOptions | undefined
  readonly ca?: string | Uint8Array | undefined
  readonly timeout?: Duration.Input | undefined
  readonly maxBytes?: number | undefined
  readonly compression?: "gzip" | "deflate" | undefined
  readonly numbers?: Numbers | undefined
}

/**
 * Connects stations over SOAP, `http:` and `https:`.
 *
 * **Details**
 *
 * There is no connection, so what counts as one begins once the CSMS takes TCP connections (and TLS), and is lost when a
 * request does not get there or no answer comes back. Then the station connects again as over a WebSocket, and sends what
 * it has stored. A fault is an answer, and loses nothing.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: SoapClientOptions): Layer.Layer<Connector, ListenError> =>
  Layer.effect(Connector, make(options))

const make = Effect.fnUntraced(function* (options: SoapClientOptions) {
  const { listen, numbers, versions } = options
  const codecs = versions.map((carriage) => SoapCodec.make(carriage, { side: "station", numbers }))
  if (codecs.length === 0) throw new TypeError("versions: at least one is needed, such as that of effect-ocpp/v16/soap")
  const nextId = yield* Peer.makeIds
  const timeout = Options.millis("timeout", options.timeout ?? "2 minutes", 1)
  const maxBytes = Options.count("maxBytes", options.maxBytes ?? 1 << 20, 1)
  const settings: Settings = {
    options,
    nextId,
    timeout,
    maxBytes,
    callee: listen === undefined ? undefined : yield* listening(listen, { codecs, nextId, maxBytes })
  }
  return Connector.of({
    scheme: "http",
    connect: Effect.fnUntraced(function* (to) {
      const rule = urlFlaw(to.url, undefined, "http")
      if (rule !== undefined) return yield* new InvalidUrl({ url: publicUrl(to.url), rule })
      const codec = codecs.find(({ carriage }) => to.subprotocols.includes(carriage.protocol.json.subprotocol))
      if (codec === undefined) return yield* new NoCommonProtocol({ url: publicUrl(to.url), offered: to.subprotocols })
      const tls = tlsOf({ ca: options.ca, ...to.tls })
      yield* reach(to, tls)
      const carrier = yield* Effect.acquireRelease(
        Effect.sync(() => open(to, codec, tls, settings)),
        ({ close }) => Effect.sync(close)
      )
      return { subprotocol: codec.carriage.protocol.json.subprotocol, carrier: carrier.carrier }
    })
  })
})

interface Settings {
  readonly options: SoapClientOptions
  readonly nextId: () => string
  readonly timeout: number
  readonly maxBytes: number
  readonly callee: { readonly callee: SoapCallee; readonly url: string } | undefined
}

/** Opens the endpoint of the stations. */
const listening = Effect.fnUntraced(function* (
  { callbackUrl, from, password, ...where }: SoapListenOptions,
  {
    codecs,
    maxBytes,
    nextId
  }: Pick<Settings, "maxBytes" | "nextId"> & { readonly codecs: ReadonlyArray<SoapCodec.SoapCodec> }
) {
  const callee = new SoapCallee({ codecs, nextId, from, password })
  const endpoint = yield* SoapEndpoint.listen({
    ...where,
    publicUrl: SoapEndpoint.publicUrlOf("listen.callbackUrl", callbackUrl),
    requestTimeout: 30_000,
    maxBytes,
    codecs,
    side: "station",
    take: (request, text, answer) => callee.take(request, text, answer),
    refused: yield* SoapEndpoint.refusing("a request to the station")
  })
  const url = callbackUrl ?? endpoint.url
  yield* Effect.logInfo(`listening for the CSMS on ${url}`)
  return { callee, url }
})

/** Sees whether the CSMS takes connections, for what is posted has no handshake that would tell. */
const reach = (to: ConnectOptions, tls: Tls.ConnectionOptions): Effect.Effect<void, ConnectError> =>
  Effect.callback<void, ConnectError>((resume) => {
    const url = new URL(to.url)
    const where = addressOf(url)
    const fail = (code: string): void => {
      socket.destroy()
      resume(Effect.fail(new ConnectUnreachable({ url: publicUrl(to.url), code })))
    }
    const opened = (): void => {
      socket.destroy()
      resume(Effect.void)
    }
    const servername = Net.isIP(where.host) === 0 ? { servername: where.host } : {}
    const socket =
      url.protocol === "https:" ? Tls.connect({ ...tls, ...where, ...servername }, opened) : Net.connect(where, opened)
    socket.setTimeout(Duration.toMillis(to.timeout), () => fail("ETIMEDOUT"))
    socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
    return Effect.sync(() => socket.destroy())
  })

const open = (
  to: ConnectOptions,
  codec: SoapCodec.SoapCodec,
  tls: Tls.ConnectionOptions,
  { callee, maxBytes, nextId, options, timeout }: Settings
): { readonly carrier: SoapCarrier; readonly close: () => void } => {
  const url = new URL(to.url)
  const agent = SoapPost.makeAgent(url.protocol)
  const authorization = to.password === undefined ? undefined : basic(to.identity, to.password)
  const post = SoapPost.to({
    url,
    agent,
    tls,
    lookup: undefined,
    authorization: () => authorization,
    coding: options.compression,
    timeout,
    connectTimeout: Duration.toMillis(to.timeout),
    maxBytes
  })
  const under = new Set<() => void>()
  const closed = (): void => {
    remove?.()
    for (const stop of under) stop()
    agent.destroy()
  }
  const address = publicUrl(to.url)
  const from = callee === undefined ? undefined : Identity.toUrl(callee.url, to.identity)
  const carrier = new SoapCarrier({
    codec,
    identity: to.identity,
    nextId,
    link: {
      to: () => address,
      from: () => from,
      closed,
      post: (text, action, done) => {
        const stop = post(text, action, (outcome) => {
          under.delete(stop)
          // The end of the session, below, settles a request that may have got there.
          if (outcome._tag !== "Lost" || !outcome.hasLeft) done(outcome)
          if (outcome._tag === "Lost") end(1006, "code" in outcome ? outcome.code : "")
        })
        under.add(stop)
        return true
      }
    }
  })
  const end = (code: number, reason: string): void => {
    carrier.end(code, reason)
    closed()
  }
  const remove = callee?.callee.add(to.identity, carrier)
  return { carrier, close: () => end(1000, "") }
}
