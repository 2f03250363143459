/**
 * The SOAP server of a CSMS over real sockets: sessions without a connection, the way back to stations, and what comes that
 * is no envelope.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Http from "node:http"
import * as Net from "node:net"
import * as Zlib from "node:zlib"
import { createClientAsync } from "soap"
import { hasPassword, unauthorized, unknownStation } from "../../src/csms/index.ts"
import { WebSocketServer } from "../../src/node/index.ts"
import * as Alarms from "../../src/internal/Alarms.ts"
import * as SoapPost from "../../src/node/internal/SoapPost.ts"
import { SoapStation } from "../../src/node/internal/SoapStation.ts"
import * as Envelope from "../../src/soap/Envelope.ts"
import * as SoapCodec from "../../src/soap/SoapCodec.ts"
import { Storage } from "../../src/Storage.ts"
import * as Endpoint from "../../src/csms/Endpoint.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { listening } from "../support/http.ts"
import { core } from "../support/messages.ts"
import { enveloped, envelopeOf, faultIn } from "../support/soap.ts"
import { settled, start } from "../support/time.ts"
import { authorize, boot, heartbeat, listener, local, post, request, respond, serveSoap } from "./soapSupport.ts"
import { subscribe, wsStation } from "./support.ts"

vi.setConfig({ testTimeout: 10_000, hookTimeout: 2_000 })

const accepted = { status: "Accepted" } as const

/** A station that accepts every Reset. */
const resets = (_: Http.IncomingMessage, response: Http.ServerResponse): void =>
  respond(response, "<o:resetResponse><o:status>Accepted</o:status></o:resetResponse>")

/** How often a station that boots is to beat: every 100 seconds. */
const bootNotification = () => Effect.succeed({ ...accepted, currentTime: "2026-11-22T06:00:00Z", interval: 100 })

