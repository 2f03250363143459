/**
 * All that a station of 1.x tells of its configuration, as variables.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import type { ConfigurationKeys } from "../../ConfigurationKeys.ts"
import type { Inventory } from "../Translation.ts"
import type { ConfigurationActions } from "./configurationCalls.ts"

const { Variable } = Domain

/** Reads it by one GetConfiguration. Keys without a variable are not in it, nor values that 2.x cannot say. */
export const inventory =
  (keys: ConfigurationKeys, { GetConfiguration }: ConfigurationActions): Inventory =>
  ({ call }, options) =>
    Effect.map(call(GetConfiguration, {}, options), ({ configurationKey = [] }) => {
      const found = new Map<string, Domain.ReportData>()
      for (const told of configurationKey) {
        for (const data of reportOf(keys, told)) {
          const id = Variable.key(data.address)
          const other = found.get(id)
          found.set(id, other === undefined ? data : { ...data, ...other })
        }
      }
      return Array.from(found.values()).sort((one, other) => Variable.Order(one.address, other.address))
    })

const reportOf = (
  keys: ConfigurationKeys,
  { key, readonly: isReadOnly, value }: V16.KeyValue
): ReadonlyArray<Domain.ReportData> => {
  const mapping = Option.getOrUndefined(keys.find(key))
  if (mapping === undefined || mapping._tag === "VendorOnly" || mapping._tag === "Derived") return []
  if (value === undefined || (mapping.secret === true && value === "")) {
    // A key that lists connectors and has no value tells nothing of any connector.
    if (mapping.target.each !== undefined) return []
    const { address } = mapping.target
    return [
      { address, variableAttribute: [isReadOnly ? { mutability: "ReadOnly", value: "" } : { mutability: "WriteOnly" }] }
    ]
  }
  const converted = Result.getOrUndefined(keys.toVariables(key, value))
  if (converted === undefined || converted.lost.length > 0) return []
  return converted.values.map(({ address, aspect, value: own }) => told(address, aspect, own, isReadOnly))
}

const told = (
  address: Domain.Variable.Address,
  aspect: Domain.Variable.Aspect,
  value: string,
  isReadOnly: boolean
): Domain.ReportData => {
  if (aspect === "maxLimit") {
    const limit = Option.getOrUndefined(BigDecimal.fromString(value))
    return {
      address,
      variableAttribute: [{ mutability: "ReadOnly", value: "" }],
      variableCharacteristics: {
        dataType: "integer",
        supportsMonitoring: false,
        ...(limit === undefined ? {} : { maxLimit: limit })
      }
    }
  }
  return { address, variableAttribute: [{ value, mutability: isReadOnly ? "ReadOnly" : "ReadWrite" }] }
}
