import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import type { Receiver } from "../../src/engine/Carrier.ts"
import type { Message } from "../../src/engine/Message.ts"
import * as Frame from "../../src/json/Frame.ts"
import * as JsonCarrier from "../../src/json/JsonCarrier.ts"
import * as WireLog from "../../src/json/WireLog.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { csmsOf } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { failure, outcome } from "../support/outcome.ts"
import { station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"
import { versions } from "../support/versions.ts"

// ---- by hand

/** A carrier of 1.6 with what it has delivered and sent. */
const carrier = (tolerance: Tolerance.Tolerance) => {
  const sent: Array<string> = []
  const delivered: Array<ReadonlyArray<unknown>> = []
  let listener: Listener | undefined
  const transport: Transport = {
    send: (text) => sent.push(text) > 0,
    close: () => undefined,
    listen: (given) => {
      listener = given
    },
    pause: () => undefined,
    resume: () => undefined
  }
  const made = JsonCarrier.make({ framing: V16.protocol.json.framing }).carry(transport, "CP001", tolerance)
  const receiver: Receiver = {
    message: (message, tolerated) =>
      delivered.push([message._tag, message.messageId, ...(tolerated ?? []).map(({ kind }) => kind)]),
    unanswered: () => {},
    malformed: ({ kind, messageId }) => delivered.push([kind, messageId]),
    dropped: (kind) => delivered.push([kind]),
    closed: () => undefined
  }
  made.listen(receiver)
  const send = (message: Message): string | undefined => {
    made.send(Result.getOrThrow(made.encode(message)))
    return sent.at(-1)
  }
  return {
    delivered,
    text: (text: string) => listener?.frame(text),
    binary: (bytes: Uint8Array) => listener?.binary?.(bytes),
    answer: (messageId: string) => send({ _tag: "CallResult", messageId, payload: {} }),
    refuse: (messageId: string) =>
      send({ _tag: "CallError", messageId, code: "GenericError", description: "", details: {}, flaw: undefined }),
    call: (messageId: string) => send({ _tag: "Call", messageId, action: "Reset", payload: {} })
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe("[FIELD-K5] a binary message", () => {
  it("is dropped where it is not tolerated", () => {
    const { binary, delivered } = carrier(Tolerance.strict)
    binary(bytes(`[2,"1","Heartbeat",{}]`))
    assert.deepStrictEqual(delivered, [["BinaryFrame"]])
  })

  it("is read as text where it is tolerated, with all that is tolerated in it", () => {
    const { binary, delivered } = carrier(Tolerance.lenient)
    binary(bytes(`[2,"ü","Heartbeat",{}]`))
    binary(bytes(`\ufeff[2,1,"Heartbeat"]\u0000`))
    binary(bytes(`[2,"3",`))
    assert.deepStrictEqual(delivered, [
      ["Call", "ü", "BinaryForText"],
      ["Call", "1", "BinaryForText", "ByteOrderMark", "TrailingText", "NumericMessageId", "MissingElement"],
      ["MalformedFrame", "3"]
    ])
  })

  it("is dropped if it is no UTF-8 or no array", () => {
    const { binary, delivered } = carrier(Tolerance.lenient)
    for (const other of [Uint8Array.of(0x5b, 0x32, 0xff), Uint8Array.of(), bytes("{}"), Uint8Array.of(0, 1, 2, 3)]) {
      binary(other)
    }
    assert.deepStrictEqual(delivered, [["BinaryFrame"], ["BinaryFrame"], ["BinaryFrame"], ["BinaryFrame"]])
  })
})

describe("[FIELD-K5] a numeric id", () => {
  for (const digits of ["17", "0", "-1", "1.50", "1e3", "12345678901234567890", "1732000000.123456789"]) {
    it(`goes back as it came: ${digits}`, () => {
      for (const type of ["2", `"2"`]) {
        const { answer, delivered, refuse, text } = carrier(Tolerance.lenient)
        text(`\t[ ${type} , ${digits} , "Heartbeat", {}]`)
        assert.strictEqual(delivered[0]?.[1], digits)
        assert.strictEqual(answer(digits), `[3,${digits},{}]`)
        text(`[${type},${digits},"Heartbeat",{}]`)
        assert.strictEqual(refuse(digits), `[4,${digits},"GenericError","",{}]`)
        text(`[${type},${digits},`)
        assert.deepStrictEqual(delivered.at(-1), ["MalformedFrame", digits])
        assert.strictEqual(refuse(digits), `[4,${digits},"GenericError","",{}]`)
      }
    })
  }

  it("is not that of a request whose id is the same text", () => {
    const { answer, call, text } = carrier(Tolerance.lenient)
    text(`[2,17,"Heartbeat",{}]`)
    assert.strictEqual(call("17"), `[2,"17","Reset",{}]`)
    assert.strictEqual(answer("17"), `[3,17,{}]`)
    assert.strictEqual(answer("17"), `[3,"17",{}]`)
    text(`[2,17,"Heartbeat",{}]`)
    text(`[2,"17","Heartbeat",{}]`)
    assert.strictEqual(answer("17"), `[3,"17",{}]`)
  })

  it("is not read where it may have been cut off", () => {
    const { delivered, text } = carrier(Tolerance.lenient)
    for (const cut of ["[2,17", "[3,17", "[2,17 ", "[3,1.5e"]) text(cut)
    assert.deepStrictEqual(
      delivered,
      Array.from({ length: 4 }, () => ["MalformedFrame", undefined])
    )
  })

  it("is forgotten if very many others came that were not answered", () => {
    const { answer, text } = carrier(Tolerance.lenient)
    for (let id = 0; id < 2000; id++) text(`[2,${id},"Heartbeat",{}]`)
    assert.strictEqual(answer("0"), `[3,"0",{}]`)
    assert.strictEqual(answer("1999"), `[3,1999,{}]`)
  })

  it("of an answer has to have the digits of the call", () => {
    const { delivered, text } = carrier(Tolerance.lenient)
    for (const id of ["17.0", "1.7e1", "17"]) text(`[3,${id},{}]`)
    assert.deepStrictEqual(
      delivered.map(([, id]) => id),
      ["17.0", "1.7e1", "17"]
    )
  })
})

it("[FIELD-K5] a SEND and a CALLRESULTERROR of 2.1 are let through alike", () => {
  const options = { messageTypes: V21.protocol.json.framing.messageTypes, tolerance: Tolerance.lenient }
  const long = "x".repeat(37)
  for (const [text, message, ...kinds] of [
    [`["6",17,"A",null,1]`, { _tag: "Send", messageId: "17", action: "A", payload: {} }, "TextMessageType"],
    [`[6,"${long}","A",{}]`, { _tag: "Send", messageId: long, action: "A", payload: {} }, "TooLongText"],
    [
      `[5,17,"GenericError"]\u0000`,
      { _tag: "CallResultError", messageId: "17", code: "GenericError", description: "", details: {} },
      "TrailingText",
      "NumericMessageId",
      "MissingElement",
      "MissingElement"
    ]
  ] as const) {
    const frame = Frame.parse(text, options)
    if (frame._tag !== "Mended") return assert.fail(frame._tag)
    assert.deepStrictEqual(frame.message, message)
    const found = frame.faults.map(({ kind }) => kind)
    assert.deepStrictEqual(found.slice(0, kinds.length), kinds)
  }
})

// ---- a control character within a text

describe("[FIELD-K5] a control character", () => {
  const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code))

  it.effect("in a text reaches the handler as what it is", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const { raw } = yield* station({
        tolerance: Tolerance.lenient,
        handlers: { dataTransfer: ({ data }) => Effect.sync(() => (seen.push(data), { status: "Accepted" as const })) }
      })
      for (const control of controls) {
        const data = `a${control}\\"${control}\\\\${control}`
        yield* raw.send(`[2,"1","DataTransfer",{"vendorId":"x","data":"${data}"}]`)
        assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
        assert.strictEqual(seen.at(-1), `a${control}"${control}\\${control}`)
      }
    })
  )

  it("makes no two tokens one, and is no escape", () => {
    for (const text of [`[2,"1","Reset",{"a":1\u00002}]`, `[2,"1","Reset",tr\u0000ue]`, `[2,"1","Reset","\\\u0000"]`]) {
      const options = { messageTypes: V16.protocol.json.framing.messageTypes, tolerance: Tolerance.lenient }
      assert.strictEqual(Frame.parse(text, options)._tag, "BadCall")
    }
  })
})

