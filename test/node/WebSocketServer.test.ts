/**
 * The WebSocket server, asked by stations made of `ws` and of bare bytes.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { WebSocketServer } from "../../src/node/index.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as V16 from "../../src/v16/index.ts"
import {
  call,
  closeOf,
  csms as csmsLayer,
  frame,
  get,
  httpServer,
  idOf,
  opcode,
  portOf,
  rawStation,
  recording,
  refused,
  serve,
  silent,
  subscribe,
  wsStation
} from "./support.ts"
import { time } from "../support/messages.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("1 second")

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

/** A frame of so many bytes that is no frame of OCPP-J. */
const sized = (bytes: number) => JSON.stringify(["x".repeat(bytes - 4)])

describe("frames", () => {
  it.live("two frames in one piece with the handshake are both handled, in order", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const early = Buffer.concat([
        call("1", "DataTransfer", { vendorId: "v", data: "a" }),
        call("2", "DataTransfer", { vendorId: "v", data: "b" })
      ])
      const station = yield* rawStation(port, { early })
      assert.deepStrictEqual(yield* station.receive, [3, "1", { status: "Accepted", data: "a" }])
      assert.deepStrictEqual(yield* station.receive, [3, "2", { status: "Accepted", data: "b" }])
    })
  )

  it.live("frames that come while the handshake is being decided are handled after it", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const decided = yield* Deferred.make<void>()
      const { port } = yield* serve({
        accept: () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(decided))
      })
      const station = yield* rawStation(port, { early: call("1", "Heartbeat", {}) })
      yield* Deferred.await(asked)
      yield* station.send(call("2", "Heartbeat", {}))
      yield* Deferred.succeed(decided, undefined)
      assert.deepStrictEqual(yield* station.receive, [3, "1", { currentTime: time }])
      assert.deepStrictEqual(yield* station.receive, [3, "2", { currentTime: time }])
    })
  )

  it.live("a text in fragments, cut within a character and with a ping between them, is one frame", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port)
      const text = Buffer.from(JSON.stringify([2, "1", "DataTransfer", { vendorId: "v", data: "Straße" }]))
      const cut = text.indexOf("ß") + 1
      yield* station.send(frame("text", text.subarray(0, cut), { fin: false }))
      yield* station.send(frame("ping", "?"))
      yield* station.send(frame("continuation", text.subarray(cut)))
      const pong = yield* station.frame
      assert.deepStrictEqual([pong.opcode, pong.payload.toString()], [opcode.pong, "?"])
      assert.deepStrictEqual(yield* station.receive, [3, "1", { status: "Accepted", data: "Straße" }])
    })
  )

  it.live("a binary frame is dropped and reported; the connection and a pending call live on", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const deviations = yield* subscribe(csms.deviations)
      const station = yield* wsStation(`${url}/CP001`)
      const pending = yield* Effect.forkChild(csms.call("CP001", V16.Reset, { type: "Soft" }), {
        startImmediately: true
      })
      const messageId = idOf(yield* station.receive)
      // A binary frame is no answer, even if it holds one.
      station.socket.send(Buffer.from(JSON.stringify([3, messageId, { status: "Rejected" }])), { binary: true })
      const { deviation, identity } = yield* Queue.take(deviations)
      assert.deepStrictEqual([identity, deviation.kind, deviation.violations], ["CP001", "BinaryFrame", []])
      yield* station.send([3, messageId, { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(pending), { status: "Accepted" })
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
      assert.strictEqual(yield* Queue.size(deviations), 0)
    })
  )

  it.live("[FIELD-K5] a binary frame is read as text where that is tolerated", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve({ accept: () => Effect.succeed({ tolerance: Tolerance.lenient }) })
      const deviations = yield* subscribe(csms.deviations)
      const station = yield* wsStation(`${url}/CP001`)
      const pending = yield* Effect.forkChild(csms.call("CP001", V16.Reset, { type: "Soft" }), {
        startImmediately: true
      })
      const messageId = idOf(yield* station.receive)
      station.socket.send(Buffer.from(JSON.stringify([3, messageId, { status: "Rejected" }])), { binary: true })
      assert.deepStrictEqual(yield* Fiber.join(pending), { status: "Rejected" })
      assert.strictEqual((yield* Queue.take(deviations)).deviation.kind, "BinaryForText")
      station.socket.send(Buffer.from(`\ufeff[2,17,"Heartbeat",{}]\u0000`), { binary: true })
      assert.deepStrictEqual(yield* station.receive, [3, 17, { currentTime: time }])
      const told = yield* Queue.takeN(deviations, 4)
      assert.sameMembers(
        told.map(({ deviation }) => deviation.kind),
        ["BinaryForText", "ByteOrderMark", "TrailingText", "NumericMessageId"]
      )
      station.socket.send(Buffer.of(0x5b, 0xff, 0x5d), { binary: true })
      assert.strictEqual((yield* Queue.take(deviations)).deviation.kind, "BinaryFrame")
    })
  )

  it.live("a frame over the limit closes with 1009 and is reported; other stations go on", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve({ server: { maxFrameBytes: 200 } })
      const deviations = yield* subscribe(csms.deviations)
      const large = yield* wsStation(`${url}/LARGE`)
      const other = yield* wsStation(`${url}/OTHER`)
      large.socket.send(sized(200))
      assert.strictEqual((yield* Queue.take(deviations)).deviation.kind, "MalformedFrame")
      large.socket.send(sized(201))
      const { deviation, identity } = yield* Queue.take(deviations)
      assert.deepStrictEqual([identity, deviation.kind], ["LARGE", "OversizedFrame"])
      assert.strictEqual((yield* large.closed).code, 1009)
      yield* other.send(heartbeat)
      assert.deepStrictEqual(yield* other.receive, heartbeatAnswer)
      assert.deepStrictEqual(
        (yield* csms.connected).map((session) => session.identity),
        ["OTHER"]
      )
    })
  )

  it.live("by default a frame may have 1 MiB and no more", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const deviations = yield* subscribe(csms.deviations)
      const station = yield* wsStation(`${url}/CP001`)
      station.socket.send("x".repeat(1 << 20))
      assert.strictEqual((yield* Queue.take(deviations)).deviation.kind, "MalformedFrame")
      station.socket.send("x".repeat((1 << 20) + 1))
      assert.strictEqual((yield* Queue.take(deviations)).deviation.kind, "OversizedFrame")
      assert.strictEqual((yield* station.closed).code, 1009)
    })
  )

  it.live("[RPC-01] a text that is not UTF-8 closes with 1007; other stations go on", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve()
      const sessions = yield* subscribe(csms.sessions)
      const other = yield* wsStation(`${url}/OTHER`)
      const station = yield* rawStation(port)
      yield* station.send(frame("text", Buffer.concat([Buffer.from('["'), Buffer.of(0xff, 0xfe), Buffer.from('"]')])))
      const close = yield* station.frame
      assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1007])
      station.socket.destroy()
      const seen = yield* Queue.takeN(sessions, 3)
      assert.deepStrictEqual(
        seen.map((event) => [event._tag, event.session.identity]),
        [
          ["Connected", "OTHER"],
          ["Connected", "CP001"],
          ["Disconnected", "CP001"]
        ]
      )
      yield* other.send(heartbeat)
      assert.deepStrictEqual(yield* other.receive, heartbeatAnswer)
    })
  )

  for (const [what, bytes] of [
    ["no mask", frame("text", "[]", { masked: false })],
    ["a reserved opcode", Buffer.of(0x83, 0x80, 0, 0, 0, 0)],
    ["a reserved bit", Buffer.of(0xc1, 0x80, 0, 0, 0, 0)],
    ["a continuation of nothing", frame("continuation", "x")],
    ["a fragmented ping", frame("ping", "x", { fin: false })],
    ["a close code of 1006", frame("close", Buffer.of(0x03, 0xee))]
  ] as const) {
    it.live(`a frame with ${what} ends its connection only`, () =>
      Effect.gen(function* () {
        const { csms, port, url } = yield* serve()
        const sessions = yield* subscribe(csms.sessions)
        const station = yield* rawStation(port)
        yield* station.send(bytes)
        const close = yield* station.frame
        assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1002])
        station.socket.destroy()
        const [, last] = yield* Queue.takeN(sessions, 2)
        assert.strictEqual(last?._tag, "Disconnected")
        yield* wsStation(`${url}/CP001`)
      })
    )
  }
})

