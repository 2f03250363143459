/**
 * What a tolerance lets through: every kind at every place of every message of every version, what stations are known to
 * send, and that nothing harmful comes of anything.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"
import type * as Action from "../src/Action.ts"
import { Tolerance, ToleratedFrameKind, ToleratedKind, Validation } from "../src/index.ts"
import { WrittenNumber } from "../src/internal/WrittenNumber.ts"
import { AnyURI } from "../src/Uri.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"
import * as Constraints from "./support/constraints.ts"
import * as Mutate from "./support/mutate.ts"
import * as Quirks from "./support/quirks.ts"
import * as Seeded from "./support/seeded.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "tolerance"

const messagesOf = (actions: ReadonlyArray<Action.Action>): ReadonlyArray<readonly [string, Action.MessageSchema]> =>
  actions.flatMap(({ name, request, response }) => [
    [`${name}Request`, request] as const,
    ...(response === undefined ? [] : [[`${name}Response`, response] as const])
  ])

const versions = Object.entries({ "1.5": V15, "1.6": V16, "2.0.1": V201, "2.1": V21 }).map(
  ([version, { actions }]) => ({ version, messages: messagesOf(actions) })
)

/** A value that cannot be changed. */
const frozen = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) frozen(part)
    Object.freeze(value)
  }
  return value
}

const ofFrames = new Set<ToleratedKind>(ToleratedFrameKind.literals)

const kinds = ToleratedKind.literals.filter((kind) => !ofFrames.has(kind))
const only = new Map(kinds.map((kind) => [kind, Tolerance.of([kind])]))
const allBut = new Map(kinds.map((kind) => [kind, Tolerance.of(kinds.filter((other) => other !== kind))]))

/** In which way a message with one fault is not treated as it should be. */
const problem = (schema: Action.MessageSchema, quirk: Quirks.Quirk): string | undefined => {
  const { code, kind, meant, otherwise, path, told = path, value } = quirk
  const decode = Tolerance.decode(schema)

  const refused = Validation.decode(schema)(value)
  if (Result.isSuccess(refused)) return "taken by strict decoding"
  if (!refused.failure.some((fault) => fault.path === path && fault.code === code)) {
    return `refused with ${JSON.stringify(refused.failure)}`
  }
  if (!isDeepStrictEqual(decode(value, Tolerance.strict), refused)) return "something is let through by none"

  for (const tolerance of [only.get(kind)!, Tolerance.lenient]) {
    const result = decode(value, tolerance)
    if (Result.isFailure(result)) return `refused with ${JSON.stringify(result.failure)}`
    if (!isDeepStrictEqual(result.success.value, meant)) return `read as ${JSON.stringify(result.success.value)}`
    const [fault, ...more] = result.success.tolerated
    if (fault?.kind !== kind || fault.violation.path !== told || fault.violation.code !== code || more.length > 0) {
      return `told as ${JSON.stringify(result.success.tolerated)}`
    }
  }

  const result = decode(value, allBut.get(kind)!)
  if (Result.isFailure(result)) {
    const isNew = result.failure.some((fault) => !refused.failure.some((known) => isDeepStrictEqual(known, fault)))
    return isNew || result.failure.length === 0
      ? `without it refused with ${JSON.stringify(result.failure)}`
      : undefined
  }
  const others = result.success.tolerated.map((fault) => fault.kind)
  return others.length > 0 && others.every((other) => otherwise.some((known) => known === other))
    ? undefined
    : `let through by ${others}`
}

describe("Every kind at every place, in the messages of all versions", () => {
  const found = new Map<string, number>()
  for (const { messages, version } of versions) {
    it(`of ${version}`, () => {
      const known = new Set<string>()
      for (const [name, schema] of messages) {
        const constraints = Constraints.ofSchema(Schema.toType(schema))
        const valid = Mutate.example(constraints, { seed: `${seed} ${name}`, fields: "all" })
        for (const quirk of Quirks.quirks(constraints, frozen(valid), known)) {
          found.set(quirk.kind, (found.get(quirk.kind) ?? 0) + 1)
          const wrong = problem(schema, { ...quirk, value: frozen(quirk.value) })
          if (wrong !== undefined) assert.fail(`${name}, ${quirk.kind} at ${quirk.path}: ${wrong}`)
        }
      }
    })
  }

  it("is nowhere without a place", () => {
    const rare = new Set<ToleratedKind>(["InvalidUri", "TooManyDecimals", "ObjectForText"])
    for (const kind of kinds) assert.isAtLeast(found.get(kind) ?? 0, rare.has(kind) ? 2 : 50, kind)
  })
})

