/**
 * Measures what a station takes of a process in which it and its CSMS live: memory while it is connected, accepted and
 * idle, and CPU until it is. `npm run stations`, or `npm run stations -- --stations 100 --rounds 1`.
 *
 * Both ends count, without what a bare pair of transports in memory takes.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { parseArgs } from "node:util"
import { Csms } from "../src/csms/index.ts"
import { MemoryNetwork } from "../src/simulation/index.ts"
import { Station } from "../src/station/index.ts"
import * as Timestamp from "../src/Timestamp.ts"
import * as Transport from "../src/Transport.ts"
import * as V16 from "../src/v16/index.ts"

const { values } = parseArgs({
  options: { stations: { type: "string", default: "1000" }, rounds: { type: "string", default: "3" } }
})
const [stations, rounds] = [Number(values.stations), Number(values.rounds)]
const { gc } = globalThis
if (gc === undefined) throw new Error("node --expose-gc")

/** KiB of heap and milliseconds of CPU that each of so many takes. */
const costOf = Effect.fnUntraced(function* <R>(make: (index: number) => Effect.Effect<unknown, never, R>) {
  gc()
  const [heap, cpu] = [process.memoryUsage().heapUsed, process.cpuUsage()]
  for (let index = 0; index < stations; index++) yield* make(index)
  const { system, user } = process.cpuUsage(cpu)
  // What a station watches in its first seconds is over then.
  yield* Effect.sleep("11 seconds")
  gc()
  const kib = (process.memoryUsage().heapUsed - heap) / 1024 / stations
  return { kib, millis: (user + system) / 1000 / stations }
})

const CsmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [
    V16.csmsHandlersPartial({
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }) as const)
    })
  ]
})

const handlers = V16.stationHandlersPartial({ reset: () => Effect.succeed({ status: "Accepted" }) })

const stationOf = Effect.fnUntraced(function* (identity: string) {
  const boot = { chargePointVendor: "Vendor", chargePointModel: "Model" }
  const live = Station.layer(V16.protocol, { url: "ws://csms", identity, boot, handlers })
  yield* Context.get(yield* Effect.orDie(Layer.build(live)), Station).accepted
})

/** What the bare pairs are, so that they are kept. */
const pairs: Array<unknown> = []

const pair = Effect.map(Transport.makePair, (transports) => {
  for (const transport of transports) transport.listen({ frame: () => {}, dropped: () => {}, closed: () => {} })
  pairs.push(transports)
})

const round = Effect.gen(function* () {
  const network = yield* Layer.build(MemoryNetwork.layer.pipe(Layer.provide(CsmsLive)))
  // What the first one loads and compiles belongs to none.
  yield* Effect.provideContext(stationOf("first"), network)
  const bare = yield* costOf(() => pair)
  const whole = yield* costOf((index) => Effect.provideContext(stationOf(`CP${index}`), network))
  return { kib: whole.kib - bare.kib, millis: whole.millis - bare.millis }
}).pipe(Effect.scoped)

const median = (all: ReadonlyArray<number>): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

const silent = Effect.provide(round, Logger.layer([]))
const measured: Array<Effect.Success<typeof round>> = []
// oxlint-disable-next-line no-await-in-loop -- one round at a time
for (let index = 0; index < rounds; index++) measured.push(await Effect.runPromise(silent))
const kib = median(measured.map((each) => each.kib))
const millis = median(measured.map((each) => each.millis))
console.log(`${stations} stations, median of ${rounds}: ${kib.toFixed(1)} KiB and ${millis.toFixed(2)} ms CPU each`)
