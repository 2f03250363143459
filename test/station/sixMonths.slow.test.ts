/**
 * Half a year of a station with two connectors: what its CSMS has in the end is what the meters have counted.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { VirtualCsms } from "../../src/simulation/VirtualCsms.ts"
import { Connector } from "../../src/station/Connector.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import { type Charging, simulate, type Site, siteOf, TestStorage } from "../support/outbox.ts"
import * as Seeded from "../support/seeded.ts"
import { type Version, v16, v201 } from "../support/versions.ts"
import { textOf } from "../support/engine.ts"

const days = 183

/** In a day; what happens is decided every quarter of an hour. */
const quarters = 96

/** What the station's own books say of a transaction. */
interface Session {
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

const isOfTransaction = (action: unknown): boolean =>
  action === "StartTransaction" ||
  action === "StopTransaction" ||
  action === "MeterValues" ||
  action === "TransactionEvent"

/** A CSMS that at times answers with an error, and answers that get lost at times; no message meets more than two. */
const withFaults = (
  connector: Connector["Service"],
  random: Seeded.Seeded,
  counts: { errors: number; lost: number }
) => {
  const failures = new Map<string, number>()
  const swallowed = new Set<string>()
  const wrap = (inner: Transport, answer: (frame: unknown) => void): Transport => ({
    ...inner,
    send: (text) => {
      const [type, id, action] = JSON.parse(text)
      const before = failures.get(id) ?? 0
      if (type !== 2 || !isOfTransaction(action) || before >= 2 || random.next() > 0.04) return inner.send(text)
      failures.set(id, before + 1)
      if (random.next() < 0.5) {
        counts.lost++
        swallowed.add(id)
        return inner.send(text)
      }
      counts.errors++
      answer([4, id, "InternalError", "", {}])
      return true
    }
  })
  return Connector.of({
    connect: (options) =>
      Effect.gen(function* () {
        const connection = yield* connector.connect(options)
        const transport = textOf(connection)
        const run = Effect.runForkWith(yield* Effect.context<never>())
        let station: Listener | undefined
        const answer = (frame: unknown): void => {
          run(
            Effect.andThen(
              Effect.sleep("100 millis"),
              Effect.sync(() => station?.frame(JSON.stringify(frame)))
            )
          )
        }
        const faulty = wrap(transport, answer)
        return {
          subprotocol: connection.subprotocol,
          transport: {
            ...faulty,
            listen: (listener) => {
              station = listener
              transport.listen({
                frame: (text) => {
                  const [type, id] = JSON.parse(text)
                  if (type === 2 || !swallowed.delete(id)) listener.frame(text)
                },
                dropped: (...what) => listener.dropped(...what),
                closed: (...why) => {
                  station = undefined
                  listener.closed(...why)
                }
              })
            }
          }
        }
      })
  })
}

const live = Effect.fnUntraced(function* (version: Version) {
  const random = Seeded.make(`six months ${version.name}`)
  const counts = { outages: 0, restarts: 0, errors: 0, lost: 0 }
  const context = yield* Layer.build(
    MemoryNetwork.layerWith({ latency: "50 millis" }).pipe(
      Layer.provideMerge(VirtualCsms.layer({ heartbeatInterval: 21_600 }))
    )
  )
  const network = Context.get(context, MemoryNetwork.Network)
  const { ledger } = Context.get(context, VirtualCsms)
  const connector = Layer.succeed(Connector, withFaults(Context.get(context, Connector), random, counts))
  const now = Effect.map(Clock.currentTimeMillis, Timestamp.fromMillis)

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
    counts.restarts++
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
      counts.outages++
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
    yield* Effect.sleep("15 minutes")
  }

  yield* network.setReachable(true)
  for (const bay of bays) if (bay.charging !== undefined) yield* stop(bay)
  yield* Effect.sleep("1 day")
  assert.strictEqual(yield* site!.outbox.waiting(), 0)
  const transactions = yield* ledger.transactions("CP001")
  assert.deepStrictEqual(
    transactions.map(({ connectorId, meterStart, meterStop, startTimestamp, stopTimestamp }) => ({
      connectorId,
      meterStart,
      startTimestamp,
      meterStop,
      stopTimestamp
    })),
    books
  )
  const energy = transactions.reduce((sum, { meterStart, meterStop }) => sum + meterStop! - meterStart!, 0)
  assert.strictEqual(
    energy,
    bays.reduce((sum, { register }) => sum + register, 0)
  )
  // It was worth it.
  assert.isAbove(books.length, 1000)
  assert.strictEqual(counts.outages, days)
  for (const [what, count] of Object.entries(counts)) assert.isAbove(count, 10, what)
})

describe("half a year with an outage a day, and with restarts, errors and lost answers", () => {
  for (const version of [v16, v201]) {
    it.live(
      `[TX-01] [TX-04] [TX-07] [TX-08] with ${version.name}: the CSMS has every transaction once, and every watt-hour`,
      () => simulate(live(version), version.name),
      120_000
    )
  }
})
