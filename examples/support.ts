// What the examples share: a simulated CSMS to run against when no URL is given on the command line.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WebSocketServer } from "../src/node/index.ts"
import { VirtualCsms } from "../src/simulation/index.ts"

class Target extends Context.Service<
  Target,
  { readonly url: string; readonly simulated: VirtualCsms["Service"] | undefined }
>()("examples/Target") {}

const given = process.argv[2]

const target: Layer.Layer<Target> =
  given === undefined
    ? Layer.effect(
        Target,
        Effect.gen(function* () {
          const { url } = yield* WebSocketServer.Server
          return { url, simulated: yield* VirtualCsms }
        })
      ).pipe(
        Layer.provide(WebSocketServer.layer({ port: 0, host: "127.0.0.1" })),
        Layer.provide(VirtualCsms.layer({ firstTransactionId: 1 })),
        Layer.orDie
      )
    : Layer.succeed(Target, { url: given, simulated: undefined })

/** The URL of the command line, or of the simulated CSMS. */
export const endpoint = Effect.map(Target, ({ url }) => url)

/** A station at that URL. */
export const withCsms = <A, E, R>(station: (url: string) => Layer.Layer<A, E, R>) =>
  Layer.unwrap(Effect.map(endpoint, station)).pipe(Layer.provideMerge(target))

/** Has the simulated CSMS, if there is one, call the station CP001. */
export const remotely = Effect.fnUntraced(function* (action: string, payload: unknown) {
  const { simulated } = yield* Target
  if (simulated !== undefined) yield* simulated.call("CP001", action, payload)
})
