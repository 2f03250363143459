/**
 * Sends the messages of an outbox in their order, and forgets them once they are answered.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { Signal } from "../../internal/Signal.ts"
import * as Action from "../../Action.ts"
import type { Caller } from "../../Client.ts"
import { Recorder } from "../../Exchange.ts"
import * as Memo from "../../internal/Memo.ts"
import { type CallFailure, NotSent } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { StorageError } from "../../Storage.ts"
import type { Phase, TransactionRules } from "../../Transaction.ts"
import type { Journal } from "./Journal.ts"
import type { MessageQueue, QueuedMessage } from "./MessageQueue.ts"
import { type OutboxStock, shown } from "./OutboxStock.ts"
import * as Verdict from "./Verdict.ts"

/** How messages leave. */
export interface Exits {
  /** Open while a connection of this version is open and the CSMS has accepted the station. */
  readonly ready: Signal
  /** Whether an action may leave now. */
  readonly lets: (action: string) => boolean
  /** Names the connection that is open; empty if none is. */
  readonly link: () => string
  /** Waits until a connection is no longer open. */
  readonly lost: (link: string) => Effect.Effect<void>
  readonly call: Caller<"station">["call"]
}

/** What timers go up to, in milliseconds. */
const longest = 0x7fffffff

/** How long a message waits that could not leave although the way was open. */
const retryPause = Duration.seconds(1)

export class Dispatcher {
  private readonly identity: string
  private readonly rules: TransactionRules
  private readonly actions: ReadonlyMap<string, Action.OfSide<"station">>
  private readonly stock: OutboxStock
  private readonly journal: Journal
  private readonly exits: Exits
  private readonly clock: Clock.Clock

  constructor(of: {
    readonly identity: string
    readonly protocol: Protocol
    readonly stock: OutboxStock
    readonly journal: Journal
    readonly exits: Exits
    readonly clock: Clock.Clock
  }) {
    this.identity = of.identity
    this.rules = of.protocol.transactions
    this.actions = actionsOf(of.protocol)
    this.stock = of.stock
    this.journal = of.journal
    this.exits = of.exits
    this.clock = of.clock
  }

