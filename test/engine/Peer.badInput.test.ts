import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { DeviationKind } from "../../src/Deviation.ts"
import { accepted, time } from "../support/messages.ts"
import { station } from "../support/station.ts"
import { start } from "../support/time.ts"

/** Bad text, what is reported of it, and what it is answered with. */
interface Case {
  readonly title: string
  readonly text: string
  readonly reported?: DeviationKind
  readonly answer?: ReadonlyArray<unknown>
}

/**
 * The text comes while a call of the station is unanswered and a request of the CSMS is being handled. Both go on as
 * if nothing had happened, and so does the connection.
 */
const proves = ({ answer, reported, text, title }: Case): void => {
  it.effect(title, () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { csms, deviations, raw } = yield* station({
        handlers: {
          getDiagnostics: () => Effect.as(Deferred.await(gate), {}),
          reset: () => Effect.succeed({ status: "Accepted" }),
          changeConfiguration: () => Effect.succeed({ status: "Accepted" }),
          sendLocalList: () => Effect.succeed({ status: "Accepted" }),
          dataTransfer: () => Effect.succeed({ status: "Accepted" })
        }
      })
      const call = yield* start(csms.heartbeat({}))
      const next = yield* start(csms.authorize({ idTag: "321" }))
      const id = yield* raw.nextCall("Heartbeat")
      yield* raw.send([2, "slow", "GetDiagnostics", { location: "ftp://host/" }])

      yield* raw.send(text)
      assert.deepStrictEqual(yield* raw.news, answer === undefined ? [] : [answer])
      assert.deepStrictEqual(
        deviations.map(({ kind }) => kind),
        reported === undefined ? [] : [reported]
      )

      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.next, [3, "slow", {}])
      yield* raw.send([3, id, { currentTime: time }])
      assert.deepStrictEqual(yield* Fiber.join(call), { currentTime: time })
      yield* raw.send([3, yield* raw.nextCall("Authorize"), accepted])
      assert.deepStrictEqual(yield* Fiber.join(next), accepted)
      yield* raw.send([2, "after", "Reset", { type: "Hard" }])
      assert.deepStrictEqual(yield* raw.next, [3, "after", { status: "Accepted" }])
      assert.strictEqual(raw.end, undefined)
    })
  )
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth)
const brackets = nested(100_000)

describe("Text that is no frame is dropped and reported", () => {
  for (const [what, texts] of [
    ["no JSON", ["", " ", "hello", `{"a":`, "[2", "[2,'1']", `[2,"1`, `[2,"1"x,"Reset",{}]`, "[NaN]", "\u0000"]],
    ["no array", ["{}", "null", "true", "42", `"text"`, `{"0":2,"1":"1","length":4}`]],
    ["an empty array", ["[]"]],
    ["a message type that is no number", [`["2","1","Reset",{}]`, "[null]", "[[]]", "[{}]", "[true]"]],
    [
      "an id that is no text",
      [`[2]`, `[2,1,"Reset",{}]`, `[2,null,"Reset",{}]`, `[2,["1"],"Reset",{}]`, "[3]", "[3,1,{}]", "[4,null]"]
    ],
    ["an empty id", [`[2,"","Reset",{"type":"Soft"}]`, `[3,"",{}]`, `[4,"","GenericError","",{}]`]],
    ["an answer of the wrong length", [`[3,"x"]`, `[3,"x",{},{}]`]]
  ] as const) {
    for (const text of texts) {
      proves({ title: `[RPC-08] ${what}: ${JSON.stringify(text)}`, text, reported: "MalformedFrame" })
    }
  }
  proves({ title: "[RPC-08] 200 KB of brackets", text: brackets, reported: "MalformedFrame" })
  proves({ title: "[RPC-08] 200 KB of opening brackets", text: "[".repeat(200_000), reported: "MalformedFrame" })

  for (const type of [0, 1, 5, 6, -2, 2.5, 1e300]) {
    proves({
      title: `[RPC-09] message type ${type}`,
      text: `[${type},"1","Reset",{"type":"Soft"}]`,
      reported: "UnknownMessageType"
    })
  }
})

