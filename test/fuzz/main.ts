/**
 * Tries random input on everything that reads what others send: `npm run fuzz`.
 *
 * - `--seconds <n>`, `--minutes <n>`: how long, by default a minute.
 * - `--seed <s>`: determines all cases, by default a random one, which is printed.
 * - `--target <t>`: only this target.
 * - `--replay <token>`: only the case of this token, which a failure prints.
 *
 * The targets run in a worker, so that one that hangs or uses up the memory is noticed too.
 */
/* oxlint-disable no-await-in-loop -- one case is tried at a time */
import { randomInt } from "node:crypto"
import { setImmediate } from "node:timers/promises"
import { parseArgs } from "node:util"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import { type Failure, type Fuzzing, readToken, tokenOf } from "./fuzz.ts"
import { all } from "./targets/index.ts"

interface Work {
  readonly seed: string
  readonly names: ReadonlyArray<string>
  readonly millis: number
  /** The number of the only case to try. */
  readonly index: number | undefined
  /** Which target runs, which of its cases, and a count that goes up with each attempt. */
  readonly now: Int32Array
}

type News =
  | { readonly of: "line"; readonly line: string }
  | { readonly of: "failure"; readonly failure: Failure }
  | { readonly of: "done" }

/** No case takes so long, however busy the machine is. */
const longestCase = 30_000

/** More than this, in MiB, is not left in memory from the middle of a run to its end. */
const mostGrowth = 64

const main = (): void => {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
      target: { type: "string" },
      replay: { type: "string" }
    }
  })
  const replay = values.replay === undefined ? undefined : readToken(values.replay)
  const seed = replay?.seed ?? values.seed ?? randomInt(2 ** 32).toString(36)
  const seconds = Number(values.seconds ?? Number(values.minutes ?? 1) * 60)
  if (!(seconds > 0)) throw new Error("--seconds and --minutes want a number")
  const only = replay?.target ?? values.target
  const names = all(seed)
    .map(({ name }) => name)
    .filter((name) => only === undefined || name === only)
  if (names.length === 0) throw new Error(`there is no target ${only}`)

  const now = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT))
  const work: Work = { seed, names, millis: seconds * 1000, index: replay?.index, now }
  const worker = new Worker(new URL(import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: 1024 }
  })

  /** For what ends the worker itself: the case under way, as it is. */
  const failNow = (what: string, says: string): void => {
    const name = names[now[0]!]!
    const index = now[1]!
    const shrunk = all(seed)
      .find((fuzzing) => fuzzing.name === name)
      ?.caseOf(index)
    fail({ token: tokenOf(name, seed, index), what, says, shrunk })
  }
  let last = { beat: 0, at: performance.now() }
  setInterval(() => {
    const beat = now[2]!
    if (beat !== last.beat) last = { beat, at: performance.now() }
    else if (performance.now() - last.at > longestCase) failNow("a case does not end", `after ${longestCase} ms`)
  }, 1000).unref()
  worker.on("error", (error) => failNow("the process would have died", String(error)))
  worker.on("message", (news: News) => {
    if (news.of === "line") console.log(news.line)
    else if (news.of === "failure") fail(news.failure)
    else process.exit(0)
  })
  worker.on("exit", () => failNow("the process would have ended", ""))
}

const fail = ({ says, shrunk, token, what }: Failure): void => {
  console.log(`
fuzz: ${readToken(token).target} failed: ${what}
${cut(says)}
smallest case: ${cut(JSON.stringify(shrunk))}
again: npm run fuzz -- --replay ${JSON.stringify(token)}`)
  process.exit(1)
}

const cut = (text: string): string => (text.length > 3000 ? `${text.slice(0, 3000)}…` : text)

const tell = (news: News): void => parentPort?.postMessage(news, [])

const work = async ({ index, millis, names, now, seed }: Work): Promise<void> => {
  const fuzzings = all(seed, (number) => {
    now[1] = number
    now[2] = now[2]! + 1
  }).filter(({ name }) => names.includes(name))
  tell({ of: "line", line: `fuzz: seed ${seed}, ${names.join(", ")}` })

  const tries = new Map(fuzzings.map((fuzzing) => [fuzzing, { cases: 0, millis: 0 }]))
  const start = performance.now()
  const rounds = index === undefined ? Math.ceil(millis / fuzzings.length / 2000) : 1
  const turn = millis / fuzzings.length / rounds
  /** Tries cases of a target for a while; whether all went well. */
  const takeTurn = async (fuzzing: Fuzzing): Promise<boolean> => {
    const tried = tries.get(fuzzing)!
    const began = performance.now()
    now[0] = names.indexOf(fuzzing.name)
    let rested = began
    while (performance.now() - began < turn) {
      const failure = await fuzzing.run(index ?? tried.cases)
      tried.cases++
      if (failure !== undefined) {
        tell({ of: "failure", failure })
        return false
      }
      if (index !== undefined) break
      // What was thrown meanwhile shows only now.
      if (performance.now() - rested > 20) {
        await setImmediate()
        rested = performance.now()
      }
    }
    tried.millis += performance.now() - began
    return true
  }
  let memory: number | undefined
  for (let round = 0; round < rounds; round++) {
    for (const fuzzing of fuzzings) if (!(await takeTurn(fuzzing))) return
    if (round === Math.floor(rounds / 2)) memory = used()
  }
  const growth = memory === undefined ? 0 : used() - memory
  for (const fuzzing of fuzzings) await fuzzing.close()

  for (const [{ name }, { cases, millis: took }] of tries) {
    const rate = Math.round((cases / took) * 1000)
    tell({ of: "line", line: `${name.padEnd(10)} ${String(cases).padStart(9)} cases ${String(rate).padStart(6)}/s` })
  }
  if (rounds >= 3 && growth > mostGrowth) throw new Error(`memory grew by ${Math.round(growth)} MiB`)
  const cases = [...tries.values()].reduce((sum, tried) => sum + tried.cases, 0)
  const seconds = Math.round((performance.now() - start) / 1000)
  tell({ of: "line", line: `fuzz: ${cases} cases in ${seconds} s, no failure, memory ${growth.toFixed(0)} MiB more` })
  tell({ of: "done" })
}

/** The memory in use, in MiB. */
const used = (): number => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  return process.memoryUsage().heapUsed / 2 ** 20
}

if (isMainThread) main()
// What the main thread gave.
else await work(workerData as Work)
