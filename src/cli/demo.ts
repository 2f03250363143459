/**
 * `ocpp demo`: a CSMS and a station in one process, over a real socket, through a whole charging session.
 */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Command, Flag } from "effect/cli"
import { WebSocketClient, WebSocketServer } from "../node/index.ts"
import { VirtualCsms, VirtualStation } from "../simulation/index.ts"
import { printer } from "./log.ts"
import { defaulted, json } from "./options.ts"
import * as versions from "./versions.ts"

const identity = "CP001"
const idTag = "DEMO-1234"

const ocpp = Flag.String("ocpp").pipe(
  Flag.withMetavar("version"),
  defaulted(`the version of OCPP: ${versions.ofStation.join(", ")}`, "1.6")
)

export const demo = Command.make(
  "demo",
  { ocpp, json },
  Effect.fnUntraced(function* (flags) {
    const version = yield* versions.check("--ocpp", flags.ocpp, versions.ofStation)
    const print = printer(flags.json, process.stdout)
    const csms = WebSocketServer.layer({ port: 0, host: "127.0.0.1" }).pipe(
      // Both sides end with the demo, so that its transaction may have number 1 each time.
      Layer.provideMerge(VirtualCsms.layer({ onFrame: print, firstTransactionId: 1 }))
    )
    const station = Layer.unwrap(
      Effect.map(WebSocketServer.Server, ({ url }) =>
        VirtualStation.layer({ version, url, identity, sampleInterval: 1 })
      )
    ).pipe(Layer.provide(WebSocketClient.layer()))
    return yield* session(flags.json, stops[version]).pipe(Effect.provide(station.pipe(Layer.provideMerge(csms))))
  })
).pipe(Command.withDescription("a whole charging session, in one process and over a real socket"))

const stop2x = (transactionId: string) => ["RequestStopTransaction", { transactionId }] as const

/** How a CSMS ends a transaction, by the version. */
const stops = {
  "1.6": (transactionId: string) => ["RemoteStopTransaction", { transactionId: Number(transactionId) }] as const,
  "2.0.1": stop2x,
  "2.1": stop2x
}

const session = Effect.fnUntraced(function* (asJson: boolean, stop: (typeof stops)[keyof typeof stops]) {
  const csms = yield* VirtualCsms
  const station = yield* VirtualStation
  const begun = yield* Clock.currentTimeMillis
  yield* station.accepted
  const transactionId = yield* station.start(1, idTag)
  yield* Effect.sleep("2500 millis")
  const [action, payload] = stop(transactionId)
  yield* csms.call(identity, action, payload)
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
const ended = (csms: VirtualCsms["Service"], transactionId: string) =>
  csms.log(identity).pipe(
    Effect.repeat({
      schedule: Schedule.spaced("20 millis"),
      until: (log) => {
        const last = log.at(-1)
        return last?.dir === "out" && log.at(-2)?.frame.includes('"Available"') === true
      }
    }),
    Effect.andThen(csms.ledger.transactions(identity)),
    Effect.map((transactions) =>
      transactions.find((transaction) => String(transaction.transactionId) === transactionId)!
    )
  )
