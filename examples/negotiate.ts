// A station that speaks two versions, and is typed by the one that was agreed.
//
//   npm run --silent ocpp -- csms   in another terminal
//   node examples/negotiate.ts
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { WebSocketClient } from "../src/node/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"

const program = Effect.gen(function* () {
  const station = yield* Station.negotiate(
    [
      { protocol: V201.protocol, boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "One" } } },
      { protocol: V16.protocol, boot: { chargePointVendor: "ACME", chargePointModel: "One" } }
    ],
    { url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9000", identity: "CP001" }
  )
  yield* station.accepted
  const agreed = yield* station.agreed
  if (agreed.version === "2.0.1") yield* agreed.csms.heartbeat({})
  else yield* agreed.csms.authorize({ idTag: "321" })
  yield* Effect.log(`the CSMS speaks ${agreed.version}`)
})

NodeRuntime.runMain(program.pipe(Effect.scoped, Effect.provide(WebSocketClient.layer())))
