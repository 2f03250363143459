/**
 * The configuration keys of OCPP 1.6 and 1.5 as variables of the device model of 2.x, and back.
 *
 * A table of {@link Mapping} says for each key what it is: backed by a variable, part of how the station connects, computed
 * from variables, or without a counterpart. It holds the standard keys; those of a vendor can be added by {@link make}.
 *
 * **Example** (A key, and the variable that it is)
 *
 * ```ts
 * import * as ConfigurationKeys from "effect-ocpp/adapter/keys"
 *
 * const { toVariables } = ConfigurationKeys.standard
 * toVariables("meterValuesSampledData", "Voltage,Temperature")
 * // SampledDataCtrlr.TxUpdatedMeasurands is "Voltage"; "Temperature" is lost, for 2.x has no such measurand
 * ```
 *
 * @see OCPP 1.6 §9; P2 Referenced Components and Variables
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Variable from "../domain/Variable.ts"
import { escape } from "../Escape.ts"
import * as Wire from "../Wire.ts"
import * as Conversions from "./internal/conversions.ts"
import type { ConnectionMapping, KeyMapping, Lost, Mapping, Target, VendorOnlyMapping } from "./internal/KeyMapping.ts"
import { standardMappings } from "./internal/standardKeys.ts"

export type {
  ConnectionMapping,
  Conversion,
  Converted,
  DerivedMapping,
  KeyMapping,
  KeyNames,
  Known,
  Lost,
  Mapping,
  Target,
  VendorOnlyMapping
} from "./internal/KeyMapping.ts"

/**
 * A key is no variable that could be written or read: it is unknown, has no counterpart, or is written although it is
 * computed. `reason` says which.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotMapped extends Schema.TaggedError<NotMapped>()("NotMapped", {
  key: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `${escape(this.key)} has no variable: ${this.reason}`
  }
}

/**
 * A value cannot be read, or not be written on the other side; `rule` says what it has to be. The `value` is absent if it is
 * a secret.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnreadableValue extends Schema.TaggedError<UnreadableValue>()("UnreadableValue", {
  key: Schema.String,
  value: Schema.optionalKey(Schema.String),
  rule: Schema.String
}) {
  override get message(): string {
    const value = this.value === undefined ? "its value" : escape(JSON.stringify(this.value.slice(0, 100)))
    return `${escape(this.key)}: ${value} is not ${this.rule}`
  }
}

/**
 * A key cannot be told, because none of the variables that it is made of is known; `variables` are those.
 *
 * @category errors
 * @since 0.1.0
 */
export class MissingValue extends Schema.TaggedError<MissingValue>()("MissingValue", {
  key: Schema.String,
  variables: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `${escape(this.key)} needs ${this.variables.join(" or ")}`
  }
}

/**
 * Two mappings are for one key, or for one variable; `of` is what both are for.
 *
 * @category errors
 * @since 0.1.0
 */
export class AmbiguousMapping extends Schema.TaggedError<AmbiguousMapping>()("AmbiguousMapping", {
  first: Schema.String,
  second: Schema.String,
  of: Schema.String
}) {
  override get message(): string {
    return `${escape(this.first)} and ${escape(this.second)} are both mapped to ${escape(this.of)}`
  }
}

/**
 * The connectors of a station by their numbers in 1.6: the first is connector 1.
 *
 * @category models
 * @since 0.1.0
 */
export type Connectors = ReadonlyArray<Required<Variable.Evse>>

/**
 * A key as variables.
 *
 * @category models
 * @since 0.1.0
 */
export interface Variables {
  readonly values: ReadonlyArray<Variable.Value>
  /** What 2.x cannot express: it is not in the values, or not as it was meant. */
  readonly lost: ReadonlyArray<Lost>
}

/**
 * A key with its value, as 1.6 has it.
 *
 * @category models
 * @since 0.1.0
 */
export interface KeyWithValue {
  readonly key: string
  readonly value: string
  /** What 1.6 cannot express: it is not in the value, or not as it was meant. */
  readonly lost: ReadonlyArray<Lost>
}

