/**
 * The requests of the peer: a bounded number of handlers at a time, the others in a queue.
 */
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { ReceivedRequest } from "../../Exchange.ts"
import type { UntypedHandler } from "../../Handlers.ts"
import * as Alarms from "../../internal/Alarms.ts"
import { digest } from "../../internal/Digest.ts"
import * as Options from "../../internal/Options.ts"
import { CallError, type Violation } from "../../OcppError.ts"
import { Reply, responseOf } from "../../Reply.ts"
import type { Decoded, Digits, Tolerated } from "../../Tolerance.ts"
import type { MessageCheck } from "../../MessageCheck.ts"
import type { ConnectionBase } from "./ConnectionBase.ts"
import type { CallMessage, SendMessage } from "../Message.ts"
import * as Spans from "./Spans.ts"

/**
 * How the requests of a peer are taken.
 *
 * **Details**
 *
 * - `concurrency`: how many requests of one connection are handled at a time, by default 16. Answers go out as they are
 *   ready, so a slow handler holds up no other; 1 handles the requests one after the other.
 * - `queueLimit`: how many more requests wait for their turn, by default 100. Beyond it nothing more is read from the
 *   connection, unless a call of this side waits for its answer there: then requests are refused instead.
 * - `timeout`: how long a handler may take, by default 60 seconds, for by then nobody waits for its answer any longer. Then
 *   it is interrupted, which is logged, and its request is answered with an `InternalError`. What follows a `Reply.then` is
 *   not limited.
 * - `maxDepth`: how deep a message may be nested, by default 64 levels, at most 1,000; a deeper one counts as malformed.
 * - `maxFields`: how many fields one object of a message may have, by default 10,000; one with more counts as malformed.
 *   Those of small messages are not counted.
 *
 * @category options
 * @since 0.1.0
 */
export interface RequestSettings {
  readonly concurrency?: number | undefined
  readonly queueLimit?: number | undefined
  readonly timeout?: Duration.Input | undefined
  readonly maxDepth?: number | undefined
  readonly maxFields?: number | undefined
}

/** How long a handler may take, in milliseconds. */
export const timeoutOf = ({ timeout = "60 seconds" }: RequestSettings): number =>
  Options.millis("timeout", timeout, 1, Infinity)

/** An action that the peer starts; one that is not answered is a SEND. */
export interface Handled<R> {
  readonly handler: UntypedHandler<R> | undefined
  readonly request: MessageCheck
  readonly isAnswered: boolean
}

/**
 * Whether a request of the peer may be handled now.
 *
 * **Details**
 *
 * - `Granted`: it is handled.
 * - `NotAccepted`: it is refused with a SecurityError, because the CSMS has not accepted the station.
 * - `NotKnown`: it is refused alike, because this side does not know whether the station is accepted. The log does not
 *   call that a fault of the peer.
 *
 * @category models
 * @since 0.1.0
 */
export type Permission = "Granted" | "NotAccepted" | "NotKnown"

/** What the requests of all connections of an engine share. */
export interface SharedRequests<Self, R> {
  /** The actions that are the peer's to start. */
  readonly handled: {
    readonly get: (action: string) => Handled<R> | undefined
    /** The name of the action that has this name in another case, if there is one. */
    readonly rightCase: (action: string) => string | undefined
  }
  readonly mayHandle: (self: Self, action: string, request: () => unknown) => Permission
  readonly isSilent: (self: Self) => boolean
  /** The names of the actions that are this side's to start. */
  readonly own: { readonly has: (action: string) => boolean }
  /** Closes with the station or the CSMS. */
  readonly lifetime: Scope.Scope
  readonly concurrency: number
  readonly queueLimit: number
  /** How long a handler may take, in milliseconds. */
  readonly timeout: number
  /** Whether handlers have spans. */
  readonly isTraced: boolean
}

const wrongCase: Tolerated = {
  kind: "WrongCase",
  violation: { path: "[2]", rule: "expected an action of the version", code: "NotImplemented" }
}

type Read = Result.Result<Decoded, ReadonlyArray<Violation>>

