/**
 * The CSMS: handlers for what stations ask, calls to a station by its identity, and who comes and goes.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Action, Failure, Request, Response } from "../Action.ts"
import type { Deviation } from "../Deviation.ts"
import * as Identity from "../Identity.ts"
import { NotSent } from "../OcppError.ts"
import * as Protocol from "../Protocol.ts"
import type { RegistrationStatus } from "../Registration.ts"
import * as Peer from "../rpc/Peer.ts"
import * as Telemetry from "../rpc/Telemetry.ts"
import * as WireLog from "../rpc/WireLog.ts"
import type { Session } from "../Session.ts"
import type { Tolerance } from "../Tolerance.ts"
import type { Transport } from "../Transport.ts"
import * as Deduplication from "./Deduplication.ts"
import { type Admission, Endpoint } from "./Endpoint.ts"
import { Gate, tellBoots, tellTransactions, type TransactionObserver } from "./Gate.ts"
import { alreadyConnected, type Handshake, HandshakeRefused, unauthorized } from "./Handshake.ts"
import * as Registrations from "./Registrations.ts"

/**
 * A station came or went.
 *
 * **Details**
 *
 * - `Assumed`: the first request of a station was handled only because the CSMS has no record of it and takes it as
 *   accepted; see {@link Registrations.RegistrationSettings}.
 * - `Replaced`: the end of a connection that a newer one of the same identity took over.
 * - `Disconnected`: every other end, with the WebSocket close code.
 *
 * @category models
 * @since 0.1.0
 */
export type SessionEvent =
  | { readonly _tag: "Connected"; readonly session: Session }
  | { readonly _tag: "Assumed"; readonly session: Session }
  | { readonly _tag: "Replaced"; readonly session: Session }
  | { readonly _tag: "Disconnected"; readonly session: Session; readonly code: number; readonly reason: string }

/**
 * A deviation with the identity of the station that it came from.
 *
 * @category models
 * @since 0.1.0
 */
export interface StationDeviation {
  readonly identity: string
  readonly deviation: Deviation
}

/**
 * How a station is served once it may connect; what is left out is as in `accept: () => Effect.void`.
 *
 * **When to use**
 *
 * Say `registration` where you keep the registrations yourself, such as in a database that several processes share.
 *
 * **Details**
 *
 * - `registration`: how the station stands when it connects. By default it stands as its last BootNotification was
 *   answered, or if there is no record of that, as {@link Registrations.RegistrationSettings} says.
 * - `tolerance`: what is let through of what the station gets wrong, by default nothing.
 * - `keepAlive`: `false` for a station that does not answer pings; a dead connection to it is noticed only when the
 *   network says so.
 *
 * @see J16 §4.2, P2 B01 to B03
 * @category options
 * @since 0.1.0
 */
export interface Acceptance {
  readonly registration?: RegistrationStatus | undefined
  readonly tolerance?: Tolerance | undefined
  readonly keepAlive?: boolean | undefined
}

/**
 * What becomes of a connection with an identity that is connected already.
 *
 * @category options
 * @since 0.1.0
 */
export type Takeover = "replace" | "reject"

/**
 * Options of a CSMS.
 *
 * **Details**
 *
 * - `accept`: who may connect; it runs before the upgrade. Fail it with `unauthorized` to answer HTTP 401 and with
 *   `unknownStation` to answer 404. Credentials whose user name is not the identity are refused before it is asked. It
 *   can also say how the station stands, see {@link Acceptance}.
 * - `handlers`: one set for each version that the CSMS speaks (`V16.handlers({ … })`). As long as the one of
 *   BootNotification answers `Pending` or `Rejected`, other requests of the station are answered with a SecurityError,
 *   but for those that were asked for while it is `Pending`, and for the end of a transaction that this station has
 *   opened; and calls that the station may not get yet fail as `NotSent`.
 * - `registration`: how the CSMS remembers which stations it has accepted, and how a station stands of which it has no
 *   record.
 * - `defaultProtocol`: what a station speaks that offers no sub-protocol at all; without it, it is sent away.
 * - `takeover`: what becomes of a connection with an identity that is connected already. By default the new one
 *   replaces the old one; `"reject"` answers it with HTTP status 409; an effect can decide.
 * - `deduplication`: how transaction messages are recognised that a station sends again, so that handlers get each of
 *   them once, as {@link Deduplication.DeduplicationSettings} says; `false` hands all of them to the handlers.
 * - `calls`: time-out, retries and queue of the calls to stations.
 * - `requests`: how many requests of one station are handled at a time, and how many wait.
 *
 * @category options
 * @since 0.1.0
 */
