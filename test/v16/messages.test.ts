/**
 * The messages of 1.6 against the official JSON Schemas, of which `ocpp-rpc` carries a copy.
 */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Ajv } from "ajv"
import ajvFormats from "ajv-formats"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { createRequire } from "node:module"
import type * as Action from "../../src/Action.ts"
import * as V16 from "../../src/v16/index.ts"
import { accepts } from "../support/accepts.ts"
import * as Constraints from "../support/constraints.ts"
import * as Mutate from "../support/mutate.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "ocpp1.6"

// ---------------------------------------------------------------------------------------------------------------------
// ours
// ---------------------------------------------------------------------------------------------------------------------

const isAction = (u: unknown): u is Action.Action =>
  typeof u === "object" && u !== null && ["name", "from", "block", "request", "response"].every((key) => key in u)

const actions: ReadonlyArray<Action.Action> = Object.values<unknown>(V16).filter(isAction)

const startedBy = (from: Action.Action["from"]): Array<string> =>
  actions.filter((action) => action.from === from).map(({ name }) => name)

/** The schemas of all messages under the ids that the oracle has for them. */
const messages = new Map(
  actions.flatMap((action) => [
    [`urn:${action.name}.req`, action.request],
    [`urn:${action.name}.conf`, action.response]
  ])
)

// ---------------------------------------------------------------------------------------------------------------------
// theirs
// ---------------------------------------------------------------------------------------------------------------------

const documents: ReadonlyArray<Constraints.JsonObject & { readonly $id: string }> = createRequire(import.meta.url)(
  "ocpp-rpc/lib/schemas/ocpp1_6.json"
)

const official = new Map(documents.map((document) => [document.$id, Constraints.ofJsonSchema(document)]))

/** Whether a number written in decimal has at most one digit behind the point; ajv divides, and refuses 0.3. */
const hasOneDecimal = (_: number, n: number): boolean => /^-?\d+(?:\.\d)?(?:e\+\d+)?$|^-?\d\.\d+e\+\d+$/.test(String(n))

const ajv = new Ajv({ strict: false })
ajvFormats.default(ajv)
ajv.removeKeyword("multipleOf")
ajv.addKeyword({ keyword: "multipleOf", type: "number", schemaType: "number", validate: hasOneDecimal })

/** ajv takes none of the ids for a URN, so the documents go without. */
const validators = new Map(documents.map(({ $id, ...document }) => [$id, ajv.compile<unknown>(document)]))

const oracleAccepts = (id: string, value: unknown): boolean => validators.get(id)!(value)

// ---------------------------------------------------------------------------------------------------------------------
// both
// ---------------------------------------------------------------------------------------------------------------------

/** What arrives when a value is sent: through JSON text and UTF-8. */
const sent = (value: unknown): unknown =>
  JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new TextEncoder().encode(JSON.stringify(value))))

const show = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

const verdicts = { valid: 0, invalid: 0 }
const kinds = new Map<Mutate.Kind, number>()

/** Both sides say the same of a value, and what is expected. */
const agree = (id: string, schema: Action.Message, value: unknown, expected: boolean, what: string): void => {
  const received = sent(value)
  const theirs = oracleAccepts(id, received)
  const ours = accepts(schema, received)
  if (ours !== expected || theirs !== expected) {
    assert.fail(
      `${id}, seed "${seed}", ${what}: expected ${expected}, ours ${ours}, oracle ${theirs}\n${show(received)}`
    )
  }
  verdicts[expected ? "valid" : "invalid"]++
}

const agreeOnMutations = (
  id: string,
  schema: Action.Message,
  value: unknown,
  options: { readonly seed: string; readonly count?: number }
): void => {
  for (const mutation of Mutate.mutations(official.get(id)!, value, options)) {
    agree(id, schema, mutation.value, mutation.valid, `${mutation.kind} at "${mutation.path}" (${options.seed})`)
    kinds.set(mutation.kind, (kinds.get(mutation.kind) ?? 0) + 1)
  }
}

