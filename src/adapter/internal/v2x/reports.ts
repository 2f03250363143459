/**
 * Reports of the variables of a station.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same } from "../BothWays.ts"
import { decimal, instant } from "../values.ts"
import { type Dialect, nothing, outcome, table } from "./common.ts"
import { component, name } from "./deviceModel.ts"

export const componentVariable = table<V21.ComponentVariableType, Domain.ComponentVariable>(({ field }) => [
  field("component", "component", component),
  field("variable", "variable", name)
])

const attribute = table<V21.VariableAttributeType, Domain.VariableAttribute>(({ alike, field }) => [
  field("type", "aspect"),
  ...alike("value", "mutability", "persistent", "constant")
])

/** Whether a report follows, or a set of monitors is chosen. */
export const deviceModelOutcome = outcome(same<Domain.GenericDeviceModelStatus>())

export const reports = ({ since21 }: Dialect) => {
  const characteristics = table<V21.VariableCharacteristicsType, Domain.VariableCharacteristics>(({ alike, field }) => [
    ...alike("dataType", "unit"),
    field("minLimit", "minLimit", decimal),
    field("maxLimit", "maxLimit", decimal),
    ...since21("dropped", "2.0.1 does not tell how long a list may be", ...alike("maxElements")),
    ...alike("valuesList", "supportsMonitoring")
  ])

  const reportData = table<V21.ReportDataType, Domain.ReportData>(({ field }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    field("variableAttribute", "variableAttribute", list(attribute)),
    field("variableCharacteristics", "variableCharacteristics", characteristics)
  ])

  return {
    GetBaseReport: {
      request: table<V21.GetBaseReportRequest, Domain.GetBaseReportRequest>(({ alike }) =>
        alike("requestId", "reportBase")
      ),
      response: deviceModelOutcome
    },
    GetReport: {
      request: table<V21.GetReportRequest, Domain.GetReportRequest>(({ field }) => [
        field("requestId", "requestId"),
        field("componentVariable", "componentVariable", list(componentVariable), { empty: "all of them" }),
        field("componentCriteria", "componentCriteria", undefined, { empty: "all components" })
      ]),
      response: deviceModelOutcome
    },
    NotifyReport: {
      request: table<V21.NotifyReportRequest, Domain.NotifyReportRequest>(({ alike, field }) => [
        ...alike("requestId", "seqNo", "tbc"),
        field("generatedAt", "generatedAt", instant),
        field("reportData", "reportData", list(reportData))
      ]),
      response: nothing
    }
  }
}
