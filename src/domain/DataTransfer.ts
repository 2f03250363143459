/**
 * Data transfer: what a vendor adds to OCPP.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * A message of a vendor's own.
 *
 * @category messages
 * @since 0.1.0
 */
export class DataTransferRequest extends Schema.Opaque<DataTransferRequest>()(
  Schema.Struct({
    vendorId: Schema.String,
    messageId: Schema.optionalKey(Schema.String),
    /** Any JSON; 1.x carries text only. */
    data: Schema.optionalKey(Schema.Json)
  }).annotate({ identifier: "DataTransferRequest" })
) {}

/**
 * Whether a message of a vendor was understood.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DataTransferStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "UnknownMessageId",
  "UnknownVendorId"
]).annotate({ identifier: "DataTransferStatus" })
/**
 * A value of {@link DataTransferStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type DataTransferStatus = typeof DataTransferStatus.Type

/**
 * What the other side makes of it.
 *
 * @category messages
 * @since 0.1.0
 */
export class DataTransferResponse extends Schema.Opaque<DataTransferResponse>()(
  Schema.Struct({
    status: DataTransferStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** Any JSON; 1.x carries text only. */
    data: Schema.optionalKey(Schema.Json)
  }).annotate({ identifier: "DataTransferResponse" })
) {}

/**
 * Sends a message of a vendor's own.
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
