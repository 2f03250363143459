/**
 * A simulated CSMS: accepts boots or does not, decides by a list of idTags, keeps a ledger of transactions, and remembers what
 * passed on the wire.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Action from "../Action.ts"
import * as Handlers from "../Handlers.ts"
import { type AnySession, Csms, type CsmsOptions, type SessionEvent } from "../csms/index.ts"
import type { Endpoint } from "../csms/Endpoint.ts"
import { Deviation, DeviationKind } from "../Deviation.ts"
import { CallError, type CallFailure, NotSent, Violation } from "../OcppError.ts"
import type { CallOptions } from "../Client.ts"
import * as Options from "../internal/Options.ts"
import type { Protocol } from "../Protocol.ts"
import type { BootAnswer } from "../Registration.ts"
import type { Session } from "../Session.ts"
import * as Validation from "../Validation.ts"
import * as WireLog from "../json/WireLog.ts"
import type { StorageError } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import * as Ledger from "./Ledger.ts"
import * as csmsHandlers from "./internal/csmsHandlers.ts"
import { Recent, type RecentLimits } from "./internal/Recent.ts"

/**
 * A station that is or was connected; `protocol` is its sub-protocol, such as `ocpp1.6`, or
 * `ocpp1.6S` if it speaks SOAP.
 *
 * **Details**
 *
 * - `registration`: how its last BootNotification was answered; `assumed` if the CSMS has no record of that and takes it
 *   as accepted until it boots.
 *
 * @category models
 * @since 0.1.0
 */
export class StationState extends Schema.Opaque<StationState>()(
  Schema.Struct({
    id: Schema.String,
    protocol: Schema.String,
    connected: Schema.Boolean,
    registration: Schema.Literals(["Unregistered", "Pending", "Rejected", "Accepted", "assumed"])
  }).annotate({ identifier: "StationState" })
) {}

/**
 * A frame that passed, seen from the CSMS, without secrets.
 *
 * @category models
 * @since 0.1.0
 */
export class LogEntry extends Schema.Opaque<LogEntry>()(
  Schema.Struct({
    t: Timestamp.Timestamp,
    stationId: Schema.String,
    dir: Schema.Literals(["in", "out"]),
    frame: Schema.String
  }).annotate({ identifier: "LogEntry" })
) {}

/**
 * A breach of the protocol by a station, or what looks like one.
 *
 * **Details**
 *
 * Beside the kinds of {@link Deviation} there is `UnknownTransaction`: a StopTransaction of 1.x whose transaction is not
 * open here. The station never got that number, or it has stopped the transaction before, or this CSMS has forgotten it.
 *
 * @category models
 * @since 0.1.0
 */
export class DeviationEntry extends Schema.Opaque<DeviationEntry>()(
  Schema.Struct({
    t: Timestamp.Timestamp,
    stationId: Schema.String,
    ...Deviation.fields,
    kind: Schema.Literals([...DeviationKind.literals, "UnknownTransaction"])
  }).annotate({ identifier: "DeviationEntry" })
) {}

/**
 * What happens at a simulated CSMS.
 *
 * **Details**
 *
 * - `session`: a station came or went, as `SessionEvent` of the CSMS says.
 * - `frame`: a frame passed.
 * - `transaction`: a transaction began, or something has changed in it.
 * - `deviation`: a station broke the protocol.
 *
 * @category models
 * @since 0.1.0
 */
export const CsmsEvent = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("session"),
    t: Timestamp.Timestamp,
    stationId: Schema.String,
    event: Schema.Literals(["Connected", "Assumed", "Replaced", "Disconnected"]),
    protocol: Schema.String,
    code: Schema.optionalKey(Schema.Int),
    reason: Schema.optionalKey(Schema.String)
  }),
  Schema.Struct({ type: Schema.Literal("frame"), ...LogEntry.fields }),
  Schema.Struct({
    type: Schema.Literal("transaction"),
    t: Timestamp.Timestamp,
    stationId: Schema.String,
    transaction: Ledger.LedgerTransaction
  }),
  Schema.Struct({ type: Schema.Literal("deviation"), ...DeviationEntry.fields })
])

