/**
 * Envelopes: what is found in the header, what is no envelope, and what is refused before it is read to its end.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Envelope from "../../src/soap/Envelope.ts"
import * as Fault from "../../src/soap/Fault.ts"
import * as SoapCodec from "../../src/soap/SoapCodec.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { enveloped, envelopeOf } from "../support/soap.ts"

const heartbeat = "<o:heartbeatRequest/>"

const codec = SoapCodec.make(Soap16.carriage, { side: "csms" })

const flawOf = (text: string, limits?: Envelope.EnvelopeLimits): string => {
  const envelope = Envelope.parse(text, limits)
  return envelope._tag === "NoEnvelope" ? envelope.flaw : "none"
}

const headerOf = (header: string): Envelope.Header => envelopeOf(enveloped(heartbeat, header)).header

const answering = (header: string) => Envelope.answering(headerOf(header), "/HeartbeatResponse", "urn:1")

const asked = (action: string): string =>
  codec.request(envelopeOf(enveloped(heartbeat, `<w:Action>${action}</w:Action>`)))._tag

const twice = (name: string, one: string, other: string): string =>
  `<${name}>${one}</${name}><${name}>${other}</${name}>`

describe("The header of an envelope", () => {
  it("[SOAP-02] is found in any case and any namespace for the identity", () => {
    for (const header of [
      "<o:chargeBoxIdentity>CP1</o:chargeBoxIdentity>",
      "<o:ChargeBoxIdentity>\n CP1 </o:ChargeBoxIdentity>",
      `<chargeboxidentity xmlns="urn:other">CP1</chargeboxidentity>`
    ]) {
      assert.strictEqual(headerOf(header).identity, "CP1")
    }
    assert.isUndefined(headerOf("<o:chargeBoxIdentity> </o:chargeBoxIdentity>").identity)
  })

  it("[SOAP-03] is found in every version of WS-Addressing, and may be missing", () => {
    const old = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
    assert.deepStrictEqual(
      headerOf(
        `<x:Action xmlns:x="urn:other">no</x:Action><w:MessageID>any text</w:MessageID><w:From><w:Address> http://a/ </w:Address></w:From><Action xmlns="${old}">/Heartbeat</Action><w:To/>`
      ),
      {
        identity: undefined,
        action: "/Heartbeat",
        messageId: "any text",
        relatesTo: undefined,
        from: "http://a/",
        replyTo: undefined,
        to: undefined
      }
    )
    assert.isUndefined(headerOf("").action)
  })

  it("[SOAP-03] says what the first of several of a name says", () => {
    const header = headerOf(
      twice("o:chargeBoxIdentity", "CP1", "CP2") +
        twice("w:MessageID", "1", "2") +
        twice("w:From", "<w:Address>http://a/</w:Address>", "<w:Address>http://b/</w:Address>")
    )
    assert.deepInclude(header, { identity: "CP1", messageId: "1", from: "http://a/" })
    assert.isUndefined(headerOf(twice("w:MessageID", "", "2")).messageId)
  })

  it("[SOAP-03] names the action with more in front of it, but not another one", () => {
    for (const action of [
      "/Heartbeat",
      "urn://Ocpp/Cs/2015/10/Heartbeat",
      "Heartbeat",
      "/HeartbeatRequest",
      "",
      "/x"
    ]) {
      assert.strictEqual(asked(action), "Request", action)
    }
    assert.strictEqual(asked("/Authorize"), "Flaw")
  })

  it("[SOAP-03] of an answer relates to the request, or to an unspecified one, and goes where that asks", () => {
    assert.deepStrictEqual(answering("<w:MessageID>x y</w:MessageID>"), {
      action: "/HeartbeatResponse",
      messageId: "urn:1",
      relatesTo: "x y",
      to: "http://www.w3.org/2005/08/addressing/anonymous"
    })
    assert.deepInclude(answering("<w:ReplyTo><w:Address>http://a/</w:Address></w:ReplyTo>"), {
      relatesTo: "http://www.w3.org/2005/08/addressing/unspecified",
      to: "http://a/"
    })
  })
})

describe("[SOAP-08] What is no envelope", () => {
  const bomb = Array.from({ length: 10 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join("")
  const cases: ReadonlyArray<readonly [text: string, flaw: RegExp]> = [
    ["", /well-formed|empty/],
    ["Hello", /well-formed/],
    ["<html><body>404</body></html>", /no SOAP envelope/],
    ["<a><b></a>", /well-formed/],
    [enveloped(heartbeat).slice(0, -9), /well-formed/],
    [enveloped(heartbeat) + "<x/>", /well-formed/],
    [enveloped(`<o:heartbeatRequest a="1" a="2"/>`), /well-formed/],
    [enveloped("<unknown:heartbeatRequest/>"), /well-formed/],
    [enveloped("<o:heartbeatRequest>&nbsp;</o:heartbeatRequest>"), /well-formed/],
    [enveloped("<o:heartbeatRequest>&#0;</o:heartbeatRequest>"), /well-formed/],
    [enveloped("<o:heartbeatRequest>\u0001</o:heartbeatRequest>"), /well-formed/],
    [`<!DOCTYPE x>${enveloped(heartbeat)}`, /document type/],
    [`<!DOCTYPE x SYSTEM "file:///etc/passwd">${enveloped(heartbeat)}`, /document type/],
    [`<!DOCTYPE x [<!ENTITY e0 "ha">${bomb}]>${enveloped("<o:a>&e10;</o:a>")}`, /document type/],
    [enveloped(heartbeat + heartbeat), /one element/],
    [enveloped(""), /one element/],
    [enveloped(`</e:Body><e:Body>${heartbeat}`), /one body/],
    [enveloped(heartbeat).replaceAll("e:Body", "e:Bodies"), /one body/],
    [enveloped(heartbeat).replaceAll(Envelope.soapNamespace, "urn:other"), /SOAP 1\.2/],
    [enveloped("<a>".repeat(10_000) + "</a>".repeat(10_000)), /32 levels/],
    [enveloped("<a>".repeat(10_000_000)), /32 levels/],
    [enveloped("<o:a>" + "<a/>".repeat(100_001) + "</o:a>"), /100000 elements/],
    [enveloped(`<o:a ${Array.from({ length: 100_001 }, (_, i) => `a${i}="" `).join("")}/>`), /100000 elements/]
  ]

  it("is told as such, and never takes long", () => {
    for (const [text, flaw] of cases) assert.match(flawOf(text), flaw, text.slice(0, 200))
    assert.strictEqual(flawOf(enveloped(heartbeat)), "none")
  })

  it("is also what goes over limits of one's own", () => {
    assert.match(flawOf(enveloped(heartbeat), { maxDepth: 2 }), /2 levels/)
    assert.match(flawOf(enveloped(heartbeat), { maxNodes: 3 }), /3 elements/)
    assert.strictEqual(flawOf(enveloped(heartbeat), { maxDepth: 3, maxNodes: 100 }), "none")
  })

  it("of another version of SOAP is told as that", () => {
    const text = enveloped(heartbeat).replaceAll(Envelope.soapNamespace, "http://schemas.xmlsoap.org/soap/envelope/")
    assert.deepInclude(Envelope.parse(text), { _tag: "NoEnvelope", fault: "VersionMismatch" })
  })

  it("keeps its header where that could be read", () => {
    assert.deepNestedInclude(Envelope.parse(enveloped("")), { "header.identity": "CP1" })
  })

  it("takes a text of 5 MB that is one", () => {
    const data = "x".repeat(5_000_000)
    const { body } = envelopeOf(enveloped(`<o:dataTransferRequest><o:data>${data}</o:data></o:dataTransferRequest>`))
    assert.strictEqual(body.children[0]?.text.length, data.length)
  })

  it.prop("is found, whatever the text", [Schema.String], ([text]) => {
    assert.strictEqual(Envelope.parse(text)._tag, "NoEnvelope")
  })

  it.prop(
    "is found or not, however an envelope is damaged",
    [Schema.Array(Schema.Tuple([Schema.Int, Schema.String])).check(Schema.isMinLength(1), Schema.isMaxLength(4))],
    ([edits]) => {
      const text = edits.reduce((before, [at, edit]) => {
        const where = Math.abs(at) % before.length
        return before.slice(0, where) + edit + before.slice(where + (at < 0 ? 3 : 0))
      }, enveloped(`<o:authorizeRequest><o:idTag>A</o:idTag></o:authorizeRequest>`))
      const envelope = Envelope.parse(text)
      if (envelope._tag === "Envelope") assert.include(["Request", "Flaw"], codec.request(envelope)._tag)
      assert.include(["Response", "Fault", "Flaw"], codec.answer(envelope, "Authorize")._tag)
    },
    { arbitrary: { runs: 300 } }
  )
})

const fault = (code: string): string => {
  const read = codec.answer(
    envelopeOf(enveloped(`<e:Fault><e:Code><e:Value>e:${code}</e:Code></e:Fault>`)),
    "Heartbeat"
  )
  return read._tag === "Fault" ? Fault.toCode(read.fault) : read._tag
}

const sub = (value: string): string => `<e:Subcode><e:Value>${value}</e:Value></e:Subcode>`

describe("[SOAP-04] A fault", () => {
  it("has the code and sub-code of the specification, in the namespace of the operation", () => {
    const codes = [
      ["SecurityError", "Sender", "SecurityError"],
      ["IdentityMismatch", "Sender", "IdentityMismatch"],
      ["ProtocolError", "Sender", "ProtocolError"],
      ["FormatViolation", "Sender", "ProtocolError"],
      ["InternalError", "Receiver", "InternalError"],
      ["GenericError", "Receiver", "InternalError"],
      ["NotSupported", "Receiver", "NotSupported"],
      ["NotImplemented", "Receiver", "NotSupported"]
    ] as const
    for (const [code, value, subcode] of codes) {
      const text = codec.writeFault(Fault.fromCode(code, "a < b\u0000"), {})
      assert.include(text, `<s:Value>s:${value}</s:Value>`)
      assert.include(text, `<s:Value>${subcode}</s:Value>`)
      assert.include(text, `xmlns="urn://Ocpp/Cs/2015/10/"`)
      const read = Envelope.faultOf(envelopeOf(text).body)
      assert.deepStrictEqual(read, { code: value, subcode, reason: "a < b\uFFFD", details: {} })
    }
  })

  it("keeps its details", () => {
    const details = { reason: "<x>", list: [1, { deep: true }] }
    const text = codec.writeFault(Fault.fromCode("InternalError", "", details), {})
    assert.deepStrictEqual(Envelope.faultOf(envelopeOf(text).body)?.details, details)
  })

  it("is read whatever its sub-code is, and with none", () => {
    assert.strictEqual(fault(`Sender</e:Value>${sub("o:NotEnoughEnergy")}`), "NotEnoughEnergy")
    assert.strictEqual(fault(`Sender</e:Value>${sub("IdentityMismatch")}`), "SecurityError")
    assert.strictEqual(fault("Sender</e:Value>"), "ProtocolError")
    assert.strictEqual(fault("Receiver</e:Value>"), "InternalError")
    assert.strictEqual(fault("Other</e:Value>"), "InternalError")
  })
})

describe("What is kept of a long envelope", () => {
  it("is not the whole of it", () => {
    setFlagsFromString("--expose-gc")
    const collect: () => void = runInNewContext("gc")
    collect()
    const before = process.memoryUsage().heapUsed
    const kept = Array.from({ length: 200 }, (_, index) => {
      const filling = `<!--${index}${"x".repeat(1_000_000)}-->`
      const { body } = envelopeOf(enveloped(`<o:a b="${"y".repeat(40)}">${"z".repeat(40)}${filling}</o:a>`))
      return [body.text, body.attributes[0]!.value]
    })
    collect()
    assert.isBelow(process.memoryUsage().heapUsed - before, 50_000_000)
    assert.strictEqual(kept.length, 200)
  })
})
