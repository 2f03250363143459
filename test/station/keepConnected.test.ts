import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Reply } from "../../src/Reply.ts"
import { VirtualStation } from "../../src/simulation/index.ts"
import type { ConnectionStatus } from "../../src/station/ConnectionStatus.ts"
import {
  type ConnectError,
  Connector,
  NoCommonProtocol,
  ConnectRefused,
  ConnectUnreachable
} from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { accepted, time } from "../support/messages.ts"
import { fields, outcome } from "../support/outcome.ts"
import { endpoint, Network, standUp, station } from "../support/station.ts"
import { collect, settled, start } from "../support/time.ts"

const unreachable = new ConnectUnreachable({ url: endpoint, code: "ECONNREFUSED" })

const seconds = (network: Network): ReadonlyArray<number> => network.attempts.map(({ at }) => at / 1000)

/** Something that the CSMS sends. */
const anything = [2, "1", "ClearCache", {}]

/** Waits of 1, 2, 4, 8 … seconds. */
const doubling = Schedule.exponential("1 second")

const first = "ws://first.example"
const second = "ws://second.example"
const third = "ws://third.example"

/** The endpoints that were tried, with the second at which they were. */
const tried = (network: Network): ReadonlyArray<readonly [string, number]> =>
  network.attempts.map(({ at, url }) => [url, at / 1000])

/** A status without what `error` has beyond its fields. */
const plain = (status: ConnectionStatus): object =>
  "error" in status ? { ...status, error: fields(status.error) } : status

