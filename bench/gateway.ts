/**
 * Measures what a gateway costs a call, with the station and the CSMS at its ends, in one process and without a socket:
 * `node bench/gateway.ts`.
 *
 * - `--rounds <n>`: how many rounds, by default 31.
 * - `--quick`: three rounds, to see that everything runs.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { parseArgs } from "node:util"
import { adapter as v16 } from "../src/adapter/V16.ts"
import { adapter as v201 } from "../src/adapter/V201.ts"
import { Csms } from "../src/csms/index.ts"
import { Gateway } from "../src/gateway/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import { kinds } from "./contender.ts"
import { NetworkLive, slice } from "./line.ts"

const { values: options } = parseArgs({ options: { rounds: { type: "string" }, quick: { type: "boolean" } } })
const rounds = options.quick === true ? 3 : Number(options.rounds ?? 31)

const currentTime = "2026-11-22T06:00:00.000Z"

const csms = Csms.layer({
  // The stations of this benchmark do not boot.
  accept: () => Effect.succeed({ registration: "Accepted" } as const),
  handlers: [
    V16.csmsHandlersPartial({
      heartbeat: () => Effect.succeed({ currentTime }),
      meterValues: () => Effect.succeed({})
    }),
    V201.csmsHandlersPartial({
      heartbeat: () => Effect.succeed({ currentTime }),
      meterValues: () => Effect.succeed({})
    })
  ]
})

const url = "ws://csms.example"

/** A station of 1.6 at that CSMS, or at a gateway before it to a version. */
const stationAt = (upstream: typeof v16 | typeof v201 | undefined) => {
  const far = Layer.provide(Layer.fresh(NetworkLive), csms)
  const near =
    upstream === undefined
      ? far
      : Layer.fresh(NetworkLive).pipe(
          Layer.provide(Gateway.layer({ url, upstream, versions: [v16] })),
          Layer.provide(far)
        )
  return Layer.build(Layer.provide(Station.layer(V16.protocol, { url, identity: "ONE" }), near)).pipe(
    Effect.map((context) => Context.get(context, V16.Csms))
  )
}

const { connectorId, meterValue } = kinds["MeterValues of none"].request

/** Without what 2.0.1 has no word for, for which the gateway would ask the adapter twice. */
const readings: V16.MeterValuesRequest = {
  connectorId,
  meterValue: meterValue.map(({ sampledValue, timestamp }) => ({
    timestamp,
    sampledValue: sampledValue.map((sample) =>
      sample.measurand === "Temperature" ? { value: sample.value, measurand: "Frequency" } : sample
    )
  }))
}

const rows = Effect.gen(function* () {
  const stations = yield* Effect.forEach([undefined, v16, v201], stationAt)
  return [
    { name: "Heartbeat", calls: 1000, ways: stations.map((station) => station.heartbeat({})) },
    { name: "MeterValues, 10 samples", calls: 250, ways: stations.map((station) => station.meterValues(readings)) }
  ]
})

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** In every round each way gets a slice of each call, every round beginning with another one. */
const measure = Effect.gen(function* () {
  const lines: Array<string> = []
  for (const { calls, name, ways } of yield* rows) {
    const slices = ways.map((): Array<number> => [])
    const warmUps = Math.ceil(rounds / 5)
    for (let round = -warmUps; round < rounds; round++) {
      for (let turn = 0; turn < ways.length; turn++) {
        const index = (turn + round + warmUps) % ways.length
        const micros = yield* slice(ways[index]!, calls)
        if (round >= 0) slices[index]!.push(micros)
      }
    }
    lines.push(`| ${[name, ...slices.map((micros) => median(micros).toFixed(2))].join(" | ")} |`)
  }
  return lines
}).pipe(Effect.scoped, Effect.provide(Logger.layer([])))

const lines = await Effect.runPromise(measure)
console.log(
  [
    "| µs of CPU per call of 1.6, all sides | without a gateway | relayed to 1.6 | translated to 2.0.1 |",
    "| --- | --: | --: | --: |",
    ...lines
  ].join("\n")
)
