/**
 * Generic messages that go without what the version has no place for, where the user has chosen that.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import { Csms, TransactionIds } from "../../src/csms/index.ts"
import type { Deviation } from "../../src/Deviation.ts"
import * as Domain from "../../src/domain/index.ts"
import { MemoryNetwork } from "../../src/simulation/index.ts"
import { Station } from "../../src/station/index.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"

const seed = "leavingOut"

const now = DateTime.makeUnsafe("2026-11-29T06:00:00.000Z")

const idToken = { idToken: "TAG", type: "Central", additionalInfo: [{ additionalIdToken: "N", type: "name" }] } as const

const register = (wattHours: bigint, context: Domain.ReadingContext): Domain.MeterValue =>
  Domain.energyRegister(now, BigDecimal.fromBigInt(wattHours), context)

/** A copy without what is at a path such as `meterValue[0].sampledValue[1].signedMeterValue`. */
const without = (value: unknown, path: string): unknown => {
  const [step, rest] = /^\[?(\w+)\]?\.?(.*)$/.exec(path)!.slice(1) as [string, string]
  if (Array.isArray(value)) return value.map((item, at) => (String(at) === step ? without(item, rest) : item))
  const { [step]: field, ...others } = value as Record<string, unknown>
  return rest === "" ? others : { ...others, [step]: without(field, rest) }
}

const adapters: ReadonlyArray<Adapter.Adapter> = [v15, v16, v201, v21]

