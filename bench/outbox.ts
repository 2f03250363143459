/**
 * Measures what it costs a station to lose nothing: `node --expose-gc bench/outbox.ts`, see README.md.
 *
 * - `--rounds <n>`: how many rounds, by default 31.
 * - `--queue <n>`: how many messages are stored before the first of them is sent, by default 100,000.
 * - `--directory <path>`: where the files are, by default the system's directory for temporary files.
 * - `--quick`: three rounds and a short queue, to see that everything runs.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schedule from "effect/Schedule"
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Csms } from "../src/csms/index.ts"
import { SqliteStorage, WebSocketClient, WebSocketServer } from "../src/node/index.ts"
import { Connector } from "../src/station/Connector.ts"
import { Outbox, Station } from "../src/station/index.ts"
import { Storage } from "../src/Storage.ts"
import type { Transport } from "../src/Transport.ts"
import * as V16 from "../src/v16/index.ts"
import { requests } from "./contender.ts"

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    queue: { type: "string" },
    directory: { type: "string" },
    quick: { type: "boolean" }
  }
})
const quick = options.quick === true
const rounds = quick ? 3 : Number(options.rounds ?? 31)
const queue = quick ? 2_000 : Number(options.queue ?? 100_000)
const slice = quick ? 50 : 300

const time = "2026-11-22T06:00:00.000Z"

// ---------------------------------------------------------------------------------------------------------------------
// the CSMS, in a process of its own
// ---------------------------------------------------------------------------------------------------------------------

const serve = Effect.gen(function* () {
  const { port } = yield* WebSocketServer.Server
  process.send?.(port)
  return yield* Effect.never
}).pipe(
  Effect.provide(
    WebSocketServer.layer({ port: 0, host: "127.0.0.1" }).pipe(
      Layer.provide(
        Csms.layer({
          // The stations of this benchmark do not boot.
          accept: () => Effect.succeed({ registration: "Accepted" }),
          handlers: [
            V16.csmsHandlersPartial({
              startTransaction: () => Effect.succeed({ transactionId: 1, idTagInfo: { status: "Accepted" } }),
              meterValues: () => Effect.succeed({})
            })
          ]
        })
      )
    )
  )
)

// ---------------------------------------------------------------------------------------------------------------------
// the stations
// ---------------------------------------------------------------------------------------------------------------------

/** Its connection, which can be held back, and when it sent last. */
class Wire {
  readonly isUp = Latch.makeUnsafe(true)
  sentAt = 0
  sent = 0
  onSent: (() => void) | undefined = undefined

  readonly layer: Layer.Layer<Connector> = Layer.effect(
    Connector,
    Effect.map(Connector, ({ connect }) =>
      Connector.of({
        connect: (to) =>
          Effect.map(Effect.andThen(this.isUp.await, connect(to)), (connection) =>
            "transport" in connection ? { ...connection, transport: this.tapped(connection.transport) } : connection
          )
      })
    )
  ).pipe(Layer.provide(WebSocketClient.layer()))

  private tapped(transport: Transport): Transport {
    return {
      send: (frame) => {
        this.sentAt = performance.now()
        this.sent++
        this.onSent?.()
        return transport.send(frame)
      },
      close: (code, reason) => transport.close(code, reason),
      listen: (listener) => transport.listen(listener),
      pause: () => transport.pause(),
      resume: () => transport.resume()
    }
  }
}

/** The version as it would be if nothing had to arrive. */
const forgetful: typeof V16.protocol = {
  ...V16.protocol,
  transactions: { ...V16.protocol.transactions, phaseOf: () => undefined }
}

const folder = mkdtempSync(join(options.directory ?? tmpdir(), "effect-ocpp-"))

const inFile = (name: string): Layer.Layer<never, unknown> => SqliteStorage.layer({ filename: join(folder, name) })

