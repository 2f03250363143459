/**
 * Values that the versions write alike, and the domain in richer types.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as ExactNumber from "../../ExactNumber.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { BothWays } from "./BothWays.ts"
import { decimalOf, isPlain, shifted, textOf } from "./decimals.ts"

/** An instant. Offset and fractions below a millisecond are not kept. */
export const instant: BothWays<Timestamp.Timestamp, DateTime.Utc> = {
  decode: (text, losses) => {
    const millis = Timestamp.toMillis(text)
    if (millis === undefined) losses.add("it names no instant")
    return DateTime.makeUnsafe(millis ?? 0)
  },
  encode: (time, losses) => {
    const millis = DateTime.toEpochMillis(time)
    if (Timestamp.canTell(millis)) return Timestamp.fromMillis(millis)
    losses.add("a time stamp tells the years 0 to 9999 only")
    return ""
  }
}

/** A span of time in whole seconds. */
export const seconds: BothWays<number, Duration.Duration> = {
  // Not every safe number of seconds is one of milliseconds.
  decode: (count) => (Math.abs(count) < 1e12 ? Duration.seconds(count) : Duration.nanos(BigInt(count) * second)),
  encode: (duration, losses) => {
    const nanos = Option.getOrElse(Duration.toNanos(duration), () => 1n)
    const count = Number(nanos / second)
    if (nanos % second !== 0n || !Number.isSafeInteger(count)) losses.add("a whole number of seconds is needed")
    return count
  }
}

const second = 1_000_000_000n

/** An exact decimal. */
export const decimal: BothWays<number, BigDecimal.BigDecimal> = {
  decode: (value, losses) => {
    const number = decimalOf(String(value))
    if (number !== undefined && isPlain(number)) return number
    losses.add(tooLong)
    return zero
  },
  encode: (value, losses) => {
    if (isPlain(value)) return ExactNumber.make(textOf(value))
    losses.add(tooLong)
    return 0
  }
}

/** A span of time in seconds with decimals. */
export const exactSeconds: BothWays<number, Duration.Duration> = {
  decode: (value, losses) => {
    const { scale, value: count } = BigDecimal.normalize(shifted(decimal.decode(value, losses), 9))
    if (scale > 0) losses.add("a span of time has at most nine decimals of a second")
    return Duration.nanos(scale > 0 ? 0n : count * 10n ** BigInt(-scale))
  },
  encode: (duration, losses) => {
    const nanos = Option.getOrUndefined(Duration.toNanos(duration))
    if (nanos === undefined) losses.add("a number of seconds is needed")
    return decimal.encode(BigDecimal.make(nanos ?? 0n, 9), losses)
  }
}

/** A number that the version has whole only. */
export const wholeNumber = (why: string): BothWays<number, number> => ({
  notes: [{ path: "", fate: "refused", why }],
  decode: (value) => value,
  encode: (value, losses) => {
    if (!Number.isSafeInteger(value)) losses.add(why)
    return value
  }
})

const tooLong = "the number has too many digits"
const zero = BigDecimal.make(0n, 0)

/** What must not be shown. */
export const secret = <A>(): BothWays<A, Redacted.Redacted<A>> => ({
  decode: (value) => Redacted.make(value),
  encode: (redacted) => Redacted.value(redacted)
})
