import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { ConnectUnreachable } from "../../src/station/Connector.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import { time } from "../support/messages.ts"
import type { Raw } from "../support/raw.ts"
import { acceptedStation, endpoint, observed, stationOf } from "../support/station.ts"
import { start } from "../support/time.ts"
import { responseTo, versions } from "../support/versions.ts"

/** Lets this many milliseconds pass, in which nothing but these calls comes; gives the id of the last. */
const passes = Effect.fnUntraced(function* (raw: Raw, millis: number, ...expected: Array<string>) {
  yield* TestClock.adjust(millis)
  const frames = yield* raw.news
  assert.deepStrictEqual(
    frames.map(([type, , action]) => (type === 2 ? action : type)),
    expected
  )
  return frames.at(-1)?.[1]
})

/** A heartbeat comes after exactly this long, and is answered at once. */
const beatsAfter = Effect.fnUntraced(function* (raw: Raw, millis: number) {
  yield* passes(raw, millis - 1)
  yield* raw.send([3, yield* passes(raw, 1, "Heartbeat"), { currentTime: time }])
})

/** How far the clock of the CSMS is ahead, in milliseconds. */
const offsetOf = (made: Effect.Success<ReturnType<typeof stationOf>>) =>
  Effect.map(made.station.clockOffset, Option.map(Duration.toMillis))

const minute = 60_000
const day = 24 * 60 * minute

const unreachable = new ConnectUnreachable({ url: endpoint, code: "ECONNREFUSED" })

const spaced = { reconnect: Schedule.spaced("10 seconds") }

