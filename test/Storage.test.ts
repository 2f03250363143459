import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Storage, type StorageChange, type StorageEntry } from "../src/Storage.ts"
import { storages } from "./support/storage.ts"

const put = (space: string, key: string, value = `${key} of ${space}`): StorageChange => ({ space, key, value })
const remove = (space: string, key: string): StorageChange => ({ space, key, value: undefined })
const keysOf = (entries: ReadonlyArray<StorageEntry>): ReadonlyArray<string> => entries.map(({ key }) => key)

/** A hundred keys. */
const pageOf = (page: number): ReadonlyArray<string> =>
  Array.from({ length: 100 }, (_, index) => `${page * 100 + index}`.padStart(12, "0"))

/** The order that is promised, by the bytes themselves. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Keys whose order by UTF-16 code units would be another. */
const keys = ["", "!", "a", "a!", "aa", "b", "ä", "\ud7ff", "\ue000", "\uffff", "😀", "😀a", "😁", "\u{10ffff}"]

const Change = Schema.Struct({
  space: Schema.Literals(["a", "ab"]),
  key: Schema.Literals(keys),
  value: Schema.UndefinedOr(Schema.Literals(["1", "2", "3"]))
})

const Command = Schema.Struct({
  changes: Schema.Array(Change).check(Schema.isMaxLength(8)),
  after: Schema.UndefinedOr(Schema.Literals(keys)),
  limit: Schema.UndefinedOr(Schema.Literals([0, 1, 2, 5, 100]))
})