  /** Delivers the first message of a queue, once there is one that can leave. */
  deliver(queue: MessageQueue): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      yield* queue.filled.opened
      yield* this.exits.ready.opened
      queue.wakeUp.close()
      const claimed = yield* this.claim(queue)
      yield* Duration.isDuration(claimed)
        ? queue.wakeUp.openedWithin(Duration.toMillis(claimed))
        : this.send(queue, claimed)
    }).pipe(
      Effect.catch((error) =>
        Effect.andThen(
          Effect.logError(`${this.identity} cannot read what it has stored: ${error.message}`),
          Effect.sleep(retryPause)
        )
      ),
      Effect.ensuring(
        Effect.sync(() => {
          queue.sending = undefined
        })
      )
    )
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
        : record.answer === undefined
          ? missingTransactionId
          : transactionIdOf(record.answer)
    return this.completed(message.phase, message.request, { name, offline: message.link !== this.exits.link() })
  }

  /** Takes the first of a queue to send it, or says how long it has to wait. */
  private claim(queue: MessageQueue): Effect.Effect<QueuedMessage | Duration.Duration, StorageError> {
    return Effect.suspend(() => {
      // The storage has the claim of this message already, so it leaves without a wait for the journal.
      const message = queue.claimedFirst
      if (message === undefined || !this.isDue(message)) return this.journal.exclusively(this.claimAnew(queue))
      queue.claimed = undefined
      queue.sending = message.key
      return Effect.succeed(message)
    })
  }

  private claimAnew(queue: MessageQueue): Effect.Effect<QueuedMessage | Duration.Duration, StorageError> {
    return Effect.gen({ self: this }, function* () {
      const message = yield* queue.first
      if (message === undefined) return Duration.zero
      const now = this.now()
      if (!this.isDue(message)) {
        // The clock was set back since: the wait begins anew, but only once.
        if ((message.failedAt ?? 0) > now) queue.changed({ ...message, failedAt: now })
        return this.pauseOf(message)
      }
      const claimed = { ...message, claimedAt: now }
      queue.sending = message.key
      yield* this.journal.note([queue.write(claimed)])
      queue.claimed = undefined
      queue.changed(claimed)
      return claimed
    })
  }

  /** Sends the first of a queue, and does with it what the verdict says. */
  private send(queue: MessageQueue, claimed: QueuedMessage): Effect.Effect<unknown, CallFailure> {
    return Effect.gen({ self: this }, function* () {
      const link = this.exits.link()
      const exit = yield* Effect.exit(this.call(queue, claimed))
      const outcome = Verdict.outcomeOf(exit)
      // It was interrupted, or it died.
      if (outcome === undefined) return yield* exit
      const isOpen = this.exits.link() === link && this.exits.ready.isOpen
      const { attempts } = claimed
      const verdict = Verdict.verdict(outcome, { isOpen, attempts, most: this.stock.settings.attempts })
      switch (verdict._tag) {
        case "Delivered":
        case "Discarded":
          return yield* this.finish(queue, claimed, exit)
        case "AwaitLoss":
          return yield* this.exits.lost(link)
        case "AwaitConnection":
          return
        case "Pause":
          return yield* Effect.sleep(retryPause)
        case "Failed":
          return yield* this.fail(queue, claimed, link, exit, verdict)
      }
    })
  }

  private call(queue: MessageQueue, message: QueuedMessage): Effect.Effect<unknown, CallFailure> {
    const action = this.actions.get(message.action)
    if (action === undefined) return Effect.fail(new NotSent({ action: message.action, reason: "NotSupported" }))
    const recorder = queue.waiters.get(message.key)?.recorder
    const call = this.exits.call(action, this.requestOf(message), { messageId: message.messageId })
    return recorder === undefined ? call : Effect.provideService(call, Recorder, recorder)
  }

  /** The CSMS has failed to process a message, as opposed to not having had the chance. */
  private fail(
    queue: MessageQueue,
    claimed: QueuedMessage,
    link: string,
    exit: Exit.Exit<unknown, CallFailure>,
    { attempts, isDoubtful, isLast }: Extract<Verdict.Verdict, { readonly _tag: "Failed" }>
  ): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const failed: QueuedMessage = { ...claimed, attempts, failedAt: this.now() }
      const failure = failureOf(exit)
      if (!isLast && failure !== undefined) {
        yield* this.change(queue, failed)
        const nextAttempt = this.stock.settings.retryInterval * attempts
        this.stock.tell({ _tag: "Failed", message: shown(failed), failure, nextAttempt })
      }
      if (isDoubtful) {
        // Perhaps the connection was dead: if it is lost before the next attempt would be due, this one does not count.
        const isLost = yield* Effect.raceFirst(
          Effect.as(Effect.sleep(this.pauseOf(failed)), false),
          Effect.as(this.exits.lost(link), true)
        )
        if (isLost) return yield* isLast ? Effect.void : this.change(queue, claimed)
      }
      if (isLast) yield* this.finish(queue, failed, exit)
    })
  }

  /** The message is over: it was answered, or it is given up. */
  private finish(
    queue: MessageQueue,
    message: QueuedMessage,
    exit: Exit.Exit<unknown, CallFailure>
  ): Effect.Effect<void> {
    const forgotten = Effect.map(this.forget(queue, message, exit), () => {
      const failure = failureOf(exit)
      this.stock.tell(
        failure === undefined
          ? { _tag: "Delivered", message: shown(message) }
          : { _tag: "Discarded", message: shown(message), failure }
      )
      // Last, for the caller that waited often stores its next message at once, and the journal is free now.
      this.stock.resolve(message, queue, exit)
    })
    return Effect.uninterruptible(forgotten)
  }

  private forget(
    queue: MessageQueue,
    message: QueuedMessage,
    exit: Exit.Exit<unknown, CallFailure>
  ): Effect.Effect<void> {
    return this.journal.exclusively(
      Effect.suspend(() => {
        const { records } = this.stock
        const { phase, transaction } = message
        const record = records.get(transaction)
        const answered =
          record === undefined || phase !== "Started"
            ? undefined
            : Exit.isSuccess(exit)
              ? { ...record, answer: exit.value }
              : { ...record, isUnanswered: true }
        const isOver = record !== undefined && phase === "Ended"
        const next = this.exits.ready.isOpen ? queue.second : undefined
        const claimed = next !== undefined && this.isDue(next) ? { ...next, claimedAt: this.now() } : undefined
        const changes = [queue.erase(message)]
        if (answered !== undefined) changes.push(records.write(answered))
        if (isOver) changes.push(records.erase(record.id))
        // The next message is claimed in the same commit.
        if (claimed !== undefined) changes.push(queue.write(claimed))
        return Effect.map(this.journal.note(changes), () => {
          this.stock.count(message, -1)
          queue.removedFirst()
          if (claimed !== undefined) queue.claim(claimed)
          if (answered !== undefined) records.startEnded(answered, exit)
          if (isOver) records.delete(record.id)
        })
      })
    )
  }

  /** The first of a queue has changed. */
  private change(queue: MessageQueue, message: QueuedMessage): Effect.Effect<void> {
    const { journal } = this
    return journal.exclusively(Effect.map(journal.note([queue.write(message)]), () => queue.changed(message)))
  }

  /** How long a message waits for its next attempt. */
  private pauseOf({ attempts, failedAt }: QueuedMessage): Duration.Duration {
    const pause = Math.min(this.stock.settings.retryInterval * attempts, longest)
    // The clock may have been set since: the wait is never longer than it was at first.
    return Duration.millis(failedAt === undefined ? 0 : Math.min(pause, Math.max(0, failedAt + pause - this.now())))
  }

  private isDue(message: QueuedMessage): boolean {
    return Duration.toMillis(this.pauseOf(message)) === 0
  }
}

const failureOf = (exit: Exit.Exit<unknown, CallFailure>): CallFailure | undefined =>
  Option.getOrUndefined(Exit.findErrorOption(exit))

/** What a station of a version can send, made once for the version. */
const actionsOf = Memo.perObject(
  ({ actions }: Protocol): ReadonlyMap<string, Action.OfSide<"station">> =>
    new Map(
      actions.filter((action) => Action.isStartedBy(action, "station")).map((action) => [action.name, action] as const)
    )
)
