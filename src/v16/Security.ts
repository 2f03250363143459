/**
 * The security extension of OCPP 1.6: certificates, signed firmware, logs and security events, brought back from 2.0.1.
 *
 * @see Security whitepaper §5, §6
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * Whether the station can use the certificate that it was given.
 *
 * @see Security whitepaper §6.2
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
 * The central system hands over the certificate that SignCertificate asked for.
 *
 * @see Security whitepaper §5.1
 * @category messages
 * @since 0.1.0
 */
export class CertificateSignedRequest extends Schema.Opaque<CertificateSignedRequest>()(
  Schema.Struct({
    /** PEM: the station's certificate, and those between it and the root where needed. */
    certificateChain: Wire.text(10000)
  }).annotate({ identifier: "CertificateSignedRequest" })
) {}

/**
 * Whether the certificate is valid.
 *
 * @see Security whitepaper §5.2
 * @category messages
 * @since 0.1.0
 */
export class CertificateSignedResponse extends Schema.Opaque<CertificateSignedResponse>()(
  Schema.Struct({
    status: CertificateSignedStatusEnumType
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
 * The algorithm of the hashes that identify a certificate.
 *
 * @see Security whitepaper §6.12
 * @category schemas
 * @since 0.1.0
 */
export const HashAlgorithmEnumType = Schema.Literals(["SHA256", "SHA384", "SHA512"]).annotate({
  identifier: "HashAlgorithmEnumType"
})
/**
 * A value of {@link HashAlgorithmEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type HashAlgorithmEnumType = typeof HashAlgorithmEnumType.Type

/**
 * What identifies a certificate, as in OCSP (RFC 6960). Everything is hexadecimal, in upper or lower case.
 *
 * @see Security whitepaper §6.1
 * @category models
 * @since 0.1.0
 */
export class CertificateHashDataType extends Schema.Opaque<CertificateHashDataType>()(
  Schema.Struct({
    hashAlgorithm: HashAlgorithmEnumType,
    /** The hash of the issuer's name in DER. */
    issuerNameHash: Wire.text(128),
    /** The hash of the issuer's public key in DER, without tag and length. */
    issuerKeyHash: Wire.text(128),
    /** Without leading zeroes and without `0x`. */
    serialNumber: Wire.text(40)
  }).annotate({ identifier: "CertificateHashDataType" })
) {}

/**
 * Whether a certificate was deleted. `Failed` also protects the root certificate of the connection itself.
 *
 * @see Security whitepaper §6.7
 * @category schemas
 * @since 0.1.0
 */
export const DeleteCertificateStatusEnumType = Schema.Literals(["Accepted", "Failed", "NotFound"]).annotate({
  identifier: "DeleteCertificateStatusEnumType"
})
/**
 * A value of {@link DeleteCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DeleteCertificateStatusEnumType = typeof DeleteCertificateStatusEnumType.Type

/**
 * The central system deletes a root certificate of the station.
 *
 * @see Security whitepaper §5.3
 * @category messages
 * @since 0.1.0
 */
export class DeleteCertificateRequest extends Schema.Opaque<DeleteCertificateRequest>()(
  Schema.Struct({
    certificateHashData: CertificateHashDataType
  }).annotate({ identifier: "DeleteCertificateRequest" })
) {}

/**
 * Whether the certificate was deleted.
 *
 * @see Security whitepaper §5.4
 * @category messages
 * @since 0.1.0
 */
export class DeleteCertificateResponse extends Schema.Opaque<DeleteCertificateResponse>()(
  Schema.Struct({
    status: DeleteCertificateStatusEnumType
  }).annotate({ identifier: "DeleteCertificateResponse" })
) {}

/**
 * Deletes a root certificate of the station.
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

/**
 * The message that the station is to send.
 *
 * **Gotchas**
 *
 * `FirmwareStatusNotification` stands for SignedFirmwareStatusNotification, `SignChargePointCertificate` for
 * SignCertificate.
 *
 * @see Security whitepaper §6.16
 * @category schemas
 * @since 0.1.0
 */
export const MessageTriggerEnumType = Schema.Literals([
  "BootNotification",
  "LogStatusNotification",
  "FirmwareStatusNotification",
  "Heartbeat",
  "MeterValues",
  "SignChargePointCertificate",
  "StatusNotification"
]).annotate({ identifier: "MessageTriggerEnumType" })
/**
 * A value of {@link MessageTriggerEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageTriggerEnumType = typeof MessageTriggerEnumType.Type

/**
 * Whether the message will be sent; `NotImplemented`: the station does not know it.
 *
 * @see Security whitepaper §6.17
 * @category schemas
 * @since 0.1.0
 */
export const TriggerMessageStatusEnumType = Schema.Literals(["Accepted", "Rejected", "NotImplemented"]).annotate({
  identifier: "TriggerMessageStatusEnumType"
})
/**
 * A value of {@link TriggerMessageStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type TriggerMessageStatusEnumType = typeof TriggerMessageStatusEnumType.Type

/**
 * TriggerMessage with the messages of the security extension.
 *
 * @see Security whitepaper §5.5
 * @category messages
 * @since 0.1.0
 */
export class ExtendedTriggerMessageRequest extends Schema.Opaque<ExtendedTriggerMessageRequest>()(
  Schema.Struct({
    requestedMessage: MessageTriggerEnumType,
    /** Above 0; only where the message is about a connector. */
    connectorId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "ExtendedTriggerMessageRequest" })
) {}

/**
 * Whether the message will be sent.
 *
 * @see Security whitepaper §5.6
 * @category messages
 * @since 0.1.0
 */
export class ExtendedTriggerMessageResponse extends Schema.Opaque<ExtendedTriggerMessageResponse>()(
  Schema.Struct({
    status: TriggerMessageStatusEnumType
  }).annotate({ identifier: "ExtendedTriggerMessageResponse" })
) {}

/**
 * Asks the station for a message.
 *
 * @category actions
 * @since 0.1.0
 */
export const ExtendedTriggerMessage = Action.make("ExtendedTriggerMessage", {
  from: "csms",
  block: "Security",
  request: ExtendedTriggerMessageRequest,
  response: ExtendedTriggerMessageResponse
})

/**
 * What a root certificate is for: the connection to the central system, or the check of signed firmware.
 *
 * @see Security whitepaper §6.4
 * @category schemas
 * @since 0.1.0
 */
export const CertificateUseEnumType = Schema.Literals([
  "CentralSystemRootCertificate",
  "ManufacturerRootCertificate"
]).annotate({ identifier: "CertificateUseEnumType" })
/**
 * A value of {@link CertificateUseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateUseEnumType = typeof CertificateUseEnumType.Type

/**
 * Whether certificates of the type are installed.
 *
 * @see Security whitepaper §6.11
 * @category schemas
 * @since 0.1.0
 */
export const GetInstalledCertificateStatusEnumType = Schema.Literals(["Accepted", "NotFound"]).annotate({
  identifier: "GetInstalledCertificateStatusEnumType"
})
/**
 * A value of {@link GetInstalledCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetInstalledCertificateStatusEnumType = typeof GetInstalledCertificateStatusEnumType.Type

/**
 * The central system asks which root certificates are installed.
 *
 * @see Security whitepaper §5.7
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsRequest extends Schema.Opaque<GetInstalledCertificateIdsRequest>()(
  Schema.Struct({
    certificateType: CertificateUseEnumType
  }).annotate({ identifier: "GetInstalledCertificateIdsRequest" })
) {}

/**
 * The root certificates that are installed.
 *
 * @see Security whitepaper §5.8
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsResponse extends Schema.Opaque<GetInstalledCertificateIdsResponse>()(
  Schema.Struct({
    /** Absent where there is none: the list must not be empty. */
    certificateHashData: Schema.optionalKey(Schema.Array(CertificateHashDataType).check(Schema.isMinLength(1))),
    status: GetInstalledCertificateStatusEnumType
  }).annotate({ identifier: "GetInstalledCertificateIdsResponse" })
) {}

