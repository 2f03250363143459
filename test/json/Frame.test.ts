import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ErrorCode } from "../../src/OcppError.ts"
import * as Frame from "../../src/json/Frame.ts"
import * as V16 from "../../src/v16/index.ts"

const Payload = Schema.Record(Schema.String, Schema.Json)
const MessageId = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(36))
const Position = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 }))

const Edit = Schema.TaggedUnion({
  Cut: { at: Position, length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 })) },
  Insert: {
    at: Position,
    text: Schema.Literals(["[", "]", "{", "}", `"`, ",", ":", "0", "-", "e", "\\", "\u0000", "null", "é"])
  },
  Double: { at: Position },
  Part: { at: Position, value: Schema.Json }
})

const edited = (text: string, edit: typeof Edit.Type): string => {
  const at = edit.at % (text.length + 1)
  switch (edit._tag) {
    case "Cut":
      return text.slice(0, at) + text.slice(at + edit.length)
    case "Insert":
      return text.slice(0, at) + edit.text + text.slice(at)
    case "Double":
      return text + text.slice(at)
    case "Part": {
      const parts: unknown = Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))
      if (!Array.isArray(parts) || parts.length === 0) return JSON.stringify(edit.value)
      return JSON.stringify(parts.with(edit.at % parts.length, edit.value))
    }
  }
}

const parse = (text: string): Frame.Frame => Frame.parse(text, { messageTypes: V16.protocol.json.framing.messageTypes })

const written = (frame: Result.Result<string, unknown>): string => Result.getOrThrow(frame)

const tags = ["Call", "CallResult", "CallError", "BadCall", "BadAnswer", "UnknownMessageType", "Malformed"]

describe("Frame.parse", () => {
  it.prop("gives a frame or says why there is none, whatever the text", [Schema.String], ([text]) => {
    assert.include(tags, parse(text)._tag)
  })

  it.prop("gives a frame or says why there is none, whatever the JSON", [Schema.Array(Schema.Json)], ([parts]) => {
    assert.include(tags, parse(JSON.stringify(parts))._tag)
    assert.include(tags, parse(JSON.stringify([2, ...parts]))._tag)
    assert.include(tags, parse(JSON.stringify([4, "id", ...parts]))._tag)
  })

  it.prop(
    "gives a frame or says why there is none, however a frame is damaged",
    [MessageId, Payload, Schema.Array(Edit).check(Schema.isMinLength(1), Schema.isMaxLength(4))],
    ([id, payload, edits]) => {
      for (const frame of [
        Frame.call(id, "Reset", payload),
        Frame.callResult(id, payload),
        Frame.error(4, id, "GenericError", "text", payload)
      ]) {
        assert.include(tags, parse(edits.reduce(edited, written(frame)))._tag)
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it("says of each text what it is", () => {
    const cases: ReadonlyArray<readonly [string, object]> = [
      [`[2,"1","Reset",{"type":"Soft"}]`, { _tag: "Call", messageId: "1", action: "Reset", payload: { type: "Soft" } }],
      [` [ 2 , "1" , "Reset" , null ] `, { _tag: "Call", messageId: "1", action: "Reset", payload: null }],
      [`[3,"1",{}]`, { _tag: "CallResult", messageId: "1", payload: {} }],
      [
        `[4,"1","GenericError","text",{"a":1}]`,
        {
          _tag: "CallError",
          messageId: "1",
          code: "GenericError",
          description: "text",
          details: { a: 1 },
          flaw: undefined
        }
      ],
      [`[5,"1",{}]`, { _tag: "UnknownMessageType", messageId: "1" }],
      [`[5]`, { _tag: "UnknownMessageType", messageId: undefined }]
    ]
    for (const [text, frame] of cases) assert.deepStrictEqual(parse(text), frame)
  })
})

// A payload is compared with what JSON itself makes of the text: V8 13.6 can give a name that is written with an escape
// for another such name.
describe("A frame that is written", () => {
  it.prop("[RPC-01] is read back as it was: a CALL", [MessageId, Schema.String, Payload], ([id, action, payload]) => {
    const text = written(Frame.call(id, action, payload))
    const [type, ...rest] = JSON.parse(text)
    assert.deepStrictEqual([type, rest[0], rest[1]], [2, id, action])
    assert.deepStrictEqual(parse(text), { _tag: "Call", messageId: id, action, payload: rest[2] })
  })

  it.prop("[RPC-01] is read back as it was: a CALLRESULT", [MessageId, Payload], ([id, payload]) => {
    const text = written(Frame.callResult(id, payload))
    const expected = JSON.parse(text)[2]
    assert.deepStrictEqual(parse(text), { _tag: "CallResult", messageId: id, payload: expected })
  })

  it.prop(
    "[RPC-01] is read back as it was: a CALLERROR",
    [MessageId, ErrorCode, Schema.String.check(Schema.isMaxLength(255)), Payload],
    ([id, code, description, payload]) => {
      const text = written(Frame.error(4, id, code, description, payload))
      const details = JSON.parse(text)[4]
      assert.deepStrictEqual(parse(text), {
        _tag: "CallError",
        messageId: id,
        code,
        description,
        details,
        flaw: undefined
      })
    }
  )

  it("fails for what JSON has no form for", () => {
    const circular: Record<string, unknown> = {}
    circular["self"] = circular
    for (const payload of [{ n: 1n }, circular]) {
      assert.isTrue(Result.isFailure(Frame.call("1", "Reset", payload)))
      assert.isTrue(Result.isFailure(Frame.callResult("1", payload)))
      assert.isTrue(Result.isFailure(Frame.error(4, "1", "GenericError", "", payload)))
    }
  })
})
