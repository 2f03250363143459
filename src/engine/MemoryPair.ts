/**
 * A station and a CSMS that are nothing but their handlers, connected in memory and without any text.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Side } from "../Action.ts"
import * as Client from "../Client.ts"
import type { HandlerSet } from "../Handlers.ts"
import type { Session } from "../Session.ts"
import * as Transport from "../Transport.ts"
import { type Carrier, ofValues } from "./Carrier.ts"
import type { Message } from "./Message.ts"
import * as Peer from "./Peer.ts"

/**
 * The two ends of a pair, each as the other sees it.
 *
 * @category models
 * @since 0.1.0
 */
export interface MemoryPair {
  /** Calls the handlers of the CSMS. */
  readonly csms: Client.Caller<"station">
  /** Calls the handlers of the station. */
  readonly station: Client.Caller<"csms">
}

/**
 * Connects the handlers of a CSMS with those of a station of the same version, until the scope closes.
 *
 * **When to use**
 *
 * Use to test handlers alone: there is no handshake, no registration and no outbox, but requests, answers and failures
 * are those of the protocol.
 *
 * **Example** (What a CSMS answers)
 *
 * ```ts
 * const { csms } = yield* MemoryPair.make({ csms: handlers, station: V16.stationHandlersPartial({}) })
 * const { idTagInfo } = yield* csms.call(V16.Authorize, { idTag: "321" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* <Version extends string, R, R2>(options: {
  readonly csms: HandlerSet<Version, R, "csms">
  readonly station: HandlerSet<NoInfer<Version>, R2, "station">
  readonly identity?: string
}) {
  const { csms, identity = "CP001", station } = options
  const { protocol } = csms
  const [toCsms, toStation] = yield* Transport.makePairOf<Message>()
  const scope = yield* Effect.scope
  const clientOf = <S extends Side>(side: S) => Client.make<unknown, S>(protocol, side)
  const session = (peer: Peer.Peer): Session => ({
    identity,
    version: protocol.version,
    protocol,
    form: "json",
    registration: Effect.succeed("Accepted"),
    station: clientOf("csms")(peer),
    call: (action, request, callOptions) => peer.call(action, request, callOptions),
    data: Context.empty(),
    close: (code = 1000, reason = "") => Effect.sync(() => peer.close(code, reason)),
    drain: drained(peer),
    scope
  })
  const pair: MemoryPair = {
    csms: yield* open(station, ofValues(toCsms), identity, clientOf("station")),
    station: yield* open(csms, ofValues(toStation), identity, session)
  }
  return pair
})

const drained = (peer: Peer.Peer): Effect.Effect<void> =>
  Effect.callback<void>((resume) => peer.drain(() => resume(Effect.void)))

/** Opens one end; `self` makes what its handlers get of the other. */
const open = Effect.fnUntraced(function* <R>(
  handlers: HandlerSet<string, R>,
  carrier: Carrier,
  identity: string,
  self: (peer: Peer.Peer) => unknown
) {
  const scope = yield* Effect.scope
  const engine = yield* Peer.make<unknown, R>({
    handlers,
    nextId: yield* Peer.makeIds,
    lifetime: scope,
    observer: { identity: () => identity, deviation: () => {}, closed: () => {} }
  })
  let peer!: Peer.Peer
  engine.open(carrier, scope, (opened) => self((peer = opened)))
  yield* Effect.addFinalizer(() => Effect.sync(() => peer.close(1000, "")))
  peer.listen()
  return peer
})
