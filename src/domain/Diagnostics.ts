/**
 * Diagnostics: a station uploads its logs.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * Which part of a log to upload, and where to.
 *
 * @category schemas
 * @since 0.1.0
 */
export class LogParameters extends Schema.Opaque<LogParameters>()(
  Schema.Struct({
    /** A URL, which may hold a password. */
    remoteLocation: Schema.String,
    /** Of the oldest entry to include; absent: as far back as there are any. */
    oldestTimestamp: Schema.optionalKey(Schema.DateTimeUtc),
    /** Of the latest entry to include; absent: until now. */
    latestTimestamp: Schema.optionalKey(Schema.DateTimeUtc)
  }).annotate({ identifier: "LogParameters" })
) {}

/**
 * Which log. `DataCollectorLog` is of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LogType = Schema.Literals(["DiagnosticsLog", "SecurityLog", "DataCollectorLog"]).annotate({
  identifier: "LogType"
})
/**
 * A value of {@link LogType}.
 *
 * @category models
 * @since 0.1.0
 */
export type LogType = typeof LogType.Type

/**
 * Asks the station to upload a log.
 *
 * **Details**
 *
 * 1.6 has two actions for it: a request with a `requestId`, or for the security log, is a GetLog of the security extension,
 * and a request for the diagnostics log without a `requestId` is a GetDiagnostics, which stations without the extension
 * know, too, as those of 1.5 do.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetLogRequest extends Schema.Opaque<GetLogRequest>()(
  Schema.Struct({
    log: LogParameters,
    logType: LogType,
    /**
     * Comes back in `LogStatusNotification`, but from a station of 1.5, and of 1.6 without the security extension: it has one
     * upload at a time, and tells of it without an id. A station of 1.6 is asked for its diagnostics by GetLog if there is an
     * id, and if it does not know that, by GetDiagnostics without the id.
     */
    requestId: Schema.optionalKey(Schema.Int),
    /** How often to try to upload it; absent: the station chooses. */
    retries: Schema.optionalKey(Schema.Int),
    /** Between two tries, in whole seconds; absent: the station chooses. */
    retryInterval: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "GetLogRequest" })
) {}

/**
 * Whether a log will be uploaded; `AcceptedCanceled`: another upload is given up for it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LogStatus = Schema.Literals(["Accepted", "Rejected", "AcceptedCanceled"]).annotate({
  identifier: "LogStatus"
})
/**
 * A value of {@link LogStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type LogStatus = typeof LogStatus.Type

/**
 * Whether the log will be uploaded, and under which name.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetLogResponse extends Schema.Opaque<GetLogResponse>()(
  Schema.Struct({
    status: LogStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** Absent: there is nothing to upload. */
    filename: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "GetLogResponse" })
) {}

/**
 * Asks the station to upload a log.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetLog = Action.make("GetLog", {
  from: "csms",
  block: "Diagnostics",
  request: GetLogRequest,
  response: GetLogResponse
})

/**
 * How far an upload has come. `Idle`: there is none.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UploadLogStatus = Schema.Literals([
  "BadMessage",
  "Idle",
  "NotSupportedOperation",
  "PermissionDenied",
  "Uploaded",
  "UploadFailure",
  "Uploading",
  "AcceptedCanceled"
]).annotate({ identifier: "UploadLogStatus" })
/**
 * A value of {@link UploadLogStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type UploadLogStatus = typeof UploadLogStatus.Type

/**
 * The station tells how far an upload has come.
 *
 * @category messages
 * @since 0.1.0
 */
export class LogStatusNotificationRequest extends Schema.Opaque<LogStatusNotificationRequest>()(
  Schema.Struct({
    status: UploadLogStatus,
    /** That of `GetLog`. Absent: there is no upload, or one without an id, as in 1.x without the security extension. */
    requestId: Schema.optionalKey(Schema.Int),
    /** Of 2.1. */
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "LogStatusNotificationRequest" })
) {}

/**
 * The status was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class LogStatusNotificationResponse extends Schema.Opaque<LogStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "LogStatusNotificationResponse" })
) {}

/**
 * Tells how far an upload has come.
 *
 * @category actions
 * @since 0.1.0
 */
export const LogStatusNotification = Action.make("LogStatusNotification", {
  from: "station",
  block: "Diagnostics",
  request: LogStatusNotificationRequest,
  response: LogStatusNotificationResponse
})
