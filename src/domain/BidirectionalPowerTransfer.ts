/**
 * Bidirectional power transfer, of 2.1: what vehicles can take from the grid, give back to it, and do for it.
 *
 * @see P2 Q
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { EnergyTransferMode, GenericStatus, StatusInfo } from "./DataTypes.ts"

/**
 * What EVSE and vehicle can take and give back (ISO 15118-20). Powers without `_L2` and `_L3` are of all phases together,
 * otherwise of L1.
 *
 * @category schemas
 * @since 0.1.0
 */
export class V2xChargingParameters extends Schema.Opaque<V2xChargingParameters>()(
  Schema.Struct({
    /** W. */
    minChargePower: Schema.optionalKey(Schema.Finite),
    /** W. */
    minChargePower_L2: Schema.optionalKey(Schema.Finite),
    /** W. */
    minChargePower_L3: Schema.optionalKey(Schema.Finite),
    /** W. */
    maxChargePower: Schema.optionalKey(Schema.Finite),
    /** W. */
    maxChargePower_L2: Schema.optionalKey(Schema.Finite),
    /** W. */
    maxChargePower_L3: Schema.optionalKey(Schema.Finite),
    /** W. */
    minDischargePower: Schema.optionalKey(Schema.Finite),
    /** W. */
    minDischargePower_L2: Schema.optionalKey(Schema.Finite),
    /** W. */
    minDischargePower_L3: Schema.optionalKey(Schema.Finite),
    /** W. */
    maxDischargePower: Schema.optionalKey(Schema.Finite),
    /** W. */
    maxDischargePower_L2: Schema.optionalKey(Schema.Finite),
    /** W. */
    maxDischargePower_L3: Schema.optionalKey(Schema.Finite),
    /** A. */
    minChargeCurrent: Schema.optionalKey(Schema.Finite),
    /** A. */
    maxChargeCurrent: Schema.optionalKey(Schema.Finite),
    /** A. */
    minDischargeCurrent: Schema.optionalKey(Schema.Finite),
    /** A. */
    maxDischargeCurrent: Schema.optionalKey(Schema.Finite),
    /** V. */
    minVoltage: Schema.optionalKey(Schema.Finite),
    /** V. */
    maxVoltage: Schema.optionalKey(Schema.Finite),
    /** Wh. */
    evTargetEnergyRequest: Schema.optionalKey(Schema.Finite),
    /** Wh. */
    evMinEnergyRequest: Schema.optionalKey(Schema.Finite),
    /** Wh. */
    evMaxEnergyRequest: Schema.optionalKey(Schema.Finite),
    /** Wh; positive: below the range for discharging. */
    evMinV2XEnergyRequest: Schema.optionalKey(Schema.Finite),
    /** Wh; negative: above the range for discharging. */
    evMaxV2XEnergyRequest: Schema.optionalKey(Schema.Finite),
    /** Percent at departure. */
    targetSoC: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "V2xChargingParameters" })
) {}

/**
 * A way in which energy resources support the grid: at which frequencies, voltages, powers and power factors they do what.
 *
 * @see P2 R
 * @category schemas
 * @since 0.1.0
 */
export const DerControl = Schema.Literals([
  "EnterService",
  "FreqDroop",
  "FreqWatt",
  "FixedPFAbsorb",
  "FixedPFInject",
  "FixedVar",
  "Gradients",
  "HFMustTrip",
  "HFMayTrip",
  "HVMustTrip",
  "HVMomCess",
  "HVMayTrip",
  "LimitMaxDischarge",
  "LFMustTrip",
  "LVMustTrip",
  "LVMomCess",
  "LVMayTrip",
  "PowerMonitoringMustTrip",
  "VoltVar",
  "VoltWatt",
  "WattPF",
  "WattVar"
]).annotate({ identifier: "DerControl" })
/**
 * A value of {@link DerControl}.
 *
 * @category models
 * @since 0.1.0
 */
export type DerControl = typeof DerControl.Type

