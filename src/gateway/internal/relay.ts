/**
 * The relay between a station and a CSMS of one version: every message passes as it came, under a message id of the gateway.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import type { Caller } from "../../Client.ts"
import * as Peer from "../../engine/Peer.ts"
import * as Handlers from "../../Handlers.ts"
import * as JsonCarrier from "../../json/JsonCarrier.ts"
import * as WireLog from "../../json/WireLog.ts"
import type { CallError, CallFailure } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { Session } from "../../Session.ts"
import { isLost, refusalOf } from "./failures.ts"
import { type StationLink, linkOf } from "./StationLink.ts"
import type { LinkOpener, Links } from "./Links.ts"

/** The CSMS of a station. */
class Relayed extends Context.Service<Relayed, Caller>()("effect-ocpp/gateway/Relayed") {}

/** Passes on a call, and its answer as it came; `lost` is what comes before an answer once the other side is gone. */
const passedOn = (
  to: Caller,
  action: Action.Action,
  request: unknown,
  lost: Effect.Effect<void>
): Effect.Effect<unknown, CallError> => {
  // The engine has checked the request against the same action.
  const call = to.call(action, request as never) as Effect.Effect<unknown, CallFailure>
  return Effect.catch(call, (failure) => Effect.andThen(isLost(failure) ? lost : Effect.void, refusalOf(failure)))
}

/** What is answered to a station: what its CSMS answers. */
export const frontHandlers = <V extends string>(protocol: Protocol<V>): Handlers.HandlerSet<V, never, "csms"> =>
  Handlers.make(protocol, "csms", (action) => (request, peer) => {
    // The engine of a CSMS gives its handlers sessions.
    const session = peer as Session
    return passedOn(Context.getUnsafe(session.data, Relayed), action, request, linkOf(session).closed)
  })

/** Makes what opens the way to the CSMS. */
export const opener = Effect.fnUntraced(function* (
  protocol: Protocol,
  links: Links,
  settings: {
    readonly calls: Peer.CallSettings | undefined
    readonly requests: Peer.RequestSettings | undefined
  }
) {
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const engine = yield* Peer.make<StationLink, never>({
    handlers: Handlers.make(protocol, "station", (action) => (request, peer) => {
      // It is what the connection was opened with.
      const link = peer as StationLink
      return Effect.flatMap(link.front, (session) => passedOn(session, action, request, Effect.never))
    }),
    nextId: yield* Peer.makeIds,
    lifetime: yield* Effect.scope,
    ...settings,
    observer: {
      identity: ({ identity }) => identity,
      deviation: () => {},
      closed: (link, code, reason) => void run(links.inBackground(link.close(code, reason)))
    }
  })
  const codec = JsonCarrier.make({
    framing: protocol.json.framing,
    log: yield* WireLog.observe,
    maxDepth: settings.requests?.maxDepth,
    maxFields: settings.requests?.maxFields,
    numbers: "exact"
  })
  const open: LinkOpener["open"] = (link, connection) =>
    Effect.sync(() => {
      // `outlasts` is false, so that a link is only opened with a connection.
      if (connection === undefined) throw new TypeError("there is no connection to the CSMS")
      const carrier =
        "carrier" in connection
          ? codec.logged(connection.carrier, link.identity)
          : codec.carry(connection.transport, link.identity)
      let csms: Peer.Peer | undefined
      engine.open(carrier, link.scope, (peer) => {
        csms = peer
        return link
      })
      // It is given when the connection is taken over.
      const peer = csms!
      peer.listen()
      const upstream = {
        close: (code: number, reason: string) => Effect.sync(() => peer.close(code, reason)),
        delivered: Effect.void
      }
      return { upstream, services: Context.make(Relayed, peer) as Context.Context<never> }
    })
  const opened: LinkOpener = { outlasts: false, open }
  return opened
})
