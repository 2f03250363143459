/**
 * A charging station's connection to its CSMS, kept open.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import type * as Redacted from "effect/Redacted"
import type * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Deviation } from "../Deviation.ts"
import * as Identity from "../Identity.ts"
import { publicUrl } from "../internal/publicUrl.ts"
import { NotSent } from "../OcppError.ts"
import * as Protocol from "../Protocol.ts"
import * as Peer from "../rpc/Peer.ts"
import * as Telemetry from "../rpc/Telemetry.ts"
import * as WireLog from "../rpc/WireLog.ts"
import type { Tolerance } from "../Tolerance.ts"
import type { ConnectionLost, ConnectionStatus } from "./ConnectionStatus.ts"
import { type ConnectError, Connector, InvalidIdentity, NoCommonProtocol } from "./Connector.ts"
import { keepConnected, type Link } from "./keepConnected.ts"
import * as Reconnect from "./Reconnect.ts"

/**
 * How a station connects.
 *
 * **Details**
 *
 * - `url`: the endpoint of the CSMS, or several in order of priority; the percent-encoded identity is added to it.
 * - `password`: sent as HTTP Basic credentials with the identity as user name.
 * - `calls`: time-out, retries and queue of the calls to the CSMS.
 * - `requests`: how many requests of the CSMS are handled at a time, and how many wait.
 * - `tolerance`: what is let through of what the CSMS gets wrong, by default nothing.
 * - `reconnect`: the waits before each further attempt, by default {@link Reconnect.schedule}. Its input is why there
 *   is no connection; when it ends, so do the attempts.
 * - `firstConnection`: `"fail"`, the default, fails if no endpoint can be reached at first, with what the last one failed
 *   with; `"retry"` goes on like after a loss.
 * - `connectTimeout`: how long a handshake may take, by default 10 seconds.
 *
 * With several endpoints each attempt is a round: first the one whose connection held last, then the others in order of
 * priority, each once and without a wait between them, until one connects. So each is tried as often as the schedule
 * says. A connection that works is never given up for an endpoint of higher priority.
 *
 * A success starts the schedule anew: a connection on which the CSMS has sent anything, or that has lasted 10 seconds.
 * A CSMS that accepts and closes at once is met with growing waits, and with the next endpoint.
 *
 * **Gotchas**
 *
 * The waits of a schedule of one's own are all that keeps the station from trying without a pause.
 *
 * @see P4 §5.3, P4-21 §5.4, P2 B10
 * @category options
 * @since 0.1.0
 */
export interface ConnectionOptions {
  readonly url: string | readonly [string, ...Array<string>]
  readonly identity: string
  readonly password?: Redacted.Redacted<string | Uint8Array> | undefined
  readonly calls?: Peer.CallSettings | undefined
  readonly requests?: Peer.RequestSettings | undefined
  readonly tolerance?: Tolerance | undefined
  readonly reconnect?: Schedule.Schedule<unknown, ConnectError | ConnectionLost> | undefined
  readonly firstConnection?: "fail" | "retry" | undefined
  readonly connectTimeout?: Duration.Input | undefined
}

/**
 * Options of a station of one version. `handlers` is what the CSMS may ask (`V16.stationHandlers({ … })`); the rest is
 * answered `NotSupported`.
 *
 * @category options
 * @since 0.1.0
 */
export interface StationOptions<out Version extends string = string, out R = never> extends ConnectionOptions {
  readonly handlers?: Protocol.HandlerSet<Version, R> | undefined
}

/**
 * A version that a station offers, and what the CSMS may ask in it.
 *
 * @category options
 * @since 0.1.0
 */
export interface Offer<out P extends Protocol.Protocol = Protocol.Protocol, out R = unknown> {
  readonly protocol: P
  readonly handlers?: Protocol.HandlerSet<string, R> | undefined
}

/**
 * The version that was agreed, of those offered, and the typed calls of it. `version` tells the members apart.
 *
 * @category models
 * @since 0.1.0
 */
export type Agreed<O extends Offer> = O extends {
  readonly protocol: { readonly version: infer Version; readonly Csms: Context.Key<infer _, infer CsmsClient> }
}
  ? { readonly version: Version; readonly csms: CsmsClient }
  : never

/**
 * The services that the handlers of an offer need.
 *
 * @category models
 * @since 0.1.0
 */
export type OfferRequirements<O extends Offer> = O extends {
  readonly handlers: Protocol.HandlerSet<string, infer R>
}
  ? R
  : never

/**
 * What is known of a station's connection.
 *
 * @category models
 * @since 0.1.0
 */
export interface StationConnection {
  readonly identity: string
  /** How the connection stands now, then each change; ends with the station. */
  readonly status: Stream.Stream<ConnectionStatus>
  /** Breaches of the protocol by the CSMS from now on; a slow reader misses the oldest beyond 1,024. */
  readonly deviations: Stream.Stream<Deviation>
}

