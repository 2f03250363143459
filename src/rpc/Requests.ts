/**
 * The requests of the peer: a bounded number of handlers at a time, the others in a queue.
 *
 * @internal
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { CallError, Violation } from "../OcppError.ts"
import type { UntypedHandler } from "../Protocol.ts"
import { Reply, responseOf } from "../Reply.ts"
import type { Check } from "./Check.ts"
import * as Frame from "./Frame.ts"
import type { Line } from "./Line.ts"
import * as Telemetry from "./Telemetry.ts"

/**
 * How the requests of a peer are taken.
 *
 * **Details**
 *
 * - `concurrency`: how many requests of one connection are handled at a time, by default 16. Answers go out as they are
 *   ready, so a slow handler holds up no other; 1 handles the requests one after the other.
 * - `queueLimit`: how many more requests wait for their turn, by default 100. Beyond it nothing more is read from the
 *   connection, unless a call of this side waits for its answer there: then requests are refused instead.
 * - `maxDepth`: how deep a frame may be nested, by default 64 levels, at most 1,000; a deeper one counts as malformed.
 *
 * @category options
 * @since 0.1.0
 */
export interface RequestSettings {
  readonly concurrency?: number | undefined
  readonly queueLimit?: number | undefined
  readonly maxDepth?: number | undefined
}

/** An action that the peer starts. */
export interface Taken<R> {
  readonly handler: UntypedHandler<R> | undefined
  readonly request: Check
}

/** An action that the peer starts and this side answers. */
export interface Answered<R> extends Taken<R> {
  readonly response: Check
}

/**
 * Whether a request of the peer may be handled now.
 *
 * **Details**
 *
 * - `Pass`: it is handled.
 * - `NotAccepted`: it is refused with a SecurityError, because the CSMS has not accepted the station.
 * - `NotKnown`: it is refused alike, because this side does not know whether the station is accepted. The log does not
 *   call that a fault of the peer.
 *
 * @category models
 * @since 0.1.0
 */
export type Admission = "Pass" | "NotAccepted" | "NotKnown"

/** What the requests of all connections of an engine share. */
export interface RequestKind<Self, R> {
  readonly answered: ReadonlyMap<string, Answered<R>>
  readonly taken: ReadonlyMap<string, Taken<R>>
  readonly admits: (self: Self, action: string, request: () => unknown) => Admission
  readonly isSilent: (self: Self) => boolean
  /** The names of the actions that are this side's to start. */
  readonly own: { readonly has: (action: string) => boolean }
  readonly concurrency: number
  readonly queueLimit: number
  /** Whether handlers have spans. */
  readonly isTraced: boolean
}

/** A request that waits for its turn. */
interface Waiting {
  readonly frame: Frame.Call | Frame.Send
  /** When it came, by the monotonic clock in milliseconds; 0 if it is not counted. */
  readonly at: number
}

export class Requests<Self, R> {
  private readonly line: Line<Self, R>
  private readonly kind: RequestKind<Self, R>
  private handling: Map<string, Fiber.Fiber<unknown, unknown>> | undefined = undefined
  private running = 0
  private waiting: Array<Waiting> = []

  constructor(line: Line<Self, R>, kind: RequestKind<Self, R>) {
    this.line = line
    this.kind = kind
  }

  take(frame: Frame.Call | Frame.Send): void {
    const admission = this.kind.admits(this.line.self, frame.action, () => this.peek(frame))
    if (admission !== "Pass") return this.bar(frame, admission)
    const at = this.line.kind.meter === undefined ? 0 : this.line.now()
    if (this.running < this.kind.concurrency) return this.handle(frame, at)
    if (this.waiting.length >= this.kind.queueLimit && this.line.awaits) return this.overflow(frame)
    this.waiting.push({ frame, at })
    this.judge()
  }

  /** Forgets all requests with the connection. */
  close(): void {
    this.waiting = []
    // What is no longer read would not hear of its end.
    this.line.crowded = false
    if (this.handling === undefined) return
    for (const fiber of this.handling.values()) fiber.interruptUnsafe()
  }

  private handle(frame: Frame.Call | Frame.Send, at: number): void {
    if (frame._tag === "Call") this.onCall(frame, at)
    else this.onSend(frame)
  }

  private bar({ _tag, action, messageId }: Frame.Call | Frame.Send, admission: Exclude<Admission, "Pass">): void {
    const isKnown = admission === "NotAccepted"
    const flaw = isKnown ? "the station is not accepted" : "no registration of the station is on record"
    const where = { messageId, action: action.slice(0, 64) }
    this.line.report("NotAccepted", flaw, where, isKnown ? undefined : "a request was refused")
    if (_tag === "Call" && !this.kind.isSilent(this.line.self)) this.line.refuse(4, messageId, "SecurityError", flaw)
  }

  private overflow({ _tag, action, messageId }: Frame.Call | Frame.Send): void {
    const flaw = "too many requests are waiting"
    this.line.report("TooManyRequests", flaw, { messageId, action: action.slice(0, 64) })
    if (_tag === "Call") this.line.refuse(4, messageId, "GenericError", flaw)
  }

  /** It is crowded from when the queue is full until half of it is gone. */
  private judge(): void {
    const { length } = this.waiting
    const least = this.line.crowded ? Math.floor(this.kind.queueLimit / 2) + 1 : this.kind.queueLimit
    const isCrowded = length >= Math.max(1, least)
    if (isCrowded !== this.line.crowded) this.line.crowded = isCrowded
  }

