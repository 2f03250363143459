// A CSMS for OCPP 2.0.1, which bills transactions by their TransactionEvents.
//
//   node examples/csms-2.0.1.ts
//   node examples/charge-2.0.1.ts ws://127.0.0.1:9000   in another terminal
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer } from "effect"
import { Timestamp } from "../src/index.ts"
import { Csms } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import * as V201 from "../src/v201/index.ts"

/** The transactions that go on. Yours are in a database, and so is what is billed. */
const bills = new Map<string, { readonly idToken: string; readonly energy: number }>()

/** The energy imported, in Wh, which is what a meter value tells unless it says otherwise. */
const energyOf = ({ sampledValue }: V201.MeterValueType): ReadonlyArray<number> =>
  sampledValue
    .filter(({ measurand = "Energy.Active.Import.Register" }) => measurand === "Energy.Active.Import.Register")
    .map(({ unitOfMeasure: { multiplier = 0, unit = "Wh" } = {}, value }) =>
      unit === "kWh" ? value * 10 ** (multiplier + 3) : value * 10 ** multiplier
    )

const nothing = () => Effect.succeed({})

const CsmsLive = Csms.layer({
  accept: () => Effect.void,
  handlers: [
    V201.csmsHandlers({
      authorize: () => Effect.succeed({ idTokenInfo: { status: "Accepted" } }),
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 })),
      heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),
      meterValues: nothing,
      notifyEvent: nothing,
      notifyReport: nothing,
      securityEventNotification: nothing,
      statusNotification: nothing,
      // The events of a transaction come in order, each once; any may be the first with a token or a meter value.
      transactionEvent: Effect.fnUntraced(function* (event, { identity }) {
        const { eventType, idToken, meterValue = [], transactionInfo } = event
        // Two stations may give the same id.
        const key = `${identity} ${transactionInfo.transactionId}`
        const before = bills.get(key)
        const bill = {
          idToken: before?.idToken ?? idToken?.idToken ?? "nobody",
          energy: meterValue.flatMap(energyOf).at(-1) ?? before?.energy ?? 0
        }
        if (eventType === "Ended") {
          bills.delete(key)
          yield* Effect.log(`${bill.idToken} pays for ${bill.energy} Wh`)
        } else {
          bills.set(key, bill)
        }
        // With a token an event asks whether that may charge.
        return idToken === undefined ? {} : { idTokenInfo: { status: "Accepted" } }
      })
    })
  ]
})

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer.Server
  yield* Effect.log(`stations connect to ${url}`)
  return yield* Effect.never
})

NodeRuntime.runMain(
  program.pipe(
    Effect.provide(WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }).pipe(Layer.provide(CsmsLive)))
  )
)
