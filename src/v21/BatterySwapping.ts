/**
 * Functional block S of OCPP 2.1, Battery Swapping: stations that exchange batteries.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, GenericStatusEnumType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

/**
 * A battery in, or from, a slot of a swap station. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class BatteryDataType extends Schema.Opaque<BatteryDataType>()(
  Schema.Struct({
    /** The slot. */
    evseId: Wire.Natural,
    serialNumber: Wire.text(50),
    /** State of charge, percent. */
    soC: Wire.Decimal.check(Schema.isBetween({ minimum: 0, maximum: 100 })),
    /** State of health, percent. */
    soH: Wire.Decimal.check(Schema.isBetween({ minimum: 0, maximum: 100 })),
    productionDate: Schema.optionalKey(Timestamp),
    vendorInfo: Schema.optionalKey(Wire.text(500)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "BatteryDataType" })
) {}

/**
 * Whether batteries were put in, taken out, or not taken in time. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BatterySwapEventEnumType = Schema.Literals(["BatteryIn", "BatteryOut", "BatteryOutTimeout"]).annotate({
  identifier: "BatterySwapEventEnumType"
})
/**
 * A value of {@link BatterySwapEventEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type BatterySwapEventEnumType = typeof BatterySwapEventEnumType.Type

/**
 * The station reports batteries that were put in or taken out, or not taken in time. New in 2.1.
 *
 * @see P2 S01, S02, S03
 * @category messages
 * @since 0.1.0
 */
export class BatterySwapRequest extends Schema.Opaque<BatterySwapRequest>()(
  Schema.Struct({
    batteryData: Schema.Array(BatteryDataType).check(Schema.isMinLength(1)),
    eventType: BatterySwapEventEnumType,
    idToken: IdTokenType,
    /** The same for what is put in and what is taken out; that of `RequestBatterySwap` if there was one. */
    requestId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "BatterySwapRequest" })
) {}

/**
 * The CSMS has seen it. New in 2.1.
 *
 * @see P2 S01, S02, S03
 * @category messages
 * @since 0.1.0
 */
export class BatterySwapResponse extends Schema.Opaque<BatterySwapResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "BatterySwapResponse" })
) {}

/**
 * Reports batteries that were put in or taken out. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const BatterySwap = Action.make("BatterySwap", {
  from: "station",
  block: "BatterySwapping",
  request: BatterySwapRequest,
  response: BatterySwapResponse
})

/**
 * The CSMS starts a battery swap for a driver who uses, say, an app. New in 2.1.
 *
 * @see P2 S02
 * @category messages
 * @since 0.1.0
 */
export class RequestBatterySwapRequest extends Schema.Opaque<RequestBatterySwapRequest>()(
  Schema.Struct({
    idToken: IdTokenType,
    /** Comes back in `BatterySwap`. */
    requestId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RequestBatterySwapRequest" })
) {}

/**
 * Whether the swap may start. New in 2.1.
 *
 * @see P2 S02
 * @category messages
 * @since 0.1.0
 */
export class RequestBatterySwapResponse extends Schema.Opaque<RequestBatterySwapResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "RequestBatterySwapResponse" })
) {}

/**
 * Starts a battery swap from the CSMS. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const RequestBatterySwap = Action.make("RequestBatterySwap", {
  from: "csms",
  block: "BatterySwapping",
  request: RequestBatterySwapRequest,
  response: RequestBatterySwapResponse
})
