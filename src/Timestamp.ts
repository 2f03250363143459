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

const pattern = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/

// Reading digits where they stand costs half of what groups of the pattern do.
const digits = (text: string, start: number, end: number): number => {
  let value = 0
  for (let i = start; i < end && i < text.length; i++) value = value * 10 + text.charCodeAt(i) - 48
  return value
}

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
export const toMillis = (text: string): number | undefined => {
  if (!pattern.test(text)) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const sign = text.charAt(text.length - 6)
  const zone = sign === "+" || sign === "-" ? text.length - 6 : text.length - 1
  const fraction = zone === 19 ? 0 : Number(`${text.slice(20, zone)}00`.slice(0, 3))
  const offsetHour = digits(text, zone + 1, zone + 3)
  const offsetMinute = digits(text, zone + 4, zone + 6)
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined
  const offset = (sign === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute)
  // `Date.UTC` reads the years 0 to 99 as 1900 to 1999, so they are counted from 400 years later.
  const midnight = Date.UTC(year + 400, month - 1, day) - daysIn400Years * 86_400_000
  const minutes = hour * 60 + minute - offset
  if (second === 60 && ((minutes % 1440) + 1440) % 1440 !== 1439) return undefined
  return midnight + (minutes * 60 + second) * 1000 + fraction
}

const daysIn400Years = 146_097

/**
 * The form that OCPP asks of senders: UTC with `Z` and three decimals (`2026-11-22T06:00:00.000Z`).
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromMillis = (millis: number): Timestamp => new Date(millis).toISOString()

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
  Schema.makeFilter((text: string) => toMillis(text) !== undefined, {
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
