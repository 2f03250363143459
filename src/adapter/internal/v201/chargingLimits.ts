/**
 * Profiles that are reported, limits of others than the CSMS, and what vehicles need.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { list, same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { instant, wholeNumber } from "../values.ts"
import { nothing, outcome, table } from "./common.ts"
import { chargingProfile, chargingSchedule } from "./smartCharging.ts"

const criterion = table<V201.ChargingProfileCriterionType, Domain.ChargingProfileCriterion>(({ field }) => [
  field("chargingProfilePurpose", "chargingProfilePurpose"),
  field("stackLevel", "stackLevel"),
  field("chargingProfileId", "chargingProfileId"),
  field("chargingLimitSource", "chargingLimitSource")
])

const limit = table<V201.ChargingLimitType, Domain.ChargingLimit>(({ field }) => [
  field("chargingLimitSource", "chargingLimitSource"),
  field("isGridCritical", "isGridCritical")
])

const whole = wholeNumber("2.0.1 asks for a whole number")

const acParameters = table<V201.ACChargingParametersType, Domain.AcChargingParameters>(({ field }) => [
  field("energyAmount", "energyAmount", whole),
  field("evMinCurrent", "evMinCurrent", whole),
  field("evMaxCurrent", "evMaxCurrent", whole),
  field("evMaxVoltage", "evMaxVoltage", whole)
])

const dcParameters = table<V201.DCChargingParametersType, Domain.DcChargingParameters>(({ field }) => [
  field("evMaxCurrent", "evMaxCurrent", whole),
  field("evMaxVoltage", "evMaxVoltage", whole),
  field("energyAmount", "energyAmount", whole),
  field("evMaxPower", "evMaxPower", whole),
  field("stateOfCharge", "stateOfCharge"),
  field("evEnergyCapacity", "evEnergyCapacity", whole),
  field("fullSoC", "fullSoC"),
  field("bulkSoC", "bulkSoC")
])

const needs = table<V201.ChargingNeedsType, Domain.ChargingNeeds>(({ field }) => [
  field("requestedEnergyTransfer", "requestedEnergyTransfer"),
  field("departureTime", "departureTime", instant),
  field("acChargingParameters", "acChargingParameters", acParameters),
  field("dcChargingParameters", "dcChargingParameters", dcParameters)
])

export const chargingLimits = [
  translation(
    Domain.GetChargingProfiles,
    V201.GetChargingProfiles,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("evseId", "evseId"),
      field("chargingProfile", "chargingProfile", criterion)
    ]),
    outcome(same<Domain.GetChargingProfileStatus>())
  ),
  translation(
    Domain.ReportChargingProfiles,
    V201.ReportChargingProfiles,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("chargingLimitSource", "chargingLimitSource"),
      field("evseId", "evseId"),
      field("chargingProfile", "chargingProfile", list(chargingProfile)),
      field("tbc", "tbc")
    ]),
    nothing
  ),
  translation(
    Domain.NotifyChargingLimit,
    V201.NotifyChargingLimit,
    table(({ field }) => [
      field("chargingLimit", "chargingLimit", limit),
      field("evseId", "evseId"),
      field("chargingSchedule", "chargingSchedule", list(chargingSchedule))
    ]),
    nothing
  ),
  translation(
    Domain.ClearedChargingLimit,
    V201.ClearedChargingLimit,
    table(({ field }) => [field("chargingLimitSource", "chargingLimitSource"), field("evseId", "evseId")]),
    nothing
  ),
  translation(
    Domain.NotifyEVChargingNeeds,
    V201.NotifyEVChargingNeeds,
    table(({ field }) => [
      field("evseId", "evseId"),
      field("chargingNeeds", "chargingNeeds", needs),
      field("maxScheduleTuples", "maxScheduleTuples")
    ]),
    outcome(same<Domain.NotifyEVChargingNeedsStatus>())
  ),
  translation(
    Domain.NotifyEVChargingSchedule,
    V201.NotifyEVChargingSchedule,
    table(({ field }) => [
      field("timeBase", "timeBase", instant),
      field("evseId", "evseId"),
      field("chargingSchedule", "chargingSchedule", chargingSchedule)
    ]),
    outcome(same<Domain.GenericStatus>())
  )
]
