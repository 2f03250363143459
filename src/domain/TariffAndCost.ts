/**
 * Tariff and cost: what charging costs, for the display of a station.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"

/**
 * What a transaction has cost so far. What it costs in the end, the answer to its last event says.
 *
 * @see P2 I02
 * @category messages
 * @since 0.1.0
 */
export class CostUpdatedRequest extends Schema.Opaque<CostUpdatedRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    /** In the currency of the CSMS, taxes included. */
    totalCost: Schema.Finite
  }).annotate({ identifier: "CostUpdatedRequest" })
) {}

/**
 * The cost was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class CostUpdatedResponse extends Schema.Opaque<CostUpdatedResponse>()(
  Wire.Empty.annotate({ identifier: "CostUpdatedResponse" })
) {}

/**
 * Tells the station what a transaction has cost so far.
 *
 * @category actions
 * @since 0.1.0
 */
export const CostUpdated = Action.make("CostUpdated", {
  from: "csms",
  block: "TariffAndCost",
  request: CostUpdatedRequest,
  response: CostUpdatedResponse
})