/** A request from its arrival to its answer. */
interface Incoming {
  readonly message: CallMessage | SendMessage
  readonly digits: Digits | undefined
  /** In milliseconds since 1970-01-01T00:00:00Z. */
  readonly receivedAt: number
  /** By the monotonic clock in milliseconds; 0 if it is not counted. */
  readonly at: number
  /** What the payload is, once it was read. */
  read: Read | undefined
}

/** A request whose handler has yet to answer. */
interface Handling {
  readonly call: CallMessage
  readonly fiber: Fiber.Fiber<unknown, unknown>
}

/** Whether two requests are the same one, sent twice. */
const isSame = (one: CallMessage, other: CallMessage): boolean =>
  one.action === other.action && digest(one.payload) === digest(other.payload)

export class Requests<Self, R> {
  private readonly connection: ConnectionBase<Self, R>
  private readonly shared: SharedRequests<Self, R>
  /** What is being handled, by its message id; a peer may use one for several. */
  private handling: Map<string, ReadonlyArray<Handling>> | undefined = undefined
  private running = 0
  private waiting: Array<Incoming> = []

  constructor(connection: ConnectionBase<Self, R>, shared: SharedRequests<Self, R>) {
    this.connection = connection
    this.shared = shared
  }

  get isIdle(): boolean {
    return this.running === 0 && this.waiting.length === 0
  }

  take(came: CallMessage | SendMessage, digits: Digits | undefined): void {
    // The connection is about to close, and a peer repeats what was not answered by then.
    if (this.connection.isDraining) return
    const { clock, meter } = this.connection.shared
    const message = this.inRightCase(came)
    const incoming: Incoming = {
      message,
      digits,
      receivedAt: clock.currentTimeMillisUnsafe(),
      at: meter === undefined ? 0 : this.connection.now(),
      read: undefined
    }
    const permission = this.shared.mayHandle(this.connection.self, message.action, () => this.peek(incoming))
    if (permission !== "Granted") return this.bar(message, permission)
    if (this.running < this.shared.concurrency) return this.handle(incoming)
    if (this.waiting.length >= this.shared.queueLimit && this.connection.awaits) return this.overflow(message)
    this.waiting.push(incoming)
    this.judge()
  }

  /** The message with the name that its action has, where it came in another case and that is let through. */
  private inRightCase<M extends CallMessage | SendMessage>(message: M): M {
    const { handled } = this.shared
    const { action, messageId } = message
    if (!this.connection.tolerance.has("WrongCase") || handled.get(action) !== undefined) return message
    const right = handled.rightCase(action)
    if (right === undefined) return message
    this.connection.reportTolerated([wrongCase], messageId, right)
    return { ...message, action: right }
  }

  /** Forgets all requests with the connection. */
  close(): void {
    this.waiting = []
    // What is no longer read would not hear of its end.
    this.connection.crowded = false
    if (this.handling === undefined) return
    for (const { fiber } of Array.from(this.handling.values()).flat()) fiber.interruptUnsafe()
  }

  private handle(incoming: Incoming): void {
    if (incoming.message._tag === "Call") this.onCall(incoming.message, incoming)
    else this.onSend(incoming.message, incoming)
  }

  private bar(
    { _tag, action, messageId }: CallMessage | SendMessage,
    permission: Exclude<Permission, "Granted">
  ): void {
    const isKnown = permission === "NotAccepted"
    const flaw = isKnown ? "the station is not accepted" : "no registration of the station is on record"
    const where = { messageId, action: action.slice(0, 64) }
    this.connection.report("NotAccepted", flaw, where, isKnown ? undefined : "a request was refused")
    if (_tag === "Call" && !this.shared.isSilent(this.connection.self)) this.refuse(messageId, "SecurityError", flaw)
  }

  private overflow({ _tag, action, messageId }: CallMessage | SendMessage): void {
    const flaw = "too many requests are waiting"
    this.connection.report("TooManyRequests", flaw, { messageId, action: action.slice(0, 64) })
    if (_tag === "Call") this.refuse(messageId, "GenericError", flaw)
  }

  private refuse(messageId: string, code: string, description: string): void {
    this.connection.refuse("CallError", messageId, code, description)
  }

  /** It is crowded from when the queue is full until half of it is gone. */
  private judge(): void {
    const { length } = this.waiting
    const least = this.connection.crowded ? Math.floor(this.shared.queueLimit / 2) + 1 : this.shared.queueLimit
    const isCrowded = length >= Math.max(1, least)
    if (isCrowded !== this.connection.crowded) this.connection.crowded = isCrowded
  }

