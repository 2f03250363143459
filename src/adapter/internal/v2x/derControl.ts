/**
 * How energy resources support the grid, which only 2.1 knows.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same } from "../BothWays.ts"
import { exactSeconds, instant } from "../values.ts"
import { nothing, outcome, statusInfo, table } from "./common.ts"

const point = table<V21.DERCurvePointsType, Domain.DerCurvePoint>(({ alike }) => alike("x", "y"))

const hysteresis = table<V21.HysteresisType, Domain.Hysteresis>(({ alike, field }) => [
  ...alike("hysteresisHigh", "hysteresisLow", "hysteresisGradient"),
  field("hysteresisDelay", "hysteresisDelay", exactSeconds)
])

const reactivePowerParams = table<V21.ReactivePowerParamsType, Domain.ReactivePowerParams>(({ alike }) =>
  alike("vRef", "autonomousVRefEnable", "autonomousVRefTimeConstant")
)

const voltageParams = table<V21.VoltageParamsType, Domain.VoltageParams>(({ alike }) =>
  alike("hv10MinMeanValue", "hv10MinMeanTripDelay", "powerDuringCessation")
)

const curve = table<V21.DERCurveType, Domain.DerCurve>(({ alike, field }) => [
  field("curveData", "curveData", list(point)),
  field("hysteresis", "hysteresis", hysteresis),
  field("reactivePowerParams", "reactivePowerParams", reactivePowerParams),
  field("voltageParams", "voltageParams", voltageParams),
  ...alike("priority", "yUnit"),
  field("responseTime", "responseTime", exactSeconds),
  field("startTime", "startTime", instant),
  field("duration", "duration", exactSeconds)
])

const enterService = table<V21.EnterServiceType, Domain.EnterService>(({ alike }) => [
  ...alike("priority", "highVoltage", "lowVoltage", "highFreq", "lowFreq", "delay", "randomDelay", "rampRate")
])

const fixedPF = table<V21.FixedPFType, Domain.FixedPF>(({ alike, field }) => [
  ...alike("priority", "displacement", "excitation"),
  field("startTime", "startTime", instant),
  field("duration", "duration", exactSeconds)
])

const fixedVar = table<V21.FixedVarType, Domain.FixedVar>(({ alike, field }) => [
  ...alike("priority", "setpoint", "unit"),
  field("startTime", "startTime", instant),
  field("duration", "duration", exactSeconds)
])

const freqDroop = table<V21.FreqDroopType, Domain.FreqDroop>(({ alike, field }) => [
  ...alike("priority", "overFreq", "underFreq", "overDroop", "underDroop"),
  field("responseTime", "responseTime", exactSeconds),
  field("startTime", "startTime", instant),
  field("duration", "duration", exactSeconds)
])

const gradient = table<V21.GradientType, Domain.Gradient>(({ alike }) => alike("priority", "gradient", "softGradient"))

const limitMaxDischarge = table<V21.LimitMaxDischargeType, Domain.LimitMaxDischarge>(({ alike, field }) => [
  ...alike("priority", "pctMaxDischargePower"),
  field("powerMonitoringMustTrip", "powerMonitoringMustTrip", curve),
  field("startTime", "startTime", instant),
  field("duration", "duration", exactSeconds)
])

const control = table<V21.SetDERControlRequest, Domain.SetDERControlRequest>(({ alike, field }) => [
  ...alike("isDefault", "controlId", "controlType"),
  field("curve", "curve", curve),
  field("enterService", "enterService", enterService),
  field("fixedPFAbsorb", "fixedPFAbsorb", fixedPF),
  field("fixedPFInject", "fixedPFInject", fixedPF),
  field("fixedVar", "fixedVar", fixedVar),
  field("freqDroop", "freqDroop", freqDroop),
  field("gradient", "gradient", gradient),
  field("limitMaxDischarge", "limitMaxDischarge", limitMaxDischarge)
])

const reportedCurve = table<V21.DERCurveGetType, Domain.DerCurveGet>(({ alike, field }) => [
  ...alike("id", "curveType", "isDefault", "isSuperseded"),
  field("curve", "curve", curve)
])

const reportedEnterService = table<V21.EnterServiceGetType, Domain.EnterServiceGet>(({ alike, field }) => [
  ...alike("id"),
  field("enterService", "enterService", enterService)
])

const reportedFixedPF = table<V21.FixedPFGetType, Domain.FixedPFGet>(({ alike, field }) => [
  ...alike("id", "isDefault", "isSuperseded"),
  field("fixedPF", "fixedPF", fixedPF)
])

const reportedFixedVar = table<V21.FixedVarGetType, Domain.FixedVarGet>(({ alike, field }) => [
  ...alike("id", "isDefault", "isSuperseded"),
  field("fixedVar", "fixedVar", fixedVar)
])

const reportedFreqDroop = table<V21.FreqDroopGetType, Domain.FreqDroopGet>(({ alike, field }) => [
  ...alike("id", "isDefault", "isSuperseded"),
  field("freqDroop", "freqDroop", freqDroop)
])

const reportedGradient = table<V21.GradientGetType, Domain.GradientGet>(({ alike, field }) => [
  ...alike("id"),
  field("gradient", "gradient", gradient)
])

const reportedLimitMaxDischarge = table<V21.LimitMaxDischargeGetType, Domain.LimitMaxDischargeGet>(
  ({ alike, field }) => [
    ...alike("id", "isDefault", "isSuperseded"),
    field("limitMaxDischarge", "limitMaxDischarge", limitMaxDischarge)
  ]
)

const report = table<V21.ReportDERControlRequest, Domain.ReportDERControlRequest>(({ alike, field }) => [
  ...alike("requestId", "tbc"),
  field("curve", "curve", list(reportedCurve)),
  field("enterService", "enterService", list(reportedEnterService)),
  field("fixedPFAbsorb", "fixedPFAbsorb", list(reportedFixedPF)),
  field("fixedPFInject", "fixedPFInject", list(reportedFixedPF)),
  field("fixedVar", "fixedVar", list(reportedFixedVar)),
  field("freqDroop", "freqDroop", list(reportedFreqDroop)),
  field("gradient", "gradient", list(reportedGradient)),
  field("limitMaxDischarge", "limitMaxDischarge", list(reportedLimitMaxDischarge))
])

const status = outcome(same<Domain.DerControlStatus>())

export const derControl = () => ({
  SetDERControl: {
    request: control,
    response: table<V21.SetDERControlResponse, Domain.SetDERControlResponse>(({ alike, field }) => [
      ...alike("status", "supersededIds"),
      field("statusInfo", "statusInfo", statusInfo)
    ])
  },
  GetDERControl: {
    request: table<V21.GetDERControlRequest, Domain.GetDERControlRequest>(({ alike }) =>
      alike("requestId", "isDefault", "controlType", "controlId")
    ),
    response: status
  },
  ReportDERControl: { request: report, response: nothing },
  ClearDERControl: {
    request: table<V21.ClearDERControlRequest, Domain.ClearDERControlRequest>(({ alike }) =>
      alike("isDefault", "controlType", "controlId")
    ),
    response: status
  },
  NotifyDERStartStop: {
    request: table<V21.NotifyDERStartStopRequest, Domain.NotifyDERStartStopRequest>(({ alike, field }) => [
      ...alike("controlId", "started", "supersededIds"),
      field("timestamp", "timestamp", instant)
    ]),
    response: nothing
  },
  NotifyDERAlarm: {
    request: table<V21.NotifyDERAlarmRequest, Domain.NotifyDERAlarmRequest>(({ alike, field }) => [
      ...alike("controlType", "gridEventFault", "alarmEnded", "extraInfo"),
      field("timestamp", "timestamp", instant)
    ]),
    response: nothing
  }
})
