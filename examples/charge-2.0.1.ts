// A station of OCPP 2.0.1 charges once: authorize, and the events of a transaction. It boots by itself, and the events
// are kept until they are delivered; power-cut.ts keeps them in a file.
//
//   node examples/charge-2.0.1.ts                       against a simulated CSMS of its own
//   node examples/charge-2.0.1.ts ws://127.0.0.1:9000   against yours
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocketClient } from "../src/node/index.ts"
import { Timestamp } from "../src/index.ts"
import { Station } from "../src/station/index.ts"
import * as V201 from "../src/v201/index.ts"
import { withCsms } from "./support.ts"

const idToken: V201.IdTokenType = { idToken: "2233223", type: "Central" }
const evse: V201.EVSEType = { id: 1, connectorId: 1 }

const charge = Effect.gen(function* () {
  const station = yield* Station
  const csms = yield* V201.Csms
  const transactions = yield* V201.Transactions
  yield* station.accepted

  const { idTokenInfo } = yield* csms.authorize({ idToken })
  if (idTokenInfo.status !== "Accepted") return yield* Console.log(`${idToken.idToken} is ${idTokenInfo.status}`)

  yield* connector("Occupied")
  // The transactionId, the sequence numbers and whether an event comes late are the station's own affair.
  const transaction = yield* transactions.start({
    triggerReason: "Authorized",
    timestamp: yield* Timestamp.now,
    transactionInfo: { chargingState: "Charging" },
    evse,
    idToken
  })
  yield* transaction.update({
    triggerReason: "MeterValuePeriodic",
    timestamp: yield* Timestamp.now,
    meterValue: [{ timestamp: yield* Timestamp.now, sampledValue: [{ value: 1500 }] }]
  })
  const stopped = yield* transaction.stop({
    triggerReason: "EVDeparted",
    timestamp: yield* Timestamp.now,
    transactionInfo: { stoppedReason: "EVDisconnected" }
  })

  // All three are kept and will arrive, now or after an outage; only to say so here does it wait for the last answer.
  yield* stopped
  yield* Console.log(`the CSMS has transaction ${transaction.id}`)
  yield* connector("Available")
  yield* Console.log("charged 1500 Wh")
})

const connector = Effect.fnUntraced(function* (connectorStatus: V201.ConnectorStatusEnumType) {
  const csms = yield* V201.Csms
  yield* csms.statusNotification({ timestamp: yield* Timestamp.now, connectorStatus, evseId: 1, connectorId: 1 })
})

const StationLive = withCsms((url) =>
  Station.layer(V201.protocol, {
    url,
    identity: "CP001",
    boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } }
  })
).pipe(Layer.provide(WebSocketClient.layer()))

await Effect.runPromise(charge.pipe(Effect.provide(StationLive)))
