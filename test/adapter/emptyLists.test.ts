/**
 * Lists without items: no version of 2.x writes one, nor does Plug & Charge.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as SchemaAST from "effect/SchemaAST"
import { Adapter } from "../../src/adapter/index.ts"
import { Losses } from "../../src/adapter/internal/BothWays.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"
import { filtersOf, idOf } from "../../src/internal/Check.ts"
import * as Validation from "../../src/Validation.ts"
import { both, identities } from "../support/threeStations.ts"

const adapters: ReadonlyArray<Adapter.Adapter> = [v15, v16, v201, v21]

/** What is sent for a generic request, whose message has to be one of the version. */
const sentFor = <A extends Domain.Actions>(adapter: Adapter.Adapter, action: A, request: unknown): unknown => {
  const { action: by, request: sent } = Result.getOrThrow(Adapter.encode(adapter, action, request as never))
  assert.isTrue(Validation.is(by.request)(sent), JSON.stringify(sent))
  return sent
}

const refusedOf = <A extends Domain.Actions>(adapter: Adapter.Adapter, action: A, request: unknown) => {
  const encoded = Adapter.encode(adapter, action, request as never)
  assert.isTrue(Result.isFailure(encoded), JSON.stringify(encoded))
  return Result.isFailure(encoded) ? encoded.failure.violations!.map(({ path, rule }) => `${path}: ${rule}`) : []
}

/** The empty lists of a message that need items, and that could be left out. */
const emptyOf = (ast: SchemaAST.AST, value: unknown): ReadonlyArray<string> => {
  if (SchemaAST.isArrays(ast)) {
    return Array.isArray(value) ? value.flatMap((item) => ast.rest.flatMap((one) => emptyOf(one, item))) : []
  }
  if (!SchemaAST.isObjects(ast) || typeof value !== "object" || value === null) return []
  return ast.propertySignatures.flatMap(({ name, type }) => {
    const field: unknown = Reflect.get(value, name)
    const isOne =
      Array.isArray(field) &&
      field.length === 0 &&
      SchemaAST.isOptional(type) &&
      filtersOf(type).some((filter) => idOf(filter) === "effect/schema/isMinLength")
    return isOne ? [String(name)] : emptyOf(type, field)
  })
}

