/**
 * A process of its own that uses the storage in a file: `write` commits until it is killed and prints each key once its
 * commit is done, `reopen` does so and opens the file anew for each, with two others that commit at the same time, `try`
 * prints whether the file can be used, `tryUnprivileged` as somebody who may not do everything.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { writeSync } from "node:fs"
import * as SqliteStorage from "../../src/node/SqliteStorage.ts"
import { Storage } from "../../src/Storage.ts"

const [what, filename = ""] = process.argv.slice(2)
const print = (text: string): void => void writeSync(1, `${text}\n`)

const write = Effect.gen(function* () {
  const storage = yield* Storage
  for (let count = (yield* storage.read("all")).length; ; count++) {
    const key = `${count}`.padStart(9, "0")
    yield* storage.commit([
      { space: "all", key, value: `"${"x".repeat(count % 5000)}"` },
      { space: "last", key: `${count - 1}`, value: undefined },
      { space: "last", key: `${count}`, value: key }
    ])
    print(key)
  }
})

const inFile = <A, E>(effect: Effect.Effect<A, E, Storage>) =>
  Effect.provide(effect, SqliteStorage.layer({ filename }), { local: true })

const reopen = Effect.forever(
  inFile(
    Effect.gen(function* () {
      const storage = yield* Storage
      const count = (yield* storage.read("all")).length
      const key = `${count}`.padStart(9, "0")
      const put = (space: string) =>
        Effect.asVoid(storage.commit([{ space, key, value: `"${"x".repeat(count % 5000)}"` }]))
      const told = Effect.andThen(
        put("all"),
        Effect.sync(() => print(key))
      )
      yield* Effect.all([put("one"), told, put("other")], { concurrency: "unbounded" })
    })
  )
)

const use = what === "reopen" ? reopen : inFile(what === "write" ? write : Effect.asVoid(Storage))
if (what === "tryUnprivileged" && process.getuid?.() === 0) process.setuid?.(65_534)
const exit = await Effect.runPromiseExit(Effect.flip(use))
print(Exit.isSuccess(exit) ? exit.value.message : "it can be used")
