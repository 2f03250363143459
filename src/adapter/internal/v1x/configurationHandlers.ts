/**
 * What a station answers to questions for configuration keys of 1.x, by handlers of the variables behind them.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Domain from "../../../domain/index.ts"
import type { UntypedHandler } from "../../../Handlers.ts"
import type { CallError } from "../../../OcppError.ts"
import { responseOf } from "../../../Reply.ts"
import type * as V16 from "../../../v16/index.ts"
import type { ConfigurationKeys, Connectors, Mapping } from "../../ConfigurationKeys.ts"
import { answering } from "../handling.ts"
import type { HandlersOf } from "../Translation.ts"
import type { Version } from "./common.ts"
import type { ConfigurationActions } from "./configurationCalls.ts"

const { Variable } = Domain

/**
 * What the handlers are made of.
 *
 * - `actions`: those of the version.
 * - `keys`: which variables are behind a key.
 * - `afterReboot`: what is answered of a value that was taken and takes effect after a reboot.
 */
export interface ConfigurationParts {
  readonly actions: ConfigurationActions
  readonly version: Version
  readonly keys: ConfigurationKeys
  readonly afterReboot: "RebootRequired" | "Accepted"
}

export const configurationHandlers =
  (parts: ConfigurationParts): HandlersOf<never> =>
  <R>(generic: ReadonlyMap<string, UntypedHandler<R>>, peerOf: (peer: object) => unknown) => {
    const { ChangeConfiguration, GetConfiguration } = parts.actions
    const made = new Map<string, UntypedHandler<R>>()
    const onGet = generic.get(Domain.GetVariables.name)
    if (onGet !== undefined) made.set(GetConfiguration.name, getConfiguration(parts, onGet, peerOf))
    const onSet = generic.get(Domain.SetVariables.name)
    if (onSet !== undefined) made.set(ChangeConfiguration.name, changeConfiguration(parts, onSet, peerOf))
    return made
  }

// ---- ChangeConfiguration

const changeConfiguration =
  <R>(
    { afterReboot, keys }: ConfigurationParts,
    onSet: UntypedHandler<R>,
    peerOf: (peer: object) => unknown
  ): UntypedHandler<R> =>
  (request, peer, exchange) => {
    // The engine gives a handler the request of its action, and the client.
    const variables = settable(keys, request as V16.ChangeConfigurationRequest)
    if (Result.isFailure(variables)) return Effect.succeed({ status: variables.failure })
    const answer = onSet({ variables: variables.success }, peerOf(peer as object), exchange)
    return answering(Domain.SetVariables.name, answer, (response) => {
      // The handler answers SetVariables, so its response is one of SetVariables.
      const { results } = response as Domain.SetVariablesResponse
      const statuses = new Set(
        variables.success.map(({ address }) =>
          statusOf(results.find((result) => Variable.equals(result.address, address))?.status, afterReboot)
        )
      )
      return { status: fromBest.findLast((status) => statuses.has(status)) }
    })
  }

const settable = (
  keys: ConfigurationKeys,
  { key, value }: V16.ChangeConfigurationRequest
): Result.Result<ReadonlyArray<Domain.SetVariableData>, V16.ConfigurationStatus> => {
  const mapping = Option.getOrUndefined(keys.find(key))
  if (mapping === undefined || mapping._tag === "VendorOnly") return Result.fail("NotSupported")
  const converted = isReadOnly(mapping) ? undefined : Result.getOrUndefined(keys.toVariables(key, value))
  if (converted === undefined || converted.lost.length > 0 || converted.values.length === 0) {
    return Result.fail("Rejected")
  }
  return Result.succeed(converted.values.map((one) => ({ address: one.address, value: one.value })))
}

/** What is computed cannot be written, and neither can what a variable is limited to. */
const isReadOnly = (mapping: Mapping): boolean =>
  mapping._tag === "Derived" || ("target" in mapping && mapping.target.aspect !== "Actual")

const fromBest: ReadonlyArray<V16.ConfigurationStatus> = ["Accepted", "RebootRequired", "Rejected", "NotSupported"]

const statusOf = (
  status: Domain.SetVariableStatus = "Rejected",
  afterReboot: ConfigurationParts["afterReboot"]
): V16.ConfigurationStatus => {
  if (status === "RebootRequired") return afterReboot
  return status === "Accepted" || status === "Rejected" ? status : "NotSupported"
}

// ---- GetConfiguration

type Ask<R> = (variables: ReadonlyArray<Domain.GetVariableData>) => Effect.Effect<unknown, CallError, R>

