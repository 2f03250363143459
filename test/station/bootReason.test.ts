/**
 * A station that presents itself anew each time it boots.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { pass, simulate, TestCsms } from "../support/outbox.ts"
import { standUp } from "../support/station.ts"
import { v201 } from "../support/versions.ts"

describe("a BootNotification that is an effect", () => {
  it.effect("[REG-01] is asked for each time the station boots, so that the reason can be another one", () =>
    simulate(
      Effect.gen(function* () {
        const csms = new TestCsms()
        let reason = "PowerUp"
        const { station } = yield* standUp(
          v201.protocol,
          { boot: Effect.sync(() => ({ ...v201.boot, reason })), firstConnection: "retry" },
          csms.connector("ocpp2.0.1")
        )
        yield* pass("1 minute")
        reason = "RemoteReset"
        yield* station.reboot
        yield* pass("1 minute")
        assert.deepStrictEqual(
          csms.labelled("BootNotification").map(({ payload }) => payload["reason"]),
          ["PowerUp", "RemoteReset"]
        )
      })
    )
  )
})
