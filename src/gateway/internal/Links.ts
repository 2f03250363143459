/**
 * The links of a gateway, each under the identity of its station.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { type Handshake, HandshakeRefused, hasPassword } from "../../csms/Handshake.ts"
import type { SessionEvent } from "../../csms/Sessions.ts"
import * as Identity from "../../Identity.ts"
import type { Protocol } from "../../Protocol.ts"
import { type Connection, type ConnectError, Connector } from "../../station/Connector.ts"
import type { StationCredentials } from "../../station/StationConnection.ts"
import { StationLink, LinkOf, type Upstream } from "./StationLink.ts"

/**
 * How the way of a station to its CSMS is opened.
 *
 * - `outlasts`: whether a link lasts while the CSMS cannot be reached.
 * - `open`: makes what a link has at the CSMS over a connection, and gives what handlers of the station need of it. A link
 *   that outlasts its connection may be opened without one.
 */
export interface LinkOpener {
  readonly outlasts: boolean
  readonly open: (
    link: StationLink,
    connection: Connection | undefined,
    credentials: StationCredentials
  ) => Effect.Effect<{ readonly upstream: Upstream; readonly services: Context.Context<never> }, HandshakeRefused>
}

/** Where links lead. */
export interface GatewayCsms {
  readonly url: string
  readonly protocol: Protocol
  readonly connectTimeout: Duration.Duration
  readonly credentials: (handshake: Handshake) => Effect.Effect<StationCredentials>
}

/** How long a station may take from the answer to its handshake to its connection. */
const patience = Duration.seconds(30)

export class Links {
  private readonly csms: GatewayCsms
  private readonly connector: Connector["Service"]
  private readonly scope: Scope.Scope
  private readonly byIdentity = new Map<string, StationLink>()

  constructor(csms: GatewayCsms, connector: Connector["Service"], scope: Scope.Scope) {
    this.csms = csms
    this.connector = connector
    this.scope = scope
  }

  find(identity: string): StationLink | undefined {
    return this.byIdentity.get(identity)
  }

  /**
   * Connects to the CSMS for a station that wants to come in, and gives what is attached to its session; a link that it
   * has from before is closed. If the CSMS refuses it or cannot be reached, so is the station.
   */
  open(handshake: Handshake, opener: LinkOpener): Effect.Effect<Context.Context<never>, HandshakeRefused> {
    return Effect.suspend(() => {
      const { identity } = handshake
      const rule = Identity.flaw(identity, this.csms.protocol.identity)
      if (rule !== undefined) return Effect.fail(new HandshakeRefused({ status: 400, reason: `at the CSMS ${rule}` }))
      const link = new StationLink(handshake, Scope.forkUnsafe(this.scope))
      return Effect.onError(this.connect(handshake, link, opener), () => Scope.close(link.scope, Exit.void))
    })
  }

  private connect(handshake: Handshake, link: StationLink, opener: LinkOpener) {
    return Effect.gen({ self: this }, function* () {
      const { connectTimeout, credentials, protocol, url } = this.csms
      const { identity } = handshake
      const own = yield* credentials(handshake)
      const { password, tls } = own
      const connecting = this.connector
        .connect({
          url,
          identity,
          subprotocols: [protocol.json.subprotocol],
          password,
          timeout: connectTimeout,
          ...(tls === undefined ? {} : { tls })
        })
        .pipe(Scope.provide(link.scope))
      const connection = yield* Effect.catch(connecting, (error) =>
        opener.outlasts && isDown(error) ? Effect.undefined : Effect.fail(refused(error))
      )
      const older = this.byIdentity.get(identity)
      // Nobody that the CSMS refuses gets here. While it cannot be asked, only the same password replaces a station.
      if (connection === undefined && older?.isHere === true && !isSame(handshake, older)) return yield* notNow
      this.byIdentity.set(identity, link)
      yield* Scope.addFinalizer(
        link.scope,
        Effect.sync(() => {
          if (this.byIdentity.get(identity) === link) this.byIdentity.delete(identity)
        })
      )
      if (older !== undefined) yield* older.close(1000, "replaced by a newer connection")
      const { services } = yield* link.build(opener.open(link, connection, own))
      if (this.byIdentity.get(identity) !== link) return yield* new HandshakeRefused({ status: 409 })
      const abandoned = Effect.suspend(() =>
        link.isClaimed ? Effect.void : this.inBackground(link.close(1001, "the station did not come"))
      )
      yield* Effect.forkIn(Effect.delay(abandoned, patience), link.scope)
      return Context.add(services, LinkOf, link) as Context.Context<never>
    })
  }

  /** A station has come or gone. */
  follow(event: SessionEvent): Effect.Effect<void> {
    const link = Context.getOption(event.session.data, LinkOf)
    if (Option.isNone(link)) return Effect.void
    switch (event._tag) {
      case "Connected":
        return link.value.claim(event.session)
      case "Disconnected":
        return this.inBackground(link.value.leave(event.code, event.reason))
      case "Replaced":
        return this.inBackground(link.value.leave(1000, "replaced by a newer connection"))
      case "Assumed":
        return Effect.void
    }
  }

  inBackground(effect: Effect.Effect<void>): Effect.Effect<void> {
    return Effect.asVoid(Effect.forkIn(effect, this.scope))
  }
}

/** A refusal of the CSMS is passed on; what else keeps the gateway from it is for another time. */
const refused = (error: ConnectError): HandshakeRefused => {
  const status = error._tag === "ConnectRefused" ? statuses.find((one) => one === error.status) : undefined
  return new HandshakeRefused({ status: status ?? 503, reason: error.message })
}

/** Whether a station presents what the one before has presented. */
const isSame = (handshake: Handshake, { credentials }: StationLink): boolean =>
  Option.match(credentials, {
    onNone: () => Option.isNone(handshake.credentials),
    onSome: ({ password }) => hasPassword(handshake, password)
  })

const notNow = new HandshakeRefused({ status: 503, reason: "another one is connected, and the CSMS cannot be asked" })

/** Whether the CSMS may be reached another time. */
const isDown = (error: ConnectError): boolean =>
  error._tag === "ConnectUnreachable" || (error._tag === "ConnectRefused" && error.status >= 500)

const statuses = [400, 401, 403, 404, 409, 429] as const
