/**
 * What a program gets wrong that types have not kept it from: in generic requests, events and answers.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Client from "../../src/Client.ts"
import * as Domain from "../../src/domain/index.ts"
import { both, callsOf, identities, notSent } from "../support/threeStations.ts"

/** Makes a call with a request that is not of its type. */
const slip = (caller: Client.Caller<"csms">, action: typeof Domain.Reset, request: unknown) =>
  caller.call(action, request as never)

describe("A generic request that breaks its schema", () => {
  for (const [version, identity] of Object.entries(identities)) {
    it.effect(`is not sent in ${version}, and it is said where and why`, () =>
      Effect.gen(function* () {
        const { callerOf, frames } = yield* both(() => Effect.die("nobody is asked"))
        // The operations are those of a CSMS.
        const ask = (operation: { readonly name: string }, request: unknown) =>
          notSent(slip(callerOf(Domain.Reset, identity), operation as typeof Domain.Reset, request))
        // A field of another operation, without which the whole station would be meant.
        for (const [operation, request, ...flaws] of [
          [Domain.ChangeAvailability, { operationalStatus: "Inoperative", evseId: 1 }, "evseId: is not a field here"],
          [Domain.ClearChargingProfile, { id: 5 }, "id: is not a field here"],
          [Domain.Reset, { type: "OnIdle", evse: { id: 1 } }, "evse: is not a field here"],
          [Domain.Reset, { type: "Hard" }, "type: expected one of Immediate, OnIdle, ImmediateAndResume"],
          [Domain.GetVariables, { variables: ["x"] }, "variables[0]: expected an object"],
          [
            Domain.SendLocalList,
            { versionNumber: 1, updateType: "Full", localAuthorizationList: {} },
            "localAuthorizationList: expected an array"
          ],
          [Domain.GetCompositeSchedule, { evseId: 1, duration: 3600 }, "duration: expected Duration"],
          [Domain.RequestStopTransaction, { transactionId: 12 }, "transactionId: expected a string"],
          [Domain.ClearCache, undefined, ": expected a JSON object"]
        ] as const) {
          assert.deepStrictEqual(yield* ask(operation, request), ["InvalidRequest", ...flaws], operation.name)
        }
        assert.deepStrictEqual(frames, [])
      })
    )
  }

  it.effect("is sent without fields that are undefined", () =>
    Effect.gen(function* () {
      const { callerOf, frames } = yield* both(() => Effect.succeed({ status: "Accepted" }))
      yield* slip(callerOf(Domain.Reset, "TWO"), Domain.Reset, { type: "OnIdle", evseId: undefined })
      assert.deepStrictEqual(callsOf(frames), [["Reset", { type: "OnIdle" }]])
    })
  )
})

describe("A generic answer that breaks its schema", () => {
  for (const [version, identity] of Object.entries(identities)) {
    it.effect(`is none in ${version}: the peer gets an InternalError`, () =>
      Effect.gen(function* () {
        const { csmsOf } = yield* both(() => Effect.succeed({ idTokenInfo: { status: "Accepted", extra: 1 } }))
        const error = yield* Effect.flip(csmsOf(identity).authorize({ idToken: { idToken: "AB", type: "Central" } }))
        assert.deepInclude({ ...error }, { _tag: "CallError", code: "InternalError", description: "" })
      })
    )
  }
})

describe("An event of a transaction that breaks its schema", () => {
  for (const [version, identity] of Object.entries(identities)) {
    it.effect(`is not stored in ${version}, and it is said where and why`, () =>
      Effect.gen(function* () {
        const { frames, transactionsOf } = yield* both(() => Effect.die("nobody is asked"))
        const event = { timestamp: DateTime.makeUnsafe(0), triggerReason: "Authorized", evseId: 1 }
        assert.deepStrictEqual(yield* notSent(transactionsOf(identity).start(event as never)), [
          "InvalidRequest",
          "evseId: is not a field here"
        ])
        assert.deepStrictEqual(frames, [])
      })
    )
  }
})
