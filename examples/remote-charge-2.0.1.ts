// A station of OCPP 2.0.1 starts a transaction when the CSMS asks for one.
//
//   node examples/remote-charge-2.0.1.ts                       against a simulated CSMS, which asks at once
//   node examples/remote-charge-2.0.1.ts ws://127.0.0.1:9000   against yours
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocketClient } from "../src/node/index.ts"
import { Reply, Timestamp } from "../src/index.ts"
import { Station } from "../src/station/index.ts"
import * as V201 from "../src/v201/index.ts"
import { remotely, withCsms } from "./support.ts"

const charging = Deferred.makeUnsafe<string>()

const charge = Effect.fnUntraced(function* (csms: V201.CsmsClient, request: V201.RequestStartTransactionRequest) {
  const transactionId = "CP001-1"
  yield* csms.transactionEvent({
    eventType: "Started",
    triggerReason: "RemoteStart",
    seqNo: 0,
    timestamp: yield* Timestamp.now,
    // The CSMS recognises its request by this number.
    transactionInfo: { transactionId, remoteStartId: request.remoteStartId, chargingState: "Charging" },
    evse: { id: request.evseId ?? 1, connectorId: 1 },
    idToken: request.idToken
  })
  yield* Deferred.succeed(charging, transactionId)
})

const StationLive = withCsms((url) =>
  Station.layer(V201.protocol, {
    url,
    identity: "CP001",
    boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } },
    handlers: V201.stationHandlersPartial({
      requestStartTransaction: (request, csms) => Reply.thenDetached({ status: "Accepted" }, charge(csms, request))
    })
  })
).pipe(Layer.provide(WebSocketClient.layer()))

const program = Effect.gen(function* () {
  const station = yield* Station
  yield* station.accepted
  yield* remotely((csms) =>
    csms.call("CP001", V201.RequestStartTransaction, {
      remoteStartId: 1,
      idToken: { idToken: "Tag2", type: "Central" }
    })
  )
  const transactionId = yield* Deferred.await(charging).pipe(Effect.timeout("1 minute"))
  yield* Console.log(`transaction ${transactionId}`)
})

await Effect.runPromise(program.pipe(Effect.provide(StationLive)))
