/**
 * What passes between a CSMS and a station that it has not accepted, state by state.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { unauthorized } from "../../src/csms/index.ts"
import { CallError } from "../../src/OcppError.ts"
import type { RegistrationStatus } from "../../src/Registration.ts"
import { Reply } from "../../src/Reply.ts"
import type { Session } from "../../src/Session.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { type AnyOptions, csms as makeCsms, csmsOf } from "../support/csms.ts"
import { asOfCsms, methodOf } from "../support/engine.ts"
import { time } from "../support/messages.ts"
import { failure, outcome } from "../support/outcome.ts"
import type { Raw } from "../support/raw.ts"
import { settled, start } from "../support/time.ts"
import { responseTo, v16, v201, v21, type Version, versions } from "../support/versions.ts"

/** Who may send what: the table of the specification, J16 §4.2, P2 B01 to B03. */
const table: Record<
  RegistrationStatus | "assumed",
  { station: boolean; remote: boolean; csms: boolean; asked: boolean }
> = {
  Unregistered: { station: false, remote: false, csms: true, asked: false },
  Pending: { station: false, remote: false, csms: true, asked: true },
  Rejected: { station: false, remote: false, csms: false, asked: false },
  Accepted: { station: true, remote: true, csms: true, asked: true },
  assumed: { station: true, remote: true, csms: true, asked: true }
}

/** The statuses that an answer to a BootNotification can have. */
const statusesOf = ({ refusals }: Version) => [...refusals, "Accepted"] as const

/** Opens a CSMS that assumes nothing of a station without a record, unless the options say otherwise. */
const open = Effect.fnUntraced(function* (version: Version, options: AnyOptions = {}) {
  const made = yield* csmsOf(version, { registration: { unknown: "refuse" }, ...options })
  /** How a call ends that the station answers in the smallest way, and what it got of it. */
  const call = Effect.fnUntraced(function* (raw: Raw, making: Effect.Effect<unknown, object>) {
    const fiber = yield* start(making)
    const [frame] = yield* raw.news
    if (frame !== undefined) yield* raw.send([4, frame[1], "NotSupported", "", {}])
    return { sent: frame?.[2], outcome: outcome(fiber) }
  })
  return { ...made, call }
})

type World = Effect.Success<ReturnType<typeof open>>

/** Finds an action of a version by its name, as one that a CSMS may start. */
const actionOf = ({ protocol }: Version, action: string) =>
  asOfCsms(protocol.actions.find(({ name }) => name === action)!)

/** That what passes in a state passes, and nothing else. */
const holds = Effect.fnUntraced(function* (world: World, version: Version, raw: Raw, status: keyof typeof table) {
  const { ask, call, csms, deviations, handled } = world
  const [, session] = yield* Effect.all([settled, csms.session("CP001")])
  if (session._tag === "None") return assert.fail("the station is not connected")
  assert.strictEqual(yield* session.value.registration, status)
  const may = table[status]

  handled.length = 0
  const told = deviations.length
  const answered = yield* ask(raw, "Heartbeat", {})
  if (may.station) {
    assert.deepStrictEqual(answered, { currentTime: time })
    assert.deepStrictEqual(deviations.slice(told), [])
  } else {
    assert.strictEqual(answered, "SecurityError")
    assert.deepStrictEqual(handled, [])
    assert.deepStrictEqual(
      deviations.slice(told).map(({ deviation: { action, kind }, identity }) => [identity, kind, action]),
      [["CP001", "NotAccepted", "Heartbeat"]]
    )
  }

  const requests: ReadonlyArray<readonly [string, object, boolean]> = [
    ...Object.entries(version.remote).map(([name, request]) => [name, request, may.remote] as const),
    ["ClearCache", {}, may.csms]
  ]
  for (const [name, request, passes] of requests) {
    const action = actionOf(version, name)
    const expected = passes
      ? { sent: action.name, outcome: "NotSupported" }
      : { sent: undefined, outcome: "NotAccepted" }
    // Clients have a method for each action.
    const client = session.value.station as Record<string, (given: object) => Effect.Effect<unknown, object>>
    assert.deepStrictEqual(
      yield* call(raw, csms.call("CP001", action, request)),
      expected,
      `${action.name} by identity`
    )
    assert.deepStrictEqual(yield* call(raw, session.value.call(action, request)), expected, `${action.name} by session`)
    assert.deepStrictEqual(yield* call(raw, client[methodOf(name)]!(request)), expected, `${action.name} by method`)
  }

  for (const [name, request, asked] of version.asks) {
    const action = actionOf(version, name)
    if (!may.csms) {
      assert.strictEqual((yield* call(raw, csms.call("CP001", action, request))).outcome, "NotAccepted")
      continue
    }
    yield* call(raw, csms.call("CP001", action, request))
    const expected = may.asked ? responseTo(version, asked) : "SecurityError"
    const payload = version.sends[asked]
    assert.deepStrictEqual(yield* ask(raw, asked, payload), expected, `${asked} by ${JSON.stringify(request)}`)
  }
})

