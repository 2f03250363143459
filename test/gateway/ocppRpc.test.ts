/**
 * A gateway over real sockets between two sides that are not ours: `ocpp-rpc` in strict mode as the station and as the CSMS.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { AddressInfo } from "node:net"
import { RPCClient, RPCServer } from "ocpp-rpc"
import { Gateway } from "../../src/gateway/index.ts"
import { WebSocketClient, WebSocketServer } from "../../src/node/index.ts"
import { optionsOf } from "../support/ocppRpc.ts"
import { adapters } from "./support.ts"

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes)).toISOString()

const boots = {
  "1.6": { chargePointVendor: "ACME", chargePointModel: "One" },
  "2.0.1": { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } }
}

const subprotocols = { "1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1" }

type Version = keyof typeof boots

type Call = (action: string, payload: object) => Effect.Effect<any>

/** A CSMS of theirs, which answers as it is told; `calls` are the requests that came, `station` calls the station. */
const theirCsms = Effect.fnUntraced(function* (version: Version, answers: Readonly<Record<string, object>>) {
  const calls: Array<readonly [action: string, payload: any]> = []
  const clients: Array<any> = []
  const passwords: Array<string | undefined> = []
  const server = new RPCServer({ protocols: [subprotocols[version]], strictMode: true } as any)
  server.auth((accept: any, _: any, { password }: any) => {
    passwords.push(password?.toString())
    accept()
  })
  server.on("client", (client: any) => {
    clients.push(client)
    client.handle(({ method, params }: any) => {
      calls.push([method, params])
      return answers[method] ?? {}
    })
  })
  const http = yield* Effect.acquireRelease(
    Effect.promise(() => server.listen(0, "127.0.0.1")),
    () => Effect.promise(() => server.close({ force: true } as any))
  )
  const station: Call = (action, payload) => Effect.promise(() => clients.at(-1).call(action, payload))
  return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, calls, passwords, station }
})

/** A station of theirs at a gateway before that CSMS. */
const open = Effect.fnUntraced(function* (
  front: Version,
  upstream: Version,
  answers: Readonly<Record<string, object>>,
  handlers: Readonly<Record<string, object>> = {}
) {
  const csms = yield* theirCsms(upstream, {
    BootNotification: { status: "Accepted", currentTime: at(0), interval: 300 },
    ...answers
  })
  const gateway = Gateway.layer({ url: csms.url, upstream: adapters[upstream], versions: [adapters[front]] })
  const context = yield* Layer.build(
    WebSocketServer.layer({ port: 0 }).pipe(Layer.provide(gateway), Layer.provide(WebSocketClient.layer()))
  )
  const client = new RPCClient(
    optionsOf({
      endpoint: Context.get(context, WebSocketServer.Server).url,
      identity: "CP001",
      password: "secret",
      protocols: [subprotocols[front]]
    })
  )
  const asked: Array<readonly [action: string, payload: any]> = []
  client.handle(({ method, params }: any) => {
    asked.push([method, params])
    return handlers[method] as any
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => client.connect()),
    () => Effect.promise(() => client.close({ force: true }))
  )
  const call: Call = (action, payload) => Effect.promise(() => client.call(action, payload))
  yield* call("BootNotification", boots[front])
  return { csms, call, asked }
})

