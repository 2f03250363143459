/** This library as an application uses it: layers, typed handlers and clients, its default options; without its log. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import { Csms } from "../../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../../src/node/index.ts"
import { Station } from "../../src/station/index.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as V16 from "../../src/v16/index.ts"
import { type Contender, kinds } from "../contender.ts"

const CsmsLive = Csms.layer({
  // The stations of this benchmark do not boot.
  accept: () => Effect.succeed({ registration: "Accepted" }),
  handlers: [
    V16.csmsHandlersPartial({
      heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),
      statusNotification: () => Effect.succeed({}),
      meterValues: () => Effect.succeed({})
    })
  ]
})

const ServerLive = WebSocketServer.layer({ port: 0 }).pipe(Layer.provide(CsmsLive))

const ClientLive = WebSocketClient.layer()

// The process ends with its scope still open. It logs nothing, as the others do not.
const build = <A, E>(layer: Layer.Layer<A, E>): Promise<Context.Context<A>> =>
  Effect.runPromise(Effect.provide(Layer.buildWithScope(layer, Scope.makeUnsafe()), Logger.layer([])))

export const contender: Contender = {
  serve: async () => Context.get(await build(ServerLive), WebSocketServer.Server).port,

  connect: async (port, identity) => {
    const StationLive = Station.layer(V16.protocol, { url: `ws://127.0.0.1:${port}`, identity })
    const csms = Context.get(await build(StationLive.pipe(Layer.provide(ClientLive))), V16.Csms)
    const calls = {
      Heartbeat: csms.heartbeat(kinds.Heartbeat.request),
      StatusNotification: csms.statusNotification(kinds.StatusNotification.request),
      "MeterValues of a transaction": csms.meterValues(kinds["MeterValues of a transaction"].request),
      "MeterValues of none": csms.meterValues(kinds["MeterValues of none"].request)
    }
    return {
      repeat: (kind, goOn) =>
        Effect.runPromise(
          Effect.gen(function* () {
            while (goOn()) yield* calls[kind]
          })
        )
    }
  }
}
