// A station of OCPP 2.0.1 charges once: boot, authorize, and the events of a transaction.
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
  const csms = yield* V201.Csms

  const boot = yield* csms.bootNotification({
    reason: "PowerUp",
    chargingStation: { vendorName: "ACME", model: "Two" }
  })
  if (boot.status !== "Accepted") return yield* Console.log(`the CSMS says ${boot.status}`)

  const { idTokenInfo } = yield* csms.authorize({ idToken })
  if (idTokenInfo.status !== "Accepted") return yield* Console.log(`${idToken.idToken} is ${idTokenInfo.status}`)

  yield* connector("Occupied")
  const transactionId = "CP001-1"
  yield* csms.transactionEvent({
    eventType: "Started",
    triggerReason: "Authorized",
    seqNo: 0,
    timestamp: yield* Timestamp.now,
    transactionInfo: { transactionId, chargingState: "Charging" },
    evse,
    idToken
  })
  yield* csms.transactionEvent({
    eventType: "Updated",
    triggerReason: "MeterValuePeriodic",
    seqNo: 1,
    timestamp: yield* Timestamp.now,
    transactionInfo: { transactionId },
    meterValue: [{ timestamp: yield* Timestamp.now, sampledValue: [{ value: 1500 }] }]
  })
  yield* csms.transactionEvent({
    eventType: "Ended",
    triggerReason: "EVDeparted",
    seqNo: 2,
    timestamp: yield* Timestamp.now,
    transactionInfo: { transactionId, stoppedReason: "EVDisconnected" }
  })
  yield* connector("Available")
  yield* Console.log("charged 1500 Wh")
})

const connector = Effect.fnUntraced(function* (connectorStatus: V201.ConnectorStatusEnumType) {
  const csms = yield* V201.Csms
  yield* csms.statusNotification({ timestamp: yield* Timestamp.now, connectorStatus, evseId: 1, connectorId: 1 })
})

const StationLive = withCsms((url) => Station.layer(V201.protocol, { url, identity: "CP001" })).pipe(
  Layer.provide(WebSocketClient.layer())
)

await Effect.runPromise(charge.pipe(Effect.provide(StationLive)))
