import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { SqliteStorage } from "../../src/node/index.ts"
import { Storage } from "../../src/Storage.ts"
import { start } from "../cli/support.ts"
import * as Seeded from "../support/seeded.ts"
import { directory } from "../support/storage.ts"
import { survey } from "./damage.ts"
import { logs } from "./support.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "storage"

describe("The file of a storage", () => {
  it.live("[FIELD-K13] loses nothing silently, whatever becomes of it, its log or its anchor", () =>
    Effect.gen(function* () {
      const counts = yield* Effect.onError(survey(Seeded.make(seed), 900), () => Effect.logError(`seed ${seed}`))
      assert.isAbove(counts.refused, 300)
    })
  )

  it.live("[TX-07] keeps every commit, whole and in order, of a process that is killed", () =>
    Effect.gen(function* () {
      const { integer } = Seeded.make(seed)
      const filename = join(yield* directory, "storage.db")
      let least = 0
      for (let round = 0; round < 4; round++) {
        const enough = `${least + integer(1, 400)}`.padStart(9, "0")
        const child = yield* start("test/node/storageProcess.ts", "write", filename)
        yield* child.line((line) => line >= enough)
        const { stdout } = yield* child.stop("SIGKILL")
        least = Number(stdout.slice(-9)) + 1
        // Every other time the next process finds it as it was left.
        if (round % 2 === 0) continue
        const [all, last] = yield* Effect.flatMap(Storage, ({ read }) => Effect.all([read("all"), read("last")])).pipe(
          Effect.provide(SqliteStorage.layer({ filename }), { local: true })
        )
        // The last commit may be done and not yet printed.
        assert.isTrue(all.length === least || all.length === least + 1, `seed ${seed}: ${all.length} of ${least}`)
        all.forEach(({ key, value }, count) => {
          assert.strictEqual(Number(key), count)
          assert.strictEqual(value.length, (count % 5000) + 2)
        })
        assert.deepStrictEqual(last, [{ key: `${all.length - 1}`, value: all.at(-1)!.key }])
      }
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K13] opens without a word after a process was killed while it opened, committed or closed it", () =>
    Effect.gen(function* () {
      const { integer } = Seeded.make(seed)
      const filename = join(yield* directory, "storage.db")
      let least = 0
      for (let round = 0; round < 25; round++) {
        const child = yield* start("test/node/storageProcess.ts", "reopen", filename)
        // From the first moments of a new file on.
        yield* round < 5 ? Effect.sleep(`${integer(150, 400)} millis`) : child.line((line) => Number(line) >= least)
        yield* Effect.sleep(`${integer(0, 4000)} micros`)
        const { stderr, stdout } = yield* child.stop("SIGKILL")
        assert.strictEqual(stderr, "")
        const keys = stdout.split("\n").filter((line) => line !== "")
        least = keys.length === 0 ? least : Number(keys.at(-1)) + 1
        const { layer, lines } = logs()
        const entries = yield* Effect.flatMap(Storage, ({ read }) => read("all")).pipe(
          Effect.provide(SqliteStorage.layer({ filename }), { local: true }),
          Effect.provide(layer, { local: true })
        )
        assert.deepStrictEqual(lines, [], `seed ${seed}`)
        assert.isTrue(
          entries.length === least || entries.length === least + 1,
          `seed ${seed}: ${entries.length}, ${least}`
        )
        least = entries.length
      }
    }).pipe(Effect.scoped)
  )
})
