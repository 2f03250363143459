/**
 * What the versions frame differently, each on a raw connection to a CSMS that speaks all of them.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { CallError, type ErrorCode } from "../../src/OcppError.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { failure } from "../support/outcome.ts"
import { start } from "../support/time.ts"

const heartbeat = () => Effect.succeed({ currentTime: time })
const dataTransfer = ({ vendorId }: { readonly vendorId: string }) => Effect.fail(new CallError({ code: vendorId }))

/** A CSMS of every version; `dataTransfer` fails with the code that it is sent. */
const serve = Effect.gen(function* () {
  const streamed: Array<unknown> = []
  const { connect, csms, deviations } = yield* makeCsms({
    handlers: [
      V15.csmsHandlersPartial({ heartbeat, dataTransfer }),
      V16.csmsHandlersPartial({ heartbeat, dataTransfer }),
      V201.csmsHandlersPartial({ heartbeat, dataTransfer }),
      V21.csmsHandlersPartial({
        heartbeat,
        dataTransfer,
        notifyPeriodicEventStream: (request) => Effect.sync(() => void streamed.push(request))
      })
    ]
  })
  let told = 0
  const kinds = () => {
    const news = deviations.slice(told).map(({ deviation }) => deviation.kind)
    told = deviations.length
    return news
  }
  return {
    csms,
    connect: (...subprotocols: ReadonlyArray<string>) => connect("CP001", ...subprotocols),
    kinds,
    streamed
  }
})

const versions = ["ocpp1.5", "ocpp1.6", "ocpp2.0.1", "ocpp2.1"]
const versions2 = ["ocpp2.0.1", "ocpp2.1"]

describe("one endpoint serves all versions", () => {
  it.effect("[CON-05] the version is the first that the station offers and the CSMS speaks", () =>
    Effect.gen(function* () {
      const { connect } = yield* serve
      assert.strictEqual((yield* connect("ocpp2.0", "ocpp1.6", "ocpp2.1")).subprotocol, "ocpp1.6")
      for (const version of versions) {
        const { raw, subprotocol } = yield* connect(version)
        assert.strictEqual(subprotocol, version)
        yield* raw.send([2, "1", "Heartbeat", {}])
        assert.deepStrictEqual(yield* raw.next, [3, "1", { currentTime: time }])
      }
    })
  )

  it.effect("[RPC-12] an action of another version is not implemented, and cannot be called", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* serve
      const { raw } = yield* connect("ocpp2.0.1")
      yield* raw.send([2, "1", "StartTransaction", {}])
      const description = "OCPP 2.0.1 has no request of this name"
      assert.deepStrictEqual(yield* raw.next, [4, "1", "NotImplemented", description, {}])
      for (const [call, words] of [
        [csms.call("CP001", V16.RemoteStopTransaction, { transactionId: 1 }), "in which this side has no such action"],
        [csms.call("CP001", V16.Reset, { type: "Soft" }), "which has another action of this name"]
      ] as const) {
        const error = yield* Effect.flip(call)
        assert.deepInclude(error, { _tag: "NotSent", reason: "NotSupported" })
        assert.match(error.message, new RegExp(`was not sent: the connection speaks OCPP 2.0.1, ${words}$`))
      }
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )
})

