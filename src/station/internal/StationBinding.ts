/**
 * A version as a station speaks it: its typed calls, its outbox, its handlers with all that is around them, and how a
 * connection becomes an engine's.
 */
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { Signal } from "../../internal/Signal.ts"
import type { OfSide, Request } from "../../Action.ts"
import * as Client from "../../Client.ts"
import type { Carrier } from "../../engine/Carrier.ts"
import * as Peer from "../../engine/Peer.ts"
import { defaultTimeout } from "../../engine/internal/Calls.ts"
import * as MessageCheck from "../../MessageCheck.ts"
import { makeMeter } from "../../engine/internal/Meter.ts"
import * as Handlers from "../../Handlers.ts"
import * as JsonCarrier from "../../json/JsonCarrier.ts"
import * as Memo from "../../internal/Memo.ts"
import * as Options from "../../internal/Options.ts"
import type { Protocol } from "../../Protocol.ts"
import { Registration } from "../../Registration.ts"
import type { Storage } from "../../Storage.ts"
import { type Connection, InvalidBoot } from "../Connector.ts"
import * as Outbox from "../Outbox.ts"
import { notConnected, type OpenConnection, type SpokenVersion } from "./OpenConnection.ts"
import type { Registrar } from "./Registrar.ts"
import type { ConnectionOptions, Offer } from "../StationConnection.ts"

export interface StationBinding extends Outbox.StationOutbox, SpokenVersion {
  /** What handlers and the application get of this version. */
  readonly services: Context.Context<never>
  /** Takes over a connection. It handles nothing before it is told to listen. */
  readonly open: (
    connection: Connection,
    scope: Scope.Closeable,
    self: (peer: Peer.Peer, version: SpokenVersion) => OpenConnection
  ) => OpenConnection
}

/** What a version gives to handlers and the application. */
export type ServedVersion = Pick<StationBinding, "client" | "outbox" | "transactions" | "protocol">

/** What all versions of a station share. */
export interface StationParts {
  readonly options: ConnectionOptions
  readonly storage: Storage["Service"] | undefined
  readonly nextId: () => string
  readonly log: JsonCarrier.JsonCarrierOptions["log"]
  readonly registrar: Registrar
  readonly observer: Peer.Observer<OpenConnection>
  readonly lifetime: Scope.Scope
  readonly servicesOf: (version: ServedVersion) => Context.Context<never>
}

export const make = Effect.fnUntraced(function* (offer: Offer, shared: StationParts) {
  const { boot, protocol } = offer
  // Attempts to connect would end with it one by one.
  Options.millis("connectTimeout", shared.options.connectTimeout ?? 0, 0)
  yield* checkBoot(offer)
  const registration = new Registration(protocol.lifecycle, boot === undefined ? "Accepted" : "Unregistered")
  const ready = new Signal()
  const made = yield* outboxOf({ protocol, registration, ready }, shared)
  const caller = callerOf(made, shared)
  const client = Client.make<unknown, "station">(protocol, "station")(caller)
  const version: SpokenVersion = { protocol, boot, registration, ready, caller, client, onAccepted: made.onAccepted }
  const services = shared.servicesOf({ ...made, protocol, client })
  const engine = yield* engineOf(offer, version, shared).pipe(Effect.provideContext(services))
  const { identity, numbers, requests, tolerance } = shared.options
  const { carry, logged } = JsonCarrier.make({
    framing: protocol.json.framing,
    maxDepth: requests?.maxDepth,
    maxFields: requests?.maxFields,
    numbers,
    log: shared.log
  })
  const carrierOf = (to: Connection): Carrier =>
    "carrier" in to ? logged(to.carrier, identity) : carry(to.transport, identity, tolerance)
  const binding: StationBinding = {
    ...made,
    ...version,
    services,
    open: (connection, scope, self) =>
      engine.open(carrierOf(connection), scope, (peer) => self(peer, binding), { tolerance })
  }
  return binding
})

/** What a station presents itself as is looked at before it is sent, for no CSMS would tell what is wrong with it. */
const checkBoot = ({ boot, protocol }: Offer): Effect.Effect<void, InvalidBoot> => {
  // What an effect gives is known only when it is asked.
  if (boot === undefined || Effect.isEffect(boot)) return Effect.void
  const written = MessageCheck.of(protocol.lifecycle.boot.action.request).write(boot)
  return Result.isSuccess(written)
    ? Effect.void
    : Effect.fail(new InvalidBoot({ version: protocol.version, violations: written.failure }))
}

