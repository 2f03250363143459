/**
 * A charging station's connection to its CSMS, kept open.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
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
import type * as Action from "../Action.ts"
import type { Deviation } from "../Deviation.ts"
import { NotSent } from "../OcppError.ts"
import * as Protocol from "../Protocol.ts"
import * as Peer from "../rpc/Peer.ts"
import { WireLog } from "../rpc/WireLog.ts"
import { type ConnectError, Connector } from "./Connector.ts"

/**
 * The state of a station's connection.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectionStatus = "Connected" | "Disconnected"

/**
 * Options of a station.
 *
 * **Details**
 *
 * - `url`: the endpoint of the CSMS; the percent-encoded identity is added to it.
 * - `password`: sent as HTTP Basic credentials with the identity as user name.
 * - `handlers`: what the CSMS may ask (`V16.stationHandlers({ … })`); the rest is answered `NotSupported`.
 * - `calls`: time-out, retries and queue of the calls to the CSMS.
 * - `reconnect`: the waits after a lost connection, by default 1 second, doubled up to one minute, with jitter. It
 *   starts anew with every loss; when it ends, so do the attempts.
 * - `connectTimeout`: how long a handshake may take, by default 10 seconds.
 *
 * @category options
 * @since 0.1.0
 */
export interface StationOptions<out A extends Action.Action = Action.Action, out R = never> {
  readonly url: string
  readonly identity: string
  readonly password?: Redacted.Redacted<string | Uint8Array> | undefined
  readonly handlers?: Protocol.HandlerSet<A, R> | undefined
  readonly calls?: Peer.CallSettings | undefined
  readonly reconnect?: Schedule.Schedule<unknown> | undefined
  readonly connectTimeout?: Duration.Input | undefined
}

/**
 * A station's connection.
 *
 * @category services
 * @since 0.1.0
 */
export class Station extends Context.Service<
  Station,
  {
    readonly identity: string
    /** The state of the connection now, then each change. */
    readonly status: Stream.Stream<ConnectionStatus>
    /** Breaches of the protocol by the CSMS from now on; a slow reader misses the oldest beyond 1,024. */
    readonly deviations: Stream.Stream<Deviation>
  }
>()("effect-ocpp/station/Station") {
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
  static readonly layer = <
    A extends Action.Action,
    CsmsId,
    CsmsClient extends Protocol.Client<Action.StartedBy<A, "station">>,
    R = never
  >(
    protocol: Protocol.StationProtocol<A, CsmsId, CsmsClient>,
    options: StationOptions<NoInfer<A>, R>
  ): Layer.Layer<CsmsId | Station, ConnectError, Connector | R> => Layer.effectContext(make(protocol, options))
}

const defaultReconnect: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("1 minute")
]).pipe(Schedule.jittered)

const make = Effect.fnUntraced(function* <
  A extends Action.Action,
  CsmsId,
  CsmsClient extends Protocol.Client<Action.StartedBy<A, "station">>,
  R
>(protocol: Protocol.StationProtocol<A, CsmsId, CsmsClient>, options: StationOptions<A, R>) {
  const { identity } = options
  const scope = yield* Effect.scope
  const connector = yield* Connector
  const clock = yield* Clock.Clock
  const wireLog = yield* WireLog
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
  // A version names the type of its client; it is that of these very calls.
  const csms = Protocol.clients(protocol, "station")(caller) as CsmsClient

  const engine = yield* Peer.make<Link, R>({
    side: "station",
    handlers: {
      protocol,
      // A handler of a station gets the CSMS, whichever connection leads to it.
      handlers: new Map(
        Array.from(options.handlers?.handlers ?? [], ([name, handle]) => [name, (request) => handle(request, csms)])
      )
    },
    nextId,
    settings: options.calls,
    observer: {
      frame:
        wireLog === undefined
          ? undefined
          : (_, direction, frame) => wireLog({ identity, direction, frame, time: clock.currentTimeMillisUnsafe() }),
      deviation: (_, deviation) => {
        PubSub.publishUnsafe(deviations, deviation)
      },
      closed: (link) => {
        if (current === link) current = undefined
        Deferred.doneUnsafe(link.lost, Exit.void)
      }
    }
  })

  const connect = Effect.fnUntraced(function* (linkScope: Scope.Scope) {
    const { transport } = yield* connector
      .connect({
        url: options.url,
        identity,
        subprotocols: [protocol.subprotocol],
        password: options.password,
        timeout: Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")
      })
      .pipe(Scope.provide(linkScope))
    const lost = Deferred.makeUnsafe<void>()
    current = engine.open(transport, linkScope, (peer) => ({ peer, lost }))
    yield* SubscriptionRef.set(status, "Connected")
    return current
  })

  const open = Effect.suspend(() => {
    const linkScope = Scope.forkUnsafe(scope)
    return connect(linkScope).pipe(
      Effect.map((link) => ({ link, linkScope })),
      Effect.onError(() => Scope.close(linkScope, Exit.void))
    )
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

  let connection = yield* open
  yield* Effect.gen(function* () {
    while (true) {
      yield* Deferred.await(connection.link.lost)
      yield* SubscriptionRef.set(status, "Disconnected")
      yield* Scope.close(connection.linkScope, Exit.void)
      connection = yield* reopen
    }
  }).pipe(Effect.forkScoped)

  return Context.make(protocol.Csms, csms).pipe(
    Context.add(
      Station,
      Station.of({
        identity,
        status: SubscriptionRef.changes(status),
        deviations: Stream.fromPubSub(deviations)
      })
    )
  )
})

interface Link {
  readonly peer: Peer.Peer
  readonly lost: Deferred.Deferred<void>
}
