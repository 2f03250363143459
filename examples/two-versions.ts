// A station of OCPP 2.0.1 and 1.6 with two connectors: it charges in the version that was agreed, when it is asked to or
// when somebody presents a token, and delivers what an outage has held up.
//
//   npm run --silent ocpp -- csms   in another terminal; with --versions 1.6 it speaks only that
//   node examples/two-versions.ts
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { Reply, Timestamp } from "../src/index.ts"
import { SqliteStorage, WebSocketClient } from "../src/node/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"

/** How long a car charges at a connector, which gives what the meter tells then, in Wh. */
const charging = Effect.as(Effect.sleep("100 millis"), 1500)

const charge16 = Effect.fnUntraced(function* (
  transactions: V16.StationTransactions,
  start: Omit<V16.TransactionKind["Start"], "meterStart" | "timestamp">
) {
  const transaction = yield* transactions.start({ ...start, meterStart: 0, timestamp: yield* Timestamp.now })
  yield* transaction.stop({ meterStop: yield* charging, timestamp: yield* Timestamp.now })
})

const charge201 = Effect.fnUntraced(function* (
  transactions: V201.StationTransactions,
  start: Omit<V201.TransactionKind["Start"], "timestamp">
) {
  const transaction = yield* transactions.start({ ...start, timestamp: yield* Timestamp.now })
  const value = yield* charging
  const timestamp = yield* Timestamp.now
  const meterValue = [{ timestamp, sampledValue: [{ value }] }]
  yield* transaction.stop({ triggerReason: "EVDeparted", timestamp, meterValue })
})

const of16 = V16.stationHandlersPartial({
  remoteStartTransaction: Effect.fnUntraced(function* ({ connectorId = 1, idTag }) {
    const transactions = yield* V16.Transactions
    return yield* Reply.thenDetached({ status: "Accepted" }, charge16(transactions, { connectorId, idTag }))
  })
})

const of201 = V201.stationHandlersPartial({
  requestStartTransaction: Effect.fnUntraced(function* ({ evseId = 1, idToken, remoteStartId }) {
    const transactions = yield* V201.Transactions
    const start = {
      evse: { id: evseId },
      idToken,
      triggerReason: "RemoteStart",
      transactionInfo: { remoteStartId }
    } as const
    return yield* Reply.thenDetached({ status: "Accepted" }, charge201(transactions, start))
  })
})

const program = Effect.gen(function* () {
  const station = yield* Station.negotiate(
    [
      {
        protocol: V201.protocol,
        handlers: of201,
        boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } }
      },
      { protocol: V16.protocol, handlers: of16, boot: { chargePointVendor: "ACME", chargePointModel: "Two" } }
    ],
    { url: process.env["CSMS_URL"] ?? "ws://127.0.0.1:9000", identity: "CP001", firstConnection: "retry" }
  )
  // Which version the CSMS speaks has to be known once; from then on it may be away.
  const agreed = yield* station.agreed
  for (const id of [1, 2]) {
    // Somebody presents a token.
    if (agreed.version === "1.6") yield* charge16(agreed.transactions, { connectorId: id, idTag: "321" })
    else {
      const idToken = { idToken: "321", type: "ISO14443" } as const
      yield* charge201(agreed.transactions, { evse: { id }, idToken, triggerReason: "Authorized", transactionInfo: {} })
    }
    yield* Effect.log(`charged at connector ${id} with ${agreed.version}`)
  }
  return yield* Effect.never
})

NodeRuntime.runMain(
  program.pipe(Effect.scoped, Effect.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP001.db" })]))
)
