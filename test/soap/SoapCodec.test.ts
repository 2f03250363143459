/**
 * The messages of OCPP-S: what is sent against the official WSDLs, and what is read of what peers send.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Action from "../../src/Action.ts"
import { ExactNumber } from "../../src/index.ts"
import * as SoapCodec from "../../src/soap/SoapCodec.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as V15 from "../../src/v15/index.ts"
import * as Soap15 from "../../src/v15/Soap.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import {
  asSent,
  bodyOf,
  carriages,
  documentOf,
  ends,
  enveloped,
  envelopeOf,
  isWritable,
  otherSide,
  payloadOf,
  samples,
  sides,
  written
} from "../support/soap.ts"
import * as Wsdl from "../support/wsdl.ts"

const seed = process.env["SEED"] ?? "OCPP-S"

/** Without the lists that are empty: nothing is sent of them, and where they are required they are read as empty. */
const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => !(Array.isArray(field) && field.length === 0))
      .map(([name, field]) => [name, withoutEmpty(field)])
  )
}

const one = (value: string): string =>
  `<o:configurationKey><o:key>k</o:key><o:readonly>${value}</o:readonly><o:value/></o:configurationKey>`

const schedule = (limit: number) => ({
  status: "Accepted",
  chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit }] }
})

const statusOf = (timestamp: string) => ({ connectorId: 1, status: "Available", errorCode: "NoError", timestamp })

