/**
 * The calls of one side of a connection: one at a time, the others in a queue.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schedule from "effect/Schedule"
import * as Tracer from "effect/Tracer"
import type * as Action from "../../Action.ts"
import type { CallOptions } from "../../Client.ts"
import { type Exchange, Recorder } from "../../Exchange.ts"
import type { Alarm } from "../../internal/Alarms.ts"
import { CallError, type CallFailure, InvalidResponse, NotSent, Uncertain, type Violation } from "../../OcppError.ts"
import type { MessageCheck } from "../../MessageCheck.ts"
import type { ConnectionBase } from "./ConnectionBase.ts"
import type { CallErrorMessage, CallResultMessage, MalformedMessage } from "../Message.ts"
import * as Spans from "./Spans.ts"
import type { Digits } from "../../Tolerance.ts"

/**
 * How the calls of a connection are made.
 *
 * **Details**
 *
 * - `timeout`: the default of `CallOptions.timeout`, by default 30 seconds.
 * - `responseTimeout`: the default of `CallOptions.responseTimeout`; by default as long as the `timeout` of the call.
 * - `retry`: the default of `CallOptions.retry`; by default no call is repeated.
 * - `queueLimit`: how many calls may wait for their turn, by default 100; one more fails as `NotSent`.
 *
 * @category options
 * @since 0.1.0
 */
export interface CallSettings {
  readonly timeout?: Duration.Input | undefined
  readonly responseTimeout?: Duration.Input | undefined
  readonly retry?: Schedule.Schedule<unknown, CallFailure> | undefined
  readonly queueLimit?: number | undefined
}

/** How long a call may take where nothing else is said. */
export const defaultTimeout = Duration.seconds(30)

/** An action that this side starts; one without a response is a SEND. */
export interface Started {
  readonly action: Action.Action
  readonly request: MessageCheck
  readonly response: MessageCheck | undefined
}

/** What the calls of all connections of an engine share; times in milliseconds. */
export interface SharedCalls<in Self> {
  /** Whether a call of this side may leave now. */
  readonly maySend: (self: Self, action: string) => boolean
  /** Is told how a call that was sent has ended, and when it was sent, before the next one leaves. */
  readonly onCallEnded: (self: Self, action: string, exit: Exit.Exit<unknown, CallFailure>, sentAt: number) => void
  readonly started: ReadonlyMap<string, Started>
  readonly timeout: number
  readonly responseTimeout: number | undefined
  readonly queueLimit: number
  readonly nextId: () => string
  /** Whether calls may have spans; the tracer is the caller's. */
  readonly hasSpans: boolean
}

/** A call from the moment that it waits for its turn until that is over; times by the monotonic clock, in milliseconds. */
interface Pending {
  readonly action: string
  readonly response: MessageCheck
  readonly messageId: string
  /** What the carrier has made of it. */
  readonly encoded: unknown
  /** Is told of the exchange once it is over. */
  readonly recorder: ((exchange: Exchange) => void) | undefined
  readonly responseTimeout: number
  /** When the caller waits no longer. */
  readonly deadline: number
  /** Set when the call is sent. */
  sentAt: number | undefined
  /** Absent once the caller has been interrupted: the answer is still awaited, for the turn is not over before. */
  resume: ((exit: Exit.Exit<unknown, CallFailure>) => void) | undefined
  /** Whether the caller has got its result, which may be before the turn is over. */
  isFinished: boolean
}

export class Calls<Self, R> {
  private readonly connection: ConnectionBase<Self, R>
  private readonly shared: SharedCalls<Self>
  private outstanding: Pending | undefined = undefined
  /** Whether a call has just ended and those that wait come first. */
  private isSettling = false
  private waiting: Array<Pending> = []
  private alarm: Alarm | undefined = undefined

  constructor(connection: ConnectionBase<Self, R>, shared: SharedCalls<Self>) {
    this.connection = connection
    this.shared = shared
  }