describe("a list without items", () => {
  it("is left out where that means the same", () => {
    const idToken = { idToken: "TAG", type: "Central", additionalInfo: [] } as const
    for (const adapter of [v201, v21]) {
      assert.deepStrictEqual(
        sentFor(adapter, Domain.SendLocalList, { versionNumber: 3, updateType: "Full", localAuthorizationList: [] }),
        { versionNumber: 3, updateType: "Full" }
      )
      assert.deepStrictEqual(sentFor(adapter, Domain.Authorize, { idToken }), {
        idToken: { idToken: "TAG", type: "Central" }
      })
    }
    // 1.x may write it, and it means the same there.
    for (const [adapter, list] of [
      [v15, "localAuthorisationList"],
      [v16, "localAuthorizationList"]
    ] as const) {
      assert.deepInclude(
        sentFor(adapter, Domain.SendLocalList, { versionNumber: 3, updateType: "Full", localAuthorizationList: [] }),
        { [list]: [] }
      )
    }
  })

  it("is refused where the version would take it for all", () => {
    for (const adapter of [v201, v21]) {
      assert.deepStrictEqual(refusedOf(adapter, Domain.GetInstalledCertificateIds, { certificateType: [] }), [
        "certificateType: an empty list would mean all types"
      ])
      const info = { idTokenInfo: { status: "Accepted", evseId: [] }, idToken: { idToken: "TAG", type: "Central" } }
      assert.deepStrictEqual(
        refusedOf(adapter, Domain.SendLocalList, {
          versionNumber: 1,
          updateType: "Full",
          localAuthorizationList: [info]
        }),
        ["localAuthorizationList[0].idTokenInfo.evseId: an empty list would mean all EVSEs"]
      )
    }
    assert.deepStrictEqual(refusedOf(v21, Domain.ClearTariffs, { tariffIds: [] }), [
      "tariffIds: an empty list would mean all tariffs"
    ])
  })

  it("is refused in these fields only", () => {
    const refused = v21.translations.flatMap(({ generic: { name }, request, response }) =>
      [request, response].flatMap(({ notes = [] }) =>
        notes
          .filter(({ why }) => why.startsWith("an empty list would mean"))
          .map(({ path }) => `${name} ${path.split(".").at(-1)}`)
      )
    )
    assert.sameMembers(
      [...new Set(refused)],
      [
        "Authorize evseId",
        "Authorize allowedEnergyTransfer",
        "Authorize dayOfWeek",
        "ChangeTransactionTariff dayOfWeek",
        "ClearTariffs tariffIds",
        "GetChargingProfiles chargingLimitSource",
        "GetChargingProfiles chargingProfileId",
        "GetDisplayMessages id",
        "GetInstalledCertificateIds certificateType",
        "GetMonitoringReport componentVariable",
        "GetMonitoringReport monitoringCriteria",
        "GetReport componentCriteria",
        "GetReport componentVariable",
        "SendLocalList evseId",
        "SetDefaultTariff dayOfWeek",
        "TransactionEvent evseId"
      ]
    )
  })

  for (const { protocol, translations } of adapters) {
    for (const translation of translations) {
      for (const part of ["request", "response"] as const) {
        const schema = translation.action[part]
        // A SEND has no response.
        if (schema === undefined) continue
        it.effect(`is never in the ${part} of ${translation.action.name} of ${protocol.version} [RPC-03]`, () =>
          Effect.gen(function* () {
            const generic = Arbitrary.schema(translation.generic[part]!)
            for (const message of yield* Arbitrary.sampleEffect(generic, { count: 30, seed: "empty lists" })) {
              const losses = new Losses()
              const sent = translation[part].encode(message, losses)
              const refused = losses.violations.map(({ path }) => path.split(".").at(-1)!)
              assert.includeMembers(refused, [...emptyOf(schema.ast, sent)])
            }
          })
        )
      }
    }
  }

  it.effect("is left out of the readings of a transaction", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      const start = (request: unknown) => {
        told.push(request)
        return Effect.succeed({ id: "1", transactionId: Effect.succeed("1"), request, started: Effect.never })
      }
      const versioned = { version: "2.0.1", csms: {}, transactions: { start } } as const
      const { transactions } = Adapter.agreed([v201], versioned)
      const timestamp = DateTime.makeUnsafe("2026-11-22T06:00:00Z")
      yield* transactions.start({ timestamp, triggerReason: "Authorized", meterValue: [] })
      assert.deepStrictEqual<unknown>(told, [
        { timestamp: "2026-11-22T06:00:00.000Z", triggerReason: "Authorized", transactionInfo: {} }
      ])
    })
  )

  it.effect("is left out of what a handler answers", () =>
    Effect.gen(function* () {
      const certificateHashData = {
        hashAlgorithm: "SHA256",
        issuerNameHash: "a",
        issuerKeyHash: "b",
        serialNumber: "1"
      }
      const one = { certificateHashData, certificateType: "V2GCertificateChain", childCertificateHashData: [] }
      const { at, frames } = yield* both(() => Effect.succeed({ status: "Accepted", certificateHashDataChain: [one] }))
      for (const identity of Object.values(identities)) {
        frames.length = 0
        yield* at(identity).getInstalledCertificateIds({ certificateType: ["V2GCertificateChain"] })
        const { childCertificateHashData: _, ...chain } = one
        const answer = { status: "Accepted", certificateHashDataChain: [chain] }
        assert.deepStrictEqual(
          frames.at(-1)![2],
          identity === "ONE" ? { status: "Accepted", data: JSON.stringify(answer) } : answer
        )
      }
    })
  )
})
