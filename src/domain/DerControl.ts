/**
 * DER control, of 2.1: how vehicles as distributed energy resources support the grid.
 *
 * @see P2 R
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { DerControl } from "./BidirectionalPowerTransfer.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * A point of a DER curve. What x and y are depends on the type of the curve.
 *
 * @category models
 * @since 0.1.0
 */
export class DerCurvePoint extends Schema.Opaque<DerCurvePoint>()(
  Schema.Struct({
    x: Schema.Finite,
    /** A power factor is positive when absorbing reactive power. */
    y: Schema.Finite
  }).annotate({ identifier: "DerCurvePoint" })
) {}

/**
 * How normal operation comes back after a grid event.
 *
 * @category models
 * @since 0.1.0
 */
export class Hysteresis extends Schema.Opaque<Hysteresis>()(
  Schema.Struct({
    /** In the unit of the curve. */
    hysteresisHigh: Schema.optionalKey(Schema.Finite),
    /** In the unit of the curve. */
    hysteresisLow: Schema.optionalKey(Schema.Finite),
    hysteresisDelay: Schema.optionalKey(Schema.Duration),
    /** In percent per second. */
    hysteresisGradient: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "Hysteresis" })
) {}

/**
 * Settings of a `VoltVar` curve.
 *
 * @category models
 * @since 0.1.0
 */
export class ReactivePowerParams extends Schema.Opaque<ReactivePowerParams>()(
  Schema.Struct({
    /** In percent. */
    vRef: Schema.optionalKey(Schema.Finite),
    autonomousVRefEnable: Schema.optionalKey(Schema.Boolean),
    autonomousVRefTimeConstant: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "ReactivePowerParams" })
) {}

/**
 * Which power is fed in while riding through a fault.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PowerDuringCessation = Schema.Literals(["Active", "Reactive"]).annotate({
  identifier: "PowerDuringCessation"
})
/**
 * A value of {@link PowerDuringCessation}.
 *
 * @category models
 * @since 0.1.0
 */
export type PowerDuringCessation = typeof PowerDuringCessation.Type

/**
 * Settings of voltage ride-through curves.
 *
 * @category models
 * @since 0.1.0
 */
export class VoltageParams extends Schema.Opaque<VoltageParams>()(
  Schema.Struct({
    /** Threshold of the mean over 10 minutes (EN 50549-1). */
    hv10MinMeanValue: Schema.optionalKey(Schema.Finite),
    hv10MinMeanTripDelay: Schema.optionalKey(Schema.Finite),
    powerDuringCessation: Schema.optionalKey(PowerDuringCessation)
  }).annotate({ identifier: "VoltageParams" })
) {}

/**
 * The unit of the y values of a DER curve.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DerUnit = Schema.Literals([
  "Not_Applicable",
  "PctMaxW",
  "PctMaxVar",
  "PctWAvail",
  "PctVarAvail",
  "PctEffectiveV"
]).annotate({ identifier: "DerUnit" })
/**
 * A value of {@link DerUnit}.
 *
 * @category models
 * @since 0.1.0
 */
export type DerUnit = typeof DerUnit.Type

/**
 * A curve by which power follows voltage, frequency or power.
 *
 * @category models
 * @since 0.1.0
 */
export class DerCurve extends Schema.Opaque<DerCurve>()(
  Schema.Struct({
    /** One to ten. */
    curveData: Schema.Array(DerCurvePoint),
    hysteresis: Schema.optionalKey(Hysteresis),
    /** 0 is the highest. */
    priority: Schema.Int,
    reactivePowerParams: Schema.optionalKey(ReactivePowerParams),
    voltageParams: Schema.optionalKey(VoltageParams),
    yUnit: DerUnit,
    /** Until 90 % of a new target is reached; 0: no limit. */
    responseTime: Schema.optionalKey(Schema.Duration),
    /** Absent only for a default control. */
    startTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** Absent only for a default control. */
    duration: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "DerCurve" })
) {}

