/**
 * A CSMS of another version, as a gateway has it for a station: generic calls, and transactions that are stored.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import type { Caller } from "../../Client.ts"
import * as Domain from "../../domain/index.ts"
import { type CallFailure, inWords, NotSent, type Violation } from "../../OcppError.ts"
import { without } from "./omission.ts"

export class Translated extends Context.Service<Translated, TranslatedCsms>()("effect-ocpp/gateway/Translated") {}

export interface TranslatedCsms extends Caller<"station"> {
  readonly transactions: Domain.StationTransactions
  /** Whether its version has events of transactions, as 2.x has; 1.x has a start, readings and an end. */
  readonly hasEvents: boolean
  /** What happens at the connectors of EVSEs, as events have told it. */
  readonly activities: Map<number, Domain.Activity>
  /** Runs an effect as long as the connection lasts. */
  readonly inBackground: (effect: Effect.Effect<void>) => Effect.Effect<void>
  /** What was left out so far, for the log tells it once. */
  readonly omitted: Set<string>
}

/** What a station reports. Where the other version has no word for a part of it, the CSMS gets the rest. */
const reports = new Set<Action.Action>([
  Domain.BootNotification,
  Domain.FirmwareStatusNotification,
  Domain.LogStatusNotification,
  Domain.MeterValues,
  Domain.SecurityEventNotification,
  Domain.StatusNotification
])

/** Calls the CSMS for a station. */
export const calling = (
  csms: TranslatedCsms,
  action: Action.OfSide<"station">,
  request: unknown
): Effect.Effect<unknown, CallFailure> => {
  // The request is one of the action.
  const call = (given: unknown) => csms.call(action, given as never) as Effect.Effect<unknown, CallFailure>
  if (!reports.has(action)) return call(request)
  const fitted = action === Domain.BootNotification && !csms.hasEvents ? shortened(request) : request
  return telling(csms, action, fitted, call).pipe(
    Effect.catchIf(isInexpressible, (failure) =>
      // There is no answer without a registration.
      action === Domain.BootNotification ? Effect.fail(failure) : Effect.succeed({})
    )
  )
}

/** 1.x has less room for the name of a vendor, without which a station could not boot. */
const shortened = (request: unknown): Domain.BootNotificationRequest => {
  // It is one of this action.
  const { chargingStation, ...boot } = request as Domain.BootNotificationRequest
  const vendorName = Array.from(chargingStation.vendorName).slice(0, 20).join("")
  return { ...boot, chargingStation: { ...chargingStation, vendorName } }
}

/** Tells something, and if the version cannot say it, without what it has no word for; the log says what that is. */
export const telling = <A, B, E>(
  csms: TranslatedCsms,
  { name }: Action.Action,
  message: A,
  tell: (message: A) => Effect.Effect<B, E | NotSent>
): Effect.Effect<B, E | NotSent> =>
  Effect.catchIf(tell(message), isInexpressible, (failure) => {
    const rest = without(message, failure.violations)
    const warned = warning(csms, name, failure.violations, rest === undefined)
    return Effect.andThen(warned, rest === undefined ? Effect.fail(failure) : tell(rest))
  })

export const isInexpressible = (failure: unknown): failure is NotSent =>
  failure instanceof NotSent && failure.reason === "NotExpressible"

const warning = (
  { omitted }: TranslatedCsms,
  name: string,
  violations: ReadonlyArray<Violation>,
  isAll: boolean
): Effect.Effect<void> =>
  Effect.suspend(() => {
    // Where it stood makes it no other news.
    const told = inWords(
      violations.map((violation) => ({ ...violation, path: violation.path.replaceAll(/\[\d+\]/g, "") }))
    )
    const key = `${name} ${told}`
    if (omitted.has(key) || omitted.size >= mostOmitted) return Effect.void
    omitted.add(key)
    return Effect.logWarning(
      isAll ? `the CSMS is not told a ${name}: ${told}` : `the CSMS is told a ${name} without some of it: ${told}`
    )
  })

const mostOmitted = 64
