/**
 * How a CSMS reads and writes variables of a station of 1.x, by the configuration keys that stand for them.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { CallOptions, Caller } from "../../../Client.ts"
import * as Domain from "../../../domain/index.ts"
import { escape } from "../../../Escape.ts"
import * as Memo from "../../../internal/Memo.ts"
import type * as V16 from "../../../v16/index.ts"
import type { CallFailure } from "../../../OcppError.ts"
import type { ConfigurationKeys, Lost } from "../../ConfigurationKeys.ts"
import { withoutMessageId } from "../handling.ts"
import type { CallOf } from "../Translation.ts"
import type { Alike } from "./common.ts"

const { Variable } = Domain

/** The actions of a version for configuration keys. */
export interface ConfigurationActions {
  readonly GetConfiguration: Alike<typeof V16.GetConfiguration>
  readonly ChangeConfiguration: Alike<typeof V16.ChangeConfiguration>
}

/** The calls of the version. */
interface Station {
  readonly get: (
    request: V16.GetConfigurationRequest,
    options: CallOptions | undefined
  ) => Effect.Effect<V16.GetConfigurationResponse, CallFailure>
  readonly change: (
    request: V16.ChangeConfigurationRequest,
    options: CallOptions
  ) => Effect.Effect<V16.ChangeConfigurationResponse, CallFailure>
}

/** Makes the calls, by their actions; `keys` says which key stands for a variable. */
export const configurationCalls = (
  keys: ConfigurationKeys,
  { ChangeConfiguration, GetConfiguration }: ConfigurationActions
): ReadonlyMap<string, CallOf> => {
  const stationOf = ({ call }: Caller<"csms">): Station => ({
    get: (request, options) => call(GetConfiguration, request, options),
    change: (request, options) => call(ChangeConfiguration, request, options)
  })
  return new Map<string, CallOf>([
    // A caller gives the request of the action.
    [
      Domain.GetVariables.name,
      (request, versioned, options) =>
        getAll(keys, stationOf(versioned), request as Domain.GetVariablesRequest, options)
    ],
    [
      Domain.SetVariables.name,
      (request, versioned, options) =>
        setAll(keys, stationOf(versioned), request as Domain.SetVariablesRequest, options)
    ]
  ])
}

const getAll = Effect.fnUntraced(function* (
  keys: ConfigurationKeys,
  station: Station,
  { variables }: Domain.GetVariablesRequest,
  options: CallOptions | undefined
) {
  const found = variables.map((variable) => keyOf(keys, variable))
  const names = new Set(found.filter(Result.isSuccess).map(({ success }) => success))
  // Without a name it would be asked for all keys.
  const told = names.size === 0 ? new Map<string, V16.KeyValue>() : yield* read(keys, station, [...names], options)
  const results = variables.map((asked, index): Domain.GetVariableResult => ({
    ...asked,
    ...Result.match(found[index]!, {
      onFailure: (status) => ({ status }),
      onSuccess: (key) => valueOf(keys, asked, key, told.get(key))
    })
  }))
  return { results }
})

const setAll = Effect.fnUntraced(function* (
  keys: ConfigurationKeys,
  station: Station,
  { variables }: Domain.SetVariablesRequest,
  options: CallOptions | undefined
) {
  const each = withoutMessageId(options)
  const results = yield* Effect.forEach(variables, ({ value, ...place }) =>
    Effect.map(set(keys, station, { ...place, value }, each), (outcome) => ({ ...place, ...outcome }))
  )
  return { results }
})

/** The key that stands for a variable, or what a station says that does not know the variable. */
const keyOf = (
  keys: ConfigurationKeys,
  { address, aspect }: Domain.GetVariableData
): Result.Result<string, Domain.GetVariableStatus> => {
  const key = keys.keyOf(address, aspect)
  if (Option.isSome(key)) return Result.succeed(key.value)
  const isKnown = Variable.Aspect.literals.some((other) => Option.isSome(keys.keyOf(address, other)))
  if (isKnown) return Result.fail("NotSupportedAttributeType")
  return Result.fail(
    components(keys).has(address.component.name.toLowerCase()) ? "UnknownVariable" : "UnknownComponent"
  )
}

