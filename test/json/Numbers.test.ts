/**
 * The digits of numbers, from the text of a frame to the handler and back into the text of another.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Numbers } from "../../src/ExactNumber.ts"
import { ExactNumber, Storage, Tolerance, type ToleratedKind } from "../../src/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { failure } from "../support/outcome.ts"
import { Network, standUp, station } from "../support/station.ts"
import { start } from "../support/time.ts"

/** A CSMS, and what its handlers were called with; DataTransfer is answered with its data. */
const serving = Effect.fnUntraced(function* (
  version: "1.6" | "2.0.1",
  options: { readonly kinds?: ReadonlyArray<ToleratedKind>; readonly numbers?: Numbers } = {}
) {
  const called: Array<unknown> = []
  const note = (request: unknown) => Effect.sync(() => (called.push(request), {}))
  const { connect, deviations } = yield* makeCsms({
    accept: () => Effect.succeed({ tolerance: Tolerance.of(options.kinds ?? []) }),
    numbers: options.numbers,
    handlers: [
      V16.csmsHandlersPartial({ meterValues: note, stopTransaction: note, statusNotification: note }),
      V201.csmsHandlersPartial({
        transactionEvent: note,
        notifyReport: note,
        meterValues: note,
        notifyEVChargingNeeds: (request) => Effect.as(note(request), { status: "Accepted" as const }),
        dataTransfer: (request) => Effect.as(note(request), { status: "Accepted" as const, ...dataOf(request) })
      })
    ]
  })
  const made = yield* connect("CP001", `ocpp${version}`)
  const ask = (action: string, payload: string) => made.raw.send(`[2,"1","${action}",${payload}]`)
  return { ...made, ask, called, deviations, kinds: () => deviations.map(({ deviation }) => deviation.kind) }
})

const dataOf = ({ data }: V201.DataTransferRequest) => (data === undefined ? {} : { data })

const numbers = [
  "12345678901234567890",
  "-12345678901234567890",
  "9007199254740993",
  "9007199254740992",
  "100000000000000000000000",
  "1.10",
  "1.0",
  "-0",
  "0.00",
  "1e3",
  "1E3",
  "1e+3",
  "1.5e-7",
  "0.0000001",
  "1E400",
  "-1e400",
  "1e-400",
  "0.1000000000000000055511151231257827",
  "3.14159265358979323846264338327950288",
  "0",
  "42",
  "-1.5"
]

const texts = ["NumberForText"] as const

