/**
 * The numbers of requests that one side has and the other has not.
 *
 * - Those of updates and uploads. What the station tells of one has the number that the CSMS has asked for it with: it is added
 *   if the station has no place for it, and left out if the CSMS has none and the gateway has made one for the station.
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
  { asked, numbers, signings }: Books,
  identity: string,
  action: Action.Action,
  sent: unknown
) {
  const request = askedBy.get(action)
  if (request === undefined && action !== Domain.SignCertificate) return sent
  // It is of an action that may have a number.
  const { requestId, ...rest } = sent as Numbered & { readonly status?: string }
  if (request === undefined) {
    const use = useOf(rest)
    yield* requestId === undefined ? signings.delete(identity, use) : signings.set(identity, use, requestId)
    return rest
  }
  if (requestId !== undefined) {
    const isOurs = yield* numbers.get(identity, keyOf(request, requestId))
    return isOurs === true ? rest : sent
  }
  // A station that does nothing tells of no request.
  const number = rest.status === "Idle" ? undefined : yield* asked.get(identity, request.name)
  return number === undefined ? sent : { ...rest, requestId: number }
})

/** A request that `came` from a CSMS, as it is `given` to the station, with the numbers that the station knows. */
export const toStation = Effect.fnUntraced(function* (
  { asked, numbers, signings }: Books,
  identity: string,
  action: Action.Action,
  came: unknown,
  given: unknown
) {
  // Both are of this action.
  const [before, request] = [came as Numbered, given as Numbered]
  if (action === Domain.CertificateSigned) {
    const number = yield* signings.get(identity, useOf(request))
    return number === undefined ? given : { requestId: number, ...request }
  }
  if (!numbered.has(action)) return given
  const { requestId } = before
  yield* requestId === undefined ? asked.delete(identity, action.name) : asked.set(identity, action.name, requestId)
  if (request.requestId === undefined) return given
  const key = keyOf(action, request.requestId)
  yield* requestId === undefined ? numbers.set(identity, key, true) : numbers.delete(identity, key)
  return given
})
