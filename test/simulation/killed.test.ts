/**
 * What becomes of a simulated station that loses its power while it charges.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { registersOf } from "../support/genericCsms.ts"
import { noHardware, open, virtual } from "../support/genericWorld.ts"
import { simulate } from "../support/outbox.ts"

describe("a simulated station that is killed as it tells a sample", () => {
  for (const version of ["1.6", "2.0.1"] as const) {
    it.live(`ends the transaction with no less than it has told, in the words of ${version}`, () =>
      Effect.forEach(
        Array.from({ length: 30 }, (_, index) => 100 + index * 10),
        (late) =>
          simulate(
            Effect.gen(function* () {
              // To commit takes so long that one thing is stored and the next is not.
              const { database, power } = yield* open({ commitTime: 20 })
              const powered = yield* power("CP", noHardware, () => virtual(version, "CP", 60))
              yield* powered.process!.introduced
              yield* powered.run(({ simulated }) => simulated.start(1, { idToken: "ANN", type: "Central" }))
              yield* Effect.sleep(60_000 + late)
              yield* powered.off
              yield* Effect.sleep("1 minute")
              yield* powered.on
              yield* Effect.sleep("10 minutes")
              const [billed] = database.transactions("CP")
              const registers = registersOf(billed!)
              assert.strictEqual(billed?.stoppedReason, "PowerLoss")
              assert.isAtLeast(registers.length, 2)
              assert.deepStrictEqual(
                registers,
                registers.toSorted((one, other) => one - other),
                `${late} ms late`
              )
            })
          )
      )
    )
  }
})
