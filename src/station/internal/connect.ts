/**
 * A station at work: puts its connection, its registration and its versions together.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { Deviation } from "../../Deviation.ts"
import * as Peer from "../../engine/Peer.ts"
import { makeMeter, type Meter } from "../../engine/internal/Meter.ts"
import * as Identity from "../../Identity.ts"
import { Broadcast } from "../../internal/Broadcast.ts"
import { Latest } from "../../internal/Latest.ts"
import * as Options from "../../internal/Options.ts"
import { publicUrl, urlFlaw } from "../../internal/EndpointUrl.ts"
import { Signal } from "../../internal/Signal.ts"
import * as WireLog from "../../json/WireLog.ts"
import type { Protocol } from "../../Protocol.ts"
import { Storage } from "../../Storage.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { ConnectionStatus } from "../ConnectionStatus.ts"
import { type ConnectError, Connector, InvalidIdentity, InvalidUrl, NoCommonProtocol } from "../Connector.ts"
import { keepConnected } from "./keepConnected.ts"
import { NetworkProfiles } from "../NetworkProfiles.ts"
import type { OpenConnection, SpokenVersion } from "./OpenConnection.ts"
import * as StationBinding from "./StationBinding.ts"
import * as Reconnect from "../Reconnect.ts"
import { Registrar } from "./Registrar.ts"
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
  const connector = yield* Connector
  const destinations = yield* destinationsOf(url, { identity, password: options.password }, connector.scheme)
  const status = new Latest<ConnectionStatus>({
    _tag: "Connecting",
    url: publicUrl(destinations.boot().left[0].url),
    attempt: 1
  })
  const deviations = new Broadcast<Deviation>()
  const bindings = new Map<string, StationBinding.StationBinding>()
  const registrar = new Registrar(identity, bindings, registers, yield* Effect.context<never>())
  const connection = new KnownConnection({ options, destinations, status, deviations, registrar, bindings })
  const shared: StationBinding.StationParts = {
    options,
    storage: Option.getOrUndefined(yield* Effect.serviceOption(Storage)),
    nextId: yield* Peer.makeIds,
    log: yield* WireLog.observe,
    registrar,
    observer: new Observer(identity, registrar, deviations),
    lifetime: scope,
    servicesOf: (version) => servicesOf(version, connection)
  }
  for (const offer of allowed) bindings.set(offer.protocol.json.subprotocol, yield* StationBinding.make(offer, shared))
  // Closed after what uses it has ended, so that no connection is made while others are closed.
  const links = Scope.forkUnsafe(scope)
  const connected = Deferred.makeUnsafe<void, ConnectError>()
  const opener = new Opener({
    options,
    bindings,
    registrar,
    links,
    connected,
    connector,
    meter: yield* makeMeter({}),
    nextName: shared.nextId
  })
  yield* Effect.addFinalizer(() => Effect.andThen(status.end, registrar.status.end))
  yield* keepConnected({
    destinations,
    open: (endpoint) => opener.open(endpoint),
    schedule: options.reconnect ?? defaultSchedule,
    mayFail: firstConnection === "fail",
    scope: links,
    status,
    connected
  }).pipe(
    Effect.onError((cause) => Deferred.failCause(connected, cause)),
    Effect.forkScoped({ startImmediately: true })
  )
  yield* Effect.addFinalizer(() => Effect.sync(() => registrar.stop()))
  if (firstConnection === "fail") yield* Deferred.await(connected)

  const station: Connected = {
    connection,
    // Only the first connection can fail, and then there is no station to ask; it agrees before it counts as made.
    agreed: Effect.map(Effect.orDie(Deferred.await(connected)), () => registrar.current.last!.protocol),
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

// Both are classes, for what their prototypes hold costs a station no memory.

class Observer implements Peer.Observer<OpenConnection> {
  private readonly name: string
  private readonly registrar: Registrar
  private readonly deviations: Broadcast<Deviation>

  constructor(name: string, registrar: Registrar, deviations: Broadcast<Deviation>) {
    this.name = name
    this.registrar = registrar
    this.deviations = deviations
  }

  identity(): string {
    return this.name
  }

  passed(connection: OpenConnection, direction: "in" | "out"): void {
    if (direction === "in") connection.isHeard = true
    else this.registrar.heartbeatTimer.sent()
  }

  deviation(_: OpenConnection, deviation: Deviation): void {
    this.deviations.tell(deviation)
  }

  closed(connection: OpenConnection, code: number, reason: string): void {
    this.registrar.closed(connection)
    connection.end = { code, reason }
    connection.lost.open()
  }
}

interface KnownParts {
  readonly options: ConnectionOptions
  readonly destinations: Destinations.Destinations
  readonly status: Latest<ConnectionStatus>
  readonly deviations: Broadcast<Deviation>
  readonly registrar: Registrar
  readonly bindings: ReadonlyMap<string, StationBinding.StationBinding>
}

/** What the application has of the connection. */
class KnownConnection implements StationConnection {
  // What it is made of has secrets, which are not to show where an application writes its services down.
  readonly #of: KnownParts

  constructor(of: KnownParts) {
    this.#of = of
  }

  get identity(): string {
    return this.#of.options.identity
  }

  get status(): StationConnection["status"] {
    return this.#of.status.stream
  }

  get deviations(): StationConnection["deviations"] {
    return this.#of.deviations.stream
  }

