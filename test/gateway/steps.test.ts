/**
 * The pure steps of a gateway: what made a station send an event, what is left out of a message, and how events become a
 * start, readings and an end.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Domain from "../../src/domain/index.ts"
import { assemble, type Assembled } from "../../src/gateway/internal/assembly.ts"
import { explicit } from "../../src/gateway/internal/completion.ts"
import { without } from "../../src/gateway/internal/omission.ts"
import * as V201 from "../../src/v201/index.ts"
import * as Validation from "../../src/Validation.ts"

const at = (minutes: number) => DateTime.makeUnsafe(minutes * 60_000)

const event = (
  eventType: Domain.TransactionEventType,
  more: Partial<Domain.TransactionEventRequest> = {}
): Domain.TransactionEventRequest => ({ eventType, timestamp: at(0), transactionId: "T", ...more })

const register = (
  value: string,
  context: Domain.ReadingContext = "Sample.Periodic",
  more: Partial<Domain.SampledValue> = {}
): Domain.SampledValue => ({
  measurand: "Energy.Active.Import.Register",
  context,
  location: "Outlet",
  reading: { _tag: "Measured", value: BigDecimal.fromStringUnsafe(value), unit: "Wh" },
  ...more
})

const read = (minutes: number, ...sampledValue: ReadonlyArray<Domain.SampledValue>) => [
  { timestamp: at(minutes), sampledValue }
]

const causeOf = (stoppedReason: Domain.StoppedReason) => Domain.triggerReasonOf(event("Ended", { stoppedReason }))

const paths = (...all: ReadonlyArray<string>) => all.map((path) => ({ path, rule: "", code: "NotSupported" as const }))

/** What is told of some events, in short. */
const tell = (...events: ReadonlyArray<Domain.TransactionEventRequest>) => {
  let known: Assembled | undefined
  let isStarted = false
  return events.map((one) => {
    const step = assemble(known, one, isStarted)
    // Told alike if the event comes again.
    assert.deepStrictEqual(assemble(step.known, one, isStarted).known, step.known)
    known = JSON.parse(JSON.stringify(step.known))
    isStarted ||= step.told.some(({ _tag }) => _tag === "Start")
    return step.told.map((told) => {
      if (told._tag === "Untold") return `Untold for ${told.missing.join(" and ")}`
      const { meterValue = [] } = told._tag === "Readings" ? told.request : told.input
      const values = meterValue.flatMap(({ sampledValue }) =>
        sampledValue.map(({ context, reading }) =>
          reading._tag === "Measured" ? `${BigDecimal.format(reading.value)} ${context.slice(-5)}` : reading._tag
        )
      )
      return [told._tag, ...values].join(" ")
    })
  })
}

describe("what made a station send an event", () => {
  it("is what it tells, or what follows from the rest", () => {
    assert.strictEqual(Domain.triggerReasonOf(event("Ended", { triggerReason: "Trigger" })), "Trigger")
    assert.strictEqual(
      Domain.triggerReasonOf(event("Started", { idToken: { idToken: "A", type: "Unknown" } })),
      "Authorized"
    )
    assert.strictEqual(Domain.triggerReasonOf(event("Started", { remoteStartId: 1 })), "RemoteStart")
    assert.strictEqual(
      Domain.triggerReasonOf(event("Updated", { chargingState: "SuspendedEV" })),
      "ChargingStateChanged"
    )
    assert.strictEqual(
      Domain.triggerReasonOf(event("Updated", { meterValue: read(0, register("1")) })),
      "MeterValuePeriodic"
    )
    assert.strictEqual(
      Domain.triggerReasonOf(event("Updated", { meterValue: read(0, register("1", "Trigger")) })),
      "Trigger"
    )
    assert.strictEqual(
      Domain.triggerReasonOf(event("Updated", { meterValue: read(0, register("1", "Sample.Clock")) })),
      "MeterValueClock"
    )
    assert.strictEqual(Domain.triggerReasonOf(event("Ended")), "StopAuthorized")
  })

  it("is a word of 2.0.1 for every reason of an end", () => {
    const words = Domain.StoppedReason.literals.map((stoppedReason) =>
      Domain.triggerReasonOf(event("Ended", { stoppedReason }))
    )
    const known: ReadonlyArray<string> = V201.TriggerReasonEnumType.literals
    assert.includeMembers([...known], words)
    assert.deepStrictEqual(
      (["Local", "Remote", "EVDisconnected", "DeAuthorized", "UnlockCommand", "HardReset", "PowerLoss"] as const).map(
        causeOf
      ),
      [
        "StopAuthorized",
        "RemoteStop",
        "EVDeparted",
        "Deauthorized",
        "UnlockCommand",
        "ResetCommand",
        "AbnormalCondition"
      ]
    )
  })
})

