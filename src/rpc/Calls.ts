/**
 * The calls of one side of a connection: one at a time, the others in a queue.
 *
 * @internal
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import type * as Schedule from "effect/Schedule"
import * as Tracer from "effect/Tracer"
import type * as Action from "../Action.ts"
import { CallError, type CallFailure, InvalidResponse, NotSent, Uncertain, type Violation } from "../OcppError.ts"
import type { CallOptions } from "../Protocol.ts"
import type { Check } from "./Check.ts"
import * as Frame from "./Frame.ts"
import type { Line } from "./Line.ts"
import * as Telemetry from "./Telemetry.ts"

/**
 * How the calls of a connection are made.
 *
 * **Details**
 *
 * - `timeout`: how long to wait for an answer, by default 30 seconds.
 * - `retry`: the default of `CallOptions.retry`; by default no call is repeated.
 * - `queueLimit`: how many calls may wait for their turn, by default 100; one more fails as `NotSent`.
 *
 * @category options
 * @since 0.1.0
 */
export interface CallSettings {
  readonly timeout?: Duration.Input | undefined
  readonly retry?: Schedule.Schedule<unknown, CallFailure> | undefined
  readonly queueLimit?: number | undefined
}

/** An action that this side starts; one without a response is a SEND. */
export interface Started {
  readonly action: Action.Action
  readonly request: Check
  readonly response: Check | undefined
}

/** What the calls of all connections of an engine share; times in milliseconds. */
export interface CallKind<in Self> {
  /** Whether a call of this side may leave now. */
  readonly lets: (self: Self, action: string) => boolean
  /** Is told how a call that was sent has ended, and when it was sent, before the next one leaves. */
  readonly settled: (self: Self, action: string, exit: Exit.Exit<unknown, CallFailure>, sentAt: number) => void
  readonly started: ReadonlyMap<string, Started>
  readonly timeout: number
  readonly queueLimit: number
  readonly nextId: () => string
  /** Whether calls may have spans; the tracer is the caller's. */
  readonly hasSpans: boolean
}

/** A call from the moment that it waits for its turn until it is settled. */
interface Pending {
  readonly action: string
  readonly response: Check
  readonly messageId: string
  readonly frame: string
  /** In milliseconds. */
  readonly timeout: number
  /** By the monotonic clock, in milliseconds; set when the call is sent. */
  deadline: number
  /** Absent once the caller has been interrupted: the answer is still awaited, for the turn is not over before. */
  resume: ((exit: Exit.Exit<unknown, CallFailure>) => void) | undefined
}

export class Calls<Self, R> {
  private readonly line: Line<Self, R>
  private readonly kind: CallKind<Self>
  private outstanding: Pending | undefined = undefined
  /** Whether a call has just ended and those that wait come first. */
  private isSettling = false
  private readonly waiting: Array<Pending> = []
  private timer: Fiber.Fiber<void> | undefined = undefined
  private rings = Infinity

  constructor(line: Line<Self, R>, kind: CallKind<Self>) {
    this.line = line
    this.kind = kind
  }

