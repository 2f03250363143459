/**
 * What every station and central system of OCPP 1.5 needs: start-up, authorization, transactions, metering,
 * configuration and remote control.
 *
 * OCPP 1.5 has no feature profiles; its actions are grouped as in 1.6.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { gather, hoist, inEach, readingAliases, rename, renameList } from "./internal/aliases.ts"
import { IdTagInfo, IdToken } from "./DataTypes.ts"

/**
 * The station asks whether an identifier may charge.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * Whether a station may work with this central system. There is no `Pending` yet.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category schemas
 * @since 0.1.0
 */
export const RegistrationStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
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
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationRequest extends Schema.Opaque<BootNotificationRequest>()(
  Schema.Struct({
    chargePointVendor: Wire.text(20),
    chargePointModel: Wire.text(20),
    chargePointSerialNumber: Schema.optionalKey(Wire.text(25)),
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
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class BootNotificationResponse extends Schema.Opaque<BootNotificationResponse>()(
  Schema.Struct({
    status: RegistrationStatus,
    currentTime: Timestamp,
    /** Seconds between heartbeats; `interval` from 1.6 on. */
    heartbeatInterval: Wire.Integer
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * The central system puts a connector or the whole station into or out of service.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * The answer to a new setting. `NotSupported`: no such key.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const ConfigurationStatus = Schema.Literals(["Accepted", "Rejected", "NotSupported"]).annotate({
  identifier: "ConfigurationStatus"
})
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
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class ChangeConfigurationRequest extends Schema.Opaque<ChangeConfigurationRequest>()(
  Schema.Struct({
    key: Schema.String,
    /** Numbers, booleans and lists too are sent as text. */
    value: Schema.String
  }).annotate({ identifier: "ChangeConfigurationRequest" })
) {}

/**
 * Whether the setting was changed.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheRequest extends Schema.Opaque<ClearCacheRequest>()(
  Wire.Empty.annotate({ identifier: "ClearCacheRequest" })
) {}

/**
 * Whether the cache was cleared.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
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
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class DataTransferRequest extends Schema.Opaque<DataTransferRequest>()(
  Schema.Struct({
    /** The vendor, best as a reversed domain name. */
    vendorId: Schema.String,
    messageId: Schema.optionalKey(Schema.String),
    /** Always text: JSON goes in as a string. */
    data: Schema.optionalKey(Wire.Data)
  }).annotate({ identifier: "DataTransferRequest" })
) {}

/**
 * What became of a vendor's message.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category models
 * @since 0.1.0
 */
export class KeyValue extends Schema.Opaque<KeyValue>()(
  Schema.Struct({
    key: Schema.String,
    /** Spelt in lower case on the wire. */
    readonly: Schema.Boolean,
    /** Absent: the key is known but has no value. */
    value: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "KeyValue" })
) {}

/**
 * The central system reads settings of the station.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class GetConfigurationRequest extends Schema.Opaque<GetConfigurationRequest>()(
  Schema.Struct({
    /** Absent or empty: all settings. */
    key: Schema.optionalKey(Schema.Array(Schema.String))
  }).annotate({ identifier: "GetConfigurationRequest" })
) {}

/**
 * The settings that the station knows, and the keys that it does not know.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class GetConfigurationResponse extends Schema.Opaque<GetConfigurationResponse>()(
  Schema.Struct({
    configurationKey: Schema.optionalKey(Schema.Array(KeyValue)),
    unknownKey: Schema.optionalKey(Schema.Array(Schema.String))
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
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class HeartbeatRequest extends Schema.Opaque<HeartbeatRequest>()(
  Wire.Empty.annotate({ identifier: "HeartbeatRequest" })
) {}

/**
 * The time to set the station's clock to.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category schemas
 * @since 0.1.0
 */
export const ReadingContext = Schema.Literals([
  "Interruption.Begin",
  "Interruption.End",
  "Sample.Clock",
  "Sample.Periodic",
  "Transaction.Begin",
  "Transaction.End"
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
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * @see OCPP 1.5 WSDL, CentralSystemService
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
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "Current.Export",
  "Current.Import",
  "Voltage",
  "Temperature"
]).annotate({ identifier: "Measurand" })
/**
 * A value of {@link Measurand}.
 *
 * @category models
 * @since 0.1.0
 */
export type Measurand = typeof Measurand.Type

/**
 * Where it was measured: `Inlet` faces the grid, `Outlet` the vehicle.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category schemas
 * @since 0.1.0
 */
export const Location = Schema.Literals(["Inlet", "Outlet", "Body"]).annotate({ identifier: "Location" })
/**
 * A value of {@link Location}.
 *
 * @category models
 * @since 0.1.0
 */
export type Location = typeof Location.Type

/**
 * The unit of a sampled value. Ampere and volt are written `Amp` and `Volt`, `A` and `V` only from 1.6 on.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
  "var",
  "kvar",
  "Amp",
  "Volt",
  "Celsius"
]).annotate({ identifier: "UnitOfMeasure" })
/**
 * A value of {@link UnitOfMeasure}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnitOfMeasure = typeof UnitOfMeasure.Type

/**
 * One measured value with what it means. In SOAP the text of a `value` element with attributes.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
    /** Absent: `Outlet`. */
    location: Schema.optionalKey(Location),
    /** Absent: `Wh`. */
    unit: Schema.optionalKey(UnitOfMeasure)
  }).annotate({ identifier: "SampledValue" })
) {}

/**
 * What was measured at one instant. In SOAP the list is a sequence of `value` elements.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category models
 * @since 0.1.0
 */