describe("connections", () => {
  it.live("a station that disappears in the middle of a call: Uncertain, and NotSent for what waits", () =>
    Effect.gen(function* () {
      const { csms, port } = yield* serve()
      const sessions = yield* subscribe(csms.sessions)
      const station = yield* rawStation(port)
      yield* station.answer
      const calls = yield* Effect.forkChild(
        Effect.all(
          [
            Effect.flip(csms.call("CP001", V16.Reset, { type: "Soft" })),
            Effect.flip(csms.call("CP001", V16.ClearCache, {}))
          ],
          { concurrency: "unbounded" }
        )
      )
      yield* station.receive
      station.socket.destroy()
      const [pending, waiting] = yield* Fiber.join(calls)
      assert.strictEqual(pending._tag, "Uncertain")
      assert.deepInclude(pending, { action: "Reset", reason: "ConnectionLost" })
      assert.strictEqual(waiting._tag, "NotSent")
      assert.deepInclude(waiting, { action: "ClearCache", reason: "NotConnected" })
      const [, last] = yield* Queue.takeN(sessions, 2)
      assert.deepInclude(last, { _tag: "Disconnected", code: 1006 })
      const late = yield* Effect.flip(csms.call("CP001", V16.ClearCache, {}))
      assert.deepInclude(late, { _tag: "NotSent", reason: "NotConnected" })
    })
  )

  it.live("the close code and reason of the station are told", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const sessions = yield* subscribe(csms.sessions)
      const station = yield* wsStation(`${url}/CP001`)
      station.socket.close(4001, "Straße")
      const [, last] = yield* Queue.takeN(sessions, 2)
      assert.deepInclude(last, { _tag: "Disconnected", code: 4001, reason: "Straße" })
    })
  )

  it.live("a session closes with the code and reason it is told to", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const station = yield* wsStation(`${url}/CP001`)
      const session = Option.getOrThrow(yield* csms.session("CP001"))
      yield* session.close(4321, "go away")
      assert.deepStrictEqual(yield* station.closed, { code: 4321, reason: "go away" })
      assert.deepStrictEqual(yield* csms.connected, [])
    })
  )

  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000]) {
    it.live(`a close with ${code}, which must not be sent, is one with 1000`, () =>
      Effect.gen(function* () {
        const { csms, url } = yield* serve()
        const station = yield* wsStation(`${url}/CP001`)
        const session = Option.getOrThrow(yield* csms.session("CP001"))
        yield* session.close(code)
        assert.strictEqual((yield* soon(station.closed)).code, 1000)
      })
    )
  }

  for (const reason of ["x".repeat(200), `${"x".repeat(122)}ß`, `${"x".repeat(121)}🔌`, "ß".repeat(100)]) {
    it.live(
      `a reason of ${Buffer.byteLength(reason)} bytes, …${Array.from(reason).at(-1)}, is cut to what a close frame holds`,
      () =>
        Effect.gen(function* () {
          const { csms, url } = yield* serve()
          const station = yield* wsStation(`${url}/CP001`)
          const session = Option.getOrThrow(yield* csms.session("CP001"))
          yield* session.close(1000, reason)
          const closed = yield* soon(station.closed)
          assert.strictEqual(closed.code, 1000)
          assert.isTrue(reason.startsWith(closed.reason), closed.reason)
          assert.isAbove(Buffer.byteLength(closed.reason), 119)
        })
    )
  }

  it.live("[CON-12] a newer connection takes over; the late end of the older changes nothing", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve()
      const sessions = yield* subscribe(csms.sessions)
      const older = yield* rawStation(port)
      yield* older.answer
      const newer = yield* wsStation(`${url}/CP001`)
      const close = yield* older.frame
      assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1000])
      const pending = yield* Effect.forkChild(csms.call("CP001", V16.ClearCache, {}))
      const messageId = idOf(yield* newer.receive)
      // What the older one still sends is nobody's answer, and its end nobody's loss.
      yield* older.send(frame("text", JSON.stringify([3, messageId, { status: "Rejected" }])))
      older.socket.destroy()
      yield* older.gone
      yield* newer.send([3, messageId, { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(pending), { status: "Accepted" })
      yield* newer.send(heartbeat)
      assert.deepStrictEqual(yield* newer.receive, heartbeatAnswer)
      assert.deepStrictEqual(
        (yield* Queue.takeAll(sessions)).map((event) => event._tag),
        ["Connected", "Replaced", "Connected"]
      )
      assert.strictEqual((yield* csms.connected).length, 1)
    })
  )
})

