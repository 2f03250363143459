import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Connector, ConnectUnreachable } from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import { Storage } from "../../src/Storage.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import type { Raw } from "../support/raw.ts"
import { acceptedStation, endpoint, Network, observed, stationOf } from "../support/station.ts"
import { collect, settled, start } from "../support/time.ts"
import { responseTo, type Version, versions } from "../support/versions.ts"

/** The actions of the calls that came since they were last asked for; nothing else may have come. */
const calls = (raw: Raw): Effect.Effect<ReadonlyArray<unknown>> =>
  Effect.map(raw.news, (frames) => frames.map(([type, , action]) => (type === 2 ? action : `no call: ${String(type)}`)))

/** Answers the BootNotification that came last. */
const answerBoot = Effect.fnUntraced(function* (version: Version, raw: Raw, status: string, interval: number) {
  yield* raw.send([3, yield* raw.nextCall("BootNotification"), version.answer(status, interval)])
})

/** Asks the station, which answers at once or not at all. */
const ask = Effect.fnUntraced(function* (raw: Raw, action: string, request: object) {
  yield* raw.send([2, "1", action, request])
  return yield* raw.news
})

/** Calls that must not leave now. */
const assertRefused = Effect.fnUntraced(function* (
  made: Effect.Success<ReturnType<typeof stationOf>>,
  requests: Readonly<Record<string, object>>
) {
  for (const [action, request] of Object.entries(requests)) {
    const call = yield* start(made.call(action, request))
    yield* settled
    assert.strictEqual(outcome(call), "NotAccepted", action)
  }
  assert.deepStrictEqual(yield* calls(made.raw), [])
})

const refusal = (id: unknown) => [4, id, "SecurityError", "who are you?", {}]

const spaced = { reconnect: Schedule.spaced("10 seconds") }

const unreachable = new ConnectUnreachable({ url: "ws://csms.example/ocpp", code: "ECONNREFUSED" })

