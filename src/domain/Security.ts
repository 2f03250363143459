/**
 * Security: what a station reports of attacks and changes, its certificates, and those of the authorities that it trusts.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * Something has happened that matters for security.
 *
 * @category messages
 * @since 0.1.0
 */
export class SecurityEventNotificationRequest extends Schema.Opaque<SecurityEventNotificationRequest>()(
  Schema.Struct({
    /** From the standard list where possible. */
    type: Schema.String,
    timestamp: Schema.DateTimeUtc,
    techInfo: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "SecurityEventNotificationRequest" })
) {}

/**
 * The event was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class SecurityEventNotificationResponse extends Schema.Opaque<SecurityEventNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "SecurityEventNotificationResponse" })
) {}

/**
 * Reports something that matters for security.
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
 * What a certificate of the station is for: its connection to the CSMS, or that to vehicles by ISO 15118, where
 * `V2G20Certificate` is for ISO 15118-20 and of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateSigningUse = Schema.Literals([
  "ChargingStationCertificate",
  "V2GCertificate",
  "V2G20Certificate"
]).annotate({ identifier: "CertificateSigningUse" })
/**
 * A value of {@link CertificateSigningUse}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateSigningUse = typeof CertificateSigningUse.Type

/**
 * What identifies a certificate, as in OCSP (RFC 6960). Everything is hexadecimal, in upper or lower case.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CertificateHashData extends Schema.Opaque<CertificateHashData>()(
  Schema.Struct({
    /** The algorithm of both hashes. */
    hashAlgorithm: Schema.Literals(["SHA256", "SHA384", "SHA512"]),
    /** Of the issuer's name in DER. */
    issuerNameHash: Schema.String,
    /** Of the issuer's public key in DER, without tag and length. */
    issuerKeyHash: Schema.String,
    /** Without `0x` and leading zeros. */
    serialNumber: Schema.String
  }).annotate({ identifier: "CertificateHashData" })
) {}

/**
 * The station asks for a certificate. It gets it later, by `CertificateSigned`.
 *
 * @category messages
 * @since 0.1.0
 */
export class SignCertificateRequest extends Schema.Opaque<SignCertificateRequest>()(
  Schema.Struct({
    /** A certificate signing request in PEM (PKCS #10). */
    csr: Schema.String,
    /** Absent: for both uses. 1.6 has certificates of the station only. */
    certificateType: Schema.optionalKey(CertificateSigningUse),
    /** Of 2.1. The root whose authority is to sign. */
    hashRootCertificate: Schema.optionalKey(CertificateHashData),
    /** Of 2.1. Comes back in `CertificateSigned`. */
    requestId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "SignCertificateRequest" })
) {}

/**
 * Whether a CSMS will have a certificate signed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SignCertificateStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "SignCertificateStatus"
})
/**
 * A value of {@link SignCertificateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type SignCertificateStatus = typeof SignCertificateStatus.Type

/**
 * Whether the CSMS will have the certificate signed.
 *
 * @category messages
 * @since 0.1.0
 */
export class SignCertificateResponse extends Schema.Opaque<SignCertificateResponse>()(
  Schema.Struct({
    status: SignCertificateStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SignCertificateResponse" })
) {}

/**
 * Asks for a certificate of the station.
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
 * Hands over the certificate that `SignCertificate` has asked for.
 *
 * @category messages
 * @since 0.1.0
 */
export class CertificateSignedRequest extends Schema.Opaque<CertificateSignedRequest>()(
  Schema.Struct({
    /** PEM, from the station's own certificate up. */
    certificateChain: Schema.String,
    /** Absent: for both uses. 1.6 has certificates of the station only. */
    certificateType: Schema.optionalKey(CertificateSigningUse),
    /** That of `SignCertificate`, if that had one. */
    requestId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "CertificateSignedRequest" })
) {}

/**
 * Whether a station takes a certificate.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateSignedStatus = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "CertificateSignedStatus"
})
/**
 * A value of {@link CertificateSignedStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateSignedStatus = typeof CertificateSignedStatus.Type

/**
 * Whether the station takes the certificate.
 *
 * @category messages
 * @since 0.1.0
 */
export class CertificateSignedResponse extends Schema.Opaque<CertificateSignedResponse>()(
  Schema.Struct({
    status: CertificateSignedStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "CertificateSignedResponse" })
) {}

/**
 * Hands the station its new certificate.
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
 * What a root certificate is for: vehicles, contracts, the connection to the CSMS, the check of signed firmware or, in 2.1
 * only, the makers of vehicles.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateUse = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "CSMSRootCertificate",
  "ManufacturerRootCertificate",
  "OEMRootCertificate"
]).annotate({ identifier: "InstallCertificateUse" })
/**
 * A value of {@link InstallCertificateUse}.
 *
 * @category models
 * @since 0.1.0
 */
export type InstallCertificateUse = typeof InstallCertificateUse.Type

/**
 * Has the station trust a root certificate.
 *
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateRequest extends Schema.Opaque<InstallCertificateRequest>()(
  Schema.Struct({
    certificateType: InstallCertificateUse,
    /** PEM. */
    certificate: Schema.String
  }).annotate({ identifier: "InstallCertificateRequest" })
) {}

