import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { csms, requestsOf, run, station } from "./support.ts"

describe("ocpp station --state", () => {
  it.live("a second station on the same file does not disturb the first", () =>
    Effect.gen(function* () {
      const { request, ws } = yield* csms()
      const state = join(yield* directory, "CP1.db")
      yield* station(ws, "CP1", "--state", state)
      const second = yield* run("station", "--url", ws, "--id", "CP1", "--state", state)
      assert.strictEqual(second.code, 1)
      assert.match(second.stderr, /^effect-ocpp: the storage [^\n]*CP1\.db is in use: [^\n]*\n$/)
      assert.strictEqual(second.stdout, "")
      const log = (yield* request("GET", "/log")).body
      assert.lengthOf(requestsOf(log, "BootNotification"), 1)
      assert.isTrue((yield* request("GET", "/stations")).body[0].connected)
    }).pipe(Effect.scoped)
  )

  it.live("a file that it cannot use is one clear line, and is left as it is", () =>
    Effect.gen(function* () {
      const { request, ws } = yield* csms()
      const folder = yield* directory
      const notes = "a shopping list, and nothing else\n".repeat(200)
      writeFileSync(join(folder, "notes.txt"), notes)
      const cases = [
        ["notes.txt", /^effect-ocpp: the storage [^\n]*notes\.txt is corrupt: [^\n]*\n$/],
        ["missing/CP1.db", /^effect-ocpp: the storage [^\n]*missing[^\n]* is not available: [^\n]*\n$/],
        [".", /^effect-ocpp: the storage [^\n]* is not available: [^\n]*\n$/]
      ] as const
      for (const [name, said] of cases) {
        const state = join(folder, name)
        const { code, stderr, stdout } = yield* run("station", "--url", ws, "--id", "CP1", "--state", state)
        assert.deepStrictEqual([code, stdout], [1, ""])
        assert.match(stderr, said)
      }
      assert.strictEqual(readFileSync(join(folder, "notes.txt"), "utf8"), notes)
      assert.deepStrictEqual(readdirSync(folder), ["notes.txt"])
      // It did not show itself to the CSMS either.
      assert.deepStrictEqual((yield* request("GET", "/stations")).body, [])
    }).pipe(Effect.scoped)
  )
})
