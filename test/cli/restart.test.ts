import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { v16, v201 } from "../support/versions.ts"
import { csms, run } from "./support.ts"
import { begin, end, portOf, theirStation, update } from "./theirStation.ts"

describe("ocpp csms --state", () => {
  it.live("[FIELD-K14] is for one process at a time, and the next goes on where it ended", () =>
    Effect.gen(function* () {
      const state = join(yield* directory, "csms.db")
      const one = yield* csms("--state", state)
      const station = yield* theirStation(one.ws, "CP1", v201)
      yield* station.boot
      const id = yield* begin(station)
      const early = yield* run("csms", "--port", "0", "--state", state)
      assert.strictEqual(early.code, 1)
      assert.match(early.stderr, /^effect-ocpp: the storage [^\n]*csms\.db is in use: [^\n]*\n$/)
      assert.strictEqual(early.stdout, "")
      assert.deepStrictEqual(yield* update(station, id), {})
      assert.strictEqual((yield* one.running.stop("SIGTERM")).code, 0)
      const two = yield* csms("--state", state, "--port", portOf(one), "--control-port", "0")
      assert.deepStrictEqual(yield* end(station, id), {})
      const [transaction, ...others] = (yield* two.request("GET", "/transactions")).body
      assert.deepStrictEqual([transaction.meterStart, transaction.meterStop, others], [0, 10, []])
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K10] --json writes JSON to stdout and nothing else, whatever is logged", () =>
    Effect.gen(function* () {
      const { running, ws } = yield* csms("--json")
      const station = yield* theirStation(ws, "CP1", v16)
      yield* station.call("Heartbeat", {})
      yield* station.call("Authorize", {})
      const { stderr, stdout } = yield* running.stop("SIGTERM")
      for (const line of stdout.split("\n")) JSON.parse(line)
      assert.include(stderr, "INFO")
      assert.include(stderr, "WARN")
    }).pipe(Effect.scoped)
  )
})
