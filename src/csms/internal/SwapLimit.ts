/**
 * Slows down stations that take one identity from each other again and again.
 */
import { Lru } from "../../internal/Lru.ts"
import * as Options from "../../internal/Options.ts"
import type { SwapSettings } from "../Takeover.ts"

export class SwapLimit {
  /** In milliseconds. */
  readonly delay: number
  private readonly now: () => number
  private readonly swaps: number
  private readonly within: number
  /** When an identity was taken over lately, oldest first. */
  private readonly recent = new Lru<Array<number>>(mostIdentities, (all) => all.forget(() => true))

  /** `now` is a clock that nobody sets, in milliseconds. */
  constructor({ delay, swaps, within }: SwapSettings, now: () => number) {
    this.now = now
    this.swaps = Options.count("swaps", swaps ?? 5, 1, 1000)
    this.within = Options.millis("within", within ?? "1 minute", 0)
    this.delay = Options.millis("delay", delay ?? "5 seconds", 0)
  }

  /** A connection has taken over an identity. */
  swapped(identity: string): void {
    const times = this.recent.use(identity, () => [])
    times.push(this.now())
    if (times.length > this.swaps) times.shift()
  }

  /** Whether the next one has to wait. */
  isReached(identity: string): boolean {
    const times = this.recent.peek(identity) ?? []
    return times.length === this.swaps && times[0]! > this.now() - this.within
  }
}

const mostIdentities = 10_000
