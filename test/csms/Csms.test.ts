import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Csms } from "../../src/csms/Csms.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import { type Handshake, hasPassword, unauthorized, unknownStation } from "../../src/csms/Handshake.ts"
import type * as Protocol from "../../src/Protocol.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms, handshake } from "../support/csms.ts"
import { boot, core, time } from "../support/messages.ts"
import { failure, outcome } from "../support/outcome.ts"
import { collect, settled, start } from "../support/time.ts"
import * as Handlers from "../../src/Handlers.ts"

const credentials = (username: string, password = "secret") => ({
  username,
  password: Redacted.make(new TextEncoder().encode(password))
})

const handlers = [V16.csmsHandlers(core)]

describe("Who may connect", () => {
  it.effect("[CON-07] wrong credentials are refused with 401, an unknown station with 404", () =>
    Effect.gen(function* () {
      const { endpoint } = yield* makeCsms({
        handlers,
        accept: (shake) =>
          shake.identity !== "CP001"
            ? Effect.fail(unknownStation)
            : hasPassword(shake, Redacted.make("secret"))
              ? Effect.void
              : Effect.fail(unauthorized)
      })
      const status = (shake: Handshake) =>
        Effect.match(endpoint.accept(shake), { onFailure: (refused) => refused.status, onSuccess: () => 101 })
      assert.strictEqual(yield* status(handshake("CP001", credentials("CP001"))), 101)
      assert.strictEqual(yield* status(handshake("CP001", credentials("CP001", "wrong"))), 401)
      assert.strictEqual(yield* status(handshake("CP001")), 401)
      assert.strictEqual(yield* status(handshake("CP002", credentials("CP002"))), 404)
    })
  )

  it.effect("[CON-04] a user name that is not the identity is refused before anyone is asked", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const { endpoint } = yield* makeCsms({
        handlers,
        accept: ({ identity }) => Effect.sync(() => void asked.push(identity))
      })
      const refused = yield* Effect.flip(endpoint.accept(handshake("CP001", credentials("CP002"))))
      assert.strictEqual(refused.status, 401)
      assert.deepStrictEqual(asked, [])
      yield* endpoint.accept(handshake("CP001", credentials("CP001")))
      assert.deepStrictEqual(asked, ["CP001"])
    })
  )

  it.effect("is asked of the services that the layer is given", () =>
    Effect.gen(function* () {
      class Known extends Context.Service<Known, ReadonlySet<string>>()("test/Known") {}
      const context = yield* Layer.build(
        Csms.layer({
          handlers,
          accept: ({ identity }) =>
            Effect.flatMap(Known, (known) => (known.has(identity) ? Effect.void : Effect.fail(unknownStation)))
        })
      ).pipe(Effect.provideService(Known, new Set(["CP001"])))
      const endpoint = Context.get(context, Endpoint)
      assert.isTrue(Exit.isSuccess(yield* Effect.exit(endpoint.accept(handshake("CP001")))))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(endpoint.accept(handshake("CP002")))))
    })
  )

  it.effect("[CON-05] the first sub-protocol of the station that the CSMS speaks is agreed on", () =>
    Effect.gen(function* () {
      const older: Protocol.Protocol = {
        ...V16.protocol,
        version: "1.5",
        json: { ...V16.protocol.json, subprotocol: "ocpp1.5" }
      }
      const none = Handlers.make(older, "csms", () => undefined)
      const { endpoint } = yield* makeCsms({ handlers: [...handlers, none] })
      for (const [subprotocols, agreed] of [
        [["ocpp1.6", "ocpp1.5"], "ocpp1.6"],
        [["ocpp1.5", "ocpp1.6"], "ocpp1.5"],
        [["ocpp2.0.1", "ocpp1.6"], "ocpp1.6"]
      ] as const) {
        const admission = yield* endpoint.accept({ ...handshake("CP001"), subprotocols })
        assert.strictEqual(admission.agreed?.subprotocol, agreed)
      }
    })
  )

  it.effect("[CON-06] a station that offers none of them may come in without one", () =>
    Effect.gen(function* () {
      const { csms, endpoint } = yield* makeCsms({ handlers })
      for (const subprotocols of [[], ["ocpp2.0.1"], ["OCPP1.6"], ["__proto__"]]) {
        assert.deepStrictEqual(yield* endpoint.accept({ ...handshake("CP001"), subprotocols }), { agreed: undefined })
      }
      assert.deepStrictEqual(yield* csms.connected, [])
    })
  )
})

