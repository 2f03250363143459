/**
 * What one version asks for in a message and the other does not tell: the gateway adds it.
 */
import * as Effect from "effect/Effect"
import * as DateTime from "effect/DateTime"
import type * as Action from "../../Action.ts"
import * as Domain from "../../domain/index.ts"

/** What a gateway knows where a message does not tell it. */
export interface Knowledge {
  /** The type of an idToken. */
  readonly idTokenType: (idToken: string) => Domain.IdTokenType
  /** A number that no request has. */
  readonly nextNumber: Effect.Effect<number, unknown>
}

/** Whether it is a token whose version has not told its type. */
const isUntyped = (value: object): value is Domain.IdToken =>
  "idToken" in value && "type" in value && typeof value.idToken === "string" && value.type === "Unknown"

/** Whether it is a charging profile, whose schedules need ids of their own in 2.0.1. */
const isProfile = (value: object): value is Domain.ChargingProfile =>
  "chargingSchedule" in value && Array.isArray(value.chargingSchedule) && "id" in value && typeof value.id === "number"

/** A message in which every idToken has a type, and every schedule of a profile an id, which is that of the profile. */
export const explicit = <A>(action: Action.Action, message: A, idTokenType: Knowledge["idTokenType"]): A => {
  // What vendors tell each other is theirs.
  if (action === Domain.DataTransfer) return message
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return unless(value, value.map(walk))
    // Objects with a prototype of their own are times, durations and numbers, which stay as they are.
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
    if (isUntyped(value)) return { ...value, type: idTokenType(value.idToken) }
    if (isProfile(value)) {
      const { chargingSchedule, id } = value
      return { ...value, chargingSchedule: chargingSchedule.map((schedule) => Object.assign({ id }, schedule)) }
    }
    const fields = Object.entries(value)
    const walked = fields.map(([name, field]): [string, unknown] => [name, walk(field)])
    return walked.every(([, field], index) => field === fields[index]![1]) ? value : Object.fromEntries(walked)
  }
  // It has the same fields.
  return walk(message) as A
}

/** Gives the list from before if no item has changed, so that what contains it is seen as unchanged, too. */
const unless = (before: ReadonlyArray<unknown>, after: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  after.every((item, index) => item === before[index]) ? before : after

/** The field in which a request of a CSMS has a number that comes back in what follows it. */
const numbered = new Map<Action.Action, string>([
  [Domain.RequestStartTransaction, "remoteStartId"],
  [Domain.GetLog, "requestId"],
  [Domain.UpdateFirmware, "requestId"]
])

/**
 * A report of monitors that says of each who has set it. 2.0.1 does not say that: each then counts as one that a CSMS has
 * set, which is a `CustomMonitor`.
 */
const withSetters = (report: Domain.NotifyMonitoringReportRequest): Domain.NotifyMonitoringReportRequest => {
  const { monitors } = report
  if (monitors === undefined) return report
  const told = monitors.map(({ address, variableMonitoring }) => ({
    address,
    variableMonitoring: variableMonitoring.map((monitor): Domain.VariableMonitoring => ({
      eventNotificationType: "CustomMonitor",
      ...monitor
    }))
  }))
  return { ...report, monitors: told }
}

/** A request with all that the other version may ask for. */
export const completed = (
  action: Action.Action,
  request: unknown,
  receivedAt: number,
  { idTokenType, nextNumber }: Knowledge
): Effect.Effect<unknown, unknown> => {
  // A generic request is an object.
  const given = explicit(action, request as object, idTokenType)
  if (action === Domain.NotifyMonitoringReport) {
    // It is one of this action.
    return Effect.succeed(withSetters(given as Domain.NotifyMonitoringReportRequest))
  }
  if (action === Domain.StatusNotification && !("timestamp" in given)) {
    return Effect.succeed({ ...given, timestamp: DateTime.makeUnsafe(receivedAt) })
  }
  const field = numbered.get(action)
  if (field === undefined || field in given) return Effect.succeed(given)
  return Effect.map(nextNumber, (number) => ({ ...given, [field]: number }))
}

/** A response with what the other version asks for in it, and follows from the request. */
export const completedResponse = (action: Action.Action, request: unknown, response: unknown): unknown => {
  if (action !== Domain.GetInstalledCertificateIds) return response
  // Both are of this action.
  const { certificateType: [certificateType] = [] } = request as Domain.GetInstalledCertificateIdsRequest
  const { certificateHashDataChain, ...rest } = response as Domain.GetInstalledCertificateIdsResponse
  if (certificateHashDataChain === undefined || certificateType === undefined) return response
  // 1.6 is asked for one type at a time, and does not repeat it.
  const told = certificateHashDataChain.map((one) => Object.assign({ certificateType }, one))
  return { ...rest, certificateHashDataChain: told }
}
