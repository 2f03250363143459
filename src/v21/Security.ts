/**
 * Functional block A of OCPP 2.1, Security: certificates of the station and of the authorities it trusts, and
 * security events.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { CertificateSignedStatusEnumType, InstallCertificateStatusEnumType } from "../v201/Security.ts"
import { CertificateHashDataType, CustomDataType, GenericStatusEnumType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  CertificateSignedStatusEnumType,
  InstallCertificateStatusEnumType,
  SecurityEventNotification,
  SecurityEventNotificationRequest,
  SecurityEventNotificationResponse
} from "../v201/Security.ts"

/**
 * What a certificate of the station is for.
 *
 * **Changed in 2.1**: adds `V2G20Certificate`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateSigningUseEnumType = Schema.Literals([
  "ChargingStationCertificate",
  "V2GCertificate",
  "V2G20Certificate"
]).annotate({ identifier: "CertificateSigningUseEnumType" })
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
 * **Changed in 2.1**: adds `hashRootCertificate`, `requestId`.
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
    /** The root that should sign. */
    hashRootCertificate: Schema.optionalKey(CertificateHashDataType),
    /** Comes back in `CertificateSigned`. */
    requestId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SignCertificateRequest" })
) {}

/**
 * Whether the request is taken; the certificate itself comes later in `CertificateSigned`.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * **Changed in 2.1**: adds `requestId`.
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
    /** That of the `SignCertificate`. */
    requestId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateSignedRequest" })
) {}

/**
 * Whether the station accepts and installs the certificate; `Rejected` when it is not valid or not wanted.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * What a CA certificate is for.
 *
 * **Changed in 2.1**: adds `OEMRootCertificate`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateUseEnumType = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "ManufacturerRootCertificate",
  "CSMSRootCertificate",
  "OEMRootCertificate"
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
 * **Changed in 2.1**: longer `certificate` (5500 → 10000).
 *
 * @see P2 M05
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateRequest extends Schema.Opaque<InstallCertificateRequest>()(
  Schema.Struct({
    certificateType: InstallCertificateUseEnumType,
    /** PEM. */
    certificate: Wire.text(10000),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "InstallCertificateRequest" })
) {}

/**
 * Whether the certificate is installed: `Rejected` for one that is refused, `Failed` for an attempt that failed.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