/**
 * A table of keys and variables, and what it translates.
 *
 * **Details**
 *
 * Names of keys, components and variables are compared without regard to upper and lower case.
 *
 * - `mappings`: the table, one row for each key.
 * - `find`: the row of a key, under any of its names.
 * - `keyOf`: the key that a value of a variable belongs to, as 1.6 writes it; by default the actual value. A key that is
 *   computed is never one.
 * - `variables`: what has to be read of a station of 2.x to tell the value of a key; nothing for one without a
 *   counterpart.
 * - `toVariables`: the values of the variables of a key.
 * - `fromVariables`: the key with the value that it has according to values of variables, among which may be any others.
 *
 * Without `connectors`, connector n of 1.6 is connector 1 of EVSE n, and the number of connectors is that of the components
 * `Connector` among the values.
 *
 * What the other side cannot express is told in `lost`, and it is for the caller to refuse the value for it.
 *
 * **Gotchas**
 *
 * A key that is part of the connection is translated as any other. Its `field` says that a station of 2.x does not take the
 * variable from its CSMS, but a network connection profile.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConfigurationKeys {
  readonly mappings: ReadonlyArray<Mapping>
  readonly find: (key: string) => Option.Option<Mapping>
  readonly keyOf: (address: Variable.Address, aspect?: Variable.Aspect) => Option.Option<string>
  readonly variables: (key: string, connectors: Connectors) => ReadonlyArray<Target>
  readonly toVariables: (
    key: string,
    value: string,
    connectors?: Connectors
  ) => Result.Result<Variables, NotMapped | UnreadableValue>
  readonly fromVariables: (
    key: string,
    values: Iterable<Variable.Value>,
    connectors?: Connectors
  ) => Result.Result<KeyWithValue, NotMapped | UnreadableValue | MissingValue>
}

/**
 * The conversions that the standard keys have, for mappings of one's own.
 *
 * @category conversions
 * @since 0.1.0
 */
export const conversions = {
  text: Conversions.text,
  list: Conversions.list,
  boolean: Conversions.boolean,
  integer: Conversions.integer,
  measurands: Conversions.measurands,
  measurands15: Conversions.measurands15,
  rateUnits: Conversions.rateUnits,
  fileTransferProtocols: Conversions.fileTransferProtocols,
  phaseRotation: Conversions.phaseRotation,
  password: Conversions.password
}

/**
 * A table of the standard keys of a version, by default 1.6, and of mappings of one's own, which replace those of the same
 * key.
 *
 * **Example** (A key of a vendor)
 *
 * ```ts
 * ConfigurationKeys.make([
 *   {
 *     _tag: "Key",
 *     key: "BlinkRepeat",
 *     target: {
 *       address: { component: { name: "BeaconLighting" }, variable: { name: "BlinkRepeat" } },
 *       aspect: "Actual"
 *     },
 *     conversion: ConfigurationKeys.conversions.integer
 *   }
 * ])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  own: ReadonlyArray<Mapping> = [],
  version: "1.5" | "1.6" = "1.6"
): Result.Result<ConfigurationKeys, AmbiguousMapping> => {
  const replaced = new Set(own.map(({ key }) => folded(key)))
  const mappings = [...standardMappings[version].filter(({ key }) => !replaced.has(folded(key))), ...own]
  const byName = new Map<string, Mapping>()
  const byTarget = new Map<string, Mapping>()
  // Those of one connector only, by what they would be of each.
  const byConnector = new Map<string, Mapping>()
  for (const mapping of mappings) {
    for (const name of [mapping.key, ...(mapping.aliases ?? [])]) {
      const other = byName.get(folded(name))
      if (other !== undefined) return ambiguous(other, mapping, `the key ${name}`)
      byName.set(folded(name), mapping)
    }
    for (const target of isBacked(mapping) ? targetsOf(mapping) : []) {
      const id = idOf(target)
      const every = idOfEach(target) ?? ""
      const other = byTarget.get(id) ?? byTarget.get(every) ?? byConnector.get(id)
      if (other !== undefined) return ambiguous(other, mapping, Variable.text(target.address, target.aspect))
      byTarget.set(id, mapping)
      byConnector.set(every, mapping)
    }
  }
  return Result.succeed(tableOf(mappings, byName, byTarget))
}

const ambiguous = (first: Mapping, second: Mapping, of: string): Result.Result<never, AmbiguousMapping> =>
  Result.fail(new AmbiguousMapping({ first: first.key, second: second.key, of }))

const tableOf = (
  mappings: ReadonlyArray<Mapping>,
  byName: ReadonlyMap<string, Mapping>,
  byTarget: ReadonlyMap<string, Mapping>
): ConfigurationKeys => {
  const mapped = (key: string): Result.Result<Exclude<Mapping, VendorOnlyMapping>, NotMapped> => {
    const mapping = byName.get(folded(key))
    if (mapping === undefined) return Result.fail(new NotMapped({ key, reason: "the key is not known" }))
    return mapping._tag === "VendorOnly"
      ? Result.fail(new NotMapped({ key: mapping.key, reason: mapping.note }))
      : Result.succeed(mapping)
  }
  return {
    mappings,
    find: (key) => Option.fromUndefinedOr(byName.get(folded(key))),
    keyOf: (address, aspect = "Actual") =>
      Option.fromUndefinedOr(
        byTarget.get(idOf({ address, aspect })) ?? byTarget.get(idOfEach({ address, aspect }) ?? "")
      ).pipe(Option.map(({ key }) => key)),
    variables: (key, connectors) =>
      Result.match(mapped(key), {
        onFailure: () => [],
        onSuccess: (mapping) =>
          targetsOf(mapping).flatMap(({ address, aspect, each }) =>
            each === undefined
              ? [{ address, aspect }]
              : connectors.map((evse) => ({ address: at(address, evse), aspect }))
          )
      }),
    toVariables: (key, value, connectors) =>
      Result.flatMap(mapped(key), (mapping): Result.Result<Variables, NotMapped | UnreadableValue> => {
        if (mapping._tag === "Derived") {
          return Result.fail(new NotMapped({ key: mapping.key, reason: "it is computed and cannot be set" }))
        }
        return mapping.target.each === undefined
          ? toVariable(mapping, mapping.target, value)
          : listToVariables(mapping, value, connectors)
      }),
    fromVariables: (key, values, connectors) =>
      Result.flatMap(mapped(key), (mapping) => fromVariables(mapping, [...values], connectors))
  }
}

type Backed = KeyMapping | ConnectionMapping

const isBacked = (mapping: Mapping): mapping is Backed => mapping._tag === "Key" || mapping._tag === "Connection"

const targetsOf = (mapping: Exclude<Mapping, VendorOnlyMapping>): ReadonlyArray<Target> => {
  if (mapping._tag === "Derived") return mapping.sources
  return mapping.zero === undefined ? [mapping.target] : [mapping.zero, mapping.target]
}

/** Names are compared without case (1.6 §2, P2 §2.1.4). */
const folded = (name: string): string => name.toLowerCase()