// ---- what begins like a frame

describe("A CALL that is no JSON is answered under its id", () => {
  const long = "\u{1F50B}".repeat(36)
  const payloads = ["{", "", `{"a":}`, "{}", "{}]x", "nul", `{"a":"`, `{}]${"]".repeat(40_000)}`]
  for (const version of versions) {
    const { framing } = version.protocol.json
    const syntax = version.is2x ? "FormatViolation" : "FormationViolation"
    const structure = version.is2x ? "RpcFrameworkError" : "ProtocolError"
    it.effect(`[RPC-08] [RPC-12] [FIELD-K5] ${version.name}`, () =>
      Effect.gen(function* () {
        const made = yield* csmsOf(version, { accept: () => ({ registration: "Accepted" }) })
        const { raw } = yield* made.connect()
        for (const [text, id, code] of [
          ...payloads.map((rest) => [`[2,"1","Heartbeat",${rest}`, "1", syntax] as const),
          [`\ufeff[2,"1","Heartbeat",{}]`, "1", syntax],
          [`[2,"1","Heartbeat"`, "1", structure],
          [`[2,"1",Heartbeat,{}]`, "1", structure],
          [`[2,"1",`, "1", structure],
          [` [\n2 ,\t"1" `, "1", structure],
          [`[2,"\\u0031\\"\\\\\\ud83d\\udd0b",{`, `1"\\\u{1F50B}`, structure],
          [`[2,"${long}",{`, long, structure],
          [`[2,"${"x".repeat(255)}",{`, "x".repeat(255), structure]
        ] as const) {
          yield* raw.send(text)
          const [type, ...answer] = yield* raw.next
          assert.deepStrictEqual([type, answer[0], answer[1]], [4, id, code], text.slice(0, 60))
        }
        // Whose id cannot be read is nobody's, and what is no CALL is not answered.
        for (const text of [
          `[2,"1`,
          `[2,"\\x",{`,
          `[2,"1"x",{`,
          `[2,1,{`,
          `[2,"",{`,
          `[2,"${"x".repeat(256)}",`,
          "[2"
        ]) {
          yield* raw.send(text)
          assert.deepStrictEqual(
            (yield* raw.news).map((frame) => frame.slice(0, 3)),
            framing.unreadable === undefined ? [] : [[4, "-1", "RpcFrameworkError"]]
          )
        }
        for (const text of [`[3,"1",{`, `[4,"1",`, `[3,7,`, `[3,{`, `[4,"1`]) {
          yield* raw.send(text)
          assert.deepStrictEqual(yield* raw.news, [], text)
        }
      })
    )
  }

  it.effect("[RPC-07] 2.1 answers no SEND", () =>
    Effect.gen(function* () {
      const version = versions.find(({ protocol }) => protocol.version === V21.protocol.version)!
      const made = yield* csmsOf(version, { accept: () => ({ registration: "Accepted" }) })
      const { raw } = yield* made.connect()
      for (const text of [`[6,"1","NotifyPeriodicEventStream",{`, `[6,"1`, `[5,"1",{`]) yield* raw.send(text)
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )
})

describe("[FIELD-K5] an answer that is broken ends its call at once", () => {
  const kept = 4096
  for (const [title, rest] of [
    ["cut off", `{"currentTime":"2026-11-`],
    ["cut off after its id", ""],
    ["garbage", "\u0000\ud800}{"],
    ["nested too deeply", "[".repeat(1 << 20)],
    ["with an element too many", `{"currentTime":"${time}"},{}]`],
    ["with an escape that is none", `{"currentTime":"\\x"}]`]
  ] as const) {
    it.effect(`as InvalidResponse with what came: ${title}`, () =>
      Effect.gen(function* () {
        const { csms, deviations, raw } = yield* station()
        const call = yield* start(csms.heartbeat({}))
        const id = yield* raw.nextCall("Heartbeat")
        const text = `[3,"${id.replace("-", "\\u002d")}",${rest}`
        yield* raw.send(text)
        const { payload, violations, ...ended } = yield* failure(call)
        assert.deepInclude(ended, { _tag: "InvalidResponse", action: "Heartbeat", messageId: id })
        assert.strictEqual(payload, text.slice(0, kept))
        assert.isArray(violations)
        assert.deepStrictEqual(
          deviations.map(({ kind, messageId }) => [kind, messageId]),
          [
            ["MalformedFrame", id],
            ["InvalidResponse", id]
          ]
        )
        assert.notInclude(JSON.stringify(deviations), "2026")
      })
    )
  }

  it.effect("a CALLERROR too", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const text = `[4,"${yield* raw.nextCall("Heartbeat")}","GenericError","it sa`
      yield* raw.send(text)
      assert.deepInclude(yield* failure(call), { _tag: "InvalidResponse", payload: text })
    })
  )

  it.effect("and no other call", () =>
    Effect.gen(function* () {
      const { csms, deviations, raw } = yield* station()
      const call = yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      for (const text of [`[3,"other",{`, `[3,"${id}`, `[3,"${id}x",{`, `[7,"${id}",{`, `[2,"${id}"`]) {
        yield* raw.send(text)
      }
      yield* settled
      assert.strictEqual(outcome(call), "open")
      assert.strictEqual(deviations.length, 5)
      yield* raw.send([3, id, { currentTime: time }])
      assert.deepStrictEqual(yield* Fiber.join(call), { currentTime: time })
    })
  )

  for (const version of versions) {
    it.effect(`[RPC-07] ${version.name} refuses it only where it can`, () =>
      Effect.gen(function* () {
        const has5 = version.protocol.json.framing.messageTypes.has(5)
        const made = yield* csmsOf(version, { accept: () => ({ registration: "Accepted" }) })
        const { raw, session } = yield* made.connect()
        const action = version.protocol.actions.find(({ name }) => name === "ClearCache")
        for (const [type, answered] of [
          [3, has5],
          [4, false]
        ] as const) {
          const call = yield* start(session.call(action as never, {} as never))
          const id = yield* raw.nextCall("ClearCache")
          yield* raw.send(`[${type},"${id}",{`)
          assert.strictEqual(outcome(call), "InvalidResponse")
          const news = (yield* raw.news).map((frame) => frame.slice(0, 3))
          assert.deepStrictEqual(news, answered ? [[5, id, "ProtocolError"]] : [])
        }
      })
    )
  }
})

