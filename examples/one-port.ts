// A CSMS and an API of your own on one port.
//
//   node examples/one-port.ts
//   curl http://127.0.0.1:9000/stations
//   curl -X POST http://127.0.0.1:9000/stations/CP001/reset
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import { Timestamp } from "../src/index.ts"
import { Csms } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import * as V16 from "../src/v16/index.ts"

const CsmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [
    V16.csmsHandlersPartial({
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }))
    })
  ]
})

const Api = Layer.mergeAll(
  HttpRouter.add(
    "GET",
    "/stations",
    Effect.gen(function* () {
      const csms = yield* Csms
      const sessions = yield* csms.connected
      return yield* HttpServerResponse.json(sessions.map(({ identity, version }) => ({ identity, version })))
    })
  ),
  HttpRouter.add(
    "POST",
    "/stations/:identity/reset",
    Effect.gen(function* () {
      const csms = yield* Csms
      const { identity = "" } = yield* HttpRouter.params
      return yield* HttpServerResponse.json(yield* csms.call(identity, V16.Reset, { type: "Soft" }))
    }).pipe(
      // All that a call can fail with.
      Effect.catchTags({
        NotSent: ({ message, reason }) => HttpServerResponse.json({ reason, message }, { status: 409 }), // nothing left
        Uncertain: ({ message, reason }) => HttpServerResponse.json({ reason, message }, { status: 504 }), // it may be done
        CallError: ({ code, description }) => HttpServerResponse.json({ code, description }, { status: 502 }), // it said no
        InvalidResponse: ({ message }) => HttpServerResponse.json({ message }, { status: 502 }) // its answer is no answer
      })
    )
  )
)

const server = createServer()

// Stations connect to ws://127.0.0.1:9000/ocpp/<identity>. They are let go before the API is.
const Live = WebSocketServer.layerAttached(server, { path: "/ocpp" }).pipe(
  Layer.provideMerge(HttpRouter.serve(Api)),
  Layer.provide(NodeHttpServer.layer(() => server, { port: Number(process.env["PORT"] ?? 9000) })),
  Layer.provide(CsmsLive)
)

NodeRuntime.runMain(Layer.launch(Live))
