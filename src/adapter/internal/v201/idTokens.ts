/**
 * Identifiers of drivers, and what is known of them, in the words of 2.0.1.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import { list, refused, words } from "../BothWays.ts"
import { instant } from "../values.ts"
import { table } from "./common.ts"

const idTokenType = words<V201.IdTokenEnumType, Domain.IdTokenType>({
  encoded: { Unknown: refused("2.0.1 asks for the type of an idToken") },
  decoded: {}
})

const additionalInfo = table<V201.AdditionalInfoType, Domain.AdditionalInfo>(({ field }) => [
  field("additionalIdToken", "additionalIdToken"),
  field("type", "type")
])

export const idToken = table<V201.IdTokenType, Domain.IdToken>(({ field }) => [
  field("idToken", "idToken"),
  field("type", "type", idTokenType),
  field("additionalInfo", "additionalInfo", list(additionalInfo))
])

export const message = table<V201.MessageContentType, Domain.MessageContent>(({ field }) => [
  field("format", "format"),
  field("language", "language"),
  field("content", "content")
])

export const idTokenInfo = table<V201.IdTokenInfoType, Domain.IdTokenInfo>(({ field }) => [
  field("status", "status"),
  field("cacheExpiryDateTime", "cacheExpiryDateTime", instant),
  field("groupIdToken", "groupIdToken", idToken),
  field("chargingPriority", "chargingPriority"),
  field("evseId", "evseId"),
  field("language1", "language1"),
  field("language2", "language2"),
  field("personalMessage", "personalMessage", message)
])
