/**
 * Smart charging: limits on power and current over time.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { DerChargingParameters, EvEnergyOffer, V2xChargingParameters } from "./BidirectionalPowerTransfer.ts"
import { EnergyTransferMode, GenericStatus, StatusInfo } from "./DataTypes.ts"
import { openWords } from "./internal/openWords.ts"
import { AbsolutePriceSchedule, PriceLevelSchedule } from "./PriceSchedules.ts"

/**
 * Whether limits are currents in A, per phase, or powers in W, of all phases together.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingRateUnit = Schema.Literals(["A", "W"]).annotate({ identifier: "ChargingRateUnit" })
/**
 * A value of {@link ChargingRateUnit}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingRateUnit = typeof ChargingRateUnit.Type

/**
 * Who steers how a vehicle charges and discharges, and by what.
 *
 * @see P2 Q
 * @category schemas
 * @since 0.1.0
 */
export const OperationMode = Schema.Literals([
  "CentralFrequency",
  "CentralSetpoint",
  "ChargingOnly",
  "ExternalLimits",
  "ExternalSetpoint",
  "Idle",
  "LocalFrequency",
  "LocalLoadBalancing"
]).annotate({ identifier: "OperationMode" })
/**
 * A value of {@link OperationMode}.
 *
 * @category models
 * @since 0.1.0
 */
export type OperationMode = typeof OperationMode.Type

/**
 * A limit or, in 2.1, limits and setpoints, from their start to the start of the next period.
 *
 * **Details**
 *
 * What only 2.1 has is for charging by setpoints and for discharging. Values are in the `chargingRateUnit` of the schedule.
 * Those without `_L2` and `_L3` are for all phases together, or for L1 if there are such. Negative ones discharge.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingSchedulePeriod extends Schema.Opaque<ChargingSchedulePeriod>()(
  Schema.Struct({
    /** From the start of the schedule, in whole seconds; 0 in the first period. */
    startPeriod: Schema.Duration,
    /**
     * In the `chargingRateUnit` of the schedule. 1.6 refuses more than one decimal; 2.0.1 asks for no more either, but takes
     * what there is. Absent: there is none, in 2.1, as with setpoints; the versions before ask for it.
     */
    limit: Schema.optionalKey(Schema.Finite),
    limit_L2: Schema.optionalKey(Schema.Finite),
    limit_L3: Schema.optionalKey(Schema.Finite),
    /** How many phases may be used; absent: 3. */
    numberPhases: Schema.optionalKey(Schema.Int),
    /** Which one, 1 to 3; only with one phase, where the EVSE can switch it. Absent: the station chooses. */
    phaseToUse: Schema.optionalKey(Schema.Int),
    /** Zero or negative. */
    dischargeLimit: Schema.optionalKey(Schema.Finite),
    dischargeLimit_L2: Schema.optionalKey(Schema.Finite),
    dischargeLimit_L3: Schema.optionalKey(Schema.Finite),
    /** What the vehicle is to charge with, as near as it can. */
    setpoint: Schema.optionalKey(Schema.Finite),
    setpoint_L2: Schema.optionalKey(Schema.Finite),
    setpoint_L3: Schema.optionalKey(Schema.Finite),
    /** A reactive power in var, or current in A; positive is inductive. */
    setpointReactive: Schema.optionalKey(Schema.Finite),
    setpointReactive_L2: Schema.optionalKey(Schema.Finite),
    setpointReactive_L3: Schema.optionalKey(Schema.Finite),
    /** Whether the battery is to be kept ready. */
    preconditioningRequest: Schema.optionalKey(Schema.Boolean),
    /** Whether the power electronics are to be off; absent: they are not. */
    evseSleep: Schema.optionalKey(Schema.Boolean),
    /** In W: what the two curves are added to. */
    v2xBaseline: Schema.optionalKey(Schema.Finite),
    /** Absent: `ChargingOnly`. */
    operationMode: Schema.optionalKey(OperationMode),
    /** Powers in W over frequencies in Hz. */
    v2xFreqWattCurve: Schema.optionalKey(
      Schema.Array(Schema.Struct({ frequency: Schema.Finite, power: Schema.Finite }))
    ),
    /** Powers in W over the signals of the grid operator (aFRR). */
    v2xSignalWattCurve: Schema.optionalKey(Schema.Array(Schema.Struct({ signal: Schema.Int, power: Schema.Finite })))
  }).annotate({ identifier: "ChargingSchedulePeriod" })
) {}

