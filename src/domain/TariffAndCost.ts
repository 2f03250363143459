/**
 * Tariff and cost: what a transaction costs, for the display of a station; in 2.1 also the tariff by which a station computes
 * it, and what it has computed.
 *
 * Prices are in the currency of their tariff; those of energy are per kWh, those of time per minute, without tax.
 *
 * @see P2 I
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { IdToken, MessageContent, StatusInfo } from "./DataTypes.ts"

/**
 * A tax in percent.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TaxRate extends Schema.Opaque<TaxRate>()(
  Schema.Struct({
    /** Its name on the receipt. */
    type: Schema.String,
    tax: Schema.Finite,
    /** What it is on: absent or 0, the net price; 1, that with the taxes of 0; and so on. */
    stack: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "TaxRate" })
) {}

const taxRates = Schema.optionalKey(Schema.Array(TaxRate))

/**
 * A price without tax, with tax, or both.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Price extends Schema.Opaque<Price>()(
  Schema.Struct({
    exclTax: Schema.optionalKey(Schema.Finite),
    inclTax: Schema.optionalKey(Schema.Finite),
    taxRates
  }).annotate({ identifier: "Price" })
) {}

/** When a price applies; all that is said must hold. */
const when = {
  /** By the clock on the wall, `hh:mm`. */
  startTimeOfDay: Schema.optionalKey(Schema.String),
  /** By the clock on the wall, `hh:mm`; before the start: on the next day. */
  endTimeOfDay: Schema.optionalKey(Schema.String),
  dayOfWeek: Schema.optionalKey(
    Schema.Array(Schema.Literals(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))
  ),
  /** `yyyy-mm-dd`, inclusive. */
  validFromDate: Schema.optionalKey(Schema.String),
  /** `yyyy-mm-dd`, exclusive. */
  validToDate: Schema.optionalKey(Schema.String),
  evseKind: Schema.optionalKey(Schema.Literals(["AC", "DC"]))
}

/**
 * When a price of energy or of time applies; all that is said must hold. `min…` is inclusive, `max…` exclusive; for energy
 * that flows back values are negative, and `min…` is the one closer to zero.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TariffConditions extends Schema.Opaque<TariffConditions>()(
  Schema.Struct({
    ...when,
    /** In Wh, as `maxEnergy`. */
    minEnergy: Schema.optionalKey(Schema.Finite),
    maxEnergy: Schema.optionalKey(Schema.Finite),
    /** In A, all phases together, as `maxCurrent`. */
    minCurrent: Schema.optionalKey(Schema.Finite),
    maxCurrent: Schema.optionalKey(Schema.Finite),
    /** In W, as `maxPower`. */
    minPower: Schema.optionalKey(Schema.Finite),
    maxPower: Schema.optionalKey(Schema.Finite),
    /** Since the start of the transaction, in whole seconds, as all that follow. */
    minTime: Schema.optionalKey(Schema.Duration),
    maxTime: Schema.optionalKey(Schema.Duration),
    /** Of charging. */
    minChargingTime: Schema.optionalKey(Schema.Duration),
    maxChargingTime: Schema.optionalKey(Schema.Duration),
    /** Of not charging. */
    minIdleTime: Schema.optionalKey(Schema.Duration),
    maxIdleTime: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "TariffConditions" })
) {}

/**
 * When a price that is paid once applies, as the transaction starts; all that is said must hold.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TariffConditionsFixed extends Schema.Opaque<TariffConditionsFixed>()(
  Schema.Struct({
    ...when,
    /** From the standard list of card brands where possible. */
    paymentBrand: Schema.optionalKey(Schema.String),
    /** From the standard list where possible, such as `CC` or `Debit`. */
    paymentRecognition: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "TariffConditionsFixed" })
) {}

