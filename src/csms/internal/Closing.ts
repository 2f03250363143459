/**
 * The end of connections, one by one and all at once when the CSMS is shut down.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { ConnectedStation } from "./ConnectedStation.ts"

export const shuttingDown = "the CSMS is shutting down"

export class Closing {
  /** Whether nobody may connect any more. */
  isOver = false
  private readonly run: (effect: Effect.Effect<void>) => Fiber.Fiber<void>
  private readonly ending = new Set<Fiber.Fiber<void>>()

  constructor(run: (effect: Effect.Effect<void>) => Fiber.Fiber<void>) {
    this.run = run
  }

  /** A connection has ended: what was made for it goes too. */
  ended({ scope }: ConnectedStation): void {
    const fiber = this.run(Scope.close(scope, Exit.void))
    this.ending.add(fiber)
    fiber.addObserver(() => this.ending.delete(fiber))
  }

  /** Closes all connections, and waits until what was made for them is gone. */
  shutDown(stations: () => ReadonlyArray<ConnectedStation>): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.isOver = true
      for (const { peer } of stations()) peer.close(1001, shuttingDown)
      return Fiber.awaitAll(this.ending)
    })
  }
}
