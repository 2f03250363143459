/**
 * A station at work: puts its connection, its registration and its versions together.
 */
import type * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Deviation } from "../../Deviation.ts"
import * as Peer from "../../engine/Peer.ts"
import { makeMeter } from "../../engine/internal/Meter.ts"
import * as Identity from "../../Identity.ts"
import { Broadcast } from "../../internal/Broadcast.ts"
import * as Options from "../../internal/Options.ts"
import { publicUrl, urlFlaw } from "../../internal/EndpointUrl.ts"
import * as WireLog from "../../json/WireLog.ts"
import type { Protocol } from "../../Protocol.ts"
import type { RegistrationStatus } from "../../Registration.ts"
import { Storage } from "../../Storage.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { ConnectionStatus } from "../ConnectionStatus.ts"
import { type ConnectError, Connector, InvalidIdentity, InvalidUrl, NoCommonProtocol } from "../Connector.ts"
import { keepConnected } from "./keepConnected.ts"
import { NetworkProfiles } from "../NetworkProfiles.ts"
import { CurrentConnection, type OpenConnection } from "./OpenConnection.ts"
import * as StationBinding from "./StationBinding.ts"
import * as Reconnect from "../Reconnect.ts"
import { Registrar } from "./Registrar.ts"
import { LifecycleTimer } from "./LifecycleTimer.ts"
import * as Destinations from "./Destinations.ts"
import type { ConnectionOptions, Offer, StationConnection, StationCredentials } from "../StationConnection.ts"

/** A station of the versions that it offers. */
export interface Connected {
  readonly connection: StationConnection
  /** The version that was agreed last; waits for the first connection. */
  readonly agreed: Effect.Effect<Protocol>
  readonly bindingOf: (protocol: Protocol) => StationBinding.StationBinding
}