  /** Counts a handler that takes its time, ends it if it takes too long, and makes room for the next once it is done. */
  private track(fiber: Fiber.Fiber<unknown, unknown>): void {
    this.running++
    Alarms.limit(this.connection.shared.alarms, fiber, this.shared.timeout, () => fiber.interruptUnsafe())
    fiber.addObserver(() => {
      this.running--
      while (this.running < this.shared.concurrency) {
        const next = this.waiting.shift()
        if (next === undefined) break
        this.handle(next)
      }
      this.judge()
      this.connection.ended()
    })
  }

  private onCall(call: CallMessage, incoming: Incoming): void {
    const { action, messageId } = call
    const handled = this.shared.handled.get(action)
    if (handled?.isAnswered !== true) {
      this.reportUnknown(call)
      const { version } = this.connection.shared.protocol
      return this.shared.own.has(action)
        ? this.refuse(messageId, "NotSupported", `${action} is not the sender's to start in OCPP ${version}`)
        : // What may be no name at all is not sent back.
          this.refuse(messageId, "NotImplemented", `OCPP ${version} has no request of this name`)
    }
    const { handler } = handled
    if (handler === undefined) {
      const { version } = this.connection.shared.protocol
      this.refuse(messageId, "NotSupported", `${action} of OCPP ${version} has no handler here`)
      return this.time(incoming, "CallError")
    }
    const others = this.handling?.get(messageId)
    if (others !== undefined) {
      // Sent again, it gets the answer of the first.
      if (others.some((other) => isSame(other.call, call))) return
      this.connection.report("DuplicateMessageId", "another request has this id", { messageId, action })
    }
    const read = this.read(incoming, handled)
    if (Result.isFailure(read)) {
      this.connection.refuseFor("CallError", messageId, read.failure)
      return this.time(incoming, "CallError")
    }
    const served = this.serve(incoming, handler, read.success.value)
    if (Exit.isExit(served)) return this.answer(incoming, served)
    const done = served.pollUnsafe()
    if (done !== undefined) return this.answer(incoming, done)
    // The handler may have closed the connection.
    if (this.connection.isClosed) return served.interruptUnsafe()
    this.keep({ call, fiber: served })
    served.addObserver((exit) => this.answer(incoming, exit))
    this.track(served)
  }

  /** Keeps a request as long as it is being handled. */
  private keep(kept: Handling): void {
    const handling: Map<string, ReadonlyArray<Handling>> = (this.handling ??= new Map())
    const { messageId } = kept.call
    handling.set(messageId, [...(handling.get(messageId) ?? []), kept])
    kept.fiber.addObserver(() => {
      const others = handling.get(messageId)!.filter((other) => other !== kept)
      if (others.length === 0) handling.delete(messageId)
      else handling.set(messageId, others)
    })
  }

  private onSend(send: SendMessage, incoming: Incoming): void {
    const handled = this.shared.handled.get(send.action)
    if (handled?.isAnswered !== false) return this.reportUnknown(send)
    const { handler } = handled
    const read = this.read(incoming, handled)
    if (handler === undefined || Result.isFailure(read)) return
    const served = this.serve(incoming, handler, read.success.value)
    const ended = (exit: Exit.Exit<unknown, unknown>): void => {
      if (Exit.isFailure(exit) && !this.connection.isClosed) this.logFailure(send.action, exit.cause)
    }
    if (Exit.isExit(served)) return ended(served)
    served.addObserver(ended)
    if (served.pollUnsafe() === undefined) this.track(Fiber.runIn(served, this.connection.scope))
  }

