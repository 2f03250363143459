/**
 * The security extension: events, and certificates.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { translation } from "../Translation.ts"
import { list, type Losses, only, refused, same, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { instant } from "../values.ts"
import { noIso15118, noPlace, nothing, outcome } from "./common.ts"

const use = words<V16.CertificateUseEnumType, Domain.GetCertificateIdUse>({
  encoded: {
    CSMSRootCertificate: "CentralSystemRootCertificate",
    MORootCertificate: refused(noIso15118),
    OEMRootCertificate: refused(noIso15118),
    V2GCertificateChain: refused(noIso15118),
    V2GRootCertificate: refused(noIso15118)
  },
  decoded: { CentralSystemRootCertificate: "CSMSRootCertificate" }
})

const installUse = words<V16.CertificateUseEnumType, Domain.InstallCertificateUse>({
  encoded: {
    CSMSRootCertificate: "CentralSystemRootCertificate",
    MORootCertificate: refused(noIso15118),
    OEMRootCertificate: refused(noIso15118),
    V2GRootCertificate: refused(noIso15118)
  },
  decoded: { CentralSystemRootCertificate: "CSMSRootCertificate" }
})

type OwnCertificate = Pick<Domain.SignCertificateRequest, "certificateType">

/** A station of 1.6 has one certificate of its own, for the connection. */
const ownCertificate = {
  wire: [],
  generic: ["certificateType"],
  decode: (): OwnCertificate => ({ certificateType: "ChargingStationCertificate" }),
  encode: ({ certificateType }: OwnCertificate, losses: Losses) => {
    if (certificateType?.startsWith("V2G")) losses.add(noIso15118, "certificateType")
    return {}
  }
} as const

const hashData = table<V16.CertificateHashDataType, Domain.CertificateHashData>(({ field }) => [
  field("hashAlgorithm", "hashAlgorithm"),
  field("issuerNameHash", "issuerNameHash"),
  field("issuerKeyHash", "issuerKeyHash"),
  field("serialNumber", "serialNumber")
])

const installed = table<V16.CertificateHashDataType, Domain.CertificateHashDataChain>(
  ({ dropped, field, omissible }) => [
    field("hashAlgorithm", "certificateHashData.hashAlgorithm"),
    field("issuerNameHash", "certificateHashData.issuerNameHash"),
    field("issuerKeyHash", "certificateHashData.issuerKeyHash"),
    field("serialNumber", "certificateHashData.serialNumber"),
    dropped({ generic: "certificateType" }, "it is the one that was asked for"),
    omissible("childCertificateHashData", noIso15118)
  ]
)

export const security = [
  translation(
    Domain.SecurityEventNotification,
    V16.SecurityEventNotification,
    table(({ field }) => [
      field("type", "type"),
      field("timestamp", "timestamp", instant),
      field("techInfo", "techInfo")
    ]),
    nothing
  ),
  translation(
    Domain.SignCertificate,
    V16.SignCertificate,
    table(({ field, omissible, together, unsaid }) => [
      field("csr", "csr"),
      together(ownCertificate),
      unsaid("hashRootCertificate", "in 1.6 the CSMS chooses who signs"),
      omissible("requestId", "1.6 has no id for what is to be signed")
    ]),
    outcome(same<Domain.SignCertificateStatus>())
  ),
  translation(
    Domain.CertificateSigned,
    V16.CertificateSigned,
    table(({ dropped, field, together }) => [
      field("certificateChain", "certificateChain"),
      together(ownCertificate),
      dropped({ generic: "requestId" }, "a station of 1.6 has given no id")
    ]),
    outcome(same<Domain.CertificateSignedStatus>())
  ),
  translation(
    Domain.InstallCertificate,
    V16.InstallCertificate,
    table(({ field }) => [
      field("certificateType", "certificateType", installUse),
      field("certificate", "certificate")
    ]),
    outcome(same<Domain.InstallCertificateStatus>())
  ),
  translation(
    Domain.GetInstalledCertificateIds,
    V16.GetInstalledCertificateIds,
    table(({ field }) => [
      field("certificateType", "certificateType", only(use, "1.6 asks for one type at a time"), {
        needed: "1.6 asks for one type at a time"
      })
    ]),
    table(({ dropped, field }) => [
      field("status", "status"),
      dropped({ generic: "statusInfo" }, noPlace),
      field("certificateHashData", "certificateHashDataChain", list(installed))
    ])
  ),
  translation(
    Domain.DeleteCertificate,
    V16.DeleteCertificate,
    table(({ field }) => [field("certificateHashData", "certificateHashData", hashData)]),
    outcome(same<Domain.DeleteCertificateStatus>())
  )
]
