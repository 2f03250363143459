import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Csms, type CsmsOptions } from "../../src/csms/Csms.ts"
import { unauthorized } from "../../src/csms/Handshake.ts"
import type * as Link from "../../src/simulation/Link.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { Simulation } from "../../src/simulation/Simulation.ts"
import { type ConnectError, type Connection, type ConnectOptions, Connector } from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as V16 from "../../src/v16/index.ts"
import { csmsLayer } from "../support/csms.ts"
import { core } from "../support/messages.ts"
import { textOf } from "../support/engine.ts"

const world = Effect.fnUntraced(function* (link: Link.LinkOptions = {}, options: Partial<CsmsOptions> = {}) {
  const context = yield* Layer.build(
    MemoryNetwork.layerWith(link).pipe(
      Layer.provideMerge(csmsLayer({ handlers: [V16.csmsHandlers(core)], ...options }))
    )
  )
  const connector = Context.get(context, Connector)
  const csms = Context.get(context, Csms)
  const connect = (to: Partial<ConnectOptions> = {}) =>
    connector.connect({
      url: "ws://csms",
      identity: "CP001",
      subprotocols: ["ocpp1.6"],
      password: undefined,
      timeout: Duration.seconds(10),
      ...to
    })
  /** The identities that the CSMS believes to be connected. */
  const connected = Effect.map(csms.connected, (sessions) => sessions.map(({ identity }) => identity))
  return { network: Context.get(context, MemoryNetwork.Network), csms, connect, connected, context }
})

/** An attempt to connect: how it ended, and after how many milliseconds. */
const attempt = <A, R>(connect: Effect.Effect<A, ConnectError, R>) =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const error = yield* Effect.flip(connect)
    const after = (yield* Clock.currentTimeMillis) - before
    return `${error._tag} ${"code" in error ? error.code : "status" in error ? error.status : ""} after ${after}`
  })

/** How a connection that nobody reads from ended. */
const ended = (connection: Connection) =>
  Effect.gen(function* () {
    const transport = textOf(connection)
    const clock = yield* Clock.Clock
    const end = yield* Deferred.make<string>()
    transport.listen({
      frame: () => {},
      dropped: () => {},
      closed: (code) => {
        Deferred.doneUnsafe(end, Effect.succeed(`${code} at ${clock.currentTimeMillisUnsafe()}`))
      }
    })
    return yield* Deferred.await(end)
  })

/** A day of a station whose connection breaks four times: when its heartbeats were asked and answered. */
const day = (link: Link.LinkOptions) =>
  Effect.gen(function* () {
    const answered: Array<number> = []
    const asked: Array<number> = []
    const failures: Array<string> = []
    const { context, csms, network } = yield* world(link, {
      handlers: [
        V16.csmsHandlers({
          ...core,
          heartbeat: Effect.fnUntraced(function* () {
            asked.push(yield* Clock.currentTimeMillis)
            return { currentTime: yield* Timestamp.now }
          })
        })
      ]
    })
    const beat = Effect.gen(function* () {
      const station = yield* V16.Csms
      yield* station.heartbeat({}).pipe(
        Effect.andThen(Effect.map(Clock.currentTimeMillis, (at) => answered.push(at))),
        Effect.catch((failure) => Effect.sync(() => failures.push(failure._tag)))
      )
    })
    const StationLive = Station.layer(V16.protocol, {
      url: "ws://csms",
      identity: "CP001",
      connectTimeout: "1 minute"
    })
    yield* Effect.forkScoped(
      beat.pipe(
        Effect.schedule(Schedule.fixed("300 seconds")),
        Effect.provide(Layer.provide(StationLive, Layer.succeedContext(context)))
      )
    )
    yield* Effect.repeat(Effect.delay(network.cut("CP001", { csms: "1 minute" }), "301 minutes"), Schedule.recurs(3))
    yield* Effect.sleep("4 hours")
    return { answered, asked, failures, connected: (yield* csms.connected).length }
  })

