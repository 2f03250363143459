/**
 * The table of what becomes of a stored message, every outcome in every state.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Exit from "effect/Exit"
import { CallError, type CallFailure, InvalidResponse, NotSent, Uncertain } from "../../src/OcppError.ts"
import {
  type Loss,
  meanings,
  type Outcome,
  outcomeOf,
  type State,
  verdict
} from "../../src/station/internal/Verdict.ts"

const action = "StopTransaction"
const messageId = "1"

const uncertain = (reason: Uncertain["reason"]) => new Uncertain({ action, messageId, reason })
const notSent = (reason: NotSent["reason"]) => new NotSent({ action, reason })

/** Every way in which a call can fail, by its outcome. */
const failures: Readonly<Record<Exclude<Outcome, "Answered">, CallFailure>> = {
  CallError: new CallError({ code: "GenericError" }),
  InvalidResponse: new InvalidResponse({ action, messageId, payload: {}, violations: [] }),
  Timeout: uncertain("Timeout"),
  ConnectionLost: uncertain("ConnectionLost"),
  NotConnected: notSent("NotConnected"),
  QueueFull: notSent("QueueFull"),
  InvalidRequest: notSent("InvalidRequest"),
  NotSupported: notSent("NotSupported"),
  NotAccepted: notSent("NotAccepted"),
  NotStored: notSent("NotStored"),
  NotExpressible: notSent("NotExpressible")
}

const open: State = {
  isOpen: true,
  attempts: 0,
  most: 3,
  breaks: 0,
  isShortenable: false,
  wasAside: false,
  loss: undefined
}

/** In words, with the number of attempts or broken connections that it makes, and what becomes of the message then. */
const inWords = (outcome: Outcome, state: State): string => {
  const result = verdict(outcome, state)
  if (result._tag === "Lost") return ["lost", result.breaks, result.end ?? ""].join(" ").trim()
  if (result._tag !== "Failed") return result._tag
  const { attempts, end, isDoubtful } = result
  return ["failed", attempts, isDoubtful ? "in doubt" : "", end ?? ""].filter((word) => word !== "").join(" ")
}

/** What the specification and the field ask, by outcome: while the connection is open, and when it is another one. */
const table: Readonly<Record<Outcome, readonly [open: string, other: string]>> = {
  Answered: ["Delivered", "Delivered"],
  CallError: ["failed 1", "AwaitConnection"],
  InvalidResponse: ["failed 1", "AwaitConnection"],
  Timeout: ["failed 1 in doubt", "AwaitConnection"],
  ConnectionLost: ["lost 0", "lost 0"],
  NotConnected: ["AwaitLoss", "AwaitLoss"],
  QueueFull: ["Pause", "AwaitConnection"],
  NotAccepted: ["Pause", "AwaitConnection"],
  NotStored: ["Pause", "AwaitConnection"],
  InvalidRequest: ["Discarded", "Discarded"],
  NotSupported: ["Discarded", "Discarded"],
  NotExpressible: ["Discarded", "Discarded"]
}

const outcomes = Object.keys(table) as ReadonlyArray<Outcome>