/**
 * How a vehicle finds out that the grid is gone.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IslandingDetection = Schema.Literals([
  "NoAntiIslandingSupport",
  "RoCoF",
  "UVP_OVP",
  "UFP_OFP",
  "VoltageVectorShift",
  "ZeroCrossingDetection",
  "OtherPassive",
  "ImpedanceMeasurement",
  "ImpedanceAtFrequency",
  "SlipModeFrequencyShift",
  "SandiaFrequencyShift",
  "SandiaVoltageShift",
  "FrequencyJump",
  "RCLQFactor",
  "OtherActive"
]).annotate({ identifier: "IslandingDetection" })
/**
 * A value of {@link IslandingDetection}.
 *
 * @category models
 * @since 0.1.0
 */
export type IslandingDetection = typeof IslandingDetection.Type

/**
 * How a vehicle can support the grid (ISO 15118-20). Fields that start with `ev` are of the vehicle, others are what EVSE and
 * vehicle can do together; those without `_L2` and `_L3` are of all phases together, otherwise of L1.
 *
 * @category schemas
 * @since 0.1.0
 */
export class DerChargingParameters extends Schema.Opaque<DerChargingParameters>()(
  Schema.Struct({
    evSupportedDERControl: Schema.optionalKey(Schema.Array(DerControl)),
    evOverExcitedMaxDischargePower: Schema.optionalKey(Schema.Finite),
    evOverExcitedPowerFactor: Schema.optionalKey(Schema.Finite),
    evUnderExcitedMaxDischargePower: Schema.optionalKey(Schema.Finite),
    evUnderExcitedPowerFactor: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxApparentPower: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxChargeApparentPower: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxChargeApparentPower_L2: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxChargeApparentPower_L3: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxDischargeApparentPower: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxDischargeApparentPower_L2: Schema.optionalKey(Schema.Finite),
    /** VA. */
    maxDischargeApparentPower_L3: Schema.optionalKey(Schema.Finite),
    /** var. */
    maxChargeReactivePower: Schema.optionalKey(Schema.Finite),
    /** var. */
    maxChargeReactivePower_L2: Schema.optionalKey(Schema.Finite),
    /** var. */
    maxChargeReactivePower_L3: Schema.optionalKey(Schema.Finite),
    /** var. */
    minChargeReactivePower: Schema.optionalKey(Schema.Finite),
    /** var. */
    minChargeReactivePower_L2: Schema.optionalKey(Schema.Finite),
    /** var. */
    minChargeReactivePower_L3: Schema.optionalKey(Schema.Finite),
    /** var. */
    maxDischargeReactivePower: Schema.optionalKey(Schema.Finite),
    /** var. */
    maxDischargeReactivePower_L2: Schema.optionalKey(Schema.Finite),
    /** var. */
    maxDischargeReactivePower_L3: Schema.optionalKey(Schema.Finite),
    /** var. */
    minDischargeReactivePower: Schema.optionalKey(Schema.Finite),
    /** var. */
    minDischargeReactivePower_L2: Schema.optionalKey(Schema.Finite),
    /** var. */
    minDischargeReactivePower_L3: Schema.optionalKey(Schema.Finite),
    /** V. */
    nominalVoltage: Schema.optionalKey(Schema.Finite),
    /** V. */
    nominalVoltageOffset: Schema.optionalKey(Schema.Finite),
    /** V. */
    maxNominalVoltage: Schema.optionalKey(Schema.Finite),
    /** V. */
    minNominalVoltage: Schema.optionalKey(Schema.Finite),
    evInverterManufacturer: Schema.optionalKey(Schema.String),
    evInverterModel: Schema.optionalKey(Schema.String),
    evInverterSerialNumber: Schema.optionalKey(Schema.String),
    evInverterSwVersion: Schema.optionalKey(Schema.String),
    evInverterHwVersion: Schema.optionalKey(Schema.String),
    evIslandingDetectionMethod: Schema.optionalKey(Schema.Array(IslandingDetection)),
    evIslandingTripTime: Schema.optionalKey(Schema.Finite),
    evMaximumLevel1DCInjection: Schema.optionalKey(Schema.Finite),
    evDurationLevel1DCInjection: Schema.optionalKey(Schema.Finite),
    evMaximumLevel2DCInjection: Schema.optionalKey(Schema.Finite),
    evDurationLevel2DCInjection: Schema.optionalKey(Schema.Finite),
    /** S. */
    evReactiveSusceptance: Schema.optionalKey(Schema.Finite),
    /** Wh for the whole session. */
    evSessionTotalDischargeEnergyAvailable: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: "DerChargingParameters" })
) {}

