/**
 * The CSMS that a session belongs to, as what works for the session outside of its handlers needs it.
 */
import type * as Context from "effect/Context"

/** What the services of the CSMS are under. */
export const services: unique symbol = Symbol("effect-ocpp/Home/services")

/** A session with the services of its CSMS, which are one object for all of them. */
export interface Resident {
  readonly identity: string
  readonly [services]: Context.Context<never>
}

/** The session, if it is one of a CSMS. */
export const residentOf = (peer: object): Resident | undefined =>
  // Nobody else has the symbol.
  services in peer ? (peer as Resident) : undefined

/** What all sessions of a CSMS have in common; of another peer it is the peer itself. */
export const homeOf = (peer: object): object => residentOf(peer)?.[services] ?? peer
