/**
 * The engine of OCPP-J: one symmetric peer that calls and answers over a transport.
 *
 * An engine is made once per kind of connection and opens any number of them. A frame is handled where it arrives: an
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
import type { CallFailure, ErrorCode } from "../OcppError.ts"
import * as Options from "../internal/Options.ts"
import type { Caller, CallOptions, HandlerSet } from "../Protocol.ts"
import * as Tolerance from "../Tolerance.ts"
import type { Listener, Transport } from "../Transport.ts"
import { type CallKind, Calls, type CallSettings, type Started } from "./Calls.ts"
import * as Check from "./Check.ts"
import * as Frame from "./Frame.ts"
import { type Kind, Line, type Observer } from "./Line.ts"
import {
  type Admission,
  type Answered,
  type RequestKind,
  Requests,
  type RequestSettings,
  type Taken
} from "./Requests.ts"
import * as Telemetry from "./Telemetry.ts"

export type { Admission, CallSettings, Observer, RequestSettings }

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
 * **Details**
 *
 * - `admits`: whether a request of the peer may be handled now; all may by default. `request` gives it as a handler would
 *   get it, or `undefined` if it breaks its schema.
 * - `isSilent`: whether what cannot be handled is left without an answer now; by default it is answered.
 * - `lets`: whether a call of this side may leave now; all may by default. One that waits for its turn is asked for when
 *   that comes.
 * - `settled`: is told how a call that was sent has ended, and when it was sent by the monotonic clock in milliseconds,
 *   before the next one leaves.
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
  readonly admits?: RequestKind<Self, R>["admits"] | undefined
  readonly isSilent?: RequestKind<Self, R>["isSilent"] | undefined
  readonly lets?: CallKind<Self>["lets"] | undefined
  readonly settled?: CallKind<Self>["settled"] | undefined
}) {
  const { calls = {}, handlers, nextId, observer, requests = {}, side } = options
  const { admits = passAll, isSilent = neverSilent, lets = letAll, settled = untold } = options
  const { protocol } = handlers
  const context = yield* Effect.context<R>()
  const answered = new Map<string, Answered<R>>()
  const taken = new Map<string, Taken<R>>()
  const started = new Map<string, Started>()
  for (const action of protocol.actions) {
    const request = Check.lazy(action.request)
    const response = action.response === undefined ? undefined : Check.lazy(action.response)
    if (Action.isStartedBy(action, side)) started.set(action.name, { action, request, response })
    if (action.from === side) continue
    const handler = handlers.handlers.get(action.name)
    if (response === undefined) taken.set(action.name, { handler, request })
    else answered.set(action.name, { handler, request, response })
  }
  const shared: Shared<Self, R> = {
    line: {
      protocol,
      observer,
      meter: yield* Telemetry.meter({ side, version: protocol.version }),
      context: Context.makeUnsafe(context.mapUnsafe),
      annotations: Context.get(context, References.CurrentLogAnnotations),
      run: Effect.runForkWith(context),
      clock: Context.get(context, Clock.Clock)
    },
    calls: {
      lets,
      settled,
      started,
      timeout: Options.millis("timeout", calls.timeout ?? "30 seconds", 0),
      queueLimit: Options.count("queueLimit", calls.queueLimit ?? 100, 0),
      nextId,
      hasSpans: Context.get(context, Telemetry.Enabled).spans
    },
    requests: {
      answered,
      taken,
      admits,
      isSilent,
      own: started,
      concurrency: Options.count("concurrency", requests.concurrency ?? 16, 1),
      queueLimit: Options.count("queueLimit", requests.queueLimit ?? 100, 0),
      isTraced: Telemetry.isTraced(context)
    },
    maxDepth: Options.count("maxDepth", requests.maxDepth ?? Frame.defaultMaxDepth, 1, 1000)
  }
  const engine: Engine<Self> = {
    open: (transport, scope, self, tolerance = Tolerance.strict) =>
      new Connection(shared, transport, scope, self, tolerance).self
  }
  return engine
})

const passAll = (): Admission => "Pass"
const neverSilent = (): boolean => false
const letAll = (): boolean => true
const untold = (): void => {}

/** What all connections of an engine share. */
interface Shared<Self, R> {
  readonly line: Kind<Self, R>
  readonly calls: CallKind<Self>
  readonly requests: RequestKind<Self, R>
  readonly maxDepth: number
}

