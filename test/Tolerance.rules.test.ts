/**
 * Every rule that a message can break, found in the schemas themselves, and that with each kind of fault becomes of a
 * breach what the table of rules says.
 */
import { assert, describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type * as Action from "../src/Action.ts"
import { Tolerance, ToleratedFrameKind, ToleratedKind, Validation, Wire } from "../src/index.ts"
import { filters, type Rule, shapes } from "../src/internal/Rules.ts"
import { WrittenNumber } from "../src/internal/WrittenNumber.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"
import * as Constraints from "./support/constraints.ts"
import { tableOf } from "./support/markdown.ts"
import * as Mutate from "./support/mutate.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "rules"

interface Message {
  readonly name: string
  readonly schema: Action.MessageSchema
}

const messages: ReadonlyArray<Message> = Object.entries({ "1.5": V15, "1.6": V16, "2.0.1": V201, "2.1": V21 }).flatMap(
  ([version, { actions }]) =>
    (actions as ReadonlyArray<Action.Action>).flatMap(({ name, request, response }): ReadonlyArray<Message> => {
      const first = { name: `${version} ${name} request`, schema: request }
      return response === undefined ? [first] : [first, { name: `${version} ${name} response`, schema: response }]
    })
)

type Key = string | number
type Fields = { readonly [name: string]: unknown }

/** A part of a message, and its type. */
interface Place {
  readonly message: Message
  readonly path: ReadonlyArray<Key>
  readonly ast: SchemaAST.AST
  readonly isOptional: boolean
}

const placesOf = (message: Message): ReadonlyArray<Place> => {
  const go = (part: SchemaAST.AST, path: ReadonlyArray<Key>, open: ReadonlyArray<SchemaAST.AST>): Array<Place> => {
    const ast = part._tag === "Suspend" ? part.thunk() : part
    if (open.includes(ast)) return []
    const inner = [...open, ast]
    const isOptional = ast.context?.isOptional === true
    const place: Place = { message, path, ast, isOptional }
    switch (ast._tag) {
      case "Objects":
        return [
          place,
          ...ast.propertySignatures.flatMap(({ name, type }) => go(type, [...path, String(name)], inner)),
          ...ast.indexSignatures.flatMap(({ type }) => (type._tag === "Never" ? [] : go(type, [...path, "x"], inner)))
        ]
      case "Arrays":
        assert.lengthOf(ast.elements, 0)
        return [place, ...ast.rest.flatMap((item) => go(item, [...path, 0], inner))]
      default:
        return [place]
    }
  }
  return go(Schema.toType(message.schema).ast, [], [])
}

const flat = (check: SchemaAST.Check<never>): ReadonlyArray<SchemaAST.Filter<never>> =>
  check._tag === "FilterGroup" ? check.checks.flatMap(flat) : [check]

const shapeOf: { readonly [Tag in SchemaAST.AST["_tag"]]?: keyof typeof shapes } = {
  String: "text",
  Number: "number",
  Boolean: "boolean",
  Literal: "word",
  Union: "word",
  Arrays: "list",
  Objects: "object",
  Declaration: "json"
}

const isWords = (ast: SchemaAST.AST): boolean =>
  ast._tag === "Union" ? ast.types.every(isWords) : ast._tag === "Literal" && typeof ast.literal === "string"

/** The rules of a place, by their names in the table. Fails for what the table does not have. */
const rulesOf = ({ ast, message, path }: Place): ReadonlyArray<string> => {
  const at = `${message.name}, ${path.join(".")}`
  const shape = shapeOf[ast._tag]
  assert.isDefined(shape, `${at}: there is no rule for ${ast._tag}`)
  if (shape === "word") assert.isTrue(isWords(ast), at)
  if (shape === "json") assert.strictEqual(Object(ast.annotations?.["representation"]).id, "effect/schema/Json", at)
  const own = (ast.checks ?? []).flatMap(flat).map((filter) => {
    const id = `${ast._tag} ${filter.annotations?.representation?.id}`
    assert.isTrue(filters.has(id), `${at}: there is no rule for ${id}`)
    return id
  })
  const ofFields =
    ast._tag !== "Objects"
      ? []
      : [
          ...(ast.propertySignatures.some(({ type }) => type.context?.isOptional !== true) ? ["required"] : []),
          ...(isClosed(ast) ? ["known"] : [])
        ]
  if (path.length === 0) return ["message", ...ofFields]
  return shape === "json" ? ["json"] : ["notNull", shape!, ...own, ...ofFields]
}

const isClosed = (ast: SchemaAST.Objects): boolean => ast.indexSignatures.every(({ type }) => type._tag === "Never")

const table = new Map<string, Rule>([...filters, ...Object.entries(shapes)])

// ---- breaches

/** A part that breaks a rule, and the kind that lets it through, or none. */
type Breach = readonly [part: unknown, kind: ToleratedKind | undefined]

interface Site extends Place {
  /** A valid part, in this place. */
  readonly valid: unknown
}

const emptyIf = (isOptional: boolean, empty: unknown): ReadonlyArray<Breach> =>
  isOptional ? [[empty, "EmptyForAbsent"]] : []

const isFree = (ast: SchemaAST.AST): boolean =>
  (ast.checks ?? []).flatMap(flat).every((filter) => filter.annotations?.representation?.id !== timestampId)

const timestampId = "effect-ocpp/isTimestamp"
const uriId = "effect-ocpp/isUri"

const payloadOf = (ast: SchemaAST.AST, id: string): Fields =>
  Object(
    (ast.checks ?? []).flatMap(flat).find((filter) => filter.annotations?.representation?.id === id)?.annotations
      ?.representation?.payload
  )

const has = (ast: SchemaAST.AST, id: string): boolean =>
  (ast.checks ?? []).flatMap(flat).some((filter) => filter.annotations?.representation?.id === id)

const least = (ast: SchemaAST.AST): number =>
  Number(
    payloadOf(ast, "effect/schema/isGreaterThanOrEqualTo")["minimum"] ??
      payloadOf(ast, "effect/schema/isBetween")["minimum"] ??
      0
  )

const greatest = (ast: SchemaAST.AST): number =>
  Number(
    payloadOf(ast, "effect/schema/isLessThanOrEqualTo")["maximum"] ??
      payloadOf(ast, "effect/schema/isBetween")["maximum"] ??
      Infinity
  )

const without = (value: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))