describe("A CALL that is out of shape is answered ProtocolError", () => {
  const long = "x".repeat(37)
  for (const [what, text, id] of [
    ["no action", `[2,"1"]`, "1"],
    ["no payload", `[2,"1","Reset"]`, "1"],
    ["one part too many", `[2,"1","Reset",{"type":"Soft"},1]`, "1"],
    ["an action that is a number", `[2,"1",7,{}]`, "1"],
    ["an action that is null", `[2,"1",null,{}]`, "1"],
    ["an action that is an object", `[2,"1",{"name":"Reset"},{}]`, "1"],
    ["an id of 37 characters", `[2,"${long}","Reset",{"type":"Soft"}]`, long],
    ["more than 64 levels", `[2,"1","Reset",${nested(64)}]`, "1"],
    ["a megabyte of brackets", `[2,"1","Reset",${nested(500_000)}]`, "1"],
    ["levels beyond number after an escaped id", ` [ 2 , "\\u0031" , "Reset", ${brackets}]`, "1"]
  ] as const) {
    it.effect(`[RPC-12] ${what}`, () =>
      Effect.gen(function* () {
        const { deviations, raw } = yield* station({
          handlers: { reset: () => Effect.succeed({ status: "Accepted" }) }
        })
        yield* raw.send(text)
        assert.deepStrictEqual((yield* raw.next).slice(0, 3), [4, id, "ProtocolError"])
        assert.deepStrictEqual(
          deviations.map(({ kind, messageId }) => [kind, messageId]),
          [["MalformedFrame", id]]
        )
      })
    )
  }

  it.effect("[RPC-05] an id of 36 characters is none of these", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({ handlers: { reset: () => Effect.succeed({ status: "Accepted" }) } })
      for (const id of ["x".repeat(36), "\u{1F50B}".repeat(36)]) {
        yield* raw.send([2, id, "Reset", { type: "Soft" }])
        assert.deepStrictEqual(yield* raw.next, [3, id, { status: "Accepted" }])
      }
    })
  )
})

describe("An action that is not for this side", () => {
  for (const action of ["Fly", "reset", "ResetRequest", "", "__proto__", "constructor", "toString", "hasOwnProperty"]) {
    proves({
      title: `[RPC-12] is answered NotImplemented if it does not exist: ${JSON.stringify(action)}`,
      text: JSON.stringify([2, "1", action, {}]),
      reported: "UnknownAction",
      answer: [4, "1", "NotImplemented", "OCPP 1.6 has no request of this name", {}]
    })
  }
  proves({
    title: "[RPC-12] is answered NotSupported if it goes the other way",
    text: `[2,"1","Heartbeat",{}]`,
    reported: "UnknownAction",
    answer: [4, "1", "NotSupported", "Heartbeat is not the sender's to start in OCPP 1.6", {}]
  })
  proves({
    title: "[RPC-12] is answered NotSupported if it has no handler, which is no breach of the protocol",
    text: `[2,"1","ClearCache",{}]`,
    answer: [4, "1", "NotSupported", "ClearCache of OCPP 1.6 has no handler here", {}]
  })
  proves({
    title: "[RPC-02] is answered NotImplemented however long its name is",
    text: JSON.stringify([2, "1", "x".repeat(100_000), {}]),
    reported: "UnknownAction",
    answer: [4, "1", "NotImplemented", "OCPP 1.6 has no request of this name", {}]
  })
})

describe("An answer to nothing is dropped and reported", () => {
  for (const text of [
    `[3,"nothing",{}]`,
    `[3,"nothing",null]`,
    `[4,"nothing","GenericError","",{}]`,
    `[4,"nothing"]`,
    `[3,"slow",{}]`,
    `[3,"${"x".repeat(1000)}",{}]`,
    `[3,"__proto__",{"currentTime":"${time}"}]`
  ]) {
    proves({ title: `[RPC-06] ${text.slice(0, 60)}`, text, reported: "UnexpectedAnswer" })
  }
  proves({
    title: "[RPC-06] a CALLERROR with 200 KB of brackets",
    text: `[4,"nothing","GenericError","",{"a":${brackets}}]`,
    reported: "MalformedFrame"
  })
})

const config = (value: string): string => `[2,"1","ChangeConfiguration",${value}]`
const list = (entry: string): string =>
  `[2,"1","SendLocalList",{"listVersion":1,"updateType":"Full","localAuthorizationList":[{"idTag":"1"},${entry}]}]`

