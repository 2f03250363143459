/**
 * A station under test on a network written by hand: the test sees each attempt to connect, decides over it, and is
 * the CSMS at the other end.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type ConnectError, type ConnectOptions, Connector, Unreachable } from "../../src/station/Connector.ts"
import { Station, type StationOptions } from "../../src/station/Station.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { Raw } from "./raw.ts"
import { collect } from "./time.ts"

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
          if (this.down.has(options.url)) return yield* new Unreachable({ url: options.url, code: "ECONNREFUSED" })
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

interface Options extends Partial<Omit<StationOptions, "handlers">> {
  readonly handlers?: Partial<V16.StationHandlers>
}

/** Connects CP001: `csms` makes its calls, `raw` is the CSMS at the other end. */
export const station = Effect.fnUntraced(function* (options: Options = {}, network: Network = new Network()) {
  const context = yield* Layer.build(
    Station.layer(V16.protocol, {
      url: endpoint,
      identity: "CP001",
      ...options,
      handlers: V16.stationHandlersPartial(options.handlers ?? {})
    }).pipe(Layer.provide(network.layer))
  )
  const service = Context.get(context, Station)
  return {
    network,
    get raw() {
      return network.raw
    },
    csms: Context.get(context, V16.Csms),
    status: service.status,
    deviations: yield* collect(service.deviations)
  }
})
