/**
 * The numbers of requests that one side has and the other has not.
 *
 * - Those of updates and uploads. What the station tells of one has the number that the CSMS has asked for it with: it is added
 *   if the station has no place for it, and left out if the CSMS has none and the gateway has made one for the station.
 * - Those that a station of 2.1 gives its requests for certificates, and other versions have no place for: the certificate
 *   comes with the number that was asked for.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Action from "../../Action.ts"
import * as Domain from "../../domain/index.ts"
import type { CallFailure } from "../../OcppError.ts"
import type { Book } from "./Book.ts"
import type { Books } from "./events.ts"

/** What is told of which requests. */
const askedBy = new Map<Action.Action, Action.Action>([
  [Domain.FirmwareStatusNotification, Domain.UpdateFirmware],
  [Domain.LogStatusNotification, Domain.GetLog]
])

const numbered = new Set(askedBy.values())

const keyOf = ({ name }: Action.Action, requestId: number): string => `${name} ${requestId}`

/** The parts of a message that are used here: its number and, if it is about a certificate, what that is for. */
interface Numbered {
  readonly requestId?: number
  readonly certificateType?: Domain.CertificateSigningUse
}

/** What a certificate is for; if the type is left out, that is the connection to the CSMS, and perhaps others as well. */
const useOf = ({ certificateType = "ChargingStationCertificate" }: Numbered): string => certificateType

/**
 * Makes a request with a number that is noted before, for what it is about may be told at once. What the other side refuses
 * leaves the number that was noted for an earlier one.
 */
const noting = <A>(
  book: Book<number>,
  identity: string,
  name: string,
  number: number | undefined,
  request: Call<A>
): Call<A> =>
  Effect.gen(function* () {
    const note = (one: number | undefined) =>
      one === undefined ? book.delete(identity, name) : book.set(identity, name, one)
    const before = yield* book.get(identity, name)
    if (before === number) return yield* request
    yield* note(number)
    const outcome = yield* Effect.result(request)
    // Another one may have been made meanwhile.
    if (isRefused(outcome) && (yield* book.get(identity, name)) === number) yield* note(before)
    return yield* Effect.fromResult(outcome)
  })

/** Whether nothing follows a request, as far as is known: who has not answered in time may have begun all the same. */
const isRefused = (outcome: Result.Result<unknown, CallFailure>): boolean => {
  if (Result.isFailure(outcome)) return outcome.failure._tag === "CallError" || outcome.failure._tag === "NotSent"
  // Its action is one whose answer has a status.
  const { status } = outcome.success as { readonly status: string }
  return !status.startsWith("Accepted")
}

type Call<A> = Effect.Effect<A, CallFailure>

/** Tells a CSMS what a station sends, with the numbers that the CSMS knows. */
export const toCsms = Effect.fnUntraced(function* (
  { asked, numbers, signings }: Books,
  identity: string,
  action: Action.Action,
  sent: unknown,
  tell: (told: unknown) => Call<unknown>
) {
  const request = askedBy.get(action)
  if (request === undefined && action !== Domain.SignCertificate) return yield* tell(sent)
  // It is of an action that may have a number.
  const { requestId, ...rest } = sent as Numbered & { readonly status?: string }
  if (request === undefined) return yield* noting(signings, identity, useOf(rest), requestId, tell(rest))
  if (requestId !== undefined) {
    const isOurs = yield* numbers.get(identity, keyOf(request, requestId))
    return yield* tell(isOurs === true ? rest : sent)
  }
  // A status of `Idle` belongs to no request.
  const number = rest.status === "Idle" ? undefined : yield* asked.get(identity, request.name)
  return yield* tell(number === undefined ? sent : { ...rest, requestId: number })
})

/** Asks a station what `came` from a CSMS, as it is `given` to the station, with the numbers that the station knows. */
export const toStation = Effect.fnUntraced(function* (
  { asked, numbers, signings }: Books,
  identity: string,
  action: Action.Action,
  came: unknown,
  given: unknown,
  ask: (given: unknown) => Call<unknown>
) {
  // Both are of this action.
  const [before, request] = [came as Numbered, given as Numbered]
  if (action === Domain.CertificateSigned) {
    const number = yield* signings.get(identity, useOf(request))
    return yield* ask(number === undefined ? given : { requestId: number, ...request })
  }
  if (!numbered.has(action)) return yield* ask(given)
  const { requestId } = before
  if (request.requestId !== undefined) {
    const key = keyOf(action, request.requestId)
    yield* requestId === undefined ? numbers.set(identity, key, true) : numbers.delete(identity, key)
  }
  return yield* noting(asked, identity, action.name, requestId, ask(given))
})
