/**
 * The adapter for OCPP 1.6, with the security extension.
 *
 * @since 0.1.0
 */
import type * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import * as Domain from "../domain/index.ts"
import * as V16 from "../v16/index.ts"
import type { TransactionIds } from "../TransactionIds.ts"
import * as Adapter from "./Adapter.ts"
import * as ConfigurationKeys from "./ConfigurationKeys.ts"
import { list, type Losses, type BothWays, refused, same, words } from "./internal/BothWays.ts"
import { table } from "./internal/Table.ts"
import { translation } from "./internal/Translation.ts"
import {
  byNumber,
  connectorOf,
  evseOf,
  idToken,
  noPlace,
  nothing,
  oneConnector,
  oneConnectorOnly,
  outcome
} from "./internal/v16/common.ts"
import { configurationCalls } from "./internal/v16/configurationCalls.ts"
import { configurationHandlers } from "./internal/v16/configurationHandlers.ts"
import { csmsHandlers } from "./internal/v16/csmsHandlers.ts"
import { idTokenInfo } from "./internal/v16/idTokenInfo.ts"
import { meterValuesRequest } from "./internal/v16/metering.ts"
import { transactionWords } from "./internal/v16/transactionEvents.ts"
import { stationTransactions } from "./internal/stationTransactions.ts"
import * as Transactions from "./internal/v16/transactions.ts"
import { remoteStart } from "./internal/v16/remoteStart.ts"
import { diagnostics } from "./internal/v16/diagnostics.ts"
import { firmwareManagement } from "./internal/v16/firmwareManagement.ts"
import { remoteTrigger } from "./internal/v16/remoteTrigger.ts"
import { security } from "./internal/v16/security.ts"
import { smartCharging } from "./internal/v16/smartCharging.ts"
import { instant, seconds } from "./internal/values.ts"

type Answers = Pick<Domain.StatusNotificationRequest, "condition" | "occupancy" | "activity">

/** One word for three questions, of which that about what does not work comes first. */
const statusDecoded = (status: V16.ChargePointStatus, isStation: boolean): Answers => {
  switch (status) {
    case "Unavailable":
    case "Faulted":
      return { condition: status }
    case "Available":
      // Of the whole station it says no more than that it works.
      return isStation ? { condition: "Operative" } : { condition: "Operative", occupancy: "Available" }
    case "Reserved":
      return { condition: "Operative", occupancy: "Reserved" }
    default:
      return { condition: "Operative", occupancy: "Occupied", activity: status }
  }
}

const statusEncoded = (
  { activity, condition, occupancy }: Answers,
  isStation: boolean,
  losses: Losses
): V16.ChargePointStatus | undefined => {
  if (condition !== "Operative") return condition
  if (isStation && occupancy === undefined) return "Available"
  if (occupancy === "Available" || occupancy === "Reserved") return occupancy
  if (occupancy === undefined) losses.add("1.6 tells of a connector that works whether it is free", "occupancy")
  else if (activity === undefined) losses.add("1.6 tells what happens at a connector that is occupied", "activity")
  return activity
}

const connectorStatus = table<V16.StatusNotificationRequest, Domain.StatusNotificationRequest>(
  ({ field, together }) => [
    field("timestamp", "timestamp", instant),
    together({
      wire: ["connectorId", "status"],
      generic: ["evse", "condition", "occupancy", "activity"],
      decode: ({ connectorId, status: told }) => ({
        ...evseOf(connectorId),
        ...statusDecoded(told, connectorId === 0)
      }),
      notes: [
        oneConnectorOnly,
        { path: "occupancy, activity", fate: "dropped", why: "of what does not work they are not told" }
      ],
      encode: (generic, losses) => {
        const told = statusEncoded(generic, generic.evse === undefined, losses)
        const connector = generic.evse === undefined ? { connectorId: 0 } : connectorOf(generic.evse, losses)
        return { ...connector, ...(told === undefined ? {} : { status: told }) }
      }
    }),
    together({
      wire: ["errorCode", "info", "vendorId", "vendorErrorCode"],
      generic: ["error"],
      decode: ({ errorCode, info, vendorErrorCode, vendorId }) => {
        const error = {
          ...(errorCode === "NoError" ? {} : { code: errorCode }),
          ...(info === undefined ? {} : { info }),
          ...(vendorId === undefined ? {} : { vendorId }),
          ...(vendorErrorCode === undefined ? {} : { vendorErrorCode })
        }
        return Object.keys(error).length === 0 ? {} : { error }
      },
      encode: ({ error: { code = "NoError" as const, ...more } = {} }) => ({ errorCode: code, ...more })
    })
  ]
)

