/**
 * Functional block L of OCPP 2.1, Firmware Management: firmware updates, also through a local controller.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  FirmwareStatusEnumType,
  FirmwareStatusNotificationResponse,
  PublishFirmwareStatusEnumType,
  PublishFirmwareStatusNotificationResponse,
  UpdateFirmwareStatusEnumType
} from "../v201/FirmwareManagement.ts"
import { CustomDataType, GenericStatusEnumType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  FirmwareStatusEnumType,
  FirmwareStatusNotificationResponse,
  PublishFirmwareStatusEnumType,
  PublishFirmwareStatusNotificationResponse,
  UnpublishFirmware,
  UnpublishFirmwareRequest,
  UnpublishFirmwareResponse,
  UnpublishFirmwareStatusEnumType,
  UpdateFirmwareStatusEnumType
} from "../v201/FirmwareManagement.ts"

/**
 * Firmware to install: where it is, when to fetch and install it, and how it is signed.
 *
 * **Changed in 2.1**: longer `location` (512 → 2000).
 *
 * @category models
 * @since 0.1.0
 */
export class FirmwareType extends Schema.Opaque<FirmwareType>()(
  Schema.Struct({
    /** URI to download from. */
    location: Wire.text(2000),
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
 * **Changed in 2.1**: `retries` is not negative.
 *
 * @see P2 L01, L02
 * @category messages
 * @since 0.1.0
 */
export class UpdateFirmwareRequest extends Schema.Opaque<UpdateFirmwareRequest>()(
  Schema.Struct({
    /** How often to try again; 0: never; absent: the station decides. */
    retries: Schema.optionalKey(Wire.Natural),
    /** Seconds; absent: the station decides. */
    retryInterval: Schema.optionalKey(Wire.Integer),
    /** Comes back in `FirmwareStatusNotification`. */
    requestId: Wire.Integer,
    firmware: FirmwareType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "UpdateFirmwareRequest" })
) {}

/**
 * Whether the update is taken up; `AcceptedCanceled` when it replaces one that was under way.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * The station reports how a firmware update goes on.
 *
 * **Changed in 2.1**: adds `statusInfo`.
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
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "FirmwareStatusNotificationRequest" })
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
 * **Changed in 2.1**: longer `location` (512 → 2000); `retries`, `requestId`, `retryInterval` are not negative.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareRequest extends Schema.Opaque<PublishFirmwareRequest>()(
  Schema.Struct({
    /** URI to download from. */
    location: Wire.text(2000),
    /** How often to try again; 0: never; absent: the controller decides. */
    retries: Schema.optionalKey(Wire.Natural),
    /** MD5 of the file, 32 hexadecimal digits. */
    checksum: Wire.text(32),
    /** Comes back in `PublishFirmwareStatusNotification`. */
    requestId: Wire.Natural,
    /** Seconds; absent: the controller decides. */
    retryInterval: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PublishFirmwareRequest" })
) {}

/**
 * Whether the controller takes it up.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
 * The local controller reports how the publishing of firmware goes on.
 *
 * **Changed in 2.1**: adds `statusInfo`; longer `location` (512 → 2000); `requestId` is not negative.
 *
 * @see P2 L03
 * @category messages
 * @since 0.1.0
 */
export class PublishFirmwareStatusNotificationRequest extends Schema.Opaque<PublishFirmwareStatusNotificationRequest>()(
  Schema.Struct({
    status: PublishFirmwareStatusEnumType,
    /** Where stations fetch it; present if `Published`. */
    location: Schema.optionalKey(Schema.Array(Wire.text(2000)).check(Schema.isMinLength(1))),
    requestId: Schema.optionalKey(Wire.Natural),
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "PublishFirmwareStatusNotificationRequest" })
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
