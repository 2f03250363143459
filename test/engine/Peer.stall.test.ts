/**
 * Nothing stands still: whatever handlers do, and whatever a peer answers or does not, every call ends at its time and
 * the connection goes on. All of it in virtual time.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Action from "../../src/Action.ts"
import { Csms } from "../../src/csms/Csms.ts"
import type { CallError } from "../../src/OcppError.ts"
import type { UntypedHandler } from "../../src/Handlers.ts"
import type { Protocol } from "../../src/Protocol.ts"
import { Reply } from "../../src/Reply.ts"
import * as JsonCarrier from "../../src/json/JsonCarrier.ts"
import * as Peer from "../../src/engine/Peer.ts"
import * as Link from "../../src/simulation/Link.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import { Simulation } from "../../src/simulation/Simulation.ts"
import type { Transport } from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { csmsLayer } from "../support/csms.ts"
import { core, time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { standUp } from "../support/station.ts"
import { start } from "../support/time.ts"
import { versions } from "../support/versions.ts"
import { handlersOf } from "../support/engine.ts"

// ---------------------------------------------------------------------------------------------------------------------
// two engines, or one with a station made by hand
// ---------------------------------------------------------------------------------------------------------------------

type Frame = ReadonlyArray<unknown>

type Handlers = ReadonlyMap<string, UntypedHandler>

interface Settings {
  readonly protocol?: Protocol
  readonly calls?: Peer.CallSettings
  readonly requests?: Peer.RequestSettings
}

/** A frame, or none of what a network has made of it. */
const parse = (text: string): Frame =>
  Result.getOrElse(
    Result.try((): Frame => JSON.parse(text)),
    () => []
  )

/** One end of a connection, and what it tells. */
class End {
  readonly sent: Array<Frame> = []
  readonly received: Array<Frame> = []
  readonly deviations: Array<string> = []
  /** When each call was sent, in milliseconds, by its data. */
  readonly sentAt = new Map<string, number>()
  closedWith: number | undefined = undefined
  peer!: Peer.Peer
  /** The most requests at once that had come and were not answered. */
  mostOpen = 0
  /** The most calls at once that had gone out and were not answered. */
  mostCalls = 0
  private readonly open = new Set<unknown>()
  private readonly calls = new Set<unknown>()
  private readonly clock: Clock.Clock

  constructor(clock: Clock.Clock) {
    this.clock = clock
  }

  readonly record = (_: End, direction: "in" | "out", text: string): void => {
    const frame = parse(text)
    const [type, id] = frame
    const isOut = direction === "out"
    ;(isOut ? this.sent : this.received).push(frame)
    if (type === 2 && isOut) this.sentAt.set(Object(frame[3]).data, this.clock.currentTimeMillisUnsafe())
    if (type === 2) (isOut ? this.calls : this.open).add(id)
    else if (type === 3 || type === 4) (isOut ? this.open : this.calls).delete(id)
    this.mostOpen = Math.max(this.mostOpen, this.open.size)
    this.mostCalls = Math.max(this.mostCalls, this.calls.size)
  }

  call<A extends Action.Action>(action: A, request: Action.Request<A>, seconds = 30) {
    return this.peer.call(action, request, { timeout: "1 day", responseTimeout: `${seconds} seconds` })
  }
}

const open = Effect.fnUntraced(function* (
  side: Action.Side,
  transport: Transport,
  handlers: Handlers,
  { protocol = V16.protocol, ...settings }: Settings
) {
  const end = new End(yield* Clock.Clock)
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const scope = yield* Scope.fork(yield* Effect.scope)
  const engine = yield* Peer.make<End, never>({
    handlers: handlersOf(protocol, side, handlers),
    lifetime: scope,
    nextId: yield* Peer.makeIds,
    ...settings,
    observer: {
      identity: () => "CP001",
      deviation: (_, { kind }) => end.deviations.push(kind),
      closed: (_, code) => {
        end.closedWith = code
        run(Scope.close(scope, Exit.void))
      }
    }
  })
  const log = (_: string, direction: "in" | "out", frame: string): void => end.record(end, direction, frame)
  const carrier = JsonCarrier.make({ framing: protocol.json.framing, log }).carry(transport, "CP001")
  engine.open(carrier, scope, (peer) => Object.assign(end, { peer }))
  end.peer.listen()
  return end
})

const none: Handlers = new Map()

