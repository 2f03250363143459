/**
 * A server that shuts down finishes what is under way, and begins nothing new.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as V16 from "../../src/v16/index.ts"
import { time } from "../support/messages.ts"
import { refused, serve, wsStation } from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const heartbeat = [2, "new", "Heartbeat", {}]

describe("[FIELD-K13] A server that shuts down", () => {
  it.live("waits for what is under way, and answers nothing that comes meanwhile", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const decided = yield* Deferred.make<void>()
      const handled: Array<string> = []
      const slow = V16.csmsHandlersPartial({
        authorize: () =>
          Effect.as(Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(decided)), {
            idTagInfo: { status: "Accepted" }
          }),
        heartbeat: () =>
          Effect.sync(() => {
            handled.push("Heartbeat")
            return { currentTime: time }
          })
      })
      const { csms, port, stop, url } = yield* serve({ handlers: [slow] })
      const [asking, called, idle] = [
        yield* wsStation(`${url}/ASKING`),
        yield* wsStation(`${url}/CALLED`),
        yield* wsStation(`${url}/IDLE`)
      ]
      yield* asking.send([2, "a", "Authorize", { idTag: "1" }])
      yield* Deferred.await(asked)
      const call = yield* Effect.forkChild(csms.call("CALLED", V16.ClearCache, {}), { startImmediately: true })
      const waiting = yield* Effect.forkChild(Effect.flip(csms.call("CALLED", V16.ClearCache, {})), {
        startImmediately: true
      })
      const received = yield* called.receive
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })

      assert.strictEqual((yield* idle.closed).code, 1001)
      assert.deepInclude(yield* Fiber.join(waiting), { _tag: "NotSent", reason: "NotConnected" })
      assert.deepInclude(yield* Effect.flip(csms.call("ASKING", V16.ClearCache, {})), { _tag: "NotSent" })
      assert.strictEqual((yield* refused(port, { path: "/NEW" })).status, 503)
      yield* asking.send(heartbeat)
      yield* called.send(heartbeat)
      yield* called.send([3, Object(received)[1], { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(call), { status: "Accepted" })
      assert.strictEqual((yield* called.closed).code, 1001)
      assert.strictEqual(stopping.pollUnsafe(), undefined)

      yield* Deferred.succeed(decided, undefined)
      assert.deepStrictEqual(yield* asking.receive, [3, "a", { idTagInfo: { status: "Accepted" } }])
      assert.strictEqual((yield* asking.closed).code, 1001)
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(handled, [])
    })
  )

  it.live("waits no longer than it is told to", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const ended = yield* Deferred.make<void>()
      const endless = V16.csmsHandlersPartial({
        heartbeat: () =>
          Effect.onInterrupt(Effect.andThen(Deferred.succeed(asked, undefined), Effect.never), () =>
            Deferred.succeed(ended, undefined)
          )
      })
      const { stop, url } = yield* serve({ handlers: [endless], server: { drainTimeout: "50 millis" } })
      const station = yield* wsStation(`${url}/CP001`)
      yield* station.send(heartbeat)
      yield* Deferred.await(asked)
      yield* Effect.timeout(stop, "2 seconds")
      assert.strictEqual((yield* station.closed).code, 1001)
      yield* Deferred.await(ended)
    })
  )
})
