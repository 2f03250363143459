/**
 * The addresses at which stations take requests: which of them may be called, and what their names stand for.
 */
import * as Effect from "effect/Effect"
import { lookup } from "node:dns/promises"
import { isIP, type LookupFunction } from "node:net"
import * as AddressBlocks from "./AddressBlocks.ts"
import { hostOf } from "./socketAddress.ts"

/** An address that may be called; what its name stands for was looked up once. */
export interface CallbackAddress {
  readonly url: URL
  readonly lookup: LookupFunction
}

/** Blocks that are nobody's on the internet (IANA special-purpose address registries). */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/127",
  "64:ff9b::/96",
  "100::/64",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8"
]

/**
 * Says of an address that a message names whether it may be called, or why not.
 *
 * - `isProved`: whether the message is known to be from the station.
 * - `isConfigured`: whether it is not from a message, but from who runs the CSMS, who may call what they like.
 * - `sender`: where the message came from.
 */
export type Judge = (
  text: string,
  by: { readonly isProved: boolean; readonly isConfigured?: boolean; readonly sender: string | undefined }
) => Effect.Effect<CallbackAddress | string>

/** Makes the judge of a server; of the special blocks those in `allowed` may be called. */
export const judge = (allowed: ReadonlyArray<string>): Judge => {
  const specials = AddressBlocks.make("special", special)
  const exceptions = AddressBlocks.make("callbacks.allow", allowed)
  const mayCall = (address: string): boolean => exceptions.has(address) || !specials.has(address)
  return Effect.fnUntraced(function* (text, { isConfigured = false, isProved, sender }) {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol)) return "it is no http: or https: URL"
    if (url.username !== "" || url.password !== "") return "it has a user name or a password"
    const name = hostOf(url)
    const addresses = isIP(name) === 0 ? yield* addressesOf(name) : [name]
    const [first] = addresses
    if (first === undefined) return "its name has no address"
    if (!isProved && !addresses.every((address) => address === sender)) {
      return "the message was not authenticated, and did not come from there"
    }
    if (!isConfigured && !addresses.every(mayCall)) {
      return "it is in a private or special block, which callbacks.allow does not have"
    }
    return { url, lookup: pinned(first) }
  })
}

const addressesOf = (name: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.orElseSucceed(
    Effect.map(
      Effect.tryPromise(() => lookup(name, { all: true })),
      (found) => found.map(({ address }) => AddressBlocks.plain(address))
    ),
    () => []
  )

/** Gives one address, whatever the name stands for by now. */
const pinned =
  (address: string): LookupFunction =>
  (_, { all }, done) => {
    const family = isIP(address)
    if (all === true) done(null, [{ address, family }])
    else done(null, address, family)
  }
