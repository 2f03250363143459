/**
 * The messages of 1.6 against the official JSON Schemas, those of the security extension included.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Action from "../../src/Action.ts"
import * as V16 from "../../src/v16/index.ts"
import { accepts } from "../support/accepts.ts"
import * as Mutate from "../support/mutate.ts"
import { differencesOfEveryVersion, prove, sent, show } from "../support/proof.ts"

const uri = { id: "urn:GetDiagnostics.req", of: (location: unknown) => ({ location }) }

// Constraint for constraint there is no difference from the official schemas: `Celcius` and `Celsius` are both in them
// since the errata of 2025-04, and `reason` is optional there too.
const { messages, seed } = prove({
  name: "1.6",
  module: V16,
  blocks: {
    Core: 16,
    FirmwareManagement: 4,
    LocalAuthListManagement: 2,
    RemoteTrigger: 1,
    Reservation: 2,
    Security: 11,
    SmartCharging: 3
  },
  startedByStation: [
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
  ],
  inapplicable: [
    "above maximum",
    "at the limit",
    "below minimum",
    "field of an open object",
    "list of full length",
    "list too long",
    "text too short"
  ],
  differences: [
    ...differencesOfEveryVersion(
      { id: "urn:Heartbeat.conf", of: (currentTime) => ({ currentTime }) },
      { id: "urn:RemoteStopTransaction.req", of: (transactionId) => ({ transactionId }) }
    ),
    {
      ...uri,
      reason: "a host comes after two slashes (RFC 3986 §3), and no part of an IPv4 address starts with 0",
      ours: false,
      values: ["ftp:/[::1]/x", "http://[::ffff:010.0.0.1]/"]
    }
  ]
})

describe("mutations", () => {
  it("they are the same for the same seed, and others for another", () => {
    const { official } = messages.get("urn:StopTransaction.req")!
    const value = Mutate.example(official, { seed, fields: "all" })
    assert.deepStrictEqual(Mutate.example(official, { seed, fields: "all" }), value)
    assert.deepStrictEqual(
      Mutate.mutations(official, value, { seed, one: true }),
      Mutate.mutations(official, value, { seed, one: true })
    )
    assert.notDeepEqual(
      Mutate.mutations(official, value, { seed: "a", one: true }),
      Mutate.mutations(official, value, { seed: "b", one: true })
    )
  })
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
    for (const [id, { official, schema }] of messages) {
      const value = Mutate.example(official, { seed: `${seed} ${id}`, fields: "all" })
      const extended = Mutate.mutations(official, value, { seed }).filter(({ kind }) => kind === "unknown field")
      assert.isNotEmpty(extended, id)
      for (const mutation of extended) {
        assert.isFalse(accepts(schema, sent(mutation.value)), `${id} ${mutation.path} ${show(mutation.value)}`)
      }
      count += new Set(extended.map(({ path }) => path.replaceAll(/\/\d+/g, "/*"))).size
    }
    assert.strictEqual(count, 100)
  })

  it("[RPC-14] there is no customData, anywhere", () => {
    for (const [id, { official, schema }] of messages) {
      assert.notInclude(JSON.stringify(official), "customData", id)
      const value = Mutate.example(official, { seed: `${seed} ${id}`, fields: "all" })
      assert.isFalse(accepts(schema, { ...(value as object), customData: { vendorId: "com.example" } }), id)
    }
  })

  it.effect("[SCH-01] an unknown field of a message without fields is told like one of any other message", () =>
    Effect.gen(function* () {
      for (const schema of [V16.HeartbeatRequest, V16.AuthorizeRequest]) {
        const decode = Schema.decodeUnknownEffect(schema as Action.MessageSchema, { onExcessProperty: "error" })
        const { issue } = yield* Effect.flip(decode({ idTag: "1", extra: 1 }))
        const format = SchemaIssue.makeFormatterStandardSchemaV1()
        assert.deepStrictEqual(
          format(issue).issues.map(({ message }) => message),
          ["Expected no excess property"]
        )
        assert.deepStrictEqual(
          yield* Schema.decodeUnknownEffect(schema as Action.MessageSchema)({ idTag: "1", extra: 1 }),
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
    for (const [id, { official, schema }] of messages) {
      const value = Mutate.example(official, { seed: `${seed} ${id}`, fields: "all" })
      for (const { kind, path, value: changed } of Mutate.mutations(official, value, { seed })) {
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
