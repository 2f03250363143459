// A minimal CSMS for OCPP 1.6: lets two stations in, hands out transaction ids, and greets each station with a question.
//
//   node examples/csms.ts [port]
//   node examples/charge-1.6.ts ws://127.0.0.1:9000
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Csms, unknownStation } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import { Reply, Timestamp } from "../src/index.ts"
import * as V16 from "../src/v16/index.ts"

const stations = new Set(["CP001", "CP002"])

// A CSMS that is more than an example has its transactions in a database: numbers that no transaction had before, also
// before the last restart, each valid for one station only.
let lastTransactionId = 0

const CsmsLive = Csms.layer({
  accept: ({ identity }) => (stations.has(identity) ? Effect.void : Effect.fail(unknownStation)),
  handlers: [
    V16.csmsHandlers({
      authorize: () => Effect.succeed({ idTagInfo: { status: "Accepted" } }),

      bootNotification: Effect.fnUntraced(function* (request, session) {
        yield* Console.log(`${session.identity} is a ${request.chargePointVendor} ${request.chargePointModel}`)
        const currentTime = yield* Timestamp.now
        // The station is asked for its settings once it has its answer.
        return yield* Reply.then({ status: "Accepted", currentTime, interval: 300 }, askForSettings(session.station))
      }),

      dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),

      heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),

      meterValues: () => Effect.succeed({}),

      startTransaction: ({ idTag }, session) =>
        Effect.as(Console.log(`${session.identity} charges for ${idTag}`), {
          transactionId: ++lastTransactionId,
          idTagInfo: { status: "Accepted" }
        }),

      statusNotification: ({ connectorId, status }, session) =>
        Effect.as(Console.log(`${session.identity} connector ${connectorId} is ${status}`), {}),

      stopTransaction: ({ meterStop, transactionId }) =>
        Effect.as(Console.log(`transaction ${transactionId} ended at ${meterStop} Wh`), {})
    })
  ]
})

const askForSettings = (station: V16.StationClient) =>
  station.getConfiguration({ key: ["HeartbeatInterval"] }).pipe(
    Effect.flatMap((settings) => Console.log(settings)),
    Effect.catchTag("CallError", (error) => Console.log(`the station does not tell: ${error.message}`))
  )

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer.Server
  yield* Console.log(`stations connect to ${url}`)
  return yield* Effect.never
})

const port = Number(process.argv[2] ?? 9000)

Effect.runFork(
  program.pipe(
    Effect.provide(WebSocketServer.layer({ port }).pipe(Layer.provide(CsmsLive))),
    Effect.tapError((error) => Console.error(error.message))
  )
)
