/**
 * The WebSocket client of a station, against servers made of `ws`, of bare bytes, and our own.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as Http from "node:http"
import { setImmediate } from "node:timers/promises"
import { inspect } from "node:util"
import { unauthorized, unknownStation } from "../../src/csms/index.ts"
import { WebSocketClient } from "../../src/node/index.ts"
import { type ConnectError, Connector, type StationConnection, type StationOptions } from "../../src/station/index.ts"
import type { StorageError } from "../../src/Storage.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as V16 from "../../src/v16/index.ts"
import {
  basic,
  closeOf,
  connect,
  frame,
  idOf,
  logs,
  opcode,
  passwordOf,
  portOf,
  rawCsms,
  readFrame,
  serve,
  speaking,
  subscribe,
  switching,
  wsCsms,
  type WsPeer
} from "./support.ts"
import { listening } from "../support/http.ts"
import { time } from "../support/messages.ts"
import { textOf } from "../support/engine.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("1 second")

const quickly = Schedule.spaced("10 millis")

/** Whether a station is connected, now and with each change; attempts that fail change nothing. */
const statusOf = ({ status }: StationConnection) =>
  status.pipe(
    Stream.map(({ _tag }) => _tag),
    Stream.filter((tag) => tag !== "Connecting"),
    Stream.changes
  )

/** A port that was just free. */
const closedPort = Effect.scoped(
  Effect.map(
    rawCsms(() => undefined),
    ({ port }) => port
  )
)

const httpAnswering = (status: number, headers: Http.OutgoingHttpHeaders = {}) =>
  Effect.map(
    listening((_, response) => response.writeHead(status, headers).end("no")),
    (server) => {
      server.on("upgrade", (_, socket) => socket.end(`HTTP/1.1 ${status} x\r\ncontent-length: 0\r\n\r\n`))
      return `ws://127.0.0.1:${portOf(server)}`
    }
  )

/** A heartbeat and its answer, on a connection with a peer made of `ws`. */
const talk = (csms: V16.CsmsClient, peer: WsPeer) =>
  Effect.gen(function* () {
    const answered = yield* Effect.forkChild(csms.heartbeat({}))
    yield* peer.send([3, idOf(yield* peer.receive), { currentTime: time }])
    assert.deepStrictEqual(yield* Fiber.join(answered), { currentTime: time })
  })