/** What has to arrive leaves by its outbox while a connection of this version is open. */
const outboxOf = Effect.fnUntraced(function* (
  { protocol, ready, registration }: Pick<SpokenVersion, "protocol" | "registration" | "ready">,
  { nextId, options, registrar, storage }: StationParts
) {
  const { current } = registrar
  return yield* Outbox.make({
    identity: options.identity,
    protocol,
    storage,
    nextId,
    meter: yield* makeMeter({ version: protocol.version }),
    settings: options.outbox,
    exits: {
      ready,
      lets: (action) => current.in(protocol) !== undefined && registration.lets("station", action),
      connection: () => current.in(protocol),
      // A connection of another version may have come since.
      call: (action, request, callOptions) =>
        Effect.suspend(() => {
          const open = current.in(protocol)
          if (open === undefined) return Effect.fail(notConnected(action.name))
          const { responseTimeout, timeout = defaultTimeout } = options.calls ?? {}
          // What is stored has no caller whose time is over, so it waits for its turn as long as that takes.
          return current.call(action, request, {
            timeout: Duration.infinity,
            responseTimeout: open.callTimeout ?? responseTimeout ?? timeout,
            ...callOptions
          })
        })
    }
  })
})

/** Calls that go by way of the outbox if they have to arrive, and else at once. */
const callerOf = (
  { take }: Outbox.StationOutbox,
  { nextId, options, registrar }: StationParts
): Client.Caller<"station"> => {
  const repeated = Peer.retrying<"station">(registrar.current, nextId, options.calls)
  return {
    call: <A extends OfSide<"station">>(action: A, request: Request<A>, callOptions?: Client.CallOptions) =>
      Effect.suspend(() => {
        // What settles a stored call has passed the schema of its response.
        const stored = take(action, request, callOptions) as ReturnType<typeof repeated.call<A>> | undefined
        return stored ?? repeated.call(action, request, callOptions)
      })
  }
}

const engineOf = Effect.fnUntraced(function* (
  { handlers }: Offer,
  { protocol, registration }: SpokenVersion,
  { lifetime, nextId, observer, options, registrar }: StationParts
) {
  const { lifecycle } = protocol
  return yield* Peer.make<OpenConnection, unknown>({
    handlers: handlers === undefined ? noHandlers(protocol) : ofVersion(protocol, yield* Handlers.load(handlers)),
    around,
    nextId,
    lifetime: yield* Scope.fork(lifetime, "parallel"),
    calls: options.calls,
    requests: options.requests,
    observer,
    mayHandle: () => (registration.status === "Rejected" ? "NotAccepted" : "Granted"),
    isSilent: () => registration.status === "Rejected" && lifecycle.rejected === "Silence",
    // Who was rejected says nothing until it is time, not even what it was asked for before.
    maySend: (_, action) =>
      registration.lets("station", action) && !(registration.status === "Rejected" && registrar.bootTimer.isEarly),
    onCallEnded: (...ended) => registrar.onCallEnded(...ended)
  })
})

/** Throws a `TypeError` if handlers are for another version. */
const ofVersion = <Set extends Handlers.HandlerSet<string, unknown>>({ version }: Protocol, handlers: Set): Set => {
  if (handlers.protocol.version === version) return handlers
  throw new TypeError(`handlers: a set for OCPP ${version} is needed, not for ${handlers.protocol.version}`)
}

const noHandlers = Memo.perObject((protocol: Protocol) => Handlers.make(protocol, "station", () => undefined))

/** Handlers get the CSMS, whichever connection leads to it, and nothing that it may not ask yet. */
const around: Peer.Around = (handlers) => {
  const { refusal } = handlers.protocol.lifecycle.remote
  return Handlers.map(handlers, (handle, { name }) => (request, peer, exchange) => {
    // The engine gives its handlers what `self` makes.
    const { client, registration } = (peer as OpenConnection).version
    registration.note(name, request)
    return registration.isRemote(name) && !registration.lets("csms", name)
      ? Effect.succeed(refusal)
      : handle(request, client, exchange)
  })
}
