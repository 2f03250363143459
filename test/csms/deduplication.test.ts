/**
 * Transaction messages that stations send again: the handler runs once, and each gets the same answer.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import { type CsmsOptions } from "../../src/csms/index.ts"
import { CallError } from "../../src/OcppError.ts"
import type { HandlerSet, UntypedHandler } from "../../src/Handlers.ts"
import { Reply } from "../../src/Reply.ts"
import { Storage } from "../../src/Storage.ts"
import * as V201 from "../../src/v201/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import type { Raw } from "../support/raw.ts"
import { faulty } from "../support/storage.ts"
import { settled } from "../support/time.ts"
import { type Version, versions } from "../support/versions.ts"
import { handlersOf } from "../support/engine.ts"

/** How many answers are remembered of a station. */
const most = 16

/** A kind of message: the nth one, and the answer that the nth run of its handler gives. */
interface Kind {
  readonly name: string
  readonly protocol: HandlerSet["protocol"]
  readonly action: string
  readonly request: (n: number) => Record<string, unknown>
  readonly response: (run: number) => object
  /** What makes another message of it. */
  readonly others: ReadonlyArray<object>
}

const of1x = ({ name, protocol }: Version): ReadonlyArray<Kind> => [
  {
    name: `StartTransaction of ${name}`,
    protocol,
    action: "StartTransaction",
    request: (meterStart) => ({ connectorId: 1, idTag: "A", timestamp: time, meterStart }),
    response: (transactionId) => ({ transactionId, idTagInfo: { status: "Accepted" } }),
    others: [{ connectorId: 2 }, { idTag: "B" }, { timestamp: "2026-11-22T06:00:01.000Z" }, { meterStart: 1000 }]
  },
  {
    name: `StopTransaction of ${name}`,
    protocol,
    action: "StopTransaction",
    request: (transactionId) => ({ transactionId, timestamp: time, meterStop: 5, idTag: "A" }),
    response: (run) => ({ idTagInfo: { status: "Accepted", parentIdTag: String(run) } }),
    others: [{ transactionId: 1000 }, { timestamp: "2026-11-22T06:00:01.000Z" }, { meterStop: 6 }]
  }
]

const of2x = ({ name, protocol }: Version): Kind => ({
  name: `TransactionEvent of ${name}`,
  protocol,
  action: "TransactionEvent",
  request: (seqNo) => ({
    eventType: "Updated",
    triggerReason: "MeterValuePeriodic",
    timestamp: time,
    seqNo,
    transactionInfo: { transactionId: "T1" }
  }),
  response: (totalCost) => ({ totalCost }),
  others: [{ seqNo: 1000 }, { transactionInfo: { transactionId: "T2" } }]
})

const kinds = versions.flatMap((version) => (version.is2x ? of2x(version) : of1x(version)))

const [, , started, , event] = kinds as [Kind, Kind, Kind, Kind, Kind, Kind]

/** What a run of a handler does; by default it answers at once. */
type Doing = (run: number) => Effect.Effect<unknown, CallError>

/** A CSMS whose handlers do as they are told, and stations by hand. */
const open = Effect.fnUntraced(function* (kind: Kind, options: Partial<CsmsOptions> = {}) {
  const runs: Array<string> = []
  const doings: Array<Doing> = []
  const handle: UntypedHandler = (_, peer) =>
    Effect.suspend(() => {
      // A CSMS gives its handlers the session.
      const run = runs.push((peer as { readonly identity: string }).identity)
      return (doings.shift() ?? ((number) => Effect.succeed(kind.response(number))))(run)
    })
  const made = yield* makeCsms({
    handlers: [handlersOf(kind.protocol, "csms", new Map([[kind.action, handle]]))],
    ...options
  })
  let ids = 0
  const connect = (identity = "CP001") =>
    Effect.map(made.connect(identity, kind.protocol.json.subprotocol), ({ raw }) => raw)
  const send = (raw: Raw, request: unknown) => raw.send([2, `request ${++ids}`, kind.action, request])
  /** What a message is answered with at once. */
  const ask = Effect.fnUntraced(function* (raw: Raw, request: unknown) {
    yield* send(raw, request)
    return (yield* raw.next)[2]
  })
  /** The next runs do this. */
  const script = (...next: ReadonlyArray<Doing>): void => void doings.push(...next)
  return { ...made, ask, connect, send, runs, script }
})

