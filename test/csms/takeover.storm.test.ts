/**
 * Stations that take one identity from each other again and again are slowed down.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { core } from "../support/messages.ts"
import { isOver } from "../support/outcome.ts"
import { settled, start } from "../support/time.ts"

const handlers = [V16.csmsHandlers(core)]

it.effect("[CON-12] the newest wins at once five times a minute, and then after five seconds", () =>
  Effect.gen(function* () {
    const { connect, csms } = yield* makeCsms({ handlers })
    let last = yield* connect("CP001")
    for (let swap = 0; swap < 5; swap++) {
      const next = yield* connect("CP001")
      assert.strictEqual(last.raw.end?.code, 1000)
      last = next
    }
    const waiting = yield* start(connect("CP001"))
    const other = yield* start(connect("CP002"))
    assert.isTrue(yield* isOver(other))
    yield* TestClock.adjust("4999 millis")
    assert.isFalse(yield* isOver(waiting))
    assert.strictEqual(last.raw.end, undefined)
    yield* TestClock.adjust("1 millis")
    assert.isTrue(yield* isOver(waiting))
    assert.strictEqual(last.raw.end?.code, 1000)
    assert.lengthOf(yield* csms.connected, 2)
    yield* TestClock.adjust("1 minute")
    assert.isTrue(yield* isOver(yield* start(connect("CP001"))))
  })
)

it.effect("[CON-12] of several that wait, the newest wins", () =>
  Effect.gen(function* () {
    const { connect, csms } = yield* makeCsms({
      handlers,
      takeoverLimit: { swaps: 1, within: "1 hour", delay: "2 seconds" }
    })
    yield* connect("CP001")
    yield* connect("CP001")
    yield* start(connect("CP001"))
    yield* TestClock.adjust("1 second")
    const newest = yield* start(connect("CP001"))
    yield* TestClock.adjust("2 seconds")
    yield* settled
    const { session } = yield* Fiber.join(newest)
    assert.deepStrictEqual(yield* csms.connected, [session])
  })
)

it.effect("[CON-12] who comes back after its connection is gone does not wait", () =>
  Effect.gen(function* () {
    const { connect } = yield* makeCsms({ handlers, takeoverLimit: { swaps: 1, delay: "9 seconds" } })
    for (let turn = 0; turn < 10; turn++) {
      const { raw } = yield* connect("CP001")
      yield* raw.close()
    }
  })
)

it.effect("options that make no sense are refused", () =>
  Effect.gen(function* () {
    for (const takeoverLimit of [{ swaps: 0 }, { within: -1 }, { delay: NaN }]) {
      const exit = yield* Effect.exit(makeCsms({ handlers, takeoverLimit }))
      const [name] = Object.keys(takeoverLimit)
      assert.isTrue(Exit.isFailure(exit) && String(exit.cause).includes(`${name}: `), name)
    }
  })
)
