/**
 * The data types of OCPP 1.6 that messages of more than one feature profile share.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * The identifier that a driver presents, such as the number of an RFID card. Upper and lower case are the same.
 *
 * @see OCPP 1.6 §7.28
 * @category schemas
 * @since 0.1.0
 */
export const IdToken = Wire.text(20).annotate({ identifier: "IdToken" })
/**
 * The text of an identifier.
 *
 * @category models
 * @since 0.1.0
 */
export type IdToken = typeof IdToken.Type

/**
 * Whether an identifier may charge. Everything but `Accepted` means no; `ConcurrentTx` says that it is charging
 * already.
 *
 * @see OCPP 1.6 §7.2
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizationStatus = Schema.Literals([
  "Accepted",
  "Blocked",
  "Expired",
  "Invalid",
  "ConcurrentTx"
]).annotate({ identifier: "AuthorizationStatus" })
/**
 * A value of {@link AuthorizationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationStatus = typeof AuthorizationStatus.Type

/**
 * What the central system knows of an identifier: whether it may charge, until when, and the group it belongs to.
 *
 * @see OCPP 1.6 §7.27
 * @category models
 * @since 0.1.0
 */
export class IdTagInfo extends Schema.Opaque<IdTagInfo>()(
  Schema.Struct({
    /** When the authorization cache must forget the identifier; absent: never. */
    expiryDate: Schema.optionalKey(Timestamp),
    /** The group: identifiers with the same parent may stop each other's transactions. */
    parentIdTag: Schema.optionalKey(IdToken),
    status: AuthorizationStatus
  }).annotate({ identifier: "IdTagInfo" })
) {}

/**
 * What a profile limits: the whole charge point, every new transaction, or one transaction.
 *
 * @see OCPP 1.6 §7.10
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfilePurposeType = Schema.Literals([
  "ChargePointMaxProfile",
  "TxDefaultProfile",
  "TxProfile"
]).annotate({ identifier: "ChargingProfilePurposeType" })
/**
 * A value of {@link ChargingProfilePurposeType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfilePurposeType = typeof ChargingProfilePurposeType.Type

/**
 * Where the clock of a schedule starts: at a fixed instant, again and again, or when charging starts.
 *
 * @see OCPP 1.6 §7.9
 * @category schemas
 * @since 0.1.0
 */
export const ChargingProfileKindType = Schema.Literals(["Absolute", "Recurring", "Relative"]).annotate({
  identifier: "ChargingProfileKindType"
})
/**
 * A value of {@link ChargingProfileKindType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingProfileKindType = typeof ChargingProfileKindType.Type

/**
 * How often a recurring schedule starts over: every 24 hours or every 7 days, counted from its `startSchedule`.
 *
 * @see OCPP 1.6 §7.37
 * @category schemas
 * @since 0.1.0
 */
export const RecurrencyKindType = Schema.Literals(["Daily", "Weekly"]).annotate({ identifier: "RecurrencyKindType" })
/**
 * A value of {@link RecurrencyKindType}.
 *
 * @category models
 * @since 0.1.0
 */
export type RecurrencyKindType = typeof RecurrencyKindType.Type

/**
 * The unit of the limits of a schedule: `A` is ampere per phase, `W` is watt over all phases.
 *
 * @see OCPP 1.6 §7.12
 * @category schemas
 * @since 0.1.0
 */
export const ChargingRateUnitType = Schema.Literals(["A", "W"]).annotate({ identifier: "ChargingRateUnitType" })
/**
 * A value of {@link ChargingRateUnitType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChargingRateUnitType = typeof ChargingRateUnitType.Type

/**
 * A limit that holds from the start of this period to the start of the next one.
 *
 * @see OCPP 1.6 §7.14
 * @category models
 * @since 0.1.0
 */
export class ChargingSchedulePeriod extends Schema.Opaque<ChargingSchedulePeriod>()(
  Schema.Struct({
    /** Seconds after the start of the schedule; 0 in the first period. */
    startPeriod: Wire.Integer,
    /** In the `chargingRateUnit` of the schedule, with at most one decimal. */
    limit: Wire.Tenths,
    /** The phases that may be used; absent: 3. */
    numberPhases: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "ChargingSchedulePeriod" })
) {}

/**
 * Limits over time.
 *
 * @see OCPP 1.6 §7.13
 * @category models
 * @since 0.1.0
 */
export class ChargingSchedule extends Schema.Opaque<ChargingSchedule>()(
  Schema.Struct({
    /** Seconds; absent: the last period goes on for ever, or until the transaction ends. */
    duration: Schema.optionalKey(Wire.Integer),
    /** Absent: the schedule counts from the start of charging. Left out in GetCompositeSchedule. */
    startSchedule: Schema.optionalKey(Timestamp),
    chargingRateUnit: ChargingRateUnitType,
    /** At least one period is meant, though the schema also takes an empty list. */
    chargingSchedulePeriod: Schema.Array(ChargingSchedulePeriod),
    /** Below this rate the vehicle charges badly; in the `chargingRateUnit`, with at most one decimal. */
    minChargingRate: Schema.optionalKey(Wire.Tenths)
  }).annotate({ identifier: "ChargingSchedule" })
) {}

/**
 * A schedule with what it applies to, when it is valid, and its rank among the others.
 *
 * @see OCPP 1.6 §7.8
 * @category models
 * @since 0.1.0
 */
export class ChargingProfile extends Schema.Opaque<ChargingProfile>()(
  Schema.Struct({
    chargingProfileId: Wire.Integer,
    /** Only in a `TxProfile`: the transaction that it is for. */
    transactionId: Schema.optionalKey(Wire.Integer),
    /** A higher level wins; the lowest is 0. */
    stackLevel: Wire.Integer,
    chargingProfilePurpose: ChargingProfilePurposeType,
    chargingProfileKind: ChargingProfileKindType,
    /** Only in a `Recurring` profile. */
    recurrencyKind: Schema.optionalKey(RecurrencyKindType),
    /** Absent: valid at once. */
    validFrom: Schema.optionalKey(Timestamp),
    /** Absent: valid until replaced. */
    validTo: Schema.optionalKey(Timestamp),
    chargingSchedule: ChargingSchedule
  }).annotate({ identifier: "ChargingProfile" })
) {}
