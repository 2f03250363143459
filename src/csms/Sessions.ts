/**
 * Which stations are connected, and who comes and goes.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { Broadcast } from "../internal/Broadcast.ts"
import { escape } from "../Escape.ts"
import type { AnySession } from "./AnySession.ts"
import type { ConnectedStation } from "./internal/ConnectedStation.ts"

/**
 * A station came or went.
 *
 * **Details**
 *
 * - `Assumed`: the first request of a station was handled only because the CSMS has no record of it and takes it as
 *   accepted; see {@link RegistrationSettings}.
 * - `Replaced`: the end of a connection that a newer one of the same identity took over.
 * - `Disconnected`: every other end, with the WebSocket close code.
 *
 * @category models
 * @since 0.1.0
 */
export type SessionEvent =
  | { readonly _tag: "Connected"; readonly session: AnySession }
  | { readonly _tag: "Assumed"; readonly session: AnySession }
  | { readonly _tag: "Replaced"; readonly session: AnySession }
  | { readonly _tag: "Disconnected"; readonly session: AnySession; readonly code: number; readonly reason: string }

/**
 * The connected stations, each under its identity.
 *
 * @internal
 */
export interface Sessions {
  /** A station has connected. The session that it had, if any, is not listed any more and is returned. */
  readonly register: (station: ConnectedStation) => ConnectedStation | undefined
  /** A connection has ended. */
  readonly release: (station: ConnectedStation, code: number, reason: string) => void
  /** A station is taken as accepted for want of a record. */
  readonly assumed: (station: ConnectedStation) => void
  readonly find: (identity: string) => ConnectedStation | undefined
  readonly list: () => ReadonlyArray<ConnectedStation>
  readonly events: Stream.Stream<SessionEvent>
}

/** The sessions of this process; `run` runs what is logged of them. @internal */
export const make = (run: (effect: Effect.Effect<void>) => unknown): Sessions => {
  const events = new Broadcast<SessionEvent>(mostEvents)
  const byIdentity = new Map<string, ConnectedStation>()
  const tell = (event: SessionEvent): void => events.tell(event)
  const log = ({ identity }: ConnectedStation, what: string): void => {
    run(Effect.annotateLogs(Effect.logInfo(escape(`${identity} ${what}`)), "ocpp.identity", escape(identity)))
  }
  return {
    register: (station) => {
      const { identity, session } = station
      const older = byIdentity.get(identity)
      byIdentity.set(identity, station)
      if (older !== undefined) {
        tell({ _tag: "Replaced", session: older.session })
        log(older, "has a newer connection, which takes the place of the one before")
      }
      tell({ _tag: "Connected", session })
      return older
    },
    release: (station, code, reason) => {
      const { identity, session } = station
      if (byIdentity.get(identity) !== station) return
      byIdentity.delete(identity)
      tell({ _tag: "Disconnected", session, code, reason })
      log(station, `has gone: ${code}${reason === "" ? "" : ` ${reason}`}`)
    },
    assumed: ({ session }) => tell({ _tag: "Assumed", session }),
    find: (identity) => byIdentity.get(identity),
    list: () => Array.from(byIdentity.values()),
    events: events.stream
  }
}

/** A listener is behind by many where all stations come back at once. */
const mostEvents = 65_536
