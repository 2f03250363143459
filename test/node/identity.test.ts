/**
 * Which station a request is of, whatever says so, and what becomes of one that says nothing.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { hasPassword, unauthorized } from "../../src/csms/index.ts"
import { Identity } from "../../src/index.ts"
import { WebSocketServer } from "../../src/node/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { time } from "../support/messages.ts"
import {
  basic,
  call,
  certificate,
  connect,
  csms as csmsLayer,
  handlers,
  httpServer,
  type LiveOptions,
  logs,
  opcode,
  portOf,
  rawStation,
  recording,
  refused,
  serve,
  wsStation
} from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

/** A CSMS that asks `identityOf`, if there is one, and what `accept` was asked. */
const serving = Effect.fnUntraced(function* (
  identityOf?: WebSocketServer.AttachOptions["identityOf"],
  options: LiveOptions = {}
) {
  const { accept, handshakes } = recording()
  const served = yield* serve({ accept, ...options, server: { identityOf, ...options.server } })
  const connected = Effect.map(served.csms.connected, (sessions) => sessions.map(({ identity }) => identity))
  return { ...served, seen: handshakes, connected }
})

describe("The identity of a station", () => {
  it.live("[FIELD-K6] can stand in the query, so that stations on one path are not one station", () =>
    Effect.gen(function* () {
      const { connected, seen, url } = yield* serving(({ query }) => query.get("station"))
      yield* wsStation(`${url}/ocpp?station=CP1&token=a%20b`, ["ocpp1.6"])
      yield* wsStation(`${url}/ocpp?station=CP%2F2`, ["ocpp1.6"])
      assert.deepStrictEqual(yield* connected, ["CP1", "CP/2"])
      assert.deepStrictEqual(
        seen.map(({ path, query }) => [path, query.get("token")]),
        [
          ["/ocpp", "a b"],
          ["/ocpp", null]
        ]
      )
    })
  )

  it.live("[FIELD-K6] can stand in a header, or in another segment of the path", () =>
    Effect.gen(function* () {
      const { connected, url } = yield* serving(
        ({ headers, path }) => headers.get("x-station") ?? Identity.fromPath(path.replace(/\/ws$/, ""))
      )
      yield* wsStation(`${url}/anything`, ["ocpp1.6"], { headers: { "x-station": "CP1" } })
      yield* wsStation(`${url}/CP2/ws`, ["ocpp1.6"])
      yield* connect(url, { identity: "CP3" })
      assert.deepStrictEqual(yield* connected, ["CP1", "CP2", "CP3"])
    })
  )

  it.live("[FIELD-K6] that nothing tells is answered with 404, and nobody is asked", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* serving(({ query }) => query.get("station"))
      for (const path of ["/CP1", "/", "/ocpp?station="]) {
        assert.strictEqual((yield* refused(port, { path })).status, 404)
      }
      assert.deepStrictEqual(seen, [])
    })
  )

  it.live("[FIELD-K6] that is no UTF-8 is answered with 400, for others would become the same", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* serving(
        ({ credentials, query }) => query.get("station") ?? Option.getOrUndefined(credentials)?.username
      )
      const user = Buffer.concat([Buffer.of(0xff), Buffer.from(":secret")]).toString("base64")
      for (const more of [
        { path: "/?station=%FF" },
        { path: "/?station=CP%C3" },
        { path: "/", headers: { authorization: `Basic ${user}` } }
      ]) {
        assert.strictEqual((yield* refused(port, more)).status, 400)
      }
      assert.deepStrictEqual(seen, [])
    })
  )

  it.live("[CON-04] [FIELD-K6] is the user name that its credentials must have", () =>
    Effect.gen(function* () {
      const { connected, url } = yield* serving(({ query }) => query.get("station"))
      const auth = { headers: { authorization: `Basic ${Buffer.from("CP1:secret").toString("base64")}` } }
      yield* wsStation(`${url}/ocpp?station=CP1`, ["ocpp1.6"], auth)
      assert.deepStrictEqual(yield* connected, ["CP1"])
    })
  )

  it.live("[CON-04] [FIELD-K6] can be the user name of a station that says nothing else", () =>
    Effect.gen(function* () {
      const { connected, port, seen } = yield* serving(
        ({ credentials }) => Option.getOrUndefined(credentials)?.username
      )
      const station = yield* rawStation(port, { path: "/", headers: { authorization: basic("CP1", "pass:word") } })
      assert.strictEqual((yield* station.answer).status, 101)
      assert.deepStrictEqual(yield* connected, ["CP1"])
      const { password } = Option.getOrThrow(seen[0]!.credentials)
      assert.strictEqual(Buffer.from(Redacted.value(password)).toString(), "pass:word")
    })
  )

  it.live("[SEC-06] [FIELD-K6] can be the name in its certificate, whatever the URL says", () =>
    Effect.gen(function* () {
      const own = yield* certificate("/CN=localhost", "IP:127.0.0.1")
      const known = yield* certificate("/O=Operator/CN=SN-1")
      const tls = { cert: own.cert, key: Redacted.make(own.key), ca: known.cert }
      const { connected, url } = yield* serving((request) => request.tls?.certificate?.commonName, { server: { tls } })
      yield* wsStation(`${url}/somebody-else`, ["ocpp1.6"], { ca: own.cert, cert: known.cert, key: known.key })
      assert.deepStrictEqual(yield* connected, ["SN-1"])
    })
  )

  it.live("[CON-06] [FIELD-K6] is not told by GET / without a sub-protocol: 404, or what the application knows", () =>
    Effect.gen(function* () {
      const bare = { path: "/", headers: { "sec-websocket-protocol": undefined } }
      const strict = yield* serving(undefined, { defaultProtocol: handlers.protocol })
      assert.strictEqual((yield* refused(strict.port, bare)).status, 404)
      assert.deepStrictEqual(strict.seen, [])

      const { connected, port, seen } = yield* serving(
        ({ path, remoteAddress }) => Identity.fromPath(path) ?? (remoteAddress === "127.0.0.1" ? "GRIZZL" : undefined),
        { defaultProtocol: handlers.protocol }
      )
      const station = yield* rawStation(port, bare)
      const { headers, status } = yield* station.answer
      assert.deepStrictEqual([status, headers.has("sec-websocket-protocol")], [101, false])
      yield* station.send(call("h", "Heartbeat", {}))
      assert.deepStrictEqual(yield* station.receive, [3, "h", { currentTime: time }])
      assert.deepStrictEqual(yield* connected, ["GRIZZL"])
      assert.deepStrictEqual([seen[0]?.path, seen[0]?.subprotocols], ["/", []])
    })
  )

  for (const [path, identity] of [
    ["/CP1/", "CP1"],
    ["/ocpp/CP1/", "CP1"],
    ["/ocpp/CP1/?x=/y", "CP1"],
    ["/RDAM%7C123/", "RDAM|123"],
    ["/a%2F/", "a/"],
    ["http://csms.example/ocpp/CP1/", "CP1"]
  ] as const) {
    it.live(`[CON-02] [FIELD-K6] may have a slash behind it: ${path} is the station "${identity}"`, () =>
      Effect.gen(function* () {
        const { connected, port } = yield* serving()
        assert.strictEqual((yield* (yield* rawStation(port, { path })).answer).status, 101)
        assert.deepStrictEqual(yield* connected, [identity])
      })
    )
  }

  it.live("[FIELD-K6] is never the path of the server itself, at which those may connect that say it elsewhere", () =>
    Effect.gen(function* () {
      const strict = yield* serving(undefined, { server: { path: "/ocpp" } })
      for (const path of ["/ocpp", "/ocpp/", "/ocpp?station=CP1", "/ocpp/?station=CP1", "/ocpp//"]) {
        assert.include([400, 404], (yield* refused(strict.port, { path })).status, path)
      }
      assert.deepStrictEqual(strict.seen, [])
      const { connected, url } = yield* serving(({ query }) => query.get("station"), { server: { path: "/ocpp" } })
      yield* wsStation(`${url}?station=CP1`)
      yield* wsStation(`${url}/?station=CP2`)
      yield* wsStation(`${url}/x/y?station=CP3`)
      assert.deepStrictEqual(yield* connected, ["CP1", "CP2", "CP3"])
      assert.strictEqual((yield* refused(Number(new URL(url).port), { path: "/ocppx?station=CP1" })).status, 404)
    })
  )

  for (const path of ["/.", "/..", "/ocpp/..", "/%2e%2E", "/ocpp/./"]) {
    it.live(`[CON-02] [FIELD-K7] is not a segment of dots: ${path} is refused with 400, and nobody is asked`, () =>
      Effect.gen(function* () {
        const { port, seen } = yield* serving()
        assert.strictEqual((yield* refused(port, { path })).status, 400)
        assert.deepStrictEqual(seen, [])
      })
    )
  }

  it.live("[CON-03] [FIELD-K6] has to be one that the version lets a station have, wherever it stands", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* serving(({ query }) => query.get("station"), {
        handlers: [V201.csmsHandlersPartial({})]
      })
      const headers = { "sec-websocket-protocol": "ocpp2.0.1" }
      for (const station of ["x".repeat(49), "a%3Ab", "a%00", ".", ".."]) {
        assert.strictEqual((yield* refused(port, { path: `/?station=${station}`, headers })).status, 400, station)
      }
      assert.deepStrictEqual(seen, [])
      const station = yield* rawStation(port, { path: `/?station=${"x".repeat(48)}`, headers })
      assert.strictEqual((yield* station.answer).status, 101)
    })
  )

  it.live("[FIELD-K6] that cannot be decided harms nobody: 503, and the log says why", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      const { connected, port, seen } = yield* Effect.provide(
        serving(({ path }) => {
          if (path === "/boom") throw new Error("no such table")
          return Identity.fromPath(path)
        }),
        layer
      )
      const authorization = basic("boom", "s3cret-pa55")
      assert.strictEqual((yield* refused(port, { path: "/boom", headers: { authorization } })).status, 503)
      assert.deepStrictEqual(seen, [])
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "no such table")
      assert.notInclude(lines[0], "s3cret")
      yield* wsStation(`ws://127.0.0.1:${port}/CP1`)
      assert.deepStrictEqual(yield* connected, ["CP1"])
    })
  )

  it.live("[FIELD-K6] is told by each of two servers in its own way, on one HTTP server", () =>
    Effect.gen(function* () {
      const server = yield* httpServer()
      const [byQuery, byPath] = [recording(), recording()]
      yield* WebSocketServer.attach(server, { path: "/q", identityOf: ({ query }) => query.get("station") }).pipe(
        Effect.provide(yield* Layer.build(csmsLayer(byQuery)))
      )
      yield* WebSocketServer.attach(server).pipe(Effect.provide(yield* Layer.build(csmsLayer(byPath))))
      const url = `ws://127.0.0.1:${portOf(server)}`
      for (const target of ["/q?station=A", "/q/x?station=B", "/q2?station=C", "/D/"]) yield* wsStation(url + target)
      const asked = ({ handshakes }: typeof byQuery) => handshakes.map(({ identity }) => identity)
      assert.deepStrictEqual(
        [asked(byQuery), asked(byPath)],
        [
          ["A", "B"],
          ["q2", "D"]
        ]
      )
    })
  )
})