const connect = Effect.fnUntraced(function* (
  handlers: { readonly station?: Handlers; readonly csms?: Handlers },
  { link: options, ...settings }: Settings & { readonly link?: Link.LinkOptions } = {}
) {
  const link = yield* Link.make(options)
  const station = yield* open("station", link.station, handlers.station ?? none, settings)
  const csms = yield* open("csms", link.csms, handlers.csms ?? none, settings)
  return { csms, link, station }
})

/** A station by hand: what it does with a call is `answer`, by default nothing. */
class ByHand {
  readonly received: Array<Frame> = []
  end: number | undefined = undefined
  answer: (id: string, data: string) => void = () => undefined
  private readonly transport: Transport

  constructor(transport: Transport) {
    this.transport = transport
    transport.listen({
      frame: (text) => {
        const frame = JSON.parse(text)
        this.received.push(frame)
        if (frame[0] === 2) this.answer(frame[1], frame[3].data)
      },
      dropped: () => undefined,
      closed: (code) => {
        this.end = code
      }
    })
  }

  send(frame: Frame): void {
    this.transport.send(JSON.stringify(frame))
  }

  /** The data of the calls that came. */
  get called(): ReadonlyArray<unknown> {
    return this.received.flatMap(([type, , , payload]) => (type === 2 ? [Object(payload).data] : []))
  }

  /** The ids of the answers that came. */
  get answered(): ReadonlyArray<unknown> {
    return this.received.flatMap(([type, id]) => (type === 3 ? [id] : []))
  }
}

const connectByHand = Effect.fnUntraced(function* (
  handlers: Handlers = none,
  { link: options, ...settings }: Settings & { readonly link?: Link.LinkOptions } = {}
) {
  const link = yield* Link.make(options)
  const csms = yield* open("csms", link.csms, handlers, settings)
  return { csms, link, station: new ByHand(link.station) }
})

// ---------------------------------------------------------------------------------------------------------------------
// calls and requests, all of them data transfers, which both sides may start
// ---------------------------------------------------------------------------------------------------------------------

const accepted = { status: "Accepted" } as const

const answer = (data: string) => ({ ...accepted, data })

/** One whose handler takes its time and answers with its number. */
const request = (data: number | string, seconds = 0): V16.DataTransferRequest => ({
  vendorId: "x",
  messageId: String(seconds),
  data: String(data)
})

const ask = (data: number | string, seconds = 0): Frame => [2, String(data), "DataTransfer", request(data, seconds)]

const call = (end: End, data: number | string, seconds?: number) => end.call(V16.DataTransfer, request(data), seconds)

const handling = (
  handle: (request: V16.DataTransferRequest, end: End) => Effect.Effect<unknown, CallError>
): Handlers =>
  // The schema of the action has accepted the request, and what opened the connection made the end.
  new Map([["DataTransfer", handle as UntypedHandler]])

const work = ({ data, messageId }: V16.DataTransferRequest) =>
  Effect.as(Effect.sleep(`${Number(messageId)} seconds`), { ...accepted, data })

const working = handling(work)

/** How a call ends, and when in virtual seconds. */
const ending = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<string> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    yield* Fiber.await(fiber)
    return `${outcome(fiber)} at ${(yield* Clock.currentTimeMillis) / 1000}`
  })

const endings = (effects: ReadonlyArray<Effect.Effect<unknown, unknown>>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.forEach(effects, ending, { concurrency: "unbounded" })

/** The numbers from 1 on. */
const upTo = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, index) => index + 1)

// ---------------------------------------------------------------------------------------------------------------------

interface Sample {
  readonly action: Action.Action
  readonly request: unknown
  readonly response: unknown
}

const sampled = (protocol: Protocol): Effect.Effect<ReadonlyArray<Sample>, unknown> =>
  Effect.forEach(protocol.actions, (action) => {
    const one = (schema: Action.MessageSchema | undefined) =>
      schema === undefined
        ? Effect.undefined
        : Effect.map(
            Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 1, size: 3, seed: action.name }),
            ([value]) => value
          )
    return Effect.map(Effect.all([one(action.request), one(action.response)]), ([asked, response]) => ({
      action,
      request: asked,
      response
    }))
  })

/** What every handler calls the peer with, and every peer answers at once. */
const back = { vendorId: "back" }

const isBack = (payload: unknown): boolean => Object(payload).vendorId === back.vendorId

const callBack = (protocol: Protocol, end: End): Effect.Effect<unknown, never> =>
  Effect.orDie(
    end.call(
      protocol.actions.find(({ name }) => name === "DataTransfer")!,
      back
    )
  )