describe("A frame that is nested too deeply", () => {
  const deep = "[".repeat(100) + "]".repeat(100)
  const answers = [`[3,"",${deep}]`, `[3,7,${deep}]`, `[4,7,${deep}]`, `[3,"x",${deep}]`, `[4,"x",${deep}]`]
  for (const version of versions) {
    it.effect(`[RPC-07] ${version} answers none that is an answer`, () =>
      Effect.gen(function* () {
        const { raw } = yield* (yield* serve).connect(version)
        for (const text of answers) yield* raw.send(text)
        assert.deepStrictEqual(yield* raw.news, [])
      })
    )

    it.effect(`[RPC-08] ${version} answers one without an id as any that cannot be read`, () =>
      Effect.gen(function* () {
        const { raw } = yield* (yield* serve).connect(version)
        for (const text of [deep, `[2,7,"Heartbeat",${deep}]`, `["2","1","Heartbeat",${deep}]`]) {
          yield* raw.send(text)
          const news = (yield* raw.news).map((frame) => frame.slice(0, 3))
          assert.deepStrictEqual(news, versions2.includes(version) ? [[4, "-1", "RpcFrameworkError"]] : [])
        }
      })
    )
  }

  it.effect("[RPC-07] 2.1 does not answer a SEND or a CALLRESULTERROR", () =>
    Effect.gen(function* () {
      const { connect, kinds } = yield* serve
      const { raw } = yield* connect("ocpp2.1")
      yield* raw.send(`[6,"s","NotifyPeriodicEventStream",${deep}]`)
      yield* raw.send(`[5,"x",${deep}]`)
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(kinds(), ["MalformedFrame", "MalformedFrame"])
    })
  )

  it.effect("[RPC-09] 2.0.1 answers an unknown type under its id", () =>
    Effect.gen(function* () {
      const { raw } = yield* (yield* serve).connect("ocpp2.0.1")
      yield* raw.send(`[6,"s","NotifyPeriodicEventStream",${deep}]`)
      assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "s", "MessageTypeNotSupported"])
    })
  )
})

describe("error codes", () => {
  const spelt: Partial<Record<ErrorCode, string>> = {
    FormatViolation: "FormationViolation",
    OccurrenceConstraintViolation: "OccurenceConstraintViolation"
  }
  const codes: ReadonlyArray<ErrorCode> = [
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormatViolation",
    "PropertyConstraintViolation",
    "OccurrenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError"
  ]
  for (const version of versions) {
    const is2x = versions2.includes(version)
    it.effect(`[${is2x ? "RPC-11" : "RPC-10"}] ${version} sends its own spelling and reads every one`, () =>
      Effect.gen(function* () {
        const { connect, csms } = yield* serve
        const { raw } = yield* connect(version)
        for (const code of codes) {
          const wire = is2x ? code : (spelt[code] ?? code)
          yield* raw.send([2, code, "DataTransfer", { vendorId: code }])
          assert.deepStrictEqual(yield* raw.next, [4, code, wire, "", {}])
        }
        const action = { "ocpp1.5": V15.ClearCache, "ocpp1.6": V16.ClearCache, "ocpp2.0.1": V201.ClearCache }[version]
        for (const code of codes) {
          for (const wire of [code, spelt[code] ?? code]) {
            const call = yield* start(csms.call("CP001", action ?? V21.ClearCache, {}))
            yield* raw.send([4, yield* raw.nextCall("ClearCache"), wire, "why", {}])
            assert.include(yield* failure(call), { _tag: "CallError", code, description: "why" })
          }
        }
      })
    )
  }

  for (const version of versions2) {
    it.effect(`[RPC-11] ${version} has MessageTypeNotSupported and RpcFrameworkError too`, () =>
      Effect.gen(function* () {
        const { connect } = yield* serve
        const { raw } = yield* connect(version)
        for (const code of ["MessageTypeNotSupported", "RpcFrameworkError"]) {
          yield* raw.send([2, code, "DataTransfer", { vendorId: code }])
          assert.deepStrictEqual(yield* raw.next, [4, code, code, "", {}])
        }
      })
    )
  }

  it.effect("[RPC-13] a description is cut at 255 characters, and details are {} when there is nothing to say", () =>
    Effect.gen(function* () {
      const { connect } = yield* serve
      const { raw } = yield* connect("ocpp2.0.1")
      const key = "k".repeat(400)
      yield* raw.send([2, "1", "Heartbeat", { [key]: 1 }])
      const [, , code, description, details] = yield* raw.next
      assert.strictEqual(code, "FormatViolation")
      assert.strictEqual(String(description).length, 255)
      assert.deepStrictEqual(details, {})
    })
  )
})

