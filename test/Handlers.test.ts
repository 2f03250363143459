/**
 * Sets of handlers: how they are put together, and what becomes of sets that do not fit.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { Csms } from "../src/csms/index.ts"
import { MemoryPair } from "../src/engine/index.ts"
import { CallError, Handlers, Reply } from "../src/index.ts"
import { Outbox, Station } from "../src/station/index.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import { csms as makeCsms } from "./support/csms.ts"
import { fields } from "./support/outcome.ts"
import { endpoint, Network } from "./support/station.ts"
import { settled } from "./support/time.ts"

const time = "2026-11-29T06:00:00.000Z"

const beats = V16.csmsHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: time }) })
const transfers = V16.csmsHandlersPartial({ dataTransfer: () => Effect.succeed({ status: "Accepted" }) })
const rejects = V16.csmsHandlersPartial({ dataTransfer: () => Effect.succeed({ status: "Rejected" }) })

/** The version and the actions of the conflict that a merge throws. */
const conflict = (merge: () => unknown): unknown => {
  const error = Result.flip(Result.try(merge))
  return Result.isSuccess(error) && error.success instanceof Handlers.HandlersConflict
    ? [error.success.version, ...error.success.actions]
    : error
}

/** The response to a call, or the code of the error. */
const answer = <A, E extends object>(call: Effect.Effect<A, E>) =>
  Effect.match(call, { onSuccess: (response): unknown => response, onFailure: (error) => fields(error)["code"] })

/** What a set answers to a DataTransfer and to a Heartbeat: the response, or the code of the error. */
const answersOf = Effect.fnUntraced(function* (csms: Handlers.HandlerSet<"1.6", never, "csms">) {
  const pair = yield* MemoryPair.make({ csms, station: V16.stationHandlersPartial({}) })
  return [
    yield* answer(pair.csms.call(V16.DataTransfer, { vendorId: "x" })),
    yield* answer(pair.csms.call(V16.Heartbeat, {}))
  ]
})

describe("Two sets of handlers", () => {
  it.effect("can be merged", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* answersOf(Handlers.merge(beats, transfers)), [
        { status: "Accepted" },
        { currentTime: time }
      ])
    })
  )

  it("cannot be merged if both have a handler for an action, or if they are of different versions or sides", () => {
    assert.deepStrictEqual(
      conflict(() => Handlers.merge(transfers, rejects)),
      ["1.6", "DataTransfer"]
    )
    const older = V15.csmsHandlersPartial({ dataTransfer: () => Effect.succeed({ status: "Accepted" }) })
    // @ts-expect-error -- another version
    const ofAnother = conflict(() => Handlers.merge(beats, older))
    assert.deepStrictEqual(ofAnother, ["1.6"])
    // @ts-expect-error -- the other side
    const ofOther = conflict(() => Handlers.merge(beats, V16.stationHandlersPartial({})))
    assert.deepStrictEqual(ofOther, ["1.6"])
  })

  it.effect("can be put one over the other, from either end", () =>
    Effect.gen(function* () {
      const usual = Handlers.merge(beats, transfers)
      const expected = [{ status: "Rejected" }, { currentTime: time }]
      assert.deepStrictEqual(yield* answersOf(Handlers.override(usual, rejects)), expected)
      assert.deepStrictEqual(yield* answersOf(Handlers.fallback(rejects, usual)), expected)
      assert.deepStrictEqual(yield* answersOf(rejects), [{ status: "Rejected" }, "NotSupported"])
    })
  )
})

