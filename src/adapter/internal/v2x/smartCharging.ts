/**
 * Charging profiles, and the schedule that follows from them.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, refused, same } from "../BothWays.ts"
import * as since from "../since21.ts"
import { instant, seconds } from "../values.ts"
import { type Dialect, outcome, statusInfo, table } from "./common.ts"
import { profileStatus } from "./dynamicCharging.ts"
import { absolutePriceSchedule, priceLevelSchedule } from "./priceSchedules.ts"

const freqWattPoint = table<
  V21.V2XFreqWattPointType,
  NonNullable<Domain.ChargingSchedulePeriod["v2xFreqWattCurve"]>[number]
>(({ alike }) => alike("frequency", "power"))

const signalWattPoint = table<
  V21.V2XSignalWattPointType,
  NonNullable<Domain.ChargingSchedulePeriod["v2xSignalWattCurve"]>[number]
>(({ alike }) => alike("signal", "power"))

const periodOf = ({ needed201, since21 }: Dialect) =>
  table<V21.ChargingSchedulePeriodType, Domain.ChargingSchedulePeriod>(({ alike, field }) => [
    field("startPeriod", "startPeriod", seconds),
    field("limit", "limit", undefined, needed201("asks for a limit")),
    ...alike("numberPhases", "phaseToUse"),
    ...since21(
      "unsaid",
      "2.0.1 has one limit, and nothing but limits",
      ...alike(...since.periodValues),
      field("v2xFreqWattCurve", "v2xFreqWattCurve", list(freqWattPoint)),
      field("v2xSignalWattCurve", "v2xSignalWattCurve", list(signalWattPoint))
    )
  ])

const timeInterval = table<V21.RelativeTimeIntervalType, Domain.SalesTariffEntry["relativeTimeInterval"]>(
  ({ field }) => [field("start", "start", seconds), field("duration", "duration", seconds)]
)

const cost = table<V21.CostType, Domain.ConsumptionCost["cost"][number]>(({ field }) => [
  field("costKind", "costKind"),
  field("amount", "amount"),
  field("amountMultiplier", "amountMultiplier")
])

const consumptionCost = table<V21.ConsumptionCostType, Domain.ConsumptionCost>(({ field }) => [
  field("startValue", "startValue"),
  field("cost", "cost", list(cost))
])

const salesTariffEntry = table<V21.SalesTariffEntryType, Domain.SalesTariffEntry>(({ field }) => [
  field("relativeTimeInterval", "relativeTimeInterval", timeInterval),
  field("ePriceLevel", "ePriceLevel"),
  field("consumptionCost", "consumptionCost", list(consumptionCost))
])

const salesTariff = table<V21.SalesTariffType, Domain.SalesTariff>(({ field }) => [
  field("id", "id"),
  field("salesTariffDescription", "salesTariffDescription"),
  field("numEPriceLevels", "numEPriceLevels"),
  field("salesTariffEntry", "salesTariffEntry", list(salesTariffEntry))
])

const limitAtSoC = table<V21.LimitAtSoCType, NonNullable<Domain.ChargingSchedule["limitAtSoC"]>>(({ alike }) =>
  alike("soc", "limit")
)

export const scheduleOf = (dialect: Dialect) => {
  const { since21, version } = dialect
  return table<V21.ChargingScheduleType, Domain.ChargingSchedule>(({ alike, field }) => [
    field("id", "id", undefined, { needed: `${version} asks for the id of a schedule` }),
    field("startSchedule", "startSchedule", instant),
    field("duration", "duration", seconds),
    field("chargingRateUnit", "chargingRateUnit"),
    field("chargingSchedulePeriod", "chargingSchedulePeriod", list(periodOf(dialect))),
    field("minChargingRate", "minChargingRate"),
    field("salesTariff", "salesTariff", salesTariff),
    ...since21(
      "unsaid",
      "2.0.1 has one limit, which holds at the times that are told",
      field("limitAtSoC", "limitAtSoC", limitAtSoC),
      field("randomizedDelay", "randomizedDelay", seconds),
      ...alike("useLocalTime")
    ),
    ...since21(
      "omissible",
      "2.0.1 has nothing of ISO 15118-20",
      ...alike("powerTolerance", "signatureId", "digestValue"),
      field("absolutePriceSchedule", "absolutePriceSchedule", absolutePriceSchedule),
      field("priceLevelSchedule", "priceLevelSchedule", priceLevelSchedule)
    )
  ])
}

export const purposeOf = ({ words: wordsOf }: Dialect) =>
  wordsOf<V201.ChargingProfilePurposeEnumType, V21.ChargingProfilePurposeEnumType, Domain.ChargingProfilePurpose>(
    since.purposes("2.0.1 does not know this purpose")
  )

export const profileOf = (dialect: Dialect) => {
  const { since21, words: wordsOf } = dialect
  const kind = wordsOf<V201.ChargingProfileKindEnumType, V21.ChargingProfileKindEnumType, Domain.ChargingProfileKind>({
    Dynamic: refused("2.0.1 knows no profiles that change")
  })
  return table<V21.ChargingProfileType, Domain.ChargingProfile>(({ alike, field }) => [
    field("id", "id"),
    field("stackLevel", "stackLevel"),
    field("chargingProfilePurpose", "chargingProfilePurpose", purposeOf(dialect)),
    field("chargingProfileKind", "chargingProfileKind", kind),
    field("recurrencyKind", "recurrencyKind"),
    field("validFrom", "validFrom", instant),
    field("validTo", "validTo", instant),
    field("chargingSchedule", "chargingSchedule", list(scheduleOf(dialect))),
    field("transactionId", "transactionId"),
    ...since21(
      "unsaid",
      "a profile of 2.0.1 holds while the station is offline",
      field("maxOfflineDuration", "maxOfflineDuration", seconds),
      ...alike("invalidAfterOfflineDuration")
    ),
    ...since21(
      "unsaid",
      "2.0.1 knows no profiles that change",
      field("dynUpdateInterval", "dynUpdateInterval", seconds),
      field("dynUpdateTime", "dynUpdateTime", instant)
    ),
    ...since21("omissible", "2.0.1 has nothing of ISO 15118-20", ...alike("priceScheduleSignature"))
  ])
}

/** A schedule of 2.x holds `evseId` and `scheduleStart`, which the domain has in the response, beside its schedule. */
interface Told {
  readonly evseId: Domain.GetCompositeScheduleResponse["evseId"] | undefined
  readonly scheduleStart: Domain.GetCompositeScheduleResponse["scheduleStart"] | undefined
  readonly schedule: Domain.CompositeSchedule
}

