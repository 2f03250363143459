/**
 * Certificates of ISO 15118 that a station fetches for vehicles.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, statusInfo, table } from "./common.ts"
import { hashData } from "./security.ts"

export const ocspRequestData = table<V21.OCSPRequestDataType, Domain.OcspRequestData>(({ field }) => [
  field("hashAlgorithm", "hashAlgorithm"),
  field("issuerNameHash", "issuerNameHash"),
  field("issuerKeyHash", "issuerKeyHash"),
  field("serialNumber", "serialNumber"),
  field("responderURL", "responderURL")
])

const statusRequest = table<V21.CertificateStatusRequestInfoType, Domain.CertificateStatusRequest>(
  ({ alike, field }) => [field("certificateHashData", "certificateHashData", hashData), ...alike("source", "urls")]
)

const revocationStatus = table<V21.CertificateStatusType, Domain.CertificateRevocationStatus>(({ alike, field }) => [
  field("certificateHashData", "certificateHashData", hashData),
  ...alike("source", "status"),
  field("nextUpdate", "nextUpdate", instant)
])

export const iso15118Certificates = ({ since21 }: Dialect) => ({
  Get15118EVCertificate: {
    request: table<V21.Get15118EVCertificateRequest, Domain.Get15118EVCertificateRequest>(({ alike }) => [
      ...alike("iso15118SchemaVersion", "action", "exiRequest"),
      ...since21(
        "omissible",
        "in 2.0.1 a vehicle gets one contract, which the CSMS chooses",
        ...alike("maximumContractCertificateChains", "prioritizedEMAIDs")
      )
    ]),
    response: table<V21.Get15118EVCertificateResponse, Domain.Get15118EVCertificateResponse>(({ alike, field }) => [
      ...alike("status", "exiResponse"),
      field("statusInfo", "statusInfo", statusInfo),
      ...since21("dropped", "a station of 2.0.1 fetches one contract", ...alike("remainingContracts"))
    ])
  },
  GetCertificateStatus: {
    request: table<V21.GetCertificateStatusRequest, Domain.GetCertificateStatusRequest>(({ field }) => [
      field("ocspRequestData", "ocspRequestData", ocspRequestData)
    ]),
    response: table<V21.GetCertificateStatusResponse, Domain.GetCertificateStatusResponse>(({ alike, field }) => [
      ...alike("status", "ocspResult"),
      field("statusInfo", "statusInfo", statusInfo)
    ])
  },
  GetCertificateChainStatus: {
    request: table<V21.GetCertificateChainStatusRequest, Domain.GetCertificateChainStatusRequest>(({ field }) => [
      field("certificateStatusRequests", "certificateStatusRequests", list(statusRequest))
    ]),
    response: table<V21.GetCertificateChainStatusResponse, Domain.GetCertificateChainStatusResponse>(({ field }) => [
      field("certificateStatus", "certificateStatus", list(revocationStatus))
    ])
  }
})
