import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import * as Peer from "../../src/engine/Peer.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { accepted, boot, time } from "../support/messages.ts"
import { failure, fields, isOver, outcome } from "../support/outcome.ts"
import { Network, station } from "../support/station.ts"
import { start } from "../support/time.ts"
import { asOfCsms } from "../support/engine.ts"

const answer = { currentTime: time }

describe("A call on the wire", () => {
  it.effect("[RPC-01] is [2, id, action, payload], and [3, id, payload] answers it", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.authorize({ idTag: "321" }))
      const frame = yield* raw.next
      const id = frame[1]
      assert.deepStrictEqual(frame, [2, id, "Authorize", { idTag: "321" }])
      yield* raw.send([3, id, accepted])
      assert.deepStrictEqual(yield* Fiber.join(call), accepted)
    })
  )

  it.effect("[RPC-01] goes from the CSMS to a station in the same form", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
      const { raw } = yield* connect("CP001")
      const call = yield* start(csms.call("CP001", V16.RemoteStartTransaction, { idTag: "321" }))
      const id = yield* raw.nextCall("RemoteStartTransaction")
      yield* raw.send([3, id, { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(call), { status: "Accepted" })
    })
  )

  it.effect("[RPC-02] names the action without Request", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(csms.bootNotification(boot))
      assert.strictEqual((yield* raw.next)[2], "BootNotification")
    })
  )

  it.effect("[RPC-03] has {} for an empty payload and leaves absent fields out", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      assert.deepStrictEqual(raw.received, [`[2,"${id}","Heartbeat",{}]`])
      yield* raw.send([3, id, answer])
      yield* start(csms.statusNotification({ connectorId: 0, errorCode: "NoError", status: "Available" }))
      const [, , , payload] = yield* raw.next
      assert.deepStrictEqual(payload, { connectorId: 0, errorCode: "NoError", status: "Available" })
    })
  )

  it.effect("[RPC-03] keeps a list of one a list", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const meterValue = [{ timestamp: time, sampledValue: [{ value: "1" }] }]
      yield* start(csms.meterValues({ connectorId: 1, meterValue }))
      assert.deepStrictEqual((yield* raw.next)[3], { connectorId: 1, meterValue })
    })
  )
})

describe("One at a time", () => {
  it.effect("[RPC-04] the next call is sent after the answer", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const first = yield* start(csms.heartbeat({}))
      const second = yield* start(csms.authorize({ idTag: "1" }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(first), answer)
      yield* raw.send([3, yield* raw.nextCall("Authorize"), accepted])
      assert.deepStrictEqual(yield* Fiber.join(second), accepted)
    })
  )

  it.effect("[RPC-04] the next call is sent after a CALLERROR", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(csms.heartbeat({}))
      yield* start(csms.authorize({ idTag: "1" }))
      yield* raw.send([4, yield* raw.nextCall("Heartbeat"), "InternalError", "", {}])
      yield* raw.nextCall("Authorize")
    })
  )

  it.effect("[RPC-04] the next call is sent after the time-out, and has its own", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { timeout: "1 hour", responseTimeout: "30 seconds" } })
      const first = yield* start(csms.heartbeat({}))
      const second = yield* start(csms.authorize({ idTag: "1" }))
      yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("29 seconds")
      assert.deepStrictEqual(yield* raw.news, [])
      yield* TestClock.adjust("1 second")
      yield* raw.nextCall("Authorize")
      assert.strictEqual(outcome(first), "Timeout")
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(outcome(second), "open")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(outcome(second), "Timeout")
    })
  )

  it.effect("[RPC-04] calls are sent in the order in which they were made", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const tags = Array.from({ length: 20 }, (_, index) => `tag ${index}`)
      yield* Effect.forEach(tags, (idTag) => start(csms.authorize({ idTag })))
      const sent: Array<unknown> = []
      for (const _ of tags) {
        const [, id, , payload] = yield* raw.next
        sent.push(payload)
        yield* raw.send([3, id, accepted])
      }
      assert.deepStrictEqual(
        sent,
        tags.map((idTag) => ({ idTag }))
      )
    })
  )

  it.effect("[RPC-04] calls in opposite directions cross", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ handlers: { reset: () => Effect.succeed({ status: "Accepted" }) } })
      const call = yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([2, "1", "Reset", { type: "Soft" }])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
    })
  )

  it.effect("[RPC-04] a connection does not wait for another", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
      const first = yield* connect("CP001")
      const second = yield* connect("CP002")
      yield* start(csms.call("CP001", V16.ClearCache, {}))
      yield* start(csms.call("CP002", V16.ClearCache, {}))
      yield* first.raw.nextCall("ClearCache")
      yield* second.raw.nextCall("ClearCache")
    })
  )
})

