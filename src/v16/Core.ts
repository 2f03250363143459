/**
 * The Core profile of OCPP 1.6: start-up, authorization, transactions, metering, configuration and remote control.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { ChargingProfile, IdTagInfo, IdToken } from "./DataTypes.ts"

/**
 * The station asks whether an identifier may charge.
 *
 * @see OCPP 1.6 §4.1, §6.1
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeRequest extends Schema.Opaque<AuthorizeRequest>()(
  Schema.Struct({
    idTag: IdToken
  }).annotate({ identifier: "AuthorizeRequest" })
) {}

/**
 * Whether the identifier may charge.
 *
 * @see OCPP 1.6 §4.1, §6.2
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeResponse extends Schema.Opaque<AuthorizeResponse>()(
  Schema.Struct({
    idTagInfo: IdTagInfo
  }).annotate({ identifier: "AuthorizeResponse" })
) {}

/**
 * Asks whether an identifier may charge.
 *
 * @category actions
 * @since 0.1.0
 */
export const Authorize = Action.make("Authorize", {
  from: "station",
  block: "Core",
  request: AuthorizeRequest,
  response: AuthorizeResponse
})

/**
 * Whether a station may work with this central system. Until `Accepted` it sends nothing but BootNotification and
 * what it is asked for.
 *
 * @see OCPP 1.6 §7.38
 * @category schemas
 * @since 0.1.0
 */
export const RegistrationStatus = Schema.Literals(["Accepted", "Pending", "Rejected"]).annotate({
  identifier: "RegistrationStatus"
})
/**
 * A value of {@link RegistrationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type RegistrationStatus = typeof RegistrationStatus.Type

/**
 * The station presents itself, once after every start, before any other message.
 *
 * @see OCPP 1.6 §4.2, §6.3
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationRequest extends Schema.Opaque<BootNotificationRequest>()(
  Schema.Struct({
    chargePointVendor: Wire.text(20),
    chargePointModel: Wire.text(20),
    chargePointSerialNumber: Schema.optionalKey(Wire.text(25)),
    /** Deprecated by the specification in favour of `chargePointSerialNumber`. */
    chargeBoxSerialNumber: Schema.optionalKey(Wire.text(25)),
    firmwareVersion: Schema.optionalKey(Wire.text(50)),
    /** The number of the SIM card of the modem. */
    iccid: Schema.optionalKey(Wire.text(20)),
    /** The subscriber number of the SIM card of the modem. */
    imsi: Schema.optionalKey(Wire.text(20)),
    meterType: Schema.optionalKey(Wire.text(25)),
    meterSerialNumber: Schema.optionalKey(Wire.text(25))
  }).annotate({ identifier: "BootNotificationRequest" })
) {}

/**
 * Whether the station is accepted, and the time to set its clock to.
 *
 * @see OCPP 1.6 §4.2, §6.4
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationResponse extends Schema.Opaque<BootNotificationResponse>()(
  Schema.Struct({
    status: RegistrationStatus,
    currentTime: Timestamp,
    /** Seconds: between heartbeats when accepted, else to wait before the next attempt; 0 leaves it to the station. */
    interval: Wire.Integer
  }).annotate({ identifier: "BootNotificationResponse" })
) {}

/**
 * Registers the station after a start.
 *
 * @category actions
 * @since 0.1.0
 */
export const BootNotification = Action.make("BootNotification", {
  from: "station",
  block: "Core",
  request: BootNotificationRequest,
  response: BootNotificationResponse
})

/**
 * Whether a connector is to be used.
 *
 * @see OCPP 1.6 §7.4
 * @category schemas
 * @since 0.1.0
 */
export const AvailabilityType = Schema.Literals(["Inoperative", "Operative"]).annotate({
  identifier: "AvailabilityType"
})
/**
 * A value of {@link AvailabilityType}.
 *
 * @category models
 * @since 0.1.0
 */
export type AvailabilityType = typeof AvailabilityType.Type