/**
 * What energy a vehicle would give back, and at what price (ISO 15118-20).
 *
 * @category schemas
 * @since 0.1.0
 */
export class EvEnergyOffer extends Schema.Opaque<EvEnergyOffer>()(
  Schema.Struct({
    /** The power that it would give back, over time; each entry follows the one before. */
    evPowerSchedule: Schema.Struct({
      /** What the entries count from. */
      timeAnchor: Schema.DateTimeUtc,
      /** One to 1024. */
      evPowerScheduleEntries: Schema.Array(
        Schema.Struct({
          /** In whole seconds. */
          duration: Schema.Duration,
          /** In W; negative: it gives back. */
          power: Schema.Finite
        })
      )
    }),
    /** The prices at which it would do so, over time; each entry follows the one before. */
    evAbsolutePriceSchedule: Schema.optionalKey(
      Schema.Struct({
        /** What the entries count from. */
        timeAnchor: Schema.DateTimeUtc,
        /** ISO 4217. */
        currency: Schema.String,
        /** The URN of the way to compute the price. */
        priceAlgorithm: Schema.String,
        /** One to 1024. */
        evAbsolutePriceScheduleEntries: Schema.Array(
          Schema.Struct({
            /** In whole seconds. */
            duration: Schema.Duration,
            /** One to eight. */
            evPriceRule: Schema.Array(
              Schema.Struct({
                /** Per kWh. */
                energyFee: Schema.Finite,
                /** In W, from which it applies; negative: the vehicle gives back. */
                powerRangeStart: Schema.Finite
              })
            )
          })
        )
      })
    )
  }).annotate({ identifier: "EvEnergyOffer" })
) {}

/**
 * The CSMS says which modes of energy transfer a transaction may use from now on.
 *
 * @see P2 Q02
 * @category messages
 * @since 0.1.0
 */
export class NotifyAllowedEnergyTransferRequest extends Schema.Opaque<NotifyAllowedEnergyTransferRequest>()(
  Schema.Struct({
    transactionId: Schema.String,
    /** One at least. */
    allowedEnergyTransfer: Schema.Array(EnergyTransferMode)
  }).annotate({ identifier: "NotifyAllowedEnergyTransferRequest" })
) {}

/**
 * Whether the station takes them over.
 *
 * @see P2 Q02
 * @category messages
 * @since 0.1.0
 */
export class NotifyAllowedEnergyTransferResponse extends Schema.Opaque<NotifyAllowedEnergyTransferResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "NotifyAllowedEnergyTransferResponse" })
) {}

/**
 * Says which modes of energy transfer are allowed, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyAllowedEnergyTransfer = Action.make("NotifyAllowedEnergyTransfer", {
  from: "csms",
  block: "BidirectionalPowerTransfer",
  request: NotifyAllowedEnergyTransferRequest,
  response: NotifyAllowedEnergyTransferResponse
})

/**
 * The CSMS passes on the grid operator's signal for automatic frequency restoration (aFRR).
 *
 * @see P2 Q08
 * @category messages
 * @since 0.1.0
 */
export class AFRRSignalRequest extends Schema.Opaque<AFRRSignalRequest>()(
  Schema.Struct({
    /** From when on it counts. */
    timestamp: Schema.DateTimeUtc,
    /** Looked up in `v2xSignalWattCurve`. */
    signal: Schema.Int
  }).annotate({ identifier: "AFRRSignalRequest" })
) {}

/**
 * Whether the station follows the signal.
 *
 * @see P2 Q08
 * @category messages
 * @since 0.1.0
 */
export class AFRRSignalResponse extends Schema.Opaque<AFRRSignalResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "AFRRSignalResponse" })
) {}

/**
 * Passes on a signal for frequency support, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const AFRRSignal = Action.make("AFRRSignal", {
  from: "csms",
  block: "BidirectionalPowerTransfer",
  request: AFRRSignalRequest,
  response: AFRRSignalResponse
})
