/**
 * Functional block L of OCPP 2.0.1, Firmware Management: firmware updates, also through a local controller.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, GenericStatusEnumType, StatusInfoType } from "./DataTypes.ts"

/**
 * Firmware to install: where it is, when to fetch and install it, and how it is signed.
 *
 * @category models
 * @since 0.1.0
 */
export class FirmwareType extends Schema.Opaque<FirmwareType>()(
  Schema.Struct({
    /** URI to download from. */
    location: Wire.text(512),
    retrieveDateTime: Timestamp,
    installDateTime: Schema.optionalKey(Timestamp),
    /** PEM. */
    signingCertificate: Schema.optionalKey(Wire.text(5500)),
    /** Base64. */
    signature: Schema.optionalKey(Wire.text(800)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FirmwareType" })
) {}

/**
 * The CSMS has the station download and install firmware. With `signingCertificate` and `signature` the update is a
 * secure one.
 *
 * @see P2 L01, L02
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareRequest extends Schema.Opaque<UpdateFirmwareRequest>()(
  Schema.Struct({
    /** How often to try again; absent: the station decides. */
    retries: Schema.optionalKey(Wire.Integer),
    /** Seconds; absent: the station decides. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    /** Comes back in `FirmwareStatusNotification`. */
    requestId: Wire.Integer,
    firmware: FirmwareType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UpdateFirmwareRequest" })
) {}

/**
 * Whether a firmware update is taken up.
 *
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
 * Whether the update is taken up; `AcceptedCanceled` when it replaces one that was under way.
 *
 * @see P2 L01, L02
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareResponse extends Schema.Opaque<UpdateFirmwareResponse>()(
  Schema.Struct({
    status: UpdateFirmwareStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UpdateFirmwareResponse" })
) {}

/**
 * Starts a firmware update.
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
 * How far a firmware update is.
 *
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
 * The station reports how a firmware update goes on.
 *
 * @see P2 L01, L02
 * @category messages
 * @since 0.1.0
 */
export class FirmwareStatusNotificationRequest extends Schema.Opaque<FirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: FirmwareStatusEnumType,
    /** Absent only when triggered while no update is under way. */
    requestId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FirmwareStatusNotificationRequest" })
) {}

/**
 * The CSMS has seen the progress.
 *
 * @see P2 L01, L02
 * @category messages
 * @since 0.1.0
 */
export class FirmwareStatusNotificationResponse extends Schema.Opaque<FirmwareStatusNotificationResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FirmwareStatusNotificationResponse" })
) {}

/**
 * Reports the progress of a firmware update.
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
 * The CSMS has a local controller download firmware and offer it to the stations behind it.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareRequest extends Schema.Opaque<PublishFirmwareRequest>()(
  Schema.Struct({
    /** URI to download from. */
    location: Wire.text(512),
    /** How often to try again; absent: the controller decides. */
    retries: Schema.optionalKey(Wire.Integer),
    /** MD5 of the file, 32 hexadecimal digits. */
    checksum: Wire.text(32),
    /** Comes back in `PublishFirmwareStatusNotification`. */
    requestId: Wire.Integer,
    /** Seconds; absent: the controller decides. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PublishFirmwareRequest" })
) {}

/**
 * Whether the controller takes it up.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareResponse extends Schema.Opaque<PublishFirmwareResponse>()(
  Schema.Struct({
    status: GenericStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PublishFirmwareResponse" })
) {}

/**
 * Has a local controller offer firmware to its stations.
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
 * How far the publishing of firmware is.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PublishFirmwareStatusEnumType = Schema.Literals([
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
]).annotate({ identifier: "PublishFirmwareStatusEnumType" })
/**
 * A value of {@link PublishFirmwareStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type PublishFirmwareStatusEnumType = typeof PublishFirmwareStatusEnumType.Type

/**
 * The local controller reports how the publishing of firmware goes on.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareStatusNotificationRequest extends Schema.Opaque<PublishFirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: PublishFirmwareStatusEnumType,
    /** Where stations fetch it; present if `Published`. */
    location: Schema.optionalKey(Schema.Array(Wire.text(512)).check(Schema.isMinLength(1))),
    requestId: Schema.optionalKey(Wire.Integer),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PublishFirmwareStatusNotificationRequest" })
) {}

/**
 * The CSMS has seen the progress.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareStatusNotificationResponse extends Schema.Opaque<PublishFirmwareStatusNotificationResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PublishFirmwareStatusNotificationResponse" })
) {}

/**
 * Reports the progress of publishing firmware.
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
 * The CSMS has a local controller withdraw firmware that it offers.
 *
 * @see P2 L04
 * @category messages
 * @since 0.1.0
 */
export class UnpublishFirmwareRequest extends Schema.Opaque<UnpublishFirmwareRequest>()(
  Schema.Struct({
    /** MD5 of the file, 32 hexadecimal digits. */
    checksum: Wire.text(32),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UnpublishFirmwareRequest" })
) {}

/**
 * Whether published firmware was withdrawn.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UnpublishFirmwareStatusEnumType = Schema.Literals([
  "DownloadOngoing",
  "NoFirmware",
  "Unpublished"
]).annotate({ identifier: "UnpublishFirmwareStatusEnumType" })
/**
 * A value of {@link UnpublishFirmwareStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnpublishFirmwareStatusEnumType = typeof UnpublishFirmwareStatusEnumType.Type

/**
 * Whether the firmware is withdrawn; `DownloadOngoing` when a station is just fetching it.
 *
 * @see P2 L04
 * @category messages
 * @since 0.1.0
 */
export class UnpublishFirmwareResponse extends Schema.Opaque<UnpublishFirmwareResponse>()(
  Schema.Struct({
    status: UnpublishFirmwareStatusEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UnpublishFirmwareResponse" })
) {}

/**
 * Withdraws published firmware.
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
