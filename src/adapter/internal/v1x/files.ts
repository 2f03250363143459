/**
 * Uploads of diagnostics and updates of unsigned firmware, which 1.5 and 1.6 ask for alike.
 */
import * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import { type Row, type Rows, table } from "../Table.ts"
import { translation, type Translation } from "../Translation.ts"
import { instant, seconds } from "../values.ts"
import type { Alike, Dialect1x } from "./common.ts"

type RequestIdRow<Wire, Generic> = (rows: Rows<Wire, Generic>) => Row

export const getDiagnostics = (
  { noPlace, version }: Dialect1x,
  action: Alike<typeof V16.GetDiagnostics>,
  requestId: RequestIdRow<V16.GetDiagnosticsRequest, Domain.GetLogRequest>
): Translation => {
  const noLog = `it is not among the diagnostics of ${version}`
  return translation(
    Domain.GetLog,
    action,
    table((rows) => [
      rows.field("location", "log.remoteLocation"),
      rows.field("startTime", "log.oldestTimestamp", instant),
      rows.field("stopTime", "log.latestTimestamp", instant),
      rows.together({
        wire: [],
        generic: ["logType"],
        decode: () => ({ logType: "DiagnosticsLog" }),
        notes: [{ path: "logType", fate: "refused", why: `SecurityLog and DataCollectorLog: ${noLog}` }],
        encode: ({ logType }, losses) => {
          if (logType !== "DiagnosticsLog") losses.add(noLog, "logType")
          return {}
        }
      }),
      requestId(rows),
      rows.field("retries", "retries"),
      rows.field("retryInterval", "retryInterval", seconds)
    ]),
    table(({ dropped, together }) => [
      // Only by the name of a file does 1.x say that there will be an upload.
      together({
        wire: ["fileName"],
        generic: ["status", "filename"],
        decode: ({ fileName }) =>
          fileName === undefined ? { status: "Rejected" } : { status: "Accepted", filename: fileName },
        notes: [
          {
            path: "status",
            fate: "changed",
            why: "AcceptedCanceled becomes Accepted; without a filename it is Rejected"
          },
          { path: "filename", fate: "dropped", why: "of an upload that is refused there is none" }
        ],
        encode: ({ filename, status }) =>
          filename === undefined || status === "Rejected" ? {} : { fileName: filename }
      }),
      dropped({ generic: "statusInfo" }, noPlace)
    ])
  )
}

/** `signed` says why what is of signed firmware only cannot be said. */
export const updateFirmware = (
  { version }: Dialect1x,
  action: Alike<typeof V16.UpdateFirmware>,
  signed: string
): Translation => {
  const noRefusal = `${version} cannot refuse to install unsigned firmware`
  return translation(
    Domain.UpdateFirmware,
    action,
    table(({ dropped, field, unsaid }) => [
      field("location", "firmware.location"),
      field("retrieveDate", "firmware.retrieveDateTime", instant),
      unsaid("firmware.installDateTime", signed),
      unsaid("firmware.signingCertificate", signed),
      unsaid("firmware.signature", signed),
      dropped(
        { generic: "requestId" },
        `a station of ${version} has one such update at a time, and tells of it without an id`
      ),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    table(({ dropped, together }) => [
      together({
        wire: [],
        generic: ["status"],
        decode: () => ({ status: "Accepted" }),
        notes: [
          { path: "status", fate: "changed", why: "AcceptedCanceled becomes Accepted" },
          { path: "status", fate: "refused", why: `what is not Accepted: ${noRefusal}` }
        ],
        encode: ({ status }, losses) => {
          if (!status.startsWith("Accepted")) losses.add(noRefusal, "status")
          return {}
        }
      }),
      dropped({ generic: "statusInfo" }, `an answer of ${version} is empty`)
    ])
  )
}