describe("what is left out of a message", () => {
  it("is the item of a list, or the field, and nothing else", () => {
    const message = { a: { b: 1, c: 2 }, list: [{ x: [1, 2, 3] }, { x: [4] }, { y: 5 }] }
    assert.deepStrictEqual<unknown>(without(message, paths("a.b")), { ...message, a: { c: 2 } })
    assert.deepStrictEqual<unknown>(without(message, paths("list[0].x[0]", "list[0].x[2]", "a.c")), {
      a: { b: 1 },
      list: [{ x: [2] }, { x: [4] }, { y: 5 }]
    })
    assert.deepStrictEqual<unknown>(without(message, paths("list[2].y", "list[2]")), {
      ...message,
      list: message.list.slice(0, 2)
    })
  })

  it("is a reading without samples too, and only the signature of one that is signed", () => {
    const signed = { signedMeterData: "x", signingMethod: "", encodingMethod: "", publicKey: "" }
    const meterValue = [
      ...read(0, register("1")),
      ...read(1, register("2", "Sample.Periodic", { signedMeterValue: signed }))
    ]
    assert.deepStrictEqual(without({ meterValue }, paths("meterValue[0].sampledValue[0].reading")), {
      meterValue: meterValue.slice(1)
    })
    assert.deepStrictEqual(without({ meterValue }, paths("meterValue[1].sampledValue[0].signedMeterValue")), {
      meterValue: [meterValue[0]!, ...read(1, register("2"))]
    })
    assert.deepStrictEqual<unknown>(
      without(
        { meterValue, other: 1 },
        paths("meterValue[0].sampledValue[0]", "meterValue[1].sampledValue[0].reading")
      ),
      { other: 1 }
    )
  })

  it("is never what is missing, what the message is about, or the message", () => {
    assert.isUndefined(without({ a: 1 }, paths("b")))
    assert.isUndefined(without({ evse: { id: 1, connectorId: 2 } }, paths("evse.connectorId")))
    assert.isUndefined(without({ a: 1 }, paths("")))
  })
})

describe("what a message does not tell", () => {
  it("is the type of its idTokens, and the ids of its schedules, wherever they are", () => {
    const given = {
      idToken: { idToken: "A", type: "Unknown" },
      list: [{ groupIdToken: { idToken: "B", type: "Unknown" } }, { idToken: { idToken: "C", type: "eMAID" } }],
      chargingProfile: { id: 4, chargingSchedule: [{ limit: 1 }, { id: 9 }] },
      timestamp: at(0)
    }
    assert.deepStrictEqual<unknown>(
      explicit(Domain.Authorize, given, (text) => (text === "A" ? "Central" : "Local")),
      {
        idToken: { idToken: "A", type: "Central" },
        list: [{ groupIdToken: { idToken: "B", type: "Local" } }, { idToken: { idToken: "C", type: "eMAID" } }],
        chargingProfile: { id: 4, chargingSchedule: [{ id: 4, limit: 1 }, { id: 9 }] },
        timestamp: at(0)
      }
    )
  })

  for (const action of Domain.actions) {
    const { name, request } = action
    it.effect(`leaves ${name} what it is otherwise`, () =>
      Effect.gen(function* () {
        for (const message of yield* Arbitrary.sampleEffect(Arbitrary.schema(request), { count: 20, seed: name })) {
          const made = explicit(action, message, () => "Central")
          assert.isTrue(Validation.is(request)(made))
          assert.deepStrictEqual<unknown>(
            explicit(action, made, () => "Local"),
            made
          )
        }
      })
    )
  }
})

const energy = (minutes: number, value: string, context?: Domain.ReadingContext) => ({
  meterValue: read(minutes, register(value, context))
})

describe("the events of a transaction as a start, readings and an end", () => {
  const idToken = { idToken: "TAG", type: "Central" } as const

  it("are in order, whatever order the pieces come in", () => {
    const place = { evse: { id: 1 } }
    assert.deepStrictEqual(
      tell(
        event("Started", { ...place, idToken, ...energy(0, "10", "Transaction.Begin") }),
        event("Updated", energy(1, "11.25")),
        event("Updated"),
        event("Ended", energy(2, "12", "Transaction.End"))
      ),
      [["Start 10 Begin"], ["Update 11.25 iodic"], [], ["Stop 12 n.End"]]
    )
    assert.deepStrictEqual(
      tell(
        event("Started"),
        event("Updated", energy(1, "10")),
        event("Updated", { idToken }),
        event("Updated", { ...place, ...energy(2, "11") }),
        event("Ended")
      ),
      [[], ["Readings 10 iodic"], [], ["Start 10 Begin", "Update 11 iodic"], ["Stop 11 n.End"]]
    )
    assert.deepStrictEqual(tell(event("Started", place), event("Ended", energy(1, "5"))), [
      [],
      ["Readings 5 iodic", "Untold for an idToken"]
    ])
    assert.deepStrictEqual(tell(event("Ended", { idToken: { idToken: "", type: "NoAuthorization" } })), [
      ["Untold for its EVSE and an idToken and a register of energy"]
    ])
    assert.deepStrictEqual(tell(event("Ended", { ...place, idToken, ...energy(0, "7.5") })), [
      ["Start 8 Begin", "Stop 7.5 iodic 8 n.End"]
    ])
  })

  it("take no phase, no other place and no other unit for the register", () => {
    const place = { evse: { id: 1 }, idToken }
    const meterValue = read(
      0,
      register("1", "Sample.Periodic", { phase: "L1" }),
      register("2", "Sample.Periodic", { location: "Inlet" }),
      register("3", "Sample.Periodic", { measurand: "Energy.Active.Export.Register" })
    )
    assert.deepStrictEqual(tell(event("Started", { ...place, meterValue })), [["Readings 1 iodic 2 iodic 3 iodic"]])
  })
})
