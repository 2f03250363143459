/**
 * Where a station comes from, when a proxy that is trusted stands in between, or one that is not.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { networkInterfaces } from "node:os"
import type { WebSocketServer } from "../../src/node/index.ts"
import { certificate, defectOf, rawStation, recording, serve, wsStation } from "./support.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

type Headers = Readonly<Record<string, string>>

/** What the server makes of a handshake with such headers, from 127.0.0.1. */
const originOf = Effect.fnUntraced(function* (headers: Headers, server: Partial<WebSocketServer.ServerOptions>) {
  const { accept, handshakes } = recording()
  const { port } = yield* serve({ accept, server })
  const station = yield* rawStation(port, { headers })
  assert.strictEqual((yield* station.answer).status, 101)
  const { isSecure, remoteAddress } = handshakes[0]!
  return [remoteAddress, isSecure]
})

const loopback = { trustedProxies: ["127.0.0.1"] }

describe("X-Forwarded-For and X-Forwarded-Proto", () => {
  for (const [what, server] of [
    ["nobody is trusted", {}],
    ["another is trusted", { trustedProxies: ["10.0.0.0/8", "127.0.0.2", "::1"] }]
  ] as const) {
    it.live(`are ignored if ${what}`, () =>
      Effect.gen(function* () {
        const headers = { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https", forwarded: "for=192.0.2.7" }
        assert.deepStrictEqual(yield* originOf(headers, server), ["127.0.0.1", false])
      })
    )
  }

  for (const trustedProxies of [["127.0.0.1"], ["127.0.0.0/8"], ["127.1.2.3/8"], ["0.0.0.0/0"], ["::1", "127.0.0.1"]]) {
    it.live(`are believed from ${trustedProxies.join(" and ")}`, () =>
      Effect.gen(function* () {
        const headers = { "x-forwarded-proto": "https" }
        assert.deepStrictEqual(yield* originOf(headers, { trustedProxies }), ["127.0.0.1", true])
      })
    )
  }

  for (const [forwarded, remoteAddress] of [
    ["192.0.2.7", "192.0.2.7"],
    ["2001:DB8::7", "2001:db8::7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["192.0.2.7:54321", "192.0.2.7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["[2001:db8::7]:54321", "2001:db8::7"],
    // A station may send the header itself; what the proxy appends is what counts.
    ["10.0.0.1, 203.0.113.9, 192.0.2.7", "192.0.2.7"],
    ["203.0.113.9,  , 192.0.2.7 ,", "192.0.2.7"],
    ["127.0.0.1, 192.0.2.7", "192.0.2.7"],
    // A chain of trusted proxies is followed to where it starts.
    ["203.0.113.9, 192.0.2.7, 10.1.2.3", "192.0.2.7"],
    ["192.0.2.7, 10.1.2.3, ::ffff:10.9.9.9", "192.0.2.7"],
    ["10.1.2.3", "10.1.2.3"],
    ["10.1.2.3, 10.9.9.9", "10.1.2.3"],
    // What is no address ends what can be known.
    ["unknown", "127.0.0.1"],
    ["192.0.2.7, unknown", "127.0.0.1"],
    ["192.0.2.7, not an address, 10.1.2.3", "10.1.2.3"],
    ["999.1.1.1", "127.0.0.1"],
    ["", "127.0.0.1"]
  ] as const) {
    it.live(`X-Forwarded-For: ${forwarded} of a trusted proxy is ${remoteAddress}`, () =>
      Effect.gen(function* () {
        const headers = { "x-forwarded-for": forwarded }
        const server = { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] }
        assert.deepStrictEqual(yield* originOf(headers, server), [remoteAddress, false])
      })
    )
  }

  for (const [protocol, addresses, isSecure] of [
    ["https", "192.0.2.7", true],
    ["wss", "192.0.2.7", true],
    ["HTTPS", "192.0.2.7", true],
    ["https", "192.0.2.7, 10.1.2.3", true],
    ["http", "192.0.2.7", false],
    ["ws", "192.0.2.7", false],
    ["httpsx", "192.0.2.7", false],
    ["", "192.0.2.7", false],
    // Appended by one proxy after another: that of the one which the station called.
    ["https, http", "192.0.2.7, 10.1.2.3", true],
    ["http, https", "192.0.2.7, 10.1.2.3", false],
    ["https, http", "203.0.113.9, 192.0.2.7", false],
    ["https, https", "192.0.2.7, 10.1.2.3, 10.1.2.4", false]
  ] as const) {
    it.live(`X-Forwarded-Proto: ${protocol}, for ${addresses}, is ${isSecure ? "" : "not "}secure`, () =>
      Effect.gen(function* () {
        const headers = { "x-forwarded-proto": protocol, "x-forwarded-for": addresses }
        const server = { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] }
        assert.deepStrictEqual(yield* originOf(headers, server), ["192.0.2.7", isSecure])
      })
    )
  }

  it.live("TLS to the server itself is secure, unless a trusted proxy says that the station's was not", () =>
    Effect.gen(function* () {
      const { cert, key } = yield* certificate("/CN=localhost", "IP:127.0.0.1")
      const { accept, handshakes } = recording()
      const tls = { cert, key: Redacted.make(key) }
      const direct = yield* serve({ accept, server: { tls } })
      const proxied = yield* serve({ accept, server: { tls, ...loopback } })
      const headers = { "x-forwarded-proto": "http" }
      yield* wsStation(`${direct.url}/CP001`, ["ocpp1.6"], { ca: cert, headers })
      yield* wsStation(`${proxied.url}/CP001`, ["ocpp1.6"], { ca: cert })
      yield* wsStation(`${proxied.url}/CP001`, ["ocpp1.6"], { ca: cert, headers })
      assert.deepStrictEqual(
        handshakes.map(({ isSecure }) => isSecure),
        [true, true, false]
      )
    })
  )
})

const hasIpv6 = Object.values(networkInterfaces()).some((at) => at?.some(({ address }) => address === "::1"))

describe.skipIf(!hasIpv6)("addresses", () => {
  for (const [host, trustedProxies] of [
    ["::", ["127.0.0.0/8"]],
    ["::1", ["::1"]],
    ["::1", ["::/120"]]
  ] as const) {
    it.live(`a server on ${host} knows IPv4 stations by their IPv4 address, and IPv6 proxies`, () =>
      Effect.gen(function* () {
        const { accept, handshakes } = recording()
        const { port } = yield* serve({ accept, server: { host, trustedProxies } })
        const from = host === "::" ? "127.0.0.1" : "[::1]"
        yield* wsStation(`ws://${from}:${port}/CP001`)
        yield* wsStation(`ws://${from}:${port}/CP001`, ["ocpp1.6"], { headers: { "x-forwarded-for": "192.0.2.7" } })
        assert.deepStrictEqual(
          handshakes.map(({ remoteAddress }) => remoteAddress),
          [host === "::" ? "127.0.0.1" : "::1", "192.0.2.7"]
        )
      })
    )
  }
})

describe("trustedProxies", () => {
  for (const entry of [
    "localhost",
    "",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0",
    "10.0.0.0/x",
    " 10.0.0.1",
    "*"
  ]) {
    it.live(`${JSON.stringify(entry)} is a defect that says so`, () =>
      Effect.gen(function* () {
        assert.strictEqual(
          yield* defectOf(serve({ server: { trustedProxies: ["10.0.0.0/8", entry] } })),
          `trustedProxies: ${JSON.stringify(entry)} is no IP address and no block such as 10.0.0.0/8`
        )
      })
    )
  }
})
