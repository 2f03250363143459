/**
 * One process of a measurement: `worker.ts server <contender>`, `worker.ts client <contender>` or `worker.ts crowd`.
 *
 * A server serves and tells its CPU time and memory; a client makes calls; a crowd holds idle connections.
 */
/* oxlint-disable no-await-in-loop -- one thing is measured at a time */
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"
import { WebSocket } from "ws"
import { type Contender, type Kind, measured, type Station } from "./contender.ts"

/** What a worker can be asked, and what it answers. */
export interface Asks {
  /** Server: the port that it serves on. */
  readonly port: { in: {}; out: number }
  /** Server: microseconds of CPU since the process began. */
  readonly cpu: { in: {}; out: number }
  /** Server: bytes, after a garbage collection. */
  readonly memory: { in: {}; out: { resident: number; heap: number } }
  /** Client: connects stations; makes a call of each kind on each. */
  readonly connect: { in: { port: number; stations: number }; out: void }
  /** Client: calls on so many connections at once, for about so long. Only whole calls count. */
  readonly run: {
    in: { kind: Kind; connections: number; millis: number }
    out: { calls: number; millis: number; cpu: number }
  }
  /** Crowd: brings its idle connections up to a number; answers how long it took. */
  readonly grow: { in: { port: number; to: number }; out: number }
}

const [role = "", name = ""] = process.argv.slice(2)

const cpu = (): number => {
  const { system, user } = process.cpuUsage()
  return system + user
}

const server = async (contender: Contender): Promise<Answers> => {
  const port = await contender.serve()
  return {
    port: async () => port,
    cpu: async () => cpu(),
    memory: async () => {
      // More than once, with pauses, for V8 gives pages back late.
      for (let i = 0; i < 3; i++) {
        globalThis.gc?.()
        await setTimeout(100)
      }
      const { heapUsed, rss } = process.memoryUsage()
      return { resident: rss, heap: heapUsed }
    }
  }
}

const callOnce = async (station: Station): Promise<void> => {
  for (const kind of measured) {
    let first = true
    await station.repeat(kind, () => first && !(first = false))
  }
}

const client = (contender: Contender): Answers => {
  let stations: ReadonlyArray<Station> = []
  return {
    connect: async ({ port, stations: count }) => {
      stations = await Promise.all(Array.from({ length: count }, (_, i) => contender.connect(port, `CP${i}`)))
      await Promise.all(stations.map(callOnce))
    },
    run: async ({ kind, connections, millis }) => {
      let calls = 0
      const cpuBefore = cpu()
      const start = performance.now()
      const goOn = (): boolean => performance.now() - start < millis && ++calls > 0
      await Promise.all(stations.slice(0, connections).map((station) => station.repeat(kind, goOn)))
      return { calls, millis: performance.now() - start, cpu: cpu() - cpuBefore }
    }
  }
}

const crowd = (): Answers => {
  const sockets: Array<WebSocket> = []
  const connect = async (port: number): Promise<void> => {
    const url = `ws://127.0.0.1:${port}/idle-${sockets.length}`
    const socket = new WebSocket(url, ["ocpp1.6"], { perMessageDeflate: false })
    sockets.push(socket)
    await once(socket, "open")
  }
  return {
    grow: async ({ port, to }) => {
      const start = performance.now()
      const connectInTurn = async (): Promise<void> => {
        while (sockets.length < to) await connect(port)
      }
      await Promise.all(Array.from({ length: atOnce }, connectInTurn))
      return performance.now() - start
    }
  }
}

const atOnce = 50

type Answers = { readonly [K in keyof Asks]?: (request: Asks[K]["in"]) => Promise<Asks[K]["out"]> }

const load = async (): Promise<Contender> => (await import(`./contenders/${name}.ts`)).contender

if (import.meta.main) {
  const answers: Answers = role === "crowd" ? crowd() : await (role === "server" ? server : client)(await load())
  process.on("disconnect", () => process.exit())
  process.on("message", async ({ ask, request }: { ask: keyof Asks; request: never }) => {
    process.send?.((await answers[ask]?.(request)) ?? null)
  })
}
