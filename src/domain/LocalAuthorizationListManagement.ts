/**
 * Local authorization list: the identifiers that a station knows by itself.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { IdToken, IdTokenInfo, StatusInfo } from "./DataTypes.ts"

/**
 * Asks for the version of the station's list.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionRequest extends Schema.Opaque<GetLocalListVersionRequest>()(
  Wire.Empty.annotate({ identifier: "GetLocalListVersionRequest" })
) {}

/**
 * The version of the station's list.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionResponse extends Schema.Opaque<GetLocalListVersionResponse>()(
  Schema.Struct({
    /** 0: there is no list. Absent: the station has no such lists at all. */
    versionNumber: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "GetLocalListVersionResponse" })
) {}

/**
 * Asks for the version of the station's list.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetLocalListVersion = Action.make("GetLocalListVersion", {
  from: "csms",
  block: "LocalAuthorizationListManagement",
  request: GetLocalListVersionRequest,
  response: GetLocalListVersionResponse
})

/**
 * An identifier of a list.
 *
 * @category schemas
 * @since 0.1.0
 */
export class AuthorizationData extends Schema.Opaque<AuthorizationData>()(
  Schema.Struct({
    idToken: IdToken,
    /** Absent in a `Differential` update: the identifier is removed. */
    idTokenInfo: Schema.optionalKey(IdTokenInfo)
  }).annotate({ identifier: "AuthorizationData" })
) {}

/**
 * What a list does to the one that the station has.
 *
 * **Details**
 *
 * - `Differential`: its identifiers are added, changed or removed.
 * - `Full`: it takes the place of the other.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UpdateType = Schema.Literals(["Differential", "Full"]).annotate({ identifier: "UpdateType" })
/**
 * A value of {@link UpdateType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UpdateType = typeof UpdateType.Type

/**
 * Changes the station's list, or replaces it.
 *
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListRequest extends Schema.Opaque<SendLocalListRequest>()(
  Schema.Struct({
    /** The version of the list after the update. */
    versionNumber: Schema.Int,
    updateType: UpdateType,
    /** Absent or empty in a `Full` update: the list is emptied. */
    localAuthorizationList: Schema.optionalKey(Schema.Array(AuthorizationData))
  }).annotate({ identifier: "SendLocalListRequest" })
) {}

/**
 * Whether a list was taken.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SendLocalListStatus = Schema.Literals(["Accepted", "Failed", "VersionMismatch", "NotSupported"]).annotate({
  identifier: "SendLocalListStatus"
})
/**
 * A value of {@link SendLocalListStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type SendLocalListStatus = typeof SendLocalListStatus.Type

/**
 * Whether the list was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListResponse extends Schema.Opaque<SendLocalListResponse>()(
  Schema.Struct({
    status: SendLocalListStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SendLocalListResponse" })
) {}

/**
 * Changes the station's list, or replaces it.
 *
 * @category actions
 * @since 0.1.0
 */
export const SendLocalList = Action.make("SendLocalList", {
  from: "csms",
  block: "LocalAuthorizationListManagement",
  request: SendLocalListRequest,
  response: SendLocalListResponse
})