export interface CsmsOptions<R = never, RA = never> {
  readonly accept: (handshake: Handshake) => Effect.Effect<Acceptance | void, HandshakeRefused, RA>
  readonly handlers: ReadonlyArray<Protocol.HandlerSet<string, R>>
  readonly defaultProtocol?: Protocol.Protocol | undefined
  readonly takeover?:
    | Takeover
    | ((owner: Session, handshake: Handshake) => Effect.Effect<Takeover, never, RA>)
    | undefined
  readonly registration?: Registrations.RegistrationSettings | undefined
  readonly deduplication?: Deduplication.DeduplicationSettings | false | undefined
  readonly calls?: Peer.CallSettings | undefined
  readonly requests?: Peer.RequestSettings | undefined
}

/**
 * A CSMS.
 *
 * @category services
 * @since 0.1.0
 */
export class Csms extends Context.Service<
  Csms,
  {
    /**
     * Calls a station by its identity; `NotSent` if it is not connected, its version lacks the action, or it is not
     * accepted and may not be called yet.
     */
    readonly call: <A extends Action>(
      identity: string,
      action: A,
      request: Request<A>,
      options?: Protocol.CallOptions
    ) => Effect.Effect<Response<A>, Failure<A>>
    /** The connected station of an identity. */
    readonly session: (identity: string) => Effect.Effect<Option.Option<Session>>
    /** The connected stations. */
    readonly connected: Effect.Effect<ReadonlyArray<Session>>
    /** Stations that come and go from now on. */
    readonly sessions: Stream.Stream<SessionEvent>
    /** Breaches of the protocol from now on; a slow reader misses the oldest beyond 1,024. */
    readonly deviations: Stream.Stream<StationDeviation>
  }
>()("effect-ocpp/csms/Csms") {
  /**
   * Makes a CSMS. It has no server of its own: provide its `Endpoint` to one, such as `WebSocketServer.layer` of
   * `effect-ocpp/node`.
   *
   * **Example** (A CSMS for 1.6 that lets everyone in)
   *
   * ```ts
   * const CsmsLive = Csms.layer({
   *   accept: () => Effect.void,
   *   handlers: [V16.handlers({ bootNotification: (request, session) => ..., ... })]
   * })
   * const Live = WebSocketServer.layer({ port: 9000 }).pipe(Layer.provideMerge(CsmsLive))
   * ```
   */
  static readonly layer = <R = never, RA = never>(
    options: CsmsOptions<R, RA>
  ): Layer.Layer<Csms | Endpoint, never, R | RA> => Layer.effectContext(make(options))
}