describe("A connection", () => {
  it.effect("[CON-09] on which the CSMS has sent something is a success: the waits start anew after it", () =>
    Effect.gen(function* () {
      const { network } = yield* station({ reconnect: doubling })
      network.failure = unreachable
      yield* network.raw.close()
      yield* TestClock.adjust("3 seconds")
      network.failure = undefined
      yield* TestClock.adjust("4 seconds")
      assert.deepStrictEqual(seconds(network), [0, 1, 3, 7])
      yield* network.raw.send(anything)
      yield* network.raw.close()
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(seconds(network), [0, 1, 3, 7, 8])
    })
  )

  it.effect("[CON-09] that has lasted 10 seconds is a success, even if nothing was sent on it", () =>
    Effect.gen(function* () {
      for (const [held, next] of [
        ["9999 millis", 8],
        ["10 seconds", 1]
      ] as const) {
        const { network } = yield* station({ reconnect: doubling })
        network.failure = unreachable
        yield* network.raw.close()
        yield* TestClock.adjust("3 seconds")
        network.failure = undefined
        yield* TestClock.adjust("4 seconds")
        yield* TestClock.adjust(held)
        const lostAt = yield* Clock.currentTimeMillis
        yield* network.raw.close()
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(network.attempts.length, 5)
        assert.strictEqual((network.attempts[4]?.at ?? 0) - lostAt, next * 1000)
      }
    })
  )

  it.effect("is no success by what the station sends on it", () =>
    Effect.gen(function* () {
      const { csms, network } = yield* station({ reconnect: doubling })
      yield* network.raw.close()
      yield* TestClock.adjust("1 second")
      yield* start(csms.heartbeat({}))
      yield* network.raw.nextCall("Heartbeat")
      yield* network.raw.close()
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(seconds(network), [0, 1, 3])
    })
  )

  it.effect("[CON-07] that the CSMS accepts and closes at once is tried again with growing waits", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.flapping.add(endpoint)
      yield* station({ reconnect: doubling }, network)
      yield* TestClock.adjust("63 seconds")
      assert.deepStrictEqual(seconds(network), [0, 1, 3, 7, 15, 31, 63])
      assert.strictEqual(network.released, 7)
    })
  )

  it.effect("[CON-07] that the CSMS accepts and closes at once is tried once in 24 seconds at most, by default", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.flapping.add(endpoint)
      yield* station({}, network)
      yield* TestClock.adjust("6 hours")
      assert.isAtMost(network.attempts.length, 4 + (6 * 3600) / 24)
      assert.isAtLeast(network.attempts.length, (6 * 3600) / 174)
    })
  )

  for (const failure of [
    new ConnectRefused({ url: endpoint, status: 401 }),
    new ConnectRefused({ url: endpoint, status: 404 }),
    new NoCommonProtocol({ url: endpoint, offered: ["ocpp1.6"] }),
    unreachable
  ]) {
    it.effect(`[CON-07] that fails is tried again with growing waits: ${failure.message}`, () =>
      Effect.gen(function* () {
        const { network } = yield* station({ reconnect: doubling })
        network.failure = failure
        yield* network.raw.close()
        yield* TestClock.adjust("63 seconds")
        assert.deepStrictEqual(seconds(network), [0, 1, 3, 7, 15, 31, 63])
      })
    )
  }

  it.effect("tells the schedule why there is none, so that it can end the attempts", () =>
    Effect.gen(function* () {
      const { network, status } = yield* station({
        reconnect: Schedule.spaced("1 minute").pipe(
          Schedule.setInputType<{ readonly _tag: string }>(),
          Schedule.while(({ input }) => input._tag !== "ConnectRefused")
        )
      })
      const seen = yield* collect(status)
      network.failure = unreachable
      yield* network.raw.close()
      yield* TestClock.adjust("5 minutes")
      network.failure = new ConnectRefused({ url: endpoint, status: 401 })
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(seconds(network), [0, 60, 120, 180, 240, 300, 360])
      assert.strictEqual(seen.at(-1)?._tag, "GaveUp")
    })
  )

  it.effect("[CON-01] is there again after every loss, over a week of losses and outages", () =>
    Effect.gen(function* () {
      const { csms, network, status } = yield* station()
      const seen = yield* collect(status)
      const week = 7 * 24 * 3600
      let losses = 0
      let downtime = 0
      while ((yield* Clock.currentTimeMillis) < week * 1000) {
        yield* TestClock.adjust(`${yield* Random.nextIntBetween(0, 4 * 3600)} seconds`)
        if ((yield* Random.next) < 0.5) yield* network.raw.send(anything)
        const isOutage = (yield* Random.next) < 0.3
        if (isOutage) network.failure = unreachable
        yield* network.raw.close(1001)
        losses++
        assert.strictEqual(seen.at(-1)?._tag, "Disconnected")
        if (isOutage) yield* TestClock.adjust(`${yield* Random.nextIntBetween(0, 3 * 3600)} seconds`)
        network.failure = undefined
        const before = yield* Clock.currentTimeMillis
        const links = network.links.length
        while (network.links.length === links) yield* TestClock.adjust("1 second")
        const away = ((yield* Clock.currentTimeMillis) - before) / 1000
        downtime += away
        // By the formula no wait takes longer than 174 seconds, and the first one not longer than 13.
        assert.isAtMost(away, isOutage ? 175 : 14)
        yield* settled
        assert.strictEqual(seen.at(-1)?._tag, "Connected")
        assert.strictEqual(network.links.length, losses + 1)
        assert.strictEqual(network.released, network.attempts.length - 1)
      }
      assert.isAtLeast(losses, 40)
      assert.isBelow(downtime / losses, 60)
      const call = yield* start(csms.heartbeat({}))
      yield* network.raw.send([3, yield* network.raw.nextCall("Heartbeat"), { currentTime: time }])
      assert.strictEqual(outcome(call), "ok")
    }).pipe(Random.withSeed("a week"))
  )
})

