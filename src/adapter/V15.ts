/**
 * The adapter for OCPP 1.5.
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
import { configurationCalls } from "./internal/v1x/configurationCalls.ts"
import { configurationHandlers } from "./internal/v1x/configurationHandlers.ts"
import { csmsHandlers } from "./internal/v1x/csmsHandlers.ts"
import { idTokenInfo } from "./internal/v1x/idTokenInfo.ts"
import { authorizationData, bootRequest, connectorByNumber, operations } from "./internal/v1x/operations.ts"
import { remoteStart } from "./internal/v1x/remoteStart.ts"
import { stationTransactions } from "./internal/stationTransactions.ts"
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
      // Who is rejected asks again after the interval, too.
      words<V15.RegistrationStatus, Domain.RegistrationStatus>({ encoded: { Pending: "Rejected" }, decoded: {} })
    ),
    dropped({ generic: "statusInfo" }, noPlace)
  ])
)

const status = translation(Domain.StatusNotification, V15.StatusNotification, connectorStatus, nothing)

const noHash = "the version of a list tells whether it is the right one"

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
): Adapter.Adapter<"1.5", TransactionIds, V15.Transactions> => ({
  protocol: V15.protocol,
  translations: [
    ...operations(v15, V15),
    boot,
    status,
    Metering.ofConnector,
    Transactions.requestStart,
    sendLocalList,
    unlockConnector,
    ...files
  ],
  calls: new Map([
    ...configurationCalls(keys, V15),
    [Domain.RequestStartTransaction.name, remoteStart(Transactions.requestStart)]
  ]),
  csmsHandlers: csmsHandlers({
    actions: V15,
    meterValues: Metering.ofConnector,
    events: Transactions.events,
    idTokenInfo: idTokenInfo(v15)
  }),
  stationHandlers: configurationHandlers({ actions: V15, version: "1.5", keys, afterReboot: "Accepted" }),
  transactions: stationTransactions(V15.Transactions, Transactions.events)
})

/**
 * The adapter for OCPP 1.5.
 *
 * **Details**
 *
 * A CSMS gets StartTransaction, the MeterValues of a transaction and StopTransaction as events of the transaction. It needs
 * `TransactionIds` for that. With a `Storage` it knows after a restart, too, at which connector a transaction is, and gives
 * a start that comes again, because the CSMS was killed before it could answer, the same number: the handler gets the event
 * once more. Of each station the last 64 transactions that have not ended are remembered.
 *
 * A station of 1.5 is not told the `remoteStartId` of a remote start. The CSMS remembers the last 16 that it has asked a
 * station for, before they leave, and puts `remoteStartId`, the trigger `RemoteStart` and the type of the idToken into the
 * first event of the transaction that answers one: the next start with this idTag, at this connector if one was told, that
 * begins within 15 minutes, for stations give up before if no cable is plugged in. It may be told later, if the station was
 * offline, up to a day. One that the station has refused is forgotten; one that it has not answered is not.
 *
 * A station tells its transactions by
 * `Domain.Transactions`, not by the call `transactionEvent`, which fails as `NotSent` (`NotSupported`).
 *
 * Variables are configuration keys, by the table `ConfigurationKeys.standard15`; {@link withKeys} takes another. A station
 * tells which connectors it has by the variables `Connector[n,1].Available`.
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