describe("A number where text is due", () => {
  for (const number of numbers) {
    it.effect(`[FIELD-K3] ${number} becomes the text that came, in a request of 1.6 and of 2.0.1`, () =>
      Effect.gen(function* () {
        const one = yield* serving("1.6", { kinds: texts })
        const sample = `[{"timestamp":"${time}","sampledValue":[{"value":"1"},{"value":${number}}]}]`
        yield* one.ask("MeterValues", `{"connectorId":1,"meterValue":${sample}}`)
        assert.deepStrictEqual(one.called, [
          { connectorId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: "1" }, { value: number }] }] }
        ])
        const two = yield* serving("2.0.1", { kinds: texts })
        const event = { eventType: "Started", timestamp: time, triggerReason: "CablePluggedIn", seqNo: 0 }
        yield* two.ask(
          "TransactionEvent",
          `{"transactionInfo":{"transactionId":${number}},${JSON.stringify(event).slice(1)}`
        )
        const fits = number.length <= 36
        assert.deepStrictEqual(two.called, fits ? [{ ...event, transactionInfo: { transactionId: number } }] : [])
        assert.deepStrictEqual(two.kinds(), [fits ? "NumberForText" : "InvalidRequest"])
      })
    )

    it.effect(`[FIELD-K3] ${number} becomes the text that came, in answers to a CSMS and to a station`, () =>
      Effect.gen(function* () {
        const { raw, session } = yield* serving("1.6", { kinds: texts })
        const configuration = yield* start(session.call(V16.GetConfiguration, {}))
        const id = yield* raw.nextCall("GetConfiguration")
        yield* raw.send(`[3,"${id}",{"configurationKey":[{"key":"a","readonly":true,"value":${number}}]}]`)
        assert.deepStrictEqual(yield* Fiber.join(configuration), {
          configurationKey: [{ key: "a", readonly: true, value: number }]
        })

        const theirs = yield* station({ tolerance: Tolerance.of(texts) })
        const sent = yield* start(theirs.csms.dataTransfer({ vendorId: "v" }))
        const other = yield* theirs.raw.nextCall("DataTransfer")
        yield* theirs.raw.send(`[3,"${other}",{"status":"Accepted","data":${number}}]`)
        assert.deepStrictEqual(yield* Fiber.join(sent), { status: "Accepted", data: number })
      })
    )
  }

  it.effect("[FIELD-K3] keeps its digits beside other faults, whatever their place becomes", () =>
    Effect.gen(function* () {
      const { ask, called } = yield* serving("1.6", { kinds: [...Tolerance.lenient] })
      yield* ask(
        "MeterValues",
        `{"CONNECTORID":1.0,"extra":1.10,"meterValue":{"timestamp":" ${time}","sampledValue":{"value":1.10,"unit":null}}}`
      )
      assert.deepStrictEqual(called, [
        { connectorId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: "1.10" }] }] }
      ])
    })
  )

  const request = `{"connectorId":1,"meterValue":[{"timestamp":"${time}","sampledValue":[{"value":1.10}]}]}`
  for (const [fault, frame] of [
    ["a byte order mark", `\ufeff[2,"1","MeterValues",${request}]`],
    ["a control character before the payload", `[2,"1\u0000\u0001","MeterValues",${request}]`],
    ["text behind it", `[2,"1","MeterValues",${request}]\u0000`],
    ["a numeric id", `[2,12345678901234567890,"MeterValues",${request}]`],
    ["a type that is a text", `["2","1","MeterValues",${request}]`],
    ["a long id", `[2,"${"x".repeat(40)}","MeterValues",${request}]`],
    ["an element too many", `[2,"1","MeterValues",${request},{}]`],
    ["all of that", `\ufeff["2",1e3,"MeterValues",${request},"\u0000"]\u0000`]
  ] as const) {
    it.effect(`[FIELD-K3] keeps its digits in a frame with ${fault}`, () =>
      Effect.gen(function* () {
        const { called, raw } = yield* serving("1.6", { kinds: [...Tolerance.lenient] })
        yield* raw.send(frame)
        assert.deepStrictEqual(called, [
          { connectorId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: "1.10" }] }] }
        ])
      })
    )
  }

  for (const answer of [`"DataTransfer",{"status":"Accepted","data":1.10}`, `{"status":"Accepted","data":1.10},1`]) {
    it.effect(`[FIELD-K3] keeps its digits in an answer with an element too many: ${answer}`, () =>
      Effect.gen(function* () {
        const theirs = yield* station({ tolerance: Tolerance.lenient })
        const sent = yield* start(theirs.csms.dataTransfer({ vendorId: "v" }))
        yield* theirs.raw.send(`[3,"${yield* theirs.raw.nextCall("DataTransfer")}",${answer}]`)
        assert.deepStrictEqual(yield* Fiber.join(sent), { status: "Accepted", data: "1.10" })
      })
    )
  }

  it("[FIELD-K3] is refused where its digits are not known", () => {
    const decode = Tolerance.decode(V16.AuthorizeRequest)
    for (const idTag of [2 ** 64, 2 ** 53, -1e21, Infinity, NaN]) {
      assert.strictEqual(decode({ idTag }, Tolerance.lenient)._tag, "Failure", String(idTag))
    }
  })
})

const bigId = "9223372036854775807"
const stopOf = (transactionId: string): string =>
  `{"transactionId":${transactionId},"meterStop":1,"timestamp":"${time}"}`

