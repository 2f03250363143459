/**
 * OCPP 2.1 as a protocol: its actions, its life cycle, its framing, and the typed clients and handlers of both sides.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Action from "../Action.ts"
import type { Client } from "../Client.ts"
import * as Handlers from "../Handlers.ts"
import type * as Protocol from "../Protocol.ts"
import { lifecycle2x } from "../internal/lifecycle.ts"
import { transactions2x } from "../internal/transactions.ts"
import type { Session } from "../Session.ts"
import type * as Transaction from "../Transaction.ts"
import type { MandatoryOfCsms, MandatoryOfStation } from "../v201/Protocol.ts"
import * as Authorization from "./Authorization.ts"
import * as Availability from "./Availability.ts"
import * as BatterySwapping from "./BatterySwapping.ts"
import * as BidirectionalPowerTransfer from "./BidirectionalPowerTransfer.ts"
import * as DERControl from "./DERControl.ts"
import * as DataTransfer from "./DataTransfer.ts"
import * as Diagnostics from "./Diagnostics.ts"
import * as DisplayMessage from "./DisplayMessage.ts"
import * as FirmwareManagement from "./FirmwareManagement.ts"
import * as ISO15118CertificateManagement from "./ISO15118CertificateManagement.ts"
import * as LocalAuthorizationListManagement from "./LocalAuthorizationListManagement.ts"
import * as MeterValues from "./MeterValues.ts"
import * as Provisioning from "./Provisioning.ts"
import * as RemoteControl from "./RemoteControl.ts"
import * as Reservation from "./Reservation.ts"
import * as Security from "./Security.ts"
import * as SmartCharging from "./SmartCharging.ts"
import * as TariffAndCost from "./TariffAndCost.ts"
import * as Events from "./Transactions.ts"

/**
 * The actions of OCPP 2.1.
 *
 * @category protocol
 * @since 0.1.0
 */
