/**
 * What happens at a connector that is occupied: 1.x tells it by a status, and 2.x by the events of the transaction.
 */
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import * as Domain from "../../domain/index.ts"
import { calling, type TranslatedCsms } from "./Translated.ts"

const activities: Readonly<Record<Domain.ChargingState, Domain.Activity>> = {
  Charging: "Charging",
  EVConnected: "Preparing",
  Idle: "Finishing",
  SuspendedEV: "SuspendedEV",
  SuspendedEVSE: "SuspendedEVSE"
}

/** What a connector that is occupied tells of its transaction. */
const chargingStates: ReadonlyMap<Domain.Activity, Domain.ChargingState> = new Map([
  ["Charging", "Charging"],
  ["SuspendedEV", "SuspendedEV"],
  ["SuspendedEVSE", "SuspendedEVSE"]
])

/** How many EVSEs of a station are known; those that were told of first go. */
const most = 256

const know = ({ activities: known, untold }: TranslatedCsms, evseId: number, activity: Domain.Activity): void => {
  known.set(evseId, activity)
  const [first] = known.keys()
  if (known.size <= most || first === undefined) return
  known.delete(first)
  untold.delete(first)
}

/** What a transaction at an EVSE is doing, as far as the status of its connector has told it. */
export const chargingStateAt = (
  { activities: known }: TranslatedCsms,
  evse: Domain.Evse | undefined
): { readonly chargingState?: Domain.ChargingState } => {
  const activity = evse === undefined ? undefined : known.get(evse.id)
  const chargingState = activity === undefined ? undefined : chargingStates.get(activity)
  return chargingState === undefined ? {} : { chargingState }
}

/** Tells by an event of its transaction what the status of a connector says of it, if that is news. */
export const tellChargingState = Effect.fnUntraced(function* (
  csms: TranslatedCsms,
  { activity, evse, timestamp }: Domain.StatusNotificationRequest
) {
  if (evse === undefined || timestamp === undefined) return
  const before = csms.activities.get(evse.id)
  if (activity === undefined) csms.activities.delete(evse.id)
  else know(csms, evse.id, activity)
  const told = chargingStateAt(csms, evse)
  if (activity === before || told.chargingState === undefined) return
  const transaction = (yield* csms.transactions.ongoing).findLast(({ request }) => request.evse?.id === evse.id)
  if (transaction === undefined) return
  // If it cannot be stored, the status itself is told all the same.
  yield* Effect.ignore(transaction.update({ timestamp, triggerReason: "ChargingStateChanged", ...told }))
})

/** A status of a connector with what happens there, as far as its transaction has told it. */
export const withActivity = (csms: TranslatedCsms, action: Action.Action, request: unknown): unknown => {
  if (action !== Domain.StatusNotification) return request
  const status = request as Domain.StatusNotificationRequest
  if (status.occupancy !== "Occupied" || status.activity !== undefined) return status
  return { ...status, activity: csms.activities.get(status.evse?.id ?? 0) ?? "Preparing" }
}

/**
 * Tells the CSMS by a status what an event says of its connector, if that is news. What happened while the station was offline
 * may be over, so that it is told when something happens after that.
 */
export const tellActivity = (
  csms: TranslatedCsms,
  evseId: number | undefined,
  { chargingState, eventType, offline, timestamp }: Domain.TransactionEventRequest
): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (evseId === undefined) return Effect.void
    const { activities: known, untold } = csms
    if (eventType === "Ended") {
      known.delete(evseId)
      untold.delete(evseId)
      return Effect.void
    }
    const before = known.get(evseId)
    const activity = chargingState === undefined ? before : activities[chargingState]
    if (activity === undefined) return Effect.void
    know(csms, evseId, activity)
    if (activity !== before) untold.add(evseId)
    if (offline === true || !untold.delete(evseId)) return Effect.void
    const status: Domain.StatusNotificationRequest = {
      timestamp,
      evse: { id: evseId },
      condition: "Operative",
      occupancy: "Occupied",
      activity
    }
    return Effect.asVoid(csms.inBackground(Effect.ignore(calling(csms, Domain.StatusNotification, status))))
  })
