/**
 * What becomes of a connection whose identity is connected already, as the option `takeover` says.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { type AnySession, Csms, type CsmsOptions, type SessionEvent, type Takeover } from "../../src/csms/index.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import { type Handshake, unauthorized } from "../../src/csms/Handshake.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms, handshake } from "../support/csms.ts"
import { core, time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { Raw } from "../support/raw.ts"
import { collect, settled, start } from "../support/time.ts"

const handlers = [V16.csmsHandlers(core)]

/** A CSMS, its events, and the two steps by which a station comes in. */
const open = Effect.fnUntraced(function* (options: Partial<CsmsOptions> = {}) {
  const made = yield* makeCsms({ handlers, ...options })
  const events = yield* collect(made.csms.sessions)
  const accept = (shake: Handshake) =>
    Effect.map(made.endpoint.accept(shake), ({ agreed }) =>
      Effect.gen(function* () {
        const [station, own] = yield* Transport.makePair
        const session = agreed?.connect(own)
        const raw = new Raw(station)
        yield* settled
        return { raw, session }
      })
    )
  /** The HTTP status with which a station is refused, 101 if it is not. */
  const status = (shake: Handshake) =>
    Effect.match(made.endpoint.accept(shake), { onFailure: (refused) => refused.status, onSuccess: () => 101 })
  return { ...made, accept, events, status }
})

const told = (events: ReadonlyArray<SessionEvent>) => events.map(({ _tag, session }) => [_tag, session])

const connectedTo = (csms: Csms["Service"]): Effect.Effect<ReadonlyArray<unknown>> => csms.connected

/** Lets in who says so. */
const whoIsKnown = ({ headers }: Handshake) => (headers.has("x-known") ? Effect.void : Effect.fail(unauthorized))

const known = (identity: string): Handshake => ({ ...handshake(identity), headers: new Map([["x-known", "yes"]]) })

const isServed = Effect.fnUntraced(function* (raw: Raw) {
  yield* raw.send([2, "beat", "Heartbeat", {}])
  assert.deepStrictEqual(yield* raw.next, [3, "beat", { currentTime: time }])
})

describe("A CSMS in which the newest replaces", () => {
  for (const options of [{}, { takeover: "replace" }] satisfies ReadonlyArray<Partial<CsmsOptions>>) {
    it.effect(`[CON-12] lets in all that are on their way, the last one stays: ${JSON.stringify(options)}`, () =>
      Effect.gen(function* () {
        const { accept, csms, events } = yield* open(options)
        const [first, second, third] = yield* Effect.all([1, 2, 3].map(() => accept(handshake("CP001"))))
        const b = yield* second!
        const a = yield* first!
        const c = yield* third!
        assert.deepStrictEqual(told(events), [
          ["Connected", b.session],
          ["Replaced", b.session],
          ["Connected", a.session],
          ["Replaced", a.session],
          ["Connected", c.session]
        ])
        assert.deepStrictEqual([b.raw.end?.code, a.raw.end?.code, c.raw.end], [1000, 1000, undefined])
        assert.deepStrictEqual(yield* connectedTo(csms), [c.session])
      })
    )
  }

  it.effect("[CON-12] replaces nobody for a station that is not who it says it is", () =>
    Effect.gen(function* () {
      const { accept, connect, csms, status } = yield* open({
        accept: whoIsKnown
      })
      const { raw, session } = yield* yield* accept(known("CP001"))
      assert.strictEqual(yield* status(handshake("CP001")), 401)
      assert.strictEqual((yield* Effect.flip(connect("CP001"))).status, 401)
      assert.deepStrictEqual(yield* connectedTo(csms), [session])
      yield* isServed(raw)
    })
  )

  it.effect("[CON-12] replaces nobody for a station that speaks no common version, nor for one that gives up", () =>
    Effect.gen(function* () {
      const { connect, csms, endpoint } = yield* open({
        accept: ({ remoteAddress }) => (remoteAddress === undefined ? Effect.void : Effect.never)
      })
      const { raw, session } = yield* connect("CP001")
      assert.deepStrictEqual(yield* endpoint.accept({ ...handshake("CP001"), subprotocols: ["ocpp9.9"] }), {
        agreed: undefined
      })
      const slow = yield* start(endpoint.accept({ ...handshake("CP001"), remoteAddress: "10.0.0.1" }))
      yield* Fiber.interrupt(slow)
      assert.deepStrictEqual(yield* connectedTo(csms), [session])
      yield* isServed(raw)
    })
  )
})

