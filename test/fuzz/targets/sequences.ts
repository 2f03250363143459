/**
 * A CSMS with a few connections, and a station, whose peers are written by hand: frames, calls, answers, closes and
 * pauses in any order, in virtual time. Every call ends once, every request is answered once, nobody else is disturbed,
 * and nothing is left in the end.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Action from "../../../src/Action.ts"
import { Csms, Endpoint } from "../../../src/csms/index.ts"
import { CallError } from "../../../src/OcppError.ts"
import type { CallOptions } from "../../../src/Client.ts"
import type { HandlerSet, UntypedHandler } from "../../../src/Handlers.ts"
import { Reply } from "../../../src/Reply.ts"
import * as WireLog from "../../../src/json/WireLog.ts"
import { Link, MemoryNetwork, Simulation } from "../../../src/simulation/index.ts"
import { Connector, Station } from "../../../src/station/index.ts"
import { ToleratedFrameKind } from "../../../src/Deviation.ts"
import * as Tolerance from "../../../src/Tolerance.ts"
import * as V16 from "../../../src/v16/index.ts"
import { csmsLayer, handshake } from "../../support/csms.ts"
import type { Seeded } from "../../support/seeded.ts"
import { callsOf, frame, otherSide, type Version } from "../frames.ts"
import { must, simplerList, simplerText, type Target, within } from "../fuzz.ts"
import { isValid } from "../judge.ts"
import { Line } from "../line.ts"
import { mutate } from "../mutate.ts"
import type { AnySession } from "../../../src/csms/AnySession.ts"
import * as Handlers from "../../../src/Handlers.ts"
import { asOfCsms } from "../../support/engine.ts"

interface Case {
  /** The versions of the connections. The last is that of the station. */
  readonly versions: ReadonlyArray<number>
  readonly lenient: boolean
  /** How long a frame travels, in milliseconds. */
  readonly latency: number
  readonly commands: ReadonlyArray<Command>
}

/** `at` is the number of a connection. What a peer does, it does on the newest of its connections. */
type Command =
  /** The peer sends a text; `$0` in it is the id of the last call to the peer, `$1` of the last but one. */
  | { readonly do: "send"; readonly at: number; readonly text: string }
  /** The peer answers the last call, or the one so many before it. */
  | { readonly do: "answer"; readonly at: number; readonly back: number; readonly as: "ok" | "error" | "bad" }
  /** The peer is called. */
  | { readonly do: "call"; readonly at: number; readonly pick: number; readonly seconds: number }
  /** A caller goes away. */
  | { readonly do: "interrupt"; readonly pick: number }
  | { readonly do: "connect"; readonly at: number }
  /** The peer closes, this side does, the network breaks, or it swallows all from now on. */
  | { readonly do: "close"; readonly at: number; readonly how: "peer" | "own" | "cut" | "half" }
  /** The peer stops to read, or goes on. */
  | { readonly do: "pause" | "resume"; readonly at: number }
  /** Time passes; at the end of it everything is looked at. */
  | { readonly do: "wait"; readonly seconds: number }

/** So many of the connections are those of the CSMS. */
const stations = 3
const queueLimit = 3
const requests = { concurrency: 2, queueLimit: 4 }

export const target = (versions: ReadonlyArray<Version>): Target<Case> => ({
  name: "sequences",
  generate: (random) => {
    const chosen = Array.from({ length: stations + 1 }, () => random.integer(0, versions.length - 1))
    // Most happens on one of the connections.
    const most = random.integer(0, stations)
    const commands = Array.from({ length: random.integer(1, 40) }, () => {
      const at = random.next() < 0.6 ? most : random.integer(0, stations)
      return command(random, at, versions[chosen[at]!]!)
    })
    return {
      versions: chosen,
      lenient: random.next() < 0.3,
      latency: random.pick([0, 0, 0, 50, 4000]),
      commands: commands.flat()
    }
  },
  simpler: function* (failing) {
    yield* within(simplerList(failing.commands, simplerCommand), (commands) => ({ ...failing, commands }))
    if (failing.latency > 0) yield { ...failing, latency: 0 }
  },
  open: Effect.succeed((tried) => Effect.runPromise(check(versions, tried)))
})

