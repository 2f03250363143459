/**
 * Plug & Charge and costs on the display through a gateway: what DataTransfer carries in 1.6, and 2.0.1 has messages for.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { Adapter } from "../../src/adapter/index.ts"
import { type Side, world, adapters } from "./support.ts"

const quiet = Effect.provideService(References.MinimumLogLevel, "None")
const pnc = "org.openchargealliance.iso15118pnc"
const costmsg = "org.openchargealliance.costmsg"

const accepted = { status: "Accepted" }
const contract = { idToken: "DE8AA1A2B3C4D5", type: "eMAID" }
const iso15118CertificateHashData = [
  {
    hashAlgorithm: "SHA256",
    issuerNameHash: "A1",
    issuerKeyHash: "B2",
    serialNumber: "C3",
    responderURL: "http://ocsp.example"
  }
]

/** A DataTransfer of an extension. */
const transfer = (vendorId: string, messageId: string, data: object) => ({
  vendorId,
  messageId,
  data: JSON.stringify(data)
})

/** The DataTransfer that came, and a way to answer it. */
const carried = Effect.fnUntraced(function* (side: Side) {
  const { answer, payload } = yield* side.asked("DataTransfer")
  const { data, ...message } = payload
  return {
    message: { ...message, data: JSON.parse(data) },
    answer: (response: object) => answer({ ...accepted, data: JSON.stringify(response) })
  }
})

describe("a station of 1.6 at a CSMS of 2.0.1", () => {
  it.effect("is authorized by the contract of a vehicle, and gets its certificates", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      yield* station.send(
        "DataTransfer",
        transfer(pnc, "Authorize", { idToken: contract, iso15118CertificateHashData })
      )
      const authorize = yield* csms.asked("Authorize")
      assert.deepStrictEqual(authorize.payload, { idToken: contract, iso15118CertificateHashData })
      const allowed = { certificateStatus: "Accepted", idTokenInfo: accepted }
      yield* authorize.answer(allowed)
      const { data, ...answer } = yield* station.got("DataTransfer")
      assert.deepStrictEqual([answer, JSON.parse(data)], [accepted, allowed])

      yield* station.send("DataTransfer", transfer(pnc, "SignCertificate", { csr: "CSR" }))
      const sign = yield* csms.asked("SignCertificate")
      assert.deepStrictEqual(sign.payload, { csr: "CSR", certificateType: "V2GCertificate" })
      yield* sign.answer(accepted)
      assert.deepStrictEqual(yield* station.got("DataTransfer"), { ...accepted, data: JSON.stringify(accepted) })

      const root = { certificateType: "V2GRootCertificate", certificate: "PEM" }
      yield* csms.send("InstallCertificate", root)
      const install = yield* carried(station)
      assert.deepStrictEqual(install.message, { vendorId: pnc, messageId: "InstallCertificate", data: root })
      yield* install.answer(accepted)
      assert.deepStrictEqual(yield* csms.got("InstallCertificate"), accepted)
    }).pipe(quiet)
  )

  it.effect("that does not know Plug & Charge answers that it has no such action", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      yield* csms.send("CertificateSigned", { certificateChain: "PEM", certificateType: "V2GCertificate" })
      yield* (yield* station.asked("DataTransfer")).answer({ status: "UnknownVendorId" })
      assert.strictEqual(yield* csms.got("CertificateSigned"), "NotImplemented")
    }).pipe(quiet)
  )

  it.effect("leaves what vendors tell each other as it is, whatever it looks like", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "2.1", { idTokenType: () => "ISO14443" })
      const { csms, station } = yield* connect()
      const data = {
        idToken: { idToken: "x", type: "Unknown" },
        profile: { id: 5, chargingSchedule: [{ limit: 3 }] }
      }
      for (const [from, to] of [
        [station, csms],
        [csms, station]
      ] as const) {
        yield* from.send("DataTransfer", { vendorId: "com.example", data })
        const asked = yield* to.asked("DataTransfer")
        assert.deepStrictEqual(asked.payload.data, data)
        yield* asked.answer({ status: "Accepted", data })
        assert.deepStrictEqual((yield* from.got("DataTransfer")).data, data)
      }
    })
  )

  it.effect("passes on what another vendor has in DataTransfer, as ever", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms, station } = yield* connect()
      yield* station.send("DataTransfer", { vendorId: "com.example", messageId: "Authorize", data: "{}" })
      const passed = yield* csms.asked("DataTransfer")
      assert.deepStrictEqual(passed.payload, { vendorId: "com.example", messageId: "Authorize", data: "{}" })
      yield* passed.answer(accepted)
      assert.deepStrictEqual(yield* station.got("DataTransfer"), accepted)
    }).pipe(quiet)
  )
})

describe("a station of 2.0.1 at a CSMS of 1.6", () => {
  it.effect("is authorized by the contract of a vehicle", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("2.0.1", "1.6")
      const { csms, station } = yield* connect()
      yield* station.send("Authorize", { idToken: contract, iso15118CertificateHashData })
      const authorize = yield* carried(csms)
      assert.deepStrictEqual(authorize.message, {
        vendorId: pnc,
        messageId: "Authorize",
        data: { idToken: contract, iso15118CertificateHashData }
      })
      const allowed = { certificateStatus: "Accepted", idTokenInfo: accepted }
      yield* authorize.answer(allowed)
      assert.deepStrictEqual(yield* station.got("Authorize"), allowed)
    }).pipe(quiet)
  )

  it.effect("is told what its transaction has cost, without the prices if it may be", () =>
    Effect.gen(function* () {
      for (const leavesOut of [false, true]) {
        const adapter = adapters["2.0.1"]
        const versions = [leavesOut ? Adapter.leavingOut(adapter, () => Effect.void) : adapter]
        const { connect } = yield* world("2.0.1", "1.6", { versions })
        const { csms, station } = yield* connect()
        const timestamp = new Date(0).toISOString()
        yield* station.send("TransactionEvent", {
          eventType: "Started",
          seqNo: 0,
          timestamp,
          triggerReason: "Authorized",
          transactionInfo: { transactionId: "T1" },
          evse: { id: 1 },
          idToken: { idToken: "AABBCCDD", type: "ISO14443" },
          meterValue: [{ timestamp, sampledValue: [{ value: 0 }] }]
        })
        yield* (yield* csms.asked("StartTransaction")).answer({ transactionId: 7, idTagInfo: accepted })
        yield* station.got("TransactionEvent")

        const cost = { transactionId: 7, timestamp, meterValue: 1000, cost: 1.5, state: "Charging" }
        yield* csms.send("DataTransfer", transfer(costmsg, "RunningCost", cost))
        if (leavesOut) {
          const told = yield* station.asked("CostUpdated")
          assert.deepStrictEqual(told.payload, { transactionId: "T1", totalCost: 1.5 })
          yield* told.answer({})
          assert.deepStrictEqual(yield* csms.got("DataTransfer"), accepted)
        } else {
          const { data, status } = yield* csms.got("DataTransfer")
          assert.strictEqual(status, "UnknownMessageId")
          assert.include(data, "price: 2.0.1 tells no prices with a cost")
        }
        yield* csms.send(
          "DataTransfer",
          transfer(costmsg, "FinalCost", { transactionId: 7, cost: 1.5, priceText: "1.5" })
        )
        assert.deepInclude(yield* csms.got("DataTransfer"), { status: "UnknownMessageId" })
        assert.deepStrictEqual(yield* station.raw.news, [])
      }
    }).pipe(quiet)
  )
})
