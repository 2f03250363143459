/**
 * The local authorization list of OCPP 1.5: identifiers that the station knows when it is offline.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { readingAliases, renameList } from "./internal/aliases.ts"
import { IdTagInfo, IdToken } from "./DataTypes.ts"

/**
 * The central system asks for the version of the station's list.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionRequest extends Schema.Opaque<GetLocalListVersionRequest>()(
  Wire.Empty.annotate({ identifier: "GetLocalListVersionRequest" })
) {}

/**
 * The version of the station's list.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * One identifier of a list. Spelt with an `s`, with a `z` from 1.6 on.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category models
 * @since 0.1.0
 */
export class AuthorisationData extends Schema.Opaque<AuthorisationData>()(
  Schema.Struct({
    idTag: IdToken,
    /** Needed in a full update; absent in a differential one: the identifier is removed. */
    idTagInfo: Schema.optionalKey(IdTagInfo)
  }).annotate({ identifier: "AuthorisationData" })
) {}

/**
 * Whether a list replaces the station's list or changes it.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
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
 * Whether the list was updated. `HashError`: the hash of the request is not that of the list. `VersionMismatch`: a
 * differential update that is not newer than the list; a full one puts it right.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const UpdateStatus = Schema.Literals([
  "Accepted",
  "Failed",
  "HashError",
  "NotSupported",
  "VersionMismatch"
]).annotate({
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
 * **Details**
 *
 * `localAuthorizationList` is read too.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListRequest extends Schema.Opaque<SendLocalListRequest>()(
  readingAliases(
    Schema.Struct({
      updateType: UpdateType,
      /** The version of the list after the update. */
      listVersion: Wire.Integer,
      /** No identifier twice. Absent or empty in a full update: the list is emptied. */
      localAuthorisationList: Schema.optionalKey(Schema.Array(AuthorisationData)),
      /** Of the list after the update. */
      hash: Schema.optionalKey(Schema.String)
    }).annotate({ identifier: "SendLocalListRequest" }),
    renameList("localAuthorizationList", "localAuthorisationList")
  )
) {}

/**
 * Whether the list was updated.
 *
 * @see OCPP 1.5 WSDL, ChargePointService
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListResponse extends Schema.Opaque<SendLocalListResponse>()(
  Schema.Struct({
    status: UpdateStatus,
    /** Of the station's list. */
    hash: Schema.optionalKey(Schema.String)
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
