/**
 * A station at work: its connection, its registration, its outbox, and the typed calls that go through all of them.
 *
 * @internal
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type * as Action from "../Action.ts"
import type { Deviation } from "../Deviation.ts"
import * as Identity from "../Identity.ts"
import * as Options from "../internal/Options.ts"
import { publicUrl } from "../internal/publicUrl.ts"
import { type CallFailure, NotSent } from "../OcppError.ts"
import * as Protocol from "../Protocol.ts"
import { Registration, type RegistrationStatus } from "../Registration.ts"
import * as Peer from "../rpc/Peer.ts"
import * as Telemetry from "../rpc/Telemetry.ts"
import * as WireLog from "../rpc/WireLog.ts"
import { Storage } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import type { ConnectionStatus } from "./ConnectionStatus.ts"
import { type ConnectError, Connector, InvalidIdentity, NoCommonProtocol } from "./Connector.ts"
import { keepConnected, type Link } from "./keepConnected.ts"
import { makeOutbox, type StationOutbox } from "./makeOutbox.ts"
import { NetworkProfiles } from "./NetworkProfiles.ts"
import * as Reconnect from "./Reconnect.ts"
import { Rhythm } from "./Rhythm.ts"
import * as Route from "./Route.ts"
import type { ConnectionOptions, Offer, StationConnection } from "./Station.ts"

/** A station of the versions that it offers. */
export interface Connected {
  readonly connection: StationConnection
  /** The version that was agreed last; waits for the first connection. */
  readonly agreed: Effect.Effect<Protocol.Protocol>
  readonly wayOf: (protocol: Protocol.Protocol) => Way
}

/** How a station speaks one of the versions that it offers. */
export interface Way extends StationOutbox {
  readonly protocol: Protocol.Protocol
  readonly client: unknown
  /** All of them, for handlers and for the application. */
  readonly services: Context.Context<never>
}

interface OpenWay extends Way {
  readonly engine: Peer.Engine<OpenLink>
  /** What the station presents itself as; the application registers it if absent. */
  readonly boot: unknown
  readonly registration: Registration
  /** Open while this version is connected and accepted. */
  readonly ready: Latch.Latch
}

interface OpenLink extends Link {
  /** Names it among all connections of the station. */
  readonly name: string
  readonly way: OpenWay
  readonly slot: number | undefined
  readonly callTimeout: Duration.Duration | undefined
  /** Whether the station has booted, or tried to, since it was opened. */
  hasBooted: boolean
}