describe("Several endpoints", () => {
  const urls = [first, second, third] as const

  it.effect("are tried in order of priority, without a wait, until one connects", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(first)
      const { status } = yield* station({ url: urls }, network)
      assert.deepStrictEqual(tried(network), [
        [first, 0],
        [second, 0]
      ])
      assert.deepStrictEqual(yield* collect(status), [{ _tag: "Connected", url: second, subprotocol: "ocpp1.6" }])
      assert.strictEqual(network.released, 1)
    })
  )

  it.effect("of which none can be reached fail the layer with what the last one failed with", () =>
    Effect.gen(function* () {
      const network = new Network()
      for (const url of urls) network.down.add(url)
      const error = yield* Effect.flip(station({ url: urls }, network))
      assert.deepStrictEqual(fields(error), { _tag: "ConnectUnreachable", url: third, code: "ECONNREFUSED" })
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(tried(network), [
        [first, 0],
        [second, 0],
        [third, 0]
      ])
      assert.strictEqual(network.released, 3)
    })
  )

  it.effect("start with the one that held last, then go by priority, each once before the next wait", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(first)
      yield* station({ url: urls, reconnect: doubling }, network)
      yield* network.raw.send(anything)
      network.down.add(second).add(third)
      yield* network.raw.close()
      yield* TestClock.adjust("6 seconds")
      assert.deepStrictEqual(tried(network).slice(2), [
        [second, 1],
        [first, 1],
        [third, 1],
        [second, 3],
        [first, 3],
        [third, 3]
      ])
      network.down.delete(third)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(tried(network).slice(8), [
        [second, 7],
        [first, 7],
        [third, 7]
      ])
      yield* network.raw.send(anything)
      network.down.delete(second)
      yield* network.raw.close()
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(tried(network).slice(11), [[third, 8]])
      yield* network.raw.send(anything)
      network.down.add(third)
      yield* network.raw.close()
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(tried(network).slice(12), [
        [third, 9],
        [first, 9],
        [second, 9]
      ])
    })
  )

  it.effect("are left alone while one of them works, of whatever priority", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(first)
      yield* station({ url: urls }, network)
      network.down.clear()
      yield* TestClock.adjust("7 days")
      assert.strictEqual(network.attempts.length, 2)
    })
  )

  it.effect("[CON-07] go past one that accepts and closes at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.flapping.add(first)
      const { status } = yield* station({ url: urls }, network)
      assert.deepStrictEqual((yield* collect(status)).at(-1), {
        _tag: "Connected",
        url: second,
        subprotocol: "ocpp1.6"
      })
      assert.deepStrictEqual(tried(network), [
        [first, 0],
        [second, 0]
      ])
    })
  )

  it.effect("[CON-07] that all accept and close at once are each tried with growing waits", () =>
    Effect.gen(function* () {
      const network = new Network()
      for (const url of urls) network.flapping.add(url)
      yield* station({ url: urls, reconnect: doubling }, network)
      yield* settled
      yield* TestClock.adjust("31 seconds")
      for (const url of urls) {
        const times = tried(network).flatMap(([other, at]) => (other === url ? [at] : []))
        assert.deepStrictEqual(times, [0, 1, 3, 7, 15, 31])
      }
    })
  )
})

