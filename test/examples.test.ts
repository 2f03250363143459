import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "./cli/support.ts"

describe("the examples run", () => {
  it.live("charge", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* (yield* start("examples/charge-1.6.ts")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "charged 1500 Wh")
    }).pipe(Effect.scoped)
  )

  it.live("remote-charge", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* (yield* start("examples/remote-charge-1.6.ts")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "asked to charge for Tag2\ntransaction 1")
    }).pipe(Effect.scoped)
  )

  for (const [example, says] of [
    ["charge-2.0.1", "charged 1500 Wh"],
    ["remote-charge-2.0.1", "transaction CP001-1"],
    ["negotiate-2.1", "agreed on 2.1\nstreamed two values"]
  ] as const) {
    it.live(example, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* (yield* start(`examples/${example}.ts`)).ended
        assert.strictEqual(code, 0, stderr)
        assert.include(stdout, says)
      }).pipe(Effect.scoped)
    )
  }

  it.live("csms, with charge against it", () =>
    Effect.gen(function* () {
      const csms = yield* start("examples/csms.ts", "0")
      const url = (yield* csms.line((line) => line.startsWith("stations connect to"))).slice(
        "stations connect to ".length
      )
      const { code } = yield* (yield* start("examples/charge-1.6.ts", url)).ended
      assert.strictEqual(code, 0)
      yield* csms.line((line) => line === "transaction 1 ended at 1500 Wh")
      yield* csms.line((line) => line === "the station does not tell: NotSupported")
    }).pipe(Effect.scoped)
  )
})
