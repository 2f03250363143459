/**
 * A message that breaks its connection is set aside, so that the others arrive, and comes back later.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Simulation } from "../../src/simulation/Simulation.ts"
import type { OutboxEvent } from "../../src/station/StoredMessage.ts"
import { outcome } from "../support/outcome.ts"
import { type Answer, type Call, open, pass, simulate, type Site, TestCsms } from "../support/outbox.ts"
import { start } from "../support/time.ts"
import { v16, v201, v21 } from "../support/versions.ts"

const test = (title: string, program: () => Effect.Effect<void, unknown, Simulation | Scope.Scope>): void =>
  it.live(title, () => simulate(program()))

/** Closes the connection when certain messages come. */
const closingAt =
  (csms: TestCsms, code: number, ...labels: ReadonlyArray<string>) =>
  ({ label }: Call): Answer => {
    if (!labels.includes(label)) return "well"
    csms.cut(code)
    return "never"
  }

/** A CSMS that crashes when certain messages come, and does not know the station when it is there again. */
const crashingAt = (csms: TestCsms, ...labels: ReadonlyArray<string>) => {
  const close = closingAt(csms, 1006, ...labels)
  return (call: Call): Answer => {
    if (labels.includes(call.label)) csms.knowsStation = false
    return close(call)
  }
}

const told = (events: ReadonlyArray<OutboxEvent>): ReadonlyArray<string> =>
  events.map(({ _tag, message }) => `${_tag} ${message.phase ?? message.action}`)

/** The first value of each meter value in a message of 2.x. */
const valuesOf = ({ payload }: Call): ReadonlyArray<string> =>
  (payload["meterValue"] as ReadonlyArray<{ sampledValue: ReadonlyArray<{ value: number }> }>).map(({ sampledValue }) =>
    String(sampledValue[0]?.value)
  )

const idsIn = (site: Site) => Effect.map(site.outbox.setAside, (all) => all.map(({ messageId }) => messageId))

describe("a StopTransaction that is too large for the CSMS", () => {
  test("[FIELD-K1] is sent again without its transactionData, and set aside only if that does not help", () =>
    Effect.gen(function* () {
      for (const helps of [true, false]) {
        const { csms, site } = yield* open(v16, { outbox: { attempts: 1 } })
        csms.answer = ({ action, payload }) => {
          if (action !== "StopTransaction" || (helps && payload["transactionData"] === undefined)) return "well"
          csms.cut(1009)
          return "never"
        }
        const transaction = yield* site.start(1, 100)
        yield* transaction.stop(120, {
          transactionData: [{ timestamp: "2026-11-22T06:00:00.000Z", sampledValue: [{ value: "110" }] }]
        })
        yield* pass("1 minute")
        const sent = csms.labelled("Ended 120").map(({ payload }) => Object.hasOwn(payload, "transactionData"))
        assert.deepStrictEqual(sent, [true, false])
        assert.deepStrictEqual(told(site.events).slice(3), [
          "Shortened Ended",
          `${helps ? "Delivered" : "SetAside"} Ended`
        ])
        assert.lengthOf(yield* site.outbox.setAside, helps ? 0 : 1)
      }
    }))
})

for (const version of [v201, v21]) {
  describe(`the end of a transaction of ${version.name} that is too large for the CSMS`, () => {
    test("[FIELD-K1] is sent again without every second value in between, and set aside only if that does not help", () =>
      Effect.gen(function* () {
        for (const [room, kept] of [
          [6, "0 2 4 5 7 8"],
          [4, "0 4 5 8"],
          [2, "none"]
        ] as const) {
          const { csms, site } = yield* open(version, { outbox: { attempts: 1 } })
          csms.answer = (call) => {
            if (call.payload["eventType"] !== "Ended" || valuesOf(call).length <= room) return "well"
            csms.cut(1009)
            return "never"
          }
          const transaction = yield* site.start(1, 100)
          yield* transaction.stop(120, {
            meterValue: Array.from({ length: 9 }, (_, value) => ({
              timestamp: `2026-11-22T06:0${value}:00.000Z`,
              sampledValue: [{ value, context: value === 5 ? "Transaction.Begin" : "Sample.Periodic" }]
            }))
          })
          yield* pass("1 minute")
          const ends = csms.calls.filter(({ payload }) => payload["eventType"] === "Ended")
          assert.strictEqual(new Set(ends.map(({ messageId, seqNo }) => `${messageId} ${String(seqNo)}`)).size, 1)
          assert.strictEqual(kept === "none" ? "none" : valuesOf(ends.at(-1)!).join(" "), kept)
          assert.strictEqual(told(site.events).at(-1), kept === "none" ? "SetAside Ended" : "Delivered Ended")
          assert.lengthOf(yield* site.outbox.setAside, kept === "none" ? 1 : 0)
        }
      }))
  })
}

