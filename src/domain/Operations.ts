/**
 * The generic operations, which mean the same in every version of OCPP that has them: the list of their actions, and the
 * typed clients and handlers of both sides.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Action from "../Action.ts"
import type { Client } from "../Client.ts"
import * as Handlers from "../Handlers.ts"
import type { Session } from "../Session.ts"
import * as Authorization from "./Authorization.ts"
import * as Availability from "./Availability.ts"
import * as BatterySwapping from "./BatterySwapping.ts"
import * as BidirectionalPowerTransfer from "./BidirectionalPowerTransfer.ts"
import * as CustomerInformation from "./CustomerInformation.ts"
import * as DataTransfer from "./DataTransfer.ts"
import * as DerControl from "./DerControl.ts"
import * as DeviceModel from "./DeviceModel.ts"
import * as Diagnostics from "./Diagnostics.ts"
import * as DisplayMessage from "./DisplayMessage.ts"
import * as EventStreams from "./EventStreams.ts"
import * as FirmwareManagement from "./FirmwareManagement.ts"
import * as ISO15118CertificateManagement from "./ISO15118CertificateManagement.ts"
import * as LocalList from "./LocalAuthorizationListManagement.ts"
import * as Metering from "./Metering.ts"
import * as Monitoring from "./Monitoring.ts"
import * as NetworkProfiles from "./NetworkProfiles.ts"
import * as Payment from "./Payment.ts"
import * as Provisioning from "./Provisioning.ts"
import * as RemoteControl from "./RemoteControl.ts"
import * as RemoteTrigger from "./RemoteTrigger.ts"
import * as Reservation from "./Reservation.ts"
import * as Security from "./Security.ts"
import * as SmartCharging from "./SmartCharging.ts"
import * as TariffAndCost from "./TariffAndCost.ts"
import * as Transactions from "./Transactions.ts"

/**
 * The actions of the generic operations.
 *
 * @category protocol
 * @since 0.1.0
 */
export const actions = [
  Authorization.Authorize,
  Authorization.ClearCache,
  Availability.ChangeAvailability,
  Availability.StatusNotification,
  BatterySwapping.BatterySwap,
  BatterySwapping.RequestBatterySwap,
  BidirectionalPowerTransfer.AFRRSignal,
  BidirectionalPowerTransfer.NotifyAllowedEnergyTransfer,
  CustomerInformation.CustomerInformation,
  CustomerInformation.NotifyCustomerInformation,
  DataTransfer.DataTransfer,
  DerControl.ClearDERControl,
  DerControl.GetDERControl,
  DerControl.NotifyDERAlarm,
  DerControl.NotifyDERStartStop,
  DerControl.ReportDERControl,
  DerControl.SetDERControl,
  DeviceModel.GetBaseReport,
  DeviceModel.GetReport,
  DeviceModel.GetVariables,
  DeviceModel.NotifyReport,
  DeviceModel.SetVariables,
  Diagnostics.GetLog,
  Diagnostics.LogStatusNotification,
  DisplayMessage.ClearDisplayMessage,
  DisplayMessage.GetDisplayMessages,
  DisplayMessage.NotifyDisplayMessages,
  DisplayMessage.SetDisplayMessage,
  EventStreams.AdjustPeriodicEventStream,
  EventStreams.ClosePeriodicEventStream,
  EventStreams.GetPeriodicEventStream,
  EventStreams.NotifyPeriodicEventStream,
  EventStreams.OpenPeriodicEventStream,
  FirmwareManagement.FirmwareStatusNotification,
  FirmwareManagement.PublishFirmware,
  FirmwareManagement.PublishFirmwareStatusNotification,
  FirmwareManagement.UnpublishFirmware,
  FirmwareManagement.UpdateFirmware,
  ISO15118CertificateManagement.Get15118EVCertificate,
  ISO15118CertificateManagement.GetCertificateChainStatus,
  ISO15118CertificateManagement.GetCertificateStatus,
  LocalList.GetLocalListVersion,
  LocalList.SendLocalList,
  Metering.MeterValues,
  Monitoring.ClearVariableMonitoring,
  Monitoring.GetMonitoringReport,
  Monitoring.NotifyEvent,
  Monitoring.NotifyMonitoringReport,
  Monitoring.SetMonitoringBase,
  Monitoring.SetMonitoringLevel,
  Monitoring.SetVariableMonitoring,
  NetworkProfiles.SetNetworkProfile,
  Payment.NotifySettlement,
  Payment.NotifyWebPaymentStarted,
  Payment.VatNumberValidation,
  Provisioning.BootNotification,
  Provisioning.Heartbeat,
  Provisioning.Reset,
  RemoteControl.UnlockConnector,
  RemoteTrigger.TriggerMessage,
  Reservation.CancelReservation,
  Reservation.ReservationStatusUpdate,
  Reservation.ReserveNow,
  Security.CertificateSigned,
  Security.DeleteCertificate,
  Security.GetInstalledCertificateIds,
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
  TariffAndCost.ConnectorUnplugged,
  TariffAndCost.CostUpdated,
  TariffAndCost.FinalCost,
  TariffAndCost.GetTariffs,
  TariffAndCost.SetDefaultTariff,
  TariffAndCost.SetUserPrice,
  Transactions.GetTransactionStatus,
  Transactions.RequestStartTransaction,
  Transactions.RequestStopTransaction,
  Transactions.TransactionEvent
] as const

