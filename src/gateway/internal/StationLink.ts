/**
 * A station that came in, and what is open for it at its CSMS: the one is there as long as the other.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
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
  /** The connection of the station, once it is there. */
  private readonly session = Deferred.makeUnsafe<Session>()
  private readonly lost = new Signal()
  private readonly lock = Semaphore.makeUnsafe(1)
  private upstream: Upstream | undefined = undefined
  private end: End | undefined = undefined

  constructor(identity: string, scope: Scope.Closeable) {
    this.identity = identity
    this.scope = scope
  }

  /** Waits for the connection of the station. */
  get front(): Effect.Effect<Session> {
    return Deferred.await(this.session)
  }

  get isClaimed(): boolean {
    return Deferred.isDoneUnsafe(this.session)
  }

  /** Opens what is needed at the CSMS; nothing is closed before it is open. */
  build<E, R>(open: Effect.Effect<Upstream, E, R>): Effect.Effect<void, E, R> {
    return this.lock.withPermit(
      Effect.map(open, (upstream) => {
        this.upstream = upstream
      })
    )
  }

  /** The station is connected. */
  claim(session: Session): Effect.Effect<void> {
    return Effect.suspend(() => {
      Deferred.doneUnsafe(this.session, Exit.succeed(session))
      return this.end === undefined ? Effect.void : session.close(sendable(this.end.code), this.end.reason)
    })
  }

  /** The connection to the CSMS is gone, and the station is to know. */
  cut(code: number, reason: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const end = (this.end ??= { code, reason })
      this.lost.open()
      const told = Effect.flatMap(this.front, (session) => session.close(sendable(end.code), end.reason))
      return Effect.andThen(this.isClaimed ? told : Effect.void, Scope.close(this.scope, Exit.void))
    })
  }

  /** Waits until the connection to the CSMS is known to be gone, and the station knows it. */
  get severed(): Effect.Effect<void> {
    return Effect.andThen(
      this.lost.opened,
      Effect.suspend(() => this.cut(1001, ""))
    )
  }

  /** The station is gone, and its CSMS is to know, once it has all that is stored for it. */
  leave(code: number, reason: string): Effect.Effect<void> {
    return Effect.suspend(() => Effect.raceFirst(this.upstream?.delivered ?? Effect.void, this.lost.opened)).pipe(
      Effect.andThen(this.shut(code, reason))
    )
  }

  /** Closes what is open at the CSMS, and waits until it is closed. */
  shut(code: number, reason: string): Effect.Effect<void> {
    return this.lock.withPermit(
      Effect.suspend(() => {
        this.end ??= { code, reason }
        return Effect.andThen(
          this.upstream?.close(sendable(code), reason) ?? Effect.void,
          Scope.close(this.scope, Exit.void)
        )
      })
    )
  }
}

/** The close code that tells the other side; what only tells how this side has lost its connection cannot be sent. */
const sendable = (code: number): number =>
  (code >= 1000 && code <= 1014 && !unsendable.has(code)) || code >= 3000 ? code : 1001

/** RFC 6455 §7.4.1. */
const unsendable = new Set([1004, 1005, 1006])
