/**
 * A server says if the system does not let it have the connections that it is to take.
 */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"

const program = (options: string): string => `
  import * as Effect from "effect/Effect"
  import * as Layer from "effect/Layer"
  import * as Logger from "effect/Logger"
  import { Csms } from "./src/csms/index.ts"
  import { WebSocketServer } from "./src/node/index.ts"
  import * as V16 from "./src/v16/index.ts"
  const live = WebSocketServer.layer({ port: 0, host: "127.0.0.1", ${options} }).pipe(
    Layer.provide(Csms.layer({ accept: () => Effect.void, handlers: [V16.csmsHandlersPartial({})] })),
    Layer.provide(Logger.layer([Logger.make(({ message }) => console.log(String(message)))]))
  )
  await Effect.runPromise(Effect.scoped(Layer.build(live)))`

/** What a server logs whose process may have 300 files open. */
const logged = (options: string): string =>
  execFileSync(
    "sh",
    ["-c", `ulimit -n 300 && exec "$0" --input-type=module -e "$1"`, process.execPath, program(options)],
    {
      encoding: "utf8"
    }
  )

describe.runIf(existsSync("/proc/self/limits"))("The limit of open files", () => {
  it("is logged if it is low", () => {
    assert.match(logged(""), /open 300 files, which is enough for some 200 stations: raise the limit/)
    assert.match(logged("maxConnections: 201"), /open 300 files/)
  })

  it("is not logged if it is enough for those that may connect", () => {
    assert.match(logged("maxConnections: 200"), /^listening on \S+\n$/)
  })
})