describe("A network with faults", () => {
  it.effect("takes the time of a frame each way for a handshake, whatever its outcome", () =>
    Effect.gen(function* () {
      const latency = { latency: 100, toStation: { latency: 30 } }
      const { connect, connected } = yield* world(latency)
      const fiber = yield* Effect.forkChild(connect())
      yield* Effect.sleep(99)
      assert.deepStrictEqual(yield* connected, [])
      yield* Effect.sleep(1)
      assert.deepStrictEqual(yield* connected, ["CP001"])
      yield* Effect.sleep(29)
      assert.isUndefined(fiber.pollUnsafe())
      yield* Effect.sleep(2)
      assert.isDefined(fiber.pollUnsafe())

      const strict = yield* world(latency, { accept: () => unauthorized })
      assert.strictEqual(yield* attempt(strict.connect()), "ConnectRefused 401 after 130")
      assert.strictEqual(yield* attempt(connect({ subprotocols: ["ocpp2.0.1"] })), "NoCommonProtocol  after 130")
    }).pipe(Simulation.run)
  )

  it.effect("gives up a handshake that takes too long, and tells the CSMS", () =>
    Effect.gen(function* () {
      const { connect, connected } = yield* world({ latency: "3 seconds" })
      const hasty = Effect.scoped(connect({ timeout: Duration.seconds(5) }))
      assert.strictEqual(yield* attempt(hasty), "ConnectUnreachable ETIMEDOUT after 5000")
      assert.deepStrictEqual(yield* connected, ["CP001"])
      yield* Effect.sleep("4 seconds")
      assert.deepStrictEqual(yield* connected, [])
    }).pipe(Simulation.run)
  )

  it.effect("cannot be reached for a while", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* world({ latency: 100 })
      yield* network.setReachable(false)
      assert.strictEqual(yield* attempt(connect()), "ConnectUnreachable ECONNREFUSED after 100")
      yield* network.setReachable(true)
      yield* connect()

      yield* Effect.forkChild(Effect.delay(network.setReachable(false), 150))
      assert.strictEqual(yield* attempt(connect({ identity: "CP002" })), "ConnectUnreachable ECONNREFUSED after 200")
    }).pipe(Simulation.run)
  )

  it.effect("[FIELD-K13] forgets a connection that is cut while its station still connects", () =>
    Effect.gen(function* () {
      const { connect, connected, network } = yield* world({ latency: 100 })
      const connecting = yield* Effect.forkChild(attempt(connect()))
      yield* Effect.sleep(150)
      assert.lengthOf(yield* network.links(), 1)
      yield* network.cut("CP001")
      yield* Effect.sleep(100)
      assert.strictEqual(yield* Fiber.join(connecting), "ConnectUnreachable ECONNRESET after 200")
      assert.deepStrictEqual([yield* network.links(), yield* connected], [[], []])
    }).pipe(Simulation.run)
  )

  it.effect("[FIELD-K13] forgets a connection that its station has given up", () =>
    Effect.gen(function* () {
      const { connect, connected, network } = yield* world({ latency: "3 seconds" })
      assert.strictEqual(
        yield* attempt(connect({ timeout: Duration.seconds(5) })),
        "ConnectUnreachable ETIMEDOUT after 5000"
      )
      yield* Effect.sleep("4 seconds")
      assert.deepStrictEqual([yield* network.links(), yield* connected], [[], []])
    }).pipe(Simulation.run)
  )

  it.effect("cuts the connections of an identity, or all", () =>
    Effect.gen(function* () {
      const { connect, connected, network } = yield* world({ latency: 100 })
      const ends = yield* Effect.forEach(["CP001", "CP002", "CP003"], (identity) =>
        Effect.flatMap(connect({ identity }), (connection) => Effect.forkChild(ended(connection)))
      )
      yield* network.cut("CP002")
      yield* Effect.sleep(1)
      assert.deepStrictEqual(
        ends.map((end) => end.pollUnsafe() !== undefined),
        [false, true, false]
      )
      assert.deepStrictEqual(yield* connected, ["CP001", "CP003"])
      assert.lengthOf(yield* network.links("CP002"), 0)
      assert.lengthOf(yield* network.links(), 2)
      yield* network.cut(undefined, { csms: "1 minute" })
      yield* Effect.sleep(1)
      assert.isTrue(ends.every((end) => end.pollUnsafe() !== undefined))
      assert.deepStrictEqual(yield* connected, ["CP001", "CP003"])
      yield* Effect.sleep("1 minute")
      assert.deepStrictEqual(yield* connected, [])
    }).pipe(Simulation.run)
  )

  it.effect("leaves connections half open, of which a newer one of the same identity is independent", () =>
    Effect.gen(function* () {
      const { connect, connected, csms, network } = yield* world({ latency: 100 })
      const first = yield* Effect.forkChild(ended(yield* connect()))
      yield* network.halfOpen("CP001")
      const second = yield* Effect.forkChild(ended(yield* connect()))
      yield* Effect.sleep("1 hour")
      // The CSMS closed the first one when the second came, but the station never hears of it.
      assert.isUndefined(first.pollUnsafe())
      assert.isUndefined(second.pollUnsafe())
      assert.deepStrictEqual(yield* connected, ["CP001"])
      const [older, newer, ...others] = yield* network.links("CP001")
      assert.lengthOf(others, 0)
      yield* older!.cut()
      yield* Effect.sleep(1)
      assert.isDefined(first.pollUnsafe())
      assert.isUndefined(second.pollUnsafe())
      assert.deepStrictEqual(yield* network.links("CP001"), [newer!])
      assert.lengthOf(yield* csms.connected, 1)
    }).pipe(Simulation.run)
  )
})

describe("A station and a CSMS over a bad network", () => {
  it.effect("send every heartbeat of a day, however late", () =>
    Effect.gen(function* () {
      const slow = yield* Simulation.run(day({ latency: "1 second", jitter: "5 seconds" }), { seed: 1 })
      assert.lengthOf(slow.answered, 288)
      assert.deepStrictEqual(slow.failures, [])
      assert.strictEqual(slow.connected, 1)
    })
  )

  it.effect("do the same on every run with the same seed, and something else with another", () =>
    Effect.gen(function* () {
      const bad = day({ latency: 20, jitter: 200, loss: 0.1, corruption: 0.02 })
      const first = yield* Simulation.run(bad, { seed: "one" })
      assert.isAbove(first.failures.length, 30)
      assert.isAbove(first.answered.length, 200)
      assert.isAbove(first.asked.length, first.answered.length)
      assert.deepStrictEqual(yield* Simulation.run(bad, { seed: "one" }), first)
      assert.notDeepEqual(yield* Simulation.run(bad, { seed: "two" }), first)
    })
  )
})
