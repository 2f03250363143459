/**
 * Reservation: an EVSE is kept free for an identifier.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { IdToken, StatusInfo } from "./DataTypes.ts"
import { openWords } from "./internal/openWords.ts"

/**
 * What kind of connector it is: `c` for a cable with a plug, `s` for a socket, `w` for wireless; a word of the standard or,
 * in 2.1, one that both sides have agreed on.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConnectorType = openWords([
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
]).annotate({ identifier: "ConnectorType" })
/**
 * A value of {@link ConnectorType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectorType = typeof ConnectorType.Type

/**
 * Asks the station to keep an EVSE free.
 *
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowRequest extends Schema.Opaque<ReserveNowRequest>()(
  Schema.Struct({
    id: Schema.Int,
    expiryDateTime: Schema.DateTimeUtc,
    idToken: IdToken,
    /** The connector that the driver needs; absent: any. */
    connectorType: Schema.optionalKey(ConnectorType),
    /** Absent: any EVSE. */
    evseId: Schema.optionalKey(Schema.Int),
    /** Identifiers of this group may use it too. */
    groupIdToken: Schema.optionalKey(IdToken)
  }).annotate({ identifier: "ReserveNowRequest" })
) {}

/**
 * Whether an EVSE is reserved, or why not.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReserveNowStatus = Schema.Literals([
  "Accepted",
  "Faulted",
  "Occupied",
  "Rejected",
  "Unavailable"
]).annotate({ identifier: "ReserveNowStatus" })
/**
 * A value of {@link ReserveNowStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReserveNowStatus = typeof ReserveNowStatus.Type

/**
 * Whether the EVSE is reserved, or why not.
 *
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowResponse extends Schema.Opaque<ReserveNowResponse>()(
  Schema.Struct({
    status: ReserveNowStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ReserveNowResponse" })
) {}

/**
 * Asks the station to keep an EVSE free.
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
 * Asks the station to end a reservation.
 *
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationRequest extends Schema.Opaque<CancelReservationRequest>()(
  Schema.Struct({
    reservationId: Schema.Int
  }).annotate({ identifier: "CancelReservationRequest" })
) {}

/**
 * Whether a reservation has ended.
 *
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
 * Whether the reservation has ended.
 *
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationResponse extends Schema.Opaque<CancelReservationResponse>()(
  Schema.Struct({
    status: CancelReservationStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "CancelReservationResponse" })
) {}

/**
 * Asks the station to end a reservation.
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
 * Why a reservation is gone that nobody has used. `Removed`: the station could not keep it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReservationUpdateStatus = Schema.Literals(["Expired", "NoTransaction", "Removed"]).annotate({
  identifier: "ReservationUpdateStatus"
})
/**
 * A value of {@link ReservationUpdateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReservationUpdateStatus = typeof ReservationUpdateStatus.Type

/**
 * The station tells that a reservation is gone that nobody has used.
 *
 * @see P2 H04
 * @category messages
 * @since 0.1.0
 */
export class ReservationStatusUpdateRequest extends Schema.Opaque<ReservationStatusUpdateRequest>()(
  Schema.Struct({
    reservationId: Schema.Int,
    reservationUpdateStatus: ReservationUpdateStatus
  }).annotate({ identifier: "ReservationStatusUpdateRequest" })
) {}

/**
 * It was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class ReservationStatusUpdateResponse extends Schema.Opaque<ReservationStatusUpdateResponse>()(
  Wire.Empty.annotate({ identifier: "ReservationStatusUpdateResponse" })
) {}

/**
 * Tells that a reservation is gone that nobody has used.
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