/**
 * What a cost counts.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CostKind = Schema.Literals([
  "CarbonDioxideEmission",
  "RelativePricePercentage",
  "RenewableGenerationPercentage"
]).annotate({ identifier: "CostKind" })
/**
 * A value of {@link CostKind}.
 *
 * @category models
 * @since 0.1.0
 */
export type CostKind = typeof CostKind.Type

/**
 * The cost per kWh from an amount of consumption on (ISO 15118-2).
 *
 * @category schemas
 * @since 0.1.0
 */
export class ConsumptionCost extends Schema.Opaque<ConsumptionCost>()(
  Schema.Struct({
    /** The lowest consumption that it is for. */
    startValue: Schema.Finite,
    cost: Schema.Array(
      Schema.Struct({
        costKind: CostKind,
        /** Per kWh. */
        amount: Schema.Int,
        /** A power of ten, -3 to 3; absent: 0. */
        amountMultiplier: Schema.optionalKey(Schema.Int)
      })
    )
  }).annotate({ identifier: "ConsumptionCost" })
) {}

/**
 * The price level during a span of time (ISO 15118-2).
 *
 * @category schemas
 * @since 0.1.0
 */
export class SalesTariffEntry extends Schema.Opaque<SalesTariffEntry>()(
  Schema.Struct({
    /** From now, in whole seconds. */
    relativeTimeInterval: Schema.Struct({
      start: Schema.Duration,
      duration: Schema.optionalKey(Schema.Duration)
    }),
    /** The lower the cheaper. */
    ePriceLevel: Schema.optionalKey(Schema.Int),
    consumptionCost: Schema.optionalKey(Schema.Array(ConsumptionCost))
  }).annotate({ identifier: "SalesTariffEntry" })
) {}

/**
 * The price levels that a vehicle plans by (ISO 15118-2).
 *
 * @category schemas
 * @since 0.1.0
 */
export class SalesTariff extends Schema.Opaque<SalesTariff>()(
  Schema.Struct({
    id: Schema.Int,
    salesTariffDescription: Schema.optionalKey(Schema.String),
    numEPriceLevels: Schema.optionalKey(Schema.Int),
    salesTariffEntry: Schema.Array(SalesTariffEntry)
  }).annotate({ identifier: "SalesTariff" })
) {}

/**
 * Limits over time.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingSchedule extends Schema.Opaque<ChargingSchedule>()(
  Schema.Struct({
    /** Needed by 2.x, where a vehicle chooses by it among several. Absent in 1.6. */
    id: Schema.optionalKey(Schema.Int),
    /** What the periods count from; absent: the start of charging. */
    startSchedule: Schema.optionalKey(Schema.DateTimeUtc),
    /** In whole seconds; absent: the last period goes on. */
    duration: Schema.optionalKey(Schema.Duration),
    chargingRateUnit: ChargingRateUnit,
    /** One at least. */
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriod),
    /** Below it the vehicle charges badly; in the `chargingRateUnit`, with decimals as the `limit` of a period. */
    minChargingRate: Schema.optionalKey(Schema.Finite),
    salesTariff: Schema.optionalKey(SalesTariff),
    /** Of 2.1. A limit that holds from a state of charge in percent on. */
    limitAtSoC: Schema.optionalKey(Schema.Struct({ soc: Schema.Int, limit: Schema.Finite })),
    /** Of 2.1, in W: how far a vehicle may be off what it has planned. */
    powerTolerance: Schema.optionalKey(Schema.Finite),
    /** Of 2.1. What the prices are, or else their levels, for a vehicle of ISO 15118-20. */
    absolutePriceSchedule: Schema.optionalKey(AbsolutePriceSchedule),
    priceLevelSchedule: Schema.optionalKey(PriceLevelSchedule),
    /** Of 2.1. By what the signature of the profile names its part for this schedule. */
    signatureId: Schema.optionalKey(Schema.Int),
    /** Of 2.1. The hash of the price schedule in EXI, Base64. */
    digestValue: Schema.optionalKey(Schema.String),
    /** Of 2.1. Times are those of a clock on the wall at the station, whatever their offset; absent: they are instants. */
    useLocalTime: Schema.optionalKey(Schema.Boolean),
    /** Of 2.1, in whole seconds: by how much starts of periods are delayed at random at most; absent: not at all. */
    randomizedDelay: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "ChargingSchedule" })
) {}

