/**
 * Security events, and certificates.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { list, same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { nothing, outcome, statusInfo, table } from "./common.ts"

export const hashData = table<V201.CertificateHashDataType, Domain.CertificateHashData>(({ field }) => [
  field("hashAlgorithm", "hashAlgorithm"),
  field("issuerNameHash", "issuerNameHash"),
  field("issuerKeyHash", "issuerKeyHash"),
  field("serialNumber", "serialNumber")
])

const chain = table<V201.CertificateHashDataChainType, Domain.CertificateHashDataChain>(({ field }) => [
  field("certificateHashData", "certificateHashData", hashData),
  field("certificateType", "certificateType", undefined, { needed: "2.0.1 tells what a certificate is for" }),
  field("childCertificateHashData", "childCertificateHashData", list(hashData))
])

export const security = [
  translation(
    Domain.SecurityEventNotification,
    V201.SecurityEventNotification,
    table(({ field }) => [
      field("type", "type"),
      field("timestamp", "timestamp", instant),
      field("techInfo", "techInfo")
    ]),
    nothing
  ),
  translation(
    Domain.SignCertificate,
    V201.SignCertificate,
    table(({ field }) => [field("csr", "csr"), field("certificateType", "certificateType")]),
    outcome(same<Domain.SignCertificateStatus>())
  ),
  translation(
    Domain.CertificateSigned,
    V201.CertificateSigned,
    table(({ field }) => [field("certificateChain", "certificateChain"), field("certificateType", "certificateType")]),
    outcome(same<Domain.CertificateSignedStatus>())
  ),
  translation(
    Domain.InstallCertificate,
    V201.InstallCertificate,
    table(({ field }) => [field("certificateType", "certificateType"), field("certificate", "certificate")]),
    outcome(same<Domain.InstallCertificateStatus>())
  ),
  translation(
    Domain.GetInstalledCertificateIds,
    V201.GetInstalledCertificateIds,
    table(({ field }) => [field("certificateType", "certificateType")]),
    table(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("certificateHashDataChain", "certificateHashDataChain", list(chain))
    ])
  ),
  translation(
    Domain.DeleteCertificate,
    V201.DeleteCertificate,
    table(({ field }) => [field("certificateHashData", "certificateHashData", hashData)]),
    outcome(same<Domain.DeleteCertificateStatus>())
  )
]