/**
 * The answer to a change of availability; `Scheduled` means after the running transaction.
 *
 * @see OCPP 1.6 §7.3
 * @category schemas
 * @since 0.1.0
 */
export const AvailabilityStatus = Schema.Literals(["Accepted", "Rejected", "Scheduled"]).annotate({
  identifier: "AvailabilityStatus"
})
/**
 * A value of {@link AvailabilityStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type AvailabilityStatus = typeof AvailabilityStatus.Type

/**
 * The central system puts a connector or the whole station into or out of service, across restarts.
 *
 * @see OCPP 1.6 §5.2, §6.7
 * @category messages
 * @since 0.1.0
 */
export class ChangeAvailabilityRequest extends Schema.Opaque<ChangeAvailabilityRequest>()(
  Schema.Struct({
    /** 0: the station with all its connectors. */
    connectorId: Wire.Integer,
    type: AvailabilityType
  }).annotate({ identifier: "ChangeAvailabilityRequest" })
) {}

/**
 * Whether the availability changes, now or after the running transaction.
 *
 * @see OCPP 1.6 §5.2, §6.8
 * @category messages
 * @since 0.1.0
 */
export class ChangeAvailabilityResponse extends Schema.Opaque<ChangeAvailabilityResponse>()(
  Schema.Struct({
    status: AvailabilityStatus
  }).annotate({ identifier: "ChangeAvailabilityResponse" })
) {}

/**
 * Puts a connector into or out of service.
 *
 * @category actions
 * @since 0.1.0
 */
export const ChangeAvailability = Action.make("ChangeAvailability", {
  from: "csms",
  block: "Core",
  request: ChangeAvailabilityRequest,
  response: ChangeAvailabilityResponse
})

/**
 * The answer to a new setting. `RebootRequired`: stored, takes effect after a restart that the station does not do
 * by itself. `NotSupported`: no such key.
 *
 * @see OCPP 1.6 §7.22
 * @category schemas
 * @since 0.1.0
 */
export const ConfigurationStatus = Schema.Literals(["Accepted", "Rejected", "RebootRequired", "NotSupported"]).annotate(
  { identifier: "ConfigurationStatus" }
)
/**
 * A value of {@link ConfigurationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ConfigurationStatus = typeof ConfigurationStatus.Type

/**
 * The central system changes one setting of the station.
 *
 * @see OCPP 1.6 §5.3, §6.9
 * @category messages
 * @since 0.1.0
 */
export class ChangeConfigurationRequest extends Schema.Opaque<ChangeConfigurationRequest>()(
  Schema.Struct({
    key: Wire.text(50),
    /** Numbers, booleans and lists too are sent as text. */
    value: Wire.text(500)
  }).annotate({ identifier: "ChangeConfigurationRequest" })
) {}

/**
 * Whether the setting was changed.
 *
 * @see OCPP 1.6 §5.3, §6.10
 * @category messages
 * @since 0.1.0
 */
export class ChangeConfigurationResponse extends Schema.Opaque<ChangeConfigurationResponse>()(
  Schema.Struct({
    status: ConfigurationStatus
  }).annotate({ identifier: "ChangeConfigurationResponse" })
) {}

/**
 * Changes one setting of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const ChangeConfiguration = Action.make("ChangeConfiguration", {
  from: "csms",
  block: "Core",
  request: ChangeConfigurationRequest,
  response: ChangeConfigurationResponse
})

/**
 * Whether the cache was cleared.
 *
 * @see OCPP 1.6 §7.20
 * @category schemas
 * @since 0.1.0
 */
