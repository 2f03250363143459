/**
 * `ocpp gateway`: over real sockets, between stations that are not ours and `ocpp csms`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { versions } from "../support/versions.ts"
import { csms, gateway, station as ours, until } from "./support.ts"
import { begin, end, theirStation, update } from "./theirStation.ts"

describe("ocpp gateway", () => {
  for (const version of versions) {
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

  for (const version of ["1.5S", "1.6S"]) {
    it.live(`lets a station of ${version}, which speaks SOAP, charge at a CSMS of 2.0.1 that asks it to`, () =>
      Effect.gen(function* () {
        const { request, ws } = yield* csms()
        const { soap } = yield* gateway(ws, "2.0.1", "--soap-port", "0")
        yield* ours(soap, "CP1", "--ocpp", version, "--connectors", "2")
        const call = (action: string, payload: object) =>
          Effect.map(request("POST", "/stations/CP1/call", { action, payload }), ({ body }) => body.result)
        const idToken = { idToken: "TAG", type: "ISO14443" }
        const asked = yield* call("RequestStartTransaction", { idToken, remoteStartId: 7, evseId: 2 })
        assert.deepStrictEqual(asked, { status: "Accepted" })
        const [open] = (yield* until(request("GET", "/transactions"), ({ body }) => body.length === 1)).body
        assert.deepInclude(open, { idTag: "TAG", evseId: 2, stopTimestamp: null })
        const { transactionId } = open
        assert.deepStrictEqual(yield* call("RequestStopTransaction", { transactionId }), { status: "Accepted" })
        const [ended] = (yield* until(request("GET", "/transactions"), ({ body }) => body[0].stopTimestamp !== null))
          .body
        assert.deepInclude(ended, { transactionId, idTag: "TAG" })
        assert.deepStrictEqual((yield* request("GET", "/deviations")).body, [])
      }).pipe(Effect.scoped)
    )
  }
})
