// A CSMS and a station, watched: metrics for Prometheus over HTTP, and metrics, traces and logs for OpenTelemetry.
//
//   node examples/observability.ts
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node examples/observability.ts   to a collector, too
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { createServer } from "node:http"
import { Csms } from "../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../src/node/index.ts"
import { Timestamp } from "../src/index.ts"
import { Telemetry } from "../src/engine/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"

const idTag = "321"

const CsmsLive = WebSocketServer.layer({ port: 0, host: "127.0.0.1" }).pipe(
  Layer.provideMerge(
    Csms.layer({
      accept: () => Effect.void,
      handlers: [
        V16.csmsHandlersPartial({
          bootNotification: Effect.fnUntraced(function* () {
            return { status: "Accepted", currentTime: yield* Timestamp.now, interval: 300 } as const
          }),
          authorize: () => Effect.succeed({ idTagInfo: { status: "Accepted" } }),
          // The log tells for which station, and a span of yours becomes a part of that of the request.
          startTransaction: () =>
            Effect.log("a transaction begins").pipe(
              Effect.as({ transactionId: 1, idTagInfo: { status: "Accepted" } } as const),
              Effect.withSpan("store the transaction")
            ),
          stopTransaction: () => Effect.succeed({})
        })
      ]
    })
  )
)

const StationLive = Layer.unwrap(
  Effect.map(WebSocketServer.Server, ({ url }) =>
    Station.layer(V16.protocol, {
      url,
      identity: "CP001",
      boot: { chargePointVendor: "ACME", chargePointModel: "One" }
    })
  )
).pipe(Layer.provide(WebSocketClient.layer()))

const MetricsLive = HttpRouter.serve(PrometheusMetrics.layerHttp(), {
  disableLogger: true,
  disableListenLog: true
}).pipe(Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })))

const collector = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]

const CollectorLive =
  collector === undefined
    ? Layer.empty
    : Otlp.layerJson({ baseUrl: collector, resource: { serviceName: "observability" } })

const charge = Effect.gen(function* () {
  const station = yield* Station
  const csms = yield* V16.Csms
  yield* station.accepted
  yield* csms.authorize({ idTag })
  const { transactionId } = yield* csms.startTransaction({
    connectorId: 1,
    idTag,
    meterStart: 0,
    timestamp: yield* Timestamp.now
  })
  yield* csms.stopTransaction({ transactionId, meterStop: 1500, timestamp: yield* Timestamp.now })
})

// What Prometheus would see.
const scrape = Effect.gen(function* () {
  const { address } = yield* HttpServer.HttpServer
  const response = yield* HttpClient.get(`${HttpServer.formatAddress(address)}/metrics`)
  yield* Console.log(yield* response.text)
})

await Effect.runPromise(
  charge.pipe(
    Effect.withSpan("charge"),
    Effect.andThen(scrape),
    Effect.provide(
      StationLive.pipe(
        Layer.provide(CsmsLive),
        Layer.merge(MetricsLive),
        // Spans are made where there is a tracer, metrics where they are asked for.
        Layer.provide(Layer.succeed(Telemetry.Enabled, { metrics: true, spans: true })),
        // The program gets it too, for a call is traced by the tracer of its caller.
        Layer.provideMerge(CollectorLive),
        Layer.provideMerge(FetchHttpClient.layer)
      )
    )
  )
)