export const ClearCacheStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({ identifier: "ClearCacheStatus" })
/**
 * A value of {@link ClearCacheStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearCacheStatus = typeof ClearCacheStatus.Type

/**
 * The central system empties the authorization cache of the station.
 *
 * @see OCPP 1.6 §5.4, §6.11
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheRequest extends Schema.Opaque<ClearCacheRequest>()(
  Wire.Empty.annotate({ identifier: "ClearCacheRequest" })
) {}

/**
 * Whether the cache was cleared.
 *
 * @see OCPP 1.6 §5.4, §6.12
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheResponse extends Schema.Opaque<ClearCacheResponse>()(
  Schema.Struct({
    status: ClearCacheStatus
  }).annotate({ identifier: "ClearCacheResponse" })
) {}

/**
 * Empties the authorization cache of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearCache = Action.make("ClearCache", {
  from: "csms",
  block: "Core",
  request: ClearCacheRequest,
  response: ClearCacheResponse
})

/**
 * The answer to a vendor's message: what became of it, or which part of its name is not known.
 *
 * @see OCPP 1.6 §7.23
 * @category schemas
 * @since 0.1.0
 */
export const DataTransferStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "UnknownMessageId",
  "UnknownVendorId"
]).annotate({ identifier: "DataTransferStatus" })
/**
 * A value of {@link DataTransferStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type DataTransferStatus = typeof DataTransferStatus.Type

/**
 * A vendor's own message, for what OCPP has no message for. Either side sends it.
 *
 * @see OCPP 1.6 §4.3, §5.6, §6.15
 * @category messages
 * @since 0.1.0
 */
export class DataTransferRequest extends Schema.Opaque<DataTransferRequest>()(
  Schema.Struct({
    /** The vendor, best as a reversed domain name. */
    vendorId: Wire.text(255),
    messageId: Schema.optionalKey(Wire.text(50)),
    /** Always text, of any length: JSON goes in as a string. */
    data: Schema.optionalKey(Wire.Data)
  }).annotate({ identifier: "DataTransferRequest" })
) {}

/**
 * What became of a vendor's message.
 *
 * @see OCPP 1.6 §4.3, §5.6, §6.16
 * @category messages
 * @since 0.1.0
 */
export class DataTransferResponse extends Schema.Opaque<DataTransferResponse>()(
  Schema.Struct({
    status: DataTransferStatus,
    data: Schema.optionalKey(Wire.Data)
  }).annotate({ identifier: "DataTransferResponse" })
) {}

/**
 * Carries a vendor's own message, in either direction.
 *
 * @category actions
 * @since 0.1.0
 */
export const DataTransfer = Action.make("DataTransfer", {
  from: "both",
  block: "Core",
  request: DataTransferRequest,
  response: DataTransferResponse
})

/**
 * One setting of a station.
 *
 * @see OCPP 1.6 §7.29
 * @category models
 * @since 0.1.0
 */
export class KeyValue extends Schema.Opaque<KeyValue>()(
  Schema.Struct({
    key: Wire.text(50),
    /** Spelt in lower case on the wire. */
    readonly: Schema.Boolean,
    /** Absent: the key is known but has no value. */
    value: Schema.optionalKey(Wire.text(500))
  }).annotate({ identifier: "KeyValue" })
) {}

/**
 * The central system reads settings of the station.
 *
 * @see OCPP 1.6 §5.8, §6.23
 * @category messages
 * @since 0.1.0
 */
export class GetConfigurationRequest extends Schema.Opaque<GetConfigurationRequest>()(
  Schema.Struct({
    /** Absent or empty: all settings. The station may limit how many are asked for at once. */
    key: Schema.optionalKey(Schema.Array(Wire.text(50)))
  }).annotate({ identifier: "GetConfigurationRequest" })
) {}

/**
 * The settings that the station knows, and the keys that it does not know.
 *
 * @see OCPP 1.6 §5.8, §6.24
 * @category messages
 * @since 0.1.0
 */
export class GetConfigurationResponse extends Schema.Opaque<GetConfigurationResponse>()(
  Schema.Struct({
    configurationKey: Schema.optionalKey(Schema.Array(KeyValue)),
    unknownKey: Schema.optionalKey(Schema.Array(Wire.text(50)))
  }).annotate({ identifier: "GetConfigurationResponse" })
) {}

