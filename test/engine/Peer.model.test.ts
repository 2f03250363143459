import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import type { Endpoint } from "../../src/csms/Endpoint.ts"
import { Csms } from "../../src/csms/Csms.ts"
import { WireLog } from "../../src/json/WireLog.ts"
import * as MemoryNetwork from "../../src/simulation/MemoryNetwork.ts"
import type { Connector } from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import * as V16 from "../../src/v16/index.ts"
import { csmsLayer } from "../support/csms.ts"
import { accepted } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

type Command =
  /** The station calls, with this time-out. */
  | { readonly _tag: "Call"; readonly timeout: number; readonly responseTimeout: number }
  /** The peer answers the call that is under way: well, with an error, with nonsense. */
  | { readonly _tag: "Answer"; readonly as: "ok" | "GenericError" | "InvalidResponse" }
  /** The peer answers a call that is over, or one that never was. */
  | { readonly _tag: "LateAnswer"; readonly to: number }
  /** The caller of a call that is not over goes away. */
  | { readonly _tag: "Interrupt"; readonly which: number }
  /** The peer makes a call of its own. */
  | { readonly _tag: "Request" }
  | { readonly _tag: "Wait"; readonly seconds: number }
  | { readonly _tag: "Close" }

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const commands: Arbitrary.Arbitrary<ReadonlyArray<Command>> = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(Schema.Struct({ kind: between(0, 39), seconds: between(1, 40), pick: between(0, 20) })),
    ({ kind, pick, seconds }): Command => {
      if (kind < 18) return { _tag: "Call", timeout: seconds, responseTimeout: pick < 10 ? seconds : 2 * pick }
      if (kind < 26)
        return { _tag: "Answer", as: (["ok", "ok", "GenericError", "InvalidResponse"] as const)[pick % 4]! }
      if (kind < 29) return { _tag: "LateAnswer", to: pick }
      if (kind < 33) return { _tag: "Interrupt", which: pick % 5 }
      if (kind < 34) return { _tag: "Request" }
      if (kind < 39) return { _tag: "Wait", seconds }
      return { _tag: "Close" }
    }
  ),
  { maxLength: 60 }
)

const queueLimit = 3
const reconnectAfter = 10

interface ModelCall {
  readonly index: number
  readonly deadline: number
  readonly responseTimeout: number
}

/** What the engine has to do, in the plainest words. */
class Model {
  readonly outcomes: Array<string> = []
  /** The calls that went out, in order. */
  readonly sent: Array<number> = []
  readonly deviations: Array<string> = []
  requests = 0
  answered = 0
  private now = 0
  private waiting: Array<ModelCall> = []
  private reconnectAt: number | undefined = undefined
  outstanding: (ModelCall & { readonly turnEnd: number }) | undefined = undefined

  call(timeout: number, responseTimeout: number): void {
    const call = { index: this.outcomes.length, deadline: this.now + timeout, responseTimeout }
    this.outcomes.push("open")
    if (this.reconnectAt !== undefined) this.end(call, "NotConnected")
    else if (this.outstanding === undefined) this.send(call)
    else if (this.waiting.length >= queueLimit) this.end(call, "QueueFull")
    else this.waiting.push(call)
  }

  answer(as: string): void {
    if (this.outstanding === undefined) return
    if (as === "InvalidResponse") this.deviations.push("InvalidResponse")
    this.settle(as)
  }

  lateAnswer(): void {
    if (this.reconnectAt === undefined) this.deviations.push("UnexpectedAnswer")
  }

  /** The calls whose callers still wait. */
  get open(): ReadonlyArray<number> {
    return this.outcomes.flatMap((result, index) => (result === "open" ? [index] : []))
  }

  interrupt(index: number): void {
    this.outcomes[index] = "interrupted"
    this.waiting = this.waiting.filter((call) => call.index !== index)
  }

  request(): void {
    if (this.reconnectAt === undefined) this.answered++
  }

  close(): void {
    if (this.reconnectAt !== undefined) return
    this.reconnectAt = this.now + reconnectAfter
    for (const call of this.waiting.splice(0)) this.end(call, "NotConnected")
    this.settle("ConnectionLost")
  }