describe("The time-outs of several connections", () => {
  const connected = Effect.fnUntraced(function* () {
    const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
    const [first, second] = [yield* connect("CP001"), yield* connect("CP002")]
    const call = (identity: string, seconds: number) =>
      start(csms.call(identity, V16.ClearCache, {}, { timeout: `${seconds} seconds` }))
    return { first, second, call }
  })

  it.effect("[RPC-06] come each at its time, whichever call was made first", () =>
    Effect.gen(function* () {
      const { call } = yield* connected()
      const calls = [yield* call("CP001", 20), yield* call("CP002", 10)]
      yield* TestClock.adjust(9999)
      assert.deepStrictEqual(calls.map(outcome), ["open", "open"])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(calls.map(outcome), ["open", "Timeout"])
      yield* TestClock.adjust(9999)
      assert.deepStrictEqual(calls.map(outcome), ["open", "Timeout"])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(calls.map(outcome), ["Timeout", "Timeout"])
    })
  )

  it.effect("[RPC-06] do not depend on a connection that is closed", () =>
    Effect.gen(function* () {
      const { call, first } = yield* connected()
      const calls = [yield* call("CP001", 10), yield* call("CP002", 20)]
      yield* TestClock.adjust("5 seconds")
      yield* first.raw.close()
      yield* TestClock.adjust(14_999)
      assert.deepStrictEqual(calls.map(outcome), ["ConnectionLost", "open"])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(calls.map(outcome), ["ConnectionLost", "Timeout"])
    })
  )

  it.effect("[RPC-06] are kept for as long as no timer of a platform can, and to the millisecond", () =>
    Effect.gen(function* () {
      const { call } = yield* connected()
      const calls = [yield* call("CP001", 40 * 86_400), yield* call("CP002", 41 * 86_400)]
      yield* TestClock.adjust(40 * 86_400_000 - 1)
      assert.deepStrictEqual(calls.map(outcome), ["open", "open"])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(calls.map(outcome), ["Timeout", "open"])
    })
  )
})

describe("The message id", () => {
  it.effect("[RPC-05] is unique over all connections of a station", () =>
    Effect.gen(function* () {
      const { csms, network } = yield* station({ reconnect: Schedule.spaced("1 second") })
      const ids = new Set<string>()
      for (let link = 0; link < 5; link++) {
        for (let n = 0; n < 20; n++) {
          yield* start(Effect.exit(csms.heartbeat({})))
          const id = yield* network.raw.nextCall("Heartbeat")
          assert.isAtMost(id.length, 36)
          ids.add(id)
          yield* network.raw.send([3, id, answer])
        }
        yield* network.raw.close()
        yield* TestClock.adjust("1 second")
      }
      assert.strictEqual(ids.size, 100)
    })
  )

  it.effect("[RPC-05] is another in every process", () =>
    Effect.gen(function* () {
      const sources = yield* Effect.all(Array.from({ length: 100 }, () => Peer.makeIds))
      assert.strictEqual(new Set(sources.map((next) => next())).size, 100)
    })
  )

  it.effect("[RPC-05] is the caller's where it gives one", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const messageId = "x".repeat(36)
      yield* start(csms.heartbeat({}, { messageId }))
      assert.strictEqual(yield* raw.nextCall("Heartbeat"), messageId)
    })
  )

  for (const messageId of ["", "x".repeat(37)]) {
    it.effect(`[RPC-05] of ${messageId.length} characters is not sent`, () =>
      Effect.gen(function* () {
        const { csms, raw } = yield* station()
        const call = yield* start(csms.heartbeat({}, { messageId }))
        assert.strictEqual((yield* failure(call))._tag, "NotSent")
        assert.deepStrictEqual(yield* raw.news, [])
      })
    )
  }
})