/**
 * What a profile limits.
 *
 * **Details**
 *
 * - `ChargingStationExternalConstraints`: the whole station, by somebody else than the CSMS.
 * - `ChargingStationMaxProfile`: the whole station.
 * - `TxDefaultProfile`: every transaction that has no profile of its own.
 * - `TxProfile`: one transaction.
 * - `PriorityCharging`: a transaction that has priority, of 2.1 only.
 * - `LocalGeneration`: what is generated on the spot, which adds to what there is; of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfilePurpose = Schema.Literals([
  "ChargingStationExternalConstraints",
  "ChargingStationMaxProfile",
  "TxDefaultProfile",
  "TxProfile",
  "PriorityCharging",
  "LocalGeneration"
]).annotate({ identifier: "ChargingProfilePurpose" })
/**
 * A value of {@link ChargingProfilePurpose}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfilePurpose = typeof ChargingProfilePurpose.Type

/**
 * When a schedule starts: at an instant, again and again, or with the transaction; the values of one that is `Dynamic`, of
 * 2.1 only, change as time goes by.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileKind = Schema.Literals(["Absolute", "Recurring", "Relative", "Dynamic"]).annotate({
  identifier: "ChargingProfileKind"
})
/**
 * A value of {@link ChargingProfileKind}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfileKind = typeof ChargingProfileKind.Type

/**
 * How often a `Recurring` profile starts again.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RecurrencyKind = Schema.Literals(["Daily", "Weekly"]).annotate({ identifier: "RecurrencyKind" })
/**
 * A value of {@link RecurrencyKind}.
 *
 * @category models
 * @since 0.1.0
 */
export type RecurrencyKind = typeof RecurrencyKind.Type

/**
 * Schedules with what they are for, when they hold, and their rank among the others.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingProfile extends Schema.Opaque<ChargingProfile>()(
  Schema.Struct({
    id: Schema.Int,
    /** Among profiles of one purpose the higher wins; the lowest is 0. */
    stackLevel: Schema.Int,
    chargingProfilePurpose: ChargingProfilePurpose,
    chargingProfileKind: ChargingProfileKind,
    /** Only with `Recurring`. */
    recurrencyKind: Schema.optionalKey(RecurrencyKind),
    /** Absent: from now on. */
    validFrom: Schema.optionalKey(Schema.DateTimeUtc),
    /** Absent: until it is replaced. */
    validTo: Schema.optionalKey(Schema.DateTimeUtc),
    /** One to three, among which a vehicle chooses. 1.6 has one. */
    chargingSchedule: Schema.Array(ChargingSchedule),
    /** The transaction of a `TxProfile`. In 1.6 it is a number, which is written in decimal digits here. */
    transactionId: Schema.optionalKey(Schema.String),
    /** Of 2.1, in whole seconds: how long it holds while the station is offline; absent: as long as it is. */
    maxOfflineDuration: Schema.optionalKey(Schema.Duration),
    /** Of 2.1. Whether it stays invalid after that; absent: it holds again. */
    invalidAfterOfflineDuration: Schema.optionalKey(Schema.Boolean),
    /** Of 2.1, in whole seconds: how often the station asks for new values of a `Dynamic` profile; absent: never. */
    dynUpdateInterval: Schema.optionalKey(Schema.Duration),
    /** Of 2.1. When the values of a `Dynamic` profile last changed. */
    dynUpdateTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** Of 2.1. The signature over its price schedules (ISO 15118-20). */
    priceScheduleSignature: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "ChargingProfile" })
) {}

/**
 * Gives the station a profile. It replaces the one with the same id.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileRequest extends Schema.Opaque<SetChargingProfileRequest>()(
  Schema.Struct({
    /** 0: the station as a whole; for a `TxDefaultProfile`, each of its EVSEs. */
    evseId: Schema.Int,
    chargingProfile: ChargingProfile
  }).annotate({ identifier: "SetChargingProfileRequest" })
) {}

/**
 * Whether a profile was taken. `NotSupported` is told by 1.6 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileStatus = Schema.Literals(["Accepted", "Rejected", "NotSupported"]).annotate({
  identifier: "ChargingProfileStatus"
})
/**
 * A value of {@link ChargingProfileStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfileStatus = typeof ChargingProfileStatus.Type

/**
 * Whether the profile was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetChargingProfileResponse extends Schema.Opaque<SetChargingProfileResponse>()(
  Schema.Struct({
    status: ChargingProfileStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetChargingProfileResponse" })
) {}

/**
 * Gives the station a profile.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetChargingProfile = Action.make("SetChargingProfile", {
  from: "csms",
  block: "SmartCharging",
  request: SetChargingProfileRequest,
  response: SetChargingProfileResponse
})

/**
 * Which profiles to remove. A criterion that is left out does not filter.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ClearChargingProfileCriteria extends Schema.Opaque<ClearChargingProfileCriteria>()(
  Schema.Struct({
    /** 0: those of the station as a whole. */
    evseId: Schema.optionalKey(Schema.Int),
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurpose),
    stackLevel: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "ClearChargingProfileCriteria" })
) {}