describe("handshake", () => {
  for (const [endpoint, identity, path] of [
    ["", "CP001", "/CP001"],
    ["/", "CP001", "/CP001"],
    ["/ocpp/v1", "RDAM|123", "/ocpp/v1/RDAM%7C123"],
    ["/ocpp/v1/", "RDAM 123", "/ocpp/v1/RDAM%20123"],
    ["", "a/b?c#d", "/a%2Fb%3Fc%23d"],
    ["", "100%", "/100%25"],
    ["", "Straße🔌", "/Stra%C3%9Fe%F0%9F%94%8C"],
    ["", "a:b!c'd(e)f*", "/a%3Ab%21c%27d%28e%29f%2A"]
  ] as const) {
    it.live(`[CON-02] "${identity}" at "${endpoint}" asks for ${path}`, () =>
      Effect.gen(function* () {
        const server = yield* wsCsms()
        const { station } = yield* connect(`${server.url}${endpoint}`, { identity })
        const { request } = yield* server.next
        assert.strictEqual(request.url, path)
        assert.strictEqual(station.identity, identity)
      })
    )
  }

  it.live("[CON-05] it offers the sub-protocol of its version", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      yield* connect(server.url)
      const { request } = yield* server.next
      assert.strictEqual(request.headers["sec-websocket-protocol"], "ocpp1.6")
      assert.strictEqual(request.headers["sec-websocket-version"], "13")
    })
  )

  for (const [what, password] of [
    ["text", "s3crét:pass"],
    ["bytes that are no text", Uint8Array.of(0x00, 0xff, 0xc3, 0x28, 0x3a, 0x0a)],
    ["empty", ""]
  ] as const) {
    it.live(`[SEC-02] [SEC-03] the user name is the identity, the password (${what}) is sent as it is`, () =>
      Effect.gen(function* () {
        const server = yield* wsCsms()
        yield* connect(server.url, { identity: "RDAM:123", ...passwordOf(password) })
        const { request } = yield* server.next
        assert.strictEqual(request.headers.authorization, basic("RDAM:123", password))
      })
    )
  }

  it.live("without a password there are no credentials", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      yield* connect(server.url)
      assert.isUndefined((yield* server.next).request.headers.authorization)
    })
  )

  it.live("[SEC-02] the credentials are sent on every connection", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      yield* connect(server.url, { ...passwordOf("s3cret"), reconnect: quickly })
      for (let count = 0; count < 3; count++) {
        const { peer, request } = yield* server.next
        assert.strictEqual(request.headers.authorization, basic("CP001", "s3cret"))
        peer.socket.terminate()
      }
    })
  )

  it.live("frames in one piece with the answer to the handshake are all handled, in order", () =>
    Effect.gen(function* () {
      const answers = yield* Queue.unbounded<unknown>()
      let received: Buffer | undefined
      const server = yield* rawCsms((socket, data) => {
        if (received === undefined) {
          received = Buffer.alloc(0)
          socket.write(
            Buffer.concat([
              switching(data),
              frame("text", JSON.stringify([2, "1", "Reset", { type: "Soft" }]), { masked: false }),
              frame("text", JSON.stringify([2, "2", "ClearCache", {}]), { masked: false })
            ])
          )
          return
        }
        received = Buffer.concat([received, data])
        for (let next = readFrame(received); next !== undefined; next = readFrame(received)) {
          received = next.rest
          Queue.offerUnsafe(answers, JSON.parse(next.frame.payload.toString()))
        }
      })
      yield* connect(server.url)
      assert.deepStrictEqual(yield* Queue.take(answers), [3, "1", { status: "Accepted" }])
      assert.deepStrictEqual(yield* Queue.take(answers), [3, "2", { status: "Accepted" }])
      // It never answers the close of the layer.
      ;(yield* server.next).destroy()
    })
  )
})

const failure = (
  url: string,
  options: Partial<Omit<StationOptions, "handlers">> = {}
): Effect.Effect<ConnectError | StorageError, unknown> => Effect.scoped(Effect.flip(connect(url, options)))

