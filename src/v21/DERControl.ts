/**
 * Functional block R of OCPP 2.1, DER Control: grid support by distributed energy resources.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, DERControlEnumType, StatusInfoType } from "./DataTypes.ts"

/**
 * A point of a DER curve. What x and y are depends on the type of the curve. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class DERCurvePointsType extends Schema.Opaque<DERCurvePointsType>()(
  Schema.Struct({
    x: Wire.Decimal,
    /** A power factor is positive when absorbing reactive power. */
    y: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DERCurvePointsType" })
) {}

/**
 * How normal operation comes back after a grid event. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class HysteresisType extends Schema.Opaque<HysteresisType>()(
  Schema.Struct({
    /** In the unit of the curve. */
    hysteresisHigh: Schema.optionalKey(Wire.Decimal),
    /** In the unit of the curve. */
    hysteresisLow: Schema.optionalKey(Wire.Decimal),
    /** Seconds. */
    hysteresisDelay: Schema.optionalKey(Wire.Decimal),
    /** Percent per second. */
    hysteresisGradient: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "HysteresisType" })
) {}

/**
 * Settings of a `VoltVar` curve. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class ReactivePowerParamsType extends Schema.Opaque<ReactivePowerParamsType>()(
  Schema.Struct({
    /** Percent. */
    vRef: Schema.optionalKey(Wire.Decimal),
    autonomousVRefEnable: Schema.optionalKey(Schema.Boolean),
    autonomousVRefTimeConstant: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReactivePowerParamsType" })
) {}

/**
 * Which power is fed in while riding through a fault. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PowerDuringCessationEnumType = Schema.Literals(["Active", "Reactive"]).annotate({
  identifier: "PowerDuringCessationEnumType"
})
/**
 * A value of {@link PowerDuringCessationEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type PowerDuringCessationEnumType = typeof PowerDuringCessationEnumType.Type

/**
 * Settings of voltage ride-through curves. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class VoltageParamsType extends Schema.Opaque<VoltageParamsType>()(
  Schema.Struct({
    /** Threshold of the mean over 10 minutes (EN 50549-1). */
    hv10MinMeanValue: Schema.optionalKey(Wire.Decimal),
    hv10MinMeanTripDelay: Schema.optionalKey(Wire.Decimal),
    powerDuringCessation: Schema.optionalKey(PowerDuringCessationEnumType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VoltageParamsType" })
) {}

/**
 * The unit of the y values of a DER curve. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DERUnitEnumType = Schema.Literals([
  "Not_Applicable",
  "PctMaxW",
  "PctMaxVar",
  "PctWAvail",
  "PctVarAvail",
  "PctEffectiveV"
]).annotate({ identifier: "DERUnitEnumType" })
/**
 * A value of {@link DERUnitEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DERUnitEnumType = typeof DERUnitEnumType.Type

/**
 * A curve by which power follows voltage, frequency or power. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class DERCurveType extends Schema.Opaque<DERCurveType>()(
  Schema.Struct({
    curveData: Schema.Array(DERCurvePointsType).check(Schema.isMinLength(1), Schema.isMaxLength(10)),
    hysteresis: Schema.optionalKey(HysteresisType),
    /** 0 is the highest. */
    priority: Wire.Natural,
    reactivePowerParams: Schema.optionalKey(ReactivePowerParamsType),
    voltageParams: Schema.optionalKey(VoltageParamsType),
    yUnit: DERUnitEnumType,
    /** Seconds to 90 % of a new target; 0: no limit. */
    responseTime: Schema.optionalKey(Wire.Decimal),
    /** Absent only for a default control. */
    startTime: Schema.optionalKey(Timestamp),
    /** Seconds; absent only for a default control. */
    duration: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DERCurveType" })
) {}

/**
 * When the inverter may join the grid again. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EnterServiceType extends Schema.Opaque<EnterServiceType>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Wire.Natural,
    highVoltage: Wire.Decimal,
    lowVoltage: Wire.Decimal,
    highFreq: Wire.Decimal,
    lowFreq: Wire.Decimal,
    delay: Schema.optionalKey(Wire.Decimal),
    randomDelay: Schema.optionalKey(Wire.Decimal),
    /** Seconds. */
    rampRate: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EnterServiceType" })
) {}

