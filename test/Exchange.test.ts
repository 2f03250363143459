/**
 * The facts of the exchanges of calls.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { Exchange } from "../src/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V21 from "../src/v21/index.ts"
import { csms as makeCsms } from "./support/csms.ts"
import { station } from "./support/station.ts"
import { start } from "./support/time.ts"

const ofHeartbeat = { version: "1.6", identity: "CP001", action: "Heartbeat" }

describe("The exchange of a call", () => {
  it.effect("has its message id and when it was sent and answered, not when it began to wait", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1000)
      const { csms, raw } = yield* station()
      const first = yield* start(csms.heartbeat({}))
      const call = yield* start(Exchange.record(csms.heartbeat({})))
      yield* TestClock.adjust("1 second")
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: "2026-11-29T06:00:00Z" }])
      yield* Fiber.join(first)
      yield* TestClock.adjust("2 seconds")
      const messageId = yield* raw.nextCall("Heartbeat")
      yield* raw.send([3, messageId, { currentTime: "2026-11-29T06:00:00Z" }])
      const [response, exchanges] = yield* Fiber.join(call)
      assert.deepStrictEqual(response, { currentTime: "2026-11-29T06:00:00Z" })
      assert.deepStrictEqual(exchanges, [{ ...ofHeartbeat, messageId, sentAt: 2000, answeredAt: 4000, tries: 1 }])
    })
  )

  it.effect("counts its tries, and has the times of the last one", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(0)
      const { csms, raw } = yield* station()
      const options = { timeout: "10 seconds", retry: Schedule.spaced("5 seconds"), messageId: "mine" } as const
      const call = yield* start(Exchange.record(csms.heartbeat({}, options)))
      yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("15 seconds")
      yield* raw.send([4, yield* raw.nextCall("Heartbeat"), "GenericError", "", {}])
      assert.strictEqual((yield* Effect.flip(Fiber.join(call)))._tag, "CallError")

      const again = yield* start(Exchange.record(Effect.result(csms.heartbeat({}, options))))
      yield* TestClock.adjust("15 seconds")
      yield* raw.send([4, "mine", "GenericError", "", {}])
      const [, exchanges] = yield* Fiber.join(again)
      const times = { sentAt: 30_000, answeredAt: 30_000 }
      assert.deepStrictEqual(exchanges, [{ ...ofHeartbeat, messageId: "mine", ...times, tries: 2 }])
    })
  )

  it.effect("is one without an answer if none came, and none at all if nothing was sent", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(Exchange.record(Effect.result(csms.heartbeat({}, { timeout: "10 seconds" }))))
      yield* TestClock.adjust("10 seconds")
      const [result, [exchange]] = yield* Fiber.join(call)
      assert.strictEqual(result._tag, "Failure")
      assert.strictEqual(exchange?.answeredAt, undefined)
      assert.strictEqual(exchange?.tries, 1)
      yield* raw.close()
      const [, none] = yield* Exchange.record(Effect.result(csms.heartbeat({})))
      assert.deepStrictEqual(none, [])
    })
  )

  it.effect("is told of messages that are stored first, and of a SEND", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(
        Exchange.record(csms.stopTransaction({ transactionId: 1, meterStop: 1, timestamp: "2026-11-29T06:00:00Z" }))
      )
      const messageId = yield* raw.nextCall("StopTransaction")
      yield* raw.send([3, messageId, {}])
      const [, exchanges] = yield* Fiber.join(call)
      assert.deepStrictEqual(
        exchanges.map((exchange) => [exchange.action, exchange.messageId]),
        [["StopTransaction", messageId]]
      )
    })
  )

  it.effect("is there for a CSMS, whose methods can be taken out of their client", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({
        handlers: [V16.csmsHandlersPartial({}), V21.csmsHandlersPartial({})]
      })
      const { raw, session } = yield* connect("CP001")
      if (session.version !== "1.6") return assert.fail(session.version)
      const { clearCache, reset } = session.station
      const call = yield* start(Exchange.record(Effect.all([clearCache({}), reset({ type: "Soft" })])))
      for (const action of ["ClearCache", "Reset"])
        yield* raw.send([3, yield* raw.nextCall(action), { status: "Accepted" }])
      const [, exchanges] = yield* Fiber.join(call)
      assert.deepStrictEqual(
        exchanges.map(({ action, identity }) => [action, identity]),
        [
          ["ClearCache", "CP001"],
          ["Reset", "CP001"]
        ]
      )
      assert.lengthOf(yield* csms.connected, 1)
    })
  )
})
