/**
 * `ocpp demo`: a CSMS and a station in one process, over a real socket, through a whole charging session.
 */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Command } from "effect/cli"
import { WebSocketClient, WebSocketServer } from "../node/index.ts"
import { SoapClient, SoapServer } from "../node/Soap.ts"
import { VirtualCsms, VirtualStation } from "../simulation/index.ts"
import { printer } from "./log.ts"
import { json, switched } from "./options.ts"
import type { Connector } from "../station/index.ts"
import * as versions from "./versions.ts"

const identity = "CP001"
const idTag = "DEMO-1234"

export const demo = Command.make(
  "demo",
  { soap: switched("soap", "speaks over SOAP and not over a WebSocket"), json },
  (flags) => {
    const print = printer(flags.json, process.stdout)
    // Both sides end with the demo, so that its transaction may have number 1 each time.
    const csms = VirtualCsms.layer({ onFrame: print, firstTransactionId: 1 })
    return session(flags.json).pipe(
      Effect.provide((flags.soap ? overSoap : overWebSocket).pipe(Layer.provideMerge(csms)))
    )
  }
).pipe(Command.withDescription("a whole charging session over OCPP 1.6, in one process and over a real socket"))

const host = "127.0.0.1"

const virtual = <E>(url: string, connector: Layer.Layer<Connector, E>) =>
  VirtualStation.layer({ url, identity, sampleInterval: 1 }).pipe(Layer.provide(connector))

const overWebSocket = Layer.unwrap(
  Effect.map(WebSocketServer.Server, ({ url }) => virtual(url, WebSocketClient.layer()))
).pipe(Layer.provide(WebSocketServer.layer({ port: 0, host })))

const overSoap = Layer.unwrap(
  Effect.map(SoapServer.Service, ({ url }) =>
    virtual(url, SoapClient.layer({ versions: versions.overSoap, listen: { port: 0, host } }))
  )
).pipe(Layer.provide(SoapServer.layer({ versions: versions.overSoap, port: 0, host, callbacks: { allow: [host] } })))

const session = Effect.fnUntraced(function* (asJson: boolean) {
  const csms = yield* VirtualCsms
  const station = yield* VirtualStation
  const begun = yield* Clock.currentTimeMillis
  yield* station.accepted
  const transactionId = yield* station.start(1, idTag)
  yield* Effect.sleep("2500 millis")
  yield* csms.call(identity, "RemoteStopTransaction", { transactionId })
  const transaction = yield* ended(csms, transactionId)
  const seconds = ((yield* Clock.currentTimeMillis) - begun) / 1000
  const messages = (yield* csms.log()).length
  const deviations = (yield* csms.deviations()).length
  yield* Console.log(
    asJson
      ? JSON.stringify({ summary: true, transaction, messages, deviations, seconds })
      : `\n${identity} charged ${energy(transaction)} Wh in transaction ${transactionId}, stopped by the CSMS: ` +
          `${messages} messages, ${deviations} deviations, ${seconds.toFixed(1)} s`
  )
})

type Transaction = Effect.Success<ReturnType<VirtualCsms["Service"]["ledger"]["transactions"]>>[number]

const energy = ({ meterStart, meterStop }: Transaction): number => (meterStop ?? 0) - (meterStart ?? 0)

/** Waits until the transaction has ended and the connector is available again. */
const ended = (csms: VirtualCsms["Service"], transactionId: number) =>
  csms.log(identity).pipe(
    Effect.repeat({
      schedule: Schedule.spaced("20 millis"),
      until: (log) => {
        const last = log.at(-1)
        return last?.dir === "out" && log.at(-2)?.frame.includes('"Available"') === true
      }
    }),
    Effect.andThen(csms.ledger.transactions(identity)),
    Effect.map((transactions) => transactions.find((transaction) => transaction.transactionId === transactionId)!)
  )
