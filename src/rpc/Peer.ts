/**
 * The engine of OCPP-J: one symmetric peer that calls and answers over a transport.
 *
 * An engine is made once per kind of connection and opens any number of them. A frame is handled where it arrives: an
 * answer completes its caller, a request runs its handler at once. An idle connection holds no fiber and no queue.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Result from "effect/Result"
import type * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import * as Action from "../Action.ts"
import type { Deviation, DeviationKind } from "../Deviation.ts"
import { CallError, type CallFailure, InvalidResponse, NotSent, Uncertain, type Violation } from "../OcppError.ts"
import * as Options from "../Options.ts"
import type { Caller, CallOptions, HandlerSet, Protocol, UntypedHandler } from "../Protocol.ts"
import { Reply } from "../Reply.ts"
import type { Listener, Transport } from "../Transport.ts"
import * as Tolerance from "../Tolerance.ts"
import * as Validation from "../Validation.ts"
import * as Frame from "./Frame.ts"
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

/**
 * How the requests of a peer are taken.
 *
 * **Details**
 *
 * - `concurrency`: how many requests of one connection are handled at a time, by default 16. Answers go out as they are
 *   ready, so a slow handler holds up no other; 1 handles the requests one after the other.
 * - `queueLimit`: how many more requests wait for their turn, by default 100. Beyond it nothing more is read from the
 *   connection, unless a call of this side waits for its answer there: then requests are refused instead.
 * - `maxDepth`: how deep a frame may be nested, by default 64 levels; a deeper one counts as malformed.
 *
 * @category options
 * @since 0.1.0
 */
export interface RequestSettings {
  readonly concurrency?: number | undefined
  readonly queueLimit?: number | undefined
  readonly maxDepth?: number | undefined
}

/**
 * Is told what happens on a connection, synchronously. `self` is what `open` was given for it.
 *
 * **Details**
 *
 * - `identity`: the station at one end of it, for spans and logs.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observer<in Self> {
  readonly identity: (self: Self) => string
  readonly frame?: ((self: Self, direction: "in" | "out", text: string) => void) | undefined
  readonly deviation: (self: Self, deviation: Deviation) => void
  readonly closed: (self: Self, code: number, reason: string) => void
}

/**
 * Opens connections of one kind.
 *
 * @category models
 * @since 0.1.0
 */
export interface Engine<in out Self> {
  /**
   * Takes over a transport. `self` makes, from the new peer, what handlers get as their second argument and observers
   * as their first. Nothing is handled before the peer is told to listen. `tolerance` is what is let through of what
   * the peer gets wrong, by default nothing.
   */
  readonly open: (
    transport: Transport,
    scope: Scope.Scope,
    self: (peer: Peer) => Self,
    tolerance?: Tolerance.Tolerance
  ) => Self
}

/**
 * One end of a connection.
 *
 * @category models
 * @since 0.1.0
 */
export interface Peer extends Caller {
  /** Starts to handle what comes in, from the first frame on. */
  readonly listen: () => void
  /** Closes the connection with a WebSocket close code. For this side it is closed at once. */
  readonly close: (code: number, reason: string) => void
}

/**
 * Makes a source of message ids that are unique over all connections of a side: a random part and a count.
 *
 * @see J16 §4.1.4, P4 table 4
 * @category constructors
 * @since 0.1.0
 */
export const makeIds: Effect.Effect<() => string> = Effect.map(Effect.all([Random.next, Random.next]), (parts) => {
  const prefix = parts.map((part) => Math.floor(part * 0x1_0000_0000).toString(36)).join("")
  let count = 0
  return () => `${prefix}-${++count}`
})

/**
 * Repeats calls by the schedule of the call or of the settings. All tries of a call carry one message id, by which the
 * peer can recognise them.
 *
 * @category combinators
 * @since 0.1.0
 */
export const retrying = (caller: Caller, nextId: () => string, settings: CallSettings | undefined): Caller => ({
  call: (action, request, options) => {
    const schedule = options?.retry ?? settings?.retry
    if (schedule === undefined) return caller.call(action, request, options)
    return Effect.suspend(() => {
      const messageId = options?.messageId ?? nextId()
      return Effect.retry(caller.call(action, request, { ...options, messageId }), { schedule, while: isRepeatable })
    })
  }
})

