/**
 * A station that came in, and what is open for it at its CSMS: the one is there as long as the other.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Credentials, Handshake } from "../../csms/Handshake.ts"
import { Signal } from "../../internal/Signal.ts"
import type { Session } from "../../Session.ts"

/** How a connection has ended. */
interface End {
  readonly code: number
  readonly reason: string
}

/** What a gateway has open at a CSMS for a station. */
export interface Upstream {
  /** Closes the connection with a WebSocket close code. */
  readonly close: (code: number, reason: string) => Effect.Effect<void>
  /** Waits until all that is stored for the CSMS has arrived there. */
  readonly delivered: Effect.Effect<void>
}

/** The link of a session, which `accept` attaches to it. */
export class LinkOf extends Context.Service<LinkOf, StationLink>()("effect-ocpp/gateway/LinkOf") {}

/** The link of a session of the gateway. */
export const linkOf = (session: Session): StationLink => Context.getUnsafe(session.data, LinkOf)

export class StationLink {
  readonly identity: string
  /** Closes when nothing is open at the CSMS any more. */
  readonly scope: Scope.Closeable
  /** What the station has presented. */
  readonly credentials: Option.Option<Credentials>
  /** The connection of the station, once it is there. */
  private readonly session = Deferred.makeUnsafe<Session>()
  /** Open once one side is gone. */
  private readonly over = new Signal()
  private readonly lock = Semaphore.makeUnsafe(1)
  private upstream: Upstream | undefined = undefined
  private end: End | undefined = undefined
  private hasLeft = false

  constructor({ credentials, identity }: Handshake, scope: Scope.Closeable) {
    this.identity = identity
    this.scope = scope
    this.credentials = credentials
  }

  /** Waits for the connection of the station. */
  get front(): Effect.Effect<Session> {
    return Deferred.await(this.session)
  }

  get isClaimed(): boolean {
    return Deferred.isDoneUnsafe(this.session)
  }

  /** Whether the station is connected. */
  get isHere(): boolean {
    return this.isClaimed && !this.hasLeft && this.end === undefined
  }

  /** Opens what is needed at the CSMS; nothing is closed before it is open. */
  build<A extends { readonly upstream: Upstream }, E, R>(open: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return this.lock.withPermit(
      Effect.map(open, (opened) => {
        this.upstream = opened.upstream
        return opened
      })
    )
  }

  /** The station is connected. */
  claim(session: Session): Effect.Effect<void> {
    return Effect.suspend(() => {
      Deferred.doneUnsafe(this.session, Exit.succeed(session))
      return this.end === undefined ? Effect.void : session.close(this.end.code, this.end.reason)
    })
  }

  /** The station is gone, and its CSMS is to know, once it has all that is stored for it. */
  leave(code: number, reason: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.hasLeft = true
      return Effect.raceFirst(this.upstream?.delivered ?? Effect.void, this.over.opened)
    }).pipe(Effect.andThen(this.close(code, reason)))
  }

  /** One side is gone, or is to go: closes both, and waits until nothing is open any more. */
  close(code: number, reason: string): Effect.Effect<void> {
    return this.lock.withPermit(
      Effect.suspend(() => {
        const end = (this.end ??= { code: sendable(code), reason })
        this.over.open()
        const told = Effect.flatMap(this.front, (session) => session.close(end.code, end.reason))
        return (this.isClaimed ? told : Effect.void).pipe(
          Effect.andThen(this.upstream?.close(end.code, end.reason) ?? Effect.void),
          Effect.andThen(Scope.close(this.scope, Exit.void))
        )
      })
    )
  }

  /** Waits until both sides are known to be gone. */
  get closed(): Effect.Effect<void> {
    return Effect.andThen(
      this.over.opened,
      Effect.suspend(() => this.close(1001, ""))
    )
  }
}

/** The close code that tells the other side; what only tells how this side has lost its connection cannot be sent. */
const sendable = (code: number): number =>
  (code >= 1000 && code <= 1014 && !unsendable.has(code)) || code >= 3000 ? code : 1001

/** RFC 6455 §7.4.1. */
const unsendable = new Set([1004, 1005, 1006])