/** Handlers of a side for all that it may be asked, each of which calls back. */
const calling = (
  samples: ReadonlyArray<Sample>,
  side: Action.Side,
  how: (response: unknown, end: End) => Effect.Effect<unknown>
): Handlers =>
  new Map(
    samples.flatMap(({ action, response }) =>
      action.from === side
        ? []
        : [
            [
              action.name,
              // What opened the connection made the end.
              (payload, end) => (isBack(payload) ? Effect.succeed(response) : how(response, end as End))
            ]
          ]
    )
  )

/** Whether what follows an answer has followed it, in what a side has sent since. */
const isInOrder = (end: End, since: number): boolean => {
  const news = end.sent.slice(since)
  const answered = news.findIndex(([type]) => type === 3)
  return answered >= 0 && answered < news.findIndex(([type, , , payload]) => type === 2 && isBack(payload))
}

for (const { protocol } of versions) {
  describe(`A handler of ${protocol.version}, whichever it is,`, () => {
    it.effect("[RPC-04] may call the peer before it answers, on both sides", () =>
      Effect.gen(function* () {
        const samples = yield* sampled(protocol)
        let calls = 0
        const how = (response: unknown, end: End) => {
          calls++
          return Effect.as(callBack(protocol, end), response)
        }
        const ends = yield* connect(
          { station: calling(samples, "station", how), csms: calling(samples, "csms", how) },
          { protocol }
        )
        let made = 0
        for (const { action, request: payload } of samples) {
          for (const side of ["station", "csms"] as const) {
            if (!Action.isStartedBy(action, side)) continue
            made++
            assert.strictEqual(yield* ending(ends[side].call(action, payload)), "ok at 0", `${side} ${action.name}`)
          }
        }
        yield* TestClock.adjust(0)
        assert.strictEqual(calls, made)
        assert.deepStrictEqual([ends.station.mostCalls, ends.csms.mostCalls], [1, 1])
        assert.deepStrictEqual([...ends.station.deviations, ...ends.csms.deviations], [])
      }).pipe(Simulation.run)
    )

    it.effect("[RPC-16] may call the peer after it has answered, on one side and on both at the same time", () =>
      Effect.gen(function* () {
        const samples = yield* sampled(protocol)
        const how = (response: unknown, end: End) => Reply.then(response, callBack(protocol, end))
        const ends = yield* connect(
          { station: calling(samples, "station", how), csms: calling(samples, "csms", how) },
          { protocol }
        )
        for (const { name, pair } of pairs(samples)) {
          const [ofStation, ofCsms] = [
            ends.station.call(pair[0].action, pair[0].request),
            ends.csms.call(pair[1].action, pair[1].request)
          ]
          for (const [made, answering] of [
            [[ofStation], [ends.csms]],
            [[ofCsms], [ends.station]],
            [
              [ofStation, ofCsms],
              [ends.station, ends.csms]
            ]
          ] as const) {
            const since = answering.map(({ sent }) => sent.length)
            for (const result of yield* endings(made)) assert.strictEqual(result, "ok at 0", name)
            yield* TestClock.adjust(0)
            for (const [index, end] of answering.entries()) assert.isTrue(isInOrder(end, since[index]!), name)
          }
        }
        assert.deepStrictEqual([...ends.station.deviations, ...ends.csms.deviations], [])
      }).pipe(Simulation.run)
    )

    it.effect(
      "[RPC-04] [RPC-06] that calls the peer while the peer's does so too waits for the time-out, no longer",
      () =>
        Effect.gen(function* () {
          const samples = yield* sampled(protocol)
          const how = (response: unknown, end: End) => Effect.as(callBack(protocol, end), response)
          const ends = yield* connect(
            { station: calling(samples, "station", how), csms: calling(samples, "csms", how) },
            { protocol, link: { latency: "1 second" } }
          )
          const all = pairs(samples)
          for (const [index, { name, pair }] of all.entries()) {
            const at = index * 34
            const made = [
              ends.station.call(pair[0].action, pair[0].request),
              ends.csms.call(pair[1].action, pair[1].request)
            ]
            assert.deepStrictEqual(yield* endings(made), [`Timeout at ${at + 30}`, `Timeout at ${at + 30}`], name)
            // The handlers get their answers next and answer in vain; what is called after them is answered all the same.
            const free = yield* endings([callBack(protocol, ends.station), callBack(protocol, ends.csms)])
            assert.deepStrictEqual(free, [`ok at ${at + 34}`, `ok at ${at + 34}`], name)
          }
          const late = all.map(() => "UnexpectedAnswer")
          assert.deepStrictEqual([ends.station.deviations, ends.csms.deviations], [late, late])
        }).pipe(Simulation.run)
    )
  })
}

