/**
 * Costs on the display of a station of OCPP 1.6: the messages that DataTransfer carries (`org.openchargealliance.costmsg`) for
 * the pricing requirements of California. The CSMS computes the costs; the station shows them, and computes on between two
 * messages by the prices that it was told. Texts can come in several languages.
 *
 * Prices and costs are in the currency that the operator charges in.
 *
 * @see Application note "OCPP & California Pricing Requirements" §3
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import type { Client } from "../Client.ts"
import * as Handlers from "../Handlers.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import * as Extension from "./Extension.ts"
import type { CsmsClient as V16Client, StationSession } from "./Protocol.ts"

/**
 * How a text is written.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MessageFormat = Schema.Literals(["ASCII", "HTML", "URI", "UTF8"]).annotate({
  identifier: "MessageFormat"
})
/**
 * A value of {@link MessageFormat}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageFormat = typeof MessageFormat.Type

/**
 * A text in another language.
 *
 * @category models
 * @since 0.1.0
 */
export class MessageContent extends Schema.Opaque<MessageContent>()(
  Schema.Struct({
    format: MessageFormat,
    /** As in RFC 5646. */
    language: Schema.optionalKey(Wire.text(8)),
    content: Schema.String
  }).annotate({ identifier: "MessageContent" })
) {}

/** The text in further languages that the station supports (`SupportedLanguages`). */
const priceTextExtra = Schema.optionalKey(Schema.Array(MessageContent))

/**
 * The price for a driver who has presented an identifier, for the display only.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetUserPriceRequest extends Schema.Opaque<SetUserPriceRequest>()(
  Schema.Struct({
    idToken: Wire.text(20),
    priceText: Schema.String,
    priceTextExtra
  }).annotate({ identifier: "SetUserPriceRequest" })
) {}

/**
 * The price is shown.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetUserPriceResponse extends Schema.Opaque<SetUserPriceResponse>()(
  Wire.Empty.annotate({ identifier: "SetUserPriceResponse" })
) {}

/**
 * Shows a driver the price.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetUserPrice = Action.make("SetUserPrice", {
  from: "csms",
  block: "CostMessages",
  request: SetUserPriceRequest,
  response: SetUserPriceResponse
})

/**
 * What charging costs.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingPrice extends Schema.Opaque<ChargingPrice>()(
  Schema.Struct({
    kWhPrice: Schema.optionalKey(Schema.Finite),
    hourPrice: Schema.optionalKey(Schema.Finite),
    /** Once for the session, or for this part of it. */
    flatFee: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "ChargingPrice" })
) {}

/**
 * What it costs to be plugged in without charging.
 *
 * @category models
 * @since 0.1.0
 */
export class IdlePrice extends Schema.Opaque<IdlePrice>()(
  Schema.Struct({
    /** How long it costs nothing, in minutes, from the message on that says `Idle` first. */
    graceMinutes: Schema.optionalKey(Wire.Natural),
    hourPrice: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "IdlePrice" })
) {}

/**
 * The prices from a time on.
 *
 * @category models
 * @since 0.1.0
 */
export class NextPeriod extends Schema.Opaque<NextPeriod>()(
  Schema.Struct({
    atTime: Timestamp,
    chargingPrice: ChargingPrice,
    idlePrice: Schema.optionalKey(IdlePrice)
  }).annotate({ identifier: "NextPeriod" })
) {}

/**
 * A status of the connector at which the meter is to be read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TriggerStatus = Schema.Literals([
  "Available",
  "Preparing",
  "Charging",
  "SuspendedEVSE",
  "SuspendedEV",
  "Finishing"
]).annotate({
  identifier: "TriggerStatus"
})
/**
 * A value of {@link TriggerStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerStatus = typeof TriggerStatus.Type

/**
 * When the station is to send MeterValues, beside those that it sends anyway, because the price may change then.
 *
 * @category models
 * @since 0.1.0
 */
export class TriggerMeterValue extends Schema.Opaque<TriggerMeterValue>()(
  Schema.Struct({
    atTime: Schema.optionalKey(Timestamp),
    /** In kWh of the transaction. */
    atEnergykWh: Schema.optionalKey(Schema.Finite),
    /** In kW, whenever the power rises above it or falls below it. */
    atPowerkW: Schema.optionalKey(Schema.Finite),
    atCPStatus: Schema.optionalKey(Schema.Array(TriggerStatus).check(Schema.isMaxLength(6)))
  }).annotate({ identifier: "TriggerMeterValue" })
) {}

/**
 * What a transaction has cost so far, and by which prices it goes on.
 *
 * @category messages
 * @since 0.1.0
 */
export class RunningCostRequest extends Schema.Opaque<RunningCostRequest>()(
  Schema.Struct({
    transactionId: Wire.Integer,
    /** When the meter was read that the cost is of. */
    timestamp: Timestamp,
    /** What it read, in Wh. */
    meterValue: Wire.Integer,
    cost: Schema.Finite,
    /** Which of the prices apply. */
    state: Schema.Literals(["Charging", "Idle"]),
    /** Absent after the end of the transaction, while the vehicle is still plugged in. */
    chargingPrice: Schema.optionalKey(ChargingPrice),
    idlePrice: Schema.optionalKey(IdlePrice),
    nextPeriod: Schema.optionalKey(NextPeriod),
    triggerMeterValue: Schema.optionalKey(TriggerMeterValue)
  }).annotate({ identifier: "RunningCostRequest" })
) {}

