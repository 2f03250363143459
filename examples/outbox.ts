// A station of OCPP 2.0.1 that keeps what must not be lost in a file, and tells what becomes of it.
//
//   npm run --silent ocpp -- csms   in another terminal
//   node examples/outbox.ts
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Stream } from "effect"
import { Timestamp } from "../src/index.ts"
import { SqliteStorage, WebSocketClient } from "../src/node/index.ts"
import { Outbox, Station } from "../src/station/index.ts"
import * as V201 from "../src/v201/index.ts"

const StationLive = Station.layer(V201.protocol, {
  url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9000",
  identity: "CP001",
  firstConnection: "retry", // it charges without its CSMS, too
  boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "One" } },
  outbox: { attempts: 3, retryInterval: "60 seconds", limit: 10_000 },
  timestamps: "csms", // Station.now is in the time of the CSMS
  handlers: V201.stationHandlersPartial({
    getTransactionStatus: ({ transactionId }) =>
      Effect.gen(function* () {
        const outbox = yield* Outbox
        return { messagesInQueue: (yield* outbox.waiting(transactionId)) > 0 }
      })
  })
}).pipe(Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP001.db" })]))

const program = Effect.gen(function* () {
  const csms = yield* V201.Csms
  const outbox = yield* Outbox
  yield* Effect.forkScoped(
    csms.securityEventNotification({ type: "StartupOfTheDevice", timestamp: yield* Timestamp.now })
  )
  yield* Stream.runForEach(outbox.events, (event) => Effect.log(event._tag, event.message.action))
})

NodeRuntime.runMain(program.pipe(Effect.scoped, Effect.provide(StationLive)))