describe("An answer that nobody waits for", () => {
  it.effect("[RPC-06] with an unknown id is dropped and reported", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([3, "unknown", answer])
      yield* raw.send([4, "unknown", "InternalError", "", {}])
      assert.isFalse(yield* isOver(call))
      assert.deepStrictEqual(
        deviations.map(({ kind, messageId }) => [kind, messageId]),
        [
          ["UnexpectedAnswer", "unknown"],
          ["UnexpectedAnswer", "unknown"]
        ]
      )
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
    })
  )

  it.effect("[RPC-06] because it is late does not complete the next call", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station({ calls: { timeout: "1 hour", responseTimeout: "30 seconds" } })
      yield* start(csms.heartbeat({}))
      const next = yield* start(csms.heartbeat({}))
      const late = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("30 seconds")
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([3, late, { currentTime: "2000-01-01T00:00:00Z" }])
      assert.isFalse(yield* isOver(next))
      assert.deepStrictEqual(
        deviations.map(({ kind, messageId }) => [kind, messageId]),
        [["UnexpectedAnswer", late]]
      )
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(next), answer)
    })
  )

  it.effect("[RPC-06] because it is repeated does not complete the next call", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const first = yield* start(csms.heartbeat({}))
      const next = yield* start(csms.authorize({ idTag: "1" }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([3, id, answer])
      yield* raw.send([3, id, accepted])
      yield* raw.send([4, id, "GenericError", "", {}])
      assert.deepStrictEqual(yield* Fiber.join(first), answer)
      assert.isFalse(yield* isOver(next))
      assert.deepStrictEqual(
        deviations.map(({ kind }) => kind),
        ["UnexpectedAnswer", "UnexpectedAnswer"]
      )
    })
  )

  it.effect("[RPC-06] on one connection does not complete the call of another", () =>
    Effect.gen(function* () {
      const { connect, csms, deviations } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
      const first = yield* connect("CP001")
      const second = yield* connect("CP002")
      const call = yield* start(csms.call("CP001", V16.ClearCache, {}))
      const id = yield* first.raw.nextCall("ClearCache")
      yield* second.raw.send([3, id, { status: "Accepted" }])
      assert.isFalse(yield* isOver(call))
      assert.deepStrictEqual(
        deviations.map(({ identity, deviation }) => [identity, deviation.kind]),
        [["CP002", "UnexpectedAnswer"]]
      )
    })
  )

  it.effect("[RPC-07] is never answered, and neither is a bad one", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      yield* start(Effect.exit(csms.heartbeat({})))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([3, "unknown", {}])
      yield* raw.send([4, "unknown"])
      yield* raw.send([3])
      yield* raw.send([4, 1, 2, 3])
      yield* raw.send([3, id, { currentTime: "noon" }])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(
        deviations.map(({ kind }) => kind),
        ["UnexpectedAnswer", "UnexpectedAnswer", "MalformedFrame", "MalformedFrame", "InvalidResponse"]
      )
    })
  )
})

