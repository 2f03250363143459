/**
 * A simulated station of 1.6 at a simulated CSMS, and what has passed between them.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { MemoryNetwork, VirtualCsms, VirtualStation, type VirtualStationOptions } from "../../src/simulation/index.ts"
import { settled } from "./time.ts"

/** A call that the station has made. */
export interface Made {
  readonly action: string
  readonly payload: { readonly [field: string]: unknown }
}

/** Starts both under a clock that only the test moves, and waits until the station is accepted. */
export const simulate = Effect.fnUntraced(function* (options: Partial<VirtualStationOptions> = {}) {
  const context = yield* Layer.build(
    VirtualStation.layer({ url: "ws://csms.example", identity: "CP001", ...options }).pipe(
      Layer.provideMerge(MemoryNetwork.layerWith()),
      Layer.provideMerge(VirtualCsms.layer())
    )
  )
  const csms = Context.get(context, VirtualCsms)
  const station = Context.get(context, VirtualStation)
  const network = Context.get(context, MemoryNetwork.Network)
  yield* settled
  yield* station.accepted
  const call = (action: string, payload: unknown) => csms.call("CP001", action, payload)
  return { csms, network, station, call }
})

/** The calls that stations have made, in their order. */
export const callsOf = (csms: Pick<VirtualCsms["Service"], "log">): Effect.Effect<ReadonlyArray<Made>> =>
  Effect.map(csms.log(), (log) =>
    log.flatMap(({ dir, frame }): ReadonlyArray<Made> => {
      const [type, , action, payload] = JSON.parse(frame)
      return dir === "in" && type === 2 ? [{ action, payload }] : []
    })
  )

/** Their actions. */
export const actionsOf = (csms: Pick<VirtualCsms["Service"], "log">): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(callsOf(csms), (calls) => calls.map(({ action }) => action))