/**
 * When the inverter may join the grid again.
 *
 * @category models
 * @since 0.1.0
 */
export class EnterService extends Schema.Opaque<EnterService>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Schema.Int,
    highVoltage: Schema.Finite,
    lowVoltage: Schema.Finite,
    highFreq: Schema.Finite,
    lowFreq: Schema.Finite,
    delay: Schema.optionalKey(Schema.Finite),
    randomDelay: Schema.optionalKey(Schema.Finite),
    /** In seconds. */
    rampRate: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "EnterService" })
) {}

/**
 * A fixed power factor.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedPF extends Schema.Opaque<FixedPF>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Schema.Int,
    /** cos φ, 0 to 1. */
    displacement: Schema.Finite,
    /** Whether reactive power is absorbed (under-excited), or injected. */
    excitation: Schema.Boolean,
    startTime: Schema.optionalKey(Schema.DateTimeUtc),
    duration: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "FixedPF" })
) {}

/**
 * A fixed reactive power.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedVar extends Schema.Opaque<FixedVar>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Schema.Int,
    /** -100 to 100 percent of `unit`; negative is charging. */
    setpoint: Schema.Finite,
    unit: DerUnit,
    startTime: Schema.optionalKey(Schema.DateTimeUtc),
    duration: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "FixedVar" })
) {}

/**
 * How power follows the frequency beyond a dead band.
 *
 * @category models
 * @since 0.1.0
 */
export class FreqDroop extends Schema.Opaque<FreqDroop>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Schema.Int,
    overFreq: Schema.Finite,
    underFreq: Schema.Finite,
    overDroop: Schema.Finite,
    underDroop: Schema.Finite,
    responseTime: Schema.Duration,
    startTime: Schema.optionalKey(Schema.DateTimeUtc),
    duration: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "FreqDroop" })
) {}

/**
 * How fast power may change.
 *
 * @category models
 * @since 0.1.0
 */
export class Gradient extends Schema.Opaque<Gradient>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Schema.Int,
    /** In seconds; 0: it does not apply. */
    gradient: Schema.Finite,
    /** In seconds, for a soft start; 0: it does not apply. */
    softGradient: Schema.Finite
  }).annotate({ identifier: "Gradient" })
) {}

/**
 * A limit of discharging.
 *
 * @category models
 * @since 0.1.0
 */
export class LimitMaxDischarge extends Schema.Opaque<LimitMaxDischarge>()(
  Schema.Struct({
    /** 0 is the highest. */
    priority: Schema.Int,
    /** In percent of the rated discharge power. */
    pctMaxDischargePower: Schema.optionalKey(Schema.Finite),
    powerMonitoringMustTrip: Schema.optionalKey(DerCurve),
    startTime: Schema.optionalKey(Schema.DateTimeUtc),
    duration: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "LimitMaxDischarge" })
) {}

/**
 * The CSMS sets a default or a scheduled DER control. The field that belongs to `controlType` carries its values.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class SetDERControlRequest extends Schema.Opaque<SetDERControlRequest>()(
  Schema.Struct({
    isDefault: Schema.Boolean,
    controlId: Schema.String,
    controlType: DerControl,
    curve: Schema.optionalKey(DerCurve),
    enterService: Schema.optionalKey(EnterService),
    fixedPFAbsorb: Schema.optionalKey(FixedPF),
    fixedPFInject: Schema.optionalKey(FixedPF),
    fixedVar: Schema.optionalKey(FixedVar),
    freqDroop: Schema.optionalKey(FreqDroop),
    gradient: Schema.optionalKey(Gradient),
    limitMaxDischarge: Schema.optionalKey(LimitMaxDischarge)
  }).annotate({ identifier: "SetDERControlRequest" })
) {}

/**
 * What became of a request about DER controls.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DerControlStatus = Schema.Literals(["Accepted", "Rejected", "NotSupported", "NotFound"]).annotate({
  identifier: "DerControlStatus"
})
/**
 * A value of {@link DerControlStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type DerControlStatus = typeof DerControlStatus.Type

/**
 * Whether the control is set, and which ones it supersedes.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class SetDERControlResponse extends Schema.Opaque<SetDERControlResponse>()(
  Schema.Struct({
    status: DerControlStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** One to 24, if there is a list. */
    supersededIds: Schema.optionalKey(Schema.Array(Schema.String))
  }).annotate({ identifier: "SetDERControlResponse" })
) {}

