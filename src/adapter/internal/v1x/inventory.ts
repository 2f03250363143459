/**
 * All that a station of 1.x tells of its configuration, as variables.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import type { ConfigurationKeys, Mapping } from "../../ConfigurationKeys.ts"
import type { InventoryOf, KeyLeftOut } from "../Translation.ts"
import { type ConfigurationActions, whole } from "./configurationCalls.ts"

const { Variable } = Domain

/** Reads it by one GetConfiguration. Each key is told by variables or is left out; one that was told before can be both. */
export const inventory =
  (keys: ConfigurationKeys, { GetConfiguration }: ConfigurationActions): InventoryOf =>
  ({ call }, options) =>
    Effect.map(call(GetConfiguration, {}, options), ({ configurationKey = [] }) => {
      const found = new Map<string, Parts>()
      const before = new Map<string, string | undefined>()
      const leftOut: Array<KeyLeftOut> = []
      for (const one of configurationKey) {
        const values = valuesOf(keys, one)
        if (Result.isFailure(values)) {
          leftOut.push(values.failure)
          continue
        }
        const others: Array<string> = []
        for (const told of values.success) {
          const id = Variable.key(told.address, told.aspect)
          if (!before.has(id)) {
            before.set(id, told.value)
            add(found, told, one.readonly)
          } else if (before.get(id) !== told.value) others.push(Variable.text(told.address, told.aspect))
        }
        if (others.length > 0) {
          leftOut.push(without(keys, one, true, `the station has told another value of ${others.join(", ")} before`))
        }
      }
      const variables = Array.from(found.values(), reportOf)
      return { variables: variables.sort((one, other) => Variable.Order(one.address, other.address)), leftOut }
    })

/** A value of a variable; absent where the station tells none. */
interface Told {
  readonly address: Domain.Variable.Address
  readonly aspect: Domain.Variable.Aspect
  readonly value: string | undefined
}

/** What a key tells of variables, or why it is left out. */
const valuesOf = (keys: ConfigurationKeys, told: V16.KeyValue): Result.Result<ReadonlyArray<Told>, KeyLeftOut> => {
  const mapping = Option.getOrUndefined(keys.find(told.key))
  if (mapping === undefined || mapping._tag === "VendorOnly" || mapping._tag === "Derived") {
    return Result.fail(without(keys, told, false, whyNone(mapping)))
  }
  const refused = (reason: string) => Result.fail(without(keys, told, true, reason))
  const { each, ...target } = mapping.target
  if (told.value === undefined || (mapping.secret === true && told.value === "")) {
    return each === undefined ? Result.succeed([{ ...target, value: undefined }]) : refused(noConnectors)
  }
  const values = Result.flatMap(
    Result.mapError(keys.toVariables(told.key, told.value), (error) =>
      error._tag === "NotMapped" ? error.reason : `its value is not ${error.rule}`
    ),
    (converted) => whole(converted.values, converted.lost)
  )
  if (Result.isFailure(values)) return refused(values.failure)
  const unlimited = values.success.find(({ aspect, value }) => isLimit(aspect) && Option.isNone(limitOf(value)))
  if (unlimited !== undefined) return refused("its value is not a number")
  return values.success.length === 0 ? refused(noConnectors) : Result.succeed(values.success)
}

/** Only of a list that has one variable for each connector. */
const noConnectors = "it tells nothing of any connector"

const whyNone = (mapping: Exclude<Mapping, { readonly target: unknown }> | undefined): string => {
  if (mapping === undefined) return "the key is not known"
  return mapping._tag === "VendorOnly" ? mapping.note : `2.x computes it of other variables: ${mapping.note}`
}

const without = (
  keys: ConfigurationKeys,
  { key, readonly: isReadOnly, value }: V16.KeyValue,
  hasVariable: boolean,
  reason: string
): KeyLeftOut => {
  const isSecret = Option.exists(keys.find(key), ({ secret }) => secret === true)
  return { key, ...(value === undefined || isSecret ? {} : { value }), isReadOnly, hasVariable, reason }
}

/** What is known of a variable. */
interface Parts {
  readonly address: Domain.Variable.Address
  readonly attributes: ReadonlyArray<Domain.VariableAttribute>
  readonly characteristics?: Domain.VariableCharacteristics
}

/** Keys for several values of a variable, such as the actual one and its greatest, add up. */
const add = (found: Map<string, Parts>, { address, aspect, value }: Told, isReadOnly: boolean): void => {
  const id = Variable.key(address)
  const parts = found.get(id) ?? { address, attributes: [] }
  if (value !== undefined && (isLimit(aspect) || aspect === "valuesList")) {
    found.set(id, { ...parts, characteristics: characteristicsOf(parts.characteristics, aspect, value) })
    return
  }
  const of = aspect === "Target" || aspect === "MinSet" || aspect === "MaxSet" ? { aspect } : {}
  const attribute: Domain.VariableAttribute =
    value !== undefined
      ? { ...of, value, mutability: isReadOnly ? "ReadOnly" : "ReadWrite" }
      : isReadOnly
        ? { ...of, mutability: "ReadOnly", value: "" }
        : { ...of, mutability: "WriteOnly" }
  found.set(id, { ...parts, attributes: [...parts.attributes, attribute] })
}

const characteristicsOf = (
  others: Domain.VariableCharacteristics | undefined,
  aspect: "minLimit" | "maxLimit" | "valuesList",
  value: string
): Domain.VariableCharacteristics => {
  // What has a list of words is one of them, as far as a key tells.
  if (aspect === "valuesList") {
    return { supportsMonitoring: false, ...others, dataType: "OptionList", valuesList: value }
  }
  const limit = Option.getOrUndefined(limitOf(value))
  const limits = limit === undefined ? {} : { [aspect]: limit }
  return { dataType: "integer", supportsMonitoring: false, ...others, ...limits }
}

const isLimit = (aspect: Domain.Variable.Aspect): aspect is "minLimit" | "maxLimit" =>
  aspect === "minLimit" || aspect === "maxLimit"

const limitOf = (value: string): Option.Option<BigDecimal.BigDecimal> => BigDecimal.fromString(value)

/** A variable has one attribute at least, and no value if only its characteristics are known. */
const reportOf = ({ address, attributes, characteristics }: Parts): Domain.ReportData => ({
  address,
  variableAttribute: attributes.length === 0 ? [{ mutability: "ReadOnly", value: "" }] : attributes,
  ...(characteristics === undefined ? {} : { variableCharacteristics: characteristics })
})
