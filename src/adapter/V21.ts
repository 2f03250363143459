/**
 * The adapter for OCPP 2.1.
 *
 * @since 0.1.0
 */
import type * as Layer from "effect/Layer"
import type * as Domain from "../domain/index.ts"
import * as V21 from "../v21/index.ts"
import * as Adapter from "./Adapter.ts"
import { adapterOf } from "./internal/v2x/adapter.ts"
import { v21 } from "./internal/v2x/common.ts"

/**
 * The adapter for OCPP 2.1.
 *
 * **Gotchas**
 *
 * The price schedules for vehicles of ISO 15118-20, which come with charging profiles, are not carried; handlers of the
 * version get them.
 *
 * @category adapters
 * @since 0.1.0
 */
export const adapter: Adapter.Adapter<"2.1", never, V21.Transactions> = adapterOf(
  v21,
  V21.protocol,
  V21,
  V21.Transactions
)

/**
 * The generic CSMS and the generic transactions of a station of 2.1.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Domain.Csms | Domain.Transactions, never, V21.Csms | V21.Transactions> =
  Adapter.layerOf(adapter, V21.Csms)
