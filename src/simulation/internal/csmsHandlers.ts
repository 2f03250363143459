/**
 * How a simulated CSMS answers stations, version by version.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Handlers from "../../Handlers.ts"
import type { BootAnswer } from "../../Registration.ts"
import type { Session } from "../../Session.ts"
import * as V15 from "../../v15/index.ts"
import * as V16 from "../../v16/index.ts"
import * as V201 from "../../v201/index.ts"
import * as V21 from "../../v21/index.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { Authorization, IdTagStatus, Ledger } from "../Ledger.ts"
import { minimalHandlers } from "./minimal.ts"

/** How a station that boots is answered. */
type Boot = (identity: string) => Effect.Effect<BootAnswer>

/** Is told of a transaction that a station has stopped and that is not open here. */
export type Stray = (identity: string, stop: StopTransaction) => Effect.Effect<void>

/** Handlers that answer boots, keep the ledger, echo data, and give everything else its minimal answer. */
export const make = (
  ledger: Ledger,
  boot: Boot,
  stray: Stray
): ReadonlyArray<Handlers.HandlerSet<string, never, "csms">> => [
  withDefaults(V21.csmsHandlersPartial(of2x(ledger, boot))),
  withDefaults(V201.csmsHandlersPartial(of2x(ledger, boot))),
  withDefaults(
    V16.csmsHandlersPartial({ ...of1x(ledger, stray), bootNotification: (_, { identity }) => boot(identity) })
  ),
  withDefaults(
    V15.csmsHandlersPartial({
      ...of1x(ledger, stray),
      bootNotification: (_, { identity }) =>
        Effect.map(boot(identity), ({ currentTime, interval, status }) => ({
          currentTime,
          heartbeatInterval: interval,
          // 1.5 knows no other.
          status: status === "Accepted" ? status : "Rejected"
        }))
    })
  )
]

const withDefaults = (handlers: Handlers.HandlerSet<string, never, "csms">) =>
  Handlers.fallback(handlers, minimalHandlers(handlers.protocol))

const echo = <Data>({ data, vendorId }: { readonly vendorId: string; readonly data?: Data }) =>
  Effect.succeed(
    vendorId === "echo"
      ? ({ status: "Accepted", ...(data === undefined ? {} : { data }) } as const)
      : ({ status: "UnknownVendorId" } as const)
  )

const heartbeat = () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime }))

