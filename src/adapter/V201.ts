/**
 * The adapter for OCPP 2.0.1.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type * as Layer from "effect/Layer"
import type { Action } from "../Action.ts"
import type * as Domain from "../domain/index.ts"
import * as V201 from "../v201/index.ts"
import type * as V21 from "../v21/index.ts"
import * as Adapter from "./Adapter.ts"
import { type Actions, adapterOf } from "./internal/v2x/adapter.ts"
import { v201 } from "./internal/v2x/common.ts"

/**
 * The adapter for OCPP 2.0.1.
 *
 * @category adapters
 * @since 0.1.0
 */
export const adapter: Adapter.Adapter<"2.0.1", never, V201.Transactions> = adapterOf(
  v201,
  V201.protocol,
  // Of the messages of 2.1, the dialect makes only those that 2.0.1 has, too.
  V201 satisfies Partial<Record<keyof Actions, Action>> as unknown as Partial<Actions>,
  V201.Transactions as unknown as Context.Key<V201.Transactions, V21.StationTransactions>
)

/**
 * The generic CSMS and the generic transactions of a station of 2.0.1.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Domain.Csms | Domain.Transactions, never, V201.Csms | V201.Transactions> =
  Adapter.layerOf(adapter, V201.Csms)
