/**
 * Where a request comes from, if a proxy that is trusted stands in front of the server.
 */
import type * as Http from "node:http"
import { isIP } from "node:net"
import * as AddressBlocks from "./AddressBlocks.ts"

export interface Origin {
  readonly remoteAddress: string | undefined
  readonly isSecure: boolean
}

/**
 * Reads where requests come from: the other end of the socket, or what `X-Forwarded-For` and `X-Forwarded-Proto` say,
 * as far back as one trusted proxy after another vouches for it. Throws a `RangeError` for what is no address or block.
 */
export const make = (trusted: ReadonlyArray<string>): ((request: Http.IncomingMessage) => Origin) => {
  const proxies = AddressBlocks.make("trustedProxies", trusted)
  const isTrusted = (address: string): boolean => trusted.length > 0 && proxies.has(address)

  return ({ headers, socket }) => {
    const peer = socket.remoteAddress === undefined ? undefined : AddressBlocks.plain(socket.remoteAddress)
    const isEncrypted = "encrypted" in socket
    if (peer === undefined || !isTrusted(peer)) return { remoteAddress: peer, isSecure: isEncrypted }
    // Each proxy appends where it was called from, so what a station may have made up stands on the left.
    const addresses = listOf(headers["x-forwarded-for"])
    let remoteAddress = peer
    let hops = 0
    while (isTrusted(remoteAddress)) {
      const next = readAddress(addresses.at(-1 - hops))
      if (next === undefined) break
      remoteAddress = next
      hops++
    }
    const protocols = listOf(headers["x-forwarded-proto"])
    if (protocols.length === 0) return { remoteAddress, isSecure: isEncrypted }
    // A proxy appends to this list too, or replaces it by what it knows.
    const protocol = protocols.length === 1 ? protocols[0] : protocols.at(-Math.max(1, hops))
    return { remoteAddress, isSecure: protocol === "https" || protocol === "wss" }
  }
}

const listOf = (header: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  [header ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((element) => element.trim().toLowerCase())
    .filter(Boolean)

/** The IP address in an element of `X-Forwarded-For`, where some proxies put a port behind it. */
const readAddress = (element = ""): string | undefined => {
  const address = /^\[(.+)\](?::\d+)?$/.exec(element)?.[1] ?? /^([\d.]+):\d+$/.exec(element)?.[1] ?? element
  return isIP(address) === 0 ? undefined : AddressBlocks.plain(address)
}
