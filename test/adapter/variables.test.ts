/**
 * Variables of stations of 1.5, 1.6 and 2.0.1, read and written by a CSMS that names no version; and stations that name none.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Result from "effect/Result"
import * as ConfigurationKeys from "../../src/adapter/ConfigurationKeys.ts"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16, withKeys } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { Csms } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import type * as Handlers from "../../src/Handlers.ts"
import { CallError } from "../../src/OcppError.ts"
import { MemoryNetwork } from "../../src/simulation/index.ts"
import { Station } from "../../src/station/index.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { settled } from "../support/time.ts"

/** The address that a text such as `AuthCtrlr.Enabled` or `Connector[1].PhaseRotation` names. */
const at = (text: string): Domain.Variable.Address => {
  const [, name = "", evse, variable = "", instance] = /^(\w+)(?:\[(\d+)\])?\.(\w+)(?:#(\w+))?$/.exec(text) ?? []
  return {
    component: evse === undefined ? { name } : { name, evse: { id: Number(evse), connectorId: 1 } },
    variable: instance === undefined ? { name: variable } : { name: variable, instance }
  }
}

const get = (...texts: ReadonlyArray<string>): Domain.GetVariablesRequest => ({
  variables: texts.map((text) => ({ address: at(text) }))
})

const set = (...pairs: ReadonlyArray<readonly [string, string]>): Domain.SetVariablesRequest => ({
  variables: pairs.map(([text, value]) => ({ address: at(text), value }))
})

/** Results in short: `AuthCtrlr.Enabled Accepted true`. */
const inShort = ({
  results
}: {
  readonly results: ReadonlyArray<Domain.GetVariableResult | Domain.SetVariableResult>
}): ReadonlyArray<string> =>
  results.map((result) =>
    [
      Domain.Variable.text(result.address, result.aspect),
      result.status,
      ...("value" in result ? [result.value] : []),
      ...("isReadOnly" in result && result.isReadOnly === true ? ["read-only"] : []),
      ...(result.statusInfo === undefined
        ? []
        : [`${result.statusInfo.reasonCode}: ${result.statusInfo.additionalInfo}`])
    ].join(" ")
  )

/** A CSMS, to which a station ONE of 1.6 and a station TWO of 2.0.1 connect that have handlers. */
const world = Effect.fnUntraced(function* (
  one?: Handlers.HandlerSet<"1.6", never, "station">,
  two?: Handlers.HandlerSet<"2.0.1", never, "station">,
  adapter = v16
) {
  const csmsLayer = Csms.layer({
    accept: () => Effect.succeed({ registration: "Accepted" }),
    handlers: [V16.csmsHandlersPartial({}), V201.csmsHandlersPartial({})]
  })
  const context = yield* Layer.build(Layer.provideMerge(MemoryNetwork.layer, csmsLayer))
  const network = Layer.succeedContext(context)
  if (one !== undefined) {
    const station = Station.layer(V16.protocol, { url: "ws://csms", identity: "ONE", handlers: one })
    yield* Layer.build(Layer.provide(station, network))
  }
  if (two !== undefined) {
    const station = Station.layer(V201.protocol, { url: "ws://csms", identity: "TWO", handlers: two })
    yield* Layer.build(Layer.provide(station, network))
  }
  yield* settled
  const csms = Context.get(context, Csms)
  /** What ONE answers to a CSMS of 1.6. */
  const session = Option.getOrUndefined(yield* csms.session("ONE"))
  const ask = session?.version === "1.6" ? session.station : assert.fail("ONE is not there")
  const inventory = Effect.suspend(() =>
    session?.version === "1.6" ? Adapter.inventory(adapter, session) : assert.fail("ONE is not there")
  )
  return { ask, inventory, station: (identity: string) => Adapter.station([adapter, v201], csms, identity) }
})

/** A station of 1.6 by its keys, and what it was asked; it answers an error to a change of `ResetRetries`. */
const stationOf = (settings: Record<string, string | undefined>, readonly: ReadonlyArray<string> = []) => {
  const keys = new Map(Object.entries(settings))
  const asked: Array<string> = []
  const messageIds = new Set<string>()
  const handlers = V16.stationHandlersPartial({
    getConfiguration: ({ key = [] }) =>
      Effect.sync(() => {
        asked.push(`get ${key.join(" ")}`)
        return {
          configurationKey: key
            .filter((name) => keys.has(name))
            .map((name) => {
              const value = keys.get(name)
              const isReadOnly = readonly.includes(name)
              return value === undefined
                ? { key: name, readonly: isReadOnly }
                : { key: name, readonly: isReadOnly, value }
            }),
          unknownKey: key.filter((name) => !keys.has(name))
        }
      }),
    changeConfiguration: ({ key, value }, _, { messageId }) =>
      Effect.suspend((): Handlers.Answer<V16.ChangeConfigurationResponse> => {
        asked.push(`change ${key} ${value}`)
        messageIds.add(messageId)
        if (key === "ResetRetries") return Effect.fail(new CallError({ code: "InternalError" }))
        if (!keys.has(key)) return Effect.succeed({ status: "NotSupported" })
        if (readonly.includes(key)) return Effect.succeed({ status: "Rejected" })
        keys.set(key, value)
        return Effect.succeed({ status: key === "WebSocketPingInterval" ? "RebootRequired" : "Accepted" })
      })
  })
  return { asked, handlers, keys, messageIds }
}

/** A station by its variables, whatever it speaks, and what it was asked. */
const modelOf = (values: Record<string, string>, options: { readonly readOnly?: ReadonlyArray<string> } = {}) => {
  const model = new Map(Object.entries(values).map(([text, value]) => [text.toLowerCase(), value]))
  const components = new Set(Array.from(model.keys(), (id) => id.replace(/\..*/, "")))
  const asked: Array<string> = []
  const unknown = (id: string) =>
    components.has(id.replace(/\..*/, "")) ? ("UnknownVariable" as const) : ("UnknownComponent" as const)
  const handlers = Domain.stationHandlersPartial({
    getVariables: ({ variables }) =>
      Effect.sync(() => ({
        results: variables.map((variable): Domain.GetVariableResult => {
          const id = Domain.Variable.key(variable.address, variable.aspect)
          asked.push(`get ${id}`)
          const value = model.get(id)
          if (value === undefined) return { ...variable, status: unknown(id) }
          if (value === "secret") return { ...variable, status: "Rejected" }
          const isReadOnly = options.readOnly?.includes(Domain.Variable.text(variable.address)) ?? false
          return { ...variable, status: "Accepted", value, isReadOnly }
        })
      })),
    setVariables: ({ variables }) =>
      Effect.sync(() => ({
        results: variables.map(({ value, ...variable }): Domain.SetVariableResult => {
          const id = Domain.Variable.key(variable.address)
          asked.push(`set ${id} ${value}`)
          if (!model.has(id)) return { ...variable, status: unknown(id) }
          model.set(id, value)
          return { ...variable, status: /ping|retries/.test(id) ? "RebootRequired" : "Accepted" }
        })
      }))
  })
  return { asked, handlers, model }
}

describe("a CSMS", () => {
  it.effect("reads and writes variables of both versions by the same calls, of stations that name none", () =>
    Effect.gen(function* () {
      const values = {
        "SampledDataCtrlr.TxUpdatedMeasurands": "Voltage,SoC",
        "OCPPCommCtrlr.HeartbeatInterval": "300",
        "OCPPCommCtrlr.WebSocketPingInterval": "20",
        "Connector[1,1].Available": "true",
        "Connector[2,1].Available": "true",
        "Connector[1,1].PhaseRotation": "RST",
        "Connector[2,1].PhaseRotation": ""
      }
      const stations = [modelOf(values), modelOf(values)] as const
      const { station } = yield* world(
        Adapter.handlers(v16, stations[0].handlers),
        Adapter.handlers(v201, stations[1].handlers)
      )
      for (const [index, identity] of ["ONE", "TWO"].entries()) {
        const { getVariables, setVariables } = station(identity)
        assert.deepStrictEqual(
          inShort(
            yield* setVariables(
              set(
                ["OCPPCommCtrlr.HeartbeatInterval", "60"],
                ["OCPPCommCtrlr.WebSocketPingInterval", "10"],
                ["Connector[2].PhaseRotation", "TSR"],
                ["AuthCtrlr.LocalPreAuthorize", "true"]
              )
            )
          ),
          [
            "OCPPCommCtrlr.HeartbeatInterval Accepted",
            "OCPPCommCtrlr.WebSocketPingInterval RebootRequired",
            "Connector[2,1].PhaseRotation Accepted",
            `AuthCtrlr.LocalPreAuthorize ${index === 0 ? "UnknownVariable" : "UnknownComponent"}`
          ]
        )
        assert.deepStrictEqual(
          inShort(
            yield* getVariables(
              get(
                "SampledDataCtrlr.TxUpdatedMeasurands",
                "OCPPCommCtrlr.HeartbeatInterval",
                "Connector[1].PhaseRotation",
                "Connector[2].PhaseRotation",
                "OCPPCommCtrlr.ResetRetries"
              )
            )
          ),
          [
            "SampledDataCtrlr.TxUpdatedMeasurands Accepted Voltage,SoC",
            "OCPPCommCtrlr.HeartbeatInterval Accepted 60",
            "Connector[1,1].PhaseRotation Accepted RST",
            "Connector[2,1].PhaseRotation Accepted TSR",
            "OCPPCommCtrlr.ResetRetries UnknownVariable"
          ]
        )
        assert.strictEqual(stations[index]?.model.get("connector[2,1].phaserotation"), "TSR")
      }
    })
  )

  it.effect("asks a station of 1.6 once, and only for what has a key", () =>
    Effect.gen(function* () {
      const { asked, handlers } = stationOf(
        {
          HeartbeatInterval: " 0300 ",
          CpoName: undefined,
          AuthorizationKey: undefined,
          MeterValuesSampledData: "Voltage,Temperature",
          ConnectionTimeOut: "soon",
          ConnectorPhaseRotation: "0.RST, 1.TSR",
          LocalAuthListMaxLength: "100"
        },
        ["LocalAuthListMaxLength"]
      )
      const { station } = yield* world(handlers)
      const { getVariables } = station("ONE")
      const { variables } = get(
        "OCPPCommCtrlr.HeartbeatInterval",
        "SecurityCtrlr.OrganizationName",
        "SecurityCtrlr.BasicAuthPassword",
        "SampledDataCtrlr.TxUpdatedMeasurands",
        "TxCtrlr.EVConnectionTimeOut",
        "ChargingStation.PhaseRotation",
        "Connector[1].PhaseRotation",
        "Connector[2].PhaseRotation",
        "AuthCtrlr.AuthorizeRemoteStart",
        "AuthCtrlr.Tea",
        "Kettle.Tea",
        "LocalAuthListCtrlr.Entries"
      )
      assert.deepStrictEqual(
        inShort(
          yield* getVariables({
            variables: [
              ...variables,
              { address: at("LocalAuthListCtrlr.Entries"), aspect: "maxLimit" },
              { address: at("OCPPCommCtrlr.HeartbeatInterval"), aspect: "Target" }
            ]
          })
        ),
        [
          "OCPPCommCtrlr.HeartbeatInterval Accepted 300",
          "SecurityCtrlr.OrganizationName Accepted ",
          "SecurityCtrlr.BasicAuthPassword Rejected WriteOnly: it is a secret",
          "SampledDataCtrlr.TxUpdatedMeasurands Rejected InvalidValue: Temperature: 2.x has no such measurand",
          'TxCtrlr.EVConnectionTimeOut Rejected InvalidValue: ConnectionTimeOut: "soon" is not a whole number of 32 bits',
          "ChargingStation.PhaseRotation Accepted RST",
          "Connector[1,1].PhaseRotation Accepted TSR",
          "Connector[2,1].PhaseRotation UnknownVariable",
          "AuthCtrlr.AuthorizeRemoteStart UnknownVariable",
          "AuthCtrlr.Tea UnknownVariable",
          "Kettle.Tea UnknownComponent",
          "LocalAuthListCtrlr.Entries NotSupportedAttributeType",
          "LocalAuthListCtrlr.Entries.maxLimit Accepted 100 read-only",
          "OCPPCommCtrlr.HeartbeatInterval.Target NotSupportedAttributeType"
        ]
      )
      assert.deepStrictEqual(asked, [
        "get HeartbeatInterval CpoName AuthorizationKey MeterValuesSampledData ConnectionTimeOut ConnectorPhaseRotation " +
          "AuthorizeRemoteTxRequests LocalAuthListMaxLength"
      ])
      // Without a key the station would tell all that it has.
      assert.deepStrictEqual(inShort(yield* getVariables(get("Kettle.Tea"))), ["Kettle.Tea UnknownComponent"])
      assert.deepStrictEqual(yield* getVariables({ variables: [] }), { results: [] })
      assert.lengthOf(asked, 1)
    })
  )

  it.effect("writes variables of 1.6 in order, each by a call, unless its value cannot be said", () =>
    Effect.gen(function* () {
      const { asked, handlers, messageIds } = stationOf(
        {
          HeartbeatInterval: "300",
          WebSocketPingInterval: "20",
          AuthorizationKey: undefined,
          NumberOfConnectors: "2",
          ChargingScheduleAllowedChargingRateUnit: "Current"
        },
        ["ChargingScheduleAllowedChargingRateUnit"]
      )
      const { station } = yield* world(handlers)
      const { variables } = set(
        ["OCPPCommCtrlr.HeartbeatInterval", "soon"],
        ["SampledDataCtrlr.TxUpdatedMeasurands", "Voltage,Display.PresentSOC"],
        ["OCPPCommCtrlr.WebSocketPingInterval", "10"],
        ["SecurityCtrlr.BasicAuthPassword", "password of more than 20 bytes"],
        ["SecurityCtrlr.BasicAuthPassword", "0123456789abcdef"],
        ["OCPPCommCtrlr.HeartbeatInterval", "60"],
        ["SmartChargingCtrlr.RateUnit", "W"],
        ["AuthCtrlr.AuthorizeRemoteStart", "TRUE"],
        ["Kettle.Tea", "hot"]
      )
      assert.deepStrictEqual(
        inShort(
          // One message id is not for several calls.
          yield* station("ONE").setVariables(
            {
              variables: [
                ...variables,
                { address: at("OCPPCommCtrlr.HeartbeatInterval"), aspect: "MinSet", value: "1" }
              ]
            },
            { messageId: "one" }
          )
        ),
        [
          'OCPPCommCtrlr.HeartbeatInterval Rejected InvalidValue: HeartbeatInterval: "soon" is not a whole number of 32 bits',
          "SampledDataCtrlr.TxUpdatedMeasurands Rejected InvalidValue: Display.PresentSOC: 1.6 has no such measurand",
          "OCPPCommCtrlr.WebSocketPingInterval RebootRequired",
          "SecurityCtrlr.BasicAuthPassword Rejected InvalidValue: AuthorizationKey: its value is not text of 1 to 20 bytes of UTF-8, as 1.6 has no longer passwords",
          "SecurityCtrlr.BasicAuthPassword Accepted",
          "OCPPCommCtrlr.HeartbeatInterval Accepted",
          "SmartChargingCtrlr.RateUnit Rejected",
          "AuthCtrlr.AuthorizeRemoteStart UnknownVariable",
          "Kettle.Tea UnknownComponent",
          "OCPPCommCtrlr.HeartbeatInterval.MinSet NotSupportedAttributeType"
        ]
      )
      assert.deepStrictEqual(asked, [
        "change WebSocketPingInterval 10",
        "change AuthorizationKey 30313233343536373839616263646566",
        "change HeartbeatInterval 60",
        "change ChargingScheduleAllowedChargingRateUnit Power",
        "change AuthorizeRemoteTxRequests true"
      ])
      assert.strictEqual(messageIds.size, asked.length)
    })
  )

  it.effect("sets one connector of a list of 1.6 and keeps the others", () =>
    Effect.gen(function* () {
      const { asked, handlers, keys } = stationOf({ ConnectorPhaseRotation: "0.RST,2.TSR" })
      const { station } = yield* world(handlers)
      const { setVariables } = station("ONE")
      const outcome = setVariables(set(["Connector[1].PhaseRotation", "RTS"], ["Connector[2].PhaseRotation", ""]))
      assert.deepStrictEqual(inShort(yield* outcome), [
        "Connector[1,1].PhaseRotation Accepted",
        "Connector[2,1].PhaseRotation Accepted"
      ])
      assert.strictEqual(keys.get("ConnectorPhaseRotation"), "0.RST,1.RTS,2.Unknown")

      asked.length = 0
      keys.set("ConnectorPhaseRotation", "1.NotApplicable")
      const unsaid = setVariables(set(["Connector[1].PhaseRotation", "SOS"], ["Connector[2].PhaseRotation", "RST"]))
      assert.deepStrictEqual(inShort(yield* unsaid), [
        'Connector[1,1].PhaseRotation Rejected InvalidValue: ConnectorPhaseRotation: "SOS" is not three letters of R, S, T and x, or empty',
        "Connector[2,1].PhaseRotation Rejected InvalidValue: 1.NotApplicable: in 2.x it is the same as unknown"
      ])
      assert.deepStrictEqual(asked, ["get ConnectorPhaseRotation"])

      keys.delete("ConnectorPhaseRotation")
      assert.deepStrictEqual(inShort(yield* setVariables(set(["Connector[1].PhaseRotation", "RST"]))), [
        "Connector[1,1].PhaseRotation UnknownVariable"
      ])
    })
  )

  it.effect("fails as the call of 1.6 that failed, and sends no further one", () =>
    Effect.gen(function* () {
      const { asked, handlers } = stationOf({ HeartbeatInterval: "300" })
      const { station } = yield* world(handlers)
      const error = yield* Effect.flip(
        station("ONE").setVariables(
          set(
            ["OCPPCommCtrlr.HeartbeatInterval", "60"],
            ["OCPPCommCtrlr.ResetRetries", "3"],
            ["OCPPCommCtrlr.HeartbeatInterval", "30"]
          )
        )
      )
      assert.include({ ...error }, { _tag: "CallError", code: "InternalError" })
      assert.deepStrictEqual(asked, ["change HeartbeatInterval 60", "change ResetRetries 3"])
    })
  )

  it.effect("asks 2.0.1 for no characteristic, and for the attributes beside it", () =>
    Effect.gen(function* () {
      const { asked, handlers } = modelOf({ "LocalAuthListCtrlr.Entries": "7" })
      const { station } = yield* world(stationOf({}).handlers, Adapter.handlers(v201, handlers))
      const address = at("LocalAuthListCtrlr.Entries")
      const limit = { address, aspect: "maxLimit" } as const
      const unsupported = { ...limit, status: "NotSupportedAttributeType" } as const
      assert.deepStrictEqual((yield* station("TWO").getVariables({ variables: [limit] })).results, [unsupported])
      assert.deepStrictEqual(asked, [])
      const { results } = yield* station("TWO").getVariables({ variables: [limit, { address }, limit] })
      assert.deepStrictEqual(results, [unsupported, { address, status: "Accepted", value: "7" }, unsupported])
      assert.deepStrictEqual(asked, ["get localauthlistctrlr.entries"])
    })
  )
})

/** A key as a station tells it. */
const entry = (name: string, value?: string, isReadOnly = false): V16.KeyValue => ({
  key: name,
  readonly: isReadOnly,
  ...(value === undefined ? {} : { value })
})

/** A key of a vendor for a value of one variable. */
const blinks = (name: string, aspect: Domain.Variable.Aspect): ConfigurationKeys.Mapping => ({
  _tag: "Key",
  key: name,
  target: { address: at("ACME.Blinks"), aspect },
  conversion: ConfigurationKeys.conversions.text
})

describe("All variables of a station of 1.6", () => {
  /** What is told of keys: the variables in short, and what is left out. */
  const told = Effect.fnUntraced(function* (configurationKey: ReadonlyArray<V16.KeyValue>, adapter = v16) {
    const { inventory } = yield* world(
      V16.stationHandlersPartial({ getConfiguration: () => Effect.succeed({ configurationKey }) }),
      undefined,
      adapter
    )
    const { leftOut, variables } = yield* inventory
    return {
      leftOut,
      variables: variables.map(({ address, variableAttribute, variableCharacteristics: more }) => {
        const values = variableAttribute.map(
          ({ aspect, mutability, value }) => `${aspect ?? ""}${value ?? "?"} ${mutability}`
        )
        const limits =
          more === undefined ? [] : [`${more.dataType} ${more.maxLimit?.value ?? ""}${more.valuesList ?? ""}`]
        return [Domain.Variable.text(address), ...values, ...limits].join("|")
      })
    }
  })

  it.effect("come with the keys that no variable says, and why", () =>
    Effect.gen(function* () {
      const keys = [
        entry("HeartbeatInterval", "300"),
        entry("ConnectionTimeOut", "abc"),
        entry("StopTransactionOnInvalidId", "1"),
        entry("MeterValuesSampledData", "SoC,Voltage.L1-N,RPM"),
        entry("ConnectorPhaseRotation", ""),
        entry("NumberOfConnectors", "2", true),
        entry("SupportedFeatureProfiles", "Core", true),
        entry("BlinkRepeat", "3"),
        entry("Vendor\nKey", "z", true),
        entry("VendorOnly"),
        entry("AuthorizationKey", "hunter2"),
        entry("CpoName")
      ]
      const { leftOut, variables } = yield* told(keys)
      assert.deepStrictEqual(variables, [
        "OCPPCommCtrlr.HeartbeatInterval|300 ReadWrite",
        "SecurityCtrlr.OrganizationName|? WriteOnly"
      ])
      assert.deepStrictEqual(
        leftOut.map(({ hasVariable, key: name, reason }) => [name, hasVariable, reason]),
        [
          ["ConnectionTimeOut", true, "its value is not a whole number of 32 bits"],
          ["StopTransactionOnInvalidId", true, "its value is not true or false"],
          [
            "MeterValuesSampledData",
            true,
            "Voltage.L1-N: 2.x has all phases of a measurand or none; RPM: 2.x has no such measurand"
          ],
          ["ConnectorPhaseRotation", true, "it tells nothing of any connector"],
          ["NumberOfConnectors", false, "2.x computes it of other variables: the number of connectors of all EVSEs"],
          [
            "SupportedFeatureProfiles",
            false,
            "2.x computes it of other variables: every station of 2.x has what is in `Core`, `FirmwareManagement` and `RemoteTrigger` (Part 5, profile Core)"
          ],
          ["BlinkRepeat", false, "2.x has lighting with colour and level, and no number of blinks"],
          ["Vendor\nKey", false, "the key is not known"],
          ["VendorOnly", false, "the key is not known"],
          ["AuthorizationKey", true, "its value is not hexadecimal digits of 1 to 20 bytes"]
        ]
      )
      // What the station has told is there as it came, but for a secret.
      assert.deepStrictEqual(
        leftOut.map((one) => entry(one.key, one.value, one.isReadOnly)),
        keys.slice(1, -1).map((one) => (one.key === "AuthorizationKey" ? entry(one.key) : one))
      )
    })
  )

  it.effect("come with what a key says that is told twice", () =>
    Effect.gen(function* () {
      const { leftOut, variables } = yield* told([
        entry("HeartbeatInterval", "300"),
        entry("heartBEATinterval", "10", true),
        entry("ConnectorPhaseRotation", "1.RST,2.RTS"),
        entry("ConnectorPhaseRotation", "1.RST,2.TSR,3.RST"),
        entry("ResetRetries", "3"),
        entry("ResetRetries", "3.0")
      ])
      assert.deepStrictEqual(variables, [
        "Connector[1,1].PhaseRotation|RST ReadWrite",
        "Connector[2,1].PhaseRotation|RTS ReadWrite",
        "Connector[3,1].PhaseRotation|RST ReadWrite",
        "OCPPCommCtrlr.HeartbeatInterval|300 ReadWrite",
        "OCPPCommCtrlr.ResetRetries|3 ReadWrite"
      ])
      assert.deepStrictEqual(leftOut, [
        {
          key: "heartBEATinterval",
          value: "10",
          isReadOnly: true,
          hasVariable: true,
          reason: "the station has told another value of OCPPCommCtrlr.HeartbeatInterval before"
        },
        {
          key: "ConnectorPhaseRotation",
          value: "1.RST,2.TSR,3.RST",
          isReadOnly: false,
          hasVariable: true,
          reason: "the station has told another value of Connector[2,1].PhaseRotation before"
        }
      ])
    })
  )

  it.effect("have what several keys tell of them", () =>
    Effect.gen(function* () {
      const table = ConfigurationKeys.make([
        blinks("Blinks", "Actual"),
        blinks("BlinksAtMost", "maxLimit"),
        blinks("BlinksWanted", "Target"),
        blinks("BlinksAllowed", "valuesList")
      ])
      const adapter = withKeys(Result.getOrThrow(table))
      const { leftOut, variables } = yield* told(
        [
          entry("BlinksAtMost", "9", true),
          entry("Blinks", "2"),
          entry("BlinksWanted", "3"),
          entry("BlinksAllowed", "2,3")
        ],
        adapter
      )
      assert.deepStrictEqual(variables, ["ACME.Blinks|2 ReadWrite|Target3 ReadWrite|OptionList 92,3"])
      assert.deepStrictEqual(leftOut, [])
      const many = yield* told([entry("BlinksAtMost", "many", true)], adapter)
      assert.deepStrictEqual(many, {
        variables: [],
        leftOut: [
          {
            key: "BlinksAtMost",
            value: "many",
            isReadOnly: true,
            hasVariable: true,
            reason: "its value is not a number"
          }
        ]
      })
    })
  )
})

describe("a station of 1.6", () => {
  const values = {
    "OCPPCommCtrlr.HeartbeatInterval": "300",
    "SmartChargingCtrlr.Available": "true",
    "SmartChargingCtrlr.RateUnit": "A,W",
    "SecurityCtrlr.BasicAuthPassword": "secret",
    "LocalAuthListCtrlr.Entries.maxLimit": "100",
    "Connector[1,1].Available": "true",
    "Connector[2,1].Available": "true",
    "Connector[1,1].PhaseRotation": "RST",
    "Connector[2,1].PhaseRotation": "TSR"
  }

  it.effect("tells the keys whose variables it has", () =>
    Effect.gen(function* () {
      const { asked, handlers } = modelOf(values, { readOnly: ["SmartChargingCtrlr.RateUnit"] })
      const { ask } = yield* world(Adapter.handlers(v16, handlers))
      const all = [
        { key: "ConnectorPhaseRotation", readonly: false, value: "1.RST,2.TSR" },
        { key: "ConnectorPhaseRotationMaxLength", readonly: true, value: "3" },
        { key: "HeartbeatInterval", readonly: false, value: "300" },
        { key: "NumberOfConnectors", readonly: true, value: "2" },
        {
          key: "SupportedFeatureProfiles",
          readonly: true,
          value: "Core,FirmwareManagement,SmartCharging,RemoteTrigger"
        },
        { key: "LocalAuthListMaxLength", readonly: true, value: "100" },
        { key: "ChargingScheduleAllowedChargingRateUnit", readonly: true, value: "Current,Power" },
        { key: "AuthorizationKey", readonly: false }
      ]
      assert.deepStrictEqual(yield* ask.getConfiguration({}), { configurationKey: all })
      assert.deepStrictEqual(yield* ask.getConfiguration({ key: [] }), { configurationKey: all })

      asked.length = 0
      assert.deepStrictEqual(
        yield* ask.getConfiguration({
          key: ["heartbeatinterval", "Tea", "BlinkRepeat", "ResetRetries", "AuthorizationKey"]
        }),
        {
          configurationKey: [
            { key: "HeartbeatInterval", readonly: false, value: "300" },
            { key: "AuthorizationKey", readonly: false }
          ],
          unknownKey: ["Tea", "BlinkRepeat", "ResetRetries"]
        }
      )
      assert.deepStrictEqual(asked, [
        "get ocppcommctrlr.heartbeatinterval",
        "get ocppcommctrlr.resetretries",
        "get securityctrlr.basicauthpassword"
      ])
      assert.deepStrictEqual(yield* ask.getConfiguration({ key: ["Tea"] }), { unknownKey: ["Tea"] })
      assert.lengthOf(asked, 3)
    })
  )

  it.effect("does not tell a value that 1.6 cannot say", () =>
    Effect.gen(function* () {
      const { handlers } = modelOf({
        "SampledDataCtrlr.TxUpdatedMeasurands": "Voltage,Display.PresentSOC",
        "OCPPCommCtrlr.HeartbeatInterval": "soon"
      })
      const { ask } = yield* world(Adapter.handlers(v16, handlers))
      assert.deepStrictEqual(yield* ask.getConfiguration({ key: ["MeterValuesSampledData", "HeartbeatInterval"] }), {
        configurationKey: [
          { key: "MeterValuesSampledData", readonly: false },
          { key: "HeartbeatInterval", readonly: false }
        ]
      })
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
  )

  it.effect("sets all variables of a key, and answers the worst that became of them", () =>
    Effect.gen(function* () {
      const { asked, handlers, model } = modelOf({
        ...values,
        "ChargingStation.PhaseRotation": "",
        "OCPPCommCtrlr.WebSocketPingInterval": "20"
      })
      const { ask } = yield* world(Adapter.handlers(v16, handlers))
      const change = (key: string, value: string) =>
        Effect.map(ask.changeConfiguration({ key, value }), ({ status }) => status)
      assert.strictEqual(yield* change("ConnectorPhaseRotation", "0.RST, 2.RTS"), "Accepted")
      assert.strictEqual(model.get("chargingstation.phaserotation"), "RST")
      assert.strictEqual(model.get("connector[2,1].phaserotation"), "RTS")
      assert.strictEqual(yield* change("WebSocketPingInterval", "10"), "RebootRequired")
      assert.strictEqual(yield* change("ConnectorPhaseRotation", "1.RTS,3.RST"), "NotSupported")
      assert.strictEqual(yield* change("ResetRetries", "3"), "NotSupported")

      asked.length = 0
      const refused = Effect.forEach(
        [
          ["Tea", "hot"],
          ["BlinkRepeat", "3"],
          ["NumberOfConnectors", "3"],
          ["LocalAuthListMaxLength", "3"],
          ["HeartbeatInterval", "soon"],
          ["MeterValuesSampledData", "Voltage,RPM"],
          ["ConnectorPhaseRotation", ""]
        ] as const,
        ([key, value]) => change(key, value)
      )
      assert.deepStrictEqual(yield* refused, [
        "NotSupported",
        "NotSupported",
        "Rejected",
        "Rejected",
        "Rejected",
        "Rejected",
        "Rejected"
      ])
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect("does not look for connectors for ever, whatever its handler says", () =>
    Effect.gen(function* () {
      const handlers = Domain.stationHandlersPartial({
        getVariables: ({ variables }) =>
          Effect.succeed({ results: variables.map((one) => ({ ...one, status: "Accepted", value: "true" })) })
      })
      const { ask } = yield* world(Adapter.handlers(v16, handlers))
      assert.deepStrictEqual(yield* ask.getConfiguration({ key: ["NumberOfConnectors"] }), {
        configurationKey: [{ key: "NumberOfConnectors", readonly: true, value: "1000" }]
      })
    })
  )

  it.effect("that has no handlers of variables supports no keys", () =>
    Effect.gen(function* () {
      const { ask } = yield* world(Adapter.handlers(v16, Domain.stationHandlersPartial({})))
      const error = yield* Effect.flip(ask.getConfiguration({}))
      assert.include({ ...error }, { _tag: "CallError", code: "NotSupported" })
    })
  )
})

it.effect("1.5 has its own keys, and says of a value that waits for a reboot that it is accepted", () =>
  Effect.gen(function* () {
    const { asked, handlers } = modelOf({
      "OCPPCommCtrlr.HeartbeatInterval": "300",
      "OCPPCommCtrlr.ResetRetries": "3",
      "SampledDataCtrlr.TxUpdatedMeasurands": "Voltage,SoC",
      "LocalAuthListCtrlr.Enabled": "true"
    })
    const csmsLayer = Csms.layer({
      accept: () => Effect.succeed({ registration: "Accepted" }),
      handlers: [V15.csmsHandlersPartial({})]
    })
    const context = yield* Layer.build(Layer.provideMerge(MemoryNetwork.layer, csmsLayer))
    const live = Station.layer(V15.protocol, {
      url: "ws://csms",
      identity: "OLD",
      handlers: Adapter.handlers(v15, handlers)
    })
    yield* Layer.build(Layer.provide(live, Layer.succeedContext(context)))
    yield* settled
    const csms = Context.get(context, Csms)
    const session = Option.getOrUndefined(yield* csms.session("OLD"))
    assert(session?.version === "1.5")
    const { changeConfiguration, getConfiguration } = session.station
    assert.deepStrictEqual(yield* getConfiguration({}), {
      configurationKey: [
        { key: "HeartBeatInterval", readonly: false, value: "300" },
        { key: "ResetRetries", readonly: false, value: "3" },
        // SoC cannot be told.
        { key: "MeterValuesSampledData", readonly: false }
      ]
    })
    assert.deepStrictEqual(yield* changeConfiguration({ key: "ResetRetries", value: "5" }), { status: "Accepted" })
    const { getVariables, setVariables } = Adapter.station([v15], csms, "OLD")
    asked.length = 0
    assert.deepStrictEqual(
      inShort(yield* getVariables(get("OCPPCommCtrlr.HeartbeatInterval", "LocalAuthListCtrlr.Enabled"))),
      ["OCPPCommCtrlr.HeartbeatInterval Accepted 300", "LocalAuthListCtrlr.Enabled UnknownComponent"]
    )
    assert.deepStrictEqual(inShort(yield* setVariables(set(["OCPPCommCtrlr.HeartbeatInterval", "60"]))), [
      "OCPPCommCtrlr.HeartbeatInterval Accepted"
    ])
  }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
)

it.effect("a key of a vendor is a variable on both sides", () =>
  Effect.gen(function* () {
    const own = ConfigurationKeys.make([
      {
        _tag: "Key",
        key: "BlinkRepeat",
        target: { address: at("BeaconLighting.BlinkRepeat"), aspect: "Actual" },
        conversion: ConfigurationKeys.conversions.integer
      }
    ])
    const adapter = withKeys(Result.getOrThrow(own))
    const { handlers } = modelOf({ "BeaconLighting.BlinkRepeat": "2" })
    const { ask, station } = yield* world(Adapter.handlers(adapter, handlers), undefined, adapter)
    const { getVariables, setVariables } = station("ONE")
    assert.deepStrictEqual(inShort(yield* setVariables(set(["BeaconLighting.BlinkRepeat", "3"]))), [
      "BeaconLighting.BlinkRepeat Accepted"
    ])
    assert.deepStrictEqual(inShort(yield* getVariables(get("BeaconLighting.BlinkRepeat"))), [
      "BeaconLighting.BlinkRepeat Accepted 3"
    ])
    assert.deepStrictEqual(yield* ask.getConfiguration({ key: ["BlinkRepeat"] }), {
      configurationKey: [{ key: "BlinkRepeat", readonly: false, value: "3" }]
    })
  })
)
