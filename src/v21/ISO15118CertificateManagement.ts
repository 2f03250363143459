/**
 * Functional block M of OCPP 2.1, ISO 15118 Certificate Management: certificates for Plug & Charge.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  CertificateActionEnumType,
  DeleteCertificateRequest,
  DeleteCertificateStatusEnumType,
  GetCertificateStatusEnumType,
  GetInstalledCertificateStatusEnumType,
  Iso15118EVCertificateStatusEnumType
} from "../v201/ISO15118CertificateManagement.ts"
import { CertificateHashDataType, CustomDataType, OCSPRequestDataType, StatusInfoType } from "./DataTypes.ts"

// As in 2.0.1.
export {
  CertificateActionEnumType,
  DeleteCertificateRequest,
  DeleteCertificateStatusEnumType,
  GetCertificateStatusEnumType,
  GetInstalledCertificateStatusEnumType,
  Iso15118EVCertificateStatusEnumType
} from "../v201/ISO15118CertificateManagement.ts"

/**
 * The station passes on the vehicle's request for a contract certificate.
 *
 * **Changed in 2.1**: adds `maximumContractCertificateChains`, `prioritizedEMAIDs`; longer `exiRequest` (5600 →
 * 11000).
 *
 * @see P2 M01, M02
 * @category messages
 * @since 0.1.0
 */
export class Get15118EVCertificateRequest extends Schema.Opaque<Get15118EVCertificateRequest>()(
  Schema.Struct({
    /** Tells the CSMS how to read the EXI. */
    iso15118SchemaVersion: Wire.text(50),
    action: CertificateActionEnumType,
    /** EXI in Base64, as the vehicle sent it. */
    exiRequest: Wire.text(11000),
    /** Only, and always, with ISO 15118-20. */
    maximumContractCertificateChains: Schema.optionalKey(Wire.Natural),
    /** Which contracts to fetch first. */
    prioritizedEMAIDs: Schema.optionalKey(
      Schema.Array(Wire.text(255)).check(Schema.isMinLength(1), Schema.isMaxLength(8))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "Get15118EVCertificateRequest" })
) {}

/**
 * The answer to the vehicle, as it is.
 *
 * **Changed in 2.1**: adds `remainingContracts`; longer `exiResponse` (5600 → 17000).
 *
 * @see P2 M01, M02
 * @category messages
 * @since 0.1.0
 */
export class Get15118EVCertificateResponse extends Schema.Opaque<Get15118EVCertificateResponse>()(
  Schema.Struct({
    status: Iso15118EVCertificateStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    /** EXI in Base64, for the vehicle. */
    exiResponse: Wire.text(17000),
    /** How many more can be fetched. */
    remainingContracts: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "Get15118EVCertificateResponse" })
) {}

/**
 * Fetches a contract certificate for the vehicle.
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
 * What an installed certificate is for.
 *
 * **Changed in 2.1**: adds `OEMRootCertificate`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetCertificateIdUseEnumType = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "CSMSRootCertificate",
  "V2GCertificateChain",
  "ManufacturerRootCertificate",
  "OEMRootCertificate"
]).annotate({ identifier: "GetCertificateIdUseEnumType" })
/**
 * A value of {@link GetCertificateIdUseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetCertificateIdUseEnumType = typeof GetCertificateIdUseEnumType.Type

/**
 * The CSMS asks which CA certificates and ISO 15118 certificate chains are installed.
 *
 * **Changed in 2.1**: only through `GetCertificateIdUseEnumType`.
 *
 * @see P2 M03
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsRequest extends Schema.Opaque<GetInstalledCertificateIdsRequest>()(
  Schema.Struct({
    /** Absent: all. */
    certificateType: Schema.optionalKey(Schema.Array(GetCertificateIdUseEnumType).check(Schema.isMinLength(1))),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetInstalledCertificateIdsRequest" })
) {}

/**
 * An installed certificate, with its sub-CAs if it is the leaf of a chain.
 *
 * **Changed in 2.1**: only through `GetCertificateIdUseEnumType`.
 *
 * @category models
 * @since 0.1.0
 */