/**
 * What happens at a simulated CSMS.
 *
 * @category models
 * @since 0.1.0
 */
export type CsmsEvent = typeof CsmsEvent.Type

/**
 * An event and its number. A number that is not one more than the one before tells that events were missed.
 *
 * @category models
 * @since 0.1.0
 */
export interface NumberedEvent {
  readonly number: number
  readonly value: CsmsEvent
}

/**
 * How a request of a station is answered instead of as usual.
 *
 * **Details**
 *
 * - `payload`: the answer. It is not entered anywhere, so that a StartTransaction opens nothing in the ledger.
 * - `error`: a CALLERROR instead.
 * - `silent`: no answer. The requests are held, until another answer is said or the usual one again: then they are answered
 *   like one that comes in that moment.
 * - `delayMs`: how many milliseconds pass before the answer, be it one of these or the usual one.
 *
 * **Gotchas**
 *
 * A request without an answer is one that is being handled, and of these a connection has 16 at most.
 *
 * @category models
 * @since 0.1.0
 */
export const ScriptedAnswer = Schema.Struct({
  payload: Schema.optionalKey(Schema.Unknown),
  error: Schema.optionalKey(
    Schema.Struct({
      code: Schema.NonEmptyString,
      description: Schema.optionalKey(Schema.String),
      details: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
    })
  ),
  silent: Schema.optionalKey(Schema.Literal(true)),
  delayMs: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3_600_000 })))
}).check(
  Schema.makeFilter(
    (answer) => {
      const kinds = ["payload", "error", "silent"].filter((kind) => Object.hasOwn(answer, kind))
      return kinds.length <= 1 && Object.keys(answer).length > 0
    },
    { expected: "one of payload, error and silent, or delayMs, or delayMs with payload or error" }
  )
)

/**
 * How a request of a station is answered instead of as usual.
 *
 * @category models
 * @since 0.1.0
 */
export type ScriptedAnswer = typeof ScriptedAnswer.Type

/**
 * A station cannot be answered like that: no version that it may speak has the action, or its response is another.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidAnswer extends Schema.TaggedError<InvalidAnswer>()("InvalidAnswer", {
  action: Schema.String,
  violations: Schema.Array(Violation)
}) {
  override get message(): string {
    return this.violations.length === 0
      ? `no station asks ${JSON.stringify(this.action)} with an answer`
      : `the answer to ${this.action} is invalid: ${this.violations.map(({ path, rule }) => `${path}: ${rule}`).join("; ")}`
  }
}

/**
 * Options of a simulated CSMS.
 *
 * **Details**
 *
 * - `accept`: who may connect, and with which tolerance; by default everyone, with none.
 * - `username`: whose credentials `accept` is asked about, see `CsmsOptions`.
 * - `versions`: the versions that it speaks, of 1.5, 1.6, 2.0.1 and 2.1; by default all.
 * - `defaultVersion`: which of them it speaks with a station that offers no sub-protocol; by default that is sent away.
 * - `heartbeatInterval`: what stations are told, in seconds; by default 300.
 * - `boot`: how the BootNotification of a station is answered; by default `Accepted`. The interval in seconds is
 *   `heartbeatInterval` unless it says otherwise. Stations of 1.5 are told `Rejected` for `Pending`, which they lack.
 * - `firstTransactionId`: the first number of a transaction of 1.x; see {@link Ledger.LedgerOptions}.
 * - `maxTransactions`: how many transactions the ledger keeps; see {@link Ledger.LedgerOptions}.
 * - `maxStations`: how many stations are listed, by default 100,000. Beyond it, those that are not connected and came
 *   first are listed no more.
 * - `maxLogBytes`: what log, deviations and events may take each, in bytes; by default 16 MiB. The oldest go first, and there
 *   are never more than 10,000.
 * - `onFrame`: is given every frame as it passes, without secrets.
 *
 * @category options
 * @since 0.1.0
 */