for (const version of [v16, v201, v21]) {
  describe(`what breaks the connection of a station of ${version.name}`, () => {
    for (const code of [1009, 1007]) {
      test(`[FIELD-K1] is set aside after its attempts, if the CSMS closes with ${code}, and the next arrives`, () =>
        Effect.gen(function* () {
          const { csms, site } = yield* open(version)
          csms.answer = closingAt(csms, code, "Ended 120")
          const one = yield* site.start(1, 100)
          const stop = yield* start(yield* one.stop(120))
          const two = yield* site.start(1, 200)
          yield* two.stop(220)
          yield* pass("1 hour")
          assert.deepStrictEqual(csms.times, [
            "Started 100 at 0",
            "Ended 120 at 0",
            "Ended 120 at 60",
            "Ended 120 at 180",
            "Started 200 at 190",
            "Ended 220 at 190"
          ])
          assert.strictEqual(outcome(stop), "ConnectionLost")
          assert.deepStrictEqual(told(site.events).slice(4), [
            "Delivered Started",
            "Failed Ended",
            "Failed Ended",
            "SetAside Ended",
            "Delivered Started",
            "Delivered Ended"
          ])
          const [aside, ...others] = yield* site.outbox.setAside
          assert.lengthOf(others, 0)
          assert.include(aside, { action: csms.stored[1]!.action, phase: "Ended", attempts: 3, setAsideAt: 180_000 })
          assert.include(aside!.reason, String(code))
          assert.strictEqual(yield* site.outbox.waiting(), 1)
          assert.strictEqual(yield* site.outbox.waiting(one.id), 1)
        }))
    }

    test("[FIELD-K1] is set aside if it breaks three connections that had proved good, one after the other", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = crashingAt(csms, "Ended 120")
        const one = yield* site.start(1, 100)
        yield* one.stop(120)
        yield* site.start(1, 200)
        yield* pass("10 minutes")
        assert.strictEqual(told(site.events).filter((event) => event === "Delivered Started").length, 2)
        assert.lengthOf(yield* site.outbox.setAside, 1)
        // Only what came to a CSMS that knows the station has broken it.
        const breaks = csms
          .labelled("Ended 120")
          .filter(({ link }) => csms.calls.some((call) => call.link === link + 1))
        assert.strictEqual(new Set(breaks.map(({ link }) => link)).size, 3)
        assert.notInclude(told(site.events).join(), "Failed")
      }))

    test("[FIELD-K1] is set aside though each connection begins with it, once a heartbeat has proved them good", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const one = yield* site.start(1, 100)
        yield* pass(0)
        csms.goOffline()
        yield* one.stop(120)
        csms.answer = closingAt(csms, 1006, "Ended 120")
        csms.isReachable = true
        yield* pass("1 hour")
        // For so long it may be the network.
        assert.lengthOf(yield* site.outbox.setAside, 0)
        assert.lengthOf(csms.labelled("Heartbeat"), 0)
        yield* pass("2 minutes")
        assert.lengthOf(yield* site.outbox.setAside, 1)
        assert.lengthOf(csms.labelled("Heartbeat"), 3)
      }))

    test("[FIELD-K1] [TX-04] is not blamed for losses between which it has arrived, nor for late ones", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        const transaction = yield* site.start(1, 100)
        for (let meter = 101; meter < 110; meter++) {
          csms.answer = crashingAt(csms, `Updated ${meter}`)
          yield* transaction.update(meter)
          yield* pass("15 seconds")
          csms.answer = () => "well"
          yield* pass("15 seconds")
        }
        assert.deepStrictEqual(
          new Set(told(site.events)),
          new Set(told(site.events).filter((one) => /Stored|Deliv/.test(one)))
        )
        // Six seconds after it was sent the connection goes, whatever was sent.
        csms.answer = ({ label }) => (label === "Updated 200" ? "never" : "well")
        yield* transaction.update(200)
        for (let losses = 0; losses < 10; losses++) {
          yield* pass("6 seconds")
          csms.knowsStation = false
          csms.cut()
          yield* pass("10 seconds")
        }
        assert.lengthOf(yield* site.outbox.setAside, 0)
      }))

    test("[FIELD-K1] keeps the count of connections that broke across a restart", () =>
      Effect.gen(function* () {
        const scene = yield* open(version)
        const { csms } = scene
        csms.answer = crashingAt(csms, "Started 100")
        yield* scene.site.start(1, 100)
        // It has broken one, and now another; the power is cut before the third.
        yield* pass("11 seconds")
        yield* scene.powerOff
        yield* scene.powerOn
        yield* pass("10 seconds")
        assert.lengthOf(yield* scene.site.outbox.setAside, 1)
      }))

    test("[FIELD-K1] takes what follows the start of its transaction along, and comes back in order", () =>
      Effect.gen(function* () {
        const scene = yield* open(version, { outbox: { attempts: 1 } })
        const { csms, site } = scene
        csms.answer = closingAt(csms, 1009, "Started 100")
        const one = yield* site.start(1, 100)
        const started = yield* start(one.started)
        yield* one.update(101)
        const two = yield* site.start(2, 200)
        yield* one.stop(102)
        yield* two.stop(202)
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Started 200", "Ended 202"])
        assert.deepStrictEqual(
          (yield* site.outbox.setAside).map(({ phase }) => phase),
          ["Started", "Updated", "Ended"]
        )
        // The answer can still come.
        assert.strictEqual(outcome(started), "open")
        csms.answer = () => "well"
        yield* site.outbox.resend
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels.slice(3), ["Started 100", "Updated 101", "Ended 102"])
        if (!version.is2x) assert.strictEqual(csms.stored[5]!.transactionId, yield* one.transactionId)
        assert.strictEqual(outcome(started), "ok")
        assert.lengthOf(yield* site.outbox.setAside, 0)
        assert.strictEqual(scene.storage.size, 0)
      }))

    test("[FIELD-K1] survives a restart, and is sent again once the CSMS has accepted the station", () =>
      Effect.gen(function* () {
        const scene = yield* open(version, { outbox: { attempts: 1 } })
        const { csms } = scene
        csms.answer = closingAt(csms, 1009, "Ended 102")
        const one = yield* scene.site.start(1, 100)
        yield* one.stop(102)
        yield* pass("1 minute")
        const before = yield* scene.site.outbox.setAside
        assert.lengthOf(before, 1)
        yield* scene.powerOff
        csms.isReachable = false
        yield* scene.powerOn
        assert.deepStrictEqual(yield* scene.site.outbox.setAside, before)
        csms.answer = () => "well"
        csms.isReachable = true
        yield* pass("10 seconds")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Ended 102", "Ended 102"])
        assert.strictEqual(csms.stored[1]!.messageId, csms.stored[2]!.messageId)
        assert.lengthOf(yield* scene.site.outbox.setAside, 0)
        assert.strictEqual(scene.storage.size, 0)
      }))

    test("[FIELD-K1] is sent again once a day, and one failure is enough to set it aside again", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { calls: { timeout: "30 seconds" } })
        csms.answer = closingAt(csms, 1009, "Ended 102")
        const one = yield* site.start(1, 100)
        yield* one.stop(102)
        yield* pass("1 hour")
        assert.lengthOf(csms.labelled("Ended 102"), 3)
        yield* pass("24 hours")
        assert.lengthOf(csms.labelled("Ended 102"), 4)
        yield* pass("24 hours")
        assert.lengthOf(csms.labelled("Ended 102"), 5)
        csms.answer = () => "well"
        yield* pass("24 hours")
        assert.lengthOf(csms.labelled("Ended 102"), 6)
        assert.lengthOf(yield* site.outbox.setAside, 0)
      }))

    test("[FIELD-K1] does not crash again and again a CSMS that has the station boot after each crash", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version)
        csms.answer = crashingAt(csms, "Ended 102")
        const one = yield* site.start(1, 100)
        yield* one.stop(102)
        yield* pass("12 hours")
        // Each time the wait is a minute longer: n (n + 1) / 2 minutes after n times.
        assert.isBelow(csms.links, 60)
        csms.answer = () => "well"
        yield* site.outbox.resend
        yield* pass("1 minute")
        assert.lengthOf(yield* site.outbox.setAside, 0)
      }))

    test("[FIELD-K1] waits until nothing else does before it is sent again", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { attempts: 1 } })
        csms.answer = closingAt(csms, 1009, "Started 100")
        yield* site.start(1, 100)
        yield* pass("1 minute")
        csms.goOffline()
        yield* site.start(2, 200)
        yield* site.outbox.resend
        csms.answer = () => "well"
        csms.isReachable = true
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Started 200", "Started 100"])
      }))

    test("[TX-06] [FIELD-K1] sets nothing aside in place of what is dropped while it is read", () =>
      Effect.gen(function* () {
        const csms = new TestCsms()
        csms.isReachable = false
        const { site, storage } = yield* open(version, { csms, outbox: { attempts: 1, limit: 290 } })
        csms.answer = closingAt(csms, 1009, "Started 100")
        const two = yield* site.start(2, 200)
        const one = yield* site.start(1, 100)
        // More than it has in memory.
        for (let meter = 101; meter <= 387; meter++) yield* one.update(meter)
        yield* one.stop(900)
        storage.readLatency = 60_000
        csms.isReachable = true
        yield* pass("30 seconds")
        yield* site.outbox.configure({ limit: 200 })
        yield* two.stop(201)
        yield* pass("1 second")
        assert.isNotEmpty(site.events.filter(({ _tag }) => _tag === "Dropped"))
        storage.readLatency = 0
        yield* pass("5 minutes")
        csms.answer = () => "well"
        yield* site.outbox.resend
        yield* pass("1 minute")
        const idsOf = (tag: OutboxEvent["_tag"]) =>
          site.events.filter(({ _tag }) => _tag === tag).map(({ message }) => message.messageId)
        assert.sameMembers([...idsOf("Delivered"), ...idsOf("Dropped")], idsOf("Stored"))
        assert.include(csms.labels, "Ended 900")
        assert.strictEqual(storage.size, 0)
      }))

    test("[FIELD-K1] leaves its transaction what it needs when the end is taken out, also across a restart", () =>
      Effect.gen(function* () {
        for (const restart of [false, true]) {
          const scene = yield* open(version, { outbox: { attempts: 1 } })
          const { csms } = scene
          csms.answer = closingAt(csms, 1009, "Started 100")
          const one = yield* scene.site.start(1, 100)
          const waiting = [yield* start(one.started), yield* start(one.transactionId)]
          yield* one.update(101)
          yield* one.stop(102)
          yield* pass("1 minute")
          const [, , end] = yield* idsIn(scene.site)
          assert.strictEqual((yield* scene.site.outbox.takeOut(end!))._tag, "Some")
          assert.deepStrictEqual(yield* scene.site.ongoing, [])
          yield* pass(0)
          csms.answer = () => "well"
          if (restart) yield* scene.restart
          else yield* scene.site.outbox.resend
          yield* pass("1 minute")
          assert.deepStrictEqual(csms.labels, ["Started 100", "Started 100", "Updated 101"])
          assert.strictEqual(csms.stored[2]!.transactionId, version.is2x ? one.id : 101)
          if (!restart) assert.deepStrictEqual(waiting.map(outcome), ["ok", "ok"])
          // Nothing is left of it.
          assert.strictEqual(scene.storage.size, 0)
        }
      }))

    test("[FIELD-K1] keeps the name of its transaction although the end has arrived", () =>
      Effect.gen(function* () {
        const { csms, site, storage } = yield* open(version, { outbox: { attempts: 1 } })
        csms.answer = closingAt(csms, 1009, "Updated 101")
        const one = yield* site.start(1, 100)
        yield* one.update(101)
        yield* one.stop(102)
        yield* pass("1 minute")
        assert.lengthOf(yield* site.outbox.setAside, 1)
        csms.answer = () => "well"
        yield* site.outbox.resend
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Updated 101", "Ended 102", "Updated 101"])
        assert.strictEqual(csms.stored[3]!.transactionId, version.is2x ? one.id : 101)
        assert.strictEqual(storage.size, 0)
      }))

    test("[FIELD-K1] can be taken out by the application, and its transaction goes on without it", () =>
      Effect.gen(function* () {
        const scene = yield* open(version, { outbox: { attempts: 1 } })
        const { csms, site } = scene
        csms.answer = closingAt(csms, 1009, "Started 100")
        const one = yield* site.start(1, 100)
        yield* one.stop(102)
        yield* pass("1 minute")
        const [messageId] = yield* idsIn(site)
        assert.strictEqual((yield* site.outbox.takeOut("none of these"))._tag, "None")
        const taken = yield* site.outbox.takeOut(messageId!)
        assert.deepInclude(taken, { _tag: "Some" })
        assert.include(told(site.events), "TakenOut Started")
        yield* site.outbox.resend
        yield* pass("1 minute")
        assert.deepStrictEqual(csms.labels, ["Started 100", "Ended 102"])
        if (!version.is2x) assert.strictEqual(csms.stored[1]!.transactionId, -1)
        assert.strictEqual(scene.storage.size, 0)
      }))

    test("[FIELD-K1] [TX-06] gives way to others only if it is an update, and a full outbox is reported", () =>
      Effect.gen(function* () {
        const { csms, site } = yield* open(version, { outbox: { attempts: 1, limit: 4 } })
        csms.answer = closingAt(csms, 1009, "Started 100")
        const one = yield* site.start(1, 100)
        for (const meter of [101, 102]) yield* one.update(meter)
        yield* one.stop(103)
        yield* pass("1 minute")
        assert.lengthOf(yield* site.outbox.setAside, 4)
        csms.goOffline()
        yield* site.start(2, 200)
        yield* pass(0)
        assert.deepStrictEqual(
          (yield* site.outbox.setAside).map(({ phase }) => phase),
          ["Started", "Updated", "Ended"]
        )
        assert.notInclude(told(site.events).join(), "Full")
        yield* site.start(3, 300)
        yield* site.start(4, 400)
        assert.include(told(site.events), "Full Started")
        assert.strictEqual(yield* site.outbox.waiting(), 5)
      }))
  })
}
