import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Csms, type CsmsOptions } from "../../src/csms/Csms.ts"
import { hasPassword, unauthorized, unknownStation } from "../../src/csms/Handshake.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { Connector, ConnectUnreachable } from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { accepted, boot, core, time } from "../support/messages.ts"
import { fields, outcome } from "../support/outcome.ts"
import { Network, standUp, station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

const unreachable = new ConnectUnreachable({ url: "ws://csms.example/ocpp", code: "ECONNREFUSED" })

const seconds = (network: Network): ReadonlyArray<number> => network.attempts.map(({ at }) => at / 1000)

const bootNotification = () => Effect.succeed({ status: "Accepted", currentTime: time, interval: 300 } as const)

/** How many timers the process waits for. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

describe("A station", () => {
  it.effect("connects with its identity, its version and its password", () =>
    Effect.gen(function* () {
      const password = Redacted.make("secret")
      const { network } = yield* station({ password, connectTimeout: "3 seconds" })
      assert.deepStrictEqual(network.attempts, [
        {
          at: 0,
          url: "ws://csms.example/ocpp",
          identity: "CP001",
          subprotocols: ["ocpp1.6"],
          password,
          timeout: Duration.seconds(3)
        }
      ])
    })
  )

  it.live("leaves no timer behind that would keep its process from ending", () =>
    Effect.gen(function* () {
      const before = timers()
      const CsmsLive = Csms.layer({
        accept: () => Effect.void,
        handlers: [V16.csmsHandlers({ ...core, bootNotification })]
      })
      const StationLive = Station.layer(V16.protocol, { url: "ws://csms", identity: "CP001", boot }).pipe(
        Layer.provide(MemoryNetwork.layer),
        Layer.provide(CsmsLive)
      )
      yield* Effect.gen(function* () {
        yield* (yield* Station).accepted
        // The time-out of a call, and the next heartbeat.
        assert.isAbove(timers(), before)
      }).pipe(Effect.provide(StationLive))
      // Both sides hear of the end of the connection a step or two later.
      for (let steps = 0; steps < 20; steps++) yield* Effect.yieldNow
      // Fewer if one of an earlier test in this process has ended meanwhile.
      assert.isAtMost(timers(), before)
    })
  )

  it.effect("waits 10 seconds for a handshake unless told otherwise", () =>
    Effect.gen(function* () {
      const { network } = yield* station()
      assert.deepStrictEqual(network.attempts[0]?.timeout, Duration.seconds(10))
    })
  )

  it.effect("[CON-10] sends nothing by itself, also after a reconnect", () =>
    Effect.gen(function* () {
      const { network } = yield* station()
      assert.deepStrictEqual(network.raw.received, [])
      yield* network.raw.close()
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(network.links.length, 2)
      assert.deepStrictEqual(network.raw.received, [])
    })
  )

  it.effect("closes its connection with its layer, and makes no other", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { csms, network, raw } = yield* station().pipe(Scope.provide(scope))
      const call = yield* start(csms.heartbeat({}))
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(raw.end?.code, 1000)
      assert.strictEqual(network.released, 1)
      assert.strictEqual(network.attempts.length, 1)
      assert.strictEqual(outcome(call), "ConnectionLost")
    })
  )

  it.effect("closed while it waits to reconnect makes no more attempts", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { network, raw } = yield* station().pipe(Scope.provide(scope))
      yield* raw.close()
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(network.attempts.length, 1)
    })
  )

  it.effect("closed while it connects gives up", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const hanging = Layer.succeed(
        Connector,
        Connector.of({
          connect: () => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => events.push("interrupted"))))
        })
      )
      const scope = yield* Scope.make()
      yield* standUp(V16.protocol, {}, hanging).pipe(Scope.provide(scope), Effect.forkIn(scope))
      yield* settled
      assert.deepStrictEqual(events, [])
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(events, ["interrupted"])
    })
  )

  it.effect("gives its handlers the CSMS, whichever connection leads to it", () =>
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const { network } = yield* station({
        reconnect: Schedule.spaced("1 second"),
        handlers: {
          remoteStartTransaction: ({ idTag }, csms) => {
            const later = Effect.delay(csms.authorize({ idTag }), "10 seconds")
            return Effect.as(Effect.forkIn(later, scope), { status: "Accepted" } as const)
          }
        }
      })
      yield* network.raw.send([2, "1", "RemoteStartTransaction", { idTag: "321" }])
      yield* network.raw.close()
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(network.links.length, 2)
      yield* network.raw.nextCall("Authorize")
    })
  )
})

const csmsLayer = (accept: CsmsOptions["accept"]) =>
  MemoryNetwork.layer.pipe(Layer.provideMerge(Csms.layer({ accept, handlers: [V16.csmsHandlers(core)] })))

describe("The handlers of a station", () => {
  it.effect("have the services that its layer is given", () =>
    Effect.gen(function* () {
      class Meter extends Context.Service<Meter, { readonly reading: number }>()("test/Meter") {}
      const network = new Network()
      const handlers = V16.stationHandlersPartial({
        dataTransfer: Effect.fnUntraced(function* () {
          yield* Effect.yieldNow
          const { reading } = yield* Meter
          return { status: "Accepted", data: String(reading) } as const
        })
      })
      yield* Layer.build(
        Station.layer(V16.protocol, { url: "ws://csms.example", identity: "CP001", handlers }).pipe(
          Layer.provide(network.layer),
          Layer.provide(Layer.succeed(Meter, { reading: 42 }))
        )
      )
      yield* network.raw.send([2, "1", "DataTransfer", { vendorId: "x" }])
      assert.deepStrictEqual(yield* network.raw.next, [3, "1", { status: "Accepted", data: "42" }])
    })
  )
})

describe("What comes before the station listens", () => {
  it.effect("is handled all the same, and its handler may call the CSMS", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.greeting = [2, "1", "RemoteStartTransaction", { idTag: "321" }]
      const { raw } = yield* station(
        {
          handlers: {
            remoteStartTransaction: ({ idTag }, csms) =>
              Effect.as(Effect.orDie(csms.authorize({ idTag })), { status: "Accepted" } as const)
          }
        },
        network
      )
      yield* raw.send([3, yield* raw.nextCall("Authorize"), accepted])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
    })
  )
})

describe("The first attempt", () => {
  const stationLayer = Station.layer(V16.protocol, {
    url: "ws://csms.example/ocpp",
    identity: "CP001",
    password: Redacted.make("secret")
  })

  for (const [status, refusal] of [
    [401, unauthorized],
    [404, unknownStation]
  ] as const) {
    it.effect(`[CON-07] fails the layer if the CSMS refuses with ${status}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          Layer.build(stationLayer.pipe(Layer.provide(csmsLayer(() => Effect.fail(refusal)))))
        )
        assert.deepStrictEqual(fields(error), { _tag: "ConnectRefused", url: "ws://csms.example/ocpp", status })
      })
    )
  }

  it.effect("[SEC-02] presents the identity and the password", () =>
    Effect.gen(function* () {
      const live = csmsLayer((handshake) =>
        hasPassword(handshake, Redacted.make("secret")) ? Effect.void : Effect.fail(unauthorized)
      )
      const context = yield* Layer.build(stationLayer.pipe(Layer.provideMerge(live)))
      const connected = yield* Context.get(context, Csms).connected
      assert.deepStrictEqual(
        connected.map(({ identity }) => identity),
        ["CP001"]
      )
    })
  )

  it.effect("[CON-06] fails the layer if there is no common sub-protocol", () =>
    Effect.gen(function* () {
      const other = Csms.layer({ accept: () => Effect.void, handlers: [V201.csmsHandlersPartial({})] })
      const live = MemoryNetwork.layer.pipe(Layer.provide(other))
      const error = yield* Effect.flip(Layer.build(stationLayer.pipe(Layer.provide(live))))
      assert.deepStrictEqual(fields(error), {
        _tag: "NoCommonProtocol",
        url: "ws://csms.example/ocpp",
        offered: ["ocpp1.6"]
      })
    })
  )

  it.effect("fails the layer if the CSMS cannot be reached, is not repeated, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.failure = unreachable
      const error = yield* Effect.flip(station({}, network))
      assert.strictEqual(error, unreachable)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(network.attempts.length, 1)
      assert.strictEqual(network.released, 1)
    })
  )
})

describe("A lost connection", () => {
  it.effect("is made again after the waits of the schedule", () =>
    Effect.gen(function* () {
      const { csms, network } = yield* station({ reconnect: Schedule.spaced("10 seconds") })
      yield* TestClock.adjust("5 seconds")
      network.failure = unreachable
      yield* network.raw.close()
      yield* TestClock.adjust("25 seconds")
      assert.deepStrictEqual(seconds(network), [0, 15, 25])
      network.failure = undefined
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(seconds(network), [0, 15, 25, 35])
      const call = yield* start(csms.heartbeat({}))
      yield* network.raw.send([3, yield* network.raw.nextCall("Heartbeat"), { currentTime: time }])
      assert.strictEqual(outcome(call), "ok")
    })
  )

  it.effect("leaves nothing behind, and neither does a failed attempt", () =>
    Effect.gen(function* () {
      const { network } = yield* station({ reconnect: Schedule.spaced("10 seconds") })
      network.failure = unreachable
      yield* network.raw.close()
      assert.strictEqual(network.released, 1)
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(network.released, 3)
    })
  )

  it.effect("is not made again once the schedule has ended", () =>
    Effect.gen(function* () {
      const { csms, network } = yield* station({
        reconnect: Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 2 }))
      })
      network.failure = unreachable
      yield* network.raw.close()
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(seconds(network), [0, 1, 2])
      const call = yield* start(csms.heartbeat({}))
      assert.strictEqual(outcome(call), "NotConnected")
    })
  )

  it.effect("fails calls as NotSent until it is back", () =>
    Effect.gen(function* () {
      const { csms, network } = yield* station({ reconnect: Schedule.spaced("10 seconds") })
      yield* network.raw.close()
      const call = yield* start(csms.heartbeat({}))
      assert.strictEqual(outcome(call), "NotConnected")
      yield* TestClock.adjust("9 seconds")
      const other = yield* start(csms.heartbeat({}))
      assert.strictEqual(outcome(other), "NotConnected")
      yield* TestClock.adjust("1 second")
      yield* start(csms.heartbeat({}))
      yield* network.raw.nextCall("Heartbeat")
    })
  )

  it.effect("does not bring back what came over it: a late answer completes nothing", () =>
    Effect.gen(function* () {
      const { csms, deviations, network } = yield* station({ reconnect: Schedule.spaced("1 second") })
      const lost = yield* start(csms.heartbeat({}))
      const id = yield* network.raw.nextCall("Heartbeat")
      yield* network.raw.close()
      assert.strictEqual(outcome(lost), "ConnectionLost")
      yield* TestClock.adjust("1 second")
      const next = yield* start(csms.heartbeat({}))
      yield* network.raw.nextCall("Heartbeat")
      yield* network.raw.send([3, id, { currentTime: time }])
      assert.strictEqual(outcome(next), "open")
      assert.deepStrictEqual(
        deviations.map(({ kind }) => kind),
        ["UnexpectedAnswer"]
      )
    })
  )
})
