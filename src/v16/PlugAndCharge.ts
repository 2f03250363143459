/**
 * Plug & Charge in OCPP 1.6: the messages of 2.0.1 about certificates of ISO 15118, which DataTransfer carries
 * (`org.openchargealliance.iso15118pnc`). A vehicle is authorized by its contract, and gets a new contract; the station gets
 * the certificates by which vehicles know it, and the roots by which it knows contracts.
 *
 * **Details**
 *
 * Peers differ in how much of the messages of 2.0.1 they write. What 2.0.1 needs is written; what it can do without is not,
 * and is let through.
 *
 * @see Application note "Using ISO 15118 Plug & Charge with OCPP 1.6"
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import type { Client } from "../Client.ts"
import * as Handlers from "../Handlers.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import * as Extension from "./Extension.ts"
import type { CsmsClient as V16Client, StationSession } from "./Protocol.ts"
import {
  CertificateHashDataType,
  CertificateSignedRequest,
  CertificateSignedResponse,
  DeleteCertificateRequest,
  DeleteCertificateResponse,
  GetInstalledCertificateStatusEnumType,
  HashAlgorithmEnumType,
  InstallCertificateResponse,
  SignCertificateRequest,
  SignCertificateResponse,
  TriggerMessageStatusEnumType
} from "./Security.ts"

/**
 * The type of an identifier, which is `eMAID` for a contract.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdTokenEnumType = Schema.Literals([
  "Central",
  "eMAID",
  "ISO14443",
  "ISO15693",
  "KeyCode",
  "Local",
  "MacAddress",
  "NoAuthorization"
]).annotate({ identifier: "IdTokenEnumType" })
/**
 * A value of {@link IdTokenEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type IdTokenEnumType = typeof IdTokenEnumType.Type

/**
 * The contract of a vehicle, by its eMAID.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTokenType extends Schema.Opaque<IdTokenType>()(
  Schema.Struct({
    idToken: Wire.text(20),
    /** As in 2.0.1. The application note has no such field. */
    type: Schema.optionalKey(IdTokenEnumType)
  }).annotate({ identifier: "IdTokenType" })
) {}

/** The application note has the text alone, stations and CSMSs in the field have the object of 2.0.1. */
const idToken = Schema.Union([Wire.text(20), IdTokenType])

/**
 * What is needed to ask for the OCSP status of a certificate.
 *
 * @category models
 * @since 0.1.0
 */
export class OCSPRequestDataType extends Schema.Opaque<OCSPRequestDataType>()(
  Schema.Struct({
    hashAlgorithm: HashAlgorithmEnumType,
    issuerNameHash: Wire.text(128),
    issuerKeyHash: Wire.text(128),
    /** Hexadecimal, without `0x` and leading zeros. */
    serialNumber: Wire.text(40),
    responderURL: Wire.text(512)
  }).annotate({ identifier: "OCSPRequestDataType" })
) {}

/**
 * The station asks whether a contract may charge. It tells the certificates as hashes, or as a whole if it cannot check them
 * itself.
 *
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeRequest extends Schema.Opaque<AuthorizeRequest>()(
  Schema.Struct({
    /** PEM. */
    certificate: Schema.optionalKey(Wire.text(5500)),
    idToken,
    iso15118CertificateHashData: Schema.optionalKey(
      Schema.Array(OCSPRequestDataType).check(Schema.isMinLength(1), Schema.isMaxLength(4))
    )
  }).annotate({ identifier: "AuthorizeRequest" })
) {}

