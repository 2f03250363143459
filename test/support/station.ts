/**
 * A station under test, of one version or of any, and a network written by hand: the test sees each attempt to connect,
 * decides over it, and is the CSMS at the other end.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { UntypedHandler } from "../../src/Handlers.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import type { StationProtocol } from "../../src/Protocol.ts"
import { Reply } from "../../src/Reply.ts"
import { type ConnectError, type ConnectOptions, Connector, ConnectUnreachable } from "../../src/station/Connector.ts"
import { Outbox } from "../../src/station/Outbox.ts"
import { Station, type StationOptions } from "../../src/station/Station.ts"
import type { BootOf, ConnectionOptions, StationHandlerSource } from "../../src/station/StationConnection.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { handlersOf, methodOf } from "./engine.ts"
import { Raw } from "./raw.ts"
import { collect, settled } from "./time.ts"
import type { AnyCalls, Version } from "./versions.ts"

/** A network with one CSMS, which the test plays. */
export class Network {
  /** Every attempt to connect, with its time in milliseconds. */
  readonly attempts: Array<ConnectOptions & { readonly at: number }> = []
  /** The CSMS's end of every connection. */
  readonly links: Array<Raw> = []
  /** The version that the CSMS agrees on; the first that is offered unless it is set. */
  speaks: string | undefined = undefined
  /** What attempts fail with, while it is set. */
  failure: ConnectError | undefined = undefined
  /** The endpoints that cannot be reached. */
  readonly down = new Set<string>()
  /** The endpoints that accept a connection and close it at once. */
  readonly flapping = new Set<string>()
  /** What the CSMS sends before the station has had time to listen. */
  greeting: unknown = undefined
  /** How many attempts have been cleaned up. */
  released = 0

  /** The CSMS's end of the connection at hand. */
  get raw(): Raw {
    const raw = this.links.at(-1)
    if (raw === undefined) throw new Error("the station never connected")
    return raw
  }

  readonly layer: Layer.Layer<Connector> = Layer.succeed(
    Connector,
    Connector.of({
      connect: (options) =>
        Effect.gen({ self: this }, function* () {
          this.attempts.push({ ...options, at: yield* Clock.currentTimeMillis })
          yield* Effect.addFinalizer(() => Effect.sync(() => this.released++))
          if (this.failure !== undefined) return yield* Effect.fail(this.failure)
          if (this.down.has(options.url))
            return yield* new ConnectUnreachable({ url: options.url, code: "ECONNREFUSED" })
          const [station, csms] = yield* Transport.makePair
          this.links.push(new Raw(csms))
          if (this.greeting !== undefined) yield* this.raw.send(this.greeting)
          if (this.flapping.has(options.url)) csms.close(1013, "try again later")
          yield* Effect.addFinalizer(() => Effect.sync(() => station.close(1000, "")))
          return { subprotocol: this.speaks ?? options.subprotocols[0] ?? "", transport: station }
        })
    })
  )
}

/** The endpoint that a station uses unless told otherwise. */
export const endpoint = "ws://csms.example/ocpp"

/**
 * Starts a station of any version, and gives what it has to work with. It is CP001 at the `endpoint` unless the options
 * say otherwise, connects by the connector of `network`, and stores by the storage of it, or in memory if it has none.
 */
export const standUp = Effect.fnUntraced(function* <
  Name extends string,
  CsmsId,
  CsmsClient,
  TransactionsId,
  StationTransactions,
  E = never,
  Source extends StationHandlerSource<NoInfer<Name>> = never
>(
  protocol: StationProtocol<Name, CsmsId, CsmsClient, TransactionsId, StationTransactions>,
  options: Partial<StationOptions<Source, NoInfer<BootOf<CsmsClient>>>>,
  network: Layer.Layer<Connector, E>
) {
  const context = yield* Layer.build(
    Layer.provide(Station.layer(protocol, { url: endpoint, identity: "CP001", ...options }), network)
  )
  return {
    station: Context.get(context, Station),
    outbox: Context.get(context, Outbox),
    csms: Context.get(context, protocol.Csms),
    transactions: Context.get(context, protocol.Transactions)
  }
})

