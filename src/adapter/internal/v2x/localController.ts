/**
 * Firmware that a local controller offers to the stations behind it.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { same } from "../BothWays.ts"
import { seconds } from "../values.ts"
import { type Dialect, nothing, outcome, statusInfo, table } from "./common.ts"
import { noStatusInfo } from "./diagnostics.ts"

export const localController = ({ since21 }: Dialect) => ({
  PublishFirmware: {
    request: table<V21.PublishFirmwareRequest, Domain.PublishFirmwareRequest>(({ alike, field }) => [
      ...alike("requestId", "location", "checksum", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    response: outcome(same<Domain.GenericStatus>())
  },
  PublishFirmwareStatusNotification: {
    request: table<V21.PublishFirmwareStatusNotificationRequest, Domain.PublishFirmwareStatusNotificationRequest>(
      ({ alike, field }) => [
        ...alike("status", "location", "requestId"),
        ...since21("dropped", noStatusInfo, field("statusInfo", "statusInfo", statusInfo))
      ]
    ),
    response: nothing
  },
  UnpublishFirmware: {
    request: table<V21.UnpublishFirmwareRequest, Domain.UnpublishFirmwareRequest>(({ alike }) => alike("checksum")),
    response: table<V21.UnpublishFirmwareResponse, Domain.UnpublishFirmwareResponse>(({ alike }) => alike("status"))
  }
})
