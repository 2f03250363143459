/**
 * Sets of IP addresses, by single ones and by blocks.
 */
import { BlockList, isIP } from "node:net"

export interface AddressBlocks {
  readonly has: (address: string) => boolean
}

/** Makes a set; throws a `RangeError` that names the option for what is neither an address nor a block. */
export const make = (option: string, entries: ReadonlyArray<string>): AddressBlocks => {
  const blocks = new BlockList()
  for (const entry of entries) {
    const [address = "", prefix, ...rest] = entry.split("/")
    const family = isIP(address)
    const bits = family === 4 ? 32 : 128
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
    if (family === 0 || length > bits || rest.length > 0) {
      throw new RangeError(`${option}: ${JSON.stringify(entry)} is no IP address and no block such as 10.0.0.0/8`)
    }
    blocks.addSubnet(address, length, familyOf(address))
  }
  return { has: (address) => blocks.check(address, familyOf(address)) }
}

const familyOf = (address: string): "ipv4" | "ipv6" => (address.includes(":") ? "ipv6" : "ipv4")

/** An IPv4 address that stands in an IPv6 one as itself. */
export const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "")
