/**
 * What a station has stored arrives, in order, whatever happens.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Telemetry from "../../src/engine/Telemetry.ts"
import type { Simulation } from "../../src/simulation/Simulation.ts"
import type { OutboxEvent } from "../../src/station/StoredMessage.ts"
import { isOver, outcome } from "../support/outcome.ts"
import { type Answer, type Call, open, pass, simulate, siteOf, TestCsms, TestStorage } from "../support/outbox.ts"
import { start } from "../support/time.ts"
import { v16, v201, v21, type Version } from "../support/versions.ts"

const test = (title: string, program: () => Effect.Effect<void, unknown, Simulation | Scope.Scope>): void =>
  it.live(title, () => simulate(program()))

const error = { error: "InternalError" } as const

/** Answers some calls with an error, and the others as it should. */
const refusing =
  (...labels: ReadonlyArray<string>) =>
  ({ label }: Call) =>
    labels.includes(label) ? error : "well"

/** Does not answer some calls. */
const silentTo =
  (...labels: ReadonlyArray<string>) =>
  ({ label }: Call) =>
    labels.includes(label) ? "never" : "well"

/** A CSMS that cannot be reached yet. */
const unreachable = (): TestCsms => {
  const csms = new TestCsms()
  csms.isReachable = false
  return csms
}

/** The events of messages, in short. */
const told = (events: ReadonlyArray<OutboxEvent>): ReadonlyArray<string> =>
  events.map(({ _tag, message }) => `${_tag} ${message.phase ?? message.action}`)

/** What becomes of nine updates of two transactions by turns if the first, third, fifth of each is dropped. */
const byTurns = (kept: string): ReadonlyArray<string> =>
  ["QueueFull", kept, "QueueFull", kept].flatMap((each) => [each, each]).concat("QueueFull")

const versions: ReadonlyArray<Version> = [v16, v201, v21]