describe("failures", () => {
  it.live("nobody listens: ConnectUnreachable with ECONNREFUSED", () =>
    Effect.gen(function* () {
      const port = yield* closedPort
      for (const host of ["127.0.0.1", "localhost"]) {
        const error = yield* failure(`ws://${host}:${port}/ocpp`)
        assert.deepInclude(error, {
          _tag: "ConnectUnreachable",
          code: "ECONNREFUSED",
          url: `ws://${host}:${port}/ocpp/CP001`
        })
      }
    })
  )

  it.live("no such host: ConnectUnreachable", () =>
    Effect.gen(function* () {
      const error = yield* failure("ws://no-such-host.invalid")
      assert.strictEqual(error._tag, "ConnectUnreachable")
    })
  )

  for (const url of [
    "",
    "nonsense",
    "ftp://127.0.0.1",
    "ws://",
    "127.0.0.1:9000",
    "ws://127.0.0.1:99999",
    "ws://a b"
  ]) {
    it.live(`the URL "${url}" is a typed failure`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* failure(url))._tag, "InvalidUrl")
      })
    )
  }

  for (const status of [400, 401, 404, 503, 200] as const) {
    it.live(`[CON-07] HTTP ${status}: ConnectRefused with it`, () =>
      Effect.gen(function* () {
        const url = yield* httpAnswering(status)
        assert.deepInclude(yield* failure(url), { _tag: "ConnectRefused", status, url: `${url}/CP001` })
      })
    )
  }

  it.live("a redirection is not followed, for the credentials would go with it", () =>
    Effect.gen(function* () {
      const elsewhere = yield* wsCsms()
      const server = yield* rawCsms((socket) =>
        socket.end(`HTTP/1.1 302 Found\r\nlocation: ${elsewhere.url}/CP001\r\ncontent-length: 0\r\n\r\n`)
      )
      assert.deepInclude(yield* failure(server.url, passwordOf("s3cret")), { _tag: "ConnectRefused", status: 302 })
      assert.strictEqual(elsewhere.server.clients.size, 0)
    })
  )

  it.live("[CON-06] a CSMS that knows no sub-protocol: NoCommonProtocol", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms({ handleProtocols: () => false })
      const error = yield* failure(server.url)
      assert.strictEqual(error._tag, "NoCommonProtocol")
      assert.deepInclude(error, { offered: ["ocpp1.6"], url: `${server.url}/CP001` })
    })
  )

  it.live("[CON-06] a CSMS that agrees to what was not offered: NoCommonProtocol", () =>
    Effect.gen(function* () {
      const server = yield* rawCsms((socket, data) =>
        socket.write(switching(data, "Sec-WebSocket-Protocol: ocpp2.0.1\r\n"))
      )
      assert.strictEqual((yield* failure(server.url))._tag, "NoCommonProtocol")
    })
  )

  it.live("[CON-06] our own CSMS of another version: NoCommonProtocol", () =>
    Effect.gen(function* () {
      const { url } = yield* serve({ handlers: [speaking("ocpp2.0.1")] })
      assert.strictEqual((yield* failure(url))._tag, "NoCommonProtocol")
    })
  )

  it.live("[CON-07] our own CSMS refuses: ConnectRefused with 401 and 404", () =>
    Effect.gen(function* () {
      const { url } = yield* serve({
        accept: ({ identity }) => Effect.fail(identity === "CP001" ? unauthorized : unknownStation)
      })
      assert.deepInclude(yield* failure(url), { _tag: "ConnectRefused", status: 401 })
      assert.deepInclude(yield* failure(url, { identity: "CP002" }), { _tag: "ConnectRefused", status: 404 })
    })
  )

  for (const [what, answer] of [
    ["another protocol", "SSH-2.0-OpenSSH_9.9\r\n"],
    [
      "a wrong Sec-WebSocket-Accept",
      "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
    ],
    ["no answer and an end", ""]
  ] as const) {
    it.live(`${what}: ConnectUnreachable`, () =>
      Effect.gen(function* () {
        const server = yield* rawCsms((socket) => socket.end(answer))
        assert.strictEqual((yield* failure(server.url))._tag, "ConnectUnreachable")
      })
    )
  }

  it.live("a CSMS that never answers: ConnectUnreachable after the time-out", () =>
    Effect.gen(function* () {
      const server = yield* rawCsms(() => undefined)
      const [duration, error] = yield* Effect.timed(failure(server.url, { connectTimeout: "50 millis" }))
      assert.strictEqual(error._tag, "ConnectUnreachable")
      assert.isBelow(Duration.toMillis(duration), 1000)
    })
  )

  it.live("an attempt that is interrupted ends at once, and its connection with it", () =>
    Effect.gen(function* () {
      const server = yield* rawCsms(() => undefined)
      const attempt = yield* Effect.forkChild(Effect.scoped(connect(server.url)))
      const socket = yield* server.next
      const ended = Effect.callback<void>((resume) => {
        socket.once("close", () => resume(Effect.void))
      })
      yield* soon(Fiber.interrupt(attempt))
      yield* soon(ended)
    })
  )

  it.live("[SEC-08] the password is in no error and no log", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      const secret = "s3cret-pa55:word"
      const credentials = passwordOf(secret)
      const agreeing = yield* wsCsms()
      const attempts = [
        `ws://127.0.0.1:${yield* closedPort}`,
        "nonsense",
        yield* httpAnswering(401),
        (yield* wsCsms({ handleProtocols: () => false })).url,
        (yield* rawCsms((socket) => socket.end("garbage"))).url,
        agreeing.url
      ]
      const seen: Array<string> = []
      for (const url of attempts) {
        const exit = yield* Effect.exit(
          Effect.scoped(
            Effect.flatMap(connect(url, credentials), ({ csms }) => csms.heartbeat({}, { timeout: "10 millis" }))
          ).pipe(Effect.provide(layer), Effect.provideService(References.MinimumLogLevel, "All"))
        )
        assert.isTrue(Exit.isFailure(exit), url)
        if (Exit.isSuccess(exit)) return
        seen.push(Cause.pretty(exit.cause), JSON.stringify(exit.cause), inspect(exit.cause, { depth: 20 }))
      }
      assert.isAtLeast(seen.length, 18)
      for (const text of [...seen, ...lines]) {
        assert.notInclude(text, "s3cret")
        assert.notInclude(text, basic("CP001", secret).slice("Basic ".length))
      }
    })
  )
})

