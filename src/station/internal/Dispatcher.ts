/**
 * Sends the messages of an outbox in their order, and forgets them once they are answered.
 */
import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Action from "../../Action.ts"
import type { Caller } from "../../Client.ts"
import { Recorder } from "../../Exchange.ts"
import { escape } from "../../Escape.ts"
import type { Alarms } from "../../internal/Alarms.ts"
import { longest } from "../../internal/Options.ts"
import * as Memo from "../../internal/Memo.ts"
import type { Signal } from "../../internal/Signal.ts"
import { CallError, type CallFailure, NotSent } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { StorageError } from "../../Storage.ts"
import type { Phase, TransactionRules } from "../../Transaction.ts"
import { AsideMessages } from "./AsideMessages.ts"
import type { MessageQueue, QueuedMessage } from "./MessageQueue.ts"
import type { OpenConnection } from "./OpenConnection.ts"
import { type OutboxStock, shown } from "./OutboxStock.ts"
import * as Verdict from "./Verdict.ts"

/** A connection, as far as it tells of the messages that leave by it. */
type Way = Pick<OpenConnection, "name" | "lost" | "end" | "hasAnswered" | "freeSince">

/** How messages leave. */
export interface Exits {
  /** Open while a connection of this version is open and the CSMS has accepted the station. */
  readonly ready: Signal
  /** Whether an action may leave now. */
  readonly lets: (action: string) => boolean
  /** The connection of this version that is open, if any. */
  readonly connection: () => Way | undefined
  readonly call: Caller<"station">["call"]
}

/** How long a message waits that could not leave although the way was open. */
const retryPause = Duration.seconds(1)

/** A connection that is lost this soon after a message has left may be lost because of it, in milliseconds. */
const soon = 5_000

/** After so long a time of such losses, a connection has to prove good before the message is sent, in milliseconds. */
const patience = 3_600_000

export class Dispatcher {
  readonly aside: AsideMessages
  private readonly identity: string
  private readonly rules: TransactionRules
  private readonly heartbeat: Action.OfSide<"station"> | undefined
  private readonly actions: ReadonlyMap<string, Action.OfSide<"station">>
  private readonly stock: OutboxStock
  private readonly exits: Exits
  private readonly clock: Clock.Clock
  private readonly alarms: Alarms
  private readonly fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>
  private isClosed = false

  /** `fork` runs an effect in the background. */
  constructor(of: {
    readonly identity: string
    readonly protocol: Protocol
    readonly stock: OutboxStock
    readonly exits: Exits
    readonly clock: Clock.Clock
    readonly alarms: Alarms
    readonly fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>
  }) {
    const { alarms, clock, protocol, stock } = of
    this.identity = of.identity
    this.rules = protocol.transactions
    this.actions = actionsOf(protocol)
    this.heartbeat = this.actions.get(protocol.lifecycle.heartbeat.action.name)
    this.stock = stock
    this.exits = of.exits
    this.clock = clock
    this.alarms = alarms
    this.fork = of.fork
    this.aside = new AsideMessages({ stock, clock, alarms, wake: (queue) => this.wake(queue) })
  }

  /** Delivers what is in a queue, and what comes meanwhile. */
  wake(queue: MessageQueue): void {
    if (this.isClosed || queue.isDelivering || !this.hasWork(queue)) return
    queue.isDelivering = true
    queue.delivery = this.fork(this.deliver(queue))
  }