describe("A station that speaks SOAP", () => {
  it.live("[SOAP-01] [SOAP-02] is in the sessions from its first message on, and is served by the handlers", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serveSoap()
      const events = yield* subscribe(csms.sessions)
      const answer = yield* post(url, heartbeat)
      assert.strictEqual(answer.status, 200)
      assert.match(answer.headers["content-type"] ?? "", /^application\/soap\+xml/)
      assert.strictEqual(envelopeOf(answer.text).body.name, "heartbeatResponse")
      assert.strictEqual((yield* Queue.take(events))._tag, "Connected")
      yield* post(url, authorize)
      const [session, ...others] = yield* csms.connected
      assert.deepStrictEqual([session?.identity, session?.version, others], ["CP1", "1.6", []])
      assert.strictEqual(yield* Queue.size(events), 0)
    })
  )

  it.live("[SOAP-04] passes the gate of registration as any other", () =>
    Effect.gen(function* () {
      let status: "Pending" | "Accepted" = "Pending"
      const answering = () => Effect.succeed({ status, currentTime: "2026-11-22T06:00:00Z", interval: 60 })
      const { csms, url } = yield* serveSoap({
        handlers: [V16.csmsHandlers({ ...core, bootNotification: answering })],
        accept: () => Effect.succeed({ registration: "Unregistered" })
      })
      const refused = yield* post(url, authorize)
      assert.deepStrictEqual([refused.status, faultIn(refused.text)], [400, "Sender/SecurityError"])
      yield* post(url, boot)
      assert.strictEqual(faultIn((yield* post(url, authorize)).text), "Sender/SecurityError")
      assert.deepInclude(yield* Effect.flip(csms.call("CP1", V16.RemoteStopTransaction, { transactionId: 1 })), {
        _tag: "NotSent",
        reason: "NotAccepted"
      })
      status = "Accepted"
      yield* post(url, boot)
      assert.strictEqual((yield* post(url, authorize)).status, 200)
    })
  )

  it.live("[SOAP-02] [SOAP-04] gets a fault, with a status of HTTP, if the CSMS does not let it in", () =>
    Effect.gen(function* () {
      const secret = Redacted.make("secret")
      const { url } = yield* serveSoap({
        accept: (handshake) => {
          if (handshake.identity === "UNKNOWN") return Effect.fail(unknownStation)
          return hasPassword(handshake, secret) ? Effect.void : Effect.fail(unauthorized)
        }
      })
      const cases = [
        [{}, 401, "Sender/SecurityError"],
        [{ password: "wrong" }, 401, "Sender/SecurityError"],
        [{ identity: "UNKNOWN" }, 404, "Sender/SecurityError"],
        [{ identity: "a".repeat(300) }, 400, "Sender/IdentityMismatch"],
        [{ identity: "" }, 400, "Sender/ProtocolError"],
        [{ password: "secret" }, 200, "none"]
      ] as const
      for (const [of, status, fault] of cases) {
        const answer = yield* post(url, heartbeat, of)
        assert.deepStrictEqual([answer.status, faultIn(answer.text)], [status, fault], JSON.stringify(of))
        assert.strictEqual(answer.headers["www-authenticate"] !== undefined, status === 401)
      }
    })
  )

  it.live("is refused where there are too many, until another one is gone", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serveSoap({
        accept: ({ identity }) => (identity === "NO" ? Effect.fail(unauthorized) : Effect.void),
        server: { maxConnections: 3, maxConnectionsPerAddress: 2 }
      })
      for (const [identity, status] of [
        ["NO", 401],
        ["CP1", 200],
        ["NO", 401],
        ["CP2", 200],
        ["CP3", 429],
        ["CP1", 200]
      ] as const) {
        assert.strictEqual((yield* post(url, heartbeat, { identity })).status, status, identity)
      }
      const [first] = yield* csms.connected
      yield* first!.close()
      assert.strictEqual((yield* post(url, heartbeat, { identity: "CP3" })).status, 200)
    })
  )

  it.live("is asked for once, as long as it brings the same credentials; another one is a new connection", () =>
    Effect.gen(function* () {
      let asked = 0
      const { csms, url } = yield* serveSoap({ accept: () => Effect.sync(() => void asked++) })
      const events = yield* subscribe(csms.sessions)
      yield* Effect.all(
        [1, 2, 3, 4].map(() => post(url, heartbeat, { password: "one" })),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(asked, 1)
      yield* post(url, heartbeat, { password: "two" })
      assert.strictEqual(asked, 2)
      const tags = [yield* Queue.take(events), yield* Queue.take(events), yield* Queue.take(events)]
      assert.deepStrictEqual(
        tags.map(({ _tag }) => _tag),
        ["Connected", "Replaced", "Connected"]
      )
    })
  )

  it.live("waits with at most sixteen messages until it is decided over, and the others are refused", () =>
    Effect.gen(function* () {
      const decision = yield* Deferred.make<void>()
      const { url } = yield* serveSoap({ accept: () => Deferred.await(decision) })
      const answers = yield* Queue.unbounded<number>()
      const asking = post(url, heartbeat).pipe(Effect.andThen(({ status }) => Queue.offer(answers, status)))
      for (let index = 0; index < 20; index++) yield* start(asking)
      const refused = yield* Queue.takeN(answers, 4)
      yield* Deferred.succeed(decision, undefined)
      const served = yield* Queue.takeN(answers, 16)
      assert.deepStrictEqual([...new Set(refused), ...new Set(served)], [503, 200])
    })
  )

  it.live("takes over from a WebSocket of its identity, and the other way around, as the policy says", () =>
    Effect.gen(function* () {
      const { csms, endpoint, soap, url } = yield* serveSoap()
      const sockets = yield* Layer.build(
        Layer.provide(WebSocketServer.layer({ port: 0, host: "127.0.0.1" }), Layer.succeed(Endpoint.Endpoint, endpoint))
      )
      const ws = Context.get(sockets, WebSocketServer.Server).url
      const first = yield* wsStation(`${ws}/CP1`)
      assert.strictEqual((yield* post(url, heartbeat)).status, 200)
      assert.strictEqual((yield* first.closed).code, 1000)
      const second = yield* wsStation(`${ws}/CP1`)
      assert.strictEqual((yield* csms.connected).length, 1)
      assert.deepStrictEqual(yield* soap.stations, [])
      assert.strictEqual((yield* post(url, heartbeat)).status, 200)
      assert.strictEqual((yield* second.closed).code, 1000)
    })
  )

  it.live("is refused with 409 where its identity is to keep its connection", () =>
    Effect.gen(function* () {
      const { url } = yield* serveSoap({ takeover: "reject" })
      yield* post(url, heartbeat, { password: "one" })
      const answer = yield* post(url, heartbeat, { password: "two" })
      assert.deepStrictEqual([answer.status, faultIn(answer.text)], [409, "Sender/SecurityError"])
      assert.strictEqual((yield* post(url, heartbeat, { password: "one" })).status, 200)
    })
  )

  it.effect("is gone once nothing was heard from it for twice its heartbeat interval", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serveSoap({ handlers: [V16.csmsHandlers({ ...core, bootNotification })] })
      const events = yield* subscribe(csms.sessions)
      yield* post(url, boot)
      yield* TestClock.adjust("150 seconds")
      yield* post(url, heartbeat)
      yield* TestClock.adjust("199 seconds")
      assert.strictEqual((yield* csms.connected).length, 1)
      yield* TestClock.adjust("2 seconds")
      yield* settled
      assert.strictEqual((yield* csms.connected).length, 0)
      yield* Queue.take(events)
      assert.deepInclude(yield* Queue.take(events), { _tag: "Disconnected", code: 1006 })
      yield* post(url, heartbeat)
      assert.strictEqual((yield* csms.connected).length, 1)
    })
  )

  it.live("of a version that the CSMS has no handlers for is told so", () =>
    Effect.gen(function* () {
      const { url } = yield* serveSoap()
      const headers = { "content-type": "application/soap+xml" }
      const text = enveloped(heartbeat, "<o:chargeBoxIdentity>CP1</o:chargeBoxIdentity>", "urn://Ocpp/Cs/2012/06/")
      const answer = yield* request(url, { headers }, text)
      assert.deepStrictEqual([answer.status, faultIn(answer.text)], [500, "Receiver/NotSupported"])
      assert.strictEqual(envelopeOf(answer.text).body.children.length > 0, true)
    })
  )
})

