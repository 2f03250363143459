/**
 * A short run of the fuzzing that `npm run fuzz` does for longer, always with the same cases.
 */
/* oxlint-disable no-await-in-loop -- one case is tried at a time */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Fuzzer, must, readToken, simplerText, type Target, tokenOf } from "./fuzz.ts"
import { all } from "./targets/index.ts"

const counts: Readonly<Record<string, number>> = { text: 150, envelopes: 150, sequences: 25, server: 10, client: 10 }

describe("whatever comes", () => {
  for (const fuzzing of all("npm test")) {
    it(`${fuzzing.name}: does no harm`, async () => {
      for (let index = 0; index < counts[fuzzing.name]!; index++) assert.isUndefined(await fuzzing.run(index))
      await fuzzing.close()
    })
  }
})

describe("the fuzzer", () => {
  const target: Target<string> = {
    name: "toy",
    generate: (random) => Array.from({ length: 30 }, () => random.pick(["a", "b", "c", "d"])).join(""),
    simpler: simplerText,
    open: Effect.succeed((text) => must(!/b.*d/.test(text), "no d comes after a b"))
  }

  it("finds the same failure for the same seed, makes it small, and names the case", async () => {
    const failure = await new Fuzzer(target, "seed", () => undefined).run(0)
    assert.include(failure, { what: "no d comes after a b", shrunk: "bd", token: "toy:seed:0" })
    assert.deepStrictEqual(await new Fuzzer(target, "seed").run(0), failure)
    assert.notStrictEqual(new Fuzzer(target, "seed").caseOf(1), new Fuzzer(target, "seed").caseOf(0))
  })

  it("reads its tokens, whatever the seed", () => {
    for (const seed of ["", "a:1", "x y\n"]) {
      assert.deepStrictEqual(readToken(tokenOf("toy", seed, 7)), { target: "toy", seed, index: 7 })
    }
  })

  it("notices what is thrown where nobody waits for it", async () => {
    const stray: Target<number> = {
      ...target,
      generate: () => 1,
      simpler: function* () {},
      open: Effect.succeed(() => {
        void Promise.reject(new Error("stray"))
        return new Promise<void>((resolve) => setImmediate(resolve))
      })
    }
    const failure = await new Fuzzer(stray, "seed").run(0)
    assert.strictEqual(failure?.what, "nobody caught an error")
  })
})
