/**
 * Tells whoever listens. A buffer is made when somebody does.
 */
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"

export class Broadcast<A> {
  private readonly most: number
  private listeners: PubSub.PubSub<A> | undefined = undefined

  /** `most` is how many values a slow listener can be behind before it misses the oldest. */
  constructor(most = 1024) {
    this.most = most
  }

  tell(value: A): void {
    if (this.listeners !== undefined) PubSub.publishUnsafe(this.listeners, value)
  }

  /** What is told from now on. */
  get stream(): Stream.Stream<A> {
    return Stream.unwrap(Effect.map(this.open, Stream.fromPubSub))
  }

  private get open(): Effect.Effect<PubSub.PubSub<A>> {
    return Effect.suspend(() =>
      this.listeners === undefined
        ? Effect.tap(PubSub.sliding<A>(this.most), (listeners) =>
            Effect.sync(() => {
              this.listeners = listeners
            })
          )
        : Effect.succeed(this.listeners)
    )
  }
}
