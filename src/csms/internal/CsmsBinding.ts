/**
 * A version as a CSMS speaks it: its handlers with all that is around them, and how a connection becomes a session.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Client from "../../Client.ts"
import type { Carrier } from "../../engine/Carrier.ts"
import * as Peer from "../../engine/Peer.ts"
import type { HandlerSet } from "../../Handlers.ts"
import * as JsonCarrier from "../../json/JsonCarrier.ts"
import type { Protocol } from "../../Protocol.ts"
import type { RegistrationStatus } from "../../Registration.ts"
import { ConnectedStation } from "./ConnectedStation.ts"
import { Gate, tellBoots, tellTransactions } from "./Gate.ts"
import type * as Deduplication from "../Deduplication.ts"
import type { Acceptance } from "../Handshake.ts"
import type { Registrations, StationRecord } from "../Registrations.ts"

export interface CsmsBinding extends JsonCarrier.JsonCodec {
  readonly protocol: Protocol
  /** Makes a session of a carrier. It handles nothing before it is told to listen. */
  readonly open: (record: StationRecord, carrier: Carrier, acceptance: Acceptance) => ConnectedStation
}

/** What all versions of a CSMS share. */
export interface CsmsParts extends Pick<
  Peer.EngineOptions<ConnectedStation, never>,
  "calls" | "requests" | "observer"
> {
  readonly nextId: () => string
  readonly log: JsonCarrier.JsonCarrierOptions["log"]
  readonly numbers: JsonCarrier.JsonCarrierOptions["numbers"]
  readonly registrations: Registrations
  /** A station is taken as accepted for want of a record. */
  readonly assumed: (station: ConnectedStation) => void
  readonly deduplicate:
    | (<R>(handlers: HandlerSet<string, R>, witness: Deduplication.Witness) => HandlerSet<string, R>)
    | undefined
  readonly lifetime: Scope.Scope
  /** Those of the CSMS. */
  readonly services: Context.Context<never>
  /** Closed last, when the connections are. */
  readonly connections: Scope.Scope
}

export const make = Effect.fnUntraced(function* <R>(handlers: HandlerSet<string, R>, shared: CsmsParts) {
  const { connections, deduplicate, log, nextId, registrations, services } = shared
  const { protocol } = handlers
  const around: Peer.Around = (checked) => {
    const watched = tellTransactions(checked, {
      opened: (peer, transactionId) => registrations.opened(gateOf(peer).record, transactionId),
      ended: (peer, transactionId) => Effect.sync(() => gateOf(peer).record.ended(transactionId))
    })
    const witness: Deduplication.Witness = {
      owns: (peer, transactionId) => gateOf(peer).record.owns(transactionId),
      untimed: (peer, { action, messageId }) =>
        stationOf(peer).peer.report("ImpossibleTime", "the station tells a time that cannot be true", {
          action,
          messageId
        })
    }
    return tellBoots(deduplicate?.(watched, witness) ?? watched, (peer, status: RegistrationStatus) => {
      const gate = gateOf(peer)
      return Effect.map(registrations.answered(gate.record, status), () => gate.become(status))
    })
  }
  const engine = yield* Peer.make({
    handlers,
    around,
    nextId,
    lifetime: shared.lifetime,
    calls: shared.calls,
    requests: shared.requests,
    observer: shared.observer,
    mayHandle: (station: ConnectedStation, action, request) => {
      if (station.gate.relies(action, request)) shared.assumed(station)
      return station.gate.mayHandle(action, request)
    },
    maySend: ({ gate }, action) => gate.lets("csms", action)
  })
  const client = Client.make<unknown, "csms">(protocol, "csms")
  const binding: CsmsBinding = {
    protocol,
    ...JsonCarrier.make({
      framing: protocol.json.framing,
      log,
      maxDepth: shared.requests?.maxDepth,
      maxFields: shared.requests?.maxFields,
      numbers: shared.numbers
    }),
    open: (record, carrier, { data, registration, tolerance }) => {
      const scope = Scope.forkUnsafe(connections)
      const self = (peer: Peer.Peer): ConnectedStation => {
        const gate = new Gate(peer, protocol, record, registration, registrations.assumes())
        const caller = Peer.retrying(gate, nextId, shared.calls)
        const { form = "json" } = carrier
        return new ConnectedStation({
          protocol,
          form,
          station: client(caller),
          caller,
          data,
          scope,
          peer,
          gate,
          services
        })
      }
      return engine.open(carrier, scope, self, { tolerance, services: data as Context.Context<never> | undefined })
    }
  }
  return binding
})

/** The engine gives its handlers what `self` makes. */
const stationOf = (peer: unknown): ConnectedStation => peer as ConnectedStation
const gateOf = (peer: unknown): Gate => stationOf(peer).gate
