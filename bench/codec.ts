/**
 * Measures what it costs to read a frame into a validated message and to write one, beside `JSON.parse` with `ajv` and
 * the official schema, and beside `JSON.parse` alone: `node bench/codec.ts`.
 *
 * Everything is measured twice, each time in a process of its own: with and without Effect's JIT for schemas.
 *
 * - `--rounds <n>`: how many rounds, by default 101.
 * - `--quick`: three rounds, to see that everything runs.
 */
import { Ajv } from "ajv"
import ajvFormats from "ajv-formats"
import * as Result from "effect/Result"
import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import * as Frame from "../src/json/Frame.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as Validation from "../src/Validation.ts"

const { values: options } = parseArgs({
  options: { rounds: { type: "string" }, quick: { type: "boolean" }, jit: { type: "string" } }
})
const rounds = options.quick === true ? 3 : Number(options.rounds ?? 101)
const sliceMillis = 3

// ---- messages

const time = "2026-11-22T06:00:00.000Z"
const at = (second: number): string => new Date(Date.parse(time) + second * 1000).toISOString()
const extra = { extra: 1 }

interface Case {
  readonly name: string
  readonly action: typeof V16.MeterValues | typeof V201.TransactionEvent | typeof V201.NotifyReport
  readonly messageTypes: ReadonlySet<number>
  readonly official: readonly [file: string, id: string]
  /** The message; of its last part `last` is made. */
  readonly message: (last: object) => object
  /** What is wrong in the last part where one is at fault. */
  readonly fault: object
}

const sampledValues = (count: number, last: object): ReadonlyArray<object> =>
  Array.from({ length: count }, (_, index) => ({
    value: (1234.5 + index).toFixed(1),
    context: "Sample.Periodic",
    format: "Raw",
    measurand: "Energy.Active.Import.Register",
    location: "Outlet",
    unit: "Wh",
    ...(index === count - 1 ? last : {})
  }))

const measurands = ["Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage"]

const sampledNumbers = (last: object): ReadonlyArray<object> =>
  Array.from(measurands, (measurand, index) => ({
    value: 230.1 * (index + 1),
    context: "Sample.Periodic",
    measurand,
    phase: "L1",
    location: "Outlet",
    unitOfMeasure: { unit: "W", multiplier: 0 },
    ...(index === measurands.length - 1 ? last : {})
  }))

const reports = (count: number, last: object): ReadonlyArray<object> =>
  Array.from({ length: count }, (_, index) => ({
    component: { name: "Connector", instance: `c${index}`, evse: { id: 1, connectorId: index } },
    variable: { name: "AvailabilityState" },
    variableAttribute: [
      { type: "Actual", value: "Available", mutability: "ReadOnly", persistent: false, constant: false },
      { type: "Target", value: `${index}`, mutability: "ReadWrite", ...(index === count - 1 ? last : {}) }
    ],
    variableCharacteristics: {
      dataType: "OptionList",
      valuesList: "Available,Occupied,Reserved,Unavailable,Faulted",
      supportsMonitoring: true
    }
  }))

const cases: ReadonlyArray<Case> = [
  {
    name: "1.6 MeterValues, 10 samples",
    action: V16.MeterValues,
    messageTypes: V16.protocol.json.framing.messageTypes,
    official: ["ocpp1_6", "urn:MeterValues.req"],
    message: (last) => ({
      connectorId: 1,
      transactionId: 42,
      meterValue: [{ timestamp: at(1), sampledValue: sampledValues(10, last) }]
    }),
    fault: { measurand: "Energy.Active.Import" }
  },
  {
    name: "2.0.1 TransactionEvent",
    action: V201.TransactionEvent,
    messageTypes: V201.protocol.json.framing.messageTypes,
    official: ["ocpp2_0_1", "urn:TransactionEvent.req"],
    message: (last) => ({
      eventType: "Updated",
      timestamp: at(2),
      triggerReason: "MeterValuePeriodic",
      seqNo: 17,
      offline: false,
      numberOfPhasesUsed: 3,
      transactionInfo: {
        transactionId: "b9a55e2a-9c1c-4d0c-a9c6-5f1d1f3d9b57",
        chargingState: "Charging",
        timeSpentCharging: 1800
      },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: "04E91C5A123456", type: "ISO14443" },
      meterValue: [{ timestamp: at(2), sampledValue: sampledNumbers(last) }]
    }),
    fault: { unitOfMeasure: { unit: "W", multiplier: 0.5 } }
  },
  {
    name: "2.0.1 NotifyReport, 50 entries",
    action: V201.NotifyReport,
    messageTypes: V201.protocol.json.framing.messageTypes,
    official: ["ocpp2_0_1", "urn:NotifyReport.req"],
    message: (last) => ({ requestId: 7, generatedAt: at(3), seqNo: 0, tbc: false, reportData: reports(50, last) }),
    fault: { mutability: "ReadAndWrite" }
  }
]

// ---- contenders

type Run = () => unknown

/** Our way, ajv's and bare JSON's to do the same; what they give back must not be thrown away. */
interface Work {
  readonly row: string
  readonly ours: Run
  readonly ajv: Run
  readonly json: Run
}

