import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly pid: number
  /** Waits for the next line on stdout that satisfies a condition. */
  readonly line: (matches: (line: string) => boolean) => Effect.Effect<string>
  /** Waits for the next line on stderr that satisfies a condition. */
  readonly said: (matches: (line: string) => boolean) => Effect.Effect<string>
  readonly stop: (signal: NodeJS.Signals) => Effect.Effect<Outcome>
  readonly ended: Effect.Effect<Outcome>
}

/** Starts a file of the project with the Node.js that runs the tests; it is killed when the scope closes. */
export const start = (file: string, ...args: ReadonlyArray<string>) => startIn(root, {}, file, ...args)

/** The same in a folder and with variables of the environment. */
export const startIn = Effect.fnUntraced(function* (
  cwd: string,
  env: Readonly<Record<string, string>>,
  file: string,
  ...args: ReadonlyArray<string>
) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [resolve(root, file), ...args], { cwd, env: { ...process.env, NO_COLOR: "", ...env } })
    ),
    (running) => Effect.sync(() => running.kill("SIGKILL"))
  )
  const lines: Array<string> = []
  const waiting = new Set<() => void>()
  let stderr = ""
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line)
    for (const wake of waiting) wake()
  })
  const said: Array<string> = []
  child.stderr.on("data", (data) => {
    stderr += String(data)
  })
  createInterface(child.stderr).on("line", (line) => {
    said.push(line)
    for (const wake of waiting) wake()
  })
  const ended = Effect.callback<Outcome>((resume) => {
    const done = (): void => resume(Effect.succeed({ code: child.exitCode, stdout: lines.join("\n"), stderr }))
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once("close", done)
  })
  const next =
    (of: ReadonlyArray<string>) =>
    (matches: (line: string) => boolean): Effect.Effect<string> =>
      Effect.callback((resume) => {
        const look = (): void => {
          const found = of.find(matches)
          if (found === undefined) return
          waiting.delete(look)
          resume(Effect.succeed(found))
        }
        waiting.add(look)
        look()
        return Effect.sync(() => waiting.delete(look))
      })
  const running: Running = {
    pid: child.pid ?? 0,
    line: next(lines),
    said: next(said),
    stop: (signal) =>
      Effect.andThen(
        Effect.sync(() => child.kill(signal)),
        ended
      ),
    ended
  }
  return running
})

/** Runs the `ocpp` command until it starts to work. */
export const ocpp = (...args: ReadonlyArray<string>) => start("src/cli/main.ts", ...args)

/** Runs the `ocpp` command to its end. */
export const run = (...args: ReadonlyArray<string>) => Effect.flatMap(ocpp(...args), ({ ended }) => ended)

interface Ready {
  readonly ws: string
  readonly control: string
  readonly soap?: string
}

const ready = (running: Running) =>
  Effect.map(
    running.line((line) => line.includes('"ready":true')),
    (line): Ready => JSON.parse(line)
  )

/** `ocpp csms`, on free ports unless told otherwise, and what asks its control API. */
export const csms = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const running = yield* ocpp("csms", ...(args.includes("--port") ? [] : ["--port", "0"]), ...args)
  const { control, soap = "", ws } = yield* ready(running)
  const request = (method: string, path: string, body?: unknown) =>
    Effect.promise(async () => {
      const response = await fetch(`${control}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : {
              headers: { "content-type": "application/json" },
              body: typeof body === "string" ? body : JSON.stringify(body)
            })
      })
      const answer: any = await response.json()
      return { status: response.status, body: answer }
    })
  return { running, ws, control, soap, request }
})

/** `ocpp station`, once its CSMS has accepted it. */
export const station = Effect.fnUntraced(function* (url: string, id: string, ...args: ReadonlyArray<string>) {
  const running = yield* ocpp("station", "--url", url, "--id", id, ...args)
  yield* ready(running)
  return running
})

/** Asks until the answer is the one that is waited for. */
export const until = <A>(effect: Effect.Effect<A>, matches: (value: A) => boolean) =>
  Effect.repeat(effect, { schedule: Schedule.spaced("20 millis"), until: matches })

/** The requests of an action in the log of the CSMS. */
export const requestsOf = (log: ReadonlyArray<{ readonly frame: string }>, action: string): ReadonlyArray<any> =>
  log
    .map(({ frame }) => JSON.parse(frame))
    .filter((frame) => frame[2] === action)
    .map((frame) => frame[3])

/** `ocpp gateway` before a CSMS, on a free port unless told otherwise. */
export const gateway = Effect.fnUntraced(function* (upstream: string, version: string, ...args: ReadonlyArray<string>) {
  const running = yield* ocpp(
    "gateway",
    ...(args.includes("--port") ? [] : ["--port", "0"]),
    "--upstream",
    upstream,
    "--upstream-version",
    version,
    ...args
  )
  const { soap = "", ws } = yield* ready(running)
  return { running, ws, soap }
})
