/**
 * Updates of firmware.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { same } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { nothing, outcome, table } from "./common.ts"

const firmware = table<V201.FirmwareType, Domain.Firmware>(({ field }) => [
  field("location", "location"),
  field("retrieveDateTime", "retrieveDateTime", instant),
  field("installDateTime", "installDateTime", instant),
  field("signingCertificate", "signingCertificate"),
  field("signature", "signature")
])

export const firmwareManagement = [
  translation(
    Domain.UpdateFirmware,
    V201.UpdateFirmware,
    table(({ field }) => [
      field("requestId", "requestId", undefined, { needed: "2.0.1 asks for the id of an update" }),
      field("firmware", "firmware", firmware),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    outcome(same<Domain.UpdateFirmwareStatus>())
  ),
  translation(
    Domain.FirmwareStatusNotification,
    V201.FirmwareStatusNotification,
    table(({ field }) => [field("status", "status"), field("requestId", "requestId")]),
    nothing
  )
]