describe("A number that JavaScript cannot hold", () => {
  it.effect("[FIELD-K4] is left out of an optional integer field, and refused in a required one", () =>
    Effect.gen(function* () {
      const { ask, called, kinds, raw } = yield* serving("1.6", { kinds: ["NumberTooLarge", "TextForNumber"] })
      const meterValue = `[{"timestamp":"${time}","sampledValue":[{"value":"1"}]}]`
      for (const id of [bigId, `-${bigId}`, "1e400", "12345678901234567.5", `"${bigId}"`]) {
        yield* ask("MeterValues", `{"connectorId":1,"transactionId":${id},"meterValue":${meterValue}}`)
      }
      const without = { connectorId: 1, meterValue: JSON.parse(meterValue) }
      assert.deepStrictEqual(called, [without, without, without, without, without])
      yield* raw.news
      yield* ask("StopTransaction", stopOf(bigId))
      assert.strictEqual((yield* raw.next)[2], "TypeConstraintViolation")
      yield* ask("StopTransaction", stopOf("100000000000000000000"))
      assert.deepStrictEqual(called.at(-1), { transactionId: 1e20, meterStop: 1, timestamp: time })
      assert.deepStrictEqual(kinds(), [
        "NumberTooLarge",
        "NumberTooLarge",
        "NumberTooLarge",
        "NumberTooLarge",
        "NumberTooLarge",
        "InvalidRequest",
        "NumberTooLarge"
      ])
    })
  )

  it.effect(
    "[FIELD-K3] is refused as an integer beyond 2^53, and a fraction that is nearly one is rounded and told",
    () =>
      Effect.gen(function* () {
        const { ask, called, kinds, raw } = yield* serving("2.0.1", { kinds: [...Tolerance.lenient] })
        const sampled = `[{"timestamp":"${time}","sampledValue":[{"value":1.5}]}]`
        for (const id of [bigId, "9007199254740993", "1e400"]) {
          yield* ask("MeterValues", `{"evseId":${id},"meterValue":${sampled}}`)
          assert.strictEqual((yield* raw.next)[2], "TypeConstraintViolation", id)
        }
        assert.deepStrictEqual(called, [])
        const before = kinds().length
        yield* ask("MeterValues", `{"evseId":0.99999999999999999999,"meterValue":${sampled}}`)
        assert.deepStrictEqual(called, [{ evseId: 1, meterValue: JSON.parse(sampled) }])
        assert.deepStrictEqual(kinds().slice(before), ["RoundedNumber"])
      })
  )

  it.effect("is rounded and told where any number or anything may be", () =>
    Effect.gen(function* () {
      const { ask, called, deviations } = yield* serving("2.0.1")
      const value = "3.14159265358979323846264338327950288"
      yield* ask(
        "MeterValues",
        `{"evseId":1,"meterValue":[{"timestamp":"${time}","sampledValue":[{"value":${value}}]}]}`
      )
      yield* ask("DataTransfer", `{"vendorId":"v","data":{"a":[1.10,${bigId}],"__proto__":{"b":1}}}`)
      assert.deepStrictEqual(called, [
        { evseId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: Math.PI }] }] },
        { vendorId: "v", data: { a: [1.1, 2 ** 63], ...JSON.parse(`{"__proto__":{"b":1}}`) } }
      ])
      assert.deepStrictEqual(
        deviations.map(({ deviation }) => [deviation.kind, deviation.violations.map(({ path }) => path)]),
        [
          ["RoundedNumber", ["meterValue[0].sampledValue[0].value"]],
          ["RoundedNumber", ["data.a[1]"]]
        ]
      )
    })
  )

  it.effect("is none if it is only written at length, or in quotes", () =>
    Effect.gen(function* () {
      const { ask, called, kinds } = yield* serving("2.0.1")
      for (const [text, value] of [
        ["48.200000000000003", 48.2],
        ["0.10000000000000000555", 0.1],
        ["1.5000000000000000000000000000", 1.5],
        ["690.3000000000001", 690.3000000000001],
        ["9007199254740992.0", 2 ** 53],
        ["1.0000000000000000e3", 1000]
      ] as const) {
        yield* ask("DataTransfer", `{"vendorId":"v","data":${text}}`)
        assert.deepStrictEqual(called.pop(), { vendorId: "v", data: value })
      }
      const data = ["12345678901234567890", '\\",12345678901234567890', "\\"]
      yield* ask("DataTransfer", JSON.stringify({ vendorId: "v", data }))
      assert.deepStrictEqual(called, [{ vendorId: "v", data }])
      assert.deepStrictEqual(kinds(), [])
    })
  )
})