const authorizationData = table<V16.AuthorizationData, Domain.AuthorizationData>(({ field }) => [
  field("idTag", "idToken", idToken),
  field("idTagInfo", "idTokenInfo", idTokenInfo)
])

/** What a vendor sends is text. */
const data: BothWays<string, Schema.Json> = {
  notes: [{ path: "", fate: "refused", why: "1.6 carries text only" }],
  decode: (text) => text,
  encode: (value, losses) => {
    if (typeof value === "string") return value
    losses.add("1.6 carries text only")
    return ""
  }
}

const stationCalls = [
  translation(
    Domain.Authorize,
    V16.Authorize,
    table(({ field, omissible }) => [
      field("idTag", "idToken", idToken),
      omissible("certificate", "1.6 knows no contract certificates"),
      omissible("iso15118CertificateHashData", "1.6 knows no contract certificates")
    ]),
    table(({ dropped, field }) => [
      field("idTagInfo", "idTokenInfo", idTokenInfo),
      dropped({ generic: "certificateStatus" }, "a station of 1.6 has asked for no certificate"),
      dropped({ generic: "allowedEnergyTransfer" }, "a station of 1.6 does nothing but charge"),
      dropped({ generic: "tariff" }, "a station of 1.6 computes no costs")
    ])
  ),
  translation(
    Domain.BootNotification,
    V16.BootNotification,
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
      dropped({ generic: "reason" }, "1.6 does not tell why a station has started")
    ]),
    table(({ dropped, field }) => [
      field("currentTime", "currentTime", instant),
      field("interval", "interval", seconds),
      field("status", "status"),
      dropped({ generic: "statusInfo" }, noPlace)
    ])
  ),
  translation(
    Domain.Heartbeat,
    V16.Heartbeat,
    nothing,
    table(({ field }) => [field("currentTime", "currentTime", instant)])
  ),
  translation(Domain.StatusNotification, V16.StatusNotification, connectorStatus, nothing)
]

const meterValues = translation(Domain.MeterValues, V16.MeterValues, meterValuesRequest, nothing)

const requestStart = translation(
  Domain.RequestStartTransaction,
  V16.RemoteStartTransaction,
  Transactions.startRequest,
  Transactions.startResponse
)

const csmsCalls = [
  requestStart,
  translation(
    Domain.RequestStopTransaction,
    V16.RemoteStopTransaction,
    Transactions.stopRequest,
    Transactions.stopResponse
  ),
  translation(
    Domain.CancelReservation,
    V16.CancelReservation,
    table(({ field }) => [field("reservationId", "reservationId")]),
    outcome(same<Domain.CancelReservationStatus>())
  ),
  translation(
    Domain.ChangeAvailability,
    V16.ChangeAvailability,
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
  translation(Domain.ClearCache, V16.ClearCache, nothing, outcome(same<Domain.ClearCacheStatus>())),
  translation(
    Domain.GetLocalListVersion,
    V16.GetLocalListVersion,
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
    Domain.ReserveNow,
    V16.ReserveNow,
    table(({ field, together, unsaid }) => [
      field("reservationId", "id"),
      field("expiryDate", "expiryDateTime", instant),
      field("idTag", "idToken", idToken),
      unsaid("connectorType", "1.6 reserves a connector whatever its type"),
      together(byNumber),
      field("parentIdTag", "groupIdToken", idToken)
    ]),
    outcome(same<Domain.ReserveNowStatus>())
  ),
  translation(
    Domain.Reset,
    V16.Reset,
    table(({ field, unsaid }) => [
      field(
        "type",
        "type",
        words<V16.ResetType, Domain.ResetType>({
          encoded: {
            Immediate: "Hard",
            ImmediateAndResume: refused("in 1.6 a transaction ends with a reset"),
            OnIdle: "Soft"
          },
          decoded: { Hard: "Immediate", Soft: "OnIdle" }
        })
      ),
      unsaid("evseId", "1.6 resets the whole station")
    ]),
    outcome(words<V16.ResetStatus, Domain.ResetStatus>({ encoded: { Scheduled: "Accepted" }, decoded: {} }))
  ),
  translation(
    Domain.SendLocalList,
    V16.SendLocalList,
    table(({ field }) => [
      field("listVersion", "versionNumber"),
      field("updateType", "updateType"),
      field("localAuthorizationList", "localAuthorizationList", list(authorizationData))
    ]),
    outcome(same<Domain.SendLocalListStatus>())
  ),
  translation(
    Domain.UnlockConnector,
    V16.UnlockConnector,
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
    ]),
    outcome(
      words<V16.UnlockStatus, Domain.UnlockStatus>({
        encoded: { OngoingAuthorizedTransaction: "UnlockFailed", UnknownConnector: "NotSupported" },
        decoded: {}
      })
    )
  )
]

