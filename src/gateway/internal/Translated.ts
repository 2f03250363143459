/**
 * A CSMS of another version, as a gateway has it for a station: generic calls, and transactions that are stored.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Semaphore from "effect/Semaphore"
import type * as Action from "../../Action.ts"
import type { Caller } from "../../Client.ts"
import * as Domain from "../../domain/index.ts"
import { escape } from "../../Escape.ts"
import type { Signal } from "../../internal/Signal.ts"
import { CallError, type CallFailure, inWords, NotSent, type Violation } from "../../OcppError.ts"
import { isLost } from "./failures.ts"
import { without } from "./omission.ts"

export class Translated extends Context.Service<Translated, TranslatedCsms>()("effect-ocpp/gateway/Translated") {}

export interface TranslatedCsms extends Caller<"station"> {
  readonly transactions: Domain.StationTransactions
  /** Whether its version has events of transactions, as 2.x has; 1.x has a start, readings and an end. */
  readonly hasEvents: boolean
  /** What happens at the connectors of EVSEs, as events have told it. */
  readonly activities: Map<number, Domain.Activity>
  /** The EVSEs whose activity has changed without the CSMS being told yet. */
  readonly untold: Set<number>
  /** Has events noted and stored one after the other, for a station may send the next one before it is answered. */
  readonly oneEvent: Semaphore.Semaphore
  /** Runs an effect as long as the link lasts. */
  readonly inBackground: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<Fiber.Fiber<A, E>>
  /** Waits until all that was taken in for the CSMS is stored, or could not be. */
  readonly written: Effect.Effect<void>
  /** What is said of idTokens while the CSMS cannot be reached, and whether that is so now; absent: the link ends then. */
  readonly offline: { readonly status: Domain.AuthorizationStatus; readonly isSo: Signal } | undefined
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

/** How long it takes at most, in milliseconds, until it is known that a connection is lost on which a call has failed. */
const lossPause = 1_000

/** Calls the CSMS for a station. */
export const calling = (
  csms: TranslatedCsms,
  action: Action.OfSide<"station">,
  request: unknown
): Effect.Effect<unknown, CallFailure> => {
  const { offline } = csms
  const call = reports.has(action) ? reporting(csms, action, request) : calls(csms, action)(request)
  if (offline === undefined) return call
  const answer = Effect.suspend(() => offlineAnswer(action, offline.status))
  // While the CSMS is away, reports are stored; a request that asks for a decision is answered here.
  if (!reports.has(action) || action === Domain.BootNotification) {
    const lost = Effect.catchIf(call, isLost, () => answer)
    return Effect.suspend(() => (offline.isSo.isOpen ? answer : lost))
  }
  const told = storedInBackground(csms, call, answer)
  // What was on its way when the connection was lost is told again, and stored, once it is known that it was.
  return Effect.catchIf(told, isLost, () => Effect.andThen(offline.isSo.openedWithin(lossPause), told))
}

/** Waits for something that is stored, unless the CSMS cannot be reached. */
export const unlessOffline = <A, E>(
  { offline }: TranslatedCsms,
  stored: Effect.Effect<A, E>,
  instead: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  offline === undefined ? stored : Effect.raceFirst(stored, Effect.andThen(offline.isSo.opened, instead))

/** The same for what has yet to be stored: what could not be fails, whether the CSMS can be reached or not. */
export const storedInBackground = <A, E>(
  csms: TranslatedCsms,
  call: Effect.Effect<A, E>,
  instead: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.flatMap(csms.inBackground(call), (fiber) =>
    unlessOffline(
      csms,
      Fiber.join(fiber),
      Effect.andThen(
        csms.written,
        Effect.suspend(() => fiber.pollUnsafe() ?? instead)
      )
    )
  )

/** What a station is told while its CSMS cannot be reached. */
const offlineAnswer = (
  action: Action.Action,
  status: Domain.AuthorizationStatus
): Effect.Effect<unknown, CallFailure> => {
  switch (action) {
    case Domain.Authorize:
      return Effect.succeed({ idTokenInfo: { status } })
    case Domain.Heartbeat:
      return Effect.map(DateTime.now, (currentTime) => ({ currentTime }))
    case Domain.BootNotification:
      // Only the CSMS accepts a station.
      return Effect.map(DateTime.now, (currentTime) => ({
        currentTime,
        status: "Pending",
        interval: Duration.minutes(1)
      }))
    default:
      return reports.has(action)
        ? Effect.succeed({})
        : Effect.fail(new CallError({ code: "GenericError", description: "the CSMS cannot be reached" }))
  }
}

/** Calls the CSMS with an action. The request is one of that action. */
const calls =
  (csms: TranslatedCsms, action: Action.OfSide<"station">) =>
  (request: unknown): Effect.Effect<unknown, CallFailure> =>
    csms.call(action, request as never) as Effect.Effect<unknown, CallFailure>

const reporting = Effect.fnUntraced(function* (
  csms: TranslatedCsms,
  action: Action.OfSide<"station">,
  request: unknown
) {
  const fitted = action === Domain.BootNotification && !csms.hasEvents ? yield* shortened(csms, request) : request
  return yield* telling(csms, action, fitted, calls(csms, action)).pipe(
    Effect.catchIf(isInexpressible, (failure) =>
      // There is no answer without a registration.
      action === Domain.BootNotification ? Effect.fail(failure) : Effect.succeed({})
    )
  )
})

/** A boot with what 1.x has room for of the name of a vendor, without which a station could not boot; the log says so. */
const shortened = (csms: TranslatedCsms, request: unknown): Effect.Effect<Domain.BootNotificationRequest> => {
  // It is one of this action.
  const boot = request as Domain.BootNotificationRequest
  const { chargingStation } = boot
  const vendorName = Array.from(chargingStation.vendorName).slice(0, 20).join("")
  if (vendorName === chargingStation.vendorName) return Effect.succeed(boot)
  return Effect.as(
    warnedOnce(csms, `the CSMS is told 20 characters of the name of a vendor: ${escape(chargingStation.vendorName)}`),
    { ...boot, chargingStation: { ...chargingStation, vendorName } }
  )
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
  csms: TranslatedCsms,
  name: string,
  violations: ReadonlyArray<Violation>,
  isAll: boolean
): Effect.Effect<void> =>
  Effect.suspend(() => {
    // The same words about another item of a list are no news.
    const told = inWords(
      violations.map((violation) => ({ ...violation, path: violation.path.replaceAll(/\[\d+\]/g, "") }))
    )
    return warnedOnce(
      csms,
      isAll ? `the CSMS is not told a ${name}: ${told}` : `the CSMS is told a ${name} without some of it: ${told}`
    )
  })

/** Tells the log what is left out, once in a connection. */
export const warnedOnce = ({ omitted }: TranslatedCsms, message: string): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (omitted.has(message) || omitted.size >= mostOmitted) return Effect.void
    omitted.add(message)
    return Effect.logWarning(message)
  })

const mostOmitted = 64
