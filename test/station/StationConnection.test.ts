/**
 * What an application can do with the connection of its station: call by action, close, prove itself anew.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { type ConnectionOptions, ConnectUnreachable, Outbox, Station } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { fields, outcome } from "../support/outcome.ts"
import { endpoint, Network } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

const time = "2026-11-29T06:00:00.000Z"

/** CP001, its connection and its outbox. */
const open = Effect.fnUntraced(function* (options: Partial<ConnectionOptions> = {}) {
  const network = new Network()
  const context = yield* Layer.build(
    Station.layer(V16.protocol, {
      url: endpoint,
      identity: "CP001",
      reconnect: Schedule.spaced("1 second"),
      ...options
    }).pipe(Layer.provide(network.layer))
  )
  yield* settled
  return { network, station: Context.get(context, Station), outbox: Context.get(context, Outbox) }
})

describe("The connection of a station", () => {
  it.effect("calls the CSMS by an action", () =>
    Effect.gen(function* () {
      const { network, station } = yield* open()
      const { call } = station
      const beat = yield* start(call(V16.Heartbeat, {}))
      yield* network.raw.send([3, yield* network.raw.nextCall("Heartbeat"), { currentTime: time }])
      assert.deepStrictEqual(yield* Fiber.join(beat), { currentTime: time })
      const late = yield* start(call(V16.Heartbeat, {}, { timeout: "2 seconds" }))
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(outcome(late), "Timeout")
      const other = yield* Effect.flip(call(V201.TransactionEvent, {} as never))
      assert.deepInclude(fields(other), { _tag: "NotSent", reason: "NotSupported" })
    })
  )

  it.effect("[TX-01] stores first what has to arrive, also if it is called by its action", () =>
    Effect.gen(function* () {
      const { network, outbox, station } = yield* open()
      yield* network.raw.close()
      const stop = yield* start(station.call(V16.StopTransaction, { transactionId: 1, meterStop: 1, timestamp: time }))
      assert.strictEqual(yield* outbox.waiting(), 1)
      assert.strictEqual(outcome(yield* start(station.call(V16.Heartbeat, {}))), "NotConnected")
      yield* TestClock.adjust("1 second")
      yield* network.raw.send([3, yield* network.raw.nextCall("StopTransaction"), {}])
      assert.deepStrictEqual(yield* Fiber.join(stop), {})
    })
  )

  it.effect("is closed with a code, and made again as after a loss", () =>
    Effect.gen(function* () {
      const { network, station } = yield* open()
      const { raw } = network
      yield* station.close(4000, "maintenance")
      yield* settled
      assert.deepStrictEqual(raw.end, { code: 4000, reason: "maintenance" })
      assert.strictEqual(network.links.length, 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(network.links.length, 2)
      yield* network.raw.close()
      // There is none to close.
      yield* station.close()
      yield* TestClock.adjust("1 second")
      assert.strictEqual(network.links.length, 3)
    })
  )
})

it.effect("[FIELD-K12] who reads how a connection stands slowly gets the latest 1,024 changes", () =>
  Effect.gen(function* () {
    const { network, station } = yield* open()
    const gate = yield* Latch.make()
    const reading = yield* start(
      station.status.pipe(
        Stream.mapEffect((status) => Effect.as(gate.await, status)),
        Stream.takeUntil((status) => status._tag === "Connecting" && status.attempt === 2000),
        Stream.runCollect
      )
    )
    network.failure = new ConnectUnreachable({ url: endpoint, code: "ECONNREFUSED" })
    yield* network.raw.close()
    yield* TestClock.adjust("2000 seconds")
    yield* gate.open
    const attempts = (yield* Fiber.join(reading)).flatMap((status) =>
      status._tag === "Connecting" ? [status.attempt] : []
    )
    // Each attempt is two changes; beside these it has what it had taken already.
    assert.deepStrictEqual(
      attempts.slice(-500),
      Array.from({ length: 500 }, (_, index) => 1501 + index)
    )
    assert.isAtMost(attempts.length, 514)
  })
)

describe("The credentials of a station", () => {
  it.effect("[SEC-02] are asked for before each attempt, and go before its password", () =>
    Effect.gen(function* () {
      let number = 0
      const { network } = yield* open({
        password: Redacted.make("first"),
        credentials: Effect.sync(() => (number++ === 1 ? {} : { password: Redacted.make(`renewed ${number}`) }))
      })
      for (let attempt = 0; attempt < 2; attempt++) {
        yield* network.raw.close()
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(
        network.attempts.map(({ password }) => Redacted.value(password!)),
        ["renewed 1", "first", "renewed 3"]
      )
    })
  )
})