/**
 * Makes an engine for one side of a protocol. Its handlers run with the services that are present here.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* <Self, R>(options: {
  readonly side: Action.Side
  readonly handlers: HandlerSet<string, R>
  readonly nextId: () => string
  readonly calls?: CallSettings | undefined
  readonly requests?: RequestSettings | undefined
  readonly observer: Observer<Self>
}) {
  const context = yield* Effect.context<R>()
  const { calls = {}, requests = {} } = options
  const { protocol } = options.handlers
  const answered = new Map<string, Answered<R>>()
  const taken = new Map<string, Taken<R>>()
  const started = new Map<string, Started>()
  for (const action of protocol.actions) {
    const request = lazyCheck(action.request)
    const response = action.response === undefined ? undefined : lazyCheck(action.response)
    if (Action.isStartedBy(action, options.side)) started.set(action.name, { action, request, response })
    if (action.from === options.side) continue
    const handler = options.handlers.handlers.get(action.name)
    if (response === undefined) taken.set(action.name, { handler, request })
    else answered.set(action.name, { handler, request, response })
  }
  const kind: Kind<Self, R> = {
    protocol,
    answered,
    taken,
    started,
    observer: options.observer,
    timeout: Options.millis("timeout", calls.timeout ?? "30 seconds", 0),
    queueLimit: Options.count("queueLimit", calls.queueLimit ?? 100, 0),
    concurrency: Options.count("concurrency", requests.concurrency ?? 16, 1),
    parkLimit: Options.count("queueLimit", requests.queueLimit ?? 100, 0),
    maxDepth: Options.count("maxDepth", requests.maxDepth ?? Frame.defaultMaxDepth, 1),
    nextId: options.nextId,
    meter: yield* Telemetry.meter({ side: options.side, version: protocol.version }),
    hasSpans: Context.get(context, Telemetry.Enabled).spans,
    isTraced: Telemetry.isTraced(context),
    context,
    run: Effect.runForkWith(context),
    clock: Context.get(context, Clock.Clock)
  }
  const engine: Engine<Self> = {
    open: (transport, scope, self, tolerance = Tolerance.strict) =>
      new Connection(kind, transport, scope, self, tolerance).self
  }
  return engine
})

interface Check {
  readonly accepts: (value: unknown) => boolean
  readonly decode: ReturnType<typeof Tolerance.decode>
  readonly violations: (value: unknown) => ReadonlyArray<Violation>
}

// Compiled on first use, so that a connection of which only heartbeats are asked compiles only those.
const lazyCheck = (schema: Action.Message): Check => {
  let accepts: Check["accepts"] | undefined
  let decode: Check["decode"] | undefined
  let violations: Check["violations"] | undefined
  return {
    accepts: (value) => (accepts ??= Validation.is(schema))(value),
    decode: (value, tolerance) => (decode ??= Tolerance.decode(schema))(value, tolerance),
    violations: (value) => (violations ??= Validation.violations(schema))(value)
  }
}

/** An action that the peer starts. */
interface Taken<R> {
  readonly handler: UntypedHandler<R> | undefined
  readonly request: Check
}

/** An action that the peer starts and this side answers. */
interface Answered<R> extends Taken<R> {
  readonly response: Check
}

/** An action that this side starts; one without a response is a SEND. */
interface Started {
  readonly action: Action.Action
  readonly request: Check
  readonly response: Check | undefined
}

