/**
 * Metering: what meters read, with exact decimals and with the units resolved.
 *
 * @since 0.1.0
 */
import type * as BigDecimal from "effect/BigDecimal"
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"

/**
 * What is measured. `Temperature` is of 1.x only, `RPM` of 1.6; the energies of `Net` and the apparent ones of 2.x only.
 * What a vehicle displays or asks for, setpoints, and what can be had at most or at least, are of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Measurand = Schema.Literals([
  "Current.Export",
  "Current.Export.Minimum",
  "Current.Export.Offered",
  "Current.Import",
  "Current.Import.Minimum",
  "Current.Import.Offered",
  "Current.Offered",
  "Display.BatteryEnergyCapacity",
  "Display.ChargingComplete",
  "Display.InletHot",
  "Display.MaximumSOC",
  "Display.MinimumSOC",
  "Display.PresentSOC",
  "Display.RemainingTimeToMaximumSOC",
  "Display.RemainingTimeToMinimumSOC",
  "Display.RemainingTimeToTargetSOC",
  "Display.TargetSOC",
  "Energy.Active.Export.Interval",
  "Energy.Active.Export.Register",
  "Energy.Active.Import.CableLoss",
  "Energy.Active.Import.Interval",
  "Energy.Active.Import.LocalGeneration.Register",
  "Energy.Active.Import.Register",
  "Energy.Active.Net",
  "Energy.Active.Setpoint.Interval",
  "Energy.Apparent.Export",
  "Energy.Apparent.Import",
  "Energy.Apparent.Net",
  "Energy.Reactive.Export.Interval",
  "Energy.Reactive.Export.Register",
  "Energy.Reactive.Import.Interval",
  "Energy.Reactive.Import.Register",
  "Energy.Reactive.Net",
  "EnergyRequest.Bulk",
  "EnergyRequest.Maximum",
  "EnergyRequest.Maximum.V2X",
  "EnergyRequest.Minimum",
  "EnergyRequest.Minimum.V2X",
  "EnergyRequest.Target",
  "Frequency",
  "Power.Active.Export",
  "Power.Active.Import",
  "Power.Active.Residual",
  "Power.Active.Setpoint",
  "Power.Export.Minimum",
  "Power.Export.Offered",
  "Power.Factor",
  "Power.Import.Minimum",
  "Power.Import.Offered",
  "Power.Offered",
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "RPM",
  "SoC",
  "Temperature",
  "Voltage",
  "Voltage.Maximum",
  "Voltage.Minimum"
]).annotate({ identifier: "Measurand" })
/**
 * A value of {@link Measurand}.
 *
 * @category models
 * @since 0.1.0
 */
export type Measurand = typeof Measurand.Type

/**
 * Why something was measured.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReadingContext = Schema.Literals([
  "Interruption.Begin",
  "Interruption.End",
  "Other",
  "Sample.Clock",
  "Sample.Periodic",
  "Transaction.Begin",
  "Transaction.End",
  "Trigger"
]).annotate({ identifier: "ReadingContext" })
/**
 * A value of {@link ReadingContext}.
 *
 * @category models
 * @since 0.1.0
 */
export type ReadingContext = typeof ReadingContext.Type

/**
 * Where something was measured. `Upstream`, at the grid connection, is of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Location = Schema.Literals(["Body", "Cable", "EV", "Inlet", "Outlet", "Upstream"]).annotate({
  identifier: "Location"
})
/**
 * A value of {@link Location}.
 *
 * @category models
 * @since 0.1.0
 */
export type Location = typeof Location.Type

/**
 * Of which phases something was measured.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Phase = Schema.Literals([
  "L1",
  "L2",
  "L3",
  "N",
  "L1-N",
  "L2-N",
  "L3-N",
  "L1-L2",
  "L2-L3",
  "L3-L1"
]).annotate({
  identifier: "Phase"
})
/**
 * A value of {@link Phase}.
 *
 * @category models
 * @since 0.1.0
 */
export type Phase = typeof Phase.Type

/**
 * A number that was measured, and its unit.
 *
 * **Details**
 *
 * The unit has no prefix for thousands and no power of ten: 1.5 kWh is 1500 `Wh`, exactly. It is empty if it was not told
 * and the measurand does not say it. A station may tell a reading with a prefix, in the unit of its meter; it is sent so, and
 * arrives without.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Measured extends Schema.Opaque<Measured>()(
  Schema.Struct({
    _tag: Schema.tag("Measured"),
    value: Schema.BigDecimal,
    unit: Schema.String
  }).annotate({ identifier: "Measured" })
) {}

/**
 * A reading of 1.x that only its signature tells, as text of the meter's own, byte for byte.
 *
 * @category schemas
 * @since 0.1.0
 */