export interface VirtualCsmsOptions extends Ledger.LedgerOptions {
  readonly accept?: CsmsOptions["accept"] | undefined
  readonly username?: CsmsOptions["username"]
  readonly versions?: ReadonlyArray<string> | undefined
  readonly defaultVersion?: string | undefined
  readonly heartbeatInterval?: number | undefined
  readonly boot?: ((identity: string) => Effect.Effect<Partial<Omit<BootAnswer, "currentTime">>>) | undefined
  readonly maxStations?: number | undefined
  readonly maxLogBytes?: number | undefined
  readonly onFrame?: ((entry: LogEntry) => void) | undefined
}

/**
 * A simulated CSMS.
 *
 * @category services
 * @since 0.1.0
 */
export class VirtualCsms extends Context.Service<
  VirtualCsms,
  {
    /** The stations that are or were connected, in the order in which they first came. */
    readonly stations: Effect.Effect<ReadonlyArray<StationState>>
    /** Calls a station by the name of an action; `NotSent` with reason `NotSupported` if its version lacks it. */
    readonly call: (
      identity: string,
      action: string,
      payload: unknown,
      options?: CallOptions
    ) => Effect.Effect<unknown, CallFailure>
    /** Closes a station's connection; `false` if it is not connected. */
    readonly disconnect: (identity: string) => Effect.Effect<boolean>
    /** Says how the next BootNotification of a station is answered; those after it are answered as before. */
    readonly answerBoot: (
      identity: string,
      answer: Pick<BootAnswer, "status"> & { readonly interval?: number | undefined }
    ) => Effect.Effect<void>
    /** Says how an action of a station is answered from now on; `undefined` answers it as usual again. */
    readonly answer: (
      identity: string,
      action: string,
      answer: ScriptedAnswer | undefined
    ) => Effect.Effect<void, InvalidAnswer>
    /** Who may charge, and which transactions there are. */
    readonly ledger: Ledger.Ledger
    /** The last 10,000 frames, or fewer that fit into `maxLogBytes`, oldest first. */
    readonly log: (stationId?: string) => Effect.Effect<ReadonlyArray<LogEntry>>
    /** The last 10,000 breaches of the protocol, or fewer that fit into `maxLogBytes`, oldest first. */
    readonly deviations: (stationId?: string) => Effect.Effect<ReadonlyArray<DeviationEntry>>
    /** The number of the newest event. */
    readonly lastEvent: Effect.Effect<number>
    /** What happens, from now on or from the event after a number on, as far as it is still remembered. */
    readonly events: (after?: number) => Stream.Stream<NumberedEvent>
  }
>()("effect-ocpp/simulation/VirtualCsms") {
  /**
   * Makes a simulated CSMS. Like `Csms.layer`, it has no server of its own. With a `Storage`, which is read when the
   * layer is built, idTags, transactions, registrations and answers survive a restart.
   */
  static readonly layer = (
    options: VirtualCsmsOptions = {}
  ): Layer.Layer<VirtualCsms | Csms | Endpoint, StorageError> => Layer.unwrap(make(options))
}

