/**
 * The end of a CSMS, and who comes after it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { Simulation } from "../../src/simulation/Simulation.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms, handshake } from "../support/csms.ts"
import { core } from "../support/messages.ts"
import { Raw } from "../support/raw.ts"
import { settled, start } from "../support/time.ts"

const handlers = [V16.csmsHandlers(core)]

describe("A CSMS that shuts down", () => {
  it.effect("closes all connections at once, then all scopes side by side, and waits for these", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { connect } = yield* makeCsms({ handlers }).pipe(Scope.provide(scope))
      const log: Array<unknown> = []
      for (const identity of ["CP001", "CP002", "CP003"]) {
        const { raw, session } = yield* connect(identity)
        yield* Scope.addFinalizer(
          session.scope,
          Effect.gen(function* () {
            yield* settled
            yield* Effect.sleep("1 second")
            log.push([identity, raw.end?.code, yield* Clock.currentTimeMillis])
          })
        )
      }
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(log, [
        ["CP001", 1001, 1000],
        ["CP002", 1001, 1000],
        ["CP003", 1001, 1000]
      ])
    }).pipe(Simulation.run)
  )

  it.effect("lets nobody in any more, not even who is on its way", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { csms, endpoint } = yield* makeCsms({
        handlers,
        accept: ({ identity }) => (identity === "SLOW" ? Effect.sleep("1 second") : Effect.void)
      }).pipe(Scope.provide(scope))
      const { agreed } = yield* endpoint.accept(handshake("CP001"))
      const slow = yield* start(Effect.flip(endpoint.accept(handshake("SLOW"))))
      yield* Scope.close(scope, Exit.void)

      const [station, own] = yield* Transport.makePair
      const raw = new Raw(station)
      assert.strictEqual(agreed?.connect(own), undefined)
      yield* settled
      assert.strictEqual(raw.end?.code, 1001)
      assert.deepStrictEqual(yield* csms.connected, [])
      assert.strictEqual((yield* Effect.flip(endpoint.accept(handshake("CP002")))).status, 503)
      assert.strictEqual((yield* Fiber.join(slow)).status, 503)
    }).pipe(Simulation.run)
  )
})
