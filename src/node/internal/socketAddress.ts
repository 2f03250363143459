/**
 * What to connect a socket to for a URL of HTTP.
 */

/** The host of a URL, without the brackets in which an IPv6 address stands there. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1")

/** The host and the port of a URL, whose port goes without saying if it is the usual one of its scheme. */
export const addressOf = (url: URL): { readonly host: string; readonly port: number } => ({
  host: hostOf(url),
  port: Number(url.port || (url.protocol === "https:" ? 443 : 80))
})