/**
 * Removes the profile with an id, or all that match the criteria.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearChargingProfileRequest extends Schema.Opaque<ClearChargingProfileRequest>()(
  Schema.Struct({
    chargingProfileId: Schema.optionalKey(Schema.Int),
    chargingProfileCriteria: Schema.optionalKey(ClearChargingProfileCriteria)
  }).annotate({ identifier: "ClearChargingProfileRequest" })
) {}

/**
 * Whether profiles were removed; `Unknown`: none matched.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearChargingProfileStatus = Schema.Literals(["Accepted", "Unknown"]).annotate({
  identifier: "ClearChargingProfileStatus"
})
/**
 * A value of {@link ClearChargingProfileStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearChargingProfileStatus = typeof ClearChargingProfileStatus.Type

/**
 * Whether profiles were removed.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearChargingProfileResponse extends Schema.Opaque<ClearChargingProfileResponse>()(
  Schema.Struct({
    status: ClearChargingProfileStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ClearChargingProfileResponse" })
) {}

/**
 * Removes profiles.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearChargingProfile = Action.make("ClearChargingProfile", {
  from: "csms",
  block: "SmartCharging",
  request: ClearChargingProfileRequest,
  response: ClearChargingProfileResponse
})

/**
 * Asks what limits follow from all profiles together.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetCompositeScheduleRequest extends Schema.Opaque<GetCompositeScheduleRequest>()(
  Schema.Struct({
    /** 0: the grid connection. */
    evseId: Schema.Int,
    /** From now, in whole seconds. */
    duration: Schema.Duration,
    /** The unit to answer in; absent: the station chooses. */
    chargingRateUnit: Schema.optionalKey(ChargingRateUnit)
  }).annotate({ identifier: "GetCompositeScheduleRequest" })
) {}

/**
 * Whether a station could work out its schedule.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetCompositeScheduleStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "GetCompositeScheduleStatus"
})
/**
 * A value of {@link GetCompositeScheduleStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetCompositeScheduleStatus = typeof GetCompositeScheduleStatus.Type

/**
 * The limits that follow from all profiles together.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CompositeSchedule extends Schema.Opaque<CompositeSchedule>()(
  Schema.Struct({
    /** Some stations of 1.6 say here what the periods count from, and not in `scheduleStart`. */
    startSchedule: Schema.optionalKey(Schema.DateTimeUtc),
    /** In whole seconds; stations of 1.6 may leave it out. */
    duration: Schema.optionalKey(Schema.Duration),
    chargingRateUnit: ChargingRateUnit,
    /** One at least. */
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriod),
    /** Below it the vehicle charges badly; told by 1.6 only. */
    minChargingRate: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "CompositeSchedule" })
) {}

/**
 * The limits over the time asked for.
 *
 * **Details**
 *
 * A station of 2.x tells `evseId` and `scheduleStart` with every schedule, one of 1.6 may leave them out.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetCompositeScheduleResponse extends Schema.Opaque<GetCompositeScheduleResponse>()(
  Schema.Struct({
    status: GetCompositeScheduleStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** 0: the grid connection. */
    evseId: Schema.optionalKey(Schema.Int),
    /** What the periods count from. */
    scheduleStart: Schema.optionalKey(Schema.DateTimeUtc),
    schedule: Schema.optionalKey(CompositeSchedule)
  }).annotate({ identifier: "GetCompositeScheduleResponse" })
) {}

/**
 * Asks what limits follow from all profiles together.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetCompositeSchedule = Action.make("GetCompositeSchedule", {
  from: "csms",
  block: "SmartCharging",
  request: GetCompositeScheduleRequest,
  response: GetCompositeScheduleResponse
})

/**
 * Who has set a limit: an energy management system, the system operator, the operator of the charging station, or somebody
 * else; in 2.1 also by a word that both sides have agreed on.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChargingLimitSource = openWords(["EMS", "Other", "SO", "CSO"]).annotate({
  identifier: "ChargingLimitSource"
})
/**
 * A value of {@link ChargingLimitSource}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingLimitSource = typeof ChargingLimitSource.Type

/**
 * Which profiles to report. A criterion that is left out does not filter.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingProfileCriterion extends Schema.Opaque<ChargingProfileCriterion>()(
  Schema.Struct({
    chargingProfilePurpose: Schema.optionalKey(ChargingProfilePurpose),
    stackLevel: Schema.optionalKey(Schema.Int),
    /** One at least, if there is a list. */
    chargingProfileId: Schema.optionalKey(Schema.Array(Schema.Int)),
    /** One to four, if there is a list. */
    chargingLimitSource: Schema.optionalKey(Schema.Array(ChargingLimitSource))
  }).annotate({ identifier: "ChargingProfileCriterion" })
) {}

