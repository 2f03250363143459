/**
 * Charging profiles, and the schedule that follows from them.
 */
import * as Schema from "effect/Schema"
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import * as Wire from "../../../Wire.ts"
import { translation } from "../Translation.ts"
import { type BothWays, list, only, refused, same, words } from "../BothWays.ts"
import * as since21 from "../since21.ts"
import { table } from "../Table.ts"
import { instant, seconds } from "../values.ts"
import { noIso15118_20, noPlace, outcome, transactionNumber } from "./common.ts"

const isTenths = Schema.is(Wire.Tenths)

const oneDecimal = "1.6 has one decimal"

/** A current or a power. */
const rate: BothWays<number, number> = {
  notes: [{ path: "", fate: "refused", why: oneDecimal }],
  decode: (value) => value,
  encode: (value, losses) => {
    if (!isTenths(value)) losses.add(oneDecimal)
    return value
  }
}

const period = table<V16.ChargingSchedulePeriod, Domain.ChargingSchedulePeriod>(({ field, omissible, unsaid }) => [
  field("startPeriod", "startPeriod", seconds),
  field("limit", "limit", rate, { needed: "1.6 asks for a limit" }),
  field("numberPhases", "numberPhases"),
  omissible("phaseToUse", "in 1.6 the station chooses the phase"),
  ...[...since21.periodValues, ...since21.periodCurves].map((name) => unsaid(name, "1.6 has nothing but one limit"))
])

const compositeSchedule = table<V16.ChargingSchedule, Domain.CompositeSchedule>(({ field }) => [
  field("startSchedule", "startSchedule", instant),
  field("duration", "duration", seconds),
  field("chargingRateUnit", "chargingRateUnit"),
  field("chargingSchedulePeriod", "chargingSchedulePeriod", list(period)),
  field("minChargingRate", "minChargingRate", rate)
])

const timely = "1.6 has one limit, which holds at the times that are told"

const chargingSchedule = table<V16.ChargingSchedule, Domain.ChargingSchedule>(
  ({ dropped, field, omissible, unsaid }) => [
    dropped({ generic: "id" }, "there is nothing to choose by it where a profile has one schedule"),
    field("startSchedule", "startSchedule", instant),
    field("duration", "duration", seconds),
    field("chargingRateUnit", "chargingRateUnit"),
    field("chargingSchedulePeriod", "chargingSchedulePeriod", list(period)),
    field("minChargingRate", "minChargingRate", rate),
    omissible("salesTariff", "1.6 tells a vehicle no prices"),
    unsaid("limitAtSoC", timely),
    unsaid("randomizedDelay", timely),
    unsaid("useLocalTime", timely),
    omissible("powerTolerance", noIso15118_20),
    omissible("absolutePriceSchedule", noIso15118_20),
    omissible("priceLevelSchedule", noIso15118_20),
    omissible("signatureId", noIso15118_20),
    omissible("digestValue", noIso15118_20)
  ]
)

const purpose = words<V16.ChargingProfilePurposeType, Domain.ChargingProfilePurpose>({
  encoded: {
    ...since21.purposes("1.6 does not know this purpose"),
    ChargingStationExternalConstraints: refused("1.6 knows no limits that others have set"),
    ChargingStationMaxProfile: "ChargePointMaxProfile"
  },
  decoded: { ChargePointMaxProfile: "ChargingStationMaxProfile" }
})

const unchanging = "1.6 knows no profiles that change"

const kind = words<V16.ChargingProfileKindType, Domain.ChargingProfileKind>({
  encoded: { Dynamic: refused(unchanging) },
  decoded: {}
})

/** A profile, which has one schedule. */
export const chargingProfile = table<V16.ChargingProfile, Domain.ChargingProfile>(({ field, omissible, unsaid }) => [
  field("chargingProfileId", "id"),
  field("stackLevel", "stackLevel"),
  field("chargingProfilePurpose", "chargingProfilePurpose", purpose),
  field("chargingProfileKind", "chargingProfileKind", kind),
  field("recurrencyKind", "recurrencyKind"),
  field("validFrom", "validFrom", instant),
  field("validTo", "validTo", instant),
  field("chargingSchedule", "chargingSchedule", only(chargingSchedule, "a profile of 1.6 has one schedule")),
  field("transactionId", "transactionId", transactionNumber),
  unsaid("maxOfflineDuration", "a profile of 1.6 holds while the station is offline"),
  unsaid("invalidAfterOfflineDuration", "a profile of 1.6 holds while the station is offline"),
  unsaid("dynUpdateInterval", unchanging),
  unsaid("dynUpdateTime", unchanging),
  omissible("priceScheduleSignature", noIso15118_20)
])

export const smartCharging = [
  translation(
    Domain.SetChargingProfile,
    V16.SetChargingProfile,
    table(({ field }) => [
      field("connectorId", "evseId"),
      field("csChargingProfiles", "chargingProfile", chargingProfile)
    ]),
    outcome(same<Domain.ChargingProfileStatus>())
  ),
  translation(
    Domain.ClearChargingProfile,
    V16.ClearChargingProfile,
    table(({ field }) => [
      field("id", "chargingProfileId"),
      field("connectorId", "chargingProfileCriteria.evseId"),
      field("chargingProfilePurpose", "chargingProfileCriteria.chargingProfilePurpose", purpose),
      field("stackLevel", "chargingProfileCriteria.stackLevel")
    ]),
    outcome(same<Domain.ClearChargingProfileStatus>())
  ),
  translation(
    Domain.GetCompositeSchedule,
    V16.GetCompositeSchedule,
    table(({ field }) => [
      field("connectorId", "evseId"),
      field("duration", "duration", seconds),
      field("chargingRateUnit", "chargingRateUnit")
    ]),
    table(({ dropped, field }) => [
      field("status", "status"),
      dropped({ generic: "statusInfo" }, noPlace),
      field("connectorId", "evseId"),
      field("scheduleStart", "scheduleStart", instant),
      field("chargingSchedule", "schedule", compositeSchedule)
    ])
  )
]