export class CertificateHashDataChainType extends Schema.Opaque<CertificateHashDataChainType>()(
  Schema.Struct({
    certificateHashData: CertificateHashDataType,
    certificateType: GetCertificateIdUseEnumType,
    childCertificateHashData: Schema.optionalKey(
      Schema.Array(CertificateHashDataType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateHashDataChainType" })
) {}

/**
 * The hashes by which the installed certificates are known.
 *
 * **Changed in 2.1**: only through `StatusInfoType`, `CertificateHashDataChainType`.
 *
 * @see P2 M03
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsResponse extends Schema.Opaque<GetInstalledCertificateIdsResponse>()(
  Schema.Struct({
    status: GetInstalledCertificateStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    certificateHashDataChain: Schema.optionalKey(
      Schema.Array(CertificateHashDataChainType).check(Schema.isMinLength(1))
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetInstalledCertificateIdsResponse" })
) {}

/**
 * Asks which certificates are installed.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetInstalledCertificateIds = Action.make("GetInstalledCertificateIds", {
  from: "csms",
  block: "ISO15118CertificateManagement",
  request: GetInstalledCertificateIdsRequest,
  response: GetInstalledCertificateIdsResponse
})

/**
 * Whether the certificate is gone.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
 *
 * @see P2 M04
 * @category messages
 * @since 0.1.0
 */
export class DeleteCertificateResponse extends Schema.Opaque<DeleteCertificateResponse>()(
  Schema.Struct({
    status: DeleteCertificateStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DeleteCertificateResponse" })
) {}

/**
 * Removes a certificate.
 *
 * @category actions
 * @since 0.1.0
 */
export const DeleteCertificate = Action.make("DeleteCertificate", {
  from: "csms",
  block: "ISO15118CertificateManagement",
  request: DeleteCertificateRequest,
  response: DeleteCertificateResponse
})

/**
 * The station asks the CSMS to fetch the OCSP status of a certificate.
 *
 * **Changed in 2.1**: only through `OCSPRequestDataType`.
 *
 * @see P2 M06
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateStatusRequest extends Schema.Opaque<GetCertificateStatusRequest>()(
  Schema.Struct({
    ocspRequestData: OCSPRequestDataType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCertificateStatusRequest" })
) {}

/**
 * The OCSP response, if the CSMS got one.
 *
 * **Changed in 2.1**: longer `ocspResult` (5500 → 18000).
 *
 * @see P2 M06
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateStatusResponse extends Schema.Opaque<GetCertificateStatusResponse>()(
  Schema.Struct({
    status: GetCertificateStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    /** OCSPResponse of RFC 6960, DER in Base64; absent only if not `Accepted`. */
    ocspResult: Schema.optionalKey(Wire.text(18000)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCertificateStatusResponse" })
) {}

/**
 * Fetches the revocation status of a certificate.
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
 * Where the status of a certificate comes from. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateStatusSourceEnumType = Schema.Literals(["CRL", "OCSP"]).annotate({
  identifier: "CertificateStatusSourceEnumType"
})
/**
 * A value of {@link CertificateStatusSourceEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateStatusSourceEnumType = typeof CertificateStatusSourceEnumType.Type

/**
 * A certificate whose revocation status is wanted, and where to ask. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class CertificateStatusRequestInfoType extends Schema.Opaque<CertificateStatusRequestInfoType>()(
  Schema.Struct({
    certificateHashData: CertificateHashDataType,
    source: CertificateStatusSourceEnumType,
    urls: Schema.Array(Wire.text(2000)).check(Schema.isMinLength(1), Schema.isMaxLength(5)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateStatusRequestInfoType" })
) {}

/**
 * The station asks the CSMS for the revocation status of the certificates of a vehicle (ISO 15118-20). New in 2.1.
 *
 * @see P2 M07
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateChainStatusRequest extends Schema.Opaque<GetCertificateChainStatusRequest>()(
  Schema.Struct({
    certificateStatusRequests: Schema.Array(CertificateStatusRequestInfoType).check(
      Schema.isMinLength(1),
      Schema.isMaxLength(4)
    ),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCertificateChainStatusRequest" })
) {}

/**
 * Whether a certificate is revoked; `Failed` when it could not be found out. New in 2.1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateStatusEnumType = Schema.Literals(["Good", "Revoked", "Unknown", "Failed"]).annotate({
  identifier: "CertificateStatusEnumType"
})
/**
 * A value of {@link CertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateStatusEnumType = typeof CertificateStatusEnumType.Type

/**
 * The revocation status of a certificate. New in 2.1.
 *
 * @category models
 * @since 0.1.0
 */
export class CertificateStatusType extends Schema.Opaque<CertificateStatusType>()(
  Schema.Struct({
    certificateHashData: CertificateHashDataType,
    source: CertificateStatusSourceEnumType,
    status: CertificateStatusEnumType,
    nextUpdate: Timestamp,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "CertificateStatusType" })
) {}

/**
 * The status of every certificate of the request. New in 2.1.
 *
 * @see P2 M07
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateChainStatusResponse extends Schema.Opaque<GetCertificateChainStatusResponse>()(
  Schema.Struct({
    certificateStatus: Schema.Array(CertificateStatusType).check(Schema.isMinLength(1), Schema.isMaxLength(4)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "GetCertificateChainStatusResponse" })
) {}

/**
 * Fetches the revocation status of a vehicle's certificates. New in 2.1.
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
