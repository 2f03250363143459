import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ToleratedFrameKind, type ToleratedKind } from "../../src/index.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as ExactNumber from "../../src/ExactNumber.ts"
import { station } from "../support/station.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { failure } from "../support/outcome.ts"
import { start } from "../support/time.ts"

/** A request with one fault, what refuses it, and what its handler is called with where the fault is let through. */
interface Case {
  readonly kind: ToleratedKind
  readonly request: readonly [action: string, payload: unknown]
  readonly code: string
  readonly path: string
  readonly typed: unknown
  /** 1.6 where nothing else is said. */
  readonly version?: "2.0.1"
  /** An empty one where nothing else is said. */
  readonly answer?: object
}

const status = { connectorId: 1, errorCode: "NoError", status: "Available" }
const meterValues = (sampledValue: unknown, timestamp = time) => ({
  connectorId: 1,
  meterValue: [{ timestamp, sampledValue }]
})

const stop = { transactionId: 7, timestamp: time }

/** A number with these digits in the frame. */
const written = (text: string): ExactNumber.ExactNumber => new ExactNumber.ExactNumber(text)

const tooManyAttributes = {
  component: { name: "Connector" },
  variable: { name: "Enabled" },
  variableAttribute: Array.from({ length: 5 }, () => ({ value: "1" }))
}

const overcharged = {
  evseId: 1,
  chargingNeeds: {
    requestedEnergyTransfer: "DC",
    dcChargingParameters: { evMaxCurrent: 1, evMaxVoltage: 1, stateOfCharge: 101 }
  }
}

const report = { requestId: 1, generatedAt: time, seqNo: 0 }

const cases: ReadonlyArray<Case> = [
  {
    kind: "NullForAbsent",
    request: ["StatusNotification", { ...status, info: null }],
    code: "TypeConstraintViolation",
    path: "info",
    typed: status
  },
  {
    kind: "EmptyForAbsent",
    request: ["StatusNotification", { ...status, timestamp: "" }],
    code: "PropertyConstraintViolation",
    path: "timestamp",
    typed: status
  },
  {
    kind: "EmptyList",
    version: "2.0.1",
    request: ["MeterValues", { evseId: 1, meterValue: [] }],
    code: "OccurrenceConstraintViolation",
    path: "meterValue",
    typed: { evseId: 1, meterValue: [] }
  },
  ...(["TextForBoolean", "NumberForBoolean"] as const).map((kind) => ({
    kind,
    version: "2.0.1" as const,
    request: ["NotifyReport", { ...report, tbc: kind === "TextForBoolean" ? "True" : 1 }] as const,
    code: "TypeConstraintViolation",
    path: "tbc",
    typed: { ...report, tbc: true }
  })),
  {
    kind: "ExtraField",
    request: ["StatusNotification", { ...status, firmware: "1.0" }],
    code: "FormationViolation",
    path: "firmware",
    typed: status
  },
  {
    kind: "WrongCase",
    request: ["StatusNotification", { ...status, status: "available" }],
    code: "PropertyConstraintViolation",
    path: "status",
    typed: status
  },
  {
    kind: "UnknownValue",
    request: ["MeterValues", meterValues([{ value: "1", context: "Sample.Often" }])],
    code: "PropertyConstraintViolation",
    path: "meterValue[0].sampledValue[0].context",
    typed: meterValues([{ value: "1", context: "Sample.Often" }])
  },
  {
    kind: "TooLongText",
    request: ["StatusNotification", { ...status, info: "x".repeat(51) }],
    code: "PropertyConstraintViolation",
    path: "info",
    typed: { ...status, info: "x".repeat(51) }
  },
  {
    kind: "TooLongList",
    version: "2.0.1",
    request: ["NotifyReport", { ...report, reportData: [tooManyAttributes] }],
    code: "OccurrenceConstraintViolation",
    path: "reportData[0].variableAttribute",
    typed: { ...report, reportData: [tooManyAttributes] }
  },
  {
    kind: "OutOfRange",
    version: "2.0.1",
    request: ["NotifyEVChargingNeeds", overcharged],
    code: "PropertyConstraintViolation",
    path: "chargingNeeds.dcChargingParameters.stateOfCharge",
    typed: overcharged,
    answer: { status: "Accepted" }
  },
  {
    kind: "FractionForInteger",
    request: ["StopTransaction", { ...stop, meterStop: 26008.333 }],
    code: "TypeConstraintViolation",
    path: "meterStop",
    typed: { ...stop, meterStop: 26008.333 }
  },
  {
    kind: "NumberTooLarge",
    request: ["MeterValues", { ...meterValues([{ value: "1" }]), transactionId: written("9223372036854775807") }],
    code: "TypeConstraintViolation",
    path: "transactionId",
    typed: meterValues([{ value: "1" }])
  },
  {
    kind: "ObjectForText",
    request: [
      "DataTransfer",
      { vendorId: "v", data: { StationMode: "payment", n: [written("1.10"), written("1e3")] } }
    ],
    code: "TypeConstraintViolation",
    path: "data",
    typed: { vendorId: "v", data: '{"StationMode":"payment","n":[1.10,1e3]}' },
    answer: { status: "Accepted" }
  },
  {
    kind: "TextForNumber",
    request: ["StatusNotification", { ...status, connectorId: "1" }],
    code: "TypeConstraintViolation",
    path: "connectorId",
    typed: status
  },
  {
    kind: "NumberForText",
    request: ["MeterValues", meterValues([{ value: 12.5 }])],
    code: "TypeConstraintViolation",
    path: "meterValue[0].sampledValue[0].value",
    typed: meterValues([{ value: "12.5" }])
  },
  {
    kind: "BooleanForText",
    request: ["StatusNotification", { ...status, info: true }],
    code: "TypeConstraintViolation",
    path: "info",
    typed: { ...status, info: "true" }
  },
  {
    kind: "LocalTime",
    request: ["MeterValues", meterValues([{ value: "1" }], "2026-11-22T06:00:00")],
    code: "PropertyConstraintViolation",
    path: "meterValue[0].timestamp",
    typed: meterValues([{ value: "1" }], "2026-11-22T06:00:00Z")
  },
  {
    kind: "MissingWrapper",
    request: ["MeterValues", meterValues({ value: "1" })],
    code: "TypeConstraintViolation",
    path: "meterValue[0].sampledValue",
    typed: meterValues([{ value: "1" }])
  }
]

