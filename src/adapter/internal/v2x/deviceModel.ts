/**
 * The variables of a station.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, refused, words } from "../BothWays.ts"
import { type Dialect, evse, statusInfo, table } from "./common.ts"

export const component = table<V21.ComponentType, Domain.Variable.Component>(({ field }) => [
  field("name", "name"),
  field("instance", "instance"),
  field("evse", "evse", evse)
])

export const name = table<V21.VariableType, Domain.Variable.VariableName>(({ field }) => [
  field("name", "name"),
  field("instance", "instance")
])

const written = table<V21.SetVariableDataType, Domain.SetVariableData>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("attributeType", "aspect"),
  field("attributeValue", "value")
])

const writtenResult = table<V21.SetVariableResultType, Domain.SetVariableResult>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("attributeType", "aspect"),
  field("attributeStatus", "status"),
  field("attributeStatusInfo", "statusInfo", statusInfo)
])

export const deviceModel = ({ version }: Dialect) => {
  const inReports = refused(`${version} tells characteristics in reports only`)

  const aspect = words<V21.AttributeEnumType, Domain.Variable.Aspect>({
    encoded: { minLimit: inReports, maxLimit: inReports, valuesList: inReports },
    decoded: {}
  })

  const read = table<V21.GetVariableDataType, Domain.GetVariableData>(({ field }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    field("attributeType", "aspect", aspect)
  ])

  const readResult = table<V21.GetVariableResultType, Domain.GetVariableResult>(({ dropped, field }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    field("attributeType", "aspect", aspect),
    field("attributeStatus", "status"),
    field("attributeStatusInfo", "statusInfo", statusInfo),
    field("attributeValue", "value"),
    dropped({ generic: "isReadOnly" }, `${version} tells it in reports only`)
  ])

  return {
    GetVariables: {
      request: table<V21.GetVariablesRequest, Domain.GetVariablesRequest>(({ field }) => [
        field("getVariableData", "variables", list(read))
      ]),
      response: table<V21.GetVariablesResponse, Domain.GetVariablesResponse>(({ field }) => [
        field("getVariableResult", "results", list(readResult))
      ])
    },
    SetVariables: {
      request: table<V21.SetVariablesRequest, Domain.SetVariablesRequest>(({ field }) => [
        field("setVariableData", "variables", list(written))
      ]),
      response: table<V21.SetVariablesResponse, Domain.SetVariablesResponse>(({ field }) => [
        field("setVariableResult", "results", list(writtenResult))
      ])
    }
  }
}
