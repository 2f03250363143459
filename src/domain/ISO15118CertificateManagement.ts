/**
 * Certificates of ISO 15118: a station fetches for vehicles what they cannot fetch themselves.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { OcspRequestData } from "./Authorization.ts"
import { StatusInfo } from "./DataTypes.ts"
import { CertificateHashData } from "./Security.ts"

/**
 * Whether a vehicle gets its first contract certificate, or a new one.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateAction = Schema.Literals(["Install", "Update"]).annotate({ identifier: "CertificateAction" })
/**
 * A value of {@link CertificateAction}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateAction = typeof CertificateAction.Type

/**
 * The station passes on that a vehicle asks for a contract certificate.
 *
 * @see P2 M01, M02
 * @category messages
 * @since 0.1.0
 */
export class Get15118EVCertificateRequest extends Schema.Opaque<Get15118EVCertificateRequest>()(
  Schema.Struct({
    /** The schema of ISO 15118 that `exiRequest` follows. */
    iso15118SchemaVersion: Schema.String,
    action: CertificateAction,
    /** What the vehicle has sent, EXI in Base64. */
    exiRequest: Schema.String,
    /** Of 2.1, for ISO 15118-20. How many contracts the vehicle can take; absent: one. */
    maximumContractCertificateChains: Schema.optionalKey(Schema.Int),
    /** Of 2.1, for ISO 15118-20. The contracts that the vehicle wants first, one to eight, if there is a list. */
    prioritizedEMAIDs: Schema.optionalKey(Schema.Array(Schema.String))
  }).annotate({ identifier: "Get15118EVCertificateRequest" })
) {}

/**
 * Whether a contract certificate was found.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Iso15118EVCertificateStatus = Schema.Literals(["Accepted", "Failed"]).annotate({
  identifier: "Iso15118EVCertificateStatus"
})
/**
 * A value of {@link Iso15118EVCertificateStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type Iso15118EVCertificateStatus = typeof Iso15118EVCertificateStatus.Type

/**
 * What the vehicle is to be answered.
 *
 * @category messages
 * @since 0.1.0
 */
export class Get15118EVCertificateResponse extends Schema.Opaque<Get15118EVCertificateResponse>()(
  Schema.Struct({
    status: Iso15118EVCertificateStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** What the vehicle gets, EXI in Base64. */
    exiResponse: Schema.String,
    /** Of 2.1, for ISO 15118-20. How many more contracts can be fetched. */
    remainingContracts: Schema.optionalKey(Schema.Int)
  }).annotate({ identifier: "Get15118EVCertificateResponse" })
) {}

/**
 * Fetches a contract certificate for a vehicle.
 *
 * @category actions
 * @since 0.1.0
 */
export const Get15118EVCertificate = Action.make("Get15118EVCertificate", {
  from: "station",
  block: "ISO15118CertificateManagement",
  request: Get15118EVCertificateRequest,
  response: Get15118EVCertificateResponse
})

/**
 * Asks whether a certificate was revoked, which the CSMS asks an OCSP responder.
 *
 * @see P2 M06
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateStatusRequest extends Schema.Opaque<GetCertificateStatusRequest>()(
  Schema.Struct({
    ocspRequestData: OcspRequestData
  }).annotate({ identifier: "GetCertificateStatusRequest" })
) {}

/**
 * Whether an OCSP responder has answered.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OcspStatus = Schema.Literals(["Accepted", "Failed"]).annotate({ identifier: "OcspStatus" })
/**
 * A value of {@link OcspStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type OcspStatus = typeof OcspStatus.Type

/**
 * What an OCSP responder has answered.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateStatusResponse extends Schema.Opaque<GetCertificateStatusResponse>()(
  Schema.Struct({
    status: OcspStatus,
    statusInfo: Schema.optionalKey(StatusInfo),
    /** The OCSPResponse of RFC 6960, DER in Base64; absent only if not `Accepted`. */
    ocspResult: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "GetCertificateStatusResponse" })
) {}

/**
 * Asks whether a certificate was revoked.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetCertificateStatus = Action.make("GetCertificateStatus", {
  from: "station",
  block: "ISO15118CertificateManagement",
  request: GetCertificateStatusRequest,
  response: GetCertificateStatusResponse
})

/**
 * Where the status of a certificate comes from.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateStatusSource = Schema.Literals(["CRL", "OCSP"]).annotate({
  identifier: "CertificateStatusSource"
})
/**
 * A value of {@link CertificateStatusSource}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateStatusSource = typeof CertificateStatusSource.Type

/**
 * A certificate whose revocation status is wanted, and where to ask.
 *
 * @category models
 * @since 0.1.0
 */
export class CertificateStatusRequest extends Schema.Opaque<CertificateStatusRequest>()(
  Schema.Struct({
    certificateHashData: CertificateHashData,
    source: CertificateStatusSource,
    /** One to five. */
    urls: Schema.Array(Schema.String)
  }).annotate({ identifier: "CertificateStatusRequest" })
) {}

/**
 * The station asks the CSMS for the revocation status of the certificates of a vehicle (ISO 15118-20).
 *
 * @see P2 M07
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateChainStatusRequest extends Schema.Opaque<GetCertificateChainStatusRequest>()(
  Schema.Struct({
    /** One to four. */
    certificateStatusRequests: Schema.Array(CertificateStatusRequest)
  }).annotate({ identifier: "GetCertificateChainStatusRequest" })
) {}

/**
 * Whether a certificate is revoked; `Failed` when it could not be found out.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RevocationStatus = Schema.Literals(["Good", "Revoked", "Unknown", "Failed"]).annotate({
  identifier: "RevocationStatus"
})
/**
 * A value of {@link RevocationStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type RevocationStatus = typeof RevocationStatus.Type

/**
 * The revocation status of a certificate.
 *
 * @category models
 * @since 0.1.0
 */
export class CertificateRevocationStatus extends Schema.Opaque<CertificateRevocationStatus>()(
  Schema.Struct({
    certificateHashData: CertificateHashData,
    source: CertificateStatusSource,
    status: RevocationStatus,
    /** Until when the status holds. */
    nextUpdate: Schema.DateTimeUtc
  }).annotate({ identifier: "CertificateRevocationStatus" })
) {}

/**
 * The status of every certificate of the request.
 *
 * @see P2 M07
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateChainStatusResponse extends Schema.Opaque<GetCertificateChainStatusResponse>()(
  Schema.Struct({
    /** One to four. */
    certificateStatus: Schema.Array(CertificateRevocationStatus)
  }).annotate({ identifier: "GetCertificateChainStatusResponse" })
) {}

/**
 * Fetches the revocation status of a vehicle's certificates, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetCertificateChainStatus = Action.make("GetCertificateChainStatus", {
  from: "station",
  block: "ISO15118CertificateManagement",
  request: GetCertificateChainStatusRequest,
  response: GetCertificateChainStatusResponse
})