describe("messages of 1.6", () => {
  it("there are 28 actions and 11 of the security extension, each under its own name and in its block", () => {
    const exported = Object.entries<unknown>(V16).filter(([, value]) => isAction(value))
    for (const [name, action] of exported) assert.strictEqual((action as Action.Action).name, name)
    const sizes = new Map<string, number>()
    for (const { block } of actions) sizes.set(block, (sizes.get(block) ?? 0) + 1)
    assert.deepStrictEqual(Object.fromEntries(sizes), {
      Core: 16,
      FirmwareManagement: 4,
      LocalAuthListManagement: 2,
      RemoteTrigger: 1,
      Reservation: 2,
      Security: 11,
      SmartCharging: 3
    })
    assert.sameMembers([...V16.actions], [...actions])
  })

  it("the station starts what chapter 4 and the whitepaper say, either side DataTransfer, the CSMS the rest", () => {
    assert.sameMembers(startedBy("station"), [
      "Authorize",
      "BootNotification",
      "DiagnosticsStatusNotification",
      "FirmwareStatusNotification",
      "Heartbeat",
      "LogStatusNotification",
      "MeterValues",
      "SecurityEventNotification",
      "SignCertificate",
      "SignedFirmwareStatusNotification",
      "StartTransaction",
      "StatusNotification",
      "StopTransaction"
    ])
    assert.sameMembers(startedBy("both"), ["DataTransfer"])
    assert.strictEqual(startedBy("csms").length, 25)
  })

  it("a named schema carries its own name as identifier", () => {
    const named = Object.entries<unknown>(V16)
      .filter(([, value]) => Schema.isSchema(value))
      .filter(([name]) => name !== "Empty")
    for (const [name, schema] of named) {
      assert.strictEqual(Schema.toJsonSchemaDocument(schema as Schema.Top).schema["$ref"], `#/$defs/${name}`)
    }
    assert.isAbove(named.length, 130)
  })
})

describe("constraints", () => {
  it("the oracle has every message of ours, and no other", () => {
    assert.sameMembers([...messages.keys()], [...official.keys()])
  })

  // There is no deliberate difference here: `Celcius` and `Celsius` are both in the official schemas since the errata
  // of 2025-04, and `reason` is optional there too.
  for (const [id, theirs] of official) {
    it(`${id} asks the same as the official schema`, () => {
      const schema = messages.get(id)
      assert.isDefined(schema)
      assert.deepStrictEqual(Constraints.ofSchema(schema!), theirs)
    })
  }

  it("the comparison sees every constraint of the official schemas", () => {
    for (const document of documents) {
      for (const [pointer, weaker] of Constraints.weakened(document)) {
        assert.notDeepEqual(Constraints.ofJsonSchema(weaker), official.get(document.$id), `${document.$id}${pointer}`)
      }
    }
  })

  afterAll(() => console.log(`constraints: ${official.size} official schemas, ${messages.size} of ours`))
})

describe("verdicts", () => {
  for (const [id, schema] of messages) {
    it.effect(`${id}: what we generate is valid, passes through unchanged, and is refused once it has a fault`, () =>
      Effect.gen(function* () {
        const decode = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" })
        const encode = Schema.encodeEffect(schema)
        const samples = yield* Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 12, seed: `${seed} ${id}` })
        for (const [index, sample] of samples.entries()) {
          agree(id, schema, sample, true, `sample ${index}`)
          const received = sent(sample)
          assert.strictEqual(JSON.stringify(received), JSON.stringify(sample))
          assert.deepStrictEqual(yield* decode(received), received)
          assert.deepStrictEqual(yield* encode(received), received)
          agreeOnMutations(id, schema, received, { seed: `${seed} ${id} sample ${index}`, count: 1 })
        }
      })
    )

    it(`${id}: what the official schema allows is valid, and every single fault is refused`, () => {
      const constraints = official.get(id)!
      for (const fields of ["none", "all"] as const) {
        const value = Mutate.example(constraints, { seed: `${seed} ${id} ${fields}`, fields })
        agree(id, schema, value, true, `example with ${fields} of the optional fields`)
        agreeOnMutations(id, schema, value, { seed: `${seed} ${id} ${fields}` })
      }
      for (let index = 0; index < 12; index++) {
        const value = Mutate.example(constraints, { seed: `${seed} ${id} ${index}` })
        agree(id, schema, value, true, `example ${index}`)
        agreeOnMutations(id, schema, value, { seed: `${seed} ${id} example ${index}`, count: 1 })
      }
    })
  }

  it("the mutations are the same for the same seed, and others for another", () => {
    const constraints = official.get("urn:StopTransaction.req")!
    const value = Mutate.example(constraints, { seed, fields: "all" })
    assert.deepStrictEqual(Mutate.example(constraints, { seed, fields: "all" }), value)
    assert.deepStrictEqual(
      Mutate.mutations(constraints, value, { seed, count: 1 }),
      Mutate.mutations(constraints, value, { seed, count: 1 })
    )
    assert.notDeepEqual(
      Mutate.mutations(constraints, value, { seed: "a", count: 1 }),
      Mutate.mutations(constraints, value, { seed: "b", count: 1 })
    )
  })

  it("every kind of mutation applies to 1.6, but those of constraints that it has not", () => {
    const others = new Set<Mutate.Kind>([
      "field of an open object",
      "text too short",
      "list too long",
      "list of full length",
      "below minimum",
      "above maximum",
      "at the limit"
    ])
    const applied = [...official].flatMap(([id, constraints]) =>
      Mutate.mutations(constraints, Mutate.example(constraints, { seed: id, fields: "all" }), { seed, count: 1 })
    )
    assert.sameMembers(
      [...new Set(applied.map(({ kind }) => kind))],
      Mutate.allKinds.filter((kind) => !others.has(kind))
    )
  })

  afterAll(() => {
    const counts = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ")
    console.log(`verdicts: seed "${seed}", ${verdicts.valid} valid, ${verdicts.invalid} invalid; ${counts}`)
  })
})

