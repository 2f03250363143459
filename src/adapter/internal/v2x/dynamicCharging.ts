/**
 * Priority charging, and profiles that change, which only 2.1 has.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { words } from "../BothWays.ts"
import { nothing, outcome, statusInfo, table } from "./common.ts"

const update = table<V21.ChargingScheduleUpdateType, Domain.ChargingScheduleUpdate>(({ alike }) => [
  ...alike("limit", "limit_L2", "limit_L3", "dischargeLimit", "dischargeLimit_L2", "dischargeLimit_L3"),
  ...alike("setpoint", "setpoint_L2", "setpoint_L3"),
  ...alike("setpointReactive", "setpointReactive_L2", "setpointReactive_L3")
])

/** What became of a profile. Only 1.6 has `NotSupported`, so 2.x tells it as `Rejected`. */
export const profileStatus = words<V21.ChargingProfileStatusEnumType, Domain.ChargingProfileStatus>({
  encoded: { NotSupported: "Rejected" },
  decoded: {}
})

export const dynamicCharging = () => ({
  UsePriorityCharging: {
    request: table<V21.UsePriorityChargingRequest, Domain.UsePriorityChargingRequest>(({ alike }) =>
      alike("transactionId", "activate")
    ),
    response: table<V21.UsePriorityChargingResponse, Domain.UsePriorityChargingResponse>(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo)
    ])
  },
  NotifyPriorityCharging: {
    request: table<V21.NotifyPriorityChargingRequest, Domain.NotifyPriorityChargingRequest>(({ alike }) =>
      alike("transactionId", "activated")
    ),
    response: nothing
  },
  PullDynamicScheduleUpdate: {
    request: table<V21.PullDynamicScheduleUpdateRequest, Domain.PullDynamicScheduleUpdateRequest>(({ alike }) =>
      alike("chargingProfileId")
    ),
    response: table<V21.PullDynamicScheduleUpdateResponse, Domain.PullDynamicScheduleUpdateResponse>(({ field }) => [
      field("status", "status", profileStatus),
      field("statusInfo", "statusInfo", statusInfo),
      field("scheduleUpdate", "scheduleUpdate", update)
    ])
  },
  UpdateDynamicSchedule: {
    request: table<V21.UpdateDynamicScheduleRequest, Domain.UpdateDynamicScheduleRequest>(({ field }) => [
      field("chargingProfileId", "chargingProfileId"),
      field("scheduleUpdate", "scheduleUpdate", update)
    ]),
    response: outcome(profileStatus)
  }
})
