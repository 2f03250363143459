/**
 * Transactions in the words of 1.x, where the events of one are several messages: the pure steps from these messages to
 * the events, for a CSMS.
 */
import * as DateTime from "effect/DateTime"
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import { type BothWays, type Losses, under } from "../BothWays.ts"
import type { KnownTransaction } from "./KnownTransactions.ts"
import { type Dialect1x, evseOf } from "./common.ts"
import { idTokenInfo } from "./idTokenInfo.ts"

type Event = Domain.TransactionEventInput

/** A start: the CSMS has chosen its number, and knows the remote start that it answers, if it does. */
export const started =
  (
    start: Pick<BothWays<V16.StartTransactionRequest, Event>, "decode">,
    id: number,
    remote: KnownTransaction["remote"]
  ) =>
  (request: V16.StartTransactionRequest, losses: Losses): Domain.TransactionEventRequest => {
    const told = start.decode(request, losses)
    const event = { eventType: "Started", transactionId: String(id), ...told } as const
    if (remote === undefined || told.idToken === undefined) return event
    const { remoteStartId, type } = remote
    return { ...event, remoteStartId, triggerReason: "RemoteStart", idToken: { ...told.idToken, type } }
  }

/** Readings in the middle of a transaction. The event is as old as the latest of them. */
export const updated =
  <Update>(update: Pick<BothWays<Update, Event>, "decode">, id: number, receivedAt: number) =>
  (request: Update & { readonly connectorId: number }, losses: Losses): Domain.TransactionEventRequest => {
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
  <Stop>(stop: Pick<BothWays<Stop, Event>, "decode">, connectorId: number | undefined) =>
  (request: Stop & { readonly transactionId: number }, losses: Losses): Domain.TransactionEventRequest => ({
    eventType: "Ended",
    transactionId: String(request.transactionId),
    ...(connectorId === undefined ? {} : evseOf(connectorId)),
    ...stop.decode(request, losses)
  })

/** What is answered about an idTag; without a word about it nothing is against it. */
export const idTagInfoOf = (
  dialect: Dialect1x
): ((response: Domain.TransactionEventResponse, losses: Losses) => V16.IdTagInfo) => {
  const info = under("idTokenInfo", idTokenInfo(dialect))
  const noLimit = `${dialect.version} does not limit a transaction`
  return ({ idTokenInfo: told = { status: "Accepted" }, transactionLimit }, losses) => {
    if (transactionLimit !== undefined) losses.leaveOut(noLimit, "transactionLimit")
    return info.encode(told, losses)
  }
}
