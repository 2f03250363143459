/**
 * Every rule of a frame, broken by requests and answers to both sides in all versions.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { ToleratedFrameKind, type ToleratedKind } from "../../src/index.ts"
import { rules } from "../../src/json/FrameRules.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import { csmsOf } from "../support/csms.ts"
import { asOfCsms } from "../support/engine.ts"
import { time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { stationOf } from "../support/station.ts"
import { settled, start } from "../support/time.ts"
import { type Version, versions } from "../support/versions.ts"

type Side = "csms" | "station"

const sides: ReadonlyArray<Side> = ["csms", "station"]

/** One side with a tolerance: what came of what it was sent, and a call that waits for its answer. */
const open = Effect.fnUntraced(function* (side: Side, version: Version, tolerance: Tolerance.Tolerance) {
  const { protocol } = version
  if (side === "station") {
    const made = yield* stationOf({ protocol, boot: undefined }, { tolerance })
    const call = (messageId?: string) =>
      made.csms["heartbeat"]!({}, messageId === undefined ? undefined : { messageId })
    return {
      raw: made.raw,
      handled: made.handled,
      kinds: () => made.deviations.map(({ kind }) => kind),
      told: () => made.deviations.flatMap(({ violations }) => violations),
      call,
      response: `{"currentTime":"${time}"}`
    }
  }
  const made = yield* csmsOf(version, { accept: () => ({ registration: "Accepted", tolerance }) })
  const { raw, session } = yield* made.connect()
  const clearCache = asOfCsms(protocol.actions.find(({ name }) => name === "ClearCache")!)
  return {
    raw,
    handled: made.handled,
    kinds: () => made.deviations.map(({ deviation }) => deviation.kind),
    told: () => made.deviations.flatMap(({ deviation }) => deviation.violations),
    call: (messageId?: string) => session.call(clearCache, {}, messageId === undefined ? undefined : { messageId }),
    response: `{"status":"Accepted"}`
  }
})

/** A request that either side handles, and what it is answered with. */
const requests = {
  csms: { action: "Heartbeat", response: { currentTime: time } },
  station: { action: "ClearCache", response: { status: "Accepted" } }
}

/** The elements of a frame as JSON. */
type Elements = readonly [type: string, id: string, ...rest: ReadonlyArray<string>]

const written = (elements: ReadonlyArray<string>): string => `[${elements.join(",")}]`

/** A way to break a rule. */
interface Breach {
  readonly rule: string
  readonly kind?: ToleratedKind
  readonly title: string
  readonly of?: "requests" | "answers"
  readonly text: (elements: Elements) => string
  /** The id that the answer has. */
  readonly id?: unknown
}

const nul = "\u0000"
const unquoted = ([type, id, ...rest]: Elements): string => written([type, JSON.parse(id), ...rest])
const withId =
  (id: string) =>
  ([type, , ...rest]: Elements) =>
    written([type, id, ...rest])
const payload = (last: string) => (elements: Elements) => written([...elements.slice(0, -1), last])
const named =
  (name: string) =>
  ([type, id, , last = ""]: Elements) =>
    written([type, id, name, last])