describe("A call that fails", () => {
  it.effect("is NotSent without a connection", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* raw.close()
      const call = yield* start(csms.heartbeat({}))
      assert.deepStrictEqual(yield* failure(call), {
        _tag: "NotSent",
        action: "Heartbeat",
        reason: "NotConnected",
        violations: []
      })
    })
  )

  it.effect("is NotSent if the connection ends before its turn", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(Effect.exit(csms.heartbeat({})))
      const waiting = yield* start(csms.authorize({ idTag: "1" }))
      yield* raw.nextCall("Heartbeat")
      yield* raw.close()
      assert.strictEqual(outcome(waiting), "NotConnected")
    })
  )

  it.effect("is NotSent at once if too many wait", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { queueLimit: 2 } })
      const [sent, second, third, fourth] = yield* Effect.all([
        start(csms.heartbeat({})),
        start(csms.heartbeat({})),
        start(csms.heartbeat({})),
        start(csms.authorize({ idTag: "1" }))
      ])
      assert.strictEqual((yield* failure(fourth)).reason, "QueueFull")
      assert.deepStrictEqual([sent, second, third].map(outcome), ["open", "open", "open"])
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      const next = yield* start(csms.heartbeat({}))
      assert.isFalse(yield* isOver(next))
    })
  )

  it.effect("is NotSent at once if none may wait and one is under way", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { queueLimit: 0 } })
      const first = yield* start(csms.heartbeat({}))
      const second = yield* start(csms.heartbeat({}))
      assert.strictEqual(outcome(second), "QueueFull")
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      assert.strictEqual(outcome(first), "ok")
      const third = yield* start(csms.heartbeat({}))
      assert.strictEqual(outcome(third), "open")
    })
  )

  it.effect("is NotSent if 100 wait already, unless told otherwise", () =>
    Effect.gen(function* () {
      const { csms } = yield* station()
      const calls = yield* Effect.all(Array.from({ length: 102 }, () => start(csms.heartbeat({}))))
      assert.deepStrictEqual(
        calls.map(outcome),
        Array.from({ length: 102 }, (_, index) => (index < 101 ? "open" : "QueueFull"))
      )
    })
  )

  it.effect("is NotSent with the paths at fault if its request breaks the schema", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const meterValue = [{ timestamp: "noon", sampledValue: [{ value: "1" }] }]
      const call = yield* start(csms.meterValues({ connectorId: 1.5, meterValue }))
      const error = yield* Effect.flip(Fiber.join(call))
      assert.deepStrictEqual(
        error._tag === "NotSent" && [error.reason, error.violations.map(({ code, path }) => [path, code])],
        [
          "InvalidRequest",
          [
            ["connectorId", "TypeConstraintViolation"],
            ["meterValue[0].timestamp", "PropertyConstraintViolation"]
          ]
        ]
      )
      assert.include(error.message, "meterValue[0].timestamp")
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )

  it.effect("[RPC-03] is NotSent if a field is null that should be absent", () =>
    Effect.gen(function* () {
      const { csms } = yield* station()
      const call = yield* start(csms.dataTransfer(JSON.parse(`{"vendorId":"x","data":null}`)))
      assert.strictEqual((yield* failure(call)).reason, "InvalidRequest")
    })
  )

  for (const [title, action, request] of [
    ["its own to answer", V16.Heartbeat, {}],
    ["an action of the same name", { ...V16.ClearCache }, {}]
  ] as const) {
    it.effect(`is NotSent if the action is not this side's to start: ${title}`, () =>
      Effect.gen(function* () {
        const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
        const { raw } = yield* connect("CP001")
        // The types refuse it.
        const call = yield* start(csms.call("CP001", asOfCsms(action), request))
        assert.strictEqual((yield* failure(call)).reason, "NotSupported")
        assert.deepStrictEqual(yield* raw.news, [])
      })
    )
  }

  it.effect("is Uncertain after 30 seconds without an answer", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const messageId = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("29999 millis")
      assert.strictEqual(outcome(call), "open")
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* failure(call), {
        _tag: "Uncertain",
        action: "Heartbeat",
        messageId,
        reason: "Timeout"
      })
    })
  )

  it.effect("is Uncertain at once if the connection is lost", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const messageId = yield* raw.nextCall("Heartbeat")
      yield* raw.close(1006)
      assert.deepStrictEqual(yield* failure(call), {
        _tag: "Uncertain",
        action: "Heartbeat",
        messageId,
        reason: "ConnectionLost"
      })
    })
  )

  it.effect("has the action, and the peer's code, description and details", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send(`[4,"${id}","SecurityError","not yet",{"retry":[5,null],"__proto__":{"a":1}}]`)
      const refused = yield* Effect.flip(Fiber.join(call))
      const { details, ...error } = fields(refused)
      assert.deepStrictEqual(error, {
        _tag: "CallError",
        code: "SecurityError",
        action: "Heartbeat",
        description: "not yet"
      })
      assert.strictEqual(refused.message, "Heartbeat was refused: SecurityError: not yet")
      assert.strictEqual(JSON.stringify(details), `{"retry":[5,null],"__proto__":{"a":1}}`)
      assert.deepStrictEqual(deviations, [])
    })
  )

  for (const [title, parts] of [
    ["nothing but the id", []],
    ["no description", ["GenericError"]],
    ["no details", ["GenericError", ""]],
    ["details that are no object", ["GenericError", "", []]],
    ["a code that is no text", [500, "", {}]],
    ["one part too many", ["GenericError", "", {}, 1]]
  ] as const) {
    it.effect(`is a CallError also if the CALLERROR has ${title}, which is reported`, () =>
      Effect.gen(function* () {
        const { csms, deviations, raw } = yield* station()
        const call = yield* start(csms.heartbeat({}))
        yield* raw.send([4, yield* raw.nextCall("Heartbeat"), ...parts])
        assert.deepStrictEqual(yield* failure(call), {
          _tag: "CallError",
          code: "GenericError",
          action: "Heartbeat",
          description: "",
          details: {}
        })
        assert.deepStrictEqual(
          deviations.map(({ kind }) => kind),
          ["MalformedFrame"]
        )
      })
    )
  }

  it.effect("is InvalidResponse with the payload as it came and the path at fault", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const call = yield* start(csms.authorize({ idTag: "321" }))
      const messageId = yield* raw.nextCall("Authorize")
      const payload = { idTagInfo: { status: "Accepted", expiryDate: "never" }, extra: [1] }
      yield* raw.send([3, messageId, payload])
      const { violations, ...error } = yield* failure(call)
      assert.deepStrictEqual(error, { _tag: "InvalidResponse", action: "Authorize", messageId, payload })
      const [deviation, ...others] = deviations
      assert.deepStrictEqual(others, [])
      assert.deepInclude(deviation, { kind: "InvalidResponse", messageId, action: "Authorize" })
      assert.deepStrictEqual(violations, deviation?.violations)
      assert.sameMembers(deviation?.violations.map(({ path }) => path) ?? [], ["idTagInfo.expiryDate", "extra"])
    })
  )

  for (const payload of [null, [], 7, "text"]) {
    it.effect(`is InvalidResponse if the answer is ${JSON.stringify(payload)}`, () =>
      Effect.gen(function* () {
        const { csms, raw } = yield* station()
        const call = yield* start(csms.heartbeat({}))
        yield* raw.send([3, yield* raw.nextCall("Heartbeat"), payload])
        assert.deepInclude(yield* failure(call), { _tag: "InvalidResponse", payload })
      })
    )
  }

  it.effect("is InvalidResponse at once if the answer is nested too deeply", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const id = String(yield* raw.nextCall("Heartbeat"))
      const text = `[3,"${id}",{"currentTime":${"[".repeat(100)}${"]".repeat(100)}}]`
      yield* raw.send(text)
      assert.deepInclude(yield* failure(call), { _tag: "InvalidResponse", messageId: id, payload: text })
      assert.deepStrictEqual(
        deviations.map(({ kind }) => kind),
        ["MalformedFrame", "InvalidResponse"]
      )
    })
  )

  it.effect("leaves the connection as it was", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      for (const bad of [[3, {}], [4, "GenericError", "", {}], [4]]) {
        yield* start(Effect.exit(csms.heartbeat({})))
        const [type, ...rest] = bad
        yield* raw.send([type, yield* raw.nextCall("Heartbeat"), ...rest])
      }
      const call = yield* start(csms.heartbeat({}))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
    })
  )
})