/**
 * The prices of energy, of which the first that applies is taken.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TariffEnergy extends Schema.Opaque<TariffEnergy>()(
  Schema.Struct({
    prices: Schema.Array(Schema.Struct({ priceKwh: Schema.Finite, conditions: Schema.optionalKey(TariffConditions) })),
    taxRates
  }).annotate({ identifier: "TariffEnergy" })
) {}

/**
 * The prices of time, of which the first that applies is taken.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TariffTime extends Schema.Opaque<TariffTime>()(
  Schema.Struct({
    prices: Schema.Array(
      Schema.Struct({ priceMinute: Schema.Finite, conditions: Schema.optionalKey(TariffConditions) })
    ),
    taxRates
  }).annotate({ identifier: "TariffTime" })
) {}

/**
 * The prices that are paid once, of which the first that applies is taken.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TariffFixed extends Schema.Opaque<TariffFixed>()(
  Schema.Struct({
    prices: Schema.Array(
      Schema.Struct({ priceFixed: Schema.Finite, conditions: Schema.optionalKey(TariffConditionsFixed) })
    ),
    taxRates
  }).annotate({ identifier: "TariffFixed" })
) {}

/**
 * A tariff by which a station computes what a transaction costs.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Tariff extends Schema.Opaque<Tariff>()(
  Schema.Struct({
    tariffId: Schema.String,
    /** In one or more languages. */
    description: Schema.optionalKey(Schema.Array(MessageContent)),
    /** ISO 4217. */
    currency: Schema.String,
    /** Absent: from now on. */
    validFrom: Schema.optionalKey(Schema.DateTimeUtc),
    energy: Schema.optionalKey(TariffEnergy),
    chargingTime: Schema.optionalKey(TariffTime),
    idleTime: Schema.optionalKey(TariffTime),
    fixedFee: Schema.optionalKey(TariffFixed),
    reservationTime: Schema.optionalKey(TariffTime),
    reservationFixed: Schema.optionalKey(TariffFixed),
    /** What a transaction costs at least. */
    minCost: Schema.optionalKey(Price),
    /** What a transaction costs at most. */
    maxCost: Schema.optionalKey(Price)
  }).annotate({ identifier: "Tariff" })
) {}

/**
 * What was used in a part of a transaction.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CostDimension = Schema.Literals([
  "ChargingTime",
  "Energy",
  "IdleTIme",
  "MaxCurrent",
  "MaxPower",
  "MinCurrent",
  "MinPower"
]).annotate({ identifier: "CostDimension" })
/**
 * A value of {@link CostDimension}; `IdleTIme` is spelt as in OCPP.
 *
 * @category models
 * @since 0.1.0
 */
export type CostDimension = typeof CostDimension.Type

/**
 * A part of a transaction with one tariff, which ends where the next starts.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingPeriod extends Schema.Opaque<ChargingPeriod>()(
  Schema.Struct({
    startPeriod: Schema.DateTimeUtc,
    /** Absent: the cost was not computed by a tariff. */
    tariffId: Schema.optionalKey(Schema.String),
    dimensions: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          type: CostDimension,
          /** In Wh, A, W or seconds, as the type says; negative when fed back. */
          volume: Schema.Finite
        })
      )
    )
  }).annotate({ identifier: "ChargingPeriod" })
) {}

/**
 * What a transaction costs, by what it is for.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TotalCost extends Schema.Opaque<TotalCost>()(
  Schema.Struct({
    /** ISO 4217. */
    currency: Schema.String,
    /** Whether it is computed, or the least or the most that the tariff allows. */
    typeOfCost: Schema.Literals(["MaxCost", "MinCost", "NormalCost"]),
    fixed: Schema.optionalKey(Price),
    energy: Schema.optionalKey(Price),
    chargingTime: Schema.optionalKey(Price),
    idleTime: Schema.optionalKey(Price),
    reservationTime: Schema.optionalKey(Price),
    reservationFixed: Schema.optionalKey(Price),
    total: Schema.Struct({ exclTax: Schema.optionalKey(Schema.Finite), inclTax: Schema.optionalKey(Schema.Finite) })
  }).annotate({ identifier: "TotalCost" })
) {}

/**
 * What a transaction costs as the station has computed it, and by what.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CostDetails extends Schema.Opaque<CostDetails>()(
  Schema.Struct({
    totalCost: TotalCost,
    totalUsage: Schema.Struct({
      /** In Wh. */
      energy: Schema.Finite,
      /** Of the whole session, in whole seconds, as all that follow. */
      chargingTime: Schema.Duration,
      idleTime: Schema.Duration,
      reservationTime: Schema.optionalKey(Schema.Duration)
    }),
    chargingPeriods: Schema.optionalKey(Schema.Array(ChargingPeriod)),
    /** Whether the station could not compute the cost. */
    failureToCalculate: Schema.optionalKey(Schema.Boolean),
    failureReason: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "CostDetails" })
) {}

