/**
 * What a station stores arrives as the rules say, whatever happens in whatever order: a station in virtual time beside a
 * model of it. What is sent is compared when it arrives, all else whenever nothing is under way.
 *
 * `OCPP_TEST_RUNS` says how many scripts are tried per version, `OCPP_TEST_SEED` determines them, and
 * `OCPP_TEST_REPLAY` is what a failure gives to try its script again.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type { CallFailure } from "../../src/OcppError.ts"
import type { OutboxEvent } from "../../src/station/StoredMessage.ts"
import { outcome } from "../support/outcome.ts"
import { type Answer, type Call, type Charging, open, pass, simulate, TestCsms } from "../support/outbox.ts"
import {
  type Command,
  lateness,
  Model,
  type Mood,
  reconnect,
  retryInterval,
  type Script,
  scripts,
  timeout,
  Transaction,
  unit
} from "../support/outboxModel.ts"
import { start } from "../support/time.ts"
import { v16, v201, type Version } from "../support/versions.ts"

const error = { error: "InternalError" } as const

const world = Effect.fnUntraced(function* (version: Version, script: Script) {
  const clock = yield* Clock.Clock
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const model = new Model(script, version.is2x)
  const tell =
    <A extends ReadonlyArray<unknown>>(what: (...args: A) => void) =>
    (...args: A): void => {
      model.advance(clock.currentTimeMillisUnsafe())
      what(...args)
    }

  // ---- the CSMS

  const csms = new TestCsms({
    connected: tell((link) => model.connected(link)),
    closed: tell(() => model.closed()),
    called: tell((call) => model.called(call)),
    answered: tell((call, answer) => {
      if ("error" in answer) model.answered(call, answer.error)
      else model.answered(call, isInvalid(answer.result) ? "InvalidResponse" : "ok", answer.result)
    })
  })
  const moods: Array<Mood> = []
  let pends = 0
  const behave = (call: Call, mood: Mood): Answer => {
    if (typeof mood === "number") {
      run(
        Effect.delay(
          Effect.sync(() => csms.reply(call, "well")),
          lateness(mood)
        )
      )
      return "never"
    }
    switch (mood) {
      case "error":
        return error
      case "invalid":
        return invalid
      case "well and cut":
      case "error and cut":
        csms.reply(call, mood === "well and cut" ? "well" : error)
        csms.cut()
        return "never"
      case "cut":
        csms.cut()
        return "never"
      default:
        return mood
    }
  }
  csms.answer = (call) => {
    if (call.action === "Heartbeat") return "well"
    if (call.action !== "BootNotification") return behave(call, moods.shift() ?? "well")
    if (pends === 0) return "well"
    pends--
    return { result: { status: "Pending", currentTime: "2026-11-22T06:00:00Z", interval: 300 } }
  }

  // ---- the station

  const scene = yield* open(version, {
    csms,
    calls: { timeout: Infinity, responseTimeout: timeout },
    outbox: { attempts: script.attempts, limit: script.limit, retryInterval },
    reconnect: Schedule.spaced(reconnect),
    // How it comes back is no part of the model.
    takesOut: true
  })
  const chargings = new Map<Transaction, Charging>()
  /** Those who wait for answers, by label, of the station that is there now. */
  let waiters = new Map<string, Fiber.Fiber<unknown, CallFailure>>()
  const labelOf = new Map<string, string>()
  /** What was stored since the events of it were last read. */
  let fresh: Array<string> = []
  let readEvents = 0
  const events = { transactions: [] as Array<string>, others: [] as Array<string> }
  let count = 0

  const added = Effect.fnUntraced(function* (
    lane: "transactions" | "others",
    item: Parameters<Model["store"]>[1],
    delivery: Effect.Effect<unknown, CallFailure>
  ) {
    model.store(lane, item)
    fresh.push(item.label)
    waiters.set(item.label, yield* start(delivery))
  })

  const add = Effect.fnUntraced(function* (transaction: Transaction, phase: "Updated" | "Ended") {
    const charging = chargings.get(transaction)!
    const meter = ++count
    const mayStore = model.mayStore(1)
    const delivery = yield* Effect.result(phase === "Updated" ? charging.update(meter) : charging.stop(meter))
    assert.strictEqual(delivery._tag === "Success", mayStore, `${phase} ${meter} is stored`)
    if (delivery._tag === "Failure") return assert.strictEqual(delivery.failure.reason, "NotStored")
    if (phase === "Ended") {
      transaction.hasEnded = true
      model.ongoing = model.ongoing.filter((other) => other !== transaction)
    }
    const item = { label: `${phase} ${meter}`, phase, transaction, seqNo: transaction.seqNo++ }
    yield* added("transactions", item, delivery.success)
  })

  const perform = Effect.fnUntraced(function* (command: Command) {
    model.advance(clock.currentTimeMillisUnsafe())
    const transaction =
      "which" in command ? model.ongoing.find(({ connector }) => connector === command.which + 1) : undefined
    switch (command._tag) {
      case "Start": {
        if (transaction !== undefined) return
        const started = new Transaction(command.which + 1)
        const meter = ++count
        const mayStore = model.mayStore(2)
        const charging = yield* Effect.result(scene.site.start(started.connector, meter))
        assert.strictEqual(charging._tag === "Success", mayStore, `Started ${meter} is stored`)
        if (charging._tag === "Failure") return assert.strictEqual(charging.failure.reason, "NotStored")
        started.id = charging.success.id
        model.ongoing.push(started)
        chargings.set(started, charging.success)
        const item = {
          label: `Started ${meter}`,
          phase: "Started",
          transaction: started,
          seqNo: started.seqNo++
        } as const
        return yield* added("transactions", item, charging.success.started)
      }
      case "Update":
        if (transaction === undefined) return
        for (let each = 0; each < command.count; each++) {
          yield* add(transaction, "Updated")
          yield* pass(0)
        }
        return
      case "Stop":
        return yield* transaction === undefined ? Effect.void : add(transaction, "Ended")
      case "Report": {
        const type = String(++count)
        const mayStore = model.mayStore(1)
        const reporting = yield* start(scene.site.report(type))
        if (!mayStore) {
          yield* pass(0)
          return assert.strictEqual(outcome(reporting), "NotStored", `Security ${type}`)
        }
        const item = { label: `Security ${type}`, phase: undefined, transaction: undefined, seqNo: undefined }
        model.store("others", item)
        fresh.push(item.label)
        waiters.set(item.label, reporting)
        return
      }
      case "Authorize": {
        const idTag = String(++count)
        model.callNow(`Authorize ${idTag}`)
        waiters.set(`Authorize ${idTag}`, yield* start(scene.site.authorize(idTag)))
        return
      }
      case "Moods":
        moods.push(...command.moods)
        return
      case "Pend":
        pends++
        return
      case "Wait":
        return yield* pass(command.units * unit)
      case "Cut":
        return csms.cut()
      case "GoOffline":
        return csms.goOffline()
      case "GoOnline":
        csms.isReachable = true
        return
      case "Forget":
        csms.knowsStation = false
        return csms.cut()
      case "Break":
        scene.storage.failure = "Unavailable"
        model.isBroken = true
        return
      case "Fill":
        scene.storage.room = model.room = scene.storage.size + command.room
        return
      case "Heal":
        return heal()
      case "PowerCut": {
        // What could not be written would happen again.
        if (model.isDirty) return
        model.powerOff()
        yield* scene.powerOff
        yield* pass(command.units * unit)
        waiters = new Map()
        readEvents = 0
        yield* scene.powerOn
        model.advance(clock.currentTimeMillisUnsafe())
        const ongoing = yield* scene.site.ongoing
        assert.deepStrictEqual(
          ongoing.map(({ id }) => id),
          model.ongoing.map(({ id }) => id),
          "the transactions that go on"
        )
        for (const [index, known] of model.ongoing.entries()) chargings.set(known, ongoing[index]!)
      }
    }
  })

  const heal = (): void => {
    scene.storage.failure = undefined
    scene.storage.room = Infinity
    model.isBroken = false
    model.room = Infinity
  }

  // ---- both

  const read = (event: OutboxEvent): void => {
    const { _tag, message } = event
    // Not of what becomes of a message.
    if (_tag === "Full") return
    if (_tag === "Stored") labelOf.set(message.messageId, fresh.shift() ?? "what nobody has stored")
    const label = labelOf.get(message.messageId)
    const attempts = _tag === "Failed" || _tag === "Discarded" ? [message.attempts] : []
    events[message.phase === undefined ? "others" : "transactions"].push([_tag, label, ...attempts].join(" "))
  }

  /** Everything, now that nothing is under way. */
  const compare = Effect.gen(function* () {
    model.advance(clock.currentTimeMillisUnsafe())
    if (model.flaws.length > 0) assert.fail(model.flaws.join("\n"))
    for (const event of scene.site.events.slice(readEvents)) read(event)
    readEvents = scene.site.events.length
    assertSame(events.transactions, model.events.transactions, "the events of transactions")
    assertSame(events.others, model.events.others, "the other events")
    assertSame(
      Array.from(waiters, ([label, fiber]) => `${label}: ${outcome(fiber)}`),
      Array.from(waiters.keys(), (label) => `${label}: ${model.outcomes.get(label)}`),
      "the outcomes"
    )
    assert.strictEqual(yield* scene.site.outbox.waiting(), model.stored, "how many messages wait")
  })

  for (const command of script.commands) {
    yield* perform(command)
    yield* pass(0)
    yield* compare
  }

  // ---- in the end all is well

  heal()
  moods.length = 0
  pends = 0
  csms.isReachable = true
  for (const transaction of model.ongoing) {
    yield* add(transaction, "Ended")
    yield* pass(0)
  }
  yield* pass(10_000 * unit)
  yield* compare
  // What could not be written is written with the next change.
  yield* perform({ _tag: "Report" })
  yield* pass(0)
  yield* compare
  assert.strictEqual(model.stored, 0)
  assert.strictEqual(scene.storage.size, 0, "what is left in the storage")
  assert.notInclude(Array.from(waiters.values(), outcome), "open")

  // What came is what was stored, without what was dropped, in order.
  for (const lane of Object.values(events)) {
    const of = (tag: string): ReadonlyArray<string> =>
      lane.filter((event) => event.startsWith(tag)).map((event) => event.slice(tag.length + 1))
    const dropped = new Set(of("Dropped"))
    const kept = new Set(of("Stored").filter((label) => !dropped.has(label)))
    const came = Array.from(new Set(csms.labels)).filter((label) => kept.has(label))
    assert.deepStrictEqual(came, Array.from(kept))
    const over = [...of("Delivered"), ...of("TakenOut"), ...of("Discarded").map((event) => event.replace(/ \d+$/, ""))]
    assert.deepStrictEqual(new Set(over), kept)
    assert.strictEqual(over.length, kept.size)
  }
})

