/**
 * Transactions in the words of 1.x, where the events of one are several messages: the pure steps from these messages to
 * the events, for a CSMS.
 */
import * as DateTime from "effect/DateTime"
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import type { BothWays, Losses } from "../BothWays.ts"
import { type Rows, table, type Table } from "../Table.ts"
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

/** Readings in the middle of a transaction, at the connector of its start. The event is as old as the latest of them. */
export const updated =
  <Update>(update: Pick<BothWays<Update, Event>, "decode">, id: number, connectorId: number, receivedAt: number) =>
  (request: Update, losses: Losses): Domain.TransactionEventRequest => {
    const { meterValue = [] } = update.decode(request, losses)
    const [first = DateTime.makeUnsafe(receivedAt), ...others] = meterValue.map(({ timestamp }) => timestamp)
    return {
      eventType: "Updated",
      timestamp: others.reduce((latest, one) => DateTime.max(latest, one), first),
      transactionId: String(id),
      ...evseOf(connectorId),
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

/**
 * What is answered to an event: in 1.x, whether the idTag is accepted, and to a start and an end only. Readings are never
 * refused for what is answered to them: the CSMS has taken them, and a station would send them again.
 */
export interface EventResponses {
  readonly withIdTag: Table<{ readonly idTagInfo?: V16.IdTagInfo }, Domain.TransactionEventResponse>
  readonly withoutIdTag: Table<{}, Domain.TransactionEventResponse>
}

export const eventResponses = (dialect: Dialect1x): EventResponses => {
  const { version } = dialect
  const noLimit = `${version} does not limit a transaction`
  const tooLate = `${version} says only at the start and at the end who may not charge`
  const untold = ({ dropped }: Rows<{}, Domain.TransactionEventResponse>) => [
    dropped({ generic: "totalCost" }, `an answer of ${version} has no costs`),
    dropped({ generic: "chargingPriority" }, `a station of ${version} knows no priorities`),
    dropped({ generic: "updatedPersonalMessage" }, "it is for a display"),
    dropped({ generic: "updatedPersonalMessageExtra" }, "it is for a display")
  ]
  return {
    withIdTag: table((rows) => [
      rows.field("idTagInfo", "idTokenInfo", idTokenInfo(dialect)),
      rows.omissible("transactionLimit", noLimit),
      ...untold(rows)
    ]),
    withoutIdTag: table((rows) => [
      rows.together({
        wire: [],
        generic: ["idTokenInfo", "transactionLimit"],
        decode: () => ({}),
        notes: [
          { path: "idTokenInfo.status", fate: "left out", why: `if it is not Accepted: ${tooLate}` },
          { path: "transactionLimit", fate: "left out", why: noLimit }
        ],
        encode: ({ idTokenInfo: info, transactionLimit }, losses) => {
          if (info !== undefined && info.status !== "Accepted") losses.leaveOut(tooLate, "idTokenInfo.status")
          if (transactionLimit !== undefined) losses.leaveOut(noLimit, "transactionLimit")
          return {}
        }
      }),
      ...untold(rows)
    ])
  }
}