describe("The verdict over a message", () => {
  it("knows every outcome that a call can have", () => {
    assert.sameMembers(Object.keys(meanings), [...outcomes])
    assert.strictEqual(outcomeOf(Exit.succeed({})), "Answered")
    for (const [outcome, failure] of Object.entries(failures)) {
      assert.strictEqual(outcomeOf(Exit.fail(failure)), outcome)
    }
    assert.strictEqual(outcomeOf(Exit.interrupt()), undefined)
    assert.strictEqual(outcomeOf(Exit.die("a bug")), undefined)
  })

  for (const outcome of outcomes) {
    it(`[TX-03] [TX-04] after ${outcome} is as the table says, on its connection and on another`, () => {
      assert.deepStrictEqual(
        [inWords(outcome, open), inWords(outcome, { ...open, isOpen: false })],
        [...table[outcome]]
      )
    })
  }

  it("[TX-03] counts the attempts, and knows the last one", () => {
    for (const most of [1, 2, 3]) {
      const words = Array.from({ length: most }, (_, attempts) => inWords("CallError", { ...open, attempts, most }))
      assert.deepStrictEqual(words, [
        ...Array.from({ length: most - 1 }, (_, index) => `failed ${index + 1}`),
        `failed ${most} Discarded`
      ])
    }
    // The application has lowered the number meanwhile.
    assert.strictEqual(inWords("Timeout", { ...open, attempts: 5 }), "failed 6 in doubt Discarded")
  })

  /** What the loss of a connection says, by how it was lost: of a message that is sent for the first time, and so on. */
  const losses: ReadonlyArray<readonly [loss: Loss, first: string, later: string, wasAside: string]> = [
    [{ code: 1009, wasGood: false, wasSoon: false }, "failed 1", "failed 3 SetAside", "failed 1 SetAside"],
    [{ code: 1009, wasGood: true, wasSoon: true }, "failed 1", "failed 3 SetAside", "failed 1 SetAside"],
    [{ code: 1007, wasGood: false, wasSoon: true }, "failed 1", "failed 3 SetAside", "failed 1 SetAside"],
    [{ code: 1006, wasGood: true, wasSoon: true }, "lost 1", "lost 3 SetAside", "lost 1 SetAside"],
    [{ code: 1011, wasGood: true, wasSoon: true }, "lost 1", "lost 3 SetAside", "lost 1 SetAside"],
    [{ code: 1006, wasGood: false, wasSoon: true }, "lost 0", "lost 2", "lost 0"],
    [{ code: 1006, wasGood: true, wasSoon: false }, "lost 0", "lost 0", "lost 0"],
    [{ code: 1001, wasGood: false, wasSoon: false }, "lost 0", "lost 2", "lost 0"]
  ]

  for (const [loss, ...expected] of losses) {
    const how = `${loss.wasGood ? "a good" : "an unproven"} connection, ${loss.wasSoon ? "soon" : "late"}`
    it(`[FIELD-K1] after a close with ${loss.code} of ${how}, is as the table says`, () => {
      const lost = { ...open, isOpen: false, loss }
      assert.deepStrictEqual(
        [lost, { ...lost, attempts: 2, breaks: 2 }, { ...lost, wasAside: true }].map((state) =>
          inWords("ConnectionLost", state)
        ),
        expected
      )
      // A call that has not left says nothing of the message.
      assert.strictEqual(inWords("NotConnected", lost), "AwaitLoss")
    })
  }

  it("[FIELD-K1] shortens what is too large, if there is something to leave out", () => {
    const lost = { ...open, isOpen: false, isShortenable: true, attempts: 2 }
    const after = (code: number) => inWords("ConnectionLost", { ...lost, loss: { code, wasGood: true, wasSoon: true } })
    assert.deepStrictEqual([1009, 1007, 1006].map(after), ["Shortened", "failed 3 SetAside", "lost 1"])
  })

  it("[FIELD-K1] never discards what was set aside before", () => {
    for (const outcome of ["CallError", "InvalidResponse"] as const) {
      assert.strictEqual(inWords(outcome, { ...open, attempts: 1, wasAside: true }), "failed 2")
      assert.strictEqual(inWords(outcome, { ...open, attempts: 2, wasAside: true }), "failed 3 SetAside")
    }
    assert.strictEqual(inWords("Timeout", { ...open, attempts: 2, wasAside: true }), "failed 3 in doubt SetAside")
  })

  it("[TX-04] counts no attempt but a failure of the CSMS", () => {
    for (const outcome of outcomes) {
      const isFailure = ["CallError", "InvalidResponse", "Timeout"].includes(outcome)
      assert.strictEqual(verdict(outcome, open)._tag === "Failed", isFailure, outcome)
      assert.notStrictEqual(verdict(outcome, { ...open, isOpen: false })._tag, "Failed", outcome)
    }
  })
})
