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
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as Http from "node:http"
import type { Socket } from "node:net"
import { type Handshake, HandshakeRefused, unauthorized, unknownStation } from "../../src/csms/index.ts"
import { WebSocketServer } from "../../src/node/index.ts"
import * as V16 from "../../src/v16/index.ts"
import {
  basic,
  call,
  closeOf,
  csms as csmsLayer,
  frame,
  handlers,
  idOf,
  logs,
  opcode,
  portOf,
  rawStation,
  refused,
  serve,
  silent,
  speaking,
  subscribe,
  time,
  wsStation
} from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("1 second")

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

/** The handshakes that an `accept` is asked for, all of which it lets in. */
const recording = () => {
  const handshakes: Array<Handshake> = []
  return { handshakes, accept: (handshake: Handshake) => Effect.sync(() => void handshakes.push(handshake)) }
}

/** A frame of so many bytes that is no frame of OCPP-J. */
const sized = (bytes: number) => JSON.stringify(["x".repeat(bytes - 4)])

/** Returns once the server has read what other stations had sent: it has answered a later one twice. */
const read = (url: string) =>
  Effect.gen(function* () {
    const station = yield* wsStation(`${url}/READ`)
    for (let count = 0; count < 2; count++) {
      yield* station.send(heartbeat)
      yield* station.receive
    }
  }).pipe(Effect.scoped)

describe("sub-protocol", () => {
  const both = [handlers, speaking("ocpp2.0.1")]

  it.live("[CON-05] it is agreed in the order of the station's preference, not of the CSMS's", () =>
    Effect.gen(function* () {
      const { url } = yield* serve({ handlers: both })
      const agreed = (...offered: ReadonlyArray<string>) =>
        Effect.map(wsStation(`${url}/CP001`, offered), ({ socket }) => socket.protocol)
      assert.strictEqual(yield* agreed("ocpp1.6", "ocpp2.0.1"), "ocpp1.6")
      assert.strictEqual(yield* agreed("ocpp2.0.1", "ocpp1.6"), "ocpp2.0.1")
      assert.strictEqual(yield* agreed("ocpp9.9", "OCPP1.6", "ocpp1.6"), "ocpp1.6")
    })
  )

  it.live("[CON-05] the version is never taken from the URL", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve({ handlers: both })
      const station = yield* wsStation(`${url}/ocpp2.0.1/CP001`, ["ocpp1.6"])
      assert.strictEqual(station.socket.protocol, "ocpp1.6")
      const session = Option.getOrThrow(yield* csms.session("CP001"))
      assert.strictEqual(session.protocol.subprotocol, "ocpp1.6")
    })
  )

  for (const offered of [",ocpp1.6", "ocpp1.6,", "ocpp9.9,,ocpp1.6", " ocpp1.6 , ocpp2.0.1", "ocpp1.6\t,\tocpp2.0.1"]) {
    it.live(`[CON-05] the list ${JSON.stringify(offered)} is still read`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve({ handlers: both })
        const station = yield* rawStation(port, { headers: { "sec-websocket-protocol": offered } })
        const { headers, status } = yield* station.answer
        assert.strictEqual(status, 101)
        assert.strictEqual(headers.get("sec-websocket-protocol"), "ocpp1.6")
        yield* station.send(call("h", "Heartbeat", {}))
        assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
      })
    )
  }

  for (const [what, offered] of [
    ["none in common", "ocpp2.1, ocpp2.0"],
    ["no header", undefined],
    ["an empty header", ""]
  ] as const) {
    it.live(`[CON-06] ${what}: the handshake is completed without one and the connection closed at once`, () =>
      Effect.gen(function* () {
        const { csms, port } = yield* serve({ handlers: both })
        const station = yield* rawStation(port, { headers: { "sec-websocket-protocol": offered } })
        const { headers, status } = yield* station.answer
        assert.strictEqual(status, 101)
        assert.isFalse(headers.has("sec-websocket-protocol"))
        const close = yield* station.frame
        assert.strictEqual(close.opcode, opcode.close)
        assert.strictEqual(closeOf(close).code, 1002)
        assert.deepStrictEqual(yield* csms.connected, [])
      })
    )
  }

  it.live("a station that was sent away for its sub-protocol cannot harm the server with what it sends then", () =>
    Effect.gen(function* () {
      const { port, url } = yield* serve()
      const rogue = yield* rawStation(port, { headers: { "sec-websocket-protocol": "ocpp9.9" } })
      yield* rogue.frame
      yield* rogue.send(frame("text", "not masked", { masked: false }))
      yield* rogue.gone
      const station = yield* wsStation(`${url}/CP001`)
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
    })
  )
})