for (const kind of kinds) {
  describe(`A ${kind.name}`, () => {
    it.effect(
      "[TX-08] that comes again gets the same answer, whatever its message id and over whatever connection",
      () =>
        Effect.gen(function* () {
          const { ask, connect, runs } = yield* open(kind)
          const raw = yield* connect()
          const request = kind.request(1)
          for (let times = 0; times < 3; times++) assert.deepStrictEqual(yield* ask(raw, request), kind.response(1))
          yield* raw.send([2, "request 1", kind.action, request])
          assert.deepStrictEqual(yield* raw.next, [3, "request 1", kind.response(1)])
          yield* raw.close()
          const again = yield* connect()
          assert.deepStrictEqual(yield* ask(again, request), kind.response(1))
          const replacing = yield* connect()
          assert.deepStrictEqual(yield* ask(replacing, request), kind.response(1))
          assert.deepStrictEqual(runs, ["CP001"])
        })
    )

    it.effect("[TX-08] is another one if it differs in what it is known by, or comes from another station", () =>
      Effect.gen(function* () {
        const { ask, connect, runs } = yield* open(kind)
        const raw = yield* connect()
        const request = kind.request(1)
        const all = [request, ...kind.others.map((other) => ({ ...request, ...other }))]
        for (const [index, each] of all.entries()) {
          assert.deepStrictEqual(yield* ask(raw, each), kind.response(index + 1), JSON.stringify(each))
        }
        const other = yield* connect("CP002")
        assert.deepStrictEqual(yield* ask(other, request), kind.response(all.length + 1))
        for (const [index, each] of all.entries())
          assert.deepStrictEqual(yield* ask(raw, each), kind.response(index + 1))
        assert.deepStrictEqual(runs, [...all.map(() => "CP001"), "CP002"])
      })
    )

    it.effect(
      "[TX-08] waits for the answer of the first if that is still handled, whatever becomes of connections",
      () =>
        Effect.gen(function* () {
          const { connect, runs, send, script } = yield* open(kind)
          const gate = yield* Deferred.make<void>()
          script((run) => Effect.as(Deferred.await(gate), kind.response(run)))
          const first = yield* connect()
          yield* send(first, kind.request(1))
          yield* send(first, kind.request(1))
          yield* first.close()
          const second = yield* connect()
          yield* send(second, kind.request(1))
          const third = yield* connect()
          yield* send(third, kind.request(1))
          yield* send(third, kind.request(1))
          assert.deepStrictEqual(yield* third.news, [])
          yield* Deferred.succeed(gate, undefined)
          assert.deepStrictEqual(
            (yield* third.news).map(([, , answer]) => answer),
            [kind.response(1), kind.response(1)]
          )
          assert.deepStrictEqual(
            [first, second].map(({ received }) => received),
            [[], []]
          )
          assert.deepStrictEqual(runs, ["CP001"])
        })
    )
  })
}

