/**
 * What a simulated station of 1.6 tells of its connectors once it is connected again.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as Timestamp from "../../src/Timestamp.ts"
import { settled, start } from "../support/time.ts"
import { actionsOf, callsOf, simulate } from "../support/virtual.ts"

type Simulated = Effect.Success<ReturnType<typeof simulate>>

/** Which connectors have told which status since the last time that it was asked, and when that was said to be. */
const watch = ({ csms }: Simulated) => {
  let seen = 0
  return Effect.map(callsOf(csms), (calls) => {
    const news = calls.filter(({ action }) => action === "StatusNotification").slice(seen)
    seen += news.length
    return news.map(({ payload: { connectorId, status, timestamp } }) => [connectorId, status, timestamp])
  })
}

const leave = Effect.fnUntraced(function* ({ network }: Simulated) {
  yield* settled
  yield* network.setReachable(false)
  yield* network.cut()
  yield* settled
})

const comeBack = ({ network }: Simulated) => Effect.andThen(network.setReachable(true), TestClock.adjust("5 minutes"))

describe("A simulated station of 1.6 that was offline (J16 §4.9)", () => {
  it.effect("tells the status that has changed, none that was between, in the order of the changes", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 4 })
      const { call, station } = simulated
      const news = watch(simulated)
      const localAuthorizationList = [{ idTag: "Listed", idTagInfo: { status: "Accepted" } }]
      yield* call("SendLocalList", { listVersion: 1, updateType: "Full", localAuthorizationList })
      yield* call("ChangeConfiguration", { key: "LocalPreAuthorize", value: "true" })
      for (const connectorId of [3, 4]) yield* station.start(connectorId, "321")
      yield* leave(simulated)
      yield* news
      yield* TestClock.adjust("1 minute")
      const stopped = yield* Timestamp.now
      yield* station.stop(3)
      yield* TestClock.adjust("1 minute")
      const started = yield* Timestamp.now
      yield* start(station.start(1, "Listed"))
      yield* start(station.start(2, "Listed"))
      yield* TestClock.adjust("1 minute")
      // Nothing is left of this one.
      yield* station.stop(2)
      yield* comeBack(simulated)
      assert.deepStrictEqual(yield* news, [
        [3, "Available", stopped],
        [1, "Charging", started]
      ])
      yield* leave(simulated)
      yield* comeBack(simulated)
      assert.deepStrictEqual(yield* news, [])
    })
  )

  it.effect("tells again what it told before if the CSMS may know something else, as an answer was lost", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate()
      const { call, network, station } = simulated
      const news = watch(simulated)
      const localAuthorizationList = [{ idTag: "Listed", idTagInfo: { status: "Accepted" } }]
      yield* call("SendLocalList", { listVersion: 1, updateType: "Full", localAuthorizationList })
      yield* call("ChangeConfiguration", { key: "LocalPreAuthorize", value: "true" })
      yield* news
      yield* network.halfOpen("CP001", "toStation")
      const plugged = yield* Timestamp.now
      yield* start(station.start(1, "Listed"))
      yield* settled
      assert.deepStrictEqual(yield* news, [[1, "Preparing", plugged]])
      yield* leave(simulated)
      yield* TestClock.adjust("1 minute")
      const stopped = yield* Timestamp.now
      yield* station.stop(1)
      yield* comeBack(simulated)
      assert.deepStrictEqual(yield* news, [[1, "Available", stopped]])
    })
  )

  it.effect("tells what the CSMS has asked for as the connection was lost", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 2 })
      const { call, network } = simulated
      const news = watch(simulated)
      yield* news
      yield* network.halfOpen("CP001", "toCsms")
      const changed = yield* Timestamp.now
      yield* start(Effect.ignore(call("ChangeAvailability", { connectorId: 0, type: "Inoperative" })))
      yield* settled
      yield* leave(simulated)
      yield* comeBack(simulated)
      assert.deepStrictEqual(yield* news, [
        [0, "Unavailable", changed],
        [1, "Unavailable", changed],
        [2, "Unavailable", changed]
      ])
    })
  )

  it.effect("tells all of them if it has to boot again", () =>
    Effect.gen(function* () {
      const simulated = yield* simulate({ connectors: 2 })
      const { call, csms, station } = simulated
      const news = watch(simulated)
      yield* station.start(2, "321")
      yield* leave(simulated)
      yield* news
      yield* comeBack(simulated)
      assert.deepStrictEqual(yield* news, [])
      yield* call("TriggerMessage", { requestedMessage: "BootNotification" })
      yield* settled
      const now = yield* Timestamp.now
      assert.deepStrictEqual(yield* news, [
        [0, "Available", now],
        [1, "Available", now],
        [2, "Charging", now]
      ])
      assert.strictEqual((yield* csms.ledger.transactions()).length, 1)
    })
  )
})

describe("A simulated station of 2.0.1 that is to reset once it is idle (P2 B12)", () => {
  it.effect("boots once, however often it was asked while it charged", () =>
    Effect.gen(function* () {
      const { call, csms, station } = yield* simulate({ version: "2.0.1" })
      const boots = Effect.map(callsOf(csms), (all) =>
        all.filter(({ action }) => action === "BootNotification").map(({ payload }) => payload["reason"])
      )
      for (const reasons of [["PowerUp"], ["PowerUp", "RemoteReset"]]) {
        yield* station.start(1, "TAG")
        for (let time = 0; time < 20; time++) {
          assert.deepStrictEqual(yield* call("Reset", { type: "OnIdle" }), { status: "Scheduled" })
          yield* TestClock.adjust("1100 millis")
        }
        assert.deepStrictEqual(yield* boots, reasons)
        yield* station.stop(1)
        yield* TestClock.adjust("1 hour")
      }
      assert.deepStrictEqual(yield* boots, ["PowerUp", "RemoteReset", "RemoteReset"])
    })
  )
})

describe("The order of what happens to a simulated station", () => {
  for (const [version, ...told] of [
    ["1.6", "StartTransaction", "StatusNotification", "StopTransaction", "StatusNotification", "StatusNotification"],
    ["2.0.1", "StatusNotification", "TransactionEvent", "TransactionEvent", "StatusNotification"]
  ] as const) {
    it.effect(`is that of its messages in ${version}: no status comes before the event that it comes of`, () =>
      Effect.gen(function* () {
        const { csms, station } = yield* simulate({ version })
        yield* station.start(1, "TAG")
        yield* station.stop(1)
        yield* settled
        assert.deepStrictEqual((yield* actionsOf(csms)).slice(-told.length), told)
      })
    )
  }
})