describe("identity", () => {
  for (const [path, identity] of [
    ["/CP001", "CP001"],
    ["/RDAM%7C123", "RDAM|123"],
    ["/RDAM%20123", "RDAM 123"],
    ["/a%2Fb", "a/b"],
    ["/100%25", "100%"],
    ["/CP%252F1", "CP%2F1"],
    ["/RDAM%3A123", "RDAM:123"],
    ["/RDAM:123", "RDAM:123"],
    ["/Stra%C3%9Fe%F0%9F%94%8C", "Straße🔌"],
    ["/ocpp/v1/CP001", "CP001"],
    ["/CP001?token=a/b", "CP001"],
    ["//CP001", "CP001"]
  ] as const) {
    it.live(`[CON-02] ${path} is the station "${identity}"`, () =>
      Effect.gen(function* () {
        const { accept, handshakes } = recording()
        const { csms, port } = yield* serve({ accept })
        const station = yield* rawStation(port, { path })
        assert.strictEqual((yield* station.answer).status, 101)
        assert.strictEqual(handshakes[0]?.identity, identity)
        assert.strictEqual(handshakes[0]?.path, path.split("?")[0])
        assert.isTrue(Option.isSome(yield* csms.session(identity)))
      })
    )
  }

  for (const path of ["/", "/ocpp/", "/?id=CP001", "/%", "/%zz", "/CP%7", "/%E0%A4", "/%FF", "/CP%00", "/CP%0A1"]) {
    it.live(`[CON-02] ${path} is no station: 404, and nobody is asked`, () =>
      Effect.gen(function* () {
        const { accept, handshakes } = recording()
        const { port } = yield* serve({ accept })
        assert.strictEqual((yield* refused(port, { path })).status, 404)
        assert.deepStrictEqual(handshakes, [])
      })
    )
  }
})