/** Each action of the station with one of the CSMS, so that all of both come up. */
const pairs = (samples: ReadonlyArray<Sample>) => {
  const by = (side: Action.Side) =>
    samples.filter(({ action }) => action.response !== undefined && Action.isStartedBy(action, side))
  const [ofStation, ofCsms] = [by("station"), by("csms")]
  return Array.from({ length: Math.max(ofStation.length, ofCsms.length) }, (_, index) => {
    const pair = [ofStation[index % ofStation.length]!, ofCsms[index % ofCsms.length]!] as const
    return { pair, name: pair.map(({ action }) => action.name).join(" and ") }
  })
}

describe("Calls that are not answered", () => {
  it.effect("[RPC-04] end one after the other, 200 of them, each at its time, and the next one is sent", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connectByHand(none, { calls: { queueLimit: 200 } })
      const results = yield* endings(upTo(200).map((number) => call(csms, number)))
      assert.deepStrictEqual(
        results,
        upTo(200).map((number) => `Timeout at ${number * 30}`)
      )
      assert.deepStrictEqual(station.called, upTo(200).map(String))
      station.answer = (id) => station.send([3, id, accepted])
      assert.strictEqual(yield* ending(call(csms, "next")), "ok at 6000")
    }).pipe(Simulation.run)
  )

  it.effect("[RPC-04] end at the same time on 200 connections, all of which go on", () =>
    Effect.gen(function* () {
      const lines = yield* Effect.forEach(upTo(200), () => connectByHand())
      const results = yield* endings(lines.map(({ csms }) => call(csms, "first")))
      assert.deepStrictEqual(
        results,
        lines.map(() => "Timeout at 30")
      )
      for (const { station } of lines) station.answer = (id) => station.send([3, id, accepted])
      assert.deepStrictEqual(
        yield* endings(lines.map(({ csms }) => call(csms, "second"))),
        lines.map(() => "ok at 30")
      )
    }).pipe(Simulation.run)
  )

  it.effect("[RPC-06] are not answered later either, nor is another one by their answers", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connectByHand()
      const ids: Array<string> = []
      station.answer = (id) => ids.push(id)
      yield* endings(upTo(4).map((number) => call(csms, number, 10)))
      assert.strictEqual(ids.length, 4)

      const fifth = yield* start(call(csms, 5, 10))
      yield* TestClock.adjust(0)
      const [own] = ids.slice(-1)
      const wrong = [
        ...ids.slice(0, 4).toReversed(),
        `${own} `,
        `${own}x`,
        String(own).toUpperCase().replace(/^/, "X"),
        ""
      ]
      for (const id of wrong) station.send([3, id, { ...accepted, data: "wrong" }])
      for (const id of ids.slice(0, 4)) station.send([4, id, "GenericError", "", {}])
      station.send([3, [own], accepted])
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(outcome(fifth), "open")
      station.send([3, own, { ...accepted, data: "right" }])
      station.send([3, own, { ...accepted, data: "twice" }])
      assert.deepStrictEqual(yield* Fiber.join(fifth), { ...accepted, data: "right" })

      station.answer = (id, data) => {
        for (const other of ids.toReversed()) station.send([3, other, { ...accepted, data: "wrong" }])
        for (const text of [data, "twice"]) station.send([3, id, { ...accepted, data: text }])
      }
      const calls = yield* Effect.forEach(upTo(5), (number) => start(call(csms, `again ${number}`)))
      assert.deepStrictEqual(
        yield* Effect.forEach(calls, Fiber.join),
        upTo(5).map((number) => answer(`again ${number}`))
      )
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(new Set(csms.deviations), new Set(["UnexpectedAnswer", "MalformedFrame"]))
    }).pipe(Simulation.run)
  )
})

describe("A slow handler", () => {
  it.effect("delays no other: answers overtake it, each at its time", () =>
    Effect.gen(function* () {
      const { station } = yield* connectByHand(working)
      for (const number of upTo(15)) station.send(ask(`slow ${number}`, 50 - number))
      for (const number of upTo(100)) station.send(ask(`quick ${number}`))
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(
        station.answered,
        upTo(100).map((number) => `quick ${number}`)
      )
      for (const number of upTo(15).toReversed()) {
        yield* TestClock.setTime((50 - number) * 1000)
        assert.strictEqual(station.answered.at(-1), `slow ${number}`)
        assert.strictEqual(station.answered.length, 100 + 16 - number)
      }
    }).pipe(Simulation.run)
  )

  it.effect("delays no call of this side", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connect({ station: working, csms: working }, { link: { latency: "1 second" } })
      const slow = yield* start(ending(csms.call(V16.DataTransfer, request("slow", 20))))
      const quick = yield* endings(upTo(3).map((number) => call(station, number)))
      assert.deepStrictEqual(quick, ["ok at 2", "ok at 4", "ok at 6"])
      assert.strictEqual(yield* Fiber.join(slow), "ok at 22")
    }).pipe(Simulation.run)
  )
})