/**
 * A station's connection, typed by the versions that were offered.
 *
 * @category models
 * @since 0.1.0
 */
export interface Negotiated<out A> extends StationConnection {
  /**
   * What was agreed for the connection that is open, or was last; waits for the first one. A new connection can agree
   * on another version.
   */
  readonly agreed: Effect.Effect<A>
}

/**
 * A station's connection.
 *
 * @category services
 * @since 0.1.0
 */
export class Station extends Context.Service<Station, StationConnection>()("effect-ocpp/station/Station") {
  /**
   * Connects a station and keeps it connected; gives the typed calls to the CSMS.
   *
   * **Details**
   *
   * The layer is ready once the connection is, and fails if no endpoint can be reached. With `firstConnection: "retry"`
   * it is ready at once, for a station has to charge without its CSMS too. A connection that is lost, or not made yet,
   * is made in the background; until then calls fail as `NotSent`. Nothing is sent by itself after it: a
   * BootNotification is only due if its content has changed.
   *
   * An identity that the version does not allow fails as `InvalidIdentity`, whatever `firstConnection` says.
   *
   * **Example** (A station of 1.6)
   *
   * ```ts
   * const StationLive = Station.layer(V16.protocol, {
   *   url: "ws://localhost:9000",
   *   identity: "CP001",
   *   handlers: V16.stationHandlersPartial({
   *     remoteStartTransaction: (request, csms) => Effect.succeed({ status: "Accepted" })
   *   })
   * }).pipe(Layer.provide(WebSocketClient.layer()))
   *
   * const program = Effect.gen(function*() {
   *   const csms = yield* V16.Csms
   *   return yield* csms.authorize({ idTag: "321" })
   * })
   * ```
   */
  static readonly layer = <Version extends string, CsmsId, CsmsClient, TransactionsId, StationTransactions, R = never>(
    protocol: Protocol.StationProtocol<Version, CsmsId, CsmsClient, TransactionsId, StationTransactions>,
    options: StationOptions<NoInfer<Version>, R>
  ): Layer.Layer<CsmsId | Station, ConnectError, Connector | R> =>
    Layer.effectContext(
      Effect.map(connect<R>([{ protocol, handlers: options.handlers }], options), ({ clientOf, connection }) =>
        // The one version that is offered names the type of its client.
        Context.make(protocol.Csms, clientOf(protocol) as CsmsClient).pipe(Context.add(Station, Station.of(connection)))
      )
    )

  /**
   * Connects a station that speaks several versions, offered in order of preference, and keeps it connected.
   *
   * **Details**
   *
   * A version that does not allow the identity of the station is not offered; if none does, it fails as
   * `InvalidIdentity`.
   *
   * **Example** (2.0.1 where the CSMS has it, else 1.6)
   *
   * ```ts
   * const station = yield* Station.negotiate([{ protocol: V201.protocol }, { protocol: V16.protocol }], options)
   * const agreed = yield* station.agreed
   * if (agreed.version === "2.0.1") yield* agreed.csms.heartbeat({})
   * else yield* agreed.csms.authorize({ idTag: "321" })
   * ```
   *
   * @see J16 §3.1.2, P4-21 §3.1.2
   */
  static readonly negotiate = <const Offers extends readonly [Offer, ...ReadonlyArray<Offer>]>(
    offers: Offers,
    options: ConnectionOptions
  ): Effect.Effect<
    Negotiated<Agreed<Offers[number]>>,
    ConnectError,
    Connector | Scope.Scope | OfferRequirements<Offers[number]>
  > =>
    Effect.map(
      connect<OfferRequirements<Offers[number]>>(
        // What the handlers of an offer need is what its type says.
        offers as ReadonlyArray<Offer<Protocol.Protocol, OfferRequirements<Offers[number]>>>,
        options
      ),
      ({ agreed, clientOf, connection }) => ({
        ...connection,
        agreed: Effect.map(agreed, (protocol) => {
          // One of the offers, with the client made for it.
          return { version: protocol.version, csms: clientOf(protocol) } as Agreed<Offers[number]>
        })
      })
    )
}