const invalid: Answer = { result: { status: 7, transactionId: "x", idTokenInfo: 7, idTagInfo: 7 } }

const isInvalid = (result: unknown): boolean => result === (invalid as { readonly result: unknown }).result

/** Tells where lists begin to differ, for a failure shows nothing but its message. */
const assertSame = (actual: ReadonlyArray<string>, expected: ReadonlyArray<string>, what: string): void => {
  if (actual.join("\n") === expected.join("\n")) return
  const from = expected.findIndex((line, index) => line !== actual[index])
  const at = from < 0 ? expected.length : from
  assert.fail(`${what}: instead of\n${expected.slice(at).join("\n")}\nthere is\n${actual.slice(at).join("\n")}`)
}

const { OCPP_TEST_REPLAY: replay, OCPP_TEST_RUNS: runs = "800", OCPP_TEST_SEED: seed } = process.env

const options = { arbitrary: { runs: Number(runs), size: 80, seed, replay }, timeout: Number(runs) * 1000 }

describe("What a station stores arrives as the model says, whatever happens in whatever order", () => {
  for (const version of [v16, v201]) {
    it.live.prop(
      `[TX-01] [TX-02] [TX-03] [TX-04] [TX-05] [TX-06] [TX-07] with ${version.name}`,
      [scripts],
      // Seeded with itself, so that a script always goes the same way.
      ([script]) => simulate(world(version, script), JSON.stringify(script)),
      options
    )
  }
})