describe("OCPP-S", () => {
  for (const carriage of carriages) {
    const { version } = carriage.protocol
    for (const side of sides) {
      const calls = carriage.actions.filter((action) => Action.isStartedBy(action, otherSide(side)))

      it(`[SOAP-07] all messages of the service of the ${side} of ${version} are valid by the WSDL, and come back as they were (seed ${seed})`, async () => {
        const { called, caller } = ends(carriage, otherSide(side))
        const documents = new Map<string, string>()
        let unwritable = 0
        for (const action of calls) {
          for (const kind of ["request", "response"] as const) {
            const write = kind === "request" ? caller.writeRequest : called.writeResponse
            for (const [index, value] of samples(action[kind]!, `${seed} ${action.name} ${kind}`).entries()) {
              const sent = write(action.name, value, { identity: "CP1" })
              if (Result.isFailure(sent)) {
                for (const { rule } of sent.failure) assert.isTrue(isWritable(rule), rule)
                unwritable++
                continue
              }
              documents.set(`${action.name}-${kind}-${index}.xml`, documentOf(sent.success, called.namespace))
              const read =
                kind === "request" ? payloadOf(called, sent.success) : responseOf(caller, sent.success, action.name)
              const message = Tolerance.decode(action[kind]!)(read, Tolerance.strict)
              assert.isTrue(Result.isSuccess(message), `${action.name} ${JSON.stringify(value)}`)
              assert.deepStrictEqual(withoutEmpty(asSent(read)), withoutEmpty(asSent(value)), action.name)
            }
          }
        }
        assert.deepStrictEqual(await Wsdl.invalid(version as Wsdl.Soap1x, side, documents), [])
        assert.isAbove(documents.size, calls.length * 2 * 6)
        assert.isBelow(unwritable, documents.size)
      })

      it(`the WSDL of the service of the ${side} of ${version} has these operations, and no other`, () => {
        const operations = Array.from(
          Wsdl.schemaOf(version as Wsdl.Soap1x, side).matchAll(/<s:element name="(\w+)Request" type="tns:/g),
          ([, name]) => name
        )
        assert.sameMembers(
          operations,
          calls.map((action) => Action.method(action))
        )
      })
    }
  }

  it("the validator finds what is wrong", async () => {
    const wrong = new Map([
      [
        "order.xml",
        `<startTransactionRequest xmlns="urn://Ocpp/Cs/2015/10/"><idTag>1</idTag></startTransactionRequest>`
      ],
      ["right.xml", `<heartbeatRequest xmlns="urn://Ocpp/Cs/2015/10/"/>`]
    ])
    const found = await Wsdl.invalid("1.6", "csms", wrong)
    assert.isAbove(found.length, 0)
    assert.isTrue(found.every((line) => !line.startsWith("right.xml:")))
  })

  it("[SOAP-01] a request of 1.5 and one of 1.6 are in the namespaces of their service", () => {
    const namespaces = [
      [Soap15.carriage, "csms", "urn://Ocpp/Cs/2012/06/"],
      [Soap15.carriage, "station", "urn://Ocpp/Cp/2012/06/"],
      [Soap16.carriage, "csms", "urn://Ocpp/Cs/2015/10/"],
      [Soap16.carriage, "station", "urn://Ocpp/Cp/2015/10/"]
    ] as const
    for (const [carriage, side, namespace] of namespaces) {
      const { called, caller } = ends(carriage, otherSide(side))
      const text = written(caller.writeRequest("DataTransfer", { vendorId: "x" }, {}))
      const { body } = envelopeOf(text)
      assert.deepStrictEqual([body.namespace, body.name], [namespace, "dataTransferRequest"])
      assert.include(text, "http://www.w3.org/2003/05/soap-envelope")
      assert.deepStrictEqual(payloadOf(called, text), { vendorId: "x" })
      const own = SoapCodec.make(carriage, { side: otherSide(side) }).request(envelopeOf(text))
      assert.deepStrictEqual(own, { _tag: "Flaw", flaw: "the body is in another namespace" })
    }
  })

  it("[SOAP-02] [SOAP-03] the header of a request and of its answer", () => {
    const { called, caller } = ends(Soap16.carriage, "csms")
    const header = {
      identity: "CP 1 & <2>",
      messageId: "urn:uuid:1",
      from: "https://csms/ocpp",
      replyTo: "http://www.w3.org/2005/08/addressing/anonymous",
      to: "http://10.0.0.1:8080/CP1"
    }
    const request = written(caller.writeRequest("Reset", { type: "Soft" }, header))
    assert.deepStrictEqual(envelopeOf(request).header, { ...header, action: "/Reset", relatesTo: undefined })
    assert.match(request, /^<\?xml version="1.0" encoding="UTF-8"\?>/)
    const answer = written(called.writeResponse("Reset", { status: "Accepted" }, { relatesTo: "urn:uuid:1" }))
    assert.deepInclude(envelopeOf(answer).header, {
      action: "/ResetResponse",
      relatesTo: "urn:uuid:1",
      identity: undefined
    })
  })

  it("[SOAP-07] 1.5 has attributes in a meter value, 1.6 elements", () => {
    const timestamp = "2026-11-22T06:00:00.000Z"
    const sample = { value: "1.5", context: "Sample.Clock", measurand: "Voltage", unit: "Volt" } as const
    const request = { connectorId: 1, values: [{ timestamp, values: [sample, { value: "2" }] }] }
    const v15 = ends(Soap15.carriage, "station")
    const sent15 = written(v15.caller.writeRequest("MeterValues", request, {}))
    assert.strictEqual(
      bodyOf(sent15),
      `<meterValuesRequest><connectorId>1</connectorId><values><timestamp>${timestamp}</timestamp><value context="Sample.Clock" measurand="Voltage" unit="Volt">1.5</value><value>2</value></values></meterValuesRequest>`
    )
    assert.deepStrictEqual(payloadOf(v15.called, sent15), request)
    const v16 = ends(Soap16.carriage, "station")
    const sent16 = written(
      v16.caller.writeRequest(
        "MeterValues",
        { connectorId: 1, meterValue: [{ timestamp, sampledValue: [{ value: "1.5", phase: "L1", unit: "Celcius" }] }] },
        {}
      )
    )
    assert.strictEqual(
      bodyOf(sent16),
      `<meterValuesRequest><connectorId>1</connectorId><meterValue><timestamp>${timestamp}</timestamp><sampledValue><value>1.5</value><phase>L1</phase><unit>Celsius</unit></sampledValue></meterValue></meterValuesRequest>`
    )
  })

  it("[SOAP-07] elements are read in any order, with any prefix, in any namespace, with space around what is no text", () => {
    const { called } = ends(Soap16.carriage, "station")
    const body = `<o:startTransactionRequest>
      <!-- a comment --><o:meterStart> +0007
      </o:meterStart><timestamp xmlns="">
        2026-11-22T06:00:00+01:00</timestamp><x:idTag xmlns:x="urn:other"> A<![CDATA[&]]>&#x42; </x:idTag><o:connectorId>1</o:connectorId>
    </o:startTransactionRequest>`
    const read = payloadOf(called, enveloped(body))
    assert.deepStrictEqual(read, {
      meterStart: 7,
      timestamp: "2026-11-22T06:00:00+01:00",
      idTag: " A&B ",
      connectorId: 1
    })
  })

  it("reads booleans of both spellings, lists of one and of none, and empty elements", () => {
    const { caller } = ends(Soap16.carriage, "csms")
    const response = (body: string): unknown =>
      responseOf(
        caller,
        enveloped(
          `<o:getConfigurationResponse>${body}</o:getConfigurationResponse>`,
          "",
          Soap16.carriage.namespaces.station
        ),
        "GetConfiguration"
      )
    for (const [text, readonly] of [
      ["true", true],
      ["1", true],
      [" false\n", false],
      ["0", false],
      ["yes", "yes"]
    ] as const) {
      assert.deepStrictEqual(response(one(text)), { configurationKey: [{ key: "k", readonly, value: "" }] })
    }
    assert.deepStrictEqual(response(""), {})
    assert.deepStrictEqual(response("<o:unknownKey>a</o:unknownKey>"), { unknownKey: ["a"] })
    const { called } = ends(Soap16.carriage, "station")
    const meterValues = `<o:meterValuesRequest><o:connectorId>0</o:connectorId></o:meterValuesRequest>`
    assert.deepStrictEqual(payloadOf(called, enveloped(meterValues)), { connectorId: 0, meterValue: [] })
  })

  it("reads numbers to the last digit, and sends no more than XML takes", () => {
    const { called, caller } = ends(Soap16.carriage, "csms", "exact")
    const limitOf = (limit: string) => {
      const body = `<o:getCompositeScheduleResponse><o:status>Accepted</o:status><o:chargingSchedule><o:chargingRateUnit>A</o:chargingRateUnit><o:chargingSchedulePeriod><o:startPeriod>0</o:startPeriod><o:limit>${limit}</o:limit></o:chargingSchedulePeriod></o:chargingSchedule></o:getCompositeScheduleResponse>`
      const answer = caller.answer(
        envelopeOf(enveloped(body, "", Soap16.carriage.namespaces.station)),
        "GetCompositeSchedule"
      )
      if (answer._tag !== "Response") return assert.fail(answer._tag)
      const read = Tolerance.decode(V16.GetCompositeSchedule.response)(answer.payload, Tolerance.strict, answer.digits)
      if (Result.isFailure(read)) return read.failure[0]!.rule
      const message = read.success.value as V16.GetCompositeScheduleResponse
      return message.chargingSchedule!.chargingSchedulePeriod[0]!.limit
    }
    assert.strictEqual(limitOf("16.10"), 16.1)
    assert.strictEqual(limitOf(".5"), 0.5)
    assert.isTrue(ExactNumber.is(limitOf("12345678901234567890.1")))
    assert.strictEqual(String(limitOf("12345678901234567890.1")), "12345678901234567890.1")
    const sent = (limit: number): string => written(called.writeResponse("GetCompositeSchedule", schedule(limit), {}))
    assert.include(sent(1e21), "<limit>1000000000000000000000</limit>")
    assert.include(sent(-0.1), "<limit>-0.1</limit>")
    assert.include(sent(ExactNumber.make("12345678901234567890.1")), "<limit>12345678901234567890.1</limit>")
    for (const [connectorId, isSent] of [
      [2 ** 31 - 1, true],
      [-(2 ** 31), true],
      [2 ** 31, false],
      [-(2 ** 31) - 1, false]
    ] as const) {
      const request = caller.writeRequest("UnlockConnector", { connectorId }, {})
      assert.strictEqual(Result.isSuccess(request), isSent, String(connectorId))
      if (Result.isFailure(request)) assert.strictEqual(request.failure[0]?.path, "connectorId")
    }
  })

  it("[TX-09] time stamps are read with offsets and fractions, and sent in UTC with at most three decimals", () => {
    const { called, caller } = ends(Soap16.carriage, "station")
    const times = [
      ["2026-11-22T06:00:00Z", "2026-11-22T06:00:00Z"],
      ["2026-11-22T06:00:00.5Z", "2026-11-22T06:00:00.5Z"],
      ["2026-11-22T06:00:00.123456Z", "2026-11-22T06:00:00.123Z"],
      ["2026-11-22t06:00:00.000z", "2026-11-22T06:00:00.000Z"],
      ["2026-11-22T06:00:00+01:30", "2026-11-22T04:30:00.000Z"],
      ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"]
    ] as const
    for (const [given, sent] of times) {
      const text = written(caller.writeRequest("StatusNotification", statusOf(given), {}))
      assert.deepStrictEqual(payloadOf(called, text), statusOf(sent))
      const read = payloadOf(called, text.replace(sent, given))
      assert.isTrue(Result.isSuccess(Tolerance.decode(V16.StatusNotification.request)(read, Tolerance.strict)), given)
      assert.deepStrictEqual(read, statusOf(given))
    }
  })

  it("says where a value has no form in XML, and which action there is not", () => {
    const { caller } = ends(Soap16.carriage, "csms")
    const flaws = (action: string, payload: unknown): unknown =>
      Result.match(caller.writeRequest(action, payload, {}), {
        onSuccess: (text) => text,
        onFailure: (failure) => failure.map(({ path, rule }) => `${path}: ${rule}`)
      })
    assert.deepStrictEqual(flaws("GetConfiguration", { key: ["a", "b\u0000", "\uD800"] }), [
      "key[1]: has a character that XML cannot carry",
      "key[2]: has a character that XML cannot carry"
    ])
    const period = { chargingRateUnit: "A", chargingSchedulePeriod: [] }
    const profile = {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: "TxProfile",
      chargingProfileKind: "Absolute"
    }
    assert.deepStrictEqual(
      flaws("SetChargingProfile", { connectorId: 1, csChargingProfiles: { ...profile, chargingSchedule: period } }),
      ["csChargingProfiles.chargingSchedule.chargingSchedulePeriod: expected at least one"]
    )
    assert.deepStrictEqual(flaws("ExtendedTriggerMessage", {}), [": OCPP 1.6 over SOAP has no ExtendedTriggerMessage"])
  })

  it("keeps every character of a text that XML can carry", () => {
    const { called, caller } = ends(Soap15.carriage, "station")
    const data = `<&>"' \t\r\n \u0085\u2028 ]]> é 😀 &amp; `
    const text = written(caller.writeRequest("DataTransfer", { vendorId: "x", data }, {}))
    assert.deepStrictEqual(payloadOf(called, text), { vendorId: "x", data })
    const values = [{ timestamp: "2026-11-22T06:00:00.000Z", values: [{ value: data }] }]
    const meter = written(caller.writeRequest("MeterValues", { connectorId: 1, values }, {}))
    assert.deepStrictEqual(payloadOf(called, meter), { connectorId: 1, values })
  })

  it("what breaks the schema breaks it as it does in JSON", () => {
    const { called } = ends(Soap16.carriage, "station")
    const faultsOf = (body: string): ReadonlyArray<string> => {
      const payload = payloadOf(called, enveloped(`<o:startTransactionRequest>${body}</o:startTransactionRequest>`))
      const read = Tolerance.decode(V16.StartTransaction.request)(payload, Tolerance.strict)
      return Result.isSuccess(read) ? [] : read.failure.map(({ code, path }) => `${path}: ${code}`)
    }
    const valid =
      "<o:connectorId>1</o:connectorId><o:idTag>A</o:idTag><o:meterStart>0</o:meterStart><o:timestamp>2026-11-22T06:00:00Z</o:timestamp>"
    assert.deepStrictEqual(faultsOf(valid), [])
    assert.deepStrictEqual(faultsOf(valid.replace(">1<", ">one<")), ["connectorId: TypeConstraintViolation"])
    assert.deepStrictEqual(faultsOf(valid.replace("A", "A".repeat(21))), ["idTag: PropertyConstraintViolation"])
    assert.deepStrictEqual(faultsOf(`${valid}<o:idTag>B</o:idTag>`), ["idTag: TypeConstraintViolation"])
    assert.strictEqual(faultsOf(`${valid}<o:colour>red</o:colour>`).length, 1)
    assert.strictEqual(faultsOf(`${valid}<o:__proto__>red</o:__proto__>`).length, 1)
    assert.strictEqual(faultsOf(valid.replace("<o:idTag>A</o:idTag>", "")).length, 1)
    assert.deepStrictEqual(faultsOf(`text ${valid}`).length, 1)
    const nil = `<o:reservationId xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`
    assert.strictEqual(faultsOf(valid + nil).length, 1)
  })

  it("1.5: a sample of the wrong kind is refused with its path", () => {
    const { called } = ends(Soap15.carriage, "station")
    const value = (attributes: string): ReadonlyArray<string> => {
      const body = `<o:meterValuesRequest><o:connectorId>1</o:connectorId><o:values><o:timestamp>2026-11-22T06:00:00Z</o:timestamp><o:value ${attributes}>1</o:value></o:values></o:meterValuesRequest>`
      const payload = payloadOf(called, enveloped(body, "", Soap15.carriage.namespaces.csms))
      const read = Tolerance.decode(V15.MeterValues.request)(payload, Tolerance.strict)
      return Result.isSuccess(read) ? [] : read.failure.map(({ path }) => path)
    }
    assert.deepStrictEqual(value(`unit=" Wh "`), [])
    assert.deepStrictEqual(value(`unit="Joule"`), ["values[0].values[0].unit"])
    assert.deepStrictEqual(value(`colour="red"`), ["values[0].values[0].colour"])
  })
})

const responseOf = (codec: SoapCodec.SoapCodec, text: string, action: string): unknown => {
  const answer = codec.answer(envelopeOf(text), action)
  return answer._tag === "Response" ? answer.payload : assert.fail(JSON.stringify(answer))
}
