import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { Storage, type StorageChange, type StorageEntry, type StorageError } from "../src/Storage.ts"
import { StorageLaws } from "../src/testing/index.ts"
import { reopenable, storages } from "./support/storage.ts"

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

const seed = process.env["OCPP_TEST_SEED"] ?? "storage"

for (const [name, many] of [
  ["memory", 300_000],
  ["SQLite", 20_000]
] as const) {
  const layer = storages[name]
  describe(`A storage, ${name}`, () => {
    for (const { check, name: law } of StorageLaws.laws) {
      it.live(law, () =>
        Effect.flatMap(reopenable[name], (same: Layer.Layer<Storage, StorageError>) => check(same)).pipe(
          Random.withSeed(seed),
          Effect.onError(() => Effect.logError(`seed ${seed}`)),
          Effect.scoped
        )
      )
    }

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