for (const version of versions) {
  const { asks, boot, refusals, remote, sends, stores } = version
  const [firstStored = "", storedRequest] = Object.entries(stores)[0] ?? []

  describe(`A station of ${version.name} that is not registered yet`, () => {
    it.effect("[REG-01] sends its BootNotification, and nothing else before that is answered", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version)
        const { call, outbox, raw, registrations } = made
        const [type, , booting, payload] = yield* raw.next
        assert.deepStrictEqual([type, booting, payload], [2, "BootNotification", boot])
        assert.deepStrictEqual(registrations, ["Unregistered"])
        yield* assertRefused(made, sends)
        for (const [action, request] of Object.entries(stores)) {
          const stored = yield* start(call(action, request))
          yield* settled
          assert.strictEqual(outcome(stored), "open", action)
        }
        yield* TestClock.adjust("29 seconds")
        assert.deepStrictEqual(yield* calls(raw), [])
        assert.strictEqual(yield* outbox.waiting(), Object.keys(stores).length)
      })
    )

    it.effect("[REG-01] keeps back what is stored from before its restart, too", () =>
      Effect.gen(function* () {
        const stored = Effect.provide(yield* Layer.build(Storage.layerMemory))
        const scope = yield* Scope.make()
        const before = yield* stationOf(version).pipe(stored, Scope.provide(scope))
        yield* start(before.call(firstStored, storedRequest)).pipe(Scope.provide(scope))
        yield* settled
        yield* Scope.close(scope, Exit.void)

        const { outbox, raw } = yield* stationOf(version).pipe(stored)
        const id = yield* raw.nextCall("BootNotification")
        yield* TestClock.adjust("29 seconds")
        assert.deepStrictEqual(yield* calls(raw), [])
        assert.strictEqual(yield* outbox.waiting(), 1)
        yield* raw.send([3, id, version.answer("Accepted", 300)])
        assert.deepStrictEqual(yield* calls(raw), [firstStored])
      })
    )

    it.effect("answers requests, but lets nobody start or stop a transaction from afar", () =>
      Effect.gen(function* () {
        const { handled, raw } = yield* stationOf(version)
        yield* raw.nextCall("BootNotification")
        assert.deepStrictEqual(yield* ask(raw, "ClearCache", {}), [[3, "1", { status: "Accepted" }]])
        for (const [action, request] of Object.entries(remote)) {
          assert.deepStrictEqual(yield* ask(raw, action, request), [[3, "1", { status: "Rejected" }]])
        }
        assert.deepStrictEqual(handled, ["ClearCache"])
      })
    )

    for (const [action, request, asksFor] of asks.slice(0, 1)) {
      it.effect("[REG-01] sends nothing that it is asked for", () =>
        Effect.gen(function* () {
          const made = yield* stationOf(version)
          yield* made.raw.nextCall("BootNotification")
          yield* ask(made.raw, action, request)
          yield* assertRefused(made, { [asksFor]: sends[asksFor]! })
        })
      )
    }
  })

  describe(`A station of ${version.name} that is accepted`, () => {
    it.effect("[REG-02] takes interval and clock from the answer, and delivers what is stored", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version)
        const { call, raw, registrations } = made
        const accepted = yield* start(made.station.accepted)
        const stored = yield* start(call(firstStored, storedRequest))
        const id = yield* raw.nextCall("BootNotification")
        assert.strictEqual(outcome(accepted), "open")
        yield* raw.send([3, id, version.answer("Accepted", 42, "1970-01-01T00:01:00Z")])
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted"])
        assert.strictEqual(outcome(accepted), "ok")
        assert.deepStrictEqual(yield* made.station.clockOffset, Option.some(Duration.minutes(1)))
        yield* raw.send([3, yield* raw.nextCall(firstStored), responseTo(version, firstStored)])
        assert.strictEqual(outcome(stored), "ok")
        yield* TestClock.adjust(41_999)
        assert.deepStrictEqual(yield* calls(raw), [])
        yield* TestClock.adjust(1)
        yield* raw.nextCall("Heartbeat")
      })
    )

    it.effect("[REG-02] tells it, so that the status of every connector can follow, and sends what it is given", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version)
        const { call, raw } = made
        yield* start(
          made.station.registration.pipe(
            Stream.filter((status) => status === "Accepted"),
            Stream.runForEach(() => Effect.ignore(call("StatusNotification", sends["StatusNotification"])))
          )
        )
        yield* answerBoot(version, raw, "Accepted", 300)
        yield* raw.send([3, yield* raw.nextCall("StatusNotification"), {}])
        for (const [action, request] of Object.entries(sends)) {
          const called = yield* start(call(action, request))
          yield* raw.send([3, yield* raw.nextCall(action), responseTo(version, action)])
          assert.strictEqual(outcome(called), "ok", action)
        }
      })
    )

    it.effect("answers every request", () =>
      Effect.gen(function* () {
        const { handled, raw } = yield* acceptedStation(version, 300)
        for (const [action, request] of Object.entries(remote)) {
          assert.deepStrictEqual(yield* ask(raw, action, request), [[3, "1", { status: "Accepted" }]])
        }
        assert.deepStrictEqual(handled, Object.keys(remote))
      })
    )

    it.effect("[CON-10] stays so after a reconnect, and boots no more", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 3600, spaced)
        const { call, network, registrations } = made
        yield* network.raw.close()
        const again = yield* start(made.station.accepted)
        assert.strictEqual(outcome(again), "open")
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(outcome(again), "ok")
        assert.strictEqual(network.links.length, 2)
        yield* start(call("Authorize", sends["Authorize"]))
        yield* network.raw.send([3, yield* network.raw.nextCall("Authorize"), responseTo(version, "Authorize")])
        yield* TestClock.adjust("59 minutes")
        assert.deepStrictEqual(yield* calls(network.raw), [])
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted"])
      })
    )

    it.effect("boots again when it is rebooted, and keeps what is stored until it is accepted again", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 300, spaced)
        const { call, network, outbox, registrations } = made
        const { raw } = made
        yield* made.station.reboot
        yield* settled
        assert.deepStrictEqual(raw.end, { code: 1000, reason: "the station reboots" })
        assert.deepStrictEqual(yield* calls(raw), [])
        const stored = yield* start(call(firstStored, storedRequest))
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(network.links.length, 2)
        const id = yield* network.raw.nextCall("BootNotification")
        yield* assertRefused(made, sends)
        assert.strictEqual(yield* outbox.waiting(), 1)
        yield* network.raw.send([3, id, version.answer("Accepted", 300)])
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", "Unregistered", "Accepted"])
        yield* network.raw.send([3, yield* network.raw.nextCall(firstStored), responseTo(version, firstStored)])
        assert.strictEqual(outcome(stored), "ok")
      })
    )

    it.effect("follows the answer to a BootNotification that its application sends", () =>
      Effect.gen(function* () {
        const made = yield* acceptedStation(version, 300)
        const { call, raw, registrations } = made
        yield* start(call("BootNotification", boot))
        const [status = "Rejected"] = refusals
        yield* answerBoot(version, raw, status, 50)
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", status])
        yield* assertRefused(made, sends)
        yield* TestClock.adjust(49_999)
        assert.deepStrictEqual(yield* calls(raw), [])
        yield* TestClock.adjust(1)
        yield* raw.nextCall("BootNotification")
      })
    )
  })

  describe(`A station of ${version.name} that is rejected`, () => {
    it.effect("[REG-04] is silent until the interval is over", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version)
        const { call, outbox, raw, registrations } = made
        yield* answerBoot(version, raw, "Rejected", 1000)
        assert.deepStrictEqual(registrations, ["Unregistered", "Rejected"])
        yield* assertRefused(made, sends)
        yield* start(call(firstStored, storedRequest))
        yield* TestClock.adjust(999_999)
        assert.deepStrictEqual(yield* calls(raw), [])
        assert.strictEqual(yield* outbox.waiting(), 1)
        yield* TestClock.adjust(1)
        yield* answerBoot(version, raw, "Accepted", 300)
        yield* raw.nextCall(firstStored)
      })
    )

    it.effect(`[REG-04] meets requests with ${version.rejected}, and reports them`, () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version)
        const { deviations, handled, raw } = made
        yield* answerBoot(version, raw, "Rejected", 1000)
        const requests = [["ClearCache", {}], ["NoAction", {}], ...Object.entries(remote), ...asks] as const
        for (const [action, request] of requests) {
          const answers = yield* ask(raw, action, request)
          if (version.rejected === "Silence") assert.deepStrictEqual(answers, [], action)
          else
            assert.deepStrictEqual(
              answers.map(([type, id, code]) => [type, id, code]),
              [[4, "1", "SecurityError"]],
              action
            )
        }
        assert.deepStrictEqual(handled, [])
        assert.deepStrictEqual(
          deviations.map(({ action, kind }) => [kind, action]),
          requests.map(([action]) => ["NotAccepted", action])
        )
        yield* assertRefused(made, sends)
      })
    )

    it.effect(
      `[REG-04] meets what is no request with ${version.rejected === "Silence" ? "silence" : "an error"}, too`,
      () =>
        Effect.gen(function* () {
          const { raw } = yield* stationOf(version)
          yield* answerBoot(version, raw, "Rejected", 1000)
          yield* raw.send([2, "1", 5, {}])
          const answers = (yield* raw.news).map(([type]) => type)
          assert.deepStrictEqual(answers, version.rejected === "Silence" ? [] : [4])
        })
    )

    it.effect("[REG-04] stays silent when its connection is lost and made again", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, spaced)
        const { network } = made
        yield* answerBoot(version, network.raw, "Rejected", 1000)
        for (let links = 2; links < 5; links++) {
          yield* network.raw.close()
          yield* TestClock.adjust("100 seconds")
          assert.strictEqual(network.links.length, links)
          yield* assertRefused(made, sends)
          yield* ask(network.raw, "ClearCache", {})
          assert.deepStrictEqual(made.handled, [])
        }
        yield* TestClock.adjust(699_999)
        assert.deepStrictEqual(yield* calls(network.raw), [])
        yield* TestClock.adjust(1)
        yield* network.raw.nextCall("BootNotification")
      })
    )
  })

  describe(`The log of a station of ${version.name}`, () => {
    it.effect("[FIELD-K13] tells each answer that does not accept it, and the interval", () =>
      Effect.gen(function* () {
        const lines: Array<string> = []
        const logger = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel}: ${String(message)}`))
        const { raw, station } = yield* stationOf(version).pipe(Effect.provide(Logger.layer([logger])))
        for (const status of refusals) {
          yield* answerBoot(version, raw, status, 50)
          yield* TestClock.adjust("50 seconds")
        }
        yield* answerBoot(version, raw, "Accepted", 300)
        yield* station.accepted
        assert.deepStrictEqual(
          lines.filter((line) => line.includes("BootNotification")),
          refusals.map(
            (status) => `Warn: the CSMS has answered BootNotification of CP001 with ${status}, interval 50 s`
          )
        )
      })
    )

    it.effect("[FIELD-K12] has no line breaks and no orders to a terminal of what the CSMS answers", () =>
      Effect.gen(function* () {
        const lines: Array<string> = []
        const logger = Logger.make(({ message }) => void lines.push(String(message)))
        const { raw } = yield* stationOf(version, { tolerance: Tolerance.lenient }).pipe(
          Effect.provide(Logger.layer([logger]))
        )
        yield* answerBoot(version, raw, "Odd\nERROR\u001b[31m\u202e", 50)
        yield* settled
        const told = lines.filter((line) => line.includes("has answered BootNotification"))
        assert.lengthOf(told, 1)
        assert.notMatch(told[0]!, /[\p{Cc}\p{Cf}]/u)
      })
    )
  })

  describe(`A station of ${version.name} whose CSMS names no interval`, () => {
    for (const status of refusals) {
      for (const interval of [0, -1, -(2 ** 31)]) {
        it.effect(`[REG-05] chooses its own, ${status} with ${interval}`, () =>
          Effect.gen(function* () {
            const { raw } = yield* stationOf(version)
            for (let times = 0; times < 5; times++) {
              yield* answerBoot(version, raw, status, interval)
              yield* TestClock.adjust(59_999)
              assert.deepStrictEqual(yield* calls(raw), [])
              yield* TestClock.adjust(1)
            }
            yield* raw.nextCall("BootNotification")
          })
        )
      }

      it.effect(`waits for as long as it is told, ${status} for 68 years, which no timer can hold`, () =>
        Effect.gen(function* () {
          const { clock, raw } = yield* observed(stationOf(version))
          yield* answerBoot(version, raw, status, 2 ** 31 - 1)
          yield* TestClock.adjust("400 days")
          assert.deepStrictEqual(yield* calls(raw), [])
          assert.isAtMost(Math.max(...clock.sleeps), 2 ** 31 - 1)
        })
      )

      it.effect(`waits for as long as it is told, ${status} for 30 days`, () =>
        Effect.gen(function* () {
          const { raw } = yield* stationOf(version)
          const days30 = 30 * 86_400
          yield* answerBoot(version, raw, status, days30)
          yield* TestClock.adjust(days30 * 1000 - 1)
          assert.deepStrictEqual(yield* calls(raw), [])
          yield* TestClock.adjust(1)
          yield* raw.nextCall("BootNotification")
        })
      )
    }
  })

  describe(`A station of ${version.name} whose BootNotification fails`, () => {
    for (const [title, wait, answerTo] of [
      ["is answered with an error", 60_000, (id: string) => [4, id, "InternalError", "", {}]],
      ["is answered with nonsense", 60_000, (id: string) => [3, id, { status: "Perhaps" }]],
      ["is not answered", 90_000, () => undefined]
    ] as const) {
      it.effect(`[REG-05] sends another after a minute if it ${title}`, () =>
        Effect.gen(function* () {
          const made = yield* stationOf(version)
          const { raw } = made
          for (let times = 0; times < 3; times++) {
            const frame = answerTo(yield* raw.nextCall("BootNotification"))
            if (frame !== undefined) yield* raw.send(frame)
            // A station of 2.1 says that the answer was nonsense.
            yield* raw.news
            yield* TestClock.adjust(wait - 1)
            assert.deepStrictEqual(yield* calls(raw), [])
            yield* assertRefused(made, sends)
            yield* TestClock.adjust(1)
          }
          yield* answerBoot(version, raw, "Accepted", 300)
          assert.deepStrictEqual(made.registrations, ["Unregistered", "Accepted"])
        })
      )
    }

    it.effect("[REG-01] sends another at once on the next connection if it is lost with its connection", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, spaced)
        const { network } = made
        for (let links = 1; links < 4; links++) {
          assert.strictEqual(network.links.length, links)
          yield* network.raw.nextCall("BootNotification")
          yield* network.raw.close()
          yield* TestClock.adjust("10 seconds")
        }
        yield* answerBoot(version, network.raw, "Accepted", 300)
        assert.deepStrictEqual(made.registrations, ["Unregistered", "Accepted"])
      })
    )

    it.effect("sends one at once on the first connection that holds, if others were closed before it was sent", () =>
      Effect.gen(function* () {
        const network = new Network()
        network.flapping.add(endpoint)
        yield* stationOf(version, spaced, network)
        yield* TestClock.adjust("30 seconds")
        network.flapping.clear()
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(network.links.length, 5)
        yield* network.raw.nextCall("BootNotification")
      })
    )

    it.effect("counts an answer that comes with the end of the connection", () =>
      Effect.gen(function* () {
        const { network, registrations } = yield* stationOf(version, spaced)
        const id = yield* network.raw.nextCall("BootNotification")
        yield* start(network.raw.send([3, id, version.answer("Accepted", 3600)]))
        yield* network.raw.close()
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted"])
        yield* TestClock.adjust("59 minutes")
        assert.deepStrictEqual(yield* calls(network.raw), [])
      })
    )

    it.effect("counts an answer that its caller has not waited for", () =>
      Effect.gen(function* () {
        const { call, raw, registrations } = yield* acceptedStation(version, 3600)
        yield* start(Effect.timeoutOption(call("BootNotification", boot), "5 seconds"))
        const id = yield* raw.nextCall("BootNotification")
        yield* TestClock.adjust("6 seconds")
        yield* raw.send([3, id, version.answer("Rejected", 1000)])
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", "Rejected"])
      })
    )

    it.effect("does not count an answer that comes after the end of the connection", () =>
      Effect.gen(function* () {
        const { network, registrations } = yield* stationOf(version, spaced)
        const id = yield* network.raw.nextCall("BootNotification")
        yield* network.raw.close()
        yield* TestClock.adjust("10 seconds")
        yield* network.raw.send([3, id, version.answer("Accepted", 3600)])
        assert.deepStrictEqual(registrations, ["Unregistered"])
        yield* answerBoot(version, network.raw, "Accepted", 3600)
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted"])
      })
    )
  })

  describe(`A station of ${version.name} that is rebooted`, () => {
    it.effect("while it boots, boots on its next connection", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, spaced)
        const { network } = made
        const { raw } = network
        const id = yield* raw.nextCall("BootNotification")
        yield* made.station.reboot
        yield* raw.send([3, id, version.answer("Accepted", 300)])
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(
          made.registrations.filter((status) => status !== "Unregistered"),
          []
        )
        yield* answerBoot(version, network.raw, "Accepted", 300)
        assert.strictEqual(made.registrations.at(-1), "Accepted")
      })
    )

    it.effect("as the answer comes, boots on its next connection", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, spaced)
        const { network } = made
        const id = yield* network.raw.nextCall("BootNotification")
        yield* start(network.raw.send([3, id, version.answer("Accepted", 300)]))
        // The answer takes one step to the station.
        yield* Effect.yieldNow
        yield* made.station.reboot
        yield* TestClock.adjust("10 seconds")
        yield* network.raw.nextCall("BootNotification")
      })
    )

    it.effect("while it waits for an interval or for a connection, boots as soon as it is connected", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, spaced)
        const { network } = made
        yield* answerBoot(version, network.raw, "Rejected", 1000)
        yield* made.station.reboot
        yield* TestClock.adjust("10 seconds")
        yield* answerBoot(version, network.raw, "Rejected", 1000)
        yield* network.raw.close()
        yield* made.station.reboot
        yield* TestClock.adjust("10 seconds")
        yield* network.raw.nextCall("BootNotification")
        assert.strictEqual(network.links.length, 3)
      })
    )
  })

  describe(`A station of ${version.name} that its CSMS has forgotten`, () => {
    /** Accepted, and connected anew. */
    const reconnected = Effect.gen(function* () {
      const made = yield* acceptedStation(version, 300, spaced)
      yield* made.raw.close()
      yield* TestClock.adjust("10 seconds")
      return made
    })

    for (const [action, request] of Object.entries({ ...sends, ...stores })) {
      it.effect(`boots when its ${action} is refused`, () =>
        Effect.gen(function* () {
          const { call, network, registrations } = yield* reconnected
          const { raw } = network
          yield* start(call(action, request))
          yield* raw.send(refusal(yield* raw.nextCall(action)))
          assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", "Unregistered"])
          yield* answerBoot(version, raw, "Accepted", 300)
          assert.deepStrictEqual(registrations.at(-1), "Accepted")
        })
      )
    }

    it.effect("boots when the heartbeat is refused that it sends by itself", () =>
      Effect.gen(function* () {
        const { network } = yield* reconnected
        yield* TestClock.adjust("300 seconds")
        yield* network.raw.send(refusal(yield* network.raw.nextCall("Heartbeat")))
        yield* network.raw.nextCall("BootNotification")
      })
    )

    it.effect("boots once in a connection, however often it is refused", () =>
      Effect.gen(function* () {
        const { call, network, registrations } = yield* reconnected
        const authorize = Effect.gen(function* () {
          yield* start(call("Authorize", sends["Authorize"]))
          yield* network.raw.send(refusal(yield* network.raw.nextCall("Authorize")))
        })
        yield* authorize
        yield* answerBoot(version, network.raw, "Accepted", 3600)
        for (let times = 0; times < 3; times++) yield* authorize
        assert.deepStrictEqual(yield* calls(network.raw), [])
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", "Unregistered", "Accepted"])
        yield* network.raw.close()
        yield* TestClock.adjust("10 seconds")
        yield* authorize
        yield* network.raw.nextCall("BootNotification")
      })
    )

    it.effect("boots once a minute if its BootNotification is refused, too", () =>
      Effect.gen(function* () {
        const { call, network } = yield* reconnected
        yield* start(call("Authorize", sends["Authorize"]))
        yield* network.raw.send(refusal(yield* network.raw.nextCall("Authorize")))
        for (let times = 0; times < 5; times++) {
          yield* network.raw.send(refusal(yield* network.raw.nextCall("BootNotification")))
          yield* TestClock.adjust(59_999)
          assert.deepStrictEqual(yield* calls(network.raw), [])
          yield* TestClock.adjust(1)
        }
      })
    )

    it.effect("boots when it is refused, also if a BootNotification waits that comes to nothing", () =>
      Effect.gen(function* () {
        const { call, network, registrations } = yield* reconnected
        const { raw } = network
        yield* start(call("Authorize", sends["Authorize"]))
        yield* start(call("BootNotification", boot))
        yield* raw.send(refusal(yield* raw.nextCall("Authorize")))
        assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", "Unregistered"])
        yield* raw.send(refusal(yield* raw.nextCall("BootNotification")))
        yield* TestClock.adjust("60 seconds")
        yield* raw.nextCall("BootNotification")
      })
    )

    it.effect("is not forgotten if it has booted in this connection, or is refused for another reason", () =>
      Effect.gen(function* () {
        const { call, network } = yield* acceptedStation(version, 3600, spaced)
        yield* start(call("Authorize", sends["Authorize"]))
        yield* network.raw.send(refusal(yield* network.raw.nextCall("Authorize")))
        assert.deepStrictEqual(yield* calls(network.raw), [])
        yield* network.raw.close()
        yield* TestClock.adjust("10 seconds")
        yield* start(call("Authorize", sends["Authorize"]))
        yield* network.raw.send([4, yield* network.raw.nextCall("Authorize"), "InternalError", "", {}])
        assert.deepStrictEqual(yield* calls(network.raw), [])
      })
    )
  })

  describe(`A station of ${version.name} without a BootNotification of its own`, () => {
    it.effect("sends nothing by itself, and holds nothing back", () =>
      Effect.gen(function* () {
        const made = yield* stationOf({ ...version, boot: undefined }, spaced)
        const { call, handled, network } = made
        yield* made.station.accepted
        assert.deepStrictEqual(made.registrations, ["Accepted"])
        for (const [action, request] of Object.entries(remote)) {
          assert.deepStrictEqual(yield* ask(network.raw, action, request), [[3, "1", { status: "Accepted" }]])
        }
        assert.deepStrictEqual(handled, Object.keys(remote))
        yield* network.raw.close()
        yield* TestClock.adjust("2 days")
        assert.deepStrictEqual(yield* calls(network.raw), [])
        for (const [action, request] of Object.entries({ ...sends, [firstStored]: storedRequest! })) {
          yield* start(call(action, request))
          yield* network.raw.send([3, yield* network.raw.nextCall(action), responseTo(version, action)])
        }
      })
    )

    it.effect("is not gated by what its application sends, whatever the answer", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* stationOf({ ...version, boot: undefined })
        yield* start(call("BootNotification", boot))
        yield* answerBoot(version, raw, "Rejected", 1000)
        yield* start(call("Authorize", sends["Authorize"]))
        yield* raw.nextCall("Authorize")
        assert.deepStrictEqual(yield* ask(raw, "ClearCache", {}), [[3, "1", { status: "Accepted" }]])
      })
    )
  })
}

// 1.5 has no such status, and no request that asks for a message.
for (const version of versions.filter(({ refusals }) => refusals.includes("Pending"))) {
  const { asks, boot, remote, sends, stores } = version
  const [firstStored = "", storedRequest] = Object.entries(stores)[0] ?? []

  describe(`A station of ${version.name} whose registration is pending`, () => {
    it.effect("[REG-03] answers requests, but lets nobody start or stop a transaction from afar", () =>
      Effect.gen(function* () {
        const { handled, raw, registrations } = yield* stationOf(version)
        yield* answerBoot(version, raw, "Pending", 100)
        assert.deepStrictEqual(registrations, ["Unregistered", "Pending"])
        assert.deepStrictEqual(yield* ask(raw, "ClearCache", {}), [[3, "1", { status: "Accepted" }]])
        for (const [action, request] of Object.entries(remote)) {
          assert.deepStrictEqual(yield* ask(raw, action, request), [[3, "1", { status: "Rejected" }]])
        }
        assert.deepStrictEqual(handled, ["ClearCache"])
      })
    )

    it.effect("[REG-03] sends nothing by itself, and boots again after the interval, not earlier", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version)
        const { call, outbox, raw, registrations } = made
        const accepted = yield* start(made.station.accepted)
        yield* answerBoot(version, raw, "Pending", 100)
        yield* assertRefused(made, sends)
        const stored = yield* start(call(firstStored, storedRequest))
        yield* TestClock.adjust(99_999)
        assert.deepStrictEqual(yield* calls(raw), [])
        assert.strictEqual(yield* outbox.waiting(), 1)
        yield* TestClock.adjust(1)
        yield* answerBoot(version, raw, "Pending", 7)
        yield* TestClock.adjust(6_999)
        assert.deepStrictEqual(yield* calls(raw), [])
        assert.strictEqual(outcome(accepted), "open")
        yield* TestClock.adjust(1)
        yield* answerBoot(version, raw, "Accepted", 300)
        assert.deepStrictEqual(registrations, ["Unregistered", "Pending", "Pending", "Accepted"])
        assert.strictEqual(outcome(accepted), "ok")
        yield* raw.send([3, yield* raw.nextCall(firstStored), responseTo(version, firstStored)])
        assert.strictEqual(outcome(stored), "ok")
      })
    )

    it.effect("[REG-03] waits on when its connection is lost and made again", () =>
      Effect.gen(function* () {
        const { network } = yield* stationOf(version, spaced)
        yield* answerBoot(version, network.raw, "Pending", 100)
        yield* TestClock.adjust("30 seconds")
        yield* network.raw.close()
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(network.links.length, 2)
        yield* TestClock.adjust(59_999)
        assert.deepStrictEqual(yield* calls(network.raw), [])
        yield* TestClock.adjust(1)
        yield* network.raw.nextCall("BootNotification")
      })
    )

    it.effect("[REG-03] boots as soon as it is connected if the interval is over by then", () =>
      Effect.gen(function* () {
        const { network } = yield* stationOf(version, spaced)
        yield* answerBoot(version, network.raw, "Pending", 100)
        network.failure = unreachable
        yield* network.raw.close()
        yield* TestClock.adjust("2 minutes")
        assert.strictEqual(network.links.length, 1)
        network.failure = undefined
        yield* TestClock.adjust("10 seconds")
        yield* network.raw.nextCall("BootNotification")
      })
    )

    for (const [action, request, asksFor] of asks) {
      it.effect(`[REG-03] sends what it is asked for by ${action} ${JSON.stringify(request)}, once it is asked`, () =>
        Effect.gen(function* () {
          const made = yield* stationOf(version)
          const { call, raw } = made
          const { [asksFor]: asked, ...others } = sends
          yield* answerBoot(version, raw, "Pending", 100)
          yield* assertRefused(made, sends)
          assert.deepStrictEqual(yield* ask(raw, action, request), [[3, "1", { status: "Accepted" }]])
          yield* assertRefused(made, others)
          const called = yield* start(call(asksFor, asked))
          yield* raw.send([3, yield* raw.nextCall(asksFor), responseTo(version, asksFor)])
          assert.strictEqual(outcome(called), "ok")
          // What came before it does not count after the next answer to a BootNotification.
          yield* TestClock.adjust("100 seconds")
          yield* answerBoot(version, raw, "Pending", 100)
          yield* assertRefused(made, sends)
        })
      )
    }

    const { StatusNotification } = sends
    const bootRequest = { requestedMessage: "BootNotification" }
    const options: Parameters<typeof stationOf>[1] = {
      ...spaced,
      afterwards: (_, request, csms) =>
        "requestedMessage" in request && request.requestedMessage === bootRequest.requestedMessage
          ? csms.bootNotification(boot)
          : Effect.void
    }
    const trigger = [2, "1", "TriggerMessage", bootRequest]

    /** Has the station boot, and gives the id of what it sends. */
    const triggered = Effect.fnUntraced(function* (raw: Raw) {
      yield* raw.send(trigger)
      const [answered, booted, ...others] = yield* raw.news
      assert.deepStrictEqual(answered, [3, "1", { status: "Accepted" }])
      const [, id, action] = booted ?? []
      assert.strictEqual(action, "BootNotification")
      assert.deepStrictEqual(others, [])
      return id
    })

    for (const [title, interval] of [
      ["shorter", 50],
      ["longer", 2000]
    ] as const) {
      it.effect(`[REG-03] boots when it is asked to, and waits for the ${title} interval of that answer`, () =>
        Effect.gen(function* () {
          const { raw } = yield* stationOf(version, options)
          yield* answerBoot(version, raw, "Pending", 1000)
          yield* TestClock.adjust("10 seconds")
          yield* raw.send([3, yield* triggered(raw), version.answer("Pending", interval)])
          yield* TestClock.adjust(interval * 1000 - 1)
          assert.deepStrictEqual(yield* calls(raw), [])
          yield* TestClock.adjust(1)
          yield* raw.nextCall("BootNotification")
        })
      )
    }

    it.effect("[REG-03] boots when it is asked to, and is accepted by that answer", () =>
      Effect.gen(function* () {
        const { call, raw, registrations } = yield* stationOf(version, options)
        yield* answerBoot(version, raw, "Pending", 1000)
        yield* start(call(firstStored, storedRequest))
        yield* raw.send([3, yield* triggered(raw), version.answer("Accepted", 3600)])
        assert.deepStrictEqual(registrations, ["Unregistered", "Pending", "Accepted"])
        yield* raw.send([3, yield* raw.nextCall(firstStored), responseTo(version, firstStored)])
        yield* TestClock.adjust("59 minutes")
        assert.deepStrictEqual(yield* calls(raw), [])
      })
    )

    it.effect("[REG-03] waits for its interval, too, if what it was asked for is not answered", () =>
      Effect.gen(function* () {
        const { network } = yield* stationOf(version, options)
        yield* answerBoot(version, network.raw, "Pending", 1000)
        yield* triggered(network.raw)
        yield* network.raw.close()
        yield* TestClock.adjust(999_999)
        assert.deepStrictEqual(yield* calls(network.raw), [])
        yield* TestClock.adjust(1)
        yield* network.raw.nextCall("BootNotification")
      })
    )

    it.effect("[REG-03] sends what it is asked for also if everything is queued until it is accepted", () =>
      Effect.gen(function* () {
        const { call, raw } = yield* stationOf(version, { ...options, outbox: { queueAll: true } })
        yield* answerBoot(version, raw, "Pending", 100)
        yield* start(call("StatusNotification", StatusNotification))
        yield* ask(raw, "TriggerMessage", { requestedMessage: "StatusNotification" })
        yield* start(call("StatusNotification", StatusNotification))
        yield* raw.send([3, yield* raw.nextCall("StatusNotification"), {}])
        yield* TestClock.adjust("100 seconds")
        yield* answerBoot(version, raw, "Accepted", 100)
        yield* raw.nextCall("StatusNotification")
      })
    )

    // A heartbeat is due when nothing was sent for the interval: its time counts from the BootNotification.
    for (const [title, status, next, after] of [
      ["waits for the interval of", "Pending", "BootNotification", 1_000_000],
      ["is accepted by", "Accepted", "Heartbeat", 990_000]
    ] as const) {
      it.effect(`[REG-03] ${title} an answer that comes when it would have booted by itself`, () =>
        Effect.gen(function* () {
          const { raw } = yield* stationOf(version, options)
          yield* answerBoot(version, raw, "Pending", 100)
          yield* TestClock.adjust("95 seconds")
          const id = yield* triggered(raw)
          yield* TestClock.adjust("10 seconds")
          assert.deepStrictEqual(yield* calls(raw), [])
          yield* raw.send([3, id, version.answer(status, 1000)])
          yield* TestClock.adjust(after - 1)
          assert.deepStrictEqual(yield* calls(raw), [])
          yield* TestClock.adjust(1)
          yield* raw.nextCall(next)
        })
      )
    }

    it.effect("[REG-03] boots once for each time it is asked to", () =>
      Effect.gen(function* () {
        const { raw, registrations } = yield* stationOf(version, options)
        yield* answerBoot(version, raw, "Pending", 1000)
        const first = yield* triggered(raw)
        yield* raw.send(trigger)
        assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
        yield* raw.send([3, first, version.answer("Pending", 1000)])
        yield* answerBoot(version, raw, "Accepted", 3600)
        assert.deepStrictEqual(registrations, ["Unregistered", "Pending", "Pending", "Accepted"])
        yield* TestClock.adjust("59 minutes")
        assert.deepStrictEqual(yield* calls(raw), [])
      })
    )

    it.effect("[REG-03] sends no more what it was asked for if an answer that is under way forbids it", () =>
      Effect.gen(function* () {
        const made = yield* stationOf(version, options)
        const { call, raw } = made
        yield* answerBoot(version, raw, "Pending", 1000)
        const id = yield* triggered(raw)
        yield* ask(raw, "TriggerMessage", { requestedMessage: "StatusNotification" })
        const asked = yield* start(call("StatusNotification", StatusNotification))
        yield* raw.send([3, id, version.answer("Rejected", 1000)])
        assert.deepStrictEqual(yield* calls(raw), [])
        assert.strictEqual(outcome(asked), "NotAccepted")
      })
    )
  })
}

describe("A station of several versions", () => {
  const negotiated = Effect.gen(function* () {
    const network = new Network()
    const connector = Context.get(yield* Layer.build(network.layer), Connector)
    network.speaks = "ocpp1.6"
    const made = yield* Station.negotiate(
      [
        {
          protocol: V201.protocol,
          boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } }
        },
        { protocol: V16.protocol, boot: { chargePointVendor: "ACME", chargePointModel: "One" } }
      ],
      { url: endpoint, identity: "CP001", ...spaced }
    ).pipe(Effect.provideService(Connector, connector))
    return { made, network, registrations: yield* collect(made.registration) }
  })

  const accept = Effect.fnUntraced(function* (raw: Raw, payload: object) {
    const [, id, action, sent] = yield* raw.next
    assert.strictEqual(action, "BootNotification")
    assert.deepInclude(sent, payload)
    yield* raw.send([3, id, { status: "Accepted", interval: 3600, currentTime: time }])
  })

  it.effect("boots in the version that was agreed, and again when another one is", () =>
    Effect.gen(function* () {
      const { network, registrations } = yield* negotiated
      yield* accept(network.raw, { chargePointModel: "One" })
      yield* network.raw.close()
      network.speaks = "ocpp2.0.1"
      yield* TestClock.adjust("10 seconds")
      yield* accept(network.raw, { reason: "PowerUp" })
      yield* network.raw.close()
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(network.links.length, 3)
      assert.deepStrictEqual(yield* calls(network.raw), [])
      yield* network.raw.close()
      network.speaks = "ocpp1.6"
      yield* TestClock.adjust("10 seconds")
      yield* accept(network.raw, { chargePointModel: "One" })
      assert.deepStrictEqual(registrations, [
        "Unregistered",
        "Accepted",
        "Unregistered",
        "Accepted",
        "Unregistered",
        "Accepted"
      ])
    })
  )

  it.effect("is told of each change once, also when it reboots", () =>
    Effect.gen(function* () {
      const { made, network, registrations } = yield* negotiated
      yield* accept(network.raw, { chargePointModel: "One" })
      yield* made.reboot
      yield* TestClock.adjust("10 seconds")
      yield* accept(network.raw, { chargePointModel: "One" })
      assert.deepStrictEqual(registrations, ["Unregistered", "Accepted", "Unregistered", "Accepted"])
    })
  )
})
