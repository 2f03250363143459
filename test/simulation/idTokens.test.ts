/**
 * What a simulated CSMS says of tokens: by their type, their group and the master pass.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import { Endpoint } from "../../src/csms/index.ts"
import { Ledger, VirtualCsms } from "../../src/simulation/index.ts"
import { connectTo, registered } from "../support/csms.ts"
import { time } from "../support/messages.ts"

/** A simulated CSMS that knows some tokens, and what it says of one in each message. */
const open = Effect.fnUntraced(function* (version: string, idTags: Ledger.IdTags) {
  const context = yield* Layer.build(VirtualCsms.layer({ accept: registered() }))
  const { ledger } = Context.get(context, VirtualCsms)
  yield* ledger.setIdTags(idTags)
  const { raw } = yield* connectTo(Context.get(context, Endpoint))("CP001", `ocpp${version}`)
  const ask = Effect.fnUntraced(function* (action: string, payload: object) {
    yield* raw.send([2, "1", action, payload])
    const [type, , answer] = yield* raw.next
    assert.strictEqual(type, 3, JSON.stringify(answer))
    // A response is an object.
    return answer as { readonly [field: string]: unknown }
  })
  let seqNo = 0
  const authorize = (idToken: string, type: string) =>
    Effect.map(ask("Authorize", { idToken: { idToken, type } }), ({ idTokenInfo }) => idTokenInfo)
  const tell = (eventType: string, triggerReason: string, idToken: string, type: string) =>
    Effect.map(
      ask("TransactionEvent", {
        eventType,
        triggerReason,
        timestamp: time,
        seqNo: seqNo++,
        transactionInfo: { transactionId: "T1" },
        idToken: { idToken, type }
      }),
      ({ idTokenInfo }) => idTokenInfo
    )
  return { ask, authorize, tell }
})

const accepted = { status: "Accepted" }
const invalid = { status: "Invalid" }

