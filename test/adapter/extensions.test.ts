/**
 * Plug & Charge and costs on the display in 1.6: the generic operations as DataTransfer carries them; and operations for which
 * a station of 1.6 is asked in another way if it lacks an extension.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Action from "../../src/Action.ts"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import * as Domain from "../../src/domain/index.ts"
import { CallError, type CallFailure, Uncertain } from "../../src/OcppError.ts"
import * as V16 from "../../src/v16/index.ts"
import { official } from "../support/official.ts"
import { assertEquals, both, notSent } from "../support/threeStations.ts"

const time = "2026-11-29T20:00:00.000Z"
const now = DateTime.makeUnsafe(time)
const pnc = "org.openchargealliance.iso15118pnc"
const costmsg = "org.openchargealliance.costmsg"

interface Example {
  readonly vendorId: string
  readonly messageId: string
  readonly action: Action.Action
  readonly request: readonly [generic: unknown, data: object]
  readonly response: readonly [generic: unknown, data: object | undefined]
}

const example =
  (vendorId: string) =>
  <A extends Domain.Actions>(
    action: A,
    request: readonly [generic: NoInfer<Action.Request<A>>, data: object],
    response: readonly [generic: NoInfer<Action.Response<A>>, data?: object],
    messageId: string = action.name
  ): Example => ({ vendorId, messageId, action, request, response: [response[0], response[1]] })

const plugAndCharge = example(pnc)
const costs = example(costmsg)

const accepted = { status: "Accepted" } as const
const contract = { idToken: "DE8AA1A2B3C4D5", type: "eMAID" } as const
const hashes = { hashAlgorithm: "SHA256", issuerNameHash: "A1", issuerKeyHash: "B2", serialNumber: "C3" } as const
const ocsp = { ...hashes, responderURL: "http://ocsp.example" }
const texts = {
  priceText: "0.30 per kWh",
  priceTextExtra: [{ format: "UTF8", language: "nl", content: "€ 0,30 per kWh" }]
} as const

const examples: ReadonlyArray<Example> = [
  plugAndCharge(
    Domain.Authorize,
    [
      { idToken: contract, iso15118CertificateHashData: [ocsp] },
      { idToken: contract, iso15118CertificateHashData: [ocsp] }
    ],
    [
      {
        certificateStatus: "Accepted",
        idTokenInfo: { ...accepted, cacheExpiryDateTime: now, groupIdToken: { idToken: "FLEET", type: "Central" } }
      },
      {
        certificateStatus: "Accepted",
        idTokenInfo: { ...accepted, cacheExpiryDateTime: time, groupIdToken: { idToken: "FLEET", type: "Central" } }
      }
    ]
  ),
  plugAndCharge(
    Domain.Authorize,
    [
      { idToken: contract, certificate: "PEM" },
      { idToken: contract, certificate: "PEM" }
    ],
    [
      { certificateStatus: "CertificateRevoked", idTokenInfo: { status: "Invalid" } },
      { certificateStatus: "CertificateRevoked", idTokenInfo: { status: "Invalid" } }
    ]
  ),
  plugAndCharge(
    Domain.Get15118EVCertificate,
    [
      { iso15118SchemaVersion: "urn:iso:15118:2:2013:MsgDef", action: "Install", exiRequest: "gJgC" },
      { iso15118SchemaVersion: "urn:iso:15118:2:2013:MsgDef", action: "Install", exiRequest: "gJgC" }
    ],
    [
      { ...accepted, exiResponse: "gJgD" },
      { ...accepted, exiResponse: "gJgD" }
    ]
  ),
  plugAndCharge(
    Domain.GetCertificateStatus,
    [{ ocspRequestData: ocsp }, { ocspRequestData: ocsp }],
    [
      { ...accepted, ocspResult: "MAoB" },
      { ...accepted, ocspResult: "MAoB" }
    ]
  ),
  plugAndCharge(
    Domain.SignCertificate,
    [{ csr: "CSR", certificateType: "V2GCertificate" }, { csr: "CSR" }],
    [accepted, accepted]
  ),
  plugAndCharge(
    Domain.CertificateSigned,
    [{ certificateChain: "PEM", certificateType: "V2GCertificate" }, { certificateChain: "PEM" }],
    [{ status: "Rejected" }, { status: "Rejected" }]
  ),
  plugAndCharge(
    Domain.InstallCertificate,
    [
      { certificateType: "MORootCertificate", certificate: "PEM" },
      { certificateType: "MORootCertificate", certificate: "PEM" }
    ],
    [accepted, accepted]
  ),
  plugAndCharge(
    Domain.GetInstalledCertificateIds,
    [
      { certificateType: ["V2GRootCertificate", "V2GCertificateChain"] },
      { certificateType: ["V2GRootCertificate", "V2GCertificateChain"] }
    ],
    [
      {
        ...accepted,
        certificateHashDataChain: [
          { certificateType: "V2GCertificateChain", certificateHashData: hashes, childCertificateHashData: [hashes] }
        ]
      },
      {
        ...accepted,
        certificateHashDataChain: [
          { certificateType: "V2GCertificateChain", certificateHashData: hashes, childCertificateHashData: [hashes] }
        ]
      }
    ]
  ),
  plugAndCharge(
    Domain.TriggerMessage,
    [{ requestedMessage: "SignV2GCertificate" }, { requestedMessage: "SignV2GCertificate" }],
    [accepted, accepted]
  ),
  costs(
    Domain.SetUserPrice,
    [
      { idToken: { idToken: "321", type: "Unknown" }, ...texts },
      { idToken: "321", ...texts }
    ],
    [{}]
  ),
  costs(
    Domain.CostUpdated,
    [
      {
        transactionId: "12",
        totalCost: 1.5,
        price: {
          timestamp: now,
          meterValue: 1_234_000,
          state: "Charging",
          chargingPrice: { kWhPrice: 0.123, hourPrice: 0, flatFee: 2 },
          idlePrice: { gracePeriod: Duration.minutes(30), hourPrice: 1 },
          nextPeriod: { atTime: now, chargingPrice: { kWhPrice: 0.1 }, idlePrice: { hourPrice: 0 } },
          triggerMeterValue: {
            atTime: now,
            atEnergy: BigDecimal.fromStringUnsafe("50500"),
            atPower: BigDecimal.fromStringUnsafe("100"),
            atStatus: ["SuspendedEV", "SuspendedEVSE"]
          }
        }
      },
      {
        transactionId: 12,
        cost: 1.5,
        timestamp: time,
        meterValue: 1_234_000,
        state: "Charging",
        chargingPrice: { kWhPrice: 0.123, hourPrice: 0, flatFee: 2 },
        idlePrice: { graceMinutes: 30, hourPrice: 1 },
        nextPeriod: { atTime: time, chargingPrice: { kWhPrice: 0.1 }, idlePrice: { hourPrice: 0 } },
        triggerMeterValue: {
          atTime: time,
          atEnergykWh: 50.5,
          atPowerkW: 0.1,
          atCPStatus: ["SuspendedEV", "SuspendedEVSE"]
        }
      }
    ],
    [{}],
    "RunningCost"
  ),
  costs(
    Domain.FinalCost,
    [
      { transactionId: "12", totalCost: 3.31, ...texts, qrCodeText: "https://cpo.example/invoices/1" },
      { transactionId: 12, cost: 3.31, ...texts, qrCodeText: "https://cpo.example/invoices/1" }
    ],
    [{}]
  ),
  costs(
    Domain.ConnectorUnplugged,
    [
      { transactionId: "12", timestamp: now },
      { transactionId: 12, timestamp: time }
    ],
    [{}]
  )
]

describe("an operation that 1.6 has by an extension", () => {
  it("has an example, but for the deletion of a certificate, which has tests of its own", () => {
    for (const { actions, version } of [V16.PlugAndCharge.extension, V16.CostMessages.extension]) {
      assert.sameMembers(
        [...new Set(examples.flatMap(({ messageId, vendorId }) => (vendorId === version ? [messageId] : [])))],
        actions.map(({ name }) => name).filter((name) => name !== "DeleteCertificate")
      )
    }
  })

  for (const [index, { action, messageId, request, response, vendorId }] of examples.entries()) {
    it.effect(`goes to a handler and back in DataTransfer: ${action.name}, example ${index + 1}`, () =>
      Effect.gen(function* () {
        assert.isTrue(Schema.is(action.request)(request[0]))
        assert.isTrue(Schema.is(action.response!)(response[0]))
        const asked: Array<unknown> = []
        const { callerOf, frames } = yield* both((handled, given) =>
          Effect.sync(() => {
            assert.strictEqual(handled, action.name)
            asked.push(given)
            return response[0]
          })
        )
        const answer = yield* callerOf(action, "ONE").call(action, request[0])
        assert.lengthOf(asked, 1)
        assertEquals(asked[0], request[0])
        assertEquals(answer, response[0])
        const [call, result] = frames.map(([, , ...rest]) => rest) as [[string, Carried], [Carried]]
        assert.strictEqual(call[0], "DataTransfer")
        assert.deepStrictEqual(read(call[1]), { vendorId, messageId, data: request[1] })
        assert.deepStrictEqual(read(result[0]), {
          ...accepted,
          ...(response[1] === undefined ? {} : { data: response[1] })
        })
        official("1.6", "DataTransfer", "req", call[1])
        official("1.6", "DataTransfer", "conf", result[0])
        // What Plug & Charge carries, 2.0.1 could say as it is.
        if (vendorId !== pnc) return
        official("2.0.1", messageId, "req", request[1])
        official("2.0.1", messageId, "conf", response[1])
      })
    )
  }

  for (const version of ["TWO", "THREE"] as const) {
    it.effect(`is none of 2.x, which has others for it: ${version}`, () =>
      Effect.gen(function* () {
        const { at, csmsOf, frames } = yield* both(() => Effect.die("nobody is asked"))
        const one = at(version)
        const idToken = { idToken: "321", type: "Central" } as const
        for (const call of [
          one.setUserPrice({ idToken, ...texts }),
          one.finalCost({ transactionId: "12", totalCost: 3, ...texts }),
          csmsOf(version).connectorUnplugged({ transactionId: "12", timestamp: now })
        ]) {
          const [reason, why] = yield* notSent<unknown>(call)
          assert.strictEqual(reason, "NotSupported")
          assert.match(String(why), /OCPP 2[.0-9]* has no such operation$/)
        }
        assert.deepStrictEqual(frames, [])
      })
    )
  }

  it.effect("costs need the reading that they are of", () =>
    Effect.gen(function* () {
      const { at, frames } = yield* both(() => Effect.die("nobody is asked"))
      assert.deepStrictEqual(yield* notSent(at("ONE").costUpdated({ transactionId: "12", totalCost: 1 })), [
        "NotExpressible",
        "price.timestamp: 1.6 tells a cost with the reading that it is of"
      ])
      assert.deepStrictEqual(frames, [])
    })
  )

  it.effect("a period of grace has whole minutes", () =>
    Effect.gen(function* () {
      const { at, frames } = yield* both(() => Effect.die("nobody is asked"))
      for (const gracePeriod of [Duration.seconds(90), Duration.infinity, Duration.negate(Duration.minutes(1))]) {
        const price = { timestamp: now, meterValue: 1, state: "Idle", idlePrice: { gracePeriod } } as const
        assert.deepStrictEqual(yield* notSent(at("ONE").costUpdated({ transactionId: "12", totalCost: 1, price })), [
          "NotExpressible",
          "price.idlePrice.gracePeriod: a whole number of minutes is needed"
        ])
      }
      assert.deepStrictEqual(frames, [])
    })
  )

  it.effect("certificates of a type that is not said are those of the security extension", () =>
    Effect.gen(function* () {
      const { at, frames } = yield* both(() => Effect.die("nobody is asked"))
      assert.deepStrictEqual(yield* notSent(at("ONE").getInstalledCertificateIds({})), [
        "NotExpressible",
        "certificateType: 1.6 asks for one type at a time"
      ])
      assert.deepStrictEqual(frames, [])
    })
  )
})

describe("a CSMS that asks by Plug & Charge for all certificates", () => {
  it.effect("asks for those that Plug & Charge has, and gets them", () =>
    Effect.gen(function* () {
      const certificateHashData = {
        hashAlgorithm: "SHA256",
        issuerNameHash: "a",
        issuerKeyHash: "b",
        serialNumber: "1"
      }
      const has: ReadonlyArray<Domain.GetCertificateIdUse> = [
        "CSMSRootCertificate",
        "V2GRootCertificate",
        "MORootCertificate"
      ]
      const asked: Array<unknown> = []
      const { call } = yield* both((_, request) =>
        Effect.sync(() => {
          asked.push(request)
          // The request is one for certificates.
          const { certificateType: types = has } = request as Domain.GetInstalledCertificateIdsRequest
          const found = has.filter((type) => types.includes(type))
          return {
            status: "Accepted",
            certificateHashDataChain: found.map((certificateType) => ({ certificateHashData, certificateType }))
          }
        })
      )
      const asking = { vendorId: pnc, messageId: "GetInstalledCertificateIds", data: "{}" }
      const { data = "" } = yield* call("ONE", V16.DataTransfer, asking)
      assert.deepStrictEqual(asked, [{ certificateType: V16.PlugAndCharge.GetCertificateIdUseEnumType.literals }])
      assert.deepStrictEqual(JSON.parse(data), {
        status: "Accepted",
        certificateHashDataChain: [
          { certificateHashData, certificateType: "V2GRootCertificate" },
          { certificateHashData, certificateType: "MORootCertificate" }
        ]
      })
    })
  )
})

interface Carried {
  readonly data?: string
}

const read = ({ data, ...rest }: Carried): object => ({
  ...rest,
  ...(data === undefined ? {} : { data: JSON.parse(data) })
})

/** How a station answers, by actions or the vendors of what DataTransfer carries. */
type Answers = Readonly<Record<string, Effect.Effect<unknown, CallFailure>>>