/**
 * Reads settings of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetConfiguration = Action.make("GetConfiguration", {
  from: "csms",
  block: "Core",
  request: GetConfigurationRequest,
  response: GetConfigurationResponse
})

/**
 * The station is still there and wants to know the time.
 *
 * @see OCPP 1.6 §4.6, §6.29
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatRequest extends Schema.Opaque<HeartbeatRequest>()(
  Wire.Empty.annotate({ identifier: "HeartbeatRequest" })
) {}

/**
 * The time to set the station's clock to.
 *
 * @see OCPP 1.6 §4.6, §6.30
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatResponse extends Schema.Opaque<HeartbeatResponse>()(
  Schema.Struct({
    currentTime: Timestamp
  }).annotate({ identifier: "HeartbeatResponse" })
) {}

/**
 * Tells that the station is alive, and sets its clock.
 *
 * @category actions
 * @since 0.1.0
 */
export const Heartbeat = Action.make("Heartbeat", {
  from: "station",
  block: "Core",
  request: HeartbeatRequest,
  response: HeartbeatResponse
})

/**
 * Why a value was sampled.
 *
 * @see OCPP 1.6 §7.35
 * @category schemas
 * @since 0.1.0
 */
export const ReadingContext = Schema.Literals([
  "Interruption.Begin",
  "Interruption.End",
  "Sample.Clock",
  "Sample.Periodic",
  "Transaction.Begin",
  "Transaction.End",
  "Trigger",
  "Other"
]).annotate({ identifier: "ReadingContext" })
/**
 * A value of {@link ReadingContext}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReadingContext = typeof ReadingContext.Type

/**
 * How a sampled value is written: as a number, or as signed binary data in hexadecimal.
 *
 * @see OCPP 1.6 §7.49
 * @category schemas
 * @since 0.1.0
 */
export const ValueFormat = Schema.Literals(["Raw", "SignedData"]).annotate({ identifier: "ValueFormat" })
/**
 * A value of {@link ValueFormat}.
 *
 * @category models
 * @since 0.1.0
 */
export type ValueFormat = typeof ValueFormat.Type

/**
 * What was measured. `Import` flows from the grid to the vehicle, `Export` back. A `Register` is a meter reading, an
 * `Interval` the amount within one sampling interval.
 *
 * @see OCPP 1.6 §7.31
 * @category schemas
 * @since 0.1.0
 */
export const Measurand = Schema.Literals([
  "Energy.Active.Export.Register",
  "Energy.Active.Import.Register",
  "Energy.Reactive.Export.Register",
  "Energy.Reactive.Import.Register",
  "Energy.Active.Export.Interval",
  "Energy.Active.Import.Interval",
  "Energy.Reactive.Export.Interval",
  "Energy.Reactive.Import.Interval",
  "Power.Active.Export",
  "Power.Active.Import",
  "Power.Offered",
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "Power.Factor",
  "Current.Import",
  "Current.Export",
  "Current.Offered",
  "Voltage",
  "Frequency",
  "Temperature",
  "SoC",
  "RPM"
]).annotate({ identifier: "Measurand" })
/**
 * A value of {@link Measurand}.
 *
 * @category models
 * @since 0.1.0
 */
export type Measurand = typeof Measurand.Type

/**
 * The phase, neutral, or pair of conductors that was measured.
 *
 * @see OCPP 1.6 §7.34
 * @category schemas
 * @since 0.1.0
 */
export const Phase = Schema.Literals([
  "L1",
  "L2",
  "L3",
  "N",
  "L1-N",
  "L2-N",
  "L3-N",
  "L1-L2",
  "L2-L3",
  "L3-L1"
]).annotate({ identifier: "Phase" })
/**
 * A value of {@link Phase}.
 *
 * @category models
 * @since 0.1.0
 */
export type Phase = typeof Phase.Type

/**
 * Where it was measured: `Inlet` faces the grid, `Outlet` the vehicle.
 *
 * @see OCPP 1.6 §7.30
 * @category schemas
 * @since 0.1.0
 */
export const Location = Schema.Literals(["Cable", "EV", "Inlet", "Outlet", "Body"]).annotate({ identifier: "Location" })
/**
 * A value of {@link Location}.
 *
 * @category models
 * @since 0.1.0
 */
