/**
 * A connection on which nothing tells how the station stands is closed.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { csmsOf } from "../support/csms.ts"
import { v16, v201, v21 } from "../support/versions.ts"

for (const version of [v16, v201, v21]) {
  describe(`A station of ${version.name} of which there is no record`, () => {
    it.effect("[REG-06] is closed after an hour if it sends nothing, or nothing valid", () =>
      Effect.gen(function* () {
        const { connect, csms } = yield* csmsOf(version)
        const [silent, noisy] = [yield* connect("CP1"), yield* connect("CP2")]
        yield* noisy.raw.send([2, "1", "Nonsense", {}])
        yield* noisy.raw.send([2, "2", "Authorize", { nonsense: 1 }])
        yield* noisy.raw.send([2, "3", "BootNotification", { nonsense: 1 }])
        yield* noisy.raw.send("nonsense")
        yield* TestClock.adjust("3599 seconds")
        assert.deepStrictEqual([silent.raw.end, noisy.raw.end], [undefined, undefined])
        yield* TestClock.adjust("1 second")
        const end = { code: 1008, reason: "no BootNotification came" }
        assert.deepStrictEqual([silent.raw.end, noisy.raw.end], [end, end])
        assert.deepStrictEqual(yield* csms.connected, [])
      })
    )

    it.effect("[REG-06] stays once it boots, however that is answered", () =>
      Effect.gen(function* () {
        const { boot, connect } = yield* csmsOf(version)
        for (const status of ["Accepted", "Pending", "Rejected"]) {
          const { raw } = yield* connect(status)
          yield* boot(raw, status)
          yield* TestClock.adjust("1 day")
          assert.strictEqual(raw.end, undefined, status)
        }
      })
    )

    it.effect("[REG-06] [FIELD-K14] stays if it is assumed to be accepted and sends a valid request", () =>
      Effect.gen(function* () {
        const { ask, connect } = yield* csmsOf(version)
        const { raw } = yield* connect()
        yield* ask(raw, "Heartbeat", {})
        yield* TestClock.adjust("1 day")
        assert.strictEqual(raw.end, undefined)
      })
    )

    it.effect("[REG-06] is closed where nothing is assumed, whatever it sends but its boot", () =>
      Effect.gen(function* () {
        const { ask, connect } = yield* csmsOf(version, {
          registration: { unknown: "refuse" },
          bootTimeout: "1 minute"
        })
        const { raw } = yield* connect()
        yield* ask(raw, "Heartbeat", {})
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(raw.end?.code, 1008)
      })
    )
  })
}

describe("A connection", () => {
  it.effect("[REG-06] stays where there is a record, or accept says how the station stands", () =>
    Effect.gen(function* () {
      const { boot, connect } = yield* csmsOf(v16)
      const first = yield* connect()
      yield* boot(first.raw, "Accepted")
      yield* first.raw.close()
      const second = yield* connect()
      const other = yield* csmsOf(v16, { accept: () => ({ registration: "Accepted" }) })
      const third = yield* other.connect()
      yield* TestClock.adjust("30 days")
      assert.deepStrictEqual([second.raw.end, third.raw.end], [undefined, undefined])
    })
  )

  it.effect("stays as long as it likes where the time-out is infinite, and a closed one leaves nothing", () =>
    Effect.gen(function* () {
      const { connect } = yield* csmsOf(v16, { bootTimeout: Duration.infinity })
      const { raw } = yield* connect()
      yield* TestClock.adjust("30 days")
      assert.strictEqual(raw.end, undefined)
      const bounded = yield* csmsOf(v16)
      const gone = yield* bounded.connect()
      yield* gone.raw.close(1000)
      const next = yield* bounded.connect()
      yield* bounded.ask(next.raw, "Heartbeat", {})
      yield* TestClock.adjust("2 hours")
      assert.strictEqual(next.raw.end, undefined)
    })
  )
})