const needs = (evMaxCurrent: string, stateOfCharge: string): string => {
  const parameters = `{"evMaxCurrent":${evMaxCurrent},"evMaxVoltage":1,"stateOfCharge":${stateOfCharge}}`
  return `{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"DC","dcChargingParameters":${parameters}}}`
}

describe("With exact numbers", () => {
  it.effect("what anything may be passes with all its digits", () =>
    Effect.gen(function* () {
      const { ask, called, kinds, raw } = yield* serving("2.0.1", { numbers: "exact" })
      const data = `{"ids":[${bigId},-${bigId},1,1.5],"pi":3.14159265358979323846,"far":1e400,"near":1e-400,"x":["${bigId}","\\",${bigId}"]}`
      yield* ask("DataTransfer", `{"vendorId":"v","data":${data}}`)
      assert.deepStrictEqual(raw.received, [`[3,"1",{"status":"Accepted","data":${data}}]`])
      const [{ data: read }] = called as [{ readonly data: { readonly ids: ReadonlyArray<number> } }]
      assert.deepStrictEqual(read.ids.map(ExactNumber.is), [true, true, false, false])
      assert.deepStrictEqual(read.ids.map(ExactNumber.text), [bigId, `-${bigId}`, "1", "1.5"])
      assert.deepStrictEqual(kinds(), [])
    })
  )

  it.effect("a field that is a number may hold one, within the rules for it", () =>
    Effect.gen(function* () {
      const { ask, called, kinds, raw } = yield* serving("1.6", { numbers: "exact" })
      yield* ask("StopTransaction", stopOf(bigId))
      assert.deepStrictEqual(yield* raw.next, [3, "1", {}])
      const [{ transactionId }] = called as [{ readonly transactionId: number }]
      assert.strictEqual(ExactNumber.text(transactionId), bigId)
      yield* ask("StopTransaction", stopOf("12345678901234567890.5"))
      assert.strictEqual((yield* raw.next)[2], "TypeConstraintViolation")
      assert.deepStrictEqual(kinds(), ["InvalidRequest"])
    })
  )

  it.effect("what breaks a rule for numbers is let through by its kind", () =>
    Effect.gen(function* () {
      const { ask, called, kinds, raw } = yield* serving("2.0.1", {
        numbers: "exact",
        kinds: ["FractionForInteger", "OutOfRange"]
      })
      const value = "12345678901234567890.5"
      yield* ask("NotifyEVChargingNeeds", needs(value, bigId))
      assert.strictEqual(JSON.stringify(called), `[${needs(value, bigId)}]`)
      assert.deepStrictEqual((yield* raw.next)[0], 3)
      assert.deepStrictEqual(kinds(), ["FractionForInteger", "OutOfRange"])
    })
  )

  it.effect("a call sends and gets all digits", () =>
    Effect.gen(function* () {
      const { raw, session } = yield* serving("2.0.1", { numbers: "exact" })
      const id = ExactNumber.make(bigId)
      const call = yield* start(session.call(V201.DataTransfer, { vendorId: "v", data: { id, one: 1 } }))
      yield* raw.news
      const sent = raw.received.at(-1) ?? ""
      assert.include(sent, `{"vendorId":"v","data":{"id":${bigId},"one":1}}`)
      yield* raw.send(`[3,"${JSON.parse(sent)[1]}",{"status":"Accepted","data":[${bigId}]}]`)
      const { data } = yield* Fiber.join(call)
      assert.strictEqual(JSON.stringify(data), `[${bigId}]`)
      const wrong = yield* start(session.call(V201.GetReport, { requestId: ExactNumber.make("1e-5000") }))
      assert.strictEqual((yield* failure(wrong))._tag, "NotSent")
    })
  )

  it.effect("a transaction is named by all digits that its CSMS gave, also after a restart", () =>
    Effect.gen(function* () {
      const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const stationAt = (network: Network) =>
        standUp(
          V16.protocol,
          { handlers: V16.stationHandlersPartial({}), numbers: "exact", firstConnection: "retry" },
          Layer.merge(network.layer, Layer.succeed(Storage, storage))
        )
      const stop = { meterStop: 1, timestamp: time }
      const first = Effect.gen(function* () {
        const network = new Network()
        const { transactions } = yield* stationAt(network)
        const charging = yield* transactions.start({ connectorId: 1, idTag: "321", meterStart: 0, timestamp: time })
        const id = yield* network.raw.nextCall("StartTransaction")
        yield* network.raw.send(`[3,"${id}",{"transactionId":${bigId},"idTagInfo":{"status":"Accepted"}}]`)
        const found = yield* transactions.find(ExactNumber.make(bigId))
        assert.strictEqual(Option.getOrUndefined(found)?.id, charging.id)
        assert.isTrue(Option.isNone(yield* transactions.find(Number(bigId))))
        yield* start(charging.stop(stop))
        yield* network.raw.news
        return network.raw.received.at(-1)
      })
      assert.include(yield* Effect.scoped(first), `"transactionId":${bigId}`)
      const network = new Network()
      yield* stationAt(network)
      yield* network.raw.news
      assert.include(network.raw.received.at(-1), `"transactionId":${bigId}`)
    })
  )

  it.effect("a repeated message gets all digits of its answer again", () =>
    Effect.gen(function* () {
      const called: Array<unknown> = []
      const idTagInfo = { status: "Accepted" } as const
      const { connect } = yield* makeCsms({
        numbers: "exact",
        handlers: [
          V16.csmsHandlersPartial({
            startTransaction: (request) =>
              Effect.sync(() => (called.push(request), { transactionId: ExactNumber.make(bigId), idTagInfo }))
          })
        ]
      })
      const { raw } = yield* connect("CP001", "ocpp1.6")
      const request = JSON.stringify({ connectorId: 1, idTag: "321", meterStart: 0, timestamp: time })
      for (const id of ["1", "2"]) yield* raw.send(`[2,"${id}","StartTransaction",${request}]`)
      assert.deepStrictEqual(
        raw.received,
        ["1", "2"].map((id) => `[3,"${id}",{"transactionId":${bigId},"idTagInfo":{"status":"Accepted"}}]`)
      )
      assert.lengthOf(called, 1)
    })
  )

  it("are read from JSON and written to it", () => {
    const json = `{"a":[${bigId},1.5,"${bigId}"],"b":{"__proto__":0.30000000000000000001}}`
    assert.strictEqual(JSON.stringify(ExactNumber.parse(json)), json)
    assert.strictEqual(JSON.stringify(ExactNumber.parse(bigId)), bigId)
    assert.strictEqual(ExactNumber.parse("1.50"), 1.5)
    assert.throws(() => ExactNumber.parse("1,2"), SyntaxError)
  })

  it("are made of numbers of JSON, and are numbers of JavaScript where those hold all digits", () => {
    assert.strictEqual(ExactNumber.make("1.50"), 1.5)
    assert.isTrue(ExactNumber.is(ExactNumber.make("0.1000000000000000055511151231257827")))
    assert.strictEqual(ExactNumber.make(bigId) + 1, 2 ** 63)
    for (const text of ["", "01", "+1", ".5", "1.", "NaN", "0x1", "1 ", '1,"x":2']) {
      assert.throws(() => ExactNumber.make(text), RangeError)
    }
  })
})