describe("connection", () => {
  it.live("calls go both ways", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const station = yield* connect(url, { identity: "RDAM|123" })
      assert.deepStrictEqual(yield* station.csms.heartbeat({}), { currentTime: time })
      assert.deepStrictEqual(yield* csms.call("RDAM|123", V16.Reset, { type: "Soft" }), { status: "Accepted" })
    })
  )

  it.live("a CSMS that disappears in the middle of a call: Uncertain; [RPC-05] ids go on after the reconnect", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { csms, station } = yield* connect(server.url, { reconnect: quickly })
      const statuses = yield* subscribe(statusOf(station))
      assert.strictEqual(yield* Queue.take(statuses), "Connected")
      const first = (yield* server.next).peer
      const lost = yield* Effect.forkChild(Effect.flip(csms.heartbeat({})))
      const lostId = idOf(yield* first.receive)
      first.socket.terminate()
      const failed = yield* Fiber.join(lost)
      assert.strictEqual(failed._tag, "Uncertain")
      assert.deepInclude(failed, { action: "Heartbeat", reason: "ConnectionLost" })
      assert.strictEqual("messageId" in failed ? failed.messageId : undefined, lostId)
      assert.strictEqual(yield* Queue.take(statuses), "Disconnected")
      const second = (yield* server.next).peer
      assert.strictEqual(yield* Queue.take(statuses), "Connected")
      const answered = yield* Effect.forkChild(csms.heartbeat({}))
      const messageId = idOf(yield* second.receive)
      assert.notStrictEqual(messageId, lostId)
      yield* second.send([3, messageId, { currentTime: time }])
      assert.deepStrictEqual(yield* Fiber.join(answered), { currentTime: time })
    })
  )

  it.live("a CSMS that shuts down: Disconnected, and calls are NotSent until it is back", () =>
    Effect.gen(function* () {
      const first = yield* serve()
      const { csms, station } = yield* connect(first.url, { reconnect: quickly })
      const statuses = yield* subscribe(statusOf(station))
      yield* first.stop
      assert.deepStrictEqual(yield* Queue.takeN(statuses, 2), ["Connected", "Disconnected"])
      assert.deepInclude(yield* Effect.flip(csms.heartbeat({})), { _tag: "NotSent", reason: "NotConnected" })
      yield* serve({ server: { port: first.port } })
      assert.strictEqual(yield* Queue.take(statuses), "Connected")
      assert.deepStrictEqual(yield* csms.heartbeat({}), { currentTime: time })
    })
  )

  it.live("a binary frame is dropped and reported; the connection and a pending call live on", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { csms, station } = yield* connect(server.url)
      const deviations = yield* subscribe(station.deviations)
      const { peer } = yield* server.next
      const pending = yield* Effect.forkChild(csms.heartbeat({}))
      const messageId = idOf(yield* peer.receive)
      peer.socket.send(Buffer.from(JSON.stringify([3, messageId, { currentTime: "1999-01-01T00:00:00Z" }])))
      assert.strictEqual((yield* Queue.take(deviations)).kind, "BinaryFrame")
      yield* peer.send([3, messageId, { currentTime: time }])
      assert.deepStrictEqual(yield* Fiber.join(pending), { currentTime: time })
    })
  )

  it.live("[FIELD-K5] a binary frame is read as text where that is tolerated", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { csms, station } = yield* connect(server.url, { tolerance: Tolerance.of(["BinaryForText"]) })
      const deviations = yield* subscribe(station.deviations)
      const { peer } = yield* server.next
      const pending = yield* Effect.forkChild(csms.heartbeat({}))
      const messageId = idOf(yield* peer.receive)
      peer.socket.send(Buffer.from(JSON.stringify([3, messageId, { currentTime: time }])))
      assert.deepStrictEqual(yield* Fiber.join(pending), { currentTime: time })
      assert.strictEqual((yield* Queue.take(deviations)).kind, "BinaryForText")
    })
  )

  it.live("a frame over the limit closes with 1009, is reported, and the station connects anew", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { station } = yield* connect(server.url, { reconnect: quickly }, { maxFrameBytes: 100 })
      const deviations = yield* subscribe(station.deviations)
      const { peer } = yield* server.next
      peer.socket.send("x".repeat(100))
      assert.strictEqual((yield* Queue.take(deviations)).kind, "MalformedFrame")
      peer.socket.send("x".repeat(101))
      assert.strictEqual((yield* Queue.take(deviations)).kind, "OversizedFrame")
      assert.strictEqual((yield* peer.closed).code, 1009)
      yield* server.next
    })
  )

  it.live("[RPC-01] a text that is not UTF-8 closes with 1007", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      yield* connect(server.url)
      const { peer } = yield* server.next
      peer.socket.send(Buffer.of(0x5b, 0xff, 0x5d), { binary: false })
      assert.strictEqual((yield* peer.closed).code, 1007)
    })
  )

  it.effect("a CSMS that answers no pings is cut, one that answers is not", () =>
    Effect.gen(function* () {
      const client = { pingInterval: "10 seconds" } as const
      const server = yield* wsCsms()
      const alive = yield* connect(server.url, {}, client)
      const { peer } = yield* server.next
      const pings = yield* Queue.unbounded<void>()
      peer.socket.on("ping", () => Queue.offerUnsafe(pings, undefined))
      const other = yield* connect(server.url, { identity: "OTHER" })
      const answering = (yield* server.next).peer
      let isUpgraded = false
      const dead = yield* rawCsms((socket, data) => {
        if (!isUpgraded) socket.write(switching(data))
        isUpgraded = true
      })
      const { csms, station } = yield* connect(dead.url, { reconnect: Schedule.recurs(0) }, client)
      const statuses = yield* subscribe(statusOf(station))
      const lost = yield* Effect.forkChild(Effect.flip(csms.heartbeat({})), { startImmediately: true })
      for (let count = 0; count < 4; count++) {
        yield* TestClock.adjust("10 seconds")
        yield* Queue.take(pings)
        // By then the first station has read its pong too.
        yield* talk(other.csms, answering)
        yield* talk(other.csms, answering)
      }
      assert.deepInclude(yield* Fiber.join(lost), { _tag: "Uncertain", reason: "ConnectionLost" })
      assert.deepStrictEqual(yield* Queue.takeN(statuses, 2), ["Connected", "GaveUp"])
      yield* talk(alive.csms, peer)
    })
  )

  it.effect("[CON-11] a ping interval of 0 turns pings off", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { csms } = yield* connect(server.url, {}, { pingInterval: 0 })
      const { peer } = yield* server.next
      let pings = 0
      peer.socket.on("ping", () => pings++)
      yield* TestClock.adjust("3 days")
      yield* talk(csms, peer)
      assert.strictEqual(pings, 0)
    })
  )
})

