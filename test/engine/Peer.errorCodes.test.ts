import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { CallError, ErrorCode } from "../../src/OcppError.ts"
import { failure } from "../support/outcome.ts"
import { station } from "../support/station.ts"
import { start } from "../support/time.ts"

/** Each code of the library, and how 1.6 writes it. */
const spelling: Record<ErrorCode, string> = {
  NotImplemented: "NotImplemented",
  NotSupported: "NotSupported",
  InternalError: "InternalError",
  ProtocolError: "ProtocolError",
  SecurityError: "SecurityError",
  FormatViolation: "FormationViolation",
  PropertyConstraintViolation: "PropertyConstraintViolation",
  OccurrenceConstraintViolation: "OccurenceConstraintViolation",
  TypeConstraintViolation: "TypeConstraintViolation",
  GenericError: "GenericError",
  MessageTypeNotSupported: "NotSupported",
  RpcFrameworkError: "ProtocolError"
}

describe("The error codes of 1.6", () => {
  for (const code of ErrorCode.literals) {
    it.effect(`[RPC-10] ${code} is written ${spelling[code]}`, () =>
      Effect.gen(function* () {
        const { raw } = yield* station({ handlers: { reset: () => new CallError({ code }) } })
        yield* raw.send([2, "1", "Reset", { type: "Soft" }])
        assert.deepStrictEqual(yield* raw.next, [4, "1", spelling[code], "", {}])
      })
    )
  }

  for (const code of ["VendorError", "__proto__", "constructor", "toString"]) {
    it.effect(`a code of a vendor's own is written as it is: ${code}`, () =>
      Effect.gen(function* () {
        const { raw } = yield* station({ handlers: { reset: () => new CallError({ code }) } })
        yield* raw.send([2, "1", "Reset", { type: "Soft" }])
        assert.deepStrictEqual(yield* raw.next, [4, "1", code, "", {}])
      })
    )
  }

  for (const [written, code] of [
    ...ErrorCode.literals.map((literal) => [literal, literal] as const),
    ["FormationViolation", "FormatViolation"],
    ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"],
    ["VendorError", "VendorError"],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"]
  ] as const) {
    it.effect(`[RPC-11] ${written} is read as ${code}`, () =>
      Effect.gen(function* () {
        const { csms, deviations, raw } = yield* station()
        const call = yield* start(csms.heartbeat({}))
        yield* raw.send([4, yield* raw.nextCall("Heartbeat"), written, "text", { a: 1 }])
        assert.deepStrictEqual(yield* failure(call), {
          _tag: "CallError",
          code,
          action: "Heartbeat",
          description: "text",
          details: { a: 1 }
        })
        assert.deepStrictEqual(deviations, [])
      })
    )
  }
})