  wait(seconds: number): void {
    const until = this.now + seconds
    for (; this.now < until; this.now++) this.pass()
    this.pass()
    if (this.reconnectAt !== undefined && this.reconnectAt <= until) this.reconnectAt = undefined
  }

  /** What ends at this second. */
  private pass(): void {
    const { now, outstanding } = this
    for (const call of this.waiting) if (call.deadline <= now) this.end(call, "Timeout")
    this.waiting = this.waiting.filter(({ deadline }) => deadline > now)
    if (outstanding === undefined) return
    if (outstanding.deadline <= now) this.end(outstanding, "Timeout")
    if (outstanding.turnEnd <= now) this.settle("Timeout")
  }

  private send(call: ModelCall): void {
    this.sent.push(call.index)
    this.outstanding = { ...call, turnEnd: this.now + call.responseTimeout }
  }

  private settle(result: string): void {
    if (this.outstanding !== undefined) this.end(this.outstanding, result)
    this.outstanding = undefined
    const next = this.waiting.shift()
    if (next !== undefined) this.send(next)
  }

  private end(call: ModelCall, result: string): void {
    if (this.outcomes[call.index] === "open") this.outcomes[call.index] = result
  }
}

const world = Effect.fnUntraced(function* (list: ReadonlyArray<Command>) {
  const model = new Model()
  const { csms, deviations, network } = yield* station({
    reconnect: Schedule.spaced(`${reconnectAfter} seconds`),
    calls: { queueLimit },
    handlers: { clearCache: () => Effect.succeed({ status: "Accepted" }) }
  })
  const calls: Array<Fiber.Fiber<unknown, unknown>> = []
  const ends: Array<number> = []
  let requests = 0

  const framesOfType = (type: number) =>
    network.links
      .flatMap(({ received }) => received)
      .map((text): ReadonlyArray<unknown> => JSON.parse(text))
      .filter((frame) => frame[0] === type)
  const idOf = (index: number): unknown => framesOfType(2).find(([, , , payload]) => isCall(payload, index))?.[1]

  const perform = (command: Command): Effect.Effect<unknown, never, never> => {
    switch (command._tag) {
      case "Call":
        model.call(command.timeout, command.responseTimeout)
        return Effect.void
      case "Answer": {
        const id = model.outstanding === undefined ? undefined : idOf(model.outstanding.index)
        model.answer(command.as)
        if (id === undefined) return Effect.void
        return network.raw.send(
          command.as === "ok"
            ? [3, id, accepted]
            : command.as === "GenericError"
              ? [4, id, "GenericError", "", {}]
              : [3, id, { idTagInfo: {} }]
        )
      }
      case "LateAnswer": {
        const index = model.sent[command.to]
        const isOver = index !== undefined && index !== model.outstanding?.index
        model.lateAnswer()
        return network.raw.send([3, isOver ? idOf(index) : "never", accepted])
      }
      case "Interrupt": {
        const index = model.open[command.which]
        if (index === undefined) return Effect.void
        model.interrupt(index)
        return Effect.ignore(Effect.andThen(Fiber.interrupt(calls[index]!), settled))
      }
      case "Request":
        model.request()
        return network.raw.send([2, `r${++requests}`, "ClearCache", {}])
      case "Wait":
        model.wait(command.seconds)
        return Effect.andThen(TestClock.adjust(`${command.seconds} seconds`), settled)
      case "Close":
        model.close()
        return network.raw.close()
    }
  }

  for (const command of list) {
    yield* perform(command)
    if (command._tag === "Call") {
      const index = calls.length
      const { responseTimeout, timeout } = command
      const call = csms.authorize(
        { idTag: String(index) },
        {
          timeout: `${timeout} seconds`,
          ...(responseTimeout === timeout ? {} : { responseTimeout: `${responseTimeout} seconds` })
        }
      )
      calls.push(yield* start(Effect.onExit(call, () => Effect.sync(() => ends.push(index)))))
      yield* settled
    }
    assert.deepStrictEqual(
      framesOfType(2).map(([, , , payload]) => payload),
      model.sent.map((index) => ({ idTag: String(index) })),
      "the calls that went out"
    )
    assert.deepStrictEqual(calls.map(outcome), model.outcomes, "the outcomes")
    assert.deepStrictEqual(
      deviations.map(({ kind }) => kind),
      model.deviations,
      "the deviations"
    )
    assert.strictEqual(framesOfType(3).length, model.answered, "the answers to the peer's calls")
  }

  yield* TestClock.adjust("10 minutes")
  assert.notInclude(calls.map(outcome), "open")
  assert.deepStrictEqual(
    ends.toSorted((a, b) => a - b),
    Array.from(calls.keys()),
    "every call ended once"
  )
}, Effect.scoped)

