/**
 * The transactions that a CSMS of 1.x speaks of by the numbers that it has given, by the names that their station has for
 * them.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Action from "../../Action.ts"
import * as Domain from "../../domain/index.ts"
import { NotSent } from "../../OcppError.ts"
import type { TranslatedCsms } from "./Translated.ts"

const aboutTransaction = new Set<Action.Action>([Domain.CostUpdated, Domain.RequestStopTransaction])

/** A request of a CSMS about a transaction, as the station knows it. */
export const named = (
  csms: TranslatedCsms,
  action: Action.Action,
  request: unknown
): Effect.Effect<unknown, NotSent> => {
  if (csms.hasEvents) return Effect.succeed(request)
  if (aboutTransaction.has(action)) {
    // The requests of these actions have a transactionId.
    const asked = request as { readonly transactionId: string }
    return Effect.map(nameOf(csms, action, "transactionId", asked.transactionId), (transactionId) => ({
      ...asked,
      transactionId
    }))
  }
  if (action !== Domain.SetChargingProfile) return Effect.succeed(request)
  const { chargingProfile, ...asked } = request as Domain.SetChargingProfileRequest
  const { transactionId } = chargingProfile
  if (transactionId === undefined) return Effect.succeed(request)
  return Effect.map(nameOf(csms, action, "chargingProfile.transactionId", transactionId), (name) => ({
    ...asked,
    chargingProfile: { ...chargingProfile, transactionId: name }
  }))
}

const nameOf = Effect.fnUntraced(function* (
  { transactions }: TranslatedCsms,
  action: Action.Action,
  path: string,
  number: string
) {
  const found = yield* transactions.find(number)
  if (Option.isSome(found)) return found.value.id
  const rule = "no transaction of the station has this number"
  return yield* new NotSent({
    action: action.name,
    reason: "NotExpressible",
    violations: [{ path, rule, code: "PropertyConstraintViolation" }]
  })
})
