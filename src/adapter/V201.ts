/**
 * The adapter for OCPP 2.0.1.
 *
 * @since 0.1.0
 */
import type * as Layer from "effect/Layer"
import * as Domain from "../domain/index.ts"
import * as V201 from "../v201/index.ts"
import * as Adapter from "./Adapter.ts"
import { list, same, words } from "./internal/BothWays.ts"
import { evse, nothing, outcome, statusInfo, table } from "./internal/v201/common.ts"
import { chargingLimits } from "./internal/v201/chargingLimits.ts"
import { customerInformation } from "./internal/v201/customerInformation.ts"
import { deviceModel } from "./internal/v201/deviceModel.ts"
import { diagnostics } from "./internal/v201/diagnostics.ts"
import { displayMessage } from "./internal/v201/displayMessage.ts"
import { firmwareManagement } from "./internal/v201/firmwareManagement.ts"
import { iso15118Certificates, ocspRequestData } from "./internal/v201/iso15118Certificates.ts"
import { localController } from "./internal/v201/localController.ts"
import { monitoring } from "./internal/v201/monitoring.ts"
import { networkProfiles } from "./internal/v201/networkProfiles.ts"
import { remoteTrigger } from "./internal/v201/remoteTrigger.ts"
import { reports } from "./internal/v201/reports.ts"
import { security } from "./internal/v201/security.ts"
import { smartCharging } from "./internal/v201/smartCharging.ts"
import { tariffAndCost } from "./internal/v201/tariffAndCost.ts"
import { idToken, idTokenInfo } from "./internal/v201/idTokens.ts"
import { meterValuesRequest } from "./internal/v201/metering.ts"
import { translation } from "./internal/Translation.ts"
import { transactions, transactionWords } from "./internal/v201/transactions.ts"
import { stationTransactions } from "./internal/stationTransactions.ts"
import { instant, seconds } from "./internal/values.ts"

const connectorStatus = table<V201.StatusNotificationRequest, Domain.StatusNotificationRequest>(
  ({ dropped, field, omissible, together }) => [
    field("timestamp", "timestamp", instant, { needed: "2.0.1 asks when it came to be so" }),
    field("evseId", "evse.id", undefined, { needed: "2.0.1 tells the status of connectors only" }),
    field("connectorId", "evse.connectorId", undefined, { needed: "2.0.1 tells the status of connectors only" }),
    // One word for two questions, of which that about what does not work comes first.
    together({
      wire: ["connectorStatus"],
      generic: ["condition", "occupancy"],
      decode: ({ connectorStatus: told }) =>
        told === "Unavailable" || told === "Faulted"
          ? { condition: told }
          : { condition: "Operative", occupancy: told },
      notes: [{ path: "occupancy", fate: "dropped", why: "of what does not work it is not told" }],
      encode: ({ condition, occupancy }, losses) => {
        if (condition !== "Operative") return { connectorStatus: condition }
        if (occupancy === undefined) losses.add("2.0.1 tells of what works whether it is free", "occupancy")
        return occupancy === undefined ? {} : { connectorStatus: occupancy }
      }
    }),
    dropped({ generic: "activity" }, "the events of the transaction tell it"),
    omissible("error", "2.0.1 tells it by NotifyEvent")
  ]
)

const authorizationData = table<V201.AuthorizationData, Domain.AuthorizationData>(({ field }) => [
  field("idToken", "idToken", idToken),
  field("idTokenInfo", "idTokenInfo", idTokenInfo)
])

const stationCalls = [
  translation(
    Domain.Authorize,
    V201.Authorize,
    table(({ field }) => [
      field("idToken", "idToken", idToken),
      field("certificate", "certificate"),
      field("iso15118CertificateHashData", "iso15118CertificateHashData", list(ocspRequestData))
    ]),
    table(({ field }) => [
      field("idTokenInfo", "idTokenInfo", idTokenInfo),
      field("certificateStatus", "certificateStatus")
    ])
  ),
  translation(
    Domain.BootNotification,
    V201.BootNotification,
    table(({ field, omissible, together }) => [
      field("chargingStation.vendorName", "chargingStation.vendorName"),
      field("chargingStation.model", "chargingStation.model"),
      field("chargingStation.serialNumber", "chargingStation.serialNumber"),
      field("chargingStation.firmwareVersion", "chargingStation.firmwareVersion"),
      field("chargingStation.modem.iccid", "chargingStation.modem.iccid"),
      field("chargingStation.modem.imsi", "chargingStation.modem.imsi"),
      omissible("chargingStation.meter", "2.0.1 tells it by variables of the meter"),
      omissible("chargingStation.chargeBoxSerialNumber", "2.0.1 has one serial number"),
      together({
        wire: ["reason"],
        generic: ["reason"],
        decode: ({ reason }) => ({ reason }),
        encode: ({ reason = "Unknown" }) => ({ reason })
      })
    ]),
    table(({ field }) => [
      field("currentTime", "currentTime", instant),
      field("interval", "interval", seconds),
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo)
    ])
  ),
  translation(
    Domain.Heartbeat,
    V201.Heartbeat,
    nothing,
    table(({ field }) => [field("currentTime", "currentTime", instant)])
  ),
  translation(Domain.StatusNotification, V201.StatusNotification, connectorStatus, nothing),
  translation(Domain.MeterValues, V201.MeterValues, meterValuesRequest, nothing),
  translation(
    Domain.ReservationStatusUpdate,
    V201.ReservationStatusUpdate,
    table(({ field }) => [
      field("reservationId", "reservationId"),
      field("reservationUpdateStatus", "reservationUpdateStatus")
    ]),
    nothing
  ),
  translation(Domain.TransactionEvent, V201.TransactionEvent, transactions.event, transactions.eventResponse)
]