describe("shutdown", () => {
  it.live("stations are told with 1001, and what was called of them is uncertain", () =>
    Effect.gen(function* () {
      const { csms, stop, url } = yield* serve({ server: { drainTimeout: "100 millis" } })
      const one = yield* wsStation(`${url}/CP001`)
      const two = yield* wsStation(`${url}/CP002`)
      const pending = yield* Effect.forkChild(Effect.flip(csms.call("CP001", V16.ClearCache, {})))
      yield* one.receive
      const [duration] = yield* Effect.timed(stop)
      assert.isBelow(Duration.toMillis(duration), 900)
      assert.strictEqual((yield* one.closed).code, 1001)
      assert.strictEqual((yield* two.closed).code, 1001)
      assert.deepInclude(yield* Fiber.join(pending), { _tag: "Uncertain", reason: "ConnectionLost" })
      assert.isTrue(Result.isFailure(yield* Effect.result(wsStation(`${url}/CP001`))))
    })
  )

  it.live("a station that ignores the close is cut after a second", () =>
    Effect.gen(function* () {
      const { port, stop, url } = yield* serve()
      const deaf = yield* rawStation(port, { path: "/DEAF" })
      yield* deaf.answer
      const other = yield* wsStation(`${url}/CP001`)
      const [duration] = yield* Effect.timed(stop)
      assert.isBelow(Duration.toMillis(duration), 1800)
      const close = yield* deaf.frame
      assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1001])
      yield* deaf.gone
      assert.strictEqual((yield* other.closed).code, 1001)
    })
  )

  it.live("a station that was sent away for its sub-protocol and ignores it holds nothing up", () =>
    Effect.gen(function* () {
      const { port, stop } = yield* serve()
      const deaf = yield* rawStation(port, { headers: { "sec-websocket-protocol": "ocpp9.9" } })
      yield* deaf.frame
      const [duration] = yield* Effect.timed(Effect.timeout(stop, "1800 millis"))
      assert.isBelow(Duration.toMillis(duration), 1800)
    })
  )

  it.live("a handshake that is being decided is given up", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const interrupted = yield* Deferred.make<void>()
      const { port, stop } = yield* serve({
        accept: () =>
          Deferred.succeed(asked, undefined).pipe(
            Effect.andThen(Effect.never),
            Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined))
          )
      })
      const station = yield* rawStation(port)
      yield* Deferred.await(asked)
      const stopping = yield* Effect.forkChild(stop)
      yield* soon(Deferred.await(interrupted))
      yield* soon(station.gone)
      yield* soon(Fiber.join(stopping))
    })
  )

  it.live("a connection without a request is cut", () =>
    Effect.gen(function* () {
      const { port, stop } = yield* serve()
      const connection = yield* silent(port)
      yield* soon(stop)
      yield* soon(connection.gone)
    })
  )

  it.live("nobody is let in any more", () =>
    Effect.gen(function* () {
      const { accept, handshakes } = recording()
      const { port, stop } = yield* serve({ accept })
      const deaf = yield* rawStation(port, { path: "/DEAF" })
      yield* deaf.answer
      const stopping = yield* Effect.forkChild(stop)
      const close = yield* deaf.frame
      assert.strictEqual(closeOf(close).code, 1001)
      // The server waits for the deaf one's answer; meanwhile another comes.
      const late = yield* rawStation(port, { path: "/LATE" })
      yield* Effect.raceFirst(late.gone, Effect.asVoid(late.answer))
      assert.deepStrictEqual(
        handshakes.map((handshake) => handshake.identity),
        ["DEAF"]
      )
      deaf.socket.destroy()
      yield* soon(Fiber.join(stopping))
    })
  )

  it.live("the port is free again", () =>
    Effect.gen(function* () {
      const first = yield* serve()
      yield* wsStation(`${first.url}/CP001`)
      yield* first.stop
      const second = yield* serve({ server: { port: first.port } })
      assert.strictEqual(second.port, first.port)
    })
  )
})

