// A station of OCPP 1.6 charges while its CSMS cannot be reached, and is switched off in the middle. When it is back, it
// delivers what it has kept in its file, in order and under the number that the CSMS gives the transaction.
//
//   node examples/power-cut.ts
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SqliteStorage, WebSocketClient, WebSocketServer } from "../src/node/index.ts"
import { Timestamp } from "../src/index.ts"
import { VirtualCsms } from "../src/simulation/index.ts"
import { Outbox, Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"

const filename = join(mkdtempSync(join(tmpdir(), "station-")), "CP001.db")

const station = (url: string) =>
  Station.layer(V16.protocol, {
    url,
    identity: "CP001",
    boot: { chargePointVendor: "ACME", chargePointModel: "One" },
    // A station charges without its CSMS, too.
    firstConnection: "retry"
  }).pipe(Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename })]))

const beforeTheCut = Effect.gen(function* () {
  const transactions = yield* V16.Transactions
  const outbox = yield* Outbox
  const transaction = yield* transactions.start({
    connectorId: 1,
    idTag: "321",
    meterStart: 0,
    timestamp: yield* Timestamp.now
  })
  yield* transaction.update({
    meterValue: [{ timestamp: yield* Timestamp.now, sampledValue: [{ value: "1000", unit: "Wh" }] }]
  })
  yield* Console.log(`${yield* outbox.waiting()} messages wait when the lights go out`)
})

const afterTheCut = Effect.gen(function* () {
  const csms = yield* VirtualCsms
  const transactions = yield* V16.Transactions
  for (const transaction of yield* transactions.ongoing) {
    const stopped = yield* transaction.stop({
      meterStop: 1000,
      timestamp: yield* Timestamp.now,
      reason: "PowerLoss"
    })
    yield* stopped
  }
  for (const { meterStart, meterStop, transactionId } of yield* csms.ledger.transactions("CP001")) {
    yield* Console.log(`transaction ${transactionId} is stopped, ${(meterStop ?? 0) - (meterStart ?? 0)} Wh`)
  }
})

await Effect.runPromise(beforeTheCut.pipe(Effect.provide(station("ws://127.0.0.1:1"))))

const csms = WebSocketServer.layer({ port: 0, host: "127.0.0.1" }).pipe(
  Layer.provideMerge(VirtualCsms.layer({ firstTransactionId: 1 }))
)
const restarted = Layer.unwrap(Effect.map(WebSocketServer.Server, ({ url }) => station(url))).pipe(
  Layer.provideMerge(csms)
)
await Effect.runPromise(afterTheCut.pipe(Effect.provide(restarted)))