/** What comes of a call of a CSMS, and what the station is asked by for it. */
const asking = Effect.fnUntraced(function* <A extends Action.OfSide<"csms">>(
  operation: A,
  request: Action.Request<A>,
  answers: Answers
) {
  const asked: Array<string> = []
  const messageIds: Array<string | undefined> = []
  const { call } = Adapter.caller<"csms">(v16, {
    // It stands for the connection, and is asked for these actions only.
    call: (action, sent, options) => {
      messageIds.push(options?.messageId)
      asked.push(action.name === "DataTransfer" ? (sent as V16.DataTransferRequest).vendorId : action.name)
      return answers[asked.at(-1)!] as never
    }
  })
  const called: Effect.Effect<unknown, CallFailure> = call(operation, request, { messageId: "m1" })
  const result = yield* Effect.result(called)
  // A message id is for one call.
  assert.deepStrictEqual(messageIds, ["m1", ...Array.from(asked.slice(1), () => undefined)])
  return [result, asked] as const
})

/** How Plug & Charge answers. */
const carried = (status: string) => Effect.succeed({ ...accepted, data: JSON.stringify({ status }) })

describe("the deletion of a certificate, which does not say what it is for,", () => {
  const request = { certificateHashData: hashes }

  const deleting = (answers: Answers) => asking(Domain.DeleteCertificate, request, answers)

  const unknown = Effect.succeed({ status: "UnknownVendorId" })

  it.effect("is one of the security extension, if that has the certificate", () =>
    Effect.gen(function* () {
      const [result, asked] = yield* deleting({ DeleteCertificate: Effect.succeed({ status: "Accepted" }) })
      assert.deepStrictEqual(result, Result.succeed({ status: "Accepted" }))
      assert.deepStrictEqual(asked, ["DeleteCertificate"])
    })
  )

  it.effect("is one of Plug & Charge, if the security extension has no such certificate, or the station lacks it", () =>
    Effect.gen(function* () {
      for (const first of [
        Effect.succeed({ status: "NotFound" }),
        Effect.fail(new CallError({ code: "NotImplemented" })),
        Effect.fail(new CallError({ code: "NotSupported" }))
      ]) {
        const [result, asked] = yield* deleting({ DeleteCertificate: first, [pnc]: carried("Accepted") })
        assert.deepStrictEqual(result, Result.succeed({ status: "Accepted" }))
        assert.deepStrictEqual(asked, ["DeleteCertificate", pnc])
      }
    })
  )

  it.effect("finds nothing, if neither has it", () =>
    Effect.gen(function* () {
      for (const second of [carried("NotFound"), unknown]) {
        const [result] = yield* deleting({ DeleteCertificate: Effect.succeed({ status: "NotFound" }), [pnc]: second })
        assert.deepStrictEqual(result, Result.succeed({ status: "NotFound" }))
      }
    })
  )

  it.effect("fails as the calls do", () =>
    Effect.gen(function* () {
      const broken = new Uncertain({ action: "DataTransfer", messageId: "1", reason: "Timeout" })
      const refused = new CallError({ code: "GenericError", description: "no" })
      const failures = [
        yield* deleting({ DeleteCertificate: Effect.fail(refused) }),
        yield* deleting({ DeleteCertificate: Effect.succeed({ status: "NotFound" }), [pnc]: Effect.fail(broken) }),
        yield* deleting({ DeleteCertificate: Effect.fail(new CallError({ code: "NotImplemented" })), [pnc]: unknown })
      ].map(([result]) => (Result.isFailure(result) ? result.failure : undefined))
      assert.strictEqual(failures[0], refused)
      assert.strictEqual(failures[1], broken)
      assert.deepInclude(failures[2], { _tag: "CallError", code: "NotImplemented", action: "DeleteCertificate" })
    })
  )
})

