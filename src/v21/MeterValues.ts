/**
 * Functional block J of OCPP 2.1, Meter Values: readings outside a transaction.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { MeterValuesResponse } from "../v201/MeterValues.ts"
import { CustomDataType, MeterValueType } from "./DataTypes.ts"

// As in 2.0.1.
export { MeterValuesResponse } from "../v201/MeterValues.ts"

/**
 * The station sends readings that belong to no transaction; those of a transaction travel in `TransactionEvent`.
 *
 * **Changed in 2.1**: `evseId` is not negative.
 *
 * @see P2 J01
 * @category messages
 * @since 0.1.0
 */
export class MeterValuesRequest extends Schema.Opaque<MeterValuesRequest>()(
  Schema.Struct({
    /** 0: the main meter. */
    evseId: Wire.Natural,
    meterValue: Schema.Array(MeterValueType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "MeterValuesRequest" })
) {}

/**
 * Sends meter readings outside a transaction.
 *
 * @category actions
 * @since 0.1.0
 */
export const MeterValues = Action.make("MeterValues", {
  from: "station",
  block: "MeterValues",
  request: MeterValuesRequest,
  response: MeterValuesResponse
})