/**
 * Sets a DER control, in 2.1.
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
 * The CSMS asks which DER controls are set; they follow in `ReportDERControl`.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class GetDERControlRequest extends Schema.Opaque<GetDERControlRequest>()(
  Schema.Struct({
    /** Comes back in `ReportDERControl`. */
    requestId: Schema.Int,
    /** Whether default controls are meant, or scheduled ones. */
    isDefault: Schema.optionalKey(Schema.Boolean),
    controlType: Schema.optionalKey(DerControl),
    controlId: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "GetDERControlRequest" })
) {}

/**
 * Whether the report will follow.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class GetDERControlResponse extends Schema.Opaque<GetDERControlResponse>()(
  Schema.Struct({
    status: DerControlStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "GetDERControlResponse" })
) {}

/**
 * Asks which DER controls are set, in 2.1.
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
 * A curve as it is set.
 *
 * @category models
 * @since 0.1.0
 */
export class DerCurveGet extends Schema.Opaque<DerCurveGet>()(
  Schema.Struct({
    curve: DerCurve,
    id: Schema.String,
    curveType: DerControl,
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean
  }).annotate({ identifier: "DerCurveGet" })
) {}

/**
 * Conditions for joining the grid as they are set.
 *
 * @category models
 * @since 0.1.0
 */
export class EnterServiceGet extends Schema.Opaque<EnterServiceGet>()(
  Schema.Struct({
    enterService: EnterService,
    id: Schema.String
  }).annotate({ identifier: "EnterServiceGet" })
) {}

/**
 * A fixed power factor as it is set.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedPFGet extends Schema.Opaque<FixedPFGet>()(
  Schema.Struct({
    fixedPF: FixedPF,
    id: Schema.String,
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean
  }).annotate({ identifier: "FixedPFGet" })
) {}

/**
 * A fixed reactive power as it is set.
 *
 * @category models
 * @since 0.1.0
 */
export class FixedVarGet extends Schema.Opaque<FixedVarGet>()(
  Schema.Struct({
    fixedVar: FixedVar,
    id: Schema.String,
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean
  }).annotate({ identifier: "FixedVarGet" })
) {}

/**
 * A frequency droop as it is set.
 *
 * @category models
 * @since 0.1.0
 */
export class FreqDroopGet extends Schema.Opaque<FreqDroopGet>()(
  Schema.Struct({
    freqDroop: FreqDroop,
    id: Schema.String,
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean
  }).annotate({ identifier: "FreqDroopGet" })
) {}

/**
 * Ramp rates as they are set.
 *
 * @category models
 * @since 0.1.0
 */
export class GradientGet extends Schema.Opaque<GradientGet>()(
  Schema.Struct({
    gradient: Gradient,
    id: Schema.String
  }).annotate({ identifier: "GradientGet" })
) {}

/**
 * A limit of discharging as it is set.
 *
 * @category models
 * @since 0.1.0
 */
export class LimitMaxDischargeGet extends Schema.Opaque<LimitMaxDischargeGet>()(
  Schema.Struct({
    id: Schema.String,
    isDefault: Schema.Boolean,
    isSuperseded: Schema.Boolean,
    limitMaxDischarge: LimitMaxDischarge
  }).annotate({ identifier: "LimitMaxDischargeGet" })
) {}

