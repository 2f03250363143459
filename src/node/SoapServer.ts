/**
 * The SOAP server of a CSMS: stations of OCPP 1.5 and 1.6 post their requests, and are called where they listen.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import { Endpoint } from "../csms/Endpoint.ts"
import * as Peer from "../engine/Peer.ts"
import { escape } from "../Escape.ts"
import type { Numbers } from "../ExactNumber.ts"
import * as Alarms from "../internal/Alarms.ts"
import { publicUrl } from "../internal/EndpointUrl.ts"
import { Broadcast } from "../internal/Broadcast.ts"
import * as LogLimit from "../internal/LogLimit.ts"
import * as Options from "../internal/Options.ts"
import type { SoapCarriage } from "../Protocol.ts"
import * as SoapCodec from "../soap/SoapCodec.ts"
import { checkFormat, Storage } from "../Storage.ts"
import { basic, tlsOf } from "./internal/clientCredentials.ts"
import * as CallbackAddress from "./internal/CallbackAddress.ts"
import { ConnectionLimits } from "./internal/ConnectionLimits.ts"
import type { ServerTls } from "./internal/HttpListener.ts"
import * as SoapEndpoint from "./internal/SoapEndpoint.ts"
import * as SoapPost from "./internal/SoapPost.ts"
import type { Reachability, SoapStation } from "./internal/SoapStation.ts"
import { type CallbackEvent, SoapStations } from "./internal/SoapStations.ts"
import * as TrustedProxies from "./internal/TrustedProxies.ts"
import type { ListenError } from "./ListenError.ts"

export type { ServerTls } from "./internal/HttpListener.ts"
export { ListenError } from "./ListenError.ts"
export type { CallbackEvent } from "./internal/SoapStations.ts"
export type { Reachability } from "./internal/SoapStation.ts"

/**
 * How stations are called at the addresses that they name in `From`.
 *
 * **When to use**
 *
 * Say `allow` where stations have private addresses, as in a VPN or behind a mobile operator's gateway.
 *
 * **Details**
 *
 * An address is learnt from a message that brings credentials or a certificate, which `accept` of the CSMS has let in; or
 * from any other, if its host is where the message came from. It is looked up once, redirects are not followed, and it is
 * kept in the `Storage` that is provided to the layer. One at which nobody is found costs the call that finds it out its
 * time-out; later calls fail as `NotSent` until the station has named another one, or is found there when it is heard
 * from again.
 *
 * - `allow`: addresses and blocks (`10.0.0.0/8`) that may be called though they are loopback, link-local or private; by
 *   default none.
 * - `address`: the address of a station as you know it; it is not learnt then, and may be any.
 * - `password`: sent with the identity as HTTP Basic credentials.
 * - `ca`: the certificates, in PEM, that may have signed those of stations; by default those that Node.js trusts.
 * - `timeout`: how long an exchange may take, by default 30 seconds; `connectTimeout`: how long until the connection is
 *   made, by default 10 seconds.
 * - `compression`: how requests are packed; by default not. Answers are packed as the station asks.
 *
 * **Gotchas**
 *
 * A CSMS that lets everybody in proves nothing by credentials. Without `allow`, nobody can make it call inside of its own
 * network even then.
 *
 * @see S16 §3.7, §5
 * @category options
 * @since 0.1.0
 */
export interface CallbackOptions {
  readonly allow?: ReadonlyArray<string> | undefined
  readonly address?: ((identity: string) => string | undefined) | undefined
  readonly password?: ((identity: string) => Redacted.Redacted<string> | undefined) | undefined
  readonly ca?: string | Uint8Array | undefined
  readonly timeout?: Duration.Input | undefined
  readonly connectTimeout?: Duration.Input | undefined
  readonly compression?: "gzip" | "deflate" | undefined
}