/**
 * Asks which root certificates are installed.
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
 * The log to upload.
 *
 * @see Security whitepaper §6.13
 * @category schemas
 * @since 0.1.0
 */
export const LogEnumType = Schema.Literals(["DiagnosticsLog", "SecurityLog"]).annotate({ identifier: "LogEnumType" })
/**
 * A value of {@link LogEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type LogEnumType = typeof LogEnumType.Type

/**
 * Which part of a log to upload, and where to.
 *
 * @see Security whitepaper §6.14
 * @category models
 * @since 0.1.0
 */
export class LogParametersType extends Schema.Opaque<LogParametersType>()(
  Schema.Struct({
    /** A URL; the schema takes any text. It may hold a password. */
    remoteLocation: Wire.text(512),
    /** The oldest entry to include. */
    oldestTimestamp: Schema.optionalKey(Timestamp),
    /** The latest entry to include. */
    latestTimestamp: Schema.optionalKey(Timestamp)
  }).annotate({ identifier: "LogParametersType" })
) {}

/**
 * Whether the log will be uploaded; `AcceptedCanceled`: another upload was given up for it.
 *
 * @see Security whitepaper §6.15
 * @category schemas
 * @since 0.1.0
 */
export const LogStatusEnumType = Schema.Literals(["Accepted", "Rejected", "AcceptedCanceled"]).annotate({
  identifier: "LogStatusEnumType"
})
/**
 * A value of {@link LogStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type LogStatusEnumType = typeof LogStatusEnumType.Type

/**
 * The central system asks the station to upload a log.
 *
 * @see Security whitepaper §5.9
 * @category messages
 * @since 0.1.0
 */
