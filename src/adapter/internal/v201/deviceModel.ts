/**
 * The variables of a station.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { list, refused, words } from "../BothWays.ts"
import { evse, statusInfo, table } from "./common.ts"

export const component = table<V201.ComponentType, Domain.Variable.Component>(({ field }) => [
  field("name", "name"),
  field("instance", "instance"),
  field("evse", "evse", evse)
])

export const name = table<V201.VariableType, Domain.Variable.VariableName>(({ field }) => [
  field("name", "name"),
  field("instance", "instance")
])

const inReports = refused("2.0.1 tells characteristics in reports only")

const aspect = words<V201.AttributeEnumType, Domain.Variable.Aspect>({
  encoded: { minLimit: inReports, maxLimit: inReports, valuesList: inReports },
  decoded: {}
})

const read = table<V201.GetVariableDataType, Domain.GetVariableData>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("attributeType", "aspect", aspect)
])

const readResult = table<V201.GetVariableResultType, Domain.GetVariableResult>(({ dropped, field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("attributeType", "aspect", aspect),
  field("attributeStatus", "status"),
  field("attributeStatusInfo", "statusInfo", statusInfo),
  field("attributeValue", "value"),
  dropped({ generic: "isReadOnly" }, "2.0.1 tells it in reports only")
])

const written = table<V201.SetVariableDataType, Domain.SetVariableData>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("attributeType", "aspect"),
  field("attributeValue", "value")
])

const writtenResult = table<V201.SetVariableResultType, Domain.SetVariableResult>(({ field }) => [
  field("component", "address.component", component),
  field("variable", "address.variable", name),
  field("attributeType", "aspect"),
  field("attributeStatus", "status"),
  field("attributeStatusInfo", "statusInfo", statusInfo)
])

export const deviceModel = [
  translation(
    Domain.GetVariables,
    V201.GetVariables,
    table(({ field }) => [field("getVariableData", "variables", list(read))]),
    table(({ field }) => [field("getVariableResult", "results", list(readResult))])
  ),
  translation(
    Domain.SetVariables,
    V201.SetVariables,
    table(({ field }) => [field("setVariableData", "variables", list(written))]),
    table(({ field }) => [field("setVariableResult", "results", list(writtenResult))])
  )
]
