/**
 * Who may charge, and the list that a station has of them.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same, words } from "../BothWays.ts"
import { type Dialect, nothing, outcome, table } from "./common.ts"
import { idTokenInfoOf, idTokenOf } from "./idTokens.ts"
import { ocspRequestData } from "./iso15118Certificates.ts"
import { tariffOf } from "./tariffAndCost.ts"

export const authorization = (dialect: Dialect) => {
  const { since21 } = dialect
  const idToken = idTokenOf(dialect)
  const idTokenInfo = idTokenInfoOf(dialect)
  return {
    Authorize: {
      request: table<V21.AuthorizeRequest, Domain.AuthorizeRequest>(({ field }) => [
        field("idToken", "idToken", idToken),
        field("certificate", "certificate"),
        field("iso15118CertificateHashData", "iso15118CertificateHashData", list(ocspRequestData))
      ]),
      response: table<V21.AuthorizeResponse, Domain.AuthorizeResponse>(({ field }) => [
        field("idTokenInfo", "idTokenInfo", idTokenInfo),
        field("certificateStatus", "certificateStatus"),
        ...since21(
          "dropped",
          "a station of 2.0.1 does nothing but charge",
          field("allowedEnergyTransfer", "allowedEnergyTransfer", undefined, { empty: "that it may charge" })
        ),
        ...since21("dropped", "a station of 2.0.1 computes no costs", field("tariff", "tariff", tariffOf(dialect)))
      ])
    },
    ClearCache: { request: nothing, response: outcome(same<Domain.ClearCacheStatus>()) },
    GetLocalListVersion: {
      request: nothing,
      response: table<V21.GetLocalListVersionResponse, Domain.GetLocalListVersionResponse>(({ together }) => [
        together({
          wire: ["versionNumber"],
          generic: ["versionNumber"],
          decode: ({ versionNumber }) => ({ versionNumber }),
          notes: [
            { path: "versionNumber", fate: "changed", why: "without it, for a station without lists, it becomes 0" }
          ],
          // A station without lists answers 0, too (D02.FR.02).
          encode: ({ versionNumber = 0 }) => ({ versionNumber })
        })
      ])
    },
    SendLocalList: {
      request: table<V21.SendLocalListRequest, Domain.SendLocalListRequest>(({ field }) => [
        field("versionNumber", "versionNumber"),
        field("updateType", "updateType"),
        field(
          "localAuthorizationList",
          "localAuthorizationList",
          list(
            table<V21.AuthorizationData, Domain.AuthorizationData>((rows) => [
              rows.field("idToken", "idToken", idToken),
              rows.field("idTokenInfo", "idTokenInfo", idTokenInfo)
            ])
          )
        )
      ]),
      response: outcome(
        words<V21.SendLocalListStatusEnumType, Domain.SendLocalListStatus>({
          encoded: { NotSupported: "Failed" },
          decoded: {}
        })
      )
    }
  }
}