const make = Effect.fnUntraced(function* <R, RA>(options: CsmsOptions<R, RA>) {
  const scope = yield* Effect.scope
  // Closed last, when the connections are.
  const sessions = yield* Scope.fork(scope, "parallel")
  const deduplication = options.deduplication ?? {}
  const deduplicate =
    deduplication === false ? undefined : yield* Deduplication.make(deduplication, yield* Scope.fork(scope, "parallel"))
  // Flat, so that to add to it copies nothing.
  const context = Context.makeUnsafe<RA>((yield* Effect.context<RA>()).mapUnsafe)
  const annotations = yield* References.CurrentLogAnnotations
  const log = yield* WireLog.observe
  const meter = yield* Telemetry.meter({})
  const nextId = yield* Peer.makeIds
  const events = yield* PubSub.unbounded<SessionEvent>()
  const deviations = yield* PubSub.sliding<StationDeviation>(1024)
  const run = Effect.runForkWith(context)
  const byIdentity = new Map<string, Connected>()
  const registrations = yield* Registrations.make(options.registration ?? {}, (identity) => byIdentity.has(identity))
  const ending = new Set<Fiber.Fiber<void>>()
  let isOver = false

  const register = (session: Connected): void => {
    const older = byIdentity.get(session.identity)
    byIdentity.set(session.identity, session)
    if (older !== undefined) {
      meter?.count("ocpp_takeovers", "outcome", "replaced")
      PubSub.publishUnsafe(events, { _tag: "Replaced", session: older })
      older.peer.close(1000, "replaced by a newer connection")
    }
    PubSub.publishUnsafe(events, { _tag: "Connected", session })
  }

  const observer: Peer.Observer<Connected> = {
    identity: ({ identity }) => identity,
    frame: log === undefined ? undefined : ({ identity }, direction, frame) => log(identity, direction, frame),
    deviation: ({ identity }, deviation) => {
      PubSub.publishUnsafe(deviations, { identity, deviation })
    },
    closed: (session, code, reason) => {
      if (byIdentity.get(session.identity) === session) {
        byIdentity.delete(session.identity)
        PubSub.publishUnsafe(events, { _tag: "Disconnected", session, code, reason })
      }
      const fiber = run(Scope.close(session.scope, Exit.void))
      ending.add(fiber)
      fiber.addObserver(() => ending.delete(fiber))
    }
  }

  // The engine below gives its handlers what `self` makes.
  const gateOf = (peer: unknown): Gate => (peer as Connected).gate

  const booted = (peer: unknown, status: RegistrationStatus): Effect.Effect<void> => {
    const gate = gateOf(peer)
    return Effect.map(registrations.answered(gate.record, status), () => gate.become(status))
  }

  const transactions: TransactionObserver = {
    opened: (peer, transactionId) => registrations.opened(gateOf(peer).record, transactionId),
    ended: (peer, transactionId) => Effect.sync(() => gateOf(peer).record.ended(transactionId))
  }

  const assumed = (session: Connected): void => {
    PubSub.publishUnsafe(events, { _tag: "Assumed", session })
    const told = Effect.logInfo("there is no record of the station, which is taken as accepted until it boots")
    run(Effect.annotateLogs(told, "ocpp.identity", session.identity))
  }

  const ways = new Map<string, Way>()
  for (const handlers of options.handlers) {
    const { protocol } = handlers
    const watched = tellTransactions(handlers, transactions)
    const engine = yield* Peer.make({
      side: "csms",
      handlers: tellBoots(deduplicate?.(watched) ?? watched, booted),
      nextId,
      calls: options.calls,
      requests: options.requests,
      observer,
      admits: (session: Connected, action, request) => {
        if (session.gate.relies(action)) assumed(session)
        return session.gate.admits(action, request)
      },
      lets: ({ gate }, action) => gate.lets("csms", action)
    })
    const client = Protocol.clients<unknown>(protocol, "csms")
    const open: Way["open"] = (record, transport, { registration, tolerance }) => {
      const { identity } = record
      const sessionScope = Scope.forkUnsafe(sessions)
      const self = (peer: Peer.Peer): Connected => {
        const gate = new Gate(peer, protocol, record, registration, registrations.assumes())
        const caller = Peer.retrying(gate, nextId, options.calls)
        return new Connected(identity, protocol, client(caller), caller, sessionScope, peer, gate)
      }
      const session = engine.open(transport, sessionScope, self, tolerance)
      register(session)
      session.peer.listen()
      return session
    }
    ways.set(protocol.subprotocol, { protocol, open })
  }

  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      isOver = true
      for (const session of byIdentity.values()) session.peer.close(1001, "the CSMS is shutting down")
      return Fiber.awaitAll(ending)
    })
  )

  const wayOf = ({ subprotocols }: Handshake): Way | undefined => {
    if (subprotocols.length === 0) return ways.get(options.defaultProtocol?.subprotocol ?? "")
    const agreed = subprotocols.find((subprotocol) => ways.has(subprotocol))
    return agreed === undefined ? undefined : ways.get(agreed)
  }

  const takeover = options.takeover ?? "replace"
  const mayReplace = (owner: Session, handshake: Handshake): Effect.Effect<Takeover, never, RA> =>
    typeof takeover === "function" ? takeover(owner, handshake) : Effect.succeed(takeover)

  const admit = (
    { protocol, open }: Way,
    record: Registrations.StationRecord,
    acceptance: Acceptance,
    owner: Session | undefined
  ): Admission => {
    const { identity } = record
    const connect = (transport: Transport): Session | undefined => {
      if (isOver) {
        transport.close(1001, "the CSMS is shutting down")
        return undefined
      }
      const current = byIdentity.get(identity)
      if (current === undefined || current === owner || takeover === "replace") {
        return open(record, transport, acceptance)
      }
      // Another connection came while this one was on its way, and nobody said that it may be replaced.
      meter?.count("ocpp_takeovers", "outcome", "rejected")
      transport.close(1008, "the identity is connected already")
      return undefined
    }
    return { agreed: { subprotocol: protocol.subprotocol, keepAlive: acceptance.keepAlive ?? true, connect } }
  }

  const decide = (
    way: Way | undefined,
    handshake: Handshake,
    acceptance: Acceptance
  ): Effect.Effect<Admission, HandshakeRefused, RA> => {
    if (isOver) return Effect.fail(new HandshakeRefused({ status: 503 }))
    if (way === undefined) return Effect.succeed({ agreed: undefined })
    const owner = byIdentity.get(handshake.identity)
    const admitted = Effect.map(registrations.of(handshake.identity), (record) => admit(way, record, acceptance, owner))
    if (owner === undefined) return admitted
    return Effect.flatMap(mayReplace(owner, handshake), (decision) => {
      if (decision === "replace") return admitted
      meter?.count("ocpp_takeovers", "outcome", "rejected")
      return Effect.fail(alreadyConnected)
    })
  }

  const accept = (handshake: Handshake): Effect.Effect<Admission, HandshakeRefused, RA> => {
    const { credentials, identity } = handshake
    const way = wayOf(handshake)
    if (way !== undefined && Identity.flaw(identity, way.protocol.identity) !== undefined) {
      return Effect.fail(new HandshakeRefused({ status: 400 }))
    }
    if (Option.isSome(credentials) && credentials.value.username !== identity) return Effect.fail(unauthorized)
    return Effect.flatMap(options.accept(handshake), (acceptance) => decide(way, handshake, acceptance ?? {}))
  }

  const endpoint = Endpoint.of({
    accept: (handshake) =>
      Effect.suspend(() => accept(handshake)).pipe(
        Effect.onExit((exit) => Effect.sync(() => meter?.count("ocpp_handshakes", "outcome", decided(exit)))),
        Effect.updateContext(() =>
          Context.add(context, References.CurrentLogAnnotations, {
            ...annotations,
            "ocpp.identity": handshake.identity
          })
        )
      )
  })

  const caller = (identity: string): Protocol.Caller => ({
    call: (action, request, callOptions) =>
      Effect.suspend(
        () =>
          byIdentity.get(identity)?.gate.call(action, request, callOptions) ??
          Effect.fail(new NotSent({ action: action.name, reason: "NotConnected" }))
      )
  })

  const csms = Csms.of({
    call: (identity, action, request, callOptions) =>
      Peer.retrying(caller(identity), nextId, options.calls).call(action, request, callOptions),
    session: (identity) => Effect.sync(() => Option.fromUndefinedOr(byIdentity.get(identity))),
    connected: Effect.sync(() => Array.from(byIdentity.values())),
    sessions: Stream.fromPubSub(events),
    deviations: Stream.fromPubSub(deviations)
  })

  return Context.make(Csms, csms).pipe(Context.add(Endpoint, endpoint))
})

