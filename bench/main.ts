/**
 * Measures this library side by side with others and prints Markdown tables: `npm run bench`, see README.md.
 *
 * - `--rounds <n>`: how many rounds, by default 5.
 * - `--quick`: one short round, to see that everything runs.
 */
/* oxlint-disable no-await-in-loop -- one thing is measured at a time */
import { fork } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import * as Os from "node:os"
import { parseArgs } from "node:util"
import { aimsOf, type Cells } from "./aims.ts"
import { measured } from "./contender.ts"
import type { Asks } from "./worker.ts"

const contenders = ["effect-ocpp", "ws-json", "ws-ajv", "ocpp-rpc"] as const
type Name = (typeof contenders)[number]
const [ours, ...others] = contenders

const { values: options } = parseArgs({ options: { rounds: { type: "string" }, quick: { type: "boolean" } } })
const quick = options.quick === true
const rounds = quick ? 1 : Number(options.rounds ?? 5)
if (!(rounds >= 1)) throw new Error("--rounds wants a number")
const connectionCounts = quick ? [1, 10] : [1, 100]
const most = Math.max(...connectionCounts)
const millis = quick ? 50 : 500
const warmUpMillis = quick ? 20 : 700
const crowds = quick ? ([50, 200] as const) : ([1_000, 5_000] as const)
/** These come before the measured ones, for what the first ones load and compile belongs to none. */
const firstCrowd = quick ? 20 : 100

// ---- workers

interface Worker extends AsyncDisposable {
  readonly ask: <K extends keyof Asks>(ask: K, request: Asks[K]["in"]) => Promise<Asks[K]["out"]>
}

const start = (...argv: ReadonlyArray<string>): Worker => {
  const child = fork(new URL("worker.ts", import.meta.url), argv, { execArgv: ["--expose-gc"] })
  const exited = once(child, "exit")
  return {
    ask: async (ask, request) => {
      child.send({ ask, request })
      const died = exited.then(() => Promise.reject(new Error(`the ${argv.join(" ")} died`)))
      const [answer] = await Promise.race([once(child, "message"), died])
      return answer
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect()
      await exited
    }
  }
}

// ---- figures

/** The values of one figure, by row and contender, in the order of the rounds. */
class Figure {
  readonly title: string
  readonly better: "less" | "more"
  private readonly digits: number
  private readonly rows = new Map<string, Record<Name, Array<number>>>()

  constructor(title: string, better: "less" | "more", digits = 0) {
    this.title = title
    this.better = better
    this.digits = digits
  }

  add(row: string, name: Name, value: number): void {
    const values = this.rows.get(row) ?? { "effect-ocpp": [], "ws-json": [], "ws-ajv": [], "ocpp-rpc": [] }
    this.rows.set(row, values)
    values[name].push(value)
  }

  /** The medians of a contender, by row. */
  medians(name: Name): Cells {
    return Array.from(this.rows, ([row, values]) => [row, median(values[name])])
  }

  /** The medians over the rounds of our value divided by another's, by row. */
  ratios(name: Name): Cells {
    return Array.from(this.rows, ([row, values]) => [
      row,
      median(values[ours].map((value, round) => value / values[name][round]!))
    ])
  }

  print(): void {
    const columns = [
      ...contenders.map((name) => ({ head: name as string, cells: this.medians(name), digits: this.digits })),
      ...others.map((name) => ({ head: `ours ÷ ${name}`, cells: this.ratios(name), digits: 2 }))
    ]
    printTable(
      `${this.title} (${this.better} is better)`,
      columns.map(({ head }) => head),
      Array.from(this.rows.keys(), (row, i) => [
        row,
        ...columns.map(({ cells, digits }) => cells[i]![1].toFixed(digits))
      ])
    )
  }
}

