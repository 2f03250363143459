/**
 * A station presents itself, shows that it is there, and is started anew; and what a vendor adds.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { refused, same } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { type Dialect, nothing, outcome, statusInfo, table } from "./common.ts"

export const provisioning = ({ version, words }: Dialect) => ({
  BootNotification: {
    request: table<V21.BootNotificationRequest, Domain.BootNotificationRequest>(({ field, omissible, together }) => [
      field("chargingStation.vendorName", "chargingStation.vendorName"),
      field("chargingStation.model", "chargingStation.model"),
      field("chargingStation.serialNumber", "chargingStation.serialNumber"),
      field("chargingStation.firmwareVersion", "chargingStation.firmwareVersion"),
      field("chargingStation.modem.iccid", "chargingStation.modem.iccid"),
      field("chargingStation.modem.imsi", "chargingStation.modem.imsi"),
      omissible("chargingStation.meter", `${version} tells it by variables of the meter`),
      omissible("chargingStation.chargeBoxSerialNumber", `${version} has one serial number`),
      together({
        wire: ["reason"],
        generic: ["reason"],
        decode: ({ reason }) => ({ reason }),
        notes: [{ path: "reason", fate: "changed", why: "without it, it becomes Unknown" }],
        encode: ({ reason = "Unknown" }) => ({ reason })
      })
    ]),
    response: table<V21.BootNotificationResponse, Domain.BootNotificationResponse>(({ field }) => [
      field("currentTime", "currentTime", instant),
      field("interval", "interval", seconds),
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo)
    ])
  },
  Heartbeat: {
    request: nothing,
    response: table<V21.HeartbeatResponse, Domain.HeartbeatResponse>(({ field }) => [
      field("currentTime", "currentTime", instant)
    ])
  },
  Reset: {
    request: table<V21.ResetRequest, Domain.ResetRequest>(({ field }) => [
      field(
        "type",
        "type",
        words<V201.ResetEnumType, V21.ResetEnumType, Domain.ResetType>({
          ImmediateAndResume: refused("in 2.0.1 a transaction ends with a reset")
        })
      ),
      field("evseId", "evseId")
    ]),
    response: outcome(same<Domain.ResetStatus>())
  },
  DataTransfer: {
    request: table<V21.DataTransferRequest, Domain.DataTransferRequest>(({ field }) => [
      field("vendorId", "vendorId"),
      field("messageId", "messageId"),
      field("data", "data")
    ]),
    response: table<V21.DataTransferResponse, Domain.DataTransferResponse>(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("data", "data")
    ])
  }
})
