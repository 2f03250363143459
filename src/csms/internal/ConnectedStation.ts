/**
 * The session of a station, with what the CSMS keeps beside what the application sees of it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Caller } from "../../Client.ts"
import type { Alarm } from "../../internal/Alarms.ts"
import * as Home from "../../internal/Home.ts"
import type { Peer } from "../../engine/Peer.ts"
import type { Protocol } from "../../Protocol.ts"
import type { Session } from "../../Session.ts"
import type { AnySession } from "../AnySession.ts"
import type { Gate } from "./Gate.ts"

// A class, for what its prototype holds costs a connection no memory.
export class ConnectedStation implements Session, Home.Resident {
  readonly identity: string
  readonly protocol: Protocol
  readonly form: Session["form"]
  readonly station: unknown
  readonly call: Caller["call"]
  readonly data: Context.Context<never>
  readonly scope: Scope.Closeable
  readonly peer: Peer
  readonly gate: Gate
  readonly [Home.services]: Context.Context<never>
  /** Rings when it has been open for too long without a word that tells how the station stands. */
  bootAlarm: Alarm | undefined = undefined

  constructor(of: {
    readonly protocol: Protocol
    readonly form: Session["form"]
    readonly station: unknown
    readonly caller: Caller
    readonly data: Context.Context<never> | undefined
    readonly scope: Scope.Closeable
    readonly peer: Peer
    readonly gate: Gate
    /** Those of the CSMS. */
    readonly services: Context.Context<never>
  }) {
    this.identity = of.gate.record.identity
    this.protocol = of.protocol
    this.form = of.form
    this.station = of.station
    this.call = of.caller.call
    this.data = of.data ?? Context.empty()
    this.scope = of.scope
    this.peer = of.peer
    this.gate = of.gate
    this[Home.services] = of.services
  }

  get version(): string {
    return this.protocol.version
  }

  get registration(): Session["registration"] {
    return Effect.sync(() => this.gate.standing)
  }

  close(code = 1000, reason = ""): Effect.Effect<void> {
    return Effect.sync(() => this.peer.close(code, reason))
  }

  get drain(): Effect.Effect<void> {
    return Effect.callback<void>((resume) => this.peer.drain(() => resume(Effect.void)))
  }

  /** The session as the application sees it. */
  get session(): AnySession {
    // The version of the protocol says which calls `station` has.
    return this as Session as AnySession
  }
}
