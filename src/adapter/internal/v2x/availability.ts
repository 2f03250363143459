/**
 * What connectors do, and whether they may be used.
 */
import type * as Domain from "../../../domain/index.ts"
import { ConnectorEnumType } from "../../../v201/Reservation.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { same, words } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, evse, nothing, outcome, table } from "./common.ts"
import { idTokenOf } from "./idTokens.ts"

export const availability = (dialect: Dialect) => ({
  StatusNotification: { request: connectorStatus(dialect), response: nothing },
  ChangeAvailability: {
    request: table<V21.ChangeAvailabilityRequest, Domain.ChangeAvailabilityRequest>(({ field }) => [
      field("evse", "evse", evse),
      field("operationalStatus", "operationalStatus")
    ]),
    response: outcome(same<Domain.ChangeAvailabilityStatus>())
  },
  UnlockConnector: {
    request: table<V21.UnlockConnectorRequest, Domain.UnlockConnectorRequest>(({ field }) => [
      field("evseId", "evseId"),
      field("connectorId", "connectorId")
    ]),
    response: outcome(
      words<V21.UnlockStatusEnumType, Domain.UnlockStatus>({ encoded: { NotSupported: "UnlockFailed" }, decoded: {} })
    )
  },
  ReserveNow: {
    request: reservation(dialect),
    response: outcome(same<Domain.ReserveNowStatus>())
  },
  CancelReservation: {
    request: table<V21.CancelReservationRequest, Domain.CancelReservationRequest>(({ field }) => [
      field("reservationId", "reservationId")
    ]),
    response: outcome(same<Domain.CancelReservationStatus>())
  },
  ReservationStatusUpdate: {
    request: table<V21.ReservationStatusUpdateRequest, Domain.ReservationStatusUpdateRequest>(({ field }) => [
      field("reservationId", "reservationId"),
      field(
        "reservationUpdateStatus",
        "reservationUpdateStatus",
        dialect.words<
          V201.ReservationUpdateStatusEnumType,
          V21.ReservationUpdateStatusEnumType,
          Domain.ReservationUpdateStatus
        >({ NoTransaction: "Removed" })
      )
    ]),
    response: nothing
  }
})

const connectorStatus = ({ version }: Dialect) => {
  const isFree = `${version} tells of what works whether it is free`
  return table<V21.StatusNotificationRequest, Domain.StatusNotificationRequest>(
    ({ dropped, field, omissible, together }) => [
      field("timestamp", "timestamp", instant, { needed: `${version} asks when it came to be so` }),
      field("evseId", "evse.id", undefined, { needed: `${version} tells the status of connectors only` }),
      field("connectorId", "evse.connectorId", undefined, { needed: `${version} tells the status of connectors only` }),
      // 2.x has one word for two questions. Of a connector that does not work, it tells only that.
      together({
        wire: ["connectorStatus"],
        generic: ["condition", "occupancy"],
        decode: ({ connectorStatus: told }) =>
          told === "Unavailable" || told === "Faulted"
            ? { condition: told }
            : { condition: "Operative", occupancy: told },
        notes: [
          { path: "occupancy", fate: "dropped", why: "of what does not work it is not told" },
          { path: "occupancy", fate: "refused if absent", why: isFree }
        ],
        encode: ({ condition, occupancy }, losses) => {
          if (condition !== "Operative") return { connectorStatus: condition }
          if (occupancy === undefined) losses.add(isFree, "occupancy")
          return occupancy === undefined ? {} : { connectorStatus: occupancy }
        }
      }),
      dropped({ generic: "activity" }, "the events of the transaction tell it"),
      omissible("error", `${version} tells it by NotifyEvent`)
    ]
  )
}

const reservation = (dialect: Dialect) => {
  const idToken = idTokenOf(dialect)
  const connectorType = dialect.openWords(ConnectorEnumType.literals, "2.0.1 has a list of types")
  return table<V21.ReserveNowRequest, Domain.ReserveNowRequest>(({ field }) => [
    field("id", "id"),
    field("expiryDateTime", "expiryDateTime", instant),
    field("idToken", "idToken", idToken),
    field("connectorType", "connectorType", connectorType),
    field("evseId", "evseId"),
    field("groupIdToken", "groupIdToken", idToken)
  ])
}