describe("A payload that breaks its schema is answered with the code and the path", () => {
  for (const [what, text, code, path] of [
    ["null", `[2,"1","Reset",null]`, "FormationViolation", ""],
    ["an array", `[2,"1","Reset",[]]`, "FormationViolation", ""],
    ["a number", `[2,"1","Reset",7]`, "FormationViolation", ""],
    ["a text", `[2,"1","Reset","Soft"]`, "FormationViolation", ""],
    ["as many brackets as a frame may have", `[2,"1","Reset",${nested(63)}]`, "FormationViolation", ""],
    [
      "brackets within a text",
      config(`{"key":"${"[".repeat(100)}","value":"v"}`),
      "PropertyConstraintViolation",
      "key"
    ],
    ["a missing field", config(`{"key":"k"}`), "OccurenceConstraintViolation", "value"],
    ["a missing field, deep down", list(`{}`), "OccurenceConstraintViolation", "localAuthorizationList[1].idTag"],
    ["an unknown field", config(`{"key":"k","value":"v","unit":"s"}`), "FormationViolation", "unit"],
    ["an unknown field, deep down", list(`{"idTag":"2","x":1}`), "FormationViolation", "localAuthorizationList[1].x"],
    ["a field called __proto__", config(`{"key":"k","value":"v","__proto__":{}}`), "FormationViolation", "__proto__"],
    [
      "a field called constructor",
      config(`{"key":"k","value":"v","constructor":1}`),
      "FormationViolation",
      "constructor"
    ],
    ["fields of __proto__ alone", config(`{"__proto__":{"key":"k","value":"v"}}`), undefined, "__proto__"],
    ["a number for a text", config(`{"key":"k","value":1}`), "TypeConstraintViolation", "value"],
    [
      "null for an absent field",
      `[2,"1","DataTransfer",{"vendorId":"x","data":null}]`,
      "TypeConstraintViolation",
      "data"
    ],
    ["an object for a text", `[2,"1","DataTransfer",{"vendorId":"x","data":{}}]`, "TypeConstraintViolation", "data"],
    [
      "brackets for a text",
      `[2,"1","DataTransfer",{"vendorId":"x","data":${nested(62)}}]`,
      "TypeConstraintViolation",
      "data"
    ],
    [
      "a text for a list",
      list(`{"idTag":"2"}`).replace(/\[\{.*\}\]\}\]$/, `"none"}]`),
      "TypeConstraintViolation",
      "localAuthorizationList"
    ],
    [
      "a fraction for an integer",
      list(`{"idTag":"2"}`).replace(`:1,`, `:1.5,`),
      "TypeConstraintViolation",
      "listVersion"
    ],
    [
      "a text that is too long",
      config(`{"key":"${"k".repeat(51)}","value":"v"}`),
      "PropertyConstraintViolation",
      "key"
    ],
    ["a word that is not in the list", `[2,"1","Reset",{"type":"Warm"}]`, "PropertyConstraintViolation", "type"],
    ["a number where a word of a list belongs", `[2,"1","Reset",{"type":1}]`, "TypeConstraintViolation", "type"],
    ["null where a word of a list belongs", `[2,"1","Reset",{"type":null}]`, "TypeConstraintViolation", "type"],
    [
      "a time that is none",
      list(`{"idTag":"2","idTagInfo":{"status":"Accepted","expiryDate":"noon"}}`),
      "PropertyConstraintViolation",
      "localAuthorizationList[1].idTagInfo.expiryDate"
    ]
  ] as const) {
    it.effect(`[RPC-12] ${what}`, () =>
      Effect.gen(function* () {
        const { deviations, raw } = yield* station({
          handlers: {
            reset: () => Effect.succeed({ status: "Accepted" }),
            changeConfiguration: () => Effect.succeed({ status: "Accepted" }),
            sendLocalList: () => Effect.succeed({ status: "Accepted" }),
            dataTransfer: () => Effect.succeed({ status: "Accepted" })
          }
        })
        yield* raw.send(text)
        const [type, id, sent, description, details] = yield* raw.next
        assert.deepStrictEqual([type, id, sent, details], [4, "1", code ?? sent, {}])
        assert.isString(description)
        if (code !== undefined)
          assert.match(String(description), path === "" ? /^expected a JSON object$/ : /^[^:]+: ./)
        if (code !== undefined && path !== "") assert.strictEqual(String(description).split(": ")[0], path)
        assert.deepStrictEqual(
          deviations.map(({ kind, messageId }) => [kind, messageId]),
          [["InvalidRequest", "1"]]
        )
        assert.include(deviations[0]?.violations.map((violation) => violation.path) ?? [], path)
      })
    )
  }

  it.effect("[RPC-12] in words that say what was expected", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: {
          reset: () => Effect.succeed({ status: "Accepted" }),
          changeConfiguration: () => Effect.succeed({ status: "Accepted" })
        }
      })
      yield* raw.send(`[2,"1","Reset",{"type":"Warm"}]`)
      assert.match(String((yield* raw.next)[3]), /^type: expected one of Hard, Soft$/)
      yield* raw.send(config(`{"key":"${"k".repeat(51)}","value":"v"}`))
      assert.match(String((yield* raw.next)[3]), /^key: .*50/)
    })
  )

  it.effect("[RPC-08] and never with the value at fault", () =>
    Effect.gen(function* () {
      const { deviations, raw } = yield* station({
        handlers: {
          reset: () => Effect.succeed({ status: "Accepted" }),
          changeConfiguration: () => Effect.succeed({ status: "Accepted" })
        }
      })
      yield* raw.send(config(`{"key":["hidden"],"value":"hidden ${"v".repeat(500)}"}`))
      yield* raw.send(`[2,"2","Reset",{"type":"hidden","more":"hidden"}]`)
      yield* raw.send(`[2,"3","hidden",{"hidden":"hidden"}]`)
      yield* raw.send(`["hidden"]`)
      assert.notInclude(JSON.stringify(yield* raw.news), "hidden")
      assert.notInclude(JSON.stringify(deviations.map(({ message, violations }) => [message, violations])), "hidden")
      assert.strictEqual(deviations.length, 4)
    })
  )
})