/**
 * A fixed power factor. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedPFType extends Schema.Opaque<FixedPFType>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Wire.Natural,
    /** cos φ, 0 to 1. */
    displacement: Wire.Decimal,
    /** Absorbing reactive power (under-excited), else injecting. */
    excitation: Schema.Boolean,
    startTime: Schema.optionalKey(Timestamp),
    /** Seconds. */
    duration: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FixedPFType" })
) {}

/**
 * A fixed reactive power. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedVarType extends Schema.Opaque<FixedVarType>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Wire.Natural,
    /** -100 to 100 percent of `unit`; negative is charging. */
    setpoint: Wire.Decimal,
    unit: DERUnitEnumType,
    startTime: Schema.optionalKey(Timestamp),
    /** Seconds. */
    duration: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FixedVarType" })
) {}

/**
 * How power follows the frequency beyond a dead band. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class FreqDroopType extends Schema.Opaque<FreqDroopType>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Wire.Natural,
    overFreq: Wire.Decimal,
    underFreq: Wire.Decimal,
    overDroop: Wire.Decimal,
    underDroop: Wire.Decimal,
    /** Seconds. */
    responseTime: Wire.Decimal,
    startTime: Schema.optionalKey(Timestamp),
    /** Seconds. */
    duration: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FreqDroopType" })
) {}

/**
 * How fast power may change. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class GradientType extends Schema.Opaque<GradientType>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Wire.Natural,
    /** Seconds; 0: does not apply. */
    gradient: Wire.Decimal,
    /** Seconds, for a soft start; 0: does not apply. */
    softGradient: Wire.Decimal,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GradientType" })
) {}

/**
 * A limit of discharging. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class LimitMaxDischargeType extends Schema.Opaque<LimitMaxDischargeType>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Wire.Natural,
    /** Percent of the rated discharge power. */
    pctMaxDischargePower: Schema.optionalKey(Wire.Decimal),
    powerMonitoringMustTrip: Schema.optionalKey(DERCurveType),
    startTime: Schema.optionalKey(Timestamp),
    /** Seconds. */
    duration: Schema.optionalKey(Wire.Decimal),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LimitMaxDischargeType" })
) {}

/**
 * The CSMS sets a default or a scheduled DER control. The field that belongs to `controlType` carries its values. New
 * in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class SetDERControlRequest extends Schema.Opaque<SetDERControlRequest>()(
  Schema.Struct({
    isDefault: Schema.Boolean,
    controlId: Wire.text(36),
    controlType: DERControlEnumType,
    curve: Schema.optionalKey(DERCurveType),
    enterService: Schema.optionalKey(EnterServiceType),
    fixedPFAbsorb: Schema.optionalKey(FixedPFType),
    fixedPFInject: Schema.optionalKey(FixedPFType),
    fixedVar: Schema.optionalKey(FixedVarType),
    freqDroop: Schema.optionalKey(FreqDroopType),
    gradient: Schema.optionalKey(GradientType),
    limitMaxDischarge: Schema.optionalKey(LimitMaxDischargeType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetDERControlRequest" })
) {}

/**
 * What became of a request about DER controls. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DERControlStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NotSupported", "NotFound"]).annotate({
  identifier: "DERControlStatusEnumType"
})
/**
 * A value of {@link DERControlStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DERControlStatusEnumType = typeof DERControlStatusEnumType.Type

/**
 * Whether the control is set, and which ones it supersedes. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class SetDERControlResponse extends Schema.Opaque<SetDERControlResponse>()(
  Schema.Struct({
    status: DERControlStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    supersededIds: Schema.optionalKey(Schema.Array(Wire.text(36)).check(Schema.isMinLength(1), Schema.isMaxLength(24))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SetDERControlResponse" })
) {}

/**
 * Sets a DER control. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetDERControl = Action.make("SetDERControl", {
  from: "csms",
  block: "DERControl",
  request: SetDERControlRequest,
  response: SetDERControlResponse
})

/**
 * The CSMS asks which DER controls are set; they follow in `ReportDERControl`. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class GetDERControlRequest extends Schema.Opaque<GetDERControlRequest>()(
  Schema.Struct({
    /** Comes back in `ReportDERControl`. */
    requestId: Wire.Integer,
    /** Default controls, or else scheduled ones. */
    isDefault: Schema.optionalKey(Schema.Boolean),
    controlType: Schema.optionalKey(DERControlEnumType),
    controlId: Schema.optionalKey(Wire.text(36)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetDERControlRequest" })
) {}

