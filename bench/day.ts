/**
 * Measures virtual time: simulated stations live through a day with a simulated CSMS, all in one process. Each boots,
 * beats every 300 seconds, and charges once for an hour with a reading every 15 minutes. `npm run day`, or
 * `npm run day -- --stations 100 --hours 24`.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { parseArgs } from "node:util"
import { MemoryNetwork, Simulation, VirtualCsms, VirtualStation } from "../src/simulation/index.ts"

const { values } = parseArgs({
  options: { stations: { type: "string", default: "1000" }, hours: { type: "string", default: "24" } }
})
const [stations, hours] = [Number(values.stations), Number(values.hours)]

let peak = 0
const look = (): void => {
  peak = Math.max(peak, process.memoryUsage().rss)
}

const live = MemoryNetwork.layer.pipe(Layer.provideMerge(VirtualCsms.layer()))

const day = Effect.gen(function* () {
  const network = yield* Layer.build(live)
  const charge = Effect.fnUntraced(function* (index: number) {
    // They come one after the other, as the machines of a field do.
    yield* Effect.sleep((index * 300_000) / stations)
    const station = Context.get(
      yield* Effect.orDie(
        Layer.build(VirtualStation.layer({ url: "ws://csms", identity: `CP${index}`, sampleInterval: 900 }))
      ),
      VirtualStation
    )
    yield* station.accepted
    yield* Effect.sleep("6 hours")
    yield* Effect.orDie(station.start(1, "321"))
    yield* Effect.sleep("1 hour")
    yield* Effect.orDie(station.stop(1))
  })
  for (let index = 0; index < stations; index++) {
    yield* Effect.forkScoped(Effect.provideContext(charge(index), network))
  }
  while ((yield* Clock.currentTimeMillis) < hours * 3_600_000) {
    yield* Effect.sleep("15 minutes")
    look()
  }
  const { transactions } = Context.get(network, VirtualCsms).ledger
  const { steps } = yield* (yield* Simulation).stats
  const ended = (yield* transactions()).filter(({ stopTimestamp }) => stopTimestamp !== null)
  return { ended: ended.length, steps }
}).pipe(Effect.scoped)

const started = process.cpuUsage()
const at = performance.now()
const { ended, steps } = await Effect.runPromise(Effect.provide(Simulation.run(day, { seed: 1 }), Logger.layer([])))
const seconds = (performance.now() - at) / 1000
const { system, user } = process.cpuUsage(started)
look()
console.log(
  `${stations} stations, ${hours} hours, ${ended} transactions: ${seconds.toFixed(1)} s, ` +
    `${((system + user) / 1e6).toFixed(1)} s of CPU, ${(peak / 2 ** 20).toFixed(0)} MB resident at most, ${steps} steps`
)