describe("The handler of a transaction message", () => {
  it.effect("[TX-08] goes on without its connection, and its answer is there for the one that comes later", () =>
    Effect.gen(function* () {
      const { ask, connect, runs, send, script } = yield* open(started)
      const gate = yield* Deferred.make<void>()
      const done: Array<string> = []
      script((run) =>
        Deferred.await(gate).pipe(
          Effect.andThen(Effect.sync(() => (done.push("entered"), started.response(run)))),
          Effect.onInterrupt(() => Effect.sync(() => done.push("interrupted")))
        )
      )
      const raw = yield* connect()
      yield* send(raw, started.request(1))
      yield* raw.close()
      yield* Deferred.succeed(gate, undefined)
      yield* settled
      assert.deepStrictEqual(done, ["entered"])
      assert.deepStrictEqual(yield* ask(yield* connect(), started.request(1)), started.response(1))
      assert.strictEqual(runs.length, 1)
    })
  )

  it.effect("ends with the CSMS", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const ended: Array<string> = []
      const { connect, send, script } = yield* open(event).pipe(Scope.provide(scope))
      script(() => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => ended.push("interrupted")))))
      const raw = yield* connect()
      yield* send(raw, event.request(1))
      yield* raw.close()
      assert.deepStrictEqual(ended, [])
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(ended, ["interrupted"])
    })
  )

  const failures: ReadonlyArray<readonly [string, Doing, string]> = [
    ["fails", () => Effect.fail(new CallError({ code: "GenericError" })), "GenericError"],
    ["dies", () => Effect.die("a bug"), "InternalError"],
    [
      "throws",
      () => {
        throw new Error("a bug")
      },
      "InternalError"
    ],
    ["gives an invalid response", () => Effect.succeed({ none: 1 }), "InternalError"],
    ["gives an invalid response to go on from", () => Reply.then({ none: 1 }, Effect.void), "InternalError"]
  ]
  for (const [how, failing, code] of failures) {
    it.effect(`[TX-08] runs again for the next one if it ${how}`, () =>
      Effect.gen(function* () {
        for (const kind of kinds) {
          const { ask, connect, runs, script } = yield* open(kind)
          const raw = yield* connect()
          script(failing, failing)
          assert.strictEqual(yield* ask(raw, kind.request(1)), code)
          assert.strictEqual(yield* ask(raw, kind.request(1)), code)
          assert.deepStrictEqual(yield* ask(raw, kind.request(1)), kind.response(3))
          assert.deepStrictEqual(yield* ask(raw, kind.request(1)), kind.response(3))
          assert.strictEqual(runs.length, 3)
        }
      }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
    )

    it.effect(`[TX-08] runs again for the next one, not for those that wait, if it ${how} after a while`, () =>
      Effect.gen(function* () {
        const { ask, connect, runs, send, script } = yield* open(event)
        const gate = yield* Deferred.make<void>()
        script((run) =>
          Effect.andThen(
            Deferred.await(gate),
            Effect.suspend(() => failing(run))
          )
        )
        const first = yield* connect()
        yield* send(first, event.request(1))
        const second = yield* connect()
        yield* send(second, event.request(1))
        yield* send(second, event.request(1))
        yield* Deferred.succeed(gate, undefined)
        assert.deepStrictEqual(
          (yield* second.news).map((frame) => frame[2]),
          [code, code]
        )
        assert.deepStrictEqual(yield* ask(second, event.request(1)), event.response(2))
        assert.strictEqual(runs.length, 2)
      }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
    )
  }

  it.effect("[TX-08] that goes on after its answer does so once", () =>
    Effect.gen(function* () {
      const { ask, connect, send, script } = yield* open(event)
      const gate = yield* Deferred.make<void>()
      const after: Array<number> = []
      const following = (run: number) =>
        Reply.then(
          event.response(run),
          Effect.sync(() => after.push(run))
        )
      script(following)
      const raw = yield* connect()
      for (let times = 0; times < 3; times++)
        assert.deepStrictEqual(yield* ask(raw, event.request(1)), event.response(1))
      assert.deepStrictEqual(after, [1])

      script((run) => Effect.andThen(Deferred.await(gate), following(run)))
      for (let times = 0; times < 3; times++) yield* send(raw, event.request(2))
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual((yield* raw.news).length, 3)
      yield* settled
      assert.deepStrictEqual(after, [1, 2])
    })
  )

  it.effect("[TX-08] that goes on after its answer does so when the answer could be sent", () =>
    Effect.gen(function* () {
      const { ask, connect, send, script } = yield* open(started)
      const gate = yield* Deferred.make<void>()
      const after: Array<string> = []
      script((run) =>
        Effect.andThen(
          Deferred.await(gate),
          Reply.then(
            started.response(run),
            Effect.sync(() => after.push("after"))
          )
        )
      )
      const raw = yield* connect()
      yield* send(raw, started.request(1))
      yield* raw.close()
      yield* Deferred.succeed(gate, undefined)
      yield* settled
      assert.deepStrictEqual(after, [])
      const again = yield* connect()
      assert.deepStrictEqual(yield* ask(again, started.request(1)), started.response(1))
      yield* settled
      assert.deepStrictEqual(after, ["after"])
    })
  )

  it.effect("[TX-08] has the services and the log of its station", () =>
    Effect.gen(function* () {
      class Prices extends Context.Service<Prices, { readonly total: number }>()("test/Prices") {}
      const { connect } = yield* makeCsms({
        handlers: [
          V201.csmsHandlersPartial({
            transactionEvent: Effect.fnUntraced(function* () {
              const { total } = yield* Prices
              const { "ocpp.identity": identity } = yield* References.CurrentLogAnnotations
              return { totalCost: total, customData: { vendorId: "test", identity: String(identity) } }
            })
          })
        ]
      }).pipe(Effect.provideService(Prices, { total: 7 }))
      const { raw } = yield* connect("CP001", "ocpp2.0.1")
      yield* raw.send([2, "1", "TransactionEvent", event.request(1)])
      const answer = { totalCost: 7, customData: { vendorId: "test", identity: "CP001" } }
      assert.deepStrictEqual(yield* raw.next, [3, "1", answer])
    })
  )

  it.effect("runs for each, and ends with its connection, if the CSMS is told so", () =>
    Effect.gen(function* () {
      const { ask, connect, runs, send, script } = yield* open(started, { deduplication: false })
      const ended: Array<string> = []
      const raw = yield* connect()
      assert.deepStrictEqual(yield* ask(raw, started.request(1)), started.response(1))
      assert.deepStrictEqual(yield* ask(raw, started.request(1)), started.response(2))
      script(() => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => ended.push("interrupted")))))
      yield* send(raw, started.request(1))
      yield* raw.close()
      assert.deepStrictEqual(ended, ["interrupted"])
      assert.strictEqual(runs.length, 3)
    })
  )
})