interface Kind<Self, R> {
  readonly protocol: Protocol
  readonly answered: ReadonlyMap<string, Answered<R>>
  readonly taken: ReadonlyMap<string, Taken<R>>
  readonly started: ReadonlyMap<string, Started>
  readonly observer: Observer<Self>
  readonly timeout: number
  readonly queueLimit: number
  readonly concurrency: number
  readonly parkLimit: number
  readonly maxDepth: number
  readonly nextId: () => string
  readonly meter: Telemetry.Meter | undefined
  /** Whether calls may have spans; the tracer is the caller's. */
  readonly hasSpans: boolean
  /** Whether handlers have spans. */
  readonly isTraced: boolean
  readonly context: Context.Context<R>
  readonly run: <A, E>(effect: Effect.Effect<A, E, R>) => Fiber.Fiber<A, E>
  readonly clock: Clock.Clock
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

class Connection<Self, R> implements Peer, Listener {
  readonly self: Self
  private readonly kind: Kind<Self, R>
  private readonly transport: Transport
  private readonly scope: Scope.Scope
  private readonly tolerance: Tolerance.Tolerance
  private outstanding: Pending | undefined = undefined
  private waiting: Array<Pending> | undefined = undefined
  private handling: Map<string, Fiber.Fiber<unknown, unknown>> | undefined = undefined
  private running = 0
  private parked: Array<Frame.Call | Frame.Send> | undefined = undefined
  private isHeld = false
  private logged: Set<string> | undefined = undefined
  private annotated: Kind<Self, R>["run"] | undefined = undefined
  private timer: Fiber.Fiber<void> | undefined = undefined
  private rings = Infinity
  private isClosed = false

  constructor(
    kind: Kind<Self, R>,
    transport: Transport,
    scope: Scope.Scope,
    self: (peer: Peer) => Self,
    tolerance: Tolerance.Tolerance
  ) {
    this.kind = kind
    this.transport = transport
    this.scope = scope
    this.tolerance = tolerance
    this.self = self(this)
    kind.meter?.change("ocpp_connections", 1)
  }

  listen(): void {
    this.transport.listen(this)
  }

  close(code: number, reason: string): void {
    this.transport.close(code, reason)
    this.closed(code, reason)
  }

  // ---- calls of this side

  call<A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options?: CallOptions
  ): Effect.Effect<Action.Response<A>, Action.Failure<A>> {
    if (!this.kind.hasSpans) return this.place(action, request, options)
    return Effect.withFiber((fiber) =>
      fiber.getRef(Tracer.Tracer) === Tracer.nativeTracer
        ? this.place(action, request, options)
        : Telemetry.traced(this.subject("client", action.name), (span) => this.place(action, request, options, span))
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
        this.kind.meter?.time("ocpp_call_duration_seconds", action.name, prepared._tag, 0)
        return resume(Exit.fail(prepared))
      }
      const { frame, messageId, response } = prepared
      span?.attribute("ocpp.message_id", messageId)
      if (response === undefined) {
        return resume(this.send(frame) ? Exit.void : Exit.fail(notSent(action.name, "NotConnected")))
      }
      const timeout = options?.timeout === undefined ? this.kind.timeout : Duration.toMillis(options.timeout)
      const call: Pending = { action: action.name, response, messageId, frame, timeout, deadline: 0, resume }
      if (this.outstanding === undefined) this.transmit(call)
      else this.enqueue(call)
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
    if (this.isClosed) return notSent(name, "NotConnected")
    // Only calls wait for their turn: a SEND may go at any time.
    const mustWait = response !== undefined && this.outstanding !== undefined
    if (mustWait && (this.waiting?.length ?? 0) >= this.kind.queueLimit) return notSent(name, "QueueFull")
    const messageId = options?.messageId ?? this.kind.nextId()
    if (messageId === "" || messageId.length > Frame.maxMessageId) return invalidRequest(name, badMessageId)
    const frame = response === undefined ? Frame.send(messageId, name, request) : Frame.call(messageId, name, request)
    return Result.isFailure(frame) ? invalidRequest(name, notJson) : { messageId, frame: frame.success, response }
  }

  private transmit(call: Pending): void {
    this.outstanding = call
    this.regulate()
    if (!this.send(call.frame)) {
      this.settle(call, notConnected(call))
    } else if (this.outstanding === call) {
      call.deadline = this.now() + call.timeout
      this.watch(call)
    }
  }

