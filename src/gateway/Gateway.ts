/**
 * A gateway: stations in front, a CSMS behind, of the same version of OCPP or of another one.
 *
 * **Example** (Stations of 1.6 and 2.0.1 at a CSMS of 2.0.1)
 *
 * ```ts
 * const GatewayLive = Gateway.layer({ url: "ws://csms.example/ocpp", upstream: v201, versions: [v16, v201] })
 * const Live = WebSocketServer.layer({ port: 9000 }).pipe(
 *   Layer.provide(GatewayLive),
 *   Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "gateway.db" })])
 * )
 * ```
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type * as Adapter from "../adapter/Adapter.ts"
import { Csms, type CsmsOptions } from "../csms/Csms.ts"
import { Endpoint } from "../csms/Endpoint.ts"
import { type Acceptance, agreedBy, alreadyConnected, type Handshake } from "../csms/Handshake.ts"
import type * as Domain from "../domain/index.ts"
import type * as Handlers from "../Handlers.ts"
import { publicUrl, urlFlaw } from "../internal/EndpointUrl.ts"
import type { Protocol } from "../Protocol.ts"
import { Connector, InvalidUrl } from "../station/Connector.ts"
import type { OutboxOptions } from "../station/OutboxOptions.ts"
import type { StationCredentials } from "../station/StationConnection.ts"
import { checkFormat, orMemory, Storage, type StorageError } from "../Storage.ts"
import { TransactionIds } from "../TransactionIds.ts"
import { booksOf } from "./internal/events.ts"
import { type LinkOpener, Links } from "./internal/Links.ts"
import * as Relay from "./internal/relay.ts"
import * as Translation from "./internal/translation.ts"

/**
 * A version that a gateway speaks: a `protocol`, which it relays only, or an `adapter`, which it translates as well.
 *
 * @category options
 * @since 0.1.0
 */
export type GatewayVersion = Protocol | Adapter.Adapter

/**
 * Options of a gateway.
 *
 * **Details**
 *
 * - `url`: the endpoint of the CSMS, to which the identity of a station is added, as for a station.
 * - `upstream`: the version that the CSMS speaks.
 * - `versions`: the versions that stations may speak. One that is not that of the CSMS is translated, which takes adapters
 *   for both.
 * - `accept`: who may connect, as for a CSMS; by default everyone whom the CSMS lets in with what `credentials` gives.
 * - `credentials`: what a station proves itself with at the CSMS; by default the password that it has presented itself.
 *   The certificate of a station cannot be passed on, for its private key never leaves it: give the gateway's own ones.
 * - `takeover`: what becomes of a connection with an identity that is connected already: by default it replaces the older one
 *   once the CSMS has let it in; `"reject"` answers it with HTTP status 409.
 * - `outbox`: how messages are delivered that are stored for the CSMS, as for a station.
 * - `offline`: keeps a station of another version connected while the CSMS cannot be reached, and says then of every idToken
 *   what this is; by default such a station is offline as well. See {@link layer}.
 * - `connectTimeout`: how long the handshake with the CSMS may take, by default 10 seconds.
 * - `idTokenType`: what kind of identifier an idTag of 1.x is, which 1.x does not tell and 2.x asks for; by default
 *   `ISO14443`, a card. What a remote start was asked for keeps the type that the CSMS has told.
 * - `calls`, `requests`: as for a station and a CSMS, on both sides.
 *
 * The others are those of a CSMS.
 *
 * @category options
 * @since 0.1.0
 */
export interface GatewayOptions<out RA = never> extends Pick<
  CsmsOptions<[], RA>,
  "calls" | "defaultProtocol" | "passwordAttempts" | "requests" | "takeoverLimit" | "unknownStation" | "username"
> {
  readonly url: string
  readonly upstream: GatewayVersion
  readonly versions: ReadonlyArray<GatewayVersion>
  readonly accept?: CsmsOptions<[], RA>["accept"] | undefined
  readonly credentials?: ((handshake: Handshake) => Effect.Effect<StationCredentials>) | undefined
  readonly takeover?: "replace" | "reject" | undefined
  readonly connectTimeout?: Duration.Input | undefined
  readonly outbox?: OutboxOptions | undefined
  readonly offline?: Domain.AuthorizationStatus | undefined
  readonly idTokenType?: ((idToken: string) => Domain.IdTokenType) | undefined
}

/**
 * Makes a gateway. Like `Csms.layer` it has no server of its own; `Csms` is its side towards the stations.
 *
 * **Details**
 *
 * Each station that connects gets a connection of its own to the CSMS, under the same identity. It is made before the
 * handshake of the station is answered, so that a station which the CSMS refuses is refused with the same status, and with
 * 503 if the CSMS cannot be reached. From then on, one connection is open as long as the other: if the CSMS cannot be
 * reached any more, a station is offline too and does what it does then, and the CSMS sees which stations are there.
 *
 * A station of the version of the CSMS is relayed: every message passes as it came, in both directions, BootNotification
 * and errors included. Nothing of it is stored, and nothing is answered that the other side has not answered.
 *
 * A station of another version is translated. The events of its transactions are stored before they are answered, in the
 * `Storage` that is present or in memory, and delivered in order, as {@link Outbox} says. What the version of the CSMS has
 * no word for is left out of what the station reports, and told in the log. What the version of the station cannot be
 * asked is refused.
 *
 * With `offline`, a station of another version stays connected while the CSMS cannot be reached: of idTokens it is told
 * what the option says, its events and reports are stored, heartbeats are answered, a BootNotification is answered
 * `Pending`, and the rest fails. The gateway connects again as a station does.
 *
 * **Gotchas**
 *
 * - Two gateways with one storage would deliver messages twice.
 * - With `offline` nobody but `accept` tells who a station is while the CSMS cannot be reached. Then one that is there is
 *   replaced only by one that presents the same password.
 *
 * @see P4 §6
 * @category layers
 * @since 0.1.0
 */