const lenient = (schema: Action.MessageSchema, value: unknown): Tolerance.Decoded =>
  Result.getOrThrowWith(
    Tolerance.decode(schema)(frozen(value), Tolerance.lenient),
    (found) => new Error(JSON.stringify(found))
  )

const told = ({ tolerated }: Tolerance.Decoded): ReadonlyArray<readonly [Tolerance.Tolerated["kind"], string]> =>
  tolerated.map(({ kind, violation }) => [kind, violation.path])

const refusals = (schema: Action.MessageSchema, value: unknown, tolerance: Tolerance.Tolerance = Tolerance.lenient) => {
  const result = Tolerance.decode(schema)(frozen(value), tolerance)
  return Result.isFailure(result) ? result.failure.map(({ code, path }) => [path, code]) : undefined
}

describe("What stations have sent", () => {
  for (const { meant, message, told: expected, value, what } of Quirks.seen) {
    it(`is read: ${what}`, () => {
      const schema = Object.fromEntries(messagesOf(V16.actions))[message]!
      const decoded = lenient(schema, value)
      assert.deepStrictEqual(decoded.value, meant)
      assert.sameDeepMembers([...told(decoded)], [...expected])
      const paths = refusals(schema, value, Tolerance.strict)?.map(([path]) => path)
      assert.sameMembers(
        paths ?? [],
        expected.map(([, path]) => path)
      )
    })
  }
})

const heartbeat = (currentTime: string): unknown => ({ currentTime })

describe("Time stamps", () => {
  const localTime = Tolerance.of(["LocalTime"])

  it("[TX-09] of any fraction and offset are no fault", () => {
    for (const time of [
      "2026-11-22T06:00:00Z",
      "2026-11-22T06:00:00.1234567Z",
      "2026-11-22T06:00:00.123456789+05:30"
    ]) {
      assert.isTrue(Validation.is(V16.HeartbeatResponse)(heartbeat(time)))
    }
  })

  for (const [given, meant] of [
    ["2026-11-22T06:00:00", "2026-11-22T06:00:00Z"],
    ["2026-11-22T06:00:00.1234567", "2026-11-22T06:00:00.1234567Z"],
    ["2026-11-22 06:00:00", "2026-11-22T06:00:00Z"],
    ["2026-11-22 06:00:00Z", "2026-11-22T06:00:00Z"],
    ["2026-11-22T06:00:00+02", "2026-11-22T06:00:00+02:00"],
    ["2026-11-22T06:00:00.5-08", "2026-11-22T06:00:00.5-08:00"],
    ["2026-11-22T06:00:00+0530", "2026-11-22T06:00:00+05:30"],
    ["2026-11-22 06:00:00+05:30", "2026-11-22T06:00:00+05:30"],
    ["2026-11-22T06:00Z", "2026-11-22T06:00:00Z"],
    ["2026-11-22T06:00", "2026-11-22T06:00:00Z"],
    ["2026-11-22 06:00+02:00", "2026-11-22T06:00:00+02:00"],
    ["2026-11-22T06:00:31,250Z", "2026-11-22T06:00:31.250Z"],
    ["2026-11-22T06:00:31,5", "2026-11-22T06:00:31.5Z"],
    ["2026-11-22T06:00:00Z ", "2026-11-22T06:00:00Z"],
    [" 2026-11-22T06:00:00z\r\n", "2026-11-22T06:00:00Z"],
    ["2026-11-22 06:00:00 +02:00", "2026-11-22T06:00:00+02:00"],
    ["20261122T060000Z", "2026-11-22T06:00:00Z"],
    ["20261122T0600+0200", "2026-11-22T06:00:00+02:00"],
    ["20261122T060000.5", "2026-11-22T06:00:00.5Z"]
  ] as const) {
    it(`[TX-09] [FIELD-K4] ${JSON.stringify(given)} is read as ${meant}`, () => {
      assert.deepStrictEqual(refusals(V16.HeartbeatResponse, heartbeat(given), Tolerance.strict), [
        ["currentTime", "PropertyConstraintViolation"]
      ])
      const result = Result.getOrThrow(Tolerance.decode(V16.HeartbeatResponse)(heartbeat(given), localTime))
      assert.deepStrictEqual(result.value, heartbeat(meant))
      assert.deepStrictEqual(told(result), [["LocalTime", "currentTime"]])
    })
  }

  it("[FIELD-K3] that are none are refused, whatever is let through", () => {
    for (const none of [
      "",
      "now",
      "1763791200",
      "2026-11-22",
      "06:00:00",
      "2026-11-22T06",
      "2026-11-22T06:00.5",
      "20261122 060000",
      "20261122T06:00:00",
      "2026-1122T060000Z",
      "0000-00-00T00:00:00Z",
      "0000-00-00 00:00:00",
      "0000-00-00T00:00",
      "00000000T000000Z",
      "2026-00-22T06:00:00Z",
      "2026-13-22T06:00:00",
      "2026-11-00T06:00:00",
      "2026-11-31 06:00:00",
      "2025-02-29T06:00:00",
      "2026-02-30T06:00:00Z",
      "2026-11-22T24:00:00Z",
      "2026-11-22T25:00:00",
      "2026-11-22T06:60:00",
      "2026-11-22T06:60Z",
      "2026-11-22T06:00:61",
      "2026-11-22T06:00:60",
      "2026-11-22T06:00:00+99:00",
      "2026-11-22T06:00:00+9900",
      "2026-11-22T06:00:00+02:99",
      "2026-11-22T06:00:00+2",
      "2026-11-22T06:00:00-",
      "2026-11-22T06:00:00.",
      "+002026-11-22T06:00:00",
      "2026-W47-7T06:00:00Z",
      "2026-326T06:00:00Z",
      "2026-02-30T06:00:00",
      "2026-11-22T24:00:00",
      "2026-11-22T06:00:00+24",
      "2026-11-22T06:00:00 GMT",
      "22.11.2026 06:00:00",
      "Sun Nov 22 2026"
    ]) {
      assert.deepStrictEqual(
        refusals(V16.HeartbeatResponse, heartbeat(none)),
        [["currentTime", "PropertyConstraintViolation"]],
        none
      )
    }
    assert.deepStrictEqual(refusals(V16.HeartbeatResponse, { currentTime: 1763791200 }), [
      ["currentTime", "TypeConstraintViolation"]
    ])
  })
})