const station = Effect.fnUntraced(function* (
  url: string,
  identity: string,
  storage: Layer.Layer<never, unknown>,
  { isUp = true, protocol = V16.protocol }: { readonly isUp?: boolean; readonly protocol?: typeof V16.protocol } = {}
) {
  const wire = new Wire()
  if (!isUp) wire.isUp.closeUnsafe()
  const live = Station.layer(protocol, {
    url,
    identity,
    firstConnection: isUp ? "fail" : "retry",
    reconnect: Schedule.spaced("10 millis"),
    outbox: { limit: 2 * queue }
  }).pipe(Layer.provide([wire.layer, storage]))
  const context = yield* Layer.build(live)
  return {
    wire,
    csms: Context.get(context, V16.Csms),
    transactions: Context.get(context, V16.Transactions),
    outbox: Context.get(context, Outbox)
  }
})

// ---------------------------------------------------------------------------------------------------------------------
// one message after the other
// ---------------------------------------------------------------------------------------------------------------------

/** What became of a slice: milliseconds from the call to the frame, of each; messages per second; microseconds of CPU. */
interface Slice {
  readonly latencies: ReadonlyArray<number>
  readonly perSecond: number
  readonly cpu: number
}

interface Contender {
  readonly name: string
  readonly wire: Wire
  /** Stores, sends, and waits for the answer. */
  readonly message: Effect.Effect<unknown, unknown>
}

const contenders = Effect.fnUntraced(function* (url: string) {
  const plain = yield* station(url, "plain", Layer.empty, { protocol: forgetful })
  const made: Array<Contender> = [
    { name: "a plain call", wire: plain.wire, message: plain.csms.meterValues(requests.MeterValues) }
  ]
  const storages = [
    ["without a storage", Layer.empty],
    ["stored in memory", Storage.layerMemory],
    ["stored in a file", inFile("live.db")]
  ] as const
  for (const [name, storage] of storages) {
    const { transactions, wire } = yield* station(url, name.replaceAll(" ", "-"), storage)
    const { started, update } = yield* transactions.start({
      connectorId: 1,
      idTag: "TAG",
      meterStart: 0,
      timestamp: time
    })
    yield* started
    const { meterValue } = requests.MeterValues
    made.push({ name, wire, message: Effect.flatten(update({ meterValue })) })
  }
  return made
})

const runSlice = Effect.fnUntraced(function* ({ message, wire }: Contender) {
  const latencies: Array<number> = []
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  for (let made = 0; made < slice; made++) {
    const at = performance.now()
    yield* message
    latencies.push(wire.sentAt - at)
  }
  const millis = performance.now() - start
  const { system, user } = process.cpuUsage(cpuBefore)
  const done: Slice = { latencies, perSecond: (slice / millis) * 1000, cpu: (system + user) / slice }
  return done
})

/** In every round each contender gets a slice, every round beginning with another one. */
const measureLive = Effect.fnUntraced(function* (url: string) {
  const made = yield* contenders(url)
  const slices = made.map((): Array<Slice> => [])
  const warmUps = Math.ceil(rounds / 5)
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < made.length; turn++) {
      const index = (turn + round + warmUps) % made.length
      const done = yield* runSlice(made[index]!)
      if (round >= 0) slices[index]!.push(done)
    }
  }
  const [base] = slices
  return made.map(({ name }, index) => {
    const own = slices[index]!
    const sorted = own.flatMap(({ latencies }) => latencies).sort((a, b) => a - b)
    const at = (part: number): string => ((sorted[Math.floor(sorted.length * part)] ?? 0) * 1000).toFixed(0)
    const ratio = (of: (done: Slice) => number): string =>
      median(own.map((done, round) => of(done) / of(base![round]!))).toFixed(2)
    return [
      name,
      at(0.5),
      at(0.99),
      median(own.map(({ perSecond }) => perSecond)).toFixed(0),
      ratio(({ perSecond }) => perSecond),
      median(own.map(({ cpu }) => cpu)).toFixed(0),
      ratio(({ cpu }) => cpu)
    ]
  })
})

// ---------------------------------------------------------------------------------------------------------------------
// a queue
// ---------------------------------------------------------------------------------------------------------------------

interface Memory {
  readonly heap: number
  readonly resident: number
}

