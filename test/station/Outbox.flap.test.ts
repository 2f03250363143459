/**
 * A connection that comes and goes fifty times while two hundred messages wait.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { open, pass, simulate, TestCsms } from "../support/outbox.ts"
import { v16, v201 } from "../support/versions.ts"

/** When the connection is lost, seen from the message that is on its way. */
const moments = ["before the answer", "after the answer", "half open"] as const

for (const version of [v16, v201]) {
  describe(`fifty losses with a station of ${version.name}`, () => {
    for (const moment of moments) {
      it.live(`[TX-01] [TX-04] ${moment}: nothing is lost, the order is kept, no attempt is used up`, () =>
        simulate(
          Effect.gen(function* () {
            const csms = new TestCsms()
            csms.isReachable = false
            const { site } = yield* open(version, { csms, outbox: { attempts: 1, retryInterval: "1 hour" } })
            const transaction = yield* site.start(1, 0)
            for (let meter = 1; meter < 200; meter++) yield* transaction.update(meter)

            let losses = 0
            let calls = 0
            csms.answer = (call) => {
              if (call.action === "BootNotification" || losses === 50 || ++calls % 4 !== 0) return "well"
              if (moment === "after the answer") csms.reply(call, "well")
              // What nobody answers is lost when the connection is.
              if (moment !== "half open") {
                losses++
                csms.cut()
              }
              return "never"
            }
            csms.isReachable = true
            for (let round = 0; round < 50; round++) {
              // Half open, the call has timed out by then.
              yield* pass("45 seconds")
              if (moment === "half open") {
                losses++
                csms.cut()
              }
              yield* transaction.update(200 + round)
            }
            yield* transaction.stop(250)
            yield* pass("10 minutes")

            assert.strictEqual(losses, 50)
            assert.strictEqual(csms.links, 51)
            const ids = new Map(csms.stored.map(({ label, messageId }) => [label, messageId]))
            assert.deepStrictEqual(
              Array.from(ids.keys()),
              Array.from({ length: 251 }, (_, meter) =>
                meter === 0 ? "Started 0" : meter === 250 ? "Ended 250" : `Updated ${meter}`
              )
            )
            // A repetition follows what it repeats, and is one by its id.
            assert.strictEqual(csms.stored.length, 251 + (moment === "after the answer" ? 0 : 50))
            assert.deepStrictEqual(
              csms.labels.filter((label, index) => label !== csms.labels[index - 1]),
              Array.from(ids.keys())
            )
            assert.strictEqual(new Set(csms.stored.map(({ messageId }) => messageId)).size, 251)
            for (const { _tag, message } of site.events) {
              assert.include(["Stored", "Delivered"], _tag)
              assert.strictEqual(message.attempts, 0)
            }
            if (version.is2x) {
              assert.deepStrictEqual(
                Array.from(new Set(csms.stored.map(({ seqNo }) => seqNo))),
                Array.from({ length: 251 }, (_, seqNo) => seqNo)
              )
            } else {
              assert.isTrue(csms.stored.slice(1).every(({ transactionId }) => transactionId === 101))
            }

            // The one attempt that there is, is left.
            csms.answer = ({ label }) => (label === "Started 300" ? { error: "InternalError" } : "well")
            yield* site.start(1, 300)
            yield* pass("2 hours")
            assert.strictEqual(csms.labelled("Started 300").length, 1)
            assert.deepInclude(site.events.at(-1), { _tag: "Discarded" })
          })
        )
      )
    }
  })
}
