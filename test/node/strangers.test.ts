/**
 * Connections that end before a station has said who it is: a server tells why.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Net from "node:net"
import * as Tls from "node:tls"
import { certificate, logs, type RawRequest, refused, serve, silent } from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

/** Waits until a socket that says this is closed. */
const ended = (socket: Net.Socket, saying: string | Buffer): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    socket.on("error", () => undefined)
    socket.on("close", () => resume(Effect.void))
    socket.resume()
    socket.write(saying)
    return Effect.sync(() => socket.destroy())
  })

const request = "GET /CP001 HTTP/1.1\r\nhost: x\r\n\r\n"

describe("[FIELD-K13] A server tells in its log", () => {
  it.live("which certificate it does not trust, and which TLS it does not speak", () => {
    const { layer, lines } = logs()
    return Effect.gen(function* () {
      const own = yield* certificate("/CN=localhost", "IP:127.0.0.1")
      const known = yield* certificate("/CN=CP001")
      const other = yield* certificate("/CN=CP001")
      const tls = { cert: own.cert, key: Redacted.make(own.key), ca: known.cert }
      const { port } = yield* serve({ server: { tls } })
      const say = (options: Tls.ConnectionOptions) =>
        Effect.suspend(() =>
          ended(Tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options }), request)
        )
      yield* say(other)
      yield* say({})
      yield* Effect.suspend(() => ended(Net.connect(port, "127.0.0.1"), request))
      const why = lines.map((line) => /a connection from .* was refused: (.*?)"?$/.exec(line)?.[1])
      assert.deepStrictEqual(why, [
        "its certificate is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT",
        "the TLS handshake has failed: ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE",
        "the TLS handshake has failed: ERR_SSL_HTTP_REQUEST"
      ])
    }).pipe(Effect.provide(layer))
  })

  it.live("who speaks TLS or something else where HTTP is due, and not who just looks", () => {
    const { layer, lines } = logs()
    return Effect.gen(function* () {
      const { port } = yield* serve()
      const say = (text: string | Buffer) => Effect.suspend(() => ended(Net.connect(port, "127.0.0.1"), text))
      yield* say(Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01))
      yield* say("\u001b[31m\r\n\r\n")
      yield* say(`${request.slice(0, -2)}x: ${"x".repeat(20_000)}\r\n\r\n`)
      yield* say(`${request.slice(0, -2)}upgrade: websocket\r\nconnection: close\r\n\r\n`)
      yield* say(`${request.slice(0, -2)}connection: close\r\n\r\n`)
      const { socket, gone } = yield* silent(port)
      socket.resetAndDestroy()
      yield* gone
      assert.deepStrictEqual(
        lines.map((line) => /a connection from 127\.0\.0\.1 was refused: (.*?)"?$/.exec(line)?.[1]),
        [
          "it speaks TLS, which this port does not",
          "it is no HTTP: HPE_INVALID_METHOD",
          "its headers are too large",
          "its handshake has no header Connection: Upgrade, or no Upgrade"
        ]
      )
    }).pipe(Effect.provide(layer))
  })

  for (const [what, given, status, why] of [
    ["no key", { headers: { "sec-websocket-key": undefined } }, 400, "Missing or invalid Sec-WebSocket-Key header"],
    [
      "another version",
      { headers: { "sec-websocket-version": "7" } },
      400,
      "Missing or invalid Sec-WebSocket-Version header"
    ],
    ["another protocol", { headers: { upgrade: "h2c" } }, 400, "Invalid Upgrade header"],
    ["another method", { method: "POST" }, 405, "Invalid HTTP method"]
  ] satisfies ReadonlyArray<readonly [string, RawRequest, number, string]>) {
    it.live(`whose handshake has ${what}`, () => {
      const { layer, lines } = logs()
      return Effect.gen(function* () {
        const { port } = yield* serve()
        const answer = yield* refused(port, given)
        assert.strictEqual(answer.status, status)
        // The version that there is (RFC 6455 §4.4).
        assert.strictEqual(answer.headers.get("sec-websocket-version"), status === 400 ? "13" : undefined)
        assert.deepStrictEqual(
          lines.map((line) => /a request from 127\.0\.0\.1 was refused (.*?)"?$/.exec(line)?.[1]),
          [`with HTTP status ${status}: ${why}`]
        )
      }).pipe(Effect.provide(layer))
    })
  }

  it.live("whose path is not where stations connect", () => {
    const { layer, lines } = logs()
    return Effect.gen(function* () {
      const { port } = yield* serve({ server: { path: "/ocpp" } })
      for (const path of ["/CP001", "/OCPP/CP001", "//ocpp/CP001", "/ocppx/CP001"]) {
        assert.strictEqual((yield* refused(port, { path })).status, 404)
      }
      const why = "with HTTP status 404: no station connects at its path"
      assert.deepStrictEqual(
        lines.map((line) => /a request from 127\.0\.0\.1 was refused (.*?)"?$/.exec(line)?.[1]),
        [why, why, why, why]
      )
    }).pipe(Effect.provide(layer))
  })
})
