/**
 * What a station has stored waits for its turn as long as that takes.
 */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { open, pass, simulate, TestCsms } from "../support/outbox.ts"
import { start } from "../support/time.ts"
import { v16, v201 } from "../support/versions.ts"

for (const version of [v16, v201]) {
  it.live(
    `[FIELD-K13] [TX-04] a stored message of ${version.name} waits behind a call without an attempt or a loss`,
    () =>
      simulate(
        Effect.gen(function* () {
          const csms = new TestCsms()
          csms.answer = ({ label }) => (label.startsWith("Authorize") ? "never" : "well")
          const calls = { timeout: "1 second", responseTimeout: "5 minutes" } as const
          const { site } = yield* open(version, { csms, calls, outbox: { attempts: 1 } })
          yield* start(site.authorize())
          yield* site.start(1, 100)
          yield* pass("4 minutes")
          assert.strictEqual(yield* site.outbox.waiting(), 1)
          yield* pass("1 minute")
          assert.strictEqual(yield* site.outbox.waiting(), 0)
          assert.deepStrictEqual(
            site.events.map(({ _tag }) => _tag),
            ["Stored", "Delivered"]
          )
        })
      )
  )
}
