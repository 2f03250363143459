/**
 * Functional block M of OCPP 2.0.1, ISO 15118 Certificate Management: certificates for Plug & Charge.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { CertificateHashDataType, CustomDataType, OCSPRequestDataType, StatusInfoType } from "./DataTypes.ts"

/**
 * Whether the vehicle gets its first contract certificate or a new one.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CertificateActionEnumType = Schema.Literals(["Install", "Update"]).annotate({
  identifier: "CertificateActionEnumType"
})
/**
 * A value of {@link CertificateActionEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type CertificateActionEnumType = typeof CertificateActionEnumType.Type

/**
 * The station passes on the vehicle's request for a contract certificate.
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
    exiRequest: Wire.text(5600),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "Get15118EVCertificateRequest" })
) {}

/**
 * Whether a contract certificate could be had.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Iso15118EVCertificateStatusEnumType = Schema.Literals(["Accepted", "Failed"]).annotate({
  identifier: "Iso15118EVCertificateStatusEnumType"
})
/**
 * A value of {@link Iso15118EVCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type Iso15118EVCertificateStatusEnumType = typeof Iso15118EVCertificateStatusEnumType.Type

/**
 * The answer to the vehicle, as it is.
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
    exiResponse: Wire.text(5600),
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
 * @category schemas
 * @since 0.1.0
 */
export const GetCertificateIdUseEnumType = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "CSMSRootCertificate",
  "V2GCertificateChain",
  "ManufacturerRootCertificate"
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
 * Whether matching certificates are installed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetInstalledCertificateStatusEnumType = Schema.Literals(["Accepted", "NotFound"]).annotate({
  identifier: "GetInstalledCertificateStatusEnumType"
})
/**
 * A value of {@link GetInstalledCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetInstalledCertificateStatusEnumType = typeof GetInstalledCertificateStatusEnumType.Type

/**
 * An installed certificate, with its sub-CAs if it is the leaf of a chain.
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
 * The CSMS removes a certificate. The station's own certificate cannot be removed so.
 *
 * @see P2 M04
 * @category messages
 * @since 0.1.0
 */
export class DeleteCertificateRequest extends Schema.Opaque<DeleteCertificateRequest>()(
  Schema.Struct({
    certificateHashData: CertificateHashDataType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "DeleteCertificateRequest" })
) {}

/**
 * Whether a certificate was removed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DeleteCertificateStatusEnumType = Schema.Literals(["Accepted", "Failed", "NotFound"]).annotate({
  identifier: "DeleteCertificateStatusEnumType"
})
/**
 * A value of {@link DeleteCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type DeleteCertificateStatusEnumType = typeof DeleteCertificateStatusEnumType.Type

/**
 * Whether the certificate is gone.
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
 * Whether the OCSP status could be had.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetCertificateStatusEnumType = Schema.Literals(["Accepted", "Failed"]).annotate({
  identifier: "GetCertificateStatusEnumType"
})
/**
 * A value of {@link GetCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetCertificateStatusEnumType = typeof GetCertificateStatusEnumType.Type

/**
 * The OCSP response, if the CSMS got one.
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
    ocspResult: Schema.optionalKey(Wire.text(5500)),
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
