/**
 * Plug & Charge in 1.6: what is about certificates for vehicles, which an extension of 1.6 has of 2.0.1.
 */
import * as Effect from "effect/Effect"
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { below, type BothWays, list, type Losses, openWords, refused, same, under, words } from "../BothWays.ts"
import { calling, unlessKnown, withoutMessageId } from "../handling.ts"
import { table } from "../Table.ts"
import { type CallOf, type Translation, translation } from "../Translation.ts"
import { instant } from "../values.ts"
import { bySecurity, noPlace, noVehicleMakers, outcome } from "./common.ts"
import { extensions } from "./extensions.ts"
import { hashData } from "./security.ts"

const { PlugAndCharge } = V16

type Contract = string | V16.PlugAndCharge.IdTokenType

const contractType = openWords(
  { Unknown: "Plug & Charge asks for the type of an idToken" },
  { words: PlugAndCharge.IdTokenEnumType.literals, why: "Plug & Charge has a list of types" }
)

const longContract = "the eMAID of a contract has at most 20 characters"

/** A text alone is an eMAID. */
const contract: BothWays<Contract, Domain.IdToken> = {
  notes: [
    { path: "", fate: "refused", why: longContract },
    ...below("type", contractType.notes),
    { path: "additionalInfo", fate: "refused or left out", why: noPlace }
  ],
  decode: (wire) => {
    const { idToken, type = "eMAID" } = typeof wire === "string" ? { idToken: wire } : wire
    return { idToken, type }
  },
  encode: ({ additionalInfo, idToken, type }, losses) => {
    if (additionalInfo !== undefined) losses.leaveOut(noPlace, "additionalInfo")
    if (Array.from(idToken).length > 20) losses.add(longContract)
    // The words that are let through are those of the schema.
    const known = losses.below("type", () => contractType.encode(type, losses)) as V16.PlugAndCharge.IdTokenEnumType
    return { idToken, type: known }
  }
}

const ocspRequestData = table<V16.PlugAndCharge.OCSPRequestDataType, Domain.OcspRequestData>(({ alike }) =>
  alike("hashAlgorithm", "issuerNameHash", "issuerKeyHash", "serialNumber", "responderURL")
)

const idTokenInfo = table<V16.PlugAndCharge.IdTokenInfoType, Domain.IdTokenInfo>(
  ({ alike, dropped, field, unsaid }) => [
    ...alike("status"),
    field("cacheExpiryDateTime", "cacheExpiryDateTime", instant),
    field("groupIdToken", "groupIdToken", contract),
    unsaid("evseId", "1.6 cannot restrict a contract to some connectors"),
    dropped({ generic: "chargingPriority" }, "a station of 1.6 knows no priorities"),
    dropped({ generic: "language1" }, "it is for a display"),
    dropped({ generic: "language2" }, "it is for a display"),
    dropped({ generic: "personalMessage" }, "it is for a display")
  ]
)

const authorize = translation(
  Domain.Authorize,
  PlugAndCharge.Authorize,
  table(({ alike, field }) => [
    field("idToken", "idToken", contract),
    ...alike("certificate"),
    field("iso15118CertificateHashData", "iso15118CertificateHashData", list(ocspRequestData))
  ]),
  table(({ alike, dropped, field }) => [
    field("idTokenInfo", "idTokenInfo", idTokenInfo),
    ...alike("certificateStatus"),
    dropped({ generic: "allowedEnergyTransfer" }, "a station of 1.6 does nothing but charge"),
    dropped({ generic: "tariff" }, "a station of 1.6 computes no costs")
  ]),
  ({ certificate, iso15118CertificateHashData }) =>
    certificate !== undefined || iso15118CertificateHashData !== undefined
)

const fetching = [
  translation(
    Domain.Get15118EVCertificate,
    PlugAndCharge.Get15118EVCertificate,
    table(({ alike, omissible }) => [
      ...alike("iso15118SchemaVersion", "action", "exiRequest"),
      omissible("maximumContractCertificateChains", "in 1.6 a vehicle gets one contract, which the CSMS chooses"),
      omissible("prioritizedEMAIDs", "in 1.6 a vehicle gets one contract, which the CSMS chooses")
    ]),
    table(({ alike, dropped }) => [
      ...alike("status", "exiResponse"),
      dropped({ generic: "statusInfo" }, noPlace),
      dropped({ generic: "remainingContracts" }, "a station of 1.6 fetches one contract")
    ])
  ),
  translation(
    Domain.GetCertificateStatus,
    PlugAndCharge.GetCertificateStatus,
    table(({ field }) => [field("ocspRequestData", "ocspRequestData", ocspRequestData)]),
    table(({ alike, dropped }) => [...alike("status", "ocspResult"), dropped({ generic: "statusInfo" }, noPlace)])
  )
]

const isForVehicles = ({ certificateType }: Pick<Domain.SignCertificateRequest, "certificateType">): boolean =>
  certificateType === "V2GCertificate"

/** The certificate that is signed here is that by which vehicles know the station. */
const forVehicles = {
  wire: [],
  generic: ["certificateType"],
  decode: () => ({ certificateType: "V2GCertificate" }) as const,
  encode: () => ({})
} as const

