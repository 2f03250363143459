/**
 * Profiles that are reported, and limits of others than the CSMS.
 */
import type * as Domain from "../../../domain/index.ts"
import { ChargingLimitSourceEnumType } from "../../../v201/SmartCharging.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same } from "../BothWays.ts"
import { type Dialect, nothing, outcome, table } from "./common.ts"
import { profileOf, purposeOf, scheduleOf } from "./smartCharging.ts"

export const chargingLimits = (dialect: Dialect) => {
  const { openWords, since21 } = dialect
  const source = openWords(ChargingLimitSourceEnumType.literals, "2.0.1 has a list of sources")
  const criterion = table<V21.ChargingProfileCriterionType, Domain.ChargingProfileCriterion>(({ alike, field }) => [
    field("chargingProfilePurpose", "chargingProfilePurpose", purposeOf(dialect)),
    ...alike("stackLevel"),
    field("chargingProfileId", "chargingProfileId", undefined, { empty: "all profiles" }),
    field("chargingLimitSource", "chargingLimitSource", list(source), { empty: "all sources" })
  ])
  const limit = table<V21.ChargingLimitType, Domain.ChargingLimit>(({ alike, field }) => [
    field("chargingLimitSource", "chargingLimitSource", source),
    ...alike("isGridCritical"),
    ...since21("unsaid", "in 2.0.1 a limit takes away", ...alike("isLocalGeneration"))
  ])
  return {
    GetChargingProfiles: {
      request: table<V21.GetChargingProfilesRequest, Domain.GetChargingProfilesRequest>(({ alike, field }) => [
        ...alike("requestId", "evseId"),
        field("chargingProfile", "chargingProfile", criterion)
      ]),
      response: outcome(same<Domain.GetChargingProfileStatus>())
    },
    ReportChargingProfiles: {
      request: table<V21.ReportChargingProfilesRequest, Domain.ReportChargingProfilesRequest>(({ alike, field }) => [
        ...alike("requestId", "evseId", "tbc"),
        field("chargingLimitSource", "chargingLimitSource", source),
        field("chargingProfile", "chargingProfile", list(profileOf(dialect)))
      ]),
      response: nothing
    },
    NotifyChargingLimit: {
      request: table<V21.NotifyChargingLimitRequest, Domain.NotifyChargingLimitRequest>(({ field }) => [
        field("chargingLimit", "chargingLimit", limit),
        field("evseId", "evseId"),
        field("chargingSchedule", "chargingSchedule", list(scheduleOf(dialect)))
      ]),
      response: nothing
    },
    ClearedChargingLimit: {
      request: table<V21.ClearedChargingLimitRequest, Domain.ClearedChargingLimitRequest>(({ field }) => [
        field("chargingLimitSource", "chargingLimitSource", source),
        field("evseId", "evseId")
      ]),
      response: nothing
    }
  }
}
