// A station offers OCPP 2.1, then 1.6, and is typed by what was agreed. On 2.1 it streams a monitored value, which is
// sent without being answered.
//
//   node examples/negotiate-2.1.ts                       against a simulated CSMS of its own
//   node examples/negotiate-2.1.ts ws://127.0.0.1:9000   against yours
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocketClient } from "../src/node/index.ts"
import { Timestamp } from "../src/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V21 from "../src/v21/index.ts"
import { endpoint, withCsms } from "./support.ts"

const program = Effect.gen(function* () {
  const station = yield* Station.negotiate(
    [
      {
        protocol: V21.protocol,
        boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Three" } }
      },
      { protocol: V16.protocol, boot: { chargePointVendor: "ACME", chargePointModel: "Three" } }
    ],
    { url: yield* endpoint, identity: "CP001" }
  )
  yield* station.accepted
  const agreed = yield* station.agreed
  yield* Console.log(`accepted with ${agreed.version}`)
  if (agreed.version === "2.1") yield* stream(agreed.csms)
})

const stream = Effect.fnUntraced(function* (csms: V21.CsmsClient) {
  yield* csms.openPeriodicEventStream({
    constantStreamData: { id: 1, variableMonitoringId: 7, params: { interval: 1, values: 2 } }
  })
  yield* csms.notifyPeriodicEventStream({
    id: 1,
    pending: 0,
    basetime: yield* Timestamp.now,
    data: [
      { t: 0, v: "230.1" },
      { t: 0.5, v: "229.8" }
    ]
  })
  yield* csms.closePeriodicEventStream({ id: 1 })
  yield* Console.log("streamed two values")
})

await Effect.runPromise(
  program.pipe(Effect.scoped, Effect.provide(withCsms(() => Layer.empty)), Effect.provide(WebSocketClient.layer()))
)