describe("Queues that are full on both sides", () => {
  for (const [what, seconds, between] of [
    ["at once", 0, 2],
    ["slowly", 5, 7]
  ] as const) {
    it.effect(`[RPC-04] empty themselves in order, where handlers answer ${what}`, () =>
      Effect.gen(function* () {
        const ends = yield* connect({ station: working, csms: working }, { link: { latency: "1 second" } })
        const calls = (end: End) => upTo(101).map((number) => end.call(V16.DataTransfer, request(number, seconds)))
        const [ofStation, ofCsms, excess] = yield* Effect.all(
          [
            endings(calls(ends.station)),
            endings(calls(ends.csms)),
            endings([call(ends.station, "one"), call(ends.csms, "too many")])
          ],
          { concurrency: "unbounded" }
        )
        const expected = upTo(101).map((number) => `ok at ${number * between}`)
        assert.deepStrictEqual([ofStation, ofCsms], [expected, expected])
        assert.deepStrictEqual(excess, ["QueueFull at 0", "QueueFull at 0"])
        assert.deepStrictEqual([ends.station.mostCalls, ends.csms.mostCalls], [1, 1])
        assert.deepStrictEqual([...ends.station.deviations, ...ends.csms.deviations], [])
      }).pipe(Simulation.run)
    )
  }

  it.effect("[RPC-04] empty themselves also where the peer takes its time and each handler asks back", () =>
    Effect.gen(function* () {
      const asking = handling((asked, end) =>
        asked.data === "back" ? work(asked) : Effect.andThen(Effect.ignore(call(end, "back")), work(asked))
      )
      const ends = yield* connect(
        { station: asking, csms: asking },
        { link: { latency: "1 second" }, calls: { queueLimit: 10 }, requests: { concurrency: 2, queueLimit: 2 } }
      )
      const results = yield* endings(
        [ends.station, ends.csms].flatMap((end) => upTo(11).map((number) => call(end, number)))
      )
      const took = (yield* Clock.currentTimeMillis) / 1000
      // A call that times out leaves its handler behind at the peer, which then has too many.
      for (const result of results) assert.match(result, /^(?:ok|Timeout|GenericError) at \d+$/)
      assert.isAtMost(took, 11 * 30)
      yield* Effect.sleep("1 minute")
      const free = yield* endings([call(ends.station, "back"), call(ends.csms, "back")])
      for (const result of free) assert.match(result, /^ok/)
    }).pipe(Simulation.run)
  )

  it.effect("have room again as soon as one call is over", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connectByHand(none, { calls: { queueLimit: 2 } })
      const first = yield* Effect.forEach(upTo(5), (number) => start(ending(call(csms, number, 10 * number))))
      yield* TestClock.adjust("10 seconds")
      const late = yield* Effect.forEach([6, 7], (number) => start(ending(call(csms, number))))
      const results = yield* Effect.forEach([...first, ...late], Fiber.join)
      assert.deepStrictEqual(results, [
        "Timeout at 10",
        "Timeout at 30",
        "Timeout at 60",
        "QueueFull at 0",
        "QueueFull at 0",
        "Timeout at 90",
        "QueueFull at 10"
      ])
      assert.deepStrictEqual(station.called, ["1", "2", "3", "6"])
    }).pipe(Simulation.run)
  )
})

