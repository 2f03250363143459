/**
 * Functional block P of OCPP 2.1, Data Transfer: vendor-specific messages.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { DataTransferRequest, DataTransferStatusEnumType } from "../v201/DataTransfer.ts"
import { CustomDataType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export { DataTransferRequest, DataTransferStatusEnumType } from "../v201/DataTransfer.ts"

/**
 * Whether the other side knows the vendor and the message, and what it answers.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 P01, P02
 * @category messages
 * @since 0.1.0
 */
export class DataTransferResponse extends Schema.Opaque<DataTransferResponse>()(
  Schema.Struct({
    status: DataTransferStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    /** Any JSON. */
    data: Schema.optionalKey(Schema.Json),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DataTransferResponse" })
) {}

/**
 * Carries what OCPP has no message for.
 *
 * @category actions
 * @since 0.1.0
 */
export const DataTransfer = Action.make("DataTransfer", {
  from: "both",
  block: "DataTransfer",
  request: DataTransferRequest,
  response: DataTransferResponse
})
