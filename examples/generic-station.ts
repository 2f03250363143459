// A charging station that names no version: it charges whenever it is asked to. Only the last lines say which it speaks.
//
//   node examples/generic.ts                 in another terminal
//   node examples/generic-station.ts 2.0.1   or 1.6
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { BigDecimal, DateTime, Effect, Layer } from "effect"
import { Adapter } from "../src/adapter/index.ts"
import * as AdapterV16 from "../src/adapter/V16.ts"
import * as AdapterV201 from "../src/adapter/V201.ts"
import * as Domain from "../src/domain/index.ts"
import { Reply } from "../src/index.ts"
import { SqliteStorage, WebSocketClient } from "../src/node/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"

/** What the register of energy reads, in Wh, at the beginning or the end of a transaction. */
const register = (timestamp: DateTime.Utc, value: bigint, context: "Transaction.Begin" | "Transaction.End") => [
  {
    timestamp,
    sampledValue: [
      {
        measurand: "Energy.Active.Import.Register",
        context,
        location: "Outlet",
        reading: { _tag: "Measured", value: BigDecimal.fromBigInt(value), unit: "Wh" }
      } as const
    ]
  }
]

const charge = Effect.fnUntraced(function* ({ idToken, remoteStartId }: Domain.RequestStartTransactionRequest) {
  const csms = yield* Domain.Csms
  const transactions = yield* Domain.Transactions
  const status = { evse: { id: 1, connectorId: 1 }, condition: "Operative" } as const
  const begin = yield* DateTime.now
  yield* csms.statusNotification({ ...status, timestamp: begin, occupancy: "Occupied", activity: "Charging" })
  const transaction = yield* transactions.start({
    idToken,
    ...(remoteStartId === undefined ? {} : { remoteStartId }),
    timestamp: begin,
    triggerReason: "RemoteStart",
    evse: status.evse,
    meterValue: register(begin, 1000n, "Transaction.Begin")
  })
  yield* Effect.sleep("100 millis")
  const end = yield* DateTime.now
  yield* transaction.stop({
    timestamp: end,
    triggerReason: "EVDeparted",
    stoppedReason: "EVDisconnected",
    meterValue: register(end, 2500n, "Transaction.End")
  })
  yield* csms.statusNotification({ ...status, timestamp: end, occupancy: "Available" })
  yield* Effect.log(`charged 1500 Wh, transaction ${yield* transaction.transactionId}`)
})

const handlers = Domain.stationHandlersPartial({
  requestStartTransaction: (request, csms) =>
    Reply.thenDetached({ status: "Accepted" }, Effect.provideService(charge(request), Domain.Csms, csms))
})

const options = {
  url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9000",
  identity: "CP003",
  firstConnection: "retry"
} as const

const Station16 = Station.layer(V16.protocol, {
  ...options,
  handlers: Adapter.handlers(AdapterV16.adapter, handlers),
  boot: { chargePointVendor: "ACME", chargePointModel: "Three" }
})

const Station201 = Station.layer(V201.protocol, {
  ...options,
  handlers: Adapter.handlers(AdapterV201.adapter, handlers),
  boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Three" } }
})

const StationLive =
  process.argv[2] === "1.6" ? Layer.provide(AdapterV16.layer, Station16) : Layer.provide(AdapterV201.layer, Station201)

NodeRuntime.runMain(
  Layer.launch(Layer.provide(StationLive, [WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP003.db" })]))
)
