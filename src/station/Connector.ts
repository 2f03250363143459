/**
 * How a station reaches its CSMS.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { escape } from "../Escape.ts"
import type { Carrier } from "../engine/Carrier.ts"
import { inWords, Violation } from "../OcppError.ts"
import type { Transport } from "../Transport.ts"

/**
 * The CSMS refused the handshake with an HTTP status: 401 for wrong credentials, 404 for an unknown identity.
 *
 * @see J16 §3.2, P4 §3.2
 * @category errors
 * @since 0.1.0
 */
export class ConnectRefused extends Schema.TaggedError<ConnectRefused>()("ConnectRefused", {
  url: Schema.String,
  status: Schema.Int
}) {
  override get message(): string {
    return `${this.url} refused the connection with HTTP status ${this.status}`
  }
}

/**
 * The CSMS speaks none of the versions that were offered.
 *
 * @see J16 §3.2, P4 §3.2
 * @category errors
 * @since 0.1.0
 */
export class NoCommonProtocol extends Schema.TaggedError<NoCommonProtocol>()("NoCommonProtocol", {
  url: Schema.String,
  offered: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `${this.url} speaks none of ${this.offered.join(", ")}`
  }
}

/**
 * No connection could be made; `code` is the system's error code where it has one, such as `ECONNREFUSED`.
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectUnreachable extends Schema.TaggedError<ConnectUnreachable>()("ConnectUnreachable", {
  url: Schema.String,
  code: Schema.String
}) {
  override get message(): string {
    return `${this.url} cannot be reached: ${escape(this.code)}`
  }
}

/**
 * No version that was offered lets a station have this identity; `rule` is the one that the first of them has. No
 * attempt is made.
 *
 * @see P4 §3.1.1
 * @category errors
 * @since 0.1.0
 */
export class InvalidIdentity extends Schema.TaggedError<InvalidIdentity>()("InvalidIdentity", {
  identity: Schema.String,
  rule: Schema.String
}) {
  override get message(): string {
    return `no station can connect as ${escape(JSON.stringify(this.identity))}: ${this.rule}`
  }
}

/**
 * No station can connect to this URL, and no attempt is made. `url` is without user and query, which may be secrets.
 *
 * **Details**
 *
 * `rule` says why: it is no `ws:` or `wss:` URL, or over SOAP no `http:` or `https:` URL, it has a fragment, it ends in the identity already, which the station
 * adds by itself, or a list has none.
 *
 * @see J16 §3.1.1, P4 §3.1.1
 * @category errors
 * @since 0.1.0
 */
export class InvalidUrl extends Schema.TaggedError<InvalidUrl>()("InvalidUrl", {
  url: Schema.String,
  rule: Schema.String
}) {
  override get message(): string {
    return `url: no station can connect to ${JSON.stringify(this.url)}: ${this.rule}`
  }
}

/**
 * What the station is to present itself as is no BootNotification of its version, and no attempt is made.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidBoot extends Schema.TaggedError<InvalidBoot>()("InvalidBoot", {
  version: Schema.String,
  violations: Schema.Array(Violation)
}) {
  override get message(): string {
    return `boot: this is not what a station of OCPP ${this.version} presents itself with: ${inWords(this.violations)}`
  }
}

/**
 * Everything that connecting can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type ConnectError =
  | ConnectRefused
  | NoCommonProtocol
  | ConnectUnreachable
  | InvalidIdentity
  | InvalidUrl
  | InvalidBoot

/**
 * The TLS of a station, in PEM.
 *
 * **Details**
 *
 * - `ca`: the certificates that may have signed that of the CSMS; by default those that the system trusts.
 * - `cert`, `key`: the certificate of the station with those that lead to its root, and its private key; presented where
 *   the CSMS asks for one (security profile 3).
 *
 * @see P2 A00
 * @category options
 * @since 0.1.0
 */
export interface ClientTls {
  readonly ca?: string | Uint8Array | undefined
  readonly cert?: string | Uint8Array | undefined
  readonly key?: Redacted.Redacted<string | Uint8Array> | undefined
}

/**
 * What to connect to, and as whom.
 *
 * **Details**
 *
 * - `url`: the endpoint of the CSMS, without the identity, which goes at the end of the path of a WebSocket.
 * - `subprotocols`: what is offered, in order of preference.
 * - `password`: sent with the identity as HTTP Basic credentials; as bytes where it is no text.
 * - `tls`: whom the station trusts, and the certificate that it presents.
 * - `timeout`: how long the handshake may take.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConnectOptions {
  readonly url: string
  readonly identity: string
  readonly subprotocols: ReadonlyArray<string>
  readonly password: Redacted.Redacted<string | Uint8Array> | undefined
  readonly tls?: ClientTls | undefined
  readonly timeout: Duration.Duration
}

/**
 * An open connection and the sub-protocol that was agreed. A transport carries text, which is OCPP-J; a carrier carries
 * messages, whatever their form.
 *
 * @category models
 * @since 0.1.0
 */
export type Connection =
  | { readonly subprotocol: string; readonly transport: Transport }
  | { readonly subprotocol: string; readonly carrier: Carrier }

/**
 * How a station reaches its CSMS: `WebSocketClient.layer` of `effect-ocpp/node`, `SoapClient.layer` of
 * `effect-ocpp/node/soap`, or the in-memory one of `effect-ocpp/simulation`.
 *
 * **Details**
 *
 * - `scheme`: of the URLs that it connects to, `ws` (and `wss`) by default, or `http` (and `https`).
 *
 * @category services
 * @since 0.1.0
 */
export class Connector extends Context.Service<
  Connector,
  {
    readonly scheme?: "ws" | "http" | undefined
    readonly connect: (options: ConnectOptions) => Effect.Effect<Connection, ConnectError, Scope.Scope>
  }
>()("effect-ocpp/station/Connector") {}
