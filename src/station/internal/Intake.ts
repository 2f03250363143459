/**
 * Stores the messages that come into an outbox.
 */
import type * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import type { CallOptions } from "../../Client.ts"
import * as Check from "../../engine/internal/Check.ts"
import { Recorder } from "../../Exchange.ts"
import { type CallFailure, NotSent } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { StorageChange } from "../../Storage.ts"
import type { Delivery } from "../../Transaction.ts"
import type { Dispatcher, Exits } from "./Dispatcher.ts"
import type { Journal } from "./Journal.ts"
import type { MessageQueue, QueuedMessage } from "./MessageQueue.ts"
import { type OutboxStock, shown } from "./OutboxStock.ts"
import type { TransactionRecord } from "./TransactionStore.ts"

/** What a message is to its transaction. */
type Place = Pick<QueuedMessage, "transaction" | "phase">

export class Intake {
  private readonly identity: string
  private readonly protocol: Protocol
  private readonly stock: OutboxStock
  private readonly journal: Journal
  private readonly dispatcher: Dispatcher
  private readonly exits: Exits
  private readonly clock: Clock.Clock
  private readonly nextId: () => string

  constructor(of: {
    readonly identity: string
    readonly protocol: Protocol
    readonly stock: OutboxStock
    readonly journal: Journal
    readonly dispatcher: Dispatcher
    readonly exits: Exits
    readonly clock: Clock.Clock
    readonly nextId: () => string
  }) {
    this.identity = of.identity
    this.protocol = of.protocol
    this.stock = of.stock
    this.journal = of.journal
    this.dispatcher = of.dispatcher
    this.exits = of.exits
    this.clock = of.clock
    this.nextId = of.nextId
  }

  /** Calls the CSMS, by way of the storage if the message has to arrive; else `undefined`. */
  take(
    action: Action.Action,
    request: unknown,
    options: CallOptions | undefined
  ): Effect.Effect<unknown, CallFailure> | undefined {
    const queue = this.queueOf(action.name, request)
    if (queue === undefined) return undefined
    const { idOf, phaseOf } = this.protocol.transactions
    const place: Place = { phase: phaseOf(action.name, request), transaction: idOf(request) }
    return Effect.flatten(
      this.journal.exclusively(
        Effect.suspend(() => this.append(queue, action, request, place, undefined, options?.messageId))
      )
    )
  }

  /** Stores a message, with the record that its transaction has from then on. */
  append(
    queue: MessageQueue,
    action: Action.Action,
    request: unknown,
    place: Place,
    record: TransactionRecord | undefined,
    messageId: string = this.nextId()
  ): Effect.Effect<Delivery<unknown>, NotSent> {
    const { missingTransactionId } = this.protocol.transactions
    const name = record === undefined || place.phase === "Started" ? undefined : missingTransactionId
    const sent = this.dispatcher.completed(place.phase, request, { name, offline: true })
    const violations = Check.of(action.request).violations(sent)
    return violations.length > 0
      ? Effect.fail(new NotSent({ action: action.name, reason: "InvalidRequest", violations }))
      : this.store(queue, { ...this.messageOf(queue, action, request, messageId), ...place }, record)
  }

  private messageOf(queue: MessageQueue, { name }: Action.Action, request: unknown, messageId: string): QueuedMessage {
    const storedAt = this.clock.currentTimeMillisUnsafe()
    return {
      key: queue.nextKey,
      messageId,
      action: name,
      request,
      storedAt,
      link: this.exits.link(),
      attempts: 0,
      // What can leave at once is written once.
      ...(queue.count === 0 && this.exits.ready.isOpen ? { claimedAt: storedAt } : {})
    }
  }

  private store(
    queue: MessageQueue,
    message: QueuedMessage,
    record: TransactionRecord | undefined
  ): Effect.Effect<Delivery<unknown>, NotSent> {
    const { records } = this.stock
    const changes = [queue.write(message), ...(record === undefined ? [] : [records.write(record)])]
    const stored = Effect.withFiber<Delivery<unknown>>((fiber) => {
      const delivery = Deferred.makeUnsafe<unknown, CallFailure>()
      queue.waiters.set(message.key, { delivery, recorder: fiber.getRef(Recorder) })
      if (record !== undefined) records.set(record)
      this.stock.count(message, 1)
      this.stock.tell({ _tag: "Stored", message: shown(message) })
      // From here on it can leave.
      queue.added(message)
      return Effect.as(this.stock.trim, Deferred.await(delivery))
    })
    return Effect.andThen(this.write(message, changes), stored)
  }

  private write({ action }: QueuedMessage, changes: ReadonlyArray<StorageChange>): Effect.Effect<void, NotSent> {
    return this.journal.write(changes).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "Full",
        (full) =>
          Effect.flatMap(this.stock.makeRoom, (made) => (made ? this.journal.write(changes) : Effect.fail(full)))
      ),
      Effect.catch((error) =>
        Effect.andThen(
          Effect.logError(`${this.identity} could not store a ${action}: ${error.message}`),
          new NotSent({ action, reason: "NotStored" })
        )
      )
    )
  }

  /** Where a message is stored that has to arrive, or that cannot leave now and shall not be lost. */
  private queueOf(action: string, request: unknown): MessageQueue | undefined {
    const { otherQueue, settings, transactionQueue } = this.stock
    const { lifecycle, transactions } = this.protocol
    if (transactions.phaseOf(action, request) !== undefined) return transactionQueue
    if (transactions.events.has(action)) return otherQueue
    const isOfLifecycle = action === lifecycle.boot.action.name || action === lifecycle.heartbeat.action.name
    if (!settings.queueAll || isOfLifecycle) return undefined
    // What the CSMS asks for before it accepts the station leaves at once.
    const isFree = this.exits.ready.isOpen ? otherQueue.count === 0 : this.exits.lets(action)
    return isFree ? undefined : otherQueue
  }
}
