/**
 * A station that speaks SOAP over real sockets: what it sends, what it takes, and what it does without a connection.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Http from "node:http"
import * as Zlib from "node:zlib"
import { SoapClient } from "../../src/node/Soap.ts"
import * as Envelope from "../../src/soap/Envelope.ts"
import type { ConnectionOptions } from "../../src/station/StationConnection.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap15 from "../../src/v15/Soap.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { boot, time } from "../support/messages.ts"
import { enveloped, envelopeOf, faultIn } from "../support/soap.ts"
import { standUp } from "../support/station.ts"
import { type HttpReply, listener, request, serveSoap } from "./soapSupport.ts"
import { basic, type Certificate, certificate, subscribe } from "./support.ts"

vi.setConfig({ testTimeout: 10_000, hookTimeout: 2_000 })

/** A station that accepts every Reset, without a boot, so that all may pass at once. */
const station = Effect.fnUntraced(function* (
  url: string,
  options: Partial<ConnectionOptions & { readonly boot: V16.BootNotificationRequest }> = {},
  client: Partial<SoapClient.SoapClientOptions> = {}
) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const handlers = V16.stationHandlersPartial({ reset: () => Effect.succeed({ status: "Accepted" }) })
  const made = yield* standUp(
    V16.protocol,
    { url, identity: "CP1", reconnect: Schedule.spaced("5 millis"), ...options, handlers },
    Layer.orDie(SoapClient.layer({ versions: [Soap16.carriage], ...client }))
  ).pipe(Scope.provide(scope))
  return { ...made, stop: Scope.close(scope, Exit.void) }
})

/** Answers as a CSMS does, with responses by the elements that were asked for. */
const answers =
  (bodies: Readonly<Record<string, string | number>>) =>
  (_: Http.IncomingMessage, response: Http.ServerResponse, text: string): void => {
    const { body } = envelopeOf(text)
    const answer = bodies[body.name] ?? "<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code></e:Fault>"
    if (typeof answer === "number") return void response.writeHead(answer).end()
    const isFault = answer.startsWith("<e:Fault>")
    response.writeHead(isFault ? 500 : 200, { "content-type": "application/soap+xml; charset=utf-8" })
    response.end(enveloped(answer, ""))
  }

const heartbeatResponse = `<o:heartbeatResponse><o:currentTime>${time}</o:currentTime></o:heartbeatResponse>`

/** Posts a request of a CSMS. */
const command = (
  url: string,
  identity: string,
  headers: Http.OutgoingHttpHeaders = {},
  body = "<o:resetRequest><o:type>Soft</o:type></o:resetRequest>"
): Effect.Effect<HttpReply, Error> =>
  request(
    url,
    { headers: { "content-type": "application/soap+xml", ...headers } },
    enveloped(body, `<o:chargeBoxIdentity>${identity}</o:chargeBoxIdentity>`, Soap16.carriage.namespaces.station)
  )

const listen = { port: 0, host: "127.0.0.1" } as const