describe("A set of handlers", () => {
  it.effect("can be wrapped, handler by handler", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const guarded = Handlers.map(Handlers.merge(beats, transfers), (handle, action) => (request, peer, exchange) => {
        seen.push(`${action.name} of ${exchange.identity}`)
        return action === V16.Heartbeat
          ? Effect.fail(new CallError({ code: "SecurityError" }))
          : handle(request, peer, exchange)
      })
      assert.deepStrictEqual(yield* answersOf(guarded), [{ status: "Accepted" }, "SecurityError"])
      assert.deepStrictEqual(seen, ["DataTransfer of CP001", "Heartbeat of CP001"])
    })
  )

  it.effect("has the facts of each exchange", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1000)
      const gate = yield* Deferred.make<void>()
      const told: Array<unknown> = []
      const handlers = V16.csmsHandlersPartial({
        dataTransfer: ({ data }, session, exchange) => {
          told.push({ ...exchange, session: [session.identity, session.version] })
          return Effect.as(data === "waits" ? Deferred.await(gate) : Effect.void, { status: "Accepted" as const })
        }
      })
      const { connect } = yield* makeCsms({ handlers: [handlers], requests: { concurrency: 1 } })
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "first", "DataTransfer", { vendorId: "x", data: "waits" }])
      yield* raw.send([2, "second", "DataTransfer", { vendorId: "x" }])
      yield* TestClock.adjust("5 seconds")
      yield* Deferred.succeed(gate, undefined)
      yield* settled
      // Both came at once; that the second had to wait does not count.
      const facts = { version: "1.6", identity: "CP001", action: "DataTransfer", receivedAt: 1000 }
      const session = ["CP001", "1.6"]
      assert.deepStrictEqual(told, [
        { ...facts, messageId: "first", session },
        { ...facts, messageId: "second", session }
      ])
    })
  )
})

describe("The sets of a CSMS", () => {
  it.effect("are merged where they are of one version", () =>
    Effect.gen(function* () {
      const { connect } = yield* makeCsms({ handlers: [beats, transfers] })
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "Heartbeat", {}])
      yield* raw.send([2, "2", "DataTransfer", { vendorId: "x" }])
      assert.deepStrictEqual(yield* raw.news, [
        [3, "1", { currentTime: time }],
        [3, "2", { status: "Accepted" }]
      ])
    })
  )

  it.effect("[FIELD-K13] never vanish: if two have the same action, the layer dies with both names", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        Layer.build(Csms.layer({ accept: () => Effect.void, handlers: [beats, transfers, rejects] }))
      )
      const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      assert.instanceOf(defect, Handlers.HandlersConflict)
      assert.include(defect.message, "OCPP 1.6")
      assert.include(defect.message, "DataTransfer")
    })
  )

  it.effect("can be made in the scope of the CSMS, and call stations", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const handlers = Effect.gen(function* () {
        const csms = yield* Csms
        yield* Effect.acquireRelease(
          Effect.sync(() => events.push("opened")),
          () => Effect.sync(() => events.push("closed"))
        )
        return V16.csmsHandlersPartial({
          heartbeat: (_, { identity }) =>
            Reply.then(
              { currentTime: time },
              Effect.tap(csms.call(identity, V16.ClearCache, {}), ({ status }) =>
                Effect.sync(() => events.push(status))
              )
            )
        })
      })
      yield* Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [handlers] })
        const { raw } = yield* connect("CP001")
        yield* raw.send([2, "1", "Heartbeat", {}])
        const [, call] = yield* raw.news
        yield* raw.send([3, call?.[1], { status: "Accepted" }])
        assert.deepStrictEqual(events, ["opened", "Accepted"])
      }).pipe(Effect.scoped)
      assert.deepStrictEqual(events, ["opened", "Accepted", "closed"])
    })
  )

  it.effect("that fail when they are made fail the layer", () =>
    Effect.gen(function* () {
      const layer = Csms.layer({
        accept: () => Effect.void,
        handlers: [Effect.as(Effect.fail("no database" as const), beats)]
      })
      assert.strictEqual(yield* Effect.flip(Layer.build(layer)), "no database")
    })
  )
})

/** CP001 with handlers that are made by an effect. */
const stationWith = Effect.fnUntraced(function* <E, R>(
  handlers: Effect.Effect<Handlers.HandlerSet<"1.6", never, "station">, E, R>
) {
  const network = new Network()
  const context = yield* Layer.build(
    Station.layer(V16.protocol, { url: endpoint, identity: "CP001", handlers }).pipe(Layer.provide(network.layer))
  )
  yield* settled
  return { network, context }
})