describe("hasPassword", () => {
  it("[SEC-03] takes bytes that are no text", () => {
    const bytes = new Uint8Array([0, 255, 128, 58])
    const shake: Handshake = {
      ...handshake("CP001"),
      credentials: Option.some({ username: "CP001", password: Redacted.make(bytes) })
    }
    assert.isTrue(hasPassword(shake, Redacted.make(bytes.slice())))
    assert.isFalse(hasPassword(shake, Redacted.make(bytes.slice(1))))
  })

  it("[SEC-02] says no to every other password, and to none", () => {
    const shake = handshake("CP001", credentials("CP001", "secret"))
    assert.isTrue(hasPassword(shake, Redacted.make("secret")))
    for (const other of ["", "s", "secre", "secretsecret", "secret\u0000", "Secret"]) {
      assert.isFalse(hasPassword(shake, Redacted.make(other)), other)
    }
    assert.isFalse(hasPassword(handshake("CP001"), Redacted.make("")))
    const empty = handshake("CP001", credentials("CP001", ""))
    assert.isFalse(hasPassword(empty, Redacted.make("secret")))
    assert.isTrue(hasPassword(empty, Redacted.make("")))
  })
})

describe("The stations of a CSMS", () => {
  it.effect("are called by their identity", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const { raw } = yield* connect("CP001")
      const other = yield* connect("CP002")
      const call = yield* start(csms.call("CP001", V16.GetConfiguration, { key: ["HeartbeatInterval"] }))
      yield* raw.send([3, yield* raw.nextCall("GetConfiguration"), { unknownKey: ["HeartbeatInterval"] }])
      assert.deepStrictEqual(yield* Fiber.join(call), { unknownKey: ["HeartbeatInterval"] })
      assert.deepStrictEqual(yield* other.raw.news, [])
    })
  )

  it.effect("are called by their session", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const { raw, session } = yield* connect("CP001")
      const call = yield* start(session.call(V16.ClearCache, {}))
      yield* raw.send([3, yield* raw.nextCall("ClearCache"), { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(call), { status: "Accepted" })
      assert.deepStrictEqual(yield* csms.session("CP001"), Option.some(session))
      assert.deepStrictEqual(yield* csms.session("CP002"), Option.none())
    })
  )

  for (const identity of ["CP002", "cp001", "", "__proto__", "constructor"]) {
    it.effect(`are NotSent what they are called while not connected: ${JSON.stringify(identity)}`, () =>
      Effect.gen(function* () {
        const { connect, csms } = yield* makeCsms({ handlers })
        yield* connect("CP001")
        const call = yield* start(csms.call(identity, V16.ClearCache, {}))
        assert.deepStrictEqual(yield* failure(call), {
          _tag: "NotSent",
          action: "ClearCache",
          reason: "NotConnected",
          violations: []
        })
      })
    )
  }

  it.effect("have a name that may be any text", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      for (const identity of ["__proto__", "RDAM|123", "\u{1F50B}"]) {
        const { raw } = yield* connect(identity)
        yield* start(csms.call(identity, V16.ClearCache, {}))
        yield* raw.nextCall("ClearCache")
      }
      assert.deepStrictEqual(
        (yield* csms.connected).map(({ identity }) => identity),
        ["__proto__", "RDAM|123", "\u{1F50B}"]
      )
    })
  )

  it.effect("come and go", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const events = yield* collect(csms.sessions)
      const first = yield* connect("CP001")
      const second = yield* connect("CP002")
      assert.deepStrictEqual(yield* csms.connected, [first.session, second.session])
      yield* first.raw.close(1001, "bye")
      yield* second.session.close(4000, "go")
      yield* settled
      assert.deepStrictEqual(second.raw.end, { code: 4000, reason: "go" })
      assert.deepStrictEqual(yield* csms.connected, [])
      assert.deepStrictEqual(events, [
        { _tag: "Connected", session: first.session },
        { _tag: "Connected", session: second.session },
        { _tag: "Disconnected", session: first.session, code: 1001, reason: "bye" },
        { _tag: "Disconnected", session: second.session, code: 4000, reason: "go" }
      ])
    })
  )

  it.effect("take with them what was forked into their scope", () =>
    Effect.gen(function* () {
      const { connect } = yield* makeCsms({ handlers })
      const { raw, session } = yield* connect("CP001")
      const fiber = yield* Effect.forkIn(Effect.never, session.scope)
      yield* raw.close()
      assert.strictEqual(outcome(fiber), "interrupted")
    })
  )

  it.effect("may be called the moment they are connected", () =>
    Effect.gen(function* () {
      const { csms, connect } = yield* makeCsms({ handlers })
      const events = yield* collect(csms.sessions)
      const { raw } = yield* connect("CP001")
      const [event] = events
      yield* start(event?.session.call(V16.ClearCache, {}) ?? Effect.never)
      yield* raw.nextCall("ClearCache")
    })
  )

  it.effect("are closed with 1001 when the CSMS shuts down, and what is open with them ends", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const ended: Array<string> = []
      const { connect, csms } = yield* makeCsms({
        handlers: [
          V16.csmsHandlersPartial({
            heartbeat: () => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => ended.push("handler"))))
          })
        ]
      }).pipe(Scope.provide(scope))
      const { raw } = yield* connect("CP001")
      const other = yield* connect("CP002")
      yield* raw.send([2, "1", "Heartbeat", {}])
      const call = yield* start(csms.call("CP001", V16.ClearCache, {}))
      yield* raw.nextCall("ClearCache")
      yield* Scope.close(scope, Exit.void)
      yield* settled
      assert.strictEqual(raw.end?.code, 1001)
      assert.strictEqual(other.raw.end?.code, 1001)
      assert.deepStrictEqual(ended, ["handler"])
      assert.strictEqual(outcome(call), "ConnectionLost")
    })
  )

  it.effect("share the settings of calls, retries among them", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers, calls: { responseTimeout: "5 seconds", queueLimit: 1 } })
      yield* connect("CP001")
      const calls = yield* Effect.all([1, 2, 3].map(() => start(csms.call("CP001", V16.ClearCache, {}))))
      assert.deepStrictEqual(calls.map(outcome), ["open", "open", "QueueFull"])
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(calls.map(outcome), ["Timeout", "open", "QueueFull"])
    })
  )

  it.effect("are named with the breaches of the protocol that they commit", () =>
    Effect.gen(function* () {
      const { connect, deviations } = yield* makeCsms({ handlers })
      const { raw } = yield* connect("CP001")
      yield* raw.send("nonsense")
      assert.deepStrictEqual(deviations, [
        {
          identity: "CP001",
          deviation: { kind: "MalformedFrame", message: "the frame is not JSON", violations: [] }
        }
      ])
    })
  )
})