/** What 1.5 and 1.6 have in common. */
const of1x = (ledger: Ledger, stray: Stray) => {
  const authorize = (idTag: string) =>
    Effect.map(ledger.authorize(idTag), ({ expiryDate, parentIdTag, status }) => ({
      status: in1x(status),
      ...(expiryDate === undefined ? {} : { expiryDate }),
      ...(parentIdTag === undefined ? {} : { parentIdTag })
    }))
  return {
    authorize: ({ idTag }: V16.AuthorizeRequest) => Effect.map(authorize(idTag), (idTagInfo) => ({ idTagInfo })),
    dataTransfer: echo<string>,
    heartbeat,
    startTransaction: Effect.fnUntraced(function* (request: V16.StartTransactionRequest, session: Session) {
      const { connectorId, idTag, meterStart, timestamp } = request
      const idTagInfo = yield* authorize(idTag)
      const start = { stationId: session.identity, connectorId, idTag, startTimestamp: timestamp, meterStart }
      const { transactionId } = yield* ledger.start(start)
      return { transactionId, idTagInfo }
    }),
    stopTransaction: Effect.fnUntraced(function* (stop: StopTransaction, { identity }: Session) {
      const { idTag, meterStop, reason, timestamp, transactionId } = stop
      const stopped = yield* ledger.stop(identity, transactionId, {
        stopTimestamp: timestamp,
        meterStop,
        // An absent reason means Local.
        stopReason: reason ?? "Local",
        idTag
      })
      if (Option.isNone(stopped)) yield* stray(identity, stop)
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
const of2x = (ledger: Ledger, boot: Boot) => {
  const authorize = (token: IdToken, isStart: boolean): Effect.Effect<V201.IdTokenInfoType> =>
    // Whoever presses a start button has no token, and is accepted (C02.FR.02).
    isOfType(token, "NoAuthorization")
      ? Effect.succeed({ status: "Accepted" })
      : Effect.map(ledger.authorize(token.idToken, token.type), (found) => idTokenInfo(token, found, isStart))
  return {
    authorize: ({ idToken }: Authorize) => Effect.map(authorize(idToken, false), (info) => ({ idTokenInfo: info })),
    bootNotification: (_: unknown, { identity }: Session) => boot(identity),
    dataTransfer: echo<V201.DataTransferRequest["data"]>,
    heartbeat,
    transactionEvent: Effect.fnUntraced(function* (event: TransactionEvent, { identity }: Session) {
      const { eventType, evse, idToken, timestamp, transactionInfo } = event
      yield* ledger.record({
        stationId: identity,
        transactionId: transactionInfo.transactionId,
        eventType,
        timestamp,
        evseId: evse?.id,
        connectorId: evse?.connectorId ?? evse?.id ?? 0,
        idTag: idToken?.idToken ?? "",
        ...energyIn(event),
        // An absent reason means Local.
        stopReason: transactionInfo.stoppedReason ?? "Local"
      })
      return idToken === undefined ? {} : { idTokenInfo: yield* authorize(idToken, isStart(event)) }
    })
  }
}

/** What is said of a token, its group included (C01.FR.06, C09.FR.12). */
const idTokenInfo = (token: IdToken, found: Authorization, isStart: boolean): V201.IdTokenInfoType => ({
  status: statusIn2x(token, found, isStart),
  ...(found.expiryDate === undefined ? {} : { cacheExpiryDateTime: found.expiryDate }),
  ...(found.parentIdTag === undefined ? {} : { groupIdToken: { idToken: found.parentIdTag, type: "Central" } })
})

const statusIn2x = (token: IdToken, found: Authorization, isStart: boolean): IdTagStatus => {
  // A code that nobody knows (C04.FR.01), and a master pass, which starts nothing (C16.FR.03).
  const isInvalid =
    found.status === "Accepted" ? isStart && found.isMasterPass : isOfType(token, "KeyCode") && !found.isKnown
  return isInvalid ? "Invalid" : found.status
}

/** The types of 2.1 are compared without case, as all its identifiers are. */
const isOfType = ({ type }: IdToken, name: string): boolean => type.toLowerCase() === name.toLowerCase()

/** Whether an event tells of a token that is to start a transaction, and not to stop it. */
const isStart = ({ eventType, triggerReason }: TransactionEvent): boolean =>
  eventType === "Started" || triggerReason === "Authorized"

/** The readings of the energy register at the begin and at the end, or else the first and the last, in Wh. */
const energyIn = ({ meterValue = [] }: TransactionEvent) => {
  const readings = meterValue.flatMap(({ sampledValue }) => sampledValue).filter(isEnergyRegister)
  const at = (context: string) => readings.find((reading) => reading.context === context)
  return {
    begin: inWattHours(at("Transaction.Begin") ?? readings[0]),
    last: inWattHours(at("Transaction.End") ?? readings.at(-1))
  }
}

const isEnergyRegister = ({ measurand = "Energy.Active.Import.Register", phase }: SampledValue): boolean =>
  measurand === "Energy.Active.Import.Register" && phase === undefined

const inWattHours = (reading: SampledValue | undefined): number | null => {
  if (reading === undefined) return null
  const { multiplier = 0, unit = "Wh" } = reading.unitOfMeasure ?? {}
  return reading.value * 10 ** (unit === "kWh" ? multiplier + 3 : multiplier)
}

interface IdToken {
  readonly idToken: string
  readonly type: string
}

interface Authorize {
  readonly idToken: IdToken
}

interface TransactionEvent {
  readonly eventType: V201.TransactionEventEnumType
  readonly timestamp: string
  readonly triggerReason: string
  readonly evse?: { readonly id: number; readonly connectorId?: number }
  readonly idToken?: IdToken
  readonly meterValue?: ReadonlyArray<{ readonly sampledValue: ReadonlyArray<SampledValue> }>
  readonly transactionInfo: { readonly transactionId: string; readonly stoppedReason?: string }
}

interface SampledValue {
  readonly value: number
  readonly context?: string
  readonly measurand?: string
  readonly phase?: string
  readonly unitOfMeasure?: { readonly unit?: string; readonly multiplier?: number }
}
