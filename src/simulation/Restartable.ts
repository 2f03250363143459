/**
 * A CSMS in a simulation that can be stopped and started again.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { Endpoint } from "../csms/Endpoint.ts"
import { HandshakeRefused } from "../csms/Handshake.ts"
import { orMemory, Storage } from "../Storage.ts"

/**
 * A CSMS that one run after the other is made of.
 *
 * **Details**
 *
 * - `endpoint`: the way into the run that is up. Provide a `MemoryNetwork` with it. While none is up, handshakes are
 *   refused with HTTP status 503.
 * - `get`: a service of the run that is up, or was last. What one run gives means nothing to the next.
 * - `stop`: ends the run that is up, as a shutdown does: its connections are closed.
 * - `start`: begins the next run, unless one is up.
 * - `restart`: stops, waits for as long as `down` says, by default not at all, and starts.
 *
 * @category models
 * @since 0.1.0
 */
export interface Restartable<Services, E = never> {
  readonly endpoint: Layer.Layer<Endpoint>
  readonly get: <Id extends Services, Service>(service: Context.Key<Id, Service>) => Effect.Effect<Service>
  readonly stop: Effect.Effect<void>
  readonly start: Effect.Effect<void, E>
  readonly restart: (options?: { readonly down?: Duration.Input | undefined }) => Effect.Effect<void, E>
}

/**
 * Starts a CSMS that can be stopped and started again under its stations.
 *
 * **When to use**
 *
 * Use to test what becomes of stations, transactions and registrations when a CSMS is deployed anew or crashes.
 *
 * **Details**
 *
 * All runs share the `Storage` that is present or, if there is none, one in memory; so a `VirtualCsms` or `Csms` goes on
 * with what the run before has stored. To make it forget, give it a storage of its own:
 * `Layer.provide(csms, Layer.fresh(Storage.layerMemory))`.
 *
 * **Gotchas**
 *
 * A crash closes nothing properly: call `Network.cut` before `stop` for one.
 *
 * **Example** (A restart in the middle of a transaction)
 *
 * ```ts
 * const program = Effect.gen(function*() {
 *   const csms = yield* Restartable.make(VirtualCsms.layer())
 *   const StationLive = VirtualStation.layer({ url: "ws://csms", identity: "CP001" }).pipe(
 *     Layer.provide(MemoryNetwork.layer),
 *     Layer.provide(csms.endpoint)
 *   )
 *   yield* Effect.gen(function*() {
 *     const station = yield* VirtualStation
 *     yield* station.accepted
 *     yield* station.start(1, "321")
 *     yield* csms.restart({ down: "5 minutes" })
 *     yield* station.stop(1)
 *   }).pipe(Effect.provide(StationLive))
 *   const { ledger } = yield* csms.get(VirtualCsms)
 *   return yield* ledger.transactions("CP001")
 * }).pipe(Simulation.run)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* <Services, E, R>(csms: Layer.Layer<Services | Endpoint, E, R>) {
  const scope = yield* Effect.scope
  const context = Context.add(yield* Effect.context<R>(), Storage, yield* orMemory)
  const lock = Semaphore.makeUnsafe(1)
  const begin = Effect.gen(function* () {
    const runScope = yield* Scope.fork(scope)
    const services = yield* Layer.buildWithScope(Layer.fresh(csms), runScope).pipe(
      Effect.onError((cause) => Scope.close(runScope, Exit.failCause(cause)))
    )
    return { services, scope: runScope }
  }).pipe(Effect.provideContext(context))

  let last = yield* begin
  let isUp = true
  const stop = lock.withPermit(
    Effect.suspend(() => {
      isUp = false
      return Scope.close(last.scope, Exit.void)
    })
  )
  const start = lock.withPermit(
    Effect.gen(function* () {
      if (isUp) return
      last = yield* begin
      isUp = true
    })
  )
  const accept: Endpoint["Service"]["accept"] = (handshake) =>
    isUp ? Context.get(last.services, Endpoint).accept(handshake) : Effect.fail(new HandshakeRefused({ status: 503 }))
  const restartable: Restartable<Services | Endpoint, E> = {
    endpoint: Layer.succeed(Endpoint, Endpoint.of({ accept: (handshake) => Effect.suspend(() => accept(handshake)) })),
    get: (service) => Effect.sync(() => Context.get(last.services, service)),
    stop,
    start,
    restart: ({ down } = {}) =>
      stop.pipe(Effect.andThen(down === undefined ? Effect.void : Effect.sleep(down)), Effect.andThen(start))
  }
  return restartable
})