/** A CSMS with a tolerance, and what its handlers were called with. */
const tolerating = Effect.fnUntraced(function* (tolerance: Tolerance.Tolerance | undefined, version = "1.6") {
  const called: Array<unknown> = []
  const note = (request: unknown) => Effect.sync(() => (called.push(request), {}))
  const accept = (request: unknown) => Effect.as(note(request), { status: "Accepted" } as const)
  const { connect, deviations } = yield* makeCsms({
    accept: () => Effect.succeed({ tolerance }),
    handlers: [
      V16.csmsHandlersPartial({
        statusNotification: note,
        meterValues: note,
        stopTransaction: note,
        dataTransfer: accept
      }),
      V201.csmsHandlersPartial({ meterValues: note, notifyReport: note, notifyEVChargingNeeds: accept })
    ]
  })
  return { ...(yield* connect("CP001", `ocpp${version}`)), called, deviations }
})

describe("A request with a fault", () => {
  for (const { answer = {}, code, kind, path, request, typed, version } of cases) {
    it.effect(`[RPC-12] ${kind} is refused by a strict CSMS, with the code and the path`, () =>
      Effect.gen(function* () {
        const { called, deviations, raw } = yield* tolerating(undefined, version)
        yield* raw.send([2, "1", ...request])
        const [type, id, sent, description] = yield* raw.next
        assert.deepStrictEqual([type, id, sent], [4, "1", code])
        assert.strictEqual(String(description).split(": ")[0], path)
        assert.deepStrictEqual(called, [])
        assert.deepStrictEqual(
          deviations.map(({ deviation }) => [deviation.kind, deviation.violations.map((violation) => violation.path)]),
          [["InvalidRequest", [path]]]
        )
      })
    )

    it.effect(`${kind} is let through by one that tolerates it, and reported`, () =>
      Effect.gen(function* () {
        const { called, deviations, raw } = yield* tolerating(Tolerance.of([kind]), version)
        yield* raw.send([2, "1", ...request])
        assert.deepStrictEqual(yield* raw.next, [3, "1", answer])
        assert.deepStrictEqual(called, [typed])
        const [deviation, ...others] = deviations
        assert.deepStrictEqual(others, [])
        assert.deepInclude(deviation?.deviation, { kind, messageId: "1", action: request[0] })
        assert.deepStrictEqual(
          deviation?.deviation.violations.map((violation) => violation.path),
          [path]
        )
      })
    )

    it.effect(`${kind} is refused by one that tolerates all but that`, () =>
      Effect.gen(function* () {
        const others = [...Tolerance.lenient].filter(
          (other) => other !== kind && !alsoLetThrough.has(`${kind} ${other}`)
        )
        const { called, raw } = yield* tolerating(Tolerance.of(others), version)
        yield* raw.send([2, "1", ...request])
        assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "1", code])
        assert.deepStrictEqual(called, [])
      })
    )
  }

  it.effect("of several kinds gives one deviation of each, with all its paths", () =>
    Effect.gen(function* () {
      const { called, deviations, raw } = yield* tolerating(Tolerance.lenient)
      yield* raw.send([
        2,
        "1",
        "MeterValues",
        { connectorId: "1", meterValue: meterValues({ value: 1 }).meterValue[0] }
      ])
      assert.deepStrictEqual(yield* raw.next, [3, "1", {}])
      assert.deepStrictEqual(called, [meterValues([{ value: "1" }])])
      assert.deepStrictEqual(
        deviations.map(({ deviation }) => [deviation.kind, deviation.violations.map((violation) => violation.path)]),
        [
          ["TextForNumber", ["connectorId"]],
          ["MissingWrapper", ["meterValue", "meterValue[0].sampledValue"]],
          ["NumberForText", ["meterValue[0].sampledValue[0].value"]]
        ]
      )
    })
  )

  it.effect("of one session is no business of another", () =>
    Effect.gen(function* () {
      const { connect } = yield* makeCsms({
        accept: ({ identity }) => Effect.succeed(identity === "CP001" ? { tolerance: Tolerance.lenient } : undefined),
        handlers: [V16.csmsHandlersPartial({ statusNotification: () => Effect.succeed({}) })]
      })
      const one = yield* connect("CP001")
      const other = yield* connect("CP002")
      for (const { raw } of [one, other]) yield* raw.send([2, "1", "StatusNotification", { ...status, more: 1 }])
      assert.deepStrictEqual(yield* one.raw.next, [3, "1", {}])
      assert.deepStrictEqual((yield* other.raw.next).slice(0, 3), [4, "1", "FormationViolation"])
    })
  )
})