export class GetLogRequest extends Schema.Opaque<GetLogRequest>()(
  Schema.Struct({
    log: LogParametersType,
    logType: LogEnumType,
    /** Comes back in every LogStatusNotification of this upload. */
    requestId: Wire.Integer,
    /** Absent: the station chooses. */
    retries: Schema.optionalKey(Wire.Integer),
    /** Seconds; absent: the station chooses. */
    retryInterval: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "GetLogRequest" })
) {}

/**
 * Whether the log will be uploaded, and under which name.
 *
 * @see Security whitepaper §5.10
 * @category messages
 * @since 0.1.0
 */
export class GetLogResponse extends Schema.Opaque<GetLogResponse>()(
  Schema.Struct({
    status: LogStatusEnumType,
    /** Absent: there is nothing to upload. */
    filename: Schema.optionalKey(Wire.text(255))
  }).annotate({ identifier: "GetLogResponse" })
) {}

/**
 * Asks the station to upload a log.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetLog = Action.make("GetLog", {
  from: "csms",
  block: "Security",
  request: GetLogRequest,
  response: GetLogResponse
})

/**
 * Whether a root certificate was installed. `Rejected`: it is not valid, or there is no room; `Failed`: any other
 * reason.
 *
 * @see Security whitepaper §6.3 (there `CertificateStatusEnumType`)
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateStatusEnumType = Schema.Literals(["Accepted", "Failed", "Rejected"]).annotate({
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
 * The central system installs a root certificate. The station's own certificate comes with CertificateSigned instead.
 *
 * @see Security whitepaper §5.11
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateRequest extends Schema.Opaque<InstallCertificateRequest>()(
  Schema.Struct({
    certificateType: CertificateUseEnumType,
    /** PEM. */
    certificate: Wire.text(5500)
  }).annotate({ identifier: "InstallCertificateRequest" })
) {}

/**
 * Whether the certificate was installed.
 *
 * @see Security whitepaper §5.12
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateResponse extends Schema.Opaque<InstallCertificateResponse>()(
  Schema.Struct({
    status: InstallCertificateStatusEnumType
  }).annotate({ identifier: "InstallCertificateResponse" })
) {}

/**
 * Installs a root certificate.
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
 * How far the upload of a log has come. `Idle` only answers an ExtendedTriggerMessage.
 *
 * @see Security whitepaper §6.19
 * @category schemas
 * @since 0.1.0
 */
