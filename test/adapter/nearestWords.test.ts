/**
 * Words that a version lacks and has a nearest one for.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"

const timestamp = DateTime.makeUnsafe("2026-11-22T06:00:00Z")

const measured = (adapter: Adapter.Adapter, measurand: Domain.Measurand): unknown => {
  const reading = { _tag: "Measured", value: BigDecimal.fromBigInt(16n), unit: "A" } as const
  const sample = { measurand, context: "Sample.Periodic", location: "Outlet", reading } as const
  const encoded = Adapter.encode(adapter, Domain.MeterValues, {
    evseId: 1,
    meterValue: [{ timestamp, sampledValue: [sample] }]
  })
  if (Result.isFailure(encoded)) return encoded.failure.violations!.map(({ path, rule }) => `${path}: ${rule}`)
  return /"measurand":"([^"]*)"/.exec(JSON.stringify(encoded.success.request))?.[1]
}

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

describe("what is offered, which 2.1 has two names for,", () => {
  it.each(["Current", "Power"] as const)("is the same in the versions before: %s", (quantity) => {
    for (const adapter of [v16, v201]) {
      assert.strictEqual(measured(adapter, `${quantity}.Import.Offered`), `${quantity}.Offered`)
    }
    assert.strictEqual(measured(v21, `${quantity}.Import.Offered`), `${quantity}.Import.Offered`)
    assert.deepStrictEqual(measured(v15, `${quantity}.Import.Offered`), [
      "meterValue[0].sampledValue[0].measurand: 1.5 does not know this measurand"
    ])
  })
})
