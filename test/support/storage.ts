/** Storages for tests. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SqliteStorage } from "../../src/node/index.ts"
import { Storage, StorageError } from "../../src/Storage.ts"

/** An empty directory, which is removed when the scope closes. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-ocpp-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** Every storage there is, new and empty. */
export const storages = {
  memory: Storage.layerMemory,
  SQLite: Layer.unwrap(Effect.map(directory, (path) => SqliteStorage.layer({ filename: join(path, "storage.db") })))
}

/** Every storage there is, as a layer that opens the same one each time it is built. */
export const reopenable = {
  memory: Effect.map(Layer.build(Storage.layerMemory), (memory) =>
    Layer.succeed(Storage, Context.get(memory, Storage))
  ),
  SQLite: Effect.map(directory, (path) => SqliteStorage.layer({ filename: join(path, "storage.db") }))
}

/** A storage in memory that can fail and be slow, and whose spaces with this beginning can be looked into. */
export const faulty = Effect.fnUntraced(function* (prefix: string) {
  const memory = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
  const spaces = new Set<string>()
  const state = {
    reads: 0,
    commits: 0,
    failReads: false,
    failCommits: false,
    /** Whether it throws where it should give an effect. */
    throws: false,
    gate: Effect.void as Effect.Effect<void>
  }
  const check = (): void => {
    if (state.throws) throw new Error("this storage has a bug")
  }
  const failure = new StorageError({ storage: "test", reason: "Unavailable", detail: "the disk is gone" })
  const storage = Storage.of({
    get: memory.get,
    read: (space, options) => {
      check()
      return Effect.suspend(() => {
        state.reads++
        return state.failReads ? Effect.fail(failure) : Effect.tap(memory.read(space, options), () => state.gate)
      })
    },
    commit: (changes) => {
      check()
      return Effect.suspend(() => {
        state.commits++
        for (const { space } of changes) if (space.startsWith(prefix)) spaces.add(space)
        return state.failCommits ? Effect.fail(failure) : Effect.andThen(state.gate, memory.commit(changes))
      })
    }
  })
  const entries = Effect.map(
    Effect.forEach(spaces, (space) => memory.read(space)),
    (all) => all.flat()
  )
  return { storage, state, spaces, entries }
})
