/**
 * The numbers of requests that one side has and the other has not.
 *
 * - Those that a gateway makes for requests of a CSMS that have none: what the station tells of these requests has none for the
 *   CSMS either, so that it is told by the action that belongs to the request.
 * - Those that a station of 2.1 gives its requests for certificates, and other versions have no place for: the certificate
 *   comes with the number that was asked for.
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

const numbered = new Set(askedBy.values())

const keyOf = ({ name }: Action.Action, requestId: number): string => `${name} ${requestId}`

/** What counts here of a message: its number and, if it is about a certificate, what that is for. */
interface Numbered {
  readonly requestId?: number
  readonly certificateType?: Domain.CertificateSigningUse
}

/** Left out, a certificate is for the connection, among others. */
const useOf = ({ certificateType = "ChargingStationCertificate" }: Numbered): string => certificateType

/** What a station sends, with the numbers that its CSMS knows. */
export const toCsms = Effect.fnUntraced(function* (
  { numbers, signings }: Books,
  identity: string,
  action: Action.Action,
  sent: unknown
) {
  const request = askedBy.get(action)
  if (request === undefined && action !== Domain.SignCertificate) return sent
  // It is of an action that may have a number.
  const { requestId, ...rest } = sent as Numbered
  if (request === undefined) {
    const use = useOf(rest)
    yield* requestId === undefined ? signings.delete(identity, use) : signings.set(identity, use, requestId)
    return rest
  }
  const isOurs = requestId !== undefined && (yield* numbers.get(identity, keyOf(request, requestId))) === true
  return isOurs ? rest : sent
})

/** What a CSMS has asked, as it is `given` to the station, with the numbers that the station knows. */
export const toStation = Effect.fnUntraced(function* (
  { numbers, signings }: Books,
  identity: string,
  action: Action.Action,
  asked: unknown,
  given: unknown
) {
  // Both are of this action.
  const [before, request] = [asked as Numbered, given as Numbered]
  if (action === Domain.CertificateSigned) {
    const number = yield* signings.get(identity, useOf(request))
    return number === undefined ? given : { requestId: number, ...request }
  }
  if (!numbered.has(action) || request.requestId === undefined) return given
  const key = keyOf(action, request.requestId)
  const isOurs = before.requestId === undefined
  yield* isOurs ? numbers.set(identity, key, true) : numbers.delete(identity, key)
  return given
})
