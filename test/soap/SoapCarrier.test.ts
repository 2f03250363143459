/**
 * Messages of the engine as envelopes, both ways.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { CallError, type CallFailure } from "../../src/index.ts"
import * as Envelope from "../../src/soap/Envelope.ts"
import type { Posted } from "../../src/soap/SoapCarrier.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { core } from "../support/messages.ts"
import { fields } from "../support/outcome.ts"
import { ask, ends, enveloped, envelopeOf, faultIn, open, payloadOf } from "../support/soap.ts"
import { start } from "../support/time.ts"

const { called: csmsCodec, caller: stationCodec } = ends(Soap16.carriage, "station")

const csms = (handlers: Partial<V16.CsmsHandlers> = {}) => open(V16.csmsHandlers({ ...core, ...handlers }), csmsCodec)

const heartbeat = "<o:heartbeatRequest/>"

const failure = <A>(call: Effect.Effect<A, CallFailure>) => Effect.flip(call)

const authorize = (idTag: string): string => `<o:authorizeRequest><o:idTag>${idTag}</o:idTag></o:authorizeRequest>`

const answered = (body: string): Posted => ({ _tag: "Answered", text: enveloped(body, "") })

describe("A request of the peer", () => {
  it.effect("[SOAP-03] gets its response, which relates to it and has the action with Response", () =>
    Effect.gen(function* () {
      const { carrier } = yield* csms()
      const header = "<o:chargeBoxIdentity>CP1</o:chargeBoxIdentity><w:MessageID>not a URI</w:MessageID>"
      const answer = yield* ask(carrier, enveloped(heartbeat, header))
      assert.strictEqual(answer.status, 200)
      const envelope = envelopeOf(answer.text)
      assert.deepInclude(envelope.header, {
        action: "/HeartbeatResponse",
        relatesTo: "not a URI",
        to: Envelope.anonymous
      })
      assert.match(envelope.header.messageId ?? "", /^urn:message:/)
      assert.strictEqual(envelope.body.name, "heartbeatResponse")
    })
  )

  it.effect("[SOAP-03] gets it without a message id too", () =>
    Effect.gen(function* () {
      const { carrier } = yield* csms()
      const answers = yield* Effect.all([ask(carrier, enveloped(heartbeat)), ask(carrier, enveloped(heartbeat))])
      for (const { status, text } of answers) {
        assert.strictEqual(status, 200)
        assert.strictEqual(envelopeOf(text).header.relatesTo, "http://www.w3.org/2005/08/addressing/unspecified")
      }
    })
  )

  it.effect("[SOAP-04] gets a fault for what is wrong with it, and the side goes on", () =>
    Effect.gen(function* () {
      const { carrier, deviations } = yield* csms({
        authorize: ({ idTag }) =>
          idTag === "die"
            ? Effect.die("a defect")
            : Effect.fail(new CallError({ code: "SecurityError", description: "no", details: { because: "so" } }))
      })
      const cases = [
        [authorize("no"), 400, "Sender/SecurityError"],
        [authorize("die"), 500, "Receiver/InternalError"],
        [authorize("A".repeat(21)), 400, "Sender/ProtocolError"],
        ["<o:resetRequest><o:type>Soft</o:type></o:resetRequest>", 500, "Receiver/NotSupported"],
        ["<o:lightShowRequest/>", 500, "Receiver/NotSupported"],
        [
          "<o:diagnosticsStatusNotificationRequest><o:status>Idle</o:status></o:diagnosticsStatusNotificationRequest>",
          500,
          "Receiver/NotSupported"
        ],
        ["<o:heartbeatResponse/>", 400, "Sender/ProtocolError"],
        [`<heartbeatRequest xmlns="urn:other"/>`, 400, "Sender/ProtocolError"]
      ] as const
      for (const [body, status, fault] of cases) {
        const answer = yield* ask(carrier, enveloped(body, "<w:MessageID>1</w:MessageID>"))
        assert.deepStrictEqual([answer.status, faultIn(answer.text)], [status, fault], body)
        assert.strictEqual(envelopeOf(answer.text).header.relatesTo, "1")
      }
      const { text } = yield* ask(carrier, enveloped(authorize("no")))
      assert.deepInclude(Envelope.faultOf(envelopeOf(text).body), { reason: "no", details: { because: "so" } })
      assert.sameMembers(
        deviations.map(({ kind }) => kind),
        ["InvalidRequest", "UnknownAction", "UnknownAction", "MalformedFrame", "MalformedFrame"]
      )
      assert.strictEqual((yield* ask(carrier, enveloped(heartbeat))).status, 200)
    })
  )

  it.effect("that is sent again while it is handled is handled once, and both get the answer", () =>
    Effect.gen(function* () {
      const done = yield* Deferred.make<void>()
      const handled: Array<string> = []
      const { carrier } = yield* csms({
        authorize: ({ idTag }) => {
          handled.push(idTag)
          return Effect.as(Deferred.await(done), { idTagInfo: { status: "Accepted" } })
        }
      })
      const repeat = (idTag: string) =>
        start(
          ask(
            carrier,
            enveloped(
              `<o:authorizeRequest><o:idTag>${idTag}</o:idTag></o:authorizeRequest>`,
              "<w:MessageID>1</w:MessageID>"
            )
          )
        )
      const asked = [yield* repeat("A"), yield* repeat("A"), yield* repeat("B")]
      assert.deepStrictEqual(handled, ["A", "B"])
      yield* Deferred.succeed(done, undefined)
      for (const answer of yield* Effect.forEach(asked, Fiber.join)) {
        assert.deepStrictEqual([answer.status, envelopeOf(answer.text).header.relatesTo], [200, "1"])
      }
    })
  )

  it.effect("that is sent again and again while it is handled is refused beyond sixteen times", () =>
    Effect.gen(function* () {
      const done = yield* Deferred.make<void>()
      const { carrier } = yield* csms({
        authorize: () => Effect.as(Deferred.await(done), { idTagInfo: { status: "Accepted" } })
      })
      const request = enveloped(authorize("A"), "<w:MessageID>1</w:MessageID>")
      const asked = yield* Effect.forEach(Array.from({ length: 18 }), () => start(ask(carrier, request)))
      for (const one of asked.slice(16)) {
        const { status, text } = yield* Fiber.join(one)
        assert.deepStrictEqual([status, faultIn(text)], [503, "Receiver/InternalError"])
      }
      yield* Deferred.succeed(done, undefined)
      for (const one of asked.slice(0, 16)) assert.strictEqual((yield* Fiber.join(one)).status, 200)
    })
  )

  it.effect("is refused once the session is over, and so is what was under way then", () =>
    Effect.gen(function* () {
      const { carrier, peer } = yield* csms({ heartbeat: () => Effect.never })
      const under = yield* start(ask(carrier, enveloped(heartbeat)))
      peer.close(1000, "")
      const late = yield* ask(carrier, enveloped(heartbeat))
      for (const answer of [yield* Fiber.join(under), late]) {
        assert.deepStrictEqual([answer.status, faultIn(answer.text)], [503, "Receiver/InternalError"])
      }
    })
  )
})

describe("A call of this side", () => {
  /** A station whose requests are answered as given. */
  const station = Effect.fnUntraced(function* (answer: (text: string) => Posted | false) {
    const sent: Array<string> = []
    const opened = yield* open(V16.stationHandlersPartial({}), stationCodec, {
      from: () => "http://10.0.0.1:8080/",
      post: (text, _, done) => {
        sent.push(text)
        const posted = answer(text)
        if (posted === false) return false
        done(posted)
        return true
      }
    })
    return { ...opened, sent }
  })

  const response = `<o:heartbeatResponse><o:currentTime>2026-11-22T06:00:00Z</o:currentTime></o:heartbeatResponse>`

  it.effect("[SOAP-02] [SOAP-03] has all headers that the specification asks for", () =>
    Effect.gen(function* () {
      const { peer, sent } = yield* station(() => answered(response))
      yield* peer.call(V16.Heartbeat, {}, { messageId: "id 1" })
      yield* peer.call(V16.Heartbeat, {}, { messageId: "urn:uuid:1" })
      const headers = sent.map((text) => envelopeOf(text).header)
      assert.deepStrictEqual(headers[0], {
        identity: "CP1",
        action: "/Heartbeat",
        messageId: "urn:message:id%201",
        relatesTo: undefined,
        from: "http://10.0.0.1:8080/",
        replyTo: Envelope.anonymous,
        to: "http://peer/"
      })
      assert.strictEqual(headers[1]?.messageId, "urn:uuid:1")
      assert.deepStrictEqual(payloadOf(csmsCodec, sent[0]!), {})
    })
  )

  it.effect("is answered by what came back, whatever it relates to", () =>
    Effect.gen(function* () {
      const { peer } = yield* station(() => answered(response))
      assert.deepStrictEqual(yield* peer.call(V16.Heartbeat, {}), { currentTime: "2026-11-22T06:00:00Z" })
    })
  )

  it.effect("fails as its answer says", () =>
    Effect.gen(function* () {
      const fault = `<e:Fault><e:Code><e:Value>e:Receiver</e:Value><e:Subcode><e:Value>o:OutOfOrder</e:Value></e:Subcode></e:Code><e:Reason><e:Text>later</e:Text></e:Reason></e:Fault>`
      const cases: ReadonlyArray<readonly [Posted | false, object]> = [
        [answered(fault), { _tag: "CallError", code: "OutOfOrder", description: "later" }],
        [answered("<o:heartbeatResponse/>"), { _tag: "InvalidResponse" }],
        [answered("<o:authorizeResponse/>"), { _tag: "InvalidResponse" }],
        [
          { _tag: "Answered", text: "<html/>" },
          { _tag: "InvalidResponse", payload: "<html/>" }
        ],
        [
          { _tag: "NoSoap", flaw: "text/html, status 200: no SOAP" },
          { _tag: "InvalidResponse", payload: undefined }
        ],
        [
          { _tag: "Lost", hasLeft: true },
          { _tag: "Uncertain", reason: "ConnectionLost" }
        ],
        [
          { _tag: "Lost", hasLeft: false },
          { _tag: "NotSent", reason: "NotConnected" }
        ],
        [false, { _tag: "NotSent", reason: "NotConnected" }]
      ]
      for (const [posted, expected] of cases) {
        const { peer } = yield* station(() => posted)
        assert.deepInclude(fields(yield* failure(peer.call(V16.Heartbeat, {}))), expected, JSON.stringify(posted))
      }
    })
  )

  it.effect("[SOAP-06] is not sent again after a fault", () =>
    Effect.gen(function* () {
      const fault = `<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code></e:Fault>`
      const { peer, sent } = yield* station((text) => answered(text.includes("heartbeat") ? response : fault))
      yield* failure(peer.call(V16.Authorize, { idTag: "A" }))
      assert.strictEqual(sent.length, 1)
      // The next one tells that it was not the connection.
      yield* peer.call(V16.Heartbeat, {})
      assert.strictEqual(sent.length, 2)
    })
  )

  it.effect("that has no form in XML is not sent, and says why", () =>
    Effect.gen(function* () {
      const { peer, sent } = yield* station(() => answered(response))
      const cases = [
        [peer.call(V16.Authorize, { idTag: "a\u0000" }), "idTag: has a character that XML cannot carry"],
        [
          peer.call(V16.SecurityEventNotification, {
            type: "TamperDetectionActivated",
            timestamp: "2026-11-22T06:00:00Z"
          }),
          "OCPP 1.6 over SOAP has no SecurityEventNotification"
        ]
      ] as const
      for (const [call, why] of cases) {
        const failed = yield* failure<unknown>(call)
        assert.strictEqual(failed._tag, "NotSent")
        assert.include(failed.message, why)
      }
      assert.deepStrictEqual(sent, [])
    })
  )
})
