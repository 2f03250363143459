/**
 * The reports that a CSMS of 2.x asks for, of a station of 1.x behind a gateway.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { official, type Side, world } from "./support.ts"

const configurationKey = [
  { key: "HeartbeatInterval", readonly: false, value: "300" },
  { key: "NumberOfConnectors", readonly: true, value: "2" },
  { key: "LocalAuthListMaxLength", readonly: true, value: "100" },
  { key: "ConnectorPhaseRotation", readonly: false, value: "1.RST,2.RTS" },
  { key: "AuthorizationKey", readonly: false },
  { key: "VendorKey", readonly: false, value: "1" }
]

const nameOf = ({ component, variable }: any): string =>
  `${component.name}${component.evse === undefined ? "" : `[${component.evse.id},${component.evse.connectorId}]`}.${variable.name}`

const component = (name: string) => ({ componentVariable: [{ component: { name } }] })

/** The answer to the request, and the parts of the report that follow it. */
const told = Effect.fnUntraced(function* (csms: Side, version: "2.0.1" | "2.1", action: string) {
  const [[, , answer] = [], ...first] = yield* csms.news
  official(version, action, "conf", answer)
  const parts: Array<any> = []
  for (let frames = first; frames.length > 0; frames = [...(yield* csms.news)]) {
    for (const [type, id, name, payload] of frames) {
      assert.deepStrictEqual([type, name], [2, "NotifyReport"])
      official(version, "NotifyReport", "req", payload)
      parts.push(payload)
      yield* csms.answer(id, {})
    }
  }
  return { answer, parts }
})

/** Asks a station of 1.6 for a report, which has so many keys more. */
const ask = Effect.fnUntraced(function* (
  upstream: "2.0.1" | "2.1",
  action: string,
  request: object,
  more: ReadonlyArray<object> = []
) {
  const { connect, network } = yield* world("1.6", upstream)
  const { csms, station } = yield* connect()
  yield* csms.send(action, { requestId: 7, ...request })
  const asked = yield* station.asked("GetConfiguration")
  assert.deepStrictEqual(asked.payload, {})
  return { csms, network, station, answer: asked.answer({ configurationKey: [...configurationKey, ...more] }) }
})

describe("A report of a station of 1.6", () => {
  for (const upstream of ["2.0.1", "2.1"] as const) {
    it.effect(`is told to a CSMS of ${upstream} as variables, once all of it is known`, () =>
      Effect.gen(function* () {
        const { answer, csms } = yield* ask(upstream, "GetBaseReport", { reportBase: "FullInventory" })
        yield* answer
        const report = yield* told(csms, upstream, "GetBaseReport")
        assert.deepStrictEqual(report.answer, { status: "Accepted" })
        const [{ reportData, requestId, seqNo, tbc }, ...others] = report.parts
        assert.deepStrictEqual(others, [])
        assert.deepStrictEqual([requestId, seqNo, tbc], [7, 0, false])
        assert.deepStrictEqual(
          reportData.map((data: any) => [nameOf(data), ...data.variableAttribute]),
          [
            ["Connector[1,1].PhaseRotation", { value: "RST", mutability: "ReadWrite" }],
            ["Connector[2,1].PhaseRotation", { value: "RTS", mutability: "ReadWrite" }],
            ["LocalAuthListCtrlr.Entries", { value: "", mutability: "ReadOnly" }],
            ["OCPPCommCtrlr.HeartbeatInterval", { value: "300", mutability: "ReadWrite" }],
            ["SecurityCtrlr.BasicAuthPassword", { mutability: "WriteOnly" }]
          ]
        )
        assert.deepStrictEqual(reportData[2].variableCharacteristics, {
          dataType: "integer",
          maxLimit: 100,
          supportsMonitoring: false
        })
      })
    )
  }

  it.effect("has parts, of which the last one that arrives says whether it was all", () =>
    Effect.gen(function* () {
      const rotation = Array.from({ length: 45 }, (_, index) => `${index + 1}.RST`).join(",")
      const { answer, csms } = yield* ask("2.0.1", "GetBaseReport", { reportBase: "ConfigurationInventory" }, [
        { key: "ConnectorPhaseRotation", readonly: false, value: rotation }
      ])
      yield* answer
      const { parts } = yield* told(csms, "2.0.1", "GetBaseReport")
      assert.deepStrictEqual(
        parts.map(({ reportData, seqNo, tbc }) => [seqNo, tbc, reportData.length]),
        [
          [0, true, 20],
          [1, true, 20],
          [2, false, 7]
        ]
      )
      // What cannot be written is no configuration.
      assert.isFalse(parts.some(({ reportData }) => reportData.some((data: any) => nameOf(data).endsWith("Entries"))))
    })
  )

  it.effect("[FIELD-K13] lacks what 2.x cannot say, and the log tells it once", () => {
    const warnings: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      if (logLevel === "Warn") warnings.push(String(message))
    })
    return Effect.gen(function* () {
      const more = [
        { key: "ConnectionTimeOut", readonly: false, value: "abc" },
        { key: "AuthorizationKey", readonly: false, value: "hunter2" }
      ]
      const { answer, csms, station } = yield* ask("2.0.1", "GetReport", component("OCPPCommCtrlr"), more)
      yield* answer
      const { parts } = yield* told(csms, "2.0.1", "GetReport")
      assert.deepStrictEqual(
        parts.flatMap(({ reportData }) => reportData.map(nameOf)),
        ["OCPPCommCtrlr.HeartbeatInterval"]
      )
      yield* csms.send("GetReport", { requestId: 8, ...component("ClockCtrlr") })
      yield* (yield* station.asked("GetConfiguration")).answer({ configurationKey: more })
      assert.deepStrictEqual(yield* csms.got("GetReport"), { status: "EmptyResultSet" })
      assert.deepStrictEqual(warnings, [
        "a report to the CSMS lacks ConnectionTimeOut: its value is not a whole number of 32 bits",
        "a report to the CSMS lacks AuthorizationKey: its value is not hexadecimal digits of 1 to 20 bytes"
      ])
    }).pipe(Effect.provide(Logger.layer([logger])))
  })

  it.effect("tells what was asked for, and says so if there is nothing of it", () =>
    Effect.gen(function* () {
      const connectors = yield* ask("2.0.1", "GetReport", component("Connector"))
      yield* connectors.answer
      const { parts } = yield* told(connectors.csms, "2.0.1", "GetReport")
      assert.deepStrictEqual(
        parts.flatMap(({ reportData }) => reportData.map(nameOf)),
        ["Connector[1,1].PhaseRotation", "Connector[2,1].PhaseRotation"]
      )
      const none = yield* ask("2.0.1", "GetReport", component("ClockCtrlr"))
      yield* none.answer
      assert.deepStrictEqual(yield* none.csms.got("GetReport"), { status: "EmptyResultSet" })
    })
  )

  it.effect("is refused where 1.6 does not tell what is asked for", () =>
    Effect.gen(function* () {
      const { connect } = yield* world("1.6", "2.0.1")
      const { csms } = yield* connect()
      for (const [action, request] of [
        ["GetBaseReport", { reportBase: "SummaryInventory" }],
        ["GetReport", { componentCriteria: ["Problem"] }]
      ] as const) {
        yield* csms.send(action, { requestId: 7, ...request })
        assert.deepStrictEqual(yield* csms.got(action), { status: "NotSupported" })
      }
    })
  )
})
