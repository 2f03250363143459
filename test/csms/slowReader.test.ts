/**
 * Who reads events slowly misses the oldest, and fills no memory.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Stream from "effect/Stream"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"

it.effect("[FIELD-K12] who reads deviations slowly gets the latest 1,024", () =>
  Effect.gen(function* () {
    const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
    const { raw } = yield* connect("CP001")
    const gate = yield* Latch.make()
    const reading = yield* Effect.forkChild(
      csms.deviations.pipe(
        Stream.mapEffect(({ deviation }) => Effect.as(gate.await, deviation.messageId)),
        Stream.takeUntil((id) => id === "2999"),
        Stream.runCollect
      ),
      { startImmediately: true }
    )
    for (let id = 0; id < 3000; id++) yield* raw.send([2, String(id), "Nonsense", {}])
    yield* gate.open
    const ids = Array.from(yield* Fiber.join(reading))
    assert.strictEqual(ids.at(-1), "2999")
    // What it had taken already, and what was kept for it.
    assert.isAtMost(ids.length, 1024 + 2)
    assert.deepStrictEqual(
      ids.slice(-1000),
      Array.from({ length: 1000 }, (_, index) => String(2000 + index))
    )
  })
)
