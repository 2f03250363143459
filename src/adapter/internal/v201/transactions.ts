/**
 * Transactions in the words of 2.0.1.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { type BothWays, list, refused, words } from "../BothWays.ts"
import type { TransactionWords } from "../stationTransactions.ts"
import { instant, seconds } from "../values.ts"
import { evse, statusInfo } from "./common.ts"
import { idToken, idTokenInfo, message } from "./idTokens.ts"
import { meterValue } from "./metering.ts"
import { chargingProfile } from "./smartCharging.ts"
import { table } from "./common.ts"

const of16 = refused("2.0.1 does not know this reason")

const stoppedReason = words<V201.ReasonEnumType, Domain.StoppedReason>({
  encoded: { HardReset: "ImmediateReset", SoftReset: "Reboot", UnlockCommand: of16 },
  decoded: {}
})

const event = table<V201.TransactionEventRequest, Domain.TransactionEventRequest>(({ field }) => [
  field("eventType", "eventType"),
  field("timestamp", "timestamp", instant),
  field("triggerReason", "triggerReason", undefined, { needed: "2.0.1 asks what made the station send it" }),
  field("seqNo", "seqNo", undefined, { needed: "2.0.1 counts the events of a transaction" }),
  field("offline", "offline"),
  field("numberOfPhasesUsed", "numberOfPhasesUsed"),
  field("cableMaxCurrent", "cableMaxCurrent"),
  field("reservationId", "reservationId"),
  field("transactionInfo.transactionId", "transactionId"),
  field("transactionInfo.chargingState", "chargingState"),
  field("transactionInfo.timeSpentCharging", "timeSpentCharging", seconds),
  field("transactionInfo.stoppedReason", "stoppedReason", stoppedReason),
  field("transactionInfo.remoteStartId", "remoteStartId"),
  field("evse", "evse", evse),
  field("idToken", "idToken", idToken),
  field("meterValue", "meterValue", list(meterValue))
])

/** An event without what its place in the transaction gives it. */
const input: BothWays<V201.TransactionEventInput, Domain.TransactionEventInput> = {
  decode: ({ transactionInfo, ...rest }, losses) => {
    const info = { ...transactionInfo, transactionId: "" }
    const placed = { ...rest, eventType: "Updated", seqNo: 0, transactionInfo: info } as const
    const { eventType: _, seqNo: __, transactionId: ___, ...given } = event.decode(placed, losses)
    return given
  },
  encode: (given, losses) => {
    const placed = { ...given, eventType: "Updated", seqNo: 0, transactionId: "" } as const
    const { eventType: _, seqNo: __, transactionInfo, ...rest } = event.encode(placed, losses)
    const { transactionId: ___, ...info } = transactionInfo
    return { ...rest, transactionInfo: info }
  }
}

const eventResponse = table<V201.TransactionEventResponse, Domain.TransactionEventResponse>(({ field }) => [
  field("totalCost", "totalCost"),
  field("chargingPriority", "chargingPriority"),
  field("idTokenInfo", "idTokenInfo", idTokenInfo),
  field("updatedPersonalMessage", "updatedPersonalMessage", message)
])

const startRequest = table<V201.RequestStartTransactionRequest, Domain.RequestStartTransactionRequest>(({ field }) => [
  field("idToken", "idToken", idToken),
  field("remoteStartId", "remoteStartId", undefined, { needed: "2.0.1 asks for it" }),
  field("evseId", "evseId"),
  field("groupIdToken", "groupIdToken", idToken),
  field("chargingProfile", "chargingProfile", chargingProfile)
])

const startResponse = table<V201.RequestStartTransactionResponse, Domain.RequestStartTransactionResponse>(
  ({ field }) => [
    field("status", "status"),
    field("statusInfo", "statusInfo", statusInfo),
    field("transactionId", "transactionId")
  ]
)

const stopRequest = table<V201.RequestStopTransactionRequest, Domain.RequestStopTransactionRequest>(({ field }) => [
  field("transactionId", "transactionId")
])

const stopResponse = table<V201.RequestStopTransactionResponse, Domain.RequestStopTransactionResponse>(({ field }) => [
  field("status", "status"),
  field("statusInfo", "statusInfo", statusInfo)
])

const told = { request: input, response: eventResponse }

/** What a station tells of its transactions; all phases are one message. */
export const transactionWords: TransactionWords<V201.TransactionKind> = { start: told, update: told, stop: told }

export const transactions = { event, eventResponse, startRequest, startResponse, stopRequest, stopResponse }