const breaches: ReadonlyArray<Breach> = [
  ...["", " ", "\r\n"].map((space): Breach => ({
    rule: "has no byte order mark",
    kind: "ByteOrderMark",
    title: `a byte order mark and ${JSON.stringify(space)} before it`,
    text: (elements) => `\ufeff${space}${written(elements)}`
  })),
  ...[nul, "\u0001", "\b", "\f", "\v", "\u001f"].map((control): Breach => ({
    rule: "has no control characters as they are",
    kind: "ControlCharacter",
    title: `${JSON.stringify(control)} between its elements`,
    text: (elements) => `${control}${written(elements).replaceAll(",", `${control},${control}`)}`
  })),
  ...[nul, "\n", "\t", "\u001f"].map((control): Breach => ({
    rule: "has no control characters as they are",
    kind: "ControlCharacter",
    title: `${JSON.stringify(control)} in its id`,
    of: "requests",
    text: withId(`"a${control}b"`),
    id: `a${control}b`
  })),
  ...[nul, `${nul}${nul}\n${nul}`, "]", "x", "}]", `"Heartbeat",{}]`, `{"a":[1]}`, "\ufeff", "\u00a0", ";"].map(
    (rest): Breach => ({
      rule: "ends with its last bracket",
      kind: "TrailingText",
      title: `${JSON.stringify(rest)} behind it`,
      text: (elements) => written(elements) + rest
    })
  ),
  ...[`[2,"2","Heartbeat",{}]`, `\n[3,"x",{}]`, `,[ "2" , 7,"Heartbeat",{}]`].map((rest): Breach => ({
    rule: "ends with its last bracket",
    title: `${JSON.stringify(rest)} behind it`,
    text: (elements) => written(elements) + rest
  })),
  ...["{", `{"a":1`, "{a:1}", "{'a':1}", "{}}", "{,}", "NaN", `{"a":"\\x"}`, `{"a":"\\\n"}`].map((last): Breach => ({
    rule: "is JSON",
    title: `the payload ${JSON.stringify(last)}`,
    text: payload(last)
  })),
  { rule: "is an array", title: "an object", of: "requests", text: ([, id]) => `{"2":${id}}` },
  {
    rule: "is not nested deeper than `maxDepth`, nor has an object more than `maxFields` fields",
    title: "100 brackets",
    text: payload("[".repeat(100) + "]".repeat(100))
  },
  {
    rule: "is not nested deeper than `maxDepth`, nor has an object more than `maxFields` fields",
    title: "a million brackets",
    text: payload("[".repeat(1_000_000))
  },
  {
    rule: "is not nested deeper than `maxDepth`, nor has an object more than `maxFields` fields",
    title: "10,001 fields",
    text: payload(`{${Array.from({ length: 10_001 }, (_, field) => `"f${field}":1`).join(",")}}`)
  },
  {
    rule: "has a number as message type",
    kind: "TextMessageType",
    title: "a text",
    text: ([type, ...rest]) => written([`"${type}"`, ...rest])
  },
  ...["null", `"two"`, `"02"`, `"9"`, "[2]"].map((type): Breach => ({
    rule: "has a number as message type",
    title: type,
    of: "requests",
    text: ([, ...rest]) => written([type, ...rest])
  })),
  {
    rule: "has a message type of the version",
    title: "9",
    of: "requests",
    text: ([, ...rest]) => written(["9", ...rest])
  },
  { rule: "has a text as message id", kind: "NumericMessageId", title: "a number", text: unquoted, id: 17 },
  ...["null", "true", "{}", `["1"]`].map((id): Breach => ({
    rule: "has a text as message id",
    title: id,
    of: "requests",
    text: withId(id)
  })),
  { rule: "has a message id that is not empty", title: "an empty one", of: "requests", text: withId(`""`) },
  ...[37, 255].map((length): Breach => ({
    rule: "has a message id of at most 36 characters",
    kind: "TooLongText",
    title: `${length} characters`,
    of: "requests",
    text: withId(`"${"x".repeat(length)}"`),
    id: "x".repeat(length)
  })),
  {
    rule: "has a message id of at most 36 characters",
    title: "256 characters",
    of: "requests",
    text: withId(`"${"x".repeat(256)}"`)
  },
  ...["null", "7", "{}"].map((name): Breach => ({
    rule: "has a text as action",
    title: name,
    of: "requests",
    text: named(name)
  })),
  {
    rule: "has an action of the version",
    kind: "WrongCase",
    title: "in capitals",
    of: "requests",
    text: (elements) => named(elements[2]!.toUpperCase())(elements)
  },
  ...[`""`, `"NoSuchAction"`, `"__proto__"`].map((name): Breach => ({
    rule: "has an action of the version",
    title: name,
    of: "requests",
    text: named(name)
  })),
  ...["null", "{}", `"signature"`, "1,2,3"].map((more): Breach => ({
    rule: "has no more elements than its type",
    kind: "ExtraElement",
    title: `${more} at its end`,
    text: (elements) => written([...elements, more])
  })),
  {
    rule: "has no more elements than its type",
    kind: "ExtraElement",
    title: "its action in an answer",
    of: "answers",
    text: ([type, id, ...rest]) => written([type, id, `"Action"`, ...rest])
  },
  {
    rule: "has a payload",
    kind: "MissingElement",
    title: "none",
    of: "requests",
    text: (elements) => written(elements.slice(0, -1))
  },
  ...["null", "[]", `""`].map((last): Breach => ({
    rule: "has a payload",
    kind: "MissingElement",
    title: last,
    of: "requests",
    text: payload(last)
  })),
  ...["[1]", `[{}]`, `"{}"`, "7", "false"].map((last): Breach => ({
    rule: "has an object as payload",
    title: last,
    text: payload(last)
  }))
]

/** Rules that are broken in other tests, and where. */
const elsewhere: Readonly<Record<string, string>> = {
  "is a text message":
    "test/json/JsonCarrier.test.ts, test/node/WebSocketServer.test.ts, test/node/WebSocketClient.test.ts",
  "is UTF-8": "test/node/WebSocketServer.test.ts, test/node/WebSocketClient.test.ts",
  "is not over the size limit": "test/node/WebSocketServer.test.ts, test/node/WebSocketClient.test.ts",
  "has a text as error code": "below",
  "has a description and details in an error": "below"
}

it("[FIELD-K5] every rule has a breach, every kind a rule", () => {
  const known = new Set([...breaches.map(({ rule }) => rule), ...Object.keys(elsewhere)])
  assert.sameMembers(
    rules.map(({ rule }) => rule),
    [...known]
  )
  for (const { kind, rule } of breaches) {
    if (kind !== undefined) assert.strictEqual(rules.find((other) => other.rule === rule)?.kind, kind, rule)
  }
  const kinds = new Set(rules.map(({ kind }) => kind))
  for (const kind of ToleratedFrameKind.literals) assert.isTrue(kinds.has(kind), kind)
  for (const rule of rules) assert.isNotEmpty(rule.outcome)
})