export const UploadLogStatusEnumType = Schema.Literals([
  "BadMessage",
  "Idle",
  "NotSupportedOperation",
  "PermissionDenied",
  "Uploaded",
  "UploadFailure",
  "Uploading"
]).annotate({ identifier: "UploadLogStatusEnumType" })
/**
 * A value of {@link UploadLogStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UploadLogStatusEnumType = typeof UploadLogStatusEnumType.Type

/**
 * The station reports on the upload that GetLog asked for.
 *
 * @see Security whitepaper §5.13
 * @category messages
 * @since 0.1.0
 */
export class LogStatusNotificationRequest extends Schema.Opaque<LogStatusNotificationRequest>()(
  Schema.Struct({
    status: UploadLogStatusEnumType,
    /** That of GetLog; absent only when triggered while nothing is being uploaded. */
    requestId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "LogStatusNotificationRequest" })
) {}

/**
 * The central system has the status.
 *
 * @see Security whitepaper §5.14
 * @category messages
 * @since 0.1.0
 */
export class LogStatusNotificationResponse extends Schema.Opaque<LogStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "LogStatusNotificationResponse" })
) {}

/**
 * Reports on the upload of a log.
 *
 * @category actions
 * @since 0.1.0
 */
export const LogStatusNotification = Action.make("LogStatusNotification", {
  from: "station",
  block: "Security",
  request: LogStatusNotificationRequest,
  response: LogStatusNotificationResponse
})

/**
 * The station reports a critical security event. While offline the message waits; it must not be lost.
 *
 * @see Security whitepaper §5.15
 * @category messages
 * @since 0.1.0
 */
export class SecurityEventNotificationRequest extends Schema.Opaque<SecurityEventNotificationRequest>()(
  Schema.Struct({
    /** The name of the event; the whitepaper lists the standard ones in its chapter 8. */
    type: Wire.text(50),
    timestamp: Timestamp,
    techInfo: Schema.optionalKey(Wire.text(255))
  }).annotate({ identifier: "SecurityEventNotificationRequest" })
) {}

/**
 * The central system has the event.
 *
 * @see Security whitepaper §5.16
 * @category messages
 * @since 0.1.0
 */
export class SecurityEventNotificationResponse extends Schema.Opaque<SecurityEventNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "SecurityEventNotificationResponse" })
) {}

/**
 * Reports a critical security event.
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
 * Yes or no.
 *
 * @see Security whitepaper §6.10
 * @category schemas
 * @since 0.1.0
 */
export const GenericStatusEnumType = Schema.Literals(["Accepted", "Rejected"]).annotate({
  identifier: "GenericStatusEnumType"
})
/**
 * A value of {@link GenericStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GenericStatusEnumType = typeof GenericStatusEnumType.Type

/**
 * The station asks for a certificate. It gets it later, by CertificateSigned.
 *
 * @see Security whitepaper §5.17
 * @category messages
 * @since 0.1.0
 */
export class SignCertificateRequest extends Schema.Opaque<SignCertificateRequest>()(
  Schema.Struct({
    /** A certificate signing request (RFC 2986) in PEM. */
    csr: Wire.text(5500)
  }).annotate({ identifier: "SignCertificateRequest" })
) {}

/**
 * Whether the central system will have the certificate signed.
 *
 * @see Security whitepaper §5.18
 * @category messages
 * @since 0.1.0
 */
export class SignCertificateResponse extends Schema.Opaque<SignCertificateResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType
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
 * How far a signed firmware update has come. `Idle` only answers an ExtendedTriggerMessage. It is over at `Installed`
 * and at `DownloadFailed`, `InstallationFailed`, `InstallVerificationFailed` and `InvalidSignature`.
 *
 * @see Security whitepaper §6.8
 * @category schemas
 * @since 0.1.0
 */
export const FirmwareStatusEnumType = Schema.Literals([
  "Downloaded",
  "DownloadFailed",
  "Downloading",
  "DownloadScheduled",
  "DownloadPaused",
  "Idle",
  "InstallationFailed",
  "Installing",
  "Installed",
  "InstallRebooting",
  "InstallScheduled",
  "InstallVerificationFailed",
  "InvalidSignature",
  "SignatureVerified"
]).annotate({ identifier: "FirmwareStatusEnumType" })
/**
 * A value of {@link FirmwareStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type FirmwareStatusEnumType = typeof FirmwareStatusEnumType.Type

/**
 * The station reports on the update that SignedUpdateFirmware asked for.
 *
 * @see Security whitepaper §5.19
 * @category messages
 * @since 0.1.0
 */
