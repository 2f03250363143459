/**
 * The messages of transactions, as the versions of a generation have them in common.
 *
 * @internal
 */
import type { Action } from "../Action.ts"
import * as ExactNumber from "../ExactNumber.ts"
import type { Phase, TransactionRules } from "../Transaction.ts"

/** @see J16 §3.7, §4.8, §4.10 */
export const transactions1x = (
  phases: Readonly<Record<Phase, Action>>,
  events: ReadonlyArray<Action>
): TransactionRules => ({
  phases,
  phaseOf: (action) =>
    action === phases.Started.name
      ? "Started"
      : action === phases.Updated.name
        ? "Updated"
        : action === phases.Ended.name
          ? "Ended"
          : undefined,
  idOf: () => undefined,
  request: (phase, given, { start }) => {
    if (phase !== "Updated") return given
    return { connectorId: (start as { readonly connectorId: number }).connectorId, ...(given as object) }
  },
  complete: (request, { name }) => (name === undefined ? request : { ...(request as object), transactionId: name }),
  transactionIdOf: (answer) => (answer as { readonly transactionId: number }).transactionId,
  // What the errata sheet of 1.6 (§3.18) has for a transaction whose start was never answered.
  missingTransactionId: -1,
  transactionId: (phase, request, response) => {
    const { transactionId } = ((phase === "Started" ? response : request) ?? {}) as { readonly transactionId?: unknown }
    // An exact number stands for one.
    return typeof transactionId === "number" || ExactNumber.is(transactionId) ? (transactionId as number) : undefined
  },
  events: new Set(events.map(({ name }) => name)),
  deduplicationKey: (action, request) => {
    if (action === phases.Started.name) {
      const { connectorId, idTag, meterStart, timestamp } = request as Start1x
      return JSON.stringify([action, connectorId, idTag, timestamp, meterStart])
    }
    if (action !== phases.Ended.name) return undefined
    const { idTag, meterStop, reason, timestamp, transactionId } = request as Stop1x
    // Many transactions can be called -1, and stop within a second.
    return JSON.stringify([action, transactionId, timestamp, meterStop, idTag, reason])
  }
})

interface Start1x {
  readonly connectorId: number
  readonly idTag: string
  readonly timestamp: string
  readonly meterStart: number
}

interface Stop1x {
  readonly transactionId: number
  readonly timestamp: string
  readonly meterStop: number
  readonly idTag?: string
  readonly reason?: string
}

const idOfEvent = (request: unknown): string | undefined =>
  (request as { readonly transactionInfo?: { readonly transactionId?: string } }).transactionInfo?.transactionId

/** @see P2 E01 to E13 */
export const transactions2x = (event: Action, events: ReadonlyArray<Action>): TransactionRules => ({
  phases: { Started: event, Updated: event, Ended: event },
  phaseOf: (action, request) =>
    action === event.name ? (request as { readonly eventType: Phase }).eventType : undefined,
  idOf: idOfEvent,
  request: (eventType, given, { id, seqNo }) => {
    const { transactionInfo, ...rest } = given as { readonly transactionInfo?: object }
    return { ...rest, eventType, seqNo, transactionInfo: { ...transactionInfo, transactionId: id } }
  },
  complete: (request, { offline }) => (offline ? { ...(request as object), offline } : request),
  transactionIdOf: undefined,
  missingTransactionId: -1,
  transactionId: (_, request) => idOfEvent(request),
  events: new Set(events.map(({ name }) => name)),
  deduplicationKey: (action, request) => {
    if (action !== event.name) return undefined
    const { eventType, seqNo, timestamp, transactionInfo } = request as Event2x
    // Of a station that does not count, nothing is to be lost.
    return JSON.stringify([transactionInfo.transactionId, seqNo, eventType, timestamp])
  }
})

interface Event2x {
  readonly eventType: string
  readonly timestamp: string
  readonly seqNo: number
  readonly transactionInfo: { readonly transactionId: string }
}
