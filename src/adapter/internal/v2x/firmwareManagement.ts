/**
 * Updates of firmware.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { same } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { type Dialect, nothing, outcome, statusInfo, table } from "./common.ts"
import { noStatusInfo } from "./diagnostics.ts"

const firmware = table<V21.FirmwareType, Domain.Firmware>(({ field }) => [
  field("location", "location"),
  field("retrieveDateTime", "retrieveDateTime", instant),
  field("installDateTime", "installDateTime", instant),
  field("signingCertificate", "signingCertificate"),
  field("signature", "signature")
])

export const firmwareManagement = ({ since21, version }: Dialect) => ({
  UpdateFirmware: {
    request: table<V21.UpdateFirmwareRequest, Domain.UpdateFirmwareRequest>(({ field }) => [
      field("requestId", "requestId", undefined, { needed: `${version} asks for the id of an update` }),
      field("firmware", "firmware", firmware),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    response: outcome(same<Domain.UpdateFirmwareStatus>())
  },
  FirmwareStatusNotification: {
    request: table<V21.FirmwareStatusNotificationRequest, Domain.FirmwareStatusNotificationRequest>(({ field }) => [
      field("status", "status"),
      field("requestId", "requestId"),
      ...since21("dropped", noStatusInfo, field("statusInfo", "statusInfo", statusInfo))
    ]),
    response: nothing
  }
})
