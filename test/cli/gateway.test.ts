/**
 * `ocpp gateway`: over real sockets, between stations that are not ours and `ocpp csms`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { v16, v21 } from "../support/versions.ts"
import { csms, gateway } from "./support.ts"
import { begin, end, theirStation, update } from "./theirStation.ts"

describe("ocpp gateway", () => {
  for (const version of [v16, v21]) {
    it.live(`[LC-01] [LC-02] lets a station of ${version.name} charge at a CSMS of the same version`, () =>
      Effect.gen(function* () {
        const { request, ws } = yield* csms("--basic", "CP1:of the CSMS")
        const { ws: front } = yield* gateway(ws, version.name, "--upstream-basic", "CP1:of the CSMS")
        const station = yield* theirStation(front, "CP1", version)
        assert.strictEqual((yield* station.boot).status, "Accepted")
        const id = yield* begin(station)
        yield* update(station, id)
        yield* end(station, id)
        const { body } = yield* request("GET", "/transactions")
        assert.deepStrictEqual(
          body.map(({ meterStart, meterStop, stationId, transactionId }: any) => [
            stationId,
            transactionId,
            meterStart,
            meterStop
          ]),
          [["CP1", id, 0, 10]]
        )
        const asked = yield* request("POST", "/stations/CP1/call", { action: "ClearCache", payload: {} })
        // The station has no handler for it, which only it can say.
        assert.strictEqual(asked.body.error.code, "NotImplemented")
      }).pipe(Effect.scoped)
    )
  }
})
