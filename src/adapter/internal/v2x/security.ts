/**
 * Security events, and certificates.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, refused, same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, nothing, outcome, statusInfo, table } from "./common.ts"

export const hashData = table<V21.CertificateHashDataType, Domain.CertificateHashData>(({ field }) => [
  field("hashAlgorithm", "hashAlgorithm"),
  field("issuerNameHash", "issuerNameHash"),
  field("issuerKeyHash", "issuerKeyHash"),
  field("serialNumber", "serialNumber")
])

const noVehicleMakers = { OEMRootCertificate: refused("2.0.1 knows no roots of the makers of vehicles") }

export const security = ({ since21, version, words }: Dialect) => {
  const signingUse = words<
    V201.CertificateSigningUseEnumType,
    V21.CertificateSigningUseEnumType,
    Domain.CertificateSigningUse
  >({ V2G20Certificate: refused("2.0.1 knows no certificates for ISO 15118-20") })
  const installUse = words<
    V201.InstallCertificateUseEnumType,
    V21.InstallCertificateUseEnumType,
    Domain.InstallCertificateUse
  >(noVehicleMakers)
  const idUse = words<V201.GetCertificateIdUseEnumType, V21.GetCertificateIdUseEnumType, Domain.GetCertificateIdUse>(
    noVehicleMakers
  )
  const chain = table<V21.CertificateHashDataChainType, Domain.CertificateHashDataChain>(({ field }) => [
    field("certificateHashData", "certificateHashData", hashData),
    field("certificateType", "certificateType", idUse, { needed: `${version} tells what a certificate is for` }),
    field("childCertificateHashData", "childCertificateHashData", list(hashData))
  ])
  return {
    SecurityEventNotification: {
      request: table<V21.SecurityEventNotificationRequest, Domain.SecurityEventNotificationRequest>(({ field }) => [
        field("type", "type"),
        field("timestamp", "timestamp", instant),
        field("techInfo", "techInfo")
      ]),
      response: nothing
    },
    SignCertificate: {
      request: table<V21.SignCertificateRequest, Domain.SignCertificateRequest>(({ field }) => [
        field("csr", "csr"),
        field("certificateType", "certificateType", signingUse),
        ...since21(
          "unsaid",
          "in 2.0.1 the CSMS chooses who signs",
          field("hashRootCertificate", "hashRootCertificate", hashData)
        ),
        ...since21("omissible", "2.0.1 has no id for what is to be signed", field("requestId", "requestId"))
      ]),
      response: outcome(same<Domain.SignCertificateStatus>())
    },
    CertificateSigned: {
      request: table<V21.CertificateSignedRequest, Domain.CertificateSignedRequest>(({ field }) => [
        field("certificateChain", "certificateChain"),
        field("certificateType", "certificateType", signingUse),
        ...since21("dropped", "a station of 2.0.1 has given no id", field("requestId", "requestId"))
      ]),
      response: outcome(same<Domain.CertificateSignedStatus>())
    },
    InstallCertificate: {
      request: table<V21.InstallCertificateRequest, Domain.InstallCertificateRequest>(({ field }) => [
        field("certificateType", "certificateType", installUse),
        field("certificate", "certificate")
      ]),
      response: outcome(same<Domain.InstallCertificateStatus>())
    },
    GetInstalledCertificateIds: {
      request: table<V21.GetInstalledCertificateIdsRequest, Domain.GetInstalledCertificateIdsRequest>(({ field }) => [
        field("certificateType", "certificateType", list(idUse), { empty: "all types" })
      ]),
      response: table<V21.GetInstalledCertificateIdsResponse, Domain.GetInstalledCertificateIdsResponse>(
        ({ field }) => [
          field("status", "status"),
          field("statusInfo", "statusInfo", statusInfo),
          field("certificateHashDataChain", "certificateHashDataChain", list(chain))
        ]
      )
    },
    DeleteCertificate: {
      request: table<V21.DeleteCertificateRequest, Domain.DeleteCertificateRequest>(({ field }) => [
        field("certificateHashData", "certificateHashData", hashData)
      ]),
      response: outcome(same<Domain.DeleteCertificateStatus>())
    }
  }
}
