/**
 * Uploads of logs: with an id by the security extension, the diagnostics without one by the profile of 1.6.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { type CallOf, translation } from "../Translation.ts"
import { refused, words } from "../BothWays.ts"
import { calling, unlessKnown, withoutMessageId } from "../handling.ts"
import { table } from "../Table.ts"
import { instant, seconds } from "../values.ts"
import { getDiagnostics } from "../v1x/files.ts"
import { noPlace, nothing, v16 } from "./common.ts"

const noId = "diagnostics of 1.6 have no id"

const getLog = translation(
  Domain.GetLog,
  V16.GetLog,
  table(({ field }) => [
    field("log.remoteLocation", "log.remoteLocation"),
    field("log.oldestTimestamp", "log.oldestTimestamp", instant),
    field("log.latestTimestamp", "log.latestTimestamp", instant),
    field(
      "logType",
      "logType",
      words<V16.LogEnumType, Domain.LogType>({
        encoded: { DataCollectorLog: refused("1.6 does not know this log") },
        decoded: {}
      })
    ),
    field("requestId", "requestId", undefined, { needed: "1.6 asks for the id of an upload of the security log" }),
    field("retries", "retries"),
    field("retryInterval", "retryInterval", seconds)
  ]),
  table(({ dropped, field }) => [
    field("status", "status"),
    field("filename", "filename"),
    dropped({ generic: "statusInfo" }, noPlace)
  ]),
  ({ logType, requestId }) => requestId !== undefined || logType !== "DiagnosticsLog"
)

const withoutId = getDiagnostics(v16, V16.GetDiagnostics, ({ dropped }) =>
  dropped(
    { generic: "requestId" },
    `${noId}: a request that has one is sent by GetLog first, and by this action without the id if the station answers NotImplemented or NotSupported`
  )
)

/**
 * Makes the call for diagnostics with an id. A station without the security extension is asked for them without one, and tells
 * of the upload without one.
 */
export const diagnosticsWithId: CallOf = (request, versioned, options, report) => {
  // A caller gives the request of the action.
  const { requestId, ...asked } = request as Domain.GetLogRequest
  if (requestId === undefined || asked.logType !== "DiagnosticsLog") return undefined
  return unlessKnown(calling(getLog, request, versioned, options, report), () =>
    calling(withoutId, asked, versioned, withoutMessageId(options), report)
  )
}

export const diagnostics = [
  getLog,
  withoutId,
  translation(
    Domain.LogStatusNotification,
    V16.LogStatusNotification,
    table(({ dropped, field }) => [
      field(
        "status",
        "status",
        words<V16.UploadLogStatusEnumType, Domain.UploadLogStatus>({
          encoded: { AcceptedCanceled: "UploadFailure" },
          decoded: {}
        })
      ),
      field("requestId", "requestId"),
      dropped({ generic: "statusInfo" }, noPlace)
    ]),
    nothing,
    ({ requestId }) => requestId !== undefined
  ),
  translation(
    Domain.LogStatusNotification,
    V16.DiagnosticsStatusNotification,
    table(({ dropped, field, unsaid }) => [
      field(
        "status",
        "status",
        words<V16.DiagnosticsStatus, Domain.UploadLogStatus>({
          encoded: {
            AcceptedCanceled: "UploadFailed",
            BadMessage: "UploadFailed",
            NotSupportedOperation: "UploadFailed",
            PermissionDenied: "UploadFailed",
            UploadFailure: "UploadFailed"
          },
          decoded: { UploadFailed: "UploadFailure" }
        })
      ),
      unsaid("requestId", noId),
      dropped({ generic: "statusInfo" }, noPlace)
    ]),
    nothing
  )
]