export class MeterValue extends Schema.Opaque<MeterValue>()(
  Schema.Struct({
    timestamp: Timestamp,
    values: Schema.Array(SampledValue).check(Schema.isMinLength(1))
  }).annotate({ identifier: "MeterValue" })
) {}

// A meter value in the other spellings: the list as `value`, with the text of a sample under `$value` and the rest
// under `attributes` (SOAP turned into JSON), or a single sample beside the time stamp.
const meterValue = [
  renameList("value", "values"),
  gather("value", { into: "values", except: ["timestamp"] }),
  inEach("values", rename("$value", "value"), hoist("attributes"))
]

/**
 * The station reports what it measured.
 *
 * **Details**
 *
 * Sent as `values[].values[]`. Read too: the inner list as `value`, with `$value` and `attributes` in it, and a single
 * sample whose fields stand beside `timestamp`.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class MeterValuesRequest extends Schema.Opaque<MeterValuesRequest>()(
  readingAliases(
    Schema.Struct({
      /** 0: the main meter. */
      connectorId: Wire.Integer,
      transactionId: Schema.optionalKey(Wire.Integer),
      values: Schema.optionalKey(Schema.Array(MeterValue))
    }).annotate({ identifier: "MeterValuesRequest" }),
    inEach("values", ...meterValue)
  )
) {}

/**
 * The central system has the values.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * The central system asks the station to start a transaction for an identifier.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class RemoteStartTransactionRequest extends Schema.Opaque<RemoteStartTransactionRequest>()(
  Schema.Struct({
    idTag: IdToken,
    /** Above 0; absent: the station chooses. */
    connectorId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "RemoteStartTransactionRequest" })
) {}

/**
 * Whether the station will try. Only a StartTransaction tells that it has begun.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * `Soft` ends transactions first and restarts the software; `Hard` restarts the hardware.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class StartTransactionRequest extends Schema.Opaque<StartTransactionRequest>()(
  Schema.Struct({
    /** Above 0. */
    connectorId: Wire.Integer,
    idTag: IdToken,
    timestamp: Timestamp,
    /** Wh: the reading of the connector's meter. */
    meterStart: Wire.Integer,
    /** The reservation that this transaction uses up. */
    reservationId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "StartTransactionRequest" })
) {}

/**
 * The number of the transaction, and whether the identifier may charge. It has a number even where it may not.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class StartTransactionResponse extends Schema.Opaque<StartTransactionResponse>()(
  Schema.Struct({
    transactionId: Wire.Integer,
    idTagInfo: IdTagInfo
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
 * What is wrong with a connector or the station; `NoError` when nothing is. `Mode3Error` became
 * `EVCommunicationError` in 1.6.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category schemas
 * @since 0.1.0
 */
export const ChargePointErrorCode = Schema.Literals([
  "ConnectorLockFailure",
  "HighTemperature",
  "Mode3Error",
  "NoError",
  "PowerMeterFailure",
  "PowerSwitchFailure",
  "ReaderFailure",
  "ResetFailure",
  "GroundFailure",
  "OverCurrentFailure",
  "UnderVoltage",
  "WeakSignal",
  "OtherError"
]).annotate({ identifier: "ChargePointErrorCode" })
/**
 * A value of {@link ChargePointErrorCode}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargePointErrorCode = typeof ChargePointErrorCode.Type

/**
 * The state of a connector. `Occupied` stands for all that 1.6 tells apart from `Preparing` to `Finishing`.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category schemas
 * @since 0.1.0
 */
export const ChargePointStatus = Schema.Literals([
  "Available",
  "Occupied",
  "Faulted",
  "Unavailable",
  "Reserved"
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
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationRequest extends Schema.Opaque<StatusNotificationRequest>()(
  Schema.Struct({
    /** 0: the station itself. */
    connectorId: Wire.Integer,
    status: ChargePointStatus,
    errorCode: ChargePointErrorCode,
    info: Schema.optionalKey(Schema.String),
    /** Absent: the time of arrival. */
    timestamp: Schema.optionalKey(Timestamp),
    vendorId: Schema.optionalKey(Schema.String),
    vendorErrorCode: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "StatusNotificationRequest" })
) {}

/**
 * The central system has the state.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * Measurements of a transaction that ends.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category models
 * @since 0.1.0
 */
export class TransactionData extends Schema.Opaque<TransactionData>()(
  Schema.Struct({
    values: Schema.optionalKey(Schema.Array(MeterValue))
  }).annotate({ identifier: "TransactionData" })
) {}

/**
 * The station has stopped a transaction, perhaps a while ago: while offline the message waits.
 *
 * **Details**
 *
 * Sent as `transactionData[].values[].values[]`. Read too: meter values that stand in `transactionData` themselves, and
 * the other spellings of a meter value that {@link MeterValuesRequest} reads.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
 * @category messages
 * @since 0.1.0
 */
export class StopTransactionRequest extends Schema.Opaque<StopTransactionRequest>()(
  readingAliases(
    Schema.Struct({
      transactionId: Wire.Integer,
      /** Who stopped it; absent where nobody presented an identifier. */
      idTag: Schema.optionalKey(IdToken),
      timestamp: Timestamp,
      /** Wh: the reading of the connector's meter. */
      meterStop: Wire.Integer,
      transactionData: Schema.optionalKey(Schema.Array(TransactionData))
    }).annotate({ identifier: "StopTransactionRequest" }),
    inEach("transactionData", gather("timestamp", { into: "values" }), inEach("values", ...meterValue))
  )
) {}

/**
 * What the central system knows of the identifier that stopped the transaction. The stop itself cannot be refused.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService
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
 * Whether the connector was unlocked.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const UnlockStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
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
 * The central system unlocks a cable that is stuck.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * @see OCPP 1.5 WSDL, ChargePointService
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