export type Location = typeof Location.Type

/**
 * The unit of a sampled value. Frequency has none here: it is in hertz.
 *
 * **Gotchas**
 *
 * Read both `Celcius` and `Celsius`; send `Celcius`, which is what the first schemas knew.
 *
 * @see OCPP 1.6 §7.45, OCPP-J 1.6 errata 2025-04 §2.1
 * @category schemas
 * @since 0.1.0
 */
export const UnitOfMeasure = Schema.Literals([
  "Wh",
  "kWh",
  "varh",
  "kvarh",
  "W",
  "kW",
  "VA",
  "kVA",
  "var",
  "kvar",
  "A",
  "V",
  "K",
  "Celcius",
  "Celsius",
  "Fahrenheit",
  "Percent"
]).annotate({ identifier: "UnitOfMeasure" })
/**
 * A value of {@link UnitOfMeasure}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnitOfMeasure = typeof UnitOfMeasure.Type

/**
 * One measured value with what it means.
 *
 * @see OCPP 1.6 §7.43
 * @category models
 * @since 0.1.0
 */
export class SampledValue extends Schema.Opaque<SampledValue>()(
  Schema.Struct({
    /** A decimal number as text, or signed data. */
    value: Schema.String,
    /** Absent: `Sample.Periodic`. */
    context: Schema.optionalKey(ReadingContext),
    /** Absent: `Raw`. */
    format: Schema.optionalKey(ValueFormat),
    /** Absent: `Energy.Active.Import.Register`. */
    measurand: Schema.optionalKey(Measurand),
    /** Absent: the value over all phases. */
    phase: Schema.optionalKey(Phase),
    /** Absent: `Outlet`. */
    location: Schema.optionalKey(Location),
    /** Absent: `Wh`, which is meant for energy only. */
    unit: Schema.optionalKey(UnitOfMeasure)
  }).annotate({ identifier: "SampledValue" })
) {}

/**
 * What was measured at one instant.
 *
 * @see OCPP 1.6 §7.33
 * @category models
 * @since 0.1.0
 */
export class MeterValue extends Schema.Opaque<MeterValue>()(
  Schema.Struct({
    timestamp: Timestamp,
    /** At least one value is meant, though the schema also takes an empty list. */
    sampledValue: Schema.Array(SampledValue)
  }).annotate({ identifier: "MeterValue" })
) {}

/**
 * The station reports what it measured, periodically, at clock times, or when triggered.
 *
 * @see OCPP 1.6 §4.7, §6.31
 * @category messages
 * @since 0.1.0
 */
export class MeterValuesRequest extends Schema.Opaque<MeterValuesRequest>()(
  Schema.Struct({
    /** 0: the main meter. */
    connectorId: Wire.Integer,
    transactionId: Schema.optionalKey(Wire.Integer),
    meterValue: Schema.Array(MeterValue)
  }).annotate({ identifier: "MeterValuesRequest" })
) {}

/**
 * The central system has the values.
 *
 * @see OCPP 1.6 §4.7, §6.32
 * @category messages
 * @since 0.1.0
 */
export class MeterValuesResponse extends Schema.Opaque<MeterValuesResponse>()(
  Wire.Empty.annotate({ identifier: "MeterValuesResponse" })
) {}

/**
 * Reports measured values.
 *
 * @category actions
 * @since 0.1.0
 */
export const MeterValues = Action.make("MeterValues", {
  from: "station",
  block: "Core",
  request: MeterValuesRequest,
  response: MeterValuesResponse
})

/**
 * Whether the station will try to start or stop a transaction.
 *
 * @see OCPP 1.6 §7.39
 * @category schemas
 * @since 0.1.0
 */
export const RemoteStartStopStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "RemoteStartStopStatus"
})
/**
 * A value of {@link RemoteStartStopStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type RemoteStartStopStatus = typeof RemoteStartStopStatus.Type

/**
 * The central system asks the station to start a transaction for an identifier. Whether the station still authorizes
 * it is a setting of the station (`AuthorizeRemoteTxRequests`).
 *
 * @see OCPP 1.6 §5.11, §6.33
 * @category messages
 * @since 0.1.0
 */