/**
 * Whether the certificates of a contract are good, or why not.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizeCertificateStatusEnumType = Schema.Literals([
  "Accepted",
  "SignatureError",
  "CertificateExpired",
  "CertificateRevoked",
  "NoCertificateAvailable",
  "CertChainError",
  "ContractCancelled"
]).annotate({
  identifier: "AuthorizeCertificateStatusEnumType"
})
/**
 * A value of {@link AuthorizeCertificateStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizeCertificateStatusEnumType = typeof AuthorizeCertificateStatusEnumType.Type

/**
 * Whether a contract may charge; everything but `Accepted` means no.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AuthorizationStatusEnumType = Schema.Literals([
  "Accepted",
  "Blocked",
  "ConcurrentTx",
  "Expired",
  "Invalid",
  "NoCredit",
  "NotAllowedTypeEVSE",
  "NotAtThisLocation",
  "NotAtThisTime",
  "Unknown"
]).annotate({
  identifier: "AuthorizationStatusEnumType"
})
/**
 * A value of {@link AuthorizationStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type AuthorizationStatusEnumType = typeof AuthorizationStatusEnumType.Type

/**
 * What a CSMS knows of a contract.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTokenInfoType extends Schema.Opaque<IdTokenInfoType>()(
  Schema.Struct({
    status: AuthorizationStatusEnumType,
    /** When the authorization cache must forget it; absent: never. */
    cacheExpiryDateTime: Schema.optionalKey(Timestamp),
    groupIdToken: Schema.optionalKey(idToken)
  }).annotate({ identifier: "IdTokenInfoType" })
) {}

/**
 * Whether the contract may charge.
 *
 * @category messages
 * @since 0.1.0
 */
export class AuthorizeResponse extends Schema.Opaque<AuthorizeResponse>()(
  Schema.Struct({
    certificateStatus: Schema.optionalKey(AuthorizeCertificateStatusEnumType),
    idTokenInfo: IdTokenInfoType
  }).annotate({ identifier: "AuthorizeResponse" })
) {}

/**
 * Asks whether a contract may charge.
 *
 * @category actions
 * @since 0.1.0
 */
export const Authorize = Action.make("Authorize", {
  from: "station",
  block: "PlugAndCharge",
  request: AuthorizeRequest,
  response: AuthorizeResponse
})

/**
 * Hands the station the certificate by which vehicles know it.
 *
 * @category actions
 * @since 0.1.0
 */
export const CertificateSigned = Action.make("CertificateSigned", {
  from: "csms",
  block: "PlugAndCharge",
  request: CertificateSignedRequest,
  response: CertificateSignedResponse
})

/**
 * Deletes a certificate of the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const DeleteCertificate = Action.make("DeleteCertificate", {
  from: "csms",
  block: "PlugAndCharge",
  request: DeleteCertificateRequest,
  response: DeleteCertificateResponse
})

/**
 * Whether a vehicle gets its first contract certificate, or a new one.
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
 * The station passes on that a vehicle asks for a contract certificate.
 *
 * @category messages
 * @since 0.1.0
 */
export class Get15118EVCertificateRequest extends Schema.Opaque<Get15118EVCertificateRequest>()(
  Schema.Struct({
    /** Tells the CSMS how to read the EXI. */
    iso15118SchemaVersion: Wire.text(50),
    action: CertificateActionEnumType,
    /** EXI in Base64, as the vehicle sent it. */
    exiRequest: Wire.text(5600)
  }).annotate({ identifier: "Get15118EVCertificateRequest" })
) {}

/**
 * Whether a contract certificate was found.
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
 * What the vehicle is to be answered.
 *
 * @category messages
 * @since 0.1.0
 */