const remoteStart = [2, "1", "RemoteStartTransaction", { idTag: "321", connectorId: 1 }]

describe("The handlers of a station", () => {
  it.effect("can be made in the scope of the station, and use what it gives", () =>
    Effect.gen(function* () {
      const handlers = Effect.gen(function* () {
        const { authorize } = yield* V16.Csms
        const outbox = yield* Outbox
        const station = yield* Station
        // Work that goes on beside the requests.
        yield* Effect.forkScoped(Effect.andThen(station.accepted, authorize({ idTag: "beside" })))
        return V16.stationHandlersPartial({
          remoteStartTransaction: ({ idTag }) => Reply.then({ status: "Accepted" }, authorize({ idTag })),
          clearCache: () =>
            Effect.map(outbox.waiting(), (waiting) => ({ status: waiting === 0 ? "Accepted" : "Rejected" }))
        })
      })
      const { network } = yield* stationWith(handlers)
      assert.deepStrictEqual(yield* network.raw.nextCall("Authorize").pipe(Effect.as("called")), "called")
      yield* network.raw.send([2, "1", "ClearCache", {}])
      assert.deepStrictEqual(yield* network.raw.next, [3, "1", { status: "Accepted" }])
    })
  )

  for (const [how, then, expected] of [
    ["with the connection", Reply.then, []],
    ["with the station only, if it is detached", Reply.thenDetached, ["started"]]
  ] as const) {
    it.effect(`what follows a reply ends ${how}`, () =>
      Effect.gen(function* () {
        const events: Array<string> = []
        const handlers = Effect.succeed(
          V16.stationHandlersPartial({
            remoteStartTransaction: () =>
              then(
                { status: "Accepted" },
                Effect.delay(
                  Effect.sync(() => events.push("started")),
                  "10 seconds"
                )
              )
          })
        )
        const { network } = yield* stationWith(handlers)
        yield* network.raw.send(remoteStart)
        assert.deepStrictEqual(yield* network.raw.next, [3, "1", { status: "Accepted" }])
        yield* network.raw.close(1001)
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(events, [...expected])
      })
    )
  }

  it.effect("what follows a detached reply is interrupted when the station closes", () =>
    Effect.gen(function* () {
      const ended = yield* Deferred.make<string>()
      const handlers = Effect.succeed(
        V16.stationHandlersPartial({
          remoteStartTransaction: () =>
            Reply.thenDetached(
              { status: "Accepted" },
              Effect.onInterrupt(Effect.never, () => Deferred.succeed(ended, "interrupted"))
            )
        })
      )
      yield* Effect.gen(function* () {
        const { network } = yield* stationWith(handlers)
        yield* network.raw.send(remoteStart)
        assert.isFalse(yield* Deferred.isDone(ended))
      }).pipe(Effect.scoped)
      assert.strictEqual(yield* Deferred.await(ended), "interrupted")
    })
  )
})

describe("The data of a session", () => {
  class Tenant extends Context.Service<Tenant, { readonly name: string }>()("test/Tenant") {}

  it.effect("is what accept attached: for handlers a service, and on the session", () =>
    Effect.gen(function* () {
      const handlers = V16.csmsHandlersPartial({
        dataTransfer: () => Effect.map(Tenant, ({ name }) => ({ status: "Accepted", data: name }) as const)
      })
      const { connect, csms } = yield* makeCsms({
        accept: ({ identity }) => Effect.succeed({ data: Context.make(Tenant, { name: `owner of ${identity}` }) }),
        handlers: [handlers]
      })
      for (const identity of ["CP001", "CP002"]) {
        const { raw } = yield* connect(identity)
        yield* raw.send([2, "1", "DataTransfer", { vendorId: "x" }])
        assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted", data: `owner of ${identity}` }])
      }
      const names = (yield* csms.connected).map(({ data }) => Context.getOption(data, Tenant))
      assert.deepStrictEqual(
        names.map((name) => (name._tag === "Some" ? name.value.name : undefined)),
        ["owner of CP001", "owner of CP002"]
      )
    })
  )
})
