/**
 * Uploads of diagnostics and updates of firmware. 1.5 tells only how they end.
 */
import * as Domain from "../../../domain/index.ts"
import * as V15 from "../../../v15/index.ts"
import { refused, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { translation } from "../Translation.ts"
import { getDiagnostics, updateFirmware } from "../v1x/files.ts"
import { noPlace, nothing, v15 } from "./common.ts"

const noId = "a station of 1.5 has one upload at a time, and tells of it without an id"

const uploadsEnd = refused("1.5 tells only how an upload has ended")

const updatesEnd = refused("1.5 tells only how the download and the installation have ended")

export const files = [
  getDiagnostics(v15, V15.GetDiagnostics, ({ dropped }) => dropped({ generic: "requestId" }, noId)),
  translation(
    Domain.LogStatusNotification,
    V15.DiagnosticsStatusNotification,
    table(({ dropped, field }) => [
      field(
        "status",
        "status",
        words<V15.DiagnosticsStatus, Domain.UploadLogStatus>({
          encoded: {
            AcceptedCanceled: "UploadFailed",
            BadMessage: "UploadFailed",
            Idle: uploadsEnd,
            NotSupportedOperation: "UploadFailed",
            PermissionDenied: "UploadFailed",
            UploadFailure: "UploadFailed",
            Uploading: uploadsEnd
          },
          decoded: { UploadFailed: "UploadFailure" }
        })
      ),
      dropped({ generic: "requestId" }, noId),
      dropped({ generic: "statusInfo" }, noPlace)
    ]),
    nothing
  ),
  updateFirmware(v15, V15.UpdateFirmware, "1.5 knows neither signed firmware nor a time to install it"),
  translation(
    Domain.FirmwareStatusNotification,
    V15.FirmwareStatusNotification,
    table(({ dropped, field }) => [
      field(
        "status",
        "status",
        words<V15.FirmwareStatus, Domain.FirmwareStatus>({
          encoded: {
            Downloading: updatesEnd,
            DownloadPaused: updatesEnd,
            DownloadScheduled: updatesEnd,
            Idle: updatesEnd,
            Installing: updatesEnd,
            InstallRebooting: updatesEnd,
            InstallScheduled: updatesEnd,
            InstallVerificationFailed: "InstallationFailed",
            InvalidSignature: "InstallationFailed",
            SignatureVerified: updatesEnd
          },
          decoded: {}
        })
      ),
      dropped(
        { generic: "requestId" },
        "a station of 1.5 has one such update at a time, and tells of it without an id"
      ),
      dropped({ generic: "statusInfo" }, noPlace)
    ]),
    nothing
  )
]
