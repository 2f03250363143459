/**
 * That the laws of storages find what is wrong: storages that break one promise each. That ours keep them is shown in
 * `Storage.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Storage, type StorageChange, StorageError } from "../../src/Storage.ts"
import { StorageLaws } from "../../src/testing/index.ts"

type Service = Storage["Service"]

/** A storage in memory of which something is otherwise; every layer of it that is built has the same memory. */
const broken = (alter: (memory: Service) => Partial<Service>): Layer.Layer<Storage> =>
  Layer.unwrap(
    Effect.map(Layer.build(Storage.layerMemory), (context) => {
      const memory = Context.get(context, Storage)
      return Layer.succeed(Storage, { ...memory, ...alter(memory) })
    })
  )

const mapped = (change: (change: StorageChange) => StorageChange) =>
  broken(({ commit }) => ({ commit: (changes) => commit(changes.map(change)) }))

const asNumber = (limit: number | undefined): number | undefined =>
  limit === undefined || Number.isNaN(limit) ? undefined : Math.max(0, Math.trunc(Math.min(limit, 1e9)))

const wellFormed = (text: string): string => text.toWellFormed().replaceAll("\0", "")

/** By the law that each breaks, among others perhaps. */
const toys: Record<string, Layer.Layer<Storage>> = {
  "gives what was committed, and nothing where nothing was": broken(({ get }) => ({
    get: (space, key) => Effect.map(get(space, key), (value) => value ?? "")
  })),
  "makes the changes of a commit in their order": broken(({ commit }) => ({
    // Removals first, as a batch of statements by kind would have it.
    commit: (changes) =>
      commit(changes.toSorted((a, b) => Number(a.value !== undefined) - Number(b.value !== undefined)))
  })),
  "keeps spaces apart": broken(({ commit, get, read }) => ({
    commit: (changes) => commit(changes.map((change) => ({ ...change, space: change.space.toLowerCase() }))),
    get: (space, key) => get(space.toLowerCase(), key),
    read: (space, options) => read(space.toLowerCase(), options)
  })),
  "keeps every text as it is, as value, key and name of a space": mapped((change) => ({
    ...change,
    value: change.value?.normalize()
  })),
  "reads in the order of the keys, by code points, however they came": broken(({ read }) => ({
    read: (space, { after, limit } = {}) =>
      Effect.map(read(space), (entries) =>
        entries
          .toSorted((a, b) => (a.key < b.key ? -1 : 1))
          .filter(({ key }) => after === undefined || key > after)
          .slice(0, limit)
      )
  })),
  "reads page by page, also after a key that is gone": broken(({ read }) => ({
    read: (space, { after, limit } = {}) =>
      Effect.map(read(space), (entries) => {
        const index = entries.findIndex(({ key }) => key === after)
        return entries.slice(index + 1).slice(0, limit)
      })
  })),
  "has a defect for a limit that is no whole number": broken(({ read }) => ({
    read: (space, { after, limit } = {}) => read(space, { after, limit: asNumber(limit) })
  })),
  "does what a map does, whatever is committed and read": broken(({ read }) => ({
    // An off-by-one that only a longer page shows.
    read: (space, { after, limit } = {}) =>
      read(space, { after, limit: limit !== undefined && limit > 4 && limit < 9 ? limit - 1 : limit })
  })),
  "has a defect for text that is no well-formed Unicode or has U+0000, and commits nothing of it": mapped(
    ({ key, space, value }) => ({ key: wellFormed(key), space: wellFormed(space), value: value && wellFormed(value) })
  ),
  "shows a commit to everybody once it has succeeded": broken(({ commit }) => ({
    // Written later.
    commit: (changes) => Effect.asVoid(Effect.forkDetach(Effect.andThen(Effect.yieldNow, commit(changes))))
  })),
  "makes every commit whole, also among others at the same time": broken(({ commit }) => ({
    commit: (changes) =>
      Effect.forEach(changes, (change) => Effect.andThen(Effect.yieldNow, commit([change])), { discard: true })
  })),
  "makes a commit whole or not at all if its caller is interrupted": broken(({ commit }) => ({
    // In two transactions.
    commit: (changes) =>
      Effect.andThen(commit(changes.slice(0, 9)), Effect.andThen(Effect.yieldNow, commit(changes.slice(9))))
  })),
  "keeps everything when it is opened again": Storage.layerMemory
}

/** Layers of one instance, for what does not survive. */
const kept = (layer: Layer.Layer<Storage>): Effect.Effect<Layer.Layer<Storage>, never, never> =>
  Effect.scoped(Effect.map(Layer.build(layer), (context) => Layer.succeed(Storage, Context.get(context, Storage))))

describe("The laws of storages", () => {
  it("have a storage each that breaks them", () => {
    assert.deepStrictEqual(Object.keys(toys).toSorted(), StorageLaws.laws.map(({ name }) => name).toSorted())
  })

  for (const { check, name } of StorageLaws.laws) {
    it.live(`"${name}" finds a storage that breaks it, and says what it did`, () =>
      Effect.gen(function* () {
        const toy = toys[name]!
        const error = yield* Effect.flip(check(toy === Storage.layerMemory ? toy : yield* kept(toy)))
        assert.instanceOf(error, StorageLaws.StorageLawBroken)
        assert.strictEqual(error.law, name)
        assert.include(error.message, `the storage breaks the law "${name}": `)
        assert.match(error.found, /gave .+ instead of|should have been a defect/)
        assert.isBelow(error.found.length, 1_000)
      })
    )
  }

  it.live("are broken by what fails or has a defect where it should not", () =>
    Effect.gen(function* () {
      const unavailable = new StorageError({ storage: "test", reason: "Unavailable", detail: "the disk is gone" })
      for (const [commit, found] of [
        [Effect.fail(unavailable), "the storage test is not available: the disk is gone"],
        [Effect.die(new Error("a bug")), "a bug"]
      ] as const) {
        const layer = yield* kept(broken(() => ({ commit: () => commit })))
        const error = yield* Effect.flip(StorageLaws.laws[0]!.check(layer))
        assert.include(error.found, found)
      }
    })
  )

  it.live("give the error of a storage that cannot be built, as it is", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(StorageLaws.laws[0]!.check(Layer.effect(Storage, Effect.fail("no" as const))))
      assert.strictEqual(error, "no")
    })
  )
})
