/**
 * The messages of 1.5: which there are, that they pass through unchanged, and the other spellings that are read.
 *
 * What each message may hold is compared with the official WSDL in `wsdl.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Action from "../../src/Action.ts"
import * as Validation from "../../src/Validation.ts"
import { gather, hoist, inEach, renameList } from "../../src/v15/internal/aliases.ts"
import * as V15 from "../../src/v15/index.ts"
import { accepts } from "../support/accepts.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "ocpp1.5"

/** 1.5 has no messages without an answer. */
type Call = Action.Action<string, Action.Side | "both", string, Action.MessageSchema, Action.MessageSchema>

const isAction = (u: unknown): u is Call =>
  typeof u === "object" && u !== null && ["name", "from", "block", "request", "response"].every((key) => key in u)

const actions: ReadonlyArray<Call> = Object.values<unknown>(V15).filter(isAction)

const messages: ReadonlyArray<readonly [string, Action.MessageSchema]> = actions.flatMap((action) => [
  [`${action.name}Request`, action.request] as const,
  [`${action.name}Response`, action.response] as const
])

const startedBy = (from: Call["from"]): Array<string> =>
  actions.filter((action) => action.from === from).map(({ name }) => name)

/** What arrives when a value is sent: through JSON text. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const decode = (schema: Action.MessageSchema) =>
  Schema.decodeUnknownResult(schema, { onExcessProperty: "error", errors: "all" })

describe("messages of 1.5", () => {
  it("there are 24 actions, each under its own name and in the group that it has in 1.6", () => {
    const exported = Object.entries<unknown>(V15).filter(([, value]) => isAction(value))
    for (const [name, action] of exported) assert.strictEqual((action as Call).name, name)
    const sizes = new Map<string, number>()
    for (const { block } of actions) sizes.set(block, (sizes.get(block) ?? 0) + 1)
    assert.deepStrictEqual(Object.fromEntries(sizes), {
      Core: 16,
      FirmwareManagement: 4,
      LocalAuthListManagement: 2,
      Reservation: 2
    })
  })

  it("the station starts what CentralSystemService offers, the CSMS what ChargePointService offers", () => {
    assert.sameMembers(startedBy("station"), [
      "Authorize",
      "BootNotification",
      "DiagnosticsStatusNotification",
      "FirmwareStatusNotification",
      "Heartbeat",
      "MeterValues",
      "StartTransaction",
      "StatusNotification",
      "StopTransaction"
    ])
    assert.sameMembers(startedBy("both"), ["DataTransfer"])
    assert.sameMembers(startedBy("csms"), [
      "CancelReservation",
      "ChangeAvailability",
      "ChangeConfiguration",
      "ClearCache",
      "GetConfiguration",
      "GetDiagnostics",
      "GetLocalListVersion",
      "RemoteStartTransaction",
      "RemoteStopTransaction",
      "ReserveNow",
      "Reset",
      "SendLocalList",
      "UnlockConnector",
      "UpdateFirmware"
    ])
  })

  it("a named schema carries its own name as identifier, in the JSON Schema of what is sent", () => {
    const named = Object.entries<unknown>(V15).filter(([, value]) => Schema.isSchema(value))
    for (const [name, schema] of named) {
      const document = Schema.toJsonSchemaDocument(Schema.toType(schema as Schema.Top))
      assert.strictEqual(document.schema["$ref"], `#/$defs/${name}`)
    }
    assert.isAbove(named.length, 70)
  })

  for (const [name, schema] of messages) {
    it.effect(`${name}: what we generate passes through unchanged`, () =>
      Effect.gen(function* () {
        const samples = yield* Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 20, seed: `${seed} ${name}` })
        const read = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" })
        const write = Schema.encodeEffect(schema)
        for (const sample of samples) {
          const received = sent(sample)
          assert.isTrue(accepts(schema, received))
          assert.strictEqual(JSON.stringify(received), JSON.stringify(sample))
          assert.deepStrictEqual(yield* read(received), received)
          assert.deepStrictEqual(yield* write(received), received)
        }
      })
    )
  }
})

// ---------------------------------------------------------------------------------------------------------------------
// spellings
// ---------------------------------------------------------------------------------------------------------------------

const time = "2026-11-22T06:00:00Z"

const sample = {
  value: "1234",
  context: "Sample.Periodic",
  format: "Raw",
  measurand: "Energy.Active.Import.Register",
  location: "Outlet",
  unit: "Wh"
}
const { value: text, ...attributes } = sample

/** One meter value of one sample, in every spelling. */
const meterValues = {
  "a list under `values`, as we send it": { timestamp: time, values: [sample] },
  "the sample's fields beside the time stamp": { timestamp: time, ...sample },
  "`$value` and `attributes`, in a list under `value`": { timestamp: time, value: [{ $value: text, attributes }] },
  "a list under `value`": { timestamp: time, value: [sample] },
  "`$value` and `attributes`, in a list under `values`": { timestamp: time, values: [{ $value: text, attributes }] }
}
const [meterValue] = Object.values(meterValues)

