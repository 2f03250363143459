/**
 * The last things of their kind, bounded in number and in bytes; the newest is always one of them.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
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

export class Recent<A> {
  private readonly limits: RecentLimits
  /** From `head` on; what is before that has been let go. */
  private slots: Array<{ readonly value: A; readonly bytes: number } | undefined> = []
  private head = 0
  private bytes = 0
  private readonly more = new Signal()
  /** The number of the newest one. */
  last = 0

  constructor(limits: RecentLimits) {
    this.limits = limits
  }

  /** Adds one of so many bytes, and lets go of the oldest that are too many. */
  add(value: A, bytes: number): void {
    this.slots.push({ value, bytes })
    this.bytes += bytes
    this.last++
    while (this.size > 1 && (this.size > this.limits.entries || this.bytes > this.limits.bytes)) this.letGo()
    this.more.open()
  }

  /** Oldest first. */
  list(): ReadonlyArray<A> {
    return this.after(0).map(({ value }) => value)
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
    const first = this.last - this.size + 1
    const start = Math.max(first, number + 1)
    return this.slots
      .slice(this.head + start - first)
      .flatMap((slot, index) => (slot === undefined ? [] : [{ number: start + index, value: slot.value }]))
  }

  private get size(): number {
    return this.slots.length - this.head
  }

  private letGo(): void {
    this.bytes -= this.slots[this.head]?.bytes ?? 0
    this.slots[this.head] = undefined
    this.head++
    if (this.head < 1024 || this.head < this.size) return
    this.slots = this.slots.slice(this.head)
    this.head = 0
  }
}

/** How many a reader is given at a time. */
const most = 64