class Connection<Self, R> extends Line<Self, R> implements Peer, Listener {
  readonly self: Self
  private readonly engine: Shared<Self, R>
  private madeCalls: Calls<Self, R> | undefined = undefined
  private madeRequests: Requests<Self, R> | undefined = undefined

  constructor(
    engine: Shared<Self, R>,
    transport: Transport,
    scope: Scope.Scope,
    self: (peer: Peer) => Self,
    tolerance: Tolerance.Tolerance
  ) {
    super(engine.line, transport, scope, tolerance)
    this.engine = engine
    this.self = self(this)
    engine.line.meter?.change("ocpp_connections", 1)
  }

  listen(): void {
    this.transport.listen(this)
  }

  close(code: number, reason: string): void {
    this.transport.close(code, reason)
    this.closed(code, reason)
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

  frame(text: string): void {
    if (this.isClosed) return
    this.kind.observer.frame?.(this.self, "in", text)
    const frame = Frame.parse(text, this.kind.protocol.framing.messageTypes, this.engine.maxDepth)
    switch (frame._tag) {
      case "Call":
      case "Send":
        return this.requests.take(frame)
      case "CallResult":
        return this.calls.answered(frame)
      case "CallError":
        return this.calls.refused(frame)
      case "CallResultError":
        return this.report("RefusedAnswer", `an answer was refused: ${frame.code}`, { messageId: frame.messageId })
      case "BadCall":
        this.report("MalformedFrame", frame.flaw, { messageId: frame.messageId })
        return this.refuseFrame(frame.messageId, this.kind.protocol.framing.badCall, frame.flaw)
      case "UnknownMessageType":
        this.report("UnknownMessageType", "the message type is unknown", optionalId(frame.messageId))
        if (this.kind.protocol.framing.unknownMessageType === "answered") {
          const messageId = frame.messageId ?? this.kind.protocol.framing.unreadable
          if (messageId !== undefined) {
            this.refuseFrame(messageId, "MessageTypeNotSupported", "the message type is unknown")
          }
        }
        return
      case "Malformed": {
        this.report("MalformedFrame", frame.flaw)
        const { unreadable } = this.kind.protocol.framing
        if (unreadable !== undefined && frame.kind === "other")
          this.refuseFrame(unreadable, "RpcFrameworkError", frame.flaw)
        return
      }
    }
  }

  /** Who keeps silent does so whatever comes. */
  private refuseFrame(messageId: string, code: ErrorCode, flaw: string): void {
    if (!this.engine.requests.isSilent(this.self)) this.refuse(4, messageId, code, flaw)
  }

  dropped(kind: keyof typeof droppedFrames): void {
    this.report(kind, droppedFrames[kind])
  }

  closed(code: number, reason: string): void {
    if (this.isClosed) return
    this.isClosed = true
    this.kind.meter?.change("ocpp_connections", -1)
    this.madeCalls?.close()
    this.madeRequests?.close()
    this.kind.observer.closed(this.self, code, reason)
  }
}

const droppedFrames = {
  BinaryFrame: "a binary frame was dropped",
  OversizedFrame: "a frame was over the size limit",
  InvalidFrame: "a frame broke the rules of WebSocket"
}

const isRepeatable = (failure: CallFailure): boolean =>
  failure._tag === "Uncertain" ||
  (failure._tag === "NotSent" && (failure.reason === "NotConnected" || failure.reason === "QueueFull"))

const optionalId = (messageId: string | undefined): { readonly messageId?: string } =>
  messageId === undefined ? {} : { messageId }
