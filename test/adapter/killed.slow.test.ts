/**
 * A CSMS that names no version, under stations of 1.5, 1.6 and 2.0.1 that charge for two months, on a network that fails, with
 * power cuts. It is killed again and again in the middle of its work, and has every transaction in the end.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type { Csms } from "../../src/csms/index.ts"
import { live, type Trouble } from "../support/longRun.ts"
import { simulate } from "../support/outbox.ts"
import * as Seeded from "../support/seeded.ts"
import { Database, slow } from "../support/slowCsms.ts"
import { v15, v16, v201 } from "../support/versions.ts"

describe("a CSMS of several versions that is killed ten times a day", () => {
  for (const version of [v15, v16, v201]) {
    it.live(
      `[TX-01] [TX-04] [TX-07] with ${version.name}: every transaction is told once, by one id, with every watt-hour`,
      () =>
        simulate(
          Effect.gen(function* () {
            const database = new Database()
            const csms = slow(Seeded.make(version.name), database)
            const trouble: Trouble<Csms> = { name: "killed", days: 60, csms, faulty: identity, restarts: 10 }
            const { books, counts, known } = yield* live(version, trouble)
            assert.deepStrictEqual(known, books)
            // It was worth it.
            assert.isAbove(books.length, 300)
            assert.isAbove(database.repeated, 2)
            for (const what of ["outages", "powerCuts", "restarts"]) assert.isAbove(counts[what] ?? 0, 3, what)
          }),
          version.name
        ),
      120_000
    )
  }
})