describe("Callers that go away", () => {
  for (const [what, answersAt, next] of [
    ["the answer comes", 12, "ok at 12"],
    ["the time-out passes", undefined, "ok at 30"]
  ] as const) {
    it.effect(`[RPC-04] go at once; what they called for keeps its turn until ${what}, what waits is never sent`, () =>
      Effect.gen(function* () {
        const { csms, station } = yield* connectByHand()
        let sent = ""
        station.answer = (id, data) => {
          if (data === "1") sent = id
          else station.send([3, id, accepted])
        }
        const calls = yield* Effect.forEach(upTo(20), (number) => start(ending(call(csms, number))))
        yield* TestClock.adjust("5 seconds")
        for (const fiber of calls.slice(0, 10)) yield* Fiber.interrupt(fiber)
        assert.strictEqual(yield* Clock.currentTimeMillis, 5000)
        if (answersAt !== undefined) {
          yield* TestClock.setTime(answersAt * 1000)
          station.send([3, sent, accepted])
        }
        assert.deepStrictEqual(
          yield* Effect.forEach(calls.slice(10), Fiber.join),
          upTo(10).map(() => next)
        )
        assert.deepStrictEqual(station.called, ["1", ...upTo(10).map((number) => String(number + 10))])
        assert.deepStrictEqual(csms.deviations, [])
      }).pipe(Simulation.run)
    )
  }
})

describe("Handlers that never end", () => {
  for (const [what, close] of [
    ["its station closes", ({ link }) => Effect.sync(() => link.station.close(3000, ""))],
    ["the CSMS closes it", ({ csms }) => Effect.sync(() => csms.peer.close(3000, ""))],
    ["it breaks", ({ link }) => link.cut()]
  ] satisfies ReadonlyArray<
    readonly [string, (line: { readonly link: Link.Link; readonly csms: End }) => Effect.Effect<void>]
  >) {
    it.effect(`end with the connection when ${what}, and what waits for them never begins`, () =>
      Effect.gen(function* () {
        const begun: Array<unknown> = []
        const ended: Array<string> = []
        const { csms, link, station } = yield* connectByHand(
          handling(({ data }, end) => {
            begun.push(data)
            const last = Effect.flatMap(ending(call(end, "farewell")), (result) =>
              Effect.sync(() => ended.push(result))
            )
            return Effect.onInterrupt(Effect.never, () => last)
          }),
          { requests: { timeout: "Infinity" } }
        )
        for (const number of upTo(50)) station.send(ask(number))
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual(begun, upTo(16).map(String))
        yield* close({ csms, link })
        yield* TestClock.adjust(0)
        assert.deepStrictEqual(
          ended,
          upTo(16).map(() => "NotConnected at 3600")
        )
        yield* TestClock.adjust("1 hour")
        assert.strictEqual(begun.length, 16)
        assert.deepStrictEqual(csms.sent, [])
      }).pipe(Simulation.run)
    )
  }

  it.effect("keep no call of this side from its answer", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connectByHand(
        handling(() => Effect.never),
        { requests: { concurrency: 4, queueLimit: 4, timeout: "Infinity" } }
      )
      for (const number of upTo(50)) station.send(ask(number))
      yield* TestClock.adjust("1 hour")
      station.answer = (id) => station.send([3, id, accepted])
      assert.strictEqual(yield* ending(call(csms, "call")), "ok at 3600")
      assert.strictEqual(yield* ending(call(csms, "call")), "ok at 3600")
    }).pipe(Simulation.run)
  )
})

describe("A handler", () => {
  it.effect("may call the peer in its finalizer, and is answered for after that", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connect({
        station: working,
        csms: handling((asked, end) => Effect.ensuring(work(asked), Effect.ignore(call(end, "last"))))
      })
      assert.strictEqual(yield* ending(call(station, "first")), "ok at 0")
      assert.deepStrictEqual(
        csms.sent.map(([type]) => type),
        [2, 3]
      )
    }).pipe(Simulation.run)
  )

  it.effect("may close its own connection: the others end with it, and so do all calls", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const { csms, station } = yield* connectByHand(
        handling(({ data }, end) =>
          data === "close"
            ? Effect.as(
                Effect.sync(() => end.peer.close(4000, "")),
                accepted
              )
            : Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended.push(String(data))))
        )
      )
      const calls = yield* Effect.forEach(upTo(2), (number) => start(ending(call(csms, number))))
      for (const data of ["1", "2", "close", "3"]) station.send(ask(data))
      assert.deepStrictEqual(yield* Effect.forEach(calls, Fiber.join), ["ConnectionLost at 0", "NotConnected at 0"])
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(ended, ["1", "2"])
      assert.strictEqual(station.end, 4000)
      assert.deepStrictEqual(station.answered, [])
    }).pipe(Simulation.run)
  )

  it.effect("may close its own connection later, and ends with it", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const { station } = yield* connectByHand(
        handling((_, end) =>
          Effect.sleep("1 second").pipe(
            Effect.andThen(Effect.sync(() => end.peer.close(4000, ""))),
            Effect.andThen(Effect.never),
            Effect.onInterrupt(() => Effect.sync(() => ended.push("interrupted")))
          )
        )
      )
      station.send(ask("close"))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(ended, ["interrupted"])
      assert.strictEqual(station.end, 4000)
    }).pipe(Simulation.run)
  )
})

