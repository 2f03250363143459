/**
 * Stations and an API of Effect's HTTP on one port.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { createServer } from "node:http"
import { WebSocket } from "ws"
import { Csms, type Endpoint } from "../../src/csms/index.ts"
import { WebSocketServer } from "../../src/node/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { time } from "../support/messages.ts"
import { csms as csmsLayer, get, portOf, rawStation, refused, wsStation } from "./support.ts"

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

/** What an application has beside its stations: a list of them, and a WebSocket of its own. */
const api = Layer.mergeAll(
  HttpRouter.add(
    "GET",
    "/stations",
    Effect.gen(function* () {
      const sessions = yield* (yield* Csms).connected
      return yield* HttpServerResponse.json(sessions.map(({ identity }) => identity))
    })
  ),
  HttpRouter.add(
    "GET",
    "/clear",
    Effect.gen(function* () {
      return yield* HttpServerResponse.json(yield* (yield* Csms).call("CP001", V16.ClearCache, {}))
    })
  ),
  HttpRouter.add(
    "GET",
    "/live",
    Effect.gen(function* () {
      const { upgrade } = yield* HttpServerRequest.HttpServerRequest
      const socket = yield* upgrade
      const { pull } = yield* socket.reader
      const { write } = yield* socket.writer
      yield* write("hello")
      yield* Effect.ignore(pull)
      return HttpServerResponse.empty()
    }).pipe(Effect.scoped)
  )
)

const http = HttpRouter.serve(api, { disableListenLog: true, disableLogger: true })

type Live = Layer.Layer<never, never, Layer.Services<typeof http> | Endpoint>
type Order = (stations: Layer.Layer<never, never, Endpoint>) => Live

const sideBySide: Order = (stations) => Layer.merge(http, stations)
const httpFirst: Order = (stations) => stations.pipe(Layer.provideMerge(http))
const stationsFirst: Order = (stations) => http.pipe(Layer.provideMerge(stations))

const serve = Effect.fnUntraced(function* (order: Order) {
  const server = createServer()
  const scope = yield* Scope.fork(yield* Effect.scope)
  yield* order(WebSocketServer.layerAttached(server, { path: "/ocpp" })).pipe(
    Layer.provide(
      NodeHttpServer.layer(() => server, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: "2 seconds" })
    ),
    Layer.provide(csmsLayer()),
    Layer.buildWithScope(scope)
  )
  return { port: portOf(server), stop: Scope.close(scope, Exit.void) }
})

vi.setConfig({ testTimeout: 5_000 })

describe("one port for stations and for Effect's HTTP", () => {
  for (const [name, order] of Object.entries({ sideBySide, httpFirst, stationsFirst })) {
    it.live(`${name}: each gets what is its own`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve(order)
        const station = yield* wsStation(`ws://127.0.0.1:${port}/ocpp/CP001`)
        yield* station.send(heartbeat)
        assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
        assert.strictEqual(yield* get(port, "/stations"), `["CP001"]`)
        // A second frame, for an answer that something else had written into the socket would come before it.
        yield* station.send(heartbeat)
        assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)

        const socket = new WebSocket(`ws://127.0.0.1:${port}/live`)
        const said = yield* Effect.callback<string, Error>((resume) => {
          socket.on("message", (data) => resume(Effect.succeed(data.toString())))
          socket.on("error", (error) => resume(Effect.fail(error)))
        })
        socket.close()
        assert.strictEqual(said, "hello")
        assert.strictEqual((yield* refused(port, { path: "/elsewhere/CP001" })).status, 404)
      }).pipe(Effect.scoped)
    )
  }

  it.live("a refused station gets one answer", () =>
    Effect.gen(function* () {
      const { port } = yield* serve(httpFirst)
      const station = yield* rawStation(port, { path: "/ocpp" })
      const bytes: Array<Buffer> = []
      station.socket.on("data", (data) => bytes.push(data))
      yield* station.gone
      assert.match(Buffer.concat(bytes).toString(), /^HTTP\/1\.1 404 [^]*\r\n\r\n$/)
      assert.strictEqual(Buffer.concat(bytes).toString().split("HTTP/1.1").length, 2)
    }).pipe(Effect.scoped)
  )

  it.live("a closing server tells its stations, and does not wait for them to go by themselves", () =>
    Effect.gen(function* () {
      for (const order of [sideBySide, httpFirst]) {
        const { port, stop } = yield* serve(order)
        const station = yield* wsStation(`ws://127.0.0.1:${port}/ocpp/CP001`)
        yield* stop.pipe(Effect.timeout("1 second"))
        assert.strictEqual((yield* station.closed).code, 1001)
      }
    }).pipe(Effect.scoped)
  )

  it.live("a closing server lets a station answer what the API has asked it", () =>
    Effect.gen(function* () {
      const { port, stop } = yield* serve(httpFirst)
      const station = yield* wsStation(`ws://127.0.0.1:${port}/ocpp/CP001`)
      const asked = yield* Effect.forkChild(get(port, "/clear"), { startImmediately: true })
      const [, id] = (yield* station.receive) as ReadonlyArray<unknown>
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })
      yield* station.send([3, id, { status: "Accepted" }])
      assert.strictEqual(yield* Fiber.join(asked), `{"status":"Accepted"}`)
      assert.strictEqual((yield* station.closed).code, 1001)
      yield* Effect.timeout(Fiber.join(stopping), "1 second")
    }).pipe(Effect.scoped)
  )
})
