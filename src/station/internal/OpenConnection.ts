/**
 * The connection that a station has at the moment, and the calls that go over it.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Signal } from "../../internal/Signal.ts"
import type { Failure, OfSide, Request, Response } from "../../Action.ts"
import type { Caller, CallOptions } from "../../Client.ts"
import { NotSent } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { Registration } from "../../Registration.ts"
import type { KeptConnection } from "./keepConnected.ts"
import type { BootTimer } from "./BootTimer.ts"

/** A version that the station speaks, as far as its registration goes. */
export interface SpokenVersion {
  readonly protocol: Protocol
  /** What the station presents itself as; the application registers it if absent. */
  readonly boot: unknown
  readonly registration: Registration
  /** Calls the CSMS; what has to arrive is stored first. */
  readonly caller: Caller<"station">
  /** The same as typed calls. */
  readonly client: unknown
  /** Open while this version is connected and accepted. */
  readonly ready: Signal
  /** Is told when the CSMS accepts a BootNotification. */
  readonly onAccepted: () => void
}

/** An open connection. */
export interface OpenConnection extends KeptConnection {
  /** Names it among all connections of the station. */
  readonly name: string
  readonly version: SpokenVersion
  /** The configuration slot of its network profile. */
  readonly slot: number | undefined
  readonly callTimeout: Duration.Duration | undefined
  /** Whether the station has booted, or tried to, since it was opened. */
  hasBooted: boolean
  /** Whether the CSMS has answered a call on it. */
  hasAnswered: boolean
  /** When a call on it was last answered or timed out, after which the next one leaves; 0 if none was. */
  freeSince: number
}

export class CurrentConnection implements Caller<"station"> {
  /** The connection that is open, if any. */
  open: OpenConnection | undefined = undefined
  /** The version of the connection that is open, or was last. */
  last: SpokenVersion | undefined = undefined
  private readonly bootTimer: BootTimer

  constructor(bootTimer: BootTimer) {
    this.bootTimer = bootTimer
  }

  /** The open connection, if it speaks this version. */
  in(protocol: Protocol): OpenConnection | undefined {
    return this.open?.version.protocol === protocol ? this.open : undefined
  }

  call<A extends OfSide<"station">>(
    action: A,
    request: Request<A>,
    options?: CallOptions
  ): Effect.Effect<Response<A>, Failure<A>> {
    return Effect.suspend((): Effect.Effect<Response<A>, Failure<A>> => {
      // Nothing was sent, which a SEND can fail with too.
      if (this.open === undefined) return Effect.fail(notConnected(action.name) as Failure<A>)
      const { callTimeout, peer, version } = this.open
      const settings = callTimeout === undefined ? options : { timeout: callTimeout, ...options }
      const call = peer.call(action, request, settings)
      return action === version.protocol.lifecycle.boot.action ? this.bootTimer.during(call) : call
    })
  }
}

export const notConnected = (action: string): NotSent => new NotSent({ action, reason: "NotConnected" })
