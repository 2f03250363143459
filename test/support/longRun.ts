/**
 * A station with two connectors that charge, day after day, on a network that fails, with power cuts: in the end its CSMS
 * has every transaction as the station's own books have it.
 */
import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import * as Restartable from "../../src/simulation/Restartable.ts"
import { type DeviationEntry, VirtualCsms, type VirtualCsmsOptions } from "../../src/simulation/VirtualCsms.ts"
import type { Endpoint } from "../../src/csms/index.ts"
import { Connector } from "../../src/station/Connector.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import { type Charging, type Site, siteOf, TestStorage } from "./outbox.ts"
import * as Seeded from "./seeded.ts"
import type { Version } from "./versions.ts"

/** In a day; what happens is decided every quarter of an hour. */
const quarters = 96

/** A transaction in the books. */
export interface Session {
  readonly connectorId: number
  readonly meterStart: number | null
  readonly startTimestamp: string
  meterStop: number | null
  stopTimestamp: string | null
}

/** A connector, with a meter that no loss of power resets. */
class Bay {
  readonly id: number
  register = 0
  charging: Charging | undefined = undefined
  session: Session | undefined = undefined

  constructor(id: number) {
    this.id = id
  }
}

/** A CSMS, what it has of the transactions of CP001 in the end, and the deviations that the run which is up has met. */
export interface CsmsUnderTest<Services> {
  readonly layer: Layer.Layer<Services | Endpoint>
  readonly known: (runs: Runs<Services>) => Effect.Effect<ReadonlyArray<Session>>
  readonly deviations: (runs: Runs<Services>) => Effect.Effect<ReadonlyArray<DeviationEntry>>
}

type Runs<Services> = Restartable.Restartable<Services | Endpoint>

/** The simulated CSMS, whose ledger it is. */
export const virtual = (options: VirtualCsmsOptions): CsmsUnderTest<VirtualCsms> => ({
  layer: Layer.orDie(VirtualCsms.layer({ heartbeatInterval: 21_600, ...options })),
  known: (runs) =>
    runs.get(VirtualCsms).pipe(
      Effect.flatMap(({ ledger }) => ledger.transactions("CP001")),
      Effect.map((all) =>
        all.map(({ connectorId, meterStart, meterStop, startTimestamp, stopTimestamp }): Session => ({
          connectorId,
          meterStart,
          startTimestamp,
          meterStop,
          stopTimestamp
        }))
      )
    ),
  deviations: (runs) => Effect.flatMap(runs.get(VirtualCsms), ({ deviations }) => deviations())
})

/** What happens beside outages, power cuts and cuts of the connection. */
export interface Trouble<Services> {
  readonly name: string
  readonly days: number
  readonly csms: CsmsUnderTest<Services>
  /** What is wrong with connections; `counts` says how often. */
  readonly faulty: (
    connector: Connector["Service"],
    random: Seeded.Seeded,
    counts: Record<string, number>
  ) => Connector["Service"]
  /** How often a day the CSMS is stopped or killed, and started again. */
  readonly restarts: number
}

