/**
 * The variables of a station.
 */
import * as Effect from "effect/Effect"
import * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { type BothWays, list, refused, words } from "../BothWays.ts"
import { calling } from "../handling.ts"
import type { CallOf, Translation } from "../Translation.ts"
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

const { Variable } = Domain

const keyOf = ({ address, aspect = "Actual" }: Domain.GetVariableData): string => Variable.key(address, aspect)

const isAttribute = ({ aspect }: Domain.GetVariableData): boolean =>
  Variable.Attribute.literals.some((one) => one === (aspect ?? "Actual"))

/**
 * Reads variables by the translation of GetVariables where characteristics are asked for, too: a station tells these in
 * reports only, so it is not asked for them, and their result is that of an attribute that it does not have.
 */
export const readingAttributes =
  (found: Translation): CallOf =>
  (request, versioned, options, report) => {
    // A caller gives the request of the action.
    const { variables } = request as Domain.GetVariablesRequest
    const asked = variables.filter(isAttribute)
    if (asked.length === variables.length) return undefined
    const told =
      asked.length === 0
        ? Effect.succeed({ results: [] })
        : calling(found, { variables: asked }, versioned, options, report)
    return Effect.map(told, (response) => {
      // It is the response of the action.
      const results = new Map((response as Domain.GetVariablesResponse).results.map((one) => [keyOf(one), one]))
      return {
        results: variables.flatMap((one): ReadonlyArray<Domain.GetVariableResult> => {
          if (!isAttribute(one)) return [{ ...one, status: "NotSupportedAttributeType" }]
          const result = results.get(keyOf(one))
          return result === undefined ? [] : [result]
        })
      }
    })
  }

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

  const each = list(read)

  const readResult = table<V21.GetVariableResultType, Domain.GetVariableResult>(({ dropped, field }) => [
    field("component", "address.component", component),
    field("variable", "address.variable", name),
    field("attributeType", "aspect", aspect),
    field("attributeStatus", "status"),
    field("attributeStatusInfo", "statusInfo", statusInfo),
    field("attributeValue", "value"),
    dropped({ generic: "isReadOnly" }, `${version} tells it in reports only`)
  ])

  const attributes: BothWays<ReadonlyArray<V21.GetVariableDataType>, ReadonlyArray<Domain.GetVariableData>> = {
    ...each,
    notes: [
      {
        path: "aspect",
        fate: "changed",
        why: `a characteristic is not asked for, which ${version} tells in reports only; its result is NotSupportedAttributeType`
      }
    ],
    encode: (variables, losses) => each.encode(variables.filter(isAttribute), losses)
  }

  return {
    GetVariables: {
      request: table<V21.GetVariablesRequest, Domain.GetVariablesRequest>(({ field }) => [
        field("getVariableData", "variables", attributes)
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
