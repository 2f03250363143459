/**
 * Certificates of ISO 15118 that a station fetches for vehicles.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { statusInfo, table } from "./common.ts"

export const ocspRequestData = table<V201.OCSPRequestDataType, Domain.OcspRequestData>(({ field }) => [
  field("hashAlgorithm", "hashAlgorithm"),
  field("issuerNameHash", "issuerNameHash"),
  field("issuerKeyHash", "issuerKeyHash"),
  field("serialNumber", "serialNumber"),
  field("responderURL", "responderURL")
])

export const iso15118Certificates = [
  translation(
    Domain.Get15118EVCertificate,
    V201.Get15118EVCertificate,
    table(({ field }) => [
      field("iso15118SchemaVersion", "iso15118SchemaVersion"),
      field("action", "action"),
      field("exiRequest", "exiRequest")
    ]),
    table(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("exiResponse", "exiResponse")
    ])
  ),
  translation(
    Domain.GetCertificateStatus,
    V201.GetCertificateStatus,
    table(({ field }) => [field("ocspRequestData", "ocspRequestData", ocspRequestData)]),
    table(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("ocspResult", "ocspResult")
    ])
  )
]