describe("What is no message of a transaction's own", () => {
  const meterValues: Kind = {
    ...started,
    action: "MeterValues",
    request: (transactionId) => ({ connectorId: 1, transactionId, meterValue: [] }),
    response: () => ({})
  }
  const heartbeat: Kind = {
    ...event,
    action: "Heartbeat",
    request: () => ({}),
    response: () => ({ currentTime: time })
  }

  for (const kind of [meterValues, heartbeat]) {
    it.effect(`is handled each time: ${kind.action}`, () =>
      Effect.gen(function* () {
        const { ask, connect, runs } = yield* open(kind)
        const raw = yield* connect()
        yield* ask(raw, kind.request(1))
        yield* ask(raw, kind.request(1))
        assert.strictEqual(runs.length, 2)
      })
    )
  }
})

describe("The memory of a CSMS", () => {
  it.effect("[TX-08] holds the last answers to a station", () =>
    Effect.gen(function* () {
      const { ask, connect, runs } = yield* open(event)
      const raw = yield* connect()
      for (let n = 1; n <= most + 1; n++) yield* ask(raw, event.request(n))
      for (let n = most + 1; n > 1; n--) assert.deepStrictEqual(yield* ask(raw, event.request(n)), event.response(n))
      assert.strictEqual(runs.length, most + 1)
      assert.deepStrictEqual(yield* ask(raw, event.request(1)), event.response(most + 2))
    })
  )

  it.effect("[TX-08] holds as many stations as it may, those that were heard from last", () =>
    Effect.gen(function* () {
      const { ask, connect, runs } = yield* open(started, { deduplication: { capacity: 2 } })
      const [a, b, c] = [yield* connect("A"), yield* connect("B"), yield* connect("C")] as const
      const request = started.request(1)
      for (const raw of [a, b, b, a]) yield* ask(raw, request)
      assert.deepStrictEqual(runs, ["A", "B"])
      yield* ask(c, request)
      yield* ask(a, request)
      assert.deepStrictEqual(runs, ["A", "B", "C"])
      yield* ask(b, request)
      assert.deepStrictEqual(runs, ["A", "B", "C", "B"])
    })
  )

  it.effect("[TX-08] forgets no station of which a message is being handled", () =>
    Effect.gen(function* () {
      const { ask, connect, runs, send, script } = yield* open(started, { deduplication: { capacity: 1 } })
      const gate = yield* Deferred.make<void>()
      const [a, b] = [yield* connect("A"), yield* connect("B")] as const
      script((run) => Effect.as(Deferred.await(gate), started.response(run)))
      yield* send(a, started.request(1))
      yield* ask(b, started.request(1))
      yield* ask(b, started.request(1))
      yield* send(a, started.request(1))
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual((yield* a.news).length, 2)
      assert.deepStrictEqual(runs, ["A", "B"])
    })
  )
})