/** Faults that another kind may let through as well. */
const alsoLetThrough = new Set(["WrongCase UnknownValue", "MissingWrapper EmptyList"])

/** The kinds that only a CSMS's requests, or answers to them, have a place for. */
const ofCsms = ["InvalidUri", "TooManyDecimals"] as const

it("Every kind of fault has a request above, or one to a station below", () => {
  assert.sameMembers(
    [...cases.map(({ kind }) => kind), ...ofCsms, ...ToleratedFrameKind.literals],
    [...Tolerance.lenient]
  )
})

describe("A fault that only a CSMS can make", () => {
  const location = "ftp://host/a b"
  it.effect("InvalidUri is refused by a strict station, and let through by one that tolerates it", () =>
    Effect.gen(function* () {
      const called: Array<unknown> = []
      const handlers: Partial<V16.StationHandlers> = {
        getDiagnostics: (request) => Effect.sync(() => (called.push(request), {}))
      }
      const strict = yield* station({ handlers })
      yield* strict.raw.send([2, "1", "GetDiagnostics", { location }])
      assert.deepStrictEqual((yield* strict.raw.next).slice(0, 3), [4, "1", "PropertyConstraintViolation"])

      const tolerant = yield* station({ handlers, tolerance: Tolerance.of(["InvalidUri"]) })
      yield* tolerant.raw.send([2, "1", "GetDiagnostics", { location }])
      assert.deepStrictEqual(yield* tolerant.raw.next, [3, "1", {}])
      assert.deepStrictEqual(called, [{ location }])
      assert.deepStrictEqual(
        tolerant.deviations.map(({ kind }) => kind),
        ["InvalidUri"]
      )
    })
  )

  it.effect("TooManyDecimals in an answer is let through by a CSMS that tolerates it", () =>
    Effect.gen(function* () {
      const period = { startPeriod: 0, limit: 10.55 }
      const answer = {
        status: "Accepted",
        chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [period] }
      } as const
      for (const kind of ["OutOfRange", "TooManyDecimals"] as const) {
        const { raw, session } = yield* tolerating(Tolerance.of([kind]))
        const call = yield* start(session.call(V16.GetCompositeSchedule, { connectorId: 1, duration: 60 }))
        yield* raw.send([3, yield* raw.nextCall("GetCompositeSchedule"), answer])
        if (kind === "TooManyDecimals") assert.deepStrictEqual(yield* Fiber.join(call), answer)
        else assert.strictEqual((yield* failure(call))._tag, "InvalidResponse")
      }
    })
  )
})

describe("An answer with a fault", () => {
  const answer = { status: "accepted", more: null }

  it.effect("ends its call as InvalidResponse where nothing is tolerated", () =>
    Effect.gen(function* () {
      const { raw, session } = yield* tolerating(undefined)
      const call = yield* start(session.call(V16.ClearCache, {}))
      yield* raw.send([3, yield* raw.nextCall("ClearCache"), answer])
      assert.strictEqual((yield* failure(call))._tag, "InvalidResponse")
    })
  )

  it.effect("is what the call gives, put right and reported, where it is tolerated", () =>
    Effect.gen(function* () {
      const { deviations, raw, session } = yield* tolerating(Tolerance.lenient)
      const call = yield* start(session.call(V16.ClearCache, {}))
      yield* raw.send([3, yield* raw.nextCall("ClearCache"), answer])
      assert.deepStrictEqual(yield* Fiber.join(call), { status: "Accepted" })
      assert.sameMembers(
        deviations.map(({ deviation }) => `${deviation.kind} ${deviation.action}`),
        ["WrongCase ClearCache", "ExtraField ClearCache"]
      )
    })
  )
})
