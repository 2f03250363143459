/**
 * The engine: one symmetric peer that calls and answers over a carrier of messages.
 *
 * An engine is made once per kind of connection and opens any number of them. A message is handled where it arrives: an
 * answer completes its caller, a request runs its handler at once. An idle connection holds no fiber and no queue.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as Action from "../Action.ts"
import type { Caller, CallOptions } from "../Client.ts"
import * as Handlers from "../Handlers.ts"
import * as Alarms from "../internal/Alarms.ts"
import * as Memo from "../internal/Memo.ts"
import { escape } from "../Escape.ts"
import type { Deviation, DeviationKind } from "../Deviation.ts"
import * as Options from "../internal/Options.ts"
import { inRightCase } from "../internal/Repair.ts"
import type { CallFailure, NotSent } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import * as Tolerance from "../Tolerance.ts"
import { Calls, type CallSettings, defaultTimeout, type SharedCalls, type Started } from "./internal/Calls.ts"
import * as MessageCheck from "../MessageCheck.ts"
import { ConnectionBase, type Observer, type SharedConnections } from "./internal/ConnectionBase.ts"
import type { Carrier, Receiver } from "./Carrier.ts"
import { makeMeter } from "./internal/Meter.ts"
import type { MalformedMessage, Message } from "./Message.ts"
import {
  type Handled,
  type Permission,
  Requests,
  type RequestSettings,
  type SharedRequests,
  timeoutOf
} from "./internal/Requests.ts"
import * as Spans from "./internal/Spans.ts"
import { Enabled } from "./Telemetry.ts"

export type { CallSettings, Observer, Permission, RequestSettings }

/**
 * Opens connections of one kind.
 *
 * @category models
 * @since 0.1.0
 */
export interface Engine<in out Self> {
  /**
   * Takes over a carrier. `self` makes, from the new peer, what handlers get as their second argument and observers as
   * their first. Nothing is handled before the peer is told to listen.
   */
  readonly open: (carrier: Carrier, scope: Scope.Scope, self: (peer: Peer) => Self, options?: OpenOptions) => Self
}

/**
 * What is different about one connection.
 *
 * **Details**
 *
 * - `tolerance`: what is let through of what the peer gets wrong, by default nothing.
 * - `services`: what its handlers get beside the services of the engine.
 *
 * @category options
 * @since 0.1.0
 */
export interface OpenOptions {
  readonly tolerance?: Tolerance.Tolerance | undefined
  readonly services?: Context.Context<never> | undefined
}

/**
 * One end of a connection.
 *
 * @category models
 * @since 0.1.0
 */
export interface Peer extends Caller {
  /** Starts to handle what comes in, from the first message on. */
  readonly listen: () => void
  /** Closes the connection with a WebSocket close code. For this side it is closed at once. */
  readonly close: (code: number, reason: string) => void
  /**
   * Begins nothing new: requests of the peer are dropped, and calls fail as `NotSent`. Calls back once what is under way is
   * over, at once if nothing is.
   */
  readonly drain: (drained: () => void) => void
  /** Tells of a fault of the peer that the engine itself does not look for. */
  readonly report: (
    kind: DeviationKind,
    message: string,
    where?: Partial<Pick<Deviation, "messageId" | "action" | "violations">>
  ) => void
}

/**
 * How long a handler may take by these settings, in milliseconds.
 *
 * @internal
 */
export const requestTimeout = timeoutOf

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
export const retrying = <S extends Action.Side>(
  caller: Caller<S>,
  nextId: () => string,
  settings: CallSettings | undefined
): Caller<S> => ({
  call: (action, request, options) => {
    const schedule = options?.retry ?? settings?.retry
    if (schedule === undefined) return caller.call(action, request, options)
    return Effect.suspend(() => {
      const messageId = options?.messageId ?? nextId()
      return Effect.retry(caller.call(action, request, { ...options, messageId }), { schedule, while: isRepeatable })
    })
  }
})

const isRepeatable = (failure: CallFailure): boolean =>
  failure._tag === "Uncertain" || (failure._tag === "NotSent" && isPassing.has(failure.reason))

/** Why what was not sent may be sent later. */
const isPassing: ReadonlySet<NotSent["reason"]> = new Set(["NotConnected", "QueueFull", "Timeout"])

/**
 * Wraps the handlers of a set.
 *
 * @category models
 * @since 0.1.0
 */
export type Around = (handlers: Handlers.HandlerSet<string, unknown>) => Handlers.HandlerSet<string, unknown>

/**
 * Options of an engine.
 *
 * **Details**
 *
 * - `handlers`: what this side answers. A response that breaks its schema becomes an `InternalError`, and is logged.
 * - `around`: wraps the handlers, after their responses have been checked and so that they are checked only once. What it
 *   answers by itself has to be valid. It is asked for each action by itself, when the first request of it comes. Engines
 *   with the same function and the same handlers share what it makes.
 * - `lifetime`: closes with the station or the CSMS; what follows a `Reply.thenDetached` runs in it.
 * - `mayHandle`: whether a request of the peer may be handled now; all may by default. `request` gives it as a handler
 *   would get it, or `undefined` if it breaks its schema.
 * - `isSilent`: whether what cannot be handled is left without an answer now; by default it is answered.
 * - `maySend`: whether a call of this side may leave now; all may by default. One that waits for its turn is asked for
 *   when that comes.
 * - `onCallEnded`: is told how a call that was sent has ended, and when it was sent by the monotonic clock in
 *   milliseconds, before the next one leaves.
 *
 * @category options
 * @since 0.1.0
 */
