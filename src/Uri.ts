/**
 * Absolute URIs, as the 1.x messages carry them.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

// The grammar of RFC 3986, but for what stands in brackets, and for a path that starts with two slashes: as validators
// of JSON Schema do, this lets through an `@` in a password that should have been encoded.
const characters = (others: string): string => `(?:[a-z0-9\\-._~!$&'()*+,;=${others}]|%[0-9a-f]{2})*`
const authority = `(?:${characters(":")}@)?(?:\\[([^\\]]*)\\]|${characters("")})(?::\\d*)?`
const path = characters(":@/")
const query = characters(":@/?")
const uri = new RegExp(
  `^[a-z][a-z0-9+\\-.]*:(?://${authority}(?:/${path})?|${path})(?:\\?${query})?(?:#${query})?$`,
  "i"
)
const futureAddress = /^v[0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+$/i
const hexadecimal = /^[0-9a-f]{1,4}$/i
const octets = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

const isIPv6 = (text: string): boolean => {
  const halves = text.split("::")
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")))
  const last = groups.at(-1)
  const embedded = last !== undefined && !text.endsWith("::") && octets.test(last)
  const size = groups.length + (embedded ? 1 : 0)
  return (
    (halves.length === 2 ? size < 8 : size === 8) &&
    groups.every((group, index) => hexadecimal.test(group) || (embedded && index === groups.length - 1))
  )
}

const isUri = (text: string): boolean => {
  const match = uri.exec(text)
  return match !== null && (match[1] === undefined || isIPv6(match[1]) || futureAddress.test(match[1]))
}

/**
 * An absolute URI (RFC 3986). Spaces and characters outside ASCII are percent-encoded.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AnyURI = Schema.String.check(
  Schema.makeFilter(isUri, {
    expected: "an absolute URI",
    representation: { id: "effect-ocpp/isUri", payload: null },
    toJsonSchema: () => ({ format: "uri" }),
    arbitraryConstraint: {
      patterns: [
        {
          source: "^(ftps?|https?)://([a-z]{1,8}:[a-z0-9]{1,8}@)?[a-z]{1,12}\\.[a-z]{2,6}(/[a-z0-9_-]{1,8}){0,3}$",
          flags: ""
        }
      ]
    }
  })
).annotate({ identifier: "AnyURI" })
/**
 * The text of an absolute URI.
 *
 * @category models
 * @since 0.1.0
 */
export type AnyURI = typeof AnyURI.Type
