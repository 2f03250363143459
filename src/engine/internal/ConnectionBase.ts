/**
 * One end of a connection, below calls and requests: it sends, refuses, reports and logs, and decides when to read.
 */
import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { Deviation, DeviationKind } from "../../Deviation.ts"
import type { Alarms } from "../../internal/Alarms.ts"
import { escape } from "../../Escape.ts"
import { inWords, isCallFailure, type Violation } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { Tolerance, Tolerated } from "../../Tolerance.ts"
import type { Carrier } from "../Carrier.ts"
import type { Message } from "../Message.ts"
import type { Meter } from "./Meter.ts"
import type { Subject } from "./Spans.ts"

/**
 * Is told what happens on a connection, synchronously. `self` is what `open` was given for it.
 *
 * **Details**
 *
 * - `identity`: the station at one end of it, for spans and logs.
 * - `passed`: anything came, or was sent.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observer<in Self> {
  readonly identity: (self: Self) => string
  readonly passed?: ((self: Self, direction: "in" | "out") => void) | undefined
  readonly deviation: (self: Self, deviation: Deviation) => void
  readonly closed: (self: Self, code: number, reason: string) => void
}

/** What all connections of an engine share. */
export interface SharedConnections<Self, R> {
  readonly protocol: Protocol
  readonly observer: Observer<Self>
  readonly meter: Meter | undefined
  /** Flat, so that to add to it copies nothing. */
  readonly context: Context.Context<R>
  readonly annotations: Readonly<Record<string, unknown>>
  readonly run: <A, E>(effect: Effect.Effect<A, E, R>) => Fiber.Fiber<A, E>
  readonly clock: Clock.Clock
  readonly alarms: Alarms
}

export abstract class ConnectionBase<Self, R> {
  abstract readonly self: Self
  readonly shared: SharedConnections<Self, R>
  readonly scope: Scope.Scope
  readonly tolerance: Tolerance
  private readonly services: Context.Context<never> | undefined
  isClosed = false
  /** Whether nothing new begins: requests of the peer are dropped, and calls are not sent. */
  isDraining = false
  protected readonly carrier: Carrier
  private isAwaiting = false
  private isCrowded = false
  private isHeld = false
  private logged: Set<string> | undefined = undefined

  constructor(
    shared: SharedConnections<Self, R>,
    carrier: Carrier,
    scope: Scope.Scope,
    tolerance: Tolerance,
    services: Context.Context<never> | undefined
  ) {
    this.shared = shared
    this.carrier = carrier
    this.scope = scope
    this.tolerance = tolerance
    this.services = services
  }

  get identity(): string {
    return this.shared.observer.identity(this.self)
  }

  /** A call or a request is over. */
  abstract ended(): void

  /** The monotonic clock, in milliseconds. */
  now(): number {
    return this.shared.alarms.now()
  }

  /** Runs what is done for the peer, which its logs name. Kept, that context would cost each connection its memory. */
  run<A, E>(effect: Effect.Effect<A, E, R>): Fiber.Fiber<A, E> {
    const annotations = { ...this.shared.annotations, "ocpp.identity": escape(this.identity) }
    const context = Context.add(this.shared.context, References.CurrentLogAnnotations, annotations)
    return Effect.runForkWith(this.services === undefined ? context : Context.merge(context, this.services))(effect)
  }

  subject(kind: "client" | "server", action: string): Subject {
    return { kind, action, version: this.shared.protocol.version, identity: this.identity }
  }

  // ---- when to read

  /** Whether a call of this side waits for its answer. */
  get awaits(): boolean {
    return this.isAwaiting
  }

  set awaits(isAwaiting: boolean) {
    this.isAwaiting = isAwaiting
    this.regulate()
  }

  /** Whether too many requests wait for their turn. */
  get crowded(): boolean {
    return this.isCrowded
  }

  set crowded(isCrowded: boolean) {
    this.isCrowded = isCrowded
    this.regulate()
  }

