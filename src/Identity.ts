/**
 * The identity of a charging station, as it stands in the URL of its connection.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import { isPlain } from "./Escape.ts"

/**
 * The path segment of an identity: percent-encoded after RFC 3986.
 *
 * @see J16 §3.1.1, P4-21 §3.1.1
 * @category encoding
 * @since 0.1.0
 */
export const toSegment = (identity: string): string =>
  encodeURIComponent(identity.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  )

/**
 * The connection URL of a station: the endpoint's URL with `/` and the encoded identity at the end of its path, before
 * the query. Throws a `TypeError` if the endpoint is no URL.
 *
 * **Gotchas**
 *
 * No URL has an identity `.` or `..`: see {@link flaw}.
 *
 * @category encoding
 * @since 0.1.0
 */
export const toUrl = (endpoint: string, identity: string): string => {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${toSegment(identity)}`
  return url.href
}

/**
 * The identity in the last segment of a path, decoded exactly once, or `undefined` if there is none or its escapes are
 * malformed.
 *
 * **Details**
 *
 * The query is not part of it, and a slash behind it does not count. An identity holds no control character, no separator of
 * lines, no mark of the writing direction or the byte order and no U+FFFD, and is neither `.` nor `..`.
 *
 * @category decoding
 * @since 0.1.0
 */
export const fromPath = (path: string): string | undefined => {
  const pathname = path.split("?", 1)[0] ?? ""
  const end = pathname.endsWith("/") ? pathname.length - 1 : pathname.length
  const segment = pathname.slice(pathname.slice(0, end).lastIndexOf("/") + 1, end)
  const identity = Result.getOrUndefined(Result.try(() => decodeURIComponent(segment)))
  const isOne = identity !== undefined && identity !== "" && isPlain(identity) && !isSpoilt(identity)
  return isOne && !isDots(identity) ? identity : undefined
}

/** Whether there is a character that was put in the place of bytes that are no UTF-8, whatever they were. */
const isSpoilt = (identity: string): boolean => identity.includes("\ufffd")

/** Such segments are resolved by whoever reads a URL, however they are encoded. */
const isDots = (segment: string): boolean => segment === "." || segment === ".."

/**
 * What identities a version of OCPP lets stations have: the most characters, and whether a colon may be among them.
 *
 * @see P4 §3.1.1
 * @category models
 * @since 0.1.0
 */
export interface Rule {
  readonly maxLength: number
  readonly colon: boolean
}

/**
 * Why a version does not let a station have an identity, or `undefined` if it does.
 *
 * @category guards
 * @since 0.1.0
 */
export const flaw = (identity: string, { colon, maxLength }: Rule): string | undefined => {
  if (identity === "") return "an identity has characters"
  if (!identity.isWellFormed()) return "an identity has whole characters, no halves of a surrogate pair"
  if (!isPlain(identity))
    return "an identity has no control character, no separator of lines and no mark of the writing direction or byte order"
  if (isSpoilt(identity)) return "an identity has no U+FFFD, which stands for what was no UTF-8"
  if (isDots(identity)) return `an identity is neither "." nor "..", which no URL can have at its end`
  if (identity.length > maxLength && Array.from(identity).length > maxLength)
    return `an identity has at most ${maxLength} characters`
  return colon || !identity.includes(":") ? undefined : "an identity has no colon"
}