/** The fields of the first required object in its place, where only it can be meant. */
const unwrapped = ({ ast, valid }: Site): ReadonlyArray<Breach> => {
  if (ast._tag !== "Objects") return []
  const inner = ast.propertySignatures.find(({ name, type }) => name === "idTagInfo" && type._tag === "Objects")
  if (inner === undefined || inner.type.context?.isOptional === true) return []
  const { idTagInfo, ...others } = Object(valid)
  return [[{ ...others, ...idTagInfo }, "MissingWrapper"]]
}

const otherCase = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

const breachesOf: { readonly [rule: string]: (site: Site) => ReadonlyArray<Breach> } = {
  message: () => [
    [[], undefined],
    [1, undefined]
  ],
  required: (site) => {
    const { ast, valid } = site
    if (ast._tag !== "Objects") return []
    const name = ast.propertySignatures.find(({ type }) => type.context?.isOptional !== true)?.name
    const field = String(name)
    const rest = without(Object(valid), field)
    return [
      ...(Object.keys(rest).length === 0 && site.isOptional ? [] : [[rest, undefined] as const]),
      ...emptyIf(site.isOptional, {}),
      ...unwrapped(site),
      ...(isClosed(ast) ? [[{ ...rest, [otherCase(field)]: Object(valid)[field] }, "WrongCase"] as const] : [])
    ]
  },
  known: (site) => {
    const { ast, valid } = site
    const [name] = ast._tag === "Objects" ? ast.propertySignatures.map((field) => String(field.name)) : []
    return [
      [{ ...Object(valid), vendorField: 1 }, "ExtraField"],
      ...unwrapped(site),
      ...(name === undefined
        ? []
        : [[{ ...without(Object(valid), name), [otherCase(name)]: Object(valid)[name] }, "WrongCase"] as const])
    ]
  },
  notNull: ({ isOptional }) => [[null, isOptional ? "NullForAbsent" : undefined]],
  text: ({ ast, isOptional }) => [
    ...(isFree(ast) && !has(ast, uriId) ? [[5, "NumberForText"] as const] : []),
    ...(isFree(ast) && !has(ast, uriId) && payloadMost(ast) >= 4 ? [[true, "BooleanForText"] as const] : []),
    [{ a: 1 }, Wire.isData(ast) ? "ObjectForText" : undefined],
    ...(Wire.isData(ast) ? [] : emptyIf(isOptional, {}))
  ],
  number: ({ isOptional, valid }) => [
    [String(valid), "TextForNumber"],
    ["0.1000000000000000055511151231257827", undefined],
    ["five", undefined],
    [true, undefined],
    ...emptyIf(isOptional, "")
  ],
  boolean: ({ isOptional }) => [
    ["TRUE", "TextForBoolean"],
    [1, "NumberForBoolean"],
    ["yes", undefined],
    [2, undefined],
    ...emptyIf(isOptional, "")
  ],
  word: ({ isOptional, valid }) => [
    [String(valid).toLowerCase() === valid ? undefined : String(valid).toLowerCase(), "WrongCase"],
    ["Another", "UnknownValue"],
    [5, undefined],
    ...emptyIf(isOptional, [])
  ],
  list: ({ ast, isOptional, valid }) => [
    ...(ast._tag === "Arrays" && ast.rest[0]?._tag === "Objects"
      ? [[Object(valid)[0], "MissingWrapper"] as const]
      : [["x", undefined] as const]),
    ...emptyIf(isOptional, "")
  ],
  object: ({ isOptional }) => [["x", undefined], ...emptyIf(isOptional, "")],
  json: () => [[Infinity, undefined]],
  "String effect/schema/isMaxCodePoints": ({ ast }) => [["x".repeat(payloadMost(ast) + 1), "TooLongText"]],
  "String effect-ocpp/isTimestamp": ({ isOptional }) => [
    ["2026-11-22T06:00:00", "LocalTime"],
    ["2026-11-22T06:00Z", "LocalTime"],
    ["0000-00-00T00:00:00Z", undefined],
    ...emptyIf(isOptional, "")
  ],
  "String effect-ocpp/isUri": ({ isOptional }) => [["a b", "InvalidUri"], ...emptyIf(isOptional, "")],
  "Number effect/schema/isFinite": ({ isOptional }) => [[Infinity, isOptional ? "NumberTooLarge" : undefined]],
  "Number effect/schema/isInt": ({ ast, isOptional }) => [
    [least(ast) + 0.5, "FractionForInteger"],
    ...(greatest(ast) === Infinity
      ? [
          [2 ** 53, "NumberTooLarge"] as const,
          [new WrittenNumber("9223372036854775807"), isOptional ? "NumberTooLarge" : undefined] as const
        ]
      : [])
  ],
  "Number effect/schema/isGreaterThanOrEqualTo": ({ ast }) => [[least(ast) - 1, "OutOfRange"]],
  "Number effect/schema/isLessThanOrEqualTo": ({ ast }) => [[greatest(ast) + 1, "OutOfRange"]],
  "Number effect/schema/isBetween": ({ ast }) => [
    [least(ast) - 1, "OutOfRange"],
    [greatest(ast) + 1, "OutOfRange"]
  ],
  "Number effect/schema/isMultipleOf": () => [[16.25, "TooManyDecimals"]],
  "Arrays effect/schema/isMinLength": ({ isOptional }) => [[[], isOptional ? "EmptyForAbsent" : "EmptyList"]],
  "Arrays effect/schema/isMaxLength": ({ ast, valid }) => [
    [
      Array.from(
        { length: Number(payloadOf(ast, "effect/schema/isMaxLength")["maxLength"]) + 1 },
        (): unknown => Object(valid)[0]
      ),
      "TooLongList"
    ]
  ]
}

