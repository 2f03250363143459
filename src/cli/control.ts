/**
 * A control API: an `HttpApi` on loopback that no web page can drive.
 */
import { NodeHttpServer } from "@effect/platform-node"
import * as ByteSize from "effect/ByteSize"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { unhandled } from "effect/Types"
import {
  HttpBody,
  HttpIncomingMessage,
  HttpRouter,
  HttpServer,
  HttpServerRequest,
  HttpServerResponse
} from "effect/http"
import {
  type HttpApi,
  HttpApiBuilder,
  HttpApiError,
  type HttpApiGroup,
  HttpApiMiddleware,
  OpenApi
} from "effect/http-api"
import { createHash, timingSafeEqual } from "node:crypto"
import * as Http from "node:http"
import { escape, isPlain } from "../Escape.ts"
import { UsageError } from "./errors.ts"

/** The address of a control API. */
export class ControlApi extends Context.Service<ControlApi, { readonly url: string }>()("effect-ocpp/cli/ControlApi") {}

export interface ControlOptions {
  readonly port: number
  /** What every request has to bring as a bearer token; by default nothing. */
  readonly token: Redacted.Redacted | undefined
}

/** A request that is wrong; `message` names the path and the rule. */
export class BadRequest extends Schema.Class<BadRequest>("BadRequest")(
  { message: Schema.String, violations: Schema.optionalKey(Schema.Array(Schema.Unknown)) },
  { httpApiStatus: 400 }
) {}

/**
 * Makes clear answers of requests that break their schema, or have a query where none is read. An API takes part with
 * `.middleware(ClearErrors)`.
 */
export class ClearErrors extends HttpApiMiddleware.Service<ClearErrors>()("effect-ocpp/cli/ClearErrors", {
  error: BadRequest
}) {
  static readonly layer = Layer.succeed(ClearErrors, (answer, { endpoint }) =>
    Effect.flatMap(HttpServerRequest.ParsedSearchParams, (query) => {
      const [unknown] = endpoint.query === undefined ? Object.keys(query) : []
      return unknown === undefined
        ? Effect.catch(answer, (error): Effect.Effect<never, BadRequest | unhandled> =>
            HttpApiError.HttpApiSchemaError.is(error) ? badRequest(error.cause.message) : Effect.fail(error)
          )
        : badRequest(`Expected no query\n  at [${JSON.stringify(unknown)}]`)
    })
  )
}

const badRequest = (message: string): Effect.Effect<never, BadRequest> => Effect.fail(new BadRequest({ message }))

const host = "127.0.0.1"

/** Serves an API on loopback, and its description as `/openapi.json`. */
export const layer = <Id extends string, Groups extends HttpApiGroup.Constraint, E, R>(
  api: HttpApi.HttpApi<Id, Groups>,
  handlers: Layer.Layer<HttpApiGroup.ToService<Id, Groups>, E, R>,
  { port, token }: ControlOptions
) => {
  const routes = Layer.mergeAll(
    HttpApiBuilder.layer(token === undefined ? api : api.annotate(OpenApi.Transform, withToken), {
      openapiPath: "/openapi.json"
    }),
    HttpRouter.add("*", "/*", Effect.succeed(problem(404, "there is no such resource"))),
    HttpRouter.middleware(guard(token), { global: true })
  ).pipe(Layer.provide(handlers), Layer.provide(ClearErrors.layer))
  return Layer.effect(
    ControlApi,
    Effect.map(HttpServer.HttpServer, ({ address }) => ({
      url: `http://${host}:${"port" in address ? address.port : port}`
    }))
  ).pipe(
    Layer.provideMerge(
      HttpRouter.serve(routes, {
        disableLogger: true,
        disableListenLog: true,
        // Node.js limits how long a path is.
        routerConfig: { maxParamLength: Infinity }
      })
    ),
    Layer.provide(
      NodeHttpServer.layer(() => Http.createServer({ requestTimeout: 60_000 }), {
        port,
        host,
        gracefulShutdownTimeout: "1 second"
      }).pipe(Layer.catchTag("ServeError", ({ cause }) => Layer.effectContext(Effect.fail(notListening(port, cause)))))
    )
  )
}

const notListening = (port: number, cause: unknown): UsageError => {
  // What a server of Node.js fails with.
  const { code } = cause as NodeJS.ErrnoException
  return new UsageError({ message: `the control API cannot listen on ${host}:${port}: ${code} (see --control-port)` })
}

/** The description of an API whose calls all need the bearer token. */
const withToken: OpenApi.Transform["Service"] = (spec) => {
  const security = [{ token: [] }]
  // The description says of each operation that it needs nothing.
  for (const operations of Object.values<object>(spec["paths"])) {
    for (const operation of Object.values(operations)) operation.security = security
  }
  const components = { ...spec["components"], securitySchemes: { token: { type: "http", scheme: "bearer" } } }
  return { ...spec, components, security }
}

const problem = (status: number, message: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe({ message }, { status })

/** How large the body of a request may be, in bytes. */
const mostBytes = 1024 * 1024
const maxBodySize = ByteSize.mebibytes(1)

/**
 * Lets through what comes from programs on this machine. Any web page that is open on it can send requests to loopback,
 * too, but it cannot hide its origin, cannot name another content type without being asked for permission, and has a
 * host name of its own even where that leads here.
 */
const guard =
  (token: Redacted.Redacted | undefined) =>
  <E, R>(route: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const refusal = refusalOf(request, token)
      if (refusal !== undefined) return refusal
      // It is read once and kept, so that what is too large ends here.
      const isTooLarge = yield* Effect.isFailure(
        Effect.provideService(request.text, HttpIncomingMessage.MaxBodySize, maxBodySize)
      )
      return isTooLarge ? tooLarge : shown(yield* route)
    })

/** An answer of which a terminal shows every character as it is: what it tells came from peers. */
const shown = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
  const { body } = response
  if (body._tag !== "Uint8Array" || !body.contentType.startsWith("application/json")) return response
  const text = Buffer.from(body.body).toString()
  return isPlain(text) ? response : HttpServerResponse.setBody(response, HttpBody.text(escape(text), body.contentType))
}

const refusalOf = (
  { headers }: HttpServerRequest.HttpServerRequest,
  token: Redacted.Redacted | undefined
): HttpServerResponse.HttpServerResponse | undefined => {
  const { host: named = "", origin, "sec-fetch-site": site = "none" } = headers
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(named)) {
    return problem(403, "Host: only a name of loopback is answered")
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${named.toLowerCase()}`) {
    return problem(403, "Origin: requests of web pages are refused")
  }
  if (site !== "none" && site !== "same-origin") {
    return problem(403, "Sec-Fetch-Site: requests of web pages are refused")
  }
  const [, given = ""] = /^bearer +(.*)$/i.exec(headers["authorization"] ?? "") ?? []
  if (token !== undefined && !isSame(given, Redacted.value(token))) {
    return HttpServerResponse.setHeader(
      problem(401, "Authorization: the bearer token is missing or wrong"),
      "www-authenticate",
      "Bearer"
    )
  }
  const length = headers["content-length"]
  const hasBody = headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0")
  if (hasBody && !/^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "")) {
    return problem(415, "content-type: a body has to be application/json")
  }
  return Number(length ?? 0) > mostBytes ? tooLarge : undefined
}

const tooLarge = HttpServerResponse.setHeader(problem(413, "the body is larger than 1 MiB"), "connection", "close")

/** Whether two texts are the same; how long that takes tells nothing of them. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(hash(one), hash(other))

const hash = (text: string): Buffer => createHash("sha256").update(text).digest()
