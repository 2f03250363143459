/**
 * The last things of their kind, bounded in number and in bytes; the newest is always one of them.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Fifo } from "../../internal/Fifo.ts"
import { Signal } from "../../internal/Signal.ts"

export interface RecentLimits {
  readonly entries: number
  readonly bytes: number
}

/** A thing and its number; they are numbered from 1 on. */
export interface Numbered<A> {
  readonly number: number
  readonly value: A
}

/** What is kept says what it takes, which does not change: something beside it for that would take memory, too. */
export class Recent<A extends { readonly bytes: number }> {
  private readonly limits: RecentLimits
  private readonly kept = new Fifo<A>()
  private bytes = 0
  private readonly more = new Signal()
  /** The number of the newest one. */
  last = 0

  constructor(limits: RecentLimits) {
    this.limits = limits
  }

  /** Adds one, and lets go of the oldest that are too many. */
  add(value: A): void {
    this.kept.push(value)
    this.bytes += value.bytes
    this.last++
    while (this.kept.size > 1 && (this.kept.size > this.limits.entries || this.bytes > this.limits.bytes)) {
      this.bytes -= this.kept.shift()?.bytes ?? 0
    }
    this.more.open()
  }

  /** Oldest first. */
  list(): ReadonlyArray<A> {
    return this.kept.from(0)
  }

  /** Those after a number, and then what comes; who is too slow misses the oldest, which the numbers tell. */
  stream(after: number): Stream.Stream<Numbered<A>> {
    return Stream.unfold(after, (number) =>
      Effect.map(this.newer(number), (found) => [found, found.at(-1)?.number ?? number] as const)
    ).pipe(Stream.flattenIterable)
  }

  private newer(number: number): Effect.Effect<ReadonlyArray<Numbered<A>>> {
    return Effect.suspend(() => {
      const found = this.after(number)
      if (found.length > 0) return Effect.succeed(found.slice(0, most))
      this.more.close()
      return Effect.flatMap(this.more.opened, () => this.newer(number))
    })
  }

  private after(number: number): ReadonlyArray<Numbered<A>> {
    const first = this.last - this.kept.size + 1
    const start = Math.max(first, number + 1)
    return this.kept.from(start - first).map((value, index) => ({ number: start + index, value }))
  }
}

/** How many a reader is given at a time. */
const most = 64