  call<A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options?: CallOptions
  ): Effect.Effect<Action.Response<A>, Action.Failure<A>> {
    return Effect.withFiber((fiber) => {
      const recorder = fiber.getRef(Recorder)
      if (!this.shared.hasSpans || (fiber.cache.tracer ?? Tracer.nativeTracer) === Tracer.nativeTracer) {
        return this.place(action, request, options, recorder)
      }
      return Spans.traced(this.connection.subject("client", action.name), (span) =>
        this.place(action, request, options, recorder, span)
      )
    })
  }

  private place<A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options: CallOptions | undefined,
    recorder: Pending["recorder"],
    span?: Tracer.Span
  ): Effect.Effect<Action.Response<A>, Action.Failure<A>> {
    const outcome = Effect.callback<unknown, CallFailure>((resume) => {
      const prepared = this.prepare(action, request, options)
      if (prepared instanceof NotSent) {
        this.connection.shared.meter?.time("ocpp_call_duration_seconds", action.name, prepared._tag, 0)
        return resume(Exit.fail(prepared))
      }
      const { encoded, messageId, response } = prepared
      span?.attribute("ocpp.message_id", messageId)
      if (response === undefined) return resume(this.post(action.name, messageId, encoded, recorder))
      const now = this.connection.now()
      const timeout = options?.timeout === undefined ? this.shared.timeout : Duration.toMillis(options.timeout)
      const call: Pending = {
        action: action.name,
        response,
        messageId,
        encoded,
        recorder,
        responseTimeout: this.responseTimeoutOf(options, timeout),
        deadline: now + timeout,
        sentAt: undefined,
        resume,
        isFinished: false
      }
      if (this.isBusy) this.enqueue(call)
      else this.transmit(call, now)
      return Effect.sync(() => this.abandon(call))
    })
    // What settles a call has passed the schema of its response, and a SEND ends as sent or not.
    return outcome as Effect.Effect<Action.Response<A>, Action.Failure<A>>
  }

  private responseTimeoutOf(options: CallOptions | undefined, timeout: number): number {
    const given = options?.responseTimeout
    return given === undefined ? (this.shared.responseTimeout ?? timeout) : Duration.toMillis(given)
  }

  /** Sends what is not answered. */
  private post(
    action: string,
    messageId: string,
    encoded: unknown,
    recorder: Pending["recorder"]
  ): Exit.Exit<void, NotSent> {
    const isSent = this.connection.sendEncoded(encoded)
    const { clock, meter } = this.connection.shared
    if (isSent) recorder?.(this.exchange(action, messageId, clock.currentTimeMillisUnsafe(), undefined))
    const sent = isSent ? Exit.void : Exit.fail(notSent(action, "NotConnected"))
    meter?.time("ocpp_call_duration_seconds", action, Spans.outcomeOf(sent), 0)
    return sent
  }

  private exchange(action: string, messageId: string, sentAt: number, answeredAt: number | undefined): Exchange {
    const { identity, shared } = this.connection
    return { version: shared.protocol.version, identity, action, messageId, sentAt, answeredAt, tries: 1 }
  }

  private prepare(action: Action.Action, request: unknown, options: CallOptions | undefined): Prepared | NotSent {
    const { name } = action
    const started = this.shared.started.get(name)
    if (started?.action !== action) return this.notSupported(name, started)
    const { response } = started
    const written = started.request.write(request)
    if (Result.isFailure(written)) return invalidRequest(name, written.failure)
    if (this.connection.isClosed || this.connection.isDraining) return notSent(name, "NotConnected")
    if (!this.shared.maySend(this.connection.self, name)) return notSent(name, "NotAccepted")
    // Only calls wait for their turn: a SEND may go at any time.
    const mustWait = response !== undefined && this.isBusy
    if (mustWait && this.waiting.length >= this.shared.queueLimit) return notSent(name, "QueueFull")
    const messageId = options?.messageId ?? this.shared.nextId()
    if (messageId === "" || messageId.length > maxMessageId) return invalidRequest(name, badMessageId)
    const encoded = this.connection.encode({
      _tag: response === undefined ? "Send" : "Call",
      messageId,
      action: name,
      payload: written.success
    })
    return Result.isFailure(encoded)
      ? invalidRequest(name, isViolations(encoded.failure) ? encoded.failure : notWritable)
      : { messageId, encoded: encoded.success, response }
  }

  private notSupported(action: string, started: Started | undefined): NotSent {
    const { version } = this.connection.shared.protocol
    const rule =
      started === undefined
        ? `the connection speaks OCPP ${version}, in which this side has no such action`
        : `the connection speaks OCPP ${version}, which has another action of this name`
    return new NotSent({ action, reason: "NotSupported", violations: [{ path: "", rule, code: "NotSupported" }] })
  }

  private get isBusy(): boolean {
    return this.outstanding !== undefined || this.isSettling
  }

  private transmit(call: Pending, now: number): void {
    this.outstanding = call
    call.sentAt = now
    this.connection.awaits = true
    if (!this.connection.sendEncoded(call.encoded)) {
      // What waits could not be sent either.
      const waiting = this.waiting.splice(0)
      if (waiting.length > 0) this.connection.shared.meter?.change("ocpp_calls_waiting", -waiting.length)
      this.settle(call, notConnected(call))
      for (const next of waiting) this.finish(next, notConnected(next))
    } else if (this.outstanding === call) {
      this.watch(nextEndOf(call))
    }
  }

  // One alarm serves call after call: an answer leaves it set, and when it rings it is set anew for the call that ends
  // next then.
  private watch(at: number): void {
    if (at === Infinity) return
    const { alarms } = this.connection.shared
    if (this.alarm !== undefined) {
      if (this.alarm.at <= at) return
      alarms.cancel(this.alarm)
    }
    this.alarm = alarms.set(at, () => this.ring())
  }

  private ring(): void {
    this.alarm = undefined
    const now = this.connection.now()
    this.expire(now)
    const call = this.outstanding
    if (call !== undefined && turnEndOf(call) <= now) this.settle(call, uncertain(call, "Timeout"))
    else if (call !== undefined && call.deadline <= now) this.finish(call, uncertain(call, "Timeout"))
    const ends = this.waiting.map(({ deadline }) => deadline)
    if (this.outstanding !== undefined) ends.push(nextEndOf(this.outstanding))
    this.watch(Math.min(...ends))
  }

  /** Ends the calls that wait for their turn no longer. */
  private expire(now: number): void {
    const expired = this.waiting.filter(({ deadline }) => deadline <= now)
    if (expired.length === 0) return
    this.waiting = this.waiting.filter(({ deadline }) => deadline > now)
    this.connection.shared.meter?.change("ocpp_calls_waiting", -expired.length)
    for (const call of expired) this.finish(call, Exit.fail(notSent(call.action, "Timeout")))
  }

  private settle(call: Pending, exit: Exit.Exit<unknown, CallFailure>): void {
    this.outstanding = undefined
    this.isSettling = true
    this.shared.onCallEnded(this.connection.self, call.action, exit, call.sentAt!)
    this.isSettling = false
    // The next call leaves before this one's caller goes on, which keeps calls in the order in which they were made.
    const stayed: Array<readonly [call: Pending, failure: NotSent]> = []
    let next = this.waiting.shift()
    const now = next === undefined ? 0 : this.connection.now()
    while (next !== undefined) {
      const obstacle = this.obstacleTo(next, now)
      if (obstacle === undefined) break
      stayed.push([next, obstacle])
      next = this.waiting.shift()
    }
    const left = stayed.length + (next === undefined ? 0 : 1)
    if (left > 0) this.connection.shared.meter?.change("ocpp_calls_waiting", -left)
    if (next === undefined) this.connection.awaits = false
    else this.transmit(next, now)
    this.finish(call, exit)
    for (const [other, failure] of stayed) this.finish(other, Exit.fail(failure))
    this.connection.ended()
  }

  /** Why a call whose turn has come does not leave, if it does not. */
  private obstacleTo({ action, deadline }: Pending, now: number): NotSent | undefined {
    // The alarm may be late.
    if (deadline <= now) return notSent(action, "Timeout")
    return this.shared.maySend(this.connection.self, action) ? undefined : notSent(action, "NotAccepted")
  }

  /** Gives the caller its result. */
  private finish(call: Pending, exit: Exit.Exit<unknown, CallFailure>): void {
    if (call.isFinished) return
    call.isFinished = true
    const { clock, meter } = this.connection.shared
    if (meter !== undefined || call.recorder !== undefined) {
      const took = call.sentAt === undefined ? 0 : this.connection.now() - call.sentAt
      meter?.time("ocpp_call_duration_seconds", call.action, Spans.outcomeOf(exit), took)
      if (call.recorder !== undefined && wasSent(exit)) {
        const now = clock.currentTimeMillisUnsafe()
        const sentAt = Math.round(now - took)
        call.recorder(this.exchange(call.action, call.messageId, sentAt, wasAnswered(exit) ? now : undefined))
      }
    }
    call.resume?.(exit)
  }

  private enqueue(call: Pending): void {
    this.waiting.push(call)
    this.connection.shared.meter?.change("ocpp_calls_waiting", 1)
    this.watch(call.deadline)
  }

  private abandon(call: Pending): void {
    call.resume = undefined
    const index = this.waiting.indexOf(call)
    if (index < 0) return
    this.waiting.splice(index, 1)
    this.connection.shared.meter?.change("ocpp_calls_waiting", -1)
  }

  /** The action of the call that waits for an answer with this id. */
  actionOf(messageId: string): string | undefined {
    return this.outstanding?.messageId === messageId ? this.outstanding.action : undefined
  }

  /** A CALLRESULT came. */
  answered({ messageId, payload }: CallResultMessage, digits: Digits | undefined): void {
    const call = this.outstanding
    if (call?.messageId !== messageId) return this.unexpected(messageId)
    const { action, response } = call
    const read = response.read(payload, this.connection.tolerance, digits)
    if (Result.isFailure(read)) return this.invalid(call, "CallResult", payload, read.failure)
    this.connection.reportTolerated(read.success.tolerated, messageId, action)
    this.settle(call, Exit.succeed(read.success.value))
  }

  /** An answer came of which no more than its id can be read. */
  broken(messageId: string, flaw: string, { by, payload }: NonNullable<MalformedMessage["ends"]>): void {
    const call = this.outstanding
    if (call?.messageId !== messageId) return
    this.invalid(call, by, payload, [{ path: "", rule: flaw, code: "ProtocolError" }])
  }

  /** No answer will come. */
  unanswered(messageId: string, hasLeft: boolean): void {
    const call = this.outstanding
    if (call?.messageId !== messageId) return
    this.settle(call, hasLeft ? uncertain(call, "ConnectionLost") : notConnected(call))
  }

  private invalid(
    call: Pending,
    by: "CallResult" | "CallError",
    payload: unknown,
    violations: ReadonlyArray<Violation>
  ): void {
    const { action, messageId } = call
    this.connection.report("InvalidResponse", "the answer breaks its schema", { messageId, action, violations })
    if (by === "CallResult") this.connection.refuseFor("CallResultError", messageId, violations)
    this.settle(call, Exit.fail(new InvalidResponse({ action, messageId, payload, violations })))
  }

  /** A CALLERROR came. */
  refused(frame: CallErrorMessage): void {
    const call = this.outstanding
    if (call?.messageId !== frame.messageId) return this.unexpected(frame.messageId)
    if (frame.flaw !== undefined) this.connection.report("MalformedFrame", frame.flaw, { messageId: frame.messageId })
    const { code, description, details } = frame
    this.settle(call, Exit.fail(new CallError({ code, action: call.action, description, details })))
  }

  private unexpected(messageId: string): void {
    this.connection.report("UnexpectedAnswer", "an answer to no outstanding call was dropped", { messageId })
  }

  get isIdle(): boolean {
    return this.outstanding === undefined
  }

  /** Ends the calls that wait for their turn. */
  drain(): void {
    const waiting = this.waiting.splice(0)
    if (waiting.length > 0) this.connection.shared.meter?.change("ocpp_calls_waiting", -waiting.length)
    for (const call of waiting) this.finish(call, notConnected(call))
  }

  /** Ends all calls with the connection. */
  close(): void {
    const waiting = this.waiting.splice(0)
    const { outstanding } = this
    if (waiting.length > 0) this.connection.shared.meter?.change("ocpp_calls_waiting", -waiting.length)
    if (outstanding !== undefined) this.settle(outstanding, uncertain(outstanding, "ConnectionLost"))
    for (const call of waiting) this.finish(call, notConnected(call))
    if (this.alarm !== undefined) this.connection.shared.alarms.cancel(this.alarm)
  }
}

