/**
 * Functional block D of OCPP 2.0.1, Local Authorization List Management: the list of identifiers that the station may
 * authorize by itself.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { CustomDataType, IdTokenInfoType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

/**
 * An entry of the local authorization list. In a differential update one without `idTokenInfo` removes the
 * identifier.
 *
 * @category models
 * @since 0.1.0
 */
export class AuthorizationData extends Schema.Opaque<AuthorizationData>()(
  Schema.Struct({
    idToken: IdTokenType,
    idTokenInfo: Schema.optionalKey(IdTokenInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AuthorizationData" })
) {}

/**
 * Whether a list replaces the old one or changes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UpdateEnumType = Schema.Literals(["Differential", "Full"]).annotate({ identifier: "UpdateEnumType" })
/**
 * A value of {@link UpdateEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type UpdateEnumType = typeof UpdateEnumType.Type

/**
 * The CSMS replaces or updates the local authorization list. A full update without a list empties it.
 *
 * @see P2 D01
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListRequest extends Schema.Opaque<SendLocalListRequest>()(
  Schema.Struct({
    localAuthorizationList: Schema.optionalKey(Schema.Array(AuthorizationData).check(Schema.isMinLength(1))),
    /** The version of the list after the update. */
    versionNumber: Wire.Integer,
    updateType: UpdateEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SendLocalListRequest" })
) {}

/**
 * Whether the local authorization list was updated.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SendLocalListStatusEnumType = Schema.Literals(["Accepted", "Failed", "VersionMismatch"]).annotate({
  identifier: "SendLocalListStatusEnumType"
})
/**
 * A value of {@link SendLocalListStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type SendLocalListStatusEnumType = typeof SendLocalListStatusEnumType.Type

/**
 * Whether the list now has the new version; `VersionMismatch` when a differential update is not newer than what is
 * there.
 *
 * @see P2 D01
 * @category messages
 * @since 0.1.0
 */
export class SendLocalListResponse extends Schema.Opaque<SendLocalListResponse>()(
  Schema.Struct({
    status: SendLocalListStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "SendLocalListResponse" })
) {}

/**
 * Replaces or updates the local authorization list.
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

/**
 * The CSMS asks for the version of the local authorization list.
 *
 * @see P2 D02
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionRequest extends Schema.Opaque<GetLocalListVersionRequest>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetLocalListVersionRequest" })
) {}

/**
 * The version of the local authorization list.
 *
 * @see P2 D02
 * @category messages
 * @since 0.1.0
 */
export class GetLocalListVersionResponse extends Schema.Opaque<GetLocalListVersionResponse>()(
  Schema.Struct({
    versionNumber: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetLocalListVersionResponse" })
) {}

/**
 * Asks for the version of the local authorization list.
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
