/**
 * What a station presents when it connects, and how a CSMS lets it in or refuses it.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Protocol } from "../Protocol.ts"
import type { RegistrationStatus } from "../Registration.ts"
import type { Tolerance } from "../Tolerance.ts"

/**
 * What a station presents when it connects.
 *
 * **Details**
 *
 * - `identity`: the last segment of the path, percent-decoded once, or what else says which station it is. It proves
 *   nothing by itself.
 * - `path`: the path as it came, without the query.
 * - `subprotocols`: what the station offers, in its order of preference.
 * - `credentials`: HTTP Basic credentials; the password is bytes, which need not be text. The user name is the identity,
 *   unless `username` of {@link CsmsOptions} lets others through.
 * - `remoteAddress`: the address of the station, as far as it is known: the other end of the socket, or what a trusted
 *   proxy says.
 * - `isSecure`: whether the connection is TLS, here or at a trusted proxy.
 * - `tls`: what was negotiated, if TLS ends here and not at a proxy.
 * - `query`: the parameters of the URL.
 * - `headers`: the HTTP headers by lower-case name, without `authorization`.
 *
 * @see J16 §3.1, WP §2.3
 * @category models
 * @since 0.1.0
 */
export interface Handshake {
  readonly identity: string
  readonly path: string
  readonly subprotocols: ReadonlyArray<string>
  readonly credentials: Option.Option<Credentials>
  readonly remoteAddress: string | undefined
  readonly isSecure: boolean
  readonly tls: NegotiatedTls | undefined
  readonly query: URLSearchParams
  readonly headers: ReadonlyMap<string, string>
}

/**
 * The TLS of a connection.
 *
 * **Details**
 *
 * - `version`: such as `TLSv1.3`.
 * - `cipher`: the cipher suite by its standard name, such as `TLS_AES_256_GCM_SHA384`.
 * - `certificate`: that of the station, if it was asked for one (`tls.ca` of the server), and then trusted.
 *
 * @see P2 A00
 * @category models
 * @since 0.1.0
 */
export interface NegotiatedTls {
  readonly version: string
  readonly cipher: string
  readonly certificate: PeerCertificate | undefined
}

/**
 * The certificate of a station.
 *
 * **Details**
 *
 * - `commonName`: its serial number in security profile 3; equal to the one in its BootNotification.
 * - `organization`: the operator of the CSMS.
 * - `serialNumber`: that of the certificate, in hexadecimal.
 * - `fingerprint256`: the SHA-256 hash of the certificate, in hexadecimal with colons.
 * - `validFrom`, `validTo`: in milliseconds since 1970-01-01T00:00:00Z.
 * - `der`: the certificate itself, in DER.
 *
 * @see P2 A00.FR.404, A00.FR.511, B01.FR.11
 * @category models
 * @since 0.1.0
 */
export interface PeerCertificate {
  readonly commonName: string | undefined
  readonly organization: string | undefined
  readonly serialNumber: string
  readonly fingerprint256: string
  readonly validFrom: number
  readonly validTo: number
  readonly der: Uint8Array
}

/**
 * HTTP Basic credentials.
 *
 * @category models
 * @since 0.1.0
 */
export interface Credentials {
  readonly username: string
  readonly password: Redacted.Redacted<Uint8Array>
}

/**
 * How a station is served once it may connect; what is left out is as in `accept: () => Effect.void`.
 *
 * **When to use**
 *
 * Say `registration` where you keep the registrations yourself, such as in a database that several processes share.
 *
 * **Details**
 *
 * - `registration`: how the station stands when it connects. By default it stands as its last BootNotification was
 *   answered, or if there is no record of that, as {@link RegistrationSettings} says.
 * - `tolerance`: what is let through of what the station gets wrong, by default nothing.
 * - `keepAlive`: `false` for a station that does not answer pings; a dead connection to it is noticed only when the
 *   network says so.
 * - `data`: what the application knows of the station, such as its row in a database, as services. Handlers may use
 *   these services for this station, and its session carries them.
 *
 * **Example** (The tenant of a station)
 *
 * ```ts
 * class Tenant extends Context.Service<Tenant, { readonly name: string }>()("app/Tenant") {}
 *
 * Csms.layer({
 *   accept: ({ identity }) => Effect.map(tenantOf(identity), (tenant) => ({ data: Context.make(Tenant, tenant) })),
 *   handlers: [V16.csmsHandlers({ authorize: ({ idTag }) => Effect.flatMap(Tenant, ({ name }) => authorize(name, idTag)) })]
 * })
 * ```
 *
 * @see J16 §4.2, P2 B01 to B03
 * @category options
 * @since 0.1.0
 */
export interface Acceptance<in Data = never> {
  readonly registration?: RegistrationStatus | undefined
  readonly tolerance?: Tolerance | undefined
  readonly keepAlive?: boolean | undefined
  readonly data?: Context.Context<Data> | undefined
}

/**
 * A handshake is refused with an HTTP status, before the upgrade. The `reason` is for the log; the station is not told.
 *
 * @see J16 §3.2, P4 §3.2
 * @category errors
 * @since 0.1.0
 */
export class HandshakeRefused extends Schema.TaggedError<HandshakeRefused>()("HandshakeRefused", {
  status: Schema.Literals([400, 401, 403, 404, 409, 429, 503]),
  reason: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return `the handshake was refused with HTTP status ${this.status}`
  }
}

/**
 * The credentials are missing or wrong: HTTP 401.
 *
 * @category errors
 * @since 0.1.0
 */
export const unauthorized: HandshakeRefused = new HandshakeRefused({ status: 401 })

/**
 * The identity is unknown: HTTP 404.
 *
 * @category errors
 * @since 0.1.0
 */
export const unknownStation: HandshakeRefused = new HandshakeRefused({ status: 404 })

/**
 * The identity is connected already and keeps its connection: HTTP 409.
 *
 * @category errors
 * @since 0.1.0
 */
export const alreadyConnected: HandshakeRefused = new HandshakeRefused({ status: 409 })

/**
 * Whether a station presented this password. The comparison takes as long for a wrong one as for the right one.
 *
 * **When to use**
 *
 * Use in `accept`: `hasPassword(handshake, secret) ? Effect.void : Effect.fail(unauthorized)`.
 *
 * **Gotchas**
 *
 * The user name is not looked at.
 *
 * @see WP §2.3
 * @category guards
 * @since 0.1.0
 */
export const hasPassword = (handshake: Handshake, password: Redacted.Redacted<string | Uint8Array>): boolean => {
  if (Option.isNone(handshake.credentials)) return false
  const given = Redacted.value(handshake.credentials.value.password)
  const secret = Redacted.value(password)
  const wanted = typeof secret === "string" ? new TextEncoder().encode(secret) : secret
  let difference = given.length ^ wanted.length
  for (let i = 0; i < given.length; i++) difference |= given[i]! ^ (wanted[i % wanted.length] ?? 0)
  return difference === 0
}

/**
 * Finds what belongs to the sub-protocol that a connection gets: the first one that the station offers and that is `spoken`
 * here or, if the station offers none, that of the default protocol. @internal
 */
export const agreedBy = <A>(
  { subprotocols }: Handshake,
  spoken: ReadonlyMap<string, A>,
  defaultProtocol: Protocol | undefined
): A | undefined => {
  const offered = subprotocols.length === 0 ? [defaultProtocol?.json.subprotocol ?? ""] : subprotocols
  return spoken.get(offered.find((subprotocol) => spoken.has(subprotocol)) ?? "")
}
