/**
 * The Firmware Management profile of OCPP 1.6: unsigned firmware updates and the upload of diagnostics.
 *
 * With the security extension, SignedUpdateFirmware and GetLog of {@link ./Security.ts} take the place of both.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import { AnyURI } from "../Uri.ts"
import * as Wire from "../Wire.ts"

/**
 * How far the upload of diagnostics has come. `Idle` only answers a TriggerMessage.
 *
 * @see OCPP 1.6 §7.24
 * @category schemas
 * @since 0.1.0
 */
export const DiagnosticsStatus = Schema.Literals(["Idle", "Uploaded", "UploadFailed", "Uploading"]).annotate({
  identifier: "DiagnosticsStatus"
})
/**
 * A value of {@link DiagnosticsStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type DiagnosticsStatus = typeof DiagnosticsStatus.Type

/**
 * The station reports on the upload that GetDiagnostics asked for.
 *
 * @see OCPP 1.6 §4.4, §6.17
 * @category messages
 * @since 0.1.0
 */
export class DiagnosticsStatusNotificationRequest extends Schema.Opaque<DiagnosticsStatusNotificationRequest>()(
  Schema.Struct({
    status: DiagnosticsStatus
  }).annotate({ identifier: "DiagnosticsStatusNotificationRequest" })
) {}

/**
 * The central system has the status.
 *
 * @see OCPP 1.6 §4.4, §6.18
 * @category messages
 * @since 0.1.0
 */
export class DiagnosticsStatusNotificationResponse extends Schema.Opaque<DiagnosticsStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "DiagnosticsStatusNotificationResponse" })
) {}

/**
 * Reports on an upload of diagnostics.
 *
 * @category actions
 * @since 0.1.0
 */
export const DiagnosticsStatusNotification = Action.make("DiagnosticsStatusNotification", {
  from: "station",
  block: "FirmwareManagement",
  request: DiagnosticsStatusNotificationRequest,
  response: DiagnosticsStatusNotificationResponse
})

/**
 * How far a firmware update has come. `Idle` only answers a TriggerMessage.
 *
 * @see OCPP 1.6 §7.25
 * @category schemas
 * @since 0.1.0
 */
export const FirmwareStatus = Schema.Literals([
  "Downloaded",
  "DownloadFailed",
  "Downloading",
  "Idle",
  "InstallationFailed",
  "Installing",
  "Installed"
]).annotate({ identifier: "FirmwareStatus" })
/**
 * A value of {@link FirmwareStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type FirmwareStatus = typeof FirmwareStatus.Type

/**
 * The station reports on the update that UpdateFirmware asked for.
 *
 * @see OCPP 1.6 §4.5, §6.19
 * @category messages
 * @since 0.1.0
 */
export class FirmwareStatusNotificationRequest extends Schema.Opaque<FirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: FirmwareStatus
  }).annotate({ identifier: "FirmwareStatusNotificationRequest" })
) {}

/**
 * The central system has the status.
 *
 * @see OCPP 1.6 §4.5, §6.20
 * @category messages
 * @since 0.1.0
 */
export class FirmwareStatusNotificationResponse extends Schema.Opaque<FirmwareStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "FirmwareStatusNotificationResponse" })
) {}

/**
 * Reports on a firmware update.
 *
 * @category actions
 * @since 0.1.0
 */
export const FirmwareStatusNotification = Action.make("FirmwareStatusNotification", {
  from: "station",
  block: "FirmwareManagement",
  request: FirmwareStatusNotificationRequest,
  response: FirmwareStatusNotificationResponse
})

/**
 * The central system asks the station to upload a file with diagnostics.
 *
 * @see OCPP 1.6 §5.9, §6.25
 * @category messages
 * @since 0.1.0
 */
export class GetDiagnosticsRequest extends Schema.Opaque<GetDiagnosticsRequest>()(
  Schema.Struct({
    /** The directory to upload to. It may hold a password. */
    location: AnyURI,
    /** Absent: the station chooses. */
    retries: Schema.optionalKey(Wire.Integer),
    /** Seconds; absent: the station chooses. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    /** The oldest entry to include. */
    startTime: Schema.optionalKey(Timestamp),
    /** The latest entry to include. */
    stopTime: Schema.optionalKey(Timestamp)
  }).annotate({ identifier: "GetDiagnosticsRequest" })
) {}

/**
 * The name of the file that will be uploaded.
 *
 * @see OCPP 1.6 §5.9, §6.26
 * @category messages
 * @since 0.1.0
 */
export class GetDiagnosticsResponse extends Schema.Opaque<GetDiagnosticsResponse>()(
  Schema.Struct({
    /** Absent: there is nothing to upload. */
    fileName: Schema.optionalKey(Wire.text(255))
  }).annotate({ identifier: "GetDiagnosticsResponse" })
) {}

/**
 * Asks the station to upload diagnostics.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetDiagnostics = Action.make("GetDiagnostics", {
  from: "csms",
  block: "FirmwareManagement",
  request: GetDiagnosticsRequest,
  response: GetDiagnosticsResponse
})

/**
 * The central system asks the station to download and install firmware. The answer has no way to refuse.
 *
 * @see OCPP 1.6 §5.19, §6.55
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareRequest extends Schema.Opaque<UpdateFirmwareRequest>()(
  Schema.Struct({
    /** The file to download. It may hold a password. */
    location: AnyURI,
    /** Absent: the station chooses. */
    retries: Schema.optionalKey(Wire.Integer),
    /** Not to be downloaded before. */
    retrieveDate: Timestamp,
    /** Seconds; absent: the station chooses. */
    retryInterval: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "UpdateFirmwareRequest" })
) {}

/**
 * The station has the request; FirmwareStatusNotification tells what comes of it.
 *
 * @see OCPP 1.6 §5.19, §6.56
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareResponse extends Schema.Opaque<UpdateFirmwareResponse>()(
  Wire.Empty.annotate({ identifier: "UpdateFirmwareResponse" })
) {}

/**
 * Asks the station to update its firmware.
 *
 * @category actions
 * @since 0.1.0
 */
export const UpdateFirmware = Action.make("UpdateFirmware", {
  from: "csms",
  block: "FirmwareManagement",
  request: UpdateFirmwareRequest,
  response: UpdateFirmwareResponse
})
