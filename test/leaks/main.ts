/**
 * Connects, calls and disconnects many times over real sockets, replaces many connections, stores and delivers a long
 * queue, and sees whether anything of it stays: heap, sockets, transports, fibers.
 *
 * `npm run leaks`, or `npm run leaks -- --cycles 1000 --takeovers 100 --queue 2000`.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Socket } from "node:net"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { queryObjects } from "node:v8"
import { WebSocket } from "ws"
import { Csms } from "../../src/csms/index.ts"
import { SqliteStorage, WebSocketClient, WebSocketServer } from "../../src/node/index.ts"
import { SocketTransport } from "../../src/node/internal/SocketTransport.ts"
import { Connector, Outbox, Station } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { csmsLayer } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { directory } from "../support/storage.ts"

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "20000" },
    takeovers: { type: "string", default: "2000" },
    queue: { type: "string", default: "20000" }
  }
})

/** What heap a full run may leave behind, in bytes: caches of the runtime fill up late. */
const allowance = 1 << 20

const csmsLive = csmsLayer({
  takeoverLimit: { swaps: 1000 },
  handlers: [
    V16.csmsHandlersPartial({
      heartbeat: () => Effect.succeed({ currentTime: time }),
      startTransaction: () => Effect.succeed({ transactionId: 1, idTagInfo: { status: "Accepted" } }),
      meterValues: () => Effect.succeed({})
    })
  ]
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

/** What a stored message may keep in memory until it is delivered, in bytes: much less than the message. */
const perMessage = 350

/**
 * A station stores messages in a file while there is no connection, and delivers them. Their requests may not be in
 * memory, neither before nor meanwhile.
 */
const backlog = Effect.fnUntraced(function* (url: string, messages: number) {
  const isUp = Latch.makeUnsafe(false)
  const connector = Layer.effect(
    Connector,
    Effect.map(Connector, ({ connect }) =>
      Connector.of({ connect: (options) => Effect.andThen(isUp.await, connect(options)) })
    )
  ).pipe(Layer.provide(WebSocketClient.layer()))
  const storage = SqliteStorage.layer({ filename: join(yield* directory, "storage.db") })
  const outbox = { limit: 2 * messages }
  const context = yield* Layer.build(
    Station.layer(V16.protocol, { url, identity: "CP0", firstConnection: "retry", outbox }).pipe(
      Layer.provide([connector, storage])
    )
  )
  const waiting = (left: number) =>
    Context.get(context, Outbox)
      .waiting()
      .pipe(Effect.repeat({ until: (number) => number <= left, schedule: Schedule.spaced("5 millis") }))
  const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: time }
  const { update } = yield* Context.get(context, V16.Transactions).start(start)
  const before = yield* census()
  for (let stored = 0; stored < messages; stored++) {
    yield* update({ meterValue: [{ timestamp: time, sampledValue: [{ value: String(stored).padStart(500, "0") }] }] })
  }
  const full = yield* census()
  yield* isUp.open
  yield* waiting(messages / 2)
  const half = yield* census()
  yield* waiting(0)
  for (const [when, { heap }] of Object.entries({ full, half })) {
    if (heap > before.heap + messages * perMessage + allowance) yield* Effect.fail(`the queue is in memory (${when})`)
  }
}, Effect.scoped)

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
  const { url } = yield* WebSocketServer.Server
  const many = (cycles: number, takeovers: number, queue: number) =>
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
      yield* backlog(url, queue)
      yield* emptied
      // Sockets that are closed are let go of in the turns after.
      yield* Effect.sleep("200 millis")
    })
  const [cycles, takeovers, queue] = [Number(values.cycles), Number(values.takeovers), Number(values.queue)]
  yield* many(cycles / 4, takeovers / 4, queue / 4)
  const before = yield* census()
  yield* many(cycles, takeovers, queue)
  const after = yield* census()
  console.log(JSON.stringify({ cycles, takeovers, queue, before, after }))
  const left = (["sockets", "webSockets", "transports", "fibers"] as const).filter((what) => after[what] > before[what])
  if (after.heap > before.heap + allowance) return yield* Effect.fail("the heap has grown")
  if (left.length > 0) return yield* Effect.fail(`some stay: ${left.join(", ")}`)
}).pipe(Effect.provide(live))

Effect.runPromise(Effect.provide(program, Logger.layer([]))).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