describe("accept", () => {
  it.live("[CON-07] [SEC-02] bad credentials: 401 with WWW-Authenticate, before the upgrade", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ accept: () => Effect.fail(unauthorized) })
      const { headers, status } = yield* refused(port)
      assert.strictEqual(status, 401)
      assert.match(headers.get("www-authenticate") ?? "", /^Basic realm="/)
      assert.isFalse(headers.has("sec-websocket-accept"))
    })
  )

  it.live("[CON-07] an unknown station: 404, before the upgrade", () =>
    Effect.gen(function* () {
      const { csms, port } = yield* serve({ accept: () => Effect.fail(unknownStation) })
      const { headers, status } = yield* refused(port)
      assert.strictEqual(status, 404)
      assert.isFalse(headers.has("www-authenticate"))
      assert.deepStrictEqual(yield* csms.connected, [])
    })
  )

  for (const status of [400, 403, 429, 503] as const) {
    it.live(`it may refuse with ${status}`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve({ accept: () => Effect.fail(new HandshakeRefused({ status })) })
        assert.strictEqual((yield* refused(port)).status, status)
      })
    )
  }

  it.live("a station that sends on without waiting still reads why it was refused", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ accept: () => Effect.delay(Effect.fail(unauthorized), "20 millis") })
      const station = yield* rawStation(port, { early: call("1", "Heartbeat", {}) })
      yield* station.send(frame("text", "x".repeat(50_000)))
      assert.strictEqual((yield* station.answer).status, 401)
    })
  )

  it.live("one that takes too long: 503, and it is interrupted", () =>
    Effect.gen(function* () {
      const interrupted = yield* Deferred.make<void>()
      const { port } = yield* serve({
        accept: () => Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined)),
        server: { handshakeTimeout: "20 millis" }
      })
      assert.strictEqual((yield* refused(port)).status, 503)
      yield* soon(Deferred.await(interrupted))
    })
  )

  it.live("one that dies: 503, and the log says so without a word of the credentials", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      const { port } = yield* Effect.provide(serve({ accept: () => Effect.die(new Error("boom")) }), layer)
      const { body, status } = yield* refused(port, { headers: { authorization: basic("CP001", "s3cret-pa55") } })
      assert.strictEqual(status, 503)
      assert.strictEqual(body, "")
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "boom")
      assert.notInclude(lines[0], "s3cret-pa55")
      assert.notInclude(lines[0], basic("CP001", "s3cret-pa55").slice(6))
    })
  )

  for (const [how, leave] of [
    ["cuts the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["ends the connection", (socket: Socket) => socket.destroy()]
  ] as const) {
    it.live(`it is interrupted when the station ${how} meanwhile`, () =>
      Effect.gen(function* () {
        const asked = yield* Deferred.make<void>()
        const interrupted = yield* Deferred.make<void>()
        const { port } = yield* serve({
          accept: () =>
            Deferred.succeed(asked, undefined).pipe(
              Effect.andThen(Effect.never),
              Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined))
            )
        })
        const station = yield* rawStation(port)
        yield* Deferred.await(asked)
        leave(station.socket)
        yield* soon(Deferred.await(interrupted))
      })
    )
  }

  it.live("it may let a station in after a while", () =>
    Effect.gen(function* () {
      const { url } = yield* serve({ accept: () => Effect.sleep("5 millis") })
      const station = yield* wsStation(`${url}/CP001`)
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
    })
  )

  it.live("[SEC-08] it sees the headers and the address, not the raw credentials", () =>
    Effect.gen(function* () {
      const { accept, handshakes } = recording()
      const { port } = yield* serve({ accept })
      const authorization = basic("CP001", "s3cret-pa55")
      const station = yield* rawStation(port, { headers: { "X-Vendor": "Quux", authorization } })
      yield* station.answer
      const handshake = handshakes[0]!
      assert.strictEqual(handshake.headers.get("x-vendor"), "Quux")
      assert.isFalse(handshake.headers.has("authorization"))
      assert.deepStrictEqual(handshake.subprotocols, ["ocpp1.6"])
      assert.strictEqual(handshake.remoteAddress, "127.0.0.1")
      assert.notInclude(JSON.stringify(handshake), "s3cret-pa55")
    })
  )
})

