/**
 * What a server lets nobody do to it: too many connections, too slow ones, too large requests, and peers that send and
 * do not read.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { setImmediate } from "node:timers/promises"
import { unauthorized } from "../../src/csms/index.ts"
import { WebSocketClient } from "../../src/node/index.ts"
import { Connector } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import {
  call,
  certificate,
  connect,
  defectOf,
  frame,
  rawCsms,
  rawStation,
  type RawStation,
  refused,
  serve,
  silent,
  subscribe,
  switching,
  wsStation
} from "./support.ts"
import { time } from "../support/messages.ts"
import { textOf } from "../support/engine.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("2 seconds")

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

const statusOf = ({ answer }: RawStation) => Effect.map(answer, ({ status }) => status)

describe("maxConnections", () => {
  it.live("one more is refused with 503, until one goes", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ server: { maxConnections: 2 } })
      const [first, second] = [yield* rawStation(port, { path: "/A" }), yield* rawStation(port, { path: "/B" })]
      assert.deepStrictEqual([yield* statusOf(first), yield* statusOf(second)], [101, 101])
      assert.strictEqual((yield* refused(port, { path: "/C" })).status, 503)
      first.socket.destroy()
      yield* placeFor(port)
      assert.strictEqual((yield* refused(port, { path: "/C" })).status, 503)
    })
  )

  it.live("those that are being decided over count", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const decided = yield* Deferred.make<void>()
      const { port } = yield* serve({
        accept: () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(decided)),
        server: { maxConnections: 1 }
      })
      const first = yield* rawStation(port)
      yield* Deferred.await(asked)
      assert.strictEqual((yield* refused(port, { path: "/B" })).status, 503)
      yield* Deferred.succeed(decided, undefined)
      assert.strictEqual(yield* statusOf(first), 101)
      assert.strictEqual((yield* refused(port, { path: "/B" })).status, 503)
    })
  )

  it.live("a place is given back once, however a connection ends", () =>
    Effect.gen(function* () {
      const asked = yield* Queue.unbounded<void>()
      const { csms, port } = yield* serve({
        accept: ({ identity }) =>
          identity === "UNKNOWN"
            ? Effect.fail(unauthorized)
            : identity === "SLOW"
              ? Effect.andThen(Queue.offer(asked, undefined), Effect.never)
              : identity === "DEAD"
                ? Effect.die("x")
                : Effect.succeed({ keepAlive: identity !== "PLACE" }),
        server: { maxConnections: 1, handshakeTimeout: "100 millis", pingInterval: "50 millis", maxFrameBytes: 100 }
      })
      for (const end of [
        refused(port, { path: "/UNKNOWN" }),
        refused(port, { path: "/DEAD" }),
        refused(port, { path: "/SLOW" }),
        refused(port, { headers: { "sec-websocket-key": "short" } }),
        refused(port, { method: "POST" }),
        Effect.flatMap(rawStation(port, { path: "/SLOW" }), ({ socket }) =>
          Effect.andThen(
            Queue.take(asked).pipe(Effect.repeat({ times: 1 })),
            Effect.sync(() => socket.destroy())
          )
        ),
        Effect.flatMap(rawStation(port, { headers: { "sec-websocket-protocol": "ocpp9.9" } }), (station) =>
          Effect.andThen(
            station.frame,
            Effect.sync(() => station.socket.destroy())
          )
        ),
        Effect.flatMap(rawStation(port), ({ answer, socket }) =>
          Effect.andThen(
            answer,
            Effect.sync(() => socket.resetAndDestroy())
          )
        ),
        Effect.flatMap(rawStation(port), ({ gone }) => gone),
        Effect.flatMap(rawStation(port), (station) =>
          Effect.andThen(station.send(call("1", "DataTransfer", { vendorId: "x".repeat(200) })), station.frame)
        ),
        Effect.flatMap(wsStation(`ws://127.0.0.1:${port}/CP001`), (station) =>
          Effect.andThen(
            Effect.flatMap(csms.session("CP001"), (session) => Option.getOrThrow(session).close()),
            station.closed
          )
        )
      ]) {
        yield* Effect.scoped(end)
        yield* Effect.scoped(placeFor(port))
      }
      yield* placeFor(port)
      assert.strictEqual((yield* refused(port, { path: "/B" })).status, 503)
    })
  )

  it.live("what is refused before it is counted takes no place", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ server: { maxConnections: 1 } })
      yield* statusOf(yield* rawStation(port))
      assert.strictEqual((yield* refused(port, { path: "/%" })).status, 400)
      assert.strictEqual((yield* refused(port, { path: "/" })).status, 404)
    })
  )
})

/** Connects as soon as there is a place, and stays. */
const placeFor = (port: number) =>
  Effect.gen(function* () {
    const station = yield* rawStation(port, { path: "/PLACE" })
    return yield* (yield* statusOf(station)) === 101 ? Effect.void : Effect.fail("no place")
  }).pipe(Effect.retry({ times: 200 }), soon)