  /** Delivers no more. */
  get close(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.isClosed = true
      return Fiber.interruptAll(this.stock.queues.flatMap(({ delivery }) => delivery ?? []))
    })
  }

  private hasWork(queue: MessageQueue): boolean {
    return queue.count > 0 || this.aside.isRecalled(queue)
  }

  /** Delivers what is in a queue. What goes wrong is logged, and after a pause it goes on. */
  private deliver(queue: MessageQueue): Effect.Effect<void> {
    return Effect.suspend(() => {
      queue.sending = undefined
      return this.deliverAll(queue)
    }).pipe(
      Effect.catchCause((cause) => {
        // The station is closed.
        if (Cause.hasInterrupts(cause)) return Effect.interrupt
        return Effect.logError(`${this.identity} cannot deliver what it has stored`, cause).pipe(
          Effect.andThen(Effect.sleep(retryPause)),
          Effect.andThen(this.deliver(queue))
        )
      })
    )
  }

  private deliverAll(queue: MessageQueue): Effect.Effect<void, StorageError> {
    return Effect.gen({ self: this }, function* () {
      while (this.hasWork(queue)) {
        if (!this.exits.ready.isOpen) yield* this.exits.ready.opened
        if (queue.count === 0) this.aside.takeBack(queue)
        const message = yield* queue.first
        // It can be gone since it began to be read.
        if (message === undefined || !queue.isFirst(message)) continue
        if (this.aside.isHeld(queue, message))
          this.aside.set(queue, message, "the start of its transaction is set aside")
        else if (message.failedAt !== undefined && this.pauseOf(message) > 0) yield* this.wait(queue, message)
        else yield* this.sendFirst(queue, message)
      }
      queue.isDelivering = false
    })
  }

  /** Waits until the first message may be tried again, or something has changed. */
  private wait(queue: MessageQueue, message: QueuedMessage): Effect.Effect<void> {
    queue.wakeUp.close()
    const now = this.now()
    const pause = this.pauseOf(message)
    // The clock was set back since: the wait begins anew, but only once.
    if ((message.failedAt ?? 0) > now) queue.changeFirst({ ...message, failedAt: now })
    return queue.wakeUp.openedWithin(pause)
  }

  /** Sees to it that the CSMS has answered something, if it has long been in vain to send a message to it. */
  private proven({ lostSince = Infinity }: MessageQueue): Effect.Effect<void> {
    const way = this.exits.connection()
    if (this.alarms.now() - lostSince < patience) return Effect.void
    if (way === undefined || way.hasAnswered || this.heartbeat === undefined) return Effect.void
    return Effect.asVoid(Effect.exit(this.exits.call(this.heartbeat, {})))
  }

  /** A request of a transaction as it is sent. What belongs to no transaction is sent as it is. */
  completed(phase: Phase | undefined, request: unknown, at: Parameters<TransactionRules["complete"]>[1]): unknown {
    return phase === undefined ? request : this.rules.complete(request, at)
  }

  private now(): number {
    return this.clock.currentTimeMillisUnsafe()
  }

  private requestOf(message: QueuedMessage): unknown {
    const record = message.phase === "Started" ? undefined : this.stock.records.get(message.transaction)
    const { transactionIdOf, missingTransactionId } = this.rules
    const name =
      record === undefined || transactionIdOf === undefined
        ? undefined
        : (transactionIdOf(record.answer) ?? missingTransactionId)
    const offline = message.link !== this.exits.connection()?.name
    return this.completed(message.phase, message.request, { name, offline })
  }

  private shortened({ phase, request }: QueuedMessage): unknown {
    return phase === undefined ? undefined : this.rules.shortened(phase, request)
  }

  /**
   * Sends the first message once everything else is written, if it is still there then and the way is open, and does
   * with it what the verdict says.
   */
  private sendFirst(queue: MessageQueue, message: QueuedMessage): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      if (queue.lostSince !== undefined) yield* this.proven(queue)
      // What is forgotten before, or changed, does not come again after a restart, once this one has left.
      if (this.stock.journal.isKept) yield* this.stock.journal.written
      if (!queue.isFirst(message) || !this.exits.ready.isOpen) return
      queue.sending = message.key
      const way = this.exits.connection()
      const calledAt = this.alarms.now()
      const exit = yield* Effect.exit(this.call(queue, message))
      const outcome = Verdict.outcomeOf(exit)
      // It was interrupted, or it died for another reason than the call: there is no failure in it.
      if (outcome === undefined) return yield* exit as Exit.Exit<never>
      // It leaves once the call before it is over.
      const wasSoon = this.alarms.now() - Math.max(calledAt, way?.freeSince ?? 0) <= soon
      const wasGood = way?.hasAnswered === true
      // How the connection has ended is known when all hear of it.
      if (outcome === "ConnectionLost" && way !== undefined) yield* way.lost.opened
      const verdict = Verdict.verdict(outcome, {
        isOpen: this.exits.connection() === way && this.exits.ready.isOpen,
        attempts: message.attempts,
        most: this.stock.settings.attempts,
        breaks: message.breaks ?? 0,
        isShortenable: outcome === "ConnectionLost" && this.shortened(message) !== undefined,
        wasAside: message.setAside !== undefined,
        loss: way?.end === undefined ? undefined : { code: way.end.code, wasGood, wasSoon }
      })
      if (outcome !== "ConnectionLost" || !wasSoon) queue.lostSince = undefined
      else if (!wasGood) queue.lostSince ??= this.alarms.now()
      if (verdict._tag === "Delivered" || verdict._tag === "Discarded") this.finish(queue, message, exit)
      else yield* this.act(queue, message, way, exit, verdict)
      queue.sending = undefined
    })
  }

  private act(
    queue: MessageQueue,
    message: QueuedMessage,
    way: Way | undefined,
    exit: Exit.Exit<unknown, CallFailure>,
    verdict: Exclude<Verdict.Verdict, { readonly _tag: "Delivered" | "Discarded" }>
  ): Effect.Effect<void> {
    switch (verdict._tag) {
      case "AwaitLoss":
        return way === undefined ? Effect.void : way.lost.opened
      case "AwaitConnection":
        return Effect.void
      case "Pause":
        return Effect.sleep(retryPause)
      case "Shortened":
        return Effect.sync(() => {
          queue.changeFirst({ ...message, request: this.shortened(message) })
          this.stock.tell({ _tag: "Shortened", message: shown(message) })
        })
      case "Lost":
        return Effect.sync(() => {
          const { breaks, end } = verdict
          if (end === "SetAside") this.setAside(queue, message, way, exit)
          else if (breaks !== (message.breaks ?? 0)) queue.changeFirst({ ...message, breaks })
        })
      case "Failed":
        return this.fail(queue, message, way, exit, verdict)
    }
  }

  private call(queue: MessageQueue, message: QueuedMessage): Effect.Effect<unknown, CallFailure> {
    const action = this.actions.get(message.action)
    if (action === undefined) return Effect.fail(new NotSent({ action: message.action, reason: "NotSupported" }))
    const recorder = queue.recorders.get(message.key)
    const call = Effect.catchDefect(
      Effect.suspend(() => this.exits.call(action, this.requestOf(message), { messageId: message.messageId })),
      (defect) =>
        // So that it does not hold up the others for ever.
        Effect.andThen(
          Effect.logError(`${this.identity} could not send a ${message.action}`, Cause.die(defect)),
          unsendable
        )
    )
    return recorder === undefined ? call : Effect.provideService(call, Recorder, recorder)
  }

  /** The CSMS has failed to process a message, as opposed to not having had the chance. */
  private fail(
    queue: MessageQueue,
    message: QueuedMessage,
    way: Way | undefined,
    exit: Exit.Exit<unknown, CallFailure>,
    { attempts, end, isDoubtful }: Extract<Verdict.Verdict, { readonly _tag: "Failed" }>
  ): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const failed: QueuedMessage = { ...message, attempts, failedAt: this.now(), breaks: 0 }
      const failure = failureOf(exit)
      if (end === undefined && failure !== undefined) {
        queue.changeFirst(failed)
        const nextAttempt = this.stock.settings.retryInterval * attempts
        this.stock.tell({ _tag: "Failed", message: shown(failed), failure, nextAttempt })
      }
      if (isDoubtful && way !== undefined) {
        // Perhaps the connection was dead: if it is lost before the next attempt would be due, this one does not count.
        const isLost = yield* Effect.raceFirst(
          Effect.as(Effect.sleep(this.pauseOf(failed)), false),
          Effect.as(way.lost.opened, true)
        )
        if (isLost) return end === undefined ? queue.changeFirst(message) : undefined
      }
      if (end === "Discarded") this.finish(queue, failed, exit)
      if (end === "SetAside") this.setAside(queue, failed, way, exit)
    })
  }

  private setAside(
    queue: MessageQueue,
    message: QueuedMessage,
    way: Way | undefined,
    exit: Exit.Exit<unknown, CallFailure>
  ): void {
    const failure = failureOf(exit)
    const how = way?.end === undefined ? "" : `, with code ${way.end.code} ${way.end.reason}`
    this.aside.set(queue, message, escape(`${failure?.message ?? "it failed"}${how}`.trimEnd()), failure)
  }

  /** The message is over: it was answered, or it is given up. */
  private finish(queue: MessageQueue, message: QueuedMessage, exit: Exit.Exit<unknown, CallFailure>): void {
    const { stock } = this
    queue.removeFirst()
    stock.counted(message, -1)
    stock.records.messageOver(message, exit)
    const failure = failureOf(exit)
    if (failure !== undefined) stock.warn(`a ${message.action} is discarded: ${failure.message}`)
    stock.tell(
      failure === undefined
        ? { _tag: "Delivered", message: shown(message) }
        : { _tag: "Discarded", message: shown(message), failure }
    )
    // Last, for who has waited often stores the next message at once.
    stock.records.tell(message, exit)
    stock.resolve(message, queue, exit)
  }

  /** How long a message waits for its next attempt, in milliseconds. */
  private pauseOf({ attempts, failedAt }: QueuedMessage): number {
    if (failedAt === undefined) return 0
    const pause = Math.min(this.stock.settings.retryInterval * attempts, longest)
    // The clock may have been set since: the wait is never longer than it was at first.
    return Math.min(pause, Math.max(0, failedAt + pause - this.now()))
  }
}

const unsendable = new CallError({ code: "InternalError", description: "the station could not send it" })

const failureOf = (exit: Exit.Exit<unknown, CallFailure>): CallFailure | undefined =>
  Option.getOrUndefined(Exit.findErrorOption(exit))

/** What a station of a version can send, made once for the version. */
const actionsOf = Memo.perObject(
  ({ actions }: Protocol): ReadonlyMap<string, Action.OfSide<"station">> =>
    new Map(
      actions.filter((action) => Action.isStartedBy(action, "station")).map((action) => [action.name, action] as const)
    )
)