/** Connects a station; `servicesOf` makes what handlers and the application get of one of its versions. */
export const connect = Effect.fnUntraced(function* (
  offers: ReadonlyArray<Offer>,
  options: ConnectionOptions,
  servicesOf: (version: StationBinding.ServedVersion, connection: StationConnection) => Context.Context<never>
) {
  const { firstConnection = "fail", identity, url } = options
  const allowed = yield* allowedOf(offers, identity)
  const registers = allowed.some(({ boot }) => boot !== undefined)
  const scope = yield* Effect.scope
  const destinations = yield* destinationsOf(url, { identity, password: options.password })
  const status = yield* SubscriptionRef.make<ConnectionStatus>({
    _tag: "Connecting",
    url: publicUrl(destinations.boot().left[0].url),
    attempt: 1
  })
  const deviations = new Broadcast<Deviation>()
  const timer = new LifecycleTimer(yield* Clock.Clock)
  const current = new CurrentConnection(timer)
  const bindings = new Map<string, StationBinding.StationBinding>()
  const registrar = new Registrar({
    identity,
    timer,
    current,
    versions: bindings,
    run: Effect.runForkWith(yield* Effect.context<never>()),
    changes: yield* PubSub.unbounded<RegistrationStatus>({ replay: 1 }),
    status: registers ? "Unregistered" : "Accepted"
  })
  const connection = connectionOf({ options, destinations, status, deviations, timer, current, registrar, bindings })
  const shared: StationBinding.StationParts = {
    options,
    storage: yield* storageOf,
    nextId: yield* Peer.makeIds,
    log: yield* WireLog.observe,
    current,
    registrar,
    timer,
    observer: observerOf(identity, timer, registrar, deviations),
    lifetime: scope,
    servicesOf: (version) => servicesOf(version, connection)
  }
  for (const offer of allowed) bindings.set(offer.protocol.json.subprotocol, yield* StationBinding.make(offer, shared))
  // Closed after what uses it has ended, so that no connection is made while others are closed.
  const links = Scope.forkUnsafe(scope)
  const connected = Deferred.makeUnsafe<void, ConnectError>()
  const open = yield* openerOf({ options, bindings, registrar, links, connected })
  yield* Effect.addFinalizer(() => Effect.andThen(PubSub.shutdown(status.pubsub), PubSub.shutdown(registrar.changes)))
  yield* keepConnected({
    destinations,
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
  if (registers) yield* registrar.work
  if (firstConnection === "fail") yield* Deferred.await(connected)

  const station: Connected = {
    connection,
    // Only the first connection can fail, and then there is no station to ask; it agrees before it counts as made.
    agreed: Effect.map(Effect.orDie(Deferred.await(connected)), () => current.last!.protocol),
    // One of the offers, for which a binding was made.
    bindingOf: (protocol) => bindings.get(protocol.json.subprotocol)!
  }
  return station
})

/** The versions in which a station may have this identity. */
const allowedOf = Effect.fnUntraced(function* (offers: ReadonlyArray<Offer>, identity: string) {
  const flaws = offers.map(({ protocol }) => Identity.flaw(identity, protocol.identity))
  const [flaw] = flaws
  if (flaw !== undefined && !flaws.includes(undefined)) return yield* new InvalidIdentity({ identity, rule: flaw })
  return offers.filter((_, index) => flaws[index] === undefined)
})

const observerOf = (
  identity: string,
  timer: LifecycleTimer,
  registrar: Registrar,
  deviations: Broadcast<Deviation>
): Peer.Observer<OpenConnection> => ({
  identity: () => identity,
  passed: (connection, direction) => {
    if (direction === "in") connection.isHeard = true
    else timer.sent()
  },
  deviation: (_, deviation) => {
    deviations.tell(deviation)
  },
  closed: (connection, code, reason) => {
    registrar.closed(connection)
    Deferred.doneUnsafe(connection.lost, Exit.succeed({ code, reason }))
  }
})

/** What the application has of the connection. */
const connectionOf = (of: {
  readonly options: ConnectionOptions
  readonly destinations: Destinations.Destinations
  readonly status: SubscriptionRef.SubscriptionRef<ConnectionStatus>
  readonly deviations: Broadcast<Deviation>
  readonly timer: LifecycleTimer
  readonly current: CurrentConnection
  readonly registrar: Registrar
  readonly bindings: ReadonlyMap<string, StationBinding.StationBinding>
}): StationConnection => {
  const { bindings, current, options, registrar, timer, destinations } = of
  // Before the first connection, whichever version takes a call stores it or fails as `NotSent`.
  const version = () => current.last ?? bindings.values().next().value!
  return {
    identity: options.identity,
    status: SubscriptionRef.changes(of.status),
    deviations: of.deviations.stream,
    registration: Stream.fromPubSub(registrar.changes),
    accepted: timer.accepted.opened,
    call: (action, request, callOptions) => Effect.suspend(() => version().caller.call(action, request, callOptions)),
    close: (code = 1000, reason = "") => Effect.sync(() => current.open?.peer.close(code, reason)),
    reboot: Effect.sync(() => {
      destinations.isBootDue = true
      current.open?.peer.close(1000, "the station reboots")
      registrar.reboot()
    }),
    setHeartbeatInterval: (interval) =>
      Effect.sync(() => timer.beatEvery(Options.millis("interval", interval, 0, Number.MAX_SAFE_INTEGER))),
    clockOffset: Effect.sync(() =>
      Option.map(Option.fromUndefinedOr(timer.offset), (offset) => Duration.millis(offset))
    ),
    now: Effect.map(Clock.currentTimeMillis, (now) =>
      Timestamp.fromMillis(options.timestamps === "csms" ? timer.timeOfCsms(now) : now)
    )
  }
}

/** Opens a connection to an endpoint. */
const openerOf = Effect.fnUntraced(function* (of: {
  readonly options: ConnectionOptions
  readonly bindings: ReadonlyMap<string, StationBinding.StationBinding>
  readonly registrar: Registrar
  readonly links: Scope.Scope
  readonly connected: Deferred.Deferred<void, ConnectError>
}) {
  const { bindings, connected, links, options, registrar } = of
  const connector = yield* Connector
  const meter = yield* makeMeter({})
  const nextName = yield* Peer.makeIds
  const subprotocols = Array.from(bindings.keys())
  const timeout = Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")

  const openIn = Effect.fnUntraced(function* (endpoint: Destinations.Destination, scope: Scope.Closeable) {
    const { callTimeout, identity, slot, url } = endpoint
    const { tls, ...given } = yield* options.credentials ?? Effect.succeed<StationCredentials>({})
    const password = endpoint.password(given.password)
    const made = yield* connector
      .connect({ url, identity, subprotocols, password, timeout, ...(tls === undefined ? {} : { tls }) })
      .pipe(Scope.provide(scope))
    const { subprotocol } = made
    const binding = bindings.get(subprotocol)
    if (binding === undefined) return yield* new NoCommonProtocol({ url: publicUrl(url), offered: subprotocols })
    const lost = Deferred.makeUnsafe<{ readonly code: number; readonly reason: string }>()
    const name = nextName()
    const opened = binding.open(made, scope, (peer, version) => ({
      name,
      version,
      slot,
      callTimeout,
      subprotocol,
      peer,
      scope,
      lost,
      isHeard: false,
      hasBooted: false
    }))
    registrar.opened(opened)
    return opened
  })

  const count = (exit: Exit.Exit<unknown, unknown>): void => {
    if (!Deferred.isDoneUnsafe(connected)) return
    meter?.count("ocpp_reconnects", "outcome", Exit.isSuccess(exit) ? "connected" : "failed")
  }

  return (endpoint: Destinations.Destination): Effect.Effect<OpenConnection, ConnectError> =>
    Effect.suspend(() => {
      const scope = Scope.forkUnsafe(links)
      return openIn(endpoint, scope).pipe(
        Effect.onError(() => Scope.close(scope, Exit.void)),
        Effect.onExit((exit) => Effect.sync(() => count(exit)))
      )
    })
})

const destinationsOf = Effect.fnUntraced(function* (url: ConnectionOptions["url"], own: Destinations.Login) {
  if (url instanceof NetworkProfiles) return url.destinations(own)
  const urls: Arr.NonEmptyReadonlyArray<string> = typeof url === "string" ? [url] : url
  for (const one of urls) {
    const rule = urlFlaw(one, own.identity)
    if (rule !== undefined) return yield* new InvalidUrl({ url: publicUrl(one), rule })
  }
  return Destinations.over(urls, own)
})

/** The storage that is present, or one in memory. */
const storageOf = Effect.flatMap(Effect.serviceOption(Storage), (storage) =>
  Option.isSome(storage)
    ? Effect.succeed(storage.value)
    : Effect.map(Layer.build(Storage.layerMemory), (context) => Context.get(context, Storage))
)
