/**
 * Functional block D of OCPP 2.1, Local Authorization List Management: the list of identifiers that the station may
 * authorize by itself.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { SendLocalListStatusEnumType, UpdateEnumType } from "../v201/LocalAuthorizationListManagement.ts"
import { CustomDataType, IdTokenInfoType, IdTokenType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  GetLocalListVersion,
  GetLocalListVersionRequest,
  GetLocalListVersionResponse,
  SendLocalListStatusEnumType,
  UpdateEnumType
} from "../v201/LocalAuthorizationListManagement.ts"

/**
 * An entry of the local authorization list. In a differential update one without `idTokenInfo` removes the
 * identifier.
 *
 * **Changed in 2.1**: only through `IdTokenType`, `IdTokenInfoType`.
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
 * The CSMS replaces or updates the local authorization list. A full update without a list empties it.
 *
 * **Changed in 2.1**: only through `AuthorizationData`.
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
 * Whether the list now has the new version; `VersionMismatch` when a differential update is not newer than what is
 * there.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