export const actions = [
  Authorization.Authorize,
  Authorization.ClearCache,
  Authorization.NotifySettlement,
  Authorization.NotifyWebPaymentStarted,
  Authorization.VatNumberValidation,
  Availability.ChangeAvailability,
  Availability.NotifyEvent,
  Availability.StatusNotification,
  BatterySwapping.BatterySwap,
  BatterySwapping.RequestBatterySwap,
  BidirectionalPowerTransfer.AFRRSignal,
  BidirectionalPowerTransfer.NotifyAllowedEnergyTransfer,
  DERControl.ClearDERControl,
  DERControl.GetDERControl,
  DERControl.NotifyDERAlarm,
  DERControl.NotifyDERStartStop,
  DERControl.ReportDERControl,
  DERControl.SetDERControl,
  DataTransfer.DataTransfer,
  Diagnostics.AdjustPeriodicEventStream,
  Diagnostics.ClearVariableMonitoring,
  Diagnostics.ClosePeriodicEventStream,
  Diagnostics.CustomerInformation,
  Diagnostics.GetLog,
  Diagnostics.GetMonitoringReport,
  Diagnostics.GetPeriodicEventStream,
  Diagnostics.LogStatusNotification,
  Diagnostics.NotifyCustomerInformation,
  Diagnostics.NotifyMonitoringReport,
  Diagnostics.NotifyPeriodicEventStream,
  Diagnostics.OpenPeriodicEventStream,
  Diagnostics.SetMonitoringBase,
  Diagnostics.SetMonitoringLevel,
  Diagnostics.SetVariableMonitoring,
  DisplayMessage.ClearDisplayMessage,
  DisplayMessage.GetDisplayMessages,
  DisplayMessage.NotifyDisplayMessages,
  DisplayMessage.SetDisplayMessage,
  FirmwareManagement.FirmwareStatusNotification,
  FirmwareManagement.PublishFirmware,
  FirmwareManagement.PublishFirmwareStatusNotification,
  FirmwareManagement.UnpublishFirmware,
  FirmwareManagement.UpdateFirmware,
  ISO15118CertificateManagement.DeleteCertificate,
  ISO15118CertificateManagement.Get15118EVCertificate,
  ISO15118CertificateManagement.GetCertificateChainStatus,
  ISO15118CertificateManagement.GetCertificateStatus,
  ISO15118CertificateManagement.GetInstalledCertificateIds,
  LocalAuthorizationListManagement.GetLocalListVersion,
  LocalAuthorizationListManagement.SendLocalList,
  MeterValues.MeterValues,
  Provisioning.BootNotification,
  Provisioning.GetBaseReport,
  Provisioning.GetReport,
  Provisioning.GetVariables,
  Provisioning.Heartbeat,
  Provisioning.NotifyReport,
  Provisioning.Reset,
  Provisioning.SetNetworkProfile,
  Provisioning.SetVariables,
  RemoteControl.RequestStartTransaction,
  RemoteControl.RequestStopTransaction,
  RemoteControl.TriggerMessage,
  RemoteControl.UnlockConnector,
  Reservation.CancelReservation,
  Reservation.ReservationStatusUpdate,
  Reservation.ReserveNow,
  Security.CertificateSigned,
  Security.InstallCertificate,
  Security.SecurityEventNotification,
  Security.SignCertificate,
  SmartCharging.ClearChargingProfile,
  SmartCharging.ClearedChargingLimit,
  SmartCharging.GetChargingProfiles,
  SmartCharging.GetCompositeSchedule,
  SmartCharging.NotifyChargingLimit,
  SmartCharging.NotifyEVChargingNeeds,
  SmartCharging.NotifyEVChargingSchedule,
  SmartCharging.NotifyPriorityCharging,
  SmartCharging.PullDynamicScheduleUpdate,
  SmartCharging.ReportChargingProfiles,
  SmartCharging.SetChargingProfile,
  SmartCharging.UpdateDynamicSchedule,
  SmartCharging.UsePriorityCharging,
  TariffAndCost.ChangeTransactionTariff,
  TariffAndCost.ClearTariffs,
  TariffAndCost.CostUpdated,
  TariffAndCost.GetTariffs,
  TariffAndCost.SetDefaultTariff,
  Events.GetTransactionStatus,
  Events.TransactionEvent
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
 * The CSMS, as a station of 2.1 sees it.
 *
 * @category clients
 * @since 0.1.0
 */
export class Csms extends Context.Service<Csms, CsmsClient>()("effect-ocpp/v21/Csms") {}

/**
 * An event of a transaction, without what its place in the transaction gives it. A transactionId may be named at the
 * start; otherwise the station makes one.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface TransactionEventInput extends Omit<
  Events.TransactionEventRequest,
  "eventType" | "seqNo" | "offline" | "transactionInfo"
> {
  readonly transactionInfo?: Partial<Events.TransactionType>
}

/**
 * What transactions of 2.1 are made of.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface TransactionKind extends Transaction.Kind {
  readonly Start: TransactionEventInput
  readonly Started: Events.TransactionEventResponse
  readonly Update: TransactionEventInput
  readonly Updated: Events.TransactionEventResponse
  readonly Stop: TransactionEventInput
  readonly Stopped: Events.TransactionEventResponse
  readonly Id: string
}

/**
 * The transactions of a station of 2.1, whose messages survive whatever happens.
 *
 * @category transactions
 * @since 0.1.0
 */
export interface StationTransactions extends Transaction.Transactions<TransactionKind> {}

/**
 * The transactions of a station of 2.1.
 *
 * **Example** (Charging)
 *
 * ```ts
 * const transactions = yield* V21.Transactions
 * const transaction = yield* transactions.start({ ... })
 * yield* transaction.update({ ... })
 * yield* transaction.stop({ ... })
 * ```
 *
 * @category transactions
 * @since 0.1.0
 */
export class Transactions extends Context.Service<Transactions, StationTransactions>()(
  "effect-ocpp/v21/Transactions"
) {}

/**
 * OCPP 2.1, as a value.
 *
 * @category protocol
 * @since 0.1.0
 */
export const protocol: Protocol.StationProtocol<"2.1", Csms, CsmsClient, Transactions, StationTransactions> = {
  version: "2.1",
  identity: { maxLength: 48, colon: false },
  actions,
  lifecycle: lifecycle2x({
    boot: Provisioning.BootNotification,
    heartbeat: Provisioning.Heartbeat,
    remote: [RemoteControl.RequestStartTransaction, RemoteControl.RequestStopTransaction],
    triggers: [RemoteControl.TriggerMessage],
    reports: { asks: [Provisioning.GetBaseReport, Provisioning.GetReport], message: Provisioning.NotifyReport },
    signCertificate: Security.SignCertificate
  }),
  transactions: transactions2x(Events.TransactionEvent, [Security.SecurityEventNotification]),
  json: {
    subprotocol: "ocpp2.1",
    framing: {
      messageTypes: new Set([2, 3, 4, 5, 6]),
      spelling: {},
      badCall: "RpcFrameworkError",
      unreadable: "-1",
      unknownMessageType: "ignored"
    }
  },
  Csms,
  Transactions
}

/**
 * A connected station of 2.1, as the CSMS sees it.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationSession extends Session<"2.1", StationClient> {}

/**
 * The handlers of a CSMS: what stations of 2.1 may ask. Those without which no station can work
 * are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface CsmsHandlers<R = never> extends Handlers.HandlerRecord<
  FromStation,
  Extract<FromStation, { readonly name: MandatoryOfCsms }>,
  StationSession,
  R
> {}

/**
 * The handlers of a station: what a CSMS of 2.1 may ask. Those without which no CSMS can work with it
 * are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationHandlers<R = never> extends Handlers.HandlerRecord<
  FromCsms,
  Extract<FromCsms, { readonly name: MandatoryOfStation }>,
  CsmsClient,
  R
> {}

/**
 * The handlers of a CSMS for stations of 2.1, with all that are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlers = Handlers.of<"2.1", "csms", CsmsHandlers<unknown>, CsmsHandlers>(protocol, "csms")

/**
 * Some handlers of a CSMS for stations of 2.1; the other actions are answered `NotSupported`.
 *
 * **When to use**
 *
 * Use in tests and tools. A CSMS that stations of others connect to needs `csmsHandlers`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlersPartial = Handlers.of<"2.1", "csms", Partial<CsmsHandlers<unknown>>, CsmsHandlers>(
  protocol,
  "csms"
)

/**
 * The handlers of a station of 2.1, with all that are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlers = Handlers.of<"2.1", "station", StationHandlers<unknown>, StationHandlers>(
  protocol,
  "station"
)

/**
 * Some handlers of a station of 2.1; the other actions are answered `NotSupported`.
 *
 * **When to use**
 *
 * Use in tests and tools. A station that is to be certified needs `stationHandlers`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlersPartial = Handlers.of<"2.1", "station", Partial<StationHandlers<unknown>>, StationHandlers>(
  protocol,
  "station"
)