describe("Who hears that a station has connected", () => {
  it.effect("may call it at once, while it calls in turn", () =>
    Effect.gen(function* () {
      const csmsContext = yield* Layer.build(csmsLayer({ handlers: [V16.csmsHandlers(core)] }))
      const csms = Context.get(csmsContext, Csms)
      const heard: Array<string> = []
      yield* start(
        Stream.runForEach(csms.sessions, ({ _tag, session }) =>
          _tag !== "Connected"
            ? Effect.void
            : Effect.gen(function* () {
                const results = yield* endings([
                  session.call(V16.GetConfiguration, {}),
                  csms.call(session.identity, V16.ClearCache, {}),
                  session.call(V16.DataTransfer, request("hello"))
                ])
                heard.push(`${session.identity}: ${results.join(", ")}`)
              })
        )
      )
      const network = MemoryNetwork.layerWith({ latency: "1 second" }).pipe(
        Layer.provide(Layer.succeedContext(csmsContext))
      )
      const results = yield* Effect.forEach(
        ["CP001", "CP002"],
        (identity) =>
          Effect.gen(function* () {
            const handlers = V16.stationHandlersPartial({
              getConfiguration: () => Effect.succeed({}),
              clearCache: () => Effect.succeed(accepted),
              dataTransfer: () => Effect.succeed(accepted)
            })
            const { csms: client } = yield* standUp(V16.protocol, { identity, handlers }, network)
            return yield* endings([client.heartbeat({}), client.heartbeat({})])
          }),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(results, [
        ["ok at 4", "ok at 6"],
        ["ok at 4", "ok at 6"]
      ])
      yield* Effect.sleep("1 minute")
      assert.deepStrictEqual(heard, ["CP001: ok at 3, ok at 5, ok at 7", "CP002: ok at 9, ok at 11, ok at 13"])
    }).pipe(Simulation.run)
  )
})

const stream = (pending: number) => ({ id: 1, pending, basetime: time, data: [{ t: 0, v: "1" }] })

describe("A SEND", () => {
  it.effect("[RPC-15] goes at once while a CALL is outstanding and others wait, and delays none of them", () =>
    Effect.gen(function* () {
      const streamed: Array<number> = []
      const { csms, station } = yield* connect(
        {
          csms: new Map<string, UntypedHandler>([
            ["DataTransfer", () => Effect.as(Effect.sleep("10 seconds"), accepted)],
            ["NotifyPeriodicEventStream", (payload) => Effect.sync(() => void streamed.push(Object(payload).pending))]
          ])
        },
        { protocol: V21.protocol, calls: { queueLimit: 1 } }
      )
      const calls = yield* Effect.forEach(upTo(3), () =>
        start(ending(station.call(V21.DataTransfer, { vendorId: "x" })))
      )
      const sends = yield* endings(upTo(5).map((number) => station.call(V21.NotifyPeriodicEventStream, stream(number))))
      assert.deepStrictEqual(
        sends,
        upTo(5).map(() => "ok at 0")
      )
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(streamed, upTo(5))
      assert.deepStrictEqual(
        station.sent.map(([type]) => type),
        [2, 6, 6, 6, 6, 6]
      )
      assert.deepStrictEqual(yield* Effect.forEach(calls, Fiber.join), ["ok at 10", "ok at 20", "QueueFull at 0"])
      assert.deepStrictEqual(csms.deviations, [])
    }).pipe(Simulation.run)
  )
})

describe("A flood", () => {
  const flood = 10_000

  const slowly = handling(({ data = "" }) => Effect.as(Effect.sleep("50 millis"), answer(data)))

  for (const [what, link, mostOpen] of [
    ["that comes as fast as it is read", { latency: "10 millis" }, 16 + 100],
    ["whose answers are read slowly", { latency: "10 millis", toStation: { rate: 200 } }, 16 + 100],
    ["that is read slowly", { latency: "10 millis", toCsms: { rate: 200 } }, 10]
  ] as const) {
    it.effect(`${what} is answered wholly, in order and in bounded memory, and other connections do not feel it`, () =>
      Effect.gen(function* () {
        const { csms, station } = yield* connectByHand(slowly, { link })
        const other = yield* connect({ station: working, csms: working }, { link: { latency: "10 millis" } })
        for (const number of upTo(flood)) station.send(ask(number))
        for (const number of upTo(100)) {
          assert.strictEqual(yield* ending(call(other.csms, number)), `ok at ${(number * 20) / 1000}`)
        }
        assert.isBelow(station.answered.length, flood / 2)
        yield* Effect.sleep("2 minutes")
        assert.deepStrictEqual(station.answered, upTo(flood).map(String))
        assert.strictEqual(csms.mostOpen, mostOpen)
        assert.deepStrictEqual(csms.deviations, [])
      }).pipe(Simulation.run)
    )
  }

  it.effect("is answered or refused wholly where this side calls in the middle of it, and its calls are answered", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* connectByHand(slowly, { link: { latency: "10 millis" } })
      station.answer = (id) => station.send([3, id, accepted])
      for (const number of upTo(flood)) station.send(ask(number))
      const results = yield* endings(upTo(100).map((number) => call(csms, number)))
      for (const result of results) assert.match(result, /^ok/)
      yield* Effect.sleep("2 minutes")
      const refused = station.received.filter(([type]) => type === 4).length
      assert.strictEqual(station.answered.length + refused, flood)
      assert.isAtMost(csms.mostOpen, 16 + 100 + 1)
      assert.deepStrictEqual(
        csms.deviations,
        upTo(refused).map(() => "TooManyRequests")
      )
    }).pipe(Simulation.run)
  )
})

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Percent = Schema.Literals([0, 10, 40])