describe("The way back to a station", () => {
  it.live("[SOAP-03] is the address in From, and calls go there", () =>
    Effect.gen(function* () {
      const { callbacks, csms, soap, url } = yield* serveSoap({ server: local })
      const station = yield* listener(resets)
      yield* post(url, heartbeat, { from: station.url })
      assert.deepStrictEqual(yield* Queue.take(callbacks), { _tag: "Learnt", identity: "CP1", url: station.url })
      assert.deepStrictEqual(yield* csms.call("CP1", V16.Reset, { type: "Soft" }), accepted)
      const { headers, text } = yield* station.next
      assert.deepInclude(envelopeOf(text).header, {
        identity: "CP1",
        action: "/Reset",
        to: station.url,
        from: url,
        replyTo: Envelope.anonymous
      })
      assert.strictEqual(headers["content-type"], `application/soap+xml; charset=utf-8; action="/Reset"`)
      assert.deepStrictEqual(
        yield* soap.station("CP1"),
        Option.some({
          identity: "CP1",
          version: "1.6",
          callback: station.url,
          reachability: "reachable"
        })
      )
    })
  )

  it.live(
    "is not learnt where the message proves nothing and came from elsewhere, nor inside of one's own network",
    () =>
      Effect.gen(function* () {
        const { callbacks, csms, url } = yield* serveSoap({ server: { callbacks: { allow: ["127.0.0.2"] } } })
        const refusals = [
          ["http://127.0.0.1:1/", undefined, /private or special/],
          ["http://127.0.0.2:1/", undefined, /not authenticated/],
          ["http://192.0.2.1/", undefined, /not authenticated/],
          ["http://127.0.0.1:1/", "secret", /private or special/],
          ["http://[::1]:1/", "secret", /private or special/],
          ["http://[::ffff:127.0.0.1]:1/", "secret", /private or special/],
          ["http://0x7f.1/", "secret", /private or special/],
          ["http://169.254.169.254/latest", "secret", /private or special/],
          ["http://10.0.0.1/", "secret", /private or special/],
          ["http://localhost:1/", "secret", /private or special/],
          ["http://no.such.name.invalid/", "secret", /no address/],
          ["ftp://192.0.2.1/", "secret", /no http/],
          ["file:///etc/passwd", "secret", /no http/],
          ["http://user:password@192.0.2.1/", "secret", /user name/]
        ] as const
        for (const [from, password, reason] of refusals) {
          yield* post(url, heartbeat, { from, password })
          const event = yield* Queue.take(callbacks)
          assert.strictEqual(event._tag, "Refused", from)
          assert.match(event._tag === "Refused" ? event.reason : "", reason, from)
        }
        const call = csms.call("CP1", V16.Reset, { type: "Soft" })
        assert.deepInclude(yield* Effect.flip(call), { _tag: "NotSent", reason: "NotConnected" })
        yield* post(url, heartbeat, { from: "http://127.0.0.2:1/", password: "secret" })
        assert.strictEqual((yield* Queue.take(callbacks))._tag, "Learnt")
      })
  )

  it.live("that is known is not changed by whoever names another one, and a change is told", () =>
    Effect.gen(function* () {
      const { callbacks, soap, url } = yield* serveSoap({ server: { callbacks: { allow: ["127.0.0.0/8"] } } })
      const [one, two] = [yield* listener(resets), yield* listener(resets)]
      const learnt = Effect.map(Queue.take(callbacks), ({ _tag }) => _tag)
      yield* post(url, heartbeat, { from: one.url, password: "secret" })
      assert.deepStrictEqual([yield* learnt, yield* learnt], ["Learnt", "Reachable"])
      yield* post(url, heartbeat, { from: "http://127.0.0.9:1/", password: "secret" })
      assert.strictEqual(yield* learnt, "Changed")
      assert.strictEqual(yield* learnt, "Unreachable")
      yield* post(url, heartbeat, { from: two.url, password: "secret" })
      assert.deepStrictEqual(yield* Queue.take(callbacks), {
        _tag: "Changed",
        identity: "CP1",
        url: two.url,
        before: "http://127.0.0.9:1/"
      })
      assert.strictEqual(yield* learnt, "Reachable")
      yield* post(url, heartbeat, { from: "http://[::1", password: "secret" })
      assert.strictEqual(yield* learnt, "Refused")
      yield* post(url, heartbeat, { from: Envelope.anonymous, password: "secret" })
      assert.deepNestedInclude(yield* soap.station("CP1"), { "value.callback": two.url })
    })
  )

  it.live("is no longer looked for once another one is named", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<never>()
      const found = yield* Queue.unbounded<unknown>()
      const { port, server } = yield* listener(resets)
      server.on("connection", (socket) => Queue.offerUnsafe(found, socket.destroy()))
      const station = new SoapStation(
        {
          alarms: Alarms.of(context),
          nextId: () => "1",
          from: () => "http://csms.example/",
          agents: { "http:": SoapPost.makeAgent("http:"), "https:": SoapPost.makeAgent("https:") },
          post: { tls: {}, coding: undefined, timeout: 30_000, connectTimeout: 10_000, maxBytes: 1 << 20 },
          authorizationOf: () => undefined,
          silence: undefined,
          became: () => undefined,
          gone: () => undefined
        },
        SoapCodec.make(Soap16.carriage, { side: "csms", numbers: undefined }),
        { identity: "CP1", key: "key", address: undefined }
      )
      yield* Effect.addFinalizer(() => Effect.sync(() => station.end(1000, "")))
      // Names that are looked up for as long as the test wants.
      const lookups: Array<() => void> = []
      const lookup: Net.LookupFunction = (_, { all }, answer) => {
        const address = { address: "127.0.0.1", family: 4 }
        lookups.push(() => (all === true ? answer(null, [address]) : answer(null, address.address, address.family)))
      }
      for (const name of ["one", "two", "three"]) {
        station.callAt({ url: new URL(`http://${name}.example:${port}/`), lookup })
      }
      assert.lengthOf(lookups, 3)
      for (const answer of lookups) answer()
      yield* Queue.take(found)
      // Another one would have come before it.
      yield* Effect.callback<void>((resume) => {
        Net.connect(port, "127.0.0.1").on("close", () => resume(Effect.void))
      })
      assert.strictEqual(yield* Queue.size(found), 1)
    })
  )

  it.effect("[FIELD-K12] is logged at most 20 times a second, however often another one is named", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => void lines.push(String(message)))
      const logged = Effect.gen(function* () {
        const { callbacks, url } = yield* serveSoap()
        for (let port = 1; port <= 30; port++) {
          yield* post(url, heartbeat, { from: `http://10.0.0.1:${port}/` })
          assert.strictEqual((yield* Queue.take(callbacks))._tag, "Refused")
        }
      })
      yield* Effect.provide(logged, Logger.layer([logger]))
      assert.lengthOf(
        lines.filter((line) => line.includes("CP1 is not called at")),
        20
      )
    })
  )

  it.live("is stored, and known again after a restart; what is configured goes before it", () =>
    Effect.gen(function* () {
      const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const station = yield* listener(resets)
      const before = yield* serveSoap({ server: local, storage })
      yield* post(before.url, heartbeat, { from: station.url })
      yield* Queue.take(before.callbacks)
      yield* Queue.take(before.callbacks)
      yield* before.stop
      const after = yield* serveSoap({ server: local, storage })
      yield* post(after.url, heartbeat)
      assert.deepStrictEqual(yield* Queue.take(after.callbacks), {
        _tag: "Reachable",
        identity: "CP1",
        url: station.url
      })
      assert.deepStrictEqual(yield* after.csms.call("CP1", V16.Reset, { type: "Soft" }), accepted)
      const address = (): string => station.url
      const configured = yield* serveSoap({ server: { callbacks: { address } } })
      yield* post(configured.url, heartbeat, { from: "http://192.0.2.1/" })
      assert.strictEqual((yield* Queue.take(configured.callbacks))._tag, "Reachable")
      assert.deepStrictEqual(yield* configured.csms.call("CP1", V16.Reset, { type: "Soft" }), accepted)
      const wrong = yield* serveSoap({ server: { callbacks: { address: () => "nowhere" } } })
      yield* post(wrong.url, heartbeat)
      assert.deepInclude(yield* Queue.take(wrong.callbacks), { _tag: "Refused", url: "nowhere" })
    })
  )

  it.live("to nobody costs one call its time-out, and is open again once somebody is there", () =>
    Effect.gen(function* () {
      const { callbacks, csms, url } = yield* serveSoap({
        server: { callbacks: { ...local.callbacks, timeout: "50 millis" } }
      })
      const answers: Array<() => void> = []
      const station = yield* listener((incoming, response) => void answers.push(() => resets(incoming, response)))
      yield* post(url, heartbeat, { from: station.url })
      yield* Queue.take(callbacks)
      yield* Queue.take(callbacks)
      const reset = csms.call("CP1", V16.Reset, { type: "Soft" })
      assert.deepInclude(yield* Effect.flip(reset), { _tag: "Uncertain", reason: "ConnectionLost" })
      assert.strictEqual((yield* Queue.take(callbacks))._tag, "Unreachable")
      assert.deepInclude(yield* Effect.flip(reset), { _tag: "NotSent", reason: "NotConnected" })
      const other = yield* listener(resets)
      yield* post(url, heartbeat, { from: other.url })
      assert.strictEqual((yield* Queue.take(callbacks))._tag, "Changed")
      assert.deepStrictEqual(yield* reset, accepted)
    })
  )

  it.live("leads nowhere else, and what is no SOAP there is told as what it is", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serveSoap({ server: { ...local, maxBytes: 10_000 } })
      const elsewhere = yield* listener(resets)
      const answers: ReadonlyArray<readonly [Parameters<typeof listener>[0], RegExp]> = [
        [
          (_, response) => response.writeHead(307, { location: elsewhere.url }).end(),
          /^nothing from 127\.0\.0\.1:\d+, HTTP status 307$/
        ],
        [
          (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html/>"),
          /^text\/html from 127\.0\.0\.1:\d+, HTTP status 200: no SOAP$/
        ],
        [(_, response) => response.writeHead(200, { "content-type": "text/xml" }).end("<html/>"), /no SOAP envelope/],
        [
          (_, response) => response.writeHead(200, { "content-type": "text/xml" }).end("x".repeat(10_001)),
          /larger than 10000 bytes/
        ],
        [
          (_, response) =>
            response
              .writeHead(200, { "content-type": "text/xml", "content-encoding": "gzip" })
              .end(Zlib.gzipSync("x".repeat(1_000_000))),
          /unpacked content is larger than 10000 bytes/
        ]
      ]
      for (const [answer, why] of answers) {
        const station = yield* listener(answer)
        yield* post(url, heartbeat, { from: station.url })
        const failed = yield* Effect.flip(csms.call("CP1", V16.Reset, { type: "Soft" }))
        if (failed._tag !== "InvalidResponse") return assert.fail(failed._tag)
        assert.match(failed.violations[0]?.rule ?? "", why)
      }
    })
  )

  it.live("[SOAP-05] is packed as it was asked for, and so are answers", () =>
    Effect.gen(function* () {
      for (const compression of ["gzip", "deflate"] as const) {
        const unpack = compression === "gzip" ? Zlib.gunzipSync : Zlib.inflateSync
        const { csms, url } = yield* serveSoap({ server: { callbacks: { ...local.callbacks, compression } } })
        const bodies: Array<Buffer> = []
        const station = yield* listening((incoming, response) => {
          incoming.on("data", (chunk: Buffer) => bodies.push(chunk))
          incoming.on("end", () => {
            response.writeHead(200, { "content-type": "application/soap+xml", "content-encoding": compression })
            const body = `<o:changeConfigurationResponse><o:status>Accepted</o:status></o:changeConfigurationResponse>`
            const text = enveloped(body, "", Soap16.carriage.namespaces.station)
            response.end(compression === "gzip" ? Zlib.gzipSync(text) : Zlib.deflateRawSync(text))
          })
        })
        const { port } = station.address() as Net.AddressInfo
        yield* post(url, heartbeat, { from: `http://127.0.0.1:${port}/` })
        const value = "v".repeat(500)
        assert.deepStrictEqual(
          yield* csms.call("CP1", V16.ChangeConfiguration, { key: "k".repeat(50), value }),
          accepted
        )
        assert.include(unpack(Buffer.concat(bodies)).toString(), value)
      }
    })
  )
})