const Numbers = Schema.Struct({ whole: Schema.Int, any: Schema.optionalKey(Schema.Finite) })

const numbers = (whole: string, any: string): unknown => lenient(Numbers, { whole, any }).value

describe("Texts for numbers", () => {
  it("are decimal numbers, of the kind that is due", () => {
    assert.deepStrictEqual(numbers("12", "-1.50"), { whole: 12, any: -1.5 })
    assert.deepStrictEqual(numbers("+007", "1e-3"), { whole: 7, any: 0.001 })
    assert.deepStrictEqual(numbers("3.0", "12"), { whole: 3, any: 12 })
    const none = [
      "12,5",
      "0x1f",
      "1_000",
      " 1",
      "1 ",
      "NaN",
      "Infinity",
      "1e999",
      "1e-400",
      "12345678901234567890",
      "0.1000000000000000055511151231257827",
      "0.30000000000000000001",
      ".",
      "--1",
      "one",
      "99999999999999999999"
    ]
    for (const text of [...none, ""]) {
      for (const name of ["whole", "any"]) {
        const value = { whole: 1, [name]: text }
        const isLeftOut = name === "any" && (text === "" || text === "1e999")
        assert.deepStrictEqual(
          refusals(Numbers, value),
          isLeftOut ? undefined : [[name, "TypeConstraintViolation"]],
          `${name}: ${text}`
        )
      }
    }
  })

  it("[FIELD-K3] may have another fault, with which they are kept", () => {
    const decoded = lenient(V16.StopTransactionRequest, {
      transactionId: "7",
      meterStop: "26008.333",
      timestamp: "2026-11-22T06:00:00Z"
    })
    assert.deepInclude(decoded.value, { transactionId: 7, meterStop: 26008.333 })
    assert.deepStrictEqual(told(decoded), [
      ["TextForNumber", "meterStop"],
      ["FractionForInteger", "meterStop"],
      ["TextForNumber", "transactionId"]
    ])
    const onlyText = Tolerance.of(["TextForNumber"])
    assert.deepStrictEqual(refusals(Numbers, { whole: "1.5" }, onlyText), [["whole", "TypeConstraintViolation"]])
  })
})

