/**
 * What vehicles need, and how they mean to charge.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, refused, same } from "../BothWays.ts"
import { instant, seconds, wholeNumber } from "../values.ts"
import { type Dialect, outcome, table } from "./common.ts"
import { scheduleOf } from "./smartCharging.ts"

const v2xParameters = table<V21.V2XChargingParametersType, Domain.V2xChargingParameters>(({ alike }) => [
  ...alike("minChargePower", "minChargePower_L2", "minChargePower_L3", "maxChargePower", "maxChargePower_L2"),
  ...alike("maxChargePower_L3", "minDischargePower", "minDischargePower_L2", "minDischargePower_L3"),
  ...alike("maxDischargePower", "maxDischargePower_L2", "maxDischargePower_L3", "minChargeCurrent"),
  ...alike("maxChargeCurrent", "minDischargeCurrent", "maxDischargeCurrent", "minVoltage", "maxVoltage"),
  ...alike("evTargetEnergyRequest", "evMinEnergyRequest", "evMaxEnergyRequest", "evMinV2XEnergyRequest"),
  ...alike("evMaxV2XEnergyRequest", "targetSoC")
])

const derParameters = table<V21.DERChargingParametersType, Domain.DerChargingParameters>(({ alike }) => [
  ...alike("evSupportedDERControl", "evOverExcitedMaxDischargePower", "evOverExcitedPowerFactor"),
  ...alike("evUnderExcitedMaxDischargePower", "evUnderExcitedPowerFactor", "maxApparentPower"),
  ...alike("maxChargeApparentPower", "maxChargeApparentPower_L2", "maxChargeApparentPower_L3"),
  ...alike("maxDischargeApparentPower", "maxDischargeApparentPower_L2", "maxDischargeApparentPower_L3"),
  ...alike("maxChargeReactivePower", "maxChargeReactivePower_L2", "maxChargeReactivePower_L3"),
  ...alike("minChargeReactivePower", "minChargeReactivePower_L2", "minChargeReactivePower_L3"),
  ...alike("maxDischargeReactivePower", "maxDischargeReactivePower_L2", "maxDischargeReactivePower_L3"),
  ...alike("minDischargeReactivePower", "minDischargeReactivePower_L2", "minDischargeReactivePower_L3"),
  ...alike("nominalVoltage", "nominalVoltageOffset", "maxNominalVoltage", "minNominalVoltage"),
  ...alike("evInverterManufacturer", "evInverterModel", "evInverterSerialNumber", "evInverterSwVersion"),
  ...alike("evInverterHwVersion", "evIslandingDetectionMethod", "evIslandingTripTime"),
  ...alike("evMaximumLevel1DCInjection", "evDurationLevel1DCInjection", "evMaximumLevel2DCInjection"),
  ...alike("evDurationLevel2DCInjection", "evReactiveSusceptance", "evSessionTotalDischargeEnergyAvailable")
])

type PowerSchedule = Domain.EvEnergyOffer["evPowerSchedule"]

const powerSchedule = table<V21.EVPowerScheduleType, PowerSchedule>(({ field }) => [
  field("timeAnchor", "timeAnchor", instant),
  field(
    "evPowerScheduleEntries",
    "evPowerScheduleEntries",
    list(
      table<V21.EVPowerScheduleEntryType, PowerSchedule["evPowerScheduleEntries"][number]>((rows) => [
        rows.field("duration", "duration", seconds),
        rows.field("power", "power")
      ])
    )
  )
])

type PriceSchedule = NonNullable<Domain.EvEnergyOffer["evAbsolutePriceSchedule"]>
type PriceEntry = PriceSchedule["evAbsolutePriceScheduleEntries"][number]

const priceRule = table<V21.EVPriceRuleType, PriceEntry["evPriceRule"][number]>(({ alike }) =>
  alike("energyFee", "powerRangeStart")
)

const priceEntry = table<V21.EVAbsolutePriceScheduleEntryType, PriceEntry>(({ field }) => [
  field("duration", "duration", seconds),
  field("evPriceRule", "evPriceRule", list(priceRule))
])

const priceSchedule = table<V21.EVAbsolutePriceScheduleType, PriceSchedule>(({ alike, field }) => [
  ...alike("currency", "priceAlgorithm"),
  field("timeAnchor", "timeAnchor", instant),
  field("evAbsolutePriceScheduleEntries", "evAbsolutePriceScheduleEntries", list(priceEntry))
])

const energyOffer = table<V21.EVEnergyOfferType, Domain.EvEnergyOffer>(({ field }) => [
  field("evPowerSchedule", "evPowerSchedule", powerSchedule),
  field("evAbsolutePriceSchedule", "evAbsolutePriceSchedule", priceSchedule)
])

const transferModeOf = ({ words }: Dialect) => {
  const unknown = refused("2.0.1 does not know this way of transfer")
  return words<V201.EnergyTransferModeEnumType, V21.EnergyTransferModeEnumType, Domain.EnergyTransferMode>({
    AC_BPT: unknown,
    AC_BPT_DER: unknown,
    AC_DER: unknown,
    DC_ACDP: unknown,
    DC_ACDP_BPT: unknown,
    DC_BPT: unknown,
    WPT: unknown
  })
}

const needsOf = (dialect: Dialect) => {
  const number = dialect.version === "2.0.1" ? wholeNumber("2.0.1 asks for a whole number") : same<number>()
  const acParameters = table<V21.ACChargingParametersType, Domain.AcChargingParameters>(({ field }) => [
    field("energyAmount", "energyAmount", number),
    field("evMinCurrent", "evMinCurrent", number),
    field("evMaxCurrent", "evMaxCurrent", number),
    field("evMaxVoltage", "evMaxVoltage", number)
  ])
  const dcParameters = table<V21.DCChargingParametersType, Domain.DcChargingParameters>(({ alike, field }) => [
    field("evMaxCurrent", "evMaxCurrent", number),
    field("evMaxVoltage", "evMaxVoltage", number),
    field("energyAmount", "energyAmount", number),
    field("evMaxPower", "evMaxPower", number),
    field("evEnergyCapacity", "evEnergyCapacity", number),
    ...alike("stateOfCharge", "fullSoC", "bulkSoC")
  ])
  return table<V21.ChargingNeedsType, Domain.ChargingNeeds>(({ alike, field }) => [
    field("requestedEnergyTransfer", "requestedEnergyTransfer", transferModeOf(dialect)),
    field("departureTime", "departureTime", instant),
    field("acChargingParameters", "acChargingParameters", acParameters),
    field("dcChargingParameters", "dcChargingParameters", dcParameters),
    ...dialect.since21(
      "omissible",
      "2.0.1 has the needs of a vehicle that charges only",
      field("v2xChargingParameters", "v2xChargingParameters", v2xParameters),
      field("derChargingParameters", "derChargingParameters", derParameters),
      field("evEnergyOffer", "evEnergyOffer", energyOffer),
      ...alike("availableEnergyTransfer")
    ),
    ...dialect.since21(
      "omissible",
      "in 2.0.1 a vehicle follows a schedule, and says itself what it needs",
      ...alike("controlMode", "mobilityNeedsMode")
    )
  ])
}

export const chargingNeeds = (dialect: Dialect) => ({
  NotifyEVChargingNeeds: {
    request: table<V21.NotifyEVChargingNeedsRequest, Domain.NotifyEVChargingNeedsRequest>(({ alike, field }) => [
      ...alike("evseId", "maxScheduleTuples"),
      field("chargingNeeds", "chargingNeeds", needsOf(dialect)),
      ...dialect.since21("dropped", "2.0.1 does not tell when it was", field("timestamp", "timestamp", instant))
    ]),
    response: outcome(
      dialect.words<
        V201.NotifyEVChargingNeedsStatusEnumType,
        V21.NotifyEVChargingNeedsStatusEnumType,
        Domain.NotifyEVChargingNeedsStatus
      >({ NoChargingProfile: "Rejected" })
    )
  },
  NotifyEVChargingSchedule: {
    request: table<V21.NotifyEVChargingScheduleRequest, Domain.NotifyEVChargingScheduleRequest>(({ alike, field }) => [
      ...alike("evseId"),
      field("timeBase", "timeBase", instant),
      field("chargingSchedule", "chargingSchedule", scheduleOf(dialect)),
      ...dialect.since21(
        "omissible",
        "2.0.1 tells the schedule only",
        ...alike("selectedChargingScheduleId", "powerToleranceAcceptance")
      )
    ]),
    response: outcome(same<Domain.GenericStatus>())
  }
})
