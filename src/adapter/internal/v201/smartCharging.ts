/**
 * Charging profiles, and the schedule that follows from them.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { list, same, words } from "../BothWays.ts"
import { instant, seconds } from "../values.ts"
import { outcome, statusInfo, table } from "./common.ts"

const period = table<V201.ChargingSchedulePeriodType, Domain.ChargingSchedulePeriod>(({ field }) => [
  field("startPeriod", "startPeriod", seconds),
  field("limit", "limit"),
  field("numberPhases", "numberPhases"),
  field("phaseToUse", "phaseToUse")
])

const timeInterval = table<V201.RelativeTimeIntervalType, Domain.SalesTariffEntry["relativeTimeInterval"]>(
  ({ field }) => [field("start", "start", seconds), field("duration", "duration", seconds)]
)

const cost = table<V201.CostType, Domain.ConsumptionCost["cost"][number]>(({ field }) => [
  field("costKind", "costKind"),
  field("amount", "amount"),
  field("amountMultiplier", "amountMultiplier")
])

const consumptionCost = table<V201.ConsumptionCostType, Domain.ConsumptionCost>(({ field }) => [
  field("startValue", "startValue"),
  field("cost", "cost", list(cost))
])

const salesTariffEntry = table<V201.SalesTariffEntryType, Domain.SalesTariffEntry>(({ field }) => [
  field("relativeTimeInterval", "relativeTimeInterval", timeInterval),
  field("ePriceLevel", "ePriceLevel"),
  field("consumptionCost", "consumptionCost", list(consumptionCost))
])

const salesTariff = table<V201.SalesTariffType, Domain.SalesTariff>(({ field }) => [
  field("id", "id"),
  field("salesTariffDescription", "salesTariffDescription"),
  field("numEPriceLevels", "numEPriceLevels"),
  field("salesTariffEntry", "salesTariffEntry", list(salesTariffEntry))
])

export const chargingSchedule = table<V201.ChargingScheduleType, Domain.ChargingSchedule>(({ field }) => [
  field("id", "id", undefined, { needed: "2.0.1 asks for the id of a schedule" }),
  field("startSchedule", "startSchedule", instant),
  field("duration", "duration", seconds),
  field("chargingRateUnit", "chargingRateUnit"),
  field("chargingSchedulePeriod", "chargingSchedulePeriod", list(period)),
  field("minChargingRate", "minChargingRate"),
  field("salesTariff", "salesTariff", salesTariff)
])

export const chargingProfile = table<V201.ChargingProfileType, Domain.ChargingProfile>(({ field }) => [
  field("id", "id"),
  field("stackLevel", "stackLevel"),
  field("chargingProfilePurpose", "chargingProfilePurpose"),
  field("chargingProfileKind", "chargingProfileKind"),
  field("recurrencyKind", "recurrencyKind"),
  field("validFrom", "validFrom", instant),
  field("validTo", "validTo", instant),
  field("chargingSchedule", "chargingSchedule", list(chargingSchedule)),
  field("transactionId", "transactionId")
])

const criteria = table<V201.ClearChargingProfileType, Domain.ClearChargingProfileCriteria>(({ field }) => [
  field("evseId", "evseId"),
  field("chargingProfilePurpose", "chargingProfilePurpose"),
  field("stackLevel", "stackLevel")
])

/** The answer's own fields are those of the schedule here. */
interface Told {
  readonly evseId: Domain.GetCompositeScheduleResponse["evseId"] | undefined
  readonly scheduleStart: Domain.GetCompositeScheduleResponse["scheduleStart"] | undefined
  readonly schedule: Domain.CompositeSchedule
}

const compositeSchedule = table<V201.CompositeScheduleType, Told>(({ dropped, field }) => [
  field("evseId", "evseId", undefined, { needed: "2.0.1 tells the EVSE of a schedule" }),
  field("scheduleStart", "scheduleStart", instant, { needed: "2.0.1 tells when a schedule starts" }),
  dropped({ generic: "schedule.startSchedule" }, "in 2.0.1 it is the scheduleStart"),
  field("duration", "schedule.duration", seconds, { needed: "2.0.1 tells how long a schedule is" }),
  field("chargingRateUnit", "schedule.chargingRateUnit"),
  field("chargingSchedulePeriod", "schedule.chargingSchedulePeriod", list(period)),
  dropped({ generic: "schedule.minChargingRate" }, "2.0.1 tells limits only")
])

export const smartCharging = [
  translation(
    Domain.SetChargingProfile,
    V201.SetChargingProfile,
    table(({ field }) => [field("evseId", "evseId"), field("chargingProfile", "chargingProfile", chargingProfile)]),
    outcome(
      words<V201.ChargingProfileStatusEnumType, Domain.ChargingProfileStatus>({
        encoded: { NotSupported: "Rejected" },
        decoded: {}
      })
    )
  ),
  translation(
    Domain.ClearChargingProfile,
    V201.ClearChargingProfile,
    table(({ field }) => [
      field("chargingProfileId", "chargingProfileId"),
      field("chargingProfileCriteria", "chargingProfileCriteria", criteria)
    ]),
    outcome(same<Domain.ClearChargingProfileStatus>())
  ),
  translation(
    Domain.GetCompositeSchedule,
    V201.GetCompositeSchedule,
    table(({ field }) => [
      field("evseId", "evseId"),
      field("duration", "duration", seconds),
      field("chargingRateUnit", "chargingRateUnit")
    ]),
    table(({ field, together }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      together({
        wire: ["schedule"],
        generic: ["evseId", "scheduleStart", "schedule"],
        decode: ({ schedule }, losses) => (schedule === undefined ? {} : compositeSchedule.decode(schedule, losses)),
        // Without a schedule there is nothing that the other two are about.
        encode: ({ evseId, schedule, scheduleStart }, losses) => {
          if (schedule === undefined) return {}
          const start = scheduleStart ?? schedule.startSchedule
          return { schedule: compositeSchedule.encode({ evseId, scheduleStart: start, schedule }, losses) }
        }
      })
    ])
  )
]