describe("frames that cannot be read", () => {
  for (const version of versions2) {
    it.effect(`[RPC-08] ${version} answers with the id -1 when the id cannot be read, and never an answer`, () =>
      Effect.gen(function* () {
        const { connect, kinds } = yield* serve
        const { raw } = yield* connect(version)
        for (const text of ["nonsense", "{}", "[]", "[2]", `[2,7,"Heartbeat",{}]`, `["2","1","Heartbeat",{}]`]) {
          yield* raw.send(text)
          const [type, id, code, description] = yield* raw.next
          assert.deepStrictEqual([type, id, code], [4, "-1", "RpcFrameworkError"], text)
          assert.notInclude(String(description), "Heartbeat")
          assert.deepStrictEqual(kinds(), ["MalformedFrame"])
        }
        for (const text of ["[3]", "[3,7,{}]", "[4,null]", `[4,"-1","RpcFrameworkError","",{}]`]) {
          yield* raw.send(text)
          assert.deepStrictEqual(yield* raw.news, [], text)
        }
      })
    )

    it.effect(`[RPC-08] ${version} answers a CALL that can be told by its id under that id`, () =>
      Effect.gen(function* () {
        const { connect } = yield* serve
        const { raw } = yield* connect(version)
        for (const frame of [
          [2, "a"],
          [2, "a", "Heartbeat"],
          [2, "a", 5, {}],
          [2, "a", "Heartbeat", {}, 1]
        ]) {
          yield* raw.send(frame)
          assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "a", "RpcFrameworkError"])
        }
      })
    )
  }

  for (const [version, answered] of [
    ["ocpp1.5", false],
    ["ocpp1.6", false],
    ["ocpp2.0.1", true],
    ["ocpp2.1", false]
  ] as const) {
    it.effect(`[RPC-09] ${version} ${answered ? "answers" : "ignores"} an unknown message type`, () =>
      Effect.gen(function* () {
        const { connect, kinds } = yield* serve
        const { raw } = yield* connect(version)
        yield* raw.send([9, "x", "Heartbeat", {}])
        const frames = yield* raw.news
        assert.deepStrictEqual(
          frames.map((frame) => frame.slice(0, 3)),
          answered ? [[4, "x", "MessageTypeNotSupported"]] : []
        )
        assert.deepStrictEqual(kinds(), ["UnknownMessageType"])
      })
    )
  }

  for (const version of ["ocpp1.5", "ocpp1.6", "ocpp2.0.1"]) {
    it.effect(`[RPC-09] ${version} knows neither CALLRESULTERROR nor SEND`, () =>
      Effect.gen(function* () {
        const { connect, kinds } = yield* serve
        const { raw } = yield* connect(version)
        yield* raw.send([5, "x", "GenericError", "", {}])
        yield* raw.send([6, "x", "NotifyPeriodicEventStream", {}])
        assert.deepStrictEqual(kinds(), ["UnknownMessageType", "UnknownMessageType"])
      })
    )
  }
})

describe("CALLRESULTERROR", () => {
  for (const version of versions2) {
    const is21 = version === "ocpp2.1"
    it.effect(
      `[RPC-07] ${version} ${is21 ? "answers" : "does not answer"} a bad CALLRESULT, and tells its caller`,
      () =>
        Effect.gen(function* () {
          const { connect, csms, kinds } = yield* serve
          const { raw } = yield* connect(version)
          const call = yield* start(csms.call("CP001", is21 ? V21.ClearCache : V201.ClearCache, {}))
          const id = yield* raw.nextCall("ClearCache")
          yield* raw.send([3, id, { status: "Perhaps" }])
          assert.include(yield* failure(call), { _tag: "InvalidResponse", messageId: id })
          assert.deepStrictEqual(
            (yield* raw.news).map((frame) => frame.slice(0, 3)),
            is21 ? [[5, id, "PropertyConstraintViolation"]] : []
          )
          assert.deepStrictEqual(kinds(), ["InvalidResponse"])
        })
    )
  }

  it.effect("[RPC-07] a refused answer of ours is reported, and answered by nothing", () =>
    Effect.gen(function* () {
      const { connect, kinds } = yield* serve
      const { raw } = yield* connect("ocpp2.1")
      yield* raw.send([2, "1", "Heartbeat", {}])
      assert.strictEqual((yield* raw.next)[0], 3)
      yield* raw.send([5, "1", "FormatViolation", "why", {}])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(kinds(), ["RefusedAnswer"])
    })
  )
})

