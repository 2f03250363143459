/**
 * Functional block A of OCPP 2.0.1, Security: certificates of the station and of the authorities it trusts, and
 * security events.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, GenericStatusEnumType, StatusInfoType } from "./DataTypes.ts"

/**
 * What a certificate of the station is for.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateSigningUseEnumType = Schema.Literals(["ChargingStationCertificate", "V2GCertificate"]).annotate(
  { identifier: "CertificateSigningUseEnumType" }
)
/**
 * A value of {@link CertificateSigningUseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateSigningUseEnumType = typeof CertificateSigningUseEnumType.Type

/**
 * The station hands in a certificate signing request, for itself or for its ISO 15118 connection.
 *
 * @see P2 A02, A03
 * @category messages
 * @since 0.1.0
 */
export class SignCertificateRequest extends Schema.Opaque<SignCertificateRequest>()(
  Schema.Struct({
    /** PKCS #10, PEM. */
    csr: Wire.text(5500),
    /** Absent: for both uses. */
    certificateType: Schema.optionalKey(CertificateSigningUseEnumType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SignCertificateRequest" })
) {}

/**
 * Whether the request is taken; the certificate itself comes later in `CertificateSigned`.
 *
 * @see P2 A02, A03
 * @category messages
 * @since 0.1.0
 */
export class SignCertificateResponse extends Schema.Opaque<SignCertificateResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SignCertificateResponse" })
) {}

/**
 * Asks for a certificate to be signed.
 *
 * @category actions
 * @since 0.1.0
 */
export const SignCertificate = Action.make("SignCertificate", {
  from: "station",
  block: "Security",
  request: SignCertificateRequest,
  response: SignCertificateResponse
})

/**
 * The CSMS delivers the certificate that `SignCertificate` asked for.
 *
 * @see P2 A02, A03
 * @category messages
 * @since 0.1.0
 */
export class CertificateSignedRequest extends Schema.Opaque<CertificateSignedRequest>()(
  Schema.Struct({
    /** PEM, from the leaf up. */
    certificateChain: Wire.text(10000),
    /** Absent: for both uses. */
    certificateType: Schema.optionalKey(CertificateSigningUseEnumType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateSignedRequest" })
) {}

/**
 * Whether a signed certificate is accepted.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateSignedStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "CertificateSignedStatusEnumType"
})
/**
 * A value of {@link CertificateSignedStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateSignedStatusEnumType = typeof CertificateSignedStatusEnumType.Type

/**
 * Whether the station accepts and installs the certificate; `Rejected` when it is not valid or not wanted.
 *
 * @see P2 A02, A03
 * @category messages
 * @since 0.1.0
 */
export class CertificateSignedResponse extends Schema.Opaque<CertificateSignedResponse>()(
  Schema.Struct({
    status: CertificateSignedStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateSignedResponse" })
) {}

/**
 * Delivers a signed certificate.
 *
 * @category actions
 * @since 0.1.0
 */
export const CertificateSigned = Action.make("CertificateSigned", {
  from: "csms",
  block: "Security",
  request: CertificateSignedRequest,
  response: CertificateSignedResponse
})

/**
 * The station reports that something relevant to security happened. Critical events are kept and sent after an
 * offline time.
 *
 * @see P2 A04
 * @category messages
 * @since 0.1.0
 */
export class SecurityEventNotificationRequest extends Schema.Opaque<SecurityEventNotificationRequest>()(
  Schema.Struct({
    /** From the standard list of security events, or the vendor's own. */
    type: Wire.text(50),
    timestamp: Timestamp,
    techInfo: Schema.optionalKey(Wire.text(255)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SecurityEventNotificationRequest" })
) {}

/**
 * The CSMS has seen the event.
 *
 * @see P2 A04
 * @category messages
 * @since 0.1.0
 */
export class SecurityEventNotificationResponse extends Schema.Opaque<SecurityEventNotificationResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SecurityEventNotificationResponse" })
) {}

/**
 * Reports a security event.
 *
 * @category actions
 * @since 0.1.0
 */
export const SecurityEventNotification = Action.make("SecurityEventNotification", {
  from: "station",
  block: "Security",
  request: SecurityEventNotificationRequest,
  response: SecurityEventNotificationResponse
})

/**
 * What a CA certificate is for.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateUseEnumType = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "CSMSRootCertificate",
  "ManufacturerRootCertificate"
]).annotate({ identifier: "InstallCertificateUseEnumType" })
/**
 * A value of {@link InstallCertificateUseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type InstallCertificateUseEnumType = typeof InstallCertificateUseEnumType.Type

/**
 * The CSMS sends a CA certificate for the station to trust.
 *
 * @see P2 M05
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateRequest extends Schema.Opaque<InstallCertificateRequest>()(
  Schema.Struct({
    certificateType: InstallCertificateUseEnumType,
    /** PEM. */
    certificate: Wire.text(5500),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "InstallCertificateRequest" })
) {}

/**
 * Whether a CA certificate was installed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateStatusEnumType = Schema.Literals(["Accepted", "Rejected", "Failed"]).annotate({
  identifier: "InstallCertificateStatusEnumType"
})
/**
 * A value of {@link InstallCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type InstallCertificateStatusEnumType = typeof InstallCertificateStatusEnumType.Type

/**
 * Whether the certificate is installed: `Rejected` for one that is refused, `Failed` for an attempt that failed.
 *
 * @see P2 M05
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateResponse extends Schema.Opaque<InstallCertificateResponse>()(
  Schema.Struct({
    status: InstallCertificateStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "InstallCertificateResponse" })
) {}

/**
 * Installs a CA certificate.
 *
 * @category actions
 * @since 0.1.0
 */
export const InstallCertificate = Action.make("InstallCertificate", {
  from: "csms",
  block: "Security",
  request: InstallCertificateRequest,
  response: InstallCertificateResponse
})