  /** Counts a handler that takes its time, and makes room for the next once it is done. */
  private track(fiber: Fiber.Fiber<unknown, unknown>): void {
    this.running++
    fiber.addObserver(() => {
      this.running--
      while (this.running < this.kind.concurrency) {
        const next = this.waiting.shift()
        if (next === undefined) break
        this.handle(next.frame, next.at)
      }
      this.judge()
    })
  }

  private onCall(frame: Frame.Call, at: number): void {
    const { action, messageId } = frame
    const answered = this.kind.answered.get(action)
    if (answered === undefined) {
      this.reportUnknown(frame)
      return this.line.refuse(4, messageId, this.kind.own.has(action) ? "NotSupported" : "NotImplemented", "")
    }
    const { handler, response } = answered
    if (handler === undefined) {
      this.line.refuse(4, messageId, "NotSupported", "")
      return this.time(action, "CallError", at)
    }
    if (this.handling?.has(messageId) === true) {
      return this.line.report("DuplicateMessageId", "a request with this id is being handled", { messageId, action })
    }
    const read = this.read(frame, answered)
    if (Result.isFailure(read)) {
      this.line.refuseFor(4, messageId, read.failure)
      return this.time(action, "CallError", at)
    }
    const fiber = this.serve(frame, handler, read.success)
    const done = fiber.pollUnsafe()
    if (done !== undefined) return this.answer(frame, response, done, at)
    // It may have closed the connection itself.
    if (this.line.isClosed) return fiber.interruptUnsafe()
    const handling = (this.handling ??= new Map())
    handling.set(messageId, fiber)
    fiber.addObserver((exit) => {
      handling.delete(messageId)
      this.answer(frame, response, exit, at)
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
      if (Exit.isFailure(exit) && !this.line.isClosed)
        this.line.log(`the handler of ${frame.action} failed`, exit.cause)
    })
    if (fiber.pollUnsafe() === undefined) this.track(Fiber.runIn(fiber, this.line.scope))
  }

  /** Runs a handler, whose logs and spans tell for whom. */
  private serve(
    { action, messageId }: Frame.Call | Frame.Send,
    handler: UntypedHandler<R>,
    request: unknown
  ): Fiber.Fiber<unknown, CallError> {
    const handling = Effect.suspend(() => handler(request, this.line.self))
    if (!this.kind.isTraced) return this.line.run(handling)
    return this.line.run(
      Telemetry.traced(this.line.subject("server", action), (span) => {
        span.attribute("ocpp.message_id", messageId)
        return Effect.withParentSpan(handling, span, { captureStackTrace: false })
      })
    )
  }

  private reportUnknown({ action, messageId }: Frame.Call | Frame.Send): void {
    const flaw = this.kind.own.has(action) ? "the action is not the sender's to start" : "the action is unknown"
    this.line.report("UnknownAction", flaw, { messageId, action: action.slice(0, 64) })
  }

  private read(
    { action, messageId, payload }: Frame.Call | Frame.Send,
    { request }: Taken<R>
  ): Result.Result<unknown, ReadonlyArray<Violation>> {
    if (request.accepts(payload)) return Result.succeed(payload)
    const read = request.decode(payload, this.line.tolerance)
    if (Result.isSuccess(read)) {
      this.line.reportTolerated(read.success.tolerated, messageId, action)
      return Result.succeed(read.success.value)
    }
    this.line.report("InvalidRequest", "the request breaks its schema", { messageId, action, violations: read.failure })
    return Result.fail(read.failure)
  }

  /** The request as a handler would get it; `undefined` for what no handler would get. */
  private peek({ action, payload }: Frame.Call | Frame.Send): unknown {
    const read = this.kind.answered.get(action)?.request.decode(payload, this.line.tolerance)
    return read !== undefined && Result.isSuccess(read) ? read.success.value : undefined
  }

  private answer(frame: Frame.Call, check: Check, exit: Exit.Exit<unknown, CallError>, at: number): void {
    if (this.line.isClosed) return
    this.time(frame.action, this.respond(frame, check, exit) ? "Success" : "CallError", at)
  }

  private time(action: string, outcome: "Success" | "CallError", at: number): void {
    this.line.kind.meter?.time("ocpp_request_duration_seconds", action, outcome, this.line.now() - at)
  }

  /** Whether the answer is a response. */
  private respond({ action, messageId }: Frame.Call, check: Check, exit: Exit.Exit<unknown, CallError>): boolean {
    if (Exit.isFailure(exit)) {
      this.fail(messageId, action, exit.cause)
      return false
    }
    const { value } = exit
    const response = responseOf(value)
    if (!check.accepts(response)) {
      this.line.log(`the handler of ${action} gave an invalid response`, check.violations(response))
      this.line.refuse(4, messageId, "InternalError", "")
      return false
    }
    const text = Frame.callResult(messageId, response)
    if (Result.isFailure(text)) {
      this.line.log(`the response of ${action} has no form in JSON`, text.failure)
      this.line.refuse(4, messageId, "InternalError", "")
      return false
    }
    if (this.line.send(text.success) && value instanceof Reply) {
      Fiber.runIn(this.line.run(value.afterwards), this.line.scope)
    }
    return true
  }

  private fail(messageId: string, action: string, cause: Cause.Cause<CallError>): void {
    const error = Cause.findErrorOption(cause)
    if (Option.isSome(error)) {
      return this.line.refuse(4, messageId, error.value.code, error.value.description, error.value.details)
    }
    this.line.log(`the handler of ${action} failed`, cause)
    this.line.refuse(4, messageId, "InternalError", "")
  }
}