const Turn = Schema.Struct({
  side: Schema.Literals(["station", "csms"]),
  /** How long its handler takes, how long it waits for the answer, and how long until the next turn; in seconds. */
  takes: between(0, 40),
  timeout: between(1, 40),
  pause: between(0, 20)
})

const Network = Schema.Struct({
  seed: Schema.Int,
  isFair: Schema.Boolean,
  loss: Percent,
  corruption: Percent,
  latency: between(0, 10),
  jitter: between(0, 10),
  turns: Schema.Array(Turn).check(Schema.isMaxLength(30))
})

/** Calls over a bad network, and what must hold of them. */
const endure = Effect.fnUntraced(function* (network: typeof Network.Type) {
  const { corruption, isFair, jitter, latency, loss, turns } = network
  const clock = yield* Clock.Clock
  const faults = isFair ? undefined : { loss: loss / 100, corruption: corruption / 100 }
  const { csms, station } = yield* connect(
    { station: working, csms: working },
    { link: { ...faults, latency: `${latency} seconds`, jitter: `${jitter} seconds` }, calls: { queueLimit: 5 } }
  )
  const ends = { station, csms }
  const calls: Array<Fiber.Fiber<V16.DataTransferResponse, unknown>> = []
  const settledAt: Array<number> = []
  for (const [index, { pause, side, takes, timeout }] of turns.entries()) {
    const fiber = yield* start(ends[side].call(V16.DataTransfer, request(index, takes), timeout))
    calls.push(fiber)
    fiber.addObserver(() => {
      settledAt[index] = clock.currentTimeMillisUnsafe()
    })
    yield* Effect.sleep(`${pause} seconds`)
  }
  yield* Effect.sleep("1 hour")

  const before = new Map<string, number>()
  for (const [index, fiber] of calls.entries()) {
    const { side, timeout } = turns[index]!
    const result = outcome(fiber)
    assert.notStrictEqual(result, "open", `call ${index}`)
    if (isFair) assert.include(["ok", "Timeout", "QueueFull"], result)
    if (isFair && result === "ok") assert.strictEqual((yield* Fiber.join(fiber)).data, String(index))
    const sentAt = ends[side].sentAt.get(String(index))
    assert.strictEqual(sentAt === undefined, result === "QueueFull")
    if (sentAt === undefined) continue
    assert.isAtMost(settledAt[index]!, sentAt + timeout * 1000)
    if (result === "Timeout") assert.strictEqual(settledAt[index], sentAt + timeout * 1000)
    // The one that was made before it on this side was over.
    assert.isAtLeast(sentAt, before.get(side) ?? 0)
    before.set(side, settledAt[index]!)
  }
  if (!isFair) return
  for (const end of [station, csms]) assert.match(yield* ending(call(end, "last", 60)), /^ok/)
})

describe("A network that loses, changes and delays what it likes", () => {
  it.effect.prop(
    "[RPC-04] [RPC-06] leaves no call open, gives none the answer of another, and lets no two be under way at once",
    [Network],
    ([network]) => Simulation.run(endure(network), { seed: network.seed }),
    { arbitrary: { runs: 400, size: 60 } }
  )
})