describe("deliberate differences from the validators", () => {
  const timestamp = {
    id: "urn:Heartbeat.conf",
    schema: V16.HeartbeatResponse,
    of: (currentTime: unknown) => ({ currentTime })
  }
  const integer = {
    id: "urn:RemoteStopTransaction.req",
    schema: V16.RemoteStopTransactionRequest,
    of: (transactionId: unknown) => ({ transactionId })
  }
  const uri = {
    id: "urn:GetDiagnostics.req",
    schema: V16.GetDiagnosticsRequest,
    of: (location: unknown) => ({ location })
  }

  const differences = [
    {
      ...timestamp,
      reason: "RFC 3339 wants T between date and time, and a colon in the offset",
      ours: false,
      values: ["2026-11-22 06:00:00Z", "2026-11-22\n06:00:00Z", "2026-11-22T06:00:00+0100", "2026-11-22T06:00:00+01"]
    },
    {
      ...timestamp,
      reason: "a day has no hour 24, not for a leap second either",
      ours: false,
      values: ["2016-12-31T24:29:60+00:30"]
    },
    {
      ...integer,
      reason: "beyond 2^53 the number is no longer the one that was sent",
      ours: false,
      values: [2 ** 53, -(2 ** 53), 1e21]
    },
    {
      ...uri,
      reason: "a URI may have an empty path (RFC 3986 §3.3)",
      ours: true,
      values: ["ftp:", "ftp:?x"]
    },
    {
      ...uri,
      reason: "a host comes after two slashes (RFC 3986 §3), and no part of an IPv4 address starts with 0",
      ours: false,
      values: ["ftp:/[::1]/x", "http://[::ffff:010.0.0.1]/"]
    }
  ]

  for (const { id, of, ours, reason, schema, values } of differences) {
    it(`${reason}`, () => {
      for (const value of values) {
        assert.strictEqual(accepts(schema, sent(of(value))), ours, `ours: ${value}`)
        assert.strictEqual(oracleAccepts(id, sent(of(value))), !ours, `oracle: ${value}`)
      }
    })
  }
})

const sampled = (unit: string) => [{ timestamp: "2026-11-22T06:00:00Z", sampledValue: [{ value: "21.5", unit }] }]
const stop = { meterStop: 1, timestamp: "2026-11-22T06:00:00Z", transactionId: 1 }

const profile = (limit: number, minChargingRate = limit) => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxProfile",
    chargingProfileKind: "Relative",
    chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit }], minChargingRate }
  }
})
const takes = (limit: number, minChargingRate = limit): boolean =>
  accepts(V16.SetChargingProfileRequest, profile(limit, minChargingRate))

