/**
 * Stations that charge for weeks through a gateway, in virtual time: on networks that fail on either side of it, with power
 * cuts, and with kills of the gateway and of the CSMS. In the end the CSMS has every transaction as the books of the
 * station have it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import type { Csms } from "../../src/csms/index.ts"
import { Gateway } from "../../src/gateway/index.ts"
import { Signal } from "../../src/internal/Signal.ts"
import { WireLog } from "../../src/json/index.ts"
import { MemoryNetwork, Restartable } from "../../src/simulation/index.ts"
import { Connector } from "../../src/station/index.ts"
import { type CsmsUnderTest, live, type Trouble } from "../support/longRun.ts"
import { official } from "../support/official.ts"
import { simulate } from "../support/outbox.ts"
import * as Seeded from "../support/seeded.ts"
import { Database, slow } from "../support/slowCsms.ts"
import { v15, v16, v201, v21 } from "../support/versions.ts"
import { adapters } from "./support.ts"

const stations = { "1.5": v15, "1.6": v16, "2.0.1": v201, "2.1": v21 }

/** A CSMS that is killed and cut off now and then, and what came to it. */
const farAway = Effect.fnUntraced(function* (random: Seeded.Seeded) {
  const database = new Database()
  const counts = { cuts: 0, kills: 0, meanwhile: 0 }
  const requests: Array<readonly [action: string, payload: unknown]> = []
  const came = new Signal()
  let isDown = false
  const look = ({ direction, frame }: WireLog.Entry): void => {
    const [type, , action, payload] = JSON.parse(frame)
    if (direction !== "in" || type !== 2) return
    requests.push([action, payload])
    came.open()
  }
  /** Counts what a gateway is told while the CSMS is down; the CSMS itself asks for nothing. */
  const lookAtGateway = ({ direction, frame }: WireLog.Entry): void => {
    if (isDown && direction === "in" && JSON.parse(frame)[0] === 2) counts.meanwhile++
  }
  const layer = slow(random, database).layer.pipe(Layer.provide(Layer.succeed(WireLog.WireLog, look)))
  const runs = yield* Restartable.make(layer)
  const network = yield* Layer.build(
    MemoryNetwork.layerWith({ latency: "30 millis" }).pipe(Layer.provide(runs.endpoint))
  )
  const { cut } = Context.get(network, MemoryNetwork.Network)
  const trouble = Effect.gen(function* () {
    while (true) {
      yield* Effect.sleep(random.integer(30, 600) * 60_000 + random.integer(0, 1000))
      if (random.next() < 0.5) {
        // While something is on its way, or its handler runs.
        came.close()
        yield* came.opened
        yield* Effect.sleep(random.integer(0, 300))
      }
      counts.cuts++
      yield* cut()
      if (random.next() < 0.5) continue
      counts.kills++
      isDown = true
      yield* runs.restart({ down: random.integer(1, 60) * 60_000 })
      isDown = false
    }
  })
  yield* Effect.forkScoped(trouble)
  const around = Layer.mergeAll(
    Layer.succeed(Connector, Context.get(network, Connector)),
    Layer.succeed(WireLog.WireLog, lookAtGateway)
  )
  return { around, counts, database, requests }
})

describe("a gateway that is killed ten times a day, between a station and a CSMS that are cut off and killed", () => {
  for (const [front, upstream, offline] of [
    ["1.5", "1.6", undefined],
    ["1.5", "1.6", "Accepted"],
    ["1.5", "2.0.1", undefined],
    ["1.6", "2.0.1", undefined],
    ["1.6", "2.0.1", "Accepted"],
    ["1.6", "2.1", undefined],
    ["2.0.1", "1.6", undefined],
    ["2.0.1", "1.6", "Accepted"],
    ["2.0.1", "2.0.1", undefined],
    ["2.0.1", "2.1", undefined],
    ["2.0.1", "2.1", "Accepted"],
    ["2.1", "1.6", undefined],
    ["2.1", "2.0.1", undefined],
    ["2.1", "2.0.1", "Accepted"]
  ] as const) {
    const kept = offline === undefined ? "" : ", with stations that it keeps"
    it.live(`[TX-01] [TX-04] [TX-07] [LC-03] loses no watt-hour from ${front} to ${upstream}${kept}`, () =>
      simulate(
        Effect.gen(function* () {
          const random = Seeded.make(`far away ${front} ${upstream}`)
          const { around, counts, database, requests } = yield* farAway(random)
          const gateway: CsmsUnderTest<Csms> = {
            layer: Gateway.layer({
              url: "ws://csms.example",
              upstream: adapters[upstream],
              versions: [adapters[front]],
              offline
            }).pipe(Layer.provide(around), Layer.orDie),
            known: () => database.known,
            deviations: () => Effect.succeed([])
          }
          const trouble: Trouble<Csms> = { name: "gateway", days: 60, csms: gateway, faulty: identity, restarts: 10 }
          const { books, counts: near, known } = yield* live(stations[front], trouble)
          assert.deepStrictEqual(known, books)
          for (const [action, payload] of requests) official(upstream, action, "req", payload)
          // It was worth it.
          assert.isAbove(books.length, 300)
          assert.isAbove(requests.length, 1000)
          assert.isAbove(database.repeated, 2)
          for (const what of ["cuts", "kills"] as const) assert.isAbove(counts[what], 50, what)
          for (const what of ["outages", "powerCuts", "restarts"]) assert.isAbove(near[what] ?? 0, 3, what)
          if (offline !== undefined) assert.isAbove(counts.meanwhile, 20)
        }),
        `${front} ${upstream}`
      )
    )
  }
})