describe("maxConnectionsPerAddress", () => {
  it.live("one more from the same address is refused with 429, others are not; a place is given back", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ server: { maxConnectionsPerAddress: 2, trustedProxies: ["127.0.0.1"] } })
      const from = (address: string, path: string) =>
        rawStation(port, { path, headers: { "x-forwarded-for": address } })
      const first = yield* from("192.0.2.1", "/A")
      assert.strictEqual(yield* statusOf(first), 101)
      assert.strictEqual(yield* statusOf(yield* from("192.0.2.1", "/B")), 101)
      assert.strictEqual(yield* statusOf(yield* from("192.0.2.1", "/C")), 429)
      assert.strictEqual(yield* statusOf(yield* from("192.0.2.2", "/D")), 101)
      assert.strictEqual(yield* statusOf(yield* rawStation(port, { path: "/E" })), 101)
      first.socket.destroy()
      const again = Effect.gen(function* () {
        const status = yield* statusOf(yield* from("192.0.2.1", "/C"))
        return yield* status === 101 ? Effect.void : Effect.fail(status)
      })
      yield* again.pipe(Effect.retry({ times: 200 }), soon)
      assert.strictEqual(yield* statusOf(yield* from("192.0.2.1", "/F")), 429)
    })
  )
})

describe("options", () => {
  for (const [options, message] of [
    [{ maxConnections: 0 }, /^maxConnections: .* not 0$/],
    [{ maxConnections: 1.5 }, /^maxConnections: .* not 1.5$/],
    [{ maxConnectionsPerAddress: -1 }, /^maxConnectionsPerAddress: .* not -1$/],
    [{ handshakeTimeout: 0 }, /^handshakeTimeout: .* not 0$/],
    [{ handshakeTimeout: "-1 seconds" }, /^handshakeTimeout: .* not -1 seconds$/],
    [{ handshakeTimeout: "Infinity" }, /^handshakeTimeout: .* not Infinity$/]
  ] as const) {
    it.live(`${JSON.stringify(options)} is a defect that names the option`, () =>
      Effect.gen(function* () {
        assert.match(yield* defectOf(serve({ server: options })), message)
      })
    )
  }
})

/** Sends a byte every now and then until the connection is over. */
const drip = (socket: { readonly write: (bytes: Uint8Array) => boolean }, bytes: Uint8Array) =>
  Effect.forkScoped(
    Effect.forEach(bytes, (byte) =>
      Effect.andThen(
        Effect.sleep("5 millis"),
        Effect.sync(() => socket.write(Uint8Array.of(byte)))
      )
    )
  )

describe("the request", () => {
  for (const [what, bytes] of [
    ["sends nothing", ""],
    ["sends its request byte by byte", `GET /CP001 HTTP/1.1\r\nx-a: ${"a".repeat(2000)}`]
  ] as const) {
    it.live(`a connection that ${what} is cut after the time for the handshake; others go on`, () =>
      Effect.gen(function* () {
        const { port, url } = yield* serve({ server: { handshakeTimeout: "200 millis" } })
        const station = yield* wsStation(`${url}/CP001`)
        const slow = yield* silent(port)
        yield* drip(slow.socket, Buffer.from(bytes))
        yield* soon(slow.gone)
        yield* station.send(heartbeat)
        assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
      })
    )
  }

  for (const [what, bytes] of [
    ["does not start TLS", Buffer.alloc(0)],
    ["starts TLS byte by byte", Buffer.concat([Buffer.of(0x16, 3, 1, 8, 0), Buffer.alloc(2000, 1)])]
  ] as const) {
    it.live(`a connection that ${what} is cut after the time for the handshake`, () =>
      Effect.gen(function* () {
        const { cert, key } = yield* certificate("/CN=localhost", "IP:127.0.0.1")
        const tls = { cert, key: Redacted.make(key) }
        const { port, url } = yield* serve({ server: { tls, handshakeTimeout: "500 millis" } })
        const slow = yield* silent(port)
        yield* drip(slow.socket, bytes)
        yield* soon(slow.gone)
        yield* connect(url, {}, { ca: cert })
      })
    )
  }

  it.live("headers of more than 16 KiB: 431", () =>
    Effect.gen(function* () {
      const { port, url } = yield* serve()
      const { status } = yield* refused(port, { headers: { "x-large": "x".repeat(20_000) } })
      assert.strictEqual(status, 431)
      yield* wsStation(`${url}/CP001`)
    })
  )
})