const payloadMost = (ast: SchemaAST.AST): number =>
  Number(payloadOf(ast, "effect/schema/isMaxCodePoints")["maxCodePoints"] ?? Infinity)

const partAt = (value: unknown, path: ReadonlyArray<Key>): unknown =>
  path.reduce((part: unknown, key) => Object(part)[key], value)

const put = (value: unknown, path: ReadonlyArray<Key>, part: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return part
  if (Array.isArray(value)) return value.with(Number(key), put(value[Number(key)], rest, part))
  return { ...Object(value), [key]: put(Object(value)[key], rest, part) }
}

const only = new Map(ToleratedKind.literals.map((kind) => [kind, Tolerance.of([kind])]))

/** In which way a breach is not treated as the table says. */
const problem = (site: Site, whole: unknown, [part, kind]: Breach): string | undefined => {
  const { schema } = site.message
  const decode = Tolerance.decode(schema)
  const value = put(whole, site.path, part)
  if (Result.isSuccess(Validation.decode(schema)(value))) return "taken by strict decoding"
  const lenient = decode(value, Tolerance.lenient)
  if (kind === undefined) return Result.isSuccess(lenient) ? "let through" : undefined
  if (Result.isFailure(lenient)) return `refused with ${JSON.stringify(lenient.failure)}`
  const result = decode(value, only.get(kind)!)
  if (Result.isFailure(result)) return `refused by ${kind} with ${JSON.stringify(result.failure)}`
  return result.success.tolerated.every((fault) => fault.kind === kind) ? undefined : "told as another kind"
}