describe("The status of a connection", () => {
  it.effect("tells every attempt, loss and wait", () =>
    Effect.gen(function* () {
      const { network, status } = yield* station({ reconnect: doubling })
      const seen = yield* collect(status)
      yield* network.raw.send(anything)
      network.failure = unreachable
      yield* network.raw.close(1001, "maintenance")
      yield* TestClock.adjust("1 second")
      network.failure = new ConnectRefused({ url: endpoint, status: 404 })
      yield* TestClock.adjust("2 seconds")
      network.failure = undefined
      yield* TestClock.adjust("4 seconds")
      const lost = { _tag: "ConnectionLost", url: endpoint, code: 1001, reason: "maintenance" }
      const refused = { _tag: "ConnectRefused", url: endpoint, status: 404 }
      assert.deepStrictEqual(seen.map(plain), [
        { _tag: "Connected", url: endpoint, subprotocol: "ocpp1.6" },
        { _tag: "Disconnected", error: lost, nextAttempt: 1000 },
        { _tag: "Connecting", url: endpoint, attempt: 1 },
        { _tag: "Disconnected", error: fields(unreachable), nextAttempt: 2000 },
        { _tag: "Connecting", url: endpoint, attempt: 2 },
        { _tag: "Disconnected", error: refused, nextAttempt: 4000 },
        { _tag: "Connecting", url: endpoint, attempt: 3 },
        { _tag: "Connected", url: endpoint, subprotocol: "ocpp1.6" }
      ])
      const [, disconnected] = seen
      assert.strictEqual(
        disconnected?._tag === "Disconnected" ? disconnected.error.message : undefined,
        "the connection to ws://csms.example/ocpp was lost: 1001 maintenance"
      )
    })
  )

  it.effect("tells that the next endpoint follows at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      const { status } = yield* station({ url: [first, second] }, network)
      yield* network.raw.send(anything)
      const seen = yield* collect(Stream.drop(status, 1))
      network.down.add(first)
      yield* network.raw.close()
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(seen.slice(1).map(plain), [
        { _tag: "Connecting", url: first, attempt: 1 },
        {
          _tag: "Disconnected",
          error: { _tag: "ConnectUnreachable", url: first, code: "ECONNREFUSED" },
          nextAttempt: 0
        },
        { _tag: "Connecting", url: second, attempt: 2 },
        { _tag: "Connected", url: second, subprotocol: "ocpp1.6" }
      ])
    })
  )

  it.effect("tells that the schedule has ended", () =>
    Effect.gen(function* () {
      const { network, status } = yield* station({ reconnect: Schedule.recurs(1) })
      const seen = yield* collect(status)
      network.failure = unreachable
      yield* network.raw.close()
      assert.deepStrictEqual(
        seen.map(({ _tag }) => _tag),
        ["Connected", "Disconnected", "Connecting", "GaveUp"]
      )
      assert.deepStrictEqual(plain(seen[3]!), { _tag: "GaveUp", error: fields(unreachable) })
    })
  )

  it.effect("is made again by a station that is rebooted after it has given up, with the schedule from its start", () =>
    Effect.gen(function* () {
      const { network, reboot, status } = yield* station({ reconnect: Schedule.recurs(1) })
      const seen = yield* collect(Stream.drop(status, 1))
      network.failure = unreachable
      yield* network.raw.close()
      yield* TestClock.adjust("1 hour")
      yield* reboot
      yield* settled
      network.failure = undefined
      yield* TestClock.adjust("10 seconds")
      yield* reboot
      yield* settled
      assert.strictEqual(
        seen.map(({ _tag }) => _tag).join(),
        "Disconnected,Connecting,GaveUp,Connecting,Disconnected,Connecting,GaveUp,Connecting,Connected"
      )
    })
  )

  it.effect("is made again once in 10 seconds by a station that has given up and reboots again and again", () =>
    Effect.gen(function* () {
      const { network, reboot } = yield* station({ reconnect: Schedule.recurs(0) })
      for (let at = 0; at < 30; at++) {
        yield* reboot
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(seconds(network), [0, 0, 10, 20, 30])
    })
  )

  it.effect("ends with the station", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { status } = yield* station().pipe(Scope.provide(scope))
      const seen = yield* start(Stream.runCollect(status))
      yield* settled
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(outcome(seen), "ok")
    })
  )

  it.effect("[FIELD-K13] is in the log: why there is none, when the next attempt comes, and that it is there", () =>
    Effect.gen(function* () {
      const logged: Array<readonly [level: string, message: string]> = []
      const network = new Network()
      network.failure = new ConnectRefused({ url: "ws://csms/CP001", status: 401 })
      yield* standUp(
        V16.protocol,
        { url: "ws://csms", firstConnection: "retry", reconnect: doubling },
        Layer.merge(
          network.layer,
          Logger.layer([
            Logger.make<unknown, void>(({ logLevel, message }) => {
              logged.push([logLevel, String(message)])
            })
          ])
        )
      )
      yield* TestClock.adjust("1 second")
      network.failure = undefined
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(logged, [
        [
          "Warn",
          "CP001 is not connected: ws://csms/CP001 refused the connection with HTTP status 401; it tries again in 1 s"
        ],
        [
          "Warn",
          "CP001 is not connected: ws://csms/CP001 refused the connection with HTTP status 401; it tries again in 2 s"
        ],
        ["Info", "CP001 is connected to ws://csms with ocpp1.6"]
      ])
    })
  )

  it.effect("shows no password of a URL, and neither do errors and logs", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const url = "wss://CP001:s3cret@csms.example/ocpp"
      let attempts = 0
      const connector = Connector.of({
        connect: ({ url: given }) => {
          assert.strictEqual(given, url)
          return ++attempts === 1 ? Effect.die(new Error("broken")) : Effect.fail(unreachable)
        }
      })
      const made = yield* standUp(
        V16.protocol,
        { url, firstConnection: "retry", reconnect: doubling },
        Layer.merge(
          Layer.succeed(Connector, connector),
          Logger.layer([Logger.map(Logger.formatStructured, (line) => logged.push(JSON.stringify(line)))])
        )
      )
      const seen = yield* collect(made.station.status)
      yield* TestClock.adjust("10 seconds")
      const shown = JSON.stringify([seen.map(plain), logged])
      assert.include(shown, "csms.example")
      assert.notInclude(shown, "s3cret")
      // The connector's defect, and each time that no connection comes of it.
      assert.isAbove(logged.length, 2)
    })
  )
})

