/**
 * Tells whoever listens. A buffer is made when somebody does.
 */
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"

/** Publishes to listeners without a bound of their own, each of whom misses the oldest beyond `most`. */
export const publish = <A>(listeners: PubSub.PubSub<A>, value: A, most: number): void => {
  // A `PubSub` that slides by itself takes room for all values beforehand.
  if (listeners.pubsub.size() >= most) listeners.pubsub.slide()
  PubSub.publishUnsafe(listeners, value)
}

export class Broadcast<A> {
  private readonly most: number
  private listeners: PubSub.PubSub<A> | undefined = undefined

  /** `most` is how many values a slow listener can be behind before it misses the oldest. */
  constructor(most = 1024) {
    this.most = most
  }

  tell(value: A): void {
    if (this.listeners !== undefined) publish(this.listeners, value, this.most)
  }

  /** What is told from now on. */
  get stream(): Stream.Stream<A> {
    return Stream.unwrap(Effect.map(this.open, Stream.fromPubSub))
  }

  private get open(): Effect.Effect<PubSub.PubSub<A>> {
    return Effect.suspend(() =>
      this.listeners === undefined
        ? Effect.tap(PubSub.unbounded<A>(), (listeners) =>
            Effect.sync(() => {
              this.listeners = listeners
            })
          )
        : Effect.succeed(this.listeners)
    )
  }
}