const of = (identity: string, declaration = ""): string =>
  declaration + enveloped(heartbeat, `<o:chargeBoxIdentity>${identity}</o:chargeBoxIdentity>`)

describe("What is posted", () => {
  const xml = { "content-type": "application/soap+xml; charset=utf-8" }
  const right = enveloped(heartbeat)

  it.live("[SOAP-05] may be packed, and its answer is as it accepts", () =>
    Effect.gen(function* () {
      const data = "d".repeat(5000)
      const dataTransfer = () => Effect.succeed({ ...accepted, data })
      const { url } = yield* serveSoap({ handlers: [V16.csmsHandlers({ ...core, dataTransfer })] })
      const text = enveloped("<o:dataTransferRequest><o:vendorId>x</o:vendorId></o:dataTransferRequest>")
      const packed = [
        ["gzip", Zlib.gzipSync(text), Zlib.gunzipSync],
        ["deflate", Zlib.deflateSync(text), Zlib.inflateSync],
        ["deflate", Zlib.deflateRawSync(text), Zlib.inflateSync]
      ] as const
      for (const [coding, body, unpack] of packed) {
        const headers = { ...xml, "content-encoding": coding, "accept-encoding": `br;q=1, ${coding};q=0.5` }
        const answer = yield* request(url, { headers }, body)
        assert.deepStrictEqual([answer.status, answer.headers["content-encoding"]], [200, coding])
        assert.include(unpack(answer.bytes).toString(), data)
      }
      const plain = yield* request(url, { headers: { ...xml, "accept-encoding": "gzip;q=0" } }, text)
      assert.isUndefined(plain.headers["content-encoding"])
    })
  )

  it.live("[SOAP-08] and is no envelope gets the right answer, and the server goes on", () =>
    Effect.gen(function* () {
      const { url } = yield* serveSoap({ server: { maxBytes: 100_000 } })
      const fault = (text: string, status: number, what: string) => [{ headers: xml }, text, status, what] as const
      const cases = [
        fault("", 400, "Sender/ProtocolError"),
        fault("<a", 400, "Sender/ProtocolError"),
        fault(`<!DOCTYPE a [<!ENTITY b "c">]>${right}`, 400, "Sender/ProtocolError"),
        fault("<a>".repeat(10_000), 400, "Sender/ProtocolError"),
        fault(enveloped(heartbeat + heartbeat), 400, "Sender/ProtocolError"),
        fault(enveloped(heartbeat, ""), 400, "Sender/ProtocolError"),
        fault(enveloped("<o:x/>", undefined, "urn:other"), 400, "Sender/ProtocolError"),
        fault(right.replaceAll(Envelope.soapNamespace, "urn:other"), 500, "VersionMismatch/"),
        [{ headers: { "content-type": "application/json" } }, "{}", 415, "application/json: no SOAP"],
        [{ headers: { "content-type": "\u00e9" } }, "{}", 415, "content of an unreadable type: no SOAP"],
        [{ headers: { ...xml, "content-encoding": "br" } }, "x", 415, "neither gzip nor deflate"],
        [{ headers: { ...xml, "content-encoding": "gzip" } }, "x", 400, "no gzip"],
        [{ headers: { "content-type": "text/xml; charset=utf-99" } }, right, 400, "encoding"],
        [{ headers: xml }, Buffer.from(right.replace("CP1", "\u00e9"), "latin1"), 400, "encoding"],
        [{ headers: xml }, "x".repeat(100_001), 413, "larger than 100000 bytes"],
        [{ headers: { ...xml, "transfer-encoding": "chunked" } }, Buffer.alloc(50_000_000), 413, "larger"],
        [{ headers: { ...xml, "content-encoding": "gzip" } }, Zlib.gzipSync("x".repeat(5_000_000)), 413, "unpacked"],
        [{ method: "GET" }, "", 405, "OCPP over SOAP is spoken here"],
        [{ method: "PUT", headers: xml }, right, 405, "OCPP over SOAP is spoken here"]
      ] as const
      for (const [options, body, status, what] of cases) {
        const answer = yield* request(url, options, body)
        const where = `${JSON.stringify(options)} ${String(body).slice(0, 80)}`
        assert.strictEqual(answer.status, status, where)
        if (answer.headers["content-type"] === "text/plain") assert.include(answer.text, what, where)
        else assert.strictEqual(faultIn(answer.text), what, where)
      }
      assert.strictEqual((yield* post(url, heartbeat)).status, 200)
    })
  )

  it.live("is read in the encoding that it says", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serveSoap()
      const cases = [
        ["text/xml; charset=iso-8859-1", Buffer.from(of("é1"), "latin1"), "é1"],
        ["text/xml", Buffer.from(of("é2", `<?xml version="1.0" encoding="ISO-8859-1"?>`), "latin1"), "é2"],
        ["text/xml", Buffer.from(`\uFEFF${of("é3")}`, "utf16le"), "é3"],
        [`application/xml;charset="UTF-8"`, Buffer.from(`\uFEFF${of("é4")}`), "é4"],
        [undefined, Buffer.from(of("é5")), "é5"]
      ] as const
      for (const [type, body, identity] of cases) {
        const answer = yield* request(url, { headers: type === undefined ? {} : { "content-type": type } }, body)
        assert.strictEqual(answer.status, 200, identity)
        assert.isTrue(Option.isSome(yield* csms.session(identity)), identity)
      }
    })
  )

  it.live("has to arrive in time, and a connection serves one request after another", () =>
    Effect.gen(function* () {
      const { soap } = yield* serveSoap({ server: { requestTimeout: "100 millis" } })
      const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ncontent-length: ${right.length}\r\n\r\n`
      const received = yield* Effect.callback<string>((resume) => {
        let text = ""
        const socket = Net.connect(soap.port, "127.0.0.1", () => socket.write(head + right + head + right + head + "<"))
        socket.on("data", (data) => (text += data.toString()))
        socket.on("close", () => resume(Effect.succeed(text)))
        socket.on("error", () => {})
      })
      assert.deepStrictEqual(received.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 408"])
    })
  )

  it.live("by a WebSocket station names the right protocol, and so does what a SOAP station posts to a WebSocket", () =>
    Effect.gen(function* () {
      const { endpoint, url } = yield* serveSoap()
      const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-protocol": "ocpp1.6" }
      const answer = yield* request(`${url}CP1`, { method: "GET", headers: upgrade })
      assert.strictEqual(answer.status, 400)
      assert.include(answer.text, "OCPP over SOAP is spoken here")
      const sockets = yield* Layer.build(
        Layer.provide(WebSocketServer.layer({ port: 0, host: "127.0.0.1" }), Layer.succeed(Endpoint.Endpoint, endpoint))
      )
      const ws = Context.get(sockets, WebSocketServer.Server).url.replace("ws:", "http:")
      const posted = yield* post(`${ws}/`, heartbeat)
      assert.strictEqual(posted.status, 426)
      assert.include(posted.text, "OCPP over WebSocket is spoken here")
    })
  )
})

describe("A SOAP server", () => {
  it.live("describes its service, from which node-soap makes a client", () =>
    Effect.gen(function* () {
      const { url } = yield* serveSoap()
      const [newest, older] = [
        yield* request(`${url}?wsdl`, { method: "GET" }),
        yield* request(`${url}ocpp?WSDL=1.5`, { method: "GET" })
      ]
      assert.include(newest.text, `targetNamespace="urn://Ocpp/Cs/2015/10/"`)
      assert.include(older.text, `targetNamespace="urn://Ocpp/Cs/2012/06/"`)
      assert.strictEqual((yield* request(`${url}?wsdl=2.0.1`, { method: "GET" })).status, 405)
      const client = yield* Effect.promise(() => createClientAsync(`${url}?wsdl`, { forceSoap12Headers: true }))
      client.addSoapHeader(`<chargeBoxIdentity xmlns="urn://Ocpp/Cs/2015/10/">CP1</chargeBoxIdentity>`)
      const [answer] = yield* Effect.promise((): Promise<ReadonlyArray<unknown>> =>
        client["AuthorizeAsync"]({ idTag: "A" })
      )
      assert.deepStrictEqual(answer, { idTagInfo: { status: "Accepted" } })
    })
  )

  it.live("below a path leaves the rest alone, and says what is wrong with its options", () =>
    Effect.gen(function* () {
      const { url } = yield* serveSoap({ server: { path: "/ocpp/soap" } })
      assert.match(url, /\/ocpp\/soap$/)
      assert.strictEqual((yield* post(url, heartbeat)).status, 200)
      assert.strictEqual((yield* post(`${url}/1.6`, heartbeat)).status, 200)
      assert.strictEqual((yield* post(url.replace("/soap", "/other"), heartbeat)).status, 404)
      for (const [server, message] of [
        [{ versions: [] }, "versions: at least one"],
        [{ callbacks: { allow: ["here"] } }, `callbacks.allow: "here"`],
        [{ maxBytes: 0 }, "maxBytes"],
        [{ publicUrl: "csms.example" }, "publicUrl: it is no http: or https: URL"]
      ] as const) {
        const exit = yield* Effect.exit(serveSoap({ server }))
        assert.include(Exit.isFailure(exit) ? String(exit.cause) : "", message)
      }
    })
  )

  it.live("that shuts down waits for what is under way, and ends the sessions", () =>
    Effect.gen(function* () {
      const { csms, stop, url } = yield* serveSoap({
        handlers: [V16.csmsHandlers({ ...core, authorize: () => Effect.never })],
        server: { drainTimeout: "20 millis" }
      })
      const events = yield* subscribe(csms.sessions)
      const under = yield* Effect.forkChild(Effect.exit(post(url, authorize)), { startImmediately: true })
      yield* Queue.take(events)
      yield* stop
      assert.deepInclude(yield* Queue.take(events), { _tag: "Disconnected", code: 1001 })
      assert.isDefined(under)
    })
  )
})