/**
 * Options of a SOAP server.
 *
 * **Details**
 *
 * - `versions`: the versions that are spoken (`carriage` of `effect-ocpp/v15/soap` and `effect-ocpp/v16/soap`); the
 *   namespace of the body says which one a message is of.
 * - `port`: 0 picks a free one. `host`: by default all addresses.
 * - `path`: stations post at or below this path, by default `/`.
 * - `publicUrl`: the URL of this server as stations know it, which stands in `From` of its requests.
 * - `tls`: certificate and key of the server in PEM; with `ca`, stations must present a certificate that it signed.
 * - `maxBytes`: how large a message may be, packed and unpacked; by default 1 MiB.
 * - `requestTimeout`: how long a request may take to arrive, by default 30 seconds.
 * - `silenceTimeout`: after how long without a message a station counts as gone; by default after twice the heartbeat
 *   interval that its boot was answered with, but not before 1 minute, and after 1 hour while that is not known.
 * - `handshakeTimeout`: how long `accept` may take, by default 10 seconds.
 * - `drainTimeout`: how long a server that shuts down waits for what is under way, by default 5 seconds.
 * - `maxConnections`: how many stations may be connected, by default 65,536; the first message of one more is answered with
 *   HTTP status 503. `maxConnectionsPerAddress`: how many from one address, by default 16,384; one more gets 429.
 * - `trustedProxies`: as for a WebSocket server.
 * - `numbers`: what a number becomes that JavaScript cannot hold, by default the `nearest` one.
 * - `callbacks`: how stations are called.
 *
 * @see S16
 * @category options
 * @since 0.1.0
 */
export interface SoapServerOptions {
  readonly versions: ReadonlyArray<SoapCarriage>
  readonly port: number
  readonly host?: string | undefined
  readonly path?: string | undefined
  readonly publicUrl?: string | undefined
  readonly tls?: ServerTls | undefined
  readonly maxBytes?: number | undefined
  readonly requestTimeout?: Duration.Input | undefined
  readonly silenceTimeout?: Duration.Input | undefined
  readonly handshakeTimeout?: Duration.Input | undefined
  readonly drainTimeout?: Duration.Input | undefined
  readonly maxConnections?: number | undefined
  readonly maxConnectionsPerAddress?: number | undefined
  readonly trustedProxies?: ReadonlyArray<string> | undefined
  readonly numbers?: Numbers | undefined
  readonly callbacks?: CallbackOptions | undefined
}

/**
 * A station that speaks SOAP and is connected, which is to say that it was heard from lately: its version, the address at
 * which it is called, and whether it can be.
 *
 * @category models
 * @since 0.1.0
 */
export interface SoapStationState {
  readonly identity: string
  readonly version: string
  readonly callback: string | undefined
  readonly reachability: Reachability
}

/**
 * A running SOAP server.
 *
 * @category services
 * @since 0.1.0
 */
export class Service extends Context.Service<
  Service,
  {
    readonly port: number
    /** The endpoint's URL on this machine. */
    readonly url: string
    /** The connected stations that speak SOAP. */
    readonly stations: Effect.Effect<ReadonlyArray<SoapStationState>>
    /** A connected station that speaks SOAP. */
    readonly station: (identity: string) => Effect.Effect<Option.Option<SoapStationState>>
    /** What becomes of the addresses of stations from now on; a slow reader misses the oldest beyond 1,024. */
    readonly callbacks: Stream.Stream<CallbackEvent>
  }
>()("effect-ocpp/node/SoapServer/Service") {}

/**
 * Serves the CSMS whose `Endpoint` is present, as a WebSocket server does: stations are in the same sessions, are served by
 * the same handlers, and get the same calls.
 *
 * **Details**
 *
 * There is no connection, so a session begins with the first message of a station, and ends when nothing was heard from it
 * for a while. Messages with the same identity are of one session as long as they bring the same credentials or, without
 * any, come from the same address; another one is a new connection, over which `accept` and `takeover` of the CSMS decide.
 * Nothing is pinged; calls go to a station one at a time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: SoapServerOptions): Layer.Layer<Service, ListenError, Endpoint> =>
  Layer.effect(Service, serve(options))

const serve = Effect.fnUntraced(function* (options: SoapServerOptions) {
  const { versions } = options
  if (versions.length === 0)
    throw new TypeError("versions: at least one is needed, such as that of effect-ocpp/v16/soap")
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const events = new Broadcast<CallbackEvent>()
  const refused = yield* SoapEndpoint.refusing("a request")
  const maxBytes = Options.count("maxBytes", options.maxBytes ?? 1 << 20, 1)
  const drainTimeout = Options.millis("drainTimeout", options.drainTimeout ?? "5 seconds", 0)
  const requestTimeout = Options.millis("requestTimeout", options.requestTimeout ?? "30 seconds", 1)
  const codecs = versions.map((carriage) => SoapCodec.make(carriage, { side: "csms", numbers: options.numbers }))
  // Known once it listens, before which nobody asks.
  let url = ""
  const known = SoapEndpoint.publicUrlOf("publicUrl", options.publicUrl)
  const from = (): string => known ?? url
  const limited = LogLimit.make()
  const tell = (event: CallbackEvent): void => {
    events.tell(event)
    run(told(event, limited))
  }
  const stations = yield* stationsOf(options, { codecs, storage: yield* storageOf, maxBytes, from, run, tell, refused })
  const listening = yield* SoapEndpoint.listen({
    host: options.host,
    port: options.port,
    path: options.path,
    tls: options.tls,
    publicUrl: known,
    requestTimeout,
    maxBytes,
    codecs,
    side: "csms",
    take: (request, text, answer) => stations.take(request, text, answer),
    refused
  })
  url = listening.url
  yield* Effect.addFinalizer(() => stations.close(drainTimeout))
  yield* Effect.logInfo(`listening on ${url} for SOAP`)
  return Service.of({
    ...listening,
    stations: Effect.sync(() => stations.all.map(stateOf)),
    station: (identity) => Effect.sync(() => Option.map(Option.fromUndefinedOr(stations.find(identity)), stateOf)),
    callbacks: events.stream
  })
})

/** Where addresses are kept. Dies if a later release has written there; other failures are told by those who read. */
const storageOf = Effect.gen(function* () {
  const storage = Option.getOrUndefined(yield* Effect.serviceOption(Storage))
  if (storage === undefined) return undefined
  yield* checkFormat(storage, "soap").pipe(
    Effect.catchIf(
      ({ reason }) => reason !== "UnknownVersion",
      () => Effect.void
    ),
    Effect.orDie
  )
  return storage
})

