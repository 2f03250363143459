/**
 * Uploads of logs.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { refused } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { type Dialect, nothing, statusInfo, table } from "./common.ts"

const log = table<V21.LogParametersType, Domain.LogParameters>(({ field }) => [
  field("remoteLocation", "remoteLocation"),
  field("oldestTimestamp", "oldestTimestamp", instant),
  field("latestTimestamp", "latestTimestamp", instant)
])

export const diagnostics = ({ since21, version, words }: Dialect) => ({
  GetLog: {
    request: table<V21.GetLogRequest, Domain.GetLogRequest>(({ field }) => [
      field("log", "log", log),
      field(
        "logType",
        "logType",
        words<V201.LogEnumType, V21.LogEnumType, Domain.LogType>({
          DataCollectorLog: refused("2.0.1 does not know this log")
        })
      ),
      field("requestId", "requestId", undefined, { needed: `${version} asks for the id of an upload` }),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    response: table<V21.GetLogResponse, Domain.GetLogResponse>(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("filename", "filename")
    ])
  },
  LogStatusNotification: {
    request: table<V21.LogStatusNotificationRequest, Domain.LogStatusNotificationRequest>(({ field }) => [
      field("status", "status"),
      field("requestId", "requestId"),
      ...since21("dropped", noStatusInfo, field("statusInfo", "statusInfo", statusInfo))
    ]),
    response: nothing
  }
})

/** Why 2.0.1 does not say more about a status that a station tells. */
export const noStatusInfo = "2.0.1 tells the status only"