export class Get15118EVCertificateResponse extends Schema.Opaque<Get15118EVCertificateResponse>()(
  Schema.Struct({
    status: Iso15118EVCertificateStatusEnumType,
    /** EXI in Base64, for the vehicle. */
    exiResponse: Wire.text(5600)
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
  block: "PlugAndCharge",
  request: Get15118EVCertificateRequest,
  response: Get15118EVCertificateResponse
})

/**
 * Asks whether a certificate was revoked, which the CSMS asks an OCSP responder.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateStatusRequest extends Schema.Opaque<GetCertificateStatusRequest>()(
  Schema.Struct({
    ocspRequestData: OCSPRequestDataType
  }).annotate({ identifier: "GetCertificateStatusRequest" })
) {}

/**
 * Whether an OCSP responder has answered.
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
 * What an OCSP responder has answered.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetCertificateStatusResponse extends Schema.Opaque<GetCertificateStatusResponse>()(
  Schema.Struct({
    status: GetCertificateStatusEnumType,
    /** OCSPResponse of RFC 6960, DER in Base64; absent only if not `Accepted`. */
    ocspResult: Schema.optionalKey(Wire.text(5500))
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
  block: "PlugAndCharge",
  request: GetCertificateStatusRequest,
  response: GetCertificateStatusResponse
})

/**
 * What a certificate is for that a station has.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetCertificateIdUseEnumType = Schema.Literals([
  "V2GRootCertificate",
  "MORootCertificate",
  "V2GCertificateChain"
]).annotate({
  identifier: "GetCertificateIdUseEnumType"
})
/**
 * A value of {@link GetCertificateIdUseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type GetCertificateIdUseEnumType = typeof GetCertificateIdUseEnumType.Type

/**
 * Asks which certificates a station has.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsRequest extends Schema.Opaque<GetInstalledCertificateIdsRequest>()(
  Schema.Struct({
    /** Absent: all. */
    certificateType: Schema.optionalKey(Schema.Array(GetCertificateIdUseEnumType).check(Schema.isMinLength(1)))
  }).annotate({ identifier: "GetInstalledCertificateIdsRequest" })
) {}

/**
 * A certificate that is installed, and those that it has signed.
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
    )
  }).annotate({ identifier: "CertificateHashDataChainType" })
) {}

/**
 * The certificates that are installed.
 *
 * @category messages
 * @since 0.1.0
 */
export class GetInstalledCertificateIdsResponse extends Schema.Opaque<GetInstalledCertificateIdsResponse>()(
  Schema.Struct({
    status: GetInstalledCertificateStatusEnumType,
    /** Absent where there is none. */
    certificateHashDataChain: Schema.optionalKey(
      Schema.Array(CertificateHashDataChainType).check(Schema.isMinLength(1))
    )
  }).annotate({ identifier: "GetInstalledCertificateIdsResponse" })
) {}

/**
 * Asks which certificates a station has.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetInstalledCertificateIds = Action.make("GetInstalledCertificateIds", {
  from: "csms",
  block: "PlugAndCharge",
  request: GetInstalledCertificateIdsRequest,
  response: GetInstalledCertificateIdsResponse
})

/**
 * What a root certificate is for: the station's own chain to vehicles, or the contracts of a mobility operator.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InstallCertificateUseEnumType = Schema.Literals(["V2GRootCertificate", "MORootCertificate"]).annotate({
  identifier: "InstallCertificateUseEnumType"
})
/**
 * A value of {@link InstallCertificateUseEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type InstallCertificateUseEnumType = typeof InstallCertificateUseEnumType.Type

/**
 * A root certificate for a station.
 *
 * @category messages
 * @since 0.1.0
 */
export class InstallCertificateRequest extends Schema.Opaque<InstallCertificateRequest>()(
  Schema.Struct({
    certificateType: InstallCertificateUseEnumType,
    /** PEM. */
    certificate: Wire.text(5500)
  }).annotate({ identifier: "InstallCertificateRequest" })
) {}

/**
 * Installs a root certificate.
 *
 * @category actions
 * @since 0.1.0
 */
export const InstallCertificate = Action.make("InstallCertificate", {
  from: "csms",
  block: "PlugAndCharge",
  request: InstallCertificateRequest,
  response: InstallCertificateResponse
})

/**
 * Asks the CSMS to sign the certificate by which vehicles know the station.
 *
 * @category actions
 * @since 0.1.0
 */
