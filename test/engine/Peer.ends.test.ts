import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import type { Carrier, Receiver } from "../../src/engine/Carrier.ts"
import * as Peer from "../../src/engine/Peer.ts"
import { Simulation } from "../../src/simulation/Simulation.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { outcome } from "../support/outcome.ts"
import { start } from "../support/time.ts"

describe("A handler", () => {
  it.effect("that closes its own connection before it waits for anything ends with it", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const { connect } = yield* makeCsms({
        handlers: [
          V16.csmsHandlersPartial({
            heartbeat: (_, session) =>
              Effect.andThen(session.close(), Effect.never).pipe(
                Effect.onInterrupt(() => Effect.sync(() => ended.push("interrupted")))
              )
          })
        ]
      })
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "Heartbeat", {}])
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(ended, ["interrupted"])
    }).pipe(Simulation.run)
  )
})

describe("A queue of any length", () => {
  it.effect("ends whole when the connection takes nothing any more", () =>
    Effect.gen(function* () {
      const length = 20_000
      let isOpen = true
      const engine = yield* Peer.make<Peer.Peer, never>({
        handlers: V16.csmsHandlersPartial({}),
        lifetime: yield* Effect.scope,
        nextId: yield* Peer.makeIds,
        calls: { timeout: "1 hour", responseTimeout: "30 seconds", queueLimit: length },
        observer: { identity: () => "CP001", deviation: () => undefined, closed: () => undefined }
      })
      const peer = engine.open(
        {
          encode: Result.succeed,
          send: () => isOpen,
          close: () => undefined,
          listen: () => undefined,
          pause: () => undefined,
          resume: () => undefined
        },
        yield* Effect.scope,
        (self) => self
      )
      const calls: Array<Fiber.Fiber<unknown, unknown>> = []
      for (let index = 0; index < length; index++) calls.push(yield* start(peer.call(V16.ClearCache, {})))
      isOpen = false
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual(new Set(calls.map(outcome)), new Set(["Timeout", "NotConnected"]))
    }).pipe(Simulation.run)
  )
})

it.effect("[FIELD-K5] Whatever comes is a sign of life, what is dropped too, until the connection is closed", () =>
  Effect.gen(function* () {
    const heard: Array<string> = []
    const told: Array<string> = []
    let receiver: Receiver | undefined
    const engine = yield* Peer.make<Peer.Peer, never>({
      handlers: V16.csmsHandlersPartial({}),
      lifetime: yield* Effect.scope,
      nextId: yield* Peer.makeIds,
      observer: {
        identity: () => "CP001",
        passed: (_, direction) => heard.push(direction),
        deviation: (_, { kind }) => told.push(kind),
        closed: () => undefined
      }
    })
    const carrier: Carrier = {
      encode: Result.succeed,
      send: () => true,
      close: () => undefined,
      listen: (given) => {
        receiver = given
      },
      pause: () => undefined,
      resume: () => undefined
    }
    engine.open(carrier, yield* Effect.scope, (self) => self).listen()
    receiver?.dropped("BinaryFrame")
    assert.deepStrictEqual([heard, told], [["in"], ["BinaryFrame"]])
    receiver?.closed(1000, "")
    receiver?.dropped("BinaryFrame")
    assert.deepStrictEqual([heard, told], [["in"], ["BinaryFrame"]])
  })
)
