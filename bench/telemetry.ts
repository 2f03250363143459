/**
 * Measures what metrics, spans and the wire log cost a call, both ends together, in one process and without a socket:
 * `node bench/telemetry.ts`.
 *
 * - `--rounds <n>`: how many rounds, by default 61.
 * - `--quick`: three rounds, to see that everything runs.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { parseArgs } from "node:util"
import { Csms } from "../src/csms/Csms.ts"
import { Enabled } from "../src/engine/Telemetry.ts"
import { WireLog } from "../src/json/WireLog.ts"
import { Station } from "../src/station/Station.ts"
import * as V16 from "../src/v16/index.ts"
import { requests } from "./contender.ts"
import { NetworkLive, slice } from "./line.ts"

const { values: options } = parseArgs({ options: { rounds: { type: "string" }, quick: { type: "boolean" } } })
const rounds = options.quick === true ? 3 : Number(options.rounds ?? 61)

// ---- what is measured

const droppingTracer = Tracer.make({ span: (span) => new Tracer.NativeSpan(span) })
let frames = 0

const watching = (metrics: boolean, spans: boolean) => Context.make(Enabled, { metrics, spans })

const configurations: ReadonlyArray<readonly [name: string, context: Context.Context<never>]> = [
  ["everything off", watching(false, false)],
  ["the default: spans on, without a tracer", watching(false, true)],
  ["metrics on", watching(true, false)],
  ["both on, without a tracer", watching(true, true)],
  ["both on, with a tracer that drops its spans", Context.add(watching(true, true), Tracer.Tracer, droppingTracer)],
  ["a wire log, and everything else off", Context.add(watching(false, false), WireLog, () => void frames++)]
]

const ConnectedLive = Station.layer(V16.protocol, { url: "ws://csms.example", identity: "CP001" }).pipe(
  Layer.provide(NetworkLive),
  Layer.provide(
    Csms.layer({
      // The stations of this benchmark do not boot.
      accept: () => Effect.succeed({ registration: "Accepted" }),
      handlers: [
        V16.csmsHandlersPartial({
          heartbeat: () => Effect.succeed({ currentTime: "2026-11-22T06:00:00.000Z" }),
          meterValues: () => Effect.succeed({})
        })
      ]
    })
  )
)

const messages = [
  { name: "Heartbeat", calls: 2000, call: (csms: V16.CsmsClient) => csms.heartbeat({}) },
  {
    name: "MeterValues, 10 samples",
    calls: 500,
    call: (csms: V16.CsmsClient) => csms.meterValues(requests.MeterValues)
  }
]

/** In every round each configuration gets a slice of each message, every round beginning with another one. */
const measure = Effect.gen(function* () {
  const works = yield* Effect.forEach(configurations, ([, configuration]) =>
    Effect.map(
      Layer.build(ConnectedLive).pipe(
        Effect.provideContext(configuration),
        Effect.provideService(Metric.MetricRegistry, new Map())
      ),
      (context) => ({ configuration, csms: Context.get(context, V16.Csms) })
    )
  )
  const micros = works.map(() => messages.map((): Array<number> => []))
  const warmUps = Math.ceil(rounds / 5)
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < works.length; turn++) {
      const index = (turn + round + warmUps) % works.length
      const { configuration, csms } = works[index]!
      for (const [kind, { call, calls }] of messages.entries()) {
        const value = yield* slice(call(csms), calls).pipe(Effect.provideContext(configuration))
        if (round >= 0) micros[index]![kind]!.push(value)
      }
    }
  }
  return micros
})

// ---- report

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const ratio = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  median(a.map((value, round) => value / b[round]!))

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const micros = await Effect.runPromise(Effect.scoped(measure))
if (frames === 0) throw new Error("the wire log saw nothing")
const head = ["µs of CPU per call, both ends", ...messages.flatMap(({ name }) => [name, "÷ off"])]
const body = configurations.map(([name], index) =>
  line([
    name,
    ...messages.flatMap((_, kind) => {
      const [values, off] = [micros[index]![kind]!, micros[0]![kind]!]
      return [median(values).toFixed(2), ratio(values, off).toFixed(2)]
    })
  ])
)
console.log([line(head), line(["---", ...head.slice(1).map(() => "--:")]), ...body].join("\n"))
process.exit(0)