describe("diagnostics with an id", () => {
  const request = { log: { remoteLocation: "ftp://logs" }, logType: "DiagnosticsLog", requestId: 6 } as const
  const asking6 = (answers: Answers) => asking(Domain.GetLog, request, answers)

  it.effect("are asked for by the security extension", () =>
    Effect.gen(function* () {
      const answer = { status: "Accepted", filename: "log" } as const
      const [result, asked] = yield* asking6({ GetLog: Effect.succeed(answer) })
      assert.deepStrictEqual([result, asked], [Result.succeed(answer), ["GetLog"]])
    })
  )

  it.effect("are asked for without it, if the station lacks the security extension", () =>
    Effect.gen(function* () {
      for (const code of ["NotImplemented", "NotSupported"]) {
        const [result, asked] = yield* asking6({
          GetLog: Effect.fail(new CallError({ code })),
          GetDiagnostics: Effect.succeed({ fileName: "log" })
        })
        assert.deepStrictEqual(result, Result.succeed({ status: "Accepted", filename: "log" }))
        assert.deepStrictEqual(asked, ["GetLog", "GetDiagnostics"])
      }
    })
  )

  it.effect("fail as the station has refused them, as does another log", () =>
    Effect.gen(function* () {
      const refused = new CallError({ code: "GenericError" })
      assert.deepStrictEqual(yield* asking6({ GetLog: Effect.fail(refused) }), [Result.fail(refused), ["GetLog"]])
      const unknown = new CallError({ code: "NotImplemented" })
      const [result, asked] = yield* asking(
        Domain.GetLog,
        { ...request, logType: "SecurityLog" },
        { GetLog: Effect.fail(unknown) }
      )
      assert.deepStrictEqual([result, asked], [Result.fail(unknown), ["GetLog"]])
    })
  )
})
