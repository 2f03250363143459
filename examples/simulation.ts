// A day of a station in virtual time, over a network with faults, which takes milliseconds.
import { Effect, Layer } from "effect"
import { MemoryNetwork, Simulation, VirtualCsms } from "../src/simulation/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"

const world = Station.layer(V16.protocol, { url: "ws://csms", identity: "CP001", firstConnection: "retry" }).pipe(
  Layer.provideMerge(MemoryNetwork.layerWith({ latency: "20 millis", loss: 0.01 })),
  Layer.provideMerge(VirtualCsms.layer())
)

export const day = Simulation.run(
  Effect.gen(function* () {
    const csms = yield* V16.Csms
    const network = yield* MemoryNetwork.Network
    yield* Effect.sleep("12 hours")
    yield* network.cut("CP001")
    yield* Effect.sleep("12 hours")
    return yield* Effect.result(csms.heartbeat({}))
  }).pipe(Effect.provide(world)),
  { seed: "a day with an outage" }
)