describe("transport", () => {
  /** A connection as the layer makes it, without a station behind it. */
  const connected = Effect.fnUntraced(function* (url: string) {
    const { connect: open } = Context.get(yield* Layer.build(WebSocketClient.layer()), Connector)
    const subprotocols = ["ocpp2.0.1", "ocpp1.6"]
    return yield* open({ url, identity: "CP001", subprotocols, password: undefined, timeout: Duration.seconds(1) })
  })

  it.live("it keeps what comes until someone listens, the end included", () =>
    Effect.gen(function* () {
      const server = yield* rawCsms((socket, data) => {
        const close = frame("close", Buffer.of(0x0f, 0xa1), { masked: false })
        if (data.toString("latin1").startsWith("GET")) {
          const frames = ["one", "two"].map((text) => frame("text", text, { masked: false }))
          socket.write(Buffer.concat([switching(data), ...frames, close]))
        } else socket.end()
      })
      const connection = yield* connected(server.url)
      const { subprotocol } = connection
      const transport = textOf(connection)
      assert.strictEqual(subprotocol, "ocpp1.6")
      // Whatever was read with the handshake has been passed on by then.
      for (let turn = 0; turn < 5; turn++) yield* Effect.promise(() => setImmediate())
      const events = yield* Queue.unbounded<unknown>()
      transport.listen({
        frame: (text) => Queue.offerUnsafe(events, text),
        dropped: (kind) => Queue.offerUnsafe(events, kind),
        closed: (code) => Queue.offerUnsafe(events, code)
      })
      assert.deepStrictEqual(yield* soon(Queue.takeN(events, 3)), ["one", "two", 4001])
      assert.isFalse(transport.send("too late"))
    })
  )

  it.live("it closes at once even if nobody ever listened", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const [duration] = yield* Effect.timed(Effect.scoped(connected(server.url)))
      assert.isBelow(Duration.toMillis(duration), 900)
      const { peer } = yield* server.next
      assert.strictEqual((yield* peer.closed).code, 1000)
    })
  )
})