const simplerCommand = function* (simple: Command) {
  if (simple.do === "send") yield* within(simplerText(simple.text), (text): Command => ({ ...simple, text }))
}

/** Which frames are let through is looked at in texts. */
const frameKinds: ReadonlySet<unknown> = new Set(ToleratedFrameKind.literals)
const ofPayloads = Tolerance.of([...Tolerance.lenient].filter((kind) => !frameKinds.has(kind)))

const command = (random: Seeded, at: number, version: Version): ReadonlyArray<Command> => {
  const kind = random.next()
  const side = at < stations ? "csms" : "station"
  if (kind < 0.25) {
    const ids = {
      call: random.pick(["a", "b", "$0", fresh(random)]),
      answer: random.pick(["$0", "$0", "$1", "none"]),
      asked: random.pick(callsOf(version, side))
    }
    const valid = frame(random, version, otherSide(side), ids)
    return [{ do: "send", at, text: random.next() < 0.5 ? valid : mutate(random, valid).slice(0, 20_000) }]
  }
  if (kind < 0.4) {
    // Handlers that take their time, with ids that come again, up to more than are handled.
    return Array.from({ length: random.pick([1, 1, 2, 12]) }, (): Command => {
      const id = random.pick(["a", "b", fresh(random), fresh(random)])
      const what = random.pick(["wait 0", "wait 2", "wait 30", "ask 5", "ask 20", "then 3", "fail", "die"])
      return { do: "send", at, text: `[2,"${id}","DataTransfer",{"vendorId":"${what}"}]` }
    })
  }
  if (kind < 0.55) {
    return [{ do: "answer", at, back: random.pick([0, 0, 0, 1, 2]), as: random.pick(["ok", "ok", "error", "bad"]) }]
  }
  if (kind < 0.7) {
    return Array.from({ length: random.pick([1, 1, 1, 6]) }, (): Command => {
      return { do: "call", at, pick: random.integer(0, 100), seconds: random.pick([1, 5, 30]) }
    })
  }
  if (kind < 0.74) return [{ do: "interrupt", pick: random.integer(0, 20) }]
  if (kind < 0.79) return [{ do: "connect", at }]
  if (kind < 0.83) return [{ do: "close", at, how: random.pick(["peer", "own", "cut", "half"]) }]
  if (kind < 0.88) return [{ do: random.pick(["pause", "resume"]), at }]
  return [{ do: "wait", seconds: random.pick([0, 0, 0, 1, 3, 10, 31]) }]
}

const fresh = (random: Seeded): string => `id${random.integer(0, 1e9)}`

// ---- the world

const check = (versions: ReadonlyArray<Version>, tried: Case) =>
  Effect.gen(function* () {
    const before = fibers.running
    yield* Effect.scoped(world(versions, tried))
    // The news of the last closes is still under way.
    yield* TestClock.adjust(tried.latency)
    const { events } = yield* Effect.flatMap(Simulation, ({ stats }) => stats)
    yield* TestClock.adjust("1 day")
    const after = yield* Effect.flatMap(Simulation, ({ stats }) => stats)
    must(after.events === events, "no timer is left", () => after.events - events)
    must(fibers.running === before, "no fiber is left", () => fibers.running - before)
  }).pipe(
    Random.withSeed("sequences"),
    Effect.provide(Simulation.layer()),
    Effect.provide(Logger.layer([])),
    Effect.provideService(WireLog.WireLog, ({ frame: text }) => void WireLog.redact(text)),
    Effect.provideService(Metric.FiberRuntimeMetrics, fibers)
  )

/** Counts the fibers that run. */
const fibers = {
  running: 0,
  recordFiberStart(): void {
    this.running++
  },
  recordFiberEnd(): void {
    this.running--
  }
}

/** A call of this side, which is to end once. */
interface Called {
  readonly at: number
  readonly action: Action.Action
  readonly messageId: string
  readonly fiber: Fiber.Fiber<unknown, unknown>
  ends: number
}