describe("credentials", () => {
  /** What `accept` gets of an Authorization header. */
  const credentialsOf = Effect.fnUntraced(function* (path: string, authorization: string | undefined) {
    const { accept, handshakes } = recording()
    const { port } = yield* serve({ accept })
    const station = yield* rawStation(port, { path, headers: { authorization } })
    assert.strictEqual((yield* station.answer).status, 101)
    return Option.map(handshakes[0]!.credentials, ({ password, username }) => ({
      username,
      password: Array.from(Redacted.value(password))
    }))
  })

  it.live("[SEC-03] the password comes as the bytes that were sent, UTF-8 or not", () =>
    Effect.gen(function* () {
      const password = [0x00, 0xff, 0xc3, 0x28, 0x3a, 0x80, 0x0a, 0xfe]
      const credentials = yield* credentialsOf("/CP001", basic("CP001", Uint8Array.from(password)))
      assert.deepStrictEqual(credentials, Option.some({ username: "CP001", password }))
    })
  )

  it.live("[SEC-03] an identity may hold colons, and so may its password", () =>
    Effect.gen(function* () {
      const credentials = yield* credentialsOf("/RDAM%3A12%3A3", basic("RDAM:12:3", "pa:ss:"))
      assert.deepStrictEqual(
        credentials,
        Option.some({ username: "RDAM:12:3", password: Array.from(Buffer.from("pa:ss:")) })
      )
    })
  )

  it.live("[SEC-02] the user name may be beyond ASCII, the password empty", () =>
    Effect.gen(function* () {
      const credentials = yield* credentialsOf("/Stra%C3%9Fe", basic("Straße", ""))
      assert.deepStrictEqual(credentials, Option.some({ username: "Straße", password: [] }))
    })
  )

  it.live("[SEC-02] the scheme is read in any case", () =>
    Effect.gen(function* () {
      const credentials = yield* credentialsOf("/CP001", basic("CP001", "x").replace("Basic", "bASIC "))
      assert.deepStrictEqual(credentials, Option.some({ username: "CP001", password: [0x78] }))
    })
  )

  for (const [what, authorization] of [
    ["no header", undefined],
    ["an empty header", ""],
    ["another scheme", "Bearer CP001"],
    ["no base64", "Basic %%%"],
    ["no colon", `Basic ${Buffer.from("CP001").toString("base64")}`]
  ] as const) {
    it.live(`${what}: there are none`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* credentialsOf("/CP001", authorization), Option.none())
      })
    )
  }

  for (const username of ["CP002", "cp001", "CP001 ", "", "CP0", "CP0011"]) {
    it.live(`[CON-04] [SEC-02] user name "${username}" for CP001: 401, and nobody is asked`, () =>
      Effect.gen(function* () {
        const { accept, handshakes } = recording()
        const { port } = yield* serve({ accept })
        const { headers, status } = yield* refused(port, { headers: { authorization: basic(username, "secret") } })
        assert.strictEqual(status, 401)
        assert.isTrue(headers.has("www-authenticate"))
        assert.deepStrictEqual(handshakes, [])
      })
    )
  }
})

