/**
 * Price schedules for vehicles of ISO 15118-20, which only 2.1 has.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { table } from "./common.ts"

const number = table<V21.RationalNumberType, Domain.RationalNumber>(({ alike }) => alike("exponent", "value"))

const priceRule = table<V21.PriceRuleType, Domain.PriceRule>(({ alike, field }) => [
  field("energyFee", "energyFee", number),
  field("powerRangeStart", "powerRangeStart", number),
  field("parkingFee", "parkingFee", number),
  field("parkingFeePeriod", "parkingFeePeriod", seconds),
  ...alike("carbonDioxideEmission", "renewableGenerationPercentage")
])

const priceRuleStack = table<V21.PriceRuleStackType, Domain.AbsolutePriceSchedule["priceRuleStacks"][number]>(
  ({ field }) => [field("duration", "duration", seconds), field("priceRule", "priceRule", list(priceRule))]
)

const taxRule = table<V21.TaxRuleType, Domain.TaxRule>(({ alike, field }) => [
  field("taxRate", "taxRate", number),
  ...alike("taxRuleID", "taxRuleName", "taxIncludedInPrice", "appliesToEnergyFee", "appliesToParkingFee"),
  ...alike("appliesToOverstayFee", "appliesToMinimumMaximumCost")
])

const overstayRule = table<V21.OverstayRuleType, Domain.OverstayRules["overstayRule"][number]>(({ field }) => [
  field("overstayFee", "overstayFee", number),
  field("overstayRuleDescription", "overstayRuleDescription"),
  field("startTime", "startTime", seconds),
  field("overstayFeePeriod", "overstayFeePeriod", seconds)
])

const overstayRules = table<V21.OverstayRuleListType, Domain.OverstayRules>(({ field }) => [
  field("overstayRule", "overstayRule", list(overstayRule)),
  field("overstayPowerThreshold", "overstayPowerThreshold", number),
  field("overstayTimeThreshold", "overstayTimeThreshold", seconds)
])

const service = table<
  V21.AdditionalSelectedServicesType,
  NonNullable<Domain.AbsolutePriceSchedule["additionalSelectedServices"]>[number]
>(({ field }) => [field("serviceName", "serviceName"), field("serviceFee", "serviceFee", number)])

export const absolutePriceSchedule = table<V21.AbsolutePriceScheduleType, Domain.AbsolutePriceSchedule>(
  ({ alike, field }) => [
    field("timeAnchor", "timeAnchor", instant),
    ...alike("priceScheduleID", "priceScheduleDescription", "currency", "language", "priceAlgorithm"),
    field("minimumCost", "minimumCost", number),
    field("maximumCost", "maximumCost", number),
    field("priceRuleStacks", "priceRuleStacks", list(priceRuleStack)),
    field("taxRules", "taxRules", list(taxRule)),
    field("overstayRuleList", "overstayRuleList", overstayRules),
    field("additionalSelectedServices", "additionalSelectedServices", list(service))
  ]
)

const priceLevel = table<
  V21.PriceLevelScheduleEntryType,
  Domain.PriceLevelSchedule["priceLevelScheduleEntries"][number]
>(({ field }) => [field("duration", "duration", seconds), field("priceLevel", "priceLevel")])

export const priceLevelSchedule = table<V21.PriceLevelScheduleType, Domain.PriceLevelSchedule>(({ alike, field }) => [
  field("timeAnchor", "timeAnchor", instant),
  ...alike("priceScheduleId", "priceScheduleDescription", "numberOfPriceLevels"),
  field("priceLevelScheduleEntries", "priceLevelScheduleEntries", list(priceLevel))
])