const make = Effect.fnUntraced(function* (options: VirtualCsmsOptions) {
  const limits: RecentLimits = {
    entries: 10_000,
    bytes: Options.count("maxLogBytes", options.maxLogBytes ?? 16 * 1024 * 1024, 1, Number.MAX_SAFE_INTEGER)
  }
  const clock = yield* Clock.Clock
  const now = (): string => Timestamp.fromMillis(clock.currentTimeMillisUnsafe())
  const events: Records["events"] = new Recent(limits)
  const ledger = yield* Ledger.make({
    ...options,
    onTransaction: (transaction) => {
      const event: CsmsEvent = { type: "transaction", t: now(), stationId: transaction.stationId, transaction }
      events.add({ event, bytes: 1000 })
      options.onTransaction?.(transaction)
    }
  })
  const records: Records = {
    ledger,
    maxStations: Options.count("maxStations", options.maxStations ?? 100_000, 1),
    now,
    events,
    log: new Recent(limits),
    deviations: new Recent(limits),
    boots: new Map(),
    answers: new Map()
  }

  const onFrame = (entry: WireLog.Entry): void => {
    const logged = new LoggedFrame(entry)
    records.log.add(logged)
    events.add(logged)
    options.onFrame?.(logged.entry)
  }

  const stray: csmsHandlers.Stray = (identity, { meterStop, transactionId }) => {
    const message = `transaction ${transactionId}, which the station has stopped at ${meterStop} Wh, is not open here`
    report(records, identity, { kind: "UnknownTransaction", action: "StopTransaction", message, violations: [] })
    return Effect.logWarning(message)
  }

  const all = csmsHandlers.make(ledger, (identity) => answerBoot(options, records, identity), stray)
  const known = all.map(({ protocol }) => protocol.version)
  const spoken = options.versions ?? known
  checkVersions("versions", spoken, known)
  if (options.defaultVersion !== undefined) checkVersions("defaultVersion", [options.defaultVersion], spoken)
  const handlers = all
    .filter(({ protocol }) => spoken.includes(protocol.version))
    .map((set) => Handlers.map(set, (handler, { name }) => scripted(handler, name, records)))
  const csmsLayer = Csms.layer({
    // A scripted answer takes as long as was said.
    requests: { timeout: "Infinity" },
    accept: options.accept ?? (() => Effect.void),
    username: options.username,
    handlers,
    defaultProtocol: handlers.find(({ protocol }) => protocol.version === options.defaultVersion)?.protocol
  }).pipe(Layer.provide(Layer.succeed(WireLog.WireLog, onFrame)))

  const protocols = handlers.map(({ protocol }) => protocol)
  return Layer.effect(VirtualCsms, observe(records, protocols)).pipe(Layer.provideMerge(csmsLayer))
})

/** Throws a `RangeError` that names the option if there is no version, or one that is not among the known ones. */
const checkVersions = (option: string, versions: ReadonlyArray<string>, known: ReadonlyArray<string>): void => {
  const wrong = versions.find((version) => !known.includes(version))
  if (versions.length > 0 && wrong === undefined) return
  throw new RangeError(`${option}: one of ${known.join(", ")} is needed, not ${JSON.stringify(wrong ?? [])}`)
}

/** What a simulated CSMS remembers. */
interface Records {
  readonly ledger: Ledger.Ledger
  readonly maxStations: number
  readonly now: () => string
  readonly log: Recent<LoggedFrame>
  readonly deviations: Recent<NotedDeviation>
  readonly events: Recent<{ readonly event: CsmsEvent; readonly bytes: number }>
  /** How the next boot of a station is answered. */
  readonly boots: Map<string, Partial<BootAnswer>>
  /** By identity and action. */
  readonly answers: Map<string, Script>
}

/** How an action is answered, until something else is said. */
interface Script {
  readonly answer: ScriptedAnswer
  readonly isOver: Deferred.Deferred<void>
}

/** What an entry takes beside its text, in bytes. */
const overhead = 200

/** A frame as it passed; its secrets are taken out when it is shown, for few frames are. */
class LoggedFrame {
  readonly stationId: string
  /** What it takes at most. */
  readonly bytes: number
  private readonly time: number
  private readonly direction: "in" | "out"
  private readonly frame: string

  constructor({ direction, frame, identity, time }: WireLog.Entry) {
    this.stationId = identity
    this.bytes = overhead + 2 * (frame.length + identity.length)
    this.time = time
    this.direction = direction
    this.frame = frame
  }

  get entry(): LogEntry {
    const { direction, frame, stationId, time } = this
    return { t: Timestamp.fromMillis(time), stationId, dir: direction, frame: WireLog.redact(frame) }
  }