describe("a gateway between a station and a CSMS of ocpp-rpc", () => {
  it.live("lets 1.6 charge at 2.0.1, on request of the CSMS", () =>
    Effect.gen(function* () {
      const { asked, call, csms } = yield* open(
        "1.6",
        "2.0.1",
        {
          Authorize: { idTokenInfo: { status: "Accepted" } },
          TransactionEvent: { idTokenInfo: { status: "Accepted" } }
        },
        { RemoteStartTransaction: { status: "Accepted" }, RemoteStopTransaction: { status: "Accepted" } }
      )
      assert.deepStrictEqual(csms.passwords, ["secret"])
      assert.deepStrictEqual(yield* call("Authorize", { idTag: "TAG" }), { idTagInfo: { status: "Accepted" } })
      const idToken = { idToken: "TAG", type: "Central" }
      const start = { remoteStartId: 9, evseId: 1, idToken }
      assert.deepStrictEqual(yield* csms.station("RequestStartTransaction", start), { status: "Accepted" })
      const { transactionId } = yield* call("StartTransaction", {
        connectorId: 1,
        idTag: "TAG",
        meterStart: 5,
        timestamp: new Date().toISOString()
      })
      yield* call("MeterValues", {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: at(1), sampledValue: [{ value: "0.0065", unit: "kWh" }] }]
      })
      const name = { transactionId: String(transactionId) }
      assert.deepStrictEqual(yield* csms.station("RequestStopTransaction", name), { status: "Accepted" })
      yield* call("StopTransaction", { transactionId, meterStop: 15, timestamp: at(2), reason: "Remote" })
      assert.deepStrictEqual(
        asked.map(([action]) => action),
        ["RemoteStartTransaction", "RemoteStopTransaction"]
      )
      const events = csms.calls.filter(([action]) => action === "TransactionEvent").map(([, payload]) => payload)
      assert.deepStrictEqual(
        events.map(({ eventType, meterValue, seqNo, transactionInfo, triggerReason }) => [
          eventType,
          seqNo,
          triggerReason,
          transactionInfo,
          meterValue[0].sampledValue[0].value
        ]),
        [
          ["Started", 0, "RemoteStart", { ...name, remoteStartId: 9 }, 5],
          ["Updated", 1, "MeterValuePeriodic", name, 6.5],
          ["Ended", 2, "RemoteStop", { ...name, stoppedReason: "Remote" }, 15]
        ]
      )
      assert.deepStrictEqual(events[0].idToken, idToken)
    }).pipe(Effect.scoped)
  )

  it.live("lets 2.0.1 charge at 1.6", () =>
    Effect.gen(function* () {
      const { asked, call, csms } = yield* open(
        "2.0.1",
        "1.6",
        {
          Authorize: { idTagInfo: { status: "Accepted" } },
          StartTransaction: { transactionId: 77, idTagInfo: { status: "Accepted" } }
        },
        { RequestStopTransaction: { status: "Accepted" } }
      )
      const idToken = { idToken: "TAG", type: "ISO14443" }
      assert.deepStrictEqual(yield* call("Authorize", { idToken }), { idTokenInfo: { status: "Accepted" } })
      const event = (eventType: string, seqNo: number, value: number, more: object = {}, info: object = {}) =>
        call("TransactionEvent", {
          eventType,
          seqNo,
          timestamp: at(seqNo),
          triggerReason: "Trigger",
          transactionInfo: { transactionId: "a name", ...info },
          meterValue: [{ timestamp: at(seqNo), sampledValue: [{ value, unitOfMeasure: { unit: "kWh" } }] }],
          ...more
        })
      assert.deepStrictEqual(yield* event("Started", 0, 0.005, { evse: { id: 1, connectorId: 1 }, idToken }), {
        idTokenInfo: { status: "Accepted" }
      })
      yield* event("Updated", 1, 0.0065)
      const stop = { transactionId: 77 }
      assert.deepStrictEqual(yield* csms.station("RemoteStopTransaction", stop), { status: "Accepted" })
      assert.deepStrictEqual(asked, [["RequestStopTransaction", { transactionId: "a name" }]])
      yield* event("Ended", 2, 0.015, {}, { stoppedReason: "Remote" })
      assert.deepStrictEqual(csms.calls.slice(2), [
        ["StartTransaction", { connectorId: 1, idTag: "TAG", meterStart: 5, timestamp: at(0) }],
        [
          "MeterValues",
          {
            connectorId: 1,
            transactionId: 77,
            meterValue: [{ timestamp: at(1), sampledValue: [{ value: "6.5" }] }]
          }
        ],
        [
          "StopTransaction",
          {
            transactionId: 77,
            meterStop: 15,
            timestamp: at(2),
            reason: "Remote",
            transactionData: [{ timestamp: at(2), sampledValue: [{ value: "15" }] }]
          }
        ]
      ])
    }).pipe(Effect.scoped)
  )
})
