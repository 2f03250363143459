import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Timestamp from "../src/Timestamp.ts"

const isTimestamp = Schema.is(Timestamp.Timestamp)

describe("[TX-09] A time stamp that is read", () => {
  for (const [text, utc] of [
    ["2026-11-22T06:00:00Z", "2026-11-22T06:00:00.000Z"],
    ["2026-11-22t06:00:00z", "2026-11-22T06:00:00.000Z"],
    ["2026-11-22T06:00:00.5Z", "2026-11-22T06:00:00.500Z"],
    ["2026-11-22T06:00:00.001Z", "2026-11-22T06:00:00.001Z"],
    ["2026-11-22T06:00:00.1239Z", "2026-11-22T06:00:00.123Z"],
    ["2026-11-22T06:00:00.99999999999999999999Z", "2026-11-22T06:00:00.999Z"],
    ["2026-11-22T06:00:00.28999999999999999999Z", "2026-11-22T06:00:00.289Z"],
    ["2026-11-22T06:00:00+01:00", "2026-11-22T05:00:00.000Z"],
    ["2026-11-22T06:00:00-08:00", "2026-11-22T14:00:00.000Z"],
    ["2026-11-22T06:00:00+05:45", "2026-11-22T00:15:00.000Z"],
    ["2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"],
    ["2026-11-22T06:00:00-00:00", "2026-11-22T06:00:00.000Z"],
    ["2026-11-22T06:00:00+23:59", "2026-11-21T06:01:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000Z"],
    ["2016-12-31T18:59:60.5-05:00", "2017-01-01T00:00:00.500Z"],
    ["1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
    ["0099-12-31T23:59:59Z", "0099-12-31T23:59:59.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"]
  ] as const) {
    it(`may be ${text}`, () => {
      assert.strictEqual(Timestamp.toMillis(text), Date.parse(utc))
      assert.isTrue(isTimestamp(text))
    })
  }

  for (const text of [
    "",
    "now",
    "1763791200",
    "2026-11-22",
    "06:00:00Z",
    "2026-11-22T06:00:00",
    "2026-11-22 06:00:00Z",
    "2026-11-22T06:00Z",
    "2026-11-22T6:00:00Z",
    "2026-11-22T06:00:00.Z",
    "2026-11-22T06:00:00,5Z",
    "2026-11-22T06:00:00+0100",
    "2026-11-22T06:00:00+01",
    "2026-11-22T06:00:00+24:00",
    "2026-11-22T06:00:00+01:60",
    "2026-11-22T24:00:00Z",
    "2026-11-22T06:60:00Z",
    "2026-11-22T06:00:61Z",
    "2026-11-22T06:00:60Z",
    "2016-12-31T23:59:60+01:00",
    "2026-00-22T06:00:00Z",
    "2026-13-22T06:00:00Z",
    "2026-11-00T06:00:00Z",
    "2026-11-31T06:00:00Z",
    "2026-02-29T06:00:00Z",
    "1900-02-29T06:00:00Z",
    "+002026-11-22T06:00:00Z",
    "26-11-22T06:00:00Z",
    " 2026-11-22T06:00:00Z",
    "2026-11-22T06:00:00Z ",
    "2026-11-22T06:00:00Z\n",
    "٢٠٢٦-11-22T06:00:00Z",
    "Sun, 22 Nov 2026 06:00:00 GMT"
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.strictEqual(Timestamp.toMillis(text), undefined)
      assert.isFalse(isTimestamp(text))
    })
  }
})

describe("[TX-09] A time stamp that is sent", () => {
  it.effect("is the time of the clock, in UTC with three decimals", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 22, 6, 0, 0, 7))
      assert.strictEqual(yield* Timestamp.now, "2026-11-22T06:00:00.007Z")
    })
  )

  it.prop(
    "is read back to the millisecond",
    [Schema.Int.check(Schema.isBetween({ minimum: Date.UTC(1900, 0), maximum: Date.UTC(2200, 0) }))],
    ([millis]) => {
      const text = Timestamp.fromMillis(millis)
      assert.match(text, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
      assert.strictEqual(Timestamp.toMillis(text), millis)
      assert.isTrue(isTimestamp(text))
    }
  )
})

describe("[FIELD-K11] A time stamp that is made", () => {
  const first = Date.UTC(400, 0) - 146_097 * 86_400_000
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

  for (const [millis, text] of [
    [0, "1970-01-01T00:00:00.000Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    [1.9, "1970-01-01T00:00:00.001Z"],
    [-0.5, "1969-12-31T23:59:59.999Z"],
    [first, "0000-01-01T00:00:00.000Z"],
    [last, "9999-12-31T23:59:59.999Z"],
    [last + 0.5, "9999-12-31T23:59:59.999Z"]
  ] as const) {
    it(`is ${text} of ${millis}`, () => {
      assert.strictEqual(Timestamp.fromMillis(millis), text)
      assert.isTrue(isTimestamp(text))
      assert.strictEqual(Timestamp.toMillis(text), Math.floor(millis))
    })
  }

  for (const millis of [first - 1, last + 1, NaN, Infinity, -Infinity, 8.64e15, -8.64e15, 8.64e15 + 1, 1e300]) {
    it(`is never one of ${millis}, which the error names`, () => {
      assert.throws(() => Timestamp.fromMillis(millis), RangeError, `not ${millis}`)
    })
  }

  it.effect("is not made of a clock that no time stamp can tell", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(last + 1)
      const exit = yield* Effect.exit(Timestamp.now)
      assert.match(Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : "ok", /^RangeError: millis: /)
    })
  )

  it.prop("is a time stamp or an error, whatever it is made of", [Schema.Number], ([millis]) => {
    const made = Result.try(() => Timestamp.fromMillis(millis))
    assert.strictEqual(Result.isSuccess(made), millis >= first && millis < last + 1)
    if (Result.isSuccess(made)) assert.isTrue(isTimestamp(made.success))
  })
})

describe("[FIELD-K11] A time", () => {
  for (const [text, now, isPlausible] of [
    ["2009-12-31T23:59:59.999Z", "", false],
    ["2010-01-01T00:00:00Z", "", true],
    ["2010-01-01T00:59:59+01:00", "", false],
    ["2069-12-31T23:59:59.999Z", "", true],
    ["2070-01-01T00:00:00Z", "", false],
    ["0000-00-00T00:00:00Z", "", false],
    ["2026-11-22T06:00:00Z", "1970-01-01T00:00:00Z", true],
    ["2026-11-22T06:00:00Z", "2026-01-01T00:00:00Z", true],
    ["2010-01-01T00:00:00Z", "2026-01-01T00:00:00Z", true],
    ["2027-01-02T00:00:00Z", "2026-01-01T00:00:00Z", true],
    ["2027-01-02T00:00:00.001Z", "2026-01-01T00:00:00Z", false],
    ["2038-01-19T03:14:07Z", "2026-01-01T00:00:00Z", false],
    ["2070-01-01T00:00:00Z", "2069-12-31T00:00:00Z", false]
  ] as const) {
    it(`can ${isPlausible ? "" : "not "}be ${text}${now === "" ? "" : ` at ${now}`}`, () => {
      assert.strictEqual(Timestamp.isPlausible(Timestamp.toMillis(text), Timestamp.toMillis(now)), isPlausible)
    })
  }

  it("can not be what is no number", () => {
    for (const millis of [NaN, Infinity, -Infinity, undefined]) assert.isFalse(Timestamp.isPlausible(millis))
  })
})

it.prop("What is generated of the schema is a time stamp", [Timestamp.Timestamp], ([text]) => {
  assert.isDefined(Timestamp.toMillis(text))
})