describe("SEND", () => {
  const stream = { id: 1, pending: 0, basetime: time, data: [{ t: 0, v: "1" }] }

  it.effect("[RPC-02] [RPC-07] carries the full name of its message and is never answered", () =>
    Effect.gen(function* () {
      const { connect, kinds, streamed } = yield* serve
      const { raw } = yield* connect("ocpp2.1")
      yield* raw.send([6, "1", "NotifyPeriodicEventStream", stream])
      assert.deepStrictEqual(streamed, [stream])
      for (const frame of [
        [6, "2", "NotifyPeriodicEventStream", { id: "one" }],
        [6, "3", "NotifyPeriodicEventStreamRequest", stream],
        [6, "4", "Heartbeat", {}],
        [6, 5, "NotifyPeriodicEventStream", stream],
        [6, "6"]
      ]) {
        yield* raw.send(frame)
      }
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(kinds(), [
        "InvalidRequest",
        "UnknownAction",
        "UnknownAction",
        "MalformedFrame",
        "MalformedFrame"
      ])
      assert.deepStrictEqual(streamed, [stream])
    })
  )

  it.effect("[RPC-02] an action that is a SEND is no CALL", () =>
    Effect.gen(function* () {
      const { connect } = yield* serve
      const { raw } = yield* connect("ocpp2.1")
      yield* raw.send([2, "1", "NotifyPeriodicEventStream", stream])
      const description = "OCPP 2.1 has no request of this name"
      assert.deepStrictEqual(yield* raw.next, [4, "1", "NotImplemented", description, {}])
    })
  )

  it.effect("[RPC-15] may go at any time, also while a CALL is outstanding", () =>
    Effect.gen(function* () {
      const { connect, csms, streamed } = yield* serve
      const { raw } = yield* connect("ocpp2.1")
      const call = yield* start(csms.call("CP001", V21.ClearCache, {}))
      const id = yield* raw.nextCall("ClearCache")
      yield* raw.send([6, "1", "NotifyPeriodicEventStream", stream])
      assert.strictEqual(streamed.length, 1)
      yield* raw.send([3, id, { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(call), { status: "Accepted" })
    })
  )
})

describe("customData", () => {
  it.effect("[RPC-14] is open, needs a vendorId, and is the only place for other fields; 1.6 has none", () =>
    Effect.gen(function* () {
      const { connect } = yield* serve
      const custom = { vendorId: "com.example", anything: { goes: [1, null] } }
      for (const version of versions2) {
        const { raw } = yield* connect(version)
        yield* raw.send([2, "1", "Heartbeat", { customData: custom }])
        assert.strictEqual((yield* raw.next)[0], 3)
        yield* raw.send([2, "2", "Heartbeat", { customData: { anything: 1 } }])
        assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "2", "OccurrenceConstraintViolation"])
        yield* raw.send([2, "3", "Heartbeat", { anything: 1 }])
        assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "3", "FormatViolation"])
      }
      const { raw } = yield* connect("ocpp1.6")
      yield* raw.send([2, "1", "Heartbeat", { customData: custom }])
      assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "1", "FormationViolation"])
    })
  )
})

describe("an answer whose frame is broken", () => {
  it.effect("[RPC-06] ends its call at once, and no other", () =>
    Effect.gen(function* () {
      const { connect, csms, kinds } = yield* serve
      const { raw } = yield* connect("ocpp1.6")
      for (const rest of [[], [{ status: "Accepted" }, "more"]]) {
        const call = yield* start(csms.call("CP001", V16.ClearCache, {}))
        const id = yield* raw.nextCall("ClearCache")
        yield* raw.send([3, "other", ...rest])
        assert.deepStrictEqual(kinds(), ["MalformedFrame"])
        yield* raw.send([3, id, ...rest])
        assert.include(yield* failure(call), { _tag: "InvalidResponse", messageId: id })
        assert.deepStrictEqual(kinds(), ["MalformedFrame", "InvalidResponse"])
      }
    })
  )

  it.effect("[RPC-08] an id that is absurdly long is not sent back", () =>
    Effect.gen(function* () {
      const { connect } = yield* serve
      const { raw } = yield* connect("ocpp1.6")
      yield* raw.send([2, "x".repeat(300), "Heartbeat", {}])
      assert.deepStrictEqual(yield* raw.news, [])
      yield* raw.send([2, "x".repeat(40), "Heartbeat", {}])
      assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, "x".repeat(40), "ProtocolError"])
    })
  )
})
