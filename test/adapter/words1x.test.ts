/**
 * Words of 1.x that the domain has other words for: how a generic station writes them, and how a generic CSMS reads them.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Action from "../../src/Action.ts"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { Endpoint, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { securityEvents as events16 } from "../../src/v16/Standard.ts"
import { securityEvents as events201 } from "../../src/v201/Standard.ts"
import { connectTo, csmsLayer } from "../support/csms.ts"
import { settled } from "../support/time.ts"

const at = "2026-11-22T06:00:00.000Z"
const now = DateTime.makeUnsafe(at)

type Version = "1.5" | "1.6"

const adapters: Readonly<Record<Version, Adapter.Adapter>> = { "1.5": v15, "1.6": v16 }

/** What a station writes for a request. */
const written = <A extends Domain.Actions>(version: Version, action: A, request: Action.Request<A>) =>
  Adapter.encode(adapters[version], action, request).pipe(Result.getOrThrow, ({ request: wire }) => wire)

/** A station by hand, which sends what it is given, and the requests that a generic CSMS has read. */
const station = Effect.fnUntraced(function* (version: Version) {
  const read: Array<unknown> = []
  const note = (request: unknown) => Effect.sync(() => (read.push(request), {}))
  const handlers = Domain.csmsHandlersPartial({
    meterValues: note,
    securityEventNotification: note,
    statusNotification: note
  })
  const context = yield* Layer.build(
    csmsLayer({ handlers: [Adapter.handlers(v15, handlers), Adapter.handlers(v16, handlers)] }).pipe(
      Layer.provide(TransactionIds.layer())
    )
  )
  const { raw } = yield* connectTo(Context.get(context, Endpoint))("ONE", `ocpp${version}`)
  let messages = 0
  const send = Effect.fnUntraced(function* (action: string, payload: object) {
    yield* raw.send([2, `m${++messages}`, action, payload])
    yield* settled
    assert.deepStrictEqual((yield* raw.next).slice(0, 2), [3, `m${messages}`])
  })
  return { read, send }
})

describe("the names of security events of 1.6", () => {
  const renamed: { readonly [name: string]: string } = {
    FailedToAuthenticateAtCentralSystem: "FailedToAuthenticateAtCsms",
    CentralSystemFailedToAuthenticate: "CsmsFailedToAuthenticate",
    InvalidCentralSystemCertificate: "InvalidCsmsCertificate",
    InvalidChargePointCertificate: "InvalidChargingStationCertificate"
  }
  const names = Object.keys(events16).map((name) => [name, renamed[name] ?? name] as const)

  it("are those of 2.0.1 in generic form, and are sent as 1.6 has them", () => {
    assert.includeMembers(
      Object.keys(events201),
      names.map(([, generic]) => generic)
    )
    for (const [name, type] of names) {
      assert.deepStrictEqual(written("1.6", Domain.SecurityEventNotification, { type, timestamp: now }), {
        type: name,
        timestamp: at
      })
    }
  })

  it.effect("arrive as those of 2.0.1, and those of 2.0.1 and of vendors as they are", () =>
    Effect.gen(function* () {
      const { read, send } = yield* station("1.6")
      const others = [...Object.values(renamed), "VendorEvent"]
      for (const type of [...Object.keys(events16), ...others]) {
        yield* send("SecurityEventNotification", { type, timestamp: at })
      }
      assert.deepStrictEqual(
        read,
        [...names.map(([, generic]) => generic), ...others].map((type) => ({ type, timestamp: now }))
      )
    })
  )
})

/** A reading in generic form. */
const measured = (measurand: Domain.Measurand, unit: string): Domain.SampledValue => ({
  measurand,
  context: "Sample.Periodic",
  location: "Outlet",
  reading: { _tag: "Measured", value: BigDecimal.fromBigInt(21n), unit }
})

const readings = (...sampledValue: ReadonlyArray<Domain.SampledValue>): Domain.MeterValuesRequest => ({
  evseId: 1,
  meterValue: [{ timestamp: now, sampledValue }]
})

/** Readings in the message of a version. */
const meterValues = (version: Version, ...samples: ReadonlyArray<object>) => ({
  connectorId: 1,
  ...(version === "1.5"
    ? { values: [{ timestamp: at, values: samples }] }
    : { meterValue: [{ timestamp: at, sampledValue: samples }] })
})

