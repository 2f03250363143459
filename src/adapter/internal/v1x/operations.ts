/**
 * The operations whose messages 1.5 and 1.6 write alike.
 */
import type * as Schema from "effect/Schema"
import * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import { type BothWays, refused, same, words } from "../BothWays.ts"
import { type Row, table, type Table } from "../Table.ts"
import { translation, type Translation } from "../Translation.ts"
import { instant } from "../values.ts"
import { type Alike, byNumber, type Dialect1x, evseOf, nothing } from "./common.ts"
import { idTokenInfo } from "./idTokenInfo.ts"

/** Their actions. */
export type OperationActions = {
  readonly [
    Name in
      | "Authorize"
      | "CancelReservation"
      | "ChangeAvailability"
      | "ClearCache"
      | "DataTransfer"
      | "GetLocalListVersion"
      | "Heartbeat"
      | "RemoteStopTransaction"
      | "ReserveNow"
      | "Reset"
  ]: Alike<(typeof V16)[Name]>
}

export const operations = (dialect: Dialect1x, actions: OperationActions): ReadonlyArray<Translation> => [
  ...stationCalls(dialect, actions),
  ...settings(dialect, actions),
  ...reservations(dialect, actions),
  translation(
    Domain.RequestStopTransaction,
    actions.RemoteStopTransaction,
    table(({ field }) => [field("transactionId", "transactionId", dialect.transactionNumber)]),
    dialect.outcome(same<Domain.RequestStartStopStatus>())
  ),
  dataTransfer(dialect, actions)
]

const stationCalls = (dialect: Dialect1x, actions: OperationActions): ReadonlyArray<Translation> => {
  const { idToken, noContracts, version } = dialect
  return [
    translation(
      Domain.Authorize,
      actions.Authorize,
      table(({ field, omissible }) => [
        field("idTag", "idToken", idToken),
        omissible("certificate", noContracts),
        omissible("iso15118CertificateHashData", noContracts)
      ]),
      table(({ dropped, field }) => [
        field("idTagInfo", "idTokenInfo", idTokenInfo(dialect)),
        dropped({ generic: "certificateStatus" }, `a station of ${version} has asked for no certificate`),
        dropped({ generic: "allowedEnergyTransfer" }, `a station of ${version} does nothing but charge`),
        dropped({ generic: "tariff" }, `a station of ${version} computes no costs`)
      ])
    ),
    translation(
      Domain.Heartbeat,
      actions.Heartbeat,
      nothing,
      table(({ field }) => [field("currentTime", "currentTime", instant)])
    )
  ]
}

const settings = ({ connectorOf, oneConnectorOnly, outcome, version }: Dialect1x, actions: OperationActions) => [
  translation(
    Domain.ChangeAvailability,
    actions.ChangeAvailability,
    table(({ field, together }) => [
      together({
        wire: ["connectorId"],
        generic: ["evse"],
        decode: ({ connectorId }) => evseOf(connectorId),
        notes: [oneConnectorOnly],
        encode: ({ evse }, losses) => (evse === undefined ? { connectorId: 0 } : connectorOf(evse, losses))
      }),
      field("type", "operationalStatus")
    ]),
    outcome(same<Domain.ChangeAvailabilityStatus>())
  ),
  translation(Domain.ClearCache, actions.ClearCache, nothing, outcome(same<Domain.ClearCacheStatus>())),
  translation(
    Domain.GetLocalListVersion,
    actions.GetLocalListVersion,
    nothing,
    table(({ together }) => [
      together({
        wire: ["listVersion"],
        generic: ["versionNumber"],
        decode: ({ listVersion }) => (listVersion === -1 ? {} : { versionNumber: listVersion }),
        encode: ({ versionNumber = -1 }) => ({ listVersion: versionNumber })
      })
    ])
  ),
  translation(
    Domain.Reset,
    actions.Reset,
    table(({ field, unsaid }) => [
      field(
        "type",
        "type",
        words<V16.ResetType, Domain.ResetType>({
          encoded: {
            Immediate: "Hard",
            ImmediateAndResume: refused(`in ${version} a transaction ends with a reset`),
            OnIdle: "Soft"
          },
          decoded: { Hard: "Immediate", Soft: "OnIdle" }
        })
      ),
      unsaid("evseId", `${version} resets the whole station`)
    ]),
    outcome(words<V16.ResetStatus, Domain.ResetStatus>({ encoded: { Scheduled: "Accepted" }, decoded: {} }))
  )
]

