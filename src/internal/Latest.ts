/**
 * A value that changes, told to whoever listens: as it is, then each change. A buffer is made when somebody listens.
 */
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import { publish } from "./Broadcast.ts"

/** How many changes a slow listener can be behind before it misses the oldest. */
const most = 1024

export class Latest<A> {
  private latest: A
  private isOver = false
  private listeners: PubSub.PubSub<A> | undefined = undefined

  constructor(value: A) {
    this.latest = value
  }

  get value(): A {
    return this.latest
  }

  tell(value: A): void {
    this.latest = value
    if (this.listeners !== undefined) publish(this.listeners, value, most)
  }

  /** The value as it is, then each change; it ends with the value. */
  get stream(): Stream.Stream<A> {
    return Stream.unwrap(Effect.map(this.open, Stream.fromPubSub))
  }

  /** No change comes any more. */
  get end(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.isOver = true
      return this.listeners === undefined ? Effect.void : PubSub.shutdown(this.listeners)
    })
  }

  private get open(): Effect.Effect<PubSub.PubSub<A>> {
    return Effect.suspend(() => {
      if (this.listeners !== undefined) return Effect.succeed(this.listeners)
      return Effect.tap(PubSub.unbounded<A>({ replay: 1 }), (listeners) => {
        PubSub.publishUnsafe(listeners, this.latest)
        this.listeners = listeners
        return this.isOver ? PubSub.shutdown(listeners) : Effect.void
      })
    })
  }
}