/**
 * A generic action.
 *
 * @category protocol
 * @since 0.1.0
 */
export type Actions = (typeof actions)[number]

type FromStation = Action.StartedBy<Actions, "station">
type FromCsms = Action.StartedBy<Actions, "csms">

/**
 * The generic operations, as a value.
 *
 * @category protocol
 * @since 0.1.0
 */
export const operations: Action.ActionList<"generic"> = { version: "generic", actions }

/**
 * The generic calls that a station may make to its CSMS.
 *
 * @category clients
 * @since 0.1.0
 */
export interface CsmsClient extends Client<FromStation> {}

/**
 * The generic calls that a CSMS may make to a station.
 *
 * @category clients
 * @since 0.1.0
 */
export interface StationClient extends Client<FromCsms> {}

/**
 * The CSMS, as a station sees it whose version does not matter. The `layer` of an adapter makes it.
 *
 * @category clients
 * @since 0.1.0
 */
export class Csms extends Context.Service<Csms, CsmsClient>()("effect-ocpp/domain/Csms") {}

/**
 * A connected station whose version does not matter, as the CSMS sees it.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationSession extends Session<string, StationClient> {}

/**
 * The handlers of a CSMS: what stations may ask. Those without which no station can work are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface CsmsHandlers<R = never> extends Handlers.HandlerRecord<
  FromStation,
  Extract<
    FromStation,
    { readonly block: "Authorization" | "Availability" | "Metering" | "Provisioning" | "Transactions" }
  >,
  StationSession,
  R
> {}

/**
 * The handlers of a station: what a CSMS may ask. Those that every station has are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationHandlers<R = never> extends Handlers.HandlerRecord<
  FromCsms,
  Extract<FromCsms, { readonly block: "Authorization" | "Availability" | "Provisioning" | "RemoteControl" }>,
  CsmsClient,
  R
> {}

/**
 * The handlers of a CSMS for stations of any version, with all that are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlers = Handlers.of<
  "generic",
  "csms",
  CsmsHandlers<unknown>,
  CsmsHandlers,
  Action.ActionList<"generic">
>(operations, "csms")

/**
 * Some handlers of a CSMS for stations of any version; the other actions are answered `NotSupported`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlersPartial = Handlers.of<
  "generic",
  "csms",
  Partial<CsmsHandlers<unknown>>,
  CsmsHandlers,
  Action.ActionList<"generic">
>(operations, "csms")

/**
 * The handlers of a station of any version, with all that are required.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlers = Handlers.of<
  "generic",
  "station",
  StationHandlers<unknown>,
  StationHandlers,
  Action.ActionList<"generic">
>(operations, "station")

/**
 * Some handlers of a station of any version; the other actions are answered `NotSupported`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlersPartial = Handlers.of<
  "generic",
  "station",
  Partial<StationHandlers<unknown>>,
  StationHandlers,
  Action.ActionList<"generic">
>(operations, "station")