describe("an adapter that leaves out what the version has no place for", () => {
  for (const adapter of adapters) {
    it.effect(`of ${adapter.protocol.version} says all the rest, or refuses as ever, whatever is said`, () =>
      Effect.gen(function* () {
        let leftOut = 0
        for (const generic of new Set(adapter.translations.map((one) => one.generic))) {
          const samples = yield* Arbitrary.sampleEffect(Arbitrary.schema(generic.request), {
            count: 100,
            seed: `${seed} ${generic.name}`
          })
          for (const request of samples) {
            const plain = Adapter.encode(adapter, generic, request)
            const given = Adapter.encode(Adapter.leavingOut(adapter), generic, request)
            if (Result.isSuccess(given) && given.success.leftOut.length > 0) {
              leftOut++
              assert.isTrue(Result.isFailure(plain))
              const rest = given.success.leftOut.reduce<unknown>((all, { path }) => without(all, path), request)
              const said = Adapter.encode(adapter, generic, rest as typeof request)
              assert.deepStrictEqual(Result.getOrThrow(said).request, given.success.request, JSON.stringify(request))
            } else assert.strictEqual(Result.isSuccess(plain), Result.isSuccess(given))
          }
        }
        assert.isAbove(leftOut, 20)
      })
    )
  }

  it.effect("tells what it left out of a call, and refuses what would mean something else without it", () =>
    Effect.gen(function* () {
      const reports: Array<Deviation> = []
      const adapter = Adapter.leavingOut(v16, (deviation) => Effect.sync(() => reports.push(deviation)))
      const sent: Array<unknown> = []
      const { call } = Adapter.caller<"station" | "csms">(adapter, {
        // It stands for the connection, and is asked for one action only.
        call: (action, request) =>
          Effect.sync(() => (sent.push([action.name, request]), { status: "Accepted" }) as never)
      })
      yield* Effect.ignore(call(Domain.SignCertificate, { csr: "PEM", requestId: 1 }))
      assert.deepStrictEqual(sent, [["SignCertificate", { csr: "PEM" }]])
      assert.deepStrictEqual(
        reports.map(({ action, kind, message, violations }) => [
          kind,
          action,
          message.includes("requestId"),
          violations.map(({ path }) => path)
        ]),
        [["LeftOut", "SignCertificate", true, ["requestId"]]]
      )
      const refused = yield* Effect.flip(call(Domain.Reset, { type: "Immediate", evseId: 1 }))
      assert.deepInclude(refused, { _tag: "NotSent", reason: "NotExpressible" })
      assert.strictEqual(reports.length, 1)
    })
  )

  it.effect("does so in what a station tells of its transactions, and in what a CSMS answers", () =>
    Effect.gen(function* () {
      const reports: Array<string> = []
      const adapter = Adapter.leavingOut(v16, ({ action = "", violations }) =>
        Effect.sync(() => reports.push(`${action}: ${violations.map(({ path }) => path).join(", ")}`))
      )
      const csmsLayer = Csms.layer({
        accept: () => Effect.void,
        handlers: [
          Adapter.handlers(
            adapter,
            Domain.csmsHandlersPartial({
              transactionEvent: ({ eventType }) =>
                // What is answered to readings, 1.6 has no place for.
                Effect.succeed({
                  idTokenInfo:
                    eventType === "Updated" ? { status: "Blocked" } : { status: "Accepted", groupIdToken: idToken }
                } as const)
            })
          )
        ]
      }).pipe(Layer.provide(TransactionIds.layer()))
      const station = Adapter.layerOf(adapter, V16.Csms).pipe(
        Layer.provide(Station.layer(V16.protocol, { url: "ws://csms", identity: "CP001" })),
        Layer.provide(MemoryNetwork.layer),
        Layer.provide(csmsLayer)
      )
      const transactions = Context.get(yield* Layer.build(station), Domain.Transactions)
      const signed = {
        measurand: "Energy.Active.Import.Register",
        context: "Transaction.Begin",
        location: "Outlet",
        reading: { _tag: "Measured", value: BigDecimal.fromBigInt(1000n), unit: "Wh" },
        signedMeterValue: { signedMeterData: "QQ==", signingMethod: "", encodingMethod: "OCMF", publicKey: "" }
      } as const
      const other = { ...signed, measurand: "Power.Active.Import", signedMeterValue: undefined } as const
      const { signedMeterValue: _, ...power } = other
      const transaction = yield* transactions.start({
        timestamp: now,
        evse: { id: 1, connectorId: 1 },
        idToken,
        meterValue: [{ timestamp: now, sampledValue: [power, signed] }]
      })
      assert.deepInclude(yield* transaction.started, {
        idTokenInfo: { status: "Accepted", groupIdToken: { idToken: "TAG", type: "Unknown" } }
      })
      const reading = { timestamp: now, meterValue: [{ timestamp: now, sampledValue: [power] }] }
      assert.deepStrictEqual(yield* Effect.flatten(transaction.update(reading)), {})
      assert.deepStrictEqual(reports, [
        "TransactionEvent: idToken.additionalInfo, meterValue, meterValue",
        "TransactionEvent: idTokenInfo.groupIdToken.additionalInfo",
        "TransactionEvent: idTokenInfo.status"
      ])
    })
  )

  it.effect("tells of several registers at a start the one of the start, or the first if none is of it", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const handlers = Domain.csmsHandlersPartial({
        transactionEvent: ({ meterValue = [] }, { version }) =>
          Effect.sync(() => {
            for (const { reading } of meterValue.flatMap(({ sampledValue }) => sampledValue)) {
              if (reading._tag === "Measured") told.push(`${version}: ${BigDecimal.format(reading.value)}`)
            }
            return {}
          })
      })
      const world = Layer.provideMerge(
        MemoryNetwork.layer,
        Csms.layer({
          accept: () => Effect.succeed({ registration: "Accepted" }),
          handlers: [Adapter.handlers(v15, handlers), Adapter.handlers(v16, handlers)]
        }).pipe(Layer.provide(TransactionIds.layer()))
      )
      const url = "ws://csms"
      const five = Adapter.layerOf(Adapter.leavingOut(v15), V15.Csms).pipe(
        Layer.provide(Station.layer(V15.protocol, { url, identity: "FIVE" }))
      )
      const six = Adapter.layerOf(Adapter.leavingOut(v16), V16.Csms).pipe(
        Layer.provide(Station.layer(V16.protocol, { url, identity: "SIX" }))
      )
      const clock = register(7000n, "Sample.Clock")
      for (const layer of [five, six]) {
        const station = yield* Layer.build(Layer.provide(layer, world))
        const { start } = Context.get(station, Domain.Transactions)
        for (const second of [register(9000n, "Transaction.Begin"), register(8000n, "Sample.Periodic")]) {
          const { started } = yield* start({
            timestamp: now,
            evse: { id: 1, connectorId: 1 },
            idToken: { idToken: "TAG", type: "Central" },
            meterValue: [clock, second]
          })
          yield* started
        }
      }
      assert.deepStrictEqual(told, ["1.5: 9000", "1.5: 7000", "1.6: 9000", "1.6: 7000"])
    })
  )
})