const compositeScheduleOf = (dialect: Dialect) => {
  const { version } = dialect
  return table<V21.CompositeScheduleType, Told>(({ dropped, field }) => [
    field("evseId", "evseId", undefined, { needed: `${version} tells the EVSE of a schedule` }),
    field("scheduleStart", "scheduleStart", instant, { needed: `${version} tells when a schedule starts` }),
    dropped({ generic: "schedule.startSchedule" }, `in ${version} it is the scheduleStart`),
    field("duration", "schedule.duration", seconds, { needed: `${version} tells how long a schedule is` }),
    field("chargingRateUnit", "schedule.chargingRateUnit"),
    field("chargingSchedulePeriod", "schedule.chargingSchedulePeriod", list(periodOf(dialect))),
    dropped({ generic: "schedule.minChargingRate" }, `${version} tells no rate below which a vehicle charges badly`)
  ])
}

const compositeResponse = (dialect: Dialect) => {
  const composite = compositeScheduleOf(dialect)
  return table<V21.GetCompositeScheduleResponse, Domain.GetCompositeScheduleResponse>(({ field, together }) => [
    field("status", "status"),
    field("statusInfo", "statusInfo", statusInfo),
    together({
      wire: ["schedule"],
      generic: ["evseId", "scheduleStart", "schedule"],
      notes: [
        { path: "evseId, scheduleStart", fate: "dropped", why: "without a schedule there is nothing that they are of" },
        ...(composite.notes ?? [])
      ],
      decode: ({ schedule }, losses) => (schedule === undefined ? {} : composite.decode(schedule, losses)),
      // Without a schedule, evseId and scheduleStart describe nothing and are left out.
      encode: ({ evseId, schedule, scheduleStart }, losses) => {
        if (schedule === undefined) return {}
        const start = scheduleStart ?? schedule.startSchedule
        return { schedule: composite.encode({ evseId, scheduleStart: start, schedule }, losses) }
      }
    })
  ])
}

export const smartCharging = (dialect: Dialect) => {
  const criteria = table<V21.ClearChargingProfileType, Domain.ClearChargingProfileCriteria>(({ field }) => [
    field("evseId", "evseId"),
    field("chargingProfilePurpose", "chargingProfilePurpose", purposeOf(dialect)),
    field("stackLevel", "stackLevel")
  ])
  return {
    SetChargingProfile: {
      request: table<V21.SetChargingProfileRequest, Domain.SetChargingProfileRequest>(({ field }) => [
        field("evseId", "evseId"),
        field("chargingProfile", "chargingProfile", profileOf(dialect))
      ]),
      response: outcome(profileStatus)
    },
    ClearChargingProfile: {
      request: table<V21.ClearChargingProfileRequest, Domain.ClearChargingProfileRequest>(({ field }) => [
        field("chargingProfileId", "chargingProfileId"),
        field("chargingProfileCriteria", "chargingProfileCriteria", criteria)
      ]),
      response: outcome(same<Domain.ClearChargingProfileStatus>())
    },
    GetCompositeSchedule: {
      request: table<V21.GetCompositeScheduleRequest, Domain.GetCompositeScheduleRequest>(({ field }) => [
        field("evseId", "evseId"),
        field("duration", "duration", seconds),
        field("chargingRateUnit", "chargingRateUnit")
      ]),
      response: compositeResponse(dialect)
    }
  }
}
