/**
 * Which station a request is of, where the last segment of the path does not say so.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Handshake } from "../../src/csms/index.ts"
import { Identity } from "../../src/index.ts"
import type { WebSocketServer } from "../../src/node/index.ts"
import { connect, refused, serve, wsStation } from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

/** A CSMS that asks `identityOf`, and what `accept` was asked. */
const serving = Effect.fnUntraced(function* (
  identityOf: (request: WebSocketServer.StationRequest) => string | undefined
) {
  const seen: Array<Handshake> = []
  const served = yield* serve({
    server: { identityOf },
    accept: (handshake) => Effect.sync(() => void seen.push(handshake))
  })
  const connected = Effect.map(served.csms.connected, (sessions) => sessions.map(({ identity }) => identity))
  return { ...served, seen, connected }
})

describe("The identity of a station", () => {
  it.live("[FIELD-K6] can stand in the query, so that stations on one path are not one station", () =>
    Effect.gen(function* () {
      const { connected, seen, url } = yield* serving(({ query }) => query.get("station") ?? undefined)
      yield* wsStation(`${url}/ocpp?station=CP1&token=a%20b`, ["ocpp1.6"])
      yield* wsStation(`${url}/ocpp?station=CP%2F2`, ["ocpp1.6"])
      assert.deepStrictEqual(yield* connected, ["CP1", "CP/2"])
      assert.deepStrictEqual(
        seen.map(({ path, query }) => [path, query.get("token")]),
        [
          ["/ocpp", "a b"],
          ["/ocpp", null]
        ]
      )
    })
  )

  it.live("[FIELD-K6] can stand in a header, or in another segment of the path", () =>
    Effect.gen(function* () {
      const { connected, url } = yield* serving(
        ({ headers, path }) => headers.get("x-station") ?? Identity.fromPath(path.replace(/\/ws$/, ""))
      )
      yield* wsStation(`${url}/anything`, ["ocpp1.6"], { headers: { "x-station": "CP1" } })
      yield* wsStation(`${url}/CP2/ws`, ["ocpp1.6"])
      yield* connect(url, { identity: "CP3" })
      assert.deepStrictEqual(yield* connected, ["CP1", "CP2", "CP3"])
    })
  )

  it.live("[FIELD-K6] that nothing tells is answered with 404, and nobody is asked", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* serving(({ query }) => query.get("station") ?? undefined)
      for (const path of ["/CP1", "/", "/ocpp?station="]) {
        assert.strictEqual((yield* refused(port, { path })).status, 404)
      }
      assert.deepStrictEqual(seen, [])
    })
  )

  it.live("[CON-04] [FIELD-K6] is the user name that its credentials must have", () =>
    Effect.gen(function* () {
      const { connected, url } = yield* serving(({ query }) => query.get("station") ?? undefined)
      const auth = { headers: { authorization: `Basic ${Buffer.from("CP1:secret").toString("base64")}` } }
      yield* wsStation(`${url}/ocpp?station=CP1`, ["ocpp1.6"], auth)
      assert.deepStrictEqual(yield* connected, ["CP1"])
    })
  )
})
