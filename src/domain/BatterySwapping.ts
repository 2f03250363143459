/**
 * Battery swapping, of 2.1: stations that exchange batteries.
 *
 * @see P2 S
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { GenericStatus, IdToken, StatusInfo } from "./DataTypes.ts"

/**
 * A battery in, or from, a slot of a swap station.
 *
 * @category models
 * @since 0.1.0
 */
export class BatteryData extends Schema.Opaque<BatteryData>()(
  Schema.Struct({
    /** The slot. */
    evseId: Schema.Int,
    serialNumber: Schema.String,
    /** The state of charge, in percent. */
    soC: Schema.Finite,
    /** The state of health, in percent. */
    soH: Schema.Finite,
    productionDate: Schema.optionalKey(Schema.DateTimeUtc),
    vendorInfo: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "BatteryData" })
) {}

/**
 * Whether batteries were put in, taken out, or not taken in time.
 *
 * @category schemas
 * @since 0.1.0
 */
export const BatterySwapEvent = Schema.Literals(["BatteryIn", "BatteryOut", "BatteryOutTimeout"]).annotate({
  identifier: "BatterySwapEvent"
})
/**
 * A value of {@link BatterySwapEvent}.
 *
 * @category models
 * @since 0.1.0
 */
export type BatterySwapEvent = typeof BatterySwapEvent.Type

/**
 * The station reports batteries that were put in or taken out, or not taken in time.
 *
 * @see P2 S01, S02, S03
 * @category messages
 * @since 0.1.0
 */
export class BatterySwapRequest extends Schema.Opaque<BatterySwapRequest>()(
  Schema.Struct({
    /** One at least. */
    batteryData: Schema.Array(BatteryData),
    eventType: BatterySwapEvent,
    idToken: IdToken,
    /** The same for what is put in and what is taken out; that of `RequestBatterySwap` if there was one. */
    requestId: Schema.Int
  }).annotate({ identifier: "BatterySwapRequest" })
) {}

/**
 * The CSMS has seen it.
 *
 * @see P2 S01, S02, S03
 * @category messages
 * @since 0.1.0
 */
export class BatterySwapResponse extends Schema.Opaque<BatterySwapResponse>()(
  Wire.Empty.annotate({ identifier: "BatterySwapResponse" })
) {}

/**
 * Reports batteries that were put in or taken out, in 2.1.
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
 * The CSMS starts a battery swap for a driver who uses, say, an app.
 *
 * @see P2 S02
 * @category messages
 * @since 0.1.0
 */
export class RequestBatterySwapRequest extends Schema.Opaque<RequestBatterySwapRequest>()(
  Schema.Struct({
    idToken: IdToken,
    /** Comes back in `BatterySwap`. */
    requestId: Schema.Int
  }).annotate({ identifier: "RequestBatterySwapRequest" })
) {}

/**
 * Whether the swap may start.
 *
 * @see P2 S02
 * @category messages
 * @since 0.1.0
 */
export class RequestBatterySwapResponse extends Schema.Opaque<RequestBatterySwapResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "RequestBatterySwapResponse" })
) {}

/**
 * Starts a battery swap from the CSMS, in 2.1.
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
