import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { copyFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { csms, requestsOf, run, station, until } from "./support.ts"

/** A station that is killed while it charges, after at least one reading. */
const killed = Effect.fnUntraced(function* (state: string) {
  const { request, ws } = yield* csms()
  const log = Effect.map(request("GET", "/log"), ({ body }) => body)
  const first = yield* station(ws, "CP1", "--state", state)
  const call = (action: string, payload: unknown) => request("POST", "/stations/CP1/call", { action, payload })
  const sampleEach = (seconds: string) =>
    call("ChangeConfiguration", { key: "MeterValueSampleInterval", value: seconds })
  yield* sampleEach("1")
  yield* call("RemoteStartTransaction", { connectorId: 1, idTag: "TAG" })
  yield* until(log, (frames) => requestsOf(frames, "MeterValues").length > 0)
  // No sample is under way when it is killed, which the station may have kept and not told.
  yield* sampleEach("0")
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
      assert.match(stderr, /^effect-ocpp: the storage [^\n]*damaged\.db is corrupt: [^\n]*\n$/)
      assert.deepStrictEqual(readFileSync(damaged), bytes)
    }).pipe(Effect.scoped)
  )
})
