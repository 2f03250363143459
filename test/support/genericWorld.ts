/**
 * A generic CSMS and stations of any version that can be killed, on a network that can be cut, with a gateway between them
 * where one is asked for.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import { Csms, type Endpoint } from "../../src/csms/index.ts"
import { Gateway } from "../../src/gateway/index.ts"
import { launch, type VirtualStationOptions } from "../../src/simulation/internal/launch.ts"
import type { Storage } from "../../src/Storage.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import * as Restartable from "../../src/simulation/Restartable.ts"
import { Connector } from "../../src/station/Connector.ts"
import { Outbox, Station } from "../../src/station/index.ts"
import * as GenericCsms from "./genericCsms.ts"
import { TestStorage } from "./outbox.ts"
import { type Frame, recording } from "./recorder.ts"

const adapters = [v15, v16, v201, v21]

/** The process of a station. */
interface Process {
  readonly connection: Station["Service"]
}

/** What a station keeps beside its storage, such as its meters; a copy is what another process finds. */
interface Hardware {
  readonly copy: () => this
}

/** A station and its power. Without power there is no process. */
export interface Powered<out P, out H> {
  readonly process: P | undefined
  readonly hardware: H
  /** Kills the process in the middle of whatever it does; what was written stays. */
  readonly off: Effect.Effect<void>
  readonly on: Effect.Effect<void>
  /** Does something in the process, as long as there is one. */
  readonly run: <A, E>(doing: (process: P) => Effect.Effect<A, E>) => Effect.Effect<Fiber.Fiber<A, E> | undefined>
}

/**
 * Options of the world: how long its CSMS takes to answer what it has written, and stations to commit; and the gateway
 * between them, if there is one.
 */
export interface WorldOptions {
  readonly answerTime?: Effect.Effect<void>
  /** In milliseconds. */
  readonly commitTime?: number
  readonly gateway?: Pick<Gateway.GatewayOptions, "idTokenType" | "upstream" | "versions"> | undefined
}

/** A way to what is behind an endpoint. */
const networkTo = (endpoint: Layer.Layer<Endpoint>) =>
  Layer.build(MemoryNetwork.layerWith({ latency: "50 millis" }).pipe(Layer.provide(endpoint)))

/** Starts the CSMS. */
export const open = Effect.fnUntraced(function* ({ answerTime, commitTime = 0, gateway }: WorldOptions = {}) {
  const database = new GenericCsms.Database()
  const csms = yield* Restartable.make(GenericCsms.layer(adapters, database, answerTime))
  const framesOfCsms: Array<Frame> = []
  let context = yield* networkTo(csms.endpoint)
  let connector = recording(Context.get(context, Connector), framesOfCsms)
  let frames = framesOfCsms
  if (gateway !== undefined) {
    const layer = Gateway.layer({ url: "ws://csms", ...gateway })
    context = yield* networkTo(Layer.provide(layer, Layer.succeed(Connector, connector)).pipe(Layer.orDie))
    frames = []
    connector = recording(Context.get(context, Connector), frames)
  }
  const network = Context.get(context, MemoryNetwork.Network)
  const outer = yield* Effect.scope
  const session = (identity: string) => Effect.flatMap(csms.get(Csms), (run) => run.session(identity))
  /** What the CSMS got wrong. */
  const deviations: Array<unknown> = []

  /** Gives a station power for the first time. */
  const power = Effect.fnUntraced(function* <P extends Process, H extends Hardware>(
    identity: string,
    first: H,
    start: (hardware: H) => Effect.Effect<P, unknown, Connector | Storage | Scope.Scope>
  ) {
    let storage = new TestStorage()
    let hardware = first
    let isStarting = false
    let running: { readonly process: P; readonly scope: Scope.Closeable } | undefined
    const powered: Powered<P, H> = {
      get process() {
        return running?.process
      },
      get hardware() {
        return hardware
      },
      off: Effect.suspend(() => {
        if (running === undefined) return Effect.void
        const { scope } = running
        running = undefined
        storage = storage.copy()
        hardware = hardware.copy()
        return Effect.andThen(network.cut(identity), Scope.close(scope, Exit.void))
      }),
      on: Effect.gen(function* () {
        if (running !== undefined || isStarting) return
        isStarting = true
        storage.latency = commitTime
        const scope = yield* Scope.fork(outer)
        const process = yield* start(hardware).pipe(
          Effect.provideService(Scope.Scope, scope),
          Effect.provideService(Connector, connector),
          Effect.provide(storage.layer),
          Effect.orDie
        )
        const watching = Stream.runForEach(process.connection.deviations, (one) =>
          Effect.sync(() => deviations.push(one))
        )
        yield* Effect.forkIn(watching, scope)
        running = { process, scope }
        isStarting = false
      }),
      run: (doing) =>
        Effect.suspend(() =>
          running === undefined ? Effect.undefined : Effect.forkIn(doing(running.process), running.scope)
        )
    }
    yield* powered.on
    return powered
  })

  return {
    database,
    deviations,
    csms,
    network,
    /** What passes between the stations and what they are connected to. */
    frames,
    /** What passes between the CSMS and what is connected to it; the same, if there is no gateway. */
    framesOfCsms,
    power,
    /** The calls to a station, whatever it speaks. */
    station: (identity: string) => Adapter.station(adapters, { session }, identity)
  }
})

/** The meters of a simulated station are in its storage. */
export const noHardware: Hardware = { copy: () => noHardware }

/** Starts a simulated station with two EVSEs, which charge with 11 kW. */
export const virtual = (version: VirtualStationOptions["version"], identity: string, sampleInterval = 60) =>
  Effect.map(
    launch({
      version,
      url: "ws://csms",
      identity,
      connectors: 2,
      sampleInterval,
      firstConnection: "retry",
      reconnect: Schedule.spaced("5 minutes")
    }),
    ({ context, station }) => ({
      connection: Context.get(context, Station),
      outbox: Context.get(context, Outbox),
      introduced: station.site.evses.introduced,
      simulated: station
    })
  )
