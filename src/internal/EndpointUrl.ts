/**
 * The URL of a CSMS that a station is given: whether it is one, and how much of it may be shown.
 */
import * as Identity from "../Identity.ts"

/** The schemes of the URLs that a station can be given, by the one without TLS. */
export type UrlScheme = "ws" | "http"

/**
 * Why a station cannot connect to this URL as this one or, without an identity, as none; `undefined` if it can. Only a
 * WebSocket has the identity in its path.
 */
export const urlFlaw = (url: string, identity?: string, scheme: UrlScheme = "ws"): string | undefined => {
  // `URL` also reads `wss:host` and `ws:///host`.
  if (!patterns[scheme].test(url) || !URL.canParse(url)) return `it is no ${scheme}: or ${scheme}s: URL with a host`
  if (url.includes("#")) return "it has a fragment"
  const isTwice = scheme === "ws" && identity !== undefined && Identity.fromPath(new URL(url).pathname) === identity
  return isTwice ? "it ends in the identity, which the station adds by itself" : undefined
}

const patterns = { ws: /^wss?:\/\/[^/\\]/i, http: /^https?:\/\/[^/\\]/i }

/** A URL, or what was meant to be one, without the user, the query and the fragment, which may be secrets. */
export const publicUrl = (url: string): string => {
  if (!/[@?#]/.test(url)) return url
  // Of what is no such URL nobody can tell where its secrets are.
  if (!/^(?:ws|http)s?:/i.test(url) || !URL.canParse(url)) return masked
  const { host, pathname, protocol, search } = new URL(url)
  const fragment = url.includes("#") ? `#${masked}` : ""
  return `${protocol}//${host}${pathname}${search === "" ? "" : `?${masked}`}${fragment}`
}

const masked = "***"