const idOf = ({ address, aspect, each }: Target): string => `${each ?? ""} ${Variable.key(address, aspect)}`

/** The id of the target that is one for each connector, this one among them; none for what is of no connector. */
const idOfEach = ({ address: { component, variable }, aspect }: Target): string | undefined => {
  const { evse, instance, name } = component
  if (evse?.connectorId === undefined) return undefined
  const every = instance === undefined ? { name } : { name, instance }
  return idOf({ address: { component: every, variable }, aspect, each: "Connector" })
}

const unreadable = ({ key, secret }: Mapping, value: string, rule: string): UnreadableValue =>
  new UnreadableValue(secret === true ? { key, rule } : { key, value, rule })

const toVariable = (
  mapping: Backed,
  { address, aspect }: Target,
  value: string
): Result.Result<Variables, UnreadableValue> =>
  Result.match(mapping.conversion.toVariable(value), {
    onFailure: (rule) => Result.fail(unreadable(mapping, value, rule)),
    onSuccess: (converted) =>
      Result.succeed({ values: [{ address, aspect, value: converted.value }], lost: converted.lost })
  })

/** A list such as `0.RST, 1.RST`: item 0 is the station, the others are connectors. */
const listToVariables = (
  mapping: Backed,
  value: string,
  connectors: Connectors | undefined
): Result.Result<Variables, UnreadableValue> => {
  const values = new Map<number, Variable.Value>()
  const lost: Array<Lost> = []
  for (const item of Conversions.itemsOf(value)) {
    const [, digits = "", of = ""] = /^(\d{1,9})\.(.*)$/.exec(item) ?? []
    const number = Number(digits)
    const target = digits === "" ? undefined : targetOf(mapping, number, connectors)
    if (target === undefined || values.has(number)) {
      return Result.fail(
        unreadable(mapping, value, "a list of connectors that there are, each once, such as 0.RST,1.RST")
      )
    }
    const one = toVariable(mapping, target, of)
    if (Result.isFailure(one)) return Result.fail(unreadable(mapping, value, `a list of ${one.failure.rule}`))
    for (const converted of one.success.values) values.set(number, converted)
    lost.push(...one.success.lost.map(({ reason }) => ({ item, reason })))
  }
  return Result.succeed({ values: [...values.values()], lost })
}

/** The variable that an item of a list is for. */
const targetOf = (
  { target: { address, aspect }, zero }: Backed,
  number: number,
  connectors: Connectors | undefined
): Target | undefined => {
  if (number === 0) return zero
  const evse = connectors === undefined ? { id: number, connectorId: 1 } : connectors[number - 1]
  return evse === undefined ? undefined : { address: at(address, evse), aspect }
}

