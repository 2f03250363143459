/**
 * Measures what the adapters cost a call, both ends together, in one process and without a socket: `node bench/adapter.ts`.
 *
 * - `--rounds <n>`: how many rounds, by default 61.
 * - `--quick`: three rounds, to see that everything runs.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { parseArgs } from "node:util"
import { Adapter } from "../src/adapter/index.ts"
import * as AdapterV16 from "../src/adapter/V16.ts"
import * as AdapterV201 from "../src/adapter/V201.ts"
import { Csms, TransactionIds } from "../src/csms/index.ts"
import * as Domain from "../src/domain/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import { kinds } from "./contender.ts"
import { compare, median, NetworkLive } from "./line.ts"

const { values: options } = parseArgs({ options: { rounds: { type: "string" }, quick: { type: "boolean" } } })
const rounds = options.quick === true ? 3 : Number(options.rounds ?? 61)

// ---- a CSMS of the versions, and a generic one

const currentTime = "2026-11-22T06:00:00.000Z"
const time = DateTime.makeUnsafe(currentTime)

// The stations of this benchmark do not boot.
const accept = () => Effect.succeed({ registration: "Accepted" } as const)

const versioned = Csms.layer({
  accept,
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

/** What the generic one got last. */
let readings: Domain.MeterValuesRequest = { meterValue: [] }

const handlers = Domain.csmsHandlersPartial({
  heartbeat: () => Effect.succeed({ currentTime: time }),
  meterValues: (request) => {
    readings = request
    return Effect.succeed({})
  }
})

const generic = Csms.layer({
  accept,
  handlers: [Adapter.handlers(AdapterV16.adapter, handlers), Adapter.handlers(AdapterV201.adapter, handlers)]
}).pipe(Layer.provide(TransactionIds.layer()))

// ---- stations

const url = "ws://csms.example"

const station16 = AdapterV16.layer.pipe(
  Layer.provideMerge(Station.layer(V16.protocol, { url, identity: "ONE" })),
  Layer.provide(NetworkLive)
)

const station201 = AdapterV201.layer.pipe(
  Layer.provideMerge(Station.layer(V201.protocol, { url, identity: "TWO" })),
  Layer.provide(NetworkLive)
)

const { request: readings16 } = kinds["MeterValues of none"]

const readings201: V201.MeterValuesRequest = {
  evseId: 1,
  meterValue: [
    {
      timestamp: currentTime,
      sampledValue: [
        { value: 1_523_870 },
        { value: 11_040, measurand: "Power.Active.Import", unitOfMeasure: { unit: "W" } },
        { value: 230.1, measurand: "Voltage", phase: "L1", unitOfMeasure: { unit: "V" } },
        { value: 229.8, measurand: "Voltage", phase: "L2", unitOfMeasure: { unit: "V" } },
        { value: 231, measurand: "Voltage", phase: "L3", unitOfMeasure: { unit: "V" } },
        { value: 16, measurand: "Current.Import", phase: "L1", unitOfMeasure: { unit: "A" } },
        { value: 15.9, measurand: "Current.Import", phase: "L2", unitOfMeasure: { unit: "A" } },
        { value: 16.1, measurand: "Current.Import", phase: "L3", unitOfMeasure: { unit: "A" } },
        { value: 50.01, measurand: "Frequency", unitOfMeasure: { unit: "Hz" } },
        { value: 64, measurand: "SoC", location: "EV", unitOfMeasure: { unit: "Percent" } }
      ]
    }
  ]
}

/** A call in three ways: of the version at both ends, with a generic CSMS, generic at both ends. */
interface Row {
  readonly name: string
  readonly calls: number
  readonly ways: ReadonlyArray<Effect.Effect<unknown, unknown>>
}

const rows = Effect.gen(function* () {
  const [own16, at16] = yield* Effect.forEach([versioned, generic], (csms) =>
    Layer.build(Layer.provide(station16, csms))
  )
  const [own201, at201] = yield* Effect.forEach([versioned, generic], (csms) =>
    Layer.build(Layer.provide(station201, csms))
  )
  const of16 = [own16!, at16!].map((context) => Context.get(context, V16.Csms))
  const of201 = [own201!, at201!].map((context) => Context.get(context, V201.Csms))
  const [generic16, generic201] = [Context.get(at16!, Domain.Csms), Context.get(at201!, Domain.Csms)]
  yield* of16[1]!.meterValues(readings16)
  const inDomain16 = readings
  yield* of201[1]!.meterValues(readings201)
  const inDomain201 = readings
  const made: ReadonlyArray<Row> = [
    {
      name: "1.6 Heartbeat",
      calls: 2000,
      ways: [...of16.map((csms) => csms.heartbeat({})), generic16.heartbeat({})]
    },
    {
      name: "1.6 MeterValues, 10 samples",
      calls: 500,
      ways: [...of16.map((csms) => csms.meterValues(readings16)), generic16.meterValues(inDomain16)]
    },
    {
      name: "2.0.1 Heartbeat",
      calls: 2000,
      ways: [...of201.map((csms) => csms.heartbeat({})), generic201.heartbeat({})]
    },
    {
      name: "2.0.1 MeterValues, 10 samples",
      calls: 500,
      ways: [...of201.map((csms) => csms.meterValues(readings201)), generic201.meterValues(inDomain201)]
    }
  ]
  return made
})

const measure = Effect.gen(function* () {
  const lines: Array<string> = []
  for (const { calls, name, ways } of yield* rows) {
    const slices = yield* compare(ways, calls, rounds)
    const [own, ...others] = slices
    const ratios = others.map((micros) => median(micros.map((value, round) => value / own![round]!)))
    const cells = [median(own!), ...others.flatMap((micros, index) => [median(micros), ratios[index]!])]
    lines.push(`| ${[name, ...cells.map((cell) => cell.toFixed(2))].join(" | ")} |`)
  }
  return lines
}).pipe(Effect.scoped, Effect.provide(Logger.layer([])))

const lines = await Effect.runPromise(measure)
console.log(
  [
    "| µs of CPU per call, both ends | of the version | with a generic CSMS | ÷ | generic at both ends | ÷ |",
    "| --- | --: | --: | --: | --: | --: |",
    ...lines
  ].join("\n")
)