export class RemoteStartTransactionRequest extends Schema.Opaque<RemoteStartTransactionRequest>()(
  Schema.Struct({
    /** Above 0; absent: the station chooses. */
    connectorId: Schema.optionalKey(Wire.Integer),
    idTag: IdToken,
    /** A `TxProfile` without `transactionId`. */
    chargingProfile: Schema.optionalKey(ChargingProfile)
  }).annotate({ identifier: "RemoteStartTransactionRequest" })
) {}

/**
 * Whether the station will try. Only a StartTransaction tells that it has begun.
 *
 * @see OCPP 1.6 §5.11, §6.34
 * @category messages
 * @since 0.1.0
 */
export class RemoteStartTransactionResponse extends Schema.Opaque<RemoteStartTransactionResponse>()(
  Schema.Struct({
    status: RemoteStartStopStatus
  }).annotate({ identifier: "RemoteStartTransactionResponse" })
) {}

/**
 * Asks the station to start a transaction.
 *
 * @category actions
 * @since 0.1.0
 */
export const RemoteStartTransaction = Action.make("RemoteStartTransaction", {
  from: "csms",
  block: "Core",
  request: RemoteStartTransactionRequest,
  response: RemoteStartTransactionResponse
})

/**
 * The central system asks the station to stop a transaction.
 *
 * @see OCPP 1.6 §5.12, §6.35
 * @category messages
 * @since 0.1.0
 */
export class RemoteStopTransactionRequest extends Schema.Opaque<RemoteStopTransactionRequest>()(
  Schema.Struct({
    transactionId: Wire.Integer
  }).annotate({ identifier: "RemoteStopTransactionRequest" })
) {}

/**
 * Whether the station will stop it; a StopTransaction follows.
 *
 * @see OCPP 1.6 §5.12, §6.36
 * @category messages
 * @since 0.1.0
 */
export class RemoteStopTransactionResponse extends Schema.Opaque<RemoteStopTransactionResponse>()(
  Schema.Struct({
    status: RemoteStartStopStatus
  }).annotate({ identifier: "RemoteStopTransactionResponse" })
) {}

/**
 * Asks the station to stop a transaction.
 *
 * @category actions
 * @since 0.1.0
 */
export const RemoteStopTransaction = Action.make("RemoteStopTransaction", {
  from: "csms",
  block: "Core",
  request: RemoteStopTransactionRequest,
  response: RemoteStopTransactionResponse
})

/**
 * `Soft` ends transactions first and restarts the software; `Hard` restarts the hardware and may lose what is queued.
 *
 * @see OCPP 1.6 §7.42
 * @category schemas
 * @since 0.1.0
 */
export const ResetType = Schema.Literals(["Hard", "Soft"]).annotate({ identifier: "ResetType" })
/**
 * A value of {@link ResetType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetType = typeof ResetType.Type

/**
 * Whether the station will restart.
 *
 * @see OCPP 1.6 §7.41
 * @category schemas
 * @since 0.1.0
 */
export const ResetStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({ identifier: "ResetStatus" })
/**
 * A value of {@link ResetStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ResetStatus = typeof ResetStatus.Type

/**
 * The central system restarts the station.
 *
 * @see OCPP 1.6 §5.14, §6.39
 * @category messages
 * @since 0.1.0
 */
export class ResetRequest extends Schema.Opaque<ResetRequest>()(
  Schema.Struct({
    type: ResetType
  }).annotate({ identifier: "ResetRequest" })
) {}

/**
 * Whether the station will restart.
 *
 * @see OCPP 1.6 §5.14, §6.40
 * @category messages
 * @since 0.1.0
 */
export class ResetResponse extends Schema.Opaque<ResetResponse>()(
  Schema.Struct({
    status: ResetStatus
  }).annotate({ identifier: "ResetResponse" })
) {}

