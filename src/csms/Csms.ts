/**
 * The CSMS: handlers for what stations ask, calls to a station by its identity, and who comes and goes.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { Failure, OfSide, Request, Response } from "../Action.ts"
import type { Caller, CallOptions } from "../Client.ts"
import type { Deviation } from "../Deviation.ts"
import * as Peer from "../engine/Peer.ts"
import { makeMeter } from "../engine/internal/Meter.ts"
import type { Numbers } from "../ExactNumber.ts"
import * as Handlers from "../Handlers.ts"
import * as WireLog from "../json/WireLog.ts"
import * as Alarms from "../internal/Alarms.ts"
import { Broadcast } from "../internal/Broadcast.ts"
import { escape } from "../Escape.ts"
import * as Options from "../internal/Options.ts"
import { NotSent } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import type { AnySession } from "./AnySession.ts"
import { Closing } from "./internal/Closing.ts"
import * as Deduplication from "./Deduplication.ts"
import { Endpoint } from "./Endpoint.ts"
import type { Acceptance, Handshake, HandshakeRefused } from "./Handshake.ts"
import * as CsmsBinding from "./internal/CsmsBinding.ts"
import { Reception } from "./internal/Reception.ts"
import { PasswordAttempts, type PasswordAttemptSettings } from "./PasswordAttempts.ts"
import * as Registrations from "./Registrations.ts"
import * as Sessions from "./Sessions.ts"
import { SwapLimit } from "./internal/SwapLimit.ts"
import type { SwapSettings, TakeoverPolicy } from "./Takeover.ts"

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
 * Handlers of a CSMS: a set for a version, or an effect that makes one in the scope of the CSMS.
 *
 * @category options
 * @since 0.1.0
 */
export type CsmsHandlerSource = Handlers.HandlerSource<string, "csms">

/**
 * Options of a CSMS.
 *
 * **Details**
 *
 * - `accept`: who may connect; it runs before the upgrade. Fail it with `unauthorized` to answer HTTP 401 and with
 *   `unknownStation` to answer 404. It can also say how the station stands and what belongs to it, see {@link Acceptance}.
 * - `username`: by default credentials whose user name is not the identity are refused with 401 before `accept` is asked.
 *   With `"any"` it is asked, and has to look at the user name itself (`handshake.credentials`).
 * - `passwordAttempts`: how guesses of passwords are slowed down, as {@link PasswordAttemptSettings} says; `false` asks
 *   `accept` each time.
 * - `unknownStation`: with `"unauthorized"` an identity that `accept` refuses with `unknownStation` gets the same answer
 *   as a wrong password, 401, so that nobody learns which identities there are. By default it is 404, as OCPP asks.
 * - `handlers`: sets for the versions that the CSMS speaks (`V16.csmsHandlers({ … })`), or effects that make them. They may
 *   use the `Csms` itself and the data that `accept` attaches. Several sets of a version are merged; if two of them have
 *   the same action, the layer dies with a `HandlersConflict`. It dies too if there is no set at all.
 *   As long as the handler of BootNotification answers `Pending` or `Rejected`, other requests of the station are
 *   answered with a SecurityError, but for those that were asked for while it is `Pending`, and for the end of a
 *   transaction that this station has opened; and calls that the station may not get yet fail as `NotSent`.
 * - `registration`: how the CSMS remembers which stations it has accepted, and how a station stands of which it has no
 *   record.
 * - `defaultProtocol`: what a station speaks that offers no sub-protocol at all, of those that there are handlers for;
 *   without it, it is sent away.
 * - `takeover`: what becomes of a connection with an identity that is connected already. By default the new one
 *   replaces the old one; `"reject"` answers it with HTTP status 409; an effect can decide.
 * - `takeoverLimit`: how takeovers that follow each other quickly are slowed down, as {@link SwapSettings} says.
 * - `bootTimeout`: how long a connection may stay open on which nothing tells how the station stands: there is no record
 *   of it, and neither a BootNotification nor, where it is assumed to be accepted, another valid request has come. By
 *   default 1 hour; then it is closed with code 1008. `Duration.infinity` lets it stay.
 * - `deduplication`: how transaction messages are recognised that a station sends again, so that handlers get each of
 *   them once, as {@link Deduplication.DeduplicationSettings} says; `false` hands all of them to the handlers.
 * - `calls`: time-out, retries and queue of the calls to stations.
 * - `requests`: how many requests of one station are handled at a time, for how long, and how many wait.
 * - `numbers`: what a number becomes that JavaScript cannot hold, by default the `nearest` one.
 *
 * @category options
 * @since 0.1.0
 */