  get event(): CsmsEvent {
    return { type: "frame", ...this.entry }
  }
}

/** A deviation as JSON: its parts may be parts of a frame, which they would keep as a whole. */
class NotedDeviation {
  readonly stationId: string
  private readonly json: string

  constructor(entry: DeviationEntry) {
    this.stationId = entry.stationId
    this.json = JSON.stringify(entry)
  }

  get entry(): DeviationEntry {
    // What was written here is read.
    return JSON.parse(this.json) as DeviationEntry
  }

  get event(): CsmsEvent {
    return { type: "deviation", ...this.entry }
  }

  /** What it takes at most. */
  get bytes(): number {
    return overhead + 2 * (this.json.length + this.stationId.length)
  }
}

const report = (
  { deviations, events, now }: Records,
  stationId: string,
  deviation: Omit<DeviationEntry, "t" | "stationId">
): void => {
  const noted = new NotedDeviation({ t: now(), stationId, ...deviation })
  deviations.add(noted)
  events.add(noted)
}

const answerBoot = Effect.fnUntraced(function* (
  { boot, heartbeatInterval = 300 }: VirtualCsmsOptions,
  { boots }: Records,
  identity: string
) {
  const currentTime = yield* Timestamp.now
  const scriptedBoot = boots.get(identity)
  boots.delete(identity)
  const decision = scriptedBoot ?? (boot === undefined ? {} : yield* boot(identity))
  const answer: BootAnswer = { status: "Accepted", currentTime, interval: heartbeatInterval, ...decision }
  return answer
})

const answerKey = (identity: string, action: string): string => JSON.stringify([identity, action])

/** Answers as was said, or else as usual. */
const scripted = (handler: Handlers.UntypedHandler, action: string, { answers }: Records): Handlers.UntypedHandler => {
  const answered: Handlers.UntypedHandler = (request, peer, exchange) => {
    // The engine gives handlers of a CSMS the session.
    const script = answers.size === 0 ? undefined : answers.get(answerKey((peer as Session).identity, action))
    if (script === undefined) return handler(request, peer, exchange)
    const { answer, isOver } = script
    const given = (): ReturnType<Handlers.UntypedHandler> => {
      if (answer.silent === true) {
        return Effect.flatMap(Deferred.await(isOver), () => answered(request, peer, exchange))
      }
      if (answer.error !== undefined) return Effect.fail(new CallError(answer.error))
      return Object.hasOwn(answer, "payload") ? Effect.succeed(answer.payload) : handler(request, peer, exchange)
    }
    return Effect.delay(Effect.suspend(given), answer.delayMs ?? 0)
  }
  return answered
}

/** What is wrong with an answer in every version that the station may speak; `undefined` if it is right in one of them. */
const flawsOf = (
  action: string,
  answer: ScriptedAnswer,
  protocols: ReadonlyArray<Protocol>
): ReadonlyArray<Violation> | undefined => {
  const responses = protocols
    .flatMap(({ actions }) => actions.filter((one) => one.name === action && Action.isStartedBy(one, "station")))
    .flatMap(({ response }) => (response === undefined ? [] : [response]))
  if (responses.length === 0) return []
  if (!Object.hasOwn(answer, "payload")) return undefined
  const found = responses.map((response) => Validation.violations(response)(answer.payload))
  return found.some(({ length }) => length === 0) ? undefined : found[0]
}