export const SignCertificate = Action.make("SignCertificate", {
  from: "station",
  block: "PlugAndCharge",
  request: SignCertificateRequest,
  response: SignCertificateResponse
})

/**
 * Asks the station for SignCertificate; nothing else can be asked for.
 *
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageRequest extends Schema.Opaque<TriggerMessageRequest>()(
  Schema.Struct({
    /** As in 2.0.1. The application note has no such field. */
    requestedMessage: Schema.optionalKey(Schema.Literal("SignV2GCertificate"))
  }).annotate({ identifier: "TriggerMessageRequest" })
) {}

/**
 * Whether the message will be sent.
 *
 * @category messages
 * @since 0.1.0
 */
export class TriggerMessageResponse extends Schema.Opaque<TriggerMessageResponse>()(
  Schema.Struct({
    status: TriggerMessageStatusEnumType
  }).annotate({ identifier: "TriggerMessageResponse" })
) {}

/**
 * Asks the station to have its certificate for vehicles signed.
 *
 * @category actions
 * @since 0.1.0
 */
export const TriggerMessage = Action.make("TriggerMessage", {
  from: "csms",
  block: "PlugAndCharge",
  request: TriggerMessageRequest,
  response: TriggerMessageResponse
})

/**
 * The messages of the extension.
 *
 * @category protocol
 * @since 0.1.0
 */
export const actions = [
  Authorize,
  CertificateSigned,
  DeleteCertificate,
  Get15118EVCertificate,
  GetCertificateStatus,
  GetInstalledCertificateIds,
  InstallCertificate,
  SignCertificate,
  TriggerMessage
] as const

type Actions = (typeof actions)[number]
type FromStation = Action.StartedBy<Actions, "station">
type FromCsms = Action.StartedBy<Actions, "csms">

/**
 * The extension, as a value.
 *
 * @category protocol
 * @since 0.1.0
 */
export const extension: Extension.Extension<"org.openchargealliance.iso15118pnc"> = Extension.make(
  "org.openchargealliance.iso15118pnc",
  actions
)

/**
 * The calls of the extension that a station may make to its CSMS.
 *
 * @category clients
 * @since 0.1.0
 */
export interface CsmsClient extends Client<FromStation> {}

/**
 * The calls of the extension that a CSMS may make to a station.
 *
 * @category clients
 * @since 0.1.0
 */
export interface StationClient extends Client<FromCsms> {}

/**
 * The CSMS as a station sees it, for this extension.
 *
 * @category clients
 * @since 0.1.0
 */
export const csmsClient: (csms: V16Client) => CsmsClient = Extension.csmsClient<CsmsClient>(extension)

/**
 * A connected station as the CSMS sees it, for this extension.
 *
 * @category clients
 * @since 0.1.0
 */
export const stationClient: (session: StationSession) => StationClient =
  Extension.stationClient<StationClient>(extension)

/**
 * The handlers of a CSMS: what stations may ask by this extension.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface CsmsHandlers<R = never> extends Handlers.HandlerRecord<FromStation, never, StationSession, R> {}

/**
 * The handlers of a station: what a CSMS may ask by this extension.
 *
 * @category handlers
 * @since 0.1.0
 */
export interface StationHandlers<R = never> extends Handlers.HandlerRecord<FromCsms, never, V16Client, R> {}

/**
 * Handlers of a CSMS, for `Extension.dataTransfer`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const csmsHandlers = Handlers.of<
  "org.openchargealliance.iso15118pnc",
  "csms",
  CsmsHandlers<unknown>,
  CsmsHandlers,
  typeof extension
>(extension, "csms")

/**
 * Handlers of a station, for `Extension.dataTransfer`.
 *
 * @category handlers
 * @since 0.1.0
 */
export const stationHandlers = Handlers.of<
  "org.openchargealliance.iso15118pnc",
  "station",
  StationHandlers<unknown>,
  StationHandlers,
  typeof extension
>(extension, "station")