const getConfiguration =
  <R>(parts: ConfigurationParts, onGet: UntypedHandler<R>, peerOf: (peer: object) => unknown): UntypedHandler<R> =>
  (request, peer, exchange) =>
    // The engine gives a handler the request of its action.
    answerOf(parts, request as V16.GetConfigurationRequest, (variables) =>
      onGet({ variables }, peerOf(peer as object), exchange)
    )

const answerOf = Effect.fnUntraced(function* <R>(
  { keys, version }: ConfigurationParts,
  { key = [] }: V16.GetConfigurationRequest,
  ask: Ask<R>
) {
  const asked = [...new Set(key.map((name) => nameOf(keys, name)))]
  const names = asked.length === 0 ? keys.mappings.map((mapping) => mapping.key) : asked
  const connectors = names.some((name) => isOfConnectors(keys, name)) ? yield* connectorsOf(ask) : []
  const targets = names.flatMap((name) => keys.variables(name, connectors))
  const variables = new Map(
    targets.map(({ address, aspect }) => [
      Variable.key(address, aspect),
      aspect === "Actual" ? { address } : { address, aspect }
    ])
  )
  const answer = variables.size === 0 ? { results: [] } : yield* ask([...variables.values()])
  // The handler answers GetVariables, so its response is one of GetVariables.
  const { results } = responseOf(answer) as Domain.GetVariablesResponse
  const byId = new Map(results.map((result) => [Variable.key(result.address, result.aspect), result]))
  const told = names.map((name) => tell(keys, name, connectors, byId))
  const lost = told.flatMap((one) => one.lost ?? [])
  if (lost.length > 0) yield* Effect.logError(`${version} cannot tell the value of a variable: ${lost.join("; ")}`)
  const unknown = asked.filter((_, index) => told[index]?.known === undefined)
  const configurationKey = told.flatMap(({ known }) => known ?? [])
  const response: V16.GetConfigurationResponse = {
    ...(configurationKey.length === 0 ? {} : { configurationKey }),
    ...(unknown.length === 0 ? {} : { unknownKey: unknown })
  }
  return yield* answering(Domain.GetVariables.name, Effect.succeed(answer), () => response)
})

/** A key as the table writes it, if it was only written in another case: an alias is answered as one. */
const nameOf = (keys: ConfigurationKeys, name: string): string =>
  Option.match(keys.find(name), {
    onNone: () => name,
    onSome: ({ key }) => (key.toLowerCase() === name.toLowerCase() ? key : name)
  })

const isOfConnectors = (keys: ConfigurationKeys, name: string): boolean =>
  keys.variables(name, []).length < keys.variables(name, [connector(1)]).length

/** Each connector of 1.x is the only one of its EVSE. */
const connector = (number: number): Connectors[number] => ({ id: number, connectorId: 1 })

/** No station has more connectors, whatever its handler says. */
const mostConnectors = 1_000

/** The connectors that there are: every connector has the variable that is asked for (P2 Referenced Components). */
const connectorsOf = Effect.fnUntraced(function* <R>(ask: Ask<R>) {
  const found: Array<Connectors[number]> = []
  while (found.length < mostConnectors) {
    const evse = connector(found.length + 1)
    const address = { component: { name: "Connector", evse }, variable: { name: "Available" } }
    // The handler answers GetVariables, so its response is one of GetVariables.
    const { results } = responseOf(yield* ask([{ address }])) as Domain.GetVariablesResponse
    if (results[0]?.status !== "Accepted") break
    found.push(evse)
  }
  return found
})

interface Told {
  /** Absent: the station does not know the key. */
  readonly known?: V16.KeyValue
  /** Why its value is not told. */
  readonly lost?: string
}

const tell = (
  keys: ConfigurationKeys,
  key: string,
  connectors: Connectors,
  results: ReadonlyMap<string, Domain.GetVariableResult>
): Told => {
  const own = keys
    .variables(key, connectors)
    .flatMap(({ address, aspect }) => results.get(Variable.key(address, aspect)) ?? [])
    .filter(({ status }) => status === "Accepted" || status === "Rejected")
  const readonly = Option.exists(keys.find(key), isReadOnly) || own.some((result) => result.isReadOnly === true)
  const values = own.flatMap(({ address, aspect = "Actual", status, value }) =>
    status === "Accepted" && value !== undefined ? [{ address, aspect, value }] : []
  )
  const told = keys.fromVariables(key, values)
  if (Result.isSuccess(told)) {
    const { lost, value } = told.success
    return lost.length === 0
      ? { known: { key, readonly, value } }
      : { known: { key, readonly }, lost: `${key} loses ${lost.map(({ reason }) => reason).join(", ")}` }
  }
  if (told.failure._tag === "UnreadableValue") return { known: { key, readonly }, lost: told.failure.message }
  // A variable that may only be written has no value to tell.
  return own.length === 0 ? {} : { known: { key, readonly } }
}
