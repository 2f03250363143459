// A CSMS that still knows its stations when it is started again.
//
//   node examples/restart.ts
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Stream } from "effect"
import { Timestamp } from "../src/index.ts"
import { Csms } from "../src/csms/index.ts"
import { SqliteStorage, WebSocketServer } from "../src/node/index.ts"
import * as V16 from "../src/v16/index.ts"

const CsmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [
    V16.csmsHandlersPartial({
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }))
    })
  ]
}).pipe(Layer.provide(SqliteStorage.layer({ filename: "csms.db" })))

const program = Effect.gen(function* () {
  const csms = yield* Csms
  const { url } = yield* WebSocketServer.Server
  yield* Effect.log(`stations connect to ${url}`)
  yield* Stream.runForEach(csms.sessions, ({ _tag, session }) =>
    Effect.flatMap(session.registration, (registration) => Effect.log(`${session.identity}: ${_tag}, ${registration}`))
  )
})

NodeRuntime.runMain(
  program.pipe(
    Effect.provide(
      WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }).pipe(Layer.provideMerge(CsmsLive))
    )
  )
)
