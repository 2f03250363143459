/**
 * The data types of the generic messages: what the versions of OCPP write in different ways, each in one.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { openWords } from "./internal/openWords.ts"

/**
 * An EVSE of a station, or one of its connectors; both are counted from 1.
 *
 * **Details**
 *
 * A station of 1.x has connectors and no EVSEs: each of its connectors is an EVSE of that number, with connector 1.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Evse extends Schema.Opaque<Evse>()(
  Schema.Struct({
    id: Schema.Int,
    /** Absent: all connectors of the EVSE. */
    connectorId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "Evse" })
) {}

/**
 * What kind of identifier an idToken is: `Unknown` where a version does not tell, as 1.x does not, else a word of the
 * standard or, in 2.1, one that both sides have agreed on. 2.0.1 has neither these nor `DirectPayment`, `EVCCID` and `VIN`.
 * Upper and lower case are the same, though 2.1 only has others than those here.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdTokenType = openWords([
  "Unknown",
  "Central",
  "DirectPayment",
  "eMAID",
  "EVCCID",
  "ISO14443",
  "ISO15693",
  "KeyCode",
  "Local",
  "MacAddress",
  "NoAuthorization",
  "VIN"
]).annotate({ identifier: "IdTokenType" })
/**
 * A value of {@link IdTokenType}.
 *
 * @category models
 * @since 0.1.0
 */
export type IdTokenType = typeof IdTokenType.Type

/**
 * A further identifier of a driver, in a form of the vendor's own.
 *
 * @category schemas
 * @since 0.1.0
 */
export class AdditionalInfo extends Schema.Opaque<AdditionalInfo>()(
  Schema.Struct({ additionalIdToken: Schema.String, type: Schema.String }).annotate({ identifier: "AdditionalInfo" })
) {}

/**
 * An identifier of a driver, such as a card. Upper and lower case are the same.
 *
 * @category schemas
 * @since 0.1.0
 */
export class IdToken extends Schema.Opaque<IdToken>()(
  Schema.Struct({
    /** Empty where `type` is `NoAuthorization`. */
    idToken: Schema.String,
    type: IdTokenType,
    /** Further identifiers of the same driver. */
    additionalInfo: Schema.optionalKey(Schema.Array(AdditionalInfo))
  }).annotate({ identifier: "IdToken" })
) {}

/**
 * Whether an identifier may charge, or why it may not.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizationStatus = Schema.Literals([
  "Accepted",
  "Blocked",
  "ConcurrentTx",
  "Expired",
  "Invalid",
  "NoCredit",
  "NotAllowedTypeEVSE",
  "NotAtThisLocation",
  "NotAtThisTime",
  "Unknown"
]).annotate({ identifier: "AuthorizationStatus" })
/**
 * A value of {@link AuthorizationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationStatus = typeof AuthorizationStatus.Type

/**
 * A text for a driver.
 *
 * @category schemas
 * @since 0.1.0
 */
export class MessageContent extends Schema.Opaque<MessageContent>()(
  Schema.Struct({
    /** `QRCODE` is of 2.1 only. */
    format: Schema.Literals(["ASCII", "HTML", "QRCODE", "URI", "UTF8"]),
    /** As in RFC 5646. */
    language: Schema.optionalKey(Schema.String),
    content: Schema.String
  }).annotate({ identifier: "MessageContent" })
) {}

/**
 * What a CSMS knows of an identifier.
 *
 * @category schemas
 * @since 0.1.0
 */
export class IdTokenInfo extends Schema.Opaque<IdTokenInfo>()(
  Schema.Struct({
    status: AuthorizationStatus,
    /** When the authorization cache must forget the identifier; absent: never. */
    cacheExpiryDateTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** Identifiers of one group may stop each other's transactions. */
    groupIdToken: Schema.optionalKey(IdToken),
    /** From -9 to 9, the higher the more important; absent means 0. */
    chargingPriority: Schema.optionalKey(Schema.Int),
    /** The EVSEs where the identifier may charge, one at least; absent: all. */
    evseId: Schema.optionalKey(Schema.Array(Schema.Int)),
    /** Preferred language of the driver, as in RFC 5646, and the second choice. */
    language1: Schema.optionalKey(Schema.String),
    language2: Schema.optionalKey(Schema.String),
    personalMessage: Schema.optionalKey(MessageContent)
  }).annotate({ identifier: "IdTokenInfo" })
) {}

/**
 * More about a status.
 *
 * @category schemas
 * @since 0.1.0
 */
export class StatusInfo extends Schema.Opaque<StatusInfo>()(
  Schema.Struct({
    /** A code of the standard list or of the vendor; upper and lower case are the same. */
    reasonCode: Schema.String,
    additionalInfo: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "StatusInfo" })
) {}

/**
 * Whether a request was taken up, for operations that tell no more.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GenericStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({ identifier: "GenericStatus" })
/**
 * A value of {@link GenericStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GenericStatus = typeof GenericStatus.Type

/**
 * Whether a station does what it was asked about its device model; where a report is due, `Accepted` says that it follows.
 *
 * **Details**
 *
 * - `NotSupported`: the station has no such report or set of monitors.
 * - `EmptyResultSet`: nothing matches, and no report follows.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GenericDeviceModelStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "NotSupported",
  "EmptyResultSet"
]).annotate({ identifier: "GenericDeviceModelStatus" })
/**
 * A value of {@link GenericDeviceModelStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GenericDeviceModelStatus = typeof GenericDeviceModelStatus.Type

/**
 * A way to get energy into a vehicle, or out of it (`BPT`). 2.0.1 has `DC` and `AC_…_phase` only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EnergyTransferMode = Schema.Literals([
  "AC_BPT",
  "AC_BPT_DER",
  "AC_DER",
  "AC_single_phase",
  "AC_three_phase",
  "AC_two_phase",
  "DC",
  "DC_ACDP",
  "DC_ACDP_BPT",
  "DC_BPT",
  "WPT"
]).annotate({ identifier: "EnergyTransferMode" })
/**
 * A value of {@link EnergyTransferMode}.
 *
 * @category models
 * @since 0.1.0
 */
export type EnergyTransferMode = typeof EnergyTransferMode.Type
