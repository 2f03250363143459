import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { csms, run, station, until } from "./support.ts"

/** The requests of an action in the log of the CSMS. */
const requestsOf = (log: ReadonlyArray<{ readonly frame: string }>, action: string): ReadonlyArray<any> =>
  log
    .map(({ frame }) => JSON.parse(frame))
    .filter((frame) => frame[2] === action)
    .map((frame) => frame[3])

/** A station that is killed while it charges, after at least one reading. */
const killed = Effect.fnUntraced(function* (state: string) {
  const { request, ws } = yield* csms()
  const log = Effect.map(request("GET", "/log"), ({ body }) => body)
  const first = yield* station(ws, "CP1", "--state", state)
  const call = (action: string, payload: unknown) => request("POST", "/stations/CP1/call", { action, payload })
  yield* call("ChangeConfiguration", { key: "MeterValueSampleInterval", value: "1" })
  yield* call("RemoteStartTransaction", { connectorId: 1, idTag: "TAG" })
  yield* until(log, (frames) => requestsOf(frames, "MeterValues").length > 0)
  yield* first.stop("SIGKILL")
  return { call, log, request, ws }
})

const transactions = ({ request }: { readonly request: (method: string, path: string) => Effect.Effect<any> }) =>
  Effect.map(request("GET", "/transactions?stationId=CP1"), ({ body }) => body)

describe("ocpp station --state", () => {
  it.live("[TX-07] a station that is killed while it charges ends the transaction when it is started again", () =>
    Effect.gen(function* () {
      const state = join(yield* directory, "CP1.db")
      const site = yield* killed(state)
      const [open] = yield* transactions(site)
      assert.strictEqual(open.stopTimestamp, null)

      yield* station(site.ws, "CP1", "--state", state)
      const [ended] = yield* until(transactions(site), ([transaction]) => transaction.stopTimestamp !== null)
      assert.strictEqual(ended.transactionId, open.transactionId)
      assert.strictEqual(ended.stopReason, "PowerLoss")
      const frames = yield* site.log
      const reading = requestsOf(frames, "MeterValues").at(-1).meterValue[0]
      const [stop, ...others] = requestsOf(frames, "StopTransaction")
      assert.lengthOf(others, 0)
      assert.strictEqual(stop.transactionId, open.transactionId)
      assert.strictEqual(String(stop.meterStop), reading.sampledValue[0].value)
      assert.isAbove(stop.meterStop, 0)
      assert.strictEqual(stop.timestamp, reading.timestamp)

      // The meter goes on where it was.
      yield* site.call("RemoteStartTransaction", { connectorId: 1, idTag: "TAG" })
      yield* until(transactions(site), ({ length }) => length === 2)
      assert.strictEqual(requestsOf(yield* site.log, "StartTransaction").at(-1).meterStart, stop.meterStop)
    }).pipe(Effect.scoped)
  )

  it.live("a second station on the same file does not disturb the first", () =>
    Effect.gen(function* () {
      const { request, ws } = yield* csms()
      const state = join(yield* directory, "CP1.db")
      yield* station(ws, "CP1", "--state", state)
      const second = yield* run("station", "--url", ws, "--id", "CP1", "--state", state)
      assert.strictEqual(second.code, 1)
      assert.match(second.stderr, /^ocpp: the storage [^\n]*CP1\.db is in use: [^\n]*\n$/)
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
        ["notes.txt", /^ocpp: the storage [^\n]*notes\.txt is corrupt: [^\n]*\n$/],
        ["missing/CP1.db", /^ocpp: the storage [^\n]*missing[^\n]* is not available: [^\n]*\n$/],
        [".", /^ocpp: the storage [^\n]* is not available: [^\n]*\n$/]
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

  it.live("a file that was damaged is one clear line, and is left as it is", () =>
    Effect.gen(function* () {
      const folder = yield* directory
      const state = join(folder, "CP1.db")
      const { ws } = yield* killed(state)
      // What the file has of its own, and not what waits beside it.
      const damaged = join(folder, "damaged.db")
      copyFileSync(state, damaged)
      const bytes = readFileSync(damaged).fill(0x5a, 4096)
      writeFileSync(damaged, bytes)
      const { code, stderr } = yield* run("station", "--url", ws, "--id", "CP1", "--state", damaged)
      assert.strictEqual(code, 1)
      assert.match(stderr, /^ocpp: the storage [^\n]*damaged\.db is corrupt: [^\n]*\n$/)
      assert.deepStrictEqual(readFileSync(damaged), bytes)
    }).pipe(Effect.scoped)
  )
})