const metering = { connectorId: 1, transactionId: 7 }
const stop = { transactionId: 7, idTag: "04E91C5A", timestamp: time, meterStop: 1234 }
const update = { updateType: "Full", listVersion: 3 }
const entries = [{ idTag: "04E91C5A", idTagInfo: { status: "Accepted" } }, { idTag: "04E91C5B" }]

/** What is sent, and in which other ways it is read. */
const spellings: ReadonlyArray<readonly [string, Action.MessageSchema, sent: unknown, read: Record<string, unknown>]> =
  [
    [
      "MeterValuesRequest",
      V15.MeterValuesRequest,
      { ...metering, values: [meterValue] },
      Object.fromEntries(
        Object.entries(meterValues).map(([how, spelt]) => [`values[]: ${how}`, { ...metering, values: [spelt] }])
      )
    ],
    [
      "StopTransactionRequest",
      V15.StopTransactionRequest,
      { ...stop, transactionData: [{ values: [meterValue] }] },
      Object.fromEntries(
        Object.entries(meterValues).flatMap(([how, spelt]) => [
          [`transactionData[].values[]: ${how}`, { ...stop, transactionData: [{ values: [spelt] }] }],
          [`transactionData[]: ${how}`, { ...stop, transactionData: [spelt] }]
        ])
      )
    ],
    [
      "SendLocalListRequest",
      V15.SendLocalListRequest,
      { ...update, localAuthorisationList: entries, hash: "5f" },
      {
        "localAuthorisationList, as we send it": { ...update, localAuthorisationList: entries, hash: "5f" },
        localAuthorizationList: { ...update, localAuthorizationList: entries, hash: "5f" }
      }
    ]
  ]

const refused = {
  "both spellings of a list": [
    V15.SendLocalListRequest,
    { ...update, localAuthorisationList: entries, localAuthorizationList: entries }
  ],
  "another spelling that is no list": [V15.SendLocalListRequest, { ...update, localAuthorizationList: null }],
  "an unknown field": [V15.MeterValuesRequest, { ...metering, values: [], extra: 1 }],
  "an unknown field of a sample beside the time stamp": [
    V15.MeterValuesRequest,
    { ...metering, values: [{ timestamp: time, ...sample, extra: 1 }] }
  ],
  "an unknown attribute": [
    V15.MeterValuesRequest,
    { ...metering, values: [{ timestamp: time, value: [{ $value: text, attributes: { ...attributes, extra: 1 } }] }] }
  ],
  "an unknown field of the name `__proto__`": [
    V15.MeterValuesRequest,
    {
      ...metering,
      values: [{ timestamp: time, value: [{ $value: text, attributes: JSON.parse('{"__proto__":{"unit":"Wh"}}') }] }]
    }
  ],
  "an attribute that is there twice": [
    V15.MeterValuesRequest,
    { ...metering, values: [{ timestamp: time, value: [{ $value: text, attributes, unit: "Wh" }] }] }
  ],
  "a meter value in two spellings": [
    V15.MeterValuesRequest,
    { ...metering, values: [{ timestamp: time, values: [sample], value: text }] }
  ],
  "a meter value of no sample": [V15.MeterValuesRequest, { ...metering, values: [{ timestamp: time, value: [] }] }],
  "a meter value without a time": [V15.MeterValuesRequest, { ...metering, values: [{ values: [sample] }] }],
  "a number for the text of a value": [
    V15.MeterValuesRequest,
    { ...metering, values: [{ timestamp: time, ...sample, value: 1234 }] }
  ],
  "the spelling of 1.6": [
    V15.MeterValuesRequest,
    { ...metering, meterValue: [{ timestamp: time, sampledValue: [sample] }] }
  ]
} as const