describe("The first connection", () => {
  it.effect("that is retried leaves the layer ready at once, and calls fail as NotSent until it is there", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.failure = unreachable
      const { csms, status } = yield* station({ firstConnection: "retry", reconnect: doubling }, network)
      assert.strictEqual(network.attempts.length, 1)
      const seen = yield* collect(status)
      assert.deepStrictEqual(seen.map(plain), [{ _tag: "Disconnected", error: fields(unreachable), nextAttempt: 1000 }])
      const early = yield* start(csms.heartbeat({}))
      assert.strictEqual(outcome(early), "NotConnected")
      yield* TestClock.adjust("3 seconds")
      network.failure = undefined
      yield* TestClock.adjust("4 seconds")
      assert.deepStrictEqual(seconds(network), [0, 1, 3, 7])
      assert.strictEqual(seen.at(-1)?._tag, "Connected")
      const call = yield* start(csms.heartbeat({}))
      yield* network.raw.send([3, yield* network.raw.nextCall("Heartbeat"), { currentTime: time }])
      assert.strictEqual(outcome(call), "ok")
    })
  )

  it.effect("that is retried does not hold up the layer, however long the handshake takes", () =>
    Effect.gen(function* () {
      const hanging = Layer.succeed(Connector, Connector.of({ connect: () => Effect.never }))
      const made = yield* standUp(V16.protocol, { firstConnection: "retry" }, hanging)
      assert.deepStrictEqual(yield* collect(made.station.status), [{ _tag: "Connecting", url: endpoint, attempt: 1 }])
    })
  )

  it.effect("is what the version that was agreed waits for", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.speaks = "ocpp1.6"
      network.failure = unreachable
      const negotiated = yield* Station.negotiate([{ protocol: V201.protocol }, { protocol: V16.protocol }], {
        url: endpoint,
        identity: "CP001",
        firstConnection: "retry",
        reconnect: doubling
      }).pipe(Effect.provide(network.layer))
      const agreed = yield* start(Effect.map(negotiated.agreed, ({ version }) => version))
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(outcome(agreed), "open")
      network.failure = undefined
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual(outcome(agreed), "ok")
      assert.strictEqual((yield* negotiated.agreed).version, "1.6")
    })
  )

  it.effect("that is retried ends with the schedule", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.failure = unreachable
      const { status } = yield* station({ firstConnection: "retry", reconnect: Schedule.recurs(2) }, network)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(network.attempts.length, 3)
      assert.deepStrictEqual((yield* collect(status)).map(plain), [{ _tag: "GaveUp", error: fields(unreachable) }])
    })
  )

  it.effect("that must not fail may be lost at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.flapping.add(endpoint)
      const { csms } = yield* station({ reconnect: doubling }, network)
      assert.strictEqual(outcome(yield* start(csms.heartbeat({}))), "NotConnected")
      network.flapping.clear()
      yield* TestClock.adjust("1 second")
      yield* start(csms.heartbeat({}))
      yield* network.raw.nextCall("Heartbeat")
    })
  )
})