  get registration(): StationConnection["registration"] {
    return this.#of.registrar.status.stream
  }

  get accepted(): Effect.Effect<void> {
    return this.#of.registrar.accepted.opened
  }

  get call(): StationConnection["call"] {
    return (action, request, options) => Effect.suspend(() => this.version.caller.call(action, request, options))
  }

  get close(): StationConnection["close"] {
    return (code = 1000, reason = "") => Effect.sync(() => this.#of.registrar.current.open?.peer.close(code, reason))
  }

  get reboot(): Effect.Effect<void> {
    return Effect.sync(() => {
      const { destinations, registrar } = this.#of
      const { open } = registrar.current
      // First, for the next connection can be there before this one is closed.
      registrar.reboot()
      destinations.bootDue.open()
      open?.peer.close(1000, "the station reboots")
    })
  }

  get heartbeatInterval(): StationConnection["heartbeatInterval"] {
    return Effect.sync(() => Duration.millis(this.#of.registrar.heartbeatTimer.interval))
  }

  get setHeartbeatInterval(): StationConnection["setHeartbeatInterval"] {
    return (interval) =>
      Effect.sync(() =>
        this.#of.registrar.heartbeatTimer.every(Options.millis("interval", interval, 0, Number.MAX_SAFE_INTEGER))
      )
  }

  get clockOffset(): StationConnection["clockOffset"] {
    return Effect.sync(() =>
      Option.map(Option.fromUndefinedOr(this.#of.registrar.heartbeatTimer.offset), (offset) => Duration.millis(offset))
    )
  }

  get now(): StationConnection["now"] {
    return Effect.map(Clock.currentTimeMillis, (now) => {
      const { options, registrar } = this.#of
      return Timestamp.fromMillis(options.timestamps === "csms" ? registrar.heartbeatTimer.timeOfCsms(now) : now)
    })
  }

  /** Before the first connection, whichever version takes a call stores it or fails as `NotSent`. */
  private get version(): SpokenVersion {
    return this.#of.registrar.current.last ?? this.#of.bindings.values().next().value!
  }
}

interface OpenerParts {
  readonly options: ConnectionOptions
  readonly bindings: ReadonlyMap<string, StationBinding.StationBinding>
  readonly registrar: Registrar
  readonly links: Scope.Scope
  readonly connected: Deferred.Deferred<void, ConnectError>
  readonly connector: Connector["Service"]
  readonly meter: Meter | undefined
  readonly nextName: () => string
}

/** Opens connections to endpoints. */
class Opener {
  private readonly of: OpenerParts

  constructor(of: OpenerParts) {
    this.of = of
  }

  open(endpoint: Destinations.Destination): Effect.Effect<OpenConnection, ConnectError> {
    return Effect.suspend(() => {
      const scope = Scope.forkUnsafe(this.of.links)
      return this.openIn(endpoint, scope).pipe(
        Effect.onError(() => Scope.close(scope, Exit.void)),
        Effect.onExit((exit) => Effect.sync(() => this.count(exit)))
      )
    })
  }

  private openIn(
    endpoint: Destinations.Destination,
    scope: Scope.Closeable
  ): Effect.Effect<OpenConnection, ConnectError> {
    return Effect.gen({ self: this }, function* () {
      const { bindings, connector, nextName, options, registrar } = this.of
      const { callTimeout, identity, slot, url } = endpoint
      const subprotocols = Array.from(bindings.keys())
      const timeout = Duration.fromInputUnsafe(options.connectTimeout ?? "10 seconds")
      const { tls, ...given } = yield* options.credentials ?? Effect.succeed<StationCredentials>({})
      const password = endpoint.password(given.password)
      const made = yield* connector
        .connect({ url, identity, subprotocols, password, timeout, ...(tls === undefined ? {} : { tls }) })
        .pipe(Scope.provide(scope))
      const { subprotocol } = made
      const binding = bindings.get(subprotocol)
      if (binding === undefined) return yield* new NoCommonProtocol({ url: publicUrl(url), offered: subprotocols })
      const name = nextName()
      const opened = binding.open(made, scope, (peer, version) => ({
        name,
        version,
        slot,
        callTimeout,
        subprotocol,
        peer,
        scope,
        lost: new Signal(),
        end: undefined,
        isHeard: false,
        hasBooted: false,
        hasAnswered: false,
        freeSince: 0
      }))
      registrar.opened(opened)
      return opened
    })
  }

  private count(exit: Exit.Exit<unknown, unknown>): void {
    if (!Deferred.isDoneUnsafe(this.of.connected)) return
    this.of.meter?.count("ocpp_reconnects", "outcome", Exit.isSuccess(exit) ? "connected" : "failed")
  }
}

const destinationsOf = Effect.fnUntraced(function* (
  url: ConnectionOptions["url"],
  own: Destinations.Login,
  scheme: Connector["Service"]["scheme"]
) {
  if (url instanceof NetworkProfiles) return url.destinations(own)
  const urls = typeof url === "string" ? [url] : url
  if (!Arr.isReadonlyArrayNonEmpty(urls)) return yield* new InvalidUrl({ url: "", rule: "the list has no URL" })
  for (const one of urls) {
    const rule = urlFlaw(one, own.identity, scheme)
    if (rule !== undefined) return yield* new InvalidUrl({ url: publicUrl(one), rule })
  }
  return Destinations.over(urls, own)
})

const defaultSchedule = Reconnect.schedule()