const memory = (): Memory => {
  if (globalThis.gc === undefined) throw new Error("memory is measured with --expose-gc")
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed / (1 << 20), resident: rss / (1 << 20) }
}

/** A station that stores the queue, for it has no connection; gives it, and how many it has stored in a second. */
const filled = Effect.fnUntraced(function* (url: string, identity: string, storage: Layer.Layer<never, unknown>) {
  const made = yield* station(url, identity, storage, { isUp: false })
  const { update } = yield* made.transactions.start({ connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: time })
  const start = performance.now()
  for (let count = 0; count < queue; count++) yield* update({ meterValue: requests.MeterValues.meterValue })
  return { made, perSecond: (queue / (performance.now() - start)) * 1000 }
})

/** Stores the queue and delivers it, perhaps after a restart. */
const drain = Effect.fnUntraced(function* (
  url: string,
  name: string,
  storage: Layer.Layer<never, unknown>,
  isRestarted: boolean
) {
  const identity = name.replaceAll(/\W+/g, "-")
  const fill = filled(url, identity, storage)
  const before = memory()
  let storedPerSecond = 0
  let one: Effect.Success<ReturnType<typeof station>>
  if (isRestarted) {
    storedPerSecond = yield* Effect.scoped(Effect.map(fill, ({ perSecond }) => perSecond))
    one = yield* station(url, identity, storage, { isUp: false })
  } else {
    const { made, perSecond } = yield* fill
    storedPerSecond = perSecond
    one = made
  }
  const { outbox, wire } = one
  const full = memory()
  let most = full
  let paused = 0
  wire.onSent = () => {
    if (wire.sent % Math.ceil(queue / 20) !== 0) return
    const from = performance.now()
    const now = memory()
    most = { heap: Math.max(most.heap, now.heap), resident: Math.max(most.resident, now.resident) }
    paused += performance.now() - from
  }
  const opened = performance.now()
  yield* wire.isUp.open
  yield* outbox
    .waiting()
    .pipe(Effect.repeat({ until: (waiting) => waiting === 0, schedule: Schedule.spaced("10 millis") }))
  const sentPerSecond = (queue / (performance.now() - opened - paused)) * 1000
  return [
    name,
    storedPerSecond.toFixed(0),
    sentPerSecond.toFixed(0),
    ...[before, full, most, memory()].map(({ heap, resident }) => `${heap.toFixed(1)} / ${resident.toFixed(0)}`)
  ]
}, Effect.scoped)

// ---------------------------------------------------------------------------------------------------------------------
// the run
// ---------------------------------------------------------------------------------------------------------------------

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const printTable = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): void => {
  const rule = ["---", ...head.slice(1).map(() => "--:")]
  console.log([head, rule, ...rows].map(line).join("\n"), "\n")
}

const program = Effect.fnUntraced(function* (url: string) {
  printTable(
    ["", "append to sent: median", "99 %", "messages per second", "÷ plain", "µs of CPU", "÷ plain"],
    yield* Effect.scoped(measureLive(url))
  )
  printTable(
    [
      `MiB of heap / resident, ${queue.toLocaleString("en")} messages`,
      "stored per second",
      "sent per second",
      "before",
      "stored",
      "most since",
      "after"
    ],
    [
      yield* drain(url, "in memory", Storage.layerMemory, false),
      yield* drain(url, "in a file", inFile("queue.db"), false),
      yield* drain(url, "in a file, after a restart", inFile("restarted.db"), true)
    ]
  )
})

if (positionals[0] === "csms") await Effect.runPromise(Effect.provide(serve, Logger.layer([])))
else {
  const child = fork(import.meta.filename, ["csms"])
  const [port] = await once(child, "message")
  try {
    await Effect.runPromise(Effect.provide(program(`ws://127.0.0.1:${port}`), Logger.layer([])))
    console.log(`the file has ${(statSync(join(folder, "queue.db")).size / (1 << 20)).toFixed(0)} MiB`)
  } finally {
    child.kill()
    rmSync(folder, { recursive: true })
  }
}