// ---- what costs much

/** The least CPU time of several runs, in milliseconds. */
const cost = (run: () => unknown): number => {
  const runs = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage()
    run()
    const { system, user } = process.cpuUsage(before)
    return (system + user) / 1000
  })
  return Math.min(...runs)
}

const nested = (depth: number, padding: number): string =>
  `[2,"1","X",${"[".repeat(depth - 1)}"${"x".repeat(padding)}"${"]".repeat(depth - 1)}]`

const wide = (fields: number): string =>
  `[2,"1","X",[{},{${Array.from({ length: fields }, (_, at) => `"${at}":{"":"${"x".repeat(2000)}"}`).join(",")}}]]`

describe("[FIELD-K12] a frame is looked at before it costs", () => {
  const { messageTypes } = V16.protocol.json.framing

  const size = 1 << 20

  for (const [title, text] of [
    ["of opening brackets", "[".repeat(size)],
    ["of lists", "[".repeat(size / 2) + "]".repeat(size / 2)],
    ["of objects", `[2,"1","Heartbeat",${'{"a":'.repeat(size / 5)}`],
    ["of both in turns", `[2,"1","Heartbeat",${'[{"":'.repeat(size / 5)}`]
  ] as const) {
    it(`1 MiB ${title}`, () => {
      assert.isBelow(
        cost(() => Frame.parse(text, { messageTypes })),
        10
      )
      assert.isBelow(
        cost(() => WireLog.redact(text)),
        10
      )
    })
  }

  it("90,000 fields", () => {
    const fields = Array.from({ length: 90_000 }, (_, at) => `"field${at}":1`).join(",")
    const text = `[2,"1","Heartbeat",{${fields}}]`
    const limit = 2 * cost(() => JSON.parse(text))
    const decode = Tolerance.decode(V16.Heartbeat.request)
    for (const tolerance of [Tolerance.strict, Tolerance.lenient]) {
      const read = (): unknown => {
        const frame = Frame.parse(text, { messageTypes, tolerance })
        return frame._tag === "Call" ? decode(frame.payload, tolerance) : undefined
      }
      assert.isBelow(cost(read), limit)
    }
    assert.isBelow(
      cost(() => WireLog.redact(text)),
      limit
    )
  })

  it("brackets and colons in a text do not count", () => {
    const data = `[{:"\\`.repeat(20_000)
    const text = JSON.stringify([2, "1", "DataTransfer", { vendorId: "x", data }])
    assert.deepStrictEqual(Frame.parse(text, { messageTypes }), {
      _tag: "Call",
      messageId: "1",
      action: "DataTransfer",
      payload: { vendorId: "x", data }
    })
  })

  it("the limits are those that are set, in a long text as in a short one", () => {
    for (const padding of [200, 50_000]) {
      for (const maxDepth of [2, 64, 100]) {
        const tagOf = (depth: number) => Frame.parse(nested(depth, padding), { messageTypes, maxDepth })._tag
        assert.deepStrictEqual([tagOf(maxDepth), tagOf(maxDepth + 1)], ["Call", "BadCall"])
      }
    }
    const tags = [20, 21].map((fields) => Frame.parse(wide(fields), { messageTypes, maxFields: 20 })._tag)
    assert.deepStrictEqual(tags, ["Call", "BadCall"])
  })
})