  call<A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options?: CallOptions
  ): Effect.Effect<Action.Response<A>, Action.Failure<A>> {
    if (!this.kind.hasSpans) return this.place(action, request, options)
    return Effect.withFiber((fiber) =>
      (fiber.cache.tracer ?? Tracer.nativeTracer) === Tracer.nativeTracer
        ? this.place(action, request, options)
        : Telemetry.traced(this.line.subject("client", action.name), (span) =>
            this.place(action, request, options, span)
          )
    )
  }

  private place<A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options: CallOptions | undefined,
    span?: Tracer.Span
  ): Effect.Effect<Action.Response<A>, Action.Failure<A>> {
    const outcome = Effect.callback<unknown, CallFailure>((resume) => {
      const prepared = this.prepare(action, request, options)
      if (prepared instanceof NotSent) {
        this.line.kind.meter?.time("ocpp_call_duration_seconds", action.name, prepared._tag, 0)
        return resume(Exit.fail(prepared))
      }
      const { frame, messageId, response } = prepared
      span?.attribute("ocpp.message_id", messageId)
      if (response === undefined) {
        const sent = this.line.send(frame) ? Exit.void : Exit.fail(notSent(action.name, "NotConnected"))
        this.line.kind.meter?.time("ocpp_call_duration_seconds", action.name, Telemetry.outcomeOf(sent), 0)
        return resume(sent)
      }
      const timeout = options?.timeout === undefined ? this.kind.timeout : Duration.toMillis(options.timeout)
      const call: Pending = { action: action.name, response, messageId, frame, timeout, deadline: 0, resume }
      if (this.isBusy) this.enqueue(call)
      else this.transmit(call)
      return Effect.sync(() => this.abandon(call))
    })
    // What settles a call has passed the schema of its response, and a SEND ends as sent or not.
    return outcome as Effect.Effect<Action.Response<A>, Action.Failure<A>>
  }

  private prepare(
    action: Action.Action,
    request: unknown,
    options: CallOptions | undefined
  ): { readonly messageId: string; readonly frame: string; readonly response: Check | undefined } | NotSent {
    const { name } = action
    const started = this.kind.started.get(name)
    if (started?.action !== action) return notSent(name, "NotSupported")
    const { response } = started
    if (!started.request.accepts(request)) return invalidRequest(name, started.request.violations(request))
    if (this.line.isClosed) return notSent(name, "NotConnected")
    if (!this.kind.lets(this.line.self, name)) return notSent(name, "NotAccepted")
    // Only calls wait for their turn: a SEND may go at any time.
    const mustWait = response !== undefined && this.isBusy
    if (mustWait && this.waiting.length >= this.kind.queueLimit) return notSent(name, "QueueFull")
    const messageId = options?.messageId ?? this.kind.nextId()
    if (messageId === "" || messageId.length > Frame.maxMessageId) return invalidRequest(name, badMessageId)
    const frame = response === undefined ? Frame.send(messageId, name, request) : Frame.call(messageId, name, request)
    return Result.isFailure(frame) ? invalidRequest(name, notJson) : { messageId, frame: frame.success, response }
  }

  private get isBusy(): boolean {
    return this.outstanding !== undefined || this.isSettling
  }

  private transmit(call: Pending): void {
    this.outstanding = call
    call.deadline = this.line.now() + call.timeout
    this.line.awaits = true
    if (!this.line.send(call.frame)) {
      // What waits could not be sent either.
      const waiting = this.waiting.splice(0)
      if (waiting.length > 0) this.line.kind.meter?.change("ocpp_calls_waiting", -waiting.length)
      this.settle(call, notConnected(call))
      for (const next of waiting) this.finish(next, notConnected(next))
    } else if (this.outstanding === call) {
      this.watch(call)
    }
  }

  // One timer serves call after call: an answer leaves it running, and when it rings it is set anew for the call that
  // is outstanding then.
  private watch({ deadline }: Pending): void {
    if (deadline >= this.rings) return
    this.timer?.interruptUnsafe()
    this.rings = deadline
    this.timer = this.line.kind.run(
      Effect.andThen(
        this.line.kind.clock.sleep(Duration.millis(deadline - this.line.now())),
        Effect.sync(() => this.ring())
      )
    )
  }

  private ring(): void {
    this.timer = undefined
    this.rings = Infinity
    const call = this.outstanding
    if (call === undefined) return
    if (call.deadline <= this.line.now()) this.settle(call, uncertain(call, "Timeout"))
    else this.watch(call)
  }

  private settle(call: Pending, exit: Exit.Exit<unknown, CallFailure>): void {
    this.outstanding = undefined
    this.isSettling = true
    this.kind.settled(this.line.self, call.action, exit, call.deadline - call.timeout)
    this.isSettling = false
    // The next call leaves before this one's caller goes on, which keeps calls in the order in which they were made.
    const refused: Array<Pending> = []
    let next = this.waiting.shift()
    while (next !== undefined && !this.kind.lets(this.line.self, next.action)) {
      refused.push(next)
      next = this.waiting.shift()
    }
    const left = refused.length + (next === undefined ? 0 : 1)
    if (left > 0) this.line.kind.meter?.change("ocpp_calls_waiting", -left)
    if (next === undefined) this.line.awaits = false
    else this.transmit(next)
    this.finish(call, exit)
    for (const other of refused) this.finish(other, Exit.fail(notSent(other.action, "NotAccepted")))
  }

  private finish(call: Pending, exit: Exit.Exit<unknown, CallFailure>): void {
    const { meter } = this.line.kind
    if (meter !== undefined) {
      const took = call.deadline === 0 ? 0 : this.line.now() - (call.deadline - call.timeout)
      meter.time("ocpp_call_duration_seconds", call.action, Telemetry.outcomeOf(exit), took)
    }
    call.resume?.(exit)
  }

  private enqueue(call: Pending): void {
    this.waiting.push(call)
    this.line.kind.meter?.change("ocpp_calls_waiting", 1)
  }

  private abandon(call: Pending): void {
    call.resume = undefined
    const index = this.waiting.indexOf(call)
    if (index < 0) return
    this.waiting.splice(index, 1)
    this.line.kind.meter?.change("ocpp_calls_waiting", -1)
  }

  /** A CALLRESULT came. */
  answered({ flaw, messageId, payload }: Frame.CallResult): void {
    const call = this.outstanding
    if (flaw !== undefined) this.line.report("MalformedFrame", flaw, { messageId })
    if (call?.messageId !== messageId) return flaw === undefined ? this.unexpected(messageId) : undefined
    const { action, response } = call
    if (flaw === undefined && response.accepts(payload)) return this.settle(call, Exit.succeed(payload))
    const read = flaw === undefined ? response.decode(payload, this.line.tolerance) : Result.fail(broken(flaw))
    if (Result.isSuccess(read)) {
      this.line.reportTolerated(read.success.tolerated, messageId, action)
      return this.settle(call, Exit.succeed(read.success.value))
    }
    const violations = read.failure
    this.line.report("InvalidResponse", "the answer breaks its schema", { messageId, action, violations })
    if (this.line.kind.protocol.framing.messageTypes.has(5)) this.line.refuseFor(5, messageId, violations)
    this.settle(call, Exit.fail(new InvalidResponse({ action, messageId, payload, violations })))
  }

  /** A CALLERROR came. */
  refused(frame: Frame.CallError): void {
    const call = this.outstanding
    if (call?.messageId !== frame.messageId) return this.unexpected(frame.messageId)
    if (frame.flaw !== undefined) this.line.report("MalformedFrame", frame.flaw, { messageId: frame.messageId })
    const { code, description, details } = frame
    this.settle(call, Exit.fail(new CallError({ code, description, details })))
  }

  private unexpected(messageId: string): void {
    this.line.report("UnexpectedAnswer", "an answer to no outstanding call was dropped", { messageId })
  }

  /** Ends all calls with the connection. */
  close(): void {
    const waiting = this.waiting.splice(0)
    const { outstanding } = this
    if (waiting.length > 0) this.line.kind.meter?.change("ocpp_calls_waiting", -waiting.length)
    if (outstanding !== undefined) this.settle(outstanding, uncertain(outstanding, "ConnectionLost"))
    for (const call of waiting) this.finish(call, notConnected(call))
    this.timer?.interruptUnsafe()
  }
}

const invalidRequest = (action: string, violations: ReadonlyArray<Violation>): NotSent =>
  new NotSent({ action, reason: "InvalidRequest", violations })

const badMessageId: ReadonlyArray<Violation> = [
  {
    path: "",
    rule: `a message id has 1 to ${Frame.maxMessageId} characters`,
    code: "PropertyConstraintViolation"
  }
]

const broken = (rule: string): ReadonlyArray<Violation> => [{ path: "", rule, code: "ProtocolError" }]

const notJson: ReadonlyArray<Violation> = [{ path: "", rule: "has no form in JSON", code: "FormatViolation" }]

const notSent = (action: string, reason: NotSent["reason"]): NotSent => new NotSent({ action, reason })

const notConnected = (call: Pending): Exit.Exit<never, NotSent> => Exit.fail(notSent(call.action, "NotConnected"))

const uncertain = (call: Pending, reason: "Timeout" | "ConnectionLost"): Exit.Exit<never, Uncertain> =>
  Exit.fail(new Uncertain({ action: call.action, messageId: call.messageId, reason }))
