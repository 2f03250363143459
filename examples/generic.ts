// A CSMS for stations of OCPP 1.6, 2.0.1 and 2.1 that names no version: it shows what their connectors do, asks each station to
// charge, and tells what was charged. Ctrl-C ends it.
//
//   node examples/generic.ts
//   node examples/two-versions.ts   in another terminal
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { BigDecimal, DateTime, Duration, Effect, Layer } from "effect"
import { Adapter } from "../src/adapter/index.ts"
import { adapter as v16 } from "../src/adapter/V16.ts"
import { adapter as v201 } from "../src/adapter/V201.ts"
import { adapter as v21 } from "../src/adapter/V21.ts"
import { Csms, TransactionIds } from "../src/csms/index.ts"
import * as Domain from "../src/domain/index.ts"
import { Reply } from "../src/index.ts"
import { WebSocketServer } from "../src/node/index.ts"

/** What the register of active energy reads in an event, in Wh, exactly. */
const registerOf = ({ meterValue = [] }: Domain.TransactionEventRequest) =>
  meterValue
    .flatMap(({ sampledValue }) => sampledValue)
    .findLast(({ measurand }) => measurand === "Energy.Active.Import.Register")?.reading

const charged = (event: Domain.TransactionEventRequest): string => {
  const reading = registerOf(event)
  return reading?._tag === "Measured" ? `${BigDecimal.format(reading.value)} ${reading.unit}` : "no reading"
}

const handlers = Domain.csmsHandlers({
  bootNotification: ({ chargingStation }, { identity, station, version }) =>
    Effect.gen(function* () {
      yield* Effect.log(`${identity} is a ${chargingStation.model}, and speaks ${version}`)
      const answer = { status: "Accepted", currentTime: yield* DateTime.now, interval: Duration.minutes(5) } as const
      const idToken = { idToken: "321", type: "Central" } as const
      return yield* Reply.then(answer, station.requestStartTransaction({ idToken, remoteStartId: 1, evseId: 1 }))
    }),
  heartbeat: () => Effect.map(DateTime.now, (currentTime) => ({ currentTime })),
  authorize: () => Effect.succeed({ idTokenInfo: { status: "Accepted" } }),
  statusNotification: ({ activity, condition, evse, occupancy }, { identity }) =>
    Effect.as(
      Effect.log(`${identity} ${evse?.id ?? "itself"}: ${[condition, occupancy, activity].filter(Boolean).join(", ")}`),
      {}
    ),
  transactionEvent: (event, { identity }) =>
    Effect.as(Effect.log(`${identity} ${event.eventType} transaction ${event.transactionId}: ${charged(event)}`), {}),
  meterValues: () => Effect.succeed({})
})

const CsmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [Adapter.handlers(v16, handlers), Adapter.handlers(v201, handlers), Adapter.handlers(v21, handlers)]
}).pipe(Layer.provide(TransactionIds.layer()))

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer.Server
  yield* Effect.log(`stations connect to ${url}`)
  return yield* Effect.never
})

NodeRuntime.runMain(
  program.pipe(
    Effect.provide(WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }).pipe(Layer.provide(CsmsLive)))
  )
)
