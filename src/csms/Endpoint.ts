/**
 * The way into a CSMS for transports. Servers use it; applications have no need to.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Carrier } from "../engine/Carrier.ts"
import type { Transport } from "../Transport.ts"
import type { AnySession } from "./AnySession.ts"
import type { Handshake, HandshakeRefused } from "./Handshake.ts"

/**
 * A station that may come in.
 *
 * **Details**
 *
 * `agreed` is what the connection goes on with. It is absent if the station offers no sub-protocol that the CSMS
 * speaks: the handshake is then completed without one and the connection closed at once.
 *
 * @see J16 §3.2, P4 §3.2
 * @category models
 * @since 0.1.0
 */
export interface Admission {
  readonly agreed: AgreedProtocol | undefined
}

/**
 * The sub-protocol that was agreed, and how to make a session of the connection.
 *
 * **Details**
 *
 * - `keepAlive`: whether the server looks after the connection with its pings.
 * - `connect`: makes the session over a transport of text, which is OCPP-J; none if another connection of the same
 *   identity came first and is to stay, in which case the transport is closed.
 * - `attach`: the same over a carrier of messages.
 *
 * @category models
 * @since 0.1.0
 */
export interface AgreedProtocol {
  readonly subprotocol: string
  readonly keepAlive: boolean
  readonly connect: (transport: Transport) => AnySession | undefined
  readonly attach: (carrier: Carrier) => AnySession | undefined
}

/**
 * The way into a CSMS for transports.
 *
 * **When to use**
 *
 * Use to write a server for a transport of your own: ask `accept` before the connection is made, then hand its
 * transport to `agreed.connect`, or its carrier to `agreed.attach`.
 *
 * @category services
 * @since 0.1.0
 */
export class Endpoint extends Context.Service<
  Endpoint,
  {
    /** Decides over a handshake; fails with the HTTP status to refuse it with. */
    readonly accept: (handshake: Handshake) => Effect.Effect<Admission, HandshakeRefused>
  }
>()("effect-ocpp/csms/Endpoint") {}
