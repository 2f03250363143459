/**
 * The reports that a CSMS of 2.x asks for, of a station of 1.x: its configuration, read as a whole before anything is
 * answered, and told in parts.
 */
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import type { Inventory } from "../../adapter/Adapter.ts"
import * as Domain from "../../domain/index.ts"
import { escape } from "../../Escape.ts"
import type { CallFailure } from "../../OcppError.ts"
import { Reply } from "../../Reply.ts"
import { type TranslatedCsms, warnedOnce } from "./Translated.ts"

const { Variable } = Domain

/** How many variables are told in one part. */
const most = 20

/** A request for a report of variables. */
export type ReportRequest = Domain.GetBaseReportRequest | Domain.GetReportRequest

/** Whether an action asks for a report of variables. */
export const isReport = (action: Action.Action): boolean =>
  action === Domain.GetBaseReport || action === Domain.GetReport

/**
 * Answers a request for a report of what a station has told, and tells it then. A part that does not arrive is the last one,
 * so that the CSMS knows by `tbc` that the report is not whole. Keys with a value that 2.x cannot say are left out, and the
 * log tells them.
 */
export const reporting = Effect.fnUntraced(function* (
  csms: TranslatedCsms,
  request: ReportRequest,
  inventory: Effect.Effect<Inventory, CallFailure>
) {
  const isChosen = chosen(request)
  if (isChosen === undefined) return { status: "NotSupported" as const }
  const { leftOut, variables } = yield* inventory
  for (const { hasVariable, key, reason } of leftOut) {
    if (hasVariable) yield* warnedOnce(csms, `a report to the CSMS lacks ${escape(key)}: ${reason}`)
  }
  const found = variables.filter(isChosen)
  if (found.length === 0) return { status: "EmptyResultSet" as const }
  const parts = Arr.chunksOf(found, most)
  const generatedAt = yield* DateTime.now
  const { requestId } = request
  const telling = Effect.forEach(parts, (reportData, seqNo) =>
    csms.call(Domain.NotifyReport, { requestId, generatedAt, seqNo, tbc: seqNo < parts.length - 1, reportData })
  )
  return yield* Reply.then({ status: "Accepted" as const }, telling)
})

/** Which variables are asked for; `undefined` if the station tells nothing by which they could be chosen. */
const chosen = (request: ReportRequest): ((data: Domain.ReportData) => boolean) | undefined => {
  if ("reportBase" in request) {
    if (request.reportBase === "SummaryInventory") return undefined
    return request.reportBase === "FullInventory"
      ? () => true
      : ({ variableAttribute }) => variableAttribute.some(({ mutability }) => mutability !== "ReadOnly")
  }
  const { componentCriteria, componentVariable } = request
  if (componentCriteria !== undefined) return undefined
  return ({ address }) => componentVariable?.some((asked) => isMeant(asked, address)) ?? true
}

/** What is left out of a question means all of it. */
const isMeant = (
  { component, variable }: Domain.ComponentVariable,
  { component: { evse, instance, name }, variable: told }: Domain.Variable.Address
): boolean => {
  const asked = {
    name,
    ...(component.instance === undefined || instance === undefined ? {} : { instance }),
    ...(component.evse === undefined || evse === undefined ? {} : { evse })
  }
  return Variable.equals({ component, variable: variable ?? told }, { component: asked, variable: told })
}