describe("A station that speaks SOAP", () => {
  it.live("[SOAP-02] [SOAP-03] tells who it is and where it listens, with its credentials", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({ heartbeatRequest: heartbeatResponse }))
      const password = Redacted.make("secret")
      const { csms: calls } = yield* station(
        `${csms.url}ocpp`,
        { password },
        { listen: { ...listen, callbackUrl: "https://station.example/ocpp" } }
      )
      assert.deepStrictEqual(yield* calls.heartbeat({}), { currentTime: time })
      const { headers, text } = yield* csms.next
      assert.strictEqual(headers.authorization, basic("CP1", "secret"))
      const { header } = envelopeOf(text)
      assert.deepInclude(header, {
        identity: "CP1",
        action: "/Heartbeat",
        from: "https://station.example/ocpp/CP1",
        replyTo: Envelope.anonymous,
        to: `${csms.url}ocpp`
      })
      assert.match(header.messageId ?? "", /^urn:message:/)
    })
  )

  it.live("proves who it is by what its URL says, where it has no password", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({ heartbeatRequest: heartbeatResponse }))
      const url = csms.url.replace("//", "//user:p%40ss@")
      for (const [password, authorization] of [
        [undefined, basic("user", "p@ss")],
        [Redacted.make("secret"), basic("CP1", "secret")]
      ] as const) {
        const { csms: calls } = yield* station(`${url}ocpp`, { password })
        yield* calls.heartbeat({})
        const { headers, text } = yield* csms.next
        assert.deepInclude(headers, {
          authorization,
          host: new URL(csms.url).host,
          "content-type": 'application/soap+xml; charset=utf-8; action="/Heartbeat"',
          "content-length": `${Buffer.byteLength(text)}`
        })
      }
    })
  )

  it.live("[SOAP-03] has no address of its own where it only sends", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({ heartbeatRequest: heartbeatResponse }))
      const { csms: calls } = yield* station(csms.url)
      yield* calls.heartbeat({})
      assert.strictEqual(envelopeOf((yield* csms.next).text).header.from, Envelope.anonymous)
    })
  )

  it.live("is called at its endpoint, which refuses what is not for it", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({ heartbeatRequest: heartbeatResponse }))
      const password = Redacted.make("secret")
      const { csms: calls } = yield* station(csms.url, {}, { listen: { ...listen, password } })
      yield* calls.heartbeat({})
      const from = envelopeOf((yield* csms.next).text).header.from!
      const right = { authorization: basic("CP1", "secret") }
      const cases = [
        [command(from, "CP1", right), 200, "none"],
        [command(from, "CP1"), 401, "Sender/SecurityError"],
        [command(from, "CP1", { authorization: basic("CP1", "wrong") }), 401, "Sender/SecurityError"],
        [command(from, "CP2", { authorization: basic("CP2", "secret") }), 400, "Sender/IdentityMismatch"],
        [command(from, "", { authorization: basic("", "secret") }), 400, "Sender/ProtocolError"],
        [command(from, "CP1", right, "<o:clearCacheRequest/>"), 500, "Receiver/NotSupported"],
        [request(from, { headers: { ...right, "content-type": "text/xml" } }, "<a>"), 400, "Sender/ProtocolError"]
      ] as const
      for (const [sent, status, fault] of cases) {
        const answer = yield* sent
        assert.deepStrictEqual([answer.status, faultIn(answer.text)], [status, fault])
      }
    })
  )

  it.live("takes calls only from the addresses that it is given", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({ heartbeatRequest: heartbeatResponse }))
      for (const [from, status] of [
        [["127.0.0.0/8"], 200],
        [["192.0.2.0/24"], 401]
      ] as const) {
        const { csms: calls, stop } = yield* station(csms.url, {}, { listen: { ...listen, from } })
        yield* calls.heartbeat({})
        const address = envelopeOf((yield* csms.next).text).header.from!
        assert.strictEqual((yield* command(address, "CP1")).status, status)
        yield* stop
      }
    })
  )

  it.live(
    "[SOAP-06] sends only what is of a transaction again after a fault, and a Heartbeat tells that the CSMS is there",
    () =>
      Effect.gen(function* () {
        let starts = 0
        const started = `<o:startTransactionResponse><o:transactionId>7</o:transactionId><o:idTagInfo><o:status>Accepted</o:status></o:idTagInfo></o:startTransactionResponse>`
        const csms = yield* listener((incoming, response, text) => {
          const isStarted = envelopeOf(text).body.name === "startTransactionRequest" && ++starts === 3
          answers({ heartbeatRequest: heartbeatResponse, ...(isStarted ? { startTransactionRequest: started } : {}) })(
            incoming,
            response,
            text
          )
        })
        const { csms: calls } = yield* station(csms.url, { outbox: { retryInterval: Duration.millis(1) } })
        const failed = yield* Effect.flip(calls.authorize({ idTag: "A" }))
        assert.deepInclude(failed, { _tag: "CallError", code: "InternalError" })
        yield* calls.heartbeat({})
        const answer = yield* calls.startTransaction({ connectorId: 1, idTag: "A", meterStart: 0, timestamp: time })
        assert.strictEqual(answer.transactionId, 7)
        const names: Array<string> = []
        for (let i = 0; i < 5; i++) names.push(envelopeOf((yield* csms.next).text).body.name)
        assert.deepStrictEqual(names, [
          "authorizeRequest",
          "heartbeatRequest",
          "startTransactionRequest",
          "startTransactionRequest",
          "startTransactionRequest"
        ])
      })
  )

  it.live("is not connected once a request gets nowhere, connects again, and sends what it has stored", () =>
    Effect.gen(function* () {
      const first = yield* serveSoap()
      const { csms: calls, station: own } = yield* station(first.url, { boot })
      yield* own.accepted
      const status = yield* subscribe(own.status)
      yield* first.stop
      assert.deepInclude(yield* Effect.flip(calls.heartbeat({})), { _tag: "NotSent", reason: "NotConnected" })
      const stopped = yield* Effect.forkChild(
        calls.startTransaction({ connectorId: 1, idTag: "A", meterStart: 0, timestamp: time }),
        { startImmediately: true }
      )
      let seen = yield* Queue.take(status)
      while (seen._tag !== "Disconnected") seen = yield* Queue.take(status)
      assert.strictEqual(stopped.pollUnsafe(), undefined)
      yield* serveSoap({ server: { port: first.soap.port } })
      assert.strictEqual((yield* Fiber.join(stopped)).transactionId, 1)
    })
  )

  it.live("tells what answers it that is no SOAP", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({ heartbeatRequest: 404 }))
      const { csms: calls } = yield* station(csms.url)
      const failed = yield* Effect.flip(calls.heartbeat({}))
      if (failed._tag !== "InvalidResponse") return assert.fail(failed._tag)
      assert.match(failed.violations[0]?.rule ?? "", /^nothing from 127\.0\.0\.1:\d+, HTTP status 404$/)
    })
  )

  it.live("[SOAP-05] packs its requests if it is told to, and takes packed answers", () =>
    Effect.gen(function* () {
      const got: Array<string> = []
      const server = yield* listener((incoming, response) => {
        got.push(String(incoming.headers["content-encoding"]))
        response.writeHead(200, { "content-type": "application/soap+xml", "content-encoding": "gzip" })
        response.end(
          Zlib.gzipSync(enveloped("<o:dataTransferResponse><o:status>Accepted</o:status></o:dataTransferResponse>", ""))
        )
      })
      const { csms: calls } = yield* station(server.url, {}, { compression: "deflate" })
      for (const data of ["d".repeat(2000), "short"]) {
        assert.deepStrictEqual(yield* calls.dataTransfer({ vendorId: "x", data }), { status: "Accepted" })
      }
      assert.deepStrictEqual(got, ["deflate", "undefined"])
    })
  )

  it.live("says why it cannot connect", () =>
    Effect.gen(function* () {
      const csms = yield* listener(answers({}))
      const cases = [
        [station("ws://127.0.0.1:1/"), { _tag: "InvalidUrl", rule: "it is no http: or https: URL with a host" }],
        [station("http://127.0.0.1:1/"), { _tag: "ConnectUnreachable", code: "ECONNREFUSED" }],
        [station(csms.url, {}, { versions: [Soap15.carriage] }), { _tag: "NoCommonProtocol" }],
        [station(csms.url.replace("http:", "https:")), { _tag: "ConnectUnreachable" }]
      ] as const
      for (const [connecting, error] of cases) assert.deepInclude(yield* Effect.flip(connecting), error)
    })
  )

  it.live("uses one connection for one request after another", () =>
    Effect.gen(function* () {
      const ports = new Set<number | undefined>()
      const csms = yield* listener((incoming, response, text) => {
        ports.add(incoming.socket.remotePort)
        answers({ heartbeatRequest: heartbeatResponse })(incoming, response, text)
      })
      const { csms: calls } = yield* station(csms.url)
      for (let i = 0; i < 5; i++) yield* calls.heartbeat({})
      assert.strictEqual(ports.size, 1)
      csms.server.closeIdleConnections()
      yield* calls.heartbeat({})
      assert.strictEqual(ports.size, 2)
    })
  )
})

