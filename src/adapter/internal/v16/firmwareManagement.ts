/**
 * Updates of firmware: signed ones by the security extension, the others by the profile of 1.6.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { translation } from "../Translation.ts"
import { refused, same, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { instant, seconds } from "../values.ts"
import { noPlace, nothing, outcome } from "./common.ts"

const ofSignedFirmware = "1.6 has it for signed firmware only"

export const firmwareManagement = [
  translation(
    Domain.UpdateFirmware,
    V16.SignedUpdateFirmware,
    table(({ field }) => [
      field("requestId", "requestId", undefined, { needed: "1.6 asks for the id of an update of signed firmware" }),
      field("firmware.location", "firmware.location"),
      field("firmware.retrieveDateTime", "firmware.retrieveDateTime", instant),
      field("firmware.installDateTime", "firmware.installDateTime", instant),
      field("firmware.signingCertificate", "firmware.signingCertificate", undefined, {
        needed: "a signature comes with its certificate"
      }),
      field("firmware.signature", "firmware.signature", undefined, {
        needed: "a signing certificate comes with a signature"
      }),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    outcome(same<Domain.UpdateFirmwareStatus>()),
    ({ firmware }) => firmware.signingCertificate !== undefined || firmware.signature !== undefined
  ),
  translation(
    Domain.UpdateFirmware,
    V16.UpdateFirmware,
    table(({ dropped, field, unsaid }) => [
      field("location", "firmware.location"),
      field("retrieveDate", "firmware.retrieveDateTime", instant),
      unsaid("firmware.installDateTime", ofSignedFirmware),
      unsaid("firmware.signingCertificate", ofSignedFirmware),
      unsaid("firmware.signature", ofSignedFirmware),
      dropped(
        { generic: "requestId" },
        "a station of 1.6 has one such update at a time, and tells of it without an id"
      ),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    table(({ dropped, together }) => [
      together({
        wire: [],
        generic: ["status"],
        decode: () => ({ status: "Accepted" }),
        encode: ({ status }, losses) => {
          if (!status.startsWith("Accepted")) losses.add("1.6 cannot refuse to install unsigned firmware", "status")
          return {}
        }
      }),
      dropped({ generic: "statusInfo" }, "an answer of 1.6 is empty")
    ])
  ),
  translation(
    Domain.FirmwareStatusNotification,
    V16.SignedFirmwareStatusNotification,
    table(({ dropped, field }) => [
      field("status", "status"),
      field("requestId", "requestId"),
      dropped({ generic: "statusInfo" }, noPlace)
    ]),
    nothing,
    ({ requestId }) => requestId !== undefined
  ),
  translation(
    Domain.FirmwareStatusNotification,
    V16.FirmwareStatusNotification,
    table(({ dropped, field, unsaid }) => [
      field(
        "status",
        "status",
        words<V16.FirmwareStatus, Domain.FirmwareStatus>({
          encoded: {
            DownloadPaused: refused(ofSignedFirmware),
            DownloadScheduled: refused(ofSignedFirmware),
            InstallRebooting: "Installing",
            InstallScheduled: refused(ofSignedFirmware),
            InstallVerificationFailed: "InstallationFailed",
            InvalidSignature: "InstallationFailed",
            SignatureVerified: refused(ofSignedFirmware)
          },
          decoded: {}
        })
      ),
      unsaid("requestId", ofSignedFirmware),
      dropped({ generic: "statusInfo" }, noPlace)
    ]),
    nothing
  )
]