/**
 * Asks for the profiles of the station, which follow in `ReportChargingProfiles`.
 *
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class GetChargingProfilesRequest extends Schema.Opaque<GetChargingProfilesRequest>()(
  Schema.Struct({
    /** Comes back in `ReportChargingProfiles`. */
    requestId: Schema.Int,
    /** 0: those of the station as a whole; absent: all. */
    evseId: Schema.optionalKey(Schema.Int),
    chargingProfile: ChargingProfileCriterion
  }).annotate({ identifier: "GetChargingProfilesRequest" })
) {}

/**
 * Whether profiles follow; `NoProfiles`: none matches.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetChargingProfileStatus = Schema.Literals(["Accepted", "NoProfiles"]).annotate({
  identifier: "GetChargingProfileStatus"
})
/**
 * A value of {@link GetChargingProfileStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetChargingProfileStatus = typeof GetChargingProfileStatus.Type

/**
 * Whether profiles follow.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetChargingProfilesResponse extends Schema.Opaque<GetChargingProfilesResponse>()(
  Schema.Struct({
    status: GetChargingProfileStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "GetChargingProfilesResponse" })
) {}

/**
 * Asks for the profiles of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetChargingProfiles = Action.make("GetChargingProfiles", {
  from: "csms",
  block: "SmartCharging",
  request: GetChargingProfilesRequest,
  response: GetChargingProfilesResponse
})

/**
 * Profiles of one EVSE that one source has set, or a part of them.
 *
 * @see P2 K09
 * @category messages
 * @since 0.1.0
 */
export class ReportChargingProfilesRequest extends Schema.Opaque<ReportChargingProfilesRequest>()(
  Schema.Struct({
    /** That of `GetChargingProfiles`. */
    requestId: Schema.Int,
    chargingLimitSource: ChargingLimitSource,
    /** 0: the station as a whole. */
    evseId: Schema.Int,
    /** One at least. */
    chargingProfile: Schema.Array(ChargingProfile),
    /** Whether more parts follow; absent: this is the last. */
    tbc: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "ReportChargingProfilesRequest" })
) {}

/**
 * The part was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class ReportChargingProfilesResponse extends Schema.Opaque<ReportChargingProfilesResponse>()(
  Wire.Empty.annotate({ identifier: "ReportChargingProfilesResponse" })
) {}

/**
 * Delivers profiles of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const ReportChargingProfiles = Action.make("ReportChargingProfiles", {
  from: "station",
  block: "SmartCharging",
  request: ReportChargingProfilesRequest,
  response: ReportChargingProfilesResponse
})

/**
 * Who has set a limit, and whether the grid depends on it.
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingLimit extends Schema.Opaque<ChargingLimit>()(
  Schema.Struct({
    chargingLimitSource: ChargingLimitSource,
    /** Absent: it is not told. */
    isGridCritical: Schema.optionalKey(Schema.Boolean),
    /** Of 2.1. Whether it adds what is made on the spot, instead of taking away; absent: it takes away. */
    isLocalGeneration: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "ChargingLimit" })
) {}

/**
 * The station tells a limit that somebody else than the CSMS has set.
 *
 * @see P2 K11, K12
 * @category messages
 * @since 0.1.0
 */
export class NotifyChargingLimitRequest extends Schema.Opaque<NotifyChargingLimitRequest>()(
  Schema.Struct({
    chargingLimit: ChargingLimit,
    /** Absent: the station as a whole. */
    evseId: Schema.optionalKey(Schema.Int),
    /** One at least, if the limits are told. */
    chargingSchedule: Schema.optionalKey(Schema.Array(ChargingSchedule))
  }).annotate({ identifier: "NotifyChargingLimitRequest" })
) {}

/**
 * The limit was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyChargingLimitResponse extends Schema.Opaque<NotifyChargingLimitResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyChargingLimitResponse" })
) {}

/**
 * Tells a limit that somebody else than the CSMS has set.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyChargingLimit = Action.make("NotifyChargingLimit", {
  from: "station",
  block: "SmartCharging",
  request: NotifyChargingLimitRequest,
  response: NotifyChargingLimitResponse
})

/**
 * The station tells that a limit of somebody else than the CSMS is gone.
 *
 * @see P2 K13
 * @category messages
 * @since 0.1.0
 */
