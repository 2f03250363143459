/**
 * Which texts every storage keeps as they are.
 *
 * @internal
 */
import type { StorageChange } from "../Storage.ts"

/** Throws a `TypeError` that names the entry whose text one storage or another would change. */
export const checkStorable = (changes: ReadonlyArray<StorageChange>): void => {
  for (const { key, space, value = "" } of changes) {
    if ([space, key, value].every((text) => text.isWellFormed() && !text.includes("\0"))) continue
    throw new TypeError(`${JSON.stringify([space, key])}: well-formed Unicode without U+0000 is needed`)
  }
}