/** How a handshake ended, in a word. */
const decided = (exit: Exit.Exit<Admission, HandshakeRefused>): string => {
  if (Exit.isSuccess(exit)) return exit.value.agreed === undefined ? "no protocol" : "accepted"
  const refused = Option.getOrUndefined(Exit.findErrorOption(exit))
  return refused === undefined ? "undecided" : String(refused.status)
}

/** How a version is spoken. */
interface Way {
  readonly protocol: Protocol.Protocol
  readonly open: (record: Registrations.StationRecord, transport: Transport, acceptance: Acceptance) => Session
}

// A class, for what its prototype holds costs a connection no memory.
class Connected implements Session {
  readonly identity: string
  readonly protocol: Protocol.Protocol
  readonly station: unknown
  readonly call: Protocol.Caller["call"]
  readonly scope: Scope.Closeable
  readonly peer: Peer.Peer
  readonly gate: Gate

  constructor(
    identity: string,
    protocol: Protocol.Protocol,
    station: unknown,
    { call }: Protocol.Caller,
    scope: Scope.Closeable,
    peer: Peer.Peer,
    gate: Gate
  ) {
    this.identity = identity
    this.protocol = protocol
    this.station = station
    this.call = call
    this.scope = scope
    this.peer = peer
    this.gate = gate
  }

  get registration(): Session["registration"] {
    return Effect.sync(() => this.gate.standing)
  }

  close(code = 1000, reason = ""): Effect.Effect<void> {
    return Effect.sync(() => this.peer.close(code, reason))
  }
}