export interface EngineOptions<Self, R> {
  readonly handlers: Handlers.HandlerSet<string, R>
  readonly around?: Around | undefined
  readonly nextId: () => string
  readonly lifetime: Scope.Scope
  readonly calls?: CallSettings | undefined
  readonly requests?: RequestSettings | undefined
  readonly observer: Observer<Self>
  readonly mayHandle?: SharedRequests<Self, R>["mayHandle"] | undefined
  readonly isSilent?: SharedRequests<Self, R>["isSilent"] | undefined
  readonly maySend?: SharedCalls<Self>["maySend"] | undefined
  readonly onCallEnded?: SharedCalls<Self>["onCallEnded"] | undefined
}

/**
 * Makes an engine for the side that its handlers are of. They run with the services that are present here.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* <Self, R>(options: EngineOptions<Self, R>) {
  const { calls = {}, handlers, nextId, requests = {} } = options
  const { protocol, side } = handlers
  const context = yield* Effect.context<R>()
  // Handlers get what they need from the context below.
  const handled = handledBy(handlers)(options.around ?? nothing) as SharedRequests<Self, R>["handled"]
  const started = startedBy[side](protocol)
  const engine: SharedByEngine<Self, R> = {
    connection: {
      protocol,
      observer: options.observer,
      meter: yield* makeMeter({ side, version: protocol.version }),
      context: Context.makeUnsafe(context.mapUnsafe),
      annotations: Context.get(context, References.CurrentLogAnnotations),
      run: Effect.runForkWith(context),
      clock: Context.get(context, Clock.Clock),
      alarms: Alarms.of(context)
    },
    calls: {
      maySend: options.maySend ?? always,
      onCallEnded: options.onCallEnded ?? untold,
      started,
      timeout: Options.millis("timeout", calls.timeout ?? defaultTimeout, 0, Infinity),
      responseTimeout:
        calls.responseTimeout === undefined ? undefined : Options.millis("responseTimeout", calls.responseTimeout, 0),
      queueLimit: Options.count("queueLimit", calls.queueLimit ?? 100, 0),
      nextId,
      hasSpans: Context.get(context, Enabled).spans
    },
    requests: {
      handled,
      mayHandle: options.mayHandle ?? granted,
      isSilent: options.isSilent ?? never,
      own: started,
      lifetime: options.lifetime,
      concurrency: Options.count("concurrency", requests.concurrency ?? 16, 1),
      queueLimit: Options.count("queueLimit", requests.queueLimit ?? 100, 0),
      timeout: timeoutOf(requests),
      isTraced: Spans.isTraced(context)
    }
  }
  const opens: Engine<Self> = {
    open: (carrier, scope, self, open = {}) => new Connection(engine, carrier, scope, self, open).self
  }
  return opens
})

const granted = (): Permission => "Granted"
const always = (): boolean => true
const never = (): boolean => false
const untold = (): void => {}

const nothing: Around = (handlers) => handlers

/** What answers the peer: each action is made when its first request comes, for that of most never does. */
class HandledActions {
  private readonly handlers: Handlers.HandlerSet<string, unknown>
  private readonly around: Around
  private readonly made = new Map<string, Handled<unknown>>()

  constructor(handlers: Handlers.HandlerSet<string, unknown>, around: Around) {
    this.handlers = handlers
    this.around = around
  }

  get(name: string): Handled<unknown> | undefined {
    const known = this.made.get(name)
    if (known !== undefined) return known
    const { handlers, protocol, side } = this.handlers
    const action = protocol.actions.find((one) => one.name === name && one.from !== side)
    if (action === undefined) return undefined
    const handler = handlers.get(name)
    const alone = handler === undefined ? [] : ([[name, handler]] as const)
    const wrapped = this.around(Handlers.map({ protocol, side, handlers: new Map(alone) }, MessageCheck.handlerOf))
    const handled = {
      handler: wrapped.handlers.get(name),
      request: MessageCheck.of(action.request),
      isAnswered: action.response !== undefined
    }
    this.made.set(name, handled)
    return handled
  }

  /** The name of the action that has this name in another case, if there is one. */
  rightCase(name: string): string | undefined {
    const { protocol, side } = this.handlers
    return rightCase[side](protocol)(name)
  }
}

/** Made once for a set of handlers and what is around them. */
const handledBy = Memo.perObject((handlers: Handlers.HandlerSet<string, unknown>) =>
  Memo.perObject((around: Around) => new HandledActions(handlers, around))
)

/** Finds the action that a side is asked for by this name in another case, if there is one. */
const rightCaseOf = (side: Action.Side) =>
  Memo.perObject(({ actions }: Protocol) =>
    inRightCase(actions.flatMap(({ from, name }) => (from === side ? [] : [name])))
  )

