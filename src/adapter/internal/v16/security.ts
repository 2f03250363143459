/**
 * The security extension: events, and certificates.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import type * as Standard16 from "../../../v16/Standard.ts"
import type * as Standard201 from "../../../v201/Standard.ts"
import { translation } from "../Translation.ts"
import { type BothWays, list, type Losses, type Note, only, refused, same, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { instant } from "../values.ts"
import { byPlugAndCharge, noIso15118_20, noPlace, nothing, noVehicleMakers, outcome } from "./common.ts"

const roots = {
  CSMSRootCertificate: "CentralSystemRootCertificate",
  MORootCertificate: refused(byPlugAndCharge),
  OEMRootCertificate: refused(noVehicleMakers),
  V2GRootCertificate: refused(byPlugAndCharge)
} as const

const decoded = { CentralSystemRootCertificate: "CSMSRootCertificate" } as const

const use = words<V16.CertificateUseEnumType, Domain.GetCertificateIdUse>({
  encoded: { ...roots, V2GCertificateChain: refused(byPlugAndCharge) },
  decoded
})

const installUse = words<V16.CertificateUseEnumType, Domain.InstallCertificateUse>({ encoded: roots, decoded })

type OwnCertificate = Pick<Domain.SignCertificateRequest, "certificateType">

const elsewhere = new Map<Domain.CertificateSigningUse | undefined, string>([
  ["V2GCertificate", byPlugAndCharge],
  ["V2G20Certificate", noIso15118_20]
])

/** A station of 1.6 has one certificate of its own, for the connection. */
const ownCertificate = {
  wire: [],
  generic: ["certificateType"],
  decode: (): OwnCertificate => ({ certificateType: "ChargingStationCertificate" }),
  encode: ({ certificateType }: OwnCertificate, losses: Losses) => {
    const why = elsewhere.get(certificateType)
    if (why !== undefined) losses.add(why, "certificateType")
    return {}
  },
  notes: Array.from(elsewhere, ([type, why]): Note => ({
    path: "certificateType",
    fate: "refused",
    why: `${type}: ${why}`
  }))
} as const

export const hashData = table<V16.CertificateHashDataType, Domain.CertificateHashData>(({ field }) => [
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
    omissible("childCertificateHashData", "the security extension tells roots only")
  ]
)

/** The events that 1.6 names in another way than 2.x, whose names are the generic ones. */
const eventNames = {
  CentralSystemFailedToAuthenticate: "CsmsFailedToAuthenticate",
  FailedToAuthenticateAtCentralSystem: "FailedToAuthenticateAtCsms",
  InvalidCentralSystemCertificate: "InvalidCsmsCertificate",
  InvalidChargePointCertificate: "InvalidChargingStationCertificate"
} as const satisfies {
  readonly [
    Name in Exclude<Standard16.StandardSecurityEvent, Standard201.StandardSecurityEvent>
  ]: Standard201.StandardSecurityEvent
}

/** The name of an event. Other names, such as those of vendors, are the same in all versions. */
const eventType: BothWays<string, string> = words({
  decoded: eventNames,
  encoded: Object.fromEntries(Object.entries(eventNames).map(([name, generic]) => [generic, name]))
})

export const deleteCertificate = translation(
  Domain.DeleteCertificate,
  V16.DeleteCertificate,
  table(({ field }) => [field("certificateHashData", "certificateHashData", hashData)]),
  outcome(same<Domain.DeleteCertificateStatus>())
)

export const security = [
  translation(
    Domain.SecurityEventNotification,
    V16.SecurityEventNotification,
    table(({ field }) => [
      field("type", "type", eventType),
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
  deleteCertificate
]
