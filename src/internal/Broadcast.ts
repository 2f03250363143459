/**
 * Tells whoever listens. A buffer is made when somebody does.
 */
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"

/** How many values a slow listener can be behind before it misses the oldest. */
const most = 1024

export class Broadcast<A> {
  private listeners: PubSub.PubSub<A> | undefined = undefined

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
        ? Effect.tap(PubSub.sliding<A>(most), (listeners) =>
            Effect.sync(() => {
              this.listeners = listeners
            })
          )
        : Effect.succeed(this.listeners)
    )
  }
}
