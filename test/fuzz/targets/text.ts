/**
 * Texts of all kinds, read by an engine of either side and any version: exactly what the rules say comes of each, and
 * the connection goes on as if nothing had happened.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import type * as Action from "../../../src/Action.ts"
import type { Deviation } from "../../../src/Deviation.ts"
import { CallError } from "../../../src/OcppError.ts"
import type { UntypedHandler } from "../../../src/Handlers.ts"
import type { Protocol } from "../../../src/Protocol.ts"
import * as Frame from "../../../src/json/Frame.ts"
import * as Peer from "../../../src/engine/Peer.ts"
import * as WireLog from "../../../src/json/WireLog.ts"
import * as Tolerance from "../../../src/Tolerance.ts"
import type { Listener, Transport } from "../../../src/Transport.ts"
import { callsOf, frame, otherSide, type Sampled, type Version } from "../frames.ts"
import { must, simplerText, type Target, within } from "../fuzz.ts"
import { flawOf, isValid, judge, type Verdict } from "../judge.ts"
import { mutate, noise } from "../mutate.ts"
import { handlersOf, overJson } from "../../support/engine.ts"

interface Case {
  readonly version: number
  readonly side: Action.Side
  readonly lenient: boolean
  /** The action of the call that this side waits for. */
  readonly asked: string
  readonly text: string
}

export const target = (versions: ReadonlyArray<Version>): Target<Case> => ({
  name: "text",
  generate: (random) => {
    const version = random.integer(0, versions.length - 1)
    const side = random.pick(["station", "csms"] as const)
    const asked = random.pick(callsOf(versions[version]!, side))
    const ids = {
      call: random.pick(["1", "1", "id", "-1", "asked"]),
      answer: random.pick(["asked", "asked", "x"]),
      asked
    }
    const valid = frame(random, versions[version]!, otherSide(side), ids)
    const kind = random.next()
    return {
      version,
      side,
      lenient: random.next() < 0.4,
      asked: asked.action.name,
      text: kind < 0.1 ? valid : kind < 0.12 ? noise(random) : mutate(random, valid)
    }
  },
  simpler: (failing) => within(simplerText(failing.text), (text) => ({ ...failing, text })),
  open: Effect.gen(function* () {
    const subjects = new Map<string, Subject>()
    for (const [index, version] of versions.entries()) {
      for (const side of ["station", "csms"] as const)
        subjects.set(`${index} ${side}`, yield* makeSubject(version, side))
    }
    return (tried) => check(subjects.get(`${tried.version} ${tried.side}`)!, tried)
  })
})

/** An engine that is to be fuzzed, and what its connection at hand has done. */
interface Subject {
  readonly protocol: Protocol
  readonly side: Action.Side
  /** The calls that this side makes, and those of the other side. */
  readonly calls: ReadonlyArray<Sampled>
  readonly requests: ReadonlyArray<Sampled>
  readonly engine: Peer.Engine<Peer.Peer>
  readonly timers: Timers
  readonly seen: Seen
}

/** What is handled, reported and closed, until it is taken. */
interface Seen {
  handled: Array<{ readonly action: Action.Action; readonly payload: unknown }>
  deviations: Array<Deviation>
  isClosed: boolean
}

const makeSubject = Effect.fnUntraced(function* (version: Version, side: Action.Side) {
  const seen: Seen = { handled: [], deviations: [], isClosed: false }
  const timers = new Timers()
  const requests = callsOf(version, otherSide(side))
  const handlers = new Map(
    requests.flatMap((sampled, index): ReadonlyArray<[string, UntypedHandler]> => {
      const { action } = sampled
      const handled = (payload: unknown): Effect.Effect<unknown, CallError> =>
        Effect.suspend(() => {
          seen.handled.push({ action, payload })
          return answerOf(sampled, index)
        })
      return hasHandler(index) ? [[action.name, handled]] : []
    })
  )
  for (const { action } of version.actions) {
    if (action.response !== undefined) continue
    handlers.set(action.name, (payload) => Effect.sync(() => seen.handled.push({ action, payload })))
  }
  const engine = yield* Peer.make<Peer.Peer, never>({
    handlers: handlersOf(version.protocol, side, handlers),
    lifetime: yield* Effect.scope,
    nextId: () => "made",
    observer: {
      identity: () => "CP001",
      deviation: (_, deviation) => seen.deviations.push(deviation),
      closed: () => {
        seen.isClosed = true
      }
    }
  }).pipe(Effect.provideService(Clock.Clock, timers), Effect.provide(Logger.layer([])))
  const made: Subject = {
    protocol: version.protocol,
    side,
    calls: callsOf(version, side),
    requests,
    engine,
    timers,
    seen
  }
  return made
})

// Most actions are answered well; some have no handler, one that fails, or one that dies.

const hasHandler = (index: number): boolean => index % 8 !== 5

const answerOf = ({ responses }: Sampled, index: number): Effect.Effect<unknown, CallError> => {
  if (index % 8 < 6) return Effect.succeed(JSON.parse(responses[0] ?? ""))
  if (index % 8 === 7) return Effect.die("the handler died")
  const details = index % 16 === 6 ? { huge: 1n } : { detail: 1 }
  return Effect.fail(new CallError({ code: "SecurityError", description: "\ud800".repeat(300), details }))
}

