/**
 * Connects, calls and disconnects many times over real sockets, replaces many connections, and sees whether anything of
 * it stays: heap, sockets, transports, fibers.
 *
 * `npm run leaks`, or `npm run leaks -- --cycles 1000 --takeovers 100`.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Socket } from "node:net"
import { parseArgs } from "node:util"
import { queryObjects } from "node:v8"
import { WebSocket } from "ws"
import { Csms } from "../../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../../src/node/index.ts"
import { SocketTransport } from "../../src/node/SocketTransport.ts"
import { Station } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"

const { values } = parseArgs({
  options: { cycles: { type: "string", default: "20000" }, takeovers: { type: "string", default: "2000" } }
})

/** What heap a full run may leave behind, in bytes: caches of the runtime fill up late. */
const allowance = 1 << 20

const time = "2026-11-22T06:00:00.000Z"

const csmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [V16.handlersPartial({ heartbeat: () => Effect.succeed({ currentTime: time }) })]
})
const live = WebSocketServer.layer({ port: 0, host: "127.0.0.1" }).pipe(Layer.provideMerge(csmsLive))

const stationLive = (url: string, identity: string) =>
  Station.layer(V16.protocol, {
    url,
    identity,
    handlers: V16.stationHandlersPartial({ clearCache: () => Effect.succeed({ status: "Accepted" }) })
  }).pipe(Layer.provide(WebSocketClient.layer()))

/** A station comes, calls, is called, and goes. */
const cycle = (url: string, identity: string) =>
  Effect.gen(function* () {
    const csms = yield* Csms
    const station = yield* V16.Csms
    yield* station.heartbeat({})
    yield* csms.call(identity, V16.ClearCache, {})
  }).pipe(Effect.provide(stationLive(url, identity)))

/** A connection is replaced while a call waits on it for an answer that never comes. */
const takeover = Effect.fnUntraced(function* (url: string, identity: string) {
  const csms = yield* Csms
  const scope = yield* Scope.make()
  const silent = new WebSocket(`${url}/${identity}`, ["ocpp1.6"])
  yield* Effect.callback<void>((resume) => {
    silent.once("message", () => resume(Effect.void))
    silent.once("open", () => silent.send(`[2,"1","Heartbeat",{}]`))
  })
  const waiting = yield* Effect.forkChild(Effect.exit(csms.call(identity, V16.ClearCache, {})), {
    startImmediately: true
  })
  const gone = Effect.callback<void>((resume) => {
    silent.once("close", () => resume(Effect.void))
  })
  const left = yield* Effect.forkChild(gone, { startImmediately: true })
  const context = yield* Layer.buildWithScope(stationLive(url, identity), scope)
  yield* Context.get(context, V16.Csms).heartbeat({})
  yield* Effect.all([Fiber.await(left), Fiber.await(waiting)])
  yield* Scope.close(scope, Exit.void)
})

const count = (constructor: Function): number => Number(queryObjects(constructor, { format: "count" }))

/** What is alive, after a garbage collection. */
const census = Effect.fnUntraced(function* () {
  const fiber: object = yield* Effect.withFiber(Effect.succeed)
  const counts = {
    sockets: count(Socket),
    webSockets: count(WebSocket),
    transports: count(SocketTransport),
    fibers: count(fiber.constructor)
  }
  return { ...counts, heap: process.memoryUsage().heapUsed }
})

/** Every station has gone, as far as the CSMS knows. */
const emptied = Effect.gen(function* () {
  const csms = yield* Csms
  yield* Stream.unwrap(Effect.sync(() => Stream.concat(Stream.make(undefined), csms.sessions))).pipe(
    Stream.mapEffect(() => csms.connected),
    Stream.takeUntil((connected) => connected.length === 0),
    Stream.runDrain
  )
})

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer
  const many = (cycles: number, takeovers: number) =>
    Effect.gen(function* () {
      const stations = Array.from({ length: 8 }, (_, index) => `CP${index}`)
      const each = (times: number, run: (identity: string) => Effect.Effect<void, unknown, Csms>) =>
        Effect.forEach(
          stations,
          (identity) => Effect.repeat(run(identity), { times: Math.max(0, Math.round(times / stations.length) - 1) }),
          { concurrency: "unbounded", discard: true }
        )
      yield* each(cycles, (identity) => cycle(url, identity))
      yield* each(takeovers, (identity) => takeover(url, identity))
      yield* emptied
      // Sockets that are closed are let go of in the turns after.
      yield* Effect.sleep("200 millis")
    })
  yield* many(Number(values.cycles) / 4, Number(values.takeovers) / 4)
  const before = yield* census()
  yield* many(Number(values.cycles), Number(values.takeovers))
  const after = yield* census()
  console.log(JSON.stringify({ cycles: Number(values.cycles), takeovers: Number(values.takeovers), before, after }))
  const left = (["sockets", "webSockets", "transports", "fibers"] as const).filter((what) => after[what] > before[what])
  if (after.heap > before.heap + allowance) return yield* Effect.fail("the heap has grown")
  if (left.length > 0) return yield* Effect.fail(`some stay: ${left.join(", ")}`)
}).pipe(Effect.provide(live))

Effect.runPromise(program).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
