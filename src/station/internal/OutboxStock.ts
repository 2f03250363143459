/**
 * What an outbox has in stock: its messages in their queues, the transactions that they belong to, who waits for their
 * answers, and what is told of them.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Meter } from "../../engine/internal/Meter.ts"
import { Broadcast } from "../../internal/Broadcast.ts"
import { type CallFailure, NotSent } from "../../OcppError.ts"
import type { Storage, StorageError } from "../../Storage.ts"
import type { TransactionRules } from "../../Transaction.ts"
import type { Journal } from "./Journal.ts"
import { MessageQueue, type QueuedMessage } from "./MessageQueue.ts"
import type { OutboxSettings } from "../OutboxOptions.ts"
import { TransactionStore } from "./TransactionStore.ts"
import type { OutboxEvent, StoredMessage } from "../StoredMessage.ts"

export class OutboxStock {
  readonly records: TransactionStore
  /** What belongs to transactions. */
  readonly transactionQueue: MessageQueue
  /** Everything else. */
  readonly otherQueue: MessageQueue
  readonly queues: ReadonlyArray<MessageQueue>
  /** How it is delivered; can change at any time. */
  settings: OutboxSettings
  readonly events = new Broadcast<OutboxEvent>()
  private readonly rules: TransactionRules
  private readonly journal: Journal
  private readonly identity: string
  private readonly meter: Meter | undefined
  private readonly ofTransaction = new Map<string, number>()
  /** How many messages there must be for room to be made again, when all that was left could not be dropped. */
  private leastForRoom = 0

  constructor(of: {
    readonly identity: string
    readonly storage: Storage["Service"]
    readonly spaceOf: (name: string) => string
    readonly rules: TransactionRules
    readonly journal: Journal
    readonly meter: Meter | undefined
    readonly settings: OutboxSettings
  }) {
    const { spaceOf, storage } = of
    this.records = new TransactionStore(storage, spaceOf("transaction"))
    this.transactionQueue = new MessageQueue(storage, spaceOf("transaction-message"))
    this.otherQueue = new MessageQueue(storage, spaceOf("message"))
    this.queues = [this.transactionQueue, this.otherQueue]
    this.identity = of.identity
    this.rules = of.rules
    this.journal = of.journal
    this.meter = of.meter
    this.settings = of.settings
  }

  /** Takes in what is there from before. */
  get open(): Effect.Effect<void, StorageError> {
    return Effect.suspend(() =>
      Effect.andThen(
        this.records.open,
        Effect.forEach(this.queues, (queue) => queue.open((message) => this.count(message, 1)), { discard: true })
      )
    )
  }

  /** What is stored is delivered by the next one who opens it, but nobody here hears of it any more. */
  close(): void {
    this.meter?.change("ocpp_outbox_messages", -this.size)
    for (const queue of this.queues) {
      for (const { delivery } of queue.waiters.values()) Deferred.doneUnsafe(delivery, Exit.interrupt())
    }
    this.records.close()
  }

  get size(): number {
    return this.transactionQueue.count + this.otherQueue.count
  }

  /** How many messages of a transaction there are, by the station's name of it. */
  sizeOf(transaction: string): number {
    return this.ofTransaction.get(transaction) ?? 0
  }

  count({ transaction }: QueuedMessage, by: 1 | -1): void {
    this.meter?.change("ocpp_outbox_messages", by)
    if (transaction === undefined) return
    const left = this.sizeOf(transaction) + by
    if (left === 0) this.ofTransaction.delete(transaction)
    else this.ofTransaction.set(transaction, left)
  }

  tell(event: OutboxEvent): void {
    this.meter?.count("ocpp_outbox_events", "outcome", event._tag)
    this.events.tell(event)
  }

  /** Tells who waits for the answer to a message how it has ended. */
  resolve({ key }: QueuedMessage, queue: MessageQueue, exit: Exit.Exit<unknown, CallFailure>): void {
    const waiter = queue.waiters.get(key)
    queue.waiters.delete(key)
    if (waiter !== undefined) Deferred.doneUnsafe(waiter.delivery, exit)
  }

  // ---- room

  /** Makes room if there are too many messages. */
  get trim(): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.size <= this.settings.limit) {
        this.leastForRoom = 0
        return Effect.void
      }
      if (this.size <= this.leastForRoom) return Effect.void
      return Effect.map(
        Effect.catch(this.makeRoom, (error) =>
          Effect.logError(`${this.identity} could not make room: ${error.message}`)
        ),
        () => {
          // Where nothing is left that can be dropped, to look for it each time would take too long.
          this.leastForRoom = this.size > this.settings.limit ? Math.ceil(this.size * 1.1) : 0
        }
      )
    })
  }

  /** Drops the first, third, fifth … of what may be dropped. Whether there was any. */
  get makeRoom(): Effect.Effect<boolean, StorageError> {
    return Effect.suspend(() =>
      // Events of transactions go last (P2 §2.1.9 QueueAllMessages).
      Effect.flatMap(this.makeRoomIn(this.otherQueue), (made) =>
        made ? Effect.succeed(true) : this.makeRoomIn(this.transactionQueue)
      )
    )
  }

  private isDroppable({ action, phase }: QueuedMessage): boolean {
    return phase === undefined ? !this.rules.events.has(action) : phase === "Updated"
  }

  private makeRoomIn(queue: MessageQueue): Effect.Effect<boolean, StorageError> {
    const turn = new Map<string, boolean>()
    const dropped: Array<QueuedMessage> = []
    const choose = (messages: ReadonlyArray<QueuedMessage>): void => {
      for (const message of messages) {
        if (!this.isDroppable(message) || message.key === queue.sending) continue
        const transaction = message.transaction ?? ""
        const isDropped = turn.get(transaction) ?? true
        turn.set(transaction, !isDropped)
        if (!isDropped) continue
        dropped.push(message)
        // So it is not sent while it is being erased.
        if (message.key === queue.claimed) queue.claimed = undefined
      }
    }
    return queue.scan(choose).pipe(
      Effect.andThen(Effect.suspend(() => this.journal.write(dropped.map((message) => queue.erase(message))))),
      Effect.map(() => {
        queue.removed(dropped)
        // The next one need not wait for one that is gone.
        queue.wakeUp.open()
        for (const message of dropped) {
          this.count(message, -1)
          this.tell({ _tag: "Dropped", message: shown(message) })
          this.resolve(message, queue, Exit.fail(new NotSent({ action: message.action, reason: "QueueFull" })))
        }
        return dropped.length > 0
      })
    )
  }
}

/** A message as the application sees it. */
export const shown = ({ action, attempts, messageId, phase, storedAt, transaction }: QueuedMessage): StoredMessage => ({
  messageId,
  action,
  transaction,
  phase,
  storedAt,
  attempts
})