/** Connects a station; `servicesOf` makes what handlers and the application get of one of its versions. */
export const connect = Effect.fnUntraced(function* <R>(
  offers: ReadonlyArray<Offer<Protocol.Protocol, R>>,
  options: ConnectionOptions,
  servicesOf: (way: Omit<Way, "services">, connection: StationConnection) => Context.Context<never>
) {
  const { firstConnection = "fail", identity, url } = options
  const flaws = offers.map(({ protocol }) => Identity.flaw(identity, protocol.identity))
  const [flaw] = flaws
  if (flaw !== undefined && !flaws.includes(undefined)) return yield* new InvalidIdentity({ identity, rule: flaw })
  const allowed = offers.filter((_, index) => flaws[index] === undefined)
  const connector = yield* Connector
  const storage = yield* storageOf
  const clock = yield* Clock.Clock
  const log = yield* WireLog.observe
  const meter = yield* Telemetry.meter({})
  const nextId = yield* Peer.makeIds
  const nextLink = yield* Peer.makeIds
  const route = routeOf(url, { identity, password: options.password })
  const status = yield* SubscriptionRef.make<ConnectionStatus>({
    _tag: "Connecting",
    url: publicUrl(route.boot().left[0].url),
    attempt: 1
  })
  const registrations = yield* PubSub.unbounded<RegistrationStatus>({ replay: 1 })
  let told: RegistrationStatus = allowed.some(({ boot }) => boot !== undefined) ? "Unregistered" : "Accepted"
  PubSub.publishUnsafe(registrations, told)
  const deviations = yield* PubSub.sliding<Deviation>(1024)
  const rhythm = new Rhythm(clock)
  const ways = new Map<string, OpenWay>()
  const run = Effect.runForkWith(yield* Effect.context<never>())
  let current: OpenLink | undefined
  /** How the station was connected when a CSMS answered its BootNotification last. */
  let registeredAs: Pick<OpenLink, "way" | "slot"> | undefined

  // ---- registration

  /** What may pass has changed, or the connection has. */
  const judge = (): void => {
    const isAccepted = current?.way.registration.status === "Accepted"
    for (const way of ways.values()) setOpen(way.ready, isAccepted && current?.way === way)
    setOpen(rhythm.accepted, isAccepted)
    setOpen(rhythm.bootDue, current !== undefined && !isAccepted)
  }

  const become = (way: OpenWay, registration: RegistrationStatus): void => {
    way.registration.become(registration)
    judge()
    // Each answer is told, but the lack of one only once.
    if (registration === "Unregistered" && told === registration) return
    told = registration
    PubSub.publishUnsafe(registrations, registration)
  }

  /** Begins anew with a CSMS that does not know the station. */
  const unregister = (way: OpenWay): void => {
    if (way.boot === undefined) return
    rhythm.bootNow()
    become(way, "Unregistered")
  }

  /** Learns from the answers to the station's calls. */
  const settled = (link: OpenLink, action: string, exit: Exit.Exit<unknown, CallFailure>, calledAt: number): void => {
    const { boot, protocol } = link.way
    if (action === "BootNotification") link.hasBooted = true
    if (Exit.isFailure(exit)) return disowned(link, Option.getOrUndefined(Exit.findErrorOption(exit)))
    if (action === "Heartbeat") {
      // An answer that has passed its schema, which has a time in every version.
      return rhythm.told((exit.value as { readonly currentTime: string }).currentTime, calledAt)
    }
    if (action !== "BootNotification") return
    const answer = protocol.bootAnswer(exit.value)
    rhythm.told(answer.currentTime, calledAt)
    if (boot === undefined) return
    registeredAs = { way: link.way, slot: link.slot }
    rhythm.booted(answer)
    become(link.way, answer.status)
  }

  /** A CSMS that has lost its memory takes a station that need not boot for one that has not. */
  const disowned = (link: OpenLink, failure: CallFailure | undefined): void => {
    if (failure?._tag !== "CallError" || failure.code !== "SecurityError") return
    if (link.hasBooted || link.way.boot === undefined) return
    run(Effect.logWarning(`the CSMS does not know ${identity} any more, which boots again`))
    unregister(link.way)
  }

  // ---- calls

  const direct: Protocol.Caller = {
    call: (action, request, callOptions) =>
      Effect.suspend(() => {
        if (current === undefined) return Effect.fail(new NotSent({ action: action.name, reason: "NotConnected" }))
        const { callTimeout, peer } = current
        const settings = callTimeout === undefined ? callOptions : { timeout: callTimeout, ...callOptions }
        const call = peer.call(action, request, settings)
        return action.name === "BootNotification" ? rhythm.booting(call) : call
      })
  }

  /** Calls what every version has, by its name. */
  const callNamed = (name: string, requestOf: (way: OpenWay) => unknown): Effect.Effect<unknown, CallFailure> =>
    Effect.suspend(() => {
      const action = current?.way.protocol.actions.find((known) => known.name === name)
      return current === undefined || action === undefined
        ? Effect.fail(new NotSent({ action: name, reason: "NotConnected" }))
        : direct.call(action, requestOf(current.way))
    })

  const observer: Peer.Observer<OpenLink> = {
    identity: () => identity,
    frame: (link, direction, frame) => {
      if (direction === "in") link.isHeard = true
      else rhythm.sent()
      log?.(identity, direction, frame)
    },
    deviation: (_, deviation) => {
      PubSub.publishUnsafe(deviations, deviation)
    },
    closed: (link, code, reason) => {
      if (current === link) {
        current = undefined
        judge()
      }
      Deferred.doneUnsafe(link.lost, Exit.succeed({ code, reason }))
    }
  }

  // ---- what the application has of it

  const connection: StationConnection = {
    identity,
    status: SubscriptionRef.changes(status),
    deviations: Stream.fromPubSub(deviations),
    registration: Stream.fromPubSub(registrations),
    accepted: rhythm.accepted.await,
    reboot: Effect.sync(() => {
      route.isBootDue = true
      current?.peer.close(1000, "the station reboots")
      for (const way of ways.values()) unregister(way)
    }),
    setHeartbeatInterval: (interval) =>
      Effect.sync(() => rhythm.beatEvery(Options.millis("interval", interval, 0, Number.MAX_SAFE_INTEGER))),
    clockOffset: Effect.sync(() =>
      Option.map(Option.fromUndefinedOr(rhythm.offset), (offset) => Duration.millis(offset))
    ),
    now: Effect.sync(() =>
      Timestamp.fromMillis(
        clock.currentTimeMillisUnsafe() + (options.timestamps === "csms" ? Math.round(rhythm.offset ?? 0) : 0)
      )
    )
  }

  // ---- versions

  const makeWay = Effect.fnUntraced(function* ({ boot, handlers, protocol }: Offer<Protocol.Protocol, R>) {
    const { rejected } = protocol.registration
    const registration = new Registration(protocol.registration, boot === undefined ? "Accepted" : "Unregistered")
    const ready = Latch.makeUnsafe(false)
    const made = yield* makeOutbox({
      identity,
      protocol,
      storage,
      nextId,
      meter: yield* Telemetry.meter({ version: protocol.version }),
      settings: options.outbox,
      exits: {
        ready,
        lets: (action) => current?.way.protocol === protocol && registration.lets("station", action),
        link: () => (current?.way.protocol === protocol ? current.name : ""),
        lost: (name) => Effect.suspend(() => (current?.name === name ? Deferred.await(current.lost) : Effect.void)),
        // A connection of another version may have come since.
        call: (action, request, callOptions) =>
          Effect.suspend(() =>
            current?.way.protocol === protocol
              ? direct.call(action, request, callOptions)
              : Effect.fail(new NotSent({ action: action.name, reason: "NotConnected" }))
          )
      }
    })
    const repeated = Peer.retrying(direct, nextId, options.calls)
    const client = Protocol.clients<unknown>(
      protocol,
      "station"
    )({
      call: <A extends Action.Action>(action: A, request: Action.Request<A>, callOptions?: Protocol.CallOptions) =>
        Effect.suspend(() => {
          // What settles a stored call has passed the schema of its response.
          const stored = made.take(action, request, callOptions) as ReturnType<typeof repeated.call<A>> | undefined
          return stored ?? repeated.call(action, request, callOptions)
        })
    })
    /** A handler of a station gets the CSMS, whichever connection leads to it. */
    const handled =
      (name: string, handle: Protocol.UntypedHandler<R>): Protocol.UntypedHandler<R> =>
      (request) => {
        registration.note(name, request)
        return registration.isRemote(name) && !registration.lets("csms", name)
          ? Effect.succeed({ status: "Rejected" })
          : handle(request, client)
      }
    const services = servicesOf({ ...made, protocol, client }, connection)
    const engine = yield* Peer.make<OpenLink, R>({
      side: "station",
      handlers: {
        protocol,
        handlers: new Map(Array.from(handlers?.handlers ?? [], ([name, handle]) => [name, handled(name, handle)]))
      },
      nextId,
      calls: options.calls,
      requests: options.requests,
      observer,
      admits: () => (registration.status === "Rejected" ? "NotAccepted" : "Pass"),
      isSilent: () => registration.status === "Rejected" && rejected === "Silence",
      // Who was rejected says nothing until it is time, not even what it was asked for before.
      lets: (_, action) =>
        registration.lets("station", action) && !(registration.status === "Rejected" && rhythm.isEarly),
      settled
    }).pipe(Effect.provideContext(services))
    const way: OpenWay = { ...made, protocol, client, services, engine, boot, registration, ready }
    return way
  })

  for (const offer of allowed) ways.set(offer.protocol.subprotocol, yield* makeWay(offer))

  // ---- connections

  const subprotocols = Array.from(ways.keys())
  let lastWay: OpenWay | undefined

  const openIn = Effect.fnUntraced(function* (endpoint: Route.Endpoint, scope: Scope.Closeable) {
    const { subprotocol, transport } = yield* connector
      .connect({
        url: endpoint.url,
        identity: endpoint.identity,
        subprotocols,
        password: endpoint.password,
        timeout: Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")
      })
      .pipe(Scope.provide(scope))
    const way = ways.get(subprotocol)
    if (way === undefined) return yield* new NoCommonProtocol({ url: publicUrl(endpoint.url), offered: subprotocols })
    // Another CSMS does not know the station, nor does the same one in another version.
    const isKnown = registeredAs?.way === way && registeredAs.slot === endpoint.slot
    if (registeredAs !== undefined && !isKnown) unregister(way)
    lastWay = way
    const lost = Deferred.makeUnsafe<{ readonly code: number; readonly reason: string }>()
    const name = nextLink()
    const self = (peer: Peer.Peer): OpenLink => ({
      name,
      way,
      slot: endpoint.slot,
      callTimeout: endpoint.callTimeout,
      subprotocol,
      peer,
      scope,
      lost,
      isHeard: false,
      hasBooted: false
    })
    current = way.engine.open(transport, scope, self, options.tolerance)
    judge()
    return current
  })

  // Closed after what uses it has ended, so that no connection is made while others are closed.
  const links = Scope.forkUnsafe(yield* Effect.scope)
  const open = (endpoint: Route.Endpoint): Effect.Effect<Link, ConnectError> =>
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
  yield* Effect.addFinalizer(() => Effect.andThen(PubSub.shutdown(status.pubsub), PubSub.shutdown(registrations)))
  yield* keepConnected({
    route,
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
  if (allowed.some(({ boot }) => boot !== undefined)) {
    const name = (): string => current?.name ?? ""
    const boot = Effect.tapError(
      callNamed("BootNotification", (way) => way.boot),
      (failure) => Effect.logWarning(`the BootNotification of ${identity} has failed: ${failure.message}`)
    )
    yield* Effect.forkScoped(rhythm.boots(boot, name), { startImmediately: true })
    yield* Effect.forkScoped(rhythm.beats(callNamed("Heartbeat", () => ({}))), { startImmediately: true })
  }
  if (firstConnection === "fail") yield* Deferred.await(connected)

  const station: Connected = {
    connection,
    // Only the first connection can fail, and then there is no station to ask; it agrees before it counts as made.
    agreed: Effect.map(Effect.orDie(Deferred.await(connected)), () => lastWay!.protocol),
    // One of the offers, for which a way was made.
    wayOf: (protocol) => ways.get(protocol.subprotocol)!
  }
  return station
})

const routeOf = (url: ConnectionOptions["url"], own: Route.Credentials): Route.Route => {
  if (url instanceof NetworkProfiles) return url.route(own)
  return Route.over(typeof url === "string" ? [url] : url, own)
}

/** The storage that is present, or one in memory. */
const storageOf = Effect.flatMap(Effect.serviceOption(Storage), (storage) =>
  Option.isSome(storage)
    ? Effect.succeed(storage.value)
    : Effect.map(Layer.build(Storage.layerMemory), (context) => Context.get(context, Storage))
)

const setOpen = (latch: Latch.Latch, isOpen: boolean): void => {
  if (isOpen) latch.openUnsafe()
  else latch.closeUnsafe()
}