const isCall = (payload: unknown, index: number): boolean =>
  typeof payload === "object" && payload !== null && "idTag" in payload && payload.idTag === String(index)

describe("The engine", () => {
  it.effect.prop(
    "[RPC-04] [RPC-06] does what the model does, whatever the order of calls, answers, time-outs, interruptions and losses",
    [commands],
    ([list]) => world(list),
    { arbitrary: { runs: 150, size: 60 } }
  )
})

const Turn = Schema.Struct({
  side: Schema.Literals(["station", "csms"]),
  /** How long the other side takes to answer. */
  delay: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 25 })),
  /** How long until the next turn. */
  pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))
})

const Delayed = ({ data }: V16.DataTransferRequest) =>
  Effect.as(Effect.sleep(`${Number(data)} seconds`), { status: "Accepted" } as const)

const networks = { "messages as values": MemoryNetwork.layer, "frames of text": MemoryNetwork.layerWith() }

for (const [carried, network] of Object.entries<Layer.Layer<Connector, never, Endpoint>>(networks))
  describe(`Two engines that exchange ${carried}`, () => {
    it.effect.prop(
      "[RPC-04] never have more than one call under way in each direction, and answer them all in order",
      [Schema.Array(Turn).check(Schema.isMaxLength(20))],
      Effect.fnUntraced(function* ([turns]) {
        const under = { out: new Set<unknown>(), in: new Set<unknown>() }
        const sent: { readonly out: Array<unknown>; readonly in: Array<unknown> } = { out: [], in: [] }
        let most = 0
        const watch = ({ direction, frame }: { readonly direction: "in" | "out"; readonly frame: string }): void => {
          const [type, id, , payload]: ReadonlyArray<unknown> = JSON.parse(frame)
          if (type === 2) {
            under[direction].add(id)
            sent[direction].push(Object(payload).messageId)
          } else {
            under[direction === "in" ? "out" : "in"].delete(id)
          }
          most = Math.max(most, under.in.size, under.out.size)
        }
        const context = yield* Layer.build(
          Station.layer(V16.protocol, {
            url: "ws://csms",
            identity: "CP001",
            handlers: V16.stationHandlersPartial({ dataTransfer: Delayed })
          }).pipe(
            Layer.provide(Layer.succeed(WireLog, watch)),
            Layer.provide(network),
            Layer.provideMerge(csmsLayer({ handlers: [V16.csmsHandlersPartial({ dataTransfer: Delayed })] }))
          )
        )
        const csms = Context.get(context, Csms)
        const client = Context.get(context, V16.Csms)
        const calls: Array<Fiber.Fiber<unknown, unknown>> = []
        for (const [index, { delay, pause, side }] of turns.entries()) {
          const request = { vendorId: "x", messageId: String(index), data: String(delay) }
          const options = { timeout: "1 hour" } as const
          calls.push(
            yield* start(
              side === "station"
                ? client.dataTransfer(request, options)
                : csms.call("CP001", V16.DataTransfer, request, options)
            )
          )
          yield* TestClock.adjust(`${pause} seconds`)
        }
        yield* TestClock.adjust("1 hour")
        assert.deepStrictEqual(
          calls.map(outcome),
          turns.map(() => "ok")
        )
        assert.isAtMost(most, 1)
        for (const [direction, side] of [
          ["out", "station"],
          ["in", "csms"]
        ] as const) {
          assert.deepStrictEqual(
            sent[direction],
            turns.flatMap((turn, index) => (turn.side === side ? [String(index)] : []))
          )
        }
      }, Effect.scoped),
      { arbitrary: { runs: 60, size: 20 } }
    )
  })
