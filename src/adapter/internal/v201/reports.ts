/**
 * Reports of the variables of a station.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { list, same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { decimal, instant } from "../values.ts"
import { nothing, outcome, table } from "./common.ts"
import { component, name } from "./deviceModel.ts"

export const componentVariable = table<V201.ComponentVariableType, Domain.ComponentVariable>(({ field }) => [
  field("component", "component", component),
  field("variable", "variable", name)
])

const attribute = table<V201.VariableAttributeType, Domain.VariableAttribute>(({ field }) => [
  field("type", "aspect"),
  field("value", "value"),
  field("mutability", "mutability"),
  field("persistent", "persistent"),
  field("constant", "constant")
])

const characteristics = table<V201.VariableCharacteristicsType, Domain.VariableCharacteristics>(({ field }) => [
  field("dataType", "dataType"),
  field("unit", "unit"),
  field("minLimit", "minLimit", decimal),
  field("maxLimit", "maxLimit", decimal),
  field("valuesList", "valuesList"),
  field("supportsMonitoring", "supportsMonitoring")
])

const reportData = table<V201.ReportDataType, Domain.ReportData>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("variableAttribute", "variableAttribute", list(attribute)),
  field("variableCharacteristics", "variableCharacteristics", characteristics)
])

/** Whether a report follows, or a set of monitors is chosen. */
export const deviceModelOutcome = outcome(same<Domain.GenericDeviceModelStatus>())

export const reports = [
  translation(
    Domain.GetBaseReport,
    V201.GetBaseReport,
    table(({ field }) => [field("requestId", "requestId"), field("reportBase", "reportBase")]),
    deviceModelOutcome
  ),
  translation(
    Domain.GetReport,
    V201.GetReport,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("componentVariable", "componentVariable", list(componentVariable)),
      field("componentCriteria", "componentCriteria")
    ]),
    deviceModelOutcome
  ),
  translation(
    Domain.NotifyReport,
    V201.NotifyReport,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("generatedAt", "generatedAt", instant),
      field("seqNo", "seqNo"),
      field("tbc", "tbc"),
      field("reportData", "reportData", list(reportData))
    ]),
    nothing
  )
]