describe("the units of readings", () => {
  it.effect.each([
    ["1.5", "Celsius"],
    ["1.6", "Celcius"]
  ] as const)("[SCH-01] of %s have degrees as its first schemas write them, and are read so and as Celsius", (row) =>
    Effect.gen(function* () {
      const [version, unit] = row
      const sample = { measurand: "Temperature", unit, value: "21" }
      const request = readings(measured("Temperature", "Celsius"))
      assert.deepStrictEqual(written(version, Domain.MeterValues, request), meterValues(version, sample))
      const { read, send } = yield* station(version)
      yield* send("MeterValues", meterValues(version, sample))
      yield* send("MeterValues", meterValues(version, { ...sample, unit: "Celsius" }))
      assert.deepStrictEqual(read, [request, request])
    })
  )

  it("of 1.6 are left out where it has no word for that of a measurand, and are Percent for a SoC", () => {
    for (const [measurand, units, told] of [
      ["Frequency", ["Hz", ""], {}],
      ["RPM", ["RPM", ""], {}],
      ["SoC", ["Percent", ""], { unit: "Percent" }]
    ] as const) {
      for (const unit of units) {
        assert.deepStrictEqual(
          written("1.6", Domain.MeterValues, readings(measured(measurand, unit))),
          meterValues("1.6", { measurand, value: "21", ...told })
        )
      }
    }
    for (const [measurand, unit] of [
      ["Frequency", "RPM"],
      ["RPM", "Hz"],
      ["Voltage", "Hz"]
    ] as const) {
      const refused = Adapter.encode(v16, Domain.MeterValues, readings(measured(measurand, unit)))
      assert.deepStrictEqual(Result.getOrThrow(Result.flip(refused)).violations, [
        { path: "meterValue[0].sampledValue[0].reading.unit", rule: `1.6 has no unit ${unit}`, code: "NotSupported" }
      ])
    }
  })

  it.effect("of 1.6 are those of the measurand where none is told", () =>
    Effect.gen(function* () {
      const { read, send } = yield* station("1.6")
      const units = [
        ["Frequency", "Hz"],
        ["RPM", "RPM"],
        ["SoC", "Percent"],
        ["Power.Factor", ""],
        ["Energy.Active.Export.Register", "Wh"]
      ] as const
      const samples = units.map(([measurand]) => ({ measurand, value: "21" }))
      yield* send("MeterValues", meterValues("1.6", ...samples, { measurand: "SoC", value: "21", unit: "Percent" }))
      const expected = units.map(([measurand, unit]) => measured(measurand, unit))
      assert.deepStrictEqual(read, [readings(...expected, measured("SoC", "Percent"))])
    })
  )
})

describe.each(["1.5", "1.6"] as const)("the status of a whole station of %s", (version) => {
  const operative = { condition: "Operative" } as const
  const charging = { ...operative, occupancy: "Occupied", activity: "Charging" } as const
  const places: ReadonlyArray<{ readonly evse?: Domain.Evse }> = [
    {},
    { evse: { id: 0 } },
    { evse: { id: 0, connectorId: 1 } }
  ]

  it.effect("is that of connector 0, and tells whether it works", () =>
    Effect.gen(function* () {
      const { read, send } = yield* station(version)
      for (const place of places) {
        for (const [told, status] of [
          [operative, "Available"],
          [{ ...operative, occupancy: "Available" }, "Available"],
          [{ ...charging, condition: "Unavailable" }, "Unavailable"],
          [{ condition: "Faulted" }, "Faulted"]
        ] as const) {
          const message = { connectorId: 0, status, errorCode: "NoError" }
          assert.deepStrictEqual(written(version, Domain.StatusNotification, { ...place, ...told }), message)
          yield* send("StatusNotification", message)
          assert.deepStrictEqual(read.pop(), { condition: told.condition })
        }
      }
    })
  )

  it("says nothing of what happens there, which is refused or left out", () => {
    const rule = `of the whole station ${version} tells only whether it works, and not what happens there`
    const lost = (...paths: ReadonlyArray<string>) =>
      paths.map((path) => ({ path, rule, code: "NotSupported" as const }))
    for (const place of places) {
      for (const [told, violations] of [
        [charging, lost("occupancy", "activity")],
        [{ ...operative, occupancy: "Reserved" }, lost("occupancy")],
        [{ ...operative, activity: "Preparing" }, lost("activity")]
      ] as const) {
        const request = { ...place, ...told }
        const refused = Adapter.encode(adapters[version], Domain.StatusNotification, request)
        assert.deepStrictEqual(Result.getOrThrow(Result.flip(refused)).violations, violations)
        const rest = Adapter.encode(Adapter.leavingOut(adapters[version]), Domain.StatusNotification, request)
        const { leftOut, request: message } = Result.getOrThrow(rest)
        assert.deepStrictEqual(message, { connectorId: 0, status: "Available", errorCode: "NoError" })
        assert.deepStrictEqual(leftOut, violations)
      }
    }
  })
})

it("a request of 1.6 for a message about the station itself names connector 0, and one for all messages none", () => {
  const asked = { requestedMessage: "StatusNotification" } as const
  assert.deepStrictEqual(written("1.6", Domain.TriggerMessage, { ...asked, evse: { id: 0 } }), {
    ...asked,
    connectorId: 0
  })
  assert.deepStrictEqual(written("1.6", Domain.TriggerMessage, asked), asked)
})