describe("the end of the layer", () => {
  it.live("reaches the CSMS as a clean close; what was called is uncertain", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { csms, stop } = yield* connect(server.url)
      const { peer } = yield* server.next
      const pending = yield* Effect.forkChild(Effect.flip(csms.heartbeat({})))
      yield* peer.receive
      const [duration] = yield* Effect.timed(stop)
      assert.isBelow(Duration.toMillis(duration), 900)
      assert.strictEqual((yield* peer.closed).code, 1000)
      assert.deepInclude(yield* Fiber.join(pending), { _tag: "Uncertain", reason: "ConnectionLost" })
      assert.deepInclude(yield* Effect.flip(csms.heartbeat({})), { _tag: "NotSent", reason: "NotConnected" })
    })
  )

  it.live("is a Disconnected with 1000 for our own CSMS", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const sessions = yield* subscribe(csms.sessions)
      const { stop } = yield* connect(url)
      yield* stop
      const [, last] = yield* Queue.takeN(sessions, 2)
      assert.deepInclude(last, { _tag: "Disconnected", code: 1000 })
      assert.deepStrictEqual(yield* csms.connected, [])
    })
  )

  it.live("comes within a second when the CSMS ignores the close", () =>
    Effect.gen(function* () {
      const closes = yield* Queue.unbounded<number>()
      let isUpgraded = false
      const server = yield* rawCsms((socket, data) => {
        if (!isUpgraded) socket.write(switching(data))
        else {
          const next = readFrame(data)
          if (next?.frame.opcode === opcode.close) Queue.offerUnsafe(closes, closeOf(next.frame).code)
        }
        isUpgraded = true
      })
      const { stop } = yield* connect(server.url)
      const [duration] = yield* Effect.timed(stop)
      assert.isBelow(Duration.toMillis(duration), 1800)
      assert.strictEqual(yield* Queue.take(closes), 1000)
    })
  )

  it.live("does not wait for an attempt to reconnect that is under way", () =>
    Effect.gen(function* () {
      let attempts = 0
      const server = yield* rawCsms((socket, data) => {
        if (attempts++ === 0) socket.end(switching(data))
      })
      const { stop } = yield* connect(server.url, { reconnect: quickly })
      yield* server.next
      yield* server.next
      yield* soon(stop)
    })
  )

  it.live("ends the reconnecting", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      const { station, stop } = yield* connect(server.url, { reconnect: Schedule.spaced("1 hour") })
      const statuses = yield* subscribe(statusOf(station))
      const { peer } = yield* server.next
      peer.socket.terminate()
      assert.deepStrictEqual(yield* Queue.takeN(statuses, 2), ["Connected", "Disconnected"])
      yield* soon(stop)
    })
  )
})
