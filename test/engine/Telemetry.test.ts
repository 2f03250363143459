import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { HandshakeRefused, unauthorized } from "../../src/csms/Handshake.ts"
import { CallError } from "../../src/OcppError.ts"
import { Reply } from "../../src/Reply.ts"
import { Enabled } from "../../src/engine/Telemetry.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { ConnectUnreachable } from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { isComingOrGoing } from "../support/comings.ts"
import { csms as makeCsms, csmsLayer, handshake } from "../support/csms.ts"
import { accepted, core, time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { endpoint, Network, station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

/** A tracer that keeps its spans, and counts how often each is ended. */
class Spans {
  readonly all: Array<Span> = []
  readonly tracer = Tracer.make({
    span: (options) => {
      const span = new Span(options)
      this.all.push(span)
      return span
    }
  })

  /** What a reader of them sees. */
  get told(): ReadonlyArray<Readonly<Record<string, unknown>>> {
    return this.all.map(({ attributes, kind, name }) => ({ name, kind, ...Object.fromEntries(attributes) }))
  }

  /** The names of those of OCPP that were not ended exactly once. */
  get loose(): ReadonlyArray<string> {
    return this.all.filter(({ ends, name }) => name.startsWith("ocpp.") && ends !== 1).map(({ name }) => name)
  }

  named(name: string): Span {
    const found = this.all.filter((span) => span.name === name)
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans are called ${name}`)
    return found[0]
  }
}

class Span extends Tracer.NativeSpan {
  ends = 0
  override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    this.ends++
    super.end(endTime, exit)
  }

  /** From when to when, in seconds. */
  get seconds(): readonly [number, number | undefined] {
    const { status } = this
    return [Number(status.startTime) / 1e9, status._tag === "Ended" ? Number(status.endTime) / 1e9 : undefined]
  }
}

/** What a test gives to watch its spans, and nothing of another. */
const traced = <A, E, R>(test: (spans: Spans) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const spans = new Spans()
    return test(spans).pipe(Effect.provideService(Tracer.Tracer, spans.tracer))
  })

/** Counts in a registry of its own. */
const counted = <A, E, R>(test: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() =>
    test.pipe(
      Effect.provideService(Metric.MetricRegistry, new Map()),
      Effect.provideService(Enabled, { metrics: true, spans: true })
    )
  )

/** Every series of OCPP: a number, or how many times were taken and their sum. */
const series = Effect.map(Metric.snapshot, (snapshot) => {
  const all: Record<string, unknown> = {}
  for (const metric of snapshot) {
    if (!metric.id.startsWith("ocpp_")) continue
    const attributes = Object.entries(metric.attributes ?? {}).map(([name, value]) => `${name}=${value}`)
    const value =
      metric.type === "Histogram"
        ? [metric.state.count, metric.state.sum]
        : metric.type === "Gauge"
          ? metric.state.value
          : metric.type === "Counter"
            ? metric.state.count
            : metric.state
    all[`${metric.id} ${attributes.toSorted().join(" ")}`.trim()] = value
  }
  return all
})

/** Those of one metric, by what stands behind its name. */
const seriesOf = (name: string) =>
  Effect.map(series, (all) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([key, value]) =>
        key === name || key.startsWith(`${name} `) ? [[key.slice(name.length + 1), value]] : []
      )
    )
  )

const stationSide = "side=station version=1.6"
const csmsSide = "side=csms version=1.6"

const reset = [2, "r1", "Reset", { type: "Soft" }]

describe("A call", () => {
  const call = { name: "ocpp.call Authorize", kind: "client", "ocpp.version": "1.6", "ocpp.action": "Authorize" }

  for (const [how, expected, answer] of [
    ["is answered", "Success", (id: string) => [3, id, accepted]],
    ["is refused", "CallError", (id: string) => [4, id, "GenericError", "", {}]],
    ["is answered wrongly", "InvalidResponse", (id: string) => [3, id, { idTagInfo: {} }]],
    ["is answered by a frame that is out of shape", "InvalidResponse", (id: string) => [3, id, accepted, 1]]
  ] as const) {
    it.effect(`of a station has a span and a time when it ${how}`, () =>
      counted(
        traced((spans) =>
          Effect.gen(function* () {
            const { csms, raw } = yield* station()
            const calling = yield* start(csms.authorize({ idTag: "321" }))
            const id = yield* raw.nextCall("Authorize")
            yield* TestClock.adjust("2 seconds")
            yield* raw.send(answer(id))
            yield* Fiber.await(calling)
            assert.deepStrictEqual(spans.told, [
              { ...call, "ocpp.identity": "CP001", "ocpp.message_id": id, "ocpp.outcome": expected }
            ])
            assert.deepStrictEqual(spans.all[0]?.seconds, [0, 2])
            assert.deepStrictEqual(spans.loose, [])
            assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
              [`action=Authorize outcome=${expected} ${stationSide}`]: [1, 2]
            })
          })
        )
      )
    )
  }

  it.effect("of a CSMS has a span and a time", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
          yield* connect("CP001")
          const { raw } = yield* connect("CP002")
          const calling = yield* start(csms.call("CP002", V16.ClearCache, {}))
          const id = yield* raw.nextCall("ClearCache")
          yield* TestClock.adjust("500 millis")
          yield* raw.send([3, id, { status: "Accepted" }])
          yield* Fiber.join(calling)
          assert.deepStrictEqual(spans.told, [
            {
              name: "ocpp.call ClearCache",
              kind: "client",
              "ocpp.version": "1.6",
              "ocpp.action": "ClearCache",
              "ocpp.identity": "CP002",
              "ocpp.message_id": id,
              "ocpp.outcome": "Success"
            }
          ])
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=ClearCache outcome=Success ${csmsSide}`]: [1, 0.5]
          })
        })
      )
    )
  )

  it.effect("that times out is Uncertain after the time that it waited", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { csms, raw } = yield* station()
          const calling = yield* start(csms.authorize({ idTag: "321" }))
          const id = yield* raw.nextCall("Authorize")
          yield* TestClock.adjust("30 seconds")
          assert.strictEqual(outcome(calling), "Timeout")
          assert.deepStrictEqual(spans.told, [
            { ...call, "ocpp.identity": "CP001", "ocpp.message_id": id, "ocpp.outcome": "Uncertain" }
          ])
          assert.deepStrictEqual(spans.loose, [])
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=Authorize outcome=Uncertain ${stationSide}`]: [1, 30]
          })
        })
      )
    )
  )

  it.effect("whose connection is lost is Uncertain if it was sent, else NotSent", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { csms, raw } = yield* station()
          const calls = [
            yield* start(csms.authorize({ idTag: "1" })),
            yield* start(csms.authorize({ idTag: "2" })),
            yield* start(csms.heartbeat({}))
          ]
          yield* raw.nextCall("Authorize")
          yield* TestClock.adjust("3 seconds")
          yield* raw.close()
          assert.deepStrictEqual(
            calls.map((calling) => outcome<unknown, unknown>(calling)),
            ["ConnectionLost", "NotConnected", "NotConnected"]
          )
          assert.deepStrictEqual(
            spans.told.map((span) => [span["name"], span["ocpp.outcome"]]),
            [
              ["ocpp.call Authorize", "Uncertain"],
              ["ocpp.call Authorize", "NotSent"],
              ["ocpp.call Heartbeat", "NotSent"]
            ]
          )
          assert.deepStrictEqual(spans.loose, [])
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=Authorize outcome=Uncertain ${stationSide}`]: [1, 3],
            [`action=Authorize outcome=NotSent ${stationSide}`]: [1, 0],
            [`action=Heartbeat outcome=NotSent ${stationSide}`]: [1, 0]
          })
          assert.strictEqual((yield* series)[`ocpp_calls_waiting ${stationSide}`], 0)
        })
      )
    )
  )

  it.effect("that does not fit its schema or the queue has a span without a message id", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { csms, raw } = yield* station({ calls: { queueLimit: 0 } })
          yield* Effect.exit(csms.authorize({ idTag: "x".repeat(21) }))
          yield* start(csms.heartbeat({}))
          yield* raw.nextCall("Heartbeat")
          yield* Effect.exit(csms.authorize({ idTag: "321" }))
          const notSent = { ...call, "ocpp.identity": "CP001", "ocpp.outcome": "NotSent" }
          assert.deepStrictEqual(
            spans.told.filter((span) => span["name"] === call.name),
            [notSent, notSent]
          )
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=Authorize outcome=NotSent ${stationSide}`]: [2, 0]
          })
          assert.strictEqual((yield* series)[`ocpp_calls_waiting ${stationSide}`], undefined)
        })
      )
    )
  )

  it.effect("whose caller is interrupted has an end to its span at once, and a time once it is answered", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { csms, raw } = yield* station()
          const sent = yield* start(csms.authorize({ idTag: "1" }))
          const waiting = yield* start(csms.heartbeat({}))
          const id = yield* raw.nextCall("Authorize")
          yield* TestClock.adjust("1 second")
          yield* Fiber.interrupt(sent)
          yield* Fiber.interrupt(waiting)
          assert.deepStrictEqual(
            spans.told.map((span) => span["ocpp.outcome"]),
            ["Interrupt", "Interrupt"]
          )
          assert.deepStrictEqual(
            spans.all.map(({ seconds }) => seconds),
            [
              [0, 1],
              [0, 1]
            ]
          )
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {})
          yield* TestClock.adjust("1 second")
          yield* raw.send([3, id, accepted])
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=Authorize outcome=Success ${stationSide}`]: [1, 2]
          })
          assert.deepStrictEqual(spans.loose, [])
        })
      )
    )
  )

  it.effect("that waits for its turn has a span from then on, and a time from when it is sent", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { csms, raw } = yield* station()
          yield* start(csms.authorize({ idTag: "1" }))
          const id = yield* raw.nextCall("Authorize")
          yield* TestClock.adjust("1 second")
          yield* start(csms.heartbeat({}))
          yield* TestClock.adjust("4 seconds")
          yield* raw.send([3, id, accepted])
          const next = yield* raw.nextCall("Heartbeat")
          yield* TestClock.adjust("2 seconds")
          yield* raw.send([3, next, { currentTime: time }])
          assert.deepStrictEqual(spans.named("ocpp.call Heartbeat").seconds, [1, 7])
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=Authorize outcome=Success ${stationSide}`]: [1, 5],
            [`action=Heartbeat outcome=Success ${stationSide}`]: [1, 2]
          })
        })
      )
    )
  )

  it.effect("that is repeated has a span and a time for each try, all with one message id", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { csms, raw } = yield* station()
          const calling = yield* start(
            csms.authorize({ idTag: "1" }, { timeout: "5 seconds", retry: Schedule.spaced("1 second") })
          )
          const id = yield* raw.nextCall("Authorize")
          yield* TestClock.adjust("6 seconds")
          assert.strictEqual(yield* raw.nextCall("Authorize"), id)
          yield* raw.send([3, id, accepted])
          yield* Fiber.join(calling)
          assert.deepStrictEqual(
            spans.told.map((span) => [span["ocpp.message_id"], span["ocpp.outcome"]]),
            [
              [id, "Uncertain"],
              [id, "Success"]
            ]
          )
          assert.deepStrictEqual(
            spans.all.map(({ seconds }) => seconds),
            [
              [0, 5],
              [6, 6]
            ]
          )
          assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
            [`action=Authorize outcome=Uncertain ${stationSide}`]: [1, 5],
            [`action=Authorize outcome=Success ${stationSide}`]: [1, 0]
          })
        })
      )
    )
  )

  it.effect("has the caller's span as the parent of its own", () =>
    traced((spans) =>
      Effect.gen(function* () {
        const { csms, raw } = yield* station()
        const calling = yield* start(csms.heartbeat({}).pipe(Effect.withSpan("the caller")))
        yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
        yield* Fiber.join(calling)
        const { parent } = spans.named("ocpp.call Heartbeat")
        assert.strictEqual(Option.getOrUndefined(parent), spans.named("the caller"))
      })
    )
  )

  it.effect("is traced by the tracer of its caller, even if the station has none", () =>
    Effect.gen(function* () {
      const spans = new Spans()
      const { csms, raw } = yield* station()
      const calling = yield* start(csms.heartbeat({}).pipe(Effect.provideService(Tracer.Tracer, spans.tracer)))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
      yield* Fiber.join(calling)
      assert.deepStrictEqual(
        spans.all.map(({ name }) => name),
        ["ocpp.call Heartbeat"]
      )
      assert.deepStrictEqual(spans.loose, [])
    })
  )
})

describe("A request", () => {
  const handled = {
    name: "ocpp.handle Reset",
    kind: "server",
    "ocpp.version": "1.6",
    "ocpp.action": "Reset",
    "ocpp.identity": "CP001",
    "ocpp.message_id": "r1"
  }

  const answers: ReadonlyArray<readonly [string, string, string, V16.StationHandlers["reset"]]> = [
    ["answers", "Success", "Success", () => Effect.succeed({ status: "Accepted" })],
    ["answers and goes on", "Success", "Success", () => Effect.succeed(new Reply({ status: "Accepted" }, Effect.void))],
    ["refuses", "CallError", "CallError", () => Effect.fail(new CallError({ code: "GenericError" }))],
    ["dies", "Die", "CallError", () => Effect.die(new Error("a bug"))]
  ]
  for (const [how, spanOutcome, metricOutcome, answer] of answers) {
    it.effect(`has a span and a time when its handler ${how}`, () =>
      counted(
        traced((spans) =>
          Effect.gen(function* () {
            const { raw } = yield* station({
              handlers: { reset: (...asked) => Effect.delay(answer(...asked), "2 seconds") }
            })
            yield* raw.send(reset)
            yield* TestClock.adjust("2 seconds")
            yield* raw.next
            assert.deepStrictEqual(spans.told, [{ ...handled, "ocpp.outcome": spanOutcome }])
            assert.deepStrictEqual(spans.all[0]?.seconds, [0, 2])
            assert.deepStrictEqual(spans.loose, [])
            assert.deepStrictEqual(yield* seriesOf("ocpp_request_duration_seconds"), {
              [`action=Reset outcome=${metricOutcome} ${stationSide}`]: [1, 2]
            })
          })
        )
      )
    )
  }

  it.effect("whose connection is lost has an interrupted span and no time", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { raw } = yield* station({ handlers: { reset: () => Effect.never } })
          yield* raw.send(reset)
          yield* raw.close()
          assert.deepStrictEqual(spans.told, [{ ...handled, "ocpp.outcome": "Interrupt" }])
          assert.deepStrictEqual(spans.loose, [])
          assert.deepStrictEqual(yield* seriesOf("ocpp_request_duration_seconds"), {})
        })
      )
    )
  )

  it.effect("has a span that is a root, and the parent of the calls of its handler", () =>
    traced((spans) =>
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({
          handlers: [
            V16.csmsHandlersPartial({
              heartbeat: (_, session) =>
                Effect.as(Effect.orDie(session.call(V16.ClearCache, {})), { currentTime: time })
            })
          ]
        })
        const { raw } = yield* connect("CP001")
        yield* raw.send([2, "1", "Heartbeat", {}])
        yield* raw.send([3, yield* raw.nextCall("ClearCache"), { status: "Accepted" }])
        yield* raw.next
        assert.isTrue(Option.isNone(spans.named("ocpp.handle Heartbeat").parent))
        assert.strictEqual(
          Option.getOrUndefined(spans.named("ocpp.call ClearCache").parent),
          spans.named("ocpp.handle Heartbeat")
        )
        assert.deepStrictEqual(spans.loose, [])
      }).pipe(Effect.withSpan("the application"))
    )
  )

  it.effect("that is closed in the midst of calls leaves no span open", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          const { raw } = yield* station({
            handlers: {
              reset: (_, csms) =>
                Effect.all([csms.heartbeat({}), csms.authorize({ idTag: "1" }), csms.authorize({ idTag: "2" })], {
                  concurrency: "unbounded"
                }).pipe(Effect.orDie, Effect.andThen(Effect.never))
            }
          })
          yield* raw.send(reset)
          assert.lengthOf(spans.all, 4)
          yield* raw.close()
          assert.deepStrictEqual(spans.loose, [])
          assert.strictEqual((yield* series)[`ocpp_calls_waiting ${stationSide}`], 0)
        })
      )
    )
  )
})

/** A CSMS and CP001 in one process; `values` is given the values that are streamed. */
const connected = (values: Array<string>) =>
  Station.layer(V21.protocol, { url: endpoint, identity: "CP001" }).pipe(
    Layer.provide(MemoryNetwork.layer),
    Layer.provideMerge(
      csmsLayer({
        handlers: [
          V21.csmsHandlersPartial({
            heartbeat: () => Effect.succeed({ currentTime: time }),
            notifyPeriodicEventStream: ({ id }) => Effect.sync(() => void values.push(String(id)))
          })
        ]
      })
    )
  )

describe("The two ends of a message", () => {
  it.effect("each have a span and a time, and the spans the same message id", () =>
    counted(
      traced((spans) =>
        Effect.gen(function* () {
          yield* (yield* V21.Csms).heartbeat({})
          const common = {
            "ocpp.version": "2.1",
            "ocpp.action": "Heartbeat",
            "ocpp.identity": "CP001",
            "ocpp.message_id": spans.named("ocpp.call Heartbeat").attributes.get("ocpp.message_id"),
            "ocpp.outcome": "Success"
          }
          assert.isString(common["ocpp.message_id"])
          assert.deepStrictEqual(spans.told, [
            { name: "ocpp.call Heartbeat", kind: "client", ...common },
            { name: "ocpp.handle Heartbeat", kind: "server", ...common }
          ])
          assert.deepStrictEqual(yield* series, {
            "ocpp_call_duration_seconds action=Heartbeat outcome=Success side=station version=2.1": [1, 0],
            "ocpp_connections side=csms version=2.1": 1,
            "ocpp_connections side=station version=2.1": 1,
            "ocpp_handshakes_total outcome=accepted": 1,
            "ocpp_outbox_messages version=2.1": 0,
            "ocpp_request_duration_seconds action=Heartbeat outcome=Success side=csms version=2.1": [1, 0]
          })
        }).pipe(Effect.provide(connected([])))
      )
    )
  )

  it.effect("that is a SEND each have a span", () =>
    traced((spans) =>
      Effect.gen(function* () {
        const values: Array<string> = []
        yield* Effect.gen(function* () {
          const csms = yield* V21.Csms
          yield* csms.notifyPeriodicEventStream({ id: 7, pending: 0, basetime: time, data: [{ t: 0, v: "1" }] })
          yield* settled
          assert.deepStrictEqual(values, ["7"])
          assert.deepStrictEqual(
            spans.told.map((span) => [span["name"], span["kind"], span["ocpp.outcome"]]),
            [
              ["ocpp.call NotifyPeriodicEventStream", "client", "Success"],
              ["ocpp.handle NotifyPeriodicEventStream", "server", "Success"]
            ]
          )
          assert.deepStrictEqual(spans.loose, [])
        }).pipe(Effect.provide(connected(values)))
      })
    )
  )
})

describe("Spans", () => {
  it.effect("are not made unless they are asked for", () =>
    traced((spans) =>
      Effect.gen(function* () {
        const { csms, raw } = yield* station({ handlers: { reset: () => Effect.succeed({ status: "Accepted" }) } })
        yield* raw.send(reset)
        yield* raw.next
        const calling = yield* start(csms.heartbeat({}))
        yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
        yield* Fiber.join(calling)
        assert.deepStrictEqual(spans.all, [])
      }).pipe(Effect.provideService(Enabled, { metrics: true, spans: false }))
    )
  )

  it.effect("are not made without a tracer", () =>
    Effect.gen(function* () {
      const seen: Array<boolean> = []
      const { raw } = yield* station({
        handlers: {
          reset: () =>
            Effect.map(Effect.option(Effect.currentSpan), (span) => {
              seen.push(Option.isSome(span))
              return { status: "Accepted" } as const
            })
        }
      })
      yield* raw.send(reset)
      assert.deepStrictEqual(yield* raw.next, [3, "r1", { status: "Accepted" }])
      assert.deepStrictEqual(seen, [false])
    })
  )
})

describe("ocpp_connections", () => {
  const connections = seriesOf("ocpp_connections")

  it.effect("counts the stations of a CSMS by their version", () =>
    counted(
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({}), V201.csmsHandlersPartial({})] })
        const first = yield* connect("CP001")
        const second = yield* connect("CP002")
        const third = yield* connect("CP003", "ocpp2.0.1")
        assert.deepStrictEqual(yield* connections, { [csmsSide]: 2, "side=csms version=2.0.1": 1 })
        yield* first.raw.close()
        assert.deepStrictEqual(yield* connections, { [csmsSide]: 1, "side=csms version=2.0.1": 1 })
        yield* second.session.close()
        yield* third.session.close()
        yield* settled
        assert.deepStrictEqual(yield* connections, { [csmsSide]: 0, "side=csms version=2.0.1": 0 })
      })
    )
  )

  it.effect("counts one that is taken over once", () =>
    counted(
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
        yield* connect("CP001")
        const { raw } = yield* connect("CP001")
        assert.deepStrictEqual(yield* connections, { [csmsSide]: 1 })
        yield* raw.close()
        assert.deepStrictEqual(yield* connections, { [csmsSide]: 0 })
      })
    )
  )

  it.effect("is 0 once the CSMS has ended", () =>
    counted(
      Effect.gen(function* () {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
            yield* connect("CP001")
            yield* connect("CP002")
          })
        )
        assert.deepStrictEqual(yield* connections, { [csmsSide]: 0 })
      })
    )
  )

  it.effect("follows the connection of a station", () =>
    counted(
      Effect.gen(function* () {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { raw } = yield* station({ reconnect: Schedule.spaced("10 seconds") })
            assert.deepStrictEqual(yield* connections, { [stationSide]: 1 })
            yield* raw.close()
            assert.deepStrictEqual(yield* connections, { [stationSide]: 0 })
            yield* TestClock.adjust("10 seconds")
            assert.deepStrictEqual(yield* connections, { [stationSide]: 1 })
          })
        )
        yield* settled
        assert.deepStrictEqual(yield* connections, { [stationSide]: 0 })
      })
    )
  )
})

describe("ocpp_calls_waiting", () => {
  const waiting = Effect.map(series, (all) => all[`ocpp_calls_waiting ${stationSide}`])

  it.effect("counts the calls that are not sent yet", () =>
    counted(
      Effect.gen(function* () {
        const { csms, raw } = yield* station({ calls: { queueLimit: 2 } })
        const beat = csms.heartbeat({})
        const sent = yield* start(beat)
        const first = yield* start(beat)
        const second = yield* start(beat)
        const refused = yield* start(beat)
        assert.strictEqual(outcome(refused), "QueueFull")
        assert.strictEqual(yield* waiting, 2)
        yield* Fiber.interrupt(second)
        assert.strictEqual(yield* waiting, 1)
        yield* Fiber.interrupt(sent)
        assert.strictEqual(yield* waiting, 1)
        yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
        assert.strictEqual(yield* waiting, 0)
        yield* Fiber.interrupt(first)
        assert.strictEqual(yield* waiting, 0)
        yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
        assert.strictEqual(yield* waiting, 0)
      })
    )
  )

  it.effect("is 0 after a loss, whatever the calls and their callers did before", () =>
    counted(
      Effect.gen(function* () {
        const { csms, raw } = yield* station()
        // The first that fails calls again, when the connection is gone already.
        yield* start(Effect.catch(csms.heartbeat({}), () => csms.heartbeat({})))
        const second = yield* start(csms.heartbeat({}))
        yield* start(Effect.catch(csms.heartbeat({}), () => csms.heartbeat({})))
        yield* start(csms.heartbeat({}))
        yield* Fiber.interrupt(second)
        assert.strictEqual(yield* waiting, 2)
        yield* raw.close()
        assert.strictEqual(yield* waiting, 0)
      })
    )
  )

  it.effect("is 0 after a takeover", () =>
    counted(
      Effect.gen(function* () {
        const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
        yield* connect("CP001")
        const calls = [
          yield* start(csms.call("CP001", V16.ClearCache, {})),
          yield* start(csms.call("CP001", V16.ClearCache, {}))
        ]
        assert.deepStrictEqual(yield* seriesOf("ocpp_calls_waiting"), { [csmsSide]: 1 })
        yield* connect("CP001")
        assert.deepStrictEqual(calls.map(outcome), ["ConnectionLost", "NotConnected"])
        assert.deepStrictEqual(yield* seriesOf("ocpp_calls_waiting"), { [csmsSide]: 0 })
      })
    )
  )
})

describe("The durations", () => {
  it.effect("are sorted from a millisecond to beyond the usual time-out", () =>
    counted(
      Effect.gen(function* () {
        const { csms, raw } = yield* station()
        for (const millis of [1, 20, 29_000]) {
          const calling = yield* start(csms.heartbeat({}))
          const id = yield* raw.nextCall("Heartbeat")
          yield* TestClock.adjust(millis)
          yield* raw.send([3, id, { currentTime: time }])
          yield* Fiber.join(calling)
        }
        const [histogram] = (yield* Metric.snapshot).flatMap((metric) =>
          metric.type === "Histogram" ? [metric.state.buckets] : []
        )
        assert.deepStrictEqual(
          histogram?.map(([boundary, count]) => [boundary, count]),
          [
            [0.001, 1],
            [0.0025, 1],
            [0.005, 1],
            [0.01, 1],
            [0.025, 2],
            [0.05, 2],
            [0.1, 2],
            [0.25, 2],
            [0.5, 2],
            [1, 2],
            [2.5, 2],
            [5, 2],
            [10, 2],
            [30, 3],
            [60, 3]
          ]
        )
      })
    )
  )
})

describe("ocpp_deviations_total", () => {
  it.effect("counts the breaches of the peer by their kind", () =>
    counted(
      Effect.gen(function* () {
        const { deviations, raw } = yield* station({ handlers: { reset: () => Effect.never } })
        for (const frame of [
          "nonsense",
          "[]",
          [9],
          [3, "x", {}],
          [2, "1", "Fly", {}],
          [2, "2", "Swim", {}],
          [2, "3", "Reset", {}],
          reset,
          [2, reset[1], "Reset", { type: "Hard" }]
        ]) {
          yield* raw.send(frame)
        }
        assert.deepStrictEqual(yield* seriesOf("ocpp_deviations_total"), {
          [`kind=MalformedFrame ${stationSide}`]: 2,
          [`kind=UnknownMessageType ${stationSide}`]: 1,
          [`kind=UnexpectedAnswer ${stationSide}`]: 1,
          [`kind=UnknownAction ${stationSide}`]: 2,
          [`kind=InvalidRequest ${stationSide}`]: 1,
          [`kind=DuplicateMessageId ${stationSide}`]: 1
        })
        assert.lengthOf(deviations, 8)
      })
    )
  )
})

describe("A peer", () => {
  it.effect("makes no series by what it sends, but for the protocol's own actions and kinds", () =>
    counted(
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] })
        const { raw } = yield* connect("CP001")
        yield* raw.send([2, "1", "Heartbeat", {}])
        for (let round = 0; round < 50; round++) {
          yield* raw.send([2, `a${round}`, `Action${round}`, {}])
          yield* raw.send([2, `b${round}`, "ClearCache", {}])
          yield* raw.send([3, `c${round}`, {}])
          yield* raw.send([4, `d${round}`, `Code${round}`, "", {}])
          yield* raw.send([5 + round])
        }
        for (const action of ["__proto__", "constructor", ""]) yield* raw.send([2, `e${action}`, action, {}])
        assert.deepStrictEqual(yield* series, {
          [`ocpp_connections ${csmsSide}`]: 1,
          [`ocpp_deviations_total kind=UnexpectedAnswer ${csmsSide}`]: 100,
          [`ocpp_deviations_total kind=UnknownAction ${csmsSide}`]: 103,
          [`ocpp_deviations_total kind=UnknownMessageType ${csmsSide}`]: 50,
          "ocpp_handshakes_total outcome=accepted": 1,
          [`ocpp_request_duration_seconds action=Heartbeat outcome=Success ${csmsSide}`]: [1, 0]
        })
      })
    )
  )
})

describe("ocpp_handshakes_total", () => {
  it.effect("counts how each handshake ended", () =>
    counted(
      Effect.gen(function* () {
        const { connect, endpoint: own } = yield* makeCsms({
          handlers: [V16.csmsHandlersPartial({})],
          accept: ({ identity }) => {
            if (identity === "CP401") return Effect.fail(unauthorized)
            if (identity === "CP503") return Effect.fail(new HandshakeRefused({ status: 503 }))
            if (identity === "CPDIE") return Effect.die(new Error("a bug"))
            return identity === "CPSLOW" ? Effect.never : Effect.void
          }
        })
        yield* connect("CP001")
        yield* connect("CP002")
        yield* own.accept(handshake("CP003", undefined, "ocpp9"))
        for (const identity of ["CP401", "CP503", "CPDIE"]) yield* Effect.exit(connect(identity))
        const slow = yield* start(connect("CPSLOW"))
        yield* settled
        const before = yield* seriesOf("ocpp_handshakes_total")
        yield* Fiber.interrupt(slow)
        assert.deepStrictEqual(before, {
          "outcome=accepted": 2,
          "outcome=no protocol": 1,
          "outcome=401": 1,
          "outcome=503": 1,
          "outcome=undecided": 1
        })
        assert.deepStrictEqual(yield* seriesOf("ocpp_handshakes_total"), { ...before, "outcome=undecided": 2 })
      })
    )
  )
})

describe("ocpp_takeovers_total", () => {
  const takeovers = seriesOf("ocpp_takeovers_total")

  it.effect("counts the connections that are replaced", () =>
    counted(
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})] })
        for (const identity of ["CP001", "CP002"]) yield* connect(identity)
        assert.deepStrictEqual(yield* takeovers, {})
        for (const identity of ["CP001", "CP001"]) yield* connect(identity)
        assert.deepStrictEqual(yield* takeovers, { "outcome=replaced": 2 })
      })
    )
  )

  it.effect("counts those that are not, with the handshakes that are refused", () =>
    counted(
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({})], takeover: "reject" })
        yield* connect("CP001")
        yield* Effect.flip(connect("CP001"))
        assert.deepStrictEqual(yield* takeovers, { "outcome=rejected": 1 })
        assert.deepStrictEqual(yield* seriesOf("ocpp_handshakes_total"), { "outcome=accepted": 1, "outcome=409": 1 })
        assert.deepStrictEqual(yield* seriesOf("ocpp_connections"), { [csmsSide]: 1 })
      })
    )
  )
})

describe("ocpp_reconnects_total", () => {
  it.effect("counts the attempts of a station after its first connection", () =>
    counted(
      Effect.gen(function* () {
        const network = new Network()
        const { raw } = yield* station({ reconnect: Schedule.spaced("10 seconds") }, network)
        assert.deepStrictEqual(yield* seriesOf("ocpp_reconnects_total"), {})
        network.failure = new ConnectUnreachable({ url: endpoint, code: "ECONNREFUSED" })
        yield* raw.close()
        yield* TestClock.adjust("20 seconds")
        assert.deepStrictEqual(yield* seriesOf("ocpp_reconnects_total"), { "outcome=failed": 2 })
        network.failure = undefined
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(yield* seriesOf("ocpp_reconnects_total"), {
          "outcome=failed": 2,
          "outcome=connected": 1
        })
      })
    )
  )
})

describe("Metrics", () => {
  it.effect("are not made unless they are asked for", () =>
    counted(
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] })
        yield* connect("CP001")
        const { raw, session } = yield* connect("CP001")
        yield* raw.send([2, "1", "Heartbeat", {}])
        yield* raw.send("nonsense")
        yield* raw.next
        yield* start(Effect.exit(session.call(V16.ClearCache, {})))
        yield* start(Effect.exit(session.call(V16.ClearCache, {})))
        yield* raw.send([3, yield* raw.nextCall("ClearCache"), { status: "Accepted" }])
        const network = new Network()
        const own = yield* station({ reconnect: Schedule.spaced("1 second") }, network)
        yield* own.raw.close()
        yield* TestClock.adjust("1 second")
        assert.lengthOf(network.links, 2)
        assert.deepStrictEqual(yield* series, {})
      }).pipe(Effect.provideService(Enabled, Enabled.defaultValue()))
    )
  )
})

/** What is logged, but for who comes and goes: the level, the text and what it is annotated with, and all of a line in every form. */
const logged = Effect.fnUntraced(function* <A, E, R>(test: (lines: Array<Line>) => Effect.Effect<A, E, R>) {
  const lines: Array<Line> = []
  const logger = Logger.make((options) => {
    const json: unknown = Logger.formatStructured.log(options)
    const { annotations, level, message } = json as Pick<Line, "annotations" | "level" | "message">
    if (isComingOrGoing(String(message))) return
    const all = [Logger.formatJson, Logger.formatLogFmt, Logger.formatSimple].map((format) => format.log(options))
    lines.push({ level, message, annotations, text: [...all, Cause.pretty(options.cause)].join("\n") })
  })
  return yield* test(lines).pipe(Effect.provide(Logger.layer([logger])))
})

interface Line {
  readonly level: string
  readonly message: unknown
  readonly annotations: unknown
  readonly text: string
}

const by = (identity: string) => ({ app: "test", "ocpp.identity": identity })

describe("The log", () => {
  it.effect("tells for which station a handler of a CSMS works, among what the application tells", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({
          handlers: [
            V16.csmsHandlersPartial({
              heartbeat: () =>
                Effect.as(
                  Effect.log("a heartbeat"),
                  new Reply({ currentTime: time }, Effect.delay(Effect.log("afterwards"), "1 second"))
                ),
              dataTransfer: () => Effect.die(new Error("a bug"))
            })
          ],
          accept: () => Effect.log("a handshake")
        }).pipe(Effect.annotateLogs("app", "test"))
        const stations = [yield* connect("CP001"), yield* connect("CP002")] as const
        yield* stations[1].raw.send([2, "1", "Heartbeat", {}])
        yield* TestClock.adjust("1 second")
        yield* stations[0].raw.send([2, "1", "Heartbeat", {}])
        yield* stations[1].raw.send([2, "2", "DataTransfer", { vendorId: "x" }])
        yield* stations[0].raw.send("nonsense")
        assert.deepStrictEqual(
          lines.map(({ annotations, level, message }) => [level, message, annotations]),
          [
            ["INFO", "a handshake", by("CP001")],
            ["INFO", "a handshake", by("CP002")],
            ["INFO", "a heartbeat", by("CP002")],
            ["INFO", "afterwards", by("CP002")],
            ["INFO", "a heartbeat", by("CP001")],
            ["ERROR", "the handler of DataTransfer failed", by("CP002")],
            ["WARN", "the peer broke the protocol: MalformedFrame, the frame is not JSON", by("CP001")]
          ]
        )
      })
    )
  )

  it.effect("names a station by its own identity", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { raw } = yield* station({
          handlers: { reset: () => Effect.as(Effect.log("a reset"), { status: "Accepted" } as const) }
        })
        yield* raw.send(reset)
        yield* raw.send([2, "2", "Fly", {}])
        assert.deepStrictEqual(
          lines.map(({ annotations, message }) => [message, annotations]),
          [
            ["a reset", { "ocpp.identity": "CP001" }],
            ["the peer broke the protocol: UnknownAction, Fly, the action is unknown", { "ocpp.identity": "CP001" }]
          ]
        )
      })
    )
  )

  it.effect("tells of a kind of breach once for each action and connection", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { connect, deviations } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] })
        const first = yield* connect("CP001")
        for (let round = 0; round < 3; round++) {
          for (const action of ["Fly", "Swim"]) yield* first.raw.send([2, `${action}${round}`, action, {}])
          yield* first.raw.send([2, `b${round}`, "Heartbeat", { x: 1 }])
          yield* first.raw.send([2, `c${round}`, "BootNotification", {}])
          yield* first.raw.send([2, `d${round}`, "Authorize", []])
          yield* first.raw.send("nonsense")
        }
        assert.lengthOf(deviations, 18)
        assert.deepStrictEqual(
          lines.map(({ message }) => String(message).replace("the peer broke the protocol: ", "")),
          [
            "UnknownAction, Fly, the action is unknown",
            "UnknownAction, Swim, the action is unknown",
            "InvalidRequest, Heartbeat, the request breaks its schema, x: is not a field here",
            "InvalidRequest, BootNotification, the request breaks its schema, chargePointVendor: is required; chargePointModel: is required",
            "InvalidRequest, Authorize, the request breaks its schema, expected a JSON object",
            "MalformedFrame, the frame is not JSON"
          ]
        )
        const second = yield* connect("CP001")
        yield* second.raw.send("nonsense")
        assert.lengthOf(lines, 7)
      })
    )
  )

  it.effect("tells of 64 breaches of a connection, and of no more", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { connect, deviations } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] })
        const { raw } = yield* connect("CP001")
        for (let round = 0; round < 70; round++) yield* raw.send([2, `${round}`, `Action${round}`, {}])
        assert.lengthOf(deviations, 70)
        assert.lengthOf(lines, 64)
        yield* (yield* connect("CP002")).raw.send([2, "1", "Action1", {}])
        assert.lengthOf(lines, 65)
      })
    )
  )
})

const secret = "hunter2hunter2"

const key = { key: "AuthorizationKey", value: secret }
const variable = (value: unknown) => ({
  setVariableData: [
    { component: { name: "SecurityCtrlr" }, variable: { name: "BasicAuthPassword" }, attributeValue: value }
  ]
})

/** Makes a call and logs how it fails. */
const failed = (call: Effect.Effect<unknown, unknown>) =>
  start(Effect.tapCause(call, (cause) => Effect.logError("a call failed", cause)))

describe("A secret", () => {
  /** Everything that anyone who watches has been told. */
  const told = Effect.fnUntraced(function* (lines: ReadonlyArray<Line>, spans: Spans) {
    const metrics = JSON.stringify(yield* Metric.snapshot)
    const traces = spans.all.map(({ attributes, events, name, status }) => {
      const failure = status._tag === "Ended" && Exit.isFailure(status.exit) ? Cause.pretty(status.exit.cause) : ""
      return JSON.stringify([name, Array.from(attributes), events.map(([event, , more]) => [event, more]), failure])
    })
    return [metrics, ...traces, ...lines.map(({ text }) => text)].join("\n")
  })

  it.effect("[SEC-08] that a station is sent is in no log, span or metric", () =>
    counted(
      traced((spans) =>
        logged((lines) =>
          Effect.gen(function* () {
            let answer: Effect.Effect<V16.ChangeConfigurationResponse, CallError> = Effect.succeed({
              status: "Accepted"
            })
            const { raw } = yield* station({ handlers: { changeConfiguration: () => answer } })
            const change = (id: string, payload: unknown) => raw.send([2, id, "ChangeConfiguration", payload])
            yield* change("1", key)
            answer = Effect.die(new Error("a bug"))
            yield* change("2", key)
            answer = Effect.fail(new CallError({ code: "InternalError" }))
            yield* change("3", key)
            // What it answers is not what its type says.
            answer = Effect.succeed({ status: secret as "Accepted" })
            yield* change("4", key)
            answer = Effect.never
            yield* change("5", key)
            yield* change("5", key)
            yield* change("6", { ...key, value: secret.repeat(100) })
            yield* change("7", { ...key, value: [secret] })
            yield* change("8", { ...key, password: secret })
            yield* change("9", secret)
            yield* raw.send([2, "10", "SetVariables", variable(secret)])
            yield* raw.send(`[2,"11","ChangeConfiguration",{"key":"AuthorizationKey","value":"${secret}"`)
            yield* raw.send(["x", "12", secret])
            yield* raw.send([3, "13", key])
            yield* raw.send([2, "14", "ChangeConfiguration", key, secret])
            yield* raw.close()
            assert.isAbove(lines.length, 5)
            assert.isAbove(spans.all.length, 4)
            assert.notInclude(yield* told(lines, spans), secret)
          })
        )
      )
    )
  )

  it.effect("[SEC-08] that a CSMS sends or gets is in no log, span or metric", () =>
    counted(
      traced((spans) =>
        logged((lines) =>
          Effect.gen(function* () {
            const { connect, csms } = yield* makeCsms({
              handlers: [V16.csmsHandlersPartial({}), V201.csmsHandlersPartial({})]
            })
            const old = yield* connect("CP001")
            yield* failed(csms.call("CP001", V16.ChangeConfiguration, { ...key, value: secret.repeat(100) }))
            yield* failed(csms.call("CP001", V16.ChangeConfiguration, key))
            yield* old.raw.send([4, yield* old.raw.nextCall("ChangeConfiguration"), "GenericError", "no", key])
            yield* failed(csms.call("CP001", V16.GetConfiguration, { key: [key.key] }))
            yield* old.raw.send([3, yield* old.raw.nextCall("GetConfiguration"), { configurationKey: [key] }])
            const { raw } = yield* connect("CP002", "ocpp2.0.1")
            const set = V201.SetVariables
            yield* failed(csms.call("CP002", set, variable(secret) as V201.SetVariablesRequest))
            yield* raw.send([3, yield* raw.nextCall("SetVariables"), variable(secret)])
            yield* failed(csms.call("CP002", set, variable([secret]) as V201.SetVariablesRequest))
            yield* failed(csms.call("CP002", set, variable(secret) as V201.SetVariablesRequest))
            yield* raw.nextCall("SetVariables")
            yield* raw.close()
            assert.isAbove(lines.length, 6)
            assert.lengthOf(spans.all, 6)
            assert.deepStrictEqual(spans.loose, [])
            assert.notInclude(yield* told(lines, spans), secret)
          })
        )
      )
    )
  )
})

describe("ocpp_request_duration_seconds", () => {
  const durations = seriesOf("ocpp_request_duration_seconds")
  const refused = `action=Reset outcome=CallError ${stationSide}`

  it.effect("counts from the arrival, the wait for its turn included", () =>
    counted(
      Effect.gen(function* () {
        const { raw } = yield* station({
          requests: { concurrency: 1 },
          handlers: { reset: () => Effect.delay(Effect.succeed({ status: "Accepted" } as const), "2 seconds") }
        })
        yield* raw.send(reset)
        yield* raw.send([2, "r2", "Reset", { type: "Soft" }])
        yield* TestClock.adjust("4 seconds")
        assert.deepStrictEqual(yield* durations, { [`action=Reset outcome=Success ${stationSide}`]: [2, 6] })
      })
    )
  )

  it.effect("counts an answer that cannot be sent as it is as CallError", () =>
    counted(
      Effect.gen(function* () {
        // What it answers is not what its type says.
        const { raw } = yield* station({ handlers: { reset: () => Effect.succeed({ status: "Done" as "Accepted" }) } })
        yield* raw.send(reset)
        assert.deepStrictEqual(yield* raw.next, [4, "r1", "InternalError", "", {}])
        assert.deepStrictEqual(yield* durations, { [refused]: [1, 0] })
      })
    )
  )

  it.effect("counts what is refused without a handler", () =>
    counted(
      Effect.gen(function* () {
        const { raw } = yield* station({ handlers: { reset: () => Effect.succeed({ status: "Accepted" }) } })
        yield* raw.send([2, "r1", "Reset", {}])
        yield* raw.send([2, "r2", "ClearCache", {}])
        assert.deepStrictEqual(yield* durations, {
          [refused]: [1, 0],
          [`action=ClearCache outcome=CallError ${stationSide}`]: [1, 0]
        })
      })
    )
  )
})

describe("ocpp_call_duration_seconds", () => {
  it.effect("counts a SEND with no time", () =>
    counted(
      Effect.gen(function* () {
        const csms = yield* V21.Csms
        yield* csms.notifyPeriodicEventStream({ id: 7, pending: 0, basetime: time, data: [{ t: 0, v: "1" }] })
        assert.deepStrictEqual(yield* seriesOf("ocpp_call_duration_seconds"), {
          "action=NotifyPeriodicEventStream outcome=Success side=station version=2.1": [1, 0]
        })
      }).pipe(Effect.provide(connected([])))
    )
  )
})
