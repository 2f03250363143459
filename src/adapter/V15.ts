/**
 * The adapter for OCPP 1.5, in JSON.
 *
 * @since 0.1.0
 */
import type * as Layer from "effect/Layer"
import * as Domain from "../domain/index.ts"
import * as V15 from "../v15/index.ts"
import type { TransactionIds } from "../TransactionIds.ts"
import * as Adapter from "./Adapter.ts"
import * as ConfigurationKeys from "./ConfigurationKeys.ts"
import { list, words } from "./internal/BothWays.ts"
import { table } from "./internal/Table.ts"
import { translation } from "./internal/Translation.ts"
import { noPlace, nothing, outcome, v15 } from "./internal/v15/common.ts"
import * as Metering from "./internal/v15/metering.ts"
import * as Transactions from "./internal/v15/transactions.ts"
import { files } from "./internal/v15/files.ts"
import { connectorStatus } from "./internal/v15/status.ts"
import { adapterOf } from "./internal/v1x/adapter.ts"
import { authorizationData, bootRequest, connectorByNumber } from "./internal/v1x/operations.ts"
import { instant, seconds } from "./internal/values.ts"

const boot = translation(
  Domain.BootNotification,
  V15.BootNotification,
  bootRequest(v15),
  table(({ dropped, field }) => [
    field("currentTime", "currentTime", instant),
    field("heartbeatInterval", "interval", seconds),
    field(
      "status",
      "status",
      // A station that is rejected asks again, just as one that is pending does.
      words<V15.RegistrationStatus, Domain.RegistrationStatus>({ encoded: { Pending: "Rejected" }, decoded: {} })
    ),
    dropped({ generic: "statusInfo" }, noPlace)
  ])
)

const status = translation(Domain.StatusNotification, V15.StatusNotification, connectorStatus, nothing)

const noHash = "1.5 does not define how it is computed"

const sendLocalList = translation(
  Domain.SendLocalList,
  V15.SendLocalList,
  table(({ dropped, field }) => [
    field("listVersion", "versionNumber"),
    field("updateType", "updateType"),
    field("localAuthorisationList", "localAuthorizationList", list(authorizationData(v15))),
    dropped({ wire: "hash" }, noHash)
  ]),
  table(({ dropped, field }) => [
    field(
      "status",
      "status",
      words<V15.UpdateStatus, Domain.SendLocalListStatus>({ encoded: {}, decoded: { HashError: "Failed" } })
    ),
    dropped({ generic: "statusInfo" }, noPlace),
    dropped({ wire: "hash" }, noHash)
  ])
)

const unlockConnector = translation(
  Domain.UnlockConnector,
  V15.UnlockConnector,
  connectorByNumber(v15),
  outcome(
    words<V15.UnlockStatus, Domain.UnlockStatus>({
      encoded: {
        NotSupported: "Rejected",
        OngoingAuthorizedTransaction: "Rejected",
        UnknownConnector: "Rejected",
        Unlocked: "Accepted",
        UnlockFailed: "Rejected"
      },
      decoded: { Accepted: "Unlocked", Rejected: "UnlockFailed" }
    })
  )
)

const own = {
  protocol: V15.protocol,
  dialect: v15,
  actions: V15,
  transactions: V15.Transactions,
  events: Transactions.events,
  responses: Transactions.responses,
  meterValues: Metering.ofConnector,
  requestStart: Transactions.requestStart,
  others: [boot, status, sendLocalList, unlockConnector, ...files],
  afterReboot: "Accepted"
} as const

/**
 * The adapter for OCPP 1.5, with a table of configuration keys that has those of a vendor, too.
 *
 * **Example** (A key of a vendor)
 *
 * ```ts
 * const keys = yield* ConfigurationKeys.make(own, "1.5")
 * Adapter.station([AdapterV15.withKeys(keys), v201], csms, "CP001")
 * ```
 *
 * @category adapters
 * @since 0.1.0
 */
export const withKeys = (
  keys: ConfigurationKeys.ConfigurationKeys
): Adapter.Adapter<"1.5", TransactionIds, V15.Transactions> => adapterOf(own, keys)

/**
 * The adapter for OCPP 1.5.
 *
 * **Details**
 *
 * Transactions and remote starts are as with the adapter for 1.6: a CSMS needs `TransactionIds`, gets the messages of a
 * transaction as its events, and finds the start that answers a remote start; a station tells its transactions by
 * `Domain.Transactions`.
 *
 * - A connector is `Occupied`, whatever happens there: a StatusNotification has no `activity`.
 * - The end of a transaction has no `stoppedReason`, and readings have no phase: a reading of one is refused.
 * - Firmware and diagnostics are told about when they are over; what is told in between is refused.
 * - There is no `Pending`: a station that is to wait is `Rejected`, and asks again.
 * - Charging profiles, triggered messages, certificates and security events are `NotSupported`.
 *
 * Variables are configuration keys, by the table `ConfigurationKeys.standard15`; {@link withKeys} takes another.
 *
 * @category adapters
 * @since 0.1.0
 */
export const adapter: Adapter.Adapter<"1.5", TransactionIds, V15.Transactions> = withKeys(ConfigurationKeys.standard15)

/**
 * The generic CSMS and the generic transactions of a station of 1.5.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Domain.Csms | Domain.Transactions, never, V15.Csms | V15.Transactions> =
  Adapter.layerOf(adapter, V15.Csms)