/** Remembers who comes and what they get wrong, and gives the service. */
const observe = Effect.fnUntraced(function* (records: Records, protocols: ReadonlyArray<Protocol>) {
  const csms = yield* Csms
  const { answers, boots, events, now } = records
  const seen = new Map<string, StationState>()
  const remember = (session: AnySession, connected: boolean): Effect.Effect<void> =>
    Effect.flatMap(session.registration, (registration) => {
      const { identity: id } = session
      seen.set(id, { id, protocol: protocolOf(session), connected, registration })
      return seen.size > records.maxStations ? forgetOne : Effect.void
    })

  /** The station that came first of those that are gone is listed no more. */
  const forgetOne = Effect.map(csms.connected, (sessions) => {
    const present = new Set(sessions.map(({ identity }) => identity))
    const gone = Array.from(seen.keys()).find((identity) => !present.has(identity))
    if (gone !== undefined) seen.delete(gone)
  })

  yield* csms.sessions.pipe(
    Stream.runForEach((event) => {
      events.add({ event: told(event, now()), bytes: 500 })
      return remember(event.session, false)
    }),
    Effect.forkScoped({ startImmediately: true })
  )
  yield* csms.deviations.pipe(
    Stream.runForEach(({ deviation, identity }) => Effect.sync(() => report(records, identity, deviation))),
    Effect.forkScoped({ startImmediately: true })
  )

  return VirtualCsms.of({
    stations: Effect.gen(function* () {
      for (const station of seen.values()) seen.set(station.id, { ...station, connected: false })
      for (const session of yield* csms.connected) yield* remember(session, true)
      return Array.from(seen.values())
    }),
    call: Effect.fnUntraced(function* (identity, action, payload, callOptions) {
      const session = yield* csms.session(identity)
      if (Option.isNone(session)) return yield* new NotSent({ action, reason: "NotConnected" })
      const known = session.value.protocol.actions.find(({ name }) => name === action)
      if (known === undefined || !Action.isStartedBy(known, "csms")) {
        return yield* new NotSent({ action, reason: "NotSupported" })
      }
      return yield* session.value.call(known, payload, callOptions)
    }),
    disconnect: Effect.fnUntraced(function* (identity) {
      const session = yield* csms.session(identity)
      if (Option.isNone(session)) return false
      yield* session.value.close(1000, "disconnected by the operator")
      return true
    }),
    answerBoot: (identity, { interval, status }) =>
      Effect.sync(() => {
        boots.set(identity, { status, ...(interval === undefined ? {} : { interval }) })
      }),
    answer: Effect.fnUntraced(function* (identity, action, answer) {
      const key = answerKey(identity, action)
      if (answer !== undefined) {
        const session = Option.getOrUndefined(yield* csms.session(identity))
        const flaws = flawsOf(action, answer, session === undefined ? protocols : [session.protocol])
        if (flaws !== undefined) return yield* new InvalidAnswer({ action, violations: flaws })
      }
      const before = answers.get(key)
      if (answer === undefined) answers.delete(key)
      else answers.set(key, { answer, isOver: Deferred.makeUnsafe() })
      if (before !== undefined) yield* Deferred.succeed(before.isOver, undefined)
    }),
    ledger: records.ledger,
    log: (stationId) => Effect.sync(() => of(records.log, stationId).map(({ entry }) => entry)),
    deviations: (stationId) => Effect.sync(() => of(records.deviations, stationId).map(({ entry }) => entry)),
    lastEvent: Effect.sync(() => events.last),
    events: (after) =>
      Stream.suspend(() => events.stream(after ?? events.last)).pipe(
        Stream.map(({ number, value }) => ({ number, value: value.event }))
      )
  })
})

/** Those of a station or all, oldest first. */
const of = <A extends { readonly stationId: string; readonly bytes: number }>(
  recent: Recent<A>,
  stationId: string | undefined
): ReadonlyArray<A> => recent.list().filter((entry) => stationId === undefined || entry.stationId === stationId)

/** What a station speaks, as its sub-protocol, with an S behind it over SOAP. */
const protocolOf = ({ form, protocol }: AnySession): string =>
  `${protocol.json.subprotocol}${form === "soap" ? "S" : ""}`

/** A session that has changed, as an event. */
const told = (event: SessionEvent, t: string): CsmsEvent => {
  return {
    type: "session",
    t,
    stationId: event.session.identity,
    event: event._tag,
    protocol: protocolOf(event.session),
    ...(event._tag === "Disconnected" ? { code: event.code, reason: event.reason } : {})
  }
}
