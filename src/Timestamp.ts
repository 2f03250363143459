/**
 * Time stamps as they travel: RFC 3339 text.
 *
 * Messages keep the text as it came, so that an offset or a fraction is not lost on the way through; `toMillis` gives
 * the instant where one is needed, and `now` and `fromMillis` write the one form that OCPP asks of senders.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const pattern = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

// Nearly all time stamps are in UTC, on a day that every month has, in no leap second: those need no arithmetic.
const plain = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/

const daysInMonth = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31

/**
 * The instant of an RFC 3339 text in milliseconds since 1970-01-01T00:00:00Z, or `undefined` if the text is none.
 *
 * **Gotchas**
 *
 * Fractions below a millisecond are cut off. A leap second counts as the first instant of the next minute.
 *
 * @category getters
 * @since 0.1.0
 */
export const toMillis = (text: string): number | undefined => (isUsual(text) ? usualToMillis(text) : anyToMillis(text))

/** Whether it is in the form that OCPP asks of senders, in which nearly all are. `Date.UTC` reads the first years otherwise. */
const isUsual = (text: string): boolean =>
  text.length === 24 && text.charCodeAt(19) === point && text.charCodeAt(0) > zero && plain.test(text)

const usualToMillis = (text: string): number =>
  Date.UTC(
    digits(text, 0) * 100 + digits(text, 2),
    digits(text, 5) - 1,
    digits(text, 8),
    digits(text, 11),
    digits(text, 14),
    digits(text, 17),
    digits(text, 20) * 10 + text.charCodeAt(22) - zero
  )

/** Two digits that are known to be some. */
const digits = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * zero

const zero = 48
const point = 46

const anyToMillis = (text: string): number | undefined => {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const year = Number(match[1])
  const month = Number(match[2])
  const day = Number(match[3])
  const hour = Number(match[4])
  const minute = Number(match[5])
  const second = Number(match[6])
  const fraction = match[7] === undefined ? 0 : Number(`${match[7].slice(1)}00`.slice(0, 3))
  const offsetHour = Number(match[9] ?? 0)
  const offsetMinute = Number(match[10] ?? 0)
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined
  const offset = (match[8] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute)
  // `Date.UTC` reads the years 0 to 99 as 1900 to 1999, so they are counted from 400 years later.
  const midnight = Date.UTC(year + 400, month - 1, day) - daysIn400Years * 86_400_000
  const minutes = hour * 60 + minute - offset
  if (second === 60 && ((minutes % 1440) + 1440) % 1440 !== 1439) return undefined
  return midnight + (minutes * 60 + second) * 1000 + fraction
}

const daysIn400Years = 146_097

/**
 * The form that OCPP asks of senders: UTC with `Z` and three decimals (`2026-11-22T06:00:00.000Z`). Fractions of a
 * millisecond are cut off.
 *
 * **Gotchas**
 *
 * It throws a `RangeError` that names the value if that is no instant of the years 0 to 9999 in UTC, which no time stamp
 * can tell. The text of a time stamp may stand for such an instant, by its offset: `9999-12-31T23:59:59-01:00`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromMillis = (millis: number): Timestamp => {
  if (canTell(millis)) return new Date(Math.floor(millis)).toISOString()
  throw new RangeError(`millis: an instant of the years 0 to 9999 is needed, not ${millis}`)
}

/** Whether there is a time stamp for an instant. @internal */
export const canTell = (millis: number): boolean => millis >= first && millis < last + 1

/** 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z. */
const first = -62_167_219_200_000
const last = 253_402_300_799_999

/**
 * Whether a clock that tells this instant, in milliseconds since 1970-01-01T00:00:00Z, can be right. `undefined` is what
 * {@link toMillis} makes of a text that is no time stamp.
 *
 * **When to use**
 *
 * Use it for the time that a peer tells, before anything is computed from it.
 *
 * **Details**
 *
 * Clocks that were never set tell 1970, 1980 or 2000; those that have run over tell 2036, 2038 or 2106; software that
 * has no time to tell sends the year 1 or 9999. So an instant is plausible from 2010 to 2069, the last year that clocks
 * with two digits tell. With `now`, the time of a clock that is trusted, it is also no more than a year ahead of that;
 * a `now` that is not plausible itself, such as that of a simulation which begins in 1970, does not count.
 *
 * @category guards
 * @since 0.1.0
 */
export const isPlausible = (millis: number | undefined, now?: number): boolean =>
  millis !== undefined &&
  millis >= earliest &&
  millis <= (now !== undefined && isPlausible(now) ? Math.min(now + mostAhead, latest) : latest)

/** 2010-01-01T00:00:00.000Z and 2069-12-31T23:59:59.999Z. */
const earliest = 1_262_304_000_000
const latest = 3_155_759_999_999

/** A year. */
const mostAhead = 366 * 86_400_000

/**
 * Whether two clocks tell the same to the day. What cannot be true is no news then: both sides of a simulation that begins
 * in 1970 tell that.
 *
 * @internal
 */
export const agree = (one: number | undefined, other: number): boolean =>
  one !== undefined && Math.abs(one - other) <= 86_400_000

/**
 * The time of the `Clock`, in the form that OCPP asks of senders.
 *
 * @category constructors
 * @since 0.1.0
 */
export const now: Effect.Effect<Timestamp> = Effect.map(Clock.currentTimeMillis, fromMillis)

/**
 * A time stamp: RFC 3339 with date, time and offset.
 *
 * **Gotchas**
 *
 * A time without an offset, a date that does not exist and a leap second elsewhere than at the end of a day (UTC) are
 * refused.
 *
 * @see J16 §3.15, P2 §3.1
 * @category schemas
 * @since 0.1.0
 */
export const Timestamp = Schema.String.check(
  Schema.makeFilter((text: string) => plain.test(text) || toMillis(text) !== undefined, {
    expected: "an RFC 3339 time stamp with an offset",
    representation: { id: "effect-ocpp/isTimestamp", payload: null },
    toJsonSchema: () => ({ format: "date-time" }),
    arbitraryConstraint: {
      patterns: [
        {
          source:
            "^20[0-9]{2}-(0[1-9]|1[0-2])-([01][1-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{3})?(Z|[+-]0[0-9]:[0-5][0-9])$",
          flags: ""
        }
      ]
    }
  })
)

/**
 * The text of a time stamp.
 *
 * @category models
 * @since 0.1.0
 */
export type Timestamp = typeof Timestamp.Type
