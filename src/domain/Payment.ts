/**
 * Payment, of 2.1: drivers who pay at once, at a terminal of the station or in a browser.
 *
 * @see P2 C18 - C25
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { GenericStatus, StatusInfo } from "./DataTypes.ts"

/**
 * How an ad hoc payment ended.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PaymentStatus = Schema.Literals(["Settled", "Canceled", "Rejected", "Failed"]).annotate({
  identifier: "PaymentStatus"
})
/**
 * A value of {@link PaymentStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type PaymentStatus = typeof PaymentStatus.Type

/**
 * A postal address.
 *
 * @category models
 * @since 0.1.0
 */
export class PostalAddress extends Schema.Opaque<PostalAddress>()(
  Schema.Struct({
    name: Schema.String,
    address1: Schema.String,
    address2: Schema.optionalKey(Schema.String),
    city: Schema.String,
    postalCode: Schema.optionalKey(Schema.String),
    country: Schema.String
  }).annotate({ identifier: "PostalAddress" })
) {}

/**
 * The station reports how the payment terminal settled, or failed to settle, an ad hoc payment.
 *
 * @see P2 C19, C20, C21, C22
 * @category messages
 * @since 0.1.0
 */
export class NotifySettlementRequest extends Schema.Opaque<NotifySettlementRequest>()(
  Schema.Struct({
    /** Absent when the payment was cancelled before a transaction. */
    transactionId: Schema.optionalKey(Schema.String),
    /** The payment provider's reference, which is the `idToken` of the transaction. */
    pspRef: Schema.String,
    status: PaymentStatus,
    /** More about the status, for human readers. */
    statusInfo: Schema.optionalKey(Schema.String),
    /** In the currency of the CSMS. */
    settlementAmount: Schema.Finite,
    settlementTime: Schema.DateTimeUtc,
    receiptId: Schema.optionalKey(Schema.String),
    receiptUrl: Schema.optionalKey(Schema.String),
    vatCompany: Schema.optionalKey(PostalAddress),
    vatNumber: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "NotifySettlementRequest" })
) {}

/**
 * The receipt, if the CSMS writes it.
 *
 * @see P2 C19, C20, C21, C22
 * @category messages
 * @since 0.1.0
 */
export class NotifySettlementResponse extends Schema.Opaque<NotifySettlementResponse>()(
  Schema.Struct({
    receiptUrl: Schema.optionalKey(Schema.String),
    receiptId: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "NotifySettlementResponse" })
) {}

/**
 * Reports how an ad hoc payment was settled, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifySettlement = Action.make("NotifySettlement", {
  from: "station",
  block: "Payment",
  request: NotifySettlementRequest,
  response: NotifySettlementResponse
})

/**
 * The CSMS announces that somebody has opened the payment page of an EVSE, so that the station keeps it for them.
 *
 * @see P2 C25
 * @category messages
 * @since 0.1.0
 */
export class NotifyWebPaymentStartedRequest extends Schema.Opaque<NotifyWebPaymentStartedRequest>()(
  Schema.Struct({
    evseId: Schema.Int,
    /** In whole seconds, after which no payment is to be expected any more. */
    timeout: Schema.Duration
  }).annotate({ identifier: "NotifyWebPaymentStartedRequest" })
) {}

/**
 * The station has got the announcement.
 *
 * @see P2 C25
 * @category messages
 * @since 0.1.0
 */
export class NotifyWebPaymentStartedResponse extends Schema.Opaque<NotifyWebPaymentStartedResponse>()(
  Wire.Empty.annotate({ identifier: "NotifyWebPaymentStartedResponse" })
) {}

/**
 * Announces a payment in a browser, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyWebPaymentStarted = Action.make("NotifyWebPaymentStarted", {
  from: "csms",
  block: "Payment",
  request: NotifyWebPaymentStartedRequest,
  response: NotifyWebPaymentStartedResponse
})

/**
 * The station has the CSMS check a VAT number that the driver entered for the receipt.
 *
 * @see P2 C18
 * @category messages
 * @since 0.1.0
 */
export class VatNumberValidationRequest extends Schema.Opaque<VatNumberValidationRequest>()(
  Schema.Struct({
    vatNumber: Schema.String,
    evseId: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "VatNumberValidationRequest" })
) {}

/**
 * Whether the number is valid, and whose it is.
 *
 * @see P2 C18
 * @category messages
 * @since 0.1.0
 */
export class VatNumberValidationResponse extends Schema.Opaque<VatNumberValidationResponse>()(
  Schema.Struct({
    company: Schema.optionalKey(PostalAddress),
    statusInfo: Schema.optionalKey(StatusInfo),
    vatNumber: Schema.String,
    evseId: Schema.optionalKey(Schema.Int),
    status: GenericStatus
  }).annotate({ identifier: "VatNumberValidationResponse" })
) {}

/**
 * Checks a VAT number, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const VatNumberValidation = Action.make("VatNumberValidation", {
  from: "station",
  block: "Payment",
  request: VatNumberValidationRequest,
  response: VatNumberValidationResponse
})