/**
 * What charging costs, for a station that computes on by it.
 *
 * @category schemas
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
 * @category schemas
 * @since 0.1.0
 */
export class IdlePrice extends Schema.Opaque<IdlePrice>()(
  Schema.Struct({
    /** How long it costs nothing, in whole minutes, from the message on that says `Idle` first. */
    gracePeriod: Schema.optionalKey(Schema.Duration),
    hourPrice: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "IdlePrice" })
) {}

/**
 * When a station is to read the meter, beside the times at which it does so anyway, because the price may change then.
 *
 * @category schemas
 * @since 0.1.0
 */
export class PriceTrigger extends Schema.Opaque<PriceTrigger>()(
  Schema.Struct({
    atTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** In Wh of the transaction. */
    atEnergy: Schema.optionalKey(Schema.BigDecimal),
    /** In W, whenever the power rises above it or falls below it. */
    atPower: Schema.optionalKey(Schema.BigDecimal),
    /** When the connector gets one of these states, which are named as in 1.6. */
    atStatus: Schema.optionalKey(
      Schema.Array(Schema.Literals(["Available", "Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing"]))
    )
  }).annotate({ identifier: "PriceTrigger" })
) {}

/**
 * What a cost is of, and by which prices it goes on.
 *
 * @category schemas
 * @since 0.1.0
 */
export class RunningPrice extends Schema.Opaque<RunningPrice>()(
  Schema.Struct({
    /** When the meter was read that the cost is of. */
    timestamp: Schema.DateTimeUtc,
    /** What it read, in Wh. */
    meterValue: Schema.Int,
    /** Which of the prices apply. */
    state: Schema.Literals(["Charging", "Idle"]),
    /** Absent after the end of the transaction, while the vehicle is still plugged in. */
    chargingPrice: Schema.optionalKey(ChargingPrice),
    idlePrice: Schema.optionalKey(IdlePrice),
    /** The prices from a time on. */
    nextPeriod: Schema.optionalKey(
      Schema.Struct({
        atTime: Schema.DateTimeUtc,
        chargingPrice: ChargingPrice,
        idlePrice: Schema.optionalKey(IdlePrice)
      })
    ),
    triggerMeterValue: Schema.optionalKey(PriceTrigger)
  }).annotate({ identifier: "RunningPrice" })
) {}

/**
 * What a transaction has cost so far. What it costs in the end, the answer to its last event says in 2.x, and
 * {@link FinalCost} in 1.6.
 *
 * @see P2 I02; application note "OCPP & California Pricing Requirements" §3.1
 * @category messages
 * @since 0.1.0
 */
export class CostUpdatedRequest extends Schema.Opaque<CostUpdatedRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    /** In the currency of the CSMS, taxes included. */
    totalCost: Schema.Finite,
    /** Of 1.6, which needs it (RunningCost). By it the station computes the cost between two messages. */
    price: Schema.optionalKey(RunningPrice)
  }).annotate({ identifier: "CostUpdatedRequest" })
) {}

/**
 * The cost was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class CostUpdatedResponse extends Schema.Opaque<CostUpdatedResponse>()(
  Wire.Empty.annotate({ identifier: "CostUpdatedResponse" })
) {}

/**
 * Tells the station what a transaction has cost so far.
 *
 * @category actions
 * @since 0.1.0
 */
export const CostUpdated = Action.make("CostUpdated", {
  from: "csms",
  block: "TariffAndCost",
  request: CostUpdatedRequest,
  response: CostUpdatedResponse
})

/** A text for the display in the language of the station, and in others that it supports. */
const priceTexts = {
  priceText: Schema.String,
  priceTextExtra: Schema.optionalKey(Schema.Array(MessageContent))
}

/**
 * The price for a driver who has presented an identifier, for the display only.
 *
 * @see application note "OCPP & California Pricing Requirements" §3.1, §3.2
 * @category messages
 * @since 0.1.0
 */