  // One timer serves call after call: an answer leaves it running, and when it rings it is set anew for the call that
  // is outstanding then.
  private watch({ deadline }: Pending): void {
    if (deadline >= this.rings) return
    this.timer?.interruptUnsafe()
    this.rings = deadline
    this.timer = this.kind.run(
      Effect.andThen(
        this.kind.clock.sleep(Duration.millis(deadline - this.now())),
        Effect.sync(() => this.ring())
      )
    )
  }

  private ring(): void {
    this.timer = undefined
    this.rings = Infinity
    const call = this.outstanding
    if (call === undefined) return
    if (call.deadline <= this.now()) this.settle(call, uncertain(call, "Timeout"))
    else this.watch(call)
  }

  private now(): number {
    return Number(this.kind.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  private settle(call: Pending, exit: Exit.Exit<unknown, CallFailure>): void {
    this.outstanding = undefined
    // The next call leaves before this one's caller goes on, which keeps calls in the order in which they were made.
    const next = this.waiting?.shift()
    if (next === undefined) {
      this.regulate()
    } else {
      this.kind.meter?.change("ocpp_calls_waiting", -1)
      this.transmit(next)
    }
    this.finish(call, exit)
  }

  private finish(call: Pending, exit: Exit.Exit<unknown, CallFailure>): void {
    const { meter } = this.kind
    if (meter !== undefined) {
      const took = call.deadline === 0 ? 0 : this.now() - (call.deadline - call.timeout)
      meter.time("ocpp_call_duration_seconds", call.action, Telemetry.outcomeOf(exit), took)
    }
    call.resume?.(exit)
  }

  private enqueue(call: Pending): void {
    ;(this.waiting ??= []).push(call)
    this.kind.meter?.change("ocpp_calls_waiting", 1)
  }

  private abandon(call: Pending): void {
    call.resume = undefined
    const index = this.waiting?.indexOf(call) ?? -1
    if (index < 0) return
    this.waiting?.splice(index, 1)
    this.kind.meter?.change("ocpp_calls_waiting", -1)
  }

  // ---- what comes in

  frame(text: string): void {
    if (this.isClosed) return
    this.kind.observer.frame?.(this.self, "in", text)
    const frame = Frame.parse(text, this.kind.protocol.framing.messageTypes, this.kind.maxDepth)
    switch (frame._tag) {
      case "Call":
      case "Send":
        return this.take(frame)
      case "CallResult":
        return this.onCallResult(frame)
      case "CallError":
        return this.onCallError(frame)
      case "CallResultError":
        return this.report("RefusedAnswer", `an answer was refused: ${frame.code}`, { messageId: frame.messageId })
      case "BadCall":
        this.report("MalformedFrame", frame.flaw, { messageId: frame.messageId })
        return this.refuse(4, frame.messageId, this.kind.protocol.framing.badCall, frame.flaw)
      case "UnknownMessageType":
        this.report("UnknownMessageType", "the message type is unknown", optionalId(frame.messageId))
        if (this.kind.protocol.framing.unknownMessageType === "answered") {
          const messageId = frame.messageId ?? this.kind.protocol.framing.unreadable
          if (messageId !== undefined) {
            this.refuse(4, messageId, "MessageTypeNotSupported", "the message type is unknown")
          }
        }
        return
      case "Malformed": {
        this.report("MalformedFrame", frame.flaw)
        const { unreadable } = this.kind.protocol.framing
        if (unreadable !== undefined && frame.kind === "other")
          this.refuse(4, unreadable, "RpcFrameworkError", frame.flaw)
        return
      }
    }
  }

  dropped(kind: keyof typeof droppedFrames): void {
    this.report(kind, droppedFrames[kind])
  }

  closed(code: number, reason: string): void {
    if (this.isClosed) return
    this.isClosed = true
    this.parked = undefined
    const waiting = this.waiting?.splice(0) ?? []
    const { outstanding } = this
    this.kind.meter?.change("ocpp_connections", -1)
    if (waiting.length > 0) this.kind.meter?.change("ocpp_calls_waiting", -waiting.length)
    if (outstanding !== undefined) this.settle(outstanding, uncertain(outstanding, "ConnectionLost"))
    for (const call of waiting) this.finish(call, notConnected(call))
    this.timer?.interruptUnsafe()
    if (this.handling !== undefined) {
      for (const fiber of this.handling.values()) fiber.interruptUnsafe()
    }
    this.kind.observer.closed(this.self, code, reason)
  }

  private onCallResult({ flaw, messageId, payload }: Frame.CallResult): void {
    const call = this.outstanding
    if (flaw !== undefined) this.report("MalformedFrame", flaw, { messageId })
    if (call?.messageId !== messageId) return flaw === undefined ? this.unexpected(messageId) : undefined
    const { action, response } = call
    if (flaw === undefined && response.accepts(payload)) return this.settle(call, Exit.succeed(payload))
    const read = flaw === undefined ? response.decode(payload, this.tolerance) : Result.fail(broken(flaw))
    if (Result.isSuccess(read)) {
      this.reportTolerated(read.success.tolerated, messageId, action)
      return this.settle(call, Exit.succeed(read.success.value))
    }
    const violations = read.failure
    this.report("InvalidResponse", "the answer breaks its schema", { messageId, action, violations })
    if (this.kind.protocol.framing.messageTypes.has(5)) this.refuseFor(5, messageId, violations)
    this.settle(call, Exit.fail(new InvalidResponse({ action, messageId, payload, violations })))
  }

  private onCallError(frame: Frame.CallError): void {
    const call = this.outstanding
    if (call?.messageId !== frame.messageId) return this.unexpected(frame.messageId)
    if (frame.flaw !== undefined) this.report("MalformedFrame", frame.flaw, { messageId: frame.messageId })
    const { code, description, details } = frame
    this.settle(call, Exit.fail(new CallError({ code, description, details })))
  }

  private unexpected(messageId: string): void {
    this.report("UnexpectedAnswer", "an answer to no outstanding call was dropped", { messageId })
  }

  // ---- requests of the peer

  private take(frame: Frame.Call | Frame.Send): void {
    if (this.running < this.kind.concurrency) return this.handle(frame)
    const parked = (this.parked ??= [])
    // To stop reading would keep back the answer that this side waits for, and with it the handlers that wait for it.
    if (parked.length >= this.kind.parkLimit && this.outstanding !== undefined) return this.overflow(frame)
    parked.push(frame)
    this.regulate()
  }

  private handle(frame: Frame.Call | Frame.Send): void {
    if (frame._tag === "Call") this.onCall(frame)
    else this.onSend(frame)
  }

  private overflow({ _tag, action, messageId }: Frame.Call | Frame.Send): void {
    const flaw = "too many requests are waiting"
    this.report("TooManyRequests", flaw, { messageId, action: action.slice(0, 64) })
    if (_tag === "Call") this.refuse(4, messageId, "GenericError", flaw)
  }

  /** Stops reading while too many requests wait, and goes on when half of them are gone. */
  private regulate(): void {
    if (this.parked === undefined) return
    const { length } = this.parked
    const isFull = length >= this.kind.parkLimit || (this.isHeld && length > this.kind.parkLimit / 2)
    const hold = isFull && this.outstanding === undefined
    if (hold === this.isHeld) return
    this.isHeld = hold
    if (hold) this.transport.pause()
    else this.transport.resume()
  }

  /** Counts a handler that takes its time, and makes room for the next once it is done. */
  private track(fiber: Fiber.Fiber<unknown, unknown>): void {
    this.running++
    fiber.addObserver(() => {
      this.running--
      while (this.parked !== undefined && this.running < this.kind.concurrency) {
        const next = this.parked.shift()
        if (next === undefined) break
        this.handle(next)
      }
      this.regulate()
    })
  }

  private onCall(frame: Frame.Call): void {
    const { action, messageId } = frame
    const answered = this.kind.answered.get(action)
    if (answered === undefined) {
      this.reportUnknown(frame)
      return this.refuse(4, messageId, this.kind.started.has(action) ? "NotSupported" : "NotImplemented", "")
    }
    const { handler, response } = answered
    const began = this.kind.meter === undefined ? 0 : this.now()
    if (handler === undefined) return this.refuse(4, messageId, "NotSupported", "")
    if (this.handling?.has(messageId) === true) {
      return this.report("DuplicateMessageId", "a request with this id is being handled", { messageId, action })
    }
    const read = this.read(frame, answered)
    if (Result.isFailure(read)) return this.refuseFor(4, messageId, read.failure)
    const fiber = this.serve(frame, handler, read.success)
    const done = fiber.pollUnsafe()
    if (done !== undefined) return this.answer(frame, response, done, began)
    const handling = (this.handling ??= new Map())
    handling.set(messageId, fiber)
    fiber.addObserver((exit) => {
      handling.delete(messageId)
      this.answer(frame, response, exit, began)
    })
    this.track(fiber)
  }

  private onSend(frame: Frame.Send): void {
    const taken = this.kind.taken.get(frame.action)
    if (taken === undefined) return this.reportUnknown(frame)
    const { handler } = taken
    const read = this.read(frame, taken)
    if (handler === undefined || Result.isFailure(read)) return
    const fiber = this.serve(frame, handler, read.success)
    fiber.addObserver((exit) => {
      if (Exit.isFailure(exit) && !this.isClosed) this.log(`the handler of ${frame.action} failed`, exit.cause)
    })
    if (fiber.pollUnsafe() === undefined) this.track(Fiber.runIn(fiber, this.scope))
  }

  /** Runs a handler, whose logs and spans tell for whom. */
  private serve(
    { action, messageId }: Frame.Call | Frame.Send,
    handler: UntypedHandler<R>,
    request: unknown
  ): Fiber.Fiber<unknown, CallError> {
    const handling = Effect.suspend(() => handler(request, this.self))
    if (!this.kind.isTraced) return this.run(handling)
    return this.run(
      Telemetry.traced(this.subject("server", action), (span) => {
        span.attribute("ocpp.message_id", messageId)
        return handling
      })
    )
  }

  /** What runs for the peer names it in its logs; a connection on which nothing is asked pays nothing for it. */
  private get run(): Kind<Self, R>["run"] {
    return (this.annotated ??= Effect.runForkWith(
      Context.add(this.kind.context, References.CurrentLogAnnotations, {
        ...Context.get(this.kind.context, References.CurrentLogAnnotations),
        "ocpp.identity": this.identity
      })
    ))
  }

  private subject(kind: "client" | "server", action: string): Telemetry.Subject {
    return { kind, action, version: this.kind.protocol.version, identity: this.identity }
  }

  private get identity(): string {
    return this.kind.observer.identity(this.self)
  }

  private reportUnknown({ action, messageId }: Frame.Call | Frame.Send): void {
    const flaw = this.kind.started.has(action) ? "the action is not the sender's to start" : "the action is unknown"
    this.report("UnknownAction", flaw, { messageId, action: action.slice(0, 64) })
  }

  private read(
    { action, messageId, payload }: Frame.Call | Frame.Send,
    { request }: Taken<R>
  ): Result.Result<unknown, ReadonlyArray<Violation>> {
    if (request.accepts(payload)) return Result.succeed(payload)
    const read = request.decode(payload, this.tolerance)
    if (Result.isSuccess(read)) {
      this.reportTolerated(read.success.tolerated, messageId, action)
      return Result.succeed(read.success.value)
    }
    this.report("InvalidRequest", "the request breaks its schema", { messageId, action, violations: read.failure })
    return Result.fail(read.failure)
  }

  private reportTolerated(tolerated: ReadonlyArray<Tolerance.Tolerated>, messageId: string, action: string): void {
    if (tolerated.length === 0) return
    for (const [kind, faults] of Map.groupBy(tolerated, (fault) => fault.kind)) {
      const violations = faults.map(({ violation }) => violation)
      this.report(kind, "a fault was let through", { messageId, action, violations })
    }
  }

  private answer(frame: Frame.Call, check: Check, exit: Exit.Exit<unknown, CallError>, began: number): void {
    if (this.isClosed) return
    const { action, messageId } = frame
    const { meter } = this.kind
    if (meter !== undefined) {
      const outcome = Exit.isSuccess(exit) ? "Success" : "CallError"
      meter.time("ocpp_request_duration_seconds", action, outcome, this.now() - began)
    }
    if (Exit.isFailure(exit)) return this.fail(messageId, action, exit.cause)
    const { value } = exit
    const response = value instanceof Reply ? value.response : value
    if (!check.accepts(response)) {
      this.log(`the handler of ${action} gave an invalid response`, check.violations(response))
      return this.refuse(4, messageId, "InternalError", "")
    }
    const text = Frame.callResult(messageId, response)
    if (Result.isFailure(text)) {
      this.log(`the response of ${action} has no form in JSON`, text.failure)
      return this.refuse(4, messageId, "InternalError", "")
    }
    if (this.send(text.success) && value instanceof Reply) {
      Fiber.runIn(this.run(value.afterwards), this.scope)
    }
  }

  private fail(messageId: string, action: string, cause: Cause.Cause<CallError>): void {
    const error = Cause.findErrorOption(cause)
    if (Option.isSome(error)) {
      return this.refuse(4, messageId, error.value.code, error.value.description, error.value.details)
    }
    this.log(`the handler of ${action} failed`, cause)
    this.refuse(4, messageId, "InternalError", "")
  }

  private refuseFor(type: 4 | 5, messageId: string, [first]: ReadonlyArray<Violation>): void {
    const { code, path, rule } = first ?? { code: "FormatViolation", path: "", rule: "" }
    this.refuse(type, messageId, code, path === "" ? rule : `${path}: ${rule}`)
  }

  private refuse(
    type: 4 | 5,
    messageId: string,
    code: string,
    description: string,
    details: Record<string, unknown> = {}
  ): void {
    const { spelling } = this.kind.protocol.framing
    const spelt = Object.hasOwn(spelling, code) ? (spelling[code as keyof typeof spelling] ?? code) : code
    const text = Frame.error(type, messageId, spelt, description, details)
    if (Result.isSuccess(text)) this.send(text.success)
    else this.refuse(type, messageId, code, description)
  }

  private send(text: string): boolean {
    if (this.isClosed || !this.transport.send(text)) return false
    this.kind.observer.frame?.(this.self, "out", text)
    return true
  }

  private report(
    kind: DeviationKind,
    message: string,
    where: Partial<Pick<Deviation, "messageId" | "action" | "violations">> = {}
  ): void {
    const deviation: Deviation = { kind, message, violations: [], ...where }
    this.kind.meter?.count("ocpp_deviations", "kind", kind)
    this.kind.observer.deviation(this.self, deviation)
    this.logOnce(deviation)
  }

  /** A peer that breaks the protocol mostly goes on to do so, so the log tells of each kind once in a connection. */
  private logOnce({ action = "", kind, message, violations }: Deviation): void {
    const logged = (this.logged ??= new Set())
    const key = `${kind} ${action}`
    if (logged.has(key) || logged.size >= mostLogged) return
    logged.add(key)
    const where = violations.slice(0, 3).map(({ path, rule }) => `${path}: ${rule}`)
    // The names are the peer's, who shall not write lines of its own into the log.
    const text = JSON.stringify([kind, action, message, ...where].filter(Boolean).join(", ")).slice(1, -1)
    this.run(Effect.logWarning(`the peer broke the protocol: ${text}`))
  }

  private log(message: string, detail: unknown): void {
    this.run(Effect.logError(message, detail))
  }
}

const mostLogged = 64

const droppedFrames = {
  BinaryFrame: "a binary frame was dropped",
  OversizedFrame: "a frame was over the size limit",
  InvalidFrame: "a frame broke the rules of WebSocket"
}

const isRepeatable = (failure: CallFailure): boolean =>
  failure._tag === "Uncertain" ||
  (failure._tag === "NotSent" && (failure.reason === "NotConnected" || failure.reason === "QueueFull"))

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

const optionalId = (messageId: string | undefined): { readonly messageId?: string } =>
  messageId === undefined ? {} : { messageId }