interface Options extends Partial<Omit<StationOptions, "handlers">> {
  readonly handlers?: Partial<V16.StationHandlers>
}

/**
 * Connects a station of 1.6, for tests that want its types: `csms` makes its calls, `raw` is the CSMS at the other end.
 * It boots only if the test makes it.
 */
export const station = Effect.fnUntraced(function* (
  { handlers = {}, ...options }: Options = {},
  network: Network = new Network()
) {
  const made = yield* standUp(
    V16.protocol,
    { ...options, handlers: V16.stationHandlersPartial(handlers) },
    network.layer
  )
  return {
    network,
    get raw() {
      return network.raw
    },
    csms: made.csms,
    status: made.station.status,
    reboot: made.station.reboot,
    deviations: yield* collect(made.station.deviations)
  }
})

interface AnyOptions extends Partial<ConnectionOptions> {
  /** What a handler does once its answer is on the wire, by the action. */
  readonly afterwards?: (action: string, request: object, csms: AnyCalls) => Effect.Effect<unknown, CallFailure>
}

/**
 * Connects a station of any version, for tests that go through all of them. It presents itself unless `boot` is
 * `undefined`, and answers `Accepted` to whatever has a status. `handled` is what reached its handlers; `call` makes a
 * call by the name of its action; `raw` is the CSMS at the other end.
 */
export const stationOf = Effect.fnUntraced(function* (
  { boot, protocol }: { readonly protocol: Version["protocol"]; readonly boot: object | undefined },
  { afterwards = () => Effect.void, ...options }: AnyOptions = {},
  network: Network = new Network()
) {
  const handled: Array<string> = []
  const handle = (action: string): readonly [string, UntypedHandler] => [
    action,
    (request, csms) => {
      handled.push(action)
      // A request is an object, and the second argument of a station's handler is its client.
      return Reply.then({ status: "Accepted" }, Effect.ignore(afterwards(action, request as object, csms as AnyCalls)))
    }
  ]
  const handlers = new Map(protocol.actions.filter(({ from }) => from !== "station").map(({ name }) => handle(name)))
  const made = yield* standUp(
    protocol,
    { boot, handlers: handlersOf(protocol, "station", handlers), ...options },
    network.layer
  )
  return {
    ...made,
    network,
    get raw() {
      return network.raw
    },
    handled,
    registrations: yield* collect(made.station.registration),
    deviations: yield* collect(made.station.deviations),
    call: (action: string, request: unknown) => Effect.suspend(() => made.csms[methodOf(action)]!(request))
  }
})

/** Connects the same station, whose CSMS accepts it at once with this heartbeat interval in seconds. */
export const acceptedStation = Effect.fnUntraced(function* (
  version: Version,
  interval: number,
  options?: AnyOptions,
  network?: Network
) {
  const made = yield* stationOf(version, options, network)
  const { raw } = made
  yield* raw.send([3, yield* raw.nextCall("BootNotification"), version.answer("Accepted", interval)])
  yield* settled
  return made
})

/** Runs an effect with a clock that can be set, and that tells how long it has slept each time, in milliseconds. */
export const observed = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const real = yield* Clock.Clock
  const clock = { ahead: 0, sleeps: new Array<number>() }
  const spy: Clock.Clock = Object.create(real, {
    currentTimeMillisUnsafe: { value: () => real.currentTimeMillisUnsafe() + clock.ahead },
    sleep: {
      value: (duration: Duration.Duration) => {
        clock.sleeps.push(Duration.toMillis(duration))
        return real.sleep(duration)
      }
    }
  })
  return { ...(yield* Effect.provideService(effect, Clock.Clock, spy)), clock }
})