export interface CsmsOptions<
  out Sets extends ReadonlyArray<CsmsHandlerSource> = ReadonlyArray<Handlers.HandlerSet<string, never, "csms">>,
  out RA = never,
  in Data = never
> {
  readonly accept: (handshake: Handshake) => Effect.Effect<Acceptance<Data> | void, HandshakeRefused, RA>
  readonly username?: "identity" | "any" | undefined
  readonly passwordAttempts?: PasswordAttemptSettings | false | undefined
  readonly unknownStation?: "notFound" | "unauthorized" | undefined
  readonly handlers: Sets
  readonly defaultProtocol?: Protocol | undefined
  readonly takeover?: TakeoverPolicy<RA> | undefined
  readonly takeoverLimit?: SwapSettings | undefined
  readonly bootTimeout?: Duration.Input | undefined
  readonly registration?: Registrations.RegistrationSettings | undefined
  readonly deduplication?: Deduplication.DeduplicationSettings | false | undefined
  readonly calls?: Peer.CallSettings | undefined
  readonly requests?: Peer.RequestSettings | undefined
  readonly numbers?: Numbers | undefined
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
    readonly call: <A extends OfSide<"csms">>(
      identity: string,
      action: A,
      request: Request<A>,
      options?: CallOptions
    ) => Effect.Effect<Response<A>, Failure<A>>
    /** The connected station of an identity. */
    readonly session: (identity: string) => Effect.Effect<Option.Option<AnySession>>
    /** The connected stations. */
    readonly connected: Effect.Effect<ReadonlyArray<AnySession>>
    /** Stations that come and go from now on; a slow reader misses the oldest beyond 65,536. */
    readonly sessions: Stream.Stream<Sessions.SessionEvent>
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
   *   handlers: [V16.csmsHandlers({ bootNotification: (request, session) => ..., ... })]
   * })
   * const Live = WebSocketServer.layer({ port: 9000 }).pipe(Layer.provideMerge(CsmsLive))
   * ```
   */
  static readonly layer = <const Sets extends ReadonlyArray<CsmsHandlerSource>, RA = never, Data = never>(
    options: CsmsOptions<Sets, RA, Data>
  ): Layer.Layer<
    Csms | Endpoint,
    Handlers.SourceError<Sets[number]>,
    Exclude<Handlers.SourceServices<Sets[number]>, Csms | Scope.Scope | Data> | RA
  > =>
    // What the sets need and fail with is in their types, which are not looked at one by one.
    Layer.effectContext(make(options) as Effect.Effect<Context.Context<Csms | Endpoint>, never, never>)
}

const make = Effect.fnUntraced(function* <RA, Data>(options: CsmsOptions<ReadonlyArray<CsmsHandlerSource>, RA, Data>) {
  const scope = yield* Effect.scope
  // Closed last, when the connections are.
  const connections = yield* Scope.fork(scope, "parallel")
  // Flat, so that to add to it copies nothing.
  const context = Context.makeUnsafe<RA>((yield* Effect.context<RA>()).mapUnsafe)
  const alarms = Alarms.of(context)
  const meter = yield* makeMeter({})
  const nextId = yield* Peer.makeIds
  const deviations = new Broadcast<StationDeviation>()
  const run = Effect.runForkWith(context)
  const sessions = Sessions.make(run)
  const closing = new Closing(run)
  const registrations = yield* Registrations.make(
    options.registration ?? {},
    (identity) => sessions.find(identity) !== undefined
  )
  const csms = Csms.of({
    ...callsOf(sessions, nextId, options.calls),
    session: (identity) => Effect.sync(() => Option.fromUndefinedOr(sessions.find(identity)?.session)),
    connected: Effect.sync(() => sessions.list().map(({ session }) => session)),
    sessions: sessions.events,
    deviations: deviations.stream
  })
  const handlers = yield* mergedHandlers(options.handlers).pipe(Effect.provideService(Csms, csms))
  checkVersions(handlers, options.defaultProtocol)
  const shared: CsmsBinding.CsmsParts = {
    nextId,
    log: yield* WireLog.observe,
    registrations,
    assumed: (station) => {
      sessions.assumed(station)
      const told = Effect.logInfo("there is no record of the station, which is taken as accepted until it boots")
      run(Effect.annotateLogs(told, "ocpp.identity", escape(station.identity)))
    },
    // What handlers do ends before what they were made with is closed.
    deduplicate: yield* deduplicationOf(options, scope),
    lifetime: yield* Scope.fork(scope, "parallel"),
    connections,
    services: context as Context.Context<never>,
    calls: options.calls,
    requests: options.requests,
    numbers: options.numbers,
    observer: {
      identity: ({ identity }) => identity,
      deviation: ({ identity }, deviation) => {
        deviations.tell({ identity, deviation })
      },
      closed: (station, code, reason) => {
        if (station.bootAlarm !== undefined) alarms.cancel(station.bootAlarm)
        sessions.release(station, code, reason)
        closing.ended(station)
      }
    }
  }
  const bindings = yield* Effect.forEach(handlers, (set) => CsmsBinding.make(set, shared)).pipe(
    Effect.provideService(Csms, csms)
  )
  yield* Effect.addFinalizer(() => closing.shutDown(sessions.list))
  const reception = new Reception({
    accept: options.accept,
    ...policiesOf(options, alarms),
    bindings,
    defaultProtocol: options.defaultProtocol,
    takeover: options.takeover ?? "replace",
    sessions,
    registrations,
    closing,
    meter
  })
  return Context.make(Csms, csms).pipe(Context.add(Endpoint, endpointOf(reception, context)))
})

/** What servers hand connections to; it works in the context of the CSMS, and what it logs names the station. */
const endpointOf = <R>(reception: Reception<R>, context: Context.Context<R>): Endpoint["Service"] => {
  const annotations = Context.get(context, References.CurrentLogAnnotations)
  return Endpoint.of({
    accept: (handshake) =>
      Effect.updateContext(reception.accept(handshake), () =>
        Context.add(context, References.CurrentLogAnnotations, {
          ...annotations,
          "ocpp.identity": escape(handshake.identity)
        })
      )
  })
}

/** Throws if the CSMS speaks no version, or not the one that it is to speak with stations that offer none. */
const checkVersions = (
  handlers: ReadonlyArray<Handlers.HandlerSet<string, unknown, "csms">>,
  defaultProtocol: Protocol | undefined
): void => {
  if (handlers.length === 0) {
    throw new TypeError("handlers: a set for at least one version is needed, such as V16.csmsHandlers({ … }), not []")
  }
  const spoken = handlers.map(({ protocol }) => protocol.version)
  if (defaultProtocol !== undefined && !spoken.includes(defaultProtocol.version)) {
    throw new TypeError(`defaultProtocol: there are no handlers for OCPP ${defaultProtocol.version}`)
  }
}

/** What the options say of who may come and stay, with what they leave out. */
const policiesOf = <RA, Data>(
  options: CsmsOptions<ReadonlyArray<CsmsHandlerSource>, RA, Data>,
  alarms: Alarms.Alarms
) => {
  const { bootTimeout = "1 hour", passwordAttempts = {}, takeoverLimit = {} } = options
  const now = (): number => alarms.now()
  return {
    username: options.username ?? "identity",
    attempts: passwordAttempts === false ? undefined : new PasswordAttempts(passwordAttempts, now),
    unknownStation: options.unknownStation ?? "notFound",
    swapLimit: new SwapLimit(takeoverLimit, now),
    bootTimeout: Options.millis("bootTimeout", bootTimeout, 0, Infinity),
    alarms
  } as const
}

/** What recognises repeated messages, unless that is turned off. */
const deduplicationOf = Effect.fnUntraced(function* (
  { deduplication = {}, requests = {} }: Pick<CsmsOptions, "deduplication" | "requests">,
  scope: Scope.Scope
) {
  if (deduplication === false) return undefined
  const timeout = Peer.requestTimeout(requests)
  return yield* Deduplication.make(deduplication, { scope: yield* Scope.fork(scope, "parallel"), timeout })
})

/** One set for each version. */
const mergedHandlers = Effect.fnUntraced(function* (sources: ReadonlyArray<CsmsHandlerSource>) {
  const bySubprotocol = new Map<string, Handlers.HandlerSet<string, unknown, "csms">>()
  for (const source of sources) {
    const set = yield* Handlers.load(source)
    const { subprotocol } = set.protocol.json
    const other = bySubprotocol.get(subprotocol)
    bySubprotocol.set(subprotocol, other === undefined ? set : Handlers.merge(other, set))
  }
  return Array.from(bySubprotocol.values())
})

/** Calls to stations by their identities. */
const callsOf = (
  sessions: Sessions.Sessions,
  nextId: () => string,
  settings: Peer.CallSettings | undefined
): Pick<Csms["Service"], "call"> => {
  const callerOf = (identity: string): Caller => ({
    call: (action, request, options) =>
      Effect.suspend(
        () =>
          sessions.find(identity)?.gate.call(action, request, options) ??
          Effect.fail(new NotSent({ action: action.name, reason: "NotConnected" }))
      )
  })
  return {
    call: (identity, action, request, options) =>
      Peer.retrying(callerOf(identity), nextId, settings).call(action, request, options)
  }
}
