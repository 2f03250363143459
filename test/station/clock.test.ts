/**
 * What a CSMS tells a station of time, however absurd: what cannot be true is told and not taken over, and whatever the
 * station computes from it stays a time.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import { time } from "../support/messages.ts"
import { acceptedStation, stationOf } from "../support/station.ts"
import { versions } from "../support/versions.ts"

const now = Date.UTC(2026, 10, 22, 6)
const day = 86_400_000

/** Times that a CSMS has been seen to tell, or might. */
const absurd = [
  "9999-12-31T23:59:59Z",
  "9999-12-31T23:59:59.999-23:59",
  "1970-01-01T00:00:00Z",
  "1970-01-01T00:00:00.000+14:00",
  "0001-01-01T00:00:00Z",
  "0000-01-01T00:00:00+23:59",
  "1900-01-01T00:00:00Z",
  "2009-12-31T23:59:59Z",
  "2070-01-01T00:00:00Z",
  "2106-02-07T06:28:15Z"
]

const isTimestamp = Schema.is(Timestamp.Timestamp)

/** Keeps what is logged. */
const logged = (lines: Array<string>) =>
  Logger.layer([
    Logger.make(({ message }) => void lines.push(Array.isArray(message) ? message.join(" ") : `${message}`))
  ])

for (const version of versions) {
  describe(`A station of ${version.name} that keeps the time of its CSMS`, () => {
    it.effect("[FIELD-K11] takes over no time that cannot be true, and tells so", () =>
      Effect.gen(function* () {
        for (const status of ["Accepted", ...version.refusals]) {
          for (const text of absurd) {
            yield* TestClock.setTime(now)
            const lines: Array<string> = []
            const made = yield* stationOf(version, { timestamps: "csms" }).pipe(Effect.provide(logged(lines)))
            yield* made.raw.send([3, yield* made.raw.nextCall("BootNotification"), version.answer(status, 42, text)])
            yield* TestClock.adjust(1000)
            assert.deepStrictEqual(yield* made.station.clockOffset, Option.none(), text)
            assert.strictEqual(yield* made.station.now, "2026-11-22T06:00:01.000Z")
            assert.deepStrictEqual(
              made.deviations.map(({ action, kind }) => [kind, action]),
              [["ImpossibleTime", "BootNotification"]]
            )
            assert.strictEqual(lines.filter((line) => line.includes("ImpossibleTime")).length, 1)
          }
        }
      })
    )

    it.effect("[FIELD-K11] keeps the time that it was told before, and takes over the next that can be true", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const made = yield* acceptedStation(version, 42, { timestamps: "csms" })
        const beat = Effect.fnUntraced(function* (currentTime: string) {
          yield* TestClock.adjust("42 seconds")
          yield* made.raw.send([3, yield* made.raw.nextCall("Heartbeat"), { currentTime }])
          return Option.getOrUndefined(Option.map(yield* made.station.clockOffset, Duration.toMillis))
        })
        const at = (ahead: number) => Timestamp.fromMillis(now + ahead)
        assert.strictEqual(yield* beat(at(42_000 + 5000)), 5000)
        for (const text of absurd) {
          assert.strictEqual(yield* beat(text), 5000)
          assert.isTrue(isTimestamp(yield* made.station.now))
        }
        assert.deepStrictEqual(
          made.deviations.map(({ kind }) => kind),
          absurd.map(() => "ImpossibleTime")
        )
        assert.strictEqual(yield* beat(at((absurd.length + 2) * 42_000 - 3000)), -3000)
      })
    )

    it.effect("[FIELD-K11] tells its own time when its clock is set and the two together cannot be true", () =>
      Effect.gen(function* () {
        const real = yield* Clock.Clock
        let ahead = 0
        const told = (): number => real.currentTimeMillisUnsafe() + ahead
        const settable: Clock.Clock = Object.create(real, {
          currentTimeMillisUnsafe: { value: told },
          currentTimeMillis: { value: Effect.sync(told) }
        })
        yield* Effect.gen(function* () {
          // It begins in 1970 and is told 2026.
          const made = yield* acceptedStation(version, 42, { timestamps: "csms" })
          assert.strictEqual(yield* made.station.now, time)
          for (const [set, expected] of [
            [60_000, now + 60_000],
            [now, now],
            [Date.UTC(9999, 0), Date.UTC(9999, 0)],
            [-now, -now]
          ] as const) {
            ahead = set
            assert.strictEqual(yield* made.station.now, Timestamp.fromMillis(expected))
          }
        }).pipe(Effect.provideService(Clock.Clock, settable))
      })
    )

    it.effect("[FIELD-K11] lets a tolerance pass no time on that is none", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const made = yield* stationOf(version, { timestamps: "csms", tolerance: Tolerance.lenient })
        for (const text of ["0000-00-00T00:00:00Z", "", "now", "+010000-01-01T00:00:00.000Z"]) {
          const calls = yield* made.raw.news
          for (const [, id] of calls) yield* made.raw.send([3, id, version.answer("Accepted", 42, text)])
          yield* TestClock.adjust("1 minute")
          assert.deepStrictEqual(yield* made.station.clockOffset, Option.none())
          assert.isTrue(isTimestamp(yield* made.station.now))
        }
      })
    )

    for (const interval of [2 ** 31 - 1, 2 ** 31, 2 ** 40]) {
      it.effect(`[FIELD-K11] waits as long as it is told, be it ${interval} seconds`, () =>
        Effect.gen(function* () {
          const beats = yield* acceptedStation(version, interval)
          yield* TestClock.adjust(day - 1)
          assert.deepStrictEqual(yield* beats.raw.news, [])
          yield* TestClock.adjust(1)
          yield* beats.raw.nextCall("Heartbeat")

          for (const status of version.refusals) {
            const boots = yield* stationOf(version)
            const id = yield* boots.raw.nextCall("BootNotification")
            yield* boots.raw.send([3, id, version.answer(status, interval)])
            yield* TestClock.adjust(2 * day)
            assert.deepStrictEqual(yield* boots.raw.news, [])
          }
        })
      )
    }

    it.effect("[FIELD-K11] boots and beats at its own pace if the interval is negative or none", () =>
      Effect.gen(function* () {
        for (const interval of [0, -1, -(2 ** 31), Number.MIN_SAFE_INTEGER]) {
          const made = yield* stationOf(version)
          const answer = (status: string) => version.answer(status, interval)
          const first = yield* made.raw.nextCall("BootNotification")
          yield* made.raw.send([3, first, answer(version.refusals[0]!)])
          yield* TestClock.adjust("59 seconds")
          assert.deepStrictEqual(yield* made.raw.news, [])
          yield* TestClock.adjust("1 second")
          yield* made.raw.send([3, yield* made.raw.nextCall("BootNotification"), answer("Accepted")])
          yield* TestClock.adjust("299 seconds")
          assert.deepStrictEqual(yield* made.raw.news, [])
          yield* TestClock.adjust("1 second")
          yield* made.raw.nextCall("Heartbeat")
        }
      })
    )
  })
}