export class ClearedChargingLimitRequest extends Schema.Opaque<ClearedChargingLimitRequest>()(
  Schema.Struct({
    chargingLimitSource: ChargingLimitSource,
    /** Absent: the station as a whole. */
    evseId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "ClearedChargingLimitRequest" })
) {}

/**
 * It was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearedChargingLimitResponse extends Schema.Opaque<ClearedChargingLimitResponse>()(
  Wire.Empty.annotate({ identifier: "ClearedChargingLimitResponse" })
) {}

/**
 * Tells that a limit of somebody else than the CSMS is gone.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearedChargingLimit = Action.make("ClearedChargingLimit", {
  from: "station",
  block: "SmartCharging",
  request: ClearedChargingLimitRequest,
  response: ClearedChargingLimitResponse
})

/**
 * What a vehicle needs and can take that charges with AC. 2.0.1 has whole numbers.
 *
 * @category schemas
 * @since 0.1.0
 */
export class AcChargingParameters extends Schema.Opaque<AcChargingParameters>()(
  Schema.Struct({
    /** In Wh, with what it needs to warm up or cool down. */
    energyAmount: Schema.Finite,
    /** In A, of each phase. */
    evMinCurrent: Schema.Finite,
    /** In A, of each phase, with what the cable can take. */
    evMaxCurrent: Schema.Finite,
    /** In V. */
    evMaxVoltage: Schema.Finite
  }).annotate({ identifier: "AcChargingParameters" })
) {}

/**
 * What a vehicle needs and can take that charges with DC. 2.0.1 has whole numbers.
 *
 * @category schemas
 * @since 0.1.0
 */
export class DcChargingParameters extends Schema.Opaque<DcChargingParameters>()(
  Schema.Struct({
    /** In A, with what the cable can take. */
    evMaxCurrent: Schema.Finite,
    /** In V. */
    evMaxVoltage: Schema.Finite,
    /** In Wh, with what it needs to warm up or cool down. */
    energyAmount: Schema.optionalKey(Schema.Finite),
    /** In W. */
    evMaxPower: Schema.optionalKey(Schema.Finite),
    /** In percent. */
    stateOfCharge: Schema.optionalKey(Schema.Int),
    /** What the battery can hold, in Wh. */
    evEnergyCapacity: Schema.optionalKey(Schema.Finite),
    /** The state of charge at which the vehicle takes the battery as full, in percent. */
    fullSoC: Schema.optionalKey(Schema.Int),
    /** The state of charge at which the vehicle takes fast charging as over, in percent. */
    bulkSoC: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "DcChargingParameters" })
) {}

/**
 * What a vehicle needs until it departs, with the AC or the DC parameters, as is the mode that it asks for (K15.FR.06).
 *
 * @category schemas
 * @since 0.1.0
 */
export class ChargingNeeds extends Schema.Opaque<ChargingNeeds>()(
  Schema.Struct({
    requestedEnergyTransfer: EnergyTransferMode,
    /** Absent: it is not known. */
    departureTime: Schema.optionalKey(Schema.DateTimeUtc),
    acChargingParameters: Schema.optionalKey(AcChargingParameters),
    dcChargingParameters: Schema.optionalKey(DcChargingParameters),
    /** Of 2.1, as all that follow. What EVSE and vehicle can take and give back. */
    v2xChargingParameters: Schema.optionalKey(V2xChargingParameters),
    derChargingParameters: Schema.optionalKey(DerChargingParameters),
    evEnergyOffer: Schema.optionalKey(EvEnergyOffer),
    /** What the vehicle can do, one at least, if there is a list. */
    availableEnergyTransfer: Schema.optionalKey(Schema.Array(EnergyTransferMode)),
    /** Whether the vehicle follows a schedule, or setpoints that change; absent: a schedule. */
    controlMode: Schema.optionalKey(Schema.Literals(["ScheduledControl", "DynamicControl"])),
    /** Who may change what it needs and when it departs: the vehicle alone (`EVCC`), or the station and the CSMS, too. */
    mobilityNeedsMode: Schema.optionalKey(Schema.Literals(["EVCC", "EVCC_SECC"]))
  }).annotate({ identifier: "ChargingNeeds" })
) {}