const rightCase = { station: rightCaseOf("station"), csms: rightCaseOf("csms") }

/** The actions that a side starts, made once for a version. */
const startedOf = (side: Action.Side) =>
  Memo.perObject(
    (protocol: Protocol): ReadonlyMap<string, Started> =>
      new Map(
        protocol.actions
          .filter((action) => Action.isStartedBy(action, side))
          .map((action) => [
            action.name,
            {
              action,
              request: MessageCheck.of(action.request),
              response: action.response === undefined ? undefined : MessageCheck.of(action.response)
            }
          ])
      )
  )

const startedBy = { station: startedOf("station"), csms: startedOf("csms") }

/** What all connections of an engine share. */
interface SharedByEngine<Self, R> {
  readonly connection: SharedConnections<Self, R>
  readonly calls: SharedCalls<Self>
  readonly requests: SharedRequests<Self, R>
}

class Connection<Self, R> extends ConnectionBase<Self, R> implements Peer, Receiver {
  readonly self: Self
  private readonly engine: SharedByEngine<Self, R>
  private madeCalls: Calls<Self, R> | undefined = undefined
  private madeRequests: Requests<Self, R> | undefined = undefined
  private onDrained: (() => void) | undefined = undefined

  constructor(
    engine: SharedByEngine<Self, R>,
    carrier: Carrier,
    scope: Scope.Scope,
    self: (peer: Peer) => Self,
    { services, tolerance = Tolerance.strict }: OpenOptions
  ) {
    super(engine.connection, carrier, scope, tolerance, services)
    this.engine = engine
    this.self = self(this)
    engine.connection.meter?.change("ocpp_connections", 1)
  }

  listen(): void {
    this.carrier.listen(this)
  }

  close(code: number, reason: string): void {
    this.carrier.close(code, reason)
    this.closed(code, reason)
  }

  drain(drained: () => void): void {
    this.isDraining = true
    this.onDrained = drained
    this.madeCalls?.drain()
    this.ended()
  }

  ended(): void {
    const { madeCalls, madeRequests, onDrained } = this
    if (onDrained === undefined) return
    const isIdle = madeCalls?.isIdle !== false && madeRequests?.isIdle !== false
    if (!isIdle && !this.isClosed) return
    this.onDrained = undefined
    onDrained()
  }

  call<A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options?: CallOptions
  ): Effect.Effect<Action.Response<A>, Action.Failure<A>> {
    return this.calls.call(action, request, options)
  }

  // Both are made on first use, for many connections are idle.
  private get calls(): Calls<Self, R> {
    return (this.madeCalls ??= new Calls(this, this.engine.calls))
  }

  private get requests(): Requests<Self, R> {
    return (this.madeRequests ??= new Requests(this, this.engine.requests))
  }

  message(message: Message, tolerated?: ReadonlyArray<Tolerance.Tolerated>, digits?: Tolerance.Digits): void {
    if (this.isClosed) return
    this.shared.observer.passed?.(this.self, "in")
    if (tolerated !== undefined) {
      const action = "action" in message ? message.action.slice(0, 64) : this.calls.actionOf(message.messageId)
      this.reportTolerated(tolerated, message.messageId, action)
    }
    switch (message._tag) {
      case "Call":
      case "Send":
        return this.requests.take(message, digits)
      case "CallResult":
        return this.calls.answered(message, digits)
      case "CallError":
        return this.calls.refused(message)
      case "CallResultError": {
        const { code, messageId } = message
        return this.report("RefusedAnswer", `an answer was refused: ${escape(code.slice(0, 64))}`, { messageId })
      }
    }
  }

  malformed({ answer, ends, flaw, kind, messageId }: MalformedMessage): void {
    if (this.isClosed) return
    this.shared.observer.passed?.(this.self, "in")
    this.report(kind, flaw, messageId === undefined ? {} : { messageId })
    if (ends !== undefined && messageId !== undefined) this.calls.broken(messageId, flaw, ends)
    // Who keeps silent does so whatever comes.
    if (answer === undefined || this.engine.requests.isSilent(this.self)) return
    this.refuse("CallError", answer.messageId, answer.code, answer.description)
  }

  unanswered(messageId: string, hasLeft: boolean): void {
    if (!this.isClosed) this.calls.unanswered(messageId, hasLeft)
  }

  dropped(kind: keyof typeof droppedFrames): void {
    if (this.isClosed) return
    this.shared.observer.passed?.(this.self, "in")
    this.report(kind, droppedFrames[kind])
  }

  closed(code: number, reason: string): void {
    if (this.isClosed) return
    this.isClosed = true
    this.shared.meter?.change("ocpp_connections", -1)
    this.madeCalls?.close()
    this.madeRequests?.close()
    this.shared.observer.closed(this.self, code, reason)
    this.ended()
  }
}

const droppedFrames = {
  BinaryFrame: "a binary frame was dropped",
  OversizedFrame: "a frame was over the size limit",
  InvalidFrame: "a frame broke the rules of WebSocket"
}
