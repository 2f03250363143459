/**
 * Holds 10,000 idle connections and 1,000 active ones in one process, with pings every ten seconds, and sees whether any
 * is missed.
 *
 * `npm run hold`, or `npm run hold -- --idle 1000 --active 100 --seconds 30`. The stations live in a second process.
 */
/* oxlint-disable no-await-in-loop -- handshakes come in batches */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { fork } from "node:child_process"
import { once } from "node:events"
import { parseArgs } from "node:util"
import { WebSocket } from "ws"
import { Csms } from "../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../src/node/index.ts"
import { Station } from "../src/station/index.ts"
import type { CallFailure } from "../src/OcppError.ts"
import * as Timestamp from "../src/Timestamp.ts"
import * as V16 from "../src/v16/index.ts"
import { requests } from "./contender.ts"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    idle: { type: "string", default: "10000" },
    active: { type: "string", default: "1000" },
    seconds: { type: "string", default: "60" }
  }
})
const [idle, active, seconds] = [Number(values.idle), Number(values.active), Number(values.seconds)]

const pingInterval = Duration.seconds(10)
const pongTimeout = Duration.seconds(5)
const keepAlive = { pingInterval, pongTimeout }

/** What the process of the stations tells once it is over. */
interface Report {
  /** Connections of idle stations that ended. */
  readonly lost: number
  /** The fewest pings that an idle station got. */
  readonly fewestPings: number
  /** The longest that an idle station waited for a ping, in milliseconds. */
  readonly longestGap: number
  readonly calls: number
  readonly failures: number
  /** Milliseconds from call to answer. */
  readonly latency: { readonly median: number; readonly p99: number; readonly longest: number }
}

// ---------------------------------------------------------------------------------------------------------------------
// the CSMS
// ---------------------------------------------------------------------------------------------------------------------

const CsmsLive = Csms.layer({
  // The stations of this benchmark do not boot.
  accept: () => Effect.succeed({ registration: "Accepted" }),
  handlers: [
    V16.csmsHandlersPartial({
      heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),
      meterValues: () => Effect.succeed({})
    })
  ]
})

const serve = Effect.gen(function* () {
  const { port } = yield* WebSocketServer.Server
  const csms = yield* Csms
  let ended = 0
  yield* csms.sessions.pipe(
    Stream.runForEach(({ _tag }) => Effect.sync(() => void (_tag === "Disconnected" && ended++))),
    Effect.forkScoped({ startImmediately: true })
  )
  const child = fork(import.meta.filename, ["stations", String(port), ...process.argv.slice(2)])
  const heard = once(child, "message")
  yield* Effect.promise(() => heard)
  const cpuBefore = process.cpuUsage()
  // Every active station is called every five seconds.
  let commands = 0
  let unanswered = 0
  yield* Effect.forEach(
    Array.from({ length: active }, (_, index) => `active-${index}`),
    (identity) =>
      csms
        .call(identity, V16.ClearCache, {})
        .pipe(
          Effect.match({ onFailure: () => unanswered++, onSuccess: () => commands++ }),
          Effect.schedule(Schedule.spaced("5 seconds"))
        ),
    { concurrency: "unbounded", discard: true }
  ).pipe(Effect.forkScoped)
  const [report] = (yield* Effect.promise(() => once(child, "message"))) as [Report]
  const { system, user } = process.cpuUsage(cpuBefore)
  const connected = (yield* csms.connected).length
  console.log(
    JSON.stringify({
      connected,
      endedAtCsms: ended,
      commands,
      unanswered,
      csmsCpuPercent: Math.round((system + user) / (seconds * 10_000)),
      csmsResidentMiB: Math.round(process.memoryUsage().rss / (1 << 20)),
      stations: report
    })
  )
  child.kill()
  const expected = Math.floor(seconds / Duration.toSeconds(pingInterval)) - 1
  const isHeld = ended === 0 && report.lost === 0 && connected === idle + active
  if (!isHeld || unanswered > 0 || report.failures > 0 || report.fewestPings < expected) {
    return yield* Effect.fail("a connection, a call or a ping was missed")
  }
  console.log(`no ping was missed on ${connected} connections in ${seconds} seconds`)
}).pipe(
  Effect.scoped,
  Effect.provide(WebSocketServer.layer({ port: 0, host: "127.0.0.1", ...keepAlive }).pipe(Layer.provideMerge(CsmsLive)))
)