/**
 * The cost is shown.
 *
 * @category messages
 * @since 0.1.0
 */
export class RunningCostResponse extends Schema.Opaque<RunningCostResponse>()(
  Wire.Empty.annotate({ identifier: "RunningCostResponse" })
) {}

/**
 * Shows a driver what the transaction has cost so far.
 *
 * @category actions
 * @since 0.1.0
 */
export const RunningCost = Action.make("RunningCost", {
  from: "csms",
  block: "CostMessages",
  request: RunningCostRequest,
  response: RunningCostResponse
})

/**
 * What a transaction has cost in the end.
 *
 * @category messages
 * @since 0.1.0
 */
export class FinalCostRequest extends Schema.Opaque<FinalCostRequest>()(
  Schema.Struct({
    transactionId: Wire.Integer,
    cost: Schema.Finite,
    priceText: Schema.String,
    priceTextExtra,
    /** An address to show as a QR code, such as that of the receipt. */
    qrCodeText: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "FinalCostRequest" })
) {}

/**
 * The cost is shown.
 *
 * @category messages
 * @since 0.1.0
 */
export class FinalCostResponse extends Schema.Opaque<FinalCostResponse>()(
  Wire.Empty.annotate({ identifier: "FinalCostResponse" })
) {}

/**
 * Shows a driver what the transaction has cost in the end.
 *
 * @category actions
 * @since 0.1.0
 */
export const FinalCost = Action.make("FinalCost", {
  from: "csms",
  block: "CostMessages",
  request: FinalCostRequest,
  response: FinalCostResponse
})

/**
 * The vehicle has been unplugged after its transaction, where being plugged in costs something (`CustomIdleFeeAfterStop`).
 *
 * @category messages
 * @since 0.1.0
 */
export class ConnectorUnpluggedRequest extends Schema.Opaque<ConnectorUnpluggedRequest>()(
  Schema.Struct({
    transactionId: Wire.Integer,
    timestamp: Timestamp
  }).annotate({ identifier: "ConnectorUnpluggedRequest" })
) {}

/**
 * The CSMS has taken it.
 *
 * @category messages
 * @since 0.1.0
 */
export class ConnectorUnpluggedResponse extends Schema.Opaque<ConnectorUnpluggedResponse>()(
  Wire.Empty.annotate({ identifier: "ConnectorUnpluggedResponse" })
) {}

/**
 * Tells the CSMS that a vehicle has been unplugged.
 *
 * @category actions
 * @since 0.1.0
 */
export const ConnectorUnplugged = Action.make("ConnectorUnplugged", {
  from: "station",
  block: "CostMessages",
  request: ConnectorUnpluggedRequest,
  response: ConnectorUnpluggedResponse
})

/**
 * The messages of the extension.
 *
 * @category protocol
 * @since 0.1.0
 */
export const actions = [SetUserPrice, RunningCost, FinalCost, ConnectorUnplugged] as const

type Actions = (typeof actions)[number]
type FromStation = Action.StartedBy<Actions, "station">
type FromCsms = Action.StartedBy<Actions, "csms">

/**
 * The extension, as a value.
 *
 * @category protocol
 * @since 0.1.0
 */
export const extension: Extension.Extension<"org.openchargealliance.costmsg"> = Extension.make(
  "org.openchargealliance.costmsg",
  actions
)

/**
 * The calls of the extension that a station may make to its CSMS.
 *
 * @category clients
 * @since 0.1.0
 */
export interface CsmsClient extends Client<FromStation> {}

/**
 * The calls of the extension that a CSMS may make to a station.
 *
 * @category clients
 * @since 0.1.0
 */
export interface StationClient extends Client<FromCsms> {}

/**
 * The CSMS as a station sees it, for this extension.
 *
 * @category clients
 * @since 0.1.0
 */
export const csmsClient: (csms: V16Client) => CsmsClient = Extension.csmsClient<CsmsClient>(extension)

/**
 * A connected station as the CSMS sees it, for this extension.
 *
 * @category clients
 * @since 0.1.0
 */
export const stationClient: (session: StationSession) => StationClient =
  Extension.stationClient<StationClient>(extension)

/**
 * The handlers of a CSMS: what stations may ask by this extension.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface CsmsHandlers<R = never> extends Handlers.HandlerRecord<FromStation, never, StationSession, R> {}

/**
 * The handlers of a station: what a CSMS may ask by this extension.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationHandlers<R = never> extends Handlers.HandlerRecord<FromCsms, never, V16Client, R> {}

/**
 * Handlers of a CSMS, for `Extension.dataTransfer`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlers = Handlers.of<
  "org.openchargealliance.costmsg",
  "csms",
  CsmsHandlers<unknown>,
  CsmsHandlers,
  typeof extension
>(extension, "csms")

/**
 * Handlers of a station, for `Extension.dataTransfer`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlers = Handlers.of<
  "org.openchargealliance.costmsg",
  "station",
  StationHandlers<unknown>,
  StationHandlers,
  typeof extension
>(extension, "station")