const reservations = ({ idToken, outcome, version }: Dialect1x, actions: OperationActions) => [
  translation(
    Domain.ReserveNow,
    actions.ReserveNow,
    table(({ field, together, unsaid }) => [
      field("reservationId", "id"),
      field("expiryDate", "expiryDateTime", instant),
      field("idTag", "idToken", idToken),
      unsaid("connectorType", `${version} reserves a connector whatever its type`),
      together(byNumber),
      field("parentIdTag", "groupIdToken", idToken)
    ]),
    outcome(same<Domain.ReserveNowStatus>())
  ),
  translation(
    Domain.CancelReservation,
    actions.CancelReservation,
    table(({ field }) => [field("reservationId", "reservationId")]),
    outcome(same<Domain.CancelReservationStatus>())
  )
]

const dataTransfer = ({ noPlace, version }: Dialect1x, actions: OperationActions): Translation => {
  const textOnly = `${version} carries text only`
  const data: BothWays<string, Schema.Json> = {
    notes: [{ path: "", fate: "refused", why: textOnly }],
    decode: (text) => text,
    encode: (value, losses) => {
      if (typeof value === "string") return value
      losses.add(textOnly)
      return ""
    }
  }
  return translation(
    Domain.DataTransfer,
    actions.DataTransfer,
    table(({ field }) => [field("vendorId", "vendorId"), field("messageId", "messageId"), field("data", "data", data)]),
    table(({ dropped, field }) => [
      field("status", "status"),
      dropped({ generic: "statusInfo" }, noPlace),
      field("data", "data", data)
    ])
  )
}

/** What a station presents itself as. */
export const bootRequest = ({
  version
}: Dialect1x): Table<V16.BootNotificationRequest, Domain.BootNotificationRequest> =>
  table(({ dropped, field }) => [
    field("chargePointVendor", "chargingStation.vendorName"),
    field("chargePointModel", "chargingStation.model"),
    field("chargePointSerialNumber", "chargingStation.serialNumber"),
    field("chargeBoxSerialNumber", "chargingStation.chargeBoxSerialNumber"),
    field("firmwareVersion", "chargingStation.firmwareVersion"),
    field("iccid", "chargingStation.modem.iccid"),
    field("imsi", "chargingStation.modem.imsi"),
    field("meterType", "chargingStation.meter.type"),
    field("meterSerialNumber", "chargingStation.meter.serialNumber"),
    dropped({ generic: "reason" }, `${version} does not tell why a station has started`)
  ])

/** An identifier of a local list. */
export const authorizationData = (dialect: Dialect1x): Table<V16.AuthorizationData, Domain.AuthorizationData> =>
  table(({ field }) => [
    field("idTag", "idToken", dialect.idToken),
    field("idTagInfo", "idTokenInfo", idTokenInfo(dialect))
  ])

/** The rows of the start of a transaction from afar, but for its charging profile. */
export const startRows = ({ idToken, noPlace }: Dialect1x): ReadonlyArray<Row> =>
  table<Pick<V16.RemoteStartTransactionRequest, "idTag" | "connectorId">, Domain.RequestStartTransactionRequest>(
    ({ dropped, field, omissible }) => [
      field("idTag", "idToken", idToken),
      field("connectorId", "evseId"),
      dropped({ generic: "remoteStartId" }, "the station is not told; its CSMS remembers which start answers it"),
      omissible("groupIdToken", noPlace)
    ]
  ).rows

/** Whether a transaction starts as it was asked for. */
export const startResponse = ({
  noPlace
}: Dialect1x): Table<V16.RemoteStartTransactionResponse, Domain.RequestStartTransactionResponse> =>
  table(({ dropped, field }) => [
    field("status", "status"),
    dropped({ generic: "statusInfo" }, noPlace),
    dropped({ generic: "transactionId" }, noPlace)
  ])

/** The connector to unlock, which is the only one of its EVSE. */
export const connectorByNumber = ({
  oneConnector
}: Dialect1x): Table<V16.UnlockConnectorRequest, Domain.UnlockConnectorRequest> =>
  table(({ together }) => [
    together({
      wire: ["connectorId"],
      generic: ["evseId", "connectorId"],
      decode: ({ connectorId }) => ({ evseId: connectorId, connectorId: 1 }),
      notes: [{ path: "connectorId", fate: "refused", why: oneConnector }],
      encode: ({ connectorId, evseId }, losses) => {
        if (connectorId !== 1) losses.add(oneConnector, "connectorId")
        return { connectorId: evseId }
      }
    })
  ])
