/**
 * The local authorization list of a simulated station of OCPP 1.6.
 */
import * as Timestamp from "../../Timestamp.ts"
import type { IdTagInfo } from "../../v16/DataTypes.ts"
import { type SendLocalListRequest, type UpdateStatus, UpdateType } from "../../v16/LocalAuthListManagement.ts"
import { limits } from "./Configuration.ts"

/** The names of idTags are compared without case. */
export const isSameTag = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.toLowerCase() === other?.toLowerCase()

export class LocalList {
  private entries: ReadonlyMap<string, IdTagInfo> = new Map()
  private lastVersion = 0

  /** 0 if it is empty. */
  get version(): number {
    return this.entries.size === 0 ? 0 : this.lastVersion
  }

  /** Updates the list as a whole or, if anything is wrong with the update, not at all. */
  update({ listVersion, localAuthorizationList = [], updateType }: SendLocalListRequest): UpdateStatus {
    if (!UpdateType.literals.includes(updateType)) return "Failed"
    const isFull = updateType === "Full"
    if (!isFull && listVersion <= this.version) return "VersionMismatch"
    const tags = new Set(localAuthorizationList.map(({ idTag }) => idTag.toLowerCase()))
    const isWrong =
      listVersion < 1 ||
      tags.size < localAuthorizationList.length ||
      localAuthorizationList.length > limits.listUpdateLength ||
      (isFull && localAuthorizationList.some(({ idTagInfo }) => idTagInfo === undefined))
    if (isWrong) return "Failed"
    const entries = new Map(isFull ? [] : this.entries)
    for (const { idTag, idTagInfo } of localAuthorizationList) {
      if (idTagInfo === undefined) entries.delete(idTag.toLowerCase())
      else entries.set(idTag.toLowerCase(), idTagInfo)
    }
    if (entries.size > limits.listLength) return "Failed"
    this.entries = entries
    this.lastVersion = listVersion
    return "Accepted"
  }

  /** What the list says of an idTag at a time in milliseconds. */
  find(idTag: string, now: number): IdTagInfo | undefined {
    const found = this.entries.get(idTag.toLowerCase())
    const expiry = found?.expiryDate === undefined ? undefined : Timestamp.toMillis(found.expiryDate)
    const isExpired = expiry !== undefined && expiry <= now
    return found === undefined || !isExpired || found.status !== "Accepted" ? found : { ...found, status: "Expired" }
  }
}