const stationsOf = Effect.fnUntraced(function* (
  { callbacks = {}, ...options }: SoapServerOptions,
  {
    from,
    maxBytes,
    ...shared
  }: Pick<ConstructorParameters<typeof SoapStations>[0], "codecs" | "refused" | "run" | "storage" | "tell"> & {
    readonly maxBytes: number
    readonly from: () => string
  }
) {
  const { ca, compression, password } = callbacks
  const agents = { "http:": SoapPost.makeAgent("http:"), "https:": SoapPost.makeAgent("https:") }
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const agent of Object.values(agents)) agent.destroy()
    })
  )
  return new SoapStations({
    ...shared,
    endpoint: yield* Endpoint,
    judge: CallbackAddress.judge(callbacks.allow ?? []),
    configured: callbacks.address ?? (() => undefined),
    originOf: TrustedProxies.make(options.trustedProxies ?? []),
    limits: new ConnectionLimits(options),
    handshakeTimeout: Options.millis("handshakeTimeout", options.handshakeTimeout ?? "10 seconds", 1),
    parts: {
      alarms: Alarms.of(yield* Effect.context<never>()),
      nextId: yield* Peer.makeIds,
      from,
      agents,
      post: {
        tls: tlsOf({ ca }),
        coding: compression,
        timeout: Options.millis("timeout", callbacks.timeout ?? "30 seconds", 1),
        connectTimeout: Options.millis("connectTimeout", callbacks.connectTimeout ?? "10 seconds", 1),
        maxBytes
      },
      authorizationOf: (identity) => {
        const secret = password?.(identity)
        return secret === undefined ? undefined : basic(identity, secret)
      },
      silence:
        options.silenceTimeout === undefined
          ? undefined
          : Options.millis("silenceTimeout", options.silenceTimeout, 1, Infinity)
    }
  })
})

const stateOf = ({ codec, identity, reachability, url }: SoapStation): SoapStationState => ({
  identity,
  version: codec.carriage.protocol.version,
  callback: url,
  reachability
})

/** What becomes of an address, in the log, which a station can name as often as it likes. */
const told = (event: CallbackEvent, limited: ReturnType<typeof LogLimit.make>): Effect.Effect<void> => {
  const { _tag, identity } = event
  const url = publicUrl(event.url)
  const text = ((): string => {
    switch (_tag) {
      case "Learnt":
        return `${identity} takes requests at ${url}`
      case "Changed":
        return `${identity} takes requests at ${url} from now on, and no longer at ${publicUrl(event.before)}`
      case "Refused":
        return `${identity} is not called at ${url}: ${event.reason}`
      case "Reachable":
        return `${identity} can be reached at ${url}`
      case "Unreachable":
        return `${identity} cannot be reached at ${url}`
    }
  })()
  const log = _tag === "Refused" || _tag === "Unreachable" ? Effect.logWarning : Effect.logInfo
  return Effect.annotateLogs(limited(text, log), "ocpp.identity", escape(identity))
}
