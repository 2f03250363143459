/**
 * A generic CSMS with stations of 1.6, 2.0.1 and 2.1 that are written on the generic operations, over connections whose
 * frames are noted.
 */
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import type * as Action from "../../src/Action.ts"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v16, layer as layer16 } from "../../src/adapter/V16.ts"
import { adapter as v201, layer as layer201 } from "../../src/adapter/V201.ts"
import { adapter as v21, layer as layer21 } from "../../src/adapter/V21.ts"
import * as Client from "../../src/Client.ts"
import { Csms, Endpoint, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import * as Handlers from "../../src/Handlers.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import { Connector, Station } from "../../src/station/index.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { handshake } from "./csms.ts"
import { settled } from "./time.ts"

/** Passes frames on, and notes them. */
const passing = (to: Transport.Transport, frames: Array<ReadonlyArray<unknown>>): Transport.Listener => ({
  frame: (text) => {
    frames.push(JSON.parse(text))
    to.send(text)
  },
  dropped: () => {},
  closed: (code, reason) => to.close(code, reason)
})

/** Brings stations in to the CSMS that is present, over connections whose frames are noted. */
const noting = (frames: Array<ReadonlyArray<unknown>>) =>
  Layer.effect(
    Connector,
    Effect.map(Endpoint, (endpoint) =>
      Connector.of({
        connect: Effect.fnUntraced(function* ({ identity, subprotocols }) {
          const { agreed } = yield* Effect.orDie(endpoint.accept(handshake(identity, undefined, ...subprotocols)))
          if (agreed === undefined) return yield* Effect.die(new Error("no common sub-protocol"))
          const [station, near] = yield* Transport.makePair
          const [far, csms] = yield* Transport.makePair
          near.listen(passing(far, frames))
          far.listen(passing(near, frames))
          yield* Effect.addFinalizer(() => Effect.sync(() => station.close(1000, "")))
          agreed.connect(csms)
          return { subprotocol: agreed.subprotocol, transport: station }
        })
      })
    )
  )

/** What is done at an action. */
export type Handle = (action: string, request: unknown) => Effect.Effect<unknown>

type Set<S extends Action.Side> = Handlers.HandlerSet<"generic", never, S, Action.ActionList<"generic">>

/** Handlers of a side that are all alike. */
const alike = <const S extends Action.Side>(side: S, handle: Handle): Set<S> =>
  Handlers.make<"generic", S, never, Action.ActionList<"generic">>(
    Domain.operations,
    side,
    ({ name }) =>
      (request) =>
        handle(name, request)
  )

export const adapters = [v16, v201, v21]

/** The stations, by their versions. */
export const identities = { "1.6": "ONE", "2.0.1": "TWO", "2.1": "THREE" } as const

type Identity = (typeof identities)[keyof typeof identities]

/** A generic CSMS, and stations ONE of 1.6, TWO of 2.0.1 and THREE of 2.1. */
export const world = Effect.fnUntraced(function* (atCsms: Set<"csms">, atStation: Set<"station">) {
  const frames: Array<ReadonlyArray<unknown>> = []
  const csmsLayer = Csms.layer({
    accept: () => Effect.succeed({ registration: "Accepted" }),
    handlers: [Adapter.handlers(v16, atCsms), Adapter.handlers(v201, atCsms), Adapter.handlers(v21, atCsms)]
  }).pipe(Layer.provide(TransactionIds.layer()))
  const context = yield* Layer.build(Layer.provideMerge(noting(frames), csmsLayer))
  const network = Layer.succeedContext(context)
  const young = yield* Layer.build(
    layer201.pipe(
      Layer.provide(
        Station.layer(V201.protocol, {
          url: "ws://csms",
          identity: "TWO",
          numbers: "exact",
          boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } },
          handlers: Adapter.handlers(v201, atStation)
        })
      ),
      Layer.provide(network)
    )
  )
  const youngest = yield* Layer.build(
    layer21.pipe(
      Layer.provide(
        Station.layer(V21.protocol, {
          url: "ws://csms",
          identity: "THREE",
          numbers: "exact",
          boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Three" } },
          handlers: Adapter.handlers(v21, atStation)
        })
      ),
      Layer.provide(network)
    )
  )
  const old = yield* Layer.build(
    layer16.pipe(
      Layer.provide(
        Station.layer(V16.protocol, {
          url: "ws://csms",
          identity: "ONE",
          boot: { chargePointVendor: "ACME", chargePointModel: "One" },
          handlers: Adapter.handlers(v16, atStation)
        })
      ),
      Layer.provide(network)
    )
  )
  yield* settled
  frames.length = 0
  const csms = Context.get(context, Csms)
  const at = (identity: Identity) => Adapter.station([v16, v201, v21], csms, identity)
  const stations = { ONE: old, TWO: young, THREE: youngest }
  const csmsOf = (identity: Identity) => Context.get(stations[identity], Domain.Csms)
  const transactionsOf = (identity: Identity) => Context.get(stations[identity], Domain.Transactions)
  /** Who calls a station, or its CSMS. */
  const callerOf = ({ from }: Action.Action, identity: Identity): Client.Caller =>
    Client.callerOf(from === "csms" ? at(identity) : csmsOf(identity))
  return { at, call: csms.call, callerOf, csmsOf, frames, transactionsOf }
})

/** Accepts a station. */
export const bootNotification = () =>
  Effect.succeed({ status: "Accepted", currentTime: DateTime.makeUnsafe(0), interval: Duration.zero } as const)

/** Handlers of both sides that do one thing at each action, but for the boot. */
export const both = (handle: Handle) => {
  const booting: Handle = (action, request) =>
    action === "BootNotification" ? bootNotification() : handle(action, request)
  return world(alike("csms", booting), alike("station", booting))
}

/** Fails unless two generic messages say the same. */
export const assertEquals = (got: unknown, expected: unknown): void =>
  assert.isTrue(Equal.equals(got, expected), `${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`)

/** The frames of calls, as action and payload. */
export const callsOf = (frames: ReadonlyArray<ReadonlyArray<unknown>>): ReadonlyArray<unknown> =>
  frames.filter(([type]) => type === 2).map(([, , action, payload]) => [action, payload])

/** How a call fails before it is sent. */
export const notSent = <A>(call: Effect.Effect<A, CallFailure>) =>
  Effect.map(Effect.flip(call), (error) =>
    error._tag === "NotSent" ? [error.reason, ...error.violations.map(({ path, rule }) => `${path}: ${rule}`)] : error
  )
