/**
 * Bytes for a WebSocket client, from a server that is none: each attempt to connect ends as a connection or in a typed
 * error, in time, and nothing is left of it.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { setTimeout } from "node:timers/promises"
import { WebSocketClient } from "../../../src/node/index.ts"
import { Connector } from "../../../src/station/index.ts"
import { rawCsms, switching } from "../../node/support.ts"
import type { Seeded } from "../../support/seeded.ts"
import { callsOf, frame, type Version } from "../frames.ts"
import { must, simplerList, type Target, within } from "../fuzz.ts"
import { frames, head, latin1, simplerStream, sockets, type Stream, stream, until, within10s, write } from "../wire.ts"
import { textOf } from "../../support/engine.ts"

/** What the server answers to attempts that are made at the same time. `$ACCEPT` in it becomes the right key. */
interface Case {
  readonly streams: ReadonlyArray<Stream>
}

export const target = (versions: ReadonlyArray<Version>): Target<Case> => ({
  name: "client",
  generate: (random) => ({
    streams: Array.from({ length: random.integer(1, 8) }, () =>
      stream(random, answer(random) + frames(random, () => text(random, versions), false))
    )
  }),
  simpler: ({ streams }) => within(simplerList(streams, simplerStream), (fewer) => ({ streams: fewer })),
  open: Effect.gen(function* () {
    let tried: Case = { streams: [] }
    const isAnswered = new WeakSet<object>()
    const { url } = yield* rawCsms((socket, data) => {
      const [, index] = /^GET \/C(\d+) /.exec(data.toString("latin1")) ?? []
      const one = tried.streams[Number(index)]
      if (one === undefined || isAnswered.has(socket)) {
        socket.end()
        return
      }
      isAnswered.add(socket)
      const key = /^sec-websocket-accept: (.*)\r$/im.exec(latin1(switching(data)))?.[1] ?? ""
      void write(socket, { ...one, bytes: one.bytes.replaceAll("$ACCEPT", key) })
    })
    const connectors: Array<Connector["Service"]> = []
    for (const compression of [false, true]) {
      const context = yield* Layer.build(WebSocketClient.layer({ compression, maxFrameBytes: 65_536 }))
      connectors.push(Context.get(context, Connector))
    }
    const before = sockets()
    return async (next) => {
      tried = next
      await Promise.all(next.streams.map((_, index) => attempt(connectors[index % 2]!, url, index)))
      await until(
        () => sockets() <= before,
        "no socket is left",
        () => sockets() - before
      )
    }
  })
})

const attempt = async (connector: Connector["Service"], url: string, index: number): Promise<void> => {
  const scope = Scope.makeUnsafe()
  const connecting = connector
    .connect({
      url,
      identity: `C${index}`,
      subprotocols: ["ocpp2.0.1", "ocpp1.6"],
      password: Redacted.make("secret"),
      timeout: Duration.millis(200)
    })
    .pipe(Scope.provide(scope), Effect.exit)
  const exit = await within10s(Effect.runPromise(connecting), "an attempt to connect ends")
  let ends = 0
  if (Exit.isSuccess(exit)) {
    const { subprotocol } = exit.value
    const transport = textOf(exit.value)
    must(["ocpp2.0.1", "ocpp1.6"].includes(subprotocol), "only what was offered is agreed", () => subprotocol)
    const closed = new Promise<void>((resolve) => {
      transport.listen({
        frame: (received) => must(typeof received === "string", "a frame is text"),
        dropped: () => undefined,
        closed: () => {
          ends++
          resolve()
        }
      })
    })
    transport.send("[]")
    await Promise.race([closed, setTimeout(5)])
  } else {
    const failure = Cause.findErrorOption(exit.cause)
    const isTyped = failure._tag === "Some" && !Cause.hasDies(exit.cause) && errors.has(failure.value._tag)
    must(isTyped, "an attempt fails in a typed way", () => Cause.pretty(exit.cause))
  }
  await within10s(Effect.runPromise(Scope.close(scope, Exit.void)), "a connection can be closed")
  await until(() => ends > 0 || Exit.isFailure(exit), "the end of a connection is told")
  must(ends === (Exit.isSuccess(exit) ? 1 : 0), "the end of a connection is told once", () => ends)
}

const errors = new Set<string>(["ConnectRefused", "ConnectUnreachable", "NoCommonProtocol"])

const answer = (random: Seeded): string => {
  const status = random.next() < 0.75 ? "101 Switching Protocols" : random.pick(statuses)
  return head(random, `HTTP/1.1 ${status}`, [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Accept", "$ACCEPT"],
    ["Sec-WebSocket-Protocol", random.pick(["ocpp1.6", "ocpp1.6", "ocpp1.6", "ocpp2.0.1", "ocpp9", ""])],
    ...optional.filter(() => random.next() < 0.15)
  ])
}

const statuses = (
  "200 OK|400 Bad Request|401 Unauthorized|404 Not Found|500|503 Busy|301 Moved|307 x|100 x|103 Early Hints|102 x|" +
  "204 No Content|426 Upgrade Required|999 x|0 x|-1 x|1e2 x||101"
).split("|")

const optional = [
  ["Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover; client_no_context_takeover"],
  ["Content-Length", "5"],
  ["Transfer-Encoding", "chunked"],
  ["Location", "ws://127.0.0.1:1/"],
  ["Set-Cookie", "a=b"]
] as const

const text = (random: Seeded, versions: ReadonlyArray<Version>): string => {
  const version = random.pick(versions)
  return frame(random, version, "csms", { call: "1", answer: "x", asked: random.pick(callsOf(version, "station")) })
}
