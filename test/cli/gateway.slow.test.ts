/**
 * `ocpp gateway` that is killed, under a station that is not ours and charges over real sockets at `ocpp csms`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { v16 } from "../support/versions.ts"
import { csms, gateway, requestsOf, until } from "./support.ts"
import { begin, end, portOf, theirStation, update } from "./theirStation.ts"

describe("ocpp gateway --state", () => {
  it.live("[TX-07] [TX-08] lets a station of 1.6 charge at a CSMS of 2.0.1, though it is killed in the middle", () =>
    Effect.gen(function* () {
      const { request, ws } = yield* csms("--versions", "2.0.1")
      const state = ["--state", join(yield* directory, "gateway.db")]
      const first = yield* gateway(ws, "2.0.1", ...state)
      const station = yield* theirStation(first.ws, "CP1", v16)
      assert.strictEqual((yield* station.boot).status, "Accepted")
      const restart = Effect.fnUntraced(function* (running: {
        readonly stop: (signal: "SIGKILL") => Effect.Effect<unknown>
      }) {
        yield* running.stop("SIGKILL")
        const next = yield* gateway(ws, "2.0.1", "--port", portOf(first), ...state)
        yield* until(request("GET", "/stations"), ({ body }) => body[0].connected)
        return next
      })
      // The start is on its way.
      yield* request("PUT", "/stations/CP1/answers/TransactionEvent", { silent: true })
      const lost = yield* Effect.forkScoped(begin(station), { startImmediately: true })
      yield* until(request("GET", "/log"), ({ body }) => requestsOf(body, "TransactionEvent").length > 0)
      const second = yield* restart(first.running)
      yield* request("DELETE", "/stations/CP1/answers/TransactionEvent")
      yield* Fiber.interrupt(lost)
      const id = yield* begin(station)
      yield* update(station, id)
      // It has begun, and its first readings are told.
      yield* restart(second.running)
      yield* update(station, id)
      assert.deepStrictEqual(yield* end(station, id), {})

      const { body } = yield* request("GET", "/transactions")
      assert.deepStrictEqual(
        body.map(({ idTag, meterStart, meterStop, stationId, stopReason, transactionId }: any) => [
          stationId,
          transactionId,
          idTag,
          meterStart,
          meterStop,
          stopReason
        ]),
        [["CP1", String(id), "TAG", 0, 10, "Local"]]
      )
      const events = requestsOf((yield* request("GET", "/log")).body, "TransactionEvent")
      assert.deepStrictEqual([...new Set(events.map(({ seqNo }) => seqNo))], [0, 1, 2, 3])
      assert.deepStrictEqual((yield* request("GET", "/deviations")).body, [])
    }).pipe(Effect.scoped)
  )
})
