/**
 * Uploads of logs.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { instant, seconds } from "../values.ts"
import { nothing, statusInfo, table } from "./common.ts"

const log = table<V201.LogParametersType, Domain.LogParameters>(({ field }) => [
  field("remoteLocation", "remoteLocation"),
  field("oldestTimestamp", "oldestTimestamp", instant),
  field("latestTimestamp", "latestTimestamp", instant)
])

export const diagnostics = [
  translation(
    Domain.GetLog,
    V201.GetLog,
    table(({ field }) => [
      field("log", "log", log),
      field("logType", "logType"),
      field("requestId", "requestId", undefined, { needed: "2.0.1 asks for the id of an upload" }),
      field("retries", "retries"),
      field("retryInterval", "retryInterval", seconds)
    ]),
    table(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("filename", "filename")
    ])
  ),
  translation(
    Domain.LogStatusNotification,
    V201.LogStatusNotification,
    table(({ field }) => [field("status", "status"), field("requestId", "requestId")]),
    nothing
  )
]