const both = [
  translation(
    Domain.DataTransfer,
    V16.DataTransfer,
    table(({ field }) => [field("vendorId", "vendorId"), field("messageId", "messageId"), field("data", "data", data)]),
    table(({ dropped, field }) => [
      field("status", "status"),
      dropped({ generic: "statusInfo" }, noPlace),
      field("data", "data", data)
    ])
  )
]

/**
 * The adapter for OCPP 1.6, with a table of configuration keys that has those of a vendor, too.
 *
 * **Example** (A key of a vendor)
 *
 * ```ts
 * const keys = yield* ConfigurationKeys.make(own)
 * Adapter.station([AdapterV16.withKeys(keys), v201], csms, "CP001")
 * ```
 *
 * @category adapters
 * @since 0.1.0
 */
export const withKeys = (
  keys: ConfigurationKeys.ConfigurationKeys
): Adapter.Adapter<"1.6", TransactionIds, V16.Transactions> => ({
  protocol: V16.protocol,
  translations: [
    ...stationCalls,
    meterValues,
    ...csmsCalls,
    ...both,
    ...diagnostics,
    ...firmwareManagement,
    ...remoteTrigger,
    ...security,
    ...smartCharging
  ],
  calls: new Map([...configurationCalls(keys), [Domain.RequestStartTransaction.name, remoteStart(requestStart)]]),
  csmsHandlers: csmsHandlers(meterValues),
  stationHandlers: configurationHandlers(keys),
  transactions: stationTransactions(V16.Transactions, transactionWords)
})

/**
 * The adapter for OCPP 1.6.
 *
 * **Details**
 *
 * A CSMS gets StartTransaction, the MeterValues of a transaction and StopTransaction as events of the transaction. It needs
 * `TransactionIds` for that. With a `Storage` it knows after a restart, too, at which connector a transaction is, and gives
 * a start that comes again, because the CSMS was killed before it could answer, the same number: the handler gets the event
 * once more. Of each station the last 64 transactions that have not ended are remembered.
 *
 * A station of 1.6 is not told the `remoteStartId` of a remote start. The CSMS remembers the last 16 that it has asked a
 * station for, before they leave, and puts `remoteStartId`, the trigger `RemoteStart` and the type of the idToken into the
 * first event of the transaction that answers one: the next start with this idTag, at this connector if one was told, that
 * begins within 15 minutes, for stations give up before if no cable is plugged in. It may be told later, if the station was
 * offline, up to a day. One that the station has refused is forgotten; one that it has not answered is not.
 *
 * A station tells its transactions by
 * `Domain.Transactions`, not by the call `transactionEvent`, which fails as `NotSent` (`NotSupported`).
 *
 * Variables are configuration keys, by the table `ConfigurationKeys.standard`; {@link withKeys} takes another. A station
 * tells which connectors it has by the variables `Connector[n,1].Available`.
 *
 * @category adapters
 * @since 0.1.0
 */
export const adapter: Adapter.Adapter<"1.6", TransactionIds, V16.Transactions> = withKeys(ConfigurationKeys.standard)

/**
 * The generic CSMS and the generic transactions of a station of 1.6.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Domain.Csms | Domain.Transactions, never, V16.Csms | V16.Transactions> =
  Adapter.layerOf(adapter, V16.Csms)
