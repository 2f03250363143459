/**
 * Authorization: who may charge.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { EnergyTransferMode, IdToken, IdTokenInfo, StatusInfo } from "./DataTypes.ts"
import { Tariff } from "./TariffAndCost.ts"

/**
 * What an OCSP responder is asked by about a certificate.
 *
 * @category schemas
 * @since 0.1.0
 */
export class OcspRequestData extends Schema.Opaque<OcspRequestData>()(
  Schema.Struct({
    hashAlgorithm: Schema.Literals(["SHA256", "SHA384", "SHA512"]),
    issuerNameHash: Schema.String,
    issuerKeyHash: Schema.String,
    serialNumber: Schema.String,
    responderURL: Schema.String
  }).annotate({ identifier: "OcspRequestData" })
) {}

/**
 * The station asks whether an identifier may charge.
 *
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeRequest extends Schema.Opaque<AuthorizeRequest>()(
  Schema.Struct({
    idToken: IdToken,
    /** The contract certificate of the vehicle, PEM. */
    certificate: Schema.optionalKey(Schema.String),
    iso15118CertificateHashData: Schema.optionalKey(Schema.Array(OcspRequestData))
  }).annotate({ identifier: "AuthorizeRequest" })
) {}

/**
 * Whether a contract certificate is good, or why not.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateStatus = Schema.Literals([
  "Accepted",
  "SignatureError",
  "CertificateExpired",
  "CertificateRevoked",
  "NoCertificateAvailable",
  "CertChainError",
  "ContractCancelled"
]).annotate({ identifier: "CertificateStatus" })
/**
 * A value of {@link CertificateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateStatus = typeof CertificateStatus.Type

/**
 * Whether the identifier may charge.
 *
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeResponse extends Schema.Opaque<AuthorizeResponse>()(
  Schema.Struct({
    idTokenInfo: IdTokenInfo,
    /** Absent: none was to be looked at. */
    certificateStatus: Schema.optionalKey(CertificateStatus),
    /** What the vehicle may do, in 2.1. Absent: charge, as in the versions before. */
    allowedEnergyTransfer: Schema.optionalKey(Schema.Array(EnergyTransferMode)),
    /** Of 2.1. The driver's own tariff; absent: that of the EVSE. */
    tariff: Schema.optionalKey(Tariff)
  }).annotate({ identifier: "AuthorizeResponse" })
) {}

/**
 * Asks whether an identifier may charge.
 *
 * @category actions
 * @since 0.1.0
 */
export const Authorize = Action.make("Authorize", {
  from: "station",
  block: "Authorization",
  request: AuthorizeRequest,
  response: AuthorizeResponse
})

/**
 * Asks the station to forget the identifiers in its authorization cache.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheRequest extends Schema.Opaque<ClearCacheRequest>()(
  Wire.Empty.annotate({ identifier: "ClearCacheRequest" })
) {}

/**
 * Whether a station has cleared its cache.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearCacheStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({ identifier: "ClearCacheStatus" })
/**
 * A value of {@link ClearCacheStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearCacheStatus = typeof ClearCacheStatus.Type

/**
 * Whether the station has cleared its cache.
 *
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheResponse extends Schema.Opaque<ClearCacheResponse>()(
  Schema.Struct({
    status: ClearCacheStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "ClearCacheResponse" })
) {}

/**
 * Asks the station to clear its authorization cache.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearCache = Action.make("ClearCache", {
  from: "csms",
  block: "Authorization",
  request: ClearCacheRequest,
  response: ClearCacheResponse
})
