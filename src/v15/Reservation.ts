/**
 * Reservations in OCPP 1.5: a connector kept free for one driver.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { IdToken } from "./DataTypes.ts"

/**
 * Whether a reservation was cancelled; `Rejected`: there is no such reservation.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const CancelReservationStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "CancelReservationStatus"
})
/**
 * A value of {@link CancelReservationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type CancelReservationStatus = typeof CancelReservationStatus.Type

/**
 * The central system cancels a reservation.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationRequest extends Schema.Opaque<CancelReservationRequest>()(
  Schema.Struct({
    reservationId: Wire.Integer
  }).annotate({ identifier: "CancelReservationRequest" })
) {}

/**
 * Whether the reservation was cancelled.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationResponse extends Schema.Opaque<CancelReservationResponse>()(
  Schema.Struct({
    status: CancelReservationStatus
  }).annotate({ identifier: "CancelReservationResponse" })
) {}

/**
 * Cancels a reservation.
 *
 * @category actions
 * @since 0.1.0
 */
export const CancelReservation = Action.make("CancelReservation", {
  from: "csms",
  block: "Reservation",
  request: CancelReservationRequest,
  response: CancelReservationResponse
})

/**
 * Whether the reservation was made, or why not. `Rejected`: the station takes no reservations.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const ReservationStatus = Schema.Literals([
  "Accepted",
  "Faulted",
  "Occupied",
  "Rejected",
  "Unavailable"
]).annotate({ identifier: "ReservationStatus" })
/**
 * A value of {@link ReservationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReservationStatus = typeof ReservationStatus.Type

/**
 * The central system reserves a connector for an identifier. A known `reservationId` replaces that reservation.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowRequest extends Schema.Opaque<ReserveNowRequest>()(
  Schema.Struct({
    /** 0: any connector. */
    connectorId: Wire.Integer,
    /** When the reservation ends. */
    expiryDate: Timestamp,
    idTag: IdToken,
    /** Identifiers of this group may use the reservation too. */
    parentIdTag: Schema.optionalKey(IdToken),
    reservationId: Wire.Integer
  }).annotate({ identifier: "ReserveNowRequest" })
) {}

/**
 * Whether the connector is reserved.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowResponse extends Schema.Opaque<ReserveNowResponse>()(
  Schema.Struct({
    status: ReservationStatus
  }).annotate({ identifier: "ReserveNowResponse" })
) {}

/**
 * Reserves a connector.
 *
 * @category actions
 * @since 0.1.0
 */
export const ReserveNow = Action.make("ReserveNow", {
  from: "csms",
  block: "Reservation",
  request: ReserveNowRequest,
  response: ReserveNowResponse
})
