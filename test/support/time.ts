/**
 * Tests under a clock that only they move.
 */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** Everything that is under way has arrived, and no time has passed. */
export const settled: Effect.Effect<void> = Effect.forEach(Array.from({ length: 24 }), () => Effect.yieldNow, {
  discard: true
})

/** Starts something that ends with the test. */
export const start = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<Fiber.Fiber<A, E>, never, R | Scope.Scope> => Effect.forkScoped(effect, { startImmediately: true })

/** What a stream gives from now on. */
export const collect = <A, E, R>(
  stream: Stream.Stream<A, E, R>
): Effect.Effect<ReadonlyArray<A>, never, R | Scope.Scope> =>
  Effect.gen(function* () {
    const seen: Array<A> = []
    yield* start(Stream.runForEach(stream, (value) => Effect.sync(() => seen.push(value))))
    yield* settled
    return seen
  })
