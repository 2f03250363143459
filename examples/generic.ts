// A CSMS for stations of OCPP 1.6, 2.0.1 and 2.1 that names no version: it shows what their connectors do, asks each station to
// charge, and tells what was charged. Ctrl-C ends it.
//
//   node examples/generic.ts
//   node examples/two-versions.ts   in another terminal
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { BigDecimal, DateTime, Duration, Effect, Layer, Stream } from "effect"
import { Adapter } from "../src/adapter/index.ts"
import { adapter as v16 } from "../src/adapter/V16.ts"
import { adapter as v201 } from "../src/adapter/V201.ts"
import { adapter as v21 } from "../src/adapter/V21.ts"
import { Csms, TransactionIds } from "../src/csms/index.ts"
import * as Domain from "../src/domain/index.ts"
import { Reply } from "../src/index.ts"
import { WebSocketServer } from "../src/node/index.ts"

const inWords = (change: Domain.ReadModelChange): string => {
  switch (change._tag) {
    case "Station":
      return `is a ${change.station.chargingStation?.model ?? "station"}, and speaks ${change.station.version}`
    case "Status": {
      const { activity, condition, evseId, occupancy } = change.status
      return `EVSE ${evseId}: ${[condition, occupancy, activity].filter(Boolean).join(", ")}`
    }
    case "Transaction": {
      const { endedAt, energy, transactionId } = change.transaction
      const charged = energy?.charged === undefined ? "no reading" : `${BigDecimal.format(energy.charged)} Wh`
      return `transaction ${transactionId}: ${charged}${endedAt === undefined ? "" : ", ended"}`
    }
  }
}

const handlers = Domain.csmsHandlers({
  bootNotification: (_, { station }) =>
    Effect.gen(function* () {
      const answer = { status: "Accepted", currentTime: yield* DateTime.now, interval: Duration.minutes(5) } as const
      const idToken = { idToken: "321", type: "Central" } as const
      return yield* Reply.then(answer, station.requestStartTransaction({ idToken, remoteStartId: 1, evseId: 1 }))
    }),
  heartbeat: () => Effect.map(DateTime.now, (currentTime) => ({ currentTime })),
  authorize: () => Effect.succeed({ idTokenInfo: { status: "Accepted" } }),
  statusNotification: () => Effect.succeed({}),
  // Stations of 2.1 tell the status of their connectors by it.
  notifyEvent: () => Effect.succeed({}),
  transactionEvent: () => Effect.succeed({}),
  meterValues: () => Effect.succeed({})
})

const observed = Domain.ReadModel.observed(handlers)

const CsmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [Adapter.handlers(v16, observed), Adapter.handlers(v201, observed), Adapter.handlers(v21, observed)]
}).pipe(Layer.provideMerge(Domain.ReadModel.layer()), Layer.provide(TransactionIds.layer()))

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer.Server
  const { changes } = yield* Domain.ReadModel
  yield* Effect.log(`stations connect to ${url}`)
  yield* Stream.runForEach(changes, (change) => Effect.log(`${change.identity} ${inWords(change)}`))
})

NodeRuntime.runMain(
  program.pipe(
    Effect.provide(
      WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }).pipe(Layer.provideMerge(CsmsLive))
    )
  )
)
