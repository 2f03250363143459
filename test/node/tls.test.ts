/**
 * TLS, on both sides, with certificates made for the occasion.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { X509Certificate } from "node:crypto"
import * as Tls from "node:tls"
import { type Handshake, hasPassword, unauthorized } from "../../src/csms/index.ts"
import type { WebSocketServer } from "../../src/node/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { type Certificate, certificate, connect, passwordOf, rawStation, serve, silent, wsStation } from "./support.ts"
import { time } from "../support/messages.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("1 second")

const loopback = "DNS:localhost,IP:127.0.0.1"

const tlsOf = ({ cert, key }: Certificate): NonNullable<WebSocketServer.ServerOptions["tls"]> => ({
  cert,
  key: Redacted.make(key)
})

/** The TLS version that is agreed on, if any. */
const agree = (port: number, options: Tls.ConnectionOptions) =>
  Effect.acquireRelease(
    Effect.sync(() => Tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options })),
    (socket) => Effect.sync(() => socket.destroy())
  ).pipe(
    Effect.flatMap((socket) =>
      Effect.callback<string | null, Error>((resume) => {
        socket.on("secureConnect", () => resume(Effect.succeed(socket.getProtocol())))
        socket.on("error", (error) => resume(Effect.fail(error)))
      })
    ),
    Effect.scoped
  )

describe("TLS with Basic credentials", () => {
  it.live("[SEC-01] [SEC-02] a whole connection, calls both ways", () =>
    Effect.gen(function* () {
      const made = yield* certificate("/CN=localhost", loopback)
      const { csms, url } = yield* serve({
        server: { tls: tlsOf(made) },
        accept: (handshake) =>
          hasPassword(handshake, Redacted.make("s3cret")) ? Effect.void : Effect.fail(unauthorized)
      })
      assert.match(url, /^wss:\/\/127\.0\.0\.1:\d+$/)
      const station = yield* connect(url, passwordOf("s3cret"), { ca: made.cert })
      assert.deepStrictEqual(yield* station.csms.heartbeat({}), { currentTime: time })
      assert.deepStrictEqual(yield* csms.call("CP001", V16.Reset, { type: "Soft" }), { status: "Accepted" })
      const error = yield* Effect.flip(connect(url, passwordOf("wrong"), { ca: made.cert }))
      assert.deepInclude(error, { _tag: "ConnectRefused", status: 401 })
    })
  )

  it.live("certificates and keys may be given as bytes", () =>
    Effect.gen(function* () {
      const made = yield* certificate("/CN=localhost", loopback)
      const { url } = yield* serve({
        server: { tls: { cert: Buffer.from(made.cert), key: Redacted.make(new TextEncoder().encode(made.key)) } }
      })
      yield* connect(url, {}, { ca: new TextEncoder().encode(made.cert) })
    })
  )

  it.live("[SEC-04] TLS 1.2 and 1.3 are spoken, 1.1 is not", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ server: { tls: tlsOf(yield* certificate("/CN=localhost", loopback)) } })
      assert.strictEqual(yield* agree(port, {}), "TLSv1.3")
      assert.strictEqual(yield* agree(port, { maxVersion: "TLSv1.2" }), "TLSv1.2")
      const old = yield* Effect.flip(
        agree(port, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" })
      )
      assert.match(String(old), /alert protocol version|ECONNRESET/)
    })
  )

  it.live("a server that nobody vouches for: ConnectUnreachable, and no credentials are sent", () =>
    Effect.gen(function* () {
      let asked = 0
      const made = yield* certificate("/CN=localhost", loopback)
      const { url } = yield* serve({ server: { tls: tlsOf(made) }, accept: () => Effect.sync(() => void asked++) })
      const error = yield* Effect.flip(connect(url, passwordOf("s3cret")))
      assert.deepInclude(error, { _tag: "ConnectUnreachable", code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
      const other = yield* certificate("/CN=localhost", loopback)
      assert.strictEqual((yield* Effect.flip(connect(url, {}, { ca: other.cert })))._tag, "ConnectUnreachable")
      assert.strictEqual(asked, 0)
    })
  )

  for (const [what, subject, alternative, isAccepted] of [
    ["the CN and no SAN", "/CN=localhost", undefined, true],
    ["a SAN", "/CN=csms.example", "DNS:localhost", true],
    ["neither CN nor SAN", "/CN=csms.example", "DNS:csms.example", false],
    ["no CN that is the host", "/CN=csms.example", undefined, false]
  ] as const) {
    it.live(`[SEC-05] a certificate with ${what} as its host is ${isAccepted ? "accepted" : "refused"}`, () =>
      Effect.gen(function* () {
        const made = yield* certificate(subject, alternative)
        const { port } = yield* serve({ server: { tls: tlsOf(made) } })
        const result = yield* Effect.result(connect(`wss://localhost:${port}`, {}, { ca: made.cert }))
        assert.strictEqual(Result.isSuccess(result), isAccepted)
        if (Result.isFailure(result)) {
          assert.deepInclude(result.failure, { _tag: "ConnectUnreachable", code: "ERR_TLS_CERT_ALTNAME_INVALID" })
        }
      })
    )
  }

  it.live("ws: to a TLS port and wss: to a plain one: ConnectUnreachable", () =>
    Effect.gen(function* () {
      const encrypted = yield* serve({ server: { tls: tlsOf(yield* certificate("/CN=localhost", loopback)) } })
      const plain = yield* serve()
      for (const url of [`ws://127.0.0.1:${encrypted.port}`, `wss://127.0.0.1:${plain.port}`]) {
        assert.strictEqual((yield* Effect.flip(connect(url)))._tag, "ConnectUnreachable")
      }
      // Neither server took harm.
      yield* connect(plain.url)
      yield* agree(encrypted.port, {})
    })
  )
})