const tlsOf = ({ cert, key }: Certificate, ca?: string) => ({ cert, key: Redacted.make(key), ca })

describe("TLS", () => {
  it.live("[SOAP-01] is spoken in both directions, and a certificate proves the address of a station", () =>
    Effect.gen(function* () {
      const csmsCertificate = yield* certificate("/CN=csms", "IP:127.0.0.1")
      const stationCertificate = yield* certificate("/CN=CP1", "IP:127.0.0.1")
      const { callbacks, csms, url } = yield* serveSoap({
        server: {
          tls: tlsOf(csmsCertificate, stationCertificate.cert),
          callbacks: { allow: ["127.0.0.1"], ca: stationCertificate.cert }
        }
      })
      assert.match(url, /^https:/)
      const unknown = yield* Effect.exit(station(url))
      assert.isTrue(Exit.isFailure(unknown))
      const { csms: calls } = yield* station(
        url,
        { credentials: Effect.succeed({ tls: { ...tlsOf(stationCertificate), ca: csmsCertificate.cert } }) },
        { listen: { ...listen, tls: tlsOf(stationCertificate), callbackUrl: undefined } }
      )
      yield* calls.heartbeat({})
      assert.strictEqual((yield* Queue.take(callbacks))._tag, "Learnt")
      assert.deepStrictEqual(yield* csms.call("CP1", V16.Reset, { type: "Soft" }), { status: "Accepted" })
      const [session] = yield* csms.connected
      assert.deepInclude(session, { identity: "CP1", form: "soap" })
    })
  )
})
