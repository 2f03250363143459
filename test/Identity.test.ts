import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Identity from "../src/Identity.ts"

describe("[CON-02] The identity in a URL", () => {
  for (const [identity, segment] of [
    ["CP001", "CP001"],
    ["RDAM|123", "RDAM%7C123"],
    ["RDAM 123", "RDAM%20123"],
    ["a/b", "a%2Fb"],
    ["a:b", "a%3Ab"],
    ["a?b#c", "a%3Fb%23c"],
    ["100%", "100%25"],
    ["%7C", "%257C"],
    ["a+b", "a%2Bb"],
    ["it's (1)!*", "it%27s%20%281%29%21%2A"],
    ["a-b_c.d~e", "a-b_c.d~e"],
    ["Zürich", "Z%C3%BCrich"],
    ["\u{1F50B}", "%F0%9F%94%8B"]
  ] as const) {
    it(`of ${identity} is ${segment}`, () => {
      assert.strictEqual(Identity.toSegment(identity), segment)
      assert.strictEqual(Identity.fromPath(`/ocpp/${segment}`), identity)
    })
  }

  it("follows the endpoint after one slash", () => {
    assert.strictEqual(Identity.toUrl("ws://host:9000/ocpp", "RDAM|123"), "ws://host:9000/ocpp/RDAM%7C123")
    assert.strictEqual(Identity.toUrl("ws://host:9000/ocpp/", "RDAM 123"), "ws://host:9000/ocpp/RDAM%20123")
    assert.strictEqual(Identity.toUrl("ws://host", "CP001"), "ws://host/CP001")
    assert.strictEqual(Identity.toUrl("ws://host/ocpp?token=a/b", "CP 1"), "ws://host/ocpp/CP%201?token=a/b")
  })

  it.prop(
    "is read back as it was",
    [Schema.String.check(Schema.isMinLength(1), Schema.isMaxCodePoints(48))],
    ([identity]) => {
      if (Identity.flaw(identity, { maxLength: 48, colon: true }) !== undefined) return
      const segment = Identity.toSegment(identity)
      assert.match(segment, /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})+$/)
      assert.strictEqual(Identity.fromPath(`/a/b/${segment}`), identity)
      assert.strictEqual(new URL(Identity.toUrl("ws://host/ocpp", identity)).pathname, `/ocpp/${segment}`)
    }
  )

  it("is decoded exactly once", () => {
    assert.strictEqual(Identity.fromPath("/ocpp/RDAM%257C123"), "RDAM%7C123")
  })

  it("is the last segment of the path, without the query", () => {
    assert.strictEqual(Identity.fromPath("/CP001"), "CP001")
    assert.strictEqual(Identity.fromPath("/a/b/c/CP001?x=/y&z"), "CP001")
    assert.strictEqual(Identity.fromPath("/ocpp/a+b"), "a+b")
    assert.strictEqual(Identity.fromPath("/ocpp/CP001/"), "CP001")
    assert.strictEqual(Identity.fromPath("/ocpp/CP.001/?x"), "CP.001")
  })

  for (const path of [
    "",
    "/",
    "//",
    "/?id=CP001",
    "/ocpp//",
    "/ocpp/.",
    "/ocpp/..",
    "/ocpp/%2E./",
    "/ocpp/%",
    "/ocpp/%7",
    "/ocpp/%ZZ",
    "/ocpp/%C3",
    "/ocpp/%ED%A0%80",
    "/ocpp/CP%00",
    "/ocpp/CP%0A001",
    "/ocpp/CP%EF%BF%BD001",
    "/ocpp/%7F",
    "/ocpp/CP\t001"
  ]) {
    it(`is not there in ${JSON.stringify(path)}`, () => {
      assert.strictEqual(Identity.fromPath(path), undefined)
    })
  }
})

describe("Identity.flaw", () => {
  const rule = { maxLength: 48, colon: false }

  for (const identity of ["CP001", "CP.001", "...", ".a", "a..", "%2e", "%2E%2E", "\u{1F50B}".repeat(48)]) {
    it(`[FIELD-K7] lets ${identity.slice(0, 8)} through`, () => {
      assert.strictEqual(Identity.flaw(identity, rule), undefined)
    })
  }

  for (const code of [
    0x1b, 0x7f, 0x80, 0x9b, 0x2028, 0x2029, 0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff
  ]) {
    it(`[FIELD-K12] refuses U+${code.toString(16).padStart(4, "0")}, in a path as well`, () => {
      const identity = `CP${String.fromCodePoint(code)}001`
      assert.match(Identity.flaw(identity, rule) ?? "", /^an identity has no control character/)
      assert.strictEqual(Identity.fromPath(`/ocpp/${Identity.toSegment(identity)}`), undefined)
    })
  }

  for (const identity of ["Säule 1", "充電器", "\u200dx", "a\u00adb"]) {
    it(`[FIELD-K12] lets ${JSON.stringify(identity)} through`, () => {
      assert.strictEqual(Identity.flaw(identity, rule), undefined)
      assert.strictEqual(Identity.fromPath(`/ocpp/${Identity.toSegment(identity)}`), identity)
    })
  }

  for (const identity of ["", ".", "..", "a\u0000", "\ud800", "\ufffd", "a\udc00b", "a:b", "x".repeat(49)]) {
    it(`[FIELD-K7] has something to say against ${JSON.stringify(identity).slice(0, 12)}`, () => {
      assert.match(Identity.flaw(identity, rule) ?? "", /^an identity /)
    })
  }
})
