/**
 * The adapter for OCPP 1.6, with the security extension.
 *
 * @since 0.1.0
 */
import type * as Layer from "effect/Layer"
import * as Domain from "../domain/index.ts"
import * as V16 from "../v16/index.ts"
import type { TransactionIds } from "../TransactionIds.ts"
import * as Adapter from "./Adapter.ts"
import * as ConfigurationKeys from "./ConfigurationKeys.ts"
import { list, same, words } from "./internal/BothWays.ts"
import { table } from "./internal/Table.ts"
import { translation } from "./internal/Translation.ts"
import { noPlace, nothing, outcome, v16 } from "./internal/v16/common.ts"
import * as Metering from "./internal/v16/metering.ts"
import * as Transactions from "./internal/v16/transactions.ts"
import { diagnostics, diagnosticsWithId } from "./internal/v16/diagnostics.ts"
import { firmwareManagement } from "./internal/v16/firmwareManagement.ts"
import { remoteTrigger } from "./internal/v16/remoteTrigger.ts"
import { costMessages } from "./internal/v16/costMessages.ts"
import { extensions } from "./internal/v16/extensions.ts"
import { deletion, plugAndCharge } from "./internal/v16/plugAndCharge.ts"
import { deleteCertificate, security } from "./internal/v16/security.ts"
import { smartCharging } from "./internal/v16/smartCharging.ts"
import { connectorStatus } from "./internal/v16/status.ts"
import { adapterOf } from "./internal/v1x/adapter.ts"
import { authorizationData, bootRequest, connectorByNumber } from "./internal/v1x/operations.ts"
import { instant, seconds } from "./internal/values.ts"

const boot = translation(
  Domain.BootNotification,
  V16.BootNotification,
  bootRequest(v16),
  table(({ dropped, field }) => [
    field("currentTime", "currentTime", instant),
    field("interval", "interval", seconds),
    field("status", "status"),
    dropped({ generic: "statusInfo" }, noPlace)
  ])
)

const status = translation(Domain.StatusNotification, V16.StatusNotification, connectorStatus, nothing)

const sendLocalList = translation(
  Domain.SendLocalList,
  V16.SendLocalList,
  table(({ field }) => [
    field("listVersion", "versionNumber"),
    field("updateType", "updateType"),
    field("localAuthorizationList", "localAuthorizationList", list(authorizationData(v16)))
  ]),
  outcome(same<Domain.SendLocalListStatus>())
)

const unlockConnector = translation(
  Domain.UnlockConnector,
  V16.UnlockConnector,
  connectorByNumber(v16),
  outcome(
    words<V16.UnlockStatus, Domain.UnlockStatus>({
      encoded: { OngoingAuthorizedTransaction: "UnlockFailed", UnknownConnector: "NotSupported" },
      decoded: {}
    })
  )
)

const own = {
  protocol: V16.protocol,
  dialect: v16,
  actions: V16,
  transactions: V16.Transactions,
  events: Transactions.events,
  responses: Transactions.responses,
  meterValues: Metering.ofConnector,
  requestStart: Transactions.requestStart,
  others: [
    // Where two of these are for the same request, the first is taken.
    ...plugAndCharge,
    ...costMessages,
    boot,
    status,
    sendLocalList,
    unlockConnector,
    ...diagnostics,
    ...firmwareManagement,
    ...remoteTrigger,
    ...security,
    ...smartCharging
  ],
  extensions,
  calls: new Map([
    [Domain.DeleteCertificate.name, deletion(deleteCertificate)],
    [Domain.GetLog.name, diagnosticsWithId]
  ]),
  afterReboot: "RebootRequired"
} as const

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
): Adapter.Adapter<"1.6", TransactionIds, V16.Transactions> => adapterOf(own, keys)

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
