/**
 * The adapter for a version of 1.x, made of what both have in common and of what the version has in a form of its own.
 */
import type * as Context from "effect/Context"
import * as Domain from "../../../domain/index.ts"
import type { Action } from "../../../Action.ts"
import type { Protocol } from "../../../Protocol.ts"
import type { Transactions } from "../../../Transaction.ts"
import type { TransactionIds } from "../../../TransactionIds.ts"
import type { Adapter } from "../../Adapter.ts"
import type { ConfigurationKeys } from "../../ConfigurationKeys.ts"
import { stationTransactions, type TransactionWords } from "../stationTransactions.ts"
import type { CallOf, Extensions, Translation } from "../Translation.ts"
import type { Dialect1x, Version } from "./common.ts"
import { type ConfigurationActions, configurationCalls } from "./configurationCalls.ts"
import { configurationHandlers, type ConfigurationParts } from "./configurationHandlers.ts"
import { csmsHandlers } from "./csmsHandlers.ts"
import { inventory } from "./inventory.ts"
import { type OperationActions, operations } from "./operations.ts"
import { remoteStart } from "./remoteStart.ts"
import type { Kind1x } from "./transactionEvents.ts"
import type { EventResponses } from "./transactions.ts"

/**
 * What is a version's own.
 *
 * - `transactions`: those of its stations, `events` how they are told, and `responses` how a CSMS answers.
 * - `meterValues`: readings that belong to no transaction.
 * - `requestStart`: the start of a transaction from afar.
 * - `others`: the further actions, `extensions` those that are no actions of the protocol, and `calls` the calls
 *   of a CSMS that take more than one action.
 * - `afterReboot`: what a station answers of a value that was taken and takes effect after a reboot.
 */
export interface Own<out V extends Version, in out K extends Kind1x, out Id> {
  readonly protocol: Protocol<V>
  readonly dialect: Dialect1x
  readonly actions: OperationActions &
    ConfigurationActions & { readonly StartTransaction: Action; readonly StopTransaction: Action }
  readonly transactions: Context.Key<Id, Transactions<K>>
  readonly events: TransactionWords<K>
  readonly responses: EventResponses
  readonly meterValues: Translation
  readonly requestStart: Translation
  readonly others: ReadonlyArray<Translation>
  readonly extensions?: Extensions
  readonly calls?: ReadonlyMap<string, CallOf>
  readonly afterReboot: ConfigurationParts["afterReboot"]
}

/** Makes the adapter with a table of configuration keys. */
export const adapterOf = <V extends Version, K extends Kind1x, Id>(
  own: Own<V, K, Id>,
  keys: ConfigurationKeys
): Adapter<V, TransactionIds, Id> => {
  const {
    actions,
    afterReboot,
    dialect,
    events,
    meterValues,
    others,
    protocol,
    requestStart,
    responses,
    transactions
  } = own
  return {
    protocol,
    translations: [...others, ...operations(dialect, actions), meterValues, requestStart],
    calls: new Map([
      ...configurationCalls(keys, actions),
      [Domain.RequestStartTransaction.name, remoteStart(requestStart)],
      ...(own.calls ?? [])
    ]),
    extensions: own.extensions,
    inventory: inventory(keys, actions),
    csmsHandlers: csmsHandlers({ actions, meterValues, events, responses }),
    stationHandlers: configurationHandlers({ actions, version: dialect.version, keys, afterReboot }),
    transactions: stationTransactions(transactions, events)
  }
}
