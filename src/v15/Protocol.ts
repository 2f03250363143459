/**
 * OCPP 1.5 as a protocol: its actions, its life cycle, its framing, and the typed clients and handlers of both sides.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Action from "../Action.ts"
import type { Client } from "../Client.ts"
import * as Handlers from "../Handlers.ts"
import type * as Protocol from "../Protocol.ts"
import { lifecycle1x } from "../internal/lifecycle.ts"
import { transactions1x } from "../internal/transactions.ts"
import type { Session } from "../Session.ts"
import type * as Transaction from "../Transaction.ts"
import * as Core from "./Core.ts"
import * as FirmwareManagement from "./FirmwareManagement.ts"
import * as LocalAuthListManagement from "./LocalAuthListManagement.ts"
import * as Reservation from "./Reservation.ts"

/**
 * The actions of OCPP 1.5.
 *
 * @category protocol
 * @since 0.1.0
 */
export const actions = [
  Core.Authorize,
  Core.BootNotification,
  Core.ChangeAvailability,
  Core.ChangeConfiguration,
  Core.ClearCache,
  Core.DataTransfer,
  Core.GetConfiguration,
  Core.Heartbeat,
  Core.MeterValues,
  Core.RemoteStartTransaction,
  Core.RemoteStopTransaction,
  Core.Reset,
  Core.StartTransaction,
  Core.StatusNotification,
  Core.StopTransaction,
  Core.UnlockConnector,
  FirmwareManagement.DiagnosticsStatusNotification,
  FirmwareManagement.FirmwareStatusNotification,
  FirmwareManagement.GetDiagnostics,
  FirmwareManagement.UpdateFirmware,
  LocalAuthListManagement.GetLocalListVersion,
  LocalAuthListManagement.SendLocalList,
  Reservation.CancelReservation,
  Reservation.ReserveNow
] as const

/**
 * An action of this version.
 *
 * @category protocol
 * @since 0.1.0
 */
export type Actions = (typeof actions)[number]

type FromStation = Action.StartedBy<Actions, "station">
type FromCsms = Action.StartedBy<Actions, "csms">

/**
 * The calls that a station may make to its CSMS.
 *
 * @category clients
 * @since 0.1.0
 */
export interface CsmsClient extends Client<FromStation> {}

/**
 * The calls that a CSMS may make to a station.
 *
 * @category clients
 * @since 0.1.0
 */
export interface StationClient extends Client<FromCsms> {}

/**
 * The CSMS, as a station of 1.5 sees it.
 *
 * @category clients
 * @since 0.1.0
 */
export class Csms extends Context.Service<Csms, CsmsClient>()("effect-ocpp/v15/Csms") {}

/**
 * What transactions of 1.5 are made of. The transaction id is left out of what is given: it is added once the CSMS has
 * given it; and so is the connector of meter values.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface TransactionKind extends Transaction.Kind {
  readonly Start: Core.StartTransactionRequest
  readonly Started: Core.StartTransactionResponse
  readonly Update: Omit<Core.MeterValuesRequest, "connectorId" | "transactionId">
  readonly Updated: Core.MeterValuesResponse
  readonly Stop: Omit<Core.StopTransactionRequest, "transactionId">
  readonly Stopped: Core.StopTransactionResponse
  readonly Id: number
}

/**
 * The transactions of a station of 1.5, whose messages survive whatever happens.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface StationTransactions extends Transaction.Transactions<TransactionKind> {}

/**
 * The transactions of a station of 1.5.
 *
 * **Example** (Charging)
 *
 * ```ts
 * const transactions = yield* V15.Transactions
 * const transaction = yield* transactions.start({ ... })
 * yield* transaction.update({ ... })
 * yield* transaction.stop({ ... })
 * ```
 *
 * @category transactions
 * @since 0.1.0
 */
export class Transactions extends Context.Service<Transactions, StationTransactions>()(
  "effect-ocpp/v15/Transactions"
) {}

/**
 * OCPP 1.5, as a value.
 *
 * @category protocol
 * @since 0.1.0
 */
export const protocol: Protocol.StationProtocol<"1.5", Csms, CsmsClient, Transactions, StationTransactions> = {
  version: "1.5",
  identity: { maxLength: 255, colon: true },
  actions,
  lifecycle: lifecycle1x({
    boot: Core.BootNotification,
    heartbeat: Core.Heartbeat,
    remote: [Core.RemoteStartTransaction, Core.RemoteStopTransaction],
    triggers: [],
    bootAnswer: (response) => {
      const { currentTime, heartbeatInterval, status } = response as Core.BootNotificationResponse
      return { currentTime, interval: heartbeatInterval, status }
    }
  }),
  transactions: transactions1x(
    { Started: Core.StartTransaction, Updated: Core.MeterValues, Ended: Core.StopTransaction },
    []
  ),
  json: {
    subprotocol: "ocpp1.5",
    framing: {
      messageTypes: new Set([2, 3, 4]),
      spelling: {
        FormatViolation: "FormationViolation",
        OccurrenceConstraintViolation: "OccurenceConstraintViolation",
        MessageTypeNotSupported: "NotSupported",
        RpcFrameworkError: "ProtocolError"
      },
      badCall: "ProtocolError",
      unreadable: undefined,
      unknownMessageType: "ignored"
    }
  },
  Csms,
  Transactions
}

/**
 * A connected station of 1.5, as the CSMS sees it.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationSession extends Session<"1.5", StationClient> {}

/**
 * The handlers of a CSMS: what stations of 1.5 may ask. Those that 1.6 counts as its Core profile
 * are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface CsmsHandlers<R = never> extends Handlers.HandlerRecord<
  FromStation,
  Extract<FromStation, { readonly block: "Core" }>,
  StationSession,
  R
> {}

/**
 * The handlers of a station: what a CSMS of 1.5 may ask. Those that 1.6 counts as its Core
 * profile are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationHandlers<R = never> extends Handlers.HandlerRecord<
  FromCsms,
  Extract<FromCsms, { readonly block: "Core" }>,
  CsmsClient,
  R
> {}

/**
 * The handlers of a CSMS for stations of 1.5, with all that are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlers = Handlers.of<"1.5", "csms", CsmsHandlers<unknown>, CsmsHandlers>(protocol, "csms")

/**
 * Some handlers of a CSMS for stations of 1.5; the other actions are answered `NotSupported`.
 *
 * **When to use**
 *
 * Use in tests and tools. A CSMS that stations of others connect to needs `csmsHandlers`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlersPartial = Handlers.of<"1.5", "csms", Partial<CsmsHandlers<unknown>>, CsmsHandlers>(
  protocol,
  "csms"
)

/**
 * The handlers of a station of 1.5, with all that are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlers = Handlers.of<"1.5", "station", StationHandlers<unknown>, StationHandlers>(
  protocol,
  "station"
)

/**
 * Some handlers of a station of 1.5; the other actions are answered `NotSupported`.
 *
 * **When to use**
 *
 * Use in tests and tools. A station that is to be certified needs `stationHandlers`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlersPartial = Handlers.of<"1.5", "station", Partial<StationHandlers<unknown>>, StationHandlers>(
  protocol,
  "station"
)
