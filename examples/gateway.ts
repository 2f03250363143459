// A gateway: stations of OCPP 1.6 and 2.0.1 connect to it, and it to a CSMS of 2.0.1. Ctrl-C ends it; what is stored is in
// gateway.db.
//
//   npm run --silent ocpp -- csms --port 9100 --versions 2.0.1
//   CSMS_URL=ws://127.0.0.1:9100 node examples/gateway.ts     in another terminal
//   npm run --silent ocpp -- station --url ws://127.0.0.1:9000 --id CP001     in a third one
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer } from "effect"
import { adapter as v16 } from "../src/adapter/V16.ts"
import { adapter as v201 } from "../src/adapter/V201.ts"
import { Gateway } from "../src/gateway/index.ts"
import { SqliteStorage, WebSocketClient, WebSocketServer } from "../src/node/index.ts"

const GatewayLive = Gateway.layer({
  url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9100",
  upstream: v201,
  versions: [v16, v201],
  // 1.6 does not tell what an idTag is. Here those of the app begin with "app-", and all others are cards.
  idTokenType: (idTag) => (idTag.startsWith("app-") ? "Central" : "ISO14443")
})

const Live = WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }).pipe(
  Layer.provide(GatewayLive),
  Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "gateway.db" })])
)

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer.Server
  yield* Effect.log(`stations connect to ${url}`)
  return yield* Effect.never
})

NodeRuntime.runMain(Effect.provide(program, Live))
