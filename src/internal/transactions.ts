/**
 * The messages of transactions, as the versions of a generation have them in common.
 */
import type { Action } from "../Action.ts"
import type { Phase, RepeatableMessage, TransactionRules } from "../Transaction.ts"
import { ExactNumber } from "./WrittenNumber.ts"

/** @see J16 §3.7, §4.8, §4.10 */
export const transactions1x = (
  phases: Readonly<Record<Phase, Action>>,
  events: ReadonlyArray<Action>
): TransactionRules => ({
  phases,
  phaseOf: (action, request) => {
    if (action === phases.Started.name) return "Started"
    if (action === phases.Ended.name) return "Ended"
    // The meter is read between transactions, too.
    return action === phases.Updated.name && hasTransaction(request) ? "Updated" : undefined
  },
  idOf: () => undefined,
  request: (phase, given, { start }) => {
    if (phase !== "Updated") return given
    return { connectorId: (start as { readonly connectorId: number }).connectorId, ...(given as object) }
  },
  complete: (request, { name }) => (name === undefined ? request : { ...(request as object), transactionId: name }),
  transactionIdOf: numberIn,
  // What the errata sheet of 1.6 (§3.18) has for a transaction whose start was never answered.
  missingTransactionId: -1,
  transactionId: (phase, request, response) => numberIn(phase === "Started" ? response : request),
  shortened: (phase, request) => {
    if (phase !== "Ended") return undefined
    const { transactionData, ...rest } = request as { readonly transactionData?: unknown }
    return transactionData === undefined ? undefined : rest
  },
  events: new Set(events.map(({ name }) => name)),
  repeatable: (action, request) =>
    action === phases.Started.name || action === phases.Ended.name ? (request as RepeatableMessage) : undefined
})

const hasTransaction = (request: unknown): boolean =>
  (request as { readonly transactionId?: unknown }).transactionId !== undefined

/** The transactionId in a message, which need not be valid. */
const numberIn = (message: unknown): number | undefined => {
  const { transactionId } = (message ?? {}) as { readonly transactionId?: unknown }
  // An exact number stands where the types have a number.
  return typeof transactionId === "number" || transactionId instanceof ExactNumber
    ? (transactionId as number)
    : undefined
}

const idOfEvent = (request: unknown): string | undefined =>
  (request as { readonly transactionInfo?: { readonly transactionId?: string } }).transactionInfo?.transactionId

/** The end of a transaction of 2.x, as far as it can be shortened. */
interface EndedEvent {
  readonly meterValue?: ReadonlyArray<{ readonly sampledValue: ReadonlyArray<{ readonly context?: string }> }>
}

/** Without every second one of the meter values between the first and the last one (P2 J02.FR.20). */
const withFewerValues = (ended: EndedEvent): EndedEvent | undefined => {
  const { meterValue = [] } = ended
  let isOdd = false
  const kept = meterValue.filter(({ sampledValue }, at) => {
    const isOuter = at === 0 || at === meterValue.length - 1
    if (isOuter || sampledValue.some(({ context }) => context?.startsWith("Transaction."))) return true
    isOdd = !isOdd
    return !isOdd
  })
  return kept.length < meterValue.length ? { ...ended, meterValue: kept } : undefined
}

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
  // An update holds the values of one moment. To split it into several, as J02.FR.14 allows, would change the numbers of
  // the events that follow.
  shortened: (phase, request) => (phase === "Ended" ? withFewerValues(request as EndedEvent) : undefined),
  events: new Set(events.map(({ name }) => name)),
  repeatable: (action, request) => {
    if (action !== event.name) return undefined
    // It is what a repetition may differ in: the connection was lost since.
    const { offline: _, ...message } = request as RepeatableMessage & { readonly offline?: boolean }
    return message
  }
})