for (const [name, layer, many] of [
  ["memory", storages.memory, 300_000],
  ["SQLite", storages.SQLite, 20_000]
] as const) {
  describe(`A storage, ${name}`, () => {
    it.effect("gives what was committed, and nothing where nothing was", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        assert.strictEqual(yield* storage.get("s", "k"), undefined)
        assert.deepStrictEqual(yield* storage.read("s"), [])
        yield* storage.commit([put("s", "k", "v"), put("s", "empty", "")])
        assert.strictEqual(yield* storage.get("s", "k"), "v")
        assert.strictEqual(yield* storage.get("s", "empty"), "")
        assert.strictEqual(yield* storage.get("s", "K"), undefined)
        assert.deepStrictEqual(yield* storage.read("s"), [
          { key: "empty", value: "" },
          { key: "k", value: "v" }
        ])
      }).pipe(Effect.provide(layer))
    )

    it.effect("does the changes of a commit in their order", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        yield* storage.commit([put("s", "a", "1"), put("s", "b", "1"), put("s", "a", "2"), remove("s", "b")])
        assert.deepStrictEqual(yield* storage.read("s"), [{ key: "a", value: "2" }])
        yield* storage.commit([remove("s", "a"), put("s", "a", "3"), remove("s", "none"), remove("none", "a")])
        assert.deepStrictEqual(yield* storage.read("s"), [{ key: "a", value: "3" }])
        yield* storage.commit([remove("s", "a")])
        yield* storage.commit([])
        assert.deepStrictEqual(yield* storage.read("s"), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("keeps spaces apart", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        yield* storage.commit([put("a", "bc"), put("ab", "c"), put("", "abc"), put("A", "bc"), put("a", "")])
        yield* storage.commit([remove("A", "bc"), remove("a", "")])
        assert.deepStrictEqual(yield* storage.read("a"), [{ key: "bc", value: "bc of a" }])
        assert.deepStrictEqual(yield* storage.read("ab"), [{ key: "c", value: "c of ab" }])
        assert.deepStrictEqual(yield* storage.read(""), [{ key: "abc", value: "abc of " }])
        assert.deepStrictEqual(yield* storage.read("A"), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("reads in the order of the keys, by code points, however they came", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        assert.deepStrictEqual(keys, keys.toSorted(byBytes))
        assert.notDeepEqual(keys, keys.toSorted())
        for (let step = 0; step < keys.length; step++) {
          const key = keys[(step * 5) % keys.length]!
          yield* storage.commit([put("s", key)])
        }
        assert.deepStrictEqual(keysOf(yield* storage.read("s")), keys)
      }).pipe(Effect.provide(layer))
    )

    it.effect("reads page by page, also after a key that is gone", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        yield* storage.commit(["1", "3", "5", "7"].map((key) => put("s", key)))
        const read = (after?: string, limit?: number) => Effect.map(storage.read("s", { after, limit }), keysOf)
        assert.deepStrictEqual(yield* read(undefined, 2), ["1", "3"])
        assert.deepStrictEqual(yield* read("3", 2), ["5", "7"])
        assert.deepStrictEqual(yield* read("7", 2), [])
        assert.deepStrictEqual(yield* read("0", 1), ["1"])
        assert.deepStrictEqual(yield* read("4"), ["5", "7"])
        assert.deepStrictEqual(yield* read("", 9), ["1", "3", "5", "7"])
        assert.deepStrictEqual(yield* read(undefined, 0), [])
        yield* storage.commit([remove("s", "3"), remove("s", "1")])
        assert.deepStrictEqual(yield* read("1"), ["5", "7"])
        assert.deepStrictEqual(yield* read("3", 1), ["5"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("keeps every text that JSON can be", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        const values = [
          `'"\\;--%_?`,
          "\n\r\t\u2028",
          "äß漢😀\u{10ffff}\ufeff\ufffd",
          "\ud800 \udc00\u0000",
          "x".repeat(3e6)
        ]
        yield* storage.commit(values.map((value, index) => put("s", `${index}`, JSON.stringify(value))))
        yield* storage.commit(values.slice(0, 3).map((text) => put(text, text, text)))
        const kept = yield* storage.read("s")
        assert.deepStrictEqual(
          kept.map(({ value }) => JSON.parse(value)),
          values
        )
        for (const text of values.slice(0, 3)) assert.strictEqual(yield* storage.get(text, text), text)
      }).pipe(Effect.provide(layer))
    )

    it.effect("commits nothing at all if there is a text that it would not keep as it is", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        yield* storage.commit([put("s", "there", "before")])
        for (const bad of [
          put("s", "k", "\ud800"),
          put("s", "\udc00k", ""),
          put("s\0", "k", ""),
          put("s", "k", "a\0b")
        ]) {
          const exit = yield* Effect.exit(storage.commit([put("s", "there", "after"), remove("s", "x"), bad]))
          assert.instanceOf(Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined, TypeError)
        }
        assert.deepStrictEqual(yield* storage.read("s"), [{ key: "there", value: "before" }])
        yield* storage.commit([put("s", "there", "after")])
        assert.strictEqual(yield* storage.get("s", "there"), "after")
      }).pipe(Effect.provide(layer))
    )

    it.effect("has a defect for a limit that is no whole number", () =>
      Effect.gen(function* () {
        const storage = yield* Storage
        for (const limit of [-1, 0.5, NaN, Infinity]) {
          const exit = yield* Effect.exit(storage.read("s", { limit }))
          const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
          assert.instanceOf(defect, RangeError)
          assert.match(String(defect), /limit/)
        }
      }).pipe(Effect.provide(layer))
    )

    it.effect.prop(
      "does what a map does, whatever is committed and read",
      [Schema.Array(Command).check(Schema.isMaxLength(20))],
      ([list]) =>
        Effect.gen(function* () {
          const storage = yield* Storage
          const model = new Map([
            ["a", new Map<string, string>()],
            ["ab", new Map<string, string>()]
          ])
          for (const { after, changes, limit } of list) {
            yield* storage.commit(changes)
            for (const { key, space, value } of changes) {
              if (value === undefined) model.get(space)!.delete(key)
              else model.get(space)!.set(key, value)
            }
            for (const [space, entries] of model) {
              const sorted = Array.from(entries, ([key, value]) => ({ key, value })).toSorted((x, y) =>
                byBytes(x.key, y.key)
              )
              assert.deepStrictEqual(yield* storage.read(space), sorted)
              const later = sorted.filter(({ key }) => after === undefined || byBytes(key, after) > 0)
              assert.deepStrictEqual(yield* storage.read(space, { after, limit }), later.slice(0, limit))
              for (const key of keys) assert.strictEqual(yield* storage.get(space, key), entries.get(key))
            }
          }
        }).pipe(Effect.provide(layer)),
      { arbitrary: { runs: 40, size: 30 } }
    )

    it.effect(
      "takes no longer for an entry where there are many",
      () =>
        Effect.gen(function* () {
          const storage = yield* Storage
          const pages = Array.from({ length: many / 100 }, (_, page) => page)
          for (const page of pages) yield* storage.commit(pageOf(page).map((key) => put("s", key)))
          for (const page of pages) {
            const after = page === 0 ? undefined : pageOf(page - 1).at(-1)
            assert.strictEqual(keysOf(yield* storage.read("s", { after, limit: 100 })).join(), pageOf(page).join())
          }
          for (const page of pages) {
            assert.strictEqual(keysOf(yield* storage.read("s", { limit: 100 })).join(), pageOf(page).join())
            yield* storage.commit(pageOf(page).map((key) => remove("s", key)))
          }
          assert.deepStrictEqual(yield* storage.read("s"), [])
        }).pipe(Effect.provide(layer)),
      // Many times what it takes, and far less than what it would take if each entry took as long as there are many.
      15_000
    )
  })
}