/** A request that is ready to leave. */
interface Prepared {
  readonly messageId: string
  readonly encoded: unknown
  readonly response: MessageCheck | undefined
}

/** When the next call may leave although no answer has come. */
const turnEndOf = ({ responseTimeout, sentAt }: Pending): number => (sentAt ?? 0) + responseTimeout

/** When something is over next for a call that was sent. */
const nextEndOf = (call: Pending): number =>
  call.isFinished ? turnEndOf(call) : Math.min(call.deadline, turnEndOf(call))

/** The most characters a message id may have (J16 §4.1.4, P4 table 4). */
const maxMessageId = 36

const failureOf = (exit: Exit.Exit<unknown, CallFailure>): CallFailure | undefined =>
  Option.getOrUndefined(Exit.findErrorOption(exit))

const wasSent = (exit: Exit.Exit<unknown, CallFailure>): boolean => failureOf(exit)?._tag !== "NotSent"

const wasAnswered = (exit: Exit.Exit<unknown, CallFailure>): boolean => failureOf(exit)?._tag !== "Uncertain"

const invalidRequest = (action: string, violations: ReadonlyArray<Violation>): NotSent =>
  new NotSent({ action, reason: "InvalidRequest", violations })

const badMessageId: ReadonlyArray<Violation> = [
  {
    path: "",
    rule: `a message id has 1 to ${maxMessageId} characters`,
    code: "PropertyConstraintViolation"
  }
]

const notWritable: ReadonlyArray<Violation> = [{ path: "", rule: "has no form in JSON", code: "FormatViolation" }]

/** What a carrier gives that knows what has no form; all that it gives as a list is that. */
const isViolations = (failure: unknown): failure is ReadonlyArray<Violation> => Array.isArray(failure)

const notSent = (action: string, reason: NotSent["reason"]): NotSent => new NotSent({ action, reason })

const notConnected = (call: Pending): Exit.Exit<never, NotSent> => Exit.fail(notSent(call.action, "NotConnected"))

const uncertain = (call: Pending, reason: "Timeout" | "ConnectionLost"): Exit.Exit<never, Uncertain> =>
  Exit.fail(new Uncertain({ action: call.action, messageId: call.messageId, reason }))