describe("a peer that does not read", () => {
  const requests = 200
  const data = "x".repeat(100_000)

  /** A CSMS that counts what it handles, and a station that asks much and reads nothing of the answers. */
  const flood = Effect.fnUntraced(function* (server: Parameters<typeof serve>[0] = {}) {
    let handled = 0
    const served = yield* serve({
      handlers: [
        V16.csmsHandlersPartial({
          heartbeat: () => Effect.succeed({ currentTime: time }),
          dataTransfer: (request) =>
            Effect.sync(() => {
              handled++
              return { status: "Accepted", data: request.data! }
            })
        })
      ],
      ...server
    })
    const station = yield* rawStation(served.port, { path: "/FLOOD" })
    yield* station.answer
    station.socket.pause()
    for (let count = 0; count < requests; count++) {
      station.socket.write(call(`m${count}`, "DataTransfer", { vendorId: "v", data }))
    }
    return { ...served, station, handled: () => handled }
  })

  it.live("is not read from until it reads on; then everything is answered, in order", () =>
    Effect.gen(function* () {
      const { handled, station, url } = yield* flood({ server: { maxBufferedBytes: 300_000 } })
      const other = yield* wsStation(`${url}/OTHER`)
      // It stands still once so many exchanges of another station changed nothing.
      for (let still = 0, last = -1; still < 50; still++) {
        if (handled() !== last) still = 0
        last = handled()
        yield* other.send(heartbeat)
        assert.deepStrictEqual(yield* other.receive, heartbeatAnswer)
      }
      assert.isBelow(handled(), requests)
      assert.isAbove(handled(), 0)
      station.socket.resume()
      for (let count = 0; count < requests; count++) {
        assert.deepStrictEqual(yield* station.receive, [3, `m${count}`, { status: "Accepted", data }])
      }
      assert.strictEqual(handled(), requests)
    })
  )

  it.live("is cut when nothing of what waits for it goes out for the time-out of a pong", () =>
    Effect.gen(function* () {
      const { csms, station, url } = yield* flood({
        server: { maxBufferedBytes: 300_000, pingInterval: "50 millis", pongTimeout: "50 millis" }
      })
      const sessions = yield* subscribe(csms.sessions)
      const other = yield* wsStation(`${url}/OTHER`)
      const ended = yield* Stream.fromQueue(sessions).pipe(
        Stream.filter((event) => event._tag === "Disconnected"),
        Stream.runHead,
        soon
      )
      assert.strictEqual(Option.getOrThrow(ended).session.identity, "FLOOD")
      assert.deepInclude(Option.getOrThrow(ended), { code: 1006 })
      station.socket.resume()
      yield* soon(station.gone)
      yield* other.send(heartbeat)
      assert.deepStrictEqual(yield* other.receive, heartbeatAnswer)
    })
  )

  for (const first of ["the engine", "the output"] as const) {
    it.live(`is read again once neither the engine nor the output holds it, if ${first} lets go first`, () =>
      Effect.gen(function* () {
        let received = 0
        const all = yield* Deferred.make<void>()
        const server = yield* rawCsms((socket, bytes) => {
          if (bytes.toString("latin1").startsWith("GET")) {
            socket.write(switching(bytes))
            socket.pause()
            return
          }
          received += bytes.length
          if (received > 30_000_000) Deferred.doneUnsafe(all, Effect.void)
        })
        const { connect: open } = Context.get(
          yield* Layer.build(WebSocketClient.layer({ maxBufferedBytes: 1_000_000 })),
          Connector
        )
        const connection = yield* open({
          url: server.url,
          identity: "CP001",
          subprotocols: ["ocpp1.6"],
          password: undefined,
          timeout: Duration.seconds(1)
        })
        const transport = textOf(connection)
        const socket = yield* server.next
        const frames = yield* Queue.unbounded<string>()
        transport.listen({
          frame: (text) => Queue.offerUnsafe(frames, text),
          dropped: () => undefined,
          closed: () => undefined
        })
        transport.pause()
        for (let count = 0; count < 300; count++) transport.send("x".repeat(100_000))
        socket.write(frame("text", "late", { masked: false }))
        if (first === "the engine") {
          transport.resume()
          yield* turns
          assert.strictEqual(yield* Queue.size(frames), 0)
          socket.resume()
        } else {
          socket.resume()
          yield* Deferred.await(all)
          yield* turns
          assert.strictEqual(yield* Queue.size(frames), 0)
          transport.resume()
        }
        assert.strictEqual(yield* soon(Queue.take(frames)), "late")
        socket.destroy()
      })
    )
  }
})

/** What was on its way within this process has come. */
const turns = Effect.promise(() => setImmediate()).pipe(Effect.repeat({ times: 20 }))