/**
 * Whether a root certificate is installed: `Rejected` where it is not good, `Failed` where the attempt went wrong.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateStatus = Schema.Literals(["Accepted", "Rejected", "Failed"]).annotate({
  identifier: "InstallCertificateStatus"
})
/**
 * A value of {@link InstallCertificateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type InstallCertificateStatus = typeof InstallCertificateStatus.Type

/**
 * Whether the certificate is installed.
 *
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateResponse extends Schema.Opaque<InstallCertificateResponse>()(
  Schema.Struct({
    status: InstallCertificateStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "InstallCertificateResponse" })
) {}

/**
 * Has the station trust a root certificate.
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

/**
 * What an installed certificate is for: as in {@link InstallCertificateUse}, or it is the station's own chain for vehicles.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetCertificateIdUse = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "CSMSRootCertificate",
  "V2GCertificateChain",
  "ManufacturerRootCertificate",
  "OEMRootCertificate"
]).annotate({ identifier: "GetCertificateIdUse" })
/**
 * A value of {@link GetCertificateIdUse}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetCertificateIdUse = typeof GetCertificateIdUse.Type

/**
 * Asks which certificates are installed.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsRequest extends Schema.Opaque<GetInstalledCertificateIdsRequest>()(
  Schema.Struct({
    /** One at least, if there is a list; absent: all. 1.6 asks for one at a time, but for those of Plug & Charge. */
    certificateType: Schema.optionalKey(Schema.Array(GetCertificateIdUse))
  }).annotate({ identifier: "GetInstalledCertificateIdsRequest" })
) {}

/**
 * Whether there are such certificates.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetInstalledCertificateStatus = Schema.Literals(["Accepted", "NotFound"]).annotate({
  identifier: "GetInstalledCertificateStatus"
})
/**
 * A value of {@link GetInstalledCertificateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetInstalledCertificateStatus = typeof GetInstalledCertificateStatus.Type

/**
 * An installed certificate.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CertificateHashDataChain extends Schema.Opaque<CertificateHashDataChain>()(
  Schema.Struct({
    certificateHashData: CertificateHashData,
    /** Absent: the one that was asked for, which 1.6 does not repeat. */
    certificateType: Schema.optionalKey(GetCertificateIdUse),
    /** Those between it and its root, if it is the station's own. */
    childCertificateHashData: Schema.optionalKey(Schema.Array(CertificateHashData))
  }).annotate({ identifier: "CertificateHashDataChain" })
) {}

/**
 * The certificates that are installed.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsResponse extends Schema.Opaque<GetInstalledCertificateIdsResponse>()(
  Schema.Struct({
    status: GetInstalledCertificateStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** Absent: there is none. */
    certificateHashDataChain: Schema.optionalKey(Schema.Array(CertificateHashDataChain))
  }).annotate({ identifier: "GetInstalledCertificateIdsResponse" })
) {}

/**
 * Asks which certificates are installed.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetInstalledCertificateIds = Action.make("GetInstalledCertificateIds", {
  from: "csms",
  block: "Security",
  request: GetInstalledCertificateIdsRequest,
  response: GetInstalledCertificateIdsResponse
})

/**
 * Removes a certificate. The station's own cannot be removed.
 *
 * @category messages
 * @since 0.1.0
 */
export class DeleteCertificateRequest extends Schema.Opaque<DeleteCertificateRequest>()(
  Schema.Struct({
    certificateHashData: CertificateHashData
  }).annotate({ identifier: "DeleteCertificateRequest" })
) {}

/**
 * Whether a certificate is removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeleteCertificateStatus = Schema.Literals(["Accepted", "Failed", "NotFound"]).annotate({
  identifier: "DeleteCertificateStatus"
})
/**
 * A value of {@link DeleteCertificateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type DeleteCertificateStatus = typeof DeleteCertificateStatus.Type

/**
 * Whether the certificate is removed.
 *
 * @category messages
 * @since 0.1.0
 */
export class DeleteCertificateResponse extends Schema.Opaque<DeleteCertificateResponse>()(
  Schema.Struct({
    status: DeleteCertificateStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "DeleteCertificateResponse" })
) {}

/**
 * Removes a certificate.
 *
 * @category actions
 * @since 0.1.0
 */
export const DeleteCertificate = Action.make("DeleteCertificate", {
  from: "csms",
  block: "Security",
  request: DeleteCertificateRequest,
  response: DeleteCertificateResponse
})