describe("A CSMS in which the oldest stays", () => {
  it.effect("[CON-12] answers a newcomer with 409, and the one that is there goes on undisturbed", () =>
    Effect.gen(function* () {
      const { connect, csms, events, status } = yield* open({ takeover: "reject" })
      const { raw, session } = yield* connect("CP001")
      const call = yield* start(csms.call("CP001", V16.ClearCache, {}))
      const next = yield* start(csms.call("CP001", V16.ClearCache, {}))
      const id = yield* raw.nextCall("ClearCache")

      assert.strictEqual(yield* status(handshake("CP001")), 409)
      assert.strictEqual(yield* status(handshake("CP001")), 409)

      yield* raw.send([3, id, { status: "Accepted" }])
      yield* raw.send([3, yield* raw.nextCall("ClearCache"), { status: "Rejected" }])
      assert.deepStrictEqual([outcome(call), outcome(next)], ["ok", "ok"])
      yield* isServed(raw)
      assert.deepStrictEqual(told(events), [["Connected", session]])
      assert.deepStrictEqual(yield* connectedTo(csms), [session])
    })
  )

  it.effect("[CON-12] lets other identities in, and the same one once it is free", () =>
    Effect.gen(function* () {
      const { connect, csms, status } = yield* open({ takeover: "reject" })
      const first = yield* connect("CP001")
      const other = yield* connect("CP002")
      assert.strictEqual(yield* status(handshake("CP001")), 409)
      yield* first.raw.close()
      const second = yield* connect("CP001")
      assert.deepStrictEqual(
        (yield* csms.connected).map(({ identity }) => identity),
        ["CP002", "CP001"]
      )
      yield* isServed(second.raw)
      yield* isServed(other.raw)
    })
  )

  it.effect("[CON-12] lets in the first of two that are on their way, and closes the other with 1008", () =>
    Effect.gen(function* () {
      const { accept, csms, deviations, events } = yield* open({ takeover: "reject" })
      const first = yield* accept(handshake("CP001"))
      const second = yield* accept(handshake("CP001"))
      const winner = yield* second
      const loser = yield* first
      assert.strictEqual(loser.session, undefined)
      assert.strictEqual(loser.raw.end?.code, 1008)
      yield* loser.raw.send([2, "1", "Heartbeat", {}])
      assert.deepStrictEqual(yield* loser.raw.news, [])
      assert.deepStrictEqual(told(events), [["Connected", winner.session]])
      assert.deepStrictEqual(deviations, [])
      assert.deepStrictEqual(yield* connectedTo(csms), [winner.session])
      yield* isServed(winner.raw)
    })
  )

  it.effect("[CON-12] looks at who is connected once the newcomer's credentials are found to be right", () =>
    Effect.gen(function* () {
      const gates = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const waiting = [...gates]
      const { accept, csms } = yield* open({
        takeover: "reject",
        accept: ({ headers }) => (headers.has("x-slow") ? Deferred.await(waiting.shift()!) : Effect.void)
      })
      const slow = { ...handshake("CP001"), headers: new Map([["x-slow", "yes"]]) }
      const refused = yield* start(accept(slow))
      const first = yield* yield* accept(handshake("CP001"))
      yield* Deferred.succeed(gates[0]!, undefined)
      assert.strictEqual((yield* Effect.flip(Fiber.join(refused))).status, 409)

      const admitted = yield* start(accept(slow))
      yield* first.raw.close()
      yield* Deferred.succeed(gates[1]!, undefined)
      const second = yield* yield* Fiber.join(admitted)
      assert.deepStrictEqual(yield* connectedTo(csms), [second.session])
    })
  )

  it.effect("[CON-12] tells nobody who is connected: a stranger gets 401, not 409", () =>
    Effect.gen(function* () {
      const { accept, status } = yield* open({
        takeover: "reject",
        accept: whoIsKnown
      })
      yield* yield* accept(known("CP001"))
      assert.strictEqual(yield* status(handshake("CP001")), 401)
    })
  )
})

