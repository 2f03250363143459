/**
 * Values, first in, first out.
 */

/** Values by their places: the first is at 0. To take it away takes no longer where there are many. */
export class Fifo<A> {
  private items: Array<A | undefined>
  /** Where the first is; those before it are gone. */
  private head = 0

  constructor(items: ReadonlyArray<A> = []) {
    this.items = Array.from(items)
  }

  get size(): number {
    return this.items.length - this.head
  }

  at(place: number): A | undefined {
    return this.items[this.head + place]
  }

  set(place: number, value: A): void {
    this.items[this.head + place] = value
  }

  /** The place of a value, found from the end; less than 0 if it is not there. */
  lastPlaceOf(value: A): number {
    return this.items.lastIndexOf(value) - this.head
  }

  /** Those from a place on, in order. */
  from(place: number): Array<A> {
    // What is behind the head is there.
    return this.items.slice(this.head + place) as Array<A>
  }

  push(value: A): void {
    this.items.push(value)
  }

  /** Takes the first away, and gives it. */
  shift(): A | undefined {
    const first = this.items[this.head]
    if (this.size === 0) return undefined
    this.items[this.head++] = undefined
    // Moves the others up only now and then, for that takes as long as there are many.
    if (this.head >= 64 && this.head >= this.size) {
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return first
  }
}