const tableRow = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const printTable = (title: string, head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): void => {
  const rule = ["---", ...head.map(() => "--:")]
  console.log([`### ${title}`, "", ...[["", ...head], rule, ...rows].map(tableRow), ""].join("\n"))
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const serverCpu = new Figure("Server: CPU milliseconds per 10,000 calls", "less")
const clientCpu = new Figure("Client: CPU milliseconds per 10,000 calls", "less")
const calls = new Figure("Calls per second", "more")
const resident = new Figure("Server: resident KiB per idle connection", "less", 1)
const heap = new Figure("Server: heap KiB per idle connection", "less", 1)
const connectCpu = new Figure("Server: CPU milliseconds per 1,000 connects", "less")
const connects = new Figure("Connects per second", "more")
const figures = [serverCpu, clientCpu, calls, resident, heap, connectCpu, connects]

// ---- measurements

/** Every round begins with another contender, so that none always follows the same one. */
const inTurn = (round: number): ReadonlyArray<Name> =>
  contenders.map((_, i) => contenders[(i + round) % contenders.length]!)

const countOf = (count: number): string => `${count.toLocaleString("en")} connection${count === 1 ? "" : "s"}`

const measureCalls = async (round: number): Promise<void> => {
  await using stack = new AsyncDisposableStack()
  const pairs = inTurn(round).map((name) => ({
    name,
    server: stack.use(start("server", name)),
    client: stack.use(start("client", name))
  }))
  for (const { client, server } of pairs) {
    await client.ask("connect", { port: await server.ask("port", {}), stations: most })
    for (const kind of measured) await client.ask("run", { kind, connections: most, millis: warmUpMillis })
  }
  for (const connections of connectionCounts) {
    for (const kind of measured) {
      for (const { client, name, server } of pairs) {
        const before = await server.ask("cpu", {})
        const run = await client.ask("run", { kind, connections, millis })
        const after = await server.ask("cpu", {})
        const row = `${kind}, ${countOf(connections)}`
        serverCpu.add(row, name, ((after - before) / run.calls) * 10)
        clientCpu.add(row, name, (run.cpu / run.calls) * 10)
        calls.add(row, name, (run.calls / run.millis) * 1000)
      }
    }
  }
}

const measureCrowds = async (round: number): Promise<void> => {
  for (const name of inTurn(round)) {
    await using server = start("server", name)
    await using crowd = start("crowd")
    const port = await server.ask("port", {})
    await crowd.ask("grow", { port, to: firstCrowd })
    let size = 0
    const readings = [{ size, ...(await server.ask("memory", {})) }]
    for (const count of crowds) {
      const before = await server.ask("cpu", {})
      const grown = await crowd.ask("grow", { port, to: firstCrowd + count })
      const after = await server.ask("cpu", {})
      connectCpu.add(countOf(count), name, (after - before) / (count - size))
      connects.add(countOf(count), name, ((count - size) / grown) * 1000)
      size = count
      readings.push({ size, ...(await server.ask("memory", {})) })
    }
    const [none, some, all] = readings
    const spans = [
      [countOf(crowds[0]), none, some],
      [countOf(crowds[1]), none, all],
      [`of these, those after the first ${crowds[0].toLocaleString("en")}`, some, all]
    ] as const
    for (const [row, from, to] of spans) {
      const per = (to!.size - from!.size) * 1024
      resident.add(row, name, (to!.resident - from!.resident) / per)
      heap.add(row, name, (to!.heap - from!.heap) / per)
    }
  }
}

// ---- the aims

const printAims = (): void => {
  const tables = new Map(
    figures.map((figure) => [
      figure.title,
      {
        better: figure.better,
        ours: figure.medians(ours),
        ratios: new Map(others.map((name) => [name, figure.ratios(name)]))
      }
    ])
  )
  printTable("Aims", ["worst row", "met"], aimsOf(tables))
}

// ---- the run

const version = (name: string): string => {
  const manifest = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")
  return `${name} ${JSON.parse(manifest).version}`
}

for (let round = 0; round < rounds; round++) {
  console.error(`round ${round + 1} of ${rounds}`)
  await measureCalls(round)
  await measureCrowds(round)
}

const cpus = Os.cpus()
console.log(
  `${cpus.length} × ${cpus[0]?.model.trim()}, ${Math.round(Os.totalmem() / 2 ** 30)} GiB, ${Os.type()} ${Os.release()}; ` +
    `node ${process.versions.node}, ${["effect", "ws", "ocpp-rpc", "ajv"].map(version).join(", ")}; ` +
    `medians of ${rounds} round${rounds === 1 ? "" : "s"}.\n`
)
for (const figure of figures) figure.print()
if (!quick) printAims()
