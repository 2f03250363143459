import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createServer } from "node:http"
import { start } from "./cli/support.ts"

describe("the examples run", () => {
  it.live("charge", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* (yield* start("examples/charge-1.6.ts")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "charged 1500 Wh")
    }).pipe(Effect.scoped)
  )

  it.live("remote-charge", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* (yield* start("examples/remote-charge-1.6.ts")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "asked to charge for Tag2\ntransaction 1")
    }).pipe(Effect.scoped)
  )

  for (const [example, says] of [
    ["charge-2.0.1", "charged 1500 Wh"],
    ["remote-charge-2.0.1", "transaction CP001-1"],
    ["power-cut", "transaction 1 is stopped, 1000 Wh"],
    ["negotiate-2.1", "accepted with 2.1\nstreamed two values"],
    ["observability", `ocpp_handshakes{outcome="accepted"} 1`]
  ] as const) {
    it.live(example, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* (yield* start(`examples/${example}.ts`)).ended
        assert.strictEqual(code, 0, stderr)
        assert.include(stdout, says)
      }).pipe(Effect.scoped)
    )
  }

  it.live("observability, with a collector", () =>
    Effect.gen(function* () {
      const received = new Map<string, string>()
      const collector = createServer((request, response) => {
        const path = request.url ?? ""
        request.on("data", (data) => received.set(path, (received.get(path) ?? "") + String(data)))
        request.on("end", () => response.end())
      })
      yield* Effect.acquireRelease(
        Effect.callback<void>((resume) => void collector.listen(0, "127.0.0.1", () => resume(Effect.void))),
        () => Effect.sync(() => collector.close())
      )
      const address = collector.address()
      const port = typeof address === "object" ? address?.port : undefined
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${port}`
        }),
        () => Effect.sync(() => delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"])
      )
      const { code, stderr, stdout } = yield* (yield* start("examples/observability.ts")).ended
      assert.strictEqual(code, 0, stderr)
      assert.include(stdout, `ocpp_connections{side="csms",version="1.6"} 1`)
      assert.include(stdout, `ocpp_call_duration_seconds_count{side="station",version="1.6",action="StopTransaction"`)
      for (const span of ["charge", "ocpp.call Authorize", "ocpp.handle StartTransaction", "store the transaction"]) {
        assert.include(received.get("/v1/traces"), `"name":"${span}"`)
      }
      assert.include(received.get("/v1/metrics"), `"name":"ocpp_request_duration_seconds"`)
      assert.include(received.get("/v1/logs"), `"ocpp.identity"`)
    }).pipe(Effect.scoped)
  )

  it.live("csms, with charge against it", () =>
    Effect.gen(function* () {
      const csms = yield* start("examples/csms.ts", "0")
      const url = (yield* csms.line((line) => line.startsWith("stations connect to"))).slice(
        "stations connect to ".length
      )
      const { code } = yield* (yield* start("examples/charge-1.6.ts", url)).ended
      assert.strictEqual(code, 0)
      yield* csms.line((line) => line === "transaction 1 ended at 1500 Wh")
      yield* csms.line((line) => line === "the station does not tell: NotSupported")
    }).pipe(Effect.scoped)
  )
})