describe("The rules that a message can break", () => {
  const places = messages.flatMap(placesOf)
  const found = new Map(
    [...table.keys()].map((rule) => [rule, { places: 0, kinds: new Set<ToleratedKind>(), refused: false }])
  )

  it(`[FIELD-K4] are all in the table, and each kind lets through what it says (seed ${seed})`, () => {
    const examples = new Map(
      messages.map(({ name, schema }) => [
        name,
        Mutate.example(Constraints.ofSchema(Schema.toType(schema)), { seed: `${seed} ${name}`, fields: "all" })
      ])
    )
    const tried = new Map<string, number>()
    for (const place of places) {
      for (const rule of rulesOf(place)) {
        const seen = found.get(rule)!
        seen.places++
        // Each rule at the first places in each version, required and optional, and at every hundredth.
        const group = `${rule} ${place.message.name.slice(0, 5)} ${place.isOptional} ${Wire.isData(place.ast)}`
        const times = (tried.get(group) ?? 0) + 1
        tried.set(group, times)
        if (times > 12 && times % 100 > 0) continue
        const example = examples.get(place.message.name)
        const valid = partAt(example, place.path)
        // Text at the beginning of which a letter has no case cannot be in another one.
        for (const breach of breachesOf[rule]?.({ ...place, valid }) ?? assert.fail(`nothing breaks ${rule}`)) {
          if (breach[0] === undefined) continue
          const wrong = problem({ ...place, valid }, example, breach)
          if (wrong !== undefined) {
            assert.fail(`${rule} at ${place.message.name}, ${place.path.join(".")}, by ${String(breach)}: ${wrong}`)
          }
          if (breach[1] === undefined) seen.refused = true
          else seen.kinds.add(breach[1])
        }
      }
    }
  })

  it("[FIELD-K4] are broken somewhere, with every kind that the table has for them, and refused only with a reason", () => {
    for (const [rule, { kinds, places: count, refused }] of found) {
      assert.isAbove(count, 0, rule)
      assert.sameMembers([...kinds], [...(table.get(rule)?.kinds ?? [])], rule)
      assert.strictEqual(refused, table.get(rule)?.refused !== undefined, rule)
    }
    const used = new Set(Tolerance.rules.flatMap(({ kinds }) => kinds))
    assert.sameMembers([...used, ...ToleratedFrameKind.literals], [...ToleratedKind.literals])
  })

  it("[FIELD-K4] are listed in the documentation, as are the kinds", async () => {
    await expect(page()).toMatchFileSnapshot(join(root, "docs", "tolerance.md"))
  })
})

const root = join(import.meta.dirname, "..")

