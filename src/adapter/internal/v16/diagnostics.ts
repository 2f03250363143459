/**
 * Uploads of logs: with an id by the security extension, the diagnostics without one by the profile of 1.6.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { translation } from "../Translation.ts"
import { refused, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { instant, seconds } from "../values.ts"
import { noPlace, nothing } from "./common.ts"

const noId = "diagnostics of 1.6 have no id"

export const diagnostics = [
  translation(
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
  ),
  translation(
    Domain.GetLog,
    V16.GetDiagnostics,
    table(({ field, together, unsaid }) => [
      field("location", "log.remoteLocation"),
      field("startTime", "log.oldestTimestamp", instant),
      field("stopTime", "log.latestTimestamp", instant),
      together({
        wire: [],
        generic: ["logType"],
        decode: () => ({ logType: "DiagnosticsLog" }),
        encode: ({ logType }, losses) => {
          if (logType !== "DiagnosticsLog") losses.add("it is not among the diagnostics of 1.6", "logType")
          return {}
        }
      }),
      unsaid("requestId", noId),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    table(({ dropped, together }) => [
      // Only by the name of a file does 1.6 say that there will be an upload.
      together({
        wire: ["fileName"],
        generic: ["status", "filename"],
        decode: ({ fileName }) =>
          fileName === undefined ? { status: "Rejected" } : { status: "Accepted", filename: fileName },
        encode: ({ filename, status }) =>
          filename === undefined || status === "Rejected" ? {} : { fileName: filename }
      }),
      dropped({ generic: "statusInfo" }, noPlace)
    ])
  ),
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
