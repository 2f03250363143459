/**
 * Monitors of variables, and what they tell.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { below, type BothWays, list, type Losses, refused, same } from "../BothWays.ts"
import { decimal, exactSeconds, instant, seconds } from "../values.ts"
import { type Dialect, nothing, outcome, statusInfo, table } from "./common.ts"
import { component, name } from "./deviceModel.ts"
import { componentVariable, deviceModelOutcome } from "./reports.ts"

const typeOf = ({ words }: Dialect) => {
  const noTargets = refused("2.0.1 has no monitors of a target")
  return words<V201.MonitorEnumType, V21.MonitorEnumType, Domain.MonitorType>({
    TargetDelta: noTargets,
    TargetDeltaRelative: noTargets
  })
}

/** 2.x has one number, `value`, for two things: a value of the variable, or an interval in seconds. */
type Told = Pick<V21.VariableMonitoringType, "type" | "value">

const triggerOf = (types: BothWays<V21.MonitorEnumType, Domain.MonitorType>) =>
  ({
    wire: ["type", "value"],
    generic: ["trigger"],
    notes: below("trigger.type", types.notes),
    decode: ({ type, value }: Told, losses: Losses): { readonly trigger: Domain.MonitorTrigger } => ({
      trigger: losses.below("trigger", () =>
        type === "Periodic" || type === "PeriodicClockAligned"
          ? { type, interval: exactSeconds.decode(value, losses) }
          : { type, value: decimal.decode(value, losses) }
      )
    }),
    encode: ({ trigger }: { readonly trigger: Domain.MonitorTrigger }, losses: Losses): Told =>
      losses.below("trigger", () => ({
        type: losses.below("type", () => types.encode(trigger.type, losses)),
        value:
          "interval" in trigger ? exactSeconds.encode(trigger.interval, losses) : decimal.encode(trigger.value, losses)
      }))
  }) as const

/** How often the values of a monitor are told in a stream. */
export const streamParams = table<V21.PeriodicEventStreamParamsType, Domain.PeriodicEventStreamParams>(({ field }) => [
  field("interval", "interval", seconds),
  field("values", "values")
])

const monitorsToSet = (dialect: Dialect) => {
  const type = typeOf(dialect)
  const monitor = table<V21.SetMonitoringDataType, Domain.SetMonitoringData>(({ alike, field, together }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    together(triggerOf(type)),
    ...alike("severity", "id", "transaction"),
    ...dialect.since21(
      "omissible",
      "2.0.1 has no streams; it tells all by NotifyEvent",
      field("periodicEventStream", "periodicEventStream", streamParams)
    )
  ])
  const result = table<V21.SetMonitoringResultType, Domain.SetMonitoringResult>(({ alike, field }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    field("type", "type", type),
    ...alike("severity", "status", "id"),
    field("statusInfo", "statusInfo", statusInfo)
  ])
  return {
    request: table<V21.SetVariableMonitoringRequest, Domain.SetVariableMonitoringRequest>(({ field }) => [
      field("setMonitoringData", "monitors", list(monitor))
    ]),
    response: table<V21.SetVariableMonitoringResponse, Domain.SetVariableMonitoringResponse>(({ field }) => [
      field("setMonitoringResult", "results", list(result))
    ])
  }
}

const clearResult = table<V21.ClearMonitoringResultType, Domain.ClearMonitoringResult>(({ field }) => [
  field("id", "id"),
  field("status", "status"),
  field("statusInfo", "statusInfo", statusInfo)
])

const report = (dialect: Dialect) => {
  const monitor = table<V21.VariableMonitoringType, Domain.VariableMonitoring>(({ alike, field, together }) => [
    field("id", "id"),
    together(triggerOf(typeOf(dialect))),
    ...alike("severity", "transaction"),
    ...dialect.since21(
      "dropped",
      "2.0.1 tells it with the events",
      field("eventNotificationType", "eventNotificationType", undefined, { needed: "2.1 tells who has set a monitor" })
    )
  ])
  const monitors = table<V21.MonitoringDataType, Domain.MonitoringData>(({ field }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    field("variableMonitoring", "variableMonitoring", list(monitor))
  ])
  return table<V21.NotifyMonitoringReportRequest, Domain.NotifyMonitoringReportRequest>(({ alike, field }) => [
    ...alike("requestId", "seqNo", "tbc"),
    field("generatedAt", "generatedAt", instant),
    field("monitor", "monitors", list(monitors))
  ])
}

const events = ({ since21 }: Dialect) => {
  const event = table<V21.EventDataType, Domain.EventData>(({ alike, field }) => [
    ...alike("eventId", "trigger", "cause", "actualValue", "techCode", "techInfo", "cleared", "transactionId"),
    ...alike("variableMonitoringId", "eventNotificationType"),
    field("timestamp", "timestamp", instant),
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    ...since21("dropped", "2.0.1 tells it with the monitor", field("severity", "severity"))
  ])
  return table<V21.NotifyEventRequest, Domain.NotifyEventRequest>(({ alike, field }) => [
    ...alike("seqNo", "tbc"),
    field("generatedAt", "generatedAt", instant),
    field("eventData", "eventData", list(event))
  ])
}

export const monitoring = (dialect: Dialect) => ({
  SetMonitoringBase: {
    request: table<V21.SetMonitoringBaseRequest, Domain.SetMonitoringBaseRequest>(({ alike }) =>
      alike("monitoringBase")
    ),
    response: deviceModelOutcome
  },
  SetVariableMonitoring: monitorsToSet(dialect),
  SetMonitoringLevel: {
    request: table<V21.SetMonitoringLevelRequest, Domain.SetMonitoringLevelRequest>(({ alike }) => alike("severity")),
    response: outcome(same<Domain.GenericStatus>())
  },
  ClearVariableMonitoring: {
    request: table<V21.ClearVariableMonitoringRequest, Domain.ClearVariableMonitoringRequest>(({ alike }) =>
      alike("id")
    ),
    response: table<V21.ClearVariableMonitoringResponse, Domain.ClearVariableMonitoringResponse>(({ field }) => [
      field("clearMonitoringResult", "results", list(clearResult))
    ])
  },
  GetMonitoringReport: {
    request: table<V21.GetMonitoringReportRequest, Domain.GetMonitoringReportRequest>(({ alike, field }) => [
      ...alike("requestId"),
      field("monitoringCriteria", "monitoringCriteria", undefined, { empty: "all monitors" }),
      field("componentVariable", "componentVariable", list(componentVariable), { empty: "all of them" })
    ]),
    response: deviceModelOutcome
  },
  NotifyMonitoringReport: { request: report(dialect), response: nothing },
  NotifyEvent: { request: events(dialect), response: nothing }
})