const connect = Effect.fnUntraced(function* <R>(
  offers: ReadonlyArray<Offer<Protocol.Protocol, R>>,
  options: ConnectionOptions
) {
  const { firstConnection = "fail", identity, url } = options
  const flaws = offers.map(({ protocol }) => Identity.flaw(identity, protocol.identity))
  const [flaw] = flaws
  if (flaw !== undefined && !flaws.includes(undefined)) return yield* new InvalidIdentity({ identity, rule: flaw })
  const allowed = offers.filter((_, index) => flaws[index] === undefined)
  const connector = yield* Connector
  const log = yield* WireLog.observe
  const meter = yield* Telemetry.meter({})
  const nextId = yield* Peer.makeIds
  const urls = typeof url === "string" ? ([url] as const) : url
  const status = yield* SubscriptionRef.make<ConnectionStatus>({
    _tag: "Connecting",
    url: publicUrl(urls[0]),
    attempt: 1
  })
  const deviations = yield* PubSub.sliding<Deviation>(1024)
  let current: Link | undefined

  const caller = Peer.retrying(
    {
      call: (action, request, callOptions) =>
        Effect.suspend(
          () =>
            current?.peer.call(action, request, callOptions) ??
            Effect.fail(new NotSent({ action: action.name, reason: "NotConnected" }))
        )
    },
    nextId,
    options.calls
  )

  const observer: Peer.Observer<Link> = {
    identity: () => identity,
    frame: (link, direction, frame) => {
      if (direction === "in") link.isHeard = true
      log?.(identity, direction, frame)
    },
    deviation: (_, deviation) => {
      PubSub.publishUnsafe(deviations, deviation)
    },
    closed: (link, code, reason) => {
      if (current === link) current = undefined
      Deferred.doneUnsafe(link.lost, Exit.succeed({ code, reason }))
    }
  }

  const ways = new Map<string, Way>()
  for (const { handlers, protocol } of allowed) {
    const client = Protocol.clients<unknown>(protocol, "station")(caller)
    const engine = yield* Peer.make<Link, R>({
      side: "station",
      handlers: {
        protocol,
        // A handler of a station gets the CSMS, whichever connection leads to it.
        handlers: new Map(
          Array.from(handlers?.handlers ?? [], ([name, handle]) => [name, (request) => handle(request, client)])
        )
      },
      nextId,
      calls: options.calls,
      requests: options.requests,
      observer
    })
    ways.set(protocol.subprotocol, { protocol, client, engine })
  }
  const subprotocols = Array.from(ways.keys())
  let agreed: Protocol.Protocol | undefined

  const openIn = Effect.fnUntraced(function* (endpoint: string, scope: Scope.Closeable) {
    const { subprotocol, transport } = yield* connector
      .connect({
        url: endpoint,
        identity,
        subprotocols,
        password: options.password,
        timeout: Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")
      })
      .pipe(Scope.provide(scope))
    const way = ways.get(subprotocol)
    if (way === undefined) return yield* new NoCommonProtocol({ url: publicUrl(endpoint), offered: subprotocols })
    agreed = way.protocol
    const lost = Deferred.makeUnsafe<{ readonly code: number; readonly reason: string }>()
    const self = (peer: Peer.Peer): Link => ({ subprotocol, peer, scope, lost, isHeard: false })
    current = way.engine.open(transport, scope, self, options.tolerance)
    return current
  })

  // Closed after what uses it has ended, so that no connection is made while others are closed.
  const links = Scope.forkUnsafe(yield* Effect.scope)
  const open = (endpoint: string): Effect.Effect<Link, ConnectError> =>
    Effect.suspend(() => {
      const scope = Scope.forkUnsafe(links)
      return openIn(endpoint, scope).pipe(
        Effect.onError(() => Scope.close(scope, Exit.void)),
        Effect.onExit((exit) =>
          Effect.sync(() => {
            if (!Deferred.isDoneUnsafe(connected)) return
            meter?.count("ocpp_reconnects", "outcome", Exit.isSuccess(exit) ? "connected" : "failed")
          })
        )
      )
    })

  const connected = Deferred.makeUnsafe<void, ConnectError>()
  yield* Effect.addFinalizer(() => PubSub.shutdown(status.pubsub))
  yield* keepConnected({
    urls,
    open,
    schedule: options.reconnect ?? Reconnect.schedule(),
    mayFail: firstConnection === "fail",
    scope: links,
    status,
    connected
  }).pipe(
    Effect.onError((cause) => Deferred.failCause(connected, cause)),
    Effect.forkScoped({ startImmediately: true })
  )
  if (firstConnection === "fail") yield* Deferred.await(connected)

  const connection: StationConnection = {
    identity,
    status: SubscriptionRef.changes(status),
    deviations: Stream.fromPubSub(deviations)
  }
  return {
    connection,
    // Only the first connection can fail, and then there is no station to ask; it agrees before it counts as made.
    agreed: Effect.map(Effect.orDie(Deferred.await(connected)), () => agreed!),
    clientOf: (protocol: Protocol.Protocol): unknown => ways.get(protocol.subprotocol)?.client
  }
})

/** How a station speaks one of the versions that it offers. */
interface Way {
  readonly protocol: Protocol.Protocol
  readonly client: unknown
  readonly engine: Peer.Engine<Link>
}