export const layer = <RA = never>(
  options: GatewayOptions<RA>
): Layer.Layer<Csms | Endpoint, InvalidUrl | StorageError, Connector | RA> => Layer.effectContext(make(options))

const make = Effect.fnUntraced(function* <RA>(options: GatewayOptions<RA>) {
  const { connectTimeout = "10 seconds", upstream, url } = options
  const rule = urlFlaw(url)
  if (rule !== undefined) return yield* new InvalidUrl({ url: publicUrl(url), rule })
  const destination = {
    url,
    protocol: protocolOf(upstream),
    connectTimeout: Duration.fromInputUnsafe(connectTimeout),
    credentials: options.credentials ?? passedOn
  }
  const links = new Links(destination, yield* Connector, yield* Effect.scope)
  const storage = yield* orMemory
  yield* checkFormat(storage, "gateway")
  const services = Context.add(
    yield* Layer.build(Layer.provide(TransactionIds.layer(), Layer.succeed(Storage, storage))),
    Storage,
    storage
  )
  const served = yield* Effect.provideContext(serve(options, links), services)
  const bySubprotocol = new Map(served.map((one) => [one.subprotocol, one]))
  const front = Csms.layer({
    ...options,
    accept: Effect.fnUntraced(function* (handshake: Handshake) {
      const acceptance = (yield* options.accept?.(handshake) ?? Effect.void) ?? {}
      const agreed = agreedBy(handshake, bySubprotocol, options.defaultProtocol)
      // Then there is nothing to be opened: the CSMS sends the station away.
      if (agreed === undefined) return acceptance
      if (options.takeover === "reject" && links.find(handshake.identity)?.isHere) return yield* alreadyConnected
      const data = yield* links.open(handshake, agreed.opener)
      const own = acceptance.data ?? Context.empty()
      const accepted: Acceptance = { registration: "Accepted", ...acceptance, data: Context.merge(own, data) }
      return accepted
    }),
    handlers: served.map(({ handlers }) => handlers),
    deduplication: { except: served.flatMap(({ isRelayed, version }) => (isRelayed ? [version] : [])) },
    numbers: "exact"
  })
  const context = yield* Effect.provideContext(Layer.build(front), services)
  const csms = Context.get(context, Csms)
  yield* Effect.forkScoped(
    Stream.runForEach(csms.sessions, (event) => links.follow(event)),
    { startImmediately: true }
  )
  return context
})

/** A version of stations: what answers them, and what opens their way to the CSMS. */
interface Served {
  readonly version: string
  readonly subprotocol: string
  readonly isRelayed: boolean
  readonly handlers: Handlers.HandlerSet<string, TransactionIds, "csms">
  readonly opener: LinkOpener
}

const serve = Effect.fnUntraced(function* (options: Omit<GatewayOptions, "accept">, links: Links) {
  const { calls, idTokenType = () => "ISO14443", offline, outbox, requests, upstream, url, versions } = options
  const to = protocolOf(upstream)
  const stranger = versions.find((version) => !isPassable(version, upstream))
  if (stranger !== undefined) {
    throw new TypeError(`versions: OCPP ${protocolOf(stranger).version} cannot be translated into ${to.version}`)
  }
  const relay = yield* Relay.opener(to, links, { calls, requests })
  const books = booksOf(yield* Storage)
  const { next: nextNumber } = yield* TransactionIds
  const knowledge = { idTokenType, nextNumber }
  const adapters = versions.filter(isAdapter)
  const translation = isAdapter(upstream)
    ? yield* Translation.opener(upstream, adapters, links, books, knowledge, { url, calls, offline, outbox, requests })
    : relay
  return versions.map((version): Served => {
    const protocol = protocolOf(version)
    const isRelayed = protocol.version === to.version || !isAdapter(version)
    return {
      version: protocol.version,
      subprotocol: protocol.json.subprotocol,
      isRelayed,
      handlers: isRelayed ? Relay.frontHandlers(protocol) : Translation.frontHandlers(version, books, knowledge),
      opener: isRelayed ? relay : translation
    }
  })
})

const isAdapter = (version: GatewayVersion): version is Adapter.Adapter => "translations" in version

const protocolOf = (version: GatewayVersion): Protocol => (isAdapter(version) ? version.protocol : version)

/**
 * Whether a gateway can pass on a version of stations to that of a CSMS: it is the same, or both have adapters.
 *
 * @category guards
 * @since 0.1.0
 */
export const isPassable = (version: GatewayVersion, upstream: GatewayVersion): boolean =>
  protocolOf(version).version === protocolOf(upstream).version || (isAdapter(version) && isAdapter(upstream))

/**
 * The password that a station has presented, which the gateway presents at the CSMS unless `credentials` says otherwise.
 *
 * @category options
 * @since 0.1.0
 */
export const passedOn = ({ credentials }: Handshake): Effect.Effect<StationCredentials> =>
  Effect.succeed(
    Option.match(credentials, {
      onNone: () => ({}),
      onSome: ({ password }) => ({ password: Redacted.make(Redacted.value(password)) })
    })
  )