/** What becomes of a fault of each kind, as the documentation of the kinds says. */
const becomes = (): ReadonlyArray<ReadonlyArray<ReadonlyArray<string>>> => {
  const comments = readFileSync(join(root, "src", "Deviation.ts"), "utf8").matchAll(
    /\*\*Details\*\*([\s\S]*?)@category/g
  )
  return Array.from(comments, ([, comment = ""]) => {
    const items = comment.replaceAll(/\n \*/g, " ").replaceAll(/\s+/g, " ").split(" - `").slice(1)
    return items.map((item) => {
      const [kind = "", ...text] = item.trim().split("`: ")
      return [`\`${kind}\``, text.join("`: ")]
    })
  })
}

const page = (): string => {
  const [ofFrames = [], kinds = []] = becomes()
  assert.sameMembers(
    [...ofFrames, ...kinds].map(([kind]) => kind),
    ToleratedKind.literals.map((kind) => `\`${kind}\``)
  )
  const rules = Tolerance.rules.map(({ asks, kinds: through, refused }) => [
    asks,
    through.length === 0 ? "–" : through.map((kind) => `\`${kind}\``).join(", "),
    refused ?? "–"
  ])
  return `# What a tolerance lets through

A session is strict unless it is given a tolerance, which names the kinds of fault that are let through. Every fault that is
let through is reported as a deviation of its kind, with the path. A value that is put right has passed its schema, or has
another fault with which it is kept; two values that mean different things never become the same one.

## The kinds

${tableOf(["Kind", "What it is, and what becomes of it"], kinds)}

## The kinds for frames

[Every rule of a frame](../src/json/FrameRules.ts) has one of these, or of those above, or the reason why none.

${tableOf(["Kind", "What it is, and what becomes of it"], ofFrames)}

## The rules

These are all the rules that the messages of 1.5, 1.6, 2.0.1 and 2.1 have.

${tableOf(["The rule", "Let through by", "Refused whatever is tolerated, and why"], rules)}

## Numbers that JavaScript cannot hold

JSON sets no bound to the digits of a number; a number of JavaScript holds some 17 of them, and whole numbers up to 2^53.

- A number that becomes text, and the numbers in an object that becomes text, keep the digits that came.
- A text becomes a number only if that holds all its digits.
- Where any number or anything may be, the nearest number of JavaScript is taken, and a deviation \`RoundedNumber\` tells so. A
  decimal that is only written with more digits than it needs, as \`48.200000000000003\` for 48.2, is no fault.
- Where a whole number is due, one beyond 2^53 is refused, or let through by \`NumberTooLarge\` as said above.
- With \`numbers: "exact"\`, an option of a CSMS, a station and a \`JsonCarrier\`, such a number is an \`ExactNumber\` wherever it
  stands, and is written back with the digits that came.

What is not possible: a number nearer to 0 than 2.3e-308 loses digits, and is 0 in the end, without a word, unless numbers
are exact. A fraction that is as
near to a whole number as \`1.00000000000000000001\` is that number where a whole one is due, and this is told only if the
message has a place for another number or for anything. The details of a CALLERROR are read as JavaScript reads them.
`
}

// ---- what denotes the same

