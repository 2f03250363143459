/**
 * Firmware management: updates of a station's firmware, also through a local controller.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { GenericStatus, StatusInfo } from "./DataTypes.ts"

/**
 * Firmware to install: where it is, when to fetch and install it, and how it is signed.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Firmware extends Schema.Opaque<Firmware>()(
  Schema.Struct({
    /** A URI, which may hold a password. */
    location: Schema.String,
    /** Not to be downloaded before. */
    retrieveDateTime: Schema.DateTimeUtc,
    /** Not to be installed before; absent: as soon as possible. */
    installDateTime: Schema.optionalKey(Schema.DateTimeUtc),
    /** The certificate of whoever has signed the file, PEM. It and `signature` come together. */
    signingCertificate: Schema.optionalKey(Schema.String),
    /** The signature over the file, Base64. */
    signature: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "Firmware" })
) {}

/**
 * Asks the station to download and install firmware.
 *
 * **Details**
 *
 * In 1.6 an update whose firmware is signed is a SignedUpdateFirmware of the security extension, any other an
 * UpdateFirmware.
 *
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareRequest extends Schema.Opaque<UpdateFirmwareRequest>()(
  Schema.Struct({
    /** Comes back in `FirmwareStatusNotification`, unless the firmware is unsigned and the station one of 1.x. */
    requestId: Schema.optionalKey(Schema.Int),
    firmware: Firmware,
    /** How often to try to download it; absent: the station chooses. */
    retries: Schema.optionalKey(Schema.Int),
    /** Between two tries, in whole seconds; absent: the station chooses. */
    retryInterval: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "UpdateFirmwareRequest" })
) {}

/**
 * Whether a station takes up an update; `AcceptedCanceled`: it gives up another one for it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UpdateFirmwareStatus = Schema.Literals([
  "Accepted",
  "Rejected",
  "AcceptedCanceled",
  "InvalidCertificate",
  "RevokedCertificate"
]).annotate({ identifier: "UpdateFirmwareStatus" })
/**
 * A value of {@link UpdateFirmwareStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type UpdateFirmwareStatus = typeof UpdateFirmwareStatus.Type

/**
 * Whether the station takes up the update. An unsigned one it cannot refuse in 1.x.
 *
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareResponse extends Schema.Opaque<UpdateFirmwareResponse>()(
  Schema.Struct({
    status: UpdateFirmwareStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "UpdateFirmwareResponse" })
) {}

/**
 * Asks the station to update its firmware.
 *
 * @category actions
 * @since 0.1.0
 */
export const UpdateFirmware = Action.make("UpdateFirmware", {
  from: "csms",
  block: "FirmwareManagement",
  request: UpdateFirmwareRequest,
  response: UpdateFirmwareResponse
})

/**
 * How far an update has come. `Idle`: there is none.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FirmwareStatus = Schema.Literals([
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
]).annotate({ identifier: "FirmwareStatus" })
/**
 * A value of {@link FirmwareStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type FirmwareStatus = typeof FirmwareStatus.Type

/**
 * The station tells how far an update has come.
 *
 * @category messages
 * @since 0.1.0
 */
export class FirmwareStatusNotificationRequest extends Schema.Opaque<FirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: FirmwareStatus,
    /** That of `UpdateFirmware`. Absent: there is no update, or one without an id, as 1.x has where the firmware is unsigned. */
    requestId: Schema.optionalKey(Schema.Int),
    /** Of 2.1. */
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "FirmwareStatusNotificationRequest" })
) {}

/**
 * The status was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class FirmwareStatusNotificationResponse extends Schema.Opaque<FirmwareStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "FirmwareStatusNotificationResponse" })
) {}

/**
 * Tells how far an update has come.
 *
 * @category actions
 * @since 0.1.0
 */
export const FirmwareStatusNotification = Action.make("FirmwareStatusNotification", {
  from: "station",
  block: "FirmwareManagement",
  request: FirmwareStatusNotificationRequest,
  response: FirmwareStatusNotificationResponse
})

