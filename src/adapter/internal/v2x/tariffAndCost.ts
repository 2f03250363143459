/**
 * What charging costs; and tariffs and what a station computes by them, which only 2.1 has.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { type Dialect, nothing, outcome, statusInfo, table } from "./common.ts"
import { messageOf } from "./idTokens.ts"

const taxRate = table<V21.TaxRateType, Domain.TaxRate>(({ alike }) => alike("type", "tax", "stack"))

const price = table<V21.PriceType, Domain.Price>(({ alike, field }) => [
  ...alike("exclTax", "inclTax"),
  field("taxRates", "taxRates", list(taxRate))
])

const everyDay = { empty: "every day" } as const

const conditions = table<V21.TariffConditionsType, Domain.TariffConditions>(({ alike, field }) => [
  ...alike("startTimeOfDay", "endTimeOfDay", "validFromDate", "validToDate", "evseKind"),
  field("dayOfWeek", "dayOfWeek", undefined, everyDay),
  ...alike("minEnergy", "maxEnergy", "minCurrent", "maxCurrent", "minPower", "maxPower"),
  field("minTime", "minTime", seconds),
  field("maxTime", "maxTime", seconds),
  field("minChargingTime", "minChargingTime", seconds),
  field("maxChargingTime", "maxChargingTime", seconds),
  field("minIdleTime", "minIdleTime", seconds),
  field("maxIdleTime", "maxIdleTime", seconds)
])

const conditionsFixed = table<V21.TariffConditionsFixedType, Domain.TariffConditionsFixed>(({ alike, field }) => [
  ...alike("startTimeOfDay", "endTimeOfDay", "validFromDate", "validToDate", "evseKind"),
  field("dayOfWeek", "dayOfWeek", undefined, everyDay),
  ...alike("paymentBrand", "paymentRecognition")
])

const energyPrice = table<V21.TariffEnergyPriceType, Domain.TariffEnergy["prices"][number]>(({ field }) => [
  field("priceKwh", "priceKwh"),
  field("conditions", "conditions", conditions)
])

const timePrice = table<V21.TariffTimePriceType, Domain.TariffTime["prices"][number]>(({ field }) => [
  field("priceMinute", "priceMinute"),
  field("conditions", "conditions", conditions)
])

const fixedPrice = table<V21.TariffFixedPriceType, Domain.TariffFixed["prices"][number]>(({ field }) => [
  field("priceFixed", "priceFixed"),
  field("conditions", "conditions", conditionsFixed)
])

const energy = table<V21.TariffEnergyType, Domain.TariffEnergy>(({ field }) => [
  field("prices", "prices", list(energyPrice)),
  field("taxRates", "taxRates", list(taxRate))
])

const time = table<V21.TariffTimeType, Domain.TariffTime>(({ field }) => [
  field("prices", "prices", list(timePrice)),
  field("taxRates", "taxRates", list(taxRate))
])

const fixed = table<V21.TariffFixedType, Domain.TariffFixed>(({ field }) => [
  field("prices", "prices", list(fixedPrice)),
  field("taxRates", "taxRates", list(taxRate))
])

export const tariffOf = (dialect: Dialect) =>
  table<V21.TariffType, Domain.Tariff>(({ alike, field }) => [
    ...alike("tariffId", "currency"),
    field("description", "description", list(messageOf(dialect))),
    field("validFrom", "validFrom", instant),
    field("energy", "energy", energy),
    field("chargingTime", "chargingTime", time),
    field("idleTime", "idleTime", time),
    field("fixedFee", "fixedFee", fixed),
    field("reservationTime", "reservationTime", time),
    field("reservationFixed", "reservationFixed", fixed),
    field("minCost", "minCost", price),
    field("maxCost", "maxCost", price)
  ])

const dimension = table<V21.CostDimensionType, NonNullable<Domain.ChargingPeriod["dimensions"]>[number]>(({ alike }) =>
  alike("type", "volume")
)

const period = table<V21.ChargingPeriodType, Domain.ChargingPeriod>(({ field }) => [
  field("startPeriod", "startPeriod", instant),
  field("tariffId", "tariffId"),
  field("dimensions", "dimensions", list(dimension))
])

const total = table<V21.TotalPriceType, Domain.TotalCost["total"]>(({ alike }) => alike("exclTax", "inclTax"))

const totalCost = table<V21.TotalCostType, Domain.TotalCost>(({ alike, field }) => [
  ...alike("currency", "typeOfCost"),
  field("fixed", "fixed", price),
  field("energy", "energy", price),
  field("chargingTime", "chargingTime", price),
  field("idleTime", "idleTime", price),
  field("reservationTime", "reservationTime", price),
  field("reservationFixed", "reservationFixed", price),
  field("total", "total", total)
])

const totalUsage = table<V21.TotalUsageType, Domain.CostDetails["totalUsage"]>(({ field }) => [
  field("energy", "energy"),
  field("chargingTime", "chargingTime", seconds),
  field("idleTime", "idleTime", seconds),
  field("reservationTime", "reservationTime", seconds)
])

export const costDetails = table<V21.CostDetailsType, Domain.CostDetails>(({ alike, field }) => [
  field("totalCost", "totalCost", totalCost),
  field("totalUsage", "totalUsage", totalUsage),
  field("chargingPeriods", "chargingPeriods", list(period)),
  ...alike("failureToCalculate", "failureReason")
])

const assignment = table<V21.TariffAssignmentType, Domain.TariffAssignment>(({ alike, field }) => [
  ...alike("tariffId", "tariffKind", "evseIds", "idTokens"),
  field("validFrom", "validFrom", instant)
])

const cleared = table<V21.ClearTariffsResultType, Domain.ClearTariffsResult>(({ alike, field }) => [
  ...alike("tariffId", "status"),
  field("statusInfo", "statusInfo", statusInfo)
])

export const tariffAndCost = (dialect: Dialect) => {
  const tariff = tariffOf(dialect)
  return {
    CostUpdated: {
      request: table<V21.CostUpdatedRequest, Domain.CostUpdatedRequest>(({ alike, omissible }) => [
        ...alike("transactionId", "totalCost"),
        omissible("price", `${dialect.version} tells no prices with a cost`)
      ]),
      response: nothing
    },
    SetDefaultTariff: {
      request: table<V21.SetDefaultTariffRequest, Domain.SetDefaultTariffRequest>(({ field }) => [
        field("evseId", "evseId"),
        field("tariff", "tariff", tariff)
      ]),
      response: outcome(same<Domain.TariffSetStatus>())
    },
    GetTariffs: {
      request: table<V21.GetTariffsRequest, Domain.GetTariffsRequest>(({ alike }) => alike("evseId")),
      response: table<V21.GetTariffsResponse, Domain.GetTariffsResponse>(({ field }) => [
        field("status", "status"),
        field("statusInfo", "statusInfo", statusInfo),
        field("tariffAssignments", "tariffAssignments", list(assignment))
      ])
    },
    ClearTariffs: {
      request: table<V21.ClearTariffsRequest, Domain.ClearTariffsRequest>(({ alike, field }) => [
        field("tariffIds", "tariffIds", undefined, { empty: "all tariffs" }),
        ...alike("evseId")
      ]),
      response: table<V21.ClearTariffsResponse, Domain.ClearTariffsResponse>(({ field }) => [
        field("clearTariffsResult", "results", list(cleared))
      ])
    },
    ChangeTransactionTariff: {
      request: table<V21.ChangeTransactionTariffRequest, Domain.ChangeTransactionTariffRequest>(({ field }) => [
        field("transactionId", "transactionId"),
        field("tariff", "tariff", tariff)
      ]),
      response: outcome(same<Domain.TariffChangeStatus>())
    }
  }
}