describe("The time-out of a call", () => {
  it.effect("is set per connection and per call", () =>
    Effect.gen(function* () {
      const { csms } = yield* station({ calls: { timeout: "10 seconds" } })
      const call = yield* start(csms.heartbeat({}, { timeout: "2 seconds" }))
      const next = yield* start(csms.heartbeat({}))
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual([call, next].map(outcome), ["Timeout", "open"])
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(outcome(next), "Timeout")
    })
  )

  it.effect("[FIELD-K13] counts from the call on: what has not left by then is not sent", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(Effect.exit(csms.heartbeat({}, { timeout: "1 hour" })))
      const id = yield* raw.nextCall("Heartbeat")
      const next = yield* start(csms.authorize({ idTag: "1" }, { timeout: "1 second" }))
      const other = yield* start(csms.authorize({ idTag: "2" }, { timeout: "2 seconds" }))
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(outcome(next), "open")
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(yield* failure(next), { _tag: "NotSent", action: "Authorize", reason: "Timeout" })
      assert.strictEqual(outcome(other), "open")
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* failure(other), { _tag: "NotSent", reason: "Timeout" })
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )

  it.effect("[FIELD-K13] counts from the call on: what has left by then is uncertain, and keeps its turn", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      yield* start(Effect.exit(csms.heartbeat({})))
      const second = yield* start(csms.authorize({ idTag: "1" }))
      const first = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("20 seconds")
      yield* raw.send([3, first, answer])
      const late = yield* raw.nextCall("Authorize")
      const third = yield* start(csms.authorize({ idTag: "2" }))
      yield* TestClock.adjust("10 seconds")
      assert.deepInclude(yield* failure(second), { _tag: "Uncertain", reason: "Timeout" })
      assert.deepStrictEqual(yield* raw.news, [])
      yield* raw.send([3, late, accepted])
      yield* raw.send([3, yield* raw.nextCall("Authorize"), accepted])
      assert.deepStrictEqual(yield* Fiber.join(third), accepted)
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("[RPC-04] of the answer counts from when it is sent, and ends its turn", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { timeout: "1 hour", responseTimeout: "1 minute" } })
      const first = yield* start(csms.heartbeat({}))
      const second = yield* start(csms.authorize({ idTag: "1" }, { responseTimeout: "10 seconds" }))
      yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual([outcome(first), outcome(second)], ["open", "open"])
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* failure(first), { _tag: "Uncertain", reason: "Timeout" })
      yield* raw.nextCall("Authorize")
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(outcome(second), "open")
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* failure(second), { _tag: "Uncertain", reason: "Timeout" })
    })
  )

  it.effect("may be infinite, and then leaves the call to its answer", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}, { timeout: Duration.infinity }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("1000 days")
      assert.strictEqual(outcome(call), "open")
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
    })
  )

  it.effect("no longer runs once there is an answer", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      yield* Fiber.join(call)
      const next = yield* start(csms.heartbeat({}))
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(outcome(next), "open")
    })
  )
})

