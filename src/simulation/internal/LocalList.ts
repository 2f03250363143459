/**
 * The local authorization list of a simulated station.
 */
import * as DateTime from "effect/DateTime"
import * as Domain from "../../domain/index.ts"
import { limits } from "./limits.ts"

/** Whether two tokens are one. They are compared without case; in 1.6 they have no type, which is any then. */
export const isSameToken = (one: Domain.IdToken | undefined, other: Domain.IdToken | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  textOf(one) === textOf(other) &&
  (typeOf(one) === typeOf(other) || one.type === "Unknown" || other.type === "Unknown")

const typeOf = ({ type }: Domain.IdToken): string => type.toLowerCase()

const textOf = ({ idToken }: Domain.IdToken): string => idToken.toLowerCase()

/** A token of a list, of which there is one of each text and type. */
const keyOf = (token: Domain.IdToken): string => `${typeOf(token)} ${textOf(token)}`

interface Entry {
  readonly idToken: Domain.IdToken
  readonly info: Domain.IdTokenInfo
}

export class LocalList {
  private entries: ReadonlyMap<string, Entry> = new Map()
  private lastVersion = 0

  /** 0 if it is empty. */
  get version(): number {
    return this.entries.size === 0 ? 0 : this.lastVersion
  }

  /** Updates the list as a whole or, if anything is wrong with the update, not at all. */
  update({
    localAuthorizationList = [],
    updateType,
    versionNumber
  }: Domain.SendLocalListRequest): Domain.SendLocalListStatus {
    if (!Domain.UpdateType.literals.includes(updateType)) return "Failed"
    const isFull = updateType === "Full"
    if (!isFull && versionNumber <= this.version) return "VersionMismatch"
    const tokens = new Set(localAuthorizationList.map(({ idToken }) => keyOf(idToken)))
    const isWrong =
      versionNumber < 1 ||
      tokens.size < localAuthorizationList.length ||
      localAuthorizationList.length > limits.listUpdateLength ||
      (isFull && localAuthorizationList.some(({ idTokenInfo }) => idTokenInfo === undefined))
    if (isWrong) return "Failed"
    const entries = new Map(isFull ? [] : this.entries)
    for (const { idToken, idTokenInfo } of localAuthorizationList) {
      if (idTokenInfo === undefined) entries.delete(keyOf(idToken))
      else entries.set(keyOf(idToken), { idToken, info: idTokenInfo })
    }
    if (entries.size > limits.listLength) return "Failed"
    this.entries = entries
    this.lastVersion = versionNumber
    return "Accepted"
  }

  /** What the list says of a token at a time in milliseconds. */
  find(token: Domain.IdToken, now: number): Domain.IdTokenInfo | undefined {
    const entry = this.entries.get(keyOf(token)) ?? this.alike(token)
    if (entry === undefined) return undefined
    const { cacheExpiryDateTime: expiry, status } = entry.info
    const isExpired = expiry !== undefined && DateTime.toEpochMillis(expiry) <= now
    return isExpired && status === "Accepted" ? { ...entry.info, status: "Expired" } : entry.info
  }

  private alike(token: Domain.IdToken): Entry | undefined {
    for (const entry of this.entries.values()) if (isSameToken(entry.idToken, token)) return entry
    return undefined
  }
}