/**
 * Restarts the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const Reset = Action.make("Reset", {
  from: "csms",
  block: "Core",
  request: ResetRequest,
  response: ResetResponse
})

/**
 * The station has started a transaction, perhaps a while ago: while offline the message waits.
 *
 * @see OCPP 1.6 §4.8, §6.45
 * @category messages
 * @since 0.1.0
 */
export class StartTransactionRequest extends Schema.Opaque<StartTransactionRequest>()(
  Schema.Struct({
    /** Above 0. */
    connectorId: Wire.Integer,
    idTag: IdToken,
    /** Wh: the reading of the connector's meter. */
    meterStart: Wire.Integer,
    /** The reservation that this transaction uses up. */
    reservationId: Schema.optionalKey(Wire.Integer),
    timestamp: Timestamp
  }).annotate({ identifier: "StartTransactionRequest" })
) {}

/**
 * The number of the transaction, and whether the identifier may charge. It has a number even where it may not.
 *
 * @see OCPP 1.6 §4.8, §6.46
 * @category messages
 * @since 0.1.0
 */
export class StartTransactionResponse extends Schema.Opaque<StartTransactionResponse>()(
  Schema.Struct({
    idTagInfo: IdTagInfo,
    transactionId: Wire.Integer
  }).annotate({ identifier: "StartTransactionResponse" })
) {}

/**
 * Reports the start of a transaction and gives it its number.
 *
 * @category actions
 * @since 0.1.0
 */
export const StartTransaction = Action.make("StartTransaction", {
  from: "station",
  block: "Core",
  request: StartTransactionRequest,
  response: StartTransactionResponse
})

/**
 * What is wrong with a connector or the station; `NoError` when nothing is.
 *
 * @see OCPP 1.6 §7.6
 * @category schemas
 * @since 0.1.0
 */
export const ChargePointErrorCode = Schema.Literals([
  "ConnectorLockFailure",
  "EVCommunicationError",
  "GroundFailure",
  "HighTemperature",
  "InternalError",
  "LocalListConflict",
  "NoError",
  "OtherError",
  "OverCurrentFailure",
  "PowerMeterFailure",
  "PowerSwitchFailure",
  "ReaderFailure",
  "ResetFailure",
  "UnderVoltage",
  "OverVoltage",
  "WeakSignal"
]).annotate({ identifier: "ChargePointErrorCode" })
/**
 * A value of {@link ChargePointErrorCode}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargePointErrorCode = typeof ChargePointErrorCode.Type

/**
 * The state of a connector. The station itself (connector 0) is only `Available`, `Unavailable` or `Faulted`.
 *
 * @see OCPP 1.6 §7.7
 * @category schemas
 * @since 0.1.0
 */
export const ChargePointStatus = Schema.Literals([
  "Available",
  "Preparing",
  "Charging",
  "SuspendedEVSE",
  "SuspendedEV",
  "Finishing",
  "Reserved",
  "Unavailable",
  "Faulted"
]).annotate({ identifier: "ChargePointStatus" })
/**
 * A value of {@link ChargePointStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargePointStatus = typeof ChargePointStatus.Type

/**
 * The station reports the state of a connector, or an error.
 *
 * @see OCPP 1.6 §4.9, §6.47
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationRequest extends Schema.Opaque<StatusNotificationRequest>()(
  Schema.Struct({
    /** 0: the station itself. */
    connectorId: Wire.Integer,
    errorCode: ChargePointErrorCode,
    info: Schema.optionalKey(Wire.text(50)),
    status: ChargePointStatus,
    /** Absent: the time of arrival. */
    timestamp: Schema.optionalKey(Timestamp),
    vendorId: Schema.optionalKey(Wire.text(255)),
    vendorErrorCode: Schema.optionalKey(Wire.text(50))
  }).annotate({ identifier: "StatusNotificationRequest" })
) {}