/** A storage that can fail and be slow, and whose answers can be looked into. */
const makeStorage = faulty("answer ")

type Stored = Effect.Success<typeof makeStorage>

/** A CSMS with a storage, until it is stopped. */
const openWith = Effect.fnUntraced(function* ({ storage }: Stored, kind: Kind, options: Partial<CsmsOptions> = {}) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const opened = yield* open(kind, options).pipe(Effect.provideService(Storage, storage), Scope.provide(scope))
  return { ...opened, stop: Scope.close(scope, Exit.void) }
})

/** Whatever is logged below is meant to be. */
const quiet = Effect.provideService(References.MinimumLogLevel, "None")

describe("A CSMS with a storage", () => {
  for (const kind of kinds) {
    it.effect(`[TX-08] knows the answers of an earlier run: ${kind.name}`, () =>
      Effect.gen(function* () {
        const stored = yield* makeStorage
        const before = yield* openWith(stored, kind)
        const requests = Array.from({ length: most }, (_, index) => kind.request(index + 1))
        const raw = yield* before.connect()
        const answers = yield* Effect.forEach(requests, (request) => before.ask(raw, request))
        yield* before.stop

        const after = yield* openWith(stored, kind)
        const again = yield* after.connect()
        assert.deepStrictEqual(yield* Effect.forEach(requests, (request) => after.ask(again, request)), answers)
        assert.deepStrictEqual(after.runs, [])
        // It goes on where the earlier one ended: the oldest answer makes room for the next.
        yield* after.ask(again, kind.request(most + 1))
        yield* after.stop

        const last = yield* openWith(stored, kind)
        const third = yield* last.connect()
        assert.deepStrictEqual(yield* last.ask(third, kind.request(2)), answers[1])
        assert.deepStrictEqual(yield* last.ask(third, kind.request(most + 1)), kind.response(1))
        assert.deepStrictEqual(last.runs, [])
        yield* last.ask(third, kind.request(1))
        assert.strictEqual(last.runs.length, 1)
        yield* last.stop

        const { ask, connect, runs } = yield* openWith(stored, kind)
        const fourth = yield* connect()
        yield* Effect.forEach([3, most, most + 1, 1], (n) => ask(fourth, kind.request(n)))
        assert.deepStrictEqual(runs, [])
        yield* ask(fourth, kind.request(2))
        assert.strictEqual(runs.length, 1)
      })
    )
  }

  it.effect("[TX-08] does not send what it once stored if that is no valid answer, but asks the handler anew", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const before = yield* openWith(stored, started)
      yield* before.ask(yield* before.connect(), started.request(1))
      yield* before.stop
      const [space = ""] = stored.spaces
      for (const { key, value } of yield* stored.entries) {
        yield* stored.storage.commit([
          { space, key, value: JSON.stringify({ ...JSON.parse(value), response: { transactionId: "seven" } }) }
        ])
      }
      const after = yield* openWith(stored, started)
      assert.deepStrictEqual(yield* after.ask(yield* after.connect(), started.request(1)), started.response(1))
      assert.strictEqual(after.runs.length, 1)
    })
  )

  it.effect("[TX-08] stores an answer before it sends it", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const gate = yield* Deferred.make<void>()
      const { ask, connect, runs, send } = yield* openWith(stored, started)
      const raw = yield* connect()
      yield* ask(raw, started.request(1))
      stored.state.gate = Deferred.await(gate)
      yield* send(raw, started.request(2))
      yield* send(raw, started.request(2))
      assert.deepStrictEqual(yield* raw.news, [])
      assert.strictEqual(runs.length, 2)
      assert.strictEqual((yield* stored.entries).length, 1)
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(
        (yield* raw.news).map(([, , answer]) => answer),
        [started.response(2), started.response(2)]
      )
      assert.strictEqual((yield* stored.entries).length, 2)
    })
  )

  it.effect("[TX-08] runs a handler again whose answer was not stored when it stopped, for none was sent", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const before = yield* openWith(stored, event)
      const raw = yield* before.connect()
      yield* before.ask(raw, event.request(1))
      stored.state.gate = Effect.never
      yield* before.send(raw, event.request(2))
      yield* before.stop
      assert.deepStrictEqual(yield* raw.news, [])
      stored.state.gate = Effect.void
      const after = yield* openWith(stored, event)
      const again = yield* after.connect()
      yield* after.ask(again, event.request(1))
      yield* after.ask(again, event.request(2))
      assert.strictEqual(after.runs.length, 1)
    })
  )

  it.effect("[TX-08] stores no more answers than it remembers, and of failures nothing", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, script } = yield* openWith(stored, event)
      const raw = yield* connect()
      for (let n = 0; n < 100; n++) yield* ask(raw, event.request(n))
      assert.strictEqual((yield* stored.entries).length, most)
      const other = yield* connect("CP002")
      script(
        () => Effect.fail(new CallError({ code: "GenericError" })),
        () => Effect.succeed({ none: 1 })
      )
      yield* ask(other, event.request(1))
      yield* ask(other, event.request(1))
      assert.strictEqual((yield* stored.entries).length, most)
    }).pipe(quiet)
  )

  it.effect("[TX-08] reads back what it has no room for", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, runs } = yield* openWith(stored, started, { deduplication: { capacity: 1 } })
      const [a, b] = [yield* connect("A"), yield* connect("B")] as const
      for (let times = 0; times < 3; times++) {
        yield* ask(a, started.request(1))
        yield* ask(b, started.request(1))
      }
      assert.deepStrictEqual(runs, ["A", "B"])
    })
  )

  it.effect("[TX-08] reads once of a station, also if its first messages come at the same time", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const before = yield* openWith(stored, event)
      yield* before.ask(yield* before.connect(), event.request(1))
      yield* before.stop

      const gate = yield* Deferred.make<void>()
      const after = yield* openWith(stored, event)
      const raw = yield* after.connect()
      stored.state.gate = Deferred.await(gate)
      for (const n of [1, 2, 3, 1, 2, 3]) yield* after.send(raw, event.request(n))
      yield* Deferred.succeed(gate, undefined)
      const answers = (yield* raw.news).map(([, , answer]) => JSON.stringify(answer))
      const expected = [1, 1, 2].map((run) => JSON.stringify(event.response(run)))
      assert.deepStrictEqual(answers.toSorted(), [...expected, ...expected].toSorted())
      assert.strictEqual(after.runs.length, 2)
      const { reads } = stored.state
      for (const n of [1, 2, 3]) yield* after.ask(raw, event.request(n))
      assert.strictEqual(stored.state.reads, reads)
      yield* after.stop
      const last = yield* openWith(stored, event)
      const again = yield* last.connect()
      for (const n of [1, 2, 3]) yield* last.ask(again, event.request(n))
      assert.deepStrictEqual(last.runs, [])
    })
  )

  it.effect("[TX-08] sends and remembers an answer that cannot be stored, and says so in the log", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, runs } = yield* openWith(stored, started)
      const raw = yield* connect()
      stored.state.failCommits = true
      assert.deepStrictEqual(yield* ask(raw, started.request(1)), started.response(1))
      assert.deepStrictEqual(yield* ask(raw, started.request(1)), started.response(1))
      stored.state.failCommits = false
      assert.deepStrictEqual(yield* ask(raw, started.request(2)), started.response(2))
      assert.strictEqual(runs.length, 2)
      assert.strictEqual((yield* stored.entries).length, 1)
    }).pipe(quiet)
  )

  it.effect("[TX-08] takes a message as new if the earlier answers cannot be read, and reads again at the next", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const before = yield* openWith(stored, event)
      const raw = yield* before.connect()
      for (const n of [1, 2]) yield* before.ask(raw, event.request(n))
      yield* before.stop

      const after = yield* openWith(stored, event)
      const again = yield* after.connect()
      stored.state.failReads = true
      assert.deepStrictEqual(yield* after.ask(again, event.request(3)), event.response(1))
      stored.state.failReads = false
      assert.deepStrictEqual(yield* after.ask(again, event.request(2)), event.response(2))
      assert.deepStrictEqual(yield* after.ask(again, event.request(3)), event.response(1))
      assert.strictEqual(after.runs.length, 1)
      // Nothing that was stored before has been written over.
      for (let n = 4; n < 4 + most - 2; n++) yield* after.ask(again, event.request(n))
      yield* after.stop
      const last = yield* openWith(stored, event)
      assert.deepStrictEqual(yield* last.ask(yield* last.connect(), event.request(1)), event.response(1))
      assert.deepStrictEqual(last.runs, [])
    }).pipe(quiet)
  )

  it.effect("[TX-08] [FIELD-K13] takes what it cannot make sense of as nothing, and goes on with the rest", () =>
    Effect.gen(function* () {
      for (const nonsense of ["{", "null", `{"at":"0","key":1}`]) {
        const stored = yield* makeStorage
        const before = yield* openWith(stored, event)
        const raw = yield* before.connect()
        for (const n of [1, 2]) yield* before.ask(raw, event.request(n))
        yield* before.stop
        for (const space of stored.spaces) yield* stored.storage.commit([{ space, key: "0", value: nonsense }])
        const after = yield* openWith(stored, event)
        const again = yield* after.connect()
        assert.deepStrictEqual(yield* after.ask(again, event.request(2)), event.response(2))
        assert.deepStrictEqual(yield* after.ask(again, event.request(1)), event.response(1))
        yield* after.stop
        // What was new is stored again.
        const last = yield* openWith(stored, event)
        const third = yield* last.connect()
        for (const n of [1, 2]) yield* last.ask(third, event.request(n))
        assert.deepStrictEqual([after.runs.length, last.runs.length], [1, 0])
      }
    }).pipe(quiet)
  )

  it.effect("[TX-08] [FIELD-K13] answers, and remembers, while the storage throws", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, runs } = yield* openWith(stored, started)
      const raw = yield* connect()
      stored.state.throws = true
      assert.deepStrictEqual(yield* ask(raw, started.request(1)), started.response(1))
      assert.deepStrictEqual(yield* ask(raw, started.request(1)), started.response(1))
      stored.state.throws = false
      assert.deepStrictEqual(yield* ask(raw, started.request(2)), started.response(2))
      stored.state.throws = true
      assert.deepStrictEqual(yield* ask(raw, started.request(3)), started.response(3))
      assert.deepStrictEqual([runs.length, (yield* stored.entries).length], [3, 1])
    }).pipe(quiet)
  )

  it.effect("[TX-08] keeps stations apart, whatever they are called", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, runs } = yield* openWith(stored, started)
      const identities = ["CP001", "CP001 ", '"CP001"', "__proto__", "CP\ud800", "🔌", "a/b"]
      for (const identity of identities) yield* ask(yield* connect(identity), started.request(1))
      assert.deepStrictEqual(runs, identities)
      assert.strictEqual(stored.spaces.size, identities.length)
      for (const space of stored.spaces) assert.isTrue(space.isWellFormed(), space)
    })
  )
})
