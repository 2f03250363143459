// What the examples share: a simulated CSMS to run against when no URL is given on the command line.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocketServer } from "../src/node/index.ts"
import { VirtualCsms } from "../src/simulation/index.ts"

const url = process.argv[2]

class Simulated extends Context.Service<Simulated, VirtualCsms["Service"] | undefined>()("examples/Simulated") {}

const simulated = Layer.effect(Simulated, VirtualCsms).pipe(
  Layer.provideMerge(WebSocketServer.layer({ port: 0 })),
  Layer.provide(VirtualCsms.layer())
)

/** The station at the URL of the command line, or at a simulated CSMS of its own. */
export const withCsms = <A, E, R>(station: (url: string) => Layer.Layer<A, E, R>) =>
  url === undefined
    ? Layer.unwrap(Effect.map(WebSocketServer, (server) => station(server.url))).pipe(
        Layer.provideMerge(Layer.orDie(simulated))
      )
    : Layer.merge(station(url), Layer.succeed(Simulated, undefined))

/** Has the simulated CSMS, if there is one, call the station CP001. */
export const remotely = Effect.fnUntraced(function* (action: string, payload: unknown) {
  const csms = yield* Simulated
  if (csms !== undefined) yield* csms.call("CP001", action, payload)
})
