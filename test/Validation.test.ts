import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { MessageSchema } from "../src/Action.ts"
import * as V16 from "../src/v16/index.ts"
import * as Validation from "../src/Validation.ts"

/** What is put in the place of a part of a valid value. */
const others: ReadonlyArray<unknown> = [
  null,
  undefined,
  true,
  0,
  -1,
  1.5,
  0.30000000000000004,
  1e21,
  NaN,
  Infinity,
  "",
  "x",
  "x".repeat(600),
  "\u{1F50B}".repeat(20),
  "\u{1F50B}".repeat(21),
  "2026-11-22T06:00:00Z",
  "Accepted",
  [],
  [null],
  {},
  { status: "Accepted" },
  JSON.parse(`{"__proto__":1}`)
]

const names = ["extra", "__proto__", "constructor", "", "status", "0"]

const Turn = Schema.Struct({
  depth: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 })),
  pick: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })),
  change: Schema.Literals(["replace", "remove", "add", "repeat"])
})

const part = (pick: number): unknown => others[pick % others.length]

/** The value with one part of it changed, which may or may not leave it valid. */
const changed = (value: unknown, { change, depth, pick }: typeof Turn.Type): unknown => {
  if (typeof value !== "object" || value === null) return part(pick)
  const entries = Object.entries(value)
  const at = pick % Math.max(entries.length, 1)
  const entry = entries[at]
  if (depth > 0 && entry !== undefined) {
    entries[at] = [entry[0], changed(entry[1], { change, depth: depth - 1, pick: Math.floor(pick / 7) })]
  } else if (change === "replace") {
    if (entry === undefined) return part(pick)
    entries[at] = [entry[0], part(Math.floor(pick / 7))]
  } else if (change === "remove") {
    entries.splice(at, 1)
  } else {
    const name = names[pick % names.length] ?? ""
    entries.push([name, change === "repeat" ? entry?.[1] : part(Math.floor(pick / 7))])
  }
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

const agrees = (schema: MessageSchema): ((value: unknown) => boolean) => {
  const is = Validation.is(schema)
  const violations = Validation.violations(schema)
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  return (value) => {
    const expected = Result.isSuccess(decode(value))
    assert.strictEqual(is(value), expected, JSON.stringify(value))
    assert.strictEqual(violations(value).length === 0, expected, JSON.stringify(value))
    return expected
  }
}

describe("Validation.is and Validation.violations agree with the schema's own decoder", () => {
  for (const { name, request, response } of V16.actions) {
    for (const [message, schema] of [
      ["request", request],
      ["response", response]
    ] as const) {
      const check = agrees(schema)
      it.prop(
        `on ${name}, ${message}`,
        {
          value: Arbitrary.schema<Schema.Codec<unknown>>(schema),
          turns: Schema.Array(Turn).check(Schema.isMaxLength(3))
        },
        ({ turns, value }) => {
          assert.isTrue(check(value), JSON.stringify(value))
          check(turns.reduce(changed, value))
          for (const turn of turns) check(changed(value, turn))
        },
        { arbitrary: { runs: 25 } }
      )
    }
  }

  interface Tree {
    readonly label: string
    readonly branches: ReadonlyArray<Tree>
  }
  const Tree: Schema.Codec<Tree> = Schema.Struct({
    label: Schema.String.check(Schema.isMinLength(1)),
    branches: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
  })

  for (const [title, schema] of [
    [
      "an open object",
      Schema.StructWithRest(Schema.Struct({ vendorId: Schema.String }), [Schema.Record(Schema.String, Schema.Json)])
    ],
    ["a record", Schema.Record(Schema.String, Schema.Int)],
    [
      "a union of objects",
      Schema.Union([Schema.Struct({ a: Schema.Int }), Schema.Struct({ b: Schema.optionalKey(Schema.String) })])
    ],
    [
      "a union that wants exactly one",
      Schema.Union([Schema.Struct({ a: Schema.Int }), Schema.Struct({ a: Schema.Finite })], { mode: "oneOf" })
    ],
    [
      "a union of words and others",
      Schema.Struct({ a: Schema.Union([Schema.Literals(["x", "y"]), Schema.Null, Schema.Int]) })
    ],
    ["words that are checked", Schema.Struct({ a: Schema.Literals(["x", "yy"]).check(Schema.isMinLength(2)) })],
    ["numbers as words", Schema.Struct({ a: Schema.Literals([1, 2, "1"]) })],
    ["a tuple of objects", Schema.Struct({ a: Schema.Tuple([Schema.Struct({ b: Schema.Int })]) })],
    ["a tuple", Schema.Struct({ a: Schema.Tuple([Schema.String, Schema.optionalKey(Schema.Int)]) })],
    ["a list with a start", Schema.Struct({ a: Schema.NonEmptyArray(Schema.Int) })],
    [
      "a list of one to three, each another",
      Schema.Struct({
        a: Schema.Array(Schema.Int).check(Schema.isMinLength(1), Schema.isMaxLength(3), Schema.isUnique())
      })
    ],
    ["anything", Schema.Struct({ a: Schema.Unknown, b: Schema.optionalKey(Schema.Any) })],
    [
      "numbers with many checks",
      Schema.Struct({ a: Schema.Int.check(Schema.isGreaterThan(0), Schema.isLessThan(100), Schema.isMultipleOf(5)) })
    ],
    ["itself within itself", Tree],
    ["a transformation within", Schema.Struct({ a: Schema.toType(Schema.FiniteFromString) })]
  ] as ReadonlyArray<readonly [string, Schema.Codec<unknown, unknown>]>) {
    const check = agrees(schema)
    it.prop(
      `on a schema with ${title}`,
      { value: Arbitrary.schema(schema), turns: Schema.Array(Turn).check(Schema.isMaxLength(3)) },
      ({ turns, value }) => {
        check(value)
        check(turns.reduce(changed, value))
        for (const depth of [0, 1, 2]) check(changed(value, { depth, pick: 0, change: "add" }))
        for (const other of others) check(other)
      },
      { arbitrary: { runs: 25 } }
    )
  }
})

const list = (...localAuthorizationList: ReadonlyArray<unknown>): unknown => ({
  listVersion: 1,
  updateType: "Full",
  localAuthorizationList
})

describe("Validation.is", () => {
  it("takes no field from what every object inherits", () => {
    const is = Validation.is(Schema.Struct({ constructor: Schema.Unknown }))
    assert.isFalse(is({}))
    assert.isTrue(is({ constructor: 1 }))
  })
})

describe("Validation.violations", () => {
  const violations = Validation.violations(V16.SendLocalListRequest)
  it("names all paths at fault with their codes", () => {
    const found = violations({
      listVersion: 1.5,
      localAuthorizationList: [{ idTag: "x".repeat(21) }, { idTagInfo: { status: "Perhaps", more: 1 } }],
      updateKind: "Full"
    })
    assert.sameDeepMembers(
      found.map(({ code, path }) => [path, code]),
      [
        ["listVersion", "TypeConstraintViolation"],
        ["updateType", "OccurrenceConstraintViolation"],
        ["updateKind", "FormatViolation"],
        ["localAuthorizationList[0].idTag", "PropertyConstraintViolation"],
        ["localAuthorizationList[1].idTag", "OccurrenceConstraintViolation"],
        ["localAuthorizationList[1].idTagInfo.status", "PropertyConstraintViolation"],
        ["localAuthorizationList[1].idTagInfo.more", "FormatViolation"]
      ]
    )
  })

  it("says in each rule what was expected", () => {
    for (const value of [
      {},
      list({ idTag: "x".repeat(21) }),
      list({ idTag: 1 }),
      list({ idTag: "1", idTagInfo: { status: "Perhaps" } }),
      list({ idTag: "1", idTagInfo: { status: "Accepted", expiryDate: "noon" } }),
      { ...Object(list()), listVersion: "1" },
      { ...Object(list()), listVersion: 1.5 },
      { ...Object(list()), extra: 1 },
      null
    ]) {
      for (const { rule } of violations(value)) {
        assert.match(rule, /^(expected (?!a valid value$).+|is required|is not a field here)$/, JSON.stringify(value))
        assert.notInclude(rule, "[object")
      }
    }
  })

  it("never shows the value at fault", () => {
    const found = violations(
      list({ idTag: "hidden".repeat(9) }, { idTag: ["hidden"], idTagInfo: { status: "hidden" } })
    )
    assert.strictEqual(found.length, 3)
    assert.notInclude(JSON.stringify(found), "hidden")
  })

  it("are of the message itself where that is no object", () => {
    for (const value of [null, [], 1, "text", true, undefined]) {
      assert.deepStrictEqual(
        violations(value).map(({ code, path }) => [path, code]),
        [["", "FormatViolation"]]
      )
    }
  })

  it("[SCH-03] counts characters as JSON Schema does", () => {
    assert.deepStrictEqual(violations(list({ idTag: "\u{1F50B}".repeat(20) })), [])
    assert.strictEqual(violations(list({ idTag: "\u{1F50B}".repeat(21) })).length, 1)
    assert.deepStrictEqual(violations(list({ idTag: "x".repeat(20) })), [])
    assert.strictEqual(violations(list({ idTag: "x".repeat(21) })).length, 1)
  })
})

describe("A message that is all wrong", () => {
  it("is told in part only", () => {
    const message = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${index}`.repeat(500), 1]))
    const found = Validation.violations(V16.HeartbeatRequest)(message)
    assert.strictEqual(found.length, 32)
    for (const { path } of found) assert.isAtMost(path.length, 255)
  })
})
