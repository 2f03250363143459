/**
 * The data types of OCPP 1.5 that several groups of messages share.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

/**
 * The identifier that a driver presents, such as the number of an RFID card. Upper and lower case are the same.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const IdToken = Wire.text(20).annotate({ identifier: "IdToken" })
/**
 * The text of an identifier.
 *
 * @category models
 * @since 0.1.0
 */
export type IdToken = typeof IdToken.Type

/**
 * Whether an identifier may charge. Everything but `Accepted` means no; `ConcurrentTx` says that it is charging
 * already.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizationStatus = Schema.Literals([
  "Accepted",
  "Blocked",
  "Expired",
  "Invalid",
  "ConcurrentTx"
]).annotate({ identifier: "AuthorizationStatus" })
/**
 * A value of {@link AuthorizationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationStatus = typeof AuthorizationStatus.Type

/**
 * What the central system knows of an identifier: whether it may charge, until when, and the group it belongs to.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
 * @category models
 * @since 0.1.0
 */
export class IdTagInfo extends Schema.Opaque<IdTagInfo>()(
  Schema.Struct({
    status: AuthorizationStatus,
    /** When the authorization cache must forget the identifier; absent: never. */
    expiryDate: Schema.optionalKey(Timestamp),
    /** The group: identifiers with the same parent may stop each other's transactions. */
    parentIdTag: Schema.optionalKey(IdToken)
  }).annotate({ identifier: "IdTagInfo" })
) {}
