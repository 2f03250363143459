/**
 * Functional block P of OCPP 2.0.1, Data Transfer: vendor-specific messages.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, StatusInfoType } from "./DataTypes.ts"

/**
 * Either side sends something that OCPP has no message for; what it means is agreed between vendors.
 *
 * @see P2 P01, P02
 * @category messages
 * @since 0.1.0
 */
export class DataTransferRequest extends Schema.Opaque<DataTransferRequest>()(
  Schema.Struct({
    messageId: Schema.optionalKey(Wire.text(50)),
    /** Any JSON. */
    data: Schema.optionalKey(Schema.Json),
    vendorId: Wire.text(255),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DataTransferRequest" })
) {}

/**
 * Whether the other side knows the vendor and the message.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataTransferStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "UnknownMessageId",
  "UnknownVendorId"
]).annotate({ identifier: "DataTransferStatusEnumType" })
/**
 * A value of {@link DataTransferStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DataTransferStatusEnumType = typeof DataTransferStatusEnumType.Type

/**
 * Whether the other side knows the vendor and the message, and what it answers.
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