for (const version of versions) {
  describe(`A CSMS of ${version.name} and a station`, () => {
    it.effect("[REG-06] that has not booted, and is refused for that", () =>
      Effect.gen(function* () {
        const world = yield* open(version)
        const { raw } = yield* world.connect()
        yield* holds(world, version, raw, "Unregistered")
      })
    )

    it.effect("[REG-06] [FIELD-K14] that has not booted, and is assumed to be accepted", () =>
      Effect.gen(function* () {
        const world = yield* open(version, { registration: {} })
        const { raw } = yield* world.connect()
        yield* holds(world, version, raw, "assumed")
        for (const status of statusesOf(version)) {
          yield* world.boot(raw, status)
          yield* holds(world, version, raw, status)
        }
      })
    )

    for (const status of statusesOf(version)) {
      const rule = { Pending: "REG-03", Rejected: "REG-04", Accepted: "REG-06" }[status]
      it.effect(`[${rule}] whose boot it has answered ${status}`, () =>
        Effect.gen(function* () {
          const world = yield* open(version)
          const { raw } = yield* world.connect()
          assert.deepStrictEqual(yield* world.boot(raw, status), version.answer(status))
          yield* holds(world, version, raw, status)
          for (const next of statusesOf(version)) {
            yield* world.boot(raw, next)
            yield* world.boot(raw, status)
            yield* holds(world, version, raw, status)
          }
        })
      )
    }

    for (const registration of ["Unregistered", "Pending", "Rejected", "Accepted"] as const) {
      it.effect(`[REG-06] of which accept says that it is ${registration}`, () =>
        Effect.gen(function* () {
          const world = yield* open(version, { accept: () => ({ registration }) })
          const { raw } = yield* world.connect()
          yield* holds(world, version, raw, registration)
          yield* world.boot(raw, "Accepted")
          yield* holds(world, version, raw, "Accepted")
        })
      )
    }

    it.effect("[REG-06] that comes back without a boot stands as its last boot was answered", () =>
      Effect.gen(function* () {
        const world = yield* open(version)
        let { raw } = yield* world.connect()
        const other = yield* world.connect("CP002")
        for (const status of statusesOf(version)) {
          yield* world.boot(raw, status)
          yield* raw.close()
          raw = (yield* world.connect()).raw
          yield* holds(world, version, raw, status)
        }
        assert.strictEqual(yield* other.session.registration, "Unregistered")
        assert.strictEqual(yield* world.ask(other.raw, "Heartbeat", {}), "SecurityError")
      })
    )
  })
}

