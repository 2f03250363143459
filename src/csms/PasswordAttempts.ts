/**
 * How guesses of passwords are slowed down.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import { Lru } from "../internal/Lru.ts"
import * as Options from "../internal/Options.ts"

/**
 * How guesses of passwords are slowed down.
 *
 * **Details**
 *
 * What counts are handshakes with credentials that end with 401, by the pair of the identity and the address that they
 * come from; of IPv6 addresses, a block of 64 bits is one. Once a pair has failed so many times, its next handshake has to
 * wait, twice as long after each further failure. One that comes earlier is answered with 429, and `accept` is not asked.
 * A success ends this, and so does an hour without a failure. Other addresses are not affected, so that nobody can lock a
 * station out that stands elsewhere.
 *
 * - `attempts`: how many failures are free, by default 5.
 * - `delay`: how long the next handshake has to wait then, by default 1 second.
 * - `maxDelay`: how long it has to wait at most, by default 1 minute.
 * - `capacity`: how many pairs are remembered, by default 100,000; beyond it the one whose last failure is oldest goes.
 *
 * **Gotchas**
 *
 * All stations behind a proxy that is not trusted (`trustedProxies` of the server) have its address. A handshake whose
 * address is not known is not slowed down.
 *
 * @category options
 * @since 0.1.0
 */
export interface PasswordAttemptSettings {
  readonly attempts?: number | undefined
  readonly delay?: Duration.Input | undefined
  readonly maxDelay?: Duration.Input | undefined
  readonly capacity?: number | undefined
}

/** What is known of a pair; times in milliseconds. */
interface Pair {
  failures: number
  failedAt: number
  /** How many of its handshakes are being decided over. */
  underWay: number
}

/** Ends an attempt; `undefined` if nobody has decided over it. */
type End = (hasFailed: boolean | undefined) => void

/** The failed attempts of all pairs. @internal */
export class PasswordAttempts {
  private readonly now: () => number
  private readonly attempts: number
  private readonly delay: number
  private readonly maxDelay: number
  /** The one whose last failure is oldest goes first. */
  private readonly pairs: Lru<Pair>

  /** `now` is a clock that nobody sets, in milliseconds. */
  constructor(settings: PasswordAttemptSettings, now: () => number) {
    this.now = now
    this.attempts = Options.count("attempts", settings.attempts ?? 5, 1)
    this.delay = Options.millis("delay", settings.delay ?? "1 second", 0)
    this.maxDelay = Options.millis("maxDelay", settings.maxDelay ?? "1 minute", 0)
    const capacity = Options.count("capacity", settings.capacity ?? 100_000, 1)
    this.pairs = new Lru(capacity, (all) => all.forget(() => true))
  }

  /** Begins an attempt; `undefined` if it comes too early. */
  begin(identity: string, address: string): End | undefined {
    const key = `${networkOf(address)} ${identity}`
    const pair = this.pairs.peek(key) ?? { failures: 0, failedAt: this.now(), underWay: 0 }
    if (this.now() - pair.failedAt > forgetAfter) pair.failures = 0
    if (this.isEarly(pair)) return undefined
    pair.underWay++
    this.pairs.use(key, () => pair)
    return (hasFailed) => {
      pair.underWay--
      if (hasFailed === true) {
        pair.failures++
        pair.failedAt = this.now()
        this.pairs.use(key, () => pair)
      } else {
        if (hasFailed === false) pair.failures = 0
        if (pair.failures === 0 && pair.underWay === 0) this.pairs.delete(key)
      }
    }
  }

  /** What is under way may fail. */
  private isEarly({ failedAt, failures, underWay }: Pair): boolean {
    if (underWay > 0 && failures + underWay >= this.attempts) return true
    if (failures < this.attempts) return false
    return this.now() < failedAt + Math.min(this.delay * 2 ** (failures - this.attempts), this.maxDelay)
  }
}

/** In milliseconds. */
const forgetAfter = 3_600_000

/** An IPv4 address, or the first 64 bits of an IPv6 one, which is what a line is given. */
const networkOf = (address: string): string => {
  if (!address.includes(":")) return address
  const [head = "", tail] = address.split("::")
  const groups = head.split(":")
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - tail.split(":").length)
  return [...groups, ...Array<string>(missing).fill("0"), ...(tail ?? "").split(":")].slice(0, 4).join(":")
}