describe("A call that is repeated", () => {
  it.effect("[RPC-05] carries one message id over all tries of the call's schedule", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const retry = Schedule.spaced("10 seconds").pipe(Schedule.upTo({ times: 2 }))
      const call = yield* start(csms.heartbeat({}, { retry }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("39 seconds")
      assert.deepStrictEqual(yield* raw.news, [])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* raw.nextCall("Heartbeat"), id)
      yield* TestClock.adjust("40 seconds")
      assert.strictEqual(yield* raw.nextCall("Heartbeat"), id)
      yield* TestClock.adjust("40 seconds")
      assert.deepStrictEqual(yield* raw.news, [])
      assert.strictEqual(outcome(call), "Timeout")
    })
  )

  it.effect("follows the schedule of the connection where it has none of its own", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { timeout: "1 second", retry: Schedule.recurs(1) } })
      const call = yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* raw.nextCall("Heartbeat"), id)
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
    })
  )

  it.effect("follows its own schedule rather than that of the connection", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { timeout: "1 second", retry: Schedule.recurs(5) } })
      const call = yield* start(csms.heartbeat({}, { retry: Schedule.recurs(1) }))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(outcome(call), "Timeout")
      assert.strictEqual((yield* raw.news).length, 2)
    })
  )

  it.effect("may be answered late, for the id is the same", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}, { retry: Schedule.recurs(1), timeout: "1 second" }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("1500 millis")
      yield* raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("goes on over the next connection with the same id", () =>
    Effect.gen(function* () {
      const { csms, network, raw } = yield* station({ reconnect: Schedule.spaced("5 seconds") })
      const call = yield* start(csms.heartbeat({}, { retry: Schedule.spaced("2 seconds") }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.close()
      yield* TestClock.adjust("6 seconds")
      assert.strictEqual(yield* network.raw.nextCall("Heartbeat"), id)
      yield* network.raw.send([3, id, answer])
      assert.deepStrictEqual(yield* Fiber.join(call), answer)
    })
  )

  it.effect("waits for a place in a full queue", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { queueLimit: 1 } })
      yield* start(Effect.exit(csms.heartbeat({})))
      yield* start(Effect.exit(csms.heartbeat({})))
      const call = yield* start(csms.authorize({ idTag: "1" }, { retry: Schedule.spaced("10 seconds") }))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      yield* TestClock.adjust("10 seconds")
      yield* raw.send([3, yield* raw.nextCall("Authorize"), accepted])
      assert.deepStrictEqual(yield* Fiber.join(call), accepted)
    })
  )

  it.effect("is not repeated after an answer, even a bad one, nor if it never can be sent", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({ calls: { retry: Schedule.recurs(5) } })
      for (const bad of [
        [4, "InternalError", "", {}],
        [3, {}]
      ]) {
        const call = yield* start(Effect.exit(csms.heartbeat({})))
        const [type, ...rest] = bad
        yield* raw.send([type, yield* raw.nextCall("Heartbeat"), ...rest])
        assert.isTrue(yield* isOver(call))
      }
      const invalid = yield* start(csms.authorize({ idTag: "x".repeat(21) }))
      assert.strictEqual(outcome(invalid), "InvalidRequest")
    })
  )
})