/** The names of the components that have a key. */
const components = Memo.perObject(
  (keys: ConfigurationKeys): ReadonlySet<string> =>
    new Set(
      keys.mappings
        .flatMap(({ key }) => keys.variables(key, [{ id: 1, connectorId: 1 }]))
        .map(({ address }) => address.component.name.toLowerCase())
    )
)

/** Reads keys; what is found is under the names that the table has. */
const read = (
  keys: ConfigurationKeys,
  station: Station,
  key: ReadonlyArray<string>,
  options: CallOptions | undefined
) =>
  Effect.map(
    station.get({ key }, options),
    ({ configurationKey = [] }) =>
      new Map(configurationKey.map((told) => [Option.getOrElse(keys.find(told.key), () => told).key, told]))
  )

type Outcome = Omit<Domain.GetVariableResult, "address" | "aspect">

const valueOf = (
  keys: ConfigurationKeys,
  { address, aspect = "Actual" }: Domain.GetVariableData,
  key: string,
  told: V16.KeyValue | undefined
): Outcome => {
  if (told === undefined) return { status: "UnknownVariable" }
  const isReadOnly = told.readonly
  const isSecret = Option.exists(keys.find(key), ({ secret }) => secret === true)
  if (isSecret && (told.value ?? "") === "") return rejected("WriteOnly", "it is a secret")
  if (told.value === undefined) return { status: "Accepted", value: "", isReadOnly }
  const values = toVariables(keys, key, told.value)
  if (Result.isFailure(values)) return rejected("InvalidValue", values.failure)
  const found = values.success.find((one) => one.aspect === aspect && Variable.equals(one.address, address))
  // A list need not have all connectors.
  return found === undefined ? { status: "UnknownVariable" } : { status: "Accepted", value: found.value, isReadOnly }
}

const set = Effect.fnUntraced(function* (
  keys: ConfigurationKeys,
  station: Station,
  variable: Domain.SetVariableData,
  options: CallOptions
) {
  const found = keyOf(keys, variable)
  if (Result.isFailure(found)) return { status: found.failure }
  const key = found.success
  const own: Domain.Variable.Value = { aspect: "Actual", ...variable }
  let value = fromVariables(keys, key, [own])
  if (Result.isSuccess(value) && isList(keys, key)) {
    // The variable is one item of it, and the others are to stay.
    const told = (yield* read(keys, station, [key], options)).get(key)
    if (told === undefined) return { status: "UnknownVariable" as const }
    value = Result.flatMap(toVariables(keys, key, told.value ?? ""), (others) =>
      fromVariables(keys, key, [...others, own])
    )
  }
  if (Result.isFailure(value)) return rejected("InvalidValue", value.failure)
  const { status } = yield* station.change({ key, value: value.success }, options)
  return { status: status === "NotSupported" ? "UnknownVariable" : status } as const
})

const isList = (keys: ConfigurationKeys, key: string): boolean =>
  Option.exists(keys.find(key), (mapping) => "target" in mapping && mapping.target.each !== undefined)

/** The variables of a key, or why they are not all that it says. */
const toVariables = (
  keys: ConfigurationKeys,
  key: string,
  value: string
): Result.Result<ReadonlyArray<Domain.Variable.Value>, string> =>
  Result.flatMap(
    Result.mapError(keys.toVariables(key, value), ({ message }) => message),
    ({ lost, values }) => whole(values, lost)
  )

/** The value of a key, or why it is not all that the variables say. */
const fromVariables = (
  keys: ConfigurationKeys,
  key: string,
  values: ReadonlyArray<Domain.Variable.Value>
): Result.Result<string, string> =>
  Result.flatMap(
    Result.mapError(keys.fromVariables(key, values), ({ message }) => message),
    ({ lost, value }) => whole(value, lost)
  )

/** A translation, or why it is not the whole of what it is made of. */
export const whole = <A>(value: A, lost: ReadonlyArray<Lost>): Result.Result<A, string> =>
  lost.length === 0
    ? Result.succeed(value)
    : Result.fail(lost.map(({ item, reason }) => `${escape(item)}: ${reason}`).join("; "))

const rejected = (reasonCode: string, additionalInfo: string) => ({
  status: "Rejected" as const,
  statusInfo: { reasonCode, additionalInfo }
})