  /** Runs a handler, whose logs and spans tell for whom. One that has its answer at once needs no fiber. */
  private serve(
    { message, receivedAt }: Incoming,
    handler: UntypedHandler<R>,
    request: unknown
  ): Exit.Exit<unknown, CallError> | Fiber.Fiber<unknown, CallError> {
    const { action, messageId } = message
    const { identity, self, shared } = this.connection
    const exchange: ReceivedRequest = { version: shared.protocol.version, identity, action, messageId, receivedAt }
    if (this.shared.isTraced) {
      return this.connection.run(
        Spans.handling(this.connection.subject("server", action), messageId, () => handler(request, self, exchange))
      )
    }
    const handling = Result.try({
      try: (): Effect.Effect<unknown, CallError, R> => handler(request, self, exchange),
      catch: (defect) => Exit.die(defect)
    })
    if (Result.isFailure(handling)) return handling.failure
    const effect = handling.success
    // An exit that is returned as an effect has the error type of the effect.
    return Exit.isExit(effect) ? (effect as Exit.Exit<unknown, CallError>) : this.connection.run(effect)
  }

  private reportUnknown({ action, messageId }: CallMessage | SendMessage): void {
    const flaw = this.shared.own.has(action) ? "the action is not the sender's to start" : "the action is unknown"
    this.connection.report("UnknownAction", flaw, { messageId, action: action.slice(0, 64) })
  }

  private decode(incoming: Incoming, { request }: Handled<R>): Read {
    return (incoming.read ??= request.read(incoming.message.payload, this.connection.tolerance, incoming.digits))
  }

  private read(incoming: Incoming, handled: Handled<R>): Read {
    const read = this.decode(incoming, handled)
    const { action, messageId } = incoming.message
    if (Result.isSuccess(read)) {
      this.connection.reportTolerated(read.success.tolerated, messageId, action)
    } else {
      const where = { messageId, action, violations: read.failure }
      this.connection.report("InvalidRequest", "the request breaks its schema", where)
    }
    return read
  }

  /** The request as a handler would get it; `undefined` for what no handler would get. */
  private peek(incoming: Incoming): unknown {
    const handled = this.shared.handled.get(incoming.message.action)
    if (handled?.isAnswered !== true) return undefined
    const read = this.decode(incoming, handled)
    return Result.isSuccess(read) ? read.success.value : undefined
  }

  private answer(incoming: Incoming, exit: Exit.Exit<unknown, CallError>): void {
    if (this.connection.isClosed) return
    this.time(incoming, this.respond(incoming.message, exit) ? "Success" : "CallError")
  }

  private time({ at, message }: Incoming, outcome: "Success" | "CallError"): void {
    const { meter } = this.connection.shared
    meter?.time("ocpp_request_duration_seconds", message.action, outcome, this.connection.now() - at)
  }

  /** Whether the answer is a response. What a handler gives has been checked. */
  private respond({ action, messageId }: CallMessage | SendMessage, exit: Exit.Exit<unknown, CallError>): boolean {
    if (Exit.isFailure(exit)) {
      this.fail(messageId, action, exit.cause)
      return false
    }
    const { value } = exit
    const response = responseOf(value)
    const encoded = this.connection.encode({ _tag: "CallResult", messageId, payload: response })
    if (Result.isFailure(encoded)) {
      this.connection.log(`the response of ${action} has no form in JSON`, encoded.failure)
      this.refuse(messageId, "InternalError", "")
      return false
    }
    if (this.connection.sendEncoded(encoded.success) && value instanceof Reply) {
      const scope = value.isDetached ? this.shared.lifetime : this.connection.scope
      const afterwards = Effect.catchCause(value.afterwards, (cause) =>
        Effect.sync(() => this.connection.logCause(`what followed the answer to ${action} failed`, cause))
      )
      Fiber.runIn(this.connection.run(afterwards), scope)
    }
    return true
  }

  private fail(messageId: string, action: string, cause: Cause.Cause<CallError>): void {
    const error = Option.getOrUndefined(Cause.findErrorOption(cause))
    // A type of `any` lets everything else through, such as what a database fails with.
    if (error instanceof CallError) {
      const { code, description, details } = error
      return this.connection.refuse("CallError", messageId, code, description, details)
    }
    this.logFailure(action, cause)
    this.refuse(messageId, "InternalError", "")
  }

  private logFailure(action: string, cause: Cause.Cause<unknown>): void {
    if (!Cause.hasInterruptsOnly(cause)) return this.connection.logCause(`the handler of ${action} failed`, cause)
    const { timeout } = this.shared
    const most = timeout === Infinity ? "" : `; it may take ${timeout} ms (requests.timeout)`
    this.connection.log(`the handler of ${action} was interrupted before it answered${most}`)
  }
}
