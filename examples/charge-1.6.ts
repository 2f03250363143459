// A station of OCPP 1.6 charges once: authorize, start, meter values, stop. It boots by itself, and the messages of its
// transaction are kept until they are delivered; power-cut.ts keeps them in a file.
//
//   node examples/charge-1.6.ts                       against a simulated CSMS of its own
//   node examples/charge-1.6.ts ws://127.0.0.1:9000   against yours
//   node examples/charge-1.6.ts http://127.0.0.1:9002 the same over SOAP
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Timestamp } from "../src/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import { connector, withCsms } from "./support.ts"

const idTag = "321"

const charge = Effect.gen(function* () {
  const station = yield* Station
  const csms = yield* V16.Csms
  const transactions = yield* V16.Transactions
  yield* station.accepted

  const { idTagInfo } = yield* csms.authorize({ idTag })
  if (idTagInfo.status !== "Accepted") return yield* Console.log(`${idTag} is ${idTagInfo.status}`)

  yield* status("Preparing")
  const transaction = yield* transactions.start({
    connectorId: 1,
    idTag,
    meterStart: 0,
    timestamp: yield* Timestamp.now
  })
  yield* status("Charging")
  yield* transaction.update({
    meterValue: [{ timestamp: yield* Timestamp.now, sampledValue: [{ value: "1500", unit: "Wh" }] }]
  })
  const stopped = yield* transaction.stop({ idTag, meterStop: 1500, timestamp: yield* Timestamp.now })

  // All three are kept and will arrive, now or after an outage; only to say so here does it wait for the last answer.
  yield* stopped
  yield* Console.log(`the CSMS has transaction ${yield* transaction.transactionId}`)
  yield* status("Available")
  yield* Console.log("charged 1500 Wh")
})

const status = Effect.fnUntraced(function* (now: V16.ChargePointStatus) {
  const csms = yield* V16.Csms
  yield* csms.statusNotification({ connectorId: 1, errorCode: "NoError", status: now })
})

const StationLive = withCsms((url) =>
  Station.layer(V16.protocol, {
    url,
    identity: "CP001",
    boot: { chargePointVendor: "ACME", chargePointModel: "One" }
  })
).pipe(Layer.provide(connector))

await Effect.runPromise(charge.pipe(Effect.provide(StationLive)))