/** A decimal number as one text for all that denote the same; `undefined` for what is none. */
const decimalOf = (text: string): string | undefined => {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[Ee]([+-]?\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, sign, whole = "", fraction = "", exponent = "0"] = match
  const digits = (whole + fraction).replace(/^0+/, "")
  const significant = digits.replace(/0+$/, "")
  if (significant === "") return "0"
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${sign === "-" ? "-" : ""}${significant}e${power}`
}

const writtenAs = (input: unknown): string =>
  input instanceof WrittenNumber ? input.text : typeof input === "string" ? input : String(JSON.stringify(input))

/** What an input means in a field of a type; inputs of the same meaning may become the same. */
const meaningOf = (ast: SchemaAST.AST, input: unknown): string => {
  const text = writtenAs(input)
  switch (ast._tag) {
    case "Number":
      return `number ${decimalOf(text) ?? text}`
    case "Boolean":
      return `boolean ${{ "1": "true", "0": "false" }[decimalOf(text)?.replace("e0", "") ?? ""] ?? text.toLowerCase()}`
    case "String":
      return `text ${has(ast, timestampId) ? (instants.get(text) ?? text) : text}`
    default:
      return `word ${text.toLowerCase()}`
  }
}

/** Times in other forms, and the instant that each means. */
const instants = new Map([
  ["2026-11-22T06:00Z", "2026-11-22T06:00:00Z"],
  ["2026-11-22T06:00:00", "2026-11-22T06:00:00Z"],
  ["2026-11-22 06:00:00Z ", "2026-11-22T06:00:00Z"],
  ["20261122T060000Z", "2026-11-22T06:00:00Z"],
  ["2026-11-22T06:00:00,0Z", "2026-11-22T06:00:00.0Z"]
])

const words = (text: string): ReadonlyArray<string> => text.split(" ")

const written = [
  ...words(
    "0 -0 0.0 1 1.0 1.00000000000000000001 0.99999999999999999999 1.1 1.10 1e3 1000 0.1 0.30000000000000004 0.3"
  ),
  ...words("9007199254740992 9007199254740993 9007199254740994 12345678901234567890 12345678901234567000"),
  ...words("12345678901234567168 9223372036854775807 9223372036854775808 9223372036854775809 1e400 1e-400")
]

const inputs: ReadonlyArray<unknown> = [
  ...written.map((text) => (String(Number(text)) === text ? Number(text) : new WrittenNumber(text))),
  ...written,
  // As numbers these are 0.1 written at length.
  ...words("0.10000000000000000555 0.1000000000000000055511151231257827"),
  ...words("+1 007 7 true TRUE false x X 0000-00-00T00:00:00Z"),
  "",
  " 1",
  ...instants.keys(),
  ...instants.values(),
  "2026-11-22T06:00:01Z",
  true,
  false,
  { a: 1 },
  { a: new WrittenNumber("1.0") },
  '{"a":1}',
  [1]
]

const holdsWritten = (value: unknown): boolean =>
  value instanceof WrittenNumber ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsWritten))

describe("What is let through", () => {
  it(`[FIELD-K3] never becomes one of two inputs that mean different things (seed ${seed})`, () => {
    const known = new Set<unknown>()
    let pairs = 0
    for (const message of messages) {
      const example = Mutate.example(Constraints.ofSchema(Schema.toType(message.schema)), {
        seed: `${seed} ${message.name}`,
        fields: "all"
      })
      const decode = Tolerance.decode(message.schema)
      for (const { ast, path } of placesOf(message)) {
        if (!["String", "Number", "Boolean", "Union"].includes(ast._tag)) continue
        const type = JSON.stringify([ast._tag, ast.context?.isOptional, Wire.isData(ast), checksOf(ast)])
        if (known.has(type)) continue
        known.add(type)
        const outputs = new Map<string, unknown>()
        for (const input of inputs) {
          const result = decode(put(example, path, input), Tolerance.lenient)
          if (Result.isFailure(result)) continue
          assert.isFalse(holdsWritten(result.success.value), `${message.name}, ${path.join(".")}: ${writtenAs(input)}`)
          const output = partAt(result.success.value, path)
          // What is left out, or rounded, is told as such.
          if (output === undefined || isRounded(result.success)) continue
          const key = `${typeof output} ${Object.is(output, -0) ? 0 : String(output)}`
          const before = outputs.get(key) ?? input
          outputs.set(key, before)
          pairs++
          assert.strictEqual(
            meaningOf(ast, input),
            meaningOf(ast, before),
            `${message.name}, ${path.join(".")}: ${writtenAs(input)} and ${writtenAs(before)} become ${String(output)}`
          )
        }
      }
    }
    assert.isAbove(pairs, 300)
  })
})

// To round is no repair, and is told.
const isRounded = ({ tolerated }: Tolerance.Decoded): boolean => tolerated.some(({ kind }) => kind === "RoundedNumber")

const checksOf = (ast: SchemaAST.AST): ReadonlyArray<unknown> =>
  (ast.checks ?? []).flatMap(flat).map((filter) => filter.annotations?.representation)
