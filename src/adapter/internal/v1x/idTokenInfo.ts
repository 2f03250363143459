/**
 * What is known of an idTag, in the words of 1.x.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import { words } from "../BothWays.ts"
import { table, type Table } from "../Table.ts"
import { instant } from "../values.ts"
import type { Dialect1x } from "./common.ts"

const authorizationStatus = words<V16.AuthorizationStatus, Domain.AuthorizationStatus>({
  encoded: {
    NoCredit: "Blocked",
    NotAllowedTypeEVSE: "Blocked",
    NotAtThisLocation: "Blocked",
    NotAtThisTime: "Blocked",
    Unknown: "Invalid"
  },
  decoded: {}
})

export const idTokenInfo = ({ idToken, version }: Dialect1x): Table<V16.IdTagInfo, Domain.IdTokenInfo> =>
  table(({ dropped, field, unsaid }) => [
    field("status", "status", authorizationStatus),
    field("expiryDate", "cacheExpiryDateTime", instant),
    field("parentIdTag", "groupIdToken", idToken),
    unsaid("evseId", `${version} cannot restrict an idTag to some connectors`),
    dropped({ generic: "chargingPriority" }, `a station of ${version} knows no priorities`),
    dropped({ generic: "language1" }, "it is for a display"),
    dropped({ generic: "language2" }, "it is for a display"),
    dropped({ generic: "personalMessage" }, "it is for a display")
  ])