const world = Effect.fnUntraced(function* (versions: ReadonlyArray<Version>, tried: Case) {
  const clock = yield* Clock.Clock
  const now = (): number => clock.currentTimeMillisUnsafe()
  const versionAt = (at: number): Version => versions[tried.versions[at]!]!
  /** The connections of each peer, the newest last. */
  const lines: ReadonlyArray<Array<Line>> = tried.versions.map(() => [])
  const calls: Array<Called> = []
  /** How long each call waits, in milliseconds, by its id. */
  const timeouts = new Map<string, number>()
  let ids = 0
  const idFor = (seconds: number): string => {
    const messageId = `call${++ids}`
    timeouts.set(messageId, seconds * 1000)
    return messageId
  }
  const handlersFor = <const S extends Action.Side>(version: Version, side: S): HandlerSet<string, never, S> =>
    handlersOf(version, side, idFor)

  const context = yield* Layer.build(
    csmsLayer({
      accept: () => Effect.succeed({ tolerance: tried.lenient ? ofPayloads : Tolerance.strict }),
      handlers: versions.map((version) => handlersFor(version, "csms")),
      calls: { queueLimit },
      requests,
      // Nobody lets time pass while a connection is taken over.
      takeoverLimit: { swaps: 1000 }
    })
  )
  const csms = Context.get(context, Csms)
  const endpoint = Context.get(context, Endpoint)
  const open = Effect.fnUntraced(function* (at: number, side: Action.Side) {
    const link = yield* Link.make({ latency: tried.latency })
    const line = new Line({
      link,
      side,
      protocol: versionAt(at).protocol,
      isLenient: tried.lenient && side === "csms",
      timeoutOf: (messageId) => timeouts.get(messageId),
      hasEnded: (messageId) => calls.some((called) => called.messageId === messageId && called.ends > 0),
      now
    })
    lines[at]!.push(line)
    return line
  })

  const connect = Effect.fnUntraced(function* (at: number) {
    const { protocol } = versionAt(at)
    const { agreed } = yield* Effect.orDie(endpoint.accept(handshake(`S${at}`, undefined, protocol.json.subprotocol)))
    const line = yield* open(at, "csms")
    line.session = agreed?.connect(line)
  })

  // The station makes its connections itself.
  const stationVersion = versionAt(stations)
  const connector = Connector.of({
    connect: Effect.fnUntraced(function* () {
      const line = yield* open(stations, "station")
      yield* Effect.addFinalizer(() => Effect.sync(() => line.close(1000, "")))
      return { subprotocol: stationVersion.protocol.json.subprotocol, transport: line }
    })
  })
  const stationScope = yield* Scope.fork(yield* Effect.scope)
  const station = yield* Station.negotiate(
    [{ protocol: stationVersion.protocol, handlers: handlersFor(stationVersion, "station") }],
    {
      url: "ws://csms",
      identity: `S${stations}`,
      firstConnection: "retry",
      reconnect: Schedule.spaced("7 seconds"),
      calls: { queueLimit },
      requests
    }
  ).pipe(Effect.provideService(Connector, connector), Scope.provide(stationScope))
  // The clients have a method for each action.
  const { csms: client } = (yield* station.agreed) as { readonly csms: Client }

  const canaryScope = yield* Scope.fork(yield* Effect.scope)
  const canary = Context.get(
    yield* Layer.buildWithScope(
      Station.layer(V16.protocol, { url: "ws://csms", identity: "CANARY" }).pipe(
        Layer.provide(MemoryNetwork.layer),
        Layer.provide(Layer.succeedContext(context))
      ),
      canaryScope
    ),
    V16.Csms
  )
  for (let at = 0; at < stations; at++) yield* connect(at)

  const perform = Effect.fnUntraced(function* (done: Command) {
    if (done.do === "wait") {
      yield* TestClock.adjust(`${done.seconds} seconds`)
      return yield* look
    }
    if (done.do === "interrupt") {
      const fiber = calls[done.pick]?.fiber
      return fiber === undefined ? undefined : fiber.interruptUnsafe()
    }
    const { at } = done
    const version = versionAt(at)
    const line = lines[at]!.at(-1)
    switch (done.do) {
      case "send": {
        const text = done.text.replaceAll(
          /\$(\d)/g,
          (_, back) => line?.called.at(-1 - Number(back))?.messageId ?? "none"
        )
        line?.peer.send(text)
        return
      }
      case "answer": {
        const called = line?.called.at(-1 - done.back)
        if (called === undefined) return
        const sampled = version.actions.find(({ action }) => action === called.action)
        const payload = done.as === "bad" ? `{"none":1}` : sampled?.responses[0]
        const { messageId } = called
        return line?.peer.send(
          done.as === "error" ? `[4,"${messageId}","GenericError","",{}]` : `[3,"${messageId}",${payload}]`
        )
      }
      case "call": {
        const side = at < stations ? "csms" : "station"
        const available = side === "csms" ? callsOf(version, side) : callsOf(version, side).filter(isNotStored(version))
        const { action, requests: samples } = available[done.pick % available.length]!
        const request: unknown = JSON.parse(samples[done.pick % samples.length]!)
        const options = { messageId: idFor(done.seconds), timeout: `${done.seconds} seconds` } as const
        const call =
          at < stations
            ? csms.call(`S${at}`, asOfCsms(action), request, options)
            : method(client, action)(request, options)
        const called: Omit<Called, "fiber"> = { at, action, messageId: options.messageId, ends: 0 }
        const ended = Effect.onExit(call, () => Effect.sync(() => called.ends++))
        const fiber = yield* Effect.forkScoped(ended, { startImmediately: true })
        calls.push(Object.assign(called, { fiber }))
        return
      }
      case "connect":
        return at < stations ? yield* connect(at) : undefined
      case "close":
        if (done.how === "peer") return line?.peer.close(1000, "")
        if (done.how === "cut") return yield* line?.link.cut() ?? Effect.void
        if (done.how === "half") return yield* line?.breakHalf() ?? Effect.void
        return yield* line?.session?.close() ?? Effect.void
      case "pause":
        return line?.peer.pause()
      case "resume":
        return line?.peer.resume()
    }
  })

  const judged = new Set<Called>()

  /** Everything is as it must be, at this very moment. */
  const look = Effect.gen(function* () {
    const beat = yield* Effect.forkScoped(canary.heartbeat({}), { startImmediately: true })
    yield* TestClock.adjust(0)
    const answered = beat.pollUnsafe()
    must(answered !== undefined && Exit.isSuccess(answered), "the canary is answered at once", () => answered)
    const sessions = new Set(yield* csms.connected)
    for (const [at, own] of lines.entries()) {
      for (const line of own) {
        const isListed = line.session !== undefined && sessions.has(line.session)
        must(isListed !== line.isOver || at === stations, "the CSMS has a session of each connection", () => at)
        if (line.flaw !== undefined) throw line.flaw
        const isClosed = line.session?.scope.state._tag === "Closed"
        must(!line.isOver || line.session === undefined || isClosed, "a scope ends with its connection")
        const taken = line.isOver ? 0 : line.unanswered
        must(taken <= requests.concurrency + requests.queueLimit, "only so many requests are taken", () => taken)
      }
      const waiting = calls.filter((called) => called.at === at && called.ends === 0).length
      must(waiting <= queueLimit + 1, "only so many calls wait", () => waiting)
    }
    for (const called of calls) {
      must(called.ends <= 1, "a call ends once", () => called.messageId)
      const exit = called.fiber.pollUnsafe()
      if (exit === undefined || judged.has(called)) continue
      judged.add(called)
      if (Exit.isSuccess(exit)) {
        const isAnswered = lines[called.at]!.some((line) => line.answered.has(called.messageId))
        must(isAnswered, "who is told an answer got one", () => called.messageId)
        const isLenient = tried.lenient && called.at < stations
        must(isLenient || isValid(called.action.response!, exit.value), "an answer is valid", () => exit.value)
      } else {
        must(!Cause.hasDies(exit.cause), "a call fails in a typed way", () => Cause.pretty(exit.cause))
      }
    }
  })

  for (const done of tried.commands) yield* perform(done)
  yield* look

  for (const line of lines.flat()) line.peer.resume()
  yield* TestClock.adjust("1 hour")
  yield* look
  must(
    calls.every(({ ends }) => ends === 1),
    "every call ends",
    () => calls.filter(({ ends }) => ends !== 1).map(({ messageId }) => messageId)
  )
  for (const line of lines.flat().filter(({ isOver }) => !isOver)) {
    must(line.missing.length === 0, "every request is answered", () => line.missing)
  }

  // Calls and requests that are under way when everything is closed.
  for (const at of lines.keys()) {
    yield* perform({ do: "call", at, pick: 0, seconds: 60 })
    yield* perform({ do: "send", at, text: `[2,"last","DataTransfer",{"vendorId":"wait 60"}]` })
  }
  yield* TestClock.adjust(tried.latency)
  for (const line of lines.flat()) {
    line.peer.close(1000, "")
    yield* line.session?.close() ?? Effect.void
  }
  yield* Scope.close(stationScope, Exit.void)
  yield* TestClock.adjust(tried.latency)
  yield* look
  must(
    calls.every(({ ends }) => ends === 1),
    "a call ends with its connection"
  )
  for (const line of lines.flat()) {
    must(line.isHalf || !(yield* line.link.isOpen), "both sides of a connection are told of its end")
  }
  const connected = yield* csms.connected
  must(connected.length === 1, "only the canary is connected", () => connected.map(({ identity }) => identity))
  yield* Scope.close(canaryScope, Exit.void)
})