const require = createRequire(import.meta.url)

const compile = ([file, id]: Case["official"]): ((value: unknown) => boolean) => {
  const documents: ReadonlyArray<{ readonly $id: string }> = require(`ocpp-rpc/lib/schemas/${file}.json`)
  const ajv = new Ajv({ strict: false })
  ajvFormats.default(ajv)
  // ajv does not take the id for a URN.
  return ajv.compile({ ...documents.find(({ $id }) => $id === id), $id: "urn:ocpp:message" })
}

const check = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(what)
}

const worksOf = ({ action, fault, message, messageTypes, name, official }: Case): ReadonlyArray<Work> => {
  const validate = compile(official)
  const accepts = Validation.is(action.request)
  const decode = Validation.decode(action.request)
  const id = "3f2a1c0e-5b7d-4a8e-9f10-1234567890ab"

  const reading = (row: string, payload: object, valid: boolean): Work => {
    const text = JSON.stringify([2, id, action.name, payload])
    const ours = () => {
      const frame = Frame.parse(text, { messageTypes })
      return frame._tag === "Call" ? decode(frame.payload) : frame
    }
    const ajv = () => {
      const [, messageId, , received] = JSON.parse(text)
      return validate(received) ? messageId : undefined
    }
    const read = ours()
    check("_tag" in read && read._tag === (valid ? "Success" : "Failure"), `${name}, ${row}: our verdict`)
    check((ajv() !== undefined) === valid, `${name}, ${row}: ajv's verdict`)
    return { row: `${name}: ${row}`, ours, ajv, json: () => JSON.parse(text) }
  }

  const payload = message({})
  const writing: Work = {
    row: `${name}: write`,
    ours: () => (accepts(payload) ? Result.getOrThrow(Frame.call(id, action.name, payload)) : ""),
    ajv: () => (validate(payload) ? JSON.stringify([2, id, action.name, payload]) : ""),
    json: () => JSON.stringify([2, id, action.name, payload])
  }
  check(writing.ours() === writing.json() && writing.ajv() === writing.json(), `${name}: written alike`)

  return [
    reading("read", payload, true),
    writing,
    reading("read, an excess property in the last part", message(extra), false),
    reading("read, a fault in the last part", message(fault), false)
  ]
}

// ---- measurement

const contenders = ["ours", "ajv", "json"] as const
type Name = (typeof contenders)[number]

let kept: unknown

/** Microseconds of one run, over a slice of time. */
const slice = (run: Run): number => {
  const start = performance.now()
  let runs = 0
  let elapsed = 0
  while (elapsed < sliceMillis) {
    for (let i = 0; i < 8; i++) kept = run()
    runs += 8
    elapsed = performance.now() - start
  }
  return (elapsed / runs) * 1000
}

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const ratio = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  median(a.map((value, round) => value / b[round]!))

interface Row {
  readonly row: string
  readonly micros: Record<Name, number>
  readonly toAjv: number
  readonly toJson: number
}

/** In every round each contender gets a slice of each row, every round beginning with another one. */
const measure = (): ReadonlyArray<Row> => {
  const works = cases.flatMap(worksOf)
  const micros = works.map((): Record<Name, Array<number>> => ({ ours: [], ajv: [], json: [] }))
  const warmUps = Math.ceil(rounds / 5)
  for (let round = -warmUps; round < rounds; round++) {
    for (const [index, work] of works.entries()) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const name = contenders[(turn + round + warmUps) % contenders.length]!
        const value = slice(work[name])
        if (round >= 0) micros[index]![name].push(value)
      }
    }
  }
  check(kept !== undefined, "nothing was done")
  return works.map(({ row }, index) => {
    const { ajv, json, ours } = micros[index]!
    return {
      row,
      micros: { ours: median(ours), ajv: median(ajv), json: median(json) },
      toAjv: ratio(ours, ajv),
      toJson: ratio(ours, json)
    }
  })
}

// ---- report

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const print = (title: string, rows: ReadonlyArray<Row>): void => {
  const head = ["µs", "ours", "JSON + ajv", "JSON", "ours ÷ (JSON + ajv)", "ours ÷ JSON"]
  const body = rows.map(({ micros, row, toAjv, toJson }) =>
    line([row, ...contenders.map((name) => micros[name].toFixed(1)), toAjv.toFixed(2), toJson.toFixed(2)])
  )
  console.log(
    [`### ${title}`, "", line(head), line(["---", ...head.slice(1).map(() => "--:")]), ...body, ""].join("\n")
  )
}

if (options.jit === undefined) {
  for (const jit of ["on", "off"]) {
    const argv = [fileURLToPath(import.meta.url), "--jit", jit, "--rounds", String(rounds)]
    const { status } = spawnSync(process.execPath, argv, { stdio: "inherit" })
    if (status !== 0) process.exit(1)
  }
} else {
  if (options.jit === "on") await import("effect/schema/SchemaJITCompiler/enable")
  print(`Codec, JIT for schemas ${options.jit}`, measure())
}