const csmsCalls = [
  translation(
    Domain.GetTransactionStatus,
    V201.GetTransactionStatus,
    table(({ field }) => [field("transactionId", "transactionId")]),
    table(({ field }) => [field("ongoingIndicator", "ongoingIndicator"), field("messagesInQueue", "messagesInQueue")])
  ),
  translation(
    Domain.RequestStartTransaction,
    V201.RequestStartTransaction,
    transactions.startRequest,
    transactions.startResponse
  ),
  translation(
    Domain.RequestStopTransaction,
    V201.RequestStopTransaction,
    transactions.stopRequest,
    transactions.stopResponse
  ),
  translation(
    Domain.CancelReservation,
    V201.CancelReservation,
    table(({ field }) => [field("reservationId", "reservationId")]),
    outcome(same<Domain.CancelReservationStatus>())
  ),
  translation(
    Domain.ChangeAvailability,
    V201.ChangeAvailability,
    table(({ field }) => [field("evse", "evse", evse), field("operationalStatus", "operationalStatus")]),
    outcome(same<Domain.ChangeAvailabilityStatus>())
  ),
  translation(Domain.ClearCache, V201.ClearCache, nothing, outcome(same<Domain.ClearCacheStatus>())),
  translation(
    Domain.GetLocalListVersion,
    V201.GetLocalListVersion,
    nothing,
    table(({ together }) => [
      together({
        wire: ["versionNumber"],
        generic: ["versionNumber"],
        decode: ({ versionNumber }) => ({ versionNumber }),
        // It is what a station without lists answers, too (D02.FR.02).
        encode: ({ versionNumber = 0 }) => ({ versionNumber })
      })
    ])
  ),
  translation(
    Domain.ReserveNow,
    V201.ReserveNow,
    table(({ field }) => [
      field("id", "id"),
      field("expiryDateTime", "expiryDateTime", instant),
      field("idToken", "idToken", idToken),
      field("connectorType", "connectorType"),
      field("evseId", "evseId"),
      field("groupIdToken", "groupIdToken", idToken)
    ]),
    outcome(same<Domain.ReserveNowStatus>())
  ),
  translation(
    Domain.Reset,
    V201.Reset,
    table(({ field }) => [field("type", "type"), field("evseId", "evseId")]),
    outcome(same<Domain.ResetStatus>())
  ),
  translation(
    Domain.SendLocalList,
    V201.SendLocalList,
    table(({ field }) => [
      field("versionNumber", "versionNumber"),
      field("updateType", "updateType"),
      field("localAuthorizationList", "localAuthorizationList", list(authorizationData))
    ]),
    outcome(
      words<V201.SendLocalListStatusEnumType, Domain.SendLocalListStatus>({
        encoded: { NotSupported: "Failed" },
        decoded: {}
      })
    )
  ),
  translation(
    Domain.UnlockConnector,
    V201.UnlockConnector,
    table(({ field }) => [field("evseId", "evseId"), field("connectorId", "connectorId")]),
    outcome(
      words<V201.UnlockStatusEnumType, Domain.UnlockStatus>({ encoded: { NotSupported: "UnlockFailed" }, decoded: {} })
    )
  )
]

const both = [
  translation(
    Domain.DataTransfer,
    V201.DataTransfer,
    table(({ field }) => [field("vendorId", "vendorId"), field("messageId", "messageId"), field("data", "data")]),
    table(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("data", "data")
    ])
  )
]

/**
 * The adapter for OCPP 2.0.1.
 *
 * @category adapters
 * @since 0.1.0
 */
export const adapter: Adapter.Adapter<"2.0.1", never, V201.Transactions> = {
  protocol: V201.protocol,
  translations: [
    ...stationCalls,
    ...csmsCalls,
    ...both,
    ...chargingLimits,
    ...customerInformation,
    ...deviceModel,
    ...diagnostics,
    ...displayMessage,
    ...firmwareManagement,
    ...iso15118Certificates,
    ...localController,
    ...monitoring,
    ...networkProfiles,
    ...remoteTrigger,
    ...reports,
    ...security,
    ...smartCharging,
    ...tariffAndCost
  ],
  transactions: stationTransactions(V201.Transactions, transactionWords)
}

/**
 * The generic CSMS and the generic transactions of a station of 2.0.1.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Domain.Csms | Domain.Transactions, never, V201.Csms | V201.Transactions> =
  Adapter.layerOf(adapter, V201.Csms)
