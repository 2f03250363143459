/**
 * Tells whoever listens. What a listener has not read yet is kept for it; without one nothing is.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Fifo } from "./Fifo.ts"
import { Signal } from "./Signal.ts"

// A `PubSub` takes twice the memory for a listener, and one with a bound takes room for all values beforehand.

export class Broadcast<A> {
  private readonly most: number
  private listeners: ReadonlyArray<Listener<A>> = none
  private isOver = false

  /** `most` is how many values a slow listener can be behind before it misses the oldest. */
  constructor(most = 1024) {
    this.most = most
  }

  tell(value: A): void {
    for (const { heard, unread } of this.listeners) {
      if (unread.size >= this.most) unread.shift()
      unread.push(value)
      heard.open()
    }
  }

  /** What is told from now on. */
  get stream(): Stream.Stream<A> {
    return this.streamAfter(() => [])
  }

  /** Nothing is told any more. */
  get end(): Effect.Effect<void> {
    return Effect.sync(() => {
      this.isOver = true
      for (const { heard } of this.listeners) heard.open()
    })
  }

  /** What is there when somebody begins to listen, then what is told. */
  protected streamAfter(first: () => ReadonlyArray<A>): Stream.Stream<A> {
    return Stream.suspend(() => {
      let listener: Listener<A> | undefined
      const begin = (): Listener<A> => {
        const begun = { unread: new Fifo(this.isOver ? [] : first()), heard: new Signal(true) }
        this.listeners = [...this.listeners, begun]
        return begun
      }
      return Stream.paginate(undefined, () =>
        Effect.suspend(() => {
          const { heard, unread } = (listener ??= begin())
          return Effect.map(heard.opened, () => {
            const values = unread.take()
            if (!this.isOver) heard.close()
            return [values, this.isOver ? Option.none() : Option.some(undefined)] as const
          })
        })
      ).pipe(
        Stream.ensuring(
          Effect.sync(() => {
            this.listeners = this.listeners.filter((other) => other !== listener)
          })
        )
      )
    })
  }
}

interface Listener<A> {
  readonly unread: Fifo<A>
  /** Open while there is something to read, or nothing to wait for. */
  readonly heard: Signal
}

const none: ReadonlyArray<never> = []
