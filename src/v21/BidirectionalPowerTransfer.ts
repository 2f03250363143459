/**
 * Functional block Q of OCPP 2.1, Bidirectional Power Transfer: feeding energy from the vehicle back.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, EnergyTransferModeEnumType, GenericStatusEnumType, StatusInfoType } from "./DataTypes.ts"

/**
 * The CSMS says which modes of energy transfer a transaction may use from now on. New in 2.1.
 *
 * @see P2 Q02
 * @category messages
 * @since 0.1.0
 */
export class NotifyAllowedEnergyTransferRequest extends Schema.Opaque<NotifyAllowedEnergyTransferRequest>()(
  Schema.Struct({
    transactionId: Wire.text(36),
    allowedEnergyTransfer: Schema.Array(EnergyTransferModeEnumType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyAllowedEnergyTransferRequest" })
) {}

/**
 * Whether modes of energy transfer are taken over. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotifyAllowedEnergyTransferStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "NotifyAllowedEnergyTransferStatusEnumType"
})
/**
 * A value of {@link NotifyAllowedEnergyTransferStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type NotifyAllowedEnergyTransferStatusEnumType = typeof NotifyAllowedEnergyTransferStatusEnumType.Type

/**
 * Whether the station takes them over. New in 2.1.
 *
 * @see P2 Q02
 * @category messages
 * @since 0.1.0
 */
export class NotifyAllowedEnergyTransferResponse extends Schema.Opaque<NotifyAllowedEnergyTransferResponse>()(
  Schema.Struct({
    status: NotifyAllowedEnergyTransferStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyAllowedEnergyTransferResponse" })
) {}

/**
 * Says which modes of energy transfer are allowed. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyAllowedEnergyTransfer = Action.make("NotifyAllowedEnergyTransfer", {
  from: "csms",
  block: "BidirectionalPowerTransfer",
  request: NotifyAllowedEnergyTransferRequest,
  response: NotifyAllowedEnergyTransferResponse
})

/**
 * The CSMS passes on the grid operator's signal for automatic frequency restoration (aFRR). New in 2.1.
 *
 * @see P2 Q08
 * @category messages
 * @since 0.1.0
 */
export class AFRRSignalRequest extends Schema.Opaque<AFRRSignalRequest>()(
  Schema.Struct({
    /** From when on it counts. */
    timestamp: Timestamp,
    /** Looked up in `v2xSignalWattCurve`. */
    signal: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AFRRSignalRequest" })
) {}

/**
 * Whether the station follows the signal. New in 2.1.
 *
 * @see P2 Q08
 * @category messages
 * @since 0.1.0
 */
export class AFRRSignalResponse extends Schema.Opaque<AFRRSignalResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AFRRSignalResponse" })
) {}

/**
 * Passes on a signal for frequency support. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const AFRRSignal = Action.make("AFRRSignal", {
  from: "csms",
  block: "BidirectionalPowerTransfer",
  request: AFRRSignalRequest,
  response: AFRRSignalResponse
})
