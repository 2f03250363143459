/**
 * Functions to be called at certain times, kept so that the next one is found at once.
 */

export class Timer {
  readonly at: number
  readonly order: number
  /** Absent once the timer is cancelled or was taken. */
  ring: (() => void) | undefined

  constructor(at: number, order: number, ring: () => void) {
    this.at = at
    this.order = order
    this.ring = ring
  }
}

/** Timers in a binary heap; those of the same time in the order in which they were added. */
export class Timers {
  private heap: Array<Timer> = []
  private cancelled = 0
  private count = 0

  /** How many are kept, the cancelled ones among them. */
  get size(): number {
    return this.heap.length
  }

  add(at: number, ring: () => void): Timer {
    const timer = new Timer(at, this.count++, ring)
    const { heap } = this
    let hole = heap.push(timer) - 1
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (isBefore(heap[parent]!, timer)) break
      heap[hole] = heap[parent]!
      hole = parent
    }
    heap[hole] = timer
    return timer
  }

  /** Does nothing if the timer was taken or cancelled before. */
  cancel(timer: Timer): void {
    if (timer.ring === undefined) return
    timer.ring = undefined
    this.cancelled++
    if (this.cancelled * 2 <= this.heap.length || this.heap.length < 64) return
    // In order, an array is a heap.
    this.heap = this.heap.filter(({ ring }) => ring !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1))
    this.cancelled = 0
  }

  /** When the next one rings, `Infinity` if there is none. */
  get next(): number {
    let timer = this.heap[0]
    while (timer !== undefined && timer.ring === undefined) {
      this.pop()
      this.cancelled--
      timer = this.heap[0]
    }
    return timer === undefined ? Infinity : timer.at
  }

  /** Removes the next one if it rings by then, and gives what it does. */
  take(until: number): (() => void) | undefined {
    if (this.next > until) return undefined
    const timer = this.heap[0]
    if (timer === undefined) return undefined
    this.pop()
    const { ring } = timer
    timer.ring = undefined
    return ring
  }

  clear(): void {
    this.heap = []
    this.cancelled = 0
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()!
    if (heap.length === 0) return
    let hole = 0
    while (true) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (isBefore(last, heap[child]!)) break
      heap[hole] = heap[child]!
      hole = child
    }
    heap[hole] = last
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
