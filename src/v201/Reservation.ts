/**
 * Functional block H of OCPP 2.0.1, Reservation: keeping an EVSE free for somebody.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

/**
 * The kind of a connector: `c…` has a cable, `s…` is a socket, `w…` is wireless.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConnectorEnumType = Schema.Literals([
  "cCCS1",
  "cCCS2",
  "cG105",
  "cTesla",
  "cType1",
  "cType2",
  "s309-1P-16A",
  "s309-1P-32A",
  "s309-3P-16A",
  "s309-3P-32A",
  "sBS1361",
  "sCEE-7-7",
  "sType2",
  "sType3",
  "Other1PhMax16A",
  "Other1PhOver16A",
  "Other3Ph",
  "Pan",
  "wInductive",
  "wResonant",
  "Undetermined",
  "Unknown"
]).annotate({ identifier: "ConnectorEnumType" })
/**
 * A value of {@link ConnectorEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectorEnumType = typeof ConnectorEnumType.Type

/**
 * The CSMS reserves an EVSE, one with a kind of connector, or any one, for a driver until a given time. An id that
 * exists is replaced.
 *
 * @see P2 H01
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowRequest extends Schema.Opaque<ReserveNowRequest>()(
  Schema.Struct({
    id: Wire.Integer,
    expiryDateTime: Timestamp,
    connectorType: Schema.optionalKey(ConnectorEnumType),
    idToken: IdTokenType,
    /** Absent: any EVSE. */
    evseId: Schema.optionalKey(Wire.Integer),
    /** Identifiers of this group may use it too. */
    groupIdToken: Schema.optionalKey(IdTokenType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReserveNowRequest" })
) {}

/**
 * Whether a reservation was made, or what stands in its way.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReserveNowStatusEnumType = Schema.Literals([
  "Accepted",
  "Faulted",
  "Occupied",
  "Rejected",
  "Unavailable"
]).annotate({ identifier: "ReserveNowStatusEnumType" })
/**
 * A value of {@link ReserveNowStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReserveNowStatusEnumType = typeof ReserveNowStatusEnumType.Type

/**
 * Whether the reservation is made, or what stands in its way.
 *
 * @see P2 H01
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowResponse extends Schema.Opaque<ReserveNowResponse>()(
  Schema.Struct({
    status: ReserveNowStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReserveNowResponse" })
) {}

/**
 * Reserves an EVSE for a driver.
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

/**
 * The CSMS cancels a reservation.
 *
 * @see P2 H02
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationRequest extends Schema.Opaque<CancelReservationRequest>()(
  Schema.Struct({
    reservationId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CancelReservationRequest" })
) {}

/**
 * Whether a reservation was cancelled.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CancelReservationStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "CancelReservationStatusEnumType"
})
/**
 * A value of {@link CancelReservationStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CancelReservationStatusEnumType = typeof CancelReservationStatusEnumType.Type

/**
 * Whether the reservation is cancelled; `Rejected` when there is none with this id.
 *
 * @see P2 H02
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationResponse extends Schema.Opaque<CancelReservationResponse>()(
  Schema.Struct({
    status: CancelReservationStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
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
 * Why a reservation is gone.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReservationUpdateStatusEnumType = Schema.Literals(["Expired", "Removed"]).annotate({
  identifier: "ReservationUpdateStatusEnumType"
})
/**
 * A value of {@link ReservationUpdateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReservationUpdateStatusEnumType = typeof ReservationUpdateStatusEnumType.Type

/**
 * The station reports that a reservation ended without having been used.
 *
 * @see P2 H04
 * @category messages
 * @since 0.1.0
 */
export class ReservationStatusUpdateRequest extends Schema.Opaque<ReservationStatusUpdateRequest>()(
  Schema.Struct({
    reservationId: Wire.Integer,
    reservationUpdateStatus: ReservationUpdateStatusEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReservationStatusUpdateRequest" })
) {}

/**
 * The CSMS has seen it.
 *
 * @see P2 H04
 * @category messages
 * @since 0.1.0
 */
export class ReservationStatusUpdateResponse extends Schema.Opaque<ReservationStatusUpdateResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReservationStatusUpdateResponse" })
) {}

/**
 * Reports that a reservation is gone.
 *
 * @category actions
 * @since 0.1.0
 */
export const ReservationStatusUpdate = Action.make("ReservationStatusUpdate", {
  from: "station",
  block: "Reservation",
  request: ReservationStatusUpdateRequest,
  response: ReservationStatusUpdateResponse
})