export class SetUserPriceRequest extends Schema.Opaque<SetUserPriceRequest>()(
  Schema.Struct({
    idToken: IdToken,
    ...priceTexts
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
 * Shows a driver the price, in 1.6. In 2.x the answer to an authorization has it (`personalMessage`).
 *
 * @category actions
 * @since 0.1.0
 */
export const SetUserPrice = Action.make("SetUserPrice", {
  from: "csms",
  block: "TariffAndCost",
  request: SetUserPriceRequest,
  response: SetUserPriceResponse
})

/**
 * What a transaction has cost in the end.
 *
 * @see application note "OCPP & California Pricing Requirements" §3.1, §3.2
 * @category messages
 * @since 0.1.0
 */
export class FinalCostRequest extends Schema.Opaque<FinalCostRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    /** In the currency of the CSMS, taxes included. */
    totalCost: Schema.Finite,
    ...priceTexts,
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
 * Shows a driver what the transaction has cost in the end, in 1.6. In 2.x the answer to the last event of a transaction has it
 * (`totalCost`).
 *
 * @category actions
 * @since 0.1.0
 */
export const FinalCost = Action.make("FinalCost", {
  from: "csms",
  block: "TariffAndCost",
  request: FinalCostRequest,
  response: FinalCostResponse
})

/**
 * The vehicle has been unplugged after its transaction, where being plugged in costs something.
 *
 * @see application note "OCPP & California Pricing Requirements" §3.4
 * @category messages
 * @since 0.1.0
 */
export class ConnectorUnpluggedRequest extends Schema.Opaque<ConnectorUnpluggedRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    timestamp: Schema.DateTimeUtc
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
 * Tells the CSMS that a vehicle has been unplugged, in 1.6. In 2.x the events of transactions tell it.
 *
 * **Gotchas**
 *
 * It is not stored: a call that fails while the station is offline is the application's to repeat.
 *
 * @category actions
 * @since 0.1.0
 */
export const ConnectorUnplugged = Action.make("ConnectorUnplugged", {
  from: "station",
  block: "TariffAndCost",
  request: ConnectorUnpluggedRequest,
  response: ConnectorUnpluggedResponse
})

/**
 * The CSMS sets the tariff that holds for drivers who have none of their own.
 *
 * @see P2 I07
 * @category messages
 * @since 0.1.0
 */
export class SetDefaultTariffRequest extends Schema.Opaque<SetDefaultTariffRequest>()(
  Schema.Struct({
    /** 0: all EVSEs. */
    evseId: Schema.Int,
    tariff: Tariff
  }).annotate({ identifier: "SetDefaultTariffRequest" })
) {}

/**
 * Whether a tariff was set.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffSetStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "TooManyElements",
  "ConditionNotSupported",
  "DuplicateTariffId"
]).annotate({ identifier: "TariffSetStatus" })
/**
 * A value of {@link TariffSetStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffSetStatus = typeof TariffSetStatus.Type

/**
 * Whether the tariff is set, or what the station cannot handle in it.
 *
 * @see P2 I07
 * @category messages
 * @since 0.1.0
 */
export class SetDefaultTariffResponse extends Schema.Opaque<SetDefaultTariffResponse>()(
  Schema.Struct({
    status: TariffSetStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetDefaultTariffResponse" })
) {}

/**
 * Sets the tariff for everybody, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetDefaultTariff = Action.make("SetDefaultTariff", {
  from: "csms",
  block: "TariffAndCost",
  request: SetDefaultTariffRequest,
  response: SetDefaultTariffResponse
})

/**
 * The CSMS asks which tariffs are set, default ones and those of drivers.
 *
 * @see P2 I09
 * @category messages
 * @since 0.1.0
 */
export class GetTariffsRequest extends Schema.Opaque<GetTariffsRequest>()(
  Schema.Struct({
    /** 0: of all EVSEs. */
    evseId: Schema.Int
  }).annotate({ identifier: "GetTariffsRequest" })
) {}

/**
 * Whether tariffs are set.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffGetStatus = Schema.Literals(["Accepted", "Rejected", "NoTariff"]).annotate({
  identifier: "TariffGetStatus"
})
/**
 * A value of {@link TariffGetStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffGetStatus = typeof TariffGetStatus.Type

/**
 * Whether a tariff is for everybody or for a driver.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffKind = Schema.Literals(["DefaultTariff", "DriverTariff"]).annotate({
  identifier: "TariffKind"
})
/**
 * A value of {@link TariffKind}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffKind = typeof TariffKind.Type

/**
 * Where, or for whom, a tariff is set.
 *
 * @category models
 * @since 0.1.0
 */
export class TariffAssignment extends Schema.Opaque<TariffAssignment>()(
  Schema.Struct({
    tariffId: Schema.String,
    tariffKind: TariffKind,
    validFrom: Schema.optionalKey(Schema.DateTimeUtc),
    /** One at least, if there is a list. */
    evseIds: Schema.optionalKey(Schema.Array(Schema.Int)),
    /** The drivers whose tariff it is. One at least, if there is a list. */
    idTokens: Schema.optionalKey(Schema.Array(Schema.String))
  }).annotate({ identifier: "TariffAssignment" })
) {}

/**
 * The tariffs that are set.
 *
 * @see P2 I09
 * @category messages
 * @since 0.1.0
 */
export class GetTariffsResponse extends Schema.Opaque<GetTariffsResponse>()(
  Schema.Struct({
    status: TariffGetStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** One at least, if there is a list. */
    tariffAssignments: Schema.optionalKey(Schema.Array(TariffAssignment))
  }).annotate({ identifier: "GetTariffsResponse" })
) {}

/**
 * Asks which tariffs are set, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetTariffs = Action.make("GetTariffs", {
  from: "csms",
  block: "TariffAndCost",
  request: GetTariffsRequest,
  response: GetTariffsResponse
})

/**
 * The CSMS removes tariffs: those named, those of an EVSE, or all.
 *
 * @see P2 I10
 * @category messages
 * @since 0.1.0
 */
export class ClearTariffsRequest extends Schema.Opaque<ClearTariffsRequest>()(
  Schema.Struct({
    /** Absent: all. One at least, if there is a list. */
    tariffIds: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Absent: of any EVSE. */
    evseId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "ClearTariffsRequest" })
) {}

/**
 * Whether a tariff was removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffClearStatus = Schema.Literals(["Accepted", "Rejected", "NoTariff"]).annotate({
  identifier: "TariffClearStatus"
})
/**
 * A value of {@link TariffClearStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffClearStatus = typeof TariffClearStatus.Type

/**
 * What became of one tariff of a `ClearTariffsRequest`.
 *
 * @category models
 * @since 0.1.0
 */
export class ClearTariffsResult extends Schema.Opaque<ClearTariffsResult>()(
  Schema.Struct({
    statusInfo: Schema.optionalKey(StatusInfo),
    /** Absent when there was no tariff at all. */
    tariffId: Schema.optionalKey(Schema.String),
    status: TariffClearStatus
  }).annotate({ identifier: "ClearTariffsResult" })
) {}

/**
 * A result for every tariff.
 *
 * @see P2 I10
 * @category messages
 * @since 0.1.0
 */
export class ClearTariffsResponse extends Schema.Opaque<ClearTariffsResponse>()(
  Schema.Struct({
    /** One at least. */
    results: Schema.Array(ClearTariffsResult)
  }).annotate({ identifier: "ClearTariffsResponse" })
) {}

/**
 * Removes tariffs, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearTariffs = Action.make("ClearTariffs", {
  from: "csms",
  block: "TariffAndCost",
  request: ClearTariffsRequest,
  response: ClearTariffsResponse
})

/**
 * The CSMS changes the tariff of a running transaction, from now on.
 *
 * @see P2 I11
 * @category messages
 * @since 0.1.0
 */
export class ChangeTransactionTariffRequest extends Schema.Opaque<ChangeTransactionTariffRequest>()(
  Schema.Struct({
    tariff: Tariff,
    transactionId: Schema.String
  }).annotate({ identifier: "ChangeTransactionTariffRequest" })
) {}

/**
 * Whether the tariff of a transaction was changed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TariffChangeStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "TooManyElements",
  "ConditionNotSupported",
  "TxNotFound",
  "NoCurrencyChange"
]).annotate({ identifier: "TariffChangeStatus" })
/**
 * A value of {@link TariffChangeStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type TariffChangeStatus = typeof TariffChangeStatus.Type

/**
 * Whether the tariff is changed; `NoCurrencyChange` because the currency must stay.
 *
 * @see P2 I11
 * @category messages
 * @since 0.1.0
 */
export class ChangeTransactionTariffResponse extends Schema.Opaque<ChangeTransactionTariffResponse>()(
  Schema.Struct({
    status: TariffChangeStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ChangeTransactionTariffResponse" })
) {}

/**
 * Changes the tariff of a running transaction, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ChangeTransactionTariff = Action.make("ChangeTransactionTariff", {
  from: "csms",
  block: "TariffAndCost",
  request: ChangeTransactionTariffRequest,
  response: ChangeTransactionTariffResponse
})
