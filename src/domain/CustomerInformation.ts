/**
 * Customer information: what a station has stored about a customer, told or removed.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { IdToken, StatusInfo } from "./DataTypes.ts"
import { CertificateHashData } from "./Security.ts"

/**
 * A customer, by an identifier with which they charge.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CustomerIdToken extends Schema.Opaque<CustomerIdToken>()(
  Schema.Struct({
    _tag: Schema.tag("IdToken"),
    idToken: IdToken
  }).annotate({ identifier: "CustomerIdToken" })
) {}

/**
 * A customer, by the certificate of their contract or their vehicle. Its hashes are made with the algorithm that it was
 * installed with.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CustomerCertificate extends Schema.Opaque<CustomerCertificate>()(
  Schema.Struct({
    _tag: Schema.tag("Certificate"),
    certificate: CertificateHashData
  }).annotate({ identifier: "CustomerCertificate" })
) {}

/**
 * A customer, by an identifier in a form of the vendor's own, such as their name.
 *
 * @category schemas
 * @since 0.1.0
 */
export class CustomerIdentifier extends Schema.Opaque<CustomerIdentifier>()(
  Schema.Struct({
    _tag: Schema.tag("Identifier"),
    identifier: Schema.String
  }).annotate({ identifier: "CustomerIdentifier" })
) {}

/**
 * Asks for what the station has stored about a customer, has it removed, or both. What it has stored follows in
 * `NotifyCustomerInformation`.
 *
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class CustomerInformationRequest extends Schema.Opaque<CustomerInformationRequest>()(
  Schema.Struct({
    /** Comes back in `NotifyCustomerInformation`. */
    requestId: Schema.Int,
    /** Whether to tell what is stored. */
    report: Schema.Boolean,
    /** Whether to remove what is stored. */
    clear: Schema.Boolean,
    /**
     * Absent: a request has come that names no customer or several, which is to be answered `Invalid` (N09.FR.09). A CSMS
     * has to name one.
     */
    customer: Schema.optionalKey(Schema.Union([CustomerIdToken, CustomerCertificate, CustomerIdentifier]))
  }).annotate({ identifier: "CustomerInformationRequest" })
) {}

/**
 * Whether a station does so; `Invalid`: the request does not name one customer.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CustomerInformationStatus = Schema.Literals(["Accepted", "Rejected", "Invalid"]).annotate({
  identifier: "CustomerInformationStatus"
})
/**
 * A value of {@link CustomerInformationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type CustomerInformationStatus = typeof CustomerInformationStatus.Type

/**
 * Whether the station does so. A report follows also where nothing is stored, and says that.
 *
 * @category messages
 * @since 0.1.0
 */
export class CustomerInformationResponse extends Schema.Opaque<CustomerInformationResponse>()(
  Schema.Struct({
    status: CustomerInformationStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "CustomerInformationResponse" })
) {}

/**
 * Asks for what the station has stored about a customer, or has it removed.
 *
 * @category actions
 * @since 0.1.0
 */
export const CustomerInformation = Action.make("CustomerInformation", {
  from: "csms",
  block: "CustomerInformation",
  request: CustomerInformationRequest,
  response: CustomerInformationResponse
})

/**
 * A part of what the station has stored about a customer.
 *
 * @see P2 N09, N10
 * @category messages
 * @since 0.1.0
 */
export class NotifyCustomerInformationRequest extends Schema.Opaque<NotifyCustomerInformationRequest>()(
  Schema.Struct({
    /** That of `CustomerInformation`. */
    requestId: Schema.Int,
    /** For human readers. */
    data: Schema.String,
    /** When the station has made this part. */
    generatedAt: Schema.DateTimeUtc,
    /** Of the parts, counted from 0. */
    seqNo: Schema.Int,
    /** Whether more parts follow; absent: this is the last. */
    tbc: Schema.optionalKey(Schema.Boolean)
  }).annotate({ identifier: "NotifyCustomerInformationRequest" })
) {}

/**
 * The part was taken.
 *
 * @category messages
 * @since 0.1.0
 */
export class NotifyCustomerInformationResponse extends Schema.Opaque<NotifyCustomerInformationResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyCustomerInformationResponse" })
) {}

/**
 * Delivers a part of what the station has stored about a customer.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyCustomerInformation = Action.make("NotifyCustomerInformation", {
  from: "station",
  block: "CustomerInformation",
  request: NotifyCustomerInformationRequest,
  response: NotifyCustomerInformationResponse
})
