/**
 * The handshake of a station, of `ws`, of bare bytes or our own, with the WebSocket server.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { Socket } from "node:net"
import { type Handshake, HandshakeRefused, hasPassword, unauthorized, unknownStation } from "../../src/csms/index.ts"
import { WebSocketServer } from "../../src/node/index.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import {
  basic,
  call,
  closeOf,
  connect,
  csms as csmsLayer,
  defectOf,
  frame,
  get,
  handlers,
  httpServer,
  logs,
  opcode,
  passwordOf,
  portOf,
  rawStation,
  recording,
  refused,
  serve,
  speaking,
  wsStation
} from "./support.ts"
import { time } from "../support/messages.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("1 second")

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

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
      assert.strictEqual(session.protocol.json.subprotocol, "ocpp1.6")
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

  for (const offered of [undefined, "", ", "]) {
    it.live(`[CON-06] without an offer (${JSON.stringify(offered)}) a default is spoken, and no header says so`, () =>
      Effect.gen(function* () {
        const { csms, port } = yield* serve({ handlers: both, defaultProtocol: handlers.protocol })
        const station = yield* rawStation(port, { headers: { "sec-websocket-protocol": offered } })
        const { headers, status } = yield* station.answer
        assert.strictEqual(status, 101)
        assert.isFalse(headers.has("sec-websocket-protocol"))
        yield* station.send(call("h", "Heartbeat", {}))
        assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
        const session = Option.getOrThrow(yield* csms.session("CP001"))
        assert.strictEqual(session.protocol.json.subprotocol, "ocpp1.6")
      })
    )
  }

  it.live("[CON-06] a station of `ws` without an offer is served by a default too", () =>
    Effect.gen(function* () {
      const { url } = yield* serve({ defaultProtocol: handlers.protocol })
      const station = yield* wsStation(`${url}/CP001`, [])
      assert.strictEqual(station.socket.protocol, "")
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
    })
  )

  it.live("[CON-06] a default is nothing for a station that offers what is not spoken", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ defaultProtocol: handlers.protocol })
      const station = yield* rawStation(port, { headers: { "sec-websocket-protocol": "ocpp9.9" } })
      assert.isFalse((yield* station.answer).headers.has("sec-websocket-protocol"))
      assert.strictEqual(closeOf(yield* station.frame).code, 1002)
    })
  )

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
    ["/CP%2541", "CP%41"],
    ["/RDAM%3A123", "RDAM:123"],
    ["/RDAM:123", "RDAM:123"],
    ["/Stra%C3%9Fe%F0%9F%94%8C", "Straße🔌"],
    ["/ocpp/v1/CP001", "CP001"],
    ["/CP001?token=a/b", "CP001"],
    ["//CP001", "CP001"],
    ["http://csms.example/ocpp/CP001?x", "CP001"]
  ] as const) {
    it.live(`[CON-02] ${path} is the station "${identity}"`, () =>
      Effect.gen(function* () {
        const { accept, handshakes } = recording()
        const { csms, port } = yield* serve({ accept })
        const station = yield* rawStation(port, { path })
        assert.strictEqual((yield* station.answer).status, 101)
        assert.strictEqual(handshakes[0]?.identity, identity)
        assert.strictEqual(handshakes[0]?.path, path.replace("http://csms.example", "").split("?")[0])
        assert.isTrue(Option.isSome(yield* csms.session(identity)))
      })
    )
  }

  for (const [path, status] of [
    ["/", 404],
    ["//", 404],
    ["/?id=CP001", 404],
    ["*", 404],
    ["/%", 400],
    ["/%zz", 400],
    ["/CP%7", 400],
    ["/%E0%A4", 400],
    ["/%FF", 400],
    ["/CP%00", 400],
    ["/CP%0A1", 400]
  ] as const) {
    it.live(`[CON-02] ${path} is no station: ${status}, and nobody is asked`, () =>
      Effect.gen(function* () {
        const { accept, handshakes } = recording()
        const { port } = yield* serve({ accept })
        const answer = yield* refused(port, { path })
        assert.strictEqual(answer.status, status)
        assert.isFalse(answer.headers.has("sec-websocket-accept"))
        assert.deepStrictEqual(handshakes, [])
      })
    )
  }

  const versions = [
    V15.csmsHandlersPartial({}),
    V16.csmsHandlersPartial({}),
    V201.csmsHandlersPartial({}),
    V21.csmsHandlersPartial({})
  ] as const

  for (const [subprotocol, identity, status] of [
    ["ocpp1.5", "x".repeat(255), 101],
    ["ocpp1.6", "x".repeat(255), 101],
    ["ocpp1.6", "x".repeat(256), 400],
    ["ocpp1.6", "RDAM:123", 101],
    ["ocpp2.0.1", "x".repeat(48), 101],
    ["ocpp2.0.1", "🔌".repeat(48), 101],
    ["ocpp2.0.1", "x".repeat(49), 400],
    ["ocpp2.0.1", "RDAM:123", 400],
    ["ocpp2.1", "x".repeat(48), 101],
    ["ocpp2.1", "x".repeat(49), 400],
    ["ocpp2.1", "RDAM:123", 400]
  ] as const) {
    it.live(`[CON-03] ${identity.slice(0, 8)}, ${identity.length} long, with ${subprotocol}: ${status}`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve({ handlers: versions })
        const station = yield* rawStation(port, {
          path: `/ocpp/${encodeURIComponent(identity)}`,
          headers: { "sec-websocket-protocol": subprotocol }
        })
        assert.strictEqual((yield* station.answer).status, status)
      })
    )
  }
})

const knowing = (password: string) => (handshake: Handshake) =>
  hasPassword(handshake, Redacted.make(password)) ? Effect.void : Effect.fail(unauthorized)

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

  it.live("[CON-07] a password that is missing or wrong: 401; the right one is let in", () =>
    Effect.gen(function* () {
      const { port, url } = yield* serve({ accept: knowing("s3cret") })
      for (const authorization of [undefined, basic("CP001", ""), basic("CP001", "s3cre"), basic("CP001", "s3cret ")]) {
        assert.strictEqual((yield* refused(port, { headers: { authorization } })).status, 401)
      }
      assert.deepInclude(yield* Effect.flip(connect(url)), { _tag: "ConnectRefused", status: 401 })
      const { csms } = yield* connect(url, passwordOf("s3cret"))
      assert.deepStrictEqual(yield* csms.heartbeat({}), { currentTime: time })
    })
  )

  for (const status of [400, 403, 409, 429, 503] as const) {
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

  for (const [how, accept] of [
    ["dies", () => Effect.die(new Error("boom"))],
    // What fails with `any` is let through by the types.
    ["fails with what is no refusal", () => Effect.fail(new Error("boom") as never)]
  ] as const) {
    it.live(`one that ${how}: 503, and the log says so without a word of the credentials`, () =>
      Effect.gen(function* () {
        const { layer, lines } = logs()
        const { port } = yield* Effect.provide(serve({ accept }), layer)
        const { body, status } = yield* refused(port, { headers: { authorization: basic("CP001", "s3cret-pa55") } })
        assert.strictEqual(status, 503)
        assert.strictEqual(body, "")
        assert.strictEqual(lines.length, 1)
        assert.include(lines[0], "boom")
        assert.notInclude(lines[0], "s3cret-pa55")
        assert.notInclude(lines[0], basic("CP001", "s3cret-pa55").slice(6))
      })
    )
  }

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

  for (const method of ["POST", "HEAD", "PUT"]) {
    it.live(`${method} with an upgrade: 405, and the server goes on`, () =>
      Effect.gen(function* () {
        const { csms, port, url } = yield* serve()
        assert.strictEqual((yield* refused(port, { method })).status, 405)
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

describe("several endpoints in one process", () => {
  it.live("two CSMS, each with a server of its own, know nothing of each other's stations", () =>
    Effect.gen(function* () {
      const one = yield* serve()
      const two = yield* serve({ handlers: [speaking("ocpp2.0.1")] })
      const first = yield* wsStation(`${one.url}/CP001`)
      yield* wsStation(`${two.url}/CP001`, ["ocpp2.0.1"])
      yield* first.send(heartbeat)
      assert.deepStrictEqual(yield* first.receive, heartbeatAnswer)
      const sessions = [...(yield* one.csms.connected), ...(yield* two.csms.connected)]
      assert.deepStrictEqual(
        sessions.map(({ protocol }) => protocol.json.subprotocol),
        ["ocpp1.6", "ocpp2.0.1"]
      )
      yield* two.stop
      yield* first.send(heartbeat)
      assert.deepStrictEqual(yield* first.receive, heartbeatAnswer)
    })
  )

  it.live("two CSMS share one HTTP server, each below its path, whatever path was there first", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const outer = recording()
      const inner = recording()
      const scope = yield* Scope.fork(yield* Effect.scope)
      yield* WebSocketServer.attach(server, { path: "/ocpp/new/" }).pipe(
        Effect.provide(yield* Layer.buildWithScope(csmsLayer(inner), scope)),
        Scope.provide(scope)
      )
      yield* WebSocketServer.attach(server, { path: "/ocpp" }).pipe(
        Effect.provide(yield* Layer.build(csmsLayer(outer)))
      )
      const port = portOf(server)
      for (const path of ["/ocpp/A", "/ocpp/x/B", "/ocpp/newer/C", "/ocpp/new/D", "/ocpp/new/x/E"]) {
        assert.strictEqual((yield* (yield* rawStation(port, { path })).answer).status, 101)
      }
      const asked = ({ handshakes }: typeof outer) => handshakes.map(({ identity }) => identity)
      assert.deepStrictEqual(
        [asked(outer), asked(inner)],
        [
          ["A", "B", "C"],
          ["D", "E"]
        ]
      )
      for (const path of ["/ocpp", "/", "/other/CP001", "/ocppx/CP001", "/CP001", "/OCPP/CP001"]) {
        assert.strictEqual((yield* refused(port, { path })).status, 404, path)
      }
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* (yield* rawStation(port, { path: "/ocpp/new/D" })).answer).status, 101)
      assert.deepStrictEqual(asked(outer), ["A", "B", "C", "D"])
    })
  )

  it.live("a path that is taken or is none is a defect that says so", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      yield* WebSocketServer.attach(server, { path: "/ocpp" }).pipe(Effect.provide(yield* Layer.build(csmsLayer())))
      for (const [path, message] of [
        ["/ocpp/", 'path: "/ocpp/" of this server is taken'],
        ["ocpp", 'path: "ocpp" does not start with "/"'],
        ["", 'path: "" does not start with "/"']
      ] as const) {
        assert.strictEqual(
          yield* defectOf(WebSocketServer.attach(server, { path }).pipe(Effect.provide(csmsLayer()))),
          message
        )
      }
    })
  )

  it.live("upgrade requests outside the path, and all others, are the application's own", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const port = portOf(server)
      const scope = yield* Scope.fork(yield* Effect.scope)
      yield* WebSocketServer.attach(server, { path: "/ocpp" }).pipe(
        Effect.provide(yield* Layer.buildWithScope(csmsLayer(), scope)),
        Scope.provide(scope)
      )
      assert.strictEqual((yield* refused(port, { path: "/own" })).status, 404)
      server.on("upgrade", (request, socket) => {
        if (request.url === "/own") socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n")
      })
      assert.strictEqual((yield* refused(port, { path: "/own" })).status, 418)
      const station = yield* wsStation(`ws://127.0.0.1:${port}/ocpp/CP001`)
      assert.strictEqual(yield* get(port, "/status"), "you asked for /status")
      assert.strictEqual(yield* get(port, "/ocpp/CP001"), "you asked for /ocpp/CP001")
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* station.closed).code, 1001)
      assert.strictEqual(server.listenerCount("upgrade"), 1)
      assert.strictEqual((yield* refused(port, { path: "/own" })).status, 418)
    })
  )

  it.live("a server of its own has a path too, which is in its URL", () =>
    Effect.gen(function* () {
      const { port, url } = yield* serve({ server: { path: "/ocpp/v1/" } })
      assert.strictEqual(url, `ws://127.0.0.1:${port}/ocpp/v1`)
      const { csms } = yield* connect(url, { identity: "RDAM|123" })
      assert.deepStrictEqual(yield* csms.heartbeat({}), { currentTime: time })
      assert.strictEqual((yield* refused(port, { path: "/CP001" })).status, 404)
    })
  )
})