/**
 * The station passes on what a vehicle needs (ISO 15118). A CSMS answers that it has taken it, and then sets a `TxProfile`.
 *
 * @see P2 K15, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingNeedsRequest extends Schema.Opaque<NotifyEVChargingNeedsRequest>()(
  Schema.Struct({
    /** Never 0. */
    evseId: Schema.Int,
    chargingNeeds: ChargingNeeds,
    /** How many periods of a schedule the vehicle can take. */
    maxScheduleTuples: Schema.optionalKey(Schema.Int),
    /** Of 2.1. When the vehicle has told it, if the station was offline then. */
    timestamp: Schema.optionalKey(Schema.DateTimeUtc)
  }).annotate({ identifier: "NotifyEVChargingNeedsRequest" })
) {}

/**
 * Whether a profile follows, which need not meet the needs.
 *
 * **Details**
 *
 * - `Accepted`: it follows at once; the vehicle waits about 60 seconds for it.
 * - `Processing`: it follows later, and the vehicle goes on until then.
 * - `Rejected`: none follows.
 * - `NoChargingProfile`, of 2.1 only: the needs are taken, and none follows.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotifyEVChargingNeedsStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "Processing",
  "NoChargingProfile"
]).annotate({ identifier: "NotifyEVChargingNeedsStatus" })
/**
 * A value of {@link NotifyEVChargingNeedsStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type NotifyEVChargingNeedsStatus = typeof NotifyEVChargingNeedsStatus.Type

/**
 * Whether a profile follows.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingNeedsResponse extends Schema.Opaque<NotifyEVChargingNeedsResponse>()(
  Schema.Struct({
    status: NotifyEVChargingNeedsStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "NotifyEVChargingNeedsResponse" })
) {}

/**
 * Passes on what a vehicle needs.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyEVChargingNeeds = Action.make("NotifyEVChargingNeeds", {
  from: "station",
  block: "SmartCharging",
  request: NotifyEVChargingNeedsRequest,
  response: NotifyEVChargingNeedsResponse
})

/**
 * The station passes on how a vehicle means to charge (ISO 15118). A CSMS that does not agree sets another profile.
 *
 * @see P2 K15, K16, K17
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingScheduleRequest extends Schema.Opaque<NotifyEVChargingScheduleRequest>()(
  Schema.Struct({
    /** What the periods count from. */
    timeBase: Schema.DateTimeUtc,
    /** Never 0. */
    evseId: Schema.Int,
    chargingSchedule: ChargingSchedule,
    /** Of 2.1. Which schedule of the profile the vehicle has chosen. */
    selectedChargingScheduleId: Schema.optionalKey(Schema.Int),
    /** Of 2.1. Whether the vehicle agrees with the `powerTolerance` of the profile. */
    powerToleranceAcceptance: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "NotifyEVChargingScheduleRequest" })
) {}

/**
 * Whether the schedule could be read, which does not say that the CSMS agrees.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyEVChargingScheduleResponse extends Schema.Opaque<NotifyEVChargingScheduleResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "NotifyEVChargingScheduleResponse" })
) {}

/**
 * Passes on how a vehicle means to charge.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyEVChargingSchedule = Action.make("NotifyEVChargingSchedule", {
  from: "station",
  block: "SmartCharging",
  request: NotifyEVChargingScheduleRequest,
  response: NotifyEVChargingScheduleResponse
})

/**
 * The CSMS switches priority charging of a transaction on or off.
 *
 * @see P2 K21
 * @category messages
 * @since 0.1.0
 */
export class UsePriorityChargingRequest extends Schema.Opaque<UsePriorityChargingRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    /** Switch on, or else off. */
    activate: Schema.Boolean
  }).annotate({ identifier: "UsePriorityChargingRequest" })
) {}

/**
 * Whether priority charging was switched.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PriorityChargingStatus = Schema.Literals(["Accepted", "Rejected", "NoProfile"]).annotate({
  identifier: "PriorityChargingStatus"
})
/**
 * A value of {@link PriorityChargingStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type PriorityChargingStatus = typeof PriorityChargingStatus.Type

/**
 * Whether it is switched; `NoProfile` when no `PriorityCharging` profile is installed.
 *
 * @see P2 K21
 * @category messages
 * @since 0.1.0
 */
export class UsePriorityChargingResponse extends Schema.Opaque<UsePriorityChargingResponse>()(
  Schema.Struct({
    status: PriorityChargingStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "UsePriorityChargingResponse" })
) {}

/**
 * Switches priority charging of a transaction on or off, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const UsePriorityCharging = Action.make("UsePriorityCharging", {
  from: "csms",
  block: "SmartCharging",
  request: UsePriorityChargingRequest,
  response: UsePriorityChargingResponse
})

/**
 * The station reports that priority charging of a transaction was switched on or off, by the driver or by itself.
 *
 * @see P2 K21, K22
 * @category messages
 * @since 0.1.0
 */