  // To stop reading would keep back the answer that this side waits for, and with it the handlers that wait for it.
  private regulate(): void {
    const hold = this.isCrowded && !this.isAwaiting
    if (hold === this.isHeld) return
    this.isHeld = hold
    if (hold) this.carrier.pause()
    else this.carrier.resume()
  }

  // ---- what goes out

  /** Fails if the message has no form in which it could be carried. */
  encode(message: Message): Result.Result<unknown, unknown> {
    return this.carrier.encode(message)
  }

  /** Whether what `encode` has made has left. */
  sendEncoded(encoded: unknown): boolean {
    if (this.isClosed || !this.carrier.send(encoded)) return false
    this.shared.observer.passed?.(this.self, "out")
    return true
  }

  refuseFor(tag: Refusal, messageId: string, [first]: ReadonlyArray<Violation>): void {
    const { code, path, rule } = first ?? { code: "FormatViolation", path: "", rule: "" }
    this.refuse(tag, messageId, code, path === "" ? rule : `${path}: ${rule}`)
  }

  refuse(
    tag: Refusal,
    messageId: string,
    code: string,
    description: string,
    details: Record<string, unknown> = noDetails
  ): void {
    const encoded = this.encode(
      tag === "CallError"
        ? { _tag: tag, messageId, code, description, details, flaw: undefined }
        : { _tag: tag, messageId, code, description, details }
    )
    if (Result.isSuccess(encoded)) this.sendEncoded(encoded.success)
    // What a handler gives as details need not have a form. A refusal without any that has none is not in the version.
    else if (details !== noDetails) this.refuse(tag, messageId, code, description)
  }

  // ---- what is told

  report(
    kind: DeviationKind,
    message: string,
    where: Partial<Pick<Deviation, "messageId" | "action" | "violations">> = {},
    headline = "the peer broke the protocol"
  ): void {
    const deviation: Deviation = { kind, message, violations: [], ...where }
    this.shared.meter?.count("ocpp_deviations", "kind", kind)
    this.shared.observer.deviation(this.self, deviation)
    this.logOnce(deviation, headline)
  }

  reportTolerated(tolerated: ReadonlyArray<Tolerated>, messageId: string, action: string | undefined): void {
    if (tolerated.length === 0) return
    for (const [kind, faults] of Map.groupBy(tolerated, (fault) => fault.kind)) {
      const violations = faults.map(({ violation }) => violation)
      const what = kind === "RoundedNumber" ? "a number was rounded" : "a fault was let through"
      this.report(kind, what, { messageId, violations, ...(action === undefined ? {} : { action }) })
    }
  }

  log(message: string, ...detail: ReadonlyArray<unknown>): void {
    this.run(Effect.logError(message, ...detail))
  }

  /** Logs what has failed on this side: a call that did, in a line; anything else with where it comes from. */
  logCause(headline: string, cause: Cause.Cause<unknown>): void {
    const failure = Option.getOrUndefined(Cause.findErrorOption(cause))
    if (isCallFailure(failure)) this.run(Effect.logWarning(`${headline}: ${escape(failure.message)}`))
    else this.log(headline, cause)
  }

  /** A peer that breaks the protocol mostly goes on to do so, so the log tells of each kind once in a connection. */
  private logOnce({ action = "", kind, message, violations }: Deviation, headline: string): void {
    const logged = (this.logged ??= new Set())
    const key = `${kind} ${action}`
    if (logged.has(key) || logged.size >= mostLogged) return
    logged.add(key)
    const where = inWords(violations.slice(0, 3))
    // The names are the peer's, who shall not write lines of its own into the log.
    this.run(Effect.logWarning(`${headline}: ${escape([kind, action, message, where].filter(Boolean).join(", "))}`))
  }
}

const mostLogged = 64

const noDetails: Record<string, unknown> = {}

/** How a request and how a response is refused. */
type Refusal = "CallError" | "CallResultError"