describe("what is no handshake", () => {
  for (const [what, headers] of [
    ["a bad Sec-WebSocket-Key", { "sec-websocket-key": "short" }],
    ["no Sec-WebSocket-Key", { "sec-websocket-key": undefined }],
    ["an unknown WebSocket version", { "sec-websocket-version": "12" }],
    ["another upgrade", { upgrade: "h2c" }]
  ] as const) {
    it.live(`${what}: an answer of 4xx, and the server goes on`, () =>
      Effect.gen(function* () {
        const { csms, port, url } = yield* serve()
        const { status } = yield* refused(port, { headers })
        assert.isTrue(status >= 400 && status < 500, String(status))
        assert.deepStrictEqual(yield* csms.connected, [])
        yield* wsStation(`${url}/CP001`)
      })
    )
  }

  it.live("a plain HTTP request gets 426", () =>
    Effect.gen(function* () {
      const { accept, handshakes } = recording()
      const { url } = yield* serve({ accept })
      const response = yield* Effect.promise(() => fetch(`${url.replace("ws:", "http:")}/CP001`))
      assert.strictEqual(response.status, 426)
      assert.strictEqual(response.headers.get("upgrade"), "websocket")
      yield* Effect.promise(() => response.text())
      assert.deepStrictEqual(handshakes, [])
    })
  )

  it.live("what is no HTTP gets no harm done", () =>
    Effect.gen(function* () {
      const { port, url } = yield* serve()
      const garbage = yield* rawStation(port, { path: "\u0000\u0001 ", headers: { host: undefined } })
      yield* garbage.send(Buffer.from([0, 1, 2, 0xff, 0x0d, 0x0a, 0x0d, 0x0a]))
      yield* garbage.gone
      yield* wsStation(`${url}/CP001`)
    })
  )
})

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

  it.live("[CON-08] a station that offers compression is let in without it", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port, { headers: { "sec-websocket-extensions": "permessage-deflate" } })
      const { headers, status } = yield* station.answer
      assert.strictEqual(status, 101)
      assert.isFalse(headers.has("sec-websocket-extensions"))
      yield* station.send(call("h", "Heartbeat", {}))
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
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

  it.effect("a station that answers no pings is cut, one that answers is not", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({ server: { pingInterval: "10 seconds" } })
      const sessions = yield* subscribe(csms.sessions)
      const alive = yield* wsStation(`${url}/ALIVE`)
      const pings = yield* Queue.unbounded<void>()
      alive.socket.on("ping", () => Queue.offerUnsafe(pings, undefined))
      const dead = yield* rawStation(port, { path: "/DEAD" })
      yield* dead.answer
      const pending = yield* Effect.forkChild(Effect.flip(csms.call("DEAD", V16.ClearCache, {})), {
        startImmediately: true
      })
      yield* TestClock.adjust("10 seconds")
      yield* Queue.take(pings)
      yield* read(url)
      yield* TestClock.adjust("10 seconds")
      yield* dead.gone
      assert.deepInclude(yield* Fiber.join(pending), { _tag: "Uncertain", reason: "ConnectionLost" })
      const ended = yield* Stream.fromQueue(sessions).pipe(
        Stream.filter((event) => event._tag === "Disconnected" && event.session.identity !== "READ"),
        Stream.runHead
      )
      assert.deepInclude(Option.getOrThrow(ended), { code: 1006 })
      assert.strictEqual(Option.getOrThrow(ended).session.identity, "DEAD")
      for (let count = 0; count < 3; count++) {
        yield* Queue.take(pings)
        yield* read(url)
        yield* TestClock.adjust("10 seconds")
      }
      yield* alive.send(heartbeat)
      assert.deepStrictEqual(yield* alive.receive, heartbeatAnswer)
    })
  )

  for (const [what, bytes, answer] of [
    ["frames", call("h", "Heartbeat", {}), opcode.text],
    ["pings of its own", frame("ping", "?"), opcode.pong]
  ] as const) {
    it.effect(`a station that answers no pings and sends ${what} is alive`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve({ server: { pingInterval: "10 seconds" } })
        const station = yield* rawStation(port)
        yield* station.answer
        for (let count = 0; count < 5; count++) {
          yield* TestClock.adjust("10 seconds")
          assert.strictEqual((yield* station.frame).opcode, opcode.ping)
          yield* station.send(bytes)
          assert.strictEqual((yield* station.frame).opcode, answer)
        }
      })
    )
  }

  it.effect("[CON-11] a ping interval of 0 turns pings off", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ server: { pingInterval: 0 } })
      const station = yield* rawStation(port)
      yield* station.answer
      yield* TestClock.adjust("3 days")
      yield* station.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* station.frame).opcode, opcode.text)
    })
  )

  it.effect("by default a station is pinged every minute, and cut after a silent one", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port)
      yield* station.answer
      yield* TestClock.adjust("59 seconds")
      yield* station.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* station.frame).opcode, opcode.text)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* station.frame).opcode, opcode.ping)
      yield* TestClock.adjust("1 minute")
      yield* station.gone
    })
  )
})

describe("shutdown", () => {
  it.live("stations are told with 1001, and what was called of them is uncertain", () =>
    Effect.gen(function* () {
      const { csms, stop, url } = yield* serve()
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
      for (const host of [undefined, "0.0.0.0", "localhost"]) {
        const { port, url } = yield* serve({ server: { host } })
        assert.isAbove(port, 0)
        assert.strictEqual(url, `ws://${host === "localhost" ? host : "127.0.0.1"}:${port}`)
        yield* wsStation(`${url}/CP001`)
      }
    })
  )
})

const get = (port: number, path: string) =>
  Effect.promise(async () => (await fetch(`http://127.0.0.1:${port}${path}`)).text())

describe("attach", () => {
  /** An HTTP server of somebody else. */
  const existing = Effect.acquireRelease(
    Effect.callback<Http.Server>((resume) => {
      const server = Http.createServer((request, response) => response.end(`you asked for ${request.url}`))
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )

  it.live("takes the upgrades of a server that exists and leaves its other routes alone", () =>
    Effect.gen(function* () {
      const server = yield* existing
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
      const server = yield* existing
      yield* WebSocketServer.attach(server, { handshakeTimeout: "20 millis" }).pipe(
        Effect.provide(csmsLayer({ accept: () => Effect.never }))
      )
      assert.strictEqual((yield* refused(portOf(server))).status, 503)
    })
  )
})