for (const version of versions) {
  const { sends } = version

  describe(`A station of ${version.name} that is accepted`, () => {
    it.effect("[REG-07] sends a heartbeat whenever it has sent nothing for the interval", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 42)
        for (let times = 0; times < 5; times++) yield* beatsAfter(raw, 42_000)
      })
    )

    it.effect("[REG-07] counts from when the last one was sent, not from when it was answered", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 42)
        for (let times = 0; times < 3; times++) {
          const id = yield* passes(raw, 42_000, "Heartbeat")
          yield* passes(raw, 20_000)
          yield* raw.send([3, id, { currentTime: time }])
          yield* passes(raw, 21_999)
          yield* raw.send([3, yield* passes(raw, 1, "Heartbeat"), { currentTime: time }])
        }
      })
    )

    it.effect("[REG-07] begins anew with every call", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* acceptedStation(version, 42)
        yield* passes(raw, 41_000)
        yield* start(call("Authorize", sends["Authorize"]))
        yield* raw.send([3, yield* raw.nextCall("Authorize"), responseTo(version, "Authorize")])
        yield* beatsAfter(raw, 42_000)
      })
    )

    it.effect("[REG-07] begins anew with every answer, also with an error", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 42)
        for (const action of ["ClearCache", "NoAction"]) {
          yield* passes(raw, 41_000)
          yield* raw.send([2, "1", action, {}])
          assert.lengthOf(yield* raw.news, 1)
          yield* beatsAfter(raw, 42_000)
        }
      })
    )

    it.effect("does not begin anew with what it receives", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 42)
        yield* passes(raw, 41_000)
        yield* raw.send([3, "nobody's", {}])
        yield* passes(raw, 1000, "Heartbeat")
      })
    )

    it.effect("[CON-11] sends one in a day if its messages never pause, to be told the time", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 3600)
        const ask = Effect.gen(function* () {
          yield* raw.send([2, "1", "ClearCache", {}])
          assert.deepStrictEqual(yield* raw.news, [[3, "1", { status: "Accepted" }]])
        })
        for (let days = 0; days < 3; days++) {
          for (let halfHours = 0; halfHours < 47; halfHours++) {
            yield* passes(raw, 30 * minute)
            yield* ask
          }
          yield* passes(raw, 30 * minute - 1)
          yield* raw.send([3, yield* passes(raw, 1, "Heartbeat"), { currentTime: time }])
        }
      })
    )

    it.effect("[CON-11] counts that day from whatever has told it the time", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* acceptedStation(version, 0)
        yield* TestClock.adjust(4 * minute)
        yield* start(call("Heartbeat", {}))
        yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
        for (let times = 0; times < 6 * 60; times++) {
          yield* TestClock.adjust(4 * minute)
          if (times === 6 * 60 - 1) break
          yield* raw.send([2, "1", "ClearCache", {}])
          assert.lengthOf(yield* raw.news, 1)
        }
        yield* raw.nextCall("Heartbeat")
      })
    )

    it.effect("[REG-02] takes the interval of the last answer, and keeps it if that has none", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* acceptedStation(version, 42)
        const boots = Effect.fnUntraced(function* (interval: number) {
          yield* start(call("BootNotification", version.boot))
          yield* raw.send([3, yield* raw.nextCall("BootNotification"), version.answer("Accepted", interval)])
        })
        yield* boots(7)
        yield* beatsAfter(raw, 7000)
        for (const none of [0, -5]) {
          yield* boots(none)
          yield* beatsAfter(raw, 7000)
        }
        yield* boots(600)
        yield* beatsAfter(raw, 600_000)
      })
    )

    it.effect("sends one in five minutes if it was never given an interval", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 0)
        yield* beatsAfter(raw, 5 * minute)
      })
    )

    // What has no place in the 32 bits of a timer comes at once.
    for (const interval of [2_147_484, 2 ** 31 - 1]) {
      it.effect(`sends one in a day if the interval is ${interval} seconds`, () =>
        Effect.gen(function* () {
          const { clock, raw } = yield* observed(acceptedStation(version, interval))
          for (let days = 0; days < 3; days++) yield* beatsAfter(raw, day)
          assert.isAtMost(Math.max(...clock.sleeps), 2 ** 31 - 1)
        })
      )
    }

    it.effect("sends none while it is not connected, and one as soon as it is if it is due", () =>
      Effect.gen(function* () {
        const { network } = yield* acceptedStation(version, 42, spaced)
        network.failure = unreachable
        yield* network.raw.close()
        yield* TestClock.adjust("1 hour")
        assert.strictEqual(network.links.length, 1)
        network.failure = undefined
        yield* TestClock.adjust("10 seconds")
        yield* network.raw.send([3, yield* network.raw.nextCall("Heartbeat"), { currentTime: time }])
        yield* network.raw.close()
        yield* TestClock.adjust("10 seconds")
        yield* passes(network.raw, 31_999)
        yield* passes(network.raw, 1, "Heartbeat")
      })
    )

    it.effect("sends none any more once it is not accepted", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* acceptedStation(version, 42)
        yield* start(call("BootNotification", version.boot))
        yield* raw.send([3, yield* raw.nextCall("BootNotification"), version.answer("Rejected", 3600)])
        yield* passes(raw, 59 * minute)
      })
    )

    for (const [title, answer] of [
      ["with an error", (id: unknown) => [4, id, "InternalError", "", {}]],
      ["with nonsense", (id: unknown) => [3, id, { currentTime: "noon" }]]
    ] as const) {
      it.effect(`goes on as before if one is answered ${title}`, () =>
        Effect.gen(function* () {
          const { raw } = yield* acceptedStation(version, 42)
          for (let times = 0; times < 5; times++) {
            yield* raw.send(answer(yield* passes(raw, 42_000, "Heartbeat")))
            // A station of 2.1 says that the answer was nonsense.
            yield* raw.news
          }
        })
      )
    }

    it.effect("goes on if none is answered, and has one under way at a time", () =>
      Effect.gen(function* () {
        const { raw } = yield* acceptedStation(version, 10)
        yield* TestClock.adjust("10 minutes")
        const beats = yield* raw.news
        assert.isAtLeast(beats.length, 14)
        assert.isAtMost(beats.length, 20)
      })
    )

    it.effect("tries again in five minutes, not at once, if the one of the day fails", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 42)
        const { raw } = made
        yield* made.station.setHeartbeatInterval(0)
        yield* raw.send([4, yield* passes(raw, day, "Heartbeat"), "InternalError", "", {}])
        yield* raw.send([4, yield* passes(raw, 5 * minute, "Heartbeat"), "InternalError", "", {}])
        yield* beatsAfter(raw, 5 * minute)
        yield* beatsAfter(raw, day)
      })
    )

    it.effect("does not try again at once what it could not send", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* acceptedStation(version, 10, { calls: { timeout: "1 hour", queueLimit: 0 } })
        yield* start(call("Authorize", sends["Authorize"]))
        const id = yield* raw.nextCall("Authorize")
        yield* passes(raw, 30 * minute)
        yield* raw.send([3, id, responseTo(version, "Authorize")])
        assert.isAtMost((yield* raw.news).length, 1)
        yield* passes(raw, 10_000, "Heartbeat")
      })
    )

    it.effect("keeps its pace when its clock is set, back or forth", () =>
      Effect.gen(function* () {
        const { clock, raw } = yield* observed(acceptedStation(version, 42))
        for (const ahead of [-day, day]) {
          yield* passes(raw, 20_000)
          clock.ahead = ahead
          yield* beatsAfter(raw, 22_000)
          yield* beatsAfter(raw, 42_000)
        }
      })
    )
  })

  describe(`The heartbeat interval of a station of ${version.name}`, () => {
    it.effect("can be changed, which takes effect at once", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 3600)
        const { raw } = made
        yield* passes(raw, 30_000)
        yield* made.station.setHeartbeatInterval("40 seconds")
        yield* beatsAfter(raw, 10_000)
        yield* beatsAfter(raw, 40_000)
        yield* passes(raw, 30_000)
        yield* made.station.setHeartbeatInterval("20 seconds")
        yield* raw.send([3, yield* passes(raw, 0, "Heartbeat"), { currentTime: time }])
        yield* made.station.setHeartbeatInterval("1 hour")
        yield* beatsAfter(raw, 60 * minute)
      })
    )

    it.effect("of 0 leaves one a day", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 42)
        yield* made.station.setHeartbeatInterval(0)
        yield* beatsAfter(made.raw, day)
        yield* beatsAfter(made.raw, day)
        yield* made.station.setHeartbeatInterval("42 seconds")
        yield* beatsAfter(made.raw, 42_000)
      })
    )

    it.effect("can be as long as a CSMS can ask for", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 42)
        yield* made.station.setHeartbeatInterval(Duration.seconds(2 ** 31 - 1))
        yield* beatsAfter(made.raw, day)
      })
    )

    it.effect("cannot be negative, or no time at all", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 42)
        for (const interval of [-1, Number.NaN]) {
          const exit = yield* Effect.exit(made.station.setHeartbeatInterval(interval))
          assert.match(Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : "ok", /^RangeError: interval: /)
        }
        yield* beatsAfter(made.raw, 42_000)
      })
    )
  })

  describe(`The clock of a station of ${version.name}`, () => {
    it.effect("has no offset before it is told the time", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, { timestamps: "csms" })
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(yield* made.station.clockOffset, Option.none())
        assert.strictEqual(yield* made.station.now, "1970-01-01T00:00:01.000Z")
      })
    )

    it.effect("[REG-02] is told the time by the answer to a BootNotification, accepted or not", () =>
      Effect.gen(function* () {
        for (const status of ["Accepted", ...version.refusals]) {
          const made = yield* stationOf(version)
          const before = yield* Clock.currentTimeMillis
          yield* TestClock.adjust("4 seconds")
          const currentTime = Timestamp.fromMillis(before + 100_000)
          yield* made.raw.send([
            3,
            yield* made.raw.nextCall("BootNotification"),
            version.answer(status, 42, currentTime)
          ])
          // It was told in the middle of the 4 seconds, as far as it can know.
          assert.deepStrictEqual(yield* offsetOf(made), Option.some(98_000))
        }
      })
    )

    it.effect("is told the time by every heartbeat", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 42)
        for (const [latency, ahead, offset] of [
          [0, 5000, 5000],
          [3000, 5000, 3500],
          [1000, -7000, -7500]
        ] as const) {
          const id = yield* passes(made.raw, 42_000, "Heartbeat")
          const currentTime = Timestamp.fromMillis((yield* Clock.currentTimeMillis) + ahead)
          yield* TestClock.adjust(latency)
          yield* made.raw.send([3, id, { currentTime }])
          assert.deepStrictEqual(yield* offsetOf(made), Option.some(offset))
          // Something is sent, so that the time until the next one does not depend on the latency.
          yield* made.raw.send([2, "1", "ClearCache", {}])
          yield* made.raw.next
        }
      })
    )

    it.effect("does not count the time for which the heartbeat waited for its turn", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 3600)
        const { call, raw } = made
        yield* start(call("Authorize", sends["Authorize"]))
        const before = yield* raw.nextCall("Authorize")
        yield* start(call("Heartbeat", {}))
        yield* passes(raw, 20_000)
        yield* raw.send([3, before, responseTo(version, "Authorize")])
        const id = yield* raw.nextCall("Heartbeat")
        yield* TestClock.adjust(2000)
        yield* raw.send([3, id, { currentTime: "1970-01-01T00:01:00Z" }])
        assert.deepStrictEqual(yield* offsetOf(made), Option.some(60_000 - 21_000))
      })
    )

    it.effect("counts the way of the heartbeat, also if another call waits behind it", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 3600)
        const { call, raw } = made
        yield* start(call("Heartbeat", {}))
        const id = yield* raw.nextCall("Heartbeat")
        yield* start(call("Authorize", sends["Authorize"]))
        yield* TestClock.adjust(2000)
        yield* raw.send([3, id, { currentTime: "1970-01-01T00:01:00Z" }])
        yield* raw.nextCall("Authorize")
        assert.deepStrictEqual(yield* offsetOf(made), Option.some(60_000 - 1000))
      })
    )

    it.effect("gives the time of the station, or that of the CSMS", () =>
      Effect.gen(function* () {
        for (const [timestamps, expected] of [
          [undefined, "1970-01-01T00:00:01.500Z"],
          ["station", "1970-01-01T00:00:01.500Z"],
          ["csms", "2026-11-22T06:00:01.500Z"]
        ] as const) {
          yield* TestClock.setTime(0)
          const made = yield* acceptedStation(version, 42, { timestamps })
          yield* TestClock.adjust(1500)
          assert.strictEqual(yield* made.station.now, expected)
        }
      })
    )
  })
}
