/**
 * Functional block C of OCPP 2.1, Authorization: who may charge, the authorization cache and ad hoc payment.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  AuthorizeCertificateStatusEnumType,
  ClearCacheRequest,
  ClearCacheStatusEnumType
} from "../v201/Authorization.ts"
import {
  CustomDataType,
  EnergyTransferModeEnumType,
  GenericStatusEnumType,
  IdTokenInfoType,
  IdTokenType,
  OCSPRequestDataType,
  StatusInfoType,
  TariffType
} from "./DataTypes.ts"

// As in 2.0.1.
export {
  AuthorizeCertificateStatusEnumType,
  ClearCacheRequest,
  ClearCacheStatusEnumType
} from "../v201/Authorization.ts"

/**
 * The station asks whether an identifier may charge. With a contract certificate, the vehicle presents the identifier
 * (Plug & Charge).
 *
 * **Changed in 2.1**: longer `certificate` (5500 → 10000).
 *
 * @see P2 C01
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeRequest extends Schema.Opaque<AuthorizeRequest>()(
  Schema.Struct({
    idToken: IdTokenType,
    /** The contract certificate chain of the vehicle, PEM, from the leaf up to below the root. */
    certificate: Schema.optionalKey(Wire.text(10000)),
    iso15118CertificateHashData: Schema.optionalKey(
      Schema.Array(OCSPRequestDataType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AuthorizeRequest" })
) {}

/**
 * What the CSMS knows of the identifier, and of the certificate if there was one.
 *
 * **Changed in 2.1**: adds `allowedEnergyTransfer`, `tariff`.
 *
 * @see P2 C01
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeResponse extends Schema.Opaque<AuthorizeResponse>()(
  Schema.Struct({
    idTokenInfo: IdTokenInfoType,
    certificateStatus: Schema.optionalKey(AuthorizeCertificateStatusEnumType),
    /** Absent: charging only. */
    allowedEnergyTransfer: Schema.optionalKey(Schema.Array(EnergyTransferModeEnumType).check(Schema.isMinLength(1))),
    /** The driver's own tariff. */
    tariff: Schema.optionalKey(TariffType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AuthorizeResponse" })
) {}

/**
 * Asks whether an identifier may charge.
 *
 * @category actions
 * @since 0.1.0
 */
export const Authorize = Action.make("Authorize", {
  from: "station",
  block: "Authorization",
  request: AuthorizeRequest,
  response: AuthorizeResponse
})

/**
 * Whether the cache is empty now.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 C11
 * @category messages
 * @since 0.1.0
 */
export class ClearCacheResponse extends Schema.Opaque<ClearCacheResponse>()(
  Schema.Struct({
    status: ClearCacheStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ClearCacheResponse" })
) {}

/**
 * Empties the authorization cache.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClearCache = Action.make("ClearCache", {
  from: "csms",
  block: "Authorization",
  request: ClearCacheRequest,
  response: ClearCacheResponse
})

/**
 * How an ad hoc payment ended. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PaymentStatusEnumType = Schema.Literals(["Settled", "Canceled", "Rejected", "Failed"]).annotate({
  identifier: "PaymentStatusEnumType"
})
/**
 * A value of {@link PaymentStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type PaymentStatusEnumType = typeof PaymentStatusEnumType.Type

/**
 * A postal address. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class AddressType extends Schema.Opaque<AddressType>()(
  Schema.Struct({
    name: Wire.text(50),
    address1: Wire.text(100),
    address2: Schema.optionalKey(Wire.text(100)),
    city: Wire.text(100),
    postalCode: Schema.optionalKey(Wire.text(20)),
    country: Wire.text(50),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "AddressType" })
) {}

/**
 * The station reports how the payment terminal settled, or failed to settle, an ad hoc payment. New in 2.1.
 *
 * @see P2 C19, C20, C21, C22
 * @category messages
 * @since 0.1.0
 */
export class NotifySettlementRequest extends Schema.Opaque<NotifySettlementRequest>()(
  Schema.Struct({
    /** Absent when the payment was cancelled before a transaction. */
    transactionId: Schema.optionalKey(Wire.text(36)),
    /** The payment provider's reference, which is the `idToken` of the transaction. */
    pspRef: Wire.text(255),
    status: PaymentStatusEnumType,
    /** Plain text, no `StatusInfoType`. */
    statusInfo: Schema.optionalKey(Wire.text(500)),
    settlementAmount: Wire.Decimal,
    settlementTime: Timestamp,
    receiptId: Schema.optionalKey(Wire.text(50)),
    receiptUrl: Schema.optionalKey(Wire.text(2000)),
    vatCompany: Schema.optionalKey(AddressType),
    vatNumber: Schema.optionalKey(Wire.text(20)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifySettlementRequest" })
) {}

/**
 * The receipt, if the CSMS writes it. New in 2.1.
 *
 * @see P2 C19, C20, C21, C22
 * @category messages
 * @since 0.1.0
 */
export class NotifySettlementResponse extends Schema.Opaque<NotifySettlementResponse>()(
  Schema.Struct({
    receiptUrl: Schema.optionalKey(Wire.text(2000)),
    receiptId: Schema.optionalKey(Wire.text(50)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifySettlementResponse" })
) {}

/**
 * Reports how an ad hoc payment was settled. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifySettlement = Action.make("NotifySettlement", {
  from: "station",
  block: "Authorization",
  request: NotifySettlementRequest,
  response: NotifySettlementResponse
})

/**
 * The CSMS announces that somebody has opened the payment page of an EVSE, so that the station keeps it for them. New
 * in 2.1.
 *
 * @see P2 C25
 * @category messages
 * @since 0.1.0
 */
export class NotifyWebPaymentStartedRequest extends Schema.Opaque<NotifyWebPaymentStartedRequest>()(
  Schema.Struct({
    evseId: Wire.Natural,
    /** Seconds after which no payment is to be expected any more. */
    timeout: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyWebPaymentStartedRequest" })
) {}

/**
 * The station has got the announcement. New in 2.1.
 *
 * @see P2 C25
 * @category messages
 * @since 0.1.0
 */
export class NotifyWebPaymentStartedResponse extends Schema.Opaque<NotifyWebPaymentStartedResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyWebPaymentStartedResponse" })
) {}

/**
 * Announces a payment in a browser. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyWebPaymentStarted = Action.make("NotifyWebPaymentStarted", {
  from: "csms",
  block: "Authorization",
  request: NotifyWebPaymentStartedRequest,
  response: NotifyWebPaymentStartedResponse
})

/**
 * The station has the CSMS check a VAT number that the driver entered for the receipt. New in 2.1.
 *
 * @see P2 C18
 * @category messages
 * @since 0.1.0
 */
export class VatNumberValidationRequest extends Schema.Opaque<VatNumberValidationRequest>()(
  Schema.Struct({
    vatNumber: Wire.text(20),
    evseId: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VatNumberValidationRequest" })
) {}

/**
 * Whether the number is valid, and whose it is. New in 2.1.
 *
 * @see P2 C18
 * @category messages
 * @since 0.1.0
 */
export class VatNumberValidationResponse extends Schema.Opaque<VatNumberValidationResponse>()(
  Schema.Struct({
    company: Schema.optionalKey(AddressType),
    statusInfo: Schema.optionalKey(StatusInfoType),
    vatNumber: Wire.text(20),
    evseId: Schema.optionalKey(Wire.Natural),
    status: GenericStatusEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "VatNumberValidationResponse" })
) {}

/**
 * Checks a VAT number. New in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const VatNumberValidation = Action.make("VatNumberValidation", {
  from: "station",
  block: "Authorization",
  request: VatNumberValidationRequest,
  response: VatNumberValidationResponse
})
