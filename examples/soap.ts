// A CSMS for OCPP 1.6 with the same handlers over a WebSocket (JSON) and over SOAP. Ctrl-C ends it.
//
//   node examples/soap.ts
//   node examples/charge-1.6.ts http://127.0.0.1:9002   in another terminal
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Stream } from "effect"
import { Timestamp } from "../src/index.ts"
import { Csms } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import { SoapServer } from "../src/node/Soap.ts"
import * as V16 from "../src/v16/index.ts"
import * as Soap16 from "../src/v16/Soap.ts"

const CsmsLive = Csms.layer({
  // Over SOAP it runs before the first message of a station.
  accept: () => Effect.void,
  handlers: [
    V16.csmsHandlers({
      authorize: () => Effect.succeed({ idTagInfo: { status: "Accepted" } }),
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 })),
      dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
      heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),
      meterValues: () => Effect.succeed({}),
      startTransaction: ({ idTag }, { form, identity }) =>
        Effect.as(Effect.log(`${identity} charges for ${idTag}, over ${form}`), {
          transactionId: 1,
          idTagInfo: { status: "Accepted" }
        }),
      statusNotification: () => Effect.succeed({}),
      stopTransaction: () => Effect.succeed({})
    })
  ]
})

const ServersLive = Layer.mergeAll(
  WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }),
  SoapServer.layer({
    versions: [Soap16.carriage],
    port: Number(process.env["SOAP_PORT"] ?? 9002),
    // Stations are called where they say that they listen: on this machine too, for this example.
    callbacks: { allow: ["127.0.0.1"] }
  })
).pipe(Layer.provide(CsmsLive))

const program = Effect.gen(function* () {
  const { callbacks } = yield* SoapServer.Service
  // Learnt, Changed, Refused, Reachable or Unreachable
  yield* Stream.runForEach(callbacks, ({ _tag, identity, url }) => Effect.log(`${identity} at ${url}: ${_tag}`))
})

NodeRuntime.runMain(program.pipe(Effect.provide(ServersLive)))