describe.each(["assume", "refuse"] as const)("A station that boots, where without a record it is to %s", (unknown) => {
  const opened = (version: Version, options: AnyOptions = {}) =>
    open(version, { registration: { unknown }, ...options })

  it.effect("[REG-06] is accepted once its boot is answered, not before", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { ask, call, connect, csms } = yield* opened(v16, {
        handlers: { BootNotification: () => Effect.as(Deferred.await(gate), v16.answer("Accepted")) }
      })
      const { raw, session } = yield* connect()
      yield* raw.send([2, "boot", "BootNotification", v16.boot])
      assert.strictEqual(yield* ask(raw, "Heartbeat", {}), "SecurityError")
      const remote = csms.call("CP001", V16.RemoteStartTransaction, { idTag: "1" })
      assert.deepStrictEqual(yield* call(raw, remote), { sent: undefined, outcome: "NotAccepted" })
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.next, [3, "boot", v16.answer("Accepted")])
      assert.strictEqual(yield* session.registration, "Accepted")
      assert.deepStrictEqual(yield* ask(raw, "Heartbeat", {}), { currentTime: time })
    })
  )

  it.effect("[REG-06] again stays accepted until that boot is answered, and not if it is rejected", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { ask, connect, session } = yield* withSession(v201, {
        registration: { unknown },
        handlers: { BootNotification: () => Effect.as(Deferred.await(gate), v201.answer("Rejected")) },
        accept: () => ({ registration: "Accepted" })
      })
      const { raw } = yield* connect()
      yield* raw.send([2, "boot", "BootNotification", v201.boot])
      assert.deepStrictEqual(yield* ask(raw, "Heartbeat", {}), { currentTime: time })
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.next, [3, "boot", v201.answer("Rejected")])
      assert.strictEqual(yield* ask(raw, "Heartbeat", {}), "SecurityError")
      assert.strictEqual(yield* (yield* session).registration, "Rejected")
    })
  )

  it.effect("[REG-06] may be called by what follows the answer, as one that is accepted", () =>
    Effect.gen(function* () {
      const { connect } = yield* opened(v16, {
        handlers: {
          BootNotification: (_, peer) =>
            Reply.then(
              v16.answer("Accepted"),
              // A CSMS gives its handlers the session.
              (peer as Session).call(V16.RemoteStartTransaction, { idTag: "1" })
            )
        }
      })
      const { raw } = yield* connect()
      yield* raw.send([2, "boot", "BootNotification", v16.boot])
      const [answered, called] = yield* raw.news
      assert.deepStrictEqual(answered, [3, "boot", v16.answer("Accepted")])
      assert.deepStrictEqual(called?.[2], "RemoteStartTransaction")
    })
  )

  const failures: Record<string, Effect.Effect<unknown, CallError>> = {
    "fails with a CallError": Effect.fail(new CallError({ code: "InternalError" })),
    dies: Effect.die("a bug"),
    "gives an answer without a status": Effect.succeed({ currentTime: time, interval: 1 }),
    "gives a status that does not exist": Effect.succeed({ status: "Unregistered", currentTime: time, interval: 1 }),
    "gives a time that is none": Effect.succeed({ status: "Accepted", currentTime: "now", interval: 1 })
  }
  for (const [how, failing] of Object.entries(failures)) {
    it.effect(`[REG-06] stands as before if the handler ${how}`, () =>
      Effect.gen(function* () {
        for (const registration of [undefined, "Pending", "Rejected", "Accepted"] as const) {
          const { ask, connect } = yield* opened(v201, {
            handlers: { BootNotification: () => failing },
            accept: () => ({ registration })
          })
          const { raw, session } = yield* connect()
          assert.strictEqual(yield* ask(raw, "BootNotification", v201.boot), "InternalError")
          assert.strictEqual(yield* session.registration, registration ?? "Unregistered")
        }
      })
    )
  }

  it.effect("[REG-06] stands as before if its connection is lost before the answer", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { connect } = yield* opened(v16, {
        handlers: { BootNotification: () => Effect.as(Deferred.await(gate), v16.answer("Accepted")) }
      })
      const first = yield* connect()
      yield* first.raw.send([2, "boot", "BootNotification", v16.boot])
      yield* first.raw.close()
      yield* Deferred.succeed(gate, undefined)
      const second = yield* connect()
      assert.strictEqual(yield* second.session.registration, "Unregistered")
    })
  )

  it.effect("[REG-06] stands as before if its boot is refused for its own faults, or nobody handles it", () =>
    Effect.gen(function* () {
      const { ask, connect } = yield* opened(v16)
      const { raw, session } = yield* connect()
      assert.strictEqual(yield* ask(raw, "BootNotification", {}), "OccurenceConstraintViolation")
      assert.strictEqual(yield* session.registration, "Unregistered")

      const bare = yield* makeCsms({
        accept: () => Effect.succeed({ registration: undefined }),
        handlers: [V16.csmsHandlersPartial({})]
      })
      const other = yield* bare.connect("CP001")
      yield* other.raw.send([2, "1", "BootNotification", v16.boot])
      assert.strictEqual((yield* other.raw.next)[2], "NotSupported")
      assert.strictEqual(yield* other.session.registration, "Unregistered")
    })
  )
})

/** With the session of CP001. */
const withSession = Effect.fnUntraced(function* (version: Version, options: AnyOptions) {
  const world = yield* open(version, options)
  const session = Effect.flatMap(world.csms.session("CP001"), Effect.fromOption)
  return { ...world, session }
})

