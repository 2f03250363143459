// A charging station that names no version: it says what happens at its EVSE, and charges whenever it is asked to. Only the
// last lines say which version it speaks.
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
import { Evses } from "../src/station/blocks/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"

/** What the meter reads, in Wh. */
const register = (wattHours: bigint, context: Domain.ReadingContext) =>
  Effect.map(DateTime.now, (now) => [Domain.energyRegister(now, BigDecimal.fromBigInt(wattHours), context)])

const charge = Effect.fnUntraced(function* (
  evse: Evses.Evse,
  { idToken, remoteStartId }: Domain.RequestStartTransactionRequest
) {
  yield* evse.pluggedIn
  yield* evse.authorized({ idToken, remoteStartId })
  const transaction = yield* evse.started({ meterValue: yield* register(1000n, "Transaction.Begin") })
  yield* Effect.sleep("100 millis")
  yield* evse.chargingStateChanged("SuspendedEV")
  yield* evse.ended({ stoppedReason: "EVDisconnected", meterValue: yield* register(2500n, "Transaction.End") })
  yield* evse.unplugged
  yield* Effect.log(`charged 1500 Wh, transaction ${yield* transaction.transactionId}`)
})

/** The station: its EVSE, and what it does when its CSMS asks. */
const handlersOf = Effect.fnUntraced(function* (adapter: Adapter.Adapter) {
  const evses = yield* Evses.make({ adapter, count: 1 })
  return Domain.stationHandlersPartial({
    requestStartTransaction: (request) => Reply.thenDetached({ status: "Accepted" }, charge(evses.get(1)!, request))
  })
})

const options = {
  url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9000",
  identity: "CP003",
  firstConnection: "retry"
} as const

const Station16 = Station.layer(V16.protocol, {
  ...options,
  boot: { chargePointVendor: "ACME", chargePointModel: "Three" },
  handlers: handlersOf(AdapterV16.adapter).pipe(
    Effect.map((handlers) => Adapter.handlers(AdapterV16.adapter, handlers)),
    Effect.provide(AdapterV16.layer)
  )
})

const Station201 = Station.layer(V201.protocol, {
  ...options,
  boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Three" } },
  handlers: handlersOf(AdapterV201.adapter).pipe(
    Effect.map((handlers) => Adapter.handlers(AdapterV201.adapter, handlers)),
    Effect.provide(AdapterV201.layer)
  )
})

const live = Layer.merge(WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP003.db" }))

NodeRuntime.runMain(
  process.argv[2] === "1.6"
    ? Layer.launch(Layer.provide(Station16, live))
    : Layer.launch(Layer.provide(Station201, live))
)