for (const version of ["2.0.1", "2.1"]) {
  describe(`A simulated CSMS of ${version}`, () => {
    it.effect("[FIELD-K9] [BLK-10] accepts whoever has no token, whatever it says of unknown ones", () =>
      Effect.gen(function* () {
        for (const status of ["Unknown", "Blocked", "Invalid"] as const) {
          const { authorize, tell } = yield* open(version, {
            default: status,
            tags: [{ idTag: "", status: "Blocked" }]
          })
          assert.deepStrictEqual(yield* tell("Started", "Authorized", "", "NoAuthorization"), accepted)
          assert.deepStrictEqual(yield* tell("Updated", "Authorized", "", "NoAuthorization"), accepted)
          assert.deepStrictEqual(yield* tell("Ended", "StopAuthorized", "", "NoAuthorization"), accepted)
          assert.deepStrictEqual(yield* authorize("", "NoAuthorization"), accepted)
          assert.deepStrictEqual(yield* authorize("other", "Central"), { status })
        }
      })
    )

    it.effect("[FIELD-K9] knows a token by its type, if the list names one", () =>
      Effect.gen(function* () {
        const { authorize, tell } = yield* open(version, {
          default: "Unknown",
          tags: [
            { idTag: "A", type: "ISO14443" },
            { idTag: "A", type: "Local", status: "Blocked" },
            { idTag: "B" },
            { idTag: "B", type: "eMAID", status: "NoCredit" },
            { idTag: "1234", type: "KeyCode" },
            { idTag: "9999", type: "KeyCode", status: "Blocked" }
          ]
        })
        for (const [idToken, type, status] of [
          ["a", "ISO14443", "Accepted"],
          ["A", "Local", "Blocked"],
          ["A", "eMAID", "Unknown"],
          ["b", "Central", "Accepted"],
          ["B", "eMAID", "NoCredit"],
          ["1234", "KeyCode", "Accepted"],
          ["1234", "Central", "Unknown"],
          ["9999", "KeyCode", "Blocked"],
          // C04.FR.01
          ["4321", "KeyCode", "Invalid"]
        ] as const) {
          assert.deepStrictEqual(yield* authorize(idToken, type), { status }, `${idToken} ${type}`)
          assert.deepStrictEqual(yield* tell("Started", "Authorized", idToken, type), { status }, `${idToken} ${type}`)
        }
      })
    )

    it.effect("[FIELD-K9] [BLK-10] tells the group of a token, and until when it is valid", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2026, 10, 29))
        const expiryDate = "2026-11-29T00:01:00Z"
        const { authorize, tell } = yield* open(version, {
          default: "Unknown",
          tags: [
            { idTag: "one", parentIdTag: "FAMILY" },
            { idTag: "two", parentIdTag: "FAMILY", status: "Blocked" },
            { idTag: "short", expiryDate }
          ]
        })
        const groupIdToken = { idToken: "FAMILY", type: "Central" }
        for (const say of [authorize, (token: string, type: string) => tell("Started", "Authorized", token, type)]) {
          assert.deepStrictEqual(yield* say("ONE", "ISO14443"), { status: "Accepted", groupIdToken })
          assert.deepStrictEqual(yield* say("two", "ISO14443"), { status: "Blocked", groupIdToken })
          assert.deepStrictEqual(yield* say("short", "ISO14443"), {
            status: "Accepted",
            cacheExpiryDateTime: expiryDate
          })
        }
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(yield* authorize("short", "ISO14443"), {
          status: "Expired",
          cacheExpiryDateTime: expiryDate
        })
      })
    )

    it.effect("[FIELD-K9] [BLK-10] lets a master pass stop every transaction and start none", () =>
      Effect.gen(function* () {
        const { authorize, tell } = yield* open(version, {
          default: "Accepted",
          masterPassGroupId: "police",
          tags: [
            { idTag: "P1", parentIdTag: "POLICE" },
            { idTag: "P2", parentIdTag: "POLICE", status: "Blocked" }
          ]
        })
        const groupIdToken = { idToken: "POLICE", type: "Central" }
        assert.deepStrictEqual(yield* authorize("P1", "ISO14443"), { ...accepted, groupIdToken })
        assert.deepStrictEqual(yield* tell("Started", "CablePluggedIn", "P1", "ISO14443"), { ...invalid, groupIdToken })
        assert.deepStrictEqual(yield* tell("Updated", "Authorized", "P1", "ISO14443"), { ...invalid, groupIdToken })
        assert.deepStrictEqual(yield* tell("Updated", "StopAuthorized", "P1", "ISO14443"), {
          ...accepted,
          groupIdToken
        })
        assert.deepStrictEqual(yield* tell("Ended", "StopAuthorized", "P1", "ISO14443"), { ...accepted, groupIdToken })
        assert.deepStrictEqual(yield* tell("Ended", "StopAuthorized", "P2", "ISO14443"), {
          status: "Blocked",
          groupIdToken
        })
        assert.deepStrictEqual(yield* tell("Started", "Authorized", "other", "ISO14443"), accepted)
      })
    )
  })
}

it.effect("[FIELD-K9] [BLK-01] [BLK-10] A simulated CSMS of 2.1 knows the types of tokens whatever their case", () =>
  Effect.gen(function* () {
    const { authorize, tell } = yield* open("2.1", {
      default: "Unknown",
      tags: [
        { idTag: "A", type: "ISO14443" },
        { idTag: "A", status: "Blocked" }
      ]
    })
    assert.deepStrictEqual(yield* tell("Started", "Authorized", "", "NOAUTHORIZATION"), accepted)
    assert.deepStrictEqual(yield* authorize("A", "iso14443"), accepted)
    assert.deepStrictEqual(yield* authorize("A", "eMaid"), { status: "Blocked" })
    assert.deepStrictEqual(yield* authorize("4321", "keycode"), invalid)
  })
)

for (const version of ["1.5", "1.6"]) {
  it.effect(`[FIELD-K9] A simulated CSMS of ${version} knows an idTag whatever its type, and tells its group`, () =>
    Effect.gen(function* () {
      const { ask } = yield* open(version, {
        default: "Invalid",
        tags: [{ idTag: "A", type: "ISO14443", parentIdTag: "FAMILY" }]
      })
      const idTagInfo = { status: "Accepted", parentIdTag: "FAMILY" }
      assert.deepStrictEqual(yield* ask("Authorize", { idTag: "a" }), { idTagInfo })
      const start = { connectorId: 1, idTag: "a", meterStart: 0, timestamp: time }
      assert.deepStrictEqual((yield* ask("StartTransaction", start))["idTagInfo"], idTagInfo)
    })
  )
}
