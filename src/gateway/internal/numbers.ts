/**
 * The numbers that a gateway makes for requests of a CSMS that have none: what the station tells of these requests has none
 * for the CSMS either, so that it is told by the action that belongs to the request.
 */
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import * as Domain from "../../domain/index.ts"
import type { Books } from "./events.ts"

/** What is told of which requests. */
const askedBy = new Map<Action.Action, Action.Action>([
  [Domain.FirmwareStatusNotification, Domain.UpdateFirmware],
  [Domain.LogStatusNotification, Domain.GetLog]
])

const requests = new Set(askedBy.values())

interface Numbered {
  readonly requestId?: number
}

const keyOf = ({ name }: Action.Action, requestId: number | undefined): string => `${name} ${requestId}`

/** Notes whether the number in a request is that of the CSMS. */
export const note = (
  { numbers }: Books,
  identity: string,
  action: Action.Action,
  asked: unknown,
  given: unknown
): Effect.Effect<void> => {
  if (!requests.has(action)) return Effect.void
  // Both are of an action whose requests may have a number.
  const key = keyOf(action, (given as Numbered).requestId)
  return (asked as Numbered).requestId === undefined ? numbers.set(identity, key, true) : numbers.delete(identity, key)
}

/** What a station tells, without a number that is not that of the CSMS. */
export const withoutNumber = Effect.fnUntraced(function* (
  { numbers }: Books,
  identity: string,
  action: Action.Action,
  told: unknown
) {
  const request = askedBy.get(action)
  if (request === undefined) return told
  // It is of an action that may tell a number.
  const { requestId, ...rest } = told as Numbered
  const isOurs = requestId !== undefined && (yield* numbers.get(identity, keyOf(request, requestId))) === true
  return isOurs ? rest : told
})
