// A CSMS for OCPP 1.6, which asks each station to charge as soon as it has accepted it. Ctrl-C ends it.
//
//   node examples/csms.ts
//   node examples/station.ts   in another terminal
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Redacted } from "effect"
import { Reply, Timestamp } from "../src/index.ts"
import { Csms, hasPassword, unauthorized } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import * as V16 from "../src/v16/index.ts"

// In production, take it from `TransactionIds`: a number must not be given twice, not even after a restart.
let lastTransactionId = 0

const CsmsLive = Csms.layer({
  // Who may connect; it runs before the upgrade, and a refusal is the HTTP status 401.
  accept: (handshake) =>
    hasPassword(handshake, Redacted.make("correct horse battery staple")) ? Effect.void : Effect.fail(unauthorized),
  handlers: [
    // The compiler asks for the whole Core profile.
    V16.csmsHandlers({
      authorize: () => Effect.succeed({ idTagInfo: { status: "Accepted" } }),
      bootNotification: (_, session) =>
        // The station can be called once it has this answer.
        Effect.flatMap(Timestamp.now, (currentTime) =>
          Reply.then({ status: "Accepted", currentTime, interval: 300 }, askToCharge(session.identity))
        ),
      dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
      heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),
      meterValues: () => Effect.succeed({}),
      startTransaction: (request, session) =>
        Effect.as(Effect.log(`${session.identity} charges for ${request.idTag}`), {
          transactionId: ++lastTransactionId,
          idTagInfo: { status: "Accepted" }
        }),
      statusNotification: () => Effect.succeed({}),
      stopTransaction: ({ meterStop, transactionId }) =>
        Effect.as(Effect.log(`transaction ${transactionId} ended at ${meterStop} Wh`), {})
    })
  ]
})

const askToCharge = Effect.fnUntraced(function* (identity: string) {
  const csms = yield* Csms
  const answer = yield* csms.call(identity, V16.RemoteStartTransaction, { idTag: "321" })
  yield* Effect.log(`${identity} was asked to charge: ${answer.status}`) // "Accepted" | "Rejected"
})

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
