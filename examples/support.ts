// What the examples share: a simulated CSMS to run against when no URL is given on the command line.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Csms } from "../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../src/node/index.ts"
import { SoapClient } from "../src/node/Soap.ts"
import { VirtualCsms } from "../src/simulation/index.ts"
import type { Connector } from "../src/station/index.ts"
import * as Soap15 from "../src/v15/Soap.ts"
import * as Soap16 from "../src/v16/Soap.ts"

export class Target extends Context.Service<
  Target,
  { readonly url: string; readonly simulated: Csms["Service"] | undefined }
>()("examples/Target") {}

const given = process.argv.slice(2).find((argument) => argument.includes("://"))

const target: Layer.Layer<Target> =
  given === undefined
    ? Layer.effect(
        Target,
        Effect.gen(function* () {
          const { url } = yield* WebSocketServer.Server
          return { url, simulated: yield* Csms }
        })
      ).pipe(
        Layer.provide(WebSocketServer.layer({ port: 0, host: "127.0.0.1" })),
        Layer.provide(VirtualCsms.layer({ firstTransactionId: 1 })),
        Layer.orDie
      )
    : Layer.succeed(Target, { url: given, simulated: undefined })

/** How a station of 1.x reaches that URL: over SOAP if it is an http: one, or else over a WebSocket. */
export const connector: Layer.Layer<Connector> = given?.startsWith("http")
  ? Layer.orDie(
      SoapClient.layer({ versions: [Soap15.carriage, Soap16.carriage], listen: { port: 0, host: "127.0.0.1" } })
    )
  : WebSocketClient.layer()

/** The URL of the command line, or of the simulated CSMS. */
export const endpoint = Effect.map(Target, ({ url }) => url)

/** A station at that URL. */
export const withCsms = <A, E, R>(station: (url: string) => Layer.Layer<A, E, R>) =>
  Layer.unwrap(Effect.map(endpoint, station)).pipe(Layer.provideMerge(target))

/** What the simulated CSMS, if there is one, asks its stations. */
export const remotely = Effect.fnUntraced(function* <A, E>(ask: (csms: Csms["Service"]) => Effect.Effect<A, E>) {
  const { simulated } = yield* Target
  if (simulated !== undefined) yield* ask(simulated)
})