describe("Names in another case", () => {
  const one = { idTag: "321" }
  it("stay as they are where it is not clear which field is meant", () => {
    const wrongCase = Tolerance.of(["WrongCase"])
    for (const value of [
      { idTag: "321", IDTAG: "322" },
      { IDTAG: "321", idtag: "322" }
    ]) {
      assert.isDefined(refusals(V16.AuthorizeRequest, value, wrongCase))
    }
    assert.deepStrictEqual(lenient(V16.AuthorizeRequest, { idTag: "321", IDTAG: "322" }).value, one)
    assert.deepStrictEqual(refusals(V16.AuthorizeRequest, { IDTAG: "321", idtag: "322" }), [
      ["idTag", "OccurrenceConstraintViolation"]
    ])
  })

  it("come with other faults of the same field", () => {
    const decoded = lenient(V16.StartTransactionRequest, {
      CONNECTORID: "1",
      idTag: "321",
      MeterStart: "0",
      timeStamp: "2026-11-22T06:00:00",
      ReservationId: null
    })
    assert.deepStrictEqual(decoded.value, {
      connectorId: 1,
      idTag: "321",
      meterStart: 0,
      timestamp: "2026-11-22T06:00:00Z"
    })
    assert.sameDeepMembers(
      [...told(decoded)],
      [
        ["WrongCase", "CONNECTORID"],
        ["WrongCase", "MeterStart"],
        ["WrongCase", "timeStamp"],
        ["WrongCase", "ReservationId"],
        ["TextForNumber", "CONNECTORID"],
        ["TextForNumber", "MeterStart"],
        ["LocalTime", "timeStamp"],
        ["NullForAbsent", "ReservationId"]
      ]
    )
  })

  it("are a vendor's own in customData", () => {
    const customData = { vendorId: "com.example", VendorID: 1, vendorID: null }
    assert.deepStrictEqual(lenient(V21.HeartbeatRequest, { customData, extra: 1 }).value, { customData })
  })

  const Words = Schema.Struct({ word: Schema.Literals(["on", "ON", "Off"]) })
  it("are words too, if only one is meant", () => {
    const wrongCase = Tolerance.of(["WrongCase"])
    assert.deepStrictEqual(lenient(Words, { word: "OFF" }).value, { word: "Off" })
    assert.isDefined(refusals(Words, { word: "On" }, wrongCase))
    assert.isDefined(refusals(Words, { word: "off " }, wrongCase))
  })
})

describe("Fields beside the object that they belong into", () => {
  const inner = Schema.Struct({ status: Schema.String, note: Schema.optionalKey(Schema.Finite) })
  const missingWrapper = Tolerance.of(["MissingWrapper"])
  const decode = (schema: Action.MessageSchema, value: unknown) =>
    Result.map(Tolerance.decode(schema)(frozen(value), missingWrapper), (decoded) => decoded.value)

  it("are put into it", () => {
    const schema = Schema.Struct({ id: Schema.Finite, info: inner })
    assert.deepStrictEqual(
      decode(schema, { id: 1, status: "ok", note: 1 }),
      Result.succeed({ id: 1, info: { status: "ok", note: 1 } })
    )
    assert.deepStrictEqual(lenient(V16.StartTransactionResponse, { transactionId: 7, status: "accepted" }).value, {
      transactionId: 7,
      idTagInfo: { status: "Accepted" }
    })
  })

  it("are not, if they may belong elsewhere or break it", () => {
    for (const [schema, value] of [
      [Schema.Struct({ one: inner, two: inner }), { status: "ok" }],
      [Schema.Struct({ one: inner, two: Schema.optionalKey(inner) }), { status: "ok" }],
      [Schema.Struct({ info: inner, status: Schema.optionalKey(Schema.String) }), { status: "ok" }],
      [Schema.Struct({ info: inner }), { status: "ok", note: "x" }],
      [Schema.Struct({ info: inner }), { note: 1 }],
      [Schema.Struct({ info: inner }), { info: "ok", status: "ok" }],
      [Schema.Struct({ id: Schema.Finite, info: Schema.optionalKey(inner) }), { id: 1, status: "ok" }],
      [
        Schema.Struct({ info: Schema.optionalKey(inner), more: Schema.Struct({ a: Schema.Finite }) }),
        { status: "ok", more: { a: 1 } }
      ]
    ] as ReadonlyArray<readonly [Action.MessageSchema, unknown]>) {
      const strictly = Validation.decode(schema)(value)
      const result = decode(schema, value)
      assert.deepStrictEqual(result, strictly)
    }
  })

  it("a list of one is made of an object only, if it is such an object", () => {
    const strictly = { connectorId: 1, meterValue: { timestamp: "2026-11-22T06:00:00Z" } }
    assert.deepStrictEqual(refusals(V16.MeterValuesRequest, strictly), [["meterValue", "TypeConstraintViolation"]])
    assert.deepStrictEqual(refusals(V16.MeterValuesRequest, { connectorId: 1, meterValue: "x" }), [
      ["meterValue", "TypeConstraintViolation"]
    ])
    assert.isDefined(refusals(Schema.Struct({ all: Schema.Array(Schema.Unknown) }), { all: { a: 1 } }))
  })
})