export class SignedFirmwareStatusNotificationRequest extends Schema.Opaque<SignedFirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: FirmwareStatusEnumType,
    /** That of SignedUpdateFirmware; absent only when triggered while there is no update. */
    requestId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "SignedFirmwareStatusNotificationRequest" })
) {}

/**
 * The central system has the status.
 *
 * @see Security whitepaper §5.20
 * @category messages
 * @since 0.1.0
 */
export class SignedFirmwareStatusNotificationResponse extends Schema.Opaque<SignedFirmwareStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "SignedFirmwareStatusNotificationResponse" })
) {}

/**
 * Reports on a signed firmware update.
 *
 * @category actions
 * @since 0.1.0
 */
export const SignedFirmwareStatusNotification = Action.make("SignedFirmwareStatusNotification", {
  from: "station",
  block: "Security",
  request: SignedFirmwareStatusNotificationRequest,
  response: SignedFirmwareStatusNotificationResponse
})

/**
 * A firmware file with what its signature is checked by.
 *
 * @see Security whitepaper §6.9
 * @category models
 * @since 0.1.0
 */
export class FirmwareType extends Schema.Opaque<FirmwareType>()(
  Schema.Struct({
    /** A URI; the schema takes any text. It may hold a password. */
    location: Wire.text(512),
    /** Not to be downloaded before. */
    retrieveDateTime: Timestamp,
    /** Not to be installed before; absent: as soon as possible. */
    installDateTime: Schema.optionalKey(Timestamp),
    /** PEM: the certificate of whoever signed the file. */
    signingCertificate: Wire.text(5500),
    /** Base64: the signature over the whole file. */
    signature: Wire.text(800)
  }).annotate({ identifier: "FirmwareType" })
) {}

/**
 * Whether the update will be done; `AcceptedCanceled`: another update was given up for it.
 *
 * @see Security whitepaper §6.18
 * @category schemas
 * @since 0.1.0
 */
export const UpdateFirmwareStatusEnumType = Schema.Literals([
  "Accepted",
  "Rejected",
  "AcceptedCanceled",
  "InvalidCertificate",
  "RevokedCertificate"
]).annotate({ identifier: "UpdateFirmwareStatusEnumType" })
/**
 * A value of {@link UpdateFirmwareStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UpdateFirmwareStatusEnumType = typeof UpdateFirmwareStatusEnumType.Type

/**
 * The central system asks the station to download and install signed firmware.
 *
 * @see Security whitepaper §5.21
 * @category messages
 * @since 0.1.0
 */
export class SignedUpdateFirmwareRequest extends Schema.Opaque<SignedUpdateFirmwareRequest>()(
  Schema.Struct({
    /** Absent: the station chooses. */
    retries: Schema.optionalKey(Wire.Integer),
    /** Seconds; absent: the station chooses. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    /** Comes back in every SignedFirmwareStatusNotification of this update. */
    requestId: Wire.Integer,
    firmware: FirmwareType
  }).annotate({ identifier: "SignedUpdateFirmwareRequest" })
) {}

/**
 * Whether the update will be done.
 *
 * @see Security whitepaper §5.22
 * @category messages
 * @since 0.1.0
 */
export class SignedUpdateFirmwareResponse extends Schema.Opaque<SignedUpdateFirmwareResponse>()(
  Schema.Struct({
    status: UpdateFirmwareStatusEnumType
  }).annotate({ identifier: "SignedUpdateFirmwareResponse" })
) {}

/**
 * Asks the station to install signed firmware.
 *
 * @category actions
 * @since 0.1.0
 */
export const SignedUpdateFirmware = Action.make("SignedUpdateFirmware", {
  from: "csms",
  block: "Security",
  request: SignedUpdateFirmwareRequest,
  response: SignedUpdateFirmwareResponse
})