const fromVariables = (
  mapping: Exclude<Mapping, VendorOnlyMapping>,
  values: ReadonlyArray<Variable.Value>,
  connectors: Connectors | undefined
): Result.Result<KeyWithValue, UnreadableValue | MissingValue> => {
  const known = new Map(values.map((value) => [idOf(value), value.value]))
  if (mapping._tag === "Derived") {
    const value = mapping.compute({
      read: (target) => known.get(idOf(target)),
      connectors: connectors?.length ?? countConnectors(values)
    })
    return value === undefined ? missing(mapping) : Result.succeed({ key: mapping.key, value, lost: [] })
  }
  return Result.flatMap(
    mapping.target.each === undefined
      ? fromVariable(mapping, known.get(idOf(mapping.target)))
      : listFromVariables(mapping, values, connectors),
    (converted) =>
      // A value of 1.6 has 500 characters at most, one of 2.x up to 2,500.
      Schema.is(Wire.text(500))(converted.value)
        ? Result.succeed(converted)
        : Result.fail(unreadable(mapping, converted.value, "at most 500 characters in 1.6"))
  )
}

const missing = (mapping: Exclude<Mapping, VendorOnlyMapping>): Result.Result<never, MissingValue> =>
  Result.fail(
    new MissingValue({
      key: mapping.key,
      variables: targetsOf(mapping).map(({ address, aspect }) => Variable.text(address, aspect))
    })
  )

const fromVariable = (
  mapping: Backed,
  value: string | undefined
): Result.Result<KeyWithValue, UnreadableValue | MissingValue> => {
  if (value === undefined) return missing(mapping)
  return Result.match(mapping.conversion.toKey(value), {
    onFailure: (rule) => Result.fail(unreadable(mapping, value, rule)),
    onSuccess: (converted) => Result.succeed({ key: mapping.key, value: converted.value, lost: converted.lost })
  })
}

const listFromVariables = (
  mapping: Backed,
  values: ReadonlyArray<Variable.Value>,
  connectors: Connectors | undefined
): Result.Result<KeyWithValue, UnreadableValue | MissingValue> => {
  const zero = mapping.zero === undefined ? undefined : idOf(mapping.zero)
  const byNumber = new Map<number, string>()
  const lost: Array<Lost> = []
  for (const { address, aspect, value } of values) {
    if (idOf({ address, aspect }) === zero) byNumber.set(0, value)
    if (idOfEach({ address, aspect }) !== idOf(mapping.target)) continue
    const number = numberOf(address, connectors)
    if (number === undefined) lost.push({ item: Variable.text(address), reason: "it has no connector number in 1.6" })
    else byNumber.set(number, value)
  }
  if (byNumber.size === 0 && lost.length === 0) return missing(mapping)
  const items: Array<string> = []
  for (const [number, value] of [...byNumber].toSorted(([a], [b]) => a - b)) {
    const one = fromVariable(mapping, value)
    if (Result.isFailure(one)) return Result.fail(one.failure)
    items.push(`${number}.${one.success.value}`)
    lost.push(...one.success.lost.map(({ item, reason }) => ({ item: `${number}.${item}`, reason })))
  }
  return Result.succeed({ key: mapping.key, value: items.join(","), lost })
}

/** The number that a connector has in 1.6. */
const numberOf = (
  { component: { evse } }: Variable.Address,
  connectors: Connectors | undefined
): number | undefined => {
  if (evse?.connectorId === undefined) return undefined
  if (connectors === undefined) return evse.connectorId === 1 && evse.id > 0 ? evse.id : undefined
  const place = connectors.findIndex(({ connectorId, id }) => id === evse.id && connectorId === evse.connectorId)
  return place === -1 ? undefined : place + 1
}

const countConnectors = (values: ReadonlyArray<Variable.Value>): number | undefined => {
  const connectors = new Set(
    values.flatMap(({ address: { component } }) =>
      folded(component.name) === "connector" && component.evse?.connectorId !== undefined
        ? [`${component.evse.id},${component.evse.connectorId}`]
        : []
    )
  )
  return connectors.size === 0 ? undefined : connectors.size
}

const at = ({ component, variable }: Variable.Address, evse: Variable.Evse): Variable.Address => ({
  component: { ...component, evse },
  variable
})

/**
 * The table of the standard keys of 1.6.
 *
 * @category constants
 * @since 0.1.0
 */
export const standard: ConfigurationKeys = Result.getOrThrow(make())

/**
 * The table of the standard keys of 1.5.
 *
 * **Details**
 *
 * All but `ChargePointId`, `ProximityContactRetries` and `ProximityLockRetries` are keys of 1.6, too: `HeartBeatInterval` is
 * written in another way, and the lists of measurands have no words that came with 1.6. Keys of 1.6 that a station of 1.5 has
 * beside these can be added by {@link make}.
 *
 * @category constants
 * @since 0.1.0
 */
export const standard15: ConfigurationKeys = Result.getOrThrow(make([], "1.5"))