describe("The identity of a station", () => {
  const tooLong = "x".repeat(49)

  for (const firstConnection of ["fail", "retry"] as const) {
    for (const protocol of [V201.protocol, V21.protocol]) {
      for (const [name, identity, rule] of [
        ["with a colon", "CP:001", "an identity has no colon"],
        ["of 49 characters", tooLong, "an identity has at most 48 characters"]
      ] as const) {
        it.effect(`[CON-03] ${name} is none of ${protocol.version}, with firstConnection ${firstConnection}`, () =>
          Effect.gen(function* () {
            const network = new Network()
            const error = yield* Effect.flip(
              Station.negotiate([{ protocol }], { url: endpoint, identity, firstConnection }).pipe(
                Effect.provide(network.layer)
              )
            )
            assert.deepStrictEqual(fields(error), { _tag: "InvalidIdentity", identity, rule })
            yield* TestClock.adjust("1 hour")
            assert.strictEqual(network.attempts.length, 0)
          })
        )
      }
    }
  }

  it.effect("[CON-03] of 48 characters is one of 2.x, and 1.6 allows more and a colon", () =>
    Effect.gen(function* () {
      for (const [protocol, identity] of [
        [V201.protocol, "x".repeat(48)],
        [V16.protocol, "CP:001"],
        [V16.protocol, tooLong]
      ] as const) {
        const connector = Connector.of({
          connect: (options) => Effect.fail(new ConnectRefused({ url: options.identity, status: 1 }))
        })
        const error = yield* Effect.flip(
          Station.negotiate([{ protocol }], { url: endpoint, identity }).pipe(
            Effect.provideService(Connector, connector)
          )
        )
        assert.deepStrictEqual(fields(error), { _tag: "ConnectRefused", url: identity, status: 1 })
      }
    })
  )

  it.effect("[CON-03] is offered only the versions that allow it", () =>
    Effect.gen(function* () {
      for (const [identity, offered] of [
        ["CP001", ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"]],
        ["CP:001", ["ocpp1.6"]],
        [tooLong, ["ocpp1.6"]]
      ] as const) {
        const network = new Network()
        network.speaks = "ocpp1.6"
        const { agreed } = yield* Station.negotiate(
          [{ protocol: V21.protocol }, { protocol: V201.protocol }, { protocol: V16.protocol }],
          { url: endpoint, identity }
        ).pipe(Effect.provide(network.layer))
        assert.deepStrictEqual(network.attempts[0]?.subprotocols, offered)
        assert.strictEqual((yield* agreed).version, "1.6")
      }
    })
  )

  it.effect("[CON-03] that no version allows names the rule of the first", () =>
    Effect.gen(function* () {
      const network = new Network()
      const identity = `${"x".repeat(255)}:`
      const error = yield* Effect.flip(
        Station.negotiate([{ protocol: V16.protocol }, { protocol: V201.protocol }], { url: endpoint, identity }).pipe(
          Effect.provide(network.layer)
        )
      )
      assert.deepStrictEqual(fields(error), {
        _tag: "InvalidIdentity",
        identity,
        rule: "an identity has at most 255 characters"
      })
    })
  )
})

describe("A station that is closed", () => {
  it.effect("while it waits for its first connection makes no more attempts", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.failure = unreachable
      const scope = yield* Scope.make()
      const { csms } = yield* station({ firstConnection: "retry" }, network).pipe(Scope.provide(scope))
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(network.attempts.length, 1)
      assert.strictEqual(network.released, 1)
      assert.strictEqual(outcome(yield* start(csms.heartbeat({}))), "NotConnected")
    })
  )

  it.effect("while it connects, first or again, cleans the attempt up and makes no other", () =>
    Effect.gen(function* () {
      for (const attempt of [1, 2]) {
        const network = new Network()
        let attempts = 0
        let released = 0
        const connector = Connector.of({
          connect: Effect.fnUntraced(function* (options) {
            yield* Effect.addFinalizer(() => Effect.sync(() => released++))
            if (++attempts === attempt) yield* Effect.never
            const { connect } = yield* Effect.provide(Connector, network.layer)
            return yield* connect(options)
          })
        })
        const scope = yield* Scope.make()
        yield* standUp(V16.protocol, {}, Layer.succeed(Connector, connector)).pipe(
          Scope.provide(scope),
          Effect.forkIn(scope, { startImmediately: true })
        )
        yield* settled
        if (attempt === 2) yield* network.raw.close()
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(attempts, attempt)
        assert.strictEqual(released, attempt - 1)
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual(released, attempt)
        yield* TestClock.adjust("1 hour")
        assert.strictEqual(attempts, attempt)
      }
    })
  )

  it.effect("makes no attempt while the connection takes its time to close", () =>
    Effect.gen(function* () {
      const network = new Network()
      let attempts = 0
      const connector = Connector.of({
        connect: Effect.fnUntraced(function* (options) {
          attempts++
          yield* Effect.addFinalizer(() => Effect.sleep("1 minute"))
          const { connect } = yield* Effect.provide(Connector, network.layer)
          return yield* connect(options)
        })
      })
      const scope = yield* Scope.make()
      yield* standUp(
        V16.protocol,
        { reconnect: Schedule.spaced("1 second") },
        Layer.succeed(Connector, connector)
      ).pipe(Scope.provide(scope))
      yield* network.raw.close()
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(seconds(network), [0, 1])
      const closing = yield* start(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(outcome(closing), "open")
      assert.strictEqual(network.raw.end?.code, 1000)
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(outcome(closing), "ok")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(attempts, 2)
    })
  )
})