describe("A CSMS that asks who shall stay", () => {
  /** One whose takeovers the test decides over, one after the other. */
  const asking = Effect.gen(function* () {
    const asked: Array<{
      readonly owner: AnySession
      readonly shake: Handshake
      readonly decide: (by: Takeover) => void
    }> = []
    const made = yield* open({
      takeover: (owner, shake) =>
        Effect.suspend(() => {
          const decision = Deferred.makeUnsafe<Takeover>()
          asked.push({ owner, shake, decide: (by) => Deferred.doneUnsafe(decision, Exit.succeed(by)) })
          return Deferred.await(decision)
        })
    })
    return { ...made, asked }
  })

  it.effect("[CON-12] is told who is connected and who comes, and does what is said", () =>
    Effect.gen(function* () {
      const { accept, asked, csms, events } = yield* asking
      const first = yield* yield* accept(handshake("CP001"))
      assert.strictEqual(asked.length, 0)

      const newcomer = handshake("CP001")
      const refused = yield* start(accept(newcomer))
      assert.strictEqual(asked[0]?.owner, first.session)
      assert.strictEqual(asked[0]?.shake, newcomer)
      asked[0]?.decide("reject")
      assert.strictEqual((yield* Effect.flip(Fiber.join(refused))).status, 409)
      yield* isServed(first.raw)

      const admitted = yield* start(accept(handshake("CP001")))
      yield* isServed(first.raw)
      asked[1]?.decide("replace")
      const second = yield* yield* Fiber.join(admitted)
      assert.strictEqual(first.raw.end?.code, 1000)
      assert.deepStrictEqual(told(events), [
        ["Connected", first.session],
        ["Replaced", first.session],
        ["Connected", second.session]
      ])
      assert.deepStrictEqual(yield* connectedTo(csms), [second.session])
      assert.strictEqual(asked.length, 2)
    })
  )

  it.effect("[CON-12] replaces nobody before the newcomer's handshake is over, and nobody at all if it gives up", () =>
    Effect.gen(function* () {
      const { accept, asked, csms, events } = yield* asking
      const first = yield* yield* accept(handshake("CP001"))
      const given = yield* start(accept(handshake("CP001")))
      yield* Fiber.interrupt(given)
      const admitted = yield* start(accept(handshake("CP001")))
      asked[1]?.decide("replace")
      yield* Fiber.join(admitted)
      yield* isServed(first.raw)
      assert.deepStrictEqual(told(events), [["Connected", first.session]])
      assert.deepStrictEqual(yield* connectedTo(csms), [first.session])
    })
  )

  it.effect("[CON-12] lets the newcomer in if the other has left meanwhile, without a takeover", () =>
    Effect.gen(function* () {
      const { accept, asked, events } = yield* asking
      const first = yield* yield* accept(handshake("CP001"))
      const coming = yield* start(accept(handshake("CP001")))
      yield* first.raw.close()
      asked[0]?.decide("replace")
      const second = yield* yield* Fiber.join(coming)
      assert.deepStrictEqual(told(events), [
        ["Connected", first.session],
        ["Disconnected", first.session],
        ["Connected", second.session]
      ])
    })
  )

  it.effect(
    "[CON-12] replaces nobody but the one that it was asked about: of two newcomers one is closed with 1008",
    () =>
      Effect.gen(function* () {
        const { accept, asked, csms, events } = yield* asking
        const first = yield* yield* accept(handshake("CP001"))
        const coming = yield* Effect.all([1, 2].map(() => start(accept(handshake("CP001")))))
        assert.deepStrictEqual(
          asked.map(({ owner }) => owner),
          [first.session, first.session]
        )
        for (const { decide } of asked) decide("replace")
        const [one, two] = yield* Effect.all(coming.map((fiber) => Fiber.join(fiber)))
        const second = yield* one!
        const third = yield* two!
        assert.strictEqual(third.session, undefined)
        assert.strictEqual(third.raw.end?.code, 1008)
        assert.deepStrictEqual(told(events), [
          ["Connected", first.session],
          ["Replaced", first.session],
          ["Connected", second.session]
        ])
        assert.deepStrictEqual(yield* connectedTo(csms), [second.session])
        yield* isServed(second.raw)
      })
  )

  it.effect("[CON-12] asks nobody about a station that is not who it says it is, or whose identity is free", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const { accept, connect, status } = yield* open({
        accept: whoIsKnown,
        takeover: (_, { identity }) =>
          Effect.sync(() => {
            asked.push(identity)
            return "reject"
          })
      })
      yield* yield* accept(known("CP001"))
      yield* yield* accept(known("CP002"))
      assert.strictEqual((yield* Effect.flip(connect("CP001"))).status, 401)
      assert.deepStrictEqual(asked, [])
      assert.strictEqual(yield* status(known("CP001")), 409)
      assert.deepStrictEqual(asked, ["CP001"])
    })
  )

  it.effect("[CON-12] goes on with the one that is connected if the effect dies", () =>
    Effect.gen(function* () {
      const { accept, endpoint } = yield* open({ takeover: () => Effect.die("no idea") })
      const { raw } = yield* yield* accept(handshake("CP001"))
      const exit = yield* Effect.exit(endpoint.accept(handshake("CP001")))
      assert.strictEqual(Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined, "no idea")
      yield* isServed(raw)
    })
  )

  it.effect("asks with the services that the layer is given, for as long as it takes", () =>
    Effect.gen(function* () {
      class Patience extends Context.Service<Patience, { readonly hours: number }>()("test/Patience") {}
      const context = yield* Layer.build(
        Csms.layer({
          handlers,
          accept: () => Effect.void,
          takeover: Effect.fnUntraced(function* () {
            const { hours } = yield* Patience
            yield* Effect.sleep(`${hours} hours`)
            return "reject" as const
          })
        })
      ).pipe(Effect.provideService(Patience, { hours: 2 }))
      const { accept } = Context.get(context, Endpoint)
      const { agreed } = yield* accept(handshake("CP001"))
      agreed?.connect((yield* Transport.makePair)[0])
      const coming = yield* start(accept(handshake("CP001")))
      yield* TestClock.adjust("119 minutes")
      assert.strictEqual(outcome(coming), "open")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Effect.flip(Fiber.join(coming))).status, 409)
    })
  )
})
