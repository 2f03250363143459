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
import * as Client from "../Client.ts"
import type { Deviation } from "../Deviation.ts"
import * as Identity from "../Identity.ts"
import * as Options from "../internal/Options.ts"
import { publicUrl } from "../internal/publicUrl.ts"
import { type CallFailure, NotSent } from "../OcppError.ts"
import * as Handlers from "../Handlers.ts"
import * as JsonCarrier from "../json/JsonCarrier.ts"
import type * as Protocol from "../Protocol.ts"
import { Registration, type RegistrationStatus } from "../Registration.ts"
import type { Carrier } from "../engine/Carrier.ts"
import * as Peer from "../engine/Peer.ts"
import * as Telemetry from "../engine/Telemetry.ts"
import * as WireLog from "../json/WireLog.ts"
import { Storage } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import type { ConnectionStatus } from "./ConnectionStatus.ts"
import { type ConnectError, type Connection, Connector, InvalidIdentity, NoCommonProtocol } from "./Connector.ts"
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
  readonly carrierOf: (connection: Connection) => Carrier
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
export const connect = Effect.fnUntraced(function* (
  offers: ReadonlyArray<Offer>,
  options: ConnectionOptions,
  servicesOf: (way: Omit<Way, "services">, connection: StationConnection) => Context.Context<never>
) {
  const { firstConnection = "fail", identity, url } = options
  const flaws = offers.map(({ protocol }) => Identity.flaw(identity, protocol.identity))
  const [flaw] = flaws
  if (flaw !== undefined && !flaws.includes(undefined)) return yield* new InvalidIdentity({ identity, rule: flaw })
  const allowed = offers.filter((_, index) => flaws[index] === undefined)
  const layerScope = yield* Effect.scope
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
  const onCallEnded = (
    link: OpenLink,
    action: string,
    exit: Exit.Exit<unknown, CallFailure>,
    calledAt: number
  ): void => {
    const { boot, protocol } = link.way
    const { lifecycle } = protocol
    const isBoot = action === lifecycle.boot.action.name
    if (isBoot) link.hasBooted = true
    if (Exit.isFailure(exit)) return disowned(link, Option.getOrUndefined(Exit.findErrorOption(exit)))
    if (action === lifecycle.heartbeat.action.name) {
      return rhythm.told(lifecycle.heartbeat.currentTime(exit.value), calledAt)
    }
    if (!isBoot) return
    const answer = lifecycle.boot.answer(exit.value)
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

  const direct: Client.Caller = {
    call: (action, request, callOptions) =>
      Effect.suspend(() => {
        if (current === undefined) return Effect.fail(new NotSent({ action: action.name, reason: "NotConnected" }))
        const { callTimeout, peer, way } = current
        const settings = callTimeout === undefined ? callOptions : { timeout: callTimeout, ...callOptions }
        const call = peer.call(action, request, settings)
        return action === way.protocol.lifecycle.boot.action ? rhythm.booting(call) : call
      })
  }

  /** Calls in the version of the connection. */
  const callIn = (call: (way: OpenWay) => Effect.Effect<unknown, CallFailure>): Effect.Effect<unknown, CallFailure> =>
    // Without a connection it fails alike in all versions.
    Effect.suspend(() => call(current?.way ?? ways.values().next().value!))

  const beat = ({ protocol }: OpenWay) => direct.call(protocol.lifecycle.heartbeat.action, {})

  const register = ({ boot, protocol }: OpenWay) => {
    const { action } = protocol.lifecycle.boot
    return Effect.tapError(direct.call(action, boot), (failure) =>
      Effect.logWarning(`the ${action.name} of ${identity} has failed: ${failure.message}`)
    )
  }

  const observer: Peer.Observer<OpenLink> = {
    identity: () => identity,
    passed: (link, direction) => {
      if (direction === "in") link.isHeard = true
      else rhythm.sent()
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

  const makeWay = Effect.fnUntraced(function* ({ boot, handlers, protocol }: Offer) {
    const { lifecycle } = protocol
    const registration = new Registration(lifecycle, boot === undefined ? "Accepted" : "Unregistered")
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
    const client = Client.make<unknown>(
      protocol,
      "station"
    )({
      call: <A extends Action.Action>(action: A, request: Action.Request<A>, callOptions?: Client.CallOptions) =>
        Effect.suspend(() => {
          // What settles a stored call has passed the schema of its response.
          const stored = made.take(action, request, callOptions) as ReturnType<typeof repeated.call<A>> | undefined
          return stored ?? repeated.call(action, request, callOptions)
        })
    })
    const services = servicesOf({ ...made, protocol, client }, connection)
    /** Handlers get the CSMS, whichever connection leads to it, and nothing that it may not ask yet. */
    const around = (checked: Handlers.HandlerSet<string, unknown>): Handlers.HandlerSet<string, unknown> =>
      Handlers.map(checked, (handle, { name }) => (request, _, exchange) => {
        registration.note(name, request)
        return registration.isRemote(name) && !registration.lets("csms", name)
          ? Effect.succeed(lifecycle.remote.refusal)
          : handle(request, client, exchange)
      })
    const engine = yield* Effect.gen(function* () {
      return yield* Peer.make<OpenLink, unknown>({
        handlers: handlers === undefined ? noHandlers(protocol) : yield* Handlers.load(handlers),
        around,
        nextId,
        lifetime: yield* Scope.fork(layerScope, "parallel"),
        calls: options.calls,
        requests: options.requests,
        observer,
        mayHandle: () => (registration.status === "Rejected" ? "NotAccepted" : "Granted"),
        isSilent: () => registration.status === "Rejected" && lifecycle.rejected === "Silence",
        // Who was rejected says nothing until it is time, not even what it was asked for before.
        maySend: (_, action) =>
          registration.lets("station", action) && !(registration.status === "Rejected" && rhythm.isEarly),
        onCallEnded
      })
    }).pipe(Effect.provideContext(services))
    const carrierOf = JsonCarrier.make({ framing: protocol.json.framing, maxDepth: options.requests?.maxDepth, log })
    const logged = (carrier: Carrier): Carrier =>
      log === undefined
        ? carrier
        : JsonCarrier.logged(carrier, protocol.json.framing, (direction, frame) => log(identity, direction, frame))
    const way: OpenWay = {
      ...made,
      protocol,
      client,
      services,
      engine,
      carrierOf: (to) => ("carrier" in to ? logged(to.carrier) : carrierOf(to.transport, identity)),
      boot,
      registration,
      ready
    }
    return way
  })

  for (const offer of allowed) ways.set(offer.protocol.json.subprotocol, yield* makeWay(offer))

  // ---- connections

  const subprotocols = Array.from(ways.keys())
  let lastWay: OpenWay | undefined

  const openIn = Effect.fnUntraced(function* (endpoint: Route.Endpoint, scope: Scope.Closeable) {
    const opened = yield* connector
      .connect({
        url: endpoint.url,
        identity: endpoint.identity,
        subprotocols,
        password: endpoint.password,
        timeout: Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")
      })
      .pipe(Scope.provide(scope))
    const { subprotocol } = opened
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
    current = way.engine.open(way.carrierOf(opened), scope, self, { tolerance: options.tolerance })
    judge()
    return current
  })

  // Closed after what uses it has ended, so that no connection is made while others are closed.
  const links = Scope.forkUnsafe(layerScope)
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
    yield* Effect.forkScoped(rhythm.boots(callIn(register), name), { startImmediately: true })
    yield* Effect.forkScoped(rhythm.beats(callIn(beat)), { startImmediately: true })
  }
  if (firstConnection === "fail") yield* Deferred.await(connected)

  const station: Connected = {
    connection,
    // Only the first connection can fail, and then there is no station to ask; it agrees before it counts as made.
    agreed: Effect.map(Effect.orDie(Deferred.await(connected)), () => lastWay!.protocol),
    // One of the offers, for which a way was made.
    wayOf: (protocol) => ways.get(protocol.json.subprotocol)!
  }
  return station
})

/** A station without handlers answers nothing. */
const noHandlers = (protocol: Protocol.Protocol): Handlers.HandlerSet =>
  Handlers.make(protocol, "station", () => undefined)

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