describe("A station that comes back", () => {
  it.effect("[REG-06] stands as accept says, whatever it was answered", () =>
    Effect.gen(function* () {
      let registration: RegistrationStatus | undefined = undefined
      const world = yield* open(v201, { accept: () => ({ registration }), takeoverLimit: { swaps: 1000 } })
      const first = yield* world.connect()
      yield* world.boot(first.raw, "Accepted")
      for (const said of ["Unregistered", "Pending", "Rejected", "Accepted"] as const) {
        registration = said
        const { session } = yield* world.connect()
        assert.strictEqual(yield* session.registration, said)
      }
      // What accept says is of one connection: the CSMS goes by its own answer again once nothing is said.
      registration = "Rejected"
      yield* world.connect()
      registration = undefined
      const { session } = yield* world.connect()
      assert.strictEqual(yield* session.registration, "Accepted")
    })
  )

  it.effect("[REG-06] [CON-12] and replaces its former connection, stays accepted", () =>
    Effect.gen(function* () {
      const world = yield* open(v16)
      const first = yield* world.connect()
      yield* world.boot(first.raw, "Accepted")
      const second = yield* world.connect()
      assert.strictEqual(first.raw.end?.code, 1000)
      yield* holds(world, v16, second.raw, "Accepted")
    })
  )

  it.effect("[REG-06] and whose former connection is answered Rejected meanwhile, is rejected", () =>
    Effect.gen(function* () {
      const entered = yield* Deferred.make<void>()
      let slow = false
      const world = yield* open(v16, {
        accept: () => {
          if (slow) Deferred.doneUnsafe(entered, Effect.void)
        },
        takeover: () => Effect.as(slow ? Effect.sleep("1 second") : Effect.void, "replace")
      })
      const first = yield* world.connect()
      yield* world.boot(first.raw, "Accepted")
      slow = true
      const coming = yield* start(world.connect())
      yield* Deferred.await(entered)
      yield* world.boot(first.raw, "Rejected")
      yield* TestClock.adjust("1 second")
      const { session } = yield* Fiber.join(coming)
      assert.strictEqual(yield* session.registration, "Rejected")
    })
  )

  it.effect("[REG-06] is not accepted for having been, if it may not connect", () =>
    Effect.gen(function* () {
      let isKnown = true
      const made = yield* makeCsms({
        accept: () => (isKnown ? Effect.succeed({ registration: undefined }) : unauthorized),
        handlers: [V16.csmsHandlersPartial({ bootNotification: () => Effect.succeed(v16.answer("Accepted") as never) })]
      })
      const { raw } = yield* made.connect("CP001")
      yield* raw.send([2, "1", "BootNotification", v16.boot])
      isKnown = false
      assert.strictEqual((yield* Effect.flip(made.connect("CP001"))).status, 401)
    })
  )
})

