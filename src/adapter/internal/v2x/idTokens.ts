/**
 * Identifiers of drivers, and what is known of them.
 */
import type * as Domain from "../../../domain/index.ts"
import { IdTokenEnumType } from "../../../v201/DataTypes.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, refused } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, table } from "./common.ts"

const additionalInfo = table<V21.AdditionalInfoType, Domain.AdditionalInfo>(({ field }) => [
  field("additionalIdToken", "additionalIdToken"),
  field("type", "type")
])

export const idTokenOf = ({ openWords, version }: Dialect) => {
  const type = openWords(IdTokenEnumType.literals, "2.0.1 has a list of types", {
    Unknown: `${version} asks for the type of an idToken`
  })
  return table<V21.IdTokenType, Domain.IdToken>(({ field }) => [
    field("idToken", "idToken"),
    field("type", "type", type),
    field("additionalInfo", "additionalInfo", list(additionalInfo))
  ])
}

export const messageOf = ({ words }: Dialect) => {
  const format = words<V201.MessageFormatEnumType, V21.MessageFormatEnumType, Domain.MessageContent["format"]>({
    QRCODE: refused("2.0.1 does not know this format")
  })
  return table<V21.MessageContentType, Domain.MessageContent>(({ field }) => [
    field("format", "format", format),
    field("language", "language"),
    field("content", "content")
  ])
}

export const idTokenInfoOf = (dialect: Dialect) =>
  table<V21.IdTokenInfoType, Domain.IdTokenInfo>(({ field }) => [
    field("status", "status"),
    field("cacheExpiryDateTime", "cacheExpiryDateTime", instant),
    field("groupIdToken", "groupIdToken", idTokenOf(dialect)),
    field("chargingPriority", "chargingPriority"),
    field("evseId", "evseId", undefined, { empty: "all EVSEs" }),
    field("language1", "language1"),
    field("language2", "language2"),
    field("personalMessage", "personalMessage", messageOf(dialect))
  ])