/**
 * Whether the report will follow. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class GetDERControlResponse extends Schema.Opaque<GetDERControlResponse>()(
  Schema.Struct({
    status: DERControlStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetDERControlResponse" })
) {}

/**
 * Asks which DER controls are set. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetDERControl = Action.make("GetDERControl", {
  from: "csms",
  block: "DERControl",
  request: GetDERControlRequest,
  response: GetDERControlResponse
})

/**
 * A curve as it is set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class DERCurveGetType extends Schema.Opaque<DERCurveGetType>()(
  Schema.Struct({
    curve: DERCurveType,
    id: Wire.text(36),
    curveType: DERControlEnumType,
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DERCurveGetType" })
) {}

/**
 * Conditions for joining the grid as they are set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class EnterServiceGetType extends Schema.Opaque<EnterServiceGetType>()(
  Schema.Struct({
    enterService: EnterServiceType,
    id: Wire.text(36),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EnterServiceGetType" })
) {}

/**
 * A fixed power factor as it is set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedPFGetType extends Schema.Opaque<FixedPFGetType>()(
  Schema.Struct({
    fixedPF: FixedPFType,
    id: Wire.text(36),
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FixedPFGetType" })
) {}

/**
 * A fixed reactive power as it is set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedVarGetType extends Schema.Opaque<FixedVarGetType>()(
  Schema.Struct({
    fixedVar: FixedVarType,
    id: Wire.text(36),
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FixedVarGetType" })
) {}

/**
 * A frequency droop as it is set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class FreqDroopGetType extends Schema.Opaque<FreqDroopGetType>()(
  Schema.Struct({
    freqDroop: FreqDroopType,
    id: Wire.text(36),
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FreqDroopGetType" })
) {}

/**
 * Ramp rates as they are set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class GradientGetType extends Schema.Opaque<GradientGetType>()(
  Schema.Struct({
    gradient: GradientType,
    id: Wire.text(36),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GradientGetType" })
) {}

/**
 * A limit of discharging as it is set. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class LimitMaxDischargeGetType extends Schema.Opaque<LimitMaxDischargeGetType>()(
  Schema.Struct({
    id: Wire.text(36),
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean,
    limitMaxDischarge: LimitMaxDischargeType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "LimitMaxDischargeGetType" })
) {}

/**
 * The station delivers the DER controls that are set, in as many parts as it needs. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ReportDERControlRequest extends Schema.Opaque<ReportDERControlRequest>()(
  Schema.Struct({
    curve: Schema.optionalKey(Schema.Array(DERCurveGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))),
    enterService: Schema.optionalKey(
      Schema.Array(EnterServiceGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))
    ),
    fixedPFAbsorb: Schema.optionalKey(
      Schema.Array(FixedPFGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))
    ),
    fixedPFInject: Schema.optionalKey(
      Schema.Array(FixedPFGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))
    ),
    fixedVar: Schema.optionalKey(Schema.Array(FixedVarGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))),
    freqDroop: Schema.optionalKey(Schema.Array(FreqDroopGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))),
    gradient: Schema.optionalKey(Schema.Array(GradientGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))),
    limitMaxDischarge: Schema.optionalKey(
      Schema.Array(LimitMaxDischargeGetType).check(Schema.isMinLength(1), Schema.isMaxLength(24))
    ),
    requestId: Wire.Integer,
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReportDERControlRequest" })
) {}

/**
 * The CSMS has got the part. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ReportDERControlResponse extends Schema.Opaque<ReportDERControlResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ReportDERControlResponse" })
) {}

/**
 * Delivers DER controls. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ReportDERControl = Action.make("ReportDERControl", {
  from: "station",
  block: "DERControl",
  request: ReportDERControlRequest,
  response: ReportDERControlResponse
})

/**
 * The CSMS removes DER controls: the one with an id, those of a type, or all defaults or all scheduled ones. New in
 * 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ClearDERControlRequest extends Schema.Opaque<ClearDERControlRequest>()(
  Schema.Struct({
    /** Default controls, or else scheduled ones. */
    isDefault: Schema.Boolean,
    controlType: Schema.optionalKey(DERControlEnumType),
    controlId: Schema.optionalKey(Wire.text(36)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearDERControlRequest" })
) {}