for (const version of versions) {
  describe(`the outbox of a station of ${version.name}`, () => {
    // ---- order

    test("[TX-01] delivers what was stored offline, in order, once the station is connected and accepted", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms })
        const one = yield* site.start(1, 100)
        yield* one.update(110)
        const two = yield* site.start(2, 200)
        yield* pass("1 hour")
        yield* two.update(210)
        yield* one.stop(120)
        yield* two.stop(220)
        assert.strictEqual(yield* site.outbox.waiting(), 6)
        let status = "Pending"
        csms.answer = ({ action, at }) =>
          action === "BootNotification"
            ? { result: { status, currentTime: new Date(at).toISOString(), interval: 100 } }
            : "well"
        csms.isReachable = true
        yield* pass("90 seconds")
        assert.isTrue(csms.isConnected)
        assert.deepStrictEqual(csms.labels, [])
        status = "Accepted"
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, [
          "Started 100",
          "Updated 110",
          "Started 200",
          "Updated 210",
          "Ended 120",
          "Ended 220"
        ])
        assert.strictEqual(yield* site.outbox.waiting(), 0)
      }))

    test("[TX-01] delivers more than it has in memory, in order, also after a restart", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const transaction = yield* scene.site.start(1, 0)
        for (let meter = 1; meter < 600; meter++) yield* transaction.update(meter)
        yield* scene.restart
        const [same] = yield* scene.site.ongoing
        for (let meter = 600; meter < 900; meter++) yield* same!.update(meter)
        assert.strictEqual(yield* scene.site.outbox.waiting(), 900)
        csms.isReachable = true
        yield* pass("10 seconds")
        for (let meter = 900; meter < 905; meter++) yield* same!.update(meter)
        yield* pass(0)
        assert.deepStrictEqual(
          csms.labels,
          Array.from({ length: 905 }, (_, meter) => (meter === 0 ? "Started 0" : `Updated ${meter}`))
        )
      }))

    test("[TX-02] lets other messages overtake, but no new message of a transaction", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = refusing("Started 100")
        yield* site.start(1, 100)
        yield* pass("10 seconds")
        yield* site.start(2, 200)
        yield* site.authorize()
        yield* pass("20 seconds")
        assert.deepStrictEqual(
          csms.calls.slice(1).map(({ label }) => label),
          ["Started 100", "Authorize"]
        )
        csms.answer = () => "well"
        yield* pass("30 seconds")
        assert.deepStrictEqual(csms.times, ["Started 100 at 0", "Started 100 at 60", "Started 200 at 60"])
      }))

    // ---- failures

    test("[TX-03] sends what is answered with an error again after 60 and 120 seconds, then goes on", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const transaction = yield* site.start(1, 100)
        csms.answer = refusing("Updated 110")
        const delivery = yield* start(yield* transaction.update(110))
        const stop = yield* start(yield* transaction.stop(120))
        yield* pass("3 hours")
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Updated 110 at 0",
          "Updated 110 at 60",
          "Updated 110 at 180",
          "Ended 120 at 180"
        ])
        assert.strictEqual(outcome(delivery), "InternalError")
        assert.strictEqual(outcome(stop), "ok")
        assert.deepStrictEqual(told(site.events), [
          "Stored Started",
          "Stored Updated",
          "Stored Ended",
          "Delivered Started",
          "Failed Updated",
          "Failed Updated",
          "Discarded Updated",
          "Delivered Ended"
        ])
        assert.deepStrictEqual(
          site.events.flatMap((event) =>
            event._tag === "Failed" ? [[event.message.attempts, event.nextAttempt, event.failure._tag]] : []
          ),
          [
            [1, 60_000, "CallError"],
            [2, 120_000, "CallError"]
          ]
        )
        assert.deepStrictEqual(
          site.events.flatMap((event) => (event._tag === "Discarded" ? [event.message.attempts] : [])),
          [3]
        )
      }))

    test("[TX-03] counts a time-out, and an answer that is none, as failures", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const transaction = yield* site.start(1, 100)
        const answers: ReadonlyArray<Answer> = ["never", { result: { status: 1, idTokenInfo: 2 } }, error]
        csms.answer = ({ label }) => (label === "Updated 110" ? answers[csms.labelled(label).length - 1]! : "well")
        yield* transaction.update(110)
        yield* transaction.stop(120)
        yield* pass("3 hours")
        // The time-out of a call is 30 seconds, and the wait begins after it.
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Updated 110 at 0",
          "Updated 110 at 90",
          "Updated 110 at 210",
          "Ended 120 at 210"
        ])
        assert.deepStrictEqual(
          site.events.flatMap((event) => ("failure" in event ? [event.failure._tag] : [])),
          ["Uncertain", "InvalidResponse", "CallError"]
        )
      }))

    test("[TX-03] sends a message again under the same id", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        const { csms } = scene
        csms.answer = refusing("Started 100")
        yield* scene.site.start(1, 100)
        yield* pass("1 minute")
        csms.answer = () => "never"
        csms.cut()
        yield* pass("2 minutes")
        csms.cut()
        yield* pass("15 seconds")
        yield* scene.restart
        const ids = csms.labelled("Started 100").map(({ messageId }) => messageId)
        assert.isAbove(ids.length, 3)
        assert.strictEqual(new Set(ids).size, 1)
      }))

    test("[TX-03] waits from the failure on, not from when the message was stored", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        csms.answer = refusing("Started 100")
        const { site } = yield* open(version, { csms })
        yield* site.start(1, 100)
        yield* pass("1 hour")
        csms.isReachable = true
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, ["Started 100 at 3610", "Started 100 at 3670", "Started 100 at 3790"])
      }))

    test("[TX-03] keeps the wait and the number of attempts across restarts", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        const { csms } = scene
        csms.answer = refusing("Started 100")
        yield* scene.site.start(1, 100)
        yield* pass("20 seconds")
        yield* scene.restart
        yield* pass("45 seconds")
        yield* scene.powerOff
        yield* pass("45 seconds")
        yield* scene.powerOn
        yield* scene.site.start(1, 200)
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Started 100 at 60",
          "Started 100 at 180",
          "Started 200 at 180"
        ])
      }))

    test("[TX-03] sends at once after a restart what has waited long enough by then", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        scene.csms.answer = refusing("Started 100")
        yield* scene.site.start(1, 100)
        yield* pass("20 seconds")
        yield* scene.powerOff
        yield* pass("1 hour")
        scene.csms.answer = () => "well"
        yield* scene.powerOn
        assert.deepStrictEqual(scene.csms.times, ["Started 100 at 0", "Started 100 at 3620"])
      }))

    test("[TX-03] waits no longer than it has to after its clock was set back", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(1_000_000_000)
        const scene = yield* open(version)
        const { csms } = scene
        csms.answer = refusing("Started 100")
        yield* scene.site.start(1, 100)
        yield* pass("10 seconds")
        yield* scene.powerOff
        yield* TestClock.setTime(0)
        yield* scene.powerOn
        yield* pass("60 seconds")
        assert.deepStrictEqual(csms.times, ["Started 100 at 1000000", "Started 100 at 60"])
      }))

    test("[TX-03] tries as often, and waits as long, as it is configured, at the start or later", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { attempts: 4, retryInterval: "10 seconds" } })
        csms.answer = refusing("Started 100", "Started 200")
        yield* site.start(1, 100)
        yield* pass("60 seconds")
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Started 100 at 10",
          "Started 100 at 30",
          "Started 100 at 60"
        ])
        yield* site.outbox.configure({ attempts: 2 })
        yield* site.start(1, 200)
        yield* pass("60 seconds")
        assert.deepStrictEqual(csms.times.slice(4), ["Started 200 at 60", "Started 200 at 70"])
      }))

    test("[TX-03] waits as it is configured also if it waits already", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = refusing("Started 100")
        yield* site.start(1, 100)
        yield* pass("10 seconds")
        yield* site.outbox.configure({ retryInterval: "20 seconds" })
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, ["Started 100 at 0", "Started 100 at 20", "Started 100 at 60"])
      }))

    // ---- losses

    test("[TX-04] counts no attempt if the connection is lost before the answer", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = silentTo("Started 100")
        yield* site.start(1, 100)
        for (let losses = 0; losses < 10; losses++) {
          yield* pass("5 seconds")
          csms.cut()
          yield* pass("10 seconds")
        }
        assert.strictEqual(csms.labelled("Started 100").length, 11)
        csms.answer = refusing("Started 100")
        csms.cut()
        yield* pass("1 hour")
        // At 160 the first answer came.
        assert.deepStrictEqual(csms.times.slice(11), ["Started 100 at 160", "Started 100 at 220", "Started 100 at 340"])
      }))

    test("[TX-04] counts no attempt if the connection is lost while a message waits for its next one", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = refusing("Started 100")
        yield* site.start(1, 100)
        yield* pass("20 seconds")
        csms.cut()
        yield* pass("30 seconds")
        csms.goOffline()
        yield* pass("55 seconds")
        assert.deepStrictEqual(csms.times, ["Started 100 at 0"])
        csms.isReachable = true
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, ["Started 100 at 0", "Started 100 at 110", "Started 100 at 230"])
      }))

    test("[TX-04] counts no time-out on a connection that proves dead, and sends at once on the next one", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = silentTo("Started 100")
        yield* site.start(1, 100)
        yield* pass("50 seconds")
        assert.deepStrictEqual(told(site.events), ["Stored Started", "Failed Started"])
        csms.answer = refusing("Started 100")
        csms.cut()
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Started 100 at 60",
          "Started 100 at 120",
          "Started 100 at 240"
        ])
      }))

    test("[TX-04] counts a time-out on a connection that holds", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = silentTo("Started 100")
        yield* site.start(1, 100)
        yield* pass("91 seconds")
        // Lost in the second attempt, so that this one does not count, but the first does.
        csms.answer = refusing("Started 100")
        csms.cut()
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Started 100 at 90",
          "Started 100 at 101",
          "Started 100 at 221"
        ])
      }))

    test("[TX-04] does not give a message up because its last attempt timed out on a connection that proves dead", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { attempts: 1 } })
        csms.answer = silentTo("Started 100")
        yield* site.start(1, 100)
        yield* pass("40 seconds")
        csms.answer = () => "well"
        csms.cut()
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, ["Started 100 at 0", "Started 100 at 50"])
      }))

    test("[TX-03] counts an error though the CSMS hangs up after it", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = (call) => {
          if (call.label !== "Started 100") return "well"
          csms.reply(call, error)
          csms.cut()
          return "never"
        }
        yield* site.start(1, 100)
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, ["Started 100 at 0", "Started 100 at 60", "Started 100 at 180"])
      }))

    // ---- restarts

    test("[TX-07] delivers security events after a restart", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        yield* start(scene.site.report("StartupOfTheDevice"))
        yield* start(scene.site.report("TamperDetectionActivated"))
        yield* pass("1 hour")
        yield* scene.restart
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(csms.labels, ["Security StartupOfTheDevice", "Security TamperDetectionActivated"])
      }))

    test("[TX-07] does not hold back a security event while a message of a transaction waits, nor the reverse", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = refusing("Started 100", "Security One")
        const transaction = yield* site.start(1, 100)
        yield* pass("10 seconds")
        yield* start(site.report("One"))
        yield* pass("10 seconds")
        csms.answer = () => "well"
        yield* transaction.stop(120)
        yield* start(site.report("Two"))
        yield* pass("1 hour")
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Security One at 10",
          "Started 100 at 60",
          "Ended 120 at 60",
          "Security One at 70",
          "Security Two at 70"
        ])
      }))

    test("[TX-07] gives the transactions that were going on at a restart, in order, and goes on with them", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const one = yield* scene.site.start(1, 100)
        const two = yield* scene.site.start(2, 200)
        const three = yield* scene.site.start(3, 300)
        yield* two.stop(210)
        yield* scene.restart
        const ongoing = yield* scene.site.ongoing
        assert.deepStrictEqual(
          ongoing.map(({ id }) => id),
          [one.id, three.id]
        )
        for (const transaction of ongoing) yield* transaction.stop(400)
        assert.deepStrictEqual(yield* scene.site.ongoing, [])
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(csms.labels, [
          "Started 100",
          "Started 200",
          "Started 300",
          "Ended 210",
          "Ended 400",
          "Ended 400"
        ])
        yield* scene.restart
        assert.deepStrictEqual(yield* scene.site.ongoing, [])
        assert.strictEqual(yield* scene.site.outbox.waiting(), 0)
        assert.strictEqual(scene.storage.size, 0)
      }))

    test("[TX-05] [TX-06] tells after a restart what the CSMS answered to a start", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        yield* scene.site.start(1, 100)
        yield* pass(0)
        yield* scene.restart
        const [transaction] = yield* scene.site.ongoing
        assert.deepStrictEqual(
          yield* transaction!.started,
          version.is2x ? {} : { transactionId: 101, idTagInfo: { status: "Accepted" } }
        )
        assert.strictEqual(yield* transaction!.transactionId, version.is2x ? transaction!.id : 101)
      }))

    test("[TX-05] [TX-06] finds a transaction by its name at the CSMS once it has one, also after a restart", () =>
      Effect.gen(function* () {
        const scene = yield* open(version, { csms: unreachable() })
        const found = (name: number | string) => Effect.map(scene.site.find(name), (charging) => charging?.id)
        const { id } = yield* scene.site.start(1, 100)
        yield* scene.site.start(2, 200)
        const name = version.is2x ? id : 101
        assert.strictEqual(yield* found(name), version.is2x ? id : undefined)
        for (const other of [-1, "undefined"]) assert.isUndefined(yield* found(other))
        scene.csms.isReachable = true
        yield* pass("1 minute")
        assert.strictEqual(yield* found(name), id)
        // [BLK-01]
        assert.strictEqual(yield* found(String(name).toUpperCase()), id)
        assert.isUndefined(yield* found(version.is2x ? "101" : 1))
        yield* scene.restart
        const charging = yield* scene.site.find(name)
        assert.strictEqual(charging?.id, id)
        yield* charging!.stop(110)
        assert.isUndefined(yield* found(name))
      }))

    // ---- storage

    test("[TX-07] refuses what it cannot store, and nothing of it is done", () =>
      Effect.gen(function* () {
        const { csms, site, storage } = yield* open(version)
        const transaction = yield* site.start(1, 100)
        yield* transaction.update(110)
        yield* pass(0)
        storage.failure = "Unavailable"
        assert.strictEqual((yield* Effect.flip(site.start(2, 200))).reason, "NotStored")
        assert.strictEqual((yield* Effect.flip(transaction.update(120))).reason, "NotStored")
        assert.strictEqual((yield* Effect.flip(transaction.stop(130))).reason, "NotStored")
        assert.include(yield* Effect.flip(site.report("One")), { _tag: "NotSent", reason: "NotStored" })
        assert.strictEqual(yield* site.outbox.waiting(), 0)
        storage.failure = undefined
        assert.deepStrictEqual(
          (yield* site.ongoing).map(({ id }) => id),
          [transaction.id]
        )
        yield* transaction.update(140)
        yield* transaction.stop(150)
        yield* pass(0)
        assert.deepStrictEqual(csms.labels, ["Started 100", "Updated 110", "Updated 140", "Ended 150"])
        if (version.is2x) {
          assert.deepStrictEqual(
            csms.stored.map(({ seqNo }) => seqNo),
            [0, 1, 2, 3]
          )
        }
      }))

    test("[TX-07] goes on delivering while it cannot write, loses nothing and sends nothing twice", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const transaction = yield* scene.site.start(1, 100)
        for (let meter = 101; meter < 110; meter++) yield* transaction.update(meter)
        yield* start(scene.site.report("One"))
        yield* pass(0)
        scene.storage.failure = "Unavailable"
        csms.answer = ({ at, label }) => (label === "Updated 104" && at < 60_000 ? error : "well")
        csms.isReachable = true
        yield* pass("1 minute")
        assert.isAbove(scene.storage.failures, 0)
        scene.storage.failure = undefined
        yield* pass("1 minute")
        yield* transaction.stop(110)
        yield* pass(0)
        assert.deepStrictEqual(csms.times.toSorted(), [
          "Ended 110 at 120",
          "Security One at 10",
          "Started 100 at 10",
          "Updated 101 at 10",
          "Updated 102 at 10",
          "Updated 103 at 10",
          "Updated 104 at 10",
          "Updated 104 at 70",
          "Updated 105 at 70",
          "Updated 106 at 70",
          "Updated 107 at 70",
          "Updated 108 at 70",
          "Updated 109 at 70"
        ])
        yield* scene.restart
        yield* pass("1 hour")
        assert.strictEqual(csms.stored.length, 13)
        assert.strictEqual(scene.storage.size, 0)
      }))

    test("[TX-07] sends nothing twice while it cannot write, however much it delivers", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site, storage } = yield* open(version, { csms })
        const transaction = yield* site.start(1, 0)
        for (let meter = 1; meter < 600; meter++) yield* transaction.update(meter)
        storage.failure = "Locked"
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.strictEqual(storage.size, 601)
        assert.deepStrictEqual(
          csms.labels,
          Array.from({ length: 600 }, (_, meter) => (meter === 0 ? "Started 0" : `Updated ${meter}`))
        )
        storage.failure = undefined
        yield* transaction.stop(600)
        yield* pass(0)
        assert.strictEqual(storage.size, 0)
      }))

    test("[TX-07] goes on delivering once it can read again", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const transaction = yield* scene.site.start(1, 0)
        for (let meter = 1; meter < 300; meter++) yield* transaction.update(meter)
        yield* scene.restart
        scene.storage.readFailure = "Unavailable"
        csms.isReachable = true
        yield* pass("1 minute")
        assert.isAbove(scene.storage.failures, 0)
        scene.storage.readFailure = undefined
        yield* pass("1 second")
        assert.deepStrictEqual(
          csms.labels,
          Array.from({ length: 300 }, (_, meter) => (meter === 0 ? "Started 0" : `Updated ${meter}`))
        )
      }))

    test("[TX-06] makes room in a full storage by dropping every second update", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const transaction = yield* scene.site.start(1, 100)
        const updates = []
        for (let meter = 101; meter < 106; meter++) updates.push(yield* start(yield* transaction.update(meter)))
        scene.storage.room = scene.storage.size
        yield* transaction.stop(110)
        yield* pass(0)
        assert.deepStrictEqual(updates.map(outcome), ["QueueFull", "open", "QueueFull", "open", "QueueFull"])
        assert.strictEqual(yield* scene.site.outbox.waiting(), 4)
        assert.strictEqual(yield* scene.site.outbox.waiting(transaction.id), 4)
        assert.strictEqual(told(scene.site.events).filter((event) => event === "Dropped Updated").length, 3)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Updated 102", "Updated 104", "Ended 110"])
      }))

    test("[TX-06] refuses what finds no room in a full storage, and stores it once there is", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const transaction = yield* scene.site.start(1, 100)
        scene.storage.room = scene.storage.size
        assert.strictEqual((yield* Effect.flip(transaction.stop(110))).reason, "NotStored")
        assert.strictEqual((yield* Effect.flip(scene.site.start(2, 200))).reason, "NotStored")
        scene.storage.room = Infinity
        yield* transaction.stop(120)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Ended 120"])
        if (version.is2x) assert.strictEqual(csms.stored[1]!.seqNo, 1)
      }))

    test("[TX-06] counts right when it makes room while something delivered could not be erased yet", () =>
      Effect.gen(function* () {
        const { csms, site, storage } = yield* open(version)
        const transaction = yield* site.start(1, 100)
        csms.answer = silentTo("Updated 101", "Updated 102")
        for (const meter of [101, 102, 103, 104]) yield* transaction.update(meter)
        yield* pass(0)
        // The answer cannot be noted, nor the end be stored at first; then there is room.
        storage.failure = "Full"
        csms.reply(csms.labelled("Updated 101")[0]!, "well")
        yield* pass(0)
        storage.failing = 1
        yield* transaction.stop(105)
        assert.strictEqual(yield* site.outbox.waiting(), 3)
        assert.strictEqual(told(site.events).filter((event) => event === "Dropped Updated").length, 1)
        csms.reply(csms.labelled("Updated 102")[0]!, "well")
        yield* pass(0)
        assert.deepStrictEqual(csms.labels, ["Started 100", "Updated 101", "Updated 102", "Updated 104", "Ended 105"])
        assert.strictEqual(yield* site.outbox.waiting(), 0)
      }))

    test("[TX-01] keeps the order in which messages were stored on a slow storage, whoever stores meanwhile", () =>
      Effect.gen(function* () {
        const { csms, site, storage } = yield* open(version)
        storage.latency = 20
        const one = yield* site.start(1, 100)
        const two = yield* site.start(2, 200)
        const updates = Array.from({ length: 10 }, (_, index) => [one.update(101 + index), two.update(201 + index)])
        yield* Effect.all([...updates.flat(), site.start(3, 300)], { concurrency: "unbounded" })
        yield* Effect.all([two.stop(220), one.stop(120)], { concurrency: "unbounded" })
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, [
          "Started 100",
          "Started 200",
          ...updates.flatMap((_, index) => [`Updated ${101 + index}`, `Updated ${201 + index}`]),
          "Started 300",
          "Ended 220",
          "Ended 120"
        ])
        if (version.is2x) {
          const numbers = (id: string) =>
            csms.stored.filter(({ transactionId }) => transactionId === id).map(({ seqNo }) => seqNo)
          for (const { id } of [one, two]) assert.deepStrictEqual(numbers(id), Array.from(numbers(id).keys()))
        } else assert.deepStrictEqual(new Set(csms.stored.map(({ transactionId }) => transactionId)).size, 3)
      }))

    test("[TX-07] sends nothing before it is stored, nor without a trace if the power is cut meanwhile", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        const { csms } = scene
        scene.storage.latency = 1000
        yield* start(scene.site.start(1, 100))
        yield* pass(999)
        assert.deepStrictEqual(csms.labels, [])
        yield* scene.restart
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, [])
        assert.deepStrictEqual(yield* scene.site.ongoing, [])
        scene.storage.latency = 1000
        yield* start(scene.site.start(1, 200))
        yield* pass(1000)
        assert.deepStrictEqual(csms.labels, ["Started 200"])
      }))

    test("[TX-07] does not start with a storage that it cannot read, and leaves it as it is", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        yield* scene.site.start(1, 100)
        yield* scene.powerOff
        scene.storage.readFailure = "Corrupt"
        const exit = yield* Effect.exit(scene.powerOn)
        assert.include(String(exit), "the storage test is corrupt")
        scene.storage.readFailure = undefined
        csms.isReachable = true
        yield* scene.powerOn
        assert.deepStrictEqual(csms.labels, ["Started 100"])
      }))

    // ---- room

    test("[TX-06] drops the first, third, fifth … update of each transaction beyond the limit, and nothing else", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms, outbox: { limit: 13 } })
        const one = yield* site.start(1, 100)
        const two = yield* site.start(2, 200)
        const updates = []
        for (const meter of [1, 2, 3, 4]) {
          updates.push(yield* start(yield* one.update(100 + meter)))
          updates.push(yield* start(yield* two.update(200 + meter)))
        }
        updates.push(yield* start(yield* one.update(105)))
        yield* start(site.report("One"))
        yield* start(site.report("Two"))
        yield* pass(0)
        assert.notInclude(updates.map(outcome), "QueueFull")
        yield* two.stop(210)
        yield* one.stop(110)
        yield* pass(0)
        assert.deepStrictEqual(updates.map(outcome), byTurns("open"))
        assert.strictEqual(yield* site.outbox.waiting(one.id), 4)
        assert.strictEqual(yield* site.outbox.waiting(two.id), 4)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(
          csms.labels.filter((label) => !label.startsWith("Security")),
          [
            "Started 100",
            "Started 200",
            "Updated 102",
            "Updated 202",
            "Updated 104",
            "Updated 204",
            "Ended 210",
            "Ended 110"
          ]
        )
        assert.deepStrictEqual(updates.map(outcome), byTurns("ok"))
      }))

    test("[TX-06] keeps to the limit again after there was more that could not be dropped", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms, outbox: { limit: 4 } })
        for (let connector = 1; connector <= 20; connector++) yield* site.start(connector, connector)
        csms.isReachable = true
        yield* pass("10 seconds")
        csms.goOffline()
        const transaction = yield* site.start(21, 100)
        for (const meter of [101, 102, 103, 104]) yield* transaction.update(meter)
        assert.strictEqual(yield* site.outbox.waiting(), 3)
      }))

    test("[TX-06] keeps starts, ends and security events however many there are", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms, outbox: { limit: 5 } })
        for (let connector = 1; connector <= 20; connector++) {
          const transaction = yield* site.start(connector, connector * 10)
          yield* transaction.update(connector * 10 + 1)
          yield* transaction.stop(connector * 10 + 2)
          yield* start(site.report(`Event${connector}`))
        }
        csms.isReachable = true
        yield* pass("10 seconds")
        for (const kind of ["Started", "Ended", "Security"]) {
          assert.strictEqual(csms.labels.filter((label) => label.startsWith(kind)).length, 20, kind)
        }
        assert.isBelow(csms.labels.filter((label) => label.startsWith("Updated")).length, 20)
      }))

    test("[TX-06] does not drop an update that is on its way", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { limit: 4 } })
        const transaction = yield* site.start(1, 100)
        csms.answer = silentTo("Updated 101")
        const updates = []
        for (const meter of [101, 102, 103, 104, 105]) {
          updates.push(yield* start(yield* transaction.update(meter)))
          yield* pass(0)
        }
        yield* pass("10 seconds")
        csms.reply(csms.labelled("Updated 101")[0]!, "well")
        yield* pass(0)
        assert.deepStrictEqual(updates.map(outcome), ["ok", "QueueFull", "ok", "QueueFull", "ok"])
        assert.deepStrictEqual(csms.labels, ["Started 100", "Updated 101", "Updated 103", "Updated 105"])
      }))

    test("[TX-06] makes room while others are being stored, and sends nothing that it has dropped", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site, storage } = yield* open(version, { csms, outbox: { limit: 4 } })
        const transaction = yield* site.start(1, 100)
        for (const meter of [101, 102]) yield* transaction.update(meter)
        storage.latency = 60_000
        const updates = []
        for (const meter of [103, 104, 105]) updates.push(yield* start(transaction.update(meter)))
        yield* pass("90 seconds")
        // What is dropped is being erased when the connection comes.
        csms.isReachable = true
        yield* pass("1 hour")
        const dropped = site.events.filter(({ _tag }) => _tag === "Dropped").length
        assert.isAtLeast(dropped, 1)
        assert.lengthOf(csms.labels, 6 - dropped)
        assert.notInclude(csms.labels, "Updated 101")
        assert.strictEqual(yield* site.outbox.waiting(), 0)
        assert.strictEqual(storage.size, 1)
      }))

    test("[TX-06] does not wait for the next attempt of an update that it has dropped", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { limit: 3 } })
        const transaction = yield* site.start(1, 100)
        csms.answer = refusing("Updated 101")
        yield* transaction.update(101)
        yield* pass("10 seconds")
        for (const meter of [102, 103, 104]) yield* transaction.update(meter)
        yield* pass(0)
        assert.deepStrictEqual(csms.times, [
          "Started 100 at 0",
          "Updated 101 at 0",
          "Updated 102 at 10",
          "Updated 104 at 10"
        ])
      }))

    test("[TX-06] drops other messages that it was told to store before those of transactions", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms, outbox: { queueAll: true, limit: 6 } })
        const transaction = yield* site.start(1, 100)
        const report = yield* start(site.report("One"))
        const others = []
        for (let count = 0; count < 3; count++) others.push(yield* start(site.authorize()))
        yield* pass(0)
        const updates = []
        for (const meter of [101, 102]) updates.push(yield* start(yield* transaction.update(meter)))
        yield* pass(0)
        assert.include(others.map(outcome), "QueueFull")
        assert.deepStrictEqual([report, ...updates].map(outcome), ["open", "open", "open"])
        assert.isAtMost(yield* site.outbox.waiting(), 6)
      }))

    // ---- what the application sees

    test("goes on without the caller who was interrupted", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms })
        const reporting = yield* start(site.report("One"))
        yield* pass("1 minute")
        assert.isFalse(yield* isOver(reporting))
        yield* Fiber.interrupt(reporting)
        assert.strictEqual(yield* site.outbox.waiting(), 1)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(csms.labels, ["Security One"])
      }))

    test("interrupts who waits for an answer when the station is closed, and delivers the message later", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const transaction = yield* scene.site.start(1, 100)
        const waiting = [yield* start(yield* transaction.update(101)), yield* start(scene.site.report("One"))]
        yield* pass(0)
        yield* scene.powerOff
        yield* pass(0)
        for (const fiber of waiting) {
          const exit = fiber.pollUnsafe()
          assert.isTrue(exit !== undefined && Exit.hasInterrupts(exit))
        }
        csms.isReachable = true
        yield* scene.powerOn
        assert.sameMembers([...csms.labels], ["Started 100", "Updated 101", "Security One"])
      }))

    test("refuses what it is told once the station is closed, with a storage and without", () =>
      Effect.gen(function* () {
        for (const storage of [new TestStorage(), undefined]) {
          const scope = yield* Scope.fork(yield* Effect.scope)
          const connector = new TestCsms().connector(version.protocol.json.subprotocol)
          const site = yield* Scope.provide(siteOf(version, connector, storage?.layer, {}), scope)
          yield* pass(0)
          const transaction = yield* site.start(1, 100)
          yield* Scope.close(scope, Exit.void)
          const telling = yield* Effect.all([
            start(transaction.update(101)),
            start(transaction.stop(102)),
            start(site.start(2, 200)),
            start(site.report("One"))
          ])
          yield* pass(0)
          assert.deepStrictEqual(
            telling.map(outcome),
            Array.from(telling, () => "NotStored")
          )
        }
      }))

    test("stores a message whole although its caller is interrupted meanwhile", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site, storage } = yield* open(version, { csms })
        const transaction = yield* site.start(1, 100)
        storage.latency = 1000
        const callers = [yield* start(transaction.update(101)), yield* start(site.report("One"))]
        yield* pass(500)
        yield* start(Fiber.interruptAll(callers))
        yield* pass("10 seconds")
        yield* start(transaction.stop(102))
        csms.isReachable = true
        yield* pass("1 minute")
        assert.sameMembers(Array.from(csms.labels), ["Started 100", "Updated 101", "Security One", "Ended 102"])
        if (version.is2x) assert.deepStrictEqual(csms.labelled("Ended 102")[0]!.seqNo, 2)
      }))

    test("refuses a message that breaks its schema before it is stored", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const wrong = { timestamp: "yesterday" }
        const meterValue = [{ timestamp: "yesterday", sampledValue: [{ value: version.is2x ? 1 : "1" }] }]
        const transaction = yield* site.start(1, 100)
        const failures = [
          yield* Effect.flip(site.start(1, 100, wrong)),
          yield* Effect.flip(transaction.update(101, { meterValue })),
          yield* Effect.flip(transaction.stop(102, wrong)),
          yield* Effect.flip(site.call("securityEventNotification", { type: "One", ...wrong }))
        ]
        for (const failure of failures) {
          assert.include(failure, { _tag: "NotSent", reason: "InvalidRequest" })
          assert.include(JSON.stringify(failure), "timestamp")
        }
        yield* transaction.stop(103)
        yield* pass(0)
        assert.deepStrictEqual(csms.labels, ["Started 100", "Ended 103"])
        if (version.is2x) assert.strictEqual(csms.stored[1]!.seqNo, 1)
      }))

    test("refuses what comes after the end of a transaction", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms })
        const transaction = yield* site.start(1, 100)
        yield* transaction.stop(110)
        assert.strictEqual((yield* Effect.flip(transaction.update(111))).reason, "InvalidRequest")
        assert.strictEqual((yield* Effect.flip(transaction.stop(112))).reason, "InvalidRequest")
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.strictEqual((yield* Effect.flip(transaction.stop(113))).reason, "InvalidRequest")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Ended 110"])
      }))

    test("says how many messages wait, in all and of a transaction", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const one = yield* site.start(1, 100)
        const two = yield* site.start(2, 200)
        yield* pass(0)
        csms.goOffline()
        yield* one.update(101)
        yield* one.stop(102)
        yield* two.update(201)
        yield* start(site.report("One"))
        yield* pass(0)
        const { waiting } = site.outbox
        assert.strictEqual(yield* waiting(), 4)
        assert.strictEqual(yield* waiting(one.id), 2)
        assert.strictEqual(yield* waiting(two.id), 1)
        assert.strictEqual(yield* waiting("unknown"), 0)
        assert.strictEqual(yield* waiting(101), version.is2x ? 0 : 2)
        assert.strictEqual(yield* waiting(102), version.is2x ? 0 : 1)
        assert.strictEqual(yield* waiting(999), 0)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.strictEqual(yield* waiting(), 0)
        assert.strictEqual(yield* waiting(one.id), 0)
      }))

    test("counts what waits and what became of it, if metrics are on", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms, outbox: { attempts: 2, limit: 4 } })
        const transaction = yield* scene.site.start(1, 100)
        for (const meter of [101, 102, 103, 104]) yield* transaction.update(meter)
        /** The value of a gauge of this version, or of a counter of one outcome. */
        const valueOf = (id: string, of?: string) =>
          Effect.map(Metric.snapshot, (all) => {
            const metric = all.find(
              ({ attributes, id: known }) =>
                known === id && attributes?.["version"] === version.name && attributes["outcome"] === of
            )
            return metric?.type === "Gauge"
              ? metric.state.value
              : metric?.type === "Counter"
                ? metric.state.count
                : undefined
          })
        const waiting = valueOf("ocpp_outbox_messages")
        const count = (tag: string) => valueOf("ocpp_outbox_events_total", tag)
        assert.strictEqual(yield* waiting, 3)
        yield* scene.restart
        assert.strictEqual(yield* waiting, 3)
        csms.answer = refusing("Updated 102")
        csms.isReachable = true
        yield* pass("1 hour")
        assert.strictEqual(yield* waiting, 0)
        assert.deepStrictEqual(
          yield* Effect.forEach(["Stored", "Delivered", "Failed", "Discarded", "Dropped"], count),
          [5, 2, 1, 1, 2]
        )
      }).pipe(
        Effect.provideService(Telemetry.Enabled, { metrics: true, spans: false }),
        Effect.provideService(Metric.MetricRegistry, new Map())
      ))

    test("boots again with a CSMS that has forgotten the station, and delivers everything", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { attempts: 1 } })
        const transaction = yield* site.start(1, 100)
        yield* pass(0)
        csms.goOffline()
        csms.knowsStation = false
        const update = yield* start(yield* transaction.update(101))
        const stop = yield* start(yield* transaction.stop(102))
        const report = yield* start(site.report("One"))
        yield* pass("1 minute")
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual([update, stop, report].map(outcome), ["ok", "ok", "ok"])
        assert.notInclude(told(site.events).join(), "Failed")
        assert.deepStrictEqual(Array.from(new Set(csms.labels)).toSorted(), [
          "Ended 102",
          "Security One",
          "Started 100",
          "Updated 101"
        ])
        assert.strictEqual(csms.labelled("BootNotification").length, 2)
      }))

    test("boots again also if only a heartbeat finds that the CSMS has forgotten the station", () =>
      Effect.gen(function* () {
        const { csms } = yield* open(version)
        csms.knowsStation = false
        csms.cut()
        yield* pass("2 days")
        assert.isAbove(csms.labelled("Heartbeat").length, 1)
        assert.strictEqual(csms.labelled("BootNotification").length, 2)
      }))

    // ---- all messages

    test("stores other messages too if it is told to, while they cannot be sent", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms, outbox: { queueAll: true } })
        const { site } = scene
        const calls = [
          yield* start(site.authorize()),
          yield* start(site.call("dataTransfer", { vendorId: "x" })),
          yield* start(site.call("heartbeat", {}))
        ]
        yield* pass(0)
        assert.deepStrictEqual(calls.map(outcome), ["open", "open", "NotConnected"])
        assert.strictEqual(yield* site.outbox.waiting(), 2)
        yield* scene.restart
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(
          csms.calls.map(({ action }) => action),
          ["BootNotification", "Authorize", "DataTransfer"]
        )
        // Connected, with nothing stored, it stores none.
        const before = scene.site.events.length
        yield* scene.site.authorize()
        assert.strictEqual(scene.site.events.length, before)
        yield* scene.site.outbox.configure({ queueAll: false })
        csms.goOffline()
        yield* pass(0)
        const call = yield* start(scene.site.authorize())
        yield* pass(0)
        assert.strictEqual(outcome(call), "NotConnected")
      }))
  })
}

