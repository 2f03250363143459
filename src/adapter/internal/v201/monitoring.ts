/**
 * Monitors of variables, and what they tell.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { list, type Losses, same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { decimal, exactSeconds, instant } from "../values.ts"
import { nothing, outcome, statusInfo, table } from "./common.ts"
import { component, name } from "./deviceModel.ts"
import { componentVariable, deviceModelOutcome } from "./reports.ts"

/** One number for two things: a value of the variable, or an interval. */
type Told = Pick<V201.VariableMonitoringType, "type" | "value">

const trigger = {
  wire: ["type", "value"],
  generic: ["trigger"],
  decode: ({ type, value }: Told, losses: Losses): { readonly trigger: Domain.MonitorTrigger } => {
    const before = losses.violations.length
    const fires =
      type === "Periodic" || type === "PeriodicClockAligned"
        ? { type, interval: exactSeconds.decode(value, losses) }
        : { type, value: decimal.decode(value, losses) }
    losses.within(before, "trigger")
    return { trigger: fires }
  },
  encode: ({ trigger: fires }: { readonly trigger: Domain.MonitorTrigger }, losses: Losses): Told => {
    const before = losses.violations.length
    const value =
      "interval" in fires ? exactSeconds.encode(fires.interval, losses) : decimal.encode(fires.value, losses)
    losses.within(before, "trigger")
    return { type: fires.type, value }
  }
} as const

const monitorToSet = table<V201.SetMonitoringDataType, Domain.SetMonitoringData>(({ field, together }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  together(trigger),
  field("severity", "severity"),
  field("id", "id"),
  field("transaction", "transaction")
])

const setResult = table<V201.SetMonitoringResultType, Domain.SetMonitoringResult>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("type", "type"),
  field("severity", "severity"),
  field("status", "status"),
  field("statusInfo", "statusInfo", statusInfo),
  field("id", "id")
])

const clearResult = table<V201.ClearMonitoringResultType, Domain.ClearMonitoringResult>(({ field }) => [
  field("id", "id"),
  field("status", "status"),
  field("statusInfo", "statusInfo", statusInfo)
])

const monitor = table<V201.VariableMonitoringType, Domain.VariableMonitoring>(({ field, together }) => [
  field("id", "id"),
  together(trigger),
  field("severity", "severity"),
  field("transaction", "transaction")
])

const monitors = table<V201.MonitoringDataType, Domain.MonitoringData>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("variableMonitoring", "variableMonitoring", list(monitor))
])

const event = table<V201.EventDataType, Domain.EventData>(({ field }) => [
  field("eventId", "eventId"),
  field("timestamp", "timestamp", instant),
  field("trigger", "trigger"),
  field("cause", "cause"),
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("actualValue", "actualValue"),
  field("techCode", "techCode"),
  field("techInfo", "techInfo"),
  field("cleared", "cleared"),
  field("transactionId", "transactionId"),
  field("variableMonitoringId", "variableMonitoringId"),
  field("eventNotificationType", "eventNotificationType")
])

export const monitoring = [
  translation(
    Domain.SetMonitoringBase,
    V201.SetMonitoringBase,
    table(({ field }) => [field("monitoringBase", "monitoringBase")]),
    deviceModelOutcome
  ),
  translation(
    Domain.SetVariableMonitoring,
    V201.SetVariableMonitoring,
    table(({ field }) => [field("setMonitoringData", "monitors", list(monitorToSet))]),
    table(({ field }) => [field("setMonitoringResult", "results", list(setResult))])
  ),
  translation(
    Domain.SetMonitoringLevel,
    V201.SetMonitoringLevel,
    table(({ field }) => [field("severity", "severity")]),
    outcome(same<Domain.GenericStatus>())
  ),
  translation(
    Domain.ClearVariableMonitoring,
    V201.ClearVariableMonitoring,
    table(({ field }) => [field("id", "id")]),
    table(({ field }) => [field("clearMonitoringResult", "results", list(clearResult))])
  ),
  translation(
    Domain.GetMonitoringReport,
    V201.GetMonitoringReport,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("componentVariable", "componentVariable", list(componentVariable)),
      field("monitoringCriteria", "monitoringCriteria")
    ]),
    deviceModelOutcome
  ),
  translation(
    Domain.NotifyMonitoringReport,
    V201.NotifyMonitoringReport,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("generatedAt", "generatedAt", instant),
      field("seqNo", "seqNo"),
      field("tbc", "tbc"),
      field("monitor", "monitors", list(monitors))
    ]),
    nothing
  ),
  translation(
    Domain.NotifyEvent,
    V201.NotifyEvent,
    table(({ field }) => [
      field("generatedAt", "generatedAt", instant),
      field("seqNo", "seqNo"),
      field("tbc", "tbc"),
      field("eventData", "eventData", list(event))
    ]),
    nothing
  )
]