/** What a station stores first is delivered in its own time, and does not wait in the queue of calls. */
const isNotStored =
  ({ protocol: { transactions } }: Version) =>
  ({ action: { name } }: Version["actions"][number]): boolean =>
    !transactions.events.has(name) && !Object.values(transactions.phases).some((stored) => stored.name === name)

type Method = (request: unknown, options: CallOptions) => Effect.Effect<unknown, unknown>
type Client = Readonly<Record<string, Method>>

const method = (client: Client, action: Action.Action): Method => {
  // The methods need their client.
  return (request, options) => client[Action.method(action)]!(request, options)
}

/** Handlers of all that the other side may ask. That of DataTransfer does what its vendorId says. */
const handlersOf = <const S extends Action.Side>(
  version: Version,
  side: S,
  idFor: (seconds: number) => string
): HandlerSet<string, never, S> => {
  const [back] = callsOf(version, side)
  const { action, requests: samples } = back!
  const dataTransfer: UntypedHandler = (request, peer) => {
    const [what, number] = String(Object(request).vendorId).split(" ")
    const seconds = Number(number)
    const accepted = { status: "Accepted" }
    switch (what) {
      case "wait":
        return Effect.as(Effect.sleep(`${seconds} seconds`), accepted)
      case "ask": {
        const options = { messageId: idFor(seconds), timeout: `${seconds} seconds` } as const
        const sample: unknown = JSON.parse(samples[0]!)
        // The CSMS gives its handlers a session, a station the client.
        const call =
          side === "csms"
            ? (peer as AnySession).call(asOfCsms(action), sample, options)
            : method(peer as Client, action)(sample, options)
        return Effect.as(Effect.exit(call), accepted)
      }
      case "then":
        return Reply.then(accepted, Effect.sleep(`${seconds} seconds`))
      case "fail":
        return Effect.fail(new CallError({ code: "SecurityError", description: "x".repeat(300) }))
      case "die":
        return Effect.die("the handler died")
      default:
        return Effect.succeed(accepted)
    }
  }
  const handlers = new Map<string, UntypedHandler>()
  for (const { action: asked, responses } of version.actions) {
    if (!Action.isStartedBy(asked, otherSide(side))) continue
    handlers.set(asked.name, () => {
      const [response] = responses
      return response === undefined ? Effect.sleep("3 seconds") : Effect.sync(() => JSON.parse(response))
    })
  }
  handlers.set("DataTransfer", dataTransfer)
  return Handlers.make(version.protocol, side, ({ name }) => handlers.get(name))
}