describe("A CSMS with the whole Core profile", () => {
  const payloads: Record<string, object> = {
    Authorize: { idTag: "1" },
    BootNotification: boot,
    DataTransfer: { vendorId: "x" },
    Heartbeat: {},
    MeterValues: { connectorId: 1, meterValue: [] },
    StartTransaction: { connectorId: 1, idTag: "1", meterStart: 0, timestamp: time },
    StatusNotification: { connectorId: 0, errorCode: "NoError", status: "Available" },
    StopTransaction: { meterStop: 1, timestamp: time, transactionId: 1 }
  }

  it.effect("answers each of its actions", () =>
    Effect.gen(function* () {
      const { connect, deviations } = yield* makeCsms({ handlers })
      const { raw } = yield* connect("CP001")
      for (const [action, payload] of Object.entries(payloads)) {
        yield* raw.send([2, action, action, payload])
        assert.deepStrictEqual((yield* raw.next).slice(0, 2), [3, action])
      }
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("handles the requests of one station side by side", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { connect } = yield* makeCsms({
        handlers: [V16.csmsHandlers({ ...core, meterValues: () => Effect.as(Deferred.await(gate), {}) })]
      })
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "MeterValues", { connectorId: 1, meterValue: [] }])
      yield* raw.send([2, "2", "Heartbeat", {}])
      assert.deepStrictEqual(yield* raw.next, [3, "2", { currentTime: time }])
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.next, [3, "1", {}])
    })
  )
})
