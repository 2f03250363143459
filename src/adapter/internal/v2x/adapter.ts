/**
 * The adapters of 2.x, which are made of the same tables.
 */
import type * as Context from "effect/Context"
import type * as Action from "../../../Action.ts"
import * as Domain from "../../../domain/index.ts"
import type { Protocol } from "../../../Protocol.ts"
import type * as V21 from "../../../v21/index.ts"
import type { Adapter } from "../../Adapter.ts"
import { withoutEmptyLists } from "../emptyLists.ts"
import { stationTransactions } from "../stationTransactions.ts"
import type { Table } from "../Table.ts"
import { type Translation, translation } from "../Translation.ts"
import { authorization } from "./authorization.ts"
import { availability } from "./availability.ts"
import { batterySwapping } from "./batterySwapping.ts"
import { bidirectionalPowerTransfer } from "./bidirectionalPowerTransfer.ts"
import { chargingLimits } from "./chargingLimits.ts"
import { chargingNeeds } from "./chargingNeeds.ts"
import type { Dialect } from "./common.ts"
import { customerInformation } from "./customerInformation.ts"
import { derControl } from "./derControl.ts"
import { deviceModel, readingAttributes } from "./deviceModel.ts"
import { diagnostics } from "./diagnostics.ts"
import { displayMessage } from "./displayMessage.ts"
import { dynamicCharging } from "./dynamicCharging.ts"
import { eventStreams } from "./eventStreams.ts"
import { firmwareManagement } from "./firmwareManagement.ts"
import { iso15118Certificates } from "./iso15118Certificates.ts"
import { localController } from "./localController.ts"
import { metering } from "./metering.ts"
import { monitoring } from "./monitoring.ts"
import { networkProfiles } from "./networkProfiles.ts"
import { payment } from "./payment.ts"
import { provisioning } from "./provisioning.ts"
import { remoteTrigger } from "./remoteTrigger.ts"
import { reports } from "./reports.ts"
import { security } from "./security.ts"
import { smartCharging } from "./smartCharging.ts"
import { tariffAndCost } from "./tariffAndCost.ts"
import { transactions, transactionWords } from "./transactions.ts"

type Generic = { readonly [A in Domain.Actions as A["name"]]: A }

/** The names of the generic actions that 2.1 has; the others are of 1.6 only. */
type Name = keyof Generic & keyof typeof V21

/** The actions of 2.1 that mean generic ones: each has the name of the generic one. */
export type Actions = Pick<typeof V21, Name>

/** The tables of each of these actions. */
type Tables = {
  readonly [N in Name]: {
    readonly request: Table<Action.Request<Actions[N]>, Action.Request<Generic[N]>>
    readonly response: Table<Action.Response<Actions[N]>, Action.Response<Generic[N]>>
  }
}

const tablesOf = (dialect: Dialect) =>
  ({
    ...authorization(dialect),
    ...availability(dialect),
    ...batterySwapping(dialect),
    ...bidirectionalPowerTransfer(),
    ...chargingLimits(dialect),
    ...chargingNeeds(dialect),
    ...customerInformation(dialect),
    ...derControl(),
    ...deviceModel(dialect),
    ...diagnostics(dialect),
    ...displayMessage(dialect),
    ...dynamicCharging(),
    ...eventStreams(),
    ...firmwareManagement(dialect),
    ...iso15118Certificates(dialect),
    ...localController(dialect),
    ...metering(dialect),
    ...monitoring(dialect),
    ...networkProfiles(dialect),
    ...payment(),
    ...provisioning(dialect),
    ...remoteTrigger(dialect),
    ...reports(dialect),
    ...security(dialect),
    ...smartCharging(dialect),
    ...tariffAndCost(dialect),
    ...transactions(dialect)
  }) satisfies Tables

type Shared = Extract<Domain.Actions, { readonly name: Name }>

/**
 * The adapter of a version of 2.x. Those before 2.1 are given as if they were 2.1, of whose actions, words and fields they
 * have a part; what their messages lack is left to `dialect`.
 */
export const adapterOf = <Version extends string, Own>(
  dialect: Dialect,
  protocol: Protocol<Version>,
  actions: Partial<Actions>,
  service: Context.Key<Own, V21.StationTransactions>
): Adapter<Version, never, Own> => {
  const tables: Tables = tablesOf(dialect)
  const isShared = (generic: Domain.Actions): generic is Shared => Object.hasOwn(tables, generic.name)
  const one = <N extends Name>(name: N, generic: Generic[N]): ReadonlyArray<Translation> => {
    const action: Actions[N] | undefined = actions[name]
    if (action === undefined) return []
    return [translation<Generic[N], Actions[N]>(generic, action, tables[name].request, tables[name].response)]
  }
  const translations = Domain.actions.flatMap((generic) => (isShared(generic) ? one(generic.name, generic) : []))
  // Both versions have it.
  const reading = translations.find(({ generic }) => generic === Domain.GetVariables)!
  const { TransactionEvent: told } = tables
  const event = withoutEmptyLists(told.request, actions.TransactionEvent?.request)
  return {
    protocol,
    translations,
    calls: new Map([[Domain.GetVariables.name, readingAttributes(reading)]]),
    transactions: stationTransactions(service, transactionWords({ request: event, response: told.response }))
  }
}
