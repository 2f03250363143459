/**
 * Words that a version lacks and has a nearest one for.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"

const timestamp = DateTime.makeUnsafe("2026-11-22T06:00:00Z")

describe("the end of a transaction for a reason that only 1.6 has", () => {
  it.each([
    ["UnlockCommand", "Other"],
    ["SoftReset", "ImmediateReset"],
    ["HardReset", "ImmediateReset"]
  ] as const)("%s is told in 2.x, as %s", (stoppedReason, word) => {
    for (const adapter of [v201, v21]) {
      const end = { eventType: "Ended", timestamp, triggerReason: "Trigger", seqNo: 1, transactionId: "1" } as const
      const { request } = Result.getOrThrow(Adapter.encode(adapter, Domain.TransactionEvent, { ...end, stoppedReason }))
      assert.deepInclude(request, { transactionInfo: { transactionId: "1", stoppedReason: word } })
    }
  })
})