const check = (subject: Subject, { asked, lenient, text }: Case): void => {
  const { calls, engine, protocol, requests, seen, side, timers } = subject
  const tolerance = lenient ? Tolerance.lenient : Tolerance.strict
  Object.assign(seen, { handled: [], deviations: [], isClosed: false } satisfies Seen)
  Frame.parse(text, { messageTypes: protocol.json.framing.messageTypes, maxDepth: text.length % 70 })
  WireLog.redact(text)

  const scope = Scope.makeUnsafe()
  const line = new Line()
  const peer = engine.open(overJson(line, protocol, tolerance), scope, (self) => self, { tolerance })
  peer.listen()
  const called = calls.find(({ action }) => action.name === asked)!
  const first = call(peer, called, "asked")
  line.take()

  const verdict = judge(text, { protocol, side, asked: { messageId: "asked", action: called.action } })
  line.listener?.frame(text)
  const sent = line.take()
  for (const out of sent) must(flawOf(out, protocol, lenient) === undefined, "what is sent is a frame", () => out)
  const outcome = first.pollUnsafe()
  const reaction = { sent, handled: seen.handled.length, outcome, kinds: seen.deviations.map(({ kind }) => kind) }
  must(isAllowed(verdict, reaction, lenient), "what comes of a text is what the rules say", () => ({
    verdict,
    reaction
  }))
  must(
    sent.length + seen.handled.length + seen.deviations.length > 0 || outcome !== undefined,
    "nothing is dropped without a word",
    () => reaction
  )
  for (const { action, payload } of seen.handled) {
    must(lenient || isValid(action.request, payload), "a handler gets what its schema allows", () => payload)
  }

  // The connection goes on.
  if (outcome === undefined) line.listener?.frame(`[3,"asked",${called.responses[0]}]`)
  const answered = first.pollUnsafe()
  must(answered !== undefined, "a call is over once it is answered")
  must(outcome !== undefined || Exit.isSuccess(answered), "a call that was not answered can still be", () => answered)
  const second = call(peer, called, "second")
  must(line.take().length === 1, "the next call goes out")
  line.listener?.frame(`[3,"second",${called.responses[0]}]`)
  const next = second.pollUnsafe()
  must(next !== undefined && Exit.isSuccess(next), "the next call is answered", () => next)
  // The first action is answered well.
  const canary = requests[0]!
  line.listener?.frame(`[2,"canary","${canary.action.name}",${canary.requests[0]}]`)
  const expected = JSON.stringify([3, "canary", JSON.parse(canary.responses[0]!)])
  const [answer] = line.take()
  must(answer === expected, "the next request is answered", () => answer)
  must(!line.isPaused && !line.isClosed && !seen.isClosed, "a text neither stops nor closes a connection")

  const last = call(peer, called, "last")
  peer.close(1000, "")
  must(last.pollUnsafe() !== undefined, "a call is over when the connection is")
  must(timers.open === 0, "no timer outlives its connection", () => timers.open)
  must(scope.state._tag === "Empty", "no handler outlives its connection")
  must(Reflect.ownKeys(Object.prototype).length === ownKeys, "no prototype is changed")
}

const ownKeys = Reflect.ownKeys(Object.prototype).length

const call = (peer: Peer.Peer, { action, requests }: Sampled, messageId: string): Fiber.Fiber<unknown, unknown> =>
  Effect.runFork(Effect.exit(peer.call(action, JSON.parse(requests[0]!), { messageId })).pipe(Effect.flatten))

interface Reaction {
  readonly sent: ReadonlyArray<string>
  readonly handled: number
  readonly outcome: Exit.Exit<unknown, unknown> | undefined
}

const isAllowed = (verdict: Verdict, { handled, outcome, sent }: Reaction, lenient: boolean): boolean => {
  const { answer, request, settles } = verdict
  const [text] = sent
  // What is put right is not judged here: it passes, or is refused like anything else.
  if (lenient && request?.isValid !== true && settles !== "well") return sent.length <= 1 && handled <= 1
  if (sent.length !== (isAnswered(verdict, outcome) ? 1 : 0)) return false
  const [type, messageId, third]: ReadonlyArray<unknown> = text === undefined ? [] : JSON.parse(text)
  if (text !== undefined && answer !== undefined) {
    if (messageId !== answer.messageId || !answer.types.includes(Number(type))) return false
    if (answer.codes !== undefined && !answer.codes.includes(String(third))) return false
  }
  const isHandled = handled === (request?.isValid === true ? 1 : 0)
  if (!isHandled && !(request?.isValid === true && third === "NotSupported")) return false
  const settled = outcome === undefined ? undefined : Exit.isSuccess(outcome) ? "well" : "badly"
  return settled === settles
}

// A bad answer that is let through is not refused.
const isAnswered = ({ answer }: Verdict, outcome: Reaction["outcome"]): boolean =>
  answer !== undefined && !(answer.types.includes(5) && outcome !== undefined && Exit.isSuccess(outcome))

/** A connection in the hands of the fuzzer. */
class Line implements Transport {
  listener: Listener | undefined = undefined
  isPaused = false
  isClosed = false
  private sent: Array<string> = []

  /** What was sent since this was last asked. */
  take(): ReadonlyArray<string> {
    return this.sent.splice(0)
  }

  send(text: string): boolean {
    this.sent.push(text)
    return true
  }
  close(): void {
    this.isClosed = true
  }
  listen(listener: Listener): void {
    this.listener = listener
  }
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }
}

/** A clock that stands still and counts who sleeps. */
class Timers implements Clock.Clock {
  open = 0
  currentTimeMillisUnsafe(): number {
    return 0
  }
  currentTimeNanosUnsafe(): bigint {
    return 0n
  }
  monotonicTimeNanosUnsafe(): bigint {
    return 0n
  }
  readonly currentTimeMillis = Effect.succeed(0)
  readonly currentTimeNanos = Effect.succeed(0n)
  readonly monotonicTimeNanos = Effect.succeed(0n)
  sleep(): Effect.Effect<void> {
    return Effect.callback<void>(() => {
      this.open++
      return Effect.sync(() => this.open--)
    })
  }
}