describe("A list", () => {
  it("that has items has as many as it must", () => {
    const pairs = Schema.Struct({
      all: Schema.Array(Schema.Finite).check(Schema.isMinLength(2), Schema.isMaxLength(3))
    })
    assert.deepStrictEqual(lenient(pairs, { all: ["1", "2"] }).value, { all: [1, 2] })
    assert.deepStrictEqual(refusals(pairs, { all: [1] }), [["all", "OccurrenceConstraintViolation"]])
  })

  it("is not empty where that breaks another rule", () => {
    const some = Schema.makeFilter((all: ReadonlyArray<number>) => all.includes(1), { expected: "a one" })
    const schema = Schema.Struct({ all: Schema.Array(Schema.Finite).check(some) })
    assert.deepStrictEqual(refusals(schema, { all: [] }), [["all", "PropertyConstraintViolation"]])
  })
})

describe("A text", () => {
  it("that is too long keeps the other rules for it", () => {
    const schema = Schema.Struct({ a: Schema.String.check(Schema.isMaxCodePoints(3), Schema.isPattern(/^a/)) })
    assert.deepStrictEqual(lenient(schema, { a: "aaaa" }).value, { a: "aaaa" })
    assert.isDefined(refusals(schema, { a: "bbbb" }))
  })
})

describe("A message with faults that are let through and others", () => {
  it("is refused for the others", () => {
    const value = { connectorId: true, idTag: null, meterStart: "0", timestamp: "2026-11-22T06:00:00", extra: 1 }
    assert.deepStrictEqual(refusals(V16.StartTransactionRequest, value), [
      ["connectorId", "TypeConstraintViolation"],
      ["idTag", "TypeConstraintViolation"]
    ])
  })

  it("is refused as in strict decoding if it is no object", () => {
    for (const value of [null, [], [{}], "x", 1, true, undefined]) {
      assert.deepStrictEqual(refusals(V16.AuthorizeRequest, value), [["", "FormatViolation"]])
    }
  })

  it("of 1.5 in another spelling is read in that spelling", () => {
    const value = {
      connectorId: "1",
      values: [{ timestamp: "2026-11-22T06:00:00", value: [{ $value: 12, attributes: { unit: "WH", extra: 1 } }] }]
    }
    const decoded = lenient(V15.MeterValuesRequest, value)
    assert.deepStrictEqual(decoded.value, {
      connectorId: 1,
      values: [{ timestamp: "2026-11-22T06:00:00Z", values: [{ value: "12", unit: "Wh" }] }]
    })
    assert.sameMembers(
      decoded.tolerated.map(({ kind }) => kind),
      ["TextForNumber", "LocalTime", "NumberForText", "WrongCase", "ExtraField"]
    )
    assert.isDefined(refusals(V15.MeterValuesRequest, { ...value, values: [{ value: [] }] }))
  })
})