/**
 * Asks a local controller to download firmware, and to offer it to the stations behind it.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareRequest extends Schema.Opaque<PublishFirmwareRequest>()(
  Schema.Struct({
    /** Comes back in `PublishFirmwareStatusNotification`. */
    requestId: Schema.Int,
    /** A URI, which may hold a password. */
    location: Schema.String,
    /** The MD5 of the file, 32 hexadecimal digits. */
    checksum: Schema.String,
    /** How often to try to download it; absent: the controller chooses. */
    retries: Schema.optionalKey(Schema.Int),
    /** Between two tries, in whole seconds; absent: the controller chooses. */
    retryInterval: Schema.optionalKey(Schema.Duration)
  }).annotate({ identifier: "PublishFirmwareRequest" })
) {}

/**
 * Whether the controller does so.
 *
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareResponse extends Schema.Opaque<PublishFirmwareResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "PublishFirmwareResponse" })
) {}

/**
 * Asks a local controller to offer firmware to the stations behind it.
 *
 * @category actions
 * @since 0.1.0
 */
export const PublishFirmware = Action.make("PublishFirmware", {
  from: "csms",
  block: "FirmwareManagement",
  request: PublishFirmwareRequest,
  response: PublishFirmwareResponse
})

/**
 * How far a local controller has come with firmware. `Idle`: there is none.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PublishFirmwareStatus = Schema.Literals([
  "Idle",
  "DownloadScheduled",
  "Downloading",
  "Downloaded",
  "Published",
  "DownloadFailed",
  "DownloadPaused",
  "InvalidChecksum",
  "ChecksumVerified",
  "PublishFailed"
]).annotate({ identifier: "PublishFirmwareStatus" })
/**
 * A value of {@link PublishFirmwareStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type PublishFirmwareStatus = typeof PublishFirmwareStatus.Type

/**
 * The local controller tells how far it has come with firmware.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareStatusNotificationRequest extends Schema.Opaque<PublishFirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: PublishFirmwareStatus,
    /** Where stations can fetch it, a URI for each protocol; only, and always, if it is `Published`. */
    location: Schema.optionalKey(Schema.Array(Schema.String)),
    /** That of `PublishFirmware`; absent: there is none. */
    requestId: Schema.optionalKey(Schema.Int),
    /** Of 2.1. */
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "PublishFirmwareStatusNotificationRequest" })
) {}

/**
 * The status was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareStatusNotificationResponse extends Schema.Opaque<PublishFirmwareStatusNotificationResponse>()(
  Wire.Empty.annotate({ identifier: "PublishFirmwareStatusNotificationResponse" })
) {}

/**
 * Tells how far a local controller has come with firmware.
 *
 * @category actions
 * @since 0.1.0
 */
export const PublishFirmwareStatusNotification = Action.make("PublishFirmwareStatusNotification", {
  from: "station",
  block: "FirmwareManagement",
  request: PublishFirmwareStatusNotificationRequest,
  response: PublishFirmwareStatusNotificationResponse
})

/**
 * Asks a local controller to offer firmware no longer.
 *
 * @see P2 L04
 * @category messages
 * @since 0.1.0
 */
export class UnpublishFirmwareRequest extends Schema.Opaque<UnpublishFirmwareRequest>()(
  Schema.Struct({
    /** The MD5 of the file, 32 hexadecimal digits. */
    checksum: Schema.String
  }).annotate({ identifier: "UnpublishFirmwareRequest" })
) {}

/**
 * Whether firmware is offered no longer. `DownloadOngoing`: it still is, for a station is fetching it; `NoFirmware`: it was
 * not offered.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UnpublishFirmwareStatus = Schema.Literals(["DownloadOngoing", "NoFirmware", "Unpublished"]).annotate({
  identifier: "UnpublishFirmwareStatus"
})
/**
 * A value of {@link UnpublishFirmwareStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnpublishFirmwareStatus = typeof UnpublishFirmwareStatus.Type

/**
 * Whether the firmware is offered no longer.
 *
 * @category messages
 * @since 0.1.0
 */
export class UnpublishFirmwareResponse extends Schema.Opaque<UnpublishFirmwareResponse>()(
  Schema.Struct({
    status: UnpublishFirmwareStatus
  }).annotate({ identifier: "UnpublishFirmwareResponse" })
) {}

/**
 * Asks a local controller to offer firmware no longer.
 *
 * @category actions
 * @since 0.1.0
 */
export const UnpublishFirmware = Action.make("UnpublishFirmware", {
  from: "csms",
  block: "FirmwareManagement",
  request: UnpublishFirmwareRequest,
  response: UnpublishFirmwareResponse
})