const allBut = (kind: ToleratedKind): Tolerance.Tolerance =>
  Tolerance.of([...Tolerance.lenient].filter((other) => other !== kind))

for (const side of sides) {
  const { action, response } = requests[side]
  for (const version of versions) {
    describe(`[FIELD-K5] the ${side} of ${version.name}`, () => {
      for (const { id = "17", kind, of, rule, text, title } of breaches) {
        const request = text(["2", `"17"`, `"${action}"`, "{}"])
        if (of !== "answers") {
          it.effect(`handles no request that breaks the rule that it ${rule}: ${title}`, () =>
            Effect.gen(function* () {
              const tolerances = kind === undefined ? [Tolerance.lenient] : [allBut(kind)]
              for (const tolerance of [Tolerance.strict, ...tolerances]) {
                const { handled, kinds, raw } = yield* open(side, version, tolerance)
                yield* raw.send(request)
                assert.deepStrictEqual(handled, [])
                const told: ReadonlyArray<string> = kinds()
                assert.isTrue(
                  ["MalformedFrame", "InvalidRequest", "UnknownAction", "UnknownMessageType"].some((one) =>
                    told.includes(one)
                  ),
                  told.join()
                )
                for (const [type] of yield* raw.news) assert.strictEqual(type, 4)
              }
            })
          )
        }
        if (of !== "answers" && kind !== undefined) {
          it.effect(`handles a request with ${kind}, where it is tolerated: ${title}`, () =>
            Effect.gen(function* () {
              for (const tolerance of [Tolerance.of([kind]), Tolerance.lenient]) {
                const { handled, kinds, raw, told } = yield* open(side, version, tolerance)
                yield* raw.send(request)
                assert.deepStrictEqual(yield* raw.next, [3, id, response])
                assert.deepStrictEqual(handled, [action])
                assert.deepStrictEqual(kinds(), [kind])
                assert.strictEqual(told().length, 1)
              }
            })
          )
        }
        if (of !== "requests") {
          it.effect(`ends its call at once by an answer that breaks the rule that it ${rule}: ${title}`, () =>
            Effect.gen(function* () {
              const tolerances = kind === undefined ? [Tolerance.lenient] : [allBut(kind)]
              for (const tolerance of [Tolerance.strict, ...tolerances]) {
                const { call, kinds, raw, response: good } = yield* open(side, version, tolerance)
                const fiber = yield* start(call("17"))
                const next = yield* start(call("next"))
                assert.strictEqual((yield* raw.news).length, 1)
                yield* raw.send(text(["3", `"17"`, good]))
                assert.strictEqual(outcome(fiber), "InvalidResponse")
                assert.isTrue(new Set<string>(kinds()).has("InvalidResponse"))
                // Those behind it go on.
                const news = (yield* raw.news).filter(([type]) => type === 2)
                assert.deepStrictEqual(
                  news.map(([, messageId]) => messageId),
                  ["next"]
                )
                yield* raw.send(`[3,"next",${good}]`)
                assert.strictEqual(outcome(next), "ok")
              }
            })
          )
        }
        if (of !== "requests" && kind !== undefined) {
          it.effect(`takes an answer with ${kind}, where it is tolerated: ${title}`, () =>
            Effect.gen(function* () {
              for (const tolerance of [Tolerance.of([kind]), Tolerance.lenient]) {
                const { call, kinds, raw, response: good } = yield* open(side, version, tolerance)
                const fiber = yield* start(call("17"))
                yield* raw.nextCall(side === "csms" ? "ClearCache" : "Heartbeat")
                yield* raw.send(text(["3", `"17"`, good]))
                assert.strictEqual(outcome(fiber), "ok")
                assert.deepStrictEqual(kinds(), [kind])
              }
            })
          )
        }
      }

      for (const [rest, tolerated] of [
        ["", "MalformedFrame"],
        [`,"GenericError"`, "MissingElement"],
        [`,"GenericError",""`, "MissingElement"],
        [`,"GenericError",null,[]`, "MissingElement"],
        [`,"GenericError","",{},{}`, "ExtraElement"],
        [`,7,"",{}`, "MalformedFrame"],
        [`,"GenericError",{},""`, "MalformedFrame"]
      ] as const) {
        it.effect(`ends its call by a CALLERROR that is out of shape: ${rest}`, () =>
          Effect.gen(function* () {
            for (const [tolerance, kind] of [
              [Tolerance.strict, "MalformedFrame"],
              [Tolerance.lenient, tolerated]
            ] as const) {
              const { call, kinds, raw } = yield* open(side, version, tolerance)
              const fiber = yield* start(call("17"))
              yield* settled
              yield* raw.send(`[4,"17"${rest}]`)
              assert.strictEqual(outcome(fiber), "GenericError")
              assert.include(kinds(), kind)
            }
          })
        )
      }
    })
  }
}
