/**
 * The log of who connects and who is refused, and why.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as LogLimit from "../../internal/LogLimit.ts"
import { escape } from "../../Escape.ts"
import type { AnySession } from "../AnySession.ts"
import type { Admission, AgreedProtocol } from "../Endpoint.ts"
import type { Handshake, HandshakeRefused } from "../Handshake.ts"

/** What a status means unless the refusal says more. */
const reasons: Record<HandshakeRefused["status"], string> = {
  400: "its identity is not one that its version allows",
  401: "its credentials are missing or wrong",
  403: "it is not allowed",
  404: "it is not known",
  409: "it is connected already",
  429: "there are too many requests",
  503: "the CSMS is not ready, or is shutting down"
}

export class HandshakeLog {
  private readonly subprotocols: ReadonlyArray<string>
  private readonly warn = LogLimit.make()

  constructor(subprotocols: ReadonlyArray<string>) {
    this.subprotocols = subprotocols
  }

  /** Tells how a handshake ends, and when the connection is made. */
  follow<E extends HandshakeRefused, R>(
    { identity, remoteAddress, subprotocols }: Handshake,
    decision: Effect.Effect<Admission, E, R>
  ): Effect.Effect<Admission, E, R> {
    const who = `${identity} from ${remoteAddress ?? "an unknown address"}`
    return Effect.contextWith((context) =>
      decision.pipe(
        Effect.onExit((exit) => this.decided(who, subprotocols, exit)),
        Effect.map(({ agreed }) => ({
          agreed: agreed === undefined ? undefined : following(agreed, who, Effect.runForkWith(context))
        }))
      )
    )
  }

  private decided(
    who: string,
    offered: ReadonlyArray<string>,
    exit: Exit.Exit<Admission, HandshakeRefused>
  ): Effect.Effect<void> {
    if (Exit.isSuccess(exit)) {
      if (exit.value.agreed !== undefined) return Effect.void
      const offer = offered.length === 0 ? "none" : offered.join(", ").slice(0, 200)
      return this.warn(`${who} was sent away: of sub-protocols it offers ${offer}, and this CSMS speaks ${this.spoken}`)
    }
    const refused = Option.getOrUndefined(Exit.findErrorOption(exit))
    if (refused === undefined) {
      // A defect is told by the server.
      const isOver = Cause.hasInterruptsOnly(exit.cause)
      return isOver ? this.warn(`${who} was not let in: it has gone, or that was not decided in time`) : Effect.void
    }
    const { reason, status } = refused
    return this.warn(`${who} was refused with HTTP status ${status}: ${reason ?? reasons[status]}`)
  }

  private get spoken(): string {
    return this.subprotocols.join(", ")
  }
}

/** What was agreed, and tells when the connection is made. */
const following = (
  agreed: AgreedProtocol,
  who: string,
  run: (effect: Effect.Effect<void>) => unknown
): AgreedProtocol => {
  const told = (session: AnySession | undefined): AnySession | undefined => {
    const outcome =
      session === undefined ? "was sent away: it is connected already" : `connected with ${agreed.subprotocol}`
    run(Effect.logInfo(`${escape(who)} ${outcome}`))
    return session
  }
  return {
    ...agreed,
    connect: (transport) => told(agreed.connect(transport)),
    attach: (carrier) => told(agreed.attach(carrier))
  }
}