describe("the ids of transactions of 1.6", () => {
  test("[TX-05] reach what was stored before the CSMS gave them", () =>
    Effect.gen(function* () {
      const csms = unreachable()
      const { site } = yield* open(v16, { csms })
      const one = yield* site.start(1, 100)
      const two = yield* site.start(2, 200)
      yield* two.update(201)
      yield* one.update(101)
      yield* two.stop(202)
      yield* one.stop(102)
      const three = yield* site.start(2, 300)
      yield* three.stop(301)
      csms.isReachable = true
      yield* pass("10 seconds")
      assert.deepStrictEqual(idsOf(csms), [
        ["Started 100", undefined],
        ["Started 200", undefined],
        ["Updated 201", 102],
        ["Updated 101", 101],
        ["Ended 202", 102],
        ["Ended 102", 101],
        ["Started 300", undefined],
        ["Ended 301", 103]
      ])
      assert.deepStrictEqual(
        [yield* one.transactionId, yield* two.transactionId, yield* three.transactionId],
        [101, 102, 103]
      )
    }))

  test("[TX-05] say which connector the meter values are of", () =>
    Effect.gen(function* () {
      const { csms, site } = yield* open(v16)
      const transaction = yield* site.start(7, 100)
      yield* transaction.update(101)
      yield* pass(0)
      assert.deepStrictEqual(csms.stored[1]!.payload["connectorId"], 7)
    }))

  test("[TX-05] reach what was stored before a restart", () =>
    Effect.gen(function* () {
      const csms = unreachable()
      const scene = yield* open(v16, { csms })
      const transaction = yield* scene.site.start(1, 100)
      yield* transaction.update(101)
      yield* scene.restart
      const [same] = yield* scene.site.ongoing
      yield* same!.stop(102)
      yield* scene.restart
      csms.isReachable = true
      yield* pass("10 seconds")
      assert.deepStrictEqual(idsOf(csms).slice(1), [
        ["Updated 101", 101],
        ["Ended 102", 101]
      ])
    }))

  test("[TX-05] reach what was stored before a restart between the answer and the rest", () =>
    Effect.gen(function* () {
      const scene = yield* open(v16)
      const { csms } = scene
      csms.answer = silentTo("Updated 101")
      const transaction = yield* scene.site.start(1, 100)
      yield* transaction.update(101)
      yield* transaction.stop(102)
      yield* pass("10 seconds")
      csms.answer = () => "well"
      yield* scene.restart
      assert.deepStrictEqual(idsOf(csms).slice(1), [
        ["Updated 101", 101],
        ["Updated 101", 101],
        ["Ended 102", 101]
      ])
    }))

  test("[TX-05] are known however many attempts the start took", () =>
    Effect.gen(function* () {
      const scene = yield* open(v16)
      const { csms } = scene
      csms.answer = ({ at, label }) => (label === "Started 100" && at < 100_000 ? error : "well")
      const transaction = yield* scene.site.start(1, 100)
      yield* transaction.update(101)
      yield* pass("70 seconds")
      yield* scene.restart
      yield* pass("1 hour")
      assert.deepStrictEqual(idsOf(csms), [
        ["Started 100", undefined],
        ["Started 100", undefined],
        ["Started 100", undefined],
        ["Updated 101", 101]
      ])
    }))

  test("[TX-05] are used when the CSMS refuses the idTag, which the station is told", () =>
    Effect.gen(function* () {
      const { csms, site } = yield* open(v16)
      csms.idTagStatus = "Blocked"
      const transaction = yield* site.start(1, 100)
      assert.deepStrictEqual(yield* transaction.started, { transactionId: 101, idTagInfo: { status: "Blocked" } })
      yield* transaction.stop(101)
      yield* pass(0)
      assert.deepStrictEqual(idsOf(csms)[1], ["Ended 101", 101])
    }))

  test("[TX-05] are -1 if the CSMS never gave one, also after a restart", () =>
    Effect.gen(function* () {
      const scene = yield* open(v16)
      const { csms } = scene
      csms.answer = refusing("Started 100")
      const transaction = yield* scene.site.start(1, 100)
      const started = yield* start(transaction.started)
      yield* transaction.update(101)
      yield* pass("10 minutes")
      assert.strictEqual(outcome(started), "InternalError")
      assert.strictEqual(yield* transaction.transactionId, -1)
      yield* scene.restart
      const [same] = yield* scene.site.ongoing
      assert.strictEqual(yield* same!.transactionId, -1)
      yield* same!.stop(102)
      yield* pass(0)
      assert.deepStrictEqual(idsOf(csms).slice(3), [
        ["Updated 101", -1],
        ["Ended 102", -1]
      ])
    }))

  test("[TX-01] are not waited for by meter values of no transaction, which are stored only with `queueAll`", () =>
    Effect.gen(function* () {
      const { csms, site } = yield* open(v16)
      const read = site.call("meterValues", {
        connectorId: 0,
        meterValue: [{ timestamp: "2026-11-22T06:00:00.000Z", sampledValue: [{ value: "7" }] }]
      })
      csms.answer = silentTo("Started 100")
      yield* site.start(1, 100)
      yield* pass(0)
      csms.goOffline()
      yield* pass(0)
      assert.strictEqual((yield* Effect.flip(read))._tag, "NotSent")
      csms.isReachable = true
      csms.answer = refusing("Started 100")
      yield* pass("10 seconds")
      yield* read
      assert.deepStrictEqual(csms.labels, ["Started 100", "Started 100", "Updated 7"])
      assert.strictEqual(yield* site.outbox.waiting(), 1)
      csms.goOffline()
      yield* pass(0)
      yield* site.outbox.configure({ queueAll: true })
      yield* start(read)
      yield* pass(0)
      assert.strictEqual(yield* site.outbox.waiting(), 2)
    }))

  test("[TX-05] are the caller's own in typed calls", () =>
    Effect.gen(function* () {
      const csms = unreachable()
      const { site } = yield* open(v16, { csms })
      const timestamp = "2026-11-22T06:00:00.000Z"
      const calls = [
        yield* start(site.call("startTransaction", { connectorId: 1, idTag: "TAG", meterStart: 100, timestamp })),
        yield* start(
          site.call("meterValues", {
            connectorId: 1,
            transactionId: 7,
            meterValue: [{ timestamp, sampledValue: [{ value: "101" }] }]
          })
        ),
        yield* start(site.call("stopTransaction", { transactionId: 7, meterStop: 102, timestamp }))
      ]
      yield* pass("1 hour")
      assert.deepStrictEqual(calls.map(outcome), ["open", "open", "open"])
      csms.isReachable = true
      yield* pass("10 seconds")
      assert.deepStrictEqual(idsOf(csms), [
        ["Started 100", undefined],
        ["Updated 101", 7],
        ["Ended 102", 7]
      ])
      assert.deepStrictEqual(yield* Fiber.join(calls[0]!), { transactionId: 101, idTagInfo: { status: "Accepted" } })
      assert.deepStrictEqual(calls.map(outcome), ["ok", "ok", "ok"])
    }))
})