describe("listening", () => {
  it.live("a port in use: ListenError with EADDRINUSE", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const error = yield* Effect.flip(serve({ server: { port } }))
      assert.deepInclude(error, { _tag: "ListenError", code: "EADDRINUSE", host: "127.0.0.1", port })
      assert.strictEqual(error.message, `cannot listen on 127.0.0.1:${port}: EADDRINUSE`)
    })
  )

  it.live("the URL leads to the server, whatever the host", () =>
    Effect.gen(function* () {
      for (const host of [undefined, "", "0.0.0.0", "localhost"]) {
        const { port, url } = yield* serve({ server: { host } })
        assert.isAbove(port, 0)
        assert.strictEqual(url, `ws://${host === "localhost" ? host : "127.0.0.1"}:${port}`)
        yield* wsStation(`${url}/CP001`)
      }
    })
  )
})

describe("attach", () => {
  it.live("takes the upgrades of a server that exists and leaves its other routes alone", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const port = portOf(server)
      const scope = yield* Scope.fork(yield* Effect.scope)
      const context = yield* Layer.buildWithScope(csmsLayer(), scope)
      yield* WebSocketServer.attach(server).pipe(Effect.provide(context), Scope.provide(scope))
      const station = yield* wsStation(`ws://127.0.0.1:${port}/ocpp/CP001`)
      assert.strictEqual(yield* get(port, "/status"), "you asked for /status")
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)

      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* station.closed).code, 1001)
      assert.isTrue(server.listening)
      assert.strictEqual(server.listenerCount("upgrade"), 0)
      assert.strictEqual(yield* get(port, "/status"), "you asked for /status")
    })
  )

  it.live("its options are those of a server of its own", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      yield* WebSocketServer.attach(server, { handshakeTimeout: "20 millis" }).pipe(
        Effect.provide(csmsLayer({ accept: () => Effect.never }))
      )
      assert.strictEqual((yield* refused(portOf(server))).status, 503)
    })
  )
})
