/**
 * Functional block C of OCPP 2.0.1, Authorization: who may charge, and the authorization cache.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, IdTokenInfoType, IdTokenType, OCSPRequestDataType, StatusInfoType } from "./DataTypes.ts"

/**
 * The station asks whether an identifier may charge. With a contract certificate, the vehicle presents the identifier
 * (Plug & Charge).
 *
 * @see P2 C01
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeRequest extends Schema.Opaque<AuthorizeRequest>()(
  Schema.Struct({
    idToken: IdTokenType,
    /** The contract certificate of the vehicle, PEM. */
    certificate: Schema.optionalKey(Wire.text(5500)),
    iso15118CertificateHashData: Schema.optionalKey(
      Schema.Array(OCSPRequestDataType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AuthorizeRequest" })
) {}

/**
 * What the CSMS found when it checked a contract certificate.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizeCertificateStatusEnumType = Schema.Literals([
  "Accepted",
  "SignatureError",
  "CertificateExpired",
  "CertificateRevoked",
  "NoCertificateAvailable",
  "CertChainError",
  "ContractCancelled"
]).annotate({ identifier: "AuthorizeCertificateStatusEnumType" })
/**
 * A value of {@link AuthorizeCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizeCertificateStatusEnumType = typeof AuthorizeCertificateStatusEnumType.Type

/**
 * What the CSMS knows of the identifier, and of the certificate if there was one.
 *
 * @see P2 C01
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeResponse extends Schema.Opaque<AuthorizeResponse>()(
  Schema.Struct({
    idTokenInfo: IdTokenInfoType,
    certificateStatus: Schema.optionalKey(AuthorizeCertificateStatusEnumType),
    customData: Schema.optionalKey(CustomDataType)
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
 * The CSMS has the station empty its authorization cache.
 *
 * @see P2 C11
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheRequest extends Schema.Opaque<ClearCacheRequest>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearCacheRequest" })
) {}

/**
 * Whether the authorization cache was emptied.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ClearCacheStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "ClearCacheStatusEnumType"
})
/**
 * A value of {@link ClearCacheStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ClearCacheStatusEnumType = typeof ClearCacheStatusEnumType.Type

/**
 * Whether the cache is empty now.
 *
 * @see P2 C11
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheResponse extends Schema.Opaque<ClearCacheResponse>()(
  Schema.Struct({
    status: ClearCacheStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearCacheResponse" })
) {}

/**
 * Empties the authorization cache.
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