describe("A user name that is not the identity", () => {
  const headers = { authorization: basic("tenant-7", "s3cret") }

  it.live("[CON-04] [FIELD-K6] is refused with 401, and nobody is asked", () =>
    Effect.gen(function* () {
      const { port, seen } = yield* serving()
      assert.strictEqual((yield* refused(port, { headers })).status, 401)
      assert.deepStrictEqual(seen, [])
    })
  )

  it.live("[CON-04] [FIELD-K6] is for `accept` to decide over, where the application says so", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({
        username: "any",
        accept: (handshake) => {
          const username = Option.getOrUndefined(handshake.credentials)?.username
          return username === "tenant-7" && hasPassword(handshake, Redacted.make("s3cret"))
            ? Effect.void
            : Effect.fail(unauthorized)
        }
      })
      for (const authorization of [basic("tenant-8", "s3cret"), basic("tenant-7", "secret"), undefined]) {
        assert.strictEqual((yield* refused(port, { headers: { authorization } })).status, 401)
      }
      yield* wsStation(`${url}/CP1`, ["ocpp1.6"], { headers })
      const station = yield* rawStation(port, { path: "/CP2/", headers })
      assert.strictEqual((yield* station.answer).status, 101)
      yield* station.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* station.frame).opcode, opcode.text)
      assert.deepStrictEqual(
        (yield* csms.connected).map(({ identity }) => identity),
        ["CP1", "CP2"]
      )
    })
  )
})