describe("What does not pass", () => {
  it.effect("[REG-06] is refused before anything else of it is looked at", () =>
    Effect.gen(function* () {
      for (const version of [v16, v201, v21]) {
        const { ask, connect, deviations } = yield* open(version)
        const { raw } = yield* connect()
        const requests: ReadonlyArray<readonly [string, unknown]> = [
          ["Heartbeat", { extra: 1 }],
          ["Heartbeat", null],
          ["Nonsense", {}],
          ["ClearCache", {}],
          ["bootNotification", version.boot],
          ["__proto__", {}]
        ]
        for (const [action, payload] of requests) {
          assert.strictEqual(yield* ask(raw, action, payload), "SecurityError", action)
        }
        assert.deepStrictEqual(
          deviations.map(({ deviation }) => [deviation.kind, deviation.action, deviation.violations]),
          requests.map(([action]) => ["NotAccepted", action, []])
        )
      }
    })
  )

  it.effect("[REG-06] is dropped and reported if it is a SEND", () =>
    Effect.gen(function* () {
      const { boot, connect, deviations, handled } = yield* open(v21)
      const { raw } = yield* connect()
      const stream = { id: 1, pending: 0, basetime: time, data: [{ t: 0, v: "230" }] }
      yield* raw.send([6, "stream", "NotifyPeriodicEventStream", stream])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(handled, [])
      assert.deepStrictEqual(
        deviations.map(({ deviation }) => [deviation.kind, deviation.action]),
        [["NotAccepted", "NotifyPeriodicEventStream"]]
      )
      yield* boot(raw, "Accepted")
      yield* raw.send([6, "stream", "NotifyPeriodicEventStream", stream])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(handled, ["BootNotification", "NotifyPeriodicEventStream"])
    })
  )

  it.effect("[REG-04] is not repeated, however the CSMS repeats its calls", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* open(v16, { accept: () => ({ registration: "Rejected" }) })
      yield* connect()
      const call = yield* start(csms.call("CP001", V16.ClearCache, {}, { retry: Schedule.forever }))
      assert.deepStrictEqual(yield* failure(call), {
        _tag: "NotSent",
        action: "ClearCache",
        reason: "NotAccepted",
        violations: []
      })
    })
  )

  it.effect("[REG-04] is not sent either when its turn comes after the station was rejected", () =>
    Effect.gen(function* () {
      const { boot, connect, csms } = yield* open(v16)
      const { raw } = yield* connect()
      yield* boot(raw, "Accepted")
      const calls = yield* Effect.all(
        [1, 2, 3].map(() => start(csms.call("CP001", V16.RemoteStartTransaction, { idTag: "1" })))
      )
      const id = yield* raw.nextCall("RemoteStartTransaction")
      yield* boot(raw, "Rejected")
      yield* raw.send([3, id, { status: "Accepted" }])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(calls.map(outcome), ["ok", "NotAccepted", "NotAccepted"])
    })
  )

  it.effect("[REG-06] does not keep the CSMS from asking for a boot, if it does not know the station", () =>
    Effect.gen(function* () {
      const { boot, call, connect, csms } = yield* open(v16)
      const { raw, session } = yield* connect()
      const trigger = csms.call("CP001", V16.TriggerMessage, { requestedMessage: "BootNotification" })
      assert.strictEqual((yield* call(raw, trigger)).sent, "TriggerMessage")
      yield* boot(raw, "Accepted")
      assert.strictEqual(yield* session.registration, "Accepted")
    })
  )
})

describe("What the CSMS asks a pending station for", () => {
  it.effect("[REG-03] passes from then on, before its answer too, and nothing else does", () =>
    Effect.gen(function* () {
      const { ask, boot, connect, csms } = yield* open(v16)
      const { raw } = yield* connect()
      yield* boot(raw, "Pending")
      yield* start(csms.call("CP001", V16.TriggerMessage, { requestedMessage: "StatusNotification" }))
      const id = yield* raw.nextCall("TriggerMessage")
      assert.deepStrictEqual(yield* ask(raw, "StatusNotification", v16.sends["StatusNotification"]), {})
      yield* raw.send([3, id, { status: "Accepted" }])
      for (let times = 0; times < 3; times++) {
        assert.deepStrictEqual(yield* ask(raw, "StatusNotification", v16.sends["StatusNotification"]), {})
        assert.strictEqual(yield* ask(raw, "Heartbeat", {}), "SecurityError")
      }
    })
  )

  it.effect("[REG-03] is asked for until its next boot is answered, and on this connection", () =>
    Effect.gen(function* () {
      const { ask, boot, call, connect, csms } = yield* open(v201)
      const { raw } = yield* connect()
      const asking = csms.call("CP001", V201.GetBaseReport, { requestId: 1, reportBase: "FullInventory" })
      yield* boot(raw, "Pending")
      yield* call(raw, asking)
      yield* boot(raw, "Pending")
      assert.strictEqual(yield* ask(raw, "NotifyReport", v201.sends["NotifyReport"]), "SecurityError")
      yield* call(raw, asking)
      assert.deepStrictEqual(yield* ask(raw, "NotifyReport", v201.sends["NotifyReport"]), {})
      const again = yield* connect()
      assert.strictEqual(yield* ask(again.raw, "NotifyReport", v201.sends["NotifyReport"]), "SecurityError")
    })
  )

  it.effect("[REG-03] is not asked for by a request that is not sent", () =>
    Effect.gen(function* () {
      const { ask, boot, call, connect, csms } = yield* open(v16)
      const { raw } = yield* connect()
      yield* boot(raw, "Pending")
      for (const request of [{ requestedMessage: "Heartbeat", extra: 1 }, {}, null, undefined, "Heartbeat"]) {
        const refused = yield* call(raw, csms.call("CP001", V16.TriggerMessage, request as never))
        assert.deepStrictEqual(refused, { sent: undefined, outcome: "InvalidRequest" })
      }
      assert.strictEqual(yield* ask(raw, "Heartbeat", {}), "SecurityError")
    })
  )
})
