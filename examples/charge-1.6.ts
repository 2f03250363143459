// A station of OCPP 1.6 charges once: boot, authorize, start, meter values, stop.
//
//   node examples/charge-1.6.ts                       against a simulated CSMS of its own
//   node examples/charge-1.6.ts ws://127.0.0.1:9000   against yours
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocketClient } from "../src/node/index.ts"
import { Timestamp } from "../src/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import { withCsms } from "./support.ts"

const idTag = "321"

const charge = Effect.gen(function* () {
  const csms = yield* V16.Csms

  const boot = yield* csms.bootNotification({ chargePointVendor: "ACME", chargePointModel: "One" })
  if (boot.status !== "Accepted") return yield* Console.log(`the CSMS says ${boot.status}`)

  const { idTagInfo } = yield* csms.authorize({ idTag })
  if (idTagInfo.status !== "Accepted") return yield* Console.log(`${idTag} is ${idTagInfo.status}`)

  yield* status("Preparing")
  const { transactionId } = yield* csms.startTransaction({
    connectorId: 1,
    idTag,
    meterStart: 0,
    timestamp: yield* Timestamp.now
  })
  yield* Console.log(`transaction ${transactionId}`)
  yield* status("Charging")

  yield* csms.meterValues({
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: yield* Timestamp.now, sampledValue: [{ value: "1500", unit: "Wh" }] }]
  })

  yield* csms.stopTransaction({ transactionId, idTag, meterStop: 1500, timestamp: yield* Timestamp.now })
  yield* status("Available")
  yield* Console.log("charged 1500 Wh")
})

const status = Effect.fnUntraced(function* (now: V16.ChargePointStatus) {
  const csms = yield* V16.Csms
  yield* csms.statusNotification({ connectorId: 1, errorCode: "NoError", status: now })
})

const StationLive = withCsms((url) => Station.layer(V16.protocol, { url, identity: "CP001" })).pipe(
  Layer.provide(WebSocketClient.layer())
)

await Effect.runPromise(charge.pipe(Effect.provide(StationLive)))