const ownCertificate = [
  translation(
    Domain.SignCertificate,
    PlugAndCharge.SignCertificate,
    table(({ alike, omissible, together, unsaid }) => [
      ...alike("csr"),
      together(forVehicles),
      unsaid("hashRootCertificate", "in 1.6 the CSMS chooses who signs"),
      omissible("requestId", "1.6 has no id for what is to be signed")
    ]),
    outcome(same<Domain.SignCertificateStatus>()),
    isForVehicles
  ),
  translation(
    Domain.CertificateSigned,
    PlugAndCharge.CertificateSigned,
    table(({ alike, dropped, together }) => [
      ...alike("certificateChain"),
      together(forVehicles),
      dropped({ generic: "requestId" }, "a station of 1.6 has given no id")
    ]),
    outcome(same<Domain.CertificateSignedStatus>()),
    isForVehicles
  ),
  translation(
    Domain.TriggerMessage,
    PlugAndCharge.TriggerMessage,
    table(({ dropped, together, unsaid }) => [
      together({
        wire: ["requestedMessage"],
        generic: ["requestedMessage"],
        decode: () => ({ requestedMessage: "SignV2GCertificate" }),
        encode: () => ({ requestedMessage: "SignV2GCertificate" })
      }),
      dropped({ generic: "customTrigger" }, "it goes with CustomTrigger only"),
      unsaid("evse", "1.6 has one certificate for all vehicles")
    ]),
    outcome(same<Domain.TriggerMessageStatus>()),
    ({ requestedMessage }) => requestedMessage === "SignV2GCertificate"
  )
]

const ofSecurity = {
  CSMSRootCertificate: refused(bySecurity),
  ManufacturerRootCertificate: refused(bySecurity),
  OEMRootCertificate: refused(noVehicleMakers)
}

const idUse = words<V16.PlugAndCharge.GetCertificateIdUseEnumType, Domain.GetCertificateIdUse>({
  encoded: ofSecurity,
  decoded: {}
})

const chain = table<V16.PlugAndCharge.CertificateHashDataChainType, Domain.CertificateHashDataChain>(({ field }) => [
  field("certificateHashData", "certificateHashData", hashData),
  field("certificateType", "certificateType", idUse, { needed: "Plug & Charge tells what a certificate is for" }),
  field("childCertificateHashData", "childCertificateHashData", list(hashData))
])

const idUses = under("certificateType", list(idUse))

const someTypes = "Plug & Charge has certificates for vehicles only"

/** The types that are asked for. All are those of Plug & Charge: of the others the answer could not tell. */
const askedTypes = {
  wire: ["certificateType"],
  generic: ["certificateType"],
  decode: ({ certificateType = PlugAndCharge.GetCertificateIdUseEnumType.literals }: AskedTypes, losses: Losses) => ({
    certificateType: idUses.decode(certificateType, losses)
  }),
  encode: ({ certificateType = [] }: Domain.GetInstalledCertificateIdsRequest, losses: Losses): AskedTypes => {
    if (certificateType.length === 0) losses.add(someTypes, "certificateType")
    return { certificateType: idUses.encode(certificateType, losses) }
  },
  notes: [
    { path: "certificateType", fate: "refused if absent", why: someTypes },
    {
      path: "certificateType",
      fate: "changed",
      why: "a request for all types arrives as one for those of Plug & Charge"
    },
    ...(idUses.notes ?? [])
  ]
} as const

type AskedTypes = Pick<V16.PlugAndCharge.GetInstalledCertificateIdsRequest, "certificateType">

/** Whether certificates are for vehicles, of which those are told that a station of 1.6 can have. */
const areForVehicles = (types: ReadonlyArray<string>): boolean => types.every((type) => vehicleTypes.has(type))

const vehicleTypes: ReadonlySet<string> = new Set(PlugAndCharge.GetCertificateIdUseEnumType.literals)

const deleteCertificate = translation(
  Domain.DeleteCertificate,
  PlugAndCharge.DeleteCertificate,
  table(({ field }) => [field("certificateHashData", "certificateHashData", hashData)]),
  outcome(same<Domain.DeleteCertificateStatus>()),
  // It does not say what the certificate is for.
  () => false
)

const installed = [
  translation(
    Domain.InstallCertificate,
    PlugAndCharge.InstallCertificate,
    table(({ alike, field }) => [
      field(
        "certificateType",
        "certificateType",
        words<V16.PlugAndCharge.InstallCertificateUseEnumType, Domain.InstallCertificateUse>({
          encoded: ofSecurity,
          decoded: {}
        })
      ),
      ...alike("certificate")
    ]),
    outcome(same<Domain.InstallCertificateStatus>()),
    ({ certificateType }) => areForVehicles([certificateType])
  ),
  translation(
    Domain.GetInstalledCertificateIds,
    PlugAndCharge.GetInstalledCertificateIds,
    table(({ together }) => [together(askedTypes)]),
    table(({ alike, dropped, field }) => [
      ...alike("status"),
      dropped({ generic: "statusInfo" }, noPlace),
      field("certificateHashDataChain", "certificateHashDataChain", list(chain))
    ]),
    ({ certificateType = [] }) => certificateType.length > 0 && areForVehicles(certificateType)
  ),
  deleteCertificate
]

export const plugAndCharge: ReadonlyArray<Translation> = [authorize, ...fetching, ...ownCertificate, ...installed]

/**
 * Makes the call that deletes a certificate, which does not say what the certificate is for. The station is asked by `first`,
 * the security extension, and if that has no such certificate, or the station no such extension, by Plug & Charge.
 */
export const deletion =
  (first: Translation): CallOf =>
  (request, versioned, options, report) => {
    const again = withoutMessageId(options)
    const forVehicle = calling(deleteCertificate, request, extensions.caller(versioned), again, report)
    const deleted = Effect.flatMap(calling(first, request, versioned, options, report), (answer) => {
      // It is the answer to the deletion of a certificate.
      const { status } = answer as Domain.DeleteCertificateResponse
      const nowhere = Effect.succeed(answer)
      return status === "NotFound" ? Effect.catchTag(forVehicle, "CallError", () => nowhere) : nowhere
    })
    return unlessKnown(deleted, () => forVehicle)
  }