export class NotifyPriorityChargingRequest extends Schema.Opaque<NotifyPriorityChargingRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    /** Switched on, or else off. */
    activated: Schema.Boolean
  }).annotate({ identifier: "NotifyPriorityChargingRequest" })
) {}

/**
 * The CSMS has seen it.
 *
 * @see P2 K21, K22
 * @category messages
 * @since 0.1.0
 */
export class NotifyPriorityChargingResponse extends Schema.Opaque<NotifyPriorityChargingResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyPriorityChargingResponse" })
) {}

/**
 * Reports that priority charging was switched, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyPriorityCharging = Action.make("NotifyPriorityCharging", {
  from: "station",
  block: "SmartCharging",
  request: NotifyPriorityChargingRequest,
  response: NotifyPriorityChargingResponse
})

/**
 * The station fetches new limits or setpoints for a dynamic charging profile.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class PullDynamicScheduleUpdateRequest extends Schema.Opaque<PullDynamicScheduleUpdateRequest>()(
  Schema.Struct({
    chargingProfileId: Schema.Int
  }).annotate({ identifier: "PullDynamicScheduleUpdateRequest" })
) {}

/**
 * New limits and setpoints of a dynamic charging profile. Values of AC without `_L2` and `_L3` are for all phases
 * together, otherwise for L1.
 *
 * @category models
 * @since 0.1.0
 */
export class ChargingScheduleUpdate extends Schema.Opaque<ChargingScheduleUpdate>()(
  Schema.Struct({
    /** In A or W, as `chargingRateUnit` says. */
    limit: Schema.optionalKey(Schema.Finite),
    limit_L2: Schema.optionalKey(Schema.Finite),
    limit_L3: Schema.optionalKey(Schema.Finite),
    /** In A or W, zero or negative. */
    dischargeLimit: Schema.optionalKey(Schema.Finite),
    /** In A or W, zero or negative. */
    dischargeLimit_L2: Schema.optionalKey(Schema.Finite),
    /** In A or W, zero or negative. */
    dischargeLimit_L3: Schema.optionalKey(Schema.Finite),
    /** In A or W, to keep to; negative: the vehicle gives back. */
    setpoint: Schema.optionalKey(Schema.Finite),
    setpoint_L2: Schema.optionalKey(Schema.Finite),
    setpoint_L3: Schema.optionalKey(Schema.Finite),
    /** Reactive, in var or A; positive is inductive. */
    setpointReactive: Schema.optionalKey(Schema.Finite),
    setpointReactive_L2: Schema.optionalKey(Schema.Finite),
    setpointReactive_L3: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "ChargingScheduleUpdate" })
) {}

/**
 * The new values.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class PullDynamicScheduleUpdateResponse extends Schema.Opaque<PullDynamicScheduleUpdateResponse>()(
  Schema.Struct({
    scheduleUpdate: Schema.optionalKey(ChargingScheduleUpdate),
    status: ChargingProfileStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "PullDynamicScheduleUpdateResponse" })
) {}

/**
 * Fetches new values of a dynamic profile, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const PullDynamicScheduleUpdate = Action.make("PullDynamicScheduleUpdate", {
  from: "station",
  block: "SmartCharging",
  request: PullDynamicScheduleUpdateRequest,
  response: PullDynamicScheduleUpdateResponse
})

/**
 * The CSMS sends new limits or setpoints for a dynamic charging profile.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class UpdateDynamicScheduleRequest extends Schema.Opaque<UpdateDynamicScheduleRequest>()(
  Schema.Struct({
    chargingProfileId: Schema.Int,
    scheduleUpdate: ChargingScheduleUpdate
  }).annotate({ identifier: "UpdateDynamicScheduleRequest" })
) {}

/**
 * Whether the values are taken over.
 *
 * @see P2 K28
 * @category messages
 * @since 0.1.0
 */
export class UpdateDynamicScheduleResponse extends Schema.Opaque<UpdateDynamicScheduleResponse>()(
  Schema.Struct({
    status: ChargingProfileStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "UpdateDynamicScheduleResponse" })
) {}

/**
 * Sends new values of a dynamic profile, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const UpdateDynamicSchedule = Action.make("UpdateDynamicSchedule", {
  from: "csms",
  block: "SmartCharging",
  request: UpdateDynamicScheduleRequest,
  response: UpdateDynamicScheduleResponse
})