const idsOf = (csms: TestCsms): ReadonlyArray<readonly [string, unknown]> =>
  csms.stored.map(({ label, transactionId }) => [label, transactionId])

for (const version of [v201, v21]) {
  describe(`the events of transactions of ${version.name}`, () => {
    test("[TX-06] are numbered without gaps within each transaction, also across restarts", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const one = yield* scene.site.start(1, 100)
        const two = yield* scene.site.start(2, 200)
        yield* one.update(101)
        yield* two.update(201)
        yield* scene.restart
        for (const [index, transaction] of (yield* scene.site.ongoing).entries()) {
          yield* transaction.update((index + 1) * 100 + 2)
        }
        csms.isReachable = true
        yield* pass("10 seconds")
        yield* scene.restart
        for (const [index, transaction] of (yield* scene.site.ongoing).entries()) {
          yield* transaction.stop((index + 1) * 100 + 3)
        }
        yield* pass(0)
        assert.deepStrictEqual(
          csms.stored.map(({ label, seqNo, transactionId }) => [label, transactionId, seqNo]),
          [
            ["Started 100", one.id, 0],
            ["Started 200", two.id, 0],
            ["Updated 101", one.id, 1],
            ["Updated 201", two.id, 1],
            ["Updated 102", one.id, 2],
            ["Updated 202", two.id, 2],
            ["Ended 103", one.id, 3],
            ["Ended 203", two.id, 3]
          ]
        )
      }))

    test("[TX-07] die with what has no form in JSON, and nothing of it is done", () =>
      Effect.gen(function* () {
        const { csms, site, storage } = yield* open(version)
        const given = { customData: { vendorId: "x", big: 1n } }
        const id = { transactionInfo: { transactionId: "T\0" } }
        for (const more of [given, id]) {
          const exit = yield* Effect.exit(site.start(1, 100, more))
          assert.isTrue(Exit.isFailure(exit) && !Exit.hasInterrupts(exit))
        }
        assert.deepStrictEqual([yield* site.outbox.waiting(), yield* site.ongoing, storage.size], [0, [], 0])
        const transaction = yield* site.start(1, 100)
        assert.isTrue(Exit.isFailure(yield* Effect.exit(transaction.update(101, given))))
        yield* transaction.stop(102)
        yield* pass(0)
        assert.deepStrictEqual(
          csms.stored.map(({ label, seqNo }) => [label, seqNo]),
          [
            ["Started 100", 0],
            ["Ended 102", 1]
          ]
        )
      }))

    test("[TX-06] are numbered without gaps also if the next is stored at the very moment of an answer", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const transaction = yield* site.start(1, 100)
        const charging = yield* start(
          Effect.gen(function* () {
            yield* transaction.started
            for (const meter of [101, 102, 103]) yield* yield* transaction.update(meter)
          })
        )
        yield* pass("1 second")
        assert.strictEqual(outcome(charging), "ok")
        assert.deepStrictEqual(
          csms.stored.map(({ seqNo }) => seqNo),
          [0, 1, 2, 3]
        )
      }))

    test("[TX-06] are offline if they were stored offline or were still there when the connection went", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        const { csms } = scene
        const transaction = yield* scene.site.start(1, 100)
        csms.answer = refusing("Updated 101")
        yield* transaction.update(101)
        yield* transaction.update(102)
        yield* pass("65 seconds")
        csms.answer = () => "well"
        csms.goOffline()
        yield* transaction.update(103)
        yield* pass("1 hour")
        csms.isReachable = true
        yield* pass("10 seconds")
        yield* transaction.update(104)
        csms.answer = silentTo("Updated 104")
        yield* pass(0)
        csms.answer = () => "well"
        yield* scene.restart
        const [same] = yield* scene.site.ongoing
        yield* same!.stop(105)
        yield* pass(0)
        assert.deepStrictEqual(
          csms.stored.map(({ label, offline }) => [label, offline]),
          [
            ["Started 100", undefined],
            ["Updated 101", undefined],
            ["Updated 101", undefined],
            ["Updated 101", true],
            ["Updated 102", true],
            ["Updated 103", true],
            ["Updated 104", undefined],
            ["Updated 104", true],
            ["Ended 105", undefined]
          ]
        )
      }))

    test("[TX-06] keep their numbers when others are dropped", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms, outbox: { limit: 6 } })
        const transaction = yield* site.start(1, 100)
        for (const meter of [101, 102, 103, 104, 105]) yield* transaction.update(meter)
        yield* transaction.stop(106)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(
          csms.stored.map(({ seqNo }) => seqNo),
          [0, 2, 4, 6]
        )
      }))

    test("[TX-06] have the transactionId that the station has made or was given, but not twice", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const scene = yield* open(version, { csms })
        const given = { transactionInfo: { transactionId: "T1", chargingState: "EVConnected" } }
        const one = yield* scene.site.start(1, 100, given)
        const two = yield* scene.site.start(2, 200)
        assert.strictEqual(one.id, "T1")
        assert.match(two.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        assert.strictEqual((yield* Effect.flip(scene.site.start(3, 300, given))).reason, "InvalidRequest")
        const inLowerCase = { transactionInfo: { transactionId: "t1" } }
        assert.strictEqual((yield* Effect.flip(scene.site.start(3, 300, inLowerCase))).reason, "InvalidRequest")
        yield* scene.restart
        assert.strictEqual((yield* Effect.flip(scene.site.start(3, 300, given))).reason, "InvalidRequest")
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(
          csms.stored.map(({ payload }) => payload["transactionInfo"]),
          [{ transactionId: "T1", chargingState: "EVConnected" }, { transactionId: two.id }]
        )
      }))

    for (const extreme of [0, 1 - Number.EPSILON]) {
      test(`[TX-06] have a transactionId that is valid, also if chance gives nothing but ${extreme}`, () =>
        Effect.gen(function* () {
          const { csms, site } = yield* open(version)
          const { id } = yield* site.start(1, 100)
          assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
          yield* pass(0)
          assert.strictEqual(csms.stored[0]!.transactionId, id)
        }).pipe(
          Effect.provideService(Random.Random, { nextIntUnsafe: () => extreme, nextDoubleUnsafe: () => extreme })
        ))
    }

    test("[TX-06] are the caller's own in typed calls, but for `offline`", () =>
      Effect.gen(function* () {
        const csms = unreachable()
        const { site } = yield* open(version, { csms })
        const event = (eventType: string, seqNo: number, meter: number) =>
          site.call("transactionEvent", {
            eventType,
            seqNo,
            timestamp: "2026-11-22T06:00:00.000Z",
            triggerReason: "CablePluggedIn",
            transactionInfo: { transactionId: "T1" },
            meterValue: [{ timestamp: "2026-11-22T06:00:00.000Z", sampledValue: [{ value: meter }] }]
          })
        const calls = [
          yield* start(event("Started", 5, 100)),
          yield* start(event("Updated", 6, 101)),
          yield* start(event("Ended", 7, 102))
        ]
        yield* pass("1 hour")
        assert.strictEqual(yield* site.outbox.waiting("T1"), 3)
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(calls.map(outcome), ["ok", "ok", "ok"])
        assert.deepStrictEqual(
          csms.stored.map(({ label, offline, seqNo, transactionId }) => [label, transactionId, seqNo, offline]),
          [
            ["Started 100", "T1", 5, true],
            ["Updated 101", "T1", 6, true],
            ["Ended 102", "T1", 7, true]
          ]
        )
      }))
  })
}
