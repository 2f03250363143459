/**
 * Pings are answered however many come.
 */
import { assert, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Duplex } from "node:stream"
import type { WebSocket } from "ws"
import { connect, serve, wsCsms, wsStation } from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

/** Sends pings in one write, and waits for the pong to the last of them. */
const flood = (socket: WebSocket, count: number): Effect.Effect<number> =>
  Effect.callback<number>((resume) => {
    let pongs = 0
    socket.on("pong", (data) => {
      pongs++
      if (data.toString() === String(count)) resume(Effect.succeed(pongs))
    })
    socket.on("close", () => resume(Effect.succeed(-1)))
    // `ws` has no public way to write several frames at once.
    const { _socket } = socket as unknown as { readonly _socket: Duplex }
    _socket.cork()
    for (let number = 1; number <= count; number++) socket.ping(String(number))
    _socket.uncork()
  })

it.live("[FIELD-K12] the latest of 500 pings in one write is answered by a server, and no connection ends", () =>
  Effect.gen(function* () {
    const { url } = yield* serve()
    const { closed, socket } = yield* wsStation(`${url}/CP001`)
    const pongs = yield* flood(socket, 500)
    assert.isAtLeast(pongs, 1)
    assert.isAtMost(pongs, 500)
    assert.strictEqual(yield* flood(socket, 1), 1)
    socket.close(1000)
    assert.strictEqual((yield* closed).code, 1000)
  })
)

it.live("[FIELD-K12] the latest of 500 pings in one write is answered by a station, and no connection ends", () =>
  Effect.gen(function* () {
    const { next, url } = yield* wsCsms()
    yield* Effect.forkScoped(connect(url))
    const { socket } = (yield* next).peer
    assert.isAtLeast(yield* flood(socket, 500), 1)
    assert.strictEqual(yield* flood(socket, 1), 1)
  })
)
