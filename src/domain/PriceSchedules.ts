/**
 * Price schedules, of 2.1: the prices or price levels over time by which a vehicle of ISO 15118-20 plans. They are as there,
 * number for number, because they may be signed.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * A number: `value` times ten to the power of `exponent`.
 *
 * @category schemas
 * @since 0.1.0
 */
export class RationalNumber extends Schema.Opaque<RationalNumber>()(
  Schema.Struct({ exponent: Schema.Int, value: Schema.Int }).annotate({ identifier: "RationalNumber" })
) {}

/**
 * The prices from a power on.
 *
 * @category schemas
 * @since 0.1.0
 */
export class PriceRule extends Schema.Opaque<PriceRule>()(
  Schema.Struct({
    energyFee: RationalNumber,
    powerRangeStart: RationalNumber,
    parkingFee: Schema.optionalKey(RationalNumber),
    /** After which the parking fee is due again, in whole seconds. */
    parkingFeePeriod: Schema.optionalKey(Schema.Duration),
    /** In grams for each kWh. */
    carbonDioxideEmission: Schema.optionalKey(Schema.Int),
    /** In percent. */
    renewableGenerationPercentage: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "PriceRule" })
) {}

/**
 * A tax, and what it is on.
 *
 * @category schemas
 * @since 0.1.0
 */
export class TaxRule extends Schema.Opaque<TaxRule>()(
  Schema.Struct({
    taxRuleID: Schema.Int,
    taxRuleName: Schema.optionalKey(Schema.String),
    taxRate: RationalNumber,
    taxIncludedInPrice: Schema.optionalKey(Schema.Boolean),
    appliesToEnergyFee: Schema.Boolean,
    appliesToParkingFee: Schema.Boolean,
    appliesToOverstayFee: Schema.Boolean,
    appliesToMinimumMaximumCost: Schema.Boolean
  }).annotate({ identifier: "TaxRule" })
) {}

/**
 * What it costs to stay after charging.
 *
 * @category schemas
 * @since 0.1.0
 */
export class OverstayRules extends Schema.Opaque<OverstayRules>()(
  Schema.Struct({
    overstayRule: Schema.Array(
      Schema.Struct({
        overstayFee: RationalNumber,
        overstayRuleDescription: Schema.optionalKey(Schema.String),
        /** After staying began to count, in whole seconds. */
        startTime: Schema.Duration,
        /** After which the fee is due again, in whole seconds. */
        overstayFeePeriod: Schema.Duration
      })
    ),
    overstayPowerThreshold: Schema.optionalKey(RationalNumber),
    /** Until staying counts, in whole seconds. */
    overstayTimeThreshold: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "OverstayRules" })
) {}

/**
 * Prices over time.
 *
 * @category schemas
 * @since 0.1.0
 */
export class AbsolutePriceSchedule extends Schema.Opaque<AbsolutePriceSchedule>()(
  Schema.Struct({
    timeAnchor: Schema.DateTimeUtc,
    priceScheduleID: Schema.Int,
    priceScheduleDescription: Schema.optionalKey(Schema.String),
    /** ISO 4217. */
    currency: Schema.String,
    /** ISO 639. */
    language: Schema.String,
    /** A URN that names how the price is computed. */
    priceAlgorithm: Schema.String,
    minimumCost: Schema.optionalKey(RationalNumber),
    maximumCost: Schema.optionalKey(RationalNumber),
    /** One after the other, each with its duration in whole seconds. */
    priceRuleStacks: Schema.Array(Schema.Struct({ duration: Schema.Duration, priceRule: Schema.Array(PriceRule) })),
    taxRules: Schema.optionalKey(Schema.Array(TaxRule)),
    overstayRuleList: Schema.optionalKey(OverstayRules),
    additionalSelectedServices: Schema.optionalKey(
      Schema.Array(Schema.Struct({ serviceName: Schema.String, serviceFee: RationalNumber }))
    )
  }).annotate({ identifier: "AbsolutePriceSchedule" })
) {}

/**
 * Price levels over time; the lower the cheaper.
 *
 * @category schemas
 * @since 0.1.0
 */
export class PriceLevelSchedule extends Schema.Opaque<PriceLevelSchedule>()(
  Schema.Struct({
    timeAnchor: Schema.DateTimeUtc,
    priceScheduleId: Schema.Int,
    priceScheduleDescription: Schema.optionalKey(Schema.String),
    numberOfPriceLevels: Schema.Int,
    /** One after the other, each with its duration in whole seconds. */
    priceLevelScheduleEntries: Schema.Array(Schema.Struct({ duration: Schema.Duration, priceLevel: Schema.Int }))
  }).annotate({ identifier: "PriceLevelSchedule" })
) {}