/**
 * Whether controls are removed. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ClearDERControlResponse extends Schema.Opaque<ClearDERControlResponse>()(
  Schema.Struct({
    status: DERControlStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearDERControlResponse" })
) {}

/**
 * Removes DER controls. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearDERControl = Action.make("ClearDERControl", {
  from: "csms",
  block: "DERControl",
  request: ClearDERControlRequest,
  response: ClearDERControlResponse
})

/**
 * The station reports that a scheduled DER control starts or ends. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERStartStopRequest extends Schema.Opaque<NotifyDERStartStopRequest>()(
  Schema.Struct({
    /** That of `SetDERControl`. */
    controlId: Wire.text(36),
    /** It starts, or else ends. */
    started: Schema.Boolean,
    timestamp: Timestamp,
    supersededIds: Schema.optionalKey(Schema.Array(Wire.text(36)).check(Schema.isMinLength(1), Schema.isMaxLength(24))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyDERStartStopRequest" })
) {}

/**
 * The CSMS has seen it. New in 2.1.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERStartStopResponse extends Schema.Opaque<NotifyDERStartStopResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyDERStartStopResponse" })
) {}

/**
 * Reports that a DER control starts or ends. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyDERStartStop = Action.make("NotifyDERStartStop", {
  from: "station",
  block: "DERControl",
  request: NotifyDERStartStopRequest,
  response: NotifyDERStartStopResponse
})

/**
 * What is wrong in the grid. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GridEventFaultEnumType = Schema.Literals([
  "CurrentImbalance",
  "LocalEmergency",
  "LowInputPower",
  "OverCurrent",
  "OverFrequency",
  "OverVoltage",
  "PhaseRotation",
  "RemoteEmergency",
  "UnderFrequency",
  "UnderVoltage",
  "VoltageImbalance"
]).annotate({ identifier: "GridEventFaultEnumType" })
/**
 * A value of {@link GridEventFaultEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GridEventFaultEnumType = typeof GridEventFaultEnumType.Type

/**
 * The station reports that the grid made a DER control trip, or that this is over. New in 2.1.
 *
 * @see P2 R05
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERAlarmRequest extends Schema.Opaque<NotifyDERAlarmRequest>()(
  Schema.Struct({
    controlType: DERControlEnumType,
    gridEventFault: Schema.optionalKey(GridEventFaultEnumType),
    /** Absent means false. */
    alarmEnded: Schema.optionalKey(Schema.Boolean),
    timestamp: Timestamp,
    extraInfo: Schema.optionalKey(Wire.text(200)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyDERAlarmRequest" })
) {}

/**
 * The CSMS has seen the alarm. New in 2.1.
 *
 * @see P2 R05
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERAlarmResponse extends Schema.Opaque<NotifyDERAlarmResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyDERAlarmResponse" })
) {}

/**
 * Reports a DER alarm. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyDERAlarm = Action.make("NotifyDERAlarm", {
  from: "station",
  block: "DERControl",
  request: NotifyDERAlarmRequest,
  response: NotifyDERAlarmResponse
})