// ---------------------------------------------------------------------------------------------------------------------
// the stations
// ---------------------------------------------------------------------------------------------------------------------

/** An idle station, and the times at which it was pinged. */
interface Idle {
  pings: number
  last: number
  longestGap: number
  isLost: boolean
}

const connectIdle = async (port: number, index: number): Promise<Idle> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/idle-${index}`, ["ocpp1.6"], { perMessageDeflate: false })
  await once(socket, "open")
  const station: Idle = { pings: 0, last: performance.now(), longestGap: 0, isLost: false }
  socket.on("ping", () => {
    const now = performance.now()
    if (station.pings++ > 0) station.longestGap = Math.max(station.longestGap, now - station.last)
    station.last = now
  })
  socket.on("close", () => {
    station.isLost = true
  })
  return station
}

const connectActive = async (port: number, index: number): Promise<V16.CsmsClient> => {
  const StationLive = Station.layer(V16.protocol, {
    url: `ws://127.0.0.1:${port}`,
    identity: `active-${index}`,
    handlers: V16.stationHandlersPartial({ clearCache: () => Effect.succeed({ status: "Accepted" }) })
  }).pipe(Layer.provide(Client))
  return Context.get(await Effect.runPromise(Layer.buildWithScope(StationLive, Scope.makeUnsafe())), V16.Csms)
}

const Client = WebSocketClient.layer(keepAlive)

const inBatches = async <A>(count: number, connect: (index: number) => Promise<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for (let from = 0; from < count; from += 50) {
    const size = Math.min(50, count - from)
    all.push(...(await Promise.all(Array.from({ length: size }, (_, index) => connect(from + index)))))
  }
  return all
}

const beStations = async (port: number): Promise<void> => {
  const quiet = await inBatches(idle, (index) => connectIdle(port, index))
  const busy = await inBatches(active, (index) => connectActive(port, index))
  process.send?.("ready")
  const took: Array<number> = []
  let failures = 0
  for (const station of quiet) Object.assign(station, { pings: 0, longestGap: 0 })
  // Every active station calls once a second, at a time of its own.
  const calling = Effect.forEach(
    busy,
    (csms, index) =>
      Effect.suspend(() => {
        const start = performance.now()
        const call: Effect.Effect<unknown, CallFailure> =
          index % 2 === 0 ? csms.heartbeat({}) : csms.meterValues(requests.MeterValues)
        return Effect.match(call, {
          onFailure: () => failures++,
          onSuccess: () => took.push(performance.now() - start)
        })
      }).pipe(Effect.schedule(Schedule.spaced("1 second")), Effect.delay(index % 1000)),
    { concurrency: "unbounded", discard: true }
  )
  await Effect.runPromise(Effect.timeoutOption(calling, Duration.seconds(seconds)))
  took.sort((a, b) => a - b)
  const at = (part: number): number => Number((took[Math.floor(took.length * part)] ?? 0).toFixed(2))
  const report: Report = {
    lost: quiet.filter(({ isLost }) => isLost).length,
    fewestPings: Math.min(...quiet.map(({ pings }) => pings)),
    longestGap: Math.round(Math.max(...quiet.map(({ longestGap }) => longestGap))),
    calls: took.length,
    failures,
    latency: { median: at(0.5), p99: at(0.99), longest: at(1 - 1 / took.length) }
  }
  process.send?.(report)
}

if (positionals[0] === "stations") await beStations(Number(positionals[1]))
else await Effect.runPromise(Effect.provide(serve, Logger.layer([])))
