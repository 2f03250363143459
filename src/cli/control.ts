/**
 * The control API of `ocpp csms`: JSON over HTTP.
 */
import { NodeHttpServer } from "@effect/platform-node"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as Http from "node:http"
import type { CallFailure } from "../OcppError.ts"
import { Ledger, VirtualCsms } from "../simulation/index.ts"
import { UsageError } from "./errors.ts"

/** The address of the control API. */
export class ControlApi extends Context.Service<ControlApi, { readonly url: string }>()("effect-ocpp/cli/ControlApi") {}

const host = "127.0.0.1"

/** Serves the control API of the simulated CSMS on loopback. */
export const layer = (port: number): Layer.Layer<ControlApi, UsageError, VirtualCsms> =>
  Layer.effect(
    ControlApi,
    Effect.map(HttpServer.HttpServer, ({ address }) => ({
      url: `http://${host}:${"port" in address ? address.port : port}`
    }))
  ).pipe(
    Layer.provideMerge(HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true })),
    Layer.provide(NodeHttpServer.layer(() => Http.createServer(), { port, host })),
    Layer.catchTag("ServeError", () =>
      Layer.effect(
        ControlApi,
        Effect.fail(new UsageError({ message: `the control API cannot listen on ${host}:${port}` }))
      )
    )
  )

const CallBody = Schema.Struct({
  action: Schema.String,
  payload: Schema.Unknown.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  timeoutMs: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0)))
})

const json = (body: unknown, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe(body, { status })

const problem = (status: number, message: string, more: object = {}): HttpServerResponse.HttpServerResponse =>
  json({ message, ...more }, status)

const notConnected = (id: string): HttpServerResponse.HttpServerResponse =>
  problem(404, `station ${JSON.stringify(id)} is not connected`)

const stationId = Effect.map(HttpRouter.params, ({ id = "" }) =>
  Result.getOrElse(
    Result.try(() => decodeURIComponent(id)),
    () => id
  )
)

const asked = Effect.map(
  HttpServerRequest.HttpServerRequest,
  ({ url }) => new URL(url, "http://localhost").searchParams.get("stationId") ?? undefined
)

const bodyOf = <A, I>(schema: Schema.Codec<A, I>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const body = yield* request.json
    return yield* Schema.decodeUnknownEffect(schema)(body, { onExcessProperty: "error", errors: "all" })
  }).pipe(
    Effect.catchTags({
      SchemaError: ({ message }) => Effect.fail(problem(400, message)),
      HttpServerError: () => Effect.fail(problem(400, "the body is not JSON"))
    })
  )

const failed = (id: string, failure: CallFailure): HttpServerResponse.HttpServerResponse => {
  switch (failure._tag) {
    case "CallError": {
      const { code, description, details } = failure
      return json({ error: { code, description, details } })
    }
    case "InvalidResponse":
      return problem(502, failure.message, { violations: failure.violations, payload: failure.payload })
    case "Uncertain":
      return problem(504, failure.message)
    case "NotSent":
      switch (failure.reason) {
        case "NotConnected":
          return notConnected(id)
        case "NotAccepted":
          return problem(409, failure.message)
        case "QueueFull":
          return problem(503, failure.message)
        default:
          return problem(400, failure.message, { violations: failure.violations })
      }
  }
}

const routes = HttpRouter.addAll(
  Effect.map(VirtualCsms, (csms) => [
    HttpRouter.route("GET", "/stations", Effect.map(csms.stations, json)),
    HttpRouter.route(
      "POST",
      "/stations/:id/call",
      Effect.gen(function* () {
        const id = yield* stationId
        const { action, payload, timeoutMs } = yield* bodyOf(CallBody)
        return yield* csms.call(id, action, payload, timeoutMs === undefined ? {} : { timeout: timeoutMs }).pipe(
          Effect.match({
            onSuccess: (result) => json({ result }),
            onFailure: (failure) => failed(id, failure)
          })
        )
      }).pipe(Effect.catch(Effect.succeed))
    ),
    HttpRouter.route(
      "POST",
      "/stations/:id/disconnect",
      Effect.gen(function* () {
        const id = yield* stationId
        return (yield* csms.disconnect(id)) ? json({}) : notConnected(id)
      })
    ),
    HttpRouter.route(
      "POST",
      "/stations/:id/close-stale",
      Effect.gen(function* () {
        return json({ closed: yield* csms.ledger.closeStale(yield* stationId) })
      })
    ),
    HttpRouter.route(
      "PUT",
      "/idtags",
      Effect.gen(function* () {
        yield* csms.ledger.setIdTags(yield* bodyOf(Ledger.IdTags))
        return json({})
      }).pipe(Effect.catch(Effect.succeed))
    ),
    HttpRouter.route("GET", "/transactions", Effect.map(Effect.flatMap(asked, csms.ledger.transactions), json)),
    HttpRouter.route("GET", "/log", Effect.map(Effect.flatMap(asked, csms.log), json)),
    HttpRouter.route("GET", "/deviations", Effect.map(Effect.flatMap(asked, csms.deviations), json)),
    HttpRouter.route("*", "/*", Effect.succeed(problem(404, "there is no such resource")))
  ])
)
