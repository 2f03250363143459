/**
 * Transactions in the words of 1.6, where the events of one are several messages: the pure steps from these messages to
 * the events, for a CSMS.
 */
import * as DateTime from "effect/DateTime"
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import type { Losses } from "../BothWays.ts"
import { table } from "../Table.ts"
import type { KnownTransaction } from "./KnownTransactions.ts"
import { evseOf, idToken, noPlace, transactionNumber } from "./common.ts"
import { idTokenInfo } from "./idTokenInfo.ts"
import { chargingProfile } from "./smartCharging.ts"
import { start, stop, update } from "./transactionEvents.ts"

/** A start: the CSMS has chosen its number, and knows the remote start that it answers, if it does. */
export const started =
  (id: number, remote: KnownTransaction["remote"]) =>
  (request: V16.StartTransactionRequest, losses: Losses): Domain.TransactionEventRequest => {
    const told = start.decode(request, losses)
    const event = { eventType: "Started", transactionId: String(id), ...told } as const
    if (remote === undefined || told.idToken === undefined) return event
    const { remoteStartId, type } = remote
    return { ...event, remoteStartId, triggerReason: "RemoteStart", idToken: { ...told.idToken, type } }
  }

/** Readings in the middle of a transaction. The event is as old as the latest of them. */
export const updated =
  (id: number, receivedAt: number) =>
  (request: V16.MeterValuesRequest, losses: Losses): Domain.TransactionEventRequest => {
    const { meterValue = [] } = update.decode(request, losses)
    return {
      eventType: "Updated",
      timestamp: meterValue.at(-1)?.timestamp ?? DateTime.makeUnsafe(receivedAt),
      transactionId: String(id),
      ...evseOf(request.connectorId),
      meterValue
    }
  }

/** An end, with the connector of the start, if it is known. */
export const ended =
  (connectorId: number | undefined) =>
  (request: V16.StopTransactionRequest, losses: Losses): Domain.TransactionEventRequest => ({
    eventType: "Ended",
    transactionId: String(request.transactionId),
    ...(connectorId === undefined ? {} : evseOf(connectorId)),
    ...stop.decode(request, losses)
  })

/** What is answered about an idTag; without a word about it nothing is against it. */
export const idTagInfoOf = (
  { idTokenInfo: info = { status: "Accepted" }, transactionLimit }: Domain.TransactionEventResponse,
  losses: Losses
): V16.IdTagInfo => {
  if (transactionLimit !== undefined) losses.leaveOut("1.6 does not limit a transaction", "transactionLimit")
  return losses.below("idTokenInfo", () => idTokenInfo.encode(info, losses))
}

export const startRequest = table<V16.RemoteStartTransactionRequest, Domain.RequestStartTransactionRequest>(
  ({ dropped, field, omissible }) => [
    field("idTag", "idToken", idToken),
    field("connectorId", "evseId"),
    dropped({ generic: "remoteStartId" }, "the station is not told; its CSMS remembers which start answers it"),
    omissible("groupIdToken", noPlace),
    field("chargingProfile", "chargingProfile", chargingProfile)
  ]
)

export const stopRequest = table<V16.RemoteStopTransactionRequest, Domain.RequestStopTransactionRequest>(
  ({ field }) => [field("transactionId", "transactionId", transactionNumber)]
)

export const startResponse = table<V16.RemoteStartTransactionResponse, Domain.RequestStartTransactionResponse>(
  ({ dropped, field }) => [
    field("status", "status"),
    dropped({ generic: "statusInfo" }, noPlace),
    dropped({ generic: "transactionId" }, noPlace)
  ]
)

export const stopResponse = table<V16.RemoteStopTransactionResponse, Domain.RequestStopTransactionResponse>(
  ({ dropped, field }) => [field("status", "status"), dropped({ generic: "statusInfo" }, noPlace)]
)
