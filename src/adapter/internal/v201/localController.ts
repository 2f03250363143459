/**
 * Firmware that a local controller offers to the stations behind it.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { seconds } from "../values.ts"
import { nothing, outcome, table } from "./common.ts"

export const localController = [
  translation(
    Domain.PublishFirmware,
    V201.PublishFirmware,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("location", "location"),
      field("checksum", "checksum"),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    outcome(same<Domain.GenericStatus>())
  ),
  translation(
    Domain.PublishFirmwareStatusNotification,
    V201.PublishFirmwareStatusNotification,
    table(({ field }) => [field("status", "status"), field("location", "location"), field("requestId", "requestId")]),
    nothing
  ),
  translation(
    Domain.UnpublishFirmware,
    V201.UnpublishFirmware,
    table(({ field }) => [field("checksum", "checksum")]),
    table(({ field }) => [field("status", "status")])
  )
]
