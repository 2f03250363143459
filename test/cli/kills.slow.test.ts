/**
 * A station and an `ocpp csms`, each with a file, of which one or both are killed in the middle of transactions and
 * started again: in the end the CSMS has every transaction.
 *
 * By default each is killed at two moments; `KILLS=all` takes ten for each.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { csms, start } from "./support.ts"

const versions = ["1.6", "2.0.1"] as const

/** The messages whose storing is waited for: the first digit is that of the life, the second that of the transaction. */
const moments =
  process.env.KILLS === "all" ? [1100, 1101, 1102, 1103, 1199, 1200, 1201, 1202, 1203, 1299] : [1101, 1203]

const who = ["station", "CSMS", "both"] as const

const told = (line: string): { readonly _tag: string; readonly label?: number } => JSON.parse(line)

const cell = Effect.fnUntraced(function* (
  version: (typeof versions)[number],
  killed: (typeof who)[number],
  at: number
) {
  const folder = yield* directory
  const state = ["--state", join(folder, "csms.db")]
  let site = yield* csms(...state)
  const { port } = new URL(site.ws)
  const begin = (number: number) =>
    start(
      "test/node/crash/station.ts",
      JSON.stringify({ version, url: site.ws, identity: "CP001", filename: join(folder, "station.db"), number })
    )
  let station = yield* begin(1)
  yield* station.line((line) => told(line).label === at)
  const labels = new Set<number>()
  const note = (stdout: string): void => {
    for (const line of stdout.split("\n")) if (line !== "") labels.add(told(line).label ?? 0)
  }
  if (killed !== "station") yield* site.running.stop("SIGKILL")
  if (killed !== "CSMS") note((yield* station.stop("SIGKILL")).stdout)
  if (killed !== "station") site = yield* csms(...state, "--port", port)
  if (killed !== "CSMS") station = yield* begin(2)
  const { code, stderr, stdout } = yield* station.ended
  assert.deepStrictEqual([code, stderr], [0, ""])
  note(stdout)

  const { body } = yield* site.request("GET", "/transactions")
  const known: ReadonlyArray<readonly [number, number]> = body.map(({ meterStart, meterStop }: any) => [
    meterStart,
    meterStop
  ])
  // Whole, and none that the station has stored is missing.
  for (const [from, to] of known) assert.include([98, 99], to - from, `the end of ${from}`)
  const starts = new Set(known.map(([from]) => from))
  for (const label of labels) if (label % 100 === 0 && label > 0) assert.include(Array.from(starts), label)
  // A CSMS that is killed between its books and its answer can have one of them twice.
  return known.length - starts.size
})

describe("a station and ocpp csms, killed in the middle of transactions", () => {
  for (const killed of who) {
    for (const version of versions) {
      it.live(
        `[FIELD-K1] [FIELD-K2] [FIELD-K14] [TX-07] [TX-08] ${version}: the CSMS has every transaction after ${killed} ${killed === "both" ? "were" : "was"} killed`,
        () =>
          Effect.gen(function* () {
            const repeated = yield* Effect.forEach(moments, (at) => Effect.scoped(cell(version, killed, at)), {
              concurrency: 2
            })
            for (const [index, count] of repeated.entries()) {
              assert.isAtMost(count, killed === "station" ? 0 : 1, `repeated after ${moments[index]}`)
            }
          }),
        240_000
      )
    }
  }
})
