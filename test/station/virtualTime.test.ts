import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { Csms } from "../../src/csms/Csms.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { Station } from "../../src/station/Station.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as V16 from "../../src/v16/index.ts"
import { boot, core } from "../support/messages.ts"
import { settled, start } from "../support/time.ts"

describe("Virtual time", () => {
  it.effect("a station with a heartbeat of 300 seconds sends exactly 288 in 24 hours", () =>
    Effect.gen(function* () {
      const beats: Array<number> = []
      const CsmsLive = Csms.layer({
        accept: () => Effect.void,
        handlers: [
          V16.csmsHandlers({
            ...core,
            bootNotification: () =>
              Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }) as const),
            heartbeat: Effect.fnUntraced(function* () {
              beats.push(yield* Clock.currentTimeMillis)
              return { currentTime: yield* Timestamp.now }
            })
          })
        ]
      })
      const StationLive = Station.layer(V16.protocol, { url: "ws://csms", identity: "CP001" }).pipe(
        Layer.provide(MemoryNetwork.layer),
        Layer.provide(CsmsLive)
      )
      yield* Effect.gen(function* () {
        const csms = yield* V16.Csms
        const { interval } = yield* csms.bootNotification(boot)
        const beat = Effect.delay(csms.heartbeat({}), `${interval} seconds`)
        yield* Effect.repeat(beat, Schedule.forever)
      }).pipe(Effect.provide(StationLive), start)
      yield* settled
      yield* TestClock.adjust("24 hours")
      yield* settled
      assert.strictEqual(beats.length, 288)
      assert.deepStrictEqual(
        beats,
        Array.from({ length: 288 }, (_, index) => (index + 1) * 300_000)
      )
    })
  )
})