/** A value with each of its parts replaced by something else, one at a time. */
const damaged = (value: unknown): ReadonlyArray<unknown> => {
  const others = [null, 0, "x", [], {}, [null], [[]], JSON.parse('{"__proto__":{"a":1},"value":[{"attributes":[]}]}')]
  if (typeof value !== "object" || value === null) return others
  const fields = Object.entries(value)
  const inner = fields.flatMap(([key, member], index) =>
    damaged(member).map((instead) =>
      Array.isArray(value) ? value.with(Number(key), instead) : Object.fromEntries(fields.with(index, [key, instead]))
    )
  )
  return [...others, ...inner]
}

describe("spellings", () => {
  for (const [name, schema, one, others] of spellings) {
    for (const [how, received] of Object.entries(others)) {
      it(`[SCH-04] ${name} is read and sent on in one spelling: ${how}`, () => {
        const typed = Result.getOrThrow(decode(schema)(sent(received)))
        assert.deepStrictEqual(typed, one)
        assert.deepStrictEqual(Result.getOrThrow(Validation.decode(schema)(sent(received))), one)
        assert.deepStrictEqual(Result.getOrThrow(Schema.encodeUnknownResult(schema)(typed)), one)
        assert.isTrue(accepts(schema, one))
        assert.strictEqual(
          accepts(schema, received),
          how.endsWith("as we send it") && !how.startsWith("transactionData[]:")
        )
      })
    }
  }

  it("[SCH-04] several meter values in several spellings are read together, in their order", () => {
    const spelt = Object.values(meterValues)
    const typed = Result.getOrThrow(decode(V15.MeterValuesRequest)({ ...metering, values: spelt }))
    assert.deepStrictEqual(typed, { ...metering, values: spelt.map(() => meterValue) })
  })

  for (const [what, [schema, value]] of Object.entries(refused)) {
    it(`[SCH-04] refused, by the engine too: ${what}`, () => {
      assert.isTrue(Result.isFailure(decode(schema)(sent(value))))
      assert.isTrue(Result.isFailure(Validation.decode(schema)(sent(value))))
    })
  }

  it("[SCH-04] a rewrite gives back the same value where there is nothing to do", () => {
    const rewrite = inEach("values", renameList("value", "values"), gather("value", { into: "values" }), hoist("x"))
    for (const value of [null, "x", [], {}, { values: "x" }, { values: [1, null, {}, { a: 1 }] }, { values: [] }]) {
      assert.strictEqual(rewrite(value), value)
    }
  })

  it("[SCH-04] reading never throws, and what it gives is spelt as we send it", () => {
    const counts = { read: 0, refused: 0 }
    for (const [, schema, , others] of spellings) {
      for (const received of Object.values(others).flatMap(damaged)) {
        const result = decode(schema)(received)
        counts[Result.isSuccess(result) ? "read" : "refused"]++
        if (Result.isSuccess(result)) assert.isTrue(accepts(schema, result.success), JSON.stringify(received))
      }
    }
    assert.isAbove(counts.read, 100)
    assert.isAbove(counts.refused, 1000)
  })
})
