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
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Deviation } from "../Deviation.ts"
import { NotSent } from "../OcppError.ts"
import * as Protocol from "../Protocol.ts"
import * as Peer from "../rpc/Peer.ts"
import * as WireLog from "../rpc/WireLog.ts"
import { type ConnectError, Connector, NoCommonProtocol } from "./Connector.ts"

/**
 * The state of a station's connection.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectionStatus = "Connected" | "Disconnected"

/**
 * How a station connects.
 *
 * **Details**
 *
 * - `url`: the endpoint of the CSMS; the percent-encoded identity is added to it.
 * - `password`: sent as HTTP Basic credentials with the identity as user name.
 * - `calls`: time-out, retries and queue of the calls to the CSMS.
 * - `requests`: how many requests of the CSMS are handled at a time, and how many wait.
 * - `reconnect`: the waits after a lost connection, by default 1 second, doubled up to one minute, with jitter. It
 *   starts anew with every loss; when it ends, so do the attempts.
 * - `connectTimeout`: how long a handshake may take, by default 10 seconds.
 *
 * @category options
 * @since 0.1.0
 */
export interface ConnectionOptions {
  readonly url: string
  readonly identity: string
  readonly password?: Redacted.Redacted<string | Uint8Array> | undefined
  readonly calls?: Peer.CallSettings | undefined
  readonly requests?: Peer.RequestSettings | undefined
  readonly reconnect?: Schedule.Schedule<unknown> | undefined
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
  /** The state of the connection now, then each change. */
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
  /** What was agreed for the connection that is open, or was last. A new connection can agree on another version. */
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
   * The layer is ready once the connection is, and fails if the first attempt does. A lost connection is made again in
   * the background; until then calls fail as `NotSent`. What to do after it, such as a BootNotification, is the
   * application's.
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
  static readonly layer = <Version extends string, CsmsId, CsmsClient, R = never>(
    protocol: Protocol.StationProtocol<Version, CsmsId, CsmsClient>,
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
  static readonly negotiate = <const O extends Offer>(
    offers: readonly [O, ...ReadonlyArray<O>],
    options: ConnectionOptions
  ): Effect.Effect<Negotiated<Agreed<O>>, ConnectError, Connector | Scope.Scope | OfferRequirements<O>> =>
    Effect.map(
      connect<OfferRequirements<O>>(
        // What the handlers of an offer need is what its type says.
        offers as ReadonlyArray<Offer<Protocol.Protocol, OfferRequirements<O>>>,
        options
      ),
      ({ agreed, clientOf, connection }) => ({
        ...connection,
        agreed: Effect.sync(() => {
          const protocol = agreed()
          // One of the offers, with the client made for it.
          return { version: protocol.version, csms: clientOf(protocol) } as Agreed<O>
        })
      })
    )
}

const defaultReconnect: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("1 minute")
]).pipe(Schedule.jittered)

const connect = Effect.fnUntraced(function* <R>(
  offers: ReadonlyArray<Offer<Protocol.Protocol, R>>,
  options: ConnectionOptions
) {
  const { identity } = options
  const scope = yield* Effect.scope
  const connector = yield* Connector
  const log = yield* WireLog.observe
  const nextId = yield* Peer.makeIds
  const status = yield* SubscriptionRef.make<ConnectionStatus>("Disconnected")
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
    frame: log === undefined ? undefined : (_, direction, frame) => log(identity, direction, frame),
    deviation: (_, deviation) => {
      PubSub.publishUnsafe(deviations, deviation)
    },
    closed: (link) => {
      if (current === link) current = undefined
      Deferred.doneUnsafe(link.lost, Exit.void)
    }
  }

  const ways = new Map<string, Way>()
  for (const { handlers, protocol } of offers) {
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
  let agreed = offers[0]!.protocol

  const openIn = Effect.fnUntraced(function* (linkScope: Scope.Closeable) {
    const opened = yield* connector
      .connect({
        url: options.url,
        identity,
        subprotocols,
        password: options.password,
        timeout: Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")
      })
      .pipe(Scope.provide(linkScope))
    const way = ways.get(opened.subprotocol)
    if (way === undefined) return yield* new NoCommonProtocol({ url: options.url, offered: subprotocols })
    agreed = way.protocol
    const lost = Deferred.makeUnsafe<void>()
    const link: Link = way.engine.open(opened.transport, linkScope, (peer) => ({ peer, lost, scope: linkScope }))
    current = link
    yield* SubscriptionRef.set(status, "Connected")
    link.peer.listen()
    return link
  })

  const open = Effect.suspend(() => {
    const linkScope = Scope.forkUnsafe(scope)
    return Effect.onError(openIn(linkScope), () => Scope.close(linkScope, Exit.void))
  })

  // The wait comes before the first attempt too: a CSMS that closes what it accepts must not be hammered.
  const reopen = Effect.gen(function* () {
    const wait = yield* Schedule.toStepWithSleep(options.reconnect ?? defaultReconnect)
    while (true) {
      yield* wait(undefined)
      const result = yield* Effect.result(open)
      if (Result.isSuccess(result)) return result.success
    }
  })

  let link = yield* open
  yield* Effect.gen(function* () {
    while (true) {
      yield* Deferred.await(link.lost)
      yield* SubscriptionRef.set(status, "Disconnected")
      yield* Scope.close(link.scope, Exit.void)
      link = yield* reopen
    }
  }).pipe(Effect.forkScoped)

  const connection: StationConnection = {
    identity,
    status: SubscriptionRef.changes(status),
    deviations: Stream.fromPubSub(deviations)
  }
  return {
    connection,
    agreed: () => agreed,
    clientOf: (protocol: Protocol.Protocol): unknown => ways.get(protocol.subprotocol)?.client
  }
})

/** How a station speaks one of the versions that it offers. */
interface Way {
  readonly protocol: Protocol.Protocol
  readonly client: unknown
  readonly engine: Peer.Engine<Link>
}

interface Link {
  readonly peer: Peer.Peer
  readonly lost: Deferred.Deferred<void>
  readonly scope: Scope.Closeable
}
