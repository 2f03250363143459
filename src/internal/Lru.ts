/**
 * Values by key, as many as there may be. Beyond that a value has to go, as a rule the one that was used least lately.
 */
export class Lru<V> {
  private readonly capacity: number
  private readonly makeRoom: (values: Lru<V>) => void
  /** The one that was used least lately comes first. */
  private readonly values = new Map<string, V>()

  /** `makeRoom` is asked to `forget` a value before one more than `capacity` comes; if it does not, there are more. */
  constructor(capacity: number, makeRoom: (values: Lru<V>) => void) {
    this.capacity = capacity
    this.makeRoom = makeRoom
  }

  /** The value of a key, which is made if there is none, and is the one that was used most lately from now on. */
  use(key: string, make: () => V): V {
    const value = this.values.get(key) ?? make()
    // It is not to go for itself.
    this.values.delete(key)
    if (this.values.size >= this.capacity) this.makeRoom(this)
    this.values.set(key, value)
    return value
  }

  /** The value of a key, if there is one. To look at it is no use of it. */
  peek(key: string): V | undefined {
    return this.values.get(key)
  }

  /** Removes the value of a key, if there is one. */
  delete(key: string): void {
    this.values.delete(key)
  }

  /** Removes the first value that may go; `false` if there is none. */
  forget(mayGo: (value: V, key: string) => boolean): boolean {
    for (const [key, value] of this.values) {
      if (mayGo(value, key)) return this.values.delete(key)
    }
    return false
  }
}