describe("Of many faults", () => {
  const value = {
    ...Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index} ${"x".repeat(300)}`, 1])),
    idTag: 321
  }
  it("the first 32 are told, and the first of every kind; long names are cut", () => {
    const { tolerated } = lenient(V16.AuthorizeRequest, value)
    const kindsTold = tolerated.map(({ kind }) => kind)
    assert.deepStrictEqual(kindsTold, [...Array.from({ length: 32 }, () => "ExtraField" as const), "NumberForText"])
    for (const { violation } of tolerated) assert.isAtMost(violation.path.length, 255)
    assert.lengthOf(refusals(V16.AuthorizeRequest, value, Tolerance.strict) ?? [], 32)
  })

  it("no more than 32 are told of parts that have several each", () => {
    const schema = Schema.Struct({ all: Schema.Array(Schema.Tuple([Schema.Finite, Schema.Finite, Schema.Finite])) })
    const all = Array.from({ length: 20 }, () => ["x", "y", "z"])
    assert.lengthOf(refusals(schema, { all }) ?? [], 32)
  })

  it("no more than 32 are told of a message in another spelling either", () => {
    const values = Array.from({ length: 100 }, () => ({ timestamp: 1, value: [{ $value: 1 }] }))
    assert.lengthOf(refusals(V15.MeterValuesRequest, { connectorId: 1, values }, Tolerance.strict) ?? [], 32)
  })
})

const Location = Schema.Struct({ location: AnyURI })

const isInteger = (asked: Constraints.Constraints): boolean => asked.type?.includes("integer") === true

/** How many rules for numbers one breaks. */
const brokenBy = (asked: Constraints.Constraints, number: number): number =>
  [
    isInteger(asked) && !Number.isInteger(number),
    number < (asked.minimum ?? -Infinity),
    number > (asked.maximum ?? Infinity),
    asked.multipleOf !== undefined && !Number.isInteger(number * 10)
  ].filter(Boolean).length

/** The value with what was kept as it came put right, and how many such parts it has. */
const aside = (constraints: Constraints.Constraints, value: unknown): readonly [unknown, number] => {
  let kept = 0
  const go = (asked: Constraints.Constraints, part: unknown): unknown => {
    if (typeof part === "string") {
      const isUnknown = asked.enum !== undefined && !asked.enum.includes(part)
      const isLong = asked.maxLength !== undefined && [...part].length > asked.maxLength
      const isNoUri = asked.format === "uri" && !Validation.is(Location)({ location: part })
      if (isUnknown || isLong || isNoUri) kept++
      if (isNoUri) return "ftp://host.example/"
      return isUnknown ? asked.enum![0] : isLong ? [...part].slice(0, asked.maxLength).join("") : part
    }
    if (typeof part === "number") {
      const broken = brokenBy(asked, part)
      kept += broken
      // One that is too large is kept or left out, so it does not count.
      const isRight = broken === 0 && (!isInteger(asked) || Number.isSafeInteger(part))
      return isRight ? part : Mutate.example(asked, { seed })
    }
    if (Array.isArray(part)) {
      if (asked.maxItems !== undefined && part.length > asked.maxItems) kept++
      if (part.length > 0 || asked.minItems === undefined) {
        return part.map((item) => go(asked.items ?? {}, item)).slice(0, asked.maxItems)
      }
      kept++
      return Array.from({ length: asked.minItems }, () => Mutate.example(asked.items ?? {}, { seed }))
    }
    if (typeof part !== "object" || part === null) return part
    return Object.fromEntries(
      Object.entries(part).map(([name, field]) => [name, go(asked.properties?.[name] ?? {}, field)])
    )
  }
  return [go(constraints, value), kept]
}

const junk = (): ReadonlyArray<unknown> => [
  null,
  "",
  [],
  {},
  0,
  1,
  -1.5,
  1e300,
  true,
  "true",
  "12",
  "x".repeat(3000),
  "\ud83d",
  "__proto__",
  "2026-11-22T06:00:00",
  "0000-00-00T00:00:00Z",
  ...["1.10", "1e3", "-0", "1e400", "12345678901234567890", "0.30000000000000000001"].map(
    (digits) => new WrittenNumber(digits)
  ),
  [null],
  [[[]]],
  { status: "accepted" },
  JSON.parse(`{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`)
]

/** The value with one thing wrong somewhere, or not. */
const damaged = (value: unknown, random: Seeded.Seeded): unknown => {
  const entries: Array<[string, unknown]> = typeof value === "object" && value !== null ? Object.entries(value) : []
  const entry = entries.length === 0 ? undefined : random.pick(entries)
  if (entry === undefined || random.next() < 0.1) return random.pick(junk())
  const [name] = entry
  switch (random.integer(0, 7)) {
    case 0:
      entries.push([
        random.pick(["__proto__", "constructor", "toString", "extra", "STATUS", name.toUpperCase()]),
        entry[1]
      ])
      break
    case 1:
      entry[0] = random.next() < 0.5 ? name.toUpperCase() : name.toLowerCase()
      break
    case 2:
      if (Array.isArray(entry[1])) entry[1] = entry[1][0]
      else entry[1] = [entry[1]]
      break
    case 3:
      entries.splice(entries.indexOf(entry), 1, ...Object.entries(Object(entry[1])))
      break
    case 4:
      if (typeof entry[1] === "string") entry[1] = entry[1].toUpperCase()
      else entry[1] = JSON.stringify(entry[1])
      break
    default:
      entry[1] = damaged(entry[1], random)
  }
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

describe("A message", () => {
  const kept = new Set<string>([
    "UnknownValue",
    "TooLongText",
    "TooLongList",
    "EmptyList",
    "InvalidUri",
    "OutOfRange",
    "FractionForInteger",
    "TooManyDecimals"
  ])
  for (const { messages, version } of versions) {
    it(`of ${version} that is valid is given back itself; a damaged one is refused or put right (seed ${seed})`, () => {
      const random = Seeded.make(`${seed} ${version}`)
      const counts = { refused: 0, right: 0 }
      for (const [name, schema] of messages) {
        const constraints = Constraints.ofSchema(Schema.toType(schema))
        const decode = Tolerance.decode(schema)
        const is = Validation.is(schema)
        for (const fields of ["all", "some", "none"] as const) {
          const valid = frozen(Mutate.example(constraints, { seed: `${seed} ${name}`, fields }))
          const result = Result.getOrThrow(decode(valid, Tolerance.lenient))
          assert.strictEqual(result.value, valid)
          assert.lengthOf(result.tolerated, 0)

          for (let turn = 0; turn < 12; turn++) {
            let value: unknown = valid
            for (let faults = random.integer(1, 4); faults > 0; faults--) value = damaged(value, random)
            if (is(value)) continue
            const read = decode(frozen(value), Tolerance.lenient)
            if (Result.isFailure(read)) {
              counts.refused++
              assert.isTrue(read.failure.length > 0 && read.failure.length <= 32)
              continue
            }
            counts.right++
            const [right, howMany] = aside(constraints, read.success.value)
            if (!is(right)) assert.fail(`${name}: ${JSON.stringify(value)} is read as ${JSON.stringify(read.success)}`)
            const toldOf = read.success.tolerated.filter(({ kind }) => kept.has(kind)).length
            if (read.success.tolerated.length < 32) assert.strictEqual(toldOf, howMany, name)
            if (Result.isFailure(Validation.decode(schema)(value))) assert.isAbove(read.success.tolerated.length, 0)
          }
        }
      }
      assert.isAbove(counts.refused, 100)
      assert.isAbove(counts.right, 100)
      assert.isUndefined(Object(Object.prototype)["polluted"])
    })
  }
})

const deep = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = "x"
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}

describe("Hostile values", () => {
  it("of the names of what every object has are fields like any other", () => {
    const text = `{"idTag":"321","__proto__":{"polluted":true},"constructor":1,"hasOwnProperty":1,"toString":null}`
    const { tolerated, value } = lenient(V16.AuthorizeRequest, JSON.parse(text))
    assert.deepStrictEqual(value, { idTag: "321" })
    assert.strictEqual(Object.getPrototypeOf(value), Object.prototype)
    assert.lengthOf(tolerated, 4)
    assert.isUndefined(Object({})["polluted"])
  })

  it("that stay, stay own fields", () => {
    const customData = JSON.parse(`{"vendorId":12,"__proto__":{"polluted":true},"constructor":{"name":"x"}}`)
    const { value } = lenient(V201.HeartbeatRequest, { customData })
    const read = Object(value).customData
    assert.deepStrictEqual(Object.keys(read), ["vendorId", "__proto__", "constructor"])
    assert.strictEqual(read.vendorId, "12")
    assert.strictEqual(Object.getPrototypeOf(read), Object.prototype)
    assert.isUndefined(read.polluted)
  })

  it("that are a field's only by inheritance are not there", () => {
    assert.isDefined(refusals(Schema.Struct({ toString: Schema.Unknown, constructor: Schema.Unknown }), {}))
  })

  it("of any depth and size are refused or read", () => {
    for (const hostile of [
      deep(10_000, (inner) => [inner]),
      deep(10_000, (inner) => ({ meterValue: inner })),
      Array.from({ length: 100_000 }, () => null),
      Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, null])),
      "x".repeat(1_000_000)
    ]) {
      for (const [schema, value] of [
        [V16.MeterValuesRequest, { connectorId: 1, meterValue: hostile }],
        [V16.AuthorizeRequest, { idTag: "321", extra: hostile }],
        [V16.AuthorizeRequest, { idTag: hostile }],
        [V16.ResetRequest, { type: hostile }],
        [V201.DataTransferRequest, { vendorId: 1, data: hostile }],
        [V201.HeartbeatRequest, { customData: { vendorId: 1, hostile } }]
      ] as const) {
        const result = Tolerance.decode(schema)(value, Tolerance.lenient)
        assert.isTrue(Result.isFailure(result) || result.success.tolerated.length > 0)
      }
    }
  })
})

describe("What cannot come from a codec", () => {
  it("is refused or read nevertheless", () => {
    const cycle: Record<string, unknown> = { vendorId: "v" }
    cycle["self"] = [cycle, cycle, cycle]
    const bottomless = deep(100_000, (inner) => [inner, undefined])
    for (const data of [cycle, bottomless]) {
      for (const schema of [V201.DataTransferRequest, V16.DataTransferRequest]) {
        const value = { vendorId: "v", data }
        assert.isTrue(Result.isFailure(Tolerance.decode(schema)(value, Tolerance.lenient)))
        assert.isNotEmpty(Validation.violations(schema)(value))
        assert.isFalse(Validation.is(schema)(value))
      }
    }
    // Each level has the next one twice.
    let shared: unknown = new WrittenNumber("1.10")
    for (let level = 0; level < 100; level++) shared = [shared, shared]
    const is = Validation.is(V201.DataTransferRequest)
    assert.isTrue(is({ vendorId: "v", data: shared }))
    assert.isFalse(is({ vendorId: "v", data: { shared, bad: undefined } }))
  })
})

describe("Any schema", () => {
  interface Tree {
    readonly label: string
    readonly branches: ReadonlyArray<Tree>
  }
  const Tree: Schema.Codec<Tree> = Schema.Struct({
    label: Schema.String.check(Schema.isMaxCodePoints(3)),
    branches: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
  })

  it("within itself is read to the bottom", () => {
    const decoded = lenient(Tree, {
      LABEL: "a",
      branches: { label: 7, branches: [{ label: "long", branches: [] }], x: 1 }
    })
    assert.deepStrictEqual(decoded.value, {
      label: "a",
      branches: [{ label: "7", branches: [{ label: "long", branches: [] }] }]
    })
    assert.sameDeepMembers(
      [...told(decoded)],
      [
        ["WrongCase", "LABEL"],
        ["MissingWrapper", "branches"],
        ["ExtraField", "branches[0].x"],
        ["NumberForText", "branches[0].label"],
        ["TooLongText", "branches[0].branches[0].label"]
      ]
    )
    assert.deepStrictEqual(refusals(Tree, { label: "a", branches: [{ label: "b", branches: 1 }] }), [
      ["branches[0].branches", "TypeConstraintViolation"]
    ])
  })

  it("of a record is read field by field", () => {
    const schema = Schema.Struct({ all: Schema.Record(Schema.String, Schema.Finite) })
    const { value } = lenient(schema, JSON.parse(`{"all":{"a":"1","__proto__":"2","b":3}}`))
    assert.deepStrictEqual(Object.entries(Object(value).all), [
      ["a", 1],
      ["__proto__", 2],
      ["b", 3]
    ])
    assert.deepStrictEqual(refusals(schema, { all: { a: "x" } }), [["all.a", "TypeConstraintViolation"]])
  })

  it("that transforms a part is read after it", () => {
    const schema = Schema.Struct({ a: Schema.optionalKey(Schema.FiniteFromString), b: Schema.Finite })
    assert.deepStrictEqual(lenient(schema, { a: "1", b: "2" }).value, { a: 1, b: 2 })
    assert.isDefined(refusals(schema, { a: [1], b: "2" }))
  })

  it("of several types lets nothing through in them", () => {
    const schema = Schema.Struct({ a: Schema.Union([Schema.Struct({ b: Schema.Finite }), Schema.Finite]) })
    for (const a of ["1", { b: "1" }, { B: 1 }]) assert.isDefined(refusals(schema, { a }))
    const words = Schema.Struct({ a: Schema.Union([Schema.Literal("x"), Schema.Finite]) })
    for (const a of ["X", "y", "1"]) assert.isDefined(refusals(words, { a }))
    const tuple = Schema.Struct({ a: Schema.Tuple([Schema.Finite]) })
    assert.isDefined(refusals(tuple, { a: ["1"] }))
  })

  it("of words with a rule lets no other words through", () => {
    const schema = Schema.Struct({ a: Schema.Literals(["x", "yy"]).check(Schema.isMinLength(2)) })
    for (const a of ["x", "zz"]) assert.isDefined(refusals(schema, { a }))
  })

  it("with a rule over its fields keeps it", () => {
    const schema = Schema.Struct({ from: Schema.Finite, to: Schema.Finite }).check(
      Schema.makeFilter(({ from, to }) => from <= to, { expected: "an order" })
    )
    assert.deepStrictEqual(lenient(schema, { from: "1", to: "2" }).value, { from: 1, to: 2 })
    assert.deepStrictEqual(refusals(schema, { from: "2", to: "1" }), [["", "PropertyConstraintViolation"]])
    assert.deepStrictEqual(refusals(schema, { from: {}, to: "1" }), [["from", "TypeConstraintViolation"]])
    assert.deepStrictEqual(refusals(schema, { from: 2, to: 1 }, Tolerance.strict), [
      ["", "PropertyConstraintViolation"]
    ])
  })
})
