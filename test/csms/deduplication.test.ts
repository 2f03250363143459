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
import * as TestClock from "effect/testing/TestClock"
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
import { collect, settled } from "../support/time.ts"
import { type Version, versions } from "../support/versions.ts"
import { handlersOf } from "../support/engine.ts"

/** How many answers are remembered of a station at least, where that matters. */
const few = 4
const little = { deduplication: { answers: few } }

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
    others: [
      { connectorId: 2 },
      { idTag: "B" },
      { idTag: "a" },
      { timestamp: "2026-11-22T06:00:01.000Z" },
      { timestamp: "2026-11-22T06:00:00Z" },
      { meterStart: 1000 },
      { reservationId: 1 }
    ]
  },
  {
    name: `StopTransaction of ${name}`,
    protocol,
    action: "StopTransaction",
    request: (transactionId) => ({ transactionId, timestamp: time, meterStop: 5, idTag: "A" }),
    response: (run) => ({ idTagInfo: { status: "Accepted", parentIdTag: String(run) } }),
    others: [
      { transactionId: 1000 },
      { timestamp: "2026-11-22T06:00:01.000Z" },
      { meterStop: 6 },
      { idTag: "B" },
      ...(name === "1.5" ? [] : [{ reason: "Local" }])
    ]
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

    it.effect("[TX-08] [FIELD-K2] is another one if it differs in anything, or comes from another station", () =>
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

  for (const [how, region] of [
    ["hangs", Effect.interruptible],
    ["hangs and cannot be interrupted", Effect.uninterruptible]
  ] as const) {
    it.effect(`[TX-08] [FIELD-K2] runs again after its time-out if it ${how}`, () =>
      Effect.gen(function* () {
        for (const kind of kinds) {
          const { ask, connect, csms, runs, send, script } = yield* open(kind, { requests: { timeout: "20 seconds" } })
          const told = yield* collect(csms.deviations)
          const gate = yield* Deferred.make<object>()
          script(() => region(Deferred.await(gate)))
          const first = yield* connect()
          yield* send(first, kind.request(1))
          yield* send(first, kind.request(1))
          const second = yield* connect()
          yield* TestClock.adjust("15 seconds")
          yield* send(second, kind.request(1))
          assert.deepStrictEqual(yield* second.news, [])
          yield* TestClock.adjust("5 seconds")
          yield* second.news
          assert.deepStrictEqual(yield* ask(second, kind.request(1)), kind.response(2))
          assert.strictEqual(runs.length, 2)
          assert.deepStrictEqual(told, [])
          yield* Deferred.succeed(gate, kind.response(1))
        }
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
  it.effect("[TX-08] holds the last answers to a station, and at most twice as many", () =>
    Effect.gen(function* () {
      const { ask, connect, runs } = yield* open(event, little)
      const raw = yield* connect()
      const all = 2 * few + 1
      for (let n = 1; n <= all; n++) yield* ask(raw, event.request(n))
      for (let n = all; n > all - few; n--) assert.deepStrictEqual(yield* ask(raw, event.request(n)), event.response(n))
      assert.strictEqual(runs.length, all)
      assert.deepStrictEqual(yield* ask(raw, event.request(1)), event.response(all + 1))
    })
  )

  it.effect("[TX-08] [FIELD-K2] holds by default what a station stores", () =>
    Effect.gen(function* () {
      const { ask, connect, runs } = yield* open(event)
      const raw = yield* connect()
      for (let n = 1; n <= 10_000; n++) yield* ask(raw, event.request(n))
      for (let n = 1; n <= 10_000; n++) assert.deepStrictEqual(yield* ask(raw, event.request(n)), event.response(n))
      assert.strictEqual(runs.length, 10_000)
    })
  )

  it.effect("[FIELD-K2] holds no more of a station than it may in bytes", () =>
    Effect.gen(function* () {
      const { ask, connect, runs } = yield* open(event, { deduplication: { bytes: 4000 } })
      const raw = yield* connect()
      for (let n = 1; n <= 100; n++) yield* ask(raw, event.request(n))
      for (let n = 91; n <= 100; n++) assert.deepStrictEqual(yield* ask(raw, event.request(n)), event.response(n))
      assert.strictEqual(runs.length, 100)
      yield* ask(raw, event.request(70))
      assert.strictEqual(runs.length, 101)
    })
  )

  it.effect(
    "[FIELD-K2] gives up what is old of a station that sends much, before what is left of one that is away",
    () =>
      Effect.gen(function* () {
        const { ask, connect, runs } = yield* open(event, { deduplication: { totalBytes: 20_000 } })
        const [a, b, c] = [yield* connect("A"), yield* connect("B"), yield* connect("C")] as const
        for (let n = 1; n <= 10; n++) yield* ask(a, event.request(n))
        for (let n = 1; n <= 1000; n++) yield* ask(b, event.request(n))
        for (let n = 1; n <= 10; n++) yield* ask(a, event.request(n))
        for (let n = 991; n <= 1000; n++) yield* ask(b, event.request(n))
        assert.strictEqual(runs.length, 1010)
        yield* ask(b, event.request(1))
        assert.strictEqual(runs.length, 1011)
        // With many stations, those go that were heard from least lately.
        for (let station = 0; station < 200; station++) yield* ask(yield* connect(`D${station}`), event.request(1))
        yield* ask(c, event.request(1))
        yield* ask(c, event.request(1))
        yield* ask(a, event.request(10))
        assert.strictEqual(runs.length, 1011 + 200 + 1 + 1)
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

/** How many answers are stored; beside them there is one entry for each station. */
const answersIn = ({ entries }: Stored) => Effect.map(entries, (all) => all.filter(({ key }) => key !== "state").length)

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
        const before = yield* openWith(stored, kind, little)
        const requests = Array.from({ length: few }, (_, index) => kind.request(index + 1))
        const raw = yield* before.connect()
        const answers = yield* Effect.forEach(requests, (request) => before.ask(raw, request))
        yield* before.stop

        const after = yield* openWith(stored, kind, little)
        const again = yield* after.connect()
        assert.deepStrictEqual(yield* Effect.forEach(requests, (request) => after.ask(again, request)), answers)
        assert.deepStrictEqual(after.runs, [])
        // It goes on where the earlier one ended: the oldest answers make room for the next.
        for (let n = few + 1; n <= 2 * few + 1; n++) yield* after.ask(again, kind.request(n))
        yield* after.stop

        const last = yield* openWith(stored, kind, little)
        const third = yield* last.connect()
        for (let n = few + 2; n <= 2 * few + 1; n++) {
          assert.deepStrictEqual(yield* last.ask(third, kind.request(n)), kind.response(n - few))
        }
        assert.deepStrictEqual(last.runs, [])
        yield* last.ask(third, kind.request(1))
        assert.strictEqual(last.runs.length, 1)
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
        if (!value.includes("transactionId")) continue
        yield* stored.storage.commit([{ space, key, value: JSON.stringify({ transactionId: "seven" }) }])
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
      assert.strictEqual(yield* answersIn(stored), 1)
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(
        (yield* raw.news).map(([, , answer]) => answer),
        [started.response(2), started.response(2)]
      )
      assert.strictEqual(yield* answersIn(stored), 2)
    })
  )

  it.effect("[FIELD-K2] stores answers one after the other that are given at the same time", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const gate = yield* Deferred.make<void>()
      const { connect, send } = yield* openWith(stored, event)
      const raw = yield* connect()
      stored.state.gate = Deferred.await(gate)
      for (let n = 1; n <= 10; n++) yield* send(raw, event.request(n))
      assert.deepStrictEqual(yield* raw.news, [])
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual((yield* raw.news).length, 10)
      const [space = ""] = stored.spaces
      const state = JSON.parse((yield* stored.storage.get(space, "state")) ?? "")
      assert.deepInclude(state, { count: 10, given: 10 })
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

  it.effect("[TX-08] stores no more answers than it may, each in one commit, and of failures nothing", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, script } = yield* openWith(stored, event, little)
      const raw = yield* connect()
      const { commits } = stored.state
      for (let n = 0; n < 100; n++) {
        yield* ask(raw, event.request(n))
        assert.isAtMost(yield* answersIn(stored), 2 * few + 4)
      }
      // One more for the transaction, which the station has opened.
      assert.strictEqual(stored.state.commits - commits, 100 + 1)
      const other = yield* connect("CP002")
      script(
        () => Effect.fail(new CallError({ code: "GenericError" })),
        () => Effect.succeed({ none: 1 })
      )
      const before = yield* answersIn(stored)
      yield* ask(other, event.request(1))
      yield* ask(other, event.request(1))
      assert.strictEqual(yield* answersIn(stored), before)
      assert.strictEqual(stored.spaces.size, 1)
    }).pipe(quiet)
  )

  it.effect("[FIELD-K2] stores no more than it may in bytes, also if it may less than an earlier run", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const before = yield* openWith(stored, event)
      const raw = yield* before.connect()
      for (let n = 0; n < 100; n++) yield* before.ask(raw, event.request(n))
      yield* before.stop
      assert.strictEqual(yield* answersIn(stored), 100)
      const after = yield* openWith(stored, event, { deduplication: { bytes: 2000 } })
      const again = yield* after.connect()
      for (let n = 100; n < 150; n++) yield* after.ask(again, event.request(n))
      assert.isAtMost(yield* answersIn(stored), 12)
      yield* after.ask(again, event.request(149))
      assert.strictEqual(after.runs.length, 50)
    })
  )

  it.effect("[FIELD-K2] holds nothing in memory of what it has stored: another process knows it too", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const one = yield* openWith(stored, event)
      const other = yield* openWith(stored, event)
      const [first, second] = [yield* one.connect(), yield* other.connect()] as const
      for (let n = 1; n <= 10; n++) {
        const [raw, at] = n % 2 === 0 ? ([first, one] as const) : ([second, other] as const)
        const [elsewhere, there] = n % 2 === 0 ? ([second, other] as const) : ([first, one] as const)
        assert.deepStrictEqual(yield* at.ask(raw, event.request(n)), yield* there.ask(elsewhere, event.request(n)))
      }
      assert.strictEqual(one.runs.length + other.runs.length, 10)
      assert.strictEqual(yield* answersIn(stored), 10)
    })
  )

  it.effect("[FIELD-K2] ignores and removes what is stored in the first form", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const space = 'answer "CP001"'
      const key = JSON.stringify(["T1", 1, "Updated", time])
      const value = JSON.stringify({ at: 0, key, response: event.response(7) })
      yield* stored.storage.commit([{ space, key: "0", value }])
      const { ask, connect, runs } = yield* openWith(stored, event)
      const raw = yield* connect()
      assert.deepStrictEqual(yield* ask(raw, event.request(1)), event.response(1))
      assert.deepStrictEqual(yield* ask(raw, event.request(1)), event.response(1))
      assert.strictEqual(runs.length, 1)
      assert.deepStrictEqual(yield* stored.storage.read(space), [])
    })
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

  it.effect("[TX-08] knows messages that come at the same time as the first is looked for", () =>
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
      assert.strictEqual(yield* answersIn(stored), 1)
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
      yield* after.stop
      const last = yield* openWith(stored, event)
      assert.deepStrictEqual(yield* last.ask(yield* last.connect(), event.request(1)), event.response(1))
      assert.deepStrictEqual(last.runs, [])
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
      assert.deepStrictEqual([runs.length, yield* answersIn(stored)], [3, 1])
    }).pipe(quiet)
  )

  it.effect("[TX-08] takes what it cannot make sense of as nothing, and removes it", () =>
    Effect.gen(function* () {
      for (const spoil of [(key: string) => key === "state", (key: string) => key !== "state"]) {
        const stored = yield* makeStorage
        const before = yield* openWith(stored, event)
        yield* before.ask(yield* before.connect(), event.request(1))
        yield* before.stop
        const [space = ""] = stored.spaces
        for (const { key } of yield* stored.entries) {
          if (spoil(key)) yield* stored.storage.commit([{ space, key, value: "{" }])
        }
        const after = yield* openWith(stored, event)
        const raw = yield* after.connect()
        for (const n of [1, 2, 1, 2]) yield* after.ask(raw, event.request(n))
        assert.strictEqual(after.runs.length, 2)
        assert.strictEqual(yield* answersIn(stored), 2)
      }
    }).pipe(quiet)
  )

  it.effect("[TX-08] keeps stations apart, whatever they are called", () =>
    Effect.gen(function* () {
      const stored = yield* makeStorage
      const { ask, connect, runs } = yield* openWith(stored, started)
      const identities = ["CP001", "CP001 ", '"CP001"', "__proto__", "🔌", "a/b"]
      for (const identity of identities) yield* ask(yield* connect(identity), started.request(1))
      assert.deepStrictEqual(runs, identities)
      assert.strictEqual(stored.spaces.size, identities.length)
      for (const space of stored.spaces) assert.isTrue(space.isWellFormed(), space)
    })
  )
})