describe("TLS with client certificates", () => {
  it.live("[SEC-01] [SEC-06] a station must present a certificate that the CSMS trusts", () =>
    Effect.gen(function* () {
      const made = yield* certificate("/CN=localhost", loopback)
      const known = yield* certificate("/O=Operator/CN=SN-1")
      const unknown = yield* certificate("/O=Operator/CN=SN-1")
      const { csms, url } = yield* serve({ server: { tls: { ...tlsOf(made), ca: known.cert } } })
      yield* wsStation(`${url}/CP001`, ["ocpp1.6"], { ca: made.cert, ...known })
      assert.strictEqual((yield* csms.connected).length, 1)
      assert.strictEqual(
        (yield* Effect.result(wsStation(`${url}/CP002`, ["ocpp1.6"], { ca: made.cert, ...unknown })))._tag,
        "Failure"
      )
      assert.strictEqual((yield* Effect.flip(connect(url, {}, { ca: made.cert })))._tag, "ConnectUnreachable")
      assert.strictEqual((yield* csms.connected).length, 1)
    })
  )
})

describe("The certificate of a station", () => {
  /** A CSMS that asks for certificates, and what it saw of each handshake. */
  const asking = Effect.fnUntraced(function* (known: Certificate) {
    const own = yield* certificate("/CN=localhost", loopback)
    const seen: Array<Handshake> = []
    const served = yield* serve({
      server: { tls: { ...tlsOf(own), ca: known.cert } },
      accept: (handshake) => Effect.sync(() => void seen.push(handshake))
    })
    return { ...served, own, seen }
  })

  it.live("[SEC-01] [SEC-06] is presented by our station, and known when the CSMS decides", () =>
    Effect.gen(function* () {
      const known = yield* certificate("/O=Operator/CN=SN-1")
      const { own, seen, url } = yield* asking(known)
      const tls = { ca: own.cert, cert: known.cert, key: Redacted.make(known.key) }
      const station = yield* connect(url, { credentials: Effect.succeed({ tls }) })
      assert.deepStrictEqual(yield* station.csms.heartbeat({}), { currentTime: time })
      const { certificate: presented, cipher, version } = seen[0]!.tls!
      assert.strictEqual(version, "TLSv1.3")
      assert.match(cipher, /^TLS_/)
      const { fingerprint256, raw, serialNumber, validTo } = new X509Certificate(known.cert)
      assert.deepStrictEqual(presented, {
        commonName: "SN-1",
        organization: "Operator",
        serialNumber,
        fingerprint256,
        validFrom: presented!.validFrom,
        validTo: Date.parse(validTo),
        der: new Uint8Array(raw)
      })
    })
  )

  it.live("[SEC-09] is another one from the next connection on, once it was renewed", () =>
    Effect.gen(function* () {
      const known = yield* certificate("/O=Operator/CN=SN-1")
      const other = yield* certificate("/O=Operator/CN=SN-2")
      const { own, seen, url } = yield* asking({ ...known, cert: `${known.cert}\n${other.cert}` })
      let current = known
      const station = yield* connect(url, {
        reconnect: Schedule.spaced("1 millis"),
        credentials: Effect.sync(() => ({
          tls: { ca: own.cert, cert: current.cert, key: Redacted.make(current.key) }
        }))
      })
      current = other
      const again = yield* Effect.forkChild(
        station.station.status.pipe(
          Stream.filter(({ _tag }) => _tag === "Connected"),
          Stream.take(2),
          Stream.runDrain
        ),
        { startImmediately: true }
      )
      yield* station.station.close()
      yield* soon(Fiber.join(again))
      assert.deepStrictEqual(
        seen.map(({ tls }) => tls?.certificate?.commonName),
        ["SN-1", "SN-2"]
      )
    })
  )

  it.live("is absent where none is asked for, and all of it is without TLS", () =>
    Effect.gen(function* () {
      const own = yield* certificate("/CN=localhost", loopback)
      const seen: Array<Handshake["tls"]> = []
      const accept = (handshake: Handshake) => Effect.sync(() => void seen.push(handshake.tls))
      const encrypted = yield* serve({ server: { tls: tlsOf(own) }, accept })
      yield* connect(encrypted.url, {}, { ca: own.cert })
      yield* connect((yield* serve({ accept })).url)
      assert.strictEqual(seen.length, 2)
      assert.strictEqual(seen[0]?.version, "TLSv1.3")
      assert.strictEqual(seen[0]?.certificate, undefined)
      assert.strictEqual(seen[1], undefined)
    })
  )
})

describe("shutdown with TLS", () => {
  it.live("stations are told with 1001", () =>
    Effect.gen(function* () {
      const made = yield* certificate("/CN=localhost", loopback)
      const { stop, url } = yield* serve({ server: { tls: tlsOf(made) } })
      const station = yield* wsStation(`${url}/CP001`, ["ocpp1.6"], { ca: made.cert })
      const [duration] = yield* Effect.timed(stop)
      assert.isBelow(Duration.toMillis(duration), 900)
      assert.strictEqual((yield* station.closed).code, 1001)
    })
  )

  it.live("a connection that never starts TLS, or starts with nonsense, holds nothing up", () =>
    Effect.gen(function* () {
      const made = yield* certificate("/CN=localhost", loopback)
      const { port, stop } = yield* serve({ server: { tls: tlsOf(made) } })
      const plain = yield* rawStation(port)
      yield* plain.gone
      const connection = yield* silent(port)
      yield* soon(stop)
      yield* soon(connection.gone)
    })
  )
})