/**
 * The station delivers the DER controls that are set, in as many parts as it needs.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ReportDERControlRequest extends Schema.Opaque<ReportDERControlRequest>()(
  Schema.Struct({
    /** One to 24, if there is a list. */
    curve: Schema.optionalKey(Schema.Array(DerCurveGet)),
    /** One to 24, if there is a list. */
    enterService: Schema.optionalKey(Schema.Array(EnterServiceGet)),
    /** One to 24, if there is a list. */
    fixedPFAbsorb: Schema.optionalKey(Schema.Array(FixedPFGet)),
    /** One to 24, if there is a list. */
    fixedPFInject: Schema.optionalKey(Schema.Array(FixedPFGet)),
    /** One to 24, if there is a list. */
    fixedVar: Schema.optionalKey(Schema.Array(FixedVarGet)),
    /** One to 24, if there is a list. */
    freqDroop: Schema.optionalKey(Schema.Array(FreqDroopGet)),
    /** One to 24, if there is a list. */
    gradient: Schema.optionalKey(Schema.Array(GradientGet)),
    /** One to 24, if there is a list. */
    limitMaxDischarge: Schema.optionalKey(Schema.Array(LimitMaxDischargeGet)),
    requestId: Schema.Int,
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "ReportDERControlRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ReportDERControlResponse extends Schema.Opaque<ReportDERControlResponse>()(
  Wire.Empty.annotate({ identifier: "ReportDERControlResponse" })
) {}

/**
 * Delivers DER controls, in 2.1.
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
 * The CSMS removes DER controls: the one with an id, those of a type, or all defaults or all scheduled ones.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ClearDERControlRequest extends Schema.Opaque<ClearDERControlRequest>()(
  Schema.Struct({
    /** Whether default controls are meant, or scheduled ones. */
    isDefault: Schema.Boolean,
    controlType: Schema.optionalKey(DerControl),
    controlId: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "ClearDERControlRequest" })
) {}

/**
 * Whether controls are removed.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class ClearDERControlResponse extends Schema.Opaque<ClearDERControlResponse>()(
  Schema.Struct({
    status: DerControlStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ClearDERControlResponse" })
) {}

/**
 * Removes DER controls, in 2.1.
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
 * The station reports that a scheduled DER control starts or ends.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERStartStopRequest extends Schema.Opaque<NotifyDERStartStopRequest>()(
  Schema.Struct({
    /** That of `SetDERControl`. */
    controlId: Schema.String,
    /** Whether it starts, or ends. */
    started: Schema.Boolean,
    timestamp: Schema.DateTimeUtc,
    /** One to 24, if there is a list. */
    supersededIds: Schema.optionalKey(Schema.Array(Schema.String))
  }).annotate({ identifier: "NotifyDERStartStopRequest" })
) {}

/**
 * The CSMS has seen it.
 *
 * @see P2 R04
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERStartStopResponse extends Schema.Opaque<NotifyDERStartStopResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyDERStartStopResponse" })
) {}

/**
 * Reports that a DER control starts or ends, in 2.1.
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
 * What is wrong in the grid.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GridEventFault = Schema.Literals([
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
]).annotate({ identifier: "GridEventFault" })
/**
 * A value of {@link GridEventFault}.
 *
 * @category models
 * @since 0.1.0
 */
export type GridEventFault = typeof GridEventFault.Type

/**
 * The station reports that the grid made a DER control trip, or that this is over.
 *
 * @see P2 R05
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERAlarmRequest extends Schema.Opaque<NotifyDERAlarmRequest>()(
  Schema.Struct({
    controlType: DerControl,
    gridEventFault: Schema.optionalKey(GridEventFault),
    /** Absent means false. */
    alarmEnded: Schema.optionalKey(Schema.Boolean),
    timestamp: Schema.DateTimeUtc,
    extraInfo: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "NotifyDERAlarmRequest" })
) {}

/**
 * The CSMS has seen the alarm.
 *
 * @see P2 R05
 * @category messages
 * @since 0.1.0
 */
export class NotifyDERAlarmResponse extends Schema.Opaque<NotifyDERAlarmResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyDERAlarmResponse" })
) {}

/**
 * Reports a DER alarm, in 2.1.
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
