// A station of OCPP 1.6 that charges when its CSMS asks for it, and loses nothing in between. Ctrl-C ends it.
//
//   node examples/csms.ts      in another terminal
//   node examples/station.ts
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Redacted } from "effect"
import { Reply, Timestamp } from "../src/index.ts"
import { SqliteStorage, WebSocketClient } from "../src/node/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"

const charge = Effect.fnUntraced(
  function* (idTag: string) {
    const csms = yield* V16.Csms // one method for each action that a station may start
    const { idTagInfo } = yield* csms.authorize({ idTag })
    if (idTagInfo.status !== "Accepted") return
    const transactions = yield* V16.Transactions // stored first, then delivered whatever happens
    const transaction = yield* transactions.start({
      connectorId: 1,
      idTag,
      meterStart: 0,
      timestamp: yield* Timestamp.now
    })
    yield* transaction.stop({ meterStop: 1500, timestamp: yield* Timestamp.now })
    yield* Effect.log(`charged, transaction ${yield* transaction.transactionId}`) // once the CSMS has given it
  },
  Effect.catchTags({
    NotSent: (failure) => Effect.log(`nothing was sent: ${failure.reason}`), // safe to repeat
    Uncertain: (failure) => Effect.log(`sent, and no answer: ${failure.reason}`),
    CallError: (failure) => Effect.log(`refused: ${failure.code} ${failure.description}`),
    InvalidResponse: (failure) => Effect.log(failure.message)
  })
)

const StationLive = Station.layer(V16.protocol, {
  url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9000",
  identity: "CP001",
  password: Redacted.make("correct horse battery staple"),
  // Until there is a CSMS, it tries again and again.
  firstConnection: "retry",
  // The station registers by itself, and its heart beats.
  boot: { chargePointVendor: "ACME", chargePointModel: "One" },
  handlers: V16.stationHandlersPartial({
    // The answer goes out first, then the station goes on, also if the connection is lost meanwhile.
    remoteStartTransaction: ({ idTag }) => Reply.thenDetached({ status: "Accepted" }, charge(idTag))
  })
}).pipe(Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP001.db" })]))

const program = Effect.gen(function* () {
  const station = yield* Station
  yield* station.accepted
  yield* Effect.log("the CSMS has accepted the station")
  return yield* Effect.never
})

NodeRuntime.runMain(program.pipe(Effect.provide(StationLive)))
