// A station of OCPP 1.6 waits until the CSMS starts a transaction from afar, then charges.
//
//   node examples/remote-charge-1.6.ts                       against a simulated CSMS, which asks at once
//   node examples/remote-charge-1.6.ts ws://127.0.0.1:9000   against yours
//   node examples/remote-charge-1.6.ts http://127.0.0.1:9002 the same over SOAP
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Timestamp } from "../src/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import { connector, remotely, withCsms } from "./support.ts"

const remoteStart = Deferred.makeUnsafe<V16.RemoteStartTransactionRequest>()

const charge = Effect.gen(function* () {
  const csms = yield* V16.Csms
  const { idTag } = yield* Deferred.await(remoteStart).pipe(Effect.timeout("1 minute"))
  yield* Console.log(`asked to charge for ${idTag}`)

  yield* csms.statusNotification({ connectorId: 1, errorCode: "NoError", status: "Preparing" })
  const { transactionId } = yield* csms.startTransaction({
    connectorId: 1,
    idTag,
    meterStart: 0,
    timestamp: yield* Timestamp.now
  })
  yield* csms.statusNotification({ connectorId: 1, errorCode: "NoError", status: "Charging" })
  yield* Console.log(`transaction ${transactionId}`)
})

const StationLive = withCsms((url) =>
  Station.layer(V16.protocol, {
    url,
    identity: "CP001",
    boot: { chargePointVendor: "ACME", chargePointModel: "One" },
    handlers: V16.stationHandlersPartial({
      remoteStartTransaction: (request) => Effect.as(Deferred.succeed(remoteStart, request), { status: "Accepted" })
    })
  })
).pipe(Layer.provide(connector))

const program = Effect.gen(function* () {
  const station = yield* Station
  yield* station.accepted
  yield* remotely((csms) => csms.call("CP001", V16.RemoteStartTransaction, { idTag: "Tag2" }))
  yield* charge
})

await Effect.runPromise(program.pipe(Effect.provide(StationLive)))
