/**
 * The Local Auth List Management profile of OCPP 1.6: a list of identifiers that the station knows when it is offline.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { IdTagInfo, IdToken } from "./DataTypes.ts"

/**
 * The central system asks for the version of the station's list.
 *
 * @see OCPP 1.6 §5.10, §6.27
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionRequest extends Schema.Opaque<GetLocalListVersionRequest>()(
  Wire.Empty.annotate({ identifier: "GetLocalListVersionRequest" })
) {}

/**
 * The version of the station's list.
 *
 * @see OCPP 1.6 §5.10, §6.28
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionResponse extends Schema.Opaque<GetLocalListVersionResponse>()(
  Schema.Struct({
    /** 0: the list is empty; -1: the station has no local lists. */
    listVersion: Wire.Integer
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
  block: "LocalAuthListManagement",
  request: GetLocalListVersionRequest,
  response: GetLocalListVersionResponse
})

/**
 * One identifier of a list.
 *
 * @see OCPP 1.6 §7.1
 * @category models
 * @since 0.1.0
 */
export class AuthorizationData extends Schema.Opaque<AuthorizationData>()(
  Schema.Struct({
    idTag: IdToken,
    /** Needed in a full update; absent in a differential one: the identifier is removed. */
    idTagInfo: Schema.optionalKey(IdTagInfo)
  }).annotate({ identifier: "AuthorizationData" })
) {}

/**
 * Whether a list replaces the station's list or changes it.
 *
 * @see OCPP 1.6 §7.48
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
 * Whether the list was updated. `VersionMismatch`: a differential update that is not newer than the list; a full one
 * puts it right.
 *
 * @see OCPP 1.6 §7.47
 * @category schemas
 * @since 0.1.0
 */
export const UpdateStatus = Schema.Literals(["Accepted", "Failed", "NotSupported", "VersionMismatch"]).annotate({
  identifier: "UpdateStatus"
})
/**
 * A value of {@link UpdateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type UpdateStatus = typeof UpdateStatus.Type

/**
 * The central system replaces or changes the station's list.
 *
 * @see OCPP 1.6 §5.15, §6.41
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListRequest extends Schema.Opaque<SendLocalListRequest>()(
  Schema.Struct({
    /** The version of the list after the update. */
    listVersion: Wire.Integer,
    /** No identifier twice. Absent or empty in a full update: the list is emptied. */
    localAuthorizationList: Schema.optionalKey(Schema.Array(AuthorizationData)),
    updateType: UpdateType
  }).annotate({ identifier: "SendLocalListRequest" })
) {}

/**
 * Whether the list was updated.
 *
 * @see OCPP 1.6 §5.15, §6.42
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListResponse extends Schema.Opaque<SendLocalListResponse>()(
  Schema.Struct({
    status: UpdateStatus
  }).annotate({ identifier: "SendLocalListResponse" })
) {}

/**
 * Replaces or changes the station's list.
 *
 * @category actions
 * @since 0.1.0
 */
export const SendLocalList = Action.make("SendLocalList", {
  from: "csms",
  block: "LocalAuthListManagement",
  request: SendLocalListRequest,
  response: SendLocalListResponse
})
