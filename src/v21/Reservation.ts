/**
 * Functional block H of OCPP 2.1, Reservation: keeping an EVSE free for somebody.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  CancelReservationStatusEnumType,
  ReservationStatusUpdateResponse,
  ReserveNowStatusEnumType
} from "../v201/Reservation.ts"
import { CustomDataType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  CancelReservationStatusEnumType,
  ReservationStatusUpdateResponse,
  ReserveNowStatusEnumType
} from "../v201/Reservation.ts"

/**
 * The kind of a connector: an open string. Standard values are those of 2.0.1 and cChaoJi, cGBT-DC, cLECCS, cMCS,
 * cNACS, cNACS-CCS1, cCCS1-NACS, cUltraChaoJi, sType1 and more.
 *
 * **Changed in 2.1**: was the enumeration `ConnectorEnumType`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConnectorEnumStringType = Wire.text(20).annotate({ identifier: "ConnectorEnumStringType" })
/**
 * The text of {@link ConnectorEnumStringType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectorEnumStringType = typeof ConnectorEnumStringType.Type

/**
 * The CSMS reserves an EVSE, one with a kind of connector, or any one, for a driver until a given time. An id that
 * exists is replaced.
 *
 * **Changed in 2.1**: `connectorType` is an open string; `id`, `evseId` are not negative.
 *
 * @see P2 H01
 * @category messages
 * @since 0.1.0
 */
export class ReserveNowRequest extends Schema.Opaque<ReserveNowRequest>()(
  Schema.Struct({
    id: Wire.Natural,
    expiryDateTime: Timestamp,
    connectorType: Schema.optionalKey(ConnectorEnumStringType),
    idToken: IdTokenType,
    /** Absent: any EVSE. */
    evseId: Schema.optionalKey(Wire.Natural),
    /** Identifiers of this group may use it too. */
    groupIdToken: Schema.optionalKey(IdTokenType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReserveNowRequest" })
) {}

/**
 * Whether the reservation is made, or what stands in its way.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * **Changed in 2.1**: `reservationId` is not negative.
 *
 * @see P2 H02
 * @category messages
 * @since 0.1.0
 */
export class CancelReservationRequest extends Schema.Opaque<CancelReservationRequest>()(
  Schema.Struct({
    reservationId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CancelReservationRequest" })
) {}

/**
 * Whether the reservation is cancelled; `Rejected` when there is none with this id.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * Why a reservation is gone; `NoTransaction` when it was used and no transaction followed.
 *
 * **Changed in 2.1**: adds `NoTransaction`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReservationUpdateStatusEnumType = Schema.Literals(["Expired", "Removed", "NoTransaction"]).annotate({
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
 * **Changed in 2.1**: `reservationId` is not negative.
 *
 * @see P2 H04
 * @category messages
 * @since 0.1.0
 */
export class ReservationStatusUpdateRequest extends Schema.Opaque<ReservationStatusUpdateRequest>()(
  Schema.Struct({
    reservationId: Wire.Natural,
    reservationUpdateStatus: ReservationUpdateStatusEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReservationStatusUpdateRequest" })
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