/** Gives the books of the station and what the CSMS knows, of which the energy is the same in all. */
export const live = Effect.fnUntraced(function* <Services>(
  version: Version,
  { csms, days, faulty, name, restarts }: Trouble<Services>
) {
  const random = Seeded.make(`${name} ${version.name}`)
  const moments = Seeded.make(`${name} ${version.name}: when the CSMS ends`)
  const counts: Record<string, number> = { outages: 0, powerCuts: 0 }
  const csmsRuns = yield* Restartable.make(csms.layer)
  const context = yield* Layer.build(
    MemoryNetwork.layerWith({ latency: "50 millis" }).pipe(Layer.provide(csmsRuns.endpoint))
  )
  const network = Context.get(context, MemoryNetwork.Network)
  const connector = Layer.succeed(Connector, faulty(Context.get(context, Connector), random, counts))
  const now = Effect.map(Clock.currentTimeMillis, Timestamp.fromMillis)

  const deviations: Array<DeviationEntry> = []
  const bays = [1, 2].map((id) => new Bay(id))
  const books: Array<Session> = []
  const outer = yield* Effect.scope
  let storage = new TestStorage()
  let scope = yield* Scope.fork(outer)
  let site: Site | undefined

  const start = Effect.fnUntraced(function* (bay: Bay) {
    bay.session = {
      connectorId: bay.id,
      meterStart: bay.register,
      startTimestamp: yield* now,
      meterStop: null,
      stopTimestamp: null
    }
    books.push(bay.session)
    bay.charging = yield* site!.start(bay.id, bay.register)
  })

  const stop = Effect.fnUntraced(function* (bay: Bay) {
    Object.assign(bay.session!, { meterStop: bay.register, stopTimestamp: yield* now })
    yield* bay.charging!.stop(bay.register)
    bay.charging = undefined
    bay.session = undefined
  })

  const work = Effect.fnUntraced(function* (bay: Bay) {
    if (bay.charging === undefined) return yield* random.next() < 0.06 ? start(bay) : Effect.void
    bay.register += random.integer(1000, 2750)
    const dice = random.next()
    if (dice < 0.12) yield* stop(bay)
    else if (dice < 0.4) yield* bay.charging.update(bay.register)
  })

  const spanIn = (day: number, longest: number) => {
    const from = day + random.integer(1, quarters - longest - 1)
    return { from, to: from + random.integer(1, longest) }
  }

  const powerOff = Effect.suspend(() => {
    counts["powerCuts"]!++
    site = undefined
    storage = storage.copy()
    return Effect.andThen(network.cut("CP001"), Scope.close(scope, Exit.void))
  })

  const powerOn = Effect.gen(function* () {
    scope = yield* Scope.fork(outer)
    site = yield* Scope.provide(
      siteOf(version, connector, storage.layer, { reconnect: Schedule.spaced("5 minutes") }),
      scope
    )
    for (const charging of yield* site.ongoing) {
      const bay = bays.find((known) => known.charging?.id === charging.id)!
      bay.charging = charging
      // Some cars have left when the power comes back.
      if (random.next() < 0.5) yield* stop(bay)
    }
    assert.deepStrictEqual(
      (yield* site.ongoing).map(({ id }) => id).toSorted(),
      bays.flatMap(({ charging }) => charging?.id ?? []).toSorted()
    )
  })

  yield* powerOn
  let outage = { from: 0, to: 0 }
  let powerCut = outage
  for (let quarter = 0; quarter < days * quarters; quarter++) {
    if (quarter % quarters === 0) {
      outage = spanIn(quarter, 40)
      powerCut = random.next() < 0.1 ? spanIn(quarter, 12) : powerCut
    }
    if (quarter === outage.from) {
      counts["outages"]!++
      yield* network.setReachable(false)
      yield* network.cut("CP001")
    }
    if (quarter === outage.to) yield* network.setReachable(true)
    if (quarter === powerCut.from) yield* powerOff
    if (quarter === powerCut.to) yield* powerOn
    if (site !== undefined) for (const bay of bays) yield* work(bay)
    if (random.next() < 0.02) {
      // While something is on its way, there or back.
      yield* Effect.sleep(random.integer(10, 110))
      yield* network.cut("CP001")
    }
    if (random.next() < restarts / quarters) {
      counts["restarts"] = (counts["restarts"] ?? 0) + 1
      deviations.push(...(yield* csms.deviations(csmsRuns)))
      // While something is on its way, or its handler runs.
      yield* Effect.sleep(moments.integer(0, 300))
      if (random.next() < 0.5) yield* network.cut()
      yield* csmsRuns.restart({ down: "1 minute" })
    }
    yield* Effect.sleep("15 minutes")
  }

  yield* network.setReachable(true)
  for (const bay of bays) if (bay.charging !== undefined) yield* stop(bay)
  yield* Effect.sleep("3 days")
  assert.strictEqual(yield* site!.outbox.waiting(), 0)
  assert.deepStrictEqual(yield* site!.outbox.setAside, [])
  const known = yield* csms.known(csmsRuns)
  const energy = known.reduce((sum, { meterStart, meterStop }) => sum + meterStop! - meterStart!, 0)
  assert.strictEqual(
    energy,
    bays.reduce((sum, { register }) => sum + register, 0)
  )
  deviations.push(...(yield* csms.deviations(csmsRuns)))
  return { books, known, counts, deviations }
})
