/**
 * Functional block I of OCPP 2.0.1, Tariff and Cost: the running cost of a transaction.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType } from "./DataTypes.ts"

/**
 * The CSMS sends the running cost of a transaction, for the display.
 *
 * @see P2 I02
 * @category messages
 * @since 0.1.0
 */
export class CostUpdatedRequest extends Schema.Opaque<CostUpdatedRequest>()(
  Schema.Struct({
    /** Taxes included, in the configured currency. */
    totalCost: Wire.Decimal,
    transactionId: Wire.text(36),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CostUpdatedRequest" })
) {}

/**
 * The station has got the cost.
 *
 * @see P2 I02
 * @category messages
 * @since 0.1.0
 */
export class CostUpdatedResponse extends Schema.Opaque<CostUpdatedResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CostUpdatedResponse" })
) {}

/**
 * Sends the running cost of a transaction.
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
