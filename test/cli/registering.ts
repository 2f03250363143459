// A CSMS in a process of its own: `node registering.ts <port> <file of its storage, or nothing>`. The first boot of a
// station is accepted, the second is answered with the first word of its identity, and each boot after a restart is
// accepted again.
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { RegistrationStatus } from "../../src/index.ts"
import { SqliteStorage, WebSocketServer } from "../../src/node/index.ts"
import { VirtualCsms } from "../../src/simulation/index.ts"

const [, , port, filename] = process.argv

const booted = new Set<string>()

const boot = (identity: string) =>
  Effect.sync(() => {
    const isFirst = !booted.has(identity)
    booted.add(identity)
    // The names of the test's stations begin so.
    const status = identity.split(" ")[0] as Exclude<RegistrationStatus, "Unregistered">
    return { status: isFirst ? "Accepted" : status } as const
  })

const storage = filename === undefined || filename === "" ? Layer.empty : SqliteStorage.layer({ filename })

const Live = WebSocketServer.layer({ port: Number(port), host: "127.0.0.1" }).pipe(
  Layer.provideMerge(VirtualCsms.layer({ boot })),
  Layer.provide(storage)
)

const program = Effect.gen(function* () {
  yield* Console.log((yield* WebSocketServer.Server).url)
  return yield* Effect.never
})

Effect.runFork(program.pipe(Effect.provide(Live)))