describe("The clean-up of a lost connection", () => {
  it.effect("does not hold up the next one, on which it may depend", () =>
    Effect.gen(function* () {
      const { network } = yield* station({
        reconnect: Schedule.spaced("1 second"),
        handlers: {
          clearCache: (_, csms) =>
            Reply.then(
              { status: "Accepted" } as const,
              Effect.uninterruptible(Effect.delay(Effect.ignore(csms.authorize({ idTag: "321" })), "5 seconds"))
            )
        }
      })
      yield* network.raw.send(anything)
      yield* network.raw.close()
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(seconds(network), [0, 1])
      const id = yield* network.raw.nextCall("Authorize")
      assert.strictEqual(network.released, 0)
      yield* network.raw.send([3, id, accepted])
      assert.strictEqual(network.released, 1)
    })
  )
})

describe("A connector with a bug", () => {
  it.effect("[CON-01] costs one attempt, not all", () =>
    Effect.gen(function* () {
      const network = new Network()
      let isBroken = false
      const connector = Connector.of({
        connect: (options) =>
          isBroken
            ? Effect.die(new Error("broken"))
            : Effect.flatMap(Connector, ({ connect }) => connect(options)).pipe(Effect.provide(network.layer))
      })
      const made = yield* standUp(
        V16.protocol,
        { reconnect: doubling },
        Layer.merge(Layer.succeed(Connector, connector), Logger.layer([]))
      )
      const seen = yield* collect(made.station.status)
      isBroken = true
      yield* network.raw.close()
      yield* TestClock.adjust("3 seconds")
      const error: ConnectError = new ConnectUnreachable({ url: endpoint, code: "the connector failed" })
      assert.deepInclude(plain(seen.at(-1)!), { _tag: "Disconnected", error: fields(error) })
      isBroken = false
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual(seen.at(-1)?._tag, "Connected")
    })
  )
})

describe("A simulated station", () => {
  it.effect("[CON-10] boots once, whatever happens to its connection afterwards", () =>
    Effect.gen(function* () {
      const network = new Network()
      yield* Layer.build(
        VirtualStation.layer({ url: endpoint, identity: "CP001", reconnect: Schedule.spaced("10 seconds") }).pipe(
          Layer.provide(network.layer)
        )
      )
      const answers: Record<string, unknown> = {
        BootNotification: { status: "Accepted", currentTime: time, interval: 3600 },
        Heartbeat: { currentTime: time },
        StatusNotification: {}
      }
      const asked: Array<string> = []
      const answer = Effect.gen(function* () {
        for (let frames = yield* network.raw.news; frames.length > 0; frames = yield* network.raw.news) {
          for (const [, id, action] of frames) {
            asked.push(String(action))
            yield* network.raw.send([3, id, answers[String(action)]])
          }
        }
      })
      yield* answer
      assert.deepStrictEqual(asked, ["BootNotification", "StatusNotification", "StatusNotification"])
      for (let loss = 0; loss < 5; loss++) {
        yield* network.raw.close(1001)
        yield* TestClock.adjust("1 hour")
        yield* answer
      }
      assert.strictEqual(network.links.length, 6)
      assert.deepStrictEqual(
        asked.slice(3),
        Array.from({ length: 5 }, () => "Heartbeat")
      )
    })
  )
})
