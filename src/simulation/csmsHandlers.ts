/**
 * How a simulated CSMS answers stations, version by version.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { HandlerSet } from "../Protocol.ts"
import type { Session } from "../Session.ts"
import * as Timestamp from "../Timestamp.ts"
import * as V15 from "../v15/index.ts"
import * as V16 from "../v16/index.ts"
import * as V201 from "../v201/index.ts"
import * as V21 from "../v21/index.ts"
import type { IdTagStatus, Ledger } from "./Ledger.ts"
import { minimalHandlers } from "./minimal.ts"

/** Handlers that accept boots, keep the ledger, echo data, and give everything else its minimal answer. */
export const make = (ledger: Ledger, interval: number): ReadonlyArray<HandlerSet> => [
  withDefaults(V21.handlersPartial(of2x(ledger, interval))),
  withDefaults(V201.handlersPartial(of2x(ledger, interval))),
  withDefaults(
    V16.handlersPartial({
      ...of1x(ledger),
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval }))
    })
  ),
  withDefaults(
    V15.handlersPartial({
      ...of1x(ledger),
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, heartbeatInterval: interval }))
    })
  )
]

const withDefaults = ({ handlers, protocol }: HandlerSet): HandlerSet => ({
  protocol,
  handlers: new Map([...minimalHandlers(protocol), ...handlers])
})

const echo = <Data>({ data, vendorId }: { readonly vendorId: string; readonly data?: Data }) =>
  Effect.succeed(
    vendorId === "echo"
      ? ({ status: "Accepted", ...(data === undefined ? {} : { data }) } as const)
      : ({ status: "UnknownVendorId" } as const)
  )

/** What 1.5 and 1.6 have in common. */
const of1x = (ledger: Ledger) => {
  const authorize = (idTag: string) =>
    Effect.map(ledger.authorize(idTag), ({ expiryDate, parentIdTag, status }) => ({
      status: in1x(status),
      ...(expiryDate === undefined ? {} : { expiryDate }),
      ...(parentIdTag === undefined ? {} : { parentIdTag })
    }))
  return {
    authorize: ({ idTag }: V16.AuthorizeRequest) => Effect.map(authorize(idTag), (idTagInfo) => ({ idTagInfo })),
    dataTransfer: echo<string>,
    startTransaction: Effect.fnUntraced(function* (request: V16.StartTransactionRequest, session: Session) {
      const { connectorId, idTag, meterStart, timestamp } = request
      const idTagInfo = yield* authorize(idTag)
      const start = { stationId: session.identity, connectorId, idTag, startTimestamp: timestamp, meterStart }
      const { id } = yield* ledger.start(start)
      return { transactionId: id, idTagInfo }
    }),
    stopTransaction: Effect.fnUntraced(function* (
      { idTag, meterStop, reason, timestamp, transactionId }: StopTransaction,
      session: Session
    ) {
      yield* ledger.stop(session.identity, transactionId, {
        stopTimestamp: timestamp,
        meterStop,
        // An absent reason means Local.
        stopReason: reason ?? "Local"
      })
      return idTag === undefined ? {} : { idTagInfo: yield* authorize(idTag) }
    })
  }
}

type StopTransaction = Pick<
  V16.StopTransactionRequest,
  "idTag" | "meterStop" | "timestamp" | "transactionId" | "reason"
>

const in1x = (status: IdTagStatus): V16.AuthorizationStatus =>
  status === "Accepted" || status === "Blocked" || status === "ConcurrentTx" || status === "Expired"
    ? status
    : "Invalid"

/** What 2.0.1 and 2.1 have in common. */
const of2x = (ledger: Ledger, interval: number) => {
  const authorize = (idTag: string) => Effect.map(ledger.authorize(idTag), ({ status }) => ({ status }))
  return {
    authorize: ({ idToken }: Authorize) => Effect.map(authorize(idToken.idToken), (idTokenInfo) => ({ idTokenInfo })),
    bootNotification: () =>
      Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted" as const, currentTime, interval })),
    dataTransfer: echo<V201.DataTransferRequest["data"]>,
    transactionEvent: Effect.fnUntraced(function* (event: TransactionEvent, session: Session) {
      const { eventType, evse, idToken, timestamp, transactionInfo } = event
      const { transactionId } = transactionInfo
      if (eventType === "Started") {
        yield* ledger.start({
          stationId: session.identity,
          transactionId,
          connectorId: evse?.connectorId ?? evse?.id ?? 0,
          idTag: idToken?.idToken ?? "",
          startTimestamp: timestamp,
          meterStart: null
        })
      } else if (eventType === "Ended") {
        yield* ledger.stop(session.identity, transactionId, {
          stopTimestamp: timestamp,
          meterStop: null,
          // An absent reason means Local.
          stopReason: transactionInfo.stoppedReason ?? "Local"
        })
      }
      return idToken === undefined ? {} : { idTokenInfo: yield* authorize(idToken.idToken) }
    })
  }
}

interface Authorize {
  readonly idToken: { readonly idToken: string }
}

interface TransactionEvent {
  readonly eventType: V201.TransactionEventEnumType
  readonly timestamp: string
  readonly evse?: { readonly id: number; readonly connectorId?: number }
  readonly idToken?: { readonly idToken: string }
  readonly transactionInfo: { readonly transactionId: string; readonly stoppedReason?: string }
}