export class SignedData extends Schema.Opaque<SignedData>()(
  Schema.Struct({
    _tag: Schema.tag("SignedData"),
    data: Schema.String,
    unit: Schema.String
  }).annotate({ identifier: "SignedData" })
) {}

/**
 * A reading of 1.x that is no decimal number, as it came.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Unreadable extends Schema.Opaque<Unreadable>()(
  Schema.Struct({
    _tag: Schema.tag("Unreadable"),
    text: Schema.String,
    unit: Schema.String
  }).annotate({ identifier: "Unreadable" })
) {}

/**
 * A signed reading of 2.x, byte for byte.
 *
 * @category schemas
 * @since 0.1.0
 */
export class SignedMeterValue extends Schema.Opaque<SignedMeterValue>()(
  Schema.Struct({
    /** Base64. */
    signedMeterData: Schema.String,
    /** Absent: the data tell it themselves. */
    signingMethod: Schema.optionalKey(Schema.String),
    encodingMethod: Schema.String,
    /** Base64. Absent: it is sent by other means, or was sent before. */
    publicKey: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "SignedMeterValue" })
) {}

/**
 * One reading, with what it means. What a version leaves out as usual is said here.
 *
 * @category schemas
 * @since 0.1.0
 */
export class SampledValue extends Schema.Opaque<SampledValue>()(
  Schema.Struct({
    measurand: Measurand,
    context: ReadingContext,
    location: Location,
    /** Absent: of all phases together. */
    phase: Schema.optionalKey(Phase),
    reading: Schema.Union([Measured, SignedData, Unreadable]),
    signedMeterValue: Schema.optionalKey(SignedMeterValue)
  }).annotate({ identifier: "SampledValue" })
) {}

/**
 * What was measured at one instant.
 *
 * @category schemas
 * @since 0.1.0
 */
export class MeterValue extends Schema.Opaque<MeterValue>()(
  Schema.Struct({
    timestamp: Schema.DateTimeUtc,
    sampledValue: Schema.Array(SampledValue)
  }).annotate({ identifier: "MeterValue" })
) {}

/** The register that is billed. */
const energyRegisterMeasurand = "Energy.Active.Import.Register"

/**
 * What the register of energy reads, in Wh, at the outlet and of all phases together: the reading that 1.x asks for at the
 * start of a transaction (`Transaction.Begin`) and at its end (`Transaction.End`).
 *
 * **Example** (At the start)
 *
 * ```ts
 * yield* evse.started({ meterValue: [Domain.energyRegister(now, BigDecimal.fromBigInt(1000n), "Transaction.Begin")] })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const energyRegister = (
  timestamp: DateTime.Utc,
  wattHours: BigDecimal.BigDecimal,
  context: ReadingContext
): MeterValue => ({
  timestamp,
  sampledValue: [
    {
      measurand: energyRegisterMeasurand,
      context,
      location: "Outlet",
      reading: { _tag: "Measured", value: wattHours, unit: "Wh" }
    }
  ]
})

/**
 * Whether a reading is one of the register of energy, at the outlet and of all phases together, whatever its unit.
 *
 * @category guards
 * @since 0.1.0
 */
export const isEnergyRegister = ({ location, measurand, phase }: SampledValue): boolean =>
  measurand === energyRegisterMeasurand && location === "Outlet" && phase === undefined

/**
 * Readings that belong to no transaction.
 *
 * @category messages
 * @since 0.1.0
 */
export class MeterValuesRequest extends Schema.Opaque<MeterValuesRequest>()(
  Schema.Struct({
    /** Absent: of the main meter of the station. */
    evseId: Schema.optionalKey(Schema.Int),
    meterValue: Schema.Array(MeterValue)
  }).annotate({ identifier: "MeterValuesRequest" })
) {}

/**
 * The readings were taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class MeterValuesResponse extends Schema.Opaque<MeterValuesResponse>()(
  Wire.Empty.annotate({ identifier: "MeterValuesResponse" })
) {}

/**
 * Sends readings that belong to no transaction.
 *
 * @category actions
 * @since 0.1.0
 */
export const MeterValues = Action.make("MeterValues", {
  from: "station",
  block: "Metering",
  request: MeterValuesRequest,
  response: MeterValuesResponse
})