/**
 * The central system has the state.
 *
 * @see OCPP 1.6 §4.9, §6.48
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationResponse extends Schema.Opaque<StatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "StatusNotificationResponse" })
) {}

/**
 * Reports the state of a connector.
 *
 * @category actions
 * @since 0.1.0
 */
export const StatusNotification = Action.make("StatusNotification", {
  from: "station",
  block: "Core",
  request: StatusNotificationRequest,
  response: StatusNotificationResponse
})

/**
 * Why a transaction was stopped.
 *
 * @see OCPP 1.6 §7.36
 * @category schemas
 * @since 0.1.0
 */
export const Reason = Schema.Literals([
  "EmergencyStop",
  "EVDisconnected",
  "HardReset",
  "Local",
  "Other",
  "PowerLoss",
  "Reboot",
  "Remote",
  "SoftReset",
  "UnlockCommand",
  "DeAuthorized"
]).annotate({ identifier: "Reason" })
/**
 * A value of {@link Reason}.
 *
 * @category models
 * @since 0.1.0
 */
export type Reason = typeof Reason.Type

/**
 * The station has stopped a transaction, perhaps a while ago: while offline the message waits.
 *
 * @see OCPP 1.6 §4.10, §6.49
 * @category messages
 * @since 0.1.0
 */
export class StopTransactionRequest extends Schema.Opaque<StopTransactionRequest>()(
  Schema.Struct({
    /** Who stopped it; absent where nobody presented an identifier. */
    idTag: Schema.optionalKey(IdToken),
    /** Wh: the reading of the connector's meter. */
    meterStop: Wire.Integer,
    timestamp: Timestamp,
    transactionId: Wire.Integer,
    /** Absent: `Local`. */
    reason: Schema.optionalKey(Reason),
    transactionData: Schema.optionalKey(Schema.Array(MeterValue))
  }).annotate({ identifier: "StopTransactionRequest" })
) {}

/**
 * What the central system knows of the identifier that stopped the transaction. The stop itself cannot be refused.
 *
 * @see OCPP 1.6 §4.10, §6.50
 * @category messages
 * @since 0.1.0
 */
export class StopTransactionResponse extends Schema.Opaque<StopTransactionResponse>()(
  Schema.Struct({
    idTagInfo: Schema.optionalKey(IdTagInfo)
  }).annotate({ identifier: "StopTransactionResponse" })
) {}

/**
 * Reports the end of a transaction.
 *
 * @category actions
 * @since 0.1.0
 */
export const StopTransaction = Action.make("StopTransaction", {
  from: "station",
  block: "Core",
  request: StopTransactionRequest,
  response: StopTransactionResponse
})

/**
 * What became of an attempt to unlock; `NotSupported` also stands for a connector that does not exist.
 *
 * @see OCPP 1.6 §7.46
 * @category schemas
 * @since 0.1.0
 */
export const UnlockStatus = Schema.Literals(["Unlocked", "UnlockFailed", "NotSupported"]).annotate({
  identifier: "UnlockStatus"
})
/**
 * A value of {@link UnlockStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnlockStatus = typeof UnlockStatus.Type

/**
 * The central system unlocks a cable that is stuck. A running transaction is stopped first.
 *
 * @see OCPP 1.6 §5.18, §6.53
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorRequest extends Schema.Opaque<UnlockConnectorRequest>()(
  Schema.Struct({
    /** Above 0. */
    connectorId: Wire.Integer
  }).annotate({ identifier: "UnlockConnectorRequest" })
) {}

/**
 * Whether the connector is unlocked.
 *
 * @see OCPP 1.6 §5.18, §6.54
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorResponse extends Schema.Opaque<UnlockConnectorResponse>()(
  Schema.Struct({
    status: UnlockStatus
  }).annotate({ identifier: "UnlockConnectorResponse" })
) {}

/**
 * Unlocks a connector.
 *
 * @category actions
 * @since 0.1.0
 */
export const UnlockConnector = Action.make("UnlockConnector", {
  from: "csms",
  block: "Core",
  request: UnlockConnectorRequest,
  response: UnlockConnectorResponse
})