describe("rules", () => {
  it("[SCH-01] Celsius and Celcius are both read, in MeterValues and in StopTransaction", () => {
    for (const unit of ["Celsius", "Celcius"]) {
      assert.isTrue(accepts(V16.MeterValuesRequest, { connectorId: 1, meterValue: sampled(unit) }))
      assert.isTrue(accepts(V16.StopTransactionRequest, { ...stop, transactionData: sampled(unit) }))
    }
    for (const unit of ["celsius", "Celcious", "C", ""]) {
      assert.isFalse(accepts(V16.MeterValuesRequest, { connectorId: 1, meterValue: sampled(unit) }))
      assert.isFalse(accepts(V16.StopTransactionRequest, { ...stop, transactionData: sampled(unit) }))
    }
  })

  it("[SCH-01] StopTransaction.reason is optional, but not null", () => {
    assert.isTrue(accepts(V16.StopTransactionRequest, stop))
    assert.isTrue(accepts(V16.StopTransactionRequest, { ...stop, reason: "EVDisconnected" }))
    assert.isFalse(accepts(V16.StopTransactionRequest, { ...stop, reason: null }))
    assert.isFalse(accepts(V16.StopTransactionRequest, { ...stop, reason: "" }))
  })

  it("[SCH-01] objects are closed at every depth, those without fields too", () => {
    let count = 0
    for (const [id, schema] of messages) {
      const constraints = official.get(id)!
      const value = Mutate.example(constraints, { seed: `${seed} ${id}`, fields: "all" })
      const extended = Mutate.mutations(constraints, value, { seed }).filter(({ kind }) => kind === "unknown field")
      assert.isNotEmpty(extended, id)
      for (const mutation of extended) {
        assert.isFalse(accepts(schema, sent(mutation.value)), `${id} ${mutation.path} ${show(mutation.value)}`)
      }
      count += new Set(extended.map(({ path }) => path.replaceAll(/\/\d+/g, "/*"))).size
    }
    assert.strictEqual(count, 100)
  })

  it.effect("[SCH-01] an unknown field of a message without fields is told like one of any other message", () =>
    Effect.gen(function* () {
      for (const schema of [V16.HeartbeatRequest, V16.AuthorizeRequest]) {
        const decode = Schema.decodeUnknownEffect(schema as Action.Message, { onExcessProperty: "error" })
        const { issue } = yield* Effect.flip(decode({ idTag: "1", extra: 1 }))
        const format = SchemaIssue.makeFormatterStandardSchemaV1()
        assert.deepStrictEqual(
          format(issue).issues.map(({ message }) => message),
          ["Expected no excess property"]
        )
        assert.deepStrictEqual(
          yield* Schema.decodeUnknownEffect(schema as Action.Message)({ idTag: "1", extra: 1 }),
          schema === V16.HeartbeatRequest ? {} : { idTag: "1" }
        )
      }
    })
  )

  it("[SCH-02] every number of one decimal is a limit and a minChargingRate", () => {
    for (let whole = 0; whole <= 1000; whole += whole < 100 ? 1 : 37) {
      for (let decimal = 0; decimal <= 9; decimal++) {
        assert.isTrue(takes(Number(`${whole}.${decimal}`)), `${whole}.${decimal}`)
        assert.isTrue(takes(Number(`-${whole}.${decimal}`)), `-${whole}.${decimal}`)
      }
    }
    for (const text of ["22080.3", "123456789.7", "99999999999.9", "1e21", "1e3", "1e-1", "3e-1", "8.10", "-0.0"]) {
      assert.isTrue(takes(JSON.parse(text)), text)
    }
  })

  it("[SCH-02] a number of more decimals is neither", () => {
    for (const number of [0.05, 0.01, 8.11, 16.25, 0.33, -0.15, 1e-7, 5e-324, 22080.35, 0.1 + 0.2]) {
      assert.isFalse(takes(number), `${number}`)
      assert.isFalse(takes(number, 1), `limit ${number}`)
      assert.isFalse(takes(1, number), `minChargingRate ${number}`)
    }
  })

  it("[SCH-03] lengths count code points, for every text of every message", () => {
    let count = 0
    for (const [id, schema] of messages) {
      const constraints = official.get(id)!
      const value = Mutate.example(constraints, { seed: `${seed} ${id}`, fields: "all" })
      for (const { kind, path, value: changed } of Mutate.mutations(constraints, value, { seed })) {
        if (kind === "text of full length") assert.isTrue(accepts(schema, sent(changed)), `${id} ${path}`)
        else if (kind === "text too long") assert.isFalse(accepts(schema, sent(changed)), `${id} ${path}`)
        else continue
        count++
      }
    }
    assert.isAbove(count, 200)
    assert.isTrue(accepts(V16.AuthorizeRequest, { idTag: "\u{1F50B}".repeat(20) }))
    assert.isFalse(accepts(V16.AuthorizeRequest, { idTag: "\u{1F50B}".repeat(21) }))
    assert.isTrue(accepts(V16.AuthorizeRequest, { idTag: "e\u0301".repeat(10) }))
    assert.isFalse(accepts(V16.AuthorizeRequest, { idTag: "e\u0301".repeat(11) }))
  })
})
