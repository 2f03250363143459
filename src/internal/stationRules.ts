/**
 * What the versions of a generation have in common in registration and in transactions.
 *
 * @internal
 */
import type { Action } from "../Action.ts"
import type { RegistrationRules } from "../Registration.ts"
import type { Phase, TransactionRules } from "../Transaction.ts"

/** Actions that a trigger names otherwise than they are called. */
const triggered = new Map([
  ["SignChargePointCertificate", "SignCertificate"],
  ["SignChargingStationCertificate", "SignCertificate"],
  ["SignV2GCertificate", "SignCertificate"],
  ["SignV2G20Certificate", "SignCertificate"],
  ["SignCombinedCertificate", "SignCertificate"]
])

/** A request has passed its schema, so a trigger names a message. */
const byTrigger = (request: unknown): string => {
  const { requestedMessage } = request as { readonly requestedMessage: string }
  return triggered.get(requestedMessage) ?? requestedMessage
}

/** @see J16 §4.2 */
export const registration1x: RegistrationRules = {
  asks: new Map([
    ["TriggerMessage", byTrigger],
    ["ExtendedTriggerMessage", byTrigger]
  ]),
  remote: new Set(["RemoteStartTransaction", "RemoteStopTransaction"]),
  rejected: "Silence"
}

/** @see P2 B02.FR.02, B02.FR.05, B03.FR.08 */
export const registration2x: RegistrationRules = {
  asks: new Map([
    ["TriggerMessage", byTrigger],
    ["GetBaseReport", () => "NotifyReport"],
    ["GetReport", () => "NotifyReport"]
  ]),
  remote: new Set(["RequestStartTransaction", "RequestStopTransaction"]),
  rejected: "SecurityError"
}

/** @see J16 §3.7, §4.8, §4.10 */
export const transactions1x = (
  phases: Readonly<Record<Phase, Action>>,
  events: ReadonlyArray<string>
): TransactionRules => ({
  phases,
  phaseOf: (action) =>
    action === "StartTransaction"
      ? "Started"
      : action === "MeterValues"
        ? "Updated"
        : action === "StopTransaction"
          ? "Ended"
          : undefined,
  idOf: () => undefined,
  request: (phase, given, { start }) => {
    if (phase !== "Updated") return given
    return { connectorId: (start as { readonly connectorId: number }).connectorId, ...(given as object) }
  },
  deliver: (request, { name }) => (name === undefined ? request : { ...(request as object), transactionId: name }),
  named: (answer) => (answer as { readonly transactionId: number }).transactionId,
  // What the errata sheet of 1.6 (§3.18) has for a transaction whose start was never answered.
  nameless: -1,
  transactionId: (phase, request, response) => {
    const { transactionId } = ((phase === "Started" ? response : request) ?? {}) as { readonly transactionId?: unknown }
    return typeof transactionId === "number" ? transactionId : undefined
  },
  events: new Set(events),
  repeats: (action, request) => {
    if (action === "StartTransaction") {
      const { connectorId, idTag, meterStart, timestamp } = request as Start1x
      return JSON.stringify([action, connectorId, idTag, timestamp, meterStart])
    }
    if (action !== "StopTransaction") return undefined
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
export const transactions2x = (transactionEvent: Action): TransactionRules => ({
  phases: { Started: transactionEvent, Updated: transactionEvent, Ended: transactionEvent },
  phaseOf: (action, request) =>
    action === "TransactionEvent" ? (request as { readonly eventType: Phase }).eventType : undefined,
  idOf: idOfEvent,
  request: (eventType, given, { id, seqNo }) => {
    const { transactionInfo, ...event } = given as { readonly transactionInfo?: object }
    return { ...event, eventType, seqNo, transactionInfo: { ...transactionInfo, transactionId: id } }
  },
  deliver: (request, { offline }) => (offline ? { ...(request as object), offline } : request),
  named: undefined,
  nameless: -1,
  transactionId: (_, request) => idOfEvent(request),
  events: new Set(["SecurityEventNotification"]),
  repeats: (action, request) => {
    if (action !== "TransactionEvent") return undefined
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
