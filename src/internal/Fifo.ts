/**
 * Values, first in, first out.
 */

/**
 * Values by their places: the first is at 0. To take it away takes no longer where there are many, and where as many come
 * as go, they take no more memory.
 */
export class Fifo<A> {
  /** The values, from `head` on and around the end. */
  private ring: Array<A | undefined> = []
  private head = 0
  private count = 0

  constructor(items: ReadonlyArray<A> = []) {
    for (const item of items) this.push(item)
  }

  get size(): number {
    return this.count
  }

  at(place: number): A | undefined {
    return this.ring[this.indexOf(place)]
  }

  set(place: number, value: A): void {
    this.ring[this.indexOf(place)] = value
  }

  /** The place of a value, found from the end; less than 0 if it is not there. */
  lastPlaceOf(value: A): number {
    let place = this.count - 1
    while (place >= 0 && this.at(place) !== value) place--
    return place
  }

  /** Those from a place on, in order. */
  from(place: number): Array<A> {
    // What is in the places is there.
    return Array.from({ length: this.count - place }, (_, index) => this.at(place + index) as A)
  }

  push(value: A): void {
    if (this.count === this.ring.length) this.resize(Math.max(4, 2 * this.count))
    this.ring[this.indexOf(this.count++)] = value
  }

  /** Takes the first away, and gives it. */
  shift(): A | undefined {
    const first = this.at(0)
    if (this.count === 0) return undefined
    this.ring[this.head] = undefined
    this.head = this.indexOf(1)
    this.count--
    if (this.ring.length > 64 && this.count < this.ring.length / 4) this.resize(this.ring.length / 2)
    return first
  }

  /** Takes all away, and gives them in order. */
  take(): Array<A> {
    const all = this.from(0)
    this.ring = []
    this.head = 0
    this.count = 0
    return all
  }

  private resize(room: number): void {
    this.ring = this.from(0)
    this.ring.length = room
    this.head = 0
  }

  private indexOf(place: number): number {
    const index = this.head + place
    return index < this.ring.length ? index : index - this.ring.length
  }
}