describe("A caller that is interrupted", () => {
  it.effect("while it waits leaves nothing to be sent", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(csms.heartbeat({}))
      const second = yield* start(csms.authorize({ idTag: "1" }))
      yield* start(csms.statusNotification({ connectorId: 0, errorCode: "NoError", status: "Available" }))
      yield* Fiber.interrupt(second)
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      yield* raw.nextCall("StatusNotification")
    })
  )

  it.effect("[RPC-04] goes at once, while the next call waits for the answer all the same", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const first = yield* start(csms.heartbeat({}))
      yield* start(csms.authorize({ idTag: "1" }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* raw.news, [])
      yield* raw.send([3, id, answer])
      yield* raw.nextCall("Authorize")
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("[RPC-04] goes at once, while the next call waits for the time-out all the same", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const first = yield* start(csms.heartbeat({}))
      yield* start(csms.authorize({ idTag: "1" }, { timeout: "1 minute" }))
      yield* raw.nextCall("Heartbeat")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("29 seconds")
      assert.deepStrictEqual(yield* raw.news, [])
      yield* TestClock.adjust("1 second")
      yield* raw.nextCall("Authorize")
    })
  )

  it.effect("between two tries makes no more of them", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}, { retry: Schedule.spaced("10 seconds") }))
      yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("35 seconds")
      yield* Fiber.interrupt(call)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )
})

describe("A caller that goes on at once", () => {
  it.effect("does not overtake the calls that wait", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      yield* start(Effect.andThen(csms.heartbeat({}), csms.authorize({ idTag: "after" })))
      yield* start(csms.authorize({ idTag: "waiting" }))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), answer])
      const [, id, , payload] = yield* raw.next
      assert.deepStrictEqual(payload, { idTag: "waiting" })
      yield* raw.send([3, id, accepted])
      assert.deepStrictEqual((yield* raw.next)[3], { idTag: "after" })
    })
  )

  it.effect("after a loss finds no connection", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({}, new Network())
      const call = yield* start(csms.heartbeat({}).pipe(Effect.catchTag("Uncertain", () => csms.heartbeat({}))))
      yield* raw.nextCall("Heartbeat")
      yield* raw.close()
      assert.strictEqual(outcome(call), "NotConnected")
    })
  )
})
